-- Parameters of the fund that a policy names (doc/policies.md's table, P30 and P35, and what the fund section adds): every
-- reading with its own figure, worked out by hand, and none of them taken by silence.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT no_plan();

CREATE FUNCTION needed(document jsonb, path text[], message text, about text) RETURNS text LANGUAGE sql AS $$
SELECT throws_like(format('SELECT yibao.policy_ok(%L)', document #- path), '%' || message || '%', about)
$$;
CREATE FUNCTION refused(document jsonb, state text, message text, about text) RETURNS text LANGUAGE sql AS $$
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', document), state::char(5), message, about)
$$;
-- Book an amount; how it was divided: outpatient, inpatient, serious illness, unallocated.
CREATE FUNCTION receive(id text, year int, amount numeric, kind text DEFAULT 'subsidy', heads int DEFAULT NULL, day date DEFAULT '2026-03-01') RETURNS numeric[] LANGUAGE plpgsql AS $$
DECLARE r numeric[];
BEGIN
  INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, heads)
    VALUES (id, receive.kind, 'fiscal', day, year, amount, receive.heads) RETURNING ARRAY[out_amt, ipt_amt, serious_amt, unalloc_amt] INTO r;
  RETURN r;
END $$;

-- A year for each reading; receipts below come late, in 2026.
CREATE FUNCTION splits() RETURNS jsonb LANGUAGE sql AS $$
SELECT jsonb_build_array(
  fund_split('2018', '0.30'),
  fund_split('2019', '0.30', '{"rounding": "floor_residual_inpatient"}'),
  fund_split('2020', '0.30', '{"base": "budget_income", "budget": "1000000.01"}'),
  fund_split('2021', '0.30', '{"base": "budget_income", "budget": "1000000.05", "rounding": "floor_residual_inpatient"}'),
  fund_split('2022', '0.30', '{"base": "budget_income"}'),
  fund_split('2023', '0.30', '{"after_serious": false}'),
  fund_split('2024', '0.30', '{"kinds": ["contribution", "interest"]}'))
$$;
INSERT INTO fa.policy (policy_id, rules) VALUES ('p', fund_doc('2018-01-01', jsonb_build_object('split', splits(),
  'serious', jsonb '{"model": "remit_up", "set_aside": "with_personal_receipt", "per_head": [{"coverage_year": {">=": 2018}, "amount": "65.00", "source": "t"}], "source": "t"}',
  'on_pool_short', 'queue', 'source', 't')));

---------------------------------------------------------------- P30: the odd fen

-- 1,000,000.01 x 30% = 300,000.003 either way (X10); 1,000,000.05 x 30% = 300,000.015
SELECT is(ARRAY[receive('a1', 2018, 1000000.01), receive('b1', 2019, 1000000.01)], ARRAY[[300000.00, 700000.01, 0, 0], [300000.00, 700000.01, 0, 0]], 'P30: 1,000,000.01 is 300,000.00 and 700,000.01 [A032]');
-- the totals 1,000,000.05: .015 rounds to .02 or is cut to .01
SELECT is(receive('a2', 2018, 0.04), ARRAY[0.02, 0.02, 0, 0], 'P30: half up to outpatient: of the total''s 300,000.015 it has 300,000.02 [A032]');
SELECT is(receive('b2', 2019, 0.04), ARRAY[0.01, 0.03, 0, 0], 'P30: cut, the rest to inpatient: 300,000.01 [A032]');

---------------------------------------------------------------- P30: on what has come in, or on the budget

-- budget 1,000,000.01: 600,000 x 30%; 400,000.01 are left of it, to 300,000.00 in all; 99,999.99 are above it
SELECT is(receive('c1', 2020, 600000), ARRAY[180000.00, 420000.00, 0, 0], 'P30: below the budget its share of what comes in');
SELECT is(receive('c2', 2020, 500000), ARRAY[120000.00, 280000.01, 0, 99999.99], 'P30: up to the budget, the odd fen to inpatient; what is above it belongs to no pool');
SELECT is(receive('c3', 2020, 10), ARRAY[0.00, 0.00, 0, 10.00], 'P30: nor does what comes later');
-- on income the same 1,100,000 would be 330,000 and 770,000
SELECT is((SELECT ARRAY[sum(out_amt), sum(ipt_amt), sum(unalloc_amt)] FROM fa.receipt WHERE coverage_year = 2020), ARRAY[300000.00, 700000.01, 100009.99], 'P30: the pools have the shares of the budget');
SELECT is(receive('d1', 2021, 2000000), ARRAY[300000.01, 700000.04, 0, 999999.95], 'P30: with the fen cut: 300,000.015 of 1,000,000.05');
SELECT throws_ok($$SELECT receive('e1', 2022, 100)$$, 'YB303', NULL, 'P30: a budget that the policy does not state is not guessed');
SELECT refused(fund_doc('2018-01-01', jsonb_build_object('on_pool_short', 'queue', 'source', 't', 'split', jsonb_build_array(fund_split('2020', '0.30', '{"budget": "5"}')))), 'YB105', NULL, 'P30: income received has no budget');
SELECT refused(fund_doc('2018-01-01', jsonb_build_object('on_pool_short', 'queue', 'source', 't', 'split', jsonb_build_array(fund_split('{">=": 2020}', '0.30', '{"base": "budget_income", "budget": "5"}')))), 'YB105', NULL,
  'P30: a budget is one year''s');

---------------------------------------------------------------- P30: before or after the serious-illness part

-- 1,000 heads x 65 = 65,000.00; of 165,000.01 100,000.01 x 30% = 30,000.003
SELECT is(receive('a3', 2018, 165000.01, 'contribution', 1000), ARRAY[30000.00, 70000.01, 65000.00, 0], 'P30: after the serious-illness part: 30% of 100,000.01 [A030]');
-- 165,000.01 x 30% = 49,500.003; the premium is a matter of its own: 65,000.00 x 30% = 19,500.00
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, serious_amt) VALUES ('f0', 'contribution', 'fiscal', '2026-03-01', 2023, 0.01, 0);
SELECT throws_ok($$SELECT receive('f1', 2023, 165000, 'contribution', 1000)$$, 'YB303', NULL, 'P30: before it, which pool bears the part a head is open');
INSERT INTO fa.policy (policy_id, rules) VALUES ('q', fund_doc('2025-01-01', jsonb_build_object('split', jsonb_build_array(fund_split('2025', '0.30', '{"after_serious": false}')),
  'serious', jsonb '{"model": "remit_up", "set_aside": "at_remittance", "source": "t"}', 'on_pool_short', 'refuse', 'next_year_receipts', 'income_on_receipt', 'source', 't')));
SELECT is(receive('f2', 2025, 165000.01, 'contribution', NULL, '2025-03-01'), ARRAY[49500.00, 115500.01, 0, 0], 'P30: all that comes in is split: 30% of 165,000.01 [A030]');
INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, amt, doc_no) VALUES ('m1', 'set_aside', 2025, '2025-04-01', 65000.00, 'x');
SELECT results_eq($$SELECT out_amt, ipt_amt FROM fa.premium WHERE premium_id = 'm1'$$, $$VALUES (19500.00, 45500.00)$$, 'P30: and the premium is set aside from both when it is due');

