/*
 * period.c
 *	  Months of the books: closed in order, opened again only by a recorded act
 *	  that two people agree on.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/approval.h"
#include "fund/period.h"
#include "trigger/record.h"

/* ---- closing ------------------------------------------------------------------------- */

/*
 * Waits for everybody who is posting, and holds up who comes after.  What is
 * read next must see what they have posted, so an older snapshot will not do.
 */
void
period_lock(const FundArea *area)
{
	if (IsolationUsesXactSnapshot())
		ereport(ERROR,
				(errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
				 errmsg("books are closed at READ COMMITTED only"),
				 errdetail("An older snapshot does not show what others have booked since."),
				 errhint("Do it in a transaction of its own, at READ COMMITTED.")));
	fund_exec(area, "LOCK TABLE @schema@.period IN EXCLUSIVE MODE", 0, NULL, NULL, NULL, 0);
}

static void
refuse(TriggerData *td, int code, const char *what)
{
	ereport(ERROR,
			(errcode(code),
			 errmsg("of a month the owner may only say that it is closed: %s", _(what)),
			 errdetail("Months appear when something is booked in them; what is closed is opened by a period_act that somebody else approves."),
			 errhint("UPDATE %s SET closed = true WHERE period = ...", SPI_getrelname(td->tg_relation)),
			 errtable(td->tg_relation)));
}

/* A month is closed after those before it: looked at when all rows of the statement are done. */
static void
check_order(TriggerData *td)
{
	FundArea	area;
	Oid			types[1] = {TIMESTAMPTZOID};
	Datum		values[1] = {TimestampTzGetDatum(GetCurrentStatementStartTimestamp())};

	fund_enter(&area, td->tg_relation);
	fund_exec(&area,
			  "SELECT p.period, c.period FROM @schema@.period p JOIN @schema@.period c ON c.period > p.period "
			  "WHERE NOT p.closed AND c.closed AND c.closed_at >= $1 ORDER BY 1, 2 LIMIT 1",
			  1, types, values, NULL, 0);
	if (SPI_processed > 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("the books of %s are open, so those of %s cannot be closed", fund_text(0, 1), fund_text(0, 2)),
				 errdetail("A month is closed when all months before it are."),
				 errhint("Close %s first, or both in one statement.", fund_text(0, 1))));
	fund_leave(&area);
}

PG_FUNCTION_INFO_V1(yibao_t_period);
Datum
yibao_t_period(PG_FUNCTION_ARGS)
{
	TriggerData *td = (TriggerData *) fcinfo->context;
	TupleDesc	desc;
	HeapTuple	tuple;
	FundArea	area;
	bool		isnull;
	int			closed;
	int			atts[2];
	Datum		values[2];
	bool		nulls[2] = {false, false};

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this function is a trigger of table period"),
				 errhint("yibao.attach_poolarea() puts an area's triggers in place.")));
	tuple = td->tg_trigtuple;
	if (TRIGGER_FIRED_BY_UPDATE(td->tg_event) && TRIGGER_FIRED_FOR_ROW(td->tg_event))
		tuple = td->tg_newtuple;
	if (fund_ledger_open())
		return PointerGetDatum(tuple);
	if (TRIGGER_FIRED_AFTER(td->tg_event))
	{
		check_order(td);
		return PointerGetDatum(NULL);
	}
	if (TRIGGER_FIRED_BY_DELETE(td->tg_event) || TRIGGER_FIRED_BY_TRUNCATE(td->tg_event))
		refuse(td, ERRCODE_YB_APPEND_ONLY, gettext_noop("it is not deleted"));

	desc = RelationGetDescr(td->tg_relation);
	closed = SPI_fnumber(desc, "closed");
	atts[0] = SPI_fnumber(desc, "closed_by");
	atts[1] = SPI_fnumber(desc, "closed_at");
	if (!TRIGGER_FIRED_FOR_ROW(td->tg_event) || closed <= 0 || SPI_fnumber(desc, "period") <= 0 ||
		SPI_gettypeid(desc, closed) != BOOLOID ||
		atts[0] <= 0 || SPI_gettypeid(desc, atts[0]) != TEXTOID ||
		atts[1] <= 0 || SPI_gettypeid(desc, atts[1]) != TIMESTAMPTZOID)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("table period is not as it was made"),
				 errhint("yibao.verify() reports what is missing.")));
	if (!DatumGetBool(heap_getattr(tuple, closed, desc, &isnull)))
		refuse(td, ERRCODE_YB_DIRECT_WRITE, gettext_noop("it is not opened by hand"));
	if (TRIGGER_FIRED_BY_UPDATE(td->tg_event))
	{
		HeapTuple	old = td->tg_trigtuple;
		char	   *was = SPI_getvalue(old, desc, SPI_fnumber(desc, "period"));
		char	   *is = SPI_getvalue(tuple, desc, SPI_fnumber(desc, "period"));

		if (was == NULL || is == NULL || strcmp(was, is) != 0)
			refuse(td, ERRCODE_YB_APPEND_ONLY, gettext_noop("it does not become another"));
		if (DatumGetBool(heap_getattr(old, closed, desc, &isnull)))
			refuse(td, ERRCODE_YB_APPEND_ONLY, gettext_noop("it is closed already"));
	}
	fund_enter(&area, td->tg_relation);
	period_lock(&area);
	fund_leave(&area);
	values[0] = CStringGetTextDatum(area.session_user);
	/* now, not when the statement began: it has waited for postings that began later */
	values[1] = TimestampTzGetDatum(GetCurrentTimestamp());
	return PointerGetDatum(heap_modify_tuple_by_cols(tuple, desc, 2, atts, values, nulls));
}

