/*
 * transfer.c
 *	  Money between the outpatient and the inpatient pool: one login proposes,
 *	  another approves.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/approval.h"
#include "fund/hold.h"
#include "trigger/record.h"

/* ---- the proposal ----------------------------------------------------------------------- */

/* Visits and cost of both pools: the 12 whole months before the day's, and the 12 before those. */
static void
fill_figures(MoneyRow *row, const FundArea *area, DateADT day)
{
	static const char *const pools[2] = {"outpatient", "inpatient"};
	static const char *const columns[2][4] = {
		{"out_visits", "out_cost", "out_visits_before", "out_cost_before"},
		{"ipt_visits", "ipt_cost", "ipt_visits_before", "ipt_cost_before"},
	};
	Oid			types[2] = {TEXTOID, DATEOID};
	Datum		values[2];

	values[1] = DateADTGetDatum(day);
	for (int i = 0; i < 2; i++)
	{
		values[0] = CStringGetTextDatum(pools[i]);
		fund_exec(area,
				  "SELECT coalesce(pg_catalog.sum(CASE WHEN s.hifp_pay < 0 OR s.refd_setl_flag THEN -1 ELSE 1 END) FILTER (WHERE s.setl_time >= d.mid), 0)::pg_catalog.int8, "
				  "coalesce(pg_catalog.sum(s.hifp_pay) FILTER (WHERE s.setl_time >= d.mid), 0), "
				  "coalesce(pg_catalog.sum(CASE WHEN s.hifp_pay < 0 OR s.refd_setl_flag THEN -1 ELSE 1 END) FILTER (WHERE s.setl_time < d.mid), 0)::pg_catalog.int8, "
				  "coalesce(pg_catalog.sum(s.hifp_pay) FILTER (WHERE s.setl_time < d.mid), 0) "
				  "FROM (SELECT pg_catalog.date_trunc('month', $2::pg_catalog.timestamp) AS stop, "
				  "pg_catalog.date_trunc('month', $2::pg_catalog.timestamp) - '1 year'::pg_catalog.interval AS mid, "
				  "pg_catalog.date_trunc('month', $2::pg_catalog.timestamp) - '2 years'::pg_catalog.interval AS start) d, @schema@.settlement s "
				  "WHERE s.pool = $1 AND s.setl_time >= d.start AND s.setl_time < d.stop",
				  2, types, values, NULL, 0);
		for (int k = 0; k < 4; k++)
		{
			bool		isnull;
			Oid			type = k % 2 == 0 ? INT8OID : NUMERICOID;
			Datum		d = fund_datum(SPI_tuptable, 0, k + 1, type, &isnull);

			money_row_fill(row, columns[i][k], type, d);
		}
	}
	/* of the 12 months, those that the books have not closed: their figures may still change */
	fund_exec(area,
			  "SELECT 12 - pg_catalog.count(*) FROM @schema@.period p WHERE p.closed "
			  "AND p.period >= pg_catalog.to_char(pg_catalog.date_trunc('month', $1::pg_catalog.timestamp) - '1 year'::pg_catalog.interval, 'YYYY-MM') "
			  "AND p.period < pg_catalog.to_char($1, 'YYYY-MM')",
			  1, &types[1], &values[1], NULL, 0);
	money_row_fill(row, "open_months", INT4OID, Int32GetDatum((int32) fund_int8(0, 1, NULL)));
}

/* What a reversal takes from its original: the opposite pools, the same amount. */
static void
fill_reversal(MoneyRow *row, const FundArea *area, const char *original)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(original)};
	bool		isnull;

	fund_exec(area,
			  "SELECT t.from_pool, t.to_pool, t.amt, t.reverses, a.decision, "
			  "(SELECT r.transfer_id FROM @schema@.transfer_approval r WHERE r.reverses = t.transfer_id) "
			  "FROM @schema@.transfer t LEFT JOIN @schema@.transfer_approval a ON a.transfer_id = t.transfer_id "
			  "WHERE t.transfer_id = $1",
			  1, types, values, NULL, 0);
	if (SPI_processed == 0 || fund_text(0, 5) == NULL || strcmp(fund_text(0, 5), "approve") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("transfer %s has not been made, so it cannot be reversed", original),
				 errhint("Only an approved transfer can be reversed.")));
	if (fund_text(0, 4) != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_REVERSED),
				 errmsg("transfer %s is a reversal itself", original),
				 errhint("Propose a new transfer instead.")));
	if (fund_text(0, 6) != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_REVERSED),
				 errmsg("transfer %s was reversed already, by %s", original, fund_text(0, 6)),
				 errhint("A transfer is reversed once; propose a new one.")));
	money_row_fill_text(row, "from_pool", fund_need(0, 2));
	money_row_fill_text(row, "to_pool", fund_need(0, 1));
	money_row_fill(row, "amt", NUMERICOID, fund_datum(SPI_tuptable, 0, 3, NUMERICOID, &isnull));
}

