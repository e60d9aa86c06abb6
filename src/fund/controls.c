/*
 * controls.c
 *	  Figures of fund management and supervision, as a policy says to count them.
 *	  Pure functions of the policy and the figures given.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "core/control.h"
#include "errcodes.h"
#include "fund/fund.h"
#include "policy/policy.h"

static const CompiledPolicy *
policy_of(FunctionCallInfo fcinfo)
{
	PolicyArg  *arg = fcinfo->flinfo->fn_extra;

	if (arg == NULL)
	{
		yibao_check_version();
		fcinfo->flinfo->fn_extra = arg = policy_arg_create(fcinfo->flinfo, 0);
	}
	return policy_arg_get(arg, PG_GETARG_DATUM(0));
}

static void not_said(const char *key, const char *id) pg_attribute_noreturn();

static void
not_said(const char *key, const char *id)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_NOT_COVERED),
			 errmsg("the policy does not say %s", key),
			 errhint("Areas differ (%s): add it to the document, from the text, or as \"assumed\".", id)));
}

static Fen
amount(FunctionCallInfo fcinfo, int argno, const char *name)
{
	Fen			fen = fund_fen(PG_GETARG_DATUM(argno), name);

	if (fen < 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_RANGE),
				 errmsg("%s is negative", name),
				 errhint("Give an amount in yuan from 0 on.")));
	return fen;
}

/* n / 10^scale as numeric. */
static Datum
scaled(int64 n, int scale)
{
	return NumericGetDatum(int64_div_fast_to_numeric(n, scale));
}

/* months_payable(policy, balance, last_12_months, last_year, current_budget) */
PG_FUNCTION_INFO_V1(yibao_months_payable);
Datum
yibao_months_payable(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"last_12_months", "last_year", "current_budget"};
	const CompiledPolicy *cp;
	int			by;
	Fen			spending;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	cp = policy_of(fcinfo);
	if (cp->controls.months_by == MONTHS_UNSTATED)
		not_said("fund.months_payable", "P25");
	by = cp->controls.months_by - MONTHS_LAST_12;
	if (PG_ARGISNULL(2 + by))
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_NULL),
				 errmsg("%s is null, but the policy counts months payable by it", names[by]),
				 errhint("Give %s.", names[by])));
	spending = amount(fcinfo, 2 + by, names[by]);
	if (spending == 0)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(scaled(months_payable(amount(fcinfo, 1, "balance"), spending), 2));
}

/* drg_pay(policy, standard, others) */
PG_FUNCTION_INFO_V1(yibao_drg_pay);
Datum
yibao_drg_pay(PG_FUNCTION_ARGS)
{
	const CompiledPolicy *cp = policy_of(fcinfo);
	Fen			pay;

	if (!cp->controls.drg_stated)
		not_said("fund.drg", "P26");
	pay = amount(fcinfo, 1, "standard") - amount(fcinfo, 2, "others");
	if (pay < 0 && cp->controls.drg_floored)
		pay = 0;
	PG_RETURN_DATUM(scaled(pay, 2));
}

static int
read_days(FunctionCallInfo fcinfo, int argno, Day **days)
{
	Datum	   *values;
	bool	   *nulls;
	int			n;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(argno), DATEOID, sizeof(DateADT), true,
					  TYPALIGN_INT, &values, &nulls, &n);
	*days = palloc_array(Day, n + 1);
	for (int i = 0; i < n; i++)
		(*days)[i] = nulls[i] ? DAY_NEVER : DatumGetDateADT(values[i]);
	return n;
}

