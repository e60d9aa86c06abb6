/*
 * bound.h
 *	  What the parts of policy_bounds() share.
 *
 *	  bounds.c			the bounds' document: each bound and its limit, and what comes of it
 *	  bound_region.c	the claims that a bound is about, and the worst of them for each rule
 *	  bound_value.c		what a document gives in one situation
 *	  bound_authority.c	which level of government may set what
 */
#ifndef YIBAO_POLICY_BOUND_H
#define YIBAO_POLICY_BOUND_H

#include "nodes/execnodes.h"

#include "core/rules.h"
#include "policy/author.h"

typedef enum Side
{
	AT_MOST,
	AT_LEAST,
	ABOUT
} Side;

typedef enum Parameter
{
	PAR_DEDUCTIBLE,
	PAR_RATIO,					/* of the lowest, or highest, band */
	PAR_CAP						/* of a year */
} Parameter;

/*
 * What is compared is exact, so that a figure is judged right to its last
 * decimal: an amount in fen x 10^-8, a ratio, which may be a product of factors
 * with eighteen decimals (core/fine.c) times a factor with four, in 10^-22.
 */
#define BOUND_FEN		RATIO_ONE
#define BOUND_RATIO_DECIMALS	22
#define BOUND_RATIO		((Wide) INT64_C(100000000000000))	/* a Ratio in it */
#define BOUND_NONE		((Wide) 1 << 120)	/* no limit */

/* What one rule comes to where it comes off worst. */
typedef struct Worst
{
	int			info;			/* of the rule, -1: none limits */
	bool		open;			/* no figure: why */
	const char *why;
	Wide		value;
	Wide		allowed;
	uint64_t   *situation;
} Worst;

/* What a value is compared with. */
typedef struct BoundLimit
{
	Wide		n;				/* itself, where there is none of these: */
	const char *fact;			/* times that fact */
	bool		others;			/* the value of those outside the category */
	const JsonbValue *than;		/* the value with these codes; NULL: none */
	Path		than_path;
	int64		times;			/* in RATIO_ONE, of four decimals */
	Wide		plus;
} BoundLimit;

typedef struct Bounds
{
	Authored	a;
	Obj			root;			/* of the bounds */
	Obj			facts;
	bool		refuse;
	ReturnSetInfo *out;

	/* the one being looked at */
	const char *id;
	const char *what;
	const char *doc;
	const char *trust;
} Bounds;

/* A row; ok: 1, 0, or -1 for what cannot be told.  In mode refuse an error. */
extern void bound_put(Bounds *b, const char *path, const Jsonb *situation, const char *value,
					  const char *allowed, int ok, const char *needs);
/* The source that a bound cites: its first word is a key of the bounds' "sources". */
extern void bound_cite(Bounds *b, const Obj *o);
/* "tekun: 特困人员": what a fact or category of the bounds means. */
extern char *bound_meaning(const Bounds *b, const char *list, const char *name);

/* n x times, nothing rounded. */
static inline Wide
bound_times(Wide n, int64 times)
{
	return n == BOUND_NONE ? n : n / 10000 * (times / 10000);
}

/* ---- bound_value.c ------------------------------------------------------------------ */

/* There is no figure, and why. */
extern void bound_value_open(Worst *w, const char *why);

/* The value at a point; false where no claim is settled there: nothing to compare. */
extern bool bound_value_at(const Policy *p, const Layer *layer, const Layer *with, Parameter par,
						   Side side, const uint16 *atom, Worst *w);

/* ---- bound_region.c ----------------------------------------------------------------- */

/* A bound, for one category or all: rows for each rule that it is about. */
extern void bound_check_region(Bounds *b, const Obj *bound, const char *category, const Layer *layer,
							   const Layer *with, Parameter par, Side side, const BoundLimit *limit);

/* ---- bound_authority.c -------------------------------------------------------------- */

/* An element of "authority". */
extern void bound_check_authority(const Path *path, int i, JsonbValue *v, void *arg);

#endif							/* YIBAO_POLICY_BOUND_H */
