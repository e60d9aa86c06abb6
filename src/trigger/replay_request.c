/*
 * replay_request.c
 *	  A person-year settled again on request, after a policy or a category was
 *	  changed for days that are settled: one login proposes, another approves.
 *	  The approval posts the differences that were worked out, or none.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"

#include "claim/amount.h"
#include "compat.h"
#include "errcodes.h"
#include "fund/approval.h"
#include "trigger/record.h"
#include "trigger/settlement_replay.h"

/* What is asked for. */
typedef struct Request
{
	Datum		psn_no;
	Datum		insutype;
	int32		year;
	bool		in_force;
	Jsonb	   *changes;
	int64		changes_from;
} Request;

/* ---- what may be changed ------------------------------------------------------------- */

static void
check_changes(const Jsonb *changes)
{
	static const ClaimField fixed[] = {
		CF_setl_id, CF_psn_no, CF_insutype, CF_year, CF_setl_time, CF_setl_type, CF_fixmedins_code
	};
	JsonbIterator *it;
	JsonbValue	v;

	if (!JB_ROOT_IS_OBJECT(changes) || JB_ROOT_COUNT(changes) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("changes is no object with a column in it"),
				 errhint("Write {\"psn_idet_type\": \"2303\"}.")));
	it = JsonbIteratorInit(unconstify(JsonbContainer *, &changes->root));
	(void) JsonbIteratorNext(&it, &v, true);
	while (JsonbIteratorNext(&it, &v, true) == WJB_KEY)
	{
		int			field = claim_field_by_name(v.val.string.val, v.val.string.len);
		bool		may = field >= 0 && field < CF_CUM_FIRST && claim_fields[field].kind != FK_AMOUNT;

		for (size_t i = 0; i < lengthof(fixed); i++)
			may = may && field != (int) fixed[i];
		if (!may)
			ereport(ERROR,
					(errcode(ERRCODE_YB_DOES_NOT_FIT),
					 errmsg("\"%.*s\" cannot be changed by a replay", v.val.string.len, v.val.string.val),
					 errdetail("What describes the person or the visit can be; keys, amounts, provider and time of settlement cannot."),
					 errhint("Reverse the settlement and settle it again.")));
		(void) JsonbIteratorNext(&it, &v, true);
	}
}

/* ---- the plan ---------------------------------------------------------------------------- */

/* False: there is no such person-year.  Within SPI. */
static bool
make_plan(SettlementStatement *st, const Request *r, bool lock, ReplayPlan *plan)
{
	ReplayOptions options = {.everything = true,.in_force = r->in_force,.changes = r->changes,
	.changes_from = r->changes_from};

	if (r->changes != NULL)
		check_changes(r->changes);
	if (!replay_load(plan, st, r->psn_no, r->insutype, r->year, lock) || plan->n == 0)
		return false;
	options.by_service = plan->claims[plan->n - 1].policy->compiled->late_manual == LATE_MANUAL_SERVICE_DATE;
	replay_walk(plan, &options);
	return true;
}

static Fen
was(const ReplayClaim *c, SettlementAmount amount)
{
	return settlement_fen(&c->row, c->row.rel->amount[amount]);
}

/* What changes, as a digest; *before and *after: what the funds pay for it. */
static Datum
digest(const ReplayPlan *plan, Fen *before, Fen *after)
{
	StringInfoData s;

	*before = *after = 0;
	initStringInfo(&s);
	for (int i = 0; i < plan->n; i++)
	{
		const ReplayClaim *c = &plan->claims[i];

		if (!c->changed)
			continue;
		appendStringInfo(&s, "%s %s", c->setl_id, c->policy->policy_id);
		for (int k = 0; k < SA_COUNT; k++)
			appendStringInfo(&s, " " INT64_FORMAT, c->now.amount[k]);
		appendStringInfoChar(&s, '\n');
		*before += was(c, SA_fund_pay_sumamt);
		*after += c->now.amount[SA_fund_pay_sumamt];
	}
	return DirectFunctionCall1(sha256_bytea, PointerGetDatum(cstring_to_text_with_len(s.data, s.len)));
}

