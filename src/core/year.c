/*
 * year.c
 *	  The benefit year of a day, and a stay that crosses from one into the next.
 */
#include "year.h"

#include "run.h"

/* ---- the calendar ------------------------------------------------------------------ */

/* Days since 2000-01-01 of a day of the Gregorian calendar. */
static int64_t
days_from_civil(int y, int m, int d)
{
	int64_t		era;
	int64_t		yoe;
	int64_t		doy;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 730425;
}

int64_t
civil_time(int year, int month, int day)
{
	return days_from_civil(year, month, day) * USEC_DAY;
}

void
civil_date(int64_t at, int *year, int *month, int *day)
{
	int64_t		days = at / USEC_DAY - (at % USEC_DAY < 0) + 730425;
	int64_t		era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t		doe = days - era * 146097;
	int64_t		yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t		doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t		mp = (5 * doy + 2) / 153;

	*day = (int) (doy - (153 * mp + 2) / 5 + 1);
	*month = (int) (mp < 10 ? mp + 3 : mp - 9);
	*year = (int) (yoe + era * 400 + (*month <= 2));
}

/* ---- years ---------------------------------------------------------------------------- */

bool
year_of(const Policy *p, const Claim *c, int64_t at, BenefitYear *y, CoreError *err)
{
	int			month = p->year.month;
	int			day = p->year.day;
	int			year,
				m,
				d;

	if (p->year.enrolment)
	{
		if (c->state[CF_psn_insu_date] != FS_GIVEN)
		{
			core_set_error(err, c->state[CF_psn_insu_date] == FS_NULL ?
						   CE_FIELD_NULL : CE_FIELD_MISSING, CF_psn_insu_date, 0, 0);
			err->info = p->year.info;
			return false;
		}
		civil_date(c->v[CF_psn_insu_date], &year, &month, &day);
	}
	civil_date(at, &year, &m, &d);
	if (m < month || (m == month && d < day))
		year--;

	/* 29 February begins on 1 March where there is none: days_from_civil() counts on */
	y->first = civil_time(year, month, day);
	y->next = civil_time(year + 1, month, day);
	if (p->year.named_by_end && !(month == 1 && day == 1))
		year++;
	y->year = year;
	return true;
}

int
year_decided_by(const Policy *p, const Claim *c)
{
	if (p->year.stated)
		return p->year.by;
	return c->state[p->version_date] == FS_MISSING ? CF_setl_time : p->version_date;
}

/* ---- stays of two years ------------------------------------------------------------------ */

bool
stay_in_parts(const Rule *rule)
{
	return rule != NULL && (rule->u.cross.rule == CROSS_SPLIT ||
							rule->u.cross.rule == CROSS_READMIT);
}

static bool
refuse(CoreError *err, const Rule *rule, CrossFault fault, int64_t day)
{
	core_set_error(err, CE_CROSS_YEAR, -1, fault, day);
	err->info = rule->info;
	return false;
}

/* The stay goes on from one benefit year into the next: may it be settled so? */
static bool
check_crossing(const Policy *p, const Claim *c, int64_t boundary,
			   bool continued, const Rule **rule, CoreError *err)
{
	const Rule *r;
	bool		lapsed;
	Claim		one;

	c = core_one_category(p, c, &one, err);
	if (c == NULL || !core_pick_set(p, c, p->cross_year_set, rule, err))
		return false;
	r = *rule;
	lapsed = r->u.cross.lapsed_ends && c->state[CF_paus_insu_date] == FS_GIVEN &&
		c->v[CF_paus_insu_date] <= boundary;
	if (continued)
	{
		if (lapsed)
			return refuse(err, r, CROSS_FAULT_LAPSED_AFTER, boundary);
		if (r->u.cross.rule == CROSS_DISCHARGE_YEAR)
			return refuse(err, r, CROSS_FAULT_PART, boundary);
		return true;
	}
	if (lapsed)
		return refuse(err, r, CROSS_FAULT_LAPSED, boundary);
	if (stay_in_parts(r))
		return refuse(err, r, CROSS_FAULT_WHOLE, boundary);
	return true;
}

bool
claim_year(const Policy *p, const Claim *c, BenefitYear *y, const Rule **rule,
		   CoreError *err)
{
	int			by = year_decided_by(p, c);
	const Rule *held = NULL;
	BenefitYear begin;

	if (c->state[by] != FS_GIVEN)
	{
		core_set_error(err, c->state[by] == FS_NULL ? CE_FIELD_NULL : CE_FIELD_MISSING,
					   by, 0, 0);
		err->info = p->year.info;
		return false;
	}
	if (!year_of(p, c, c->v[by], y, err))
		return false;
	if (rule != NULL)
		*rule = NULL;
	if (p->cross_year_set == 0 || c->state[CF_begntime] != FS_GIVEN ||
		c->state[CF_endtime] != FS_GIVEN)
		return true;

	if (c->v[CF_endtime] < c->v[CF_begntime])
	{
		core_set_error(err, CE_ENDS_FIRST, CF_endtime, c->v[CF_endtime], c->v[CF_begntime]);
		return false;
	}
	if (!year_of(p, c, c->v[CF_begntime], &begin, err))
		return false;
	if (c->v[CF_endtime] >= begin.next)
	{
		if (!check_crossing(p, c, begin.next, false, &held, err))
			return false;
	}
	else if (c->state[CF_pre_days] == FS_GIVEN && c->v[CF_pre_days] > 0 &&
			 c->v[CF_begntime] - c->v[CF_pre_days] * USEC_DAY < begin.first)
	{
		if (!check_crossing(p, c, begin.first, true, &held, err))
			return false;
	}
	if (rule != NULL)
		*rule = held;
	return true;
}
