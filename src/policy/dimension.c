/*
 * dimension.c
 *	  What the conditions of a document tell claims apart by: dimensions and their
 *	  atoms, the box of a condition, and a situation in words.
 *
 * See core/rules.h for dimensions, atoms and boxes.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "core/match.h"
#include "policy/compiler.h"

/* ---- a situation in words ------------------------------------------------------------- */

/*
 * Call fn for each code of a field's closed list until it returns true; false
 * when none did or the field has no such list.  The list is that of messages:
 * codes and ranges of numbers, separated by commas.
 */
static bool
any_listed_code(ClaimField field, bool (*fn) (int64 code, void *arg), void *arg)
{
	const char *list = claim_code_list(field);

	for (const char *p = list; p != NULL && *p != '\0'; p += strspn(p, ", "))
	{
		size_t		len = strcspn(p, ", -");
		size_t		last_len = p[len] == '-' ? strcspn(p + len + 1, ", ") : 0;

		if (last_len == 0)
		{
			if (len <= CODE_MAX && claim_code_known(field, code_pack(p, len)) &&
				fn(code_pack(p, len), arg))
				return true;
		}
		else
		{
			for (int i = atoi(p); i <= atoi(p + len + 1); i++)
			{
				char	   *code = psprintf("%0*d", (int) len, i);

				if (fn(code_pack(code, strlen(code)), arg))
					return true;
			}
			len += 1 + last_len;
		}
		p += len;
		if (strncmp(p, " and", 4) == 0)
			break;
	}
	return false;
}

typedef struct OtherCode
{
	const Dim  *dim;
	int64		code;
} OtherCode;

static bool
is_other_code(int64 code, void *arg)
{
	OtherCode  *o = arg;

	o->code = code;
	return dim_atom(o->dim, code, 0) == ATOM_OTHER;
}

/*
 * Can a claim have another code than those that the policy names?  Not if the
 * list is closed and all of it is named: claims are checked against the list.
 * *code: an example, 0 if the list is open.
 */
static bool
has_other_code(const Dim *dim, int64 *code)
{
	OtherCode	o = {dim, 0};

	*code = 0;
	if (dim->kind != FK_CODE || claim_code_list(dim->field) == NULL)
		return true;
	if (!any_listed_code(dim->field, is_other_code, &o))
		return false;
	*code = o.code;
	return true;
}

/* One atom of a dimension. */
static void
append_atom(StringInfo s, const Dim *dim, int atom)
{
	const FieldInfo *f = &claim_fields[dim->field];
	int64		other;

	if (atom == ATOM_UNKNOWN)
	{
		appendStringInfo(s, _("%s unknown"), f->name);
		return;
	}
	if (atom == ATOM_OTHER && dim->kind == FK_CODE && has_other_code(dim, &other) && other != 0)
	{
		char		code[CODE_MAX + 1];

		code_unpack(other, code);
		appendStringInfo(s, "%s = %s", f->name, code);
		return;
	}
	switch (dim->kind)
	{
		case FK_FLAG:
			appendStringInfo(s, "%s = %s", f->name, atom == 2 ? "true" : "false");
			break;
		case FK_CODE:
		case FK_TEXT:
			if (atom >= 2)
			{
				char		code[CODE_MAX + 1];

				if (dim->kind == FK_CODE)
				{
					code_unpack(dim->codes[atom - 2], code);
					appendStringInfo(s, "%s = %s", f->name, code);
				}
				else
					appendStringInfo(s, "%s = %.*s", f->name,
									 (int) dim->texts[atom - 2].len,
									 dim->texts[atom - 2].s);
			}
			else
			{
				appendStringInfo(s, _("%s none of ("), f->name);
				for (int i = 0; i < dim->nvalues; i++)
				{
					char		code[CODE_MAX + 1];

					if (i > 0)
						appendStringInfoString(s, ", ");
					if (i == 8)
					{
						appendStringInfoString(s, "...");
						break;
					}
					if (dim->kind == FK_CODE)
					{
						code_unpack(dim->codes[i], code);
						appendStringInfoString(s, code);
					}
					else
						appendBinaryStringInfo(s, dim->texts[i].s, dim->texts[i].len);
				}
				appendStringInfoChar(s, ')');
			}
			break;
		default:
			append_range(s, f->name, dim->kind,
						 atom == 1 ? PG_INT64_MIN : dim->cuts[atom - 2],
						 atom == dim->nvalues + 1 ? PG_INT64_MAX : dim->cuts[atom - 1]);
			break;
	}
}

