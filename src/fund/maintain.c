/*
 * maintain.c
 *	  What is to be done from time to time, and how late it is.
 *
 * Nothing depends on it being done at a time, or being done at all but for
 * holds whose time is up: a pool that looks poor folds its credits itself.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "fund/hold.h"
#include "fund/ledger.h"
#include "fund/seal.h"

static void
put_task(ReturnSetInfo *rsi, const char *task, int64 done)
{
	Datum		values[2] = {CStringGetTextDatum(task), Int64GetDatum(done)};
	bool		nulls[2] = {false, false};

	tuplestore_putvalues(rsi->setResult, rsi->setDesc, values, nulls);
}

/* Locks of slots come last, so that postings wait for them as briefly as can be. */
PG_FUNCTION_INFO_V1(yibao_maintain);
Datum
yibao_maintain(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsi = (ReturnSetInfo *) fcinfo->resultinfo;
	FundArea	area;

	InitMaterializedSRF(fcinfo, 0);
	fund_enter_named(&area, text_to_cstring(PG_GETARG_TEXT_PP(0)), "entry");
	put_task(rsi, "seal", seal_rows(&area));
	put_task(rsi, "expire", hold_expire(&area));
	put_task(rsi, "fold", fund_fold(&area));
	fund_leave(&area);
	return (Datum) 0;
}

/* "12, the oldest of 2026-01-02 03:04:05+00"; NULL when there are none. */
static char *
how_late(const FundArea *area, const char *sql)
{
	int64		n;
	bool		isnull;

	if (SPI_execute(fund_subst(sql, area->schema), true, 0) != SPI_OK_SELECT)
		elog(ERROR, "a query of what is late failed");
	n = fund_int8(0, 1, NULL);
	if (n == 0)
		return NULL;
	return psprintf(_("%lld, the oldest of %s"), (long long) n,
					timestamptz_to_str(DatumGetTimestampTz(fund_datum(SPI_tuptable, 0, 2, TIMESTAMPTZOID, &isnull))));
}

void
maintain_checks(const FundArea *area,
				void (*row) (const char *check, bool ok, const char *detail, void *arg),
				void *arg)
{
	row(gettext_noop("credits not folded into slots yet (a count, no fault)"), true,
		how_late(area, "SELECT pg_catalog.count(*), pg_catalog.min(given_at) FROM @schema@.credit"), arg);
	row(gettext_noop("holds whose time is up (a count, no fault)"), true,
		how_late(area, "SELECT pg_catalog.count(*), pg_catalog.min(expires_at) FROM @schema@.hold_open "
				 "WHERE expires_at <= pg_catalog.statement_timestamp()"), arg);
}
