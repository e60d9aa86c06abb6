/*
 * ledger.h
 *	  What the files of the fund room share among themselves and with the
 *	  fund's triggers.
 */
#ifndef YIBAO_FUND_LEDGER_H
#define YIBAO_FUND_LEDGER_H

#include "fund/fund.h"
#include "policy/policy.h"

/* Is a statement of ours running that may write ledger tables? */
extern bool fund_ledger_open(void);

/* For direct.c, which puts back what it was, also after an error. */
extern bool fund_ledger_set(bool open);

/* The search_path of whoever does more than fund_exec() between fund_enter() and fund_leave(). */
extern void fund_safe_path(void);

/* A script of the area, with "@schema@" filled in; may write ledger tables. */
extern void fund_script(const FundArea *area, const char *sql);
extern char *fund_subst(const char *sql, const char *schema);

/* Fen as 1234.50 yuan, for messages; palloc'd. */
extern char *fund_yuan(Fen fen);

/* 2018-09-18, whatever DateStyle is; palloc'd. */
extern char *fund_day(DateADT day);

/* Of a day on which something is posted; infinity is an error. */
extern void fund_month(DateADT day, int *year, int *month);

/* One policy document of the area, compiled; good as long as the current context. */
extern CompiledPolicy *fund_policy_load(const FundArea *area, const char *policy_id);

/* Who pays a layer under a policy: a row of policy_layer.  All but payer and model are never NULL. */
typedef struct FundPayer
{
	const char *layer;			/* basic, serious, assistance, supplement */
	const char *kind;
	const char *payer;			/* the document's, as long as it is there */
	const char *fund;
	const char *pays;
	const char *model;
} FundPayer;

/* Of a policy's layers; the second serious and assistance layers have the payer of the first. */
extern int	fund_payers(const CompiledPolicy *policy, FundPayer payers[LAYER_COUNT]);

/*
 * The document that decides what is received for a coverage year: the newest
 * one published, not superseded, not after the later of the day and the end of
 * that year, that has a rule of splitting for the year.  NULL when there is none.
 */
extern CompiledPolicy *fund_policy_for_year(const FundArea *area, const char *insutype,
											int32 coverage_year, DateADT day, char **id);

/*
 * Add fen (may be negative) to the fund's share of a class of account; YB301
 * below zero.  Locks the row: call it for several in ascending order of class.
 */
extern void fund_cash(const FundArea *area, const char *fund, const char *class, Fen fen);

/* The accounts of a journal's bank lines, and the fund's shares of them; YB301, YB302, YB006, YB307. */
extern void fund_bank_accounts(const FundArea *area, FundJournal *journal);

/* A column that holds one of certain words holds another: YB004, before a CHECK says it with the whole row. */
extern void fund_check_words(const char *table, TupleDesc desc, HeapTuple tuple);

/* "bank_fiscal" of "fiscal". */
extern char *fund_bank_role(const char *class);

/* The pool is short: YB301 with the figures. */
extern void fund_short(const FundArea *area, const char *pool, Fen needed,
					   Fen available, const char *hint) pg_attribute_noreturn();

/* The checks of verify() that say how late maintain() is; as seal_checks(). */
extern void maintain_checks(const FundArea *area,
							void (*row) (const char *check, bool ok, const char *detail, void *arg),
							void *arg);

#endif							/* YIBAO_FUND_LEDGER_H */
