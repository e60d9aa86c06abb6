/*
 * rules.h
 *	  A compiled policy: what src/policy makes of a document and settle() reads.
 *
 * Every condition of every rule is a set of atoms on some dimensions.  A
 * dimension is a claim field that the policy reads; its atoms partition the
 * field's values as finely as the policy's conditions need.  So a rule's
 * condition is a box (a set of atoms for each dimension), "more specific" is
 * inclusion of boxes, and a claim is a point.
 *
 * The structure is built by match.h's functions in memory that the caller
 * gives, and is not changed afterwards, but for the memo of resolved points.
 */
#ifndef YIBAO_CORE_RULES_H
#define YIBAO_CORE_RULES_H

#include "fields.h"

/* ---- dimensions ------------------------------------------------------- */

#define ATOM_UNKNOWN	0		/* the claim does not say */
#define ATOM_OTHER		1		/* a value that no rule names */
#define MAX_DIMS		24
#define MAX_ATOMS		1024
#define MAX_BOX_WORDS	128		/* atoms of all dimensions together: 8192 */

typedef struct TextAtom
{
	const char *s;
	uint16_t	len;
} TextAtom;

/*
 * FK_CODE: codes[i], ascending, is atom 2 + i; with prefix set a value takes
 * the longest listed code that it begins with (med_type 2101 falls under 21).
 * FK_TEXT: the same with texts[].  FK_FLAG: atom 1 false, atom 2 true.
 * FK_INT, FK_AMOUNT, FK_TIME: cuts[] ascending; the atom is 1 + the number of
 * cuts not above the value.
 */
#define DIM_MEMO	32			/* codes remembered: 2^5, see match.h */

typedef struct DimMemo
{
	int64_t		code;			/* one that this slot is not for, or 0: free */
	uint64_t	bits;			/* its atom's in the memo's key */
} DimMemo;

typedef struct Dim
{
	uint8_t		field;			/* ClaimField */
	uint8_t		kind;			/* FieldKind */
	bool		prefix;
	uint8_t		key_bits;		/* bits of the atom in the memo's key */
	uint8_t		key_shift;
	uint16_t	natoms;			/* with ATOM_UNKNOWN and ATOM_OTHER */
	uint16_t	nvalues;		/* of codes[], texts[] or cuts[] */
	uint32_t	bit0;			/* first bit in a box */
	const int64_t *codes;
	const int64_t *cuts;
	const TextAtom *texts;
	DimMemo		memo[DIM_MEMO]; /* FK_CODE: codes seen, all of them known ones */
} Dim;

/* As many cuts of a number, an amount or a time are counted, not halved. */
#define FEW_CUTS	8

/* What the short way of plain.c needs of a dimension, together with the others'. */
typedef struct QuickDim
{
	uint8_t		field;			/* ClaimField */
	uint8_t		key_shift;
	uint8_t		ncuts;
	const DimMemo *memo;		/* of codes; else cuts, filled up with the greatest number */
	int64_t		cut[FEW_CUTS];
} QuickDim;

/* ---- rules -------------------------------------------------------------- */

typedef enum Benefit
{
	BEN_INPATIENT,
	BEN_OUTPATIENT,
	BEN_CHRONIC,
	BEN_OTHER,
	BEN_COUNT
} Benefit;

typedef enum Per
{
	PER_VISIT,
	PER_YEAR,
	PER_DAY,					/* these of caps alone, see window.c */
	PER_MONTH,
	PER_QUARTER,
	PER_LIFE
} Per;

typedef enum RuleKind
{
	RK_BENEFIT,					/* which benefit and pool a visit belongs to */
	RK_DEDUCTIBLE,
	RK_DEDUCTIBLE_ADJUST,
	RK_DEDUCTIBLE_CAP,			/* limit of the deductibles paid in a year */
	RK_RATIO,
	RK_ADJUST,					/* of the ratio, or of its result */
	RK_CAP,
	RK_FLOOR,					/* 保底 */
	RK_MIN_SELF,				/* minimum personal share */
	RK_CROSS_YEAR,				/* a stay of two benefit years; of no layer */
	RK_FIRST_SELFPAY,			/* share of the in-policy amount that no layer pays by ratio */
	RK_PAY_ON,					/* when what a layer pays becomes payable */
	RK_COUNT
} RuleKind;

