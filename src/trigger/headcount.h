/*
 * headcount.h
 *	  Heads that are taken from an approved head count.
 */
#ifndef YIBAO_TRIGGER_HEADCOUNT_H
#define YIBAO_TRIGGER_HEADCOUNT_H

#include "fund/money_row.h"
#include "policy/policy.h"

/*
 * heads of the row are those of the head count in force for the scheme and year, and
 * headcount_id names it: filled, or YB504.  Where there is none they are as stated,
 * or refused (YB307) where the policy (may be NULL) takes approved ones only.
 */
extern void headcount_take(MoneyRow *row, const FundArea *area, const char *insutype, int32 year,
						   const CompiledPolicy *cp);

#endif							/* YIBAO_TRIGGER_HEADCOUNT_H */
