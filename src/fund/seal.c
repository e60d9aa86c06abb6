/*
 * seal.c
 *	  Seals: a chain of digests over what has been booked.
 *
 * The digest of a row (row_hash) finds a careless change; who can write the
 * row can write a new digest with it.  A seal adds the rows that no seal holds
 * yet to a chain, and the head of the chain goes to where that person cannot
 * reach: paper, another institution.  verify(area, head) then finds any change
 * of what was sealed before.
 *
 * Which rows are new is told by seal_member, row by row: not by a sequence or
 * a transaction id, which say nothing about the order of commits and do not
 * survive a restore or a promotion.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "common/cryptohash.h"
#include "common/sha2.h"
#include "miscadmin.h"
#include "port/pg_bswap.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/ledger.h"
#include "fund/seal.h"

#define FETCH			10000
#define FAULTS_SHOWN	20

const SealedTable sealed_tables[] = {
	{"admission", "t.mdtrt_id", NULL, true},
	{"admission_extension", "t.mdtrt_id", NULL, true},
	{"alert", "t.alert_id::pg_catalog.text", NULL, true},
	{"approval", "t.approval_id", NULL, true},
	{"approval_chain", "t.chain_id", NULL, true},
	{"appropriation", "t.form_id", NULL, true},
	{"bank_account", "t.account_id", NULL, true},
	{"bank_account_close", "t.account_id", NULL, true},
	{"bank_balance", "t.balance_id", NULL, true},
	{"bank_match", "t.match_id", NULL, true},
	{"bank_statement_line", "t.line_id", NULL, true},
	{"budget", "t.budget_id", NULL, true},
	{"cash_move", "t.move_id", NULL, true},
	{"class_change", "t.change_id", NULL, true},
	{"clearing", "t.clearing_id", NULL, true},
	{"clearing_extension", "t.extension_id", NULL, true},
	{"clearing_item", "t.setl_id", NULL, true},
	{"day_off", "t.off_id", NULL, true},
	{"enrolment", "t.enrol_id", NULL, true},
	{"headcount", "t.headcount_id", NULL, true},
	{"headcount_approval", "t.headcount_id", NULL, true},
	{"hold", "t.hold_id", NULL, true},
	{"hold_end", "t.hold_id", NULL, true},
	{"interest_period", "t.check_id", NULL, true},
	{"interest_rate", "t.rate_id", NULL, true},
	{"item", "t.feedetl_sn", NULL, false},
	{"item_change", "t.voucher_id || ' ' || t.setl_id || ' ' || t.layer", NULL, true},
	/* of a journal all lines, so that none is added or taken away */
	{"journal", "t.journal_id::pg_catalog.text",
		"pg_catalog.sha256(yibao.row_digest(t) || coalesce((SELECT pg_catalog.string_agg(yibao.row_digest(e), '' ORDER BY e.line) "
	"FROM @schema@.entry e WHERE e.journal_id = t.journal_id), ''))", true},
	{"next_year_income", "t.receipt_id", NULL, true},
	{"payment", "t.payment_id", NULL, true},
	{"payment_approval", "t.payment_id", NULL, true},
	{"payment_item", "t.setl_id || ' ' || t.layer || CASE t.nth WHEN 1 THEN '' ELSE ' ' || t.nth END", NULL, true},
	{"period_act", "t.act_id", NULL, true},
	{"period_act_approval", "t.act_id", NULL, true},
	{"policy", "t.policy_id", NULL, true},
	{"policy_layer", "t.policy_id || ' ' || t.layer", NULL, true},
	{"post_holder", "t.holding_id", NULL, true},
	{"post_holder_end", "t.holding_id", NULL, true},
	{"premium", "t.premium_id", NULL, true},
	{"premium_approval", "t.premium_id", NULL, true},
	{"prepay_attest", "t.attest_id", NULL, true},
	{"prepay_basis", "t.voucher_id", NULL, true},
	{"prepay_rule", "t.rule_id", NULL, true},
	{"prepay_schedule", "t.row_id", NULL, true},
	{"receipt", "t.receipt_id", NULL, true},
	{"refund", "t.refund_id", NULL, true},
	{"refund_approval", "t.refund_id", NULL, true},
	{"replay", "t.replay_id", NULL, true},
	{"replay_approval", "t.replay_id", NULL, true},
	{"risk_case", "t.case_id", NULL, true},
	{"risk_level", "t.level_id", NULL, true},
	{"risk_step", "t.step_id", NULL, true},
	{"serious_contract", "t.contract_id", NULL, true},
	{"setl_diff", "t.setl_id", NULL, true},
	{"setl_diff_close", "t.setl_id", NULL, true},
	{"settlement", "t.setl_id", NULL, true},
	{"subsidy_due", "t.due_id", NULL, true},
	{"tax_batch", "t.batch_id", NULL, true},
	{"tax_person", "t.person_id", NULL, true},
	{"tax_step", "t.step_id", NULL, true},
	{"transfer", "t.transfer_id", NULL, true},
	{"transfer_approval", "t.transfer_id", NULL, true},
	{"voucher", "t.voucher_id", NULL, true},
	{"voucher_approval", "t.voucher_id", NULL, true},
	{"year_close", "t.close_id", NULL, true},
};
const int	nsealed_tables = lengthof(sealed_tables);

