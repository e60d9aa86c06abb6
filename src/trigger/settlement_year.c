/*
 * settlement_year.c
 *	  The person-year: its row is locked, the claim settled with the accumulators
 *	  found under that lock, and the row advanced.
 *
 * The first claim of a person-year in a batch does this by one statement, which
 * claims the key before; the row stays locked, so those after it settle with the
 * copy in memory (settlement_batch.c).  The statement calls settlement_step() in its SET list.  There the row is
 * locked and current: where PostgreSQL meets a newer version of the row it
 * evaluates the list again, and the last evaluation holds.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "claim/convert.h"
#include "compat.h"
#include "core/history.h"
#include "errcodes.h"
#include "fund/direct.h"
#include "fund/fund.h"
#include "trigger/settlement.h"

/* The claim that is being settled; set only while settlement_year() runs its statement. */
static YearStep *in_progress = NULL;

PG_FUNCTION_INFO_V1(yibao_settlement_step);

static void
give(Claim *claim, int cum, int64 value)
{
	claim->v[CF_CUM_FIRST + cum] = value;
	claim->state[CF_CUM_FIRST + cum] = FS_GIVEN;
}

static Datum
text_field(const Claim *claim, int field)
{
	return PointerGetDatum(cstring_to_text_with_len((const char *) (intptr_t) claim->v[field],
													claim->len[field]));
}

static Datum
code_field(const Claim *claim, int field)
{
	char		code[CODE_MAX + 1];
	size_t		len = code_unpack(claim->v[field], code);

	return PointerGetDatum(cstring_to_text_with_len(code, len));
}

/*
 * Stays of the year at this level, hospital and place depend on the claim, so
 * the person-year does not keep them: they are counted, where a rule asks.  A
 * settlement is a stay that counts if it moved the year's number of stays,
 * opn_cum[2].
 */
static void
count_stays(YearStep *step)
{
	static const Oid types[] = {TEXTOID, INT4OID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, INT8OID};
	const Policy *policy = step->policy->core;
	Claim	   *claim = step->claim;
	Datum		values[7];
	char		nulls[8] = "       ";

	if (!policy_reads(policy, CF_cum_lv_cnt) && !policy_reads(policy, CF_cum_hosp_cnt) &&
		!policy_reads(policy, CF_cum_area_cnt))
		return;
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	values[0] = text_field(claim, CF_psn_no);
	values[1] = Int32GetDatum((int32) claim->v[CF_year]);
	values[2] = code_field(claim, CF_insutype);
	if (claim->state[CF_hosp_lv] == FS_GIVEN)
		values[3] = code_field(claim, CF_hosp_lv);
	else
		nulls[3] = 'n';
	if (claim->state[CF_fixmedins_code] == FS_GIVEN)
		values[4] = text_field(claim, CF_fixmedins_code);
	else
		nulls[4] = 'n';
	if (claim->state[CF_area] == FS_GIVEN)
		values[5] = code_field(claim, CF_area);
	else
		nulls[5] = 'n';
	values[6] = Int64GetDatum(step->opn[CUM(ipt_cnt)]);
	owner_exec(step->nsp,
			   "SELECT pg_catalog.count(*) FILTER (WHERE s.hosp_lv OPERATOR(pg_catalog.=) $4),"
			   " pg_catalog.count(*) FILTER (WHERE s.fixmedins_code OPERATOR(pg_catalog.=) $5),"
			   " pg_catalog.count(*) FILTER (WHERE s.area OPERATOR(pg_catalog.=) $6)"
			   " FROM (SELECT setl_id, hosp_lv, fixmedins_code, area, refd_setl_flag,"
			   " coalesce(pg_catalog.lead(coalesce(opn_cum[2], 0)) OVER (ORDER BY psn_setl_no), $7)"
			   " OPERATOR(pg_catalog.-) coalesce(opn_cum[2], 0) AS stays FROM @schema@.settlement"
			   " WHERE psn_no OPERATOR(pg_catalog.=) $1 AND year OPERATOR(pg_catalog.=) $2"
			   " AND insutype OPERATOR(pg_catalog.=) $3) s"
			   " WHERE s.stays OPERATOR(pg_catalog.=) 1 AND NOT s.refd_setl_flag"
			   " AND NOT EXISTS (SELECT FROM @schema@.settlement r"
			   " WHERE r.init_setl_id OPERATOR(pg_catalog.=) s.setl_id)",
			   7, types, values, nulls, 1);
	give(claim, CUM(lv_cnt), DatumGetInt64(fund_value(SPI_tuptable, 0, 1, INT8OID)));
	give(claim, CUM(hosp_cnt), DatumGetInt64(fund_value(SPI_tuptable, 0, 2, INT8OID)));
	give(claim, CUM(area_cnt), DatumGetInt64(fund_value(SPI_tuptable, 0, 3, INT8OID)));
	SPI_finish();

	/* of an unknown level, hospital or place nobody knows how many there were */
	if (claim->state[CF_hosp_lv] != FS_GIVEN)
		claim->state[CF_cum_lv_cnt] = FS_NULL;
	if (claim->state[CF_fixmedins_code] != FS_GIVEN)
		claim->state[CF_cum_hosp_cnt] = FS_NULL;
	if (claim->state[CF_area] != FS_GIVEN)
		claim->state[CF_cum_area_cnt] = FS_NULL;
}

