/*
 * settle.c
 *	  One claim through one policy: all layers in one call.
 *
 * The order of operations is fixed; every difference between areas is data:
 * special programmes first, then for each layer what it looks at, deductible,
 * eligible cost, ratio, adjustments, payment, floor, caps, minimum personal
 * share.  The person's part is what remains, so the identities of settle.h
 * hold to the fen.
 *
 * Nothing is written but *out, *trace, *err and the policy's memo.
 */
#include <string.h>

#include "match.h"
#include "settle.h"

#define SETTLEMENT_NAME(name) #name,
const char *const settlement_names[SA_COUNT] = {
	SETTLEMENT_AMOUNTS(SETTLEMENT_NAME)
};

/* The running state of one settlement. */
typedef struct Run
{
	Policy	   *p;
	const Claim *c;
	const Cell *cell;
	Settlement *s;
	Trace	   *trace;
	CoreError  *err;

	/* burden by component, after the basic layer */
	Fen			inscp;
	Fen			dedc;
	Fen			copay;
	Fen			overcap;
	Fen			upper_paid;		/* by layers above the basic one */
} Run;

static bool
fail(CoreError *err, CoreErrorCode code, int field, int64_t value, int64_t other)
{
	memset(err, 0, sizeof(*err));
	err->code = code;
	err->field = field;
	err->layer = LAYER_COUNT;
	err->set = -1;
	err->info = -1;
	err->value = value;
	err->other = other;
	return false;
}

static void
step(Run *r, StepKind kind, int layer, int column, int info,
	 Fen base, Ratio rate, Fen amount, int64_t aux)
{
	TraceStep  *t;

	if (r->trace->n == TRACE_MAX)
		return;
	t = &r->trace->step[r->trace->n++];
	t->kind = (uint8_t) kind;
	t->layer = (uint8_t) layer;
	t->column = (uint8_t) column;
	t->info = info;
	t->base = base;
	t->rate = rate;
	t->amount = amount;
	t->aux = aux;
}

/* Tracing costs nothing where nobody asks for it. */
#define STEP(...) \
	do { if (r->trace != NULL) step(r, __VA_ARGS__); } while (0)

/* ---- resolving a point to its rules ----------------------------------------- */

/*
 * The value that a dimension looks at.  The ordinal of a stay, where the claim
 * does not bring it, follows from the number of stays before.
 */
static inline bool
dim_value(const Claim *c, int field, int64_t *v)
{
	if (c->state[field] == FS_GIVEN)
	{
		*v = c->v[field];
		return true;
	}
	if (c->state[field] == FS_MISSING)
	{
		if (field == CF_cal_ipt_cnt && c->state[CF_cum_ipt_cnt] != FS_NULL)
		{
			*v = 1 + (c->state[CF_cum_ipt_cnt] == FS_GIVEN ?
					  c->v[CF_cum_ipt_cnt] : 0);
			return true;
		}
		if (field == CF_cum_ipt_cnt)
		{
			*v = 0;
			return true;
		}
	}
	return false;
}

static bool
box_restricts(const Dim *dim, const uint64_t *box)
{
	return !box_has(box, dim->bit0 + ATOM_UNKNOWN);
}

/*
 * Does the box hold at this point?  1 yes, 0 no, -1 the claim leaves open a
 * field that decides it, given in *open.
 */
static int
box_match(const Policy *p, const uint64_t *box, const uint16_t *atom, int *open)
{
	int			result = 1;

	for (int d = 0; d < p->ndims; d++)
	{
		const Dim  *dim = &p->dims[d];

		if (atom[d] != ATOM_UNKNOWN)
		{
			if (!box_has(box, dim->bit0 + atom[d]))
				return 0;
		}
		else if (box_restricts(dim, box))
		{
			*open = d;
			result = -1;
		}
	}
	return result;
}

static bool
fail_open(const Claim *c, const Policy *p, int dim, int info, CoreError *err)
{
	int			field = p->dims[dim].field;

	fail(err, c->state[field] == FS_MISSING ? CE_FIELD_MISSING : CE_FIELD_NULL,
		 field, 0, 0);
	err->info = info;
	return false;
}

/*
 * Fill a cell for a point.  Sets of a layer that does not apply stay at -1.
 */
