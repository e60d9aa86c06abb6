/*
 * money_check.c
 *	  What holds of any row that people insert, whatever its table: words that are
 *	  known, numbers and days in range, nothing missing, nothing named that is not
 *	  there.  A CHECK, NOT NULL or foreign key says the same, after us and in its
 *	  own words.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "access/sysattr.h"
#include "access/table.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "optimizer/optimizer.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/rel.h"
#include "utils/ruleutils.h"

#include "compat.h"
#include "core/fields.h"
#include "errcodes.h"
#include "fund/money_row.h"
#include "fund/unique.h"

/* Bytes; an index row has room for 2704, and a key may be put together from two. */
#define KEY_MAX 500

/* Columns of these names hold one of these words: of this table, or of any. */
static const struct
{
	const char *table;
	const char *column;
	const char *known[8];
}			words[] = {
	{NULL, "fund", {"resident", "assistance"}},
	{NULL, "payer_fund", {"assistance"}},
	{NULL, "gov_level", {"central", "province", "city", "county"}},
	{NULL, "decision", {"approve", "reject"}},
	{NULL, "direction", {"in", "out"}},
	{NULL, "trust", {"official", "mirror", "unverified", "assumed", "demo"}},
	{"area", "mode", {"immediate", "deferred"}},
	{"approval_chain", "kind", {"payment", "transfer", "appropriation", "budget", "refund", "voucher", "premium", "headcount"}},
	{"bank_account", "level", {"province", "city", "county"}},
	{"hold_end", "outcome", {"post", "void", "expire"}},
	{"hold_end", "event", {"settlement", "premium", "transfer"}},
	{"period_act", "act", {"reopen"}},
	{"premium", "kind", {"set_aside", "true_up", "remit"}},
	{"prepay_rule", "control", {"refuse", "report"}},
	{"prepay_rule", "denominator", {"last_12_months", "last_year"}},
	{"prepay_rule", "measure", {"paid", "settled"}},
	{"policy_bound", "mode", {"flag", "refuse"}},
	{"replay", "policy", {"as_settled", "in_force"}},
	{"risk_level", "indicator", {"months_payable", "surplus_ratio", "current_balance", "unfunded"}},
	{"risk_level", "denominator", {"last_12_months", "last_year"}},
	{"risk_step", "step", {"assess", "measure", "close"}},
	{"setl_diff_close", "cause", {"policy", "other", "input", "unclear"}},
};

/* Whole numbers of these names are in this range. */
static const struct
{
	const char *table;
	const char *column;
	int32		least;
	int32		most;
}			numbers[] = {
	{NULL, "year", 2000, 2999},
	{NULL, "coverage_year", 2000, 2999},
	{NULL, "quarter", 1, 4},
	{NULL, "heads", 1, PG_INT32_MAX},
	{"prepay_rule", "years", 1, 3},
	{"prepay_rule", "min_settled_months", 0, PG_INT32_MAX},
	{"policy", "publication", 1, PG_INT32_MAX},
};

/* Results that are not worked out for every row: given where they are not is as wrong as another value. */
static const struct
{
	const char *table;
	const char *columns[6];
}			results[] = {
	{"admission", {"due_time", "late", "late_registration"}},
	{"budget", {"policy_id"}},
	{"clearing", {"extension_id"}},
	{"headcount", {"persons", "groups"}},
	{"headcount_approval", {"insutype", "coverage_year", "version"}},
	{"next_year_income", {"split_rule"}},
	{"payment", {"withheld_source"}},
	{"payment_approval", {"journal_id"}},
	{"policy", {"valid_to"}},
	{"premium", {"headcount_id"}},
	{"receipt", {"policy_id", "split_rule", "out_amt", "ipt_amt", "unalloc_amt"}},
	{"refund", {"split_rule", "out_amt", "ipt_amt", "unalloc_amt"}},
	{"subsidy_due", {"headcount_id"}},
	{"transfer_approval", {"reverses", "journal_id"}},
	{"voucher", {"policy_id", "choice"}},
};

/* Tables that are written seldom, whose CHECKs are worth reading a second time. */
static const char *const seldom[] = {
	"bank_account", "class_change", "interest_period", "interest_rate", "post_holder", "post_holder_end",
	"prepay_rule", "risk_level", "risk_step", "serious_contract", "subsidy_due",
	"voucher_event",
};

