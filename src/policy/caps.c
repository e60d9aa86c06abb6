/*
 * caps.c
 *	  Limits (限额): their forms, what they count, and diseases that count together.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "core/history.h"
#include "core/match.h"
#include "policy/compiler.h"

static const char *const on_words[] = {"payment", "eligible", NULL};
static const char *const scope_words[] = {"benefit", "layer", "disease", NULL};
static const char *const cap_per_words[] = {
	"visit", "year", "day", "month", "quarter", "lifetime", NULL
};
static const char *const unused_words[] = {"lost", "carried", NULL};

typedef struct EachReading
{
	Compiler   *c;
	CapCount   *counts;
	StringInfo	words;
} EachReading;

const char *const cap_keys[] = {
	"per", "on", "amount", "percent_of", "ratio", "each", "max", "plus_max", "minus_max", "layers", "scope",
	"benefits", "unused", "unknown", NULL
};
static const char *const income_words[] = {"income", NULL};
static const char *const each_keys[] = {"count", "above", "amount", NULL};

static void
read_each(const Path *path, int i, JsonbValue *v, void *arg)
{
	EachReading *r = arg;
	CapCount   *count = &r->counts[i];
	Obj			o;
	JsonbValue	m;
	Path		m_path;
	char	   *name;
	int			field;

	obj_open(path, v, &o);
	obj_check_keys(&o, each_keys, NULL);
	need_member(&o, "count", &m, &m_path);
	name = val_text(&m_path, &m);
	field = claim_field_by_name(name, strlen(name));
	if (field < 0 || field >= CF_CUM_FIRST || claim_fields[field].kind != FK_INT ||
		field == CF_year)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: \"%s\" is not a field that counts", path_text(&m_path), name),
				 errhint("Counting fields: age, cal_ipt_cnt, act_ipt_days, cont_years, bonus_years, zero_years, gap_years, enrol_months, dise_cnt.")));
	count->field = field;
	need_member(&o, "above", &m, &m_path);
	count->above = val_int(&m_path, &m, 0, 1000);
	need_member(&o, "amount", &m, &m_path);
	count->amount = val_amount(&m_path, &m, true);
	need_field(r->c, field);
	appendStringInfo(r->words, ", %s%s for each %s above %d",
					 count->amount < 0 ? "" : "+", fen_words(count->amount), name,
					 (int) count->above);
}

/* "each": amounts that counts add to the cap, and "max", which they cannot pass. */
static void
read_counts(Compiler *c, const Obj *o, Rule *rule, StringInfo words)
{
	JsonbValue	v;
	Path		path;
	Arr			a;
	EachReading r = {c, NULL, words};

	if (has_member(o, "each") != (has_member(o, "max") || has_member(o, "plus_max")))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_MISSING_KEY),
				 errmsg("%s: \"each\" and \"max\" stand together", path_text(&o->path)),
				 errhint("\"each\" adds to the cap by a count; \"max\" says where that ends, or \"plus_max\" as a share of the amount.")));
	if (!has_member(o, "each") && get_member(o, "minus_max", &v, &path))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s stands without \"each\"", path_text(&path)),
				 errhint("It limits what counts take from the cap.")));
	if (!get_member(o, "each", &v, &path))
		return;
	arr_open(&path, &v, &a);
	if (a.n > 8)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_LIMIT),
				 errmsg("%s: more than %d counts", path_text(&path), 8),
				 errhint("No cap known counts more than three things.")));
	r.counts = keep_array(c, CapCount, a.n);
	arr_each(&a, read_each, &r);
	rule->u.cap.counts = r.counts;
	rule->u.cap.ncounts = a.n;
	rule->u.cap.max = FEN_INF;
	if (get_member(o, "max", &v, &path))
	{
		rule->u.cap.max = val_amount(&path, &v, false);
		appendStringInfo(words, ", not above %s", fen_words(rule->u.cap.max));
	}
	if (get_member(o, "plus_max", &v, &path))
	{
		rule->u.cap.plus_max = val_ratio(&path, &v, 1, MAX_FACTOR);
		appendStringInfo(words, ", %s of it more at most", ratio_words(rule->u.cap.plus_max));
	}
	if (get_member(o, "minus_max", &v, &path))
	{
		rule->u.cap.minus_max = val_ratio(&path, &v, 1, RATIO_ONE);
		appendStringInfo(words, ", %s of it less at most", ratio_words(rule->u.cap.minus_max));
	}
}

