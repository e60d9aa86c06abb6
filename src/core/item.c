/*
 * item.c
 *	  The split of one fee line: limit price, share that enters, first self-pay.
 */
#include "item.h"

#define PER_FEN		INT64_C(100000000)	/* count x price is in 1e-10 yuan */
#define TEN_THOUSAND	INT64_C(10000)		/* a ratio has four decimals */

const char *const item_class_codes[ITEM_CLASS_COUNT] = {
	[ITEM_A] = "01",
	[ITEM_B] = "02",
	[ITEM_C] = "03",
	[ITEM_C_PAYABLE] = "04"
};

bool
item_sumamt(int64_t cnt, int64_t pric, Fen *sumamt)
{
	Wide		exact = (Wide) cnt * pric;

	if (exact > (Wide) FEN_MAX * PER_FEN || exact < -(Wide) FEN_MAX * PER_FEN)
		return false;
	*sumamt = div_half_up(exact, PER_FEN);
	return true;
}

static const ItemBand *
band_of(const ItemTerms *terms, int64_t pric)
{
	int			i = 0;

	while (i < terms->nbands - 1 && pric > terms->band[i].upto)
		i++;
	return &terms->band[i];
}

/* What of a unit's price does not enter, in 1e-10 yuan. */
static Wide
kept_out_of_unit(const ItemTerms *terms, int64_t pric)
{
	Wide		out = 0;
	int64_t		from = 0;

	for (int i = 0; i < terms->nbands && pric > from; i++)
	{
		int64_t		upto = i == terms->nbands - 1 || terms->band[i].upto > pric ?
			pric : terms->band[i].upto;

		out += (Wide) (upto - from) * ((RATIO_ONE - terms->band[i].prop) / TEN_THOUSAND);
		from = upto;
	}
	return out;
}

/* What of the amount within the limit price does not enter. */
static Fen
kept_out(const ItemTerms *terms, int64_t cnt, Fen within)
{
	if (terms->nbands == 0)
		return 0;
	if (terms->nbands == 1 || terms->enter_way == ITEM_ENTER_WHOLE)
		return fen_mul_ratio(within, RATIO_ONE - band_of(terms, terms->pric)->prop);
	/* within is rounded itself, so it may be half a fen less than what it stands for */
	return fen_min(within,
				   div_half_up(cnt * kept_out_of_unit(terms, terms->pric < terms->pric_uplmt ?
													  terms->pric : terms->pric_uplmt),
							   PER_FEN * TEN_THOUSAND));
}

bool
item_parts(const ItemTerms *terms, int64_t cnt, ItemParts *parts)
{
	Fen			left;

	*parts = (ItemParts) {0};
	if (!item_sumamt(cnt, terms->pric, &parts->sumamt))
		return false;
	if (terms->cls == ITEM_C)
	{
		parts->ownpay = parts->sumamt;
		return true;
	}
	left = parts->sumamt;
	if (terms->pric > terms->pric_uplmt)
		(void) item_sumamt(cnt, terms->pric - terms->pric_uplmt, &parts->overlmt);
	left -= parts->overlmt;
	parts->ownpay = kept_out(terms, cnt, left);
	left -= parts->ownpay;
	if (terms->cls != ITEM_A)
		parts->preselfpay = fen_mul_ratio(left, terms->selfpay_prop);
	parts->inscp = left - parts->preselfpay;
	return true;
}

bool
item_change(const ItemTerms *terms, int64_t before, int64_t cnt, ItemParts *parts)
{
	ItemParts	was;

	if (!item_parts(terms, before, &was) || !item_parts(terms, before + cnt, parts))
		return false;
	parts->sumamt -= was.sumamt;
	parts->ownpay -= was.ownpay;
	parts->overlmt -= was.overlmt;
	parts->preselfpay -= was.preselfpay;
	parts->inscp -= was.inscp;
	return true;
}
