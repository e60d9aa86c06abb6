/*
 * budget.h
 *	  What a budget allows, and what an approved form does.
 */
#ifndef YIBAO_FUND_BUDGET_H
#define YIBAO_FUND_BUDGET_H

#include "fund/ledger.h"

/*
 * The fund section of the newest document in force on a day that has key in it,
 * or NULL; its id in *policy_id where that is asked for.
 */
extern const FundPolicy *budget_policy(const FundArea *area, const char *key, DateADT day,
									   char **policy_id);

/* The policy does not say fund.key, and money depends on it: YB201. */
extern void budget_not_said(const char *key) pg_attribute_noreturn();

/* The budget in force of a fund's year, or NULL. */
extern char *budget_in_force(const FundArea *area, const char *fund, int32 year);

/*
 * Lock the budgets of the year of this one, and see that it revises the one in
 * force (none: there is none): YB307.
 */
extern void budget_come_into_force(const FundArea *area, const char *budget_id);

/*
 * Would what is approved on the form, with what was appropriated already, be
 * within the budget?  YB302 when not.  Where the policy controls appropriations
 * or the year has a budget.
 */
extern void appropriation_within_budget(const FundArea *area, const char *form_id,
										Fen approved, DateADT day);

/* Before money is appropriated: the form is approved, for no less, by others. */
extern void appropriation_form(const FundArea *area, const char *form_id, const char *fund,
							   Fen amount, DateADT day);

/* After it, under the locks of the accounts: budget and months_in_account. */
extern void appropriation_limits(const FundArea *area, const char *form_id, const char *fund,
								 DateADT day);

#endif							/* YIBAO_FUND_BUDGET_H */
