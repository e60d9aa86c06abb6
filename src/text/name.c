/*
 * name.c
 *	  Names of persons: one spelling for one name (姓名规范化), and masked (姓名脱敏).
 *
 * The separator of a name's parts is U+00B7, as 民委发〔2016〕33号 orders for all
 * government systems; what keyboards and older systems put there becomes it.
 */
#include "postgres.h"

#include <unicode/uchar.h>
#include <unicode/utf16.h>

#include "fmgr.h"
#include "utils/builtins.h"

#include "../yibao.h"
#include "text.h"
#include "unicode.h"

PG_FUNCTION_INFO_V1(name_normalize);
PG_FUNCTION_INFO_V1(name_mask);

#define MIDDLE_DOT	0x00B7

/* The dots that NFKC does not make U+00B7 itself (it folds U+0387, U+FF65). */
static bool
is_dot(UChar32 c)
{
	switch (c)
	{
		case MIDDLE_DOT:
		case 0x2022:			/* bullet */
		case 0x2027:			/* hyphenation point */
		case 0x2219:			/* bullet operator */
		case 0x22C5:			/* dot operator */
		case 0x25CF:			/* black circle */
		case 0x2E31:			/* word separator middle dot */
		case 0x30FB:			/* katakana middle dot */
			return true;
		default:
			return false;
	}
}

/* Private use counts as Han: rare characters stood there before Unicode had them. */
static bool
is_han(UChar32 c)
{
	return u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC) ||
		u_charType(c) == U_PRIVATE_USE_CHAR;
}

static UChar32
next_visible(const UChar32 *s, int32_t from, int32_t len)
{
	while (from < len && s[from] == ' ')
		from++;
	return from < len ? s[from] : 0;
}

/*
 * One kind of dot; no space at the ends, around a dot or between Han; one space
 * elsewhere.  A full stop between Han is a dot: no Han name is abbreviated.
 * Writes over s, returns the new length.
 */
static int32_t
arrange(UChar32 *s, int32_t len)
{
	int32_t		n = 0;
	bool		space = false;
	bool		after_han = false;

	for (int32_t i = 0; i < len; i++)
	{
		UChar32		c = s[i];
		bool		han;

		if (c == ' ')
		{
			space = true;
			continue;
		}
		if (is_dot(c) ||
			(c == '.' && after_han && is_han(next_visible(s, i + 1, len))))
			c = MIDDLE_DOT;
		if (c == MIDDLE_DOT && n > 0 && s[n - 1] == MIDDLE_DOT)
		{
			space = false;
			continue;
		}
		han = is_han(c);
		if (space && n > 0 && c != MIDDLE_DOT && s[n - 1] != MIDDLE_DOT &&
			!(after_han && han))
			s[n++] = ' ';
		space = false;
		s[n++] = c;
		/* a variation selector belongs to the character before it */
		if (!u_hasBinaryProperty(c, UCHAR_VARIATION_SELECTOR))
			after_han = han;
	}
	return n;
}

static UString
normalize(const char *name, size_t len)
{
	UString		u = ustring_fold(ustring_from_utf8(name, len));
	UChar32    *s;
	int32_t		n;

	/* a capital may be written with a mark that composes: once more */
	u = ustring_nfkc(ustring_upper(u));
	s = ustring_to_utf32(u, &n);
	return ustring_from_utf32(s, arrange(s, n));
}

char *
yibao_name_normalize(const char *name, size_t len)
{
	return ustring_to_utf8(normalize(name, len));
}

/*
 * The surnames of two characters in 百家姓, and the commonest others.  Without
 * them 欧阳震华 would be masked as if 欧 were the surname.
 */
static bool
has_double_surname(UString u)
{
	static const UChar surnames[][3] = {
		u"万俟", u"上官", u"东方", u"东郭", u"乐正", u"亓官", u"令狐", u"仲孙",
		u"公冶", u"公孙", u"公羊", u"公西", u"单于", u"南宫", u"南门", u"司寇",
		u"司徒", u"司空", u"司马", u"呼延", u"夏侯", u"太叔", u"太史", u"夹谷",
		u"子车", u"宇文", u"宗政", u"宰父", u"尉迟", u"左丘", u"巫马", u"微生",
		u"慕容", u"拓跋", u"梁丘", u"欧阳", u"段干", u"淳于", u"漆雕", u"澹台",
		u"濮阳", u"独孤", u"申屠", u"皇甫", u"百里", u"端木", u"第五", u"纳兰",
		u"羊舌", u"西门", u"诸葛", u"谷梁", u"赫连", u"轩辕", u"钟离", u"长孙",
		u"闻人", u"闾丘", u"鲜于", u"颛孙",
	};

	for (size_t i = 0; i < lengthof(surnames); i++)
		if (u.len >= 2 && u.s[0] == surnames[i][0] && u.s[1] == surnames[i][1])
			return true;
	return false;
}

/*
 * Show the first `show` characters, a star for each other; spaces and dots
 * stay, because they tell nobody who it is.
 */
static UString
mask_after(UString u, int32_t show, const int32_t *lengths, int32_t n)
{
	UString		m;
	int32_t		from = 0;

	m.s = palloc((u.len + 1) * sizeof(UChar));
	m.len = 0;
	for (int32_t i = 0; i < n; from += lengths[i], i++)
	{
		UChar		first = u.s[from];

		if (i < show || ((first == ' ' || first == MIDDLE_DOT) && lengths[i] == 1))
		{
			memcpy(m.s + m.len, u.s + from, lengths[i] * sizeof(UChar));
			m.len += lengths[i];
		}
		else
			m.s[m.len++] = '*';
	}
	return m;
}

Datum
name_normalize(PG_FUNCTION_ARGS)
{
	text	   *name = PG_GETARG_TEXT_PP(0);

	PG_RETURN_TEXT_P(cstring_to_text(yibao_name_normalize(VARDATA_ANY(name),
														  VARSIZE_ANY_EXHDR(name))));
}

Datum
name_mask(PG_FUNCTION_ARGS)
{
	text	   *name = PG_GETARG_TEXT_PP(0);
	UString		u = normalize(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
	int32_t    *lengths;
	int32_t		n = ustring_graphemes(u, &lengths);
	int32_t		show;

	if (n < 2)
		show = 0;				/* nothing would be hidden */
	else if (n > 2 && lengths[0] == 1 && lengths[1] == 1 && has_double_surname(u))
		show = 2;
	else
		show = 1;
	u = mask_after(u, show, lengths, n);
	PG_RETURN_TEXT_P(cstring_to_text(ustring_to_utf8(u)));
}
