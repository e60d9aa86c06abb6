/*
 * match.c
 *	  Dimensions, boxes, and which of a parameter's rules holds.
 */
#include <string.h>

#include "match.h"

/* ---- dimensions ------------------------------------------------------- */

/* Does code a begin with code b? */
static inline bool
code_begins(int64_t a, int64_t b)
{
	uint64_t	mask = ~UINT64_C(0);
	uint64_t	ub = (uint64_t) b;

	while (ub != 0 && (ub & 0xff) == 0)
	{
		ub >>= 8;
		mask <<= 8;
	}
	return ((uint64_t) a & mask) == (uint64_t) b;
}

static int
code_atom(const Dim *dim, int64_t v)
{
	int			atom = ATOM_OTHER;

	/* codes[] is ascending as bytes, so the last prefix is the longest */
	for (int i = 0; i < dim->nvalues; i++)
	{
		if (dim->codes[i] == v)
			return 2 + i;
		if (dim->prefix && code_begins(v, dim->codes[i]))
			atom = 2 + i;
	}
	return atom;
}

static int
text_atom(const Dim *dim, const char *s, size_t len)
{
	int			atom = ATOM_OTHER;
	size_t		best = 0;

	for (int i = 0; i < dim->nvalues; i++)
	{
		const TextAtom *t = &dim->texts[i];

		if (t->len > len || memcmp(t->s, s, t->len) != 0)
			continue;
		if (t->len == len)
			return 2 + i;
		if (dim->prefix && t->len > best)
		{
			best = t->len;
			atom = 2 + i;
		}
	}
	return atom;
}

static int
cut_atom(const Dim *dim, int64_t v)
{
	int			lo = 0;
	int			hi = dim->nvalues;

	if (hi <= FEW_CUTS)
		return few_cuts_atom(dim, v);
	while (lo < hi)
	{
		int			mid = (lo + hi) / 2;

		if (dim->cuts[mid] <= v)
			lo = mid + 1;
		else
			hi = mid;
	}
	return 1 + lo;
}

int
dim_atom(const Dim *dim, int64_t v, size_t len)
{
	switch (dim->kind)
	{
		case FK_CODE:
			return code_atom(dim, v);
		case FK_TEXT:
			return text_atom(dim, (const char *) (intptr_t) v, len);
		case FK_FLAG:
			return v ? 2 : 1;
		default:
			return cut_atom(dim, v);
	}
}

bool
policy_layout(Policy *p)
{
	uint32_t	bit = 0;
	uint32_t	shift = 0;

	for (int d = 0; d < p->ndims; d++)
	{
		Dim		   *dim = &p->dims[d];
		uint8_t		bits = 1;

		while ((1u << bits) < dim->natoms)
			bits++;
		if (dim->natoms > MAX_ATOMS || shift + bits > 64)
			return false;
		dim->bit0 = bit;
		dim->key_bits = bits;
		dim->key_shift = (uint8_t) shift;
		bit += dim->natoms;
		shift += bits;
	}
	p->box_words = bit == 0 ? 1 : (bit + 63) / 64;
	return p->box_words <= MAX_BOX_WORDS;
}

/* Codes come first; all or none. */
static void
quick_layout(Policy *p)
{
	p->nquick_codes = p->nquick = 0;
	for (int pass = 0; pass < 2; pass++)
	{
		for (int d = 0; d < p->ndims; d++)
		{
			Dim		   *dim = &p->dims[d];
			QuickDim   *q = &p->quick[p->nquick];

			if ((dim->kind == FK_CODE) != (pass == 0))
				continue;
			q->field = dim->field;
			q->key_shift = dim->key_shift;
			q->ncuts = 0;
			if (dim->kind == FK_CODE)
			{
				dim->memo[0].code = DIM_NO_CODE;
				q->memo = dim->memo;
				p->nquick_codes++;
			}
			else if (dim->kind == FK_TEXT || dim->nvalues > FEW_CUTS)
			{
				p->nquick_codes = p->nquick = 0;
				return;
			}
			else
			{
				/* a flag is a number with one cut */
				q->ncuts = dim->kind == FK_FLAG ? 1 : (uint8_t) dim->nvalues;
				for (int i = 0; i < FEW_CUTS; i++)
					q->cut[i] = i >= q->ncuts ? INT64_MAX : dim->kind == FK_FLAG ? 1 : dim->cuts[i];
			}
			p->nquick++;
		}
	}
}

