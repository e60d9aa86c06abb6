/*
 * pending.c
 *	  Areas whose mode is deferred: noting what is taken at commit.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "compat.h"
#include "fund/ledger.h"
#include "fund/pending.h"

bool
pending_mode(const FundArea *area)
{
	if (InSecurityRestrictedOperation())
		return false;
	return fund_mode(area).deferred;
}

void
pending_note(const FundArea *area, const char *pool, Fen fen, int64 journal_id,
			 bool correction)
{
	Oid			types[4] = {TEXTOID, INT8OID, INT8OID, BOOLOID};
	Datum		values[4] = {CStringGetTextDatum(pool), Int64GetDatum(fen),
	Int64GetDatum(journal_id), BoolGetDatum(correction)};

	fund_exec(area,
			  "INSERT INTO @schema@.pending (pool, amt, journal_id, correction) VALUES ($1, $2, nullif($3, 0), $4)",
			  4, types, values, NULL, FUND_LEDGER);
}

bool
fund_debit(const FundArea *area, const char *pool, Fen fen)
{
	FundMode	mode = fund_mode(area);

	if (!mode.deferred || InSecurityRestrictedOperation())
		return fund_take_in_mode(area, mode, pool, fen);
	pending_note(area, pool, fen, 0, false);
	return true;
}
