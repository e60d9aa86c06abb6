/*
 * voucher.c
 *	  Entries that are a row of an event: what the event needs is a row of
 *	  voucher_event, what it posts are rows of posting_rule.
 *
 * What a voucher takes from accounts and pools is read off its lines, so that no
 * rule, an area's own neither, can leave cash or available behind: a bank's line
 * is that account's cash, and a pool's line in P less its commitment in S is the
 * pool's available.
 *
 * An event whose money leaves the fund takes effect when another login inserts
 * the approval.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/approval.h"
#include "fund/pending.h"
#include "trigger/entries.h"
#include "trigger/record.h"
#include "trigger/terms.h"

typedef struct Event
{
	char	   *name;
	char	   *needs;			/* ",amt,party," */
	char	   *takes;
	char	   *refers;
	char	   *within;
	char	   *choice;
	char	   *items;
	char	   *change;
	char	   *flow;
	bool		approval;
} Event;

typedef struct Voucher
{
	char	   *id;
	char	   *event;
	char	   *fund;
	char	   *insutype;
	Fen			amount;
	char	   *party;
	char	   *pool;
	char	   *account;
	char	   *account_id;
	char	   *clr_ym;
	char	   *setl_id;
	char	   *payment_id;
	char	   *refers;
	char	   *clearing_id;
	char	   *choice;
	int64		journal_id;
	char	   *by;
} Voucher;

/* Columns that an event may need. */
static const char *const columns[] = {
	"amt", "party", "pool", "account", "clr_ym", "setl_id", "payment_id", "refers",
	"coverage_year", "due_on", "clearing_id", "doc_no", NULL
};

static bool
listed(const char *list, const char *name)
{
	return strstr(list, psprintf(",%s,", name)) != NULL;
}

static void
load_event(const FundArea *area, const char *name, Event *e)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(name)};

	fund_exec(area,
			  "SELECT event, ',' || pg_catalog.array_to_string(needs, ',') || ',', ',' || pg_catalog.array_to_string(takes, ',') || ',', "
			  "refers, within, choice, items, change, flow, approval FROM @schema@.voucher_event WHERE event = $1",
			  1, types, values, NULL, 0);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_UNKNOWN_CODE),
				 errmsg("event %s is not known", name),
				 errhint("Events are the rows of table voucher_event; the owner adds the area's own.")));
	e->name = fund_need(0, 1);
	e->needs = fund_need(0, 2);
	e->takes = fund_need(0, 3);
	e->refers = fund_text(0, 4);
	e->within = fund_text(0, 5);
	e->choice = fund_text(0, 6);
	e->items = fund_text(0, 7);
	e->change = fund_text(0, 8);
	e->flow = fund_text(0, 9);
	e->approval = DatumGetBool(fund_value(SPI_tuptable, 0, 10, BOOLOID));
}

static bool
given(const MoneyRow *row, const char *column)
{
	int			att = SPI_fnumber(row->desc, column);

	return att > 0 && !row->nulls[att - 1];
}

/* What the event needs is there, and nothing that it has no use for. */
static void
check_columns(const MoneyRow *row, const Event *e)
{
	for (int i = 0; columns[i] != NULL; i++)
	{
		bool		is = given(row, columns[i]);

		if (!is && listed(e->needs, columns[i]))
			ereport(ERROR,
					(errcode(ERRCODE_YB_FIELD_NULL),
					 errmsg("%s is empty, and event %s needs it", columns[i], e->name),
					 errhint("Give %s.", columns[i]),
					 err_generic_string(PG_DIAG_COLUMN_NAME, columns[i])));
		if (is && strcmp(columns[i], "doc_no") != 0 && !listed(e->needs, columns[i]) &&
			!listed(e->takes, columns[i]))
			ereport(ERROR,
					(errcode(ERRCODE_YB_DOES_NOT_FIT),
					 errmsg("event %s has no use for %s", e->name, columns[i]),
					 errhint("Leave %s out.", columns[i]),
					 err_generic_string(PG_DIAG_COLUMN_NAME, columns[i])));
	}
}

