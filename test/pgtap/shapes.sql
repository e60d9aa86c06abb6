-- The rule shapes seen in real texts, each as data: "shape N" is its number in the collection that doc/policies.md lists.
-- Every expected figure is worked out by hand in the comment above it.
\set ECHO none
\ir mutations.psql
SELECT no_plan();

CREATE FUNCTION base() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb '{"yibao": 1, "title": {"zh": "形状"}, "insutype": "390", "admdvs": "620522", "valid_from": "2018-01-01", "version_date": "setl_time", "counts": {"except": [], "unpaid": true, "source": "t"},
  "sources": {"t": {"doc": "形状试验", "trust": "demo"}},
  "benefits": [{"when": {"med_type": ["21", "52"]}, "benefit": "inpatient", "pool": "inpatient", "source": "t"},
               {"when": {"med_type": "11"}, "benefit": "outpatient", "pool": "outpatient", "source": "t"},
               {"when": {"med_type": "14"}, "benefit": "chronic", "pool": "outpatient", "source": "t"}],
  "layers": [
   {"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"], "rounding": "layer", "combine": "sum",
    "deductible": [{"amount": "0", "per": "visit", "source": "t"}], "ratio": [{"ratio": "0.60", "source": "t"}]}]}'
$$;
CREATE FUNCTION cited(v jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT CASE jsonb_typeof(v)
  WHEN 'array' THEN (SELECT jsonb_agg(r || '{"source": "t"}') FROM jsonb_array_elements(v) AS r)
  WHEN 'object' THEN (SELECT jsonb_object_agg(k, cited(r)) FROM jsonb_each(v) AS e(k, r))
  ELSE v END
$$;
-- The base document with parameters of its basic layer replaced, e.g. {"ratio": [...], "cap": {...}}.
CREATE FUNCTION basic(parameters jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_set(base(), '{layers,0}', base() #> '{layers,0}' ||
  (SELECT jsonb_object_agg(k, cited(v)) FROM jsonb_each(parameters) AS e(k, v)))
$$;
-- And with a layer above it.
CREATE FUNCTION upper_layer(parameters jsonb, document jsonb DEFAULT base()) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_insert(document, '{layers,-1}', '{"code": "serious", "pays": "hifmi_pay", "base": ["deductible", "copay", "over_cap"], "rounding": "layer",
  "payer": {"kind": "external", "pays": "hospital_direct", "source": "t"}}' ||
  (SELECT jsonb_object_agg(k, CASE WHEN k IN ('deductible', 'ratio', 'cap', 'adjust') THEN cited(v) ELSE v END) FROM jsonb_each(parameters) AS e(k, v)), true)
$$;
CREATE FUNCTION visit(inscp numeric, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_build_object('medfee_sumamt', inscp::text, 'inscp_scp_amt', inscp::text, 'med_type', '21', 'setl_time', '2022-05-01 10:00:00') || more
$$;
CREATE FUNCTION s(document jsonb, inscp numeric, more jsonb DEFAULT '{}') RETURNS yibao.settlement LANGUAGE sql STABLE AS $$
SELECT yibao.settle(mutated(document), visit(inscp, more))
$$;
CREATE FUNCTION pays(document jsonb, inscp numeric, more jsonb DEFAULT '{}') RETURNS numeric LANGUAGE sql STABLE AS $$
SELECT (s(document, inscp, more)).hifp_pay
$$;
CREATE FUNCTION dedc(document jsonb, inscp numeric, more jsonb DEFAULT '{}') RETURNS numeric LANGUAGE sql STABLE AS $$
SELECT (s(document, inscp, more)).act_pay_dedc
$$;
-- The deductibles of the first, second ... stay of a year.
CREATE FUNCTION stays(document jsonb, n integer, more jsonb DEFAULT '{}') RETURNS numeric[] LANGUAGE sql STABLE AS $$
SELECT array_agg(dedc(document, 5000, more || jsonb_build_object('cal_ipt_cnt', i)) ORDER BY i) FROM generate_series(1, n) AS i
$$;
-- A year of visits of these amounts, in order, through replay(): one settlement each.
CREATE FUNCTION year_of(document jsonb, amounts numeric[], more jsonb DEFAULT '{}') RETURNS SETOF yibao.settlement LANGUAGE sql STABLE AS $$
SELECT r FROM (SELECT i, yibao.replay(mutated(document), visit(a, more || jsonb_build_object('psn_no', 'P', 'year', 2022, 'setl_id', lpad(i::text, 4, '0'),
    'setl_time', timestamp '2022-01-01' + i * interval '20 days')))
    OVER (ORDER BY i) AS r FROM unnest(amounts) WITH ORDINALITY AS u(a, i)) x ORDER BY i
$$;

---------------------------------------------------------------- deductibles

-- (10,000 - 200) x 60% = 5,880; (10,000 - 800) x 60% = 5,520
SELECT is(ARRAY[pays(d, 10000, '{"hosp_lv": "09"}'), pays(d, 10000, '{"hosp_lv": "03"}')], ARRAY[5880.00, 5520.00],
  'shape 1: a deductible by level')
FROM basic('{"deductible": [{"when": {"hosp_lv": ["08", "09", "10"]}, "amount": "200", "per": "visit"}, {"when": {"hosp_lv": ["01", "02", "03"]}, "amount": "800", "per": "visit"}]}') AS d;

-- 900 in full, then half, then none
SELECT is(stays(d, 4), ARRAY[900.00, 450.00, 0.00, 0.00], 'shape 2: full, half, none')
FROM basic('{"deductible": [{"amount": "900", "per": "visit"}], "deductible_adjust": {"ordinal": [{"when": {"cal_ipt_cnt": 2}, "multiply": "0.5"}, {"when": {"cal_ipt_cnt": {">=": 3}}, "set": "0"}]}}') AS d;

-- half from the second stay at the same hospital of level 2 and above; a village hospital stays at 500
SELECT is(ARRAY[dedc(d, 5000, '{"hosp_lv": "05", "cum_hosp_cnt": 0}'), dedc(d, 5000, '{"hosp_lv": "05", "cum_hosp_cnt": 1}'), dedc(d, 5000, '{"hosp_lv": "09", "cum_hosp_cnt": 3}')],
  ARRAY[500.00, 250.00, 500.00], 'shape 3: second and later stays at the same hospital pay half')
FROM basic('{"deductible": [{"amount": "500", "per": "visit"}], "deductible_adjust": {"ordinal": [{"when": {"hosp_lv": ["01", "02", "03", "05", "06", "07"], "cum_hosp_cnt": {">=": 1}}, "multiply": "0.5"}]}}') AS d;

-- 500, 400, then the floor of 300
SELECT is(stays(d, 4), ARRAY[500.00, 400.00, 300.00, 300.00], 'shape 4: 100 less with every stay, down to 300')
FROM basic('{"deductible": [{"amount": "500", "per": "visit"}], "deductible_adjust": {"ordinal": [{"add_each": "-100", "floor": "300"}]}}') AS d;

-- 250, 150, 50, 0
SELECT is(stays(d, 5), ARRAY[250.00, 150.00, 50.00, 0.00, 0.00], 'shape 5: 100 less with every stay, down to nothing')
FROM basic('{"deductible": [{"amount": "250", "per": "visit"}], "deductible_adjust": {"ordinal": [{"add_each": "-100", "floor": "0"}]}}') AS d;

-- 720, then 720 x 85% = 612 for good
SELECT is(stays(d, 3), ARRAY[720.00, 612.00, 612.00], 'shape 6: 15% less from the second stay on')
FROM basic('{"deductible": [{"amount": "720", "per": "visit"}], "deductible_adjust": {"ordinal": [{"when": {"cal_ipt_cnt": {">=": 2}}, "multiply": "0.85"}]}}') AS d;

-- 800, 400, then 200 whatever the level
SELECT is(stays(d, 4), ARRAY[800.00, 400.00, 200.00, 200.00], 'shape 7: half the second time, then a fixed 200')
FROM basic('{"deductible": [{"amount": "800", "per": "visit"}], "deductible_adjust": {"ordinal": [{"when": {"cal_ipt_cnt": 2}, "multiply": "0.5"}, {"when": {"cal_ipt_cnt": {">=": 3}}, "set": "200"}]}}') AS d;

-- 1,000 + 1,000 of 2,300 a year, then the 300 left, then nothing
SELECT is(ARRAY(SELECT act_pay_dedc FROM year_of(d, ARRAY[5000, 5000, 5000, 5000])), ARRAY[1000.00, 1000.00, 300.00, 0.00],
  'shape 8: the deductibles of a year are limited to 2,300')
FROM basic('{"deductible": [{"amount": "1000", "per": "visit"}], "deductible_cap": [{"amount": "2300", "per": "year"}]}') AS d;

-- tumour: 1,000 once a year at each hospital, whatever stands between: 1,000; other stays 1,000 each time; the rest of the tumour's first 600; none; at B again 1,000
SELECT is(ARRAY(SELECT act_pay_dedc FROM (SELECT i, yibao.replay(mutated(d), visit(a, jsonb_build_object('psn_no', 'P', 'year', 2022, 'setl_id', i::text, 'dise_codg', dis, 'fixmedins_code', h,
    'setl_time', timestamp '2022-01-01' + i * interval '20 days'))) OVER (ORDER BY i) AS r
  FROM (VALUES (1, 600, 'C50', 'A'), (2, 5000, 'J18', 'A'), (3, 5000, 'C50', 'A'), (4, 5000, 'J18', 'A'), (5, 5000, 'C50', 'A'), (6, 5000, 'C50', 'B')) v(i, a, dis, h)) x, LATERAL (SELECT (r).*) y ORDER BY i),
  ARRAY[600.00, 1000.00, 400.00, 1000.00, 0.00, 1000.00], 'shape 9: tumour once a year at one hospital, apart from other stays')
FROM basic('{"deductible": [{"amount": "1000", "per": "visit"}, {"when": {"dise_codg": "C"}, "amount": "1000", "per": "year", "group": "tumour", "at": "hospital"}]}') AS d;

-- apart: a yearly 400 for chronic disease is not used up by the 1,000 of the tumour, nor the other way round: 400, 1,000, 0, 0
SELECT is(ARRAY(SELECT act_pay_dedc FROM (SELECT i, yibao.replay(mutated(d), visit(5000, jsonb_build_object('psn_no', 'P', 'year', 2022, 'setl_id', i::text, 'dise_codg', dis, 'med_type', '14',
    'setl_time', timestamp '2022-01-01' + i * interval '20 days'))) OVER (ORDER BY i) AS r
  FROM (VALUES (1, 'I10'), (2, 'C50'), (3, 'I10'), (4, 'C50')) v(i, dis)) x, LATERAL (SELECT (r).*) y ORDER BY i),
  ARRAY[400.00, 1000.00, 0.00, 0.00], 'shape 9: a group and the rest of the year count apart')
FROM basic('{"deductible": [{"amount": "400", "per": "year"}, {"when": {"dise_codg": "C"}, "amount": "1000", "per": "year", "group": "tumour"}]}') AS d;

-- 500 fixed for psychiatric stays: neither half for the second nor cut by the year's 700; other stays 800, then 400 of which the year leaves 200 above 500
SELECT is(ARRAY[dedc(d, 5000, '{"dise_codg": "F20", "cal_ipt_cnt": 2}'), dedc(d, 5000, '{"dise_codg": "F20", "cal_ipt_cnt": 2, "cum_ipt_dedc": 600}'), dedc(d, 5000, '{"dise_codg": "J18", "cal_ipt_cnt": 2}'),
  dedc(d, 5000, '{"dise_codg": "J18", "cal_ipt_cnt": 2, "cum_ipt_dedc": 500}')], ARRAY[500.00, 500.00, 400.00, 200.00], 'shape 9: a fixed deductible is not reduced further')
FROM basic('{"deductible": [{"amount": "800", "per": "visit"}, {"when": {"dise_codg": "F"}, "amount": "500", "per": "visit", "fixed": true}],
  "deductible_adjust": {"ordinal": [{"when": {"cal_ipt_cnt": {">=": 2}}, "multiply": "0.5"}]}, "deductible_cap": [{"amount": "700", "per": "year"}]}') AS d;

-- 20% of 8,000 is 1,600, at least 2,000; 20% of 30,000; 20% of 80,000 is 16,000, at most 10,000 (X5)
SELECT is(ARRAY[dedc(d, 8000), dedc(d, 30000), dedc(d, 80000)], ARRAY[2000.00, 6000.00, 10000.00], 'shape 10: 20% of the total, within 2,000 and 10,000')
FROM basic('{"deductible": [{"percent_of": "total", "ratio": "0.20", "min": "2000", "max": "10000", "per": "visit"}]}') AS d;

SELECT is(ARRAY[dedc(d, 5000, '{"area": "county"}'), dedc(d, 5000, '{"area": "other"}')], ARRAY[500.00, 1000.00], 'shape 11: doubled in another county')
FROM basic('{"deductible": [{"amount": "500", "per": "visit"}], "deductible_adjust": {"area": [{"when": {"area": "other"}, "multiply": "2"}]}}') AS d;

SELECT is(ARRAY[dedc(d, 5000, '{"refl": "none"}'), dedc(d, 5000, '{"refl": "down"}')], ARRAY[500.00, 0.00], 'shape 12: none after a transfer down [A081]')
FROM basic('{"deductible": [{"amount": "500", "per": "visit"}], "deductible_adjust": {"referral": [{"when": {"refl": "down"}, "set": "0"}]}}') AS d;

-- up from a hospital of 200: 800 - 200 within 28 days, 800 later, 0 where more was paid below, 800 without a stay below
SELECT is(ARRAY[dedc(d, 5000, '{"refl": "up", "trsf_dedc": 200, "trsf_days": 28}'), dedc(d, 5000, '{"refl": "up", "trsf_dedc": 200, "trsf_days": 29}'),
  dedc(d, 5000, '{"refl": "up", "trsf_dedc": "900.50", "trsf_days": 0}'), dedc(d, 5000, '{"refl": "up"}'), dedc(d, 5000, '{"refl": "none", "trsf_dedc": 200, "trsf_days": 1}')],
  ARRAY[600.00, 800.00, 0.00, 800.00, 800.00], 'shape 12: a transfer up pays the difference, within 28 days')
FROM basic('{"deductible": [{"amount": "800", "per": "visit"}], "deductible_adjust": {"transfer": [{"when": {"refl": "up"}, "less": "trsf_dedc", "within_days": 28}]}}') AS d;

-- the next day goes on with the same deductible of 500, of which 320.50 were paid; the upper hospital's is halved
SELECT is(ARRAY[dedc(d, 5000, '{"refl": "down", "trsf_dedc": "320.50", "trsf_days": 1}'), dedc(d, 5000, '{"refl": "down", "trsf_dedc": "320.50", "trsf_days": 2}'), dedc(e, 5000, '{"refl": "up"}')],
  ARRAY[179.50, 500.00, 250.00], 'shape 12: the same deductible goes on the next day; or it is halved')
FROM basic('{"deductible": [{"amount": "500", "per": "visit"}], "deductible_adjust": {"transfer": [{"less": "trsf_dedc", "within_days": 1}]}}') AS d,
  basic('{"deductible": [{"amount": "500", "per": "visit"}], "deductible_adjust": {"transfer": [{"when": {"refl": "up"}, "multiply": "0.5"}]}}') AS e;

-- two hospitals, two deductibles: what the first took is not taken off the second
SELECT is(ARRAY(SELECT act_pay_dedc FROM year_of(d, ARRAY[5000, 5000], '{"refl": "up"}')), ARRAY[500.00, 500.00], 'shape 13: a transfer to another hospital has its own deductible')
FROM basic('{"deductible": [{"amount": "500", "per": "visit"}]}') AS d;

-- 180 days once, 181 days twice, 400 days three times
SELECT is(ARRAY[dedc(d, 90000, '{"act_ipt_days": 180}'), dedc(d, 90000, '{"act_ipt_days": 181}'), dedc(d, 90000, '{"act_ipt_days": 400}')],
  ARRAY[500.00, 1000.00, 1500.00], 'shape 14: a long stay is a new admission every 180 days')
FROM basic('{"deductible": [{"amount": "500", "per": "visit"}], "deductible_adjust": {"long_stay": [{"each_days": 180}]}}') AS d;

SELECT is(ARRAY[dedc(d, 5000, '{"psn_type": "1501"}'), dedc(d, 5000, '{"psn_type": "1403"}')], ARRAY[1000.00, 500.00], 'shape 15: students half')
FROM basic('{"deductible": [{"amount": "1000", "per": "visit"}], "deductible_adjust": {"student": [{"when": {"psn_type": "14"}, "multiply": "0.5"}]}}') AS d;

-- 400 a year: 150 of the first visit, 250 of the second, none of the third
SELECT is(ARRAY(SELECT act_pay_dedc FROM year_of(d, ARRAY[150, 600, 600], '{"med_type": "14"}')), ARRAY[150.00, 250.00, 0.00], 'shape 16: one deductible a year')
FROM basic('{"deductible": [{"amount": "400", "per": "year"}]}') AS d;

---------------------------------------------------------------- ratios

-- 900 to 4,000 at 53%, above at 72%: 3,100 x 53% + 6,000 x 72% = 5,963 (X6)
SELECT is(pays(d, 10000), 5963.00, 'shape 17: bands by amount')
FROM basic('{"deductible": [{"amount": "900", "per": "visit"}], "ratio": [{"tiers": {"origin": "zero", "measure": "visit", "bands": [["4000", "0.53"], [null, "0.72"]]}}]}') AS d;

-- a year's cost to 40,000 at 75%, to 100,000 at 80%: 30,000 x 75%; 10,000 x 75% + 20,000 x 80%
SELECT is(ARRAY(SELECT hifp_pay FROM year_of(d, ARRAY[30000, 30000])), ARRAY[22500.00, 23500.00], 'shape 18: bands by the year''s cost')
FROM basic('{"ratio": [{"tiers": {"origin": "zero", "measure": "year", "bands": [["40000", "0.75"], ["100000", "0.80"], [null, "0.90"]]}}]}') AS d;

-- 75% + 60 x 0.2% = 87%
SELECT is(pays(d, 10000, '{"age": 60}'), 8700.00, 'shape 19: a ratio that grows with age')
FROM basic('{"ratio": [{"ratio": "0.75", "per_age": "0.002"}]}') AS d;

SELECT is(ARRAY[pays(d, 10000, '{"clct_grde": "1", "hosp_lv": "02"}'), pays(d, 10000, '{"clct_grde": "2", "hosp_lv": "02"}')], ARRAY[5000.00, 5500.00],
  'shape 20: by contribution tier and level')
FROM basic('{"ratio": [{"when": {"clct_grde": "1", "hosp_lv": "02"}, "ratio": "0.50"}, {"when": {"clct_grde": "2", "hosp_lv": "02"}, "ratio": "0.55"}]}') AS d;

-- 85% + 15 points is 100%, limited to 95%
SELECT is(pays(d, 10000, '{"tcm_flag": true}'), 9500.00, 'shape 21: 15 points more for traditional medicine, at most 95%')
FROM basic('{"ratio": [{"ratio": "0.85"}], "adjust": {"tcm": [{"when": {"tcm_flag": true}, "add": "0.15"}]}, "ratio_max": "0.95"}') AS d;

-- (10,000 - 800) x 65% = 5,980; of 2,000 traditional medicine 5% more: on all of it 100; on its share 2,000 x 9,200 / 10,000 = 1,840: 92; on what the deductible leaves, 1,200: 60
SELECT is(ARRAY(SELECT pays(basic(format('{"deductible": [{"amount": "800", "per": "visit"}], "ratio": [{"ratio": "0.65"}], "adjust": {"tcm": [{"add": "0.05", "part": "tcm_inscp", "bears": "%s"}]}}', b)::jsonb),
  10000, '{"tcm_inscp": 2000}') FROM unnest(ARRAY['last', 'share', 'first']) b), ARRAY[6080.00, 6072.00, 6040.00], 'shape 21: 5 points more on the traditional-medicine part alone');

-- 92% of 10,000 = 9,200, of the part of 2,000 it is 1,840; 15 points would be 300, but 95% of the part are 1,900: 60 more
SELECT is(ARRAY[pays(d, 10000, '{"tcm_inscp": 2000}'), pays(d, 10000, '{"tcm_inscp": 0}')], ARRAY[9260.00, 9200.00], 'shape 21: the part is paid at most 95%')
FROM basic('{"ratio": [{"ratio": "0.92"}], "ratio_max": "0.95", "adjust": {"tcm": [{"add": "0.15", "part": "tcm_inscp", "bears": "last"}]}}') AS d;

-- (20,000 - 650) x 65% = 12,577.50 (X7); 6,000 of 20,000 are 30%: 10 points more on 6,000; 5,999.99 are not
SELECT is(ARRAY[pays(d, 20000, '{"tcm_amt": 6000, "tcm_inscp": 6000}'), pays(d, 20000, '{"tcm_amt": "5999.99", "tcm_inscp": "5999.99"}')], ARRAY[13177.50, 12577.50],
  'shape 21: 10 points more on that part where it is 30% of the cost')
FROM basic('{"deductible": [{"amount": "650", "per": "visit"}], "ratio": [{"ratio": "0.65"}], "adjust": {"tcm": [{"when": {"tcm_share": {">=": 3000}}, "add": "0.10", "part": "tcm_inscp", "bears": "last"}]}}') AS d;

-- 65% + 15 for a student; 65% - 3 at a named hospital; both: 77%
SELECT is(ARRAY[pays(d, 10000, '{"psn_type": "1403", "fixmedins_code": "X"}'), pays(d, 10000, '{"psn_type": "1501", "fixmedins_code": "H23010000001"}'),
  pays(d, 10000, '{"psn_type": "1403", "fixmedins_code": "H23010000001"}')], ARRAY[8000.00, 6200.00, 7700.00], 'shape 22: students more, named hospitals less')
FROM basic('{"ratio": [{"ratio": "0.65"}], "adjust": {"student": [{"when": {"psn_type": "14"}, "add": "0.15"}], "named": [{"when": {"fixmedins_code": "H23010000001"}, "add": "-0.03"}]}}') AS d;

-- 70%, 73% after three years, 75% from five on
SELECT is(ARRAY(SELECT pays(d, 10000, jsonb_build_object('cont_years', y)) FROM unnest(ARRAY[0, 3, 5, 9]) y), ARRAY[7000.00, 7300.00, 7500.00, 7500.00],
  'shape 23: a point for every year enrolled, at most five')
FROM basic('{"ratio": [{"ratio": "0.70"}], "adjust": {"years": [{"when": {"cont_years": 1}, "add": "0.01"}, {"when": {"cont_years": 2}, "add": "0.02"}, {"when": {"cont_years": 3}, "add": "0.03"}, {"when": {"cont_years": 4}, "add": "0.04"}, {"when": {"cont_years": {">=": 5}}, "add": "0.05"}]}}') AS d;

-- (6,000 - 2,500) x 50% = 1,750 is below 40% of 6,000 = 2,400
SELECT is(pays(d, 6000, '{"area": "outside"}'), 2400.00, 'shape 24: at least 40% outside the province')
FROM basic('{"deductible": [{"amount": "2500", "per": "visit"}], "ratio": [{"ratio": "0.50"}], "floor": [{"when": {"area": "province"}, "ratio": "0.45", "of": "inscp"}, {"when": {"area": "outside"}, "ratio": "0.40", "of": "inscp"}]}') AS d;

-- 98% would leave 400 of 20,000; at least 5% = 1,000 stays with the person
SELECT is((s(d, 20000)).psn_part_amt, 1000.00, 'shape 25: the person bears at least 5%')
FROM basic('{"ratio": [{"ratio": "0.98"}], "min_self": [{"ratio": "0.05", "of": "total"}]}') AS d;

---------------------------------------------------------------- caps

-- 90,000 of 120,000 enter: x 60% = 54,000
SELECT is(pays(d, 120000), 54000.00, 'shape 26: a cap on eligible cost, not on payment')
FROM basic('{"cap": {"year": [{"per": "year", "on": "eligible", "amount": "90000"}]}}') AS d;

-- 100 x 60% = 60, cut to 35 a visit; 35 + 35 + 30 of 100 a year
SELECT is(ARRAY(SELECT hifp_pay FROM year_of(d, ARRAY[100, 100, 100, 100], '{"med_type": "11"}')), ARRAY[35.00, 35.00, 30.00, 0.00], 'shape 27: caps by visit and by year')
FROM basic('{"cap": {"visit": [{"per": "visit", "on": "payment", "amount": "35"}], "year": [{"per": "year", "on": "payment", "amount": "100", "scope": "benefit"}]}}') AS d;

-- 3,000; one more disease 3,300; six diseases 3,000 + 5 x 300 = 4,500; nine stay at 4,500
SELECT is(ARRAY(SELECT pays(d, 20000, jsonb_build_object('med_type', '14', 'dise_cnt', n)) FROM unnest(ARRAY[1, 2, 6, 9]) n), ARRAY[3000.00, 3300.00, 4500.00, 4500.00],
  'shape 28: 3,000 and 300 for every further disease, at most 4,500')
FROM basic('{"cap": {"disease": [{"per": "year", "on": "payment", "amount": "3000", "each": [{"count": "dise_cnt", "above": 1, "amount": "300"}], "max": "4500", "scope": "benefit"}]}}') AS d;

-- basic 900,000 x 60% = 540,000, serious 50% of 360,000 = 180,000; of 700,000 together 160,000 are left to it
SELECT is((s(d, 900000)).hifmi_pay, 160000.00, 'shape 29: basic and serious illness together at most 700,000')
FROM upper_layer('{"deductible": [{"amount": "0", "per": "year"}], "ratio": [{"ratio": "0.50"}], "cap": {"both": [{"per": "year", "on": "payment", "amount": "700000", "layers": ["basic", "serious"]}]}}') AS d;

SELECT is(ARRAY(SELECT pays(d, 400000, jsonb_build_object('enrol_months', m)) FROM unnest(ARRAY[2, 6, 7, 36]) m), ARRAY[10000.00, 10000.00, 50000.00, 200000.00],
  'shape 30: a cap that grows with the months enrolled')
FROM basic('{"cap": {"months": [{"when": {"enrol_months": {"<=": 6}}, "per": "year", "on": "payment", "amount": "10000"}, {"when": {"enrol_months": {">": 6, "<": 36}}, "per": "year", "on": "payment", "amount": "50000"}, {"when": {"enrol_months": {">=": 36}}, "per": "year", "on": "payment", "amount": "200000"}]}}') AS d;

-- 900 flat; the cost when that is less
SELECT is(ARRAY[pays(d, 3000, '{"med_type": "52", "matn_type": "1"}'), pays(d, 750.50, '{"med_type": "52", "matn_type": "1"}')], ARRAY[900.00, 750.50],
  'shape 32: childbirth at a flat amount, or its cost when that is less')
FROM basic('{"ratio": [{"when": {"med_type": "52"}, "flat": "900"}, {"when": {"med_type": "21"}, "ratio": "0.60"}]}') AS d;

-- a level-3 hospital that charges level-2 prices takes the deductible and ratio of level 2: (10,000 - 400) x 75%
SELECT is(pays(d, 10000, '{"hosp_lv": "02", "lmtpric_hosp_lv": "05"}'), 7200.00, 'shape 33: the level of its prices, not of its licence')
FROM basic('{"deductible": [{"when": {"lmtpric_hosp_lv": "02"}, "amount": "800", "per": "visit"}, {"when": {"lmtpric_hosp_lv": "05"}, "amount": "400", "per": "visit"}], "ratio": [{"when": {"lmtpric_hosp_lv": "02"}, "ratio": "0.60"}, {"when": {"lmtpric_hosp_lv": "05"}, "ratio": "0.75"}]}') AS d;

-- an emergency that led to the stay, or ended in death, is paid as a stay: (4,000 - 500) x 60%; any other from the outpatient pool at 50%
SELECT is(ARRAY[(r1).pool || ' ' || (r1).hifp_pay, (r2).pool || ' ' || (r2).hifp_pay], ARRAY['inpatient 2100.00', 'outpatient 2000.00'], 'shape 34: an emergency merges into the stay')
FROM (SELECT s(d, 4000, '{"med_type": "13", "er_flag": true}') AS r1, s(d, 4000, '{"med_type": "13", "er_flag": false}') AS r2
  FROM jsonb_set(basic('{"deductible": [{"when": {"er_flag": true}, "amount": "500", "per": "visit"}, {"when": {"er_flag": false}, "amount": "0", "per": "visit"}], "ratio": [{"when": {"er_flag": true}, "ratio": "0.60"}, {"when": {"er_flag": false}, "ratio": "0.50"}]}'),
    '{benefits}', '[{"when": {"med_type": "13", "er_flag": true}, "benefit": "inpatient", "pool": "inpatient", "source": "t"}, {"when": {"med_type": "13", "er_flag": false}, "benefit": "outpatient", "pool": "outpatient", "source": "t"}]') AS d OFFSET 0) x;

-- hypertension 300, diabetes 600 a year; 50%
SELECT is(ARRAY[pays(d, 2000, '{"med_type": "14", "dise_codg": "M03900"}'), pays(d, 2000, '{"med_type": "14", "dise_codg": "M01600"}')], ARRAY[300.00, 600.00],
  'shape 35: a limit for each of the two diseases')
FROM basic('{"ratio": [{"ratio": "0.50"}], "cap": {"two": [{"when": {"dise_codg": "M03900"}, "per": "year", "on": "payment", "amount": "300", "scope": "benefit"}, {"when": {"dise_codg": "M01600"}, "per": "year", "on": "payment", "amount": "600", "scope": "benefit"}]}}') AS d;

---------------------------------------------------------------- serious illness and assistance

-- burden 50,000 of 125,000 x 40%; bands in absolute amounts from 10,000 (X4): 6,000 + 14,000 + 8,000
SELECT is((s(d, 125000)).hifmi_pay, 28000.00, 'shape 36: serious illness in absolute bands')
FROM upper_layer('{"deductible": [{"amount": "10000", "per": "year"}], "ratio": [{"tiers": {"origin": "zero", "measure": "year", "bands": [["20000", "0.60"], ["40000", "0.70"], ["60000", "0.80"], [null, "0.90"]]}}]}') AS d;

-- burden 60,000 of 150,000 x 40%; bands on the excess over 5,000 (X1): 6,000 + 6,500 + 21,000 + 3,750
SELECT is((s(d, 150000)).hifmi_pay, 37250.00, 'shape 37: serious illness in bands on the excess')
FROM upper_layer('{"deductible": [{"amount": "5000", "per": "year"}], "ratio": [{"tiers": {"origin": "deductible", "measure": "year", "bands": [["10000", "0.60"], ["20000", "0.65"], ["50000", "0.70"], ["100000", "0.75"], [null, "0.80"]]}}]}') AS d;

-- 200,000: basic 60% leaves 80,000; serious (80,000 - 10,000) x 60% = 42,000 leaves 38,000 below 50,000; 400,000: 160,000, 90,000, leaves 70,000: (70,000 - 50,000) x 50% = 10,000; remote 45%: 9,000
SELECT is(ARRAY[(s(d, 200000, '{"area": "city"}')).hifmi_pay, (s(d, 400000, '{"area": "city"}')).hifmi_pay, (s(d, 400000, '{"area": "outside"}')).hifmi_pay], ARRAY[42000.00, 100000.00, 99000.00],
  'shape 38: half of what serious illness leaves above 50,000, 5 points less for remote care')
FROM upper_layer('{"code": "serious_second", "deductible": [{"amount": "50000", "per": "year"}], "ratio": [{"ratio": "0.50"}], "adjust": {"remote": [{"when": {"area": "outside"}, "add": "-0.05"}]}}',
  upper_layer('{"deductible": [{"amount": "10000", "per": "year"}], "ratio": [{"ratio": "0.60"}]}')) AS d;

-- over the year, in stays of 200,000 and 200,000: 80,000 x 2; serious 42,000 and 48,000; left 38,000 and 32,000, together 70,000: nothing, then (70,000 - 50,000) x 50% = 10,000
SELECT is(ARRAY(SELECT hifmi_pay FROM year_of(d, ARRAY[200000, 200000])), ARRAY[42000.00, 58000.00], 'shape 38: by what the year leaves')
FROM upper_layer('{"code": "serious_second", "deductible": [{"amount": "50000", "per": "year"}], "ratio": [{"ratio": "0.50"}]}',
  upper_layer('{"deductible": [{"amount": "10000", "per": "year"}], "ratio": [{"ratio": "0.60"}]}')) AS d;

-- a special drug: burden 40,000 x 80%; any other cost 50%
SELECT is(ARRAY[(s(d, 100000, '{"med_type": "15"}')).hifmi_pay, (s(d, 100000)).hifmi_pay], ARRAY[32000.00, 20000.00], 'shape 39: special drugs at their own ratio')
FROM upper_layer('{"deductible": [{"amount": "0", "per": "year"}], "ratio": [{"ratio": "0.50"}, {"when": {"med_type": "15"}, "ratio": "0.80"}]}',
  jsonb_set(base(), '{benefits,0,when,med_type}', '["15", "21", "52"]')) AS d;

-- stays with the settlement; chronic visits on 30 September and 31 January: of March, of 30 September itself, of October (next January), of January
SELECT is(ARRAY(SELECT coalesce((s(d, 100000, v)).hifmi_due::text, 'at once') FROM unnest(ARRAY[jsonb '{"med_type": "21", "setl_time": "2022-03-05"}', '{"med_type": "14", "setl_time": "2022-03-05"}',
    '{"med_type": "14", "setl_time": "2022-09-30 23:00"}', '{"med_type": "14", "setl_time": "2022-10-01"}', '{"med_type": "14", "setl_time": "2022-01-15"}']) v),
  ARRAY['at once', '2022-09-30', '2022-09-30', '2023-01-31', '2022-01-31'], 'shape 40: paid with the settlement, chronic disease in the third quarter and next January')
FROM upper_layer('{"deductible": [{"amount": "5000", "per": "year"}], "ratio": [{"ratio": "0.50"}], "pay_on": [{"when": {"med_type": "14"}, "days": ["01-31", "09-30"], "source": "t"}]}') AS d;

-- the yearly 5,000 over both benefits, burdens 4,000 (stay), 8,000 (chronic), 4,000: nothing, (12,000 - 5,000) x 50%, 2,000; a new year begins with 5,000 again
SELECT is(ARRAY(SELECT hifmi_pay FROM (SELECT i, yibao.replay(mutated(d), visit(a, jsonb_build_object('psn_no', 'P', 'year', y, 'setl_id', i::text, 'med_type', m, 'setl_time', make_timestamp(y, 5, i, 0, 0, 0)))) OVER (PARTITION BY y ORDER BY i) AS r
  FROM (VALUES (1, 10000, '21', 2022), (2, 20000, '14', 2022), (3, 10000, '21', 2022), (4, 10000, '21', 2023)) v(i, a, m, y)) x, LATERAL (SELECT (r).*) z ORDER BY i),
  ARRAY[0.00, 3500.00, 2000.00, 0.00], 'shape 40: the deductible once a year over all benefits, and nothing of it carried over')
FROM upper_layer('{"deductible": [{"amount": "5000", "per": "year"}], "ratio": [{"ratio": "0.50"}]}') AS d;

-- filed as local 60%; referred elsewhere -10 points; on one's own -20 points
SELECT is(ARRAY[pays(d, 10000, '{"filing": "longstay"}'), pays(d, 10000, '{"filing": "referral"}'), pays(d, 10000, '{"filing": "none"}')], ARRAY[6000.00, 5000.00, 4000.00],
  'shape 41: points less for care elsewhere, by filing')
FROM basic('{"adjust": {"remote": [{"when": {"filing": ["referral", "urgent"]}, "add": "-0.10"}, {"when": {"filing": ["none", "temp"]}, "add": "-0.20"}]}}') AS d;

-- burden 40,000 x 60% above: nothing; 5%, 10%, 25% of last year's 36,000 (1,800, 3,600, 9,000); a fixed 3,000
SELECT is(ARRAY(SELECT (s(d, 100000, jsonb_build_object('year', 2022, 'psn_idet_type', c))).maf_pay FROM unnest(ARRAY['01', '02', '03', '04', '05']) c),
  ARRAY[24000.00, 22920.00, 21840.00, 18600.00, 22200.00], 'shape 42: a deductible that is a share of last year''s disposable income, or yuan')
FROM upper_layer('{"code": "assistance", "pays": "maf_pay", "payer": {"kind": "other_book", "pays": "hospital_direct", "source": "t"}, "base": ["deductible", "copay"],
  "deductible": [{"when": {"psn_idet_type": "01"}, "amount": "0", "per": "year"}, {"when": {"psn_idet_type": "02"}, "percent_of": "income", "ratio": "0.05", "per": "year"},
    {"when": {"psn_idet_type": "03"}, "percent_of": "income", "ratio": "0.10", "per": "year"}, {"when": {"psn_idet_type": "04"}, "percent_of": "income", "ratio": "0.25", "per": "year"},
    {"when": {"psn_idet_type": "05"}, "amount": "3000", "per": "year"}], "ratio": [{"ratio": "0.60"}]}',
  base() || '{"income": [{"year": 2020, "amount": "34000", "source": "t"}, {"year": 2021, "amount": "36000", "source": "t"}, {"year": 2022, "unknown": true, "source": "t"}]}') AS d;

-- once a year: burdens of 2,000, 4,000 and 4,000, deductible 10% of 36,000: 3,600 = 2,000 + 1,600; 2,400 and 4,000 x 50%; at most half the income of 10,000 in 2020: 5,000 in 2021
SELECT is(ARRAY(SELECT maf_pay FROM year_of(d, ARRAY[5000, 10000, 10000])), ARRAY[0.00, 1200.00, 2000.00], 'shape 42: taken once a year'),
  (s(d, 100000, '{"year": 2021}')).maf_pay AS at_most
FROM upper_layer('{"code": "assistance", "pays": "maf_pay", "payer": {"kind": "other_book", "pays": "hospital_direct", "source": "t"}, "base": ["copay"],
  "deductible": [{"percent_of": "income", "ratio": "0.10", "per": "year"}], "ratio": [{"ratio": "0.50"}], "cap": {"year": [{"percent_of": "income", "ratio": "0.50", "per": "year", "on": "payment"}]}}',
  base() || '{"income": [{"year": 2020, "amount": "10000", "source": "t"}, {"year": 2021, "amount": "36000", "source": "t"}]}') AS d \gset limit_
