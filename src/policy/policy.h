/*
 * policy.h
 *	  A policy document (jsonb) compiled, and the backend's cache of them.
 *
 * How to use it:
 *
 *	  A function whose argument is a policy keeps a PolicyArg in its fn_extra:
 *
 *		  state->policy = policy_arg_create(fcinfo->flinfo, 0);	-- first call
 *		  cp = policy_arg_get(state->policy, PG_GETARG_DATUM(0));	-- each call
 *
 *	  A trigger keeps one made by policy_arg_create_in() in memory that lives as
 *	  long as the statement, and asks by digest:
 *
 *		  cp = policy_lookup_key(arg, digest, load_from_table, &where);
 *
 * What comes back is valid until the next look-up through the same PolicyArg,
 * or until the memory that the PolicyArg lives in goes; it must not be changed
 * (settle() fills the memo of cp->core, nothing else does) nor freed.
 */
#ifndef YIBAO_POLICY_H
#define YIBAO_POLICY_H

#include "fmgr.h"
#include "utils/date.h"
#include "utils/jsonb.h"

#include "core/enrolment.h"
#include "core/rules.h"

#define POLICY_MAX_BYTES	(1024 * 1024)
#define POLICY_MAX_DEPTH	32
#define POLICY_DIGEST_LEN	32

/* ---- who pays a layer ------------------------------------------------------- */

typedef enum PayerPays
{
	PAYS_OWN,					/* own_fund: nothing to settle with anybody */
	PAYS_HOSPITAL_DIRECT,		/* the payer pays the hospital itself */
	PAYS_CENTRE_ADVANCES,		/* the fund advances, the payer repays */
	PAYS_UNKNOWN				/* the source does not say: a posting must refuse (YB202) */
} PayerPays;

typedef enum SeriousModel
{
	SERIOUS_NONE,				/* not stated */
	SERIOUS_REMIT_UP,			/* premium goes to the superior fund */
	SERIOUS_INSURER,			/* premium goes to a commercial insurer */
	SERIOUS_SELF_RUN			/* a part of this fund */
} SeriousModel;

typedef struct PolicyPayer
{
	LayerCode	layer;
	PayerKind	kind;
	PayerPays	pays;
	SeriousModel model;
	const char *name;			/* NULL when not given */
	const char *fund;			/* other_book: which, NULL when not given */
	int32		info;			/* index into core->info */
} PolicyPayer;

/* ---- the fund section --------------------------------------------------------- */

typedef enum ReceiptKind
{
	RECEIPT_CONTRIBUTION,
	RECEIPT_SUBSIDY,
	RECEIPT_ASSISTANCE,			/* contribution that assistance paid */
	RECEIPT_COLLECTIVE,
	RECEIPT_INTEREST,
	RECEIPT_PENALTY,
	RECEIPT_SURPLUS_RETURNED,
	RECEIPT_OTHER,
	RECEIPT_KINDS
} ReceiptKind;

extern const char *const receipt_kind_names[RECEIPT_KINDS];

typedef enum SplitBase
{
	SPLIT_RECEIVED_INCOME,
	SPLIT_BUDGET_INCOME
} SplitBase;

typedef enum SplitRounding
{
	SPLIT_HALF_UP_OUTPATIENT,	/* outpatient = round(total x share), rest inpatient */
	SPLIT_FLOOR_RESIDUAL_INPATIENT	/* outpatient = floor(total x share), rest inpatient */
} SplitRounding;

/* Splits never overlap in coverage years, nor do the years of per_head. */
typedef struct FundSplit
{
	int32		year_from;		/* coverage years, both inclusive; */
	int32		year_to;		/* PG_INT32_MIN / PG_INT32_MAX when open */
	Ratio		outpatient;		/* outpatient + inpatient = RATIO_ONE */
	Ratio		inpatient;
	SplitBase	base;
	Fen			budget;			/* budgeted income that is split, 0: not stated */
	uint32		kinds;			/* bit (1 << ReceiptKind) of what is split */
	bool		after_serious;	/* the serious-illness part is set aside first */
	SplitRounding rounding;
	int32		info;
} FundSplit;

typedef struct FundPerHead
{
	int32		year_from;
	int32		year_to;
	bool		unknown;		/* the source gives no figure */
	Fen			amount;
	int32		info;
} FundPerHead;

typedef enum SeriousSetAside
{
	SET_ASIDE_UNSTATED,
	SET_ASIDE_WITH_PERSONAL_RECEIPT,
	SET_ASIDE_WATERFALL,
	SET_ASIDE_AT_REMITTANCE
} SeriousSetAside;

typedef struct FundSerious
{
	SeriousModel model;
	SeriousSetAside set_aside;
	int			nper_head;
	const FundPerHead *per_head;
	int32		info;
} FundSerious;