/* The voucher's row, and whether it is booked; an error when there is none. */
static bool
load_voucher(const FundArea *area, const char *id, bool lock, Voucher *v)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(id)};
	bool		isnull;
	Datum		amt;
	bool		booked;

	if (lock)
		fund_exec(area, "SELECT 1 FROM @schema@.voucher WHERE voucher_id = $1 FOR NO KEY UPDATE",
				  1, types, values, NULL, 0);
	fund_exec(area,
			  "SELECT voucher_id, event, fund, insutype, amt, party, pool, account, clr_ym, setl_id, payment_id, refers, choice, "
			  "journal_id, booked_by, EXISTS (SELECT FROM @schema@.journal j WHERE j.journal_id = v.journal_id), account_id, clearing_id "
			  "FROM @schema@.voucher v WHERE voucher_id = $1",
			  1, types, values, NULL, 0);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("there is no voucher %s", id),
				 errhint("It is the voucher_id of a row of table voucher.")));
	v->id = fund_need(0, 1);
	v->event = fund_need(0, 2);
	v->fund = fund_need(0, 3);
	v->insutype = fund_need(0, 4);
	amt = fund_datum(SPI_tuptable, 0, 5, NUMERICOID, &isnull);
	v->amount = isnull ? 0 : fund_fen(amt, "amt");
	v->party = fund_text(0, 6);
	v->pool = fund_text(0, 7);
	v->account = fund_text(0, 8);
	v->clr_ym = fund_text(0, 9);
	v->setl_id = fund_text(0, 10);
	v->payment_id = fund_text(0, 11);
	v->refers = fund_text(0, 12);
	v->choice = fund_text(0, 13);
	v->journal_id = fund_int8(0, 14, NULL);
	v->by = fund_need(0, 15);
	booked = DatumGetBool(fund_value(SPI_tuptable, 0, 16, BOOLOID));
	v->account_id = fund_text(0, 17);
	v->clearing_id = fund_text(0, 18);
	return booked;
}

/* ---- what it refers to -------------------------------------------------------------- */

/* What other booked vouchers have made of that one already. */
static Fen
used_of(const FundArea *area, const char *refers)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(refers)};

	fund_exec(area,
			  "SELECT ((SELECT coalesce(pg_catalog.sum(v.amt), 0) FROM @schema@.voucher v WHERE v.refers = $1 "
			  "AND EXISTS (SELECT FROM @schema@.journal j WHERE j.journal_id = v.journal_id)) "
			  "+ (SELECT coalesce(pg_catalog.sum(r.amt), 0) FROM @schema@.receipt r WHERE r.voucher_id = $1)) * 100",
			  1, types, values, NULL, FUND_LATEST);
	return DatumGetInt64(DirectFunctionCall1(numeric_int8, fund_value(SPI_tuptable, 0, 1, NUMERICOID)));
}

static void
not_above(const FundArea *area, const Voucher *original, Fen amount)
{
	Fen			used = used_of(area, original->id);

	if (used + amount > original->amount)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s is more than is left of voucher %s, %s", fund_yuan(amount), original->id,
						fund_yuan(original->amount - used)),
				 errhint("Together they are never above the amount of the voucher that they name.")));
}

/* Lock and check the voucher that this one names, and take its columns over. */
static void
take_over(MoneyRow *row, const FundArea *area, const Event *e, Voucher *original)
{
	const char *id = money_row_text(row, "refers");

	if (id == NULL || e->refers == NULL)
		return;					/* check_columns() says which */
	if (!load_voucher(area, id, true, original))
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("voucher %s is not approved", id),
				 errhint("It has no effect before another login approves it.")));
	if (strcmp(original->event, e->refers) != 0 ||
		strcmp(original->fund, money_row_need(row, "fund")) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("voucher %s is of event %s, fund %s", id, original->event, original->fund),
				 errhint("Event %s names one of event %s, of the same fund.", e->name, e->refers)));
	if (original->party != NULL && listed(e->takes, "party"))
		money_row_fill_text(row, "party", original->party);
	if (original->clr_ym != NULL && listed(e->takes, "clr_ym"))
		money_row_fill_text(row, "clr_ym", original->clr_ym);
	if (original->setl_id != NULL && listed(e->takes, "setl_id"))
		money_row_fill_text(row, "setl_id", original->setl_id);
	if (listed(e->takes, "coverage_year"))
	{
		Oid			types[1] = {TEXTOID};
		Datum		values[1] = {CStringGetTextDatum(id)};
		bool		isnull;
		Datum		year;

		fund_exec(area, "SELECT coverage_year FROM @schema@.voucher WHERE voucher_id = $1",
				  1, types, values, NULL, 0);
		year = fund_datum(SPI_tuptable, 0, 1, INT4OID, &isnull);
		if (!isnull)
			money_row_fill(row, "coverage_year", INT4OID, year);
	}
}

