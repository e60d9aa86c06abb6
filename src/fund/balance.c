/*
 * balance.c
 *	  What stood on an account: as booked by a time, and by a day.
 *
 * No timestamp is in the order of commits: what is booked at 10:00 may commit at
 * 10:05, and so change the balance of 10:00 after somebody has read it.  A
 * balance is therefore given together with whether it is final.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/backend_status.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/ledger.h"

/* A statement has its time a moment before others see it running. */
#define MARGIN	USECS_PER_SEC

/*
 * May somebody who is not done yet have booked at that time or before?  The
 * balance must be read after this, with a new snapshot: who has ended by now is
 * seen by it.
 */
static bool
booking_open(const FundArea *area, TimestampTz at)
{
	int			n;

	if (at > GetCurrentTimestamp() - MARGIN)
		return true;
	/* a standby does not know who is open on the primary; an old snapshot not who has ended since */
	if (RecoveryInProgress() || IsolationUsesXactSnapshot())
		return true;
	/* our own rows may still be taken back, and this statement may go on to book */
	if (GetCurrentTransactionStartTimestamp() <= at &&
		(TransactionIdIsValid(GetTopTransactionIdIfAny()) || GetCurrentStatementStartTimestamp() <= at))
		return true;

	pgstat_clear_backend_activity_snapshot();
	n = pgstat_fetch_stat_numbackends();
	for (int i = 1; i <= n; i++)
	{
		PgBackendStatus *backend = &pgstat_get_local_beentry_by_index(i)->backendStatus;

		if (backend->st_procpid == MyProcPid || backend->st_databaseid != MyDatabaseId ||
			backend->st_backendType == B_AUTOVAC_WORKER)
			continue;
		/* with track_activities off it does not tell when its transaction began */
		if (backend->st_state == STATE_DISABLED ||
			(backend->st_xact_start_timestamp != 0 && backend->st_xact_start_timestamp <= at))
			return true;
	}

	/* a prepared transaction does not tell when it began; a subscription brings rows with times of elsewhere */
	fund_exec(area,
			  "SELECT 1 FROM pg_catalog.pg_prepared_xacts WHERE database = pg_catalog.current_database() "
			  "UNION ALL SELECT 1 FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid "
			  "WHERE d.datname = pg_catalog.current_database() AND s.subenabled LIMIT 1",
			  0, NULL, NULL, NULL, 0);
	return SPI_processed > 0;
}

static void
no_account(const char *book, const char *role)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_UNKNOWN_CODE),
			 errmsg("book %s has no account of role \"%s\"", book, role),
			 errhint("Table account_role lists book and role; G is fund accounting, P the pools, S who is owed what.")));
}

/* A fund or pool mistyped has no balance of 0.00. */
static void
check_pool(const FundArea *area, Datum *pool_and_fund, const char *nulls)
{
	Oid			types[2] = {TEXTOID, TEXTOID};

	fund_exec(area, "SELECT 1 FROM @schema@.pool WHERE fund = $2 AND ($1 IS NULL OR pool = $1)", 2, types, pool_and_fund, nulls, 0);
	if (SPI_processed > 0)
		return;
	if (nulls[0] == 'n')
		ereport(ERROR,
				(errcode(ERRCODE_YB_UNKNOWN_CODE),
				 errmsg("%s \"%s\" is not known", "fund", TextDatumGetCString(pool_and_fund[1])),
				 errhint("Known: %s.", "resident, assistance")));
	ereport(ERROR,
			(errcode(ERRCODE_YB_UNKNOWN_CODE),
			 errmsg("fund %s has no pool \"%s\"", TextDatumGetCString(pool_and_fund[1]), TextDatumGetCString(pool_and_fund[0])),
			 errhint("Table pool lists the pools of each fund.")));
}