static bool
resolve(const Policy *p, const Claim *c, const uint16_t *atom, Cell *cell,
		CoreError *err)
{
	int			open = -1;

	cell->applies = 0;
	for (int i = 0; i < p->nlayers; i++)
	{
		const Layer *layer = &p->layers[i];
		int			match = layer->applies == NULL ? 1 :
			box_match(p, layer->applies, atom, &open);

		if (match < 0)
		{
			fail_open(c, p, open, layer->applies_info, err);
			err->layer = layer->code;
			return false;
		}
		if (match > 0)
			cell->applies |= (uint8_t) (1 << i);
	}

	for (int i = 0; i < p->nsets; i++)
		cell->choice[i] = -1;

	for (int l = -1; l < p->nlayers; l++)
	{
		int			first = l < 0 ? 0 : p->layers[l].first_set;
		int			n = l < 0 ? 1 : p->layers[l].nsets;

		if (l >= 0 && !(cell->applies & (1 << l)))
			continue;

		for (int i = first; i < first + n; i++)
		{
			const RuleSet *set = &p->sets[i];

			for (int k = 0; k < set->nrules; k++)
			{
				int			match = box_match(p, set->rules[k].box, atom, &open);

				if (match < 0)
				{
					fail_open(c, p, open, set->rules[k].info, err);
					err->layer = l < 0 ? LAYER_COUNT : p->layers[l].code;
					err->set = i;
					return false;
				}
				if (match > 0)
				{
					cell->choice[i] = (int16_t) k;
					break;
				}
			}

			if (cell->choice[i] < 0 &&
				(set->kind == RK_BENEFIT || set->kind == RK_DEDUCTIBLE ||
				 set->kind == RK_RATIO))
			{
				fail(err, CE_NOT_COVERED, -1, 0, 0);
				err->layer = l < 0 ? LAYER_COUNT : p->layers[l].code;
				err->set = i;
				memcpy(err->atom, atom, sizeof(uint16_t) * (size_t) p->ndims);
				return false;
			}
			if (cell->choice[i] >= 0 && set->rules[cell->choice[i]].undecided)
			{
				fail(err, CE_UNDECIDED, -1, 0, 0);
				err->layer = l < 0 ? LAYER_COUNT : p->layers[l].code;
				err->set = i;
				err->info = set->rules[cell->choice[i]].info;
				return false;
			}
		}
	}
	return true;
}

static inline uint32_t
memo_hash(uint64_t key)
{
	return (uint32_t) ((key * UINT64_C(0x9E3779B97F4A7C15)) >> 32);
}

/*
 * The cell of the claim's point: out of the memo, or resolved.  A full memo is
 * emptied; a point that a claim leaves open is resolved each time.
 */
static const Cell *
lookup(Policy *p, const Claim *c, CoreError *err)
{
	uint16_t	atom[MAX_DIMS];
	uint64_t	key = 0;
	uint32_t	slot;
	Cell	   *cell;

	for (int d = 0; d < p->ndims; d++)
	{
		const Dim  *dim = &p->dims[d];
		int64_t		v;

		if (!dim_value(c, dim->field, &v))
			atom[d] = ATOM_UNKNOWN;
		else
		{
			atom[d] = (uint16_t) dim_atom(dim, v, c->len[dim->field]);
			if (atom[d] == ATOM_OTHER && dim->kind == FK_CODE &&
				!claim_code_known((ClaimField) dim->field, v))
			{
				fail(err, CE_UNKNOWN_CODE, dim->field, v, 0);
				return NULL;
			}
		}
		key |= (uint64_t) atom[d] << dim->key_shift;
	}

	slot = memo_hash(key) & p->memo_mask;
	for (;;)
	{
		cell = (Cell *) (void *) (p->memo + (size_t) slot * p->cell_size);
		if (!cell->used)
			break;
		if (cell->key == key)
			return cell;
		slot = (slot + 1) & p->memo_mask;
	}

	if (p->memo_used > p->memo_mask / 2)
	{
		memset(p->memo, 0, ((size_t) p->memo_mask + 1) * p->cell_size);
		p->memo_used = 0;
		cell = (Cell *) (void *) (p->memo +
								  (size_t) (memo_hash(key) & p->memo_mask) * p->cell_size);
	}
	if (!resolve(p, c, atom, cell, err))
		return NULL;
	cell->key = key;
	cell->used = true;
	p->memo_used++;
	return cell;
}

static inline const Rule *
chosen(const Run *r, int set)
{
	int			k = set < 0 ? -1 : r->cell->choice[set];

	return k < 0 ? NULL : &r->p->sets[set].rules[k];
}

/* ---- accumulators ------------------------------------------------------------- */

