/*
 * text.h
 *	  What the other rooms may ask of the text room.
 *
 * All results are palloc'd in the current context, NUL-terminated UTF-8.
 */
#ifndef YIBAO_TEXT_TEXT_H
#define YIBAO_TEXT_TEXT_H

#include "../core/fen.h"

struct TraceStep;

/* 人民币大写; YB002 beyond +/-FEN_MAX. */
extern char *yibao_rmb_capital(int64 fen);

/* 123450 -> "1,234.50"; any int64. */
extern char *yibao_format_yuan(int64 fen);

/* 72500000 -> "72.5%"; exact, no trailing zeros. */
extern char *yibao_format_percent(int64 ratio, int decimals);

/* 姓名规范化 of len bytes; see doc/text.md. */
extern char *yibao_name_normalize(const char *name, size_t len);

/* Name of a LayerCode in 'zh' or 'en', for yibao_sentence(); NULL for none. */
extern const char *yibao_layer_name(int layer, const char *lang);

/*
 * One step of a settlement as a sentence for the person at the window.
 * layer_name is in the language asked for, or NULL for a step of no layer;
 * source is the rule's citation or NULL.  lang is 'zh' or 'en', another is
 * ERRCODE_INVALID_PARAMETER_VALUE.
 */
extern char *yibao_sentence(const struct TraceStep *step, const char *layer_name,
							const char *source, const char *lang);

#endif							/* YIBAO_TEXT_TEXT_H */
