/*
 * fund.h
 *	  The fund of a pool area: books, posting, slots, periods.
 *
 * A pool area is a schema of ordinary tables.  All work on them goes through
 * SPI on schema.table, between fund_enter() and fund_leave(): with the rights
 * of the owner of the table that fired the trigger, a search_path that nobody
 * else chose, and no row security.  Ledger tables take only what is written by
 * fund_exec() with FUND_LEDGER.
 *
 * Lock order of one statement: keys, person-years or split bucket (BEFORE ROW),
 * then period, payment lock, cash (classes ascending; a row covers the shares of
 * its class's accounts, cash_account), then pools ascending by strcmp: of each its
 * queue (SHARE by who gives, EXCLUSIVE by who takes the last or queues), its
 * slots ascending, its rows of the queue.
 */
#ifndef YIBAO_FUND_H
#define YIBAO_FUND_H

#include "access/tupdesc.h"
#include "access/htup.h"
#include "common/sha2.h"
#include "executor/spi.h"
#include "utils/date.h"
#include "utils/rel.h"

#include "core/fen.h"

/* ---- the area ------------------------------------------------------------- */

typedef struct FundArea
{
	const char *schema;			/* its name, not quoted */
	Oid			nsp;
	Oid			owner;			/* whose rights the work is done with */

	/* kept by fund_enter() for fund_leave() */
	Oid			save_userid;
	int			save_sec_context;
	int			guc_level;

	/* who is outside, taken before the switch; palloc'd */
	const char *session_user;	/* the login: SET ROLE does not change it */
	const char *outer_user;		/* the role in force */
} FundArea;

/*
 * SPI_connect and switch to the owner of rel (a table of the area); the area is
 * rel's schema.  An error in between needs no fund_leave(): abort restores all.
 */
extern void fund_enter(FundArea *area, Relation rel);

/*
 * For a function that reads an area by its name (YB603 if there is none): the
 * same as the owner of its table, if the caller may SELECT from that.  What the
 * owner put into the area runs with the owner's rights, not the caller's.
 */
extern void fund_enter_named(FundArea *area, const char *schema, const char *table);
extern void fund_leave(FundArea *area);

/*
 * Run one statement of the area.  "@schema@" in sql stands for the quoted
 * schema.  sql must be a string constant: plans are kept by its address and the
 * schema's name.  Returns SPI's result code, never
 * an error code; results in SPI_tuptable, SPI_processed.
 */
#define FUND_LEDGER		0x01	/* may write ledger tables */
#define FUND_ONE_PLAN	0x02	/* one plan is good for all values (not where Citus spreads tables) */
#define FUND_LATEST		0x04	/* a query that sees what is committed now, at every isolation level */
extern int	fund_exec(const FundArea *area, const char *sql, int nargs,
					  const Oid *types, const Datum *values, const char *nulls,
					  int flags);

/* Texts as the first n arguments of fund_exec(), NULL as null. */
extern void fund_texts(int n, const char *const *text, Datum *values, char *nulls);

/*
 * Column col (1...) of row of SPI_tuptable, copied into the current context.  An
 * owner may do to his tables what he likes: a row that is not there, another
 * type, a null where fund_need() or fund_value() wants none are errors, never a crash.
 */
extern void fund_not_as_made(const char *what) pg_attribute_noreturn();
extern char *fund_text(uint64 row, int col);	/* NULL when null */
extern char *fund_need(uint64 row, int col);
extern int64 fund_int8(uint64 row, int col, bool *isnull);	/* 0 when null */
extern Datum fund_datum(const SPITupleTable *table, uint64 row, int col, Oid type,
						bool *isnull);
extern Datum fund_value(const SPITupleTable *table, uint64 row, int col, Oid type);

/* ---- posting ---------------------------------------------------------------- */

#define FUND_RESIDENT	"resident"
#define FUND_ASSISTANCE	"assistance"

/* One line waiting to be written. */
typedef struct FundLine
{
	const char *fund;
	char		book;			/* G, P, S */
	const char *role;
	const char *pool;			/* NULL where a line has none */
	const char *party;
	const char *layer;
	const char *payer;
	const char *clr_ym;
	Fen			amount;			/* debit +, credit - */
} FundLine;

typedef struct FundJournal
{
	int64		id;
	const char *event;			/* "receipt.contribution", "settlement", ... */
	const char *key;			/* of the row that caused it; may be NULL */
	const char *fund;			/* the fund of the lines that follow; may be changed between posts */
	DateADT		effective_on;
	bool		sub_ledger;		/* book S only, which no period closes */
	const char *account_in;		/* the account that bank lines debit; NULL: the class's only or main one */
	const char *account_out;	/* the same of those they credit */
	int			nlines;			/* the rest is fund_post()'s: start with zeros */
	int			maxlines;
	int			written;
	FundLine   *lines;
} FundJournal;

/* What posting rules' expressions name.  A text one has text set, an amount has not. */
typedef struct FundVar
{
	const char *name;
	const char *text;
	Fen			amount;
} FundVar;

/* A new journal id (its order means nothing).  Needs of *area the schema only, by name and number. */
extern int64 fund_journal_id(const FundArea *area);

/* The next value of a sequence of the area. */
extern int64 fund_next(const FundArea *area, const char *sequence);

/*
 * Insert the journal's row; id 0 takes a new one.  Checks the period of
 * effective_on and holds it open (YB306), but for a journal of book S only.
 */
extern void fund_journal_open(const FundArea *area, FundJournal *journal);

/*
 * Add the lines that the posting rules of event make of vars.  Amounts may be
 * negative (a reversal: every line turns round); lines of zero are left out.
 * Variables named pool, party, layer, payer and clr_ym also fill the columns of
 * S lines.  A missing rule or variable is an error.  vars need to live until
 * fund_journal_close() only.
 */
