-- The books by month: the trial balance of each month, and how the fund runs.  No function of the extension.

CREATE VIEW @schema@.trial_balance_month AS
SELECT x.fund, x.book, x.role, r.code, r.name_zh, r.kind, x.period,
       (CASE r.side WHEN 'debit' THEN x.closing - x.debit + x.credit ELSE x.debit - x.credit - x.closing END / 100)::numeric(18,2) AS opening,
       (x.debit / 100)::numeric(18,2) AS debit,
       (x.credit / 100)::numeric(18,2) AS credit,
       (CASE r.side WHEN 'debit' THEN x.closing ELSE -x.closing END / 100)::numeric(18,2) AS closing
FROM (SELECT s.fund, s.book, s.role, m.period, coalesce(t.debit, 0) AS debit, coalesce(t.credit, 0) AS credit,
             sum(coalesce(t.debit, 0) - coalesce(t.credit, 0)) OVER (PARTITION BY s.fund, s.book, s.role ORDER BY m.period) AS closing
      FROM (SELECT e.fund, e.book, e.role, min(j.period) AS since FROM @schema@.entry e JOIN @schema@.journal j ON j.journal_id = e.journal_id GROUP BY e.fund, e.book, e.role) s
      JOIN (SELECT to_char(generate_series(date_trunc('month', min(effective_on)::timestamp), max(effective_on)::timestamp, interval '1 month'), 'YYYY-MM') COLLATE "C" AS period
            FROM @schema@.journal) m ON m.period >= s.since
      LEFT JOIN (SELECT e.fund, e.book, e.role, j.period,
                        sum(e.amount_fen) FILTER (WHERE e.amount_fen > 0) AS debit, -sum(e.amount_fen) FILTER (WHERE e.amount_fen < 0) AS credit
                 FROM @schema@.entry e JOIN @schema@.journal j ON j.journal_id = e.journal_id GROUP BY e.fund, e.book, e.role, j.period) t
        ON t.fund = s.fund AND t.book = s.book AND t.role = s.role AND t.period = m.period) x
LEFT JOIN @schema@.account_role r ON r.book = x.book AND r.role = x.role;
COMMENT ON VIEW @schema@.trial_balance_month IS '科目余额表, yuan, by month of the effective date: opening 期初余额, debit 借方发生额, credit 贷方发生额, closing 期末余额, balances on the side where the role normally stands; of each fund, book and month the debits are the credits';

CREATE VIEW @schema@.fund_analysis AS
WITH m AS MATERIALIZED (
    SELECT e.fund, j.period AS month,
           -coalesce(sum(e.amount_fen) FILTER (WHERE r.kind = 'income'), 0) AS income,
           coalesce(sum(e.amount_fen) FILTER (WHERE r.kind = 'expense'), 0) AS expense,
           -sum(e.amount_fen) AS change
    FROM @schema@.entry e
    JOIN @schema@.journal j ON j.journal_id = e.journal_id AND j.event <> 'year_close'
    JOIN @schema@.account_role r ON r.book = e.book AND r.role = e.role AND r.kind IN ('income', 'expense', 'surplus')
    WHERE e.book = 'G'
    GROUP BY e.fund, j.period
), y AS (
    SELECT f.fund, t.month, coalesce(m.income, 0) AS income, coalesce(m.expense, 0) AS expense,
           sum(coalesce(m.change, 0)) OVER (PARTITION BY f.fund ORDER BY t.month) AS closing,
           sum(coalesce(m.income, 0)) OVER (PARTITION BY f.fund, left(t.month, 4) ORDER BY t.month) AS income_year,
           sum(coalesce(m.expense, 0)) OVER (PARTITION BY f.fund, left(t.month, 4) ORDER BY t.month) AS expense_year
    FROM (SELECT DISTINCT fund FROM m) f
    CROSS JOIN (SELECT to_char(generate_series(date_trunc('month', min(effective_on)::timestamp), max(effective_on)::timestamp, interval '1 month'), 'YYYY-MM') COLLATE "C" AS month
                FROM @schema@.journal) t
    LEFT JOIN m ON m.fund = f.fund AND m.month = t.month
), z AS (
    SELECT y.*, lag(y.income_year, 12) OVER w AS income_before, lag(y.expense_year, 12) OVER w AS expense_before,
           lag(y.closing, 12) OVER w AS closing_before
    FROM y WINDOW w AS (PARTITION BY y.fund ORDER BY y.month)
)
SELECT z.fund, z.month,
       (z.income / 100)::numeric(18,2) AS income,
       (z.expense / 100)::numeric(18,2) AS expense,
       ((z.income - z.expense) / 100)::numeric(18,2) AS balance,
       (z.closing / 100)::numeric(18,2) AS closing,
       (z.income_year / 100)::numeric(18,2) AS income_year,
       (z.expense_year / 100)::numeric(18,2) AS expense_year,
       ((z.income_year - z.expense_year) / 100)::numeric(18,2) AS balance_year,
       (z.income_before / 100)::numeric(18,2) AS income_before,
       (z.expense_before / 100)::numeric(18,2) AS expense_before,
       CASE WHEN z.income_before > 0 THEN round((z.income_year / z.income_before - 1) * 100, 2) END AS income_growth,
       CASE WHEN z.expense_before > 0 THEN round((z.expense_year / z.expense_before - 1) * 100, 2) END AS expense_growth,
       CASE WHEN z.closing_before > 0 THEN round((z.closing / z.closing_before - 1) * 100, 2) END AS closing_growth
FROM z;
COMMENT ON VIEW @schema@.fund_analysis IS '基金运行分析, yuan, by fund and month on the cash basis: income, expense and balance of the month 当期收支结余 (negative: 当期收不抵支), closing 累计结余; _year: of the year up to the month 本年累计; _before: of the year before up to the same month 上年同期; _growth: per cent 同比; NULL where the books do not go back that far. Closing a year is neither income nor expense';
