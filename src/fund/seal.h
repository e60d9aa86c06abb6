/*
 * seal.h
 *	  Seals: a chain of digests over what has been booked.
 */
#ifndef YIBAO_FUND_SEAL_H
#define YIBAO_FUND_SEAL_H

#include "fund/fund.h"

/*
 * Seal what is not sealed yet; how many rows.  Sealers wait for one another,
 * nobody else waits for them.  Not at REPEATABLE READ or above.
 */
extern int64 seal_rows(const FundArea *area);

/* Tables whose rows are sealed: for each a query of key and digest. */
typedef struct SealedTable
{
	const char *table;
	const char *key;			/* expression over t */
	const char *leaf;			/* the same; NULL: yibao.row_digest(t) */
	bool		row_hash;		/* t.row_hash is that digest */
} SealedTable;

extern const SealedTable sealed_tables[];
extern const int nsealed_tables;

/*
 * The checks of verify() that are about seals: calls row() once for each, with
 * the faults or NULL.  head is what seal_head() once said, or NULL.
 */
extern void seal_checks(const FundArea *area, const char *head,
						void (*row) (const char *check, bool ok, const char *detail, void *arg),
						void *arg);

#endif							/* YIBAO_FUND_SEAL_H */
