/*
 * headcount.c
 *	  The head count of a coverage year: frozen beside who is enrolled and what has
 *	  been collected, approved by another login, and what takes its heads from it.
 *
 * A later count is a new version: what was computed keeps the one that it names.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/approval.h"
#include "trigger/headcount.h"
#include "trigger/record.h"

/* The head count in force; the version 0 where there is none. */
typedef struct HeadCount
{
	int32		version;
	int32		heads;
	char	   *id;
	char	   *doc_no;			/* of the approval */
} HeadCount;

static void
in_force(const FundArea *area, const char *insutype, int32 year, HeadCount *count)
{
	Oid			types[2] = {TEXTOID, INT4OID};
	Datum		values[2] = {CStringGetTextDatum(insutype), Int32GetDatum(year)};

	memset(count, 0, sizeof(*count));
	fund_exec(area,
			  "SELECT version, heads, headcount_id, approval_doc_no FROM @schema@.headcount_in_force WHERE insutype = $1 AND coverage_year = $2",
			  2, types, values, NULL, FUND_LATEST);
	if (SPI_processed == 0)
		return;
	count->version = DatumGetInt32(fund_value(SPI_tuptable, 0, 1, INT4OID));
	count->heads = DatumGetInt32(fund_value(SPI_tuptable, 0, 2, INT4OID));
	count->id = fund_need(0, 3);
	count->doc_no = fund_need(0, 4);
}

/* ---- what takes its heads from it ------------------------------------------------------- */

void
headcount_take(MoneyRow *row, const FundArea *area, const char *insutype, int32 year,
			   const CompiledPolicy *cp)
{
	HeadCount	count;
	bool		none;
	int32		heads = money_row_int(row, "heads", &none);

	in_force(area, insutype, year, &count);
	if (count.version == 0)
	{
		if (cp != NULL && cp->fund != NULL && cp->fund->heads >= HEADS_APPROVED)
			ereport(ERROR,
					(errcode(ERRCODE_YB_DOES_NOT_FIT),
					 errmsg("no head count of scheme %s for %d has been approved", insutype, year),
					 errdetail("在核准参保人数和缴费资金的基础上: the policy takes heads from an approved head count only (fund.heads)."),
					 errhint("Insert a headcount; another login approves it (headcount_approval).")));
		return;
	}
	if (!none && heads != count.heads)
		ereport(ERROR,
				(errcode(ERRCODE_YB_RESULT_GIVEN),
				 errmsg("heads is given as %d, but %d were approved for %d", heads, count.heads, year),
				 errdetail("Head count %s, version %d, approved by document %s.", count.id, count.version, count.doc_no),
				 errhint("Leave heads out and they are filled; or have another head count approved first."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, "heads")));
	money_row_fill(row, "heads", INT4OID, Int32GetDatum(count.heads));
	money_row_fill_text(row, "headcount_id", count.id);
}

/* ---- the snapshot ---------------------------------------------------------------------------- */

/* Who is enrolled and has paid; false where the area keeps no enrolment of the year. */
static bool
fill_persons(MoneyRow *row, const FundArea *area, const char *insutype, int32 year, DateADT as_of, int32 *persons)
{
	Oid			types[3] = {TEXTOID, INT4OID, DATEOID};
	Datum		values[3] = {CStringGetTextDatum(insutype), Int32GetDatum(year), DateADTGetDatum(as_of)};

	fund_exec(area,
			  "SELECT coalesce(pg_catalog.sum(g.n), 0)::pg_catalog.int4, coalesce(pg_catalog.jsonb_object_agg(g.psn_group, g.n) FILTER (WHERE g.n > 0), '{}'), "
			  "EXISTS (SELECT FROM @schema@.enrolment e WHERE e.insutype = $1 AND e.year = $2) "
			  "FROM (SELECT coalesce(p.psn_group, 'none') AS psn_group, pg_catalog.count(*) AS n FROM @schema@.enrolled_person p "
			  "WHERE p.insutype = $1 AND p.coverage_year = $2 AND p.paid_on <= $3 GROUP BY 1) g",
			  3, types, values, NULL, FUND_LATEST);
	if (!DatumGetBool(fund_value(SPI_tuptable, 0, 3, BOOLOID)))
		return false;
	*persons = DatumGetInt32(fund_value(SPI_tuptable, 0, 1, INT4OID));
	money_row_fill(row, "persons", INT4OID, Int32GetDatum(*persons));
	money_row_fill(row, "groups", JSONBOID, fund_value(SPI_tuptable, 0, 2, JSONBOID));
	return true;
}

static void
fill_collected(MoneyRow *row, const FundArea *area, const char *insutype, int32 year)
{
	Oid			types[2] = {TEXTOID, INT4OID};
	Datum		values[2] = {CStringGetTextDatum(insutype), Int32GetDatum(year)};

	fund_exec(area,
			  "SELECT coalesce((SELECT c.amt FROM @schema@.collected c WHERE c.insutype = $1 AND c.coverage_year = $2), 0)",
			  2, types, values, NULL, FUND_LATEST);
	money_row_fill_fen(row, "collected_amt", fund_fen(fund_value(SPI_tuptable, 0, 1, NUMERICOID), "collected_amt"));
}

