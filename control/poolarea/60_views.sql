-- What people read.  No view uses a function of the extension: it must outlive DROP EXTENSION.

CREATE VIEW @schema@.pool_status AS
SELECT p.pool, p.name_zh, p.fund,
       (coalesce(e.balance, 0) / 100)::numeric(18,2) AS balance,
       (coalesce(e.committed, 0) / 100)::numeric(18,2) AS committed,
       (coalesce(e.unfunded, 0) / 100)::numeric(18,2) AS unfunded,
       (coalesce(h.held, 0) / 100)::numeric(18,2) AS held,
       ((coalesce(s.avail, 0) + coalesce(c.amt, 0)) / 100)::numeric(18,2) AS available
FROM @schema@.pool p
LEFT JOIN (SELECT pool,
                  -sum(amount_fen) FILTER (WHERE book = 'P' AND role = 'pool') AS balance,
                  sum(amount_fen) FILTER (WHERE book = 'S' AND role = 'benefit_committed') AS committed,
                  sum(amount_fen) FILTER (WHERE book = 'S' AND role = 'benefit_unfunded') AS unfunded
           FROM @schema@.entry WHERE pool IS NOT NULL GROUP BY pool) e ON e.pool = p.pool
LEFT JOIN (SELECT pool, sum(avail) AS avail FROM @schema@.slot GROUP BY pool) s ON s.pool = p.pool
LEFT JOIN (SELECT pool, sum(amt) AS amt FROM @schema@.credit GROUP BY pool) c ON c.pool = p.pool
LEFT JOIN (SELECT pool, sum(amount_fen) AS held FROM @schema@.hold_open GROUP BY pool) h ON h.pool = p.pool;
COMMENT ON VIEW @schema@.pool_status IS '基金池状况, yuan: balance 账面余额 (book P), committed 已结算未支付, unfunded 挂账, held 预占, available 可用 = balance - committed - held';

CREATE VIEW @schema@.trial_balance AS
SELECT e.fund, e.book, e.role, r.code, r.name_zh, r.kind,
       (e.debit / 100)::numeric(18,2) AS debit,
       (e.credit / 100)::numeric(18,2) AS credit,
       ((CASE r.side WHEN 'debit' THEN e.debit - e.credit ELSE e.credit - e.debit END) / 100)::numeric(18,2) AS balance
FROM (SELECT fund, book, role,
             coalesce(sum(amount_fen) FILTER (WHERE amount_fen > 0), 0) AS debit,
             coalesce(-sum(amount_fen) FILTER (WHERE amount_fen < 0), 0) AS credit
      FROM @schema@.entry GROUP BY fund, book, role) e
LEFT JOIN @schema@.account_role r ON r.book = e.book AND r.role = e.role;
COMMENT ON VIEW @schema@.trial_balance IS '试算平衡表, yuan: of each fund and book the debits are the credits; balance on the side where the role normally stands';

CREATE VIEW @schema@.account_statement AS
SELECT e.fund, e.book, e.role, r.name_zh, e.pool, e.party, e.payer, e.clr_ym,
       j.effective_on, j.period, j.journal_id, e.line, j.event, j.key,
       (CASE WHEN e.amount_fen > 0 THEN e.amount_fen::numeric / 100 END)::numeric(18,2) AS debit,
       (CASE WHEN e.amount_fen < 0 THEN -e.amount_fen::numeric / 100 END)::numeric(18,2) AS credit,
       j.booked_by, j.booked_at
FROM @schema@.entry e
JOIN @schema@.journal j ON j.journal_id = e.journal_id
LEFT JOIN @schema@.account_role r ON r.book = e.book AND r.role = e.role;
COMMENT ON VIEW @schema@.account_statement IS '明细账, yuan: every line with its voucher';

CREATE VIEW @schema@.obligation AS
SELECT fund, party, clr_ym, coalesce(layer, 'refund') AS layer, payer,
       (-coalesce(sum(amount_fen) FILTER (WHERE role IN ('payable', 'refund_payable')), 0) / 100)::numeric(18,2) AS owed,
       (coalesce(sum(amount_fen) FILTER (WHERE role = 'benefit_unfunded'), 0) / 100)::numeric(18,2) AS unfunded,
       (coalesce(sum(amount_fen) FILTER (WHERE role = 'recoverable'), 0) / 100)::numeric(18,2) AS recoverable,
       (-coalesce(sum(amount_fen) FILTER (WHERE role = 'direct_payable'), 0) / 100)::numeric(18,2) AS paid_by_others
FROM @schema@.entry
WHERE book = 'S' AND party IS NOT NULL
GROUP BY fund, party, clr_ym, layer, payer
HAVING sum(amount_fen) FILTER (WHERE role IN ('payable', 'refund_payable', 'recoverable', 'direct_payable')) <> 0;
COMMENT ON VIEW @schema@.obligation IS '往来余额, yuan, by party and clearing month: owed 应付未付 (layer refund: contributions to be paid back), of it unfunded 挂账, recoverable 应追回, paid_by_others 由承办机构直付';

