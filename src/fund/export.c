/*
 * export.c
 *	  The books of an area as an hledger journal (plain text accounting).
 *
 * Every journal is a transaction for each fund and book, so that a program
 * which is not ours checks that each of them balances.  At the end stand
 * balance assertions; their figures do not come from the entries but from what
 * the area keeps beside them: cash, slots and credits, open items of
 * settlements.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/builtins.h"

#include "compat.h"
#include "fund/ledger.h"

#define FETCH	10000

typedef struct Export
{
	ReturnSetInfo *rsi;
	StringInfoData line;
} Export;

/* One line of the result, made in export->line. */
static void
put_line(Export *export)
{
	Datum		values[1] = {PointerGetDatum(cstring_to_text_with_len(export->line.data, export->line.len))};
	bool		nulls[1] = {false};

	tuplestore_putvalues(export->rsi->setResult, export->rsi->setDesc, values, nulls);
	pfree(DatumGetPointer(values[0]));
	resetStringInfo(&export->line);
}

static void
put_text(Export *export, const char *text)
{
	appendStringInfoString(&export->line, text);
	put_line(export);
}

/*
 * A name within an account name or a comment.  What hledger would read as
 * something else becomes "_": white space (two of them end a name), control
 * characters, the separator, and what begins comments and tags.
 */
static void
put_name(StringInfo buf, const char *name)
{
	for (const char *p = name; *p != '\0'; p++)
		appendStringInfoChar(buf, (unsigned char) *p <= ' ' || *p == 0x7f || strchr(";:,|()*!", *p) != NULL ? '_' : *p);
}

static void
put_amount(StringInfo buf, Fen fen)
{
	appendStringInfo(buf, "CNY %s", fund_yuan(fen));
}

/* resident:S:payable:outpatient:H62052200001 */
static void
put_account(StringInfo buf, const char *fund, const char *book, const char *role,
			const char *pool, const char *party)
{
	put_name(buf, fund);
	appendStringInfo(buf, ":%s:", book);
	put_name(buf, role);
	if (pool != NULL)
	{
		appendStringInfoChar(buf, ':');
		put_name(buf, pool);
	}
	if (party != NULL)
	{
		appendStringInfoChar(buf, ':');
		put_name(buf, party);
	}
}

static void
put_tag(StringInfo buf, const char *name, const char *value)
{
	if (value == NULL)
		return;
	appendStringInfo(buf, "%s%s:", buf->data[buf->len - 1] == ';' ? " " : ", ", name);
	put_name(buf, value);
}

/* Read only: every statement sees the caller's snapshot. */
static uint64
query(const FundArea *area, const char *sql)
{
	if (SPI_execute(fund_subst(sql, area->schema), true, 0) != SPI_OK_SELECT)
		elog(ERROR, "an export of the books failed");
	return SPI_processed;
}

/* ---- the parts of the journal ------------------------------------------------- */

static void
put_accounts(Export *export, const FundArea *area)
{
	uint64		n;

	put_text(export, "commodity CNY 1000.00");
	put_text(export, "");
	n = query(area,
			  "SELECT DISTINCT e.fund, e.book, e.role, e.pool, CASE WHEN e.role LIKE 'bank\\_%' THEN NULL ELSE e.party END, r.code, r.name_zh FROM @schema@.entry e "
			  "LEFT JOIN @schema@.account_role r ON r.book = e.book AND r.role = e.role "
			  "ORDER BY 1, 2, 3, 4 NULLS FIRST, 5 NULLS FIRST");
	for (uint64 i = 0; i < n; i++)
	{
		char	   *code = fund_text(i, 6);
		char	   *name = fund_text(i, 7);

		appendStringInfoString(&export->line, "account ");
		put_account(&export->line, fund_need(i, 1), fund_need(i, 2), fund_need(i, 3),
					fund_text(i, 4), fund_text(i, 5));
		appendStringInfoString(&export->line, "  ;");
		put_tag(&export->line, "code", code);
		put_tag(&export->line, "name", name);
		put_line(export);
	}
	SPI_freetuptable(SPI_tuptable);
	put_text(export, "");
}

