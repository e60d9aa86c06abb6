/*
 * settlement_call.c
 *	  settle_once() and explain_settlement(): settlements by function call, with
 *	  the caller's own rights.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "claim/amount.h"
#include "compat.h"
#include "errcodes.h"
#include "trigger/settlement.h"

PG_FUNCTION_INFO_V1(yibao_settle_once);
PG_FUNCTION_INFO_V1(yibao_explain_settlement);
PG_FUNCTION_INFO_V1(yibao_settlement_ok);

/* ---- stored rows ------------------------------------------------------------------ */

Oid
settlement_area(const char *area)
{
	Oid			nsp = area == NULL ? InvalidOid : get_namespace_oid(area, true);

	if (!OidIsValid(nsp) || !OidIsValid(get_relname_relid("setl_key", nsp)) ||
		!OidIsValid(get_relname_relid("settlement", nsp)))
		ereport(ERROR,
				(errcode(ERRCODE_YB_NO_AREA),
				 area == NULL ? errmsg("area is null") :
				 errmsg("there is no pool area \"%s\"", area),
				 errhint("SELECT * FROM yibao.poolareas() lists them; yibao.create_poolarea() makes one.")));
	return nsp;
}

/* Read a settlement into cxt; false when there is none.  Within SPI. */
bool
settlement_read(Oid nsp, const char *setl_id, SettlementRow *row, MemoryContext cxt,
				HeapTuple *tuple)
{
	static const Oid types[] = {TEXTOID};
	Datum		values[] = {CStringGetTextDatum(setl_id)};
	MemoryContext old;

	owner_exec(nsp,
			   "SELECT * FROM @schema@.settlement WHERE setl_id OPERATOR(pg_catalog.=) $1",
			   1, types, values, NULL, 1);
	if (SPI_processed != 1)
		return false;
	old = MemoryContextSwitchTo(cxt);
	row->desc = CreateTupleDescCopy(SPI_tuptable->tupdesc);
	*tuple = heap_copytuple(SPI_tuptable->vals[0]);
	row->values = palloc_array(Datum, row->desc->natts);
	row->nulls = palloc_array(bool, row->desc->natts);
	heap_deform_tuple(*tuple, row->desc, row->values, row->nulls);
	row->rel = settlement_rel_by_desc(row->desc, cxt);
	MemoryContextSwitchTo(old);
	return true;
}

static bool
is_reversal(const SettlementRow *row)
{
	return !row->nulls[row->rel->other[SC_init_setl_id] - 1];
}

void
settlement_as_stored(const SettlementRow *row, const Policy *policy, Settlement *s)
{
	char	   *benefit = settlement_text(row, row->rel->other[SC_benefit]);
	char	   *pool = settlement_text(row, row->rel->other[SC_pool]);
	char	   *group = settlement_text(row, row->rel->other[SC_dedc_grp]);
	AttrNumber	due = row->rel->other[SC_hifmi_due];
	AttrNumber	prop = row->rel->other[SC_pool_prop_selfpay];

	memset(s, 0, sizeof(*s));
	s->due = due == 0 || row->nulls[due - 1] ? DUE_AT_ONCE :
		(int64) DatumGetInt32(row->values[due - 1]) * USEC_DAY;
	for (int i = 0; i < SA_COUNT; i++)
		s->amount[i] = settlement_fen(row, row->rel->amount[i]);
	/* of a settlement that was only recorded it may be unknown */
	if (prop != 0 && !row->nulls[prop - 1])
		s->pool_prop_selfpay =
			DatumGetInt64(DirectFunctionCall1(numeric_int8,
											  DirectFunctionCall2(numeric_mul, row->values[prop - 1],
																  NumericGetDatum(int64_to_numeric(RATIO_ONE)))));
	for (int i = 0; i < BEN_COUNT; i++)
	{
		if (strcmp(benefit_names[i], benefit) == 0)
			s->benefit = (Benefit) i;
	}
	for (int i = 0; i < policy->ngroups; i++)
	{
		if (group != NULL && strcmp(policy->groups[i], group) == 0)
			s->group = (int16) (i + 1);
	}
	for (int i = 0; i < policy->npools; i++)
	{
		if (strcmp(policy->pools[i], pool) == 0)
			s->pool = i;
	}
}

/* ---- settle_once ---------------------------------------------------------------------- */