extern void fund_post(const FundArea *area, FundJournal *journal, const char *event,
					  const FundVar *vars, int nvars);

/*
 * Each book of each fund must balance; then write the lines.  A bank line
 * (role bank_<class>, book G) gets its account as party, and the fund's share of
 * that account changes with it; call fund_cash() first, which locks the class.
 */
extern void fund_journal_close(const FundArea *area, FundJournal *journal);

/*
 * Scripts of control/poolarea run in the order of their names: first those of
 * tables and views, then *_rules.sql (triggers and CHECKs: attach_poolarea runs
 * them again, so they are idempotent), then *_rows.sql.
 */

/*
 * S events a settlement posts (rows of posting_rule; vars pool, party, layer,
 * payer, clr_ym, amount).  A reversal before payment is the same with a
 * negative amount.
 *
 *	  settle.own			paid by a pool, funded: fund_take() it too
 *	  settle.unfunded		paid by a pool that is short (queued)
 *	  queue.fund			unfunded becomes funded: fund_take() it too
 *	  settle.other_book		assistance: journal.fund = FUND_ASSISTANCE, pool "assistance", as settle.own
 *	  settle.other_unfunded	the same, queued
 *	  settle.direct			external payer pays the hospital itself: memo
 *	  settle.advance		external payer, this centre advances it
 *	  reverse.paid			reversal (amount > 0) of what has been paid: recovered by
 *							the party's next payment; gives nothing to available
 *
 * The view <area>.setl_item has a row for each (settlement, layer) with an
 * amount, and its payer, fund, pool and party: aggregate it by journal_id.
 * It rests on policy_layer, which publishing a policy fills.
 */

/* ---- available --------------------------------------------------------------- */

typedef struct FundMode
{
	bool		deferred;
	int			nslot;
} FundMode;

extern FundMode fund_mode(const FundArea *area);

/*
 * Take fen (> 0) from the pool's available; false when, after all that is under
 * way has been decided, there is less.  Call it for several pools of a statement in
 * ascending order (strcmp), once each, with what is netted.
 */
extern bool fund_take(const FundArea *area, const char *pool, Fen fen);
extern bool fund_take_in_mode(const FundArea *area, FundMode mode, const char *pool, Fen fen);

/* From one slot: false, and nothing is locked, when no single one has enough. */
extern bool fund_take_one(const FundArea *area, const char *pool, Fen fen);

/*
 * fund_take(); but nothing is taken, and false, while a settlement waits for money of
 * this pool, or where the area's mode is deferred (fund/pending.h).
 */
extern bool fund_take_in_turn(const FundArea *area, const char *pool, Fen fen);

/*
 * What may be queued because the pool is short takes the pool's queue before all its
 * slots: who gives shares the queue and is waited for, and who gives
 * after that waits for us, and finds in the queue what we put there.
 */
extern void fund_hold_queue(const FundArea *area, const char *pool);

/* For who gives and takes the slots before; fund_give() does it. */
extern void fund_share_queue(const FundArea *area, const char *pool);

/*
 * Lock the whole pool (all slots ascending, credits folded) and return its
 * available, exact until the end of the transaction but for new credits.
 * fund_take() of up to that much then succeeds and waits for nobody.
 */
extern Fen	fund_lock_pool(const FundArea *area, const char *pool);

/*
 * Give back, or add income: locks no slot, but shares the pool's queue: it
 * waits for who queues settlements or takes the last of the pool.
 */
extern void fund_give(const FundArea *area, const char *pool, Fen fen);

/*
 * fund_give() where there is something, then queue_fund().  For several pools
 * call it in ascending order, so that nobody waits for a pool below one that
 * he holds.
 */
extern void fund_give_and_serve(const FundArea *area, const char *pool, Fen fen);

/*
 * Fold the credits of all pools into their slots; how many.  Waits for
 * nobody: a pool whose slot 0 is busy is left for the next time.
 */
extern int64 fund_fold(const FundArea *area);

/*
 * Reversal and payment of the same settlement exclude each other: a reversal
 * takes this shared, then looks into payment_item; an approval of a payment
 * takes it exclusively.
 */
extern void fund_payment_lock(const FundArea *area, const char *fund, bool exclusive);

/* Raise an alert (预警): a row of area.alert. */
extern void fund_alert(const FundArea *area, const char *kind, const char *pool,
					   const char *key, Fen amount);

/* In queue.c: fund what waits for this pool, first come first served. */
extern void queue_fund(const FundArea *area, const char *pool);

/* ---- policy ------------------------------------------------------------------ */

/* policy_id in force for a scheme on a day, palloc'd; YB008 when there is none. */
extern char *fund_policy_in_force(const FundArea *area, const char *insutype,
								  DateADT day);

/* ---- rows -------------------------------------------------------------------- */

/*
 * SHA-256 of a row's content: every column that is not null but "row_hash", by
 * name and value, independent of settings.  32 bytes as a bytea datum.
 * SQL: yibao.row_digest(record).
 */
extern Datum fund_row_digest(TupleDesc desc, HeapTuple tuple);
extern Datum fund_values_digest(TupleDesc desc, const Datum *values, const bool *nulls);
extern void fund_sha256(const void *data, size_t len, uint8 digest[PG_SHA256_DIGEST_LENGTH]);

/* yuan as numeric <-> fen.  YB001, YB002 name the column. */
extern Fen	fund_fen(Datum numeric, const char *column);
extern Datum fund_numeric(Fen fen);

#endif							/* YIBAO_FUND_H */