/* What the claim's own day, disease and life count; false with step->err filled. */
static bool
look_back(YearStep *step)
{
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	step->ok = settlement_history(step);
	SPI_finish();
	return step->ok;
}

/* The same of the deductible that the group of this claim has paid this year. */
static void
sum_group(YearStep *step)
{
	static const Oid types[] = {TEXTOID, INT4OID, TEXTOID, TEXTOID, TEXTOID, TEXTOID};
	Claim	   *claim = step->claim;
	DedcGroup	group;
	Datum		values[6];
	char		nulls[7] = "      ";

	if (!policy_reads(step->policy->core, CF_cum_grp_dedc) ||
		!settle_group(step->policy->core, claim, &group))
		return;
	if (group.name != NULL && group.at_hospital && claim->state[CF_fixmedins_code] != FS_GIVEN)
	{
		claim->state[CF_cum_grp_dedc] = FS_NULL;
		return;
	}
	values[0] = text_field(claim, CF_psn_no);
	values[1] = Int32GetDatum((int32) claim->v[CF_year]);
	values[2] = code_field(claim, CF_insutype);
	if (group.name != NULL)
		values[3] = CStringGetTextDatum(group.name);
	else
		nulls[3] = 'n';
	values[4] = CStringGetTextDatum(benefit_names[group.benefit]);
	if (group.name != NULL && group.at_hospital)
		values[5] = text_field(claim, CF_fixmedins_code);
	else
		nulls[5] = 'n';
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	owner_exec(step->nsp,
			   "SELECT coalesce(pg_catalog.sum(s.act_pay_dedc) OPERATOR(pg_catalog.*) 100, 0)::pg_catalog.int8"
			   " FROM @schema@.settlement s"
			   " WHERE s.psn_no OPERATOR(pg_catalog.=) $1 AND s.year OPERATOR(pg_catalog.=) $2"
			   " AND s.insutype OPERATOR(pg_catalog.=) $3"
			   " AND CASE WHEN $4::pg_catalog.text IS NULL"
			   " THEN s.dedc_grp IS NULL AND s.benefit OPERATOR(pg_catalog.=) $5"
			   " ELSE s.dedc_grp OPERATOR(pg_catalog.=) $4"
			   " AND ($6::pg_catalog.text IS NULL OR s.fixmedins_code OPERATOR(pg_catalog.=) $6) END",
			   6, types, values, nulls, 1);
	give(claim, CUM(grp_dedc), DatumGetInt64(fund_value(SPI_tuptable, 0, 1, INT8OID)));
	SPI_finish();
}

static void refuse_transfer(const YearStep *step, const char *detail) pg_attribute_noreturn();

static void
refuse_transfer(const YearStep *step, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_DOES_NOT_FIT),
			 errmsg("trsf_setl_id \"%s\" is no stay that this person was transferred from",
					step->trsf_setl_id),
			 errdetail_internal("%s", detail),
			 errhint("Name the settlement of the stay before; or give trsf_dedc and trsf_days themselves."),
			 err_generic_string(PG_DIAG_COLUMN_NAME, "trsf_setl_id")));
}

/*
 * What the stay transferred from took, and how long ago it ended: facts of the
 * settlement that trsf_setl_id names.  Without one nothing was taken.
 */
