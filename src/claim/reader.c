/*
 * reader.c
 *	  Any row is a claim: which columns are fields, found once per row type.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/typcache.h"

#include "claim/claim.h"
#include "claim/convert.h"
#include "compat.h"
#include "errcodes.h"

typedef struct ReadColumn
{
	int16		att;			/* counted from 0 */
	int16		field;			/* ClaimField, or OPN_CUM */
	uint8		how;			/* ReadAs */
	bool		plain;			/* an amount that amount_from_plain() may read */
} ReadColumn;

#define OPN_CUM		CF_COUNT
#define NOT_NAMED	(-1)

struct ClaimReader
{
	MemoryContext cxt;
	TupleDesc	tupdesc;		/* our copy */
	int			ncolumns;
	ReadColumn *columns;
	Claim		start;			/* what a claim is before its columns are read */
	Jsonb	   *mapping;		/* constants of text point into it */
	Datum	   *values;
	bool	   *nulls;
};

const FieldMask claim_all_fields = {{~UINT64CONST(0), ~UINT64CONST(0), ~UINT64CONST(0)}};

StaticAssertDecl(FIELD_WORDS == 3, "claim_all_fields has as many");

void
claim_fields_of(const Policy *policy, FieldMask *mask)
{
	static FieldMask always;

	if (always.bits[0] == 0)
	{
		for (int i = 0; i < CF_COUNT; i++)
		{
			if (i >= CF_CUM_FIRST || claim_fields[i].kind == FK_AMOUNT)
				field_want(&always, i);
		}
	}
	for (int i = 0; i < FIELD_WORDS; i++)
		mask->bits[i] = always.bits[i] | policy->fields_read[i];
	field_want(mask, policy->version_date);
}

/* ---- making a reader ------------------------------------------------------------ */

static int
column_by_name(TupleDesc tupdesc, const char *name, size_t len)
{
	for (int i = 0; i < tupdesc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(tupdesc, i);

		if (!att->attisdropped && strlen(NameStr(att->attname)) == len &&
			memcmp(NameStr(att->attname), name, len) == 0)
			return i;
	}
	return -1;
}

static void bad_mapping(const char *key, int keylen, const char *detail) pg_attribute_noreturn();

static void
bad_mapping(const char *key, int keylen, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_MAPPING),
			 keylen == 0 ? errmsg("the mapping does not fit") :
			 errmsg("mapping of \"%.*s\" does not fit", keylen, key),
			 errdetail_internal("%s", detail),
			 errhint("A mapping is {\"field\": \"column\"} or {\"field\": {\"value\": constant}}; the fields are listed in doc/functions-claim.md.")));
}

/* The "value" of {"value": constant}; false when the object is not that. */
static bool
mapped_constant(const JsonbValue *v, JsonbValue *constant)
{
	JsonbIterator *it;
	JsonbValue	item;

	if (v->type != jbvBinary || !JsonContainerIsObject(v->val.binary.data) ||
		JsonContainerSize(v->val.binary.data) != 1)
		return false;
	it = JsonbIteratorInit(v->val.binary.data);
	(void) JsonbIteratorNext(&it, &item, true);
	(void) JsonbIteratorNext(&it, &item, true);
	if (item.val.string.len != 5 || memcmp(item.val.string.val, "value", 5) != 0)
		return false;
	(void) JsonbIteratorNext(&it, constant, true);
	return true;
}

