/*
 * payout.c
 *	  payout(policy, fields ..., field): one amount, of a claim given as arguments.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "nodes/primnodes.h"
#include "port/pg_bswap.h"
#include "utils/builtins.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#include "claim/amount.h"
#include "claim/call.h"
#include "claim/convert.h"
#include "compat.h"
#include "errcodes.h"

typedef struct PayoutArg
{
	uint32		arg;
	uint32		field;			/* ClaimField */
	ReadAs		how;
} PayoutArg;

typedef struct PayoutState
{
	PolicyArg  *policy;
	FieldWants	wants;
	Claim		claim;			/* constants stay in it from call to call */
	int			which;			/* SettlementAmount to return, when constant */
	int			which_arg;
	bool		which_constant;
	int			opn_cum_arg;	/* 0: none given */
	Claim	   *named;			/* with it: accumulators that are constants */
	int			nargs;			/* arguments that vary */
	PayoutArg  *args;

	/* of them, those that this policy reads: others, codes and times first, then amounts */
	PayoutArg  *read;
	PayoutArg  *codes;
	PayoutArg  *times;
	PayoutArg  *amounts;
	PayoutArg  *end;
} PayoutState;

static int
settlement_amount(const char *name, size_t len)
{
	for (int i = 0; i < SA_COUNT; i++)
	{
		if (strlen(settlement_names[i]) == len &&
			memcmp(settlement_names[i], name, len) == 0)
			return i;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("a settlement has no amount \"%.*s\"", (int) Min(len, NAMEDATALEN), name),
			 errhint("Ask for fund_pay_sumamt, hifp_pay, psn_cash_pay or another amount of yibao.settlement.")));
}

static int
settlement_amount_datum(Datum value, bool isnull)
{
	text	   *name;

	if (isnull)
		return SA_fund_pay_sumamt;
	name = DatumGetTextPP(value);
	return settlement_amount(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
}

/* The arguments of this call as an expression, or NIL. */
static List *
call_arguments(FmgrInfo *flinfo)
{
	Node	   *expr = flinfo->fn_expr;

	return expr != NULL && IsA(expr, FuncExpr) ? ((FuncExpr *) expr)->args : NIL;
}

/*
 * What NULL says.  It cannot be told from an argument that was not given, nor
 * may that hang on whether the plan made a constant of it.  So NULL is "not
 * given", but for what would then count as zero: there the default is 0, and
 * NULL is unknown.
 */
static inline FieldState
null_argument(ClaimField field)
{
	return field >= CF_CUM_FIRST || field == CF_trsf_dedc ||
		(field >= CF_prog_pay && field <= CF_acct_mulaid_pay) ? FS_NULL : FS_MISSING;
}

StaticAssertDecl(CF_acct_mulaid_pay == CF_prog_pay + 3, "amounts that may be left out are together");

/*
 * Which arguments are fields is told by their names in pg_proc, so that a
 * library serves the argument list of every SQL version.
 */
static PayoutState *
payout_start(FunctionCallInfo fcinfo)
{
	FmgrInfo   *flinfo = fcinfo->flinfo;
	MemoryContext old = MemoryContextSwitchTo(flinfo->fn_mcxt);
	PayoutState *state = palloc0(sizeof(PayoutState));
	List	   *exprs = call_arguments(flinfo);
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(flinfo->fn_oid));
	Oid		   *types;
	char	  **names;
	char	   *modes;
	int			n;

	yibao_check_version();
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", flinfo->fn_oid);
	n = get_func_arg_info(tuple, &types, &names, &modes);
	ReleaseSysCache(tuple);
	if (names == NULL)
		elog(ERROR, "payout has no argument names");

	state->policy = policy_arg_create(flinfo, 0);
	state->which_arg = -1;
	state->which = SA_fund_pay_sumamt;
	state->args = palloc_array(PayoutArg, n);
	state->read = palloc_array(PayoutArg, n);
	for (int i = 1; i < n && i < fcinfo->nargs; i++)
	{
		Node	   *expr = list_length(exprs) > i ? list_nth(exprs, i) : NULL;
		bool		constant = expr != NULL && IsA(expr, Const);
		PayoutArg  *arg = &state->args[state->nargs];
		int			field = claim_field_by_name(names[i], strlen(names[i]));

		if (strcmp(names[i], "field") == 0)
		{
			state->which_arg = i;
			state->which_constant = constant;
			if (constant)
				state->which = settlement_amount_datum(PG_GETARG_DATUM(i), PG_ARGISNULL(i));
			continue;
		}
		if (strcmp(names[i], OPN_CUM_NAME) == 0)
		{
			if (!constant || !PG_ARGISNULL(i))
				state->opn_cum_arg = i;
			continue;
		}
		if (field < 0)
			elog(ERROR, "payout has an argument \"%s\" that is no field", names[i]);
		if (constant && PG_ARGISNULL(i))
		{
			state->claim.state[field] = null_argument((ClaimField) field);
			continue;
		}
		arg->arg = i;
		arg->field = field;
		arg->how = read_as((ClaimField) field, types[i]);
		if (constant)
			field_from_datum((ClaimField) field, arg->how,
							 ((Const *) expr)->constvalue, &state->claim);
		else
			state->nargs++;
	}
	if (state->opn_cum_arg > 0)
	{
		state->named = palloc(sizeof(Claim));
		memcpy(state->named, &state->claim, sizeof(Claim));
	}
	MemoryContextSwitchTo(old);
	return state;
}

