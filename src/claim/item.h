/*
 * item.h
 *	  Fee lines: from SQL values to terms and parts.
 */
#ifndef YIBAO_CLAIM_ITEM_H
#define YIBAO_CLAIM_ITEM_H

#include "compat.h"
#include "core/item.h"

/* What item_split() takes; its arguments and the columns of a pool area's item have these names. */
typedef enum ItemField
{
	IF_chrgitm_lv,
	IF_cnt,
	IF_pric,
	IF_det_item_fee_sumamt,
	IF_pric_uplmt_amt,
	IF_selfpay_prop,
	IF_enter_prop,
	IF_enter_upto,
	IF_enter_way,
	IF_cnt_before,
	IF_COUNT
} ItemField;

/* The columns of yibao.item_split, and of a pool area's item. */
typedef enum ItemColumn
{
	IC_det_item_fee_sumamt,
	IC_fulamt_ownpay_amt,
	IC_overlmt_amt,
	IC_preselfpay_amt,
	IC_inscp_scp_amt,
	IC_COUNT
} ItemColumn;

extern const char *const item_field_names[IF_COUNT];
extern const char *const item_column_names[IC_COUNT];

/*
 * Split a line.  Errors (YB001 to YB007, YB107) name the field, its value, what
 * was expected, and a hint.
 */
extern void item_line_split(const NullableDatum v[IF_COUNT], ItemParts *parts);

/* A count: numeric with at most four decimals, of either sign. */
extern int64 item_cnt(const char *name, NullableDatum v);

/* parts as an array, in the order of ItemColumn */
static inline void
item_parts_array(const ItemParts *parts, Fen fen[IC_COUNT])
{
	fen[IC_det_item_fee_sumamt] = parts->sumamt;
	fen[IC_fulamt_ownpay_amt] = parts->ownpay;
	fen[IC_overlmt_amt] = parts->overlmt;
	fen[IC_preselfpay_amt] = parts->preselfpay;
	fen[IC_inscp_scp_amt] = parts->inscp;
}

#endif							/* YIBAO_CLAIM_ITEM_H */
