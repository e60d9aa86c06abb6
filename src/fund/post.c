/*
 * post.c
 *	  Journals: what an event means in the three books, by rules that are rows.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/sequence.h"
#include "common/int.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/direct.h"
#include "fund/fund.h"
#include "fund/ledger.h"

/* ---- tables ----------------------------------------------------------------------- */

static const DirectTable period_table = {
	"period", "period_pkey", 1, 2, false,
	{{"period", TEXTOID}, {"closed", BOOLOID}}, {0}, true
};

static const DirectTable rule_table = {
	"posting_rule", "posting_rule_pkey", 1, 8, false,
	{{"event", TEXTOID}, {"line", INT4OID}, {"book", TEXTOID}, {"side", TEXTOID}, {"role", TEXTOID},
	{"pool_expr", TEXTOID}, {"party_expr", TEXTOID}, {"amount_expr", TEXTOID}}, {0}, false
};

static const DirectTable journal_table = {
	"journal", NULL, 0, 9, true,
	{{"journal_id", INT8OID}, {"event", TEXTOID}, {"key", TEXTOID}, {"effective_on", DATEOID},
	{"period", TEXTOID}, {"booked_by", TEXTOID}, {"booked_role", TEXTOID}, {"booked_at", TIMESTAMPTZOID},
	{"row_hash", BYTEAOID}}, {0}, false
};

static const DirectTable entry_table = {
	"entry", NULL, 0, 12, true,
	{{"journal_id", INT8OID}, {"line", INT4OID}, {"fund", TEXTOID}, {"book", TEXTOID}, {"role", TEXTOID},
	{"pool", TEXTOID}, {"party", TEXTOID}, {"layer", TEXTOID}, {"payer", TEXTOID}, {"clr_ym", TEXTOID},
	{"amount_fen", INT8OID}, {"row_hash", BYTEAOID}}, {0}, false
};

/* ---- periods --------------------------------------------------------------------- */

void
fund_month(DateADT day, int *year, int *month)
{
	int			d;

	if (DATE_NOT_FINITE(day))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("a posting needs a day, not infinity"),
				 errhint("Give the day on which the money was received, moved or paid.")));
	j2date(day + POSTGRES_EPOCH_JDATE, year, month, &d);
}

/* "2018-12" of a day. */
static char *
period_of(DateADT day)
{
	int			y;
	int			m;

	fund_month(day, &y, &m);
	return psprintf("%04d-%02d", y, m);
}

/*
 * Closing takes the table EXCLUSIVE: who holds ROW SHARE has posted before the
 * closing reads, or waits for it and then sees it.  Who closes has the row before
 * he has the table: the row is read and not locked.
 */
static void
lock_periods(const FundArea *area)
{
	if (!direct_lock_table(area, &period_table, RowShareLock))
		fund_exec(area, "LOCK TABLE @schema@.period IN ROW SHARE MODE", 0, NULL, NULL, NULL, 0);
}

static bool
keep_open(const DirectValues *row, void *arg)
{
	*(bool *) arg = !row->nulls[1] && !DatumGetBool(row->values[1]);
	return false;
}

/* Is its row there, and open?  False also where only a statement can tell. */
static bool
period_is_open(const FundArea *area, const char *period)
{
	Datum		key = CStringGetTextDatum(period);
	bool		open = false;

	return direct_read(area, &period_table, 1, &key, keep_open, &open) && open;
}

static void
check_period(const FundArea *area, char *period)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(period)};

	for (int try = 0; try < 2; try++)
	{
		/* as it is now, whatever the snapshot: nobody closes it while we hold the table */
		fund_exec(area, "SELECT closed FROM @schema@.period WHERE period = $1",
				  1, types, values, NULL, FUND_LATEST);
		if (SPI_processed > 0)
		{
			bool		isnull;

			if (DatumGetBool(fund_datum(SPI_tuptable, 0, 1, BOOLOID, &isnull)))
				ereport(ERROR,
						(errcode(ERRCODE_YB_PERIOD_CLOSED),
						 errmsg("the books of %s are closed", period),
						 errdetail("Nothing can be booked in a closed month."),
						 errhint("Date it in a month that is open; what belongs to the closed month is explained in the document.")));
			return;
		}
		/* months are closed in order, so one before a closed month is closed though it has no row */
		fund_exec(area, "SELECT pg_catalog.min(period) FROM @schema@.period WHERE period > $1 AND closed",
				  1, types, values, NULL, FUND_LATEST);
		if (fund_text(0, 1) != NULL)
			ereport(ERROR,
					(errcode(ERRCODE_YB_PERIOD_CLOSED),
					 errmsg("the books of %s are closed", period),
					 errdetail("Nothing was booked in %s before %s was closed, which closes what came before.", period, fund_text(0, 1)),
					 errhint("Date it in a month that is open; what belongs to the closed month is explained in the document.")));
		fund_exec(area, "INSERT INTO @schema@.period (period) VALUES ($1) ON CONFLICT DO NOTHING",
				  1, types, values, NULL, FUND_LEDGER);
	}
	elog(ERROR, "period %s vanished", period);
}

