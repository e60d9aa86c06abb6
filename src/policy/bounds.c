/*
 * bounds.c
 *	  policy_bounds(): a document held against bounds that a higher level sets,
 *	  and against the level that may set each parameter.
 *
 * Bounds are a document too (control/bounds/national.json).  What a bound needs
 * and neither document states is told as needed, never filled in.
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/builtins.h"

#include "policy/author.h"
#include "policy/bound.h"
#include "policy/national_bounds.h"

PG_FUNCTION_INFO_V1(yibao_national_bounds);
PG_FUNCTION_INFO_V1(yibao_policy_bounds);

static const char *const side_words[] = {"at_most", "at_least", "about", NULL};
static const char *const parameter_words[] = {"deductible", "ratio", "cap", NULL};

void
bound_put(Bounds *b, const char *path, const Jsonb *situation, const char *value,
		  const char *allowed, int ok, const char *needs)
{
	const char *words[] = {
		b->id, b->what, b->doc, b->trust, path, NULL, value, allowed, NULL, needs
	};
	Datum		values[lengthof(words)];
	bool		nulls[lengthof(words)];

	if (ok == 0 && b->refuse)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_BOUND),
				 errmsg("%s is %s, outside the bound %s", path != NULL ? path : b->id, value, b->id),
				 errdetail("Allowed is %s: %s (%s).", allowed, b->what, b->doc),
				 errhint("Change the figure, or ask for mode \"flag\" to see all of them.")));
	author_words(lengthof(words), words, values, nulls);
	nulls[5] = situation == NULL;
	values[5] = situation == NULL ? (Datum) 0 : JsonbPGetDatum(situation);
	nulls[8] = ok < 0;
	values[8] = BoolGetDatum(ok > 0);
	tuplestore_putvalues(b->out->setResult, b->out->setDesc, values, nulls);
}

static const Layer *
find_layer(const Policy *p, int code)
{
	for (int l = 0; l < p->nlayers; l++)
	{
		if (p->layers[l].code == code)
			return &p->layers[l];
	}
	return NULL;
}

/* Points and shares are of ratios, yuan and their absence of amounts. */
static void
limit_form(const Path *path, const char *key, bool fits, Parameter par)
{
	if (!fits)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: \"%s\" is no limit of a %s", path_text(path), key, parameter_words[par]),
				 errhint("A ratio has \"ratio\", or \"than\" with \"times\" and \"plus\"; a deductible or a cap \"amount\", \"none\", \"of\", or \"than\" with \"times\".")));
}

/* What a limit is: {"ratio"}, {"amount"}, {"of", "times"}, {"than", "times"|"plus"}, {"none"}. */
static void
read_limit(const Obj *bound, int side, Parameter par, BoundLimit *limit)
{
	static const char *const keys[] = {
		"ratio", "amount", "of", "than", "times", "plus", "none", NULL
	};
	JsonbValue	v;
	Path		path;
	Path		sub;
	Obj			o;

	memset(limit, 0, sizeof(BoundLimit));
	limit->times = RATIO_ONE;
	need_member(bound, side_words[side], &v, &path);
	obj_open(&path, &v, &o);
	obj_check_keys(&o, keys, NULL);
	for (int i = 0; keys[i] != NULL; i++)
		limit_form(&path, keys[i], !has_member(&o, keys[i]) ||
				   (i == 0 || i == 5 ? par == PAR_RATIO : i == 1 || i == 2 || i == 6 ? par != PAR_RATIO : true), par);
	if (get_member(&o, "times", &v, &sub))
		limit->times = val_ratio(&sub, &v, 0, 100 * RATIO_ONE);
	if (get_member(&o, "plus", &v, &sub))
		limit->plus = val_ratio(&sub, &v, -RATIO_ONE, RATIO_ONE) * BOUND_RATIO;
	if (get_member(&o, "ratio", &v, &sub))
		limit->n = val_ratio(&sub, &v, 0, RATIO_ONE) * BOUND_RATIO;
	else if (get_member(&o, "amount", &v, &sub))
		limit->n = (Wide) val_amount(&sub, &v, false) * BOUND_FEN;
	else if (get_member(&o, "none", &v, &sub))
		limit->n = BOUND_NONE;
	else if (get_member(&o, "of", &v, &sub))
		limit->fact = val_text(&sub, &v);
	else
	{
		need_member(&o, "than", &v, &sub);
		limit->others = v.type == jbvString;
		if (!limit->others)
		{
			JsonbValue *than = palloc_object(JsonbValue);

			*than = v;
			limit->than = than;
			limit->than_path = sub;
		}
	}
}

