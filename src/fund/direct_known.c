/*
 * direct_known.c
 *	  What is known of a table, kept for the backend (direct_known.h).
 *
 * A relcache message of the table, which every change of it sends, has it looked at
 * again.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "compat.h"
#include "fund/direct_known.h"
#include "fund/ledger.h"

static HTAB *known = NULL;

static void
relation_changed(Datum arg, Oid relid)
{
	HASH_SEQ_STATUS all;
	Known	   *k;

	hash_seq_init(&all, known);
	while ((k = hash_seq_search(&all)) != NULL)
		if (relid == InvalidOid || relid == k->relid)
			k->valid = false;
}

static bool
columns_as_made(TupleDesc desc, const DirectTable *table)
{
	if (table->whole ? desc->natts != table->ncolumns : desc->natts < table->ncolumns)
		return false;
	for (int i = 0; i < table->ncolumns; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		if (att->attisdropped || att->attgenerated != '\0' || att->atttypid != table->columns[i].type ||
			strcmp(NameStr(att->attname), table->columns[i].name) != 0)
			return false;
	}
	return true;
}

/* The btree whose first columns are the table's keys; InvalidOid when there is none. */
static Oid
index_as_made(Relation rel, const DirectTable *table, bool *unique)
{
	Oid			oid = get_relname_relid(table->index, RelationGetNamespace(rel));
	Relation	index;
	bool		ok;

	if (!OidIsValid(oid) || get_rel_relkind(oid) != RELKIND_INDEX)
		return InvalidOid;
	index = index_open(oid, AccessShareLock);
	ok = index->rd_index->indrelid == RelationGetRelid(rel) && index->rd_index->indisvalid && !index->rd_index->indcheckxmin &&
		index->rd_rel->relam == BTREE_AM_OID && index->rd_index->indnkeyatts >= table->nkeys;
	for (int i = 0; ok && i < table->nkeys; i++)
		ok = index->rd_index->indkey.values[i] == table->keys[i] + 1;
	*unique = index->rd_index->indisunique && index->rd_index->indimmediate &&
		index->rd_index->indnkeyatts == table->nkeys && RelationGetIndexPredicate(index) == NIL;
	index_close(index, NoLock);
	return ok ? oid : InvalidOid;
}

/* A function that can be replaced; a CHECK that calls one is left to the executor. */
static bool
not_built_in(Oid function, void *context)
{
	return function >= FirstNormalObjectId;
}

static bool
calls_other(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (check_functions_in_node(node, not_built_in, context))
		return true;
	return expression_tree_walker(node, calls_other, context);
}

/* False when one of them is not to be kept. */
static bool
prepare_checks(Known *k, Relation rel)
{
	TupleConstr *constr = RelationGetDescr(rel)->constr;
	MemoryContext old;

	k->nchecks = constr == NULL ? 0 : constr->num_check;
	if (k->nchecks == 0)
		return true;
	k->cxt = AllocSetContextCreate(CacheMemoryContext, "yibao checks", ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(k->cxt);
	k->checks = palloc_array(ExprState *, k->nchecks);
	k->econtext = CreateStandaloneExprContext();
	for (int i = 0; i < k->nchecks; i++)
	{
		Expr	   *expr = expression_planner(stringToNode(constr->check[i].ccbin));

		if (calls_other((Node *) expr, NULL))
		{
			MemoryContextSwitchTo(old);
			return false;
		}
		k->checks[i] = ExecInitExpr(expr, NULL);
	}
	MemoryContextSwitchTo(old);
	return true;
}

/*
 * Only triggers in C: those in SQL languages are to find the search_path that a
 * statement of ours has.
 */
static bool
triggers_in_c(Relation rel)
{
	for (int i = 0; rel->trigdesc != NULL && i < rel->trigdesc->numtriggers; i++)
	{
		Oid			function = rel->trigdesc->triggers[i].tgfoid;
		HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
		Oid			language;

		if (!HeapTupleIsValid(tuple))
			elog(ERROR, "cache lookup failed for function %u", function);
		language = ((Form_pg_proc) GETSTRUCT(tuple))->prolang;
		ReleaseSysCache(tuple);
		if (language != ClanguageId && language != INTERNALlanguageId)
			return false;
	}
	return true;
}

static bool
is_guard(Oid function)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	bool		isnull;
	Datum		source;
	bool		is;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", function);
	source = SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_prosrc, &isnull);
	is = ((Form_pg_proc) GETSTRUCT(tuple))->prolang == ClanguageId && !isnull &&
		strcmp(TextDatumGetCString(source), "yibao_t_ledger") == 0;
	ReleaseSysCache(tuple);
	return is;
}

/*
 * Is the ledger's guard all that fires before a row is inserted?  It lets our rows
 * through and fills their digest: that is done without it, in insert_row().
 */
