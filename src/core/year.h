/*
 * year.h
 *	  The benefit year of a day, and a stay that crosses from one into the next.
 */
#ifndef YIBAO_CORE_YEAR_H
#define YIBAO_CORE_YEAR_H

#include "settle.h"

#define USEC_DAY	INT64_C(86400000000)

/* One benefit year: what it is called, and its moments [first, next). */
typedef struct BenefitYear
{
	int64_t		year;
	int64_t		first;
	int64_t		next;
} BenefitYear;

/*
 * The benefit year that a moment lies in.  False where the year begins with the
 * person's enrolment and the claim does not say when that was.
 */
extern bool year_of(const Policy *p, const Claim *c, int64_t at, BenefitYear *y,
					CoreError *err);

/* The date of the claim that decides its benefit year. */
extern int	year_decided_by(const Policy *p, const Claim *c);

/*
 * The claim's benefit year.  *rule, if not NULL, is set to the cross-year rule
 * that holds for a stay of two benefit years, NULL for all others.  False where
 * the policy does not settle such a stay in this way, or does not say.
 */
extern bool claim_year(const Policy *p, const Claim *c, BenefitYear *y,
					   const Rule **rule, CoreError *err);

/* Is this stay settled in parts, one for each benefit year?  After claim_year(). */
extern bool stay_in_parts(const Rule *rule);

/* Days since 2000-01-01. */
static inline int64_t
day_number(int64_t at)
{
	return at / USEC_DAY - (at % USEC_DAY < 0);
}

/* The civil date of a moment. */
extern void civil_date(int64_t at, int *year, int *month, int *day);
extern int64_t civil_time(int year, int month, int day);

#endif							/* YIBAO_CORE_YEAR_H */
