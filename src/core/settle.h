/*
 * settle.h
 *	  One claim through one policy: all layers in one call.
 */
#ifndef YIBAO_CORE_SETTLE_H
#define YIBAO_CORE_SETTLE_H

#include "rules.h"

/*
 * The settlement vector, in the national interface's names.
 *
 *	  medfee_sumamt = fulamt_ownpay_amt + overlmt_selfpay + preselfpay_amt + inscp_scp_amt
 *	  fund_pay_sumamt = hifp_pay + hifmi_pay + maf_pay + oth_pay
 *	  psn_part_amt = medfee_sumamt - fund_pay_sumamt - hosp_part_amt
 *	  psn_cash_pay = psn_part_amt - acct_pay - acct_mulaid_pay
 *
 * first_selfpay is part of inscp_scp_amt: what rules of that name took off it
 * before the basic layer's ratio; the split of the cost stays as it came.
 */
#define SETTLEMENT_AMOUNTS(X) \
	X(medfee_sumamt) \
	X(fulamt_ownpay_amt) \
	X(overlmt_selfpay) \
	X(preselfpay_amt) \
	X(inscp_scp_amt) \
	X(dedc_std) \
	X(crt_dedc) \
	X(act_pay_dedc) \
	X(hifp_pay) \
	X(hifmi_pay) \
	X(maf_pay) \
	X(oth_pay) \
	X(fund_pay_sumamt) \
	X(hosp_part_amt) \
	X(psn_part_amt) \
	X(acct_pay) \
	X(acct_mulaid_pay) \
	X(psn_cash_pay) \
	X(first_selfpay)

#define SETTLEMENT_ENUM(name) SA_##name,
typedef enum SettlementAmount
{
	SETTLEMENT_AMOUNTS(SETTLEMENT_ENUM)
	SA_COUNT
} SettlementAmount;
#undef SETTLEMENT_ENUM

extern const char *const settlement_names[SA_COUNT];

/* What one layer did, for posting and for the accumulators; only pay counts where it did not apply. */
typedef struct LayerResult
{
	Fen			base;			/* what it looked at */
	Fen			dedc;			/* deductible it took from that */
	Fen			dedc_used;		/* and what of the deductible is used up by it */
	Fen			elig;			/* what the ratio was applied to */
	Fen			pay;
	bool		applied;
} LayerResult;

#define DUE_AT_ONCE	INT64_MIN

typedef struct Settlement
{
	Fen			amount[SA_COUNT];
	Ratio		pool_prop_selfpay;	/* the pooled fund's ratio; read it by settlement_prop() */
	Fen			prop_of;		/* > 0: several bands paid prop_exact of it */
	Wide		prop_exact;
	Benefit		benefit;
	int16_t		pool;			/* index into Policy.pools */
	int16_t		group;			/* of the basic deductible: 1 + index into Policy.groups, 0: none */
	uint8_t		counted;		/* Counted; ask settlement_is_stay() */
	int64_t		category;		/* set where the claim brings several: the one it is settled by */
	int64_t		due;			/* hifmi_pay is payable from this day on; DUE_AT_ONCE: with the settlement */
	LayerResult layer[LAYER_COUNT];
} Settlement;

/*
 * The pooled fund's ratio, of several bands their mean; 0 when nothing was
 * eligible.  The mean is a division that most callers need not pay for.
 */
static inline Ratio
settlement_prop(const Settlement *s)
{
	return s->prop_of > 0 ? (Ratio) div_half_up(s->prop_exact, s->prop_of) :
		s->pool_prop_selfpay;
}

/* The same with four decimals, as the national interface has it: rounded once. */
static inline int64_t
settlement_prop4(const Settlement *s)
{
	Wide		of = (Wide) s->prop_of * 10000;

	if (of == 0)
		return div_half_up(s->pool_prop_selfpay, 10000);
	if (of < INT64_MAX)
		return div_half_up(s->prop_exact, (int64_t) of);
	return (int64_t) ((s->prop_exact + of / 2) / of);
}

/* Was it a stay, one of those that ordinals count? */
static inline bool
settlement_is_stay(const Settlement *s)
{
	return s->benefit == BEN_INPATIENT &&
		(s->counted == COUNTED ||
		 (s->counted == COUNTED_IF_PAID && s->layer[LAYER_BASIC].pay > 0));
}

/* ---- trace ---------------------------------------------------------------- */

