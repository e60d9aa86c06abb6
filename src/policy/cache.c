/*
 * cache.c
 *	  Compiled policies of this backend, and how a call finds its own.
 *
 * Two levels.  The backend keeps up to POLICY_CACHE_SIZE compiled documents,
 * found by their bytes (hash, then full comparison) or by digest; the least
 * recently used one goes when room is needed, but never one that is pinned.
 * Each call site has a PolicyArg which pins the policy that it used last and
 * remembers by which argument values it found others.
 *
 * What may stand for a document:
 *
 * - The address of a Const node of the call expression.  Nothing else is known
 *   by address: a PL/pgSQL variable keeps its place while its value changes.
 * - The raw bytes of the argument as they come (VARSIZE_ANY), compared whole.
 *   Of a value stored out of line these are the 18 bytes of the toast pointer:
 *   table, value id, two sizes.  They name one content as long as that value
 *   is not vacuumed away and its id handed out again, 2^32 ids later.  While
 *   TransactionXmin stays what it was, no value that we could see then can be
 *   vacuumed.  So toast pointers are forgotten when TransactionXmin changes,
 *   which cannot happen within a statement; then the document is fetched once
 *   and recognised by its content.
 * - Otherwise the detoasted bytes.
 *
 * Entries are addressed by number and generation, so a PolicyArg need not pin
 * all that it remembers.
 */
#include "postgres.h"

#include "common/cryptohash.h"
#include "common/hashfn.h"
#include "common/sha2.h"
#include "nodes/primnodes.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "policy/policy.h"

#define POLICY_CACHE_SIZE	64
#define REMEMBERED			64
#define REMEMBERED_BYTES	(256 * 1024)	/* of values kept inline, for each PolicyArg */

typedef struct CacheEntry
{
	CompiledPolicy *cp;			/* NULL: free */
	MemoryContext cxt;
	uint32		hash;
	Size		len;
	char	   *bytes;			/* the jsonb, without its length word */
	uint32		generation;
	int			pins;
	uint64		used;
} CacheEntry;

static MemoryContext cache_cxt = NULL;
static CacheEntry *entries = NULL;
static int	nentries = 0;
static int	nlive = 0;
static uint64 clock_now = 0;

typedef struct Remembered
{
	char	   *raw;
	Size		len;
	int			entry;
	uint32		generation;
	bool		external;
} Remembered;

typedef struct PolicyArgState
{
	PolicyArg	head;
	MemoryContext cxt;			/* for the raw bytes */
	MemoryContextCallback callback;
	const Const *constant;		/* the argument, when it is one */
	int			pinned;			/* entry of head.last, or -1 */
	int			latest;			/* of remembered[], or -1 */
	int			n;
	int			next;			/* to be replaced */
	Size		bytes;
	TransactionId xmin;			/* under which external ones were met */
	uint32		hash[REMEMBERED];
	Remembered	remembered[REMEMBERED];
} PolicyArgState;

void
policy_digest(const Jsonb *doc, uint8 digest[POLICY_DIGEST_LEN])
{
	char	   *text = JsonbToCString(NULL, unconstify(JsonbContainer *, &doc->root),
									  VARSIZE(doc));
	pg_cryptohash_ctx *sha = pg_cryptohash_create(PG_SHA256);

	if (sha == NULL ||
		pg_cryptohash_init(sha) < 0 ||
		pg_cryptohash_update(sha, (const uint8 *) text, strlen(text)) < 0 ||
		pg_cryptohash_final(sha, digest, PG_SHA256_DIGEST_LENGTH) < 0)
		elog(ERROR, "could not compute SHA-256 of a policy");
	pg_cryptohash_free(sha);
	pfree(text);
}

/* ---- the backend's compiled policies ------------------------------------------ */

static void
free_entry(CacheEntry *e)
{
	MemoryContext cxt = e->cxt;

	Assert(e->pins == 0);
	e->cp = NULL;
	e->cxt = NULL;
	e->generation++;
	nlive--;
	MemoryContextDelete(cxt);
}

