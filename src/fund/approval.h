/*
 * approval.h
 *	  The steps by which an item is approved, and who may make them.
 *
 * An item (a payment, transfer, form, budget, refund, voucher, premium or head count) is decided by the
 * posts of the chain that was in force when it was drawn up, one after the other.
 * Each step is a row of approval; where the item has an approval of its own, such
 * as payment_approval, the last step is that row.
 */
#ifndef YIBAO_FUND_APPROVAL_H
#define YIBAO_FUND_APPROVAL_H

#include "fund/ledger.h"

typedef struct ApprovalItem
{
	const char *kind;			/* payment, transfer ... as in approval_chain */
	const char *what;			/* the kind in words, to be looked up */
	char	   *id;
	char	   *by;				/* who drew it up: a login */
	DateADT		drawn_on;
	bool		has_amount;
	Fen			amount;			/* what stands after the steps made so far */
	bool		decided;		/* by the row that executes it */
	bool		executes;		/* that row is the last step */
	int			nposts;			/* 0: no chain */
	char	  **posts;
	char	  **post_names;		/* Chinese */
	int			nsteps;			/* made so far */
	bool		rejected;		/* by the last of them */
	char	   *last_by;		/* of the last of them */
	DateADT		last_on;
} ApprovalItem;

/*
 * The row of an item that is decided: sql, with id as $1, leaves it in SPI's result.
 * YB307 when there is none; what is the kind in words, to be looked up.
 */
extern void approval_find(const FundArea *area, const char *what, const char *table,
						  const char *id, const char *sql);

/*
 * The item and its steps so far, its row locked (steps of one item wait for one
 * another).  YB307 when there is none of that id, YB004 for an unknown kind.
 */
extern void approval_load(const FundArea *area, const char *kind, const char *id,
						  ApprovalItem *item);

/* What an approval records of who made it. */
typedef struct ApprovalPerson
{
	char	   *person;
	char	   *cert_no;
} ApprovalPerson;

/*
 * May this login make step (from 1) of the item on day?  YB401: somebody who had
 * a part in the item already; YB402: does not hold the post, has no valid
 * certificate, or holds incompatible posts; YB006: one login serves several
 * persons, and person is NULL.
 */
extern void approval_person(const FundArea *area, const ApprovalItem *item, int step,
							const char *person, DateADT day, ApprovalPerson *who);

/*
 * YB401 when by, the login that drew the item up, is this one: SET ROLE does not
 * make another of it.  what is the kind in words, to be looked up.
 */
extern void approval_by_another(const FundArea *area, const char *what, const char *id,
								const char *by);

/* YB307 when what was drawn up (or comes into effect) on one day would be done on an earlier one. */
extern void approval_not_before(const char *what, const char *id, DateADT drawn, DateADT day);

/* YB401 when the login, or the person it stands for, had a part in the item. */
extern void approval_somebody_else(const FundArea *area, const ApprovalItem *item,
								   const char *person);

/* All steps (but the last n) are there and say approve: else YB307. */
extern void approval_need_steps(const ApprovalItem *item, int but);

/*
 * What payment_approval and the like ask before they execute: where a
 * chain is in force all steps but the last are there, and this login may make
 * the last one on day.  Nothing where there is no chain.
 */
extern void approval_execute(const FundArea *area, const char *kind, const char *id, DateADT day);

#endif							/* YIBAO_FUND_APPROVAL_H */
