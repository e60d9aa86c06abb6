/*
 * bank.h
 *	  Tables of the bank's side: each has a trigger t_bank with its name.
 */
#ifndef YIBAO_TRIGGER_BANK_H
#define YIBAO_TRIGGER_BANK_H

#include "fund/money_row.h"

typedef struct BankTable
{
	const char *name;
	const char *key;
	const char *repeated;		/* req_hash and time by the key */
	void		(*fill) (MoneyRow *row, const FundArea *area);	/* before the key is looked for; may be NULL */
	void		(*check) (MoneyRow *row, const FundArea *area);
} BankTable;

/* A boolean that must not be null: YB006. */
extern bool bank_bool(const MoneyRow *row, const char *column);

/* statement.c */
extern void bank_line_fill(MoneyRow *row, const FundArea *area);
extern void bank_line_check(MoneyRow *row, const FundArea *area);
extern void bank_balance_fill(MoneyRow *row, const FundArea *area);
extern void bank_balance_check(MoneyRow *row, const FundArea *area);
extern void bank_match_check(MoneyRow *row, const FundArea *area);

/* transit.c */
extern void tax_person_fill(MoneyRow *row, const FundArea *area);
extern void tax_batch_check(MoneyRow *row, const FundArea *area);
extern void tax_person_check(MoneyRow *row, const FundArea *area);
extern void tax_step_check(MoneyRow *row, const FundArea *area);
extern void subsidy_due_check(MoneyRow *row, const FundArea *area);
extern void interest_rate_check(MoneyRow *row, const FundArea *area);
extern void interest_period_check(MoneyRow *row, const FundArea *area);

/* Errors and figures that they share. */
extern void bank_need_account(const FundArea *area, const char *id);
extern void bank_not_zero(Fen amount);
extern Fen	bank_sum_fen(int col);	/* yuan of the first row of the result; 0 when null */

#endif							/* YIBAO_TRIGGER_BANK_H */
