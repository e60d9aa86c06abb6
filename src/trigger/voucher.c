/*
 * voucher.c
 *	  Entries that are a row of an event: what the event needs is a row of
 *	  voucher_event, what it posts are rows of posting_rule.
 *
 * An event whose money leaves the fund takes effect when another login inserts
 * the approval.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/approval.h"
#include "trigger/entries.h"
#include "trigger/record.h"
#include "trigger/terms.h"
#include "trigger/voucher.h"

/* Columns that an event may need. */
static const char *const columns[] = {
	"amt", "party", "pool", "account", "clr_ym", "setl_id", "payment_id", "refers",
	"coverage_year", "due_on", "clearing_id", "doc_no", NULL
};

static bool
listed(const char *list, const char *name)
{
	return strstr(list, psprintf(",%s,", name)) != NULL;
}

void
voucher_event_load(const FundArea *area, const char *name, VoucherEvent *e)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(name)};

	fund_exec(area,
			  "SELECT event, ',' || pg_catalog.array_to_string(needs, ',') || ',', ',' || pg_catalog.array_to_string(takes, ',') || ',', "
			  "refers, within, choice, items, change, flow, approval FROM @schema@.voucher_event WHERE event = $1",
			  1, types, values, NULL, 0);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_UNKNOWN_CODE),
				 errmsg("event %s is not known", name),
				 errhint("Events are the rows of table voucher_event; the owner adds the area's own.")));
	e->name = fund_need(0, 1);
	e->needs = fund_need(0, 2);
	e->takes = fund_need(0, 3);
	e->refers = fund_text(0, 4);
	e->within = fund_text(0, 5);
	e->choice = fund_text(0, 6);
	e->items = fund_text(0, 7);
	e->change = fund_text(0, 8);
	e->flow = fund_text(0, 9);
	e->approval = DatumGetBool(fund_value(SPI_tuptable, 0, 10, BOOLOID));
}

static bool
given(const MoneyRow *row, const char *column)
{
	int			att = SPI_fnumber(row->desc, column);

	if (att <= 0 || row->nulls[att - 1])
		return false;
	/* a text that says nothing is none */
	return SPI_gettypeid(row->desc, att) != TEXTOID || !fund_blank(TextDatumGetCString(row->values[att - 1]));
}

static void
no_use(const VoucherEvent *e, const char *column)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_DOES_NOT_FIT),
			 errmsg("event %s has no use for %s", e->name, column),
			 errhint("Leave %s out.", column),
			 err_generic_string(PG_DIAG_COLUMN_NAME, column)));
}

/* What the event needs is there, and nothing that it has no use for. */
static void
check_columns(const MoneyRow *row, const VoucherEvent *e)
{
	for (int i = 0; columns[i] != NULL; i++)
	{
		bool		is = given(row, columns[i]);

		if (!is && listed(e->needs, columns[i]))
			ereport(ERROR,
					(errcode(ERRCODE_YB_FIELD_NULL),
					 errmsg("%s is empty, and event %s needs it", columns[i], e->name),
					 errhint("Give %s.", columns[i]),
					 err_generic_string(PG_DIAG_COLUMN_NAME, columns[i])));
		if (is && strcmp(columns[i], "doc_no") != 0 && !listed(e->needs, columns[i]) &&
			!listed(e->takes, columns[i]))
			no_use(e, columns[i]);
	}
	if (e->flow == NULL && money_row_text(row, "account_id") != NULL)
		no_use(e, "account_id");
	if (e->flow == NULL && money_row_text(row, "account_id") != NULL)
		no_use(e, "account_id");
}

