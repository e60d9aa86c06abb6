/*
 * poolarea.c
 *	  Making a pool area, granting posts in it, putting its triggers back,
 *	  bringing it up to a newer version.
 *
 * All of it is done as the caller: the tables are his, and what he may not do
 * the server refuses.  The order (schema, tables, distribution, triggers, rows)
 * is the one that also works where a schema is placed on another machine.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/ledger.h"
#include "fund/poolarea_sql.h"

typedef enum ScriptKind
{
	SCRIPT_TABLES,
	SCRIPT_RULES,				/* triggers and CHECKs */
	SCRIPT_ROWS,
	SCRIPT_UP					/* up_1.0--1.1: an area of 1.0 becomes one of 1.1 */
} ScriptKind;

static bool
ends_with(const char *s, const char *end)
{
	size_t		n = strlen(s);
	size_t		m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

static ScriptKind
script_kind(const char *name)
{
	if (strncmp(name, "up_", 3) == 0)
		return SCRIPT_UP;
	if (ends_with(name, "_rules"))
		return SCRIPT_RULES;
	if (ends_with(name, "_rows"))
		return SCRIPT_ROWS;
	return SCRIPT_TABLES;
}

static void
run_scripts(const FundArea *area, ScriptKind kind)
{
	for (size_t i = 0; i < lengthof(poolarea_scripts); i++)
		if (poolarea_scripts[i].text[0] != '\0' &&
			script_kind(poolarea_scripts[i].name) == kind)
			fund_script(area, poolarea_scripts[i].text);
}

/* SPI under a search_path that nobody else chose, with the caller's rights. */
static void
begin(FundArea *area, const char *schema)
{
	memset(area, 0, sizeof(*area));
	area->schema = schema;
	area->owner = GetUserId();
	area->session_user = GetUserNameFromId(GetSessionUserId(), false);
	area->outer_user = GetUserNameFromId(GetUserId(), false);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	GetUserIdAndSecContext(&area->save_userid, &area->save_sec_context);
	area->guc_level = NewGUCNestLevel();
	(void) set_config_option("search_path", "pg_catalog, pg_temp",
							 PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	/* "relation exists, skipping" and the like are of no interest */
	(void) set_config_option("client_min_messages", "warning",
							 PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
}

static void
run(const char *sql)
{
	int			rc = SPI_execute(sql, false, 0);

	if (rc < 0)
		elog(ERROR, "SPI_execute failed: %s: %s", SPI_result_code_string(rc), sql);
}

/*
 * The scripts are the library's, what they call is the SQL objects': both must be
 * of one version, which is returned.  Between the two steps of an upgrade they are not.
 */
static char *
one_version(void)
{
	char	   *objects;
	char	   *library;

	run("SELECT e.extversion, yibao.version() FROM pg_catalog.pg_extension e WHERE e.extname = 'yibao'");
	objects = fund_need(0, 1);
	library = fund_need(0, 2);
	if (strcmp(objects, library) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the library would make tables of version %s, the SQL objects are version %s",
						library, objects),
				 errhint("Run ALTER EXTENSION yibao UPDATE TO '%s' first.", library)));
	return objects;
}

/*
 * Nobody but the owner has anything on the new tables, whatever default
 * privileges somebody has set up.
 */
static void
revoke_all(const FundArea *area)
{
	SPITupleTable *table;
	uint64		n;

	run(psprintf("SELECT pg_catalog.format('REVOKE ALL ON %%s %%I.%%I FROM %%s CASCADE', "
				 "CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, n.nspname, c.relname, "
				 "CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END) "
				 "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace, "
				 "LATERAL pg_catalog.aclexplode(c.relacl) a "
				 "WHERE n.nspname = %s AND c.relkind IN ('r', 'v', 'S', 'p') AND a.grantee <> c.relowner "
				 "UNION "
				 "SELECT pg_catalog.format('REVOKE ALL ON SCHEMA %%I FROM %%s CASCADE', n.nspname, "
				 "CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END) "
				 "FROM pg_catalog.pg_namespace n, LATERAL pg_catalog.aclexplode(n.nspacl) a "
				 "WHERE n.nspname = %s AND a.grantee <> n.nspowner",
				 quote_literal_cstr(area->schema), quote_literal_cstr(area->schema)));
	table = SPI_tuptable;
	n = SPI_processed;
	for (uint64 i = 0; i < n; i++)
		run(SPI_getvalue(table->vals[i], table->tupdesc, 1));
}

static void
check_new_name(const char *name, const char *admdvs)
{
	if (name[0] == '\0' || strlen(name) >= NAMEDATALEN || strncmp(name, "pg_", 3) == 0 ||
		strcmp(name, "yibao") == 0 || strpbrk(name, "'\"%\\$@ \t\r\n") != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_NAME),
				 errmsg("\"%s\" cannot be the name of a pool area", name),
				 errhint("It is the name of a new schema: at most 63 bytes, not beginning with pg_, without quotes, blanks and the signs %% \\ $ @.")));
	if (strlen(admdvs) != 6 || strspn(admdvs, "0123456789") != 6)
		ereport(ERROR,
				(errcode(ERRCODE_YB_UNKNOWN_CODE),
				 errmsg("admdvs \"%s\" is no administrative division", admdvs),
				 errhint("Six digits, such as 620522 for 秦安县.")));
}

