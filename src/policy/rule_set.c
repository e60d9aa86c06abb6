/*
 * rule_set.c
 *	  The rules of one parameter: each read, with what it rests on, what it does and
 *	  when it holds; then put in order, so that an exception stands before what it is
 *	  an exception from, and two that collide are found.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"

#include "core/match.h"
#include "policy/compiler.h"

#define MAX_RULES_IN_SET	256
#define MAX_SETS			200

const char *const rule_keys[] = {
	"when", "source", "assumed", "id", "over", "from", "to", "note", NULL
};

/* Keys that carry a rule's value: none of them beside "unknown". */
static const char *const value_keys[] = {
	"amount", "percent_of", "ratio", "tiers", "flat", "add", "add_each", "each_days",
	"multiply", "multiply_result", "set", "reduce", "each", "less", "part", "rule",
	"group", "fixed", "days", NULL
};

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

/* A rule that is being read, in three parts: each may have a fault of its own. */
typedef struct RuleReading
{
	Compiler   *c;
	RuleSet    *set;
	LayerCode	code;
	const char *parameter;
	const Obj  *o;
	Rule	   *rule;
	Cite		cite;
	List	   *assumed;
	char	   *effect_words;
	List	   *conds;
} RuleReading;

static void
rule_rests_on(void *arg)
{
	RuleReading *r = arg;

	need_cite(r->c, r->o, "source", &r->cite);
	r->assumed = read_assumed(r->c, r->o);
}

static void
rule_does(void *arg)
{
	RuleReading *r = arg;

	r->rule->undecided = r->set->kind != RK_BENEFIT && read_unknown(r->o);
	r->effect_words = rule_forms[r->set->kind].effect(r->c, r->o, r->code, r->rule);
}

static void
rule_holds(void *arg)
{
	RuleReading *r = arg;

	r->conds = read_period(r->c, r->o);
	r->conds = list_concat(r->conds, read_when(r->c, r->o, "when"));
}

static void
read_rule(const Path *path, int i, JsonbValue *v, void *arg)
{
	RuleReading r = *(RuleReading *) arg;
	Compiler   *c = r.c;
	Obj			o;
	char	   *note;
	const char *open_note;
	RuleRow    *row;

	CHECK_FOR_INTERRUPTS();
	obj_open(path, v, &o);
	obj_check_keys(&o, rule_forms[r.set->kind].keys, rule_keys);
	r.o = &o;
	r.rule = &r.set->rules[i];
	r.rule->kind = r.set->kind;
	(void) read_part(path, rule_rests_on, &r);
	(void) read_part(path, rule_does, &r);
	(void) read_part(path, rule_holds, &r);

	note = get_text(&o, "note");
	open_note = assumed_note(c, r.assumed, c->english);
	if (r.rule->undecided && open_note == NULL && note == NULL)
		open_note = has_member(&o, "reduce") ?
			gettext_noop("P01: the source does not say whether points or a factor") :
			gettext_noop("the source gives no figure");
	if (open_note != NULL)
		note = note == NULL ? pstrdup(open_note) : psprintf("%s; %s", note, open_note);
	r.rule->info = add_info(c, path, &r.cite, note);
	set_assumed(c, r.rule->info, r.assumed);
	c->side[r.rule->info].conds = r.conds;
	read_precedence(c, &o, &c->side[r.rule->info]);
	row = add_row(c, path, rule_kind_of_document(r.set->kind) ? NULL : layer_words[r.code],
				  r.parameter, conds_words(r.conds), r.effect_words, &r.cite, r.assumed, note);
	if (row != NULL)
	{
		row->info = r.rule->info;
		row->conds = r.conds;
		row->id = c->side[r.rule->info].id;
		row->over = c->side[r.rule->info].over;
	}
}

int
read_set(Compiler *c, const Path *path, const JsonbValue *v, RuleKind kind,
		 LayerCode code, const char *name, const char *parameter)
{
	RuleSet    *set = palloc0_object(RuleSet);
	RuleReading reading = {.c = c,.set = set,.code = code,.parameter = parameter};
	Arr			a;
	int			faults;

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
	faults = fault_count();
	arr_each(&a, read_rule, &reading);
	if (fault_count() > faults)
		c->faulty = lappend(c->faulty, set);
	else
		resolve_precedence(c, set);
	c->sets = lappend(c->sets, set);
	return list_length(c->sets) - 1;
}

/* A list of rules, or lists by name, that is a part of its own. */
typedef struct SetReading
{
	Compiler   *c;
	const Obj  *o;
	const char *key;
	bool		needed;
	RuleKind	kind;
	LayerCode	code;
	const char *name;
	List	   *names;
	int			result;
} SetReading;

static void
plain_set_part(void *arg)
{
	SetReading *s = arg;
	JsonbValue	v;
	Path		path;

	if (s->needed)
		need_member(s->o, s->key, &v, &path);
	else if (!get_member(s->o, s->key, &v, &path))
		return;
	s->result = read_set(s->c, &path, &v, s->kind, s->code, "", s->key);
}

/* The index of the set; -1 when there is none. */
int
read_plain_set(Compiler *c, const Obj *layer, const char *key, bool needed, RuleKind kind,
			   LayerCode code)
{
	SetReading	s = {c, layer, key, needed, kind, code, "", NIL, -1};

	(void) read_part(&layer->path, plain_set_part, &s);
	return s.result;
}

static void
collect_name(const Path *path, const char *key, JsonbValue *v, void *arg)
{
	SetReading *s = arg;

	if (key[0] == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s has an empty name", path_text(path->up)),
				 errhint("Name what the rules are about: \"referral\".")));
	s->names = lappend(s->names, (char *) key);
}

static int
cmp_name(const ListCell *a, const ListCell *b)
{
	return strcmp(lfirst(a), lfirst(b));
}

static void
named_set_part(void *arg)
{
	SetReading *s = arg;
	JsonbValue	rules;
	Path		path;

	need_member(s->o, s->name, &rules, &path);
	read_set(s->c, &path, &rules, s->kind, s->code, s->name,
			 psprintf("%s %s", s->key, s->name));
}

static void
named_sets_part(void *arg)
{
	SetReading *s = arg;
	JsonbValue	v;
	Path		path;
	Obj			o;
	ListCell   *lc;

	if (!get_member(s->o, s->key, &v, &path))
		return;
	obj_open(&path, &v, &o);
	obj_each(&o, collect_name, s);
	if (s->names == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s is empty", path_text(&path)),
				 errhint("Leave \"%s\" out.", s->key)));
	list_sort(s->names, cmp_name);
	foreach(lc, s->names)
	{
		SetReading	one = *s;

		one.o = &o;
		one.name = lfirst(lc);
		(void) read_part(&path, named_set_part, &one);
	}
	s->result = list_length(s->names);
}

/*
 * {name: [rules]} becomes a set for each name, in the order of the names as
 * bytes: jsonb does not keep the order in which they were written.
 */
int
read_named_sets(Compiler *c, const Obj *layer, const char *key, RuleKind kind,
				LayerCode code)
{
	SetReading	s = {c, layer, key, false, kind, code, NULL, NIL, 0};

	(void) read_part(&layer->path, named_sets_part, &s);
	return s.result;
}
