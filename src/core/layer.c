/*
 * layer.c
 *	  One layer: what it looks at, deductible, eligible cost, ratio, payment.
 */
#include "run.h"
#include "year.h"

/*
 * core_layer() is compiled twice, with a trace and without; so what it calls is
 * part of it and knows which of the two it is.
 */
#define INLINED static inline __attribute__((always_inline))
#undef STEP
#define STEP(...) \
	do { if (traced) core_step(r, __VA_ARGS__); } while (0)

/* ---- accumulators ------------------------------------------------------------- */

/* An opening accumulator; missing means that the claim is the year's first. */
INLINED bool
cum(Run *r, int field, Fen *v)
{
	if (r->c->state[field] == FS_GIVEN)
		*v = r->c->v[field];
	else if (r->c->state[field] == FS_MISSING)
		*v = 0;
	else
	{
		core_fail(r->err, CE_FIELD_NULL, field, 0, 0);
		return false;
	}
	return true;
}

static const int benefit_first[BEN_COUNT] = {
	CF_cum_ipt_inscp, CF_cum_otp_inscp, CF_cum_opsp_inscp, CF_cum_oth_inscp
};

const uint8_t core_column[LAYER_COUNT] = {
	SA_hifp_pay, SA_hifmi_pay, SA_hifmi_pay, SA_maf_pay, SA_maf_pay, SA_oth_pay
};

static const int layer_first[LAYER_COUNT] = {
	-1, CF_cum_mi_base, CF_cum_m2_base, CF_cum_ma_base, CF_cum_mx_base, CF_cum_sp_base
};

_Static_assert(LAYER_SERIOUS == 1 && CF_cum_sp_oth_pay - CF_cum_mi_ipt_pay + 1 ==
			   (LAYER_COUNT - LAYER_SERIOUS) * BEN_COUNT,
			   "what the upper layers paid by benefit is in the order of layers and benefits");

CumFields
cum_fields(LayerCode layer, Benefit benefit)
{
	CumFields	f;

	if (layer == LAYER_BASIC)
	{
		f.base = benefit_first[benefit];
		f.dedc = f.base + 1;
		f.elig = f.base + 2;
		f.pay = f.ben_pay = f.base + 3;
	}
	else
	{
		f.base = layer_first[layer];
		f.dedc = f.base + 1;
		f.elig = -1;
		f.pay = f.base + 2;
		f.ben_pay = CF_cum_mi_ipt_pay + (layer - LAYER_SERIOUS) * BEN_COUNT + benefit;
	}
	return f;
}

/* What the basic layer had for eligible this year before this claim, in these benefits. */
INLINED bool
cum_eligible(Run *r, unsigned benefits, Fen *sum)
{
	*sum = 0;
	for (int b = 0; b < BEN_COUNT; b++)
	{
		Fen			v;

		if (!((benefits >> b) & 1))
			continue;
		if (!cum(r, cum_fields(LAYER_BASIC, (Benefit) b).elig, &v))
			return false;
		*sum += v;
	}
	return true;
}

/* What a layer has paid this year before this claim, in these benefits. */
INLINED bool
cum_paid(Run *r, LayerCode layer, unsigned benefits, Fen *sum)
{
	if (layer != LAYER_BASIC && benefits == ALL_BENEFITS)
		return cum(r, cum_fields(layer, BEN_OTHER).pay, sum);
	*sum = 0;
	for (int b = 0; b < BEN_COUNT; b++)
	{
		Fen			v;

		if (!((benefits >> b) & 1))
			continue;
		if (!cum(r, cum_fields(layer, (Benefit) b).ben_pay, &v))
			return false;
		*sum += v;
	}
	return true;
}

/* ---- one layer -------------------------------------------------------------------- */

INLINED Fen
measure(const Run *r, Measure of)
{
	return of == OF_TOTAL ? r->s->amount[SA_medfee_sumamt] : r->inscp;
}