static void
put_transactions(Export *export, const FundArea *area)
{
	char	   *sql = fund_subst("SELECT j.effective_on, j.journal_id, j.event, j.key, e.fund, e.book, e.role, e.pool, CASE WHEN e.role LIKE 'bank\\_%' THEN NULL ELSE e.party END, "
								 "e.layer, e.payer, e.clr_ym, e.amount_fen "
								 "FROM @schema@.journal j JOIN @schema@.entry e ON e.journal_id = j.journal_id "
								 "ORDER BY j.effective_on, j.journal_id, e.fund, e.book, e.line", area->schema);
	Portal		portal = SPI_cursor_open_with_args(NULL, sql, 0, NULL, NULL, NULL, true, 0);
	MemoryContext batch = AllocSetContextCreate(CurrentMemoryContext, "export batch", ALLOCSET_DEFAULT_SIZES);
	int64		open_journal = -1;
	NameData	open_fund;
	char		open_book = '\0';

	namestrcpy(&open_fund, "");
	for (;;)
	{
		MemoryContext outer = CurrentMemoryContext;

		SPI_cursor_fetch(portal, true, FETCH);
		if (SPI_processed == 0)
			break;
		MemoryContextSwitchTo(batch);
		for (uint64 i = 0; i < SPI_processed; i++)
		{
			int64		journal = fund_int8(i, 2, NULL);
			char	   *fund = fund_need(i, 5);
			char	   *book = fund_need(i, 6);

			if (journal != open_journal || *book != open_book || strcmp(fund, NameStr(open_fund)) != 0)
			{
				bool		isnull;

				if (open_journal != -1)
					put_text(export, "");
				open_journal = journal;
				open_book = *book;
				namestrcpy(&open_fund, fund);
				appendStringInfo(&export->line, "%s (" INT64_FORMAT ") ",
								 fund_day(DatumGetDateADT(fund_datum(SPI_tuptable, i, 1, DATEOID, &isnull))), journal);
				put_name(&export->line, fund_need(i, 3));
				appendStringInfo(&export->line, "  ;");
				put_tag(&export->line, "key", fund_text(i, 4));
				put_line(export);
			}
			appendStringInfoString(&export->line, "    ");
			put_account(&export->line, fund, book, fund_need(i, 7), fund_text(i, 8), fund_text(i, 9));
			appendStringInfoString(&export->line, "  ");
			put_amount(&export->line, fund_int8(i, 13, NULL));
			if (*book == 'S')
			{
				appendStringInfoString(&export->line, "  ;");
				put_tag(&export->line, "layer", fund_text(i, 10));
				put_tag(&export->line, "payer", fund_text(i, 11));
				put_tag(&export->line, "clr_ym", fund_text(i, 12));
			}
			put_line(export);
		}
		MemoryContextSwitchTo(outer);
		MemoryContextReset(batch);
		SPI_freetuptable(SPI_tuptable);
	}
	SPI_cursor_close(portal);
	MemoryContextDelete(batch);
	put_text(export, "");
}

/*
 * What must have come out: the cash that is kept; of each pool what is available
 * and what its open, funded items take; of each party what its open items oblige to.
 * A figure is stated for every account of the kind, also where it is zero.
 */
