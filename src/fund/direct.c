/*
 * direct.c
 *	  A few rows of the ledger by the executor's own functions (direct.h).
 *
 * What is known of the tables is direct_known.c's.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/nbtree.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "fund/direct_known.h"
#include "fund/ledger.h"
#include "fund/owner.h"

bool
direct_lock_table(const FundArea *area, const DirectTable *table, LOCKMODE mode)
{
	Relation	rel;

	if (direct_open_known(area, table, mode, &rel) == NULL)
		return false;
	table_close(rel, NoLock);
	return true;
}

/* ---- reading --------------------------------------------------------------------------- */

typedef struct Search
{
	Relation	index;			/* NULL: the row was found where it was last */
	IndexScanDesc scan;
	TupleTableSlot *slot;
	ItemPointer last;			/* where to keep the place of what is found, or NULL */
} Search;

static RegProcedure
equality_of(Oid type)
{
	switch (type)
	{
		case TEXTOID:
			return F_TEXTEQ;
		case INT4OID:
			return F_INT4EQ;
		case BOOLOID:
			return F_BOOLEQ;
	}
	elog(ERROR, "no key of type %u", type);
}

static void
slot_values(Search *s, const DirectTable *table, DirectValues *row)
{
	slot_getsomeattrs(s->slot, table->ncolumns);
	memcpy(row->values, s->slot->tts_values, sizeof(Datum) * table->ncolumns);
	memcpy(row->nulls, s->slot->tts_isnull, sizeof(bool) * table->ncolumns);
}

static uint32
key_hash(const DirectTable *table, const Datum *keys)
{
	uint32		hash = 0;

	for (int i = 0; i < table->nkeys; i++)
	{
		const text *t = table->columns[table->keys[i]].type == TEXTOID ? DatumGetTextPP(keys[i]) : NULL;

		hash = hash_combine(hash, t == NULL ? (uint32) keys[i] :
							hash_bytes((const unsigned char *) VARDATA_ANY(t), (int) VARSIZE_ANY_EXHDR(t)));
	}
	return hash;
}

/* Byte by byte; where that says no, the index may still say yes. */
static bool
has_key(const DirectTable *table, const DirectValues *row, const Datum *keys)
{
	for (int i = 0; i < table->nkeys; i++)
	{
		int			c = table->keys[i];

		if (row->nulls[c] ||
			!datum_image_eq(row->values[c], keys[i], table->columns[c].type != TEXTOID,
							table->columns[c].type == TEXTOID ? -1 : table->columns[c].type == BOOLOID ? 1 : 4))
			return false;
	}
	return true;
}

/*
 * Is the row of this key where one was found last?  A snapshot sees one version of
 * it, in one place, so what stands there and has the key is it, whatever has
 * happened meanwhile.  The table is locked, so it does not get shorter than it is now.
 */
static bool
found_again(Search *s, Relation rel, const DirectTable *table, const Datum *keys)
{
	ItemPointerData tid = *s->last;
	IndexFetchTableData *fetch;
	DirectValues row;
	bool		again = false;
	bool		found;

	if (!ItemPointerIsValid(&tid) ||
		ItemPointerGetBlockNumber(&tid) >= RelationGetNumberOfBlocks(rel))
		return false;
	fetch = table_index_fetch_begin(rel);
	found = table_index_fetch_tuple(fetch, &tid, GetActiveSnapshot(), s->slot, &again, NULL);
	table_index_fetch_end(fetch);
	if (!found)
		return false;
	slot_values(s, table, &row);
	return has_key(table, &row, keys);
}

/* What is committed by now, and what this transaction has done. */
static void
begin_search(Search *s, Relation rel, Known *k, const DirectTable *table,
			 int nkeys, const Datum *keys)
{
	ScanKeyData scankeys[DIRECT_KEYS];

	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
	s->slot = table_slot_create(rel, NULL);
	s->index = NULL;
	s->last = table->few && k->unique && nkeys == table->nkeys ?
		&k->last[key_hash(table, keys) % LAST_FOUND] : NULL;
	if (s->last != NULL && found_again(s, rel, table, keys))
		return;
	s->index = index_open(k->index, AccessShareLock);
	for (int i = 0; i < nkeys; i++)
		ScanKeyEntryInitialize(&scankeys[i], 0, i + 1, BTEqualStrategyNumber, InvalidOid,
							   s->index->rd_indcollation[i],
							   equality_of(table->columns[table->keys[i]].type), keys[i]);
	s->scan = index_beginscan_of(rel, s->index, GetActiveSnapshot(), nkeys);
	index_rescan(s->scan, scankeys, nkeys, NULL, 0);
}

