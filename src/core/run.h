/*
 * run.h
 *	  What the files of the pipeline share: the state of one settlement.
 *
 *	  resolve.c	a claim's point -> the rules that hold there
 *	  layer.c	one layer: base, deductible, ratio, payment
 *	  deductible.c	deductibles that hang on more than their rule
 *	  adjust.c	adjustments of a ratio, points on a part of the cost
 *	  window.c	caps of other periods than the visit and the year, or that count
 *	  fine.c	ratios with more decimals than a Ratio holds
 *	  plain.c	the whole claim where its rules are common ones, without a trace, and fast
 *	  settle.c	the whole claim
 *	  category.c	the same for a person of several categories
 *	  given.c		the same with the amounts that another system settled
 */
#ifndef YIBAO_CORE_RUN_H
#define YIBAO_CORE_RUN_H

#include "settle.h"

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

	const Fen  *given;			/* amounts that another system settled; NULL for most: given.c */
} Run;

/* What is seldom called stays out of the way. */
#define SELDOM __attribute__((noinline))

extern SELDOM void core_set_error(CoreError *err, CoreErrorCode code, int field,
								  int64_t value, int64_t other);

/* Fill *err and return false. */
static inline bool
core_fail(CoreError *err, CoreErrorCode code, int field, int64_t value,
		  int64_t other)
{
	core_set_error(err, code, field, value, other);
	return false;
}

/* Add a step to the trace; call it through STEP(). */
extern SELDOM void core_step(Run *r, StepKind kind, int layer, int column,
							 int info, Fen base, Ratio rate, Fen amount,
							 int64_t aux);

/* Tracing costs nothing where nobody asks for it. */
#define STEP(...) \
	do { if (r->trace != NULL) core_step(r, __VA_ARGS__); } while (0)

/* Accumulators of a layer: base, deductible, paid (and eligible for basic). */
typedef struct CumFields
{
	int			base;
	int			dedc;
	int			elig;			/* -1: not kept */
	int			pay;
	int			ben_pay;		/* for this benefit */
} CumFields;

extern CumFields cum_fields(LayerCode layer, Benefit benefit);

#define ALL_BENEFITS	((1u << BEN_COUNT) - 1)

/* The benefits whose payments or cost a cap counts for a claim of one: bit set. */
static inline unsigned
cap_benefits(const Rule *cap, Benefit benefit)
{
	return cap->u.cap.benefit ? 1u << benefit :
		cap->u.cap.benefits != 0 ? cap->u.cap.benefits : ALL_BENEFITS;
}

/* Is a cap for claims of this benefit at all? */
static inline bool
cap_is_for(const Rule *cap, Benefit benefit)
{
	return cap->u.cap.benefits == 0 || ((cap->u.cap.benefits >> benefit) & 1);
}

/* The amount of the settlement that each layer pays. */
extern const uint8_t core_column[LAYER_COUNT];

/* What a layer looks at. */
static inline __attribute__((always_inline)) Fen
core_base(const Run *r, const Layer *layer)
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
	if (layer->components & COMP_FIRST)
		base += a[SA_first_selfpay];
	return fen_max(0, base - r->upper_paid);
}

/*
 * A deductible after an adjustment that asks nothing of the claim; not for
 * OP_ADD_EACH and OP_EACH_DAYS.
 */
static inline Fen
core_adjusted_deductible(const Rule *adj, Fen d)
{
	if (adj->u.adjust.op == OP_ADD)
		d = fen_max(0, d + adj->u.adjust.amount);
	else if (adj->u.adjust.op == OP_SET)
		d = adj->u.adjust.amount;
	else
		d = fen_mul_ratio(d, adj->u.adjust.ratio);
	return fen_min(d, FEN_MAX);
}

/*
 * A counting field that a rule (info) reads: given, or derived from the
 * accumulators; false with *err filled.
 */
extern bool core_count(const Claim *c, int field, int info, int64_t *v,
					   CoreError *err);

/*
 * The claim as one of a single category: itself, or a copy in *one.  Of several
 * of which the best is taken it is the first: what is asked of the copy does not
 * hang on that.  NULL with *err filled where the policy does not choose.
 */
extern const Claim *core_one_category(const Policy *p, const Claim *claim, Claim *one,
									  CoreError *err);

/*
 * settle() for a claim of one category, and for one that brings several.  given:
 * the layers take the deductible and pay what these amounts say; NULL for most.
 */
extern bool core_settle_one(Policy *policy, const Claim *claim, const Fen *given,
							Settlement *out, Trace *trace, CoreError *err);
extern SELDOM bool core_settle_several(Policy *p, const Claim *claim, Settlement *out,
									   Trace *trace, CoreError *err);

/* The cell of the claim's point; NULL with *err filled. */
extern const Cell *core_resolve(Policy *p, const Claim *c, CoreError *err);

/* The rule of a set of no layer that holds for the claim: there must be one. */
extern bool core_pick_set(const Policy *p, const Claim *c, int set_no,
						  const Rule **rule, CoreError *err);