/* ---- digests ------------------------------------------------------------------- */

static void
feed(pg_cryptohash_ctx *ctx, const void *data, size_t len)
{
	if (pg_cryptohash_update(ctx, data, len) < 0)
		elog(ERROR, "could not compute SHA-256");
}

static pg_cryptohash_ctx *
start(void)
{
	pg_cryptohash_ctx *ctx = pg_cryptohash_create(PG_SHA256);

	if (ctx == NULL || pg_cryptohash_init(ctx) < 0)
		elog(ERROR, "could not compute SHA-256");
	return ctx;
}

static void
finish(pg_cryptohash_ctx *ctx, uint8 digest[PG_SHA256_DIGEST_LENGTH])
{
	if (pg_cryptohash_final(ctx, digest, PG_SHA256_DIGEST_LENGTH) < 0)
		elog(ERROR, "could not compute SHA-256");
	pg_cryptohash_free(ctx);
}

static void
feed_int8(pg_cryptohash_ctx *ctx, int64 value)
{
	uint64		n = pg_hton64((uint64) value);

	feed(ctx, &n, sizeof(n));
}

/* The length keeps two values from being read as one. */
static void
feed_sized(pg_cryptohash_ctx *ctx, const void *data, size_t len)
{
	feed_int8(ctx, (int64) len);
	feed(ctx, data, len);
}

static void
next_head(uint8 head[PG_SHA256_DIGEST_LENGTH], int64 seal_id, int64 rows,
		  const uint8 digest[PG_SHA256_DIGEST_LENGTH], TimestampTz at)
{
	pg_cryptohash_ctx *ctx = start();

	feed(ctx, head, PG_SHA256_DIGEST_LENGTH);
	feed_int8(ctx, seal_id);
	feed_int8(ctx, rows);
	feed(ctx, digest, PG_SHA256_DIGEST_LENGTH);
	feed_int8(ctx, at);
	finish(ctx, head);
}

static Datum
digest_datum(const uint8 digest[PG_SHA256_DIGEST_LENGTH])
{
	bytea	   *result = palloc(VARHDRSZ + PG_SHA256_DIGEST_LENGTH);

	SET_VARSIZE(result, VARHDRSZ + PG_SHA256_DIGEST_LENGTH);
	memcpy(VARDATA(result), digest, PG_SHA256_DIGEST_LENGTH);
	return PointerGetDatum(result);
}

/* A bytea column as a digest; false when it is null or no digest. */
static bool
digest_column(uint64 row, int col, uint8 digest[PG_SHA256_DIGEST_LENGTH])
{
	bool		isnull;
	Datum		value = fund_datum(SPI_tuptable, row, col, BYTEAOID, &isnull);

	if (isnull || VARSIZE_ANY_EXHDR(DatumGetByteaPP(value)) != PG_SHA256_DIGEST_LENGTH)
		return false;
	memcpy(digest, VARDATA_ANY(DatumGetByteaPP(value)), PG_SHA256_DIGEST_LENGTH);
	return true;
}

