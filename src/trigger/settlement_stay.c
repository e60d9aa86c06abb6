/*
 * settlement_stay.c
 *	  The rest of a stay that began in the benefit year before: its first part
 *	  must be there, and end where this begins.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "compat.h"
#include "core/year.h"
#include "errcodes.h"
#include "fund/fund.h"
#include "trigger/settlement.h"

static void
no_first_part(const char *setl_id, const char *detail, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_DOES_NOT_FIT),
			 errmsg("settlement \"%s\" is the rest of a stay whose first part does not fit", setl_id),
			 errdetail_internal("%s", detail),
			 errhint("%s", _(hint)),
			 err_generic_string(PG_DIAG_COLUMN_NAME, "pre_days")));
}

/*
 * rule: the cross-year rule of the claim, NULL for most.  A part of a visit has
 * its mdtrt_id; who was discharged and admitted again has another.  Between
 * owner_enter() and owner_leave().
 */
void
settlement_stay_check(SettlementStatement *st, const SettlementRow *row,
					  const Claim *claim, const Rule *rule)
{
	static const Oid types[] = {TEXTOID, INT4OID, TEXTOID, TEXTOID, TIMESTAMPOID};
	Datum		values[5];
	char		nulls[6] = "     ";
	AttrNumber	visit = st->rel->other[SC_mdtrt_id];
	char	   *setl_id;
	char	   *first;
	int64		begin;
	int64		days;

	if (rule == NULL || claim->state[CF_pre_days] != FS_GIVEN || claim->v[CF_pre_days] == 0)
		return;
	setl_id = settlement_text(row, st->rel->field[CF_setl_id]);
	values[0] = row->values[st->rel->field[CF_psn_no] - 1];
	values[1] = Int32GetDatum((int32) claim->v[CF_year] - 1);
	values[2] = row->values[st->rel->field[CF_insutype] - 1];
	values[4] = TimestampGetDatum(claim->v[CF_begntime]);
	if (rule->u.cross.rule == CROSS_READMIT)
		nulls[3] = 'n';
	else if (visit == 0 || row->nulls[visit - 1])
		no_first_part(setl_id, _("mdtrt_id is NULL, so nobody knows of which stay it is."),
					  gettext_noop("Give the same mdtrt_id for both parts of the stay."));
	else
		values[3] = row->values[visit - 1];
	owner_exec(st->nsp,
			   "SELECT s.setl_id, s.begntime, s.pre_days::pg_catalog.int8 FROM @schema@.settlement s"
			   " WHERE s.psn_no OPERATOR(pg_catalog.=) $1 AND s.year OPERATOR(pg_catalog.=) $2"
			   " AND s.insutype OPERATOR(pg_catalog.=) $3"
			   " AND ($4 IS NULL OR (s.mdtrt_id OPERATOR(pg_catalog.=) $4 AND s.mid_setl_flag))"
			   " AND s.endtime OPERATOR(pg_catalog.<=) $5"
			   " AND s.endtime OPERATOR(pg_catalog.>=) ($5 OPERATOR(pg_catalog.-) '1 day'::pg_catalog.interval)"
			   " AND s.begntime IS NOT NULL AND NOT s.refd_setl_flag"
			   " AND NOT EXISTS (SELECT FROM @schema@.settlement r"
			   " WHERE r.init_setl_id OPERATOR(pg_catalog.=) s.setl_id)"
			   " ORDER BY s.endtime DESC, s.begntime LIMIT 1",
			   5, types, values, nulls, 1);
	if (SPI_processed == 0)
		no_first_part(setl_id, _("No settlement in force of the year before ends where this begins."),
					  gettext_noop("Settle the part up to the end of the year first, with mid_setl_flag where the stay goes on."));
	first = fund_need(0, 1);
	begin = DatumGetTimestamp(fund_value(SPI_tuptable, 0, 2, TIMESTAMPOID));
	days = fund_int8(0, 3, NULL);
	days += day_number(claim->v[CF_begntime]) - day_number(begin);
	if (days != claim->v[CF_pre_days])
		no_first_part(setl_id,
					  psprintf(_("pre_days is %lld, but with \"%s\" %lld days of the stay came before."),
							   (long long) claim->v[CF_pre_days], first, (long long) days),
					  gettext_noop("Count the days from the day of admission to the first of this part."));
}
