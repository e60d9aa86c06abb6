/*
 * queue.h
 *	  挂账: commitments that wait for their pool.  queue_fund() is in fund.h.
 */
#ifndef YIBAO_FUND_QUEUE_H
#define YIBAO_FUND_QUEUE_H

#include "fund/fund.h"

/* Fen as yuan, for messages: 1234.50; palloc'd. */
extern char *queue_yuan(Fen fen);

#endif							/* YIBAO_FUND_QUEUE_H */
