/*
 * diff.c
 *	  policy_diff(): what changes from one document to another.
 *
 * Rules are matched by what they are about (layer, parameter, condition), not
 * by their place; what is left is matched by id, by effect, or because there is
 * only one on each side.
 */
#include "postgres.h"

#include "funcapi.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "policy/author.h"
#include "text/text.h"

PG_FUNCTION_INFO_V1(yibao_policy_diff);

/* A row of policy_rules(), and its counterpart in the other document. */
typedef struct Part
{
	const RuleRow *row;
	char	   *about;			/* layer and parameter */
	char	   *when;			/* condition, codes in order */
	struct Part *other;
} Part;

typedef struct Diff
{
	ReturnSetInfo *out;
	bool		zh;
	const char *lang;
	int			nrows;
} Diff;

/* ---- what a change is ------------------------------------------------------------------- */

static bool
stands_after(const char *number, const char *effect, const char *word)
{
	size_t		len = strlen(word);

	return (size_t) (number - effect) >= len && strncmp(number - len, word, len) == 0;
}

/*
 * Is it how much there is of what the effect gives: its figure, the least or
 * most of it, a band's ratio?  Where a band ends, or from which disease on a
 * limit grows, is another matter: with that higher, less may be paid.
 */
static bool
says_how_much(const char *number, const char *effect)
{
	if (strncmp(effect, "bands", strlen("bands")) == 0)
		return !stands_after(number, effect, " to ");
	if (stands_after(number, effect, "at least ") || stands_after(number, effect, "at most ") ||
		stands_after(number, effect, "not above "))
		return true;
	return strcspn(effect, "0123456789+-") >= (size_t) (number - effect) &&
		!stands_after(number, effect, "every ") && !stands_after(number, effect, "within ");
}

/*
 * Where two effects differ in one number only, which says how much: -1 it
 * falls, 1 it rises; else 0.
 */
static int
direction(const char *before, const char *after)
{
	static const char *const digits = "0123456789.+-";
	const char *b = before;
	const char *a = after;
	double		x;
	double		y;

	while (*b != '\0' && *b == *a)
	{
		b++;
		a++;
	}
	while (b > before && strchr(digits, b[-1]) != NULL)
	{
		b--;
		a--;
	}
	if (strspn(b, digits) == 0 || strspn(a, digits) == 0 || !says_how_much(b, before) ||
		strcmp(b + strspn(b, digits), a + strspn(a, digits)) != 0)
		return 0;
	x = strtod(b, NULL);
	y = strtod(a, NULL);
	return x < y ? 1 : x > y ? -1 : 0;
}

/* ---- rows ------------------------------------------------------------------------------ */

static void
put_change(Diff *diff, const char *path, const char *change, const char *before,
		   const char *after, const char *sentence)
{
	const char *words[5] = {path, change, before, after, sentence};
	Datum		values[5];
	bool		nulls[5];

	author_words(5, words, values, nulls);
	tuplestore_putvalues(diff->out->setResult, diff->out->setDesc, values, nulls);
	diff->nrows++;
}

static char *
words_in(const Diff *diff, const char *effect)
{
	return diff->zh && effect != NULL ? rule_effect_zh(effect) : pstrdup(effect != NULL ? effect : "");
}

/* before became after, of what subject says. */
static void
put_became(Diff *diff, const char *path, const char *change, const char *about,
		   const char *before, const char *after)
{
	char	   *b = words_in(diff, before);
	char	   *a = words_in(diff, after);
	int			up = before != NULL && after != NULL ? direction(before, after) : 0;
	char	   *sentence;

	if (before == NULL)
		sentence = psprintf(diff->zh ? "%s：新写明 %s" : "%s: now stated, %s", about, a);
	else if (after == NULL)
		sentence = psprintf(diff->zh ? "%s：不再写明（原为 %s）" : "%s: no longer stated, was %s", about, b);
	else if (diff->zh)
		sentence = psprintf("%s由 %s %s %s", about, b,
							up > 0 ? "提高到" : up < 0 ? "降低到" : "改为", a);
	else
		sentence = psprintf("%s: %s %s %s", about, b,
							up > 0 ? "rises to" : up < 0 ? "falls to" : "becomes", a);
	put_change(diff, path, change, before, after, sentence);
}

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static char *
list_words(const List *words)
{
	StringInfoData s;
	const ListCell *lc;

	if (words == NIL)
		return NULL;
	initStringInfo(&s);
	foreach(lc, words)
		appendStringInfo(&s, "%s%s", s.len > 0 ? ", " : "", (char *) lfirst(lc));
	return s.data;
}

