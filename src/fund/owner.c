/*
 * owner.c
 *	  SPI with the rights of the table's owner, by plans that the backend keeps.
 */
#include "postgres.h"

#include "commands/extension.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "compat.h"
#include "fund/owner.h"

typedef struct PlanKey
{
	Oid			nsp;
	Oid			pad;
	const char *sql;
} PlanKey;

typedef struct KeptPlan
{
	PlanKey		key;
	SPIPlanPtr	plan;			/* NULL: to be made */
} KeptPlan;

static HTAB *plans = NULL;

int			settlement_writing = 0;

void
owner_enter(OwnerWork *work, Oid owner)
{
	GetUserIdAndSecContext(&work->save_userid, &work->save_sec_context);
	SetUserIdAndSecContext(owner, work->save_sec_context |
						   SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
}

void
owner_leave(OwnerWork *work)
{
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "SPI_finish failed");
	SetUserIdAndSecContext(work->save_userid, work->save_sec_context);
}

static char *
with_schema(const char *sql, Oid nsp)
{
	char	   *name = get_namespace_name(nsp);
	const char *quoted;
	StringInfoData buf;
	const char *at;

	if (name == NULL)
		elog(ERROR, "cache lookup failed for schema %u", nsp);
	quoted = quote_identifier(name);
	initStringInfo(&buf);
	while ((at = strstr(sql, "@schema@")) != NULL)
	{
		appendBinaryStringInfo(&buf, sql, at - sql);
		appendStringInfoString(&buf, quoted);
		sql = at + strlen("@schema@");
	}
	appendStringInfoString(&buf, sql);
	return buf.data;
}

/*
 * A row or two by key have one good plan.  But on Citus a kept INSERT plan on a
 * distributed table leaks and slows down with each execution (quadratic time); a
 * custom plan does not.
 */
static int
plan_options(bool many_rows)
{
	return many_rows || OidIsValid(get_extension_oid("citus", true)) ?
		CURSOR_OPT_CUSTOM_PLAN : CURSOR_OPT_GENERIC_PLAN;
}

static SPIPlanPtr
kept_plan(Oid nsp, const char *sql, int nargs, const Oid *types, bool many_rows)
{
	PlanKey		key;
	KeptPlan   *kept;
	bool		found;

	if (plans == NULL)
	{
		HASHCTL		ctl = {
			.keysize = sizeof(PlanKey),
			.entrysize = sizeof(KeptPlan),
			.hcxt = CacheMemoryContext
		};

		plans = hash_create("yibao settlement plans", 64, &ctl,
							HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	memset(&key, 0, sizeof(key));
	key.nsp = nsp;
	key.sql = sql;
	kept = hash_search(plans, &key, HASH_ENTER, &found);
	if (!found)
		kept->plan = NULL;
	if (kept->plan != NULL && !SPI_plan_is_valid(kept->plan))
	{
		/* The schema may have another name now. */
		SPIPlanPtr	old = kept->plan;

		kept->plan = NULL;
		SPI_freeplan(old);
	}
	if (kept->plan == NULL)
	{
		SPIPlanPtr	plan = SPI_prepare_cursor(with_schema(sql, nsp), nargs,
											  unconstify(Oid *, types),
											  plan_options(many_rows));

		if (plan == NULL)
			elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
		if (SPI_keepplan(plan) != 0)
			elog(ERROR, "SPI_keepplan failed");
		kept->plan = plan;
	}
	return kept->plan;
}

/* Keys, person-years and queue are open to what this runs, and closed again after an error. */
static int
run(SPIPlanPtr plan, Datum *values, const char *nulls, long limit)
{
	volatile int result = 0;

	settlement_writing++;
	PG_TRY();
	{
		result = SPI_execute_plan(plan, values, nulls, false, limit);
	}
	PG_FINALLY();
	{
		settlement_writing--;
	}
	PG_END_TRY();
	return result;
}

/* The memory context stays the caller's: SPI leaves its own, which may end sooner. */
static int
prepare_and_run(Oid nsp, const char *sql, int nargs, const Oid *types, bool many_rows,
				Datum *values, const char *nulls, long limit)
{
	MemoryContext cxt = CurrentMemoryContext;
	int			result = run(kept_plan(nsp, sql, nargs, types, many_rows), values, nulls, limit);

	if (result < 0)
		elog(ERROR, "SPI_execute_plan failed: %s", SPI_result_code_string(result));
	MemoryContextSwitchTo(cxt);
	return result;
}

int
owner_exec(Oid nsp, const char *sql, int nargs, const Oid *types,
		   Datum *values, const char *nulls, long limit)
{
	return prepare_and_run(nsp, sql, nargs, types, false, values, nulls, limit);
}

int
owner_exec_many(Oid nsp, const char *sql, int nargs, const Oid *types,
				Datum *values, const char *nulls)
{
	return prepare_and_run(nsp, sql, nargs, types, true, values, nulls, 0);
}
