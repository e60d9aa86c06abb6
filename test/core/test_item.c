/*
 * test_item.c
 *	  The split of a fee line: figures by hand, and what must hold for any line.  TAP.
 */
#include "../../src/core/item.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"

#define RATIO(x)	((Ratio) ((x) * 10000 + 0.5) * (RATIO_ONE / 10000))
#define CNT(x)		((int64_t) ((x) * 10000 + ((x) < 0 ? -0.5 : 0.5)))
#define PRIC(x)		((int64_t) ((x) * 1000000 + 0.5))

static const ItemTerms plain = {.pric_uplmt = ITEM_NO_LIMIT};

static void
splits(const ItemTerms *t, int64_t before, int64_t cnt, Fen sum, Fen ownpay, Fen overlmt, Fen preself, Fen inscp,
	   const char *what)
{
	ItemParts	p;
	bool		fits = item_change(t, before, cnt, &p) && p.sumamt == sum && p.ownpay == ownpay &&
		p.overlmt == overlmt && p.preselfpay == preself && p.inscp == inscp;

	ok(fits, what);
	if (!fits)
		printf("# got %lld = %lld + %lld + %lld + %lld\n", (long long) p.sumamt, (long long) p.ownpay,
			   (long long) p.overlmt, (long long) p.preselfpay, (long long) p.inscp);
}

static int64_t
any(int64_t max)
{
	int64_t		r = (int64_t) rand() * RAND_MAX + rand();

	return r % (rand() % 3 == 0 ? (max < 50 ? max : 50) + 1 : max + 1);
}

static ItemTerms
any_terms(void)
{
	ItemTerms	t = plain;

	t.cls = (ItemClass) (rand() % ITEM_CLASS_COUNT);
	t.pric = any(PRIC(5000.0));
	if (rand() % 2)
		t.pric_uplmt = any(PRIC(5000.0));
	t.selfpay_prop = t.cls == ITEM_A ? 0 : any(10000) * 10000;
	t.enter_way = (ItemEnterWay) (rand() % 2);
	t.nbands = rand() % 4;
	for (int i = 0; i < t.nbands; i++)
	{
		t.band[i].upto = (i == 0 ? 0 : t.band[i - 1].upto) + 1 + any(PRIC(2000.0));
		t.band[i].prop = any(10000) * 10000;
	}
	return t;
}

/* Parts add up and are not negative; a line returned in portions leaves nothing. */
static int
faults(unsigned seed)
{
	int			n = 0;

	srand(seed);
	for (int round = 0; round < 20000; round++)
	{
		ItemTerms	t = any_terms();
		int64_t		cnt = any(CNT(1000.0));
		ItemParts	p;
		ItemParts	total;
		ItemParts	part;
		int64_t		left = cnt;

		if (!item_parts(&t, cnt, &p) || p.ownpay < 0 || p.overlmt < 0 || p.preselfpay < 0 || p.inscp < 0 ||
			p.sumamt != p.ownpay + p.overlmt + p.preselfpay + p.inscp)
			n++;
		total = p;
		for (int i = 0; left > 0; i++)
		{
			int64_t		r = i == 3 ? left : any(left);

			if (!item_change(&t, left, -r, &part) ||
				part.sumamt != part.ownpay + part.overlmt + part.preselfpay + part.inscp)
				n++;
			total.sumamt += part.sumamt;
			total.ownpay += part.ownpay;
			total.overlmt += part.overlmt;
			total.preselfpay += part.preselfpay;
			total.inscp += part.inscp;
			left -= r;
		}
		if (cnt > 0 && (total.sumamt | total.ownpay | total.overlmt | total.preselfpay | total.inscp) != 0)
			n++;
	}
	return n;
}