/* Rules of the whole document, not of a layer. */
static inline bool
rule_kind_of_document(int kind)
{
	return kind == RK_BENEFIT || kind == RK_CROSS_YEAR;
}

typedef enum Op
{
	OP_ADD,						/* points */
	OP_MULTIPLY,
	OP_MULTIPLY_RESULT,			/* the payment, after the ratio */
	OP_SET,
	OP_ADD_EACH,				/* to a deductible, for each stay of the year before this one */
	OP_EACH_DAYS,				/* a deductible for each so many days begun */
	OP_LESS_TRANSFER,			/* a deductible less what the stay transferred from took */
	OP_ADD_PART					/* points, on a part of the eligible cost */
} Op;

/* How much of what was cut off the cost (deductible, caps) a part of it bears. */
typedef enum PartBears
{
	PART_BEARS_SHARE,
	PART_BEARS_FIRST,
	PART_BEARS_LAST
} PartBears;

/* How a stay that goes on from one benefit year into the next is settled. */
typedef enum CrossYear
{
	CROSS_DISCHARGE_YEAR,		/* as a whole, in the year it ends */
	CROSS_SPLIT,				/* in two parts, by the day of each item */
	CROSS_MID_SETTLEMENT,		/* either way, as the person chooses */
	CROSS_READMIT				/* discharged and admitted again at the year's end */
} CrossYear;

typedef enum Counted
{
	COUNTED_NOT,
	COUNTED,
	COUNTED_IF_PAID				/* by the basic layer */
} Counted;

typedef enum Measure
{
	OF_TOTAL,					/* medfee_sumamt */
	OF_INSCP,					/* inscp_scp_amt less a special programme's payment */
	OF_INCOME					/* disposable income of the year before the benefit year */
} Measure;

#define PAY_DAYS	12

/* Disposable income a head of the area in a year. */
typedef struct Income
{
	int32_t		year;
	bool		unknown;		/* the source gives no figure */
	Fen			amount;
	int32_t		info;
} Income;

typedef struct Band
{
	Fen			upto;			/* FEN_INF in the last one */
	Ratio		ratio;
} Band;

#define COMP_INSCP		0x01	/* in-policy amount (basic layer) */
#define COMP_DEDC		0x02	/* deductible of the basic layer */
#define COMP_COPAY		0x04	/* in-policy share the ratio left */
#define COMP_OVERCAP	0x08	/* in-policy cost above the basic layer's caps */
#define COMP_PRESELF	0x10
#define COMP_OVERLMT	0x20
#define COMP_OWNPAY		0x40
#define COMP_FIRST		0x80	/* what first_selfpay rules took off the in-policy amount */

/* An amount for each unit of a counting field above a number. */
typedef struct CapCount
{
	uint8_t		field;			/* ClaimField, FK_INT */
	int64_t		above;
	Fen			amount;			/* may be negative */
} CapCount;

