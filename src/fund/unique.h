/*
 * unique.h
 *	  Whether another row has a unique key of one that is about to be inserted.
 *
 * An index says so only when the row is there, in words of its own; asked before,
 * a trigger can say it in the project's, and leave out what was sent twice.
 */
#ifndef YIBAO_FUND_UNIQUE_H
#define YIBAO_FUND_UNIQUE_H

#include "utils/relcache.h"

/*
 * Is there another row with a unique key of this one, which is about to be
 * inserted: the primary key, or any of the others?  Waits for who is inserting it
 * now.  Of the table whose trigger is running, so where Citus has put it, it is
 * this one.  What was committed since an old snapshot was taken is KEY_NEWER.
 */
typedef enum KeyState
{
	KEY_FREE,
	KEY_TAKEN,
	KEY_NEWER
} KeyState;

extern KeyState unique_key_state(Relation rel, bool primary, const Datum *values,
								 const bool *nulls, Oid *index);

/* Is there a row of rel, committed or not, whose unique column has this value?  Yes where no index can tell. */
extern bool unique_value_there(Relation rel, AttrNumber column, Datum value);

#endif							/* YIBAO_FUND_UNIQUE_H */
