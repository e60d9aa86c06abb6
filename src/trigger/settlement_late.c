/*
 * settlement_late.c
 *	  What a row does to those after it: a reversal whose policy says "replay", a
 *	  manual claim that its policy puts where its days are; and claims of a year
 *	  in which a policy lets accumulators begin anew.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "claim/convert.h"
#include "compat.h"
#include "core/history.h"
#include "core/year.h"
#include "errcodes.h"
#include "fund/fund.h"
#include "trigger/settlement_replay.h"

/* ---- a claim that does not simply come last -------------------------------------------- */

/*
 * Do the accumulators of the rows of the person-year not follow one from the
 * other?  Then what a visit counts in its month or disease is found by walking
 * through them.
 */
static bool
order_disturbed(SettlementStatement *st, const Claim *claim, const PolicyEntry *policy)
{
	static const Oid types[] = {TEXTOID, INT4OID};
	Datum		values[2];

	if (policy->compiled->reversal == REVERSAL_ALONE || policy->compiled->reversal == REVERSAL_REPLAY ||
		policy->compiled->late_manual == LATE_MANUAL_SERVICE_DATE)
		return true;
	values[0] = PointerGetDatum(cstring_to_text_with_len((const char *) (intptr_t) claim->v[CF_psn_no],
														 claim->len[CF_psn_no]));
	values[1] = Int32GetDatum((int32) claim->v[CF_year]);
	owner_exec(st->nsp,
			   "SELECT 1 FROM @schema@.settlement s WHERE s.psn_no OPERATOR(pg_catalog.=) $1"
			   " AND s.year OPERATOR(pg_catalog.=) $2 AND s.corr_setl_id IS NOT NULL LIMIT 1",
			   2, types, values, NULL, 1);
	return SPI_processed > 0;
}

bool
settlement_goes_by_walk(SettlementStatement *st, const Claim *claim, PolicyEntry *policy)
{
	const Policy *core = policy->compiled->core;

	if (policy->compiled->late_manual == LATE_MANUAL_SERVICE_DATE &&
		claim->state[CF_setl_type] == FS_GIVEN && claim->v[CF_setl_type] == code_pack("1", 1))
		return true;
	if ((policy_reads_history(core) || policy_reads(core, CF_cum_lv_cnt) ||
		 policy_reads(core, CF_cum_hosp_cnt) || policy_reads(core, CF_cum_area_cnt)) &&
		order_disturbed(st, claim, policy))
		return true;
	return settlement_restarts(st, claim, policy);
}

/*
 * Settle the claim in its place of the person-year, which is locked; the key is
 * ours.  Those after it keep what they were settled to, until the follow-up.
 */
void
settlement_by_walk(SettlementStatement *st, YearStep *step, PolicyEntry *policy,
				   Datum psn_no, Datum insutype)
{
	static const Oid types[] = {TEXTOID, TEXTOID, INT4OID};
	Claim	   *claim = step->claim;
	ReplayOptions options = {0};
	ReplayPlan	plan;
	ReplayClaim *fresh;
	Datum		values[3] = {psn_no, insutype, Int32GetDatum((int32) claim->v[CF_year])};

	owner_exec(st->nsp,
			   "INSERT INTO @schema@.person_year (psn_no, insutype, year, setl_cnt, cum, last_setl_id)"
			   " VALUES ($1, $2, $3, 0, '{}', NULL) ON CONFLICT (psn_no, insutype, year) DO NOTHING",
			   3, types, values, NULL, 0);
	if (!replay_load(&plan, st, psn_no, insutype, (int32) claim->v[CF_year], true))
		elog(ERROR, "person-year vanished");
	settlement_link_transfer(step);

	options.by_service = policy->compiled->late_manual == LATE_MANUAL_SERVICE_DATE;
	fresh = &plan.claims[plan.n++];
	fresh->fresh = true;
	fresh->setl_id = pnstrdup((const char *) (intptr_t) claim->v[CF_setl_id], claim->len[CF_setl_id]);
	fresh->claim = *claim;
	fresh->service = replay_service_time(claim);
	fresh->ord = plan.setl_cnt + 1;
	fresh->policy = policy;
	fresh->given = step->given;
	replay_walk(&plan, &options);

	for (int i = 0; i < plan.n; i++)
	{
		const ReplayClaim *c = &plan.claims[i];

		if (!c->fresh)
			continue;
		*claim = c->claim;
		step->result = c->now;
		memcpy(step->opn, c->opn, sizeof(step->opn));
		step->prev_setl_id = c->prev_id;
		if (options.by_service && i < plan.n - 1)
			st->follow_up = true;
	}
	step->number = ++plan.setl_cnt;
	replay_write_year(&plan);
}

