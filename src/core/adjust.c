/*
 * adjust.c
 *	  What adjustments make of a ratio, and points on a part of the cost.
 */
#include "run.h"

/* Not those of the payment, nor of a part of the cost. */
static inline bool
changes_ratio(const Rule *adj)
{
	return adj->u.adjust.op != OP_MULTIPLY_RESULT && adj->u.adjust.op != OP_ADD_PART;
}

/* A ratio after one adjustment that changes it. */
static inline Ratio
adjust_ratio(const Rule *adj, Ratio from)
{
	Ratio		to;

	if (adj->u.adjust.op == OP_SET)
		return adj->u.adjust.ratio;
	if (adj->u.adjust.op == OP_ADD)
		to = from + adj->u.adjust.ratio;
	else
		to = div_half_up((Wide) from * adj->u.adjust.ratio, RATIO_ONE);
	return to > RATIO_FAR ? RATIO_FAR : to < -RATIO_FAR ? -RATIO_FAR : to;
}

/*
 * The change that the layer's adjustments make to a ratio, and the factor on
 * its result.  Every named set of adjustments has at most one rule that holds.
 * r: to say what each does; NULL, which costs nothing.
 */
static inline __attribute__((always_inline)) Ratio
adjusted(Run *r, const Layer *layer, const CellLayer *cl, Ratio ratio)
{
	const Rule *adj;
	Ratio		sum = ratio;
	Ratio		best = ratio;
	Ratio		result;
	bool		any = false;

	EACH_RULE(cl, RK_ADJUST, adj)
	{
		Ratio		from = layer->combine == COMBINE_SEQUENTIAL ? sum : ratio;
		Ratio		to;

		if (!changes_ratio(adj))
			continue;
		to = adjust_ratio(adj, from);
		best = any ? (to > best ? to : best) : to;
		sum += to - from;
		any = true;
		if (r != NULL)
			core_step(r, STEP_ADJUST, layer->code, SA_COUNT, adj->info, 0,
				 to - from, 0, layer->combine == COMBINE_BEST ? to : sum);
	}
	if (layer->combine == COMBINE_BEST)
		sum = best;
	result = sum < layer->ratio_min ? layer->ratio_min : sum;
	result = result < layer->ratio_max ? result : layer->ratio_max;
	if (r != NULL && result != sum)
		core_step(r, STEP_CLAMP, layer->code, SA_COUNT, -1, 0, result, 0,
				  result > sum);
	return result;
}

Ratio
core_adjusted_ratio(const Layer *layer, const CellLayer *cl, Ratio ratio)
{
	return adjusted(NULL, layer, cl, ratio);
}

void
core_trace_adjusts(Run *r, const Layer *layer, const CellLayer *cl, Ratio ratio)
{
	(void) adjusted(r, layer, cl, ratio);
}

/*
 * Points on a part of the eligible cost e: traditional medicine.  The part's
 * share of the payment then is at most ratio_max of it, and not below 0.
 */
bool
core_part_points(Run *r, const Layer *layer, const Rule *adj, Fen e, int column, Fen *pay)
{
	int			field = adj->u.adjust.part;
	Fen			part = r->c->v[field];
	Fen			whole = r->s->amount[SA_inscp_scp_amt];
	Fen			paid;
	Fen			more;

	if (r->c->state[field] != FS_GIVEN)
	{
		core_fail(r->err, r->c->state[field] == FS_MISSING ?
				  CE_FIELD_MISSING : CE_FIELD_NULL, field, 0, 0);
		r->err->info = adj->info;
		return false;
	}
	if ((uint64_t) part > (uint64_t) whole)
		return core_fail(r->err, CE_PAID_ABOVE_PART, field, part, whole);

	/* what of it is eligible: deductible, caps and programmes took whole - e */
	switch (adj->u.adjust.bears)
	{
		case PART_BEARS_SHARE:
			part = part == 0 ? 0 : div_half_up((Wide) part * e, whole);
			break;
		case PART_BEARS_FIRST:
			part = fen_max(0, part - (whole - e));
			break;
		case PART_BEARS_LAST:
			part = fen_min(part, e);
			break;
	}
	paid = part == 0 ? 0 : div_half_up((Wide) *pay * part, e);
	if (adj->u.adjust.ratio >= 0)
		more = fen_min(fen_mul_ratio(part, adj->u.adjust.ratio),
					   fen_max(0, fen_mul_ratio(part, layer->ratio_max) - paid));
	else
		more = -fen_min(fen_mul_ratio(part, -adj->u.adjust.ratio), paid);
	more = fen_min(more, e - *pay);
	*pay += more;
	if (r->trace != NULL)
		core_step(r, STEP_PART, layer->code, column, adj->info, part,
				  adj->u.adjust.ratio, more, field);
	return true;
}
