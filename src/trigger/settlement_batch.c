/*
 * settlement_batch.c
 *	  A statement's settlements in memory: person-years and sums to post.
 *
 * Subtransactions.  A batch's own rows all come at the level of its statement.
 * Deeper levels come and go between two rows: a trigger of the user's, a function
 * in the SELECT.  What they settle is another batch, which has our copies written
 * first.  If that level is rolled back, so is what was written, and the copies are
 * what counts, as before; if it is not, the table counts and the copies are let go
 * at our next row.  written_in is the level whose end decides that.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/fund.h"
#include "fund/owner.h"
#include "trigger/settlement.h"

/* ---- tables in memory ------------------------------------------------------------ */

static uint32 year_hash(const PersonYear *year);
static bool year_equal(const PersonYear *a, const PersonYear *b);
static uint32 sum_hash(const PostSum *sum);
static bool sum_equal(const PostSum *a, const PostSum *b);

typedef struct YearSlot
{
	PersonYear *year;
	uint32		hash;
	char		status;
} YearSlot;

#define SH_PREFIX years
#define SH_ELEMENT_TYPE YearSlot
#define SH_KEY_TYPE PersonYear *
#define SH_KEY year
#define SH_HASH_KEY(tb, key) year_hash(key)
#define SH_EQUAL(tb, a, b) year_equal(a, b)
#define SH_STORE_HASH
#define SH_GET_HASH(tb, a) (a)->hash
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

typedef struct SumSlot
{
	PostSum    *sum;
	uint32		hash;
	char		status;
} SumSlot;

#define SH_PREFIX sums
#define SH_ELEMENT_TYPE SumSlot
#define SH_KEY_TYPE PostSum *
#define SH_KEY sum
#define SH_HASH_KEY(tb, key) sum_hash(key)
#define SH_EQUAL(tb, a, b) sum_equal(a, b)
#define SH_STORE_HASH
#define SH_GET_HASH(tb, a) (a)->hash
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

struct SettlementBatch
{
	dlist_node	node;
	MemoryContext cxt;			/* child of TopTransactionContext: all of the batch */
	MemoryContext years_cxt;
	Oid			nsp;
	Oid			owner;
	int64		journal_id;
	SubTransactionId level;
	SubTransactionId written_in;	/* see above; invalid: the copies count */
	years_hash *years;			/* NULL when there is none */
	sums_hash  *sums;
	int64		counted;		/* rows by the BEFORE trigger */
	int64		there;			/* rows that the AFTER trigger saw */
	int64		reversals;
	bool		follow_up;
	char	   *first_setl_id;
};

static dlist_head batches = DLIST_STATIC_INIT(batches);
static SettlementBatch *current = NULL;

static uint32
year_hash(const PersonYear *year)
{
	return hash_combine(hash_bytes((const unsigned char *) year->psn_no, year->psn_len),
						murmurhash32((uint32) year->year ^ (uint32) (year->insutype >> 32)));
}

static bool
year_equal(const PersonYear *a, const PersonYear *b)
{
	return a->year == b->year && a->insutype == b->insutype && a->psn_len == b->psn_len &&
		memcmp(a->psn_no, b->psn_no, a->psn_len) == 0;
}

static uint32
sum_hash(const PostSum *sum)
{
	uint32		hash = murmurhash32((uint32) ((uintptr_t) sum->layer >> 4) ^
									(uint32) ((uintptr_t) sum->pool >> 2) ^ (uint32) sum->clr_month << 16);

	return sum->party == NULL ? hash :
		hash_combine(hash, hash_bytes((const unsigned char *) sum->party, sum->party_len));
}

static bool
sum_equal(const PostSum *a, const PostSum *b)
{
	return a->layer == b->layer && a->pool == b->pool && a->clr_month == b->clr_month &&
		(a->party == NULL) == (b->party == NULL) && a->party_len == b->party_len &&
		(a->party == NULL || memcmp(a->party, b->party, a->party_len) == 0);
}

/* ---- transactions ------------------------------------------------------------------- */

static void
forget(SettlementBatch *batch)
{
	if (current == batch)
		current = NULL;
	dlist_delete(&batch->node);
	MemoryContextDelete(batch->cxt);
}

