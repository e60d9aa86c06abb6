/*
 * slots.c
 *	  What is available in a pool: spread over rows, never below zero.
 *
 * Available = slots + credits.  Money that comes in is a credit row and locks no
 * slot.  Money that goes out is taken from one slot that has enough (T1: a free
 * one; T2: wait for one), else all slots are locked in order, the credits folded
 * in, and the exact sum decides (T3).  The CHECK and the row lock keep each slot
 * at zero or above at any isolation level, so no interleaving overdraws; T3
 * refuses only when everybody else's debits have been decided.
 *
 * A row that turns out poorer than it looked keeps its lock, and going on to T3
 * with it deadlocks: so a row is looked for in a subtransaction, which is rolled
 * back on such a miss.  T0 is for the usual case, that the home slot or one of
 * the next is free and has enough: where rows can be had without a statement
 * (direct.h), a miss keeps no lock, and no subtransaction is needed.
 *
 * Whoever folds credits holds slot 0.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/direct.h"
#include "fund/fund.h"
#include "fund/ledger.h"
#include "fund/queue.h"

#define CANDIDATES	4

static const DirectTable area_table = {
	"area", "area_pkey", 1, 6, false,
	{{"one", BOOLOID}, {"name", TEXTOID}, {"admdvs", TEXTOID}, {"version", TEXTOID}, {"mode", TEXTOID},
	{"nslot", INT4OID}}, {0}, true
};

static const DirectTable slot_table = {
	"slot", "slot_pkey", 2, 4, true,
	{{"pool", TEXTOID}, {"slot", INT4OID}, {"avail", INT8OID}, {"exact", INT8OID}}, {0, 1}, true
};

static const DirectTable pool_table = {
	"pool", "pool_pkey", 1, 1, false, {{"pool", TEXTOID}}, {0}, true
};

static const DirectTable credit_table = {
	"credit", NULL, 0, 4, true,
	{{"id", INT8OID}, {"pool", TEXTOID}, {"amt", INT8OID}, {"given_at", TIMESTAMPTZOID}}, {0}, false
};

/* ---- the area's mode --------------------------------------------------------------------- */

static bool
keep_mode(const DirectValues *row, void *arg)
{
	FundMode   *mode = arg;

	if (!row->nulls[4] && !row->nulls[5])
	{
		text	   *name = DatumGetTextPP(row->values[4]);

		mode->deferred = VARSIZE_ANY_EXHDR(name) == 8 && memcmp(VARDATA_ANY(name), "deferred", 8) == 0;
		mode->nslot = DatumGetInt32(row->values[5]);
	}
	return false;
}

FundMode
fund_mode(const FundArea *area)
{
	Datum		one = BoolGetDatum(true);
	FundMode	mode = {0};

	if (!direct_read(area, &area_table, 1, &one, keep_mode, &mode))
	{
		fund_exec(area, "SELECT mode, nslot::pg_catalog.int8 FROM @schema@.area", 0, NULL, NULL, NULL, 0);
		mode.deferred = strcmp(fund_need(0, 1), "deferred") == 0;
		mode.nslot = (int) fund_int8(0, 2, NULL);
	}
	if (mode.nslot <= 0)
		fund_not_as_made(gettext_noop("a row is missing"));
	return mode;
}

/* ---- one slot -------------------------------------------------------------------------------- */

static void
take_of_slot(const FundArea *area, Datum pool, int64 slot, Fen fen)
{
	Oid			types[3] = {TEXTOID, INT8OID, INT8OID};
	Datum		values[3] = {pool, Int64GetDatum(slot), Int64GetDatum(fen)};

	fund_exec(area,
			  "UPDATE @schema@.slot SET avail = avail - $3 WHERE pool = $1 AND slot = $2",
			  3, types, values, NULL, FUND_LEDGER);
}

/*
 * The first slot from the home slot on that is free and has enough; when all that
 * have enough are busy, wait for one.  All are looked at before: who waits may
 * wait for a transaction that is prepared, and others then wait for him.
 */
