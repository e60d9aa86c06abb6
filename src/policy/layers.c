/*
 * layers.c
 *	  Benefits and layers of a policy document: their rules and effects.
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
static const char *const benefit_words[] = {
	"inpatient", "outpatient", "chronic", "other", NULL
};
static const char *const measure_words[] = {"total", "inscp", NULL};
static const char *const on_words[] = {"payment", "eligible", NULL};
static const char *const scope_words[] = {"benefit", "layer", NULL};
static const char *const origin_words[] = {"zero", "deductible", NULL};
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

/* ---- effects -------------------------------------------------------------------- */

/* Read what a rule does; returns it in words.  code: of the layer it is in. */
typedef char *(*EffectFn) (Compiler *c, const Obj *o, LayerCode code, Rule *rule);

static Per
read_per(const Obj *o, const char *key, bool needed)
{
	JsonbValue	v;
	Path		path;
	char	   *s;

	if (!get_member(o, key, &v, &path))
	{
		if (needed)
			need_member(o, key, &v, &path);
		return PER_VISIT;
	}
	s = val_text(&path, &v);
	if (strcmp(s, "visit") == 0)
		return PER_VISIT;
	if (strcmp(s, "year") == 0)
		return PER_YEAR;
	if (strcmp(s, "day") == 0 || strcmp(s, "month") == 0 ||
		strcmp(s, "quarter") == 0 || strcmp(s, "lifetime") == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: \"%s\" is not supported by grammar 1 yet", path_text(&path), s),
				 errhint("Grammar 1 knows \"visit\" and \"year\".")));
	ereport(ERROR,
			(errcode(ERRCODE_YB_POLICY_VALUE),
			 errmsg("%s: \"%s\" is not a word of the grammar here", path_text(&path), s),
			 errhint("It is one of: %s.", "visit, year")));
	return PER_VISIT;
}

static const char *
per_words(Per per)
{
	return per == PER_YEAR ? "year" : "visit";
}

/* Exactly one of these keys stands in the rule; its value.  YB104, YB105. */
static int
need_one_of(const Obj *o, const char *const *keys, JsonbValue *v, Path *path)
{
	int			found = -1;

	for (int i = 0; keys[i] != NULL; i++)
	{
		JsonbValue	w;
		Path		w_path;

		if (!get_member(o, keys[i], &w, &w_path))
			continue;
		if (found >= 0)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s has both \"%s\" and \"%s\"", path_text(&o->path),
							keys[found], keys[i]),
					 errhint("A rule has one effect; make two rules of it.")));
		found = i;
		*v = w;
		*path = w_path;
	}
	if (found < 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_MISSING_KEY),
				 errmsg("%s has no value", path_text(&o->path)),
				 errhint("Give one of: %s; or \"unknown\": true where the source gives no figure.",
						 word_list(keys))));
	return found;
}

static char *
effect_benefit(Compiler *c, const Obj *o, LayerCode code, Rule *rule)
{
	char	   *pool = need_text(o, "pool");
	int			n = 0;
	ListCell   *lc;

	rule->u.benefit.benefit = need_word(o, "benefit", benefit_words);
	foreach(lc, c->pools)
	{
		if (strcmp(lfirst(lc), pool) == 0)
			break;
		n++;
	}
	if (lc == NULL)
		c->pools = lappend(c->pools, (char *) keep_text(c, pool));
	if (n >= 64)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_LIMIT),
				 errmsg("%s: more than %d pools", path_text(&o->path), 64),
				 errhint("Name the same pool in the same words.")));
	rule->u.benefit.pool = n;
	return psprintf("%s, pool %s", benefit_words[rule->u.benefit.benefit], pool);
}

static const char *const deductible_keys[] = {
	"amount", "percent_of", "ratio", "min", "max", "per", "unknown", NULL
};

