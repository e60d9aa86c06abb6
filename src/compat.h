/*
 * compat.h
 *	  The only place that knows PostgreSQL versions: 15 to 18.
 *
 * What one version lacks is made here; everybody else writes as if for all.
 */
#ifndef YIBAO_COMPAT_H
#define YIBAO_COMPAT_H

#include "postgres.h"
#include "fmgr.h"

#if PG_VERSION_NUM < 150000 || PG_VERSION_NUM >= 200000
#error "yibao supports PostgreSQL 15 to 19"
#endif

#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#ifndef palloc_object			/* 16, and late minor releases of 15 */
#include "storage/shmem.h"
#define palloc_object(type) ((type *) palloc(sizeof(type)))
#define palloc0_object(type) ((type *) palloc0(sizeof(type)))
#define palloc_array(type, count) ((type *) palloc(mul_size(sizeof(type), count)))
#define palloc0_array(type, count) ((type *) palloc0(mul_size(sizeof(type), count)))
#define repalloc_array(pointer, type, count) \
	((type *) repalloc(pointer, mul_size(sizeof(type), count)))
#endif

/*
 * object_ownercheck and object_aclcheck, as 16 has them, for the classes that
 * we ask about.  Macros, so that who does not ask need not include utils/acl.h.
 */
#if PG_VERSION_NUM < 160000
#define object_ownercheck(classid, objectid, roleid) \
	(AssertMacro((classid) == RelationRelationId || (classid) == NamespaceRelationId), \
	 (classid) == RelationRelationId ? \
	 pg_class_ownercheck(objectid, roleid) : pg_namespace_ownercheck(objectid, roleid))
#define object_aclcheck(classid, objectid, roleid, mode) \
	(AssertMacro((classid) == RelationRelationId || (classid) == NamespaceRelationId), \
	 (classid) == RelationRelationId ? \
	 pg_class_aclcheck(objectid, roleid, mode) : pg_namespace_aclcheck(objectid, roleid, mode))
#endif

#if PG_VERSION_NUM < 160000
#define pgstat_get_local_beentry_by_index(n) pgstat_fetch_stat_local_beentry(n)
#endif

/* the columns of any index, but for those of expressions */
#if PG_VERSION_NUM >= 160000
#define INDEX_ATTR_BITMAP_OF_INDEXES INDEX_ATTR_BITMAP_HOT_BLOCKING
#else
#define INDEX_ATTR_BITMAP_OF_INDEXES INDEX_ATTR_BITMAP_ALL
#endif

#ifndef pg_attribute_noreturn	/* gone in 18 */
#define pg_attribute_noreturn() __attribute__((noreturn))
#endif

#ifndef PG_MODULE_MAGIC_EXT		/* 18 */
#define PG_MODULE_MAGIC_EXT(...) PG_MODULE_MAGIC
#endif

/*
 * The JSON parser's semantic actions return nothing in 15, an error code since;
 * since 17 the lexer may be the caller's.
 */
#include "common/jsonapi.h"

#if PG_VERSION_NUM >= 160000
typedef JsonParseErrorType json_action_result;
#define json_action_done() return JSON_SUCCESS
#else
typedef void json_action_result;
#define json_action_done() return
#endif

#if PG_VERSION_NUM >= 170000
#define make_json_lexer(json, len, encoding, need_escapes) \
	makeJsonLexContextCstringLen(NULL, json, len, encoding, need_escapes)
#else
#define make_json_lexer(json, len, encoding, need_escapes) \
	makeJsonLexContextCstringLen(json, len, encoding, need_escapes)
#endif

/* 16 tells summarizing indexes (BRIN) apart from those that a new version of a row needs; 18 counts what scans do. */
#if PG_VERSION_NUM >= 160000
#define IndexesToUpdate TU_UpdateIndexes
#define indexes_to_update(u) ((u) != TU_None)
#define indexes_summarizing(u) ((u) == TU_Summarizing)
#define insert_index_tuples(rri, slot, estate, update, summarizing) \
	ExecInsertIndexTuples(rri, slot, estate, update, false, NULL, NIL, summarizing)
#else
#define IndexesToUpdate bool
#define indexes_to_update(u) (u)
#define indexes_summarizing(u) false
#define insert_index_tuples(rri, slot, estate, update, summarizing) \
	ExecInsertIndexTuples(rri, slot, estate, update, false, NULL, NIL)
#endif

#if PG_VERSION_NUM >= 160000
#define insert_index_tuples_if_new(rri, slot, estate, conflict, arbiters) \
	ExecInsertIndexTuples(rri, slot, estate, false, true, conflict, arbiters, false)
#else
#define insert_index_tuples_if_new(rri, slot, estate, conflict, arbiters) \
	ExecInsertIndexTuples(rri, slot, estate, false, true, conflict, arbiters)
#endif

#if PG_VERSION_NUM >= 180000
#define no_such_key(rri, slot, estate, other, arbiters) \
	ExecCheckIndexConstraints(rri, slot, estate, other, NULL, arbiters)
#else
#define no_such_key(rri, slot, estate, other, arbiters) \
	ExecCheckIndexConstraints(rri, slot, estate, other, arbiters)
#endif

#if PG_VERSION_NUM >= 180000
#define index_beginscan_of(heap, index, snapshot, nkeys) \
	index_beginscan(heap, index, snapshot, NULL, nkeys, 0)
#else
#define index_beginscan_of(heap, index, snapshot, nkeys) \
	index_beginscan(heap, index, snapshot, nkeys, 0)
#endif

/* RelationGetPrimaryKeyIndex: whether a deferrable one will do, from 18 on */
#if PG_VERSION_NUM >= 180000
#define primary_key_index(rel)	RelationGetPrimaryKeyIndex(rel, false)
#else
#define primary_key_index(rel)	RelationGetPrimaryKeyIndex(rel)
#endif

#endif							/* YIBAO_COMPAT_H */
