/*
 * condition.c
 *	  Conditions of rules: read, and put in words; dimension.c makes boxes of them.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "policy/compiler.h"

static const char *const range_ops[] = {">=", ">", "<=", "<", NULL};
static const char *const not_key[] = {"not", NULL};

/* ---- reading ------------------------------------------------------------------- */

static bool
field_may_be_condition(ClaimField f)
{
	return f < CF_CUM_FIRST || f == CF_cum_ipt_cnt || f == CF_cum_lv_cnt ||
		f == CF_cum_hosp_cnt || f == CF_cum_area_cnt;
}

static bool
field_has_prefix(ClaimField f)
{
	return f == CF_med_type || f == CF_dise_codg || f == CF_psn_type;
}

/* The dimension of a condition's field, made when it is the first of it. */
static void
note_dim(Compiler *c, const Path *path, Cond *cond)
{
	int			d = c->dim_of[cond->field];

	if (d < 0)
	{
		d = c->core->ndims;
		if (d == MAX_DIMS)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_LIMIT),
					 errmsg("%s: rules depend on more than %d fields",
							path_text(path), MAX_DIMS),
					 errhint("Drop conditions that decide nothing.")));
		c->core->ndims++;
		c->dim_of[cond->field] = d;
		c->core->dims[d].field = cond->field;
		c->core->dims[d].kind = claim_fields[cond->field].kind;
		c->core->dims[d].prefix = field_has_prefix(cond->field);
		c->core->fields_read[cond->field / 64] |= UINT64_C(1) << (cond->field % 64);
		if (cond->field == CF_tcm_share)
			c->core->fields_read[CF_tcm_amt / 64] |= UINT64_C(1) << (CF_tcm_amt % 64);
	}
	c->dim_conds[d] = lappend(c->dim_conds[d], cond);
}

static void
add_code(Compiler *c, const Path *path, const JsonbValue *v, Cond *cond)
{
	char	   *s = val_text(path, v);
	size_t		len = strlen(s);

	if (claim_fields[cond->field].kind == FK_TEXT)
	{
		TextAtom   *t = &cond->texts[cond->nvalues];

		if (len > 200)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s: \"%.*s...\" is longer than 200 bytes", path_text(path),
							pg_mbcliplen(s, (int) len, 20), s),
					 errhint("A code is short; look for a missing quotation mark.")));
		t->s = keep_text(c, s);
		t->len = len;
	}
	else
	{
		const char *list = claim_code_list(cond->field);

		if (len > CODE_MAX || !claim_code_known(cond->field, code_pack(s, len)))
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s: unknown code \"%s\" of %s", path_text(path), s,
							claim_fields[cond->field].name),
					 list != NULL ?
					 errhint("Codes of %s (%s): %s.", claim_fields[cond->field].name,
							 claim_fields[cond->field].zh, _(list)) :
					 errhint("A code has at most %d bytes.", CODE_MAX)));
		cond->codes[cond->nvalues] = code_pack(s, len);
	}
	cond->nvalues++;
}

/* "code", ["codes"] or {"not": "code" or [codes]} */
static void
read_codes(Compiler *c, const Path *path, const JsonbValue *v, Cond *cond)
{
	if (v->type == jbvBinary && JsonContainerIsObject(v->val.binary.data))
	{
		Obj			o;
		JsonbValue	inner;
		Path		inner_path;

		obj_open(path, v, &o);
		obj_check_keys(&o, not_key, NULL);
		need_member(&o, "not", &inner, &inner_path);
		if (cond->negate)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s: \"not\" within \"not\"", path_text(path)),
					 errhint("Name the codes themselves.")));
		cond->negate = true;
		read_codes(c, &inner_path, &inner, cond);
	}
	else if (v->type == jbvBinary)
	{
		Arr			a;

		arr_open(path, v, &a);
		cond->codes = palloc_array(int64, a.n);
		cond->texts = palloc_array(TextAtom, a.n);
		for (int i = 0; i < a.n; i++)
		{
			JsonbValue	e;
			Path		e_path;

			arr_get(&a, i, &e, &e_path);
			add_code(c, &e_path, &e, cond);
		}
	}
	else
	{
		cond->codes = palloc_array(int64, 1);
		cond->texts = palloc_array(TextAtom, 1);
		add_code(c, path, v, cond);
	}
}

