/*
 * cite.c
 *	  What a part of a document rests on: its source, what is assumed, its place,
 *	  and its row in policy_rules.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/memutils.h"

#include "policy/compiler.h"

const char *
keep_text(Compiler *c, const char *s)
{
	return s == NULL ? NULL : MemoryContextStrdup(c->cxt, s);
}

/* "key" or "key locator": the key must be one of "sources". */
void
read_cite(Compiler *c, const Path *path, const JsonbValue *v, Cite *cite)
{
	char	   *text = val_text(path, v);
	int			len = strcspn(text, " ");
	ListCell   *lc;
	StringInfoData known;

	if (c->out->sources == NULL && faults_collected())
	{
		/* the fault is in "sources", and told */
		memset(cite, 0, sizeof(Cite));
		cite->text = cite->shown = text;
		return;
	}
	initStringInfo(&known);
	foreach(lc, c->sources)
	{
		const SourceRef *s = lfirst(lc);

		if ((int) strlen(s->key) == len && memcmp(s->key, text, len) == 0)
		{
			const char *locator = text + len;

			while (*locator == ' ')
				locator++;
			cite->text = text;
			cite->doc = s->doc;
			cite->trust = s->trust;
			cite->shown = *locator != '\0' ? psprintf("%s %s", s->doc, locator) : s->doc;
			return;
		}
		appendStringInfo(&known, "%s%s", known.len > 0 ? ", " : "", s->key);
	}
	ereport(ERROR,
			(errcode(ERRCODE_YB_POLICY_SOURCE),
			 errmsg("%s: \"%.*s\" is not a key of \"sources\"", path_text(path), len, text),
			 errhint("The first word names a source: %s.", known.data)));
}

void
need_cite(Compiler *c, const Obj *o, const char *key, Cite *cite)
{
	if (!get_cite(c, o, key, cite))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_SOURCE),
				 errmsg("%s: key \"%s\" is missing", path_text(&o->path), key),
				 errhint("Every rule names the text it rests on: a key of \"sources\", then where in it.")));
}

bool
get_cite(Compiler *c, const Obj *o, const char *key, Cite *cite)
{
	JsonbValue	v;
	Path		path;

	if (!get_member(o, key, &v, &path))
		return false;
	read_cite(c, &path, &v, cite);
	return true;
}

/* The ids that a rule cites as assumed; each must stand in the document's "assumed". */
List *
read_assumed(Compiler *c, const Obj *o)
{
	JsonbValue	v;
	Path		path;
	Arr			a;
	List	   *ids = NIL;

	if (!get_member(o, "assumed", &v, &path))
		return NIL;
	arr_open(&path, &v, &a);
	for (int i = 0; i < a.n; i++)
	{
		JsonbValue	e;
		Path		e_path;
		char	   *id;
		ListCell   *lc;
		bool		found = false;

		arr_get(&a, i, &e, &e_path);
		id = val_text(&e_path, &e);
		foreach(lc, c->assumptions)
			found = found || strcmp(((Assumption *) lfirst(lc))->id, id) == 0;
		if (!found)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_SOURCE),
					 errmsg("%s: \"%s\" is not a key of the document's \"assumed\"",
							path_text(&e_path), id),
					 errhint("Say there what is assumed and why.")));
		ids = lappend(ids, id);
	}
	return ids;
}

/* "P01: ...; P09: ..." or NULL. */
const char *
assumed_note(Compiler *c, List *assumed, bool english)
{
	StringInfoData s;
	ListCell   *lc;
	ListCell   *lc2;

	if (assumed == NIL)
		return NULL;
	initStringInfo(&s);
	foreach(lc, assumed)
	{
		foreach(lc2, c->assumptions)
		{
			const Assumption *a = lfirst(lc2);

			if (strcmp(a->id, lfirst(lc)) == 0)
				appendStringInfo(&s, "%s%s: %s", s.len > 0 ? "; " : "", a->id,
								 english && a->note_en != NULL ? a->note_en : a->note);
		}
	}
	return s.data;
}

const char *
read_grounds(Compiler *c, const Obj *o, Cite *cite, List **assumed)
{
	const char *note;

	need_cite(c, o, "source", cite);
	*assumed = read_assumed(c, o);
	note = get_text(o, "note");
	return note != NULL ? note : assumed_note(c, *assumed, c->english);
}

/* What explain says is assumed of a rule. */
void
set_assumed(Compiler *c, int info, List *assumed)
{
	c->info[info].assumed = keep_text(c, assumed_note(c, assumed, false));
	c->info[info].assumed_en = keep_text(c, assumed_note(c, assumed, true));
}

/* {"zh": text, "en": text}; the English may be missing. */
const char *
read_title(const Obj *o, const char *key, const char **en)
{
	static const char *const keys[] = {"zh", "en", NULL};
	JsonbValue	v;
	Path		path;
	Obj			t;

	need_member(o, key, &v, &path);
	obj_open(&path, &v, &t);
	obj_check_keys(&t, keys, NULL);
	if (en != NULL)
		*en = get_text(&t, "en");
	else
		(void) get_text(&t, "en");
	return need_text(&t, "zh");
}

int
add_info(Compiler *c, const Path *path, const Cite *cite, const char *note)
{
	RuleInfo   *info;
	InfoSide   *side;

	if (c->ninfo == c->maxinfo)
	{
		c->maxinfo *= 2;
		c->info = repalloc_array(c->info, RuleInfo, c->maxinfo);
		c->side = repalloc_array(c->side, InfoSide, c->maxinfo);
	}
	info = &c->info[c->ninfo];
	side = &c->side[c->ninfo];
	memset(side, 0, sizeof(InfoSide));
	side->path = path_text(path);
	info->path = keep_text(c, side->path);
	info->source = keep_text(c, cite != NULL ? cite->shown : "");
	info->trust = keep_text(c, cite != NULL ? cite->trust : "");
	info->note = keep_text(c, note);
	info->assumed = info->assumed_en = NULL;
	info->when = info->when_en = NULL;
	return c->ninfo++;
}

RuleRow *
add_row(Compiler *c, const Path *path, const char *layer, const char *parameter,
		const char *condition, const char *effect, const Cite *cite, List *assumed,
		const char *note)
{
	RuleRow    *row;

	if (!c->want_rows)
		return NULL;
	row = palloc0_object(RuleRow);
	row->info = -1;
	row->path = path_text(path);
	row->layer = layer;
	row->parameter = parameter;
	row->condition = condition;
	row->effect = effect;
	if (cite != NULL)
	{
		row->source = cite->text;
		row->doc = cite->shown;
		row->trust = cite->trust;
	}
	row->assumed = assumed;
	row->note = note;
	c->rows = lappend(c->rows, row);
	return row;
}