void
voucher_receipt(MoneyRow *row, const FundArea *area, const char **event, const char **party)
{
	const char *id = money_row_text(row, "voucher_id");
	const char *kind = money_row_need(row, "kind");
	Oid			types[2] = {TEXTOID, TEXTOID};
	Datum		values[2];
	bool		before = money_row_before(row);
	Voucher		v;
	bool		booked;

	*event = NULL;
	*party = NULL;
	if (id == NULL)
		return;
	booked = load_voucher(area, id, before, &v);
	values[0] = CStringGetTextDatum(v.event);
	values[1] = CStringGetTextDatum(kind);
	fund_exec(area, "SELECT 1 FROM @schema@.voucher_event WHERE event = $1 AND income_kind = $2",
			  2, types, values, NULL, 0);
	if (SPI_processed == 0 || !booked || strcmp(v.fund, money_row_need(row, "fund")) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("voucher %s is nothing that a receipt of kind %s settles: event %s, fund %s", id, kind, v.event, v.fund),
				 errhint("Penalties name a voucher of event penalty.decided, a returned surplus one of contract.surplus.")));
	if (before)
		not_above(area, &v, money_row_fen(row, "amt", NULL));
	*event = psprintf("%s.received", v.event);
	*party = v.party;
}

/* ---- choices of the policy ------------------------------------------------------------ */

const char *
entries_choice(const FundArea *area, const char *insutype, int32 year, DateADT day,
			   const char *key, char **policy_id)
{
	CompiledPolicy *cp = fund_policy_for_year(area, insutype, year, day, policy_id);
	const char *word = cp == NULL ? NULL : policy_fund_choice(cp, key);

	if (word == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_SPLIT),
				 errmsg("the policy of scheme %s for %d does not state fund.%s", insutype, year, key),
				 errdetail("How this is booked depends on it, and nothing is assumed."),
				 errhint("Publish a policy that states fund.%s.", key)));
	return word;
}

/* The year in which what this reversal has back was paid; 0 when it was not. */
static int32
year_paid(const FundArea *area, const char *setl_id)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(setl_id)};
	bool		isnull;

	fund_exec(area,
			  "SELECT pg_catalog.max(pg_catalog.date_part('year', x.paid_on))::pg_catalog.int8 FROM @schema@.settlement s, LATERAL ("
			  "SELECT a.paid_on FROM @schema@.item_paid p JOIN @schema@.payment_approval a ON a.payment_id = p.payment_id WHERE p.setl_id = s.init_setl_id "
			  "UNION ALL SELECT a.effective_on FROM @schema@.item_change c JOIN @schema@.voucher_approval a ON a.voucher_id = c.voucher_id "
			  "WHERE c.setl_id = s.init_setl_id AND c.change = 'released') x WHERE s.setl_id = $1",
			  1, types, values, NULL, 0);
	return (int32) fund_int8(0, 1, &isnull);
}