typedef enum OnPoolShort
{
	POOL_SHORT_QUEUE,			/* 挂账 */
	POOL_SHORT_REFUSE
} OnPoolShort;

typedef enum NextYearReceipts
{
	NEXT_YEAR_UNSTATED,
	NEXT_YEAR_INCOME_ON_RECEIPT,
	NEXT_YEAR_TEMP_UNTIL_YEAR_START
} NextYearReceipts;

typedef enum CarryForward
{
	CARRY_UNSTATED,
	CARRY_KEEP_BY_POOL,
	CARRY_RESPLIT,
	CARRY_TO_UNALLOCATED
} CarryForward;

typedef enum LateRegistration
{
	LATE_UNSTATED,
	LATE_REPORT,
	LATE_DEDUCT_PROVIDER,
	LATE_MANUAL_ONLY
} LateRegistration;

/* Head counts of a true-up and of subsidies due; 0 where it is not said, as HEADS_STATED. */
#define HEADS_STATED	1
#define HEADS_APPROVED	2		/* from an approved head count only */
#define HEADS_ENROLLED	3		/* which states who is enrolled and has paid, no other number */

#define DEADLINE_LATE_REPORT	1
#define DEADLINE_LATE_REFUSE	2

typedef struct FundPolicy
{
	int			nsplits;
	const FundSplit *splits;
	const FundSerious *serious; /* NULL when the document has none */
	OnPoolShort on_pool_short;
	NextYearReceipts next_year_receipts;
	CarryForward carry;
	int			heads;			/* HEADS_... */
	LateRegistration late_registration;

	/* named choices, from 1 in the order of their words; 0: not stated (policy_fund_choice) */
	int			deposit_book;
	int			prior_year_recovery;
	int			surplus_return;
	int			serious_subject;

	/* transfers between pools; info -1 when the document has no such section */
	int32		transfer_info;
	bool		transfer_has_max_share;
	Ratio		transfer_max_share; /* of the giving pool's balance */
	int			transfer_keep_months;	/* 0: no such limit */

	/* deadlines of clearing with the fund; info -1 when there is no such section */
	int32		deadline_info;
	int			deadline_monthly_day;	/* 0: none */
	int			deadline_yearly_month;	/* 0: none */
	int			deadline_yearly_day;
	bool		deadline_shift; /* P32: to the next working day */
	int			deadline_late;	/* what comes later: DEADLINE_LATE_..., 0 where it is not said */

	/* budget and appropriation; info -1 when the document does not say */
	int32		deficit_info;
	bool		deficit_from_surplus;
	Fen			deficit_max;	/* of a year, with from_surplus */
	int32		interim_info;
	bool		interim_last_year;	/* before the budget: last year's, of the same quarters */
	int32		appropriation_info;
	bool		form_required;	/* an appropriation needs an approved form and a budget */
	int			months_in_account;	/* 0: no such limit */
	bool		months_of_budget;	/* of the budget, not of the last 12 months */

	int32		info;
} FundPolicy;

/* ---- corrections -------------------------------------------------------------- */

typedef enum ReversalRule
{
	REVERSAL_UNSTATED,			/* as last_only */
	REVERSAL_LAST_ONLY,			/* only the last settlement of a person-year */
	REVERSAL_ALONE,				/* that one, later ones stay as they are */
	REVERSAL_REPLAY				/* later ones are settled again, differences posted */
} ReversalRule;

typedef enum LateManual
{
	LATE_MANUAL_UNSTATED,		/* as arrival */
	LATE_MANUAL_ARRIVAL,		/* after what was settled before it */
	LATE_MANUAL_SERVICE_DATE	/* where its days put it: later ones are settled again */
} LateManual;

/* ---- figures of management and supervision ------------------------------------- */

typedef enum MonthsBy
{
	MONTHS_UNSTATED,
	MONTHS_LAST_12,				/* spending of the last 12 months */
	MONTHS_LAST_YEAR,
	MONTHS_CURRENT_BUDGET
} MonthsBy;

typedef struct ControlTerms
{
	MonthsBy	months_by;		/* P25 */
	bool		drg_stated;
	bool		drg_floored;	/* P26: a negative payment by case is none */
	int32		clock_hours;	/* 0: not stated */
	int32		clock_emergency;
	bool		clock_days;		/* P31: until the end of the day on which they end */
	Ratio		sample_share;	/* 0: not stated */
	int			sample_per;		/* P33: visits of a month, quarter, year: 0, 1, 2 */
	bool		sample_up;
	uint8		catalogue_counts;	/* P34: 1 fulamt_ownpay_amt, 2 overlmt_selfpay; 0: not stated */
	bool		catalogue_of_drugs; /* else of the total cost */
	bool		catalogue_provider_year;	/* else of a visit */
} ControlTerms;

/* ---- the whole ------------------------------------------------------------------ */

