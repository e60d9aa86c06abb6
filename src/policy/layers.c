/*
 * layers.c
 *	  Layers of a policy document: who pays, what of, and how its rules work together.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"

#include "core/match.h"
#include "policy/compiler.h"

const char *const layer_words[] = {
	"basic", "serious", "serious_second", "assistance", "tilt", "supplement", NULL
};
const char *const model_words[] = {"remit_up", "insurer", "self_run", NULL};

static const char *const layer_pays[] = {
	"hifp_pay", "hifmi_pay", "hifmi_pay", "maf_pay", "maf_pay", "oth_pay"
};
static const char *const combine_words[] = {"sum", "best", "sequential", "product", NULL};
static const char *const order_words[] = {"after_preselfpay", "before_preselfpay", NULL};
static const char *const rounding_words[] = {"layer", "band", NULL};
static const char *const payer_words[] = {"own_fund", "other_book", "external", NULL};
static const char *const pays_words[] = {
	"hospital_direct", "centre_advances", "unknown", NULL
};
static const char *const component_words[] = {
	"inscp", "deductible", "copay", "over_cap", "preselfpay", "overlmt", "ownpay",
	"first_selfpay", NULL
};
static const uint8 component_bits[] = {
	COMP_INSCP, COMP_DEDC, COMP_COPAY, COMP_OVERCAP, COMP_PRESELF, COMP_OVERLMT,
	COMP_OWNPAY, COMP_FIRST
};

void
read_benefits(Compiler *c, const Obj *root)
{
	JsonbValue	v;
	Path		path;

	need_member(root, "benefits", &v, &path);
	read_set(c, &path, &v, RK_BENEFIT, LAYER_BASIC, "", "benefit");
}

/* A layer that is being read. */
typedef struct LayerReading
{
	Compiler   *c;
	const Obj  *o;
	Layer	   *layer;
	LayerCode	code;
	Cite	   *cite;
	List	   *assumed;
	const char *note;
	int			nadjusts;
} LayerReading;

static void
read_payer(void *arg)
{
	LayerReading *r = arg;
	Compiler   *c = r->c;
	LayerCode	code = r->code;
	static const char *const keys[] = {
		"kind", "name", "fund", "pays", "model", "source", "assumed", "note", NULL
	};
	PolicyPayer *payer = &c->out->payer[code];
	JsonbValue	v;
	Path		path;
	Path		sub;
	Obj			o;
	Cite		cite;
	List	   *assumed;
	const char *note;
	StringInfoData s;

	need_member(r->o, "payer", &v, &path);
	obj_open(&path, &v, &o);
	obj_check_keys(&o, keys, NULL);
	payer->layer = code;
	payer->kind = need_word(&o, "kind", payer_words);
	payer->name = keep_text(c, get_text(&o, "name"));
	payer->fund = keep_text(c, get_text(&o, "fund"));
	initStringInfo(&s);
	appendStringInfoString(&s, payer_words[payer->kind]);
	if (payer->name != NULL)
		appendStringInfo(&s, " %s", payer->name);
	if (payer->kind == PAYER_OWN_FUND)
	{
		if (get_member(&o, "pays", &v, &sub) || get_member(&o, "fund", &v, &sub))
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s belongs to another payer than the fund itself", path_text(&sub)),
					 errhint("Leave it out for \"own_fund\".")));
		payer->pays = PAYS_OWN;
	}
	else
	{
		payer->pays = PAYS_HOSPITAL_DIRECT + need_word(&o, "pays", pays_words);
		appendStringInfo(&s, ", %s", payer->pays == PAYS_UNKNOWN ? "way of payment unknown" :
						 pays_words[payer->pays - PAYS_HOSPITAL_DIRECT]);
	}
	if (get_member(&o, "model", &v, &sub))
	{
		if (code != LAYER_SERIOUS)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s belongs to the serious-illness layer", path_text(&sub)),
					 errhint("Leave it out here.")));
		payer->model = SERIOUS_REMIT_UP + val_word(&sub, &v, model_words);
		appendStringInfo(&s, ", %s", model_words[payer->model - SERIOUS_REMIT_UP]);
	}
	note = read_grounds(c, &o, &cite, &assumed);
	payer->info = add_info(c, &path, &cite, note);
	add_row(c, &path, layer_words[code], "payer", "always", s.data, &cite, assumed, note);
}

