/*
 * unicode.h
 *	  Between the server's UTF-8 and ICU's UTF-16, for the text room only.
 */
#ifndef YIBAO_TEXT_UNICODE_H
#define YIBAO_TEXT_UNICODE_H

#include <unicode/utypes.h>

/* palloc'd in the current context; s is not terminated. */
typedef struct UString
{
	UChar	   *s;
	int32_t		len;
} UString;

/* What cannot be a name or a number is refused before it costs memory. */
#define TEXT_INPUT_MAX	65536	/* bytes */

extern void icu_check(UErrorCode status, const char *what);
extern UString ustring_from_utf8(const char *s, size_t len);
extern UString ustring_from_utf32(const UChar32 *s, int32_t len);
extern char *ustring_to_utf8(UString u);
extern UChar32 *ustring_to_utf32(UString u, int32_t *len);

/*
 * What is typed for what is meant: white space becomes a space, controls and
 * invisible characters go (variation selectors stay, they choose a glyph), and
 * NFKC folds full-width forms and compatibility characters.
 */
extern UString ustring_fold(UString u);

/* Full upper case by Unicode's rules, of no language; not normalised. */
extern UString ustring_upper(UString u);

extern UString ustring_nfkc(UString u);

/* Lengths in UTF-16 units of the user-perceived characters; returns how many. */
extern int32_t ustring_graphemes(UString u, int32_t **lengths);

#endif							/* YIBAO_TEXT_UNICODE_H */
