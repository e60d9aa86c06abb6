/*
 * match.h
 *	  Dimensions, boxes, and which of a parameter's rules holds.
 */
#ifndef YIBAO_CORE_MATCH_H
#define YIBAO_CORE_MATCH_H

#include "rules.h"

/* The atom that a given value falls in. */
extern int	dim_atom(const Dim *dim, int64_t v, size_t len);

/* The same of a number, an amount or a time with few cuts: they are counted, not halved. */
#define FEW_CUTS	8

static inline int
few_cuts_atom(const Dim *dim, int64_t v)
{
	int			n = 1;

	for (int i = 0; i < dim->nvalues; i++)
		n += dim->cuts[i] <= v;
	return n;
}

/* Lay dimensions out in boxes and keys: sets bit0, key_*, box_words. */
extern bool policy_layout(Policy *p);

/*
 * When all sets are filled: sets max_bands and cell_size, so that the caller
 * can give memo memo_mask + 1 zeroed cells.
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
