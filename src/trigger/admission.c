/*
 * admission.c
 *	  A stay is registered in time or late, and what follows: the provider is refused
 *	  what it is owed, or the stay is settled by hand only.  The patient bears nothing of it.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "core/control.h"
#include "errcodes.h"
#include "fund/approval.h"
#include "trigger/bank.h"
#include "trigger/settlement.h"
#include "trigger/terms.h"

/* In the order of LateRegistration. */
static const char *const late_words[] = {NULL, "report", "deduct_provider", "manual_only"};

static Timestamp
need_time(const MoneyRow *row, const char *column)
{
	bool		isnull;
	Datum		value = money_row_datum(row, column, TIMESTAMPOID, &isnull);

	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_NULL),
				 errmsg("%s is empty", column),
				 errhint("Give %s.", column),
				 err_generic_string(PG_DIAG_COLUMN_NAME, column)));
	if (TIMESTAMP_NOT_FINITE(DatumGetTimestamp(value)))
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_TYPE),
				 errmsg("%s is infinite", column),
				 errhint("Give the local time of the pool area."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, column)));
	return DatumGetTimestamp(value);
}

static int64
day_of(Timestamp t)
{
	return t >= 0 ? t / USECS_DAY : (t + 1) / USECS_DAY - 1;
}

static void
admission_check(MoneyRow *row, const FundArea *area)
{
	const char *insutype = money_row_need(row, "insutype");
	Timestamp	admitted = need_time(row, "begntime");
	Timestamp	registered = need_time(row, "reg_time");
	bool		emergency = bank_bool(row, "er_flag");
	char	   *policy_id;
	CompiledPolicy *cp;
	LateRegistration follows;

	(void) money_row_need(row, "psn_no");
	(void) money_row_need(row, "fixmedins_code");
	policy_id = fund_policy_in_force(area, insutype, (DateADT) day_of(admitted));
	cp = fund_policy_load(area, policy_id);
	money_row_fill_text(row, "policy_id", policy_id);
	if (cp->controls.clock_hours > 0)
	{
		int32		hours = emergency ? cp->controls.clock_emergency : cp->controls.clock_hours;
		Timestamp	due = admitted + hours * USECS_HOUR;

		if (cp->controls.clock_days)
			due = (day_of(due) + 1) * USECS_DAY - 1;
		money_row_fill(row, "due_time", TIMESTAMPOID, TimestampGetDatum(due));
		money_row_fill(row, "late", BOOLOID,
					   BoolGetDatum(!within_hours(admitted, registered, hours, cp->controls.clock_days)));
	}
	follows = cp->fund == NULL ? LATE_UNSTATED : cp->fund->late_registration;
	if (follows != LATE_UNSTATED)
		money_row_fill_text(row, "late_registration", late_words[follows]);
}

const RecordTable admission_table = {
	RECORD_TABLE("admission", "mdtrt_id", "booked"),
	.before = admission_check,
};

static void
extension_check(MoneyRow *row, const FundArea *area)
{
	const char *id = money_row_need(row, "mdtrt_id");
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(id)};

	(void) money_row_need(row, "reason");
	(void) money_row_need(row, "doc_no");
	approval_find(area, gettext_noop("admission"), "admission", id,
				  "SELECT booked_by, coalesce(late, false) FROM @schema@.admission WHERE mdtrt_id = $1");
	approval_by_another(area, gettext_noop("admission"), id, fund_need(0, 1));
	if (!DatumGetBool(fund_value(SPI_tuptable, 0, 2, BOOLOID)))
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("stay %s was not registered late", id),
				 errhint("View registration_late lists those that were.")));
	fund_exec(area,
			  "SELECT v.voucher_id FROM @schema@.voucher v JOIN @schema@.settlement s ON s.setl_id = v.setl_id "
			  "WHERE v.event = 'registration.late' AND s.mdtrt_id = $1 ORDER BY v.voucher_id LIMIT 1",
			  1, types, values, NULL, FUND_LATEST);
	if (SPI_processed > 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("what stay %s came to has been refused already, by voucher %s", id, fund_need(0, 1)),
				 errhint("An extension is approved before the provider settles the month.")));
}

