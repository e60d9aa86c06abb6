/*
 * settlement_post.c
 *	  AFTER INSERT on area.settlement: a statement's rows become commitments.
 *
 * The BEFORE trigger gives all rows of a statement one journal id and adds up
 * what they come to.  The first AFTER call, when every row that stays is in the
 * table, posts them all: writes the person-years that are in memory, takes
 * what the pools owe out of their available, netted and in ascending order of
 * pools, queues what a pool cannot cover, and writes S lines summed up by payer,
 * pool, party and month.  Every call counts a row that is there; a transaction
 * in which one is missing does not commit (settlement_batch.c).  So nothing
 * is posted for a row that does not exist, and n rows change a slot once.
 *
 * Who is owed what by whom is the view setl_item (control/poolarea/60_views.sql).
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/fund.h"
#include "fund/pending.h"
#include "fund/queue.h"
#include "trigger/settlement_pending.h"
#include "trigger/settlement_replay.h"

PG_FUNCTION_INFO_V1(yibao_settlement_post);

/* What the rows of a journal come to for one payer, pool, party and month. */
typedef struct PostGroup
{
	const char *fund;
	const char *layer;
	const char *payer_kind;
	const char *pays;
	const char *payer;
	const char *pool;
	const char *party;
	const char *clr_ym;
	char	   *state;			/* queued; reversals: of the original: waiting, paid, or NULL */
	Fen			amount;
	char	   *setl_id;		/* reversals only: of the original */
} PostGroup;

typedef struct Posting
{
	FundArea	area;
	Oid			nsp;
	FundJournal journal;
	MemoryContext cxt;			/* groups; outlives a query */
	bool		at_commit;		/* of a deferred area: what was reversed meanwhile does not wait */
	bool		correction;
	int			ngroups;
	PostGroup  *groups;
} Posting;

#define GROUP_COLUMNS \
	"i.fund, i.layer, i.payer_kind, i.pays, i.payer, i.pool, i.party, i.clr_ym"

static void
by_journal(const Posting *p, const char *sql)
{
	static const Oid types[] = {INT8OID};
	Datum		values[] = {Int64GetDatum(p->journal.id)};

	owner_exec_many(p->nsp, sql, 1, types, values, NULL);
}

static void
check_group(const PostGroup *g)
{
	if (g->party == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_NULL),
				 errmsg("fixmedins_code is null, so nobody is owed what layer %s pays", g->layer),
				 errhint("Give the provider, or setl_type 1 when the person is reimbursed by hand."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, "fixmedins_code")));
	if (g->pays != NULL && strcmp(g->pays, "unknown") == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_UNDECIDED),
				 errmsg("the policy does not say who pays the provider for layer %s", g->layer),
				 errdetail("Its payer has \"pays\": \"unknown\", and the layer pays here."),
				 errhint("Publish a policy whose payer says hospital_direct or centre_advances.")));
}

/* Columns as GROUP_COLUMNS, state, amount, setl_id. */
static void
keep_groups(Posting *p)
{
	MemoryContext old = MemoryContextSwitchTo(p->cxt);

	p->ngroups = (int) SPI_processed;
	p->groups = palloc_array(PostGroup, Max(p->ngroups, 1));
	for (int i = 0; i < p->ngroups; i++)
	{
		PostGroup  *g = &p->groups[i];

		g->fund = fund_text(i, 1);
		g->layer = fund_text(i, 2);
		g->payer_kind = fund_text(i, 3);
		g->pays = fund_text(i, 4);
		g->payer = fund_text(i, 5);
		g->pool = fund_text(i, 6);
		g->party = fund_text(i, 7);
		g->clr_ym = fund_text(i, 8);
		g->state = fund_text(i, 9);
		g->amount = fund_int8(i, 10, NULL);
		g->setl_id = fund_text(i, 11);
		check_group(g);
	}
	MemoryContextSwitchTo(old);
}

/* ---- takes ------------------------------------------------------------------------- */

