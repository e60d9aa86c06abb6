/*
 * cash.c
 *	  Money between the fund's accounts.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/budget.h"
#include "fund/pending.h"
#include "trigger/entries.h"
#include "trigger/record.h"

/* ---- cash_move ------------------------------------------------------------------------- */

/* Between accounts of one class both are named, and are two. */
static void
check_accounts(const MoneyRow *row, const char *kind)
{
	const char *from;
	const char *to;

	if (strcmp(kind, "allot") != 0)
		return;
	from = money_row_need(row, "from_account");
	to = money_row_need(row, "to_account");
	if (strcmp(from, to) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FLOW),
				 errmsg("account %s cannot allot money to itself", from),
				 errhint("Name the other agency's account in to_account.")));
}

/* A form that is named where none pays would be taken from the one that it does pay. */
static void
no_use(const MoneyRow *row, const char *kind, const char *column)
{
	if (money_row_text(row, column) != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("a move of kind %s has no use for %s", kind, column),
				 errhint("Leave %s out.", column),
				 err_generic_string(PG_DIAG_COLUMN_NAME, column)));
}

static void
move_before(MoneyRow *row, const FundArea *area)
{
	const char *kind = money_row_need(row, "kind");
	const char *from = money_row_need(row, "from_class");
	const char *to = money_row_need(row, "to_class");

	(void) money_row_date(row, "moved_on");
	if (money_row_fen(row, "amt", NULL) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_RANGE),
				 errmsg("amt is zero"),
				 errhint("A move has an amount.")));
	if (strcmp(kind, "sweep") != 0 && strcmp(kind, "appropriation") != 0 &&
		strcmp(kind, "interest") != 0 && strcmp(kind, "advance_repaid") != 0 &&
		strcmp(kind, "allot") != 0 && strcmp(kind, "penalty_withheld") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FLOW),
				 errmsg("%s is no move between accounts", kind),
				 errhint("Kinds: sweep, appropriation, interest, penalty_withheld, allot, advance_repaid.")));
	if (strcmp(from, "outside") == 0 && strcmp(kind, "advance_repaid") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FLOW),
				 errmsg("%s does not come from outside", kind),
				 errhint("Money that comes in is a receipt.")));
	fund_flow(area, from, to, kind, money_row_date(row, "moved_on"));
	check_accounts(row, kind);
	if (strcmp(kind, "appropriation") == 0 && (money_row_text(row, "form_id") == NULL || fund_blank(money_row_text(row, "form_id"))))
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_NULL),
				 errmsg("an appropriation names its approved form"),
				 errdetail("按支出预算和预拨审批表分季度划拨基金 (秦政办发〔2018〕84号 二(二))."),
				 errhint("Put the number of the 预拨审批表 into form_id.")));
	if (strcmp(kind, "appropriation") != 0)
		no_use(row, kind, "form_id");
	if (strcmp(kind, "advance_repaid") == 0)
	{
		(void) money_row_need(row, "payer");
		no_use(row, kind, "from_account");
	}
	if (strcmp(kind, "appropriation") == 0)
		appropriation_form(area, money_row_text(row, "form_id"), money_row_need(row, "fund"),
						   money_row_fen(row, "amt", NULL), money_row_date(row, "moved_on"));
	money_row_fill(row, "journal_id", INT8OID, Int64GetDatum(fund_journal_id(area)));
}

/* What stands open in a role of book S; of the payer, where there is one. */
static Fen
open_in(const FundArea *area, const char *fund, const char *role, const char *payer)
{
	Oid			types[3] = {TEXTOID, TEXTOID, TEXTOID};
	Datum		values[3];
	char		nulls[4] = "   ";

	fund_texts(3, (const char *const[]) {fund, role, payer}, values, nulls);
	fund_exec(area,
			  "SELECT (-pg_catalog.sum(amount_fen))::pg_catalog.int8 FROM @schema@.entry "
			  "WHERE fund = $1 AND book = 'S' AND role = $2 AND ($3 IS NULL OR payer = $3)",
			  3, types, values, nulls, 0);
	return fund_int8(0, 1, NULL);
}

