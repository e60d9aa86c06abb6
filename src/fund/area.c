/*
 * area.c
 *	  Working on a pool area's tables: whose rights, which statements.
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "claim/amount.h"
#include "compat.h"
#include "errcodes.h"
#include "fund/ledger.h"

/* True while a statement of ours may write ledger tables. */
static bool ledger_open = false;

bool
fund_ledger_open(void)
{
	return ledger_open;
}

bool
fund_ledger_set(bool open)
{
	bool		was = ledger_open;

	ledger_open = open;
	return was;
}

/* ---- entering and leaving ---------------------------------------------------- */

static void
enter(FundArea *area, Oid nsp, const char *schema)
{
	area->schema = schema;
	area->nsp = nsp;
	area->session_user = GetUserNameFromId(GetSessionUserId(), false);
	area->outer_user = GetUserNameFromId(GetUserId(), false);

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	GetUserIdAndSecContext(&area->save_userid, &area->save_sec_context);
	area->guc_level = NewGUCNestLevel();
}

/*
 * Done before the first statement only: many postings need none, and putting
 * the path back looks at every setting there is.
 */
void
fund_safe_path(void)
{
	static const char path[] = "pg_catalog, pg_temp";

	if (strcmp(namespace_search_path, path) != 0)
		(void) set_config_option("search_path", path, PGC_USERSET, PGC_S_SESSION,
								 GUC_ACTION_SAVE, true, 0, false);
}

void
fund_enter(FundArea *area, Relation rel)
{
	yibao_check_version();
	area->owner = rel->rd_rel->relowner;
	enter(area, RelationGetNamespace(rel), get_namespace_name(RelationGetNamespace(rel)));
	SetUserIdAndSecContext(area->owner,
						   area->save_sec_context | SECURITY_LOCAL_USERID_CHANGE |
						   SECURITY_NOFORCE_RLS);
}

void
fund_enter_named(FundArea *area, const char *schema, const char *table)
{
	Oid			nsp = get_namespace_oid(schema, true);
	Oid			relid = OidIsValid(nsp) ? get_relname_relid(table, nsp) : InvalidOid;
	Relation	rel;
	AclResult	allowed;

	yibao_check_version();
	if (!OidIsValid(relid) || get_rel_relkind(relid) != RELKIND_RELATION ||
		!OidIsValid(get_relname_relid("posting_rule", nsp)))
		ereport(ERROR,
				(errcode(ERRCODE_YB_NO_AREA),
				 errmsg("there is no pool area \"%s\"", schema),
				 errhint("SELECT * FROM yibao.poolareas() lists those of this database.")));
	allowed = object_aclcheck(NamespaceRelationId, nsp, GetUserId(), ACL_USAGE);
	if (allowed != ACLCHECK_OK)
		aclcheck_error(allowed, OBJECT_SCHEMA, schema);
	allowed = pg_class_aclcheck(relid, GetUserId(), ACL_SELECT);
	if (allowed != ACLCHECK_OK)
		aclcheck_error(allowed, OBJECT_TABLE, table);

	rel = table_open(relid, AccessShareLock);
	area->owner = rel->rd_rel->relowner;
	table_close(rel, NoLock);
	enter(area, nsp, pstrdup(schema));
	fund_safe_path();
	SetUserIdAndSecContext(area->owner,
						   area->save_sec_context | SECURITY_RESTRICTED_OPERATION |
						   SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
}

void
fund_leave(FundArea *area)
{
	AtEOXact_GUC(true, area->guc_level);
	SetUserIdAndSecContext(area->save_userid, area->save_sec_context);
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "SPI_finish failed");
}

/* ---- statements ------------------------------------------------------------------ */

typedef struct PlanKey
{
	const char *sql;			/* address of the constant */
	NameData	schema;
} PlanKey;

typedef struct PlanEntry
{
	PlanKey		key;
	SPIPlanPtr	plan;
} PlanEntry;