/* A settlement was counted, but its row was dropped later: nothing of it may stay. */
static void
check_all_there(void)
{
	dlist_iter	iter;

	dlist_foreach(iter, &batches)
	{
		SettlementBatch *batch = dlist_container(SettlementBatch, node, iter.cur);

		if (batch->there < batch->counted)
			ereport(ERROR,
					(errcode(ERRCODE_YB_VANISHED),
					 batch->counted == 1 ?
					 errmsg("settlement \"%s\" was counted, but its row is not there", batch->first_setl_id) :
					 errmsg("of %lld settlements of a statement that were counted, %lld are not there",
							(long long) batch->counted,
							(long long) (batch->counted - batch->there)),
					 errdetail("A trigger that ran after t10_settle, or ON CONFLICT DO NOTHING on another column than setl_id, dropped the row."),
					 errhint("Drop rows in a trigger whose name sorts before t10_settle.")));
	}
}

static void
at_transaction_end(XactEvent event, void *arg)
{
	switch (event)
	{
		case XACT_EVENT_PRE_COMMIT:
		case XACT_EVENT_PRE_PREPARE:
		case XACT_EVENT_PARALLEL_PRE_COMMIT:
			check_all_there();
			break;
		default:
			/* their memory goes with the transaction's */
			dlist_init(&batches);
			current = NULL;
	}
}

static void
at_subtransaction_end(SubXactEvent event, SubTransactionId level, SubTransactionId parent,
					  void *arg)
{
	dlist_mutable_iter iter;

	if (event != SUBXACT_EVENT_COMMIT_SUB && event != SUBXACT_EVENT_ABORT_SUB)
		return;
	dlist_foreach_modify(iter, &batches)
	{
		SettlementBatch *batch = dlist_container(SettlementBatch, node, iter.cur);

		if (event == SUBXACT_EVENT_COMMIT_SUB)
		{
			if (batch->level == level)
				batch->level = parent;
			if (batch->written_in == level)
				batch->written_in = parent;
		}
		else if (batch->level == level)
			forget(batch);
		else if (batch->written_in == level)
		{
			batch->written_in = InvalidSubTransactionId;
			current = batch;
		}
	}
}

SettlementBatch *
batch_begin(Oid nsp, Oid owner, int64 journal_id)
{
	static bool registered = false;
	MemoryContext cxt = AllocSetContextCreate(TopTransactionContext, "yibao settlements",
											  ALLOCSET_SMALL_SIZES);
	SettlementBatch *batch = MemoryContextAllocZero(cxt, sizeof(SettlementBatch));

	if (!registered)
	{
		RegisterXactCallback(at_transaction_end, NULL);
		RegisterSubXactCallback(at_subtransaction_end, NULL);
		registered = true;
	}
	batch->cxt = cxt;
	batch->nsp = nsp;
	batch->owner = owner;
	batch->journal_id = journal_id;
	batch->level = GetCurrentSubTransactionId();
	batch->written_in = InvalidSubTransactionId;
	dlist_push_head(&batches, &batch->node);
	batch_enter(batch);
	return batch;
}

/* ---- person-years ---------------------------------------------------------------------- */

static void
drop_copies(SettlementBatch *batch)
{
	if (batch->years_cxt != NULL)
		MemoryContextReset(batch->years_cxt);
	batch->years = NULL;
	batch->written_in = InvalidSubTransactionId;
}

/* One statement of so many person-years: its arrays stay small. */
#define WRITE_AT_ONCE	1000

static Datum
text_array(Datum *elems, bool *nulls, int n)
{
	int			lb = 1;

	return PointerGetDatum(construct_md_array(elems, nulls, 1, &n, &lb, TEXTOID, -1, false,
											  TYPALIGN_INT));
}

static Datum
int4_array(Datum *elems, int n)
{
	return PointerGetDatum(construct_array(elems, n, INT4OID, sizeof(int32), true, TYPALIGN_INT));
}

