/*
 * functions.c
 *	  settle(), and the composite that it returns; best_category().
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "nodes/nodeFuncs.h"
#include "nodes/primnodes.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "claim/amount.h"
#include "claim/call.h"
#include "claim/claim.h"
#include "claim/convert.h"
#include "compat.h"
#include "errcodes.h"

/* ---- one settlement ----------------------------------------------------------- */

static inline ClaimOrigin
origin_of(const ClaimReader *reader)
{
	return reader != NULL ? CLAIM_IS_ROW : CLAIM_IS_JSONB;
}

void
claim_settle(const CompiledPolicy *cp, const Claim *claim,
			 const ClaimReader *reader, Settlement *out, int64 cum_out[])
{
	CoreError	err;

	if (unlikely(!settle(cp->core, claim, out, NULL, &err)) ||
		(cum_out != NULL && unlikely(!settle_advance(claim, out, cum_out, &err))))
		claim_report(cp, claim, origin_of(reader), &err);
}

void
claim_explain(const CompiledPolicy *cp, const Claim *claim,
			  const ClaimReader *reader, Settlement *out, Trace *trace)
{
	CoreError	err;

	if (!settle(cp->core, claim, out, trace, &err))
		claim_report(cp, claim, origin_of(reader), &err);
}

/* ---- yibao.settlement ----------------------------------------------------------- */

typedef enum OtherColumn
{
	OUT_RATIO = SA_COUNT,
	OUT_BENEFIT,
	OUT_POOL,
	OUT_GROUP,
	OUT_DUE,
	OUT_CUM,
	OUT_ZERO,					/* an amount of a scheme that is not ours */
	OUT_NULL					/* a column that this library does not know */
} OtherColumn;

typedef struct CumArray
{
	ArrayType	head;
	int			dim;
	int			lbound;
	int64		v[CUM_COUNT];
} CumArray;

struct SettlementWriter
{
	MemoryContext cxt;
	TypeCacheEntry *type;		/* of the result */
	uint64		identifier;
	TupleDesc	tupdesc;
	int			natts;
	uint8	   *source;			/* SettlementAmount or OtherColumn, by column */
	bits8	   *given;			/* null bitmap of a tuple without nulls */
	int			nothers;		/* columns that are no amount and no ratio */
	int		   *others;
	bool		packable;		/* write_packed() can do it */
	Size		room;			/* of its header and amounts, at most */
	char		header[SizeofHeapTupleHeader];
	AmountBuffer *buffers;
	Datum	   *values;
	bool	   *nulls;
	Datum		zero;
	Datum		benefit[BEN_COUNT];
	char	   *pool_name;		/* the last one, and as text */
	Datum		pool;
	CumArray	cum;
};

/* Amounts of the national vector that belong to employee schemes. */
static const char *const zero_columns[] = {
	"cvlserv_pay", "hifes_pay", "hifob_pay", "hifdm_pay"
};

static uint8
column_source(const char *name, Oid type)
{
	if (type == NUMERICOID)
	{
		for (int i = 0; i < SA_COUNT; i++)
		{
			if (strcmp(settlement_names[i], name) == 0)
				return (uint8) i;
		}
		for (int i = 0; i < (int) lengthof(zero_columns); i++)
		{
			if (strcmp(zero_columns[i], name) == 0)
				return OUT_ZERO;
		}
		if (strcmp(name, "pool_prop_selfpay") == 0)
			return OUT_RATIO;
	}
	if (type == TEXTOID && strcmp(name, "benefit") == 0)
		return OUT_BENEFIT;
	if (type == TEXTOID && strcmp(name, "pool") == 0)
		return OUT_POOL;
	if (type == TEXTOID && strcmp(name, "dedc_grp") == 0)
		return OUT_GROUP;
	if (type == DATEOID && strcmp(name, "hifmi_due") == 0)
		return OUT_DUE;
	if (type == INT8ARRAYOID && strcmp(name, "cum") == 0)
		return OUT_CUM;
	return OUT_NULL;
}

