/*
 * cash.c
 *	  Money between the fund's accounts, and the serious-illness premium.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "compat.h"
#include "core/split.h"
#include "errcodes.h"
#include "fund/budget.h"
#include "fund/hold.h"
#include "fund/money_row.h"
#include "fund/pending.h"
#include "trigger/entries.h"

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

static HeapTuple
move_before(MoneyRow *row, const FundArea *area)
{
	const char *kind = money_row_need(row, "kind");
	const char *from = money_row_need(row, "from_class");
	const char *to = money_row_need(row, "to_class");

	if (money_row_repeated(row, area,
						   "SELECT req_hash, booked_at FROM @schema@.cash_move WHERE move_id = $1"))
		return NULL;
	(void) money_row_fen(row, "amt", NULL);
	(void) money_row_date(row, "moved_on");
	if (strcmp(kind, "sweep") != 0 && strcmp(kind, "appropriation") != 0 &&
		strcmp(kind, "interest") != 0 && strcmp(kind, "advance_repaid") != 0 &&
		strcmp(kind, "allot") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FLOW),
				 errmsg("%s is no move between accounts", kind),
				 errhint("Kinds: sweep, appropriation, interest, allot, advance_repaid.")));
	if (strcmp(from, "outside") == 0 && strcmp(kind, "advance_repaid") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FLOW),
				 errmsg("%s does not come from outside", kind),
				 errhint("Money that comes in is a receipt.")));
	fund_flow(area, from, to, kind, money_row_date(row, "moved_on"));
	check_accounts(row, kind);
	if (strcmp(kind, "appropriation") == 0 && money_row_text(row, "form_id") == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_NULL),
				 errmsg("an appropriation names its approved form"),
				 errdetail("按支出预算和预拨审批表分季度划拨基金 (秦政办发〔2018〕84号 二(二))."),
				 errhint("Put the number of the 预拨审批表 into form_id.")));
	if (strcmp(kind, "appropriation") == 0)
		appropriation_form(area, money_row_text(row, "form_id"), money_row_need(row, "fund"),
						   money_row_fen(row, "amt", NULL), money_row_date(row, "moved_on"));
	money_row_fill(row, "journal_id", INT8OID, Int64GetDatum(fund_journal_id(area)));
	return money_row_finish(row, area, "booked_by", "booked_at");
}

/* What has been advanced for outside payers and not come back. */
static void
check_advance(const FundArea *area, const char *fund, const char *payer, Fen amount)
{
	Oid			types[2] = {TEXTOID, TEXTOID};
	Datum		values[2] = {CStringGetTextDatum(fund), CStringGetTextDatum(payer)};
	Fen			open;

	fund_exec(area,
			  "SELECT (-pg_catalog.sum(amount_fen))::pg_catalog.int8 FROM @schema@.entry "
			  "WHERE fund = $1 AND payer = $2 AND book = 'S' AND role = 'advance_paid'",
			  2, types, values, NULL, 0);
	open = fund_int8(0, 1, NULL);
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

static void
move_after(MoneyRow *row, const FundArea *area)
{
	const char *kind = money_row_text(row, "kind");
	const char *fund = money_row_text(row, "fund");
	const char *from = money_row_text(row, "from_class");
	const char *to = money_row_text(row, "to_class");
	const char *payer = money_row_text(row, "payer");
	bool		repaid = strcmp(kind, "advance_repaid") == 0;
	Fen			amount = money_row_fen(row, "amt", NULL);
	FundJournal journal = {0};
	FundVar		vars[4] = {
		{"from", fund_bank_role(from), 0},
		{"to", fund_bank_role(to), 0},
		{"payer", payer, 0},
		{"amount", NULL, amount},
	};

	money_row_check(row);
	journal.id = money_row_int8(row, "journal_id");
	journal.event = repaid ? "advance.repaid" : "move";
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
	if (strcmp(kind, "appropriation") == 0)
		appropriation_limits(area, money_row_text(row, "form_id"), fund, money_row_date(row, "moved_on"));
	fund_post(area, &journal, journal.event, vars, 4);
	fund_journal_close(area, &journal);
}

PG_FUNCTION_INFO_V1(yibao_t_cash_move);
Datum
yibao_t_cash_move(PG_FUNCTION_ARGS)
{
	MoneyRow	row;
	FundArea	area;
	HeapTuple	result = NULL;

	money_row_open(&row, fcinfo, "cash_move", "move_id");
	fund_enter(&area, row.td->tg_relation);
	if (money_row_before(&row))
		result = move_before(&row, &area);
	else
		move_after(&row, &area);
	fund_leave(&area);
	return PointerGetDatum(result);
}

/* ---- premium ----------------------------------------------------------------------------- */

/* What has been set aside for serious illness of a coverage year, and the heads it was trued up to (0: not). */
static Fen
set_aside_of(const FundArea *area, const char *insutype, int32 year, bool *trued_up)
{
	Oid			types[2] = {TEXTOID, INT4OID};
	Datum		values[2] = {CStringGetTextDatum(insutype), Int32GetDatum(year)};

	fund_exec(area,
			  "SELECT ((SELECT coalesce(pg_catalog.sum(serious_amt), 0) FROM @schema@.receipt r WHERE fund = 'resident' AND insutype = $1 AND coverage_year = $2 AND out_amt IS NOT NULL) "
			  "+ (SELECT coalesce(pg_catalog.sum(serious_amt), 0) FROM @schema@.next_year_income WHERE insutype = $1 AND coverage_year = $2) "
			  "- (SELECT coalesce(pg_catalog.sum(f.serious_amt), 0) FROM @schema@.refund f JOIN @schema@.receipt r ON r.receipt_id = f.receipt_id WHERE f.income AND r.insutype = $1 AND r.coverage_year = $2) "
			  "+ (SELECT coalesce(pg_catalog.sum(amt), 0) FROM @schema@.premium WHERE kind <> 'remit' AND insutype = $1 AND coverage_year = $2)) * 100, "
			  "EXISTS (SELECT FROM @schema@.premium WHERE kind = 'true_up' AND insutype = $1 AND coverage_year = $2)",
			  2, types, values, NULL, 0);
	*trued_up = DatumGetBool(fund_value(SPI_tuptable, 0, 2, BOOLOID));
	return DatumGetInt64(DirectFunctionCall1(numeric_int8, fund_value(SPI_tuptable, 0, 1, NUMERICOID)));
}

/* The approved head count times the amount a head. */
static Fen
premium_due(const MoneyRow *row, const CompiledPolicy *cp, int32 year)
{
	const FundPerHead *head = policy_per_head_for(cp, year);
	bool		headless;
	int32		heads = money_row_int(row, "heads", &headless);
	Fen			due;

	if (headless)
		(void) money_row_int(row, "heads", NULL);
	if (head == NULL || head->unknown)
		ereport(ERROR,
				(errcode(ERRCODE_YB_SPLIT),
				 errmsg("the policy gives no serious-illness amount a head for %d (fund.serious.per_head)", year),
				 errhint("Publish a policy that states it; the premium is heads times that amount.")));
	if (heads <= 0 || __builtin_mul_overflow(head->amount, (Fen) heads, &due) || due > FEN_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_RANGE),
				 errmsg("heads %d is no head count", heads),
				 errhint("It is the approved head count of the year.")));
	return due;
}

