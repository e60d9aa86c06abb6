/*
 * convert.c
 *	  One value of a row, a jsonb object or an argument list into a field.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "claim/convert.h"
#include "core/settle.h"
#include "compat.h"
#include "errcodes.h"

#define WHOLE_NUMBER	gettext_noop("a whole number, not negative")
#define A_FLAG			gettext_noop("true, false, '0', '1', 0 or 1")
#define A_TIME			gettext_noop("a time of the calendar")
#define LOCAL_TIME		gettext_noop("local time without zone, 'YYYY-MM-DD' or 'YYYY-MM-DD HH:MM:SS'")
#define A_STRING		gettext_noop("a JSON string")
#define A_NUMBER		gettext_noop("a number")
#define A_SCALAR		gettext_noop("a single value")

/* ---- what is wrong --------------------------------------------------------- */

void
field_amount_fault(ClaimField field, AmountFault fault, const char *value)
{
	const char *name = claim_fields[field].name;

	switch (fault)
	{
		case AMOUNT_SCALE:
			ereport(ERROR,
					(errcode(ERRCODE_YB_AMOUNT_SCALE),
					 errmsg("%s %s has more than two decimals", name, value),
					 errdetail("Amounts are yuan, exact to the fen; they are never rounded here."),
					 errhint("Round it where it arises, so that the parts of the claim still add up.")));
		case AMOUNT_NEGATIVE:
			ereport(ERROR,
					(errcode(ERRCODE_YB_AMOUNT_RANGE),
					 errmsg("%s %s is negative", name, value),
					 errhint("A refund is a reversal of its settlement, not a claim with negative amounts.")));
		case AMOUNT_TOO_BIG:
			ereport(ERROR,
					(errcode(ERRCODE_YB_AMOUNT_RANGE),
					 errmsg("%s %s is too large", name, value),
					 errdetail("The largest amount is 99999999999999.99 yuan."),
					 errhint("Amounts are yuan; check that this one was not sent in another unit.")));
		case AMOUNT_NOT_FINITE:
			ereport(ERROR,
					(errcode(ERRCODE_YB_AMOUNT_RANGE),
					 errmsg("%s %s is not an amount", name, value),
					 errhint("Send a finite amount in yuan, or NULL where it is unknown.")));
		case AMOUNT_SYNTAX:
			ereport(ERROR,
					(errcode(ERRCODE_YB_FIELD_TYPE),
					 errmsg("%s \"%s\" is not a decimal number", name, value),
					 errhint("Write yuan with at most two decimals, such as 1200.50.")));
		case AMOUNT_OK:
			break;
	}
	elog(ERROR, "no fault in %s", name);
}

void
field_bad_type(const char *name, FieldKind kind, Oid type, const char *column)
{
	static const char *const expected[] = {
		[FK_AMOUNT] = gettext_noop("numeric, smallint, integer or bigint (yuan)"),
		[FK_INT] = gettext_noop("smallint, integer, bigint, numeric or text"),
		[FK_CODE] = gettext_noop("text, varchar or char"),
		[FK_TEXT] = gettext_noop("text, varchar or char"),
		[FK_FLAG] = gettext_noop("boolean, '0' / '1' or 0 / 1"),
		[FK_TIME] = gettext_noop("timestamp without time zone, date or text")
	};

	ereport(ERROR,
			(errcode(ERRCODE_YB_FIELD_TYPE),
			 errmsg("%s cannot be read from column \"%s\" of type %s",
					name, column, format_type_be(type)),
			 errdetail("Expected: %s.", strcmp(name, OPN_CUM_NAME) == 0 ?
					   "bigint[]" : _(expected[kind])),
			 type == TIMESTAMPTZOID ?
			 errhint("The area's local time is needed, which must not hang on the session's TimeZone: write column AT TIME ZONE 'Asia/Shanghai'.") :
			 type == FLOAT4OID || type == FLOAT8OID ?
			 errhint("Floating point cannot hold every fen; cast it to numeric(16,2) yourself if that is what you mean.") :
			 errhint("Cast the column, or leave it out of the row.")));
}

void
field_too_long(ClaimField field, const char *s, size_t len)
{
	int			clip = pg_mbcliplen(s, (int) Min(len, 200), 60);

	ereport(ERROR,
			(errcode(ERRCODE_YB_UNKNOWN_CODE),
			 errmsg("%s \"%.*s\" is too long", claim_fields[field].name, clip, s),
			 errdetail("A code has at most %d bytes.", CODE_MAX),
			 errhint("Send the code, not its name.")));
}