SELECT :'limit_is';
SELECT is(:'limit_at_most'::numeric, 5000.00, 'shape 42: and a limit that is a share of it');

-- tilt: above 3,000 of what is left 60%, only if referred and inside the province: basic leaves 40,000, (40,000 - 3,000) x 60%
SELECT is(ARRAY[(s(d, 100000, '{"refl": "up", "area": "city"}')).maf_pay, (s(d, 100000, '{"refl": "none", "area": "city"}')).maf_pay, (s(d, 100000, '{"refl": "up", "area": "outside"}')).maf_pay],
  ARRAY[22200.00, 0.00, 0.00], 'shape 43: tilt assistance only after referral and inside the province')
FROM upper_layer('{"code": "tilt", "pays": "maf_pay", "payer": {"kind": "other_book", "pays": "hospital_direct", "source": "t"}, "when": {"refl": ["up", "down"], "area": ["county", "other", "city", "province"]}, "when_source": "t",
  "deductible": [{"amount": "3000", "per": "year"}], "ratio": [{"ratio": "0.60"}]}') AS d;

-- cap 20,000; 6 years enrolled: 2 above 4 x 1,000, one year without a claim 1,000; at most 20% more; 3 gap years take 9,000 away
SELECT is(ARRAY[(s(d, 200000, '{"cont_years": 6, "zero_years": 1, "gap_years": 0}')).hifmi_pay, (s(d, 200000, '{"cont_years": 20, "zero_years": 9, "gap_years": 0}')).hifmi_pay,
  (s(d, 200000, '{"cont_years": 0, "zero_years": 0, "gap_years": 3}')).hifmi_pay], ARRAY[23000.00, 24000.00, 11000.00],
  'shape 44: the cap grows with years enrolled and without a claim, and shrinks with a gap')