static void
refuse_if_so_ruled(const Posting *p, const char *pool, Fen needed, Fen available)
{
	/* a correction is no new entitlement: it waits for the money */
	if (p->correction)
		return;
	by_journal(p,
			   "SELECT DISTINCT p.rules OPERATOR(pg_catalog.#>>) '{fund,on_pool_short}'"
			   " FROM @schema@.policy p JOIN @schema@.settlement s"
			   " ON s.policy_id OPERATOR(pg_catalog.=) p.policy_id"
			   /* what another system has settled already is not refused any more */
			   " WHERE s.journal_id OPERATOR(pg_catalog.=) $1 AND NOT s.refd_setl_flag AND s.add_cum IS NULL"
			   " ORDER BY 1 DESC NULLS FIRST");
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		char	   *rule = fund_text(i, 1);

		if (rule == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_YB_UNDECIDED),
					 errmsg("pool %s is short, and the policy does not say what then", pool),
					 errhint("Publish a policy with fund.on_pool_short: queue or refuse.")));
		if (strcmp(rule, "refuse") == 0)
			ereport(ERROR,
					(errcode(ERRCODE_YB_FUND_SHORT),
					 errmsg("pool %s has %s yuan available, this settlement needs %s", pool,
							queue_yuan(available), queue_yuan(needed)),
					 errdetail("The policy refuses settlements of a pool that is short (on_pool_short)."),
					 errhint("Transfer to the pool, or publish a policy with on_pool_short: queue.")));
	}
}

/*
 * The pool cannot cover all that is needed, or others wait for it: with the pool
 * locked and those before us served, fund what fits in the order of (clr_ym,
 * setl_time, setl_id) and queue the rest.  Returns what was queued.
 */