static void
read_base(void *arg)
{
	LayerReading *r = arg;
	Layer	   *layer = r->layer;
	JsonbValue	v;
	Path		path;
	Arr			a;
	StringInfoData s;

	need_member(r->o, "base", &v, &path);
	arr_open(&path, &v, &a);
	initStringInfo(&s);
	for (int i = 0; i < a.n; i++)
	{
		JsonbValue	e;
		Path		e_path;
		int			w;

		arr_get(&a, i, &e, &e_path);
		w = val_word(&e_path, &e, component_words);
		if ((layer->code == LAYER_BASIC) != (w == 0))
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s: \"%s\" is no part of the base of layer %s", path_text(&e_path),
							component_words[w], layer_words[layer->code]),
					 layer->code == LAYER_BASIC ?
					 errhint("The base of the basic layer is [\"inscp\"].") :
					 errhint("It is some of: %s.", word_list(component_words + 1))));
		if (layer->components & component_bits[w])
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s: \"%s\" is named twice", path_text(&e_path), component_words[w]),
					 errhint("Name each part once.")));
		layer->components |= component_bits[w];
		appendStringInfo(&s, "%s%s", i > 0 ? " + " : "", component_words[w]);
	}
	add_row(r->c, &path, layer_words[layer->code], "base", "always", s.data, r->cite,
			r->assumed, r->note);
}

static void
read_applies(void *arg)
{
	LayerReading *r = arg;
	Compiler   *c = r->c;
	JsonbValue	v;
	Path		path;

	if (has_member(r->o, "when"))
	{
		Cite		cite;
		List	   *conds;
		RuleRow    *row;

		need_cite(c, r->o, "when_source", &cite);
		conds = read_when(c, r->o, "when");
		get_member(r->o, "when", &v, &path);
		r->layer->applies_info = add_info(c, &path, &cite, NULL);
		c->side[r->layer->applies_info].conds = conds;
		c->info[r->layer->applies_info].when = keep_text(c, conds_sentence(conds, true));
		c->info[r->layer->applies_info].when_en = keep_text(c, conds_sentence(conds, false));
		row = add_row(c, &path, layer_words[r->code], "applies", conds_words(conds),
					  "the layer applies", &cite, NIL, NULL);
		if (row != NULL)
			row->conds = conds;
	}
	else if (get_member(r->o, "when_source", &v, &path))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s stands without \"when\"", path_text(&path)),
				 errhint("Leave it out of a layer that applies to everybody.")));
}

static void
only_factors(const LayerReading *r, const Path *path)
{
	const ListCell *lc;

	foreach(lc, r->c->sets)
	{
		const RuleSet *set = lfirst(lc);

		for (int i = 0; set->kind == RK_ADJUST && set->layer == r->code && i < set->nrules; i++)
		{
			Op			op = set->rules[i].u.adjust.op;

			if (!set->rules[i].undecided && op != OP_MULTIPLY && op != OP_MULTIPLY_RESULT)
				ereport(ERROR,
						(errcode(ERRCODE_YB_POLICY_VALUE),
						 errmsg("%s: %s is no factor", path_text(path),
								r->c->side[set->rules[i].info].path),
						 errhint("\"product\" multiplies factors; with points or a set ratio among them say \"sequential\".")));
		}
	}
}

/* With this a ratio, of an old person too, stays below what the core cuts off. */
#define MAX_FAR (10 * RATIO_ONE)

/*
 * Factors one after the other: how many decimals may their product with a ratio
 * of the layer have?  A ratio is exact, or the document is refused.
 */