typedef struct PolicySource
{
	const char *key;
	const char *doc;
	const char *trust;
	const char *url;			/* the rest NULL when not given */
	const char *title;
	const char *note;
	const char *authority;		/* one of policy_authorities */
} PolicySource;

extern const char *const policy_authorities[];

/* Words of groups, from GROUP_NEWBORN on, and of PAID_*, from bit 0 on; NULL at the end. */
extern const char *const enrol_group_words[];
extern const char *const enrol_paid_words[];

typedef struct CompiledPolicy
{
	Policy	   *core;			/* what settle() takes */
	const char *title_zh;
	const char *title_en;		/* NULL when not given */
	const char *insutype;
	const char *admdvs;			/* six digits */
	DateADT		valid_from;
	DateADT		valid_to;		/* exclusive; DATEVAL_NOEND when open */
	const char *trust;			/* of the document, NULL when not given */
	int			nsources;
	const PolicySource *sources;
	PolicyPayer payer[LAYER_COUNT]; /* by LayerCode, where has_layer */
	bool		has_layer[LAYER_COUNT];
	ReversalRule reversal;
	LateManual	late_manual;
	const FundPolicy *fund;		/* NULL when the document has no fund section */
	ControlTerms controls;
	const EnrolTerms *enrolment;	/* NULL when the document has no such section */
	ClaimField	enrol_on;		/* the date of a claim that must lie in the benefit */
	uint8		digest[POLICY_DIGEST_LEN];	/* see policy_digest(); filled by the cache */
} CompiledPolicy;

/*
 * Check a document and compile it.  Every fault is ereport(ERROR) with SQLSTATE
 * YB1xx, the JSON path and a hint.  The result and all it points to live in
 * cxt; after an error cxt may hold rubbish, so give one that is dropped then.
 */
extern CompiledPolicy *policy_compile(const Jsonb *doc, MemoryContext cxt);

/* policy_compile() for its errors only; leaves no memory behind. */
extern void policy_document_check(const Jsonb *doc);

/* A document that policy_parse() would make of this text (NUL terminated or not). */
extern Jsonb *policy_parse_text(const char *text, int len);

/*
 * SHA-256 of the document's text form, the same on every machine; in SQL:
 * sha256(convert_to(rules::text, 'UTF8')).
 */
extern void policy_digest(const Jsonb *doc, uint8 digest[POLICY_DIGEST_LEN]);

/* Pool with this name, or -1.  cp->core->pools has the names by index. */
extern int	policy_pool_index(const CompiledPolicy *cp, const char *name);

/* The rule of a split for a coverage year; NULL when the document has none. */
extern const FundSplit *policy_split_for(const CompiledPolicy *cp, int32 coverage_year);

/* The serious-illness amount a head for a coverage year, or NULL. */
/*
 * What the fund section says of deposit_book, prior_year_recovery,
 * surplus_return or serious_subject, as written; NULL where it is silent.
 * cp->fund must be there.
 */
extern const char *policy_fund_choice(const CompiledPolicy *cp, const char *key);
extern const FundPerHead *policy_per_head_for(const CompiledPolicy *cp, int32 coverage_year);

/*
 * A point of the dimensions in words: "hosp_lv = 03, refl = none, age >= 60".
 * Bit d of care says that dimension d is to be named; ~0 for all.  palloc'd.
 */
extern char *policy_situation(const CompiledPolicy *cp, const uint16_t atom[MAX_DIMS],
							  uint64 care);

/* ---- cache ---------------------------------------------------------------------- */

typedef struct PolicyArg PolicyArg;

/* Head of PolicyArg, open for the inlined shortcut only. */
struct PolicyArg
{
	Datum		constant;		/* value of the Const argument, or 0 */
	CompiledPolicy *last;
};

extern PolicyArg *policy_arg_create(FmgrInfo *flinfo, int argno);
extern PolicyArg *policy_arg_create_in(MemoryContext cxt);
extern CompiledPolicy *policy_arg_find(PolicyArg *arg, Datum value);

/* The compiled policy of a jsonb value (not NULL).  Errors as policy_compile(). */
static inline CompiledPolicy *
policy_arg_get(PolicyArg *arg, Datum value)
{
	if (arg->constant != (Datum) 0 && arg->constant == value && arg->last != NULL)
		return arg->last;
	return policy_arg_find(arg, value);
}

/*
 * The compiled policy of a digest (policy_digest()).  When the backend has not
 * got it, load(load_arg) must return the document, detoasted or not, in the
 * current memory context, or NULL (then so is the result); a document that has
 * another digest is an error (XX001): a stored policy was changed.
 */
typedef Jsonb *(*PolicyLoader) (void *load_arg);
extern CompiledPolicy *policy_lookup_key(PolicyArg *arg,
										 const uint8 digest[POLICY_DIGEST_LEN],
										 PolicyLoader load, void *load_arg);

#endif							/* YIBAO_POLICY_H */
