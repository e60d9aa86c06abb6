/*
 * settlement.c
 *	  BEFORE INSERT on area.settlement: a claim goes in, a settlement comes out.
 *
 * For each row, in this order:
 *	  1. the policy in force is found;
 *	  2. the key row is claimed; whoever sends the same key waits here;
 *	  3. the person-year is locked, the claim settled with its accumulators, and
 *		 advanced (settlement_year.c);
 *	  4. the result columns are filled, at last the row's digest.
 * What is wrong with a claim is reported only when its key is new.
 * If the row is dropped after all this, by ON CONFLICT or another trigger, the
 * AFTER trigger does not see it and the commit fails (settlement_batch.c).
 * Money moves in AFTER ROW (settlement_post.c), when the row exists.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "claim/amount.h"
#include "compat.h"
#include "core/history.h"
#include "core/year.h"
#include "errcodes.h"
#include "fund/direct.h"
#include "fund/fund.h"
#include "trigger/settlement_replay.h"

PG_FUNCTION_INFO_V1(yibao_settlement_settle);
PG_FUNCTION_INFO_V1(yibao_settlement_keep);

/* ---- the statement -------------------------------------------------------------- */

static void
check_called(FunctionCallInfo fcinfo)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) ||
		!TRIGGER_FIRED_BY_INSERT(trigdata->tg_event) ||
		!TRIGGER_FIRED_BEFORE(trigdata->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigdata->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("yibao.settlement_settle() must be a BEFORE INSERT FOR EACH ROW trigger"),
				 errhint("Pool areas are made by yibao.create_poolarea().")));
}

static SettlementStatement *
begin_statement(FunctionCallInfo fcinfo, Relation rel)
{
	MemoryContext cxt = fcinfo->flinfo->fn_mcxt;
	MemoryContext old = MemoryContextSwitchTo(cxt);
	SettlementStatement *st = palloc0_object(SettlementStatement);
	FundArea	area = {0};
	int			natts = RelationGetDescr(rel)->natts;

	yibao_check_version();
	st->cxt = cxt;
	st->relid = RelationGetRelid(rel);
	st->nsp = RelationGetNamespace(rel);
	st->owner = rel->rd_rel->relowner;
	st->schema = get_namespace_name(st->nsp);
	st->rel = settlement_rel(rel);
	st->booked_by = CStringGetTextDatum(GetUserNameFromId(GetOuterUserId(), false));
	st->booked_at = GetCurrentStatementStartTimestamp();
	st->values = palloc_array(Datum, natts);
	st->nulls = palloc_array(bool, natts);
	for (int i = 0; i < BEN_COUNT; i++)
		st->benefits[i] = CStringGetTextDatum(benefit_names[i]);
	st->clr_month = -1;
	MemoryContextSwitchTo(old);

	area.schema = st->schema;
	area.nsp = st->nsp;
	st->journal_id = fund_journal_id(&area);
	fcinfo->flinfo->fn_extra = st;
	return st;
}

/* ---- one row ----------------------------------------------------------------------- */

static void
require_field(const Claim *claim, int field)
{
	if (claim->state[field] == FS_GIVEN &&
		(claim_fields[field].kind != FK_TEXT || claim->len[field] > 0))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_YB_FIELD_NULL),
			 errmsg("%s is null or empty", claim_fields[field].name),
			 errdetail("Every settlement needs setl_id, psn_no, insutype and setl_time."),
			 errhint("Give %s.", claim_fields[field].name),
			 err_generic_string(PG_DIAG_COLUMN_NAME, claim_fields[field].name)));
}

/* Who is owed hangs on it, whether a rule reads it or not. */
static void
check_setl_type(const Claim *claim)
{
	char		code[CODE_MAX + 1];

	if (claim->state[CF_setl_type] != FS_GIVEN ||
		claim_code_known(CF_setl_type, claim->v[CF_setl_type]))
		return;
	code_unpack(claim->v[CF_setl_type], code);
	ereport(ERROR,
			(errcode(ERRCODE_YB_UNKNOWN_CODE),
			 errmsg("%s \"%s\" is not a code of its list", "setl_type", code),
			 errdetail("The list: %s.", claim_code_list(CF_setl_type)),
			 errhint("Translate local codes into those of the national interface."),
			 err_generic_string(PG_DIAG_COLUMN_NAME, "setl_type")));
}

