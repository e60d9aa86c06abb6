/*
 * cover.c
 *	  Sets of situations: which of them rules cover, and how an author would
 *	  write them.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "core/match.h"
#include "policy/author.h"

void
author_words(int n, const char *const *words, Datum *values, bool *nulls)
{
	for (int i = 0; i < n; i++)
	{
		nulls[i] = words[i] == NULL;
		values[i] = nulls[i] ? (Datum) 0 : CStringGetTextDatum(words[i]);
	}
}

void
author_compile(const Jsonb *doc, Authored *a)
{
	const Policy *p;

	a->cp = policy_compile_rows(doc, CurrentMemoryContext, &a->rows, false);
	if (fault_count() > 0)
		return;
	p = a->cp->core;
	a->days = palloc_array(uint64_t, p->box_words);
	policy_universe(p, a->days);
	for (int d = 0; d < p->ndims; d++)
	{
		const Dim  *dim = &p->dims[d];

		for (int atom = 1; dim->field == p->version_date && atom < dim->natoms; atom++)
		{
			uint32		bit = dim->bit0 + atom;

			if ((atom > 1 && dim->cuts[atom - 2] >= p->valid_to) ||
				(atom <= dim->nvalues && dim->cuts[atom - 1] <= p->valid_from))
				a->days[bit >> 6] &= ~(UINT64_C(1) << (bit & 63));
		}
	}
}

const RuleRow *
author_row(const Authored *a, int info)
{
	ListCell   *lc;

	foreach(lc, a->rows)
	{
		const RuleRow *row = lfirst(lc);

		if (row->info == info)
			return row;
	}
	return NULL;
}

/* The layer that a set belongs to; NULL for those of the document. */
const Layer *
author_layer(const Authored *a, const RuleSet *set)
{
	const Policy *p = a->cp->core;

	for (int l = 0; !rule_kind_of_document(set->kind) && l < p->nlayers; l++)
	{
		if (p->layers[l].code == set->layer)
			return &p->layers[l];
	}
	return NULL;
}

/* ---- boxes ------------------------------------------------------------------------ */

uint64_t *
box_copy(const Policy *p, const uint64_t *box)
{
	uint64_t   *copy = palloc_array(uint64_t, p->box_words);

	memcpy(copy, box, sizeof(uint64_t) * p->box_words);
	return copy;
}

bool
box_some(const Policy *p, const uint64_t *box)
{
	uint64_t	meet[MAX_BOX_WORDS];

	return box_meet(p, box, box, meet);
}

/* Keep of a box, on one dimension, what another has, or what it has not. */
static void
box_cut(const Dim *dim, uint64_t *box, const uint64_t *other, bool inside)
{
	for (uint32 bit = dim->bit0; bit < dim->bit0 + dim->natoms; bit++)
	{
		if (box_has(other, bit) != inside)
			box[bit >> 6] &= ~(UINT64_C(1) << (bit & 63));
	}
}

List *
boxes_without(const Policy *p, List *boxes, List *cover, bool *more)
{
	uint64_t	meet[MAX_BOX_WORDS];
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, cover)
	{
		const uint64_t *c = lfirst(lc);
		List	   *left = NIL;

		CHECK_FOR_INTERRUPTS();
		foreach(lc2, boxes)
		{
			uint64_t   *box = lfirst(lc2);

			if (!box_meet(p, box, c, meet))
			{
				left = lappend(left, box);
				continue;
			}
			box = box_copy(p, box);
			for (int d = 0; d < p->ndims; d++)
			{
				uint64_t   *outside = box_copy(p, box);

				box_cut(&p->dims[d], outside, c, false);
				if (box_some(p, outside))
					left = lappend(left, outside);
				else
					pfree(outside);
				box_cut(&p->dims[d], box, c, true);
			}
		}
		boxes = left;
		if (list_length(boxes) > MAX_PIECES)
		{
			*more = true;
			boxes = list_truncate(boxes, MAX_PIECES);
		}
	}
	return boxes;
}