/* An opening accumulator; missing means that the claim is the year's first. */
static bool
cum(Run *r, int field, Fen *v)
{
	if (r->c->state[field] == FS_GIVEN)
		*v = r->c->v[field];
	else if (r->c->state[field] == FS_MISSING)
		*v = 0;
	else
		return fail(r->err, CE_FIELD_NULL, field, 0, 0);
	return true;
}

/* Accumulators of a layer: base, deductible, paid (and eligible for basic). */
typedef struct CumFields
{
	int			base;
	int			dedc;
	int			elig;			/* -1: not kept */
	int			pay;
} CumFields;

static const int benefit_first[BEN_COUNT] = {
	CF_cum_ipt_inscp, CF_cum_otp_inscp, CF_cum_opsp_inscp, CF_cum_oth_inscp
};

static CumFields
cum_fields(LayerCode layer, Benefit benefit)
{
	CumFields	f;

	if (layer == LAYER_BASIC)
	{
		f.base = benefit_first[benefit];
		f.dedc = f.base + 1;
		f.elig = f.base + 2;
		f.pay = f.base + 3;
	}
	else
	{
		f.base = CF_cum_mi_base + 3 * ((int) layer - LAYER_SERIOUS);
		f.dedc = f.base + 1;
		f.elig = -1;
		f.pay = f.base + 2;
	}
	return f;
}

/* What a layer has paid this year before this claim, over all benefits. */
static bool
cum_paid(Run *r, LayerCode layer, Fen *sum)
{
	*sum = 0;
	if (layer != LAYER_BASIC)
		return cum(r, cum_fields(layer, BEN_OTHER).pay, sum);

	for (int b = 0; b < BEN_COUNT; b++)
	{
		Fen			v;

		if (!cum(r, benefit_first[b] + 3, &v))
			return false;
		*sum += v;
	}
	return true;
}

/* ---- one layer -------------------------------------------------------------------- */

static Fen
measure(const Run *r, Measure of)
{
	return of == OF_TOTAL ? r->s->amount[SA_medfee_sumamt] : r->inscp;
}

/* What the layer looks at. */
static Fen
layer_base(const Run *r, const Layer *layer)
{
	const Fen  *a = r->s->amount;
	Fen			base = 0;

	if (layer->code == LAYER_BASIC)
		return r->inscp;

	if (layer->components & COMP_DEDC)
		base += r->dedc;
	if (layer->components & COMP_COPAY)
		base += r->copay;
	if (layer->components & COMP_OVERCAP)
		base += r->overcap;
	if (layer->components & COMP_PRESELF)
		base += a[SA_preselfpay_amt];
	if (layer->components & COMP_OVERLMT)
		base += a[SA_overlmt_selfpay];
	if (layer->components & COMP_OWNPAY)
		base += a[SA_fulamt_ownpay_amt];
	return fen_max(0, base - r->upper_paid);
}

/* Standard deductible, with its adjustments, less what the year already took. */
static bool
layer_deductible(Run *r, const Layer *layer, const CumFields *f, Fen base,
				 LayerResult *lr)
{
	const Rule *rule = chosen(r, layer->deductible);
	Fen		   *a = r->s->amount;
	bool		basic = layer->code == LAYER_BASIC;
	int			column = basic ? SA_act_pay_dedc : SA_COUNT;
	Fen			std;
	Fen			d;

	if (rule->u.deductible.is_ratio)
	{
		std = fen_mul_ratio(measure(r, rule->u.deductible.of),
							rule->u.deductible.ratio);
		std = fen_min(fen_max(std, rule->u.deductible.min),
					  rule->u.deductible.max);
	}
	else
		std = rule->u.deductible.amount;
	STEP(STEP_DEDC_STD, layer->code, column, rule->info, base,
		 rule->u.deductible.is_ratio ? rule->u.deductible.ratio : 0, std, 0);

	d = std;
	for (int i = layer->first_set; i < layer->first_set + layer->nsets; i++)
	{
		const Rule *adj;
		Fen			before = d;

		if (r->p->sets[i].kind != RK_DEDUCTIBLE_ADJUST ||
			(adj = chosen(r, i)) == NULL)
			continue;
		if (adj->u.adjust.op == OP_ADD)
			d = fen_max(0, d + adj->u.adjust.amount);
		else if (adj->u.adjust.op == OP_SET)
			d = adj->u.adjust.amount;
		else
			d = fen_mul_ratio(d, adj->u.adjust.ratio);
		STEP(STEP_DEDC_ADJUST, layer->code, column, adj->info, before,
			 adj->u.adjust.op == OP_MULTIPLY ? adj->u.adjust.ratio : 0,
			 d - before, 0);
	}

	for (int i = layer->first_set; i < layer->first_set + layer->nsets; i++)
	{
		const Rule *cap;
		Fen			used;
		Fen			before = d;

		if (r->p->sets[i].kind != RK_DEDUCTIBLE_CAP ||
			(cap = chosen(r, i)) == NULL)
			continue;
		if (!cum(r, f->dedc, &used))
			return false;
		d = fen_min(d, fen_max(0, cap->u.cap.amount - used));
		if (d != before)
			STEP(STEP_DEDC_CAP, layer->code, column, cap->info,
				 cap->u.cap.amount, 0, d - before, used);
	}

	if (rule->u.deductible.per == PER_YEAR)
	{
		Fen			used;
		Fen			before = d;

		if (!cum(r, f->dedc, &used))
			return false;
		d = fen_max(0, d - used);
		if (d != before)
			STEP(STEP_DEDC_YEAR, layer->code, column, rule->info, before, 0,
				 d - before, used);
	}

	lr->dedc = fen_min(d, base);
	if (lr->dedc != d)
		STEP(STEP_DEDC_BASE, layer->code, column, -1, base, 0, lr->dedc - d, 0);
	if (basic)
	{
		a[SA_dedc_std] = std;
		a[SA_crt_dedc] = d;
		a[SA_act_pay_dedc] = lr->dedc;
	}
	return true;
}