/* ---- journals ---------------------------------------------------------------------- */

int64
fund_next(const FundArea *area, const char *sequence)
{
	Oid			seq = get_relname_relid(sequence, area->nsp);

	if (!OidIsValid(seq))
		elog(ERROR, "sequence %s of area %s vanished", sequence, area->schema);
	return nextval_internal(seq, false);
}

int64
fund_journal_id(const FundArea *area)
{
	return fund_next(area, "journal_journal_id_seq");
}

/* The columns of journal, but for the digest, which its trigger fills. */
static void
journal_values(const FundArea *area, const FundJournal *journal, const char *period,
			   DirectValues *row)
{
	memset(row, 0, sizeof(*row));
	row->values[0] = Int64GetDatum(journal->id);
	row->values[1] = CStringGetTextDatum(journal->event);
	row->nulls[2] = journal->key == NULL;
	if (journal->key != NULL)
		row->values[2] = CStringGetTextDatum(journal->key);
	row->values[3] = DateADTGetDatum(journal->effective_on);
	row->values[4] = CStringGetTextDatum(period);
	row->values[5] = CStringGetTextDatum(area->session_user);
	row->values[6] = CStringGetTextDatum(area->outer_user);
	row->values[7] = TimestampTzGetDatum(GetCurrentStatementStartTimestamp());
	row->nulls[8] = true;
}

static void
write_journal(const FundArea *area, const FundJournal *journal)
{
	Oid			types[8] = {INT8OID, TEXTOID, TEXTOID, DATEOID, TEXTOID, TEXTOID, TEXTOID, TIMESTAMPTZOID};
	char		nulls[9] = "        ";
	char	   *period = period_of(journal->effective_on);
	bool		usual = journal->sub_ledger || period_is_open(area, period);
	DirectValues row;

	journal_values(area, journal, period, &row);
	if (usual && direct_insert(area, &journal_table, 1, &row))
		return;
	if (!usual)
		check_period(area, period);
	nulls[2] = row.nulls[2] ? 'n' : ' ';
	fund_exec(area,
			  "INSERT INTO @schema@.journal (journal_id, event, key, effective_on, period, booked_by, booked_role, booked_at) "
			  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
			  8, types, row.values, nulls, FUND_LEDGER);
}

void
fund_journal_open(const FundArea *area, FundJournal *journal)
{
	if (!journal->sub_ledger)
		lock_periods(area);
	if (journal->id == 0)
		journal->id = fund_journal_id(area);
	write_journal(area, journal);
}

static const FundVar *
find_var(const FundVar *vars, int nvars, const char *name, size_t len)
{
	for (int i = 0; i < nvars; i++)
		if (strlen(vars[i].name) == len && memcmp(vars[i].name, name, len) == 0)
			return &vars[i];
	return NULL;
}

/* A literal, or $name: the text of a variable.  NULL where the rule has none. */
static const char *
eval_text(const char *expr, const FundVar *vars, int nvars, const char *event)
{
	const FundVar *var;

	if (expr == NULL || expr[0] != '$')
		return expr;
	var = find_var(vars, nvars, expr + 1, strlen(expr + 1));
	if (var == NULL)
		elog(ERROR, "event %s has no value for %s", event, expr);
	return var->text;
}

static const char *
var_text(const FundVar *vars, int nvars, const char *name)
{
	const FundVar *var = find_var(vars, nvars, name, strlen(name));

	return var == NULL ? NULL : var->text;
}

