/*
 * unique.c
 *	  Whether another row has a unique key of one that is about to be inserted.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/nbtree.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_am.h"
#include "executor/executor.h"
#include "storage/lmgr.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "fund/unique.h"

/* Would this row be in the index? */
static bool
fits_predicate(Relation rel, Relation index, const Datum *values, const bool *nulls)
{
	List	   *predicate = RelationGetIndexPredicate(index);
	EState	   *estate;
	TupleTableSlot *slot;
	bool		fits;

	if (predicate == NIL)
		return true;
	estate = CreateExecutorState();
	slot = MakeSingleTupleTableSlot(RelationGetDescr(rel), &TTSOpsVirtual);
	memcpy(slot->tts_values, values, sizeof(Datum) * slot->tts_tupleDescriptor->natts);
	memcpy(slot->tts_isnull, nulls, sizeof(bool) * slot->tts_tupleDescriptor->natts);
	ExecStoreVirtualTuple(slot);
	GetPerTupleExprContext(estate)->ecxt_scantuple = slot;
	fits = ExecQual(ExecPrepareQual(predicate, estate), GetPerTupleExprContext(estate));
	ExecDropSingleTupleTableSlot(slot);
	FreeExecutorState(estate);
	return fits;
}

/* The key by which the index would refuse this row; false when it would not. */
static bool
key_of_row(Relation rel, Relation index, const Datum *values, const bool *nulls, ScanKey scankeys)
{
	Form_pg_index form = index->rd_index;

	for (int i = 0; i < form->indnkeyatts; i++)
	{
		AttrNumber	att = form->indkey.values[i];
		Oid			type = index->rd_opcintype[i];

		if (att <= 0 || nulls[att - 1])
			return false;
		ScanKeyEntryInitialize(&scankeys[i], 0, i + 1, BTEqualStrategyNumber, InvalidOid, index->rd_indcollation[i],
							   get_opcode(get_opfamily_member(index->rd_opfamily[i], type, type, BTEqualStrategyNumber)),
							   values[att - 1]);
	}
	return fits_predicate(rel, index, values, nulls);
}

/* With a dirty snapshot, whose xmin then says who is inserting the row at tid. */
static bool
key_found(Relation rel, Relation index, ScanKey scankeys, Snapshot snapshot, ItemPointer tid)
{
	int			n = index->rd_index->indnkeyatts;
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	IndexScanDesc scan = index_beginscan_of(rel, index, snapshot, n);
	bool		found;

	index_rescan(scan, scankeys, n, NULL, 0);
	found = index_getnext_slot(scan, ForwardScanDirection, slot);
	if (found)
		*tid = slot->tts_tid;
	index_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	return found;
}

static KeyState
index_key_state(Relation rel, Relation index, const Datum *values, const bool *nulls)
{
	ScanKeyData scankeys[INDEX_MAX_KEYS];
	SnapshotData dirty;
	ItemPointerData tid;
	bool		seen;

	if (!index->rd_index->indisunique || !index->rd_index->indimmediate || !index->rd_index->indisvalid ||
		index->rd_rel->relam != BTREE_AM_OID || !key_of_row(rel, index, values, nulls, scankeys))
		return KEY_FREE;
	CommandCounterIncrement();
	for (;;)
	{
		InitDirtySnapshot(dirty);
		if (!key_found(rel, index, scankeys, &dirty, &tid))
			return KEY_FREE;
		if (!TransactionIdIsValid(dirty.xmin))
			break;
		if (dirty.speculativeToken != 0)
			SpeculativeInsertionWait(dirty.xmin, dirty.speculativeToken);
		else
			XactLockTableWait(dirty.xmin, rel, &tid, XLTW_InsertIndex);
	}
	if (!IsolationUsesXactSnapshot())
		return KEY_TAKEN;
	PushActiveSnapshot(GetTransactionSnapshot());
	seen = key_found(rel, index, scankeys, GetActiveSnapshot(), &tid);
	PopActiveSnapshot();
	return seen ? KEY_TAKEN : KEY_NEWER;
}

KeyState
unique_key_state(Relation rel, bool primary, const Datum *values, const bool *nulls, Oid *index)
{
	KeyState	state = KEY_FREE;
	List	   *indexes = RelationGetIndexList(rel);
	ListCell   *lc;

	foreach(lc, indexes)
	{
		Relation	one;

		if ((lfirst_oid(lc) == rel->rd_pkindex) != primary)
			continue;
		one = index_open(lfirst_oid(lc), AccessShareLock);
		state = index_key_state(rel, one, values, nulls);
		index_close(one, NoLock);
		if (state != KEY_FREE)
		{
			*index = lfirst_oid(lc);
			break;
		}
	}
	list_free(indexes);
	return state;
}

bool
unique_value_there(Relation rel, AttrNumber column, Datum value)
{
	List	   *indexes = RelationGetIndexList(rel);
	ListCell   *lc;
	bool		there = true;
	bool		asked = false;

	foreach(lc, indexes)
	{
		Relation	index = index_open(lfirst_oid(lc), AccessShareLock);
		Form_pg_index form = index->rd_index;

		if (form->indisunique && form->indisvalid && form->indnkeyatts == 1 && form->indkey.values[0] == column &&
			index->rd_rel->relam == BTREE_AM_OID && RelationGetIndexPredicate(index) == NIL)
		{
			ScanKeyData key;
			SnapshotData dirty;
			ItemPointerData tid;

			ScanKeyEntryInitialize(&key, 0, 1, BTEqualStrategyNumber, InvalidOid, index->rd_indcollation[0],
								   get_opcode(get_opfamily_member(index->rd_opfamily[0], index->rd_opcintype[0],
																  index->rd_opcintype[0], BTEqualStrategyNumber)),
								   value);
			InitDirtySnapshot(dirty);
			there = key_found(rel, index, &key, &dirty, &tid);
			asked = true;
		}
		index_close(index, NoLock);
		if (asked)
			break;
	}
	list_free(indexes);
	return there;
}
