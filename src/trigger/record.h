/*
 * record.h
 *	  The steps that the trigger of a table that people insert into takes.
 *
 * BEFORE: is the row there already; is it right, and what else it holds; who and
 * when, and its digests.  AFTER: it is as we left it; what it brings about.
 */
#ifndef YIBAO_TRIGGER_RECORD_H
#define YIBAO_TRIGGER_RECORD_H

#include "fund/money_row.h"

typedef void (*RecordStep) (MoneyRow *row, const FundArea *area);

typedef struct RecordTable
{
	const char *name;
	const char *key;
	const char *by;				/* the columns that say who and when */
	const char *at;
	const char *booked;			/* selects req_hash and the time by the key */
	RecordStep	fill;			/* the key, or what it is made of; may be NULL */
	/* NULL: money_row_repeated() */
	bool		(*repeated) (MoneyRow *row, const FundArea *area, const char *booked);
	RecordStep	before;			/* refuses what cannot be, fills what is left out */
	RecordStep	after;			/* NULL: it has no trigger AFTER */
} RecordTable;

/* Columns <done>_by and <done>_at say who and when. */
#define RECORD_TABLE(table, column, done) \
	.name = table, .key = column, .by = done "_by", .at = done "_at", \
	.booked = "SELECT req_hash, " done "_at FROM @schema@." table " WHERE " column " = $1"

extern Datum record_trigger(FunctionCallInfo fcinfo, const RecordTable *table);

/* That of n which the trigger's argument names; NULL when it names none. */
extern const RecordTable *record_named(FunctionCallInfo fcinfo, const RecordTable *const *tables, int n);

#endif							/* YIBAO_TRIGGER_RECORD_H */
