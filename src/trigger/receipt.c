/*
 * receipt.c
 *	  Money that comes in: split by the rule of its coverage year, and posted.
 *
 * BEFORE ROW claims the key, splits and fills; AFTER ROW posts.  The key has a
 * deferred foreign key to the receipt, so that a row which was split and then
 * dropped (ON CONFLICT, another trigger) cannot leave the split behind.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "compat.h"
#include "core/split.h"
#include "errcodes.h"
#include "fund/pending.h"
#include "trigger/entries.h"
#include "trigger/record.h"

typedef struct Parts
{
	Fen			amount;
	Fen			serious;
	Fen			out;
	Fen			ipt;
	Fen			unalloc;
} Parts;

static void
not_decidable(const char *what, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_SPLIT),
			 errmsg("the policy does not decide how this receipt is split: %s", _(what)),
			 errhint("%s", _(hint))));
}

static int
kind_number(const char *kind)
{
	for (int i = 0; i < RECEIPT_KINDS; i++)
		if (strcmp(receipt_kind_names[i], kind) == 0)
			return i;
	ereport(ERROR,
			(errcode(ERRCODE_YB_UNKNOWN_CODE),
			 errmsg("receipt kind %s is not known", kind),
			 errhint("Kinds: contribution, subsidy, assistance, collective, interest, penalty, surplus_returned, other.")));
}

/* This statement claims the key, unless it is taken. */
static bool
repeated(MoneyRow *row, const FundArea *area, const char *booked)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(money_row_need(row, "receipt_id"))};

	fund_exec(area, "INSERT INTO @schema@.receipt_key (receipt_id) VALUES ($1) ON CONFLICT DO NOTHING",
			  1, types, values, NULL, FUND_LEDGER);
	if (SPI_processed == 1)
		return false;
	if (!money_row_repeated(row, area, booked))
		ereport(ERROR,
				(errcode(ERRCODE_YB_KEY_REUSED),
				 errmsg("receipt_id %s was claimed by a receipt that is gone",
						money_row_text(row, "receipt_id")),
				 errhint("Roll the transaction back.")));
	return true;
}

/*
 * The serious-illness part: an amount on the row, or heads times the amount a
 * head where the policy says that it goes with the personal receipt.  Never
 * worked out from a number that the policy does not have.
 */
static Fen
serious_part(const MoneyRow *row, const CompiledPolicy *cp, int kind, int32 year)
{
	const FundSerious *serious = cp->fund->serious;
	bool		ungiven;
	bool		headless;
	Fen			given = money_row_fen(row, "serious_amt", &ungiven);
	int32		heads = money_row_int(row, "heads", &headless);
	const FundPerHead *head;
	Fen			part;

	if (kind != RECEIPT_CONTRIBUTION && kind != RECEIPT_ASSISTANCE)
		return given;
	if (serious == NULL)
		return given;
	if (serious->set_aside == SET_ASIDE_AT_REMITTANCE)
		return given;
	if (serious->set_aside != SET_ASIDE_WITH_PERSONAL_RECEIPT)
	{
		if (ungiven)
			not_decidable(serious->set_aside == SET_ASIDE_WATERFALL ?
						  gettext_noop("fund.serious.set_aside is waterfall, what is still missing is not known here") :
						  gettext_noop("it has a serious-illness part, but not when it is set aside (fund.serious.set_aside)"),
						  gettext_noop("State serious_amt on the row; 0 if none of this money is for it."));
		return given;
	}
	head = policy_per_head_for(cp, year);
	if (head == NULL || head->unknown)
	{
		if (ungiven)
			not_decidable(gettext_noop("it gives no serious-illness amount a head for this coverage year (fund.serious.per_head)"),
						  gettext_noop("State serious_amt on the row."));
		return given;
	}
	if (headless)
	{
		if (ungiven)
			not_decidable(gettext_noop("the serious-illness part is an amount a head, and heads is empty"),
						  gettext_noop("State heads, or serious_amt."));
		return given;
	}
	if (__builtin_mul_overflow(head->amount, (Fen) heads, &part) || part > FEN_MAX)
		not_decidable(gettext_noop("heads times the amount a head is too large"), gettext_noop("Check heads."));
	return part;				/* another one on the row is refused when it is filled */
}

