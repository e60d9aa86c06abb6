/*
 * premium.c
 *	  The serious-illness premium: set aside from the pools, trued up to the
 *	  approved head count, and remitted when another login approves it.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"

#include "claim/amount.h"
#include "compat.h"
#include "core/split.h"
#include "errcodes.h"
#include "fund/approval.h"
#include "fund/hold.h"
#include "fund/pending.h"
#include "trigger/entries.h"
#include "trigger/headcount.h"
#include "trigger/record.h"

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
			  2, types, values, NULL, FUND_LATEST);
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

/*
 * One true-up of a scheme at a time: two would each add the whole difference.
 * All have the scheme's first policy in common.
 */
static void
lock_true_up(const FundArea *area, const char *insutype)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(insutype)};

	fund_exec(area, "SELECT 1 FROM @schema@.policy WHERE insutype = $1 ORDER BY policy_id FOR NO KEY UPDATE",
			  1, types, values, NULL, 0);
}

/* yibao.premium_ok(kind, coverage_year, amt, heads, out_amt, ipt_amt): the CHECK of the table */
PG_FUNCTION_INFO_V1(yibao_premium_ok);
Datum
yibao_premium_ok(PG_FUNCTION_ARGS)
{
	static const int amounts[] = {2, 4, 5};	/* amt, out_amt, ipt_amt */
	text	   *name = PG_ARGISNULL(0) ? NULL : PG_GETARG_TEXT_PP(0);
	char	   *kind = name == NULL ? NULL : text_to_cstring(name);
	bool		true_up = kind != NULL && strcmp(kind, "true_up") == 0;
	Fen			fen[lengthof(amounts)];
	bool		parts = true;

	if (kind != NULL && !true_up && strcmp(kind, "set_aside") != 0 && strcmp(kind, "remit") != 0)
		PG_RETURN_BOOL(false);
	if (!PG_ARGISNULL(1) && (PG_GETARG_INT32(1) < 2000 || PG_GETARG_INT32(1) > 2999))
		PG_RETURN_BOOL(false);
	if (PG_ARGISNULL(3) ? true_up : PG_GETARG_INT32(3) <= 0)
		PG_RETURN_BOOL(false);
	for (int i = 0; i < (int) lengthof(amounts); i++)
	{
		AmountFault fault;

		if (PG_ARGISNULL(amounts[i]))
		{
			parts = false;
			continue;
		}
		fault = amount_from_numeric(PG_GETARG_DATUM(amounts[i]), &fen[i]);
		if (fault == AMOUNT_NEGATIVE && true_up)
		{
			fault = amount_from_numeric(DirectFunctionCall1(numeric_uminus, PG_GETARG_DATUM(amounts[i])), &fen[i]);
			fen[i] = -fen[i];
		}
		if (fault != AMOUNT_OK || (i == 0 && fen[i] == 0 && !true_up))
			PG_RETURN_BOOL(false);
	}
	PG_RETURN_BOOL(!parts || strcmp(kind == NULL ? "" : kind, "remit") == 0 || fen[1] + fen[2] == fen[0]);
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

static void
no_use(const MoneyRow *row, const char *kind, const char *column)
{
	if (!row->nulls[SPI_fnumber(row->desc, column) - 1])
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("a premium of kind %s has no use for %s", kind, column),
				 errhint("Leave %s out.", column),
				 err_generic_string(PG_DIAG_COLUMN_NAME, column)));
}

static void
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

	if (amount == 0 && !true_up)
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_RANGE),
				 errmsg("amt is zero"),
				 errhint("A premium has an amount.")));
	if (strcmp(kind, "remit") == 0)
	{
		no_use(row, kind, "out_amt");
		no_use(row, kind, "ipt_amt");
	}
	else
		no_use(row, kind, "account_id");
	cp = fund_policy_for_year(area, insutype, year, day, &policy_id);
	if (cp == NULL || cp->fund->serious == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_SPLIT),
				 errmsg("no policy of scheme %s says how serious illness is financed in coverage year %d", insutype, year),
				 errhint("Publish the policy of that year first (fund.split, fund.serious).")));
	money_row_fill_text(row, "policy_id", policy_id);
	if (money_row_text(row, "hold_id") != NULL)
		hold_check(area, money_row_text(row, "hold_id"));

	if (true_up)
	{
		const FundSplit *rule = policy_split_for(cp, year);
		bool		before;
		Fen			out;

		lock_true_up(area, insutype);
		headcount_take(row, area, insutype, year, cp);
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
	Fen			amount = signed_fen(row, "amt");
	char	   *hold = money_row_text(row, "hold_id");
	char	   *id = money_row_text(row, "premium_id");
	FundJournal journal = {0};
	FundVar		vars[3] = {
		{"amount", NULL, amount},
		{"out", NULL, signed_fen(row, "out_amt")},
		{"ipt", NULL, signed_fen(row, "ipt_amt")},
	};

	if (strcmp(money_row_text(row, "kind"), "remit") == 0)
		return;					/* when it is approved */
	journal.id = money_row_int8(row, "journal_id");
	journal.event = psprintf("premium.%s", money_row_text(row, "kind"));
	journal.key = id;
	journal.account_out = money_row_text(row, "account_id");
	journal.fund = FUND_RESIDENT;
	journal.effective_on = money_row_date(row, "booked_on");
	if (amount != 0)
		fund_journal_open(area, &journal);
	if (hold != NULL)
		hold_use(area, hold, "premium", id, "inpatient", "outpatient");
	if (amount == 0)
		return;					/* trued up, and nothing to book */
	if (amount < 0)
	{
		/* too much was set aside: it goes back, and only what is still there */
		fund_give_and_serve(area, "inpatient", -vars[2].amount);
		fund_give_and_serve(area, "outpatient", -vars[1].amount);
		take(area, "serious", -amount, gettext_noop("What has been remitted does not come back by truing up."));
	}
	else
	{
		take(area, "inpatient", vars[2].amount, gettext_noop("Nothing is set aside that is not there."));
		take(area, "outpatient", vars[1].amount, gettext_noop("Nothing is set aside that is not there."));
		fund_give_and_serve(area, "serious", amount);
	}
	fund_post(area, &journal, journal.event, vars, 3);
	fund_journal_close(area, &journal);
}