static void bad_value(ClaimField field, const char *value,
					  const char *expected) pg_attribute_noreturn();

static void
bad_value(ClaimField field, const char *value, const char *expected)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_FIELD_TYPE),
			 errmsg("%s \"%s\" cannot be read", claim_fields[field].name, value),
			 errdetail("Expected: %s.", _(expected)),
			 errhint("Correct the value, or send NULL where it is unknown.")));
}

static char *
clipped(const char *s, size_t len)
{
	return pnstrdup(s, pg_mbcliplen(s, (int) Min(len, 200), 60));
}

bool
looks_like_accumulator(const char *name, size_t len)
{
	static const char *const groups[] = {
		"cum_ipt_", "cum_otp_", "cum_opsp_", "cum_oth_", "cum_mi_", "cum_ma_",
		"cum_mx_", "cum_sp_", "cum_m2_", "cum_setl_", "cum_day_", "cum_month_", "cum_quarter_"
	};

	for (int i = 0; i < (int) lengthof(groups); i++)
	{
		size_t		n = strlen(groups[i]);

		if (len > n && memcmp(name, groups[i], n) == 0)
			return true;
	}
	return false;
}

void
unknown_accumulator(const char *name, size_t len)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_ACCUMULATORS),
			 errmsg("there is no accumulator \"%.*s\"", (int) Min(len, NAMEDATALEN), name),
			 errdetail("An accumulator that is not given counts as zero, so a misspelt one would change what is paid."),
			 errhint("The accumulators are listed in doc/functions-claim.md; or give them all as opn_cum.")));
}

/* ---- numbers, flags, times --------------------------------------------------- */

static void
set_int(Claim *claim, ClaimField field, int64 v)
{
	if (v < 0 || v > PG_INT32_MAX)
	{
		char		text[32];

		snprintf(text, sizeof(text), INT64_FORMAT, v);
		bad_value(field, text, WHOLE_NUMBER);
	}
	field_set(claim, field, v);
}

static void
set_int_text(Claim *claim, ClaimField field, const char *s, size_t len)
{
	int64		v = 0;

	if (len == 0 || len > 10)
		bad_value(field, clipped(s, len), WHOLE_NUMBER);
	for (size_t i = 0; i < len; i++)
	{
		if (s[i] < '0' || s[i] > '9')
			bad_value(field, clipped(s, len), WHOLE_NUMBER);
		v = v * 10 + (s[i] - '0');
	}
	set_int(claim, field, v);
}

static void
set_int_numeric(Claim *claim, ClaimField field, Datum value)
{
	Fen			hundredths;
	AmountFault fault = amount_from_numeric(value, &hundredths);

	if (fault != AMOUNT_OK || hundredths % 100 != 0)
		bad_value(field, DatumGetCString(DirectFunctionCall1(numeric_out, value)),
				  WHOLE_NUMBER);
	set_int(claim, field, hundredths / 100);
}

static void
set_flag(Claim *claim, ClaimField field, int64 v)
{
	if (v != 0 && v != 1)
	{
		char		text[32];

		snprintf(text, sizeof(text), INT64_FORMAT, v);
		bad_value(field, text, A_FLAG);
	}
	field_set(claim, field, v);
}

static void
set_flag_text(Claim *claim, ClaimField field, const char *s, size_t len)
{
	if (len != 1 || (*s != '0' && *s != '1'))
		bad_value(field, clipped(s, len), A_FLAG);
	field_set(claim, field, *s - '0');
}

static void
set_time(Claim *claim, ClaimField field, Timestamp t)
{
	if (TIMESTAMP_NOT_FINITE(t))
		bad_value(field, t < 0 ? "-infinity" : "infinity", A_TIME);
	field_set(claim, field, t);
}

static void
set_date(Claim *claim, ClaimField field, DateADT d)
{
	if (DATE_NOT_FINITE(d))
		bad_value(field, d < 0 ? "-infinity" : "infinity", A_TIME);
	if (d >= TIMESTAMP_END_JULIAN - POSTGRES_EPOCH_JDATE)
		bad_value(field, DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(d))),
				  A_TIME);
	field_set(claim, field, (int64) d * USECS_PER_DAY);
}

