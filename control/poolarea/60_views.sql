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
SELECT fund, party, clr_ym, layer, payer,
       (-coalesce(sum(amount_fen) FILTER (WHERE role = 'payable'), 0) / 100)::numeric(18,2) AS owed,
       (coalesce(sum(amount_fen) FILTER (WHERE role = 'benefit_unfunded'), 0) / 100)::numeric(18,2) AS unfunded,
       (coalesce(sum(amount_fen) FILTER (WHERE role = 'recoverable'), 0) / 100)::numeric(18,2) AS recoverable,
       (-coalesce(sum(amount_fen) FILTER (WHERE role = 'direct_payable'), 0) / 100)::numeric(18,2) AS paid_by_others
FROM @schema@.entry
WHERE book = 'S' AND party IS NOT NULL
GROUP BY fund, party, clr_ym, layer, payer
HAVING sum(amount_fen) FILTER (WHERE role IN ('payable', 'recoverable', 'direct_payable')) <> 0;
COMMENT ON VIEW @schema@.obligation IS '往来余额, yuan, by party and clearing month: owed 应付未付, of it unfunded 挂账, recoverable 应追回, paid_by_others 由承办机构直付';

CREATE VIEW @schema@.fund_income AS
SELECT fund, coverage_year, kind, gov_level, count(*) AS receipts, sum(heads) AS heads,
       sum(amt) AS amt, sum(serious_amt) AS serious_amt, sum(out_amt) AS out_amt,
       sum(ipt_amt) AS ipt_amt, sum(unalloc_amt) AS unalloc_amt
FROM @schema@.receipt
GROUP BY fund, coverage_year, kind, gov_level;
COMMENT ON VIEW @schema@.fund_income IS '基金收入台账, yuan, by coverage year, source and level of government';

CREATE VIEW @schema@.setl_item AS
SELECT s.setl_id, l.layer, l.payer_kind, l.payer, l.pays, l.fund,
       CASE WHEN l.payer_kind = 'other_book' THEN 'assistance'
            WHEN l.payer_kind = 'own_fund' AND l.layer = 'serious' THEN 'serious'
            WHEN l.payer_kind = 'own_fund' THEN s.pool END AS pool,
       CASE s.setl_type WHEN '1' THEN 'psn:' || s.psn_no ELSE s.fixmedins_code END AS party,
       s.clr_ym, (v.amt * 100)::bigint AS amount_fen, s.journal_id, s.init_setl_id,
       CASE WHEN l.layer = 'serious' THEN s.hifmi_due END AS due
FROM @schema@.settlement s
CROSS JOIN LATERAL (VALUES ('basic', s.hifp_pay), ('serious', s.hifmi_pay), ('assistance', s.maf_pay),
                           ('supplement', s.oth_pay - coalesce(s.prog_pay, 0))) v(layer, amt)
JOIN @schema@.policy_layer l ON l.policy_id = s.policy_id AND l.layer = v.layer
WHERE v.amt <> 0;
COMMENT ON VIEW @schema@.setl_item IS '结算应付明细. What each settlement obliges each payer to pay, by layer, in fen (分); a reversal has negative amounts; due: payable from this day on, NULL: with the settlement';

CREATE VIEW @schema@.payable_item AS
SELECT i.*
FROM @schema@.setl_item i
WHERE i.pays IN ('own', 'centre_advances')
  AND NOT EXISTS (SELECT FROM @schema@.payment_item p WHERE p.setl_id = i.setl_id AND p.layer = i.layer)
  AND CASE WHEN i.amount_fen > 0
           THEN NOT EXISTS (SELECT FROM @schema@.settlement r WHERE r.init_setl_id = i.setl_id)
                AND NOT EXISTS (SELECT FROM @schema@.queue q WHERE q.setl_id = i.setl_id AND q.layer = i.layer AND q.state = 'waiting')
           ELSE EXISTS (SELECT FROM @schema@.payment_item p WHERE p.setl_id = i.init_setl_id AND p.layer = i.layer) END;
COMMENT ON VIEW @schema@.payable_item IS '可付款明细. Items of setl_item that are open and funded, in fen (分): neither paid, nor reversed, nor waiting (挂账); and reversals of what has been paid; a payment takes what is due on the day it is drawn up';
