/*
 * settlement_replay.c
 *	  A person-year settled again in order, with the accumulators carried along,
 *	  and what that changes posted: each settlement that comes to another amount
 *	  is reversed and settled anew under a key of its own.  What comes to the same
 *	  stays as it is.
 *
 * The person-year is locked before its settlements are read, so nobody settles
 * in between.  The two rows of a change go through the settlement table's own
 * triggers, all of them in one statement: it takes and gives back as any
 * statement does, and the queue has its order.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/memutils.h"

#include "claim/convert.h"
#include "compat.h"
#include "core/history.h"
#include "core/year.h"
#include "errcodes.h"
#include "fund/fund.h"
#include "trigger/settlement_replay.h"

ReplayPlan *replay_in_progress = NULL;

/* ---- reading a person-year ------------------------------------------------------------ */

/* When the care was given, as far as the claim says. */
int64
replay_service_time(const Claim *claim)
{
	static const ClaimField dates[] = {
		CF_endtime, CF_begntime, CF_fee_ocur_time, CF_setl_time
	};

	for (size_t i = 0; i < lengthof(dates); i++)
	{
		if (claim->state[dates[i]] == FS_GIVEN)
			return claim->v[dates[i]];
	}
	return 0;
}

static void
load_claims(ReplayPlan *plan)
{
	static const Oid types[] = {TEXTOID, TEXTOID, INT4OID};
	MemoryContext old;
	TupleDesc	desc;
	SettlementRel *rel;

	owner_exec_many(plan->st->nsp,
					"SELECT s.* FROM @schema@.settlement s"
					" WHERE s.psn_no OPERATOR(pg_catalog.=) $1"
					" AND s.insutype OPERATOR(pg_catalog.=) $2"
					" AND s.year OPERATOR(pg_catalog.=) $3 AND NOT s.refd_setl_flag"
					" AND NOT EXISTS (SELECT FROM @schema@.settlement r"
					" WHERE r.init_setl_id OPERATOR(pg_catalog.=) s.setl_id)"
					" ORDER BY s.psn_ord_no, s.psn_setl_no",
					3, types, plan->key, NULL);
	old = MemoryContextSwitchTo(plan->cxt);
	plan->n = (int) SPI_processed;
	/* a Settlement holds 16-byte integers, palloc() aligns to 8 */
	plan->claims = (ReplayClaim *) TYPEALIGN(_Alignof(ReplayClaim), palloc0_array(ReplayClaim, plan->n + 2));
	desc = CreateTupleDescCopy(SPI_tuptable->tupdesc);
	rel = settlement_rel_by_desc(desc, plan->cxt);
	for (int i = 0; i < plan->n; i++)
	{
		ReplayClaim *c = &plan->claims[i];

		c->tuple = heap_copytuple(SPI_tuptable->vals[i]);
		c->row.rel = rel;
		c->row.desc = desc;
		c->row.values = palloc_array(Datum, desc->natts);
		c->row.nulls = palloc_array(bool, desc->natts);
		heap_deform_tuple(c->tuple, desc, c->row.values, c->row.nulls);
		c->setl_id = settlement_text(&c->row, rel->field[CF_setl_id]);
		c->ord = DatumGetInt32(c->row.values[rel->other[SC_psn_ord_no] - 1]);
		claim_read_tuple(rel->reader, c->tuple, CLAIM_ALL_FIELDS, &c->claim);
		c->service = replay_service_time(&c->claim);
		if (rel->other[SC_add_cum] != 0 && !c->row.nulls[rel->other[SC_add_cum] - 1])
		{
			c->add = palloc_array(int64, CUM_COUNT);
			(void) settlement_given_stored(&c->row, c->add);
		}
	}
	MemoryContextSwitchTo(old);
	for (int i = 0; i < plan->n; i++)
		plan->claims[i].policy =
			settlement_policy_by_id(plan->st, settlement_text(&plan->claims[i].row, rel->other[SC_policy_id]));
}