static bool
guard_alone(Relation rel)
{
	bool		alone = true;

	for (int i = 0; rel->trigdesc != NULL && i < rel->trigdesc->numtriggers; i++)
	{
		Trigger    *trigger = &rel->trigdesc->triggers[i];

		if (TRIGGER_TYPE_MATCHES(trigger->tgtype, TRIGGER_TYPE_ROW, TRIGGER_TYPE_BEFORE, TRIGGER_TYPE_INSERT))
			alone = alone && trigger->tgenabled == TRIGGER_FIRES_ON_ORIGIN && trigger->tgqual == NULL &&
				is_guard(trigger->tgfoid);
	}
	return alone;
}

/* No row triggers on UPDATE but those of foreign keys, whose columns do not change. */
static bool
update_fires_nothing(Relation rel)
{
	for (int i = 0; rel->trigdesc != NULL && i < rel->trigdesc->numtriggers; i++)
	{
		Trigger    *trigger = &rel->trigdesc->triggers[i];

		if (TRIGGER_FOR_UPDATE(trigger->tgtype) && TRIGGER_FOR_ROW(trigger->tgtype) &&
			RI_FKey_trigger_type(trigger->tgfoid) == RI_TRIGGER_NONE)
			return false;
	}
	return true;
}

static int
digest_column(const DirectTable *table)
{
	for (int i = 0; i < table->ncolumns; i++)
		if (strcmp(table->columns[i].name, "row_hash") == 0)
			return i;
	return -1;
}

static void
look_at(Known *k, Relation rel, const DirectTable *table)
{
	TupleConstr *constr = RelationGetDescr(rel)->constr;

	if (k->cxt != NULL)
		MemoryContextDelete(k->cxt);
	k->cxt = NULL;
	k->readable = k->insertable = k->updatable = k->unique = k->guarded = false;
	k->index = InvalidOid;
	for (int i = 0; i < LAST_FOUND; i++)
		ItemPointerSetInvalid(&k->last[i]);
	if (rel->rd_rel->relkind != RELKIND_RELATION || rel->rd_rel->relhassubclass || rel->rd_rel->relispartition ||
		!columns_as_made(RelationGetDescr(rel), table) || OidIsValid(get_extension_oid("citus", true)))
		return;
	if (table->index != NULL)
	{
		k->index = index_as_made(rel, table, &k->unique);
		if (!OidIsValid(k->index))
			return;
	}
	k->readable = true;
	if (table->whole && (constr == NULL || !constr->has_generated_stored) &&
		rel->rd_rules == NULL && triggers_in_c(rel) && prepare_checks(k, rel))
	{
		k->insertable = true;
		k->updatable = update_fires_nothing(rel);
		k->guarded = guard_alone(rel);
		k->digest = digest_column(table);
	}
}

static Known *
known_of(Oid nsp, const DirectTable *table)
{
	KnownKey	key;
	Known	   *k;
	bool		found;

	if (known == NULL)
	{
		HASHCTL		ctl = {
			.keysize = sizeof(KnownKey),
			.entrysize = sizeof(Known),
			.hcxt = CacheMemoryContext
		};

		known = hash_create("yibao direct tables", 32, &ctl, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
		CacheRegisterRelcacheCallback(relation_changed, (Datum) 0);
	}
	memset(&key, 0, sizeof(key));
	key.nsp = nsp;
	key.table = table;
	k = hash_search(known, &key, HASH_ENTER, &found);
	if (!found)
	{
		k->relid = InvalidOid;
		k->valid = false;
		k->cxt = NULL;
	}
	return k;
}

Known *
direct_open_known(const FundArea *area, const DirectTable *table, LOCKMODE mode, Relation *rel)
{
	Known	   *k;

	if (IsolationUsesXactSnapshot() || GetUserId() != area->owner || !InNoForceRLSOperation())
		return NULL;
	k = known_of(area->nsp, table);
	*rel = k->valid ? try_table_open(k->relid, mode) : NULL;
	if (!k->valid || *rel == NULL)
	{
		/* not looked at yet; or changed, maybe by who had it locked until now */
		Oid			relid;

		if (*rel != NULL)
			table_close(*rel, NoLock);
		relid = get_relname_relid(table->name, area->nsp);
		if (!OidIsValid(relid) || get_rel_relkind(relid) != RELKIND_RELATION)
			return NULL;
		*rel = table_open(relid, mode);
		k->relid = relid;
		k->valid = true;		/* a message meanwhile is not lost */
		PG_TRY();
		{
			look_at(k, *rel, table);
		}
		PG_CATCH();
		{
			k->valid = false;
			PG_RE_THROW();
		}
		PG_END_TRY();
	}
	if (!k->readable || (*rel)->rd_rel->relowner != area->owner)
	{
		table_close(*rel, NoLock);
		return NULL;
	}
	return k;
}