FROM upper_layer('{"deductible": [{"amount": "0", "per": "year"}], "ratio": [{"ratio": "0.50"}], "cap": {"year": [{"per": "year", "on": "payment", "amount": "20000", "max": "24000",
  "each": [{"count": "cont_years", "above": 4, "amount": "1000"}, {"count": "zero_years", "above": 0, "amount": "1000"}, {"count": "gap_years", "above": 0, "amount": "-3000"}]}]}}') AS d;

---------------------------------------------------------------- what the new forms refuse

SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', basic('{"deductible_adjust": {"o": [{"add_each": "-100"}]}}')), 'YB104', NULL, 'add_each needs its floor');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', basic('{"deductible_adjust": {"o": [{"multiply": "0.5", "floor": "0"}]}}')), 'YB105', NULL, 'a factor has no floor');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', basic('{"deductible_adjust": {"o": [{"each_days": 0}]}}')), 'YB105', NULL, 'every zero days is refused');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', basic('{"ratio": [{"flat": "900", "per_age": "0.01"}]}')), 'YB105', NULL, 'a flat amount does not grow with age');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', basic('{"cap": {"c": [{"per": "year", "on": "payment", "amount": "1", "max": "2"}]}}')), 'YB104', NULL, 'max without each is refused');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', basic('{"cap": {"c": [{"per": "year", "on": "payment", "amount": "1", "max": "2", "each": [{"count": "hosp_lv", "above": 0, "amount": "1"}]}]}}')),
  'YB105', NULL, 'a level cannot be counted');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', basic('{"deductible_adjust": {"t": [{"less": "act_pay_dedc"}]}}')), 'YB105', NULL, 'only what the stay transferred from took is deducted');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', basic('{"deductible_adjust": {"t": [{"multiply": "0.5", "within_days": 1}]}}')), 'YB105', NULL, 'a factor has no days within which it holds');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', basic('{"adjust": {"t": [{"add": "0.05", "part": "tcm_inscp"}]}}')), 'YB104', NULL, 'what the part bears of the deductible must be said');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', basic('{"adjust": {"t": [{"multiply": "1.1", "part": "tcm_inscp", "bears": "last"}]}}')), 'YB105', NULL, 'a part takes points, no factor');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', basic('{"adjust": {"t": [{"add": "0.05", "bears": "last"}]}}')), 'YB105', NULL, 'without a part nothing bears');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', upper_layer('{"deductible": [{"amount": "0", "per": "year"}], "ratio": [{"ratio": "0.5"}], "adjust": {"t": [{"add": "0.05", "part": "tcm_inscp", "bears": "last"}]}}')),
  'YB105', NULL, 'only the basic layer knows parts');
