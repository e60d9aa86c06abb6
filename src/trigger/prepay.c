/*
 * prepay.c
 *	  Prepayment of providers: what the area's rule allows and asks for, and the
 *	  schedule by which it comes back.
 *
 * Base, limit and conditions are the view prepay_limit's; here is only who asks it.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "compat.h"
#include "errcodes.h"
#include "trigger/bank.h"
#include "trigger/entries.h"
#include "trigger/terms.h"

/* ---- rows ----------------------------------------------------------------------------- */

static void
prepay_rule_check(MoneyRow *row, const FundArea *area)
{
	Oid			types[2] = {TEXTARRAYOID, TEXTOID};
	Datum		values[2];
	bool		isnull;

	(void) money_row_need(row, "source");
	(void) money_row_date(row, "valid_from");
	values[0] = money_row_datum(row, "pools", TEXTARRAYOID, &isnull);
	if (isnull)
		return;
	values[1] = CStringGetTextDatum(money_row_need(row, "fund"));
	fund_exec(area,
			  "SELECT coalesce(n.pool, '-') FROM pg_catalog.unnest($1) n(pool) "
			  "WHERE NOT EXISTS (SELECT FROM @schema@.pool p WHERE p.pool = n.pool AND p.fund = $2) LIMIT 1",
			  2, types, values, NULL, 0);
	if (SPI_processed > 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_UNKNOWN_CODE),
				 errmsg("fund %s has no pool %s", money_row_need(row, "fund"), fund_need(0, 1)),
				 errhint("pools names pools of the fund; leave it out to count all of them.")));
}

const RecordTable prepay_rule_table = {
	RECORD_TABLE("prepay_rule", "rule_id", "booked"),
	.before = prepay_rule_check,
};

static void
prepay_attest_check(MoneyRow *row, const FundArea *area)
{
	const char *condition = money_row_need(row, "condition");
	Oid			types[2] = {TEXTOID, TEXTOID};
	Datum		values[2] = {CStringGetTextDatum(money_row_need(row, "fund")), CStringGetTextDatum(condition)};

	(void) money_row_need(row, "doc_no");
	(void) money_row_int(row, "year", NULL);
	fund_exec(area, "SELECT 1 FROM @schema@.prepay_rule WHERE fund = $1 AND $2 = ANY (attested) LIMIT 1",
			  2, types, values, NULL, 0);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_UNKNOWN_CODE),
				 errmsg("no prepayment rule of the fund asks for condition %s", condition),
				 errhint("Conditions are the words of prepay_rule.attested.")));
}

const RecordTable prepay_attest_table = {
	RECORD_TABLE("prepay_attest", "attest_id", "booked"),
	.before = prepay_attest_check,
};

static void
prepay_schedule_fill(MoneyRow *row, const FundArea *area)
{
	money_row_fill_text(row, "row_id",
						psprintf("%s/%s", money_row_need(row, "voucher_id"),
								 fund_day(money_row_date(row, "due_on"))));
}

static void
prepay_schedule_check(MoneyRow *row, const FundArea *area)
{
	const char *id = money_row_need(row, "voucher_id");
	DateADT		due = money_row_date(row, "due_on");
	Fen			amount = money_row_fen(row, "amt", NULL);
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(id)};
	DateADT		day;
	Fen			whole;
	Fen			scheduled;

	/* its approval locks it too */
	fund_exec(area, "SELECT 1 FROM @schema@.voucher WHERE voucher_id = $1 FOR NO KEY UPDATE", 1, types, values, NULL, 0);
	fund_exec(area,
			  "SELECT v.effective_on, (v.amt * 100)::pg_catalog.int8, "
			  "(SELECT (coalesce(pg_catalog.sum(s.amt), 0) * 100)::pg_catalog.int8 FROM @schema@.prepay_schedule s WHERE s.voucher_id = v.voucher_id), "
			  "EXISTS (SELECT FROM @schema@.voucher_approval a WHERE a.voucher_id = v.voucher_id) "
			  "FROM @schema@.voucher v WHERE v.voucher_id = $1 AND v.event = 'prepay'",
			  1, types, values, NULL, FUND_LATEST);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("there is no prepayment %s", id),
				 errhint("voucher_id names a voucher of event prepay.")));
	day = DatumGetDateADT(fund_value(SPI_tuptable, 0, 1, DATEOID));
	whole = fund_int8(0, 2, NULL);
	scheduled = fund_int8(0, 3, NULL);
	if (DatumGetBool(fund_value(SPI_tuptable, 0, 4, BOOLOID)))
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("prepayment %s has been decided already", id),
				 errhint("The schedule is part of what is approved.")));
	bank_not_zero(amount);
	if (due < day || entries_year(due) != entries_year(day))
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("prepayment %s is of %s and cannot be due back on %s", id, fund_day(day), fund_day(due)),
				 errdetail("年初预付金, 年底及时收回: what is prepaid in a year is back by its 31 December."),
				 errhint("Give a due_on from the day of the prepayment to the end of that year.")));
	if (scheduled + amount > whole)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("the schedule of prepayment %s would come to %s, the prepayment is %s", id,
						fund_yuan(scheduled + amount), fund_yuan(whole)),
				 errhint("Its rows together are the prepayment.")));
}

