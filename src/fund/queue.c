/*
 * queue.c
 *	  挂账: when money comes to a pool, what waits for it is funded, first come
 *	  first served by (clr_ym, setl_time, setl_id).
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/direct.h"
#include "fund/fund.h"
#include "fund/owner.h"
#include "fund/pending.h"
#include "fund/queue.h"

static const DirectTable queue_table = {
	"queue", "queue_waiting", 1, 10, false,
	{{"setl_id", TEXTOID}, {"layer", TEXTOID}, {"pool", TEXTOID}, {"fund", TEXTOID}, {"payer", TEXTOID},
	{"party", TEXTOID}, {"clr_ym", TEXTOID}, {"setl_time", TIMESTAMPOID}, {"amount_fen", INT8OID},
	{"state", TEXTOID}}, {2}, false
};

char *
queue_yuan(Fen fen)
{
	const char *sign = fen < 0 ? "-" : "";

	fen = fen < 0 ? -fen : fen;
	return psprintf("%s" INT64_FORMAT ".%02d", sign, fen / 100, (int) (fen % 100));
}

static void
start_journal(const FundArea *area, const char *pool, FundJournal *journal)
{
	journal->id = fund_journal_id(area);
	journal->event = "queue.fund";
	journal->key = pool;
	journal->fund = FUND_RESIDENT;
	journal->effective_on = GetSQLCurrentDate();
	journal->sub_ledger = true;
}

/*
 * Post what a query has turned from waiting to funded (its rows: fund, layer,
 * payer, party, clr_ym, amount), and take it from the pool, which is locked.
 */
static void
post_funded(const FundArea *area, const char *pool, FundJournal *journal)
{
	uint64		ngroups = SPI_processed;
	SPITupleTable *groups = SPI_tuptable;
	Fen			total = 0;

	if (ngroups == 0)
		return;

	fund_journal_open(area, journal);
	for (uint64 i = 0; i < ngroups; i++)
	{
		HeapTuple	tuple = groups->vals[i];
		Fen			amount = DatumGetInt64(fund_value(groups, i, 6, INT8OID));
		FundVar		vars[] = {
			{"pool", pool, 0},
			{"party", SPI_getvalue(tuple, groups->tupdesc, 4), 0},
			{"layer", SPI_getvalue(tuple, groups->tupdesc, 2), 0},
			{"payer", SPI_getvalue(tuple, groups->tupdesc, 3), 0},
			{"clr_ym", SPI_getvalue(tuple, groups->tupdesc, 5), 0},
			{"amount", NULL, amount}
		};

		journal->fund = SPI_getvalue(tuple, groups->tupdesc, 1);
		fund_post(area, journal, "queue.fund", vars, lengthof(vars));
		total += amount;
	}
	fund_journal_close(area, journal);
	if (!fund_take(area, pool, total))
		elog(ERROR, "pool %s is locked, but has less than it had", pool);
}

static bool
is_waiting(const DirectValues *row, void *arg)
{
	if (!row->nulls[9])
	{
		text	   *state = DatumGetTextPP(row->values[9]);

		*(bool *) arg = VARSIZE_ANY_EXHDR(state) == 7 && memcmp(VARDATA_ANY(state), "waiting", 7) == 0;
	}
	return !*(bool *) arg;
}

bool
queue_waits(const FundArea *area, const char *pool)
{
	static const Oid types[] = {TEXTOID};
	Datum		values[] = {CStringGetTextDatum(pool)};
	bool		waiting = false;

	if (direct_read(area, &queue_table, 1, values, is_waiting, &waiting))
		return waiting;
	owner_exec(get_namespace_oid(area->schema, false),
			   "SELECT 1 FROM @schema@.queue"
			   " WHERE pool OPERATOR(pg_catalog.=) $1"
			   " AND state OPERATOR(pg_catalog.=) 'waiting' LIMIT 1",
			   1, types, values, NULL, 1);
	return SPI_processed > 0;
}

/*
 * Fund what waits for this pool, as far as its available reaches; the first
 * that does not fit holds up those behind it, however small.  Locks the pool
 * only when something waits.  Call it after fund_give(), between fund_enter()
 * and fund_leave().
 *
 * Whoever queues a settlement holds the pool's queue until he commits, and
 * fund_give() waits for that: so either we see his row or he sees our money.
 */