/* deadline_on(policy, year, month, off_days, work_days); month NULL: the yearly one */
PG_FUNCTION_INFO_V1(yibao_deadline_on);
Datum
yibao_deadline_on(PG_FUNCTION_ARGS)
{
	const CompiledPolicy *cp;
	const FundPolicy *fund;
	bool		monthly = !PG_ARGISNULL(2);
	int32		year;
	int32		month;
	Day			day;
	Day		   *off;
	Day		   *work;
	int			noff;
	int			nwork;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(3) || PG_ARGISNULL(4))
		PG_RETURN_NULL();
	cp = policy_of(fcinfo);
	fund = cp->fund;
	if (fund == NULL || fund->deadline_info < 0 ||
		(monthly ? fund->deadline_monthly_day : fund->deadline_yearly_month) == 0)
		not_said(monthly ? "fund.deadline.monthly_day" : "fund.deadline.yearly", "P32");
	year = PG_GETARG_INT32(1);
	month = monthly ? PG_GETARG_INT32(2) : fund->deadline_yearly_month;
	if (year < 1900 || year > 9999 || month < 1 || month > 12)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%d-%d is no month", year, month),
				 errhint("Give a year of four digits, and a month from 1 to 12 or NULL.")));
	day = day_make(year, month, monthly ? fund->deadline_monthly_day : fund->deadline_yearly_day);
	noff = read_days(fcinfo, 3, &off);
	nwork = read_days(fcinfo, 4, &work);
	if (fund->deadline_shift)
		day = working_day(day, off, noff, work, nwork);
	PG_RETURN_DATEADT(day);
}

/* registered_in_time(policy, admitted, registered, emergency) */
PG_FUNCTION_INFO_V1(yibao_registered_in_time);
Datum
yibao_registered_in_time(PG_FUNCTION_ARGS)
{
	const CompiledPolicy *cp = policy_of(fcinfo);
	Timestamp	a = PG_GETARG_TIMESTAMP(1);
	Timestamp	b = PG_GETARG_TIMESTAMP(2);

	if (cp->controls.clock_hours == 0)
		not_said("controls.admission_clock", "P31");
	if (TIMESTAMP_NOT_FINITE(a) || TIMESTAMP_NOT_FINITE(b))
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_TYPE),
				 errmsg("an admission or its registration is infinite"),
				 errhint("Give the local time of the pool area.")));
	PG_RETURN_BOOL(within_hours(a, b, PG_GETARG_BOOL(3) ? cp->controls.clock_emergency :
								cp->controls.clock_hours, cp->controls.clock_days));
}

/* sample_size(policy, of_month, of_quarter, of_year) */
PG_FUNCTION_INFO_V1(yibao_sample_size);
Datum
yibao_sample_size(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"of_month", "of_quarter", "of_year"};
	const CompiledPolicy *cp;
	int			per;
	int64		n;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	cp = policy_of(fcinfo);
	if (cp->controls.sample_share == 0)
		not_said("controls.sampling", "P33");
	per = cp->controls.sample_per;
	if (PG_ARGISNULL(1 + per))
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_NULL),
				 errmsg("%s is null, but the policy samples by it", names[per]),
				 errhint("Give %s.", names[per])));
	n = PG_GETARG_INT64(1 + per);
	if (n < 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_RANGE),
				 errmsg("%s is negative", names[per]),
				 errhint("Give a number of visits from 0 on.")));
	PG_RETURN_INT64(sample_size(n, cp->controls.sample_share, cp->controls.sample_up));
}

/* catalogue_share(policy, fulamt_ownpay_amt, overlmt_selfpay, total, drugs) */
PG_FUNCTION_INFO_V1(yibao_catalogue_share);
Datum
yibao_catalogue_share(PG_FUNCTION_ARGS)
{
	const CompiledPolicy *cp;
	Fen			out = 0;
	Fen			of;
	int			base;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	cp = policy_of(fcinfo);
	if (cp->controls.catalogue_counts == 0)
		not_said("controls.catalogue_share", "P34");
	base = cp->controls.catalogue_of_drugs ? 4 : 3;
	for (int i = 1; i <= 4; i++)
	{
		static const char *const names[] = {"fulamt_ownpay_amt", "overlmt_selfpay", "total", "drugs"};
		bool		read = i >= 3 ? i == base : cp->controls.catalogue_counts & (1 << (i - 1));

		if (read && PG_ARGISNULL(i))
			ereport(ERROR,
					(errcode(ERRCODE_YB_FIELD_NULL),
					 errmsg("%s is null, but the policy counts the share by it", names[i - 1]),
					 errhint("Give %s.", names[i - 1])));
		if (read && i < 3)
			out += amount(fcinfo, i, names[i - 1]);
	}
	of = amount(fcinfo, base, base == 4 ? "drugs" : "total");
	if (of == 0)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(scaled((int64) div_half_up((Wide) out * 10000, of), 4));
}
