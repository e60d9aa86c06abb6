/*
 * fuzz_item.c
 *	  Any terms, any count, any portions returned: parts add up, none is
 *	  negative, and nothing is left when all is returned.
 */
#include "../../src/core/item.h"

#include <stdlib.h>
#include <string.h>

typedef struct Input
{
	const uint8_t *p;
	size_t		left;
} Input;

static uint64_t
take(Input *in)
{
	uint64_t	v = 0;
	size_t		n = in->left == 0 ? 0 : 1 + *in->p % 8;

	if (n == 0)
		return 0;
	in->p++;
	in->left--;
	if (n > in->left)
		n = in->left;
	memcpy(&v, in->p, n);
	in->p += n;
	in->left -= n;
	return v;
}

static int64_t
upto(Input *in, int64_t max)
{
	return (int64_t) (take(in) % ((uint64_t) max + 1));
}

static void
add(ItemParts *sum, const ItemParts *p)
{
	if (p->sumamt != p->ownpay + p->overlmt + p->preselfpay + p->inscp)
		abort();
	sum->sumamt += p->sumamt;
	sum->ownpay += p->ownpay;
	sum->overlmt += p->overlmt;
	sum->preselfpay += p->preselfpay;
	sum->inscp += p->inscp;
	if (sum->ownpay < 0 || sum->overlmt < 0 || sum->preselfpay < 0 || sum->inscp < 0)
		abort();
}

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input		in = {data, size};
	ItemTerms	t = {0};
	ItemParts	sum = {0};
	ItemParts	p;
	int64_t		left;

	t.cls = (ItemClass) upto(&in, ITEM_CLASS_COUNT - 1);
	t.pric = upto(&in, ITEM_MAX);
	t.pric_uplmt = upto(&in, 1) ? upto(&in, ITEM_MAX) : ITEM_NO_LIMIT;
	t.selfpay_prop = upto(&in, 10000) * 10000;
	t.enter_way = (ItemEnterWay) upto(&in, 1);
	t.nbands = (int) upto(&in, ITEM_MAX_BANDS);
	for (int i = 0; i < t.nbands; i++)
	{
		t.band[i].upto = (i == 0 ? 0 : t.band[i - 1].upto) + 1 + upto(&in, ITEM_MAX / ITEM_MAX_BANDS);
		t.band[i].prop = upto(&in, 10000) * 10000;
	}
	left = upto(&in, ITEM_MAX);
	if (!item_change(&t, 0, left, &p))
		return 0;
	add(&sum, &p);
	while (left > 0)
	{
		int64_t		r = in.left == 0 ? left : upto(&in, left);

		if (!item_change(&t, left, -r, &p))
			abort();
		add(&sum, &p);
		left -= r;
	}
	if ((sum.sumamt | sum.ownpay | sum.overlmt | sum.preselfpay | sum.inscp) != 0)
		abort();
	return 0;
}
