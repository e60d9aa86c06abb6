/*
 * amount.c
 *	  numeric yuan <-> int64 fen.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "claim/amount.h"
#include "compat.h"

/*
 * What numeric.c keeps to itself: two bytes of header (sign, scale, weight)
 * and base-10000 digits, or four bytes of header for large scales and weights.
 */
#define HDR_SIGN_MASK		0xC000
#define HDR_SHORT			0x8000
#define HDR_SPECIAL			0xC000
#define HDR_LONG_NEGATIVE	0x4000
#define SHORT_NEGATIVE		0x2000
#define SHORT_SCALE_SHIFT	7
#define SHORT_WEIGHT_SIGN	0x0040
#define SHORT_WEIGHT_MASK	0x003F

typedef enum LayoutState
{
	LAYOUT_UNTRIED,
	LAYOUT_KNOWN,
	LAYOUT_UNKNOWN
} LayoutState;

static LayoutState layout = LAYOUT_UNTRIED;
bool		amount_layout_known = false;

static void try_layout(void);

static inline uint16
digit_at(const char *digits, int i)
{
	uint16		d;

	memcpy(&d, digits + 2 * i, sizeof(d));
	return d;
}

static AmountFault
decode_packed(Datum value, Fen *fen)
{
	struct varlena *p = (struct varlena *) DatumGetPointer(value);
	const char *data;
	int			size;
	uint16		header;
	bool		negative;
	int			weight;
	int			ndigits;
	int			i = 0;
	int64		v = 0;

	/* A one-byte header is read where it is; only what is compressed or out of line is copied. */
	if (unlikely(VARATT_IS_COMPRESSED(p) || VARATT_IS_EXTERNAL(p)))
		p = pg_detoast_datum_packed(p);
	data = VARDATA_ANY(p);
	size = VARSIZE_ANY_EXHDR(p);

	memcpy(&header, data, sizeof(header));
	if ((header & HDR_SIGN_MASK) == HDR_SHORT)
	{
		negative = (header & SHORT_NEGATIVE) != 0;
		weight = header & SHORT_WEIGHT_MASK;
		if (header & SHORT_WEIGHT_SIGN)
			weight |= ~SHORT_WEIGHT_MASK;
		data += 2;
		ndigits = (size - 2) / 2;
	}
	else if ((header & HDR_SIGN_MASK) == HDR_SPECIAL)
		return AMOUNT_NOT_FINITE;
	else
	{
		int16		w;

		memcpy(&w, data + 2, sizeof(w));
		negative = (header & HDR_SIGN_MASK) == HDR_LONG_NEGATIVE;
		weight = w;
		data += 4;
		ndigits = (size - 4) / 2;
	}

	if (ndigits == 0)
	{
		*fen = 0;
		return AMOUNT_OK;
	}
	if (negative)
		return AMOUNT_NEGATIVE;
	if (weight > 3)				/* 10^16 yuan and more */
		return AMOUNT_TOO_BIG;

	for (int w = weight; w >= 0; w--)
		v = v * 10000 + (i < ndigits ? digit_at(data, i++) : 0);
	v *= 100;
	if (i < ndigits)
	{
		uint16		d;

		if (weight < -1)
			return AMOUNT_SCALE;
		d = digit_at(data, i++);
		if (unlikely(d % 100 != 0 || i < ndigits))
			return AMOUNT_SCALE;
		v += d / 100;
	}
	if (unlikely(v > FEN_MAX))
		return AMOUNT_TOO_BIG;
	*fen = v;
	return AMOUNT_OK;
}

AmountFault
amount_from_text(const char *s, size_t len, Fen *fen)
{
	const char *end = s + len;
	bool		negative = false;
	bool		digits = false;
	bool		nonzero = false;
	bool		third = false;
	bool		too_big = false;
	int64		v = 0;

	if (s < end && (*s == '-' || *s == '+'))
		negative = *s++ == '-';
	for (; s < end && *s >= '0' && *s <= '9'; s++)
	{
		digits = true;
		nonzero |= *s != '0';
		if (v <= FEN_MAX)
			v = v * 10 + (*s - '0');
		else
			too_big = true;
	}
	if (v > FEN_MAX / 100)
		too_big = true;
	else
		v *= 100;
	if (s < end && *s == '.')
	{
		int			place = 0;

		for (s++; s < end && *s >= '0' && *s <= '9'; s++, place++)
		{
			digits = true;
			nonzero |= *s != '0';
			if (place >= 2)
				third |= *s != '0';
			else if (!too_big)
				v += (*s - '0') * (place == 0 ? 10 : 1);
		}
	}
	if (s != end || !digits)
		return AMOUNT_SYNTAX;
	if (negative && nonzero)
		return AMOUNT_NEGATIVE;
	if (third)
		return AMOUNT_SCALE;
	if (too_big || v > FEN_MAX)
		return AMOUNT_TOO_BIG;
	*fen = v;
	return AMOUNT_OK;
}

