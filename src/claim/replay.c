/*
 * replay.c
 *	  A person's year settled again, in order, as a window function.
 *
 * A partition is one person-year, its order (setl_time, setl_id in bytes).  The
 * accumulators are carried from row to row; the first row may bring opening
 * ones.  What else the window says (another order, a mixed partition, ties) is
 * an error, because each would pay wrongly without a word.
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "windowapi.h"

#include "claim/claim.h"
#include "claim/convert.h"
#include "compat.h"
#include "core/year.h"
#include "core/history.h"
#include "errcodes.h"

/* Stays of the year by level, by place, and by hospital. */
typedef struct StayCount
{
	ClaimField	field;			/* CF_hosp_lv, CF_area or CF_fixmedins_code */
	int64		code;			/* CF_hosp_lv, CF_area */
	char	   *text;			/* CF_fixmedins_code */
	int			len;
	int64		n;
} StayCount;

/* Deductibles of the year by group (at a hospital); those of no group by benefit. */
typedef struct GroupSum
{
	char	   *name;			/* NULL: none */
	Benefit		benefit;
	char	   *hospital;		/* NULL: any */
	int			len;
	Fen			dedc;
} GroupSum;

typedef struct ReplayState
{
	PolicyArg  *policy;
	ClaimArg   *claim;
	SettlementWriter *writer;

	bool		has_order;		/* the window: no two rows of it were peers */

	/* of the partition; its first row finds the window's memory zeroed */
	MemoryContext cxt;			/* reset with each partition */
	char	   *psn_no;
	int			psn_no_len;
	int64		year;
	int64		setl_time;
	StringInfoData setl_id;
	int64		cum[CUM_COUNT];
	bool		opened;			/* the first row was not the first of its year */
	int64		policy_from;	/* valid_from of the last row's policy */
	int64		since;			/* of the one with which accumulators began anew */
	StayCount  *stays;
	int			nstays;
	int			maxstays;

	/* where the policy has caps of days, months, diseases ... */
	Visit	   *visits;
	int			nvisits;
	int			maxvisits;
	Visit		first;			/* the first row, for what it brought of its own */
	int64		brought[CUM_COUNT];
	List	   *groups;			/* GroupSum * */
	GroupSum   *group;			/* of the current row, NULL: none is counted */
} ReplayState;

static void window_error(const char *message, const char *detail,
						 const char *hint) pg_attribute_noreturn();

static void
window_error(const char *message, const char *detail, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_REPLAY_WINDOW),
			 errmsg_internal("%s", message),
			 detail != NULL ? errdetail_internal("%s", detail) : 0,
			 errhint("%s", _(hint))));
}

#define WINDOW_HINT gettext_noop("Write replay(policy, c) OVER (PARTITION BY c.psn_no, c.year ORDER BY c.setl_time, c.setl_id COLLATE \"C\").")

static void
need(const Claim *claim, ClaimField field)
{
	if (claim->state[field] == FS_GIVEN)
		return;
	ereport(ERROR,
			(errcode(claim->state[field] == FS_NULL ?
					 ERRCODE_YB_FIELD_NULL : ERRCODE_YB_FIELD_MISSING),
			 claim->state[field] == FS_NULL ?
			 errmsg("%s is NULL, and replay needs it", claim_fields[field].name) :
			 errmsg("%s is not given, and replay needs it", claim_fields[field].name),
			 errhint("Replay reads psn_no, setl_time, setl_id and, where the benefit year is not the calendar year, year from each row.")));
}

static const char *
text_of(const Claim *claim, ClaimField field)
{
	return (const char *) (intptr_t) claim->v[field];
}

/*
 * The benefit year by the policy's rule; where it states none, as given, or the
 * calendar year of the date that chooses the policy.
 */