void
policy_cell_layout(Policy *p)
{
	p->max_bands = 1;
	for (int i = 0; i < p->nsets; i++)
	{
		for (int k = 0; k < p->sets[i].nrules; k++)
		{
			const Rule *rule = &p->sets[i].rules[k];

			if (rule->kind == RK_RATIO && rule->u.ratio.nbands > p->max_bands)
				p->max_bands = rule->u.ratio.nbands;
		}
	}
	p->cell_size = sizeof(Cell) +
		(size_t) p->nlayers * (sizeof(PlainLayer) + sizeof(CellLayer)) +
		(size_t) p->nsets * sizeof(Rule *) +
		(size_t) p->nlayers * (size_t) p->max_bands * sizeof(Ratio);
	p->cell_size = (p->cell_size + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
	p->memo_size = memo_cells(p) + memo_room(p) * p->cell_size;
	p->asks_more = p->by_category || p->cross_year_set > 0 || p->asks_entitled;
	quick_layout(p);
}

/* ---- boxes ---------------------------------------------------------------- */

bool
box_subset(const Policy *p, const uint64_t *a, const uint64_t *b)
{
	for (uint32_t i = 0; i < p->box_words; i++)
	{
		if (a[i] & ~b[i])
			return false;
	}
	return true;
}

/* Has the box a known atom on every dimension? */
static bool
box_inhabited(const Policy *p, const uint64_t *box)
{
	for (int d = 0; d < p->ndims; d++)
	{
		const Dim  *dim = &p->dims[d];
		bool		some = false;

		for (int a = 1; a < dim->natoms && !some; a++)
			some = box_has(box, dim->bit0 + (uint32_t) a);
		if (!some)
			return false;
	}
	return true;
}

bool
box_meet(const Policy *p, const uint64_t *a, const uint64_t *b, uint64_t *meet)
{
	for (uint32_t i = 0; i < p->box_words; i++)
		meet[i] = a[i] & b[i];
	return box_inhabited(p, meet);
}

/* ---- order and conflict --------------------------------------------------- */

static bool
rule_above(const Policy *p, const Rule *a, const Rule *b,
		   bool (*beats) (const Rule *, const Rule *, void *), void *arg)
{
	if (beats != NULL && beats(a, b, arg))
		return true;
	if (beats != NULL && beats(b, a, arg))
		return false;
	return box_subset(p, a->box, b->box) && !box_subset(p, b->box, a->box);
}

bool
set_sort(const Policy *p, RuleSet *set,
		 bool (*beats) (const Rule *, const Rule *, void *), void *arg)
{
	for (int n = 0; n < set->nrules; n++)
	{
		int			pick = -1;
		Rule		rule;

		for (int i = n; i < set->nrules && pick < 0; i++)
		{
			bool		free = true;

			for (int j = n; j < set->nrules && free; j++)
				free = j == i ||
					!rule_above(p, &set->rules[j], &set->rules[i], beats, arg);
			if (free)
				pick = i;
		}
		if (pick < 0)
			return false;
		rule = set->rules[pick];
		memmove(&set->rules[n + 1], &set->rules[n],
				sizeof(Rule) * (size_t) (pick - n));
		set->rules[n] = rule;
	}
	return true;
}

typedef struct Search
{
	const Policy *p;
	const uint64_t **cover;
	int			ncover;
	int			budget;
	uint16_t   *witness;
} Search;

/*
 * Find a point of box that none of cover[from..] has.  Splits the box along
 * the dimensions of the first cover that meets it.
 */
static ConflictResult
find_uncovered(Search *s, uint64_t *box, int from)
{
	const Policy *p = s->p;
	uint64_t	whole[MAX_BOX_WORDS];
	uint64_t	inside[MAX_BOX_WORDS];
	size_t		size = sizeof(uint64_t) * p->box_words;
	ConflictResult result = CONFLICT_NONE;

	if (--s->budget < 0)
		return CONFLICT_TOO_HARD;
	if (!box_inhabited(p, box))
		return CONFLICT_NONE;
	if (from == s->ncover)
	{
		for (int d = 0; d < p->ndims; d++)
		{
			const Dim  *dim = &p->dims[d];

			for (int a = 1; a < dim->natoms; a++)
			{
				if (box_has(box, dim->bit0 + (uint32_t) a))
				{
					s->witness[d] = (uint16_t) a;
					break;
				}
			}
		}
		return CONFLICT_FOUND;
	}

	memcpy(whole, box, size);
	memcpy(inside, box, size);
	for (int d = 0; d < p->ndims && result == CONFLICT_NONE; d++)
	{
		const Dim  *dim = &p->dims[d];
		const uint64_t *cover = s->cover[from];

		/* the part outside the cover on this dimension */
		memcpy(box, inside, size);
		for (int a = 0; a < dim->natoms; a++)
		{
			uint32_t	bit = dim->bit0 + (uint32_t) a;

			if (box_has(cover, bit))
				box[bit >> 6] &= ~(UINT64_C(1) << (bit & 63));
		}
		result = find_uncovered(s, box, from + 1);

		/* go on with the part inside it */
		for (int a = 0; a < dim->natoms; a++)
		{
			uint32_t	bit = dim->bit0 + (uint32_t) a;

			if (!box_has(cover, bit))
				inside[bit >> 6] &= ~(UINT64_C(1) << (bit & 63));
		}
	}
	memcpy(box, whole, size);
	return result;
}

#define MAX_COVER		128
#define SEARCH_BUDGET	2000000	/* boxes looked at for one set */

ConflictResult
set_conflict(const Policy *p, const RuleSet *set,
			 bool (*beats) (const Rule *, const Rule *, void *), void *arg,
			 int *first, int *second, uint16_t witness[MAX_DIMS])
{
	uint64_t	meet[MAX_BOX_WORDS];
	const uint64_t *cover[MAX_COVER];
	Search		s = {p, cover, 0, SEARCH_BUDGET, witness};

	for (int i = 0; i < set->nrules; i++)
	{
		for (int j = i + 1; j < set->nrules; j++)
		{
			const Rule *a = &set->rules[i];
			const Rule *b = &set->rules[j];
			ConflictResult result;

			if (rule_above(p, a, b, beats, arg) ||
				rule_above(p, b, a, beats, arg) ||
				!box_meet(p, a->box, b->box, meet))
				continue;

			*first = i;
			*second = j;
			s.ncover = 0;
			for (int k = 0; k < set->nrules; k++)
			{
				const Rule *c = &set->rules[k];

				if (k != i && k != j &&
					rule_above(p, c, a, beats, arg) &&
					rule_above(p, c, b, beats, arg))
				{
					if (s.ncover == MAX_COVER)
						return CONFLICT_TOO_HARD;
					cover[s.ncover++] = c->box;
				}
			}
			result = find_uncovered(&s, meet, 0);
			if (result != CONFLICT_NONE)
				return result;
		}
	}
	return CONFLICT_NONE;
}
