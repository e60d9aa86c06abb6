/*
 * enrolment.c
 *	  enrolment_effects(): from enrolment periods to entitlement and years.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"

#include "claim/enrolment.h"
#include "compat.h"
#include "core/fields.h"
#include "errcodes.h"
#include "policy/document.h"
#include "yibao.h"

/* A row that is being read. */
typedef struct PeriodRow
{
	JsonbContainer *c;
	int			index;
} PeriodRow;

static JsonbValue *
row_value(const PeriodRow *r, const char *key, JsonbValue *v)
{
	JsonbValue *found = getKeyJsonValueFromContainer(r->c, key, strlen(key), v);

	return found == NULL || found->type == jbvNull ? NULL : found;
}

static void missing(const PeriodRow *r, const char *key) pg_attribute_noreturn();

static void
missing(const PeriodRow *r, const char *key)
{
	JsonbValue	v;
	bool		null = getKeyJsonValueFromContainer(r->c, key, strlen(key), &v) != NULL;

	ereport(ERROR,
			(errcode(null ? ERRCODE_YB_FIELD_NULL : ERRCODE_YB_FIELD_MISSING),
			 errmsg("periods[%d] has no %s", r->index, key),
			 errhint("A period has year, insutype and paid_on; the last is null while nothing is paid."),
			 err_generic_string(PG_DIAG_COLUMN_NAME, key)));
}

static void wrong(const PeriodRow *r, const char *key, const char *expected) pg_attribute_noreturn();

static void
wrong(const PeriodRow *r, const char *key, const char *expected)
{
	JsonbValue	v;
	Jsonb	   *j;

	(void) getKeyJsonValueFromContainer(r->c, key, strlen(key), &v);
	j = JsonbValueToJsonb(&v);
	ereport(ERROR,
			(errcode(ERRCODE_YB_FIELD_TYPE),
			 errmsg("periods[%d].%s is %s, not %s", r->index, key,
					JsonbToCString(NULL, &j->root, VARSIZE(j)), expected),
			 errhint("doc/enrolment.md lists what a period has."),
			 err_generic_string(PG_DIAG_COLUMN_NAME, key)));
}

static char *
row_text(const PeriodRow *r, const char *key)
{
	JsonbValue	v;
	JsonbValue *found = row_value(r, key, &v);

	if (found == NULL)
		return NULL;
	if (found->type != jbvString)
		wrong(r, key, _("a text"));
	return pnstrdup(found->val.string.val, found->val.string.len);
}

static int32
row_int(const PeriodRow *r, const char *key, int32 min, int32 max, bool needed, int32 absent)
{
	JsonbValue	v;
	JsonbValue *found = row_value(r, key, &v);
	int64		n;

	if (found == NULL && needed)
		missing(r, key);
	if (found == NULL)
		return absent;
	if (found->type != jbvNumeric ||
		!DatumGetBool(DirectFunctionCall2(numeric_eq, NumericGetDatum(found->val.numeric),
										  DirectFunctionCall2(numeric_trunc,
															  NumericGetDatum(found->val.numeric),
															  Int32GetDatum(0)))) ||
		DatumGetBool(DirectFunctionCall2(numeric_gt, NumericGetDatum(found->val.numeric),
										 DirectFunctionCall1(int4_numeric, Int32GetDatum(max)))) ||
		DatumGetBool(DirectFunctionCall2(numeric_lt, NumericGetDatum(found->val.numeric),
										 DirectFunctionCall1(int4_numeric, Int32GetDatum(min)))))
		wrong(r, key, psprintf(_("a whole number from %d to %d"), min, max));
	n = DatumGetInt32(DirectFunctionCall1(numeric_int4, NumericGetDatum(found->val.numeric)));
	return (int32) n;
}

/* "YYYY-MM-DD" whatever DateStyle says. */
static Day
row_day(const PeriodRow *r, const char *key, Day absent)
{
	char	   *s = row_text(r, key);
	int			year,
				month,
				mday;

	if (s == NULL)
		return absent;
	if (strlen(s) != 10 || s[4] != '-' || s[7] != '-' ||
		strspn(s, "0123456789") != 4 || strspn(s + 5, "0123456789") != 2 ||
		strspn(s + 8, "0123456789") != 2)
		wrong(r, key, _("a day as YYYY-MM-DD"));
	year = atoi(s);
	month = atoi(s + 5);
	mday = atoi(s + 8);
	if (year < 1900 || month < 1 || month > 12 || mday < 1 || mday > days_in_month(year, month))
		wrong(r, key, _("a day as YYYY-MM-DD"));
	return day_make(year, month, mday);
}

