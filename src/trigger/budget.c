/*
 * budget.c
 *	  Drafting a budget, and drawing up a form for an appropriation.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/jsonb.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/budget.h"
#include "trigger/record.h"

/* The lines of a column: an object that is not empty. */
static Datum
lines_of(MoneyRow *row, const char *column, const char *example)
{
	bool		isnull;
	Datum		value = money_row_datum(row, column, JSONBOID, &isnull);

	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_NULL),
				 errmsg("%s is empty", column),
				 errdetail("Table %s cannot be booked without it.", row->table),
				 errhint("Give lines such as %s.", example)));
	if (!JB_ROOT_IS_OBJECT(DatumGetJsonbP(value)) || JB_ROOT_COUNT(DatumGetJsonbP(value)) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s has no lines", column),
				 errhint("Give lines such as %s.", example)));
	return value;
}

static void
unknown_line(const char *column, const char *line, const char *kind)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_UNKNOWN_CODE),
			 errmsg("%s: \"%s\" is no line of that kind", column, line),
			 errhint("Lines are roles of book G: SELECT role, name_zh FROM account_role WHERE book = 'G' AND kind = '%s'.", kind)));
}

/* ---- budget ------------------------------------------------------------------------------- */

/* Four amounts a line; their total in fen. */
static Fen
check_lines(MoneyRow *row, const FundArea *area, const char *column, const char *kind)
{
	Oid			types[2] = {JSONBOID, TEXTOID};
	Datum		values[2];

	values[0] = lines_of(row, column, "{\"benefit_inpatient\": [\"100.00\", \"100.00\", \"0\", \"0\"]}");
	values[1] = CStringGetTextDatum(kind);
	fund_exec(area,
			  "SELECT e.key, NOT EXISTS (SELECT FROM @schema@.account_role r WHERE r.book = 'G' AND r.role = e.key AND r.kind = $2) AS unknown "
			  "FROM pg_catalog.jsonb_each($1) e "
			  "WHERE NOT EXISTS (SELECT FROM @schema@.account_role r WHERE r.book = 'G' AND r.role = e.key AND r.kind = $2) "
			  "OR pg_catalog.jsonb_typeof(e.value) <> 'array' "
			  "OR CASE WHEN pg_catalog.jsonb_typeof(e.value) = 'array' THEN "
			  "pg_catalog.jsonb_array_length(e.value) <> 4 OR EXISTS (SELECT FROM pg_catalog.jsonb_array_elements_text(e.value) q(amt) "
			  "WHERE (q.amt ~ '^[0-9]{1,12}(\\.[0-9]{1,2})?$') IS NOT TRUE) END "
			  "ORDER BY e.key LIMIT 1",
			  2, types, values, NULL, 0);
	if (SPI_processed > 0)
	{
		char	   *line = fund_need(0, 1);

		if (DatumGetBool(fund_value(SPI_tuptable, 0, 2, BOOLOID)))
			unknown_line(column, line, kind);
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s: line %s has not the amounts of four quarters", column, line),
				 errhint("Give four amounts in yuan with at most two decimals: [\"100.00\", \"0\", \"0\", \"0\"].")));
	}
	fund_exec(area,
			  "SELECT (pg_catalog.sum(q.amt::pg_catalog.numeric) * 100)::pg_catalog.int8 FROM pg_catalog.jsonb_each($1) e, "
			  "LATERAL pg_catalog.jsonb_array_elements_text(e.value) q(amt)",
			  1, types, values, NULL, 0);
	return fund_int8(0, 1, NULL);
}