static bool
next_row(Search *s, const DirectTable *table, DirectValues *row)
{
	ItemPointer tid;
	ItemPointerData place;

	if (s->index == NULL)
	{
		if (s->last == NULL)
			return false;
		s->last = NULL;			/* there is no other */
		slot_values(s, table, row);
		return true;
	}
	while ((tid = index_getnext_tid(s->scan, ForwardScanDirection)) != NULL)
	{
		place = *tid;			/* the first of its versions on the page */
		if (index_fetch_heap(s->scan, s->slot))
		{
			if (s->last != NULL)
				*s->last = place;
			slot_values(s, table, row);
			return true;
		}
	}
	return false;
}

static void
end_search(Search *s)
{
	if (s->index != NULL)
	{
		index_endscan(s->scan);
		index_close(s->index, NoLock);
	}
	ExecDropSingleTupleTableSlot(s->slot);
	PopActiveSnapshot();
}

bool
direct_read(const FundArea *area, const DirectTable *table, int nkeys,
			const Datum *keys, DirectRow row, void *arg)
{
	Relation	rel;
	Known	   *k = direct_open_known(area, table, AccessShareLock, &rel);
	Search		s;
	DirectValues found;

	if (k == NULL)
		return false;
	begin_search(&s, rel, k, table, nkeys, keys);
	while (next_row(&s, table, &found) && row(&found, arg))
		 /* the next */ ;
	end_search(&s);
	table_close(rel, NoLock);
	return true;
}

/* ---- writing ----------------------------------------------------------------------------- */

/* The guards of the ledger and of the settlements' tables let our rows through; what it was. */
static bool
open_guards(void)
{
	settlement_writing++;
	return fund_ledger_set(true);
}

static void
close_guards(bool was)
{
	settlement_writing--;
	(void) fund_ledger_set(was);
}

typedef struct Writing
{
	Relation	rel;
	Known	   *known;
	EState	   *estate;
	ResultRelInfo *rri;
	TupleTableSlot *slot;
} Writing;

static void
begin_writing(Writing *w, Relation rel, Known *k)
{
	w->rel = rel;
	w->known = k;
	w->estate = CreateExecutorState();
	w->rri = makeNode(ResultRelInfo);
	InitResultRelInfo(w->rri, rel, 0, NULL, 0);
	w->slot = table_slot_create(rel, &w->estate->es_tupleTable);
	w->estate->es_output_cid = GetCurrentCommandId(true);
	AfterTriggerBeginQuery();
}

static void
end_writing(Writing *w)
{
	AfterTriggerEndQuery(w->estate);
	if (w->rri->ri_IndexRelationDescs != NULL)
		ExecCloseIndices(w->rri);
	ExecResetTupleTable(w->estate->es_tupleTable, true);
	FreeExecutorState(w->estate);
}

static void
put_values(Writing *w, const DirectTable *table, const DirectValues *row)
{
	ExecClearTuple(w->slot);
	memcpy(w->slot->tts_values, row->values, sizeof(Datum) * table->ncolumns);
	memcpy(w->slot->tts_isnull, row->nulls, sizeof(bool) * table->ncolumns);
	ExecStoreVirtualTuple(w->slot);
}

/* NOT NULL and CHECK; what they find is told by the executor. */
static void
check_row(Writing *w)
{
	TupleDesc	desc = RelationGetDescr(w->rel);
	const Known *k = w->known;
	bool		ok = true;

	slot_getallattrs(w->slot);
	for (int i = 0; i < desc->natts; i++)
		ok = ok && !(TupleDescAttr(desc, i)->attnotnull && w->slot->tts_isnull[i]);
	if (k->nchecks > 0)
	{
		k->econtext->ecxt_scantuple = w->slot;
		for (int i = 0; ok && i < k->nchecks; i++)
			ok = ExecCheck(k->checks[i], k->econtext);
		ResetExprContext(k->econtext);
		k->econtext->ecxt_scantuple = NULL;
	}
	if (!ok)
		ExecConstraints(w->rri, w->slot, w->estate);
}

