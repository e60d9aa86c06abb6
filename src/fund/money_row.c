/*
 * money_row.c
 *	  NEW of a trigger on a table that people insert into, taken apart.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/money_row.h"
#include "fund/unique.h"

/* As SPI_fnumber(), of the columns that a table of an area has: 0 when there is none. */
static int
column_number(TupleDesc desc, const char *column)
{
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		if (NameStr(att->attname)[0] == column[0] && !att->attisdropped &&
			strcmp(NameStr(att->attname), column) == 0)
			return i + 1;
	}
	return 0;
}

/* Its index.  It must have the type that it was made with. */
static int
column_of(const MoneyRow *row, const char *column, Oid type)
{
	int			att = column_number(row->desc, column);

	if (att > 0 && TupleDescAttr(row->desc, att - 1)->atttypid != type)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column %s of table %s is not of type %s", column, row->table,
						format_type_be(type)),
				 errhint("Put the column back as yibao.create_poolarea() made it.")));
	if (att <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("table %s has no column %s", row->table, column),
				 errhint("The tables of a pool area are those that yibao.create_poolarea() made; put the column back.")));
	return att - 1;
}

void
money_row_open(MoneyRow *row, FunctionCallInfo fcinfo, const char *table,
			   const char *key)
{
	TriggerData *td = (TriggerData *) fcinfo->context;
	Oid			index;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BY_INSERT(td->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(td->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this is a row trigger on INSERT INTO %s", table),
				 errhint("yibao.attach_poolarea() puts an area's triggers in place.")));
	row->td = td;
	row->table = table;
	row->key = key;
	row->desc = RelationGetDescr(td->tg_relation);
	row->values = palloc_array(Datum, row->desc->natts);
	row->nulls = palloc_array(bool, row->desc->natts);
	row->filled = palloc0_array(bool, row->desc->natts);
	row->cxt = CurrentMemoryContext;
	heap_deform_tuple(td->tg_trigtuple, row->desc, row->values, row->nulls);
	row->request = (Datum) 0;
	if (money_row_before(row) && !row->nulls[column_of(row, "row_hash", BYTEAOID)])
		ereport(ERROR,
				(errcode(ERRCODE_YB_DATA_ONLY_RESTORE),
				 errmsg("table %s is given a row that was booked before", table),
				 errdetail("row_hash is set: this comes from a dump, and would be posted a second time."),
				 errhint("Restore the whole dump into an empty database, or the data with triggers disabled (doc/fund.md).")));
	if (!money_row_before(row))
		return;
	row->request = fund_values_digest(row->desc, row->values, row->nulls);
	fund_check_words(table, row->desc, td->tg_trigtuple);
	money_row_check_values(row);
	/* what the caller looks for is there then, or will not be */
	(void) unique_key_state(td->tg_relation, false, row->values, row->nulls, &index);
}

bool
money_row_before(const MoneyRow *row)
{
	return TRIGGER_FIRED_BEFORE(row->td->tg_event);
}

Datum
money_row_datum(const MoneyRow *row, const char *column, Oid type, bool *isnull)
{
	int			i = column_of(row, column, type);

	*isnull = row->nulls[i];
	return row->values[i];
}

char *
money_row_text(const MoneyRow *row, const char *column)
{
	int			i = column_of(row, column, TEXTOID);

	return row->nulls[i] ? NULL : TextDatumGetCString(row->values[i]);
}

void
money_row_missing(const MoneyRow *row, const char *column)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_FIELD_NULL),
			 errmsg("%s is empty", column),
			 errdetail("Table %s cannot be booked without it.", row->table),
			 errhint("Give %s.", column),
			 err_generic_string(PG_DIAG_COLUMN_NAME, column)));
}

char *
money_row_need(const MoneyRow *row, const char *column)
{
	char	   *text = money_row_text(row, column);

	if (text == NULL || fund_blank(text))
		money_row_missing(row, column);
	return text;
}

Fen
money_row_fen(const MoneyRow *row, const char *column, bool *isnull)
{
	int			i = column_of(row, column, NUMERICOID);

	if (isnull != NULL)
		*isnull = row->nulls[i];
	if (row->nulls[i])
	{
		if (isnull == NULL)
			money_row_missing(row, column);
		return 0;
	}
	return fund_fen(row->values[i], column);
}

