-- Final accounts, the note on what is still owed, pools by month, months payable.  No function of the extension.

CREATE VIEW @schema@.final_account AS
WITH g AS (
    SELECT e.fund, extract(year FROM j.effective_on)::integer AS year, r.kind, e.role, -sum(e.amount_fen) AS fen
    FROM @schema@.entry e
    JOIN @schema@.journal j ON j.journal_id = e.journal_id AND j.event <> 'year_close'
    JOIN @schema@.account_role r ON r.book = e.book AND r.role = e.role AND r.kind IN ('income', 'expense', 'surplus')
    WHERE e.book = 'G'
    GROUP BY 1, 2, 3, 4
), y AS (
    SELECT fund, year,
           coalesce(sum(fen) FILTER (WHERE kind = 'income'), 0) AS income,
           coalesce(-sum(fen) FILTER (WHERE kind = 'expense'), 0) AS expense,
           coalesce(sum(fen) FILTER (WHERE kind = 'surplus'), 0) AS direct,
           sum(sum(fen)) OVER (PARTITION BY fund ORDER BY year) AS closing
    FROM g GROUP BY fund, year
)
SELECT x.fund, x.year, x.ord, x.line, x.name_zh, (x.fen / 100)::numeric(18,2) AS amt,
       EXISTS (SELECT FROM @schema@.year_close c WHERE c.fund = x.fund AND c.year = x.year) AS closed
FROM (
    SELECT g.fund, g.year, coalesce(l.ord, CASE g.kind WHEN 'income' THEN 80 ELSE 180 END) AS ord,
           coalesce(l.line, 'other_' || g.kind) AS line,
           coalesce(l.name_zh, CASE g.kind WHEN 'income' THEN '其他收入' ELSE '其他支出' END) AS name_zh,
           sum(CASE g.kind WHEN 'income' THEN g.fen ELSE -g.fen END) AS fen
    FROM g LEFT JOIN @schema@.final_line l ON l.role = g.role
    WHERE g.kind <> 'surplus'
    GROUP BY 1, 2, 3, 4, 5
    UNION ALL SELECT fund, year, 99 AS ord, 'income' AS line, '本年收入合计' AS name_zh, income AS fen FROM y
    UNION ALL SELECT fund, year, 199 AS ord, 'expense' AS line, '本年支出合计' AS name_zh, expense AS fen FROM y
    UNION ALL SELECT fund, year, 200 AS ord, 'balance' AS line, '本年收支结余' AS name_zh, income - expense AS fen FROM y
    UNION ALL SELECT fund, year, 210 AS ord, 'opening' AS line, '上年结余' AS name_zh, closing - income + expense - direct AS fen FROM y
    UNION ALL SELECT fund, year, 220 AS ord, 'direct' AS line, '直接计入结余' AS name_zh, direct AS fen FROM y WHERE direct <> 0
    UNION ALL SELECT fund, year, 230 AS ord, 'closing' AS line, '年末滚存结余' AS name_zh, closing AS fen FROM y
) x;
COMMENT ON VIEW @schema@.final_account IS '基金决算, yuan, by fund and year in the order of ord: income, expense, 本年收支结余, 上年结余, 年末滚存结余; closed: the year is closed (before that the figures are those to date)';

-- Of each item what is owed less what was refused and paid, up to that day: a payment that the bank returned later was paid then.
CREATE VIEW @schema@.year_note AS
SELECT c.year, i.fund, i.party, i.payer, i.setl_id, i.layer, i.clr_ym, s.setl_time::date AS owed_since,
       (x.fen::numeric / 100)::numeric(18,2) AS amt,
       make_date(c.year, 12, 31) - s.setl_time::date AS days,
       j.booked_at > c.booked_at AS booked_later
FROM @schema@.year_close c
JOIN @schema@.setl_item i ON i.fund = c.fund AND i.pays <> 'hospital_direct'
JOIN @schema@.settlement s ON s.setl_id = i.setl_id AND s.setl_time < make_date(c.year + 1, 1, 1)
JOIN @schema@.journal j ON j.journal_id = i.journal_id
CROSS JOIN LATERAL (SELECT sum(p.amount_fen) FILTER (WHERE p.setl_id = i.setl_id) AS own, count(*) FILTER (WHERE p.setl_id = i.init_setl_id) AS original
                    FROM @schema@.payment_item p JOIN @schema@.payment_approval a ON a.payment_id = p.payment_id AND a.paid_on <= make_date(c.year, 12, 31)
                    WHERE p.setl_id IN (i.setl_id, i.init_setl_id) AND p.layer = i.layer
                      AND NOT EXISTS (SELECT FROM @schema@.voucher v WHERE v.payment_id = p.payment_id AND v.effective_on <= make_date(c.year, 12, 31))) p
