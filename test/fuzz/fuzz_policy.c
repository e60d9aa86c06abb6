/*
 * fuzz_policy.c
 *	  libFuzzer inside a single-user server: any text as a policy document.
 *
 * Whatever the text, it is accepted or refused in our own words: an error
 * without a SQLSTATE of ours (or one of those below that PostgreSQL's JSON
 * reader gives) stops the fuzzer, and so do undefined behaviour, an access
 * outside our memory, and memory that a text leaves behind.  What is accepted
 * must compile again from its jsonb, and its rules must print.
 *
 * tools/fuzz_policy.sh builds and runs it.
 */
#include "postgres.h"

#include <ctype.h>

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "policy/compiler.h"

extern int	LLVMFuzzerRunDriver(int *argc, char ***argv,
								int (*one) (const uint8 *data, size_t size));

PG_FUNCTION_INFO_V1(fuzz_policy);
extern PGDLLEXPORT Datum fuzz_policy(PG_FUNCTION_ARGS);

/* What PostgreSQL says of a text that is no JSON, no UTF-8, or too deep for it. */
static bool
expected_state(int sqlerrcode)
{
	const char *state = unpack_sql_state(sqlerrcode);

	return strncmp(state, "YB1", 3) == 0 ||
		sqlerrcode == ERRCODE_INVALID_TEXT_REPRESENTATION ||
		sqlerrcode == ERRCODE_UNTRANSLATABLE_CHARACTER ||
		sqlerrcode == ERRCODE_STATEMENT_TOO_COMPLEX ||
		sqlerrcode == ERRCODE_CHARACTER_NOT_IN_REPERTOIRE ||
		sqlerrcode == ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE ||
		sqlerrcode == ERRCODE_PROGRAM_LIMIT_EXCEEDED;
}

static void
read_document(const char *text, int len)
{
	Jsonb	   *doc;
	List	   *rows;

	pg_verify_mbstr(PG_UTF8, text, len, false);
	doc = policy_parse_text(text, len);
	(void) policy_compile_rows(doc, CurrentMemoryContext, &rows, len % 2 == 0);
	policy_document_check(doc);
}

