/*
 * verify.c
 *	  Is everything in an area as it must be?  One row a check.
 *
 * Names of checks and words of faults are messages: they come in the language
 * of lc_messages, as errors do.  All checks read one snapshot, so what is written meanwhile does not disturb
 * them; the caller needs SELECT on the area's tables, nothing is locked.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/builtins.h"

#include "compat.h"
#include "core/fields.h"
#include "fund/ledger.h"
#include "fund/seal.h"

/* What a person-year does not keep stands at 34 to 52; a check below says so. */
StaticAssertDecl(CUM(day_hifp) == 33 && CUM(grp_dedc) == 51, "accumulators that are not kept");

typedef struct Check
{
	const char *name;
	const char *sql;			/* the faults: one text each; none when all is well; NULL: altered_rows() */
} Check;

/*
 * Words of a fault, to be looked up in the catalogue: translated() makes an SQL
 * literal of them.
 */
#define T_(words) "\001" words "\002"

static const Check checks[] = {
	{gettext_noop("debits are credits in every journal, fund and book [I1]"),
		"SELECT pg_catalog.format(" T_("journal %s, fund %s, book %s: %s fen too much") ", journal_id, fund, book, pg_catalog.sum(amount_fen)) "
	"FROM @schema@.entry GROUP BY journal_id, fund, book HAVING pg_catalog.sum(amount_fen) <> 0"},
	{gettext_noop("pools add up to the surplus of the fund [I2]"),
		"SELECT pg_catalog.format(" T_("fund %s: pools %s, surplus %s fen") ", f.fund, f.pools, f.surplus) FROM ("
		"SELECT e.fund, coalesce(-pg_catalog.sum(e.amount_fen) FILTER (WHERE e.book = 'P' AND e.role = 'pool'), 0) AS pools, "
		"coalesce(-pg_catalog.sum(e.amount_fen) FILTER (WHERE e.book = 'G' AND r.kind IN ('income', 'expense', 'surplus')), 0) AS surplus "
		"FROM @schema@.entry e LEFT JOIN @schema@.account_role r ON r.book = e.book AND r.role = e.role GROUP BY e.fund) f "
	"WHERE f.pools <> f.surplus"},
	{gettext_noop("cash is the balance of its account in book G [I3]"),
		"SELECT pg_catalog.format(" T_("fund %s, account %s: %s fen held, %s fen booked") ", c.fund, c.class, c.balance_fen, coalesce(e.booked, 0)) "
		"FROM @schema@.cash c JOIN @schema@.account_class a ON a.class = c.class LEFT JOIN ("
		"SELECT fund, role, pg_catalog.sum(amount_fen) AS booked FROM @schema@.entry WHERE book = 'G' GROUP BY fund, role) e "
	"ON e.fund = c.fund AND e.role = a.role WHERE c.balance_fen <> coalesce(e.booked, 0)"},
	{gettext_noop("accounts hold what is booked in them, together the cash of a class [I3]"),
		"SELECT pg_catalog.format(" T_("fund %s, account %s: %s fen held, %s fen booked") ", s.fund, s.account_id, s.balance_fen, coalesce(m.booked, 0)) "
		"FROM @schema@.cash_account s LEFT JOIN (SELECT fund, account_id, pg_catalog.sum(amount_fen) AS booked FROM @schema@.bank_movement GROUP BY fund, account_id) m "
		"ON m.fund = s.fund AND m.account_id = s.account_id WHERE s.balance_fen <> coalesce(m.booked, 0) "
		"UNION ALL SELECT pg_catalog.format(" T_("fund %s, class %s: %s fen in accounts, %s fen of cash") ", c.fund, c.class, x.held, c.balance_fen) "
		"FROM @schema@.cash c JOIN (SELECT s.fund, a.class, pg_catalog.sum(s.balance_fen) AS held FROM @schema@.cash_account s "
		"JOIN @schema@.bank_account a ON a.account_id = s.account_id GROUP BY s.fund, a.class) x ON x.fund = c.fund AND x.class = c.class "
	"WHERE x.held <> c.balance_fen"},
	{gettext_noop("what is matched fits the bank's line and the entry"),
		"SELECT pg_catalog.format(" T_("bank line %s: %s matched of %s") ", l.line_id, t.amt, l.amt) FROM @schema@.bank_statement_line l "
		"JOIN (SELECT line_id, pg_catalog.sum(amt) AS amt FROM @schema@.bank_match GROUP BY line_id) t ON t.line_id = l.line_id "
		"WHERE t.amt NOT BETWEEN 0 AND CASE WHEN l.charge THEN 0 ELSE l.amt END "
		"UNION ALL SELECT pg_catalog.format(" T_("journal %s, line %s: %s matched of %s fen") ", e.journal_id, e.line, t.amt * 100, e.amount_fen) FROM @schema@.entry e "
		"JOIN (SELECT journal_id, line, pg_catalog.sum(amt) AS amt FROM @schema@.bank_match GROUP BY journal_id, line) t ON t.journal_id = e.journal_id AND t.line = e.line "
		"WHERE t.amt * 100 NOT BETWEEN 0 AND pg_catalog.abs(e.amount_fen) "
		"UNION ALL SELECT pg_catalog.format(" T_("match %s") ", t.match_id) FROM @schema@.bank_match t JOIN @schema@.bank_statement_line l ON l.line_id = t.line_id "
		"LEFT JOIN @schema@.bank_movement m ON m.journal_id = t.journal_id AND m.line = t.line "
	"WHERE (m.account_id, m.amount_fen > 0) IS DISTINCT FROM (l.account_id, l.direction = 'in')"},
	{gettext_noop("steps of collected money fit their batch, receipt and sweep"),
		"SELECT pg_catalog.format(" T_("batch %s: %s collected, %s came in, %s went on") ", b.batch_id, b.amt, t.came_in, t.went_on) FROM @schema@.tax_batch b "
		"JOIN (SELECT batch_id, coalesce(pg_catalog.sum(amt) FILTER (WHERE receipt_id IS NOT NULL), 0) AS came_in, "
		"coalesce(pg_catalog.sum(amt) FILTER (WHERE move_id IS NOT NULL), 0) AS went_on FROM @schema@.tax_step GROUP BY batch_id) t ON t.batch_id = b.batch_id "
		"WHERE t.came_in > b.amt OR t.went_on > t.came_in "
		"UNION ALL SELECT pg_catalog.format(" T_("receipt %s: %s, of batches %s") ", r.receipt_id, r.amt, t.amt) FROM @schema@.receipt r "
		"JOIN (SELECT receipt_id, pg_catalog.sum(amt) AS amt FROM @schema@.tax_step GROUP BY receipt_id) t ON t.receipt_id = r.receipt_id WHERE t.amt > r.amt "
		"UNION ALL SELECT pg_catalog.format(" T_("move %s: %s, of batches %s") ", m.move_id, m.amt, t.amt) FROM @schema@.cash_move m "
	"JOIN (SELECT move_id, pg_catalog.sum(amt) AS amt FROM @schema@.tax_step GROUP BY move_id) t ON t.move_id = m.move_id WHERE t.amt > m.amt"},
	{gettext_noop("no fund bears what is another's, but by a named crossing"),
		"SELECT pg_catalog.format(" T_("journal %s, event %s: %s") ", j.journal_id, j.event, g.funds) FROM @schema@.journal j JOIN ("
		"SELECT journal_id, pg_catalog.string_agg(DISTINCT fund, ', ') AS funds FROM @schema@.entry WHERE book = 'G' "
		"GROUP BY journal_id HAVING pg_catalog.count(DISTINCT fund) > 1) g ON g.journal_id = j.journal_id "
	/* no anti join: a table this small is never analyzed, and one row expected of it made the whole quadratic */
	"WHERE j.event NOT IN (SELECT c.event FROM @schema@.fund_crossing c)"},
	{gettext_noop("available is the balance less what is committed and funded and what is held [I4]"),
		"SELECT pg_catalog.format(" T_("pool %s: available %s, balance %s less committed %s and held %s fen") ", p.pool, "
		"coalesce(s.avail, 0) + coalesce(c.amt, 0), coalesce(e.balance, 0), coalesce(e.committed, 0), coalesce(h.held, 0)) "
		"FROM @schema@.pool p "
		"LEFT JOIN (SELECT pool, pg_catalog.sum(avail) AS avail FROM @schema@.slot GROUP BY pool) s ON s.pool = p.pool "
		"LEFT JOIN (SELECT pool, pg_catalog.sum(amt) AS amt FROM @schema@.credit GROUP BY pool) c ON c.pool = p.pool "
		"LEFT JOIN (SELECT pool, pg_catalog.sum(amount_fen) AS held FROM @schema@.hold_open GROUP BY pool) h ON h.pool = p.pool "
		"LEFT JOIN (SELECT pool, -pg_catalog.sum(amount_fen) FILTER (WHERE book = 'P' AND role = 'pool') AS balance, "
		"pg_catalog.sum(amount_fen) FILTER (WHERE book = 'S' AND role = 'benefit_committed') AS committed "
		"FROM @schema@.entry WHERE pool IS NOT NULL GROUP BY pool) e ON e.pool = p.pool "
	"WHERE coalesce(s.avail, 0) + coalesce(c.amt, 0) <> coalesce(e.balance, 0) - coalesce(e.committed, 0) - coalesce(h.held, 0)"},
	{gettext_noop("open holds are those that have not ended, with their amounts"),
		"SELECT pg_catalog.format(" T_("hold %s") ", coalesce(o.hold_id, h.hold_id)) FROM @schema@.hold_open o FULL JOIN "
		"(SELECT h.hold_id, h.pool, h.amt, h.expires_at FROM @schema@.hold h WHERE NOT EXISTS (SELECT FROM @schema@.hold_end e WHERE e.hold_id = h.hold_id)) h "
		"ON h.hold_id = o.hold_id WHERE (o.pool, o.amount_fen, o.expires_at) IS DISTINCT FROM (h.pool, h.amt * 100, h.expires_at)"},
	{gettext_noop("nothing is left over to be taken at a commit"),
		"SELECT pg_catalog.format(" T_("pool %s: %s fen") ", pool, amt) FROM @schema@.pending"},
	{gettext_noop("every hold that was used names what used it"),
		"SELECT pg_catalog.format(" T_("hold %s: %s %s") ", e.hold_id, e.event, e.key) FROM @schema@.hold_end e WHERE e.outcome = 'post' AND NOT CASE e.event "
		"WHEN 'settlement' THEN EXISTS (SELECT FROM @schema@.settlement s WHERE s.setl_id = e.key) "
		"WHEN 'premium' THEN EXISTS (SELECT FROM @schema@.premium p WHERE p.premium_id = e.key AND p.hold_id = e.hold_id) "
	"ELSE EXISTS (SELECT FROM @schema@.transfer t JOIN @schema@.transfer_approval a ON a.transfer_id = t.transfer_id AND a.decision = 'approve' WHERE t.transfer_id = e.key AND t.hold_id = e.hold_id) END"},
	{gettext_noop("expense of benefits is what payments cleared [I5]"),
		"SELECT pg_catalog.format(" T_("journal %s: expense %s, items %s fen") ", g.journal_id, g.expense, i.amount) "
		"FROM (SELECT j.journal_id, j.event, pg_catalog.sum(e.amount_fen) AS expense FROM @schema@.journal j JOIN @schema@.entry e ON e.journal_id = j.journal_id "
		"WHERE e.book = 'G' AND (e.role LIKE 'benefit\\_%' OR e.role = 'advance_serious') AND (j.event IN ('payment', 'payment.returned') OR j.event LIKE 'deposit.%' OR j.event LIKE 'recover.%') GROUP BY 1, 2) g "
		"FULL JOIN (SELECT a.journal_id, pg_catalog.sum(p.amount_fen) AS amount FROM @schema@.payment_approval a JOIN @schema@.payment_item p ON p.payment_id = a.payment_id GROUP BY 1 "
		"UNION ALL SELECT v.journal_id, -pg_catalog.sum(p.amount_fen) FROM @schema@.voucher v JOIN @schema@.payment_item p ON p.payment_id = v.payment_id GROUP BY 1 "
		"UNION ALL SELECT v.journal_id, pg_catalog.sum(CASE c.change WHEN 'released' THEN c.amount_fen WHEN 'deposit' THEN c.amount_fen ELSE -c.amount_fen END) "
		"FROM @schema@.voucher v JOIN @schema@.item_change c ON c.voucher_id = v.voucher_id LEFT JOIN @schema@.setl_item i ON i.setl_id = c.setl_id AND i.layer = c.layer "
		"WHERE (c.change = 'released' AND v.choice = 'unpaid') OR (c.change IN ('deposit', 'forfeited') AND v.choice = 'temp_receipt') "
		"OR (c.change = 'recovered' AND (v.choice = 'reduce_expense' OR i.payer_kind = 'external')) GROUP BY 1) i ON i.journal_id = g.journal_id "
	"WHERE g.expense IS DISTINCT FROM i.amount"},
	{gettext_noop("every settlement's obligations are in book S [I6]"),
		"SELECT pg_catalog.format(" T_("journal %s: settlements oblige to %s, booked %s fen") ", coalesce(i.journal_id, e.journal_id), coalesce(i.amount, 0), coalesce(e.amount, 0)) "
		"FROM (SELECT journal_id, pg_catalog.sum(amount_fen) AS amount FROM @schema@.setl_item GROUP BY journal_id) i "
		"FULL JOIN (SELECT e.journal_id, pg_catalog.sum(CASE WHEN e.role = 'recoverable' THEN -e.amount_fen ELSE e.amount_fen END) AS amount "
		"FROM @schema@.entry e JOIN @schema@.journal j ON j.journal_id = e.journal_id AND j.event = 'settlement' "
		"WHERE e.book = 'S' AND e.role IN ('benefit_committed', 'benefit_unfunded', 'receivable_payer', 'direct_receivable', 'recoverable') "
		"GROUP BY e.journal_id) e ON e.journal_id = i.journal_id "
	"WHERE coalesce(i.amount, 0) <> coalesce(e.amount, 0)"},
	{gettext_noop("every item is paid, refused, held as deposit, or open [I6]"),
		"SELECT pg_catalog.format(" T_("settlement %s, layer %s: %s fen, paid %s, refused %s, held %s, open %s") ", i.setl_id, i.layer, i.amount_fen, "
		"coalesce(p.paid, 0), coalesce(c.refused, 0), coalesce(c.held, 0), coalesce(o.open, 0)) "
		"FROM @schema@.setl_item i "
		"JOIN (SELECT setl_id, layer, pg_catalog.sum(amount_fen) FILTER (WHERE change IN ('refused', 'forfeited')) AS refused, "
		"pg_catalog.sum(CASE change WHEN 'deposit' THEN amount_fen WHEN 'released' THEN -amount_fen WHEN 'forfeited' THEN -amount_fen ELSE 0 END) AS held, "
		"pg_catalog.sum(amount_fen) FILTER (WHERE change = 'recovered') AS recovered "
		"FROM @schema@.item_change GROUP BY setl_id, layer) c ON c.setl_id = i.setl_id AND c.layer = i.layer "
		/* for these items only: grouped over all of them, they were gone through once for each */
		"LEFT JOIN LATERAL (SELECT pg_catalog.sum(x.amount_fen) AS paid FROM @schema@.item_paid x WHERE x.setl_id = i.setl_id AND x.layer = i.layer) p ON true "
		"LEFT JOIN LATERAL (SELECT pg_catalog.sum(x.amount_fen) AS open FROM @schema@.open_item x WHERE x.setl_id = i.setl_id AND x.layer = i.layer) o ON true "
		"WHERE i.amount_fen <> coalesce(p.paid, 0) + coalesce(c.refused, 0) + coalesce(c.held, 0) - coalesce(c.recovered, 0) + coalesce(o.open, 0) "
		"OR coalesce(c.held, 0) < 0 OR (i.amount_fen > 0 AND coalesce(o.open, 0) < 0) OR (i.amount_fen < 0 AND coalesce(o.open, 0) > 0)"},
	{gettext_noop("deposits held are in the books"),
		"SELECT pg_catalog.format(" T_("fund %s, party %s: held %s, booked %s fen") ", coalesce(h.fund, e.fund), coalesce(h.party, e.party), coalesce(h.held, 0), coalesce(e.booked, 0)) "
		"FROM (SELECT i.fund, i.party, pg_catalog.sum(CASE c.change WHEN 'deposit' THEN c.amount_fen ELSE -c.amount_fen END) AS held "
		"FROM @schema@.item_change c JOIN @schema@.setl_item i ON i.setl_id = c.setl_id AND i.layer = c.layer "
		"WHERE c.change IN ('deposit', 'released', 'forfeited') GROUP BY i.fund, i.party) h "
		"FULL JOIN (SELECT fund, party, -pg_catalog.sum(amount_fen) AS booked FROM @schema@.entry "
		"WHERE (book = 'S' AND role = 'deposit_payable') OR (book = 'G' AND role = 'deposit_temp') GROUP BY fund, party) e ON e.fund = h.fund AND e.party = h.party "
	"WHERE coalesce(h.held, 0) <> coalesce(e.booked, 0)"},
	{gettext_noop("what is to be recovered is what was paid and reversed"),
		"SELECT pg_catalog.format(" T_("fund %s: to be recovered %s, booked %s fen") ", coalesce(i.fund, e.fund), coalesce(i.open, 0), coalesce(e.booked, 0)) "
		"FROM (SELECT fund, -pg_catalog.sum(amount_fen) AS open FROM @schema@.open_item WHERE recovery GROUP BY fund) i "
		"FULL JOIN (SELECT fund, pg_catalog.sum(amount_fen) AS booked FROM @schema@.entry WHERE book = 'S' AND role = 'recoverable' GROUP BY fund) e ON e.fund = i.fund "
	"WHERE coalesce(i.open, 0) <> coalesce(e.booked, 0)"},
	{gettext_noop("prepayments are what was prepaid, less what came back and what was offset"),
		"SELECT pg_catalog.format(" T_("fund %s, party %s: %s, booked %s fen") ", coalesce(v.fund, e.fund), coalesce(v.party, e.party), coalesce(v.open, 0), coalesce(e.booked, 0)) "
		"FROM (SELECT fund, party, pg_catalog.sum(amt) * 100 AS open FROM ("
		"SELECT v.fund, v.party, CASE v.event WHEN 'prepay' THEN v.amt ELSE -v.amt END AS amt FROM @schema@.voucher v "
		"WHERE v.event IN ('prepay', 'prepay.recover') AND EXISTS (SELECT FROM @schema@.journal j WHERE j.journal_id = v.journal_id) "
		"UNION ALL SELECT p.fund, p.party, -p.offset_amt FROM @schema@.payment p JOIN @schema@.payment_approval a ON a.payment_id = p.payment_id AND a.decision = 'approve' "
		"WHERE NOT EXISTS (SELECT FROM @schema@.voucher r WHERE r.payment_id = p.payment_id)) x GROUP BY fund, party) v "
		"FULL JOIN (SELECT fund, party, pg_catalog.sum(amount_fen) AS booked FROM @schema@.entry WHERE book = 'G' AND role = 'advance_provider' GROUP BY fund, party) e "
	"ON e.fund = v.fund AND e.party = v.party WHERE coalesce(v.open, 0) <> coalesce(e.booked, 0) OR coalesce(v.open, 0) < 0"},
	{gettext_noop("what is held for the next year is what was received and neither turned nor refunded"),
		"SELECT pg_catalog.format(" T_("held %s, booked %s fen") ", h.held, e.booked) FROM (SELECT ("
		"(SELECT coalesce(pg_catalog.sum(r.amt), 0) FROM @schema@.receipt r WHERE r.fund = 'resident' AND r.out_amt IS NULL) "
		"- (SELECT coalesce(pg_catalog.sum(amt), 0) FROM @schema@.next_year_income) "
		"- (SELECT coalesce(pg_catalog.sum(f.amt), 0) FROM @schema@.refund f JOIN @schema@.refund_approval a ON a.refund_id = f.refund_id WHERE NOT f.income)) * 100 AS held) h, "
		"(SELECT -coalesce(pg_catalog.sum(amount_fen), 0) AS booked FROM @schema@.entry WHERE book = 'G' AND role = 'next_year_received') e "
		"WHERE h.held <> e.booked"},
	{gettext_noop("no more is refunded of a receipt, or turned to income, than it was"),
		"SELECT pg_catalog.format(" T_("receipt %s: %s, refunded %s, turned %s") ", r.receipt_id, r.amt, f.amt, n.amt) FROM @schema@.receipt r "
		"JOIN (SELECT receipt_id, pg_catalog.sum(amt) AS amt, coalesce(pg_catalog.sum(amt) FILTER (WHERE NOT income), 0) AS before FROM @schema@.refund GROUP BY receipt_id) f ON f.receipt_id = r.receipt_id "
		"LEFT JOIN @schema@.next_year_income n ON n.receipt_id = r.receipt_id "
		"WHERE f.amt > r.amt OR coalesce(n.amt, 0) + f.before > r.amt OR (n.receipt_id IS NOT NULL AND n.amt + f.before < r.amt)"},
	{gettext_noop("refunds owed are those not yet paid"),
		"SELECT pg_catalog.format(" T_("person %s: owed %s, booked %s fen") ", coalesce(f.party, e.party), coalesce(f.owed, 0), coalesce(e.booked, 0)) "
		"FROM (SELECT 'psn:' || f.psn_no AS party, pg_catalog.sum(f.amt) * 100 AS owed FROM @schema@.refund f WHERE f.income "
		"AND NOT EXISTS (SELECT FROM @schema@.refund_approval a WHERE a.refund_id = f.refund_id) GROUP BY 1) f "
		"FULL JOIN (SELECT party, -pg_catalog.sum(amount_fen) AS booked FROM @schema@.entry WHERE book = 'S' AND role = 'refund_payable' GROUP BY party) e ON e.party = f.party "
	"WHERE coalesce(f.owed, 0) <> coalesce(e.booked, 0)"},
	{gettext_noop("penalties, surpluses and losses are due as far as they are not settled"),
		"SELECT pg_catalog.format(" T_("%s, party %s: due %s, booked %s fen") ", coalesce(v.role, e.role), coalesce(v.party, e.party), coalesce(v.due, 0), coalesce(e.booked, 0)) "
		"FROM (SELECT CASE o.event WHEN 'penalty.decided' THEN 'penalty_due' WHEN 'contract.surplus' THEN 'insurer_due' ELSE 'loss_pending' END AS role, o.party, "
		"pg_catalog.sum(o.amt - coalesce((SELECT pg_catalog.sum(r.amt) FROM @schema@.receipt r WHERE r.voucher_id = o.voucher_id), 0) "
		"- coalesce((SELECT pg_catalog.sum(s.amt) FROM @schema@.voucher s JOIN @schema@.journal j ON j.journal_id = s.journal_id WHERE s.refers = o.voucher_id), 0)) * 100 AS due "
		"FROM @schema@.voucher o WHERE o.event IN ('penalty.decided', 'contract.surplus', 'contract.loss') GROUP BY 1, 2) v "
		"FULL JOIN (SELECT role, party, pg_catalog.sum(amount_fen) AS booked FROM @schema@.entry WHERE book = 'S' AND role IN ('penalty_due', 'insurer_due', 'loss_pending') GROUP BY role, party) e "
	"ON e.role = v.role AND e.party = v.party WHERE coalesce(v.due, 0) <> coalesce(e.booked, 0)"},
	{gettext_noop("penalties withheld are income, and moved to the fiscal account or still to be moved [A238]"),
		"SELECT pg_catalog.format(" T_("party %s: withheld %s, income %s, booked %s fen") ", coalesce(w.party, e.party), coalesce(w.withheld, 0), coalesce(w.income, 0), coalesce(e.booked, 0)) "
		"FROM (SELECT x.party, pg_catalog.sum(x.withheld) * 100 AS withheld, pg_catalog.sum(x.income) * 100 AS income FROM ("
		"SELECT p.party, p.withheld_amt AS withheld, 0 AS income FROM @schema@.payment p JOIN @schema@.payment_approval a ON a.payment_id = p.payment_id AND a.decision = 'approve' "
		"WHERE p.withheld_amt > 0 AND NOT EXISTS (SELECT FROM @schema@.voucher v WHERE v.payment_id = p.payment_id) "
		"UNION ALL SELECT p.party, 0, r.amt FROM @schema@.receipt r JOIN @schema@.payment p ON p.payment_id = r.payment_id) x GROUP BY x.party) w "
		"FULL JOIN (SELECT party, -pg_catalog.sum(amount_fen) AS booked FROM @schema@.entry WHERE book = 'G' AND role = 'penalty_withheld' GROUP BY party) e ON e.party = w.party "
		"WHERE coalesce(w.withheld, 0) - coalesce(w.income, 0) <> coalesce(e.booked, 0) "
		"UNION ALL SELECT pg_catalog.format(" T_("fund %s: income %s, moved %s, booked %s fen") ", m.fund, m.income, m.moved, m.booked) FROM (SELECT f.fund, "
		"(SELECT coalesce(pg_catalog.sum(r.amt), 0) * 100 FROM @schema@.receipt r WHERE r.fund = f.fund AND r.payment_id IS NOT NULL) AS income, "
		"(SELECT coalesce(pg_catalog.sum(c.amt), 0) * 100 FROM @schema@.cash_move c WHERE c.fund = f.fund AND c.kind = 'penalty_withheld') AS moved, "
		"(SELECT -coalesce(pg_catalog.sum(e.amount_fen), 0) FROM @schema@.entry e WHERE e.fund = f.fund AND e.book = 'S' AND e.role = 'penalty_to_move') AS booked "
		"FROM (VALUES ('resident'), ('assistance')) f(fund)) m WHERE m.income - m.moved <> m.booked"},
	{gettext_noop("every voucher is booked, at once or when approved, and every booked one is there"),
		"SELECT pg_catalog.format(" T_("voucher %s, event %s") ", coalesce(v.voucher_id, j.key), coalesce(v.event, j.event)) FROM ("
		"SELECT v.voucher_id, v.event, v.journal_id FROM @schema@.voucher v JOIN @schema@.voucher_event e ON e.event = v.event "
		"LEFT JOIN @schema@.voucher_approval a ON a.voucher_id = v.voucher_id WHERE NOT e.approval OR a.decision = 'approve') v "
		"FULL JOIN (SELECT j.journal_id, j.key, j.event FROM @schema@.journal j WHERE EXISTS (SELECT FROM @schema@.voucher_event e "
		"WHERE j.event = e.event OR j.event LIKE e.event || '.%')) j ON j.journal_id = v.journal_id "
	"WHERE v.voucher_id IS DISTINCT FROM j.key"},
	{gettext_noop("every settlement has its key, and every key its settlement"),
		"SELECT pg_catalog.format(" T_("settlement %s: %s") ", coalesce(s.setl_id, k.setl_id), CASE WHEN k.setl_id IS NULL THEN " T_("no key") " ELSE " T_("a key, but no row") " END) "
		"FROM @schema@.settlement s FULL JOIN @schema@.setl_key k ON k.setl_id = s.setl_id WHERE s.setl_id IS NULL OR k.setl_id IS NULL"},
	{gettext_noop("person-years have counted their settlements"),
		"SELECT pg_catalog.format(" T_("person %s, scheme %s, year %s: %s counted, %s there") ", coalesce(y.psn_no, s.psn_no), coalesce(y.insutype, s.insutype), "
		"coalesce(y.year, s.year), coalesce(y.setl_cnt, 0), coalesce(s.n, 0)) "
		"FROM @schema@.person_year y FULL JOIN (SELECT psn_no, insutype, year, pg_catalog.count(*) AS n, pg_catalog.max(psn_setl_no) AS last "
		"FROM @schema@.settlement GROUP BY psn_no, insutype, year) s ON s.psn_no = y.psn_no AND s.insutype = y.insutype AND s.year = y.year "
	"WHERE y.setl_cnt IS DISTINCT FROM s.n OR y.setl_cnt IS DISTINCT FROM s.last"},
	{gettext_noop("person-years are what their settlements, settled again, add up to"),
		"SELECT pg_catalog.format(" T_("person %s, scheme %s, year %s: accumulator %s is %s, the settlements add up to %s") ", psn_no, insutype, year, n, coalesce(y.kept, 0), coalesce(d.total, 0)) "
		/* of those that stand, the ones since a policy last let accumulators begin anew */
		"FROM (SELECT (x.s).psn_no, (x.s).insutype, (x.s).year, e.n, pg_catalog.sum(e.after - CASE WHEN (x.s).add_cum IS NULL THEN coalesce((x.s).opn_cum[e.n], 0) ELSE 0 END) AS total "
		"FROM (SELECT s, p.rules, g.began, pg_catalog.max(g.began) OVER (PARTITION BY s.psn_no, s.insutype, s.year) AS since "
		"FROM @schema@.settlement s JOIN @schema@.policy p ON p.policy_id = s.policy_id, "
		"LATERAL (SELECT coalesce(pg_catalog.max(q.valid_from), '-infinity') AS began FROM @schema@.policy q WHERE q.insutype = p.insutype "
		"AND q.valid_from <= p.valid_from AND q.rules -> 'year' ->> 'on_policy_change' = 'restart') g "
		"WHERE NOT s.refd_setl_flag AND NOT EXISTS (SELECT FROM @schema@.settlement z WHERE z.init_setl_id = s.setl_id)) x, "
		/* of amounts that were given, what they add */
		"LATERAL pg_catalog.unnest(CASE WHEN (x.s).add_cum IS NULL THEN (yibao.settle(x.rules, x.s)).cum ELSE (x.s).add_cum END) WITH ORDINALITY e(after, n) "
		"WHERE x.began = x.since "
		"AND e.n NOT BETWEEN 34 AND 52 GROUP BY 1, 2, 3, 4) d "
		"FULL JOIN (SELECT y.psn_no, y.insutype, y.year, e.n, e.kept FROM @schema@.person_year y, "
		"LATERAL pg_catalog.unnest(y.cum) WITH ORDINALITY e(kept, n)) y USING (psn_no, insutype, year, n) "
	"WHERE coalesce(y.kept, 0) <> coalesce(d.total, 0)"},
	{gettext_noop("amounts that another system settled fit together"),
		"SELECT pg_catalog.format(" T_("settlement %s") ", s.setl_id) FROM @schema@.settlement s "
		"WHERE (s.add_cum IS NULL) = (coalesce(s.setl_mode, 'compute') <> 'compute' AND NOT s.refd_setl_flag) "
		"OR (s.add_cum IS NULL AND (s.setl_mode IS NULL OR s.setl_mode = 'compute') AND (s.dedc_std IS NULL OR s.crt_dedc IS NULL OR s.first_selfpay IS NULL OR s.pool_prop_selfpay IS NULL)) "
		"OR (s.add_cum IS NOT NULL AND (s.fund_pay_sumamt <> s.hifp_pay + s.hifmi_pay + s.maf_pay + s.oth_pay "
		"OR s.psn_part_amt <> s.medfee_sumamt - s.fund_pay_sumamt - s.hosp_part_amt OR s.psn_cash_pay <> s.psn_part_amt - s.acct_pay - s.acct_mulaid_pay "
		"OR s.hifp_pay > s.inscp_scp_amt - s.prog_pay OR s.oth_pay < s.prog_pay OR s.act_pay_dedc > s.inscp_scp_amt + s.preselfpay_amt "
		/* and are what the person-year counts of them */
		"OR (s.add_cum[1], s.add_cum[3], coalesce(s.add_cum[9], 0) + coalesce(s.add_cum[13], 0) + coalesce(s.add_cum[17], 0) + coalesce(s.add_cum[21], 0), "
		"coalesce(s.add_cum[24], 0) + coalesce(s.add_cum[55], 0), coalesce(s.add_cum[27], 0) + coalesce(s.add_cum[30], 0), coalesce(s.add_cum[33], 0)) "
		"IS DISTINCT FROM (1, s.medfee_sumamt * 100, s.hifp_pay * 100, s.hifmi_pay * 100, s.maf_pay * 100, (s.oth_pay - s.prog_pay) * 100) "
	"OR least(s.hifp_pay, s.hifmi_pay, s.maf_pay, s.act_pay_dedc, s.psn_part_amt, s.psn_cash_pay) < 0))"},
	{gettext_noop("where another system settled otherwise than the policy, it is noted"),
		"SELECT pg_catalog.format(" T_("settlement %s") ", coalesce(v.setl_id, d.setl_id)) FROM (SELECT (x.s).setl_id AS setl_id, r.*, "
		"(r.dedc_std, r.crt_dedc, r.act_pay_dedc, r.hifp_pay, r.hifmi_pay, r.maf_pay, r.oth_pay, r.fund_pay_sumamt, r.psn_part_amt, r.first_selfpay) = "
		"((x.s).dedc_std, (x.s).crt_dedc, (x.s).act_pay_dedc, (x.s).hifp_pay, (x.s).hifmi_pay, (x.s).maf_pay, (x.s).oth_pay, (x.s).fund_pay_sumamt, "
		"(x.s).psn_part_amt, (x.s).first_selfpay) AS same FROM (SELECT s, p.rules FROM @schema@.settlement s JOIN @schema@.policy p ON p.policy_id = s.policy_id "
		"WHERE s.setl_mode = 'verify' AND s.add_cum IS NOT NULL) x, "
		/* what accounts paid of the amounts given may be more than the policy would leave */
		"LATERAL yibao.settle(x.rules, pg_catalog.jsonb_populate_record(x.s, '{\"acct_pay\": 0, \"acct_mulaid_pay\": 0}')) r) v "
		"FULL JOIN @schema@.setl_diff d ON d.setl_id = v.setl_id WHERE v.setl_id IS NULL OR v.same IS DISTINCT FROM (d.setl_id IS NULL) "
		"OR (d.setl_id IS NOT NULL AND (d.dedc_std, d.crt_dedc, d.act_pay_dedc, d.hifp_pay, d.hifmi_pay, d.maf_pay, d.oth_pay, d.fund_pay_sumamt, d.psn_part_amt, d.first_selfpay) "
	"IS DISTINCT FROM (v.dedc_std, v.crt_dedc, v.act_pay_dedc, v.hifp_pay, v.hifmi_pay, v.maf_pay, v.oth_pay, v.fund_pay_sumamt, v.psn_part_amt, v.first_selfpay))"},
	{gettext_noop("what is owed is what is neither paid nor reversed"),
		"SELECT pg_catalog.format(" T_("fund %s: owed %s, open items %s fen") ", coalesce(i.fund, e.fund), coalesce(e.owed, 0), coalesce(i.open, 0)) "
		"FROM (SELECT i.fund, pg_catalog.sum(i.amount_fen) AS open FROM @schema@.open_item i WHERE NOT i.recovery "
		"GROUP BY i.fund) i FULL JOIN (SELECT fund, -pg_catalog.sum(amount_fen) AS owed FROM @schema@.entry "
		"WHERE book = 'S' AND role = 'payable' GROUP BY fund) e ON e.fund = i.fund "
	"WHERE coalesce(e.owed, 0) <> coalesce(i.open, 0)"},
	{gettext_noop("what waits for money is in the queue"),
		"SELECT pg_catalog.format(" T_("pool %s: booked %s, queued %s fen") ", coalesce(e.pool, q.pool), coalesce(e.amount, 0), coalesce(q.amount, 0)) "
		"FROM (SELECT pool, pg_catalog.sum(amount_fen) AS amount FROM @schema@.entry WHERE book = 'S' AND role = 'benefit_unfunded' GROUP BY pool) e "
		"FULL JOIN (SELECT pool, pg_catalog.sum(amount_fen) AS amount FROM @schema@.queue WHERE state = 'waiting' GROUP BY pool) q ON q.pool = e.pool "
	"WHERE coalesce(e.amount, 0) <> coalesce(q.amount, 0)"},
	{gettext_noop("receipts are split by exactly the rule's share"),
		"SELECT pg_catalog.format(" T_("coverage year %s, rule %s: %s of %s fen to outpatient, receipts say %s of %s") ", b.coverage_year, b.rule, b.out_fen, b.total_fen, r.out_fen, r.total_fen) "
		"FROM @schema@.split_bucket b LEFT JOIN (SELECT fund, coverage_year, split_rule, "
		"(pg_catalog.sum(out_amt) * 100)::pg_catalog.int8 AS out_fen, (pg_catalog.sum(out_amt + ipt_amt) * 100)::pg_catalog.int8 AS total_fen "
		"FROM (SELECT fund, coverage_year, split_rule, out_amt, ipt_amt FROM @schema@.receipt WHERE split_rule IS NOT NULL "
		"UNION ALL SELECT fund, coverage_year, split_rule, out_amt, ipt_amt FROM @schema@.next_year_income WHERE split_rule IS NOT NULL "
		"UNION ALL SELECT r.fund, r.coverage_year, f.split_rule, -f.out_amt, -f.ipt_amt FROM @schema@.refund f "
		"JOIN @schema@.receipt r ON r.receipt_id = f.receipt_id WHERE f.split_rule IS NOT NULL) x GROUP BY fund, coverage_year, split_rule) r ON r.fund = b.fund AND r.coverage_year = b.coverage_year AND r.split_rule = b.rule "
		"WHERE (b.total_fen, b.out_fen) IS DISTINCT FROM (coalesce(r.total_fen, 0), coalesce(r.out_fen, 0)) "
		"OR b.out_fen <> CASE b.rounding WHEN 'half_up_outpatient' THEN pg_catalog.round(b.total_fen * b.outpatient::pg_catalog.numeric) "
	"ELSE pg_catalog.floor(b.total_fen * b.outpatient::pg_catalog.numeric) END"},
	{gettext_noop("every receipt is booked, and every booked receipt is there"),
		"SELECT pg_catalog.format(" T_("receipt %s: %s, booked %s fen") ", coalesce(r.receipt_id, e.key), r.amt, e.fen) "
		"FROM @schema@.receipt r FULL JOIN (SELECT j.journal_id, j.key, pg_catalog.sum(e.amount_fen) AS fen FROM @schema@.journal j "
		"JOIN @schema@.entry e ON e.journal_id = j.journal_id AND e.book = 'G' AND e.amount_fen > 0 AND (e.role LIKE 'bank\\_%' OR e.role = 'penalty_withheld') "
		"WHERE j.event LIKE 'receipt.%' OR j.event LIKE 'assistance.%' GROUP BY j.journal_id, j.key) e ON e.journal_id = r.journal_id "
	"WHERE r.amt * 100 IS DISTINCT FROM e.fen"},
	{gettext_noop("every approved transfer is booked, and every booked transfer is approved"),
		"SELECT pg_catalog.format(" T_("transfer %s") ", coalesce(a.transfer_id, j.key)) "
		"FROM (SELECT * FROM @schema@.transfer_approval WHERE decision = 'approve') a FULL JOIN "
		"(SELECT j.journal_id, j.key, pg_catalog.sum(e.amount_fen) FILTER (WHERE e.amount_fen > 0) AS fen FROM @schema@.journal j "
		"JOIN @schema@.entry e ON e.journal_id = j.journal_id WHERE j.event = 'transfer' GROUP BY 1, 2) j ON j.journal_id = a.journal_id "
	"LEFT JOIN @schema@.transfer t ON t.transfer_id = a.transfer_id WHERE t.amt * 100 IS DISTINCT FROM j.fen"},
	{gettext_noop("every premium is booked, a remitted one when it was approved, and every booked one is there"),
		"SELECT pg_catalog.format(" T_("premium %s: %s, booked %s fen") ", coalesce(p.premium_id, j.key), p.amt, j.fen) "
		"FROM (SELECT p.premium_id, p.amt, p.journal_id FROM @schema@.premium p WHERE p.amt <> 0 AND (p.kind <> 'remit' "
		"OR EXISTS (SELECT FROM @schema@.premium_approval a WHERE a.premium_id = p.premium_id AND a.decision = 'approve'))) p FULL JOIN "
		"(SELECT j.journal_id, j.key, pg_catalog.sum(CASE j.event WHEN 'premium.remit' THEN e.amount_fen ELSE -e.amount_fen END) FILTER (WHERE e.pool = 'serious') AS fen "
		"FROM @schema@.journal j JOIN @schema@.entry e ON e.journal_id = j.journal_id WHERE j.event LIKE 'premium.%' GROUP BY 1, 2) j "
	"ON j.journal_id = p.journal_id WHERE p.amt * 100 IS DISTINCT FROM j.fen"},
	{gettext_noop("heads of a true-up or a subsidy are those of the approved head count that it names [A010]"),
		"SELECT pg_catalog.format(" T_("%s %s: %s heads, head count %s has %s") ", x.tab, x.id, x.heads, x.headcount_id, CASE WHEN a.headcount_id IS NOT NULL THEN h.heads END) "
		"FROM (SELECT 'premium' AS tab, premium_id AS id, insutype, coverage_year, heads, headcount_id FROM @schema@.premium "
		"UNION ALL SELECT 'subsidy_due' AS tab, due_id AS id, insutype, coverage_year, heads, headcount_id FROM @schema@.subsidy_due) x "
		"LEFT JOIN @schema@.headcount h ON h.headcount_id = x.headcount_id AND h.insutype = x.insutype AND h.coverage_year = x.coverage_year "
		"LEFT JOIN @schema@.headcount_approval a ON a.headcount_id = h.headcount_id AND a.decision = 'approve' "
	"WHERE x.headcount_id IS NOT NULL AND (a.headcount_id IS NULL OR h.heads <> x.heads)"},
	{gettext_noop("nobody decided what he drew up himself"),
		"SELECT pg_catalog.format(" T_("transfer %s: %s") ", t.transfer_id, t.proposed_by) FROM @schema@.transfer t JOIN @schema@.transfer_approval a ON a.transfer_id = t.transfer_id WHERE a.approved_by = t.proposed_by "
		"UNION ALL SELECT pg_catalog.format(" T_("payment %s: %s") ", p.payment_id, p.drawn_by) FROM @schema@.payment p JOIN @schema@.payment_approval a ON a.payment_id = p.payment_id "
		"WHERE a.approved_by = p.drawn_by "
		"UNION ALL SELECT pg_catalog.format(" T_("premium %s: %s") ", p.premium_id, p.booked_by) FROM @schema@.premium p JOIN @schema@.premium_approval a ON a.premium_id = p.premium_id WHERE a.approved_by = p.booked_by "
		"UNION ALL SELECT pg_catalog.format(" T_("head count %s: %s") ", h.headcount_id, h.booked_by) FROM @schema@.headcount h JOIN @schema@.headcount_approval a ON a.headcount_id = h.headcount_id WHERE a.approved_by = h.booked_by "
		"UNION ALL SELECT pg_catalog.format(" T_("case %s: %s") ", c.case_id, c.booked_by) FROM @schema@.risk_case c JOIN @schema@.risk_step s ON s.case_id = c.case_id AND s.step = 'close' WHERE s.booked_by = c.booked_by "
		"UNION ALL SELECT pg_catalog.format(" T_("difference of settlement %s: %s") ", c.setl_id, c.closed_by) FROM @schema@.setl_diff_close c JOIN @schema@.settlement s ON s.setl_id = c.setl_id WHERE c.closed_by = s.booked_by "
		"UNION ALL SELECT pg_catalog.format(" T_("period act %s: %s") ", t.act_id, t.proposed_by) FROM @schema@.period_act t JOIN @schema@.period_act_approval a ON a.act_id = t.act_id WHERE a.approved_by = t.proposed_by "
		"UNION ALL SELECT pg_catalog.format(" T_("replay %s: %s") ", r.replay_id, r.proposed_by) FROM @schema@.replay r JOIN @schema@.replay_approval a ON a.replay_id = r.replay_id WHERE a.approved_by = r.proposed_by "
		"UNION ALL SELECT pg_catalog.format(" T_("voucher %s: %s") ", v.voucher_id, v.booked_by) FROM @schema@.voucher v JOIN @schema@.voucher_approval a ON a.voucher_id = v.voucher_id WHERE a.approved_by = v.booked_by "
		"UNION ALL SELECT pg_catalog.format(" T_("refund %s: %s") ", f.refund_id, f.booked_by) FROM @schema@.refund f JOIN @schema@.refund_approval a ON a.refund_id = f.refund_id WHERE a.approved_by = f.booked_by"},
	{gettext_noop("what was done has all its steps, each by another person [A048 A278]"),
		"SELECT pg_catalog.format(" T_("%s %s: %s of %s steps") ", d.kind, d.item_id, d.made, d.needed) FROM ("
		"SELECT x.kind, x.item_id, pg_catalog.cardinality(c.posts) - x.own AS needed, (SELECT pg_catalog.count(*) FROM @schema@.approval a "
		"WHERE a.kind = x.kind AND a.item_id = x.item_id AND a.decision = 'approve' AND a.post = c.posts[a.step] AND a.step <= pg_catalog.cardinality(c.posts) - x.own) AS made "
		"FROM (SELECT 'payment' AS kind, p.payment_id AS item_id, p.drawn_at AS at, 1 AS own FROM @schema@.payment p "
		"JOIN @schema@.payment_approval a ON a.payment_id = p.payment_id AND a.decision = 'approve' "
		"UNION ALL SELECT 'transfer', t.transfer_id, t.proposed_at, 1 FROM @schema@.transfer t "
		"JOIN @schema@.transfer_approval a ON a.transfer_id = t.transfer_id AND a.decision = 'approve' "
		"UNION ALL SELECT 'refund', f.refund_id, f.booked_at, 1 FROM @schema@.refund f "
		"JOIN @schema@.refund_approval a ON a.refund_id = f.refund_id "
		"UNION ALL SELECT 'voucher', v.voucher_id, v.booked_at, 1 FROM @schema@.voucher v "
		"JOIN @schema@.voucher_approval a ON a.voucher_id = v.voucher_id AND a.decision = 'approve' "
		"UNION ALL SELECT 'premium', p.premium_id, p.booked_at, 1 FROM @schema@.premium p "
		"JOIN @schema@.premium_approval a ON a.premium_id = p.premium_id AND a.decision = 'approve' "
		"UNION ALL SELECT 'headcount', h.headcount_id, h.booked_at, 1 FROM @schema@.headcount h "
		"JOIN @schema@.headcount_approval a ON a.headcount_id = h.headcount_id AND a.decision = 'approve' "
		"UNION ALL SELECT 'appropriation', f.form_id, f.drawn_at, 0 FROM @schema@.appropriation f JOIN @schema@.cash_move m ON m.form_id = f.form_id) x, "
		"LATERAL (SELECT c.posts FROM @schema@.approval_chain c WHERE c.kind = x.kind AND c.in_force_at <= x.at "
		"ORDER BY c.in_force_at DESC, c.chain_id DESC LIMIT 1) c WHERE pg_catalog.cardinality(c.posts) > 0) d WHERE d.made <> d.needed "
		"UNION ALL SELECT pg_catalog.format(" T_("%s %s: %s twice") ", w.kind, w.item_id, w.login) FROM ("
		"SELECT kind, item_id, approved_by AS login FROM @schema@.approval "
		"UNION ALL SELECT 'payment', payment_id, approved_by FROM @schema@.payment_approval "
		"UNION ALL SELECT 'payment', payment_id, drawn_by FROM @schema@.payment "
		"UNION ALL SELECT 'transfer', transfer_id, approved_by FROM @schema@.transfer_approval "
		"UNION ALL SELECT 'transfer', transfer_id, proposed_by FROM @schema@.transfer "
		"UNION ALL SELECT 'budget', budget_id, drawn_by FROM @schema@.budget "
		"UNION ALL SELECT 'refund', refund_id, booked_by FROM @schema@.refund "
		"UNION ALL SELECT 'refund', refund_id, approved_by FROM @schema@.refund_approval "
		"UNION ALL SELECT 'voucher', voucher_id, booked_by FROM @schema@.voucher "
		"UNION ALL SELECT 'voucher', voucher_id, approved_by FROM @schema@.voucher_approval "
		"UNION ALL SELECT 'premium', premium_id, booked_by FROM @schema@.premium "
		"UNION ALL SELECT 'premium', premium_id, approved_by FROM @schema@.premium_approval "
		"UNION ALL SELECT 'headcount', headcount_id, booked_by FROM @schema@.headcount "
		"UNION ALL SELECT 'headcount', headcount_id, approved_by FROM @schema@.headcount_approval "
		"UNION ALL SELECT 'appropriation', form_id, drawn_by FROM @schema@.appropriation "
		"UNION ALL SELECT 'appropriation', f.form_id, m.booked_by FROM @schema@.appropriation f JOIN @schema@.cash_move m ON m.form_id = f.form_id) w "
	"GROUP BY w.kind, w.item_id, w.login HAVING pg_catalog.count(*) > 1"},
	{gettext_noop("what was appropriated is no more than its form was approved for [A023]"),
		"SELECT pg_catalog.format(" T_("form %s: %s paid, %s approved") ", s.form_id, s.paid, s.approved) FROM @schema@.appropriation_status s "
	"WHERE s.paid IS NOT NULL AND (s.paid > s.approved) IS NOT FALSE"},
	{gettext_noop("every step was made by who held its post, with a valid certificate [A046]"),
		"SELECT pg_catalog.format(" T_("approval %s: %s as %s on %s") ", a.approval_id, a.approved_by, a.post, a.decided_on) FROM @schema@.approval a "
		/* what was ended later, for a day before, was held when it was decided */
		"WHERE NOT EXISTS (SELECT FROM @schema@.post_holder h LEFT JOIN @schema@.post_holder_end e ON e.holding_id = h.holding_id AND e.ended_at <= a.approved_at "
		"WHERE h.login = a.approved_by AND h.person = a.person AND h.post = a.post AND h.appointed_at <= a.approved_at "
		"AND h.from_day <= a.decided_on AND (least(h.to_day, e.ended_on) IS NULL OR least(h.to_day, e.ended_on) >= a.decided_on) "
	"AND h.cert_from <= a.decided_on AND (h.cert_to IS NULL OR h.cert_to >= a.decided_on))"},
	{gettext_noop("no login stands for two persons"),
		"SELECT pg_catalog.format(" T_("login %s: %s, %s; who decides is as sure as the application that uses it") ", a.login, a.person, b.person) "
		"FROM @schema@.post_holding a JOIN @schema@.post_holding b ON b.login = a.login AND b.person > a.person "
		"AND (b.last_day IS NULL OR b.last_day >= a.from_day) AND (a.last_day IS NULL OR a.last_day >= b.from_day) "
	"GROUP BY a.login, a.person, b.person"},
	{gettext_noop("no journal without entries, no entry without a journal or of an unknown role"),
		"SELECT pg_catalog.format(" T_("journal %s") ", j.journal_id) FROM @schema@.journal j WHERE j.event NOT IN ('settlement') AND NOT EXISTS (SELECT FROM @schema@.entry e WHERE e.journal_id = j.journal_id) "
		"UNION ALL SELECT DISTINCT pg_catalog.format(" T_("entries of journal %s, which is not there") ", e.journal_id) FROM @schema@.entry e "
		"WHERE NOT EXISTS (SELECT FROM @schema@.journal j WHERE j.journal_id = e.journal_id) "
		"UNION ALL SELECT pg_catalog.format(" T_("journal %s, line %s: role %s") ", e.journal_id, e.line, e.role) FROM @schema@.entry e "
	"WHERE NOT EXISTS (SELECT FROM @schema@.account_role r WHERE r.book = e.book AND r.role = e.role)"},
	{gettext_noop("no pool has what another fund booked [A235]"),
		"SELECT pg_catalog.format(" T_("journal %s, line %s: fund %s, pool %s") ", e.journal_id, e.line, e.fund, e.pool) FROM @schema@.entry e "
	"JOIN @schema@.pool p ON p.pool = e.pool WHERE p.fund <> e.fund"},
	{gettext_noop("nothing was booked in a month after it was closed"),
		"SELECT pg_catalog.format(" T_("journal %s") ", j.journal_id) FROM @schema@.journal j JOIN @schema@.period p ON p.period = j.period AND p.closed "
		"WHERE j.booked_at > p.closed_at "
	"AND EXISTS (SELECT FROM @schema@.entry e WHERE e.journal_id = j.journal_id AND e.book <> 'S')"},
	{gettext_noop("a closed year holds no income or expense, and carried its surplus over"),
		"SELECT pg_catalog.format(" T_("fund %s, year %s: %s holds %s fen") ", y.fund, y.year, e.role, pg_catalog.sum(e.amount_fen)) FROM @schema@.year_close y "
		"JOIN @schema@.journal j ON j.effective_on >= pg_catalog.make_date(y.year, 1, 1) AND j.effective_on <= pg_catalog.make_date(y.year, 12, 31) "
		"JOIN @schema@.entry e ON e.journal_id = j.journal_id AND e.fund = y.fund AND e.book = 'G' "
		"JOIN @schema@.account_role r ON r.book = e.book AND r.role = e.role AND r.kind IN ('income', 'expense') "
		"GROUP BY y.fund, y.year, e.role HAVING pg_catalog.sum(e.amount_fen) <> 0 "
		"UNION ALL SELECT pg_catalog.format(" T_("fund %s, year %s: %s carried, %s fen of surplus, %s in pools") ", y.fund, y.year, y.closing_amt, s.surplus, s.pools) "
		"FROM @schema@.year_close y, LATERAL (SELECT coalesce(-pg_catalog.sum(e.amount_fen) FILTER (WHERE r.kind = 'surplus'), 0) AS surplus, "
		"coalesce(-pg_catalog.sum(e.amount_fen) FILTER (WHERE r.kind = 'pool'), 0) AS pools FROM @schema@.entry e "
		"JOIN @schema@.journal j ON j.journal_id = e.journal_id AND j.effective_on <= pg_catalog.make_date(y.year, 12, 31) "
		"JOIN @schema@.account_role r ON r.book = e.book AND r.role = e.role WHERE e.fund = y.fund) s "
	"WHERE s.surplus <> y.closing_amt * 100 OR s.pools <> y.closing_amt * 100"},
	{gettext_noop("no month that was closed is open again"),
		"SELECT pg_catalog.format(" T_("%s, opened again by act %s") ", a.period, a.act_id) FROM @schema@.period_act a "
		"JOIN @schema@.period_act_approval d ON d.act_id = a.act_id AND d.decision = 'approve' "
	"JOIN @schema@.period p ON p.period = a.period AND NOT p.closed"},
	{gettext_noop("policies are as they were published"),
	"SELECT pg_catalog.format(" T_("policy %s") ", policy_id) FROM @schema@.policy WHERE rules_digest <> pg_catalog.sha256(pg_catalog.convert_to(rules::pg_catalog.text, 'UTF8'))"},
	{gettext_noop("no row was altered"),
		NULL},
	{gettext_noop("all triggers are there and enabled"),
		"SELECT pg_catalog.format(" T_("%s: %s %s") ", x.tab, x.trig, CASE WHEN t.oid IS NULL THEN " T_("is missing") " WHEN t.tgenabled = 'A' THEN 'fires for replicated rows too' ELSE " T_("is disabled") " END) FROM ("
		"SELECT tab, trig FROM (VALUES "
		"('policy', 't10_policy'), ('policy', 't20_policy'), ('policy_bound', 't10_policy_bound'), ('period', 't10_period'), ('period', 't20_period'), ('period', 't10_period_truncate'), ('area', 't10_area'), "
		"('period_act', 't10_period_act'), ('risk_level', 't10_risk'), ('risk_case', 't10_risk'), ('risk_step', 't10_risk'), ('year_close', 't10_year_close'), ('year_close', 't20_year_close'), ('period_act_approval', 't10_period_act_approval'), ('period_act_approval', 't20_period_act_approval'), "
		"('receipt', 't10_receipt'), ('receipt', 't20_receipt'), ('cash_move', 't10_cash_move'), ('cash_move', 't20_cash_move'), "
		"('premium', 't10_premium'), ('premium', 't20_premium'), ('premium_approval', 't10_premium_approval'), ('premium_approval', 't20_premium_approval'), ('transfer', 't10_transfer'), "
		"('transfer_approval', 't10_transfer_approval'), ('transfer_approval', 't20_transfer_approval'), "
		"('payment', 't10_payment'), ('payment_approval', 't10_payment_approval'), ('payment_approval', 't20_payment_approval'), "
		"('post_holder', 't10_post_holder'), ('post_holder_end', 't10_post_holder_end'), ('approval_chain', 't10_approval_chain'), ('budget', 't10_budget'), ('appropriation', 't10_appropriation'), ('approval', 't10_approval'), "
		"('setl_diff_close', 't10_setl_diff_close'), ('replay', 't10_replay'), ('replay_approval', 't10_replay_approval'), ('replay_approval', 't20_replay_approval'), "
		"('headcount', 't10_headcount'), ('headcount_approval', 't10_headcount_approval'), ('settlement', 't05_guard'), ('settlement', 't06_guard'), ('settlement', 't10_settle'), ('settlement', 't20_post'), "
		"('setl_key', 't05_guard'), ('setl_key', 't06_guard'), ('person_year', 't05_guard'), ('person_year', 't06_guard'), "
		"('queue', 't05_guard'), ('queue', 't06_guard'), "
		"('pending', 't10_ledger'), ('pending', 't10_ledger_truncate'), ('pending', 't20_pending'), "
		"('hold', 't05_posted'), ('hold', 't05_posted_truncate'), ('hold', 't10_hold'), ('hold', 't20_hold'), "
		"('hold_end', 't05_posted'), ('hold_end', 't05_posted_truncate'), ('hold_end', 't10_hold_end'), ('hold_end', 't20_hold_end'), "
		"('hold_open', 't10_ledger'), ('hold_open', 't10_ledger_truncate'), "
		"('item', 't05_guard'), ('item', 't06_guard'), ('item', 't10_item'), ('item', 't20_trace'), ('item', 't30_header'), "
		"('enrolment', 't10_enrolment'), ('enrolment', 't05_posted'), ('enrolment', 't05_posted_truncate'), "
		"('clearing', 't20_terms'), ('voucher_event', 't10_voucher_event'), ('posting_rule', 't20_posting_rule'), ('voucher', 't10_voucher'), ('voucher', 't20_voucher'), "
		"('voucher_approval', 't10_voucher_approval'), ('voucher_approval', 't20_voucher_approval'), ('refund', 't10_refund'), ('refund', 't20_refund'), "
		"('next_year_income', 't10_next_year_income'), ('next_year_income', 't20_next_year_income'), "
		"('refund_approval', 't10_refund_approval'), ('refund_approval', 't20_refund_approval'), "
		"('item_trace', 't05_guard'), ('item_trace', 't06_guard'), "
		"('flow_rule', 't10_flow_rule'), ('flow_rule', 't10_flow_rule_truncate'), ('bank_account', 't20_bank_account'), "
		"('cash_account', 't10_ledger'), ('cash_account', 't10_ledger_truncate')) v(tab, trig) "
		"UNION ALL SELECT tab, trig FROM pg_catalog.unnest(ARRAY['bank_account', 'bank_account_close', 'class_change', 'bank_statement_line', 'bank_balance', 'bank_match', 'tax_batch', 'tax_person', 'tax_step', 'subsidy_due', 'interest_rate', 'interest_period']) u(tab), "
		"(VALUES ('t05_posted'), ('t05_posted_truncate'), ('t10_bank')) w(trig) "
		"UNION ALL SELECT tab, trig FROM pg_catalog.unnest(ARRAY['prepay_rule', 'prepay_attest', 'prepay_schedule', 'serious_contract', 'day_off', 'clearing_extension', 'clearing', 'admission', 'admission_extension']) u(tab), "
		"(VALUES ('t05_posted'), ('t05_posted_truncate'), ('t10_terms')) w(trig) "
		"UNION ALL SELECT tab, trig FROM pg_catalog.unnest(ARRAY['policy', 'receipt', 'cash_move', 'headcount', 'headcount_approval', 'premium', 'premium_approval', 'transfer', 'transfer_approval', 'payment', 'payment_approval', 'replay', 'replay_approval', 'setl_diff_close', 'period_act', 'period_act_approval', 'year_close', 'risk_level', 'risk_case', 'risk_step', "
		"'voucher_event', 'voucher', 'voucher_approval', 'next_year_income', 'refund_kind', 'refund', 'refund_approval', 'post', 'post_conflict', 'post_holder', 'post_holder_end', 'approval_chain', 'approval', 'budget', 'appropriation']) u(tab), "
		"(VALUES ('t05_posted'), ('t05_posted_truncate')) w(trig) "
		"UNION ALL SELECT tab, trig FROM pg_catalog.unnest(ARRAY['journal', 'entry', 'payment_item', 'item_change', 'prepay_basis', 'clearing_item', 'policy_layer', 'alert', 'setl_diff', 'cash', 'split_bucket', 'slot', 'credit', 'receipt_key', 'pool', 'posting_rule', 'payment_lock', 'seal', 'seal_member']) u(tab), "
		"(VALUES ('t10_ledger'), ('t10_ledger_truncate')) w(trig)) x "
		"LEFT JOIN pg_catalog.pg_class c ON c.relname = x.tab AND c.relnamespace = (SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = $1) "
		"LEFT JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid AND t.tgname = x.trig AND NOT t.tgisinternal "
		"WHERE t.oid IS NULL OR t.tgenabled <> 'O' "
		"UNION ALL SELECT " T_("policy: CHECK policy_rules_ok is missing") " WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k "
		"WHERE k.conname = 'policy_rules_ok' AND k.connamespace = (SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = $1)) "
		"UNION ALL SELECT " T_("premium: CHECK premium_values is missing") " WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k "
		"WHERE k.conname = 'premium_values' AND k.connamespace = (SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = $1)) "
		"UNION ALL SELECT " T_("settlement: CHECK settlement_amounts is missing") " WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k "
	"WHERE k.conname = 'settlement_amounts' AND k.connamespace = (SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = $1))"},
};