typedef struct Rule
{
	const uint64_t *box;
	int32_t		info;			/* index into Policy.info */
	uint8_t		kind;			/* RuleKind */
	bool		undecided;		/* the source leaves its reading or figure open */
	union
	{
		struct
		{
			Benefit		benefit;
			int16_t		pool;	/* index into Policy.pools */
		}			benefit;
		struct
		{
			bool		is_ratio;	/* of a measure, between min and max */
			Measure		of;
			Per			per;
			Fen			amount;
			Ratio		ratio;
			Fen			min;
			Fen			max;
			bool		fixed;	/* not adjusted, nor cut by the year's limit */
			bool		at_hospital;	/* the group counts by hospital */
			int16_t		group;	/* 1 + index into Policy.groups, 0: none */
		}			deductible;
		struct
		{
			bool		excess;	/* bands count from the deductible, not zero */
			Per			measure;
			Ratio		per_age;	/* added for each year of age */
			int16_t		nbands;
			const Band *bands;
			bool		flat;	/* an amount, or the cost when that is less; no bands */
			Fen			amount;
		}			ratio;
		struct
		{
			Op			op;
			Ratio		ratio;	/* OP_ADD on a ratio, OP_MULTIPLY*, OP_SET on a ratio */
			Fen			amount; /* OP_ADD, OP_ADD_EACH, OP_SET on a deductible */
			Fen			floor;	/* OP_ADD_EACH: not below */
			int32_t		days;	/* OP_EACH_DAYS, OP_LESS_TRANSFER: at most so many lie between */
			uint8_t		part;	/* OP_ADD_PART: ClaimField, FK_AMOUNT */
			PartBears	bears;	/* OP_ADD_PART */
		}			adjust;
		struct
		{
			Per			per;
			bool		on_payment;	/* else on eligible cost */
			uint8_t		layers;	/* bit set: layers that share it; 0 = its own */
			bool		benefit;	/* counts this benefit only */
			uint8_t		benefits;	/* bit set: of claims of these, which it counts together; 0: of all */
			bool		window; /* basic: not of the visit or the whole year, window.c */
			bool		disease;	/* a window: counts this disease only */
			bool		carried;	/* a window: what earlier months or quarters left adds to it */
			bool		of_income;	/* amount is ratio of the income */
			Ratio		ratio;
			Fen			amount;
			Fen			max;	/* with counts: not above */
			Ratio		plus_max;	/* with counts: share of amount that they add at most, */
			Ratio		minus_max;	/* and take at most; 0: no such limit */
			int16_t		ncounts;
			const CapCount *counts;
		}			cap;
		struct
		{
			Measure		of;
			Ratio		ratio;
		}			share;		/* RK_FLOOR, RK_MIN_SELF */
		struct
		{
			int16_t		ndays;	/* 0: with the settlement */
			int16_t		day[PAY_DAYS];	/* 100 x month + day, ascending */
		}			pay_on;
		struct
		{
			CrossYear	rule;
			bool		lapsed_ends;	/* who is not insured on: nothing after the year */
		}			cross;
		struct
		{
			Ratio		ratio;
			bool		after;	/* of what the deductible leaves, else before it */
		}			first;
	}			u;
} Rule;

/*
 * The rules of one parameter, the more specific before the less.  Of those
 * that match, the first holds.
 */
typedef struct RuleSet
{
	uint8_t		kind;			/* RuleKind */
	uint8_t		layer;			/* LayerCode; of no use for RK_BENEFIT */
	const char *name;			/* "referral", "year cap", or "" */
	int32_t		nrules;
	Rule	   *rules;
} RuleSet;

/* For explain and for errors: where a rule stands and what it rests on. */
typedef struct RuleInfo
{
	const char *path;			/* layers[0].ratio[2] */
	const char *source;			/* as cited: "秦政办发〔2018〕84号 五(三)" */
	const char *trust;
	const char *note;			/* what is open or assumed, or NULL */
	const char *assumed;		/* what is assumed, in Chinese, or NULL */
	const char *assumed_en;
	const char *when;			/* of a layer: for which claims it is, in Chinese, or NULL */
	const char *when_en;
} RuleInfo;

/* ---- layers --------------------------------------------------------------- */

typedef enum LayerCode
{
	LAYER_BASIC,				/* hifp_pay */
	LAYER_SERIOUS,				/* hifmi_pay */
	LAYER_SECOND,				/* hifmi_pay, second compensation of what is left */
	LAYER_ASSIST,				/* maf_pay */
	LAYER_TILT,					/* maf_pay, second assistance; stands after the first, as LAYER_SECOND does */
	LAYER_SUPPLEMENT,			/* oth_pay */
	LAYER_COUNT
} LayerCode;

