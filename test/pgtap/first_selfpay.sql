-- First self-pay by a share of the in-policy amount, for remote care: P02, P03, and what serious illness makes of it (P05).
-- Every expected figure is worked out by hand in the comment above it.
\set ECHO none
SELECT no_plan();

-- Deductible 1,000, ratio 70%; remote care has these parameters of the basic layer. Serious illness: from 2,000, 60%.
CREATE FUNCTION doc(more jsonb, base jsonb DEFAULT '["deductible", "copay"]') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_set(jsonb_set(d, '{layers,0}', d #> '{layers,0}' || more), '{layers,1,base}', base) FROM (SELECT jsonb '{"yibao": 1, "title": {"zh": "先行自付"}, "insutype": "390", "admdvs": "371300", "valid_from": "2018-01-01", "version_date": "setl_time",
  "sources": {"t": {"doc": "先行自付试验", "trust": "demo"}},
  "benefits": [{"when": {"med_type": "21"}, "benefit": "inpatient", "pool": "inpatient", "source": "t"}],
  "fund": {"split": [{"coverage_year": {">=": 2018}, "outpatient": "0.30", "inpatient": "0.70", "base": "received_income",
      "kinds": ["contribution"], "after_serious": true, "rounding": "half_up_outpatient", "source": "t"}], "on_pool_short": "queue", "source": "t"},
  "layers": [
   {"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"], "deductible_order": "after_preselfpay", "rounding": "layer",
    "deductible": [{"amount": "1000", "per": "visit", "source": "t"}], "ratio": [{"ratio": "0.70", "source": "t"}]},
   {"code": "serious", "pays": "hifmi_pay", "payer": {"kind": "external", "pays": "hospital_direct", "source": "t"}, "rounding": "layer",
    "deductible": [{"amount": "2000", "per": "year", "source": "t"}], "ratio": [{"ratio": "0.60", "source": "t"}]}]}') AS x(d)
$$;
-- 10% for who has filed, 40% for who has not, before or after the deductible
CREATE FUNCTION remote(stage text, base jsonb DEFAULT '["deductible", "copay"]') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT doc(format('{"first_selfpay": [{"when": {"area": "outside", "filing": {"not": "none"}}, "ratio": "0.10", "stage": "%1$s", "source": "t"},
  {"when": {"area": "outside", "filing": "none"}, "ratio": "0.40", "stage": "%1$s", "source": "t"}]}', stage)::jsonb, base)
$$;
CREATE FUNCTION s(d jsonb, inscp numeric, more jsonb DEFAULT '{}') RETURNS yibao.settlement LANGUAGE sql STABLE AS $$
SELECT yibao.settle(d, jsonb_build_object('medfee_sumamt', inscp, 'inscp_scp_amt', inscp, 'med_type', '21', 'setl_time', '2022-02-03', 'area', 'outside', 'filing', 'temp') || more)
$$;