static Fen
take_in_order(Posting *p, const char *pool, Fen needed)
{
	static const Oid types[] = {INT8OID, TEXTOID, INT8OID, TIMESTAMPTZOID, BOOLOID};
	Datum		values[5];
	Fen			available;
	Fen			queued = 0;

	fund_hold_queue(&p->area, pool);
	queue_fund_now(&p->area, pool);
	available = queue_waits(&p->area, pool) ? 0 : fund_lock_pool(&p->area, pool);
	if (available < needed)
	{
		refuse_if_so_ruled(p, pool, needed, available);
		values[0] = Int64GetDatum(p->journal.id);
		values[1] = CStringGetTextDatum(pool);
		values[2] = Int64GetDatum(available);
		values[3] = TimestampTzGetDatum(GetCurrentTimestamp());
		values[4] = BoolGetDatum(p->at_commit);
		owner_exec_many(p->nsp,
						"WITH q AS (INSERT INTO @schema@.queue"
						" (setl_id, layer, pool, fund, payer, party, clr_ym, setl_time, amount_fen, journal_id, queued_at)"
						" SELECT x.setl_id, x.layer, x.pool, x.fund, x.payer, x.party, x.clr_ym, x.setl_time,"
						" x.amount_fen, $1, $4"
						" FROM (SELECT i.*, s.setl_time,"
						" pg_catalog.sum(i.amount_fen) OVER (ORDER BY i.clr_ym, s.setl_time, i.setl_id, i.layer) AS run"
						" FROM @schema@.setl_item i JOIN @schema@.settlement s"
						" ON s.setl_id OPERATOR(pg_catalog.=) i.setl_id"
						" WHERE i.journal_id OPERATOR(pg_catalog.=) $1"
						" AND i.pool OPERATOR(pg_catalog.=) $2 AND i.init_setl_id IS NULL"
						" AND NOT ($5 AND EXISTS (SELECT FROM @schema@.settlement r"
						" WHERE r.init_setl_id OPERATOR(pg_catalog.=) i.setl_id))) x"
						" WHERE x.run OPERATOR(pg_catalog.>) $3"
						" RETURNING amount_fen)"
						" SELECT pg_catalog.sum(q.amount_fen)::pg_catalog.int8 FROM q",
						5, types, values, NULL);
		queued = fund_int8(0, 1, NULL);
		fund_alert(&p->area, "pool_short", pool, p->journal.key, queued);
	}
	if (needed > queued && !fund_take(&p->area, pool, needed - queued))
		elog(ERROR, "pool %s is locked, but has less than it had", pool);
	return queued;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

/* Of the groups, each pool once, ascending. */
static int
pools_of(const Posting *p, const char ***pools)
{
	int			n = 0;
	int			distinct = 0;

	*pools = palloc_array(const char *, Max(p->ngroups, 1));
	for (int i = 0; i < p->ngroups; i++)
	{
		if (p->groups[i].pool != NULL)
			(*pools)[n++] = p->groups[i].pool;
	}
	qsort(*pools, n, sizeof(const char *), by_name);
	for (int i = 0; i < n; i++)
	{
		if (distinct == 0 || strcmp((*pools)[distinct - 1], (*pools)[i]) != 0)
			(*pools)[distinct++] = (*pools)[i];
	}
	return distinct;
}

/* True when something was queued. */
static bool
take_all(Posting *p)
{
	const char **pools;
	int			npools = pools_of(p, &pools);
	bool		queued = false;

	for (int k = 0; k < npools; k++)
	{
		Fen			needed = 0;

		for (int i = 0; i < p->ngroups; i++)
		{
			if (p->groups[i].pool != NULL && strcmp(p->groups[i].pool, pools[k]) == 0 &&
				!fen_add(needed, p->groups[i].amount, &needed))
				ereport(ERROR,
						(errcode(ERRCODE_YB_AMOUNT_RANGE),
						 errmsg("the statement's settlements of pool %s add up to too much", pools[k]),
						 errhint("Check the amounts, or insert fewer rows with one statement.")));
		}
		if (needed == 0)
			continue;
		if (fund_take_in_turn(&p->area, pools[k], needed))
			continue;
		if (pending_mode(&p->area))
		{
			pending_note(&p->area, pools[k], needed, p->journal.id, p->correction);
			continue;
		}
		if (take_in_order(p, pools[k], needed) > 0)
			queued = true;
	}
	return queued;
}

/* ---- lines ---------------------------------------------------------------------------- */

static void
post_group(Posting *p, const PostGroup *g, const char *event, Fen amount)
{
	FundVar		vars[] = {
		{"pool", g->pool, 0},
		{"party", g->party, 0},
		{"layer", g->layer, 0},
		{"payer", g->payer, 0},
		{"clr_ym", g->clr_ym, 0},
		{"amount", NULL, amount}
	};

	p->journal.fund = g->fund;
	fund_post(&p->area, &p->journal, event, vars, lengthof(vars));
}

static const char *
event_of(const PostGroup *g, bool queued)
{
	if (strcmp(g->payer_kind, "external") == 0)
		return strcmp(g->pays, "hospital_direct") == 0 ? "settle.direct" : "settle.advance";
	if (strcmp(g->payer_kind, "other_book") == 0)
		return queued ? "settle.other_unfunded" : "settle.other_book";
	return queued ? "settle.unfunded" : "settle.own";
}

/* The groups as the BEFORE trigger added them up. */
static void
groups_of_batch(Posting *p, const SettlementBatch *batch)
{
	MemoryContext old = MemoryContextSwitchTo(p->cxt);
	PostSum    *sums;
	char	   *clr_ym = NULL;
	int			clr_month = -1;

	p->ngroups = batch_sums(batch, &sums);
	p->groups = palloc0_array(PostGroup, Max(p->ngroups, 1));
	for (int i = 0; i < p->ngroups; i++)
	{
		PostGroup  *g = &p->groups[i];
		const PostSum *sum = &sums[i];

		if (sum->clr_month != clr_month)
		{
			clr_month = sum->clr_month;
			clr_ym = psprintf("%04d%02d", clr_month / 12, clr_month % 12 + 1);
		}
		g->fund = sum->layer->fund;
		g->layer = sum->layer->layer;
		g->payer_kind = sum->layer->payer_kind;
		g->pays = sum->layer->pays;
		g->payer = sum->layer->payer;
		g->pool = sum->pool;
		g->party = sum->party;
		g->clr_ym = clr_ym;
		g->amount = sum->amount;
		check_group(g);
	}
	MemoryContextSwitchTo(old);
}

static void
post_settlements(Posting *p, const SettlementBatch *batch)
{
	groups_of_batch(p, batch);
	if (take_all(p))
	{
		by_journal(p,
				   "SELECT " GROUP_COLUMNS ", q.state,"
				   " pg_catalog.sum(i.amount_fen)::pg_catalog.int8, NULL::pg_catalog.text"
				   " FROM @schema@.setl_item i LEFT JOIN @schema@.queue q"
				   " ON q.setl_id OPERATOR(pg_catalog.=) i.setl_id"
				   " AND q.layer OPERATOR(pg_catalog.=) i.layer"
				   " WHERE i.journal_id OPERATOR(pg_catalog.=) $1 AND i.init_setl_id IS NULL"
				   " GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 ORDER BY 1, 2, 5, 6, 7, 8, 9");
		keep_groups(p);
	}
	for (int i = 0; i < p->ngroups; i++)
		post_group(p, &p->groups[i], event_of(&p->groups[i], p->groups[i].state != NULL),
				   p->groups[i].amount);
}

/* ---- at the commit of a deferred area ------------------------------------------------- */

/* What the settlements of a journal take from a pool that have been reversed since. */
static Fen
reversed_since(const Posting *p, const char *pool)
{
	static const Oid types[] = {INT8OID, TEXTOID};
	Datum		values[] = {Int64GetDatum(p->journal.id), CStringGetTextDatum(pool)};

	owner_exec_many(p->nsp,
					"SELECT coalesce(pg_catalog.sum(i.amount_fen), 0)::pg_catalog.int8 FROM @schema@.setl_item i"
					" WHERE i.journal_id OPERATOR(pg_catalog.=) $1 AND i.pool OPERATOR(pg_catalog.=) $2"
					" AND i.init_setl_id IS NULL AND EXISTS (SELECT FROM @schema@.settlement r"
					" WHERE r.init_setl_id OPERATOR(pg_catalog.=) i.setl_id)",
					2, types, values, NULL);
	return fund_int8(0, 1, NULL);
}

void
settlement_wait(const FundArea *area, int64 journal_id, const char *pool,
				Fen needed, bool correction)
{
	static const Oid types[] = {INT8OID, TEXTOID};
	Datum		values[] = {Int64GetDatum(journal_id), CStringGetTextDatum(pool)};
	Posting		p = {0};
	Fen			reversed;

	p.area = *area;
	p.nsp = get_namespace_oid(area->schema, false);
	p.cxt = CurrentMemoryContext;
	p.at_commit = true;
	p.correction = correction;
	p.journal.id = journal_id;
	p.journal.event = "settlement";
	by_journal(&p,
			   "SELECT j.key, (SELECT pg_catalog.max(e.line) FROM @schema@.entry e"
			   " WHERE e.journal_id OPERATOR(pg_catalog.=) $1)::pg_catalog.int8"
			   " FROM @schema@.journal j WHERE j.journal_id OPERATOR(pg_catalog.=) $1");
	p.journal.key = fund_text(0, 1);
	p.journal.written = (int) fund_int8(0, 2, NULL);

	/* a reversal has given it back already: it is there, and not for who waits */
	reversed = reversed_since(&p, pool);
	if (reversed > 0 && !fund_take(&p.area, pool, reversed))
		elog(ERROR, "pool %s has less than what was given back to it", pool);
	if (needed == reversed || take_in_order(&p, pool, needed - reversed) == 0)
		return;
	owner_exec_many(p.nsp,
					"SELECT q.fund, q.layer, NULL::pg_catalog.text, NULL::pg_catalog.text, q.payer, q.pool, q.party, q.clr_ym, q.state,"
					" pg_catalog.sum(q.amount_fen)::pg_catalog.int8, NULL::pg_catalog.text"
					" FROM @schema@.queue q WHERE q.journal_id OPERATOR(pg_catalog.=) $1"
					" AND q.pool OPERATOR(pg_catalog.=) $2 AND q.state OPERATOR(pg_catalog.=) 'waiting'"
					" GROUP BY 1, 2, 5, 6, 7, 8, 9 ORDER BY 1, 2, 5, 6, 7, 8",
					2, types, values, NULL);
	keep_groups(&p);
	for (int i = 0; i < p.ngroups; i++)
		post_group(&p, &p.groups[i], "queue.fund", -p.groups[i].amount);
	fund_journal_close(&p.area, &p.journal);
}

/* ---- reversals ------------------------------------------------------------------------- */

static void
withdraw(Posting *p, const PostGroup *g)
{
	static const Oid types[] = {TEXTOID, TEXTOID, TIMESTAMPTZOID, INT8OID};
	Datum		values[] = {
		CStringGetTextDatum(g->setl_id), CStringGetTextDatum(g->layer),
		TimestampTzGetDatum(GetCurrentTimestamp()), Int64GetDatum(p->journal.id)
	};

	owner_exec(p->nsp,
			   "UPDATE @schema@.queue SET state = 'withdrawn', ended_at = $3, ended_journal = $4"
			   " WHERE setl_id OPERATOR(pg_catalog.=) $1 AND layer OPERATOR(pg_catalog.=) $2"
			   " AND state OPERATOR(pg_catalog.=) 'waiting'",
			   4, types, values, NULL, 0);
	if (SPI_processed != 1)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("settlement \"%s\" was funded while it was being reversed", g->setl_id),
				 errhint("Try again.")));
}

