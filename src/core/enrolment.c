/*
 * enrolment.c
 *	  From a person's enrolment periods: waiting period, years in a row, years
 *	  without a claim, gaps.
 *
 * A coverage year is covered when a paid period of it counts: of this scheme
 * and area, or of one that the terms let count.  A gap is a run of years that
 * are not covered between two that are.
 */
#include <stddef.h>

#include "enrolment.h"

const char *const enrol_reasons[] = {
	"", "none", "unpaid", "waiting", "other", "mother", NULL
};

typedef struct Work
{
	const EnrolTerms *t;
	EnrolPeriod *p;
	int			n;
	int32_t		first_year;		/* of any cover that counts */
} Work;

static bool
is_own(const Work *w, const EnrolPeriod *p)
{
	return p->here && p->insutype == w->t->insutype;
}

static bool
counts(const Work *w, const EnrolPeriod *p)
{
	bool		known = p->insutype == w->t->insutype;

	for (int i = 0; i < w->t->nschemes; i++)
		known = known || p->insutype == w->t->schemes[i];
	return p->paid != DAY_NEVER && known && (p->here || w->t->elsewhere);
}

static bool
covered(const Work *w, int32_t year, bool own)
{
	for (int i = 0; i < w->n; i++)
	{
		if (w->p[i].year == year && counts(w, &w->p[i]) &&
			(!own || is_own(w, &w->p[i])))
			return true;
	}
	return false;
}

/* The last covered year before this one; 0 when there is none. */
static int32_t
covered_before(const Work *w, int32_t year)
{
	int32_t		last = 0;

	for (int i = 0; i < w->n; i++)
	{
		if (counts(w, &w->p[i]) && w->p[i].year < year && w->p[i].year > last)
			last = w->p[i].year;
	}
	return last;
}

/* ---- exempt groups ---------------------------------------------------------------- */

/* Is the period one of the group: it says so, or the other cover ended shortly before? */
static bool
in_group(const Work *w, const EnrolPeriod *p, const EnrolExempt *x)
{
	if (p->group == x->group)
		return true;
	if (x->group != GROUP_SCHEME_CHANGE && x->group != GROUP_MOVED)
		return false;
	for (int i = 0; i < w->n; i++)
	{
		const EnrolPeriod *q = &w->p[i];

		if (!counts(w, q) || q->begin >= p->paid ||
			p->paid > day_add_months(q->end, x->within_months))
			continue;
		if (x->group == GROUP_MOVED ? !q->here : q->insutype != w->t->insutype)
			return true;
	}
	return false;
}

static bool
exempt(const Work *w, const EnrolPeriod *p, bool from_gap)
{
	for (int i = 0; i < w->t->nexempt; i++)
	{
		const EnrolExempt *x = &w->t->exempt[i];

		if ((from_gap ? x->gap : x->waiting) && in_group(w, p, x))
			return true;
	}
	return false;
}

/* The gap that ends with this year counts for nothing. */
static bool
gap_exempt(const Work *w, int32_t year)
{
	for (int i = 0; i < w->n; i++)
	{
		if (w->p[i].year == year && counts(w, &w->p[i]) && exempt(w, &w->p[i], true))
			return true;
	}
	return false;
}

/* ---- the first day of benefit --------------------------------------------------------- */

/* Last day on which a coverage year is paid in time; false: no window is known. */
static bool
window_end(const EnrolTerms *t, int32_t year, Day *end)
{
	for (int i = 0; i < t->nwindows; i++)
	{
		const EnrolWindow *win = &t->windows[i];
		bool		next;

		if (year < win->year_from || year > win->year_to)
			continue;
		next = win->to_month * 100 + win->to_day <= win->from_month * 100 + win->from_day;
		*end = day_make(next ? year : year - 1, win->to_month, win->to_day);
		return true;
	}
	return false;
}

static Day
later(Day a, Day b)
{
	return a > b ? a : b;
}

/* Gap years right before a period; first: there was no cover before it. */
static int32_t
gap_before(const Work *w, const EnrolPeriod *p, bool *first)
{
	int32_t		last = covered_before(w, p->year);
	int32_t		from = last + 1 > w->t->since ? last + 1 : w->t->since;

	*first = last == 0;
	if (*first || from >= p->year)
		return 0;
	return p->year - from;
}

static int32_t
waiting_months(const EnrolTerms *t, int32_t gap, int32_t repaired)
{
	int32_t		more = gap == 0 ? 0 :
		t->each_gap_year * (t->first_gap_counts ? gap : gap - 1);
	int32_t		full = t->months + more;
	int32_t		total;

	if (!t->has_repair || repaired == 0)
		return full;
	/* what is paid up shortens what the gap added, not the fixed part */
	more -= t->repair_months * repaired;
	total = t->months + (more > 0 ? more : 0);
	if (gap >= t->long_gap_years && total < t->long_gap_months)
		total = t->long_gap_months;
	return total < full ? total : full;
}

