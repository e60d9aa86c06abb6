/*
 * budget.c
 *	  What a budget allows, and what an approved form does.
 *
 * The budget controls appropriation: what has been appropriated up to the end of
 * a quarter, together and for each line, is never more than the benefit lines of
 * the budget in force up to it.  It never refuses a settlement.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/approval.h"
#include "fund/budget.h"

/* ---- the policy -------------------------------------------------------------------------- */

const FundPolicy *
budget_policy(const FundArea *area, const char *key, DateADT day, char **policy_id)
{
	Oid			types[2] = {TEXTOID, DATEOID};
	Datum		values[2] = {CStringGetTextDatum(key), DateADTGetDatum(day)};
	char	   *id;

	fund_exec(area,
			  "SELECT p.policy_id FROM @schema@.policy p WHERE p.valid_from <= $2 "
			  "AND (p.valid_to IS NULL OR p.valid_to > $2) "
			  "AND NOT EXISTS (SELECT FROM @schema@.policy s WHERE s.supersedes = p.policy_id AND s.valid_from <= $2) "
			  "AND pg_catalog.jsonb_typeof(p.rules -> 'fund' -> $1) = 'object' "
			  "ORDER BY p.valid_from DESC, p.publication DESC LIMIT 1",
			  2, types, values, NULL, 0);
	if (SPI_processed == 0)
		return NULL;
	id = fund_need(0, 1);
	if (policy_id != NULL)
		*policy_id = id;
	return fund_policy_load(area, id)->fund;
}

void
budget_not_said(const char *key)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_NOT_COVERED),
			 errmsg("the policy does not say fund.%s", key),
			 errhint("Areas differ: add it to the document, from the text, or as \"assumed\".")));
}

/* ---- the budget in force -------------------------------------------------------------------- */

char *
budget_in_force(const FundArea *area, const char *fund, int32 year)
{
	Oid			types[2] = {TEXTOID, INT4OID};
	Datum		values[2] = {CStringGetTextDatum(fund), Int32GetDatum(year)};

	fund_exec(area,
			  "SELECT s.budget_id FROM @schema@.budget_status s WHERE s.fund = $1 AND s.year = $2 AND s.state = 'in_force'",
			  2, types, values, NULL, FUND_LATEST);
	return SPI_processed == 0 ? NULL : fund_need(0, 1);
}

void
budget_come_into_force(const FundArea *area, const char *budget_id)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(budget_id)};
	char	   *revises;
	char	   *fund;
	char	   *now;
	bool		isnull;
	int32		year;

	fund_exec(area,
			  "SELECT 1 FROM @schema@.budget b WHERE (b.fund, b.year) = (SELECT o.fund, o.year FROM @schema@.budget o WHERE o.budget_id = $1) "
			  "ORDER BY b.budget_id FOR NO KEY UPDATE OF b",
			  1, types, values, NULL, 0);
	fund_exec(area, "SELECT revises, fund, year FROM @schema@.budget WHERE budget_id = $1", 1, types, values, NULL, 0);
	revises = fund_text(0, 1);
	fund = fund_need(0, 2);
	year = DatumGetInt32(fund_datum(SPI_tuptable, 0, 3, INT4OID, &isnull));
	now = budget_in_force(area, fund, year);
	if (now == NULL ? revises != NULL : revises == NULL || strcmp(now, revises) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("budget %s revises %s, but the budget of %d in force is %s", budget_id,
						revises == NULL ? "-" : revises, year, now == NULL ? "-" : now),
				 errdetail("Another version has come into force since it was drafted."),
				 errhint("Reject it, and draft a version that revises the one in force.")));
}

/* ---- what a year allows ------------------------------------------------------------------------ */

typedef struct Allowed
{
	char	   *budget;			/* whose figures they are; NULL: nothing controls */
	bool		interim;		/* last year's */
	Fen			cum[4];			/* benefit lines up to the end of each quarter */
} Allowed;

static void
read_allowed(const FundArea *area, Allowed *a)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(a->budget)};

	fund_exec(area,
			  "SELECT (coalesce(pg_catalog.sum(q.amt::pg_catalog.numeric) FILTER (WHERE q.n <= 1), 0) * 100)::pg_catalog.int8, "
			  "(coalesce(pg_catalog.sum(q.amt::pg_catalog.numeric) FILTER (WHERE q.n <= 2), 0) * 100)::pg_catalog.int8, "
			  "(coalesce(pg_catalog.sum(q.amt::pg_catalog.numeric) FILTER (WHERE q.n <= 3), 0) * 100)::pg_catalog.int8, "
			  "(coalesce(pg_catalog.sum(q.amt::pg_catalog.numeric), 0) * 100)::pg_catalog.int8 "
			  "FROM @schema@.budget b, LATERAL pg_catalog.jsonb_each(b.expense) e, "
			  "LATERAL pg_catalog.jsonb_array_elements_text(e.value) WITH ORDINALITY q(amt, n) "
			  "WHERE b.budget_id = $1 AND e.key LIKE 'benefit\\_%'",
			  1, types, values, NULL, 0);
	for (int q = 0; q < 4; q++)
		a->cum[q] = fund_int8(0, q + 1, NULL);
}

