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
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "compat.h"
#include "fund/fund.h"

static void
feed(pg_cryptohash_ctx *ctx, const void *data, size_t len)
{
	if (pg_cryptohash_update(ctx, data, len) < 0)
		elog(ERROR, "could not compute SHA-256");
}

/* Name, length, value; the length keeps two values from being read as one. */
static void
feed_value(pg_cryptohash_ctx *ctx, const char *name, const char *data, size_t len)
{
	char		head[NAMEDATALEN + 32];

	snprintf(head, sizeof(head), "%s=%zu:", name, len);
	feed(ctx, head, strlen(head));
	feed(ctx, data, len);
}

static void
feed_column(pg_cryptohash_ctx *ctx, Form_pg_attribute att, Datum value)
{
	const char *name = NameStr(att->attname);
	char		number[32];
	char	   *text;
	struct varlena *v;
	Oid			out;
	bool		varlena;

	/* what the output functions of these print depends on settings */
	switch (att->atttypid)
	{
		case DATEOID:
			snprintf(number, sizeof(number), "%d", DatumGetInt32(value));
			feed_value(ctx, name, number, strlen(number));
			break;
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			snprintf(number, sizeof(number), INT64_FORMAT, DatumGetInt64(value));
			feed_value(ctx, name, number, strlen(number));
			break;
		case TEXTOID:
		case BYTEAOID:
			v = PG_DETOAST_DATUM_PACKED(value);
			feed_value(ctx, name, VARDATA_ANY(v), VARSIZE_ANY_EXHDR(v));
			break;
		default:
			getTypeOutputInfo(att->atttypid, &out, &varlena);
			text = OidOutputFunctionCall(out, value);
			feed_value(ctx, name, text, strlen(text));
			pfree(text);
			break;
	}
}

Datum
fund_row_digest(TupleDesc desc, HeapTuple tuple)
{
	pg_cryptohash_ctx *ctx = pg_cryptohash_create(PG_SHA256);
	bytea	   *result = palloc(VARHDRSZ + PG_SHA256_DIGEST_LENGTH);

	if (ctx == NULL || pg_cryptohash_init(ctx) < 0)
		elog(ERROR, "could not compute SHA-256");
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);
		bool		isnull;
		Datum		value;

		if (att->attisdropped || strcmp(NameStr(att->attname), "row_hash") == 0)
			continue;
		value = heap_getattr(tuple, i + 1, desc, &isnull);
		if (!isnull)
			feed_column(ctx, att, value);
	}
	SET_VARSIZE(result, VARHDRSZ + PG_SHA256_DIGEST_LENGTH);
	if (pg_cryptohash_final(ctx, (uint8 *) VARDATA(result), PG_SHA256_DIGEST_LENGTH) < 0)
		elog(ERROR, "could not compute SHA-256");
	pg_cryptohash_free(ctx);
	return PointerGetDatum(result);
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