static void
statement_of(SettlementStatement *st, Oid nsp)
{
	memset(st, 0, sizeof(*st));
	st->nsp = nsp;
	st->cxt = CurrentMemoryContext;
	st->schema = settlement_schema(nsp);
}

/* ---- the proposal ------------------------------------------------------------------------- */

static void
propose(MoneyRow *row, const FundArea *area)
{
	SettlementStatement st;
	Request		r;
	ReplayPlan	plan;
	bool		isnull;
	Datum		value;
	Datum		hash;
	Fen			before;
	Fen			after;

	r.psn_no = CStringGetTextDatum(money_row_need(row, "psn_no"));
	r.insutype = CStringGetTextDatum(money_row_need(row, "insutype"));
	r.year = money_row_int(row, "year", &isnull);
	if (isnull)
		(void) money_row_need(row, "psn_no");
	r.in_force = strcmp(money_row_need(row, "policy"), "in_force") == 0;
	value = money_row_datum(row, "changes", JSONBOID, &isnull);
	r.changes = isnull ? NULL : DatumGetJsonbP(value);
	value = money_row_datum(row, "changes_from", TIMESTAMPOID, &isnull);
	r.changes_from = isnull ? 0 : DatumGetTimestamp(value);
	statement_of(&st, RelationGetNamespace(row->td->tg_relation));
	if (!make_plan(&st, &r, false, &plan))
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("person %s has no settlement in benefit year %d", TextDatumGetCString(r.psn_no), r.year),
				 errhint("Give psn_no, insutype and year as table settlement has them.")));
	if (plan.nchanged == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("no settlement of person %s in benefit year %d comes to another amount",
						TextDatumGetCString(r.psn_no), r.year),
				 errhint("yibao.replay_preview() shows what each comes to.")));
	hash = digest(&plan, &before, &after);
	money_row_fill(row, "items", INT4OID, Int32GetDatum(plan.nchanged));
	money_row_fill_fen(row, "fund_before", before);
	money_row_fill_fen(row, "fund_after", after);
	money_row_fill(row, "items_hash", BYTEAOID, hash);
}

static const RecordTable replay_table = {
	RECORD_TABLE("replay", "replay_id", "proposed"),
	.before = propose,
};

PG_FUNCTION_INFO_V1(yibao_t_replay);
Datum
yibao_t_replay(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &replay_table);
}

/* ---- the approval ------------------------------------------------------------------------- */

/* The row of the proposal stays in SPI's memory. */
static char *
load_request(const FundArea *area, const char *id, Request *r, Datum *hash)
{
	bool		isnull;
	Datum		value;

	approval_find(area, gettext_noop("replay"), "replay", id,
				  "SELECT psn_no, insutype, year, policy, changes, changes_from, items_hash, proposed_by"
				  " FROM @schema@.replay WHERE replay_id = $1");
	r->psn_no = fund_value(SPI_tuptable, 0, 1, TEXTOID);
	r->insutype = fund_value(SPI_tuptable, 0, 2, TEXTOID);
	r->year = DatumGetInt32(fund_value(SPI_tuptable, 0, 3, INT4OID));
	r->in_force = strcmp(fund_need(0, 4), "in_force") == 0;
	value = fund_datum(SPI_tuptable, 0, 5, JSONBOID, &isnull);
	r->changes = isnull ? NULL : DatumGetJsonbP(value);
	value = fund_datum(SPI_tuptable, 0, 6, TIMESTAMPOID, &isnull);
	r->changes_from = isnull ? 0 : DatumGetTimestamp(value);
	*hash = fund_value(SPI_tuptable, 0, 7, BYTEAOID);
	return fund_need(0, 8);
}

static void
approval_before(MoneyRow *row, const FundArea *area)
{
	Request		r;
	Datum		hash;
	char	   *id = money_row_need(row, "replay_id");
	char	   *by;
	bool		isnull;

	(void) money_row_need(row, "decision");
	(void) money_row_datum(row, "setl_time", TIMESTAMPOID, &isnull);
	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_NULL),
				 errmsg("%s is empty", "setl_time"),
				 errhint("Give the local time of the correction; its month is the accounting period.")));
	by = load_request(area, id, &r, &hash);
	approval_by_another(area, gettext_noop("replay"), id, by);
}

