/*
 * settlement_row.c
 *	  The columns of area.settlement: where they are, what a request contained,
 *	  and putting results into them.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/cryptohash.h"
#include "common/sha2.h"
#include "lib/stringinfo.h"
#include "port/pg_bswap.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgrprotos.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "claim/amount.h"
#include "compat.h"
#include "errcodes.h"
#include "fund/fund.h"
#include "trigger/settlement.h"

#define SC_NAME(name) #name,
static const char *const other_names[SC_COUNT] = {
	SETTLEMENT_INPUTS(SC_NAME)
	SETTLEMENT_RESULTS(SC_NAME)
};

static HTAB *relations = NULL;

/* ---- columns ----------------------------------------------------------------- */

/* Only a flag: an entry in use is never freed, and looked at again by its next user. */
static void
forget_relation(Datum arg, Oid relid)
{
	SettlementRel *rel;

	if (OidIsValid(relid))
	{
		rel = hash_search(relations, &relid, HASH_FIND, NULL);
		if (rel != NULL)
			rel->valid = false;
	}
	else
	{
		HASH_SEQ_STATUS scan;

		hash_seq_init(&scan, relations);
		while ((rel = hash_seq_search(&scan)) != NULL)
			rel->valid = false;
	}
}

AttrNumber
settlement_column(TupleDesc desc, const char *name)
{
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		if (!att->attisdropped && strcmp(NameStr(att->attname), name) == 0)
			return i + 1;
	}
	return 0;
}

/* What we read and write as it is must have the type that it was made with. */
static AttrNumber
column_of_type(TupleDesc desc, const char *name, Oid type)
{
	AttrNumber	att = settlement_column(desc, name);

	if (att != 0 && TupleDescAttr(desc, att - 1)->atttypid != type)
		fund_not_as_made(psprintf(_("column %s has type %s, not %s"), name,
								  format_type_be(TupleDescAttr(desc, att - 1)->atttypid),
								  format_type_be(type)));
	return att;
}

static Oid
type_of_other(SettlementColumn column)
{
	switch (column)
	{
		case SC_refd_setl_flag:
			return BOOLOID;
		case SC_year:
		case SC_psn_setl_no:
		case SC_psn_ord_no:
			return INT4OID;
		case SC_pool_prop_selfpay:
			return NUMERICOID;
		case SC_hifmi_due:
			return DATEOID;
		case SC_opn_cum:
		case SC_add_cum:
			return INT8ARRAYOID;
		case SC_journal_id:
			return INT8OID;
		case SC_booked_at:
			return TIMESTAMPTZOID;
		case SC_row_hash:
			return BYTEAOID;
		default:
			return TEXTOID;
	}
}

static void
find_columns(SettlementRel *rel, TupleDesc desc, MemoryContext parent)
{
	rel->reader = claim_reader_create(desc, NULL, parent);
	for (int i = 0; i < CF_CUM_FIRST; i++)
	{
		const char *name = claim_fields[i].name;

		if (claim_fields[i].kind == FK_AMOUNT)
			rel->field[i] = column_of_type(desc, name, NUMERICOID);
		else if (claim_fields[i].kind == FK_TEXT || claim_fields[i].kind == FK_CODE)
			rel->field[i] = column_of_type(desc, name, TEXTOID);
		else if (i == CF_setl_time)
			rel->field[i] = column_of_type(desc, name, TIMESTAMPOID);
		else
			rel->field[i] = settlement_column(desc, name);
	}
	for (int i = 0; i < SA_COUNT; i++)
		rel->amount[i] = column_of_type(desc, settlement_names[i], NUMERICOID);
	for (int i = 0; i < SC_COUNT; i++)
		rel->other[i] = column_of_type(desc, other_names[i], type_of_other((SettlementColumn) i));
}