void
settlement_link_transfer(YearStep *step)
{
	static const Oid types[] = {TEXTOID, TEXTOID, TIMESTAMPOID};
	Claim	   *claim = step->claim;
	Datum		values[3];
	char		nulls[4] = "   ";
	bool		isnull;
	Datum		days;

	if (step->trsf_setl_id == NULL)
	{
		if (policy_reads(step->policy->core, CF_trsf_dedc) &&
			claim->state[CF_trsf_dedc] == FS_NULL)
			field_set(claim, CF_trsf_dedc, 0);
		return;
	}
	values[0] = CStringGetTextDatum(step->trsf_setl_id);
	values[1] = text_field(claim, CF_psn_no);
	values[2] = TimestampGetDatum(claim->v[CF_begntime]);
	if (claim->state[CF_begntime] != FS_GIVEN)
		nulls[2] = 'n';
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	owner_exec(step->nsp,
			   "SELECT (s.act_pay_dedc OPERATOR(pg_catalog.*) 100)::pg_catalog.int8,"
			   " $3::pg_catalog.date OPERATOR(pg_catalog.-) s.endtime::pg_catalog.date,"
			   " s.psn_no OPERATOR(pg_catalog.=) $2, s.refd_setl_flag OR EXISTS (SELECT"
			   " FROM @schema@.settlement r WHERE r.init_setl_id OPERATOR(pg_catalog.=) s.setl_id)"
			   " FROM @schema@.settlement s WHERE s.setl_id OPERATOR(pg_catalog.=) $1",
			   3, types, values, nulls, 1);
	if (SPI_processed == 0)
		refuse_transfer(step, _("There is no such settlement."));
	if (!DatumGetBool(fund_value(SPI_tuptable, 0, 3, BOOLOID)))
		refuse_transfer(step, _("It is another person's."));
	if (DatumGetBool(fund_value(SPI_tuptable, 0, 4, BOOLOID)))
		refuse_transfer(step, _("It is reversed, or a reversal."));
	field_set(claim, CF_trsf_dedc, DatumGetInt64(fund_value(SPI_tuptable, 0, 1, INT8OID)));
	days = fund_datum(SPI_tuptable, 0, 2, INT4OID, &isnull);
	if (isnull)
		claim->state[CF_trsf_days] = FS_NULL;
	else if (DatumGetInt32(days) < 0)
		refuse_transfer(step, _("It ended after this stay began."));
	else
		field_set(claim, CF_trsf_days, DatumGetInt32(days));
	SPI_finish();
}

/* Settle with the opening accumulators in step->opn; step->cum are those after it. */
static void
settle_now(YearStep *step)
{
	Claim	   *claim = step->claim;

	for (int i = 0; i < CUM_COUNT; i++)
		give(claim, i, step->opn[i]);
	count_stays(step);
	settlement_link_transfer(step);
	sum_group(step);
	step->opn[CUM(lv_cnt)] = claim->v[CF_cum_lv_cnt];
	step->opn[CUM(hosp_cnt)] = claim->v[CF_cum_hosp_cnt];
	step->opn[CUM(grp_dedc)] = claim->v[CF_cum_grp_dedc];
	step->opn[CUM(area_cnt)] = claim->v[CF_cum_area_cnt];
	if (policy_reads_history(step->policy->core) && !look_back(step))
	{
		memset(step->cum, 0, sizeof(step->cum));
		return;
	}

	step->ok = (step->given != NULL ?
				settlement_given_settle(step->policy, claim, step->given, &step->result, &step->err) :
				settle(step->policy->core, claim, &step->result, NULL, &step->err)) &&
		settle_advance(claim, &step->result, step->cum, &step->err);
	if (!step->ok)
		memset(step->cum, 0, sizeof(step->cum));
	cum_keep(step->cum);
}

/*
 * settlement_step(cum, last_setl_id): the accumulators after the claim in
 * progress, given those before it.  What is wrong with the claim is kept for
 * settle_in_table(): an INSERT ... ON CONFLICT evaluates this for a new row
 * before it finds that there is an old one, and reports nothing then.
 */
Datum
yibao_settlement_step(PG_FUNCTION_ARGS)
{
	YearStep   *step = in_progress;

	if (step == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DIRECT_WRITE),
				 errmsg("settlement_step() works only inside the settlement trigger"),
				 errhint("Insert into the settlement table of a pool area; person-years follow.")));

	if (PG_ARGISNULL(0))
		memset(step->opn, 0, sizeof(step->opn));
	else
		cum_from_array(PG_GETARG_DATUM(0), step->opn);
	step->prev_setl_id = NULL;
	if (!PG_ARGISNULL(1))
	{
		MemoryContext old = MemoryContextSwitchTo(step->cxt);

		step->prev_setl_id = TextDatumGetCString(PG_GETARG_DATUM(1));
		MemoryContextSwitchTo(old);
	}
	settle_now(step);
	PG_RETURN_ARRAYTYPE_P(cum_array(step->cum));
}

/* ---- the row of the person-year ------------------------------------------------------------ */

static const DirectTable year_table = {
	"person_year", "person_year_pkey", 3, 6, true,
	{{"psn_no", TEXTOID}, {"insutype", TEXTOID}, {"year", INT4OID}, {"setl_cnt", INT4OID},
	{"cum", INT8ARRAYOID}, {"last_setl_id", TEXTOID}}, {0, 1, 2}, false
};

