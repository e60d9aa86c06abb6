/*
 * settlement_enrolment.c
 *	  Who is entitled, since when, with which years: from the area's table
 *	  enrolment into the columns that a claim leaves open.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "claim/enrolment.h"
#include "compat.h"
#include "errcodes.h"
#include "fund/fund.h"
#include "trigger/settlement.h"

static Datum
text_of(const Claim *claim, int field)
{
	return PointerGetDatum(cstring_to_text_with_len((const char *) (intptr_t) claim->v[field],
													claim->len[field]));
}

static Jsonb *
read_rows(SettlementStatement *st, const Claim *claim, MemoryContext cxt)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {text_of(claim, CF_psn_no)};
	Jsonb	   *rows = NULL;
	bool		isnull;
	Datum		value;

	owner_exec(st->nsp,
			   "SELECT pg_catalog.jsonb_agg(pg_catalog.to_jsonb(e)) FROM @schema@.enrolment AS e"
			   " WHERE e.psn_no OPERATOR(pg_catalog.=) $1",
			   1, types, values, NULL, 1);
	value = fund_datum(SPI_tuptable, 0, 1, JSONBOID, &isnull);
	if (!isnull)
	{
		MemoryContext old = MemoryContextSwitchTo(cxt);

		rows = (Jsonb *) PG_DETOAST_DATUM_COPY(value);
		MemoryContextSwitchTo(old);
	}
	return rows;
}

/* What paid in the years before, for periods that do not say it themselves. */
static void
read_payments(SettlementStatement *st, const Claim *claim, const EnrolTerms *terms,
			  EnrolPeriod *periods, int n, int32 year)
{
	Oid			types[3] = {TEXTOID, TEXTOID, INT4OID};
	Datum		values[3];
	char		code[CODE_MAX + 1];

	for (int i = 0; i < n; i++)
	{
		if (periods[i].year < year && periods[i].paid_by < 0)
			periods[i].paid_by = -2;
	}
	code_unpack(claim->v[CF_insutype], code);
	values[0] = text_of(claim, CF_psn_no);
	values[1] = CStringGetTextDatum(code);
	values[2] = Int32GetDatum(year);
	owner_exec(st->nsp,
			   "SELECT s.year, s.benefit, pg_catalog.sum(s.hifp_pay), pg_catalog.sum(s.hifmi_pay),"
			   " pg_catalog.sum(s.maf_pay), pg_catalog.sum(s.oth_pay) FROM @schema@.settlement AS s"
			   " WHERE s.psn_no OPERATOR(pg_catalog.=) $1 AND s.insutype OPERATOR(pg_catalog.=) $2"
			   " AND s.year OPERATOR(pg_catalog.<) $3 GROUP BY s.year, s.benefit",
			   3, types, values, NULL, 0);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		int32		of = DatumGetInt32(fund_value(SPI_tuptable, row, 1, INT4OID));
		char	   *benefit = fund_need(row, 2);
		int			by = 0;

		for (int b = 0; b < BEN_COUNT; b++)
		{
			if (strcmp(benefit, benefit_names[b]) == 0 &&
				fund_fen(fund_value(SPI_tuptable, row, 3, NUMERICOID), "hifp_pay") > 0)
				by |= PAID_INPATIENT << b;
		}
		if (fund_fen(fund_value(SPI_tuptable, row, 4, NUMERICOID), "hifmi_pay") > 0)
			by |= PAID_HIFMI;
		if (fund_fen(fund_value(SPI_tuptable, row, 5, NUMERICOID), "maf_pay") > 0)
			by |= PAID_MAF;
		if (fund_fen(fund_value(SPI_tuptable, row, 6, NUMERICOID), "oth_pay") > 0)
			by |= PAID_OTH;
		for (int i = 0; i < n; i++)
		{
			if (periods[i].year == of && periods[i].paid_by == -2)
				periods[i].paid_by = -3 - by;
			else if (periods[i].year == of && periods[i].paid_by <= -3)
				periods[i].paid_by = -3 - ((-3 - periods[i].paid_by) | by);
		}
	}
	/* -2: no settlement; -3 - bits: these */
	for (int i = 0; i < n; i++)
	{
		if (periods[i].paid_by <= -2)
			periods[i].paid_by = periods[i].paid_by == -2 ? 0 : -3 - periods[i].paid_by;
	}
	if (!terms->zero_reset)
		return;
	owner_exec(st->nsp,
			   "SELECT s.year, pg_catalog.sum(s.hifmi_pay) FROM @schema@.settlement AS s"
			   " WHERE s.psn_no OPERATOR(pg_catalog.=) $1 AND s.insutype OPERATOR(pg_catalog.=) $2"
			   " AND s.year OPERATOR(pg_catalog.<) $3 GROUP BY s.year",
			   3, types, values, NULL, 0);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		int32		of = DatumGetInt32(fund_value(SPI_tuptable, row, 1, INT4OID));
		Fen			paid = fund_fen(fund_value(SPI_tuptable, row, 2, NUMERICOID), "hifmi_pay");

		for (int i = 0; i < n; i++)
		{
			if (periods[i].year == of && periods[i].bonus_used < 0)
				periods[i].bonus_used = paid > terms->original_cap;
		}
	}
}

