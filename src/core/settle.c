/*
 * settle.c
 *	  One claim through one policy: all layers in one call.
 *
 * The order of operations is fixed; every difference between areas is data:
 * special programmes first, then for each layer what it looks at, deductible,
 * eligible cost, ratio, adjustments, payment, floor, caps, minimum personal
 * share.  The person's part is what remains, so the identities of settle.h
 * hold to the fen.
 *
 * Nothing is written but *out, *trace, *err and the policy's memo.
 */
#include <string.h>

#include "run.h"
#include "year.h"

#define SETTLEMENT_NAME(name) #name,
const char *const settlement_names[SA_COUNT] = {
	SETTLEMENT_AMOUNTS(SETTLEMENT_NAME)
};

void
core_set_error(CoreError *err, CoreErrorCode code, int field, int64_t value,
			   int64_t other)
{
	memset(err, 0, sizeof(*err));
	err->code = code;
	err->field = field;
	err->layer = LAYER_COUNT;
	err->set = -1;
	err->info = -1;
	err->value = value;
	err->other = other;
}

void
core_step(Run *r, StepKind kind, int layer, int column, int info,
	 Fen base, Ratio rate, Fen amount, int64_t aux)
{
	TraceStep  *t;

	if (r->trace->n == TRACE_MAX)
		return;
	t = &r->trace->step[r->trace->n++];
	t->kind = (uint8_t) kind;
	t->layer = (uint8_t) layer;
	t->column = (uint8_t) column;
	t->per = 0;
	t->carried = false;
	t->decimals = RATIO_DECIMALS;
	t->info = info;
	t->base = base;
	t->rate = rate;
	t->amount = amount;
	t->aux = aux;
}

/* ---- the whole claim ------------------------------------------------------------------ */

/* The parts of the total stand in one order in a claim and in a settlement. */
#define NPARTS 4
_Static_assert(CF_inscp_scp_amt == CF_fulamt_ownpay_amt + NPARTS - 1 &&
			   SA_inscp_scp_amt == SA_fulamt_ownpay_amt + NPARTS - 1,
			   "parts in one order");

/* A field that may be left out and then is zero. */
static inline bool
optional_amount(const Claim *c, int field, Fen *v, CoreError *err)
{
	*v = 0;
	if (c->state[field] == FS_MISSING)
		return true;
	if (c->state[field] == FS_NULL)
		return core_fail(err, CE_FIELD_NULL, field, 0, 0);
	*v = c->v[field];
	if ((uint64_t) *v > FEN_MAX)
		return core_fail(err, CE_OUT_OF_RANGE, field, *v, 0);
	return true;
}

/*
 * Total and its four parts.  One part may be left out: it is what the others
 * leave of the total.
 */
static inline bool
read_parts(const Claim *c, Settlement *s, CoreError *err)
{
	Fen			total = c->v[CF_medfee_sumamt];
	Fen			sum = 0;
	Fen		   *part = &s->amount[SA_fulamt_ownpay_amt];
	int			absent = -1;
	int			nabsent = 0;

	if (c->state[CF_medfee_sumamt] != FS_GIVEN)
		return core_fail(err, c->state[CF_medfee_sumamt] == FS_NULL ?
						 CE_FIELD_NULL : CE_FIELD_MISSING, CF_medfee_sumamt, 0, 0);
	if ((uint64_t) total > FEN_MAX)
		return core_fail(err, CE_OUT_OF_RANGE, CF_medfee_sumamt, total, 0);

#pragma GCC unroll 4
	for (int i = 0; i < NPARTS; i++)
	{
		int			field = CF_fulamt_ownpay_amt + i;

		if (c->state[field] != FS_GIVEN)
		{
			if (c->state[field] == FS_NULL)
				return core_fail(err, CE_FIELD_NULL, field, 0, 0);
			part[i] = 0;
			absent = i;
			nabsent++;
			continue;
		}
		part[i] = c->v[field];
		if ((uint64_t) part[i] > FEN_MAX)
			return core_fail(err, CE_OUT_OF_RANGE, field, part[i], 0);
		sum += part[i];
	}
	if (sum != total)
	{
		if (sum > total || nabsent == 0)
			return core_fail(err, CE_PARTS, CF_medfee_sumamt, sum, total);
		if (nabsent > 1)
			return core_fail(err, CE_FIELD_MISSING, CF_fulamt_ownpay_amt + absent, 0, 0);
		part[absent] = total - sum;
	}
	s->amount[SA_medfee_sumamt] = total;
	return true;
}

