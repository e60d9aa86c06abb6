/*
 * item.h
 *	  The split of one fee line (费用明细拆分): what of it is within policy.
 */
#ifndef YIBAO_CORE_ITEM_H
#define YIBAO_CORE_ITEM_H

#include "fen.h"

/* chrgitm_lv, in the order of its codes 01 to 04 */
typedef enum ItemClass
{
	ITEM_A,						/* 甲: no first self-pay */
	ITEM_B,						/* 乙: first self-pay */
	ITEM_C,						/* 丙: out of the catalogue, fully self-paid */
	ITEM_C_PAYABLE,				/* 可报丙: as 乙 */
	ITEM_CLASS_COUNT
} ItemClass;

extern const char *const item_class_codes[ITEM_CLASS_COUNT];

/* How more than one band of unit prices says what enters. */
typedef enum ItemEnterWay
{
	ITEM_ENTER_WHOLE,			/* the band the price lies in holds for all of it */
	ITEM_ENTER_EXCESS			/* each band for the part of the price within it */
} ItemEnterWay;

#define ITEM_MAX_BANDS	16
#define ITEM_NO_LIMIT	INT64_MAX

/* Counts are in 1e-4, unit prices in 1e-6 yuan: what the national interface holds. */
#define ITEM_CNT_DECIMALS	4
#define ITEM_PRIC_DECIMALS	6
#define ITEM_MAX		INT64_C(9999999999999999)	/* sixteen digits of either */

/* A share of what is priced up to upto (inclusive; ITEM_NO_LIMIT in the last) enters. */
typedef struct ItemBand
{
	int64_t		upto;
	Ratio		prop;
} ItemBand;

/* On what terms the line is paid: the same for a line and for its returns. */
typedef struct ItemTerms
{
	ItemClass	cls;
	int64_t		pric;			/* charged */
	int64_t		pric_uplmt;		/* limit price, or ITEM_NO_LIMIT */
	Ratio		selfpay_prop;	/* of what is within limit and enters; 0 for 甲 */
	ItemEnterWay enter_way;
	int			nbands;			/* 0: everything enters */
	ItemBand	band[ITEM_MAX_BANDS];
} ItemTerms;

/* The first is the sum of the others; all have the sign of the count. */
typedef struct ItemParts
{
	Fen			sumamt;
	Fen			ownpay;			/* 丙, and what does not enter */
	Fen			overlmt;		/* above the limit price */
	Fen			preselfpay;
	Fen			inscp;
} ItemParts;

/* cnt x pric in fen, rounded half up; false when it is above FEN_MAX. */
extern bool item_sumamt(int64_t cnt, int64_t pric, Fen *sumamt);

/*
 * What a line of so many units (0 and more) is made of.  Each part is rounded
 * half up from exact figures, inscp is what is left, none is negative.  False
 * when the sum is above FEN_MAX.
 */
extern bool item_parts(const ItemTerms *terms, int64_t cnt, ItemParts *parts);

/*
 * The change that cnt more units (fewer: a return) make to a line of which
 * before stand.  So a line and its returns, in any portions, add up to the
 * parts of what is kept, and to nothing when all is returned.
 */
extern bool item_change(const ItemTerms *terms, int64_t before, int64_t cnt,
						ItemParts *parts);

#endif							/* YIBAO_CORE_ITEM_H */
