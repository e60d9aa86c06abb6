-- Who is enrolled and what has been collected of a coverage year, and the head counts beside them.

CREATE VIEW @schema@.enrolled_person AS
SELECT DISTINCT ON (e.insutype, e.year, e.psn_no) e.insutype, e.year AS coverage_year, e.psn_no, e.psn_group, e.paid_on
FROM @schema@.enrolment e CROSS JOIN @schema@.area a
WHERE e.paid_on IS NOT NULL AND starts_with(e.admdvs, regexp_replace(a.admdvs, '(00)+$', ''))
  AND NOT EXISTS (SELECT FROM @schema@.enrolment z WHERE z.replaces = e.enrol_id)
  AND NOT EXISTS (SELECT FROM @schema@.refund f JOIN @schema@.refund_kind k ON k.kind = f.kind AND k.before_start
                  JOIN @schema@.receipt r ON r.receipt_id = f.receipt_id AND r.coverage_year = e.year AND r.insutype = e.insutype
                  WHERE f.psn_no = e.psn_no)
ORDER BY e.insutype, e.year, e.psn_no, e.paid_on, e.enrol_id;
COMMENT ON VIEW @schema@.enrolled_person IS '实名参保人员: persons of this area who are enrolled in the coverage year and have paid, each once, without those whose cover did not begin (refunded: death, withdrawal)';

CREATE VIEW @schema@.collected AS
SELECT r.insutype, r.coverage_year,
       (sum(r.amt) - coalesce((SELECT sum(f.amt) FROM @schema@.refund f JOIN @schema@.receipt o ON o.receipt_id = f.receipt_id
                               WHERE o.fund = 'resident' AND o.insutype = r.insutype AND o.coverage_year = r.coverage_year
                                 AND o.kind IN ('contribution', 'assistance', 'collective')), 0))::numeric(18,2) AS amt
FROM @schema@.receipt r WHERE r.fund = 'resident' AND r.kind IN ('contribution', 'assistance', 'collective')
GROUP BY r.insutype, r.coverage_year;
COMMENT ON VIEW @schema@.collected IS '已收缴费资金, yuan: contributions of a coverage year, those that assistance or a collective paid among them, less what was refunded';

CREATE VIEW @schema@.headcount_in_force AS
SELECT DISTINCT ON (h.insutype, h.coverage_year) h.headcount_id, h.insutype, h.coverage_year, h.heads, h.version, h.as_of, h.doc_no, a.doc_no AS approval_doc_no, a.approved_on
FROM @schema@.headcount_approval a JOIN @schema@.headcount h ON h.headcount_id = a.headcount_id
WHERE a.decision = 'approve' ORDER BY h.insutype, h.coverage_year, a.version DESC;
COMMENT ON VIEW @schema@.headcount_in_force IS '核准参保人数: of each scheme and coverage year the latest version that was approved';

CREATE VIEW @schema@.headcount_check AS
SELECT h.headcount_id, h.insutype, h.coverage_year, h.as_of, h.version, a.decision, f.headcount_id IS NOT NULL AS in_force,
       h.heads, h.persons, h.heads - h.persons AS excess, h.explanation, p.persons AS persons_now, h.heads - p.persons AS excess_now,
       h.collected_amt, coalesce(c.amt, 0)::numeric(18,2) AS collected_now
FROM @schema@.headcount h LEFT JOIN @schema@.headcount_approval a ON a.headcount_id = h.headcount_id
LEFT JOIN @schema@.headcount_in_force f ON f.headcount_id = h.headcount_id
LEFT JOIN @schema@.collected c ON c.insutype = h.insutype AND c.coverage_year = h.coverage_year
CROSS JOIN LATERAL (SELECT CASE WHEN h.persons IS NOT NULL OR count(*) > 0 THEN count(*)::integer END AS persons FROM @schema@.enrolled_person e
                    WHERE e.insutype = h.insutype AND e.coverage_year = h.coverage_year AND e.paid_on <= h.as_of) p;
COMMENT ON VIEW @schema@.headcount_check IS '参保人数核对: each head count beside the persons who had paid by as_of, as it was drawn up (persons, collected_amt, yuan) and as the books have it now; excess above 0: 虚报人数; decision NULL: not decided';

CREATE VIEW @schema@.headcount_group AS
SELECT h.headcount_id, h.insutype, h.coverage_year, g.psn_group, coalesce(g.persons, 0) AS persons, coalesce(g.persons_now, 0) AS persons_now
FROM @schema@.headcount h CROSS JOIN LATERAL (
    SELECT coalesce(o.key, n.psn_group) AS psn_group, o.value::integer AS persons, n.persons_now
    FROM jsonb_each_text(h.groups) o FULL JOIN (
        SELECT coalesce(e.psn_group, 'none') AS psn_group, count(*)::integer AS persons_now FROM @schema@.enrolled_person e
        WHERE e.insutype = h.insutype AND e.coverage_year = h.coverage_year AND e.paid_on <= h.as_of GROUP BY 1) n ON n.psn_group = o.key) g;
COMMENT ON VIEW @schema@.headcount_group IS '分类人数核对: of each head count the persons of each category (none: of no special one), as it was drawn up and as enrolment has it now for the same day';
