/*
 * bound_authority.c
 *	  Which level of government may set what (政策调整权限): the level that a rule's
 *	  source names, held against those that the bounds allow.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "errcodes.h"
#include "policy/author.h"
#include "policy/bound.h"

static const char *
authority_of(const CompiledPolicy *cp, const RuleRow *row)
{
	size_t		len = row->source != NULL ? strcspn(row->source, " ") : 0;

	for (int i = 0; i < cp->nsources; i++)
	{
		if (strlen(cp->sources[i].key) == len && memcmp(cp->sources[i].key, row->source, len) == 0)
			return cp->sources[i].authority;
	}
	return NULL;
}

/* What an element of "authority" is about. */
typedef struct About
{
	char	   *layer;			/* NULL: any */
	char	   *parameter;		/* NULL: every rule of the layer */
	uint64		fields[FIELD_WORDS];	/* rules whose condition asks for one of these */
	bool		by_field;
} About;

static void
read_fields(const Obj *o, About *about)
{
	JsonbValue	v;
	Path		path;
	Arr			a;

	if (!get_member(o, "conditions", &v, &path))
		return;
	about->by_field = true;
	arr_open(&path, &v, &a);
	for (int i = 0; i < a.n; i++)
	{
		JsonbValue	e;
		Path		e_path;
		char	   *name;
		int			field;

		arr_get(&a, i, &e, &e_path);
		name = val_text(&e_path, &e);
		field = claim_field_by_name(name, strlen(name));
		if (field < 0)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_UNKNOWN_KEY),
					 errmsg("%s: \"%s\" is not a field of a claim", path_text(&e_path), name),
					 errhint("doc/functions-claim.md lists the fields.")));
		about->fields[field / 64] |= UINT64_C(1) << (field % 64);
	}
}

static bool
is_about(const About *about, const RuleRow *row)
{
	bool		asks = !about->by_field;
	ListCell   *lc;

	if (about->layer != NULL && (row->layer == NULL || strcmp(row->layer, about->layer) != 0))
		return false;
	if (about->parameter != NULL)
	{
		size_t		len = strlen(about->parameter);

		if (strncmp(row->parameter, about->parameter, len) != 0 ||
			(row->parameter[len] != '\0' && row->parameter[len] != ' '))
			return false;
	}
	else if (row->info < 0)
		return false;			/* no rule */
	foreach(lc, row->conds)
	{
		const Cond *cond = lfirst(lc);

		asks = asks || ((about->fields[cond->field / 64] >> (cond->field % 64)) & 1);
	}
	return asks;
}

/* A lower level's rule that stands only if something holds which no document says. */
static const char *
read_unless(const Obj *o)
{
	return has_member(o, "unless") ? read_title(o, "unless", NULL) : NULL;
}

/* {"layer", "parameter", "conditions", "levels", "unless", "source"}: the rows of policy_rules that it is about. */
void
bound_check_authority(const Path *path, int i, JsonbValue *v, void *arg)
{
	static const char *const keys[] = {
		"layer", "parameter", "conditions", "levels", "unless", "source", "note", NULL
	};
	Bounds	   *b = arg;
	Obj			o;
	JsonbValue	m;
	Path		m_path;
	Arr			levels;
	uint32		may = 0;
	About		about = {0};
	const char *unless;
	StringInfoData s;
	ListCell   *lc;

	obj_open(path, v, &o);
	obj_check_keys(&o, keys, NULL);
	about.layer = get_text(&o, "layer");
	about.parameter = get_text(&o, "parameter");
	read_fields(&o, &about);
	if (about.layer == NULL && !about.by_field)
		(void) need_text(&o, "parameter");
	unless = read_unless(&o);
	b->id = "authority";
	initStringInfo(&s);
	if (about.layer != NULL)
		appendStringInfoString(&s, about.layer);
	if (about.parameter != NULL)
		appendStringInfo(&s, "%s%s", s.len > 0 ? " " : "", about.parameter);
	for (int f = 0; f < CF_COUNT; f++)
	{
		if ((about.fields[f / 64] >> (f % 64)) & 1)
			appendStringInfo(&s, "%s%s", s.len > 0 ? " " : "", claim_fields[f].name);
	}
	b->what = s.data;
	bound_cite(b, &o);
	need_member(&o, "levels", &m, &m_path);
	arr_open(&m_path, &m, &levels);
	initStringInfo(&s);
	for (int k = 0; k < levels.n; k++)
	{
		JsonbValue	e;
		Path		e_path;
		int			level;

		arr_get(&levels, k, &e, &e_path);
		level = val_word(&e_path, &e, policy_authorities);
		may |= 1 << level;
		appendStringInfo(&s, "%s%s", k > 0 ? ", " : "", policy_authorities[level]);
	}
	foreach(lc, b->a.rows)
	{
		const RuleRow *row = lfirst(lc);
		const char *authority;
		int			right = 0;
		const char *needs = NULL;

		if (!is_about(&about, row))
			continue;
		authority = authority_of(b->a.cp, row);
		for (int k = 0; authority != NULL && policy_authorities[k] != NULL; k++)
		{
			if (strcmp(policy_authorities[k], authority) == 0)
				right = (may >> k) & 1;
		}
		if (authority == NULL)
			needs = psprintf("sources.%s.authority", row->source != NULL ?
							 pnstrdup(row->source, strcspn(row->source, " ")) : "?");
		else if (right == 0)
			needs = unless;
		bound_put(b, row->path, NULL, authority, s.data, needs != NULL ? -1 : right, needs);
	}
}
