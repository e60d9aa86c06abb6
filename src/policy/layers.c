/*
 * layers.c
 *	  Benefits and layers of a policy document, and the sets of rules in them.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"

#include "policy/compiler.h"

#define MAX_RULES_IN_SET	256
#define MAX_SETS			200

const char *const rule_keys[] = {
	"when", "source", "assumed", "id", "over", "from", "to", "note", NULL
};
const char *const layer_words[] = {
	"basic", "serious", "assistance", "tilt", "supplement", NULL
};
const char *const model_words[] = {"remit_up", "insurer", "self_run", NULL};

static const char *const layer_pays[] = {
	"hifp_pay", "hifmi_pay", "maf_pay", "maf_pay", "oth_pay"
};
static const char *const combine_words[] = {"sum", "best", "sequential", NULL};
static const char *const rounding_words[] = {"layer", "band", NULL};
static const char *const payer_words[] = {"own_fund", "other_book", "external", NULL};
static const char *const pays_words[] = {
	"hospital_direct", "centre_advances", "unknown", NULL
};
static const char *const component_words[] = {
	"inscp", "deductible", "copay", "over_cap", "preselfpay", "overlmt", "ownpay", NULL
};
static const uint8 component_bits[] = {
	COMP_INSCP, COMP_DEDC, COMP_COPAY, COMP_OVERCAP, COMP_PRESELF, COMP_OVERLMT,
	COMP_OWNPAY
};

/* Keys that carry a rule's value: none of them beside "unknown". */
static const char *const value_keys[] = {
	"amount", "percent_of", "ratio", "tiers", "add", "multiply",
	"multiply_result", "set", "reduce", NULL
};

/* ---- sets of rules ---------------------------------------------------------------- */

/* "unknown": true in place of a value. */
static bool
read_unknown(const Obj *o)
{
	JsonbValue	v;
	Path		path;

	if (!get_member(o, "unknown", &v, &path))
		return false;
	if (!val_bool(&path, &v))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s is false", path_text(&path)),
				 errhint("Leave \"unknown\" out and give the figure.")));
	for (int i = 0; value_keys[i] != NULL; i++)
	{
		if (has_member(o, value_keys[i]))
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s has \"unknown\" beside \"%s\"", path_text(&o->path), value_keys[i]),
					 errhint("Either the source gives the figure or it does not.")));
	}
	return true;
}

/* "id" and "over"; an id is unique among the rules of its parameter. */
static void
read_precedence(Compiler *c, const Obj *o, InfoSide *side)
{
	JsonbValue	v;
	Path		path;

	side->id = get_text(o, "id");
	if (get_member(o, "over", &v, &path))
	{
		Arr			a;

		arr_open(&path, &v, &a);
		for (int i = 0; i < a.n; i++)
		{
			JsonbValue	e;
			Path		e_path;

			arr_get(&a, i, &e, &e_path);
			side->over = lappend(side->over, val_text(&e_path, &e));
		}
	}
}

static void
resolve_precedence(Compiler *c, const RuleSet *set)
{
	for (int i = 0; i < set->nrules; i++)
	{
		InfoSide   *side = &c->side[set->rules[i].info];
		ListCell   *lc;

		for (int j = 0; side->id != NULL && j < i; j++)
		{
			const InfoSide *other = &c->side[set->rules[j].info];

			if (other->id != NULL && strcmp(other->id, side->id) == 0)
				ereport(ERROR,
						(errcode(ERRCODE_YB_POLICY_VALUE),
						 errmsg("%s.id: \"%s\" is the id of %s already",
								side->path, side->id, other->path),
						 errhint("Ids are unique within a parameter.")));
		}
		foreach(lc, side->over)
		{
			int			found = -1;

			for (int j = 0; j < set->nrules && found < 0; j++)
			{
				const InfoSide *other = &c->side[set->rules[j].info];

				if (other->id != NULL && strcmp(other->id, lfirst(lc)) == 0)
					found = set->rules[j].info;
			}
			if (found < 0)
				ereport(ERROR,
						(errcode(ERRCODE_YB_POLICY_VALUE),
						 errmsg("%s.over[%d]: no rule of this parameter has the id \"%s\"",
								side->path, foreach_current_index(lc), (char *) lfirst(lc)),
						 errhint("\"over\" names ids of rules in the same list.")));
			if (found == set->rules[i].info)
				ereport(ERROR,
						(errcode(ERRCODE_YB_POLICY_CONFLICT),
						 errmsg("%s.over[%d]: the rule stands over itself",
								side->path, foreach_current_index(lc)),
						 errhint("Name the rule that gives way.")));
			side->beats = lappend_int(side->beats, found);
		}
	}
}

