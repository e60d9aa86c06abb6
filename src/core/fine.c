/*
 * fine.c
 *	  Ratios with more decimals than a Ratio holds: several factors, one after the other.
 *
 * 0.4001 x 0.3333 x 0.3333 has twelve decimals.  Where the factors of a layer may
 * come to more than eight, Layer.fine is how many they may come to, and its ratios
 * are whole numbers of 10^-fine; the compiler has seen to it that no product needs
 * more, and that none overflows.
 */
#include "match.h"
#include "run.h"

static Wide
tenths(int n)
{
	Wide		one = 1;

	while (n-- > 0)
		one *= 10;
	return one;
}

/* n / d for n >= 0 and d > 0, half up. */
static Wide
half_up(Wide n, Wide d)
{
	return (n + d / 2) / d;
}

/* From units of 1e-8. */
static Wide
scaled(const Layer *layer, Ratio ratio)
{
	return ratio * tenths(layer->fine - RATIO_DECIMALS);
}

int
core_decimals(Ratio ratio)
{
	int			n = RATIO_DECIMALS;

	while (n > 0 && ratio % 10 == 0)
	{
		ratio /= 10;
		n--;
	}
	return n;
}

/* from is a whole number of what the factor's decimals leave: nothing is rounded. */
static Wide
adjusted(const Layer *layer, const Rule *adj, Wide from)
{
	Ratio		ratio = adj->u.adjust.ratio;
	int			decimals;

	if (adj->u.adjust.op == OP_SET)
		return scaled(layer, ratio);
	if (adj->u.adjust.op == OP_ADD)
		return from + scaled(layer, ratio);
	decimals = core_decimals(ratio);
	return from / tenths(decimals) * (ratio / (Ratio) tenths(RATIO_DECIMALS - decimals));
}

/* Rates of a trace are int64; what does not fit is told with eight decimals. */
static void
fine_step(Run *r, const Layer *layer, StepKind kind, int column, int info, Fen base,
		  Wide rate, Fen amount, Wide aux)
{
	int			decimals = layer->fine;
	bool		second = kind == STEP_ADJUST;	/* aux is a ratio, too */

	if (rate > INT64_MAX || rate < -INT64_MAX || (second && (aux > INT64_MAX || aux < -INT64_MAX)))
	{
		rate /= tenths(decimals - RATIO_DECIMALS);
		aux = second ? aux / tenths(decimals - RATIO_DECIMALS) : aux;
		decimals = RATIO_DECIMALS;
	}
	core_step(r, kind, layer->code, column, info, base, (Ratio) rate, amount, (int64_t) aux);
	r->trace->step[r->trace->n - 1].decimals = (uint8_t) decimals;
}

/* A ratio after the adjustments that hold, within the layer's limits. */
static Wide
fine_ratio(Run *r, const Layer *layer, const CellLayer *cl, Ratio ratio, bool traced)
{
	Wide		to = scaled(layer, ratio < RATIO_FAR ? ratio : RATIO_FAR);
	Wide		limited;
	const Rule *adj;

	EACH_RULE(cl, RK_ADJUST, adj)
	{
		Wide		from = to;

		if (adj->u.adjust.op == OP_MULTIPLY_RESULT || adj->u.adjust.op == OP_ADD_PART)
			continue;
		to = adjusted(layer, adj, from);
		if (traced)
			fine_step(r, layer, STEP_ADJUST, SA_COUNT, adj->info, 0, to - from, 0, to);
	}
	limited = to;
	if (limited < scaled(layer, layer->ratio_min))
		limited = scaled(layer, layer->ratio_min);
	if (limited > scaled(layer, layer->ratio_max))
		limited = scaled(layer, layer->ratio_max);
	if (traced && limited != to)
		fine_step(r, layer, STEP_CLAMP, SA_COUNT, -1, 0, limited, 0, limited > to);
	return limited;
}

Wide
core_fine_ratio(const Layer *layer, const CellLayer *cl, Ratio ratio)
{
	return fine_ratio(NULL, layer, cl, ratio, false);
}

void
core_fine_bands(Run *r, const Layer *layer, const CellLayer *cl, Fen lo, Fen e, Ratio plus,
				int column, Fen *pay, Ratio *single)
{
	const Rule *rule = cell_rule(cl, RK_RATIO);
	bool		traced = r->trace != NULL;
	Wide		one = tenths(layer->fine);
	Wide		exact = 0;
	Wide		first = 0;
	Fen			rounded = 0;
	Fen			from = 0;
	bool		any = false;

	for (int b = 0; b < rule->u.ratio.nbands; b++)
	{
		const Band *band = &rule->u.ratio.bands[b];
		Fen			part = fen_min(lo + e, band->upto) - fen_max(lo, from);
		Wide		ratio;
		Fen			amount;

		from = band->upto;
		/* an empty eligible cost still has the ratio of its band */
		if (part <= 0 && (e > 0 || any || lo >= band->upto))
			continue;
		part = fen_max(0, part);
		ratio = fine_ratio(r, layer, cl, band->ratio + plus, traced);
		amount = (Fen) half_up(part * ratio, one);
		if (traced)
			fine_step(r, layer, STEP_BAND, column, rule->info, part, ratio, amount, band->upto);
		first = any ? first : ratio;
		any = true;
		exact += part * ratio;
		rounded += amount;
	}
	*pay = layer->round_bands ? rounded : (Fen) half_up(exact, one);
	if (traced && *pay != rounded)
		core_step(r, STEP_ROUND, layer->code, column, -1, 0, 0, *pay - rounded, 0);

	/* what is shown has four decimals */
	*single = 10000 * (Ratio) (e == 0 ? half_up(first, one / 10000) :
							   half_up(exact, e * (one / 10000)));
}
