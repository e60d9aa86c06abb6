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
#include "fund/fund.h"
#include "fund/ledger.h"

/* ---- periods --------------------------------------------------------------------- */

/* "2018-12" of a day. */
static char *
period_of(DateADT day)
{
	int			y;
	int			m;
	int			d;

	if (DATE_NOT_FINITE(day))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("a posting needs a day, not infinity"),
				 errhint("Give the day on which the money was received, moved or paid.")));
	j2date(day + POSTGRES_EPOCH_JDATE, &y, &m, &d);
	return psprintf("%04d-%02d", y, m);
}

/*
 * Closing takes the table EXCLUSIVE: who holds ROW SHARE has posted before the
 * closing reads, or waits for it and then sees it.  A transaction whose snapshot
 * is older locks the row too, which fails (40001) if it was closed since.
 */
static void
lock_periods(const FundArea *area)
{
	fund_exec(area, "LOCK TABLE @schema@.period IN ROW SHARE MODE", 0, NULL, NULL, NULL, 0);
}

static void
check_period(const FundArea *area, char *period)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(period)};

	for (int try = 0; try < 2; try++)
	{
		if (IsolationUsesXactSnapshot())
			fund_exec(area, "SELECT closed FROM @schema@.period WHERE period = $1 FOR SHARE",
					  1, types, values, NULL, 0);
		else
			fund_exec(area, "SELECT closed FROM @schema@.period WHERE period = $1",
					  1, types, values, NULL, 0);
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
fund_journal_id(const FundArea *area)
{
	Oid			nsp = get_namespace_oid(area->schema, false);
	Oid			seq = get_relname_relid("journal_journal_id_seq", nsp);

	if (!OidIsValid(seq))
		elog(ERROR, "sequence journal_journal_id_seq of area %s vanished", area->schema);
	return nextval_internal(seq, false);
}

#define JOURNAL_TYPES \
	INT8OID, TEXTOID, TEXTOID, DATEOID, TEXTOID, TEXTOID, TEXTOID, TIMESTAMPTZOID
#define JOURNAL_VALUES	8

/* The values of $1 ... $8 of a statement that inserts the journal's row. */
static void
journal_values(const FundArea *area, const FundJournal *journal, const char *period,
			   Datum *values, char *nulls)
{
	values[0] = Int64GetDatum(journal->id);
	values[1] = CStringGetTextDatum(journal->event);
	if (journal->key == NULL)
	{
		values[2] = (Datum) 0;
		nulls[2] = 'n';
	}
	else
	{
		values[2] = CStringGetTextDatum(journal->key);
		nulls[2] = ' ';
	}
	values[3] = DateADTGetDatum(journal->effective_on);
	values[4] = CStringGetTextDatum(period);
	values[5] = CStringGetTextDatum(area->session_user);
	values[6] = CStringGetTextDatum(area->outer_user);
	values[7] = TimestampTzGetDatum(GetCurrentStatementStartTimestamp());
}

static void
write_journal(const FundArea *area, const FundJournal *journal)
{
	Oid			types[JOURNAL_VALUES] = {JOURNAL_TYPES};
	Datum		values[JOURNAL_VALUES];
	char		nulls[JOURNAL_VALUES + 1] = "        ";
	char	   *period = period_of(journal->effective_on);

	journal_values(area, journal, period, values, nulls);
	if (!journal->sub_ledger && !IsolationUsesXactSnapshot())
	{
		/* the usual case: the period is there and open, which this statement's snapshot sees */
		fund_exec(area,
				  "INSERT INTO @schema@.journal (journal_id, event, key, effective_on, period, booked_by, booked_role, booked_at) "
				  "SELECT $1, $2, $3, $4, p.period, $6, $7, $8 FROM @schema@.period p WHERE p.period = $5 AND NOT p.closed",
				  8, types, values, nulls, FUND_LEDGER);
		if (SPI_processed == 1)
			return;
	}
	if (!journal->sub_ledger)
		check_period(area, period);
	fund_exec(area,
			  "INSERT INTO @schema@.journal (journal_id, event, key, effective_on, period, booked_by, booked_role, booked_at) "
			  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
			  8, types, values, nulls, FUND_LEDGER);
}

void
fund_journal_open(const FundArea *area, FundJournal *journal)
{
	if (!journal->sub_ledger)
		lock_periods(area);
	if (journal->id == 0)
		journal->id = fund_journal_id(area);
	if (!journal->with_lines)
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

void
fund_post(const FundArea *area, FundJournal *journal, const char *event,
		  const FundVar *vars, int nvars)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(event)};

	fund_exec(area,
			  "SELECT book, side, role, pool_expr, party_expr, amount_expr "
			  "FROM @schema@.posting_rule WHERE event = $1 ORDER BY line",
			  1, types, values, NULL, FUND_ONE_PLAN);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FLOW),
				 errmsg("there is no posting rule for %s", event),
				 errhint("SELECT DISTINCT event FROM %s.posting_rule lists what can be booked.",
						 quote_identifier(area->schema))));
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		FundLine	line = {0};
		char	   *side = fund_need(i, 2);

		line.fund = journal->fund;
		line.book = fund_need(i, 1)[0];
		line.role = eval_text(fund_need(i, 3), vars, nvars, event);
		if (line.role == NULL)
			elog(ERROR, "event %s names no role for line " UINT64_FORMAT, event, i + 1);
		line.pool = eval_text(fund_text(i, 4), vars, nvars, event);
		line.party = eval_text(fund_text(i, 5), vars, nvars, event);
		if (line.book == 'S')
		{
			line.layer = var_text(vars, nvars, "layer");
			line.payer = var_text(vars, nvars, "payer");
			line.clr_ym = var_text(vars, nvars, "clr_ym");
		}
		line.amount = eval_amount(fund_need(i, 6), vars, nvars, event);
		if (line.amount == 0)
			continue;
		if (side[0] == 'c')
			line.amount = -line.amount;
		add_line(journal, &line);
	}
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