int32
money_row_int(const MoneyRow *row, const char *column, bool *isnull)
{
	int			i = column_of(row, column, INT4OID);

	if (isnull != NULL)
		*isnull = row->nulls[i];
	else if (row->nulls[i])
		money_row_missing(row, column);
	return row->nulls[i] ? 0 : DatumGetInt32(row->values[i]);
}

int64
money_row_int8(const MoneyRow *row, const char *column)
{
	int			i = column_of(row, column, INT8OID);

	return row->nulls[i] ? 0 : DatumGetInt64(row->values[i]);
}

DateADT
money_row_date(const MoneyRow *row, const char *column)
{
	int			i = column_of(row, column, DATEOID);

	if (row->nulls[i])
		money_row_missing(row, column);
	return DatumGetDateADT(row->values[i]);
}

static char *
value_text(Oid type, Datum value)
{
	Oid			out;
	bool		varlena;

	getTypeOutputInfo(type, &out, &varlena);
	return OidOutputFunctionCall(out, value);
}

void
money_row_fill(MoneyRow *row, const char *column, Oid type, Datum value)
{
	int			i = column_of(row, column, type);
	Form_pg_attribute att = TupleDescAttr(row->desc, i);

	row->filled[i] = true;
	if (row->nulls[i])
	{
		MemoryContext save = MemoryContextSwitchTo(row->cxt);

		if (type == NUMERICOID && att->atttypmod >= 0)
			value = DirectFunctionCall2(numeric, value, Int32GetDatum(att->atttypmod));
		row->values[i] = datumCopy(value, att->attbyval, att->attlen);
		row->nulls[i] = false;
		MemoryContextSwitchTo(save);
		return;
	}
	else
	{
		TypeCacheEntry *entry = lookup_type_cache(type, TYPECACHE_EQ_OPR_FINFO);

		if (!DatumGetBool(FunctionCall2Coll(&entry->eq_opr_finfo, C_COLLATION_OID,
											row->values[i], value)))
			ereport(ERROR,
					(errcode(ERRCODE_YB_RESULT_GIVEN),
					 errmsg("%s is given as %s, but it is %s", column,
							value_text(att->atttypid, row->values[i]),
							value_text(att->atttypid, value)),
					 errhint("Leave the column out: it is filled."),
					 err_generic_string(PG_DIAG_COLUMN_NAME, column)));
	}
}

void
money_row_fill_text(MoneyRow *row, const char *column, const char *value)
{
	money_row_fill(row, column, TEXTOID, CStringGetTextDatum(value));
}

void
money_row_fill_fen(MoneyRow *row, const char *column, Fen value)
{
	money_row_fill(row, column, NUMERICOID, fund_numeric(value));
}

/* An old snapshot does not see what would have to be compared. */
static void
booked_since(const char *columns, const char *key)
{
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("%s %s was booked since this transaction began", columns, key),
			 errhint("Try again.")));
}

/* Another row has a key of this one by the time that all is filled in. */
static void
check_keys(const MoneyRow *row)
{
	Relation	rel = row->td->tg_relation;
	Oid			oid;
	KeyState	state = unique_key_state(rel, false, row->values, row->nulls, &oid);
	Relation	index;
	StringInfoData columns;
	StringInfoData key;

	/* the primary key was looked for when it was asked whether the row is repeated, if it was there then */
	if (state == KEY_FREE && (IsolationUsesXactSnapshot() ||
							  heap_attisnull(row->td->tg_trigtuple, column_of(row, row->key, TEXTOID) + 1, row->desc)))
		state = unique_key_state(rel, true, row->values, row->nulls, &oid);
	if (state == KEY_FREE)
		return;
	initStringInfo(&columns);
	initStringInfo(&key);
	index = index_open(oid, AccessShareLock);
	for (int i = 0; i < index->rd_index->indnkeyatts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(row->desc, index->rd_index->indkey.values[i] - 1);

		appendStringInfo(&columns, "%s%s", i > 0 ? ", " : "", NameStr(att->attname));
		appendStringInfo(&key, "%s%s", i > 0 ? ", " : "",
						 att->atttypid == DATEOID ? fund_day(DatumGetDateADT(row->values[att->attnum - 1])) :
						 value_text(att->atttypid, row->values[att->attnum - 1]));
	}
	index_close(index, NoLock);
	if (state == KEY_NEWER)
		booked_since(columns.data, key.data);
	ereport(ERROR,
			(errcode(ERRCODE_YB_KEY_REUSED),
			 errmsg("%s %s is booked already, with other content", columns.data, key.data),
			 errhint("Read what is booked by its key; something else needs a key of its own."),
			 strchr(columns.data, ',') == NULL ? err_generic_string(PG_DIAG_COLUMN_NAME, columns.data) : 0));
}

