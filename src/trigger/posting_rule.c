/*
 * posting_rule.c
 *	  Events of an area's own: the owner inserts one into voucher_event and its
 *	  lines into posting_rule.  What ships does not change.
 *
 * What identities rest on is out of their reach: settlements' book S, advances,
 * deposits and benefits.  Lines of one event come in one statement, so that
 * they can be seen to balance.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/rel.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/ledger.h"
#include "fund/money_row.h"

static TriggerData *
trigger_data(FunctionCallInfo fcinfo)
{
	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this function is a BEFORE trigger of a pool area"),
				 errhint("yibao.attach_poolarea() puts an area's triggers in place.")));
	return (TriggerData *) fcinfo->context;
}

static char *
column(const TriggerData *td, HeapTuple tuple, const char *name)
{
	TupleDesc	desc = RelationGetDescr(td->tg_relation);

	return SPI_getvalue(tuple, desc, SPI_fnumber(desc, name));
}

static void
refuse(const char *event, const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_DIRECT_WRITE),
			 errmsg("a rule of event %s cannot be added: %s", event, _(what)),
			 errhint("An event of the area's own (area.…) is a row of voucher_event, then its lines in one statement: banks, income, expense, roles of the area's own, pools of book P; amount_expr is amount.")));
}

/* A line that the owner adds. */
static void
check_line(const FundArea *area, const TriggerData *td, HeapTuple tuple)
{
	const char *event = column(td, tuple, "event");
	const char *book = column(td, tuple, "book");
	const char *role = column(td, tuple, "role");
	const char *pool = column(td, tuple, "pool_expr");
	const char *party = column(td, tuple, "party_expr");
	const char *amount = column(td, tuple, "amount_expr");
	const char *source = column(td, tuple, "source");
	Oid			types[3] = {TEXTOID, TEXTOID, TEXTOID};
	Datum		values[3];
	bool		in_p;

	if (event == NULL || book == NULL || role == NULL)
		return;					/* NOT NULL says so */
	values[0] = CStringGetTextDatum(event);
	values[1] = CStringGetTextDatum(book);
	values[2] = CStringGetTextDatum(role);
	fund_exec(area, "SELECT 1 FROM @schema@.voucher_event WHERE event = $1 AND NOT shipped", 1, types, values, NULL, 0);
	if (SPI_processed == 0)
		refuse(event, gettext_noop("it is no event of the area's own"));
	fund_exec(area, "SELECT 1 FROM @schema@.voucher WHERE event = $1 LIMIT 1", 1, types, values, NULL, 0);
	if (SPI_processed > 0)
		refuse(event, gettext_noop("vouchers of it are booked"));
	if (source == NULL || source[0] == '\0')
		refuse(event, gettext_noop("its source is empty"));
	if (amount == NULL || strcmp(amount, "amount") != 0)
		refuse(event, gettext_noop("its amount is not amount"));
	if (party != NULL && strcmp(party, "$party") != 0)
		refuse(event, gettext_noop("its party is not $party"));
	in_p = strcmp(book, "P") == 0;
	if (in_p && strcmp(role, "pool") != 0 && strcmp(role, "surplus_allocation") != 0)
		refuse(event, gettext_noop("book P has the roles pool and surplus_allocation"));
	if (in_p && strcmp(role, "pool") == 0 ? pool == NULL : in_p && pool != NULL)
		refuse(event, gettext_noop("a pool stands with the role pool, and only there"));
	if (pool != NULL && strcmp(pool, "$pool") != 0)
	{
		Datum		name = CStringGetTextDatum(pool);

		fund_exec(area, "SELECT 1 FROM @schema@.pool WHERE pool = $1", 1, types, &name, NULL, 0);
		if (SPI_processed == 0)
			refuse(event, gettext_noop("its pool is not there"));
	}
	if (strcmp(role, "$bank") == 0 && strcmp(book, "G") == 0)
		return;
	fund_exec(area, "SELECT kind FROM @schema@.account_role WHERE book = $2 AND role = $3 AND $1 IS NOT NULL", 3, types, values, NULL, 0);
	if (SPI_processed == 0)
		refuse(event, gettext_noop("its role is not there (table account_role)"));
	if (in_p)
		return;
	fund_exec(area,
			  "SELECT 1 FROM @schema@.posting_rule p JOIN @schema@.account_role r ON r.book = p.book AND r.role = p.role "
			  "WHERE p.book = $2 AND p.role = $3 AND p.event NOT LIKE 'area.%' AND $1 IS NOT NULL "
			  "AND (p.book = 'S' OR r.kind IN ('asset', 'liability', 'surplus') OR p.role LIKE 'benefit\\_%') LIMIT 1",
			  3, types, values, NULL, 0);
	if (SPI_processed > 0 || strncmp(role, "benefit_", 8) == 0)
		refuse(event, gettext_noop("its role is one that settlements, payments or advances are checked by"));
}

