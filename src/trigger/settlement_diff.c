/*
 * settlement_diff.c
 *	  BEFORE INSERT on area.setl_diff_close: somebody has looked into a difference
 *	  between what another system settled and what the policy gives.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "compat.h"
#include "errcodes.h"
#include "trigger/record.h"

static void
close_row(MoneyRow *row, const FundArea *area)
{
	const char *id = money_row_need(row, "setl_id");
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(id)};
	char	   *by;

	(void) money_row_need(row, "cause");
	(void) money_row_need(row, "finding");
	fund_exec(area,
			  "SELECT s.booked_by FROM @schema@.setl_diff d JOIN @schema@.settlement s ON s.setl_id = d.setl_id WHERE d.setl_id = $1",
			  1, types, values, NULL, 0);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("settlement %s has no difference to close", id),
				 errhint("SELECT * FROM %s.setl_diff_open lists those that are open.",
						 quote_identifier(area->schema)),
				 err_generic_string(PG_DIAG_COLUMN_NAME, "setl_id")));
	by = fund_need(0, 1);
	if (strcmp(by, area->session_user) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_SAME_PERSON),
				 errmsg("settlement %s was inserted by %s, who cannot also close its difference", id, by),
				 errdetail("It is the login that counts, whatever role is set."),
				 errhint("Somebody else must insert the row, under a login of his own.")));
}

static const RecordTable setl_diff_close_table = {
	RECORD_TABLE("setl_diff_close", "setl_id", "closed"),
	.before = close_row,
};

PG_FUNCTION_INFO_V1(yibao_t_setl_diff_close);
Datum
yibao_t_setl_diff_close(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &setl_diff_close_table);
}