CROSS JOIN LATERAL (SELECT coalesce(sum(CASE h.change WHEN 'deposit' THEN 0 WHEN 'recovered' THEN h.amount_fen ELSE -h.amount_fen END) FILTER (WHERE h.setl_id = i.setl_id), 0) AS own,
                           count(*) FILTER (WHERE h.setl_id = i.init_setl_id AND h.change = 'released') AS original
                    FROM @schema@.item_change h JOIN @schema@.voucher v ON v.voucher_id = h.voucher_id
                    JOIN @schema@.journal k ON k.journal_id = v.journal_id AND k.effective_on <= make_date(c.year, 12, 31)
                    WHERE h.setl_id IN (i.setl_id, i.init_setl_id) AND h.layer = i.layer) h
CROSS JOIN LATERAL (SELECT i.amount_fen + h.own - coalesce(p.own, 0) AS fen) x
WHERE x.fen <> 0
  AND CASE WHEN i.amount_fen > 0 THEN p.own IS NOT NULL
                OR NOT EXISTS (SELECT FROM @schema@.settlement r WHERE r.init_setl_id = i.setl_id AND r.setl_time < make_date(c.year + 1, 1, 1))
           ELSE p.original + h.original > 0 END
UNION ALL
SELECT c.year, c.fund, 'psn:' || f.psn_no AS party, NULL AS payer, 'refund:' || f.refund_id AS setl_id, 'refund' AS layer, NULL AS clr_ym,
       f.refunded_on AS owed_since, f.amt::numeric(18,2) AS amt, make_date(c.year, 12, 31) - f.refunded_on AS days, f.booked_at > c.booked_at AS booked_later
FROM @schema@.year_close c
JOIN @schema@.refund f ON c.fund = 'resident' AND f.refunded_on <= make_date(c.year, 12, 31)
WHERE NOT EXISTS (SELECT FROM @schema@.refund_approval a WHERE a.refund_id = f.refund_id AND a.paid_on <= make_date(c.year, 12, 31));
COMMENT ON VIEW @schema@.year_note IS '决算附注: 年末未付往来, yuan, by item, for each closed year: what was owed on 31 December, deposits and refunds too (negative: to be recovered), and how old it was in days. booked_later: came in after the year was closed (a December stay in January)';

CREATE VIEW @schema@.obligation_age AS
SELECT x.fund, x.party, x.payer, x.layer, count(*) AS items, min(x.since) AS oldest, (sum(x.fen) / 100)::numeric(18,2) AS amt,
       (coalesce(sum(x.fen) FILTER (WHERE x.days <= 30), 0) / 100)::numeric(18,2) AS to_30,
       (coalesce(sum(x.fen) FILTER (WHERE x.days BETWEEN 31 AND 60), 0) / 100)::numeric(18,2) AS to_60,
       (coalesce(sum(x.fen) FILTER (WHERE x.days BETWEEN 61 AND 90), 0) / 100)::numeric(18,2) AS to_90,
       (coalesce(sum(x.fen) FILTER (WHERE x.days BETWEEN 91 AND 365), 0) / 100)::numeric(18,2) AS to_365,
       (coalesce(sum(x.fen) FILTER (WHERE x.days > 365), 0) / 100)::numeric(18,2) AS over_365
FROM (SELECT i.fund, i.party, i.payer, i.layer, s.setl_time::date AS since, current_date - s.setl_time::date AS days,
             (i.amount_fen + coalesce(h.changed, 0) - coalesce(p.paid, 0))::numeric AS fen
      FROM @schema@.setl_item i
      JOIN @schema@.settlement s ON s.setl_id = i.setl_id
      LEFT JOIN LATERAL (SELECT sum(CASE h.change WHEN 'recovered' THEN h.amount_fen ELSE -h.amount_fen END) AS changed
                         FROM @schema@.item_change h WHERE h.setl_id = i.setl_id AND h.layer = i.layer AND h.change IN ('refused', 'forfeited', 'recovered')) h ON true
      LEFT JOIN LATERAL (SELECT sum(p.amount_fen) AS paid FROM @schema@.item_paid p WHERE p.setl_id = i.setl_id AND p.layer = i.layer) p ON true
      WHERE i.pays <> 'hospital_direct'
        AND CASE WHEN i.amount_fen > 0 THEN p.paid IS NOT NULL OR NOT EXISTS (SELECT FROM @schema@.settlement r WHERE r.init_setl_id = i.setl_id)
                 ELSE EXISTS (SELECT FROM @schema@.item_paid p WHERE p.setl_id = i.init_setl_id AND p.layer = i.layer) END
      UNION ALL
      SELECT 'resident' AS fund, 'psn:' || f.psn_no AS party, NULL AS payer, 'refund' AS layer, f.refunded_on AS since, current_date - f.refunded_on AS days, f.amt * 100 AS fen
      FROM @schema@.refund f WHERE NOT EXISTS (SELECT FROM @schema@.refund_approval a WHERE a.refund_id = f.refund_id)) x
WHERE x.fen <> 0
GROUP BY x.fund, x.party, x.payer, x.layer;
COMMENT ON VIEW @schema@.obligation_age IS '往来账龄, yuan, today: what is owed to each party, deposits and refunds (layer refund) too, by days since it was settled (to 30, 31-60, 61-90, 91-365, more); negative: to be recovered';

