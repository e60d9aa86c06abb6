/*
 * payment.c
 *	  Paying what is owed: one login draws a payment up, another approves it.
 *
 * The payment names a provider and clearing month, or a person's settlement, and
 * keeps a digest of the items; the approval pays those items or none.  An item is
 * a settlement's layer, and payment_item's key keeps it from being paid twice.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/approval.h"
#include "trigger/entries.h"
#include "trigger/record.h"
#include "trigger/terms.h"

typedef struct Selection
{
	char	   *fund;
	char	   *provider;		/* and clr_ym, or */
	char	   *clr_ym;
	char	   *setl_id;
	int32		drawn_on;
} Selection;

/*
 * What is open, funded and due of a selection: the month's items, and what the
 * party has to give back of earlier months, due or not.
 */
#define ITEMS \
	"FROM @schema@.payable_item i WHERE i.fund = $1 AND " \
	"CASE WHEN $4::pg_catalog.text IS NOT NULL THEN i.setl_id = $4 " \
	"ELSE i.party = $2 AND (i.clr_ym = $3 OR (i.amount_fen < 0 AND i.clr_ym < $3)) END " \
	"AND (i.due IS NULL OR i.due <= $5 OR i.amount_fen < 0) "
#define SELECTION_ARGS	5

static void
selection_args(const Selection *s, Oid types[SELECTION_ARGS], Datum values[SELECTION_ARGS],
			   char nulls[SELECTION_ARGS + 1])
{
	const char *text[4] = {s->fund, s->provider, s->clr_ym, s->setl_id};

	for (int i = 0; i < 4; i++)
		types[i] = TEXTOID;
	fund_texts(4, text, values, nulls);
	types[4] = DATEOID;
	values[4] = DateADTGetDatum(s->drawn_on);
	nulls[4] = ' ';
	nulls[SELECTION_ARGS] = '\0';
}

typedef struct Drawn
{
	int64		items;
	Fen			amount;
	Datum		hash;
	char	   *party;
	int64		parties;
} Drawn;

/* How many, how much, which. */
#define DRAWN \
	"pg_catalog.count(*), coalesce(pg_catalog.sum(i.amount_fen), 0)::pg_catalog.int8, " \
	"pg_catalog.sha256(pg_catalog.convert_to(coalesce(pg_catalog.string_agg(i.setl_id || ' ' || i.layer || ' ' || i.amount_fen, ',' ORDER BY i.setl_id, i.layer), ''), 'UTF8'))"

static void
read_drawn(Drawn *d)
{
	bool		isnull;

	d->items = fund_int8(0, 1, NULL);
	d->amount = fund_int8(0, 2, NULL);
	d->hash = fund_datum(SPI_tuptable, 0, 3, BYTEAOID, &isnull);
	d->party = fund_text(0, 4);
	d->parties = fund_int8(0, 5, NULL);
}

static void
draw_up(const FundArea *area, const Selection *s, Drawn *d)
{
	Oid			types[SELECTION_ARGS];
	Datum		values[SELECTION_ARGS];
	char		nulls[SELECTION_ARGS + 1];

	selection_args(s, types, values, nulls);
	fund_exec(area, "SELECT " DRAWN ", pg_catalog.min(i.party), pg_catalog.count(DISTINCT i.party) " ITEMS,
			  SELECTION_ARGS, types, values, nulls, 0);
	read_drawn(d);
}

static char *
selection_words(const Selection *s)
{
	if (s->setl_id != NULL)
		return psprintf(_("settlement %s"), s->setl_id);
	return psprintf(_("provider %s, clearing month %s"), s->provider, s->clr_ym);
}

/* ---- drawing up ------------------------------------------------------------------------- */

/* What is set against a prepayment must have been prepaid, and be due back. */
static void
check_offset(const FundArea *area, const char *fund, const char *party, DateADT day, Fen offset)
{
	PrepayOpen	p;

	if (offset == 0)
		return;
	prepay_open(area, fund, party, day, &p);
	if (offset > p.open)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("offset_amt %s is more than %s has been prepaid and not made up for, %s",
						fund_yuan(offset), party, fund_yuan(p.open)),
				 errhint("Set against at most what stands open: view prepayment_outstanding.")));
	if (offset > p.most)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("offset_amt %s is more than is due back from %s on %s, %s",
						fund_yuan(offset), party, fund_day(day), fund_yuan(p.most)),
				 errhint("Leave offset_amt out and it is what prepay_schedule says is due (view prepay_recovery).")));
}