static void
choose(MoneyRow *row, const FundArea *area, const Event *e, const Voucher *original)
{
	DateADT		day = money_row_date(row, "effective_on");
	bool		no_year;
	int32		year = money_row_int(row, "coverage_year", &no_year);
	const char *word;
	char	   *policy_id;

	if (e->choice == NULL)
		return;
	if (original->choice != NULL)
	{
		/* as the original was booked */
		money_row_fill_text(row, "choice", original->choice);
		return;
	}
	if (no_year)
		year = entries_year(day);
	if (strcmp(e->choice, "prior_year_recovery") == 0 &&
		year_paid(area, money_row_need(row, "setl_id")) >= year)
	{
		money_row_fill_text(row, "choice", "reduce_expense");
		return;
	}
	word = entries_choice(area, money_row_need(row, "insutype"), year, day, e->choice, &policy_id);
	money_row_fill_text(row, "policy_id", policy_id);
	money_row_fill_text(row, "choice", word);
}

/* ---- a payment that the bank returns ----------------------------------------------------- */

static void
check_payment(MoneyRow *row, const FundArea *area)
{
	const char *id = money_row_text(row, "payment_id");
	Oid			types[1] = {TEXTOID};
	Datum		values[1];
	bool		isnull;

	if (id == NULL)
		return;
	values[0] = CStringGetTextDatum(id);
	fund_exec(area,
			  "SELECT p.fund, p.party, p.amt - p.offset_amt - p.withheld_amt, a.decision, EXISTS (SELECT FROM @schema@.voucher v WHERE v.payment_id = p.payment_id), a.paid_on "
			  "FROM @schema@.payment p LEFT JOIN @schema@.payment_approval a ON a.payment_id = p.payment_id WHERE p.payment_id = $1",
			  1, types, values, NULL, 0);
	if (SPI_processed == 0 || fund_text(0, 4) == NULL || strcmp(fund_text(0, 4), "approve") != 0 ||
		strcmp(fund_need(0, 1), money_row_need(row, "fund")) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("fund %s has made no payment %s", money_row_need(row, "fund"), id),
				 errhint("Only what was paid can be returned.")));
	if (DatumGetBool(fund_value(SPI_tuptable, 0, 5, BOOLOID)))
		ereport(ERROR,
				(errcode(ERRCODE_YB_REVERSED),
				 errmsg("payment %s is returned already", id),
				 errhint("A payment is returned once; its items are paid by another.")));
	if (money_row_date(row, "effective_on") < DatumGetDateADT(fund_value(SPI_tuptable, 0, 6, DATEOID)))
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("payment %s was made on %s, after it is to have been returned", id, fund_text(0, 6)),
				 errhint("Check effective_on.")));
	money_row_fill_text(row, "party", fund_need(0, 2));
	fund_exec(area, "SELECT amt - offset_amt - withheld_amt FROM @schema@.payment WHERE payment_id = $1", 1, types, values, NULL, 0);
	money_row_fill_fen(row, "amt", fund_fen(fund_datum(SPI_tuptable, 0, 1, NUMERICOID, &isnull), "amt"));
}

/* ---- items of settlements ---------------------------------------------------------------- */

/*
 * Spread the amount over the items of x (setl_id, layer, amount_fen) in their
 * proportion: cumulative and rounded down, so that the parts add up and none is
 * above its item.  Arguments: voucher, change, amount, fund, party, clr_ym,
 * setl_id, refers, clearing_id.
 */
#define SPREAD(source) \
	"INSERT INTO @schema@.item_change (voucher_id, setl_id, layer, change, amount_fen) " \
	"SELECT $1, y.setl_id, y.layer, $2, y.part FROM (SELECT r.setl_id, r.layer, " \
	"(pg_catalog.div($3::pg_catalog.numeric * r.run, r.total) - pg_catalog.div($3::pg_catalog.numeric * (r.run - r.amount_fen), r.total))::pg_catalog.int8 AS part " \
	"FROM (SELECT x.setl_id, x.layer, x.amount_fen, pg_catalog.sum(x.amount_fen) OVER (ORDER BY x.setl_id, x.layer) AS run, pg_catalog.sum(x.amount_fen) OVER () AS total " \
	"FROM (" source ") x) r WHERE r.total >= $3) y WHERE y.part > 0"

