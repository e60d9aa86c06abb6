/*
 * transit.c
 *	  Money on its way: what the tax office collected, subsidies due, interest.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "compat.h"
#include "errcodes.h"
#include "trigger/bank.h"
#include "trigger/headcount.h"

/* ---- what the tax office collected ----------------------------------------------------- */

static void
tax_batch_check(MoneyRow *row, const FundArea *area)
{
	bank_not_zero(money_row_fen(row, "amt", NULL));
	(void) money_row_need(row, "channel");
	(void) money_row_need(row, "insutype");
	(void) money_row_date(row, "collected_on");
	(void) money_row_int(row, "coverage_year", NULL);
	if (money_row_int(row, "heads", NULL) <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_RANGE),
				 errmsg("heads %d is not above zero", money_row_int(row, "heads", NULL)),
				 errhint("It is how many persons paid.")));
}

const RecordTable tax_batch_table = {
	RECORD_TABLE("tax_batch", "batch_id", "booked"),
	.before = tax_batch_check,
};

static void
tax_person_fill(MoneyRow *row, const FundArea *area)
{
	money_row_fill_text(row, "person_id", psprintf("%s/%s", money_row_need(row, "batch_id"),
												   money_row_need(row, "psn_no")));
}

static void
no_batch(const char *id)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_DOES_NOT_FIT),
			 errmsg("there is no batch %s", id),
			 errhint("Insert it into tax_batch first.")));
}

static void
tax_person_check(MoneyRow *row, const FundArea *area)
{
	const char *batch = money_row_need(row, "batch_id");
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(batch)};

	bank_not_zero(money_row_fen(row, "amt", NULL));
	fund_exec(area, "SELECT 1 FROM @schema@.tax_batch WHERE batch_id = $1", 1, types, values, NULL, 0);
	if (SPI_processed == 0)
		no_batch(batch);
}

const RecordTable tax_person_table = {
	RECORD_TABLE("tax_person", "person_id", "booked"),
	.fill = tax_person_fill,
	.before = tax_person_check,
};

static void
no_step(const char *what, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_DOES_NOT_FIT),
			 errmsg("this is no step of the batch's money: %s", what),
			 errhint("%s", _(hint))));
}

/* What of the receipt or sweep belongs to no batch yet. */
static Fen
receipt_open(const FundArea *area, const char *id, const Datum batch[3])
{
	Oid			types[4] = {TEXTOID, TEXTOID, INT4OID, DATEOID};
	Datum		values[4] = {CStringGetTextDatum(id), batch[0], batch[1], batch[2]};
	Fen			amount;

	fund_exec(area,
			  "SELECT amt, kind = 'contribution' AND fund = 'resident' AND insutype = $2 AND coverage_year = $3 AND received_on >= $4 "
			  "FROM @schema@.receipt WHERE receipt_id = $1 FOR NO KEY UPDATE",
			  4, types, values, NULL, 0);
	if (SPI_processed == 0 || !DatumGetBool(fund_value(SPI_tuptable, 0, 2, BOOLOID)))
		no_step(psprintf(_("receipt %s is none of contributions of its scheme and coverage year, on or after the day of collection"), id),
				gettext_noop("Give the receipt by which the treasury, income or fiscal account received it."));
	amount = bank_sum_fen(1);
	fund_exec(area, "SELECT pg_catalog.sum(amt) FROM @schema@.tax_step WHERE receipt_id = $1", 1, types, values, NULL, FUND_LATEST);
	return amount - bank_sum_fen(1);
}