void
queue_fund(const FundArea *area, const char *pool)
{
	if (!queue_waits(area, pool))
		return;
	if (pending_mode(area))
		pending_note(area, pool, 0, 0, false);
	else
		queue_fund_now(area, pool);
}

void
queue_fund_now(const FundArea *area, const char *pool)
{
	static const Oid types[] = {TEXTOID, INT8OID, TIMESTAMPTZOID, INT8OID};
	Oid			nsp = get_namespace_oid(area->schema, false);
	Datum		values[4] = {CStringGetTextDatum(pool)};
	FundJournal journal = {0};
	Fen			available;

	if (!queue_waits(area, pool))
		return;
	available = fund_lock_pool(area, pool);
	if (available == 0)
		return;

	start_journal(area, pool, &journal);
	values[1] = Int64GetDatum(available);
	values[2] = TimestampTzGetDatum(GetCurrentTimestamp());
	values[3] = Int64GetDatum(journal.id);
	owner_exec_many(nsp,
					"WITH u AS (UPDATE @schema@.queue q"
					" SET state = 'funded', ended_at = $3, ended_journal = $4"
					" FROM (SELECT setl_id, layer, pg_catalog.sum(amount_fen)"
					" OVER (ORDER BY clr_ym, setl_time, setl_id, layer) AS run"
					" FROM @schema@.queue WHERE pool OPERATOR(pg_catalog.=) $1"
					" AND state OPERATOR(pg_catalog.=) 'waiting') w"
					" WHERE w.run OPERATOR(pg_catalog.<=) $2"
					" AND q.setl_id OPERATOR(pg_catalog.=) w.setl_id"
					" AND q.layer OPERATOR(pg_catalog.=) w.layer"
					" RETURNING q.fund, q.layer, q.payer, q.party, q.clr_ym, q.amount_fen)"
					" SELECT fund, layer, payer, party, clr_ym, pg_catalog.sum(amount_fen)::pg_catalog.int8"
					" FROM u GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5",
					4, types, values, NULL);
	post_funded(area, pool, &journal);
}

void
queue_fund_settlement(const FundArea *area, const char *pool, const char *setl_id)
{
	static const Oid types[] = {TEXTOID, TEXTOID, TIMESTAMPTZOID, INT8OID};
	Oid			nsp = get_namespace_oid(area->schema, false);
	Datum		values[4] = {CStringGetTextDatum(pool), CStringGetTextDatum(setl_id)};
	FundJournal journal = {0};
	Fen			available;

	owner_exec(nsp,
			   "SELECT 1 FROM @schema@.queue"
			   " WHERE setl_id OPERATOR(pg_catalog.=) $2 AND pool OPERATOR(pg_catalog.=) $1"
			   " AND state OPERATOR(pg_catalog.=) 'waiting' LIMIT 1",
			   2, types, values, NULL, 1);
	if (SPI_processed == 0)
		return;
	/* the pool first, then the queue: as whoever funds it in order */
	available = fund_lock_pool(area, pool);
	owner_exec(nsp,
			   "SELECT coalesce(pg_catalog.sum(amount_fen), 0)::pg_catalog.int8 FROM @schema@.queue"
			   " WHERE setl_id OPERATOR(pg_catalog.=) $2 AND pool OPERATOR(pg_catalog.=) $1"
			   " AND state OPERATOR(pg_catalog.=) 'waiting'",
			   2, types, values, NULL, 1);
	if (fund_int8(0, 1, NULL) > available)
		return;
	start_journal(area, pool, &journal);
	values[2] = TimestampTzGetDatum(GetCurrentTimestamp());
	values[3] = Int64GetDatum(journal.id);
	owner_exec_many(nsp,
					"WITH u AS (UPDATE @schema@.queue q"
					" SET state = 'funded', ended_at = $3, ended_journal = $4"
					" WHERE q.setl_id OPERATOR(pg_catalog.=) $2 AND q.pool OPERATOR(pg_catalog.=) $1"
					" AND q.state OPERATOR(pg_catalog.=) 'waiting'"
					" RETURNING q.fund, q.layer, q.payer, q.party, q.clr_ym, q.amount_fen)"
					" SELECT fund, layer, payer, party, clr_ym, pg_catalog.sum(amount_fen)::pg_catalog.int8"
					" FROM u GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5",
					4, types, values, NULL);
	post_funded(area, pool, &journal);
}