char *
policy_situation(const CompiledPolicy *cp, const uint16_t atom[MAX_DIMS], uint64 care)
{
	StringInfoData s;

	initStringInfo(&s);
	for (int d = 0; d < cp->core->ndims; d++)
	{
		if (!(care & (UINT64CONST(1) << d)))
			continue;
		if (s.len > 0)
			appendStringInfoString(&s, ", ");
		append_atom(&s, &cp->core->dims[d], atom[d]);
	}
	if (s.len == 0)
		appendStringInfoString(&s, _("always"));
	return s.data;
}

/* ---- dimensions and boxes ----------------------------------------------------------- */

static int
cmp_cut(const void *a, const void *b)
{
	int64		x = *(const int64 *) a;
	int64		y = *(const int64 *) b;

	return x < y ? -1 : x > y;
}

/* As bytes: that is what packing makes of codes. */
static int
cmp_code(const void *a, const void *b)
{
	uint64		x = *(const uint64 *) a;
	uint64		y = *(const uint64 *) b;

	return x < y ? -1 : x > y;
}

static int
cmp_text(const void *a, const void *b)
{
	const TextAtom *x = a;
	const TextAtom *y = b;
	int			r = memcmp(x->s, y->s, Min(x->len, y->len));

	return r != 0 ? r : (int) x->len - (int) y->len;
}

/* The distinct values that the conditions on a dimension name, sorted. */
static void
finish_dim(Compiler *c, int d)
{
	Dim		   *dim = &c->core->dims[d];
	int			max = 0;
	int			n = 0;
	int			m = 0;
	ListCell   *lc;

	foreach(lc, c->dim_conds[d])
		max += Max(2, ((Cond *) lfirst(lc))->nvalues);

	if (dim->kind == FK_FLAG)
		dim->natoms = 3;
	else if (dim->kind == FK_TEXT)
	{
		TextAtom   *t = keep_array(c, TextAtom, max);

		foreach(lc, c->dim_conds[d])
		{
			Cond	   *cond = lfirst(lc);

			memcpy(t + n, cond->texts, sizeof(TextAtom) * cond->nvalues);
			n += cond->nvalues;
		}
		qsort(t, n, sizeof(TextAtom), cmp_text);
		for (int i = 0; i < n; i++)
		{
			if (i == 0 || cmp_text(&t[i], &t[i - 1]) != 0)
				t[m++] = t[i];
		}
		dim->texts = t;
	}
	else
	{
		int64	   *v = keep_array(c, int64, max);

		foreach(lc, c->dim_conds[d])
		{
			Cond	   *cond = lfirst(lc);

			if (dim->kind == FK_CODE)
			{
				memcpy(v + n, cond->codes, sizeof(int64) * cond->nvalues);
				n += cond->nvalues;
			}
			else
			{
				if (cond->lo != PG_INT64_MIN)
					v[n++] = cond->lo;
				if (cond->hi != PG_INT64_MAX)
					v[n++] = cond->hi;
			}
		}
		qsort(v, n, sizeof(int64), dim->kind == FK_CODE ? cmp_code : cmp_cut);
		for (int i = 0; i < n; i++)
		{
			if (i == 0 || v[i] != v[i - 1])
				v[m++] = v[i];
		}
		if (dim->kind == FK_CODE)
			dim->codes = (const int64_t *) v;
		else
			dim->cuts = (const int64_t *) v;
	}
	if (dim->kind != FK_FLAG)
	{
		if (m + 2 > MAX_ATOMS)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_LIMIT),
					 errmsg("the conditions on %s name %d different values",
							claim_fields[dim->field].name, m),
					 errhint("At most %d may be named.", MAX_ATOMS - 2)));
		dim->nvalues = m;
		dim->natoms = m + 2;
	}
}