static inline bool
in_force(const Policy *p, const Claim *c, CoreError *err)
{
	int			f = p->version_date;

	if (c->state[f] == FS_MISSING)
		return true;			/* rules with dates ask for it themselves */
	if (c->state[f] == FS_NULL)
		return core_fail(err, CE_FIELD_NULL, f, 0, 0);
	if (c->v[f] < p->valid_from)
		return core_fail(err, CE_BEFORE_POLICY, f, c->v[f], p->valid_from);
	if (c->v[f] >= p->valid_to)
		return core_fail(err, CE_AFTER_POLICY, f, c->v[f], p->valid_to);
	return true;
}

static inline bool
read_amounts(const Policy *p, const Claim *c, Settlement *s, Fen *programme, CoreError *err)
{
	Fen		   *a = s->amount;

	return read_parts(c, s, err) &&
		optional_amount(c, CF_prog_pay, programme, err) &&
		optional_amount(c, CF_hosp_part_amt, &a[SA_hosp_part_amt], err) &&
		optional_amount(c, CF_acct_pay, &a[SA_acct_pay], err) &&
		optional_amount(c, CF_acct_mulaid_pay, &a[SA_acct_mulaid_pay], err) &&
		in_force(p, c, err);
}

static inline bool
programme_fits(const Settlement *s, Fen programme, CoreError *err)
{
	return programme <= s->amount[SA_inscp_scp_amt] ||
		core_fail(err, CE_PAID_ABOVE_PART, CF_prog_pay, programme,
				  s->amount[SA_inscp_scp_amt]);
}

bool
core_read_amounts(const Policy *p, const Claim *c, Settlement *out, Fen *programme,
				  CoreError *err)
{
	return read_amounts(p, c, out, programme, err) && programme_fits(out, *programme, err);
}

/* What is left to the person, and to his purse. */
static inline bool
person_part(Settlement *s, CoreError *err)
{
	Fen		   *a = s->amount;

	a[SA_psn_part_amt] = a[SA_medfee_sumamt] - a[SA_fund_pay_sumamt] -
		a[SA_hosp_part_amt];
	if (a[SA_psn_part_amt] < 0)
		return core_fail(err, CE_PAID_ABOVE_PART, CF_hosp_part_amt,
					a[SA_hosp_part_amt],
					a[SA_medfee_sumamt] - a[SA_fund_pay_sumamt]);
	a[SA_psn_cash_pay] = a[SA_psn_part_amt] - a[SA_acct_pay] -
		a[SA_acct_mulaid_pay];
	if (a[SA_psn_cash_pay] < 0)
		return core_fail(err, CE_PAID_ABOVE_PART, CF_acct_pay,
					a[SA_acct_pay] + a[SA_acct_mulaid_pay], a[SA_psn_part_amt]);
	return true;
}

/* Where the policy asks, a claim must say whether its person is entitled. */
static SELDOM bool
read_entitled(const Claim *c, bool *entitled, CoreError *err)
{
	int			f = CF_trt_enjymnt_flag;

	if (c->state[f] != FS_GIVEN)
		return core_fail(err, c->state[f] == FS_NULL ? CE_FIELD_NULL : CE_FIELD_MISSING,
						 f, 0, 0);
	*entitled = c->v[f] != 0;
	return true;
}

static SELDOM void
trace_not_entitled(Run *r)
{
	const Claim *c = r->c;

	core_step(r, STEP_NOT_ENTITLED, LAYER_COUNT, SA_COUNT, r->p->entitled_info, 0, 0, 0,
			  c->state[CF_trt_chk_rslt] == FS_GIVEN ? c->v[CF_trt_chk_rslt] : 0);
	if (c->state[CF_trt_begndate] == FS_GIVEN)
		core_step(r, STEP_ENTITLED_FROM, LAYER_COUNT, SA_COUNT, -1, 0, 0, 0,
				  c->v[CF_trt_begndate]);
}

bool
settle(Policy *policy, const Claim *claim, Settlement *out, Trace *trace,
	   CoreError *err)
{
	if (trace != NULL)
		trace->n = 0;
	else if (core_quick(policy, claim, out))
		return true;
	if (__builtin_expect(policy->by_category && claim->state[CF_psn_idet_types] == FS_GIVEN, 0))
		return core_settle_several(policy, claim, out, trace, err);
	return core_settle_one(policy, claim, NULL, out, trace, err);
}

