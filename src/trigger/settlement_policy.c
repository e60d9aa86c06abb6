/*
 * settlement_policy.c
 *	  The policy in force for a claim: one look-up a statement and scheme, of
 *	  keys and digests only; the rules come from the backend's cache.
 *
 * Nothing is remembered from one statement to the next but what a digest
 * proves, so a policy is seen when the snapshot sees it, at every isolation
 * level.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datum.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

#include "compat.h"
#include "core/year.h"
#include "errcodes.h"
#include "fund/direct.h"
#include "fund/ledger.h"
#include "trigger/settlement.h"

typedef struct LoadArg
{
	Oid			nsp;
	const char *policy_id;
} LoadArg;

static Jsonb *
load_rules(void *arg)
{
	LoadArg    *load = arg;
	MemoryContext caller = CurrentMemoryContext;
	Oid			types[] = {TEXTOID};
	Datum		values[] = {CStringGetTextDatum(load->policy_id)};
	Jsonb	   *rules = NULL;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	owner_exec(load->nsp,
			   "SELECT rules FROM @schema@.policy WHERE policy_id OPERATOR(pg_catalog.=) $1",
			   1, types, values, NULL, 1);
	if (SPI_processed == 1)
	{
		Datum		value = fund_value(SPI_tuptable, 0, 1, JSONBOID);
		MemoryContext old = MemoryContextSwitchTo(caller);

		rules = (Jsonb *) PG_DETOAST_DATUM_COPY(value);
		MemoryContextSwitchTo(old);
	}
	SPI_finish();
	return rules;
}

/* Who pays its layers: what publishing it put into policy_layer, read from the document again. */
static void
find_layers(SettlementStatement *st, PolicyEntry *entry)
{
	FundPayer	payers[LAYER_COUNT];

	entry->nlayers = fund_payers(entry->compiled, payers);
	entry->layers = MemoryContextAlloc(st->cxt, sizeof(PolicyLayer) * Max(entry->nlayers, 1));
	for (int i = 0; i < entry->nlayers; i++)
	{
		PolicyLayer *layer = &entry->layers[i];

		layer->fund = payers[i].fund;
		layer->layer = payers[i].layer;
		layer->payer_kind = payers[i].kind;
		layer->pays = payers[i].pays;
		layer->payer = payers[i].payer == NULL ? NULL :
			MemoryContextStrdup(st->cxt, payers[i].payer);
		if (strcmp(layer->layer, "basic") == 0)
			layer->amount = SA_hifp_pay;
		else if (strcmp(layer->layer, "serious") == 0)
			layer->amount = SA_hifmi_pay;
		else if (strcmp(layer->layer, "assistance") == 0)
			layer->amount = SA_maf_pay;
		else
			layer->amount = SA_oth_pay;
	}
}

static CompiledPolicy *
compiled(SettlementStatement *st, PolicyEntry *entry)
{
	LoadArg		load = {st->nsp, entry->policy_id};
	MemoryContext old;

	if (entry->compiled != NULL)
		return entry->compiled;
	if (entry->arg == NULL)
		entry->arg = policy_arg_create_in(st->cxt);
	entry->compiled = policy_lookup_key(entry->arg, entry->digest, load_rules, &load);
	if (entry->compiled == NULL)
		elog(ERROR, "policy \"%s\" vanished", entry->policy_id);

	old = MemoryContextSwitchTo(st->cxt);
	entry->pools = palloc_array(Datum, Max(entry->compiled->core->npools, 1));
	for (int i = 0; i < entry->compiled->core->npools; i++)
		entry->pools[i] = CStringGetTextDatum(entry->compiled->core->pools[i]);
	MemoryContextSwitchTo(old);
	find_layers(st, entry);
	return entry->compiled;
}

/* policy_id, valid_from, valid_to, supersedes, rules_digest; in st->cxt. */
static PolicyEntry *
new_entry(SettlementStatement *st, const Datum values[5], const bool nulls[5])
{
	MemoryContext old = MemoryContextSwitchTo(st->cxt);
	PolicyEntry *entry = palloc0_object(PolicyEntry);
	bytea	   *digest;

	if (nulls[0] || nulls[1] || nulls[4])
		fund_not_as_made(gettext_noop("a column is missing"));
	entry->policy_id = TextDatumGetCString(values[0]);
	entry->policy_id_datum = datumCopy(values[0], false, -1);
	entry->valid_from = date2timestamp_no_overflow(DatumGetDateADT(values[1]));
	entry->valid_to = nulls[2] ? DT_NOEND :
		(Timestamp) date2timestamp_no_overflow(DatumGetDateADT(values[2]));
	entry->supersedes = nulls[3] ? NULL : TextDatumGetCString(values[3]);
	digest = DatumGetByteaPP(values[4]);
	if (VARSIZE_ANY_EXHDR(digest) != POLICY_DIGEST_LEN)
		elog(ERROR, "digest of policy \"%s\" has a wrong length", entry->policy_id);
	memcpy(entry->digest, VARDATA_ANY(digest), POLICY_DIGEST_LEN);
	MemoryContextSwitchTo(old);
	return entry;
}

