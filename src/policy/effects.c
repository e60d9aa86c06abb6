/*
 * effects.c
 *	  What a rule does: the forms of each parameter, read and put in words; those
 *	  of limits are in caps.c.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "policy/compiler.h"

const char *const benefit_words[] = {
	"inpatient", "outpatient", "chronic", "other", NULL
};
static const char *const measure_words[] = {"total", "inscp", NULL};
static const char *const percent_of_words[] = {"total", "inscp", "income", NULL};
static const char *const origin_words[] = {"zero", "deductible", NULL};

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

void
need_field(Compiler *c, ClaimField field)
{
	c->core->fields_read[field / 64] |= UINT64_C(1) << (field % 64);
}

void
need_income(Compiler *c, const Path *path)
{
	if (c->core->nincomes == 0 && !faults_collected())
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_MISSING_KEY),
				 errmsg("%s: the document has no \"income\"", path_text(path)),
				 errhint("Give the disposable income a head at the top: \"income\": [{\"year\": 2023, \"amount\": ..., \"source\": ...}].")));
	need_field(c, CF_year);
}

int
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

static const char *const benefit_keys[] = {"benefit", "pool", NULL};

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
	"amount", "percent_of", "ratio", "min", "max", "per", "group", "at", "fixed", "unknown", NULL
};
static const char *const at_words[] = {"hospital", NULL};

/* "group": a yearly deductible that its group shares and no other; "at": hospital by hospital. */
static void
read_group(Compiler *c, const Obj *o, LayerCode code, Rule *rule, StringInfo words)
{
	JsonbValue	v;
	Path		path;
	char	   *name;
	int			n = 0;
	ListCell   *lc;

	if (!get_member(o, "group", &v, &path))
	{
		if (get_member(o, "at", &v, &path))
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s stands without \"group\"", path_text(&path)),
					 errhint("\"at\" says that a group counts hospital by hospital.")));
		return;
	}
	name = val_text(&path, &v);
	if (code != LAYER_BASIC || rule->u.deductible.per != PER_YEAR)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: groups share a deductible \"per\": \"year\" of the basic layer",
						path_text(&path)),
				 errhint("Leave \"group\" out.")));
	foreach(lc, c->groups)
	{
		if (strcmp(lfirst(lc), name) == 0)
			break;
		n++;
	}
	if (lc == NULL)
		c->groups = lappend(c->groups, (char *) keep_text(c, name));
	rule->u.deductible.group = n + 1;
	appendStringInfo(words, ", once for group %s", name);
	if (get_member(o, "at", &v, &path))
	{
		rule->u.deductible.at_hospital = val_word(&path, &v, at_words) == 0;
		appendStringInfoString(words, " at each hospital");
		need_field(c, CF_fixmedins_code);
	}
}

static void
read_group_and_fixed(Compiler *c, const Obj *o, LayerCode code, Rule *rule, StringInfo words)
{
	JsonbValue	v;
	Path		path;

	read_group(c, o, code, rule, words);
	if (!get_member(o, "fixed", &v, &path))
		return;
	if (!val_bool(&path, &v))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s is false", path_text(&path)),
				 errhint("Leave \"fixed\" out: deductibles are adjusted unless it is true.")));
	rule->u.deductible.fixed = true;
	appendStringInfoString(words, ", not adjusted");
}

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
		read_group_and_fixed(c, o, code, rule, &s);
		return s.data;
	}
	rule->u.deductible.is_ratio = true;
	rule->u.deductible.of = val_word(&path, &v, percent_of_words);
	if (rule->u.deductible.of == OF_INCOME)
		need_income(c, &path);
	need_member(o, "ratio", &v, &path);
	rule->u.deductible.ratio = val_ratio(&path, &v, 0, RATIO_ONE);
	appendStringInfo(&s, "%s of %s per %s", ratio_words(rule->u.deductible.ratio),
					 percent_of_words[rule->u.deductible.of],
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
	read_group_and_fixed(c, o, code, rule, &s);
	return s.data;
}

static const char *const deductible_adjust_keys[] = {
	"multiply", "add", "set", "add_each", "floor", "each_days", "less", "within_days",
	"unknown", NULL
};
static const char *const less_words[] = {"trsf_dedc", NULL};