/* What is in the trace stays in front. */
bool
core_settle_one(Policy *policy, const Claim *claim, const Fen *given, Settlement *out,
				Trace *trace, CoreError *err)
{
	Run			run = {policy, claim, NULL, out, trace, err, 0, 0, 0, 0, 0, given};
	Run		   *r = &run;
	Fen		   *a = out->amount;
	const Rule *benefit;
	const Rule *cross = NULL;
	int64_t		benefit_year = 0;
	bool		cross_rest = false;
	Fen			programme;
	bool		entitled = true;

	if (!read_amounts(policy, claim, out, &programme, err))
		return false;

	if (policy->cross_year_set > 0 && claim->state[CF_begntime] == FS_GIVEN &&
		claim->state[CF_endtime] == FS_GIVEN)
	{
		BenefitYear year;

		if (!claim_year(policy, claim, &year, &cross, err))
			return false;
		benefit_year = year.year;
		cross_rest = claim->state[CF_pre_days] == FS_GIVEN && claim->v[CF_pre_days] > 0;
	}

	run.cell = core_resolve(policy, claim, err);
	if (run.cell == NULL)
		return false;
	benefit = run.cell->benefit;
	out->benefit = benefit->u.benefit.benefit;
	out->pool = benefit->u.benefit.pool;
	out->counted = run.cell->counted;

	/* a special programme pays first, and the insurance looks at the rest */
	if (!programme_fits(out, programme, err))
		return false;
	run.inscp = a[SA_inscp_scp_amt] - programme;
	core_start_layers(out, programme);
	/* where the basic layer does not pay, everything is left to the others */
	run.copay = run.inscp;
	if (policy->asks_entitled && !read_entitled(claim, &entitled, err))
		return false;

	if (trace != NULL)
	{
		core_step(r, STEP_TOTAL, LAYER_COUNT, SA_medfee_sumamt, -1, 0, 0,
			 a[SA_medfee_sumamt], 0);
		core_step(r, STEP_OWNPAY, LAYER_COUNT, SA_fulamt_ownpay_amt, -1, 0, 0,
			 a[SA_fulamt_ownpay_amt], 0);
		core_step(r, STEP_OVERLMT, LAYER_COUNT, SA_overlmt_selfpay, -1, 0, 0,
			 a[SA_overlmt_selfpay], 0);
		core_step(r, STEP_PRESELF, LAYER_COUNT, SA_preselfpay_amt, -1, 0, 0,
			 a[SA_preselfpay_amt], 0);
		core_step(r, STEP_SCOPE, LAYER_COUNT, SA_inscp_scp_amt, -1, 0, 0,
			 a[SA_inscp_scp_amt], 0);
		if (programme > 0)
			core_step(r, STEP_PROGRAMME, LAYER_COUNT, SA_oth_pay, -1,
				 a[SA_inscp_scp_amt], 0, programme, run.inscp);
		core_step(r, STEP_BENEFIT, LAYER_COUNT, SA_COUNT, benefit->info, 0, 0, 0,
			 out->benefit);
		if (cross != NULL)
			core_step(r, STEP_CROSS_YEAR, LAYER_COUNT, SA_COUNT, cross->info, 0, 0, 0,
				 benefit_year * 10 + cross->u.cross.rule +
				 (cross_rest ? 5 : 0));
		if (!entitled)
			trace_not_entitled(r);
	}

	for (int i = 0; i < policy->nlayers && entitled; i++)
	{
		const Layer *layer = &policy->layers[i];

		if (run.cell->layer[i].applies)
		{
			if (!core_layer(r, layer, &run.cell->layer[i]))
			{
				if (err->layer == LAYER_COUNT)
					err->layer = layer->code;
				return false;
			}
		}
		else if (trace != NULL)
			core_step(r, STEP_NOT_APPLICABLE, layer->code, SA_COUNT,
				 layer->applies_info, 0, 0, 0, 0);
	}

	if (!person_part(out, err))
		return false;

	if (trace != NULL)
	{
		if (a[SA_hosp_part_amt] > 0)
			core_step(r, STEP_HOSP, LAYER_COUNT, SA_hosp_part_amt, -1, 0, 0,
				 a[SA_hosp_part_amt], 0);
		core_step(r, STEP_PERSON, LAYER_COUNT, SA_psn_part_amt, -1,
			 a[SA_medfee_sumamt], 0, a[SA_psn_part_amt],
			 a[SA_fund_pay_sumamt]);
		if (a[SA_acct_pay] > 0)
			core_step(r, STEP_ACCT, LAYER_COUNT, SA_acct_pay, -1, 0, 0,
				 a[SA_acct_pay], 0);
		if (a[SA_acct_mulaid_pay] > 0)
			core_step(r, STEP_MULAID, LAYER_COUNT, SA_acct_mulaid_pay, -1, 0, 0,
				 a[SA_acct_mulaid_pay], 0);
		core_step(r, STEP_CASH, LAYER_COUNT, SA_psn_cash_pay, -1, 0, 0,
			 a[SA_psn_cash_pay], 0);
	}
	return true;
}