/* What the statement's reversals reverse, and in which state each of it is now. */
static void
reversed_groups(Posting *p)
{
	by_journal(p,
			   "SELECT " GROUP_COLUMNS ", coalesce(q.state, CASE WHEN EXISTS (SELECT FROM @schema@.item_paid m"
			   " WHERE m.setl_id OPERATOR(pg_catalog.=) i.init_setl_id"
			   " AND m.layer OPERATOR(pg_catalog.=) i.layer) THEN 'paid' END),"
			   " i.amount_fen, i.init_setl_id"
			   " FROM @schema@.setl_item i LEFT JOIN @schema@.queue q"
			   " ON q.setl_id OPERATOR(pg_catalog.=) i.init_setl_id"
			   " AND q.layer OPERATOR(pg_catalog.=) i.layer"
			   " AND q.state OPERATOR(pg_catalog.=) 'waiting'"
			   " WHERE i.journal_id OPERATOR(pg_catalog.=) $1 AND i.init_setl_id IS NOT NULL"
			   " ORDER BY i.setl_id, i.layer");
	keep_groups(p);
}

static bool
waits(const PostGroup *g)
{
	return g->pool != NULL && g->state != NULL && strcmp(g->state, "paid") != 0;
}

static bool
some_waiting(const Posting *p)
{
	for (int i = 0; i < p->ngroups; i++)
	{
		if (waits(&p->groups[i]))
			return true;
	}
	return false;
}

