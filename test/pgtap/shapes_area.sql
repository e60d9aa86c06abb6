-- Rule shapes that need a pool area: what the settlement trigger looks up of a person's earlier settlements.
-- Every expected figure is worked out by hand in the comment above it.
\set ECHO none
SELECT no_plan();

CREATE FUNCTION doc(basic jsonb, layers jsonb DEFAULT '[]') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb '{"yibao": 1, "title": {"zh": "形状"}, "insutype": "390", "admdvs": "620522", "valid_from": "2018-01-01", "version_date": "setl_time",
  "sources": {"t": {"doc": "形状试验", "trust": "demo"}},
  "benefits": [{"when": {"med_type": "21"}, "benefit": "inpatient", "pool": "inpatient", "source": "t"},
               {"when": {"med_type": "14"}, "benefit": "chronic", "pool": "outpatient", "source": "t"}],
  "fund": {"split": [{"coverage_year": {">=": 2018}, "outpatient": "0.30", "inpatient": "0.70", "base": "received_income", "kinds": ["contribution"],
    "after_serious": true, "rounding": "half_up_outpatient", "source": "t"}], "on_pool_short": "queue", "source": "t"}}' ||
  jsonb_build_object('layers', jsonb_build_array(jsonb '{"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"],
    "rounding": "layer", "ratio": [{"ratio": "0.60", "source": "t"}]}' || basic) || layers)
$$;
CREATE FUNCTION put(id text, psn text, inscp numeric, more jsonb DEFAULT '{}', area text DEFAULT 'qa') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE (SELECT format('INSERT INTO %I.settlement (%s) VALUES (%s)', area, string_agg(quote_ident(key), ', '), string_agg(quote_nullable(value), ', '))
    FROM jsonb_each_text(jsonb_build_object('setl_id', id, 'psn_no', psn, 'insutype', '390', 'setl_time', '2022-05-01 10:00:00', 'medfee_sumamt', inscp,
      'inscp_scp_amt', inscp, 'fulamt_ownpay_amt', 0, 'overlmt_selfpay', 0, 'preselfpay_amt', 0, 'med_type', '21', 'hosp_lv', '05', 'refl', 'none', 'setl_type', '2', 'fixmedins_code', 'H1') || more));
END $$;
CREATE FUNCTION undo(id text, area text DEFAULT 'qa') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('INSERT INTO %I.settlement (setl_id, setl_time, init_setl_id, refd_setl_flag) VALUES (%L, %L, %L, true)', area, id || '-', '2022-12-31', id);
END $$;

---------------------------------------------------------------- 12: a transfer, linked by the settlement below

SELECT yibao.create_poolarea('qa', '620522') \g /dev/null
INSERT INTO qa.policy (rules) VALUES (doc('{"deductible": [{"when": {"hosp_lv": "09"}, "amount": "200", "per": "visit", "source": "t"}, {"when": {"hosp_lv": {"not": "09"}}, "amount": "800", "per": "visit", "source": "t"}],
  "deductible_adjust": {"transfer": [{"when": {"refl": "up"}, "less": "trsf_dedc", "within_days": 28, "source": "t"}]}}'));
SELECT put('A1', 'PA', 1000, '{"hosp_lv": "09", "begntime": "2022-04-20", "endtime": "2022-05-01 09:00"}');
SELECT put('A2', 'PA', 5000, '{"refl": "up", "trsf_setl_id": "A1", "begntime": "2022-05-01 20:00", "endtime": "2022-06-01"}');
SELECT put('A3', 'PA', 5000, '{"refl": "up", "trsf_setl_id": "A2", "begntime": "2022-06-30", "endtime": "2022-07-01"}');
SELECT put('A4', 'PA', 5000, '{"refl": "up"}');
-- 200; 800 - 200 the same day; 29 days after 1 June the whole 800 again; and without a stay below
SELECT is(ARRAY(SELECT act_pay_dedc FROM qa.settlement WHERE psn_no = 'PA' ORDER BY psn_setl_no), ARRAY[200.00, 600.00, 800.00, 800.00], 'shape 12: the area takes the difference from the settlement that is linked');
SELECT is(ARRAY(SELECT concat_ws('/', trsf_dedc, trsf_days) FROM qa.settlement WHERE psn_no = 'PA' ORDER BY psn_setl_no), ARRAY['0.00', '200.00/0', '600.00/29', '0.00'], 'and keeps what it found');
SELECT is((SELECT sum(amount) FROM yibao.explain_settlement('qa', 'A2') WHERE settles = 'act_pay_dedc'), 600.00, 'it is explained from what is kept');
SELECT throws_ok($$SELECT put('X1', 'PB', 5000, '{"refl": "up", "trsf_setl_id": "A1", "begntime": "2022-05-02"}')$$, 'YB307', NULL, 'another person''s stay is no transfer');
SELECT throws_ok($$SELECT put('X1', 'PA', 5000, '{"refl": "up", "trsf_setl_id": "Z9", "begntime": "2022-05-02"}')$$, 'YB307', NULL, 'nor is one that there is not');
SELECT throws_ok($$SELECT put('X1', 'PA', 5000, '{"refl": "up", "trsf_setl_id": "A1", "begntime": "2022-04-30"}')$$, 'YB307', NULL, 'nor one that ended later');
SELECT throws_ok($$SELECT put('X1', 'PA', 5000, '{"refl": "up", "trsf_setl_id": "A1"}')$$, 'YB006', NULL, 'without an admission time nobody knows how long ago it was');
SELECT throws_ok($$SELECT put('X1', 'PA', 5000, '{"refl": "up", "trsf_setl_id": "A1", "begntime": "2022-05-02", "trsf_dedc": 150}')$$, 'YB504', NULL, 'what is given and differs from the linked stay is refused');
SELECT undo('A4');
SELECT throws_ok($$SELECT put('X1', 'PA', 5000, '{"refl": "up", "trsf_setl_id": "A4", "begntime": "2022-07-02"}')$$, 'YB307', NULL, 'nor is a stay that was reversed');
SELECT put('A5', 'PA', 5000, '{"refl": "up", "trsf_dedc": 500, "trsf_days": 1}');
SELECT is((SELECT act_pay_dedc FROM qa.settlement WHERE setl_id = 'A5'), 300.00, 'a stay that is not here may be given by its figures');

---------------------------------------------------------------- 9: once a year for a group, at one hospital

SELECT yibao.create_poolarea('qb', '620522') \g /dev/null
INSERT INTO qb.policy (rules) VALUES (doc('{"deductible": [{"amount": "400", "per": "year", "source": "t"}, {"when": {"dise_codg": "C"}, "amount": "1000", "per": "year", "group": "tumour", "at": "hospital", "source": "t"}]}'));
SELECT put('G1', 'PG', 600, '{"dise_codg": "C50"}', 'qb'), put('G2', 'PG', 300, '{"dise_codg": "J18"}', 'qb'), put('G3', 'PG', 5000, '{"dise_codg": "C34", "setl_time": "2022-07-01"}', 'qb'), put('G4', 'PG', 5000, '{"dise_codg": "C34", "fixmedins_code": "H2"}', 'qb');
SELECT put('G5', 'PG', 5000, '{"dise_codg": "J18"}', 'qb'), put('G6', 'PG', 5000, '{"dise_codg": "C50", "fixmedins_code": "H2"}', 'qb'), put('G7', 'PG', 5000, '{"dise_codg": "C50", "setl_time": "2023-02-01"}', 'qb');
-- tumour at H1 600, then 400; at H2 1,000, then 0; other stays 300 and 100 of 400; next year 1,000 again
SELECT is(ARRAY(SELECT concat_ws(' ', setl_id, act_pay_dedc, dedc_grp) FROM qb.settlement ORDER BY setl_id),
  ARRAY['G1 600.00 tumour', 'G2 300.00', 'G3 400.00 tumour', 'G4 1000.00 tumour', 'G5 100.00', 'G6 0.00 tumour', 'G7 1000.00 tumour'], 'shape 9: the area counts a group''s deductible apart, hospital by hospital');
SELECT is(ARRAY(SELECT (y.r).act_pay_dedc FROM (SELECT s.setl_id, yibao.replay((SELECT rules FROM qb.policy), s) OVER (PARTITION BY s.psn_no, s.year ORDER BY s.setl_time, s.setl_id COLLATE "C") AS r
    FROM (SELECT setl_id, psn_no, year, psn_setl_no * interval '1 day' + timestamp '2022-05-01' AS setl_time, medfee_sumamt, inscp_scp_amt, med_type, dise_codg, fixmedins_code FROM qb.settlement WHERE year = 2022) s) y ORDER BY setl_id),
  ARRAY[600.00, 300.00, 400.00, 1000.00, 100.00, 0.00], 'replay counts them the same way');
SELECT is((SELECT sum(amount) FROM yibao.explain_settlement('qb', 'G3') WHERE settles = 'act_pay_dedc'), 400.00, 'and it is explained');
SELECT undo('G6', 'qb'), undo('G5', 'qb'), undo('G4', 'qb');
SELECT put('G8', 'PG', 5000, '{"dise_codg": "C34", "fixmedins_code": "H2"}', 'qb');
SELECT is((SELECT act_pay_dedc FROM qb.settlement WHERE setl_id = 'G8'), 1000.00, 'what was reversed no longer counts');
SELECT throws_ok($$SELECT put('G9', 'PG', 5000, '{"dise_codg": "C34", "fixmedins_code": null}', 'qb')$$, 'YB006', NULL, 'of an unknown hospital nobody knows what was paid there');

---------------------------------------------------------------- 38: what the second compensation pays is owed with the first

SELECT yibao.create_poolarea('qc', '620522') \g /dev/null
CREATE FUNCTION upper(code text, dedc text, ratio text, pays text DEFAULT 'centre_advances') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_build_array(jsonb_build_object('code', code, 'pays', 'hifmi_pay', 'base', jsonb '["deductible", "copay"]', 'rounding', 'layer', 'payer', jsonb '{"kind": "external", "name": "承办公司", "source": "t"}' || jsonb_build_object('pays', pays),
  'deductible', jsonb_build_array(jsonb_build_object('amount', dedc, 'per', 'year', 'source', 't')), 'ratio', jsonb_build_array(jsonb_build_object('ratio', ratio, 'source', 't'))))
$$;
CREATE FUNCTION free() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$SELECT jsonb '{"deductible": [{"amount": "0", "per": "visit", "source": "t"}]}'$$;
SELECT throws_ok(format('INSERT INTO qc.policy (rules) VALUES (%L)', doc(free(), upper('serious', '10000', '0.60') || upper('serious_second', '50000', '0.50', 'hospital_direct'))), 'YB105', NULL, 'one column is owed by one payer');
INSERT INTO qc.policy (rules) VALUES (doc(free(), upper('serious', '10000', '0.60') || upper('serious_second', '50000', '0.50')));
SELECT put('M1', 'PM', 200000, '{}', 'qc'), put('M2', 'PM', 200000, '{"setl_time": "2022-08-01"}', 'qc');
-- as above: 42,000, then 48,000 + 10,000
SELECT is(ARRAY(SELECT hifmi_pay FROM qc.settlement ORDER BY setl_id), ARRAY[42000.00, 58000.00], 'shape 38: the area keeps its accumulators');
SELECT is((SELECT concat_ws(' ', cum_m2_base, cum_m2_dedc, cum_m2_pay) FROM qc.person_year_cum), '70000.00 50000.00 10000.00', 'and shows them');
SELECT yibao.create_poolarea('qd', '620522') \g /dev/null
INSERT INTO qd.policy (rules) VALUES (doc(free(), jsonb_set(upper('serious', '0', '0.50'), '{0,pay_on}', '[{"when": {"med_type": "14"}, "days": ["01-31", "09-30"], "source": "t"}]')));
SELECT put('D1', 'PD', 1000, '{}', 'qd'), put('D2', 'PD', 1000, '{"med_type": "14"}', 'qd'), put('D3', 'PD', 1000, '{"med_type": "14", "setl_time": "2022-10-02"}', 'qd');
SELECT undo('D3', 'qd');
-- half of the 400 that basic insurance leaves of 1,000
SELECT is(ARRAY(SELECT concat_ws(' ', setl_id, layer, amount_fen, due) FROM qd.setl_item WHERE layer = 'serious' ORDER BY setl_id), ARRAY['D1 serious 20000', 'D2 serious 20000 2022-09-30', 'D3 serious 20000 2023-01-31', 'D3- serious -20000 2023-01-31'],
  'shape 40: what is owed says from which day on');
SELECT is((SELECT sum(amount_fen) FROM qc.setl_item WHERE layer = 'serious'), 10000000::numeric, 'both are owed by the payer of serious illness');

SELECT * FROM finish();
