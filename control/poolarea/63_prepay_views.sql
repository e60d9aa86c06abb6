-- What providers are paid by month, what may be prepaid to them, and what is behind its schedule.

CREATE VIEW @schema@.provider_month AS
SELECT x.fund, x.party, x.pool, x.month, (sum(x.paid) / 100)::numeric(18,2) AS paid, (sum(x.settled) / 100)::numeric(18,2) AS settled
FROM (SELECT i.fund, p.party, i.pool, to_char(a.paid_on, 'YYYY-MM') COLLATE "C" AS month, i.amount_fen::numeric AS paid, 0::numeric AS settled
      FROM @schema@.payment p
      JOIN @schema@.payment_approval a ON a.payment_id = p.payment_id AND a.decision = 'approve'
      JOIN @schema@.payment_item i ON i.payment_id = p.payment_id AND i.pool IS NOT NULL
      WHERE p.setl_id IS NULL AND NOT EXISTS (SELECT FROM @schema@.voucher v WHERE v.payment_id = p.payment_id)
      UNION ALL
      SELECT i.fund, i.party, i.pool, to_char(coalesce(a.effective_on, v.effective_on), 'YYYY-MM') COLLATE "C" AS month,
             CASE c.change WHEN 'released' THEN c.amount_fen ELSE -c.amount_fen END AS paid, 0 AS settled
      FROM @schema@.item_change c
      JOIN @schema@.voucher v ON v.voucher_id = c.voucher_id
      LEFT JOIN @schema@.voucher_approval a ON a.voucher_id = c.voucher_id
      JOIN @schema@.setl_item i ON i.setl_id = c.setl_id AND i.layer = c.layer
      WHERE c.change IN ('released', 'recovered') AND i.pool IS NOT NULL AND i.party NOT LIKE 'psn:%'
      UNION ALL
      SELECT i.fund, i.party, i.pool, (left(i.clr_ym, 4) || '-' || right(i.clr_ym, 2)) COLLATE "C" AS month, 0 AS paid,
             i.amount_fen - coalesce((SELECT sum(c.amount_fen) FROM @schema@.item_change c WHERE c.setl_id = i.setl_id AND c.layer = i.layer
                                      AND c.change IN ('refused', 'forfeited')), 0) AS settled
      FROM @schema@.setl_item i
      WHERE i.pool IS NOT NULL AND i.party NOT LIKE 'psn:%' AND i.clr_ym ~ '^[0-9]{6}$') x
GROUP BY x.fund, x.party, x.pool, x.month;
COMMENT ON VIEW @schema@.provider_month IS '机构月度支付, yuan, of each provider and pool: paid 已付 by the month of payment (deposits released too, less what came back), settled 结算 by clearing month, less what was refused';

CREATE VIEW @schema@.prepay_limit AS
SELECT z.fund, z.party, z.year, z.rule_id, z.control, z.base_amt, z.mean_amt, z.limit_amt, z.prepaid_amt,
       greatest(z.limit_amt - z.prepaid_amt, 0)::numeric(18,2) AS left_amt,
       z.months_payable, z.last_balance, z.settled_months, z.outstanding_amt,
       (array_remove(ARRAY[
           CASE WHEN z.min_months_payable IS NOT NULL AND (z.months_payable >= z.min_months_payable) IS NOT TRUE THEN 'min_months_payable' END,
           CASE WHEN z.no_deficit AND (z.last_balance >= 0) IS NOT TRUE THEN 'no_deficit' END,
           CASE WHEN z.settled_months < z.min_settled_months THEN 'min_settled_months' END,
           CASE WHEN z.none_outstanding AND z.outstanding_amt > 0 THEN 'none_outstanding' END], NULL)
       || ARRAY(SELECT w.word FROM unnest(z.attested) w(word)
                WHERE NOT EXISTS (SELECT FROM @schema@.prepay_attest t WHERE t.fund = z.fund AND t.year = z.year AND t.condition = w.word
                                  AND (t.party IS NULL OR t.party = z.party)) ORDER BY 1)) COLLATE "C" AS unmet