/* Reads exactly n digits. */
static bool
take_digits(const char **s, const char *end, int n, int *v)
{
	*v = 0;
	for (; n > 0; n--, (*s)++)
	{
		if (*s >= end || **s < '0' || **s > '9')
			return false;
		*v = *v * 10 + (**s - '0');
	}
	return true;
}

/* 'YYYY-MM-DD', or with 'HH:MM', 'HH:MM:SS' or fractions of a second after a blank or T. */
static bool
time_from_text(const char *s, size_t len, Timestamp *t)
{
	const char *end = s + len;
	int			year,
				month,
				day;
	int			hour = 0,
				minute = 0,
				second = 0;
	int64		micro = 0;

	if (!take_digits(&s, end, 4, &year) || s >= end || *s++ != '-' ||
		!take_digits(&s, end, 2, &month) || s >= end || *s++ != '-' ||
		!take_digits(&s, end, 2, &day))
		return false;
	if (s < end)
	{
		if ((*s != ' ' && *s != 'T') || (s++, false) ||
			!take_digits(&s, end, 2, &hour) || s >= end || *s++ != ':' ||
			!take_digits(&s, end, 2, &minute))
			return false;
		if (s < end)
		{
			if (*s++ != ':' || !take_digits(&s, end, 2, &second))
				return false;
			if (s < end)
			{
				int64		unit = 100000;

				if (*s++ != '.' || s >= end)
					return false;
				for (; s < end && *s >= '0' && *s <= '9' && unit > 0; s++, unit /= 10)
					micro += (*s - '0') * unit;
				if (s != end)
					return false;
			}
		}
	}
	if (year < 1 || month < 1 || month > 12 || day < 1 ||
		day > day_tab[isleap(year)][month - 1] ||
		hour > 23 || minute > 59 || second > 59)
		return false;
	*t = (int64) (date2j(year, month, day) - POSTGRES_EPOCH_JDATE) * USECS_PER_DAY +
		((int64) hour * SECS_PER_HOUR + minute * SECS_PER_MINUTE + second) * USECS_PER_SEC +
		micro;
	return true;
}

static void
set_time_text(Claim *claim, ClaimField field, const char *s, size_t len)
{
	Timestamp	t;

	if (!time_from_text(s, len, &t))
		bad_value(field, clipped(s, len),
				  LOCAL_TIME);
	field_set(claim, field, t);
}

void
field_bad_categories(const char *s, size_t len)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_FIELD_TYPE),
			 errmsg("%s \"%s\" cannot be read", "psn_idet_types", clipped(s, len)),
			 errdetail("Expected: up to %d codes of at most %d bytes, an array or separated by commas.",
					   CATEGORY_MAX, CODE_MAX),
			 errhint("Correct the value, or send NULL where it is unknown.")));
}

/* No list of codes is none of the fields that a rule could read. */
static void
check_categories(const Claim *claim)
{
	int64		codes[CATEGORY_MAX];
	const char *s = (const char *) (intptr_t) claim->v[CF_psn_idet_types];
	size_t		len = claim->len[CF_psn_idet_types];

	if (claim->state[CF_psn_idet_types] == FS_GIVEN && category_codes(s, len, codes) < 0)
		field_bad_categories(s, len);
}

static void
set_from_text(Claim *claim, ClaimField field, const char *s, size_t len, bool trim)
{
	FieldKind	kind = claim_fields[field].kind;

	if (kind == FK_CODE || kind == FK_TEXT)
	{
		field_set_text(claim, field, kind, s, len, trim);
		if (unlikely(field == CF_psn_idet_types))
			check_categories(claim);
		return;
	}
	while (trim && len > 0 && s[len - 1] == ' ')
		len--;
	if (len == 0)
	{
		claim->state[field] = FS_NULL;
		return;
	}
	if (kind == FK_INT)
		set_int_text(claim, field, s, len);
	else if (kind == FK_FLAG)
		set_flag_text(claim, field, s, len);
	else if (kind == FK_TIME)
		set_time_text(claim, field, s, len);
	else
	{
		Fen			fen;
		AmountFault fault = amount_from_text(s, len, &fen);

		if (fault == AMOUNT_SYNTAX && len <= 9 &&
			(pg_strncasecmp(s, "nan", len) == 0 || pg_strncasecmp(s, "infinity", len) == 0 ||
			 pg_strncasecmp(s, "-infinity", len) == 0))
			fault = AMOUNT_NOT_FINITE;
		if (fault != AMOUNT_OK)
			field_amount_fault(field, fault, clipped(s, len));
		field_set(claim, field, fen);
	}
}

