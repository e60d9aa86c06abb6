/*
 * enrolment.h
 *	  What a person's enrolment says about a day: entitled or waiting, and the
 *	  years that raise or lower a cap.
 */
#ifndef YIBAO_CORE_ENROLMENT_H
#define YIBAO_CORE_ENROLMENT_H

#include "calendar.h"
#include "fen.h"

/* ---- the terms: section "enrolment" of a policy ---------------------------------- */

/* Groups that terms may exempt; the first is none. */
typedef enum EnrolGroup
{
	GROUP_NONE,
	GROUP_NEWBORN,
	GROUP_ASSISTANCE,			/* newly recognised assistance person */
	GROUP_SCHEME_CHANGE,		/* from another scheme; known from the periods, too */
	GROUP_MOVED,				/* from another area; known from the periods, too */
	GROUP_VETERAN,
	GROUP_SPOUSE,				/* accompanying spouse of a soldier */
	GROUP_RELEASED,				/* released prisoner */
	GROUP_OTHER,
	GROUP_COUNT
} EnrolGroup;

/* When a coverage year's contribution is paid in time. */
typedef struct EnrolWindow
{
	int32_t		year_from;		/* coverage years, inclusive */
	int32_t		year_to;
	uint8_t		from_month;		/* in the year before */
	uint8_t		from_day;
	uint8_t		to_month;		/* in the year before, or in the coverage year */
	uint8_t		to_day;			/* when that is no later in the calendar than from */
	int32_t		info;
} EnrolWindow;

typedef struct EnrolExempt
{
	uint8_t		group;			/* EnrolGroup */
	bool		waiting;		/* from the waiting period */
	bool		gap;			/* the years before are no gap */
	int32_t		within_months;	/* scheme change, move: paid so long after the other cover */
} EnrolExempt;

typedef enum LateNewborn
{
	LATE_NEXT_DAY,
	LATE_NEXT_MONTH,
	LATE_DAYS_AFTER,
	LATE_WAITING
} LateNewborn;

/* What in a year may end "no claim"; bits of paid_by, by these columns. */
#define PAID_INPATIENT	0x01	/* hifp_pay, by benefit: 1 << Benefit */
#define PAID_OUTPATIENT	0x02
#define PAID_CHRONIC	0x04
#define PAID_OTHER		0x08
#define PAID_HIFMI		0x10
#define PAID_MAF		0x20
#define PAID_OTH		0x40
#define PAID_COUNT		7

#define ENROL_SCHEMES	8

typedef struct EnrolTerms
{
	int64_t		insutype;		/* packed: the policy's own scheme */
	int			nschemes;
	int64_t		schemes[ENROL_SCHEMES]; /* others whose cover is no gap */
	bool		elsewhere;		/* cover in another area is no gap */
	int32_t		since;			/* years before it are not counted */
	int			nwindows;
	const EnrolWindow *windows;
	int			nexempt;
	const EnrolExempt *exempt;

	bool		has_waiting;
	int32_t		months;			/* fixed */
	int32_t		each_gap_year;	/* months more */
	bool		first_gap_counts;	/* P21: the first gap year is one month more, too */
	bool		from_year_start;	/* P22: not before the cover begins; else from payment */
	bool		ends_month_start;	/* P22: benefits begin on the first of a month */
	bool		first_waits;	/* who never was enrolled waits, too */
	bool		has_repair;
	int32_t		repair_months;	/* less for each year paid up */
	int32_t		long_gap_years; /* from so many gap years on */
	int32_t		long_gap_months;	/* not below, whatever is paid up */

	bool		has_newborn;
	int32_t		newborn_days;	/* paid within so many days: from birth */
	LateNewborn newborn_late;
	int32_t		newborn_late_days;
	bool		newborn_both_years;	/* so paid for the year after, it is in time */
	bool		newborn_with_mother;	/* until then under the mother */

	bool		has_continuous;
	bool		with_current;	/* the year of the day counts */
	int32_t		after_years;	/* years that raise nothing */
	bool		others_count;	/* years in other schemes and areas count; else they bridge */
	bool		keep_bonus;		/* what was earned before a gap stays */

	bool		has_zero;
	uint8_t		broken_by;		/* PAID_* (P23) */
	bool		zero_reset;		/* P23: using the bonus starts again */
	Fen			original_cap;	/* payments of serious illness above it use the bonus */
	bool		zero_next_year; /* only when enrolled in the next year, too */
	bool		zero_restart;	/* a gap starts again */

	bool		has_gap;
	bool		gap_entries;	/* each return counts, not each year */
} EnrolTerms;

/* ---- periods ------------------------------------------------------------------- */

typedef struct EnrolPeriod
{
	int32_t		year;			/* coverage year */
	Day			begin;			/* first and last day of the cover */
	Day			end;
	Day			paid;			/* DAY_NEVER: not paid yet */
	Day			birth;			/* DAY_NEVER: not given */
	int64_t		insutype;		/* packed */
	bool		here;			/* in this area */
	uint8_t		group;			/* EnrolGroup */
	int32_t		repair_years;	/* missing years paid up with it */
	int16_t		paid_by;		/* PAID_* of its year; -1: not known */
	int8_t		bonus_used;		/* 1, 0; -1: not known */

	/* worked out */
	Day			first;			/* first day of benefit */
	int32_t		wait_months;
	int32_t		wait_gap;
	bool		waits;
} EnrolPeriod;

typedef enum EnrolReason
{
	ENROL_ENTITLED,
	ENROL_NONE,					/* no cover on the day */
	ENROL_UNPAID,				/* registered, not paid; or before the payment */
	ENROL_WAITING,
	ENROL_ELSEWHERE,			/* in another scheme or area on the day */
	ENROL_MOTHER				/* a newborn not yet enrolled: claims are the mother's */
} EnrolReason;

/* Codes of trt_chk_rslt, by EnrolReason. */
extern const char *const enrol_reasons[];

typedef struct EnrolEffect
{
	EnrolReason reason;
	Day			first;			/* first day of benefit, DAY_NEVER: none is known */
	int32_t		wait_months;	/* waiting period of that cover; 0: none */
	int32_t		wait_gap;		/* gap years it was worked out from */
	/* -1: the terms or the periods do not say */
	int32_t		cont_years;
	int32_t		bonus_years;
	int32_t		zero_years;
	int32_t		gap_years;
	int32_t		enrol_months;
} EnrolEffect;

/*
 * What the periods say about a day.  Fills what they are worked out to.  False
 * when the terms have no window for the coverage year of a period: *year.
 */
extern bool enrol_effect(const EnrolTerms *t, EnrolPeriod *p, int n, Day on,
						 EnrolEffect *e, int32_t *year);

#endif							/* YIBAO_CORE_ENROLMENT_H */
