/*
 * entries.c
 *	  What the triggers of vouchers, receipts, refunds and payments share.
 *
 * What a posting takes from accounts and pools is read off its lines, so that no
 * rule, an area's own neither, can leave cash or available behind: a bank's line
 * is that account's cash, and a pool's line in P less its commitment in S is the
 * pool's available.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/pending.h"
#include "trigger/entries.h"

int32
entries_year(DateADT day)
{
	int			y;
	int			m;

	fund_month(day, &y, &m);
	return y;
}

const char *
entries_choice(const FundArea *area, const char *insutype, int32 year, DateADT day,
			   const char *key, char **policy_id)
{
	CompiledPolicy *cp = fund_policy_for_year(area, insutype, year, day, policy_id);
	const char *word = cp == NULL ? NULL : policy_fund_choice(cp, key);

	if (word == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_SPLIT),
				 errmsg("the policy of scheme %s for %d does not state fund.%s", insutype, year, key),
				 errdetail("How this is booked depends on it, and nothing is assumed."),
				 errhint("Publish a policy that states fund.%s.", key)));
	return word;
}

Fen
entries_party_balance(const FundArea *area, const char *fund, const char *role, const char *party)
{
	Oid			types[3] = {TEXTOID, TEXTOID, TEXTOID};
	Datum		values[3] = {CStringGetTextDatum(fund), CStringGetTextDatum(role),
	CStringGetTextDatum(party == NULL ? "" : party)};

	fund_exec(area,
			  "SELECT coalesce(pg_catalog.sum(amount_fen), 0)::pg_catalog.int8 FROM @schema@.entry "
			  "WHERE fund = $1 AND book = 'G' AND role = $2 AND party = $3",
			  3, types, values, NULL, 0);
	return fund_int8(0, 1, NULL);
}

/* ---- what the lines take from accounts and pools ------------------------------------------------ */

typedef struct Effect
{
	const char *name;			/* of a class of account, of a pool */
	Fen			fen;
} Effect;

typedef struct Effects
{
	Effect		of[32];
	int			n;
} Effects;

static void
add_effect(Effects *e, const char *name, Fen fen)
{
	int			at = 0;

	while (at < e->n && strcmp(e->of[at].name, name) < 0)
		at++;
	if (at == e->n || strcmp(e->of[at].name, name) != 0)
	{
		if (e->n == lengthof(e->of))
			elog(ERROR, "a voucher touches more than %d accounts or pools", (int) lengthof(e->of));
		memmove(&e->of[at + 1], &e->of[at], sizeof(Effect) * (e->n - at));
		e->n++;
		e->of[at].name = name;
		e->of[at].fen = 0;
	}
	e->of[at].fen += fen;
}

static void
check_flow(const FundArea *area, const Effects *cash, const char *flow, DateADT day)
{
	const char *from = "outside";
	const char *to = "outside";
	int			n = 0;

	for (int i = 0; i < cash->n; i++)
	{
		if (cash->of[i].fen == 0)
			continue;
		n++;
		if (cash->of[i].fen < 0)
			from = cash->of[i].name;
		else
			to = cash->of[i].name;
	}
	if (n > 0)
		fund_flow(area, from, to, flow == NULL ? "-" : flow, day);
}

void
entries_own_pool(const char *fund, const char *pool)
{
	if ((strcmp(pool, FUND_ASSISTANCE) == 0) != (strcmp(fund, FUND_ASSISTANCE) == 0))
		ereport(ERROR,
				(errcode(ERRCODE_YB_FLOW),
				 errmsg("pool %s is not of fund %s", pool, fund),
				 errdetail("No fund bears or takes what is another's; fund_crossing lists the exceptions."),
				 errhint("Name a pool of the fund (table pool).")));
}

void
entries_settle(const FundArea *area, FundJournal *journal, const char *flow)
{
	Effects		cash = {0};
	Effects		pools = {0};

	for (int i = 0; i < journal->nlines; i++)
	{
		const FundLine *line = &journal->lines[i];

		if (line->book == 'G' && strncmp(line->role, "bank_", 5) == 0)
			add_effect(&cash, line->role + 5, line->amount);
		if (line->pool != NULL &&
			((line->book == 'P' && strcmp(line->role, "pool") == 0) ||
			 (line->book == 'S' && strcmp(line->role, "benefit_committed") == 0)))
		{
			entries_own_pool(journal->fund, line->pool);
			add_effect(&pools, line->pool, -line->amount);
		}
	}
	check_flow(area, &cash, flow, journal->effective_on);
	for (int i = 0; i < cash.n; i++)
		if (cash.of[i].fen != 0)
			fund_cash(area, journal->fund, cash.of[i].name, cash.of[i].fen);
	for (int i = 0; i < pools.n; i++)
		if (pools.of[i].fen < 0 && !fund_debit(area, pools.of[i].name, -pools.of[i].fen))
			fund_short(area, pools.of[i].name, -pools.of[i].fen,
					   fund_lock_pool(area, pools.of[i].name),
					   gettext_noop("Nothing is booked out of a pool that has not got it."));
	fund_journal_close(area, journal);
	for (int i = 0; i < pools.n; i++)
		if (pools.of[i].fen > 0)
			fund_give_and_serve(area, pools.of[i].name, pools.of[i].fen);
}