#define CHOSEN \
	"i.fund = $4 AND CASE WHEN $7::pg_catalog.text IS NOT NULL THEN i.setl_id = $7 " \
	"WHEN $9::pg_catalog.text IS NOT NULL THEN i.setl_id IN (SELECT t.setl_id FROM @schema@.clearing_item t WHERE t.clearing_id = $9) ELSE i.party = $5 AND i.clr_ym = $6 END"

#define PAYABLE "SELECT i.setl_id, i.layer, i.amount_fen FROM @schema@.payable_item i WHERE i.amount_fen > 0 AND " CHOSEN " AND ($2 <> 'deposit' OR i.payer_kind <> 'external')"
#define RECOVERY "SELECT i.setl_id, i.layer, -i.amount_fen AS amount_fen FROM @schema@.payable_item i WHERE i.amount_fen < 0 AND " CHOSEN
#define HELD \
	"SELECT h.setl_id, h.layer, h.amount_fen FROM (SELECT c.setl_id, c.layer, " \
	"pg_catalog.sum(CASE c.change WHEN 'deposit' THEN c.amount_fen ELSE -c.amount_fen END)::pg_catalog.int8 AS amount_fen " \
	"FROM @schema@.item_change c JOIN @schema@.voucher v ON v.voucher_id = c.voucher_id WHERE v.voucher_id = $8 OR v.refers = $8 " \
	"GROUP BY c.setl_id, c.layer) h WHERE h.amount_fen > 0"

static void
spread(const FundArea *area, const Event *e, const Voucher *v)
{
	Oid			types[9] = {TEXTOID, TEXTOID, INT8OID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID};
	Datum		values[9];
	char		nulls[10] = "         ";
	const char *text[9] = {v->id, e->change, NULL, v->fund, v->party, v->clr_ym, v->setl_id,
	strcmp(e->items, "deposit") == 0 ? v->refers : NULL, v->clearing_id};

	for (int i = 0; i < 9; i++)
	{
		nulls[i] = text[i] == NULL ? 'n' : ' ';
		values[i] = text[i] == NULL ? (Datum) 0 : CStringGetTextDatum(text[i]);
	}
	nulls[2] = ' ';
	values[2] = Int64GetDatum(v->amount);
	if (strcmp(e->items, "payable") == 0)
		fund_exec(area, SPREAD(PAYABLE), 9, types, values, nulls, FUND_LEDGER);
	else if (strcmp(e->items, "deposit") == 0)
		fund_exec(area, SPREAD(HELD), 9, types, values, nulls, FUND_LEDGER);
	else
		fund_exec(area, SPREAD(RECOVERY), 9, types, values, nulls, FUND_LEDGER);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s of event %s is more than there is", fund_yuan(v->amount), v->event),
				 errdetail("What is paid, reversed, or waits for money (挂账) is not open."),
				 errhint("View payable_item lists what can be refused, withheld or recovered; provider_statement shows what is held.")));
}

/*
 * From an old snapshot: who of these items has been settled or reversed since is
 * told to try again.  Before the payment lock, as who reverses takes them.
 */
static void
lock_persons(const FundArea *area, const Voucher *v)
{
	Oid			types[6] = {TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID};
	Datum		values[6];
	char		nulls[7] = "      ";
	const char *text[6] = {v->payment_id, v->setl_id, v->refers, v->fund, v->party, v->clr_ym};

	if (!IsolationUsesXactSnapshot())
		return;
	for (int i = 0; i < 6; i++)
	{
		nulls[i] = text[i] == NULL ? 'n' : ' ';
		values[i] = text[i] == NULL ? (Datum) 0 : CStringGetTextDatum(text[i]);
	}
	fund_exec(area,
			  "SELECT 1 FROM @schema@.person_year y WHERE EXISTS (SELECT FROM @schema@.settlement t WHERE t.psn_no = y.psn_no AND t.insutype = y.insutype AND t.year = y.year "
			  "AND t.setl_id IN (SELECT p.setl_id FROM @schema@.payment_item p WHERE p.payment_id = $1 UNION ALL SELECT $2 "
			  "UNION ALL SELECT c.setl_id FROM @schema@.item_change c JOIN @schema@.voucher v ON v.voucher_id = c.voucher_id WHERE v.voucher_id = $3 OR v.refers = $3 "
			  "UNION ALL SELECT i.setl_id FROM @schema@.payable_item i WHERE $2 IS NULL AND i.fund = $4 AND i.party = $5 AND i.clr_ym = $6)) "
			  "ORDER BY y.psn_no, y.insutype, y.year FOR SHARE OF y",
			  6, types, values, nulls, 0);
}