bool
replay_load(ReplayPlan *plan, SettlementStatement *st, Datum psn_no, Datum insutype,
			int32 year, bool lock)
{
	static const Oid types[] = {TEXTOID, TEXTOID, INT4OID};
	MemoryContext old;

	memset(plan, 0, sizeof(*plan));
	plan->st = st;
	plan->cxt = CurrentMemoryContext;
	plan->key[0] = psn_no;
	plan->key[1] = insutype;
	plan->key[2] = Int32GetDatum(year);
	batch_write_years();
	if (lock)
		owner_exec(st->nsp,
				   "SELECT setl_cnt, cum, last_setl_id FROM @schema@.person_year"
				   " WHERE psn_no OPERATOR(pg_catalog.=) $1"
				   " AND insutype OPERATOR(pg_catalog.=) $2"
				   " AND year OPERATOR(pg_catalog.=) $3 FOR NO KEY UPDATE",
				   3, types, plan->key, NULL, 1);
	else
		owner_exec(st->nsp,
				   "SELECT setl_cnt, cum, last_setl_id FROM @schema@.person_year"
				   " WHERE psn_no OPERATOR(pg_catalog.=) $1"
				   " AND insutype OPERATOR(pg_catalog.=) $2"
				   " AND year OPERATOR(pg_catalog.=) $3",
				   3, types, plan->key, NULL, 1);
	if (SPI_processed != 1)
		return false;
	plan->setl_cnt = DatumGetInt32(fund_value(SPI_tuptable, 0, 1, INT4OID));
	cum_from_array(fund_value(SPI_tuptable, 0, 2, INT8ARRAYOID), plan->opening);
	old = MemoryContextSwitchTo(plan->cxt);
	plan->last_id = fund_text(0, 3);
	MemoryContextSwitchTo(old);
	load_claims(plan);
	return true;
}

/* ---- the order -------------------------------------------------------------------------- */

static int
compare_service(const void *x, const void *y)
{
	const ReplayClaim *a = x;
	const ReplayClaim *b = y;

	if (a->service != b->service)
		return a->service < b->service ? -1 : 1;
	return strcmp(a->setl_id, b->setl_id);
}

static bool
comes_after(const ReplayOptions *o, const ReplayClaim *c)
{
	if (o->everything)
		return true;
	if (o->after == NULL)
		return false;
	return o->by_service ? compare_service(c, o->after) > 0 : c->ord > o->after->ord;
}

/* What the basic layer paid the person in other years. */
static Fen
paid_in_other_years(ReplayPlan *plan)
{
	static const Oid types[] = {TEXTOID, TEXTOID, INT4OID};

	owner_exec(plan->st->nsp,
			   "SELECT coalesce(pg_catalog.sum(s.hifp_pay) OPERATOR(pg_catalog.*) 100, 0)::pg_catalog.int8"
			   " FROM @schema@.settlement s WHERE s.psn_no OPERATOR(pg_catalog.=) $1"
			   " AND s.insutype OPERATOR(pg_catalog.=) $2 AND s.year OPERATOR(pg_catalog.<>) $3",
			   3, types, plan->key, NULL, 1);
	return fund_int8(0, 1, NULL);
}

/* ---- the walk ---------------------------------------------------------------------------- */

/* Have both claims this field, and the same in it? */
static bool
same_field(const Claim *a, const Claim *b, ClaimField field)
{
	if (a->state[field] != FS_GIVEN || b->state[field] != FS_GIVEN)
		return false;
	if (claim_fields[field].kind != FK_TEXT)
		return a->v[field] == b->v[field];
	return a->len[field] == b->len[field] &&
		memcmp((char *) (intptr_t) a->v[field], (char *) (intptr_t) b->v[field], a->len[field]) == 0;
}

