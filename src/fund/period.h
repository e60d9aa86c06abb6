/*
 * period.h
 *	  Months and years of the books.
 */
#ifndef YIBAO_FUND_PERIOD_H
#define YIBAO_FUND_PERIOD_H

#include "fund/fund.h"

/* Lock the months EXCLUSIVE: nobody is posting books G and P.  READ COMMITTED only: 25001. */
extern void period_lock(const FundArea *area);

#endif							/* YIBAO_FUND_PERIOD_H */