/* The result type may gain columns while a session keeps the function's state. */
static void
find_columns(SettlementWriter *w)
{
	MemoryContext old = MemoryContextSwitchTo(w->cxt);

	w->type = lookup_type_cache(w->type->type_id, TYPECACHE_TUPDESC);
	w->identifier = w->type->tupDesc_identifier;
	w->tupdesc = BlessTupleDesc(CreateTupleDescCopy(w->type->tupDesc));
	w->natts = w->tupdesc->natts;
	w->source = palloc_array(uint8, w->natts);
	w->buffers = palloc_array(AmountBuffer, w->natts);
	w->values = palloc0_array(Datum, w->natts);
	w->nulls = palloc0_array(bool, w->natts);
	w->given = palloc0(BITMAPLEN(w->natts));
	w->nothers = 0;
	w->others = palloc_array(int, w->natts);
	w->packable = amount_packable();
	w->room = MAXALIGN(SizeofHeapTupleHeader + BITMAPLEN(w->natts)) +
		w->natts * sizeof(AmountBuffer);
	for (int i = 0; i < w->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(w->tupdesc, i);

		w->source[i] = att->attisdropped ? OUT_NULL :
			column_source(NameStr(att->attname), att->atttypid);
		if (w->source[i] == OUT_NULL)
			w->nulls[i] = true;
		else if (w->source[i] == OUT_ZERO)
			w->values[i] = w->zero;
		else if (w->source[i] == OUT_CUM)
			w->values[i] = PointerGetDatum(&w->cum);
		if (w->source[i] > OUT_RATIO && w->source[i] != OUT_ZERO)
			w->others[w->nothers++] = i;
		if (w->source[i] != OUT_NULL)
			w->given[i >> 3] |= 1 << (i & 7);
		if (w->source[i] != OUT_NULL && w->source[i] != OUT_DUE && att->attstorage == TYPSTORAGE_PLAIN)
			w->packable = false;	/* no short headers */
	}
	{
		bool	   *all_null = palloc_array(bool, w->natts);
		HeapTuple	tuple;

		memset(all_null, true, w->natts);
		tuple = heap_form_tuple(w->tupdesc, w->values, all_null);
		memcpy(w->header, tuple->t_data, SizeofHeapTupleHeader);
	}
	MemoryContextSwitchTo(old);
}

SettlementWriter *
settlement_writer_create(FunctionCallInfo fcinfo)
{
	MemoryContext cxt = fcinfo->flinfo->fn_mcxt;
	MemoryContext old = MemoryContextSwitchTo(cxt);
	SettlementWriter *w = palloc0(sizeof(SettlementWriter));
	Oid			type;

	if (get_call_result_type(fcinfo, &type, NULL) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "the function does not return yibao.settlement");
	w->cxt = cxt;
	w->type = lookup_type_cache(type, TYPECACHE_TUPDESC);
	w->zero = amount_to_numeric(0);
	for (int i = 0; i < BEN_COUNT; i++)
		w->benefit[i] = CStringGetTextDatum(benefit_names[i]);

	SET_VARSIZE(&w->cum, sizeof(CumArray));
	w->cum.head.ndim = 1;
	w->cum.head.dataoffset = 0;
	w->cum.head.elemtype = INT8OID;
	w->cum.dim = CUM_COUNT;
	w->cum.lbound = 1;
	find_columns(w);
	MemoryContextSwitchTo(old);
	return w;
}

static void
keep_pool(SettlementWriter *w, const char *name)
{
	MemoryContext old;

	if (w->pool_name != NULL && strcmp(w->pool_name, name) == 0)
		return;
	old = MemoryContextSwitchTo(w->cxt);
	if (w->pool_name != NULL)
	{
		pfree(w->pool_name);
		pfree(DatumGetPointer(w->pool));
	}
	w->pool_name = pstrdup(name);
	w->pool = CStringGetTextDatum(name);
	MemoryContextSwitchTo(old);
}

/* numeric(5,4), as the national interface has it. */
static inline int64
ratio_of(const Settlement *s)
{
	return settlement_prop4(s);
}

/* All columns but amounts and the ratio, and which are null. */
static void
other_values(SettlementWriter *w, const Policy *policy, const Settlement *s,
			 const int64 cum[])
{
	int32		due = 0;

	for (int k = 0; k < w->nothers; k++)
	{
		int			i = w->others[k];

		switch (w->source[i])
		{
			case OUT_BENEFIT:
				w->values[i] = w->benefit[s->benefit];
				break;
			case OUT_POOL:
				w->nulls[i] = s->pool < 0;
				if (s->pool >= 0)
				{
					keep_pool(w, policy->pools[s->pool]);
					w->values[i] = w->pool;
				}
				break;
			case OUT_GROUP:
				w->nulls[i] = s->group == 0;
				if (s->group > 0)
					w->values[i] = CStringGetTextDatum(policy->groups[s->group - 1]);
				break;
			case OUT_DUE:
				w->nulls[i] = !settlement_due(s, &due);
				w->values[i] = Int32GetDatum(due);
				break;
			case OUT_CUM:
				memcpy(w->cum.v, cum, sizeof(w->cum.v));
				break;
		}
	}
}

