/*
 * parse.c
 *	  A policy document from text: the way in that sees what jsonb hides.
 *
 * jsonb keeps the last of two equal keys without a word, so a rule could vanish.
 * PostgreSQL's own JSON parser reads the text here once more for that, and for
 * limits that it does not have.
 */
#include "postgres.h"

#include "common/jsonapi.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "compat.h"
#include "policy/document.h"
#include "policy/policy.h"

/* An object or array that is open. */
typedef struct Level
{
	bool		is_object;
	int			index;			/* array: of the element being read */
	const char *key;			/* object: of the member being read */
	int			nkeys;
	int			maxkeys;
	const char **keys;
} Level;

typedef struct TextState
{
	int			depth;
	Level		level[POLICY_MAX_DEPTH + 1];
} TextState;

/* Path of the level at depth, not of what is being read in it. */
static char *
level_path(TextState *s, int depth)
{
	Path		path[POLICY_MAX_DEPTH + 2];

	memset(path, 0, sizeof(path));
	for (int i = 0; i < depth; i++)
	{
		path[i + 1].up = &path[i];
		if (s->level[i].is_object)
		{
			path[i + 1].key = s->level[i].key;
			path[i + 1].keylen = strlen(s->level[i].key);
		}
		else
			path[i + 1].index = s->level[i].index;
	}
	return path_text(&path[depth]);
}

static void
push_level(TextState *s, bool is_object)
{
	if (s->depth == POLICY_MAX_DEPTH)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_LIMIT),
				 errmsg("%s is nested deeper than %d levels",
						level_path(s, s->depth), POLICY_MAX_DEPTH),
				 errhint("Nothing in the grammar needs more than ten.")));
	memset(&s->level[s->depth], 0, sizeof(Level));
	s->level[s->depth].is_object = is_object;
	s->level[s->depth].index = -1;
	s->depth++;
}

static json_action_result
object_start(void *state)
{
	push_level(state, true);
	json_action_done();
}

static int
cmp_key(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

static json_action_result
object_end(void *state)
{
	TextState *s = state;
	Level	   *l = &s->level[s->depth - 1];

	if (l->nkeys > 1)
		qsort(l->keys, l->nkeys, sizeof(char *), cmp_key);
	for (int i = 1; i < l->nkeys; i++)
	{
		if (strcmp(l->keys[i], l->keys[i - 1]) == 0)
		{
			l->key = l->keys[i];
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_DUPLICATE_KEY),
					 errmsg("%s: the key is given twice", level_path(s, s->depth)),
					 errhint("Only the last one would be kept: rename or remove one of them.")));
		}
	}
	s->depth--;
	json_action_done();
}

static json_action_result
array_start(void *state)
{
	push_level(state, false);
	json_action_done();
}

static json_action_result
array_end(void *state)
{
	((TextState *) state)->depth--;
	json_action_done();
}

static json_action_result
field_start(void *state, char *name, bool isnull)
{
	TextState *s = state;
	Level	   *l = &s->level[s->depth - 1];

	if (l->nkeys == l->maxkeys)
	{
		l->maxkeys = l->maxkeys == 0 ? 16 : l->maxkeys * 2;
		l->keys = l->keys == NULL ? palloc_array(const char *, l->maxkeys) :
			repalloc_array(l->keys, const char *, l->maxkeys);
	}
	l->keys[l->nkeys++] = name;
	l->key = name;
	json_action_done();
}

static json_action_result
element_start(void *state, bool isnull)
{
	TextState *s = state;

	s->level[s->depth - 1].index++;
	json_action_done();
}

/* A number that numeric could not hold is told here, with its path. */
static json_action_result
scalar(void *state, char *token, JsonTokenType type)
{
	TextState *s = state;

	if (type == JSON_TOKEN_NUMBER && (strlen(token) > 20 || strpbrk(token, "eE") != NULL))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: %.20s is no number of a policy", level_path(s, s->depth), token),
				 errhint("Numbers are small and whole; amounts and ratios are strings.")));
	json_action_done();
}

Jsonb *
policy_parse_text(const char *text, int len)
{
	TextState	state;
	JsonSemAction sem = {0};
	JsonLexContext *lex;
	JsonParseErrorType result;
	char	   *copy;

	if (len > POLICY_MAX_BYTES)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_LIMIT),
				 errmsg("document has %zu bytes, more than %d", (size_t) len, POLICY_MAX_BYTES),
				 errhint("A policy of an area needs some kilobytes.")));
	/* the mark with which editors of Windows begin a file says only that it is UTF-8 */
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
	{
		text += 3;
		len -= 3;
	}
	copy = pnstrdup(text, len);
	state.depth = 0;
	sem.semstate = &state;
	sem.object_start = object_start;
	sem.object_end = object_end;
	sem.array_start = array_start;
	sem.array_end = array_end;
	sem.object_field_start = field_start;
	sem.array_element_start = element_start;
	sem.scalar = scalar;
	lex = make_json_lexer(copy, len, GetDatabaseEncoding(), true);
	result = pg_parse_json(lex, &sem);
	if (result != JSON_SUCCESS)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_SYNTAX),
				 errmsg("document is not JSON: line %d", lex->line_number),
				 errdetail_internal("%s", json_errdetail(result, lex)),
				 errhint("Check commas, brackets and quotation marks up to there.")));
	return DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(copy)));
}