/* Room for one more: drop what was not used longest, as far as nobody holds it. */
static int
take_slot(void)
{
	while (nlive >= POLICY_CACHE_SIZE)
	{
		int			oldest = -1;

		for (int i = 0; i < nentries; i++)
		{
			if (entries[i].cp != NULL && entries[i].pins == 0 &&
				(oldest < 0 || entries[i].used < entries[oldest].used))
				oldest = i;
		}
		if (oldest < 0)
			break;
		free_entry(&entries[oldest]);
	}
	for (int i = 0; i < nentries; i++)
	{
		if (entries[i].cp == NULL)
			return i;
	}
	if (entries == NULL)
	{
		cache_cxt = AllocSetContextCreate(CacheMemoryContext, "yibao policy cache",
										  ALLOCSET_DEFAULT_SIZES);
		entries = MemoryContextAllocZero(cache_cxt, sizeof(CacheEntry) * POLICY_CACHE_SIZE);
		nentries = POLICY_CACHE_SIZE;
		return 0;
	}
	/* every one is pinned by some running call */
	entries = repalloc_array(entries, CacheEntry, nentries * 2);
	memset(entries + nentries, 0, sizeof(CacheEntry) * nentries);
	nentries *= 2;
	return nentries / 2;
}

static int
find_by_content(const Jsonb *doc)
{
	Size		len = VARSIZE(doc) - VARHDRSZ;
	const char *bytes = VARDATA(unconstify(Jsonb *, doc));
	uint32		hash = hash_bytes((const unsigned char *) bytes, len);
	MemoryContext cxt;
	CompiledPolicy *cp;
	CacheEntry *e;
	int			i;

	for (i = 0; i < nentries; i++)
	{
		e = &entries[i];
		if (e->cp != NULL && e->hash == hash && e->len == len &&
			memcmp(e->bytes, bytes, len) == 0)
			return i;
	}

	cxt = AllocSetContextCreate(CurrentMemoryContext, "yibao policy", ALLOCSET_DEFAULT_SIZES);
	cp = policy_compile(doc, cxt);
	policy_digest(doc, cp->digest);
	MemoryContextSetIdentifier(cxt, cp->title_zh);

	i = take_slot();
	e = &entries[i];
	e->bytes = MemoryContextAlloc(cxt, len);
	memcpy(e->bytes, bytes, len);
	e->len = len;
	e->hash = hash;
	MemoryContextSetParent(cxt, cache_cxt);
	e->cxt = cxt;
	e->pins = 0;
	e->cp = cp;
	nlive++;
	return i;
}

/* ---- call sites ------------------------------------------------------------------ */

static void
unpin(PolicyArgState *s)
{
	if (s->pinned >= 0)
		entries[s->pinned].pins--;
	s->pinned = -1;
	s->head.last = NULL;
	s->head.constant = (Datum) 0;
}

static void
arg_callback(void *arg)
{
	unpin(arg);
}

static CompiledPolicy *
pin(PolicyArgState *s, int entry)
{
	CacheEntry *e = &entries[entry];

	e->used = ++clock_now;
	if (s->pinned != entry)
	{
		unpin(s);
		e->pins++;
		s->pinned = entry;
		s->head.last = e->cp;
	}
	return e->cp;
}

/* The PolicyArg lives, and pins, until cxt is reset or deleted. */
PolicyArg *
policy_arg_create_in(MemoryContext cxt)
{
	PolicyArgState *s = MemoryContextAllocZero(cxt, sizeof(PolicyArgState));

	s->cxt = cxt;
	s->pinned = -1;
	s->latest = -1;
	s->callback.func = arg_callback;
	s->callback.arg = s;
	MemoryContextRegisterResetCallback(cxt, &s->callback);
	return &s->head;
}

/* The argument of a call, when it is a Const; get_fn_expr_arg_stable() is too generous. */
static const Const *
const_argument(const Node *expr, int argno)
{
	List	   *args = NIL;
	Node	   *arg;

	if (expr == NULL)
		return NULL;
	if (IsA(expr, FuncExpr))
		args = ((const FuncExpr *) expr)->args;
	else if (IsA(expr, WindowFunc))
		args = ((const WindowFunc *) expr)->args;
	else if (IsA(expr, OpExpr))
		args = ((const OpExpr *) expr)->args;
	if (argno < 0 || argno >= list_length(args))
		return NULL;
	arg = list_nth(args, argno);
	return IsA(arg, Const) && !((Const *) arg)->constisnull ? (const Const *) arg : NULL;
}

PolicyArg *
policy_arg_create(FmgrInfo *flinfo, int argno)
{
	PolicyArg  *arg = policy_arg_create_in(flinfo->fn_mcxt);

	((PolicyArgState *) arg)->constant = const_argument(flinfo->fn_expr, argno);
	return arg;
}

/* A few samples of a long value: equality is decided by memcmp. */
static uint32
raw_hash(const char *raw, Size len)
{
	uint32		h;

	if (len <= 512)
		return hash_bytes((const unsigned char *) raw, len);
	h = hash_bytes((const unsigned char *) &len, sizeof(len));
	for (int i = 0; i < 8; i++)
		h = hash_combine(h, hash_bytes((const unsigned char *) raw + (len - 48) / 7 * i, 48));
	return h;
}