/* The columns of a table, found once and again after it was altered. */
SettlementRel *
settlement_rel(Relation relation)
{
	Oid			relid = RelationGetRelid(relation);
	SettlementRel *rel;
	bool		found;

	if (relations == NULL)
	{
		HASHCTL		ctl = {
			.keysize = sizeof(Oid),
			.entrysize = sizeof(SettlementRel),
			.hcxt = CacheMemoryContext
		};

		relations = hash_create("yibao settlement tables", 16, &ctl,
								HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
		CacheRegisterRelcacheCallback(forget_relation, (Datum) 0);
	}

	rel = hash_search(relations, &relid, HASH_ENTER, &found);
	if (!found)
	{
		rel->valid = false;
		rel->cxt = NULL;
		rel->reader = NULL;
	}
	if (rel->valid)
		return rel;
	if (rel->reader != NULL && claim_reader_fits(rel->reader, RelationGetDescr(relation)))
	{
		rel->valid = true;
		return rel;
	}
	if (rel->cxt == NULL)
		rel->cxt = AllocSetContextCreate(CacheMemoryContext,
										 "yibao settlement table",
										 ALLOCSET_SMALL_SIZES);
	rel->reader = NULL;
	MemoryContextReset(rel->cxt);
	find_columns(rel, RelationGetDescr(relation), rel->cxt);
	rel->valid = true;
	return rel;
}

/* The same for a row that SPI brought; made in cxt. */
SettlementRel *
settlement_rel_by_desc(TupleDesc desc, MemoryContext cxt)
{
	SettlementRel *rel = MemoryContextAllocZero(cxt, sizeof(SettlementRel));

	rel->cxt = cxt;
	rel->valid = true;
	find_columns(rel, desc, cxt);
	return rel;
}

/* ---- what a request contains ---------------------------------------------------- */

static void
add_content(StringInfo buf, const char *name, const char *value, size_t len)
{
	appendBinaryStringInfo(buf, name, strlen(name) + 1);
	appendBinaryStringInfo(buf, value, len);
	appendStringInfoChar(buf, '\0');
}

static void
add_given(StringInfo buf, const GivenRow *given)
{
	const char *mode = settlement_mode_name(given);

	add_content(buf, other_names[SC_setl_mode], mode, strlen(mode));
	for (int i = 0; i < SA_COUNT; i++)
	{
		uint64		value = pg_hton64((uint64) given->amounts.amount[i]);

		if (given->amounts.known >> i & 1)
			add_content(buf, settlement_names[i], (const char *) &value, 8);
	}
	if (given->prop != (Datum) 0)
	{
		/* without zeros at the end, which say nothing */
		char	   *prop = DatumGetCString(DirectFunctionCall1(numeric_out,
															   DirectFunctionCall1(numeric_trim_scale, given->prop)));

		add_content(buf, other_names[SC_pool_prop_selfpay], prop, strlen(prop));
	}
}

/*
 * SHA-256 of what the application sent: for each input column that is not null,
 * in the order of fields.h and then SETTLEMENT_INPUTS, its name, its value (text
 * as it is, all else as eight bytes: fen, number, 0 or 1, microseconds) and a
 * zero byte after each.  year is a result here, and psn_idet_type beside psn_idet_types.  Where the amounts are given
 * they are input: then follow setl_mode, they in the order of settle.h, and pool_prop_selfpay.  Columns that a later version
 * adds change no older hash.
 */
void
settlement_hash(const SettlementRow *row, const Claim *claim, const GivenRow *given,
				uint8 hash[SETTLEMENT_HASH_LEN])
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (int i = 0; i < CF_CUM_FIRST; i++)
	{
		if (claim->state[i] != FS_GIVEN || i == CF_year ||
			(i == CF_psn_idet_type && claim->state[CF_psn_idet_types] == FS_GIVEN))
			continue;
		if (claim_fields[i].kind == FK_TEXT)
			add_content(&buf, claim_fields[i].name,
						(const char *) (intptr_t) claim->v[i], claim->len[i]);
		else
		{
			uint64		value = pg_hton64((uint64) claim->v[i]);

			add_content(&buf, claim_fields[i].name, (const char *) &value, 8);
		}
	}
	for (int i = SC_mdtrt_id; i <= SC_refd_setl_flag; i++)
	{
		AttrNumber	att = row->rel->other[i];
		char	   *value;

		if (att == 0 || row->nulls[att - 1])
			continue;
		if (TupleDescAttr(row->desc, att - 1)->atttypid == BOOLOID)
		{
			/* false is what NULL becomes */
			if (DatumGetBool(row->values[att - 1]))
				add_content(&buf, other_names[i], "1", 1);
			continue;
		}
		value = settlement_text(row, att);
		add_content(&buf, other_names[i], value, strlen(value));
	}
	if (given != NULL)
		add_given(&buf, given);

	StaticAssertStmt(SETTLEMENT_HASH_LEN == PG_SHA256_DIGEST_LENGTH, "one kind of digest");
	fund_sha256(buf.data, buf.len, hash);
	pfree(buf.data);
}

/* ---- results ----------------------------------------------------------------------- */

static char *
shown(const SettlementRow *row, AttrNumber att, Datum value)
{
	Oid			output;
	bool		varlena;

	getTypeOutputInfo(TupleDescAttr(row->desc, att - 1)->atttypid, &output, &varlena);
	return OidOutputFunctionCall(output, value);
}

static void refuse_result(const SettlementRow *row, AttrNumber att, Datum value,
						  bool isnull) pg_attribute_noreturn();

static void
refuse_result(const SettlementRow *row, AttrNumber att, Datum value, bool isnull)
{
	const char *name = NameStr(TupleDescAttr(row->desc, att - 1)->attname);

	ereport(ERROR,
			(errcode(ERRCODE_YB_RESULT_GIVEN),
			 errmsg("%s is given as %s, the settlement says %s", name,
					shown(row, att, row->values[att - 1]),
					isnull ? "NULL" : shown(row, att, value)),
			 errdetail("%s is a result: NULL is filled, an equal value accepted.", name),
			 errhint("Leave %s out of the INSERT, or find out why the two differ with yibao.explain().", name),
			 err_generic_string(PG_DIAG_COLUMN_NAME, name)));
}

