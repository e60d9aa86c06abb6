/*
 * settlement_batch.h
 *	  What a statement's settlements have in memory: the person-years that it
 *	  locked, and what it will post.
 *
 * A batch is the counted rows of one INSERT, under one journal id.  It lives in
 * the transaction, not in the statement, because it also remembers what has been
 * counted and not yet been seen as a row: a transaction with such a row does not
 * commit (YB505).
 *
 * A person-year is read and locked in its table when the batch first meets it,
 * and from then on is the batch's copy, which is written back
 *	  - at the end of the statement, before it posts;
 *	  - before anybody else may look: another batch that begins, a reversal;
 *	  - when the copies take more than work_mem.
 * Only one batch at a time has copies that count: the current one.
 */
#ifndef YIBAO_TRIGGER_SETTLEMENT_BATCH_H
#define YIBAO_TRIGGER_SETTLEMENT_BATCH_H

#include "core/settle.h"

typedef struct SettlementBatch SettlementBatch;

/* A person-year as this transaction has it; its row is locked. */
typedef struct PersonYear
{
	const char *psn_no;			/* not terminated */
	int			psn_len;
	int64		insutype;		/* packed */
	int32		year;
	int32		number;			/* setl_cnt */
	int64		cum[CUM_COUNT];
	char	   *last_setl_id;	/* NULL when none is in force */
	int			last_size;		/* bytes that it has room for */
	bool		changed;		/* since it was read or written */
} PersonYear;

/* Who pays a layer under a policy: a row of policy_layer. */
typedef struct PolicyLayer
{
	const char *fund;
	const char *layer;
	const char *payer_kind;
	const char *pays;
	const char *payer;			/* NULL when none */
	SettlementAmount amount;	/* what it pays; of oth_pay less prog_pay */
} PolicyLayer;

/* What is to be posted of a batch's settlements for one payer, pool, party and month. */
typedef struct PostSum
{
	const PolicyLayer *layer;	/* in the statement's memory, as pool is */
	const char *pool;			/* NULL where it is nobody's pool */
	int			clr_month;		/* year * 12 + month, from 0 */
	const char *party;			/* terminated; NULL when nobody is named */
	int			party_len;
	Fen			amount;
} PostSum;

extern SettlementBatch *batch_begin(Oid nsp, Oid owner, int64 journal_id);

/* Call before each row of a batch: it becomes the current one. */
extern void batch_enter(SettlementBatch *batch);

/*
 * Write what the current batch has changed, and let go of its copies.  Whoever
 * reads or writes person_year by a statement calls this before.
 */
extern void batch_write_years(void);

/* The batch's copy of the claim's person-year; NULL when it has none. */
extern PersonYear *batch_year(SettlementBatch *batch, const Claim *claim);

/* A copy of what the table has. */
extern void batch_add_year(SettlementBatch *batch, const Claim *claim, int32 number,
						   const int64 cum[CUM_COUNT]);

/* The copy after the claim. */
extern void batch_advance_year(SettlementBatch *batch, PersonYear *year, const Claim *claim,
							   const int64 cum[CUM_COUNT]);

/* Add an amount to what is to be posted. */
extern void batch_add_amount(SettlementBatch *batch, const PolicyLayer *layer,
							 const char *pool, const Claim *claim, int clr_month,
							 Fen amount);

/* A row was counted; follow_up: it asks for what replay_follow_up() does. */
extern void batch_count(SettlementBatch *batch, const Claim *claim, bool reversal,
						bool follow_up);

/* ---- the AFTER trigger ---- */

/* The batch of a row that is in the table; NULL when nobody counted it. */
extern SettlementBatch *batch_of_journal(int64 journal_id);

/* True for its first row: post now. */
extern bool batch_first_row(SettlementBatch *batch);

/* One more row of it is there; the batch ends with its last. */
extern void batch_row_is_there(SettlementBatch *batch);

extern int64 batch_counted(const SettlementBatch *batch);
extern bool batch_has_reversals(const SettlementBatch *batch);
extern bool batch_has_settlements(const SettlementBatch *batch);
extern bool batch_asks_follow_up(const SettlementBatch *batch);

/* What to post, in the order of (fund, layer, payer, pool, party, month), palloc'd. */
extern int	batch_sums(const SettlementBatch *batch, PostSum **sums);

#endif							/* YIBAO_TRIGGER_SETTLEMENT_BATCH_H */