/* Tables of words: who names one that they have not has mistyped it. */
static const char *const code_tables[] = {
	"account_class", "pool", "post", "refund_kind", "voucher_event",
};

bool
fund_blank(const char *text)
{
	return text[strspn(text, " \t\r\n")] == '\0';
}

void
fund_check_words(const char *table, TupleDesc desc, HeapTuple tuple)
{
	for (size_t i = 0; i < lengthof(words); i++)
	{
		int			att = words[i].table != NULL && strcmp(words[i].table, table) != 0 ? 0 :
			SPI_fnumber(desc, words[i].column);
		char	   *given;
		StringInfoData known;
		bool		found = false;

		if (att <= 0 || SPI_gettypeid(desc, att) != TEXTOID)
			continue;
		given = SPI_getvalue(tuple, desc, att);
		if (given == NULL)
			continue;
		initStringInfo(&known);
		for (int k = 0; k < (int) lengthof(words[i].known) && words[i].known[k] != NULL; k++)
		{
			found |= strcmp(given, words[i].known[k]) == 0;
			appendStringInfo(&known, "%s%s", k > 0 ? ", " : "", words[i].known[k]);
		}
		if (!found)
			ereport(ERROR,
					(errcode(ERRCODE_YB_UNKNOWN_CODE),
					 errmsg("%s \"%s\" is not known", words[i].column, given),
					 errhint("Known: %s.", known.data),
					 err_generic_string(PG_DIAG_COLUMN_NAME, words[i].column)));
	}
}

/* ---- values as they come ------------------------------------------------------------- */

static void
not_a_number(const char *column, const char *value)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_AMOUNT_RANGE),
			 errmsg("%s %s is no number that can be reckoned with", column, value),
			 errhint("Give a finite number."),
			 err_generic_string(PG_DIAG_COLUMN_NAME, column)));
}

static void
check_finite(const char *column, Datum number)
{
	Numeric		n = DatumGetNumeric(number);

	if (numeric_is_nan(n) || numeric_is_inf(n))
		not_a_number(column, numeric_is_nan(n) ? "NaN" : "Infinity");
}

static void
check_list(const char *column, Oid element, Datum value)
{
	ArrayType  *array = DatumGetArrayTypeP(value);
	ArrayIterator it;
	Datum		one;
	bool		isnull;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_TYPE),
				 errmsg("%s is a table of values", column),
				 errhint("Give one list, such as '{a,b}'."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, column)));
	it = array_create_iterator(array, 0, NULL);
	while (array_iterate(it, &one, &isnull))
	{
		if (isnull)
			ereport(ERROR,
					(errcode(ERRCODE_YB_FIELD_NULL),
					 errmsg("%s has an empty value in it", column),
					 errhint("Leave it out of the list."),
					 err_generic_string(PG_DIAG_COLUMN_NAME, column)));
		if (element == NUMERICOID)
			check_finite(column, one);
	}
	array_free_iterator(it);
}

static void
check_day(const char *column, DateADT day)
{
	if (day < date2j(1900, 1, 1) - POSTGRES_EPOCH_JDATE || day > date2j(9999, 12, 31) - POSTGRES_EPOCH_JDATE)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_TYPE),
				 errmsg("%s \"%s\" is no day of these books", column,
						DATE_NOT_FINITE(day) ? (day < 0 ? "-infinity" : "infinity") : fund_day(day)),
				 errhint("Give a day from 1900-01-01 to 9999-12-31; where there is none, NULL."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, column)));
}

static void
check_number(const char *table, const char *column, int32 value)
{
	for (size_t i = 0; i < lengthof(numbers); i++)
		if ((numbers[i].table == NULL || strcmp(numbers[i].table, table) == 0) &&
			strcmp(numbers[i].column, column) == 0 &&
			(value < numbers[i].least || value > numbers[i].most))
			ereport(ERROR,
					(errcode(ERRCODE_YB_AMOUNT_RANGE),
					 errmsg("%s %d is out of range", column, value),
					 errhint("It is from %d to %d.", numbers[i].least, numbers[i].most),
					 err_generic_string(PG_DIAG_COLUMN_NAME, column)));
}

static void
check_scheme(const char *column, const char *value)
{
	size_t		len = strlen(value);

	if (len > CODE_MAX || !claim_code_known(CF_insutype, code_pack(value, len)))
		ereport(ERROR,
				(errcode(ERRCODE_YB_UNKNOWN_CODE),
				 errmsg("%s \"%s\" is not known", column, value),
				 errhint("Known: %s.", _(claim_code_list(CF_insutype))),
				 err_generic_string(PG_DIAG_COLUMN_NAME, column)));
}