/*
 * All accumulators at once.  One given by name stands over them; of those that
 * are constants 0 is what is not given.
 */
static void
payout_opn_cum(PayoutState *state, const NullableDatum *value)
{
	memcpy(&state->claim.state[CF_CUM_FIRST], &state->named->state[CF_CUM_FIRST],
		   CUM_COUNT * sizeof(state->claim.state[0]));
	memcpy(&state->claim.v[CF_CUM_FIRST], &state->named->v[CF_CUM_FIRST],
		   CUM_COUNT * sizeof(state->claim.v[0]));
	if (value->isnull)
		return;
	opn_cum_from_array(value->value, &state->claim);
	for (int f = CF_CUM_FIRST; f < CF_COUNT; f++)
	{
		if (state->named->state[f] == FS_NULL ||
			(state->named->state[f] == FS_GIVEN && state->named->v[f] != 0))
		{
			state->claim.state[f] = state->named->state[f];
			state->claim.v[f] = state->named->v[f];
		}
	}
}

typedef enum PayoutKind
{
	PAYOUT_OTHER,
	PAYOUT_CODE,
	PAYOUT_TIME,
	PAYOUT_AMOUNT
} PayoutKind;

/* An amount by which the policy tells situations apart is read before the others. */
static PayoutKind
payout_kind(const PayoutArg *arg, const Policy *policy)
{
	for (int d = 0; d < policy->ndims; d++)
	{
		if (policy->dims[d].field == arg->field && policy->dims[d].kind == FK_AMOUNT)
			return PAYOUT_OTHER;
	}
	switch (claim_fields[arg->field].kind)
	{
		case FK_AMOUNT:
			return arg->how == READ_NUMERIC && amount_packable() ? PAYOUT_AMOUNT : PAYOUT_OTHER;
		case FK_CODE:
			return arg->how == READ_TEXT ? PAYOUT_CODE : PAYOUT_OTHER;
		case FK_TIME:
			return arg->how == READ_TIMESTAMP ? PAYOUT_TIME : PAYOUT_OTHER;
		default:
			return PAYOUT_OTHER;
	}
}

/* Another policy may read other fields; those that it does not are not given. */
static void
payout_policy_changed(PayoutState *state, const CompiledPolicy *cp)
{
	PayoutArg  *first[PAYOUT_AMOUNT + 2];

	wants_change(&state->wants, cp);
	first[0] = state->read;
	for (int kind = PAYOUT_OTHER; kind <= PAYOUT_AMOUNT; kind++)
	{
		first[kind + 1] = first[kind];
		for (int i = 0; i < state->nargs; i++)
		{
			const PayoutArg *arg = &state->args[i];

			state->claim.state[arg->field] = FS_MISSING;
			if (payout_kind(arg, cp->core) == (PayoutKind) kind &&
				field_wanted(&state->wants.mask, arg->field))
				*first[kind + 1]++ = *arg;
		}
	}
	state->codes = first[PAYOUT_CODE];
	state->times = first[PAYOUT_TIME];
	state->amounts = first[PAYOUT_AMOUNT];
	state->end = first[PAYOUT_AMOUNT + 1];
}