static char *
effect_deductible_adjust(Compiler *c, const Obj *o, LayerCode code, Rule *rule)
{
	static const char *const forms[] = {
		"multiply", "add", "set", "add_each", "each_days", "less", NULL
	};
	JsonbValue	v;
	Path		path;
	int			form;

	if (rule->undecided)
		return pstrdup("unknown");
	form = need_one_of(o, forms, &v, &path);
	if (has_member(o, "floor") != (form == 3))
		ereport(ERROR,
				(errcode(form == 3 ? ERRCODE_YB_POLICY_MISSING_KEY : ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: \"floor\" stands with \"add_each\", and only there",
						path_text(&o->path)),
				 errhint("\"add_each\" changes the deductible with every stay; \"floor\" says where that ends, \"0\" where it may come to nothing.")));
	if (form != 5 && has_member(o, "within_days"))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: \"within_days\" stands with \"less\", and only there",
						path_text(&o->path)),
				 errhint("It limits the days between the stay transferred from and this one.")));
	switch (form)
	{
		case 5:
			rule->u.adjust.op = OP_LESS_TRANSFER;
			(void) val_word(&path, &v, less_words);
			need_field(c, CF_trsf_dedc);
			rule->u.adjust.days = INT32_MAX;
			if (!get_member(o, "within_days", &v, &path))
				return pstrdup("less what the stay transferred from took");
			rule->u.adjust.days = val_int(&path, &v, 0, 3660);
			need_field(c, CF_trsf_days);
			return psprintf("less what the stay transferred from took, within %d days",
							(int) rule->u.adjust.days);
		case 3:
			rule->u.adjust.op = OP_ADD_EACH;
			rule->u.adjust.amount = val_amount(&path, &v, true);
			need_member(o, "floor", &v, &path);
			rule->u.adjust.floor = val_amount(&path, &v, false);
			need_field(c, CF_cal_ipt_cnt);
			return psprintf("%s%s for each stay of the year before, not below %s",
							rule->u.adjust.amount < 0 ? "" : "+",
							fen_words(rule->u.adjust.amount), fen_words(rule->u.adjust.floor));
		case 4:
			rule->u.adjust.op = OP_EACH_DAYS;
			rule->u.adjust.days = val_int(&path, &v, 1, 3660);
			need_field(c, CF_act_ipt_days);
			return psprintf("once for every %d days begun", (int) rule->u.adjust.days);
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

static const char *const ratio_keys[] = {
	"ratio", "tiers", "flat", "per_age", "unknown", NULL
};
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
	static const char *const forms[] = {"ratio", "tiers", "flat", NULL};
	JsonbValue	v;
	Path		path;
	StringInfoData s;
	int			form = rule->undecided ? 0 : need_one_of(o, forms, &v, &path);

	if (form == 2)
	{
		if (has_member(o, "per_age"))
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s: \"per_age\" belongs to a ratio, not to \"flat\"",
							path_text(&o->path)),
					 errhint("Use one of the two forms.")));
		rule->u.ratio.flat = true;
		rule->u.ratio.amount = val_amount(&path, &v, false);
		return psprintf("%s, or the cost when that is less", fen_words(rule->u.ratio.amount));
	}
	if (form == 1)
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
		need_field(c, CF_age);
	}
	return s.data;
}

static const char *const adjust_keys[] = {
	"add", "multiply", "multiply_result", "set", "reduce", "part", "bears", "unknown", NULL
};
static const char *const part_words[] = {"tcm_inscp", NULL};
static const char *const bears_words[] = {"share", "first", "last", NULL};

/* Points on a part of the cost alone: "part", and what it "bears" of the deductible. */
static char *
read_part_points(Compiler *c, const Obj *o, LayerCode code, Rule *rule)
{
	JsonbValue	v;
	Path		path;

	if (!get_member(o, "part", &v, &path))
		return NULL;
	if (code != LAYER_BASIC)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: only the basic layer knows parts of the cost", path_text(&path)),
				 errhint("Leave \"part\" out.")));
	(void) val_word(&path, &v, part_words);
	rule->u.adjust.op = OP_ADD_PART;
	rule->u.adjust.part = CF_tcm_inscp;
	rule->u.adjust.bears = need_word(o, "bears", bears_words);
	need_field(c, CF_tcm_inscp);
	return psprintf("%s%s points on %s, which bears %s of what is cut",
					rule->u.adjust.ratio < 0 ? "" : "+", ratio_words(rule->u.adjust.ratio),
					claim_fields[CF_tcm_inscp].name,
					rule->u.adjust.bears == PART_BEARS_SHARE ? "its share" :
					rule->u.adjust.bears == PART_BEARS_FIRST ? "the first" : "the last");
}