/* An array of rules for one parameter becomes a set.  Returns its index. */
static int
read_set(Compiler *c, const Path *path, const JsonbValue *v, RuleKind kind,
		 LayerCode code, const char *name, const char *parameter)
{
	RuleSet    *set = palloc0_object(RuleSet);
	Arr			a;

	if (list_length(c->sets) == MAX_SETS)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_LIMIT),
				 errmsg("%s: more than %d parameters", path_text(path), MAX_SETS),
				 errhint("Rules that belong together go in one list.")));
	arr_open(path, v, &a);
	if (a.n > MAX_RULES_IN_SET)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_LIMIT),
				 errmsg("%s: more than %d rules", path_text(path), MAX_RULES_IN_SET),
				 errhint("Several codes may share a rule: {\"hosp_lv\": [\"01\", \"02\"]}.")));
	set->kind = kind;
	set->layer = code;
	set->name = keep_text(c, name);
	set->nrules = a.n;
	set->rules = keep_array(c, Rule, a.n);
	for (int i = 0; i < a.n; i++)
	{
		JsonbValue	e;
		Path		e_path;
		Obj			o;
		Rule	   *rule = &set->rules[i];
		Cite		cite;
		List	   *assumed;
		List	   *conds;
		char	   *effect_words;
		char	   *note;
		const char *open_note;

		CHECK_FOR_INTERRUPTS();
		arr_get(&a, i, &e, &e_path);
		obj_open(&e_path, &e, &o);
		obj_check_keys(&o, rule_forms[kind].keys, rule_keys);
		need_cite(c, &o, "source", &cite);
		assumed = read_assumed(c, &o);
		rule->kind = kind;
		rule->undecided = kind != RK_BENEFIT && read_unknown(&o);
		effect_words = rule_forms[kind].effect(c, &o, code, rule);
		conds = list_concat(read_period(c, &o), read_when(c, &o, "when"));

		note = get_text(&o, "note");
		open_note = assumed_note(c, assumed, false);
		if (rule->undecided && open_note == NULL && note == NULL)
			open_note = has_member(&o, "reduce") ?
				gettext_noop("P01: the source does not say whether points or a factor") :
				gettext_noop("the source gives no figure");
		if (open_note != NULL)
			note = note == NULL ? pstrdup(open_note) : psprintf("%s; %s", note, open_note);
		rule->info = add_info(c, &e_path, &cite, note);
		set_assumed(c, rule->info, assumed);
		c->side[rule->info].conds = conds;
		read_precedence(c, &o, &c->side[rule->info]);
		add_row(c, &e_path, kind == RK_BENEFIT ? NULL : layer_words[code], parameter,
				conds_words(conds), effect_words, &cite, assumed, note);
	}
	resolve_precedence(c, set);
	c->sets = lappend(c->sets, set);
	return list_length(c->sets) - 1;
}

typedef struct NamedSets
{
	Compiler   *c;
	List	   *names;
} NamedSets;

static void
collect_name(const Path *path, const char *key, JsonbValue *v, void *arg)
{
	NamedSets  *n = arg;

	if (key[0] == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s has an empty name", path_text(path->up)),
				 errhint("Name what the rules are about: \"referral\".")));
	n->names = lappend(n->names, (char *) key);
}

static int
cmp_name(const ListCell *a, const ListCell *b)
{
	return strcmp(lfirst(a), lfirst(b));
}