static char *
effect_deductible(Compiler *c, const Obj *o, LayerCode code, Rule *rule)
{
	static const char *const forms[] = {"amount", "percent_of", NULL};
	JsonbValue	v;
	Path		path;
	StringInfoData s;

	rule->u.deductible.per = read_per(o, "per", !rule->undecided);
	rule->u.deductible.max = FEN_INF;
	if (rule->undecided)
		return pstrdup("unknown");

	initStringInfo(&s);
	if (need_one_of(o, forms, &v, &path) == 0)
	{
		if (has_member(o, "ratio") || has_member(o, "min") || has_member(o, "max"))
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s: \"ratio\", \"min\" and \"max\" belong to \"percent_of\", not to \"amount\"",
							path_text(&o->path)),
					 errhint("Use one of the two forms.")));
		rule->u.deductible.amount = val_amount(&path, &v, false);
		appendStringInfo(&s, "%s per %s", fen_words(rule->u.deductible.amount),
						 per_words(rule->u.deductible.per));
		return s.data;
	}
	rule->u.deductible.is_ratio = true;
	rule->u.deductible.of = val_word(&path, &v, measure_words);
	need_member(o, "ratio", &v, &path);
	rule->u.deductible.ratio = val_ratio(&path, &v, 0, RATIO_ONE);
	appendStringInfo(&s, "%s of %s per %s", ratio_words(rule->u.deductible.ratio),
					 measure_words[rule->u.deductible.of],
					 per_words(rule->u.deductible.per));
	if (get_member(o, "min", &v, &path))
	{
		rule->u.deductible.min = val_amount(&path, &v, false);
		appendStringInfo(&s, ", at least %s", fen_words(rule->u.deductible.min));
	}
	if (get_member(o, "max", &v, &path))
	{
		rule->u.deductible.max = val_amount(&path, &v, false);
		if (rule->u.deductible.max < rule->u.deductible.min)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s is below \"min\"", path_text(&path)),
					 errhint("The smallest deductible cannot exceed the largest.")));
		appendStringInfo(&s, ", at most %s", fen_words(rule->u.deductible.max));
	}
	return s.data;
}

/* Factors of an adjustment are not shares: 上浮10% is "1.1". */
#define MAX_FACTOR	(10 * RATIO_ONE)

static const char *const deductible_adjust_keys[] = {
	"multiply", "add", "set", "unknown", NULL
};

static char *
effect_deductible_adjust(Compiler *c, const Obj *o, LayerCode code, Rule *rule)
{
	static const char *const forms[] = {"multiply", "add", "set", NULL};
	JsonbValue	v;
	Path		path;

	if (rule->undecided)
		return pstrdup("unknown");
	switch (need_one_of(o, forms, &v, &path))
	{
		case 0:
			rule->u.adjust.op = OP_MULTIPLY;
			rule->u.adjust.ratio = val_ratio(&path, &v, 0, MAX_FACTOR);
			return psprintf("x %s", ratio_words(rule->u.adjust.ratio));
		case 1:
			rule->u.adjust.op = OP_ADD;
			rule->u.adjust.amount = val_amount(&path, &v, true);
			return psprintf("%s%s", rule->u.adjust.amount < 0 ? "" : "+",
							fen_words(rule->u.adjust.amount));
		default:
			rule->u.adjust.op = OP_SET;
			rule->u.adjust.amount = val_amount(&path, &v, false);
			return psprintf("= %s", fen_words(rule->u.adjust.amount));
	}
}

static const char *const deductible_cap_keys[] = {"amount", "per", "unknown", NULL};

static char *
effect_deductible_cap(Compiler *c, const Obj *o, LayerCode code, Rule *rule)
{
	JsonbValue	v;
	Path		path;

	if (read_per(o, "per", !rule->undecided) != PER_YEAR && !rule->undecided)
	{
		get_member(o, "per", &v, &path);
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: a limit of deductibles is per year", path_text(&path)),
				 errhint("A limit for one visit is \"max\" of the deductible.")));
	}
	rule->u.cap.per = PER_YEAR;
	rule->u.cap.amount = FEN_INF;
	if (rule->undecided)
		return pstrdup("unknown");
	need_member(o, "amount", &v, &path);
	rule->u.cap.amount = val_amount(&path, &v, false);
	return psprintf("at most %s of deductibles per year", fen_words(rule->u.cap.amount));
}

static const char *const ratio_keys[] = {"ratio", "tiers", "per_age", "unknown", NULL};
static const char *const tiers_keys[] = {"origin", "measure", "bands", NULL};

