/*
 * settlement_replay.h
 *	  A person-year settled again, and what it changes posted.
 */
#ifndef YIBAO_TRIGGER_SETTLEMENT_REPLAY_H
#define YIBAO_TRIGGER_SETTLEMENT_REPLAY_H

#include "utils/jsonb.h"

#include "trigger/settlement.h"

/* One settlement in force of the person-year, in order. */
typedef struct ReplayClaim
{
	char	   *setl_id;
	SettlementRow row;
	HeapTuple	tuple;
	int64		service;		/* when the care was given */
	int32		ord;			/* psn_ord_no */
	PolicyEntry *policy;		/* that it was, or is, settled by */
	Claim		claim;
	int64	   *add;			/* amounts were given: what it adds to the accumulators; NULL for most */
	GivenRow   *given;			/* the same of the claim that is being settled */
	int64		opn[CUM_COUNT];
	Settlement	now;
	bool		fresh;			/* the claim that is being settled: it has no row yet */
	bool		again;			/* settled again, not taken as it is */
	bool		changed;
	bool		paid;
	char	   *new_id;			/* changed: keys of the two rows that are posted */
	char	   *reversal_id;
	char	   *prev_id;		/* the one before it, NULL for the first */
	StringInfoData over;		/* columns that the new row has otherwise, as members of an object */
} ReplayClaim;

typedef struct ReplayOptions
{
	bool		by_service;		/* order of service, not of record */
	bool		in_force;		/* by the policy in force now, not by the one settled by */
	bool		everything;		/* settle all again, not only what comes after `after` */
	const ReplayClaim *after;
	Jsonb	   *changes;		/* columns that have another value, or NULL */
	int64		changes_from;	/* for care on or after it */
} ReplayOptions;

typedef struct ReplayPlan
{
	SettlementStatement *st;
	MemoryContext cxt;
	Datum		key[3];			/* psn_no, insutype, year */
	int32		setl_cnt;		/* of the person-year, locked */
	int64		opening[CUM_COUNT]; /* its accumulators before */
	char	   *last_id;
	int			n;
	ReplayClaim *claims;
	int			nchanged;
	int64		cum[CUM_COUNT]; /* its accumulators after */
	char	   *new_last_id;
	int64		at;				/* local time of the correction */
} ReplayPlan;

/* Lock the person-year and read its settlements in force; false when it has no row. */
extern bool replay_load(ReplayPlan *plan, SettlementStatement *st, Datum psn_no,
						Datum insutype, int32 year, bool lock);

/* Walk through them in order: accumulators carried, changes found. */
extern void replay_walk(ReplayPlan *plan, const ReplayOptions *options);

/* Reverse what changed, settle it anew, and bring the person-year up to date. */
extern void replay_post(ReplayPlan *plan);

/* Write the person-year: accumulators, number of rows, last settlement. */
extern void replay_write_year(ReplayPlan *plan);

/* The plan whose rows the trigger is working on; NULL most of the time. */
extern ReplayPlan *replay_in_progress;

/* The claim of the plan that a row replaces or reverses. */
extern ReplayClaim *replay_find(const ReplayPlan *plan, const char *setl_id, bool by_new_id);

/* AFTER: what the rows of a journal ask for. */
extern void replay_follow_up(Relation rel, int64 journal_id);

extern int64 replay_service_time(const Claim *claim);

#endif							/* YIBAO_TRIGGER_SETTLEMENT_REPLAY_H */
