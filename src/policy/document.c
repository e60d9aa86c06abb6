/*
 * document.c
 *	  Reading a jsonb document strictly: every fault with its JSON path.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/numeric.h"

#include "policy/document.h"

/* ---- faults ----------------------------------------------------------------- */

typedef struct Collector
{
	MemoryContext cxt;
	List	   *faults;
	char	   *last_path;		/* that was put in words: mostly the one that a message names */
} Collector;

static Collector *collector = NULL;

bool
faults_collected(void)
{
	return collector != NULL;
}

int
fault_count(void)
{
	return collector == NULL ? 0 : list_length(collector->faults);
}

/* Keep the error being handled, if it is one of a document; else pass it on. */
static void
keep_fault(const Path *path)
{
	MemoryContext old = MemoryContextSwitchTo(collector->cxt);
	ErrorData  *e = CopyErrorData();
	Fault	   *f;

	/* class YB1: the first three characters, six bits each */
	if (((e->sqlerrcode ^ ERRCODE_YB_POLICY_SYNTAX) & ((1 << 18) - 1)) != 0)
		PG_RE_THROW();
	FlushErrorState();
	f = palloc_object(Fault);
	f->sqlstate = e->sqlerrcode;
	f->message = e->message;
	f->detail = e->detail;
	f->hint = e->hint;
	f->path = collector->last_path != NULL && strstr(e->message, collector->last_path) != NULL ?
		collector->last_path : path_text(path);
	collector->faults = lappend(collector->faults, f);
	MemoryContextSwitchTo(old);
}

/*
 * No subtransaction: what reads a document takes nothing that one would have to
 * give back, only memory, and that goes with its context.
 */
bool
read_part(const Path *path, PartFn fn, void *arg)
{
	MemoryContext cxt = CurrentMemoryContext;
	volatile bool right = true;

	if (collector == NULL)
	{
		fn(arg);
		return true;
	}
	PG_TRY();
	{
		fn(arg);
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(cxt);
		keep_fault(path);
		right = false;
	}
	PG_END_TRY();
	return right;
}

/* Faults that fn meets, in the current context.  Not to be nested. */
List *
collect_faults(PartFn fn, void *arg)
{
	static const Path root = {0};
	Collector	mine = {CurrentMemoryContext, NIL, NULL};

	PG_TRY();
	{
		collector = &mine;
		read_part(&root, fn, arg);
	}
	PG_FINALLY();
	{
		collector = NULL;
	}
	PG_END_TRY();
	return mine.faults;
}

/* ---- words ------------------------------------------------------------------ */

static void
path_append(StringInfo s, const Path *path)
{
	if (path->up != NULL)
	{
		path_append(s, path->up);
		if (path->key == NULL)
			appendStringInfo(s, "[%d]", path->index);
		else
		{
			if (s->len > 0)
				appendStringInfoChar(s, '.');
			appendBinaryStringInfo(s, path->key, path->keylen);
		}
	}
}

/* layers[0].ratio[2].when.hosp_lv; "document" for the root. */
char *
path_text(const Path *path)
{
	StringInfoData s;

	if (path->up == NULL)
		return pstrdup("document");
	initStringInfo(&s);
	path_append(&s, path);
	if (collector != NULL)
		collector->last_path = MemoryContextStrdup(collector->cxt, s.data);
	return s.data;
}

char *
word_list(const char *const *words)
{
	StringInfoData s;

	initStringInfo(&s);
	for (int i = 0; words[i] != NULL; i++)
		appendStringInfo(&s, "%s%s", i > 0 ? ", " : "", words[i]);
	return s.data;
}

char *
fen_words(Fen amount)
{
	uint64		a = amount < 0 ? -(uint64) amount : (uint64) amount;

	return psprintf("%s" UINT64_FORMAT ".%02d", amount < 0 ? "-" : "",
					a / 100, (int) (a % 100));
}

char *
day_words(DateADT day)
{
	int			y;
	int			m;
	int			d;

	if (DATE_NOT_FINITE(day))
		return NULL;
	j2date(day + POSTGRES_EPOCH_JDATE, &y, &m, &d);
	return psprintf("%04d-%02d-%02d", y, m, d);
}

char *
number_words(FieldKind kind, int64 n)
{
	if (kind == FK_AMOUNT)
		return fen_words(n);
	if (kind == FK_TIME)
		return day_words((DateADT) (n / USECS_PER_DAY));
	return psprintf(INT64_FORMAT, n);
}