static int
row_word(const PeriodRow *r, const char *key, const char *word, const char *const *words)
{
	for (int i = 0; words[i] != NULL; i++)
	{
		if (strcmp(words[i], word) == 0)
			return i;
	}
	ereport(ERROR,
			(errcode(ERRCODE_YB_UNKNOWN_CODE),
			 errmsg("periods[%d].%s: unknown word \"%s\"", r->index, key, word),
			 errhint("It is one of: %s.", word_list(words)),
			 err_generic_string(PG_DIAG_COLUMN_NAME, key)));
	return -1;
}

static int16
row_paid_by(const PeriodRow *r)
{
	JsonbValue	v;
	JsonbValue *found = row_value(r, "paid_by", &v);
	int16		bits = 0;

	if (found == NULL)
		return -1;
	if (found->type != jbvBinary || !JsonContainerIsArray(found->val.binary.data))
		wrong(r, "paid_by", _("an array of words"));
	for (uint32 i = 0; i < JsonContainerSize(found->val.binary.data); i++)
	{
		JsonbValue *e = getIthJsonbValueFromContainer(found->val.binary.data, i);

		if (e->type != jbvString)
			wrong(r, "paid_by", _("an array of words"));
		bits |= 1 << row_word(r, "paid_by", pnstrdup(e->val.string.val, e->val.string.len),
							  enrol_paid_words);
	}
	return bits;
}

static void
read_period(const PeriodRow *r, const CompiledPolicy *cp, EnrolPeriod *p)
{
	JsonbValue	v;
	char	   *insutype = row_text(r, "insutype");
	char	   *admdvs = row_text(r, "admdvs");
	char	   *group = row_text(r, "psn_group");
	JsonbValue *used;

	p->year = row_int(r, "year", 1900, 9999, true, 0);
	if (insutype == NULL)
		missing(r, "insutype");
	if (strlen(insutype) > CODE_MAX || !claim_code_known(CF_insutype, code_pack(insutype, strlen(insutype))))
		ereport(ERROR,
				(errcode(ERRCODE_YB_UNKNOWN_CODE),
				 errmsg("periods[%d].%s: unknown code \"%s\"", r->index, "insutype", insutype),
				 errhint("Codes of %s (%s): %s.", "insutype", claim_fields[CF_insutype].zh,
						 _(claim_code_list(CF_insutype))),
				 err_generic_string(PG_DIAG_COLUMN_NAME, "insutype")));
	p->insutype = code_pack(insutype, strlen(insutype));
	p->here = admdvs == NULL || strcmp(admdvs, cp->admdvs) == 0;
	if (getKeyJsonValueFromContainer(r->c, "paid_on", 7, &v) == NULL)
		missing(r, "paid_on");
	p->paid = row_day(r, "paid_on", DAY_NEVER);
	p->birth = row_day(r, "brdy", DAY_NEVER);
	p->group = group == NULL ? GROUP_NONE :
		GROUP_NEWBORN + row_word(r, "psn_group", group, enrol_group_words);
	if (p->group == GROUP_NEWBORN && p->birth == DAY_NEVER)
		missing(r, "brdy");
	p->begin = row_day(r, "begndate",
					   p->group == GROUP_NEWBORN && day_year(p->birth) == p->year ?
					   p->birth : day_make(p->year, 1, 1));
	p->end = row_day(r, "enddate", day_make(p->year, 12, 31));
	if (p->end < p->begin)
		wrong(r, "enddate", _("a day after begndate"));
	p->repair_years = row_int(r, "repair_years", 0, 100, false, 0);
	p->paid_by = row_paid_by(r);
	used = row_value(r, "bonus_used", &v);
	if (used != NULL && used->type != jbvBool)
		wrong(r, "bonus_used", _("true or false"));
	p->bonus_used = used == NULL ? -1 : used->val.boolean;
}

/* Does another row replace this one? */
static bool
replaced(const Jsonb *array, int n, const PeriodRow *r)
{
	char	   *id = row_text(r, "enrol_id");

	for (int i = 0; id != NULL && i < n; i++)
	{
		JsonbValue *e = getIthJsonbValueFromContainer(unconstify(JsonbContainer *, &array->root), i);
		PeriodRow	other = {e->val.binary.data, i};
		char	   *replaces;

		if (e->type != jbvBinary || i == r->index)
			continue;
		replaces = row_text(&other, "replaces");
		if (replaces != NULL && strcmp(replaces, id) == 0)
			return true;
	}
	return false;
}

