/*
 * item.c
 *	  item_split(): one fee line; item_total(): the header amounts of many.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "claim/amount.h"
#include "claim/item.h"
#include "errcodes.h"

const char *const item_field_names[IF_COUNT] = {
	"chrgitm_lv", "cnt", "pric", "det_item_fee_sumamt", "pric_uplmt_amt", "selfpay_prop",
	"enter_prop", "enter_upto", "enter_way", "cnt_before"
};

const char *const item_column_names[IC_COUNT] = {
	"det_item_fee_sumamt", "fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt"
};

/* ---- numbers -------------------------------------------------------------------- */

static char *
numeric_text(Datum value)
{
	return DatumGetCString(DirectFunctionCall1(numeric_out, value));
}

static char *
clipped(const char *s)
{
	return pnstrdup(s, pg_mbcliplen(s, (int) Min(strlen(s), 200), 60));
}

static char *
fen_text(Fen fen)
{
	return numeric_text(NumericGetDatum(int64_div_fast_to_numeric(fen, 2)));
}

static void need(const char *name, const char *hint) pg_attribute_noreturn();

static void
need(const char *name, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_FIELD_NULL),
			 errmsg("%s of the fee line is NULL, and money depends on it", name),
			 errhint("%s", _(hint))));
}

/*
 * A finite numeric as a whole number of 10^-decimals (two and more).  What has
 * no more decimals than an amount is read as one; else the digits are taken from
 * its text: a count may have four, a price six.
 */
static int64
scaled(const char *name, Datum value, int decimals, bool may_be_negative)
{
	char	   *text;
	const char *s;
	bool		negative;
	int64		v = 0;
	int			place = -1;		/* of the next digit after the point */

	if (amount_from_numeric(value, &v) == AMOUNT_OK)
	{
		static const int64 hundredth[] = {1, 10, 100, 1000, 10000};

		if (v <= ITEM_MAX / hundredth[decimals - 2])
			return v * hundredth[decimals - 2];
	}

	v = 0;
	text = numeric_text(value);
	s = text;
	negative = *s == '-';
	if (negative)
		s++;
	if (*s < '0' || *s > '9')
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_RANGE),
				 errmsg("%s %s is not a number of a fee line", name, text),
				 errhint("Send a finite number, or NULL where it is unknown.")));
	for (; *s != '\0'; s++)
	{
		if (*s == '.')
		{
			place = 0;
			continue;
		}
		if (place >= decimals)
		{
			if (*s != '0')
				ereport(ERROR,
						(errcode(ERRCODE_YB_AMOUNT_SCALE),
						 errmsg_plural("%s %s has more than %d decimal",
									   "%s %s has more than %d decimals",
									   decimals, name, clipped(text), decimals),
						 errdetail("Nothing is rounded before it is multiplied."),
						 errhint("Send it as the national interface has it: counts with 4 decimals, unit prices with 6, ratios with 4, amounts with 2.")));
			continue;
		}
		if (place >= 0)
			place++;
		v = v * 10 + (*s - '0');
		if (v > ITEM_MAX)
			break;
	}
	for (place = Max(place, 0); place < decimals && v <= ITEM_MAX; place++)
		v *= 10;
	if (v > ITEM_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_RANGE),
				 errmsg("%s %s is too large for a fee line", name, clipped(text)),
				 errdetail("It has at most 16 digits, %d of them decimals.", decimals),
				 errhint("Prices are yuan; check that this one was not sent in another unit.")));
	if (negative && v != 0 && !may_be_negative)
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_RANGE),
				 errmsg("%s %s of a fee line is negative", name, clipped(text)),
				 errhint("In a return only cnt and the amounts are negative.")));
	pfree(text);
	return negative ? -v : v;
}

int64
item_cnt(const char *name, NullableDatum v)
{
	if (v.isnull)
		need(name, gettext_noop("Send the quantity; in a return it is negative."));
	return scaled(name, v.value, ITEM_CNT_DECIMALS, true);
}

static Ratio
ratio(const char *name, Datum value)
{
	int64		v = scaled(name, value, 4, false);

	if (v > 10000)
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_RANGE),
				 errmsg("%s %s is not a ratio from 0 to 1", name, clipped(numeric_text(value))),
				 errhint("10%% is 0.10: divide what comes in percent by 100.")));
	return v * (RATIO_ONE / 10000);
}

/* ---- terms ----------------------------------------------------------------------- */

