/*
 * record.c
 *	  The steps that the trigger of a table that people insert into takes.
 */
#include "postgres.h"

#include "compat.h"
#include "trigger/record.h"

Datum
record_trigger(FunctionCallInfo fcinfo, const RecordTable *table)
{
	bool		(*repeated) (MoneyRow *row, const FundArea *area, const char *booked) =
		table->repeated == NULL ? money_row_repeated : table->repeated;
	MoneyRow	row;
	FundArea	area;
	HeapTuple	result = NULL;

	money_row_open(&row, fcinfo, table->name, table->key);
	fund_enter(&area, row.td->tg_relation);
	if (!money_row_before(&row))
	{
		if (table->after == NULL)
			fund_not_as_made(gettext_noop("a trigger fires after the insert that must fire before it"));
		money_row_check(&row);
		table->after(&row, &area);
	}
	else
	{
		if (table->fill != NULL)
			table->fill(&row, &area);
		if (!repeated(&row, &area, table->booked))
		{
			table->before(&row, &area);
			result = money_row_finish(&row, &area, table->by, table->at);
		}
	}
	fund_leave(&area);
	return PointerGetDatum(result);
}

const RecordTable *
record_named(FunctionCallInfo fcinfo, const RecordTable *const *tables, int n)
{
	const Trigger *trigger;

	if (!CALLED_AS_TRIGGER(fcinfo))
		return NULL;
	trigger = ((TriggerData *) fcinfo->context)->tg_trigger;
	for (int i = 0; i < n; i++)
		if (trigger->tgnargs == 1 && strcmp(tables[i]->name, trigger->tgargs[0]) == 0)
			return tables[i];
	return NULL;
}