/* (amount, final), with the account's normal side as positive. */
static Datum
result(FunctionCallInfo fcinfo, const char *side, Fen fen, bool final)
{
	TupleDesc	desc;
	Datum		values[2];
	bool		nulls[2] = {false, false};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	values[0] = fund_numeric(strcmp(side, "credit") == 0 ? -fen : fen);
	values[1] = BoolGetDatum(final);
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}

/* area, book, role, time or day, pool, fund: only the pool may be NULL. */
static bool
given(FunctionCallInfo fcinfo)
{
	for (int i = 0; i < 6; i++)
		if (i != 4 && PG_ARGISNULL(i))
			return false;
	return true;
}

/*
 * The balance of what was booked, as booked says by the journal j, up to time or
 * day $3, and whether it is final: settled says so in SQL, where m.month is the month of it.
 */
#define BALANCE(booked, settled) \
	"SELECT r.side, (SELECT coalesce(pg_catalog.sum(e.amount_fen), 0)::pg_catalog.int8 FROM @schema@.entry e " \
	"JOIN @schema@.journal j ON j.journal_id = e.journal_id AND " booked " " \
	"WHERE e.book = r.book AND e.role = r.role AND e.fund = $5 AND ($4 IS NULL OR e.pool = $4)), " settled \
	" FROM @schema@.account_role r, (SELECT pg_catalog.to_char($3, 'YYYY-MM') AS month) m WHERE r.book = $1 AND r.role = $2"

static Datum
balance(FunctionCallInfo fcinfo, Oid at, const char *sql)
{
	Oid			types[5] = {TEXTOID, TEXTOID, at, TEXTOID, TEXTOID};
	Datum		values[5];
	char		nulls[6] = "     ";
	FundArea	area;
	MemoryContext cxt = CurrentMemoryContext;
	char	   *side;
	Fen			fen;
	bool		final;

	if (!given(fcinfo))
		PG_RETURN_NULL();
	for (int i = 0; i < 5; i++)
		values[i] = PG_GETARG_DATUM(i + 1);
	if (PG_ARGISNULL(4))
		nulls[3] = 'n';
	fund_enter_named(&area, text_to_cstring(PG_GETARG_TEXT_PP(0)), "entry");
	/* before the figure: who is still posting then may show in it */
	final = at != TIMESTAMPTZOID || !booking_open(&area, PG_GETARG_TIMESTAMPTZ(3));
	fund_exec(&area, sql, 5, types, values, nulls, 0);
	if (SPI_processed == 0)
		no_account(text_to_cstring(PG_GETARG_TEXT_PP(1)), text_to_cstring(PG_GETARG_TEXT_PP(2)));
	side = MemoryContextStrdup(cxt, fund_need(0, 1));
	fen = fund_int8(0, 2, NULL);
	final = final && DatumGetBool(fund_value(SPI_tuptable, 0, 3, BOOLOID));
	check_pool(&area, &values[3], &nulls[3]);
	fund_leave(&area);
	return result(fcinfo, side, fen, final);
}

/* balance_at(area, book, role, at, pool, fund) */
PG_FUNCTION_INFO_V1(yibao_balance_at);
Datum
yibao_balance_at(PG_FUNCTION_ARGS)
{
	return balance(fcinfo, TIMESTAMPTZOID, BALANCE("j.booked_at <= $3", "true"));
}

/*
 * balance_on(area, book, role, day, pool, fund).  Figure and months come from
 * one snapshot; closing a month waits for who is posting in it, so one that
 * sees the month closed sees all that is booked in it.
 */
PG_FUNCTION_INFO_V1(yibao_balance_on);
Datum
yibao_balance_on(PG_FUNCTION_ARGS)
{
	return balance(fcinfo, DATEOID,
				   BALANCE("j.effective_on <= $3",
						   "r.book <> 'S' AND EXISTS (SELECT FROM @schema@.period p WHERE p.closed AND p.period >= m.month) "
						   "AND NOT EXISTS (SELECT FROM @schema@.period p WHERE NOT p.closed AND p.period <= m.month)"));
}
