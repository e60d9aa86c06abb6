/*
 * test_split.c
 *	  The exact split: figures by hand, and what must hold for any receipts.  TAP.
 */
#include "../../src/core/split.h"

#include <stdlib.h>

#include "tap.h"

#define RATIO(x)	((Ratio) ((x) * 10000 + 0.5) * (RATIO_ONE / 10000))

static void
splits(Fen amount, Ratio ratio, SplitRound rounding, Fen out, Fen ipt, const char *what)
{
	SplitBucket b = {0, 0};
	Fen			o = -1;
	Fen			i = -1;

	ok(split_receipt(&b, amount, ratio, rounding, &o, &i) && o == out && i == ipt, what);
	if (o != out || i != ipt)
		printf("# got %lld and %lld\n", (long long) o, (long long) i);
}

/* After each of many receipts: the total is the share, no part is negative, nothing is lost. */
static int
faults_of(Ratio ratio, SplitRound rounding, unsigned seed)
{
	SplitBucket b = {0, 0};
	int			faults = 0;
	Fen			total = 0;
	Fen			out_total = 0;

	srand(seed);
	for (int n = 0; n < 10000; n++)
	{
		Fen			amount = rand() % 3 == 0 ? rand() % 3 : rand();
		Fen			out;
		Fen			ipt;
		Wide		exact;

		if (!split_receipt(&b, amount, ratio, rounding, &out, &ipt))
			return -1;
		total += amount;
		out_total += out;
		exact = (Wide) total * ratio;	/* in 1e-8 fen */
		if (out < 0 || ipt < 0 || out + ipt != amount || b.total != total || b.outpatient != out_total)
			faults++;
		if (rounding == SPLIT_ROUND_FLOOR &&
			((Wide) out_total * RATIO_ONE > exact || (Wide) (out_total + 1) * RATIO_ONE <= exact))
			faults++;
		if (rounding == SPLIT_ROUND_HALF_UP &&
			((Wide) out_total * 2 * RATIO_ONE > exact * 2 + RATIO_ONE ||
			 (Wide) out_total * 2 * RATIO_ONE <= exact * 2 - RATIO_ONE))
			faults++;
	}
	return faults;
}

int
main(void)
{
	SplitBucket b = {100, 30};
	Fen			out = 0;
	Fen			ipt = 0;

	/* X10: 1,000,000.01 x 0.30 = 300,000.003 */
	splits(100000001, RATIO(0.30), SPLIT_ROUND_HALF_UP, 30000000, 70000001, "1,000,000.01 is 300,000.00 and 700,000.01");
	splits(100000001, RATIO(0.30), SPLIT_ROUND_FLOOR, 30000000, 70000001, "the same by floor");
	/* 0.05 x 0.30 = 0.015 */
	splits(5, RATIO(0.30), SPLIT_ROUND_HALF_UP, 2, 3, "half a fen goes to outpatient where it is rounded");
	splits(5, RATIO(0.30), SPLIT_ROUND_FLOOR, 1, 4, "half a fen goes to inpatient where it is cut");
	splits(0, RATIO(0.30), SPLIT_ROUND_HALF_UP, 0, 0, "nothing is nothing");
	splits(7, 0, SPLIT_ROUND_HALF_UP, 0, 7, "a share of 0");
	splits(7, RATIO_ONE, SPLIT_ROUND_HALF_UP, 7, 0, "a share of 1");
	/* 99,999,999,999,999.99 x 0.3333 = 33,329,999,999,999.996667: the product is above 64 bits */
	splits(FEN_MAX, RATIO(0.3333), SPLIT_ROUND_HALF_UP, INT64_C(3333000000000000), INT64_C(6666999999999999),
		   "the largest amount is split exactly");

	ok(!split_receipt(&b, -1, RATIO(0.30), SPLIT_ROUND_HALF_UP, &out, &ipt) && b.total == 100 && b.outpatient == 30,
	   "a negative amount is refused and changes nothing");
	ok(!split_receipt(&b, FEN_MAX, RATIO(0.30), SPLIT_ROUND_HALF_UP, &out, &ipt) && b.total == 100 && b.outpatient == 30,
	   "a total that is too large is refused and changes nothing");
	ok(!split_receipt(&b, 1, RATIO_ONE + 1, SPLIT_ROUND_HALF_UP, &out, &ipt), "a share above 1 is refused");

	ok(faults_of(RATIO(0.30), SPLIT_ROUND_HALF_UP, 1) == 0, "10,000 receipts, 30%, half up: exact after each");
	ok(faults_of(RATIO(0.30), SPLIT_ROUND_FLOOR, 2) == 0, "10,000 receipts, 30%, floor: exact after each");
	ok(faults_of(RATIO(0.3333), SPLIT_ROUND_HALF_UP, 3) == 0, "10,000 receipts, 33.33%: exact after each");
	ok(faults_of(RATIO(0.9999), SPLIT_ROUND_HALF_UP, 4) == 0, "10,000 receipts, 99.99%: exact after each");
	return done_testing();
}