static bool
try_slots(const FundArea *area, Datum pool, int64 wait_for, Fen fen)
{
	Oid			types[3] = {TEXTOID, INT8OID, INT8OID};
	Datum		values[3] = {pool, Int64GetDatum(fen), Int64GetDatum(MyProcPid)};

	fund_exec(area,
			  "SELECT s.slot::pg_catalog.int8 FROM @schema@.slot s, @schema@.area a WHERE s.pool = $1 AND s.avail >= $2 "
			  "ORDER BY (s.slot + a.nslot - ($3 % a.nslot)) % a.nslot LIMIT 1 FOR NO KEY UPDATE OF s SKIP LOCKED",
			  3, types, values, NULL, 0);
	if (SPI_processed == 1)
		wait_for = fund_int8(0, 1, NULL);
	else
	{
		values[1] = Int64GetDatum(wait_for);
		fund_exec(area,
				  "SELECT avail FROM @schema@.slot WHERE pool = $1 AND slot = $2 FOR NO KEY UPDATE",
				  2, types, values, NULL, 0);
		/* it has become too poor */
		if (SPI_processed == 0 || fund_int8(0, 1, NULL) < fen)
			return false;
	}
	take_of_slot(area, pool, wait_for, fen);
	return true;
}

/* The home slot, if it is free and has enough. */
static bool
try_home(const FundArea *area, Datum pool, Fen fen)
{
	Oid			types[3] = {TEXTOID, INT8OID, INT8OID};
	Datum		values[3] = {pool, Int64GetDatum(MyProcPid), Int64GetDatum(fen)};

	/* by ctid: where the row has moved on since, the next attempt finds it */
	fund_exec(area,
			  "UPDATE @schema@.slot SET avail = avail - $3 WHERE ctid = ("
			  "SELECT s.ctid FROM @schema@.slot s WHERE s.pool = $1 AND s.avail >= $3 "
			  "AND s.slot = (SELECT $2 % a.nslot FROM @schema@.area a) FOR NO KEY UPDATE SKIP LOCKED)",
			  3, types, values, NULL, FUND_LEDGER | FUND_ONE_PLAN);
	return SPI_processed == 1;
}

#define HOME	(-1)

/* T0 (HOME), or T1 and T2.  False: nothing taken, no lock kept. */
static bool
take_in_subtransaction(const FundArea *area, Datum pool, Fen fen, int64 wait_for)
{
	MemoryContext cxt = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	volatile bool taken = false;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(cxt);
	PG_TRY();
	{
		taken = (wait_for == HOME ? try_home(area, pool, fen) :
				 try_slots(area, pool, wait_for, fen));
		if (taken)
			ReleaseCurrentSubTransaction();
		else
			RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(cxt);
		CurrentResourceOwner = owner;
	}
	PG_CATCH();
	{
		ErrorData  *error;

		/* whoever catches this expects his own subtransaction to be the current one */
		MemoryContextSwitchTo(cxt);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(cxt);
		CurrentResourceOwner = owner;
		ReThrowError(error);
	}
	PG_END_TRY();
	return taken;
}

/* ---- without a statement ------------------------------------------------------------- */

static bool
take_fen(DirectValues *row, void *arg)
{
	Fen			fen = *(Fen *) arg;
	Fen			avail = DatumGetInt64(row->values[2]);

	if (row->nulls[2] || avail < fen)
		return false;
	row->values[2] = Int64GetDatum(avail - fen);
	return true;
}

/*
 * T0 and T1 without a statement, and without a subtransaction: of a row that is
 * busy or has changed since it was read no lock is kept.  DIRECT_NONE: the
 * slots looked at were busy or poor.
 */
static DirectResult
take_directly(const FundArea *area, FundMode mode, Datum pool, Fen fen)
{
	Datum		keys[2] = {pool};

	for (int i = 0; i < Min(CANDIDATES, mode.nslot); i++)
	{
		DirectResult got;

		keys[1] = Int32GetDatum((MyProcPid + i) % mode.nslot);
		got = direct_update(area, &slot_table, keys, false, take_fen, &fen);
		if (got != DIRECT_NONE)
			return got;
	}
	return DIRECT_NONE;
}