/* Standard deductible, with its adjustments, less what the year already took. */
INLINED bool
layer_deductible(Run *r, const Layer *layer, const CellLayer *cl,
				 const CumFields *f, Fen base, LayerResult *lr, bool traced)
{
	const Rule *rule = cell_rule(cl, RK_DEDUCTIBLE);
	const Rule *adj;
	const Rule *cap;
	Fen		   *a = r->s->amount;
	bool		basic = layer->code == LAYER_BASIC;
	int			column = basic ? SA_act_pay_dedc : SA_COUNT;
	Fen			std;
	Fen			d;
	Fen			income = 0;

	if (rule->u.deductible.is_ratio)
	{
		if (rule->u.deductible.of == OF_INCOME)
		{
			if (!core_income(r, rule->info, &income))
				return false;
			std = fen_mul_ratio(income, rule->u.deductible.ratio);
		}
		else
			std = fen_mul_ratio(measure(r, rule->u.deductible.of),
								rule->u.deductible.ratio);
		std = fen_min(fen_max(std, rule->u.deductible.min),
					  rule->u.deductible.max);
	}
	else
		std = rule->u.deductible.amount;
	STEP(STEP_DEDC_STD, layer->code, column, rule->info, base,
		 rule->u.deductible.is_ratio ? rule->u.deductible.ratio : 0, std, income);

	d = std;
	EACH_RULE(cl, RK_DEDUCTIBLE_ADJUST, adj)
	{
		Fen			before = d;

		if (rule->u.deductible.fixed)
			break;
		switch (adj->u.adjust.op)
		{
			case OP_ADD_EACH:
			case OP_EACH_DAYS:
				if (!core_repeated_deductible(r, adj, &d))
					return false;
				break;
			case OP_LESS_TRANSFER:
				if (!core_less_transfer(r, adj, &d))
					return false;
				break;
			default:
				d = core_adjusted_deductible(adj, d);
				break;
		}
		STEP(STEP_DEDC_ADJUST, layer->code, column, adj->info, before,
			 adj->u.adjust.op == OP_MULTIPLY ? adj->u.adjust.ratio : 0,
			 d - before, 0);
	}

	/* what the year took already counts once, and the limit is of what it took */
	if (rule->u.deductible.per == PER_YEAR)
	{
		Fen			used;
		Fen			before = d;

		if (!cum(r, basic && r->p->ngroups > 0 ? CF_cum_grp_dedc : f->dedc, &used))
			return false;
		d = fen_max(0, d - used);
		if (traced && d != before)
			STEP(STEP_DEDC_YEAR, layer->code, column, rule->info, before, 0,
				 d - before, used);
	}

	EACH_RULE(cl, RK_DEDUCTIBLE_CAP, cap)
	{
		Fen			used;
		Fen			before = d;

		if (rule->u.deductible.fixed)
			break;
		if (!cum(r, f->dedc, &used))
			return false;
		d = fen_min(d, fen_max(0, cap->u.cap.amount - used));
		if (traced && d != before)
			STEP(STEP_DEDC_CAP, layer->code, column, cap->info,
				 cap->u.cap.amount, 0, d - before, used);
	}

	if (__builtin_expect(layer->dedc_open && d > 0 && a[SA_preselfpay_amt] > 0, 0))
	{
		core_fail(r->err, CE_UNDECIDED, -1, 0, 0);
		r->err->layer = layer->code;
		r->err->set = layer->deductible;
		r->err->info = layer->dedc_info;
		return false;
	}
	if (basic && layer->dedc_first)
		core_deductible_first(r, base, d, lr);
	else
	{
		lr->dedc = lr->dedc_used = fen_min(d, base);
		if (traced && lr->dedc != d)
			STEP(STEP_DEDC_BASE, layer->code, column, -1, base, 0, lr->dedc - d, 0);
	}
	if (basic)
	{
		r->s->group = rule->u.deductible.group;
		a[SA_dedc_std] = std;
		a[SA_crt_dedc] = d;
		a[SA_act_pay_dedc] = lr->dedc;
	}
	return true;
}

/*
 * First self-pay: a share of the in-policy amount, or of what the deductible
 * leaves of it, stays with the person; from here on the rest is looked at.
 */
static SELDOM void
first_selfpay(Run *r, const CellLayer *cl, LayerResult *lr, bool after)
{
	const Rule *rule;

	EACH_RULE(cl, RK_FIRST_SELFPAY, rule)
	{
		Fen			base = lr->base - (after ? lr->dedc : 0);
		Fen			share = fen_mul_ratio(base, rule->u.first.ratio);

		if (rule->u.first.after != after)
			continue;
		lr->base -= share;
		r->inscp -= share;
		r->s->amount[SA_first_selfpay] += share;
		if (r->trace != NULL)
			core_step(r, STEP_FIRST_SELFPAY, LAYER_BASIC, SA_first_selfpay,
					  rule->info, base, rule->u.first.ratio, share, 0);
	}
}