static void
propose(MoneyRow *row, const FundArea *area)
{
	DateADT		day = money_row_date(row, "proposed_on");
	char	   *original = money_row_text(row, "reverses");
	char	   *from;
	char	   *to;

	if (original != NULL)
		fill_reversal(row, area, original);
	(void) money_row_need(row, "reason");
	from = money_row_need(row, "from_pool");
	to = money_row_need(row, "to_pool");
	if (money_row_fen(row, "amt", NULL) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_RANGE),
				 errmsg("amt is zero"),
				 errhint("A transfer has an amount.")));
	if (strcmp(from, to) == 0 ||
		(strcmp(from, "outpatient") != 0 && strcmp(from, "inpatient") != 0) ||
		(strcmp(to, "outpatient") != 0 && strcmp(to, "inpatient") != 0))
		ereport(ERROR,
				(errcode(ERRCODE_YB_FLOW),
				 errmsg("no transfer from %s to %s", from, to),
				 errdetail("住院统筹基金和门诊统筹基金可相互划转使用 (秦政办发〔2018〕84号 二(三)): only the outpatient and inpatient pools, in either direction."),
				 errhint("Give outpatient and inpatient as from_pool and to_pool.")));
	if (money_row_text(row, "hold_id") != NULL)
		hold_check(area, money_row_text(row, "hold_id"));
	fill_figures(row, area, day);
}

static const RecordTable transfer_table = {
	RECORD_TABLE("transfer", "transfer_id", "proposed"),
	.before = propose,
};

PG_FUNCTION_INFO_V1(yibao_t_transfer);
Datum
yibao_t_transfer(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &transfer_table);
}

/* ---- the approval ------------------------------------------------------------------------ */

typedef struct Proposal
{
	char	   *id;
	char	   *from;
	char	   *to;
	Fen			amount;
	char	   *reverses;
	char	   *by;
	char	   *hold;
	DateADT		proposed_on;
} Proposal;

static void
load_proposal(const FundArea *area, const char *id, Proposal *p)
{
	bool		isnull;

	approval_find(area, gettext_noop("transfer"), "transfer", id,
				  "SELECT transfer_id, from_pool, to_pool, amt, reverses, proposed_by, hold_id, proposed_on "
				  "FROM @schema@.transfer WHERE transfer_id = $1");
	p->id = fund_need(0, 1);
	p->from = fund_need(0, 2);
	p->to = fund_need(0, 3);
	(void) fund_need(0, 4);
	p->amount = fund_fen(fund_datum(SPI_tuptable, 0, 4, NUMERICOID, &isnull), "amt");
	p->reverses = fund_text(0, 5);
	p->by = fund_need(0, 6);
	p->hold = fund_text(0, 7);
	p->proposed_on = DatumGetDateADT(fund_value(SPI_tuptable, 0, 8, DATEOID));
}

static void
approval_before(MoneyRow *row, const FundArea *area)
{
	const char *decision = money_row_need(row, "decision");
	Proposal	p;

	(void) money_row_date(row, "approved_on");
	load_proposal(area, money_row_need(row, "transfer_id"), &p);
	approval_by_another(area, gettext_noop("transfer"), p.id, p.by);
	if (strcmp(decision, "approve") == 0)
	{
		if (p.reverses != NULL)
		{
			Oid			types[1] = {TEXTOID};
			Datum		values[1] = {CStringGetTextDatum(p.reverses)};

			/* who approves another reversal of it is waited for */
			fund_exec(area, "SELECT 1 FROM @schema@.transfer WHERE transfer_id = $1 FOR NO KEY UPDATE",
					  1, types, values, NULL, 0);
			fund_exec(area, "SELECT transfer_id FROM @schema@.transfer_approval WHERE reverses = $1",
					  1, types, values, NULL, 0);
			if (SPI_processed > 0)
				ereport(ERROR,
						(errcode(ERRCODE_YB_REVERSED),
						 errmsg("transfer %s was reversed already, by %s", p.reverses, fund_text(0, 1)),
						 errhint("A transfer is reversed once; propose a new one.")));
			money_row_fill_text(row, "reverses", p.reverses);
		}
		approval_not_before(gettext_noop("transfer"), p.id, p.proposed_on, money_row_date(row, "approved_on"));
		approval_execute(area, "transfer", p.id, money_row_date(row, "approved_on"));
		money_row_fill(row, "journal_id", INT8OID, Int64GetDatum(fund_journal_id(area)));
	}
}

static void
limit_exceeded(const char *limit, Fen allowed, Fen wanted)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_FLOW),
			 errmsg("the transfer is above the policy's limit (fund.transfer.%s): %s is allowed, %s would be moved",
					limit, fund_yuan(allowed), fund_yuan(wanted)),
			 errhint("Propose less, or publish a policy with another limit.")));
}

/*
 * The limits, where the policy in force sets any: the year's transfers out of a
 * pool as a share of what the year's receipts gave it, and the months of mean
 * spending that must stay.  The pool is locked, left is what it would keep.
 */