static void
put_assertions(Export *export, const FundArea *area)
{
	uint64		n;

	n = query(area,
			  "WITH open_item AS ("
			  "SELECT i.fund, i.pool, i.party, i.pays, i.amount_fen, EXISTS (SELECT FROM @schema@.queue q "
			  "WHERE q.setl_id = i.setl_id AND q.layer = i.layer AND q.state = 'waiting') AS waits, 'payable' AS role "
			  "FROM @schema@.open_item i WHERE NOT i.recovery "
			  "UNION ALL SELECT i.fund, i.pool, i.party, i.pays, CASE c.change WHEN 'deposit' THEN c.amount_fen ELSE -c.amount_fen END, false, 'deposit_payable' "
			  "FROM @schema@.item_change c JOIN @schema@.voucher v ON v.voucher_id = c.voucher_id AND v.choice = 'unpaid' "
			  "JOIN @schema@.setl_item i ON i.setl_id = c.setl_id AND i.layer = c.layer WHERE c.change IN ('deposit', 'released', 'forfeited') "
			  "UNION ALL SELECT 'resident', p.pool, 'psn:' || f.psn_no, 'own', (CASE p.pool WHEN 'outpatient' THEN f.out_amt WHEN 'inpatient' THEN f.ipt_amt "
			  "WHEN 'serious' THEN f.serious_amt WHEN 'unallocated' THEN f.unalloc_amt END * 100)::pg_catalog.int8, EXISTS (SELECT FROM @schema@.queue q "
			  "WHERE q.setl_id = 'refund:' || f.refund_id AND q.layer = p.pool AND q.state = 'waiting'), 'refund_payable' "
			  "FROM @schema@.refund f, @schema@.pool p WHERE f.income AND p.fund = 'resident' AND NOT EXISTS (SELECT FROM @schema@.refund_approval a WHERE a.refund_id = f.refund_id)), "
			  "stated AS ("
			  "SELECT c.fund, 'G' AS book, a.role, NULL::pg_catalog.text AS pool, NULL::pg_catalog.text AS party, c.balance_fen::pg_catalog.numeric AS fen "
			  "FROM @schema@.cash c JOIN @schema@.account_class a ON a.class = c.class "
			  "UNION ALL SELECT p.fund, 'P', 'pool', p.pool, NULL, -(coalesce(s.avail, 0) + coalesce(c.amt, 0) + coalesce(h.held, 0) + coalesce(i.fen, 0)) FROM @schema@.pool p "
			  "LEFT JOIN (SELECT pool, pg_catalog.sum(avail) AS avail FROM @schema@.slot GROUP BY pool) s ON s.pool = p.pool "
			  "LEFT JOIN (SELECT pool, pg_catalog.sum(amt) AS amt FROM @schema@.credit GROUP BY pool) c ON c.pool = p.pool "
			  "LEFT JOIN (SELECT pool, pg_catalog.sum(amount_fen) AS held FROM @schema@.hold_open GROUP BY pool) h ON h.pool = p.pool "
			  "LEFT JOIN (SELECT pool, pg_catalog.sum(amount_fen) AS fen FROM open_item WHERE pays = 'own' AND NOT waits GROUP BY pool) i ON i.pool = p.pool "
			  "UNION ALL SELECT fund, 'S', role, pool, party, -pg_catalog.sum(amount_fen) FROM open_item GROUP BY fund, role, pool, party) "
			  "SELECT t.fund, t.book, t.role, t.pool, t.party, t.fen::pg_catalog.int8, (SELECT pg_catalog.max(effective_on) FROM @schema@.journal) "
			  "FROM stated t WHERE EXISTS (SELECT FROM @schema@.entry e WHERE e.fund = t.fund AND e.book = t.book AND e.role = t.role "
			  "AND e.pool IS NOT DISTINCT FROM t.pool AND e.party IS NOT DISTINCT FROM t.party) ORDER BY 1, 2, 3, 4 NULLS FIRST, 5 NULLS FIRST");
	for (uint64 i = 0; i < n; i++)
	{
		if (i == 0)
		{
			bool		isnull;

			appendStringInfo(&export->line, "%s kept beside the entries  ; cash, slots, credits and holds, open items",
							 fund_day(DatumGetDateADT(fund_datum(SPI_tuptable, i, 7, DATEOID, &isnull))));
			put_line(export);
		}
		appendStringInfoString(&export->line, "    ");
		put_account(&export->line, fund_need(i, 1), fund_need(i, 2), fund_need(i, 3), fund_text(i, 4), fund_text(i, 5));
		appendStringInfoString(&export->line, "  CNY 0.00 = ");
		put_amount(&export->line, fund_int8(i, 6, NULL));
		put_line(export);
	}
	SPI_freetuptable(SPI_tuptable);
}

PG_FUNCTION_INFO_V1(yibao_export_hledger);
Datum
yibao_export_hledger(PG_FUNCTION_ARGS)
{
	Export		export;
	char	   *schema = text_to_cstring(PG_GETARG_TEXT_PP(0));
	FundArea	area;

	export.rsi = (ReturnSetInfo *) fcinfo->resultinfo;
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	initStringInfo(&export.line);
	fund_enter_named(&area, schema, "entry");
	appendStringInfo(&export.line, "; %s: books G, P and S of each fund, debits positive", schema);
	put_line(&export);
	put_accounts(&export, &area);
	put_transactions(&export, &area);
	put_assertions(&export, &area);
	fund_leave(&area);
	return (Datum) 0;
}