/* target[field] = column, NOT_NAMED, or -2 for a constant, which is put into start. */
static void
read_mapping(ClaimReader *reader, Jsonb *mapping, int16 target[CF_COUNT + 1])
{
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	v;

	if (!JB_ROOT_IS_OBJECT(mapping))
		bad_mapping("", 0, _("The mapping is not a JSON object."));
	reader->mapping = (Jsonb *) DatumGetPointer(datumCopy(JsonbPGetDatum(mapping), false, -1));

	it = JsonbIteratorInit(&reader->mapping->root);
	(void) JsonbIteratorNext(&it, &v, false);
	while ((token = JsonbIteratorNext(&it, &v, true)) == WJB_KEY)
	{
		const char *key = v.val.string.val;
		int			keylen = v.val.string.len;
		int			field = claim_field_by_name(key, keylen);
		JsonbValue	constant;

		if (field < 0 && keylen == strlen(OPN_CUM_NAME) &&
			memcmp(key, OPN_CUM_NAME, keylen) == 0)
			field = OPN_CUM;
		(void) JsonbIteratorNext(&it, &v, true);
		if (field < 0)
			bad_mapping(key, keylen, _("There is no such field."));
		if (v.type == jbvString)
		{
			int			att = column_by_name(reader->tupdesc, v.val.string.val,
											 v.val.string.len);

			if (att < 0)
				bad_mapping(key, keylen,
							psprintf(_("There is no column \"%.*s\"."),
									 v.val.string.len, v.val.string.val));
			target[field] = att;
		}
		else if (field != OPN_CUM && mapped_constant(&v, &constant))
		{
			field_from_jsonb(field, &constant, &reader->start);
			target[field] = -2;
		}
		else
			bad_mapping(key, keylen,
						_("Neither the name of a column nor {\"value\": constant}."));
	}
}

ClaimReader *
claim_reader_create(TupleDesc tupdesc, Jsonb *mapping, MemoryContext parent)
{
	MemoryContext cxt = AllocSetContextCreate(parent, "yibao claim reader",
											  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);
	ClaimReader *reader = palloc0(sizeof(ClaimReader));
	int16		target[CF_COUNT + 1];
	bool		twice[CF_COUNT + 1] = {false};

	reader->cxt = cxt;
	reader->tupdesc = CreateTupleDescCopyConstr(tupdesc);
	reader->columns = palloc_array(ReadColumn, CF_COUNT + 1);
	reader->values = palloc_array(Datum, Max(tupdesc->natts, 1));
	reader->nulls = palloc_array(bool, Max(tupdesc->natts, 1));

	for (int i = 0; i <= CF_COUNT; i++)
		target[i] = NOT_NAMED;
	if (mapping != NULL)
		read_mapping(reader, mapping, target);

	for (int i = 0; i < tupdesc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(tupdesc, i);
		const char *name = NameStr(att->attname);
		int			field;

		if (att->attisdropped)
			continue;
		field = claim_field_by_name(name, strlen(name));
		if (field < 0 && strcmp(name, OPN_CUM_NAME) == 0)
			field = OPN_CUM;
		if (field >= 0 && target[field] == NOT_NAMED)
			target[field] = i;
		else if (field >= 0 && mapping == NULL)
			twice[field] = true;
		else if (field < 0 && mapping == NULL &&
				 looks_like_accumulator(name, strlen(name)))
			unknown_accumulator(name, strlen(name));
	}

	/* opn_cum first, so that an accumulator of its own stands over it */
	for (int i = 0; i <= CF_COUNT; i++)
	{
		int			field = i == 0 ? OPN_CUM : i - 1;
		int			att = target[field];
		ReadColumn *column;
		Oid			type;

		if (att < 0)
			continue;
		column = &reader->columns[reader->ncolumns++];
		column->att = att;
		column->field = field;
		type = getBaseType(TupleDescAttr(tupdesc, att)->atttypid);
		if (twice[field])
			column->how = READ_UNUSABLE;
		else if (field == OPN_CUM)
			column->how = type == INT8ARRAYOID ? READ_INT8_ARRAY : READ_UNUSABLE;
		else
			column->how = read_as((ClaimField) field, type);
		column->plain = column->how == READ_NUMERIC &&
			claim_fields[field].kind == FK_AMOUNT && amount_packable();
	}

	MemoryContextSwitchTo(old);
	return reader;
}

void
claim_reader_free(ClaimReader *reader)
{
	MemoryContextDelete(reader->cxt);
}

