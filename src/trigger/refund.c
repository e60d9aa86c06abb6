/*
 * refund.c
 *	  A contribution is given back (退费): for a case that is allowed, to a person
 *	  who has used no benefit, out of the bucket that it went into.
 *
 * The refund takes what it needs out of the pools at once, as a commitment, or
 * waits in their queue like a claim; an approval by another login pays it from
 * the income side.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "core/split.h"
#include "errcodes.h"
#include "fund/approval.h"
#include "fund/owner.h"
#include "fund/queue.h"
#include "trigger/entries.h"
#include "trigger/record.h"

#define NPOOLS 4

/* Pools in the order in which they are locked, and the column of their part. */
static const char *const pools[NPOOLS] = {"inpatient", "outpatient", "serious", "unallocated"};
static const char *const parts[NPOOLS] = {"ipt_amt", "out_amt", "serious_amt", "unalloc_amt"};

typedef struct Receipt
{
	char	   *kind;
	char	   *insutype;
	int32		year;
	char	   *account;
	Fen			amount;
	Fen			serious;
	int32		heads;			/* 0: not stated */
	char	   *rule;			/* of split_bucket */
	const char *id;
	bool		income;
	Fen			back;			/* refunded before */
	Fen			serious_back;
	DateADT		received_on;
} Receipt;

static Fen
fen_at(int col)
{
	bool		isnull;
	Datum		d = fund_datum(SPI_tuptable, 0, col, NUMERICOID, &isnull);

	return isnull ? 0 : fund_fen(d, "amt");
}

/*
 * The receipt and what it was split into, locked against other refunds of it;
 * an old snapshot would not show those that were before us.
 */
static void
load_receipt(const FundArea *area, const char *id, Receipt *r)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(id)};
	bool		isnull;
	Datum		heads;

	fund_exec(area, "SELECT 1 FROM @schema@.receipt WHERE receipt_id = $1 FOR NO KEY UPDATE", 1, types, values, NULL, 0);
	fund_exec(area,
			  "SELECT r.kind, r.insutype, r.coverage_year, r.account, r.amt, coalesce(n.serious_amt, r.serious_amt), coalesce(n.heads, r.heads), "
			  "coalesce(n.split_rule, r.split_rule), j.event <> 'receipt.next_year' OR n.receipt_id IS NOT NULL, r.fund, "
			  "(SELECT pg_catalog.sum(x.amt) FROM @schema@.refund x WHERE x.receipt_id = r.receipt_id), "
			  "(SELECT pg_catalog.sum(x.serious_amt) FROM @schema@.refund x WHERE x.receipt_id = r.receipt_id AND x.income), r.received_on "
			  "FROM @schema@.receipt r JOIN @schema@.journal j ON j.journal_id = r.journal_id "
			  "LEFT JOIN @schema@.next_year_income n ON n.receipt_id = r.receipt_id WHERE r.receipt_id = $1",
			  1, types, values, NULL, FUND_LATEST);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("there is no receipt %s", id),
				 errhint("receipt_id names the receipt that the contribution came with.")));
	r->id = id;
	r->kind = fund_need(0, 1);
	r->insutype = fund_need(0, 2);
	r->year = DatumGetInt32(fund_value(SPI_tuptable, 0, 3, INT4OID));
	r->account = fund_need(0, 4);
	r->amount = fen_at(5);
	r->serious = fen_at(6);
	heads = fund_datum(SPI_tuptable, 0, 7, INT4OID, &isnull);
	r->heads = isnull ? 0 : DatumGetInt32(heads);
	r->rule = fund_text(0, 8);
	r->income = DatumGetBool(fund_value(SPI_tuptable, 0, 9, BOOLOID));
	if (strcmp(fund_need(0, 10), FUND_RESIDENT) != 0 ||
		(strcmp(r->kind, "contribution") != 0 && strcmp(r->kind, "assistance") != 0 &&
		 strcmp(r->kind, "collective") != 0))
		ereport(ERROR,
				(errcode(ERRCODE_YB_FLOW),
				 errmsg("receipt %s is no contribution: kind %s, fund %s", id, r->kind, fund_need(0, 10)),
				 errhint("Contributions (contribution, assistance, collective) are refunded.")));
	r->back = fen_at(11);
	r->serious_back = fen_at(12);
	r->received_on = DatumGetDateADT(fund_value(SPI_tuptable, 0, 13, DATEOID));
}

