/*
 * fen.h
 *	  Exact money: int64 fen (分), and ratios in units of 1e-8.
 *
 * A ratio in a policy has at most four decimals, so the product of two of them
 * is exact; of more see fine.c.  Nothing here is floating point, and nothing wraps: an amount is
 * checked against FEN_MAX where it comes in, and sums of amounts are added
 * with fen_add().
 */
#ifndef YIBAO_CORE_FEN_H
#define YIBAO_CORE_FEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int64_t Fen;			/* 1 yuan = 100 */
typedef int64_t Ratio;			/* 1.0 = RATIO_ONE */

#define RATIO_ONE	INT64_C(100000000)
#define RATIO_DECIMALS	8
#define FEN_MAX		INT64_C(9999999999999999)	/* numeric(16,2) */
#define FEN_INF		INT64_MAX	/* "no upper end" of a band or cap */

#ifdef __SIZEOF_INT128__
__extension__ typedef __int128 Wide;
#else
#error "yibao needs a compiler with 128-bit integers"
#endif

static inline Fen
fen_min(Fen a, Fen b)
{
	return a < b ? a : b;
}

static inline Fen
fen_max(Fen a, Fen b)
{
	return a > b ? a : b;
}

/* Add; false when the sum leaves +/-FEN_MAX. */
static inline bool
fen_add(Fen a, Fen b, Fen *sum)
{
	if (__builtin_add_overflow(a, b, sum))
		return false;
	return *sum <= FEN_MAX && *sum >= -FEN_MAX;
}

/* n / d for d > 0, half away from zero (四舍五入). */
static inline int64_t
div_half_up(Wide n, int64_t d)
{
	if (n >= 0)
	{
		if (n <= INT64_MAX - d)
			return ((int64_t) n + d / 2) / d;
		return (int64_t) ((n + d / 2) / d);
	}
	return (int64_t) (-((-n + d / 2) / d));
}

/* amount x ratio, rounded half up to the fen. */
static inline Fen
fen_mul_ratio(Fen amount, Ratio ratio)
{
	return div_half_up((Wide) amount * ratio, RATIO_ONE);
}

#endif							/* YIBAO_CORE_FEN_H */
