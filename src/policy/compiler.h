/*
 * compiler.h
 *	  What the parts of the compiler share; of no use outside src/policy.
 *
 * The compiler works in a temporary context and puts what lasts into cxt.  A
 * document is walked once; conditions are kept until all of them are known,
 * then become boxes.
 */
#ifndef YIBAO_POLICY_COMPILER_H
#define YIBAO_POLICY_COMPILER_H

#include "lib/stringinfo.h"
#include "nodes/pg_list.h"

#include "policy/document.h"
#include "policy/policy.h"

/* One condition: a set of values of one field. */
typedef struct Cond
{
	ClaimField	field;
	bool		negate;			/* codes and texts: all but these */
	int			nvalues;
	int64	   *codes;			/* FK_CODE: packed; FK_FLAG: codes[0] is 0 or 1 */
	TextAtom   *texts;			/* FK_TEXT */
	int64		lo;				/* the rest: lo <= value < hi */
	int64		hi;
} Cond;

/* What belongs to a RuleInfo and only the compiler needs; same index. */
typedef struct InfoSide
{
	List	   *conds;			/* of Cond * */
	char	   *id;				/* NULL when the rule has none */
	List	   *over;			/* ids, as char * */
	List	   *beats;			/* infos of those rules, as int */
	char	   *path;
} InfoSide;

/* One row of policy_rules(); NULLs where there is nothing to say. */
typedef struct RuleRow
{
	const char *path;
	const char *layer;
	const char *parameter;
	const char *condition;
	const char *effect;
	const char *source;
	const char *doc;
	const char *trust;
	List	   *assumed;		/* char * */
	const char *note;
	int			info;			/* of the compiled rule, -1: it is none */
	const List *conds;			/* of Cond * */
	const char *id;
	const List *over;			/* char * */
} RuleRow;

typedef struct SourceRef
{
	const char *key;
	const char *doc;
	const char *trust;
} SourceRef;

typedef struct Assumption
{
	const char *id;
	const char *note;
	const char *note_en;
	const char *value;			/* in words */
	const char *path;
} Assumption;

typedef struct Compiler
{
	MemoryContext cxt;			/* what lasts */
	CompiledPolicy *out;
	Policy	   *core;
	List	   *sources;		/* SourceRef * */
	List	   *assumptions;	/* Assumption * */
	List	   *pools;			/* char *, in cxt */
	List	   *groups;			/* char *, in cxt */
	List	   *sets;			/* RuleSet *; rules[] in cxt */
	List	   *uncounted;		/* infos, as int, of stays that ordinals do not count */
	bool		has_counts;
	int			ninfo;
	int			maxinfo;
	RuleInfo   *info;			/* in cxt when done */
	InfoSide   *side;
	int			dim_of[CF_COUNT];	/* dimension of a field or -1 */
	List	   *dim_conds[MAX_DIMS];	/* Cond *, for its values */
	List	   *faulty;			/* RuleSet *: not to be judged, see read_part() */
	bool		want_rows;
	bool		english;		/* what rows say of assumptions and unknown figures */
	List	   *rows;			/* RuleRow * */
} Compiler;

#define keep_array(c, type, n) \
	((type *) MemoryContextAllocZero((c)->cxt, sizeof(type) * ((n) > 0 ? (n) : 1)))
extern const char *keep_text(Compiler *c, const char *s);	/* NULL stays NULL */

/* ---- citing (cite.c) ------------------------------------------------------------ */

/* A cited source, resolved. */
typedef struct Cite
{
	const char *text;			/* as written: "q84 五(三)" */
	const char *shown;			/* 秦政办发〔2018〕84号 五(三) */
	const char *doc;
	const char *trust;
} Cite;

extern void read_cite(Compiler *c, const Path *path, const JsonbValue *v, Cite *cite);
extern void need_cite(Compiler *c, const Obj *o, const char *key, Cite *cite);
extern bool get_cite(Compiler *c, const Obj *o, const char *key, Cite *cite);
extern List *read_assumed(Compiler *c, const Obj *o);
extern const char *assumed_note(Compiler *c, List *assumed, bool english);
/* "source" and "assumed"; the note: that of the object, or what is assumed. */
extern const char *read_grounds(Compiler *c, const Obj *o, Cite *cite, List **assumed);
extern void set_assumed(Compiler *c, int info, List *assumed);
extern const char *read_title(const Obj *o, const char *key, const char **en);

/* Add a RuleInfo; the texts are copied to what lasts.  Returns its index. */
extern int	add_info(Compiler *c, const Path *path, const Cite *cite, const char *note);
/* NULL when no rows are wanted. */
extern RuleRow *add_row(Compiler *c, const Path *path, const char *layer,
						const char *parameter, const char *condition,
						const char *effect, const Cite *cite, List *assumed,
						const char *note);