static void
put_part_changes(Diff *diff, const Part *a, const Part *b)
{
	const RuleRow *x = a->row;
	const RuleRow *y = b->row;
	char	   *about = rule_subject(x, diff->lang, true);
	struct
	{
		const char *change;
		const char *zh;
		const char *en;
		const char *before;
		const char *after;
	}			more[] = {
		{"source", "的依据", ", source", x->source, y->source},
		{"assumed", "所据假设", ", assumptions", list_words(x->assumed), list_words(y->assumed)},
		{"over", "优先于", ", stands over", list_words(x->over), list_words(y->over)},
		{"note", "的说明", ", note", x->note, y->note},
	};

	if (strcmp(a->when, b->when) != 0)
		put_change(diff, y->path, "condition", x->condition, y->condition,
				   psprintf(diff->zh ? "%s %s：条件由“%s”改为“%s”" : "%s, %s: the condition %s becomes %s",
							rule_subject(x, diff->lang, false), words_in(diff, x->effect),
							rule_when(x, diff->zh), rule_when(y, diff->zh)));
	if (!same_text(x->effect, y->effect))
		put_became(diff, y->path, "effect", about, x->effect, y->effect);
	for (size_t i = 0; i < lengthof(more); i++)
	{
		/* notes of what is assumed or unknown are those of the assumption, or ours */
		if (!same_text(more[i].before, more[i].after) &&
			!(i == 3 && (x->assumed != NIL || y->assumed != NIL || same_text(x->effect, "unknown") ||
						 same_text(y->effect, "unknown")) &&
			  strcmp(x->parameter, "assumption") != 0))
			put_became(diff, y->path, more[i].change,
					   psprintf("%s%s", about, diff->zh ? more[i].zh : more[i].en),
					   more[i].before, more[i].after);
	}
}

/* ---- matching ---------------------------------------------------------------------------- */

static Part *
make_parts(const List *rows)
{
	Part	   *parts = palloc0_array(Part, list_length(rows) + 1);
	const ListCell *lc;

	foreach(lc, rows)
	{
		const RuleRow *row = lfirst(lc);
		Part	   *part = &parts[foreach_current_index(lc)];

		part->row = row;
		part->about = psprintf("%s.%s", row->layer != NULL ? row->layer : "", row->parameter);
		if (strcmp(row->parameter, "assumption") == 0)
			part->when = row->assumed != NIL ? linitial(row->assumed) : "";
		else if (strcmp(row->parameter, "unknown") == 0)
			part->when = pstrdup(row->effect);
		else
			part->when = rule_when(row, false);
	}
	return parts;
}

typedef bool (*Alike) (const Part *a, const Part *b);

static bool
same_situation(const Part *a, const Part *b)
{
	return strcmp(a->when, b->when) == 0 && same_text(a->row->effect, b->row->effect);
}

static bool
same_when(const Part *a, const Part *b)
{
	return strcmp(a->when, b->when) == 0;
}

static bool
same_id(const Part *a, const Part *b)
{
	return a->row->id != NULL && same_text(a->row->id, b->row->id);
}

/* What is assumed and unknown is known by its name alone. */
static bool
is_rule(const Part *a)
{
	return strcmp(a->row->parameter, "assumption") != 0 &&
		strcmp(a->row->parameter, "unknown") != 0;
}

static bool
same_effect(const Part *a, const Part *b)
{
	return is_rule(a) && same_text(a->row->effect, b->row->effect);
}

static bool
any_rule(const Part *a, const Part *b)
{
	return is_rule(a) && is_rule(b);
}

static int
count_open(const Part *parts, int n, const char *about)
{
	int			open = 0;

	for (int i = 0; i < n; i++)
		open += parts[i].other == NULL && strcmp(parts[i].about, about) == 0;
	return open;
}

static void
match_parts(Part *a, int na, Part *b, int nb)
{
	static const Alike ways[] = {
		same_situation, same_when, same_id, same_effect, any_rule
	};

	for (size_t w = 0; w < lengthof(ways); w++)
	{
		for (int i = 0; i < na; i++)
		{
			/* the last way is for what is alone on both sides */
			if (ways[w] == any_rule &&
				(count_open(a, na, a[i].about) != 1 || count_open(b, nb, a[i].about) != 1))
				continue;
			for (int j = 0; j < nb && a[i].other == NULL; j++)
			{
				if (b[j].other != NULL || strcmp(a[i].about, b[j].about) != 0 ||
					!ways[w] (&a[i], &b[j]))
					continue;
				a[i].other = &b[j];
				b[j].other = &a[i];
			}
		}
	}
}

/* ---- the head of a document ------------------------------------------------------------- */

static const PolicySource *
find_source(const CompiledPolicy *cp, const char *key)
{
	for (int i = 0; i < cp->nsources; i++)
	{
		if (strcmp(cp->sources[i].key, key) == 0)
			return &cp->sources[i];
	}
	return NULL;
}

static char *
source_words(const PolicySource *s)
{
	StringInfoData w;

	if (s == NULL)
		return NULL;
	initStringInfo(&w);
	appendStringInfo(&w, "%s (%s", s->doc, s->trust);
	if (s->authority != NULL)
		appendStringInfo(&w, ", %s", s->authority);
	appendStringInfoChar(&w, ')');
	return w.data;
}