/* "scope" and "benefits": which of a layer's payments, or of its cost, the cap counts. */
static void
read_scope(const Obj *o, LayerCode code, Rule *rule, StringInfo words)
{
	JsonbValue	v;
	Path		path;
	Arr			a;

	if (get_member(o, "scope", &v, &path))
	{
		rule->u.cap.benefit = val_word(&path, &v, scope_words) == 0;
		rule->u.cap.disease = val_word(&path, &v, scope_words) == 2;
		if (has_member(o, "benefits"))
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s stands beside \"benefits\"", path_text(&path)),
					 errhint("Both say what the limit counts: leave one of them out.")));
		if (rule->u.cap.disease && code != LAYER_BASIC)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s: only the basic layer counts by disease", path_text(&path)),
					 errhint("Leave \"scope\" out.")));
		if (rule->u.cap.benefit)
			appendStringInfoString(words, ", this benefit only");
		if (rule->u.cap.disease)
			appendStringInfoString(words, ", this disease only");
	}
	if (get_member(o, "benefits", &v, &path))
	{
		arr_open(&path, &v, &a);
		appendStringInfoString(words, ", counting");
		for (int i = 0; i < a.n; i++)
		{
			JsonbValue	e;
			Path		e_path;
			int			benefit;

			arr_get(&a, i, &e, &e_path);
			benefit = val_word(&e_path, &e, benefit_words);
			if (rule->u.cap.benefits & (1 << benefit))
				ereport(ERROR,
						(errcode(ERRCODE_YB_POLICY_VALUE),
						 errmsg("%s: benefit %s is named twice", path_text(&e_path), benefit_words[benefit]),
						 errhint("Name each benefit once.")));
			rule->u.cap.benefits |= 1 << benefit;
			appendStringInfo(words, "%s %s", i > 0 ? "," : "", benefit_words[benefit]);
		}
		if (rule->u.cap.per != PER_YEAR && !rule->undecided)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s: benefits count together per year only", path_text(&path)),
					 errhint("Write \"per\": \"year\"; or \"scope\": \"benefit\", which counts each by itself.")));
	}
	if (code != LAYER_BASIC && !rule->u.cap.on_payment && (rule->u.cap.benefit || rule->u.cap.benefits != 0))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: of layer %s only payments are counted by benefit",
						path_text(&o->path), layer_words[code]),
				 errhint("Write \"on\": \"payment\", or a limit of all benefits.")));
}

/*
 * What a cap of a day, month, quarter, disease or lifetime may say, and which
 * accumulators it reads.
 */
static void
read_window(Compiler *c, const Obj *o, LayerCode code, Rule *rule, StringInfo words)
{
	Per			per = rule->u.cap.per;
	bool		periodic = per == PER_MONTH || per == PER_QUARTER;
	JsonbValue	v;
	Path		path;

	if (has_member(o, "unused") != periodic && !(rule->undecided && periodic))
		ereport(ERROR,
				(errcode(periodic ? ERRCODE_YB_POLICY_MISSING_KEY : ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: \"unused\" stands with a limit per month or quarter, and only there",
						path_text(&o->path)),
				 errhint("It says what becomes of the part that a month did not use (P15): \"lost\" or \"carried\" to the next ones of the year.")));
	if (get_member(o, "unused", &v, &path))
	{
		rule->u.cap.carried = val_word(&path, &v, unused_words) == 1;
		appendStringInfo(words, ", unused part %s", unused_words[rule->u.cap.carried]);
	}
	if (!rule->u.cap.window)
		return;

	if (code != LAYER_BASIC)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: only the basic layer has limits per day, month, quarter, lifetime or disease",
						path_text(&o->path)),
				 errhint("Other layers have them per visit and per year.")));
	if (rule->u.cap.layers != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: layers share a limit per visit or per year only", path_text(&o->path)),
				 errhint("Leave \"layers\" out.")));
	if (rule->u.cap.disease && per != PER_YEAR)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: a limit of a disease is per year", path_text(&o->path)),
				 errhint("Write \"per\": \"year\", or another \"scope\".")));
	if (per == PER_LIFE && (rule->u.cap.benefit || !rule->u.cap.on_payment))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: a limit per lifetime is of all payments of the basic layer",
						path_text(&o->path)),
				 errhint("Write \"on\": \"payment\" and leave \"scope\" out.")));
	if (rule->u.cap.disease)
		need_field(c, CF_dise_codg);
	if (rule->u.cap.carried)
		need_field(c, c->core->version_date);
	else
		need_field(c, window_field(per, rule->u.cap.disease, rule->u.cap.benefit,
								   rule->u.cap.on_payment));
}