CREATE VIEW @schema@.fund_income AS
SELECT r.fund, r.coverage_year, r.kind, r.gov_level, count(*) AS receipts, sum(r.heads) AS heads,
       sum(r.amt) AS amt, sum(coalesce(n.serious_amt, r.serious_amt)) AS serious_amt, sum(coalesce(n.out_amt, r.out_amt)) AS out_amt,
       sum(coalesce(n.ipt_amt, r.ipt_amt)) AS ipt_amt, sum(coalesce(n.unalloc_amt, r.unalloc_amt)) AS unalloc_amt
FROM @schema@.receipt r LEFT JOIN @schema@.next_year_income n ON n.receipt_id = r.receipt_id
GROUP BY r.fund, r.coverage_year, r.kind, r.gov_level;
COMMENT ON VIEW @schema@.fund_income IS '基金收入台账, yuan, by coverage year, source and level of government';

CREATE VIEW @schema@.setl_item AS
SELECT s.setl_id, l.layer, l.payer_kind, l.payer, l.pays, l.fund,
       CASE WHEN l.payer_kind = 'other_book' THEN 'assistance'
            WHEN l.payer_kind = 'own_fund' AND l.layer = 'serious' THEN 'serious'
            WHEN l.payer_kind = 'own_fund' THEN s.pool END AS pool,
       CASE s.setl_type WHEN '1' THEN 'psn:' || s.psn_no ELSE s.fixmedins_code END AS party,
       s.clr_ym,
       (v.amt * 100)::bigint + CASE WHEN s.init_setl_id IS NULL THEN 0 ELSE
           coalesce((SELECT sum(c.amount_fen) FROM @schema@.item_change c WHERE c.setl_id = s.init_setl_id AND c.layer = v.layer
                     AND c.change IN ('refused', 'forfeited')), 0)::bigint END AS amount_fen,
       s.journal_id, s.init_setl_id,
       CASE WHEN l.layer = 'serious' THEN s.hifmi_due END AS due
FROM @schema@.settlement s
CROSS JOIN LATERAL (VALUES ('basic', s.hifp_pay), ('serious', s.hifmi_pay), ('assistance', s.maf_pay),
                           ('supplement', s.oth_pay - coalesce(s.prog_pay, 0))) v(layer, amt)
JOIN @schema@.policy_layer l ON l.policy_id = s.policy_id AND l.layer = v.layer
WHERE v.amt <> 0;
COMMENT ON VIEW @schema@.setl_item IS '结算应付明细. What each settlement obliges each payer to pay, by layer, in fen (分); a reversal has negative amounts, less what had been refused of its settlement; due: payable from this day on, NULL: with the settlement';

CREATE VIEW @schema@.item_paid AS
SELECT p.setl_id, p.layer, p.payment_id, p.amount_fen
FROM @schema@.payment_item p
WHERE NOT EXISTS (SELECT FROM @schema@.voucher v WHERE v.payment_id = p.payment_id)
UNION ALL
SELECT c.setl_id, c.layer, NULL, c.amount_fen FROM @schema@.item_change c WHERE c.change = 'released';
COMMENT ON VIEW @schema@.item_paid IS '已付明细. What was paid of each item, in fen (分): by payments that the bank has not returned, and by deposits released (no payment_id)';

CREATE VIEW @schema@.open_item AS
SELECT i.setl_id, i.layer, i.payer_kind, i.payer, i.pays, i.fund, i.pool, i.party, i.clr_ym,
       i.amount_fen + coalesce(c.changed, 0) AS amount_fen, i.journal_id, i.init_setl_id, i.due,
       i.amount_fen < 0 AND EXISTS (SELECT FROM @schema@.item_paid p WHERE p.setl_id = i.init_setl_id AND p.layer = i.layer) AS recovery
FROM @schema@.setl_item i
LEFT JOIN LATERAL (SELECT sum(CASE WHEN h.change IN ('refused', 'deposit') THEN -h.amount_fen WHEN h.change = 'recovered' THEN h.amount_fen END)::bigint AS changed
                   FROM @schema@.item_change h WHERE h.setl_id = i.setl_id AND h.layer = i.layer) c ON true
WHERE i.pays <> 'hospital_direct'
  AND NOT EXISTS (SELECT FROM @schema@.payment_item p WHERE p.setl_id = i.setl_id AND p.layer = i.layer
                  AND NOT EXISTS (SELECT FROM @schema@.voucher v WHERE v.payment_id = p.payment_id));
COMMENT ON VIEW @schema@.open_item IS '未付明细. What is still open of each item of setl_item, in fen (分): less what was refused, withheld or recovered; recovery: to be had back of what was paid';