bool
claim_reader_fits(const ClaimReader *reader, TupleDesc tupdesc)
{
	if (reader->tupdesc->natts != tupdesc->natts)
		return false;
	for (int i = 0; i < tupdesc->natts; i++)
	{
		Form_pg_attribute a = TupleDescAttr(reader->tupdesc, i);
		Form_pg_attribute b = TupleDescAttr(tupdesc, i);

		if (a->attisdropped != b->attisdropped || a->atttypid != b->atttypid ||
			a->attlen != b->attlen || a->atthasmissing != b->atthasmissing ||
			strcmp(NameStr(a->attname), NameStr(b->attname)) != 0)
			return false;
	}
	return true;
}

AttrNumber
claim_reader_column(const ClaimReader *reader, ClaimField field)
{
	for (int i = 0; i < reader->ncolumns; i++)
	{
		if (reader->columns[i].field == (int) field)
			return reader->columns[i].att + 1;
	}
	return 0;
}

AttrNumber
claim_reader_opn_cum(const ClaimReader *reader)
{
	return claim_reader_column(reader, (ClaimField) OPN_CUM);
}

/* ---- rows --------------------------------------------------------------------- */

static void unusable_column(const ClaimReader *reader, const ReadColumn *column) pg_attribute_noreturn();

static void
unusable_column(const ClaimReader *reader, const ReadColumn *column)
{
	Form_pg_attribute att = TupleDescAttr(reader->tupdesc, column->att);

	for (int i = column->att + 1; i < reader->tupdesc->natts; i++)
	{
		Form_pg_attribute other = TupleDescAttr(reader->tupdesc, i);

		if (!other->attisdropped && strcmp(NameStr(other->attname), NameStr(att->attname)) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_YB_FIELD_TYPE),
					 errmsg("the row has two columns \"%s\"", NameStr(att->attname)),
					 errdetail("They are its columns %d and %d.", column->att + 1, i + 1),
					 errhint("Name the columns of the subquery one by one; * of two tables takes both."),
					 err_generic_string(PG_DIAG_COLUMN_NAME, NameStr(att->attname))));
	}
	if (column->field == OPN_CUM)
		field_bad_type(OPN_CUM_NAME, FK_INT, att->atttypid, NameStr(att->attname));
	field_bad_type(claim_fields[column->field].name,
				   claim_fields[column->field].kind, att->atttypid,
				   NameStr(att->attname));
}

void
claim_read_values(const ClaimReader *reader, const Datum *values,
				  const bool *isnull, const FieldMask *want, Claim *claim)
{
	*claim = reader->start;
	for (int i = 0; i < reader->ncolumns; i++)
	{
		const ReadColumn *column = &reader->columns[i];
		int			att = column->att;

		if (column->field == OPN_CUM)
		{
			if (unlikely(column->how != READ_INT8_ARRAY))
				unusable_column(reader, column);
			if (!isnull[att])
				opn_cum_from_array(values[att], claim);
			else
			{
				for (int f = CF_CUM_FIRST; f < CF_COUNT; f++)
					claim->state[f] = FS_NULL;
			}
			continue;
		}
		if (!field_wanted(want, column->field))
			continue;
		if (unlikely(column->how == READ_UNUSABLE))
			unusable_column(reader, column);
		if (isnull[att])
			claim->state[column->field] = FS_NULL;
		else if (column->plain &&
				 likely(amount_from_plain(values[att], &claim->v[column->field])))
			claim->state[column->field] = FS_GIVEN;
		else
			field_from_datum((ClaimField) column->field, (ReadAs) column->how,
							 values[att], claim);
	}
}

void
claim_read_tuple(const ClaimReader *reader, HeapTuple tuple,
				 const FieldMask *want, Claim *claim)
{
	heap_deform_tuple(tuple, reader->tupdesc, reader->values, reader->nulls);
	claim_read_values(reader, reader->values, reader->nulls, want, claim);
}

/* ---- jsonb -------------------------------------------------------------------- */

