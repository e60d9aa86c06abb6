/*
 * hold.c
 *	  Holds (预占): ending them by what uses them, and when their time is up.
 *
 * A hold is taken from available once, when it is inserted; ending it gives it
 * back as a credit, in the same transaction as what uses it takes: until that
 * commits nobody else sees the credit.  Whoever ends a hold locks its row of
 * hold_open, so it ends once.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/hold.h"

void
hold_check(const FundArea *area, const char *hold_id)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(hold_id)};

	fund_exec(area, "SELECT 1 FROM @schema@.hold WHERE hold_id = $1", 1, types, values, NULL, 0);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("there is no hold %s", hold_id),
				 errhint("hold_id names a row of table hold.")));
}

void
hold_use(const FundArea *area, const char *hold_id, const char *event,
		 const char *key, const char *pool, const char *other_pool)
{
	Oid			types[3] = {TEXTOID, TEXTOID, TEXTOID};
	Datum		values[3] = {CStringGetTextDatum(hold_id), CStringGetTextDatum(event),
	CStringGetTextDatum(key)};
	char	   *of;

	fund_exec(area, "SELECT pool FROM @schema@.hold WHERE hold_id = $1", 1, types, values, NULL, 0);
	of = SPI_processed == 0 ? NULL : fund_need(0, 1);
	if (of != NULL && strcmp(of, pool) != 0 && (other_pool == NULL || strcmp(of, other_pool) != 0))
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("hold %s is on pool %s, which %s %s does not take from", hold_id, of, event, key),
				 errhint("Name a hold on the pool that pays, or none.")));
	fund_exec(area,
			  "INSERT INTO @schema@.hold_end (hold_id, outcome, event, key) VALUES ($1, 'post', $2, $3)",
			  3, types, values, NULL, FUND_LEDGER);
	if (SPI_processed == 0)
		/* the same row was there: used by the same key, which was booked before */
		ereport(ERROR,
				(errcode(ERRCODE_YB_REVERSED),
				 errmsg("hold %s has ended already", hold_id),
				 errhint("Make a new hold, or leave hold_id out and take what is available.")));
}

int64
hold_expire(const FundArea *area)
{
	Oid			types[1] = {TEXTARRAYOID};
	Datum		values[1];
	Datum	   *ids;
	int			n;

	/* each gives back when it ends, and locks its pool where something waits: pools ascending */
	fund_exec(area,
			  "SELECT hold_id FROM @schema@.hold_open WHERE expires_at <= pg_catalog.clock_timestamp() "
			  "ORDER BY pool, hold_id FOR UPDATE SKIP LOCKED",
			  0, NULL, NULL, NULL, 0);
	n = (int) SPI_processed;
	if (n == 0)
		return 0;
	ids = palloc_array(Datum, n);
	for (int i = 0; i < n; i++)
		ids[i] = CStringGetTextDatum(fund_need(i, 1));
	values[0] = PointerGetDatum(construct_array(ids, n, TEXTOID, -1, false, TYPALIGN_INT));
	fund_exec(area,
			  "INSERT INTO @schema@.hold_end (hold_id, outcome) SELECT u.id, 'expire' FROM pg_catalog.unnest($1) u(id)",
			  1, types, values, NULL, FUND_LEDGER);
	return n;
}
