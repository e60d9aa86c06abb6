-- The bank's side for readers.  No view uses a function of the extension.

CREATE VIEW @schema@.bank_movement AS
SELECT coalesce(e.party, f.account_id) AS account_id, c.class, e.fund, j.effective_on, j.event, j.key, e.journal_id, e.line, e.amount_fen
FROM @schema@.entry e
JOIN @schema@.account_class c ON c.role = e.role
JOIN @schema@.journal j ON j.journal_id = e.journal_id
LEFT JOIN @schema@.bank_account f ON f.class = c.class AND f.took_over AND e.party IS NULL
WHERE e.book = 'G';
COMMENT ON VIEW @schema@.bank_movement IS '银行存款日记账. Every movement of money in book G by account, in fen (分), in + and out -; account_id NULL: its class has no registered account';

CREATE VIEW @schema@.bank_account_status AS
SELECT a.account_id, a.class, a.admdvs, a.agency, a.bank, a.opened_on, x.closed_on,
       (coalesce(s.total, 0) / 100)::numeric(18,2) AS balance,
       (coalesce(s.resident, 0) / 100)::numeric(18,2) AS resident,
       (coalesce(s.assistance, 0) / 100)::numeric(18,2) AS assistance
FROM @schema@.bank_account a
LEFT JOIN @schema@.bank_account_close x ON x.account_id = a.account_id
LEFT JOIN (SELECT account_id, sum(balance_fen) AS total,
                  sum(balance_fen) FILTER (WHERE fund = 'resident') AS resident,
                  sum(balance_fen) FILTER (WHERE fund = 'assistance') AS assistance
           FROM @schema@.cash_account GROUP BY account_id) s ON s.account_id = a.account_id;
COMMENT ON VIEW @schema@.bank_account_status IS '银行账户状况, yuan: balance 账面余额 = the shares of the funds';

CREATE VIEW @schema@.chart_difference AS
SELECT c.book, c.role, r.name_zh, r.code AS in_use, c.chart, c.code, c.trust
FROM @schema@.chart_code c JOIN @schema@.account_role r ON r.book = c.book AND r.role = c.role
WHERE c.code IS DISTINCT FROM r.code;
COMMENT ON VIEW @schema@.chart_difference IS '科目代码差异. Roles whose code in a version of the chart is not the one in use';

