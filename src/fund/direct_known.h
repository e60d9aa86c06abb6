/*
 * direct_known.h
 *	  What is known of a table that direct.c reads and writes: whether it is as it was
 *	  made, its index, its CHECKs made ready.
 */
#ifndef FUND_DIRECT_KNOWN_H
#define FUND_DIRECT_KNOWN_H

#include "nodes/execnodes.h"
#include "storage/itemptr.h"
#include "storage/lockdefs.h"
#include "utils/relcache.h"

#include "fund/direct.h"

typedef struct KnownKey
{
	Oid			nsp;
	Oid			pad;
	const DirectTable *table;
} KnownKey;

#define LAST_FOUND	8

typedef struct Known
{
	KnownKey	key;
	Oid			relid;
	bool		valid;			/* no message since it was looked at */
	bool		readable;		/* columns and index are as made */
	bool		insertable;
	bool		updatable;
	bool		unique;			/* its index is, and by the keys alone */
	bool		guarded;		/* before a row is inserted only our guard fires */
	int			digest;			/* column that it fills; -1: none */
	Oid			index;
	ItemPointerData last[LAST_FOUND];	/* where a key was found last; invalid: nowhere */
	int			nchecks;
	ExprState **checks;
	ExprContext *econtext;
	MemoryContext cxt;			/* of the checks; NULL: there are none */
} Known;

/* The table opened; NULL when it is not there, somebody else's, or not as it was made. */
extern Known *direct_open_known(const FundArea *area, const DirectTable *table, LOCKMODE mode,
								Relation *rel);

#endif
