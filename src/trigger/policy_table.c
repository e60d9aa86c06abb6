/*
 * policy_table.c
 *	  Publishing a policy: what the document says goes into the columns, and
 *	  who pays each layer into policy_layer.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/jsonb.h"

#include "claim/claim.h"
#include "compat.h"
#include "errcodes.h"
#include "trigger/record.h"

static CompiledPolicy *
compile(const MoneyRow *row)
{
	bool		isnull;
	Datum		rules = money_row_datum(row, "rules", JSONBOID, &isnull);

	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_NULL),
				 errmsg("rules is empty"),
				 errhint("INSERT INTO policy (rules) VALUES (yibao.policy_parse('...')).")));
	return policy_compile(DatumGetJsonbP(rules), CurrentMemoryContext);
}

/* Every pool that the document names is a pool of this area. */
static void
check_pools(const FundArea *area, const CompiledPolicy *cp)
{
	Oid			types[1] = {TEXTOID};

	for (int i = 0; i < cp->core->npools; i++)
	{
		Datum		values[1] = {CStringGetTextDatum(cp->core->pools[i])};

		fund_exec(area, "SELECT 1 FROM @schema@.pool WHERE pool = $1 AND fund = 'resident' AND pool <> 'serious'",
				  1, types, values, NULL, 0);
		if (SPI_processed == 0)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("benefits: there is no pool \"%s\" that pays benefits", cp->core->pools[i]),
					 errhint("Pools of an area: outpatient, inpatient, unallocated.")));
	}
}

/* Two layers that pay into one column owe it together. */
static void
check_one_payer(const CompiledPolicy *cp, LayerCode one, LayerCode other, const char *column)
{
	const PolicyPayer *a = &cp->payer[one];
	const PolicyPayer *b = &cp->payer[other];

	if (cp->has_layer[one] && cp->has_layer[other] &&
		(a->kind != b->kind || a->pays != b->pays))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("layers: %s and %s are paid from different purses",
						layer_codes[one], layer_codes[other]),
				 errdetail("Both are %s, which is owed by one payer.", column),
				 errhint("Give both layers the same payer.")));
}

static void
check_payers(const CompiledPolicy *cp)
{
	check_one_payer(cp, LAYER_SERIOUS, LAYER_SECOND, "hifmi_pay");
	check_one_payer(cp, LAYER_ASSIST, LAYER_TILT, "maf_pay");
	for (int i = 0; i < LAYER_COUNT; i++)
		if (cp->has_layer[i] && cp->payer[i].kind == PAYER_OTHER_BOOK &&
			cp->payer[i].fund != NULL && strcmp(cp->payer[i].fund, FUND_ASSISTANCE) != 0)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("layers: there is no book \"%s\"", cp->payer[i].fund),
					 errhint("The other book of an area is \"assistance\".")));
}

/*
 * Hold the document against the area's bounds (policy_bound).  What mode refuse
 * finds raises YB111 there; what mode flag finds becomes an alert, once the
 * policy is published.
 */
static void
check_bounds(const FundArea *area, const MoneyRow *row, const char *policy_id)
{
	Oid			types[1] = {JSONBOID};
	bool		isnull;
	Datum		values[1] = {money_row_datum(row, "rules", JSONBOID, &isnull)};
	List	   *keys = NIL;
	ListCell   *lc;

	fund_exec(area,
			  "SELECT b.name || ' ' || f.bound || ' ' || coalesce(f.path, '') || ': ' || coalesce(f.value, '') "
			  "FROM @schema@.policy_bound b, LATERAL yibao.policy_bounds($1, coalesce(b.bounds, yibao.national_bounds()), b.facts, b.mode) f "
			  "WHERE NOT f.ok ORDER BY b.name, f.bound, f.path",
			  1, types, values, NULL, 0);
	if (policy_id == NULL)
		return;
	for (uint64 i = 0; i < SPI_processed; i++)
		keys = lappend(keys, psprintf("%s %s", policy_id, fund_need(i, 1)));
	foreach(lc, keys)
		fund_alert(area, "policy_bound", NULL, lfirst(lc), 0);
}

/* Filled publication: after the last of the same first day. */
static int32
next_publication(const FundArea *area, const CompiledPolicy *cp)
{
	Oid			types[2] = {TEXTOID, DATEOID};
	Datum		values[2] = {CStringGetTextDatum(cp->insutype), DateADTGetDatum(cp->valid_from)};
	bool		isnull;

	/* one publishes at a time */
	fund_exec(area, "SELECT 1 FROM @schema@.area FOR NO KEY UPDATE", 0, NULL, NULL, NULL, 0);
	fund_exec(area,
			  "SELECT coalesce(pg_catalog.max(publication), 0) + 1 FROM @schema@.policy WHERE insutype = $1 AND valid_from = $2",
			  2, types, values, NULL, 0);
	return DatumGetInt32(fund_datum(SPI_tuptable, 0, 1, INT4OID, &isnull));
}