/* INSERT of the keys given; every key must be a column. */
static char *
insert_of(Oid nsp, Jsonb *claim)
{
	Oid			relid = get_relname_relid("settlement", nsp);
	char	   *table = quote_qualified_identifier(get_namespace_name(nsp), "settlement");
	StringInfoData columns;
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	v;

	initStringInfo(&columns);
	it = JsonbIteratorInit(&claim->root);
	(void) JsonbIteratorNext(&it, &v, true);
	while ((token = JsonbIteratorNext(&it, &v, true)) == WJB_KEY)
	{
		char	   *key = pnstrdup(v.val.string.val, v.val.string.len);

		if (get_attnum(relid, key) <= 0)
			ereport(ERROR,
					(errcode(ERRCODE_YB_FIELD_MISSING),
					 errmsg("\"%s\" is no column of %s", key, table),
					 errdetail("A misspelt key would silently be a value that is not given."),
					 errhint("The columns are listed in doc/settlement.md.")));
		appendStringInfo(&columns, "%s%s", columns.len > 0 ? ", " : "",
						 quote_identifier(key));
		(void) JsonbIteratorNext(&it, &v, true);
	}
	if (columns.len == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_NOT_A_CLAIM),
				 errmsg("the claim is an empty object"),
				 errhint("Give setl_id, psn_no, insutype, setl_time, the amounts and what the policy reads.")));
	return psprintf("INSERT INTO %s (%s) SELECT %s FROM pg_catalog.jsonb_populate_record(NULL::%s, $1)",
					table, columns.data, columns.data, table);
}

Datum
yibao_settle_once(PG_FUNCTION_ARGS)
{
	Oid			nsp = settlement_area(PG_ARGISNULL(0) ? NULL :
									  text_to_cstring(PG_GETARG_TEXT_PP(0)));
	SettlementWriter *writer = settlement_writer_create(fcinfo);
	SettlementStatement st = {0};
	MemoryContext cxt = CurrentMemoryContext;
	Oid			types[] = {JSONBOID};
	Datum		values[1];
	Jsonb	   *claim;
	JsonbValue *key;
	SettlementRow row;
	HeapTuple	tuple;
	PolicyEntry *policy;
	Settlement	s;
	int64		cum[CUM_COUNT];
	char	   *setl_id;

	claim = PG_ARGISNULL(1) ? NULL : PG_GETARG_JSONB_P(1);
	if (claim == NULL || !JB_ROOT_IS_OBJECT(claim))
		ereport(ERROR,
				(errcode(ERRCODE_YB_NOT_A_CLAIM),
				 errmsg("the claim is not a jsonb object"),
				 errhint("Give an object with the names of the settlement table's input columns.")));
	key = getKeyJsonValueFromContainer(&claim->root, "setl_id", 7, NULL);
	if (key == NULL || (key->type != jbvString && key->type != jbvNumeric))
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_NULL),
				 errmsg("setl_id is missing"),
				 errhint("Give the key under which the claim may be repeated.")));
	setl_id = key->type == jbvString ?
		pnstrdup(key->val.string.val, key->val.string.len) :
		DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(key->val.numeric)));

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	values[0] = JsonbPGetDatum(claim);
	if (SPI_execute_with_args(insert_of(nsp, claim), 1, types, values, NULL, false, 0) < 0)
		elog(ERROR, "SPI_execute_with_args failed");
	if (!settlement_read(nsp, setl_id, &row, cxt, &tuple))
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("settlement \"%s\" is not visible", setl_id),
				 errhint("Row security or an old snapshot hides it; try in a new transaction.")));

	st.nsp = nsp;
	st.cxt = cxt;
	st.schema = get_namespace_name(nsp);
	policy = settlement_policy_by_id(&st, settlement_text(&row, row.rel->other[SC_policy_id]));
	if (is_reversal(&row))
	{
		SettlementRow original;
		HeapTuple	original_tuple;

		if (!settlement_read(nsp, settlement_text(&row, row.rel->other[SC_init_setl_id]),
							 &original, cxt, &original_tuple))
			elog(ERROR, "original of settlement \"%s\" vanished", setl_id);
		cum_from_array(original.values[original.rel->other[SC_opn_cum] - 1], cum);
	}
	else if (settlement_given_stored(&row, cum))
	{
		int64		opn[CUM_COUNT];

		cum_from_array(row.values[row.rel->other[SC_opn_cum] - 1], opn);
		for (int i = 0; i < CUM_COUNT; i++)
			cum[i] += cum_is_moving(CF_CUM_FIRST + i) ? 0 : opn[i];
	}
	else
	{
		Claim		again;

		claim_read_tuple(row.rel->reader, tuple, CLAIM_ALL_FIELDS, &again);
		claim_settle(policy->compiled, &again, row.rel->reader, &s, cum);
	}
	MemoryContextSwitchTo(cxt);
	settlement_as_stored(&row, policy->compiled->core, &s);
	SPI_finish();
	PG_RETURN_DATUM(settlement_write(writer, policy->compiled->core, &s, cum));
}