static int64
benefit_year(const CompiledPolicy *cp, const Claim *claim, const ClaimReader *reader)
{
	const Policy *p = cp->core;
	BenefitYear by;
	CoreError	err;

	if (claim->state[CF_year] == FS_NULL)
		need(claim, CF_year);
	if (claim->state[CF_year] == FS_GIVEN &&
		(!p->year.stated || claim->state[year_decided_by(p, claim)] != FS_GIVEN))
		return claim->v[CF_year];
	if (!claim_year(p, claim, &by, NULL, &err))
		claim_report(cp, claim, reader != NULL ? CLAIM_IS_ROW : CLAIM_IS_JSONB, &err);
	if (claim->state[CF_year] == FS_GIVEN && claim->v[CF_year] != by.year)
		ereport(ERROR,
				(errcode(ERRCODE_YB_RESULT_GIVEN),
				 errmsg("year is given as %lld, by the policy's rule the claim is of %lld",
						(long long) claim->v[CF_year], (long long) by.year),
				 errdetail("%s decides (%s).", claim_fields[year_decided_by(p, claim)].name,
						   p->info[p->year.info].path),
				 errhint("Leave year out, or find out which date is wrong."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, "year")));
	return by.year;
}

static bool
any_accumulator_given(const Claim *claim)
{
	for (int f = CF_CUM_FIRST; f < CF_COUNT; f++)
	{
		if (f != CF_cum_setl_cnt && f != CF_cum_ipt_cnt && claim->state[f] == FS_GIVEN)
			return true;
	}
	return false;
}

/* ---- the first row, and those after it -------------------------------------------- */

static void
open_partition(ReplayState *state, Claim *claim, int64 year)
{
	bool		later = false;

	MemoryContextReset(state->cxt);
	state->stays = NULL;
	state->nstays = state->maxstays = 0;
	state->visits = NULL;
	state->nvisits = state->maxvisits = 0;
	state->groups = NIL;
	state->psn_no_len = claim->len[CF_psn_no];
	state->psn_no = MemoryContextAlloc(state->cxt, state->psn_no_len);
	memcpy(state->psn_no, text_of(claim, CF_psn_no), state->psn_no_len);
	state->year = year;

	for (int f = CF_CUM_FIRST; f < CF_COUNT; f++)
	{
		if (claim->state[f] == FS_NULL)
			need(claim, (ClaimField) f);
	}
	if (claim->state[CF_cum_setl_cnt] == FS_GIVEN && claim->v[CF_cum_setl_cnt] > 0)
		later = true;
	if (claim->state[CF_cum_ipt_cnt] == FS_GIVEN && claim->v[CF_cum_ipt_cnt] > 0)
		later = true;
	if (claim->state[CF_cal_ipt_cnt] == FS_GIVEN && claim->v[CF_cal_ipt_cnt] > 1)
		later = true;
	state->opened = later;

	/* as in a stored settlement: the ordinal follows from what is carried */
	if (claim->state[CF_cal_ipt_cnt] == FS_NULL)
		claim->state[CF_cal_ipt_cnt] = FS_MISSING;
	if (later && !any_accumulator_given(claim))
		window_error(_("replay begins in the middle of a person-year, without opening accumulators"),
					 psprintf(_("The first row of person %.*s in %lld, setl_id %.*s, says that others came before it."),
							  state->psn_no_len, state->psn_no, (long long) year,
							  (int) claim->len[CF_setl_id], text_of(claim, CF_setl_id)),
					 gettext_noop("A WHERE clause may have removed the claims before it: filter outside of the query with replay; or give opn_cum."));
}

/*
 * follow() sees whether the rows come in their order; here, whether that is by
 * chance: of a window without an order, and of one in which rows of one time tie.
 */
static void
check_order(ReplayState *state, WindowObject winobj, int64 position, const Claim *claim)
{
	if (state->has_order && claim->v[CF_setl_time] != state->setl_time)
		return;
	if (WinRowsArePeers(winobj, position - 1, position))
		window_error(_("replay's window has no order, or one with ties"), NULL,
					 WINDOW_HINT);
	state->has_order = true;
}

/* A policy that takes over within the year may let the accumulators begin anew. */
static void
begin_anew(ReplayState *state, const Policy *policy)
{
	if (policy->valid_from < state->since)
		window_error(_("replay came back to a policy after one with which accumulators began anew"), NULL,
					 gettext_noop("Order the rows by the date that chooses the policy, or replay each part of the year by itself."));
	if (!policy->year.restart || policy->valid_from <= state->policy_from)
		return;
	memset(state->cum, 0, sizeof(state->cum));
	state->since = policy->valid_from;
}