static const RecordTable premium_table = {
	RECORD_TABLE("premium", "premium_id", "booked"),
	.before = premium_before,
	.after = premium_after,
};

PG_FUNCTION_INFO_V1(yibao_t_premium);
Datum
yibao_t_premium(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &premium_table);
}

/* ---- premium_approval ------------------------------------------------------------------------ */

typedef struct Premium
{
	char	   *id;
	char	   *kind;
	Fen			amount;
	DateADT		booked_on;
	char	   *policy_id;
	char	   *hold;
	char	   *account;
	int64		journal_id;
	char	   *by;
} Premium;

static void
load_premium(const FundArea *area, const char *id, Premium *p)
{
	bool		isnull;

	approval_find(area, gettext_noop("premium"), "premium", id,
				  "SELECT premium_id, kind, amt, booked_on, policy_id, hold_id, account_id, journal_id, booked_by "
				  "FROM @schema@.premium WHERE premium_id = $1");
	p->id = fund_need(0, 1);
	p->kind = fund_need(0, 2);
	if (strcmp(p->kind, "remit") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("premium %s needs no approval: kind %s is booked at once", id, p->kind),
				 errdetail("It moves between pools of the fund; what is remitted leaves it."),
				 errhint("Only a premium of kind remit is approved.")));
	p->amount = fund_fen(fund_datum(SPI_tuptable, 0, 3, NUMERICOID, &isnull), "amt");
	p->booked_on = DatumGetDateADT(fund_value(SPI_tuptable, 0, 4, DATEOID));
	p->policy_id = fund_need(0, 5);
	p->hold = fund_text(0, 6);
	p->account = fund_text(0, 7);
	p->journal_id = fund_int8(0, 8, NULL);
	p->by = fund_need(0, 9);
}

static void
approval_before(MoneyRow *row, const FundArea *area)
{
	const char *decision = money_row_need(row, "decision");
	DateADT		day = money_row_date(row, "paid_on");
	Premium		p;

	load_premium(area, money_row_need(row, "premium_id"), &p);
	approval_by_another(area, gettext_noop("premium"), p.id, p.by);
	if (strcmp(decision, "approve") == 0)
	{
		if (day < p.booked_on)
			ereport(ERROR,
					(errcode(ERRCODE_YB_DOES_NOT_FIT),
					 errmsg("premium %s was drawn up on %s, it is not paid on %s", p.id,
							fund_day(p.booked_on), fund_day(day)),
					 errhint("paid_on is the day on which the money leaves the fiscal account.")));
		approval_execute(area, "premium", p.id, day);
		fund_flow(area, "fiscal", "outside", "premium", day);
	}
}

static void
approval_after(MoneyRow *row, const FundArea *area)
{
	FundJournal journal = {0};
	FundVar		vars[2];
	Premium		p;

	if (strcmp(money_row_text(row, "decision"), "approve") != 0)
		return;
	load_premium(area, money_row_text(row, "premium_id"), &p);
	vars[0] = (FundVar) {"amount", NULL, p.amount};
	vars[1] = (FundVar) {"expense", policy_fund_choice(fund_policy_load(area, p.policy_id), "serious_subject"), 0};
	journal.id = p.journal_id;
	journal.event = "premium.remit";
	journal.key = p.id;
	journal.account_out = p.account;
	journal.fund = FUND_RESIDENT;
	journal.effective_on = money_row_date(row, "paid_on");
	fund_journal_open(area, &journal);
	if (p.hold != NULL)
		hold_use(area, p.hold, "premium", p.id, "serious", NULL);
	fund_cash(area, FUND_RESIDENT, "fiscal", -p.amount);
	take(area, "serious", p.amount, gettext_noop("Only what was set aside is remitted: set it aside first (kind set_aside)."));
	fund_post(area, &journal, journal.event, vars, 2);
	fund_journal_close(area, &journal);
}

static const RecordTable premium_approval_table = {
	RECORD_TABLE("premium_approval", "premium_id", "approved"),
	.before = approval_before,
	.after = approval_after,
};

PG_FUNCTION_INFO_V1(yibao_t_premium_approval);
Datum
yibao_t_premium_approval(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &premium_approval_table);
}
