-- Stays of the year at this level and at this hospital, counted by the settlement trigger where a rule asks.
-- Figures by hand: deductible 1,000.00; half after a stay at the level; x 0.8 after one at the hospital.
\set ECHO none
SELECT plan(27);

CREATE FUNCTION dedc(id text, med text, level text, hospital text, at text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE d numeric;
BEGIN
  INSERT INTO qc.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, hosp_lv, fixmedins_code)
  VALUES (id, 'P1', '390', at::timestamp, 5000, 0, 0, 0, 5000, med, level, hospital) RETURNING act_pay_dedc INTO d;
  RETURN d;
END $$;

SELECT lives_ok($$SELECT yibao.create_poolarea('qc', '620522')$$, 'an area is made');
INSERT INTO qc.policy (rules) VALUES ('{"yibao": 1, "title": {"zh": "试验"}, "insutype": "390", "admdvs": "620522",
  "valid_from": "2018-09-18", "version_date": "setl_time", "counts": {"except": [], "unpaid": true, "source": "t"}, "sources": {"t": {"doc": "试验文件", "trust": "demo"}},
  "benefits": [{"when": {"med_type": "21"}, "benefit": "inpatient", "pool": "inpatient", "source": "t"},
               {"when": {"med_type": "11"}, "benefit": "outpatient", "pool": "outpatient", "source": "t"}],
  "fund": {"split": [{"coverage_year": {">=": 2018}, "outpatient": "0.30", "inpatient": "0.70", "base": "received_income",
      "kinds": ["contribution"], "after_serious": true, "rounding": "half_up_outpatient", "source": "t"}], "on_pool_short": "queue", "source": "t"},
  "layers": [{"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"], "rounding": "layer",
    "deductible": [{"amount": "1000.00", "per": "visit", "source": "t"}],
    "deductible_adjust": {"level": [{"when": {"cum_lv_cnt": {">=": 1}}, "multiply": "0.5", "source": "t"}],
                          "hospital": [{"when": {"cum_hosp_cnt": {">=": 1}}, "multiply": "0.8", "source": "t"}]},
    "ratio": [{"ratio": "0.70", "source": "t"}]}]}');

SELECT is(dedc('S1', '21', '05', 'H1', '2022-01-01'), 1000.00, 'the first stay');
SELECT is(dedc('S2', '21', '05', 'H2', '2022-02-01'), 500.00, 'a second one at the level');
SELECT is(dedc('S3', '21', '08', 'H1', '2022-03-01'), 800.00, 'a second one at the hospital');
SELECT is(dedc('S4', '21', '05', 'H1', '2022-04-01'), 400.00, 'one at a level and a hospital that were there before');
SELECT throws_ok($$SELECT dedc('S5', '21', NULL, 'H1', '2022-05-01')$$, 'YB006', NULL, 'at an unknown level nobody knows how many there were');
SELECT throws_ok($$SELECT dedc('S5', '21', '05', NULL, '2022-05-01')$$, 'YB006', NULL, 'nor at an unknown hospital');
SELECT is(dedc('S5', '21', '09', 'H9', '2023-01-01'), 1000.00, 'another year begins anew');

-- P13: which stays count.  Deductible 1,000; 500 from the second stay on (800 and so on where another counter says so).
CREATE FUNCTION ordinal(counts text, field text) RETURNS jsonb LANGUAGE sql AS $$
SELECT jsonb_set(jsonb_set(rules, '{counts}', counts::jsonb), '{layers,0,deductible_adjust}', jsonb_build_object('o', jsonb_build_array(jsonb_build_object('when', jsonb_build_object(field,
  jsonb_build_object('>=', CASE WHEN field = 'cal_ipt_cnt' THEN 2 ELSE 1 END)), 'multiply', '0.5', 'source', 't')))) || '{"valid_from": "2017-01-01"}' FROM qc.policy ORDER BY policy_id LIMIT 1
