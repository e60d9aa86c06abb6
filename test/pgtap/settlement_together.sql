-- Two claims of one person in one INSERT, or in one COPY, count for each other as if they came one by one: what hangs on the
-- claim's own day, disease, hospital or transfer is looked up among rows of the same statement.  Figures by hand.
\set ECHO none
SELECT no_plan();

CREATE FUNCTION doc(basic jsonb, counts jsonb DEFAULT '[]') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb '{"yibao": 1, "title": {"zh": "同一语句"}, "insutype": "390", "admdvs": "620522", "valid_from": "2018-01-01", "version_date": "setl_time",
  "sources": {"t": {"doc": "同一语句试验", "trust": "demo"}},
  "benefits": [{"when": {"med_type": "21"}, "benefit": "inpatient", "pool": "inpatient", "source": "t"}, {"when": {"med_type": "11"}, "benefit": "outpatient", "pool": "outpatient", "source": "t"}],
  "fund": {"split": [{"coverage_year": {">=": 2018}, "outpatient": "0.30", "inpatient": "0.70", "base": "received_income", "kinds": ["contribution"],
    "after_serious": true, "rounding": "half_up_outpatient", "source": "t"}], "on_pool_short": "queue", "source": "t"}}' ||
  jsonb_build_object('counts', jsonb_build_object('except', counts, 'unpaid', true, 'source', 't'),
    'layers', jsonb_build_array(jsonb '{"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"],
    "rounding": "layer", "deductible": [{"amount": "0", "per": "visit", "source": "t"}], "ratio": [{"ratio": "0.50", "source": "t"}]}' || basic))
$$;
-- The claims of a table as one INSERT; it is the table's columns that are given.
CREATE TABLE claim (setl_id text, psn_no text, setl_time timestamp DEFAULT '2022-05-02 10:00', inscp numeric, med_type text DEFAULT '21', dise_codg text, fixmedins_code text DEFAULT 'H1', hosp_lv text DEFAULT '05', area text DEFAULT 'county',
  refl text, begntime timestamp, endtime timestamp, trsf_setl_id text);
CREATE FUNCTION settle_all(area name) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('INSERT INTO %I.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, inscp_scp_amt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, med_type, dise_codg, fixmedins_code, hosp_lv, area, refl, begntime, endtime, trsf_setl_id, setl_type)
    SELECT setl_id, psn_no, ''390'', setl_time, inscp, inscp, 0, 0, 0, med_type, dise_codg, fixmedins_code, hosp_lv, area, refl, begntime, endtime, trsf_setl_id, ''2'' FROM public.claim ORDER BY setl_id', area);
  DELETE FROM claim;
END $$;
CREATE FUNCTION shown(area name, what text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE r text[];
BEGIN
  EXECUTE format('SELECT array_agg(concat_ws('' '', setl_id, %s) ORDER BY setl_id) FROM %I.settlement', what, area) INTO r;
  RETURN r;
END $$;

---------------------------------------------------------------- groups of deductibles

SELECT yibao.create_poolarea('ta', '620522') \g /dev/null
INSERT INTO ta.policy (rules) VALUES (doc('{"deductible": [{"amount": "400", "per": "year", "source": "t"}, {"when": {"dise_codg": "C"}, "amount": "1000", "per": "year", "group": "tumour", "at": "hospital", "source": "t"}]}'));
INSERT INTO claim (setl_id, psn_no, inscp, dise_codg, fixmedins_code) VALUES ('A1', 'P', 600, 'C50', 'H1'), ('A2', 'P', 300, 'J18', 'H1'), ('A3', 'P', 5000, 'C34', 'H1'), ('A4', 'P', 5000, 'C34', 'H2'), ('A5', 'P', 5000, 'J18', 'H2'), ('A6', 'P', 5000, 'C50', 'H2');
SELECT settle_all('ta');
-- at H1 600 and 400 of the tumour's 1,000, at H2 1,000 and 0; 300 and 100 of the other stays' 400
SELECT is(shown('ta', 'act_pay_dedc'), ARRAY['A1 600.00', 'A2 300.00', 'A3 400.00', 'A4 1000.00', 'A5 100.00', 'A6 0.00'], 'shape 9: groups of deductibles in one INSERT');
COPY ta.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, inscp_scp_amt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, med_type, dise_codg, fixmedins_code, setl_type) FROM stdin (DELIMITER ',');
B1,Q,390,2022-05-02 10:00,600,600,0,0,0,21,C50,H1,2
B2,Q,390,2022-05-02 10:00,300,300,0,0,0,21,J18,H1,2
B3,Q,390,2022-05-02 10:00,5000,5000,0,0,0,21,C34,H1,2
B4,Q,390,2022-05-02 10:00,5000,5000,0,0,0,21,C34,H2,2
B5,Q,390,2022-05-02 10:00,5000,5000,0,0,0,21,J18,H2,2
B6,Q,390,2022-05-02 10:00,5000,5000,0,0,0,21,C50,H2,2
\.
SELECT is((shown('ta', 'act_pay_dedc'))[7:], ARRAY['B1 600.00', 'B2 300.00', 'B3 400.00', 'B4 1000.00', 'B5 100.00', 'B6 0.00'], 'shape 9: and in one COPY');

---------------------------------------------------------------- caps of a day, a month, a disease

SELECT yibao.create_poolarea('tb', '620522') \g /dev/null
INSERT INTO tb.policy (rules) VALUES (doc('{"cap": {"day": [{"when": {"dise_codg": {"not": "E10"}}, "per": "day", "on": "payment", "amount": "60", "source": "t"}], "month": [{"per": "month", "on": "payment", "amount": "130", "unused": "lost", "source": "t"}],
  "dise": [{"when": {"dise_codg": "E10"}, "per": "year", "on": "payment", "scope": "disease", "amount": "70", "source": "t"}]}}'));
INSERT INTO claim (setl_id, psn_no, setl_time, inscp, med_type, dise_codg) VALUES ('A1', 'P', '2022-05-02', 80, '11', 'J06'), ('A2', 'P', '2022-05-02 18:00', 80, '11', 'J06'), ('A3', 'P', '2022-05-03', 100, '11', 'E10'),
  ('A4', 'P', '2022-05-04', 80, '11', 'J06'), ('A5', 'P', '2022-06-01', 100, '11', 'E10'), ('A6', 'P', '2022-06-02', 80, '11', 'J06');
SELECT settle_all('tb');
-- 40; 20 of the day's 60; 50; 20 of the month's 130; in June 20 of the disease's 70; 40
SELECT is(shown('tb', 'hifp_pay'), ARRAY['A1 40.00', 'A2 20.00', 'A3 50.00', 'A4 20.00', 'A5 20.00', 'A6 40.00'], 'shape 27: limits of a day, a month and a disease in one INSERT');
COPY tb.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, inscp_scp_amt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, med_type, dise_codg, setl_type, fixmedins_code) FROM stdin (DELIMITER ',');
B1,Q,390,2022-05-02,80,80,0,0,0,11,J06,2,H1
B2,Q,390,2022-05-02 18:00,80,80,0,0,0,11,J06,2,H1
B3,Q,390,2022-05-03,100,100,0,0,0,11,E10,2,H1
B4,Q,390,2022-05-04,80,80,0,0,0,11,J06,2,H1
B5,Q,390,2022-06-01,100,100,0,0,0,11,E10,2,H1
B6,Q,390,2022-06-02,80,80,0,0,0,11,J06,2,H1
\.
SELECT is((shown('tb', 'hifp_pay'))[7:], ARRAY['B1 40.00', 'B2 20.00', 'B3 50.00', 'B4 20.00', 'B5 20.00', 'B6 40.00'], 'shape 27: and in one COPY');

---------------------------------------------------------------- ordinals

SELECT yibao.create_poolarea('tc', '620522') \g /dev/null
INSERT INTO tc.policy (rules) VALUES (doc('{"deductible": [{"amount": "500", "per": "visit", "source": "t"}],
  "deductible_adjust": {"hosp": [{"when": {"cum_hosp_cnt": {">=": 1}}, "multiply": "0.5", "source": "t"}], "year": [{"when": {"cal_ipt_cnt": {">=": 3}}, "add": "-100", "source": "t"}]}}', '[{"when": {"area": "outside"}, "source": "t"}]'));
INSERT INTO claim (setl_id, psn_no, inscp, fixmedins_code, area) VALUES ('A1', 'P', 5000, 'H1', 'county'), ('A2', 'P', 5000, 'H1', 'outside'), ('A3', 'P', 5000, 'H2', 'county'), ('A4', 'P', 5000, 'H1', 'county'), ('A5', 'P', 5000, 'H2', 'county');
SELECT settle_all('tc');
-- 500; 250 at H1 again, not counted as it is outside; 500 at H2, the second that counts; 250 - 100, the third; 250 - 100 at H2
SELECT is(shown('tc', 'act_pay_dedc, cal_ipt_cnt'), ARRAY['A1 500.00 1', 'A2 250.00 2', 'A3 500.00 2', 'A4 150.00 3', 'A5 150.00 4'], 'shape 3: ordinals among stays that count, in one INSERT');
COPY tc.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, inscp_scp_amt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, med_type, fixmedins_code, area, setl_type) FROM stdin (DELIMITER ',');
B1,Q,390,2022-05-02,5000,5000,0,0,0,21,H1,county,2
B2,Q,390,2022-05-02,5000,5000,0,0,0,21,H1,outside,2
B3,Q,390,2022-05-02,5000,5000,0,0,0,21,H2,county,2
B4,Q,390,2022-05-02,5000,5000,0,0,0,21,H1,county,2
B5,Q,390,2022-05-02,5000,5000,0,0,0,21,H2,county,2
\.
SELECT is((shown('tc', 'act_pay_dedc, cal_ipt_cnt'))[6:], ARRAY['B1 500.00 1', 'B2 250.00 2', 'B3 500.00 2', 'B4 150.00 3', 'B5 150.00 4'], 'shape 3: and in one COPY');

---------------------------------------------------------------- a transfer from a stay of the same statement

SELECT yibao.create_poolarea('td', '620522') \g /dev/null
INSERT INTO td.policy (rules) VALUES (doc('{"deductible": [{"when": {"hosp_lv": "09"}, "amount": "200", "per": "visit", "source": "t"}, {"when": {"hosp_lv": {"not": "09"}}, "amount": "800", "per": "visit", "source": "t"}],
  "deductible_adjust": {"transfer": [{"when": {"refl": "up"}, "less": "trsf_dedc", "within_days": 28, "source": "t"}]}}'));
INSERT INTO claim (setl_id, psn_no, inscp, hosp_lv, refl, begntime, endtime, trsf_setl_id) VALUES ('A1', 'P', 1000, '09', 'none', '2022-04-20', '2022-05-01', NULL), ('A2', 'P', 5000, '05', 'up', '2022-05-01 20:00', '2022-06-01', 'A1'), ('A3', 'P', 5000, '02', 'up', '2022-06-02', '2022-06-09', 'A2');
SELECT settle_all('td');
-- 200; 800 - 200; 800 - 600
SELECT is(shown('td', 'act_pay_dedc, trsf_days'), ARRAY['A1 200.00', 'A2 600.00 0', 'A3 200.00 1'], 'shape 12: a transfer from a stay of the same INSERT');
COPY td.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, inscp_scp_amt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, med_type, hosp_lv, refl, begntime, endtime, trsf_setl_id, setl_type, fixmedins_code) FROM stdin (DELIMITER ',', NULL '');
B1,Q,390,2022-05-02,1000,1000,0,0,0,21,09,none,2022-04-20,2022-05-01,,2,H1
B2,Q,390,2022-05-02,5000,5000,0,0,0,21,05,up,2022-05-01 20:00,2022-06-01,B1,2,H1
B3,Q,390,2022-05-02,5000,5000,0,0,0,21,02,up,2022-06-02,2022-06-09,B2,2,H1
\.
SELECT is((shown('td', 'act_pay_dedc, trsf_days'))[4:], ARRAY['B1 200.00', 'B2 600.00 0', 'B3 200.00 1'], 'shape 12: and of the same COPY');

SELECT is((SELECT count(*) FROM unnest('{ta,tb,tc,td}'::text[]) AS a, yibao.verify(a) AS v WHERE NOT v.ok), 0::bigint, 'what is stored verifies');
SELECT * FROM finish();