/* ---- posting --------------------------------------------------------------------------------- */

static void
post(const FundArea *area, FundJournal *journal, const char *event, const Voucher *v,
	 const char *pool, const char *party, const char *layer, const char *payer,
	 const char *clr_ym, Fen amount)
{
	FundVar		vars[] = {
		{"pool", pool, 0},
		{"party", party, 0},
		{"layer", layer, 0},
		{"payer", payer, 0},
		{"clr_ym", clr_ym, 0},
		{"bank", v->account == NULL ? NULL : fund_bank_role(v->account), 0},
		{"benefit", pool == NULL ? NULL : psprintf("benefit_%s", pool), 0},
		{"amount", NULL, amount}
	};

	fund_post(area, journal, event, vars, lengthof(vars));
}

static void
post_items(const FundArea *area, FundJournal *journal, const Voucher *v, const char *event)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(v->id)};
	SPITupleTable *table;
	uint64		n;

	fund_exec(area,
			  "SELECT i.pool, i.layer, i.payer_kind, i.payer, i.party, i.clr_ym, pg_catalog.sum(c.amount_fen)::pg_catalog.int8 "
			  "FROM @schema@.item_change c JOIN @schema@.setl_item i ON i.setl_id = c.setl_id AND i.layer = c.layer "
			  "WHERE c.voucher_id = $1 GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 6, 5",
			  1, types, values, NULL, 0);
	table = SPI_tuptable;
	n = SPI_processed;
	for (uint64 k = 0; k < n; k++)
	{
		HeapTuple	tuple = table->vals[k];
		char	   *kind = SPI_getvalue(tuple, table->tupdesc, 3);

		if (kind == NULL)
			elog(ERROR, "an item of voucher %s has no payer", v->id);
		post(area, journal,
			 strcmp(kind, "external") == 0 ? psprintf("%s.advance", v->event) : event,
			 v, SPI_getvalue(tuple, table->tupdesc, 1), SPI_getvalue(tuple, table->tupdesc, 5),
			 SPI_getvalue(tuple, table->tupdesc, 2), SPI_getvalue(tuple, table->tupdesc, 4),
			 SPI_getvalue(tuple, table->tupdesc, 6), DatumGetInt64(fund_value(table, k, 7, INT8OID)));
	}
}

/* ---- what the lines take from accounts and pools ------------------------------------------------ */

typedef struct Effect
{
	const char *name;			/* of a class of account, of a pool */
	Fen			fen;
} Effect;

typedef struct Effects
{
	Effect		of[32];
	int			n;
} Effects;

static void
add_effect(Effects *e, const char *name, Fen fen)
{
	int			at = 0;

	while (at < e->n && strcmp(e->of[at].name, name) < 0)
		at++;
	if (at == e->n || strcmp(e->of[at].name, name) != 0)
	{
		if (e->n == lengthof(e->of))
			elog(ERROR, "a voucher touches more than %d accounts or pools", (int) lengthof(e->of));
		memmove(&e->of[at + 1], &e->of[at], sizeof(Effect) * (e->n - at));
		e->n++;
		e->of[at].name = name;
		e->of[at].fen = 0;
	}
	e->of[at].fen += fen;
}

static void
check_flow(const FundArea *area, const Effects *cash, const char *flow, DateADT day)
{
	const char *from = "outside";
	const char *to = "outside";
	int			n = 0;

	for (int i = 0; i < cash->n; i++)
	{
		if (cash->of[i].fen == 0)
			continue;
		n++;
		if (cash->of[i].fen < 0)
			from = cash->of[i].name;
		else
			to = cash->of[i].name;
	}
	if (n > 0)
		fund_flow(area, from, to, flow == NULL ? "-" : flow, day);
}

