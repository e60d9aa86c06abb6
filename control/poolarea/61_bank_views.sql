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