/* What the claim's own day, month, disease and life count of those before it. */
static void
look_back(ReplayPlan *plan, int i)
{
	ReplayClaim *c = &plan->claims[i];
	Policy	   *policy = c->policy->compiled->core;
	Visit	   *visits = palloc0_array(Visit, i + 1);
	Benefit		benefit;
	CoreError	err;

	for (int k = 0; k < i; k++)
	{
		const ReplayClaim *b = &plan->claims[k];
		int			clock = b->policy->compiled->core->version_date;

		visits[k].at = b->claim.state[clock] == FS_GIVEN ? b->claim.v[clock] : b->claim.v[CF_setl_time];
		visits[k].benefit = b->now.benefit;
		visits[k].same_year = true;
		if (b->claim.state[CF_dise_codg] == FS_GIVEN)
		{
			visits[k].dise = (const char *) (intptr_t) b->claim.v[CF_dise_codg];
			visits[k].dise_len = b->claim.len[CF_dise_codg];
		}
		visits[k].hifp = b->now.amount[SA_hifp_pay];
		visits[k].elig = b->now.layer[LAYER_BASIC].applied ? b->now.layer[LAYER_BASIC].elig : 0;
	}
	if (policy_reads(policy, CF_cum_life_hifp))
		visits[i].hifp = paid_in_other_years(plan);
	if (!history_fill(policy, &c->claim, visits, i + 1, &benefit, &err))
		claim_report(c->policy->compiled, &c->claim, CLAIM_IS_ROW, &err);
}

static const char *
group_name(const ReplayClaim *c)
{
	int			group = c->now.group;

	return group > 0 ? c->policy->compiled->core->groups[group - 1] : NULL;
}

/* The deductible that the claim's group, or its benefit, has paid this year. */
static void
sum_group(ReplayPlan *plan, int i)
{
	ReplayClaim *c = &plan->claims[i];
	DedcGroup	group;
	Fen			sum = 0;

	if (!settle_group(c->policy->compiled->core, &c->claim, &group))
		return;
	if (group.name != NULL && group.at_hospital && c->claim.state[CF_fixmedins_code] != FS_GIVEN)
	{
		c->claim.state[CF_cum_grp_dedc] = FS_NULL;
		return;
	}
	for (int k = 0; k < i; k++)
	{
		const ReplayClaim *b = &plan->claims[k];
		const char *name = group_name(b);

		if (group.name == NULL ? name != NULL || b->now.benefit != group.benefit :
			name == NULL || strcmp(name, group.name) != 0 ||
			(group.at_hospital && !same_field(&b->claim, &c->claim, CF_fixmedins_code)))
			continue;
		sum += b->now.amount[SA_act_pay_dedc];
	}
	field_set(&c->claim, CF_cum_grp_dedc, sum);
}

static void
set_opening(ReplayClaim *c, ReplayPlan *plan, int i, const int64 *cum)
{
	static const ClaimField counts[][2] = {
		{CF_cum_lv_cnt, CF_hosp_lv}, {CF_cum_hosp_cnt, CF_fixmedins_code}, {CF_cum_area_cnt, CF_area}
	};
	Claim	   *claim = &c->claim;

	memcpy(c->opn, cum, sizeof(c->opn));
	cum_keep(c->opn);
	for (int k = 0; k < CUM_COUNT; k++)
		field_set(claim, CF_CUM_FIRST + k, c->opn[k]);
	for (size_t n = 0; n < lengthof(counts); n++)
	{
		ClaimField	count = counts[n][0];

		for (int k = 0; k < i; k++)
		{
			const ReplayClaim *b = &plan->claims[k];

			if (settlement_is_stay(&b->now) && same_field(&b->claim, claim, counts[n][1]))
				claim->v[count]++;
		}
		c->opn[count - CF_CUM_FIRST] = claim->v[count];
		/* of an unknown level, hospital or place nobody knows how many there were */
		if (claim->state[counts[n][1]] != FS_GIVEN)
			claim->state[count] = FS_NULL;
	}
	if (policy_reads(c->policy->compiled->core, CF_cum_grp_dedc))
	{
		sum_group(plan, i);
		c->opn[CUM(grp_dedc)] = claim->v[CF_cum_grp_dedc];
	}
	if (!policy_reads_history(c->policy->compiled->core))
		return;
	look_back(plan, i);
	for (int f = CF_CUM_FIRST; f < CF_COUNT; f++)
	{
		if (cum_is_window(f))
			c->opn[f - CF_CUM_FIRST] = claim->v[f];
	}
}