/*
 * Where the policy refuses what is cleared late, a provider is paid what it has
 * cleared, and nothing of what came late.
 */
static void
check_clearing(const FundArea *area, const Selection *s)
{
	Oid			types[SELECTION_ARGS];
	Datum		values[SELECTION_ARGS];
	char		nulls[SELECTION_ARGS + 1];
	int64		missing;
	char	   *late;

	if (s->provider == NULL)
		return;
	selection_args(s, types, values, nulls);
	fund_exec(area,
			  "SELECT pg_catalog.count(*) FILTER (WHERE t.setl_id IS NULL), pg_catalog.min(c.clearing_id) FILTER (WHERE c.refused) "
			  "FROM (SELECT DISTINCT i.setl_id " ITEMS "AND i.amount_fen > 0) x JOIN @schema@.settlement s ON s.setl_id = x.setl_id "
			  "LEFT JOIN @schema@.clearing_item t ON t.setl_id = x.setl_id LEFT JOIN @schema@.clearing c ON c.clearing_id = t.clearing_id "
			  "WHERE s.policy_id IN (SELECT p.policy_id FROM @schema@.policy p WHERE p.rules -> 'fund' -> 'deadline' ->> 'late' = 'refuse')",
			  SELECTION_ARGS, types, values, nulls, 0);
	missing = fund_int8(0, 1, NULL);
	late = fund_text(0, 2);
	if (missing > 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%lld settlements of provider %s, month %s, are in no clearing", (long long) missing, s->provider, s->clr_ym),
				 errdetail("定点医疗机构每月20日与中心结清上月费用, 逾期不予支付: the policy pays what was cleared (fund.deadline)."),
				 errhint("Insert its clearing with the day on which it settled (table clearing; view clearing_open).")));
	if (late != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("a part of what provider %s is owed for %s came late, by clearing %s", s->provider, s->clr_ym, late),
				 errdetail("It waited for money (挂账) when the rest was refused."),
				 errhint("Refuse it by a voucher of event clearing.late.")));
}

/* What stays that were registered late came to is refused, not paid, where the policy has the provider bear it. */
static void
check_registration(const FundArea *area, const Selection *s)
{
	Oid			types[SELECTION_ARGS];
	Datum		values[SELECTION_ARGS];
	char		nulls[SELECTION_ARGS + 1];

	fund_exec(area, "SELECT 1 FROM @schema@.admission WHERE late AND late_registration = 'deduct_provider' LIMIT 1", 0, NULL, NULL, NULL, 0);
	if (s->provider == NULL || SPI_processed == 0)
		return;
	selection_args(s, types, values, nulls);
	fund_exec(area,
			  "SELECT pg_catalog.count(*), pg_catalog.min(r.setl_id) FROM @schema@.registration_refusal r "
			  "WHERE r.fund = $1 AND r.setl_id IN (SELECT i.setl_id " ITEMS "AND i.amount_fen > 0)",
			  SELECTION_ARGS, types, values, nulls, 0);
	if (fund_int8(0, 1, NULL) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%lld settlements of provider %s, month %s, are of stays that it registered late, such as %s",
						(long long) fund_int8(0, 1, NULL), s->provider, s->clr_ym, fund_need(0, 2)),
				 errdetail("The policy has the provider bear them (fund.late_registration is deduct_provider)."),
				 errhint("Clear the month, or refuse them by vouchers of event registration.late (view registration_refusal); or have an admission_extension approved.")));
}