static void
allowed_by(const FundArea *area, const char *fund, int32 year, DateADT day, bool controlled, Allowed *a)
{
	memset(a, 0, sizeof(*a));
	a->budget = budget_in_force(area, fund, year);
	if (a->budget == NULL && controlled)
	{
		const FundPolicy *p = budget_policy(area, "interim_budget", day, NULL);

		if (p == NULL)
			budget_not_said("interim_budget");
		if (!p->interim_last_year)
			ereport(ERROR,
					(errcode(ERRCODE_YB_FLOW),
					 errmsg("fund %s has no budget for %d in force", fund, year),
					 errdetail("The policy allows nothing before it is approved (fund.interim_budget: none)."),
					 errhint("Approve the budget first: rows of approval, kind budget.")));
		a->budget = budget_in_force(area, fund, year - 1);
		a->interim = true;
		if (a->budget == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_YB_FLOW),
					 errmsg("fund %s has no budget for %d in force, and none for %d to go by", fund, year, year - 1),
					 errdetail("Before the budget the policy allows last year's of the same quarters (fund.interim_budget)."),
					 errhint("Approve the budget first, or record last year's.")));
	}
	if (a->budget != NULL)
		read_allowed(area, a);
}

/* What was appropriated of a year's quarters up to each; a form of free text counts by its day. */
static void
appropriated(const FundArea *area, const char *fund, int32 year, Fen cum[4])
{
	Oid			types[2] = {TEXTOID, INT4OID};
	Datum		values[2] = {CStringGetTextDatum(fund), Int32GetDatum(year)};

	fund_exec(area,
			  "SELECT (coalesce(pg_catalog.sum(m.amt) FILTER (WHERE m.q <= 1), 0) * 100)::pg_catalog.int8, "
			  "(coalesce(pg_catalog.sum(m.amt) FILTER (WHERE m.q <= 2), 0) * 100)::pg_catalog.int8, "
			  "(coalesce(pg_catalog.sum(m.amt) FILTER (WHERE m.q <= 3), 0) * 100)::pg_catalog.int8, "
			  "(coalesce(pg_catalog.sum(m.amt), 0) * 100)::pg_catalog.int8 FROM ("
			  "SELECT m.amt, coalesce(f.year, pg_catalog.date_part('year', m.moved_on)::pg_catalog.int4) AS year, "
			  "coalesce(f.quarter, pg_catalog.date_part('quarter', m.moved_on)::pg_catalog.int4) AS q "
			  "FROM @schema@.cash_move m LEFT JOIN @schema@.appropriation f ON f.form_id = m.form_id "
			  "WHERE m.kind = 'appropriation' AND m.fund = $1) m WHERE m.year = $2",
			  2, types, values, NULL, 0);
	for (int q = 0; q < 4; q++)
		cum[q] = fund_int8(0, q + 1, NULL);
}

/* With more of quarter (1 to 4) added, no quarter from it on is above what is allowed. */
static void
check_budget(const FundArea *area, const char *fund, int32 year, int32 quarter, Fen more,
			 DateADT day, bool controlled)
{
	Allowed		a;
	Fen			cum[4];

	allowed_by(area, fund, year, day, controlled, &a);
	if (a.budget == NULL)
		return;
	appropriated(area, fund, year, cum);
	for (int q = quarter; q <= 4; q++)
		if (cum[q - 1] + more > a.cum[q - 1])
			ereport(ERROR,
					(errcode(ERRCODE_YB_FLOW),
					 errmsg("appropriations of %d up to quarter %d would be %s, the budget allows %s", year, q,
							fund_yuan(cum[q - 1] + more), fund_yuan(a.cum[q - 1])),
					 a.interim ? errdetail("There is no budget in force yet: by last year's of the same quarters, %s.", a.budget) :
					 errdetail("Benefit lines of budget %s. 按支出预算分季度划拨基金 (秦政办发〔2018〕84号 二(二)).", a.budget),
					 errhint("Ask for less, or have the budget revised (budget, revises).")));
}

/* ---- forms ------------------------------------------------------------------------------------- */

static bool
is_controlled(const FundArea *area, DateADT day)
{
	const FundPolicy *p = budget_policy(area, "appropriation", day, NULL);

	return p != NULL && p->form_required;
}