bool
money_row_repeated(MoneyRow *row, const FundArea *area, const char *sql)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1];
	bool		isnull;
	Datum		hash;
	Oid			index;
	KeyState	state;

	values[0] = CStringGetTextDatum(money_row_need(row, row->key));
	state = unique_key_state(row->td->tg_relation, true, row->values, row->nulls, &index);
	if (state == KEY_FREE)
		return false;
	if (state == KEY_NEWER)
		booked_since(row->key, money_row_text(row, row->key));
	fund_exec(area, sql, 1, types, values, NULL, 0);
	if (SPI_processed == 0)
		return false;
	hash = fund_datum(SPI_tuptable, 0, 1, BYTEAOID, &isnull);
	if (!isnull && DatumGetBool(DirectFunctionCall2(byteaeq, hash, row->request)))
		return true;
	ereport(ERROR,
			(errcode(ERRCODE_YB_KEY_REUSED),
			 errmsg("%s %s is booked already, with other content", row->key,
					money_row_text(row, row->key)),
			 errdetail("The first one was booked at %s.", fund_text(0, 2)),
			 errhint("Read what is booked by its key; something else needs a key of its own.")));
	return false;
}

HeapTuple
money_row_finish(MoneyRow *row, const FundArea *area, const char *by, const char *at)
{
	bool	   *all = palloc_array(bool, row->desc->natts);
	int			hash = column_of(row, "row_hash", BYTEAOID);
	MemoryContext save;
	HeapTuple	tuple;

	check_keys(row);
	money_row_fill_text(row, by, area->session_user);
	money_row_fill(row, at, TIMESTAMPTZOID, TimestampTzGetDatum(GetCurrentStatementStartTimestamp()));
	money_row_fill(row, "req_hash", BYTEAOID, row->request);
	row->nulls[hash] = true;
	money_row_check_whole(row);

	memset(all, true, row->desc->natts);
	save = MemoryContextSwitchTo(row->cxt);
	row->values[hash] = fund_values_digest(row->desc, row->values, row->nulls);
	row->nulls[hash] = false;
	tuple = heap_modify_tuple(row->td->tg_trigtuple, row->desc, row->values, row->nulls, all);
	MemoryContextSwitchTo(save);
	return tuple;
}

/* Was our BEFORE trigger the last one?  Then nothing has changed the row since. */
static bool
ours_was_last(const MoneyRow *row)
{
	const TriggerDesc *triggers = row->td->tg_relation->trigdesc;

	for (int i = triggers->numtriggers - 1; i >= 0; i--)
	{
		const Trigger *trigger = &triggers->triggers[i];

		/* they are in the order in which they fire */
		if (TRIGGER_TYPE_MATCHES(trigger->tgtype, TRIGGER_TYPE_ROW, TRIGGER_TYPE_BEFORE, TRIGGER_TYPE_INSERT))
			return trigger->tgfoid == row->td->tg_trigger->tgfoid &&
				trigger->tgenabled != TRIGGER_DISABLED && trigger->tgqual == NULL;
	}
	return false;
}

void
money_row_check(const MoneyRow *row)
{
	int			hash = column_of(row, "row_hash", BYTEAOID);

	if (!row->nulls[hash] && ours_was_last(row))
		return;
	if (row->nulls[hash] ||
		!DatumGetBool(DirectFunctionCall2(byteaeq, row->values[hash],
										  fund_row_digest(row->desc, row->td->tg_trigtuple))))
		ereport(ERROR,
				(errcode(ERRCODE_YB_RESULT_GIVEN),
				 errmsg("%s %s was changed by another trigger after it was worked out", row->table,
						money_row_text(row, row->key)),
				 errhint("A trigger that changes a row of %s must fire before ours: name it so that it sorts before t10.",
						 row->table)));
}