static void
opn_cum_from_jsonb(const JsonbValue *v, Claim *claim)
{
	int64		cum[CUM_COUNT];
	int			n = 0;
	JsonbIterator *it;
	JsonbValue	item;

	if (v->type == jbvNull)
	{
		for (int f = CF_CUM_FIRST; f < CF_COUNT; f++)
			claim->state[f] = FS_NULL;
		return;
	}
	if (v->type != jbvBinary || !JsonContainerIsArray(v->val.binary.data))
		ereport(ERROR,
				(errcode(ERRCODE_YB_ACCUMULATORS),
				 errmsg("opn_cum is not an array of numbers"),
				 errhint("Give the cum column of a settlement as it is.")));
	it = JsonbIteratorInit(v->val.binary.data);
	(void) JsonbIteratorNext(&it, &item, true);
	while (JsonbIteratorNext(&it, &item, true) == WJB_ELEM)
	{
		Fen			hundredths = 0;

		if (item.type != jbvNumeric ||
			amount_from_numeric(NumericGetDatum(item.val.numeric), &hundredths) != AMOUNT_OK ||
			hundredths % 100 != 0)
			ereport(ERROR,
					(errcode(ERRCODE_YB_ACCUMULATORS),
					 errmsg("opn_cum has an element that is not a whole number of fen"),
					 errhint("Give the cum column of a settlement as it is.")));
		if (n < CUM_COUNT)
			cum[n] = hundredths / 100;
		n++;
	}
	opn_cum_set(claim, cum, n);
}

void
claim_read_jsonb(Jsonb *object, const FieldMask *want, Claim *claim)
{
	JsonbIterator *it;
	JsonbValue	v;
	FieldMask	single = {{0}};	/* accumulators given one by one */

	if (!JB_ROOT_IS_OBJECT(object))
		ereport(ERROR,
				(errcode(ERRCODE_YB_NOT_A_CLAIM),
				 errmsg("a jsonb claim must be an object"),
				 errhint("Write {\"med_type\": \"21\", \"medfee_sumamt\": \"1000.00\", ...}.")));

	memset(claim, 0, sizeof(*claim));
	it = JsonbIteratorInit(&object->root);
	(void) JsonbIteratorNext(&it, &v, false);
	while (JsonbIteratorNext(&it, &v, true) == WJB_KEY)
	{
		const char *key = v.val.string.val;
		int			keylen = v.val.string.len;
		int			field = claim_field_by_name(key, keylen);

		(void) JsonbIteratorNext(&it, &v, true);
		if (field >= 0)
		{
			if (!field_wanted(want, field))
				continue;
			field_from_jsonb((ClaimField) field, &v, claim);
			field_want(&single, field);
		}
		else if (keylen == strlen(OPN_CUM_NAME) &&
				 memcmp(key, OPN_CUM_NAME, keylen) == 0)
		{
			Claim	   *all = palloc0(sizeof(Claim));

			opn_cum_from_jsonb(&v, all);
			for (int f = CF_CUM_FIRST; f < CF_COUNT; f++)
			{
				if (field_wanted(&single, f))
					continue;
				claim->v[f] = all->v[f];
				claim->state[f] = all->state[f];
			}
			pfree(all);
		}
		else if (looks_like_accumulator(key, keylen))
			unknown_accumulator(key, keylen);
	}
}

/* ---- an argument of type "any" -------------------------------------------------- */

typedef enum ArgKind
{
	ARG_COMPOSITE,
	ARG_JSONB,
	ARG_UNKNOWN
} ArgKind;

struct ClaimArg
{
	ArgKind		kind;
	MemoryContext cxt;
	ClaimReader *reader;
	Oid			typid;			/* of the reader */
	int32		typmod;
	TypeCacheEntry *type;		/* named types: noticed when it changes */
	uint64		identifier;
	bool		was_row;
};

static void not_a_claim(Oid type) pg_attribute_noreturn();