$$;
-- Deductibles of a year of stays, each 'area med_type amount level hospital'; in an area of its own, and by replay.
CREATE FUNCTION stays(d jsonb, VARIADIC stays text[]) RETURNS numeric[] LANGUAGE plpgsql AS $$
DECLARE paid numeric[] := '{}'; one numeric; again numeric[]; s text[];
BEGIN
  PERFORM yibao.create_poolarea('qs', '620522');
  INSERT INTO qs.policy (rules) VALUES (d);
  FOR n IN 1 .. array_length(stays, 1) LOOP
    s := string_to_array(stays[n], ' ');
    INSERT INTO qs.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, area, med_type, hosp_lv, fixmedins_code)
    VALUES (n::text, 'P', '390', timestamp '2022-01-01' + n * interval '9 days', s[3]::numeric, 0, 0, 0, s[3]::numeric, s[1], s[2], s[4], s[5]) RETURNING crt_dedc INTO one;
    paid := paid || one;
  END LOOP;
  SELECT array_agg((x.r).crt_dedc ORDER BY setl_time) INTO again FROM (SELECT t.setl_time, yibao.replay(d, to_jsonb(t) - 'opn_cum') OVER (ORDER BY t.setl_time) AS r FROM qs.settlement AS t OFFSET 0) AS x;
  IF again IS DISTINCT FROM paid THEN
    RAISE EXCEPTION 'replay says %, the area %', again, paid;
  END IF;
  IF EXISTS (SELECT FROM qs.settlement AS t, yibao.settle(d, t) AS r WHERE r.crt_dedc <> t.crt_dedc) THEN
    RAISE EXCEPTION 'a stored settlement does not settle to what it was';
  END IF;
  RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = paid::text;
EXCEPTION WHEN SQLSTATE 'ZZ001' THEN
  RETURN SQLERRM::numeric[];
END $$;
SELECT is(stays(ordinal('{"except": [], "unpaid": true, "source": "t"}', 'cal_ipt_cnt'), 'county 21 5000 05 H1', 'outside 21 5000 02 H2', 'county 21 5000 05 H1'), '{1000.00,500.00,500.00}', 'P13: a remote stay counts');
SELECT is(stays(ordinal('{"except": [{"when": {"area": ["province", "outside"]}, "source": "t"}], "unpaid": true, "source": "t"}', 'cal_ipt_cnt'), 'outside 21 5000 02 H2', 'county 21 5000 05 H1', 'county 21 5000 05 H1'),
  '{1000.00,1000.00,500.00}', 'P13: a remote stay does not count: the first one at home pays in full');
