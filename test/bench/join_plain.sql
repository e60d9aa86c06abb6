-- The join that one writes first: as many keys as the rules have, the planner's choice.
SELECT c.setl_id, CASE WHEN c.scope <= r.dedc THEN 0.00
    ELSE least(greatest(r.cap - c.cum_ipt_hifp, 0),
        round(greatest(least(c.scope, r.upto) - r.dedc, 0) * r.r1 + greatest(c.scope - greatest(r.upto, r.dedc), 0) * r.r2, 2))
    END AS pay
FROM (SELECT setl_id, hosp_lv, psn_idet_type, refl, setl_time, cum_ipt_hifp,
          medfee_sumamt - fulamt_ownpay_amt - overlmt_selfpay - preselfpay_amt AS scope
      FROM bench.claim OFFSET 0) c
JOIN bench.rules r ON r.hosp_lv = c.hosp_lv AND r.psn_idet_type = c.psn_idet_type AND r.refl = c.refl
    AND c.setl_time >= r.valid_from AND c.setl_time < r.valid_to
