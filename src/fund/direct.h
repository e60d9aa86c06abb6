/*
 * direct.h
 *	  A few rows of the ledger by the executor's own functions, without a
 *	  statement around each.
 *
 * A statement through SPI costs five to ten times what its row does, and reads
 * each CHECK from its text again.  So what every posting does to the ledger is
 * done here, where that is the same: at READ COMMITTED, for a table that is as
 * create_poolarea() made it, and not on Citus, where the tables of this name are
 * elsewhere.  In every other case these functions say so, having done nothing,
 * and the caller uses fund_exec().
 *
 * The table must be the owner's whose rights the caller works with.  CHECKs, NOT NULL, triggers and indexes hold as for a
 * statement.  Each call sees what was committed before it, as a statement does.
 */
#ifndef YIBAO_FUND_DIRECT_H
#define YIBAO_FUND_DIRECT_H

#include "executor/tuptable.h"
#include "nodes/lockoptions.h"
#include "storage/lockdefs.h"

#include "fund/fund.h"

#define DIRECT_COLUMNS	12
#define DIRECT_KEYS		3

typedef struct DirectColumn
{
	const char *name;
	Oid			type;
} DirectColumn;

/* A table as it was made; its address is kept: a static constant. */
typedef struct DirectTable
{
	const char *name;
	const char *index;			/* by whose first columns rows are found; NULL: they are not */
	int			nkeys;
	int			ncolumns;		/* of these; there may be more in a table that is only read */
	bool		whole;			/* these are all */
	DirectColumn columns[DIRECT_COLUMNS];
	int			keys[DIRECT_KEYS];	/* columns (0...) of the index */
	bool		few;			/* rows, looked for again and again: where one was found is kept */
} DirectTable;

typedef struct DirectValues
{
	Datum		values[DIRECT_COLUMNS];
	bool		nulls[DIRECT_COLUMNS];
} DirectValues;

typedef enum DirectResult
{
	DIRECT_CANNOT,				/* nothing was done: use a statement */
	DIRECT_NONE,				/* no such row, or it is busy, or refused: nothing is locked */
	DIRECT_DONE
} DirectResult;

/* Hold the table's lock until the end of the transaction. */
extern bool direct_lock_table(const FundArea *area, const DirectTable *table, LOCKMODE mode);

/*
 * The rows whose key begins with these values, in the order of the index; row()
 * copies what it wants (in the caller's memory context), and ends the search with false.
 */
typedef bool (*DirectRow) (const DirectValues *row, void *arg);
extern bool direct_read(const FundArea *area, const DirectTable *table, int nkeys,
						const Datum *keys, DirectRow row, void *arg);

/* Append rows of a ledger table.  An error for a key that is there. */
extern bool direct_insert(const FundArea *area, const DirectTable *table, int nrows,
						  const DirectValues *rows);

/*
 * The same of one row, if its key, of the table's index, is not there; waits for
 * who is inserting it.  As ON CONFLICT DO NOTHING.  looked: the caller has just not
 * found it; when somebody else comes first all the same, a dead row is left.
 */
extern DirectResult direct_insert_new(const FundArea *area, const DirectTable *table,
									  const DirectValues *row, bool looked);

/*
 * Change one row of a ledger table, if change() agrees to what it is now; keys
 * stay.  Without wait a row that somebody has locked, or that has changed since
 * it was read, is left alone.  With wait it is locked first, whatever change() says.
 */
typedef bool (*DirectChange) (DirectValues *row, void *arg);
extern DirectResult direct_update(const FundArea *area, const DirectTable *table,
								  const Datum *keys, bool wait, DirectChange change, void *arg);

/* Policies by scheme, in the order of their first days and publications: columns 0 policy_id, 2, 3 valid_from and _to, 5 supersedes, 8 digest. */
extern const DirectTable fund_policy_table;

#endif							/* YIBAO_FUND_DIRECT_H */
