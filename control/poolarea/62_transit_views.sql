-- Money on its way, for readers.

CREATE VIEW @schema@.tax_unmatched AS
SELECT p.batch_id, b.coverage_year, p.psn_no, p.amt
FROM @schema@.tax_person p JOIN @schema@.tax_batch b ON b.batch_id = p.batch_id
WHERE NOT EXISTS (SELECT FROM @schema@.enrolment e WHERE e.psn_no = p.psn_no AND e.year = b.coverage_year AND e.insutype = b.insutype
                  AND NOT EXISTS (SELECT FROM @schema@.enrolment z WHERE z.replaces = e.enrol_id));
COMMENT ON VIEW @schema@.tax_unmatched IS '未匹配名单, yuan: persons who paid and are not enrolled in the coverage year';

CREATE VIEW @schema@.tax_transit AS
SELECT b.batch_id, b.channel, b.collected_on, b.coverage_year, b.heads, b.amt,
       p.listed, p.listed_amt, b.heads - p.listed AS heads_unlisted, u.unmatched, u.unmatched_amt,
       b.amt - s.came_in AS at_tax, s.came_in - s.arrived AS on_the_way, s.arrived,
       CASE WHEN s.arrived = b.amt THEN s.last_on END AS arrived_on,
       CASE WHEN s.arrived = b.amt THEN s.last_on ELSE CURRENT_DATE END - b.collected_on AS days
FROM @schema@.tax_batch b
CROSS JOIN LATERAL (SELECT count(*) AS listed, coalesce(sum(amt), 0) AS listed_amt FROM @schema@.tax_person WHERE batch_id = b.batch_id) p
CROSS JOIN LATERAL (SELECT count(*) AS unmatched, coalesce(sum(amt), 0) AS unmatched_amt FROM @schema@.tax_unmatched WHERE batch_id = b.batch_id) u
CROSS JOIN LATERAL (
    SELECT coalesce(sum(t.amt) FILTER (WHERE t.receipt_id IS NOT NULL), 0) AS came_in,
           coalesce(sum(t.amt) FILTER (WHERE t.move_id IS NOT NULL OR r.account = 'fiscal'), 0) AS arrived,
           max(coalesce(m.moved_on, r.received_on)) AS last_on
    FROM @schema@.tax_step t LEFT JOIN @schema@.receipt r ON r.receipt_id = t.receipt_id LEFT JOIN @schema@.cash_move m ON m.move_id = t.move_id
    WHERE t.batch_id = b.batch_id) s;
COMMENT ON VIEW @schema@.tax_transit IS '征缴在途, yuan: of each batch who is listed and matched, what is still with the tax office (at_tax), in the treasury or income account (on_the_way) and in the fiscal account (arrived); days from collection until all was there, or until today';

CREATE VIEW @schema@.tax_receipt_open AS
SELECT r.receipt_id, r.account, r.received_on, r.coverage_year, r.amt, r.amt - coalesce(t.amt, 0) AS without_batch
FROM @schema@.receipt r LEFT JOIN (SELECT receipt_id, sum(amt) AS amt FROM @schema@.tax_step WHERE receipt_id IS NOT NULL GROUP BY receipt_id) t ON t.receipt_id = r.receipt_id
WHERE r.kind = 'contribution' AND r.amt > coalesce(t.amt, 0);
COMMENT ON VIEW @schema@.tax_receipt_open IS '无批次的缴费收入, yuan: contributions that came in and belong to no batch (in part)';

CREATE VIEW @schema@.income_month_end AS
SELECT x.fund, p.period, (sum(x.fen) / 100)::numeric(18,2) AS balance, p.period < to_char(CURRENT_DATE, 'YYYY-MM') AS ended
FROM @schema@.period p
JOIN (SELECT e.fund, j.period, sum(e.amount_fen) AS fen FROM @schema@.entry e JOIN @schema@.journal j ON j.journal_id = e.journal_id
      WHERE e.book = 'G' AND e.role = 'bank_income' GROUP BY e.fund, j.period) x ON x.period <= p.period
GROUP BY x.fund, p.period HAVING sum(x.fen) <> 0;
COMMENT ON VIEW @schema@.income_month_end IS '收入户月末余额例外, yuan: months at whose end the income account was not empty (原则上月末无余额), or is not yet (ended false)';

CREATE VIEW @schema@.subsidy_arrival AS
SELECT d.due_id, d.insutype, d.coverage_year, d.gov_level, d.due_on, d.amt AS due,
       least(d.amt, greatest(0, coalesce(g.total, 0) - (d.upto - d.amt))) AS received,
       d.amt - least(d.amt, greatest(0, coalesce(g.total, 0) - (d.upto - d.amt))) AS arrears,
       a.arrived_on, greatest(0, coalesce(a.arrived_on, CURRENT_DATE) - d.due_on) AS days_late
FROM (SELECT q.*, sum(q.amt) OVER (PARTITION BY q.insutype, q.coverage_year, q.gov_level ORDER BY q.due_on, q.due_id) AS upto
      FROM @schema@.subsidy_due q WHERE NOT EXISTS (SELECT FROM @schema@.subsidy_due z WHERE z.replaces = q.due_id)) d
