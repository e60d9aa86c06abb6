/*
 * yibao.c
 *	  The module itself: loading it, its version, and what a database must
 *	  be like for it to work.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/parallel.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/pg_extension.h"
#include "commands/extension.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "errcodes.h"
#include "yibao.h"

PG_MODULE_MAGIC_EXT(.name = "yibao", .version = YIBAO_VERSION);

void		_PG_init(void);

bool		yibao_version_checked = false;

/* The WARNING is for people: once a backend, not once an invalidation. */
static bool version_warned = false;

/*
 * An upgrade replaces functions: look again after that, so that a backend
 * which still holds the library from before notices.
 */
static void
forget_version(Datum arg, int cacheid, uint32 hashvalue)
{
	yibao_version_checked = false;
}

void
_PG_init(void)
{
	pg_bindtextdomain(TEXTDOMAIN);
	CacheRegisterSyscacheCallback(PROCOID, forget_version, (Datum) 0);
}

/* "1.2" as 1002; what is not a version of ours counts as the newest. */
static int
version_number(const char *version)
{
	int			major;
	int			minor;
	int			used = 0;

	if (sscanf(version, "%4d.%3d%n", &major, &minor, &used) != 2 ||
		version[used] != '\0' || major < 0 || minor < 0)
		return INT_MAX;
	return major * 1000 + minor;
}

/* The version of the SQL objects in this database, palloc'd; NULL if they are not installed. */
static char *
installed_version(void)
{
	Relation	rel = table_open(ExtensionRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	char	   *version = NULL;

	ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber,
				F_NAMEEQ, CStringGetDatum("yibao"));
	scan = systable_beginscan(rel, ExtensionNameIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
	{
		bool		isnull;
		Datum		value = heap_getattr(tuple, Anum_pg_extension_extversion,
										 RelationGetDescr(rel), &isnull);

		if (!isnull)
			version = TextDatumGetCString(value);
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return version;
}

static void
refuse_newer_sql(const char *version)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_LIBRARY_OLDER),
			 errmsg("yibao's library is version %s, older than its SQL objects, version %s",
					YIBAO_VERSION, version),
			 errhint("Install the yibao %s package (or \"make install\" from its source) and connect again.",
					 version)));
}

void
yibao_check_version_now(void)
{
	char	   *version;

	/* While a script runs, the catalogue already names its target. */
	if (creating_extension)
		return;

	/* Set before the look-up: what is invalidated during it is looked at again. */
	yibao_version_checked = true;
	version = installed_version();
	if (version == NULL)
		return;

	if (version_number(version) > version_number(YIBAO_VERSION))
	{
		yibao_version_checked = false;
		refuse_newer_sql(version);
	}
	if (version_number(version) < version_number(YIBAO_VERSION) &&
		!version_warned && !IsParallelWorker())
	{
		version_warned = true;
		ereport(WARNING,
				(errmsg("yibao's library is version %s, its SQL objects are version %s",
						YIBAO_VERSION, version),
				 errdetail("Everything of version %s works as it did.", version),
				 errhint("Run ALTER EXTENSION yibao UPDATE TO '%s' to have what is new.",
						 YIBAO_VERSION)));
	}
	pfree(version);
}

PG_FUNCTION_INFO_V1(yibao_version);
Datum
yibao_version(PG_FUNCTION_ARGS)
{
	yibao_check_version();
	PG_RETURN_TEXT_P(cstring_to_text(YIBAO_VERSION));
}

/*
 * The first statement of every install and upgrade script: can this library in
 * this database be what a script of that version needs?
 */
PG_FUNCTION_INFO_V1(yibao_require);
Datum
yibao_require(PG_FUNCTION_ARGS)
{
	char	   *version = text_to_cstring(PG_GETARG_TEXT_PP(0));

	if (GetDatabaseEncoding() != PG_UTF8)
		ereport(ERROR,
				(errcode(ERRCODE_YB_ENCODING),
				 errmsg("yibao needs a database in UTF8, this one is in %s",
						GetDatabaseEncodingName()),
				 errhint("Create one: CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0 LOCALE 'C'.")));
	if (version_number(version) > version_number(YIBAO_VERSION))
		refuse_newer_sql(version);
	PG_RETURN_VOID();
}