static char *
code(Datum value)
{
	char	   *s = TextDatumGetCString(value);
	size_t		n = strlen(s);

	while (n > 0 && s[n - 1] == ' ')
		s[--n] = '\0';
	return s;
}

static ItemClass
class_of(NullableDatum v)
{
	char	   *s = v.isnull ? NULL : code(v.value);

	if (s == NULL || *s == '\0')
		need("chrgitm_lv", gettext_noop("No catalogue row may hold at the provider's place on the line's date; what is outside the catalogue is 03."));
	for (int i = 0; i < ITEM_CLASS_COUNT; i++)
	{
		if (strcmp(s, item_class_codes[i]) == 0)
		{
			pfree(s);
			return (ItemClass) i;
		}
	}
	ereport(ERROR,
			(errcode(ERRCODE_YB_UNKNOWN_CODE),
			 errmsg("chrgitm_lv \"%s\" is not in the code list", clipped(s)),
			 errhint("01 (class A), 02 (class B), 03 (class C), 04 (class C that is reimbursed).")));
	return ITEM_C;
}

static ItemEnterWay
way_of(NullableDatum v)
{
	char	   *s;

	if (v.isnull)
		need("enter_way", gettext_noop("With more than one band it is 'whole' (the band of the unit price holds for all of it) or 'excess' (each band for the part of the price within it): the law has to say which."));
	s = code(v.value);
	if (strcmp(s, "whole") != 0 && strcmp(s, "excess") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_UNKNOWN_CODE),
				 errmsg("enter_way \"%s\" is not in the code list", clipped(s)),
				 errhint("whole or excess.")));
	return *s == 'w' ? ITEM_ENTER_WHOLE : ITEM_ENTER_EXCESS;
}

static void bad_bands(const char *detail) pg_attribute_noreturn();

static void
bad_bands(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_POLICY_GAP),
			 errmsg("the bands of enter_upto and enter_prop do not follow each other"),
			 errdetail("%s", _(detail)),
			 errhint("Example: enter_upto {200} with enter_prop {1.00,0.70}: up to 200 yuan whole, above it 70%%.")));
}

/* What enters: enter_prop has a share for each band, enter_upto where each but the last ends. */
static void
read_bands(const NullableDatum v[IF_COUNT], ItemTerms *terms)
{
	ArrayType  *array;
	Datum	   *value;
	bool	   *isnull;
	int			n;
	int			nupto = 0;

	terms->nbands = 0;
	if (v[IF_enter_prop].isnull)
	{
		if (!v[IF_enter_upto].isnull)
			need("enter_prop", gettext_noop("enter_upto has bands of unit prices; enter_prop has the share of each that enters."));
		return;
	}
	array = DatumGetArrayTypeP(v[IF_enter_prop].value);
	deconstruct_array(array, NUMERICOID, -1, false, TYPALIGN_INT, &value, &isnull, &n);
	if (n < 1 || n > ITEM_MAX_BANDS || ARR_NDIM(array) != 1)
		bad_bands(gettext_noop("There are 1 to 16 bands, in arrays of one dimension."));
	terms->nbands = n;
	for (int i = 0; i < n; i++)
	{
		if (isnull[i])
			need("enter_prop", gettext_noop("Each band has a share that enters, from 0 to 1."));
		terms->band[i].prop = ratio("enter_prop", value[i]);
		terms->band[i].upto = ITEM_NO_LIMIT;
	}

	if (!v[IF_enter_upto].isnull)
	{
		array = DatumGetArrayTypeP(v[IF_enter_upto].value);
		deconstruct_array(array, NUMERICOID, -1, false, TYPALIGN_INT, &value, &isnull, &nupto);
		/* the last may be written as NULL: without end */
		if (nupto == n && isnull[n - 1])
			nupto--;
	}
	if (nupto != n - 1)
		bad_bands(gettext_noop("There is one end less than there are shares: the last band has none."));
	for (int i = 0; i < nupto; i++)
	{
		if (isnull[i])
			bad_bands(gettext_noop("Only the last band has no end."));
		terms->band[i].upto = scaled("enter_upto", value[i], ITEM_PRIC_DECIMALS, false);
		if (terms->band[i].upto <= (i == 0 ? 0 : terms->band[i - 1].upto))
			bad_bands(gettext_noop("The ends rise from band to band, from above 0."));
	}
	if (n > 1)
		terms->enter_way = way_of(v[IF_enter_way]);
}

