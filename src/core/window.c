/*
 * window.c
 *	  Caps out of the common: of other periods than the visit and the year, or of
 *	  one disease, and what they count, the visits of a person before a claim; and
 *	  those whose amount is a share of the income or grows with counts.
 *
 * A period is that of the date which selects the policy's version; months and
 * quarters are those of the claim's benefit year.  A claim brings what was paid
 * in it before as accumulators; who keeps the visits of a person (a pool area,
 * replay()) derives those by history_fill().
 */
#include <string.h>

#include "history.h"
#include "match.h"
#include "run.h"
#include "year.h"

bool
window_year(const Policy *p, const Claim *c, BenefitYear *year, CoreError *err)
{
	int			by = year_decided_by(p, c);

	if (c->state[by] != FS_GIVEN)
		by = p->version_date;
	if (c->state[by] == FS_GIVEN)
		return year_of(p, c, c->v[by], year, err);
	return core_fail(err, c->state[by] == FS_NULL ? CE_FIELD_NULL : CE_FIELD_MISSING,
					 by, 0, 0);
}

int64_t
period_of(Per per, int64_t at, const BenefitYear *year)
{
	int			y0;
	int			m0;
	int			d0;
	int			y;
	int			m;
	int			d;
	int			months;

	if (per == PER_DAY)
		return day_number(at);
	at = at < year->first ? year->first : at >= year->next ? year->next - 1 : at;
	civil_date(year->first, &y0, &m0, &d0);
	civil_date(at, &y, &m, &d);

	/* a month without the day on which the year begins ends before the next one */
	months = 12 * (y - y0) + m - m0 - (d < d0);
	return per == PER_MONTH ? months : months / 3;
}

/* ---- caps ------------------------------------------------------------------------- */

/* By period, then: of this benefit alone, then: eligible cost. */
static const uint8_t period_fields[3][2][2] = {
	{{CF_cum_day_hifp, CF_cum_day_elig}, {CF_cum_day_ben_hifp, CF_cum_day_ben_elig}},
	{{CF_cum_month_hifp, CF_cum_month_elig}, {CF_cum_month_ben_hifp, CF_cum_month_ben_elig}},
	{{CF_cum_quarter_hifp, CF_cum_quarter_elig}, {CF_cum_quarter_ben_hifp, CF_cum_quarter_ben_elig}}
};

ClaimField
window_field(Per per, bool disease, bool benefit, bool on_payment)
{
	if (disease)
		return on_payment ? CF_cum_dise_hifp : CF_cum_dise_elig;
	if (per == PER_LIFE)
		return CF_cum_life_hifp;
	return (ClaimField) period_fields[per - PER_DAY][benefit][!on_payment];
}

Per
window_per(int field)
{
	return field == CF_cum_day_hifp || (field >= CF_cum_day_elig && field <= CF_cum_day_ben_elig) ? PER_DAY :
		field == CF_cum_month_hifp || (field >= CF_cum_month_elig && field <= CF_cum_month_ben_elig) ? PER_MONTH :
		PER_QUARTER;
}

bool
window_of_benefit(int field)
{
	for (int per = 0; per < 3; per++)
	{
		if (field == period_fields[per][1][0] || field == period_fields[per][1][1])
			return true;
	}
	return false;
}

bool
core_opening(Run *r, int field, Fen *v)
{
	*v = r->c->state[field] == FS_GIVEN ? r->c->v[field] : 0;
	return r->c->state[field] != FS_NULL || core_fail(r->err, CE_FIELD_NULL, field, 0, 0);
}

bool
core_window_left(Run *r, const Rule *cap, Fen amount, Fen *left)
{
	Fen			used = 0;
	Wide		limit = amount;

	if (cap->u.cap.disease && r->c->state[CF_dise_codg] != FS_GIVEN)
	{
		core_fail(r->err, r->c->state[CF_dise_codg] == FS_MISSING ?
				  CE_FIELD_MISSING : CE_FIELD_NULL, CF_dise_codg, 0, 0);
		r->err->info = cap->info;
		return false;
	}
	if (cap->u.cap.carried)
	{
		/* the limits of the year so far, less what the year has taken */
		int			field = r->p->version_date;
		BenefitYear year;

		if (r->c->state[field] != FS_GIVEN)
		{
			core_fail(r->err, CE_FIELD_MISSING, field, 0, 0);
			r->err->info = cap->info;
			return false;
		}
		if (!window_year(r->p, r->c, &year, r->err))
			return false;
		limit *= 1 + period_of((Per) cap->u.cap.per, r->c->v[field], &year);
		for (int b = 0; b < BEN_COUNT; b++)
		{
			CumFields	f = cum_fields(LAYER_BASIC, (Benefit) b);
			Fen			v;

			if (cap->u.cap.benefit && b != (int) r->s->benefit)
				continue;
			if (!core_opening(r, cap->u.cap.on_payment ? f.pay : f.elig, &v))
				return false;
			used += v;
		}
	}
	else if (!core_opening(r, window_field(cap->u.cap.per, cap->u.cap.disease,
									  cap->u.cap.benefit, cap->u.cap.on_payment), &used))
		return false;
	*left = fen_max(0, (limit > FEN_MAX ? FEN_MAX : (Fen) limit) - used);
	return true;
}