/* A person has a receipt's contribution back once. */
static void
check_first(const MoneyRow *row, const FundArea *area)
{
	const char *id = money_row_need(row, "receipt_id");
	const char *person = money_row_need(row, "psn_no");
	Oid			types[2] = {TEXTOID, TEXTOID};
	Datum		values[2] = {CStringGetTextDatum(id), CStringGetTextDatum(person)};

	fund_exec(area, "SELECT refund_id FROM @schema@.refund WHERE receipt_id = $1 AND psn_no = $2",
			  2, types, values, NULL, FUND_LATEST);
	if (SPI_processed > 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_REVERSED),
				 errmsg("%s has the contribution of receipt %s back already: refund %s", person, id, fund_need(0, 1)),
				 errhint("A refund is not drawn up twice; what it should have been more is refunded of another receipt.")));
}

static void
check_case(const MoneyRow *row, const FundArea *area, const Receipt *r)
{
	const char *kind = money_row_need(row, "kind");
	DateADT		happened = money_row_date(row, "happened_on");
	DateADT		start = date2j(r->year, 1, 1) - POSTGRES_EPOCH_JDATE;
	Oid			types[3] = {TEXTOID, TEXTOID, INT4OID};
	Datum		values[3] = {CStringGetTextDatum(kind)};
	bool		unused;

	fund_exec(area, "SELECT before_start, source, unused FROM @schema@.refund_kind WHERE kind = $1", 1, types, values, NULL, 0);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_UNKNOWN_CODE),
				 errmsg("a contribution is not refunded for %s", kind),
				 errhint("The cases that are allowed are the rows of table refund_kind.")));
	unused = DatumGetBool(fund_value(SPI_tuptable, 0, 3, BOOLOID));
	if (DatumGetBool(fund_value(SPI_tuptable, 0, 1, BOOLOID)) && happened >= start)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s on %s is not before the coverage of %d began", kind, fund_day(happened), r->year),
				 errdetail("Source: %s.", fund_need(0, 2)),
				 errhint("Once coverage has begun, this case is no reason to refund.")));

	values[0] = CStringGetTextDatum(money_row_need(row, "psn_no"));
	values[1] = CStringGetTextDatum(r->insutype);
	values[2] = Int32GetDatum(r->year);
	/* who settles for this person waits, or is seen */
	fund_exec(area,
			  "SELECT 1 FROM @schema@.person_year WHERE psn_no = $1 AND insutype = $2 AND year = $3 FOR NO KEY UPDATE",
			  3, types, values, NULL, 0);
	fund_exec(area,
			  "SELECT pg_catalog.min(s.setl_id) FROM @schema@.settlement s WHERE s.psn_no = $1 AND s.insutype = $2 AND s.year = $3 "
			  "AND s.init_setl_id IS NULL AND s.fund_pay_sumamt <> 0 "
			  "AND NOT EXISTS (SELECT FROM @schema@.settlement v WHERE v.init_setl_id = s.setl_id)",
			  3, types, values, NULL, 0);
	if (unused && fund_text(0, 1) != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s has used the benefits of %d: settlement %s", money_row_text(row, "psn_no"), r->year, fund_text(0, 1)),
				 errhint("Who has had a benefit of the year has no contribution back.")));
}