extern const char *const rule_keys[];	/* keys that every rule may have */
extern const char *const layer_words[];
extern const char *const benefit_words[];	/* by Benefit */
extern const char *const model_words[];

/* ---- conditions (condition.c) --------------------------------------------------- */

extern List *read_when(Compiler *c, const Obj *rule, const char *key);
extern List *read_period(Compiler *c, const Obj *rule);
extern char *conds_words(List *conds);
/* The same as a sentence has it, codes in order (rule_words.c). */
extern char *conds_sentence(const List *conds, bool zh);
/* "age >= 60 and < 80" */
extern void append_range(StringInfo s, const char *name, FieldKind kind, int64 lo, int64 hi);
/* Years and the like outside the claim: 2018 or {">=": 2018, "<": 2021}, inclusive. */
extern void read_year_range(const Obj *o, const char *key, int32 *from, int32 *to);
extern char *year_range_words(int32 from, int32 to);

/* ---- dimensions (dimension.c) ---------------------------------------------------- */

extern void finish_dims(Compiler *c);
extern uint64_t *make_box(Compiler *c, int info);
/* All that a claim can be, as a box of box_words words. */
extern void policy_universe(const Policy *p, uint64_t *box);

/* ---- effects (effects.c) ------------------------------------------------------------ */

/* Read what a rule does; returns it in words.  code: of the layer it is in. */
typedef char *(*EffectFn) (Compiler *c, const Obj *o, LayerCode code, Rule *rule);

typedef struct RuleForm
{
	const char *const *keys;	/* beside those that every rule may have */
	EffectFn	effect;
} RuleForm;

extern const RuleForm rule_forms[];	/* by RuleKind */

/* Factors of an adjustment are not shares: 上浮10% is "1.1". */
#define MAX_FACTOR	(10 * RATIO_ONE)

/* A rule reads this field though no condition names it. */
extern void need_field(Compiler *c, ClaimField field);
/* A share of last year's income is only a figure if the document has that table. */
extern void need_income(Compiler *c, const Path *path);
/* Exactly one of these keys stands in the rule; its value.  YB104, YB105. */
extern int	need_one_of(const Obj *o, const char *const *keys, JsonbValue *v, Path *path);

/* ---- limits (caps.c) --------------------------------------------------------------- */

extern const char *const cap_keys[];
extern char *effect_cap(Compiler *c, const Obj *o, LayerCode code, Rule *rule);
extern void group_diseases(Compiler *c);

/* ---- sets of rules (rule_set.c) ------------------------------------------------------ */

/* An array of rules for one parameter becomes a set.  Returns its index. */
extern int	read_set(Compiler *c, const Path *path, const JsonbValue *v, RuleKind kind,
					 LayerCode code, const char *name, const char *parameter);
/* The same of a key of a layer, or -1 where it is not there; of each name under one, how many. */
extern int	read_plain_set(Compiler *c, const Obj *layer, const char *key, bool needed, RuleKind kind,    LayerCode code);
extern int	read_named_sets(Compiler *c, const Obj *layer, const char *key, RuleKind kind, LayerCode code);

/* ---- layers (layers.c) ------------------------------------------------------------- */

extern void read_benefits(Compiler *c, const Obj *root);
extern void read_layers(Compiler *c, const Obj *root);

/* ---- years and corrections (time.c) ------------------------------------------------ */

extern void read_year(Compiler *c, const Obj *root);
extern void read_cross_year(Compiler *c, const Obj *root);
extern void read_corrections(Compiler *c, const Obj *root);
extern const char *const cross_year_keys[];
extern char *effect_cross_year(Compiler *c, const Obj *o, LayerCode code, Rule *rule);
/* "07-01" as month and day of a year that is no leap year. */
extern void val_month_day(const Path *path, const JsonbValue *v, int *month, int *day);
/* ---- categories (categories.c) ----------------------------------------------------- */

extern void read_categories(Compiler *c, const Obj *root);
extern void finish_categories(Compiler *c, const Obj *root);

/* ---- income (income.c) ------------------------------------------------------------- */

extern void read_income(Compiler *c, const Obj *root);

/* ---- fund (fund_section.c) --------------------------------------------------------- */

extern void read_fund(Compiler *c, const Obj *root);

/* ---- controls (controls.c) --------------------------------------------------------- */

/* Needed, and the hint names the parameter of doc/policies.md that it decides. */
extern int	need_choice(const Obj *o, const char *key, const char *const *words,
						const char *id);
extern void read_fund_controls(Compiler *c, const Obj *fund);
extern void read_controls(Compiler *c, const Obj *root);

/* ---- enrolment (enrolment.c) ------------------------------------------------------- */

extern void read_enrolment(Compiler *c, const Obj *root);

/* The compiler itself; rows of policy_rules() when wanted. */
extern CompiledPolicy *policy_compile_rows(const Jsonb *doc, MemoryContext cxt,
										   List **rows, bool english);

#endif							/* YIBAO_POLICY_COMPILER_H */