static char *
hex(const uint8 *bytes, int len)
{
	char	   *text = palloc(2 * len + 1);

	for (int i = 0; i < len; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	return text;
}

static Datum
key_of(const Claim *claim)
{
	return PointerGetDatum(cstring_to_text_with_len((const char *) (intptr_t) claim->v[CF_setl_id],
													claim->len[CF_setl_id]));
}

static const DirectTable key_table = {
	"setl_key", "setl_key_pkey", 1, 3, true,
	{{"setl_id", TEXTOID}, {"req_hash", BYTEAOID}, {"claimed_at", TIMESTAMPTZOID}}, {0}, false
};

bool
settlement_claim_key(SettlementStatement *st, const Claim *claim, Datum req_hash)
{
	static const Oid types[] = {TEXTOID, BYTEAOID, TIMESTAMPTZOID};
	FundArea	area = {.schema = st->schema, .nsp = st->nsp, .owner = st->owner};
	DirectValues row = {{key_of(claim), req_hash, TimestampTzGetDatum(st->booked_at)}, {false}};
	DirectResult got = direct_insert_new(&area, &key_table, &row, false);

	if (got != DIRECT_CANNOT)
		return got == DIRECT_DONE;
	owner_exec(st->nsp,
			   "INSERT INTO @schema@.setl_key (setl_id, req_hash, claimed_at)"
			   " VALUES ($1, $2, $3) ON CONFLICT (setl_id) DO NOTHING",
			   3, types, row.values, NULL, 0);
	return SPI_processed == 1;
}

/* The key was settled before: with the same content, or it is YB501. */
static void
check_repeat(SettlementStatement *st, const Claim *claim, Datum req_hash)
{
	static const Oid types[] = {TEXTOID};
	const uint8 *hash = (const uint8 *) VARDATA(DatumGetPointer(req_hash));
	Datum		values[1] = {key_of(claim)};
	bytea	   *first;
	Datum		claimed_at;

	owner_exec(st->nsp,
			   "SELECT req_hash, claimed_at FROM @schema@.setl_key"
			   " WHERE setl_id OPERATOR(pg_catalog.=) $1",
			   1, types, values, NULL, 1);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("key \"%s\" is taken by a transaction that this one cannot see",
						TextDatumGetCString(values[0])),
				 errhint("Try the transaction again.")));
	first = DatumGetByteaPP(fund_value(SPI_tuptable, 0, 1, BYTEAOID));
	claimed_at = fund_value(SPI_tuptable, 0, 2, TIMESTAMPTZOID);
	if (VARSIZE_ANY_EXHDR(first) == SETTLEMENT_HASH_LEN &&
		memcmp(VARDATA_ANY(first), hash, SETTLEMENT_HASH_LEN) == 0)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_YB_KEY_REUSED),
			 errmsg("settlement \"%s\" was sent before with other content",
					TextDatumGetCString(values[0])),
			 errdetail("First at %s with hash %s, now with hash %s.",
					   timestamptz_to_str(DatumGetTimestampTz(claimed_at)),
					   hex((const uint8 *) VARDATA_ANY(first), VARSIZE_ANY_EXHDR(first)),
					   hex(hash, SETTLEMENT_HASH_LEN)),
			 errhint("Repeat a request unchanged, or send another claim under its own setl_id."),
			 err_generic_string(PG_DIAG_COLUMN_NAME, "setl_id")));
}

/* Year and month of a time of the claim; it must have a year of four digits. */
static bool
calendar_ok(Timestamp at, int *year, int *month)
{
	struct pg_tm tm;
	fsec_t		fsec;

	if (TIMESTAMP_NOT_FINITE(at) ||
		timestamp2tm(at, NULL, &tm, &fsec, NULL, NULL) != 0 ||
		tm.tm_year < 1000 || tm.tm_year > 9999)
		return false;
	*year = tm.tm_year;
	*month = tm.tm_mon;
	return true;
}