#define MAX_PERIODS	500

EnrolPeriod *
enrol_periods(const CompiledPolicy *cp, const Jsonb *array, int *n)
{
	int			rows;
	EnrolPeriod *periods;

	*n = 0;
	if (array == NULL)
		return palloc0(sizeof(EnrolPeriod));
	if (!JB_ROOT_IS_ARRAY(array) || JB_ROOT_IS_SCALAR(array))
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_TYPE),
				 errmsg("periods is not an array"),
				 errhint("Give jsonb_agg(to_jsonb(row)) of the person's periods.")));
	rows = JB_ROOT_COUNT(array);
	if (rows > MAX_PERIODS)
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_RANGE),
				 errmsg("%d periods are more than %d", rows, MAX_PERIODS),
				 errhint("Give those of one person.")));
	periods = palloc0_array(EnrolPeriod, rows + 1);
	for (int i = 0; i < rows; i++)
	{
		JsonbValue *e = getIthJsonbValueFromContainer(unconstify(JsonbContainer *, &array->root), i);
		PeriodRow	r = {NULL, i};

		if (e->type != jbvBinary || !JsonContainerIsObject(e->val.binary.data))
			ereport(ERROR,
					(errcode(ERRCODE_YB_FIELD_TYPE),
					 errmsg("periods[%d] is not an object", i),
					 errhint("Give jsonb_agg(to_jsonb(row)) of the person's periods.")));
		r.c = e->val.binary.data;
		if (!replaced(array, rows, &r))
			read_period(&r, cp, &periods[(*n)++]);
	}
	return periods;
}

void
enrol_told(const CompiledPolicy *cp, EnrolPeriod *periods, int n, Day on,
		   EnrolEffect *effect)
{
	int32		year;

	if (!enrol_effect(cp->enrolment, periods, n, on, effect, &year))
		ereport(ERROR,
				(errcode(ERRCODE_YB_NOT_COVERED),
				 errmsg("no window of the policy says when coverage year %d is paid in time", year),
				 errhint("Add a rule for that year to enrolment.window.")));
}

PG_FUNCTION_INFO_V1(yibao_enrolment_effects);
Datum
yibao_enrolment_effects(PG_FUNCTION_ARGS)
{
	PolicyArg  *arg = fcinfo->flinfo->fn_extra;
	TupleDesc	desc;
	CompiledPolicy *cp;
	EnrolPeriod *periods;
	int			n;
	EnrolEffect e;
	Datum		values[10];
	bool		nulls[10] = {false};
	int32		counts[5];

	if (arg == NULL)
	{
		yibao_check_version();
		fcinfo->flinfo->fn_extra = arg = policy_arg_create(fcinfo->flinfo, 0);
	}
	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_YB_NO_POLICY),
				 errmsg("the policy is NULL"),
				 errhint("Check that one is in force on the claim's date.")));
	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_NULL),
				 errmsg("on_date is NULL"),
				 errhint("Give the day that is asked about.")));
	cp = policy_arg_get(arg, PG_GETARG_DATUM(0));
	if (cp->enrolment == NULL)
		PG_RETURN_NULL();
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE || desc->natts < 10)
		elog(ERROR, "enrolment_effects() does not return its type");
	if (PG_GETARG_DATEADT(2) < day_make(1900, 1, 1) || PG_GETARG_DATEADT(2) > day_make(9999, 12, 31))
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_TYPE),
				 errmsg("on_date is not a day of a year with four digits"),
				 errhint("Give the day that is asked about.")));
	periods = enrol_periods(cp, PG_ARGISNULL(1) ? NULL : PG_GETARG_JSONB_P(1), &n);
	enrol_told(cp, periods, n, PG_GETARG_DATEADT(2), &e);

	values[0] = BoolGetDatum(e.reason == ENROL_ENTITLED);
	nulls[1] = e.reason == ENROL_ENTITLED;
	values[1] = CStringGetTextDatum(enrol_reasons[e.reason]);
	nulls[2] = e.first == DAY_NEVER;
	values[2] = DateADTGetDatum(e.first);
	values[3] = Int32GetDatum(e.wait_months);
	values[4] = Int32GetDatum(e.wait_gap);
	counts[0] = e.cont_years;
	counts[1] = e.bonus_years;
	counts[2] = e.zero_years;
	counts[3] = e.gap_years;
	counts[4] = e.enrol_months;
	for (int i = 0; i < 5; i++)
	{
		nulls[5 + i] = counts[i] < 0;
		values[5 + i] = Int32GetDatum(counts[i]);
	}
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}