static void
need_decimals(const LayerReading *r)
{
	const RuleSet *ratio = r->layer->ratio >= 0 ? list_nth(r->c->sets, r->layer->ratio) : NULL;
	int			decimals = 0;
	int			whole = 0;		/* digits before the point that factors may add */
	Ratio		far = RATIO_ONE;	/* what they may make of 1 */
	const ListCell *lc;

	for (int i = 0; ratio != NULL && i < ratio->nrules; i++)
	{
		const Rule *rule = &ratio->rules[i];

		for (int b = 0; b < rule->u.ratio.nbands; b++)
			decimals = Max(decimals, core_decimals(rule->u.ratio.bands[b].ratio));
		decimals = Max(decimals, core_decimals(rule->u.ratio.per_age));
	}
	foreach(lc, r->c->sets)
	{
		const RuleSet *set = lfirst(lc);
		int			most = 0;
		Ratio		largest = RATIO_ONE;

		if (set->kind != RK_ADJUST || set->layer != r->code)
			continue;
		for (int i = 0; i < set->nrules; i++)
		{
			const Rule *rule = &set->rules[i];

			if (rule->undecided || rule->u.adjust.op == OP_MULTIPLY_RESULT ||
				rule->u.adjust.op == OP_ADD_PART)
				continue;
			if (rule->u.adjust.op == OP_MULTIPLY)
			{
				most = Max(most, core_decimals(rule->u.adjust.ratio));
				largest = Max(largest, rule->u.adjust.ratio);
			}
			else
				decimals = Max(decimals, core_decimals(rule->u.adjust.ratio));
		}
		decimals += most;
		whole += largest > RATIO_ONE;
		far = Min(div_half_up((Wide) far * largest, RATIO_ONE), MAX_FAR);
	}
	if (decimals <= RATIO_DECIMALS && far < MAX_FAR)
		return;					/* a Ratio holds it */
	decimals = Max(decimals, RATIO_DECIMALS);
	if (decimals > FINE_MAX || decimals + whole > FINE_MAX + 12)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_LIMIT),
				 errmsg("%s.adjust: a ratio and all the factors that it may meet have %d decimals together, more than %d",
						path_text(&r->o->path), decimals, FINE_MAX),
				 errhint("A ratio is held exactly: write fewer factors, or factors with fewer decimals.")));
	r->layer->fine = (uint8_t) decimals;
}

static void
read_combine(void *arg)
{
	LayerReading *r = arg;
	Layer	   *layer = r->layer;
	JsonbValue	v;
	Path		path;

	if (get_member(r->o, "combine", &v, &path))
	{
		int			word = val_word(&path, &v, combine_words);

		/* a product is factors one after another, with nothing else among them */
		if (strcmp(combine_words[word], "product") == 0)
		{
			only_factors(r, &path);
			layer->combine = COMBINE_SEQUENTIAL;
		}
		else
			layer->combine = word;
		add_row(r->c, &path, layer_words[r->code], "combine", "always",
				combine_words[word], r->cite, r->assumed, r->note);
		if (layer->combine == COMBINE_SEQUENTIAL)
			need_decimals(r);
	}
	else if (r->nadjusts > 1)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_MISSING_KEY),
				 errmsg("%s: key \"combine\" is missing", path_text(&r->o->path)),
				 errdetail("%d adjustments may meet in one claim (P09).", r->nadjusts),
				 errhint("Say how they add up: %s.", word_list(combine_words))));
}

static void
read_ratio_limits(void *arg)
{
	LayerReading *r = arg;
	Layer	   *layer = r->layer;
	JsonbValue	v;
	Path		path;

	layer->ratio_min = 0;
	layer->ratio_max = RATIO_ONE;
	if (get_member(r->o, "ratio_max", &v, &path))
	{
		layer->ratio_max = val_ratio(&path, &v, 0, RATIO_ONE);
		add_row(r->c, &path, layer_words[r->code], "ratio_max", "always",
				ratio_words(layer->ratio_max), r->cite, r->assumed, r->note);
	}
	if (get_member(r->o, "ratio_min", &v, &path))
	{
		layer->ratio_min = val_ratio(&path, &v, 0, RATIO_ONE);
		if (layer->ratio_min > layer->ratio_max)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s is above \"ratio_max\"", path_text(&path)),
					 errhint("The smallest ratio cannot exceed the largest.")));
		add_row(r->c, &path, layer_words[r->code], "ratio_min", "always",
				ratio_words(layer->ratio_min), r->cite, r->assumed, r->note);
	}
}

/* Where nobody says which comes first, a claim that has both is refused. */
static void
leave_order_open(LayerReading *r)
{
	static const char *const open = gettext_noop("It is not stated whether the deductible comes before first self-pay or after it (P08)");
	Compiler   *c = r->c;
	const RuleSet *set = r->layer->deductible >= 0 ? list_nth(c->sets, r->layer->deductible) : NULL;
	Path		path = {&r->o->path, "deductible_order", strlen("deductible_order"), 0};
	ListCell   *lc;

	for (int i = 0; set != NULL && i < set->nrules; i++)
	{
		const Rule *rule = &set->rules[i];

		r->layer->dedc_open |= rule->undecided || rule->u.deductible.is_ratio ||
			rule->u.deductible.amount > 0;
	}
	foreach(lc, c->sets)
	{
		const RuleSet *adjust = lfirst(lc);

		for (int i = 0; adjust->kind == RK_DEDUCTIBLE_ADJUST && adjust->layer == LAYER_BASIC && i < adjust->nrules; i++)
			r->layer->dedc_open |= adjust->rules[i].u.adjust.amount > 0;
	}
	if (!r->layer->dedc_open)
		return;
	r->layer->dedc_info = add_info(c, &path, r->cite, open);
	add_row(c, &path, layer_words[r->code], "deductible_order", "always", "unknown", r->cite,
			r->assumed, open);
}