/* The voucher's row, and whether it is booked; an error when there is none. */
bool
voucher_load(const FundArea *area, const char *id, bool lock, Voucher *v)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(id)};
	bool		isnull;
	Datum		amt;
	Datum		year;
	bool		booked;

	if (lock)
		fund_exec(area, "SELECT 1 FROM @schema@.voucher WHERE voucher_id = $1 FOR NO KEY UPDATE",
				  1, types, values, NULL, 0);
	fund_exec(area,
			  "SELECT voucher_id, event, fund, insutype, amt, party, pool, account, clr_ym, setl_id, payment_id, refers, choice, "
			  "journal_id, booked_by, EXISTS (SELECT FROM @schema@.journal j WHERE j.journal_id = v.journal_id), account_id, clearing_id, coverage_year, effective_on "
			  "FROM @schema@.voucher v WHERE voucher_id = $1",
			  1, types, values, NULL, 0);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("there is no voucher %s", id),
				 errhint("It is the voucher_id of a row of table voucher.")));
	v->id = fund_need(0, 1);
	v->event = fund_need(0, 2);
	v->fund = fund_need(0, 3);
	v->insutype = fund_need(0, 4);
	amt = fund_datum(SPI_tuptable, 0, 5, NUMERICOID, &isnull);
	v->amount = isnull ? 0 : fund_fen(amt, "amt");
	v->party = fund_text(0, 6);
	v->pool = fund_text(0, 7);
	v->account = fund_text(0, 8);
	v->clr_ym = fund_text(0, 9);
	v->setl_id = fund_text(0, 10);
	v->payment_id = fund_text(0, 11);
	v->refers = fund_text(0, 12);
	v->choice = fund_text(0, 13);
	v->journal_id = fund_int8(0, 14, NULL);
	v->by = fund_need(0, 15);
	booked = DatumGetBool(fund_value(SPI_tuptable, 0, 16, BOOLOID));
	v->account_id = fund_text(0, 17);
	v->clearing_id = fund_text(0, 18);
	year = fund_datum(SPI_tuptable, 0, 19, INT4OID, &isnull);
	v->coverage_year = isnull ? 0 : DatumGetInt32(year);
	v->effective_on = DatumGetDateADT(fund_value(SPI_tuptable, 0, 20, DATEOID));
	return booked;
}

/* ---- what it refers to -------------------------------------------------------------- */

/* What other booked vouchers have made of that one already. */
static Fen
used_of(const FundArea *area, const char *refers)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(refers)};

	fund_exec(area,
			  "SELECT ((SELECT coalesce(pg_catalog.sum(v.amt), 0) FROM @schema@.voucher v WHERE v.refers = $1 "
			  "AND EXISTS (SELECT FROM @schema@.journal j WHERE j.journal_id = v.journal_id)) "
			  "+ (SELECT coalesce(pg_catalog.sum(r.amt), 0) FROM @schema@.receipt r WHERE r.voucher_id = $1)) * 100",
			  1, types, values, NULL, FUND_LATEST);
	return DatumGetInt64(DirectFunctionCall1(numeric_int8, fund_value(SPI_tuptable, 0, 1, NUMERICOID)));
}

static void
not_above(const FundArea *area, const Voucher *original, Fen amount)
{
	Fen			used = used_of(area, original->id);

	if (used + amount > original->amount)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s is more than is left of voucher %s, %s", fund_yuan(amount), original->id,
						fund_yuan(original->amount - used)),
				 errhint("Together they are never above the amount of the voucher that they name.")));
}

static void
take_column(MoneyRow *row, const VoucherEvent *e, const Voucher *original, const char *column, const char *value)
{
	if (!listed(e->takes, column))
		return;
	if (value != NULL)
		money_row_fill_text(row, column, value);
	else if (given(row, column))
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("voucher %s has no %s", original->id, column),
				 errhint("Leave %s out.", column),
				 err_generic_string(PG_DIAG_COLUMN_NAME, column)));
}

/* Lock and check the voucher that this one names, and take its columns over. */
static void
take_over(MoneyRow *row, const FundArea *area, const VoucherEvent *e, Voucher *original)
{
	const char *id = money_row_text(row, "refers");

	if (id == NULL || e->refers == NULL)
		return;					/* check_columns() says which */
	if (!voucher_load(area, id, true, original))
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("voucher %s is not approved", id),
				 errhint("It has no effect before another login approves it.")));
	if (strcmp(original->event, e->refers) != 0 ||
		strcmp(original->fund, money_row_need(row, "fund")) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("voucher %s is of event %s, fund %s", id, original->event, original->fund),
				 errhint("Event %s names one of event %s, of the same fund.", e->name, e->refers)));
	take_column(row, e, original, "party", original->party);
	take_column(row, e, original, "clr_ym", original->clr_ym);
	take_column(row, e, original, "setl_id", original->setl_id);
	if (original->coverage_year != 0 && listed(e->takes, "coverage_year"))
		money_row_fill(row, "coverage_year", INT4OID, Int32GetDatum(original->coverage_year));
}

