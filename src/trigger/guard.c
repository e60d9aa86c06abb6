/*
 * guard.c
 *	  Tables that only posting writes, and rows that nobody changes.
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
#include "fund/ledger.h"

static TriggerData *
trigger_data(FunctionCallInfo fcinfo, int nargs)
{
	TriggerData *td = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(td->tg_event) ||
		td->tg_trigger->tgnargs < nargs)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this function is a BEFORE trigger of a pool area"),
				 errhint("yibao.attach_poolarea() puts an area's triggers in place.")));
	return td;
}

/* The tuple with row_hash filled, where the table has that column. */
static HeapTuple
with_digest(TriggerData *td)
{
	TupleDesc	desc = RelationGetDescr(td->tg_relation);
	int			att = SPI_fnumber(desc, "row_hash");
	Datum		hash;
	bool		isnull = false;

	if (att <= 0 || SPI_gettypeid(desc, att) != BYTEAOID)
		return td->tg_trigtuple;
	hash = fund_row_digest(desc, td->tg_trigtuple);
	return heap_modify_tuple_by_cols(td->tg_trigtuple, desc, 1, &att, &hash, &isnull);
}

static void
refuse_write(const TriggerData *td, const char *table)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_DIRECT_WRITE),
			 errmsg("table %s is written by posting only", table),
			 errdetail("What stands there follows from the receipts, settlements, transfers and payments that were inserted; the owner may not write it either."),
			 errhint("Insert the receipt, settlement, transfer or payment itself. To restore a dump of data only, restore it with triggers disabled (doc/fund.md)."),
			 errtable(td->tg_relation)));
}

static void
refuse_change(const TriggerData *td, const char *table)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_APPEND_ONLY),
			 errmsg("what is booked in %s is not changed and not deleted", table),
			 errdetail("Every row is kept as it was booked, so that it can be traced."),
			 errhint("To correct it, insert a new row that takes it back or makes up for it."),
			 errtable(td->tg_relation)));
}

/* Arguments: the table; append (rows are never changed) or work. */
PG_FUNCTION_INFO_V1(yibao_t_ledger);
Datum
yibao_t_ledger(PG_FUNCTION_ARGS)
{
	TriggerData *td = trigger_data(fcinfo, 2);
	const char *table = td->tg_trigger->tgargs[0];
	bool		append = strcmp(td->tg_trigger->tgargs[1], "append") == 0;

	if (!TRIGGER_FIRED_BY_INSERT(td->tg_event) && append)
		refuse_change(td, table);
	if (!fund_ledger_open())
		refuse_write(td, table);
	if (!TRIGGER_FIRED_FOR_ROW(td->tg_event))
		return PointerGetDatum(NULL);
	if (TRIGGER_FIRED_BY_INSERT(td->tg_event))
		return PointerGetDatum(with_digest(td));
	if (TRIGGER_FIRED_BY_UPDATE(td->tg_event))
		return PointerGetDatum(td->tg_newtuple);
	return PointerGetDatum(td->tg_trigtuple);
}

/* Argument: the table. */
PG_FUNCTION_INFO_V1(yibao_t_posted);
Datum
yibao_t_posted(PG_FUNCTION_ARGS)
{
	TriggerData *td = trigger_data(fcinfo, 1);

	refuse_change(td, td->tg_trigger->tgargs[0]);
	return (Datum) 0;
}

/*
 * A month of the books: the owner may close it, once; posting opens it.  The
 * lock waits for everybody who is posting, and holds up who comes after.
 */
PG_FUNCTION_INFO_V1(yibao_t_period);
Datum
yibao_t_period(PG_FUNCTION_ARGS)
{
	TriggerData *td = trigger_data(fcinfo, 0);
	TupleDesc	desc = RelationGetDescr(td->tg_relation);
	HeapTuple	old = td->tg_trigtuple;
	HeapTuple	tuple;
	FundArea	area;
	bool		isnull;
	int			closed = SPI_fnumber(desc, "closed");
	int			atts[2];
	Datum		values[2];
	bool		nulls[2] = {false, false};

	if (fund_ledger_open())
		return PointerGetDatum(old);
	if (TRIGGER_FIRED_BY_DELETE(td->tg_event))
		refuse_change(td, "period");
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
	tuple = TRIGGER_FIRED_BY_UPDATE(td->tg_event) ? td->tg_newtuple : old;
	if (!DatumGetBool(heap_getattr(tuple, closed, desc, &isnull)))
		refuse_write(td, "period");
	if (TRIGGER_FIRED_BY_UPDATE(td->tg_event))
	{
		char	   *was = SPI_getvalue(old, desc, SPI_fnumber(desc, "period"));
		char	   *is = SPI_getvalue(tuple, desc, SPI_fnumber(desc, "period"));

		if (was == NULL || is == NULL || strcmp(was, is) != 0 ||
			DatumGetBool(heap_getattr(old, closed, desc, &isnull)))
			refuse_change(td, "period");
	}
	fund_enter(&area, td->tg_relation);
	fund_exec(&area, "LOCK TABLE @schema@.period IN EXCLUSIVE MODE", 0, NULL, NULL, NULL, 0);
	fund_leave(&area);
	values[0] = CStringGetTextDatum(area.session_user);
	values[1] = TimestampTzGetDatum(GetCurrentStatementStartTimestamp());
	return PointerGetDatum(heap_modify_tuple_by_cols(tuple, desc, 2, atts, values, nulls));
}