static HTAB *plans = NULL;

char *
fund_subst(const char *sql, const char *schema)
{
	static const char mark[] = "@schema@";
	const char *quoted = quote_identifier(schema);
	StringInfoData buf;
	const char *at;

	initStringInfo(&buf);
	while ((at = strstr(sql, mark)) != NULL)
	{
		appendBinaryStringInfo(&buf, sql, at - sql);
		appendStringInfoString(&buf, quoted);
		sql = at + sizeof(mark) - 1;
	}
	appendStringInfoString(&buf, sql);
	return buf.data;
}

/*
 * Plans are kept; the server makes them again when what they rest on changes.
 * Where schemas are sharded they are planned at each execution (measured: kept
 * INSERT plans leak there), which otherwise takes two thirds of a settlement.
 * Left to itself the server plans anew for each execution what unnests an array
 * or counts to a parameter: it has no idea of the number of rows otherwise.
 */
static int
plan_options(int flags)
{
	if (OidIsValid(get_extension_oid("citus", true)))
		return CURSOR_OPT_CUSTOM_PLAN;
	return (flags & FUND_ONE_PLAN) != 0 ? CURSOR_OPT_GENERIC_PLAN : 0;
}

static SPIPlanPtr
plan_of(const FundArea *area, const char *sql, int nargs, const Oid *types, int flags)
{
	PlanKey		key;
	PlanEntry  *entry;
	bool		found;

	if (plans == NULL)
	{
		HASHCTL		ctl;

		ctl.keysize = sizeof(PlanKey);
		ctl.entrysize = sizeof(PlanEntry);
		plans = hash_create("yibao fund statements", 64, &ctl,
							HASH_ELEM | HASH_BLOBS);
	}
	memset(&key, 0, sizeof(key));
	key.sql = sql;
	namestrcpy(&key.schema, area->schema);

	entry = hash_search(plans, &key, HASH_FIND, NULL);
	if (entry == NULL)
	{
		char	   *text = fund_subst(sql, area->schema);
		SPIPlanPtr	plan = SPI_prepare_cursor(text, nargs, unconstify(Oid *, types),
											  plan_options(flags));

		if (plan == NULL)
			elog(ERROR, "SPI_prepare failed: %s: %s",
				 SPI_result_code_string(SPI_result), text);
		if (SPI_keepplan(plan) != 0)
			elog(ERROR, "SPI_keepplan failed");
		entry = hash_search(plans, &key, HASH_ENTER, &found);
		entry->plan = plan;
		pfree(text);
	}
	return entry->plan;
}

int
fund_exec(const FundArea *area, const char *sql, int nargs, const Oid *types,
		  const Datum *values, const char *nulls, int flags)
{
	MemoryContext cxt = CurrentMemoryContext;
	SPIPlanPtr	plan;
	bool		save = ledger_open;
	volatile int rc = 0;

	fund_safe_path();
	plan = plan_of(area, sql, nargs, types, flags);

	ledger_open = (flags & FUND_LEDGER) != 0;
	PG_TRY();
	{
		if (flags & FUND_LATEST)
			rc = SPI_execute_snapshot(plan, unconstify(Datum *, values), nulls,
									  GetLatestSnapshot(), InvalidSnapshot, true, false, 0);
		else
			rc = SPI_execute_plan(plan, unconstify(Datum *, values), nulls, false, 0);
	}
	PG_FINALLY();
	{
		ledger_open = save;
	}
	PG_END_TRY();
	if (rc < 0)
		elog(ERROR, "SPI_execute_plan failed: %s: %s",
			 SPI_result_code_string(rc), sql);
	MemoryContextSwitchTo(cxt); /* SPI leaves its own, which may end sooner */
	return rc;
}

