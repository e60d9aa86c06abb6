/*
 * contract.c
 *	  The premium contract of the serious-illness insurer: its terms.
 *
 * What they come to is the view contract_statement's.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "compat.h"
#include "errcodes.h"
#include "trigger/terms.h"

/* Steps rise from the margin on, shares are of 0 to 1. */
static void
check_steps(MoneyRow *row, const FundArea *area, const char *margin, const char *upto, const char *share)
{
	Oid			types[3] = {NUMERICOID, NUMERICARRAYOID, NUMERICARRAYOID};
	Datum		values[3];
	bool		isnull;

	values[2] = money_row_datum(row, share, NUMERICARRAYOID, &isnull);
	if (isnull)
		return;
	values[0] = money_row_datum(row, margin, NUMERICOID, &isnull);
	if (isnull)
		return;
	values[1] = money_row_datum(row, upto, NUMERICARRAYOID, &isnull);
	if (isnull)
		return;
	fund_exec(area,
			  "SELECT 1 FROM pg_catalog.unnest($1 || $2) WITH ORDINALITY u(upto, n) WHERE u.upto IS NULL "
			  "OR EXISTS (SELECT FROM pg_catalog.unnest($1 || $2) WITH ORDINALITY b(upto, n) WHERE b.n < u.n AND b.upto >= u.upto) "
			  "UNION ALL SELECT 1 FROM pg_catalog.unnest($3) s(share) WHERE (s.share BETWEEN 0 AND 1) IS NOT TRUE "
			  "UNION ALL SELECT 1 WHERE pg_catalog.array_ndims($2) > 1 OR pg_catalog.array_ndims($3) > 1 OR pg_catalog.array_lower($2, 1) <> 1 OR pg_catalog.array_lower($3, 1) <> 1",
			  3, types, values, NULL, 0);
	if (SPI_processed > 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_RANGE),
				 errmsg("%s and %s are no steps of a contract", upto, share),
				 errdetail("Steps rise, from %s on; shares are from 0 to 1.", margin),
				 errhint("Ratios are of the premium: 0.03 is 3%%."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, upto)));
}

static void
serious_contract_check(MoneyRow *row, const FundArea *area)
{
	(void) money_row_need(row, "party");
	(void) money_row_need(row, "doc_no");
	(void) money_row_need(row, "source");
	(void) money_row_int(row, "coverage_year", NULL);
	check_steps(row, area, "margin", "surplus_upto", "surplus_to_fund");
	check_steps(row, area, "loss_margin", "loss_upto", "loss_to_fund");
}

const RecordTable serious_contract_table = {
	RECORD_TABLE("serious_contract", "contract_id", "booked"),
	.before = serious_contract_check,
};