static char *
effect_adjust(Compiler *c, const Obj *o, LayerCode code, Rule *rule)
{
	static const char *const forms[] = {
		"add", "multiply", "multiply_result", "set", "reduce", NULL
	};
	JsonbValue	v;
	Path		path;
	int			form;
	char	   *words;

	if (rule->undecided)
		return pstrdup("unknown");
	form = need_one_of(o, forms, &v, &path);
	if ((form != 0 && has_member(o, "part")) ||
		(has_member(o, "bears") && !has_member(o, "part")))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: \"part\" stands with \"add\", and \"bears\" with \"part\"",
						path_text(&o->path)),
				 errhint("{\"add\": \"0.05\", \"part\": \"tcm_inscp\", \"bears\": \"share\"}: points on that part of the cost alone.")));
	switch (form)
	{
		case 0:
			rule->u.adjust.op = OP_ADD;
			rule->u.adjust.ratio = val_ratio(&path, &v, -RATIO_ONE, RATIO_ONE);
			words = read_part_points(c, o, code, rule);
			if (words != NULL)
				return words;
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

static const char *const first_selfpay_keys[] = {"ratio", "stage", "unknown", NULL};
static const char *const stage_words[] = {"before_deductible", "after_deductible", NULL};

static char *
effect_first_selfpay(Compiler *c, const Obj *o, LayerCode code, Rule *rule)
{
	JsonbValue	v;
	Path		path;

	if (code != LAYER_BASIC)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: first self-pay belongs to the basic layer", path_text(&o->path)),
				 errhint("What it took is a part of the other layers' \"base\": \"first_selfpay\".")));
	if (rule->undecided)
	{
		(void) get_word(o, "stage", stage_words, 0);
		return pstrdup("unknown");
	}
	need_member(o, "ratio", &v, &path);
	rule->u.first.ratio = val_ratio(&path, &v, 0, RATIO_ONE);
	rule->u.first.after = need_word(o, "stage", stage_words) == 1;
	return psprintf(rule->u.first.after ? "%s of what the deductible leaves of the in-policy amount" :
					"%s of the in-policy amount, before the deductible",
					ratio_words(rule->u.first.ratio));
}

static const char *const pay_on_keys[] = {"days", "at", "unknown", NULL};

static char *
effect_pay_on(Compiler *c, const Obj *o, LayerCode code, Rule *rule)
{
	static const char *const forms[] = {"days", "at", NULL};
	static const char *const at_settlement[] = {"settlement", NULL};
	JsonbValue	v;
	Path		path;
	Arr			a;
	StringInfoData s;

	if (code != LAYER_SERIOUS)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: only serious illness is paid on days of its own", path_text(&o->path)),
				 errhint("Leave \"pay_on\" out: the layer is payable with the settlement.")));
	need_field(c, CF_setl_time);
	if (rule->undecided)
		return pstrdup("unknown");
	if (need_one_of(o, forms, &v, &path) == 1)
	{
		(void) val_word(&path, &v, at_settlement);
		return pstrdup("payable with the settlement");
	}
	arr_open(&path, &v, &a);
	if (a.n > PAY_DAYS)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_LIMIT),
				 errmsg("%s: more than %d days", path_text(&path), PAY_DAYS),
				 errhint("Leave \"pay_on\" out where it is paid all the time.")));
	initStringInfo(&s);
	appendStringInfoString(&s, "payable on");
	for (int i = 0; i < a.n; i++)
	{
		JsonbValue	e;
		Path		e_path;
		int			month;
		int			day;

		arr_get(&a, i, &e, &e_path);
		val_month_day(&e_path, &e, &month, &day);
		rule->u.pay_on.day[i] = (int16) (100 * month + day);
		if (i > 0 && rule->u.pay_on.day[i] <= rule->u.pay_on.day[i - 1])
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_GAP),
					 errmsg("%s: the days of a year do not ascend", path_text(&e_path)),
					 errhint("Begin with the first of the calendar year: [\"01-31\", \"09-30\"].")));
		appendStringInfo(&s, "%s %02d-%02d", i > 0 ? "," : "", month, day);
	}
	rule->u.pay_on.ndays = (int16) a.n;
	return s.data;
}

const RuleForm rule_forms[] = {
	[RK_PAY_ON] = {pay_on_keys, effect_pay_on},
	[RK_BENEFIT] = {benefit_keys, effect_benefit},
	[RK_DEDUCTIBLE] = {deductible_keys, effect_deductible},
	[RK_DEDUCTIBLE_ADJUST] = {deductible_adjust_keys, effect_deductible_adjust},
	[RK_DEDUCTIBLE_CAP] = {deductible_cap_keys, effect_deductible_cap},
	[RK_RATIO] = {ratio_keys, effect_ratio},
	[RK_ADJUST] = {adjust_keys, effect_adjust},
	[RK_CAP] = {cap_keys, effect_cap},
	[RK_FLOOR] = {share_keys, effect_share},
	[RK_MIN_SELF] = {share_keys, effect_share},
	[RK_CROSS_YEAR] = {cross_year_keys, effect_cross_year},
	[RK_FIRST_SELFPAY] = {first_selfpay_keys, effect_first_selfpay}
};