static void
write_years(SettlementBatch *batch, PersonYear **years, int n)
{
	static const Oid types[] = {TEXTARRAYOID, TEXTARRAYOID, INT4ARRAYOID, INT4ARRAYOID,
	TEXTARRAYOID, INT8ARRAYOID, INT4ARRAYOID, INT4ARRAYOID};
	Datum		values[8];
	Datum	   *elems = palloc_array(Datum, n);
	bool	   *nulls = palloc0_array(bool, n);
	Datum	   *cum = palloc_array(Datum, (Size) n * CUM_COUNT);
	Datum	   *from = palloc_array(Datum, n);
	Datum	   *upto = palloc_array(Datum, n);
	int			ncum = 0;

	for (int i = 0; i < n; i++)
		elems[i] = PointerGetDatum(cstring_to_text_with_len(years[i]->psn_no, years[i]->psn_len));
	values[0] = text_array(elems, nulls, n);
	for (int i = 0; i < n; i++)
	{
		char		code[CODE_MAX + 1];

		elems[i] = PointerGetDatum(cstring_to_text_with_len(code, code_unpack(years[i]->insutype, code)));
	}
	values[1] = text_array(elems, nulls, n);
	for (int i = 0; i < n; i++)
		elems[i] = Int32GetDatum(years[i]->year);
	values[2] = int4_array(elems, n);
	for (int i = 0; i < n; i++)
		elems[i] = Int32GetDatum(years[i]->number);
	values[3] = int4_array(elems, n);
	for (int i = 0; i < n; i++)
	{
		int			len = cum_length(years[i]->cum);

		from[i] = Int32GetDatum(ncum + 1);
		for (int k = 0; k < len; k++)
			cum[ncum++] = Int64GetDatum(years[i]->cum[k]);
		upto[i] = Int32GetDatum(ncum);
	}
	values[5] = PointerGetDatum(construct_array(cum, ncum, INT8OID, sizeof(int64),
												FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	values[6] = int4_array(from, n);
	values[7] = int4_array(upto, n);
	for (int i = 0; i < n; i++)
	{
		nulls[i] = years[i]->last_setl_id == NULL;
		elems[i] = nulls[i] ? (Datum) 0 : CStringGetTextDatum(years[i]->last_setl_id);
	}
	values[4] = text_array(elems, nulls, n);
	owner_exec(batch->nsp,
			   "UPDATE @schema@.person_year y SET setl_cnt = w.setl_cnt, cum = $6[w.lo:w.hi],"
			   " last_setl_id = w.last_setl_id"
			   " FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3),"
			   " pg_catalog.unnest($4), pg_catalog.unnest($5), pg_catalog.unnest($7), pg_catalog.unnest($8))"
			   " AS w(psn_no, insutype, year, setl_cnt, last_setl_id, lo, hi)"
			   " WHERE y.psn_no OPERATOR(pg_catalog.=) w.psn_no"
			   " AND y.insutype OPERATOR(pg_catalog.=) w.insutype"
			   " AND y.year OPERATOR(pg_catalog.=) w.year",
			   8, types, values, NULL, 0);
	if (SPI_processed != (uint64) n)
		elog(ERROR, "%d person-years were to be written, but " UINT64_FORMAT " were there", n,
			 SPI_processed);
}

static void
write_changed(SettlementBatch *batch)
{
	PersonYear *changed[WRITE_AT_ONCE];
	years_iterator iter;
	YearSlot   *slot;
	int			n = 0;
	OwnerWork	work;

	years_start_iterate(batch->years, &iter);
	while ((slot = years_iterate(batch->years, &iter)) != NULL && !slot->year->changed)
		;
	if (slot == NULL)
		return;
	do
	{
		if (slot->year->changed)
			changed[n++] = slot->year;
		if (n == WRITE_AT_ONCE)
		{
			owner_enter(&work, batch->owner);
			write_years(batch, changed, n);
			owner_leave(&work);
			n = 0;
		}
	} while ((slot = years_iterate(batch->years, &iter)) != NULL);
	if (n > 0)
	{
		owner_enter(&work, batch->owner);
		write_years(batch, changed, n);
		owner_leave(&work);
	}
}

void
batch_write_years(void)
{
	SettlementBatch *batch = current;

	if (batch == NULL)
		return;
	if (batch->years != NULL && batch->written_in == InvalidSubTransactionId)
	{
		write_changed(batch);
		if (batch->level == GetCurrentSubTransactionId())
			drop_copies(batch);
		else
			batch->written_in = GetCurrentSubTransactionId();
	}
	current = NULL;
}

void
batch_enter(SettlementBatch *batch)
{
	if (current == batch)
		return;
	batch_write_years();
	current = batch;
	if (batch != NULL && batch->written_in != InvalidSubTransactionId)
		drop_copies(batch);
}

static void
key_of_year(const Claim *claim, PersonYear *year)
{
	year->psn_no = (const char *) (intptr_t) claim->v[CF_psn_no];
	year->psn_len = claim->len[CF_psn_no];
	year->insutype = claim->v[CF_insutype];
	year->year = (int32) claim->v[CF_year];
}

static void
set_last(SettlementBatch *batch, PersonYear *year, const Claim *claim)
{
	int			len = claim->len[CF_setl_id];

	if (year->last_setl_id == NULL || year->last_size <= len)
	{
		year->last_size = len + 16;
		year->last_setl_id = MemoryContextAlloc(batch->years_cxt, year->last_size);
	}
	memcpy(year->last_setl_id, (const char *) (intptr_t) claim->v[CF_setl_id], len);
	year->last_setl_id[len] = '\0';
}

PersonYear *
batch_year(SettlementBatch *batch, const Claim *claim)
{
	PersonYear	key;
	YearSlot   *slot;

	if (batch == NULL || batch->years == NULL)
		return NULL;
	key_of_year(claim, &key);
	slot = years_lookup(batch->years, &key);
	return slot == NULL ? NULL : slot->year;
}

void
batch_add_year(SettlementBatch *batch, const Claim *claim, int32 number,
			   const int64 cum[CUM_COUNT])
{
	PersonYear *year;
	char	   *psn_no;
	bool		found;

	if (batch->years_cxt == NULL)
		batch->years_cxt = AllocSetContextCreate(batch->cxt, "yibao person-years",
												 ALLOCSET_DEFAULT_SIZES);
	else if (MemoryContextMemAllocated(batch->years_cxt, true) > (Size) work_mem * 1024)
	{
		batch_write_years();
		batch_enter(batch);
	}
	if (batch->years == NULL)
		batch->years = years_create(batch->years_cxt, 14, NULL);
	year = MemoryContextAllocZero(batch->years_cxt, sizeof(PersonYear));
	key_of_year(claim, year);
	psn_no = MemoryContextAlloc(batch->years_cxt, Max(year->psn_len, 1));
	memcpy(psn_no, year->psn_no, year->psn_len);
	year->psn_no = psn_no;
	year->number = number;
	memcpy(year->cum, cum, sizeof(year->cum));
	set_last(batch, year, claim);
	(void) years_insert(batch->years, year, &found);
	if (found)
		elog(ERROR, "a person-year was read twice");
}

void
batch_advance_year(SettlementBatch *batch, PersonYear *year, const Claim *claim,
				   const int64 cum[CUM_COUNT])
{
	year->number++;
	memcpy(year->cum, cum, sizeof(year->cum));
	set_last(batch, year, claim);
	year->changed = true;
}

/* ---- what is to be posted ------------------------------------------------------------------ */

static void
too_much(const char *pool)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_AMOUNT_RANGE),
			 errmsg("the statement's settlements of pool %s add up to too much", pool ? pool : "-"),
			 errhint("Check the amounts, or insert fewer rows with one statement.")));
}