static void
read_terms(const NullableDatum v[IF_COUNT], ItemTerms *terms)
{
	terms->cls = class_of(v[IF_chrgitm_lv]);
	if (v[IF_pric].isnull)
		need("pric", gettext_noop("Send the unit price in yuan."));
	terms->pric = scaled("pric", v[IF_pric].value, ITEM_PRIC_DECIMALS, false);
	terms->pric_uplmt = ITEM_NO_LIMIT;
	terms->selfpay_prop = 0;
	terms->nbands = 0;
	terms->enter_way = ITEM_ENTER_WHOLE;
	if (terms->cls == ITEM_C)
		return;					/* nothing else is read */

	if (!v[IF_pric_uplmt_amt].isnull)
		terms->pric_uplmt = scaled("pric_uplmt_amt", v[IF_pric_uplmt_amt].value,
								   ITEM_PRIC_DECIMALS, false);
	if (!v[IF_selfpay_prop].isnull)
		terms->selfpay_prop = ratio("selfpay_prop", v[IF_selfpay_prop].value);
	else if (terms->cls != ITEM_A)
		need("selfpay_prop", gettext_noop("Classes 02 and 04 have a first self-pay; where it is nothing, send 0."));
	if (terms->cls == ITEM_A && terms->selfpay_prop != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_PARTS),
				 errmsg("selfpay_prop %s does not go with chrgitm_lv 01",
						numeric_text(v[IF_selfpay_prop].value)),
				 errdetail("Class A has no first self-pay."),
				 errhint("Send chrgitm_lv 02, or selfpay_prop 0.")));
	read_bands(v, terms);
}

/* ---- one line ---------------------------------------------------------------------- */

/* The quantity that stands before the line: a return takes from it. */
static int64
before_of(const NullableDatum v[IF_COUNT], int64 cnt)
{
	int64		before;

	if (v[IF_cnt_before].isnull)
		return cnt < 0 ? -cnt : 0;
	before = scaled("cnt_before", v[IF_cnt_before].value, ITEM_CNT_DECIMALS, false);
	if (cnt >= 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_PARTS),
				 errmsg("cnt_before is given for a fee line that is no return"),
				 errdetail("cnt is %s.", numeric_text(v[IF_cnt].value)),
				 errhint("Leave cnt_before NULL unless cnt is negative.")));
	if (before + cnt < 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_PARTS),
				 errmsg("more is returned than there is: cnt %s of %s",
						numeric_text(v[IF_cnt].value), numeric_text(v[IF_cnt_before].value)),
				 errhint("Less what was returned before, a line can be returned once.")));
	return before;
}

static void
check_sumamt(const NullableDatum v[IF_COUNT], const ItemParts *parts)
{
	const NullableDatum *given = &v[IF_det_item_fee_sumamt];

	if (given->isnull || scaled("det_item_fee_sumamt", given->value, 2, true) == parts->sumamt)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_YB_PARTS),
			 errmsg("det_item_fee_sumamt %s is not cnt x pric, which is %s",
					numeric_text(given->value), fen_text(parts->sumamt)),
			 errdetail("cnt %s, pric %s, rounded half up to the fen; a return leaves what the rest would cost.",
					   numeric_text(v[IF_cnt].value), numeric_text(v[IF_pric].value)),
			 errhint("Correct the line, or leave det_item_fee_sumamt NULL to have it filled.")));
}

void
item_line_split(const NullableDatum v[IF_COUNT], ItemParts *parts)
{
	ItemTerms	terms;
	int64		cnt;

	read_terms(v, &terms);
	cnt = item_cnt("cnt", v[IF_cnt]);
	if (!item_change(&terms, before_of(v, cnt), cnt, parts))
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_RANGE),
				 errmsg("cnt %s x pric %s is too large", numeric_text(v[IF_cnt].value),
						numeric_text(v[IF_pric].value)),
				 errdetail("The largest amount is 99999999999999.99 yuan."),
				 errhint("Prices are yuan; check that this one was not sent in another unit.")));
	check_sumamt(v, parts);
}