/* Rows of the query in SPI_tuptable. */
static PolicyEntry *
entries_from_spi(SettlementStatement *st)
{
	static const Oid types[5] = {TEXTOID, DATEOID, DATEOID, TEXTOID, BYTEAOID};
	PolicyEntry *first = NULL;
	PolicyEntry **tail = &first;

	for (uint64 i = 0; i < SPI_processed; i++)
	{
		Datum		values[5];
		bool		nulls[5];

		for (int col = 0; col < 5; col++)
			values[col] = fund_datum(SPI_tuptable, i, col + 1, types[col], &nulls[col]);
		*tail = new_entry(st, values, nulls);
		tail = &(*tail)->next;
	}
	return first;
}

typedef struct EntryList
{
	SettlementStatement *st;
	PolicyEntry *first;
} EntryList;

/* Oldest first, so the newest comes to stand in front. */
static bool
add_entry(const DirectValues *row, void *arg)
{
	static const int columns[5] = {0, 2, 3, 5, 8};
	EntryList  *list = arg;
	PolicyEntry *entry;
	Datum		values[5];
	bool		nulls[5];

	for (int i = 0; i < 5; i++)
	{
		values[i] = row->values[columns[i]];
		nulls[i] = row->nulls[columns[i]];
	}
	entry = new_entry(list->st, values, nulls);
	entry->next = list->first;
	list->first = entry;
	return true;
}

static PolicyList *
policies_of(SettlementStatement *st, int64 insutype)
{
	PolicyList *list;
	char		code[CODE_MAX + 1];
	Oid			types[] = {TEXTOID};
	Datum		values[1];
	FundArea	area = {.schema = st->schema, .nsp = st->nsp, .owner = st->owner};
	EntryList	found = {st, NULL};

	for (list = st->policies; list != NULL; list = list->next)
	{
		if (list->insutype == insutype)
			return list;
	}

	code_unpack(insutype, code);
	values[0] = CStringGetTextDatum(code);
	if (!direct_read(&area, &fund_policy_table, 1, values, add_entry, &found))
	{
		owner_exec(st->nsp,
				   "SELECT policy_id, valid_from, valid_to, supersedes, rules_digest"
				   " FROM @schema@.policy WHERE insutype OPERATOR(pg_catalog.=) $1"
				   " ORDER BY valid_from DESC, publication DESC",
				   1, types, values, NULL, 0);
		found.first = entries_from_spi(st);
	}
	list = MemoryContextAllocZero(st->cxt, sizeof(PolicyList));
	list->insutype = insutype;
	list->first = found.first;
	list->next = st->policies;
	st->policies = list;
	return list;
}

static void no_policy(SettlementStatement *st, const Claim *claim,
					  const PolicyEntry *ended) pg_attribute_noreturn();

static void
no_policy(SettlementStatement *st, const Claim *claim, const PolicyEntry *ended)
{
	char		code[CODE_MAX + 1];

	code_unpack(claim->v[CF_insutype], code);
	ereport(ERROR,
			(errcode(ERRCODE_YB_NO_POLICY),
			 errmsg("no policy of scheme %s is in force in pool area \"%s\" on the claim's date",
					code, st->schema),
			 ended != NULL ?
			 errdetail("The last one, %s, has ended by then.", ended->policy_id) :
			 errdetail("Settlement time is %s.",
					   DatumGetCString(DirectFunctionCall1(timestamp_out,
														   TimestampGetDatum(claim->v[CF_setl_time])))),
			 errhint("Publish one with a valid_from on or before that date in %s.policy.",
					 quote_identifier(st->schema))));
}

/*
 * Of the policies of the claim's scheme the latest whose first day is not after
 * the date that this very policy looks at (version_date), leaving out what one
 * in force supersedes.
 */