/* Names joined by + and -. */
static Fen
eval_amount(const char *expr, const FundVar *vars, int nvars, const char *event)
{
	Fen			sum = 0;
	const char *p = expr;
	bool		minus = false;

	for (;;)
	{
		size_t		len = strcspn(p, "+-");
		const FundVar *var = find_var(vars, nvars, p, len);

		if (var == NULL)
			elog(ERROR, "event %s has no value for \"%.*s\"", event, (int) len, p);
		if (!fen_add(sum, minus ? -var->amount : var->amount, &sum))
			ereport(ERROR,
					(errcode(ERRCODE_YB_AMOUNT_RANGE),
					 errmsg("an amount of event %s is too large", event),
					 errhint("Check the amounts: they are in yuan.")));
		p += len;
		if (*p == '\0')
			return sum;
		minus = *p++ == '-';
	}
}

static void
add_line(FundJournal *journal, const FundLine *line)
{
	if (journal->nlines == journal->maxlines)
	{
		journal->maxlines = journal->maxlines == 0 ? 16 : journal->maxlines * 2;
		journal->lines = journal->lines == NULL ?
			palloc_array(FundLine, journal->maxlines) :
			repalloc_array(journal->lines, FundLine, journal->maxlines);
	}
	journal->lines[journal->nlines++] = *line;
}

typedef struct PostingRule
{
	const char *book;
	const char *side;
	const char *role;
	const char *pool;
	const char *party;
	const char *amount;
} PostingRule;

typedef struct RuledEvent
{
	FundJournal *journal;
	const char *event;
	const FundVar *vars;
	int			nvars;
	int			nrules;
} RuledEvent;

static void
post_rule(RuledEvent *e, const PostingRule *rule)
{
	FundLine	line = {0};

	e->nrules++;
	line.fund = e->journal->fund;
	line.book = rule->book[0];
	line.role = eval_text(rule->role, e->vars, e->nvars, e->event);
	if (line.role == NULL)
		elog(ERROR, "event %s names no role for line %d", e->event, e->nrules);
	line.pool = eval_text(rule->pool, e->vars, e->nvars, e->event);
	line.party = eval_text(rule->party, e->vars, e->nvars, e->event);
	if (line.book == 'S')
	{
		line.layer = var_text(e->vars, e->nvars, "layer");
		line.payer = var_text(e->vars, e->nvars, "payer");
		line.clr_ym = var_text(e->vars, e->nvars, "clr_ym");
	}
	line.amount = eval_amount(rule->amount, e->vars, e->nvars, e->event);
	if (line.amount == 0)
		return;
	if (rule->side[0] == 'c')
		line.amount = -line.amount;
	add_line(e->journal, &line);
}

/* A text of a row, as long as the journal. */
static char *
rule_text(const DirectValues *row, int column)
{
	return row->nulls[column] ? NULL : TextDatumGetCString(row->values[column]);
}

static bool
post_rule_row(const DirectValues *row, void *arg)
{
	PostingRule rule = {rule_text(row, 2), rule_text(row, 3), rule_text(row, 4),
	rule_text(row, 5), rule_text(row, 6), rule_text(row, 7)};

	if (rule.book == NULL || rule.side == NULL || rule.role == NULL || rule.amount == NULL)
		fund_not_as_made(gettext_noop("a column is missing"));
	post_rule(arg, &rule);
	return true;
}

void
fund_post(const FundArea *area, FundJournal *journal, const char *event,
		  const FundVar *vars, int nvars)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(event)};
	RuledEvent	e = {journal, event, vars, nvars, 0};

	if (!direct_read(area, &rule_table, 1, values, post_rule_row, &e))
	{
		fund_exec(area,
				  "SELECT book, side, role, pool_expr, party_expr, amount_expr "
				  "FROM @schema@.posting_rule WHERE event = $1 ORDER BY line",
				  1, types, values, NULL, FUND_ONE_PLAN);
		for (uint64 i = 0; i < SPI_processed; i++)
		{
			PostingRule rule = {fund_need(i, 1), fund_need(i, 2), fund_need(i, 3),
			fund_text(i, 4), fund_text(i, 5), fund_need(i, 6)};

			post_rule(&e, &rule);
		}
	}
	if (e.nrules == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FLOW),
				 errmsg("there is no posting rule for %s", event),
				 errhint("SELECT DISTINCT event FROM %s.posting_rule lists what can be booked.",
						 quote_identifier(area->schema))));
}