/* A text longer than an index takes would fail there. */
static void
check_length(const char *column, Datum value)
{
	if (toast_raw_datum_size(value) - VARHDRSZ > KEY_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_TYPE),
				 errmsg("%s is longer than %d bytes", column, KEY_MAX),
				 errhint("Rows are found by it: give a short one."),
				 err_generic_string(PG_DIAG_COLUMN_NAME, column)));
}

void
money_row_check_values(const MoneyRow *row)
{
	Bitmapset  *indexed = RelationGetIndexAttrBitmap(row->td->tg_relation, INDEX_ATTR_BITMAP_OF_INDEXES);

	for (int i = 0; i < row->desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(row->desc, i);
		const char *column = NameStr(att->attname);

		if (row->nulls[i] || att->attisdropped)
			continue;
		if (att->atttypid == DATEOID)
			check_day(column, DatumGetDateADT(row->values[i]));
		else if (att->atttypid == NUMERICOID)
			check_finite(column, row->values[i]);
		else if (att->atttypid == INT4OID)
			check_number(row->table, column, DatumGetInt32(row->values[i]));
		else if (att->atttypid == TEXTOID && strcmp(column, "insutype") == 0)
			check_scheme(column, TextDatumGetCString(row->values[i]));
		else if (att->atttypid == TEXTARRAYOID || att->atttypid == NUMERICARRAYOID)
			check_list(column, att->atttypid == TEXTARRAYOID ? TEXTOID : NUMERICOID, row->values[i]);
		if (att->atttypid == TEXTOID && bms_is_member(i + 1 - FirstLowInvalidHeapAttributeNumber, indexed))
			check_length(column, row->values[i]);
		/* part of person_id */
		if (strcmp(row->table, "tax_person") == 0 && strcmp(column, "psn_no") == 0)
			check_length(column, row->values[i]);
	}
	bms_free(indexed);
}

/* ---- the row as it will be booked ---------------------------------------------------------- */

static bool
was_given(const MoneyRow *row, int i)
{
	return !heap_attisnull(row->td->tg_trigtuple, i + 1, row->desc);
}

static void
check_results(const MoneyRow *row)
{
	for (size_t t = 0; t < lengthof(results); t++)
	{
		if (strcmp(results[t].table, row->table) != 0)
			continue;
		for (int k = 0; k < (int) lengthof(results[t].columns) && results[t].columns[k] != NULL; k++)
		{
			const char *column = results[t].columns[k];
			int			i = SPI_fnumber(row->desc, column) - 1;

			if (i >= 0 && !row->filled[i] && was_given(row, i))
				ereport(ERROR,
						(errcode(ERRCODE_YB_RESULT_GIVEN),
						 errmsg("%s is given as %s, but this row has none", column,
								SPI_getvalue(row->td->tg_trigtuple, row->desc, i + 1)),
						 errhint("Leave the column out: it is filled."),
						 err_generic_string(PG_DIAG_COLUMN_NAME, column)));
		}
	}
}

/* What a NOT NULL would refuse, and names and reasons that say nothing. */
static void
check_missing(const MoneyRow *row)
{
	for (int i = 0; i < row->desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(row->desc, i);

		/* the digest is of all the others, and comes last */
		if (!att->attnotnull || att->attisdropped || strcmp(NameStr(att->attname), "row_hash") == 0)
			continue;
		if (row->nulls[i] ||
			(att->atttypid == TEXTOID && fund_blank(TextDatumGetCString(row->values[i]))))
			money_row_missing(row, NameStr(att->attname));
	}
}

static bool
is_one_of(const char *table, const char *const *tables, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(tables[i], table) == 0)
			return true;
	return false;
}