static void
approval_after(MoneyRow *row, const FundArea *area)
{
	SettlementStatement st;
	Request		r;
	ReplayPlan	plan;
	Datum		hash;
	bool		isnull;
	Fen			before;
	Fen			after;
	char	   *id = money_row_text(row, "replay_id");

	if (strcmp(money_row_text(row, "decision"), "approve") != 0)
		return;
	(void) load_request(area, id, &r, &hash);
	statement_of(&st, RelationGetNamespace(row->td->tg_relation));
	if (!make_plan(&st, &r, true, &plan) ||
		!DatumGetBool(DirectFunctionCall2(byteaeq, hash, digest(&plan, &before, &after))))
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("the differences have changed since replay %s was drawn up", id),
				 errdetail("A settlement was added or reversed, or a policy was published in between."),
				 errhint("Reject it and draw it up again.")));
	plan.at = DatumGetTimestamp(money_row_datum(row, "setl_time", TIMESTAMPOID, &isnull));
	replay_post(&plan);
}

static const RecordTable replay_approval_table = {
	RECORD_TABLE("replay_approval", "replay_id", "approved"),
	.before = approval_before,
	.after = approval_after,
};

PG_FUNCTION_INFO_V1(yibao_t_replay_approval);
Datum
yibao_t_replay_approval(PG_FUNCTION_ARGS)
{
	return record_trigger(fcinfo, &replay_approval_table);
}

/* ---- the preview --------------------------------------------------------------------------- */

PG_FUNCTION_INFO_V1(yibao_replay_preview);
Datum
yibao_replay_preview(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Oid			nsp = settlement_area(PG_ARGISNULL(0) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(0)));
	MemoryContext cxt = CurrentMemoryContext;
	SettlementStatement st;
	Request		r;
	ReplayPlan	plan;
	char	   *policy;

	yibao_check_version();
	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3) || PG_ARGISNULL(4))
		return (Datum) 0;
	policy = text_to_cstring(PG_GETARG_TEXT_PP(4));
	if (strcmp(policy, "as_settled") != 0 && strcmp(policy, "in_force") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("policy is \"%s\"", policy),
				 errhint("It is as_settled or in_force.")));
	r.psn_no = PG_GETARG_DATUM(1);
	r.insutype = PG_GETARG_DATUM(2);
	r.year = PG_GETARG_INT32(3);
	r.in_force = strcmp(policy, "in_force") == 0;
	r.changes = PG_ARGISNULL(5) ? NULL : PG_GETARG_JSONB_P(5);
	r.changes_from = PG_ARGISNULL(6) ? PG_INT64_MIN : PG_GETARG_TIMESTAMP(6);
	statement_of(&st, nsp);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	MemoryContextSwitchTo(cxt);
	if (make_plan(&st, &r, false, &plan))
	{
		for (int i = 0; i < plan.n; i++)
		{
			const ReplayClaim *c = &plan.claims[i];
			Datum		values[10];
			bool		nulls[10] = {false};

			values[0] = CStringGetTextDatum(c->setl_id);
			values[1] = TimestampGetDatum(c->claim.v[CF_setl_time]);
			values[2] = c->policy->policy_id_datum;
			values[3] = amount_to_numeric(was(c, SA_fund_pay_sumamt));
			values[4] = amount_to_numeric(c->now.amount[SA_fund_pay_sumamt]);
			values[5] = amount_to_numeric(was(c, SA_hifp_pay));
			values[6] = amount_to_numeric(c->now.amount[SA_hifp_pay]);
			values[7] = amount_to_numeric(was(c, SA_psn_part_amt));
			values[8] = amount_to_numeric(c->now.amount[SA_psn_part_amt]);
			values[9] = BoolGetDatum(c->changed);
			tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
		}
	}
	SPI_finish();
	return (Datum) 0;
}