/*
 * What is left under a cap of this layer, or of several that share it.
 */
INLINED bool
cap_left(Run *r, const Layer *layer, const CumFields *f, const Rule *cap,
		 Fen *left)
{
	Fen			used = 0;
	Fen			amount = cap->u.cap.amount;

	if ((cap->u.cap.ncounts > 0 || cap->u.cap.of_income) && !core_counted_cap(r, cap, &amount))
		return false;
	if (cap->u.cap.window)
		return core_window_left(r, cap, amount, left);
	if (cap->u.cap.per == PER_YEAR)
	{
		unsigned	benefits = cap_benefits(cap, r->s->benefit);

		if (!cap->u.cap.on_payment)
		{
			if (layer->code == LAYER_BASIC)
			{
				if (!cum_eligible(r, benefits, &used))
					return false;
			}
			else
			{
				Fen			dedc;

				/* not kept, but it is what the deductible left of the base */
				if (!cum(r, f->base, &used) || !cum(r, f->dedc, &dedc))
					return false;
				used = fen_max(0, used - dedc);
			}
		}
		else if (cap->u.cap.layers == 0)
		{
			if (!cum_paid(r, (LayerCode) layer->code, benefits, &used))
				return false;
		}
		else
		{
			for (int l = 0; l < LAYER_COUNT; l++)
			{
				Fen			paid;

				if (!((cap->u.cap.layers >> l) & 1))
					continue;
				if (!cum_paid(r, (LayerCode) l, benefits, &paid))
					return false;
				used += paid;
			}
		}
	}
	if (cap->u.cap.on_payment && cap->u.cap.layers != 0)
	{
		for (int l = 0; l < layer->code; l++)
		{
			if ((cap->u.cap.layers >> l) & 1)
				used += r->s->layer[l].pay;
		}
	}
	*left = fen_max(0, amount - used);
	return true;
}

/*
 * Ratio by band over the eligible cost e.  Bands count from zero of what the
 * layer looks at, or from the deductible; of this visit, or of the year.
 */
INLINED bool
layer_ratio(Run *r, const Layer *layer, const CellLayer *cl,
			const CumFields *f, Fen dedc, Fen e, int column, Fen *pay,
			Ratio *single, bool traced)
{
	const Rule *rule = cell_rule(cl, RK_RATIO);
	Fen			lo;
	Fen			hi;
	Fen			from = 0;
	Fen			rounded = 0;
	Wide		exact = 0;
	int			used = 0;
	Ratio		first = 0;
	Ratio		plus = 0;

	if (rule->u.ratio.flat)
	{
		*pay = fen_min(e, rule->u.ratio.amount);
		*single = e == 0 ? 0 : (Ratio) div_half_up((Wide) *pay * RATIO_ONE, e);
		if (layer->code == LAYER_BASIC)
		{
			r->s->prop_of = e;
			r->s->prop_exact = (Wide) *pay * RATIO_ONE;
		}
		STEP(STEP_FLAT, layer->code, column, rule->info, e, 0, *pay,
			 rule->u.ratio.amount);
		return true;
	}
	if (rule->u.ratio.measure == PER_YEAR)
	{
		Fen			before;
		Fen			consumed;

		if (!cum(r, f->base, &before) || !cum(r, f->dedc, &consumed))
			return false;
		lo = rule->u.ratio.excess ? fen_max(0, before - consumed) :
			before + dedc;
	}
	else
		lo = rule->u.ratio.excess ? 0 : dedc;
	hi = lo + e;

	if (rule->u.ratio.per_age != 0)
	{
		if (r->c->state[CF_age] != FS_GIVEN)
		{
			core_fail(r->err, r->c->state[CF_age] == FS_MISSING ?
				 CE_FIELD_MISSING : CE_FIELD_NULL, CF_age, 0, 0);
			r->err->info = rule->info;
			return false;
		}
		plus = rule->u.ratio.per_age * r->c->v[CF_age];
	}
	if (__builtin_expect(layer->fine > 0, 0))
	{
		core_fine_bands(r, layer, cl, lo, e, plus, column, pay, single);
		return true;
	}

	/*
	 * Where the amounts fall is random to the branch predictor, so every band
	 * is looked at and added, many of them with nothing in them.
	 */
	for (int b = 0; b < rule->u.ratio.nbands; b++)
	{
		const Band *band = &rule->u.ratio.bands[b];
		Fen			part = fen_min(hi, band->upto) - fen_max(lo, from);
		Ratio		ratio = plus == 0 ? cl->band_ratio[b] :
			core_adjusted_ratio(layer, cl, band->ratio + plus);
		bool		in;

		/* an empty eligible cost still has the ratio of its band */
		in = (part > 0) | ((e == 0) & (used == 0) & (lo < band->upto));
		part = fen_max(0, part);
		exact += (Wide) part * ratio;
		first = (in & (used == 0)) ? ratio : first;
		used += in;
		if ((traced || layer->round_bands) && in)
		{
			Fen			amount = fen_mul_ratio(part, ratio);

			rounded += amount;
			if (traced)
			{
				core_trace_adjusts(r, layer, cl, band->ratio + plus);
				core_step(r, STEP_BAND, layer->code, column, rule->info, part,
						  ratio, amount, band->upto);
			}
		}
		from = band->upto;
	}

	*pay = layer->round_bands ? rounded : div_half_up(exact, RATIO_ONE);
	if (traced && *pay != rounded)
		core_step(r, STEP_ROUND, layer->code, column, -1, 0, 0, *pay - rounded, 0);
	*single = first;
	if (used > 1)
	{
		if (layer->code == LAYER_BASIC)
		{
			r->s->prop_of = e;
			r->s->prop_exact = exact;
		}
		if (traced)
			*single = (Ratio) div_half_up(exact, e);
	}
	return true;
}

