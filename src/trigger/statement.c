/*
 * statement.c
 *	  What the bank says, and what it is matched with.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "compat.h"
#include "errcodes.h"
#include "trigger/bank.h"

void
bank_need_account(const FundArea *area, const char *id)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(id)};

	fund_exec(area, "SELECT 1 FROM @schema@.bank_account WHERE account_id = $1", 1, types, values, NULL, 0);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("there is no account %s", id),
				 errhint("Table bank_account lists the accounts.")));
}

void
bank_not_zero(Fen amount)
{
	if (amount == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_RANGE),
				 errmsg("amt is zero"),
				 errhint("Give the amount in yuan.")));
}

Fen
bank_sum_fen(int col)
{
	bool		isnull;
	Datum		sum = fund_datum(SPI_tuptable, 0, col, NUMERICOID, &isnull);

	return isnull ? 0 : fund_fen(sum, "amt");
}

/* ---- lines and balances ---------------------------------------------------------------- */

static void
bank_line_fill(MoneyRow *row, const FundArea *area)
{
	money_row_fill_text(row, "line_id", psprintf("%s/%s", money_row_need(row, "account_id"),
												 money_row_need(row, "bank_ref")));
}

/* The money of another line that comes back: no more than went. */
static void
check_return(const MoneyRow *row, const FundArea *area, bool in, Fen amount)
{
	const char *ref = money_row_text(row, "returns_ref");
	Oid			types[2] = {TEXTOID, TEXTOID};
	Datum		values[2];
	Fen			whole;
	Fen			back;

	if (ref == NULL)
		return;
	values[0] = CStringGetTextDatum(money_row_text(row, "account_id"));
	values[1] = CStringGetTextDatum(ref);
	fund_exec(area, "SELECT direction, amt FROM @schema@.bank_statement_line WHERE account_id = $1 AND bank_ref = $2 FOR NO KEY UPDATE",
			  2, types, values, NULL, 0);
	if (SPI_processed == 0 || (strcmp(fund_need(0, 1), "in") == 0) == in)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("returns_ref %s is no line of account %s in the other direction", ref,
						money_row_text(row, "account_id")),
				 errhint("It is the bank_ref of the line whose money comes back; bring that one in first.")));
	whole = bank_sum_fen(2);
	fund_exec(area, "SELECT pg_catalog.sum(amt) FROM @schema@.bank_statement_line WHERE account_id = $1 AND returns_ref = $2",
			  2, types, values, NULL, FUND_LATEST);
	back = bank_sum_fen(1);
	if (amount > whole - back)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s comes back of line %s, which has %s left", fund_yuan(amount), ref, fund_yuan(whole - back)),
				 errhint("No more comes back than went.")));
}

static void
bank_line_check(MoneyRow *row, const FundArea *area)
{
	const char *direction = money_row_need(row, "direction");
	Fen			amount = money_row_fen(row, "amt", NULL);
	bool		in = strcmp(direction, "in") == 0;

	bank_not_zero(amount);
	(void) money_row_date(row, "value_date");
	(void) bank_bool(row, "charge");
	if (!in && strcmp(direction, "out") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_UNKNOWN_CODE),
				 errmsg("direction %s is not known", direction),
				 errhint("in: the account receives it; out: the account pays it.")));
	bank_need_account(area, money_row_need(row, "account_id"));
	check_return(row, area, in, amount);
}

const RecordTable bank_statement_line_table = {
	RECORD_TABLE("bank_statement_line", "line_id", "booked"),
	.fill = bank_line_fill,
	.before = bank_line_check,
};

static void
bank_balance_fill(MoneyRow *row, const FundArea *area)
{
	money_row_fill_text(row, "balance_id", psprintf("%s/%s", money_row_need(row, "account_id"),
													fund_day(money_row_date(row, "on_date"))));
}

static void
bank_balance_check(MoneyRow *row, const FundArea *area)
{
	const char *id = money_row_need(row, "account_id");
	DateADT		day = money_row_date(row, "on_date");
	Fen			amount = money_row_fen(row, "amt", NULL);
	Oid			types[2] = {TEXTOID, DATEOID};
	Datum		values[2] = {CStringGetTextDatum(id), DateADTGetDatum(day)};
	Fen			booked;

	bank_need_account(area, id);
	if (!bank_bool(row, "starts"))
		return;
	fund_exec(area,
			  "SELECT coalesce(pg_catalog.sum(amount_fen), 0)::pg_catalog.int8 FROM @schema@.bank_movement WHERE account_id = $1 AND effective_on <= $2",
			  2, types, values, NULL, 0);
	booked = fund_int8(0, 1, NULL);
	if (booked != amount)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("account %s is no starting point on %s: the bank has %s, the books have %s", id, fund_day(day),
						fund_yuan(amount), fund_yuan(booked)),
				 errhint("Start on a day on which they agree, or bring in the lines of the bank from the beginning.")));
}

const RecordTable bank_balance_table = {
	RECORD_TABLE("bank_balance", "balance_id", "booked"),
	.fill = bank_balance_fill,
	.before = bank_balance_check,
};

/* ---- matching ----------------------------------------------------------------------------- */

