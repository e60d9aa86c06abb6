/*
 * risk.c
 *	  Risk of the fund: a level that is reached, its case, what is done about it.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "compat.h"
#include "errcodes.h"
#include "trigger/record.h"

static void
level_row(MoneyRow *row, const FundArea *area)
{
	(void) area;
	(void) money_row_need(row, "source");
}

static void
case_row(MoneyRow *row, const FundArea *area)
{
	const char *level = money_row_need(row, "level_id");
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(level)};

	(void) money_row_need(row, "plan_ref");
	fund_exec(area, "SELECT as_of, value FROM @schema@.risk_now WHERE level_id = $1 AND alert", 1, types, values, NULL, 0);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("risk level %s is not reached today, or calls for no alert", level),
				 errhint("SELECT * FROM %s.risk_now WHERE alert lists what a case can be opened on.",
						 quote_identifier(area->schema))));
	money_row_fill_text(row, "as_of", fund_need(0, 1));
	money_row_fill(row, "value", NUMERICOID, fund_value(SPI_tuptable, 0, 2, NUMERICOID));
}

static void step_refused(const char *id, const char *why, const char *hint) pg_attribute_noreturn();

static void
step_refused(const char *id, const char *why, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_DOES_NOT_FIT),
			 errmsg("case %s: %s", id, _(why)),
			 errhint("%s", _(hint))));
}

static void
step_row(MoneyRow *row, const FundArea *area)
{
	const char *id = money_row_need(row, "case_id");
	const char *step = money_row_need(row, "step");
	const char *measure = money_row_text(row, "measure");
	Oid			types[2] = {TEXTOID, TEXTOID};
	Datum		values[2] = {CStringGetTextDatum(id), (Datum) 0};
	char		nulls[3] = "  ";
	char	   *opened_by;
	bool		known;
	bool		assessed;
	bool		closed;
	char	   *all;
	char	   *due;

	(void) money_row_need(row, "finding");
	if (measure != NULL)
		values[1] = CStringGetTextDatum(measure);
	else
		nulls[1] = 'n';
	/* steps of a case come one after another */
	fund_exec(area, "SELECT 1 FROM @schema@.risk_case WHERE case_id = $1 FOR UPDATE", 1, types, values, NULL, 0);
	fund_exec(area,
			  "SELECT c.booked_by, coalesce($2 = ANY (l.measures), false), "
			  "EXISTS (SELECT FROM @schema@.risk_step s WHERE s.case_id = c.case_id AND s.step = 'assess'), "
			  "EXISTS (SELECT FROM @schema@.risk_step s WHERE s.case_id = c.case_id AND s.step = 'close'), "
			  "pg_catalog.array_to_string(l.measures, ', '), "
			  "(SELECT pg_catalog.string_agg(m, ', ') FROM pg_catalog.unnest(l.measures) m "
			  "WHERE NOT EXISTS (SELECT FROM @schema@.risk_step s WHERE s.case_id = c.case_id AND s.measure = m)) "
			  "FROM @schema@.risk_case c JOIN @schema@.risk_level l ON l.level_id = c.level_id WHERE c.case_id = $1",
			  2, types, values, nulls, FUND_LATEST);
	if (SPI_processed == 0)
		step_refused(id, gettext_noop("there is no such case"), gettext_noop("case_id names a row of table risk_case."));
	opened_by = fund_need(0, 1);
	known = DatumGetBool(fund_value(SPI_tuptable, 0, 2, BOOLOID));
	assessed = DatumGetBool(fund_value(SPI_tuptable, 0, 3, BOOLOID));
	closed = DatumGetBool(fund_value(SPI_tuptable, 0, 4, BOOLOID));
	all = fund_need(0, 5);
	due = fund_text(0, 6);

	if (closed)
		step_refused(id, gettext_noop("it is closed"), gettext_noop("Open a new case while the level is reached."));
	if (strcmp(step, "assess") != 0 && !assessed)
		step_refused(id, gettext_noop("it has not been assessed"), gettext_noop("Insert the step assess first: what the causes are."));
	if (strcmp(step, "measure") == 0 && measure != NULL && !known)
		ereport(ERROR,
				(errcode(ERRCODE_YB_UNKNOWN_CODE),
				 errmsg("case %s: \"%s\" is no measure of its level", id, measure),
				 errhint("Measures: %s.", all)));
	if (strcmp(step, "close") == 0)
	{
		if (due != NULL)
			ereport(ERROR,
					(errcode(ERRCODE_YB_DOES_NOT_FIT),
					 errmsg("case %s cannot be closed: measures not taken: %s", id, due),
					 errhint("Insert a step for each measure that the level calls for.")));
		if (strcmp(opened_by, area->session_user) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_YB_SAME_PERSON),
					 errmsg("case %s was opened by %s, who cannot also close it", id, opened_by),
					 errdetail("It is the login that counts, whatever role is set."),
					 errhint("Somebody else must insert the step close, under a login of his own.")));
	}
}

static const RecordTable risk_level_table = {
	RECORD_TABLE("risk_level", "level_id", "booked"),
	.before = level_row,
};

PG_FUNCTION_INFO_V1(yibao_t_risk_level);
Datum
yibao_t_risk_level(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &risk_level_table);
}

static const RecordTable risk_case_table = {
	RECORD_TABLE("risk_case", "case_id", "booked"),
	.before = case_row,
};

PG_FUNCTION_INFO_V1(yibao_t_risk_case);
Datum
yibao_t_risk_case(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &risk_case_table);
}

static const RecordTable risk_step_table = {
	RECORD_TABLE("risk_step", "step_id", "booked"),
	.before = step_row,
};

PG_FUNCTION_INFO_V1(yibao_t_risk_step);
Datum
yibao_t_risk_step(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &risk_step_table);
}