static void
payment_before(MoneyRow *row, const FundArea *area)
{
	Selection	s;
	Drawn		d;
	bool		isnull;
	Fen			given = money_row_fen(row, "amt", &isnull);
	bool		by_schedule;
	Fen			withheld = money_row_fen(row, "withheld_amt", NULL);
	Fen			offset = money_row_fen(row, "offset_amt", &by_schedule);

	s.fund = money_row_need(row, "fund");
	s.provider = money_row_text(row, "fixmedins_code");
	s.clr_ym = money_row_text(row, "clr_ym");
	s.setl_id = money_row_text(row, "setl_id");
	if (s.setl_id == NULL ? s.provider == NULL || s.clr_ym == NULL : s.provider != NULL || s.clr_ym != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("a payment names a provider and its clearing month, or one person's settlement"),
				 errhint("Give fixmedins_code and clr_ym, or setl_id alone.")));
	s.drawn_on = money_row_date(row, "drawn_on");
	draw_up(area, &s, &d);
	if (d.items == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("nothing is owed and funded: fund %s, %s", s.fund, selection_words(&s)),
				 errdetail("What is paid, reversed, waits for money (挂账) or is due only later cannot be paid."),
				 errhint("View payable_item lists what can be, and from when on; pool_status shows what waits.")));
	if (d.parties > 1)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s is owed to more than one", selection_words(&s)),
				 errhint("Pay each by fixmedins_code and clr_ym.")));
	if (d.party == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_NULL),
				 errmsg("%s names no provider to pay", selection_words(&s)),
				 errhint("The settlement names no fixmedins_code: reverse it and settle it with its provider.")));
	if (s.setl_id != NULL && strncmp(d.party, "psn:", 4) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("settlement %s is owed to provider %s, not to the person", s.setl_id, d.party),
				 errhint("Pay it with the provider's clearing month.")));
	if (d.amount <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("what is owed to %s is made up for by what it has to give back: %s",
						d.party, fund_yuan(d.amount)),
				 errhint("It is set against a later month.")));
	if (!isnull && given != d.amount)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("amt is given as %s, but %s is owed and funded for %s", fund_yuan(given),
						fund_yuan(d.amount), selection_words(&s)),
				 errdetail_plural("%lld item.", "%lld items.", (unsigned long) d.items, (long long) d.items),
				 errhint("Leave amt out and it is filled.")));
	check_clearing(area, &s);
	check_registration(area, &s);
	if (by_schedule)
	{
		PrepayOpen	p;

		prepay_open(area, s.fund, d.party, s.drawn_on, &p);
		offset = fen_min(p.due, fen_max(0, d.amount - withheld));
		money_row_fill_fen(row, "offset_amt", offset);
	}
	if (offset > d.amount)
		ereport(ERROR,
				(errcode(ERRCODE_YB_PARTS),
				 errmsg("offset_amt %s is more than the payment, %s", fund_yuan(offset), fund_yuan(d.amount)),
				 errhint("It is the part of amt that a prepayment makes up for.")));
	check_offset(area, s.fund, d.party, s.drawn_on, offset);
	if (withheld > 0 || money_row_text(row, "penalty_id") != NULL)
	{
		char	   *source;

		if (withheld + offset > d.amount)
			ereport(ERROR,
					(errcode(ERRCODE_YB_PARTS),
					 errmsg("withheld_amt %s and offset_amt %s are more than the payment, %s",
							fund_yuan(withheld), fund_yuan(offset), fund_yuan(d.amount)),
					 errhint("Withhold the rest from a later payment.")));
		(void) penalty_withholdable(area, s.fund, d.party, money_row_need(row, "penalty_id"), withheld,
									s.drawn_on, false, &source);
		money_row_fill_text(row, "withheld_source", source);
	}
	money_row_fill_fen(row, "amt", d.amount);
	money_row_fill_text(row, "party", d.party);
	money_row_fill(row, "items", INT4OID, Int32GetDatum((int32) d.items));
	money_row_fill(row, "items_hash", BYTEAOID, d.hash);
}

static const RecordTable payment_table = {
	RECORD_TABLE("payment", "payment_id", "drawn"),
	.before = payment_before,
};

PG_FUNCTION_INFO_V1(yibao_t_payment);
Datum
yibao_t_payment(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &payment_table);
}

/* ---- approving ---------------------------------------------------------------------------- */

typedef struct Payment
{
	char	   *id;
	Selection	what;
	Datum		amt;
	Fen			amount;
	Fen			offset;			/* of it, made up for by a prepayment */
	Fen			withheld;		/* of it, kept for a penalty */
	char	   *penalty;
	char	   *party;
	Datum		hash;
	char	   *by;
} Payment;