/*
 * Diseases that one rule names count together; a disease is counted in one way.
 * Called when rules have become boxes.
 */
void
group_diseases(Compiler *c)
{
	Policy	   *p = c->core;
	int			d = c->dim_of[CF_dise_codg];
	uint16_t   *group;
	uint16_t	ngroups = 0;
	const Rule **first;
	ListCell   *lc;

	if (d < 0)
		return;
	group = keep_array(c, uint16_t, p->dims[d].natoms);
	first = palloc0_array(const Rule *, p->dims[d].natoms + 1);
	foreach(lc, c->sets)
	{
		const RuleSet *set = lfirst(lc);

		for (int i = 0; set->kind == RK_CAP && i < set->nrules; i++)
		{
			const Rule *rule = &set->rules[i];
			uint32_t	bit0 = p->dims[d].bit0;
			uint16_t	mine = 0;

			/* all diseases, or all but some: each by itself */
			if (!rule->u.cap.disease || box_has(rule->box, bit0 + ATOM_OTHER))
				continue;
			for (int a = ATOM_OTHER + 1; a < p->dims[d].natoms; a++)
			{
				if (box_has(rule->box, bit0 + a) && group[a] != 0)
					mine = group[a];
			}
			if (mine == 0)
			{
				mine = ++ngroups;
				first[mine] = rule;
			}
			for (int a = ATOM_OTHER + 1; a < p->dims[d].natoms; a++)
			{
				bool		in = box_has(rule->box, bit0 + a);

				if (first[mine] == rule && in)
					group[a] = mine;
				if (in != (group[a] == mine))
					ereport(ERROR,
							(errcode(ERRCODE_YB_POLICY_VALUE),
							 errmsg("%s counts the payments of other diseases together than %s",
									c->side[rule->info].path, c->side[first[mine]->info].path),
							 errhint("A disease is counted alone or in one group: name the same codes in both \"dise_codg\".")));
			}
		}
	}
	if (ngroups > 0)
	{
		p->dise_dim = d;
		p->dise_group = group;
	}
}

char *
effect_cap(Compiler *c, const Obj *o, LayerCode code, Rule *rule)
{
	static const char *const forms[] = {"amount", "percent_of", NULL};
	JsonbValue	v;
	Path		path;
	StringInfoData s;

	if (rule->undecided)
		rule->u.cap.per = get_word(o, "per", cap_per_words, PER_VISIT);
	else
		rule->u.cap.per = need_word(o, "per", cap_per_words);
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
		char	   *amount;

		if (need_one_of(o, forms, &v, &path) == 0)
		{
			if (has_member(o, "ratio"))
				ereport(ERROR,
						(errcode(ERRCODE_YB_POLICY_VALUE),
						 errmsg("%s: \"ratio\" belongs to \"percent_of\", not to \"amount\"",
								path_text(&o->path)),
						 errhint("Use one of the two forms.")));
			rule->u.cap.amount = val_amount(&path, &v, false);
			amount = fen_words(rule->u.cap.amount);
		}
		else
		{
			(void) val_word(&path, &v, income_words);
			need_income(c, &path);
			rule->u.cap.of_income = true;
			need_member(o, "ratio", &v, &path);
			rule->u.cap.ratio = val_ratio(&path, &v, 0, MAX_FACTOR);
			amount = psprintf("%s of income", ratio_words(rule->u.cap.ratio));
		}
		appendStringInfo(&s, "%s at most %s per %s",
						 rule->u.cap.on_payment ? "payment" : "eligible cost",
						 amount, cap_per_words[rule->u.cap.per]);
		read_counts(c, o, rule, &s);
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
	read_scope(o, code, rule, &s);
	rule->u.cap.window = rule->u.cap.per > PER_YEAR || rule->u.cap.disease;
	read_window(c, o, code, rule, &s);
	return s.data;
}
