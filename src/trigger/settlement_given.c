/*
 * settlement_given.c
 *	  A settlement whose amounts another system has decided (setl_mode verify,
 *	  record): they are read from the row's result columns, have to fit, and are
 *	  what is posted, counted in the person-year, and reversed.
 *
 * What such a row adds to the accumulators stands in its add_cum, so that a
 * person-year can be counted and walked through again without settling it.  In
 * mode verify it is settled by the policy as any other, and where that comes to
 * something else, setl_diff gets a row.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "claim/amount.h"
#include "claim/convert.h"
#include "compat.h"
#include "errcodes.h"
#include "fund/fund.h"
#include "fund/ledger.h"
#include "trigger/settlement.h"

/* ---- reading ------------------------------------------------------------------------ */

const char *
settlement_mode_name(const GivenRow *given)
{
	return given->verify ? "verify" : "record";
}

static Datum
given_prop(const SettlementRow *row, AttrNumber att)
{
	Datum		value = row->values[att - 1];

	if (!DatumGetBool(DirectFunctionCall2(numeric_ge, value, NumericGetDatum(int64_to_numeric(0)))) ||
		!DatumGetBool(DirectFunctionCall2(numeric_le, value, NumericGetDatum(int64_to_numeric(1)))))
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_RANGE),
				 errmsg("pool_prop_selfpay %s is not a share from 0 to 1",
						DatumGetCString(DirectFunctionCall1(numeric_out, value))),
				 errhint("Send 0.75 for 75 %%, or leave it NULL."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, "pool_prop_selfpay")));
	return value;
}

/*
 * The row's amounts, which are NULL in it afterwards: they are filled in again
 * as they are stored.  NULL where the row is to be computed.
 */
GivenRow *
settlement_given_read(SettlementRow *row, GivenRow *given)
{
	char	   *mode = settlement_text(row, row->rel->other[SC_setl_mode]);
	AttrNumber	prop = row->rel->other[SC_pool_prop_selfpay];

	if (strcmp(mode, "compute") == 0)
		return NULL;
	given->verify = strcmp(mode, "verify") == 0;
	if (!given->verify && strcmp(mode, "record") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_UNKNOWN_CODE),
				 errmsg("setl_mode is \"%s\"", mode),
				 errhint("compute (or NULL), verify, record."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, "setl_mode")));
	given->amounts.known = 0;
	given->covered = false;
	for (int i = 0; i < SA_COUNT; i++)
	{
		AttrNumber	att = row->rel->amount[i];

		given->amounts.amount[i] = 0;
		if ((GIVEN_ALL >> i & 1) == 0 || att == 0 || row->nulls[att - 1])
			continue;
		given->amounts.amount[i] = fund_fen(row->values[att - 1], settlement_names[i]);
		given->amounts.known |= UINT32_C(1) << i;
		row->nulls[att - 1] = true;
	}
	given->prop = (Datum) 0;
	if (prop != 0 && !row->nulls[prop - 1])
	{
		given->prop = given_prop(row, prop);
		row->nulls[prop - 1] = true;
	}
	return given;
}

/* ---- do they fit? --------------------------------------------------------------------- */

/* What an amount has to be, or may be at most or at least. */
static const char *
rule_of(int column)
{
	switch (column)
	{
		case SA_fund_pay_sumamt:
			return "hifp_pay + hifmi_pay + maf_pay + oth_pay";
		case SA_psn_part_amt:
			return "medfee_sumamt - fund_pay_sumamt - hosp_part_amt";
		case SA_psn_cash_pay:
			return "psn_part_amt - acct_pay - acct_mulaid_pay";
		case SA_hifp_pay:
			return "inscp_scp_amt - prog_pay";
		case SA_act_pay_dedc:
			return "inscp_scp_amt + preselfpay_amt";
		case SA_first_selfpay:
			return "inscp_scp_amt";
		default:
			return "prog_pay";
	}
}

static void refuse_given(const GivenRow *given, const GivenError *e) pg_attribute_noreturn();

