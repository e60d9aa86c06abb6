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
#include "utils/datum.h"
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

/* Does an UPDATE of the row change its column mode only? */
static bool
changes_mode_only(const TriggerData *td)
{
	TupleDesc	desc = RelationGetDescr(td->tg_relation);
	int			mode = SPI_fnumber(desc, "mode");

	if (!TRIGGER_FIRED_BY_UPDATE(td->tg_event) || !TRIGGER_FIRED_FOR_ROW(td->tg_event) || mode <= 0)
		return false;
	for (int i = 1; i <= desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i - 1);
		bool		was_null;
		bool		is_null;
		Datum		was = heap_getattr(td->tg_trigtuple, i, desc, &was_null);
		Datum		is = heap_getattr(td->tg_newtuple, i, desc, &is_null);

		if (i != mode && (was_null != is_null ||
						  (!was_null && !datumIsEqual(was, is, att->attbyval, att->attlen))))
			return false;
	}
	return true;
}

/* Arguments: the table; append (rows are never changed), work, or mode (as work, but for that column). */
PG_FUNCTION_INFO_V1(yibao_t_ledger);
Datum
yibao_t_ledger(PG_FUNCTION_ARGS)
{
	TriggerData *td = trigger_data(fcinfo, 2);
	const char *table = td->tg_trigger->tgargs[0];
	bool		append = strcmp(td->tg_trigger->tgargs[1], "append") == 0;

	if (!TRIGGER_FIRED_BY_INSERT(td->tg_event) && append)
		refuse_change(td, table);
	if (!fund_ledger_open() &&
		!(strcmp(td->tg_trigger->tgargs[1], "mode") == 0 && changes_mode_only(td)))
		refuse_write(td, table);
	if (!TRIGGER_FIRED_FOR_ROW(td->tg_event))
		return PointerGetDatum(NULL);
	if (TRIGGER_FIRED_BY_INSERT(td->tg_event))
		return PointerGetDatum(with_digest(td));
	if (TRIGGER_FIRED_BY_UPDATE(td->tg_event))
	{
		fund_check_words(table, RelationGetDescr(td->tg_relation), td->tg_newtuple);
		return PointerGetDatum(td->tg_newtuple);
	}
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
