/*
 * settlement.h
 *	  What the files of the settlement trigger share.
 *
 * settlement.c			the BEFORE ROW trigger: one row from protocol check to result columns
 * settlement_row.c		columns of area.settlement; content hash; filling results
 * settlement_policy.c	the policy in force
 * settlement_enrolment.c	entitlement and years from the area's enrolment periods
 * settlement_year.c	the person-year: lock, settle under the lock, advance
 * settlement_stay.c	the rest of a stay that began in the year before
 * settlement_given.c	amounts that another system settled
 * settlement_diff.c	differences from them, looked into
 * settlement_history.c	accumulators of the claim's own day, month, disease
 * settlement_reverse.c	a row that reverses another
 * settlement_replay.c	a person-year settled again, differences posted
 * settlement_late.c	what a row does to those after it
 * settlement_post.c	the AFTER ROW trigger: posts a statement's rows, once
 * settlement_call.c	settle_once(), explain_settlement()
 * attach.c				the same on a table that the application already has
 */
#ifndef YIBAO_TRIGGER_SETTLEMENT_H
#define YIBAO_TRIGGER_SETTLEMENT_H

#include "access/htup_details.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "claim/claim.h"
#include "core/settle.h"
#include "fund/owner.h"
#include "policy/policy.h"
#include "trigger/settlement_batch.h"

/* ---- columns of area.settlement ------------------------------------------- */

/* Input columns that are no claim field; text or boolean. */
#define SETTLEMENT_INPUTS(X) \
	X(mdtrt_id) \
	X(clr_optins) \
	X(trsf_setl_id) \
	X(init_setl_id) \
	X(refd_setl_flag) \
	X(setl_mode)

/* Result columns beside the amounts of the settlement vector. */
#define SETTLEMENT_RESULTS(X) \
	X(year) \
	X(benefit) \
	X(pool) \
	X(pool_prop_selfpay) \
	X(dedc_grp) \
	X(hifmi_due) \
	X(clr_ym) \
	X(policy_id) \
	X(psn_setl_no) \
	X(prev_setl_id) \
	X(psn_ord_no) \
	X(corr_setl_id) \
	X(opn_cum) \
	X(add_cum) \
	X(journal_id) \
	X(booked_by) \
	X(booked_at) \
	X(row_hash)

#define SC_ENUM(name) SC_##name,
typedef enum SettlementColumn
{
	SETTLEMENT_INPUTS(SC_ENUM)
	SETTLEMENT_RESULTS(SC_ENUM)
	SC_COUNT
} SettlementColumn;
#undef SC_ENUM

/* Where the columns are in one relation; kept by the backend. */
typedef struct SettlementRel
{
	Oid			relid;			/* hash key */
	bool		valid;
	MemoryContext cxt;
	ClaimReader *reader;
	AttrNumber	field[CF_CUM_FIRST];	/* 0: the table lacks it */
	AttrNumber	amount[SA_COUNT];
	AttrNumber	other[SC_COUNT];
} SettlementRel;

extern SettlementRel *settlement_rel(Relation rel);
extern SettlementRel *settlement_rel_by_desc(TupleDesc desc, MemoryContext cxt);

/* A row taken apart; the arrays are as long as the descriptor. */
typedef struct SettlementRow
{
	const SettlementRel *rel;
	TupleDesc	desc;
	Datum	   *values;
	bool	   *nulls;
} SettlementRow;

/* The amounts of a row whose setl_mode is verify or record (settlement_given.c). */
typedef struct GivenRow
{
	bool		verify;			/* else record */
	GivenAmounts amounts;
	Datum		prop;			/* pool_prop_selfpay, 0: not given */
	bool		covered;		/* the policy decides the claim: */
	Settlement	computed;		/* to this */
	int64		add[CUM_COUNT]; /* to the accumulators of the person-year */
} GivenRow;

#define SETTLEMENT_HASH_LEN 32
extern void settlement_hash(const SettlementRow *row, const Claim *claim, const GivenRow *given,
							uint8 hash[SETTLEMENT_HASH_LEN]);

/* The column of that name; 0 when there is none. */
extern AttrNumber settlement_column(TupleDesc desc, const char *name);

