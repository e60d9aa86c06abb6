/*
 * history.h
 *	  A person's visits before a claim, and the accumulators that follow from them.
 */
#ifndef YIBAO_CORE_HISTORY_H
#define YIBAO_CORE_HISTORY_H

#include "year.h"

/* A visit that was settled and not reversed. */
typedef struct Visit
{
	int64_t		at;				/* the date that selects the policy's version */
	Benefit		benefit;
	bool		same_year;		/* as the claim */
	const char *dise;			/* disease code, NULL: not known */
	uint16_t	dise_len;
	Fen			hifp;
	Fen			elig;			/* eligible cost of the basic layer */
} Visit;

/* Accumulators of a day, month, quarter, disease or lifetime. */
static inline bool
cum_is_window(int field)
{
	return cum_is_moving(field) && field != CF_cum_lv_cnt &&
		field != CF_cum_hosp_cnt && field != CF_cum_area_cnt &&
		field != CF_cum_grp_dedc;
}

static inline bool
policy_reads(const Policy *p, int field)
{
	return (p->fields_read[field >> 6] >> (field & 63)) & 1;
}

/* The benefit year whose months and quarters are the claim's. */
extern bool window_year(const Policy *p, const Claim *c, BenefitYear *year, CoreError *err);

/*
 * The day, or which month or quarter of the benefit year, counted from 0, a time
 * lies in; before the year its first, after it its last.
 */
extern int64_t period_of(Per per, int64_t at, const BenefitYear *year);

/* The accumulator that such a cap reads; and of one of a day, month or quarter, which. */
extern ClaimField window_field(Per per, bool disease, bool benefit, bool on_payment);
extern Per	window_per(int field);
extern bool window_of_benefit(int field);

/* Do the payments for these two diseases count together? */
extern bool disease_same(const Policy *p, const char *a, size_t alen, const char *b,
						 size_t blen);

/* Does it read any of these accumulators? */
extern bool policy_reads_history(const Policy *p);

/*
 * Give the claim the accumulators of its day, month, quarter, disease and life.
 * False with *err filled where its benefit cannot be told.
 */
extern bool history_fill(Policy *p, Claim *c, const Visit *visits, int n,
						 Benefit *benefit, CoreError *err);

#endif							/* YIBAO_CORE_HISTORY_H */
