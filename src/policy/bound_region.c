/*
 * bound_region.c
 *	  The claims that a bound is about: every situation of theirs is looked at, and
 *	  each rule told by the one in which it comes off worst.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "core/match.h"
#include "policy/author.h"
#include "policy/bound.h"

#define MAX_POINTS	300000		/* situations looked at for one bound */

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

/* ---- every situation ------------------------------------------------------------------------ */

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
static Wide
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
			const Region *r, const BoundLimit *limit, Wide allowed, List **worst)
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
					w.allowed = bound_times(other.value, limit->times) + limit->plus;
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
					/* it holds 16-byte integers, palloc() aligns to 8 */
					known = (Worst *) TYPEALIGN(_Alignof(Worst), palloc(sizeof(Worst) + _Alignof(Worst)));
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

/* ---- a bound --------------------------------------------------------------------------------- */

/* A figure with all its decimals, two at least. */
static char *
value_words(Parameter par, Wide v)
{
	int			decimals = par == PAR_RATIO ? BOUND_RATIO_DECIMALS : RATIO_DECIMALS + 2;
	char		digits[64];
	int			n = 0;
	StringInfoData s;

	if (v == BOUND_NONE)
		return pstrdup("none");
	initStringInfo(&s);
	if (v < 0)
	{
		appendStringInfoChar(&s, '-');
		v = -v;
	}
	do
	{
		digits[n++] = (char) ('0' + (int) (v % 10));
		v /= 10;
	} while (v > 0 || n <= decimals);
	while (n > decimals)
		appendStringInfoChar(&s, digits[--n]);
	appendStringInfoChar(&s, '.');
	for (int i = 0; n > 0; i++)
	{
		bool		rest = i < 2;

		for (int k = 0; k < n && !rest; k++)
			rest = digits[k] != '0';
		if (!rest)
			break;
		appendStringInfoChar(&s, digits[--n]);
	}
	return s.data;
}

/* The claims of one of the categories: narrows the box; false when nobody says who they are. */
static bool
narrow_category(const Bounds *b, const char *name, uint64_t *box)
{
	JsonbValue	v;
	Path		path;
	Path		sub;
	Obj			o;

	if (!get_member(&b->facts, "categories", &v, &path))
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

void
bound_check_region(Bounds *b, const Obj *bound, const char *category, const Layer *layer,
				   const Layer *with, Parameter par, Side side, const BoundLimit *limit)
{
	const Authored *a = &b->a;
	const Policy *p = a->cp->core;
	Region		r;
	JsonbValue	v;
	Path		path;
	List	   *worst = NIL;
	ListCell   *lc;
	Wide		allowed = limit->n;
	const char *needs = NULL;
	uint64_t   *before;

	r.box = box_copy(p, a->days);
	r.against = palloc0_array(uint64_t, p->box_words);
	if (get_member(bound, "when", &v, &path))
		narrow(p, r.box, &path, &v, false);
	before = box_copy(p, r.box);
	if (category != NULL && !narrow_category(b, category, r.box))
	{
		bound_put(b, NULL, NULL, NULL, NULL, -1,
				  psprintf("facts.categories.%s: %s", category, bound_meaning(b, "categories", category)));
		return;
	}
	if (limit->others)
		against_others(a, r.box, before, r.against);
	if (limit->than != NULL)
		narrow(p, r.against, &limit->than_path, limit->than, true);
	if (limit->fact != NULL)
	{
		if (!get_member(&b->facts, limit->fact, &v, &path))
			needs = psprintf("facts.%s: %s", limit->fact, bound_meaning(b, "facts", limit->fact));
		else
			allowed = bound_times((Wide) val_amount(&path, &v, false) * BOUND_FEN, limit->times);
	}
	r.care = dims_that_matter(a, layer, with, par, r.box);
	if (!walk_region(a, layer, with, par, side, &r, limit, allowed, &worst))
	{
		bound_put(b, NULL, NULL, NULL, NULL, -1,
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
			bound_put(b, rule, situation, NULL, NULL, -1, _(w->why));
		else if (needs != NULL && !(side == AT_MOST && w->value == 0))
			bound_put(b, rule, situation, value_words(par, w->value), NULL, -1, needs);
		else
			bound_put(b, rule, situation, value_words(par, w->value),
					  needs != NULL ? NULL :
					  psprintf("%s %s", side == AT_MOST ? "<=" : side == AT_LEAST ? ">=" : "~",
							   value_words(par, w->allowed)),
					  side == ABOUT ? -1 : right || needs != NULL,
					  side == ABOUT ? _("the source says \"about\": judge by hand") : NULL);
	}
	if (worst == NIL)
		bound_put(b, NULL, NULL, NULL, NULL, -1, _("the document settles no such claim"));
}
