/*
 * author.h
 *	  What the tools for authors of policies share: sets of situations as boxes,
 *	  put as an author would write them.
 *
 * See core/rules.h for dimensions, atoms and boxes.  All results are palloc'd
 * in the current context.
 */
#ifndef YIBAO_POLICY_AUTHOR_H
#define YIBAO_POLICY_AUTHOR_H

#include "policy/compiler.h"

/* A document compiled for a tool: what it does and what it says. */
typedef struct Authored
{
	CompiledPolicy *cp;
	List	   *rows;			/* RuleRow * */
	uint64_t   *days;			/* box: all claims on days of the document */
} Authored;

extern void author_compile(const Jsonb *doc, Authored *a);

/* The row of the rule with this info; NULL when there is none. */
extern const RuleRow *author_row(const Authored *a, int info);
extern const Layer *author_layer(const Authored *a, const RuleSet *set);

/* Words as columns of a row that a tool puts out, NULL as null. */
extern void author_words(int n, const char *const *words, Datum *values, bool *nulls);

/* ---- boxes (cover.c) ---------------------------------------------------------- */

#define MAX_PIECES	1024

extern uint64_t *box_copy(const Policy *p, const uint64_t *box);
extern bool box_some(const Policy *p, const uint64_t *box);

/*
 * What of the boxes (uint64_t *) no box of cover has, as boxes that do not
 * meet; *more is set when there are more than MAX_PIECES.
 */
extern List *boxes_without(const Policy *p, List *boxes, List *cover, bool *more);
extern List *boxes_within(const Policy *p, List *boxes, List *cover, bool *more);

/* The same situations in fewer boxes. */
extern List *boxes_joined(const Policy *p, List *boxes);

/* Where rule i of a set is the one that holds, within base. */
extern List *rule_holds_in(const Policy *p, const RuleSet *set, int i,
						   const uint64_t *base, bool *more);

/* Boxes of the rules of a set; of those before rule i, which stand over it. */
extern List *rule_boxes(const RuleSet *set);
extern List *rule_boxes_above(const RuleSet *set, int i);

/* The claims that a layer, or (NULL) the benefits, have to decide about. */
extern List *claims_of(const Authored *a, const Layer *layer, bool *more);

/* Boxes as conditions, {"hosp_lv": ["05", "06"]}: each is Jsonb *. */
extern List *boxes_as_when(const Authored *a, List *boxes);

extern char *when_words(const Jsonb *when);

/* ---- in words (rule_words.c) ----------------------------------------------------- */

/* What a row of policy_rules() lays down, as a sentence in zh or en; its parts. */
extern char *rule_sentence(const RuleRow *row, const char *lang);
extern char *rule_subject(const RuleRow *row, const char *lang, bool with_when);
extern char *rule_when(const RuleRow *row, bool zh);	/* codes in the order of their bytes */
extern char *rule_effect_zh(const char *words);

#endif							/* YIBAO_POLICY_AUTHOR_H */