static void
forget(PolicyArgState *s, int i)
{
	pfree(s->remembered[i].raw);
	s->bytes -= s->remembered[i].len;
	s->n--;
	s->hash[i] = s->hash[s->n];
	s->remembered[i] = s->remembered[s->n];
	s->latest = -1;
}

static void
forget_external(PolicyArgState *s)
{
	for (int i = s->n - 1; i >= 0; i--)
	{
		if (s->remembered[i].external)
			forget(s, i);
	}
}

static void
remember(PolicyArgState *s, const char *raw, Size len, uint32 hash, bool external, int entry)
{
	Remembered *r;

	if (len > REMEMBERED_BYTES)
		return;
	while (s->n == REMEMBERED || s->bytes + len > REMEMBERED_BYTES)
	{
		s->next = s->next % s->n;
		forget(s, s->next);
		s->next++;
	}
	r = &s->remembered[s->n];
	r->raw = MemoryContextAlloc(s->cxt, len);
	memcpy(r->raw, raw, len);
	r->len = len;
	r->entry = entry;
	r->generation = entries[entry].generation;
	r->external = external;
	s->hash[s->n] = hash;
	s->bytes += len;
	s->latest = s->n++;
}

static inline bool
same_raw(const Remembered *r, const char *raw, Size len)
{
	return r->len == len && memcmp(r->raw, raw, len) == 0;
}

static inline bool
still_there(const Remembered *r)
{
	return entries[r->entry].cp != NULL && entries[r->entry].generation == r->generation;
}

CompiledPolicy *
policy_arg_find(PolicyArg *arg, Datum value)
{
	PolicyArgState *s = (PolicyArgState *) arg;
	char	   *raw = DatumGetPointer(value);
	bool		external = VARATT_IS_EXTERNAL(raw);
	bool		by_bytes = !external || VARATT_IS_EXTERNAL_ONDISK(raw);
	Size		len = VARSIZE_ANY(raw);
	uint32		hash = 0;
	Jsonb	   *doc;
	CompiledPolicy *cp;
	int			entry;

	if (s->xmin != TransactionXmin)
	{
		forget_external(s);
		s->xmin = TransactionXmin;
	}
	if (by_bytes)
	{
		if (s->latest >= 0 && same_raw(&s->remembered[s->latest], raw, len) &&
			still_there(&s->remembered[s->latest]))
			return pin(s, s->remembered[s->latest].entry);
		hash = raw_hash(raw, len);
		for (int i = 0; i < s->n; i++)
		{
			if (s->hash[i] != hash || !same_raw(&s->remembered[i], raw, len))
				continue;
			if (!still_there(&s->remembered[i]))
			{
				forget(s, i);
				break;
			}
			s->latest = i;
			return pin(s, s->remembered[i].entry);
		}
	}

	doc = DatumGetJsonbP(value);
	entry = find_by_content(doc);
	if ((char *) doc != raw)
		pfree(doc);
	cp = pin(s, entry);
	if (s->constant != NULL && s->constant->constvalue == value)
		s->head.constant = value;
	else if (by_bytes)
		remember(s, raw, len, hash, external, entry);
	return cp;
}

CompiledPolicy *
policy_lookup_key(PolicyArg *arg, const uint8 digest[POLICY_DIGEST_LEN],
				  PolicyLoader load, void *load_arg)
{
	PolicyArgState *s = (PolicyArgState *) arg;
	Jsonb	   *doc;
	int			entry;

	if (s->head.last != NULL && memcmp(s->head.last->digest, digest, POLICY_DIGEST_LEN) == 0)
		return s->head.last;
	for (int i = 0; i < nentries; i++)
	{
		if (entries[i].cp != NULL &&
			memcmp(entries[i].cp->digest, digest, POLICY_DIGEST_LEN) == 0)
			return pin(s, i);
	}
	doc = load(load_arg);
	if (doc == NULL)
		return NULL;
	doc = DatumGetJsonbP(PointerGetDatum(doc));
	entry = find_by_content(doc);
	if (memcmp(entries[entry].cp->digest, digest, POLICY_DIGEST_LEN) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("the stored policy \"%s\" is not the one that was published",
						entries[entry].cp->title_zh),
				 errdetail("SHA-256 of its text differs from the one kept beside it."),
				 errhint("Restore the row of the policy from a backup; publish a change as a new row.")));
	return pin(s, entry);
}
