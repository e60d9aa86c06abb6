/*
 * call.h
 *	  What the SQL functions of a policy and a claim share.
 *
 * Private to src/claim.
 */
#ifndef YIBAO_CLAIM_CALL_H
#define YIBAO_CLAIM_CALL_H

#include "claim/claim.h"

/* YB008. */
extern void claim_no_policy(void) pg_attribute_noreturn();

/* What the policy of the last call reads. */
typedef struct FieldWants
{
	const CompiledPolicy *cp;
	uint64		digest;			/* an address may be used again */
	FieldMask	mask;
} FieldWants;

static inline uint64
digest_head(const CompiledPolicy *cp)
{
	uint64		head;

	memcpy(&head, cp->digest, sizeof(head));
	return head;
}

static inline bool
wants_fit(const FieldWants *wants, const CompiledPolicy *cp)
{
	return likely(wants->cp == cp && wants->digest == digest_head(cp));
}

extern void wants_change(FieldWants *wants, const CompiledPolicy *cp);

#endif							/* YIBAO_CLAIM_CALL_H */