char *
bound_meaning(const Bounds *b, const char *list, const char *name)
{
	JsonbValue	v;
	Path		path;
	Path		sub;
	Obj			o;
	Obj			one;
	char	   *zh = NULL;

	if (get_member(&b->root, list, &v, &path))
	{
		obj_open(&path, &v, &o);
		if (get_member(&o, name, &v, &sub))
		{
			obj_open(&sub, &v, &one);
			zh = get_text(&one, "zh");
		}
	}
	return zh == NULL ? pstrdup(name) : zh;
}

/* A bound on a figure that no document states: it comes with the facts. */
static void
check_fact(Bounds *b, const char *fact, Side side, const BoundLimit *limit)
{
	JsonbValue	v;
	Path		path;
	Ratio		value;
	Ratio		allowed = (Ratio) (limit->n / BOUND_RATIO);

	if (!get_member(&b->facts, fact, &v, &path))
	{
		bound_put(b, NULL, NULL, NULL, psprintf("%s %s", side == AT_MOST ? "<=" : ">=", ratio_words(allowed)),
				  -1, psprintf("facts.%s: %s", fact, bound_meaning(b, "facts", fact)));
		return;
	}
	value = val_ratio(&path, &v, 0, RATIO_ONE);
	bound_put(b, psprintf("facts.%s", fact), NULL, ratio_words(value),
			  psprintf("%s %s", side == AT_MOST ? "<=" : ">=", ratio_words(allowed)),
			  side == AT_MOST ? value <= allowed : value >= allowed, NULL);
}

void
bound_cite(Bounds *b, const Obj *o)
{
	JsonbValue	v;
	Path		path;
	Path		sub;
	Obj			sources;
	Obj			s;
	char	   *cite = need_text(o, "source");
	char	   *key = pnstrdup(cite, strcspn(cite, " "));

	need_member(&b->root, "sources", &v, &path);
	obj_open(&path, &v, &sources);
	if (!get_member(&sources, key, &v, &sub))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_SOURCE),
				 errmsg("%s: \"%s\" is not a key of \"sources\"", path_text(&o->path), key),
				 errhint("Every bound names the text it rests on.")));
	obj_open(&sub, &v, &s);
	b->doc = need_text(&s, "doc");
	b->trust = need_text(&s, "trust");
}

static void
check_bound(const Path *path, int i, JsonbValue *v, void *arg)
{
	static const char *const keys[] = {
		"id", "what", "layer", "parameter", "with", "when", "category", "fact",
		"at_most", "at_least", "about", "source", "note", NULL
	};
	Bounds	   *b = arg;
	const Policy *p = b->a.cp->core;
	Obj			o;
	JsonbValue	m;
	Path		m_path;
	int			side = -1;
	int			code;
	Parameter	par;
	BoundLimit	limit;
	const Layer *layer;
	const Layer *with = NULL;
	Arr			list;

	obj_open(path, v, &o);
	obj_check_keys(&o, keys, NULL);
	b->id = need_text(&o, "id");
	b->what = read_title(&o, "what", NULL);
	bound_cite(b, &o);
	for (int s = 0; side_words[s] != NULL; s++)
	{
		if (has_member(&o, side_words[s]))
			side = s;
	}
	if (side < 0)
		need_member(&o, side_words[0], &m, &m_path);
	if (has_member(&o, "fact"))
	{
		read_limit(&o, side, PAR_RATIO, &limit);
		check_fact(b, need_text(&o, "fact"), side, &limit);
		return;
	}
	code = need_word(&o, "layer", layer_words);
	par = need_word(&o, "parameter", parameter_words);
	read_limit(&o, side, par, &limit);
	layer = find_layer(p, code);
	if (layer == NULL)
	{
		bound_put(b, NULL, NULL, NULL, NULL, -1,
				  psprintf(_("the document has no layer %s"), layer_words[code]));
		return;
	}
	if (get_member(&o, "with", &m, &m_path))
	{
		JsonbValue	e;
		Path		e_path;

		arr_open(&m_path, &m, &list);
		arr_get(&list, 0, &e, &e_path);
		code = val_word(&e_path, &e, layer_words);
		with = find_layer(p, code);
		if (with == NULL)
		{
			bound_put(b, NULL, NULL, NULL, NULL, -1,
					  psprintf(_("the document has no layer %s"), layer_words[code]));
			return;
		}
	}
	if (!get_member(&o, "category", &m, &m_path))
	{
		bound_check_region(b, &o, NULL, layer, with, par, side, &limit);
		return;
	}
	arr_open(&m_path, &m, &list);
	for (int k = 0; k < list.n; k++)
	{
		JsonbValue	e;
		Path		e_path;

		arr_get(&list, k, &e, &e_path);
		bound_check_region(b, &o, val_text(&e_path, &e), layer, with, par, side, &limit);
	}
}

