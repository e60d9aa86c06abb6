/*
 * enrolment.h
 *	  Enrolment periods of a person, as rows have them, and what they say.
 */
#ifndef YIBAO_CLAIM_ENROLMENT_H
#define YIBAO_CLAIM_ENROLMENT_H

#include "utils/jsonb.h"

#include "policy/policy.h"

/*
 * Periods from an array of objects, such as jsonb_agg(to_jsonb(row)); NULL is
 * none.  Other keys are left alone; one that another "replaces" is left out.
 * palloc'd.  Errors: YB002, YB004 to YB007.
 */
extern EnrolPeriod *enrol_periods(const CompiledPolicy *cp, const Jsonb *array, int *n);

/* enrol_effect(), with an error (YB201) where no window is known. */
extern void enrol_told(const CompiledPolicy *cp, EnrolPeriod *periods, int n, Day on,
					   EnrolEffect *effect);

#endif							/* YIBAO_CLAIM_ENROLMENT_H */
