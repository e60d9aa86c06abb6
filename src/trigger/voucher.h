/*
 * voucher.h
 *	  A voucher and its event.
 */
#ifndef YIBAO_TRIGGER_VOUCHER_H
#define YIBAO_TRIGGER_VOUCHER_H

#include "fund/ledger.h"

typedef struct VoucherEvent
{
	char	   *name;
	char	   *needs;			/* ",amt,party," */
	char	   *takes;
	char	   *refers;
	char	   *within;
	char	   *choice;
	char	   *items;
	char	   *change;
	char	   *flow;
	bool		approval;
} VoucherEvent;

typedef struct Voucher
{
	char	   *id;
	char	   *event;
	char	   *fund;
	char	   *insutype;
	Fen			amount;
	char	   *party;
	char	   *pool;
	char	   *account;
	char	   *account_id;
	char	   *clr_ym;
	char	   *setl_id;
	char	   *payment_id;
	char	   *refers;
	char	   *clearing_id;
	char	   *choice;
	int32		coverage_year;	/* 0: none */
	int64		journal_id;
	char	   *by;
	DateADT		effective_on;
} Voucher;

/* The row of voucher_event of that name: YB004. */
extern void voucher_event_load(const FundArea *area, const char *name, VoucherEvent *e);

/* The voucher's row, and whether it is booked; YB307 when there is none. */
extern bool voucher_load(const FundArea *area, const char *id, bool lock, Voucher *v);

/* Post the voucher; its original is locked. */
extern void voucher_post(const FundArea *area, const char *id, DateADT day);

#endif							/* YIBAO_TRIGGER_VOUCHER_H */