static void
calendar(Timestamp at, const char *field, int *year, int *month)
{
	if (!calendar_ok(at, year, month))
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_TYPE),
				 errmsg("%s is not a day of a year with four digits", field),
				 errhint("Give the local time of the pool area."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, field)));
}

/* The clearing month of a time, YYYYMM; kept for the next row of the statement. */
Datum
settlement_clr_ym(SettlementStatement *st, Timestamp at)
{
	int			year;
	int			month;

	calendar(at, "setl_time", &year, &month);
	if (year * 12 + month - 1 != st->clr_month)
	{
		MemoryContext old = MemoryContextSwitchTo(st->cxt);

		st->clr_ym = CStringGetTextDatum(psprintf("%04d%02d", year, month));
		st->clr_month = year * 12 + month - 1;
		MemoryContextSwitchTo(old);
	}
	return st->clr_ym;
}

/*
 * Find the policy, and the benefit year by its rule.  NULL where missing_ok and
 * the claim has none; *cross is the rule of a stay of two years.
 */
static PolicyEntry *
find_policy(SettlementStatement *st, Claim *claim, const Rule **cross, bool missing_ok)
{
	PolicyEntry *policy = settlement_policy(st, claim, missing_ok);
	const Policy *core;
	BenefitYear by;
	CoreError	err;
	int			field;
	int			year;
	int			month;

	if (policy == NULL)
		return NULL;
	core = policy->compiled->core;
	field = year_decided_by(core, claim);
	if (missing_ok && (claim->state[field] != FS_GIVEN ||
					   !calendar_ok(claim->v[field], &year, &month)))
		return NULL;
	if (claim->state[field] == FS_GIVEN)
		calendar(claim->v[field], claim_fields[field].name, &year, &month);
	if (!claim_year(core, claim, &by, cross, &err))
	{
		if (missing_ok)
			return NULL;
		claim_report(policy->compiled, claim, CLAIM_IS_ROW, &err);
	}
	claim->v[CF_year] = by.year;
	claim->state[CF_year] = FS_GIVEN;
	return policy;
}

/* The amounts that were given; of what may be left out, in mode record, nothing is known. */
static void
fill_given(SettlementRow *row, const YearStep *step)
{
	const SettlementRel *rel = row->rel;
	const GivenRow *given = step->given;
	const Settlement *s = &step->result;

	for (int i = 0; i < SA_COUNT; i++)
	{
		if (given->verify || !((GIVEN_ALL & ~given->amounts.known) >> i & 1))
			settlement_fill_fen(row, rel->amount[i], s->amount[i]);
	}
	if (given->prop != (Datum) 0)
		settlement_fill(row, rel->other[SC_pool_prop_selfpay], given->prop, false);
	else if (given->verify)
		settlement_fill(row, rel->other[SC_pool_prop_selfpay],
						ratio_to_numeric(settlement_prop(s)), false);
	settlement_fill(row, rel->other[SC_add_cum], PointerGetDatum(cum_array(given->add)), false);
}