typedef enum PayerKind
{
	PAYER_OWN_FUND,
	PAYER_OTHER_BOOK,
	PAYER_EXTERNAL
} PayerKind;

typedef enum Combine
{
	COMBINE_SUM,
	COMBINE_BEST,
	COMBINE_SEQUENTIAL
} Combine;

typedef struct Layer
{
	uint8_t		code;			/* LayerCode */
	uint8_t		payer;			/* PayerKind */
	uint8_t		components;		/* COMP_*: what it looks at */
	uint8_t		combine;		/* Combine of its adjusts */
	bool		round_bands;	/* round each band, not the sum */
	bool		has_parts;		/* some adjustment is OP_ADD_PART */
	bool		dedc_first;		/* basic: deductible before first self-pay */
	bool		dedc_open;		/* basic: which of the two is first is not stated (P08) */
	uint8_t		fine;			/* decimals of its ratios, where they may have more than 8; else 0 */
	int32_t		info;			/* what it looks at and who says so, -1: nobody */
	int32_t		dedc_info;		/* of dedc_open */
	const uint64_t *applies;	/* box; NULL: to everybody */
	int32_t		applies_info;
	Ratio		ratio_min;		/* clamp after adjusts, */
	Ratio		ratio_max;		/* at most RATIO_ONE */
	/* indexes into Policy.sets; first and number of each kind */
	int16_t		deductible;
	int16_t		ratio;
	int16_t		first_set;		/* all sets of this layer are contiguous */
	int16_t		nsets;
} Layer;

/*
 * The figures of a layer whose rules ask nothing of the claim but amounts:
 * plain.c settles by them without a look at the rules.  What most claims need
 * stands in front, in one cache line.
 */
#define PLAIN_CAPS	2
#define PLAIN_CUMS	9
#define PLAIN_BANDS	4

typedef enum PlainUsed
{
	PLAIN_VISIT,				/* nothing counts but this claim */
	PLAIN_BASIC,				/* what the basic layer has paid, over all benefits */
	PLAIN_LISTED				/* cums[] */
} PlainUsed;

typedef struct PlainCap
{
	uint8_t		used;			/* PlainUsed */
	uint8_t		below;			/* bit set of layers whose payment of this claim counts */
	uint8_t		ncums;
	uint8_t		cums[PLAIN_CUMS];	/* ClaimFields: accumulators that count */
} PlainCap;

typedef struct PlainLayer
{
	uint8_t		code;			/* LayerCode */
	uint8_t		bit;			/* 1 << code */
	uint8_t		components;		/* COMP_* */
	bool		year_dedc;		/* the deductible is the year's */
	bool		reads_dedc;		/* it is, or the year has a limit of it */
	bool		dedc_open;		/* as Layer's */
	bool		year_bands;
	bool		excess;			/* bands count from the deductible, not zero */
	uint8_t		nbands;
	uint8_t		ncaps;
	uint8_t		cum_base;		/* ClaimFields */
	uint8_t		cum_dedc;
	PlainCap	cap[PLAIN_CAPS];
	Fen			dedc;			/* with its adjustments */
	Fen			cap_amount[PLAIN_CAPS];	/* of the payment */
	uint32_t	ratio[PLAIN_BANDS];	/* adjusted */
	Fen			upto[PLAIN_BANDS];	/* of the bands */
	Fen			dedc_std;
	Fen			dedc_limit;		/* of the year; FEN_INF: none */
} PlainLayer;

/*
 * What a point of the dimensions resolves to: for each layer the rules that
 * hold there, those of kind k in rules[first[k]] up to rules[first[k + 1]],
 * and the adjusted ratio of each band.  A layer that does not apply has none.
 */
typedef struct CellLayer
{
	bool		applies;
	uint8_t		first[RK_COUNT + 1];
	const Rule **rules;
	Ratio	   *band_ratio;		/* not where the ratio depends on the age */
} CellLayer;