/* Bands ascend without a gap: each begins where the one before ends. */
static const Band *
read_bands(Compiler *c, const Obj *tiers, int16_t *nbands, StringInfo words)
{
	JsonbValue	v;
	Path		path;
	Arr			a;
	Band	   *bands;
	Fen			below = 0;

	need_member(tiers, "bands", &v, &path);
	arr_open(&path, &v, &a);
	if (a.n > 100)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_LIMIT),
				 errmsg("%s: more than %d bands", path_text(&path), 100),
				 errhint("Join bands that have the same ratio.")));
	bands = keep_array(c, Band, a.n);
	for (int i = 0; i < a.n; i++)
	{
		JsonbValue	e;
		Path		e_path;
		Arr			pair;

		arr_get(&a, i, &e, &e_path);
		arr_open(&e_path, &e, &pair);
		if (pair.n != 2)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s has %d elements", path_text(&e_path), pair.n),
					 errhint("A band is [\"upper end\", \"ratio\"], the last one [null, \"ratio\"].")));
		arr_get(&pair, 0, &v, &path);
		if (v.type == jbvNull)
		{
			if (i < a.n - 1)
				ereport(ERROR,
						(errcode(ERRCODE_YB_POLICY_GAP),
						 errmsg("%s: a band without an upper end is not the last", path_text(&e_path)),
						 errhint("Put the bands in ascending order, [null, ...] last.")));
			bands[i].upto = FEN_INF;
		}
		else
		{
			bands[i].upto = val_amount(&path, &v, false);
			if (bands[i].upto <= below)
				ereport(ERROR,
						(errcode(ERRCODE_YB_POLICY_GAP),
						 errmsg("%s: %s is not above %s, where the band begins",
								path_text(&path), fen_words(bands[i].upto), fen_words(below)),
						 errhint("Put the bands in ascending order, each once.")));
			if (i == a.n - 1)
				ereport(ERROR,
						(errcode(ERRCODE_YB_POLICY_GAP),
						 errmsg("%s: nothing is said about amounts above %s",
								path_text(&a.path), fen_words(bands[i].upto)),
						 errhint("The last band is [null, \"ratio\"]; a limit belongs in \"cap\".")));
			below = bands[i].upto;
		}
		arr_get(&pair, 1, &v, &path);
		bands[i].ratio = val_ratio(&path, &v, 0, RATIO_ONE);
		if (bands[i].upto == FEN_INF)
			appendStringInfo(words, "%s %s", i > 0 ? ", above" : " all", ratio_words(bands[i].ratio));
		else
			appendStringInfo(words, "%s to %s %s", i > 0 ? "," : "",
							 fen_words(bands[i].upto), ratio_words(bands[i].ratio));
	}
	*nbands = a.n;
	return bands;
}

static char *
effect_ratio(Compiler *c, const Obj *o, LayerCode code, Rule *rule)
{
	static const char *const forms[] = {"ratio", "tiers", NULL};
	JsonbValue	v;
	Path		path;
	StringInfoData s;

	if (!rule->undecided && need_one_of(o, forms, &v, &path) == 1)
	{
		Obj			tiers;

		obj_open(&path, &v, &tiers);
		obj_check_keys(&tiers, tiers_keys, NULL);
		rule->u.ratio.excess = need_word(&tiers, "origin", origin_words) == 1;
		rule->u.ratio.measure = read_per(&tiers, "measure", true);
		initStringInfo(&s);
		appendStringInfo(&s, "bands from %s, by %s:",
						 origin_words[rule->u.ratio.excess],
						 per_words(rule->u.ratio.measure));
		rule->u.ratio.bands = read_bands(c, &tiers, &rule->u.ratio.nbands, &s);
	}
	else
	{
		Band	   *band = keep_array(c, Band, 1);

		band->upto = FEN_INF;
		initStringInfo(&s);
		if (rule->undecided)
			appendStringInfoString(&s, "unknown");
		else
		{
			band->ratio = val_ratio(&path, &v, 0, RATIO_ONE);
			appendStringInfoString(&s, ratio_words(band->ratio));
		}
		rule->u.ratio.nbands = 1;
		rule->u.ratio.bands = band;
	}
	if (get_member(o, "per_age", &v, &path))
	{
		rule->u.ratio.per_age = val_ratio(&path, &v, 0, RATIO_ONE);
		appendStringInfo(&s, ", and %s for each year of age",
						 ratio_words(rule->u.ratio.per_age));
		c->core->fields_read[CF_age / 64] |= UINT64_C(1) << (CF_age % 64);
	}
	return s.data;
}

static const char *const adjust_keys[] = {
	"add", "multiply", "multiply_result", "set", "reduce", "unknown", NULL
};

