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
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/match.h"
#include "core/run.h"
#include "policy/author.h"
#include "policy/bound.h"
#include "policy/national_bounds.h"

PG_FUNCTION_INFO_V1(yibao_national_bounds);
PG_FUNCTION_INFO_V1(yibao_policy_bounds);

#define MAX_POINTS	300000		/* situations looked at for one bound */

static const char *const side_words[] = {"at_most", "at_least", "about", NULL};
static const char *const parameter_words[] = {"deductible", "ratio", "cap", NULL};

/* What a value is compared with. */
typedef struct BoundLimit
{
	bool		fixed;			/* n itself */
	int64		n;
	const char *fact;			/* times that fact; NULL: none */
	bool		others;			/* the value of those outside the category */
	const JsonbValue *than;		/* the value with these codes; NULL: none */
	Path		than_path;
	int64		times;			/* in RATIO_ONE */
	int64		plus;
} BoundLimit;

typedef struct Bounds
{
	Authored	a;
	Obj			root;			/* of the bounds */
	Obj			facts;
	bool		refuse;
	ReturnSetInfo *out;

	/* the one being looked at */
	const char *id;
	const char *what;
	const char *doc;
	const char *trust;
} Bounds;

static void
put_bound(Bounds *b, const char *path, const Jsonb *situation, const char *value,
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
	for (size_t i = 0; i < lengthof(words); i++)
	{
		nulls[i] = words[i] == NULL;
		values[i] = nulls[i] ? (Datum) 0 : CStringGetTextDatum(words[i]);
	}
	nulls[5] = situation == NULL;
	values[5] = situation == NULL ? (Datum) 0 : JsonbPGetDatum(situation);
	nulls[8] = ok < 0;
	values[8] = BoolGetDatum(ok > 0);
	tuplestore_putvalues(b->out->setResult, b->out->setDesc, values, nulls);
}

/* ---- the situations of a bound --------------------------------------------------------- */

static bool
atom_is_code(const Dim *dim, int atom, const char *code, size_t len)
{
	int64		v = dim->kind == FK_TEXT ? (int64) (intptr_t) code : code_pack(code, len);
	char		own[CODE_MAX + 1];

	if (dim_atom(dim, v, len) == atom)
		return true;
	if (!dim->prefix || atom < 2)
		return false;
	if (dim->kind == FK_TEXT)
		return dim->texts[atom - 2].len >= len && memcmp(dim->texts[atom - 2].s, code, len) == 0;
	return code_unpack(dim->codes[atom - 2], own) >= len && memcmp(own, code, len) == 0;
}

typedef struct Narrow
{
	const Policy *p;
	uint64_t   *box;
	bool		replace;		/* put these codes, instead of keeping them */
} Narrow;