/* Newborns have days of their own.  False: the ordinary rule holds. */
static bool
newborn_first(const EnrolTerms *t, EnrolPeriod *p)
{
	int			born;

	if (!t->has_newborn || p->group != GROUP_NEWBORN || p->birth == DAY_NEVER)
		return false;
	born = day_year(p->birth);
	if (p->paid <= p->birth + t->newborn_days)
	{
		if (p->year == born)
			p->first = p->birth;
		else if (p->year == born + 1 && t->newborn_both_years)
			p->first = p->begin;
		else
			return false;
		return true;
	}
	if (p->year != born || t->newborn_late == LATE_WAITING)
		return false;
	p->waits = true;
	if (t->newborn_late == LATE_NEXT_DAY)
		p->first = p->paid + 1;
	else if (t->newborn_late == LATE_NEXT_MONTH)
		p->first = day_month_start(p->paid + 1);
	else
		p->first = p->paid + t->newborn_late_days;
	p->first = later(p->first, p->begin);
	return true;
}

static bool
find_first(const Work *w, EnrolPeriod *p)
{
	const EnrolTerms *t = w->t;
	Day			in_time;
	bool		late;
	bool		first;

	p->waits = false;
	p->wait_months = p->wait_gap = 0;
	if (newborn_first(t, p))
		return true;
	p->first = p->begin;
	if (p->year < t->since)
		return true;
	if (!window_end(t, p->year, &in_time))
		return false;
	late = p->paid > in_time;
	p->wait_gap = gap_before(w, p, &first);
	p->first = late ? later(p->begin, p->paid) : p->begin;
	if (!t->has_waiting || exempt(w, p, false) ||
		!(late || p->wait_gap > 0 || (first && t->first_waits)))
		return true;
	if (exempt(w, p, true))
		p->wait_gap = 0;
	p->waits = true;
	p->wait_months = waiting_months(t, p->wait_gap, p->repair_years);
	p->first = day_add_months(t->from_year_start ? later(p->paid, p->begin) : p->paid,
							  p->wait_months);
	if (t->ends_month_start)
		p->first = day_month_start(p->first);
	p->first = later(p->first, p->begin);
	return true;
}

/* A waiting period that is not over goes on in the next year. */
static void
carry_waiting(const Work *w, EnrolPeriod *p)
{
	const EnrolPeriod *before = NULL;

	for (int i = 0; i < w->n; i++)
	{
		const EnrolPeriod *q = &w->p[i];

		if (is_own(w, q) && q->paid != DAY_NEVER && q->year == p->year - 1 &&
			(before == NULL || q->first < before->first))
			before = q;
	}
	if (before != NULL && before->waits && before->first > p->first)
	{
		p->first = before->first;
		p->waits = true;
		p->wait_months = before->wait_months;
		p->wait_gap = before->wait_gap;
	}
}

/* The period of this area and scheme on a day, of several the one that pays first. */
static const EnrolPeriod *
period_on(const Work *w, Day on, bool paid)
{
	const EnrolPeriod *best = NULL;

	for (int i = 0; i < w->n; i++)
	{
		const EnrolPeriod *p = &w->p[i];

		if (is_own(w, p) && (p->paid != DAY_NEVER) == paid && p->begin <= on &&
			on <= p->end && (best == NULL || (paid && p->first < best->first)))
			best = p;
	}
	return best;
}

static void
entitlement(const Work *w, Day on, EnrolEffect *e)
{
	const EnrolPeriod *p = period_on(w, on, true);

	e->first = DAY_NEVER;
	e->wait_months = e->wait_gap = 0;
	if (p != NULL)
	{
		e->first = p->first;
		e->wait_months = p->wait_months;
		e->wait_gap = p->wait_gap;
		e->reason = on >= p->first ? ENROL_ENTITLED :
			p->waits ? ENROL_WAITING : ENROL_UNPAID;
		return;
	}
	p = period_on(w, on, false);
	if (p != NULL)
	{
		e->reason = w->t->has_newborn && w->t->newborn_with_mother &&
			p->group == GROUP_NEWBORN && p->birth != DAY_NEVER &&
			on <= p->birth + w->t->newborn_days ? ENROL_MOTHER : ENROL_UNPAID;
		return;
	}
	e->reason = ENROL_NONE;
	for (int i = 0; i < w->n; i++)
	{
		if (!is_own(w, &w->p[i]) && w->p[i].paid != DAY_NEVER && w->p[i].begin <= on &&
			on <= w->p[i].end)
			e->reason = ENROL_ELSEWHERE;
	}
}

/* ---- years ---------------------------------------------------------------------------- */

/*
 * Years in a row that end with this one: of them those that count.  *start is
 * the first; a gap that is exempt does not end them.
 */
