/*
 * simulate.c
 *	  simulate(): the settlements of a pool area priced by two policies.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "errcodes.h"
#include "trigger/settlement.h"

PG_FUNCTION_INFO_V1(yibao_simulate);

/*
 * What each claim comes to by one side: a policy, replayed over the person-year,
 * or what was settled.
 */
static void
append_side(StringInfo sql, const char *side, bool policy)
{
	static const char *const amounts[] = {
		"hifp_pay", "hifmi_pay", "maf_pay", "oth_pay", "psn_part_amt"
	};

	for (size_t i = 0; i < lengthof(amounts); i++)
	{
		if (policy)
			appendStringInfo(sql, ", (%s).%s", side, amounts[i]);
		else
			appendStringInfo(sql, ", s.%s", amounts[i]);
		appendStringInfo(sql, " AS %s_%s", side, amounts[i]);
	}
}

/* The claims that stand: no reversals, nothing that was reversed. */
static char *
simulate_query(const char *schema, bool a_is_policy)
{
	StringInfoData sql;
	const char *s = quote_identifier(schema);

	initStringInfo(&sql);
	appendStringInfoString(&sql, "WITH priced AS MATERIALIZED (SELECT s.*");
	if (a_is_policy)
		appendStringInfoString(&sql, ", yibao.replay($1, s) OVER w AS a");
	appendStringInfo(&sql, ", yibao.replay($2, s) OVER w AS b FROM %s.settlement s"
					 " WHERE NOT s.refd_setl_flag AND ($3 IS NULL OR s.year = $3)"
					 " AND NOT EXISTS (SELECT FROM %s.settlement z WHERE z.init_setl_id = s.setl_id)"
					 " WINDOW w AS (PARTITION BY s.psn_no, s.year ORDER BY s.setl_time, s.setl_id COLLATE \"C\")),"
					 " claim AS (SELECT s.psn_no, s.pool, s.hosp_lv, s.psn_idet_type, s.clr_ym", s, s);
	append_side(&sql, "a", a_is_policy);
	append_side(&sql, "b", true);
	appendStringInfo(&sql, " FROM priced s), person AS ("
					 "SELECT d.by, d.value, psn_no, count(*) AS n,"
					 " sum(a_hifp_pay) AS a1, sum(b_hifp_pay) AS b1, sum(a_hifmi_pay) AS a2, sum(b_hifmi_pay) AS b2,"
					 " sum(a_maf_pay) AS a3, sum(b_maf_pay) AS b3, sum(a_oth_pay) AS a4, sum(b_oth_pay) AS b4,"
					 " sum(a_psn_part_amt) AS a5, sum(b_psn_part_amt) AS b5"
					 " FROM claim, LATERAL (VALUES (1, 'total', NULL), (2, 'pool', pool), (3, 'level', hosp_lv),"
					 " (4, 'category', psn_idet_type)) AS d(no, by, value) GROUP BY d.by, d.value, psn_no),"
					 " grouped AS (SELECT by, value, sum(n)::bigint AS settlements, count(*) AS persons,"
					 " sum(a1) AS a1, sum(b1) AS b1, sum(a2) AS a2, sum(b2) AS b2, sum(a3) AS a3, sum(b3) AS b3,"
					 " sum(a4) AS a4, sum(b4) AS b4, sum(a5) AS a5, sum(b5) AS b5,"
					 " count(*) FILTER (WHERE b5 < a5) AS winners, count(*) FILTER (WHERE b5 > a5) AS losers"
					 " FROM person GROUP BY by, value),"
					 " month AS (SELECT count(DISTINCT clr_ym) AS n FROM claim)"
					 " SELECT g.by, g.value, g.settlements, g.persons, a1, b1, a2, b2, a3, b3, a4, b4, a5, b5, winners, losers,"
					 " round(p.balance * month.n / nullif(a1, 0), 1), round(p.balance * month.n / nullif(b1, 0), 1)"
					 " FROM grouped g CROSS JOIN month"
					 " LEFT JOIN %s.pool_status p ON g.by = 'pool' AND p.pool = g.value"
					 " ORDER BY array_position(ARRAY['total', 'pool', 'level', 'category'], g.by), g.value COLLATE \"C\"", s);
	return sql.data;
}

Datum
yibao_simulate(PG_FUNCTION_ARGS)
{
	static Oid types[] = {JSONBOID, JSONBOID, INT4OID};
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Datum		values[3];
	char		nulls[3];
	Oid			nsp;

	yibao_check_version();
	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_YB_NO_POLICY),
				 errmsg("policy b is NULL"),
				 errhint("Give the policy to try; a NULL policy a stands for what was settled.")));
	nsp = settlement_area(PG_ARGISNULL(2) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(2)));
	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < 3; i++)
	{
		int			arg = i == 2 ? 3 : i;

		values[i] = PG_ARGISNULL(arg) ? (Datum) 0 : PG_GETARG_DATUM(arg);
		nulls[i] = PG_ARGISNULL(arg) ? 'n' : ' ';
	}
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (SPI_execute_with_args(simulate_query(get_namespace_name(nsp), !PG_ARGISNULL(0)), 3,
							  types, values, nulls, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not simulate");
	for (uint64 r = 0; r < SPI_processed; r++)
	{
		Datum		row[18];
		bool		row_nulls[18];

		heap_deform_tuple(SPI_tuptable->vals[r], SPI_tuptable->tupdesc, row, row_nulls);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, row, row_nulls);
	}
	SPI_finish();
	return (Datum) 0;
}