static void
set_amount_int(Claim *claim, ClaimField field, int64 yuan)
{
	Fen			fen;
	AmountFault fault = amount_from_int64(yuan, &fen);

	if (fault != AMOUNT_OK)
	{
		char		text[32];

		snprintf(text, sizeof(text), INT64_FORMAT, yuan);
		field_amount_fault(field, fault, text);
	}
	field_set(claim, field, fen);
}

/* ---- several categories ---------------------------------------------------------- */

/* An array of codes as the list that a text has them in. */
static void
set_categories(Claim *claim, StringInfo list)
{
	field_set_text(claim, CF_psn_idet_types, FK_TEXT, list->data, list->len, false);
	check_categories(claim);
}

static void
categories_from_array(Claim *claim, ArrayType *array)
{
	StringInfoData list;
	Datum	   *codes;
	bool	   *nulls;
	int			n;

	initStringInfo(&list);
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &codes, &nulls, &n);
	for (int i = 0; i < n; i++)
	{
		if (i > 0)
			appendStringInfoChar(&list, ',');
		if (!nulls[i])
			appendStringInfoString(&list, TextDatumGetCString(codes[i]));
	}
	set_categories(claim, &list);
}

static void
categories_from_jsonb(Claim *claim, JsonbContainer *array)
{
	StringInfoData list;
	JsonbIterator *it = JsonbIteratorInit(array);
	JsonbValue	v;
	int			n = 0;

	initStringInfo(&list);
	(void) JsonbIteratorNext(&it, &v, true);
	while (JsonbIteratorNext(&it, &v, true) == WJB_ELEM)
	{
		if (n++ > 0)
			appendStringInfoChar(&list, ',');
		if (v.type != jbvString)
			field_bad_categories("[...]", 5);
		appendBinaryStringInfo(&list, v.val.string.val, v.val.string.len);
	}
	set_categories(claim, &list);
}

/* ---- datums -------------------------------------------------------------------- */

ReadAs
read_as(ClaimField field, Oid basetype)
{
	FieldKind	kind = claim_fields[field].kind;
	bool		textual = kind != FK_AMOUNT;

	switch (basetype)
	{
		case NUMERICOID:
			return kind == FK_AMOUNT || kind == FK_INT ? READ_NUMERIC : READ_UNUSABLE;
		case INT2OID:
		case INT4OID:
		case INT8OID:
			if (kind != FK_AMOUNT && kind != FK_INT && kind != FK_FLAG)
				return READ_UNUSABLE;
			return basetype == INT2OID ? READ_INT2 :
				basetype == INT4OID ? READ_INT4 : READ_INT8;
		case TEXTOID:
		case VARCHAROID:
			return textual ? READ_TEXT : READ_UNUSABLE;
		case BPCHAROID:
			return textual ? READ_BPCHAR : READ_UNUSABLE;
		case BOOLOID:
			return kind == FK_FLAG ? READ_BOOL : READ_UNUSABLE;
		case TIMESTAMPOID:
			return kind == FK_TIME ? READ_TIMESTAMP : READ_UNUSABLE;
		case DATEOID:
			return kind == FK_TIME ? READ_DATE : READ_UNUSABLE;
		case TEXTARRAYOID:
			return field == CF_psn_idet_types ? READ_TEXT_ARRAY : READ_UNUSABLE;
		default:
			return READ_UNUSABLE;
	}
}

