/*
 * document.h
 *	  Reading a jsonb document strictly: every fault with its JSON path.
 *
 * Nothing here keeps memory of its own: strings are palloc'd in the current
 * context, paths live on the caller's stack.
 */
#ifndef YIBAO_POLICY_DOCUMENT_H
#define YIBAO_POLICY_DOCUMENT_H

#include "nodes/pg_list.h"
#include "utils/date.h"
#include "utils/jsonb.h"

#include "core/fen.h"
#include "core/fields.h"
#include "errcodes.h"

/* One step of a JSON path; key is NULL for an array element. */
typedef struct Path
{
	const struct Path *up;		/* NULL: the document itself */
	const char *key;
	int			keylen;
	int			index;
} Path;

extern char *path_text(const Path *path);

/* An object that is being read. */
typedef struct Obj
{
	Path		path;
	JsonbContainer *c;
} Obj;

/* An array that is being read. */
typedef struct Arr
{
	Path		path;
	JsonbContainer *c;
	int			n;
} Arr;

/* Callback for each key of an object of free names, in jsonb's order. */
typedef void (*MemberFn) (const Path *path, const char *key, JsonbValue *v, void *arg);

/* Callback for each element of an array. */
typedef void (*ElementFn) (const Path *path, int i, JsonbValue *v, void *arg);

/* The root must be an object.  Keys are checked by obj_check_keys(). */
extern void obj_open_root(const Jsonb *doc, Obj *o);
extern void obj_open(const Path *path, const JsonbValue *v, Obj *o);
/* allowed and more (may be NULL) are NULL-terminated lists. */
extern void obj_check_keys(const Obj *o, const char *const *allowed, const char *const *more);
/* Each member or element is a part of its own, see read_part(). */
extern void obj_each(const Obj *o, MemberFn fn, void *arg);
extern int	obj_size(const Obj *o);
extern void arr_open(const Path *path, const JsonbValue *v, Arr *a);
extern void arr_get(const Arr *a, int i, JsonbValue *v, Path *path);
extern void arr_each(const Arr *a, ElementFn fn, void *arg);

/* Look a member up: need_ raises YB104 when there is none. */
extern bool has_member(const Obj *o, const char *key);
extern bool get_member(const Obj *o, const char *key, JsonbValue *v, Path *path);
extern void need_member(const Obj *o, const char *key, JsonbValue *v, Path *path);

/* Typed values; path is that of the value itself. */
extern char *val_text(const Path *path, const JsonbValue *v);	/* not empty */
extern bool val_bool(const Path *path, const JsonbValue *v);
extern int32 val_int(const Path *path, const JsonbValue *v, int32 min, int32 max);
extern Fen	val_amount(const Path *path, const JsonbValue *v, bool may_be_negative);
extern Ratio val_ratio(const Path *path, const JsonbValue *v, Ratio min, Ratio max);
extern int32 val_date(const Path *path, const JsonbValue *v);	/* DateADT */
extern int	val_word(const Path *path, const JsonbValue *v, const char *const *words);

/* Typed members. */
extern char *need_text(const Obj *o, const char *key);
extern char *get_text(const Obj *o, const char *key);	/* NULL when absent */
extern int	need_word(const Obj *o, const char *key, const char *const *words);
extern int	get_word(const Obj *o, const char *key, const char *const *words, int absent);
extern bool need_bool(const Obj *o, const char *key);

/* "a, b, c" of a NULL-terminated list. */
extern char *word_list(const char *const *words);

/* ---- all faults of a document, not the first alone (policy_check) ------------ */

typedef struct Fault
{
	int			sqlstate;
	char	   *path;
	char	   *message;
	char	   *detail;			/* NULL when there is none */
	char	   *hint;
} Fault;

/*
 * While faults are collected, one ends the part that it is in and reading goes
 * on with the next; else it ends the whole, and read_part() is a plain call.
 */
typedef void (*PartFn) (void *arg);
extern bool read_part(const Path *path, PartFn fn, void *arg);
extern List *collect_faults(PartFn fn, void *arg);	/* of Fault * */
extern bool faults_collected(void);
extern int	fault_count(void);	/* so far; 0 when none are collected */

/* Amounts and ratios as an author writes them. */
extern char *fen_words(Fen amount);
extern char *day_words(DateADT day);	/* 2018-09-01; NULL for infinity */
extern char *number_words(FieldKind kind, int64 n);
extern char *ratio_words(Ratio ratio);

#endif							/* YIBAO_POLICY_DOCUMENT_H */
