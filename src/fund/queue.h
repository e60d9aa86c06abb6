/*
 * queue.h
 *	  挂账: commitments that wait for their pool.  queue_fund() is in fund.h.
 */
#ifndef YIBAO_FUND_QUEUE_H
#define YIBAO_FUND_QUEUE_H

#include "fund/fund.h"

/* Fen as yuan, for messages: 1234.50; palloc'd. */
extern char *queue_yuan(Fen fen);

/*
 * Fund what waits of one settlement in this pool before what stands in front of
 * it: money was held for it.  Nothing happens when available does not reach.
 */
extern void queue_fund_settlement(const FundArea *area, const char *pool, const char *setl_id);

#endif							/* YIBAO_FUND_QUEUE_H */