/* All conditions are known: fix the dimensions and their place in a box. */
void
finish_dims(Compiler *c)
{
	for (int d = 0; d < c->core->ndims; d++)
		finish_dim(c, d);
	if (!policy_layout(c->core))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_LIMIT),
				 errmsg("the conditions of the document distinguish too many situations"),
				 errhint("Drop conditions on fields that decide nothing.")));
}

static bool
text_begins(const TextAtom *a, const TextAtom *b, bool prefix)
{
	return (prefix ? a->len >= b->len : a->len == b->len) &&
		memcmp(a->s, b->s, b->len) == 0;
}

/* Does a code stand for itself or begin with the other? */
static bool
code_begins(int64 a, int64 b, bool prefix)
{
	char		sa[CODE_MAX + 1];
	char		sb[CODE_MAX + 1];

	if (a == b)
		return true;
	code_unpack(a, sa);
	return prefix && strncmp(sa, sb, code_unpack(b, sb)) == 0;
}

static bool
cond_has_atom(const Dim *dim, const Cond *cond, int atom)
{
	bool		found = false;

	if (atom == ATOM_UNKNOWN)
		return false;
	switch (dim->kind)
	{
		case FK_FLAG:
			return atom == (cond->codes[0] ? 2 : 1);
		case FK_CODE:
		case FK_TEXT:
			for (int i = 0; atom >= 2 && i < cond->nvalues && !found; i++)
				found = dim->kind == FK_CODE ?
					code_begins(dim->codes[atom - 2], cond->codes[i], dim->prefix) :
					text_begins(&dim->texts[atom - 2], &cond->texts[i], dim->prefix);
			return found != cond->negate;
		default:
			return (atom == 1 ? cond->lo == PG_INT64_MIN : cond->lo <= dim->cuts[atom - 2]) &&
				(atom == dim->nvalues + 1 ? cond->hi == PG_INT64_MAX : cond->hi >= dim->cuts[atom - 1]);
	}
}

void
policy_universe(const Policy *p, uint64_t *box)
{
	memset(box, 0, sizeof(uint64_t) * p->box_words);
	for (int d = 0; d < p->ndims; d++)
	{
		const Dim  *dim = &p->dims[d];
		int64		example;

		for (int atom = ATOM_OTHER; atom < dim->natoms; atom++)
		{
			if (atom != ATOM_OTHER || has_other_code(dim, &example))
				box_put(box, dim->bit0 + atom);
		}
	}
}

/* The box of the conditions that belong to an info. */
uint64_t *
make_box(Compiler *c, int info)
{
	Policy	   *p = c->core;
	uint64_t   *box = keep_array(c, uint64_t, p->box_words);

	for (int d = 0; d < p->ndims; d++)
	{
		const Dim  *dim = &p->dims[d];
		bool		inhabited = false;
		int64		example;
		bool		other = dim->kind != FK_CODE || has_other_code(dim, &example);

		for (int atom = 0; atom < dim->natoms; atom++)
		{
			bool		in = atom != ATOM_OTHER || other;
			ListCell   *lc;

			foreach(lc, c->side[info].conds)
			{
				const Cond *cond = lfirst(lc);

				if (cond->field == dim->field)
					in = in && cond_has_atom(dim, cond, atom);
			}
			if (in)
				box_put(box, dim->bit0 + atom);
			inhabited = inhabited || (in && atom != ATOM_UNKNOWN);
		}
		if (!inhabited)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s: no claim can meet the conditions on %s",
							c->side[info].path, claim_fields[dim->field].name),
					 errhint("Look at \"when\" together with \"from\" and \"to\".")));
	}
	return box;
}