typedef enum StepKind
{
	STEP_TOTAL,					/* amount: total cost */
	STEP_OWNPAY,				/* fully self-paid part */
	STEP_OVERLMT,
	STEP_PRESELF,
	STEP_PROGRAMME,				/* a special programme paid this first */
	STEP_SCOPE,					/* in-policy amount */
	STEP_BENEFIT,				/* which benefit; rule */
	STEP_NOT_APPLICABLE,		/* layer not for this person or visit; rule */
	STEP_NOT_ENTITLED,			/* no layer pays; aux: code of trt_chk_rslt, 0: not said */
	STEP_ENTITLED_FROM,			/* aux: first day of benefit, microseconds */
	STEP_LAYER_BASE,			/* base: what the layer looks at */
	STEP_DEDC_STD,				/* standard deductible; rule, amount */
	STEP_DEDC_ADJUST,			/* rule, rate if a factor, amount: change */
	STEP_DEDC_CAP,				/* yearly limit of deductibles, amount: change */
	STEP_DEDC_YEAR,				/* already consumed this year, amount: change */
	STEP_DEDC_BASE,				/* base smaller than deductible, amount: change */
	STEP_DEDC_FIRST,			/* taken before first self-pay: the part that falls on it, amount: change */
	STEP_ELIG_CAP,				/* base, amount: cost cut off (not negative) */
	STEP_ADJUST,				/* ratio changed; rule, rate: by how much, aux: new ratio */
	STEP_CLAMP,					/* ratio limited; rate: the limit */
	STEP_BAND,					/* base x rate = amount */
	STEP_FLAT,					/* a flat amount (aux), or the cost (base) when less */
	STEP_ROUND,					/* difference of rounding once and band by band */
	STEP_PART,					/* points (rate) on a part (base) of the cost, aux: its field */
	STEP_RESULT_ADJUST,			/* payment x rate, amount: change */
	STEP_FLOOR,					/* raised to the floor, amount: change */
	STEP_CAP,					/* cut at a cap, aux: what was left, amount: change (<= 0) */
	STEP_MIN_SELF,				/* cut for the minimum personal share, amount: change */
	STEP_PAY_ON,				/* payable later: rule, aux: from which moment on */
	STEP_LAYER_PAY,				/* what the layer pays; column SA_COUNT: a subtotal */
	STEP_HOSP,
	STEP_PERSON,				/* what is left to the person, a subtotal */
	STEP_ACCT,
	STEP_MULAID,
	STEP_FIRST_SELFPAY,			/* base x rate = amount: first self-pay out of the in-policy amount */
	STEP_CASH,					/* what he pays at the window, a subtotal */
	STEP_CATEGORY,				/* settled by this of several categories; rule, carried: it leaves least, base; aux: code */
	STEP_CATEGORY_OTHER,		/* and not by this; base: what it leaves, aux: code */
	STEP_CROSS_YEAR,			/* a stay of two benefit years; rule, aux: 10 x year + CrossYear, + 5 for the rest of one */
	STEP_GIVEN,					/* amounts of another system count; aux: 0 not computed, 1 the same, 2 others */
	STEP_GIVEN_AMOUNT,			/* one of them */
	STEP_GIVEN_DIFF				/* base: it, aux: computed, amount: the difference */
} StepKind;

/*
 * One step.  column says which amount of the settlement this step's amount is
 * part of; the amounts of the steps of a column add up to that column.
 * SA_COUNT marks a step that carries no amount of its own (a subtotal).
 */
typedef struct TraceStep
{
	uint8_t		kind;			/* StepKind */
	uint8_t		layer;			/* LayerCode, LAYER_COUNT when none */
	uint8_t		column;			/* SettlementAmount */
	uint8_t		per:7;			/* Per of a cap */
	uint8_t		carried:1;		/* with what earlier periods left; of several categories: the best */
	int32_t		info;			/* index into Policy.info, -1 when none */
	uint8_t		decimals;		/* of rate, and of aux where that is a ratio */
	Fen			base;
	Ratio		rate;
	Fen			amount;
	int64_t		aux;
} TraceStep;

#define TRACE_MAX	256
typedef struct Trace
{
	int			n;
	TraceStep	step[TRACE_MAX];
} Trace;

/* ---- errors ----------------------------------------------------------------- */

typedef enum CoreErrorCode
{
	CE_OK,
	CE_FIELD_MISSING,			/* field */
	CE_FIELD_NULL,				/* field; info: the rule that reads it, or -1 */
	CE_UNKNOWN_CODE,			/* field, value */
	CE_OUT_OF_RANGE,			/* field, value */
	CE_PARTS,					/* value: sum of the parts, other: medfee_sumamt */
	CE_PAID_ABOVE_PART,			/* acct_pay etc. above what is left; field, value, other */
	CE_NOT_COVERED,				/* layer, set: no rule for this point */
	CE_UNDECIDED,				/* info: the rule that the source leaves open */
	CE_BEFORE_POLICY,			/* value: the claim's date, other: valid_from */
	CE_AFTER_POLICY,
	CE_CROSS_YEAR,				/* value: CrossFault, other: first moment of the later year */
	CE_NO_INCOME,				/* value: the year; info: the figure left open, or -1; other: the rule that asks */
	CE_CATEGORIES_OPEN,			/* several categories, and the policy does not say which; field */
	CE_CATEGORY_NOT_LISTED,		/* none of them is in the policy's list; field, info */
	CE_CATEGORY_LIST,			/* psn_idet_types is no list of codes; field */
	CE_ENDS_FIRST,				/* endtime is before begntime */
	CE_OVERFLOW					/* accumulators beyond FEN_MAX; field */
} CoreErrorCode;