static void
put_head(Diff *diff, const CompiledPolicy *a, const CompiledPolicy *b)
{
	struct
	{
		const char *path;
		const char *zh;
		const char *en;
		const char *before;
		const char *after;
	}			head[] = {
		{"title.zh", "名称", "title", a->title_zh, b->title_zh},
		{"insutype", "险种类型", "scheme", a->insutype, b->insutype},
		{"admdvs", "统筹区", "pooling area", a->admdvs, b->admdvs},
		{"valid_from", "生效日期", "first day", day_words(a->valid_from), day_words(b->valid_from)},
		{"valid_to", "失效日期", "end", day_words(a->valid_to), day_words(b->valid_to)},
		{"version_date", "适用哪一版规则的日期", "date that picks the version",
			claim_fields[a->core->version_date].name, claim_fields[b->core->version_date].name},
		{"trust", "文件可信度", "trust of the document", a->trust, b->trust},
	};

	for (size_t i = 0; i < lengthof(head); i++)
	{
		if (same_text(head[i].before, head[i].after))
			continue;
		put_change(diff, head[i].path, head[i].before == NULL ? "added" :
				   head[i].after == NULL ? "removed" : "changed", head[i].before, head[i].after,
				   psprintf(diff->zh ? "%s由“%s”改为“%s”" : "%s: %s becomes %s",
							diff->zh ? head[i].zh : head[i].en,
							head[i].before != NULL ? head[i].before : diff->zh ? "未写明" : "not stated",
							head[i].after != NULL ? head[i].after : diff->zh ? "未写明" : "not stated"));
	}
	for (int side = 0; side < 2; side++)
	{
		const CompiledPolicy *one = side == 0 ? a : b;

		for (int i = 0; i < one->nsources; i++)
		{
			const char *key = one->sources[i].key;
			char	   *before = source_words(find_source(a, key));
			char	   *after = source_words(find_source(b, key));
			char	   *path = psprintf("sources.%s", key);

			if (same_text(before, after) || (side == 1 && before != NULL))
				continue;
			if (before == NULL)
				put_change(diff, path, "added", NULL, after,
						   psprintf(diff->zh ? "新增依据 %s：%s" : "new source %s: %s", key, after));
			else if (after == NULL)
				put_change(diff, path, "removed", before, NULL,
						   psprintf(diff->zh ? "删去依据 %s：%s" : "source %s is gone: %s", key, before));
			else
				put_change(diff, path, "changed", before, after,
						   psprintf(diff->zh ? "依据 %s 由“%s”改为“%s”" : "source %s: %s becomes %s",
									key, before, after));
		}
	}
}

Datum
yibao_policy_diff(PG_FUNCTION_ARGS)
{
	Jsonb	   *docs[2] = {PG_GETARG_JSONB_P(0), PG_GETARG_JSONB_P(1)};
	Diff		diff = {0};
	Authored	a;
	Authored	b;
	Part	   *pa;
	Part	   *pb;
	int			na;
	int			nb;

	yibao_check_version();
	InitMaterializedSRF(fcinfo, 0);
	diff.out = (ReturnSetInfo *) fcinfo->resultinfo;
	diff.lang = text_to_cstring(PG_GETARG_TEXT_PP(2));
	diff.zh = strcmp(diff.lang, "zh") == 0;
	(void) yibao_layer_name(0, diff.lang);	/* another language is an error */

	author_compile(docs[0], &a);
	author_compile(docs[1], &b);
	na = list_length(a.rows);
	nb = list_length(b.rows);
	pa = make_parts(a.rows);
	pb = make_parts(b.rows);
	match_parts(pa, na, pb, nb);

	put_head(&diff, a.cp, b.cp);
	for (int j = 0; j < nb; j++)
	{
		const RuleRow *row = pb[j].row;

		if (pb[j].other != NULL)
			put_part_changes(&diff, pb[j].other, &pb[j]);
		else
			put_change(&diff, row->path, "added", NULL, row->effect,
					   psprintf(diff.zh ? "新增%s：%s" : "new: %s: %s", rule_subject(row, diff.lang, true),
								words_in(&diff, row->effect)));
	}
	for (int i = 0; i < na; i++)
	{
		const RuleRow *row = pa[i].row;

		if (pa[i].other == NULL)
			put_change(&diff, row->path, "removed", row->effect, NULL,
					   psprintf(diff.zh ? "删去%s：%s" : "gone: %s: %s", rule_subject(row, diff.lang, true),
								words_in(&diff, row->effect)));
	}
	for (int l = 0; l < LAYER_COUNT; l++)
	{
		if (a.cp->has_layer[l] && b.cp->has_layer[l] &&
			!same_text(a.cp->payer[l].fund, b.cp->payer[l].fund))
			put_became(&diff, psprintf("%s.fund", b.cp->core->info[b.cp->payer[l].info].path), "effect",
					   psprintf(diff.zh ? "%s支付方的基金" : "%s, fund of the payer",
								yibao_layer_name(l, diff.lang)),
					   a.cp->payer[l].fund, b.cp->payer[l].fund);
	}
	if (diff.nrows == 0 && compareJsonbContainers(&docs[0]->root, &docs[1]->root) != 0)
		put_change(&diff, "document", "wording", NULL, NULL,
				   diff.zh ? "只有措辞不同（说明、来源的链接、顺序等），没有任何规定改变" :
				   "only the wording differs (notes, links, order): nothing that is laid down");
	return (Datum) 0;
}
