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

/* Where in the memo a point is looked for first. */
static inline uint32_t
memo_hash(uint64_t key)
{
	return (uint32_t) ((key * UINT64_C(0x9E3779B97F4A7C15)) >> 32);
}

static inline Cell *
memo_cell(const Policy *p, uint32_t slot)
{
	return (Cell *) (void *) (p->memo + (size_t) slot * p->cell_size);
}

#define CACHE_LINE	64

/* Lay dimensions out in boxes and keys: sets bit0, key_*, box_words. */
extern bool policy_layout(Policy *p);

/*
 * When all else is filled: sets max_bands, cell_size and what plain.c reads, so
 * that the caller can give memo memo_mask + 1 zeroed cells, best at a cache line.
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