/* 7:3f9a...: the number of a seal and its head. */
static char *
head_text(int64 seal_id, const uint8 head[PG_SHA256_DIGEST_LENGTH])
{
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfo(&buf, INT64_FORMAT ":", seal_id);
	for (int i = 0; i < PG_SHA256_DIGEST_LENGTH; i++)
		appendStringInfo(&buf, "%02x", head[i]);
	return buf.data;
}

/* ---- statements over all sealed tables -------------------------------------------- */

/*
 * "SELECT tab, key, leaf" of every row that may be sealed, or only of those that
 * no seal holds.  The condition stands in each branch, so that the digest is
 * worked out of what is left only.
 */
static void
all_rows(StringInfo sql, bool unsealed)
{
	for (int i = 0; i < nsealed_tables; i++)
	{
		const SealedTable *s = &sealed_tables[i];

		appendStringInfo(sql, "%sSELECT '%s' AS tab, (%s) COLLATE pg_catalog.\"C\" AS key, %s AS leaf FROM @schema@.%s t",
						 i > 0 ? " UNION ALL " : "", s->table, s->key,
						 s->leaf != NULL ? s->leaf : "yibao.row_digest(t)", s->table);
		if (unsealed)
			appendStringInfo(sql, " WHERE NOT EXISTS (SELECT FROM @schema@.seal_member m WHERE m.tab = '%s' AND m.key = (%s))",
							 s->table, s->key);
	}
}

/* fund_exec() keeps plans by the address of the text, so it is made once. */
static const char *
kept(const char **sql, const char *before, bool unsealed, const char *after)
{
	if (*sql == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);
		StringInfoData buf;

		initStringInfo(&buf);
		appendStringInfoString(&buf, before);
		all_rows(&buf, unsealed);
		appendStringInfoString(&buf, after);
		*sql = buf.data;
		MemoryContextSwitchTo(old);
	}
	return *sql;
}

static uint64
read_only(const FundArea *area, const char *sql)
{
	if (SPI_execute(fund_subst(sql, area->schema), true, 0) != SPI_OK_SELECT)
		elog(ERROR, "a query of seals failed");
	return SPI_processed;
}

/* ---- sealing ------------------------------------------------------------------------ */