/* All the lines of each event that this statement added. */
static void
check_events(const FundArea *area)
{
	SPITupleTable *table;
	uint64		n;

	fund_safe_path();
	if (SPI_execute("SELECT DISTINCT event::pg_catalog.text FROM added WHERE event LIKE 'area.%'", true, 0) != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute failed");
	table = SPI_tuptable;
	n = SPI_processed;
	for (uint64 i = 0; i < n; i++)
	{
		char	   *event = SPI_getvalue(table->vals[i], table->tupdesc, 1);
		Oid			types[1] = {TEXTOID};
		Datum		values[1] = {CStringGetTextDatum(event)};

		fund_exec(area,
				  "SELECT book FROM @schema@.posting_rule WHERE event = $1 GROUP BY book "
				  "HAVING pg_catalog.sum(CASE side WHEN 'debit' THEN 1 ELSE -1 END) <> 0 LIMIT 1",
				  1, types, values, NULL, 0);
		if (SPI_processed > 0)
			ereport(ERROR,
					(errcode(ERRCODE_YB_PARTS),
					 errmsg("the posting rules of %s leave book %s out of balance", event, fund_need(0, 1)),
					 errhint("Insert all lines of the event in one statement: debits and credits of a book are the same.")));
		fund_exec(area,
				  "SELECT coalesce(pg_catalog.sum(CASE p.side WHEN 'debit' THEN 1 ELSE -1 END) FILTER (WHERE p.book = 'P' AND p.role = 'pool'), 0) "
				  "- coalesce(pg_catalog.sum(CASE p.side WHEN 'debit' THEN 1 ELSE -1 END) FILTER (WHERE r.kind IN ('income', 'expense', 'surplus')), 0), "
				  "coalesce(pg_catalog.bool_or(p.role = '$bank' OR r.kind = 'bank'), false) AND (SELECT e.flow IS NULL FROM @schema@.voucher_event e WHERE e.event = $1) "
				  "FROM @schema@.posting_rule p LEFT JOIN @schema@.account_role r ON r.book = p.book AND r.role = p.role WHERE p.event = $1",
				  1, types, values, NULL, 0);
		if (fund_int8(0, 1, NULL) != 0)
			ereport(ERROR,
					(errcode(ERRCODE_YB_PARTS),
					 errmsg("the posting rules of %s change the surplus in book G and the pools in book P by different amounts", event),
					 errhint("Income and expense of book G have lines of the same total on pools in book P.")));
		if (DatumGetBool(fund_value(SPI_tuptable, 0, 2, BOOLOID)))
			ereport(ERROR,
					(errcode(ERRCODE_YB_FLOW),
					 errmsg("event %s moves money of an account, but names no flow", event),
					 errhint("Give flow in voucher_event; a row of flow_rule allows it.")));
	}
}

PG_FUNCTION_INFO_V1(yibao_t_posting_rule);
Datum
yibao_t_posting_rule(PG_FUNCTION_ARGS)
{
	TriggerData *td = trigger_data(fcinfo);
	FundArea	area;

	if (TRIGGER_FIRED_BEFORE(td->tg_event) && TRIGGER_FIRED_FOR_ROW(td->tg_event))
	{
		if (fund_ledger_open())
			return PointerGetDatum(TRIGGER_FIRED_BY_UPDATE(td->tg_event) ? td->tg_newtuple : td->tg_trigtuple);
		if (!TRIGGER_FIRED_BY_INSERT(td->tg_event))
			ereport(ERROR,
					(errcode(ERRCODE_YB_DIRECT_WRITE),
					 errmsg("posting rules are not changed"),
					 errdetail("What was booked by them must stay what they say."),
					 errhint("Give an event of the area's own another name, and add its lines (doc/fund.md)."),
					 errtable(td->tg_relation)));
		fund_enter(&area, td->tg_relation);
		check_line(&area, td, td->tg_trigtuple);
		fund_leave(&area);
		return PointerGetDatum(td->tg_trigtuple);
	}
	if (TRIGGER_FIRED_AFTER(td->tg_event) && !TRIGGER_FIRED_FOR_ROW(td->tg_event) && !fund_ledger_open())
	{
		fund_enter(&area, td->tg_relation);
		if (SPI_register_trigger_data(td) != SPI_OK_TD_REGISTER)
			elog(ERROR, "SPI_register_trigger_data failed");
		check_events(&area);
		fund_leave(&area);
	}
	return PointerGetDatum(NULL);
}

PG_FUNCTION_INFO_V1(yibao_t_voucher_event);
Datum
yibao_t_voucher_event(PG_FUNCTION_ARGS)
{
	TriggerData *td = trigger_data(fcinfo);
	TupleDesc	desc = RelationGetDescr(td->tg_relation);
	char	   *shipped;
	FundArea	area;

	if (!TRIGGER_FIRED_BEFORE(td->tg_event) || !TRIGGER_FIRED_BY_INSERT(td->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(td->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this function is a BEFORE trigger of a pool area"),
				 errhint("yibao.attach_poolarea() puts an area's triggers in place.")));
	if (fund_ledger_open())
		return PointerGetDatum(td->tg_trigtuple);
	shipped = SPI_getvalue(td->tg_trigtuple, desc, SPI_fnumber(desc, "shipped"));
	if (shipped != NULL && shipped[0] == 't')
		ereport(ERROR,
				(errcode(ERRCODE_YB_DIRECT_WRITE),
				 errmsg("an event that is added is the area's own, not shipped"),
				 errhint("Leave shipped out.")));
	fund_check_words("voucher_event", desc, td->tg_trigtuple);
	fund_enter(&area, td->tg_relation);
	for (int k = 0; k < 2; k++)
	{
		bool		isnull;
		Datum		list = heap_getattr(td->tg_trigtuple, SPI_fnumber(desc, k == 0 ? "needs" : "takes"), desc, &isnull);
		Oid			types[1] = {TEXTARRAYOID};

		if (isnull)
			continue;
		fund_exec(&area,
				  "SELECT pg_catalog.min(coalesce(c, 'NULL')) FROM pg_catalog.unnest($1) c WHERE (c IN "
				  "('amt', 'party', 'pool', 'account', 'clr_ym', 'setl_id', 'refers', 'coverage_year', 'due_on', 'doc_no')) IS NOT TRUE",
				  1, types, &list, NULL, 0);
		if (fund_text(0, 1) != NULL)
			ereport(ERROR,
					(errcode(ERRCODE_YB_UNKNOWN_CODE),
					 errmsg("an event cannot ask for a column %s of voucher", fund_text(0, 1)),
					 errhint("Columns: amt, party, pool, account, clr_ym, setl_id, refers, coverage_year, due_on, doc_no.")));
		if (k == 0)
		{
			fund_exec(&area, "SELECT 'amt' = ANY ($1)", 1, types, &list, NULL, 0);
			if (!DatumGetBool(fund_value(SPI_tuptable, 0, 1, BOOLOID)))
				ereport(ERROR,
						(errcode(ERRCODE_YB_FIELD_NULL),
						 errmsg("needs does not name amt"),
						 errhint("An event of the area's own books an amount: '{amt,...}'.")));
		}
	}
	fund_check_row(td, "voucher_event");
	fund_leave(&area);
	return PointerGetDatum(td->tg_trigtuple);
}