static char *
quoted(const char *text)
{
	StringInfoData s;

	initStringInfo(&s);
	escape_json(&s, text);
	return s.data;
}

static void
append_over(ReplayClaim *c, const char *name, const char *json)
{
	if (c->over.data == NULL)
		initStringInfo(&c->over);
	appendStringInfo(&c->over, ", \"%s\": %s", name, json);
}

/* Put the columns that have another value into the claim, and into its new row. */
static void
apply_changes(ReplayClaim *c, Jsonb *changes)
{
	JsonbIterator *it = JsonbIteratorInit(&changes->root);
	JsonbValue	key;
	JsonbValue	value;

	(void) JsonbIteratorNext(&it, &key, true);
	while (JsonbIteratorNext(&it, &key, true) == WJB_KEY)
	{
		char	   *name = pnstrdup(key.val.string.val, key.val.string.len);
		int			field = claim_field_by_name(name, strlen(name));
		Jsonb	   *j;

		(void) JsonbIteratorNext(&it, &value, true);
		if (value.type == jbvNull)
			c->claim.state[field] = FS_NULL;
		else
			field_from_jsonb((ClaimField) field, &value, &c->claim);
		if (field == CF_psn_idet_type && c->claim.state[CF_psn_idet_types] == FS_GIVEN)
		{
			/* it was this one alone */
			c->claim.state[CF_psn_idet_types] = FS_NULL;
			append_over(c, "psn_idet_types", "null");
		}
		j = JsonbValueToJsonb(&value);
		append_over(c, name, JsonbToCString(NULL, &j->root, VARSIZE(j)));
		c->changed = true;
	}
}

/* What the stay transferred from takes now; its new row is named in place of the old. */
static void
relink_transfer(const ReplayPlan *plan, int i)
{
	ReplayClaim *c = &plan->claims[i];
	char	   *from = settlement_text(&c->row, c->row.rel->other[SC_trsf_setl_id]);

	for (int k = 0; from != NULL && k < i; k++)
	{
		const ReplayClaim *b = &plan->claims[k];

		if (strcmp(b->setl_id, from) != 0 || !b->changed)
			continue;
		field_set(&c->claim, CF_trsf_dedc, b->now.amount[SA_act_pay_dedc]);
		append_over(c, "trsf_setl_id", quoted(b->new_id));
		append_over(c, "trsf_dedc", "null");
		c->changed = true;
	}
}

static void
which_one(void *arg)
{
	errcontext("settling \"%s\" again", ((ReplayClaim *) arg)->setl_id);
}

static void
settle_again(ReplayPlan *plan, int i, const ReplayOptions *o, const int64 *cum)
{
	ReplayClaim *c = &plan->claims[i];
	const SettlementRel *rel = c->row.rel;

	c->again = true;
	if (o->changes != NULL && c->service >= o->changes_from)
		apply_changes(c, o->changes);
	if (c->claim.state[CF_psn_idet_types] == FS_GIVEN && c->policy->compiled->core->by_category)
		append_over(c, "psn_idet_type", "null");	/* chosen anew */
	relink_transfer(plan, i);
	if (o->in_force)
	{
		BenefitYear by;
		CoreError	err;

		if (!claim_year(c->policy->compiled->core, &c->claim, &by, NULL, &err))
			claim_report(c->policy->compiled, &c->claim, CLAIM_IS_ROW, &err);
		if (by.year != DatumGetInt32(plan->key[2]))
			ereport(ERROR,
					(errcode(ERRCODE_YB_DOES_NOT_FIT),
					 errmsg("by policy %s settlement \"%s\" is of benefit year %lld",
							c->policy->policy_id, c->setl_id, (long long) by.year),
					 errhint("Reverse it, and settle it again: a replay leaves each claim in its year.")));
	}
	if (policy_reads(c->policy->compiled->core, CF_cal_ipt_cnt))
	{
		/* the ordinal follows from what is carried, and the new row has it filled */
		c->claim.state[CF_cal_ipt_cnt] = FS_MISSING;
		append_over(c, "cal_ipt_cnt", "null");
	}
	set_opening(c, plan, i, cum);
	claim_settle(c->policy->compiled, &c->claim, rel->reader, &c->now, NULL);
	for (int k = 0; k < SA_COUNT; k++)
		c->changed = c->changed || settlement_fen(&c->row, rel->amount[k]) != c->now.amount[k];
	if (strcmp(settlement_text(&c->row, rel->other[SC_pool]),
			   c->policy->compiled->core->pools[c->now.pool]) != 0)
		c->changed = true;
}