/*
 * Put a result into a column: NULL is filled, an equal value accepted, another
 * is YB504.  att 0 (the table has no such column) does nothing.
 */
extern void settlement_fill(SettlementRow *row, AttrNumber att, Datum value,
							bool isnull);
extern void settlement_fill_fen(SettlementRow *row, AttrNumber att, Fen fen);

/* The amount in a numeric column of a row, negative ones too; NULL is 0. */
extern Fen	settlement_fen(const SettlementRow *row, AttrNumber att);
extern char *settlement_text(const SettlementRow *row, AttrNumber att);

/* ---- one statement ----------------------------------------------------------- */

/* A row of area.policy, without its rules. */
typedef struct PolicyEntry
{
	char	   *policy_id;
	Datum		policy_id_datum;
	Timestamp	valid_from;
	Timestamp	valid_to;		/* DT_NOEND when open */
	char	   *supersedes;
	uint8		digest[POLICY_DIGEST_LEN];
	PolicyArg  *arg;
	CompiledPolicy *compiled;	/* NULL until needed */
	Datum	   *pools;			/* text, by index */
	int			nlayers;
	PolicyLayer *layers;
	struct PolicyEntry *next;	/* older */
} PolicyEntry;

typedef struct PolicyList
{
	int64		insutype;		/* packed */
	PolicyEntry *first;			/* newest */
	struct PolicyList *next;
} PolicyList;

/* What lives as long as one INSERT, in fn_extra. */
typedef struct SettlementStatement
{
	MemoryContext cxt;
	const SettlementRel *rel;
	Oid			relid;
	Oid			nsp;
	Oid			owner;
	char	   *schema;
	int64		journal_id;
	Datum		booked_by;
	TimestampTz booked_at;
	Datum	   *values;
	bool	   *nulls;
	PolicyList *policies;
	Datum		benefits[BEN_COUNT];	/* text */
	int			clr_month;		/* of clr_ym: year * 12 + month, from 0 */
	Datum		clr_ym;
	SettlementBatch *batch;		/* NULL until a row is counted */
	bool		follow_up;		/* a row asks for what replay_follow_up() does */
} SettlementStatement;

/* The clearing month of a time as text, YYYYMM. */
extern Datum settlement_clr_ym(SettlementStatement *st, Timestamp at);

/* The policy in force for this claim; YB008, YB006, or NULL where missing_ok. */
extern PolicyEntry *settlement_policy(SettlementStatement *st, const Claim *claim,
									  bool missing_ok);

/* Does a policy let the accumulators of the claim's benefit year begin anew in its midst? */
extern bool settlement_restarts(SettlementStatement *st, const Claim *claim, PolicyEntry *policy);

/* Since when they count for a claim settled by this policy; 0: since the year began. */
extern int64 settlement_generation(SettlementStatement *st, const Claim *claim,
								   const PolicyEntry *policy);

/* The policy of a stored row; an error when there is none. */
extern PolicyEntry *settlement_policy_by_id(SettlementStatement *st,
											const char *policy_id);

/*
 * What the area's table enrolment says, into the fields that the claim lacks and
 * their columns; for a policy with a section "enrolment".  Memory of cxt.
 */
extern void settlement_enrolment(SettlementStatement *st, const CompiledPolicy *cp,
								 SettlementRow *row, Claim *claim, MemoryContext cxt);

/* ---- the person-year ------------------------------------------------------------ */

typedef struct YearStep
{
	Oid			nsp;
	Datum		req_hash;		/* of the key row */
	CompiledPolicy *policy;
	Claim	   *claim;
	char	   *trsf_setl_id;	/* the stay transferred from, or NULL */
	GivenRow   *given;			/* NULL: it is computed */
	Settlement	result;
	int64		opn[CUM_COUNT];
	int64		cum[CUM_COUNT];
	char	   *prev_setl_id;	/* in memory of the caller, NULL when none */
	bool		ok;
	CoreError	err;
	int32		number;			/* psn_setl_no */
	MemoryContext cxt;
	Datum		clr_ym;			/* 0: the month of setl_time */
	int32		ord;			/* psn_ord_no; 0: the same as number */
	char	   *corr_setl_id;	/* the settlement that this one replaces, or NULL */
} YearStep;