/* ---- after the rows are there ------------------------------------------------------------- */

/* One person-year that rows of a journal have changed. */
typedef struct FollowUp
{
	Datum		psn_no;
	Datum		insutype;
	int32		year;
	char	   *policy_id;
	int32		ord;
	int64		service;
	bool		reversal;
	bool		manual;
	int64		at;
} FollowUp;

void
replay_follow_up(Relation rel, int64 journal_id)
{
	static const Oid types[] = {INT8OID};
	Datum		values[1] = {Int64GetDatum(journal_id)};
	MemoryContext cxt = CurrentMemoryContext;
	SettlementStatement st = {0};
	FollowUp   *list;
	int			n;
	OwnerWork	work;

	if (replay_in_progress != NULL)
		return;
	st.nsp = RelationGetNamespace(rel);
	st.cxt = cxt;
	owner_enter(&work, rel->rd_rel->relowner);
	st.schema = MemoryContextStrdup(cxt, settlement_schema(st.nsp));
	owner_exec_many(st.nsp,
					"SELECT s.psn_no, s.insutype, s.year, s.policy_id,"
					" pg_catalog.min(coalesce(o.psn_ord_no, s.psn_ord_no)),"
					" pg_catalog.min(coalesce(s.endtime, s.begntime, s.fee_ocur_time, o.setl_time, s.setl_time)),"
					" pg_catalog.bool_or(s.refd_setl_flag), pg_catalog.bool_or(NOT s.refd_setl_flag),"
					" pg_catalog.max(s.setl_time)"
					" FROM @schema@.settlement s LEFT JOIN @schema@.settlement o"
					" ON o.setl_id OPERATOR(pg_catalog.=) s.init_setl_id"
					" WHERE s.journal_id OPERATOR(pg_catalog.=) $1"
					" AND (s.refd_setl_flag OR s.setl_type OPERATOR(pg_catalog.=) '1')"
					" GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
					1, types, values, NULL);
	n = (int) SPI_processed;
	MemoryContextSwitchTo(cxt);
	list = palloc_array(FollowUp, Max(n, 1));
	for (int i = 0; i < n; i++)
	{
		FollowUp   *f = &list[i];

		f->psn_no = PointerGetDatum(PG_DETOAST_DATUM_COPY(fund_value(SPI_tuptable, i, 1, TEXTOID)));
		f->insutype = PointerGetDatum(PG_DETOAST_DATUM_COPY(fund_value(SPI_tuptable, i, 2, TEXTOID)));
		f->year = DatumGetInt32(fund_value(SPI_tuptable, i, 3, INT4OID));
		f->policy_id = fund_text(i, 4);
		f->ord = DatumGetInt32(fund_value(SPI_tuptable, i, 5, INT4OID));
		f->service = DatumGetInt64(fund_value(SPI_tuptable, i, 6, TIMESTAMPOID));
		f->reversal = DatumGetBool(fund_value(SPI_tuptable, i, 7, BOOLOID));
		f->manual = DatumGetBool(fund_value(SPI_tuptable, i, 8, BOOLOID));
		f->at = DatumGetInt64(fund_value(SPI_tuptable, i, 9, TIMESTAMPOID));
	}
	for (int i = 0; i < n; i++)
	{
		const FollowUp *f = &list[i];
		CompiledPolicy *cp = settlement_policy_by_id(&st, f->policy_id)->compiled;
		ReplayClaim after = {.setl_id = "",.ord = f->ord,.service = f->service};
		ReplayOptions options = {.after = &after};
		ReplayPlan	plan;

		options.by_service = cp->late_manual == LATE_MANUAL_SERVICE_DATE;
		if (!((f->reversal && cp->reversal == REVERSAL_REPLAY) ||
			  (f->manual && options.by_service)))
			continue;
		MemoryContextSwitchTo(cxt);
		if (!replay_load(&plan, &st, f->psn_no, f->insutype, f->year, true))
			continue;
		replay_walk(&plan, &options);
		if (plan.nchanged == 0)
			continue;
		plan.at = f->at;
		replay_post(&plan);
	}
	owner_leave(&work);
}
