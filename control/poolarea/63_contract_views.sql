-- What a premium contract comes to, and where the books say something else.

CREATE VIEW @schema@.contract_statement AS
SELECT z.contract_id, z.insutype, z.coverage_year, z.party, z.premium, z.cost, z.claims, z.balance,
       z.surplus_due, z.loss_due, (z.balance - z.surplus_due + z.loss_due)::numeric(18,2) AS insurer_keeps,
       z.surplus, z.surplus_received, z.loss, z.loss_paid,
       EXISTS (SELECT FROM @schema@.year_close k WHERE k.fund = 'resident' AND k.year = z.coverage_year) AS closed
FROM (SELECT y.*,
             CASE WHEN y.balance > 0 THEN coalesce((
                 SELECT round(sum(t.share * greatest(least(y.balance, y.surplus_upto[t.n] * y.premium) - (y.margin || y.surplus_upto)[t.n] * y.premium, 0)), 2)
                 FROM unnest(y.surplus_to_fund) WITH ORDINALITY t(share, n)), 0) ELSE 0 END::numeric(18,2) AS surplus_due,
             CASE WHEN y.balance < 0 THEN coalesce((
                 SELECT round(sum(t.share * greatest(least(-y.balance, y.loss_upto[t.n] * y.premium) - (y.loss_margin || y.loss_upto)[t.n] * y.premium, 0)), 2)
                 FROM unnest(y.loss_to_fund) WITH ORDINALITY t(share, n)), 0) ELSE 0 END::numeric(18,2) AS loss_due
      FROM (SELECT c.*, x.premium, x.cost, x.claims, (x.premium - x.cost - x.claims)::numeric(18,2) AS balance,
                   coalesce(v.surplus, 0)::numeric(18,2) AS surplus, coalesce(v.surplus_received, 0)::numeric(18,2) AS surplus_received,
                   coalesce(v.loss, 0)::numeric(18,2) AS loss, coalesce(v.loss_paid, 0)::numeric(18,2) AS loss_paid
            FROM @schema@.serious_contract c
            CROSS JOIN LATERAL (
                SELECT p.premium, round(coalesce(c.cost_ratio, 0) * p.premium, 2)::numeric(18,2) AS cost, s.claims
                FROM (SELECT coalesce(sum(p.amt), 0)::numeric(18,2) AS premium FROM @schema@.premium p
                      JOIN @schema@.premium_approval a ON a.premium_id = p.premium_id AND a.decision = 'approve'
                      WHERE p.insutype = c.insutype AND p.coverage_year = c.coverage_year) p,
                     (SELECT (coalesce(sum(i.amount_fen - coalesce((SELECT sum(h.amount_fen) FROM @schema@.item_change h WHERE h.setl_id = i.setl_id AND h.layer = i.layer
                                                                   AND h.change IN ('refused', 'forfeited')), 0)), 0) / 100)::numeric(18,2) AS claims
                      FROM @schema@.setl_item i JOIN @schema@.settlement s ON s.setl_id = i.setl_id
                      WHERE i.layer = 'serious' AND i.payer_kind = 'external' AND s.insutype = c.insutype AND s.year = c.coverage_year) s) x
            LEFT JOIN LATERAL (
                SELECT sum(o.amt) FILTER (WHERE o.event = 'contract.surplus') AS surplus,
                       sum((SELECT sum(r.amt) FROM @schema@.receipt r WHERE r.voucher_id = o.voucher_id)) FILTER (WHERE o.event = 'contract.surplus') AS surplus_received,
                       sum(o.amt) FILTER (WHERE o.event = 'contract.loss') AS loss,
                       sum((SELECT sum(l.amt) FROM @schema@.voucher l JOIN @schema@.journal j ON j.journal_id = l.journal_id WHERE l.refers = o.voucher_id))
                           FILTER (WHERE o.event = 'contract.loss') AS loss_paid
                FROM @schema@.voucher o
                WHERE o.event IN ('contract.surplus', 'contract.loss') AND o.party = c.party AND o.insutype = c.insutype AND o.coverage_year = c.coverage_year) v ON true) y) z;
COMMENT ON VIEW @schema@.contract_statement IS '大病承办清算表, yuan, of each contract: premium 已缴保费, cost 承办成本, claims 赔付 (less what was refused), balance 盈亏, surplus_due 应返还, loss_due 应分担, insurer_keeps 承办机构净得; what was booked of it: surplus, surplus_received, loss, loss_paid; closed: the year''s books are closed';

CREATE VIEW @schema@.contract_exception AS
SELECT s.insutype, s.coverage_year, s.party, x.kind COLLATE "C" AS kind, x.due::numeric(18,2) AS due, x.booked::numeric(18,2) AS booked
FROM @schema@.contract_statement s
CROSS JOIN LATERAL (VALUES ('surplus', s.surplus_due, s.surplus), ('surplus_received', s.surplus, s.surplus_received),
                           ('loss', s.loss_due, s.loss), ('loss_paid', s.loss, s.loss_paid)) x(kind, due, booked)
WHERE s.closed AND x.due <> x.booked
UNION ALL
SELECT p.insutype, p.coverage_year, NULL AS party, 'no_contract' COLLATE "C" AS kind, NULL AS due, sum(p.amt)::numeric(18,2) AS booked
FROM @schema@.premium p
JOIN @schema@.premium_approval a ON a.premium_id = p.premium_id AND a.decision = 'approve'
JOIN @schema@.policy_layer l ON l.policy_id = p.policy_id AND l.layer = 'serious' AND l.payer_kind = 'external' AND l.model = 'insurer'
WHERE NOT EXISTS (SELECT FROM @schema@.serious_contract c WHERE c.insutype = p.insutype AND c.coverage_year = p.coverage_year)
GROUP BY p.insutype, p.coverage_year;
COMMENT ON VIEW @schema@.contract_exception IS '大病承办清算差异, yuan. Of closed years what was booked is not what the contract comes to (surplus, loss), or has not come or been paid (surplus_received, loss_paid); and premiums paid to an insurer without a contract (no_contract)';