/* Debits are credits, in each book of each fund; a faulty rule stops here. */
static void
check_balanced(const FundJournal *journal)
{
	for (int i = 0; i < journal->nlines; i++)
	{
		const FundLine *first = &journal->lines[i];
		Wide		sum = 0;

		for (int k = 0; k < journal->nlines; k++)
		{
			const FundLine *line = &journal->lines[k];

			if (line->book == first->book && strcmp(line->fund, first->fund) == 0)
			{
				if (k < i)
					break;		/* summed before */
				sum += line->amount;
			}
		}
		if (sum != 0)
			ereport(ERROR,
					(errcode(ERRCODE_YB_PARTS),
					 errmsg("the posting rules of %s leave book %c of fund %s out of balance",
							journal->event, first->book, first->fund),
					 errhint("Debits and credits of a book are the same; mend the rows of posting_rule.")));
	}
}

static Datum
text_array(const FundLine *lines, int n, size_t offset)
{
	Datum	   *elems = palloc_array(Datum, n);
	bool	   *nulls = palloc_array(bool, n);
	int			lbs = 1;

	for (int i = 0; i < n; i++)
	{
		const char *s = *(const char *const *) ((const char *) &lines[i] + offset);

		nulls[i] = s == NULL;
		elems[i] = s == NULL ? (Datum) 0 : CStringGetTextDatum(s);
	}
	return PointerGetDatum(construct_md_array(elems, nulls, 1, &n, &lbs, TEXTOID,
											  -1, false, TYPALIGN_INT));
}

#define LINE_TYPES \
	TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, \
	TEXTARRAYOID, TEXTARRAYOID, INT8ARRAYOID, TEXTARRAYOID, INT4OID
#define LINE_VALUES		10