const RecordTable prepay_schedule_table = {
	RECORD_TABLE("prepay_schedule", "row_id", "booked"),
	.fill = prepay_schedule_fill,
	.before = prepay_schedule_check,
};

/* ---- against the rule ------------------------------------------------------------------- */

/* The rule in force on the day; false when the area has none. */
static bool
against_rule(const FundArea *area, const Prepayment *p, bool drawn)
{
	Oid			types[5] = {TEXTOID, TEXTOID, DATEOID, INT8OID, TEXTOID};
	Datum		values[5] = {CStringGetTextDatum(p->fund), CStringGetTextDatum(p->party),
	DateADTGetDatum(p->day), Int64GetDatum(p->amount), CStringGetTextDatum(p->voucher_id)};
	char	   *rule;
	char	   *unmet;

	fund_exec(area, "SELECT rule_id FROM @schema@.prepay_rule WHERE fund = $1 AND valid_from <= $2 ORDER BY valid_from DESC LIMIT 1",
			  2, (Oid[]) {TEXTOID, DATEOID}, (Datum[]) {values[0], values[2]}, NULL, 0);
	if (SPI_processed == 0)
		return false;
	rule = fund_need(0, 1);
	values[0] = CStringGetTextDatum(rule);
	/* of one that is being paid prepaid_amt counts its journal already */
	fund_exec(area,
			  "SELECT l.rule_id, l.year, l.base_amt, l.limit_amt, l.prepaid_amt, l.months_payable, l.last_balance, l.settled_months, l.outstanding_amt, x.unmet, "
			  "pg_catalog.array_to_string(x.unmet, ', '), r.control = 'refuse' AND pg_catalog.cardinality(x.unmet) > 0, r.source "
			  "FROM @schema@.prepay_limit l JOIN @schema@.prepay_rule r ON r.rule_id = l.rule_id, "
			  "LATERAL (SELECT pg_catalog.array_remove(ARRAY["
			  "CASE WHEN l.prepaid_amt + CASE WHEN EXISTS (SELECT FROM @schema@.voucher v JOIN @schema@.journal j ON j.journal_id = v.journal_id WHERE v.voucher_id = $5) "
			  "THEN 0 ELSE $4::pg_catalog.numeric / 100 END > l.limit_amt THEN 'months' END, "
			  "CASE WHEN pg_catalog.to_char($3, 'MM-DD') COLLATE pg_catalog.\"C\" > r.pay_by THEN 'pay_by' END], NULL) || l.unmet AS unmet) x "
			  "WHERE l.rule_id = $1 AND l.party = $2 AND l.year = pg_catalog.date_part('year', $3)::pg_catalog.int4",
			  5, types, values, NULL, 0);
	if (SPI_processed == 0)
		elog(ERROR, "prepayment %s has no limit", p->voucher_id);
	if (DatumGetBool(fund_value(SPI_tuptable, 0, 12, BOOLOID)))
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("rule %s does not allow that %s is prepaid to %s: %s", rule, fund_yuan(p->amount), p->party, fund_need(0, 11)),
				 errdetail("The limit of %s is %s, %s of it has been prepaid (%s).", fund_need(0, 2), fund_need(0, 4), fund_need(0, 5), fund_need(0, 13)),
				 errhint("View prepay_limit shows base, limit and what is not met; conditions that a document proves are rows of prepay_attest.")));
	if (!drawn)
		return true;
	unmet = fund_need(0, 10);
	{
		Oid			kinds[10] = {TEXTOID, TEXTOID, INT4OID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, INT4OID, NUMERICOID};
		Datum		basis[11] = {CStringGetTextDatum(p->voucher_id), CStringGetTextDatum(rule)};
		char		nulls[12] = "           ";
		Oid			all[11];

		for (int i = 2; i < 10; i++)
		{
			bool		isnull;

			basis[i] = fund_datum(SPI_tuptable, 0, i, kinds[i], &isnull);
			nulls[i] = isnull ? 'n' : ' ';
		}
		memcpy(all, kinds, sizeof(kinds));
		all[10] = TEXTOID;
		basis[10] = CStringGetTextDatum(unmet);
		fund_exec(area,
				  "INSERT INTO @schema@.prepay_basis (voucher_id, rule_id, year, base_amt, limit_amt, prepaid_amt, months_payable, last_balance, settled_months, outstanding_amt, unmet) "
				  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::pg_catalog._text)",
				  11, all, basis, nulls, FUND_LEDGER);
	}
	return true;
}