CREATE VIEW @schema@.payable_item AS
SELECT i.setl_id, i.layer, i.payer_kind, i.payer, i.pays, i.fund, i.pool, i.party, i.clr_ym, i.amount_fen, i.journal_id, i.init_setl_id, i.due
FROM @schema@.open_item i
WHERE i.pays IN ('own', 'centre_advances')
  AND CASE WHEN i.amount_fen > 0
           THEN NOT EXISTS (SELECT FROM @schema@.settlement r WHERE r.init_setl_id = i.setl_id)
                AND NOT EXISTS (SELECT FROM @schema@.queue q WHERE q.setl_id = i.setl_id AND q.layer = i.layer AND q.state = 'waiting')
           ELSE i.amount_fen < 0 AND i.recovery END;
COMMENT ON VIEW @schema@.payable_item IS '可付款明细. Items of setl_item that are open and funded, in fen (分): neither paid, nor reversed, nor waiting (挂账); and reversals of what has been paid; a payment takes what is due on the day it is drawn up';

CREATE VIEW @schema@.provider_statement AS
SELECT i.fund, i.party, i.clr_ym,
       (sum(i.amount_fen)::numeric / 100)::numeric(18,2) AS due,
       (sum(coalesce(c.refused, 0))::numeric / 100)::numeric(18,2) AS refused,
       (sum(coalesce(c.held, 0))::numeric / 100)::numeric(18,2) AS deposit,
       coalesce(max(w.amt), 0)::numeric(18,2) AS penalty,
       (sum(coalesce(p.paid, 0) - coalesce(c.recovered, 0))::numeric / 100)::numeric(18,2) AS paid,
       (sum(i.amount_fen - coalesce(c.refused, 0) - coalesce(c.held, 0) - coalesce(p.paid, 0) + coalesce(c.recovered, 0))::numeric / 100)::numeric(18,2) AS open
FROM @schema@.setl_item i
LEFT JOIN LATERAL (SELECT sum(h.amount_fen) FILTER (WHERE h.change IN ('refused', 'forfeited')) AS refused,
                          sum(h.amount_fen) FILTER (WHERE h.change = 'recovered') AS recovered,
                          sum(CASE h.change WHEN 'deposit' THEN h.amount_fen WHEN 'released' THEN -h.amount_fen WHEN 'forfeited' THEN -h.amount_fen ELSE 0 END) AS held
                   FROM @schema@.item_change h WHERE h.setl_id = i.setl_id AND h.layer = i.layer) c ON true
LEFT JOIN LATERAL (SELECT sum(x.amount_fen) AS paid FROM @schema@.item_paid x WHERE x.setl_id = i.setl_id AND x.layer = i.layer) p ON true
LEFT JOIN (SELECT y.fund, y.party, y.clr_ym, sum(y.withheld_amt) AS amt FROM @schema@.payment y
           JOIN @schema@.payment_approval a ON a.payment_id = y.payment_id AND a.decision = 'approve'
           WHERE y.withheld_amt > 0 AND NOT EXISTS (SELECT FROM @schema@.voucher v WHERE v.payment_id = y.payment_id)
           GROUP BY y.fund, y.party, y.clr_ym) w ON w.fund = i.fund AND w.party = i.party AND w.clr_ym = i.clr_ym
WHERE i.pays <> 'hospital_direct'
GROUP BY i.fund, i.party, i.clr_ym;
COMMENT ON VIEW @schema@.provider_statement IS '机构对账单, yuan, by party and clearing month: due 应付, refused 拒付扣减 (deposits forfeited too), deposit 预留保证金, penalty 代扣违约金 (within paid: the bank paid so much less), paid 已付 (less what came back), open 未付; due = refused + deposit + paid + open. All penalties: penalty_status';

CREATE VIEW @schema@.penalty_status AS
SELECT v.fund, v.voucher_id, v.party, v.doc_no, v.effective_on AS decided_on, v.due_on, v.amt AS decided,
       coalesce(r.amt, 0)::numeric(18,2) AS received, r.received_on, r.booked_at,
       (v.amt - coalesce(r.amt, 0))::numeric(18,2) AS outstanding,
       CASE WHEN coalesce(r.amt, 0) >= v.amt THEN r.received_on ELSE current_date END - v.due_on AS days_late
FROM @schema@.voucher v
LEFT JOIN (SELECT voucher_id, sum(amt) AS amt, max(received_on) AS received_on, max(booked_at) AS booked_at
           FROM @schema@.receipt WHERE voucher_id IS NOT NULL GROUP BY voucher_id) r ON r.voucher_id = v.voucher_id
WHERE v.event = 'penalty.decided';
COMMENT ON VIEW @schema@.penalty_status IS '违约金台账, yuan: decided 决定, due_on 应缴日期, received 已收, booked_at 入账, outstanding 未收, days_late 逾期天数 (negative: early)';