void
entries_settle(const FundArea *area, FundJournal *journal, const char *flow)
{
	Effects		cash = {0};
	Effects		pools = {0};

	for (int i = 0; i < journal->nlines; i++)
	{
		const FundLine *line = &journal->lines[i];

		if (line->book == 'G' && strncmp(line->role, "bank_", 5) == 0)
			add_effect(&cash, line->role + 5, line->amount);
		if (line->pool != NULL &&
			((line->book == 'P' && strcmp(line->role, "pool") == 0) ||
			 (line->book == 'S' && strcmp(line->role, "benefit_committed") == 0)))
			add_effect(&pools, line->pool, -line->amount);
	}
	check_flow(area, &cash, flow, journal->effective_on);
	for (int i = 0; i < cash.n; i++)
		if (cash.of[i].fen != 0)
			fund_cash(area, journal->fund, cash.of[i].name, cash.of[i].fen);
	for (int i = 0; i < pools.n; i++)
		if (pools.of[i].fen < 0 && !fund_debit(area, pools.of[i].name, -pools.of[i].fen))
			fund_short(area, pools.of[i].name, -pools.of[i].fen,
					   fund_lock_pool(area, pools.of[i].name),
					   gettext_noop("Nothing is booked out of a pool that has not got it."));
	fund_journal_close(area, journal);
	for (int i = 0; i < pools.n; i++)
		if (pools.of[i].fen > 0)
			fund_give_and_serve(area, pools.of[i].name, pools.of[i].fen);
}

/* The party's balance of a role of book G, before this voucher. */
static void
check_within(const FundArea *area, const Event *e, const Voucher *v)
{
	Fen			open = entries_party_balance(area, v->fund, e->within, v->party);

	if (v->amount > open)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s of event %s is more than stands open with %s, %s", fund_yuan(v->amount),
						v->event, v->party == NULL ? "-" : v->party, fund_yuan(open)),
				 errhint("View account_statement, role %s, shows what it is made of.", e->within)));
}

Fen
entries_party_balance(const FundArea *area, const char *fund, const char *role, const char *party)
{
	Oid			types[3] = {TEXTOID, TEXTOID, TEXTOID};
	Datum		values[3] = {CStringGetTextDatum(fund), CStringGetTextDatum(role),
	CStringGetTextDatum(party == NULL ? "" : party)};

	fund_exec(area,
			  "SELECT coalesce(pg_catalog.sum(amount_fen), 0)::pg_catalog.int8 FROM @schema@.entry "
			  "WHERE fund = $1 AND book = 'G' AND role = $2 AND party = $3",
			  3, types, values, NULL, 0);
	return fund_int8(0, 1, NULL);
}

/* Post the voucher; its original is locked. */
static void
post_voucher(const FundArea *area, const char *id, DateADT day)
{
	FundJournal journal = {0};
	Voucher		v;
	Event		e;
	const char *event;
	bool		prepays;

	(void) load_voucher(area, id, false, &v);
	load_event(area, v.event, &e);
	event = v.choice == NULL ? v.event : psprintf("%s.%s", v.event, v.choice);
	journal.id = v.journal_id;
	journal.event = v.payment_id == NULL ? event : v.event;
	journal.key = v.id;
	journal.fund = v.fund;
	journal.effective_on = day;
	journal.account_in = journal.account_out = v.account_id;
	if (e.items != NULL || v.payment_id != NULL)
		lock_persons(area, &v);
	fund_journal_open(area, &journal);
	prepays = strcmp(v.event, "prepay") == 0;
	if (e.items != NULL || e.within != NULL || v.payment_id != NULL || prepays)
		fund_payment_lock(area, v.fund, true);
	if (prepays)
		prepay_paid(area, &(Prepayment) {v.id, v.fund, v.party, day, v.amount});
	if (v.payment_id != NULL)
		payment_return(area, &journal, v.payment_id);
	else if (e.items != NULL)
	{
		spread(area, &e, &v);
		post_items(area, &journal, &v, event);
	}
	else
	{
		if (e.within != NULL)
			check_within(area, &e, &v);
		post(area, &journal, event, &v, v.pool, v.party, NULL, NULL, v.clr_ym, v.amount);
	}
	entries_settle(area, &journal, e.flow);
}