/* Keys of ours: ~ and how often the claim has been corrected. */
static void
name_rows(ReplayClaim *c)
{
	char	   *tilde = strrchr(c->setl_id, '~');
	char	   *end = NULL;
	long		n = tilde == NULL ? 0 : strtol(tilde + 1, &end, 10);
	int			len = n > 0 && end != NULL && *end == '\0' ? (int) (tilde - c->setl_id) : (int) strlen(c->setl_id);

	n = len == (int) strlen(c->setl_id) ? 1 : n + 1;
	c->new_id = psprintf("%.*s~%ld", len, c->setl_id, n);
	c->reversal_id = psprintf("%sR", c->new_id);
}

/* Accumulators since the year began, or since a policy let them begin anew. */
#define MAX_GENERATIONS 12
typedef struct Generation
{
	int64		since;
	int64		cum[CUM_COUNT];
} Generation;

static int64 *
cum_of(Generation *g, int *n, int64 since)
{
	for (int i = 0; i < *n; i++)
	{
		if (g[i].since == since)
			return g[i].cum;
	}
	if (*n == MAX_GENERATIONS)
		ereport(ERROR,
				(errcode(ERRCODE_YB_ACCUMULATORS),
				 errmsg("accumulators begin anew more than %d times in a benefit year", MAX_GENERATIONS - 1),
				 errhint("A policy with \"on_policy_change\": \"restart\" is a change of benefits, not a correction; supersede what was faulty.")));
	memset(&g[*n], 0, sizeof(Generation));
	g[*n].since = since;
	return g[(*n)++].cum;
}

static const int64 *
newest(const Generation *g, int n)
{
	int			last = 0;

	for (int i = 1; i < n; i++)
	{
		if (g[i].since > g[last].since)
			last = i;
	}
	return g[last].cum;
}

static void
add_given(const ReplayClaim *c, int64 *cum)
{
	for (int k = 0; k < CUM_COUNT; k++)
	{
		if (!fen_add(cum[k], c->add[k], &cum[k]))
			ereport(ERROR,
					(errcode(ERRCODE_YB_ACCUMULATORS),
					 errmsg("%s goes beyond the largest amount", claim_fields[CF_CUM_FIRST + k].name),
					 errhint("Check the amounts of the person's settlements.")));
	}
}