/* ---- by statements --------------------------------------------------------------------- */

static bool
take_from_one(const FundArea *area, FundMode mode, Datum pool, Fen fen)
{
	Oid			types[3] = {TEXTOID, INT8OID, INT8OID};
	Datum		values[3] = {pool, Int64GetDatum(fen), Int64GetDatum(MyProcPid)};
	DirectResult got = take_directly(area, mode, pool, fen);

	if (got == DIRECT_DONE ||
		(got == DIRECT_CANNOT && take_in_subtransaction(area, pool, fen, HOME)))
		return true;

	/* the home slot first, then those after it: a transaction keeps to the one it holds */
	fund_exec(area,
			  "SELECT s.slot::pg_catalog.int8 FROM @schema@.slot s, @schema@.area a WHERE s.pool = $1 AND s.avail >= $2 "
			  "ORDER BY (s.slot + a.nslot - ($3 % a.nslot)) % a.nslot LIMIT 1",
			  3, types, values, NULL, 0);
	return SPI_processed == 1 && take_in_subtransaction(area, pool, fen, fund_int8(0, 1, NULL));
}

typedef struct Pool
{
	int			nslots;
	int64	   *avail;			/* by slot number; below zero: not locked by us */
	Fen			total;			/* of those that are locked */
	int64		folded;			/* credits that came in */
} Pool;

static void
no_pool(Datum pool)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_SPLIT),
			 errmsg("there is no pool \"%s\"", TextDatumGetCString(pool)),
			 errhint("The pools of an area are the rows of its table pool.")));
}

/* The rows of slot, avail that a query has locked. */
static void
keep_slots(Pool *p)
{
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		int64		slot = fund_int8(i, 1, NULL);

		if (slot < 0 || slot >= p->nslots)
			elog(ERROR, "slots of a pool are not numbered from 0");
		p->avail[slot] = fund_int8(i, 2, NULL);
		p->total += p->avail[slot];
	}
}

/*
 * The credits that are there, into slot 0, which is locked: so nobody else
 * folds them.  A new statement, so a new snapshot: what was committed while we
 * waited is seen.
 */
static void
fold_credits(const FundArea *area, Datum pool, Pool *p)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {pool};
	int64		credits;

	fund_exec(area,
			  "WITH d AS (DELETE FROM @schema@.credit WHERE pool = $1 RETURNING amt) "
			  "SELECT pg_catalog.sum(amt)::pg_catalog.int8, pg_catalog.count(*) FROM d",
			  1, types, values, NULL, FUND_LEDGER);
	credits = fund_int8(0, 1, NULL);
	p->folded = fund_int8(0, 2, NULL);
	p->avail[0] += credits;
	p->total += credits;
}

/* Lock all slots in order, fold the credits that are there. */
static void
lock_all(const FundArea *area, Datum pool, Pool *p)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {pool};

	fund_exec(area,
			  "SELECT slot::pg_catalog.int8, avail FROM @schema@.slot WHERE pool = $1 ORDER BY slot FOR NO KEY UPDATE",
			  1, types, values, NULL, 0);
	p->nslots = (int) SPI_processed;
	if (p->nslots == 0)
		no_pool(pool);
	p->avail = palloc_array(int64, p->nslots);
	p->total = 0;
	keep_slots(p);
	fold_credits(area, pool, p);
}

/*
 * Lock slot 0, and of the others those that nobody has.  Waits for nobody, so it
 * cannot deadlock, whatever the transaction holds: false when slot 0 is busy.
 */
static bool
lock_free(const FundArea *area, Datum pool, Pool *p)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {pool};

	fund_exec(area,
			  "SELECT s.slot::pg_catalog.int8, s.avail, (SELECT pg_catalog.count(*) FROM @schema@.slot n WHERE n.pool = $1) "
			  "FROM @schema@.slot s WHERE s.pool = $1 AND s.slot = 0 FOR NO KEY UPDATE OF s SKIP LOCKED",
			  1, types, values, NULL, 0);
	if (SPI_processed == 0)
		return false;
	p->nslots = (int) fund_int8(0, 3, NULL);
	p->avail = palloc_array(int64, p->nslots);
	for (int i = 0; i < p->nslots; i++)
		p->avail[i] = -1;
	p->total = 0;
	keep_slots(p);
	fund_exec(area,
			  "SELECT slot::pg_catalog.int8, avail FROM @schema@.slot WHERE pool = $1 AND slot > 0 "
			  "ORDER BY slot FOR NO KEY UPDATE SKIP LOCKED",
			  1, types, values, NULL, 0);
	keep_slots(p);
	fold_credits(area, pool, p);
	return true;
}