/*
 * What is left under a cap of this layer, or of several that share it.
 */
static bool
cap_left(Run *r, const Layer *layer, const CumFields *f, const Rule *cap,
		 Fen *left)
{
	Fen			used = 0;

	if (cap->u.cap.per == PER_YEAR)
	{
		if (!cap->u.cap.on_payment)
		{
			if (!cum(r, f->elig >= 0 ? f->elig : f->base, &used))
				return false;
		}
		else if (cap->u.cap.benefit && cap->u.cap.layers == 0)
		{
			if (!cum(r, f->pay, &used))
				return false;
		}
		else
		{
			for (int l = 0; l < LAYER_COUNT; l++)
			{
				bool		shares = cap->u.cap.layers != 0 ?
					(cap->u.cap.layers >> l) & 1 : l == layer->code;
				Fen			paid;

				if (!shares)
					continue;
				if (!cum_paid(r, (LayerCode) l, &paid))
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
	*left = fen_max(0, cap->u.cap.amount - used);
	return true;
}

/*
 * The change that the layer's adjustments make to a ratio, and the factor on
 * its result.  Every named set of adjustments has at most one rule that holds.
 */
static Ratio
adjusted_ratio(Run *r, const Layer *layer, Ratio ratio)
{
	Ratio		sum = ratio;
	Ratio		best = ratio;
	bool		any = false;

	for (int i = layer->first_set; i < layer->first_set + layer->nsets; i++)
	{
		const Rule *adj;
		Ratio		from = layer->combine == COMBINE_SEQUENTIAL ? sum : ratio;
		Ratio		to;

		if (r->p->sets[i].kind != RK_ADJUST || (adj = chosen(r, i)) == NULL)
			continue;
		switch (adj->u.adjust.op)
		{
			case OP_ADD:
				to = from + adj->u.adjust.ratio;
				break;
			case OP_MULTIPLY:
				to = div_half_up((Wide) from * adj->u.adjust.ratio, RATIO_ONE);
				break;
			case OP_SET:
				to = adj->u.adjust.ratio;
				break;
			default:
				continue;
		}
		best = any ? (to > best ? to : best) : to;
		sum += to - from;
		any = true;
	}
	ratio = layer->combine == COMBINE_BEST ? best : sum;
	if (ratio < 0)
		ratio = 0;
	return ratio < layer->ratio_max ? ratio : layer->ratio_max;
}

/* The same walk again, for the trace alone. */
static void
trace_adjusts(Run *r, const Layer *layer, Ratio ratio)
{
	Ratio		sum = ratio;
	Ratio		result = adjusted_ratio(r, layer, ratio);
	Ratio		best = ratio;
	bool		any = false;

	for (int i = layer->first_set; i < layer->first_set + layer->nsets; i++)
	{
		const Rule *adj;
		Ratio		from = layer->combine == COMBINE_SEQUENTIAL ? sum : ratio;
		Ratio		to;

		if (r->p->sets[i].kind != RK_ADJUST || (adj = chosen(r, i)) == NULL ||
			adj->u.adjust.op == OP_MULTIPLY_RESULT)
			continue;
		if (adj->u.adjust.op == OP_ADD)
			to = from + adj->u.adjust.ratio;
		else if (adj->u.adjust.op == OP_MULTIPLY)
			to = div_half_up((Wide) from * adj->u.adjust.ratio, RATIO_ONE);
		else
			to = adj->u.adjust.ratio;
		best = any ? (to > best ? to : best) : to;
		sum += to - from;
		any = true;
		step(r, STEP_ADJUST, layer->code, SA_COUNT, adj->info, 0,
			 to - from, 0, layer->combine == COMBINE_BEST ? to : sum);
	}
	if (any && result != (layer->combine == COMBINE_BEST ? best : sum))
		step(r, STEP_CLAMP, layer->code, SA_COUNT, -1, 0, result, 0, 0);
}

/*
 * Ratio by band over the eligible cost e.  Bands count from zero of what the
 * layer looks at, or from the deductible; of this visit, or of the year.
 */
static bool
layer_ratio(Run *r, const Layer *layer, const CumFields *f, Fen base,
			Fen dedc, Fen e, int column, Fen *pay, Ratio *single)
{
	const Rule *rule = chosen(r, layer->ratio);
	Fen			lo;
	Fen			hi;
	Fen			from = 0;
	Fen			rounded = 0;
	Wide		exact = 0;
	int			used = 0;
	Ratio		plus = 0;

	(void) base;
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
			fail(r->err, r->c->state[CF_age] == FS_MISSING ?
				 CE_FIELD_MISSING : CE_FIELD_NULL, CF_age, 0, 0);
			r->err->info = rule->info;
			return false;
		}
		plus = rule->u.ratio.per_age * r->c->v[CF_age];
	}

	*single = 0;
	for (int b = 0; b < rule->u.ratio.nbands; b++)
	{
		const Band *band = &rule->u.ratio.bands[b];
		Fen			part = fen_min(hi, band->upto) - fen_max(lo, from);

		/* an empty eligible cost still has the ratio of its band */
		if (part > 0 || (e == 0 && used == 0 && lo < band->upto))
		{
			Ratio		ratio = adjusted_ratio(r, layer, band->ratio + plus);
			Fen			amount;

			part = fen_max(0, part);
			amount = fen_mul_ratio(part, ratio);
			if (r->trace != NULL)
			{
				trace_adjusts(r, layer, band->ratio + plus);
				step(r, STEP_BAND, layer->code, column, rule->info, part, ratio,
					 amount, band->upto);
			}
			exact += (Wide) part * ratio;
			rounded += amount;
			*single = used == 0 ? ratio : 0;
			used++;
		}
		from = band->upto;
		if (from >= hi && used > 0)
			break;
	}

	*pay = layer->round_bands ? rounded : div_half_up(exact, RATIO_ONE);
	if (*pay != rounded)
		STEP(STEP_ROUND, layer->code, column, -1, 0, 0, *pay - rounded, 0);
	if (used > 1)
		*single = e == 0 ? 0 : (Ratio) div_half_up(exact, e);
	return true;
}

static bool
run_layer(Run *r, const Layer *layer)
{
	static const uint8_t columns[LAYER_COUNT] = {
		SA_hifp_pay, SA_hifmi_pay, SA_maf_pay, SA_maf_pay, SA_oth_pay
	};
	LayerResult *lr = &r->s->layer[layer->code];
	CumFields	f = cum_fields((LayerCode) layer->code, r->s->benefit);
	bool		basic = layer->code == LAYER_BASIC;
	int			column = columns[layer->code];
	int			first = layer->first_set;
	int			end = first + layer->nsets;
	Fen			e;
	Fen			before;
	Fen			pay;
	Fen			capped = 0;
	Ratio		ratio;

	lr->applied = true;
	lr->base = layer_base(r, layer);
	STEP(STEP_LAYER_BASE, layer->code, SA_COUNT, -1, lr->base, 0, 0,
		 layer->components);

	if (!layer_deductible(r, layer, &f, lr->base, lr))
		return false;
	e = lr->base - lr->dedc;

	for (int i = first; i < end; i++)
	{
		const Rule *cap;
		Fen			left;

		if (r->p->sets[i].kind != RK_CAP || (cap = chosen(r, i)) == NULL ||
			cap->u.cap.on_payment)
			continue;
		if (!cap_left(r, layer, &f, cap, &left))
			return false;
		if (e > left)
		{
			STEP(STEP_ELIG_CAP, layer->code, SA_COUNT, cap->info, e, 0,
				 e - left, left);
			capped += e - left;
			e = left;
		}
	}
	lr->elig = e;

	if (!layer_ratio(r, layer, &f, lr->base, lr->dedc, e, column, &pay, &ratio))
		return false;

	for (int i = first; i < end; i++)
	{
		const Rule *adj;

		if (r->p->sets[i].kind != RK_ADJUST || (adj = chosen(r, i)) == NULL ||
			adj->u.adjust.op != OP_MULTIPLY_RESULT)
			continue;
		before = pay;
		pay = fen_min(fen_mul_ratio(pay, adj->u.adjust.ratio), e);
		STEP(STEP_RESULT_ADJUST, layer->code, column, adj->info, before,
			 adj->u.adjust.ratio, pay - before, 0);
	}

	/* the floor comes before the caps, so that no floor passes a cap */
	for (int i = first; i < end; i++)
	{
		const Rule *rule;

		if (r->p->sets[i].kind != RK_FLOOR || (rule = chosen(r, i)) == NULL)
			continue;
		before = pay;
		pay = fen_max(pay, fen_min(lr->base,
								   fen_mul_ratio(measure(r, rule->u.share.of),
												 rule->u.share.ratio)));
		if (pay != before)
			STEP(STEP_FLOOR, layer->code, column, rule->info,
				 measure(r, rule->u.share.of), rule->u.share.ratio,
				 pay - before, 0);
	}

	for (int i = first; i < end; i++)
	{
		const Rule *cap;
		Fen			left;

		if (r->p->sets[i].kind != RK_CAP || (cap = chosen(r, i)) == NULL ||
			!cap->u.cap.on_payment)
			continue;
		if (!cap_left(r, layer, &f, cap, &left))
			return false;
		if (pay > left)
		{
			STEP(STEP_CAP, layer->code, column, cap->info, pay, 0, left - pay,
				 left);
			capped += pay - left;
			pay = left;
		}
	}

	for (int i = first; i < end; i++)
	{
		const Rule *rule;
		Fen			most;

		if (r->p->sets[i].kind != RK_MIN_SELF || (rule = chosen(r, i)) == NULL)
			continue;
		/* the person's part is the total less what was paid before */
		most = r->s->amount[SA_medfee_sumamt] -
			r->s->amount[SA_fund_pay_sumamt] -
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

	lr->pay = pay;
	r->s->amount[column] += pay;
	r->s->amount[SA_fund_pay_sumamt] += pay;
	STEP(STEP_LAYER_PAY, layer->code, SA_COUNT, -1, lr->base, ratio, pay, 0);

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
				r->dedc += r->overcap;
				r->overcap = 0;
			}
		}
	}
	else
		r->upper_paid += pay;
	return true;
}

