/*
 * pending.h
 *	  Areas whose mode is deferred: what a transaction takes from the pools when
 *	  it commits.
 *
 * Whoever takes from several pools in several statements in an order of his own
 * may deadlock with another who does the same.  In a deferred area a debit is
 * noted, and the first deferred trigger at commit takes all, netted, pools
 * ascending.  What is too much is told at commit then.
 */
#ifndef YIBAO_FUND_PENDING_H
#define YIBAO_FUND_PENDING_H

#include "fund/fund.h"

/*
 * Is the area's mode deferred?  Not in a function that reads or maintains an
 * area by its name: there the server lets no trigger wait for the commit.
 */
extern bool pending_mode(const FundArea *area);

/*
 * To be done at commit: take fen from the pool, for the settlements of a journal
 * or (journal_id 0) for what is refused when the pool is short; fen 0: fund
 * what waits for it.
 */
extern void pending_note(const FundArea *area, const char *pool, Fen fen,
						 int64 journal_id, bool correction);

/* fund_take(), or pending_note() where the mode is deferred: then always true. */
extern bool fund_debit(const FundArea *area, const char *pool, Fen fen);

#endif							/* YIBAO_FUND_PENDING_H */