CREATE VIEW @schema@.pool_month AS
SELECT m.pool, m.month,
       (m.balance / 100)::numeric(18,2) AS balance,
       (m.committed / 100)::numeric(18,2) AS committed,
       (m.unfunded / 100)::numeric(18,2) AS unfunded,
       ((m.balance - m.committed) / 100)::numeric(18,2) AS available,
       (m.spent / 100)::numeric(18,2) AS spent
FROM (SELECT x.pool, x.month, sum(x.balance) OVER w AS balance, sum(x.committed) OVER w AS committed,
             sum(x.unfunded) OVER w AS unfunded, x.spent
      FROM (SELECT p.pool, t.month, coalesce(e.balance, 0) AS balance, coalesce(e.committed, 0) AS committed,
                   coalesce(e.unfunded, 0) AS unfunded, coalesce(e.spent, 0) AS spent
            FROM @schema@.pool p
            CROSS JOIN (SELECT to_char(generate_series(date_trunc('month', min(effective_on)::timestamp), max(effective_on)::timestamp, interval '1 month'), 'YYYY-MM') COLLATE "C" AS month
                        FROM @schema@.journal) t
            LEFT JOIN (SELECT e.pool, j.period,
                              -sum(e.amount_fen) FILTER (WHERE e.book = 'P') AS balance,
                              sum(e.amount_fen) FILTER (WHERE e.role = 'benefit_committed') AS committed,
                              sum(e.amount_fen) FILTER (WHERE e.role = 'benefit_unfunded') AS unfunded,
                              sum(e.amount_fen) FILTER (WHERE e.book = 'P' AND g.spends) AS spent
                       FROM @schema@.entry e
                       JOIN @schema@.journal j ON j.journal_id = e.journal_id
                       LEFT JOIN (SELECT DISTINCT x.journal_id, x.fund, true AS spends FROM @schema@.entry x
                                  JOIN @schema@.account_role r ON r.book = x.book AND r.role = x.role AND r.kind = 'expense'
                                  JOIN @schema@.journal k ON k.journal_id = x.journal_id AND k.event <> 'year_close'
                                  WHERE x.book = 'G') g ON g.journal_id = e.journal_id AND g.fund = e.fund
                       WHERE e.pool IS NOT NULL AND e.book IN ('P', 'S')
                       GROUP BY e.pool, j.period) e ON e.pool = p.pool AND e.period = t.month) x
      WINDOW w AS (PARTITION BY x.pool ORDER BY x.month)) m;
COMMENT ON VIEW @schema@.pool_month IS '基金池各月状况, yuan, at the end of each month by effective date: balance 账面余额, committed 已结算未支付, unfunded 挂账, available = balance - committed (holds are of the moment: pool_status), spent 本月支出 on the cash basis';

CREATE VIEW @schema@.fund_month AS
WITH b AS MATERIALIZED (
    SELECT p.fund, m.pool, m.month, sum(m.balance) AS balance, sum(m.spent) AS spent
    FROM @schema@.pool_month m JOIN @schema@.pool p ON p.pool = m.pool
    GROUP BY GROUPING SETS ((p.fund, m.month, m.pool), (p.fund, m.month))
), y AS MATERIALIZED (
    SELECT fund, pool, left(month, 4)::integer AS year, sum(spent) AS spent FROM b GROUP BY 1, 2, 3
)
SELECT x.fund, x.pool, x.month, x.denominator, x.balance, x.spending,
       CASE WHEN x.spending > 0 THEN round(x.balance * 12 / x.spending, 2) END AS months
FROM (SELECT f.fund, f.pool, f.month, d.denominator, f.balance,
             CASE WHEN d.denominator = 'last_12_months' AND f.months >= 12 THEN f.last_12
                  WHEN d.denominator = 'last_year' AND f.first <= (left(f.month, 4)::integer - 1) || '-01' THEN y.spent END AS spending
      FROM (SELECT b.fund, b.pool, b.month, b.balance, sum(b.spent) OVER w AS last_12, count(*) OVER w AS months,
                   min(b.month) OVER (PARTITION BY b.fund, b.pool) AS first
            FROM b WINDOW w AS (PARTITION BY b.fund, b.pool ORDER BY b.month ROWS 11 PRECEDING)) f
      CROSS JOIN (VALUES ('last_12_months'), ('last_year')) d(denominator)
      LEFT JOIN y ON y.fund = f.fund AND y.pool IS NOT DISTINCT FROM f.pool AND y.year = left(f.month, 4)::integer - 1) x;
COMMENT ON VIEW @schema@.fund_month IS '可支付月数, at the end of each month: of each pool and (pool NULL) of the fund, balance in yuan over a twelfth of the spending that denominator names: last_12_months 近12个月, last_year 上年; NULL where nothing was spent, or the books do not go back that far. Which one counts is fund.months_payable of the policy; current_budget is worked out with yibao.months_payable';