/* A year that spends more than it takes in: what the policy says. */
static void
check_deficit(MoneyRow *row, const FundArea *area, Fen income, Fen expense, DateADT day)
{
	char	   *id = NULL;
	const FundPolicy *p = budget_policy(area, "deficit_budget", day, &id);

	if (p == NULL)
		budget_not_said("deficit_budget");
	if (!p->deficit_from_surplus || expense - income > p->deficit_max)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FLOW),
				 errmsg("the budget spends %s more than the year takes in: %s of %s", fund_yuan(expense - income),
						fund_yuan(expense), fund_yuan(income)),
				 p->deficit_from_surplus ?
				 errdetail("Policy %s allows %s of the surplus (fund.deficit_budget).", id, fund_yuan(p->deficit_max)) :
				 errdetail("不得编制赤字预算: policy %s refuses it (fund.deficit_budget).", id),
				 errhint("What is left of earlier years is no income of this year: cut the expense.")));
	if (money_row_text(row, "deficit_doc") == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_NULL),
				 errmsg("deficit_doc is empty: the budget uses %s of the surplus", fund_yuan(expense - income)),
				 errhint("Give the number of the document that approves it.")));
	money_row_fill_text(row, "policy_id", id);
}

static void
draft(MoneyRow *row, const FundArea *area)
{
	Oid			types[2] = {TEXTOID, INT4OID};
	Datum		values[2];
	DateADT		day = money_row_date(row, "drawn_on");
	int32		year = money_row_int(row, "year", NULL);
	char	   *revises = money_row_text(row, "revises");
	char	   *fund;
	char	   *now;
	Fen			income;
	Fen			expense;
	int64		version;

	fund = money_row_need(row, "fund");
	income = check_lines(row, area, "income", "income");
	expense = check_lines(row, area, "expense", "expense");
	now = budget_in_force(area, fund, year);
	if (now == NULL ? revises != NULL : revises == NULL || strcmp(now, revises) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("the budget of %d in force is %s, this one revises %s", year, now == NULL ? "-" : now,
						revises == NULL ? "-" : revises),
				 errhint("revises names the budget in force of the same fund and year; the first one revises none.")));
	if (expense > income)
		check_deficit(row, area, income, expense, day);
	values[0] = CStringGetTextDatum(fund);
	values[1] = Int32GetDatum(year);
	/* one is drafted at a time */
	fund_exec(area, "SELECT 1 FROM @schema@.area FOR NO KEY UPDATE", 0, NULL, NULL, NULL, 0);
	fund_exec(area, "SELECT coalesce(pg_catalog.max(b.version), 0)::pg_catalog.int8 + 1 FROM @schema@.budget b WHERE b.fund = $1 AND b.year = $2",
			  2, types, values, NULL, 0);
	version = fund_int8(0, 1, NULL);
	money_row_fill(row, "version", INT4OID, Int32GetDatum((int32) version));
	money_row_fill_fen(row, "income_amt", income);
	money_row_fill_fen(row, "expense_amt", expense);
}

static const RecordTable budget_table = {
	RECORD_TABLE("budget", "budget_id", "drawn"),
	.before = draft,
};

PG_FUNCTION_INFO_V1(yibao_t_budget);
Datum
yibao_t_budget(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &budget_table);
}

/* ---- appropriation --------------------------------------------------------------------------- */

static Fen
check_plan(MoneyRow *row, const FundArea *area)
{
	Oid			types[1] = {JSONBOID};
	Datum		values[1];

	values[0] = lines_of(row, "plan", "{\"benefit_inpatient\": \"300000.00\"}");
	fund_exec(area,
			  "SELECT e.key, NOT EXISTS (SELECT FROM @schema@.account_role r WHERE r.book = 'G' AND r.role = e.key AND r.kind = 'expense' AND r.role LIKE 'benefit\\_%') AS unknown "
			  "FROM pg_catalog.jsonb_each_text($1) e "
			  "WHERE NOT EXISTS (SELECT FROM @schema@.account_role r WHERE r.book = 'G' AND r.role = e.key AND r.kind = 'expense' AND r.role LIKE 'benefit\\_%') "
			  "OR (e.value ~ '^[0-9]{1,12}(\\.[0-9]{1,2})?$') IS NOT TRUE ORDER BY e.key LIMIT 1",
			  1, types, values, NULL, 0);
	if (SPI_processed > 0)
	{
		char	   *line = fund_need(0, 1);

		if (DatumGetBool(fund_value(SPI_tuptable, 0, 2, BOOLOID)))
			ereport(ERROR,
					(errcode(ERRCODE_YB_UNKNOWN_CODE),
					 errmsg("plan: \"%s\" is no line of benefits", line),
					 errdetail("The expenditure account pays benefits; premiums and remittances leave the fiscal account."),
					 errhint("Lines are roles of book G that begin with benefit_: SELECT role, name_zh FROM account_role.")));
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("plan: line %s has no amount", line),
				 errhint("Give an amount in yuan with at most two decimals: \"300000.00\".")));
	}
	fund_exec(area,
			  "SELECT (pg_catalog.sum(e.value::pg_catalog.numeric) * 100)::pg_catalog.int8 FROM pg_catalog.jsonb_each_text($1) e",
			  1, types, values, NULL, 0);
	return fund_int8(0, 1, NULL);
}

