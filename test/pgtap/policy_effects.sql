-- What a document says is what a claim gets: one case for every form of a rule and of a condition.
-- Every figure is worked out by hand in the name of its test; the amounts are made up.
\set ECHO none
SELECT plan(79);

CREATE FUNCTION base() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb '{"yibao": 1, "title": {"zh": "试验"}, "insutype": "390", "admdvs": "620522", "valid_from": "2018-09-18", "version_date": "setl_time",
  "sources": {"t": {"doc": "试验文件", "trust": "demo"}},
  "benefits": [{"when": {"med_type": "21"}, "benefit": "inpatient", "pool": "inpatient", "source": "t"},
               {"when": {"med_type": "11"}, "benefit": "outpatient", "pool": "outpatient", "source": "t"},
               {"when": {"med_type": "14"}, "benefit": "chronic", "pool": "outpatient", "source": "t"},
               {"when": {"med_type": "2106"}, "benefit": "other", "pool": "inpatient", "source": "t"}],
  "layers": [
   {"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"], "rounding": "layer",
    "deductible": [{"amount": "0", "per": "visit", "source": "t"}], "ratio": [{"ratio": "0.60", "source": "t"}]}]}'
$$;
-- One rule or more for a parameter of the basic layer, each given its source.
CREATE FUNCTION with_source(v jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT CASE jsonb_typeof(v)
  WHEN 'array' THEN (SELECT jsonb_agg(r || '{"source": "t"}') FROM jsonb_array_elements(v) AS r)
  WHEN 'object' THEN (SELECT jsonb_object_agg(k, with_source(r)) FROM jsonb_each(v) AS e(k, r))
  ELSE v END
$$;
CREATE FUNCTION basic(parameter text, v jsonb, document jsonb DEFAULT base()) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_set(document, ARRAY['layers', '0', parameter], with_source(v))
$$;
CREATE FUNCTION upper_layer(layer jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_insert(base(), '{layers,-1}', '{"code": "serious", "pays": "hifmi_pay", "payer": {"kind": "external", "pays": "hospital_direct", "source": "t"},
  "base": ["deductible", "copay"], "rounding": "layer", "deductible": [{"amount": "0", "per": "visit", "source": "t"}], "ratio": [{"ratio": "0.50", "source": "t"}]}' || layer, true)
$$;
CREATE FUNCTION claim(more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb '{"medfee_sumamt": "1000.00", "fulamt_ownpay_amt": "0", "overlmt_selfpay": "0", "preselfpay_amt": "0", "inscp_scp_amt": "1000.00",
  "med_type": "21", "setl_time": "2022-05-01 10:00:00"}' || more
$$;
CREATE FUNCTION pays(document jsonb, more jsonb DEFAULT '{}') RETURNS numeric LANGUAGE sql STABLE AS $$
SELECT (yibao.settle(document, claim(more))).hifp_pay
$$;
CREATE FUNCTION undecided(document jsonb, about text, more jsonb DEFAULT '{}', state text DEFAULT 'YB202') RETURNS text LANGUAGE sql AS $$
SELECT throws_ok(format('SELECT pays(%L, %L)', document, more), state, NULL, about)
$$;

SELECT is(pays(base()), 600.00, '1,000 x 60%');

-- deductible
SELECT is(pays(basic('deductible', '[{"amount": "200", "per": "visit"}]')), 480.00, '(1,000 - 200) x 60%');
SELECT is(pays(basic('deductible', '[{"amount": "200", "per": "year"}]'), '{"cum_ipt_dedc": "150.00"}'), 570.00, 'a yearly deductible of which 150 is used: (1,000 - 50) x 60%');
SELECT is(pays(basic('deductible', '[{"amount": "200", "per": "visit"}]'), '{"cum_ipt_dedc": "150.00"}'), 480.00, 'one for each visit does not look at the year');
SELECT is(pays(basic('deductible', '[{"percent_of": "inscp", "ratio": "0.10", "per": "visit"}]')), 540.00, '10% of 1,000: (1,000 - 100) x 60%');
SELECT is(pays(basic('deductible', '[{"percent_of": "total", "ratio": "0.10", "per": "visit"}]'), '{"medfee_sumamt": "1500", "fulamt_ownpay_amt": "500"}'), 510.00, '10% of the total of 1,500: (1,000 - 150) x 60%');
SELECT is(pays(basic('deductible', '[{"percent_of": "inscp", "ratio": "0.10", "min": "300", "per": "visit"}]')), 420.00, 'at least 300: 700 x 60%');
SELECT is(pays(basic('deductible', '[{"percent_of": "inscp", "ratio": "0.10", "max": "50", "per": "visit"}]')), 570.00, 'at most 50: 950 x 60%');
SELECT undecided(basic('deductible', '[{"unknown": true, "per": "visit"}]'), 'a deductible that no source gives: the claim is not decided');
SELECT is(pays(basic('deductible_adjust', '{"a": [{"multiply": "0.5"}]}', basic('deductible', '[{"amount": "200", "per": "visit"}]'))), 540.00, 'half of 200: 900 x 60%');
SELECT is(pays(basic('deductible_adjust', '{"a": [{"add": "-50"}]}', basic('deductible', '[{"amount": "200", "per": "visit"}]'))), 510.00, '200 - 50: 850 x 60%');
SELECT is(pays(basic('deductible_adjust', '{"a": [{"when": {"refl": "down"}, "set": "0"}]}', basic('deductible', '[{"amount": "200", "per": "visit"}]')), '{"refl": "down"}'), 600.00, '凭下转证明免计起付线: 1,000 x 60% [A081]');
SELECT is(pays(basic('deductible_adjust', '{"a": [{"when": {"refl": "down"}, "set": "0"}]}', basic('deductible', '[{"amount": "200", "per": "visit"}]')), '{"refl": "none"}'), 480.00, 'without it 800 x 60%');
SELECT is(pays(basic('deductible_adjust', '{"1_half": [{"multiply": "0.5"}], "2_less": [{"add": "-50"}]}', basic('deductible', '[{"amount": "200", "per": "visit"}]'))), 570.00, 'in the order of their names: 200 x 0.5 - 50, 950 x 60%');
SELECT is(pays(basic('deductible_adjust', '{"9_half": [{"multiply": "0.5"}], "2_less": [{"add": "-50"}]}', basic('deductible', '[{"amount": "200", "per": "visit"}]'))), 555.00, 'the other way round (200 - 50) x 0.5, 925 x 60%');
SELECT is(pays(basic('deductible_cap', '[{"amount": "250", "per": "year"}]', basic('deductible', '[{"amount": "200", "per": "visit"}]')), '{"cum_ipt_dedc": "200"}'), 570.00, 'deductibles of a year end at 250: 50 are left, 950 x 60%');
SELECT undecided(basic('deductible_cap', '[{"unknown": true}]'), 'an unknown limit of deductibles');

-- ratio
SELECT is(pays(basic('ratio', '[{"tiers": {"origin": "zero", "measure": "visit", "bands": [["400", "0.5"], ["700", "0.6"], [null, "0.8"]]}}]')), 620.00, '400 x 50% + 300 x 60% + 300 x 80%');
SELECT is(pays(basic('ratio', '[{"tiers": {"origin": "zero", "measure": "visit", "bands": [["400", "0.5"], [null, "0.8"]]}}]', basic('deductible', '[{"amount": "100", "per": "visit"}]'))), 630.00, 'P04, from zero: 300 x 50% + 600 x 80%');
SELECT is(pays(basic('ratio', '[{"tiers": {"origin": "deductible", "measure": "visit", "bands": [["400", "0.5"], [null, "0.8"]]}}]', basic('deductible', '[{"amount": "100", "per": "visit"}]'))), 600.00, 'P04, from the deductible: 400 x 50% + 500 x 80%');
SELECT is(pays(basic('ratio', '[{"tiers": {"origin": "zero", "measure": "year", "bands": [["400", "0.5"], [null, "0.8"]]}}]'), '{"cum_ipt_inscp": "300"}'), 770.00, 'by the year, 300 before: 100 x 50% + 900 x 80%');
SELECT is(pays(basic('ratio', '[{"ratio": "0.50", "per_age": "0.002"}]'), '{"age": 70}'), 640.00, '50% + 70 x 0.2%');
SELECT undecided(basic('ratio', '[{"ratio": "0.50", "per_age": "0.002"}]'), 'a ratio by age needs the age', '{}', 'YB005');
SELECT undecided(basic('ratio', '[{"unknown": true}]'), 'a ratio that no source gives: the claim is not decided');
SELECT undecided(basic('ratio', '[{"ratio": "0.5", "when": {"hosp_lv": "05"}}]'), 'a situation that no rule covers', '{"hosp_lv": "06"}', 'YB201');

-- adjust
SELECT is(pays(basic('adjust', '{"a": [{"add": "-0.10"}]}')), 500.00, 'P01, points: 1,000 x (60% - 10%) [A079]');
SELECT is(pays(basic('adjust', '{"a": [{"multiply": "0.9"}]}')), 540.00, 'P01, factor on the ratio: 1,000 x 60% x 0.9 [A079]');
SELECT is(pays(basic('adjust', '{"a": [{"multiply_result": "0.9"}]}')), 540.00, 'P01, factor on the payment: 600 x 0.9 [A079]');
SELECT is(pays(basic('adjust', '{"a": [{"set": "0.55"}]}')), 550.00, 'set to 55%');
SELECT undecided(basic('adjust', '{"a": [{"reduce": "0.10"}]}'), 'P01 left open: the claim is not decided [A079]');
SELECT undecided(basic('adjust', '{"a": [{"unknown": true}]}'), 'an unknown adjustment');
SELECT is(pays(basic('adjust', '{"a": [{"add": "0.10"}], "b": [{"multiply": "1.5"}]}', jsonb_set(base(), '{layers,0,combine}', '"sum"'))), 1000.00, 'P09, sum: 60% + 10 points + 30 points');
SELECT is(pays(basic('adjust', '{"a": [{"add": "0.10"}], "b": [{"multiply": "1.5"}]}', jsonb_set(base(), '{layers,0,combine}', '"best"'))), 900.00, 'P09, best: 90% rather than 70%');
SELECT is(pays(basic('adjust', '{"a": [{"add": "-0.10"}], "b": [{"multiply": "1.5"}]}', jsonb_set(base(), '{layers,0,combine}', '"sequential"'))), 750.00, 'P09, sequential by name: (60% - 10%) x 1.5');
SELECT is(pays(basic('adjust', '{"z": [{"add": "-0.10"}], "b": [{"multiply": "1.5"}]}', jsonb_set(base(), '{layers,0,combine}', '"sequential"'))), 800.00, 'the other name first: 60% x 1.5 - 10%');
SELECT is(pays(basic('adjust', '{"a": [{"add": "0.50"}]}', jsonb_set(base(), '{layers,0,ratio_max}', '"0.95"'))), 950.00, 'no more than 95%');
SELECT is(pays(basic('adjust', '{"a": [{"add": "0.50"}]}')), 1000.00, 'nor than 100%');

-- caps, floor, minimum
SELECT is(pays(basic('cap', '{"a": [{"per": "visit", "on": "payment", "amount": "400"}]}')), 400.00, 'a cap of a visit');
SELECT is(pays(basic('cap', '{"a": [{"per": "year", "on": "payment", "amount": "900"}]}'), '{"cum_ipt_hifp": "500", "cum_otp_hifp": "100"}'), 300.00, 'a yearly cap counts all benefits: 900 - 500 - 100');
SELECT is(pays(basic('cap', '{"a": [{"per": "year", "on": "payment", "scope": "benefit", "amount": "900"}]}'), '{"cum_ipt_hifp": "500", "cum_otp_hifp": "100"}'), 400.00, 'one of the benefit its own: 900 - 500');
SELECT is(pays(basic('cap', '{"a": [{"per": "visit", "on": "eligible", "amount": "800"}]}')), 480.00, 'P06, a cap of eligible cost: 800 x 60%');
SELECT is(pays(basic('cap', '{"a": [{"per": "year", "on": "eligible", "scope": "benefit", "amount": "800"}]}'), '{"cum_ipt_elig": "700"}'), 60.00, 'of which 100 are left: 100 x 60%');
SELECT is(pays(basic('cap', '{"a": [{"per": "visit", "on": "payment", "amount": "400"}], "b": [{"per": "visit", "on": "payment", "amount": "300"}]}')), 300.00, 'of two caps the smaller');
SELECT undecided(basic('cap', '{"a": [{"unknown": true}]}'), 'an unknown cap');
SELECT is(pays(basic('floor', '[{"ratio": "0.70", "of": "inscp"}]')), 700.00, '保底: 70% of 1,000');
SELECT is(pays(basic('floor', '[{"ratio": "0.50", "of": "total"}]'), '{"medfee_sumamt": "1300", "fulamt_ownpay_amt": "300"}'), 650.00, '保底 of the total: 50% of 1,300');
SELECT is(pays(basic('min_self', '[{"ratio": "0.50", "of": "inscp"}]')), 500.00, 'half of 1,000 stays with the person');
SELECT is(pays(basic('min_self', '[{"ratio": "0.50", "of": "total"}]'), '{"medfee_sumamt": "1300", "fulamt_ownpay_amt": "300"}'), 600.00, 'half of 1,300 stays with the person: 600 is less than 650');

-- rounding: 333.33 x 50% + 333.33 x 70% + 333.34 x 90% = 166.665 + 233.331 + 300.006
CREATE FUNCTION thirds(rounding text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT basic('ratio', '[{"tiers": {"origin": "zero", "measure": "visit", "bands": [["333.33", "0.5"], ["666.66", "0.7"], [null, "0.9"]]}}]',
  jsonb_set(base(), '{layers,0,rounding}', to_jsonb(rounding))) $$;
SELECT is(pays(thirds('layer')), 700.00, 'P28, once: 700.002');
SELECT is(pays(thirds('band')), 700.01, 'P28, each band: 166.67 + 233.33 + 300.01');

-- other layers
SELECT is((yibao.settle(upper_layer('{}'), claim())).hifmi_pay, 200.00, 'of the co-payment of 400, 50%');
SELECT is((yibao.settle(upper_layer('{"base": ["copay", "preselfpay"]}'), claim('{"medfee_sumamt": "1100", "preselfpay_amt": "100"}'))).hifmi_pay, 250.00, 'P05, first self-pay counts where the policy says so: (400 + 100) x 50%');
SELECT is((yibao.settle(upper_layer('{}'), claim('{"medfee_sumamt": "1100", "preselfpay_amt": "100"}'))).hifmi_pay, 200.00, 'P05, and not where it does not');
SELECT is((yibao.settle(upper_layer('{"when": {"psn_idet_type": "03"}, "when_source": "t"}'), claim('{"psn_idet_type": "03"}'))).hifmi_pay, 200.00, 'a layer for some: who belongs to them');
SELECT is((yibao.settle(upper_layer('{"when": {"psn_idet_type": "03"}, "when_source": "t"}'), claim('{"psn_idet_type": "00"}'))).hifmi_pay, 0.00, 'and who does not');
SELECT is((yibao.settle(upper_layer('{"cap": {"both": [{"per": "year", "on": "payment", "amount": "1000", "layers": ["basic", "serious"], "source": "t"}]}}'), claim('{"cum_ipt_hifp": "250"}'))).hifmi_pay, 150.00,
  'a cap that two layers share: 1,000 - 250 - 600');

-- conditions: 60% becomes 10% where the condition holds
CREATE FUNCTION holds(condition jsonb, more jsonb) RETURNS boolean LANGUAGE sql STABLE AS $$
SELECT pays(basic('ratio', jsonb_build_array(jsonb_build_object('when', condition, 'ratio', '0.10'), '{"ratio": "0.60"}'::jsonb)), more) = 100
$$;
SELECT is(ARRAY(SELECT holds('{"age": {">=": 60}}', jsonb_build_object('age', a)) FROM generate_series(59, 61) AS a), '{f,t,t}', 'age >= 60');
SELECT is(ARRAY(SELECT holds('{"age": {">": 60}}', jsonb_build_object('age', a)) FROM generate_series(59, 61) AS a), '{f,f,t}', 'age > 60');
SELECT is(ARRAY(SELECT holds('{"age": {"<=": 60}}', jsonb_build_object('age', a)) FROM generate_series(59, 61) AS a), '{t,t,f}', 'age <= 60');
SELECT is(ARRAY(SELECT holds('{"age": {"<": 60}}', jsonb_build_object('age', a)) FROM generate_series(59, 61) AS a), '{t,f,f}', 'age < 60');
SELECT is(ARRAY(SELECT holds('{"age": 60}', jsonb_build_object('age', a)) FROM generate_series(59, 61) AS a), '{f,t,f}', 'age 60');
SELECT is(ARRAY(SELECT holds('{"age": {">": 58, "<=": 60}}', jsonb_build_object('age', a)) FROM generate_series(57, 61) AS a), '{f,f,t,t,f}', 'two bounds');
SELECT is(ARRAY(SELECT holds('{"hosp_lv": ["05", "07"]}', jsonb_build_object('hosp_lv', l)) FROM unnest('{05,06,07}'::text[]) AS l), '{t,f,t}', 'one of several codes');
SELECT is(ARRAY(SELECT holds('{"hosp_lv": {"not": ["05", "07"]}}', jsonb_build_object('hosp_lv', l)) FROM unnest('{05,06,07,14}'::text[]) AS l), '{f,t,f,t}', 'none of several codes');
SELECT is(ARRAY(SELECT holds('{"hosp_lv": {"not": "05"}}', jsonb_build_object('hosp_lv', l)) FROM unnest('{05,06}'::text[]) AS l), '{f,t}', 'not a code');
SELECT is(ARRAY(SELECT holds('{"med_type": "21"}', jsonb_build_object('med_type', m)) FROM unnest('{21,2101,11}'::text[]) AS m), '{t,t,f}', 'a kind of visit covers its subcodes');
SELECT is(ARRAY(SELECT holds('{"med_type": "2101"}', jsonb_build_object('med_type', m)) FROM unnest('{21,2101,2102}'::text[]) AS m), '{f,t,f}', 'a subcode does not cover what it belongs to');
SELECT is(ARRAY(SELECT holds('{"psn_type": "14"}', jsonb_build_object('psn_type', m)) FROM unnest('{1403,15}'::text[]) AS m), '{t,f}', 'a person type covers its subcodes');
SELECT is(ARRAY(SELECT holds('{"dise_codg": ["M05", "E10.1"]}', jsonb_build_object('dise_codg', m)) FROM unnest('{M05,M05.9,M06,E10,E10.1,E10.19}'::text[]) AS m), '{t,t,f,f,t,t}', 'a disease covers what is below it');
SELECT is(ARRAY(SELECT holds('{"fixmedins_code": "H1"}', jsonb_build_object('fixmedins_code', m)) FROM unnest('{H1,H11}'::text[]) AS m), '{t,f}', 'a provider is exactly that provider');
SELECT is(ARRAY(SELECT holds('{"er_flag": true}', jsonb_build_object('er_flag', f)) FROM unnest('{t,f}'::boolean[]) AS f), '{t,f}', 'a flag that is set');
SELECT is(ARRAY(SELECT holds('{"er_flag": false}', jsonb_build_object('er_flag', f)) FROM unnest('{t,f}'::boolean[]) AS f), '{f,t}', 'a flag that is not');
SELECT is(ARRAY(SELECT holds('{"setl_time": {">": "2022-05-01"}}', jsonb_build_object('setl_time', t)) FROM unnest('{2022-05-01 23:59:59,2022-05-02 00:00:00}'::text[]) AS t), '{f,t}', 'after a day is after its end');
SELECT is(ARRAY(SELECT holds('{"setl_time": {"<=": "2022-05-01"}}', jsonb_build_object('setl_time', t)) FROM unnest('{2022-05-01 23:59:59,2022-05-02 00:00:00}'::text[]) AS t), '{t,f}', 'up to a day is up to its end');
SELECT is(ARRAY(SELECT holds('{"medfee_sumamt": {">=": "1000.00"}}', jsonb_build_object('medfee_sumamt', 1000 + x, 'fulamt_ownpay_amt', x)) FROM unnest('{0,0.01}'::numeric[]) AS x), '{t,t}', 'an amount');
SELECT is(pays(basic('ratio', '[{"ratio": "0.60"}, {"ratio": "0.20", "when": {"hosp_lv": "05"}}, {"ratio": "0.30", "when": {"hosp_lv": "05", "refl": "none"}}]'), '{"hosp_lv": "05", "refl": "none"}'), 300.00, 'of three rules that hold the most specific');
SELECT is(pays(basic('ratio', '[{"ratio": "0.60", "id": "all", "over": ["few"]}, {"ratio": "0.20", "id": "few", "when": {"hosp_lv": "05"}}]'), '{"hosp_lv": "05"}'), 600.00, 'over turns that round');
SELECT is(ARRAY(SELECT pays(basic('ratio', '[{"ratio": "0.60", "to": "2022-05-01"}, {"ratio": "0.70", "from": "2022-05-01", "to": "2023-01-01"}, {"ratio": "0.80", "from": "2023-01-01"}]'), jsonb_build_object('setl_time', t))
  FROM unnest('{2022-04-30 23:59:59,2022-05-01 00:00:00,2022-12-31 23:59:59,2023-01-01 00:00:00}'::text[]) AS t), '{600.00,700.00,700.00,800.00}', 'a change of rule holds from its day on [A040]');
SELECT is(pays(basic('ratio', '[{"ratio": "0.60", "to": "2022-05-01"}, {"ratio": "0.70", "from": "2022-05-01"}]', jsonb_set(base(), '{version_date}', '"begntime"')), '{"begntime": "2022-04-30 08:00:00"}'), 600.00,
  'P12: the day of admission picks the rule where the policy says so');

SELECT * FROM finish();