static bool
advance_row(DirectValues *row, void *arg)
{
	YearStep   *step = arg;

	if (row->nulls[3] || row->nulls[4])
		fund_not_as_made(gettext_noop("a column is missing"));
	cum_from_array(row->values[4], step->opn);
	step->prev_setl_id = NULL;
	if (!row->nulls[5])
	{
		MemoryContext old = MemoryContextSwitchTo(step->cxt);

		step->prev_setl_id = TextDatumGetCString(row->values[5]);
		MemoryContextSwitchTo(old);
	}
	settle_now(step);
	step->number = DatumGetInt32(row->values[3]) + 1;
	row->values[3] = Int32GetDatum(step->number);
	row->values[4] = PointerGetDatum(cum_array(step->cum));
	row->values[5] = text_field(step->claim, CF_setl_id);
	row->nulls[5] = false;
	return step->ok;
}

/* DIRECT_NONE: the claim is wrong, step->err says how. */
static DirectResult
advance_directly(const FundArea *area, YearStep *step, const Datum *keys)
{
	for (;;)
	{
		DirectValues row = {{keys[0], keys[1], keys[2], Int32GetDatum(1)}, {false}};
		DirectResult got = direct_update(area, &year_table, keys, true, advance_row, step);

		if (got != DIRECT_NONE || !step->ok)
			return got;
		memset(step->opn, 0, sizeof(step->opn));
		step->prev_setl_id = NULL;
		settle_now(step);
		if (!step->ok)
			return DIRECT_NONE;
		step->number = 1;
		row.values[4] = PointerGetDatum(cum_array(step->cum));
		row.values[5] = text_field(step->claim, CF_setl_id);
		got = direct_insert_new(area, &year_table, &row, true);
		if (got != DIRECT_NONE)
			return got;
		/* somebody has begun the year meanwhile: go on from there */
	}
}

static void
advance_by_statement(YearStep *step, const Datum *keys)
{
	static const Oid types[] = {TEXTOID, TEXTOID, INT4OID, TEXTOID};
	YearStep   *outer = in_progress;
	Datum		values[4] = {keys[0], keys[1], keys[2], text_field(step->claim, CF_setl_id)};

	in_progress = step;
	PG_TRY();
	{
		owner_exec(step->nsp,
				   "INSERT INTO @schema@.person_year AS y"
				   " (psn_no, insutype, year, setl_cnt, cum, last_setl_id)"
				   " VALUES ($1, $2, $3, 1, yibao.settlement_step(NULL, NULL), $4)"
				   " ON CONFLICT (psn_no, insutype, year) DO UPDATE SET"
				   " setl_cnt = y.setl_cnt OPERATOR(pg_catalog.+) 1,"
				   " cum = yibao.settlement_step(y.cum, y.last_setl_id), last_setl_id = $4"
				   " RETURNING setl_cnt",
				   4, types, values, NULL, 0);
	}
	PG_FINALLY();
	{
		in_progress = outer;
	}
	PG_END_TRY();
	step->number = DatumGetInt32(fund_value(SPI_tuptable, 0, 1, INT4OID));
}

/* The first claim of its person-year in the batch: its row, which later ones wait for. */
static void
settle_in_table(SettlementStatement *st, YearStep *step)
{
	Claim	   *claim = step->claim;
	FundArea	area = {.schema = st->schema, .nsp = st->nsp, .owner = st->owner};
	Datum		keys[3] = {text_field(claim, CF_psn_no), code_field(claim, CF_insutype),
	Int32GetDatum((int32) claim->v[CF_year])};

	step->ok = true;
	if (advance_directly(&area, step, keys) == DIRECT_CANNOT)
		advance_by_statement(step, keys);
	if (!step->ok)
		claim_report(step->policy, claim, CLAIM_IS_ROW, &step->err);
	if (st->batch == NULL)
		st->batch = batch_begin(st->nsp, st->owner, st->journal_id);
	batch_add_year(st->batch, claim, step->number, step->cum);
}

bool
settlement_year(SettlementStatement *st, YearStep *step)
{
	Claim	   *claim = step->claim;
	PersonYear *year;

	batch_enter(st->batch);
	year = batch_year(st->batch, claim);
	if (!settlement_claim_key(st, claim, step->req_hash))
		return false;
	if (year == NULL)
	{
		settle_in_table(st, step);
		return true;
	}
	memcpy(step->opn, year->cum, sizeof(step->opn));
	step->prev_setl_id = year->last_setl_id == NULL ? NULL :
		MemoryContextStrdup(step->cxt, year->last_setl_id);
	settle_now(step);
	if (!step->ok)
		claim_report(step->policy, claim, CLAIM_IS_ROW, &step->err);
	step->number = year->number + 1;
	batch_advance_year(st->batch, year, claim, step->cum);
	return true;
}