/* Fund, year and quarter of a form; false when there is no such row. */
static bool
read_form(const FundArea *area, const char *form_id, char **fund, int32 *year, int32 *quarter)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(form_id)};

	fund_exec(area, "SELECT fund, year, quarter FROM @schema@.appropriation WHERE form_id = $1", 1, types, values, NULL, 0);
	if (SPI_processed == 0)
		return false;
	*fund = fund_need(0, 1);
	*year = DatumGetInt32(fund_value(SPI_tuptable, 0, 2, INT4OID));
	*quarter = DatumGetInt32(fund_value(SPI_tuptable, 0, 3, INT4OID));
	return true;
}

/*
 * The same for each line of a form, with amount more of it: an approved line is
 * not spent for another.  Where less is approved than asked for, each line has
 * its proportion (view appropriation_line).
 */
static void
check_lines(const FundArea *area, const char *form_id, Fen amount, DateADT day, bool controlled)
{
	Oid			types[3] = {TEXTOID, INT8OID, TEXTOID};
	Datum		values[3];
	char	   *fund;
	int32		year;
	int32		quarter;
	Allowed		a;

	if (!read_form(area, form_id, &fund, &year, &quarter))
		return;					/* a number on paper has no lines */
	allowed_by(area, fund, year, day, controlled, &a);
	if (a.budget == NULL)
		return;
	values[0] = CStringGetTextDatum(form_id);
	values[1] = Int64GetDatum(amount);
	values[2] = CStringGetTextDatum(a.budget);
	fund_exec(area,
			  "SELECT pg_catalog.format('%s (%s)', l.line, coalesce(r.name_zh, l.line)), q.n::pg_catalog.int8, ((u.amt + l.more) * 100)::pg_catalog.int8, (b.amt * 100)::pg_catalog.int8 "
			  "FROM (SELECT f.fund, f.year, f.quarter, f.line, (pg_catalog.div(f.upto * 100 * $2, f.total * 100) - pg_catalog.div((f.upto - f.planned) * 100 * $2, f.total * 100)) / 100 AS more "
			  "FROM (SELECT p.*, pg_catalog.sum(p.planned) OVER (ORDER BY p.line) AS upto, pg_catalog.sum(p.planned) OVER () AS total "
			  "FROM @schema@.appropriation_line p WHERE p.form_id = $1) f WHERE f.planned > 0) l "
			  "LEFT JOIN @schema@.account_role r ON r.book = 'G' AND r.role = l.line, "
			  "LATERAL pg_catalog.generate_series(l.quarter, 4) q(n), "
			  "LATERAL (SELECT coalesce(pg_catalog.sum(p.paid), 0) AS amt FROM @schema@.appropriation_line p "
			  "WHERE p.fund = l.fund AND p.year = l.year AND p.line = l.line AND p.quarter <= q.n) u, "
			  "LATERAL (SELECT coalesce(pg_catalog.sum(x.amt::pg_catalog.numeric), 0) AS amt FROM @schema@.budget z, "
			  "LATERAL pg_catalog.jsonb_array_elements_text(coalesce(z.expense -> l.line, '[]')) WITH ORDINALITY x(amt, n) "
			  "WHERE z.budget_id = $3 AND x.n <= q.n) b WHERE u.amt + l.more > b.amt ORDER BY q.n, l.line LIMIT 1",
			  3, types, values, NULL, 0);
	if (SPI_processed > 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FLOW),
				 errmsg("appropriations of %d for %s up to quarter %d would be %s, the budget allows %s", year, fund_need(0, 1),
						(int) fund_int8(0, 2, NULL), fund_yuan(fund_int8(0, 3, NULL)), fund_yuan(fund_int8(0, 4, NULL))),
				 a.interim ? errdetail("There is no budget in force yet: by last year's of the same quarters, %s.", a.budget) :
				 errdetail("The line of budget %s: one line's money is not another's.", a.budget),
				 errhint("Ask for less of this line, or have the budget revised (budget, revises).")));
}

void
appropriation_within_budget(const FundArea *area, const char *form_id, Fen approved, DateADT day)
{
	char	   *fund;
	int32		year;
	int32		quarter;

	if (!read_form(area, form_id, &fund, &year, &quarter))
		elog(ERROR, "no form %s", form_id);
	check_budget(area, fund, year, quarter, approved, day, is_controlled(area, day));
	check_lines(area, form_id, approved, day, is_controlled(area, day));
}

static void
paid_already(const char *form_id)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_DOES_NOT_FIT),
			 errmsg("form %s was paid already", form_id),
			 errhint("One form pays once; draw up another one.")));
}

