/*
 * bound.h
 *	  What policy_bounds() compares: the value of a parameter at a situation.
 */
#ifndef YIBAO_POLICY_BOUND_H
#define YIBAO_POLICY_BOUND_H

#include "core/rules.h"

typedef enum Side
{
	AT_MOST,
	AT_LEAST,
	ABOUT
} Side;

typedef enum Parameter
{
	PAR_DEDUCTIBLE,				/* fen */
	PAR_RATIO,					/* ratio: of the lowest, or highest, band */
	PAR_CAP						/* fen a year */
} Parameter;

/* What one rule comes to where it comes off worst. */
typedef struct Worst
{
	int			info;			/* of the rule, -1: none limits */
	bool		open;			/* no figure: why */
	const char *why;
	int64		value;
	int64		allowed;
	uint64_t   *situation;
} Worst;

/* There is no figure, and why. */
extern void bound_value_open(Worst *w, const char *why);

/* The value at a point; false where no claim is settled there: nothing to compare. */
extern bool bound_value_at(const Policy *p, const Layer *layer, const Layer *with, Parameter par,
						   Side side, const uint16 *atom, Worst *w);

#endif							/* YIBAO_POLICY_BOUND_H */