List *
boxes_within(const Policy *p, List *boxes, List *cover, bool *more)
{
	List	   *all = NIL;
	List	   *earlier = NIL;
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, cover)
	{
		List	   *met = NIL;

		foreach(lc2, boxes)
		{
			uint64_t   *meet = palloc_array(uint64_t, p->box_words);

			if (box_meet(p, lfirst(lc2), lfirst(lc), meet))
				met = lappend(met, meet);
		}
		all = list_concat(all, boxes_without(p, met, earlier, more));
		earlier = lappend(earlier, lfirst(lc));
		if (list_length(all) > MAX_PIECES)
		{
			*more = true;
			return list_truncate(all, MAX_PIECES);
		}
	}
	return all;
}

/* Can b be joined to a: do they differ on one dimension at most?  Then a is both. */
static bool
box_join(const Policy *p, uint64_t *a, const uint64_t *b)
{
	const Dim  *differ = NULL;

	for (int d = 0; d < p->ndims; d++)
	{
		const Dim  *dim = &p->dims[d];

		for (uint32 bit = dim->bit0; bit < dim->bit0 + dim->natoms; bit++)
		{
			if (box_has(a, bit) == box_has(b, bit))
				continue;
			if (differ != NULL && differ != dim)
				return false;
			differ = dim;
		}
	}
	for (uint32 i = 0; i < p->box_words; i++)
		a[i] |= b[i];
	return true;
}

List *
boxes_joined(const Policy *p, List *boxes)
{
	int			n = list_length(boxes);
	uint64_t  **box = palloc_array(uint64_t *, n + 1);
	List	   *result = NIL;
	bool		again = n <= 512;
	ListCell   *lc;

	foreach(lc, boxes)
		box[foreach_current_index(lc)] = box_copy(p, lfirst(lc));
	while (again)
	{
		again = false;
		for (int i = 0; i < n; i++)
		{
			for (int j = i + 1; j < n; j++)
			{
				if (!box_join(p, box[i], box[j]))
					continue;
				box[j--] = box[--n];
				again = true;
			}
		}
	}
	for (int i = 0; i < n; i++)
		result = lappend(result, box[i]);
	return result;
}

List *
rule_boxes_above(const RuleSet *set, int i)
{
	List	   *boxes = NIL;

	for (int j = 0; j < i; j++)
		boxes = lappend(boxes, unconstify(uint64_t *, set->rules[j].box));
	return boxes;
}

List *
rule_boxes(const RuleSet *set)
{
	return rule_boxes_above(set, set->nrules);
}

List *
rule_holds_in(const Policy *p, const RuleSet *set, int i, const uint64_t *base, bool *more)
{
	uint64_t   *box = palloc_array(uint64_t, p->box_words);

	if (!box_meet(p, set->rules[i].box, base, box))
		return NIL;
	return boxes_without(p, list_make1(box), rule_boxes_above(set, i), more);
}

List *
claims_of(const Authored *a, const Layer *layer, bool *more)
{
	const Policy *p = a->cp->core;
	uint64_t   *box = box_copy(p, a->days);

	if (layer == NULL)
		return list_make1(box);
	if (layer->applies != NULL && !box_meet(p, a->days, layer->applies, box))
		return NIL;
	return boxes_within(p, list_make1(box), rule_boxes(&p->sets[0]), more);
}

/* ---- as conditions -------------------------------------------------------------------- */

static void
push_string(JsonbParseState **state, JsonbIteratorToken tok, const char *s, int len)
{
	JsonbValue	v;

	v.type = jbvString;
	v.val.string.val = pnstrdup(s, len);
	v.val.string.len = len;
	pushJsonbValue(state, tok, &v);
}

static void
push_code(JsonbParseState **state, JsonbIteratorToken tok, const Dim *dim, int atom)
{
	char		code[CODE_MAX + 1];

	if (dim->kind == FK_TEXT)
		push_string(state, tok, dim->texts[atom - 2].s, dim->texts[atom - 2].len);
	else
	{
		int			len = code_unpack(dim->codes[atom - 2], code);

		push_string(state, tok, code, len);
	}
}

static void
push_number(JsonbParseState **state, const Dim *dim, int64 n)
{
	JsonbValue	v;

	if (dim->kind == FK_AMOUNT || dim->kind == FK_TIME)
	{
		char	   *s = number_words(dim->kind, n);

		push_string(state, WJB_VALUE, s, strlen(s));
	}
	else
	{
		v.type = jbvNumeric;
		v.val.numeric = int64_to_numeric(n);
		pushJsonbValue(state, WJB_VALUE, &v);
	}
}