int64
seal_rows(const FundArea *area)
{
	static const char *insert = NULL;
	Oid			types[6] = {INT8OID, INT8OID, BYTEAOID, BYTEAOID, TEXTOID, TIMESTAMPTZOID};
	Datum		values[6];
	uint8		head[PG_SHA256_DIGEST_LENGTH] = {0};
	uint8		digest[PG_SHA256_DIGEST_LENGTH];
	pg_cryptohash_ctx *ctx;
	TimestampTz now = GetCurrentTimestamp();
	int64		seal_id = 1;
	int64		rows;

	if (IsolationUsesXactSnapshot())
		ereport(ERROR,
				(errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
				 errmsg("rows are sealed at READ COMMITTED only"),
				 errdetail("An older snapshot does not show the seal that another session has just made."),
				 errhint("Call it in a transaction of its own, at READ COMMITTED.")));
	fund_exec(area, "LOCK TABLE @schema@.seal IN SHARE ROW EXCLUSIVE MODE", 0, NULL, NULL, NULL, 0);
	fund_exec(area, "SELECT seal_id, head FROM @schema@.seal ORDER BY seal_id DESC LIMIT 1",
			  0, NULL, NULL, NULL, 0);
	if (SPI_processed > 0)
	{
		seal_id = fund_int8(0, 1, NULL) + 1;
		if (!digest_column(0, 2, head))
			fund_not_as_made("seal");
	}

	values[0] = Int64GetDatum(seal_id);
	fund_exec(area,
			  kept(&insert, "INSERT INTO @schema@.seal_member (seal_id, tab, key, leaf) SELECT $1, r.tab, r.key, r.leaf FROM (",
				   true, ") r"),
			  1, types, values, NULL, FUND_LEDGER);
	rows = (int64) SPI_processed;
	if (rows == 0)
		return 0;

	ctx = start();
	{
		Portal		portal = SPI_cursor_open_with_args(NULL,
													   fund_subst("SELECT tab, key, leaf FROM @schema@.seal_member WHERE seal_id = $1 "
																  "ORDER BY tab, key", area->schema),
													   1, types, values, NULL, false, 0);

		while (SPI_cursor_fetch(portal, true, FETCH), SPI_processed > 0)
		{
			for (uint64 i = 0; i < SPI_processed; i++)
			{
				char	   *tab = fund_need(i, 1);
				char	   *key = fund_need(i, 2);
				uint8		leaf[PG_SHA256_DIGEST_LENGTH];

				if (!digest_column(i, 3, leaf))
					fund_not_as_made("seal_member");
				feed_sized(ctx, tab, strlen(tab));
				feed_sized(ctx, key, strlen(key));
				feed(ctx, leaf, sizeof(leaf));
				pfree(tab);
				pfree(key);
			}
			SPI_freetuptable(SPI_tuptable);
			CHECK_FOR_INTERRUPTS();
		}
		SPI_cursor_close(portal);
	}
	finish(ctx, digest);
	next_head(head, seal_id, rows, digest, now);

	values[1] = Int64GetDatum(rows);
	values[2] = digest_datum(digest);
	values[3] = digest_datum(head);
	values[4] = CStringGetTextDatum(area->session_user);
	values[5] = TimestampTzGetDatum(now);
	fund_exec(area,
			  "INSERT INTO @schema@.seal (seal_id, rows, digest, head, sealed_by, sealed_at) VALUES ($1, $2, $3, $4, $5, $6)",
			  6, types, values, NULL, FUND_LEDGER);
	return rows;
}

PG_FUNCTION_INFO_V1(yibao_seal);
Datum
yibao_seal(PG_FUNCTION_ARGS)
{
	FundArea	area;
	int64		rows;

	fund_enter_named(&area, text_to_cstring(PG_GETARG_TEXT_PP(0)), "entry");
	rows = seal_rows(&area);
	fund_leave(&area);
	PG_RETURN_INT64(rows);
}

PG_FUNCTION_INFO_V1(yibao_seal_head);
Datum
yibao_seal_head(PG_FUNCTION_ARGS)
{
	FundArea	area;
	uint8		head[PG_SHA256_DIGEST_LENGTH];
	MemoryContext outer = CurrentMemoryContext;
	text	   *result = NULL;

	fund_enter_named(&area, text_to_cstring(PG_GETARG_TEXT_PP(0)), "entry");
	if (read_only(&area, "SELECT seal_id, head FROM @schema@.seal ORDER BY seal_id DESC LIMIT 1") > 0)
	{
		char	   *said;
		MemoryContext inner;

		if (!digest_column(0, 2, head))
			fund_not_as_made("seal");
		said = head_text(fund_int8(0, 1, NULL), head);
		inner = MemoryContextSwitchTo(outer);
		result = cstring_to_text(said);
		MemoryContextSwitchTo(inner);
	}
	fund_leave(&area);
	if (result == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(result);
}

/* ---- checking ------------------------------------------------------------------------ */

/* Up to FAULTS_SHOWN faults in one text. */
typedef struct Faults
{
	StringInfoData text;
	int64		n;
} Faults;

static void
fault(Faults *faults, const char *what)
{
	if (faults->n++ < FAULTS_SHOWN)
		appendStringInfo(&faults->text, "%s%s", faults->text.len > 0 ? "; " : "", what);
}

static const char *
faults_text(Faults *faults)
{
	if (faults->n > FAULTS_SHOWN)
		appendStringInfo(&faults->text, _("; and %llu more"), (unsigned long long) (faults->n - FAULTS_SHOWN));
	return faults->n > 0 ? faults->text.data : NULL;
}

/* What a head says: number and digest; an error when it is none. */
static int64
parse_head(const char *text, uint8 head[PG_SHA256_DIGEST_LENGTH])
{
	char	   *end;
	int64		seal_id;
	const char *p;

	errno = 0;
	seal_id = strtoll(text, &end, 10);
	p = end + 1;
	if (errno != 0 || end == text || seal_id <= 0 || *end != ':' || strlen(p) != 2 * PG_SHA256_DIGEST_LENGTH ||
		strspn(p, "0123456789abcdef") != 2 * PG_SHA256_DIGEST_LENGTH)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"%s\" is no head of a seal", text),
				 errhint("Give what yibao.seal_head() said: the number of a seal, a colon, and 64 hexadecimal digits.")));
	for (int i = 0; i < PG_SHA256_DIGEST_LENGTH; i++)
	{
		unsigned	byte;

		sscanf(p + 2 * i, "%2x", &byte);
		head[i] = (uint8) byte;
	}
	return seal_id;
}

