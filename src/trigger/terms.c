/*
 * terms.c
 *	  Tables of what an area has agreed: each has a trigger t_terms with its name.
 */
#include "postgres.h"

#include "compat.h"
#include "errcodes.h"
#include "trigger/bank.h"
#include "trigger/terms.h"

static const BankTable tables[] = {
	{"prepay_rule", "rule_id", "SELECT req_hash, booked_at FROM @schema@.prepay_rule WHERE rule_id = $1", NULL, prepay_rule_check},
	{"prepay_attest", "attest_id", "SELECT req_hash, booked_at FROM @schema@.prepay_attest WHERE attest_id = $1", NULL, prepay_attest_check},
	{"prepay_schedule", "row_id", "SELECT req_hash, booked_at FROM @schema@.prepay_schedule WHERE row_id = $1", prepay_schedule_fill, prepay_schedule_check},
	{"serious_contract", "contract_id", "SELECT req_hash, booked_at FROM @schema@.serious_contract WHERE contract_id = $1", NULL, serious_contract_check},
	{"day_off", "off_id", "SELECT req_hash, booked_at FROM @schema@.day_off WHERE off_id = $1", NULL, day_off_check},
	{"clearing_extension", "extension_id", "SELECT req_hash, approved_at FROM @schema@.clearing_extension WHERE extension_id = $1", NULL, clearing_extension_check},
	{"clearing", "clearing_id", "SELECT req_hash, booked_at FROM @schema@.clearing WHERE clearing_id = $1", NULL, clearing_check},
};

PG_FUNCTION_INFO_V1(yibao_t_terms);
Datum
yibao_t_terms(PG_FUNCTION_ARGS)
{
	TriggerData *td = (TriggerData *) fcinfo->context;
	const BankTable *t = NULL;
	MoneyRow	row;
	FundArea	area;
	HeapTuple	result = NULL;

	if (CALLED_AS_TRIGGER(fcinfo) && td->tg_trigger->tgnargs == 1)
		for (size_t i = 0; i < lengthof(tables); i++)
			if (strcmp(tables[i].name, td->tg_trigger->tgargs[0]) == 0)
				t = &tables[i];
	if (t == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this is a trigger of the tables of what was agreed, which its argument names"),
				 errhint("yibao.attach_poolarea() puts an area's triggers in place.")));
	money_row_open(&row, fcinfo, t->name, t->key);
	fund_enter(&area, td->tg_relation);
	if (!money_row_before(&row))
	{
		if (t->check != clearing_check)
			fund_not_as_made(gettext_noop("a trigger fires after the insert that must fire before it"));
		money_row_check(&row);
		clearing_after(&row, &area);
		fund_leave(&area);
		return PointerGetDatum(NULL);
	}
	if (t->fill != NULL)
		t->fill(&row, &area);
	if (!money_row_repeated(&row, &area, t->repeated))
	{
		bool		approves = t->check == clearing_extension_check;

		t->check(&row, &area);
		result = money_row_finish(&row, &area, approves ? "approved_by" : "booked_by", approves ? "approved_at" : "booked_at");
	}
	fund_leave(&area);
	return PointerGetDatum(result);
}