void
prepay_drawn(const FundArea *area, const Prepayment *p)
{
	(void) against_rule(area, p, true);
}

void
prepay_paid(const FundArea *area, const Prepayment *p)
{
	Oid			types[2] = {TEXTOID, DATEOID};
	Datum		values[2] = {CStringGetTextDatum(p->voucher_id), DateADTGetDatum(p->day)};
	bool		ruled = against_rule(area, p, false);
	int64		rows;
	Fen			scheduled;

	fund_exec(area,
			  "SELECT pg_catalog.count(*), (coalesce(pg_catalog.sum(amt), 0) * 100)::pg_catalog.int8, coalesce(pg_catalog.max(due_on) < $2, false) "
			  "FROM @schema@.prepay_schedule WHERE voucher_id = $1",
			  2, types, values, NULL, FUND_LATEST);
	rows = fund_int8(0, 1, NULL);
	scheduled = fund_int8(0, 2, NULL);
	if (rows == 0 && !ruled)
		return;
	if (scheduled != p->amount)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("the schedule of prepayment %s comes to %s, the prepayment is %s", p->voucher_id,
						fund_yuan(scheduled), fund_yuan(p->amount)),
				 errhint("Insert rows of prepay_schedule, together the prepayment, before it is approved.")));
	if (DatumGetBool(fund_value(SPI_tuptable, 0, 3, BOOLOID)))
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("prepayment %s should all be back before %s, on which it is paid", p->voucher_id, fund_day(p->day)),
				 errhint("Draw it up again with a schedule of later days.")));
}

/* ---- what is due back ---------------------------------------------------------------------- */

void
prepay_open(const FundArea *area, const char *fund, const char *party, DateADT day, PrepayOpen *p)
{
	Oid			types[3] = {TEXTOID, TEXTOID, DATEOID};
	Datum		values[3] = {CStringGetTextDatum(fund), CStringGetTextDatum(party == NULL ? "" : party), DateADTGetDatum(day)};

	fund_exec(area,
			  "SELECT o.open, greatest(0, least(s.due - o.back, o.open - s.later)), greatest(0, o.open - s.later) FROM "
			  "(SELECT coalesce(pg_catalog.sum(e.amount_fen), 0)::pg_catalog.int8 AS open, "
			  "coalesce(-pg_catalog.sum(e.amount_fen) FILTER (WHERE j.event <> 'prepay'), 0)::pg_catalog.int8 AS back "
			  "FROM @schema@.entry e JOIN @schema@.journal j ON j.journal_id = e.journal_id "
			  "WHERE e.fund = $1 AND e.book = 'G' AND e.role = 'advance_provider' AND e.party = $2) o, "
			  "(SELECT (coalesce(pg_catalog.sum(s.amt) FILTER (WHERE s.due_on <= $3), 0) * 100)::pg_catalog.int8 AS due, "
			  "(coalesce(pg_catalog.sum(s.amt) FILTER (WHERE s.due_on > $3), 0) * 100)::pg_catalog.int8 AS later "
			  "FROM @schema@.prepay_schedule s JOIN @schema@.voucher v ON v.voucher_id = s.voucher_id JOIN @schema@.journal j ON j.journal_id = v.journal_id "
			  "WHERE v.fund = $1 AND v.party = $2) s",
			  3, types, values, NULL, 0);
	p->open = fund_int8(0, 1, NULL);
	p->due = fund_int8(0, 2, NULL);
	p->most = fund_int8(0, 3, NULL);
}