static bool
dim_is_ordered(const Dim *dim)
{
	return dim->kind == FK_INT || dim->kind == FK_AMOUNT || dim->kind == FK_TIME;
}

/* "field": condition; nothing where the box does not restrict the dimension. */
static void
push_dim(JsonbParseState **state, const Dim *dim, const uint64_t *box, const uint64_t *all)
{
	const char *name = claim_fields[dim->field].name;
	int			in = 0;
	int			out = 0;
	int			first = 0;
	int			last = 0;
	bool		other;

	for (int atom = 1; atom < dim->natoms; atom++)
	{
		if (!box_has(all, dim->bit0 + atom))
			continue;
		if (box_has(box, dim->bit0 + atom))
		{
			first = in == 0 ? atom : first;
			last = atom;
			in++;
		}
		else
			out++;
	}
	if (out == 0)
		return;
	push_string(state, WJB_KEY, name, strlen(name));
	if (dim->kind == FK_FLAG)
	{
		JsonbValue	v;

		v.type = jbvBool;
		v.val.boolean = first == 2;
		pushJsonbValue(state, WJB_VALUE, &v);
		return;
	}
	if (dim_is_ordered(dim))
	{
		pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
		if (first > 1)
		{
			push_string(state, WJB_KEY, ">=", 2);
			push_number(state, dim, dim->cuts[first - 2]);
		}
		if (last <= dim->nvalues)
		{
			push_string(state, WJB_KEY, "<", 1);
			push_number(state, dim, dim->cuts[last - 1]);
		}
		pushJsonbValue(state, WJB_END_OBJECT, NULL);
		return;
	}

	/* codes: those that are meant, or those that are not where others are meant too */
	other = box_has(box, dim->bit0 + ATOM_OTHER);
	if (other)
	{
		pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
		push_string(state, WJB_KEY, "not", 3);
	}
	if ((other ? out : in) == 1)
	{
		for (int atom = 2; atom < dim->natoms; atom++)
		{
			if (box_has(all, dim->bit0 + atom) && box_has(box, dim->bit0 + atom) != other)
				push_code(state, WJB_VALUE, dim, atom);
		}
	}
	else
	{
		pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
		for (int atom = 2; atom < dim->natoms; atom++)
		{
			if (box_has(all, dim->bit0 + atom) && box_has(box, dim->bit0 + atom) != other)
				push_code(state, WJB_ELEM, dim, atom);
		}
		pushJsonbValue(state, WJB_END_ARRAY, NULL);
	}
	if (other)
		pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

/* Boxes whose numbers are in one piece each: else no single condition says it. */
static List *
boxes_unbroken(const Policy *p, List *boxes)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, boxes)
	{
		List	   *parts = list_make1(lfirst(lc));

		for (int d = 0; d < p->ndims; d++)
		{
			const Dim  *dim = &p->dims[d];
			List	   *next = NIL;
			ListCell   *lc2;

			if (!dim_is_ordered(dim))
				continue;
			foreach(lc2, parts)
			{
				const uint64_t *box = lfirst(lc2);
				uint64_t   *run = NULL;

				for (int atom = 1; atom < dim->natoms; atom++)
				{
					if (!box_has(box, dim->bit0 + atom))
					{
						run = NULL;
						continue;
					}
					if (run == NULL)
					{
						run = box_copy(p, box);
						for (uint32 bit = dim->bit0; bit < dim->bit0 + dim->natoms; bit++)
							run[bit >> 6] &= ~(UINT64_C(1) << (bit & 63));
						next = lappend(next, run);
					}
					box_put(run, dim->bit0 + atom);
				}
			}
			parts = next;
		}
		result = list_concat(result, parts);
	}
	return result;
}

List *
boxes_as_when(const Authored *a, List *boxes)
{
	const Policy *p = a->cp->core;
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, boxes_unbroken(p, boxes))
	{
		JsonbParseState *state = NULL;

		pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
		for (int d = 0; d < p->ndims; d++)
			push_dim(&state, &p->dims[d], lfirst(lc), a->days);
		result = lappend(result, JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)));
	}
	return result;
}

char *
when_words(const Jsonb *when)
{
	if (JB_ROOT_COUNT(when) == 0)
		return pstrdup(_("always"));
	return JsonbToCString(NULL, unconstify(JsonbContainer *, &when->root), VARSIZE(when));
}
