/*
 * plain.c
 *	  The layers of a claim whose rules ask for nothing but amounts.
 *
 * Most situations have a fixed deductible, bands and a cap or two.  Their
 * figures are put together when the situation is first met, and a claim is then
 * settled without a look at its rules.  layer.c stays the reference: whatever is
 * out of the common, an error above all, is left to it, and a claim settled with
 * a trace always goes its way; test/core compares the two.
 */
#include "run.h"

/* ---- the figures of a cell --------------------------------------------------------- */

static int
rules_of(const CellLayer *cl, RuleKind kind)
{
	return cl->first[kind + 1] - cl->first[kind];
}

static bool
plain_deductible(const CellLayer *cl, PlainLayer *pl)
{
	const Rule *rule = cell_rule(cl, RK_DEDUCTIBLE);
	const Rule *adj;

	if (rule->u.deductible.is_ratio || rule->u.deductible.fixed || rules_of(cl, RK_DEDUCTIBLE_CAP) > 1)
		return false;
	if (rule->u.deductible.per != PER_VISIT && rule->u.deductible.per != PER_YEAR)
		return false;
	pl->year_dedc = rule->u.deductible.per == PER_YEAR;
	pl->reads_dedc = pl->year_dedc || rules_of(cl, RK_DEDUCTIBLE_CAP) > 0;
	pl->dedc_limit = rules_of(cl, RK_DEDUCTIBLE_CAP) == 0 ? FEN_INF :
		cell_rule(cl, RK_DEDUCTIBLE_CAP)->u.cap.amount;
	pl->dedc_std = rule->u.deductible.amount;
	pl->dedc = pl->dedc_std;
	EACH_RULE(cl, RK_DEDUCTIBLE_ADJUST, adj)
	{
		if (adj->u.adjust.op != OP_ADD && adj->u.adjust.op != OP_SET &&
			adj->u.adjust.op != OP_MULTIPLY)
			return false;
		pl->dedc = core_adjusted_deductible(adj, pl->dedc);
	}
	return true;
}

static bool
plain_ratio(const Layer *layer, const CellLayer *cl, PlainLayer *pl)
{
	const Rule *rule = cell_rule(cl, RK_RATIO);
	const Rule *adj;

	if (rule->u.ratio.flat || rule->u.ratio.per_age != 0 ||
		rule->u.ratio.nbands > PLAIN_BANDS || layer->round_bands || layer->fine > 0)
		return false;
	if (rule->u.ratio.measure != PER_VISIT && rule->u.ratio.measure != PER_YEAR)
		return false;
	EACH_RULE(cl, RK_ADJUST, adj)
	{
		if (adj->u.adjust.op != OP_ADD && adj->u.adjust.op != OP_MULTIPLY &&
			adj->u.adjust.op != OP_SET)
			return false;
	}
	pl->year_bands = rule->u.ratio.measure == PER_YEAR;
	pl->excess = rule->u.ratio.excess;
	pl->nbands = (uint8_t) rule->u.ratio.nbands;
	for (int b = 0; b < pl->nbands; b++)
	{
		pl->band[b].upto = rule->u.ratio.bands[b].upto;
		pl->band[b].ratio = cl->band_ratio[b];
	}
	return true;
}

static void
add_cum(PlainCap *pc, int field)
{
	pc->cums[pc->ncums++] = (uint8_t) field;
}

/* What layer has paid this year, over all benefits. */
static void
add_paid(PlainCap *pc, LayerCode layer)
{
	if (layer != LAYER_BASIC)
		add_cum(pc, cum_fields(layer, BEN_OTHER).pay);
	else
	{
		for (int b = 0; b < BEN_COUNT; b++)
			add_cum(pc, cum_fields(LAYER_BASIC, (Benefit) b).pay);
	}
}