---------------------------------------------------------------- P30: which kinds of receipts

SELECT is(ARRAY[receive('g1', 2024, 100, 'interest'), receive('g2', 2024, 100, 'subsidy')], ARRAY[[30.00, 70.00, 0, 0], [0.00, 0.00, 0, 100.00]], 'P30: only the kinds that the policy names are split');
SELECT is((SELECT receive('g3', 2018, 100, 'interest')), ARRAY[0.00, 0.00, 0, 100.00], 'P30: under another policy the same kind is not');

SELECT needed(fund_doc('2018-01-01', jsonb_build_object('split', splits(), 'on_pool_short', 'queue', 'source', 't')), ARRAY['fund', 'split', '0', key], format('fund.split[0]: key "%s"', key), 'P30: ' || key || ' is stated')
  FROM unnest('{base,kinds,after_serious,rounding,outpatient,inpatient,coverage_year}'::text[]) AS key;
SELECT is_empty($$SELECT * FROM yibao.verify('fa') WHERE NOT ok$$, 'P30: after all of them the books agree');

---------------------------------------------------------------- P35: which pool pays a benefit

-- one document: chronic disease from the outpatient pool, special drugs from the inpatient pool; 1,000 x 50%
CREATE FUNCTION pooled(chronic text) RETURNS jsonb LANGUAGE sql AS $$
SELECT jsonb_set(d, '{benefits}', d -> 'benefits' || jsonb_build_array(jsonb_build_object('when', jsonb '{"med_type": "14"}', 'benefit', 'chronic', 'pool', chronic, 'source', 't')))
FROM fund_doc(CASE chronic WHEN 'outpatient' THEN '2026-01-01' ELSE '2026-02-01' END, jsonb_build_object('split', jsonb_build_array(fund_split('2026', '0.30')), 'on_pool_short', 'queue', 'source', 't')) AS d
$$;
INSERT INTO fa.policy (policy_id, rules) VALUES ('po', pooled('outpatient')), ('pi', pooled('inpatient'));
CREATE TABLE before AS SELECT pool, available FROM fa.pool_status;
INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, inscp_scp_amt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, med_type, setl_type, fixmedins_code)
  SELECT id, id, '390', day::timestamp, 1000, 1000, 0, 0, 0, '14', '2', 'H1' FROM (VALUES ('s1', '2026-01-10'), ('s2', '2026-02-10')) AS v(id, day);