static void
load_payment(const FundArea *area, const char *id, Payment *p)
{
	bool		isnull;

	approval_find(area, gettext_noop("payment"), "payment", id,
				  "SELECT payment_id, fund, fixmedins_code, clr_ym, setl_id, amt, items_hash, drawn_by, drawn_on, offset_amt, party, withheld_amt, penalty_id "
				  "FROM @schema@.payment WHERE payment_id = $1");
	p->id = fund_need(0, 1);
	p->what.fund = fund_need(0, 2);
	p->what.provider = fund_text(0, 3);
	p->what.clr_ym = fund_text(0, 4);
	p->what.setl_id = fund_text(0, 5);
	p->amt = fund_datum(SPI_tuptable, 0, 6, NUMERICOID, &isnull);
	if (isnull)
		(void) fund_need(0, 6);
	p->amount = fund_fen(p->amt, "amt");
	p->hash = fund_datum(SPI_tuptable, 0, 7, BYTEAOID, &isnull);
	if (isnull)
		(void) fund_need(0, 7);
	p->by = fund_need(0, 8);
	p->what.drawn_on = DatumGetDateADT(fund_value(SPI_tuptable, 0, 9, DATEOID));
	p->offset = fund_fen(fund_value(SPI_tuptable, 0, 10, NUMERICOID), "offset_amt");
	p->party = fund_text(0, 11);
	p->withheld = fund_fen(fund_value(SPI_tuptable, 0, 12, NUMERICOID), "withheld_amt");
	p->penalty = fund_text(0, 13);
}

static void
approval_before(MoneyRow *row, const FundArea *area)
{
	Payment		p;
	const char *decision = money_row_need(row, "decision");
	bool		isnull;
	Fen			given = money_row_fen(row, "amt", &isnull);

	(void) money_row_date(row, "paid_on");
	load_payment(area, money_row_need(row, "payment_id"), &p);
	approval_by_another(area, gettext_noop("payment"), p.id, p.by);
	if (!isnull && given != p.amount)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("the approval is for %s, the payment is %s", fund_yuan(given), fund_yuan(p.amount)),
				 errhint("Leave amt out and it is filled.")));
	if (strcmp(decision, "approve") == 0)
	{
		approval_not_before(gettext_noop("payment"), p.id, p.what.drawn_on, money_row_date(row, "paid_on"));
		approval_execute(area, "payment", p.id, money_row_date(row, "paid_on"));
		fund_flow(area, "expenditure", "outside", "benefit", money_row_date(row, "paid_on"));
		money_row_fill(row, "amt", NUMERICOID, p.amt);
		money_row_fill(row, "journal_id", INT8OID, Int64GetDatum(fund_journal_id(area)));
	}
}

/*
 * The items, for good: what another payment took meanwhile is not there any more.
 * What is taken is what is compared, of one snapshot: a settlement may be added at
 * any time.
 */
static void
take_items(const FundArea *area, const Payment *p)
{
	Oid			types[SELECTION_ARGS + 1];
	Datum		values[SELECTION_ARGS + 1];
	char		nulls[SELECTION_ARGS + 2];
	Drawn		taken;

	selection_args(&p->what, types, values, nulls);
	types[SELECTION_ARGS] = TEXTOID;
	values[SELECTION_ARGS] = CStringGetTextDatum(p->id);
	nulls[SELECTION_ARGS] = ' ';
	nulls[SELECTION_ARGS + 1] = '\0';
	fund_exec(area,
			  "WITH i AS (INSERT INTO @schema@.payment_item (setl_id, layer, nth, payment_id, fund, pool, payer_kind, amount_fen) "
			  "SELECT i.setl_id, i.layer, (SELECT 1 + pg_catalog.count(*)::pg_catalog.int4 FROM @schema@.payment_item n WHERE n.setl_id = i.setl_id AND n.layer = i.layer), $6, i.fund, i.pool, i.payer_kind, i.amount_fen "
			  ITEMS
			  "RETURNING setl_id, layer, amount_fen) SELECT " DRAWN ", NULL::pg_catalog.text, 0::pg_catalog.int8 FROM i",
			  SELECTION_ARGS + 1, types, values, nulls, FUND_LEDGER);
	read_drawn(&taken);
	if (taken.amount != p->amount ||
		!DatumGetBool(DirectFunctionCall2(byteaeq, taken.hash, p->hash)))
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("what is owed has changed since payment %s was drawn up: %s then, %s now", p->id,
						fund_yuan(p->amount), fund_yuan(taken.amount)),
				 errdetail("A settlement was added, reversed, funded or paid in between."),
				 errhint("Reject it and draw it up again.")));
}