void
batch_add_amount(SettlementBatch *batch, const PolicyLayer *layer, const char *pool,
				 const Claim *claim, int clr_month, Fen amount)
{
	bool		by_hand = claim->state[CF_setl_type] == FS_GIVEN &&
		claim->v[CF_setl_type] == code_pack("1", 1);
	int			field = by_hand ? CF_psn_no : CF_fixmedins_code;
	char		buf[NAMEDATALEN];
	PostSum		key = {.layer = layer,.pool = pool,.clr_month = clr_month};
	PostSum    *sum;
	SumSlot    *slot;
	char	   *party = buf;
	bool		found;

	if (claim->state[field] == FS_GIVEN)
	{
		key.party_len = claim->len[field] + (by_hand ? 4 : 0);
		if (key.party_len > (int) sizeof(buf))
			party = palloc(key.party_len);
		if (by_hand)
			memcpy(party, "psn:", 4);
		memcpy(party + (by_hand ? 4 : 0), (const char *) (intptr_t) claim->v[field],
			   claim->len[field]);
		key.party = party;
	}
	if (batch->sums == NULL)
		batch->sums = sums_create(batch->cxt, 4, NULL);
	slot = sums_insert(batch->sums, &key, &found);
	if (!found)
	{
		sum = MemoryContextAlloc(batch->cxt, sizeof(PostSum));
		*sum = key;
		if (key.party != NULL)
		{
			char	   *copy = MemoryContextAlloc(batch->cxt, key.party_len + 1);

			memcpy(copy, key.party, key.party_len);
			copy[key.party_len] = '\0';
			sum->party = copy;
		}
		slot->sum = sum;
	}
	if (!fen_add(slot->sum->amount, amount, &slot->sum->amount))
		too_much(pool);
}

