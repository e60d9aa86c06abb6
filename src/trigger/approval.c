/*
 * approval.c
 *	  Posts and who holds them, the steps of an approval, and each step made.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/approval.h"
#include "fund/budget.h"
#include "trigger/record.h"

/* A date that may be NULL. */
static Datum
optional_date(const MoneyRow *row, const char *column, char *null)
{
	bool		isnull;
	Datum		value = money_row_datum(row, column, DATEOID, &isnull);

	*null = isnull ? 'n' : ' ';
	return value;
}

/* ---- post_holder ------------------------------------------------------------------------- */

static void
appoint(MoneyRow *row, const FundArea *area)
{
	Oid			types[5] = {TEXTOID, TEXTOID, TEXTOID, DATEOID, DATEOID};
	Datum		values[5];
	char		nulls[6] = "     ";
	char	   *person;
	char	   *login;
	char	   *post;

	person = money_row_need(row, "person");
	login = money_row_need(row, "login");
	post = money_row_need(row, "post");
	values[0] = CStringGetTextDatum(person);
	/* one spelling of one name, or a blank makes two persons of him */
	fund_exec(area, "SELECT yibao.name_normalize($1)", 1, types, values, NULL, 0);
	if (pg_strcasecmp(fund_need(0, 1), person) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_TYPE),
				 errmsg("person \"%s\" is not written as names are kept", person),
				 errhint("Write it \"%s\" (yibao.name_normalize).", fund_need(0, 1)),
				 err_generic_string(PG_DIAG_COLUMN_NAME, "person")));
	values[1] = CStringGetTextDatum(login);
	values[2] = CStringGetTextDatum(post);
	values[3] = DateADTGetDatum(money_row_date(row, "from_day"));
	values[4] = optional_date(row, "to_day", &nulls[4]);
	fund_exec(area, "SELECT 1 FROM pg_catalog.pg_roles r WHERE r.rolname::pg_catalog.text = $1 AND r.rolcanlogin",
			  1, &types[1], &values[1], NULL, 0);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POST),
				 errmsg("\"%s\" is no login of this server", login),
				 errhint("CREATE ROLE ... LOGIN first: approvals are known by the login.")));
	fund_exec(area,
			  "SELECT h.holding_id, a.name_zh, b.name_zh, c.source FROM @schema@.post_holding h "
			  "JOIN @schema@.post_conflict c ON (c.post_a, c.post_b) IN ((h.post, $3), ($3, h.post)) "
			  "JOIN @schema@.post a ON a.post = $3 JOIN @schema@.post b ON b.post = h.post "
			  "WHERE (h.person = $1 OR h.login = $2) AND (h.last_day IS NULL OR h.last_day >= $4) "
			  "AND ($5::pg_catalog.date IS NULL OR h.from_day <= $5) ORDER BY h.holding_id LIMIT 1",
			  5, types, values, nulls, 0);
	if (SPI_processed > 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POST),
				 errmsg("%s cannot hold %s beside %s (%s)", person, fund_need(0, 2), fund_need(0, 3), fund_need(0, 1)),
				 errdetail("The rule is: %s", fund_need(0, 4)),
				 errhint("Appoint somebody else, or end the other post first (post_holder_end).")));
}

static const RecordTable post_holder_table = {
	RECORD_TABLE("post_holder", "holding_id", "appointed"),
	.before = appoint,
};

PG_FUNCTION_INFO_V1(yibao_t_post_holder);
Datum
yibao_t_post_holder(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &post_holder_table);
}

static void
end_holding(MoneyRow *row, const FundArea *area)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(money_row_need(row, "holding_id"))};
	DateADT		day = money_row_date(row, "ended_on");
	DateADT		from;

	fund_exec(area, "SELECT from_day FROM @schema@.post_holder WHERE holding_id = $1", 1, types, values, NULL, 0);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("there is no holding %s to end", money_row_text(row, "holding_id")),
				 errhint("holding_id names a row of table post_holder.")));
	from = DatumGetDateADT(fund_value(SPI_tuptable, 0, 1, DATEOID));
	if (day < from - 1)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("holding %s begins on %s, it cannot end on %s", money_row_text(row, "holding_id"),
						fund_day(from), fund_day(day)),
				 errhint("ended_on is the last day; the day before the first means that it never began.")));
}

static const RecordTable post_holder_end_table = {
	RECORD_TABLE("post_holder_end", "holding_id", "ended"),
	.before = end_holding,
};

PG_FUNCTION_INFO_V1(yibao_t_post_holder_end);
Datum
yibao_t_post_holder_end(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &post_holder_end_table);
}

/* ---- approval_chain ------------------------------------------------------------------------- */

