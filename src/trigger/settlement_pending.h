/*
 * settlement_pending.h
 *	  Settlements of a deferred area at commit (settlement_post.c).
 */
#ifndef YIBAO_SETTLEMENT_PENDING_H
#define YIBAO_SETTLEMENT_PENDING_H

#include "fund/fund.h"

/*
 * A journal's settlements were booked as funded with needed of this pool, which
 * has too little, or others wait for it: take what fits in the order of the
 * queue, queue the rest and book it as waiting.  Locks the pool.
 */
extern void settlement_wait(const FundArea *area, int64 journal_id, const char *pool,
							Fen needed, bool correction);

#endif							/* YIBAO_SETTLEMENT_PENDING_H */
