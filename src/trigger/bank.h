/*
 * bank.h
 *	  Tables of the bank's side: each has a trigger t_bank with its name.
 */
#ifndef YIBAO_TRIGGER_BANK_H
#define YIBAO_TRIGGER_BANK_H

#include "trigger/record.h"

/* A boolean that must not be null: YB006. */
extern bool bank_bool(const MoneyRow *row, const char *column);

/* statement.c */
extern const RecordTable bank_statement_line_table;
extern const RecordTable bank_balance_table;
extern const RecordTable bank_match_table;

/* transit.c */
extern const RecordTable tax_batch_table;
extern const RecordTable tax_person_table;
extern const RecordTable tax_step_table;
extern const RecordTable subsidy_due_table;
extern const RecordTable interest_rate_table;
extern const RecordTable interest_period_table;

/* Errors and figures that they share. */
extern void bank_need_account(const FundArea *area, const char *id);
extern void bank_not_zero(Fen amount);
extern Fen	bank_sum_fen(int col);	/* yuan of the first row of the result; 0 when null */

#endif							/* YIBAO_TRIGGER_BANK_H */