static char *
effect_adjust(Compiler *c, const Obj *o, LayerCode code, Rule *rule)
{
	static const char *const forms[] = {
		"add", "multiply", "multiply_result", "set", "reduce", NULL
	};
	JsonbValue	v;
	Path		path;

	if (rule->undecided)
		return pstrdup("unknown");
	switch (need_one_of(o, forms, &v, &path))
	{
		case 0:
			rule->u.adjust.op = OP_ADD;
			rule->u.adjust.ratio = val_ratio(&path, &v, -RATIO_ONE, RATIO_ONE);
			return psprintf("%s%s points", rule->u.adjust.ratio < 0 ? "" : "+",
							ratio_words(rule->u.adjust.ratio));
		case 1:
			rule->u.adjust.op = OP_MULTIPLY;
			rule->u.adjust.ratio = val_ratio(&path, &v, 0, MAX_FACTOR);
			return psprintf("ratio x %s", ratio_words(rule->u.adjust.ratio));
		case 2:
			rule->u.adjust.op = OP_MULTIPLY_RESULT;
			rule->u.adjust.ratio = val_ratio(&path, &v, 0, MAX_FACTOR);
			return psprintf("payment x %s", ratio_words(rule->u.adjust.ratio));
		case 3:
			rule->u.adjust.op = OP_SET;
			rule->u.adjust.ratio = val_ratio(&path, &v, 0, RATIO_ONE);
			return psprintf("= %s", ratio_words(rule->u.adjust.ratio));
		default:
			rule->u.adjust.op = OP_ADD;
			rule->u.adjust.ratio = -val_ratio(&path, &v, 0, RATIO_ONE);
			rule->undecided = true;
			return psprintf("reduced by %s, points or factor left open (P01)",
							ratio_words(-rule->u.adjust.ratio));
	}
}

static const char *const cap_keys[] = {
	"per", "on", "amount", "layers", "scope", "unknown", NULL
};

static char *
effect_cap(Compiler *c, const Obj *o, LayerCode code, Rule *rule)
{
	JsonbValue	v;
	Path		path;
	StringInfoData s;

	rule->u.cap.per = read_per(o, "per", !rule->undecided);
	rule->u.cap.amount = FEN_INF;
	if (rule->undecided)
		rule->u.cap.on_payment = get_word(o, "on", on_words, 0) == 0;
	else
		rule->u.cap.on_payment = need_word(o, "on", on_words) == 0;
	initStringInfo(&s);
	if (rule->undecided)
		appendStringInfoString(&s, "unknown");
	else
	{
		need_member(o, "amount", &v, &path);
		rule->u.cap.amount = val_amount(&path, &v, false);
		appendStringInfo(&s, "%s at most %s per %s",
						 rule->u.cap.on_payment ? "payment" : "eligible cost",
						 fen_words(rule->u.cap.amount), per_words(rule->u.cap.per));
	}
	if (get_member(o, "layers", &v, &path))
	{
		Arr			a;

		arr_open(&path, &v, &a);
		appendStringInfoString(&s, ", shared by");
		for (int i = 0; i < a.n; i++)
		{
			JsonbValue	e;
			Path		e_path;
			int			l;

			arr_get(&a, i, &e, &e_path);
			l = val_word(&e_path, &e, layer_words);
			if (rule->u.cap.layers & (1 << l))
				ereport(ERROR,
						(errcode(ERRCODE_YB_POLICY_VALUE),
						 errmsg("%s: layer %s is named twice", path_text(&e_path), layer_words[l]),
						 errhint("Name each layer once.")));
			rule->u.cap.layers |= 1 << l;
			appendStringInfo(&s, "%s %s", i > 0 ? "," : "", layer_words[l]);
		}
		if ((rule->u.cap.layers >> code) != 1)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s: %s, the layer that the cap stands in, is not the last of them",
							path_text(&path), layer_words[code]),
					 errhint("A shared cap stands in the last of its layers and names all of them.")));
		if (!rule->u.cap.on_payment)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s: layers can share a limit of payments, not of eligible cost",
							path_text(&path)),
					 errhint("Write \"on\": \"payment\", or a cap in each layer.")));
	}
	if (get_member(o, "scope", &v, &path))
	{
		if (code != LAYER_BASIC)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s: only the basic layer counts by benefit", path_text(&path)),
					 errhint("Leave \"scope\" out.")));
		rule->u.cap.benefit = val_word(&path, &v, scope_words) == 0;
		if (rule->u.cap.benefit && rule->u.cap.layers != 0)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s: a cap that layers share counts all benefits", path_text(&path)),
					 errhint("Leave \"scope\" or \"layers\" out.")));
		if (rule->u.cap.benefit)
			appendStringInfoString(&s, ", this benefit only");
	}
	return s.data;
}