/*
 * Pools whole, where reversals come upon what waits, which may be funded at this
 * moment, or come with settlements: who takes and gives and serves in one
 * statement has all of it first.  False: nothing was locked, and the groups are the
 * reversals'.  A pool's queue comes before its slots; where the mode is deferred who
 * gives has all queues before any slot.
 */
static bool
lock_pools(Posting *p, const SettlementBatch *batch)
{
	bool		queues_first = pending_mode(&p->area);
	const char **pools;
	int			npools;

	reversed_groups(p);
	if (batch_has_settlements(batch))
	{
		PostGroup  *reversed = p->groups;
		int			nreversed = p->ngroups;
		PostGroup  *all;

		groups_of_batch(p, batch);
		all = palloc_array(PostGroup, nreversed + p->ngroups);
		memcpy(all, reversed, sizeof(PostGroup) * nreversed);
		memcpy(all + nreversed, p->groups, sizeof(PostGroup) * p->ngroups);
		p->groups = all;
		p->ngroups += nreversed;
	}
	else if (!some_waiting(p))
		return false;
	npools = pools_of(p, &pools);
	for (int k = 0; queues_first && k < npools; k++)
		fund_hold_queue(&p->area, pools[k]);
	for (int k = 0; k < npools; k++)
	{
		if (!queues_first)
			fund_hold_queue(&p->area, pools[k]);
		(void) fund_lock_pool(&p->area, pools[k]);
	}
	return true;
}

/* All that reversals do to one pool, in the order of its locks: row, slots, queue. */
static void
give_back(Posting *p, const char *pool)
{
	Fen			back = 0;

	for (int i = 0; i < p->ngroups; i++)
	{
		const PostGroup *g = &p->groups[i];

		if (g->pool == NULL || strcmp(g->pool, pool) != 0)
			continue;
		if (waits(g))
			withdraw(p, g);
		else if (g->state == NULL)
			back -= g->amount;
	}
	fund_give_and_serve(&p->area, pool, back);
}

/*
 * A deposit that is held belongs to nobody yet: it is decided first.  Looked at
 * under the payment lock, which who withholds takes.
 */
static void
refuse_held(Posting *p)
{
	char	   *setl_id;

	by_journal(p,
			   "SELECT r.init_setl_id FROM @schema@.settlement r JOIN @schema@.item_change c"
			   " ON c.setl_id OPERATOR(pg_catalog.=) r.init_setl_id"
			   " WHERE r.journal_id OPERATOR(pg_catalog.=) $1"
			   " AND c.change OPERATOR(pg_catalog.=) ANY ('{deposit,released,forfeited}'::pg_catalog.text[])"
			   " GROUP BY r.init_setl_id"
			   " HAVING pg_catalog.sum(CASE c.change WHEN 'deposit' THEN c.amount_fen ELSE -c.amount_fen END) OPERATOR(pg_catalog.<>) 0"
			   " LIMIT 1");
	if (SPI_processed == 0)
		return;
	setl_id = fund_need(0, 1);
	ereport(ERROR,
			(errcode(ERRCODE_YB_DOES_NOT_FIT),
			 errmsg("a deposit is withheld of settlement \"%s\"", setl_id),
			 errhint("Release or forfeit it first: a voucher of event deposit.release or deposit.forfeit."),
			 err_generic_string(PG_DIAG_COLUMN_NAME, "init_setl_id")));
}