static int
one_text(const uint8 *data, size_t size)
{
	static MemoryContext cxt = NULL;
	static Size settled = 0;
	static int	calls = 0;
	MemoryContext outer = CurrentMemoryContext;

	if (cxt == NULL)
		cxt = AllocSetContextCreate(TopMemoryContext, "fuzz", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(cxt);
	PG_TRY();
	{
		char	   *copy = palloc(size + 1);

		memcpy(copy, data, size);
		copy[size] = '\0';
		read_document(copy, (int) size);
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(cxt);
		error = CopyErrorData();
		if (!expected_state(error->sqlerrcode))
		{
			fprintf(stderr, "unexpected error %s: %s\n",
					unpack_sql_state(error->sqlerrcode), error->message);
			abort();
		}
		FlushErrorState();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(outer);
	MemoryContextReset(cxt);

	/* what stays behind after the first thousand texts is a leak */
	if (++calls == 1000)
		settled = MemoryContextMemAllocated(TopMemoryContext, true);
	else if (calls % 1000 == 0 &&
			 MemoryContextMemAllocated(TopMemoryContext, true) > settled + 1024 * 1024)
	{
		MemoryContextStats(TopMemoryContext);
		fprintf(stderr, "%d texts have left memory behind\n", calls);
		abort();
	}
	return 0;
}

/* ---- mutations that leave the text JSON, mostly ---------------------------- */

/*
 * The end of the value, or of the key, that starts at p: a string, a whole
 * object or array, or a word.
 */
static const char *
value_end(const char *p, const char *end)
{
	int			depth = 0;

	do
	{
		if (*p == '"')
		{
			for (p++; p < end && *p != '"'; p++)
				p += *p == '\\' && p + 1 < end;
			if (p < end)
				p++;
		}
		else if (strchr("[{", *p) != NULL && *p != '\0')
		{
			depth++;
			p++;
		}
		else if (strchr("]}", *p) != NULL && *p != '\0')
		{
			depth--;
			p++;
		}
		else if (depth > 0)
			p++;
		else
		{
			while (p < end && (isalnum((unsigned char) *p) || strchr("+-.", *p) != NULL) && *p != '\0')
				p++;
			return p;
		}
	} while (depth > 0 && p < end);
	return p;
}

typedef struct Span
{
	const char *start;
	const char *stop;
} Span;

/* A value, key, object or array somewhere in the text. */
static bool
some_value(const char *text, size_t size, unsigned *seed, Span *span)
{
	const char *end = text + size;

	for (int attempt = 0; attempt < 20; attempt++)
	{
		const char *p = text + rand_r(seed) % size;

		while (p < end && strchr("[{:,", *p) == NULL)
			p++;
		if (p < end && (*p == ':' || *p == ',' || rand_r(seed) % 4 == 0))
			p++;
		while (p < end && isspace((unsigned char) *p))
			p++;
		if (p >= end || *p == '\0' || strchr("]}:,", *p) != NULL)
			continue;
		span->start = p;
		span->stop = value_end(p, end);
		if (span->stop > span->start)
			return true;
	}
	return false;
}

static const char *const odd_values[] = {
	"null", "true", "{}", "[]", "\"\"", "0", "-1", "1e9", "99999999999999999999", "\"0.00005\"", "\"-1\"", "\"1.0000\"",
	"\"99999999999999.99\"", "\"0\"", "{\"not\":[]}", "{\">=\":1,\"<\":1}", "\"2020-02-30\"", "\"infinity\"",
	"[[null,\"0.5\"]]", "[[\"5\",\"0.5\"],[null,\"1\"]]", "{\"unknown\":true,\"source\":\"q\"}", "\"\\u0000\"",
	"\"\\ud83d\\ude00\"", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
};

extern size_t LLVMFuzzerMutate(uint8 *data, size_t size, size_t max_size);
extern PGDLLEXPORT size_t LLVMFuzzerCustomMutator(uint8 *data, size_t size, size_t max_size,
												  unsigned seed);

/* Put one value in place of another, drop one, or double one; now and then any bytes. */
size_t
LLVMFuzzerCustomMutator(uint8 *data, size_t size, size_t max_size, unsigned seed)
{
	static char result[1 << 17];
	char	   *text = (char *) data;
	Span		from;
	Span		to;
	const char *put;
	size_t		put_len;
	size_t		head;
	size_t		tail;

	if (size == 0 || rand_r(&seed) % 10 == 0 || max_size > sizeof(result) ||
		!some_value(text, size, &seed, &to) || !some_value(text, size, &seed, &from))
		return LLVMFuzzerMutate(data, size, max_size);
	put = from.start;
	put_len = (size_t) (from.stop - from.start);
	switch (rand_r(&seed) % 4)
	{
		case 0:
			put = odd_values[(unsigned) rand_r(&seed) % lengthof(odd_values)];
			put_len = strlen(put);
			break;
		case 1:					/* drop it, with the comma after it */
			put_len = 0;
			while (to.stop < text + size && isspace((unsigned char) *to.stop))
				to.stop++;
			if (to.stop < text + size && *to.stop == ',')
				to.stop++;
			break;
		case 2:					/* one more beside it */
			to.stop = to.start;
			break;
		default:
			break;
	}
	head = (size_t) (to.start - text);
	tail = (size_t) (text + size - to.stop);
	if (head + put_len + 1 + tail > max_size)
		return LLVMFuzzerMutate(data, size, max_size);
	memcpy(result, text, head);
	memcpy(result + head, put, put_len);
	if (to.stop == to.start)
		result[head + put_len++] = ',';
	memcpy(result + head + put_len, to.stop, tail);
	memcpy(data, result, head + put_len + tail);
	return head + put_len + tail;
}

/* fuzz_policy(text[]): libFuzzer's arguments.  It does not return. */
Datum
fuzz_policy(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	Datum	   *words;
	int			n;
	int			argc;
	char	  **argv;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &words, NULL, &n);
	argv = palloc0_array(char *, n + 2);
	argv[0] = "fuzz_policy";
	for (int i = 0; i < n; i++)
		argv[i + 1] = TextDatumGetCString(words[i]);
	argc = n + 1;
	(void) LLVMFuzzerRunDriver(&argc, &argv, one_text);
	PG_RETURN_VOID();
}
