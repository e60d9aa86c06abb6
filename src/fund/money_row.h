/*
 * money_row.h
 *	  NEW of a trigger on a table that people insert into, taken apart.
 */
#ifndef YIBAO_FUND_MONEY_ROW_H
#define YIBAO_FUND_MONEY_ROW_H

#include "commands/trigger.h"

#include "fund/ledger.h"

typedef struct MoneyRow
{
	TriggerData *td;
	const char *table;			/* what the trigger is written for: "receipt" */
	const char *key;			/* its key column: "receipt_id" */
	TupleDesc	desc;
	Datum	   *values;
	bool	   *nulls;
	bool	   *filled;			/* by money_row_fill() */
	Datum		request;		/* digest of the row as it came */
	MemoryContext cxt;			/* that lives as long as the row */
} MoneyRow;

/* BEFORE or AFTER, INSERT, FOR EACH ROW; anything else is an error. */
extern void money_row_open(MoneyRow *row, FunctionCallInfo fcinfo,
						   const char *table, const char *key);
extern bool money_row_before(const MoneyRow *row);

/* Values; NULL (or isnull) when the column is. */
extern char *money_row_text(const MoneyRow *row, const char *column);
extern Fen	money_row_fen(const MoneyRow *row, const char *column, bool *isnull);
extern int32 money_row_int(const MoneyRow *row, const char *column, bool *isnull);
extern int64 money_row_int8(const MoneyRow *row, const char *column);
extern DateADT money_row_date(const MoneyRow *row, const char *column);
extern Datum money_row_datum(const MoneyRow *row, const char *column, Oid type, bool *isnull);

/* The text of a column that must not be NULL, before a NOT NULL could say so: YB006. */
extern char *money_row_need(const MoneyRow *row, const char *column);

/* A value is not there: YB006. */
extern void money_row_missing(const MoneyRow *row, const char *column) pg_attribute_noreturn();

/* Nothing but blanks. */
extern bool fund_blank(const char *text);

/* Before anything else: each value is one that a row can have (money_check.c). */
extern void money_row_check_values(const MoneyRow *row);

/* When all is filled in: nothing is missing, what is named is there, and no result was given that is none. */
extern void money_row_check_whole(const MoneyRow *row);

/* Both, of a row that nothing is filled in. */
extern void fund_check_row(TriggerData *td, const char *table);

/* NULL is filled, an equal value accepted, another is YB504. */
extern void money_row_fill(MoneyRow *row, const char *column, Oid type, Datum value);
extern void money_row_fill_text(MoneyRow *row, const char *column, const char *value);
extern void money_row_fill_fen(MoneyRow *row, const char *column, Fen value);

/*
 * Is this row, by its key, there already?  Same content: true (insert nothing);
 * other content: YB501.  Who is inserting it now has been waited for.  sql selects req_hash and the time by the key ($1).
 */
extern bool money_row_repeated(MoneyRow *row, const FundArea *area, const char *sql);

/*
 * Who and when, then the digest; the tuple to return from a BEFORE trigger.  A row
 * with one of its other unique keys is YB501 here, if the caller has not said so
 * in words of his own.
 */
extern HeapTuple money_row_finish(MoneyRow *row, const FundArea *area,
								  const char *by, const char *at);

/* AFTER: the row is as our BEFORE trigger left it, else YB504. */
extern void money_row_check(const MoneyRow *row);

/* What the matrix of flows does not allow on the day is refused: YB302. */
extern void fund_flow(const FundArea *area, const char *from, const char *to,
					  const char *kind, DateADT day);

#endif							/* YIBAO_FUND_MONEY_ROW_H */