/*
 * The tuple as heap_form_tuple() makes it of the same values, written from left
 * to right: amounts straight to their place, with headers of one byte.  The
 * header is the one that heap_form_tuple() gave to a tuple of this type.
 */
static Datum
write_packed(SettlementWriter *w, const Settlement *s)
{
	char	   *tuple;
	char	   *at;
	HeapTupleHeader td;
	bool		any_null = false;
	Size		room = w->room;

	for (int k = 0; k < w->nothers; k++)
	{
		int			i = w->others[k];

		if (w->nulls[i])
			any_null = true;
		else if (w->source[i] != OUT_DUE)
			room += VARSIZE_ANY(DatumGetPointer(w->values[i]));
	}
	tuple = palloc(room);
	td = (HeapTupleHeader) tuple;
	memcpy(td, w->header, SizeofHeapTupleHeader);
	td->t_infomask &= ~HEAP_HASNULL;
	td->t_infomask |= HEAP_HASVARWIDTH;
	td->t_hoff = MAXALIGN(SizeofHeapTupleHeader);
	if (any_null)
	{
		td->t_infomask |= HEAP_HASNULL;
		td->t_hoff = MAXALIGN(SizeofHeapTupleHeader + BITMAPLEN(w->natts));
		memset(td->t_bits, 0, td->t_hoff - SizeofHeapTupleHeader);
		memcpy(td->t_bits, w->given, BITMAPLEN(w->natts));
		for (int k = 0; k < w->nothers; k++)
		{
			int			i = w->others[k];

			if (w->nulls[i])
				td->t_bits[i >> 3] &= ~(1 << (i & 7));
		}
	}
	else
		memset(tuple + SizeofHeapTupleHeader, 0, td->t_hoff - SizeofHeapTupleHeader);

	at = tuple + td->t_hoff;
	for (int i = 0; i < w->natts; i++)
	{
		uint8		source = w->source[i];
		const struct varlena *v;
		int			size;
		char	   *aligned;

		if (source <= OUT_RATIO || source == OUT_ZERO)
		{
			char	   *content = at + VARHDRSZ_SHORT;

			if (source == OUT_RATIO)
				size = ratio_pack(ratio_of(s), content);
			else
			{
				Fen			fen = source == OUT_ZERO ? 0 : s->amount[source];

				/* zero is common enough to be worth a branch */
				if (fen == 0)
					size = amount_pack_plain(0, content);
				else
					size = likely((uint64) fen <= AMOUNT_PLAIN_MAX) ?
						amount_pack_plain(fen, content) : amount_pack(fen, content);
			}
			SET_VARSIZE_SHORT(at, VARHDRSZ_SHORT + size);
			at += VARHDRSZ_SHORT + size;
			continue;
		}
		if (w->nulls[i])
			continue;
		v = (const struct varlena *) DatumGetPointer(w->values[i]);
		if (source != OUT_DUE && VARATT_CAN_MAKE_SHORT(v))
		{
			size = VARATT_CONVERTED_SHORT_SIZE(v);
			SET_VARSIZE_SHORT(at, size);
			memcpy(at + VARHDRSZ_SHORT, VARDATA(v), size - VARHDRSZ_SHORT);
			at += size;
			continue;
		}
		/* what is aligned begins after zeros: a byte that is not is a short header */
		aligned = (char *) (source == OUT_CUM ? DOUBLEALIGN(at) : INTALIGN(at));
		memset(at, 0, aligned - at);
		at = aligned;
		if (source == OUT_DUE)
		{
			int32		day = DatumGetInt32(w->values[i]);

			memcpy(at, &day, sizeof(day));
			at += sizeof(day);
		}
		else
		{
			memcpy(at, v, VARSIZE(v));
			at += VARSIZE(v);
		}
	}
	HeapTupleHeaderSetDatumLength(td, at - tuple);
	return PointerGetDatum(tuple);
}