typedef enum CrossFault
{
	CROSS_FAULT_WHOLE,			/* two years in one claim: it is settled in parts */
	CROSS_FAULT_PART,			/* a part: it is settled as a whole */
	CROSS_FAULT_LAPSED,			/* not insured on: only up to the year's end */
	CROSS_FAULT_LAPSED_AFTER	/* and nothing of what comes after it */
} CrossFault;

typedef struct CoreError
{
	CoreErrorCode code;
	int			field;			/* ClaimField or -1 */
	int			layer;
	int			set;			/* index into Policy.sets or -1 */
	int			info;
	int64_t		value;
	int64_t		other;
	int64_t		category;		/* of several, the one that was tried; 0: none */
	uint16_t	atom[MAX_DIMS];	/* CE_NOT_COVERED: the situation */
} CoreError;

#define CATEGORY_MAX	16

/*
 * The codes of psn_idet_types, separated by commas, each once; -1 where it is no
 * such list.
 */
extern int	category_codes(const char *s, size_t len, int64_t codes[CATEGORY_MAX]);

/*
 * Settle one claim.  False with *err filled when the policy or the claim do not
 * decide it; *out is then undefined.  Missing accumulators count as zero: the
 * claim is the first of its person-year.  trace may be NULL.
 */
extern bool settle(Policy *policy, const Claim *claim, Settlement *out,
				   Trace *trace, CoreError *err);

/* ---- amounts that another system settled (given.c) ---------------------------- */

/* What the settlement's result is, as bits of GivenAmounts.known: always there, or it may be left out. */
#define GIVEN_BIT(name)	(UINT32_C(1) << SA_##name)
#define GIVEN_NEEDED \
	(GIVEN_BIT(act_pay_dedc) | GIVEN_BIT(hifp_pay) | GIVEN_BIT(hifmi_pay) | GIVEN_BIT(maf_pay) | \
	 GIVEN_BIT(oth_pay) | GIVEN_BIT(fund_pay_sumamt) | GIVEN_BIT(psn_part_amt) | GIVEN_BIT(psn_cash_pay))
#define GIVEN_OPTIONAL \
	(GIVEN_BIT(dedc_std) | GIVEN_BIT(crt_dedc) | GIVEN_BIT(first_selfpay))
#define GIVEN_ALL	(GIVEN_NEEDED | GIVEN_OPTIONAL)

typedef struct GivenAmounts
{
	Fen			amount[SA_COUNT];	/* of those that are known */
	uint32_t	known;			/* GIVEN_BITs */
} GivenAmounts;

/* What is wrong with them: value stands where expected (or at most, or at least that) should. */
typedef enum GivenFault
{
	GIVEN_FITS,
	GIVEN_CLAIM,				/* what the claim itself says of its cost: in the CoreError */
	GIVEN_MISSING,
	GIVEN_NOT_EQUAL,
	GIVEN_ABOVE,
	GIVEN_BELOW
} GivenFault;

typedef struct GivenError
{
	GivenFault	fault;
	int			column;			/* SettlementAmount */
	Fen			value;
	Fen			expected;
} GivenError;

/* The identities of settle.h, and no payment above what it pays for. */
extern bool given_check(const Policy *policy, const Claim *claim, const GivenAmounts *given,
						GivenError *e, CoreError *err);

/*
 * The settlement that they make.  Where settle() has computed the claim, each
 * layer goes through its rules and then takes the deductible and pays what was
 * given, so that what the layer above looks at follows; where the policy does
 * not decide the claim (computed NULL) only its benefit and pool are asked for,
 * and what was paid and borne is all that counts.  settle_advance() goes on from
 * either.  Amounts that are not known are the computed ones, or 0.
 */
extern bool settle_given(Policy *policy, const Claim *claim, const GivenAmounts *given,
						 const Settlement *computed, Settlement *out, CoreError *err);

/*
 * fund_pay_sumamt of settle() alone, where that is quick; false: ask settle().
 * settle_situation() goes before it, as soon as the claim has all fields of the
 * policy's dimensions: while the caller fills in the others, what the memo has
 * of the situation is on its way from memory.
 */
#define SITUATION_OPEN	UINT64_MAX

extern uint64_t settle_situation(const Policy *policy, const Claim *claim);
extern bool settle_quick(Policy *policy, const Claim *claim, uint64_t situation, Fen *paid);

/*
 * Among which deductibles of the year cum_grp_dedc counts for a claim: those of
 * the group, at the same hospital or at all, or those of no group of the benefit.
 */
typedef struct DedcGroup
{
	const char *name;			/* NULL: of no group */
	bool		at_hospital;
	Benefit		benefit;
} DedcGroup;

/* False, with nothing to say, where settle() will fail or no basic deductible is due. */
extern bool settle_group(Policy *policy, const Claim *claim, DedcGroup *group);

/* Closed code lists: the fields whose codes are checked whatever a policy reads. */
extern bool claim_check_codes(const Claim *claim, CoreError *err);

/* The accumulators after this settlement; cum[] has CUM_COUNT values. */
extern bool settle_advance(const Claim *claim, const Settlement *s,
						   int64_t cum[], CoreError *err);

#endif							/* YIBAO_CORE_SETTLE_H */