/* The serious-illness part of one person's contribution: given, or the receipt's a head. */
static Fen
serious_part(const MoneyRow *row, const Receipt *r, Fen amount)
{
	bool		ungiven;
	Fen			serious = money_row_fen(row, "serious_amt", &ungiven);

	if (ungiven && r->serious > 0)
	{
		if (r->heads == 0 || r->serious % r->heads != 0)
			ereport(ERROR,
					(errcode(ERRCODE_YB_SPLIT),
					 errmsg("the serious-illness part of the refund is not known: the receipt's, %s, is not an amount a head",
							fund_yuan(r->serious)),
					 errhint("State serious_amt; 0 if none of it was for serious illness.")));
		serious = r->serious / r->heads;
	}
	if (serious > amount || serious > r->serious - r->serious_back)
		ereport(ERROR,
				(errcode(ERRCODE_YB_PARTS),
				 errmsg("serious_amt %s is more than the refund, or than is left of the receipt's part, %s",
						fund_yuan(serious), fund_yuan(r->serious - r->serious_back)),
				 errhint("It is the part of amt that was set aside for serious illness.")));
	return serious;
}

/* Take the amount out of the receipt's own bucket; the outpatient part of it. */
static Fen
shrink_bucket(const FundArea *area, const Receipt *r, Fen amount)
{
	Oid			types[5] = {TEXTOID, INT4OID, TEXTOID, INT8OID, INT8OID};
	Datum		values[5];
	Ratio		share;
	Fen			total;
	Fen			out;
	Fen			rest;

	values[0] = CStringGetTextDatum(FUND_RESIDENT);
	values[1] = Int32GetDatum(r->year);
	values[2] = CStringGetTextDatum(r->rule);
	fund_exec(area,
			  "SELECT total_fen, out_fen, rounding, (outpatient::pg_catalog.numeric * 10000)::pg_catalog.int8 FROM @schema@.split_bucket "
			  "WHERE fund = $1 AND coverage_year = $2 AND rule = $3 FOR NO KEY UPDATE",
			  3, types, values, NULL, 0);
	if (SPI_processed == 0 && IsolationUsesXactSnapshot())
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("receipt %s was turned to income by a transaction that this one cannot see", r->id),
				 errhint("Try the transaction again.")));
	total = fund_int8(0, 1, NULL);
	out = fund_int8(0, 2, NULL);
	share = (Ratio) fund_int8(0, 4, NULL) * (RATIO_ONE / 10000);
	if (total < amount)
		elog(ERROR, "bucket %s has less than its receipts", r->rule);
	rest = split_share(total - amount, share,
					   strcmp(fund_need(0, 3), "half_up_outpatient") == 0 ? SPLIT_ROUND_HALF_UP : SPLIT_ROUND_FLOOR);
	values[3] = Int64GetDatum(total - amount);
	values[4] = Int64GetDatum(rest);
	fund_exec(area,
			  "UPDATE @schema@.split_bucket SET total_fen = $4, out_fen = $5 "
			  "WHERE fund = $1 AND coverage_year = $2 AND rule = $3",
			  5, types, values, NULL, FUND_LEDGER);
	return out - rest;
}

static void
refund_before(MoneyRow *row, const FundArea *area)
{
	Fen			amount = money_row_fen(row, "amt", NULL);
	const char *account = money_row_need(row, "account");
	Receipt		r;

	(void) money_row_date(row, "refunded_on");
	load_receipt(area, money_row_need(row, "receipt_id"), &r);
	check_first(row, area);
	check_case(row, area, &r);
	if (amount == 0 || r.back + amount > r.amount)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s is not to be had back of receipt %s: %s of it, %s refunded", fund_yuan(amount),
						money_row_text(row, "receipt_id"), fund_yuan(r.amount), fund_yuan(r.back)),
				 errhint("A refund is of what one person contributed with the receipt.")));
	if (money_row_date(row, "refunded_on") < r.received_on)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("receipt %s came in on %s, after it is to be refunded", r.id, fund_day(r.received_on)),
				 errhint("Check refunded_on.")));
	fund_flow(area, account, "outside", "refund", money_row_date(row, "refunded_on"));
	money_row_fill(row, "income", BOOLOID, BoolGetDatum(r.income));
	if (r.income)
	{
		Fen			serious = serious_part(row, &r, amount);
		Fen			rest = amount - serious;
		Fen			out = r.rule == NULL || rest == 0 ? 0 : shrink_bucket(area, &r, rest);

		money_row_fill_fen(row, "serious_amt", serious);
		money_row_fill_fen(row, "out_amt", out);
		money_row_fill_fen(row, "ipt_amt", r.rule == NULL ? 0 : rest - out);
		money_row_fill_fen(row, "unalloc_amt", r.rule == NULL ? rest : 0);
		if (r.rule != NULL)
			money_row_fill_text(row, "split_rule", r.rule);
	}
	money_row_fill(row, "journal_id", INT8OID, Int64GetDatum(fund_journal_id(area)));
}