PG_FUNCTION_INFO_V1(yibao_create_poolarea);
Datum
yibao_create_poolarea(PG_FUNCTION_ARGS)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char	   *admdvs = text_to_cstring(PG_GETARG_TEXT_PP(1));
	char	   *version;
	FundArea	area;

	yibao_check_version();
	check_new_name(name, admdvs);
	begin(&area, name);
	version = one_version();
	run(psprintf("CREATE SCHEMA %s", quote_identifier(name)));
	run(psprintf("COMMENT ON SCHEMA %s IS %s", quote_identifier(name),
				 quote_literal_cstr(psprintf("统筹区 %s %s (yibao.create_poolarea)", name, admdvs))));
	run_scripts(&area, SCRIPT_TABLES);
	run(psprintf("INSERT INTO %s.area (name, admdvs, version, created_by, created_at) "
				 "VALUES (%s, %s, %s, SESSION_USER, pg_catalog.statement_timestamp())",
				 quote_identifier(name), quote_literal_cstr(name), quote_literal_cstr(admdvs),
				 quote_literal_cstr(version)));

	/* an engine that places schemas on machines does so here: no trigger yet, no row but one */

	run_scripts(&area, SCRIPT_RULES);
	run_scripts(&area, SCRIPT_ROWS);
	revoke_all(&area);
	fund_leave(&area);
	PG_RETURN_VOID();
}

/* The area's schema, which must be the caller's. */
static void
need_own_area(const char *name)
{
	Oid			nsp = get_namespace_oid(name, true);

	if (!OidIsValid(nsp) || !OidIsValid(get_relname_relid("area", nsp)) ||
		!OidIsValid(get_relname_relid("posting_rule", nsp)))
		ereport(ERROR,
				(errcode(ERRCODE_YB_NO_AREA),
				 errmsg("there is no pool area \"%s\"", name),
				 errhint("SELECT * FROM yibao.poolareas() lists those of this database.")));
	if (!object_ownercheck(NamespaceRelationId, nsp, GetUserId()))
		aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_SCHEMA, name);
}

/* ---- posts ------------------------------------------------------------------------------- */

typedef struct Post
{
	const char *name;
	const char *tables;			/* it may insert into; NULL: none */
	const char *not_with;		/* a table that only an incompatible post inserts into */
	const char *mark;			/* a table by whose rights its holders are known */
} Post;

static const Post posts[] = {
	{"clerk", "receipt, cash_move, headcount, premium, transfer, payment, budget, appropriation, settlement, item, enrolment, hold, hold_end, replay, voucher, admission, clearing, prepay_attest, prepay_schedule, next_year_income, refund, risk_case, risk_step, bank_statement_line, bank_balance, bank_match, tax_batch, tax_person, tax_step, subsidy_due, interest_rate, interest_period", "payment_approval", "receipt"},
	{"reviewer", "approval, transfer_approval, headcount_approval, premium_approval, payment_approval, replay_approval, voucher_approval, refund_approval, period_act_approval, admission_extension, clearing_extension, risk_step, setl_diff_close", "payment", "payment_approval"},
	{"auditor", NULL, NULL, "entry"},
	{"publisher", "policy", NULL, "policy"},
};

