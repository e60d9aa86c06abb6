/*
 * voucher_post.c
 *	  What a voucher makes of items of settlements, and its posting.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "compat.h"
#include "errcodes.h"
#include "trigger/entries.h"
#include "trigger/terms.h"
#include "trigger/voucher.h"

/* ---- items of settlements ---------------------------------------------------------------- */

/*
 * Spread the amount over the items of x (setl_id, layer, amount_fen) in their
 * proportion: cumulative and rounded down, so that the parts add up and none is
 * above its item.  Arguments: voucher, change, amount, fund, party, clr_ym,
 * setl_id, refers, clearing_id.
 */
#define SPREAD(source) \
	"INSERT INTO @schema@.item_change (voucher_id, setl_id, layer, change, amount_fen) " \
	"SELECT $1, y.setl_id, y.layer, $2, y.part FROM (SELECT r.setl_id, r.layer, " \
	"(pg_catalog.div($3::pg_catalog.numeric * r.run, r.total) - pg_catalog.div($3::pg_catalog.numeric * (r.run - r.amount_fen), r.total))::pg_catalog.int8 AS part " \
	"FROM (SELECT x.setl_id, x.layer, x.amount_fen, pg_catalog.sum(x.amount_fen) OVER (ORDER BY x.setl_id, x.layer) AS run, pg_catalog.sum(x.amount_fen) OVER () AS total " \
	"FROM (" source ") x) r WHERE r.total >= $3) y WHERE y.part > 0"

#define CHOSEN \
	"i.fund = $4 AND CASE WHEN $7::pg_catalog.text IS NOT NULL THEN i.setl_id = $7 " \
	"WHEN $9::pg_catalog.text IS NOT NULL THEN i.setl_id IN (SELECT t.setl_id FROM @schema@.clearing_item t WHERE t.clearing_id = $9) ELSE i.party = $5 AND i.clr_ym = $6 END"

#define PAYABLE "SELECT i.setl_id, i.layer, i.amount_fen FROM @schema@.payable_item i WHERE i.amount_fen > 0 AND " CHOSEN " AND ($2 <> 'deposit' OR i.payer_kind <> 'external')"
#define RECOVERY "SELECT i.setl_id, i.layer, -i.amount_fen AS amount_fen FROM @schema@.payable_item i WHERE i.amount_fen < 0 AND " CHOSEN
#define HELD \
	"SELECT h.setl_id, h.layer, h.amount_fen FROM (SELECT c.setl_id, c.layer, " \
	"pg_catalog.sum(CASE c.change WHEN 'deposit' THEN c.amount_fen ELSE -c.amount_fen END)::pg_catalog.int8 AS amount_fen " \
	"FROM @schema@.item_change c JOIN @schema@.voucher v ON v.voucher_id = c.voucher_id WHERE v.voucher_id = $8 OR v.refers = $8 " \
	"GROUP BY c.setl_id, c.layer) h WHERE h.amount_fen > 0"

static void
spread(const FundArea *area, const VoucherEvent *e, const Voucher *v)
{
	Oid			types[9] = {TEXTOID, TEXTOID, INT8OID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID};
	Datum		values[9];
	char		nulls[10] = "         ";
	const char *text[9] = {v->id, e->change, NULL, v->fund, v->party, v->clr_ym, v->setl_id,
	strcmp(e->items, "deposit") == 0 ? v->refers : NULL, v->clearing_id};

	fund_texts(9, text, values, nulls);
	nulls[2] = ' ';
	values[2] = Int64GetDatum(v->amount);
	if (strcmp(e->items, "payable") == 0)
		fund_exec(area, SPREAD(PAYABLE), 9, types, values, nulls, FUND_LEDGER);
	else if (strcmp(e->items, "deposit") == 0)
		fund_exec(area, SPREAD(HELD), 9, types, values, nulls, FUND_LEDGER);
	else
		fund_exec(area, SPREAD(RECOVERY), 9, types, values, nulls, FUND_LEDGER);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s of event %s is more than there is", fund_yuan(v->amount), v->event),
				 errdetail("What is paid, reversed, or waits for money (挂账) is not open."),
				 errhint("View payable_item lists what can be refused, withheld or recovered; provider_statement shows what is held.")));
}

/*
 * From an old snapshot: who of these items has been settled or reversed since is
 * told to try again.  Before the payment lock, as who reverses takes them.
 */
