/*
 * settlement_reverse.c
 *	  A row that names another in init_setl_id undoes it (退费).
 *
 * It carries no amounts: they are the original's, negated.  It stands in its
 * original's clearing month; once that is paid, in its own, where what was paid
 * is recovered.  Later ones of the person-year were settled with its
 * accumulators: by the policy they forbid the reversal, stay as they are, or are
 * settled again once the row is there (settlement_late.c).  A settlement is
 * reversed once, and a reversal never.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "claim/amount.h"
#include "compat.h"
#include "errcodes.h"
#include "fund/fund.h"
#include "trigger/settlement_replay.h"

static void
copy_column(SettlementRow *row, AttrNumber att, const SettlementRow *original)
{
	const char *name;
	int			from;

	if (att == 0)
		return;
	name = NameStr(TupleDescAttr(row->desc, att - 1)->attname);
	from = SPI_fnumber(original->desc, name);
	if (from <= 0)
		elog(ERROR, "settlement has no column \"%s\"", name);
	settlement_fill(row, att, original->values[from - 1], original->nulls[from - 1]);
}

static Datum
negated(const SettlementRow *original, AttrNumber att)
{
	return amount_to_numeric(-settlement_fen(original, att));
}

/* The row to undo, copied into cxt. */
static void
read_original(SettlementStatement *st, const char *setl_id, SettlementRow *original,
			  MemoryContext cxt)
{
	HeapTuple	tuple;

	if (!settlement_read(st->nsp, setl_id, original, cxt, &tuple))
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("there is no settlement \"%s\" to reverse", setl_id),
				 errhint("init_setl_id names the setl_id of a settlement of this pool area."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, "init_setl_id")));
}

static void
refuse_twice(const char *setl_id)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_REVERSED),
			 errmsg("settlement \"%s\" is reversed already", setl_id),
			 errhint("One reversal undoes the whole; settle again under a new setl_id."),
			 err_generic_string(PG_DIAG_COLUMN_NAME, "init_setl_id")));
}

static void
refuse_not_last(const char *setl_id, const char *last, bool stated)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_NOT_LAST),
			 errmsg("settlement \"%s\" is not the last one of its person-year", setl_id),
			 errdetail("Later ones were settled with its accumulators; the last one is \"%s\".",
					   last ? last : ""),
			 stated ?
			 errhint("Reverse the later settlements first, the last one first.") :
			 errhint("Reverse the later settlements first, the last one first; or publish a policy that says what becomes of them (corrections.reversal)."),
			 err_generic_string(PG_DIAG_COLUMN_NAME, "init_setl_id")));
}

/*
 * Lock the person-year, see that the original may be reversed, and count the
 * accumulators again without it.  *opn: before; *number: of the reversal.
 */
static void
year_back(SettlementStatement *st, const char *setl_id, const SettlementRow *original,
		  int64 opn[CUM_COUNT], int32 *number)
{
	const SettlementRel *rel = original->rel;
	Oid			types[] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(setl_id)};
	ReplayOptions options = {0};
	ReplayPlan	plan;
	ReversalRule rule;
	int			at = -1;

	if (!replay_load(&plan, st, original->values[rel->field[CF_psn_no] - 1],
					 original->values[rel->field[CF_insutype] - 1],
					 DatumGetInt32(original->values[rel->other[SC_year] - 1]), true))
		elog(ERROR, "settlement \"%s\" has no person-year", setl_id);
	for (int i = 0; i < plan.n; i++)
	{
		if (strcmp(plan.claims[i].setl_id, setl_id) == 0)
			at = i;
	}
	if (at < 0)
	{
		owner_exec(st->nsp,
				   "SELECT 1 FROM @schema@.settlement"
				   " WHERE init_setl_id OPERATOR(pg_catalog.=) $1",
				   1, types, values, NULL, 1);
		if (SPI_processed > 0)
			refuse_twice(setl_id);
		elog(ERROR, "settlement \"%s\" is not of its person-year", setl_id);
	}
	rule = plan.claims[at].policy->compiled->reversal;
	if ((rule == REVERSAL_UNSTATED || rule == REVERSAL_LAST_ONLY) &&
		(plan.last_id == NULL || strcmp(plan.last_id, setl_id) != 0))
		refuse_not_last(setl_id, plan.last_id, rule == REVERSAL_LAST_ONLY);
	if (rule == REVERSAL_REPLAY && plan.n > 1)
		st->follow_up = true;

	options.by_service = plan.claims[at].policy->compiled->late_manual == LATE_MANUAL_SERVICE_DATE;
	memmove(&plan.claims[at], &plan.claims[at + 1], sizeof(ReplayClaim) * (plan.n - at - 1));
	plan.n--;
	replay_walk(&plan, &options);
	memcpy(opn, plan.opening, sizeof(plan.opening));
	*number = ++plan.setl_cnt;
	replay_write_year(&plan);
}

