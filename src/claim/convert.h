/*
 * convert.h
 *	  One value of a row, a jsonb object or an argument list into a field.
 *
 * Private to src/claim.
 */
#ifndef YIBAO_CLAIM_CONVERT_H
#define YIBAO_CLAIM_CONVERT_H

#include "utils/jsonb.h"

#include "claim/amount.h"
#include "core/fields.h"

/* How a column's value is read. */
typedef enum ReadAs
{
	READ_UNUSABLE,
	READ_NUMERIC,
	READ_INT2,
	READ_INT4,
	READ_INT8,
	READ_BOOL,
	READ_TEXT,
	READ_BPCHAR,
	READ_TIMESTAMP,
	READ_DATE,
	READ_TEXT_ARRAY,			/* psn_idet_types only */
	READ_INT8_ARRAY				/* opn_cum only */
} ReadAs;

#define OPN_CUM_NAME	"opn_cum"

/* How a field is read from a (base) type. */
extern ReadAs read_as(ClaimField field, Oid basetype);

/* A given value.  Errors name the field. */
extern void field_from_datum(ClaimField field, ReadAs how, Datum value, Claim *claim);
extern void field_from_jsonb(ClaimField field, const JsonbValue *value, Claim *claim);
extern void opn_cum_set(Claim *claim, const int64 *cum, int n);
extern void opn_cum_from_array(Datum value, Claim *claim);

extern void field_amount_fault(ClaimField field, AmountFault fault,
							   const char *value) pg_attribute_noreturn();
extern void field_bad_type(const char *name, FieldKind kind, Oid type,
						   const char *column) pg_attribute_noreturn();

extern void field_bad_categories(const char *s, size_t len) pg_attribute_noreturn();

extern void field_too_long(ClaimField field, const char *s,
						   size_t len) pg_attribute_noreturn();

/* cum_ipt_hifpp is no column of ours, but surely was meant to be. */
extern bool looks_like_accumulator(const char *name, size_t len);
extern void unknown_accumulator(const char *name, size_t len) pg_attribute_noreturn();

static inline void
field_set(Claim *claim, int field, int64 v)
{
	claim->v[field] = v;
	claim->state[field] = FS_GIVEN;
}

/*
 * The text of a code or identifier: trimmed of the blanks that char(n) adds, of
 * which jsonb does not tell where they come from; so a code is always trimmed.
 * An empty one is NULL, as interfaces send it.
 */
static inline void
field_set_text(Claim *claim, ClaimField field, FieldKind kind, const char *s,
			   size_t len, bool trim)
{
	if (trim || kind == FK_CODE)
	{
		while (len > 0 && s[len - 1] == ' ')
			len--;
	}
	if (len == 0)
	{
		claim->state[field] = FS_NULL;
		return;
	}
	if (kind == FK_CODE && len <= CODE_MAX)
	{
		claim->v[field] = code_pack(s, len);
		claim->state[field] = FS_GIVEN;
		return;
	}
	if (kind == FK_TEXT && len <= PG_UINT16_MAX)
	{
		claim->v[field] = (int64) (intptr_t) s;
		claim->len[field] = (uint16) len;
		claim->state[field] = FS_GIVEN;
		return;
	}
	field_too_long(field, s, len);
}

#endif							/* YIBAO_CLAIM_CONVERT_H */
