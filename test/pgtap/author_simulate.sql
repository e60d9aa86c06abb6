-- simulate: what another policy would have cost, and whom it would have helped.
\set ECHO none
SELECT plan(16);
\ir author_setup.psql

-- Three persons, four settlements: by base() 70% above 500, 80% at level 05; one more settlement is reversed.
SELECT yibao.create_poolarea('sim', '620522') \g /dev/null
CREATE FUNCTION doc() RETURNS jsonb LANGUAGE sql AS $$
SELECT take('{layers,1}') || '{"fund": {"split": [{"coverage_year": {">=": 2018}, "outpatient": "0.30", "inpatient": "0.70", "base": "received_income", "kinds": ["contribution"], "after_serious": true,
  "rounding": "half_up_outpatient", "source": "t"}], "on_pool_short": "queue", "next_year_receipts": "income_on_receipt", "source": "t"}}'
$$;
INSERT INTO sim.policy (rules) VALUES (doc());
INSERT INTO sim.receipt (receipt_id, kind, account, received_on, coverage_year, amt, heads, serious_amt) VALUES ('R1', 'contribution', 'fiscal', '2022-01-10', 2022, 20000, 100, 0);
CREATE FUNCTION put(id text, who text, day text, cost numeric, kind text, lv text) RETURNS void LANGUAGE sql AS $$
INSERT INTO sim.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, hosp_lv, area, filing, psn_idet_type, setl_type, fixmedins_code)
VALUES (id, who, '390', day::timestamp, cost, 0, 0, 0, cost, kind, lv, 'county', 'none', '00', '2', 'H1')
$$;
SELECT put('1', 'A', '2022-03-01 10:00', 1500, '21', '01'), put('2', 'A', '2022-04-01 10:00', 2500, '21', '05'),
       put('3', 'B', '2022-03-02 10:00', 1000, '11', '01'), put('4', 'C', '2022-04-02 10:00', 600, '21', '05'), put('5', 'C', '2022-04-03 10:00', 9000, '21', '01') \g /dev/null
INSERT INTO sim.settlement (setl_id, init_setl_id, setl_time, refd_setl_flag) VALUES ('5r', '5', '2022-04-04 10:00', true);

-- Deductible 500 becomes 700; level 05 80% becomes 90%.
CREATE FUNCTION new() RETURNS jsonb LANGUAGE sql AS $$ SELECT edit('{layers,0,deductible,0,amount}', '"700"', edit('{layers,0,ratio,1,ratio}', '"0.90"', doc())) $$;
CREATE FUNCTION sim(a jsonb, b jsonb, what text, which text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
SELECT concat_ws(' ', settlements, persons, hifp_a, hifp_b, psn_a, psn_b, winners, losers) FROM yibao.simulate(a, b, 'sim') WHERE by = what AND value IS NOT DISTINCT FROM which
$$;
-- by hand: 1: (1500-500)x70% = 700, then 800x70% = 560.  2: 2000x80% = 1600, then 1800x90% = 1620.  3: 500x70% = 350, then 300x70% = 210.  4: 100x80% = 80, then 0.
SELECT is(sim(doc(), new(), 'total'), '4 3 2730.00 2390.00 2870.00 3210.00 0 3', 'all claims that stand: 700 + 1600 + 350 + 80, then 560 + 1620 + 210 + 0; the reversed one is not counted [A040]');
SELECT is(sim(doc(), new(), 'pool', 'inpatient'), '3 2 2380.00 2180.00 2220.00 2420.00 0 2', 'the inpatient pool');
SELECT is(sim(doc(), new(), 'pool', 'outpatient'), '1 1 350.00 210.00 650.00 790.00 0 1', 'the outpatient pool');
SELECT is(sim(doc(), new(), 'level', '05'), '2 2 1680.00 1620.00 1420.00 1480.00 1 1', 'at level 05 A gains 20 and C loses 80');
SELECT is(sim(doc(), new(), 'level', '01'), '2 2 1050.00 770.00 1450.00 1730.00 0 2', 'at level 01 both lose');
SELECT is(sim(doc(), new(), 'category', '00'), sim(doc(), new(), 'total'), 'one category is the total');
SELECT is(sim(NULL, new(), 'total'), sim(doc(), new(), 'total'), 'NULL stands for what was settled');
SELECT is(sim(new(), doc(), 'total'), '4 3 2390.00 2730.00 3210.00 2870.00 3 0', 'the other way round those who lost win');
SELECT is(sim(doc(), doc(), 'total'), '4 3 2730.00 2730.00 2870.00 2870.00 0 0', 'the same policy changes nothing');
-- 70% of 20000 is 14000; two clearing months: 14000 / (2380 / 2) = 11.8, 14000 / (2180 / 2) = 12.8
SELECT is((SELECT months_a || ' ' || months_b FROM yibao.simulate(doc(), new(), 'sim') WHERE value = 'inpatient'), '11.8 12.8', 'how many months the inpatient pool lasts');
SELECT is((SELECT count(*) FROM yibao.simulate(doc(), new(), 'sim') WHERE by <> 'pool' AND months_a IS NOT NULL), 0::bigint, 'only pools last');
SELECT is((SELECT count(*) FROM yibao.simulate(doc(), new(), 'sim', 2021)), 0::bigint, 'another year has no claims');
SELECT is((SELECT settlements FROM yibao.simulate(doc(), new(), 'sim', 2022) WHERE by = 'total'), 4::bigint, 'the year has all');
SELECT throws_ok('SELECT * FROM yibao.simulate(doc(), new(), ''none'')', 'YB603', NULL, 'there is no such area');
SELECT throws_ok('SELECT * FROM yibao.simulate(doc(), NULL, ''sim'')', 'YB008', NULL, 'a policy to try must be given');
SELECT throws_ok($$SELECT * FROM yibao.simulate(NULL, edit('{layers,0,ratio,0}', '{"unknown": true, "source": "t"}', doc()), 'sim')$$, 'YB202', NULL, 'a policy that leaves a claim open cannot be tried on it');

SELECT * FROM finish();