void
appropriation_form(const FundArea *area, const char *form_id, const char *fund, Fen amount, DateADT day)
{
	ApprovalItem item;
	char	   *of;
	int32		year;
	int32		quarter;

	if (!read_form(area, form_id, &of, &year, &quarter))
	{
		Oid			types[1] = {TEXTOID};
		Datum		values[1] = {CStringGetTextDatum(form_id)};

		if (is_controlled(area, day))
			ereport(ERROR,
					(errcode(ERRCODE_YB_DOES_NOT_FIT),
					 errmsg("there is no form %s to appropriate by", form_id),
					 errdetail("The policy requires an approved form (fund.appropriation). 按支出预算和预拨审批表分季度划拨基金 (秦政办发〔2018〕84号 二(二))."),
					 errhint("Draw the 预拨审批表 up in table appropriation and have it approved first.")));
		fund_exec(area, "SELECT 1 FROM @schema@.cash_move WHERE form_id = $1", 1, types, values, NULL, 0);
		if (SPI_processed > 0)
			paid_already(form_id);
		return;
	}
	approval_load(area, "appropriation", form_id, &item);
	if (item.nposts == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("no steps are set for the approval of form %s", form_id),
				 errhint("Insert a row of approval_chain for kind appropriation, then draw the form up again.")));
	if (item.decided)
		paid_already(form_id);
	approval_need_steps(&item, 0);
	approval_somebody_else(area, &item, NULL);
	if (strcmp(of, fund) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("form %s is of fund %s, not of %s", form_id, of, fund),
				 errhint("Name a form of the same fund.")));
	if (amount > item.amount)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("form %s was approved for %s, %s would be paid", form_id, fund_yuan(item.amount), fund_yuan(amount)),
				 errhint("Pay no more than what was approved; more needs another form.")));
	if (day < item.last_on)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("form %s was approved on %s, after %s", form_id, fund_day(item.last_on), fund_day(day)),
				 errhint("Money is appropriated on the day of the approval or later.")));
}

/* What the account may hold: so many months of the mean spending. */
static void
check_months(const FundArea *area, const FundPolicy *p, const char *fund, int32 year, DateADT day)
{
	Oid			types[2] = {TEXTOID, DATEOID};
	Datum		values[2] = {CStringGetTextDatum(fund), DateADTGetDatum(day)};
	Fen			held;
	Fen			spending;
	Fen			most;

	if (p->months_of_budget)
	{
		Allowed		a;

		allowed_by(area, fund, year, day, true, &a);
		spending = a.cum[3];
	}
	else
	{
		fund_exec(area,
				  "SELECT coalesce(pg_catalog.sum(e.amount_fen), 0)::pg_catalog.int8 FROM @schema@.entry e JOIN @schema@.journal j ON j.journal_id = e.journal_id "
				  "WHERE e.fund = $1 AND e.book = 'G' AND e.role LIKE 'benefit\\_%' "
				  "AND NOT EXISTS (SELECT FROM @schema@.entry z JOIN @schema@.account_role r ON r.book = z.book AND r.role = z.role "
				  "WHERE z.journal_id = e.journal_id AND z.book = 'G' AND r.kind = 'surplus') "
				  "AND j.effective_on < $2 AND j.effective_on >= $2 - '1 year'::pg_catalog.interval",
				  2, types, values, NULL, 0);
		spending = fund_int8(0, 1, NULL);
	}
	most = div_half_up((Wide) spending * p->months_in_account, 12);
	fund_exec(area, "SELECT balance_fen FROM @schema@.cash WHERE fund = $1 AND class = 'expenditure'",
			  1, types, values, NULL, 0);
	held = fund_int8(0, 1, NULL);
	if (held > most)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FLOW),
				 errmsg("the expenditure account would hold %s, the policy allows %s: %d months of mean spending", fund_yuan(held),
						fund_yuan(most), p->months_in_account),
				 p->months_of_budget ?
				 errdetail("A twelfth of the budgeted benefits, %s, is a month (fund.appropriation.months_in_account).", fund_yuan(spending)) :
				 errdetail("A twelfth of the benefits paid in the 12 months before, %s, is a month (fund.appropriation.months_in_account).", fund_yuan(spending)),
				 errhint("Appropriate less, or pay first what is due.")));
}

void
appropriation_limits(const FundArea *area, const char *form_id, const char *fund, DateADT day)
{
	const FundPolicy *p = budget_policy(area, "appropriation", day, NULL);
	char	   *of;
	int32		year;
	int32		quarter;
	int			y;
	int			m;
	int			d;

	if (!read_form(area, form_id, &of, &year, &quarter))
	{
		j2date(day + POSTGRES_EPOCH_JDATE, &y, &m, &d);
		year = y;
		quarter = (m + 2) / 3;
	}
	/* this one is counted already */
	check_budget(area, fund, year, quarter, 0, day, p != NULL && p->form_required);
	check_lines(area, form_id, 0, day, p != NULL && p->form_required);
	if (p != NULL && p->months_in_account > 0)
		check_months(area, p, fund, year, day);
}