static void
follow(ReplayState *state, Claim *claim, int64 year)
{
	int			cmp;
	int			len = claim->len[CF_setl_id];

	if (claim->len[CF_psn_no] != state->psn_no_len ||
		memcmp(text_of(claim, CF_psn_no), state->psn_no, state->psn_no_len) != 0)
		window_error(_("replay found two persons in one partition"),
					 psprintf(_("%.*s and %.*s."), state->psn_no_len, state->psn_no,
							  (int) claim->len[CF_psn_no], text_of(claim, CF_psn_no)),
					 WINDOW_HINT);
	if (year != state->year)
		window_error(_("replay found two benefit years in one partition"),
					 psprintf(_("%lld and %lld."), (long long) state->year, (long long) year),
					 WINDOW_HINT);

	cmp = memcmp(state->setl_id.data, text_of(claim, CF_setl_id),
				 Min(state->setl_id.len, len));
	if (cmp == 0)
		cmp = state->setl_id.len < len ? -1 : state->setl_id.len > len;
	if (state->setl_time > claim->v[CF_setl_time] ||
		(state->setl_time == claim->v[CF_setl_time] && cmp >= 0))
		window_error(_("replay needs its rows in the order of (setl_time, setl_id)"),
					 psprintf(_("setl_id %.*s does not come after %s."), len,
							  text_of(claim, CF_setl_id), state->setl_id.data),
					 WINDOW_HINT);

	memcpy(&claim->v[CF_CUM_FIRST], state->cum, sizeof(state->cum));
	memset(&claim->state[CF_CUM_FIRST], FS_GIVEN, CUM_COUNT);

	/* the ordinal of a stay follows from what is carried */
	claim->state[CF_cal_ipt_cnt] = FS_MISSING;
}

/* ---- stays by level, by place and by hospital --------------------------------------- */

#define NCOUNTS 3

static const ClaimField counts[NCOUNTS][2] = {
	{CF_cum_lv_cnt, CF_hosp_lv}, {CF_cum_area_cnt, CF_area},
	{CF_cum_hosp_cnt, CF_fixmedins_code}
};

static StayCount *
stay_count(ReplayState *state, const Claim *claim, ClaimField field, bool make)
{
	StayCount  *count;

	if (claim->state[field] != FS_GIVEN)
		return NULL;
	for (int i = 0; i < state->nstays; i++)
	{
		count = &state->stays[i];
		if (count->field != field)
			continue;
		if (field != CF_fixmedins_code ? count->code == claim->v[field] :
			(count->len == claim->len[field] &&
			 memcmp(count->text, text_of(claim, field), count->len) == 0))
			return count;
	}
	if (!make)
		return NULL;
	if (state->nstays == state->maxstays)
	{
		StayCount  *more;

		state->maxstays = Max(8, 2 * state->maxstays);
		more = MemoryContextAlloc(state->cxt, state->maxstays * sizeof(StayCount));
		if (state->nstays > 0)
			memcpy(more, state->stays, state->nstays * sizeof(StayCount));
		state->stays = more;
	}
	count = &state->stays[state->nstays++];
	count->field = field;
	count->n = 0;
	if (field != CF_fixmedins_code)
		count->code = claim->v[field];
	else
	{
		count->len = claim->len[field];
		count->text = MemoryContextAlloc(state->cxt, count->len);
		memcpy(count->text, text_of(claim, field), count->len);
	}
	return count;
}

/*
 * The counts that hang on the row's own hospital.  After a year opened in
 * its middle they are known for no other hospital than that of the first row.
 */