/* A code of a few plain letters, in the row; false: ask field_from_datum(). */
static inline bool
code_from_plain(Datum value, int64 *packed)
{
	const char *p = DatumGetPointer(value);
	unsigned	len;
	uint64		code;

	if (unlikely(!VARATT_IS_SHORT(p) || VARATT_IS_EXTERNAL(p)))
		return false;
	len = VARSIZE_SHORT(p) - VARHDRSZ_SHORT;
	if (unlikely(len - 1 >= CODE_MAX))
		return false;

	/* without a branch, as amount_from_plain(): the eight bytes that end with the code */
	memcpy(&code, VARDATA_SHORT(p) + len - sizeof(code), sizeof(code));
	code = pg_ntoh64(code);
	if (unlikely((code & 0xFF) == ' '))
		return false;
	*packed = (int64) (code << (64 - 8 * len));
	return true;
}

static pg_noinline void
payout_read(Claim *claim, const PayoutArg *arg, const NullableDatum *value)
{
	if (value->isnull)
		claim->state[arg->field] = null_argument((ClaimField) arg->field);
	else
		field_from_datum((ClaimField) arg->field, arg->how, value->value, claim);
}

/* An amount that is not fund_pay_sumamt, or a claim that is out of the common. */
static pg_noinline Fen
payout_settle(const CompiledPolicy *cp, const PayoutState *state)
{
	Settlement	s;
	CoreError	err;

	if (!settle(cp->core, &state->claim, &s, NULL, &err))
		claim_report(cp, &state->claim, CLAIM_IS_ARGUMENTS, &err);
	return s.amount[state->which];
}

PG_FUNCTION_INFO_V1(yibao_payout);
Datum
yibao_payout(PG_FUNCTION_ARGS)
{
	PayoutState *state = fcinfo->flinfo->fn_extra;
	const PayoutArg *arg;
	const PayoutArg *end;
	CompiledPolicy *cp;
	Claim	   *claim;
	uint64		situation;
	Fen			paid;

	if (unlikely(state == NULL))
		fcinfo->flinfo->fn_extra = state = payout_start(fcinfo);
	if (unlikely(PG_ARGISNULL(0)))
		claim_no_policy();

	cp = policy_arg_get(state->policy, PG_GETARG_DATUM(0));
	if (!wants_fit(&state->wants, cp))
		payout_policy_changed(state, cp);
	claim = &state->claim;

	if (unlikely(state->opn_cum_arg > 0))
		payout_opn_cum(state, &fcinfo->args[state->opn_cum_arg]);
	arg = state->read;
	for (end = state->codes; arg < end; arg++)
		payout_read(claim, arg, &fcinfo->args[arg->arg]);
	for (end = state->times; arg < end; arg++)
	{
		const NullableDatum *value = &fcinfo->args[arg->arg];

		if (likely(!value->isnull &&
				   code_from_plain(value->value, &claim->v[arg->field])))
			claim->state[arg->field] = FS_GIVEN;
		else
			payout_read(claim, arg, value);
	}
	for (end = state->amounts; arg < end; arg++)
	{
		const NullableDatum *value = &fcinfo->args[arg->arg];

		if (likely(!value->isnull &&
				   !TIMESTAMP_NOT_FINITE(DatumGetTimestamp(value->value))))
			field_set(claim, arg->field, DatumGetTimestamp(value->value));
		else
			payout_read(claim, arg, value);
	}
	situation = settle_situation(cp->core, claim);
	for (end = state->end; arg < end; arg++)
	{
		const NullableDatum *value = &fcinfo->args[arg->arg];

		if (likely(!value->isnull &&
				   amount_from_plain(value->value, &claim->v[arg->field])))
			claim->state[arg->field] = FS_GIVEN;
		else
			payout_read(claim, arg, value);
	}
	if (unlikely(state->which_arg >= 0 && !state->which_constant))
		state->which = settlement_amount_datum(fcinfo->args[state->which_arg].value,
											   fcinfo->args[state->which_arg].isnull);

	if (unlikely(state->which != SA_fund_pay_sumamt ||
				 !settle_quick(cp->core, claim, situation, &paid)))
		paid = payout_settle(cp, state);
	PG_RETURN_DATUM(amount_to_numeric(paid));
}