SELECT unnest(ARRAY[throws_ok(format('SELECT pays(%L, 1000, %L)', d, '{}'), 'YB005', NULL, 'the part must be given'),
  throws_ok(format('SELECT pays(%L, 1000, %L)', d, '{"tcm_inscp": null}'), 'YB006', NULL, 'an unknown part is refused'),
  throws_ok(format('SELECT pays(%L, 1000, %L)', d, '{"tcm_inscp": "1000.01"}'), 'YB003', NULL, 'a part above the whole is refused')])
FROM basic('{"adjust": {"t": [{"add": "0.05", "part": "tcm_inscp", "bears": "last"}]}}') AS d;
SELECT unnest(ARRAY[throws_ok(format('SELECT pays(%L, 1000, %L)', d, '{"trsf_dedc": 100}'), 'YB005', NULL, 'how long ago the transfer was must be given'),
  throws_ok(format('SELECT pays(%L, 1000, %L)', d, '{"trsf_dedc": null}'), 'YB006', NULL, 'an unknown deductible before the transfer is refused')])
FROM basic('{"deductible_adjust": {"t": [{"less": "trsf_dedc", "within_days": 1}]}}') AS d;
CREATE FUNCTION paid_on(rule text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT upper_layer(format('{"deductible": [{"amount": "0", "per": "year"}], "ratio": [{"ratio": "0.5"}], "pay_on": [%s]}', rule)::jsonb)
$$;
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', paid_on('{"days": ["09-30", "01-31"], "source": "t"}')), 'YB107', NULL, 'days of payment ascend');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', paid_on('{"days": ["09-31"], "source": "t"}')), 'YB105', NULL, 'a day of payment is one of the calendar');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', paid_on('{"days": ["09-30"], "at": "settlement", "source": "t"}')), 'YB105', NULL, 'either days or at');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', basic('{"pay_on": [{"days": ["09-30"]}]}')), 'YB105', NULL, 'only serious illness has days of payment');
SELECT is((SELECT sentence FROM yibao.explain(paid_on('{"days": ["09-30"], "source": "t"}'), visit(1000)) WHERE item = 'pay_on'), '大病保险：按规定日期拨付：自 2022-09-30 起可付（形状试验）', 'explain names the day');
SELECT is((s(paid_on('{"when": {"med_type": "21"}, "at": "settlement", "source": "t"}, {"days": ["09-30"], "source": "t"}'), 1000)).hifmi_due, NULL, 'an exception is paid with the settlement');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', basic('{"deductible": [{"amount": "1", "per": "visit", "group": "g"}]}')), 'YB105', NULL, 'a group shares a yearly deductible');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', basic('{"deductible": [{"amount": "1", "per": "year", "at": "hospital"}]}')), 'YB105', NULL, 'without a group nothing counts by hospital');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', basic('{"deductible": [{"amount": "1", "per": "year", "fixed": false}]}')), 'YB105', NULL, 'fixed is true or left out');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', upper_layer('{"deductible": [{"amount": "1", "per": "year", "group": "g"}], "ratio": [{"ratio": "0.5"}]}')), 'YB105', NULL, 'only the basic layer has groups');
SELECT unnest(ARRAY[is((s(d, 5000, '{"cum_grp_dedc": 300}')).act_pay_dedc, 200.00, 'the caller says what the group has paid'),
  is((s(d, 5000, '{"cum_grp_dedc": 300}')).dedc_grp, 'g', 'and is told the group'),
  throws_ok(format('SELECT pays(%L, 1000, %L)', d, '{"cum_grp_dedc": null}'), 'YB006', NULL, 'an unknown deductible of the group is refused')])
