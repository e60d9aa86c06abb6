/*
 * split.h
 *	  Splitting income over two pools, exactly.
 */
#ifndef YIBAO_CORE_SPLIT_H
#define YIBAO_CORE_SPLIT_H

#include "fen.h"

typedef enum SplitRound
{
	SPLIT_ROUND_HALF_UP,		/* the outpatient total is rounded half up */
	SPLIT_ROUND_FLOOR			/* the outpatient total is cut to the fen below */
} SplitRound;

/* Everything split so far for one fund, coverage year and rule. */
typedef struct SplitBucket
{
	Fen			total;
	Fen			outpatient;
} SplitBucket;

/* The outpatient share of a total. */
extern Fen	split_share(Fen total, Ratio outpatient, SplitRound rounding);

/*
 * Add a receipt: after any number of them the bucket's outpatient total is
 * exactly split_share() of the total, and what is left is inpatient.  Neither
 * part is negative.  False when the amount is negative or the total too large;
 * the bucket is then as it was.
 */
extern bool split_receipt(SplitBucket *bucket, Fen amount, Ratio outpatient,
						  SplitRound rounding, Fen *out, Fen *ipt);

#endif							/* YIBAO_CORE_SPLIT_H */
