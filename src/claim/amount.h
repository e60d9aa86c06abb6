/*
 * amount.h
 *	  numeric yuan <-> int64 fen, without a palloc for each value.
 *
 * The decoder reads the packed digits of a numeric, whose layout is private to
 * numeric.c; so at its first use in a backend it is tried against numeric_out()
 * on a table of values, and everything goes through text where it fails.
 */
#ifndef YIBAO_CLAIM_AMOUNT_H
#define YIBAO_CLAIM_AMOUNT_H

#include "utils/numeric.h"

#include "core/fen.h"

typedef enum AmountFault
{
	AMOUNT_OK,
	AMOUNT_SCALE,				/* a third decimal that is not zero */
	AMOUNT_NEGATIVE,
	AMOUNT_TOO_BIG,				/* above FEN_MAX */
	AMOUNT_NOT_FINITE,			/* NaN, infinity */
	AMOUNT_SYNTAX				/* text only: not a decimal number */
} AmountFault;

/* Datum of a numeric, toasted or short as it may be.  A negative is a fault. */
extern AmountFault amount_from_numeric(Datum value, Fen *fen);

/* Decimal text: digits, at most one point, an optional sign; no exponent. */
extern AmountFault amount_from_text(const char *s, size_t len, Fen *fen);

static inline AmountFault
amount_from_int64(int64 yuan, Fen *fen)
{
	if (yuan < 0)
		return AMOUNT_NEGATIVE;
	if (yuan > FEN_MAX / 100)
		return AMOUNT_TOO_BIG;
	*fen = yuan * 100;
	return AMOUNT_OK;
}

/* Room for any amount as a numeric with two decimals. */
typedef union AmountBuffer
{
	int32		align;
	char		data[32];
} AmountBuffer;

/* Writes a numeric with a four-byte header into *buf and returns its address. */
extern Datum amount_to_buffer(Fen fen, AmountBuffer *buf);

/* The same, palloc'd. */
extern Datum amount_to_numeric(Fen fen);

/* A ratio with four decimals (more only where it has more). */
extern Datum ratio_to_numeric(Ratio ratio);

#endif							/* YIBAO_CLAIM_AMOUNT_H */