static char *
party_of(const MoneyRow *row)
{
	return psprintf("psn:%s", money_row_text(row, "psn_no"));
}

/* It waits in the pool's queue, behind what waits already. */
static void
enqueue(const MoneyRow *row, const FundArea *area, const char *pool, Fen fen)
{
	static const Oid types[] = {TEXTOID, TEXTOID, TEXTOID, DATEOID, INT8OID, INT8OID, TIMESTAMPTZOID};
	Oid			nsp = get_namespace_oid(area->schema, false);
	Datum		values[7];

	values[0] = CStringGetTextDatum(psprintf("refund:%s", money_row_text(row, "refund_id")));
	values[1] = CStringGetTextDatum(pool);
	values[2] = CStringGetTextDatum(party_of(row));
	values[3] = DateADTGetDatum(money_row_date(row, "refunded_on"));
	values[4] = Int64GetDatum(fen);
	values[5] = Int64GetDatum(money_row_int8(row, "journal_id"));
	values[6] = TimestampTzGetDatum(GetCurrentStatementStartTimestamp());
	owner_exec(nsp,
			   "INSERT INTO @schema@.queue (setl_id, layer, pool, fund, party, clr_ym, setl_time, amount_fen, journal_id, queued_at)"
			   " VALUES ($1, $2, $2, 'resident', $3, pg_catalog.to_char($4::pg_catalog.timestamp, 'YYYYMM'), $4::pg_catalog.timestamp, $5, $6, $7)",
			   7, types, values, NULL, 0);
	fund_alert(area, "pool_short", pool, money_row_text(row, "refund_id"), fen);
}

/* Take what a pool owes of the refund; false when it waits.  As with a settlement, the pool's queue comes before its slots. */
static bool
take(const FundArea *area, const char *pool, Fen fen)
{
	if (!queue_waits(area, pool) && fund_take_one(area, pool, fen))
		return true;
	fund_hold_queue(area, pool);
	queue_fund(area, pool);
	return !queue_waits(area, pool) && fund_lock_pool(area, pool) >= fen && fund_take(area, pool, fen);
}

static void
refund_after(MoneyRow *row, const FundArea *area)
{
	FundJournal journal = {0};
	bool		isnull;

	if (!DatumGetBool(money_row_datum(row, "income", BOOLOID, &isnull)))
		return;					/* no pool has had it */
	journal.id = money_row_int8(row, "journal_id");
	journal.event = "refund.owed";
	journal.key = money_row_text(row, "refund_id");
	journal.fund = FUND_RESIDENT;
	journal.effective_on = money_row_date(row, "refunded_on");
	fund_journal_open(area, &journal);
	for (int i = 0; i < NPOOLS; i++)
	{
		Fen			fen = money_row_fen(row, parts[i], &isnull);
		bool		funded;
		FundVar		vars[3] = {
			{"pool", pools[i], 0},
			{"party", party_of(row), 0},
			{"amount", NULL, fen}
		};

		if (fen == 0)
			continue;
		funded = take(area, pools[i], fen);
		if (!funded)
			enqueue(row, area, pools[i], fen);
		fund_post(area, &journal, funded ? "refund.owed" : "refund.unfunded", vars, 3);
	}
	fund_journal_close(area, &journal);
}