/*
 * A reversal turns the lines of its original round: available comes back if it
 * was funded, its place in the queue goes if it was not.  What was paid is owed
 * back by who received it (F19) and returns to the pool with his next payment.
 */
static void
post_reversals(Posting *p)
{
	const char **pools;
	int			npools;

	for (int i = 0; i < p->ngroups; i++)
	{
		PostGroup  *g = &p->groups[i];

		if (g->state == NULL)
			post_group(p, g, event_of(g, false), g->amount);
		else if (strcmp(g->state, "paid") == 0)
			post_group(p, g, "reverse.paid", -g->amount);
		else
			post_group(p, g, event_of(g, true), g->amount);
	}
	npools = pools_of(p, &pools);
	for (int k = 0; k < npools; k++)
		give_back(p, pools[k]);
}

/* ---- the trigger -------------------------------------------------------------------------- */

static Datum
column(const TriggerData *trigdata, AttrNumber att)
{
	bool		isnull;
	Datum		value = heap_getattr(trigdata->tg_trigtuple, att,
									 RelationGetDescr(trigdata->tg_relation), &isnull);

	if (isnull)
		fund_not_as_made(gettext_noop("a column is missing"));
	return value;
}

/* The first row of a batch, when all that stay are in the table. */
static void
post(const TriggerData *trigdata, const SettlementRel *cols, SettlementBatch *batch,
	 int64 journal_id)
{
	Posting		p = {0};
	bool		locked = false;

	batch_enter(batch);
	batch_write_years();

	p.cxt = CurrentMemoryContext;
	p.nsp = RelationGetNamespace(trigdata->tg_relation);
	p.correction = replay_in_progress != NULL;
	p.journal.id = journal_id;
	p.journal.event = "settlement";
	p.journal.fund = FUND_RESIDENT;
	p.journal.sub_ledger = true;
	if (batch_counted(batch) == 1)
		p.journal.key = TextDatumGetCString(column(trigdata, cols->field[CF_setl_id]));
	p.journal.effective_on =
		DatumGetDateADT(DirectFunctionCall1(timestamp_date,
											column(trigdata, cols->field[CF_setl_time])));

	fund_enter(&p.area, trigdata->tg_relation);
	fund_journal_open(&p.area, &p.journal);
	if (batch_has_reversals(batch))
	{
		/* before any pool */
		fund_payment_lock(&p.area, FUND_ASSISTANCE, false);
		fund_payment_lock(&p.area, FUND_RESIDENT, false);
		refuse_held(&p);
		locked = lock_pools(&p, batch);
	}
	if (batch_has_settlements(batch))
		post_settlements(&p, batch);
	if (batch_has_reversals(batch))
	{
		if (locked)
			reversed_groups(&p);
		post_reversals(&p);
	}
	fund_journal_close(&p.area, &p.journal);
	fund_leave(&p.area);
}

Datum
yibao_settlement_post(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	const SettlementRel *cols = fcinfo->flinfo->fn_extra;
	SettlementBatch *batch;
	int64		journal_id;

	if (cols == NULL)
	{
		if (!CALLED_AS_TRIGGER(fcinfo) ||
			!TRIGGER_FIRED_BY_INSERT(trigdata->tg_event) ||
			!TRIGGER_FIRED_AFTER(trigdata->tg_event) ||
			!TRIGGER_FIRED_FOR_ROW(trigdata->tg_event))
			ereport(ERROR,
					(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
					 errmsg("yibao.settlement_post() must be an AFTER INSERT FOR EACH ROW trigger"),
					 errhint("Pool areas are made by yibao.create_poolarea().")));
		yibao_check_version();
		cols = settlement_rel(trigdata->tg_relation);
		fcinfo->flinfo->fn_extra = unconstify(SettlementRel *, cols);
	}

	journal_id = DatumGetInt64(column(trigdata, cols->other[SC_journal_id]));
	batch = batch_of_journal(journal_id);
	if (batch == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DIRECT_WRITE),
				 errmsg("a row of %s was inserted that trigger t10_settle has not settled",
						RelationGetRelationName(trigdata->tg_relation)),
				 errhint("yibao.attach_poolarea() puts an area's triggers in place; yibao.verify() reports those that are disabled.")));
	if (batch_first_row(batch))
	{
		post(trigdata, cols, batch, journal_id);
		if (batch_asks_follow_up(batch))
			replay_follow_up(trigdata->tg_relation, journal_id);
	}
	batch_row_is_there(batch);
	return PointerGetDatum(NULL);
}
