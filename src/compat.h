/*
 * compat.h
 *	  The only place that knows PostgreSQL versions: 15 to 18.
 *
 * A newer server's interface is offered to the older ones, never the reverse.
 */
#ifndef YIBAO_COMPAT_H
#define YIBAO_COMPAT_H

#include "postgres.h"
#include "fmgr.h"
#include "storage/shmem.h"

#if PG_VERSION_NUM < 150000 || PG_VERSION_NUM >= 200000
#error "yibao supports PostgreSQL 15 to 19"
#endif

#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#ifndef palloc_object			/* 16, and late minor releases of 15 */
#define palloc_object(type) ((type *) palloc(sizeof(type)))
#define palloc0_object(type) ((type *) palloc0(sizeof(type)))
#define palloc_array(type, count) ((type *) palloc(mul_size(sizeof(type), count)))
#define palloc0_array(type, count) ((type *) palloc0(mul_size(sizeof(type), count)))
#define repalloc_array(pointer, type, count) \
	((type *) repalloc(pointer, mul_size(sizeof(type), count)))
#endif

/* object_ownercheck and object_aclcheck, as 16 has them, for the classes that we ask about. */
#if PG_VERSION_NUM < 160000
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "utils/acl.h"

static inline bool
object_ownercheck(Oid classid, Oid objectid, Oid roleid)
{
	Assert(classid == RelationRelationId || classid == NamespaceRelationId);
	return classid == RelationRelationId ?
		pg_class_ownercheck(objectid, roleid) :
		pg_namespace_ownercheck(objectid, roleid);
}

static inline AclResult
object_aclcheck(Oid classid, Oid objectid, Oid roleid, AclMode mode)
{
	Assert(classid == RelationRelationId || classid == NamespaceRelationId);
	return classid == RelationRelationId ?
		pg_class_aclcheck(objectid, roleid, mode) :
		pg_namespace_aclcheck(objectid, roleid, mode);
}
#endif

#ifndef PG_MODULE_MAGIC_EXT		/* 18 */
#define PG_MODULE_MAGIC_EXT(...) PG_MODULE_MAGIC
#endif

#endif							/* YIBAO_COMPAT_H */