#define FAULTS_SHOWN	20

/* Rows whose digest is another than the one that they carry. */
static const char *
altered_rows(void)
{
	StringInfoData sql;

	initStringInfo(&sql);
	for (int i = 0; i < nsealed_tables; i++)
	{
		const SealedTable *s = &sealed_tables[i];

		if (s->row_hash)
			appendStringInfo(&sql, "SELECT '%s ' || (%s) FROM @schema@.%s t WHERE t.row_hash IS DISTINCT FROM yibao.row_digest(t) UNION ALL ",
							 s->table, s->key, s->table);
	}
	appendStringInfoString(&sql,
						   "SELECT pg_catalog.format(" T_("entry %s line %s") ", t.journal_id, t.line) FROM @schema@.entry t "
						   "WHERE t.row_hash IS DISTINCT FROM yibao.row_digest(t)");
	return sql.data;
}

/* The query with the words of its faults in the language of messages. */
static char *
translated(const char *sql)
{
	StringInfoData buf;
	const char *from;

	initStringInfo(&buf);
	while ((from = strchr(sql, '\001')) != NULL)
	{
		const char *to = strchr(from, '\002');

		appendBinaryStringInfo(&buf, sql, from - sql);
		appendStringInfoString(&buf, quote_literal_cstr(_(pnstrdup(from + 1, to - from - 1))));
		sql = to + 1;
	}
	appendStringInfoString(&buf, sql);
	return buf.data;
}