static void
fill_results(SettlementStatement *st, SettlementRow *row, const Claim *claim,
			 const YearStep *step, const PolicyEntry *policy)
{
	const SettlementRel *rel = st->rel;
	const Settlement *s = &step->result;
	int32		due = 0;
	bool		at_once;

	settlement_fill(row, rel->other[SC_year], Int32GetDatum((int32) claim->v[CF_year]), false);
	if (claim->state[CF_trsf_dedc] == FS_GIVEN)
		settlement_fill_fen(row, rel->field[CF_trsf_dedc], claim->v[CF_trsf_dedc]);
	if (claim->state[CF_trsf_days] == FS_GIVEN)
		settlement_fill(row, rel->field[CF_trsf_days],
						Int32GetDatum((int32) claim->v[CF_trsf_days]), false);
	if (claim->state[CF_cal_ipt_cnt] == FS_MISSING &&
		policy_reads(step->policy->core, CF_cal_ipt_cnt))
		settlement_fill(row, rel->field[CF_cal_ipt_cnt],
						Int32GetDatum((int32) step->opn[CUM(ipt_cnt)] + 1), false);
	if (claim->state[CF_psn_idet_types] == FS_GIVEN && step->policy->core->by_category &&
		s->category != 0)
	{
		char		code[CODE_MAX + 1];

		(void) code_unpack(s->category, code);
		settlement_fill(row, rel->field[CF_psn_idet_type], CStringGetTextDatum(code), false);
	}
	if (step->given != NULL)
		fill_given(row, step);
	else
	{
		for (int i = 0; i < SA_COUNT; i++)
			settlement_fill_fen(row, rel->amount[i], s->amount[i]);
		settlement_fill(row, rel->other[SC_pool_prop_selfpay],
						ratio_to_numeric(settlement_prop(s)), false);
		settlement_fill(row, rel->other[SC_add_cum], (Datum) 0, true);
	}
	settlement_fill(row, rel->other[SC_benefit], st->benefits[s->benefit], false);
	settlement_fill(row, rel->other[SC_pool], policy->pools[s->pool], false);
	settlement_fill(row, rel->other[SC_dedc_grp],
					s->group == 0 ? (Datum) 0 :
					CStringGetTextDatum(policy->compiled->core->groups[s->group - 1]),
					s->group == 0);
	at_once = !settlement_due(s, &due);
	settlement_fill(row, rel->other[SC_hifmi_due], Int32GetDatum(due), at_once);
	settlement_fill(row, rel->other[SC_clr_ym],
					step->clr_ym != 0 ? step->clr_ym :
					settlement_clr_ym(st, claim->v[CF_setl_time]), false);
	settlement_fill(row, rel->other[SC_policy_id], policy->policy_id_datum, false);
	settlement_fill(row, rel->other[SC_psn_setl_no], Int32GetDatum(step->number), false);
	settlement_fill(row, rel->other[SC_prev_setl_id],
					step->prev_setl_id ? CStringGetTextDatum(step->prev_setl_id) : (Datum) 0,
					step->prev_setl_id == NULL);
	settlement_fill(row, rel->other[SC_psn_ord_no],
					Int32GetDatum(step->ord != 0 ? step->ord : step->number), false);
	settlement_fill(row, rel->other[SC_corr_setl_id],
					step->corr_setl_id ? CStringGetTextDatum(step->corr_setl_id) : (Datum) 0,
					step->corr_setl_id == NULL);
	settlement_fill(row, rel->other[SC_opn_cum], PointerGetDatum(cum_array(step->opn)), false);
	settlement_fill(row, rel->other[SC_refd_setl_flag], BoolGetDatum(false), false);
}

/* What is to be posted of the row, as view setl_item has it. */
static void
add_amounts(SettlementStatement *st, const Claim *claim, const YearStep *step,
			const PolicyEntry *policy)
{
	const Settlement *s = &step->result;
	int			clr_month = st->clr_month;

	if (step->clr_ym != 0)
	{
		int			ym = pg_strtoint32(TextDatumGetCString(step->clr_ym));

		clr_month = ym / 100 * 12 + ym % 100 - 1;
	}
	for (int i = 0; i < policy->nlayers; i++)
	{
		const PolicyLayer *layer = &policy->layers[i];
		Fen			amount = s->amount[layer->amount];
		const char *pool = NULL;

		if (layer->amount == SA_oth_pay && claim->state[CF_prog_pay] == FS_GIVEN)
			amount -= claim->v[CF_prog_pay];
		if (amount == 0)
			continue;
		if (strcmp(layer->payer_kind, "other_book") == 0)
			pool = "assistance";
		else if (strcmp(layer->payer_kind, "own_fund") == 0)
			pool = layer->amount == SA_hifmi_pay ? "serious" :
				policy->compiled->core->pools[s->pool];
		batch_add_amount(st->batch, layer, pool, claim, clr_month, amount);
	}
}

/* What every row gets, a reversal too. */
static void
fill_booking(SettlementStatement *st, SettlementRow *row)
{
	settlement_fill(row, st->rel->other[SC_journal_id], Int64GetDatum(st->journal_id), false);
	settlement_fill(row, st->rel->other[SC_booked_by], st->booked_by, false);
	settlement_fill(row, st->rel->other[SC_booked_at], TimestampTzGetDatum(st->booked_at), false);
}