int
main(void)
{
	ItemTerms	t;
	Fen			fen = -1;
	ItemParts	p;

	/* count x price */
	ok(item_sumamt(CNT(3), PRIC(0.333333), &fen) && fen == 100, "3 x 0.333333 = 0.999999 is 1.00");
	ok(item_sumamt(CNT(0.5), PRIC(0.01), &fen) && fen == 1, "half of 0.01 is 0.01: half goes up");
	ok(item_sumamt(CNT(-0.5), PRIC(0.01), &fen) && fen == -1, "and away from nothing in a return");
	ok(item_sumamt(CNT(0.4999), PRIC(0.01), &fen) && fen == 0, "less than half of a fen is nothing");
	ok(!item_sumamt(ITEM_MAX, ITEM_MAX, &fen), "a sum above the largest amount is refused");
	ok(item_sumamt(ITEM_MAX, PRIC(99.0), &fen) && fen == INT64_C(9899999999999999),
	   "999,999,999,999.9999 x 99 = 98,999,999,999,999.9901 is exact above 64 bits");

	/* the classes */
	t = plain;
	t.cls = ITEM_A;
	t.pric = PRIC(12.5);
	splits(&t, 0, CNT(4), 5000, 0, 0, 0, 5000, "class 01: 4 x 12.50 is wholly within policy");
	t.cls = ITEM_C;
	t.pric_uplmt = PRIC(1.0);
	t.selfpay_prop = RATIO(0.1);
	splits(&t, 0, CNT(4), 5000, 5000, 0, 0, 0, "class 03 is fully self-paid, whatever else is said of it");
	t = plain;
	t.cls = ITEM_B;
	t.pric = PRIC(12.5);
	t.selfpay_prop = RATIO(0.1);
	splits(&t, 0, CNT(4), 5000, 0, 0, 500, 4500, "class 02 with 10%: 5.00 first self-pay");
	t.cls = ITEM_C_PAYABLE;
	splits(&t, 0, CNT(4), 5000, 0, 0, 500, 4500, "class 04 is paid as class 02");
	/* 33.35 x 0.1 = 3.335 */
	t.cls = ITEM_B;
	t.pric = PRIC(33.35);
	splits(&t, 0, CNT(1), 3335, 0, 0, 334, 3001, "the first self-pay is rounded half up, the rest is within policy");

	/* limit price: 3 x (120 - 100.005) = 59.985 above, 300.015 within; 10% of 300.01 = 30.001 */
	t.pric = PRIC(120.0);
	t.pric_uplmt = PRIC(100.005);
	splits(&t, 0, CNT(3), 36000, 0, 5999, 3000, 27001, "limit price: what is above goes first, the first self-pay is of the rest");
	t.pric_uplmt = PRIC(120.0);
	splits(&t, 0, CNT(3), 36000, 0, 0, 3600, 32400, "a price at the limit is within it");
	t.pric_uplmt = 0;
	splits(&t, 0, CNT(3), 36000, 0, 36000, 0, 0, "a limit of 0 lets nothing in");

	/* bands */
	t = plain;
	t.cls = ITEM_A;
	t.pric = PRIC(8000.0);
	t.nbands = 1;
	t.band[0] = (ItemBand) {ITEM_NO_LIMIT, RATIO(0.70)};
	splits(&t, 0, CNT(1), 800000, 240000, 0, 0, 560000, "shape 31: a domestic implant enters with 70%");
	t.band[0].prop = RATIO(0.40);
	splits(&t, 0, CNT(1), 800000, 480000, 0, 0, 320000, "shape 31: an imported implant enters with 40%");
	t.band[0].prop = 0;
	splits(&t, 0, CNT(1), 800000, 800000, 0, 0, 0, "shape 31: an imported consumable does not enter");
	t.nbands = 2;
	t.band[0] = (ItemBand) {PRIC(200.0), RATIO(1.0)};
	t.band[1] = (ItemBand) {ITEM_NO_LIMIT, RATIO(0.70)};
	t.pric = PRIC(200.0);
	splits(&t, 0, CNT(2), 40000, 0, 0, 0, 40000, "shape 31: a consumable of 200 enters whole, two of them as well");
	t.pric = PRIC(300.0);
	splits(&t, 0, CNT(2), 60000, 18000, 0, 0, 42000, "shape 31: one of 300 enters with 70%");
	t.enter_way = ITEM_ENTER_EXCESS;
	/* 2 x (200 + 100 x 0.7) = 540 */
	splits(&t, 0, CNT(2), 60000, 6000, 0, 0, 54000, "shape 31: the other reading, 70% of what is above 200");
	/* limit 250: 100 above; 2 x (200 + 50 x 0.7) = 470 enter */
	t.pric_uplmt = PRIC(250.0);
	splits(&t, 0, CNT(2), 60000, 3000, 10000, 0, 47000, "bands on the excess see the price within the limit");
	t.enter_way = ITEM_ENTER_WHOLE;
	/* within 500.00, 30% of it */
	splits(&t, 0, CNT(2), 60000, 15000, 10000, 0, 35000, "bands on the whole see the price charged");
	t.cls = ITEM_B;
	t.selfpay_prop = RATIO(0.1);
	splits(&t, 0, CNT(2), 60000, 15000, 10000, 3500, 31500, "the first self-pay is of what enters");
	splits(&t, CNT(2), CNT(-2), -60000, -15000, -10000, -3500, -31500, "a return mirrors its line");

	/* 3 x 0.333333 = 1.00 (0.999999); left: 2 are 0.67, 1 is 0.33; 10% of them 0.10, 0.07, 0.03 */
	t = plain;
	t.cls = ITEM_B;
	t.pric = PRIC(0.333333);
	t.selfpay_prop = RATIO(0.1);
	splits(&t, 0, CNT(3), 100, 0, 0, 10, 90, "three at a third");
	splits(&t, CNT(3), CNT(-1), -33, 0, 0, -3, -30, "the first returned");
	splits(&t, CNT(2), CNT(-1), -34, 0, 0, -4, -30, "the second returned");
	splits(&t, CNT(1), CNT(-1), -33, 0, 0, -3, -30, "the third returned: nothing is left");

	t.pric = ITEM_MAX;
	ok(!item_parts(&t, ITEM_MAX, &p), "a line that is too large is refused");
	ok(faults(1) == 0, "20,000 lines: parts are not negative and add up, returns in portions leave nothing");
	ok(strcmp(item_class_codes[ITEM_C_PAYABLE], "04") == 0, "the codes are in the order of the classes");
	return done_testing();
}
