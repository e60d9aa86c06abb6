/*
 * digest.c
 *	  The SHA-256 of a row's content.
 *
 * It finds a row that was changed behind the triggers' back.  It is no seal:
 * who can write the row can write a new digest with it.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "common/cryptohash.h"
#include "common/sha2.h"
#include "lib/stringinfo.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/resowner.h"
#include "utils/typcache.h"

#include "claim/amount.h"
#include "compat.h"
#include "fund/fund.h"

/*
 * The context is the backend's: making one for each row costs as much as hashing
 * it.  So it belongs to an owner of its own, that no transaction's end empties.
 */
void
fund_sha256(const void *data, size_t len, uint8 digest[PG_SHA256_DIGEST_LENGTH])
{
	static ResourceOwner owner = NULL;
	static pg_cryptohash_ctx *ctx = NULL;

	if (ctx == NULL)
	{
		ResourceOwner save = CurrentResourceOwner;

		if (owner == NULL)
			owner = ResourceOwnerCreate(NULL, "yibao digest");
		CurrentResourceOwner = owner;
		PG_TRY();
		{
			ctx = pg_cryptohash_create(PG_SHA256);
		}
		PG_FINALLY();
		{
			CurrentResourceOwner = save;
		}
		PG_END_TRY();
	}
	if (ctx == NULL || pg_cryptohash_init(ctx) < 0 || pg_cryptohash_update(ctx, data, len) < 0 ||
		pg_cryptohash_final(ctx, digest, PG_SHA256_DIGEST_LENGTH) < 0)
		elog(ERROR, "could not compute SHA-256");
}

/* Name, length, value; the length keeps two values from being read as one. */
static void
feed_value(StringInfo buf, const char *name, const char *data, size_t len)
{
	size_t		name_len = strlen(name);
	char	   *p;

	enlargeStringInfo(buf, (int) (name_len + MAXINT8LEN + 2 + len));
	p = buf->data + buf->len;
	memcpy(p, name, name_len);
	p += name_len;
	*p++ = '=';
	if (len < 10)
		*p++ = (char) ('0' + len);
	else
		p += pg_ulltoa_n(len, p);
	*p++ = ':';
	memcpy(p, data, len);
	buf->len = (int) (p + len - buf->data);
}

static void
feed_int8(StringInfo buf, const char *name, int64 value)
{
	char		number[MAXINT8LEN + 1];

	feed_value(buf, name, number, pg_lltoa(value, number));
}

/* As array_out() writes it, for the usual array: one dimension, from 1, no NULL. */
static bool
feed_int8_array(StringInfo buf, const char *name, ArrayType *array)
{
	StringInfoData text;
	const char *data = ARR_DATA_PTR(array);
	char		number[MAXINT8LEN + 1];

	if (ARR_NDIM(array) != 1 || ARR_LBOUND(array)[0] != 1 || ARR_HASNULL(array))
		return false;
	initStringInfo(&text);
	for (int i = 0; i < ARR_DIMS(array)[0]; i++)
	{
		int64		value;

		memcpy(&value, data + i * sizeof(int64), sizeof(int64));
		appendStringInfoChar(&text, i == 0 ? '{' : ',');
		appendBinaryStringInfo(&text, number, pg_lltoa(value, number));
	}
	appendStringInfoChar(&text, '}');
	feed_value(buf, name, text.data, text.len);
	pfree(text.data);
	return true;
}

/* An amount in yuan as numeric_out() would write it, without its trailing zeros. */
static void
feed_fen(StringInfo buf, const char *name, Fen fen)
{
	char		number[MAXINT8LEN + 4];
	int			len = pg_lltoa(fen / 100, number);
	int			rest = (int) (fen % 100);

	if (rest != 0)
	{
		number[len++] = '.';
		number[len++] = '0' + rest / 10;
		if (rest % 10 != 0)
			number[len++] = '0' + rest % 10;
	}
	feed_value(buf, name, number, len);
}

static void
feed_column(StringInfo buf, Form_pg_attribute att, Datum value)
{
	Fen			fen;
	const char *name = NameStr(att->attname);
	char	   *text;
	struct varlena *v;
	Oid			out;
	bool		varlena;

	/* what the output functions of the times print depends on settings; the rest is for speed */
	switch (att->atttypid)
	{
		case DATEOID:
		case INT4OID:
			feed_int8(buf, name, DatumGetInt32(value));
			return;
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
		case INT8OID:
			feed_int8(buf, name, DatumGetInt64(value));
			return;
		case BOOLOID:
			feed_value(buf, name, DatumGetBool(value) ? "t" : "f", 1);
			return;
		case TEXTOID:
		case BYTEAOID:
			v = PG_DETOAST_DATUM_PACKED(value);
			feed_value(buf, name, VARDATA_ANY(v), VARSIZE_ANY_EXHDR(v));
			return;
		case INT8ARRAYOID:
			if (feed_int8_array(buf, name, DatumGetArrayTypeP(value)))
				return;
			break;
		case NUMERICOID:
			/* 0 and 0.00 are one value: a dump writes a numeric(16,2) with its zeros */
			if (amount_from_numeric(value, &fen) == AMOUNT_OK)
			{
				feed_fen(buf, name, fen);
				return;
			}
			text = DatumGetCString(DirectFunctionCall1(numeric_out, value));
			if (strchr(text, '.') != NULL)
			{
				char	   *end = text + strlen(text);

				while (end[-1] == '0')
					end--;
				if (end[-1] == '.')
					end--;
				*end = '\0';
			}
			feed_value(buf, name, text, strlen(text));
			pfree(text);
			return;
	}
	getTypeOutputInfo(att->atttypid, &out, &varlena);
	text = OidOutputFunctionCall(out, value);
	feed_value(buf, name, text, strlen(text));
	pfree(text);
}

Datum
fund_values_digest(TupleDesc desc, const Datum *values, const bool *nulls)
{
	bytea	   *result = palloc(VARHDRSZ + PG_SHA256_DIGEST_LENGTH);
	StringInfoData buf;

	initStringInfo(&buf);
	enlargeStringInfo(&buf, 4000);
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		if (!att->attisdropped && !nulls[i] &&
			strcmp(NameStr(att->attname), "row_hash") != 0)
			feed_column(&buf, att, values[i]);
	}

	SET_VARSIZE(result, VARHDRSZ + PG_SHA256_DIGEST_LENGTH);
	fund_sha256(buf.data, buf.len, (uint8 *) VARDATA(result));
	pfree(buf.data);
	return PointerGetDatum(result);
}

Datum
fund_row_digest(TupleDesc desc, HeapTuple tuple)
{
	Datum	   *values = palloc_array(Datum, Max(desc->natts, 1));
	bool	   *nulls = palloc_array(bool, Max(desc->natts, 1));
	Datum		result;

	heap_deform_tuple(tuple, desc, values, nulls);
	result = fund_values_digest(desc, values, nulls);
	pfree(values);
	pfree(nulls);
	return result;
}

PG_FUNCTION_INFO_V1(yibao_row_digest);
Datum
yibao_row_digest(PG_FUNCTION_ARGS)
{
	HeapTupleHeader row = PG_GETARG_HEAPTUPLEHEADER(0);
	TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(row),
											  HeapTupleHeaderGetTypMod(row));
	HeapTupleData tuple;
	Datum		result;

	tuple.t_len = HeapTupleHeaderGetDatumLength(row);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = row;
	result = fund_row_digest(desc, &tuple);
	ReleaseTupleDesc(desc);
	PG_RETURN_DATUM(result);
}