void
voucher_receipt(MoneyRow *row, const FundArea *area, const char **event, const char **party)
{
	const char *id = money_row_text(row, "voucher_id");
	const char *kind = money_row_need(row, "kind");
	Oid			types[2] = {TEXTOID, TEXTOID};
	Datum		values[2];
	bool		before = money_row_before(row);
	Voucher		v;
	bool		booked;

	*event = NULL;
	*party = NULL;
	if (id == NULL)
		return;
	booked = voucher_load(area, id, before, &v);
	values[0] = CStringGetTextDatum(v.event);
	values[1] = CStringGetTextDatum(kind);
	fund_exec(area, "SELECT 1 FROM @schema@.voucher_event WHERE event = $1 AND income_kind = $2",
			  2, types, values, NULL, 0);
	if (SPI_processed == 0 || !booked || strcmp(v.fund, money_row_need(row, "fund")) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("voucher %s is nothing that a receipt of kind %s settles: event %s, fund %s", id, kind, v.event, v.fund),
				 errhint("Penalties name a voucher of event penalty.decided, a returned surplus one of contract.surplus.")));
	if (before)
		not_above(area, &v, money_row_fen(row, "amt", NULL));
	*event = psprintf("%s.received", v.event);
	*party = v.party;
}

/* ---- choices of the policy ------------------------------------------------------------ */

/* The year in which what this reversal has back was paid; 0 when it was not. */
static int32
year_paid(const FundArea *area, const char *setl_id)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(setl_id)};
	bool		isnull;

	fund_exec(area,
			  "SELECT pg_catalog.max(pg_catalog.date_part('year', x.paid_on))::pg_catalog.int8 FROM @schema@.settlement s, LATERAL ("
			  "SELECT a.paid_on FROM @schema@.item_paid p JOIN @schema@.payment_approval a ON a.payment_id = p.payment_id WHERE p.setl_id = s.init_setl_id "
			  "UNION ALL SELECT a.effective_on FROM @schema@.item_change c JOIN @schema@.voucher_approval a ON a.voucher_id = c.voucher_id "
			  "WHERE c.setl_id = s.init_setl_id AND c.change = 'released') x WHERE s.setl_id = $1",
			  1, types, values, NULL, 0);
	return (int32) fund_int8(0, 1, &isnull);
}

static void
choose(MoneyRow *row, const FundArea *area, const VoucherEvent *e, const Voucher *original)
{
	DateADT		day = money_row_date(row, "effective_on");
	bool		no_year;
	int32		year = money_row_int(row, "coverage_year", &no_year);
	const char *word;
	char	   *policy_id;

	if (e->choice == NULL)
		return;
	if (original->choice != NULL)
	{
		/* as the original was booked */
		money_row_fill_text(row, "choice", original->choice);
		return;
	}
	if (no_year)
		year = entries_year(day);
	if (strcmp(e->choice, "prior_year_recovery") == 0 &&
		year_paid(area, money_row_need(row, "setl_id")) >= year)
	{
		money_row_fill_text(row, "choice", "reduce_expense");
		return;
	}
	word = entries_choice(area, money_row_need(row, "insutype"), year, day, e->choice, &policy_id);
	money_row_fill_text(row, "policy_id", policy_id);
	money_row_fill_text(row, "choice", word);
}

/* ---- a payment that the bank returns ----------------------------------------------------- */

static void
check_payment(MoneyRow *row, const FundArea *area)
{
	const char *id = money_row_text(row, "payment_id");
	Oid			types[1] = {TEXTOID};
	Datum		values[1];

	if (id == NULL)
		return;
	values[0] = CStringGetTextDatum(id);
	fund_exec(area,
			  "SELECT p.fund, p.party, p.amt - p.offset_amt - p.withheld_amt, a.decision, EXISTS (SELECT FROM @schema@.voucher v WHERE v.payment_id = p.payment_id), a.paid_on "
			  "FROM @schema@.payment p LEFT JOIN @schema@.payment_approval a ON a.payment_id = p.payment_id WHERE p.payment_id = $1",
			  1, types, values, NULL, 0);
	if (SPI_processed == 0 || fund_text(0, 4) == NULL || strcmp(fund_text(0, 4), "approve") != 0 ||
		strcmp(fund_need(0, 1), money_row_need(row, "fund")) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("fund %s has made no payment %s", money_row_need(row, "fund"), id),
				 errhint("Only what was paid can be returned.")));
	if (DatumGetBool(fund_value(SPI_tuptable, 0, 5, BOOLOID)))
		ereport(ERROR,
				(errcode(ERRCODE_YB_REVERSED),
				 errmsg("payment %s is returned already", id),
				 errhint("A payment is returned once; its items are paid by another.")));
	if (money_row_date(row, "effective_on") < DatumGetDateADT(fund_value(SPI_tuptable, 0, 6, DATEOID)))
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("payment %s was made on %s, after it is to have been returned", id, fund_text(0, 6)),
				 errhint("Check effective_on.")));
	money_row_fill_text(row, "party", fund_need(0, 2));
	money_row_fill_fen(row, "amt", fund_fen(fund_value(SPI_tuptable, 0, 3, NUMERICOID), "amt"));
}