/* ---- voucher --------------------------------------------------------------------------------- */

static void
voucher_before(MoneyRow *row, const FundArea *area)
{
	Event		e;
	Voucher		original = {0};
	bool		no_amount;
	Fen			amount = money_row_fen(row, "amt", &no_amount);

	(void) money_row_date(row, "effective_on");
	load_event(area, money_row_need(row, "event"), &e);
	take_over(row, area, &e, &original);
	check_columns(row, &e);
	if (!no_amount && amount == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_RANGE),
				 errmsg("amt is zero"),
				 errhint("A voucher has an amount.")));
	if (original.id != NULL)
		not_above(area, &original, amount);
	check_payment(row, area);
	if (given(row, "clearing_id"))
		clearing_late(area, money_row_text(row, "clearing_id"), money_row_text(row, "party"), money_row_text(row, "clr_ym"));
	if (e.items != NULL && e.refers == NULL && !given(row, "setl_id") &&
		!(given(row, "party") && given(row, "clr_ym")))
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("event %s names a settlement, or a provider and its clearing month", e.name),
				 errhint("Give setl_id, or party and clr_ym.")));
	choose(row, area, &e, &original);
	money_row_fill(row, "journal_id", INT8OID, Int64GetDatum(fund_journal_id(area)));
}

static void
voucher_after(MoneyRow *row, const FundArea *area)
{
	Event		e;

	load_event(area, money_row_text(row, "event"), &e);
	if (!e.approval)
		post_voucher(area, money_row_text(row, "voucher_id"), money_row_date(row, "effective_on"));
	else if (strcmp(e.name, "prepay") == 0)
	{
		Prepayment	p = {money_row_text(row, "voucher_id"), money_row_text(row, "fund"), money_row_text(row, "party"),
		money_row_date(row, "effective_on"), money_row_fen(row, "amt", NULL)};

		prepay_drawn(area, &p);
	}
}

static const RecordTable voucher_table = {
	RECORD_TABLE("voucher", "voucher_id", "booked"),
	.before = voucher_before,
	.after = voucher_after,
};

PG_FUNCTION_INFO_V1(yibao_t_voucher);
Datum
yibao_t_voucher(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &voucher_table);
}

/* ---- voucher_approval --------------------------------------------------------------------------- */

static void
approval_before(MoneyRow *row, const FundArea *area)
{
	const char *decision = money_row_need(row, "decision");
	Voucher		v;
	Event		e;

	(void) money_row_date(row, "effective_on");
	(void) load_voucher(area, money_row_need(row, "voucher_id"), true, &v);
	load_event(area, v.event, &e);
	if (!e.approval)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("voucher %s needs no approval: event %s is booked at once", v.id, v.event),
				 errhint("Events with approval (table voucher_event) are those whose money leaves the fund.")));
	approval_by_another(area, gettext_noop("voucher"), v.id, v.by);
	if (v.refers != NULL && strcmp(decision, "approve") == 0)
	{
		Voucher		original;

		(void) load_voucher(area, v.refers, true, &original);
		not_above(area, &original, v.amount);
	}
	if (strcmp(decision, "approve") == 0)
		approval_execute(area, "voucher", v.id, money_row_date(row, "effective_on"));
}

static void
approval_after(MoneyRow *row, const FundArea *area)
{
	if (strcmp(money_row_text(row, "decision"), "approve") == 0)
		post_voucher(area, money_row_text(row, "voucher_id"), money_row_date(row, "effective_on"));
}

static const RecordTable voucher_approval_table = {
	RECORD_TABLE("voucher_approval", "voucher_id", "approved"),
	.before = approval_before,
	.after = approval_after,
};

PG_FUNCTION_INFO_V1(yibao_t_voucher_approval);
Datum
yibao_t_voucher_approval(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &voucher_approval_table);
}
