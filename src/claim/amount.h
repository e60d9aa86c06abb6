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

#include "compat.h"
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

/*
 * The common case without a call: a numeric in the row, its digits in the
 * layout that was found good, from 0 up to 10^12 yuan, with at most two
 * decimals.  False: ask amount_from_numeric().
 */
extern bool amount_layout_known;

/* By weight: what a digit counts, in units of 1/10000 yuan. */
extern const uint64 amount_units[3][4];

static inline bool
amount_from_plain(Datum value, Fen *fen)
{
	const char *p = DatumGetPointer(value);
	const char *data;
	unsigned	size;
	uint16		header;
	unsigned	ndigits;
	unsigned	weight;
	uint64		digits;
	uint64		v;

	/* a toast pointer is "short", too */
	if (likely(VARATT_IS_SHORT(p) && !VARATT_IS_EXTERNAL(p)))
	{
		data = VARDATA_SHORT(p);
		size = VARSIZE_SHORT(p) - VARHDRSZ_SHORT;
	}
	else if (VARATT_IS_4B_U(p))
	{
		data = VARDATA_4B(p);
		size = VARSIZE_4B(p) - VARHDRSZ;
	}
	else
		return false;
	memcpy(&header, data, sizeof(header));

	/* short form, positive; its weight not below zero and not above two */
	weight = header & 0x7F;
	ndigits = (size - 2) >> 1;
	if (unlikely(!amount_layout_known || (header & 0xE000) != 0x8000 ||
				 weight > 2 || ndigits > weight + 2))
		return false;
	if (ndigits == 0)
	{
		*fen = 0;
		return true;
	}

	/*
	 * How many digits there are cannot be predicted, so all four are read at
	 * once, without a branch: the eight bytes that end with the last of them.
	 * What stands before a value, of its tuple or its chunk of memory, is ours
	 * to read, and is shifted out.
	 */
	memcpy(&digits, data + size - sizeof(digits), sizeof(digits));
	digits >>= 64 - 16 * ndigits;
	v = (digits & 0xFFFF) * amount_units[weight][0] +
		(digits >> 16 & 0xFFFF) * amount_units[weight][1] +
		(digits >> 32 & 0xFFFF) * amount_units[weight][2] +
		(digits >> 48) * amount_units[weight][3];

	/* v / 100 where that is exact, else more than any quotient: 25 has an inverse modulo 2^64 */
	v *= UINT64CONST(0x8F5C28F5C28F5C29);
	v = v >> 2 | v << 62;
	if (unlikely(v > PG_UINT64_MAX / 100))
		return false;
	*fen = (Fen) v;
	return true;
}

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

/*
 * Writes the content of a numeric, what follows the length, and returns its
 * size, at most 20.  Only where amount_packable().
 */
extern int	amount_pack(Fen fen, char *at);

/* The same of a ratio, with four decimals. */
extern int	ratio_pack(int64 ten_thousandths, char *at);

/* Are the server's numerics laid out as we know them? */
extern bool amount_packable(void);

/* As amount_to_buffer(), palloc'd. */
extern Datum amount_to_numeric(Fen fen);

/* A ratio with four decimals (more only where it has more). */
extern Datum ratio_to_numeric(Ratio ratio);
/* The same of a ratio with so many decimals, 8 or more. */
extern Datum decimals_to_numeric(Ratio ratio, int decimals);

#endif							/* YIBAO_CLAIM_AMOUNT_H */
