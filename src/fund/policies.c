/*
 * policies.c
 *	  The policy documents of an area: which one is in force, which one splits.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/datum.h"
#include "utils/jsonb.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/direct.h"
#include "fund/ledger.h"

char *
fund_day(DateADT day)
{
	int			y;
	int			m;
	int			d;

	if (DATE_NOT_FINITE(day))
		return pstrdup(DATE_IS_NOBEGIN(day) ? "-infinity" : "infinity");
	j2date(day + POSTGRES_EPOCH_JDATE, &y, &m, &d);
	return psprintf("%04d-%02d-%02d", y, m, d);
}

char *
fund_policy_in_force(const FundArea *area, const char *insutype, DateADT day)
{
	Oid			types[2] = {TEXTOID, DATEOID};
	Datum		values[2] = {CStringGetTextDatum(insutype), DateADTGetDatum(day)};

	fund_exec(area,
			  "SELECT p.policy_id FROM @schema@.policy p "
			  "WHERE p.insutype = $1 AND p.valid_from <= $2 AND (p.valid_to IS NULL OR p.valid_to > $2) "
			  "AND NOT EXISTS (SELECT FROM @schema@.policy s WHERE s.supersedes = p.policy_id AND s.valid_from <= $2) "
			  "ORDER BY p.valid_from DESC, p.publication DESC LIMIT 1",
			  2, types, values, NULL, 0);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_NO_POLICY),
				 errmsg("no policy for scheme %s is in force on %s", insutype,
						fund_day(day)),
				 errhint("INSERT INTO %s.policy (rules) publishes one.",
						 quote_identifier(area->schema))));
	return fund_need(0, 1);
}

typedef struct LoadArg
{
	const FundArea *area;
	const char *policy_id;
} LoadArg;

static Jsonb *
load_rules(void *arg)
{
	LoadArg    *load = arg;
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(load->policy_id)};

	fund_exec(load->area, "SELECT rules FROM @schema@.policy WHERE policy_id = $1",
			  1, types, values, NULL, 0);
	return SPI_processed == 0 ? NULL : DatumGetJsonbP(fund_value(SPI_tuptable, 0, 1, JSONBOID));
}

/* Compiled by the backend once, and kept by it as long as the current context. */
static CompiledPolicy *
compiled(const FundArea *area, const char *policy_id, Datum rules_digest)
{
	bytea	   *digest = DatumGetByteaPP(rules_digest);
	LoadArg		load = {area, policy_id};
	CompiledPolicy *cp;

	if (VARSIZE_ANY_EXHDR(digest) != POLICY_DIGEST_LEN)
		elog(ERROR, "digest of policy \"%s\" has a wrong length", policy_id);
	cp = policy_lookup_key(policy_arg_create_in(CurrentMemoryContext),
						   (const uint8 *) VARDATA_ANY(digest), load_rules, &load);
	if (cp == NULL)
		elog(ERROR, "policy \"%s\" vanished", policy_id);
	return cp;
}

CompiledPolicy *
fund_policy_load(const FundArea *area, const char *policy_id)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(policy_id)};

	fund_exec(area, "SELECT rules_digest FROM @schema@.policy WHERE policy_id = $1",
			  1, types, values, NULL, 0);
	if (SPI_processed == 0)
		elog(ERROR, "no policy %s", policy_id);
	return compiled(area, policy_id, fund_value(SPI_tuptable, 0, 1, BYTEAOID));
}

/* ---- of a coverage year ------------------------------------------------------------ */

const DirectTable fund_policy_table = {
	"policy", "policy_insutype_valid_from_publication_key", 1, 9, false,
	{{"policy_id", TEXTOID}, {"insutype", TEXTOID}, {"valid_from", DATEOID}, {"valid_to", DATEOID},
	{"publication", INT4OID}, {"supersedes", TEXTOID}, {"title", TEXTOID}, {"rules", JSONBOID},
	{"rules_digest", BYTEAOID}}, {1}, false
};

typedef struct Published
{
	char	   *policy_id;
	char	   *supersedes;		/* NULL: none */
	Datum		digest;
} Published;

typedef struct PublishedList
{
	DateADT		until;
	int			n;
	int			max;
	Published  *items;			/* oldest first */
} PublishedList;