static const char *const share_keys[] = {"ratio", "of", "unknown", NULL};

static char *
effect_share(Compiler *c, const Obj *o, LayerCode code, Rule *rule)
{
	JsonbValue	v;
	Path		path;

	if (rule->undecided)
	{
		rule->u.share.of = get_word(o, "of", measure_words, 0);
		return pstrdup("unknown");
	}
	need_member(o, "ratio", &v, &path);
	rule->u.share.ratio = val_ratio(&path, &v, 0, RATIO_ONE);
	rule->u.share.of = need_word(o, "of", measure_words);
	return psprintf("%s of %s", ratio_words(rule->u.share.ratio),
					measure_words[rule->u.share.of]);
}

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
		 LayerCode code, const char *name, const char *parameter,
		 const char *const *keys, EffectFn effect)
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
		obj_check_keys(&o, keys, rule_keys);
		need_cite(c, &o, "source", &cite);
		assumed = read_assumed(c, &o);
		rule->kind = kind;
		rule->undecided = kind != RK_BENEFIT && read_unknown(&o);
		effect_words = effect(c, &o, code, rule);
		conds = list_concat(read_period(c, &o), read_when(c, &o, "when"));

		note = get_text(&o, "note");
		open_note = assumed_note(c, assumed);
		if (rule->undecided && open_note == NULL && note == NULL)
			open_note = has_member(&o, "reduce") ?
				"P01: the source does not say whether points or a factor" :
				"the source gives no figure";
		if (open_note != NULL)
			note = note == NULL ? pstrdup(open_note) : psprintf("%s; %s", note, open_note);
		rule->info = add_info(c, &e_path, &cite, note);
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
				LayerCode code, const char *const *keys, EffectFn effect)
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
				 psprintf("%s %s", key, name), keys, effect);
	}
	return list_length(n.names);
}

static int
read_plain_set(Compiler *c, const Obj *layer, const char *key, bool needed, RuleKind kind,
			   LayerCode code, const char *const *keys, EffectFn effect)
{
	JsonbValue	v;
	Path		path;

	if (!get_member(layer, key, &v, &path))
	{
		if (needed)
			need_member(layer, key, &v, &path);
		return -1;
	}
	return read_set(c, &path, &v, kind, code, "", key, keys, effect);
}

void
read_benefits(Compiler *c, const Obj *root)
{
	static const char *const keys[] = {"benefit", "pool", NULL};
	JsonbValue	v;
	Path		path;

	need_member(root, "benefits", &v, &path);
	read_set(c, &path, &v, RK_BENEFIT, LAYER_BASIC, "", "benefit", keys, effect_benefit);
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
		note = assumed_note(c, assumed);
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
	layer->applies_info = -1;
	if (get_cite(c, &o, "source", &own))
		cite = &own;
	assumed = read_assumed(c, &o);
	note = get_text(&o, "note");
	if (note == NULL)
		note = assumed_note(c, assumed);

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

	layer->deductible = read_plain_set(c, &o, "deductible", true, RK_DEDUCTIBLE, code,
									   deductible_keys, effect_deductible);
	read_named_sets(c, &o, "deductible_adjust", RK_DEDUCTIBLE_ADJUST, code,
					deductible_adjust_keys, effect_deductible_adjust);
	read_plain_set(c, &o, "deductible_cap", false, RK_DEDUCTIBLE_CAP, code,
				   deductible_cap_keys, effect_deductible_cap);
	layer->ratio = read_plain_set(c, &o, "ratio", true, RK_RATIO, code, ratio_keys, effect_ratio);
	nadjusts = read_named_sets(c, &o, "adjust", RK_ADJUST, code, adjust_keys, effect_adjust);
	read_named_sets(c, &o, "cap", RK_CAP, code, cap_keys, effect_cap);
	read_plain_set(c, &o, "floor", false, RK_FLOOR, code, share_keys, effect_share);
	read_plain_set(c, &o, "min_self", false, RK_MIN_SELF, code, share_keys, effect_share);
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