/* What the row names in another table is there, be it of somebody who has not committed. */
static void
check_named(const MoneyRow *row)
{
	ListCell   *lc;

	foreach(lc, RelationGetFKeyList(row->td->tg_relation))
	{
		ForeignKeyCacheInfo *fk = lfirst(lc);
		int			i = fk->conkey[0] - 1;
		Relation	rel;
		const char *column = NameStr(TupleDescAttr(row->desc, i)->attname);
		const char *table;

		if (fk->nkeys != 1 || row->nulls[i] || !was_given(row, i))
			continue;
		rel = table_open(fk->confrelid, AccessShareLock);
		table = pstrdup(RelationGetRelationName(rel));
		if (!unique_value_there(rel, fk->confkey[0], row->values[i]))
		{
			char	   *value = SPI_getvalue(row->td->tg_trigtuple, row->desc, i + 1);

			if (is_one_of(table, code_tables, lengthof(code_tables)))
				ereport(ERROR,
						(errcode(ERRCODE_YB_UNKNOWN_CODE),
						 errmsg("%s \"%s\" is not known", column, value),
						 errhint("Those known are the rows of table %s.", table),
						 err_generic_string(PG_DIAG_COLUMN_NAME, column)));
			ereport(ERROR,
					(errcode(ERRCODE_YB_DOES_NOT_FIT),
					 errmsg("%s names %s, which is not in table %s", column, value, table),
					 errhint("Insert that first, or correct the name."),
					 err_generic_string(PG_DIAG_COLUMN_NAME, column)));
		}
		table_close(rel, NoLock);
	}
}

/* "from_day is 2018-01-02, to_day is 2018-01-01" of the columns that an expression reads. */
static char *
values_of(const MoneyRow *row, Node *expr)
{
	Bitmapset  *columns = NULL;
	StringInfoData said;
	int			k = -1;

	pull_varattnos(expr, 1, &columns);
	initStringInfo(&said);
	while ((k = bms_next_member(columns, k)) >= 0)
	{
		int			i = k + FirstLowInvalidHeapAttributeNumber - 1;
		Form_pg_attribute att = TupleDescAttr(row->desc, i);
		Oid			out;
		bool		varlena;

		getTypeOutputInfo(att->atttypid, &out, &varlena);
		appendStringInfo(&said, "%s%s = %s", said.len > 0 ? ", " : "", NameStr(att->attname),
						 row->nulls[i] ? "NULL" : att->atttypid == DATEOID ? fund_day(DatumGetDateADT(row->values[i])) :
						 OidOutputFunctionCall(out, row->values[i]));
	}
	return said.data;
}

/* What a CHECK would refuse. */
static void
check_together(const MoneyRow *row)
{
	TupleConstr *constr = row->desc->constr;
	EState	   *estate;
	TupleTableSlot *slot;

	if (constr == NULL || !is_one_of(row->table, seldom, lengthof(seldom)))
		return;
	estate = CreateExecutorState();
	slot = MakeSingleTupleTableSlot(row->desc, &TTSOpsVirtual);
	memcpy(slot->tts_values, row->values, sizeof(Datum) * row->desc->natts);
	memcpy(slot->tts_isnull, row->nulls, sizeof(bool) * row->desc->natts);
	ExecStoreVirtualTuple(slot);
	GetPerTupleExprContext(estate)->ecxt_scantuple = slot;
	for (int i = 0; i < constr->num_check; i++)
	{
		Node	   *expr = stringToNode(constr->check[i].ccbin);
		const char *rel = RelationGetRelationName(row->td->tg_relation);

		if (!ExecCheck(ExecPrepareExpr((Expr *) expr, estate), GetPerTupleExprContext(estate)))
			ereport(ERROR,
					(errcode(ERRCODE_YB_AMOUNT_RANGE),
					 errmsg("table %s takes no row with %s", rel, values_of(row, expr)),
					 errhint("The rule is: %s.",
							 deparse_expression(expr, deparse_context_for(rel, RelationGetRelid(row->td->tg_relation)), false, false)),
					 errtableconstraint(row->td->tg_relation, constr->check[i].ccname)));
	}
	ExecDropSingleTupleTableSlot(slot);
	FreeExecutorState(estate);
}

void
money_row_check_whole(const MoneyRow *row)
{
	check_results(row);
	check_missing(row);
	check_named(row);
	check_together(row);
}

void
fund_check_row(TriggerData *td, const char *table)
{
	TupleDesc	desc = RelationGetDescr(td->tg_relation);
	MoneyRow	row = {.td = td, .table = table, .desc = desc};

	row.values = palloc_array(Datum, desc->natts);
	row.nulls = palloc_array(bool, desc->natts);
	row.filled = palloc0_array(bool, desc->natts);
	heap_deform_tuple(td->tg_trigtuple, desc, row.values, row.nulls);
	money_row_check_values(&row);
	money_row_check_whole(&row);
}