-- P02: 60% of 9,000 = 5,400
SELECT is((s(d, 10000)).hifp_pay, 5400.00, 'P02: remote care with a lower ratio') FROM doc('{"adjust": {"remote": [{"when": {"area": "outside"}, "add": "-0.10", "source": "t"}]}}') AS d;
-- P02, P03: 10% of 10,000 = 1,000; 9,000 - 1,000 = 8,000 x 70% = 5,600
SELECT is(ARRAY[(x).first_selfpay, (x).act_pay_dedc, (x).hifp_pay], ARRAY[1000.00, 1000.00, 5600.00], 'P02, P03: 10% first self-pay, before the deductible') FROM s(remote('before_deductible'), 10000) AS x;
-- 10,000 - 1,000 = 9,000, 10% of it 900; 8,100 x 70% = 5,670
SELECT is(ARRAY[(x).first_selfpay, (x).act_pay_dedc, (x).hifp_pay], ARRAY[900.00, 1000.00, 5670.00], 'P03: 10% first self-pay, after the deductible') FROM s(remote('after_deductible'), 10000) AS x;
-- unfiled: 4,000; 5,000 x 70% = 3,500
SELECT is(ARRAY[(x).first_selfpay, (x).hifp_pay], ARRAY[4000.00, 3500.00], 'P02: 40% for who has not filed, before the deductible') FROM s(remote('before_deductible'), 10000, '{"filing": "none"}') AS x;
-- 9,000 x 40% = 3,600; 5,400 x 70% = 3,780
SELECT is(ARRAY[(x).first_selfpay, (x).hifp_pay], ARRAY[3600.00, 3780.00], 'P03: 40%, after the deductible') FROM s(remote('after_deductible'), 10000, '{"filing": "none"}') AS x;
-- at home nothing: 9,000 x 70% = 6,300
SELECT is(ARRAY[(x).first_selfpay, (x).hifp_pay], ARRAY[0.00, 6300.00], 'at home there is none') FROM s(remote('before_deductible'), 10000, '{"area": "county"}') AS x;
-- 800: 80, and the deductible takes the other 720; after it: the deductible takes all 800
SELECT is(ARRAY[(x).first_selfpay, (x).act_pay_dedc, (x).hifp_pay], ARRAY[80.00, 720.00, 0.00], 'a small claim, before the deductible') FROM s(remote('before_deductible'), 800) AS x;
SELECT is(ARRAY[(x).first_selfpay, (x).act_pay_dedc, (x).hifp_pay], ARRAY[0.00, 800.00, 0.00], 'a small claim, after the deductible') FROM s(remote('after_deductible'), 800) AS x;
-- 10% of 1,234.55 is 123.455: 123.46; 1,234.55 - 123.46 - 1,000 = 111.09 x 70% = 77.763
SELECT is(ARRAY[(x).first_selfpay, (x).hifp_pay], ARRAY[123.46, 77.76], 'half a fen goes up') FROM s(remote('before_deductible'), 1234.55) AS x;
-- a programme has paid 2,000: 10% of 8,000 = 800; 6,200 x 70% = 4,340
SELECT is(ARRAY[(x).first_selfpay, (x).hifp_pay], ARRAY[800.00, 4340.00], 'what a special programme paid comes off first') FROM s(remote('before_deductible'), 10000, '{"prog_pay": 2000}') AS x;

-- the identities: the split of the cost stays, the person bears what nobody pays
SELECT ok(bool_and((x).fulamt_ownpay_amt + (x).overlmt_selfpay + (x).preselfpay_amt + (x).inscp_scp_amt = (x).medfee_sumamt AND (x).hifp_pay + (x).hifmi_pay + (x).psn_part_amt = (x).medfee_sumamt
    AND (x).first_selfpay + (x).act_pay_dedc <= (x).inscp_scp_amt AND (x).first_selfpay >= 0 AND (x).cum[4] = 100 * ((x).preselfpay_amt + (x).first_selfpay)), 'the parts add up for any amount; the year''s first self-pay is both kinds')
FROM generate_series(1, 3000) AS i, unnest('{before_deductible,after_deductible}'::text[]) AS stage, LATERAL (SELECT yibao.settle(remote(stage), jsonb_build_object('medfee_sumamt', i * 3.37 + 20, 'preselfpay_amt', 20, 'inscp_scp_amt', i * 3.37,
  'med_type', '21', 'setl_time', '2022-02-03', 'area', 'outside', 'filing', CASE WHEN i % 2 = 0 THEN 'none' ELSE 'temp' END)) OFFSET 0) AS y(x);

-- P05: 1,000 deductible and 2,400 copay are left: (3,400 - 2,000) x 60% = 840; with first self-pay 1,000 more: 1,440
SELECT is((s(remote('before_deductible'), 10000)).hifmi_pay, 840.00, 'P05: first self-pay is no part of the serious-illness base');
SELECT is((s(remote('before_deductible', '["deductible", "copay", "first_selfpay"]'), 10000)).hifmi_pay, 1440.00, 'P05: first self-pay is a part of it');
-- class-B self-pay of 500 is another component: (3,400 + 500 - 2,000) x 60% = 1,140
SELECT is((s(remote('before_deductible', '["deductible", "copay", "preselfpay"]'), 10000, '{"medfee_sumamt": 10500, "preselfpay_amt": 500}')).hifmi_pay, 1140.00, 'P05: class-B self-pay is another part');