/* The bucket's row, locked; there from now on. */
static void
lock_bucket(const FundArea *area, const Datum values[5], SplitBucket *bucket)
{
	Oid			types[5] = {TEXTOID, INT4OID, TEXTOID, TEXTOID, TEXTOID};

	fund_exec(area,
			  "INSERT INTO @schema@.split_bucket (fund, coverage_year, rule, outpatient, rounding, total_fen, out_fen) "
			  "VALUES ($1, $2, $3, $4, $5, 0, 0) ON CONFLICT DO NOTHING",
			  5, types, values, NULL, FUND_LEDGER);
	fund_exec(area,
			  "SELECT total_fen, out_fen FROM @schema@.split_bucket "
			  "WHERE fund = $1 AND coverage_year = $2 AND rule = $3 FOR NO KEY UPDATE",
			  3, types, values, NULL, 0);
	bucket->total = fund_int8(0, 1, NULL);
	bucket->outpatient = fund_int8(0, 2, NULL);
}

/*
 * Split what the rule splits of an amount: all of it, or no more than brings
 * the year to its budgeted income.  The rest is allocated to no pool.
 */
static char *
split(const FundArea *area, const char *insutype, const FundSplit *rule, int32 year,
	  Fen amount, Parts *p)
{
	Oid			types[5] = {TEXTOID, INT4OID, TEXTOID, INT8OID, INT8OID};
	bool		half_up = rule->rounding == SPLIT_HALF_UP_OUTPATIENT;
	const char *rounding = half_up ? "half_up_outpatient" : "floor_residual_inpatient";
	char	   *share = psprintf("%d.%04d", (int) (rule->outpatient / RATIO_ONE),
								 (int) (rule->outpatient % RATIO_ONE / (RATIO_ONE / 10000)));
	bool		budget = rule->base == SPLIT_BUDGET_INCOME;
	char	   *id = psprintf("%s %s %s%s%s", insutype, share, rounding,
							  rule->after_serious ? " after_serious" : "", budget ? " budget" : "");
	SplitBucket bucket;
	Datum		values[5];

	values[0] = CStringGetTextDatum(FUND_RESIDENT);
	values[1] = Int32GetDatum(year);
	values[2] = CStringGetTextDatum(id);
	values[3] = CStringGetTextDatum(share);
	values[4] = CStringGetTextDatum(rounding);
	lock_bucket(area, values, &bucket);
	if (budget)
	{
		p->unalloc = fen_max(0, amount - fen_max(0, rule->budget - bucket.total));
		amount -= p->unalloc;
	}
	if (!split_receipt(&bucket, amount, rule->outpatient,
					   half_up ? SPLIT_ROUND_HALF_UP : SPLIT_ROUND_FLOOR, &p->out, &p->ipt))
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_RANGE),
				 errmsg("the receipts of coverage year %d are too large together", year),
				 errhint("Check the amounts: they are in yuan.")));
	values[3] = Int64GetDatum(bucket.total);
	values[4] = Int64GetDatum(bucket.outpatient);
	fund_exec(area,
			  "UPDATE @schema@.split_bucket SET total_fen = $4, out_fen = $5 "
			  "WHERE fund = $1 AND coverage_year = $2 AND rule = $3",
			  5, types, values, NULL, FUND_LEDGER);
	return id;
}

static Fen
optional_fen(const MoneyRow *row, const char *column)
{
	bool		isnull;

	return money_row_fen(row, column, &isnull);
}

static void
serious_within(Fen serious, Fen amount)
{
	if (serious > amount)
		ereport(ERROR,
				(errcode(ERRCODE_YB_PARTS),
				 errmsg("serious_amt %s is more than the amount, %s", fund_yuan(serious), fund_yuan(amount)),
				 errhint("serious_amt is the part of amt that is for serious-illness insurance.")));
}