/* Takes a match back: the same, with the amount turned round. */
static void
match_reversal(MoneyRow *row, const FundArea *area, const char *reverses)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(reverses)};
	char	   *line_id;
	Datum		journal;
	Datum		line;
	Fen			amount;

	fund_exec(area,
			  "SELECT t.line_id, t.journal_id, t.line, pg_catalog.abs(t.amt), t.reverses IS NOT NULL OR EXISTS ("
			  "SELECT FROM @schema@.bank_match z WHERE z.reverses = t.match_id) "
			  "FROM @schema@.bank_match t WHERE t.match_id = $1",
			  1, types, values, NULL, 0);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("there is no match %s to take back", reverses),
				 errhint("Give the match_id of one in bank_match.")));
	if (DatumGetBool(fund_value(SPI_tuptable, 0, 5, BOOLOID)))
		ereport(ERROR,
				(errcode(ERRCODE_YB_REVERSED),
				 errmsg("match %s is taken back already, or takes back another", reverses),
				 errhint("Match anew under a new key.")));
	line_id = fund_need(0, 1);
	journal = fund_value(SPI_tuptable, 0, 2, INT8OID);
	line = fund_value(SPI_tuptable, 0, 3, INT4OID);
	amount = bank_sum_fen(4);
	money_row_fill_text(row, "line_id", line_id);
	money_row_fill(row, "journal_id", INT8OID, journal);
	money_row_fill(row, "line", INT4OID, line);
	money_row_fill_fen(row, "amt", -amount);
}

static void
does_not_fit(const char *what, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_DOES_NOT_FIT),
			 errmsg("the entry and the bank's line cannot be matched: %s", what),
			 errhint("%s", _(hint))));
}

static void
bank_match_check(MoneyRow *row, const FundArea *area)
{
	const char *reverses = money_row_text(row, "reverses");
	const char *id;
	Oid			line_types[1] = {TEXTOID};
	Datum		line_values[1];
	Oid			entry_types[2] = {INT8OID, INT4OID};
	Datum		entry_values[2];
	char	   *account;
	char	   *booked_in;
	bool		in;
	bool		isnull;
	Fen			line_open;
	Fen			entry_open;
	Fen			entry_amount;
	Fen			amount;

	if (reverses != NULL)
	{
		match_reversal(row, area, reverses);
		return;
	}
	id = money_row_need(row, "line_id");
	line_values[0] = CStringGetTextDatum(id);
	fund_exec(area, "SELECT account_id, direction, amt, charge FROM @schema@.bank_statement_line WHERE line_id = $1 FOR NO KEY UPDATE",
			  1, line_types, line_values, NULL, 0);
	if (SPI_processed == 0)
		does_not_fit(psprintf(_("there is no line %s"), id), gettext_noop("A line_id is account_id/bank_ref (bank_statement_line)."));
	account = fund_need(0, 1);
	in = strcmp(fund_need(0, 2), "in") == 0;
	line_open = bank_sum_fen(3);
	if (DatumGetBool(fund_value(SPI_tuptable, 0, 4, BOOLOID)))
		ereport(ERROR,
				(errcode(ERRCODE_YB_FLOW),
				 errmsg("line %s is a bank charge, which no fund bears", id),
				 errdetail("It stays a difference of the account until it is made good (view bank_charge)."),
				 errhint("Have the bank, or who bears it, put the money back.")));

	entry_values[0] = Int64GetDatum(money_row_int8(row, "journal_id"));
	entry_values[1] = Int32GetDatum(money_row_int(row, "line", NULL));
	fund_exec(area,
			  "SELECT e.amount_fen, (SELECT m.account_id FROM @schema@.bank_movement m WHERE m.journal_id = e.journal_id AND m.line = e.line) "
			  "FROM @schema@.entry e WHERE e.journal_id = $1 AND e.line = $2 FOR NO KEY UPDATE OF e",
			  2, entry_types, entry_values, NULL, 0);
	if (SPI_processed == 0)
		does_not_fit(psprintf(_("there is no entry %lld %d"), (long long) DatumGetInt64(entry_values[0]), DatumGetInt32(entry_values[1])),
					 gettext_noop("View bank_movement lists the entries of accounts."));
	entry_amount = fund_int8(0, 1, NULL);
	booked_in = fund_text(0, 2);
	if (booked_in == NULL || strcmp(booked_in, account) != 0)
		does_not_fit(psprintf(_("the line is of account %s, the entry of %s"), account, booked_in == NULL ? "-" : booked_in),
					 gettext_noop("Both are of one account; view bank_movement says which account an entry is of."));
	if ((entry_amount > 0) != in)
		does_not_fit(in ? _("the bank received it, the books paid it") : _("the bank paid it, the books received it"),
					 gettext_noop("Money that came back is booked by an entry of its own."));

	fund_exec(area, "SELECT pg_catalog.sum(amt) FROM @schema@.bank_match WHERE line_id = $1", 1, line_types, line_values, NULL, FUND_LATEST);
	line_open -= bank_sum_fen(1);
	fund_exec(area, "SELECT pg_catalog.sum(amt) FROM @schema@.bank_match WHERE journal_id = $1 AND line = $2", 2, entry_types, entry_values, NULL, FUND_LATEST);
	entry_open = (entry_amount > 0 ? entry_amount : -entry_amount) - bank_sum_fen(1);
	amount = money_row_fen(row, "amt", &isnull);
	if (isnull)
	{
		amount = line_open < entry_open ? line_open : entry_open;
		if (amount > 0)
			money_row_fill_fen(row, "amt", amount);
	}
	else
		bank_not_zero(amount);
	if (amount <= 0 || amount > line_open || amount > entry_open)
		does_not_fit(psprintf(_("%s, where %s of the line and %s of the entry are open"), fund_yuan(amount),
							  fund_yuan(line_open), fund_yuan(entry_open)),
					 gettext_noop("Match no more than is open on both sides; leave amt out and it is filled."));
}

const RecordTable bank_match_table = {
	RECORD_TABLE("bank_match", "match_id", "booked"),
	.before = bank_match_check,
};