static void
refuse_given(const GivenRow *given, const GivenError *e)
{
	const char *name = settlement_names[e->column];

	if (e->fault == GIVEN_MISSING)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_NULL),
				 errmsg("%s is null, but setl_mode is %s", name, settlement_mode_name(given)),
				 errdetail("The amounts of the other system are needed: act_pay_dedc, hifp_pay, hifmi_pay, maf_pay, oth_pay, fund_pay_sumamt, psn_part_amt and psn_cash_pay."),
				 errhint("Give %s, 0 where there is none; or let it be computed (setl_mode compute).", name),
				 err_generic_string(PG_DIAG_COLUMN_NAME, name)));
	ereport(ERROR,
			(errcode(ERRCODE_YB_PARTS),
			 e->fault == GIVEN_ABOVE ?
			 errmsg("%s is given as %s, it can be %s at most", name, fund_yuan(e->value), fund_yuan(e->expected)) :
			 e->fault == GIVEN_BELOW ?
			 errmsg("%s is given as %s, it has to be %s at least", name, fund_yuan(e->value), fund_yuan(e->expected)) :
			 errmsg("%s is given as %s, the other amounts make it %s", name, fund_yuan(e->value), fund_yuan(e->expected)),
			 e->fault == GIVEN_ABOVE ? errdetail("At most %s.", rule_of(e->column)) :
			 e->fault == GIVEN_BELOW ? errdetail("At least %s.", rule_of(e->column)) :
			 errdetail("It is %s.", rule_of(e->column)),
			 errhint("Send the amounts of one settlement, as the other system printed them."),
			 err_generic_string(PG_DIAG_COLUMN_NAME, name)));
}

/* Somebody must be known to pay each amount: who does is the policy's. */
void
settlement_given_payers(const Claim *claim, const Settlement *s, const PolicyEntry *policy)
{
	static const SettlementAmount payments[] = {
		SA_hifp_pay, SA_hifmi_pay, SA_maf_pay, SA_oth_pay
	};

	for (size_t i = 0; i < lengthof(payments); i++)
	{
		Fen			amount = s->amount[payments[i]];
		bool		found = false;

		if (payments[i] == SA_oth_pay && claim->state[CF_prog_pay] == FS_GIVEN)
			amount -= claim->v[CF_prog_pay];
		for (int k = 0; k < policy->nlayers; k++)
			found = found || policy->layers[k].amount == payments[i];
		if (amount > 0 && !found)
			ereport(ERROR,
					(errcode(ERRCODE_YB_UNDECIDED),
					 errmsg("%s is given as %s, but policy %s has no layer that pays it",
							settlement_names[payments[i]],
							fund_yuan(s->amount[payments[i]]), policy->policy_id),
					 errdetail("Who owes it stands with the layer, as its payer."),
					 errhint("Publish a policy that has the layer, with its payer; its rules may be left open for mode record."),
					 err_generic_string(PG_DIAG_COLUMN_NAME, settlement_names[payments[i]])));
	}
}

/* ---- settling ---------------------------------------------------------------------------- */

/*
 * The claim as the policy is asked about it: what accounts paid of the amounts
 * given may be more than the policy would leave.
 */
static void
without_accounts(const Claim *claim, Claim *pure)
{
	*pure = *claim;
	if (claim->state[CF_acct_pay] == FS_GIVEN)
		pure->v[CF_acct_pay] = 0;
	if (claim->state[CF_acct_mulaid_pay] == FS_GIVEN)
		pure->v[CF_acct_mulaid_pay] = 0;
}

/*
 * The settlement of the amounts given, with the opening accumulators that the
 * claim has; what the policy comes to by itself in given->computed, if it covers
 * the claim.  False with *err where it does not and has to.
 */