PolicyEntry *
settlement_policy(SettlementStatement *st, const Claim *claim, bool missing_ok)
{
	PolicyList *list = policies_of(st, claim->v[CF_insutype]);

	for (PolicyEntry *entry = list->first; entry != NULL; entry = entry->next)
	{
		CompiledPolicy *cp = compiled(st, entry);
		int			field = cp->core->version_date;
		bool		replaced = false;

		if (claim->state[field] != FS_GIVEN && missing_ok)
			return NULL;
		if (claim->state[field] != FS_GIVEN)
			ereport(ERROR,
					(errcode(ERRCODE_YB_FIELD_NULL),
					 errmsg("%s is null, but policy %s is chosen by it",
							claim_fields[field].name, entry->policy_id),
					 errhint("Give %s.", claim_fields[field].name),
					 err_generic_string(PG_DIAG_COLUMN_NAME, claim_fields[field].name)));
		if (claim->v[field] < entry->valid_from)
			continue;
		for (PolicyEntry *other = list->first; other != NULL; other = other->next)
		{
			if (other->supersedes != NULL &&
				strcmp(other->supersedes, entry->policy_id) == 0 &&
				other->valid_from <= claim->v[field])
				replaced = true;
		}
		if (replaced)
			continue;
		if (claim->v[field] >= entry->valid_to && missing_ok)
			return NULL;
		if (claim->v[field] >= entry->valid_to)
			no_policy(st, claim, entry);
		return entry;
	}
	if (!missing_ok)
		no_policy(st, claim, NULL);
	return NULL;
}

PolicyEntry *
settlement_policy_by_id(SettlementStatement *st, const char *policy_id)
{
	Oid			types[] = {TEXTOID};
	Datum		values[] = {CStringGetTextDatum(policy_id)};
	PolicyEntry *entry;
	PolicyList *list;

	for (list = st->policies; list != NULL; list = list->next)
	{
		for (entry = list->first; entry != NULL; entry = entry->next)
		{
			if (strcmp(entry->policy_id, policy_id) == 0)
			{
				(void) compiled(st, entry);
				return entry;
			}
		}
	}

	owner_exec(st->nsp,
			   "SELECT policy_id, valid_from, valid_to, supersedes, rules_digest"
			   " FROM @schema@.policy WHERE policy_id OPERATOR(pg_catalog.=) $1",
			   1, types, values, NULL, 1);
	entry = entries_from_spi(st);
	if (entry == NULL)
		elog(ERROR, "there is no policy \"%s\"", policy_id);
	(void) compiled(st, entry);

	/* a list of its own, which no scheme finds */
	list = MemoryContextAllocZero(st->cxt, sizeof(PolicyList));
	list->insutype = -1;
	list->first = entry;
	list->next = st->policies;
	st->policies = list;
	return entry;
}

/* ---- accumulators that begin anew ------------------------------------------------------ */

/* A policy that lets them begin anew within the year. */
static bool
restarts_within(SettlementStatement *st, PolicyEntry *entry, const BenefitYear *year)
{
	return entry->valid_from > year->first && entry->valid_from < year->next &&
		compiled(st, entry)->core->year.restart;
}

static bool
year_of_claim(const Claim *claim, const PolicyEntry *policy, BenefitYear *year)
{
	const Policy *core = policy->compiled->core;
	CoreError	err;
	int			by = year_decided_by(core, claim);

	return claim->state[by] == FS_GIVEN && year_of(core, claim, claim->v[by], year, &err);
}

bool
settlement_restarts(SettlementStatement *st, const Claim *claim, PolicyEntry *policy)
{
	PolicyList *list = policies_of(st, claim->v[CF_insutype]);
	BenefitYear year;

	/* most schemes have one document, or a year begins with it */
	if (list->first->next == NULL || !year_of_claim(claim, policy, &year))
		return false;
	for (PolicyEntry *e = list->first; e != NULL; e = e->next)
	{
		if (restarts_within(st, e, &year))
			return true;
	}
	return false;
}

int64
settlement_generation(SettlementStatement *st, const Claim *claim, const PolicyEntry *policy)
{
	PolicyList *list = policies_of(st, claim->v[CF_insutype]);
	BenefitYear year;

	if (list->first == NULL || list->first->next == NULL || !year_of_claim(claim, policy, &year))
		return 0;
	/* newest first: of this policy and those before it the last that begins anew */
	for (PolicyEntry *e = list->first; e != NULL; e = e->next)
	{
		if (e->valid_from <= policy->valid_from && restarts_within(st, e, &year))
			return e->valid_from;
	}
	return 0;
}