static void
check_supersedes(const FundArea *area, const char *policy_id, const CompiledPolicy *cp)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(policy_id)};

	fund_exec(area, "SELECT insutype FROM @schema@.policy WHERE policy_id = $1",
			  1, types, values, NULL, 0);
	if (SPI_processed == 0 || strcmp(fund_need(0, 1), cp->insutype) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("supersedes names %s, which is no published policy of scheme %s", policy_id, cp->insutype),
				 errhint("supersedes is the policy_id of a row of table policy of the same scheme.")));
}

/* A policy without a policy_id is given one. */
static bool
repeated(MoneyRow *row, const FundArea *area, const char *booked)
{
	return money_row_text(row, "policy_id") != NULL && money_row_repeated(row, area, booked);
}

static void
before(MoneyRow *row, const FundArea *area)
{
	CompiledPolicy *cp;
	bool		isnull;
	bytea	   *digest = palloc(VARHDRSZ + POLICY_DIGEST_LEN);
	char	   *supersedes = money_row_text(row, "supersedes");
	int32		publication;

	cp = compile(row);
	check_pools(area, cp);
	check_payers(cp);
	check_bounds(area, row, NULL);
	if (supersedes != NULL)
		check_supersedes(area, supersedes, cp);
	publication = next_publication(area, cp);

	money_row_fill(row, "publication", INT4OID, Int32GetDatum(publication));
	money_row_fill_text(row, "insutype", cp->insutype);
	money_row_fill(row, "valid_from", DATEOID, DateADTGetDatum(cp->valid_from));
	if (cp->valid_to != DATEVAL_NOEND)
		money_row_fill(row, "valid_to", DATEOID, DateADTGetDatum(cp->valid_to));
	money_row_fill_text(row, "title", cp->title_zh);
	if (money_row_text(row, "policy_id") == NULL)
		money_row_fill_text(row, "policy_id",
							psprintf("%s-%s-%d", cp->insutype, fund_day(cp->valid_from), publication));
	SET_VARSIZE(digest, VARHDRSZ + POLICY_DIGEST_LEN);
	{
		uint8		bytes[POLICY_DIGEST_LEN];

		policy_digest(DatumGetJsonbP(money_row_datum(row, "rules", JSONBOID, &isnull)), bytes);
		memcpy(VARDATA(digest), bytes, POLICY_DIGEST_LEN);
	}
	money_row_fill(row, "rules_digest", BYTEAOID, PointerGetDatum(digest));
}

static void
add_layer(const FundArea *area, const char *policy_id, const FundPayer *payer)
{
	Oid			types[7] = {TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID};
	Datum		values[7];
	char		nulls[8] = "       ";
	const char *text[7] = {policy_id, payer->layer, payer->kind, payer->payer, payer->fund,
	payer->pays, payer->model};

	fund_texts(7, text, values, nulls);
	fund_exec(area,
			  "INSERT INTO @schema@.policy_layer (policy_id, layer, payer_kind, payer, fund, pays, model) "
			  "VALUES ($1, $2, $3, $4, $5, $6, $7)",
			  7, types, values, nulls, FUND_LEDGER);
}

static void
after(MoneyRow *row, const FundArea *area)
{
	const char *policy_id = money_row_text(row, "policy_id");
	CompiledPolicy *cp;
	FundPayer	payers[LAYER_COUNT];
	int			n;

	cp = compile(row);
	n = fund_payers(cp, payers);
	for (int i = 0; i < n; i++)
		add_layer(area, policy_id, &payers[i]);
	check_bounds(area, row, policy_id);
}

static const RecordTable policy_table = {
	RECORD_TABLE("policy", "policy_id", "published"),
	.repeated = repeated,
	.before = before,
	.after = after,
};

PG_FUNCTION_INFO_V1(yibao_t_policy);
Datum
yibao_t_policy(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &policy_table);
}

PG_FUNCTION_INFO_V1(yibao_t_policy_bound);
Datum
yibao_t_policy_bound(PG_FUNCTION_ARGS)
{
	TriggerData *td = (TriggerData *) fcinfo->context;
	HeapTuple	tuple;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(td->tg_event) || !TRIGGER_FIRED_FOR_ROW(td->tg_event) ||
		TRIGGER_FIRED_BY_DELETE(td->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this function is a BEFORE trigger of a pool area"),
				 errhint("yibao.attach_poolarea() puts an area's triggers in place.")));
	tuple = TRIGGER_FIRED_BY_UPDATE(td->tg_event) ? td->tg_newtuple : td->tg_trigtuple;
	fund_check_words("policy_bound", RelationGetDescr(td->tg_relation), tuple);
	return PointerGetDatum(tuple);
}
