/*
 * clearing.c
 *	  A provider settles a month with the centre: in time, or late.
 *
 * The deadline binds the provider, never the patient: what is late is refused of what
 * the provider is owed (book S), by a voucher of event clearing.late.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "compat.h"
#include "core/control.h"
#include "errcodes.h"
#include "fund/approval.h"
#include "trigger/bank.h"
#include "trigger/terms.h"

/* A clearing month as year and month; YB004 for what is none. */
static void
read_month(const char *clr_ym, int *year, int *month)
{
	int			ym = strlen(clr_ym) == 6 && strspn(clr_ym, "0123456789") == 6 ? atoi(clr_ym) : 0;

	*year = ym / 100;
	*month = ym % 100;
	if (*year < 2000 || *month < 1 || *month > 12)
		ereport(ERROR,
				(errcode(ERRCODE_YB_UNKNOWN_CODE),
				 errmsg("clr_ym %s is no month", clr_ym),
				 errhint("Write it as 202401.")));
}

/* Holidays, or weekend days that are worked, after the day. */
static int
days_off(const FundArea *area, Day from, bool works, Day **days)
{
	Oid			types[2] = {DATEOID, BOOLOID};
	Datum		values[2] = {DateADTGetDatum(from), BoolGetDatum(works)};
	int			n;

	fund_exec(area, "SELECT day FROM @schema@.day_off WHERE day >= $1 AND day < $1 + 60 AND works = $2 ORDER BY day",
			  2, types, values, NULL, 0);
	n = (int) SPI_processed;
	*days = palloc_array(Day, n + 1);
	for (int i = 0; i < n; i++)
		(*days)[i] = DatumGetDateADT(fund_value(SPI_tuptable, i, 1, DATEOID));
	return n;
}

/* The last day on which a month is cleared in time; DAY_NEVER where the policy states none. */
static Day
deadline(const FundArea *area, const FundPolicy *fund, int year, int month)
{
	Day		   *off;
	Day		   *work;
	int			noff;
	int			nwork;
	Day			day;

	if (fund == NULL || fund->deadline_info < 0)
		return DAY_NEVER;
	if (fund->deadline_yearly_month != 0 && (month == 12 || fund->deadline_monthly_day == 0))
		day = day_make(year + 1, fund->deadline_yearly_month, fund->deadline_yearly_day);
	else if (month == 12)
		day = day_make(year + 1, 1, fund->deadline_monthly_day);
	else
		day = day_make(year, month + 1, fund->deadline_monthly_day);
	if (!fund->deadline_shift)
		return day;
	noff = days_off(area, day, false, &off);
	nwork = days_off(area, day, true, &work);
	return working_day(day, off, noff, work, nwork);
}

static void
day_off_check(MoneyRow *row, const FundArea *area)
{
	(void) area;
	(void) money_row_date(row, "day");
	(void) money_row_need(row, "source");
}

const RecordTable day_off_table = {
	RECORD_TABLE("day_off", "off_id", "booked"),
	.before = day_off_check,
};

static void
clearing_extension_check(MoneyRow *row, const FundArea *area)
{
	int			year;
	int			month;

	(void) area;
	(void) money_row_need(row, "fixmedins_code");
	(void) money_row_need(row, "reason");
	(void) money_row_need(row, "doc_no");
	(void) money_row_date(row, "until_on");
	read_month(money_row_need(row, "clr_ym"), &year, &month);
}

const RecordTable clearing_extension_table = {
	RECORD_TABLE("clearing_extension", "extension_id", "approved"),
	.before = clearing_extension_check,
};

/* Of the provider's month what is in no clearing yet. */
#define NOT_CLEARED \
	"FROM @schema@.settlement s WHERE s.fixmedins_code = $1 AND s.clr_ym = $2 AND s.insutype = $3 AND s.setl_type IS DISTINCT FROM '1' " \
	"AND NOT s.refd_setl_flag AND NOT EXISTS (SELECT FROM @schema@.settlement r WHERE r.init_setl_id = s.setl_id) " \
	"AND NOT EXISTS (SELECT FROM @schema@.clearing_item t WHERE t.setl_id = s.setl_id)"