static void
put_stay_counts(ReplayState *state, const Policy *policy, Claim *claim, bool first)
{
	for (int i = 0; i < NCOUNTS; i++)
	{
		ClaimField	field = counts[i][0];
		StayCount  *count;

		if (!policy_reads(policy, field))
			continue;
		if (first)
		{
			count = stay_count(state, claim, counts[i][1], true);
			if (claim->state[field] == FS_GIVEN)
			{
				if (count != NULL)
					count->n = claim->v[field];
			}
			else if (!state->opened)
				field_set(claim, field, 0);
			continue;
		}
		need(claim, counts[i][1]);
		count = stay_count(state, claim, counts[i][1], false);
		if (count == NULL && state->opened)
			ereport(ERROR,
					(errcode(ERRCODE_YB_ACCUMULATORS),
					 errmsg("%s is not known for a year that replay entered in its middle",
							claim_fields[field].name),
					 errhint("Replay the person-year from its first settlement.")));
		field_set(claim, field, count == NULL ? 0 : count->n);
	}
}

static void
count_stay(ReplayState *state, const Claim *claim)
{
	for (int i = 0; i < NCOUNTS; i++)
	{
		StayCount  *count = stay_count(state, claim, counts[i][1], true);

		if (count != NULL)
			count->n++;
	}
}

/* ---- days, months, diseases --------------------------------------------------------- */

/*
 * Is the accumulator of this claim the one that the first row brought?  Of a
 * year opened in its middle only that is known of what was before.
 */
static bool
brought_for(const ReplayState *state, const Policy *policy, const Claim *claim, int field,
			Benefit benefit, const BenefitYear *year)
{
	int			clock = policy->version_date;
	Per			per;

	if (field == CF_cum_life_hifp)
		return true;
	if (field == CF_cum_dise_hifp || field == CF_cum_dise_elig)
		return claim->state[CF_dise_codg] == FS_GIVEN && state->first.dise != NULL &&
			disease_same(policy, text_of(claim, CF_dise_codg), claim->len[CF_dise_codg],
						 state->first.dise, state->first.dise_len);
	per = window_per(field);
	if (claim->state[clock] != FS_GIVEN ||
		period_of(per, claim->v[clock], year) != period_of(per, state->first.at, year))
		return false;
	return !window_of_benefit(field) || benefit == state->first.benefit;
}

/* Nothing can have been before in a period that began after the first row. */
static bool
begun_since(const ReplayState *state, const Policy *policy, const Claim *claim, int field,
			const BenefitYear *year)
{
	int			clock = policy->version_date;

	if (field == CF_cum_dise_hifp || field == CF_cum_dise_elig ||
		claim->state[clock] != FS_GIVEN)
		return false;
	return period_of(window_per(field), claim->v[clock], year) >
		period_of(window_per(field), state->first.at, year);
}

/* What was paid in the claim's day, month, quarter, for its disease, in its life. */
static void
put_windows(ReplayState *state, const CompiledPolicy *cp, Claim *claim, bool first)
{
	Policy	   *policy = cp->core;
	CoreError	err;
	Benefit		benefit;
	BenefitYear year = {0};

	if (first)
	{
		/* as it brought them; none are zero, as the year's others are */
		for (int i = 0; i < CUM_COUNT; i++)
		{
			int			field = CF_CUM_FIRST + i;

			state->brought[i] = cum_is_window(field) && claim->state[field] == FS_GIVEN ?
				claim->v[field] : 0;
		}
		return;
	}
	if (!history_fill(policy, claim, state->visits, state->nvisits, &benefit, &err) ||
		(claim->state[policy->version_date] == FS_GIVEN &&
		 !window_year(policy, claim, &year, &err)))
		claim_report(cp, claim, claim_arg_reader(state->claim) != NULL ?
					 CLAIM_IS_ROW : CLAIM_IS_JSONB, &err);
	for (int i = 0; i < CUM_COUNT; i++)
	{
		int			field = CF_CUM_FIRST + i;

		if (!cum_is_window(field) || !policy_reads(policy, field))
			continue;
		if (brought_for(state, policy, claim, field, benefit, &year))
			claim->v[field] += state->brought[i];
		else if (state->opened && !begun_since(state, policy, claim, field, &year))
			ereport(ERROR,
					(errcode(ERRCODE_YB_ACCUMULATORS),
					 errmsg("%s is not known for a year that replay entered in its middle",
							claim_fields[field].name),
					 errhint("Replay the person-year from its first settlement.")));
	}
}