/* A whole script, each statement of which sees what those before it did. */
void
fund_script(const FundArea *area, const char *sql)
{
	char	   *text = fund_subst(sql, area->schema);
	bool		save = ledger_open;
	volatile int rc = 0;

	fund_safe_path();
	ledger_open = true;
	PG_TRY();
	{
		rc = SPI_execute(text, false, 0);
	}
	PG_FINALLY();
	{
		ledger_open = save;
	}
	PG_END_TRY();
	if (rc < 0)
		elog(ERROR, "SPI_execute failed: %s", SPI_result_code_string(rc));
	pfree(text);
}

/* ---- values ---------------------------------------------------------------------- */

void
fund_texts(int n, const char *const *text, Datum *values, char *nulls)
{
	for (int i = 0; i < n; i++)
	{
		nulls[i] = text[i] == NULL ? 'n' : ' ';
		values[i] = text[i] == NULL ? (Datum) 0 : CStringGetTextDatum(text[i]);
	}
}

void
fund_not_as_made(const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("the tables of the pool area are not as they were made: %s", _(what)),
			 errhint("yibao.verify() reports what is missing.")));
}

static void
check_cell(const SPITupleTable *table, uint64 row, int col)
{
	if (table == NULL || row >= table->numvals)
		fund_not_as_made(gettext_noop("a row is missing"));
	if (col > table->tupdesc->natts)
		fund_not_as_made(gettext_noop("a column is missing"));
}

Datum
fund_datum(const SPITupleTable *table, uint64 row, int col, Oid type, bool *isnull)
{
	check_cell(table, row, col);
	if (SPI_gettypeid(table->tupdesc, col) != type)
		fund_not_as_made(psprintf(_("column %s has type %s, not %s"), SPI_fname(table->tupdesc, col),
							 SPI_gettype(table->tupdesc, col), format_type_be(type)));
	return SPI_getbinval(table->vals[row], table->tupdesc, col, isnull);
}

Datum
fund_value(const SPITupleTable *table, uint64 row, int col, Oid type)
{
	bool		isnull;
	Datum		value = fund_datum(table, row, col, type, &isnull);

	if (isnull)
		fund_not_as_made(psprintf(_("column %s is null"), SPI_fname(table->tupdesc, col)));
	return value;
}

char *
fund_text(uint64 row, int col)
{
	check_cell(SPI_tuptable, row, col);
	return SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, col);
}

char *
fund_need(uint64 row, int col)
{
	char	   *text = fund_text(row, col);

	if (text == NULL)
		fund_not_as_made(psprintf(_("column %s is null"), SPI_fname(SPI_tuptable->tupdesc, col)));
	return text;
}

int64
fund_int8(uint64 row, int col, bool *isnull)
{
	bool		null;
	Datum		d = fund_datum(SPI_tuptable, row, col, INT8OID, &null);

	if (isnull != NULL)
		*isnull = null;
	return null ? 0 : DatumGetInt64(d);
}

Fen
fund_fen(Datum numeric, const char *column)
{
	Fen			fen = 0;
	AmountFault fault = amount_from_numeric(numeric, &fen);
	char	   *value;

	if (fault == AMOUNT_OK)
		return fen;
	value = DatumGetCString(DirectFunctionCall1(numeric_out, numeric));
	if (fault == AMOUNT_SCALE)
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_SCALE),
				 errmsg("%s %s has more than two decimals", column, value),
				 errhint("Amounts are yuan and fen; nothing is rounded.")));
	ereport(ERROR,
			(errcode(ERRCODE_YB_AMOUNT_RANGE),
			 errmsg("%s %s is not an amount", column, value),
			 errhint("An amount is from 0 to 99999999999999.99 yuan.")));
	return 0;
}

Datum
fund_numeric(Fen fen)
{
	return amount_to_numeric(fen);
}

/* For messages: 1234.50, palloc'd. */
char *
fund_yuan(Fen fen)
{
	uint64		abs = fen < 0 ? (uint64) -fen : (uint64) fen;

	return psprintf("%s" UINT64_FORMAT ".%02d", fen < 0 ? "-" : "",
					abs / 100, (int) (abs % 100));
}