/* A column that may be negative. */
static Fen
signed_fen(const MoneyRow *row, const char *column)
{
	bool		isnull;
	Datum		value = money_row_datum(row, column, NUMERICOID, &isnull);

	if (isnull)
		return 0;
	if (DatumGetBool(DirectFunctionCall2(numeric_lt, value, fund_numeric(0))))
		return -fund_fen(DirectFunctionCall1(numeric_uminus, value), column);
	return fund_fen(value, column);
}

static HeapTuple
premium_before(MoneyRow *row, const FundArea *area)
{
	const char *kind = money_row_need(row, "kind");
	const char *insutype = money_row_need(row, "insutype");
	int32		year = money_row_int(row, "coverage_year", NULL);
	DateADT		day = money_row_date(row, "booked_on");
	bool		true_up = strcmp(kind, "true_up") == 0;
	Fen			amount = true_up ? signed_fen(row, "amt") : money_row_fen(row, "amt", NULL);
	char	   *policy_id = NULL;
	CompiledPolicy *cp;

	if (money_row_repeated(row, area,
						   "SELECT req_hash, booked_at FROM @schema@.premium WHERE premium_id = $1"))
		return NULL;
	cp = fund_policy_for_year(area, insutype, year, day, &policy_id);
	if (cp == NULL || cp->fund->serious == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_SPLIT),
				 errmsg("no policy of scheme %s says how serious illness is financed in coverage year %d", insutype, year),
				 errhint("Publish the policy of that year first (fund.split, fund.serious).")));
	money_row_fill_text(row, "policy_id", policy_id);

	if (true_up)
	{
		const FundSplit *rule = policy_split_for(cp, year);
		bool		before;
		Fen			out;

		amount = premium_due(row, cp, year) - set_aside_of(area, insutype, year, &before);
		out = split_share(amount < 0 ? -amount : amount, rule->outpatient,
						  rule->rounding == SPLIT_HALF_UP_OUTPATIENT ? SPLIT_ROUND_HALF_UP : SPLIT_ROUND_FLOOR);
		if (amount < 0)
			out = -out;
		money_row_fill_fen(row, "amt", amount);
		money_row_fill_fen(row, "out_amt", out);
		money_row_fill_fen(row, "ipt_amt", amount - out);
	}
	else if (strcmp(kind, "set_aside") == 0)
	{
		const FundSplit *rule = policy_split_for(cp, year);
		bool		no_out;
		bool		no_ipt;
		Fen			out = money_row_fen(row, "out_amt", &no_out);
		Fen			ipt = money_row_fen(row, "ipt_amt", &no_ipt);

		if (no_out && no_ipt)
			out = split_share(amount, rule->outpatient,
							  rule->rounding == SPLIT_HALF_UP_OUTPATIENT ? SPLIT_ROUND_HALF_UP : SPLIT_ROUND_FLOOR);
		else if (no_out)
			out = amount - ipt;
		ipt = no_ipt ? amount - out : ipt;
		if (out < 0 || ipt < 0 || out + ipt != amount)
			ereport(ERROR,
					(errcode(ERRCODE_YB_PARTS),
					 errmsg("out_amt %s and ipt_amt %s do not add up to amt %s",
							fund_yuan(out), fund_yuan(ipt), fund_yuan(amount)),
					 errhint("Correct the parts, or leave both out and they are filled.")));
		money_row_fill_fen(row, "out_amt", out);
		money_row_fill_fen(row, "ipt_amt", ipt);
	}
	else
	{
		if (cp->fund->serious->model == SERIOUS_NONE)
			ereport(ERROR,
					(errcode(ERRCODE_YB_SPLIT),
					 errmsg("the policy does not say whether the serious-illness part is remitted up or paid to an insurer"),
					 errhint("State fund.serious.model.")));
		if (cp->fund->serious->model == SERIOUS_SELF_RUN)
			ereport(ERROR,
					(errcode(ERRCODE_YB_FLOW),
					 errmsg("this fund runs serious-illness insurance itself: there is no premium to remit"),
					 errdetail("Policy %s: fund.serious.model is self_run.", policy_id),
					 errhint("Serious-illness benefits are settled and paid like the others.")));
		{
			const FundPerHead *head = policy_per_head_for(cp, year);
			bool		trued_up;

			(void) set_aside_of(area, insutype, year, &trued_up);
			if (head != NULL && !head->unknown && !trued_up)
				ereport(ERROR,
						(errcode(ERRCODE_YB_DOES_NOT_FIT),
						 errmsg("the premium of %d has not been trued up to the approved head count", year),
						 errdetail("在核准参保人数和缴费资金的基础上: it is the approved heads times the amount a head."),
						 errhint("Insert a premium of kind true_up with heads first.")));
		}
		if (policy_fund_choice(cp, "serious_subject") == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_YB_SPLIT),
					 errmsg("the policy of scheme %s for %d does not state fund.%s", insutype, year, "serious_subject"),
					 errdetail("How this is booked depends on it, and nothing is assumed."),
					 errhint("Publish a policy that states fund.%s.", "serious_subject")));
		fund_flow(area, "fiscal", "outside", "premium", day);
	}
	money_row_fill(row, "journal_id", INT8OID, Int64GetDatum(fund_journal_id(area)));
	return money_row_finish(row, area, "booked_by", "booked_at");
}