-- Of every account and day of bank_balance: what stands on one side and not on the other, up to that day.
-- What one journal moves within an account both ways (资助参保 between two funds' shares, a recovery set against a payment) the bank never sees.
CREATE VIEW @schema@.bank_difference_item AS
SELECT d.account_id, d.on_date, x.side, x.nature, x.day, x.ref, x.remark, (x.rest / 100)::numeric(18,2) AS amt
FROM @schema@.bank_balance d
LEFT JOIN @schema@.bank_balance s ON s.account_id = d.account_id AND s.starts
CROSS JOIN LATERAL (
    SELECT 'book' AS side, 'in_transit' AS nature, m.effective_on AS day,
           m.event || coalesce(' ' || m.key, '') AS ref, NULL::text AS remark,
           sum(sign(m.amount_fen) * (abs(m.amount_fen) - coalesce((
               SELECT sum(t.amt) * 100 FROM @schema@.bank_match t JOIN @schema@.bank_statement_line l ON l.line_id = t.line_id
               WHERE t.journal_id = m.journal_id AND t.line = m.line AND l.value_date <= d.on_date), 0))) AS rest
    FROM @schema@.bank_movement m
    WHERE m.account_id = d.account_id AND m.effective_on <= d.on_date AND (s.on_date IS NULL OR m.effective_on > s.on_date)
    GROUP BY m.journal_id, m.effective_on, m.event, m.key
    UNION ALL
    SELECT 'bank' AS side, CASE WHEN l.charge THEN 'charge' WHEN l.returns_ref IS NOT NULL THEN 'bounced' ELSE 'in_transit' END AS nature,
           l.value_date, l.bank_ref, l.remark,
           (CASE l.direction WHEN 'in' THEN 1 ELSE -1 END) * (l.amt * 100 - coalesce((
               SELECT sum(t.amt) * 100 FROM @schema@.bank_match t JOIN @schema@.journal j ON j.journal_id = t.journal_id
               WHERE t.line_id = l.line_id AND j.effective_on <= d.on_date), 0))
    FROM @schema@.bank_statement_line l
    WHERE l.account_id = d.account_id AND l.value_date <= d.on_date AND (s.on_date IS NULL OR l.value_date > s.on_date)) x
WHERE x.rest <> 0;
COMMENT ON VIEW @schema@.bank_difference_item IS '未达账项, yuan, in + and out -. side book: booked, not yet at the bank; bank: at the bank, not yet booked. nature: in_transit 在途, bounced 退汇, charge 手续费';

CREATE VIEW @schema@.bank_reconciliation AS
SELECT d.account_id, a.class, d.on_date,
       (coalesce(k.fen, 0) / 100)::numeric(18,2) AS book, d.amt::numeric(18,2) AS bank,
       coalesce(i.book_in, 0) AS book_in, coalesce(i.book_out, 0) AS book_out,
       coalesce(i.bank_in, 0) AS bank_in, coalesce(i.bank_out, 0) AS bank_out,
       coalesce(i.bounced, 0) AS bounced, coalesce(i.charges, 0) AS charges,
       (coalesce(k.fen, 0) / 100 + coalesce(i.bank_in, 0) - coalesce(i.bank_out, 0))::numeric(18,2) AS book_adjusted,
       (d.amt + coalesce(i.book_in, 0) - coalesce(i.book_out, 0))::numeric(18,2) AS bank_adjusted,
       (d.amt + coalesce(i.book_in, 0) - coalesce(i.book_out, 0)
        - coalesce(k.fen, 0) / 100 - coalesce(i.bank_in, 0) + coalesce(i.bank_out, 0))::numeric(18,2) AS unexplained
FROM @schema@.bank_balance d
JOIN @schema@.bank_account a ON a.account_id = d.account_id
CROSS JOIN LATERAL (SELECT sum(m.amount_fen) AS fen FROM @schema@.bank_movement m
    WHERE m.account_id = d.account_id AND m.effective_on <= d.on_date) k
CROSS JOIN LATERAL (SELECT sum(x.amt) FILTER (WHERE x.side = 'book' AND x.amt > 0) AS book_in,
        -sum(x.amt) FILTER (WHERE x.side = 'book' AND x.amt < 0) AS book_out,
        sum(x.amt) FILTER (WHERE x.side = 'bank' AND x.amt > 0) AS bank_in,
        -sum(x.amt) FILTER (WHERE x.side = 'bank' AND x.amt < 0) AS bank_out,
        sum(x.amt) FILTER (WHERE x.nature = 'bounced') AS bounced,
        -sum(x.amt) FILTER (WHERE x.nature = 'charge') AS charges
    FROM @schema@.bank_difference_item x WHERE x.account_id = d.account_id AND x.on_date = d.on_date) i;
COMMENT ON VIEW @schema@.bank_reconciliation IS '银行存款余额调节表, yuan, of each account and day of bank_balance: book 账面余额, bank 对账单余额, book_in 企业已收银行未收, book_out 企业已付银行未付, bank_in 银行已收企业未收, bank_out 银行已付企业未付, of these bounced 退汇 and charges 手续费 (net); unexplained 未查明: 0 where all is itemised';

CREATE VIEW @schema@.bank_bounced AS
SELECT r.account_id, r.bank_ref, r.value_date AS returned_on, r.amt, o.bank_ref AS paid_ref, o.value_date AS paid_on, p.payments,
       r.amt - coalesce((SELECT sum(t.amt) FROM @schema@.bank_match t WHERE t.line_id = r.line_id), 0) AS unbooked
FROM @schema@.bank_statement_line r
JOIN @schema@.bank_statement_line o ON o.account_id = r.account_id AND o.bank_ref = r.returns_ref
CROSS JOIN LATERAL (SELECT array_agg(DISTINCT j.key ORDER BY j.key) AS payments
    FROM @schema@.bank_match t JOIN @schema@.journal j ON j.journal_id = t.journal_id
    WHERE t.line_id = o.line_id AND NOT EXISTS (SELECT FROM @schema@.bank_match z WHERE z.reverses = t.match_id) AND t.reverses IS NULL) p
WHERE NOT r.charge;
COMMENT ON VIEW @schema@.bank_bounced IS '退汇, yuan: money that the bank sent back, the payments matched with the line that it returns, and how much of it is not booked yet';

CREATE VIEW @schema@.bank_charge AS
SELECT account_id, min(value_date) AS since, count(*) AS lines,
       coalesce(sum(amt) FILTER (WHERE direction = 'out'), 0) AS charged,
       coalesce(sum(amt) FILTER (WHERE direction = 'in'), 0) AS refunded,
       coalesce(sum(amt) FILTER (WHERE direction = 'out'), 0) - coalesce(sum(amt) FILTER (WHERE direction = 'in'), 0) AS outstanding
FROM @schema@.bank_statement_line WHERE charge GROUP BY account_id;
COMMENT ON VIEW @schema@.bank_charge IS '银行手续费, yuan: what the bank took and gave back; outstanding is to be made good by who bears it, no fund does';

CREATE VIEW @schema@.bank_match_proposal AS
SELECT c.account_id, c.line_id, c.journal_id, c.line, c.amt, c.value_date, c.effective_on, c.event, c.key
FROM (SELECT l.account_id, l.line_id, m.journal_id, m.line, l.rest AS amt, l.value_date, m.effective_on, m.event, m.key,
             count(*) OVER (PARTITION BY l.line_id) AS entries, count(*) OVER (PARTITION BY m.journal_id, m.line) AS lines
      FROM (SELECT b.account_id, b.line_id, b.direction, b.value_date,
                   b.amt - coalesce((SELECT sum(t.amt) FROM @schema@.bank_match t WHERE t.line_id = b.line_id), 0) AS rest
            FROM @schema@.bank_statement_line b WHERE NOT b.charge) l
      JOIN (SELECT v.*, abs(v.amount_fen)::numeric / 100 - coalesce((SELECT sum(t.amt) FROM @schema@.bank_match t
                    WHERE t.journal_id = v.journal_id AND t.line = v.line), 0) AS rest
            FROM @schema@.bank_movement v) m
        ON m.account_id = l.account_id AND (m.amount_fen > 0) = (l.direction = 'in') AND m.rest = l.rest
       AND m.effective_on BETWEEN l.value_date - 10 AND l.value_date + 10
      WHERE l.rest > 0) c
WHERE c.entries = 1 AND c.lines = 1;
COMMENT ON VIEW @schema@.bank_match_proposal IS '勾对建议: a line of the bank and an entry of the same account, direction and open amount (yuan), ten days apart at most, where no other entry and no other line fits';

CREATE VIEW @schema@.bank_unreconciled AS
SELECT a.account_id, a.class, x.last_day AS on_date, r.unexplained
FROM @schema@.bank_account a
LEFT JOIN @schema@.bank_account_close c ON c.account_id = a.account_id
LEFT JOIN @schema@.bank_balance s ON s.account_id = a.account_id AND s.starts
CROSS JOIN (SELECT (to_date(p.period, 'YYYY-MM') + interval '1 month' - interval '1 day')::date AS last_day FROM @schema@.period p) x
LEFT JOIN @schema@.bank_reconciliation r ON r.account_id = a.account_id AND r.on_date = x.last_day
WHERE x.last_day >= a.opened_on AND x.last_day < CURRENT_DATE AND (c.closed_on IS NULL OR x.last_day < c.closed_on)
  AND (s.on_date IS NULL OR x.last_day > s.on_date) AND r.unexplained IS DISTINCT FROM 0;
COMMENT ON VIEW @schema@.bank_unreconciled IS '未对账账户: accounts and month ends (of months with postings) without a balance of the bank (unexplained NULL), or with a difference that nothing explains, yuan';