/* For a server whose numerics are not laid out as we know them. */
static AmountFault
decode_text(Datum value, Fen *fen)
{
	char	   *text = DatumGetCString(DirectFunctionCall1(numeric_out, value));
	AmountFault fault = amount_from_text(text, strlen(text), fen);

	pfree(text);
	return fault == AMOUNT_SYNTAX ? AMOUNT_NOT_FINITE : fault;
}

AmountFault
amount_from_numeric(Datum value, Fen *fen)
{
	if (likely(layout == LAYOUT_KNOWN))
		return decode_packed(value, fen);
	if (layout == LAYOUT_UNTRIED)
	{
		try_layout();
		return amount_from_numeric(value, fen);
	}
	return decode_text(value, fen);
}

static inline void
put16(char *at, int i, uint64 d)
{
	uint16		digit = (uint16) d;

	memcpy(at + 2 * i, &digit, sizeof(digit));
}

/* whole + fraction / 10000, with a header of this scale. */
static inline int
pack(uint64 whole, uint64 fraction, bool negative, int scale, char *at)
{
	uint16		header = HDR_SHORT | (scale << SHORT_SCALE_SHIFT);
	char	   *digits = at + 2;
	int			n;				/* before the point */

	if (whole == 0)
		n = 0;
	else if (whole < 10000)
	{
		put16(digits, 0, whole);
		n = 1;
	}
	else if (whole < 100000000)
	{
		put16(digits, 0, whole / 10000);
		put16(digits, 1, whole % 10000);
		n = 2;
	}
	else
	{
		n = 3;
		for (uint64 v = whole / UINT64CONST(1000000000000); v > 0; v /= 10000)
			n++;
		for (int i = n - 1; i >= 0; i--, whole /= 10000)
			put16(digits, i, whole % 10000);
	}

	if (n > 0 || fraction != 0)
	{
		header |= n > 0 ? n - 1 : SHORT_WEIGHT_SIGN | SHORT_WEIGHT_MASK;
		if (negative)
			header |= SHORT_NEGATIVE;
	}
	if (fraction != 0)
		put16(digits, n++, fraction);
	else
	{
		while (n > 0 && digit_at(digits, n - 1) == 0)
			n--;
	}
	memcpy(at, &header, sizeof(header));
	return 2 + 2 * n;
}

int
amount_pack(Fen fen, char *at)
{
	uint64		v = fen < 0 ? -(uint64) fen : (uint64) fen;

	if (likely((uint64) fen <= AMOUNT_PLAIN_MAX))
		return amount_pack_plain(fen, at);
	return pack(v / 100, v % 100 * 100, fen < 0, 2, at);
}

int
ratio_pack(int64 ten_thousandths, char *at)
{
	uint64		v = ten_thousandths < 0 ? -(uint64) ten_thousandths : (uint64) ten_thousandths;

	return pack(v / 10000, v % 10000, ten_thousandths < 0, 4, at);
}

bool
amount_packable(void)
{
	if (unlikely(layout == LAYOUT_UNTRIED))
		try_layout();
	return layout == LAYOUT_KNOWN;
}

static void
encode_packed(Fen fen, AmountBuffer *buf)
{
	int			size = amount_pack(fen, buf->data + VARHDRSZ);

	SET_VARSIZE(buf->data, VARHDRSZ + size);
}

Datum
amount_to_buffer(Fen fen, AmountBuffer *buf)
{
	if (unlikely(layout == LAYOUT_UNTRIED))
		try_layout();
	if (likely(layout == LAYOUT_KNOWN))
	{
		encode_packed(fen, buf);
		return PointerGetDatum(buf->data);
	}
	return NumericGetDatum(int64_div_fast_to_numeric(fen, 2));
}

