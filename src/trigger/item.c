/*
 * item.c
 *	  Fee lines of a pool area: BEFORE INSERT splits a line and fills its parts,
 *	  AFTER INSERT lets a trace code settle once, and at commit the lines of a
 *	  settlement have to add up to its header.
 *
 * A return (negative cnt) names its line and takes the terms from it.  Returns
 * of one line wait for each other on the line's row, and are numbered, so that
 * under an old snapshot, too, no two of them return the same units.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "claim/amount.h"
#include "claim/item.h"
#include "compat.h"
#include "errcodes.h"
#include "fund/owner.h"

/* The columns that the triggers read or write, with their types; terms first. */
#define ITEM_ATTS(A) \
	A(chrgitm_lv, TEXTOID) A(pric, NUMERICOID) A(pric_uplmt_amt, NUMERICOID) \
	A(selfpay_prop, NUMERICOID) A(enter_prop, NUMERICARRAYOID) \
	A(enter_upto, NUMERICARRAYOID) A(enter_way, TEXTOID) A(hilist_code, TEXTOID) \
	A(feedetl_sn, TEXTOID) A(init_feedetl_sn, TEXTOID) A(setl_id, TEXTOID) \
	A(cnt, NUMERICOID) A(drug_trac_codg, TEXTARRAYOID) \
	A(det_item_fee_sumamt, NUMERICOID) A(fulamt_ownpay_amt, NUMERICOID) \
	A(overlmt_amt, NUMERICOID) A(preselfpay_amt, NUMERICOID) A(inscp_scp_amt, NUMERICOID) \
	A(cnt_before, NUMERICOID) A(return_no, INT4OID) A(booked_by, TEXTOID) \
	A(booked_at, TIMESTAMPTZOID)

#define TERMS_SQL "chrgitm_lv, pric, pric_uplmt_amt, selfpay_prop, enter_prop, enter_upto, enter_way, hilist_code"

#define A_ENUM(name, type) A_##name,
typedef enum ItemAtt
{
	ITEM_ATTS(A_ENUM)
	A_COUNT,
	A_TERMS = A_feedetl_sn		/* how many are terms */
} ItemAtt;

#define A_NAME(name, type) {#name, type},
static const struct
{
	const char *name;
	Oid			type;
}			item_atts[A_COUNT] = {
	ITEM_ATTS(A_NAME)
};

/* Found at the first row of a statement. */
typedef struct ItemStatement
{
	Oid			nsp;
	Oid			owner;
	AttrNumber	att[A_COUNT];
	Datum		booked_by;
	char	   *checked;		/* settlement whose header was checked last */
} ItemStatement;

typedef struct ItemRow
{
	const ItemStatement *st;
	Datum	   *values;
	bool	   *nulls;
} ItemRow;

#define VALUE(row, name) ((row)->values[(row)->st->att[A_##name] - 1])
#define IS_NULL(row, name) ((row)->nulls[(row)->st->att[A_##name] - 1])

/* ---- a statement, a row --------------------------------------------------------------- */

static ItemStatement *
statement(FunctionCallInfo fcinfo, bool before)
{
	TriggerData *td = (TriggerData *) fcinfo->context;
	ItemStatement *st = fcinfo->flinfo->fn_extra;
	MemoryContext old;
	TupleDesc	desc;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BY_INSERT(td->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(td->tg_event) ||
		(TRIGGER_FIRED_BEFORE(td->tg_event) != 0) != before)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this function is an INSERT trigger of a pool area's fee lines"),
				 errhint("yibao.attach_poolarea() puts an area's triggers in place.")));
	if (st != NULL)
		return st;

	yibao_check_version();
	old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	st = palloc0_object(ItemStatement);
	st->nsp = RelationGetNamespace(td->tg_relation);
	st->owner = td->tg_relation->rd_rel->relowner;
	desc = RelationGetDescr(td->tg_relation);
	for (int i = 0; i < A_COUNT; i++)
	{
		st->att[i] = SPI_fnumber(desc, item_atts[i].name);
		if (st->att[i] <= 0 || SPI_gettypeid(desc, st->att[i]) != item_atts[i].type)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("column %s of table %s is not as it was made", item_atts[i].name,
							RelationGetRelationName(td->tg_relation)),
					 errhint("Put it back as yibao.create_poolarea() makes it.")));
	}
	st->booked_by = CStringGetTextDatum(GetUserNameFromId(GetOuterUserId(), false));
	MemoryContextSwitchTo(old);
	fcinfo->flinfo->fn_extra = st;
	return st;
}

