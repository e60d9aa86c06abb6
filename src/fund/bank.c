/*
 * bank.c
 *	  The bank's side: which flows are allowed, and in which account a fund's
 *	  money is.
 *
 * cash is a fund's share of a class of account, cash_account its share of one
 * account.  A class of which no account is registered has only the first; what
 * it held when its first account was registered is in that account.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/money_row.h"

/* ---- allowed flows ----------------------------------------------------------------- */

void
fund_flow(const FundArea *area, const char *from, const char *to, const char *kind, DateADT day)
{
	Oid			types[4] = {TEXTOID, TEXTOID, TEXTOID, DATEOID};
	Datum		values[4] = {CStringGetTextDatum(from), CStringGetTextDatum(to), CStringGetTextDatum(kind),
	DateADTGetDatum(day)};
	const char *ruled;
	char	   *rule = NULL;
	char	   *source = NULL;
	char	   *allowed = NULL;
	char	   *forbidden = NULL;

	fund_exec(area,
			  "SELECT allowed, source FROM @schema@.flow_rule WHERE from_class = $1 AND to_class = $2 AND kind = $3 "
			  "AND valid_from <= $4 AND (valid_to IS NULL OR $4 < valid_to) ORDER BY allowed LIMIT 1",
			  4, types, values, NULL, 0);
	if (SPI_processed > 0 && DatumGetBool(fund_value(SPI_tuptable, 0, 1, BOOLOID)))
		return;
	if (SPI_processed > 0)
		forbidden = fund_need(0, 2);

	/* the rule of the account that would receive, or else of the one that would pay */
	ruled = strcmp(to, "outside") == 0 ? from : to;
	values[0] = CStringGetTextDatum(ruled);
	fund_exec(area,
			  "SELECT c.rule, c.source, (SELECT pg_catalog.string_agg(f.kind || ' (' || f.from_class || ' -> ' || f.to_class || ')', ', ' ORDER BY f.kind, f.from_class) "
			  "FROM @schema@.flow_rule f WHERE c.class IN (f.from_class, f.to_class) AND f.allowed) "
			  "FROM @schema@.account_class c WHERE c.class = $1",
			  1, types, values, NULL, 0);
	if (SPI_processed > 0)
	{
		rule = fund_text(0, 1);
		source = fund_text(0, 2);
		allowed = fund_text(0, 3);
	}
	if (forbidden != NULL)
		source = forbidden;
	if (rule == NULL && strcmp(ruled, "outside") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_UNKNOWN_CODE),
				 errmsg("there is no class of account \"%s\"", ruled),
				 errhint("Classes: treasury, income, fiscal, expenditure (table account_class).")));
	ereport(ERROR,
			(errcode(ERRCODE_YB_FLOW),
			 errmsg("money may not go from %s to %s as %s", from, to, kind),
			 rule == NULL ? 0 : errdetail("%s (%s)", rule, source),
			 errhint("Allowed with this account (table flow_rule): %s.",
					 allowed == NULL ? "-" : allowed)));
}

/* ---- accounts ------------------------------------------------------------------------ */

/* A class of account that the area has not takes no money.  The caller holds the class's row of cash. */
static void
check_class_open(const FundArea *area, const char *class, DateADT day)
{
	Oid			types[2] = {TEXTOID, DATEOID};
	Datum		values[2] = {CStringGetTextDatum(class), DateADTGetDatum(day)};
	bool		isnull;

	fund_exec(area,
			  "SELECT open, valid_from, doc_no, source FROM @schema@.class_change WHERE class = $1 AND valid_from <= $2 "
			  "ORDER BY valid_from DESC LIMIT 1",
			  2, types, values, NULL, 0);
	if (SPI_processed == 0 || DatumGetBool(fund_value(SPI_tuptable, 0, 1, BOOLOID)))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_YB_FLOW),
			 errmsg("this area has no %s account on %s", class, fund_day(day)),
			 errdetail("Closed from %s on: %s (%s).",
					   fund_day(DatumGetDateADT(fund_datum(SPI_tuptable, 0, 2, DATEOID, &isnull))),
					   fund_need(0, 4), fund_need(0, 3)),
			 errhint("Name the class of account that receives the money here; class_change says which there are.")));
}

/*
 * The account of a class that a row books in: the one that it names, the only
 * open one, or the main one.  NULL when none of the class is registered.
 */