/* The faults that a check finds, in one text; NULL when there is none. */
static char *
faults(const FundArea *area, const Check *check)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(area->schema)};
	char	   *sql = psprintf("SELECT f.fault FROM (%s) f(fault) ORDER BY f.fault COLLATE pg_catalog.\"C\"",
							   translated(fund_subst(check->sql != NULL ? check->sql : altered_rows(), area->schema)));
	StringInfoData buf;
	uint64		n;

	/* read only: every check sees the caller's snapshot */
	if (SPI_execute_with_args(sql, strstr(sql, "$1") != NULL ? 1 : 0, types, values,
							  NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "check \"%s\" failed", check->name);
	n = SPI_processed;
	if (n == 0)
		return NULL;
	initStringInfo(&buf);
	for (uint64 i = 0; i < n && i < FAULTS_SHOWN; i++)
		appendStringInfo(&buf, "%s%s", i > 0 ? "; " : "", fund_need(i, 1));
	if (n > FAULTS_SHOWN)
		appendStringInfo(&buf, _("; and %llu more"), (unsigned long long) (n - FAULTS_SHOWN));
	SPI_freetuptable(SPI_tuptable);
	return buf.data;
}

static void
put_check(const char *check, bool ok, const char *detail, void *arg)
{
	ReturnSetInfo *rsi = arg;
	Datum		values[3];
	bool		nulls[3] = {false, false, detail == NULL};

	values[0] = CStringGetTextDatum(_(check));
	values[1] = BoolGetDatum(ok);
	values[2] = detail == NULL ? (Datum) 0 : CStringGetTextDatum(detail);
	tuplestore_putvalues(rsi->setResult, rsi->setDesc, values, nulls);
}

/* verify(area, head); the head may be NULL, and in an older SQL version not there. */
PG_FUNCTION_INFO_V1(yibao_verify);
Datum
yibao_verify(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsi = (ReturnSetInfo *) fcinfo->resultinfo;
	char	   *head = PG_NARGS() < 2 || PG_ARGISNULL(1) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1));
	FundArea	area;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	fund_enter_named(&area, text_to_cstring(PG_GETARG_TEXT_PP(0)), "entry");
	for (size_t i = 0; i < lengthof(checks); i++)
	{
		char	   *found = faults(&area, &checks[i]);

		put_check(checks[i].name, found == NULL, found, rsi);
	}
	maintain_checks(&area, put_check, rsi);
	seal_checks(&area, head, put_check, rsi);
	fund_leave(&area);
	return (Datum) 0;
}