const RecordTable admission_extension_table = {
	RECORD_TABLE("admission_extension", "mdtrt_id", "approved"),
	.before = extension_check,
};

/* ---- what follows ------------------------------------------------------------------------- */

void
admission_refuse(const FundArea *area, const char *clearing)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(clearing)};

	fund_exec(area,
			  "INSERT INTO @schema@.voucher (voucher_id, event, fund, insutype, effective_on, amt, setl_id) "
			  "SELECT 'reg/' || r.fund || '/' || r.setl_id, 'registration.late', r.fund, c.insutype, c.applied_on, r.amt, r.setl_id "
			  "FROM @schema@.clearing c JOIN @schema@.clearing_item t ON t.clearing_id = c.clearing_id "
			  "JOIN @schema@.registration_refusal r ON r.setl_id = t.setl_id WHERE c.clearing_id = $1 ORDER BY r.pool, r.fund, r.setl_id",
			  1, types, values, NULL, 0);
}

void
admission_voucher(MoneyRow *row, const FundArea *area)
{
	const char *setl_id = money_row_need(row, "setl_id");
	Oid			types[2] = {TEXTOID, TEXTOID};
	Datum		values[2] = {CStringGetTextDatum(setl_id), CStringGetTextDatum(money_row_need(row, "fund"))};

	fund_exec(area, "SELECT amt FROM @schema@.registration_refusal WHERE setl_id = $1 AND fund = $2", 2, types, values, NULL, 0);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("nothing of settlement %s is refused for late registration", setl_id),
				 errhint("View registration_refusal lists what is.")));
	money_row_fill(row, "amt", NUMERICOID, fund_value(SPI_tuptable, 0, 1, NUMERICOID));
}

/*
 * A claim that is not one by hand, of a stay that was registered late: refused where that
 * is settled by hand only.  Between owner_enter() and owner_leave().
 */
void
settlement_registered(SettlementStatement *st, const SettlementRow *row, const Claim *claim)
{
	static const Oid types[] = {TEXTOID, TEXTOID};
	AttrNumber	visit = st->rel->other[SC_mdtrt_id];
	Datum		values[2];

	if (visit == 0 || row->nulls[visit - 1] ||
		(claim->state[CF_setl_type] == FS_GIVEN && claim->v[CF_setl_type] == code_pack("1", 1)))
		return;
	values[0] = row->values[visit - 1];
	values[1] = row->values[st->rel->field[CF_psn_no] - 1];
	owner_exec(st->nsp,
			   "SELECT a.mdtrt_id, pg_catalog.to_char(a.reg_time, 'YYYY-MM-DD HH24:MI:SS'), pg_catalog.to_char(a.due_time, 'YYYY-MM-DD HH24:MI:SS')"
			   " FROM @schema@.admission a WHERE a.mdtrt_id OPERATOR(pg_catalog.=) $1 AND a.psn_no OPERATOR(pg_catalog.=) $2"
			   " AND a.late AND a.late_registration OPERATOR(pg_catalog.=) 'manual_only'"
			   " AND NOT EXISTS (SELECT FROM @schema@.admission_extension e WHERE e.mdtrt_id OPERATOR(pg_catalog.=) a.mdtrt_id)",
			   2, types, values, NULL, 1);
	if (SPI_processed > 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_MANUAL_ONLY),
				 errmsg("stay %s was registered at %s, after %s: it is not settled directly",
						fund_need(0, 1), fund_need(0, 2), fund_need(0, 3)),
				 errdetail("A stay that was registered late is claimed by hand (fund.late_registration is manual_only)."),
				 errhint("The person claims it by hand (setl_type 1); or an admission_extension accepts the registration.")));
}