static void
check_limits(const FundArea *area, const Proposal *p, DateADT day, Fen left)
{
	Oid			types[2] = {TEXTOID, DATEOID};
	Datum		values[2] = {CStringGetTextDatum(p->from), DateADTGetDatum(day)};
	const FundPolicy *fund = NULL;

	fund_exec(area,
			  "SELECT p.policy_id FROM @schema@.policy p WHERE p.valid_from <= $1 "
			  "AND (p.valid_to IS NULL OR p.valid_to > $1) "
			  "AND NOT EXISTS (SELECT FROM @schema@.policy s WHERE s.supersedes = p.policy_id AND s.valid_from <= $1) "
			  "AND pg_catalog.jsonb_typeof(p.rules -> 'fund' -> 'transfer') = 'object' "
			  "ORDER BY p.valid_from DESC, p.publication DESC LIMIT 1",
			  1, &types[1], &values[1], NULL, 0);
	if (SPI_processed > 0)
		fund = fund_policy_load(area, fund_text(0, 1))->fund;
	if (fund == NULL)
		return;
	if (fund->transfer_has_max_share)
	{
		Fen			allocated;
		Fen			moved;

		fund_exec(area,
				  "SELECT coalesce(pg_catalog.sum(-e.amount_fen) FILTER (WHERE j.event LIKE 'receipt.%'), 0)::pg_catalog.int8, "
				  "coalesce(pg_catalog.sum(e.amount_fen) FILTER (WHERE j.event = 'transfer'), 0)::pg_catalog.int8 "
				  "FROM @schema@.entry e JOIN @schema@.journal j ON j.journal_id = e.journal_id "
				  "WHERE e.book = 'P' AND e.role = 'pool' AND e.pool = $1 "
				  "AND pg_catalog.date_part('year', j.effective_on) = pg_catalog.date_part('year', $2)",
				  2, types, values, NULL, 0);
		allocated = fund_int8(0, 1, NULL);
		moved = fund_int8(0, 2, NULL) + p->amount;
		if (moved > fen_mul_ratio(allocated, fund->transfer_max_share))
			limit_exceeded("max_share", fen_mul_ratio(allocated, fund->transfer_max_share), moved);
	}
	if (fund->transfer_keep_months > 0)
	{
		Fen			keep;

		fund_exec(area,
				  "SELECT (coalesce(pg_catalog.sum(s.hifp_pay), 0) * 100)::pg_catalog.int8 FROM @schema@.settlement s "
				  "WHERE s.pool = $1 AND s.setl_time < $2 AND s.setl_time >= $2 - '1 year'::pg_catalog.interval",
				  2, types, values, NULL, 0);
		keep = div_half_up((Wide) fund_int8(0, 1, NULL) * fund->transfer_keep_months, 12);
		if (left < keep)
			limit_exceeded("keep_months", fen_max(left + p->amount - keep, 0), p->amount);
	}
}

static void
approval_after(MoneyRow *row, const FundArea *area)
{
	DateADT		day = money_row_date(row, "approved_on");
	FundJournal journal = {0};
	Proposal	p;
	FundVar		vars[3];
	Fen			available;

	if (strcmp(money_row_text(row, "decision"), "approve") != 0)
		return;
	load_proposal(area, money_row_text(row, "transfer_id"), &p);
	journal.id = money_row_int8(row, "journal_id");
	journal.event = "transfer";
	journal.key = p.id;
	journal.fund = FUND_RESIDENT;
	journal.effective_on = day;
	fund_journal_open(area, &journal);

	/* pools ascending: the receiver first, if it comes first; its queue before its slots */
	if (strcmp(p.to, p.from) < 0)
	{
		fund_share_queue(area, p.to);
		(void) fund_lock_pool(area, p.to);
	}

	if (p.hold != NULL)
		hold_use(area, p.hold, "transfer", p.id, p.from, NULL);

	/* a transfer is rare and discretionary: it looks at the whole pool */
	available = fund_lock_pool(area, p.from);
	if (available < p.amount)
		fund_short(area, p.from, p.amount, available,
				   p.reverses == NULL ? gettext_noop("Propose no more than what is available.") :
				   gettext_noop("What was moved has been used: a reversal is possible only while the pool has it."));
	if (p.reverses == NULL)
		check_limits(area, &p, day, available - p.amount);
	if (!fund_take(area, p.from, p.amount))
		elog(ERROR, "pool %s changed under its lock", p.from);
	vars[0] = (FundVar) {"from", p.from, 0};
	vars[1] = (FundVar) {"to", p.to, 0};
	vars[2] = (FundVar) {"amount", NULL, p.amount};
	fund_post(area, &journal, "transfer", vars, 3);
	fund_journal_close(area, &journal);
	fund_give_and_serve(area, p.to, p.amount);
}

static const RecordTable transfer_approval_table = {
	RECORD_TABLE("transfer_approval", "transfer_id", "approved"),
	.before = approval_before,
	.after = approval_after,
};

PG_FUNCTION_INFO_V1(yibao_t_transfer_approval);
Datum
yibao_t_transfer_approval(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &transfer_approval_table);
}