bool
settle_group(Policy *policy, const Claim *claim, DedcGroup *group)
{
	CoreError	err;
	Claim		one;
	const Cell *cell;

	claim = core_one_category(policy, claim, &one, &err);
	cell = claim == NULL ? NULL : core_resolve(policy, claim, &err);

	for (int i = 0; cell != NULL && i < policy->nlayers; i++)
	{
		const Rule *rule;

		if (policy->layers[i].code != LAYER_BASIC || !cell->layer[i].applies)
			continue;
		rule = cell_rule(&cell->layer[i], RK_DEDUCTIBLE);
		group->name = rule->u.deductible.group == 0 ? NULL :
			policy->groups[rule->u.deductible.group - 1];
		group->at_hospital = rule->u.deductible.at_hospital;
		group->benefit = cell->benefit->u.benefit.benefit;
		return true;
	}
	return false;
}

bool
claim_check_codes(const Claim *claim, CoreError *err)
{
	for (int f = 0; f < CF_COUNT; f++)
	{
		if (claim_fields[f].kind == FK_CODE && claim->state[f] == FS_GIVEN &&
			!claim_code_known((ClaimField) f, claim->v[f]))
			return core_fail(err, CE_UNKNOWN_CODE, f, claim->v[f], 0);
	}
	return true;
}

/* ---- the year goes on -------------------------------------------------------------- */

/* So much more of an accumulator. */
static inline bool
count(int64_t cums[], int field, int64_t plus, CoreError *err)
{
	int64_t    *cum = &cums[field - CF_CUM_FIRST];
	int64_t		open = *cum;

	return fen_add(open, plus, cum) || core_fail(err, CE_OVERFLOW, field, open, plus);
}

bool
settle_advance(const Claim *claim, const Settlement *s, int64_t cums[],
			   CoreError *err)
{
	static const uint8_t all_given[CUM_COUNT] = {[0 ... CUM_COUNT - 1] = FS_GIVEN};
	const Fen  *a = s->amount;

	if (memcmp(&claim->state[CF_CUM_FIRST], all_given, CUM_COUNT) == 0)
		memcpy(cums, &claim->v[CF_CUM_FIRST], sizeof(int64_t) * CUM_COUNT);
	else
	{
		for (int i = 0; i < CUM_COUNT; i++)
			cums[i] = claim->state[CF_CUM_FIRST + i] == FS_GIVEN ? claim->v[CF_CUM_FIRST + i] : 0;
	}

	/* the next claim has a day, a disease and a hospital of its own */
	for (int f = CF_cum_day_hifp; f <= CF_cum_grp_dedc; f++)
	{
		if (f != CF_cum_life_hifp)
			cums[f - CF_CUM_FIRST] = 0;
	}

	for (int l = 0; l < LAYER_COUNT; l++)
	{
		CumFields	f = cum_fields((LayerCode) l, s->benefit);

		if (s->layer[l].applied &&
			!(count(cums, f.base, s->layer[l].base, err) &&
			  count(cums, f.dedc, s->layer[l].dedc_used, err) &&
			  (f.elig < 0 || count(cums, f.elig, s->layer[l].elig, err)) &&
			  count(cums, f.pay, s->layer[l].pay, err) &&
			  (l == LAYER_BASIC || count(cums, f.ben_pay, s->layer[l].pay, err))))
			return false;
	}
	return count(cums, CF_cum_setl_cnt, 1, err) &&
		count(cums, CF_cum_ipt_cnt, settlement_is_stay(s), err) &&
		count(cums, CF_cum_medfee, a[SA_medfee_sumamt], err) &&
		count(cums, CF_cum_preselfpay, a[SA_preselfpay_amt] + a[SA_first_selfpay], err) &&
		count(cums, CF_cum_ownpay, a[SA_fulamt_ownpay_amt] + a[SA_overlmt_selfpay], err) &&
		count(cums, CF_cum_life_hifp, s->layer[LAYER_BASIC].pay, err);
}