SELECT is(stays(ordinal('{"except": [], "unpaid": true, "source": "t"}', 'cal_ipt_cnt'), 'county 2152 5000 05 H1', 'county 21 5000 05 H1'), '{1000.00,500.00}', 'P13: maternity counts');
SELECT is(stays(ordinal('{"except": [{"when": {"med_type": "2152"}, "source": "t"}], "unpaid": true, "source": "t"}', 'cal_ipt_cnt'), 'county 2152 5000 05 H1', 'county 21 5000 05 H1'), '{1000.00,1000.00}', 'P13: maternity does not count');
SELECT is(stays(ordinal('{"except": [], "unpaid": true, "source": "t"}', 'cal_ipt_cnt'), 'county 2127 5000 05 H1', 'county 21 5000 05 H1'), '{1000.00,500.00}', 'P13: day surgery counts');
SELECT is(stays(ordinal('{"except": [{"when": {"med_type": ["2127", "2152"]}, "source": "t"}], "unpaid": true, "source": "t"}', 'cal_ipt_cnt'), 'county 2127 5000 05 H1', 'county 21 5000 05 H1'), '{1000.00,1000.00}', 'P13: day surgery does not count');
-- 900 of the first stay's cost is below the deductible: nothing is paid
SELECT is(stays(ordinal('{"except": [], "unpaid": true, "source": "t"}', 'cal_ipt_cnt'), 'county 21 900 05 H1', 'county 21 5000 05 H1'), '{1000.00,500.00}', 'P13: a stay for which nothing was paid counts');
SELECT is(stays(ordinal('{"except": [], "unpaid": false, "source": "t"}', 'cal_ipt_cnt'), 'county 21 900 05 H1', 'county 21 5000 05 H1', 'county 21 5000 05 H1'), '{1000.00,1000.00,500.00}', 'P13: a stay for which nothing was paid does not count');
-- the same rule for the other counters: level, hospital, place
SELECT is(stays(ordinal('{"except": [], "unpaid": false, "source": "t"}', 'cum_lv_cnt'), 'county 21 900 05 H1', 'county 21 5000 05 H1', 'county 21 5000 05 H2', 'county 21 5000 06 H2'), '{1000.00,1000.00,500.00,1000.00}', 'P13: of the same level, paid ones');
SELECT is(stays(ordinal('{"except": [], "unpaid": true, "source": "t"}', 'cum_lv_cnt'), 'county 21 900 05 H1', 'county 21 5000 05 H1'), '{1000.00,500.00}', 'P13: of the same level, all');
SELECT is(stays(ordinal('{"except": [{"when": {"area": "outside"}, "source": "t"}], "unpaid": true, "source": "t"}', 'cum_hosp_cnt'), 'outside 21 5000 05 H1', 'county 21 5000 05 H1', 'county 21 5000 06 H1', 'county 21 5000 06 H2'), '{1000.00,1000.00,500.00,1000.00}', 'P13: in the same hospital');
SELECT is(stays(ordinal('{"except": [], "unpaid": true, "source": "t"}', 'cum_area_cnt'), 'outside 21 5000 05 H1', 'county 21 5000 05 H1', 'outside 21 5000 06 H3', 'county 21 5000 06 H2'), '{1000.00,1000.00,500.00,500.00}', 'P13: in places of the same relation');
SELECT is(stays(ordinal('{"except": [], "unpaid": true, "source": "t"}', 'cum_ipt_cnt'), 'outside 21 5000 05 H1', 'county 11 5000 05 H1', 'county 21 5000 06 H3'), '{1000.00,500.00,500.00}', 'P13: an outpatient visit is no stay');
-- what decides it must be known
SELECT throws_ok($$SELECT yibao.settle(ordinal('{"except": [{"when": {"area": "outside"}, "source": "t"}], "unpaid": true, "source": "t"}', 'cal_ipt_cnt'), '{"medfee_sumamt": 1, "inscp_scp_amt": 1, "med_type": "21", "setl_time": "2022-01-01", "area": null}')$$,
  'YB006', NULL, 'whether a stay counts may hang on what is not known');
SELECT throws_ok($$SELECT yibao.policy_ok(ordinal('{"except": [], "unpaid": true, "source": "t"}', 'cal_ipt_cnt') - 'counts')$$, 'YB104', 'key "counts" is missing', 'P13 has no default');
SELECT throws_ok($$SELECT yibao.policy_ok(ordinal('{"except": [], "unpaid": true, "source": "t"}', 'cum_hosp_cnt') - 'counts')$$, 'YB104', 'key "counts" is missing', 'for no counter');
SELECT throws_ok($$SELECT yibao.policy_ok(ordinal('{"except": [], "source": "t"}', 'cal_ipt_cnt'))$$, 'YB104', NULL, 'nor has what becomes of unpaid stays');
SELECT throws_ok($$SELECT yibao.policy_ok(ordinal('{"except": [{"source": "t"}], "unpaid": true, "source": "t"}', 'cal_ipt_cnt'))$$, 'YB104', 'counts.except[0]: key "when" is missing', 'an exception names the stays');
SELECT is((SELECT string_agg(condition || ': ' || effect, '; ' ORDER BY path) FROM yibao.policy_rules(ordinal('{"except": [{"when": {"area": "outside"}, "source": "t"}], "unpaid": false, "source": "t"}', 'cal_ipt_cnt')) WHERE parameter = 'counts'),
  'area = outside: such a stay is not counted; always: a stay for which the basic layer pays nothing is not counted', 'policy_rules says it');
SELECT * FROM finish();