/* {"field": "code" | ["codes"] | true}: of the claims in a box, those. */
static void
narrow_one(const Path *path, const char *key, JsonbValue *v, void *arg)
{
	Narrow	   *n = arg;
	int			f = claim_field_by_name(key, strlen(key));
	List	   *codes = NIL;

	if (f < 0 || (claim_fields[f].kind != FK_CODE && claim_fields[f].kind != FK_TEXT &&
				  claim_fields[f].kind != FK_FLAG))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_UNKNOWN_KEY),
				 errmsg("%s: bounds depend on codes and flags only", path_text(path)),
				 errhint("doc/policies.md lists the fields of a claim.")));
	if (claim_fields[f].kind == FK_FLAG)
		codes = list_make1(val_bool(path, v) ? "1" : "0");
	else if (v->type == jbvBinary)
	{
		Arr			a;

		arr_open(path, v, &a);
		for (int i = 0; i < a.n; i++)
		{
			JsonbValue	e;
			Path		e_path;

			arr_get(&a, i, &e, &e_path);
			codes = lappend(codes, val_text(&e_path, &e));
		}
	}
	else
		codes = list_make1(val_text(path, v));

	/* a field that the document does not read makes no difference in it */
	for (int d = 0; d < n->p->ndims; d++)
	{
		const Dim  *dim = &n->p->dims[d];

		if (dim->field != f)
			continue;
		for (int atom = 1; atom < dim->natoms; atom++)
		{
			uint32		bit = dim->bit0 + atom;
			bool		in = false;
			ListCell   *lc;

			foreach(lc, codes)
			{
				const char *code = lfirst(lc);
				size_t		len = strlen(code);

				if (dim->kind == FK_CODE && len > CODE_MAX)
					ereport(ERROR,
							(errcode(ERRCODE_YB_POLICY_VALUE),
							 errmsg("%s: unknown code \"%s\" of %s", path_text(path), code,
									claim_fields[f].name),
							 errhint("A code has at most %d bytes.", CODE_MAX)));
				if (dim->kind == FK_FLAG ? atom == (code[0] == '1' ? 2 : 1) :
					n->replace ? dim_atom(dim, dim->kind == FK_TEXT ? (int64) (intptr_t) code :
										  code_pack(code, len), len) == atom :
					atom_is_code(dim, atom, code, len))
					in = true;
			}
			if (n->replace && in)
				box_put(n->box, bit);
			else if (!in)
				n->box[bit >> 6] &= ~(UINT64_C(1) << (bit & 63));
		}
	}
}

static void
narrow(const Policy *p, uint64_t *box, const Path *path, const JsonbValue *v, bool replace)
{
	Narrow		n = {p, box, replace};
	Obj			o;

	obj_open(path, v, &o);
	obj_each(&o, narrow_one, &n);
}

/* ---- one bound ------------------------------------------------------------------------------ */

static char *
value_words(Parameter par, int64 v)
{
	if (par == PAR_RATIO)
		return ratio_words(v);
	return v >= FEN_INF ? pstrdup("none") : fen_words(v);
}

static int64
scaled(int64 n, int64 times)
{
	/* a limit of an amount is cut to the fen, which favours nobody by more than that */
	return n >= FEN_INF ? FEN_INF : (int64) (((__int128) n * times) / RATIO_ONE);
}

typedef struct Region
{
	uint64_t   *box;			/* the claims that the bound is about */
	uint64_t   *against;		/* on each dimension the atom to compare with; none: the same */
	uint64		care;			/* dimensions that make a difference */
} Region;

static uint64
dims_that_matter(const Authored *a, const Layer *layer, const Layer *with, Parameter par,
				 const uint64_t *box)
{
	static const uint32 kinds[] = {
		[PAR_DEDUCTIBLE] = 1 << RK_DEDUCTIBLE | 1 << RK_DEDUCTIBLE_ADJUST,
		[PAR_RATIO] = 1 << RK_RATIO | 1 << RK_ADJUST,
		[PAR_CAP] = 1 << RK_CAP
	};
	const Policy *p = a->cp->core;
	uint64		care = 0;

	for (int d = 0; d < p->ndims; d++)
	{
		const Dim  *dim = &p->dims[d];
		bool		cares = (layer->applies != NULL && !box_has(layer->applies, dim->bit0)) ||
			(with != NULL && with->applies != NULL && !box_has(with->applies, dim->bit0));

		for (int i = 0; i < p->nsets && !cares; i++)
		{
			const RuleSet *set = &p->sets[i];

			if (set->kind != RK_BENEFIT &&
				(!((kinds[par] >> set->kind) & 1) ||
				 (set->layer != layer->code && (with == NULL || set->layer != with->code))))
				continue;
			for (int k = 0; k < set->nrules && !cares; k++)
				cares = !box_has(set->rules[k].box, dim->bit0);
		}
		for (int atom = 1; atom < dim->natoms && !cares; atom++)
			cares = box_has(box, dim->bit0 + atom) != box_has(a->days, dim->bit0 + atom);
		if (cares)
			care |= UINT64CONST(1) << d;
	}
	return care;
}