typedef struct SealRow
{
	int64		id;
	int64		rows;
	uint8		digest[PG_SHA256_DIGEST_LENGTH];
	uint8		head[PG_SHA256_DIGEST_LENGTH];
	TimestampTz at;
} SealRow;

/* The seals as they are stored, in order; in *n how many. */
static SealRow *
read_seals(const FundArea *area, int64 *n)
{
	SealRow    *seals;

	*n = (int64) read_only(area, "SELECT seal_id, rows, digest, head, sealed_at FROM @schema@.seal ORDER BY seal_id");
	seals = palloc0_array(SealRow, Max(*n, 1));
	for (int64 i = 0; i < *n; i++)
	{
		bool		isnull;

		seals[i].id = fund_int8(i, 1, NULL);
		seals[i].rows = fund_int8(i, 2, NULL);
		seals[i].at = DatumGetTimestampTz(fund_datum(SPI_tuptable, i, 5, TIMESTAMPTZOID, &isnull));
		if (!digest_column(i, 3, seals[i].digest) || !digest_column(i, 4, seals[i].head))
			fund_not_as_made("seal");
	}
	SPI_freetuptable(SPI_tuptable);
	return seals;
}

/*
 * Walk the chain twice at once: as it is stored, and as the rows of today make
 * it.  now_head[i] becomes what the head of seals[i] comes to today.
 */
