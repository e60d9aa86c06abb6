/*
 * deductible.c
 *	  Deductibles that hang on more than their rule: on stays, on days, on a
 *	  transfer, on last year's income; and those that come before first self-pay.
 *
 * The common ones are settled in layer.c.
 */
#include "run.h"

bool
core_income(Run *r, int info, Fen *income)
{
	int64_t		year;
	int			unknown = -1;

	if (!core_count(r->c, CF_year, info, &year, r->err))
		return false;
	year--;
	for (int i = 0; i < r->p->nincomes; i++)
	{
		const Income *in = &r->p->incomes[i];

		if (in->year != year)
			continue;
		*income = in->amount;
		if (!in->unknown)
			return true;
		unknown = in->info;
	}
	core_fail(r->err, CE_NO_INCOME, CF_year, year, info);
	r->err->info = unknown;
	return false;
}

bool
core_repeated_deductible(Run *r, const Rule *adj, Fen *d)
{
	bool		stays = adj->u.adjust.op == OP_ADD_EACH;
	int64_t		n;
	Wide		result;

	if (!core_count(r->c, stays ? CF_cal_ipt_cnt : CF_act_ipt_days, adj->info, &n,
					r->err))
		return false;
	if (stays)
	{
		result = (Wide) *d + (Wide) adj->u.adjust.amount * (n > 1 ? n - 1 : 0);
		/* never raised by its own floor */
		if (result < fen_min(adj->u.adjust.floor, *d))
			result = fen_min(adj->u.adjust.floor, *d);
	}
	else
		result = (Wide) *d * (n > 0 ? (n - 1) / adj->u.adjust.days + 1 : 1);
	*d = result > FEN_MAX ? FEN_MAX : (Fen) result;
	return true;
}

bool
core_less_transfer(Run *r, const Rule *adj, Fen *d)
{
	Fen			paid;
	int64_t		days;

	if (!core_opening(r, CF_trsf_dedc, &paid))
	{
		r->err->info = adj->info;
		return false;
	}
	if ((uint64_t) paid > FEN_MAX)
		return core_fail(r->err, CE_OUT_OF_RANGE, CF_trsf_dedc, paid, 0);
	if (paid == 0)
		return true;
	if (adj->u.adjust.days < INT32_MAX)
	{
		if (!core_count(r->c, CF_trsf_days, adj->info, &days, r->err))
			return false;
		if (days > adj->u.adjust.days)
			return true;
	}
	*d = fen_max(0, *d - paid);
	return true;
}

/*
 * A deductible that comes before first self-pay is met by both parts of the
 * cost, each in proportion; only what falls on the in-policy part lowers the
 * base.
 */
void
core_deductible_first(Run *r, Fen base, Fen d, LayerResult *lr)
{
	Fen			both = base + r->s->amount[SA_preselfpay_amt];

	lr->dedc_used = fen_min(d, both);
	lr->dedc = both == 0 ? 0 :
		(Fen) div_half_up((Wide) lr->dedc_used * base, both);
	if (r->trace == NULL)
		return;
	if (lr->dedc_used != d)
		core_step(r, STEP_DEDC_BASE, LAYER_BASIC, SA_act_pay_dedc, -1, both, 0,
				  lr->dedc_used - d, 0);
	if (lr->dedc != lr->dedc_used)
		core_step(r, STEP_DEDC_FIRST, LAYER_BASIC, SA_act_pay_dedc, -1,
				  lr->dedc_used, 0, lr->dedc - lr->dedc_used, 0);
}
