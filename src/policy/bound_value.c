/*
 * bound_value.c
 *	  What a document gives at one situation: deductible, ratio or yearly cap.
 */
#include "postgres.h"

#include "core/match.h"
#include "core/run.h"
#include "policy/author.h"
#include "policy/bound.h"

static const Rule *
rule_at(const Policy *p, const RuleSet *set, const uint16 *atom)
{
	for (int i = 0; i < set->nrules; i++)
	{
		bool		in = true;

		for (int d = 0; d < p->ndims && in; d++)
			in = box_has(set->rules[i].box, p->dims[d].bit0 + atom[d]);
		if (in)
			return &set->rules[i];
	}
	return NULL;
}

static bool
layer_at(const Policy *p, const Layer *layer, const uint16 *atom)
{
	for (int d = 0; layer->applies != NULL && d < p->ndims; d++)
	{
		if (!box_has(layer->applies, p->dims[d].bit0 + atom[d]))
			return false;
	}
	return true;
}

/* The rules of a layer at a point, as the pipeline wants them. */
static void
cell_at(const Policy *p, const Layer *layer, const uint16 *atom, CellLayer *cl, const Rule **rules)
{
	int			n = 0;

	memset(cl, 0, sizeof(CellLayer));
	cl->applies = true;
	cl->rules = rules;
	for (int kind = 0; kind < RK_COUNT; kind++)
	{
		cl->first[kind] = n;
		for (int i = layer->first_set; i < layer->first_set + layer->nsets; i++)
		{
			const Rule *rule = p->sets[i].kind == kind ? rule_at(p, &p->sets[i], atom) : NULL;

			if (rule != NULL)
				rules[n++] = rule;
		}
	}
	cl->first[RK_COUNT] = n;
}

void
bound_value_open(Worst *w, const char *why)
{
	w->open = true;
	w->why = why;
}

/* A ratio after its adjustments, to the last decimal. */
static Wide
exact_ratio(const Layer *layer, const CellLayer *cl, Ratio ratio)
{
	Wide		r;

	if (layer->fine == 0)
		return core_adjusted_ratio(layer, cl, ratio) * BOUND_RATIO;
	r = core_fine_ratio(layer, cl, ratio);
	for (int i = layer->fine; i < BOUND_RATIO_DECIMALS; i++)
		r *= 10;
	return r;
}

/* Smallest yearly limit of payments; a shared one is that of all its layers together. */
static void
cap_at(const Policy *p, const Layer *layer, const uint16 *atom, bool together, Worst *w,
	   Wide *shared)
{
	const Rule **rules = palloc_array(const Rule *, layer->nsets + 1);
	const Rule *rule;
	CellLayer	cl;

	cell_at(p, layer, atom, &cl, rules);
	w->value = BOUND_NONE;
	EACH_RULE(&cl, RK_CAP, rule)
	{
		if (rule->undecided)
		{
			w->info = rule->info;
			bound_value_open(w, gettext_noop("the document leaves it open"));
			return;
		}
		if (rule->u.cap.per != PER_YEAR || rule->u.cap.window || !rule->u.cap.on_payment ||
			rule->u.cap.benefit || rule->u.cap.benefits != 0)
			continue;
		if (rule->u.cap.ncounts > 0 || rule->u.cap.of_income)
		{
			w->info = rule->info;
			bound_value_open(w, gettext_noop("it depends on more than codes and flags"));
			return;
		}
		if (rule->u.cap.layers != 0 && together)
			*shared = Min(*shared, rule->u.cap.amount * (Wide) BOUND_FEN);
		else if (rule->u.cap.amount * (Wide) BOUND_FEN < w->value)
		{
			w->value = rule->u.cap.amount * (Wide) BOUND_FEN;
			w->info = rule->info;
		}
		if (rule->u.cap.layers != 0 && w->info < 0)
			w->info = rule->info;
	}
}

bool
bound_value_at(const Policy *p, const Layer *layer, const Layer *with, Parameter par, Side side,
		 const uint16 *atom, Worst *w)
{
	const Rule **rules;
	const Rule *rule;
	CellLayer	cl;
	Fen			d;

	w->info = -1;
	w->open = false;
	w->value = 0;
	if (!layer_at(p, layer, atom) || rule_at(p, &p->sets[0], atom) == NULL)
		return false;
	if (par == PAR_CAP)
	{
		Wide		shared = BOUND_NONE;
		Worst		below;

		cap_at(p, layer, atom, with != NULL, w, &shared);
		if (w->open || with == NULL)
			return true;
		below = *w;
		if (layer_at(p, with, atom))
			cap_at(p, with, atom, true, &below, &shared);
		if (below.open)
			*w = below;
		else if (w->value != BOUND_NONE && below.value != BOUND_NONE)
			w->value += below.value;
		else
			w->value = BOUND_NONE;
		w->value = Min(w->value, shared);
		return true;
	}

	rules = palloc_array(const Rule *, layer->nsets + 1);
	cell_at(p, layer, atom, &cl, rules);
	rule = rule_at(p, &p->sets[par == PAR_RATIO ? layer->ratio : layer->deductible], atom);
	if (rule == NULL)
		return false;
	w->info = rule->info;
	if (rule->undecided)
	{
		bound_value_open(w, gettext_noop("the document leaves it open"));
		return true;
	}
	if (par == PAR_RATIO)
	{
		const Rule *adjust;

		EACH_RULE(&cl, RK_ADJUST, adjust)
		{
			if (adjust->undecided || adjust->u.adjust.op == OP_MULTIPLY_RESULT ||
				adjust->u.adjust.op == OP_ADD_PART)
			{
				w->info = adjust->info;
				bound_value_open(w, adjust->undecided ?
						   gettext_noop("the document leaves it open") :
						   adjust->u.adjust.op == OP_ADD_PART ?
						   gettext_noop("it depends on the cost of each claim") :
						   gettext_noop("a factor on the payment is no ratio"));
				return true;
			}
		}
		if (rule->u.ratio.nbands == 0)
			bound_value_open(w, gettext_noop("an amount is no ratio"));
		for (int i = 0; i < rule->u.ratio.nbands; i++)
		{
			Wide		r = exact_ratio(layer, &cl, rule->u.ratio.bands[i].ratio);

			if (i == 0 || (side == AT_MOST ? r > w->value : r < w->value))
				w->value = r;
		}
		return true;
	}
	if (rule->u.deductible.is_ratio)
	{
		bound_value_open(w, rule->u.deductible.of == OF_INCOME ?
				   gettext_noop("it depends on the income of the year") :
				   gettext_noop("it depends on the cost of each claim"));
		return true;
	}
	d = rule->u.deductible.amount;
	EACH_RULE(&cl, RK_DEDUCTIBLE_ADJUST, rule)
	{
		if (rule->undecided)
		{
			w->info = rule->info;
			bound_value_open(w, gettext_noop("the document leaves it open"));
			return true;
		}
		if (rule->u.adjust.op == OP_ADD)
			d = Max(0, d + rule->u.adjust.amount);
		else if (rule->u.adjust.op == OP_SET)
			d = rule->u.adjust.amount;
		else if (rule->u.adjust.op != OP_MULTIPLY)
		{
			w->info = rule->info;
			bound_value_open(w, gettext_noop("it depends on more than codes and flags"));
			return true;
		}
		else
			d = fen_mul_ratio(d, rule->u.adjust.ratio);	/* as it is settled, to the fen */
	}
	w->value = (Wide) d * BOUND_FEN;
	return true;
}