static void
clearing_check(MoneyRow *row, const FundArea *area)
{
	const char *provider = money_row_need(row, "fixmedins_code");
	const char *clr_ym = money_row_need(row, "clr_ym");
	const char *insutype = money_row_need(row, "insutype");
	DateADT		applied = money_row_date(row, "applied_on");
	Oid			types[3] = {TEXTOID, TEXTOID, TEXTOID};
	Datum		values[3] = {CStringGetTextDatum(provider), CStringGetTextDatum(clr_ym), CStringGetTextDatum(insutype)};
	char	   *policy_id;
	CompiledPolicy *cp;
	char	   *extension = NULL;
	int			year;
	int			month;
	Day			due;
	bool		late;

	read_month(clr_ym, &year, &month);
	policy_id = fund_policy_in_force(area, insutype, day_make(year, month, days_in_month(year, month)));
	cp = fund_policy_load(area, policy_id);
	due = deadline(area, cp->fund, year, month);
	fund_exec(area, "SELECT 1 " NOT_CLEARED " LIMIT 1", 3, types, values, NULL, 0);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("provider %s has nothing of %s to clear", provider, clr_ym),
				 errhint("View clearing_open lists what is not cleared yet.")));
	late = due != DAY_NEVER && applied > due;
	if (late)
	{
		Datum		at[3] = {values[0], values[1], DateADTGetDatum(applied)};

		fund_exec(area,
				  "SELECT extension_id, approved_by FROM @schema@.clearing_extension WHERE fixmedins_code = $1 AND clr_ym = $2 AND until_on >= $3 "
				  "ORDER BY until_on, extension_id LIMIT 1",
				  3, (Oid[]) {TEXTOID, TEXTOID, DATEOID}, at, NULL, 0);
		if (SPI_processed > 0)
		{
			extension = fund_need(0, 1);
			approval_by_another(area, gettext_noop("extension"), extension, fund_need(0, 2));
			money_row_fill_text(row, "extension_id", extension);
			late = false;
		}
	}
	money_row_fill_text(row, "policy_id", policy_id);
	if (due != DAY_NEVER)
		money_row_fill(row, "due_on", DATEOID, DateADTGetDatum(due));
	money_row_fill(row, "late", BOOLOID, BoolGetDatum(late));
	money_row_fill(row, "refused", BOOLOID, BoolGetDatum(late && cp->fund->deadline_late == DEADLINE_LATE_REFUSE));
}

static void
clearing_after(MoneyRow *row, const FundArea *area)
{
	Datum		id = CStringGetTextDatum(money_row_need(row, "clearing_id"));
	Oid			types[4] = {TEXTOID, TEXTOID, TEXTOID, TEXTOID};
	Datum		values[4] = {CStringGetTextDatum(money_row_need(row, "fixmedins_code")), CStringGetTextDatum(money_row_need(row, "clr_ym")),
	CStringGetTextDatum(money_row_need(row, "insutype")), id};

	fund_exec(area,
			  "INSERT INTO @schema@.clearing_item (setl_id, clearing_id) SELECT s.setl_id, $4 " NOT_CLEARED " ON CONFLICT DO NOTHING",
			  4, types, values, NULL, FUND_LEDGER);
	if (!bank_bool(row, "refused"))
	{
		admission_refuse(area, money_row_need(row, "clearing_id"));
		return;
	}
	/* resident before assistance or the reverse: one voucher of each fund */
	fund_exec(area,
			  "INSERT INTO @schema@.voucher (voucher_id, event, fund, insutype, effective_on, amt, party, clr_ym, clearing_id) "
			  "SELECT 'late/' || i.fund || '/' || c.clearing_id, 'clearing.late', i.fund, c.insutype, c.applied_on, pg_catalog.sum(i.amount_fen) / 100, c.fixmedins_code, c.clr_ym, c.clearing_id "
			  "FROM @schema@.clearing c JOIN @schema@.clearing_item t ON t.clearing_id = c.clearing_id "
			  "JOIN @schema@.payable_item i ON i.setl_id = t.setl_id AND i.amount_fen > 0 "
			  "WHERE c.clearing_id = $1 GROUP BY i.fund, c.insutype, c.applied_on, c.fixmedins_code, c.clr_ym, c.clearing_id ORDER BY i.fund",
			  1, types, &id, NULL, 0);
}

const RecordTable clearing_table = {
	RECORD_TABLE("clearing", "clearing_id", "booked"),
	.before = clearing_check,
	.after = clearing_after,
};

void
clearing_late(const FundArea *area, const char *clearing, const char *party, const char *clr_ym)
{
	Oid			types[3] = {TEXTOID, TEXTOID, TEXTOID};
	Datum		values[3] = {CStringGetTextDatum(clearing), CStringGetTextDatum(party == NULL ? "" : party),
	CStringGetTextDatum(clr_ym == NULL ? "" : clr_ym)};

	fund_exec(area, "SELECT 1 FROM @schema@.clearing WHERE clearing_id = $1 AND fixmedins_code = $2 AND clr_ym = $3 AND refused",
			  3, types, values, NULL, 0);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("clearing %s is no late one of %s, month %s", clearing, party == NULL ? "-" : party, clr_ym == NULL ? "-" : clr_ym),
				 errhint("View clearing_status lists what came late and is refused.")));
}