static bool
same_value(Oid type, Datum a, Datum b)
{
	switch (type)
	{
		case NUMERICOID:
			return DatumGetBool(DirectFunctionCall2(numeric_eq, a, b));
		case TEXTOID:
		case INT8ARRAYOID:
			return datumIsEqual(PointerGetDatum(PG_DETOAST_DATUM(a)),
								PointerGetDatum(PG_DETOAST_DATUM(b)), false, -1);
		case NAMEOID:
			return strcmp(NameStr(*DatumGetName(a)), NameStr(*DatumGetName(b))) == 0;
		case INT4OID:
		case DATEOID:
			return DatumGetInt32(a) == DatumGetInt32(b);
		case INT8OID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			return DatumGetInt64(a) == DatumGetInt64(b);
		case BOOLOID:
			return DatumGetBool(a) == DatumGetBool(b);
		default:
			elog(ERROR, "column of type %s in a settlement table", format_type_be(type));
	}
	return false;
}

void
settlement_fill(SettlementRow *row, AttrNumber att, Datum value, bool isnull)
{
	if (att == 0)
		return;
	if (row->nulls[att - 1])
	{
		row->values[att - 1] = value;
		row->nulls[att - 1] = isnull;
	}
	else if (isnull ||
			 !same_value(TupleDescAttr(row->desc, att - 1)->atttypid,
						 row->values[att - 1], value))
		refuse_result(row, att, value, isnull);
}

void
settlement_fill_fen(SettlementRow *row, AttrNumber att, Fen fen)
{
	Fen			given;

	if (att == 0)
		return;
	if (row->nulls[att - 1])
	{
		row->values[att - 1] = amount_to_numeric(fen);
		row->nulls[att - 1] = false;
	}
	else if (fen < 0 ||
			 amount_from_numeric(row->values[att - 1], &given) != AMOUNT_OK ||
			 given != fen)
		settlement_fill(row, att, amount_to_numeric(fen), false);
}

Fen
settlement_fen(const SettlementRow *row, AttrNumber att)
{
	Datum		value;
	bool		negative;
	Fen			fen;

	if (att == 0 || row->nulls[att - 1])
		return 0;
	value = row->values[att - 1];
	negative = DatumGetBool(DirectFunctionCall2(numeric_lt, value, amount_to_numeric(0)));
	if (negative)
		value = DirectFunctionCall1(numeric_uminus, value);
	if (amount_from_numeric(value, &fen) != AMOUNT_OK)
		elog(ERROR, "%s is no amount of a settlement",
			 NameStr(TupleDescAttr(row->desc, att - 1)->attname));
	return negative ? -fen : fen;
}

char *
settlement_text(const SettlementRow *row, AttrNumber att)
{
	if (att == 0 || row->nulls[att - 1])
		return NULL;
	return TextDatumGetCString(row->values[att - 1]);
}

/* ---- accumulators --------------------------------------------------------------------- */

void
cum_keep(int64 cum[CUM_COUNT])
{
	for (int i = 0; i < CUM_COUNT; i++)
	{
		if (cum_is_moving(CF_CUM_FIRST + i))
			cum[i] = 0;
	}
}

int
cum_length(const int64 cum[CUM_COUNT])
{
	int			n = CUM_COUNT;

	while (n > 1 && cum[n - 1] == 0)
		n--;
	return n;
}

/* Zeros at the end are left out: most claims have none of what hangs on the claim itself. */
ArrayType *
cum_array(const int64 cum[CUM_COUNT])
{
	int			n = cum_length(cum);
	Size		size = ARR_OVERHEAD_NONULLS(1) + n * sizeof(int64);
	ArrayType  *array = palloc0(size);

	SET_VARSIZE(array, size);
	array->ndim = 1;
	array->elemtype = INT8OID;
	ARR_DIMS(array)[0] = n;
	ARR_LBOUND(array)[0] = 1;
	memcpy(ARR_DATA_PTR(array), cum, n * sizeof(int64));
	return array;
}

void
cum_from_array(Datum datum, int64 cum[CUM_COUNT])
{
	ArrayType  *array = DatumGetArrayTypeP(datum);
	int			n;

	memset(cum, 0, CUM_COUNT * sizeof(int64));
	if (ARR_NDIM(array) == 0)
		return;
	n = ARR_DIMS(array)[0];
	if (ARR_NDIM(array) != 1 || ARR_HASNULL(array) || ARR_ELEMTYPE(array) != INT8OID ||
		n > CUM_COUNT)
		ereport(ERROR,
				(errcode(ERRCODE_YB_ACCUMULATORS),
				 errmsg("stored accumulators are not an array of at most %d numbers", CUM_COUNT),
				 errhint("They were written by a newer yibao or by hand; run yibao.verify().")));
	memcpy(cum, ARR_DATA_PTR(array), n * sizeof(int64));
}

char *
settlement_schema(Oid nsp)
{
	char	   *name = get_namespace_name(nsp);

	if (name == NULL)
		elog(ERROR, "cache lookup failed for schema %u", nsp);
	return name;
}