static void
open_row(ItemRow *row, const ItemStatement *st, TriggerData *td)
{
	TupleDesc	desc = RelationGetDescr(td->tg_relation);

	row->st = st;
	row->values = palloc_array(Datum, desc->natts);
	row->nulls = palloc_array(bool, desc->natts);
	heap_deform_tuple(td->tg_trigtuple, desc, row->values, row->nulls);
}

static char *
shown(ItemAtt att, Datum value)
{
	Oid			output;
	bool		varlena;

	getTypeOutputInfo(item_atts[att].type, &output, &varlena);
	return OidOutputFunctionCall(output, value);
}

static bool
same_value(ItemAtt att, Datum a, Datum b)
{
	switch (item_atts[att].type)
	{
		case NUMERICOID:
			return DatumGetBool(DirectFunctionCall2(numeric_eq, a, b));
		case INT4OID:
			return DatumGetInt32(a) == DatumGetInt32(b);
		case TIMESTAMPTZOID:
			return DatumGetTimestampTz(a) == DatumGetTimestampTz(b);
		default:
			return strcmp(shown(att, a), shown(att, b)) == 0;
	}
}

/* A column that follows from others: NULL is filled, an equal value accepted. */
static void
fill(ItemRow *row, ItemAtt att, Datum value, bool isnull)
{
	int			i = row->st->att[att] - 1;

	if (!row->nulls[i] && (isnull || !same_value(att, row->values[i], value)))
		ereport(ERROR,
				(errcode(ERRCODE_YB_RESULT_GIVEN),
				 errmsg("%s of the fee line is given as %s, but follows as %s", item_atts[att].name,
						shown(att, row->values[i]), isnull ? "NULL" : shown(att, value)),
				 errdetail("NULL is filled, an equal value accepted. A return takes its terms from its line."),
				 errhint("Leave %s out of the INSERT, or find out with yibao.item_split() why the two differ.",
						 item_atts[att].name),
				 err_generic_string(PG_DIAG_COLUMN_NAME, item_atts[att].name)));
	row->values[i] = value;
	row->nulls[i] = isnull;
}

/* ---- returns ------------------------------------------------------------------------------ */

/* From the line that is returned: its terms, what of it stands, the number of this return. */
static void
take_from_line(ItemRow *row)
{
	static const Oid types[] = {TEXTOID};
	Datum		values[] = {VALUE(row, init_feedetl_sn)};
	bool		isnull;
	Datum		value;

	owner_exec(row->st->nsp,
			   "SELECT " TERMS_SQL " FROM @schema@.item WHERE feedetl_sn OPERATOR(pg_catalog.=) $1 "
			   "AND return_no OPERATOR(pg_catalog.=) 0 FOR NO KEY UPDATE",
			   1, types, values, NULL, 1);
	if (SPI_processed != 1)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("there is no fee line \"%s\" to return", TextDatumGetCString(values[0])),
				 errhint("init_feedetl_sn names the feedetl_sn of a line of this pool area that is no return itself."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, "init_feedetl_sn")));
	for (int i = 0; i < A_TERMS; i++)
	{
		value = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, i + 1, &isnull);
		fill(row, (ItemAtt) i, isnull ? (Datum) 0 : SPI_datumTransfer(value, false, -1), isnull);
	}

	/* a new snapshot: returns that were waited for are in it */
	owner_exec(row->st->nsp,
			   "SELECT pg_catalog.sum(cnt), pg_catalog.max(return_no) OPERATOR(pg_catalog.+) 1 FROM ("
			   "SELECT cnt, return_no FROM @schema@.item WHERE feedetl_sn OPERATOR(pg_catalog.=) $1 "
			   "UNION ALL SELECT cnt, return_no FROM @schema@.item WHERE init_feedetl_sn OPERATOR(pg_catalog.=) $1) i",
			   1, types, values, NULL, 1);
	value = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull);
	fill(row, A_cnt_before, SPI_datumTransfer(value, false, -1), false);
	value = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2, &isnull);
	fill(row, A_return_no, value, false);
}