bool
core_counted_cap(Run *r, const Rule *cap, Fen *amount)
{
	Wide		plus = 0;
	Wide		minus = 0;
	Wide		sum;

	if (cap->u.cap.of_income)
	{
		if (!core_income(r, cap->info, amount))
			return false;
		*amount = fen_mul_ratio(*amount, cap->u.cap.ratio);
		if (cap->u.cap.ncounts == 0)
			return true;
	}
	for (int i = 0; i < cap->u.cap.ncounts; i++)
	{
		const CapCount *count = &cap->u.cap.counts[i];
		int64_t		n;

		if (!core_count(r->c, count->field, cap->info, &n, r->err))
			return false;
		if (n <= count->above)
			continue;
		if (count->amount > 0)
			plus += (Wide) count->amount * (n - count->above);
		else
			minus -= (Wide) count->amount * (n - count->above);
	}
	/* what is added and what is taken are limited apart: 累计提高总额不超过原封顶线的20% */
	if (cap->u.cap.plus_max > 0 && plus > fen_mul_ratio(*amount, cap->u.cap.plus_max))
		plus = fen_mul_ratio(*amount, cap->u.cap.plus_max);
	if (cap->u.cap.minus_max > 0 && minus > fen_mul_ratio(*amount, cap->u.cap.minus_max))
		minus = fen_mul_ratio(*amount, cap->u.cap.minus_max);
	sum = *amount + plus - minus;
	*amount = sum < 0 ? 0 : sum > cap->u.cap.max ? cap->u.cap.max : (Fen) sum;
	return true;
}

/* ---- what they count --------------------------------------------------------------- */

/* The group of diseases that count together, 0: the code by itself. */
static uint16_t
disease_group(const Policy *p, const char *s, size_t len)
{
	if (p->dise_group == NULL)
		return 0;
	return p->dise_group[dim_atom(&p->dims[p->dise_dim], (int64_t) (intptr_t) s, len)];
}

bool
disease_same(const Policy *p, const char *a, size_t alen, const char *b, size_t blen)
{
	uint16_t	group = disease_group(p, a, alen);

	if (group != disease_group(p, b, blen))
		return false;
	return group != 0 || (alen == blen && memcmp(a, b, alen) == 0);
}

bool
policy_reads_history(const Policy *p)
{
	for (int f = CF_cum_day_hifp; f <= CF_cum_life_hifp; f++)
	{
		if (cum_is_window(f) && policy_reads(p, f))
			return true;
	}
	return false;
}

bool
history_fill(Policy *p, Claim *c, const Visit *visits, int n, Benefit *benefit,
			 CoreError *err)
{
	int64_t		sum[CF_COUNT] = {0};
	Claim		one;
	const Claim *of;
	const Cell *cell;
	int			clock = p->version_date;
	BenefitYear year = {0};

	if (c->state[clock] == FS_GIVEN && !window_year(p, c, &year, err))
		return false;
	of = core_one_category(p, c, &one, err);
	cell = of == NULL ? NULL : core_resolve(p, of, err);
	if (cell == NULL)
		return false;
	*benefit = cell->benefit->u.benefit.benefit;

	for (int i = 0; i < n; i++)
	{
		const Visit *v = &visits[i];

		sum[CF_cum_life_hifp] += v->hifp;
		if (!v->same_year)
			continue;
		for (int per = PER_DAY; c->state[clock] == FS_GIVEN && per <= PER_QUARTER; per++)
		{
			if (period_of((Per) per, v->at, &year) != period_of((Per) per, c->v[clock], &year))
				continue;
			for (int of_benefit = 0; of_benefit < 2; of_benefit++)
			{
				if (of_benefit && v->benefit != *benefit)
					continue;
				sum[period_fields[per - PER_DAY][of_benefit][0]] += v->hifp;
				sum[period_fields[per - PER_DAY][of_benefit][1]] += v->elig;
			}
		}
		if (v->dise != NULL && c->state[CF_dise_codg] == FS_GIVEN &&
			disease_same(p, v->dise, v->dise_len,
						 (const char *) (intptr_t) c->v[CF_dise_codg], c->len[CF_dise_codg]))
		{
			sum[CF_cum_dise_hifp] += v->hifp;
			sum[CF_cum_dise_elig] += v->elig;
		}
	}
	for (int f = CF_cum_day_hifp; f <= CF_cum_life_hifp; f++)
	{
		if (!cum_is_window(f))
			continue;
		c->v[f] = sum[f];
		c->state[f] = FS_GIVEN;
	}
	return true;
}