static void
not_a_claim(Oid type)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_NOT_A_CLAIM),
			 OidIsValid(type) ?
			 errmsg("a claim cannot be read from type %s", format_type_be(type)) :
			 errmsg("the type of the claim is not known"),
			 errdetail("Expected: a row with named columns, or jsonb."),
			 errhint("Write settle(policy, c) FROM bills AS c, or give a jsonb object.")));
}

ClaimArg *
claim_arg_create(FmgrInfo *flinfo, int argno)
{
	Oid			type = get_fn_expr_argtype(flinfo, argno);
	ClaimArg   *arg = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(ClaimArg));

	arg->cxt = flinfo->fn_mcxt;
	if (!OidIsValid(type))
		not_a_claim(type);
	type = getBaseType(type);
	if (type == JSONBOID)
		arg->kind = ARG_JSONB;
	else if (type == UNKNOWNOID)
		arg->kind = ARG_UNKNOWN;
	else if (type == RECORDOID || type_is_rowtype(type))
		arg->kind = ARG_COMPOSITE;
	else
		not_a_claim(type);
	return arg;
}

/* A new row type, or the old one altered. */
static void
find_reader(ClaimArg *arg, Oid typid, int32 typmod)
{
	TupleDesc	tupdesc;

	if (arg->reader != NULL)
		claim_reader_free(arg->reader);
	arg->reader = NULL;

	if (typid != RECORDOID)
	{
		arg->type = lookup_type_cache(typid, TYPECACHE_TUPDESC);
		if (arg->type->tupDesc == NULL)
			not_a_claim(typid);
		arg->identifier = arg->type->tupDesc_identifier;
	}
	tupdesc = lookup_rowtype_tupdesc(typid, typmod);
	arg->typid = typid;
	arg->typmod = typmod;
	arg->reader = claim_reader_create(tupdesc, NULL, arg->cxt);
	ReleaseTupleDesc(tupdesc);

	if (arg->reader->ncolumns == 0)
	{
		claim_reader_free(arg->reader);
		arg->reader = NULL;
		ereport(ERROR,
				(errcode(ERRCODE_YB_NOT_A_CLAIM),
				 errmsg("the row has no column that is a field of a claim"),
				 typid == RECORDOID ?
				 errdetail("ROW(...) has no column names.") :
				 errdetail("Type %s.", format_type_be(typid)),
				 errhint("Name the columns in a subquery: settle(policy, c) FROM (SELECT fee AS medfee_sumamt, ...) AS c.")));
	}
}

static inline void
read_composite(ClaimArg *arg, Datum value, const FieldMask *want, Claim *claim)
{
	HeapTupleHeader header = DatumGetHeapTupleHeader(value);
	Oid			typid = HeapTupleHeaderGetTypeId(header);
	int32		typmod = HeapTupleHeaderGetTypMod(header);
	HeapTupleData tuple;

	if (unlikely(arg->reader == NULL || arg->typid != typid ||
				 (typid == RECORDOID ? arg->typmod != typmod :
				  arg->type->tupDesc_identifier != arg->identifier)))
		find_reader(arg, typid, typmod);

	tuple.t_len = HeapTupleHeaderGetDatumLength(header);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = header;
	claim_read_tuple(arg->reader, &tuple, want, claim);
}

void
claim_arg_read(ClaimArg *arg, Datum value, bool isnull, const FieldMask *want,
			   Claim *claim)
{
	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_YB_NOT_A_CLAIM),
				 errmsg("the claim is NULL"),
				 errhint("An outer join may have found no row; filter with WHERE c IS DISTINCT FROM NULL.")));
	arg->was_row = arg->kind == ARG_COMPOSITE;
	if (arg->was_row)
		read_composite(arg, value, want, claim);
	else
	{
		if (arg->kind == ARG_UNKNOWN)
			value = DirectFunctionCall1(jsonb_in, value);
		claim_read_jsonb(DatumGetJsonbP(value), want, claim);
	}
}

const ClaimReader *
claim_arg_reader(const ClaimArg *arg)
{
	return arg->was_row ? arg->reader : NULL;
}
