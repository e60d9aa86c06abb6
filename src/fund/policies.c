/*
 * policies.c
 *	  The policy documents of an area: which one is in force, which one splits.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/jsonb.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/ledger.h"

char *
fund_day(DateADT day)
{
	int			y;
	int			m;
	int			d;

	if (DATE_NOT_FINITE(day))
		return pstrdup(DATE_IS_NOBEGIN(day) ? "-infinity" : "infinity");
	j2date(day + POSTGRES_EPOCH_JDATE, &y, &m, &d);
	return psprintf("%04d-%02d-%02d", y, m, d);
}

char *
fund_policy_in_force(const FundArea *area, const char *insutype, DateADT day)
{
	Oid			types[2] = {TEXTOID, DATEOID};
	Datum		values[2] = {CStringGetTextDatum(insutype), DateADTGetDatum(day)};

	fund_exec(area,
			  "SELECT p.policy_id FROM @schema@.policy p "
			  "WHERE p.insutype = $1 AND p.valid_from <= $2 AND (p.valid_to IS NULL OR p.valid_to > $2) "
			  "AND NOT EXISTS (SELECT FROM @schema@.policy s WHERE s.supersedes = p.policy_id AND s.valid_from <= $2) "
			  "ORDER BY p.valid_from DESC, p.publication DESC LIMIT 1",
			  2, types, values, NULL, 0);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_NO_POLICY),
				 errmsg("no policy for scheme %s is in force on %s", insutype,
						fund_day(day)),
				 errhint("INSERT INTO %s.policy (rules) publishes one.",
						 quote_identifier(area->schema))));
	return fund_need(0, 1);
}

static CompiledPolicy *
compile_row(uint64 row, int col)
{
	bool		isnull;
	Datum		rules = fund_datum(SPI_tuptable, row, col, JSONBOID, &isnull);

	if (isnull)
		(void) fund_need(row, col);
	return policy_compile(DatumGetJsonbP(rules), CurrentMemoryContext);
}

CompiledPolicy *
fund_policy_load(const FundArea *area, const char *policy_id)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(policy_id)};

	fund_exec(area, "SELECT rules FROM @schema@.policy WHERE policy_id = $1",
			  1, types, values, NULL, 0);
	if (SPI_processed == 0)
		elog(ERROR, "no policy %s", policy_id);
	return compile_row(0, 1);
}

CompiledPolicy *
fund_policy_for_year(const FundArea *area, const char *insutype,
					 int32 coverage_year, DateADT day, char **id)
{
	DateADT		year_end = date2j(coverage_year, 12, 31) - POSTGRES_EPOCH_JDATE;
	Oid			types[2] = {TEXTOID, DATEOID};
	Datum		values[2] = {CStringGetTextDatum(insutype), DateADTGetDatum(Max(day, year_end))};
	SPITupleTable *table;
	uint64		n;

	fund_exec(area,
			  "SELECT p.policy_id, p.rules FROM @schema@.policy p "
			  "WHERE p.insutype = $1 AND p.valid_from <= $2 "
			  "AND NOT EXISTS (SELECT FROM @schema@.policy s WHERE s.supersedes = p.policy_id AND s.valid_from <= $2) "
			  "ORDER BY p.valid_from DESC, p.publication DESC",
			  2, types, values, NULL, 0);
	table = SPI_tuptable;
	n = SPI_processed;
	for (uint64 i = 0; i < n; i++)
	{
		CompiledPolicy *cp;

		SPI_tuptable = table;
		cp = compile_row(i, 2);
		if (cp->fund != NULL && policy_split_for(cp, coverage_year) != NULL)
		{
			SPI_tuptable = table;
			*id = fund_need(i, 1);
			return cp;
		}
	}
	return NULL;
}

PG_FUNCTION_INFO_V1(yibao_policy_in_force);
Datum
yibao_policy_in_force(PG_FUNCTION_ARGS)
{
	char	   *schema = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char	   *insutype = text_to_cstring(PG_GETARG_TEXT_PP(1));
	DateADT		day = PG_GETARG_DATEADT(2);
	MemoryContext cxt = CurrentMemoryContext;
	MemoryContext spi;
	FundArea	area;
	char	   *id;
	text	   *result;

	fund_enter_named(&area, schema, "policy");
	id = fund_policy_in_force(&area, insutype, day);
	spi = MemoryContextSwitchTo(cxt);
	result = cstring_to_text(id);
	MemoryContextSwitchTo(spi);
	fund_leave(&area);
	PG_RETURN_TEXT_P(result);
}

int
fund_payers(const CompiledPolicy *policy, FundPayer payers[LAYER_COUNT])
{
	static const char *const names[LAYER_COUNT] = {"basic", "serious", "serious_second", "assistance", "tilt", "supplement"};
	static const char *const kinds[] = {"own_fund", "other_book", "external"};
	static const char *const pays[] = {"own", "hospital_direct", "centre_advances", "unknown"};
	static const char *const models[] = {NULL, "remit_up", "insurer", "self_run"};
	int			n = 0;

	for (int i = 0; i < LAYER_COUNT; i++)
	{
		const PolicyPayer *payer = &policy->payer[i];
		bool		second = i == LAYER_TILT || i == LAYER_SECOND;

		if (!policy->has_layer[i] || (second && policy->has_layer[i - 1]))
			continue;
		payers[n].layer = names[second ? i - 1 : i];
		payers[n].kind = kinds[payer->kind];
		payers[n].payer = payer->name;
		payers[n].fund = payer->kind == PAYER_OTHER_BOOK ? FUND_ASSISTANCE : FUND_RESIDENT;
		/* the other book is kept here: its layer is paid from its own account */
		payers[n].pays = payer->kind == PAYER_EXTERNAL ? pays[payer->pays] : "own";
		payers[n].model = models[payer->model];
		n++;
	}
	return n;
}
