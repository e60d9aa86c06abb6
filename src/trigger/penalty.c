/*
 * penalty.c
 *	  A penalty (违约金) withheld from a payment.
 *
 * Income and expenditure run apart (收支两条线): a penalty is paid to the income side.
 * Where a local rule lets it be kept of a payment, both are booked whole, the payment
 * as expense and the penalty as a receipt, and its cash is owed to the fiscal account
 * until it has been moved there.
 *
 * The local rule is two rows of flow_rule, each with the document that it rests on: what
 * is withheld may stay in the expenditure account, and may go on to the fiscal one.
 *
 * A payment that the bank returns leaves the income booked; the next one withholds it
 * again, and books no second.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "compat.h"
#include "errcodes.h"
#include "trigger/entries.h"

#define FLOW	"penalty_withheld"

static void
local_rule(const FundArea *area, DateADT day, char **source)
{
	Oid			types[1] = {DATEOID};
	Datum		values[1] = {DateADTGetDatum(day)};

	fund_flow(area, "outside", "expenditure", FLOW, day);
	fund_flow(area, "expenditure", "fiscal", FLOW, day);
	fund_exec(area,
			  "SELECT source FROM @schema@.flow_rule WHERE from_class = 'outside' AND to_class = 'expenditure' AND kind = 'penalty_withheld' "
			  "AND allowed AND valid_from <= $1 AND (valid_to IS NULL OR $1 < valid_to) ORDER BY valid_from DESC LIMIT 1",
			  1, types, values, NULL, 0);
	*source = fund_need(0, 1);
}

Fen
penalty_withholdable(const FundArea *area, const char *fund, const char *party, const char *penalty,
					 Fen amount, DateADT day, bool approved, char **source)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(penalty)};
	Fen			decided;
	Fen			received;
	Fen			booked;
	Fen			withheld;

	local_rule(area, day, source);
	fund_exec(area,
			  "SELECT v.event, v.fund, v.party, (v.amt * 100)::pg_catalog.int8, "
			  "(coalesce((SELECT pg_catalog.sum(r.amt) FROM @schema@.receipt r WHERE r.voucher_id = v.voucher_id AND r.payment_id IS NULL), 0) * 100)::pg_catalog.int8, "
			  "(coalesce((SELECT pg_catalog.sum(r.amt) FROM @schema@.receipt r WHERE r.voucher_id = v.voucher_id AND r.payment_id IS NOT NULL), 0) * 100)::pg_catalog.int8, "
			  "(coalesce((SELECT pg_catalog.sum(p.withheld_amt) FROM @schema@.payment p JOIN @schema@.payment_approval a ON a.payment_id = p.payment_id AND a.decision = 'approve' "
			  "WHERE p.penalty_id = v.voucher_id AND NOT EXISTS (SELECT FROM @schema@.voucher b WHERE b.payment_id = p.payment_id)), 0) * 100)::pg_catalog.int8 "
			  "FROM @schema@.voucher v WHERE v.voucher_id = $1",
			  1, types, values, NULL, FUND_LATEST);
	if (SPI_processed == 0 || strcmp(fund_need(0, 1), "penalty.decided") != 0 || strcmp(fund_need(0, 2), fund) != 0 ||
		party == NULL || strcmp(fund_need(0, 3), party) != 0 || strcmp(fund, FUND_RESIDENT) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s is no penalty of %s, fund %s, to be withheld", penalty, party == NULL ? "-" : party, fund),
				 errhint("penalty_id names a voucher of event penalty.decided of the provider that is paid, of fund resident (view penalty_status).")));
	decided = fund_int8(0, 4, NULL);
	received = fund_int8(0, 5, NULL);
	booked = fund_int8(0, 6, NULL);
	withheld = fund_int8(0, 7, NULL) + (approved ? 0 : amount);
	if (amount == 0 || received + withheld > decided)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("withheld_amt is %s, and %s of penalty %s is outstanding", fund_yuan(amount),
						fund_yuan(decided - received - withheld + amount), penalty),
				 errhint("Withhold at most what is outstanding: view penalty_status.")));
	if (withheld < booked)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s of penalty %s is income already, by a payment that the bank has returned", fund_yuan(booked - withheld + amount), penalty),
				 errhint("Withhold at least that much again.")));
	return fen_min(amount, withheld - booked);
}

void
penalty_withhold(const FundArea *area, const char *payment, const char *fund, const char *party,
				 const char *penalty, Fen amount, DateADT day)
{
	Oid			types[6] = {TEXTOID, TEXTOID, DATEOID, INT4OID, NUMERICOID, TEXTOID};
	Datum		values[6] = {CStringGetTextDatum(payment), CStringGetTextDatum(fund), DateADTGetDatum(day),
	Int32GetDatum(entries_year(day)), (Datum) 0, CStringGetTextDatum(penalty)};
	char	   *source;
	Fen			income;

	fund_exec(area, "SELECT 1 FROM @schema@.voucher WHERE voucher_id = $1 FOR NO KEY UPDATE",
			  1, types, &values[5], NULL, 0);
	income = penalty_withholdable(area, fund, party, penalty, amount, day, true, &source);
	if (income == 0)
		return;
	values[4] = fund_numeric(income);
	fund_exec(area,
			  "INSERT INTO @schema@.receipt (receipt_id, fund, insutype, kind, payer, account, received_on, coverage_year, amt, doc_no, voucher_id, payment_id) "
			  "SELECT 'withheld/' || $1, $2, v.insutype, 'penalty', v.party, 'expenditure', $3, $4, $5, v.doc_no, $6, $1 FROM @schema@.voucher v WHERE v.voucher_id = $6",
			  6, types, values, NULL, 0);
	if (SPI_processed != 1)
		fund_not_as_made("receipt");
}

void
penalty_receipt(MoneyRow *row, const FundArea *area, Fen amount)
{
	const char *payment = money_row_text(row, "payment_id");
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(payment)};
	char	   *source;
	char	   *penalty = NULL;
	char	   *party = NULL;
	Fen			kept = 0;

	fund_exec(area,
			  "SELECT p.penalty_id, p.party, (p.withheld_amt * 100)::pg_catalog.int8 FROM @schema@.payment p JOIN @schema@.payment_approval a ON a.payment_id = p.payment_id AND a.decision = 'approve' "
			  "WHERE p.payment_id = $1 AND p.withheld_amt > 0 AND NOT EXISTS (SELECT FROM @schema@.receipt r WHERE r.payment_id = p.payment_id)",
			  1, types, values, NULL, 0);
	if (SPI_processed > 0)
	{
		penalty = fund_need(0, 1);
		party = fund_need(0, 2);
		kept = fund_int8(0, 3, NULL);
	}
	if (penalty == NULL || strcmp(money_row_need(row, "kind"), "penalty") != 0 ||
		strcmp(money_row_need(row, "account"), "expenditure") != 0 ||
		money_row_text(row, "voucher_id") == NULL || strcmp(money_row_need(row, "voucher_id"), penalty) != 0 ||
		penalty_withholdable(area, money_row_need(row, "fund"), party, penalty, kept,
							 money_row_date(row, "received_on"), true, &source) != amount)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("nothing is booked by hand of what payment %s withheld", payment),
				 errhint("The payment's approval books the penalty; leave payment_id out.")));
}