FROM basic('{"deductible": [{"amount": "500", "per": "year", "group": "g"}]}') AS d;
CREATE FUNCTION by_income(income jsonb, deductible text DEFAULT '{"percent_of": "income", "ratio": "0.10", "per": "year", "source": "t"}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_set(base(), '{layers,0,deductible}', jsonb_build_array(deductible::jsonb)) || income
$$;
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', by_income('{}')), 'YB104', NULL, 'a share of the income needs the table of incomes');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', by_income('{"income": [{"year": 2021, "amount": "1", "source": "t"}, {"year": 2021, "amount": "2", "source": "t"}]}')), 'YB106', NULL, 'each year once');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', by_income('{"income": [{"year": 2021, "amount": "1"}]}')), 'YB108', NULL, 'an income has a source');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', by_income('{"income": [{"year": 2021, "amount": "1", "unknown": true, "source": "t"}]}')), 'YB105', NULL, 'an income is known or not');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', basic('{"cap": {"c": [{"per": "year", "on": "payment", "amount": "1", "ratio": "1"}]}}')), 'YB105', NULL, 'an amount has no ratio');
SELECT unnest(ARRAY[throws_matching(format('SELECT pays(%L, 1000, %L)', d, '{"year": 2023}'), 'gives no disposable income of 2022', 'an income that the source leaves open is refused'),
  throws_ok(format('SELECT pays(%L, 1000, %L)', d, '{"year": 2024}'), 'YB202', NULL, 'and one that is not there'),
  throws_ok(format('SELECT pays(%L, 1000, %L)', d, '{}'), 'YB005', NULL, 'the benefit year must be given'),
  is((SELECT sentence FROM yibao.explain(d, visit(10000, '{"year": 2022}')) WHERE item = 'deductible'), '基本医保：起付线按上年居民人均可支配收入 36,000.00 元的 10% 计（有上下限的，以其为限），为 3,600.00 元（形状试验）', 'explain names the income'),
  is((SELECT string_agg(effect, ' ' ORDER BY path) FROM yibao.policy_rules(d) WHERE parameter = 'income'), '36000.00 unknown', 'policy_rules lists incomes')])