static SELDOM void
cap_step(Run *r, StepKind kind, int layer, int column, const Rule *cap, Fen base,
		 Fen amount, Fen left)
{
	core_step(r, kind, layer, column, cap->info, base, 0, amount, left);
	r->trace->step[r->trace->n - 1].per = (uint8_t) cap->u.cap.per;
	r->trace->step[r->trace->n - 1].carried = cap->u.cap.carried;
}

/* What the layer pays is payable from the first of the rule's days on or after the settlement. */
static SELDOM bool
pay_on(Run *r, const Layer *layer, const Rule *rule)
{
	const Claim *c = r->c;
	int			year;
	int			month;
	int			day;
	int			next = rule->u.pay_on.day[0];

	if (rule->u.pay_on.ndays == 0)
		return true;
	if (c->state[CF_setl_time] != FS_GIVEN)
	{
		core_fail(r->err, c->state[CF_setl_time] == FS_MISSING ?
				  CE_FIELD_MISSING : CE_FIELD_NULL, CF_setl_time, 0, 0);
		r->err->info = rule->info;
		return false;
	}
	civil_date(c->v[CF_setl_time], &year, &month, &day);
	for (int i = rule->u.pay_on.ndays - 1; i >= 0; i--)
	{
		if (rule->u.pay_on.day[i] >= 100 * month + day)
			next = rule->u.pay_on.day[i];
	}
	if (next < 100 * month + day)
		year++;
	r->s->due = civil_time(year, next / 100, next % 100);
	if (r->trace != NULL)
		core_step(r, STEP_PAY_ON, layer->code, SA_COUNT, rule->info, 0, 0, 0, r->s->due);
	return true;
}