/* ---- the whole claim ------------------------------------------------------------------ */

static const uint8_t part_fields[] = {
	CF_fulamt_ownpay_amt, CF_overlmt_selfpay, CF_preselfpay_amt, CF_inscp_scp_amt
};
#define NPARTS 4

/* A field that may be left out and then is zero. */
static bool
optional_amount(const Claim *c, int field, Fen *v, CoreError *err)
{
	*v = 0;
	if (c->state[field] == FS_NULL)
		return fail(err, CE_FIELD_NULL, field, 0, 0);
	if (c->state[field] == FS_MISSING)
		return true;
	*v = c->v[field];
	if (*v < 0 || *v > FEN_MAX)
		return fail(err, CE_OUT_OF_RANGE, field, *v, 0);
	return true;
}

/*
 * Total and its four parts.  One part may be left out: it is what the others
 * leave of the total.
 */
static bool
read_parts(const Claim *c, Settlement *s, CoreError *err)
{
	Fen			total;
	Fen			sum = 0;
	Fen			part[NPARTS];
	int			absent = -1;
	int			nabsent = 0;

	if (c->state[CF_medfee_sumamt] != FS_GIVEN)
		return fail(err, c->state[CF_medfee_sumamt] == FS_NULL ?
					CE_FIELD_NULL : CE_FIELD_MISSING, CF_medfee_sumamt, 0, 0);
	total = c->v[CF_medfee_sumamt];
	if (total < 0 || total > FEN_MAX)
		return fail(err, CE_OUT_OF_RANGE, CF_medfee_sumamt, total, 0);

	for (int i = 0; i < NPARTS; i++)
	{
		int			field = part_fields[i];

		part[i] = 0;
		if (c->state[field] == FS_NULL)
			return fail(err, CE_FIELD_NULL, field, 0, 0);
		if (c->state[field] == FS_MISSING)
		{
			absent = i;
			nabsent++;
			continue;
		}
		part[i] = c->v[field];
		if (part[i] < 0 || part[i] > FEN_MAX)
			return fail(err, CE_OUT_OF_RANGE, field, part[i], 0);
		sum += part[i];
	}
	if (sum > total || (sum != total && nabsent == 0))
		return fail(err, CE_PARTS, CF_medfee_sumamt, sum, total);
	if (sum != total)
	{
		if (nabsent > 1)
			return fail(err, CE_FIELD_MISSING, part_fields[absent], 0, 0);
		part[absent] = total - sum;
	}

	s->amount[SA_medfee_sumamt] = total;
	s->amount[SA_fulamt_ownpay_amt] = part[0];
	s->amount[SA_overlmt_selfpay] = part[1];
	s->amount[SA_preselfpay_amt] = part[2];
	s->amount[SA_inscp_scp_amt] = part[3];
	return true;
}