static void
add_visit(ReplayState *state, const Policy *policy, const Claim *claim, const Settlement *s)
{
	int			clock = policy->version_date;
	Visit	   *visit;

	if (state->nvisits == state->maxvisits)
	{
		Visit	   *more;

		state->maxvisits = Max(16, 2 * state->maxvisits);
		more = MemoryContextAlloc(state->cxt, state->maxvisits * sizeof(Visit));
		if (state->nvisits > 0)
			memcpy(more, state->visits, state->nvisits * sizeof(Visit));
		state->visits = more;
	}
	visit = &state->visits[state->nvisits++];
	memset(visit, 0, sizeof(Visit));
	visit->at = claim->state[clock] == FS_GIVEN ? claim->v[clock] : claim->v[CF_setl_time];
	visit->benefit = s->benefit;
	visit->same_year = true;
	visit->hifp = s->layer[LAYER_BASIC].pay;
	visit->elig = s->layer[LAYER_BASIC].applied ? s->layer[LAYER_BASIC].elig : 0;
	if (claim->state[CF_dise_codg] == FS_GIVEN && policy_reads(policy, CF_dise_codg))
	{
		char	   *dise = MemoryContextAlloc(state->cxt, claim->len[CF_dise_codg]);

		memcpy(dise, text_of(claim, CF_dise_codg), claim->len[CF_dise_codg]);
		visit->dise = dise;
		visit->dise_len = claim->len[CF_dise_codg];
	}
	if (state->nvisits == 1)
		state->first = *visit;
}

/* ---- deductibles by group --------------------------------------------------------------- */

static bool
same_group(const GroupSum *sum, const DedcGroup *g, const char *hospital, int len)
{
	if (sum->name == NULL || g->name == NULL)
		return sum->name == NULL && g->name == NULL && sum->benefit == g->benefit;
	if (strcmp(sum->name, g->name) != 0 || (sum->hospital != NULL) != g->at_hospital)
		return false;
	return !g->at_hospital || (sum->len == len && memcmp(sum->hospital, hospital, len) == 0);
}

/* What the group of the row has taken before it; its sum is kept for after. */
static void
put_group(ReplayState *state, Policy *policy, Claim *claim, bool first)
{
	MemoryContext old;
	DedcGroup	g;
	GroupSum   *sum = NULL;
	ListCell   *lc;

	state->group = NULL;
	if (!policy_reads(policy, CF_cum_grp_dedc) || !settle_group(policy, claim, &g))
		return;
	if (g.name == NULL)
		g.at_hospital = false;
	if (g.at_hospital)
		need(claim, CF_fixmedins_code);
	foreach(lc, state->groups)
	{
		if (same_group(lfirst(lc), &g, text_of(claim, CF_fixmedins_code),
					   claim->len[CF_fixmedins_code]))
			sum = lfirst(lc);
	}
	if (sum == NULL)
	{
		if (!first && state->opened)
			ereport(ERROR,
					(errcode(ERRCODE_YB_ACCUMULATORS),
					 errmsg("%s is not known for a year that replay entered in its middle",
							claim_fields[CF_cum_grp_dedc].name),
					 errhint("Replay the person-year from its first settlement.")));
		old = MemoryContextSwitchTo(state->cxt);
		sum = palloc0_object(GroupSum);
		sum->benefit = g.benefit;
		if (g.name != NULL)
			sum->name = pstrdup(g.name);
		if (g.at_hospital)
		{
			sum->len = claim->len[CF_fixmedins_code];
			sum->hospital = pnstrdup(text_of(claim, CF_fixmedins_code), sum->len);
		}
		if (claim->state[CF_cum_grp_dedc] == FS_GIVEN && first)
			sum->dedc = claim->v[CF_cum_grp_dedc];
		state->groups = lappend(state->groups, sum);
		MemoryContextSwitchTo(old);
	}
	field_set(claim, CF_cum_grp_dedc, sum->dedc);
	state->group = sum;
}