-- a floor looks at what is left: 90% of 9,000 = 8,100
SELECT is((s(remote('before_deductible') #- '{layers,1}' || jsonb_build_object('layers', jsonb_build_array(remote('before_deductible') #> '{layers,0}' || '{"floor": [{"ratio": "0.90", "of": "inscp", "source": "t"}]}')), 10000)).hifp_pay, 8100.00, 'a floor of the in-policy amount is one of what first self-pay left');
-- 10,000 - 1,000 = 9,000, in fen
SELECT is((s(remote('before_deductible'), 10000)).cum[6], 900000::bigint, 'the year''s in-policy cost is what is left');

-- explained
SELECT results_eq($$SELECT item, base, rate, amount, settles, sentence FROM yibao.explain(remote('after_deductible'), '{"medfee_sumamt": 10000, "inscp_scp_amt": 10000, "med_type": "21", "setl_time": "2022-02-03", "area": "outside", "filing": "temp"}') WHERE item = 'first_self_pay_share'$$,
  $$VALUES ('first_self_pay_share', 9000.00, 0.1000, 900.00, 'first_selfpay', '基本医保：范围内费用 9,000.00 元，个人先行自付 10%，计 900.00 元，其余纳入报销（先行自付试验）')$$, 'the step says what it took of what');
SELECT is((SELECT sentence FROM yibao.explain(remote('after_deductible'), '{"medfee_sumamt": 10000, "inscp_scp_amt": 10000, "med_type": "21", "setl_time": "2022-02-03", "area": "outside", "filing": "temp"}', 'en') WHERE item = 'first_self_pay_share'),
  'Basic insurance: of 9,000.00 yuan in policy 10%, 900.00 yuan, are first self-pay; the rest is reimbursed (先行自付试验)', 'in English too');
SELECT is((SELECT effect FROM yibao.policy_rules(remote('after_deductible')) WHERE path = 'layers[0].first_selfpay[0]'), '0.10 of what the deductible leaves of the in-policy amount', 'policy_rules says it');

-- refusals
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', doc('{"first_selfpay": [{"ratio": "0.10", "source": "t"}]}')), 'YB104', NULL, 'P03: the stage has no default');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', doc('{"first_selfpay": [{"ratio": "0.10", "stage": "between", "source": "t"}]}')), 'YB105', 'layers[0].first_selfpay[0].stage: "between" is not a word of the grammar here', 'P03: a stage of another name');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', doc('{"first_selfpay": [{"stage": "after_deductible", "source": "t"}]}')), 'YB104', NULL, 'no ratio');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', jsonb_set(doc('{}'), '{layers,1,first_selfpay}', '[{"ratio": "0.10", "stage": "after_deductible", "source": "t"}]')), 'YB105', 'layers[1].first_selfpay[0]: first self-pay belongs to the basic layer', 'not in an upper layer');
SELECT throws_ok(format('SELECT s(%L, 10000)', doc('{"first_selfpay": [{"unknown": true, "source": "t"}]}')), 'YB202', NULL, 'a share that the source does not give refuses the claim');

-- in a pool area
SELECT yibao.create_poolarea('qa', '371300') IS NOT NULL AS made \gset
INSERT INTO qa.policy (rules) SELECT remote('before_deductible');
INSERT INTO qa.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, area, filing, fixmedins_code)
VALUES ('S1', 'P', '390', '2022-02-03', 10000, 0, 0, 0, 10000, '21', 'outside', 'temp', 'H');
SELECT is(ARRAY[first_selfpay, preselfpay_amt, inscp_scp_amt, hifp_pay], ARRAY[1000.00, 0, 10000, 5600.00], 'a settlement has it beside the split that was sent') FROM qa.settlement;
INSERT INTO qa.settlement (setl_id, init_setl_id, setl_time) VALUES ('S2', 'S1', '2022-02-04');
SELECT is(first_selfpay, -1000.00, 'a reversal takes it back') FROM qa.settlement WHERE setl_id = 'S2';
SELECT is(count(*), 2::bigint, 'the stored settlement is explained as it was paid') FROM yibao.explain_settlement('qa', 'S1') WHERE settles IN ('first_selfpay', 'hifp_pay') AND amount > 0;

SELECT * FROM finish();
