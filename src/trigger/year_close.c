/*
 * year_close.c
 *	  The end of a year: income and expense of a fund go to its surplus, the
 *	  pools go over as the policy says, December is closed with it.
 *
 * Banks, temporary payments and receipts keep what stands on them.  Book S is
 * not closed: what is owed goes over item by item.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "core/split.h"
#include "errcodes.h"
#include "fund/period.h"
#include "trigger/record.h"

static DateADT
day_of(int32 year, int month, int day)
{
	return date2j(year, month, day) - POSTGRES_EPOCH_JDATE;
}

/* ---- what the books say ---------------------------------------------------------------- */

/* Roles of income and expense with what stands on them, credit positive, of a fund's days. */
#define ROLES \
	"SELECT r.role, r.kind, (-pg_catalog.sum(e.amount_fen))::pg_catalog.int8 AS fen FROM @schema@.entry e " \
	"JOIN @schema@.account_role r ON r.book = e.book AND r.role = e.role AND r.kind IN ('income', 'expense') " \
	"JOIN @schema@.journal j ON j.journal_id = e.journal_id AND j.effective_on >= $2 AND j.effective_on <= $3 " \
	"WHERE e.fund = $1 AND e.book = 'G' GROUP BY r.role, r.kind HAVING pg_catalog.sum(e.amount_fen) <> 0"

static uint64
year_query(const FundArea *area, const char *sql, const char *fund, DateADT from, DateADT to)
{
	Oid			types[3] = {TEXTOID, DATEOID, DATEOID};
	Datum		values[3] = {CStringGetTextDatum(fund), DateADTGetDatum(from), DateADTGetDatum(to)};

	fund_exec(area, sql, 3, types, values, NULL, 0);
	return SPI_processed;
}

/* All that a year may be closed upon; the months are locked. */
static void
check_year(const FundArea *area, const char *fund, int32 year)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(psprintf("%04d-12", year))};

	if (day_of(year, 12, 31) > GetSQLCurrentDate())
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("the year %d is not over", year),
				 errhint("A year is closed from 31 December on.")));
	if (year_query(area, ROLES " ORDER BY 1", fund, DATEVAL_NOBEGIN, day_of(year - 1, 12, 31)) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("the books of fund %s before %d are not closed: %s holds %s", fund, year,
						fund_need(0, 1), fund_yuan(fund_int8(0, 3, NULL))),
				 errhint("Close the years in order.")));
	fund_exec(area, "SELECT pg_catalog.min(period) FROM @schema@.period WHERE NOT closed AND period < $1",
			  1, types, values, NULL, 0);
	if (fund_text(0, 1) != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("the books of %s are open, so the year %d cannot be closed", fund_text(0, 1), year),
				 errhint("Close the months up to November; December is closed with the year.")));
}

/* ---- the pools --------------------------------------------------------------------------- */

static const char *const pools[] = {"inpatient", "outpatient", "unallocated"};
static const char *const columns[] = {"ipt_amt", "out_amt", "unalloc_amt"};

#define INPATIENT	0
#define OUTPATIENT	1
#define UNALLOCATED	2

static const char *const carry_names[] = {NULL, "keep_by_pool", "resplit", "to_unallocated"};

/* The policy's word on the last day of the year; it has no default. */
static CompiledPolicy *
carry_policy(const FundArea *area, const char *insutype, int32 year, char **id)
{
	CompiledPolicy *cp;

	*id = fund_policy_in_force(area, insutype, day_of(year, 12, 31));
	cp = fund_policy_load(area, *id);
	if (cp->fund == NULL || cp->fund->carry == CARRY_UNSTATED)
		ereport(ERROR,
				(errcode(ERRCODE_YB_NOT_COVERED),
				 errmsg("policy %s does not say how the pools go over into the next year (fund.carry)", *id),
				 errdetail("基金年度结余结转下年度继续使用 does not say in which pool."),
				 errhint("State fund.carry: keep_by_pool, resplit or to_unallocated, from the text or as \"assumed\".")));
	return cp;
}

/*
 * What each pool gets (or gives, negative).  What is committed stays with its
 * pool, because it is promised; what is available goes over.
 */