/* ---- voucher --------------------------------------------------------------------------------- */

static void
voucher_before(MoneyRow *row, const FundArea *area)
{
	VoucherEvent e;
	Voucher		original = {0};
	bool		no_amount;
	Fen			amount = money_row_fen(row, "amt", &no_amount);

	(void) money_row_date(row, "effective_on");
	voucher_event_load(area, money_row_need(row, "event"), &e);
	if (strcmp(e.name, "registration.late") == 0)
		admission_voucher(row, area);
	take_over(row, area, &e, &original);
	check_columns(row, &e);
	if (!no_amount && amount == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_RANGE),
				 errmsg("amt is zero"),
				 errhint("A voucher has an amount.")));
	if (original.id != NULL)
		not_above(area, &original, amount);
	check_payment(row, area);
	if (given(row, "clearing_id"))
		clearing_late(area, money_row_text(row, "clearing_id"), money_row_text(row, "party"), money_row_text(row, "clr_ym"));
	if (e.items != NULL && e.refers == NULL && !given(row, "setl_id") &&
		!(given(row, "party") && given(row, "clr_ym")))
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("event %s names a settlement, or a provider and its clearing month", e.name),
				 errhint("Give setl_id, or party and clr_ym.")));
	if (e.items != NULL && e.refers == NULL && given(row, "setl_id") && given(row, "clr_ym"))
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("event %s names a settlement, or a provider and its clearing month", e.name),
				 errhint("Give setl_id, or party and clr_ym.")));
	if (given(row, "pool"))
		entries_own_pool(money_row_need(row, "fund"), money_row_text(row, "pool"));
	choose(row, area, &e, &original);
	money_row_fill(row, "journal_id", INT8OID, Int64GetDatum(fund_journal_id(area)));
}

static void
voucher_after(MoneyRow *row, const FundArea *area)
{
	VoucherEvent e;

	voucher_event_load(area, money_row_text(row, "event"), &e);
	if (!e.approval)
		voucher_post(area, money_row_text(row, "voucher_id"), money_row_date(row, "effective_on"));
	else if (strcmp(e.name, "prepay") == 0)
	{
		Prepayment	p = {money_row_text(row, "voucher_id"), money_row_text(row, "fund"), money_row_text(row, "party"),
		money_row_date(row, "effective_on"), money_row_fen(row, "amt", NULL)};

		prepay_drawn(area, &p);
	}
}

static const RecordTable voucher_table = {
	RECORD_TABLE("voucher", "voucher_id", "booked"),
	.before = voucher_before,
	.after = voucher_after,
};

PG_FUNCTION_INFO_V1(yibao_t_voucher);
Datum
yibao_t_voucher(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &voucher_table);
}

/* ---- voucher_approval --------------------------------------------------------------------------- */

static void
approval_before(MoneyRow *row, const FundArea *area)
{
	const char *decision = money_row_need(row, "decision");
	Voucher		v;
	VoucherEvent e;

	(void) money_row_date(row, "effective_on");
	(void) voucher_load(area, money_row_need(row, "voucher_id"), true, &v);
	voucher_event_load(area, v.event, &e);
	if (!e.approval)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("voucher %s needs no approval: event %s is booked at once", v.id, v.event),
				 errhint("Events with approval (table voucher_event) are those whose money leaves the fund.")));
	approval_by_another(area, gettext_noop("voucher"), v.id, v.by);
	if (v.refers != NULL && strcmp(decision, "approve") == 0)
	{
		Voucher		original;

		(void) voucher_load(area, v.refers, true, &original);
		not_above(area, &original, v.amount);
	}
	if (strcmp(decision, "approve") == 0)
	{
		approval_not_before(gettext_noop("voucher"), v.id, v.effective_on, money_row_date(row, "effective_on"));
		approval_execute(area, "voucher", v.id, money_row_date(row, "effective_on"));
	}
}

static void
approval_after(MoneyRow *row, const FundArea *area)
{
	if (strcmp(money_row_text(row, "decision"), "approve") == 0)
		voucher_post(area, money_row_text(row, "voucher_id"), money_row_date(row, "effective_on"));
}

static const RecordTable voucher_approval_table = {
	RECORD_TABLE("voucher_approval", "voucher_id", "approved"),
	.before = approval_before,
	.after = approval_after,
};

PG_FUNCTION_INFO_V1(yibao_t_voucher_approval);
Datum
yibao_t_voucher_approval(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &voucher_approval_table);
}