/* ---- opening again -------------------------------------------------------------------- */

/* The closing that an act undoes: the month is closed, and its year is not. */
static TimestampTz
closing_of(const FundArea *area, const char *period, char **by)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(period)};
	bool		isnull;
	TimestampTz at;

	fund_exec(area,
			  "SELECT fund, year::pg_catalog.text FROM @schema@.year_close WHERE year >= pg_catalog.left($1, 4)::pg_catalog.int4 ORDER BY year LIMIT 1",
			  1, types, values, NULL, 0);
	if (SPI_processed > 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_PERIOD_CLOSED),
				 errmsg("the books of %s are closed for the year %s", fund_need(0, 1), fund_need(0, 2)),
				 errdetail("What was carried over cannot be changed below it."),
				 errhint("Book what was left out in a month that is open.")));
	fund_exec(area,
			  "SELECT p.closed_by, p.closed_at FROM @schema@.period p WHERE p.period = $1 AND p.closed",
			  1, types, values, NULL, 0);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("the books of %s are not closed", period),
				 errhint("Only a closed month (table period) can be opened again.")));
	*by = fund_need(0, 1);
	at = DatumGetTimestampTz(fund_datum(SPI_tuptable, 0, 2, TIMESTAMPTZOID, &isnull));
	return at;
}

static void
act_before(MoneyRow *row, const FundArea *area)
{
	const char *period = money_row_need(row, "period");
	char	   *by;
	TimestampTz at;

	(void) money_row_need(row, "act");
	(void) money_row_need(row, "reason");
	(void) money_row_need(row, "doc_no");
	at = closing_of(area, period, &by);
	money_row_fill_text(row, "closed_by", by);
	money_row_fill(row, "closed_at", TIMESTAMPTZOID, TimestampTzGetDatum(at));
}

static const RecordTable period_act_table = {
	RECORD_TABLE("period_act", "act_id", "proposed"),
	.before = act_before,
};

PG_FUNCTION_INFO_V1(yibao_t_period_act);
Datum
yibao_t_period_act(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &period_act_table);
}

typedef struct Act
{
	char	   *period;
	char	   *by;
	TimestampTz closed_at;
} Act;

static void
load_act(const FundArea *area, const char *id, Act *act)
{

	approval_find(area, gettext_noop("act"), "period_act", id,
				  "SELECT period, proposed_by, closed_at FROM @schema@.period_act WHERE act_id = $1");
	act->period = fund_need(0, 1);
	act->by = fund_need(0, 2);
	act->closed_at = DatumGetTimestampTz(fund_value(SPI_tuptable, 0, 3, TIMESTAMPTZOID));
}

static void
act_approval_before(MoneyRow *row, const FundArea *area)
{
	const char *id = money_row_need(row, "act_id");
	Act			act;

	(void) money_row_need(row, "decision");
	load_act(area, id, &act);
	if (strcmp(act.by, area->session_user) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_SAME_PERSON),
				 errmsg("act %s was asked for by %s, who cannot also decide it", id, act.by),
				 errdetail("It is the login that counts, whatever role is set."),
				 errhint("Somebody else must insert the approval, under a login of his own.")));
}

static void
act_approval_after(MoneyRow *row, const FundArea *area)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1];
	Act			act;
	char	   *by;

	if (strcmp(money_row_text(row, "decision"), "approve") != 0)
		return;
	load_act(area, money_row_text(row, "act_id"), &act);
	period_lock(area);
	if (closing_of(area, act.period, &by) != act.closed_at)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("the books of %s were opened and closed again since the act", act.period),
				 errhint("Ask for it anew: an act undoes the closing that it names (closed_at).")));
	values[0] = CStringGetTextDatum(act.period);
	fund_exec(area,
			  "UPDATE @schema@.period SET closed = false, closed_by = NULL, closed_at = NULL WHERE period = $1",
			  1, types, values, NULL, FUND_LEDGER);
}

static const RecordTable period_act_approval_table = {
	RECORD_TABLE("period_act_approval", "act_id", "approved"),
	.before = act_approval_before,
	.after = act_approval_after,
};

PG_FUNCTION_INFO_V1(yibao_t_period_act_approval);
Datum
yibao_t_period_act_approval(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &period_act_approval_table);
}
