-- Stays that were registered late, or not at all, and what follows.

CREATE VIEW @schema@.registration_late AS
SELECT a.mdtrt_id, a.insutype, a.psn_no, a.fixmedins_code, a.begntime, a.reg_time, a.er_flag, a.due_time, a.late_registration,
       e.doc_no AS extension_doc_no, s.setl_id, s.setl_type, s.clr_ym, s.fund_pay_sumamt,
       coalesce((SELECT sum(h.amount_fen) / 100 FROM @schema@.item_change h JOIN @schema@.voucher v ON v.voucher_id = h.voucher_id AND v.event = 'registration.late'
                 WHERE h.setl_id = s.setl_id), 0)::numeric(18,2) AS refused
FROM @schema@.admission a LEFT JOIN @schema@.admission_extension e ON e.mdtrt_id = a.mdtrt_id
LEFT JOIN @schema@.settlement s ON s.mdtrt_id = a.mdtrt_id AND s.psn_no = a.psn_no AND NOT s.refd_setl_flag
WHERE a.late;
COMMENT ON VIEW @schema@.registration_late IS '逾期登记清单: each stay that was registered late, what the policy has follow, whether it was accepted (extension_doc_no), its settlements, and what was refused of them, yuan';

CREATE VIEW @schema@.registration_missing AS
SELECT s.setl_id, s.mdtrt_id, s.insutype, s.psn_no, s.fixmedins_code, s.begntime, s.setl_time, s.clr_ym
FROM @schema@.settlement s
WHERE s.benefit = 'inpatient' AND s.setl_type IS DISTINCT FROM '1' AND NOT s.refd_setl_flag
  AND NOT EXISTS (SELECT FROM @schema@.settlement r WHERE r.init_setl_id = s.setl_id)
  AND NOT EXISTS (SELECT FROM @schema@.admission a WHERE a.mdtrt_id = s.mdtrt_id AND a.psn_no = s.psn_no);
COMMENT ON VIEW @schema@.registration_missing IS '未登记住院: stays that were settled directly and are in no admission';

CREATE VIEW @schema@.registration_refusal AS
SELECT i.fund, i.setl_id, a.mdtrt_id, i.party, i.clr_ym, min(i.pool) AS pool, (sum(i.amount_fen) / 100)::numeric(18,2) AS amt
FROM @schema@.admission a
JOIN @schema@.settlement s ON s.mdtrt_id = a.mdtrt_id AND s.psn_no = a.psn_no
JOIN @schema@.payable_item i ON i.setl_id = s.setl_id AND i.amount_fen > 0
WHERE a.late AND a.late_registration = 'deduct_provider' AND s.setl_type IS DISTINCT FROM '1'
  AND NOT EXISTS (SELECT FROM @schema@.admission_extension e WHERE e.mdtrt_id = a.mdtrt_id)
GROUP BY i.fund, i.setl_id, a.mdtrt_id, i.party, i.clr_ym;
COMMENT ON VIEW @schema@.registration_refusal IS '逾期登记应扣, yuan: what a provider is owed for stays that it registered late, where the policy has it bear that (deduct_provider) and nobody accepted it: refused by a voucher of event registration.late, never paid';