static void
take(const FundArea *area, const char *pool, Fen fen, const char *hint)
{
	if (fen > 0 && !fund_debit(area, pool, fen))
		fund_short(area, pool, fen, fund_lock_pool(area, pool), hint);
}

static void
premium_after(MoneyRow *row, const FundArea *area)
{
	bool		set_aside = strcmp(money_row_text(row, "kind"), "remit") != 0;
	Fen			amount = signed_fen(row, "amt");
	char	   *hold = money_row_text(row, "hold_id");
	char	   *id = money_row_text(row, "premium_id");
	FundJournal journal = {0};
	FundVar		vars[4] = {
		{"amount", NULL, amount},
		{"out", NULL, signed_fen(row, "out_amt")},
		{"ipt", NULL, signed_fen(row, "ipt_amt")},
		{"expense", NULL, 0},
	};

	money_row_check(row);
	journal.id = money_row_int8(row, "journal_id");
	journal.event = psprintf("premium.%s", money_row_text(row, "kind"));
	journal.key = id;
	journal.account_out = money_row_text(row, "account_id");
	journal.fund = FUND_RESIDENT;
	journal.effective_on = money_row_date(row, "booked_on");
	fund_journal_open(area, &journal);
	if (hold != NULL)
		hold_use(area, hold, "premium", id, set_aside ? "inpatient" : "serious", set_aside ? "outpatient" : NULL);
	if (set_aside && amount <= 0)
	{
		/* too much was set aside: it goes back, and only what is still there */
		fund_give_and_serve(area, "inpatient", -vars[2].amount);
		fund_give_and_serve(area, "outpatient", -vars[1].amount);
		take(area, "serious", -amount, gettext_noop("What has been remitted does not come back by truing up."));
	}
	else if (set_aside)
	{
		take(area, "inpatient", vars[2].amount, gettext_noop("Nothing is set aside that is not there."));
		take(area, "outpatient", vars[1].amount, gettext_noop("Nothing is set aside that is not there."));
		fund_give_and_serve(area, "serious", amount);
	}
	else
	{
		CompiledPolicy *cp = fund_policy_load(area, money_row_text(row, "policy_id"));

		vars[3].text = policy_fund_choice(cp, "serious_subject");
		fund_cash(area, FUND_RESIDENT, "fiscal", -amount);
		take(area, "serious", amount, gettext_noop("Only what was set aside is remitted: set it aside first (kind set_aside)."));
	}
	fund_post(area, &journal, journal.event, vars, 4);
	fund_journal_close(area, &journal);
}

PG_FUNCTION_INFO_V1(yibao_t_premium);
Datum
yibao_t_premium(PG_FUNCTION_ARGS)
{
	MoneyRow	row;
	FundArea	area;
	HeapTuple	result = NULL;

	money_row_open(&row, fcinfo, "premium", "premium_id");
	fund_enter(&area, row.td->tg_relation);
	if (money_row_before(&row))
		result = premium_before(&row, &area);
	else
		premium_after(&row, &area);
	fund_leave(&area);
	return PointerGetDatum(result);
}