bool
settlement_given_settle(CompiledPolicy *cp, const Claim *claim, GivenRow *given,
						Settlement *out, CoreError *err)
{
	Claim		pure;
	GivenError	e;
	int64		cum[CUM_COUNT];

	if (!given_check(cp->core, claim, &given->amounts, &e, err))
	{
		if (e.fault == GIVEN_CLAIM)
			return false;
		refuse_given(given, &e);
	}
	without_accounts(claim, &pure);
	given->covered = settle(cp->core, &pure, &given->computed, NULL, err);
	if (!given->covered && given->verify)
		return false;
	if (!settle_given(cp->core, claim, &given->amounts,
					  given->covered ? &given->computed : NULL, out, err) ||
		!settle_advance(claim, out, cum, err))
		return false;
	for (int i = 0; i < CUM_COUNT; i++)
		given->add[i] = cum_is_moving(CF_CUM_FIRST + i) ? 0 : cum[i] - claim->v[CF_CUM_FIRST + i];
	return true;
}

/* ---- the difference ----------------------------------------------------------------------- */

/* In the order of setl_diff; psn_cash_pay follows from them. */
static const SettlementAmount compared[] = {
	SA_dedc_std, SA_crt_dedc, SA_act_pay_dedc, SA_hifp_pay, SA_hifmi_pay, SA_maf_pay, SA_oth_pay,
	SA_fund_pay_sumamt, SA_psn_part_amt, SA_first_selfpay
};

static bool
differs(const GivenRow *given, SettlementAmount a)
{
	return (given->amounts.known >> a & 1) && given->amounts.amount[a] != given->computed.amount[a];
}

/* A row for who has to look into it; none where all agree to the fen. */
void
settlement_given_note(Relation rel, const SettlementStatement *st, Datum setl_id, const GivenRow *given)
{
	static const Oid types[] = {TEXTOID, TIMESTAMPTZOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID,
	NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID};
	Datum		values[lengthof(types)];
	FundArea	area;
	bool		any = false;

	for (size_t i = 0; i < lengthof(compared); i++)
		any = any || differs(given, compared[i]);
	if (!given->verify || !any)
		return;
	values[0] = setl_id;
	values[1] = TimestampTzGetDatum(st->booked_at);
	for (size_t i = 0; i < lengthof(compared); i++)
		values[2 + i] = amount_to_numeric(given->computed.amount[compared[i]]);
	fund_enter(&area, rel);
	fund_exec(&area,
			  "INSERT INTO @schema@.setl_diff (setl_id, found_at, dedc_std, crt_dedc, act_pay_dedc, hifp_pay, hifmi_pay,"
			  " maf_pay, oth_pay, fund_pay_sumamt, psn_part_amt, first_selfpay)"
			  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
			  lengthof(types), types, values, NULL, FUND_LEDGER);
	fund_leave(&area);
}

/* ---- stored rows ----------------------------------------------------------------------------- */

bool
settlement_given_stored(const SettlementRow *row, int64 add[CUM_COUNT])
{
	AttrNumber	att = row->rel->other[SC_add_cum];

	if (att == 0 || row->nulls[att - 1])
		return false;
	cum_from_array(row->values[att - 1], add);
	return true;
}

/* What the row says, as far as later ones of the person-year ask for it. */
void
settlement_given_again(const SettlementRow *row, const Policy *policy, const int64 add[CUM_COUNT],
					   Settlement *s)
{
	static const int eligible[BEN_COUNT] = {
		CUM(ipt_elig), CUM(otp_elig), CUM(opsp_elig), CUM(oth_elig)
	};
	LayerResult *basic = &s->layer[LAYER_BASIC];

	settlement_as_stored(row, policy, s);
	s->counted = add[CUM(ipt_cnt)] > 0 ? COUNTED : COUNTED_NOT;
	basic->applied = true;
	basic->pay = s->amount[SA_hifp_pay];
	basic->elig = add[eligible[s->benefit]];
}

/* ---- explaining ------------------------------------------------------------------------------- */

static void
add_step(Trace *trace, StepKind kind, int column, Fen base, Fen amount, int64 aux)
{
	TraceStep  *t;

	if (trace->n == TRACE_MAX)
		return;
	t = &trace->step[trace->n++];
	memset(t, 0, sizeof(*t));
	t->kind = (uint8) kind;
	t->layer = LAYER_COUNT;
	t->column = (uint8) column;
	t->decimals = RATIO_DECIMALS;
	t->info = -1;
	t->base = base;
	t->amount = amount;
	t->aux = aux;
}