/* The digest of all other columns, as they are now. */
static void
fill_digest(const SettlementRow *row)
{
	AttrNumber	att = row->rel->other[SC_row_hash];

	if (att == 0 || TupleDescAttr(row->desc, att - 1)->atttypid != BYTEAOID)
		return;
	row->values[att - 1] = fund_values_digest(row->desc, row->values, row->nulls);
	row->nulls[att - 1] = false;
}

/* A row that a replay inserts: what it comes to is known.  Returns its policy. */
static PolicyEntry *
fill_from_replay(SettlementStatement *st, YearStep *step)
{
	ReplayPlan *plan = replay_in_progress;
	char	   *setl_id = TextDatumGetCString(key_of(step->claim));
	const ReplayClaim *c = replay_find(plan, setl_id, true);
	const SettlementRow *old = &c->row;
	PolicyEntry *policy;
	MemoryContext spi = MemoryContextSwitchTo(step->cxt);

	*step->claim = c->claim;
	step->result = c->now;
	memcpy(step->opn, c->opn, sizeof(step->opn));
	step->prev_setl_id = c->prev_id;
	step->number = ++plan->setl_cnt;
	step->ord = c->ord;
	step->corr_setl_id = c->setl_id;
	step->clr_ym = c->paid ? settlement_clr_ym(st, plan->at) :
		datumCopy(old->values[old->rel->other[SC_clr_ym] - 1], false, -1);
	MemoryContextSwitchTo(spi);
	policy = settlement_policy_by_id(st, c->policy->policy_id);
	step->policy = policy->compiled;
	return policy;
}

Datum
yibao_settlement_settle(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	SettlementStatement *st = fcinfo->flinfo->fn_extra;
	MemoryContext row_cxt = CurrentMemoryContext;
	SettlementRow row;
	bytea	   *req_hash;
	Claim		claim;
	OwnerWork	work;
	YearStep	step;
	PolicyEntry *policy = NULL;
	const Rule *cross = NULL;
	GivenRow	given_row;
	GivenRow   *given = NULL;
	bool		reversal;
	bool		claimed;
	AttrNumber	init;

	if (st == NULL)
	{
		check_called(fcinfo);
		st = begin_statement(fcinfo, trigdata->tg_relation);
	}

	row.rel = st->rel;
	row.desc = RelationGetDescr(trigdata->tg_relation);
	row.values = st->values;
	row.nulls = st->nulls;
	heap_deform_tuple(trigdata->tg_trigtuple, row.desc, row.values, row.nulls);
	claim_read_values(st->rel->reader, row.values, row.nulls, CLAIM_ALL_FIELDS, &claim);

	/* the ordinal that nobody gives follows from the person-year */
	if (claim.state[CF_cal_ipt_cnt] == FS_NULL)
		claim.state[CF_cal_ipt_cnt] = FS_MISSING;
	require_field(&claim, CF_setl_id);
	require_field(&claim, CF_setl_time);
	init = st->rel->other[SC_init_setl_id];
	reversal = init != 0 && !row.nulls[init - 1];
	if (!reversal)
	{
		require_field(&claim, CF_psn_no);
		require_field(&claim, CF_insutype);
		check_setl_type(&claim);
		if (claim.state[CF_begntime] == FS_GIVEN && claim.state[CF_endtime] == FS_GIVEN &&
			claim.v[CF_endtime] < claim.v[CF_begntime])
			claim_ends_first(&claim);
		given = settlement_given(&row, &given_row);
	}
	req_hash = palloc(VARHDRSZ + SETTLEMENT_HASH_LEN);
	SET_VARSIZE(req_hash, VARHDRSZ + SETTLEMENT_HASH_LEN);
	settlement_hash(&row, &claim, given, (uint8 *) VARDATA(req_hash));

	owner_enter(&work, st->owner);
	if (!reversal && replay_in_progress == NULL)
		policy = find_policy(st, &claim, &cross, true);
	if (policy != NULL && policy->compiled->enrolment != NULL)
		settlement_enrolment(st, policy->compiled, &row, &claim, row_cxt);
	if (policy != NULL || (!reversal && replay_in_progress != NULL))
	{
		step.nsp = st->nsp;
		step.req_hash = PointerGetDatum(req_hash);
		step.policy = policy != NULL ? policy->compiled : NULL;
		step.claim = &claim;
		step.given = given;
		step.trsf_setl_id = settlement_text(&row, st->rel->other[SC_trsf_setl_id]);
		step.cxt = row_cxt;
		step.clr_ym = 0;
		step.ord = 0;
		step.corr_setl_id = NULL;
		if (replay_in_progress != NULL)
		{
			claimed = settlement_claim_key(st, &claim, PointerGetDatum(req_hash));
			if (claimed)
				policy = fill_from_replay(st, &step);
		}
		else if (settlement_goes_by_walk(st, &claim, policy))
		{
			claimed = settlement_claim_key(st, &claim, PointerGetDatum(req_hash));
			if (claimed)
			{
				MemoryContext spi = MemoryContextSwitchTo(row_cxt);

				settlement_by_walk(st, &step, policy,
								   row.values[st->rel->field[CF_psn_no] - 1],
								   row.values[st->rel->field[CF_insutype] - 1]);
				MemoryContextSwitchTo(spi);
			}
		}
		else
			claimed = settlement_year(st, &step);
	}
	else
		claimed = settlement_claim_key(st, &claim, PointerGetDatum(req_hash));
	if (!claimed)
	{
		check_repeat(st, &claim, PointerGetDatum(req_hash));
		owner_leave(&work);
		return PointerGetDatum(NULL);
	}
	if (reversal)
	{
		MemoryContext spi = MemoryContextSwitchTo(row_cxt);

		settlement_reverse(st, &row);
		MemoryContextSwitchTo(spi);
	}
	else if (policy == NULL)
	{
		(void) find_policy(st, &claim, &cross, false);
		elog(ERROR, "the policy of settlement \"%s\" was not found at first",
			 TextDatumGetCString(key_of(&claim)));
	}
	else if (replay_in_progress == NULL)
	{
		settlement_stay_check(st, &row, &claim, cross);
		if (given == NULL && policy->compiled->fund != NULL &&
			policy->compiled->fund->late_registration == LATE_MANUAL_ONLY)
			settlement_registered(st, &row, &claim);
	}
	owner_leave(&work);

	if (st->batch == NULL)
		st->batch = batch_begin(st->nsp, st->owner, st->journal_id);
	if (!reversal)
	{
		if (given != NULL)
		{
			settlement_given_payers(&claim, &step.result, policy);
			settlement_given_note(trigdata->tg_relation, st, key_of(&claim), given);
			MemoryContextSwitchTo(row_cxt);
		}
		fill_results(st, &row, &claim, &step, policy);
		add_amounts(st, &claim, &step, policy);
	}
	fill_booking(st, &row);
	fill_digest(&row);
	batch_count(st->batch, &claim, reversal, st->follow_up);
	return PointerGetDatum(heap_form_tuple(row.desc, row.values, row.nulls));
}