/* ---- the whole ---------------------------------------------------------------------------------- */

static bool
about_scheme(const Bounds *b)
{
	JsonbValue	v;
	Path		path;
	Arr			a;

	if (!get_member(&b->root, "insutype", &v, &path))
		return true;
	arr_open(&path, &v, &a);
	for (int i = 0; i < a.n; i++)
	{
		JsonbValue	e;
		Path		e_path;

		arr_get(&a, i, &e, &e_path);
		if (strcmp(val_text(&e_path, &e), b->a.cp->insutype) == 0)
			return true;
	}
	return false;
}

/* Is it a key of this part of the bounds? */
static bool
bounds_ask(const Bounds *b, const char *part, const char *key)
{
	JsonbValue	m;
	Path		m_path;
	Obj			o;

	if (!get_member(&b->root, part, &m, &m_path))
		return false;
	obj_open(&m_path, &m, &o);
	return has_member(&o, key);
}

static void
unasked(const char *fact)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_POLICY_UNKNOWN_KEY),
			 errmsg("facts.%s: the bounds ask for no such fact", fact),
			 errhint("\"facts\" and \"categories\" of the bounds describe what they ask for.")));
}

static void
check_category_key(const Path *path, const char *key, JsonbValue *v, void *arg)
{
	if (!bounds_ask(arg, "categories", key))
		unasked(psprintf("categories.%s", key));
}

/* Facts are those that the bounds describe, and "categories" of theirs. */
static void
check_fact_keys(const Path *path, const char *key, JsonbValue *v, void *arg)
{
	Obj			o;

	if (strcmp(key, "categories") == 0)
	{
		obj_open(path, v, &o);
		obj_each(&o, check_category_key, arg);
	}
	else if (!bounds_ask(arg, "facts", key))
		unasked(key);
}

Datum
yibao_national_bounds(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(DirectFunctionCall1(jsonb_in, CStringGetDatum(national_bounds)));
}

Datum
yibao_policy_bounds(PG_FUNCTION_ARGS)
{
	static const char *const keys[] = {
		"yibao_bounds", "title", "insutype", "sources", "facts", "categories", "bounds",
		"authority", "unknown", "note", NULL
	};
	Bounds		b = {0};
	char	   *mode = text_to_cstring(PG_GETARG_TEXT_PP(3));
	JsonbValue	v;
	Path		path;
	Arr			a;

	yibao_check_version();
	InitMaterializedSRF(fcinfo, 0);
	b.out = (ReturnSetInfo *) fcinfo->resultinfo;
	b.refuse = strcmp(mode, "refuse") == 0;
	if (!b.refuse && strcmp(mode, "flag") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("mode is \"%s\"", mode),
				 errhint("Use 'flag' or 'refuse'.")));
	author_compile(PG_GETARG_JSONB_P(0), &b.a);
	obj_open_root(PG_GETARG_JSONB_P(1), &b.root);
	obj_check_keys(&b.root, keys, NULL);
	need_member(&b.root, "yibao_bounds", &v, &path);
	(void) val_int(&path, &v, 1, 1);
	obj_open_root(PG_GETARG_JSONB_P(2), &b.facts);
	obj_each(&b.facts, check_fact_keys, &b);

	if (!about_scheme(&b))
	{
		b.id = "insutype";
		bound_put(&b, "insutype", NULL, b.a.cp->insutype, NULL, -1,
				  _("the bounds are about another scheme"));
		return (Datum) 0;
	}
	if (get_member(&b.root, "bounds", &v, &path))
	{
		arr_open(&path, &v, &a);
		arr_each(&a, check_bound, &b);
	}
	if (get_member(&b.root, "authority", &v, &path))
	{
		arr_open(&path, &v, &a);
		arr_each(&a, bound_check_authority, &b);
	}
	else
	{
		b.id = "authority";
		b.what = b.doc = b.trust = NULL;
		bound_put(&b, NULL, NULL, NULL, NULL, -1,
				  _("authority: which level of government may set which parameter"));
	}
	return (Datum) 0;
}