#define FEW_LINES	16

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
	TEXTARRAYOID, TEXTARRAYOID, INT8ARRAYOID, TEXTARRAYOID, INT4OID, INT4OID
#define LINE_VALUES		11

/* An array a column; how many lines were written before, and how many these are. */
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
	values[10] = Int32GetDatum(n);
}

/* The usual case of write_journal(), with a few lines.  False: the period is not there, or closed. */
static bool
write_all(const FundArea *area, const FundJournal *journal)
{
	Oid			types[JOURNAL_VALUES + LINE_VALUES] = {JOURNAL_TYPES, LINE_TYPES};
	Datum		values[JOURNAL_VALUES + LINE_VALUES];
	char		nulls[JOURNAL_VALUES + LINE_VALUES + 1] = "                   ";

	journal_values(area, journal, period_of(journal->effective_on), values, nulls);
	line_values(journal, values + JOURNAL_VALUES);
	if (journal->sub_ledger)
		fund_exec(area,
				  "WITH j AS (INSERT INTO @schema@.journal (journal_id, event, key, effective_on, period, booked_by, booked_role, booked_at) "
				  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING journal_id) "
				  "INSERT INTO @schema@.entry (journal_id, line, fund, book, role, pool, party, layer, payer, amount_fen, clr_ym) "
				  "SELECT j.journal_id, $18 + n, $9[n], $10[n], $11[n], $12[n], $13[n], $14[n], $15[n], $16[n], $17[n] "
				  "FROM j, pg_catalog.generate_series(1, $19) n",
				  JOURNAL_VALUES + LINE_VALUES, types, values, nulls, FUND_LEDGER | FUND_ONE_PLAN);
	else
		fund_exec(area,
				  "WITH j AS (INSERT INTO @schema@.journal (journal_id, event, key, effective_on, period, booked_by, booked_role, booked_at) "
				  "SELECT $1, $2, $3, $4, p.period, $6, $7, $8 FROM @schema@.period p WHERE p.period = $5 AND NOT p.closed "
				  "RETURNING journal_id) "
				  "INSERT INTO @schema@.entry (journal_id, line, fund, book, role, pool, party, layer, payer, amount_fen, clr_ym) "
				  "SELECT j.journal_id, $18 + n, $9[n], $10[n], $11[n], $12[n], $13[n], $14[n], $15[n], $16[n], $17[n] "
				  "FROM j, pg_catalog.generate_series(1, $19) n",
				  JOURNAL_VALUES + LINE_VALUES, types, values, nulls, FUND_LEDGER | FUND_ONE_PLAN);
	return SPI_processed > 0;
}

static void
write_lines(const FundArea *area, const FundJournal *journal)
{
	Oid			types[1 + LINE_VALUES] = {INT8OID, LINE_TYPES};
	Datum		values[1 + LINE_VALUES];

	values[0] = Int64GetDatum(journal->id);
	line_values(journal, values + 1);
	if (journal->nlines <= FEW_LINES)
		/* one function instead of nine; finding an element of a long array of text takes long */
		fund_exec(area,
				  "INSERT INTO @schema@.entry (journal_id, line, fund, book, role, pool, party, layer, payer, amount_fen, clr_ym) "
				  "SELECT $1, $11 + n, $2[n], $3[n], $4[n], $5[n], $6[n], $7[n], $8[n], $9[n], $10[n] "
				  "FROM pg_catalog.generate_series(1, $12) n",
				  1 + LINE_VALUES, types, values, NULL, FUND_LEDGER | FUND_ONE_PLAN);
	else
		fund_exec(area,
				  "INSERT INTO @schema@.entry (journal_id, line, fund, book, role, pool, party, layer, payer, amount_fen, clr_ym) "
				  "SELECT $1, $11 + u.n, u.fund, u.book, u.role, u.pool, u.party, u.layer, u.payer, u.amt, u.clr_ym "
				  "FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4), pg_catalog.unnest($5), "
				  "pg_catalog.unnest($6), pg_catalog.unnest($7), pg_catalog.unnest($8), pg_catalog.unnest($9), pg_catalog.unnest($10)) "
				  "WITH ORDINALITY AS u(fund, book, role, pool, party, layer, payer, amt, clr_ym, n)",
				  LINE_VALUES, types, values, NULL, FUND_LEDGER | FUND_ONE_PLAN);
}

void
fund_journal_close(const FundArea *area, FundJournal *journal)
{
	bool		row_too = journal->with_lines;
	bool		few = journal->nlines > 0 && journal->nlines <= FEW_LINES;

	check_balanced(journal);
	for (int i = 0; journal->sub_ledger && i < journal->nlines; i++)
		if (journal->lines[i].book != 'S')
			elog(ERROR, "event %s posts book %c, but no period was checked", journal->event, journal->lines[i].book);
	fund_bank_accounts(area, journal);
	journal->with_lines = false;
	if (row_too && few && (journal->sub_ledger || !IsolationUsesXactSnapshot()) && write_all(area, journal))
		 /* both are there */ ;
	else
	{
		if (row_too)
			write_journal(area, journal);
		if (journal->nlines > 0)
			write_lines(area, journal);
	}
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