/* The triggers before a row; where only our guard would fire, what it does. */
static void
before_insert(Writing *w)
{
	const Known *k = w->known;
	TupleTableSlot *slot = w->slot;

	if (k->guarded && SessionReplicationRole != SESSION_REPLICATION_ROLE_REPLICA)
	{
		if (k->digest >= 0)
		{
			slot->tts_values[k->digest] = fund_values_digest(RelationGetDescr(w->rel), slot->tts_values, slot->tts_isnull);
			slot->tts_isnull[k->digest] = false;
		}
	}
	else if (!ExecBRInsertTriggers(w->estate, w->rri, slot))
		elog(ERROR, "a trigger of %s refused a row of the ledger", RelationGetRelationName(w->rel));
}

static void
insert_row(Writing *w)
{
	TriggerDesc *triggers = w->rri->ri_TrigDesc;
	List	   *recheck = NIL;

	if (triggers != NULL && triggers->trig_insert_before_row)
		before_insert(w);
	check_row(w);
	table_tuple_insert(w->rel, w->slot, w->estate->es_output_cid, 0, NULL);
	if (w->rri->ri_NumIndices > 0)
		recheck = insert_index_tuples(w->rri, w->slot, w->estate, false, false);
	ExecARInsertTriggers(w->estate, w->rri, w->slot, recheck, NULL);
	list_free(recheck);
}

bool
direct_insert(const FundArea *area, const DirectTable *table, int nrows,
			  const DirectValues *rows)
{
	Relation	rel;
	Known	   *k = direct_open_known(area, table, RowExclusiveLock, &rel);
	Writing		w;
	bool		save;

	if (k == NULL)
		return false;
	if (!k->insertable)
	{
		table_close(rel, NoLock);
		return false;
	}
	save = open_guards();
	PG_TRY();
	{
		begin_writing(&w, rel, k);
		ExecOpenIndices(w.rri, false);
		ExecBSInsertTriggers(w.estate, w.rri);
		for (int i = 0; i < nrows; i++)
		{
			ResetPerTupleExprContext(w.estate);
			put_values(&w, table, &rows[i]);
			insert_row(&w);
		}
		ExecASInsertTriggers(w.estate, w.rri, NULL);
		end_writing(&w);
	}
	PG_FINALLY();
	{
		close_guards(save);
	}
	PG_END_TRY();
	table_close(rel, NoLock);
	return true;
}

/* One try: false when somebody has the key; true when it is ours. */
static bool
insert_new_row(Writing *w, List *arbiters)
{
	uint32		token;
	bool		conflict = false;
	List	   *recheck;

	token = SpeculativeInsertionLockAcquire(GetCurrentTransactionId());
	table_tuple_insert_speculative(w->rel, w->slot, w->estate->es_output_cid, 0, NULL, token);
	recheck = insert_index_tuples_if_new(w->rri, w->slot, w->estate, &conflict, arbiters);
	table_tuple_complete_speculative(w->rel, w->slot, token, !conflict);
	SpeculativeInsertionLockRelease(GetCurrentTransactionId());
	if (!conflict)
		ExecARInsertTriggers(w->estate, w->rri, w->slot, recheck, NULL);
	list_free(recheck);
	return !conflict;
}

DirectResult
direct_insert_new(const FundArea *area, const DirectTable *table, const DirectValues *row,
				  bool looked)
{
	Relation	rel;
	Known	   *k = direct_open_known(area, table, RowExclusiveLock, &rel);
	Writing		w;
	bool		save;
	volatile DirectResult result = DIRECT_NONE;
	volatile bool look = !looked;

	if (k == NULL)
		return DIRECT_CANNOT;
	if (!k->insertable || !k->unique)
	{
		table_close(rel, NoLock);
		return DIRECT_CANNOT;
	}
	save = open_guards();
	PG_TRY();
	{
		List	   *arbiters = list_make1_oid(k->index);
		ItemPointerData other;

		begin_writing(&w, rel, k);
		ExecOpenIndices(w.rri, true);
		ExecBSInsertTriggers(w.estate, w.rri);
		put_values(&w, table, row);
		if (w.rri->ri_TrigDesc != NULL && w.rri->ri_TrigDesc->trig_insert_before_row)
			before_insert(&w);
		check_row(&w);
		/* waits for who is inserting the key; who comes between this and our row is found by insert_new_row() */
		while (result == DIRECT_NONE && (!look || no_such_key(w.rri, w.slot, w.estate, &other, arbiters)))
		{
			look = true;
			if (insert_new_row(&w, arbiters))
				result = DIRECT_DONE;
		}
		ExecASInsertTriggers(w.estate, w.rri, NULL);
		end_writing(&w);
	}
	PG_FINALLY();
	{
		close_guards(save);
	}
	PG_END_TRY();
	table_close(rel, NoLock);
	return result;
}