static Fen
move_open(const FundArea *area, const char *id, Datum collected_on, char **from)
{
	Oid			types[2] = {TEXTOID, DATEOID};
	Datum		values[2] = {CStringGetTextDatum(id), collected_on};
	Fen			amount;

	fund_exec(area,
			  "SELECT amt, kind = 'sweep' AND to_class = 'fiscal' AND fund = 'resident' AND moved_on >= $2, from_class "
			  "FROM @schema@.cash_move WHERE move_id = $1 FOR NO KEY UPDATE",
			  2, types, values, NULL, 0);
	if (SPI_processed == 0 || !DatumGetBool(fund_value(SPI_tuptable, 0, 2, BOOLOID)))
		no_step(psprintf(_("move %s is no sweep into the fiscal account, on or after the day of collection"), id),
				gettext_noop("Give the sweep by which the fiscal account received it."));
	amount = bank_sum_fen(1);
	*from = fund_need(0, 3);
	fund_exec(area, "SELECT pg_catalog.sum(amt) FROM @schema@.tax_step WHERE move_id = $1", 1, types, values, NULL, FUND_LATEST);
	return amount - bank_sum_fen(1);
}

static void
tax_step_check(MoneyRow *row, const FundArea *area)
{
	const char *id = money_row_need(row, "batch_id");
	const char *receipt = money_row_text(row, "receipt_id");
	const char *move = money_row_text(row, "move_id");
	Oid			types[2] = {TEXTOID, TEXTOID};
	Datum		values[2] = {CStringGetTextDatum(id), (Datum) 0};
	Datum		batch[3];
	Fen			collected;
	Fen			came_in;
	Fen			open;
	Fen			left;
	Fen			amount;
	bool		isnull;

	if ((receipt == NULL) == (move == NULL))
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_NULL),
				 errmsg("a step names a receipt or a move, one of the two"),
				 errhint("receipt_id where the money came in, move_id where it went on to the fiscal account.")));
	fund_exec(area, "SELECT amt, insutype, coverage_year, collected_on FROM @schema@.tax_batch WHERE batch_id = $1 FOR NO KEY UPDATE",
			  1, types, values, NULL, 0);
	if (SPI_processed == 0)
		no_batch(id);
	collected = bank_sum_fen(1);
	batch[0] = CStringGetTextDatum(fund_need(0, 2));
	batch[1] = fund_value(SPI_tuptable, 0, 3, INT4OID);
	batch[2] = fund_value(SPI_tuptable, 0, 4, DATEOID);
	fund_exec(area, "SELECT pg_catalog.sum(amt) FROM @schema@.tax_step WHERE batch_id = $1 AND receipt_id IS NOT NULL", 1, types, values, NULL, FUND_LATEST);
	came_in = bank_sum_fen(1);
	if (receipt != NULL)
	{
		left = collected - came_in;
		open = receipt_open(area, receipt, batch);
	}
	else
	{
		char	   *from;

		open = move_open(area, move, batch[2], &from);
		/* only what came into the account that is swept, and has not left it */
		values[1] = CStringGetTextDatum(from);
		fund_exec(area,
				  "SELECT (SELECT pg_catalog.sum(t.amt) FROM @schema@.tax_step t JOIN @schema@.receipt r ON r.receipt_id = t.receipt_id "
				  "WHERE t.batch_id = $1 AND r.account = $2), "
				  "(SELECT pg_catalog.sum(t.amt) FROM @schema@.tax_step t JOIN @schema@.cash_move m ON m.move_id = t.move_id "
				  "WHERE t.batch_id = $1 AND m.from_class = $2)",
				  2, types, values, NULL, 0);
		left = bank_sum_fen(1) - bank_sum_fen(2);
	}
	amount = money_row_fen(row, "amt", &isnull);
	if (isnull)
	{
		amount = left < open ? left : open;
		if (amount > 0)
			money_row_fill_fen(row, "amt", amount);
	}
	else
		bank_not_zero(amount);
	if (amount <= 0 || amount > left || amount > open)
		no_step(psprintf(_("%s, where %s of the batch and %s of what is named are open"), fund_yuan(amount),
						 fund_yuan(left), fund_yuan(open)),
				gettext_noop("No more goes on than came before; leave amt out and it is filled."));
}

const RecordTable tax_step_table = {
	RECORD_TABLE("tax_step", "step_id", "booked"),
	.before = tax_step_check,
};