/* An array a column; how many lines were written before. */
static void
line_values(const FundJournal *journal, Datum *values)
{
	const FundLine *lines = journal->lines;
	int			n = journal->nlines;
	Datum	   *books = palloc_array(Datum, n);
	Datum	   *amounts = palloc_array(Datum, n);

	for (int i = 0; i < n; i++)
	{
		books[i] = PointerGetDatum(cstring_to_text_with_len(&lines[i].book, 1));
		amounts[i] = Int64GetDatum(lines[i].amount);
	}
	values[0] = text_array(lines, n, offsetof(FundLine, fund));
	values[1] = PointerGetDatum(construct_array(books, n, TEXTOID, -1, false, TYPALIGN_INT));
	values[2] = text_array(lines, n, offsetof(FundLine, role));
	values[3] = text_array(lines, n, offsetof(FundLine, pool));
	values[4] = text_array(lines, n, offsetof(FundLine, party));
	values[5] = text_array(lines, n, offsetof(FundLine, layer));
	values[6] = text_array(lines, n, offsetof(FundLine, payer));
	values[7] = PointerGetDatum(construct_array(amounts, n, INT8OID, 8, FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	values[8] = text_array(lines, n, offsetof(FundLine, clr_ym));
	values[9] = Int32GetDatum(journal->written);
}

static Datum
text_or_null(const char *s, bool *isnull)
{
	*isnull = s == NULL;
	return s == NULL ? (Datum) 0 : CStringGetTextDatum(s);
}

/* The lines, but for their digests, which the trigger fills. */
static bool
write_lines_directly(const FundArea *area, const FundJournal *journal)
{
	DirectValues *rows = palloc0_array(DirectValues, journal->nlines);

	for (int i = 0; i < journal->nlines; i++)
	{
		const FundLine *line = &journal->lines[i];
		Datum	   *v = rows[i].values;
		bool	   *n = rows[i].nulls;

		v[0] = Int64GetDatum(journal->id);
		v[1] = Int32GetDatum(journal->written + i + 1);
		v[2] = CStringGetTextDatum(line->fund);
		v[3] = PointerGetDatum(cstring_to_text_with_len(&line->book, 1));
		v[4] = CStringGetTextDatum(line->role);
		v[5] = text_or_null(line->pool, &n[5]);
		v[6] = text_or_null(line->party, &n[6]);
		v[7] = text_or_null(line->layer, &n[7]);
		v[8] = text_or_null(line->payer, &n[8]);
		v[9] = text_or_null(line->clr_ym, &n[9]);
		v[10] = Int64GetDatum(line->amount);
		n[11] = true;
	}
	return direct_insert(area, &entry_table, journal->nlines, rows);
}

static void
write_lines(const FundArea *area, const FundJournal *journal)
{
	Oid			types[1 + LINE_VALUES] = {INT8OID, LINE_TYPES};
	Datum		values[1 + LINE_VALUES];

	if (write_lines_directly(area, journal))
		return;
	values[0] = Int64GetDatum(journal->id);
	line_values(journal, values + 1);
	fund_exec(area,
			  "INSERT INTO @schema@.entry (journal_id, line, fund, book, role, pool, party, layer, payer, amount_fen, clr_ym) "
			  "SELECT $1, $11 + u.n, u.fund, u.book, u.role, u.pool, u.party, u.layer, u.payer, u.amt, u.clr_ym "
			  "FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4), pg_catalog.unnest($5), "
			  "pg_catalog.unnest($6), pg_catalog.unnest($7), pg_catalog.unnest($8), pg_catalog.unnest($9), pg_catalog.unnest($10)) "
			  "WITH ORDINALITY AS u(fund, book, role, pool, party, layer, payer, amt, clr_ym, n)",
			  1 + LINE_VALUES, types, values, NULL, FUND_LEDGER | FUND_ONE_PLAN);
}

void
fund_journal_close(const FundArea *area, FundJournal *journal)
{
	check_balanced(journal);
	for (int i = 0; journal->sub_ledger && i < journal->nlines; i++)
		if (journal->lines[i].book != 'S')
			elog(ERROR, "event %s posts book %c, but no period was checked", journal->event, journal->lines[i].book);
	fund_bank_accounts(area, journal);
	if (journal->nlines > 0)
		write_lines(area, journal);
	journal->written += journal->nlines;
	journal->nlines = 0;
}

void
fund_alert(const FundArea *area, const char *kind, const char *pool,
		   const char *key, Fen amount)
{
	Oid			types[4] = {TEXTOID, TEXTOID, TEXTOID, INT8OID};
	Datum		values[4];
	char		nulls[5] = "    ";

	values[0] = CStringGetTextDatum(kind);
	values[1] = pool == NULL ? (Datum) 0 : CStringGetTextDatum(pool);
	values[2] = key == NULL ? (Datum) 0 : CStringGetTextDatum(key);
	values[3] = Int64GetDatum(amount);
	nulls[1] = pool == NULL ? 'n' : ' ';
	nulls[2] = key == NULL ? 'n' : ' ';
	fund_exec(area,
			  "INSERT INTO @schema@.alert (kind, pool, key, amount_fen, raised_at) "
			  "VALUES ($1, $2, $3, $4, pg_catalog.statement_timestamp())",
			  4, types, values, nulls, FUND_LEDGER);
}

/* ---- cash ------------------------------------------------------------------------------ */

char *
fund_bank_role(const char *class)
{
	return psprintf("bank_%s", class);
}

void
fund_cash(const FundArea *area, const char *fund, const char *class, Fen fen)
{
	Oid			types[3] = {TEXTOID, TEXTOID, INT8OID};
	Datum		values[3] = {CStringGetTextDatum(fund), CStringGetTextDatum(class), Int64GetDatum(fen)};
	Fen			balance;

	fund_exec(area, "SELECT balance_fen FROM @schema@.cash WHERE fund = $1 AND class = $2 FOR NO KEY UPDATE",
			  2, types, values, NULL, 0);
	if (SPI_processed != 1)
		elog(ERROR, "no account %s of fund %s", class, fund);
	balance = fund_int8(0, 1, NULL);
	if (fen < 0 && balance + fen < 0)
	{
		fund_exec(area, "SELECT name_zh FROM @schema@.account_class WHERE class = $1",
				  1, &types[0], &values[1], NULL, 0);
		ereport(ERROR,
				(errcode(ERRCODE_YB_FUND_SHORT),
				 errmsg("account %s (%s) holds %s, %s is to be paid", class, fund_text(0, 1),
						fund_yuan(balance), fund_yuan(-fen)),
				 errdetail("Fund %s: %s yuan are missing.", fund, fund_yuan(-(balance + fen))),
				 errhint("No account of the fund goes below zero: move money into it first (cash_move).")));
	}
	fund_exec(area, "UPDATE @schema@.cash SET balance_fen = balance_fen + $3 WHERE fund = $1 AND class = $2",
			  3, types, values, NULL, FUND_LEDGER);
}

void
fund_payment_lock(const FundArea *area, const char *fund, bool exclusive)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(fund)};

	if (exclusive)
		fund_exec(area, "UPDATE @schema@.payment_lock SET payments = payments + 1 WHERE fund = $1",
				  1, types, values, NULL, FUND_LEDGER);
	else
		fund_exec(area, "SELECT 1 FROM @schema@.payment_lock WHERE fund = $1 FOR SHARE",
				  1, types, values, NULL, 0);
}