static void
draw_up(MoneyRow *row, const FundArea *area)
{
	Oid			types[3] = {TEXTOID, INT4OID, INT4OID};
	Datum		values[3];
	Fen			requested;
	int32		year = money_row_int(row, "year", NULL);
	int32		quarter = money_row_int(row, "quarter", NULL);
	Fen			book;
	Fen			owed;

	(void) money_row_need(row, "clr_optins");
	(void) money_row_date(row, "drawn_on");
	(void) money_row_fen(row, "bank_balance", NULL);
	requested = check_plan(row, area);
	if (requested == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_RANGE),
				 errmsg("the plan asks for nothing"),
				 errhint("A form has an amount.")));
	values[0] = CStringGetTextDatum(money_row_need(row, "fund"));
	values[1] = Int32GetDatum(quarter == 1 ? year - 1 : year);
	values[2] = Int32GetDatum(quarter == 1 ? 4 : quarter - 1);
	fund_exec(area,
			  "SELECT coalesce(pg_catalog.jsonb_object_agg(l.role, (l.fen / 100)::pg_catalog.numeric(18,2)::pg_catalog.text), '{}') FROM ("
			  "SELECT e.role, pg_catalog.sum(e.amount_fen) AS fen FROM @schema@.entry e JOIN @schema@.journal j ON j.journal_id = e.journal_id "
			  "WHERE e.fund = $1 AND e.book = 'G' AND e.role LIKE 'benefit\\_%' AND NOT EXISTS (SELECT FROM @schema@.entry z JOIN @schema@.account_role r ON r.book = z.book AND r.role = z.role "
			  "WHERE z.journal_id = e.journal_id AND z.book = 'G' AND r.kind = 'surplus') "
			  "AND pg_catalog.date_part('year', j.effective_on) = $2 AND pg_catalog.date_part('quarter', j.effective_on) = $3 "
			  "GROUP BY e.role) l",
			  3, types, values, NULL, 0);
	money_row_fill(row, "last_actual", JSONBOID, fund_value(SPI_tuptable, 0, 1, JSONBOID));
	fund_exec(area,
			  "SELECT (SELECT c.balance_fen FROM @schema@.cash c WHERE c.fund = $1 AND c.class = 'expenditure'), "
			  "(SELECT coalesce(-pg_catalog.sum(e.amount_fen), 0)::pg_catalog.int8 FROM @schema@.entry e WHERE e.fund = $1 AND e.book = 'S' AND e.role = 'payable')",
			  1, types, values, NULL, 0);
	book = fund_int8(0, 1, NULL);
	owed = fund_int8(0, 2, NULL);
	money_row_fill_fen(row, "book_balance", book);
	money_row_fill_fen(row, "open_obligations", owed);
	money_row_fill_fen(row, "requested", requested);
}

static const RecordTable appropriation_table = {
	RECORD_TABLE("appropriation", "form_id", "drawn"),
	.before = draw_up,
};

PG_FUNCTION_INFO_V1(yibao_t_appropriation);
Datum
yibao_t_appropriation(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &appropriation_table);
}