/* Is the deductible taken off the cost before first self-pay or after it (P08)? */
static void
read_deductible_order(void *arg)
{
	LayerReading *r = arg;
	const RuleSet *ratio = r->layer->ratio >= 0 ? list_nth(r->c->sets, r->layer->ratio) : NULL;
	JsonbValue	v;
	Path		path;
	int			word;

	if (!get_member(r->o, "deductible_order", &v, &path))
	{
		if (r->code == LAYER_BASIC)
			leave_order_open(r);
		return;
	}
	if (r->code != LAYER_BASIC)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s belongs to the basic layer", path_text(&path)),
				 errhint("Leave it out here.")));
	word = val_word(&path, &v, order_words);
	r->layer->dedc_first = word == 1;
	for (int i = 0; r->layer->dedc_first && ratio != NULL && i < ratio->nrules; i++)
	{
		if (ratio->rules[i].u.ratio.excess && ratio->rules[i].u.ratio.measure == PER_YEAR)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s: %s counts the year's cost above the deductible", path_text(&path),
							r->c->side[ratio->rules[i].info].path),
					 errhint("A year keeps what the deductible used up, part of which first self-pay has met: let the bands begin at \"zero\", or by \"visit\".")));
	}
	add_row(r->c, &path, layer_words[r->code], "deductible_order", "always",
			order_words[word], r->cite, r->assumed, r->note);
}

static void
read_rounding(void *arg)
{
	LayerReading *r = arg;
	JsonbValue	v;
	Path		path;

	r->layer->round_bands = need_word(r->o, "rounding", rounding_words) == 1;
	get_member(r->o, "rounding", &v, &path);
	add_row(r->c, &path, layer_words[r->code], "rounding", "always",
			r->layer->round_bands ? "each band half up to the fen" :
			"the layer's payment half up to the fen", r->cite, r->assumed, r->note);
}

/* What a layer rests on as a whole. */
static void
read_layer_source(void *arg)
{
	LayerReading *r = arg;
	Cite		own;

	if (get_cite(r->c, r->o, "source", &own))
	{
		r->cite = palloc_object(Cite);
		*r->cite = own;
	}
	r->assumed = read_assumed(r->c, r->o);
	r->note = get_text(r->o, "note");
	if (r->note == NULL)
		r->note = assumed_note(r->c, r->assumed, r->c->english);
	if (r->cite != NULL)
	{
		r->layer->info = add_info(r->c, &r->o->path, r->cite, r->note);
		set_assumed(r->c, r->layer->info, r->assumed);
	}
}

static const char *const layer_keys[] = {
	"code", "pays", "payer", "when", "when_source", "base", "deductible",
	"deductible_adjust", "deductible_cap", "deductible_order", "ratio", "adjust",
	"combine", "ratio_min", "ratio_max", "rounding", "cap", "floor", "min_self", "pay_on",
	"first_selfpay", "source", "assumed", "note", NULL
};

typedef struct LayersReading
{
	Compiler   *c;
	int			previous;		/* code of the layer before, -1: none */
} LayersReading;

static void
read_pays(void *arg)
{
	LayerReading *r = arg;
	JsonbValue	v;
	Path		path;
	char	   *pays;

	need_member(r->o, "pays", &v, &path);
	pays = val_text(&path, &v);
	if (strcmp(pays, layer_pays[r->code]) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: layer %s does not pay \"%s\"", path_text(&path),
						layer_words[r->code], pays),
				 errhint("It pays \"%s\".", layer_pays[r->code])));
}