/* ---- what nobody else writes ------------------------------------------------------------ */

Datum
yibao_settlement_keep(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	const char *name;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigdata->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("yibao.settlement_keep() must be a BEFORE trigger"),
				 errhint("Pool areas are made by yibao.create_poolarea().")));
	if (settlement_writing > 0 && !TRIGGER_FIRED_BY_TRUNCATE(trigdata->tg_event))
		return PointerGetDatum(!TRIGGER_FIRED_FOR_ROW(trigdata->tg_event) ? NULL :
							   TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event) ?
							   trigdata->tg_newtuple : trigdata->tg_trigtuple);

	name = RelationGetRelationName(trigdata->tg_relation);
	if (TRIGGER_FIRED_BY_INSERT(trigdata->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_YB_DIRECT_WRITE),
				 errmsg("\"%s\" is written by the settlement trigger only", name),
				 errhint("Insert into the settlement table; a data-only restore disables the triggers first, see doc/settlement.md."),
				 err_generic_string(PG_DIAG_TABLE_NAME, name)));
	ereport(ERROR,
			(errcode(ERRCODE_YB_APPEND_ONLY),
			 errmsg("\"%s\" is not changed, deleted or truncated", name),
			 errhint("Correct a settlement by inserting its reversal (init_setl_id), then settle again under a new key."),
			 err_generic_string(PG_DIAG_TABLE_NAME, name)));
	return PointerGetDatum(NULL);
}