void
replay_walk(ReplayPlan *plan, const ReplayOptions *o)
{
	Generation	generations[MAX_GENERATIONS];
	int			ngenerations = 0;
	int64	   *cum;
	ErrorContextCallback context = {.callback = which_one};

	if (o->by_service)
		qsort(plan->claims, plan->n, sizeof(ReplayClaim), compare_service);
	context.previous = error_context_stack;
	error_context_stack = &context;
	plan->nchanged = 0;
	plan->new_last_id = NULL;
	for (int i = 0; i < plan->n; i++)
	{
		ReplayClaim *c = &plan->claims[i];
		CoreError	err;

		context.arg = c;
		c->prev_id = plan->new_last_id;
		if (o->in_force && comes_after(o, c) && c->add == NULL)
			c->policy = settlement_policy(plan->st, &c->claim, false);
		cum = cum_of(generations, &ngenerations, settlement_generation(plan->st, &c->claim, c->policy));
		if (c->add != NULL)
		{
			/* its amounts were given: they stand, and so does what it adds */
			settlement_given_again(&c->row, c->policy->compiled->core, c->add, &c->now);
			for (int k = 0; k < CUM_COUNT; k++)
				field_set(&c->claim, CF_CUM_FIRST + k, cum[k]);
			add_given(c, cum);
			plan->new_last_id = c->setl_id;
			continue;
		}
		if (c->fresh && c->given != NULL)
		{
			set_opening(c, plan, i, cum);
			if (!settlement_given_settle(c->policy->compiled, &c->claim, c->given, &c->now, &err))
				claim_report(c->policy->compiled, &c->claim, CLAIM_IS_ROW, &err);
		}
		else if (c->fresh)
		{
			set_opening(c, plan, i, cum);
			claim_settle(c->policy->compiled, &c->claim, plan->st->rel->reader, &c->now, NULL);
		}
		else if (comes_after(o, c))
		{
			settle_again(plan, i, o, cum);
		}
		else
		{
			/* as it was settled, by its own opening accumulators; then on with those of the year */
			claim_settle(c->policy->compiled, &c->claim, c->row.rel->reader, &c->now, NULL);
			for (int k = 0; k < CUM_COUNT; k++)
				field_set(&c->claim, CF_CUM_FIRST + k, cum[k]);
		}
		if (!settle_advance(&c->claim, &c->now, cum, &err))
			claim_report(c->policy->compiled, &c->claim, CLAIM_IS_ROW, &err);
		if (c->changed)
		{
			plan->nchanged++;
			name_rows(c);
			c->paid = settlement_is_paid(plan->st, c->setl_id);
		}
		plan->new_last_id = c->changed ? c->new_id : c->setl_id;
	}
	error_context_stack = context.previous;
	memset(plan->cum, 0, sizeof(plan->cum));
	if (ngenerations > 0)
		memcpy(plan->cum, newest(generations, ngenerations), sizeof(plan->cum));
	cum_keep(plan->cum);
}

/* ---- posting ------------------------------------------------------------------------------ */

ReplayClaim *
replay_find(const ReplayPlan *plan, const char *setl_id, bool by_new_id)
{
	for (int i = 0; i < plan->n; i++)
	{
		ReplayClaim *c = &plan->claims[i];

		if (c->changed && strcmp(by_new_id ? c->new_id : c->setl_id, setl_id) == 0)
			return c;
	}
	elog(ERROR, "settlement \"%s\" is not of this replay", setl_id);
	return NULL;
}

void
replay_write_year(ReplayPlan *plan)
{
	static const Oid types[] = {TEXTOID, TEXTOID, INT4OID, INT8ARRAYOID, TEXTOID, INT4OID};
	Datum		values[6] = {plan->key[0], plan->key[1], plan->key[2]};

	values[3] = PointerGetDatum(cum_array(plan->cum));
	values[4] = plan->new_last_id == NULL ? (Datum) 0 : CStringGetTextDatum(plan->new_last_id);
	values[5] = Int32GetDatum(plan->setl_cnt);
	owner_exec(plan->st->nsp,
			   "UPDATE @schema@.person_year SET setl_cnt = $6, cum = $4, last_setl_id = $5"
			   " WHERE psn_no OPERATOR(pg_catalog.=) $1"
			   " AND insutype OPERATOR(pg_catalog.=) $2"
			   " AND year OPERATOR(pg_catalog.=) $3",
			   6, types, values, plan->new_last_id == NULL ? "    n " : NULL, 0);
	if (SPI_processed != 1)
		elog(ERROR, "person-year was not brought up to date");
}