/* A cap of the payment, of the visit or the year; see cap_left() in layer.c. */
static bool
plain_cap(const Layer *layer, const CumFields *f, const Rule *cap, PlainCap *pc)
{
	if (!cap->u.cap.on_payment || cap->u.cap.ncounts > 0 || cap->u.cap.of_income ||
		cap->u.cap.window ||
		(cap->u.cap.per != PER_VISIT && cap->u.cap.per != PER_YEAR))
		return false;
	pc->amount = cap->u.cap.amount;
	pc->ncums = 0;
	pc->below = (uint8_t) (cap->u.cap.layers & ((1 << layer->code) - 1));
	if (cap->u.cap.per == PER_VISIT)
		return true;
	if (cap->u.cap.layers != 0)
	{
		for (int l = 0; l < LAYER_COUNT; l++)
		{
			if ((cap->u.cap.layers >> l) & 1)
				add_paid(pc, (LayerCode) l);
		}
	}
	else if (cap->u.cap.benefit || layer->code != LAYER_BASIC)
		add_cum(pc, f->pay);
	else
		add_paid(pc, LAYER_BASIC);
	return true;
}

_Static_assert(PLAIN_CUMS >= BEN_COUNT + LAYER_COUNT - 1, "every layer may share a cap");
_Static_assert(CF_COUNT <= 256, "a field fits in a byte");

/*
 * A kind of rule that is not looked at here makes a layer one that is not plain.
 * What is added to a kind that is has to be asked about above.
 */
static bool
plain_layer(const Layer *layer, const CellLayer *cl, Benefit benefit, PlainLayer *pl)
{
	CumFields	f = cum_fields((LayerCode) layer->code, benefit);
	int			known = rules_of(cl, RK_DEDUCTIBLE) + rules_of(cl, RK_DEDUCTIBLE_ADJUST) +
		rules_of(cl, RK_DEDUCTIBLE_CAP) + rules_of(cl, RK_RATIO) +
		rules_of(cl, RK_ADJUST) + rules_of(cl, RK_CAP);
	const Rule *cap;

	if (layer->dedc_first || known != cl->first[RK_COUNT] || rules_of(cl, RK_DEDUCTIBLE) != 1 ||
		rules_of(cl, RK_RATIO) != 1 || rules_of(cl, RK_CAP) > PLAIN_CAPS ||
		!plain_deductible(cl, pl) || !plain_ratio(layer, cl, pl))
		return false;
	pl->cum_base = (uint8_t) f.base;
	pl->cum_dedc = (uint8_t) f.dedc;
	pl->ncaps = 0;
	EACH_RULE(cl, RK_CAP, cap)
	{
		if (!plain_cap(layer, &f, cap, &pl->cap[pl->ncaps++]))
			return false;
	}
	return true;
}

void
core_plain_cell(const Policy *p, Cell *cell, const Rule *benefit)
{
	cell->plain = true;
	cell->applies = 0;
	for (int l = 0; l < p->nlayers; l++)
	{
		CellLayer  *cl = &cell->layer[l];

		if (!cl->applies)
			continue;
		cell->applies |= (uint16_t) (1 << l);
		/* with groups the year's deductible is no accumulator of the benefit */
		cell->plain = cell->plain &&
			(p->ngroups == 0 || p->layers[l].code != LAYER_BASIC) &&
			plain_layer(&p->layers[l], cl, benefit->u.benefit.benefit, &cl->plain);
	}
}

/* ---- a claim ----------------------------------------------------------------------- */

/* An opening accumulator; false: it is not known. */
static inline bool
cum(const Claim *c, int field, Fen *v)
{
	if (__builtin_expect(c->state[field] == FS_GIVEN, 1))
	{
		*v = c->v[field];
		return true;
	}
	*v = 0;
	return c->state[field] == FS_MISSING;
}

static inline bool
cap_left(const Run *r, const PlainCap *cap, Fen *left)
{
	Fen			used = 0;

	for (int i = 0; i < cap->ncums; i++)
	{
		Fen			v;

		if (!cum(r->c, cap->cums[i], &v))
			return false;
		used += v;
	}
	if (cap->below != 0)
	{
		for (int l = 0; l < LAYER_COUNT; l++)
		{
			if ((cap->below >> l) & 1)
				used += r->s->layer[l].pay;
		}
	}
	*left = fen_max(0, cap->amount - used);
	return true;
}