/* Is it a return?  Then it names its line, and no other row does. */
static bool
is_return(const ItemRow *row)
{
	NullableDatum cnt = {VALUE(row, cnt), IS_NULL(row, cnt)};
	bool		is_return = item_cnt("cnt", cnt) < 0;

	if (is_return && IS_NULL(row, init_feedetl_sn))
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_NULL),
				 errmsg("init_feedetl_sn is NULL in a return"),
				 errdetail("cnt is %s.", shown(A_cnt, VALUE(row, cnt))),
				 errhint("Name the line that is returned: its terms are taken from there."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, "init_feedetl_sn")));
	if (!is_return && !IS_NULL(row, init_feedetl_sn))
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("a fee line names \"%s\" as the line it returns, but cnt is not negative",
						shown(A_init_feedetl_sn, VALUE(row, init_feedetl_sn))),
				 errhint("Leave init_feedetl_sn NULL, or send a return with a negative cnt."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, "init_feedetl_sn")));
	return is_return;
}

/* ---- BEFORE INSERT: the split ------------------------------------------------------------- */

PG_FUNCTION_INFO_V1(yibao_item_fill);
Datum
yibao_item_fill(PG_FUNCTION_ARGS)
{
	static const ItemAtt read[IF_COUNT] = {
		[IF_chrgitm_lv] = A_chrgitm_lv, [IF_cnt] = A_cnt, [IF_pric] = A_pric,
		[IF_det_item_fee_sumamt] = A_det_item_fee_sumamt, [IF_pric_uplmt_amt] = A_pric_uplmt_amt,
		[IF_selfpay_prop] = A_selfpay_prop, [IF_enter_prop] = A_enter_prop,
		[IF_enter_upto] = A_enter_upto, [IF_enter_way] = A_enter_way, [IF_cnt_before] = A_cnt_before
	};
	static const ItemAtt written[IC_COUNT] = {
		A_det_item_fee_sumamt, A_fulamt_ownpay_amt, A_overlmt_amt, A_preselfpay_amt, A_inscp_scp_amt
	};
	ItemStatement *st = statement(fcinfo, true);
	TriggerData *td = (TriggerData *) fcinfo->context;
	ItemRow		row;
	OwnerWork	work;
	NullableDatum v[IF_COUNT];
	ItemParts	parts;
	Fen			fen[IC_COUNT];

	open_row(&row, st, td);
	if (is_return(&row))
	{
		owner_enter(&work, st->owner);
		take_from_line(&row);
		owner_leave(&work);
	}
	else
	{
		fill(&row, A_cnt_before, (Datum) 0, true);
		fill(&row, A_return_no, Int32GetDatum(0), false);
	}

	for (int i = 0; i < IF_COUNT; i++)
	{
		v[i].value = row.values[st->att[read[i]] - 1];
		v[i].isnull = row.nulls[st->att[read[i]] - 1];
	}
	item_line_split(v, &parts);
	item_parts_array(&parts, fen);
	for (int i = 0; i < IC_COUNT; i++)
		fill(&row, written[i], amount_to_numeric(fen[i]), false);
	fill(&row, A_booked_by, st->booked_by, false);
	fill(&row, A_booked_at, TimestampTzGetDatum(GetCurrentStatementStartTimestamp()), false);
	return PointerGetDatum(heap_form_tuple(RelationGetDescr(td->tg_relation), row.values, row.nulls));
}

/* ---- AFTER INSERT: trace codes -------------------------------------------------------------- */

/* The line that settled the code and has not had it back, for the message. */
static void
refuse_code(const ItemStatement *st, Datum code)
{
	static const Oid types[] = {TEXTOID};
	Datum		values[] = {code};
	char	   *by;

	owner_exec(st->nsp,
			   "SELECT t.feedetl_sn FROM @schema@.item_trace t WHERE t.drug_trac_codg OPERATOR(pg_catalog.=) $1 "
			   "ORDER BY t.use_no DESC, t.given_back DESC LIMIT 1",
			   1, types, values, NULL, 1);
	by = SPI_processed == 1 ? SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1) : "?";
	ereport(ERROR,
			(errcode(ERRCODE_YB_KEY_REUSED),
			 errmsg("trace code %s was settled before", TextDatumGetCString(code)),
			 errdetail("By fee line \"%s\". One code settles once.", by),
			 errhint("The package was sold before, or its code was scanned twice; after a return of that line the code may settle again."),
			 err_generic_string(PG_DIAG_COLUMN_NAME, "drug_trac_codg")));
}

