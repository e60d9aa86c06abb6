/*
 * hold.h
 *	  Holds (预占): money of a pool set apart for what is going to happen.
 */
#ifndef YIBAO_FUND_HOLD_H
#define YIBAO_FUND_HOLD_H

#include "fund/fund.h"

/* YB307 where there is no such hold, before a foreign key says it in other words. */
extern void hold_check(const FundArea *area, const char *hold_id);

/*
 * End an open hold because the row key of event ("premium", "transfer") uses it:
 * gives it back, so call this before fund_take().  The hold must be of one of
 * the pools; YB307 or YB503 when it is not, or not open any more.
 */
extern void hold_use(const FundArea *area, const char *hold_id, const char *event,
					 const char *key, const char *pool, const char *other_pool);

/* End the holds whose time is up; how many.  Leaves out what others are ending. */
extern int64 hold_expire(const FundArea *area);

#endif							/* YIBAO_FUND_HOLD_H */