Datum
ratio_to_numeric(Ratio ratio)
{
	if (ratio % 10000 == 0)
		return NumericGetDatum(int64_div_fast_to_numeric(ratio / 10000, 4));
	return NumericGetDatum(int64_div_fast_to_numeric(ratio, 8));
}

Datum
decimals_to_numeric(Ratio ratio, int decimals)
{
	while (decimals > 8 && ratio % 10 == 0)
	{
		ratio /= 10;
		decimals--;
	}
	return decimals == 8 ? ratio_to_numeric(ratio) :
		NumericGetDatum(int64_div_fast_to_numeric(ratio, decimals));
}

/*
 * Are numerics laid out as we think?  Both ways are tried on values of every
 * length, sign and fault against what numeric_in() and numeric_out() make of
 * them.
 */
static void
try_layout(void)
{
	static const char *const texts[] = {
		"0", "0.00", "0.01", "0.10", "0.99", "1", "1.00", "1.5", "9.99", "100.00",
		"9999.99", "10000", "10000.01", "10001.00", "12345678.90", "99999999.99",
		"100000000.00", "100000000.01", "1000000000000.00", "9999999999999.99",
		"99999999999999.99", "100000000000000", "100000000000000.00",
		"9999999999999999", "10000000000000000", "1e20", "1e100", "1e-100",
		"0.001", "0.005", "0.0001", "0.00001", "0.010", "0.01000000000000",
		"1.230", "1.234", "1200.005", "10000.00001", "-0.01", "-1.00", "-0.00",
		"-12345.67", "-1e30", "NaN", "Infinity", "-Infinity", "5e-5",
		"1.00000000000000000000000000000000000000000000000000000000000000000000000",
		"1.00000000000000000000000000000000000000000000000000000000000000000000001"
	};
	static const Fen amounts[] = {
		0, 1, 10, 99, 100, 101, 110, 9999, 10000, 10001, 999999, 1000000, 1000001,
		1000099, 1000100, 100000000, 100000001, 100010000, 123456789, 9999999900,
		9999999999, 10000000000, 99999999999, 100000000000, 100000000100,
		1000000000000000, FEN_MAX, -1, -100, -123456, -1000000, -FEN_MAX
	};
	static const int64 ratios[] = {0, 1, 10, 100, 5000, 7000, 9999, 10000, 10001, 20000, 123450000, -1, -7000, -20000};
	LayoutState found = LAYOUT_KNOWN;

	layout = LAYOUT_UNKNOWN;	/* until it is tried */
	for (int i = 0; i < (int) lengthof(texts); i++)
	{
		Datum		n = DirectFunctionCall3(numeric_in, CStringGetDatum(texts[i]),
											ObjectIdGetDatum(InvalidOid),
											Int32GetDatum(-1));
		Fen			packed = -1;
		Fen			spelt = -1;
		AmountFault fault = decode_packed(n, &packed);

		if (fault != decode_text(n, &spelt) || packed != spelt)
			found = LAYOUT_UNKNOWN;
		if (amount_from_plain(n, &packed) && (fault != AMOUNT_OK || packed != spelt))
			found = LAYOUT_UNKNOWN;
		pfree(DatumGetPointer(n));
	}
	for (int i = 0; i < (int) lengthof(amounts); i++)
	{
		AmountBuffer buf;
		Numeric		n = int64_div_fast_to_numeric(amounts[i], 2);

		encode_packed(amounts[i], &buf);
		if (VARSIZE(n) != VARSIZE(buf.data) ||
			memcmp(n, buf.data, VARSIZE(n)) != 0)
			found = LAYOUT_UNKNOWN;
		pfree(n);
	}
	for (int i = 0; i < (int) lengthof(ratios); i++)
	{
		char		buf[24];
		Numeric		n = int64_div_fast_to_numeric(ratios[i], 4);
		int			size = ratio_pack(ratios[i], buf);

		if (VARSIZE(n) != (Size) VARHDRSZ + size || memcmp(VARDATA(n), buf, size) != 0)
			found = LAYOUT_UNKNOWN;
		pfree(n);
	}
	layout = found;
	amount_layout_known = found == LAYOUT_KNOWN;
}