/* A composite of amounts; columns of a later version are NULL. */
static Datum
amounts_row(FunctionCallInfo fcinfo, const Fen *fen, int n)
{
	TupleDesc	desc = fcinfo->flinfo->fn_extra;
	AmountBuffer unused;
	Datum	   *values;
	bool	   *nulls;

	if (desc == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);

		if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "the function does not return a row of amounts");
		desc = BlessTupleDesc(CreateTupleDescCopy(desc));
		fcinfo->flinfo->fn_extra = desc;
		MemoryContextSwitchTo(old);
		(void) amount_to_buffer(0, &unused);	/* finds out whether there is a fast way */
	}
	values = palloc0_array(Datum, desc->natts);
	nulls = palloc_array(bool, desc->natts);
	for (int i = 0; i < desc->natts; i++)
	{
		nulls[i] = i >= n;
		if (i < n)
			values[i] = amount_to_numeric(fen[i]);
	}
	return HeapTupleGetDatum(heap_form_tuple(desc, values, nulls));
}

PG_FUNCTION_INFO_V1(yibao_item_split);
Datum
yibao_item_split(PG_FUNCTION_ARGS)
{
	NullableDatum v[IF_COUNT];
	ItemParts	parts;
	Fen			fen[IC_COUNT];

	yibao_check_version();
	for (int i = 0; i < IF_COUNT; i++)
	{
		v[i].isnull = i >= PG_NARGS() || PG_ARGISNULL(i);
		v[i].value = v[i].isnull ? (Datum) 0 : PG_GETARG_DATUM(i);
	}
	item_line_split(v, &parts);
	item_parts_array(&parts, fen);
	PG_RETURN_DATUM(amounts_row(fcinfo, fen, IC_COUNT));
}

/* ---- the header --------------------------------------------------------------------- */

/* The state of item_total: sums in fen, an array as bigint[] has it. */
typedef struct TotalState
{
	ArrayType	head;
	int			dim;
	int			lbound;
	int64		v[IC_COUNT];
} TotalState;

static TotalState *
state_of(Datum value)
{
	TotalState *state = (TotalState *) PG_DETOAST_DATUM(value);

	if (VARSIZE(state) != sizeof(TotalState) || state->head.ndim != 1 ||
		state->head.dataoffset != 0 || state->head.elemtype != INT8OID || state->dim != IC_COUNT)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_TYPE),
				 errmsg("this is no state of item_total()"),
				 errhint("Its parts are not for calling; write yibao.item_total(...).")));
	return state;
}

/* The state to change: the aggregate's own, or a copy for who calls the function by itself. */
static TotalState *
own_state(FunctionCallInfo fcinfo)
{
	MemoryContext cxt;
	bool		aggregate = AggCheckCallContext(fcinfo, &cxt);
	TotalState *state;

	if (PG_ARGISNULL(0))
	{
		state = aggregate ? MemoryContextAllocZero(cxt, sizeof(TotalState)) : palloc0_object(TotalState);
		SET_VARSIZE(state, sizeof(TotalState));
		state->head.ndim = 1;
		state->head.elemtype = INT8OID;
		state->dim = IC_COUNT;
		state->lbound = 1;
		return state;
	}
	state = state_of(PG_GETARG_DATUM(0));
	if (!aggregate)
	{
		TotalState *copy = palloc_object(TotalState);

		*copy = *state;
		return copy;
	}
	return state;
}

static void
add_amount(TotalState *state, int i, Fen fen)
{
	if (!fen_add(state->v[i], fen, &state->v[i]))
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_RANGE),
				 errmsg("the sum of %s is too large", item_column_names[i]),
				 errdetail("The largest amount is 99999999999999.99 yuan."),
				 errhint("Prices are yuan; check that they were not sent in another unit.")));
}

PG_FUNCTION_INFO_V1(yibao_item_total_add);
Datum
yibao_item_total_add(PG_FUNCTION_ARGS)
{
	TotalState *state = own_state(fcinfo);
	HeapTupleHeader header;
	HeapTupleData tuple;
	TupleDesc	desc;
	Fen			fen[IC_COUNT];

	if (PG_ARGISNULL(1))
		need("item_split", gettext_noop("An outer join may have found no line; FILTER (WHERE ...) leaves such rows out."));
	header = PG_GETARG_HEAPTUPLEHEADER(1);
	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(header), HeapTupleHeaderGetTypMod(header));
	tuple.t_len = HeapTupleHeaderGetDatumLength(header);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = header;
	for (int i = 0; i < IC_COUNT; i++)
	{
		bool		isnull;
		Datum		value = heap_getattr(&tuple, i + 1, desc, &isnull);

		if (isnull)
			need(item_column_names[i], gettext_noop("Give item_total() what item_split() returned."));
		if (!(amount_layout_known && amount_from_plain(value, &fen[i])) && amount_from_numeric(value, &fen[i]) != AMOUNT_OK)
			fen[i] = scaled(item_column_names[i], value, 2, true);
	}
	ReleaseTupleDesc(desc);
	if (fen[IC_det_item_fee_sumamt] != fen[IC_fulamt_ownpay_amt] + fen[IC_overlmt_amt] +
		fen[IC_preselfpay_amt] + fen[IC_inscp_scp_amt])
		ereport(ERROR,
				(errcode(ERRCODE_YB_PARTS),
				 errmsg("the parts of a fee line do not add up to det_item_fee_sumamt %s",
						fen_text(fen[IC_det_item_fee_sumamt])),
				 errdetail("fulamt_ownpay_amt %s, overlmt_amt %s, preselfpay_amt %s, inscp_scp_amt %s.",
						   fen_text(fen[IC_fulamt_ownpay_amt]), fen_text(fen[IC_overlmt_amt]),
						   fen_text(fen[IC_preselfpay_amt]), fen_text(fen[IC_inscp_scp_amt])),
				 errhint("Give item_total() what item_split() returned.")));
	for (int i = 0; i < IC_COUNT; i++)
		add_amount(state, i, fen[i]);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(yibao_item_total_merge);
