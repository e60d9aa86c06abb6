-- The best hand-written join with the rules table that was found: one key column, so that the planner chooses a hash join
-- by itself; the scope computed once (OFFSET 0); the tier below precomputed; the cap without a detour.
SELECT c.setl_id, least(greatest(r.cap - c.cum_ipt_hifp, 0), round(
        CASE WHEN c.scope <= r.dedc THEN 0
            WHEN c.scope <= r.upto THEN (c.scope - r.dedc) * r.r1
            ELSE (c.scope - r.upto) * r.r2 + r.below END, 2)) AS pay
FROM (SELECT setl_id, hosp_lv || psn_idet_type || refl AS key, setl_time, cum_ipt_hifp,
          medfee_sumamt - fulamt_ownpay_amt - overlmt_selfpay - preselfpay_amt AS scope
      FROM bench.claim OFFSET 0) c
JOIN bench.rules r ON r.key = c.key AND c.setl_time >= r.valid_from AND c.setl_time < r.valid_to