/* Split the row on the day; a receipt for a later year may not be income yet: false. */
static bool
split_resident(MoneyRow *row, const FundArea *area, Fen amount, DateADT day)
{
	const char *insutype = money_row_need(row, "insutype");
	int			kind = kind_number(money_row_need(row, "kind"));
	int32		year = money_row_int(row, "coverage_year", NULL);
	char	   *policy_id = NULL;
	CompiledPolicy *cp;
	const FundSplit *rule;
	Parts		p = {0};

	if (year < 2000 || year > 2999)
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_RANGE),
				 errmsg("coverage_year %d is not a year", year),
				 errhint("It is the year that the money is for, such as 2025.")));
	cp = fund_policy_for_year(area, insutype, year, day, &policy_id);
	if (cp == NULL)
		not_decidable(psprintf(_("no document of scheme %s has a rule (fund.split) for coverage year %d"), insutype, year),
					  gettext_noop("Publish the policy of that year first (table policy)."));
	if (year > entries_year(day) && cp->fund->next_year_receipts == NEXT_YEAR_UNSTATED)
		not_decidable(gettext_noop("it does not say what money for a later year is (fund.next_year_receipts)"),
					  gettext_noop("State next_year_receipts in the policy; nothing is assumed."));
	if (year > entries_year(day) && cp->fund->next_year_receipts == NEXT_YEAR_TEMP_UNTIL_YEAR_START)
	{
		serious_within(optional_fen(row, "serious_amt"), amount);
		money_row_fill_text(row, "policy_id", policy_id);
		return false;
	}
	rule = policy_split_for(cp, year);
	if (rule->base == SPLIT_BUDGET_INCOME && rule->budget == 0)
		not_decidable(gettext_noop("fund.split.base is budget_income, and the budgeted income of this coverage year is not stated (fund.split.budget)"),
					  gettext_noop("State budget in the rule of that year."));
	p.amount = amount;
	p.serious = serious_part(row, cp, kind, year);
	serious_within(p.serious, p.amount);
	if (!rule->after_serious && p.serious > 0)
		not_decidable(gettext_noop("fund.split.after_serious is false, so which pool bears the serious-illness part is open"),
					  gettext_noop("Book it whole and set the premium aside by a row of premium."));

	if ((rule->kinds & (UINT32_C(1) << kind)) != 0)
	{
		char	   *id = split(area, insutype, rule, year, p.amount - p.serious, &p);

		money_row_fill_text(row, "split_rule", id);
	}
	else
		p.unalloc = p.amount - p.serious;

	money_row_fill_text(row, "policy_id", policy_id);
	money_row_fill_fen(row, "serious_amt", p.serious);
	money_row_fill_fen(row, "out_amt", p.out);
	money_row_fill_fen(row, "ipt_amt", p.ipt);
	money_row_fill_fen(row, "unalloc_amt", p.unalloc);
	return true;
}

/* Where a surplus that the insurer returns is credited, as the policy states. */
static const char *
surplus_role(MoneyRow *row, const FundArea *area)
{
	const char *insutype = money_row_need(row, "insutype");
	int32		year = money_row_int(row, "coverage_year", NULL);
	DateADT		day = money_row_date(row, "received_on");
	char	   *policy_id;
	const char *choice = entries_choice(area, insutype, year, day, "surplus_return", &policy_id);

	if (strcmp(choice, "fund_balance") == 0)
		return "surplus_returned";
	if (strcmp(choice, "other_income") == 0)
		return "income_surplus_returned";
	return entries_choice(area, insutype, year, day, "serious_subject", &policy_id);
}

static void
before(MoneyRow *row, const FundArea *area)
{
	const char *fund = money_row_need(row, "fund");
	const char *kind = money_row_need(row, "kind");
	const char *account = money_row_need(row, "account");
	Fen			amount;
	const char *settles;
	const char *party;

	amount = money_row_fen(row, "amt", NULL);
	if (amount == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_RANGE),
				 errmsg("amt is zero"),
				 errhint("A receipt has an amount.")));
	(void) kind_number(kind);
	if (money_row_text(row, "payment_id") != NULL)
		penalty_receipt(row, area, amount);
	else
		fund_flow(area, "outside", account, kind, money_row_date(row, "received_on"));
	if (money_row_text(row, "payer_fund") != NULL)
	{
		if (strcmp(kind, "assistance") != 0 || strcmp(fund, FUND_RESIDENT) != 0)
			ereport(ERROR,
					(errcode(ERRCODE_YB_FLOW),
					 errmsg("the assistance fund pays only contributions of the poor, not %s of fund %s", kind, fund),
					 errdetail("No fund bears what is another's; assistance-paid contributions (kind assistance) are the named exception."),
					 errhint("Leave payer_fund out, or book the contribution as kind assistance of fund resident.")));
		fund_flow(area, "fiscal", "outside", "premium_aid", money_row_date(row, "received_on"));
	}

	voucher_receipt(row, area, &settles, &party);
	if (strcmp(fund, FUND_RESIDENT) != 0 && optional_fen(row, "serious_amt") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("a receipt of fund %s has no use for %s", fund, "serious_amt"),
				 errhint("Leave %s out.", "serious_amt"),
				 err_generic_string(PG_DIAG_COLUMN_NAME, "serious_amt")));
	if (strcmp(fund, FUND_RESIDENT) == 0)
	{
		(void) split_resident(row, area, amount, money_row_date(row, "received_on"));
		if (strcmp(kind, "surplus_returned") == 0)
			(void) surplus_role(row, area);
	}
	money_row_fill(row, "journal_id", INT8OID, Int64GetDatum(fund_journal_id(area)));
}