INLINED bool
run_layer(Run *r, const Layer *layer, const CellLayer *cl, bool traced)
{
	LayerResult *lr = &r->s->layer[layer->code];
	CumFields	f = cum_fields((LayerCode) layer->code, r->s->benefit);
	bool		basic = layer->code == LAYER_BASIC;
	int			column = core_column[layer->code];
	const Rule *rule;
	Fen			e;
	Fen			before;
	Fen			pay;
	Fen			most;
	Fen			capped = 0;
	Ratio		ratio;

	lr->applied = true;
	lr->base = core_base(r, layer);
	if (basic && r->p->first_selfpay)
		first_selfpay(r, cl, lr, false);
	STEP(STEP_LAYER_BASE, layer->code, SA_COUNT, layer->info, lr->base, 0, 0,
		 layer->components);

	if (!layer_deductible(r, layer, cl, &f, lr->base, lr, traced))
		return false;
	if (basic && __builtin_expect(r->given != NULL, 0))
		core_given_deductible(r, lr);
	if (basic && r->p->first_selfpay)
		first_selfpay(r, cl, lr, true);
	e = lr->base - lr->dedc;
	most = lr->base;

	EACH_RULE(cl, RK_CAP, rule)
	{
		Fen			left;
		Fen			over;

		if (rule->u.cap.on_payment)
			continue;
		if (!cap_left(r, layer, &f, rule, &left))
			return false;
		most = fen_min(most, left);
		over = fen_max(0, e - left);
		if (traced && over > 0)
			cap_step(r, STEP_ELIG_CAP, layer->code, SA_COUNT, rule, e, over, left);
		capped += over;
		e -= over;
	}
	lr->elig = e;

	if (!layer_ratio(r, layer, cl, &f, lr->dedc, e, column, &pay, &ratio,
					 traced))
		return false;

	if (layer->has_parts && !cell_rule(cl, RK_RATIO)->u.ratio.flat)
	{
		EACH_RULE(cl, RK_ADJUST, rule)
		{
			if (rule->u.adjust.op == OP_ADD_PART &&
				!core_part_points(r, layer, rule, e, column, &pay))
				return false;
		}
	}

	EACH_RULE(cl, RK_ADJUST, rule)
	{
		if (rule->u.adjust.op != OP_MULTIPLY_RESULT)
			continue;
		before = pay;
		pay = fen_min(fen_mul_ratio(pay, rule->u.adjust.ratio), e);
		STEP(STEP_RESULT_ADJUST, layer->code, column, rule->info, before,
			 rule->u.adjust.ratio, pay - before, 0);
	}

	/* the floor comes before the caps, so that no floor passes a cap */
	EACH_RULE(cl, RK_FLOOR, rule)
	{
		before = pay;
		pay = fen_max(pay, fen_min(most,
								   fen_mul_ratio(measure(r, rule->u.share.of),
												 rule->u.share.ratio)));
		if (pay != before)
			STEP(STEP_FLOOR, layer->code, column, rule->info,
				 measure(r, rule->u.share.of), rule->u.share.ratio,
				 pay - before, 0);
	}

	EACH_RULE(cl, RK_CAP, rule)
	{
		Fen			left;
		Fen			over;

		if (!rule->u.cap.on_payment)
			continue;
		if (!cap_left(r, layer, &f, rule, &left))
			return false;
		over = fen_max(0, pay - left);
		if (traced && over > 0)
			cap_step(r, STEP_CAP, layer->code, column, rule, pay, -over, left);
		capped += over;
		pay -= over;
	}

	EACH_RULE(cl, RK_MIN_SELF, rule)
	{
		/* the person's part is the total less what others have paid or bear */
		most = r->s->amount[SA_medfee_sumamt] -
			r->s->amount[SA_fund_pay_sumamt] -
			r->s->amount[SA_hosp_part_amt] -
			fen_mul_ratio(measure(r, rule->u.share.of), rule->u.share.ratio);
		most = fen_max(0, most);
		if (pay > most)
		{
			STEP(STEP_MIN_SELF, layer->code, column, rule->info,
				 measure(r, rule->u.share.of), rule->u.share.ratio,
				 most - pay, most);
			pay = most;
		}
	}

	if (__builtin_expect(r->given != NULL, 0))
		pay = core_given_pay(r, layer, pay);
	lr->pay = pay;
	r->s->amount[column] += pay;
	r->s->amount[SA_fund_pay_sumamt] += pay;
	STEP(STEP_LAYER_PAY, layer->code, SA_COUNT, -1, lr->base, ratio, pay, 0);
	EACH_RULE(cl, RK_PAY_ON, rule)
	{
		if (!pay_on(r, layer, rule))
			return false;
	}

	if (basic)
	{
		r->s->pool_prop_selfpay = ratio;
		r->dedc = lr->dedc;
		r->overcap = capped;
		r->copay = lr->base - lr->dedc - capped - pay;

		/* a floor may have paid back some of what was cut */
		if (r->copay < 0)
		{
			r->overcap += r->copay;
			r->copay = 0;
			if (r->overcap < 0)
			{
				r->dedc = fen_max(0, r->dedc + r->overcap);
				r->overcap = 0;
			}
		}
	}
	else
		r->upper_paid += pay;
	return true;
}

bool
core_layer(Run *r, const Layer *layer, const CellLayer *cl)
{
	if (r->trace != NULL)
		return run_layer(r, layer, cl, true);
	return run_layer(r, layer, cl, false);
}