static void
settle_code(const ItemStatement *st, Datum feedetl_sn, Datum code)
{
	static const Oid types[] = {TEXTOID, TEXTOID};
	Datum		values[] = {feedetl_sn, code};

	/* what is settled and not given back has the number that the next would have: no row */
	owner_exec(st->nsp,
			   "INSERT INTO @schema@.item_trace (drug_trac_codg, use_no, given_back, feedetl_sn) "
			   "SELECT $2, pg_catalog.count(*) OPERATOR(pg_catalog.+) 1, false, $1 FROM @schema@.item_trace t "
			   "WHERE t.drug_trac_codg OPERATOR(pg_catalog.=) $2 AND t.given_back "
			   "ON CONFLICT (drug_trac_codg, use_no, given_back) DO NOTHING",
			   2, types, values, NULL, 0);
	if (SPI_processed != 1)
		refuse_code(st, code);
}

static void
give_back_code(const ItemStatement *st, Datum feedetl_sn, Datum code, Datum line)
{
	static const Oid types[] = {TEXTOID, TEXTOID, TEXTOID};
	Datum		values[] = {feedetl_sn, code, line};

	owner_exec(st->nsp,
			   "INSERT INTO @schema@.item_trace (drug_trac_codg, use_no, given_back, feedetl_sn) "
			   "SELECT t.drug_trac_codg, t.use_no, true, $1 FROM @schema@.item_trace t "
			   "WHERE t.drug_trac_codg OPERATOR(pg_catalog.=) $2 AND NOT t.given_back "
			   "AND t.feedetl_sn OPERATOR(pg_catalog.=) $3 "
			   "ON CONFLICT (drug_trac_codg, use_no, given_back) DO NOTHING",
			   3, types, values, NULL, 0);
	if (SPI_processed != 1)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("trace code %s is not one that fee line \"%s\" has to give back",
						TextDatumGetCString(code), TextDatumGetCString(line)),
				 errhint("A return names codes of its own line, each once."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, "drug_trac_codg")));
}

/* All is returned: so are the codes that no return has named. */
static void
give_back_rest(const ItemStatement *st, Datum feedetl_sn, Datum line)
{
	static const Oid types[] = {TEXTOID, TEXTOID};
	Datum		values[] = {feedetl_sn, line};

	owner_exec(st->nsp,
			   "INSERT INTO @schema@.item_trace (drug_trac_codg, use_no, given_back, feedetl_sn) "
			   "SELECT t.drug_trac_codg, t.use_no, true, $1 FROM @schema@.item_trace t "
			   "WHERE t.feedetl_sn OPERATOR(pg_catalog.=) $2 AND NOT t.given_back "
			   "ON CONFLICT (drug_trac_codg, use_no, given_back) DO NOTHING",
			   2, types, values, NULL, 0);
}

PG_FUNCTION_INFO_V1(yibao_item_trace);
Datum
yibao_item_trace(PG_FUNCTION_ARGS)
{
	ItemStatement *st = statement(fcinfo, false);
	ItemRow		row;
	OwnerWork	work;
	bool		is_return;
	Datum	   *code = NULL;
	bool	   *isnull = NULL;
	int			n = 0;

	open_row(&row, st, (TriggerData *) fcinfo->context);
	is_return = !IS_NULL(&row, init_feedetl_sn);
	if (IS_NULL(&row, drug_trac_codg) && !is_return)
		return PointerGetDatum(NULL);
	if (!IS_NULL(&row, drug_trac_codg))
		deconstruct_array(DatumGetArrayTypeP(VALUE(&row, drug_trac_codg)),
						  TEXTOID, -1, false, TYPALIGN_INT, &code, &isnull, &n);

	owner_enter(&work, st->owner);
	for (int i = 0; i < n; i++)
	{
		if (isnull[i] || VARSIZE_ANY_EXHDR(DatumGetPointer(code[i])) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_YB_FIELD_NULL),
					 errmsg("drug_trac_codg has an element that is NULL or empty"),
					 errhint("Give one element for each code that was scanned."),
					 err_generic_string(PG_DIAG_COLUMN_NAME, "drug_trac_codg")));
		if (is_return)
			give_back_code(st, VALUE(&row, feedetl_sn), code[i], VALUE(&row, init_feedetl_sn));
		else
			settle_code(st, VALUE(&row, feedetl_sn), code[i]);
	}
	if (is_return &&
		DatumGetBool(DirectFunctionCall2(numeric_eq, VALUE(&row, cnt_before),
										 DirectFunctionCall1(numeric_uminus, VALUE(&row, cnt)))))
		give_back_rest(st, VALUE(&row, feedetl_sn), VALUE(&row, init_feedetl_sn));
	owner_leave(&work);
	return PointerGetDatum(NULL);
}