typedef struct ItemGroup
{
	char	   *pool;
	char	   *layer;
	char	   *payer_kind;
	char	   *payer;
	char	   *party;
	char	   *clr_ym;
	Fen			amount;
} ItemGroup;

/*
 * The lines of what was paid, items in order bearing what is offset; sign -1:
 * turned round.
 */
static void
post_items(const FundArea *area, FundJournal *journal, const Payment *p, int sign)
{
	Fen			offset = p->offset;
	Fen			withheld = p->withheld;
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(p->id)};
	SPITupleTable *table;
	uint64		n;

	fund_exec(area,
			  "SELECT i.pool, i.layer, i.payer_kind, i.payer, i.party, i.clr_ym, pg_catalog.sum(p.amount_fen)::pg_catalog.int8 "
			  "FROM @schema@.payment_item p JOIN @schema@.setl_item i ON i.setl_id = p.setl_id AND i.layer = p.layer "
			  "WHERE p.payment_id = $1 "
			  "GROUP BY i.pool, i.layer, i.payer_kind, i.payer, i.party, i.clr_ym, p.amount_fen > 0 "
			  "ORDER BY i.pool, i.layer, i.clr_ym",
			  1, types, values, NULL, 0);
	table = SPI_tuptable;
	n = SPI_processed;
	for (uint64 k = 0; k < n; k++)
	{
		ItemGroup	g;
		FundVar		vars[9];
		Fen			part = 0;
		Fen			kept = 0;
		bool		external;
		bool		isnull;
		HeapTuple	tuple = table->vals[k];

		g.pool = SPI_getvalue(tuple, table->tupdesc, 1);
		g.layer = SPI_getvalue(tuple, table->tupdesc, 2);
		g.payer_kind = SPI_getvalue(tuple, table->tupdesc, 3);
		g.payer = SPI_getvalue(tuple, table->tupdesc, 4);
		g.party = SPI_getvalue(tuple, table->tupdesc, 5);
		g.clr_ym = SPI_getvalue(tuple, table->tupdesc, 6);
		g.amount = DatumGetInt64(fund_datum(table, k, 7, INT8OID, &isnull));
		if (g.payer_kind == NULL)
			elog(ERROR, "an item of payment %s has no payer", p->id);
		external = strcmp(g.payer_kind, "external") == 0;

		vars[0] = (FundVar) {"pool", g.pool, 0};
		vars[1] = (FundVar) {"layer", g.layer, 0};
		vars[2] = (FundVar) {"payer", g.payer, 0};
		vars[3] = (FundVar) {"party", g.party, 0};
		vars[4] = (FundVar) {"clr_ym", g.clr_ym, 0};
		vars[5] = (FundVar) {"benefit", g.pool == NULL ? NULL : psprintf("benefit_%s", g.pool), 0};
		if (g.amount > 0)
		{
			part = fen_min(offset, g.amount);
			offset -= part;
			kept = fen_min(withheld, g.amount - part);
			withheld -= kept;
		}
		vars[6] = (FundVar) {"amount", NULL, (g.amount > 0 ? g.amount : -g.amount) * sign};
		vars[7] = (FundVar) {"offset", NULL, part * sign};
		vars[8] = (FundVar) {"withheld", NULL, kept * sign};
		if (external)
			fund_flow(area, "expenditure", "outside", "advance", journal->effective_on);
		if (external)
			fund_post(area, journal, g.amount > 0 ? "pay.advance" : "pay.recover_advance", vars, 9);
		else
			fund_post(area, journal, g.amount > 0 ? "pay.own" : "pay.recover", vars, 9);
		if (!external && g.pool == NULL)
			elog(ERROR, "an item of payment %s has no pool", p->id);
	}
}