static void
set_chain(MoneyRow *row, const FundArea *area)
{
	Oid			types[1] = {TEXTARRAYOID};
	Datum		values[1];
	bool		isnull;

	(void) money_row_need(row, "kind");
	values[0] = money_row_datum(row, "posts", TEXTARRAYOID, &isnull);
	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_NULL),
				 errmsg("posts is empty"),
				 errhint("Give the posts in order, such as ARRAY['audit', 'recheck', 'cashier']; '{}' for none.")));
	/* a form or budget has no other row that decides it */
	if (ArrayGetNItems(ARR_NDIM(DatumGetArrayTypeP(values[0])), ARR_DIMS(DatumGetArrayTypeP(values[0]))) == 0 &&
		(strcmp(money_row_text(row, "kind"), "budget") == 0 || strcmp(money_row_text(row, "kind"), "appropriation") == 0))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POST),
				 errmsg("a %s needs at least one step", money_row_text(row, "kind")),
				 errhint("Only what has an approval of its own can be without: payment, transfer, refund, voucher, premium.")));
	fund_exec(area,
			  "SELECT u.post, pg_catalog.count(*) > 1 FROM pg_catalog.unnest($1) u(post) LEFT JOIN @schema@.post p ON p.post = u.post "
			  "GROUP BY u.post, p.post HAVING p.post IS NULL OR pg_catalog.count(*) > 1 ORDER BY u.post LIMIT 1",
			  1, types, values, NULL, 0);
	if (SPI_processed > 0)
	{
		char	   *post = fund_text(0, 1);

		if (DatumGetBool(fund_value(SPI_tuptable, 0, 2, BOOLOID)))
			ereport(ERROR,
					(errcode(ERRCODE_YB_POST),
					 errmsg("post %s stands twice in the steps", post == NULL ? "NULL" : post),
					 errhint("Each step is another post's.")));
		ereport(ERROR,
				(errcode(ERRCODE_YB_POST),
				 errmsg("there is no post \"%s\"", post == NULL ? "NULL" : post),
				 errhint("Table post lists them; add a row for one of your own, with its source.")));
	}

	/* who is deciding something now is waited for: what is drawn up later goes by this chain */
	fund_exec(area, "LOCK TABLE @schema@.approval_chain IN EXCLUSIVE MODE", 0, NULL, NULL, NULL, 0);
	money_row_fill(row, "in_force_at", TIMESTAMPTZOID, TimestampTzGetDatum(GetCurrentTimestamp()));
}

static const RecordTable approval_chain_table = {
	RECORD_TABLE("approval_chain", "chain_id", "set"),
	.before = set_chain,
};

PG_FUNCTION_INFO_V1(yibao_t_approval_chain);
Datum
yibao_t_approval_chain(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &approval_chain_table);
}

/* ---- approval ---------------------------------------------------------------------------------- */

static void
check_turn(const ApprovalItem *item, bool no_step, int32 step, DateADT day)
{
	int			last = item->nposts - (item->executes ? 1 : 0);

	if (item->nposts == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s %s needs no step before it is decided", _(item->what), item->id),
				 errdetail("No chain of steps was in force when it was drawn up."),
				 errhint("Insert its approval; approval_chain sets steps for what is drawn up later.")));
	if (item->decided)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s %s is decided already", _(item->what), item->id),
				 errhint("Nothing is approved after it was done.")));
	if (item->rejected)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s %s was rejected by %s at step %d", _(item->what), item->id, item->last_by, item->nsteps),
				 errhint("Draw it up again under another number.")));
	if (item->nsteps >= last && item->executes)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("all steps of %s %s but the last one are made", _(item->what), item->id),
				 errhint("The last one, %s (%s), inserts %s_approval.", item->posts[item->nposts - 1],
						 item->post_names[item->nposts - 1], item->kind)));
	if (item->nsteps >= last)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("all steps of %s %s are made", _(item->what), item->id),
				 errhint("Nothing is approved after it was done.")));
	if (!no_step && step != item->nsteps + 1)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("step %d of %s %s is out of order: the next one is %d, %s (%s)", step, _(item->what), item->id,
						item->nsteps + 1, item->posts[item->nsteps], item->post_names[item->nsteps]),
				 errhint("Steps are made one after the other; leave step out and it is filled.")));
	if (day < item->last_on)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s %s would be decided on %s, before its last step on %s", _(item->what), item->id,
						fund_day(day), fund_day(item->last_on)),
				 errhint("Steps are made in order.")));
}

static void
decide(MoneyRow *row, const FundArea *area)
{
	ApprovalItem item;
	ApprovalPerson who;
	DateADT		day;
	bool		no_step;
	bool		no_amount;
	int32		step;
	Fen			amount;

	(void) money_row_need(row, "decision");
	day = money_row_date(row, "decided_on");
	step = money_row_int(row, "step", &no_step);
	amount = money_row_fen(row, "amt", &no_amount);
	approval_load(area, money_row_need(row, "kind"), money_row_need(row, "item_id"), &item);
	check_turn(&item, no_step, step, day);
	step = item.nsteps + 1;
	approval_person(area, &item, step, money_row_text(row, "person"), day, &who);
	if (strcmp(item.kind, "refund") == 0 && strcmp(money_row_text(row, "decision"), "approve") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("refund %s is owed since it was drawn up: it cannot be rejected", item.id),
				 errdetail("The pools have given what is owed, and nothing but the payment takes it back."),
				 errhint("Approve it when what is in doubt has been cleared up.")));
	if (!no_amount && strcmp(item.kind, "appropriation") == 0 && amount < item.amount && amount > 0)
		item.amount = amount;	/* 核定 */
	if (!no_amount && (!item.has_amount || amount != item.amount))
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("the approval is for %s, %s %s is %s", fund_yuan(amount), _(item.what), item.id,
						item.has_amount ? fund_yuan(item.amount) : "-"),
				 errhint("Leave amt out and it is filled.")));
	if (step == item.nposts && strcmp(money_row_text(row, "decision"), "approve") == 0)
	{
		if (strcmp(item.kind, "budget") == 0)
			budget_come_into_force(area, item.id);
		else if (strcmp(item.kind, "appropriation") == 0)
			appropriation_within_budget(area, item.id, item.amount, day);
	}
	if (item.has_amount)
		money_row_fill_fen(row, "amt", item.amount);
	money_row_fill(row, "step", INT4OID, Int32GetDatum(step));
	money_row_fill_text(row, "post", item.posts[step - 1]);
	money_row_fill_text(row, "person", who.person);
	money_row_fill_text(row, "cert_no", who.cert_no);
}

static const RecordTable approval_table = {
	RECORD_TABLE("approval", "approval_id", "approved"),
	.before = decide,
};

PG_FUNCTION_INFO_V1(yibao_t_approval);
Datum
yibao_t_approval(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &approval_table);
}