FROM (SELECT r.fund, p.party, y.year, r.rule_id, r.control, r.min_months_payable, r.no_deficit, r.min_settled_months, r.none_outstanding, r.attested,
             coalesce(b.total, 0)::numeric(18,2) AS base_amt,
             round(coalesce(b.total, 0) / (12 * r.years), 2) AS mean_amt,
             trunc(coalesce(b.total, 0) * r.months / (12 * r.years), 2)::numeric(18,2) AS limit_amt,
             coalesce(v.prepaid, 0)::numeric(18,2) AS prepaid_amt,
             f.months AS months_payable, l.amt AS last_balance, coalesce(b.settled_months, 0)::integer AS settled_months,
             coalesce(o.amt, 0)::numeric(18,2) AS outstanding_amt
      FROM (SELECT q.*, lead(q.valid_from) OVER (PARTITION BY q.fund ORDER BY q.valid_from) AS valid_to FROM @schema@.prepay_rule q) r
      JOIN (SELECT extract(year FROM j.effective_on)::integer + n.n AS year FROM @schema@.journal j, (VALUES (0), (1)) n(n)
            UNION SELECT extract(year FROM v.effective_on)::integer AS year FROM @schema@.voucher v WHERE v.event = 'prepay') y
        ON make_date(y.year, 12, 31) >= r.valid_from AND (r.valid_to IS NULL OR make_date(y.year, 1, 1) < r.valid_to)
      JOIN (SELECT fund, party FROM @schema@.provider_month UNION SELECT fund, party FROM @schema@.voucher WHERE event = 'prepay') p ON p.fund = r.fund
      LEFT JOIN LATERAL (SELECT sum(CASE r.measure WHEN 'paid' THEN m.paid ELSE m.settled END) AS total,
                                count(DISTINCT m.month) FILTER (WHERE m.settled > 0) AS settled_months
                         FROM @schema@.provider_month m
                         WHERE m.fund = r.fund AND m.party = p.party AND (r.pools IS NULL OR m.pool = ANY (r.pools))
                           AND m.month >= (y.year - r.years)::text || '-01' AND m.month <= (y.year - 1)::text || '-12') b ON true
      LEFT JOIN LATERAL (SELECT sum(v.amt) AS prepaid FROM @schema@.voucher v JOIN @schema@.journal j ON j.journal_id = v.journal_id
                         WHERE v.event = 'prepay' AND v.fund = r.fund AND v.party = p.party
                           AND j.effective_on >= make_date(y.year, 1, 1) AND j.effective_on <= make_date(y.year, 12, 31)) v ON true
      LEFT JOIN LATERAL (SELECT m.months FROM @schema@.fund_month m WHERE r.min_months_payable IS NOT NULL AND m.fund = r.fund AND m.pool IS NULL
                           AND m.denominator = r.denominator AND m.month = (y.year - 1)::text || '-12') f ON true
      LEFT JOIN LATERAL (SELECT a.amt FROM @schema@.final_account a WHERE r.no_deficit AND a.fund = r.fund AND a.year = y.year - 1 AND a.line = 'balance') l ON true
      LEFT JOIN LATERAL (SELECT sum(e.amount_fen) / 100 AS amt FROM @schema@.entry e JOIN @schema@.journal j ON j.journal_id = e.journal_id
                         WHERE e.fund = r.fund AND e.book = 'G' AND e.role = 'advance_provider' AND e.party = p.party
                           AND j.effective_on < make_date(y.year, 1, 1)) o ON true) z;
COMMENT ON VIEW @schema@.prepay_limit IS '预付限额, yuan, by provider and year of a rule: base_amt 测算基数, mean_amt 月均, limit_amt 限额, prepaid_amt 本年已预付, left_amt 尚可预付; unmet 不符合的条件 (pay_by, which is of a day, aside)';

CREATE VIEW @schema@.prepay_recovery AS
SELECT x.fund, x.party, x.voucher_id, x.due_on, x.amt, x.recovered::numeric(18,2) AS recovered, (x.amt - x.recovered)::numeric(18,2) AS open,
       CASE WHEN x.amt > x.recovered AND x.due_on < current_date THEN current_date - x.due_on ELSE 0 END AS days_late
FROM (SELECT v.fund, v.party, s.voucher_id, s.due_on, s.amt,
             least(s.amt, greatest(coalesce(r.amt, 0) - (sum(s.amt) OVER (PARTITION BY v.fund, v.party ORDER BY s.due_on, s.voucher_id) - s.amt), 0)) AS recovered
      FROM @schema@.prepay_schedule s
      JOIN @schema@.voucher v ON v.voucher_id = s.voucher_id
      JOIN @schema@.journal j ON j.journal_id = v.journal_id
      LEFT JOIN (SELECT e.fund, e.party, -sum(e.amount_fen) / 100 AS amt FROM @schema@.entry e JOIN @schema@.journal j ON j.journal_id = e.journal_id
                 WHERE e.book = 'G' AND e.role = 'advance_provider' AND j.event <> 'prepay' GROUP BY e.fund, e.party) r ON r.fund = v.fund AND r.party = v.party) x;
COMMENT ON VIEW @schema@.prepay_recovery IS '预付金收回进度, yuan: each row of the schedule of a prepayment that was paid, what came back of it (offset or in cash; what is due first, first), what is open, and how many days it is behind; days_late > 0: 逾期未收回';