/* A bound of a range: the value itself, and the first value above it. */
static void
read_bound(const Path *path, const JsonbValue *v, FieldKind kind,
		   int64 *value, int64 *above)
{
	switch (kind)
	{
		case FK_AMOUNT:
			*value = val_amount(path, v, false);
			*above = *value + 1;
			break;
		case FK_TIME:
			*value = (int64) val_date(path, v) * USECS_PER_DAY;
			*above = *value + USECS_PER_DAY;	/* a day is a whole day */
			break;
		default:
			*value = val_int(path, v, 0, PG_INT32_MAX);
			*above = *value + 1;
			break;
	}
}

static void
read_range(const Path *path, const JsonbValue *v, FieldKind kind, int64 *lo, int64 *hi)
{
	int64		value;
	int64		above;

	*lo = PG_INT64_MIN;
	*hi = PG_INT64_MAX;
	if (v->type == jbvBinary)
	{
		Obj			o;
		JsonbValue	b;
		Path		b_path;

		obj_open(path, v, &o);
		obj_check_keys(&o, range_ops, NULL);
		for (int i = 0; range_ops[i] != NULL; i++)
		{
			if (!get_member(&o, range_ops[i], &b, &b_path))
				continue;
			read_bound(&b_path, &b, kind, &value, &above);
			switch (i)
			{
				case 0:
					*lo = Max(*lo, value);
					break;
				case 1:
					*lo = Max(*lo, above);
					break;
				case 2:
					*hi = Min(*hi, above);
					break;
				default:
					*hi = Min(*hi, value);
					break;
			}
		}
		if (*lo == PG_INT64_MIN && *hi == PG_INT64_MAX)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s names no bound", path_text(path)),
					 errhint("Write for example {\">=\": 60}.")));
	}
	else
	{
		read_bound(path, v, kind, &value, &above);
		*lo = value;
		*hi = above;
	}
	if (*lo >= *hi)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: no value is within these bounds", path_text(path)),
				 errhint("The lower bound must be below the upper one.")));
}

typedef struct WhenArg
{
	Compiler   *c;
	List	   *conds;
} WhenArg;

static void
read_one_condition(const Path *path, const char *key, JsonbValue *v, void *arg)
{
	WhenArg    *w = arg;
	Cond	   *cond = palloc0_object(Cond);
	int			f = claim_field_by_name(key, strlen(key));

	if (f == CF_psn_idet_types)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_UNKNOWN_KEY),
				 errmsg("%s: no rule may depend on the list of categories", path_text(path)),
				 errhint("Ask for psn_idet_type; \"categories\" says which of several it is.")));
	if (f < 0 || !field_may_be_condition(f))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_UNKNOWN_KEY),
				 f < 0 ?
				 errmsg("%s: a claim has no such field", path_text(path)) :
				 errmsg("%s: no rule may depend on this accumulator", path_text(path)),
				 errhint("doc/policies.md lists the fields of a claim.")));
	cond->field = f;
	cond->lo = PG_INT64_MIN;
	cond->hi = PG_INT64_MAX;
	switch (claim_fields[f].kind)
	{
		case FK_CODE:
		case FK_TEXT:
			read_codes(w->c, path, v, cond);
			break;
		case FK_FLAG:
			cond->codes = palloc_array(int64, 1);
			cond->codes[0] = val_bool(path, v);
			cond->nvalues = 1;
			break;
		default:
			read_range(path, v, claim_fields[f].kind, &cond->lo, &cond->hi);
			break;
	}
	note_dim(w->c, path, cond);
	w->conds = lappend(w->conds, cond);
}

/* The conditions of a rule, NIL when it has none: it always holds. */
List *
read_when(Compiler *c, const Obj *rule, const char *key)
{
	WhenArg		w = {c, NIL};
	JsonbValue	v;
	Path		path;
	Obj			o;

	if (!get_member(rule, key, &v, &path))
		return NIL;
	obj_open(&path, &v, &o);
	if (obj_size(&o) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s has no condition", path_text(&path)),
				 errhint("Leave \"%s\" out of a rule that always holds.", key)));
	obj_each(&o, read_one_condition, &w);
	return w.conds;
}