CREATE VIEW @schema@.penalty_withheld AS
SELECT x.fund, x.party, x.payment_id, x.penalty_id, x.source, x.withheld_on, x.amt, x.moved::numeric(18,2) AS moved, (x.amt - x.moved)::numeric(18,2) AS open,
       CASE WHEN x.amt > x.moved THEN current_date - x.withheld_on END AS days
FROM (SELECT r.fund, p.party, r.payment_id, p.penalty_id, p.withheld_source AS source, r.received_on AS withheld_on, r.amt,
             least(r.amt, greatest(coalesce(m.amt, 0) - (sum(r.amt) OVER (PARTITION BY r.fund ORDER BY r.received_on, r.receipt_id) - r.amt), 0)) AS moved
      FROM @schema@.receipt r
      JOIN @schema@.payment p ON p.payment_id = r.payment_id
      LEFT JOIN (SELECT fund, sum(amt) AS amt FROM @schema@.cash_move WHERE kind = 'penalty_withheld' GROUP BY fund) m ON m.fund = r.fund) x;
COMMENT ON VIEW @schema@.penalty_withheld IS '代扣违约金台账, yuan: withheld from which payment for which penalty, by which local rule; moved 已缴财政专户 (what was withheld first, first), open 待缴, days since it was withheld';

CREATE VIEW @schema@.prepayment_outstanding AS
SELECT y.year, e.fund, e.party, (sum(e.amount_fen) / 100)::numeric(18,2) AS amt
FROM (SELECT DISTINCT extract(year FROM effective_on)::integer AS year FROM @schema@.journal) y
JOIN (SELECT e.fund, e.party, e.amount_fen, j.effective_on FROM @schema@.entry e JOIN @schema@.journal j ON j.journal_id = e.journal_id
      WHERE e.book = 'G' AND e.role = 'advance_provider') e ON e.effective_on < make_date(y.year + 1, 1, 1)
GROUP BY y.year, e.fund, e.party
HAVING sum(e.amount_fen) <> 0;
COMMENT ON VIEW @schema@.prepayment_outstanding IS '年末未收回预付金, yuan: prepaid to each provider and neither recovered nor offset by 31 December of the year; every row of a past year is an exception';

CREATE VIEW @schema@.contract_account AS
SELECT y.coverage_year,
       coalesce((SELECT sum(p.amt) FROM @schema@.premium p JOIN @schema@.premium_approval a ON a.premium_id = p.premium_id AND a.decision = 'approve' WHERE p.coverage_year = y.coverage_year), 0)::numeric(18,2) AS premium,
       (coalesce((SELECT sum(i.amount_fen - coalesce((SELECT sum(h.amount_fen) FROM @schema@.item_change h WHERE h.setl_id = i.setl_id AND h.layer = i.layer AND h.change IN ('refused', 'forfeited')), 0))
                  FROM @schema@.setl_item i JOIN @schema@.settlement s ON s.setl_id = i.setl_id
                  WHERE i.layer = 'serious' AND i.payer_kind = 'external' AND s.year = y.coverage_year), 0) / 100)::numeric(18,2) AS claims,
       y.surplus::numeric(18,2), y.surplus_received::numeric(18,2), y.loss::numeric(18,2), y.loss_paid::numeric(18,2)
FROM (SELECT coverage_year, coalesce(sum(surplus), 0) AS surplus, coalesce(sum(surplus_received), 0) AS surplus_received,
             coalesce(sum(loss), 0) AS loss, coalesce(sum(loss_paid), 0) AS loss_paid
      FROM (SELECT v.coverage_year, CASE v.event WHEN 'contract.surplus' THEN v.amt END AS surplus,
                   (SELECT sum(r.amt) FROM @schema@.receipt r WHERE r.voucher_id = v.voucher_id AND v.event = 'contract.surplus') AS surplus_received,
                   CASE v.event WHEN 'contract.loss' THEN v.amt END AS loss,
                   CASE WHEN v.event = 'loss.share' AND EXISTS (SELECT FROM @schema@.journal j WHERE j.journal_id = v.journal_id) THEN v.amt END AS loss_paid
            FROM @schema@.voucher v WHERE v.event IN ('contract.surplus', 'contract.loss', 'loss.share')
            UNION ALL SELECT coverage_year, NULL AS surplus, NULL AS surplus_received, NULL AS loss, NULL AS loss_paid FROM @schema@.premium WHERE kind = 'remit') u
      GROUP BY coverage_year) y;
COMMENT ON VIEW @schema@.contract_account IS '大病承办账, yuan, by coverage year: premium 已缴保费, claims 赔付 (settled with an outside payer, less what was refused), surplus 应返还结余, surplus_received 已返还, loss 应分担亏损, loss_paid 已分担';