/*
 * Claim the key, lock the claim's person-year, settle with its accumulators and
 * advance it.  Fills the rest of *step; raises whatever is wrong with the claim.
 * False: the key was taken before, and nothing was done.
 */
extern bool settlement_year(SettlementStatement *st, YearStep *step);

/* Make the key ours until the end of the transaction.  False: somebody had it before. */
extern bool settlement_claim_key(SettlementStatement *st, const Claim *claim, Datum req_hash);

/* ---- a stay of two benefit years (settlement_stay.c) ------------------------------ */

extern void settlement_registered(SettlementStatement *st, const SettlementRow *row,
								  const Claim *claim);
extern void settlement_stay_check(SettlementStatement *st, const SettlementRow *row,
								  const Claim *claim, const Rule *rule);
/*
 * Give the claim the accumulators of its day, month, quarter, disease and life.
 * Within SPI, under the lock of the person-year; false with step->err filled.
 */
extern bool settlement_history(YearStep *step);

/* Fill trsf_dedc and trsf_days by what trsf_setl_id names. */
extern void settlement_link_transfer(YearStep *step);

/* ---- amounts that are given (settlement_given.c) ----------------------------------- */

extern GivenRow *settlement_given_read(SettlementRow *row, GivenRow *given);

/* NULL: the row is to be computed, as most are. */
static inline GivenRow *
settlement_given(SettlementRow *row, GivenRow *given)
{
	AttrNumber	att = row->rel->other[SC_setl_mode];

	return att == 0 || row->nulls[att - 1] ? NULL : settlement_given_read(row, given);
}

extern const char *settlement_mode_name(const GivenRow *given);
extern bool settlement_given_settle(CompiledPolicy *cp, const Claim *claim, GivenRow *given,
									Settlement *out, CoreError *err);
extern void settlement_given_payers(const Claim *claim, const Settlement *s,
									const PolicyEntry *policy);
extern void settlement_given_note(Relation rel, const SettlementStatement *st, Datum setl_id,
								  const GivenRow *given);

/* Does a stored row have them?  add: what it adds to the accumulators. */
extern bool settlement_given_stored(const SettlementRow *row, int64 add[CUM_COUNT]);
extern void settlement_given_again(const SettlementRow *row, const Policy *policy,
								   const int64 add[CUM_COUNT], Settlement *s);
extern void settlement_given_explain(const SettlementRow *row, HeapTuple tuple,
									 const CompiledPolicy *cp, Trace *trace);

/* ---- claims that do not simply come last (settlement_late.c) ----------------------- */

extern bool settlement_goes_by_walk(SettlementStatement *st, const Claim *claim,
									PolicyEntry *policy);
extern void settlement_by_walk(SettlementStatement *st, YearStep *step, PolicyEntry *policy,
							   Datum psn_no, Datum insutype);

/* ---- reversal ----------------------------------------------------------------------- */

extern void settlement_reverse(SettlementStatement *st, SettlementRow *row);

/* Was any layer of it paid? */
extern bool settlement_is_paid(SettlementStatement *st, const char *setl_id);

/* The schema's name. */
extern char *settlement_schema(Oid nsp);

/* ---- stored rows (settlement_call.c) ---------------------------------------------------- */

/* The schema of a pool area; YB603. */
extern Oid	settlement_area(const char *area);

/* Read a settlement into cxt; false when there is none.  Within SPI. */
extern bool settlement_read(Oid nsp, const char *setl_id, SettlementRow *row,
							MemoryContext cxt, HeapTuple *tuple);

/* What a stored row says was settled. */
extern void settlement_as_stored(const SettlementRow *row, const Policy *policy, Settlement *s);

/* ---- shared with attach.c, settlement_call.c -------------------------------------------- */

/* Accumulators as they are stored: without the zeros at the end, but for the first. */
extern int	cum_length(const int64 cum[CUM_COUNT]);
extern ArrayType *cum_array(const int64 cum[CUM_COUNT]);

/* Clear what a person-year does not keep: what hangs on the claim itself. */
extern void cum_keep(int64 cum[CUM_COUNT]);

/* cum[] of a stored array; older, shorter ones are filled up with 0. */
extern void cum_from_array(Datum array, int64 cum[CUM_COUNT]);

#endif							/* YIBAO_TRIGGER_SETTLEMENT_H */
