/*
 * tap.h
 *	  The least that prints TAP.
 */
#ifndef YIBAO_TEST_TAP_H
#define YIBAO_TEST_TAP_H

#include <inttypes.h>
#include <stdio.h>

static int	tap_n;
static int	tap_failed;

#define ok(cond, name) \
	do { \
		tap_n++; \
		if (cond) \
			printf("ok %d - %s\n", tap_n, name); \
		else \
		{ \
			tap_failed++; \
			printf("not ok %d - %s\n# %s:%d: %s\n", tap_n, name, __FILE__, __LINE__, #cond); \
		} \
	} while (0)

#define is_fen(got, want, name) \
	do { \
		int64_t g_ = (got), w_ = (want); \
		ok(g_ == w_, name); \
		if (g_ != w_) \
			printf("# got %" PRId64 ", want %" PRId64 "\n", g_, w_); \
	} while (0)

static inline int
done_testing(void)
{
	printf("1..%d\n", tap_n);
	return tap_failed != 0;
}

#endif