static void
carry_moves(const FundArea *area, const char *insutype, int32 year,
			CompiledPolicy *cp, Fen moves[3])
{
	Fen			ipt;
	Fen			out;

	memset(moves, 0, sizeof(Fen) * 3);
	if (cp->fund->carry == CARRY_KEEP_BY_POOL)
		return;
	ipt = fund_lock_pool(area, pools[INPATIENT]);
	out = fund_lock_pool(area, pools[OUTPATIENT]);
	if (cp->fund->carry == CARRY_TO_UNALLOCATED)
	{
		moves[INPATIENT] = -ipt;
		moves[OUTPATIENT] = -out;
		moves[UNALLOCATED] = ipt + out;
	}
	else
	{
		char	   *id = NULL;
		CompiledPolicy *next = fund_policy_for_year(area, insutype, year + 1,
													day_of(year, 12, 31), &id);
		const FundSplit *rule = next == NULL ? NULL : policy_split_for(next, year + 1);

		if (rule == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_YB_SPLIT),
					 errmsg("no policy of scheme %s says how coverage year %d is split", insutype, year + 1),
					 errhint("fund.carry is resplit: publish the policy of the next year first (fund.split).")));
		moves[OUTPATIENT] = split_share(ipt + out, rule->outpatient,
										rule->rounding == SPLIT_HALF_UP_OUTPATIENT ? SPLIT_ROUND_HALF_UP : SPLIT_ROUND_FLOOR) - out;
		moves[INPATIENT] = -moves[OUTPATIENT];
	}
}

/* ---- the row ------------------------------------------------------------------------------- */

static void
close_before(MoneyRow *row, const FundArea *area)
{
	const char *fund = money_row_need(row, "fund");
	const char *insutype = money_row_need(row, "insutype");
	int32		year = money_row_int(row, "year", NULL);
	Fen			moves[3] = {0};
	Fen			income = 0;
	Fen			expense = 0;
	Fen			opening;
	Fen			other;
	uint64		n;

	(void) money_row_need(row, "doc_no");
	if (year < 2000 || year > 2999)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("year %d is none that is closed", year),
				 errhint("Give the year as four digits, such as 2026.")));
	period_lock(area);
	check_year(area, fund, year);

	n = year_query(area, ROLES " ORDER BY 1", fund, day_of(year, 1, 1), day_of(year, 12, 31));
	for (uint64 i = 0; i < n; i++)
	{
		if (strcmp(fund_need(i, 2), "income") == 0)
			income += fund_int8(i, 3, NULL);
		else
			expense -= fund_int8(i, 3, NULL);
	}
	(void) year_query(area,
					  "SELECT coalesce(-pg_catalog.sum(e.amount_fen) FILTER (WHERE j.effective_on < $2), 0)::pg_catalog.int8, "
					  "coalesce(-pg_catalog.sum(e.amount_fen) FILTER (WHERE j.effective_on >= $2), 0)::pg_catalog.int8 "
					  "FROM @schema@.entry e JOIN @schema@.account_role r ON r.book = e.book AND r.role = e.role AND r.kind = 'surplus' "
					  "JOIN @schema@.journal j ON j.journal_id = e.journal_id AND j.effective_on <= $3 "
					  "WHERE e.fund = $1 AND e.book = 'G'",
					  fund, day_of(year, 1, 1), day_of(year, 12, 31));
	opening = fund_int8(0, 1, NULL);
	other = fund_int8(0, 2, NULL);

	if (strcmp(fund, FUND_RESIDENT) == 0)
	{
		char	   *id = NULL;
		CompiledPolicy *cp = carry_policy(area, insutype, year, &id);

		money_row_fill_text(row, "policy_id", id);
		money_row_fill_text(row, "carry", carry_names[cp->fund->carry]);
		carry_moves(area, insutype, year, cp, moves);
	}
	if (n == 0 && moves[INPATIENT] == 0 && moves[OUTPATIENT] == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("fund %s has no income and no expense in %d to close", fund, year),
				 errhint("A year in which nothing was booked needs no closing.")));
	money_row_fill_fen(row, "opening_amt", opening);
	money_row_fill_fen(row, "income_amt", income);
	money_row_fill_fen(row, "expense_amt", expense);
	money_row_fill_fen(row, "direct_amt", other);
	money_row_fill_fen(row, "closing_amt", opening + income - expense + other);
	for (int i = 0; i < 3; i++)
		money_row_fill_fen(row, columns[i], moves[i]);
	money_row_fill(row, "journal_id", INT8OID, Int64GetDatum(fund_journal_id(area)));
}