char *
ratio_words(Ratio ratio)
{
	uint64		r = ratio < 0 ? -(uint64) ratio : (uint64) ratio;
	char	   *s = psprintf("%s" UINT64_FORMAT ".%08d", ratio < 0 ? "-" : "",
							 r / RATIO_ONE, (int) (r % RATIO_ONE));
	int			len = strlen(s);
	int			dot = len - 9;

	while (len > dot + 3 && s[len - 1] == '0')
		s[--len] = '\0';
	return s;
}

/* ---- containers ------------------------------------------------------------- */

/* What a value is, for "is a number, not a string". */
static const char *
kind_words(const JsonbValue *v)
{
	switch (v->type)
	{
		case jbvNull:
			return _("null");
		case jbvString:
			return _("a string");
		case jbvNumeric:
			return _("a number");
		case jbvBool:
			return _("a boolean");
		case jbvBinary:
			return JsonContainerIsObject(v->val.binary.data) ? _("an object") : _("an array");
		default:
			return _("something else");
	}
}

static void
wrong_kind(const Path *path, const JsonbValue *v, const char *wanted)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_POLICY_VALUE),
			 errmsg("%s is %s where %s belongs", path_text(path), kind_words(v), wanted),
			 errhint("See doc/policies.md for what the key takes.")));
}

void
obj_open_root(const Jsonb *doc, Obj *o)
{
	memset(&o->path, 0, sizeof(Path));
	o->c = unconstify(JsonbContainer *, &doc->root);
	if (!JsonContainerIsObject(o->c))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_SYNTAX),
				 errmsg("document is not a JSON object"),
				 errhint("A policy document begins {\"yibao\": 1, ...}.")));
}

void
obj_open(const Path *path, const JsonbValue *v, Obj *o)
{
	if (v->type != jbvBinary || !JsonContainerIsObject(v->val.binary.data))
		wrong_kind(path, v, _("an object"));
	o->path = *path;
	o->c = v->val.binary.data;
}

static bool
word_in(const char *s, int len, const char *const *words)
{
	if (words == NULL)
		return false;
	for (; *words != NULL; words++)
	{
		if ((int) strlen(*words) == len && memcmp(*words, s, len) == 0)
			return true;
	}
	return false;
}

typedef struct UnknownKey
{
	Path		path;
	const char *const *allowed;
	const char *const *more;
} UnknownKey;

static void
unknown_key(void *arg)
{
	UnknownKey *u = arg;

	ereport(ERROR,
			(errcode(ERRCODE_YB_POLICY_UNKNOWN_KEY),
			 errmsg("%s: unknown key", path_text(&u->path)),
			 u->more == NULL ?
			 errhint("Keys that may stand here: %s.", word_list(u->allowed)) :
			 errhint("Keys that may stand here: %s, %s.",
					 word_list(u->allowed), word_list(u->more))));
}

void
obj_check_keys(const Obj *o, const char *const *allowed, const char *const *more)
{
	JsonbIterator *it = JsonbIteratorInit(o->c);
	JsonbValue	v;
	JsonbIteratorToken tok;

	while ((tok = JsonbIteratorNext(&it, &v, true)) != WJB_DONE)
	{
		if (tok != WJB_KEY)
			continue;
		if (!word_in(v.val.string.val, v.val.string.len, allowed) &&
			!word_in(v.val.string.val, v.val.string.len, more))
		{
			UnknownKey	u = {{&o->path, v.val.string.val, v.val.string.len, 0}, allowed, more};

			(void) read_part(&u.path, unknown_key, &u);
		}
	}
}

typedef struct MemberPart
{
	const Path *path;
	const char *key;
	int			i;
	JsonbValue *v;
	MemberFn	member;
	ElementFn	element;
	void	   *arg;
} MemberPart;

static void
member_part(void *arg)
{
	MemberPart *p = arg;

	if (p->member != NULL)
		p->member(p->path, p->key, p->v, p->arg);
	else
		p->element(p->path, p->i, p->v, p->arg);
}

void
obj_each(const Obj *o, MemberFn fn, void *arg)
{
	JsonbIterator *it = JsonbIteratorInit(o->c);
	JsonbValue	v;
	JsonbIteratorToken tok;
	Path		path = {&o->path, NULL, 0, 0};
	char	   *key = NULL;

	while ((tok = JsonbIteratorNext(&it, &v, true)) != WJB_DONE)
	{
		if (tok == WJB_KEY)
		{
			key = pnstrdup(v.val.string.val, v.val.string.len);
			path.key = key;
			path.keylen = v.val.string.len;
		}
		else if (tok == WJB_VALUE)
		{
			MemberPart	part = {&path, key, 0, &v, fn, NULL, arg};

			(void) read_part(&path, member_part, &part);
		}
	}
}