/* A palloc'd yibao.settlement. */
Datum
settlement_write(SettlementWriter *w, const Policy *policy,
				 const Settlement *s, const int64 cum[])
{
	if (unlikely(w->type->tupDesc_identifier != w->identifier))
		find_columns(w);
	other_values(w, policy, s, cum);
	if (likely(w->packable))
		return write_packed(w, s);

	for (int i = 0; i < w->natts; i++)
	{
		if (w->source[i] < SA_COUNT)
			w->values[i] = amount_to_buffer(s->amount[w->source[i]], &w->buffers[i]);
		else if (w->source[i] == OUT_RATIO)
			w->values[i] = ratio_to_numeric(ratio_of(s) * 10000);
	}
	return HeapTupleGetDatum(heap_form_tuple(w->tupdesc, w->values, w->nulls));
}

/* ---- policy arguments ------------------------------------------------------------ */

void
claim_no_policy(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_NO_POLICY),
			 errmsg("the policy is NULL"),
			 errdetail("No policy was found for this claim."),
			 errhint("Check that one is in force on the claim's date.")));
}

void
wants_change(FieldWants *wants, const CompiledPolicy *cp)
{
	claim_fields_of(cp->core, &wants->mask);
	wants->cp = cp;
	wants->digest = digest_head(cp);
}

/* ---- settle(policy, claim) --------------------------------------------------------- */

typedef struct SettleState
{
	PolicyArg  *policy;
	ClaimArg   *claim;
	SettlementWriter *writer;
	FieldWants	wants;
	Claim		values;
} SettleState;

PG_FUNCTION_INFO_V1(yibao_settle);
Datum
yibao_settle(PG_FUNCTION_ARGS)
{
	SettleState *state = fcinfo->flinfo->fn_extra;
	CompiledPolicy *cp;
	Settlement	s;
	int64		cum[CUM_COUNT];

	if (unlikely(state == NULL))
	{
		yibao_check_version();
		state = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(SettleState));
		state->policy = policy_arg_create(fcinfo->flinfo, 0);
		state->claim = claim_arg_create(fcinfo->flinfo, 1);
		state->writer = settlement_writer_create(fcinfo);
		fcinfo->flinfo->fn_extra = state;
	}
	if (PG_ARGISNULL(0))
		claim_no_policy();

	cp = policy_arg_get(state->policy, PG_GETARG_DATUM(0));
	if (!wants_fit(&state->wants, cp))
		wants_change(&state->wants, cp);
	claim_arg_read(state->claim, PG_GETARG_DATUM(1), PG_ARGISNULL(1),
				   &state->wants.mask, &state->values);
	claim_settle(cp, &state->values, claim_arg_reader(state->claim), &s, cum);
	PG_RETURN_DATUM(settlement_write(state->writer, cp->core, &s, cum));
}

/* ---- best_category(policy, claim) -------------------------------------------------- */

PG_FUNCTION_INFO_V1(yibao_best_category);
Datum
yibao_best_category(PG_FUNCTION_ARGS)
{
	SettleState *state = fcinfo->flinfo->fn_extra;
	CompiledPolicy *cp;
	FieldMask	want;
	Settlement	s;
	int64		category;
	char		code[CODE_MAX + 1];

	if (state == NULL)
	{
		yibao_check_version();
		state = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(SettleState));
		state->policy = policy_arg_create(fcinfo->flinfo, 0);
		state->claim = claim_arg_create(fcinfo->flinfo, 1);
		fcinfo->flinfo->fn_extra = state;
	}
	if (PG_ARGISNULL(0))
		claim_no_policy();

	cp = policy_arg_get(state->policy, PG_GETARG_DATUM(0));
	claim_fields_of(cp->core, &want);
	field_want(&want, CF_psn_idet_type);
	claim_arg_read(state->claim, PG_GETARG_DATUM(1), PG_ARGISNULL(1), &want, &state->values);
	if (state->values.state[CF_psn_idet_types] == FS_GIVEN)
	{
		claim_settle(cp, &state->values, claim_arg_reader(state->claim), &s, NULL);
		category = s.category;
	}
	else if (state->values.state[CF_psn_idet_type] == FS_GIVEN)
		category = state->values.v[CF_psn_idet_type];
	else
		PG_RETURN_NULL();
	(void) code_unpack(category, code);
	PG_RETURN_TEXT_P(cstring_to_text(code));
}
