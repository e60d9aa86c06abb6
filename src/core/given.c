/*
 * given.c
 *	  Amounts that another system settled: do they fit, and what do they make of
 *	  the year?
 *
 * Nothing here decides what is paid.  The policy says which benefit and pool it
 * is, and where it covers the claim, what the layers looked at: a burden that a
 * lower layer did not pay is one that the next has seen.
 */
#include <string.h>

#include "run.h"

/* The layers that an amount is of, the first of them. */
static const uint8_t first_layer[][2] = {
	{SA_hifp_pay, LAYER_BASIC}, {SA_hifmi_pay, LAYER_SERIOUS},
	{SA_maf_pay, LAYER_ASSIST}, {SA_oth_pay, LAYER_SUPPLEMENT}
};

#define NPAYMENTS (sizeof(first_layer) / sizeof(first_layer[0]))

/* ---- do they fit? --------------------------------------------------------------- */

static bool
misfit(GivenError *e, GivenFault fault, int column, Fen value, Fen expected)
{
	e->fault = fault;
	e->column = column;
	e->value = value;
	e->expected = expected;
	return false;
}

/*
 * act_pay_dedc may be met by first self-pay too: there are areas that take it
 * before.  What the layers above the basic one pay for is any part of the cost,
 * so the person's part, which is not negative, is their limit.
 */
bool
given_check(const Policy *policy, const Claim *claim, const GivenAmounts *given,
			GivenError *e, CoreError *err)
{
	const Fen  *a = given->amount;
	Settlement	cost;
	Fen			inscp;
	Fen			programme;
	Fen			sum;

	if (!core_read_amounts(policy, claim, &cost, &programme, err))
		return misfit(e, GIVEN_CLAIM, SA_COUNT, 0, 0);
	for (int i = 0; i < SA_COUNT; i++)
	{
		if ((GIVEN_NEEDED & ~given->known) >> i & 1)
			return misfit(e, GIVEN_MISSING, i, 0, 0);
	}
	inscp = cost.amount[SA_inscp_scp_amt];
	if (a[SA_hifp_pay] > inscp - programme)
		return misfit(e, GIVEN_ABOVE, SA_hifp_pay, a[SA_hifp_pay], inscp - programme);
	if (a[SA_oth_pay] < programme)
		return misfit(e, GIVEN_BELOW, SA_oth_pay, a[SA_oth_pay], programme);
	sum = inscp + cost.amount[SA_preselfpay_amt];
	if (a[SA_act_pay_dedc] > sum)
		return misfit(e, GIVEN_ABOVE, SA_act_pay_dedc, a[SA_act_pay_dedc], sum);
	if ((given->known & GIVEN_BIT(first_selfpay)) && a[SA_first_selfpay] > inscp)
		return misfit(e, GIVEN_ABOVE, SA_first_selfpay, a[SA_first_selfpay], inscp);
	sum = a[SA_hifp_pay] + a[SA_hifmi_pay] + a[SA_maf_pay] + a[SA_oth_pay];
	if (a[SA_fund_pay_sumamt] != sum)
		return misfit(e, GIVEN_NOT_EQUAL, SA_fund_pay_sumamt, a[SA_fund_pay_sumamt], sum);
	sum = cost.amount[SA_medfee_sumamt] - sum - cost.amount[SA_hosp_part_amt];
	if (a[SA_psn_part_amt] != sum)
		return misfit(e, GIVEN_NOT_EQUAL, SA_psn_part_amt, a[SA_psn_part_amt], sum);
	sum -= cost.amount[SA_acct_pay] + cost.amount[SA_acct_mulaid_pay];
	if (a[SA_psn_cash_pay] != sum)
		return misfit(e, GIVEN_NOT_EQUAL, SA_psn_cash_pay, a[SA_psn_cash_pay], sum);
	return true;
}

/* ---- what they make of the year -------------------------------------------------- */

void
core_given_deductible(Run *r, LayerResult *lr)
{
	Fen			taken = r->given[SA_act_pay_dedc];

	/* as computed: then also what of it first self-pay met */
	if (taken == lr->dedc)
		return;
	lr->dedc_used = taken;
	lr->dedc = fen_min(taken, lr->base);
	r->s->amount[SA_act_pay_dedc] = taken;
}

/* Two layers of one amount: the first pays as computed, the last that applies the rest. */
Fen
core_given_pay(const Run *r, const Layer *layer, Fen pay)
{
	int			column = core_column[layer->code];
	Fen			left = fen_max(0, r->given[column] - r->s->amount[column]);

	for (int i = (int) (layer - r->p->layers) + 1; i < r->p->nlayers; i++)
	{
		if (core_column[r->p->layers[i].code] == column && r->cell->layer[i].applies)
			return fen_min(pay, left);
	}
	return left;
}

/* What was paid though no layer of the policy applied: it counts as paid. */
static void
pay_the_rest(const GivenAmounts *given, Settlement *out)
{
	for (size_t i = 0; i < NPAYMENTS; i++)
	{
		LayerResult *lr = &out->layer[first_layer[i][1]];
		Fen			left = given->amount[first_layer[i][0]] - out->amount[first_layer[i][0]];

		if (left <= 0)
			continue;
		if (!lr->applied)
		{
			memset(lr, 0, sizeof(*lr));
			lr->applied = true;
			lr->base = lr->elig = left;
		}
		lr->pay += left;
	}
}

/* The policy is asked for benefit and pool, and no more. */
static bool
without_rules(const Policy *policy, const Claim *claim, const GivenAmounts *given,
			  Settlement *out, CoreError *err)
{
	LayerResult *lr = &out->layer[LAYER_BASIC];
	const Rule *benefit;
	Fen			programme;

	if (!claim_check_codes(claim, err) ||
		!core_read_amounts(policy, claim, out, &programme, err) ||
		!core_benefit(policy, claim, &benefit, &out->counted, err))
		return false;
	out->benefit = benefit->u.benefit.benefit;
	out->pool = benefit->u.benefit.pool;
	core_start_layers(out, programme);
	lr->applied = true;
	lr->base = out->amount[SA_inscp_scp_amt] - programme;
	lr->dedc_used = given->amount[SA_act_pay_dedc];
	lr->dedc = fen_min(lr->dedc_used, lr->base);
	lr->elig = lr->base - lr->dedc;
	lr->pay = given->amount[SA_hifp_pay];
	out->amount[SA_hifp_pay] = lr->pay;
	return true;
}

bool
settle_given(Policy *policy, const Claim *claim, const GivenAmounts *given,
			 const Settlement *computed, Settlement *out, CoreError *err)
{
	memset(out, 0, sizeof(*out));
	if (computed == NULL)
	{
		if (!without_rules(policy, claim, given, out, err))
			return false;
	}
	else
	{
		Claim		one;

		/* of several categories the one that it was computed by */
		if (policy->by_category && claim->state[CF_psn_idet_types] == FS_GIVEN)
		{
			one = *claim;
			one.v[CF_psn_idet_type] = computed->category;
			one.state[CF_psn_idet_type] = FS_GIVEN;
			claim = &one;
		}
		if (!core_settle_one(policy, claim, given->amount, out, NULL, err))
			return false;
		out->category = computed->category;
		out->pool_prop_selfpay = computed->pool_prop_selfpay;
		out->prop_of = computed->prop_of;
		out->prop_exact = computed->prop_exact;
	}
	pay_the_rest(given, out);
	for (int i = 0; i < SA_COUNT; i++)
	{
		if (given->known >> i & 1)
			out->amount[i] = given->amount[i];
	}
	return true;
}