void
payment_return(const FundArea *area, FundJournal *journal, const char *payment_id)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(payment_id)};
	Payment		p;

	fund_exec(area,
			  "SELECT pg_catalog.min(p.setl_id) FROM @schema@.payment_item p JOIN @schema@.settlement r ON r.init_setl_id = p.setl_id WHERE p.payment_id = $1",
			  1, types, values, NULL, 0);
	if (fund_text(0, 1) != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_REVERSED),
				 errmsg("settlement %s of payment %s has been reversed since", fund_text(0, 1), payment_id),
				 errdetail("What it paid is to be recovered."),
				 errhint("Book what the bank returned of it by a voucher of event recover.cash.")));
	load_payment(area, payment_id, &p);
	post_items(area, journal, &p, -1);
}

/*
 * A transaction with a snapshot of its own may not see that an item has been
 * reversed since.  A reversal changes the person-year: to lock that fails (40001)
 * where it was changed.
 */
static void
lock_persons(const FundArea *area, const Selection *s)
{
	Oid			types[SELECTION_ARGS];
	Datum		values[SELECTION_ARGS];
	char		nulls[SELECTION_ARGS + 1];

	selection_args(s, types, values, nulls);
	fund_exec(area,
			  "SELECT 1 FROM @schema@.person_year y WHERE EXISTS (SELECT "
			  ITEMS
			  "AND EXISTS (SELECT FROM @schema@.settlement t WHERE t.setl_id = i.setl_id AND t.psn_no = y.psn_no AND t.insutype = y.insutype AND t.year = y.year)) "
			  "ORDER BY y.psn_no, y.insutype, y.year FOR SHARE OF y",
			  SELECTION_ARGS, types, values, nulls, 0);
}

static void
approval_after(MoneyRow *row, const FundArea *area)
{
	FundJournal journal = {0};
	Payment		p;
	Oid			types[1] = {TEXTOID};
	Datum		values[1];

	if (strcmp(money_row_text(row, "decision"), "approve") != 0)
		return;
	load_payment(area, money_row_text(row, "payment_id"), &p);
	/* a receipt's locks come before a payment's */
	if (p.withheld > 0)
		penalty_withhold(area, p.id, p.what.fund, p.party, p.penalty, p.withheld, money_row_date(row, "paid_on"));
	if (IsolationUsesXactSnapshot())
		lock_persons(area, &p.what);
	journal.id = money_row_int8(row, "journal_id");
	journal.event = "payment";
	journal.key = p.id;
	journal.fund = p.what.fund;
	journal.effective_on = money_row_date(row, "paid_on");
	fund_journal_open(area, &journal);

	fund_payment_lock(area, p.what.fund, true);
	take_items(area, &p);
	journal.account_in = journal.account_out = money_row_text(row, "account_id");
	check_offset(area, p.what.fund, p.party, p.what.drawn_on, p.offset);
	fund_cash(area, p.what.fund, "expenditure", p.offset + p.withheld - p.amount);
	post_items(area, &journal, &p, 1);
	fund_journal_close(area, &journal);

	values[0] = CStringGetTextDatum(p.id);
	fund_exec(area,
			  "SELECT pool, (-pg_catalog.sum(amount_fen))::pg_catalog.int8 FROM @schema@.payment_item "
			  "WHERE payment_id = $1 AND amount_fen < 0 AND pool IS NOT NULL GROUP BY pool ORDER BY pool",
			  1, types, values, NULL, 0);
	{
		SPITupleTable *table = SPI_tuptable;
		uint64		n = SPI_processed;

		for (uint64 i = 0; i < n; i++)
			fund_give_and_serve(area, SPI_getvalue(table->vals[i], table->tupdesc, 1),
								DatumGetInt64(fund_value(table, i, 2, INT8OID)));
	}
}

static const RecordTable payment_approval_table = {
	RECORD_TABLE("payment_approval", "payment_id", "approved"),
	.before = approval_before,
	.after = approval_after,
};

PG_FUNCTION_INFO_V1(yibao_t_payment_approval);
Datum
yibao_t_payment_approval(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &payment_approval_table);
}