LEFT JOIN (SELECT insutype, coverage_year, gov_level, sum(amt) AS total FROM @schema@.receipt
           WHERE fund = 'resident' AND kind = 'subsidy' GROUP BY insutype, coverage_year, gov_level) g
    ON g.insutype = d.insutype AND g.coverage_year = d.coverage_year AND g.gov_level = d.gov_level
LEFT JOIN LATERAL (
    SELECT min(c.received_on) AS arrived_on FROM (
        SELECT r.received_on, sum(r.amt) OVER (ORDER BY r.received_on, r.receipt_id) AS upto FROM @schema@.receipt r
        WHERE r.fund = 'resident' AND r.kind = 'subsidy' AND r.insutype = d.insutype AND r.coverage_year = d.coverage_year AND r.gov_level = d.gov_level) c
    WHERE c.upto >= d.upto) a ON true;
COMMENT ON VIEW @schema@.subsidy_arrival IS '财政补助到位情况, yuan: each amount due with what came for it, earliest due first; arrived_on: the day on which it was complete; days_late until that day, or until today';

CREATE VIEW @schema@.subsidy_status AS
SELECT coalesce(d.insutype, r.insutype) AS insutype, coalesce(d.coverage_year, r.coverage_year) AS coverage_year, coalesce(d.gov_level, r.gov_level) AS gov_level,
       coalesce(d.due, 0) AS due, coalesce(r.received, 0) AS received, coalesce(d.due, 0) - coalesce(r.received, 0) AS arrears, r.last_on
FROM (SELECT q.insutype, q.coverage_year, q.gov_level, sum(q.amt) AS due FROM @schema@.subsidy_due q
      WHERE NOT EXISTS (SELECT FROM @schema@.subsidy_due z WHERE z.replaces = q.due_id) GROUP BY 1, 2, 3) d
FULL JOIN (SELECT insutype, coverage_year, gov_level, sum(amt) AS received, max(received_on) AS last_on FROM @schema@.receipt
           WHERE fund = 'resident' AND kind = 'subsidy' GROUP BY 1, 2, 3) r
    ON r.insutype = d.insutype AND r.coverage_year = d.coverage_year AND r.gov_level = d.gov_level;
COMMENT ON VIEW @schema@.subsidy_status IS '财政补助应到已到, yuan, by coverage year and level; arrears negative: more came than is due, or nothing is said to be due; gov_level NULL: the receipt does not say';

CREATE VIEW @schema@.subsidy_heads AS
SELECT d.due_id, d.insutype, d.coverage_year, d.gov_level, d.heads, p.persons, d.heads - p.persons AS excess,
       d.headcount_id, f.heads AS heads_in_force
FROM @schema@.subsidy_due d
LEFT JOIN @schema@.headcount_in_force f ON f.insutype = d.insutype AND f.coverage_year = d.coverage_year
CROSS JOIN LATERAL (SELECT count(*)::integer AS persons FROM @schema@.enrolled_person e
                    WHERE e.insutype = d.insutype AND e.coverage_year = d.coverage_year) p
WHERE NOT EXISTS (SELECT FROM @schema@.subsidy_due z WHERE z.replaces = d.due_id);
COMMENT ON VIEW @schema@.subsidy_heads IS '补助人数核对: the heads that a subsidy is claimed for beside who is enrolled and has paid (enrolled_person; excess above 0: 虚报人数), and beside the head count that is in force now';

CREATE VIEW @schema@.interest_check AS
SELECT p.check_id, p.account_id, p.from_on, p.to_on, x.days, x.unrated,
       CASE WHEN x.unrated = 0 THEN (round(x.fen) / 100)::numeric(18,2) END AS expected,
       (coalesce(i.fen, 0) / 100)::numeric(18,2) AS posted,
       CASE WHEN x.unrated = 0 THEN ((coalesce(i.fen, 0) - round(x.fen)) / 100)::numeric(18,2) END AS difference
FROM @schema@.interest_period p
CROSS JOIN LATERAL (
    SELECT count(*) AS days, count(*) FILTER (WHERE r.rate IS NULL) AS unrated,
           coalesce(sum(b.fen * r.rate) FILTER (WHERE r.basis = 360), 0) / 360 + coalesce(sum(b.fen * r.rate) FILTER (WHERE r.basis = 365), 0) / 365 AS fen
    FROM generate_series(0, p.to_on - p.from_on - 1) g(n)
    CROSS JOIN LATERAL (SELECT coalesce(sum(m.amount_fen), 0) AS fen FROM @schema@.bank_movement m
        WHERE m.account_id = p.account_id AND m.effective_on <= p.from_on + g.n) b
    LEFT JOIN LATERAL (SELECT q.rate, q.basis FROM @schema@.interest_rate q
        WHERE q.account_id = p.account_id AND q.valid_from <= p.from_on + g.n ORDER BY q.valid_from DESC LIMIT 1) r ON true) x
CROSS JOIN LATERAL (SELECT sum(m.amount_fen) AS fen FROM @schema@.bank_movement m
    WHERE m.account_id = p.account_id AND m.event IN ('receipt.interest', 'assistance.interest')
    AND m.effective_on > p.from_on AND m.effective_on <= p.to_on) i;
COMMENT ON VIEW @schema@.interest_check IS '应计利息核对, yuan: what the daily book balances from from_on to the day before to_on earn at the rates of interest_rate (rounded once, half up), and what was booked as interest after from_on up to to_on; expected NULL where a day has no rate (unrated)';