static bool
in_force(const Policy *p, const Claim *c, CoreError *err)
{
	int			f = p->version_date;

	if (c->state[f] != FS_GIVEN)
		return true;			/* rules with dates ask for it themselves */
	if (c->v[f] < p->valid_from)
		return fail(err, CE_BEFORE_POLICY, f, c->v[f], p->valid_from);
	if (c->v[f] >= p->valid_to)
		return fail(err, CE_AFTER_POLICY, f, c->v[f], p->valid_to);
	return true;
}

bool
settle(Policy *policy, const Claim *claim, Settlement *out, Trace *trace,
	   CoreError *err)
{
	Run			run = {policy, claim, NULL, out, trace, err, 0, 0, 0, 0, 0};
	Run		   *r = &run;
	Fen		   *a = out->amount;
	const Rule *benefit;
	Fen			programme;

	memset(out, 0, sizeof(*out));
	if (trace != NULL)
		trace->n = 0;

	if (!read_parts(claim, out, err) ||
		!optional_amount(claim, CF_prog_pay, &programme, err) ||
		!optional_amount(claim, CF_hosp_part_amt, &a[SA_hosp_part_amt], err) ||
		!optional_amount(claim, CF_acct_pay, &a[SA_acct_pay], err) ||
		!optional_amount(claim, CF_acct_mulaid_pay, &a[SA_acct_mulaid_pay], err) ||
		!in_force(policy, claim, err))
		return false;

	run.cell = lookup(policy, claim, err);
	if (run.cell == NULL)
		return false;
	benefit = chosen(r, 0);
	out->benefit = benefit->u.benefit.benefit;
	out->pool = benefit->u.benefit.pool;

	/* a special programme pays first, and the insurance looks at the rest */
	if (programme > a[SA_inscp_scp_amt])
		return fail(err, CE_PAID_ABOVE_PART, CF_prog_pay, programme,
					a[SA_inscp_scp_amt]);
	run.inscp = a[SA_inscp_scp_amt] - programme;
	a[SA_oth_pay] = programme;
	a[SA_fund_pay_sumamt] = programme;

	if (trace != NULL)
	{
		step(r, STEP_TOTAL, LAYER_COUNT, SA_medfee_sumamt, -1, 0, 0,
			 a[SA_medfee_sumamt], 0);
		step(r, STEP_OWNPAY, LAYER_COUNT, SA_fulamt_ownpay_amt, -1, 0, 0,
			 a[SA_fulamt_ownpay_amt], 0);
		step(r, STEP_OVERLMT, LAYER_COUNT, SA_overlmt_selfpay, -1, 0, 0,
			 a[SA_overlmt_selfpay], 0);
		step(r, STEP_PRESELF, LAYER_COUNT, SA_preselfpay_amt, -1, 0, 0,
			 a[SA_preselfpay_amt], 0);
		step(r, STEP_SCOPE, LAYER_COUNT, SA_inscp_scp_amt, -1, 0, 0,
			 a[SA_inscp_scp_amt], 0);
		if (programme > 0)
			step(r, STEP_PROGRAMME, LAYER_COUNT, SA_oth_pay, -1,
				 a[SA_inscp_scp_amt], 0, programme, run.inscp);
		step(r, STEP_BENEFIT, LAYER_COUNT, SA_COUNT, benefit->info, 0, 0, 0,
			 out->benefit);
	}

	/* where the basic layer does not pay, everything is left to the others */
	run.copay = run.inscp;
	for (int i = 0; i < policy->nlayers; i++)
	{
		const Layer *layer = &policy->layers[i];

		if (run.cell->applies & (1 << i))
		{
			if (!run_layer(r, layer))
			{
				if (err->layer == LAYER_COUNT)
					err->layer = layer->code;
				return false;
			}
		}
		else if (trace != NULL)
			step(r, STEP_NOT_APPLICABLE, layer->code, SA_COUNT,
				 layer->applies_info, 0, 0, 0, 0);
	}

	a[SA_psn_part_amt] = a[SA_medfee_sumamt] - a[SA_fund_pay_sumamt] -
		a[SA_hosp_part_amt];
	if (a[SA_psn_part_amt] < 0)
		return fail(err, CE_PAID_ABOVE_PART, CF_hosp_part_amt,
					a[SA_hosp_part_amt],
					a[SA_medfee_sumamt] - a[SA_fund_pay_sumamt]);
	a[SA_psn_cash_pay] = a[SA_psn_part_amt] - a[SA_acct_pay] -
		a[SA_acct_mulaid_pay];
	if (a[SA_psn_cash_pay] < 0)
		return fail(err, CE_PAID_ABOVE_PART, CF_acct_pay,
					a[SA_acct_pay] + a[SA_acct_mulaid_pay], a[SA_psn_part_amt]);

	if (trace != NULL)
	{
		if (a[SA_hosp_part_amt] > 0)
			step(r, STEP_HOSP, LAYER_COUNT, SA_hosp_part_amt, -1, 0, 0,
				 a[SA_hosp_part_amt], 0);
		step(r, STEP_PERSON, LAYER_COUNT, SA_psn_part_amt, -1,
			 a[SA_medfee_sumamt], 0, a[SA_psn_part_amt],
			 a[SA_fund_pay_sumamt]);
		if (a[SA_acct_pay] > 0)
			step(r, STEP_ACCT, LAYER_COUNT, SA_acct_pay, -1, 0, 0,
				 a[SA_acct_pay], 0);
		if (a[SA_acct_mulaid_pay] > 0)
			step(r, STEP_MULAID, LAYER_COUNT, SA_acct_mulaid_pay, -1, 0, 0,
				 a[SA_acct_mulaid_pay], 0);
		step(r, STEP_CASH, LAYER_COUNT, SA_psn_cash_pay, -1, 0, 0,
			 a[SA_psn_cash_pay], 0);
	}
	return true;
}