static int
first_atom(const Dim *dim, const uint64_t *box, int from)
{
	for (int atom = from; atom < dim->natoms; atom++)
	{
		if (box_has(box, dim->bit0 + atom))
			return atom;
	}
	return 0;
}

/* How bad is a value: the higher the worse. */
static int64
badness(Side side, const Worst *w)
{
	return side == AT_LEAST ? w->allowed - w->value : w->value - w->allowed;
}

static uint64_t *
situation_box(const Policy *p, const uint64_t *days, const uint16 *atom, uint64 care)
{
	uint64_t   *box = box_copy(p, days);

	for (int d = 0; d < p->ndims; d++)
	{
		if (!(care & (UINT64CONST(1) << d)))
			continue;
		for (uint32 bit = p->dims[d].bit0; bit < p->dims[d].bit0 + p->dims[d].natoms; bit++)
			box[bit >> 6] &= ~(UINT64_C(1) << (bit & 63));
		box_put(box, p->dims[d].bit0 + atom[d]);
	}
	return box;
}

/* Look at every situation of the region; per rule the worst.  False: too many. */
static bool
walk_region(const Authored *a, const Layer *layer, const Layer *with, Parameter par, Side side,
			const Region *r, const BoundLimit *limit, int64 allowed, List **worst)
{
	const Policy *p = a->cp->core;
	MemoryContext work = AllocSetContextCreate(CurrentMemoryContext, "yibao bounds",
											   ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = CurrentMemoryContext;
	uint16		atom[MAX_DIMS];
	int			n = 0;
	int			d = 0;

	for (int i = 0; i < p->ndims; i++)
	{
		atom[i] = first_atom(&p->dims[i], r->box, 1);
		if (atom[i] == 0)
			return true;
	}
	while (d < p->ndims || p->ndims == 0)
	{
		Worst		w;
		Worst		other;
		Worst	   *known = NULL;
		ListCell   *lc;

		if (++n > MAX_POINTS)
			return false;
		if (n % 1000 == 0)
			CHECK_FOR_INTERRUPTS();
		MemoryContextReset(work);
		MemoryContextSwitchTo(work);
		if (bound_value_at(p, layer, with, par, side, atom, &w))
		{
			w.allowed = allowed;
			if (!w.open && (limit->others || limit->than != NULL))
			{
				uint16		there[MAX_DIMS];

				for (int i = 0; i < p->ndims; i++)
				{
					there[i] = first_atom(&p->dims[i], r->against, 1);
					if (there[i] == 0)
						there[i] = atom[i];
				}
				if (!bound_value_at(p, layer, with, par, side, there, &other))
					bound_value_open(&w, gettext_noop("no rule covers what it is compared with"));
				else if (other.open)
					bound_value_open(&w, other.why);
				else
					w.allowed = scaled(other.value, limit->times) + limit->plus;
			}
			MemoryContextSwitchTo(old);
			foreach(lc, *worst)
			{
				Worst	   *k = lfirst(lc);

				if (k->info == w.info && k->open == w.open)
					known = k;
			}
			if (known == NULL || (!w.open && badness(side, &w) > badness(side, known)))
			{
				if (known == NULL)
				{
					known = palloc_object(Worst);
					*worst = lappend(*worst, known);
				}
				*known = w;
				known->situation = situation_box(p, a->days, atom, r->care);
			}
		}
		MemoryContextSwitchTo(old);

		/* the next point */
		for (d = 0; d < p->ndims; d++)
		{
			if (!(r->care & (UINT64CONST(1) << d)))
				continue;
			atom[d] = first_atom(&p->dims[d], r->box, atom[d] + 1);
			if (atom[d] != 0)
				break;
			atom[d] = first_atom(&p->dims[d], r->box, 1);
		}
		if (p->ndims == 0)
			break;
	}
	MemoryContextDelete(work);
	return true;
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

/* What a limit is: {"ratio"}, {"amount"}, {"of", "times"}, {"than", "times"|"plus"}, {"none"}. */
static void
read_limit(const Obj *bound, int side, BoundLimit *limit)
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
	limit->fixed = true;
	if (get_member(&o, "times", &v, &sub))
		limit->times = val_ratio(&sub, &v, 0, 100 * RATIO_ONE);
	if (get_member(&o, "plus", &v, &sub))
		limit->plus = val_ratio(&sub, &v, -RATIO_ONE, RATIO_ONE);
	if (get_member(&o, "ratio", &v, &sub))
		limit->n = val_ratio(&sub, &v, 0, RATIO_ONE);
	else if (get_member(&o, "amount", &v, &sub))
		limit->n = val_amount(&sub, &v, false);
	else if (get_member(&o, "none", &v, &sub))
		limit->n = FEN_INF;
	else
	{
		limit->fixed = false;
		if (get_member(&o, "of", &v, &sub))
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
}

/* "tekun: 特困人员": what a fact or category of the bounds means. */
static char *
meaning(const Bounds *b, const char *list, const char *name)
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

static bool
get_fact(const Bounds *b, const char *name, JsonbValue *v, Path *path)
{
	return get_member(&b->facts, name, v, path);
}

/* The claims of one of the categories: narrows the box; false when nobody says who they are. */
static bool
narrow_category(const Bounds *b, const char *name, uint64_t *box)
{
	JsonbValue	v;
	Path		path;
	Path		sub;
	Obj			o;

	if (!get_fact(b, "categories", &v, &path))
		return false;
	obj_open(&path, &v, &o);
	if (!get_member(&o, name, &v, &sub))
		return false;
	narrow(b->a.cp->core, box, &sub, &v, false);
	return true;
}

/* Dimensions that the category narrows compare with a code that no rule names. */
static void
against_others(const Authored *a, const uint64_t *box, const uint64_t *before, uint64_t *against)
{
	const Policy *p = a->cp->core;

	for (int d = 0; d < p->ndims; d++)
	{
		const Dim  *dim = &p->dims[d];
		bool		same = true;

		for (int atom = 1; atom < dim->natoms; atom++)
			same = same && box_has(box, dim->bit0 + atom) == box_has(before, dim->bit0 + atom);
		if (!same)
			box_put(against, dim->bit0 + ATOM_OTHER);
	}
}

static void
check_region(Bounds *b, const Obj *bound, const char *category, const Layer *layer,
			 const Layer *with, Parameter par, Side side, const BoundLimit *limit)
{
	const Authored *a = &b->a;
	const Policy *p = a->cp->core;
	Region		r;
	JsonbValue	v;
	Path		path;
	List	   *worst = NIL;
	ListCell   *lc;
	int64		allowed = limit->n;
	const char *needs = NULL;
	uint64_t   *before;

	r.box = box_copy(p, a->days);
	r.against = palloc0_array(uint64_t, p->box_words);
	if (get_member(bound, "when", &v, &path))
		narrow(p, r.box, &path, &v, false);
	before = box_copy(p, r.box);
	if (category != NULL && !narrow_category(b, category, r.box))
	{
		put_bound(b, NULL, NULL, NULL, NULL, -1,
				  psprintf("facts.categories.%s: %s", category, meaning(b, "categories", category)));
		return;
	}
	if (limit->others)
		against_others(a, r.box, before, r.against);
	if (limit->than != NULL)
		narrow(p, r.against, &limit->than_path, limit->than, true);
	if (limit->fact != NULL)
	{
		if (!get_fact(b, limit->fact, &v, &path))
			needs = psprintf("facts.%s: %s", limit->fact, meaning(b, "facts", limit->fact));
		else
			allowed = scaled(val_amount(&path, &v, false), limit->times);
	}
	r.care = dims_that_matter(a, layer, with, par, r.box);
	if (!walk_region(a, layer, with, par, side, &r, limit, allowed, &worst))
	{
		put_bound(b, NULL, NULL, NULL, NULL, -1,
				  psprintf(_("more than %d situations: not looked at"), MAX_POINTS));
		return;
	}
	foreach(lc, worst)
	{
		const Worst *w = lfirst(lc);
		const char *rule = w->info >= 0 ? p->info[w->info].path : NULL;
		const Jsonb *situation = linitial(boxes_as_when(a, list_make1(w->situation)));
		bool		right = side == AT_LEAST ? w->value >= w->allowed : w->value <= w->allowed;

		if (w->open)
			put_bound(b, rule, situation, NULL, NULL, -1, _(w->why));
		else if (needs != NULL && !(side == AT_MOST && w->value == 0))
			put_bound(b, rule, situation, value_words(par, w->value), NULL, -1, needs);
		else
			put_bound(b, rule, situation, value_words(par, w->value),
					  needs != NULL ? NULL :
					  psprintf("%s %s", side == AT_MOST ? "<=" : side == AT_LEAST ? ">=" : "~",
							   value_words(par, w->allowed)),
					  side == ABOUT ? -1 : right || needs != NULL,
					  side == ABOUT ? _("the source says \"about\": judge by hand") : NULL);
	}
	if (worst == NIL)
		put_bound(b, NULL, NULL, NULL, NULL, -1, _("the document settles no such claim"));
}

/* A bound on a figure that no document states: it comes with the facts. */
static void
check_fact(Bounds *b, const char *fact, Side side, const BoundLimit *limit)
{
	JsonbValue	v;
	Path		path;
	int64		value;

	if (!get_fact(b, fact, &v, &path))
	{
		put_bound(b, NULL, NULL, NULL, psprintf("%s %s", side == AT_MOST ? "<=" : ">=", ratio_words(limit->n)),
				  -1, psprintf("facts.%s: %s", fact, meaning(b, "facts", fact)));
		return;
	}
	value = val_ratio(&path, &v, 0, RATIO_ONE);
	put_bound(b, psprintf("facts.%s", fact), NULL, ratio_words(value),
			  psprintf("%s %s", side == AT_MOST ? "<=" : ">=", ratio_words(limit->n)),
			  side == AT_MOST ? value <= limit->n : value >= limit->n, NULL);
}

/* The source that a bound cites: its first word is a key of the bounds' "sources". */
static void
cite_bound(Bounds *b, const Obj *o)
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
	BoundLimit		limit;
	const Layer *layer;
	const Layer *with = NULL;
	Arr			list;

	obj_open(path, v, &o);
	obj_check_keys(&o, keys, NULL);
	b->id = need_text(&o, "id");
	b->what = read_title(&o, "what", NULL);
	cite_bound(b, &o);
	for (int s = 0; side_words[s] != NULL; s++)
	{
		if (has_member(&o, side_words[s]))
			side = s;
	}
	if (side < 0)
		need_member(&o, side_words[0], &m, &m_path);
	read_limit(&o, side, &limit);
	if (has_member(&o, "fact"))
	{
		check_fact(b, need_text(&o, "fact"), side, &limit);
		return;
	}
	code = need_word(&o, "layer", layer_words);
	par = need_word(&o, "parameter", parameter_words);
	layer = find_layer(p, code);
	if (layer == NULL)
	{
		put_bound(b, NULL, NULL, NULL, NULL, -1,
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
			put_bound(b, NULL, NULL, NULL, NULL, -1,
					  psprintf(_("the document has no layer %s"), layer_words[code]));
			return;
		}
	}
	if (!get_member(&o, "category", &m, &m_path))
	{
		check_region(b, &o, NULL, layer, with, par, side, &limit);
		return;
	}
	arr_open(&m_path, &m, &list);
	for (int k = 0; k < list.n; k++)
	{
		JsonbValue	e;
		Path		e_path;

		arr_get(&list, k, &e, &e_path);
		check_region(b, &o, val_text(&e_path, &e), layer, with, par, side, &limit);
	}
}

/* ---- who may set what ------------------------------------------------------------------------- */

static const char *
authority_of(const CompiledPolicy *cp, const RuleRow *row)
{
	size_t		len = row->source != NULL ? strcspn(row->source, " ") : 0;

	for (int i = 0; i < cp->nsources; i++)
	{
		if (strlen(cp->sources[i].key) == len && memcmp(cp->sources[i].key, row->source, len) == 0)
			return cp->sources[i].authority;
	}
	return NULL;
}

/* {"layer"?, "parameter", "levels": [...], "source"}: rows of policy_rules that it is about. */
static void
check_authority(const Path *path, int i, JsonbValue *v, void *arg)
{
	static const char *const keys[] = {
		"layer", "parameter", "levels", "source", "note", NULL
	};
	Bounds	   *b = arg;
	Obj			o;
	JsonbValue	m;
	Path		m_path;
	Arr			levels;
	uint32		may = 0;
	char	   *layer;
	char	   *parameter;
	StringInfoData s;
	ListCell   *lc;

	obj_open(path, v, &o);
	obj_check_keys(&o, keys, NULL);
	layer = get_text(&o, "layer");
	parameter = need_text(&o, "parameter");
	b->id = "authority";
	b->what = psprintf("%s%s%s", layer != NULL ? layer : "", layer != NULL ? " " : "", parameter);
	cite_bound(b, &o);
	need_member(&o, "levels", &m, &m_path);
	arr_open(&m_path, &m, &levels);
	initStringInfo(&s);
	for (int k = 0; k < levels.n; k++)
	{
		JsonbValue	e;
		Path		e_path;
		int			level;

		arr_get(&levels, k, &e, &e_path);
		level = val_word(&e_path, &e, policy_authorities);
		may |= 1 << level;
		appendStringInfo(&s, "%s%s", k > 0 ? ", " : "", policy_authorities[level]);
	}
	foreach(lc, b->a.rows)
	{
		const RuleRow *row = lfirst(lc);
		size_t		len = strlen(parameter);
		const char *authority;
		bool		right = false;

		if (strncmp(row->parameter, parameter, len) != 0 ||
			(row->parameter[len] != '\0' && row->parameter[len] != ' ') ||
			(layer != NULL && (row->layer == NULL || strcmp(row->layer, layer) != 0)))
			continue;
		authority = authority_of(b->a.cp, row);
		for (int k = 0; authority != NULL && policy_authorities[k] != NULL; k++)
		{
			if (strcmp(policy_authorities[k], authority) == 0)
				right = (may >> k) & 1;
		}
		put_bound(b, row->path, NULL, authority, s.data, authority == NULL ? -1 : right,
				  authority != NULL ? NULL :
				  psprintf("sources.%s.authority", row->source != NULL ?
						   pnstrdup(row->source, strcspn(row->source, " ")) : "?"));
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

/* Facts are those that the bounds describe, and "categories" of theirs. */
static void
check_fact_keys(const Path *path, const char *key, JsonbValue *v, void *arg)
{
	const Bounds *b = arg;
	JsonbValue	m;
	Path		m_path;
	Obj			o;
	bool		known = strcmp(key, "categories") == 0;

	if (!known && get_member(&b->root, "facts", &m, &m_path))
	{
		obj_open(&m_path, &m, &o);
		known = has_member(&o, key);
	}
	if (!known)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_UNKNOWN_KEY),
				 errmsg("facts.%s: the bounds ask for no such fact", key),
				 errhint("\"facts\" and \"categories\" of the bounds describe what they ask for.")));
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
		put_bound(&b, "insutype", NULL, b.a.cp->insutype, NULL, -1,
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
		arr_each(&a, check_authority, &b);
	}
	else
	{
		b.id = "authority";
		b.what = b.doc = b.trust = NULL;
		put_bound(&b, NULL, NULL, NULL, NULL, -1,
				  _("authority: which level of government may set which parameter"));
	}
	return (Datum) 0;
}
