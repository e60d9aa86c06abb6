/*
 * split.c
 *	  Splitting income over two pools, exactly.
 *
 * Each receipt gets what brings the bucket to the rounded share of its total,
 * so that no fen is gained or lost over a year of receipts.
 */
#include "split.h"

Fen
split_share(Fen total, Ratio outpatient, SplitRound rounding)
{
	if (rounding == SPLIT_ROUND_HALF_UP)
		return fen_mul_ratio(total, outpatient);
	return (Fen) ((Wide) total * outpatient / RATIO_ONE);
}

bool
split_receipt(SplitBucket *bucket, Fen amount, Ratio outpatient,
			  SplitRound rounding, Fen *out, Fen *ipt)
{
	Fen			total;
	Fen			share;

	if (amount < 0 || outpatient < 0 || outpatient > RATIO_ONE ||
		!fen_add(bucket->total, amount, &total))
		return false;
	share = split_share(total, outpatient, rounding);
	*out = share - bucket->outpatient;
	*ipt = amount - *out;
	bucket->total = total;
	bucket->outpatient = share;
	return true;
}