SELECT results_eq($$SELECT setl_id, pool, hifp_pay FROM fa.settlement ORDER BY setl_id$$, $$VALUES ('s1' COLLATE "C", 'outpatient' COLLATE "C", 500.00), ('s2', 'inpatient', 500.00)$$,
  'P35: one benefit, paid by the outpatient pool under one document, by the inpatient pool under the next');
SELECT is(ARRAY(SELECT b.available - available(b.pool) FROM before AS b WHERE pool IN ('inpatient', 'outpatient') ORDER BY pool), ARRAY[500.00, 500.00], 'P35: each has its 500.00 less');
SELECT needed(pooled('outpatient'), '{benefits,2,pool}', 'benefits[2]: key "pool"', 'P35: the pool is stated');
SELECT throws_ok($$INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, inscp_scp_amt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, med_type, setl_type, fixmedins_code)
  VALUES ('s3', 's3', '390', '2026-02-10', 1, 1, 0, 0, 0, '51', '2', 'H1')$$, 'YB201', NULL, 'P35: a visit without a benefit touches no pool');

---------------------------------------------------------------- what the fund section adds

CREATE FUNCTION fund_of(more jsonb) RETURNS jsonb LANGUAGE sql AS $$
SELECT fund_doc('2027-01-01', jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2027}', '0.30')), 'on_pool_short', 'queue', 'source', 't',
  'serious', jsonb '{"model": "remit_up", "set_aside": "with_personal_receipt", "source": "t"}') || more)
$$;
SELECT needed(fund_of('{}'), path::text[], message, about) FROM (VALUES
  ('{fund,on_pool_short}', 'fund: key "on_pool_short"', 'what happens when a pool is short is stated'),
  ('{fund,serious,model}', 'fund.serious: key "model"', 'who runs serious-illness insurance is stated'),
  ('{fund,serious,set_aside}', 'fund.serious: key "set_aside"', 'and when its part is set aside'),
  ('{layers,0,payer,kind}', 'layers[0].payer: key "kind"', 'each layer names its payer'),
  ('{layers,1,payer,pays}', 'layers[1].payer: key "pays"', 'and who hands over the money')) AS v(path, message, about);

-- money for 2028 that comes in 2027
INSERT INTO fa.policy (policy_id, rules) VALUES ('n1', fund_of('{}'));
SELECT throws_ok($$SELECT receive('n1', 2028, 100, 'subsidy', NULL, '2027-12-01')$$, 'YB303', NULL, 'next_year_receipts: unstated, money for next year is not booked');
INSERT INTO fa.policy (policy_id, rules) VALUES ('n2', fund_of('{"next_year_receipts": "temp_until_year_start"}') || '{"valid_from": "2027-02-01"}');
SELECT is(receive('n2', 2028, 100, 'subsidy', NULL, '2027-12-01'), ARRAY[NULL, NULL, NULL, NULL]::numeric[], 'next_year_receipts: held, in no pool before the year begins');
SELECT is(receive('n3', 2028, 100, 'subsidy', NULL, '2028-01-01'), ARRAY[30.00, 70.00, 0, 0], 'next_year_receipts: on 1 January it is');
INSERT INTO fa.policy (policy_id, rules) VALUES ('n4', fund_of('{"next_year_receipts": "income_on_receipt"}') || '{"valid_from": "2029-01-01"}');
SELECT is(receive('n4', 2030, 100, 'subsidy', NULL, '2029-12-01'), ARRAY[30.00, 70.00, 0, 0], 'next_year_receipts: income when it comes');
SELECT * FROM finish();
ROLLBACK;