static bool
keep_published(const DirectValues *row, void *arg)
{
	PublishedList *list = arg;
	Published  *p;

	if (row->nulls[0] || row->nulls[2] || row->nulls[8])
		fund_not_as_made(gettext_noop("a column is missing"));
	if (DatumGetDateADT(row->values[2]) > list->until)
		return false;			/* by valid_from: none after it either */
	if (list->n == list->max)
	{
		list->max = list->max == 0 ? 8 : list->max * 2;
		list->items = list->items == NULL ? palloc_array(Published, list->max) :
			repalloc_array(list->items, Published, list->max);
	}
	p = &list->items[list->n++];
	p->policy_id = TextDatumGetCString(row->values[0]);
	p->supersedes = row->nulls[5] ? NULL : TextDatumGetCString(row->values[5]);
	p->digest = datumCopy(row->values[8], false, -1);
	return true;
}

/* What was published for a scheme with a first day up to this one. */
static void
published(const FundArea *area, const char *insutype, PublishedList *list)
{
	Oid			types[2] = {TEXTOID, DATEOID};
	Datum		values[2] = {CStringGetTextDatum(insutype), DateADTGetDatum(list->until)};

	if (direct_read(area, &fund_policy_table, 1, values, keep_published, list))
		return;
	fund_exec(area,
			  "SELECT policy_id, NULL::pg_catalog.text, valid_from, NULL::pg_catalog.date, publication, supersedes, "
			  "NULL::pg_catalog.text, NULL::pg_catalog.jsonb, rules_digest FROM @schema@.policy "
			  "WHERE insutype = $1 AND valid_from <= $2 ORDER BY valid_from, publication",
			  2, types, values, NULL, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		DirectValues row;

		heap_deform_tuple(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, row.values, row.nulls);
		(void) keep_published(&row, list);
	}
}

static bool
superseded(const PublishedList *list, const char *policy_id)
{
	for (int i = 0; i < list->n; i++)
		if (list->items[i].supersedes != NULL && strcmp(list->items[i].supersedes, policy_id) == 0)
			return true;
	return false;
}

CompiledPolicy *
fund_policy_for_year(const FundArea *area, const char *insutype,
					 int32 coverage_year, DateADT day, char **id)
{
	DateADT		year_end = date2j(coverage_year, 12, 31) - POSTGRES_EPOCH_JDATE;
	PublishedList list = {Max(day, year_end), 0, 0, NULL};

	published(area, insutype, &list);
	for (int i = list.n - 1; i >= 0; i--)
	{
		Published  *p = &list.items[i];
		CompiledPolicy *cp;

		if (superseded(&list, p->policy_id))
			continue;
		cp = compiled(area, p->policy_id, p->digest);
		if (cp->fund != NULL && policy_split_for(cp, coverage_year) != NULL)
		{
			*id = p->policy_id;
			return cp;
		}
	}
	return NULL;
}

PG_FUNCTION_INFO_V1(yibao_policy_in_force);
Datum
yibao_policy_in_force(PG_FUNCTION_ARGS)
{
	char	   *schema = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char	   *insutype = text_to_cstring(PG_GETARG_TEXT_PP(1));
	DateADT		day = PG_GETARG_DATEADT(2);
	MemoryContext cxt = CurrentMemoryContext;
	MemoryContext spi;
	FundArea	area;
	char	   *id;
	text	   *result;

	fund_enter_named(&area, schema, "policy");
	id = fund_policy_in_force(&area, insutype, day);
	spi = MemoryContextSwitchTo(cxt);
	result = cstring_to_text(id);
	MemoryContextSwitchTo(spi);
	fund_leave(&area);
	PG_RETURN_TEXT_P(result);
}

int
fund_payers(const CompiledPolicy *policy, FundPayer payers[LAYER_COUNT])
{
	static const char *const names[LAYER_COUNT] = {"basic", "serious", "serious_second", "assistance", "tilt", "supplement"};
	static const char *const kinds[] = {"own_fund", "other_book", "external"};
	static const char *const pays[] = {"own", "hospital_direct", "centre_advances", "unknown"};
	static const char *const models[] = {NULL, "remit_up", "insurer", "self_run"};
	int			n = 0;

	for (int i = 0; i < LAYER_COUNT; i++)
	{
		const PolicyPayer *payer = &policy->payer[i];
		bool		second = i == LAYER_TILT || i == LAYER_SECOND;

		if (!policy->has_layer[i] || (second && policy->has_layer[i - 1]))
			continue;
		payers[n].layer = names[second ? i - 1 : i];
		payers[n].kind = kinds[payer->kind];
		payers[n].payer = payer->name;
		payers[n].fund = payer->kind == PAYER_OTHER_BOOK ? FUND_ASSISTANCE : FUND_RESIDENT;
		/* the other book is kept here: its layer is paid from its own account */
		payers[n].pays = payer->kind == PAYER_EXTERNAL ? pays[payer->pays] : "own";
		payers[n].model = models[payer->model];
		n++;
	}
	return n;
}