/* Up to here an amount times a ratio, and rounding it, stays within 64 bits. */
#define PLAIN_MAX	(INT64_MAX / 2 / RATIO_ONE)

static inline __attribute__((always_inline)) bool
run_plain(Run *r, const Layer *layer, const PlainLayer *pl)
{
	const Claim *c = r->c;
	Settlement *s = r->s;
	LayerResult *lr = &s->layer[layer->code];
	Fen			base = core_base(r, layer);
	Fen			d = pl->dedc;
	Fen			dedc;
	Fen			e;
	Fen			lo;
	Fen			hi;
	Fen			from = 0;
	int64_t		exact = 0;
	Fen			pay;
	Fen			capped = 0;
	Ratio		ratio = 0;
	int			used = 0;

	if (pl->reads_dedc)
	{
		Fen			before;

		if (!cum(c, pl->cum_dedc, &before))
			return false;
		if (pl->year_dedc)
			d = fen_max(0, d - before);
		d = fen_min(d, fen_max(0, pl->dedc_limit - before));
	}
	if (__builtin_expect(layer->dedc_open && d > 0 && s->amount[SA_preselfpay_amt] > 0, 0))
		return false;
	dedc = fen_min(d, base);
	e = base - dedc;

	lo = pl->excess ? 0 : dedc;
	if (pl->year_bands)
	{
		Fen			before;
		Fen			consumed;

		if (!cum(c, pl->cum_base, &before) || !cum(c, pl->cum_dedc, &consumed))
			return false;
		lo = pl->excess ? fen_max(0, before - consumed) : before + dedc;
	}
	hi = lo + e;
	if (__builtin_expect(hi > PLAIN_MAX, 0))
		return false;

	/* every band is looked at: where an amount ends cannot be predicted */
	for (int b = 0; b < pl->nbands; b++)
	{
		Fen			upto = pl->band[b].upto;
		Fen			part = fen_min(hi, upto) - fen_max(lo, from);
		bool		in;

		/* an empty eligible cost still has the ratio of its band */
		in = (part > 0) | ((e == 0) & (used == 0) & (lo < upto));
		exact += fen_max(0, part) * pl->band[b].ratio;
		ratio = (in & (used == 0)) ? pl->band[b].ratio : ratio;
		used += in;
		from = upto;
	}
	pay = (exact + RATIO_ONE / 2) / RATIO_ONE;

	for (int i = 0; i < pl->ncaps; i++)
	{
		Fen			left;
		Fen			over;

		if (!cap_left(r, &pl->cap[i], &left))
			return false;
		over = fen_max(0, pay - left);
		capped += over;
		pay -= over;
	}

	lr->base = base;
	lr->dedc = lr->dedc_used = dedc;
	lr->elig = e;
	lr->pay = pay;
	lr->applied = true;
	s->amount[core_column[layer->code]] += pay;
	s->amount[SA_fund_pay_sumamt] += pay;
	if (layer->code == LAYER_BASIC)
	{
		s->amount[SA_dedc_std] = pl->dedc_std;
		s->amount[SA_crt_dedc] = d;
		s->amount[SA_act_pay_dedc] = dedc;
		s->pool_prop_selfpay = ratio;
		s->prop_of = used > 1 ? e : 0;
		s->prop_exact = exact;
		r->dedc = dedc;
		r->overcap = capped;
		r->copay = e - capped - pay;
	}
	else
		r->upper_paid += pay;
	return true;
}

bool
core_plain(Run *r)
{
	const Policy *p = r->p;
	const Cell *cell = r->cell;

	for (int l = 0; l < p->nlayers; l++)
	{
		if ((cell->applies >> l) & 1 &&
			!run_plain(r, &p->layers[l], &cell->layer[l].plain))
			return false;
	}
	return true;
}