FROM by_income('{"income": [{"year": 2021, "amount": "36000", "source": "t"}, {"year": 2022, "unknown": true, "source": "t"}]}') AS d;
SELECT throws_matching(format('SELECT pays(%L, 1000, %L)', basic('{"adjust": {"t": [{"when": {"tcm_share": {">=": 3000}}, "add": "0.1"}]}}'), '{}'), 'tcm_amt is not given', 'the share follows from tcm_amt, which is asked for');
SELECT throws_ok(format('SELECT pays(%L, 1000, %L)', basic('{"deductible_adjust": {"long": [{"each_days": 180}]}}'), '{}'), 'YB005', NULL, 'a stay whose days are missing is refused');
SELECT throws_ok(format('SELECT pays(%L, 1000, %L)', basic('{"cap": {"c": [{"per": "year", "on": "payment", "amount": "1", "max": "2", "each": [{"count": "dise_cnt", "above": 0, "amount": "1"}]}]}}'), '{"dise_cnt": null}'),
  'YB006', NULL, 'an unknown number of diseases is refused');

-- every step of the new forms is in what explain adds up: (40,000 - 500 x 3) in the first, 900 in the second
SELECT is((SELECT sum(amount) FROM yibao.explain(d, visit(40000, '{"act_ipt_days": 400}')) WHERE settles = 'act_pay_dedc'), 1500.00, 'explain adds up a deductible due three times')
FROM basic('{"deductible": [{"amount": "500", "per": "visit"}], "deductible_adjust": {"long_stay": [{"each_days": 180}]}}') AS d;
SELECT is((SELECT string_agg(sentence, '') FROM yibao.explain(d, visit(3000, '{"med_type": "52"}'), 'en') WHERE item = 'flat'),
  'Basic insurance: cost 3,000.00 yuan, flat amount 900.00 yuan: the lower, 900.00 yuan, is paid (形状试验)', 'explain says that a flat amount was paid')
FROM basic('{"ratio": [{"flat": "900"}]}') AS d;
SELECT unnest(ARRAY[is((SELECT sum(amount) FROM yibao.explain(d, visit(10000, '{"tcm_inscp": 2000}')) WHERE settles = 'hifp_pay'), 6072.00, 'explain adds up points on a part'),
  is((SELECT sentence FROM yibao.explain(d, visit(10000, '{"tcm_inscp": 2000}')) WHERE item = 'part'), '基本医保：中医药范围内费用可支付部分 1,840.00 元，支付比例提高 5 个百分点，多支付 92.00 元（形状试验）', 'and says so'),
  is((SELECT sentence FROM yibao.explain(d, visit(10000, '{"tcm_inscp": 2000}'), 'en') WHERE item = 'part'),
  'Basic insurance: traditional medicine part of the in-policy amount, of which 1,840.00 yuan are eligible: ratio raised by 5 points, 92.00 yuan more (形状试验)', 'in English too')])
FROM basic('{"deductible": [{"amount": "800", "per": "visit"}], "ratio": [{"ratio": "0.65"}], "adjust": {"tcm": [{"add": "0.05", "part": "tcm_inscp", "bears": "share"}]}}') AS d;

SELECT * FROM finish();
