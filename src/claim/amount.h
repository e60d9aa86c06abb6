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

/* Are the server's numerics laid out as we know them? */
extern bool amount_layout_known;	/* once it was tried, */
extern bool amount_packable(void);	/* which this does */

/*
 * The common case without a call, only where amount_packable(): a numeric in the
 * row, from 0 up to 10^12 yuan, with at most two decimals.  False: ask
 * amount_from_numeric().
 */
static inline bool
amount_from_plain(Datum value, Fen *fen)
{
	static const uint64 of_weight[] = {
		UINT64CONST(0xFFFFFFFF00000000), UINT64CONST(0xFFFFFFFFFFFF0000), PG_UINT64_MAX
	};
	const char *p = DatumGetPointer(value);
	const char *data;
	unsigned	ndigits;		/* twice */
	unsigned	weight;
	unsigned	shift;
	uint16		header;
	uint64		digits;
	uint64		v;

	/* a toast pointer is "short", too: of a size that makes ndigits too large */
	if (likely(VARATT_IS_SHORT(p)))
	{
		data = VARDATA_SHORT(p);
		ndigits = VARSIZE_SHORT(p) - VARHDRSZ_SHORT - sizeof(header);
	}
	else if (VARATT_IS_4B_U(p))
	{
		data = VARDATA_4B(p);
		ndigits = VARSIZE_4B(p) - VARHDRSZ - sizeof(header);
	}
	else
		return false;
	memcpy(&header, data, sizeof(header));

	/* short form, positive; its weight not below zero and not above two */
	weight = (header & 0xE07F) ^ 0x8000;
	if (unlikely(weight > 2 || ndigits > 2 * weight + 4))
		return false;

	/*
	 * How many digits there are cannot be predicted, so four are read at once,
	 * without a branch: the eight bytes that end with the last of them.  What
	 * stands before a value, of its tuple or its chunk of memory, is ours to
	 * read.  They are moved to where the last is that of the hundredths (in two
	 * steps: it may be all of them), what is not of the value is masked out, and
	 * the rest put together two by two.
	 */
	memcpy(&digits, data + sizeof(header) + ndigits - sizeof(digits), sizeof(digits));
	shift = 8 * weight + 16 - 4 * ndigits;
	digits = digits >> shift >> shift & of_weight[weight];
	digits = (digits & UINT64CONST(0x0000FFFF0000FFFF)) * 10000 +
		(digits >> 16 & UINT64CONST(0x0000FFFF0000FFFF));
	v = (digits & 0xFFFFFFFF) * 100000000 + (digits >> 32);

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
 * The same without a call or a branch, of 0 up to 10^8 yuan; writes ten bytes,
 * of which what it returns counts.
 */
#define AMOUNT_PLAIN_MAX	INT64CONST(9999999999)

static inline int
amount_pack_plain(Fen fen, char *at)
{
	uint64		whole = (uint64) fen / 100;
	uint64		first = whole / 10000;
	uint64		second = whole % 10000;
	uint64		digits = first | second << 16 | (uint64) fen % 100 * 100 << 32;
	unsigned	zeros = (unsigned) (first == 0) + (unsigned) (whole == 0);
	uint16		header = 0x8000 | 2 << 7 |
		((1 - zeros + (unsigned) (digits == 0)) & 0x7F);

	digits >>= 16 * zeros;
	memcpy(at, &header, sizeof(header));
	memcpy(at + 2, &digits, sizeof(digits));
	return 2 + 2 * ((digits != 0) + (digits >> 16 != 0) + (digits >> 32 != 0));
}

/*
 * Writes the content of a numeric, what follows the length, and returns its
 * size, at most 20.  Only where amount_packable().
 */
extern int	amount_pack(Fen fen, char *at);

/* The same of a ratio, with four decimals. */
extern int	ratio_pack(int64 ten_thousandths, char *at);

/* As amount_to_buffer(), palloc'd. */
static inline Datum
amount_to_numeric(Fen fen)
{
	AmountBuffer *buf = palloc(sizeof(AmountBuffer));

	if (unlikely(!amount_layout_known || (uint64) fen > AMOUNT_PLAIN_MAX))
		return amount_to_buffer(fen, buf);
	SET_VARSIZE(buf->data, VARHDRSZ + amount_pack_plain(fen, buf->data + VARHDRSZ));
	return PointerGetDatum(buf);
}

/* A ratio with four decimals (more only where it has more). */
extern Datum ratio_to_numeric(Ratio ratio);
/* The same of a ratio with so many decimals, 8 or more. */
extern Datum decimals_to_numeric(Ratio ratio, int decimals);

#endif							/* YIBAO_CLAIM_AMOUNT_H */