/* exact: count it as a decision that took all slots. */
static void
write_slots(const FundArea *area, Datum pool, const Pool *p, bool exact)
{
	Oid			types[3] = {TEXTOID, INT8ARRAYOID, INT8OID};
	Datum		values[3];
	Datum	   *elems = palloc_array(Datum, p->nslots);

	for (int i = 0; i < p->nslots; i++)
		elems[i] = Int64GetDatum(p->avail[i]);
	values[0] = pool;
	values[1] = PointerGetDatum(construct_array(elems, p->nslots, INT8OID, 8,
												FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	values[2] = Int64GetDatum(exact ? 1 : 0);
	fund_exec(area,
			  "UPDATE @schema@.slot s SET avail = $2[s.slot + 1], exact = s.exact + CASE s.slot WHEN 0 THEN $3 ELSE 0 END "
			  "WHERE s.pool = $1 AND $2[s.slot + 1] >= 0 AND (s.avail <> $2[s.slot + 1] OR (s.slot = 0 AND $3 > 0))",
			  3, types, values, NULL, FUND_LEDGER);
}

/* 1,000 yuan: with less a slot is not worth its row. */
#define SLOT_LEAST	100000

/*
 * About half in slot 0, so that large claims fit one slot; the rest even, over as
 * many slots as it fills.  A poor pool stays in slot 0.
 */
static void
spread(Pool *p, Fen rest)
{
	int			others = 0;
	Fen			each;

	for (int i = 1; i < p->nslots; i++)
		if (p->avail[i] >= 0)
			others++;
	others = (int) Min(others, rest / 2 / SLOT_LEAST);
	each = others > 0 ? rest / 2 / others : 0;
	p->avail[0] = rest - each * others;
	for (int i = 1; i < p->nslots; i++)
		if (p->avail[i] >= 0)
			p->avail[i] = others-- > 0 ? each : 0;
}

/* Of a pool from which nothing is taken: what was folded is not lost, and does not stay in slot 0. */
static void
keep_folded(const FundArea *area, Datum pool, Pool *p)
{
	if (p->folded == 0)
		return;
	spread(p, p->total);
	write_slots(area, pool, p, false);
}

/*
 * The queue of a pool, as a lock of its area's schema: of a row that everybody
 * shares each would make a multixact of all who have it.
 */
static void
lock_queue(const FundArea *area, const char *pool, LOCKMODE mode)
{
	uint32		hash = hash_bytes((const unsigned char *) pool, (int) strlen(pool));

	/* 0 would be the schema itself; two pools of one number are one queue */
	LockDatabaseObject(NamespaceRelationId, area->nsp, (uint16) (hash | 1), mode);
}

void
fund_hold_queue(const FundArea *area, const char *pool)
{
	lock_queue(area, pool, ExclusiveLock);
}

void
fund_share_queue(const FundArea *area, const char *pool)
{
	lock_queue(area, pool, ShareLock);
}

static bool
take_exact(const FundArea *area, Datum pool, Fen fen)
{
	Pool		p;

	lock_all(area, pool, &p);
	if (p.total < fen)
	{
		keep_folded(area, pool, &p);
		return false;
	}
	spread(&p, p.total - fen);
	write_slots(area, pool, &p, true);
	return true;
}

bool
fund_take_in_mode(const FundArea *area, FundMode mode, const char *pool, Fen fen)
{
	Datum		name = CStringGetTextDatum(pool);

	if (fen <= 0)
		elog(ERROR, "fund_take: amount " INT64_FORMAT " is not positive", fen);
	return take_from_one(area, mode, name, fen) || take_exact(area, name, fen);
}

bool
fund_take(const FundArea *area, const char *pool, Fen fen)
{
	return fund_take_in_mode(area, fund_mode(area), pool, fen);
}

bool
fund_take_one(const FundArea *area, const char *pool, Fen fen)
{
	return take_from_one(area, fund_mode(area), CStringGetTextDatum(pool), fen);
}

bool
fund_take_in_turn(const FundArea *area, const char *pool, Fen fen)
{
	Datum		name = CStringGetTextDatum(pool);
	FundMode	mode = fund_mode(area);

	if (fen <= 0)
		elog(ERROR, "fund_take_in_turn: amount " INT64_FORMAT " is not positive", fen);
	if (mode.deferred || queue_waits(area, pool))
		return false;
	if (take_from_one(area, mode, name, fen))
		return true;
	fund_hold_queue(area, pool);
	return take_exact(area, name, fen);
}

Fen
fund_lock_pool(const FundArea *area, const char *pool)
{
	Datum		name = CStringGetTextDatum(pool);
	Pool		p;

	lock_all(area, name, &p);
	keep_folded(area, name, &p);
	return p.total;
}

int64
fund_fold(const FundArea *area)
{
	char	  **pools;
	int			n;
	int64		folded = 0;

	fund_exec(area, "SELECT DISTINCT pool FROM @schema@.credit ORDER BY pool", 0, NULL, NULL, NULL, 0);
	n = (int) SPI_processed;
	pools = palloc_array(char *, Max(n, 1));
	for (int i = 0; i < n; i++)
		pools[i] = fund_need(i, 1);
	for (int i = 0; i < n; i++)
	{
		Datum		name = CStringGetTextDatum(pools[i]);
		Pool		p;

		if (!lock_free(area, name, &p))
			continue;			/* next time */
		keep_folded(area, name, &p);
		folded += p.folded;
	}
	return folded;
}

static bool
keep_found(const DirectValues *row, void *arg)
{
	*(bool *) arg = true;
	return false;
}

static void
need_pool(const FundArea *area, Datum pool)
{
	Oid			types[1] = {TEXTOID};
	bool		found = false;

	if (!direct_read(area, &pool_table, 1, &pool, keep_found, &found))
	{
		fund_exec(area, "SELECT 1 FROM @schema@.pool WHERE pool = $1", 1, types, &pool, NULL, 0);
		found = SPI_processed == 1;
	}
	if (!found)
		no_pool(pool);
}

void
fund_give(const FundArea *area, const char *pool, Fen fen)
{
	Oid			types[2] = {TEXTOID, INT8OID};
	Datum		values[2] = {CStringGetTextDatum(pool), Int64GetDatum(fen)};
	DirectValues row = {{(Datum) 0, values[0], values[1], TimestampTzGetDatum(GetCurrentStatementStartTimestamp())}, {false}};

	if (fen == 0)
		return;
	/* it waits for who queues in the pool, and who queues waits for us */
	fund_share_queue(area, pool);
	need_pool(area, values[0]);
	row.values[0] = Int64GetDatum(fund_next(area, "credit_id_seq"));
	if (!direct_insert(area, &credit_table, 1, &row))
		fund_exec(area, "INSERT INTO @schema@.credit (pool, amt) VALUES ($1, $2)",
				  2, types, values, NULL, FUND_LEDGER);
}

void
fund_give_and_serve(const FundArea *area, const char *pool, Fen fen)
{
	if (fen > 0)
		fund_give(area, pool, fen);
	queue_fund(area, pool);
}

void
fund_short(const FundArea *area, const char *pool, Fen needed, Fen available,
		   const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_FUND_SHORT),
			 errmsg("pool %s has %s available, %s is needed", pool,
					fund_yuan(available), fund_yuan(needed)),
			 errdetail("%s yuan are missing. Available is the balance less what is settled and not yet paid: view %s.pool_status.",
					   fund_yuan(needed - available), quote_identifier(area->schema)),
			 hint == NULL ? 0 : errhint("%s", _(hint))));
}
