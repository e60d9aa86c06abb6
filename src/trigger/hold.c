/*
 * hold.c
 *	  Triggers of hold and hold_end: money of a pool set apart, and what became
 *	  of it.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/pending.h"
#include "fund/queue.h"
#include "trigger/record.h"

/* ---- hold ---------------------------------------------------------------------------- */

static void
hold_before(MoneyRow *row, const FundArea *area)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1];
	TimestampTz expires;
	bool		isnull;
	char	   *pool;

	pool = money_row_need(row, "pool");
	(void) money_row_need(row, "reason");
	if (money_row_fen(row, "amt", NULL) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_RANGE),
				 errmsg("amt is zero"),
				 errhint("A hold has an amount.")));
	values[0] = CStringGetTextDatum(pool);
	fund_exec(area, "SELECT 1 FROM @schema@.pool WHERE pool = $1", 1, types, values, NULL, 0);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_SPLIT),
				 errmsg("there is no pool \"%s\"", pool),
				 errhint("The pools of an area are the rows of its table pool.")));
	expires = DatumGetTimestampTz(money_row_datum(row, "expires_at", TIMESTAMPTZOID, &isnull));
	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_NULL),
				 errmsg("expires_at is empty"),
				 errhint("Say until when the money is to be held.")));
	if (TIMESTAMP_NOT_FINITE(expires) || expires <= GetCurrentStatementStartTimestamp())
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("expires_at %s is not in the future", timestamptz_to_str(expires)),
				 errhint("A hold ends at a time to come, and not never: money is not held for ever.")));
}

static void
hold_after(MoneyRow *row, const FundArea *area)
{
	Oid			types[4] = {TEXTOID, TEXTOID, INT8OID, TIMESTAMPTZOID};
	Datum		values[4];
	char	   *pool = money_row_text(row, "pool");
	Fen			amount = money_row_fen(row, "amt", NULL);
	bool		isnull;

	if (!fund_debit(area, pool, amount))
		fund_short(area, pool, amount, fund_lock_pool(area, pool),
				   gettext_noop("Hold no more than what is available."));
	values[0] = CStringGetTextDatum(money_row_text(row, "hold_id"));
	values[1] = CStringGetTextDatum(pool);
	values[2] = Int64GetDatum(amount);
	values[3] = money_row_datum(row, "expires_at", TIMESTAMPTZOID, &isnull);
	fund_exec(area,
			  "INSERT INTO @schema@.hold_open (hold_id, pool, amount_fen, expires_at) VALUES ($1, $2, $3, $4)",
			  4, types, values, NULL, FUND_LEDGER);
}

static const RecordTable hold_table = {
	RECORD_TABLE("hold", "hold_id", "held"),
	.before = hold_before,
	.after = hold_after,
};

PG_FUNCTION_INFO_V1(yibao_t_hold);
Datum
yibao_t_hold(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &hold_table);
}

/* ---- hold_end -------------------------------------------------------------------------- */

/* Why there is no open hold of this key. */
static void
not_open(const FundArea *area, const char *id)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(id)};

	fund_exec(area,
			  "SELECT e.outcome, e.ended_by, pg_catalog.concat_ws(' ', e.event, e.key) FROM @schema@.hold_end e WHERE e.hold_id = $1",
			  1, types, values, NULL, 0);
	if (SPI_processed > 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_REVERSED),
				 errmsg("hold %s has ended already", id),
				 errdetail("Outcome %s, by %s. %s", fund_need(0, 1), fund_need(0, 2), fund_need(0, 3)),
				 errhint("Make a new hold, or leave hold_id out and take what is available.")));
	ereport(ERROR,
			(errcode(ERRCODE_YB_DOES_NOT_FIT),
			 errmsg("there is no hold %s to end", id),
			 errhint("hold_id names a row of table hold.")));
}

/* Who inserts a post by hand names a settlement that takes from the pool; the others do it themselves. */
static void
check_post(MoneyRow *row, const FundArea *area, const char *pool)
{
	const char *event = money_row_need(row, "event");
	Oid			types[2] = {TEXTOID, TEXTOID};
	Datum		values[2];

	if (fund_ledger_open())
		return;
	if (strcmp(event, "settlement") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("a hold is not used for a %s by a row of hold_end", event),
				 errhint("Name the hold in column hold_id of the premium or transfer.")));
	values[0] = CStringGetTextDatum(money_row_need(row, "key"));
	values[1] = CStringGetTextDatum(pool);
	fund_exec(area,
			  "SELECT 1 FROM @schema@.setl_item WHERE setl_id = $1 AND pool = $2 AND amount_fen > 0",
			  2, types, values, NULL, 0);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("there is no settlement %s that takes from pool %s", money_row_text(row, "key"), pool),
				 errhint("Insert the settlement first, then end the hold on the pool that pays it.")));
}

static void
end_before(MoneyRow *row, const FundArea *area)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1];
	const char *outcome;
	char	   *id;
	char	   *pool;
	TimestampTz expires;
	bool		expired;

	id = money_row_need(row, "hold_id");
	outcome = money_row_need(row, "outcome");
	values[0] = CStringGetTextDatum(id);
	fund_exec(area, "SELECT pool, expires_at FROM @schema@.hold_open WHERE hold_id = $1 FOR UPDATE",
			  1, types, values, NULL, 0);
	if (SPI_processed == 0)
		not_open(area, id);
	pool = fund_need(0, 1);
	expires = DatumGetTimestampTz(fund_value(SPI_tuptable, 0, 2, TIMESTAMPTZOID));
	expired = expires <= GetCurrentTimestamp();
	if (strcmp(outcome, "post") == 0)
	{
		if (expired)
			ereport(ERROR,
					(errcode(ERRCODE_YB_DOES_NOT_FIT),
					 errmsg("hold %s cannot be used any more", id),
					 errdetail("It expired at %s.", timestamptz_to_str(expires)),
					 errhint("Make a new hold, or leave hold_id out and take what is available.")));
		check_post(row, area, pool);
	}
	else if (strcmp(outcome, "expire") == 0 && !expired)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("hold %s has not expired", id),
				 errdetail("It expires at %s.", timestamptz_to_str(expires)),
				 errhint("To call it off before that give outcome void.")));
}

/*
 * The money comes back as a credit.  A settlement that waits is funded with it
 * first; then whatever waits for the pool.  What uses it by its own trigger
 * takes it next, so the queue must not have it.
 */
static void
end_after(MoneyRow *row, const FundArea *area)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(money_row_text(row, "hold_id"))};
	char	   *event = money_row_text(row, "event");
	char	   *pool;

	fund_exec(area, "DELETE FROM @schema@.hold_open WHERE hold_id = $1 RETURNING pool, amount_fen",
			  1, types, values, NULL, FUND_LEDGER);
	if (SPI_processed != 1)
		elog(ERROR, "hold %s vanished under its lock", money_row_text(row, "hold_id"));
	pool = fund_need(0, 1);
	fund_give(area, pool, fund_int8(0, 2, NULL));
	if (event != NULL && strcmp(event, "settlement") != 0)
		return;
	if (event != NULL)
		queue_fund_settlement(area, pool, money_row_text(row, "key"));
	queue_fund(area, pool);
}

static const RecordTable hold_end_table = {
	RECORD_TABLE("hold_end", "hold_id", "ended"),
	.before = end_before,
	.after = end_after,
};

PG_FUNCTION_INFO_V1(yibao_t_hold_end);
Datum
yibao_t_hold_end(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &hold_end_table);
}