/* "receipt, payment" as "area.receipt, area.payment". */
static char *
qualify(const char *schema, const char *tables)
{
	StringInfoData buf;
	char	   *copy = pstrdup(tables);

	initStringInfo(&buf);
	for (char *t = strtok(copy, ", "); t != NULL; t = strtok(NULL, ", "))
		appendStringInfo(&buf, "%s%s.%s", buf.len > 0 ? ", " : "", quote_identifier(schema), t);
	return buf.data;
}

/* The role was granted INSERT on a table by name (not as a superuser or owner). */
static bool
holds_insert(const char *schema, const char *table, const char *role)
{
	run(psprintf("SELECT 1 FROM pg_catalog.pg_class c, LATERAL pg_catalog.aclexplode(c.relacl) a "
				 "WHERE c.oid = %s::pg_catalog.regclass AND a.privilege_type = 'INSERT' "
				 "AND a.grantee <> c.relowner AND a.grantee <> 0 AND pg_catalog.pg_has_role(%s, a.grantee, 'MEMBER') "
				 "AND NOT (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = %s)",
				 quote_literal_cstr(quote_qualified_identifier(schema, table)),
				 quote_literal_cstr(role), quote_literal_cstr(role)));
	return SPI_processed > 0;
}

/* role is quoted. */
static void
grant_post(const char *schema, const Post *post, const char *role)
{
	run(psprintf("GRANT USAGE ON SCHEMA %s TO %s", quote_identifier(schema), role));
	run(psprintf("GRANT SELECT ON ALL TABLES IN SCHEMA %s TO %s", quote_identifier(schema), role));
	if (post->tables != NULL)
		run(psprintf("GRANT INSERT ON %s TO %s", qualify(schema, post->tables), role));
}

PG_FUNCTION_INFO_V1(yibao_grant_poolarea);
Datum
yibao_grant_poolarea(PG_FUNCTION_ARGS)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char	   *role = text_to_cstring(PG_GETARG_TEXT_PP(1));
	char	   *post_name = text_to_cstring(PG_GETARG_TEXT_PP(2));
	const char *schema = quote_identifier(name);
	const Post *post = NULL;
	FundArea	area;

	yibao_check_version();
	need_own_area(name);
	for (size_t i = 0; i < lengthof(posts); i++)
		if (strcmp(posts[i].name, post_name) == 0)
			post = &posts[i];
	if (post == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POST),
				 errmsg("there is no post \"%s\"", post_name),
				 errhint("Posts: clerk, reviewer, auditor, publisher.")));
	(void) get_role_oid(role, false);

	begin(&area, name);
	if (post->not_with != NULL && holds_insert(name, post->not_with, role))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POST),
				 errmsg("%s holds a post already that does not go with %s", role, post_name),
				 errdetail("Who draws up does not approve (经办与复核不相容)."),
				 errhint("Give the post to another login, or revoke the first: REVOKE INSERT ON ALL TABLES IN SCHEMA %s FROM %s.",
						 schema, quote_identifier(role))));
	grant_post(name, post, quote_identifier(role));
	fund_leave(&area);
	PG_RETURN_VOID();
}

/* ---- putting back, bringing up --------------------------------------------------------------- */

/* The script that brings an area of this version up, by a version; what it leads to in *to. */
static const char *
next_step(const char *version, const char **to)
{
	size_t		n = strlen(version);

	for (size_t i = 0; i < lengthof(poolarea_scripts); i++)
	{
		const char *name = poolarea_scripts[i].name;

		if (script_kind(name) == SCRIPT_UP && strncmp(name + 3, version, n) == 0 &&
			strncmp(name + 3 + n, "--", 2) == 0)
		{
			*to = name + 3 + n + 2;
			return poolarea_scripts[i].text;
		}
	}
	return NULL;
}