/* What has been advanced for outside payers and not come back. */
static void
check_advance(const FundArea *area, const char *fund, const char *payer, Fen amount)
{
	Fen			open = open_in(area, fund, "advance_paid", payer);

	if (amount > open)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s repays %s, but %s is advanced for it", payer, fund_yuan(amount), fund_yuan(open)),
				 errhint("What comes beyond the advances is another kind of receipt.")));
}

/* What the expenditure account has earned in interest and not handed over. */
static void
check_interest(const FundArea *area, const char *fund, Fen amount)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(fund)};
	Fen			earned;
	bool		isnull;

	fund_exec(area,
			  "SELECT ((SELECT coalesce(pg_catalog.sum(amt), 0) FROM @schema@.receipt WHERE fund = $1 AND kind = 'interest' AND account = 'expenditure') "
			  "- (SELECT coalesce(pg_catalog.sum(amt), 0) FROM @schema@.cash_move WHERE fund = $1 AND kind = 'interest')) * 100",
			  1, types, values, NULL, 0);
	/* this move is counted already */
	earned = DatumGetInt64(DirectFunctionCall1(numeric_int8,
											   fund_datum(SPI_tuptable, 0, 1, NUMERICOID, &isnull)));
	if (earned < 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FLOW),
				 errmsg("%s is more than the interest that the expenditure account has earned and not handed over, %s",
						fund_yuan(amount), fund_yuan(earned + amount)),
				 errdetail("支出户只划拨该账户资金利息收入 (秦政办发〔2018〕84号 二(二))."),
				 errhint("Hand over at most what was earned; interest is booked as a receipt of kind interest.")));
}

/* What was withheld of penalties and has not gone to the fiscal account. */
static void
check_penalties(const FundArea *area, const char *fund, Fen amount)
{
	Fen			open = open_in(area, fund, "penalty_to_move", NULL);

	if (amount > open)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s is more than was withheld of penalties and is to be moved, %s", fund_yuan(amount), fund_yuan(open)),
				 errhint("View penalty_withheld lists it.")));
}

static void
move_after(MoneyRow *row, const FundArea *area)
{
	const char *kind = money_row_text(row, "kind");
	const char *fund = money_row_text(row, "fund");
	const char *from = money_row_text(row, "from_class");
	const char *to = money_row_text(row, "to_class");
	const char *payer = money_row_text(row, "payer");
	bool		repaid = strcmp(kind, "advance_repaid") == 0;
	bool		penalty = strcmp(kind, "penalty_withheld") == 0;
	Fen			amount = money_row_fen(row, "amt", NULL);
	FundJournal journal = {0};
	FundVar		vars[4] = {
		{"from", fund_bank_role(from), 0},
		{"to", fund_bank_role(to), 0},
		{"payer", payer, 0},
		{"amount", NULL, amount},
	};

	journal.id = money_row_int8(row, "journal_id");
	journal.event = repaid ? "advance.repaid" : penalty ? "move.penalty_withheld" : "move";
	journal.key = money_row_text(row, "move_id");
	journal.account_in = money_row_text(row, "to_account");
	journal.account_out = money_row_text(row, "from_account");
	journal.fund = fund;
	journal.effective_on = money_row_date(row, "moved_on");
	fund_journal_open(area, &journal);

	if (repaid)
		fund_cash(area, fund, to, amount);
	else if (strcmp(from, to) < 0)
	{
		fund_cash(area, fund, from, -amount);
		fund_cash(area, fund, to, amount);
	}
	else
	{
		fund_cash(area, fund, to, amount);
		fund_cash(area, fund, from, -amount);
	}
	if (repaid)
		check_advance(area, fund, payer, amount);
	if (strcmp(kind, "interest") == 0)
		check_interest(area, fund, amount);
	if (penalty)
		check_penalties(area, fund, amount);
	if (strcmp(kind, "appropriation") == 0)
		appropriation_limits(area, money_row_text(row, "form_id"), fund, money_row_date(row, "moved_on"));
	fund_post(area, &journal, journal.event, vars, 4);
	fund_journal_close(area, &journal);
}

static const RecordTable cash_move_table = {
	RECORD_TABLE("cash_move", "move_id", "booked"),
	.before = move_before,
	.after = move_after,
};

PG_FUNCTION_INFO_V1(yibao_t_cash_move);
Datum
yibao_t_cash_move(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &cash_move_table);
}