int
obj_size(const Obj *o)
{
	return JsonContainerSize(o->c);
}

void
arr_open(const Path *path, const JsonbValue *v, Arr *a)
{
	if (v->type != jbvBinary || !JsonContainerIsArray(v->val.binary.data))
		wrong_kind(path, v, _("an array"));
	a->path = *path;
	a->c = v->val.binary.data;
	a->n = JsonContainerSize(a->c);
	if (a->n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s is an empty array", path_text(path)),
				 errhint("Leave the key out, or name at least one element.")));
}

void
arr_get(const Arr *a, int i, JsonbValue *v, Path *path)
{
	*v = *getIthJsonbValueFromContainer(a->c, i);
	path->up = &a->path;
	path->key = NULL;
	path->keylen = 0;
	path->index = i;
}

void
arr_each(const Arr *a, ElementFn fn, void *arg)
{
	for (int i = 0; i < a->n; i++)
	{
		JsonbValue	v;
		Path		path;
		MemberPart	part = {&path, NULL, i, &v, NULL, fn, arg};

		arr_get(a, i, &v, &path);
		(void) read_part(&path, member_part, &part);
	}
}

bool
get_member(const Obj *o, const char *key, JsonbValue *v, Path *path)
{
	path->up = &o->path;
	path->key = key;
	path->keylen = strlen(key);
	path->index = 0;
	return getKeyJsonValueFromContainer(o->c, key, path->keylen, v) != NULL;
}

bool
has_member(const Obj *o, const char *key)
{
	JsonbValue	v;
	Path		path;

	return get_member(o, key, &v, &path);
}

void
need_member(const Obj *o, const char *key, JsonbValue *v, Path *path)
{
	if (!get_member(o, key, v, path))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_MISSING_KEY),
				 errmsg("%s: key \"%s\" is missing", path_text(&o->path), key),
				 errhint("See doc/policies.md for the keys that each part must have.")));
}

/* ---- values --------------------------------------------------------------------- */

char *
val_text(const Path *path, const JsonbValue *v)
{
	if (v->type != jbvString)
		wrong_kind(path, v, _("a string"));
	if (v->val.string.len == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s is an empty string", path_text(path)),
				 errhint("Leave the key out, or give it a text.")));
	return pnstrdup(v->val.string.val, v->val.string.len);
}

bool
val_bool(const Path *path, const JsonbValue *v)
{
	if (v->type != jbvBool)
		wrong_kind(path, v, _("true or false"));
	return v->val.boolean;
}

static char *
numeric_words(const JsonbValue *v)
{
	return DatumGetCString(DirectFunctionCall1(numeric_out,
											   NumericGetDatum(v->val.numeric)));
}

int32
val_int(const Path *path, const JsonbValue *v, int32 min, int32 max)
{
	char	   *s;
	char	   *end;
	long		n;

	if (v->type != jbvNumeric)
		wrong_kind(path, v, _("a whole number"));
	s = numeric_words(v);
	errno = 0;
	n = strtol(s, &end, 10);
	if (*end != '\0' || errno != 0 || n < min || n > max)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: %s is not a whole number from %d to %d",
						path_text(path), s, min, max),
				 errhint("Write the number without a fraction.")));
	return (int32) n;
}

/* "70%" as it is to be written, "0.70"; else the example. */
static const char *
share_of_percent(const char *s, const char *example)
{
	char	   *end;
	long		percent = strtol(s, &end, 10);

	if (end == s || strcmp(end, "%") != 0 || percent < 0 || percent > 100)
		return example;
	return psprintf("%ld.%02ld", percent / 100, percent % 100);
}

/*
 * A decimal string with at most the given decimals, in units of the last one.
 * No exponent, no sign but a leading minus, no digit left out ("0.7", not ".7").
 */