/* What a receipt gives the pools, and what waits for them. */
static void
give_parts(const FundArea *area, const Parts *p)
{
	fund_give_and_serve(area, "inpatient", p->ipt);
	fund_give_and_serve(area, "outpatient", p->out);
	fund_give_and_serve(area, "serious", p->serious);
	fund_give_and_serve(area, "unallocated", p->amount - p->out - p->ipt - p->serious);
}

static void
after(MoneyRow *row, const FundArea *area)
{
	const char *fund = money_row_text(row, "fund");
	const char *kind = money_row_text(row, "kind");
	const char *account = money_row_text(row, "account");
	bool		resident = strcmp(fund, FUND_RESIDENT) == 0;
	bool		aided = money_row_text(row, "payer_fund") != NULL;
	bool		withheld = money_row_text(row, "payment_id") != NULL;
	bool		unsplit;
	Parts		p = {0};
	const char *settles;
	FundJournal journal = {0};
	FundVar		vars[7] = {
		{"bank", fund_bank_role(account), 0},
		{"income", NULL, 0},
		{"party", NULL, 0}
	};

	p.amount = money_row_fen(row, "amt", NULL);
	p.out = money_row_fen(row, "out_amt", &unsplit);
	p.ipt = optional_fen(row, "ipt_amt");
	p.serious = optional_fen(row, "serious_amt");
	voucher_receipt(row, area, &settles, &vars[2].text);
	if (resident && strcmp(kind, "surplus_returned") == 0)
		vars[1].text = surplus_role(row, area);
	vars[3] = (FundVar) {"amount", NULL, p.amount};
	vars[4] = (FundVar) {"out", NULL, p.out};
	vars[5] = (FundVar) {"ipt", NULL, p.ipt};
	vars[6] = (FundVar) {"serious", NULL, p.serious};

	journal.id = money_row_int8(row, "journal_id");
	journal.event = !resident ? psprintf("assistance.%s", kind) :
		unsplit ? "receipt.next_year" :
		withheld ? "receipt.penalty_withheld" : psprintf("receipt.%s", kind);
	journal.key = money_row_text(row, "receipt_id");
	journal.fund = fund;
	journal.effective_on = money_row_date(row, "received_on");
	fund_journal_open(area, &journal);
	journal.account_in = money_row_text(row, "account_id");
	fund_post(area, &journal, journal.event, vars, 7);
	if (settles != NULL)
		fund_post(area, &journal, settles, vars, 7);
	if (aided)
	{
		journal.fund = FUND_ASSISTANCE;
		fund_post(area, &journal, "premium_aid", vars, 7);
	}
	if (aided)
		fund_cash(area, FUND_ASSISTANCE, "fiscal", -p.amount);
	/* what was withheld did not come in: the payment paid out the less */
	if (!withheld)
		fund_cash(area, fund, account, p.amount);
	fund_journal_close(area, &journal);

	if (aided && !fund_debit(area, "assistance", p.amount))
		fund_short(area, "assistance", p.amount, fund_lock_pool(area, "assistance"),
				   gettext_noop("The assistance fund pays no contribution that it has no money for."));
	if (!resident)
	{
		fund_give_and_serve(area, "assistance", p.amount);
	}
	else if (!unsplit)
		give_parts(area, &p);
}

static const RecordTable receipt_table = {
	RECORD_TABLE("receipt", "receipt_id", "booked"),
	.repeated = repeated,
	.before = before,
	.after = after,
};

PG_FUNCTION_INFO_V1(yibao_t_receipt);
Datum
yibao_t_receipt(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &receipt_table);
}

/* ---- next_year_income ------------------------------------------------------------------ */

/*
 * What is left of a receipt that was 暂收款 becomes income and is split, on or
 * after 1 January of its year.
 */