bool
claim_check_codes(const Claim *claim, CoreError *err)
{
	for (int f = 0; f < CF_COUNT; f++)
	{
		if (claim_fields[f].kind == FK_CODE && claim->state[f] == FS_GIVEN &&
			!claim_code_known((ClaimField) f, claim->v[f]))
			return fail(err, CE_UNKNOWN_CODE, f, claim->v[f], 0);
	}
	return true;
}

/* ---- the year goes on -------------------------------------------------------------- */

bool
settle_advance(const Claim *claim, const Settlement *s, int64_t cums[],
			   CoreError *err)
{
	const Fen  *a = s->amount;
	int64_t		plus[CUM_COUNT] = {0};

	plus[CUM(setl_cnt)] = 1;
	plus[CUM(ipt_cnt)] = s->benefit == BEN_INPATIENT;
	plus[CUM(medfee)] = a[SA_medfee_sumamt];
	plus[CUM(preselfpay)] = a[SA_preselfpay_amt];
	plus[CUM(ownpay)] = a[SA_fulamt_ownpay_amt] + a[SA_overlmt_selfpay];

	for (int l = 0; l < LAYER_COUNT; l++)
	{
		CumFields	f = cum_fields((LayerCode) l, s->benefit);

		if (!s->layer[l].applied)
			continue;
		plus[f.base - CF_CUM_FIRST] = s->layer[l].base;
		plus[f.dedc - CF_CUM_FIRST] = s->layer[l].dedc;
		if (f.elig >= 0)
			plus[f.elig - CF_CUM_FIRST] = s->layer[l].elig;
		plus[f.pay - CF_CUM_FIRST] = s->layer[l].pay;
	}

	for (int i = 0; i < CUM_COUNT; i++)
	{
		int			field = CF_CUM_FIRST + i;
		int64_t		open = claim->state[field] == FS_GIVEN ? claim->v[field] : 0;

		if (!fen_add(open, plus[i], &cums[i]))
			return fail(err, CE_OVERFLOW, field, open, plus[i]);
	}
	return true;
}