/* The columns that a claim brings, quoted, each after a comma; of r if so. */
static char *
input_columns(const SettlementRel *rel, const char *of)
{
	static const SettlementColumn others[] = {SC_mdtrt_id, SC_clr_optins, SC_trsf_setl_id};
	static const char *const names[] = {"mdtrt_id", "clr_optins", "trsf_setl_id"};
	StringInfoData s;

	initStringInfo(&s);
	for (int f = 0; f < CF_CUM_FIRST; f++)
	{
		if (rel->field[f] != 0 && f != CF_year)
			appendStringInfo(&s, ", %s%s", of, quote_identifier(claim_fields[f].name));
	}
	for (size_t i = 0; i < lengthof(others); i++)
	{
		if (rel->other[others[i]] != 0)
			appendStringInfo(&s, ", %s%s", of, names[i]);
	}
	return s.data;
}

static Datum
text_datums(Datum *elems, int n)
{
	return PointerGetDatum(construct_array(elems, n, TEXTOID, -1, false, TYPALIGN_INT));
}

static void
insert_rows(ReplayPlan *plan)
{
	Oid			types[3] = {TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID};
	Datum		values[3];
	const SettlementRel *rel = plan->claims[0].row.rel;
	char	   *table = quote_qualified_identifier(plan->st->schema, "settlement");
	Datum	   *ids = palloc_array(Datum, 2 * plan->nchanged);
	Datum	   *kinds = palloc_array(Datum, 2 * plan->nchanged);
	Datum	   *overs = palloc_array(Datum, 2 * plan->nchanged);
	char	   *at = claim_moment_text(plan->at);
	int			n = 0;

	/* reversals first, the last one first: the journal is of the correction's day */
	for (int i = plan->n - 1; i >= 0; i--)
	{
		ReplayClaim *c = &plan->claims[i];

		if (!c->changed)
			continue;
		ids[n] = CStringGetTextDatum(c->setl_id);
		kinds[n] = CStringGetTextDatum("r");
		overs[n++] = CStringGetTextDatum(psprintf("{\"setl_id\": %s, \"setl_time\": \"%s\"}", quoted(c->reversal_id), at));
	}
	for (int i = 0; i < plan->n; i++)
	{
		ReplayClaim *c = &plan->claims[i];

		if (!c->changed)
			continue;
		ids[n] = CStringGetTextDatum(c->setl_id);
		kinds[n] = CStringGetTextDatum("s");
		overs[n++] = CStringGetTextDatum(psprintf("{\"setl_id\": %s%s}", quoted(c->new_id), c->over.data == NULL ? "" : c->over.data));
	}
	values[0] = text_datums(ids, n);
	values[1] = text_datums(kinds, n);
	values[2] = text_datums(overs, n);
	if (SPI_execute_with_args(psprintf("INSERT INTO %s (init_setl_id%s)"
									   " SELECT CASE u.kind WHEN 'r' THEN u.id END%s"
									   " FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3))"
									   " WITH ORDINALITY AS u(id, kind, over, n)"
									   " JOIN %s o ON o.setl_id OPERATOR(pg_catalog.=) u.id,"
									   " LATERAL pg_catalog.jsonb_populate_record(CASE u.kind WHEN 'r' THEN NULL::%s ELSE o END, u.over::pg_catalog.jsonb) r"
									   " ORDER BY u.n",
									   table, input_columns(rel, ""), input_columns(rel, "r."), table, table),
							  3, types, values, NULL, false, 0) != SPI_OK_INSERT)
		elog(ERROR, "could not insert the rows of a replay");
	if (SPI_processed != (uint64) n)
		ereport(ERROR,
				(errcode(ERRCODE_YB_KEY_REUSED),
				 errmsg("a settlement with a key that a correction needs is there already"),
				 errdetail("A correction of S is S~1 with the reversal S~1R, the next S~2."),
				 errhint("Use no keys that end in ~ and a number.")));
}

void
replay_post(ReplayPlan *plan)
{
	ReplayPlan *outer = replay_in_progress;

	if (plan->nchanged > 0)
	{
		replay_in_progress = plan;
		PG_TRY();
		{
			insert_rows(plan);
		}
		PG_FINALLY();
		{
			replay_in_progress = outer;
		}
		PG_END_TRY();
	}
	replay_write_year(plan);
}