static char *
choose_account(const FundArea *area, const char *class, const char *named, DateADT day)
{
	Oid			types[2] = {TEXTOID, DATEOID};
	Datum		values[2] = {CStringGetTextDatum(class), DateADTGetDatum(day)};
	char	   *chosen = NULL;
	int			nopen = 0;
	bool		has_main = false;

	fund_exec(area,
			  "SELECT a.account_id, a.main, a.opened_on <= $2 AND (c.closed_on IS NULL OR $2 < c.closed_on) "
			  "FROM @schema@.bank_account a LEFT JOIN @schema@.bank_account_close c ON c.account_id = a.account_id "
			  "WHERE a.class = $1 ORDER BY a.account_id",
			  2, types, values, NULL, 0);
	if (SPI_processed == 0 && named == NULL)
		return NULL;
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		char	   *id = fund_need(i, 1);
		bool		main = DatumGetBool(fund_value(SPI_tuptable, i, 2, BOOLOID));

		if (!DatumGetBool(fund_value(SPI_tuptable, i, 3, BOOLOID)))
			continue;
		nopen++;
		if (named != NULL ? strcmp(id, named) == 0 : !has_main)
			chosen = id;
		has_main = has_main || main;
	}
	if (chosen == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 named != NULL ? errmsg("%s is no %s account that is open on %s", named, class, fund_day(day)) :
				 errmsg("no %s account is open on %s", class, fund_day(day)),
				 errhint("Table bank_account lists the accounts, bank_account_close those that are closed.")));
	if (named == NULL && nopen > 1 && !has_main)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_NULL),
				 errmsg("there are %d %s accounts on %s, and none is named", nopen, class, fund_day(day)),
				 errhint("Name one (account_id, from_account, to_account), or register one as main.")));
	return chosen;
}

static void
change_share(const FundArea *area, const char *fund, const char *account, Fen fen)
{
	Oid			types[3] = {TEXTOID, TEXTOID, INT8OID};
	Datum		values[3] = {CStringGetTextDatum(fund), CStringGetTextDatum(account), Int64GetDatum(fen)};
	Fen			balance;

	fund_exec(area, "SELECT balance_fen FROM @schema@.cash_account WHERE fund = $1 AND account_id = $2 FOR NO KEY UPDATE",
			  2, types, values, NULL, 0);
	if (SPI_processed != 1)
		elog(ERROR, "account %s has no share of fund %s", account, fund);
	balance = fund_int8(0, 1, NULL);
	if (fen < 0 && balance + fen < 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FUND_SHORT),
				 errmsg("account %s holds %s of fund %s, %s is to be paid", account,
						fund_yuan(balance), fund, fund_yuan(-fen)),
				 errhint("No account of the fund goes below zero: move money into it first (cash_move).")));
	fund_exec(area, "UPDATE @schema@.cash_account SET balance_fen = balance_fen + $3 WHERE fund = $1 AND account_id = $2",
			  3, types, values, NULL, FUND_LEDGER);
}

void
fund_bank_accounts(const FundArea *area, FundJournal *journal)
{
	static const char prefix[] = "bank_";
	Oid			types[2] = {TEXTOID, TEXTOID};

	for (int i = 0; i < journal->nlines; i++)
	{
		FundLine   *line = &journal->lines[i];
		const char *class = line->role + strlen(prefix);
		const char *named = line->party;
		Datum		values[2];

		if (line->book != 'G' || strncmp(line->role, prefix, strlen(prefix)) != 0)
			continue;
		if (named == NULL)
			named = line->amount > 0 ? journal->account_in : journal->account_out;
		/* held already where fund_cash() was called; whoever registers an account holds it too */
		values[0] = CStringGetTextDatum(line->fund);
		values[1] = CStringGetTextDatum(class);
		fund_exec(area, "SELECT 1 FROM @schema@.cash WHERE fund = $1 AND class = $2 FOR NO KEY UPDATE",
				  2, types, values, NULL, 0);
		if (line->amount > 0)
			check_class_open(area, class, journal->effective_on);
		line->party = choose_account(area, class, named, journal->effective_on);
	}
	/* what a journal pays and takes back is netted */
	for (int i = 0; i < journal->nlines; i++)
	{
		const FundLine *line = &journal->lines[i];
		Fen			sum = 0;

		if (line->book != 'G' || strncmp(line->role, prefix, strlen(prefix)) != 0 || line->party == NULL)
			continue;
		for (int k = 0; k < journal->nlines; k++)
		{
			const FundLine *other = &journal->lines[k];

			if (other->book != 'G' || strcmp(other->role, line->role) != 0 ||
				strcmp(other->fund, line->fund) != 0 || strcmp(other->party, line->party) != 0)
				continue;
			if (k < i)
			{
				sum = 0;
				break;			/* done with the first of them */
			}
			if (!fen_add(sum, other->amount, &sum))
				elog(ERROR, "amounts of journal " INT64_FORMAT " are too large", journal->id);
		}
		if (sum != 0)
			change_share(area, line->fund, line->party, sum);
	}
}