static const RecordTable refund_table = {
	RECORD_TABLE("refund", "refund_id", "booked"),
	.before = refund_before,
	.after = refund_after,
};

PG_FUNCTION_INFO_V1(yibao_t_refund);
Datum
yibao_t_refund(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &refund_table);
}

/* ---- paying it ------------------------------------------------------------------------- */

/* Columns: kind, account, psn_no, booked_by, income, amt, out, ipt, serious, refunded_on. */
static void
load_refund(const FundArea *area, const char *id)
{

	approval_find(area, gettext_noop("refund"), "refund", id,
				  "SELECT r.kind, f.account, f.psn_no, f.booked_by, f.income, f.amt, f.out_amt::pg_catalog.numeric, f.ipt_amt::pg_catalog.numeric, f.serious_amt, f.refunded_on "
				  "FROM @schema@.refund f JOIN @schema@.receipt r ON r.receipt_id = f.receipt_id WHERE f.refund_id = $1");
}

static void
approval_before(MoneyRow *row, const FundArea *area)
{
	const char *id = money_row_need(row, "refund_id");
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(psprintf("refund:%s", id))};

	(void) money_row_date(row, "paid_on");
	load_refund(area, id);
	approval_by_another(area, gettext_noop("refund"), id, fund_need(0, 4));
	approval_not_before(gettext_noop("refund"), id, DatumGetDateADT(fund_value(SPI_tuptable, 0, 10, DATEOID)), money_row_date(row, "paid_on"));
	fund_exec(area, "SELECT pool, amount_fen FROM @schema@.queue WHERE setl_id = $1 AND state = 'waiting'", 1, types, values, NULL, 0);
	if (SPI_processed > 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FUND_SHORT),
				 errmsg("refund %s waits for %s of pool %s", id, fund_yuan(fund_int8(0, 2, NULL)), fund_need(0, 1)),
				 errhint("It is funded in its turn when money comes to the pool (挂账), and paid then.")));
	approval_execute(area, "refund", id, money_row_date(row, "paid_on"));
	money_row_fill(row, "journal_id", INT8OID, Int64GetDatum(fund_journal_id(area)));
}

static void
approval_after(MoneyRow *row, const FundArea *area)
{
	FundJournal journal = {0};
	FundVar		vars[6];
	bool		income;
	char	   *kind;

	load_refund(area, money_row_text(row, "refund_id"));
	kind = fund_need(0, 1);
	income = DatumGetBool(fund_value(SPI_tuptable, 0, 5, BOOLOID));
	vars[0] = (FundVar) {"bank", fund_bank_role(fund_need(0, 2)), 0};
	vars[1] = (FundVar) {"party", psprintf("psn:%s", fund_need(0, 3)), 0};
	vars[2] = (FundVar) {"amount", NULL, fen_at(6)};
	vars[3] = (FundVar) {"out", NULL, fen_at(7)};
	vars[4] = (FundVar) {"ipt", NULL, fen_at(8)};
	vars[5] = (FundVar) {"serious", NULL, income ? fen_at(9) : 0};
	journal.id = money_row_int8(row, "journal_id");
	journal.event = income ? psprintf("receipt.refund.%s", kind) : "receipt.refund_next_year";
	journal.key = money_row_text(row, "refund_id");
	journal.fund = FUND_RESIDENT;
	journal.effective_on = money_row_date(row, "paid_on");
	journal.account_out = money_row_text(row, "account_id");
	fund_journal_open(area, &journal);
	fund_post(area, &journal, journal.event, vars, 6);
	entries_settle(area, &journal, "refund");
}

static const RecordTable refund_approval_table = {
	RECORD_TABLE("refund_approval", "refund_id", "approved"),
	.before = approval_before,
	.after = approval_after,
};

PG_FUNCTION_INFO_V1(yibao_t_refund_approval);
Datum
yibao_t_refund_approval(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &refund_approval_table);
}