static void
turn_before(MoneyRow *row, const FundArea *area)
{
	const char *id = money_row_need(row, "receipt_id");
	DateADT		day = money_row_date(row, "booked_on");
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(id)};
	bool		isnull;
	Datum		datum;
	int32		year;
	Fen			amount;

	/* a refund of it locks the row too, and is seen whatever our snapshot */
	fund_exec(area, "SELECT 1 FROM @schema@.receipt WHERE receipt_id = $1 FOR NO KEY UPDATE", 1, types, values, NULL, 0);
	fund_exec(area,
			  "SELECT r.fund, r.insutype, r.kind, r.received_on, r.coverage_year, "
			  "r.amt - (SELECT coalesce(pg_catalog.sum(x.amt), 0) FROM @schema@.refund x WHERE x.receipt_id = r.receipt_id), "
			  "r.heads - (SELECT pg_catalog.count(*)::pg_catalog.int4 FROM @schema@.refund x WHERE x.receipt_id = r.receipt_id), "
			  /* what is left of it: of a whole amount a head those heads; else who turns it states it */
			  "CASE WHEN NOT EXISTS (SELECT FROM @schema@.refund x WHERE x.receipt_id = r.receipt_id) THEN r.serious_amt "
			  "WHEN r.heads IS NOT NULL AND pg_catalog.mod(r.serious_amt * 100, r.heads) = 0 THEN r.serious_amt / r.heads * "
			  "(r.heads - (SELECT pg_catalog.count(*) FROM @schema@.refund x WHERE x.receipt_id = r.receipt_id)) END "
			  "FROM @schema@.receipt r JOIN @schema@.journal j ON j.journal_id = r.journal_id AND j.event = 'receipt.next_year' WHERE r.receipt_id = $1",
			  1, types, values, NULL, FUND_LATEST);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("receipt %s is not held for a later year", id),
				 errhint("Receipts of event receipt.next_year (暂收款—下年度) are turned to income, once.")));
	year = DatumGetInt32(fund_value(SPI_tuptable, 0, 5, INT4OID));
	if (entries_year(day) < year)
		not_decidable(psprintf(_("money for %d is no income before 1 January %d (fund.next_year_receipts)"), year, year),
					  gettext_noop("Turn it to income on 1 January; until then it is held as 暂收款."));
	money_row_fill_text(row, "fund", fund_need(0, 1));
	money_row_fill_text(row, "insutype", fund_need(0, 2));
	money_row_fill_text(row, "kind", fund_need(0, 3));
	money_row_fill(row, "received_on", DATEOID, fund_value(SPI_tuptable, 0, 4, DATEOID));
	money_row_fill(row, "coverage_year", INT4OID, Int32GetDatum(year));
	amount = fund_fen(fund_value(SPI_tuptable, 0, 6, NUMERICOID), "amt");
	money_row_fill_fen(row, "amt", amount);
	datum = fund_datum(SPI_tuptable, 0, 7, INT4OID, &isnull);
	if (!isnull && DatumGetInt32(datum) > 0)
		money_row_fill(row, "heads", INT4OID, datum);
	datum = fund_datum(SPI_tuptable, 0, 8, NUMERICOID, &isnull);
	if (!isnull)
		money_row_fill_fen(row, "serious_amt", fund_fen(datum, "serious_amt"));
	if (amount == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("receipt %s has been refunded whole", id),
				 errhint("Nothing of it becomes income.")));
	(void) split_resident(row, area, amount, day);
	money_row_fill(row, "journal_id", INT8OID, Int64GetDatum(fund_journal_id(area)));
}

static void
turn_after(MoneyRow *row, const FundArea *area)
{
	FundJournal journal = {0};
	Parts		p = {0};
	FundVar		vars[4];

	p.amount = money_row_fen(row, "amt", NULL);
	p.out = optional_fen(row, "out_amt");
	p.ipt = optional_fen(row, "ipt_amt");
	p.serious = optional_fen(row, "serious_amt");
	vars[0] = (FundVar) {"amount", NULL, p.amount};
	vars[1] = (FundVar) {"out", NULL, p.out};
	vars[2] = (FundVar) {"ipt", NULL, p.ipt};
	vars[3] = (FundVar) {"serious", NULL, p.serious};
	journal.id = money_row_int8(row, "journal_id");
	journal.event = psprintf("receipt.turned.%s", money_row_text(row, "kind"));
	journal.key = money_row_text(row, "receipt_id");
	journal.fund = money_row_text(row, "fund");
	journal.effective_on = money_row_date(row, "booked_on");
	fund_journal_open(area, &journal);
	fund_post(area, &journal, journal.event, vars, 4);
	fund_journal_close(area, &journal);
	give_parts(area, &p);
}

static const RecordTable next_year_income_table = {
	RECORD_TABLE("next_year_income", "receipt_id", "booked"),
	.before = turn_before,
	.after = turn_after,
};

PG_FUNCTION_INFO_V1(yibao_t_next_year_income);
Datum
yibao_t_next_year_income(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &next_year_income_table);
}