/* What the count and the enrolment say beside each other. */
static void
compare(const MoneyRow *row, const FundArea *area, const char *insutype, int32 year, DateADT as_of,
		int32 heads, bool kept, int32 persons)
{
	const char *explanation = money_row_text(row, "explanation");
	char	   *policy_id;
	CompiledPolicy *cp = fund_policy_for_year(area, insutype, year, as_of, &policy_id);

	if (kept && heads == persons)
		return;
	if (cp != NULL && cp->fund->heads == HEADS_ENROLLED)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 kept ? errmsg("heads is %d, but %d persons are enrolled for %d and had paid by %s", heads, persons, year, fund_day(as_of)) :
				 errmsg("heads is %d, but nobody is enrolled for %d", heads, year),
				 errdetail("虚报参保人数: policy %s takes who is enrolled and has paid, no other number (fund.heads).", policy_id),
				 errhint("View enrolled_person lists them; record the enrolment that is missing, or leave heads out.")));
	if (kept && (explanation == NULL || fund_blank(explanation)))
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_NULL),
				 errmsg("%s is empty", "explanation"),
				 errdetail("heads is %d, but %d persons are enrolled for %d and had paid by %s.", heads, persons, year, fund_day(as_of)),
				 errhint("Say why they differ; view enrolled_person lists who is enrolled."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, "explanation")));
}

static void
draw_up(MoneyRow *row, const FundArea *area)
{
	const char *insutype = money_row_need(row, "insutype");
	int32		year = money_row_int(row, "coverage_year", NULL);
	DateADT		as_of = money_row_date(row, "as_of");
	HeadCount	before;
	int32		persons = 0;
	int32		heads;
	bool		kept;
	bool		none;

	(void) money_row_need(row, "doc_no");
	kept = fill_persons(row, area, insutype, year, as_of, &persons);
	heads = money_row_int(row, "heads", &none);
	if (none && kept)
	{
		heads = persons;
		money_row_fill(row, "heads", INT4OID, Int32GetDatum(heads));
	}
	else if (none)
		(void) money_row_int(row, "heads", NULL);
	if (heads == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_RANGE),
				 errmsg("nobody is enrolled for %d who had paid by %s", year, fund_day(as_of)),
				 errhint("View enrolled_person lists who is enrolled; state heads, and why they differ."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, "heads")));
	compare(row, area, insutype, year, as_of, heads, kept, persons);
	fill_collected(row, area, insutype, year);
	in_force(area, insutype, year, &before);
	money_row_fill(row, "version", INT4OID, Int32GetDatum(before.version + 1));
}

static const RecordTable headcount_table = {
	RECORD_TABLE("headcount", "headcount_id", "booked"),
	.before = draw_up,
};

PG_FUNCTION_INFO_V1(yibao_t_headcount);
Datum
yibao_t_headcount(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &headcount_table);
}

/* ---- its approval -------------------------------------------------------------------------------- */

static void
decide(MoneyRow *row, const FundArea *area)
{
	const char *decision = money_row_need(row, "decision");
	const char *id = money_row_need(row, "headcount_id");
	DateADT		day = money_row_date(row, "approved_on");
	DateADT		as_of;
	HeadCount	now;
	char	   *insutype;
	int32		year;
	int32		version;

	(void) money_row_need(row, "doc_no");
	approval_find(area, gettext_noop("head count"), "headcount", id,
				  "SELECT insutype, coverage_year, version, as_of, booked_by FROM @schema@.headcount WHERE headcount_id = $1");
	insutype = fund_need(0, 1);
	year = DatumGetInt32(fund_value(SPI_tuptable, 0, 2, INT4OID));
	version = DatumGetInt32(fund_value(SPI_tuptable, 0, 3, INT4OID));
	as_of = DatumGetDateADT(fund_value(SPI_tuptable, 0, 4, DATEOID));
	approval_by_another(area, gettext_noop("head count"), id, fund_need(0, 5));
	if (strcmp(decision, "approve") == 0)
	{
		if (day < as_of)
			ereport(ERROR,
					(errcode(ERRCODE_YB_DOES_NOT_FIT),
					 errmsg("head count %s is of %s, it is not approved on %s", id, fund_day(as_of), fund_day(day)),
					 errhint("approved_on is the day of the document that approves it.")));
		approval_execute(area, "headcount", id, day);
		in_force(area, insutype, year, &now);
		if (now.version + 1 != version)
			ereport(ERROR,
					(errcode(ERRCODE_YB_DOES_NOT_FIT),
					 errmsg("head count %s is version %d, but version %d has been approved since", id, version, now.version),
					 errdetail("Head count %s is in force, by document %s.", now.id, now.doc_no),
					 errhint("Reject it and draw it up again: it is then the next version.")));
		money_row_fill_text(row, "insutype", insutype);
		money_row_fill(row, "coverage_year", INT4OID, Int32GetDatum(year));
		money_row_fill(row, "version", INT4OID, Int32GetDatum(version));
	}
}

static const RecordTable headcount_approval_table = {
	RECORD_TABLE("headcount_approval", "headcount_id", "approved"),
	.before = decide,
};

PG_FUNCTION_INFO_V1(yibao_t_headcount_approval);
Datum
yibao_t_headcount_approval(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &headcount_approval_table);
}