/* "from" and "to" of a rule: a condition on the date that selects versions. */
List *
read_period(Compiler *c, const Obj *rule)
{
	JsonbValue	v;
	Path		path;
	Cond	   *cond = palloc0_object(Cond);
	bool		some = false;

	cond->field = c->core->version_date;
	cond->lo = PG_INT64_MIN;
	cond->hi = PG_INT64_MAX;
	if (get_member(rule, "from", &v, &path))
	{
		cond->lo = (int64) val_date(&path, &v) * USECS_PER_DAY;
		some = true;
	}
	if (get_member(rule, "to", &v, &path))
	{
		cond->hi = (int64) val_date(&path, &v) * USECS_PER_DAY;
		some = true;
		if (cond->hi <= cond->lo)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s is not after \"from\"", path_text(&path)),
					 errhint("\"to\" is the first day on which the rule no longer holds.")));
	}
	if (!some)
		return NIL;
	note_dim(c, &path, cond);
	return list_make1(cond);
}

/* ---- in words -------------------------------------------------------------------- */

/* lo <= value < hi as a comparison; an open end is PG_INT64_MIN or _MAX. */
void
append_range(StringInfo s, const char *name, FieldKind kind, int64 lo, int64 hi)
{
	int64		unit = kind == FK_TIME ? USECS_PER_DAY : 1;

	if (lo != PG_INT64_MIN && hi != PG_INT64_MAX && hi - lo == unit)
		appendStringInfo(s, "%s = %s", name, number_words(kind, lo));
	else if (hi == PG_INT64_MAX)
		appendStringInfo(s, "%s >= %s", name, number_words(kind, lo));
	else if (lo == PG_INT64_MIN)
		appendStringInfo(s, "%s < %s", name, number_words(kind, hi));
	else
		appendStringInfo(s, "%s >= %s and < %s", name, number_words(kind, lo),
						 number_words(kind, hi));
}

static void
append_value(StringInfo s, const Cond *cond, int i)
{
	if (claim_fields[cond->field].kind == FK_TEXT)
		appendBinaryStringInfo(s, cond->texts[i].s, cond->texts[i].len);
	else
	{
		char		code[CODE_MAX + 1];

		code_unpack(cond->codes[i], code);
		appendStringInfoString(s, code);
	}
}

/* "hosp_lv in (01, 02) and refl = down"; "always" when there is none. */
char *
conds_words(List *conds)
{
	StringInfoData s;
	ListCell   *lc;

	if (conds == NIL)
		return pstrdup("always");
	initStringInfo(&s);
	foreach(lc, conds)
	{
		const Cond *cond = lfirst(lc);
		const FieldInfo *f = &claim_fields[cond->field];

		if (s.len > 0)
			appendStringInfoString(&s, " and ");
		switch (f->kind)
		{
			case FK_CODE:
			case FK_TEXT:
				if (cond->nvalues == 1)
				{
					appendStringInfo(&s, "%s %s ", f->name, cond->negate ? "<>" : "=");
					append_value(&s, cond, 0);
				}
				else
				{
					appendStringInfo(&s, "%s %s (", f->name, cond->negate ? "not in" : "in");
					for (int i = 0; i < cond->nvalues; i++)
					{
						if (i > 0)
							appendStringInfoString(&s, ", ");
						append_value(&s, cond, i);
					}
					appendStringInfoChar(&s, ')');
				}
				break;
			case FK_FLAG:
				appendStringInfo(&s, "%s%s", cond->codes[0] ? "" : "not ", f->name);
				break;
			default:
				append_range(&s, f->name, f->kind, cond->lo, cond->hi);
				break;
		}
	}
	return s.data;
}

/* ---- years outside the claim ----------------------------------------------------------- */

void
read_year_range(const Obj *o, const char *key, int32 *from, int32 *to)
{
	JsonbValue	v;
	Path		path;
	int64		lo;
	int64		hi;

	need_member(o, key, &v, &path);
	read_range(&path, &v, FK_INT, &lo, &hi);
	*from = lo == PG_INT64_MIN ? PG_INT32_MIN : (int32) lo;
	*to = hi == PG_INT64_MAX ? PG_INT32_MAX : (int32) (hi - 1);
}

char *
year_range_words(int32 from, int32 to)
{
	StringInfoData s;

	initStringInfo(&s);
	append_range(&s, "coverage_year", FK_INT,
				 from == PG_INT32_MIN ? PG_INT64_MIN : from,
				 to == PG_INT32_MAX ? PG_INT64_MAX : (int64) to + 1);
	return s.data;
}