/*
 * wait false: a row that somebody has locked, or that is no longer as it was found, is
 * left alone.  Then no lock of it is taken before, which would be one more WAL record.
 */
static TM_Result
update_row(Relation rel, Known *k, const DirectTable *table, ItemPointer tid,
		   const DirectValues *row, bool wait)
{
	Writing		w;
	bool		save = open_guards();
	volatile TM_Result result = TM_Ok;

	PG_TRY();
	{
		IndexesToUpdate indexes;
		TM_FailureData failure;
		LockTupleMode mode;

		CheckCmdReplicaIdentity(rel, CMD_UPDATE);
		begin_writing(&w, rel, k);
		ExecBSUpdateTriggers(w.estate, w.rri);
		put_values(&w, table, row);
		check_row(&w);
		result = table_tuple_update(rel, tid, w.slot, w.estate->es_output_cid, GetActiveSnapshot(),
									InvalidSnapshot, wait, &failure, &mode, &indexes);
		if (result == TM_Ok && indexes_to_update(indexes))
		{
			ExecOpenIndices(w.rri, false);
			list_free(insert_index_tuples(w.rri, w.slot, w.estate, true, indexes_summarizing(indexes)));
		}
		ExecASUpdateTriggers(w.estate, w.rri, NULL);
		end_writing(&w);
	}
	PG_FINALLY();
	{
		close_guards(save);
	}
	PG_END_TRY();
	return result;
}

/* flags 0: a row that has changed since it was read is not locked. */
static bool
lock_found(Search *s, Relation rel, LockWaitPolicy wait, uint8 flags)
{
	ItemPointerData tid = s->slot->tts_tid;
	TM_FailureData failure;

	return table_tuple_lock(rel, &tid, GetActiveSnapshot(), s->slot, GetCurrentCommandId(true),
							LockTupleNoKeyExclusive, wait, flags, &failure) == TM_Ok;
}

#define LATEST	(TUPLE_LOCK_FLAG_LOCK_UPDATE_IN_PROGRESS | TUPLE_LOCK_FLAG_FIND_LAST_VERSION)

DirectResult
direct_update(const FundArea *area, const DirectTable *table, const Datum *keys,
			  bool wait, DirectChange change, void *arg)
{
	Relation	rel;
	Known	   *k = direct_open_known(area, table, RowExclusiveLock, &rel);
	Search		s;
	DirectValues row;
	TM_Result	updated = TM_BeingModified;

	if (k == NULL)
		return DIRECT_CANNOT;
	if (!k->updatable)
	{
		table_close(rel, NoLock);
		return DIRECT_CANNOT;
	}
	begin_search(&s, rel, k, table, table->nkeys, keys);
	if (next_row(&s, table, &row) && (wait || change(&row, arg)))
	{
		ItemPointerData tid = s.slot->tts_tid;

		/* who locks it may be this transaction, or share it in a way that does not matter */
		if (!wait)
			updated = update_row(rel, k, table, &tid, &row, false);
		if (updated == TM_BeingModified &&
			lock_found(&s, rel, wait ? LockWaitBlock : LockWaitSkip, wait ? LATEST : 0))
		{
			/* without wait it is the version that was read, and still there */
			tid = s.slot->tts_tid;
			if (wait)
				slot_values(&s, table, &row);
			if (!wait || change(&row, arg))
			{
				updated = update_row(rel, k, table, &tid, &row, true);
				if (updated != TM_Ok)
					elog(ERROR, "a row of %s changed under its lock", RelationGetRelationName(rel));
			}
		}
	}
	end_search(&s);
	table_close(rel, NoLock);
	return updated == TM_Ok ? DIRECT_DONE : DIRECT_NONE;
}
