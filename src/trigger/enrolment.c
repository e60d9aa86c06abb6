/*
 * enrolment.c
 *	  INSERT on an area's enrolment: a period of cover, checked and filled.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "compat.h"
#include "core/fields.h"
#include "errcodes.h"
#include "policy/document.h"
#include "policy/policy.h"
#include "trigger/record.h"

static void
check_word(const char *column, const char *word, const char *const *words)
{
	for (int i = 0; words[i] != NULL; i++)
	{
		if (strcmp(words[i], word) == 0)
			return;
	}
	ereport(ERROR,
			(errcode(ERRCODE_YB_UNKNOWN_CODE),
			 errmsg("%s: unknown word \"%s\"", column, word),
			 errhint("It is one of: %s.", word_list(words)),
			 err_generic_string(PG_DIAG_COLUMN_NAME, column)));
}

static void
check_range(const char *column, int32 value, int32 min, int32 max)
{
	if (value < min || value > max)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_TYPE),
				 errmsg("%s is %d, not a whole number from %d to %d", column, value, min, max),
				 errhint("doc/enrolment.md lists what a period has."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, column)));
}

/* A day that is left out is filled; one that is given must lie in its year. */
static DateADT
fill_day(MoneyRow *row, const char *column, DateADT day, int32 year)
{
	bool		isnull;
	Datum		given = money_row_datum(row, column, DATEOID, &isnull);

	if (isnull)
		money_row_fill(row, column, DATEOID, DateADTGetDatum(day));
	else
		day = DatumGetDateADT(given);
	if (day < day_make(year, 1, 1) || day > day_make(year, 12, 31))
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_TYPE),
				 errmsg("%s is not a day of coverage year %d", column, year),
				 errhint("A period lies in one year; cover that goes on has a row for each."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, column)));
	return day;
}

static void
check_replaces(const FundArea *area, const char *replaces, const char *psn_no)
{
	Oid			types[2] = {TEXTOID, TEXTOID};
	Datum		values[2] = {CStringGetTextDatum(replaces), CStringGetTextDatum(psn_no)};

	fund_exec(area, "SELECT 1 FROM @schema@.enrolment WHERE enrol_id = $1 AND psn_no = $2",
			  2, types, values, NULL, 0);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("replaces names %s, which is no period of person %s", replaces, psn_no),
				 errhint("replaces is the enrol_id of an earlier row of the same person."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, "replaces")));
}

static void
before(MoneyRow *row, const FundArea *area)
{
	const char *insutype = money_row_need(row, "insutype");
	const char *psn_no = money_row_need(row, "psn_no");
	const char *replaces = money_row_text(row, "replaces");
	const char *group = money_row_text(row, "psn_group");
	int32		year;
	bool		no_birth;
	bool		isnull;
	DateADT		birth;
	DateADT		begin;
	Datum		paid;

	year = money_row_int(row, "year", NULL);
	check_range("year", year, 1900, 9999);
	if (strlen(insutype) > CODE_MAX || !claim_code_known(CF_insutype, code_pack(insutype, strlen(insutype))))
		ereport(ERROR,
				(errcode(ERRCODE_YB_UNKNOWN_CODE),
				 errmsg("%s: unknown code \"%s\"", "insutype", insutype),
				 errhint("Codes of %s (%s): %s.", "insutype", claim_fields[CF_insutype].zh,
						 _(claim_code_list(CF_insutype))),
				 err_generic_string(PG_DIAG_COLUMN_NAME, "insutype")));
	if (money_row_text(row, "admdvs") == NULL)
	{
		fund_exec(area, "SELECT admdvs FROM @schema@.area", 0, NULL, NULL, NULL, 0);
		money_row_fill_text(row, "admdvs", fund_need(0, 1));
	}
	birth = DatumGetDateADT(money_row_datum(row, "brdy", DATEOID, &no_birth));
	if (group != NULL)
	{
		check_word("psn_group", group, enrol_group_words);
		if (strcmp(group, "newborn") == 0 && no_birth)
			(void) money_row_date(row, "brdy");
	}
	begin = group != NULL && strcmp(group, "newborn") == 0 && day_year(birth) == year ? birth :
		day_make(year, 1, 1);
	begin = fill_day(row, "begndate", begin, year);
	if (fill_day(row, "enddate", day_make(year, 12, 31), year) < begin)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_TYPE),
				 errmsg("enddate is before begndate"),
				 errhint("enddate is the last day of the cover."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, "enddate")));
	paid = money_row_datum(row, "paid_on", DATEOID, &isnull);
	if (!isnull && (DatumGetDateADT(paid) < day_make(1900, 1, 1) ||
					DatumGetDateADT(paid) > day_make(9999, 12, 31)))
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_TYPE),
				 errmsg("%s is not a day of a year with four digits", "paid_on"),
				 errhint("Give the local time of the pool area."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, "paid_on")));
	check_range("repair_years", money_row_int(row, "repair_years", NULL), 0, 100);
	paid = money_row_datum(row, "paid_by", TEXTARRAYOID, &isnull);
	if (!isnull)
	{
		Datum	   *words;
		bool	   *nulls;
		int			n;

		deconstruct_array(DatumGetArrayTypeP(paid), TEXTOID, -1, false, TYPALIGN_INT,
						  &words, &nulls, &n);
		for (int i = 0; i < n; i++)
			check_word("paid_by", nulls[i] ? "NULL" : TextDatumGetCString(words[i]), enrol_paid_words);
	}
	if (replaces != NULL)
		check_replaces(area, replaces, psn_no);
}

static const RecordTable enrolment_table = {
	RECORD_TABLE("enrolment", "enrol_id", "booked"),
	.before = before,
};

PG_FUNCTION_INFO_V1(yibao_t_enrolment);
Datum
yibao_t_enrolment(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &enrolment_table);
}
