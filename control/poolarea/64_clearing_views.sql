-- What was cleared in time, and what has not been cleared.

CREATE VIEW @schema@.clearing_status AS
SELECT c.clearing_id, c.insutype, c.fixmedins_code, c.clr_ym, c.applied_on, c.due_on, c.extension_id, c.late, c.refused,
       coalesce(x.settlements, 0)::integer AS settlements, (coalesce(x.due, 0) / 100)::numeric(18,2) AS amt,
       (coalesce(x.refused, 0) / 100)::numeric(18,2) AS refused_amt
FROM @schema@.clearing c
LEFT JOIN LATERAL (SELECT count(DISTINCT t.setl_id) AS settlements, sum(i.amount_fen) AS due,
                          sum((SELECT sum(h.amount_fen) FROM @schema@.item_change h JOIN @schema@.voucher v ON v.voucher_id = h.voucher_id AND (v.clearing_id = c.clearing_id OR v.event = 'registration.late')
                               WHERE h.setl_id = i.setl_id AND h.layer = i.layer)) AS refused
                   FROM @schema@.clearing_item t LEFT JOIN @schema@.setl_item i ON i.setl_id = t.setl_id AND i.pays <> 'hospital_direct'
                   WHERE t.clearing_id = c.clearing_id) x ON true;
COMMENT ON VIEW @schema@.clearing_status IS '清算申请情况, yuan: each clearing with its deadline, its settlements, what they oblige to (amt), and what of it was refused because it, or the registration of its stay, came late';

CREATE VIEW @schema@.clearing_open AS
SELECT s.insutype, s.fixmedins_code, s.clr_ym, count(*)::integer AS settlements, min(s.setl_time)::date AS oldest
FROM @schema@.settlement s
WHERE s.setl_type IS DISTINCT FROM '1' AND s.fixmedins_code IS NOT NULL AND NOT s.refd_setl_flag
  AND NOT EXISTS (SELECT FROM @schema@.settlement r WHERE r.init_setl_id = s.setl_id)
  AND NOT EXISTS (SELECT FROM @schema@.clearing_item t WHERE t.setl_id = s.setl_id)
GROUP BY s.insutype, s.fixmedins_code, s.clr_ym;
COMMENT ON VIEW @schema@.clearing_open IS '未清算: settlements of each provider and month that are in no clearing';