/* ---- the function --------------------------------------------------------------------- */

PG_FUNCTION_INFO_V1(yibao_replay);
Datum
yibao_replay(PG_FUNCTION_ARGS)
{
	WindowObject winobj = PG_WINDOW_OBJECT();
	ReplayState *state = fcinfo->flinfo->fn_extra;
	bool	   *follows;
	int64		position;
	CompiledPolicy *cp;
	FieldMask	want;
	Claim		claim;
	Settlement	s;
	Datum		policy;
	Datum		row;
	bool		isnull;
	int64		year;
	bool		windows;

	if (!WindowObjectIsValid(winobj))
		elog(ERROR, "replay was not called as a window function");
	if (state == NULL)
	{
		yibao_check_version();
		state = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(ReplayState));
		state->policy = policy_arg_create(fcinfo->flinfo, 0);
		state->claim = claim_arg_create(fcinfo->flinfo, 1);
		state->writer = settlement_writer_create(fcinfo);
		state->cxt = AllocSetContextCreate(fcinfo->flinfo->fn_mcxt,
										   "yibao replay", ALLOCSET_SMALL_SIZES);
		{
			MemoryContext old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);

			initStringInfo(&state->setl_id);
			MemoryContextSwitchTo(old);
		}
		fcinfo->flinfo->fn_extra = state;
	}

	follows = WinGetPartitionLocalMemory(winobj, sizeof(bool));
	position = WinGetCurrentPosition(winobj);

	/* Rows further back are not needed again, and the partition is not kept. */
	WinSetMarkPosition(winobj, Max(position - 1, 0));

	policy = WinGetFuncArgCurrent(winobj, 0, &isnull);
	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_YB_NO_POLICY),
				 errmsg("the policy is NULL"),
				 errhint("Check that one is in force on the claim's date.")));
	cp = policy_arg_get(state->policy, policy);

	claim_fields_of(cp->core, &want);
	field_want(&want, CF_psn_no);
	field_want(&want, CF_year);
	field_want(&want, CF_setl_time);
	field_want(&want, CF_setl_id);
	field_want(&want, CF_cal_ipt_cnt);
	field_want(&want, cp->core->version_date);
	for (int i = 0; i < NCOUNTS; i++)
	{
		if (policy_reads(cp->core, counts[i][0]))
			field_want(&want, counts[i][1]);
	}
	row = WinGetFuncArgCurrent(winobj, 1, &isnull);
	claim_arg_read(state->claim, row, isnull, &want, &claim);

	need(&claim, CF_psn_no);
	need(&claim, CF_setl_time);
	need(&claim, CF_setl_id);
	year = benefit_year(cp, &claim, claim_arg_reader(state->claim));
	if (policy_reads(cp->core, CF_year))
		field_set(&claim, CF_year, year);

	if (*follows)
	{
		check_order(state, winobj, position, &claim);
		begin_anew(state, cp->core);
		follow(state, &claim, year);
	}
	else
	{
		open_partition(state, &claim, year);
		state->since = PG_INT64_MIN;
	}
	state->policy_from = cp->core->valid_from;
	put_stay_counts(state, cp->core, &claim, !*follows);
	windows = policy_reads_history(cp->core);
	if (windows)
		put_windows(state, cp, &claim, !*follows);
	put_group(state, cp->core, &claim, !*follows);

	claim_settle(cp, &claim, claim_arg_reader(state->claim), &s, state->cum);
	if (state->group != NULL)
		state->group->dedc += s.layer[LAYER_BASIC].dedc;
	if (settlement_is_stay(&s))
		count_stay(state, &claim);
	if (windows)
		add_visit(state, cp->core, &claim, &s);

	state->setl_time = claim.v[CF_setl_time];
	resetStringInfo(&state->setl_id);
	appendBinaryStringInfo(&state->setl_id, text_of(&claim, CF_setl_id),
						   claim.len[CF_setl_id]);
	*follows = true;

	PG_RETURN_DATUM(settlement_write(state->writer, cp->core, &s, state->cum));
}
