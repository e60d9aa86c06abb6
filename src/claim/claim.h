/*
 * claim.h
 *	  From any row or jsonb object to a claim, and from a claim to its
 *	  settlement: what the SQL functions and the triggers call.
 *
 * A trigger:
 *
 *		reader = claim_reader_create(RelationGetDescr(rel), mapping, cxt);	-- once
 *		claim_read_tuple(reader, tuple, CLAIM_ALL_FIELDS, &claim);			-- a row
 *		claim.v[CF_CUM_FIRST + i] = ...; claim.state[...] = FS_GIVEN;		-- opening
 *		claim_settle(cp, &claim, reader, &settlement, cum);
 *
 * Everything that is wrong with a claim is ereport(ERROR) with an SQLSTATE of
 * errcodes.h, naming the field, its value, what was expected, and a hint.
 */
#ifndef YIBAO_CLAIM_CLAIM_H
#define YIBAO_CLAIM_CLAIM_H

#include "access/htup_details.h"
#include "access/tupdesc.h"
#include "utils/jsonb.h"

#include "compat.h"
#include "core/settle.h"
#include "core/year.h"
#include "policy/policy.h"

/* ---- which fields to read ----------------------------------------------------- */

typedef struct FieldMask
{
	uint64		bits[FIELD_WORDS];
} FieldMask;

static inline bool
field_wanted(const FieldMask *mask, int field)
{
	return (mask->bits[field >> 6] >> (field & 63)) & 1;
}

static inline void
field_want(FieldMask *mask, int field)
{
	mask->bits[field >> 6] |= UINT64CONST(1) << (field & 63);
}

extern const FieldMask claim_all_fields;
#define CLAIM_ALL_FIELDS (&claim_all_fields)

/*
 * The amounts, the accumulators and what this policy's rules read.  The rest of
 * a row is left alone: a column that happens to have one of our names does no
 * harm as long as no rule asks for it.
 */
extern void claim_fields_of(const Policy *policy, FieldMask *mask);

/* ---- reading ------------------------------------------------------------------ */

/*
 * How the rows of one descriptor are read.  mapping (NULL: columns have our
 * names) is a jsonb object {field: "column" | {"value": constant}}; a field that
 * it does not name is looked for under its own name.  A mapping that does not
 * fit the descriptor is YB604.
 */
typedef struct ClaimReader ClaimReader;

extern ClaimReader *claim_reader_create(TupleDesc tupdesc, Jsonb *mapping,
										MemoryContext parent);
extern void claim_reader_free(ClaimReader *reader);

/* Was it made for a descriptor with these columns?  Look again when not. */
extern bool claim_reader_fits(const ClaimReader *reader, TupleDesc tupdesc);

/* The column (counted from 1) that a field is read from; 0: none, or constant. */
extern AttrNumber claim_reader_column(const ClaimReader *reader, ClaimField field);
extern AttrNumber claim_reader_opn_cum(const ClaimReader *reader);

/*
 * Fill *claim.  Text fields point into the tuple (or values, or object), or, if
 * that is toasted, into the current memory context.  An error (YB001, YB002,
 * YB007, YB010) is raised only for a field that is wanted.
 */
extern void claim_read_tuple(const ClaimReader *reader, HeapTuple tuple,
							 const FieldMask *want, Claim *claim);
extern void claim_read_values(const ClaimReader *reader, const Datum *values,
							  const bool *isnull, const FieldMask *want,
							  Claim *claim);
extern void claim_read_jsonb(Jsonb *object, const FieldMask *want, Claim *claim);

/*
 * A claim argument of a SQL function (type "any"): composite, record or jsonb;
 * an untyped literal is taken as jsonb text.  The state is made at the first
 * call and kept in fn_extra's memory.
 */
typedef struct ClaimArg ClaimArg;

extern ClaimArg *claim_arg_create(FmgrInfo *flinfo, int argno);
extern void claim_arg_read(ClaimArg *arg, Datum value, bool isnull,
						   const FieldMask *want, Claim *claim);

/* The reader of the last row read, NULL when that was jsonb; for claim_settle(). */
extern const ClaimReader *claim_arg_reader(const ClaimArg *arg);

/* ---- settling ----------------------------------------------------------------- */

/*
 * Settle; with cum_out (CUM_COUNT values) also the accumulators afterwards.
 * reader only serves error messages: NULL for a jsonb claim.
 */
extern void claim_settle(const CompiledPolicy *cp, const Claim *claim,
						 const ClaimReader *reader, Settlement *out,
						 int64 cum_out[]);

/* settle() with its steps. */
extern void claim_explain(const CompiledPolicy *cp, const Claim *claim,
						  const ClaimReader *reader, Settlement *out,
						  Trace *trace);

/*
 * The steps as rows of yibao.explain_step, put into the result set of a set
 * returning function declared so.
 */
extern void claim_explain_rows(FunctionCallInfo fcinfo, const CompiledPolicy *cp,
							   const Trace *trace, const char *lang);

/* A composite of type yibao.settlement; the result descriptor is fcinfo's. */
typedef struct SettlementWriter SettlementWriter;

extern SettlementWriter *settlement_writer_create(FunctionCallInfo fcinfo);
extern Datum settlement_write(SettlementWriter *writer, const Policy *policy,
							  const Settlement *s, const int64 cum[]);

extern const char *const benefit_names[BEN_COUNT];
extern const char *const layer_codes[LAYER_COUNT];

/* A local time as text. */
extern char *claim_moment_text(int64 at);

/* ---- reporting ---------------------------------------------------------------- */

typedef enum ClaimOrigin
{
	CLAIM_IS_ROW,
	CLAIM_IS_JSONB,
	CLAIM_IS_ARGUMENTS
} ClaimOrigin;

/* A stay that ends before it begins. */
extern void claim_ends_first(const Claim *claim) pg_attribute_noreturn();

extern void claim_report(const CompiledPolicy *cp, const Claim *claim,
						 ClaimOrigin origin, const CoreError *err) pg_attribute_noreturn();

/* The day from which on hifmi_pay is payable; false: with the settlement, or nothing is. */
static inline bool
settlement_due(const Settlement *s, int32 *day)
{
	if (s->due == DUE_AT_ONCE || s->amount[SA_hifmi_pay] == 0)
		return false;
	*day = (int32) day_number(s->due);
	return true;
}

#endif							/* YIBAO_CLAIM_CLAIM_H */