static void
read_layer(const Path *path, int i, JsonbValue *v, void *arg)
{
	Compiler   *c = ((LayersReading *) arg)->c;
	int		   *previous = &((LayersReading *) arg)->previous;
	Layer	   *layer = &c->core->layers[c->core->nlayers];
	LayerReading reading = {.c = c,.layer = layer};
	Obj			o;
	JsonbValue	m;
	Path		m_path;
	LayerCode	code;

	obj_open(path, v, &o);
	obj_check_keys(&o, layer_keys, NULL);
	need_member(&o, "code", &m, &m_path);
	code = val_word(&m_path, &m, layer_words);
	if ((int) code <= *previous)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: layer %s stands after %s", path_text(&m_path),
						layer_words[code], layer_words[*previous]),
				 errhint("Each layer once, in the order: %s.", word_list(layer_words))));
	*previous = code;

	c->core->nlayers++;
	c->out->has_layer[code] = true;
	layer->code = code;
	layer->first_set = list_length(c->sets);
	layer->applies_info = layer->info = -1;
	reading.o = &o;
	reading.code = code;
	(void) read_part(path, read_pays, &reading);
	(void) read_part(path, read_layer_source, &reading);
	(void) read_part(path, read_payer, &reading);
	layer->payer = c->out->payer[code].kind;
	(void) read_part(path, read_applies, &reading);
	(void) read_part(path, read_base, &reading);

	layer->deductible = read_plain_set(c, &o, "deductible", true, RK_DEDUCTIBLE, code);
	read_named_sets(c, &o, "deductible_adjust", RK_DEDUCTIBLE_ADJUST, code);
	read_plain_set(c, &o, "deductible_cap", false, RK_DEDUCTIBLE_CAP, code);
	layer->ratio = read_plain_set(c, &o, "ratio", true, RK_RATIO, code);
	reading.nadjusts = read_named_sets(c, &o, "adjust", RK_ADJUST, code);
	read_named_sets(c, &o, "cap", RK_CAP, code);
	read_plain_set(c, &o, "floor", false, RK_FLOOR, code);
	read_plain_set(c, &o, "min_self", false, RK_MIN_SELF, code);
	read_plain_set(c, &o, "pay_on", false, RK_PAY_ON, code);
	if (read_plain_set(c, &o, "first_selfpay", false, RK_FIRST_SELFPAY, code) >= 0)
		c->core->first_selfpay = true;
	layer->nsets = list_length(c->sets) - layer->first_set;
	for (int s = layer->first_set; s < layer->first_set + layer->nsets; s++)
	{
		const RuleSet *set = list_nth(c->sets, s);

		for (int k = 0; set->kind == RK_ADJUST && k < set->nrules; k++)
			layer->has_parts |= set->rules[k].u.adjust.op == OP_ADD_PART;
	}

	(void) read_part(path, read_combine, &reading);
	(void) read_part(path, read_ratio_limits, &reading);
	(void) read_part(path, read_deductible_order, &reading);
	(void) read_part(path, read_rounding, &reading);
}

void
read_layers(Compiler *c, const Obj *root)
{
	JsonbValue	v;
	Path		path;
	Arr			a;
	LayersReading reading = {c, -1};
	unsigned	benefits = 0;
	ListCell   *lc;

	need_member(root, "layers", &v, &path);
	arr_open(&path, &v, &a);
	arr_each(&a, read_layer, &reading);

	/* a cap names layers and benefits of this document */
	foreach(lc, c->sets)
	{
		const RuleSet *set = lfirst(lc);

		for (int i = 0; set->kind == RK_BENEFIT && i < set->nrules; i++)
			benefits |= 1u << set->rules[i].u.benefit.benefit;
	}
	foreach(lc, c->sets)
	{
		const RuleSet *set = lfirst(lc);

		for (int i = 0; set->kind == RK_CAP && i < set->nrules; i++)
		{
			for (int l = 0; l < LAYER_COUNT; l++)
			{
				if ((set->rules[i].u.cap.layers & (1 << l)) && !c->out->has_layer[l])
					ereport(ERROR,
							(errcode(ERRCODE_YB_POLICY_VALUE),
							 errmsg("%s.layers: the document has no layer %s",
									c->side[set->rules[i].info].path, layer_words[l]),
							 errhint("Name only layers that stand in \"layers\".")));
			}
			for (int b = 0; b < BEN_COUNT; b++)
			{
				if ((set->rules[i].u.cap.benefits & ~benefits) & (1u << b))
					ereport(ERROR,
							(errcode(ERRCODE_YB_POLICY_VALUE),
							 errmsg("%s.benefits: the document has no benefit %s",
									c->side[set->rules[i].info].path, benefit_words[b]),
							 errhint("Name only those that \"benefits\" of the document says a visit belongs to.")));
			}
		}
	}
}
