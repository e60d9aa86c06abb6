/*
 * terms.h
 *	  What an area has agreed: rules and schedules of prepayments, what is due back; premium contracts;
 *	  clearing by a deadline; stays registered in time.
 */
#ifndef YIBAO_TRIGGER_TERMS_H
#define YIBAO_TRIGGER_TERMS_H

#include "trigger/record.h"

/* prepay.c */
extern const RecordTable prepay_rule_table;
extern const RecordTable prepay_attest_table;
extern const RecordTable prepay_schedule_table;

/* contract.c */
extern const RecordTable serious_contract_table;

/* clearing.c */
extern const RecordTable day_off_table;
extern const RecordTable clearing_extension_table;
extern const RecordTable clearing_table;

/* admission.c */
extern const RecordTable admission_table;
extern const RecordTable admission_extension_table;

/* Refuses what the provider is owed for stays of the clearing that it registered late. */
extern void admission_refuse(const FundArea *area, const char *clearing);

/* A voucher of event registration.late: of a settlement of which something is refused so, all of it. */
extern void admission_voucher(MoneyRow *row, const FundArea *area);

/* The clearing is a late one of the provider and month, and refused; else YB307. */
extern void clearing_late(const FundArea *area, const char *clearing, const char *party,
						  const char *clr_ym);

typedef struct Prepayment
{
	const char *voucher_id;
	const char *fund;
	const char *party;
	DateADT		day;
	Fen			amount;
} Prepayment;

/*
 * The prepayment against the area's rule in force on its day: YB307 where that
 * refuses it.  Drawn up: keeps what it was measured by (prepay_basis).
 */
extern void prepay_drawn(const FundArea *area, const Prepayment *p);

/* The same when it is paid; its schedule is whole.  Its journal is open, the caller holds payment_lock. */
extern void prepay_paid(const FundArea *area, const Prepayment *p);

typedef struct PrepayOpen
{
	Fen			open;			/* prepaid and not made up for */
	Fen			due;			/* of it due back by its schedule on the day */
	Fen			most;			/* of it what may be set against on the day */
} PrepayOpen;

extern void prepay_open(const FundArea *area, const char *fund, const char *party, DateADT day,
						PrepayOpen *p);

#endif							/* YIBAO_TRIGGER_TERMS_H */