static void
walk(const FundArea *area, const SealRow *seals, int64 nseals,
	 uint8 (*now_head)[PG_SHA256_DIGEST_LENGTH], Faults *altered)
{
	StringInfoData sql;
	Portal		portal;
	pg_cryptohash_ctx *stored = NULL;
	pg_cryptohash_ctx *today = NULL;
	uint8		stored_head[PG_SHA256_DIGEST_LENGTH] = {0};
	uint8		today_head[PG_SHA256_DIGEST_LENGTH] = {0};
	int64		at = -1;
	int64		rows = 0;
	bool		more = true;

	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT m.seal_id, m.tab, m.key, m.leaf, r.leaf FROM @schema@.seal_member m LEFT JOIN (");
	all_rows(&sql, false);
	appendStringInfoString(&sql, ") r ON r.tab = m.tab AND r.key = m.key ORDER BY m.seal_id, m.tab, m.key");
	portal = SPI_cursor_open_with_args(NULL, fund_subst(sql.data, area->schema), 0, NULL, NULL, NULL, true, 0);

	while (more)
	{
		SPI_cursor_fetch(portal, true, FETCH);
		more = SPI_processed > 0;
		for (uint64 i = 0; i < SPI_processed || !more; i++)
		{
			int64		seal_id = more ? fund_int8(i, 1, NULL) : PG_INT64_MAX;
			char	   *tab;
			char	   *key;
			uint8		leaf[PG_SHA256_DIGEST_LENGTH] = {0};
			uint8		now_leaf[PG_SHA256_DIGEST_LENGTH] = {0};
			bool		there;

			/* the seals before this row's are complete */
			while (at < nseals && (at < 0 || seals[at].id < seal_id))
			{
				if (at >= 0)
				{
					uint8		digest[PG_SHA256_DIGEST_LENGTH];
					bool		good;

					finish(stored, digest);
					good = memcmp(digest, seals[at].digest, sizeof(digest)) == 0 && rows == seals[at].rows;
					next_head(stored_head, seals[at].id, seals[at].rows, digest, seals[at].at);
					if (!good || memcmp(stored_head, seals[at].head, sizeof(digest)) != 0)
						fault(altered, psprintf(_("seal %lld does not fit its rows or the seal before it"), (long long) seals[at].id));
					memcpy(stored_head, seals[at].head, sizeof(digest));
					finish(today, digest);
					next_head(today_head, seals[at].id, rows, digest, seals[at].at);
					memcpy(now_head[at], today_head, sizeof(digest));
				}
				if (++at < nseals)
				{
					stored = start();
					today = start();
					rows = 0;
				}
			}
			if (!more)
				break;

			tab = fund_need(i, 2);
			key = fund_need(i, 3);
			if (at >= nseals || seals[at].id != seal_id)
			{
				fault(altered, psprintf(_("seal %lld of %s %s is gone"), (long long) seal_id, tab, key));
				continue;
			}
			(void) digest_column(i, 4, leaf);
			there = digest_column(i, 5, now_leaf);
			if (!there || memcmp(leaf, now_leaf, sizeof(leaf)) != 0)
				fault(altered, psprintf(there ? _("%s %s was altered since seal %lld") : _("%s %s is gone since seal %lld"),
										tab, key, (long long) seal_id));
			feed_sized(stored, tab, strlen(tab));
			feed_sized(stored, key, strlen(key));
			feed(stored, leaf, sizeof(leaf));
			feed_sized(today, tab, strlen(tab));
			feed_sized(today, key, strlen(key));
			feed(today, now_leaf, sizeof(leaf));
			rows++;
			pfree(tab);
			pfree(key);
		}
		SPI_freetuptable(SPI_tuptable);
		CHECK_FOR_INTERRUPTS();
	}
	SPI_cursor_close(portal);
}

void
seal_checks(const FundArea *area, const char *head,
			void (*row) (const char *check, bool ok, const char *detail, void *arg),
			void *arg)
{
	uint8		given[PG_SHA256_DIGEST_LENGTH];
	int64		given_id = head != NULL ? parse_head(head, given) : 0;
	int64		nseals;
	SealRow    *seals = read_seals(area, &nseals);
	uint8		(*now_head)[PG_SHA256_DIGEST_LENGTH] = palloc0((Size) Max(nseals, 1) * PG_SHA256_DIGEST_LENGTH);
	Faults		altered;
	StringInfoData sql;
	int64		unsealed;

	initStringInfo(&altered.text);
	altered.n = 0;
	for (int64 i = 0; i < nseals; i++)
	{
		if (seals[i].id != i + 1)
		{
			fault(&altered, psprintf(_("seal %lld is missing"), (long long) (i + 1)));
			break;
		}
	}
	walk(area, seals, nseals, now_head, &altered);
	row(gettext_noop("what was sealed is as it was sealed"), altered.n == 0, faults_text(&altered), arg);

	if (head != NULL)
	{
		const char *wrong = NULL;

		if (given_id > nseals)
			wrong = psprintf(_("seal %lld is not there; the chain ends with %lld"), (long long) given_id, (long long) nseals);
		else if (seals[given_id - 1].id != given_id ||
				 memcmp(now_head[given_id - 1], given, sizeof(given)) != 0)
			wrong = psprintf(_("what seal %lld and those before it hold comes to another head today"), (long long) given_id);
		row(gettext_noop("the chain of seals has the head that was given"), wrong == NULL, wrong, arg);
	}

	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT pg_catalog.count(*) FROM (");
	all_rows(&sql, true);
	appendStringInfoString(&sql, ") r");
	(void) read_only(area, sql.data);
	unsealed = fund_int8(0, 1, NULL);
	row(gettext_noop("rows not sealed yet (a count, no fault)"), true,
		unsealed == 0 ? NULL :
		nseals == 0 ? psprintf(_("%lld; nothing has been sealed"), (long long) unsealed) :
		psprintf(_("%lld; the last seal is of %s"), (long long) unsealed, timestamptz_to_str(seals[nseals - 1].at)), arg);
}