void
batch_count(SettlementBatch *batch, const Claim *claim, bool reversal, bool follow_up)
{
	if (batch->counted++ == 0)
	{
		int			len = claim->len[CF_setl_id];

		batch->first_setl_id = MemoryContextAlloc(batch->cxt, len + 1);
		memcpy(batch->first_setl_id, (const char *) (intptr_t) claim->v[CF_setl_id], len);
		batch->first_setl_id[len] = '\0';
	}
	if (reversal)
		batch->reversals++;
	batch->follow_up = batch->follow_up || follow_up;
}

/* ---- the AFTER trigger ------------------------------------------------------------------------ */

SettlementBatch *
batch_of_journal(int64 journal_id)
{
	dlist_iter	iter;

	dlist_foreach(iter, &batches)
	{
		SettlementBatch *batch = dlist_container(SettlementBatch, node, iter.cur);

		if (batch->journal_id == journal_id)
			return batch;
	}
	return NULL;
}

bool
batch_first_row(SettlementBatch *batch)
{
	return batch->there == 0;
}

void
batch_row_is_there(SettlementBatch *batch)
{
	if (++batch->there == batch->counted)
		forget(batch);
}

int64
batch_counted(const SettlementBatch *batch)
{
	return batch->counted;
}

bool
batch_has_reversals(const SettlementBatch *batch)
{
	return batch->reversals > 0;
}

bool
batch_has_settlements(const SettlementBatch *batch)
{
	return batch->reversals < batch->counted;
}

bool
batch_asks_follow_up(const SettlementBatch *batch)
{
	return batch->follow_up;
}

static int
nulls_last(const char *a, const char *b)
{
	return a == NULL || b == NULL ? (a == NULL) - (b == NULL) : strcmp(a, b);
}

static int
by_payer(const void *a, const void *b)
{
	const PostSum *x = a;
	const PostSum *y = b;
	int			c;

	if ((c = strcmp(x->layer->fund, y->layer->fund)) != 0 ||
		(c = strcmp(x->layer->layer, y->layer->layer)) != 0 ||
		(c = nulls_last(x->layer->payer, y->layer->payer)) != 0)
		return c;
	if ((c = nulls_last(x->pool, y->pool)) != 0 || (c = nulls_last(x->party, y->party)) != 0 ||
		(c = strcmp(x->layer->payer_kind, y->layer->payer_kind)) != 0 ||
		(c = strcmp(x->layer->pays, y->layer->pays)) != 0)
		return c;
	return x->clr_month < y->clr_month ? -1 : x->clr_month > y->clr_month;
}

int
batch_sums(const SettlementBatch *batch, PostSum **sums)
{
	sums_iterator iter;
	SumSlot    *slot;
	int			n = 0;
	int			distinct = 0;

	if (batch->sums == NULL)
		return 0;
	*sums = palloc_array(PostSum, batch->sums->members);
	sums_start_iterate(batch->sums, &iter);
	while ((slot = sums_iterate(batch->sums, &iter)) != NULL)
	{
		if (slot->sum->amount != 0)
			(*sums)[n++] = *slot->sum;
	}
	qsort(*sums, n, sizeof(PostSum), by_payer);

	/* two policies may name the same payer */
	for (int i = 0; i < n; i++)
	{
		PostSum    *last = distinct == 0 ? NULL : &(*sums)[distinct - 1];

		if (last == NULL || by_payer(last, &(*sums)[i]) != 0)
			(*sums)[distinct++] = (*sums)[i];
		else if (!fen_add(last->amount, (*sums)[i].amount, &last->amount))
			too_much(last->pool);
	}
	return distinct;
}
