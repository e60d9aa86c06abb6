/*
 * entries.h
 *	  What the triggers of vouchers, receipts, refunds and payments share.
 */
#ifndef YIBAO_TRIGGER_ENTRIES_H
#define YIBAO_TRIGGER_ENTRIES_H

#include "fund/money_row.h"

/* The year of a day. */
extern int32 entries_year(DateADT day);

/*
 * What the policy of the year says of a named choice of its fund section
 * (policy_fund_choice); YB303 naming it where it is silent.
 */
extern const char *entries_choice(const FundArea *area, const char *insutype, int32 year,
								  DateADT day, const char *key, char **policy_id);

/* A pool of another fund is YB302. */
extern void entries_own_pool(const char *fund, const char *pool);

/*
 * Take and give what the journal's lines say: cash by the lines of banks (which
 * must be a flow of that kind), available by the lines of pools and commitments;
 * then close the journal.  Lines are of one fund.
 */
extern void entries_settle(const FundArea *area, FundJournal *journal, const char *flow);

/* Fen; the balance of a role of book G with a party. */
extern Fen	entries_party_balance(const FundArea *area, const char *fund, const char *role,
								  const char *party);

/*
 * A receipt that names a voucher by which it was due: in BEFORE, locks and checks
 * it.  The event to post beside the receipt, and its party; NULL where it names none.
 */
extern void voucher_receipt(MoneyRow *row, const FundArea *area, const char **event,
							const char **party);

/*
 * May so much of a penalty be withheld from a payment to the party on the day?
 * YB302 where no local rule says so, YB307 where it is not that penalty's.  Returns
 * what of the amount is not income yet, and the rule's source.  approved: the payment counts already.
 */
extern Fen	penalty_withholdable(const FundArea *area, const char *fund, const char *party,
								 const char *penalty, Fen amount, DateADT day, bool approved,
								 char **source);

/* Book what an approved payment withholds as a receipt, as far as it is not income yet. */
extern void penalty_withhold(const FundArea *area, const char *payment, const char *fund,
							 const char *party, const char *penalty, Fen amount, DateADT day);

/* A receipt that names a payment is what that payment withheld: YB307 otherwise. */
extern void penalty_receipt(MoneyRow *row, const FundArea *area, Fen amount);

/* Post the lines of an approved payment turned round; the caller holds payment_lock. */
extern void payment_return(const FundArea *area, FundJournal *journal, const char *payment_id);

#endif							/* YIBAO_TRIGGER_ENTRIES_H */