/* Give the claim a field that it lacks, and the row its column. */
static void
give(SettlementRow *row, Claim *claim, int field, Oid type, int64 value, Datum datum)
{
	AttrNumber	att = row->rel->field[field];

	if (claim->state[field] == FS_GIVEN)
		return;
	claim->v[field] = value;
	claim->state[field] = FS_GIVEN;
	if (att != 0 && TupleDescAttr(row->desc, att - 1)->atttypid == type)
		settlement_fill(row, att, datum, false);
}

static void
give_count(SettlementRow *row, Claim *claim, int field, int32 value)
{
	if (value >= 0)
		give(row, claim, field, INT4OID, value, Int32GetDatum(value));
}

void
settlement_enrolment(SettlementStatement *st, const CompiledPolicy *cp, SettlementRow *row,
					 Claim *claim, MemoryContext cxt)
{
	MemoryContext old;
	EnrolPeriod *periods;
	EnrolEffect e;
	Timestamp	at;
	Day			on;
	int			n;
	bool		flag_given = claim->state[CF_trt_enjymnt_flag] == FS_GIVEN;

	if (claim->state[cp->enrol_on] != FS_GIVEN)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_NULL),
				 errmsg("%s is null, but the policy asks who is entitled on that day",
						claim_fields[cp->enrol_on].name),
				 errhint("Give %s.", claim_fields[cp->enrol_on].name),
				 err_generic_string(PG_DIAG_COLUMN_NAME, claim_fields[cp->enrol_on].name)));
	at = claim->v[cp->enrol_on];
	on = (Day) (at >= 0 ? at / USECS_PER_DAY : -((-at + USECS_PER_DAY - 1) / USECS_PER_DAY));
	old = MemoryContextSwitchTo(cxt);
	periods = enrol_periods(cp, read_rows(st, claim, cxt), &n);
	if (cp->enrolment->has_zero)
		read_payments(st, claim, cp->enrolment, periods, n, day_year(on));
	enrol_told(cp, periods, n, on, &e);

	give(row, claim, CF_trt_enjymnt_flag, BOOLOID, e.reason == ENROL_ENTITLED,
		 BoolGetDatum(e.reason == ENROL_ENTITLED));
	if (!flag_given && e.reason != ENROL_ENTITLED)
	{
		const char *reason = enrol_reasons[e.reason];

		give(row, claim, CF_trt_chk_rslt, TEXTOID, code_pack(reason, strlen(reason)),
			 CStringGetTextDatum(reason));
	}
	if (!flag_given && e.first != DAY_NEVER)
		give(row, claim, CF_trt_begndate, TIMESTAMPOID, (int64) e.first * USECS_PER_DAY,
			 TimestampGetDatum((int64) e.first * USECS_PER_DAY));
	give_count(row, claim, CF_cont_years, e.cont_years);
	give_count(row, claim, CF_bonus_years, e.bonus_years);
	give_count(row, claim, CF_zero_years, e.zero_years);
	give_count(row, claim, CF_gap_years, e.gap_years);
	give_count(row, claim, CF_enrol_months, e.enrol_months);
	MemoryContextSwitchTo(old);
}