/* ---- explain_settlement ------------------------------------------------------------------ */

static void
check_same(const SettlementRow *row, const Settlement *s, const char *setl_id)
{
	for (int i = 0; i < SA_COUNT; i++)
	{
		Fen			stored = settlement_fen(row, row->rel->amount[i]);

		if (stored != s->amount[i])
			ereport(ERROR,
					(errcode(ERRCODE_DATA_CORRUPTED),
					 errmsg("settlement \"%s\" is not what its policy and opening accumulators give", setl_id),
					 errdetail("%s is stored as %s, computed as %s.", settlement_names[i],
							   DatumGetCString(DirectFunctionCall1(numeric_out, amount_to_numeric(stored))),
							   DatumGetCString(DirectFunctionCall1(numeric_out, amount_to_numeric(s->amount[i])))),
					 errhint("The row was changed behind the triggers; run yibao.verify().")));
	}
}

Datum
yibao_explain_settlement(PG_FUNCTION_ARGS)
{
	Oid			nsp = settlement_area(PG_ARGISNULL(0) ? NULL :
									  text_to_cstring(PG_GETARG_TEXT_PP(0)));
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext cxt = CurrentMemoryContext;
	SettlementStatement st = {0};
	SettlementRow row;
	HeapTuple	tuple;
	Claim		claim;
	Settlement	s;
	Trace	   *trace;
	PolicyEntry *policy = NULL;
	char	   *setl_id;
	bool		found;
	int64		add[CUM_COUNT];

	setl_id = PG_ARGISNULL(1) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1));
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	found = setl_id != NULL && settlement_read(nsp, setl_id, &row, cxt, &tuple);
	if (found && is_reversal(&row))
	{
		MemoryContextSwitchTo(cxt);
		setl_id = settlement_text(&row, row.rel->other[SC_init_setl_id]);
		ereport(NOTICE,
				(errmsg("this is the reversal of \"%s\", whose steps follow; every amount is turned round", setl_id)));
		found = settlement_read(nsp, setl_id, &row, cxt, &tuple);
	}
	if (found)
	{
		st.nsp = nsp;
		st.cxt = cxt;
		st.schema = get_namespace_name(nsp);
		policy = settlement_policy_by_id(&st, settlement_text(&row, row.rel->other[SC_policy_id]));
	}
	SPI_finish();
	if (!found)
	{
		rsinfo->isDone = ExprEndResult;
		PG_RETURN_NULL();
	}

	trace = palloc0_object(Trace);
	if (settlement_given_stored(&row, add))
		settlement_given_explain(&row, tuple, policy->compiled, trace);
	else
	{
		claim_read_tuple(row.rel->reader, tuple, CLAIM_ALL_FIELDS, &claim);
		claim_explain(policy->compiled, &claim, row.rel->reader, &s, trace);
		check_same(&row, &s, setl_id);
	}
	claim_explain_rows(fcinfo, policy->compiled, trace,
					   PG_ARGISNULL(2) ? "zh" : text_to_cstring(PG_GETARG_TEXT_PP(2)));
	return (Datum) 0;
}

/* ---- the CHECK of input amounts -------------------------------------------------------------- */

Datum
yibao_settlement_ok(PG_FUNCTION_ARGS)
{
	enum {REVERSAL, ORIGINAL, COST, FUND, PERSON, HOSPITAL, PARTS_END};
	Fen			parts[PARTS_END] = {0};
	bool		whole = true;

	if (!PG_ARGISNULL(REVERSAL) && PG_GETARG_BOOL(REVERSAL) == PG_ARGISNULL(ORIGINAL))
		PG_RETURN_BOOL(false);
	for (int i = COST; i < PG_NARGS(); i++)
	{
		Fen			fen;
		AmountFault fault;

		if (PG_ARGISNULL(i))
		{
			whole = whole && i >= PARTS_END;
			continue;
		}
		fault = amount_from_numeric(PG_GETARG_DATUM(i), &fen);
		if (fault == AMOUNT_NEGATIVE)
		{
			fault = amount_from_numeric(DirectFunctionCall1(numeric_uminus, PG_GETARG_DATUM(i)),
										&fen);
			fen = -fen;
		}
		if (fault != AMOUNT_OK)
			PG_RETURN_BOOL(false);
		if (i < PARTS_END)
			parts[i] = fen;
	}
	PG_RETURN_BOOL(!whole || parts[FUND] + parts[PERSON] + parts[HOSPITAL] == parts[COST]);
}