static void
lock_persons(const FundArea *area, const Voucher *v)
{
	Oid			types[6] = {TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID};
	Datum		values[6];
	char		nulls[7] = "      ";
	const char *text[6] = {v->payment_id, v->setl_id, v->refers, v->fund, v->party, v->clr_ym};

	if (!IsolationUsesXactSnapshot())
		return;
	fund_texts(6, text, values, nulls);
	fund_exec(area,
			  "SELECT 1 FROM @schema@.person_year y WHERE EXISTS (SELECT FROM @schema@.settlement t WHERE t.psn_no = y.psn_no AND t.insutype = y.insutype AND t.year = y.year "
			  "AND t.setl_id IN (SELECT p.setl_id FROM @schema@.payment_item p WHERE p.payment_id = $1 UNION ALL SELECT $2 "
			  "UNION ALL SELECT c.setl_id FROM @schema@.item_change c JOIN @schema@.voucher v ON v.voucher_id = c.voucher_id WHERE v.voucher_id = $3 OR v.refers = $3 "
			  "UNION ALL SELECT i.setl_id FROM @schema@.payable_item i WHERE $2 IS NULL AND i.fund = $4 AND i.party = $5 AND i.clr_ym = $6)) "
			  "ORDER BY y.psn_no, y.insutype, y.year FOR SHARE OF y",
			  6, types, values, nulls, 0);
}

/* ---- posting --------------------------------------------------------------------------------- */

static void
post(const FundArea *area, FundJournal *journal, const char *event, const Voucher *v,
	 const char *pool, const char *party, const char *layer, const char *payer,
	 const char *clr_ym, Fen amount)
{
	FundVar		vars[] = {
		{"pool", pool, 0},
		{"party", party, 0},
		{"layer", layer, 0},
		{"payer", payer, 0},
		{"clr_ym", clr_ym, 0},
		{"bank", v->account == NULL ? NULL : fund_bank_role(v->account), 0},
		{"benefit", pool == NULL ? NULL : psprintf("benefit_%s", pool), 0},
		{"amount", NULL, amount}
	};

	fund_post(area, journal, event, vars, lengthof(vars));
}

static void
post_items(const FundArea *area, FundJournal *journal, const Voucher *v, const char *event)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(v->id)};
	SPITupleTable *table;
	uint64		n;

	fund_exec(area,
			  "SELECT i.pool, i.layer, i.payer_kind, i.payer, i.party, i.clr_ym, pg_catalog.sum(c.amount_fen)::pg_catalog.int8 "
			  "FROM @schema@.item_change c JOIN @schema@.setl_item i ON i.setl_id = c.setl_id AND i.layer = c.layer "
			  "WHERE c.voucher_id = $1 GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 6, 5",
			  1, types, values, NULL, 0);
	table = SPI_tuptable;
	n = SPI_processed;
	for (uint64 k = 0; k < n; k++)
	{
		HeapTuple	tuple = table->vals[k];
		char	   *kind = SPI_getvalue(tuple, table->tupdesc, 3);

		if (kind == NULL)
			elog(ERROR, "an item of voucher %s has no payer", v->id);
		post(area, journal,
			 strcmp(kind, "external") == 0 ? psprintf("%s.advance", v->event) : event,
			 v, SPI_getvalue(tuple, table->tupdesc, 1), SPI_getvalue(tuple, table->tupdesc, 5),
			 SPI_getvalue(tuple, table->tupdesc, 2), SPI_getvalue(tuple, table->tupdesc, 4),
			 SPI_getvalue(tuple, table->tupdesc, 6), DatumGetInt64(fund_value(table, k, 7, INT8OID)));
	}
}

/* The party's balance of a role of book G, before this voucher. */
static void
check_within(const FundArea *area, const VoucherEvent *e, const Voucher *v)
{
	Fen			open = entries_party_balance(area, v->fund, e->within, v->party);

	if (v->amount > open)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s of event %s is more than stands open with %s, %s", fund_yuan(v->amount),
						v->event, v->party == NULL ? "-" : v->party, fund_yuan(open)),
				 errhint("View account_statement, role %s, shows what it is made of.", e->within)));
}

void
voucher_post(const FundArea *area, const char *id, DateADT day)
{
	FundJournal journal = {0};
	Voucher		v;
	VoucherEvent e;
	const char *event;
	bool		prepays;

	(void) voucher_load(area, id, false, &v);
	voucher_event_load(area, v.event, &e);
	event = v.choice == NULL ? v.event : psprintf("%s.%s", v.event, v.choice);
	journal.id = v.journal_id;
	journal.event = v.payment_id == NULL ? event : v.event;
	journal.key = v.id;
	journal.fund = v.fund;
	journal.effective_on = day;
	journal.account_in = journal.account_out = v.account_id;
	if (e.items != NULL || v.payment_id != NULL)
		lock_persons(area, &v);
	fund_journal_open(area, &journal);
	prepays = strcmp(v.event, "prepay") == 0;
	if (e.items != NULL || e.within != NULL || v.payment_id != NULL || prepays)
		fund_payment_lock(area, v.fund, true);
	if (prepays)
		prepay_paid(area, &(Prepayment) {v.id, v.fund, v.party, day, v.amount});
	if (v.payment_id != NULL)
		payment_return(area, &journal, v.payment_id);
	else if (e.items != NULL)
	{
		spread(area, &e, &v);
		post_items(area, &journal, &v, event);
	}
	else
	{
		if (e.within != NULL)
			check_within(area, &e, &v);
		post(area, &journal, event, &v, v.pool, v.party, NULL, NULL, v.clr_ym, v.amount);
	}
	entries_settle(area, &journal, e.flow);
}