static int64
val_decimal(const Path *path, const JsonbValue *v, int decimals, const char *example)
{
	const char *s;
	const char *p;
	const char *end;
	bool		minus = false;
	int64		n = 0;
	int			ndigits = 0;
	int			nfrac = 0;

	if (v->type == jbvNumeric)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s is a JSON number; amounts and ratios are strings",
						path_text(path)),
				 errhint("Write \"%s\".", numeric_words(v))));
	s = val_text(path, v);
	p = s;
	end = s + strlen(s);
	if (*p == '-')
	{
		minus = true;
		p++;
	}
	for (; p < end && *p >= '0' && *p <= '9'; p++, ndigits++)
	{
		if (ndigits < 15)
			n = n * 10 + (*p - '0');
	}
	if (ndigits > 0 && p < end && *p == '.')
	{
		for (p++; p < end && *p >= '0' && *p <= '9'; p++, nfrac++)
		{
			if (nfrac < decimals)
				n = n * 10 + (*p - '0');
		}
		if (nfrac == 0)
			ndigits = 0;
	}
	if (ndigits == 0 || p != end)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: \"%s\" is not a decimal number", path_text(path), s),
				 errhint("Write it as \"%s\".", share_of_percent(s, example))));
	if (nfrac > decimals)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: \"%s\" has more than %d decimals", path_text(path), s, decimals),
				 errhint("Nothing is rounded: write at most %d decimals.", decimals)));
	if (ndigits > 14)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: \"%s\" is too large", path_text(path), s),
				 errhint("At most 14 digits before the point.")));
	for (; nfrac < decimals; nfrac++)
		n *= 10;
	return minus ? -n : n;
}

Fen
val_amount(const Path *path, const JsonbValue *v, bool may_be_negative)
{
	Fen			n = val_decimal(path, v, 2, "1000.00");

	if (n < 0 && !may_be_negative)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: %s is negative", path_text(path), fen_words(n)),
				 errhint("Only the \"add\" of an adjustment may be negative.")));
	return n;
}

Ratio
val_ratio(const Path *path, const JsonbValue *v, Ratio min, Ratio max)
{
	Ratio		n = val_decimal(path, v, 4, "0.70") * (RATIO_ONE / 10000);

	if (n < min || n > max)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: %s is not between %s and %s", path_text(path),
						ratio_words(n), ratio_words(min), ratio_words(max)),
				 errhint("70%% is \"0.70\".")));
	return n;
}

/* YYYY-MM-DD, of the calendar. */
int32
val_date(const Path *path, const JsonbValue *v)
{
	char	   *s = val_text(path, v);
	int			y = 0,
				m = 0,
				d = 0;
	bool		right = strlen(s) == 10;

	for (int i = 0; right && i < 10; i++)
		right = (i == 4 || i == 7) ? s[i] == '-' : (s[i] >= '0' && s[i] <= '9');
	if (right)
	{
		y = atoi(s);
		m = atoi(s + 5);
		d = atoi(s + 8);
		right = y >= 1900 && m >= 1 && m <= 12 && d >= 1 &&
			d <= day_tab[isleap(y)][m - 1];
	}
	if (!right)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: \"%s\" is not a day of the calendar", path_text(path), s),
				 errhint("Write it as \"2018-09-18\".")));
	return date2j(y, m, d) - POSTGRES_EPOCH_JDATE;
}

int
val_word(const Path *path, const JsonbValue *v, const char *const *words)
{
	char	   *s = val_text(path, v);

	for (int i = 0; words[i] != NULL; i++)
	{
		if (strcmp(words[i], s) == 0)
			return i;
	}
	ereport(ERROR,
			(errcode(ERRCODE_YB_POLICY_VALUE),
			 errmsg("%s: \"%s\" is not a word of the grammar here", path_text(path), s),
			 errhint("It is one of: %s.", word_list(words))));
	return -1;
}

/* ---- members ------------------------------------------------------------------------ */

char *
need_text(const Obj *o, const char *key)
{
	JsonbValue	v;
	Path		path;

	need_member(o, key, &v, &path);
	return val_text(&path, &v);
}

char *
get_text(const Obj *o, const char *key)
{
	JsonbValue	v;
	Path		path;

	return get_member(o, key, &v, &path) ? val_text(&path, &v) : NULL;
}

int
need_word(const Obj *o, const char *key, const char *const *words)
{
	JsonbValue	v;
	Path		path;

	if (!get_member(o, key, &v, &path))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_MISSING_KEY),
				 errmsg("%s: key \"%s\" is missing", path_text(&o->path), key),
				 errhint("It is one of: %s.", word_list(words))));
	return val_word(&path, &v, words);
}

int
get_word(const Obj *o, const char *key, const char *const *words, int absent)
{
	JsonbValue	v;
	Path		path;

	return get_member(o, key, &v, &path) ? val_word(&path, &v, words) : absent;
}

bool
need_bool(const Obj *o, const char *key)
{
	JsonbValue	v;
	Path		path;

	need_member(o, key, &v, &path);
	return val_bool(&path, &v);
}