/* ---- at commit: the header -------------------------------------------------------------------- */

PG_FUNCTION_INFO_V1(yibao_item_header);
Datum
yibao_item_header(PG_FUNCTION_ARGS)
{
	static const char *const header[IC_COUNT] = {
		"medfee_sumamt", "fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt"
	};
	static const Oid types[] = {TEXTOID};
	ItemStatement *st = statement(fcinfo, false);
	ItemRow		row;
	OwnerWork	work;
	char	   *setl_id;

	open_row(&row, st, (TriggerData *) fcinfo->context);
	if (IS_NULL(&row, setl_id))
		return PointerGetDatum(NULL);

	/* every row that comes later is looked at after it: one look is enough for those of now */
	setl_id = TextDatumGetCString(VALUE(&row, setl_id));
	if (st->checked != NULL && strcmp(st->checked, setl_id) == 0)
		return PointerGetDatum(NULL);

	owner_enter(&work, st->owner);
	owner_exec(st->nsp,
			   "SELECT s.setl_id, s.medfee_sumamt, s.fulamt_ownpay_amt, s.overlmt_selfpay, s.preselfpay_amt, s.inscp_scp_amt, "
			   "i.* FROM (SELECT pg_catalog.sum(det_item_fee_sumamt), pg_catalog.sum(fulamt_ownpay_amt), "
			   "pg_catalog.sum(overlmt_amt), pg_catalog.sum(preselfpay_amt), pg_catalog.sum(inscp_scp_amt) "
			   "FROM @schema@.item WHERE setl_id OPERATOR(pg_catalog.=) $1) i "
			   "LEFT JOIN @schema@.settlement s ON s.setl_id OPERATOR(pg_catalog.=) $1",
			   1, types, &VALUE(&row, setl_id), NULL, 1);
	if (SPI_processed != 1 || SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1) == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("fee line \"%s\" names settlement \"%s\", which there is not",
						shown(A_feedetl_sn, VALUE(&row, feedetl_sn)), setl_id),
				 errhint("Insert the settlement in the same transaction as its lines, or leave setl_id NULL."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, "setl_id")));
	for (int i = 0; i < IC_COUNT; i++)
	{
		char	   *stored = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2 + i);
		char	   *lines = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2 + IC_COUNT + i);
		bool		isnull;

		/* a part that was left out is what the others leave */
		if (stored == NULL ||
			DatumGetBool(DirectFunctionCall2(numeric_eq,
											 SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2 + i, &isnull),
											 SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2 + IC_COUNT + i, &isnull))))
			continue;
		ereport(ERROR,
				(errcode(ERRCODE_YB_PARTS),
				 errmsg("%s of settlement \"%s\" is %s, its fee lines add up to %s", header[i], setl_id, stored, lines),
				 errhint("Send all lines of a settlement with it, in one transaction; yibao.item_total() gives the header."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, header[i])));
	}
	owner_leave(&work);
	if (st->checked != NULL)
		pfree(st->checked);
	st->checked = MemoryContextStrdup(fcinfo->flinfo->fn_mcxt, setl_id);
	return PointerGetDatum(NULL);
}

/* ---- what is not written ------------------------------------------------------------------------ */

PG_FUNCTION_INFO_V1(yibao_item_keep);
Datum
yibao_item_keep(PG_FUNCTION_ARGS)
{
	TriggerData *td = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(td->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("yibao.item_keep() must be a BEFORE trigger"),
				 errhint("yibao.attach_poolarea() puts an area's triggers in place.")));
	if (TRIGGER_FIRED_BY_INSERT(td->tg_event))
	{
		if (settlement_writing > 0)
			return PointerGetDatum(td->tg_trigtuple);
		ereport(ERROR,
				(errcode(ERRCODE_YB_DIRECT_WRITE),
				 errmsg("\"%s\" is written by the trigger of the fee lines only", RelationGetRelationName(td->tg_relation)),
				 errhint("Insert the fee line with its drug_trac_codg."),
				 errtable(td->tg_relation)));
	}
	ereport(ERROR,
			(errcode(ERRCODE_YB_APPEND_ONLY),
			 errmsg("fee lines are not changed, deleted or truncated (\"%s\")", RelationGetRelationName(td->tg_relation)),
			 errhint("Insert a return: a line with a negative cnt that names the first in init_feedetl_sn."),
			 errtable(td->tg_relation)));
	return PointerGetDatum(NULL);
}