/* Benefit, pool and whether a stay counts, where nothing else is asked of the policy. */
extern bool core_benefit(const Policy *p, const Claim *c, const Rule **benefit,
						 uint8_t *counted, CoreError *err);

/* Total, its parts, and what others paid, into out->amount; the claim's date is the policy's. */
extern bool core_read_amounts(const Policy *p, const Claim *c, Settlement *out,
							  Fen *programme, CoreError *err);

/* Where run.given: the deductible that was taken, what the layer paid. */
extern SELDOM void core_given_deductible(Run *r, LayerResult *lr);
extern SELDOM Fen core_given_pay(const Run *r, const Layer *layer, Fen pay);


/* An opening accumulator; missing means that the claim is the year's first. */
extern SELDOM bool core_opening(Run *r, int field, Fen *v);
/* Last year's disposable income, seen from the benefit year; for the rule with this info. */
extern SELDOM bool core_income(Run *r, int info, Fen *income);

/* What is left under a cap of a day, month, quarter, disease or lifetime. */
extern SELDOM bool core_window_left(Run *r, const Rule *cap, Fen amount, Fen *left);
/* A cap's amount where it is a share of the income, or grows with counts: of diseases, of years enrolled. */
extern SELDOM bool core_counted_cap(Run *r, const Rule *cap, Fen *amount);

/* A deductible that changes with every stay, or is due again as days go by. */
extern SELDOM bool core_repeated_deductible(Run *r, const Rule *adj, Fen *d);
/* A deductible less what the stay transferred from took, unless that is too long ago. */
extern SELDOM bool core_less_transfer(Run *r, const Rule *adj, Fen *d);
/* One that comes before first self-pay, of a base. */
extern SELDOM void core_deductible_first(Run *r, Fen base, Fen d, LayerResult *lr);

/* The adjustments of a ratio, for the trace alone. */
extern void core_trace_adjusts(Run *r, const Layer *layer, const CellLayer *cl, Ratio ratio);
/* Points on a part of the eligible cost e. */
extern SELDOM bool core_part_points(Run *r, const Layer *layer, const Rule *adj, Fen e, int column,
									Fen *pay);

/*
 * Where the cell's layers that apply are all plain, core_plain_cell() fills in
 * their figures.  core_quick() gives what settle() gives without a trace, or
 * false: then what it wrote counts for nothing, and settle() has to do it, or to
 * say what is wrong.
 */
extern void core_plain_cell(const Policy *p, Cell *cell, const Rule *benefit);
extern bool core_quick(Policy *p, const Claim *c, Settlement *out);

/* No layer has paid yet; a special programme may have. */
static inline void
core_start_layers(Settlement *s, Fen programme)
{
	Fen		   *a = s->amount;

	a[SA_dedc_std] = a[SA_crt_dedc] = a[SA_act_pay_dedc] = 0;
	a[SA_hifp_pay] = a[SA_hifmi_pay] = a[SA_maf_pay] = 0;
	a[SA_first_selfpay] = 0;
	a[SA_oth_pay] = a[SA_fund_pay_sumamt] = programme;
	s->pool_prop_selfpay = 0;
	s->prop_of = 0;
	s->group = 0;
	s->due = DUE_AT_ONCE;
	for (int l = 0; l < LAYER_COUNT; l++)
	{
		s->layer[l].pay = 0;
		s->layer[l].applied = false;
	}
}

/* Run one layer that applies: fills its LayerResult and payment. */
extern bool core_layer(Run *r, const Layer *layer, const CellLayer *cl);

/* The rules of a kind that hold in this layer. */
#define EACH_RULE(cl, kind, rule) \
	for (int i_ = (cl)->first[kind]; \
		 i_ < (cl)->first[(kind) + 1] && ((rule) = (cl)->rules[i_]) != NULL; i_++)

/* The one rule of a kind that there always is. */
static inline const Rule *
cell_rule(const CellLayer *cl, RuleKind kind)
{
	return cl->rules[cl->first[kind]];
}

/* No adjustment takes a ratio further than this, so none overflows. */
#define RATIO_FAR	(1000 * RATIO_ONE)

/*
 * What the ratios pay of the eligible cost e, which begins at lo of the bands,
 * where layer->fine: see fine.c.
 */
extern SELDOM void core_fine_bands(Run *r, const Layer *layer, const CellLayer *cl, Fen lo,
								   Fen e, Ratio plus, int column, Fen *pay, Ratio *single);

/*
 * A ratio after the adjustments that hold, within the layer's limits; where
 * layer->fine, core_fine_ratio() has all its decimals, in 10^-fine.
 */
extern Ratio core_adjusted_ratio(const Layer *layer, const CellLayer *cl,
								 Ratio ratio);
extern Wide core_fine_ratio(const Layer *layer, const CellLayer *cl, Ratio ratio);

#endif							/* YIBAO_CORE_RUN_H */
