/*
 * unicode.c
 *	  Between the server's UTF-8 and ICU's UTF-16, for the text room only.
 *
 * Normalisation, case and character boundaries are ICU's.  What ICU makes costly
 * to open is opened once per backend and kept; it lives in ICU's own memory.
 */
#include "postgres.h"

#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "mb/pg_wchar.h"

#include "../errcodes.h"
#include "../yibao.h"
#include "unicode.h"

void
icu_check(UErrorCode status, const char *what)
{
	if (U_SUCCESS(status))
		return;
	if (status == U_MEMORY_ALLOCATION_ERROR)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory"),
				 errdetail("Failed in ICU while: %s.", _(what)),
				 errhint("Try again when the server has memory free.")));
	ereport(ERROR,
			(errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION),
			 errmsg("ICU failed: %s", u_errorName(status)),
			 errdetail("Failed while: %s.", _(what)),
			 errhint("Check that the ICU library and its data on this server belong together.")));
}

UString
ustring_from_utf8(const char *s, size_t len)
{
	UErrorCode	status = U_ZERO_ERROR;
	UString		u;

	if (GetDatabaseEncoding() != PG_UTF8)
		ereport(ERROR,
				(errcode(ERRCODE_YB_ENCODING),
				 errmsg("database encoding is %s, but yibao needs UTF8",
						GetDatabaseEncodingName()),
				 errhint("Create the database with ENCODING 'UTF8'.")));
	if (len > TEXT_INPUT_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("text of %zu bytes is too long for a name or a number", len),
				 errdetail("The limit is %d bytes.", TEXT_INPUT_MAX),
				 errhint("Pass one person's name or number.")));
	u.s = palloc((len + 1) * sizeof(UChar));
	u_strFromUTF8(u.s, len + 1, &u.len, s, len, &status);
	icu_check(status, "read UTF-8");
	return u;
}

UString
ustring_from_utf32(const UChar32 *s, int32_t len)
{
	UErrorCode	status = U_ZERO_ERROR;
	UString		u;

	u.s = palloc((2 * len + 1) * sizeof(UChar));
	u_strFromUTF32(u.s, 2 * len + 1, &u.len, s, len, &status);
	icu_check(status, "read code points");
	return u;
}

char *
ustring_to_utf8(UString u)
{
	UErrorCode	status = U_ZERO_ERROR;
	int32_t		size = 3 * u.len + 1;
	char	   *s = palloc(size);

	u_strToUTF8(s, size, NULL, u.s, u.len, &status);
	icu_check(status, "write UTF-8");
	return s;
}

UChar32 *
ustring_to_utf32(UString u, int32_t *len)
{
	UErrorCode	status = U_ZERO_ERROR;
	UChar32    *s = palloc((u.len + 1) * sizeof(UChar32));

	u_strToUTF32(s, u.len + 1, len, u.s, u.len, &status);
	icu_check(status, "write code points");
	return s;
}

UString
ustring_nfkc(UString u)
{
	UErrorCode	status = U_ZERO_ERROR;
	const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&status);
	UString		n;
	UBool		already;

	icu_check(status, "open NFKC");
	already = unorm2_isNormalized(nfkc, u.s, u.len, &status);
	icu_check(status, "check NFKC");
	if (already)
		return u;
	n.len = unorm2_normalize(nfkc, u.s, u.len, NULL, 0, &status);
	if (status == U_BUFFER_OVERFLOW_ERROR)
		status = U_ZERO_ERROR;
	icu_check(status, "measure NFKC");
	n.s = palloc((n.len + 1) * sizeof(UChar));
	n.len = unorm2_normalize(nfkc, u.s, u.len, n.s, n.len + 1, &status);
	icu_check(status, "normalise to NFKC");
	return n;
}

static bool
is_invisible(UChar32 c)
{
	int8_t		category = u_charType(c);

	if (category == U_CONTROL_CHAR || category == U_FORMAT_CHAR)
		return true;
	return u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) &&
		!u_hasBinaryProperty(c, UCHAR_VARIATION_SELECTOR);
}

UString
ustring_fold(UString u)
{
	UString		f;
	int32_t		i = 0;

	f.s = palloc((u.len + 1) * sizeof(UChar));
	f.len = 0;
	while (i < u.len)
	{
		UChar32		c;

		U16_NEXT(u.s, i, u.len, c);
		if (u_isUWhiteSpace(c))
			c = ' ';
		else if (is_invisible(c))
			continue;
		U16_APPEND_UNSAFE(f.s, f.len, c);
	}
	return ustring_nfkc(f);
}

UString
ustring_upper(UString u)
{
	UErrorCode	status = U_ZERO_ERROR;
	int32_t		size = 3 * u.len + 1;	/* no character grows to more */
	UString		up;

	up.s = palloc(size * sizeof(UChar));
	up.len = u_strToUpper(up.s, size, u.s, u.len, "", &status);
	icu_check(status, "convert to upper case");
	return up;
}

int32_t
ustring_graphemes(UString u, int32_t **lengths)
{
	static UBreakIterator *iterator = NULL;
	UErrorCode	status = U_ZERO_ERROR;
	int32_t		n = 0;
	int32_t		from = 0;
	int32_t		to;

	if (iterator == NULL)
	{
		iterator = ubrk_open(UBRK_CHARACTER, "", NULL, 0, &status);
		if (U_FAILURE(status))
			iterator = NULL;
		icu_check(status, "open character boundaries");
	}
	ubrk_setText(iterator, u.s, u.len, &status);
	icu_check(status, "find character boundaries");
	*lengths = palloc((u.len + 1) * sizeof(int32_t));
	while ((to = ubrk_next(iterator)) != UBRK_DONE)
	{
		(*lengths)[n++] = to - from;
		from = to;
	}
	return n;
}