/*
 * {name: [rules]} becomes a set for each name, in the order of the names as
 * bytes: jsonb does not keep the order in which they were written.
 */
static int
read_named_sets(Compiler *c, const Obj *layer, const char *key, RuleKind kind,
				LayerCode code)
{
	NamedSets	n = {c, NIL};
	JsonbValue	v;
	Path		path;
	Obj			o;
	ListCell   *lc;

	if (!get_member(layer, key, &v, &path))
		return 0;
	obj_open(&path, &v, &o);
	obj_each(&o, collect_name, &n);
	if (n.names == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s is empty", path_text(&path)),
				 errhint("Leave \"%s\" out.", key)));
	list_sort(n.names, cmp_name);
	foreach(lc, n.names)
	{
		char	   *name = lfirst(lc);
		JsonbValue	rules;
		Path		rules_path;

		need_member(&o, name, &rules, &rules_path);
		read_set(c, &rules_path, &rules, kind, code, name,
				 psprintf("%s %s", key, name));
	}
	return list_length(n.names);
}

static int
read_plain_set(Compiler *c, const Obj *layer, const char *key, bool needed, RuleKind kind,
			   LayerCode code)
{
	JsonbValue	v;
	Path		path;

	if (!get_member(layer, key, &v, &path))
	{
		if (needed)
			need_member(layer, key, &v, &path);
		return -1;
	}
	return read_set(c, &path, &v, kind, code, "", key);
}

void
read_benefits(Compiler *c, const Obj *root)
{
	JsonbValue	v;
	Path		path;

	need_member(root, "benefits", &v, &path);
	read_set(c, &path, &v, RK_BENEFIT, LAYER_BASIC, "", "benefit");
}

/* ---- layers --------------------------------------------------------------------------- */

static void
read_payer(Compiler *c, const Obj *layer, LayerCode code)
{
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

	need_member(layer, "payer", &v, &path);
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
	need_cite(c, &o, "source", &cite);
	assumed = read_assumed(c, &o);
	note = get_text(&o, "note");
	if (note == NULL)
		note = assumed_note(c, assumed, false);
	payer->info = add_info(c, &path, &cite, note);
	add_row(c, &path, layer_words[code], "payer", "always", s.data, &cite, assumed, note);
}

static void
read_base(Compiler *c, const Obj *obj, Layer *layer, Cite *cite, List *assumed,
		  const char *note)
{
	JsonbValue	v;
	Path		path;
	Arr			a;
	StringInfoData s;

	need_member(obj, "base", &v, &path);
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
	add_row(c, &path, layer_words[layer->code], "base", "always", s.data, cite, assumed, note);
}

static const char *const layer_keys[] = {
	"code", "pays", "payer", "when", "when_source", "base", "deductible",
	"deductible_adjust", "deductible_cap", "ratio", "adjust", "combine", "ratio_max",
	"rounding", "cap", "floor", "min_self", "source", "assumed", "note", NULL
};

