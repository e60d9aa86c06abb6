/*
 * match.h
 *	  Dimensions, boxes, and which of a parameter's rules holds.
 */
#ifndef YIBAO_CORE_MATCH_H
#define YIBAO_CORE_MATCH_H

#include "rules.h"

/* The atom that a given value falls in. */
extern int	dim_atom(const Dim *dim, int64_t v, size_t len);

/* The same of a number, an amount or a time with few cuts. */
static inline int
few_cuts_atom(const Dim *dim, int64_t v)
{
	int			n = 1;

	for (int i = 0; i < dim->nvalues; i++)
		n += dim->cuts[i] <= v;
	return n;
}

/*
 * The slot of a code.  They differ in their first bytes, so it comes from the
 * top bits.  DIM_NO_CODE in slot 0 keeps 0, which is no code, from being found
 * there as if it were.
 */
#define DIM_NO_CODE	1

static inline uint32_t
memo_slot(int64_t code)
{
	return (uint32_t) (((uint64_t) code * UINT64_C(0x9E3779B97F4A7C15)) >> 59);
}

#define CACHE_LINE	64

/* Where in the memo a point is looked for first. */
static inline uint32_t
memo_hash(uint64_t key)
{
	return (uint32_t) ((key * UINT64_C(0x9E3779B97F4A7C15)) >> 32);
}

/* The cell of a point; else NULL, and *slot is the one for it. */
static inline __attribute__((always_inline)) Cell *
memo_find(const Policy *p, uint64_t key, uint32_t *slot)
{
	const uint32_t *slots = (const uint32_t *) (const void *) p->memo;

	for (uint32_t i = memo_hash(key);; i++)
	{
		uint32_t	at = slots[i & p->memo_mask];
		Cell	   *cell = (Cell *) (void *) (p->memo + at);

		*slot = i & p->memo_mask;
		if (__builtin_expect(at == 0, 0))
			return NULL;
		if (__builtin_expect(cell->key == key, 1))
			return cell;
	}
}

/* Where the cells begin. */
static inline size_t
memo_cells(const Policy *p)
{
	return (((size_t) p->memo_mask + 1) * sizeof(uint32_t) + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
}

/* So many cells fill a memo; there is room for no more. */
static inline uint32_t
memo_room(const Policy *p)
{
	return p->memo_mask - p->memo_mask / 8;
}

/* Lay dimensions out in boxes and keys: sets bit0, key_*, box_words. */
extern bool policy_layout(Policy *p);

/*
 * When all else is filled, memo_mask too: sets max_bands, cell_size, memo_size and
 * what plain.c reads; then the caller gives memo, zeroed, best at a cache line.
 */
extern void policy_cell_layout(Policy *p);

static inline bool
box_has(const uint64_t *box, uint32_t bit)
{
	return (box[bit >> 6] >> (bit & 63)) & 1;
}

static inline void
box_put(uint64_t *box, uint32_t bit)
{
	box[bit >> 6] |= UINT64_C(1) << (bit & 63);
}

/* A box is empty where it has no atom but ATOM_UNKNOWN on some dimension. */
extern bool box_subset(const Policy *p, const uint64_t *a, const uint64_t *b);
extern bool box_meet(const Policy *p, const uint64_t *a, const uint64_t *b,
					 uint64_t *meet);

/*
 * Put the rules of a set in order, the more specific first; beats(a, b) says
 * that a is declared to stand over b.  False when that is circular.
 */
extern bool set_sort(const Policy *p, RuleSet *set,
					 bool (*beats) (const Rule *a, const Rule *b, void *arg),
					 void *arg);

/* How many decimals a ratio needs. */
extern int	core_decimals(Ratio ratio);

/* Ratios of a layer may have so many; Layer.fine. */
#define FINE_MAX	18

typedef enum ConflictResult
{
	CONFLICT_NONE,
	CONFLICT_FOUND,
	CONFLICT_TOO_HARD			/* gave up after a bounded search */
} ConflictResult;

/*
 * Two rules of a set that can both match where no more specific one decides.
 * witness[d] is an atom for each dimension.
 */
extern ConflictResult set_conflict(const Policy *p, const RuleSet *set,
								   bool (*beats) (const Rule *a, const Rule *b, void *arg),
								   void *arg,
								   int *first, int *second,
								   uint16_t witness[MAX_DIMS]);

#endif							/* YIBAO_CORE_MATCH_H */