Datum
yibao_item_total_merge(PG_FUNCTION_ARGS)
{
	TotalState *state;
	TotalState *other;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	state = own_state(fcinfo);
	other = state_of(PG_GETARG_DATUM(1));
	for (int i = 0; i < IC_COUNT; i++)
		add_amount(state, i, other->v[i]);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(yibao_item_total_end);
Datum
yibao_item_total_end(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(amounts_row(fcinfo, state_of(PG_GETARG_DATUM(0))->v, IC_COUNT));
}

/* ---- the catalogue --------------------------------------------------------------------- */

static void two_rows(FunctionCallInfo fcinfo, Datum a, Datum b) pg_attribute_noreturn();

static void
two_rows(FunctionCallInfo fcinfo, Datum a, Datum b)
{
	Oid			type = get_fn_expr_argtype(fcinfo->flinfo, 1);
	Oid			output = InvalidOid;
	bool		varlena;

	if (OidIsValid(type))
		getTypeOutputInfo(type, &output, &varlena);
	ereport(ERROR,
			(errcode(ERRCODE_YB_POLICY_CONFLICT),
			 errmsg("two rows of the catalogue hold at once"),
			 !OidIsValid(output) ? 0 :
			 errdetail("%s and %s.", clipped(OidOutputFunctionCall(output, a)),
					   clipped(OidOutputFunctionCall(output, b))),
			 errhint("On one day one row holds for an item and a place: let the first end before the second begins, and leave no local row beside the province's.")));
}

/* Both ways round: the next row, or what another worker found. */
PG_FUNCTION_INFO_V1(yibao_catalogue_pick_next);
Datum
yibao_catalogue_pick_next(PG_FUNCTION_ARGS)
{
	if (!PG_ARGISNULL(0) && !PG_ARGISNULL(1))
		two_rows(fcinfo, PG_GETARG_DATUM(0), PG_GETARG_DATUM(1));
	if (!PG_ARGISNULL(0))
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	if (!PG_ARGISNULL(1))
		PG_RETURN_DATUM(PG_GETARG_DATUM(1));
	PG_RETURN_NULL();
}

/* The divisions a place lies in, from itself to the country; each once. */
PG_FUNCTION_INFO_V1(yibao_catalogue_places);
Datum
yibao_catalogue_places(PG_FUNCTION_ARGS)
{
	char	   *place = code(PG_GETARG_DATUM(0));
	Datum		places[4];
	int			n = 0;

	if (strlen(place) != 6 || strspn(place, "0123456789") != 6)
		ereport(ERROR,
				(errcode(ERRCODE_YB_UNKNOWN_CODE),
				 errmsg("admdvs \"%s\" is no administrative division", clipped(place)),
				 errhint("Six digits, such as 620522 for 秦安县.")));
	places[n++] = CStringGetTextDatum(place);
	for (int kept = 4; kept > 0; kept -= 2)
	{
		if (place[kept] == '0' && place[kept + 1] == '0')
			continue;
		place[kept] = place[kept + 1] = '0';
		places[n++] = CStringGetTextDatum(place);
	}
	if (strcmp(place, "100000") != 0)
		places[n++] = CStringGetTextDatum("100000");
	PG_RETURN_ARRAYTYPE_P(construct_array(places, n, TEXTOID, -1, false, TYPALIGN_INT));
}