static void
read_layer(Compiler *c, const Path *path, const JsonbValue *v, int previous)
{
	Layer	   *layer = &c->core->layers[c->core->nlayers];
	Obj			o;
	JsonbValue	m;
	Path		m_path;
	char	   *pays;
	LayerCode	code;
	Cite		own;
	Cite	   *cite = NULL;
	List	   *assumed;
	const char *note;
	int			nadjusts;
	int			rounding;

	obj_open(path, v, &o);
	obj_check_keys(&o, layer_keys, NULL);
	need_member(&o, "code", &m, &m_path);
	code = val_word(&m_path, &m, layer_words);
	if ((int) code <= previous)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: layer %s stands after %s", path_text(&m_path),
						layer_words[code], layer_words[previous]),
				 errhint("Each layer once, in the order: %s.", word_list(layer_words))));
	need_member(&o, "pays", &m, &m_path);
	pays = val_text(&m_path, &m);
	if (strcmp(pays, layer_pays[code]) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: layer %s does not pay \"%s\"", path_text(&m_path),
						layer_words[code], pays),
				 errhint("It pays \"%s\".", layer_pays[code])));

	c->core->nlayers++;
	c->out->has_layer[code] = true;
	layer->code = code;
	layer->first_set = list_length(c->sets);
	layer->applies_info = layer->info = -1;
	if (get_cite(c, &o, "source", &own))
		cite = &own;
	assumed = read_assumed(c, &o);
	note = get_text(&o, "note");
	if (note == NULL)
		note = assumed_note(c, assumed, false);
	if (cite != NULL)
	{
		layer->info = add_info(c, &o.path, cite, note);
		set_assumed(c, layer->info, assumed);
	}

	read_payer(c, &o, code);
	layer->payer = c->out->payer[code].kind;
	if (has_member(&o, "when"))
	{
		Cite		when_cite;
		List	   *conds;

		need_cite(c, &o, "when_source", &when_cite);
		conds = read_when(c, &o, "when");
		get_member(&o, "when", &m, &m_path);
		layer->applies_info = add_info(c, &m_path, &when_cite, NULL);
		c->side[layer->applies_info].conds = conds;
		add_row(c, &m_path, layer_words[code], "applies", conds_words(conds), "the layer applies",
				&when_cite, NIL, NULL);
	}
	else if (get_member(&o, "when_source", &m, &m_path))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s stands without \"when\"", path_text(&m_path)),
				 errhint("Leave it out of a layer that applies to everybody.")));
	read_base(c, &o, layer, cite, assumed, note);

	layer->deductible = read_plain_set(c, &o, "deductible", true, RK_DEDUCTIBLE, code);
	read_named_sets(c, &o, "deductible_adjust", RK_DEDUCTIBLE_ADJUST, code);
	read_plain_set(c, &o, "deductible_cap", false, RK_DEDUCTIBLE_CAP, code);
	layer->ratio = read_plain_set(c, &o, "ratio", true, RK_RATIO, code);
	nadjusts = read_named_sets(c, &o, "adjust", RK_ADJUST, code);
	read_named_sets(c, &o, "cap", RK_CAP, code);
	read_plain_set(c, &o, "floor", false, RK_FLOOR, code);
	read_plain_set(c, &o, "min_self", false, RK_MIN_SELF, code);
	layer->nsets = list_length(c->sets) - layer->first_set;

	if (get_member(&o, "combine", &m, &m_path))
	{
		layer->combine = val_word(&m_path, &m, combine_words);
		add_row(c, &m_path, layer_words[code], "combine", "always",
				combine_words[layer->combine], cite, assumed, note);
	}
	else if (nadjusts > 1)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_MISSING_KEY),
				 errmsg("%s: key \"combine\" is missing", path_text(path)),
				 errdetail("%d adjustments may meet in one claim (P09).", nadjusts),
				 errhint("Say how they add up: %s.", word_list(combine_words))));
	layer->ratio_max = RATIO_ONE;
	if (get_member(&o, "ratio_max", &m, &m_path))
	{
		layer->ratio_max = val_ratio(&m_path, &m, 0, RATIO_ONE);
		add_row(c, &m_path, layer_words[code], "ratio_max", "always",
				ratio_words(layer->ratio_max), cite, assumed, note);
	}
	rounding = need_word(&o, "rounding", rounding_words);
	layer->round_bands = rounding == 1;
	get_member(&o, "rounding", &m, &m_path);
	add_row(c, &m_path, layer_words[code], "rounding", "always",
			rounding == 1 ? "each band half up to the fen" : "the layer's payment half up to the fen",
			cite, assumed, note);
}

void
read_layers(Compiler *c, const Obj *root)
{
	JsonbValue	v;
	Path		path;
	Arr			a;
	int			previous = -1;
	ListCell   *lc;

	need_member(root, "layers", &v, &path);
	arr_open(&path, &v, &a);
	for (int i = 0; i < a.n; i++)
	{
		JsonbValue	e;
		Path		e_path;

		arr_get(&a, i, &e, &e_path);
		read_layer(c, &e_path, &e, previous);
		previous = c->core->layers[c->core->nlayers - 1].code;
	}

	/* a shared cap names layers of this document */
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
		}
	}
}