bool
settlement_is_paid(SettlementStatement *st, const char *setl_id)
{
	Oid			types[] = {TEXTOID};
	Datum		values[] = {CStringGetTextDatum(setl_id)};

	owner_exec(st->nsp,
			   "SELECT 1 FROM @schema@.item_paid WHERE setl_id OPERATOR(pg_catalog.=) $1",
			   1, types, values, NULL, 1);
	return SPI_processed > 0;
}

/*
 * Fill the reversal row.  Called in the row's memory context, between
 * owner_enter() and owner_leave().
 */
void
settlement_reverse(SettlementStatement *st, SettlementRow *row)
{
	const SettlementRel *rel = st->rel;
	MemoryContext cxt = CurrentMemoryContext;
	char	   *setl_id = settlement_text(row, rel->other[SC_init_setl_id]);
	SettlementRow original;
	int64		opn[CUM_COUNT];
	int32		number;
	bool		paid;

	read_original(st, setl_id, &original, cxt);
	if (!original.nulls[original.rel->other[SC_init_setl_id] - 1])
		ereport(ERROR,
				(errcode(ERRCODE_YB_REVERSED),
				 errmsg("settlement \"%s\" is itself a reversal, of \"%s\"", setl_id,
						settlement_text(&original, original.rel->other[SC_init_setl_id])),
				 errhint("A reversal is not reversed: settle again under a new setl_id."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, "init_setl_id")));
	if (replay_in_progress == NULL && !row->nulls[rel->field[CF_setl_time] - 1] &&
		DatumGetTimestamp(row->values[rel->field[CF_setl_time] - 1]) <
		DatumGetTimestamp(original.values[original.rel->field[CF_setl_time] - 1]))
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("settlement \"%s\" would be reversed before its setl_time", setl_id),
				 errhint("setl_time of a reversal is the time when it is reversed."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, "setl_time")));
	if (replay_in_progress != NULL)
	{
		memcpy(opn, replay_in_progress->opening, sizeof(opn));
		number = ++replay_in_progress->setl_cnt;
	}
	else
		year_back(st, setl_id, &original, opn, &number);
	paid = settlement_is_paid(st, setl_id);
	MemoryContextSwitchTo(cxt);

	for (int i = 0; i < CF_CUM_FIRST; i++)
	{
		if (i == CF_setl_id || i == CF_setl_time || rel->field[i] == 0)
			continue;
		if (claim_fields[i].kind != FK_AMOUNT)
		{
			/* what a column's default gives says nothing */
			if (i == CF_mid_setl_flag || i == CF_pre_days)
				row->nulls[rel->field[i] - 1] = true;
			copy_column(row, rel->field[i], &original);
			continue;
		}
		/* 0 is what a column's default gives: no amount */
		if (settlement_fen(row, rel->field[i]) == 0)
			row->nulls[rel->field[i] - 1] = true;
		if (original.nulls[original.rel->field[i] - 1])
			settlement_fill(row, rel->field[i], (Datum) 0, true);
		else
			settlement_fill(row, rel->field[i],
							negated(&original, original.rel->field[i]), false);
	}
	/* what may be unknown of a settlement that was only recorded is so here */
	for (int i = 0; i < SA_COUNT; i++)
	{
		AttrNumber	att = original.rel->amount[i];
		bool		unknown = att != 0 && original.nulls[att - 1];

		settlement_fill(row, rel->amount[i], unknown ? (Datum) 0 : negated(&original, att), unknown);
	}
	copy_column(row, rel->other[SC_mdtrt_id], &original);
	copy_column(row, rel->other[SC_clr_optins], &original);
	copy_column(row, rel->other[SC_trsf_setl_id], &original);
	copy_column(row, rel->other[SC_setl_mode], &original);
	settlement_fill(row, rel->other[SC_add_cum], (Datum) 0, true);
	copy_column(row, rel->other[SC_benefit], &original);
	copy_column(row, rel->other[SC_pool], &original);
	copy_column(row, rel->other[SC_pool_prop_selfpay], &original);
	copy_column(row, rel->other[SC_dedc_grp], &original);
	copy_column(row, rel->other[SC_hifmi_due], &original);
	if (paid)
		settlement_fill(row, rel->other[SC_clr_ym],
						settlement_clr_ym(st, DatumGetTimestamp(row->values[rel->field[CF_setl_time] - 1])),
						false);
	else
		copy_column(row, rel->other[SC_clr_ym], &original);
	copy_column(row, rel->other[SC_policy_id], &original);
	settlement_fill(row, rel->other[SC_refd_setl_flag], BoolGetDatum(true), false);
	settlement_fill(row, rel->other[SC_psn_setl_no], Int32GetDatum(number), false);
	settlement_fill(row, rel->other[SC_psn_ord_no], Int32GetDatum(number), false);
	settlement_fill(row, rel->other[SC_corr_setl_id], (Datum) 0, true);
	settlement_fill(row, rel->other[SC_prev_setl_id], CStringGetTextDatum(setl_id), false);
	settlement_fill(row, rel->other[SC_opn_cum], PointerGetDatum(cum_array(opn)), false);
}
