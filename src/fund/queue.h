/*
 * queue.h
 *	  挂账: commitments that wait for their pool.  queue_fund() is in fund.h.
 */
#ifndef YIBAO_FUND_QUEUE_H
#define YIBAO_FUND_QUEUE_H

#include "fund/fund.h"

/* Fen as yuan, for messages: 1234.50; palloc'd. */
extern char *queue_yuan(Fen fen);

/* Does a settlement wait for this pool? */
extern bool queue_waits(const FundArea *area, const char *pool);

/* queue_fund() whatever the area's mode is: for what runs at commit, or holds the pool. */
extern void queue_fund_now(const FundArea *area, const char *pool);

/*
 * Fund what waits of one settlement in this pool before what stands in front of
 * it: money was held for it.  Nothing happens when available does not reach.
 */
extern void queue_fund_settlement(const FundArea *area, const char *pool, const char *setl_id);

#endif							/* YIBAO_FUND_QUEUE_H */