typedef struct Cell
{
	uint64_t	key;
	const Rule *benefit;
	CellLayer  *layer;			/* Policy.nlayers */
	uint8_t		counted;		/* Counted: is a stay here one of those that ordinals count? */
	bool		plain;			/* every layer that applies is; then these are */
	uint8_t		nplain;
	PlainLayer	figures[];
	/* up to Policy.nlayers; then as many CellLayers, nsets rules, nlayers x max_bands ratios */
} Cell;

/* When the benefit year begins, what it is called, and by which date a claim is of it. */
typedef struct YearRule
{
	uint8_t		by;				/* ClaimField */
	uint8_t		month;			/* first day; not for enrolment */
	uint8_t		day;
	bool		enrolment;		/* the day of psn_insu_date, each year */
	bool		named_by_end;	/* by the calendar year of its last day, else of its first */
	bool		stated;			/* the document says so; else the calendar year */
	bool		restart;		/* accumulators begin anew with this document */
	int32_t		info;			/* -1 when not stated */
} YearRule;

/* Which of several categories a claim is settled by. */
typedef enum Categories
{
	CATEGORIES_UNSTATED,		/* the claim is refused */
	CATEGORIES_BEST,			/* the one that leaves the person least */
	CATEGORIES_PRECEDENCE		/* the first of a list */
} Categories;

typedef struct Policy
{
	int			ndims;
	Dim			dims[MAX_DIMS];
	uint32_t	box_words;
	int			nsets;
	RuleSet    *sets;			/* sets[0] is the benefit set */
	int			nlayers;
	Layer		layers[LAYER_COUNT];
	int			ninfo;
	const RuleInfo *info;
	int			npools;
	const char *const *pools;
	int			ngroups;		/* some: yearly deductibles count by group */
	const char *const *groups;
	int			nincomes;
	const Income *incomes;		/* each year once */
	uint8_t		version_date;	/* ClaimField that selects effective-dated rules */
	YearRule	year;
	int			cross_year_set;	/* 0: the document says nothing */
	int64_t		valid_from;		/* microseconds, local */
	int64_t		valid_to;		/* exclusive, INT64_MAX when open */
	bool		asks_entitled;	/* who is not entitled on the day gets nothing */
	int32_t		entitled_info;	/* who says so */
	uint64_t	fields_read[FIELD_WORDS];	/* bit per ClaimField that some rule reads */

	/* a person of several categories (P17) */
	bool		by_category;	/* some rule asks for the category */
	uint8_t		categories;		/* Categories */
	int32_t		categories_info;	/* who says so, -1: nobody */
	int			ncategories;	/* CATEGORIES_PRECEDENCE: the first of these that is held */
	const int64_t *category_order;

	bool		first_selfpay;	/* the basic layer has such rules */

	/* stays that ordinals do not count: boxes, and where each stands */
	int			nuncounted;
	const uint64_t **uncounted;
	const int32_t *uncounted_info;
	bool		unpaid_uncounted;	/* nor those for which the basic layer pays nothing */

	/* diseases that count together, by atom of dims[dise_dim]; 0: by itself */
	int16_t		dise_dim;
	const uint16_t *dise_group;	/* NULL: none do */

	/* dimensions, those of codes first; none where one of them takes more than that */
	int			nquick_codes;
	int			nquick;
	QuickDim	quick[MAX_DIMS];
	bool		asks_more;		/* by_category, cross_year_set, asks_entitled: one of them */

	/*
	 * memo: slots, then cells of cell_size bytes one behind the other.  A slot
	 * says where in memo its cell is, 0 where it has none; open addressing.
	 */
	uint32_t	memo_mask;		/* slots - 1 */
	uint32_t	memo_used;		/* cells */
	int			max_bands;		/* of any ratio rule */
	size_t		cell_size;
	size_t		memo_size;		/* bytes */
	unsigned char *memo;		/* zeroed */
} Policy;

#endif							/* YIBAO_CORE_RULES_H */