static int32_t
chain(const Work *w, int32_t year, bool with_last, int32_t *start)
{
	int32_t		n = 0;
	int32_t		y = year;

	*start = year + 1;
	while (y >= w->t->since && y >= w->first_year)
	{
		if (covered(w, y, false))
		{
			if ((y != year || with_last) &&
				(w->t->others_count || covered(w, y, true)))
				n++;
			*start = y--;
		}
		else if (*start <= year && gap_exempt(w, *start))
			y = covered_before(w, y);
		else
			break;
	}
	return n;
}

static void
continuous_years(const Work *w, int32_t year, EnrolEffect *e)
{
	const EnrolTerms *t = w->t;
	int32_t		start;
	int32_t		over;

	e->cont_years = chain(w, year, t->with_current, &start);
	over = e->cont_years - t->after_years;
	e->bonus_years = over > 0 ? over : 0;
	/* the chains before, where a gap takes nothing away */
	while (t->keep_bonus && (start = covered_before(w, start)) >= t->since && start != 0)
	{
		over = chain(w, start, true, &start) - t->after_years;
		e->bonus_years += over > 0 ? over : 0;
	}
}

/* What paid in a covered year, over its periods; -1 when nobody knows. */
static int
year_paid_by(const Work *w, int32_t year, int *used)
{
	int			by = -1;

	*used = -1;
	for (int i = 0; i < w->n; i++)
	{
		const EnrolPeriod *p = &w->p[i];

		if (p->year != year || !is_own(w, p) || p->paid == DAY_NEVER)
			continue;
		if (p->paid_by >= 0)
			by = (by < 0 ? 0 : by) | p->paid_by;
		if (p->bonus_used > *used)
			*used = p->bonus_used;
	}
	return by;
}

static void
zero_claim_years(const Work *w, int32_t year, int32_t chain_start, EnrolEffect *e)
{
	const EnrolTerms *t = w->t;
	int32_t		from = t->since > w->first_year ? t->since : w->first_year;

	if (t->zero_restart && chain_start > from)
		from = chain_start;
	e->zero_years = 0;
	for (int32_t y = from; y < year; y++)
	{
		int			used;
		int			by = year_paid_by(w, y, &used);

		if (!covered(w, y, true))
			continue;
		if (by < 0 || (t->zero_reset && used < 0 && (by & PAID_HIFMI)))
		{
			e->zero_years = -1;
			return;
		}
		if (t->zero_reset && used > 0)
			e->zero_years = 0;
		else if ((by & t->broken_by) == 0 &&
				 (!t->zero_next_year || covered(w, y + 1, true)))
			e->zero_years++;
	}
}

static void
gaps(const Work *w, int32_t year, EnrolEffect *e)
{
	int32_t		run = 0;

	e->gap_years = 0;
	for (int32_t y = w->first_year; y <= year; y++)
	{
		if (!covered(w, y, false))
		{
			run += y >= w->t->since;
			continue;
		}
		if (run > 0 && !gap_exempt(w, y))
			e->gap_years += w->t->gap_entries ? 1 : run;
		run = 0;
	}
}

bool
enrol_effect(const EnrolTerms *t, EnrolPeriod *p, int n, Day on, EnrolEffect *e,
			 int32_t *year)
{
	Work		w = {t, p, n, INT32_MAX};
	int32_t		this_year = day_year(on);
	int32_t		last_year = 0;
	int32_t		start;

	for (int i = 0; i < n; i++)
	{
		if (counts(&w, &p[i]) && p[i].year < w.first_year)
			w.first_year = p[i].year;
		if (is_own(&w, &p[i]) && p[i].paid != DAY_NEVER)
		{
			if (!find_first(&w, &p[i]))
			{
				*year = p[i].year;
				return false;
			}
			if (p[i].year > last_year)
				last_year = p[i].year;
		}
	}
	for (int32_t y = w.first_year; y <= last_year; y++)
	{
		for (int i = 0; i < n; i++)
		{
			if (p[i].year == y && is_own(&w, &p[i]) && p[i].paid != DAY_NEVER)
				carry_waiting(&w, &p[i]);
		}
	}
	entitlement(&w, on, e);

	e->cont_years = e->bonus_years = e->zero_years = e->gap_years = -1;
	(void) chain(&w, this_year, true, &start);
	if (t->has_continuous)
		continuous_years(&w, this_year, e);
	if (t->has_zero)
		zero_claim_years(&w, this_year, start, e);
	if (t->has_gap)
		gaps(&w, this_year, e);

	/* the cover's first day: of the first period of the chain, or its payment */
	e->enrol_months = 0;
	for (int i = 0; i < n; i++)
	{
		int			months;

		if (!counts(&w, &p[i]) || p[i].year != start || start > this_year)
			continue;
		months = months_between(later(p[i].begin, is_own(&w, &p[i]) && p[i].first == p[i].birth ?
									  p[i].begin : p[i].paid), on);
		if (months > e->enrol_months)
			e->enrol_months = months;
	}
	return true;
}
