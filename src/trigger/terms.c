/*
 * terms.c
 *	  Tables of what an area has agreed: each has a trigger t_terms with its name.
 */
#include "postgres.h"

#include "compat.h"
#include "trigger/terms.h"

static const RecordTable *const tables[] = {
	&prepay_rule_table, &prepay_attest_table, &prepay_schedule_table, &serious_contract_table,
	&day_off_table, &clearing_extension_table, &clearing_table, &admission_table, &admission_extension_table,
};

PG_FUNCTION_INFO_V1(yibao_t_terms);
Datum
yibao_t_terms(PG_FUNCTION_ARGS)
{
	const RecordTable *table = record_named(fcinfo, tables, lengthof(tables));

	if (table == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this is a trigger of the tables of what was agreed, which its argument names"),
				 errhint("yibao.attach_poolarea() puts an area's triggers in place.")));
	return record_trigger(fcinfo, table);
}