/* The cost, and that nothing was computed. */
static void
explain_recorded(const Fen *a, Trace *trace)
{
	static const struct
	{
		StepKind	kind;
		SettlementAmount amount;
	}			cost[] = {
		{STEP_TOTAL, SA_medfee_sumamt}, {STEP_OWNPAY, SA_fulamt_ownpay_amt},
		{STEP_OVERLMT, SA_overlmt_selfpay}, {STEP_PRESELF, SA_preselfpay_amt},
		{STEP_SCOPE, SA_inscp_scp_amt}
	};
	static const SettlementAmount paid[] = {
		SA_act_pay_dedc, SA_hifp_pay, SA_hifmi_pay, SA_maf_pay, SA_oth_pay
	};

	trace->n = 0;
	for (size_t i = 0; i < lengthof(cost); i++)
		add_step(trace, cost[i].kind, cost[i].amount, 0, a[cost[i].amount], 0);
	add_step(trace, STEP_GIVEN, SA_COUNT, 0, 0, 0);
	for (size_t i = 0; i < lengthof(paid); i++)
		add_step(trace, STEP_GIVEN_AMOUNT, paid[i], 0, a[paid[i]], 0);
	if (a[SA_hosp_part_amt] > 0)
		add_step(trace, STEP_HOSP, SA_hosp_part_amt, 0, a[SA_hosp_part_amt], 0);
	add_step(trace, STEP_PERSON, SA_psn_part_amt, a[SA_medfee_sumamt], a[SA_psn_part_amt],
			 a[SA_fund_pay_sumamt]);
}

/* What the policy comes to, and then where the amounts given are others. */
static void
explain_verified(const SettlementRow *row, HeapTuple tuple, const CompiledPolicy *cp,
				 const Fen *a, Trace *trace)
{
	static const SettlementAmount shown[] = {
		SA_act_pay_dedc, SA_hifp_pay, SA_hifmi_pay, SA_maf_pay, SA_oth_pay, SA_psn_part_amt
	};
	Claim		claim;
	Claim		pure;
	Settlement	s;
	bool		same = true;

	claim_read_tuple(row->rel->reader, tuple, CLAIM_ALL_FIELDS, &claim);
	without_accounts(&claim, &pure);
	claim_explain(cp, &pure, row->rel->reader, &s, trace);
	if (trace->n > 0 && trace->step[trace->n - 1].kind == STEP_CASH)
		trace->n--;
	for (size_t i = 0; i < lengthof(shown); i++)
		same = same && a[shown[i]] == s.amount[shown[i]];
	add_step(trace, STEP_GIVEN, SA_COUNT, 0, 0, same ? 1 : 2);
	for (size_t i = 0; i < lengthof(shown); i++)
	{
		if (a[shown[i]] != s.amount[shown[i]])
			add_step(trace, STEP_GIVEN_DIFF, shown[i], a[shown[i]],
					 a[shown[i]] - s.amount[shown[i]], s.amount[shown[i]]);
	}
}

/* The steps of a stored row whose amounts were given; they add up to these. */
void
settlement_given_explain(const SettlementRow *row, HeapTuple tuple, const CompiledPolicy *cp,
						 Trace *trace)
{
	Fen			a[SA_COUNT];

	for (int i = 0; i < SA_COUNT; i++)
		a[i] = settlement_fen(row, row->rel->amount[i]);
	if (strcmp(settlement_text(row, row->rel->other[SC_setl_mode]), "verify") == 0)
		explain_verified(row, tuple, cp, a, trace);
	else
		explain_recorded(a, trace);
	if (a[SA_acct_pay] > 0)
		add_step(trace, STEP_ACCT, SA_acct_pay, 0, a[SA_acct_pay], 0);
	if (a[SA_acct_mulaid_pay] > 0)
		add_step(trace, STEP_MULAID, SA_acct_mulaid_pay, 0, a[SA_acct_mulaid_pay], 0);
	add_step(trace, STEP_CASH, SA_psn_cash_pay, 0, a[SA_psn_cash_pay], 0);
}