/* ---- subsidies and interest ------------------------------------------------------------- */

static void
subsidy_due_check(MoneyRow *row, const FundArea *area)
{
	Oid			types[3] = {INT4OID, NUMERICOID, NUMERICOID};
	Datum		values[3];
	const char *replaces = money_row_text(row, "replaces");
	bool		isnull;
	Fen			standard = money_row_fen(row, "standard", NULL);
	const char *insutype = money_row_need(row, "insutype");
	int32		year = money_row_int(row, "coverage_year", NULL);
	char	   *policy_id;

	bank_not_zero(standard);
	headcount_take(row, area, insutype, year,
				   fund_policy_for_year(area, insutype, year, money_row_date(row, "due_on"), &policy_id));
	values[0] = Int32GetDatum(money_row_int(row, "heads", NULL));
	values[1] = fund_numeric(standard);
	values[2] = money_row_datum(row, "share", NUMERICOID, &isnull);
	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_NULL),
				 errmsg("%s is empty", "share"),
				 errhint("Give %s.", "share")));
	(void) money_row_need(row, "gov_level");
	(void) money_row_need(row, "doc_no");
	(void) money_row_need(row, "source");
	(void) money_row_need(row, "trust");
	fund_exec(area, "SELECT $1 * $2 * $3", 3, types, values, NULL, 0);
	/* not a whole number of fen is an error, never rounded: YB001 */
	money_row_fill_fen(row, "amt", fund_fen(fund_value(SPI_tuptable, 0, 1, NUMERICOID), "heads x standard x share"));
	if (replaces != NULL)
	{
		Oid			text_types[4] = {TEXTOID, TEXTOID, TEXTOID, INT4OID};
		Datum		text_values[4] = {CStringGetTextDatum(replaces), CStringGetTextDatum(money_row_text(row, "insutype")),
		CStringGetTextDatum(money_row_text(row, "gov_level")), Int32GetDatum(money_row_int(row, "coverage_year", NULL))};

		fund_exec(area,
				  "SELECT 1 FROM @schema@.subsidy_due d WHERE d.due_id = $1 AND d.insutype = $2 AND d.gov_level = $3 AND d.coverage_year = $4 "
				  "AND NOT EXISTS (SELECT FROM @schema@.subsidy_due z WHERE z.replaces = d.due_id)",
				  4, text_types, text_values, NULL, 0);
		if (SPI_processed == 0)
			ereport(ERROR,
					(errcode(ERRCODE_YB_DOES_NOT_FIT),
					 errmsg("%s is no subsidy due of the same scheme, year and level that still counts", replaces),
					 errhint("Name the row that is corrected; of a chain of corrections the last.")));
	}
}

const RecordTable subsidy_due_table = {
	RECORD_TABLE("subsidy_due", "due_id", "booked"),
	.before = subsidy_due_check,
};

static void
interest_rate_check(MoneyRow *row, const FundArea *area)
{
	bank_need_account(area, money_row_need(row, "account_id"));
	(void) money_row_date(row, "valid_from");
	(void) money_row_int(row, "basis", NULL);
	(void) money_row_need(row, "source");
	(void) money_row_need(row, "trust");
}

const RecordTable interest_rate_table = {
	RECORD_TABLE("interest_rate", "rate_id", "booked"),
	.before = interest_rate_check,
};

static void
interest_period_check(MoneyRow *row, const FundArea *area)
{
	bank_need_account(area, money_row_need(row, "account_id"));
	if (money_row_date(row, "to_on") <= money_row_date(row, "from_on"))
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("to_on %s is not after from_on %s", fund_day(money_row_date(row, "to_on")),
						fund_day(money_row_date(row, "from_on"))),
				 errhint("from_on is the first day that earns interest, to_on the day on which it is settled.")));
}

const RecordTable interest_period_table = {
	RECORD_TABLE("interest_period", "check_id", "booked"),
	.before = interest_period_check,
};
