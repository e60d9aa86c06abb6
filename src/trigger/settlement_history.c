/*
 * settlement_history.c
 *	  The accumulators of a claim's own day, month, quarter, disease and life, out
 *	  of the person's settlements, where the policy has caps that read them.
 *
 * Called under the lock of the person-year.  A settlement's eligible cost is
 * what the accumulators of the next row of its person-year have more than its
 * own; the last one's is in the accumulators that the claim begins with.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "claim/amount.h"
#include "core/history.h"
#include "fund/fund.h"
#include "trigger/settlement.h"

/* The eligible cost accumulated in a benefit. */
static int64
eligible(const int64 *cum, Benefit benefit)
{
	static const int of[BEN_COUNT] = {
		CUM(ipt_elig), CUM(otp_elig), CUM(opsp_elig), CUM(oth_elig)
	};

	return cum[of[benefit]];
}

static Benefit
benefit_of(const char *name)
{
	int			b = 0;

	while (b < BEN_COUNT - 1 && strcmp(benefit_names[b], name) != 0)
		b++;
	return (Benefit) b;
}

static void
read_visit(int row, const int64 *now, Visit *visit)
{
	int64		before[CUM_COUNT];
	int64		after[CUM_COUNT];
	char	   *benefit = fund_text(row, 2);
	Fen			hifp;
	bool		isnull;
	HeapTuple	tuple = SPI_tuptable->vals[row];
	TupleDesc	desc = SPI_tuptable->tupdesc;
	Datum		next = SPI_getbinval(tuple, desc, 6, &isnull);

	memset(visit, 0, sizeof(Visit));
	visit->at = DatumGetTimestamp(fund_value(SPI_tuptable, row, 1, TIMESTAMPOID));
	visit->benefit = benefit_of(benefit);
	visit->dise = fund_text(row, 3);
	visit->dise_len = visit->dise == NULL ? 0 : strlen(visit->dise);
	if (amount_from_numeric(fund_value(SPI_tuptable, row, 4, NUMERICOID), &hifp) != AMOUNT_OK)
		elog(ERROR, "hifp_pay of a stored settlement is no amount");
	visit->hifp = hifp;
	visit->same_year = DatumGetBool(fund_value(SPI_tuptable, row, 7, BOOLOID));

	/* of another year no cap counts the eligible cost */
	if (!visit->same_year)
		return;
	cum_from_array(fund_value(SPI_tuptable, row, 5, INT8ARRAYOID), before);
	if (!isnull)
		cum_from_array(next, after);
	visit->elig = eligible(isnull ? now : after, visit->benefit) -
		eligible(before, visit->benefit);
}

/* Within SPI; false with step->err filled. */
bool
settlement_history(YearStep *step)
{
	static const Oid types[] = {TEXTOID, INT4OID, TEXTOID, BOOLOID, INT4OID};
	Policy	   *policy = step->policy->core;
	Claim	   *claim = step->claim;
	Datum		values[5];
	Visit	   *visits;
	Benefit		benefit;
	bool		ok;
	int			n;

	values[0] = PointerGetDatum(cstring_to_text_with_len((const char *) (intptr_t) claim->v[CF_psn_no],
														 claim->len[CF_psn_no]));
	values[1] = Int32GetDatum((int32) claim->v[CF_year]);
	values[2] = CStringGetTextDatum(step->policy->insutype);
	values[3] = BoolGetDatum(policy_reads(policy, CF_cum_life_hifp));
	values[4] = Int32GetDatum(policy->version_date == CF_begntime ? 1 :
							  policy->version_date == CF_endtime ? 2 :
							  policy->version_date == CF_fee_ocur_time ? 3 : 4);
	owner_exec(step->nsp,
			   "SELECT s.at, s.benefit, s.dise_codg, s.hifp_pay, s.opn_cum, s.next_cum,"
			   " s.year OPERATOR(pg_catalog.=) $2 FROM (SELECT"
			   " coalesce((ARRAY[begntime, endtime, fee_ocur_time])[$5], setl_time) AS at,"
			   " setl_id, benefit, dise_codg, hifp_pay, opn_cum, year, refd_setl_flag,"
			   " pg_catalog.lead(opn_cum) OVER (PARTITION BY year ORDER BY psn_setl_no) AS next_cum"
			   " FROM @schema@.settlement WHERE psn_no OPERATOR(pg_catalog.=) $1"
			   " AND insutype OPERATOR(pg_catalog.=) $3"
			   " AND (year OPERATOR(pg_catalog.=) $2 OR $4)) s"
			   " WHERE NOT s.refd_setl_flag AND NOT EXISTS (SELECT FROM @schema@.settlement r"
			   " WHERE r.init_setl_id OPERATOR(pg_catalog.=) s.setl_id)",
			   5, types, values, NULL, 0);
	n = (int) SPI_processed;
	visits = palloc_array(Visit, n + 1);
	for (int i = 0; i < n; i++)
		read_visit(i, step->opn, &visits[i]);
	ok = history_fill(policy, claim, visits, n, &benefit, &step->err);
	for (int i = 0; ok && i < CUM_COUNT; i++)
	{
		if (cum_is_window(CF_CUM_FIRST + i))
			step->opn[i] = claim->v[CF_CUM_FIRST + i];
	}
	return ok;
}