/* An amount that may be negative. */
static Fen
signed_fen(const MoneyRow *row, const char *column)
{
	bool		isnull;
	Datum		yuan = money_row_datum(row, column, NUMERICOID, &isnull);
	Datum		hundred = NumericGetDatum(int64_to_numeric(100));

	return isnull ? 0 : DatumGetInt64(DirectFunctionCall1(numeric_int8, DirectFunctionCall2(numeric_mul, yuan, hundred)));
}

/* December takes the closing entry whether it is closed already or has no row yet. */
static void
set_december(const FundArea *area, int32 year, bool closed)
{
	Oid			types[4] = {TEXTOID, BOOLOID, TEXTOID, TIMESTAMPTZOID};
	Datum		values[4];
	char		nulls[5] = "    ";

	values[0] = CStringGetTextDatum(psprintf("%04d-12", year));
	values[1] = BoolGetDatum(closed);
	values[2] = CStringGetTextDatum(area->session_user);
	values[3] = TimestampTzGetDatum(GetCurrentTimestamp());
	if (!closed)
		nulls[2] = nulls[3] = 'n';
	fund_exec(area,
			  "INSERT INTO @schema@.period (period, closed, closed_by, closed_at) VALUES ($1, $2, $3, $4) "
			  "ON CONFLICT (period) DO UPDATE SET closed = EXCLUDED.closed, closed_by = EXCLUDED.closed_by, closed_at = EXCLUDED.closed_at",
			  4, types, values, nulls, FUND_LEDGER);
}

static void
post_roles(const FundArea *area, FundJournal *journal, int32 year)
{
	SPITupleTable *table;
	uint64		n = year_query(area, ROLES " ORDER BY 1", journal->fund, day_of(year, 1, 1), day_of(year, 12, 31));

	table = SPI_tuptable;
	for (uint64 i = 0; i < n; i++)
	{
		FundVar		vars[2] = {{"role", NULL, 0}, {"amount", NULL, 0}};
		bool		income;

		SPI_tuptable = table;
		vars[0].text = fund_need(i, 1);
		income = strcmp(fund_need(i, 2), "income") == 0;
		vars[1].amount = income ? fund_int8(i, 3, NULL) : -fund_int8(i, 3, NULL);
		fund_post(area, journal, income ? "year.income" : "year.expense", vars, 2);
	}
}

static void
post_carry(const FundArea *area, FundJournal *journal, const MoneyRow *row)
{
	Fen			moves[3];

	for (int i = 0; i < 3; i++)
		moves[i] = signed_fen(row, columns[i]);
	/* what one pool gives goes to the first that still gets something */
	for (int from = 0; from < 3; from++)
		for (int to = 0; to < 3 && moves[from] < 0; to++)
		{
			Fen			amount = fen_min(-moves[from], moves[to]);
			FundVar		vars[3] = {{"from", pools[from], 0}, {"to", pools[to], 0}, {"amount", NULL, amount}};

			if (moves[to] <= 0)
				continue;
			fund_post(area, journal, "year.carry", vars, 3);
			moves[from] += amount;
			moves[to] -= amount;
		}
	for (int i = 0; i < 3; i++)
	{
		Fen			move = signed_fen(row, columns[i]);

		if (move < 0 && !fund_take(area, pools[i], -move))
			elog(ERROR, "pool %s changed under its lock", pools[i]);
	}
	for (int i = 0; i < 3; i++)
	{
		Fen			move = signed_fen(row, columns[i]);

		if (move > 0)
			fund_give(area, pools[i], move);
	}
}

static void
close_after(MoneyRow *row, const FundArea *area)
{
	int32		year = money_row_int(row, "year", NULL);
	FundJournal journal = {0};

	set_december(area, year, false);
	journal.id = money_row_int8(row, "journal_id");
	journal.event = "year_close";
	journal.key = money_row_text(row, "close_id");
	journal.fund = money_row_text(row, "fund");
	journal.effective_on = day_of(year, 12, 31);
	fund_journal_open(area, &journal);
	post_roles(area, &journal, year);
	post_carry(area, &journal, row);
	fund_journal_close(area, &journal);
	set_december(area, year, true);
	for (int i = 0; i < 3; i++)
		if (signed_fen(row, columns[i]) > 0)
			queue_fund(area, pools[i]);
}

static const RecordTable year_close_table = {
	RECORD_TABLE("year_close", "close_id", "booked"),
	.before = close_before,
	.after = close_after,
};

PG_FUNCTION_INFO_V1(yibao_t_year_close);
Datum
yibao_t_year_close(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &year_close_table);
}
