/*
 * owner.h
 *	  SPI with the rights of a table's owner, by plans that the backend keeps:
 *	  for what runs once a row.  What runs once a statement has fund_exec().
 */
#ifndef YIBAO_FUND_OWNER_H
#define YIBAO_FUND_OWNER_H

#include "executor/spi.h"

/*
 * SPI with the rights of the table's owner.  Statements name everything with
 * its schema and operators with pg_catalog, so that no search_path matters.
 */
typedef struct OwnerWork
{
	Oid			save_userid;
	int			save_sec_context;
} OwnerWork;

extern void owner_enter(OwnerWork *work, Oid owner);
extern void owner_leave(OwnerWork *work);

/*
 * Run a statement by a plan that the backend keeps.  sql is a constant (its
 * address is the key) with "@schema@" for the quoted schema.  It is for a row or
 * two by key: one plan serves all values.  Never read-only: an older snapshot
 * would not see the rows before this one.
 */
extern int	owner_exec(Oid nsp, const char *sql, int nargs, const Oid *types,
					   Datum *values, const char *nulls, long limit);

/* The same for what may read any number of rows: planned anew for its values. */
extern int	owner_exec_many(Oid nsp, const char *sql, int nargs, const Oid *types,
							Datum *values, const char *nulls);

/* Above 0 while owner_exec() runs: keys, person-years and queue take only such writes. */
extern int	settlement_writing;

#endif							/* YIBAO_FUND_OWNER_H */