void
field_from_datum(ClaimField field, ReadAs how, Datum value, Claim *claim)
{
	FieldKind	kind = claim_fields[field].kind;
	int64		v;

	switch (how)
	{
		case READ_NUMERIC:
			if (likely(kind == FK_AMOUNT))
			{
				AmountFault fault = amount_from_numeric(value, &claim->v[field]);

				if (unlikely(fault != AMOUNT_OK))
					field_amount_fault(field, fault,
									   DatumGetCString(DirectFunctionCall1(numeric_out, value)));
				claim->state[field] = FS_GIVEN;
			}
			else
				set_int_numeric(claim, field, value);
			return;
		case READ_TEXT:
		case READ_BPCHAR:
			{
				struct varlena *t = (struct varlena *) DatumGetPointer(value);

				if (unlikely(VARATT_IS_COMPRESSED(t) || VARATT_IS_EXTERNAL(t)))
					t = pg_detoast_datum_packed(t);
				set_from_text(claim, field, VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t),
							  how == READ_BPCHAR);
				return;
			}
		case READ_TEXT_ARRAY:
			categories_from_array(claim, DatumGetArrayTypeP(value));
			return;
		case READ_TIMESTAMP:
			set_time(claim, field, DatumGetTimestamp(value));
			return;
		case READ_DATE:
			set_date(claim, field, DatumGetDateADT(value));
			return;
		case READ_BOOL:
			field_set(claim, field, DatumGetBool(value) ? 1 : 0);
			return;
		case READ_INT2:
			v = DatumGetInt16(value);
			break;
		case READ_INT4:
			v = DatumGetInt32(value);
			break;
		case READ_INT8:
			v = DatumGetInt64(value);
			break;
		default:
			elog(ERROR, "field %s has no way to be read", claim_fields[field].name);
	}
	if (kind == FK_AMOUNT)
		set_amount_int(claim, field, v);
	else if (kind == FK_FLAG)
		set_flag(claim, field, v);
	else
		set_int(claim, field, v);
}

/* ---- accumulators -------------------------------------------------------------- */

void
opn_cum_set(Claim *claim, const int64 *cum, int n)
{
	if (n > CUM_COUNT)
		ereport(ERROR,
				(errcode(ERRCODE_YB_ACCUMULATORS),
				 errmsg("opn_cum has %d values, this version knows %d", n, CUM_COUNT),
				 errhint("Give the cum column of a settlement as it is, or cum_* fields by name.")));
	for (int i = 0; i < CUM_COUNT; i++)
	{
		int64		v = i < n ? cum[i] : 0;

		if (v < 0 || v > FEN_MAX)
			ereport(ERROR,
					(errcode(ERRCODE_YB_ACCUMULATORS),
					 errmsg("%s in opn_cum is %lld",
							claim_fields[CF_CUM_FIRST + i].name, (long long) v),
					 errdetail("Accumulators are fen, or counts, from 0 to %lld.",
							   (long long) FEN_MAX),
					 errhint("Give the cum column of a settlement as it is.")));
		field_set(claim, CF_CUM_FIRST + i, v);
	}
}

void
opn_cum_from_array(Datum value, Claim *claim)
{
	ArrayType  *array = DatumGetArrayTypeP(value);

	if (ARR_NDIM(array) > 1 || array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_YB_ACCUMULATORS),
				 errmsg("opn_cum has more than one dimension, or NULLs"),
				 errhint("Give the cum column of a settlement as it is.")));
	opn_cum_set(claim, (int64 *) ARR_DATA_PTR(array),
					 ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0]);
}

/* ---- jsonb --------------------------------------------------------------------- */

void
field_from_jsonb(ClaimField field, const JsonbValue *value, Claim *claim)
{
	FieldKind	kind = claim_fields[field].kind;

	switch (value->type)
	{
		case jbvNull:
			claim->state[field] = FS_NULL;
			return;
		case jbvString:
			set_from_text(claim, field, value->val.string.val,
						  value->val.string.len, false);
			return;
		case jbvNumeric:
			if (kind == FK_AMOUNT)
			{
				field_from_datum(field, READ_NUMERIC,
								 NumericGetDatum(value->val.numeric), claim);
				return;
			}
			if (kind == FK_INT)
			{
				set_int_numeric(claim, field, NumericGetDatum(value->val.numeric));
				return;
			}
			if (kind == FK_FLAG)
			{
				set_int_numeric(claim, field, NumericGetDatum(value->val.numeric));
				set_flag(claim, field, claim->v[field]);
				return;
			}
			bad_value(field,
					  DatumGetCString(DirectFunctionCall1(numeric_out,
														  NumericGetDatum(value->val.numeric))),
					  A_STRING);
			return;
		case jbvBool:
			if (kind == FK_FLAG)
			{
				field_set(claim, field, value->val.boolean ? 1 : 0);
				return;
			}
			bad_value(field, value->val.boolean ? "true" : "false",
					  kind == FK_AMOUNT || kind == FK_INT ? A_NUMBER : A_STRING);
			return;
		default:
			if (field == CF_psn_idet_types && value->type == jbvBinary &&
				JsonContainerIsArray(value->val.binary.data))
			{
				categories_from_jsonb(claim, value->val.binary.data);
				return;
			}
			bad_value(field, value->type == jbvBinary ? "{...}" : "?", A_SCALAR);
	}
}
