-- Stays of the year at this level and at this hospital, counted by the settlement trigger where a rule asks.
-- Figures by hand: deductible 1,000.00; half after a stay at the level; x 0.8 after one at the hospital.
\set ECHO none
SELECT plan(8);

CREATE FUNCTION dedc(id text, med text, level text, hospital text, at text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE d numeric;
BEGIN
  INSERT INTO qc.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, hosp_lv, fixmedins_code)
  VALUES (id, 'P1', '390', at::timestamp, 5000, 0, 0, 0, 5000, med, level, hospital) RETURNING act_pay_dedc INTO d;
  RETURN d;
END $$;

SELECT lives_ok($$SELECT yibao.create_poolarea('qc', '620522')$$, 'an area is made');
INSERT INTO qc.policy (rules) VALUES ('{"yibao": 1, "title": {"zh": "试验"}, "insutype": "390", "admdvs": "620522",
  "valid_from": "2018-09-18", "version_date": "setl_time", "sources": {"t": {"doc": "试验文件", "trust": "demo"}},
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
SELECT * FROM finish();
