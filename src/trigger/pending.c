/*
 * pending.c
 *	  At the commit of a transaction of a deferred area: take what it noted.
 *
 * A deferred trigger on area.pending, once for each row; the first one takes
 * all, the others find their rows gone.  Rows of other transactions are never
 * to be seen: they are gone before they commit.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "utils/builtins.h"
#include "utils/rel.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/ledger.h"
#include "fund/queue.h"
#include "trigger/settlement_pending.h"

typedef struct Debit
{
	char	   *pool;
	int64		journal_id;		/* 0: what must be there */
	bool		correction;
	Fen			amount;
} Debit;

/*
 * All that the transaction noted, from row id on, netted, pools ascending, what
 * must be there first; 0 when it was taken before.  The first row to fire is its
 * first; rows of others are seen by nobody: who committed took his.
 */
static int
fetch(const FundArea *area, int64 id, Debit **debits)
{
	Oid			types[1] = {INT8OID};
	Datum		values[1] = {Int64GetDatum(id)};
	int			n;

	fund_exec(area,
			  "WITH d AS (DELETE FROM @schema@.pending WHERE id >= $1 RETURNING *) "
			  "SELECT d.pool, coalesce(d.journal_id, 0), pg_catalog.bool_or(d.correction), pg_catalog.sum(d.amt)::pg_catalog.int8 "
			  "FROM d GROUP BY d.pool, d.journal_id ORDER BY d.pool, d.journal_id NULLS FIRST",
			  1, types, values, NULL, FUND_LEDGER);
	n = (int) SPI_processed;
	*debits = palloc_array(Debit, Max(n, 1));
	for (int i = 0; i < n; i++)
	{
		Debit	   *d = &(*debits)[i];

		d->pool = fund_need(i, 1);
		d->journal_id = fund_int8(i, 2, NULL);
		d->correction = DatumGetBool(fund_value(SPI_tuptable, i, 3, BOOLOID));
		d->amount = fund_int8(i, 4, NULL);
	}
	return n;
}

/* The debits of one pool; the first may be what must be there. */
static void
take_pool(const FundArea *area, const Debit *debits, int n)
{
	const char *pool = debits[0].pool;
	Fen			must = debits[0].journal_id == 0 ? debits[0].amount : 0;
	Fen			total = 0;
	Fen			available;
	bool		waits = queue_waits(area, pool);

	for (int i = 0; i < n; i++)
		if (!fen_add(total, debits[i].amount, &total))
			ereport(ERROR,
					(errcode(ERRCODE_YB_AMOUNT_RANGE),
					 errmsg("the transaction's debits of pool %s add up to too much", pool),
					 errhint("Check the amounts, or do less in one transaction.")));
	if (!waits && (total == 0 || fund_take_one(area, pool, total)))
		return;

	/* the queue before all slots, and all slots before any: whoever gives and serves holds the queue */
	if (total > must)
		fund_hold_queue(area, pool);
	if (!waits && fund_take(area, pool, total))
		return;
	available = fund_lock_pool(area, pool);
	if (must > available || (must > 0 && !fund_take(area, pool, must)))
		fund_short(area, pool, must, available,
				   gettext_noop("The area's mode is deferred: what a transaction takes is decided when it commits."));
	for (int i = 0; i < n; i++)
		if (debits[i].journal_id != 0)
			settlement_wait(area, debits[i].journal_id, pool, debits[i].amount, debits[i].correction);
	queue_fund_now(area, pool);
}

PG_FUNCTION_INFO_V1(yibao_t_pending);
Datum
yibao_t_pending(PG_FUNCTION_ARGS)
{
	TriggerData *td = (TriggerData *) fcinfo->context;
	FundArea	area;
	Debit	   *debits;
	TupleDesc	desc;
	int			att;
	bool		isnull;
	int			n;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BY_INSERT(td->tg_event) ||
		!TRIGGER_FIRED_AFTER(td->tg_event) || !TRIGGER_FIRED_FOR_ROW(td->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this is a row trigger on INSERT INTO %s", "pending"),
				 errhint("yibao.attach_poolarea() puts an area's triggers in place.")));
	desc = RelationGetDescr(td->tg_relation);
	att = SPI_fnumber(desc, "id");
	if (att <= 0 || SPI_gettypeid(desc, att) != INT8OID)
		fund_not_as_made(gettext_noop("a column is missing"));
	fund_enter(&area, td->tg_relation);
	n = fetch(&area, DatumGetInt64(heap_getattr(td->tg_trigtuple, att, desc, &isnull)), &debits);
	for (int i = 0; i < n;)
	{
		int			end = i + 1;

		while (end < n && strcmp(debits[end].pool, debits[i].pool) == 0)
			end++;
		take_pool(&area, &debits[i], end - i);
		i = end;
	}
	fund_leave(&area);
	return PointerGetDatum(NULL);
}