/* The area's tables become those of version; false when they were. */
static bool
bring_up(const FundArea *area, const char *version)
{
	const char *made_by;
	const char *at;

	run(psprintf("SELECT version FROM %s.area FOR UPDATE", quote_identifier(area->schema)));
	made_by = fund_need(0, 1);
	for (at = made_by; strcmp(at, version) != 0;)
	{
		const char *to;
		const char *script = next_step(at, &to);

		if (script == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_YB_LIBRARY_OLDER),
					 errmsg("pool area %s was made by version %s, there is no way from it to version %s",
							area->schema, made_by, version),
					 errhint("Install the yibao %s package (or a later one) and update the extension.", made_by)));
		fund_script(area, script);
		fund_script(area, psprintf("UPDATE @schema@.area SET version = %s", quote_literal_cstr(to)));
		at = to;
	}
	return at != made_by;
}

/* What a post has been given since: to everybody who holds it. */
static void
grant_anew(const FundArea *area)
{
	for (size_t i = 0; i < lengthof(posts); i++)
	{
		SPITupleTable *table;
		uint64		n;

		/* who may insert into the first table of the post; an auditor, who may read */
		run(psprintf("SELECT DISTINCT a.grantee::pg_catalog.regrole::pg_catalog.text FROM pg_catalog.pg_class c, LATERAL pg_catalog.aclexplode(c.relacl) a "
					 "WHERE c.oid = %s::pg_catalog.regclass AND a.privilege_type = '%s' AND a.grantee NOT IN (0, c.relowner) ORDER BY 1",
					 quote_literal_cstr(psprintf("%s.%s", quote_identifier(area->schema), posts[i].mark)),
					 posts[i].tables == NULL ? "SELECT" : "INSERT"));
		table = SPI_tuptable;
		n = SPI_processed;
		for (uint64 k = 0; k < n; k++)
			grant_post(area->schema, &posts[i], SPI_getvalue(table->vals[k], table->tupdesc, 1));
	}
}

PG_FUNCTION_INFO_V1(yibao_attach_poolarea);
Datum
yibao_attach_poolarea(PG_FUNCTION_ARGS)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	FundArea	area;
	bool		newer;

	yibao_check_version();
	need_own_area(name);
	begin(&area, name);
	newer = bring_up(&area, one_version());
	run_scripts(&area, SCRIPT_RULES);
	if (newer)
		grant_anew(&area);
	fund_leave(&area);
	PG_RETURN_VOID();
}

/* ---- which areas there are ----------------------------------------------------------------- */

/*
 * An area is a schema whose table area carries our trigger.  What its one row
 * says is shown to who may read it.
 */
PG_FUNCTION_INFO_V1(yibao_poolareas);
Datum
yibao_poolareas(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsi = (ReturnSetInfo *) fcinfo->resultinfo;
	FundArea	area;
	SPITupleTable *table;
	uint64		n;

	InitMaterializedSRF(fcinfo, 0);
	begin(&area, "pg_catalog");
	run("SELECT n.nspname::pg_catalog.text, pg_catalog.pg_get_userbyid(c.relowner)::pg_catalog.text, "
		"pg_catalog.format('SELECT admdvs, version, mode FROM %I.area', n.nspname), "
		"pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT') "
		"FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc f ON f.oid = t.tgfoid "
		"JOIN pg_catalog.pg_namespace fn ON fn.oid = f.pronamespace "
		"JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
		"WHERE fn.nspname = 'yibao' AND f.proname = 't_ledger' AND c.relname = 'area' AND c.relkind = 'r' AND NOT t.tgisinternal "
		"ORDER BY 1");
	table = SPI_tuptable;
	n = SPI_processed;
	for (uint64 i = 0; i < n; i++)
	{
		Datum		values[5];
		bool		nulls[5] = {false, true, true, true, false};
		bool		isnull;

		values[0] = CStringGetTextDatum(SPI_getvalue(table->vals[i], table->tupdesc, 1));
		values[4] = CStringGetTextDatum(SPI_getvalue(table->vals[i], table->tupdesc, 2));
		/* a plain table: to read it runs nobody's code */
		if (DatumGetBool(SPI_getbinval(table->vals[i], table->tupdesc, 4, &isnull)))
		{
			run(SPI_getvalue(table->vals[i], table->tupdesc, 3));
			for (int k = 0; SPI_processed > 0 && k < 3; k++)
			{
				values[k + 1] = CStringGetTextDatum(fund_need(0, k + 1));
				nulls[k + 1] = false;
			}
		}
		tuplestore_putvalues(rsi->setResult, rsi->setDesc, values, nulls);
	}
	fund_leave(&area);
	return (Datum) 0;
}
