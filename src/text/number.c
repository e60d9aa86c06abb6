/*
 * number.c
 *	  Identity and telephone numbers: checked (公民身份号码校验) and masked (脱敏).
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "../core/certno.h"
#include "../yibao.h"
#include "unicode.h"

PG_FUNCTION_INFO_V1(certno_ok);
PG_FUNCTION_INFO_V1(certno_check);
PG_FUNCTION_INFO_V1(certno_mask);
PG_FUNCTION_INFO_V1(phone_mask);

Datum
certno_ok(PG_FUNCTION_ARGS)
{
	text	   *number = PG_GETARG_TEXT_PP(0);

	PG_RETURN_BOOL(certno_fault(VARDATA_ANY(number),
								VARSIZE_ANY_EXHDR(number)) == CERTNO_RIGHT);
}

static char *
fault_in_words(CertnoFault fault, const char *s, size_t len)
{
	switch (fault)
	{
		case CERTNO_RIGHT:
			break;
		case CERTNO_CHARACTER:
			return psprintf(_("character %zu is neither a digit nor an X at the end"),
							certno_bad_position(s, len));
		case CERTNO_LENGTH:
			return psprintf(_("has %zu characters instead of 18"), len);
		case CERTNO_AREA:
			return psprintf(_("begins with %.6s, which is in no province"), s);
		case CERTNO_BIRTH:
			return psprintf(_("date of birth %.4s-%.2s-%.2s is not in the calendar"),
							s + 6, s + 10, s + 12);
		case CERTNO_CHECK:
			return psprintf(_("check character is %c, but the other digits require %c"),
							s[len - 1], certno_check_character(s));
		case CERTNO_LOWER_X:
			return pstrdup(_("ends in a small x where the standard has a capital X"));
	}
	elog(ERROR, "unexpected fault %d of an identity number", (int) fault);
}

Datum
certno_check(PG_FUNCTION_ARGS)
{
	text	   *number = PG_GETARG_TEXT_PP(0);
	const char *s = VARDATA_ANY(number);
	size_t		len = VARSIZE_ANY_EXHDR(number);
	CertnoFault fault = certno_fault(s, len);

	if (fault == CERTNO_RIGHT)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(fault_in_words(fault, s, len)));
}

/* As typed, but folded and without any space. */
static UString
compact(text *number)
{
	UString		u = ustring_fold(ustring_from_utf8(VARDATA_ANY(number),
												   VARSIZE_ANY_EXHDR(number)));
	UString		c;

	c.s = palloc((u.len + 1) * sizeof(UChar));
	c.len = 0;
	for (int32_t i = 0; i < u.len; i++)
		if (u.s[i] != ' ')
			c.s[c.len++] = u.s[i];
	return c;
}

Datum
certno_mask(PG_FUNCTION_ARGS)
{
	UString		u = compact(PG_GETARG_TEXT_PP(0));
	UString		m;
	int32_t    *lengths;
	int32_t		n = ustring_graphemes(u, &lengths);
	int32_t		head = 0;
	int32_t		tail = 0;
	int32_t		from = 0;

	if (n >= 15)				/* citizen number, old and new */
	{
		head = 6;
		tail = 4;
	}
	else if (n >= 8)			/* passport, travel permit */
	{
		head = 2;
		tail = 2;
	}
	m.s = palloc((u.len + 1) * sizeof(UChar));
	m.len = 0;
	for (int32_t i = 0; i < n; from += lengths[i], i++)
	{
		if (i < head || i >= n - tail)
		{
			memcpy(m.s + m.len, u.s + from, lengths[i] * sizeof(UChar));
			m.len += lengths[i];
		}
		else
			m.s[m.len++] = '*';
	}
	PG_RETURN_TEXT_P(cstring_to_text(ustring_to_utf8(m)));
}

/*
 * The four digits before the last four become stars, so do all of a number of
 * four digits or fewer.  What holds anything but a telephone number is hidden
 * whole: nobody knows what it tells.
 */
Datum
phone_mask(PG_FUNCTION_ARGS)
{
	text	   *phone = PG_GETARG_TEXT_PP(0);
	UString		u = ustring_fold(ustring_from_utf8(VARDATA_ANY(phone),
												   VARSIZE_ANY_EXHDR(phone)));
	int32_t		digits = 0;
	int32_t		seen = 0;
	bool		is_phone = true;

	for (int32_t i = 0; i < u.len; i++)
	{
		if (u.s[i] >= '0' && u.s[i] <= '9')
			digits++;
		else if (u.s[i] == 0 || u.s[i] > 0x7F || strchr(" +-()", u.s[i]) == NULL)
			is_phone = false;
	}
	for (int32_t i = 0; i < u.len; i++)
	{
		bool		digit = u.s[i] >= '0' && u.s[i] <= '9';

		if (!is_phone)
			u.s[i] = '*';
		else if (digit)
		{
			if (digits <= 4 || (seen >= digits - 8 && seen < digits - 4))
				u.s[i] = '*';
			seen++;
		}
	}
	PG_RETURN_TEXT_P(cstring_to_text(ustring_to_utf8(u)));
}
