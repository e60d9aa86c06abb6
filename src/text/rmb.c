/*
 * rmb.c
 *	  Amounts in words (人民币大写) and in digits.
 *
 * The words follow 支付结算办法 annex 1 (中国人民银行, 银发〔1997〕393号) and
 * 会计基础工作规范 article 52: 整 after 元 and 角, none after 分; 零 for zeros
 * inside; 零 after 元 where there are fen but no jiao.  Where they leave a
 * choice (107,000.53), no 零 is written.
 *
 * ICU's own Chinese financial spelling is not that (it says 拾 for 壹拾, 兆 for
 * 万亿 and leaves out 零), so the rules are ours and ICU applies them.
 */
#include "postgres.h"

#include <unicode/unum.h>
#include <unicode/ustring.h>

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "../errcodes.h"
#include "../yibao.h"
#include "text.h"
#include "unicode.h"

PG_FUNCTION_INFO_V1(rmb_capital);

/* RBNF on the fen integer.  >%%z2> and so on put 零 before a part with a gap. */
static const char rmb_rules[] =
"%rmb:\n"
"-x: 负>>;\n"
"0: 零元整;\n"
"1: =%%fen=;\n"
"100: <%%int<元>%%tail>;\n"
"%%fen:\n"
"0: 整;\n"
"1: =%%dg=分;\n"
"10: <%%dg<角>%%f2>;\n"
"%%tail:\n"
"0: 整;\n"
"1: 零=%%dg=分;\n"
"10: <%%dg<角>%%f2>;\n"
"%%f2:\n"
"0: 整;\n"
"1: =%%dg=分;\n"
"%%dg:\n"
"0: 零; 壹; 贰; 叁; 肆; 伍; 陆; 柒; 捌; 玖;\n"
"%%int:\n"
"0: =%%dg=;\n"
"10: <%%dg<拾[>%%dg>];\n"
"100: <%%dg<佰[>%%z2>];\n"
"1000: <%%dg<仟[>%%z3>];\n"
"10000: <%%int<万[>%%z4>];\n"
"100000000: <%%int<亿[>%%z8>];\n"
"%%z2:\n"
"0: ;\n"
"1: 零=%%int=;\n"
"10: =%%int=;\n"
"%%z3:\n"
"0: ;\n"
"1: 零=%%int=;\n"
"100: =%%int=;\n"
"%%z4:\n"
"0: ;\n"
"1: 零=%%int=;\n"
"1000: =%%int=;\n"
"%%z8:\n"
"0: ;\n"
"1: 零=%%int=;\n"
"10000000: =%%int=;\n";

/* Parsing the rules takes 0.3 ms, so it happens once per backend. */
static UNumberFormat *
rmb_formatter(void)
{
	static UNumberFormat *formatter = NULL;

	if (formatter == NULL)
	{
		UErrorCode	status = U_ZERO_ERROR;
		UParseError where;
		UString		rules = ustring_from_utf8(rmb_rules, sizeof(rmb_rules) - 1);

		formatter = unum_open(UNUM_PATTERN_RULEBASED, rules.s, rules.len, "zh",
							  &where, &status);
		if (U_FAILURE(status))
			formatter = NULL;
		icu_check(status, "read the rules for amounts in words");
		pfree(rules.s);
	}
	return formatter;
}

static void
refuse_range(const char *amount)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_AMOUNT_RANGE),
			 errmsg("amount %s cannot be written in capitals", amount),
			 errdetail("Amounts between -99999999999999.99 and 99999999999999.99 yuan can."),
			 errhint("Check the amount and its unit: it is in yuan.")));
}

char *
yibao_rmb_capital(int64 fen)
{
	UErrorCode	status = U_ZERO_ERROR;
	UChar		buffer[128];	/* the longest has 46 characters */
	UString		words = {buffer, 0};

	if (fen > FEN_MAX || fen < -FEN_MAX)
		refuse_range(yibao_format_yuan(fen));
	words.len = unum_formatInt64(rmb_formatter(), fen, buffer, lengthof(buffer),
								 NULL, &status);
	icu_check(status, "write an amount in words");
	return ustring_to_utf8(words);
}

char *
yibao_format_yuan(int64 fen)
{
	uint64		rest = fen < 0 ? -(uint64) fen : (uint64) fen;
	char		buffer[32];
	char	   *p = buffer + sizeof(buffer);
	int			digits = 0;

	*--p = '\0';
	*--p = '0' + rest % 10;
	rest /= 10;
	*--p = '0' + rest % 10;
	rest /= 10;
	*--p = '.';
	do
	{
		if (digits > 0 && digits % 3 == 0)
			*--p = ',';
		*--p = '0' + rest % 10;
		rest /= 10;
		digits++;
	} while (rest > 0);
	if (fen < 0)
		*--p = '-';
	return pstrdup(p);
}

char *
yibao_format_percent(int64 ratio, int decimals)
{
	int64		percent = 1;
	uint64		size = ratio < 0 ? -(uint64) ratio : (uint64) ratio;
	const char *sign = ratio < 0 ? "-" : "";
	char	   *s;
	char	   *end;

	for (int i = 2; i < decimals; i++)
		percent *= 10;
	s = psprintf("%s" UINT64_FORMAT ".%0*llu", sign, size / percent, decimals - 2,
				 (unsigned long long) (size % percent));
	for (end = s + strlen(s); end[-1] == '0'; end--)
		;
	if (end[-1] == '.')
		end--;
	*end = '\0';
	return psprintf("%s%%", s);
}

/* A numeric can have 131,072 digits; a message has room for some. */
static char *
amount_for_message(Numeric amount)
{
	char	   *s = DatumGetCString(DirectFunctionCall1(numeric_out,
														NumericGetDatum(amount)));

	return strlen(s) <= 40 ? s : psprintf("%.40s...", s);
}

/* Fen of a numeric that must be exact; errors name the amount. */
static int64
fen_of_numeric(Numeric amount)
{
	Datum		value = NumericGetDatum(amount);
	Datum		limit;
	Datum		fen;

	if (numeric_is_nan(amount) || numeric_is_inf(amount))
		refuse_range(amount_for_message(amount));
	limit = NumericGetDatum(int64_to_numeric(INT64CONST(100000000000000)));
	if (DatumGetInt32(DirectFunctionCall2(numeric_cmp,
										  DirectFunctionCall1(numeric_abs, value),
										  limit)) >= 0)
		refuse_range(amount_for_message(amount));
	if (DatumGetInt32(DirectFunctionCall1(numeric_min_scale, value)) > 2)
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_SCALE),
				 errmsg("amount %s has more than two decimals",
						amount_for_message(amount)),
				 errhint("Round it to the fen first, by the rule that made it.")));
	fen = DirectFunctionCall2(numeric_mul, value,
							  NumericGetDatum(int64_to_numeric(100)));
	return DatumGetInt64(DirectFunctionCall1(numeric_int8, fen));
}

Datum
rmb_capital(PG_FUNCTION_ARGS)
{
	int64		fen = fen_of_numeric(PG_GETARG_NUMERIC(0));

	PG_RETURN_TEXT_P(cstring_to_text(yibao_rmb_capital(fen)));
}
