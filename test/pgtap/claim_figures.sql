-- Figures of real tables, worked out by hand from the published texts named in each test.
\set ECHO none
SELECT plan(33);

-- A document around some layers.
CREATE FUNCTION doc(layers jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_build_object(
  'yibao', 1, 'title', jsonb '{"zh": "试验"}', 'insutype', '390', 'admdvs', '620522',
  'valid_from', '2018-01-01', 'version_date', 'setl_time',
  'sources', jsonb '{"t": {"doc": "试验文件", "trust": "demo"}}',
  'benefits', jsonb '[{"benefit": "inpatient", "pool": "inpatient", "source": "t"}]',
  'layers', layers)
$$;

-- A basic layer with these rules.
CREATE FUNCTION basic(deductible jsonb, ratio jsonb, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_build_object('code', 'basic', 'pays', 'hifp_pay',
  'payer', jsonb '{"kind": "own_fund", "source": "t"}', 'base', jsonb '["inscp"]',
  'deductible_order', 'after_preselfpay', 'deductible', deductible, 'ratio', ratio, 'rounding', 'layer') || more
$$;

CREATE FUNCTION serious(deductible jsonb, ratio jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_build_object('code', 'serious', 'pays', 'hifmi_pay',
  'payer', jsonb '{"kind": "external", "pays": "hospital_direct", "model": "insurer", "source": "t"}',
  'base', jsonb '["deductible", "copay"]',
  'deductible', deductible, 'ratio', ratio, 'rounding', 'layer')
$$;

-- A claim that lies wholly within policy.
CREATE FUNCTION claim(inscp text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_build_object('medfee_sumamt', inscp, 'inscp_scp_amt', inscp, 'med_type', '21',
  'setl_time', '2022-05-01 10:00:00') || more
$$;

CREATE FUNCTION nothing() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT basic('[{"amount": "0.00", "per": "visit", "source": "t"}]', '[{"ratio": "0", "source": "t"}]')
$$;

-- X1, X2, X11: serious illness of Gansu (宁县医保局, 2022). The basic layer pays nothing, so the burden is the claim.
CREATE FUNCTION gansu(origin text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT doc(jsonb_build_array(nothing(), serious(
  '[{"amount": "5000.00", "per": "year", "source": "t"},
    {"when": {"psn_idet_type": "23"}, "amount": "2500.00", "per": "year", "source": "t"}]',
  jsonb_build_array(
    jsonb_build_object('source', 't', 'tiers', jsonb_build_object('origin', origin, 'measure', 'year', 'bands',
      jsonb '[["10000.00", "0.60"], ["20000.00", "0.65"], ["50000.00", "0.70"], ["100000.00", "0.75"], [null, "0.80"]]')),
    jsonb_build_object('source', 't', 'when', jsonb '{"psn_idet_type": "23"}', 'tiers', jsonb_build_object('origin', origin, 'measure', 'year', 'bands',
      jsonb '[["10000.00", "0.65"], ["20000.00", "0.70"], ["50000.00", "0.75"], ["100000.00", "0.80"], [null, "0.85"]]'))))))
$$;
SELECT is((yibao.settle(gansu('deductible'), claim('60000.00', '{"psn_idet_type": "02"}'))).hifmi_pay, 37250.00,
  'X1: Gansu serious illness, burden 60,000: bands on the excess of 55,000 pay 37,250 [A071]');
SELECT is((yibao.settle(gansu('deductible'), claim('60000.00', '{"psn_idet_type": "23"}'))).hifmi_pay, 42000.00,
  'X2: the same for the poor, deductible 2,500 and five points more: 42,000 [A071]');
SELECT is((yibao.settle(gansu('zero'), claim('60000.00', '{"psn_idet_type": "02"}'))).hifmi_pay, 38000.00,
  'X11: the other reading, absolute bands, would pay 38,000: the policy says which [A071]');
SELECT is((yibao.settle(gansu('deductible'),
    claim('20000.00', '{"psn_idet_type": "02", "cum_setl_cnt": 1, "cum_mi_base": "40000.00", "cum_mi_dedc": "5000.00", "cum_mi_pay": "23000.00"}'))).hifmi_pay,
  14250.00, 'a year''s bands go on where the year stood: from 35,000 to 55,000 of excess 10,500 + 3,750 [A071]');

-- X3: inpatient of 牟定 2025
CREATE FUNCTION mouding() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT doc(jsonb_build_array(basic(
  '[{"when": {"hosp_lv": ["08", "09", "10"]}, "amount": "200.00", "per": "visit", "source": "t"},
    {"when": {"hosp_lv": ["05", "06", "07"]}, "amount": "500.00", "per": "visit", "source": "t"},
    {"when": {"hosp_lv": ["01", "02", "03", "04"]}, "amount": "800.00", "per": "visit", "source": "t"}]',
  '[{"when": {"hosp_lv": ["08", "09", "10"]}, "ratio": "0.85", "source": "t"},
    {"when": {"hosp_lv": ["05", "06", "07"]}, "ratio": "0.80", "source": "t"},
    {"when": {"hosp_lv": ["01", "02", "03", "04"]}, "ratio": "0.65", "source": "t"}]',
  '{"cap": {"year": [{"per": "year", "on": "payment", "amount": "150000.00", "source": "t"}]}}')))
$$;
SELECT is((yibao.settle(mouding(), claim('10000.00', '{"hosp_lv": "06"}'))).hifp_pay, 7600.00,
  'X3: Mouding, level 2, 10,000 in policy: (10,000 - 500) x 80% = 7,600 [A070]');
SELECT is((yibao.settle(mouding(), claim('10000.00', '{"hosp_lv": "02"}'))).hifp_pay, 5980.00,
  'Mouding, level 3: (10,000 - 800) x 65% = 5,980 [A070]');
SELECT is((yibao.settle(mouding(), claim('10000.00', '{"hosp_lv": "09"}'))).hifp_pay, 8330.00,
  'Mouding, level 1: (10,000 - 200) x 85% = 8,330 [A070]');
SELECT is((yibao.settle(mouding(), claim('10000.00', '{"hosp_lv": "06", "cum_setl_cnt": 3, "cum_ipt_hifp": "145000.00"}'))).hifp_pay, 5000.00,
  'the yearly cap of 150,000 leaves 5,000 after 145,000 [A035]');
SELECT is((yibao.settle(mouding(), claim('300.00', '{"hosp_lv": "06"}'))).act_pay_dedc, 300.00,
  'the deductible taken is never above the in-policy amount [A070]');

-- X4: serious illness of 牟定
SELECT is((yibao.settle(doc(jsonb_build_array(nothing(), serious(
  '[{"amount": "10000.00", "per": "year", "source": "t"}]',
  '[{"tiers": {"origin": "zero", "measure": "year", "bands": [["20000.00", "0.60"], ["40000.00", "0.70"], ["60000.00", "0.80"], [null, "0.90"]]}, "source": "t"}]'))),
  claim('50000.00'))).hifmi_pay, 28000.00,
  'X4: Mouding serious illness, burden 50,000, absolute bands: 6,000 + 14,000 + 8,000 [A071]');

-- X5: a city of Anhui 2024, other provinces
SELECT is((yibao.settle(doc(jsonb_build_array(basic(
    '[{"percent_of": "total", "ratio": "0.20", "min": "2000.00", "max": "10000.00", "per": "visit", "source": "t"}]',
    '[{"ratio": "0.50", "source": "t"}]'))), claim(t.total))).act_pay_dedc, t.deductible,
  'X5: deductible of 20% of ' || t.total || ', from 2,000 to 10,000: ' || t.deductible || ' [A070]')
FROM (VALUES ('8000.00', 2000.00), ('30000.00', 6000.00), ('80000.00', 10000.00)) AS t(total, deductible);

-- X6: 周口
SELECT is((yibao.settle(doc(jsonb_build_array(basic('[{"amount": "900.00", "per": "visit", "source": "t"}]',
    '[{"tiers": {"origin": "zero", "measure": "visit", "bands": [["4000.00", "0.53"], [null, "0.72"]]}, "source": "t"}]'))),
  claim('10000.00'))).hifp_pay, 5963.00,
  'X6: Zhoukou, city level 3, 10,000: 3,100 x 53% + 6,000 x 72% = 5,963 [A070]');

-- X7: 梅州 2022
SELECT is((yibao.settle(doc(jsonb_build_array(basic(
    '[{"amount": "650.00", "per": "visit", "source": "t"},
      {"when": {"area": "outside", "filing": "none"}, "amount": "1000.00", "per": "visit", "source": "t"}]',
    '[{"ratio": "0.65", "source": "t"},
      {"when": {"area": "outside"}, "ratio": "0.60", "source": "t"},
      {"when": {"area": "outside", "filing": "none"}, "ratio": "0.50", "source": "t"}]'))),
  claim('20000.00', jsonb_build_object('area', t.area, 'filing', t.filing)))).hifp_pay, t.pays,
  'X7: Meizhou, level 3, 20,000, ' || t.area || ', filing ' || t.filing || ': ' || t.pays || ' [A079]')
FROM (VALUES ('city', 'none', 12577.50), ('outside', 'temp', 11610.00), ('outside', 'none', 9500.00)) AS t(area, filing, pays);

-- X8: 连云港
SELECT is((yibao.settle(doc(jsonb_build_array(basic('[{"amount": "200.00", "per": "visit", "source": "t"}]',
    '[{"tiers": {"origin": "zero", "measure": "visit", "bands": [["10000.00", "0.80"], ["100000.00", "0.85"], [null, "0.90"]]}, "source": "t"}]',
    '{"adjust": {"student": [{"when": {"psn_type": "1403"}, "add": "0.10", "source": "t"}]}}'))),
  claim('15000.00', jsonb_build_object('psn_type', t.psn_type)))).hifp_pay, t.pays,
  'X8: Lianyungang, level 1, 15,000, ' || t.who || ': ' || t.pays || ' [A070]')
FROM (VALUES ('adult', '1501', 12090.00), ('student', '1403', 13570.00)) AS t(who, psn_type, pays);

-- X9: 秦安, 20,000 in policy, deductible 1,000, 70%, no referral: what "降低10%" may mean
CREATE FUNCTION qinan(effect jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT doc(jsonb_build_array(basic('[{"amount": "1000.00", "per": "visit", "source": "t"},
    {"when": {"refl": "down"}, "amount": "0", "per": "visit", "source": "t"}]',
  '[{"ratio": "0.70", "source": "t"}]',
  jsonb_build_object('adjust', jsonb_build_object('referral', jsonb_build_array(
    jsonb '{"when": {"refl": "none", "area": ["city", "province"]}, "source": "t"}' || effect))))))
$$;
SELECT is((yibao.settle(qinan(t.effect), claim('20000.00', '{"refl": "none", "area": "city"}'))).hifp_pay, t.pays,
  'X9: no referral, ' || t.effect::text || ': ' || t.pays || ' [A079]')
FROM (VALUES (jsonb '{"add": "-0.10"}', 11400.00), ('{"multiply": "0.9"}', 11970.00), ('{"multiply_result": "0.9"}', 11970.00)) AS t(effect, pays);
SELECT is((yibao.settle(qinan('{"add": "-0.10"}'), claim('20000.00', '{"refl": "up", "area": "city"}'))).hifp_pay, 13300.00,
  'with a referral the ratio is not reduced: 19,000 x 70% [A078]');
SELECT is((yibao.settle(qinan('{"add": "-0.10"}'), claim('20000.00', '{"refl": "down", "area": "county"}'))).hifp_pay, 14000.00,
  'a downward referral pays no deductible: 20,000 x 70% [A081]');
SELECT throws_ok($$SELECT yibao.settle(qinan('{"reduce": "0.10"}'), claim('20000.00', '{"refl": "none", "area": "city"}'))$$, 'YB202', NULL,
  'a reading that the source leaves open is never guessed: YB202 [A079]');
SELECT lives_ok($$SELECT yibao.settle(qinan('{"reduce": "0.10"}'), claim('20000.00', '{"refl": "up", "area": "city"}'))$$,
  'the open reading stops nobody whom it does not concern [A079]');

-- Three layers in one call.
-- basic (50,000 - 1,000) x 70% = 34,300; burden 15,700, serious illness on 10,700: 6,000 + 455 = 6,455;
-- assistance on 15,700 + 5,000 - 6,455 = 14,245: 9,971.50
CREATE FUNCTION three() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT doc(jsonb_build_array(
  basic('[{"amount": "1000.00", "per": "visit", "source": "t"}]', '[{"ratio": "0.70", "source": "t"}]'),
  serious('[{"amount": "5000.00", "per": "year", "source": "t"}]',
    '[{"tiers": {"origin": "deductible", "measure": "year", "bands": [["10000.00", "0.60"], [null, "0.65"]]}, "source": "t"}]'),
  jsonb '{"code": "assistance", "pays": "maf_pay", "payer": {"kind": "other_book", "fund": "ma", "pays": "centre_advances", "source": "t"},
    "base": ["deductible", "copay", "preselfpay"], "deductible": [{"amount": "0", "per": "year", "source": "t"}],
    "ratio": [{"ratio": "0.70", "source": "t"}], "rounding": "layer"}'))
$$;
CREATE TABLE s AS SELECT (yibao.settle(three(), jsonb '{"medfee_sumamt": "60000.00", "fulamt_ownpay_amt": "4000.00",
  "overlmt_selfpay": "1000.00", "preselfpay_amt": "5000.00", "inscp_scp_amt": "50000.00", "med_type": "21",
  "acct_pay": "100.00", "acct_mulaid_pay": "50.00", "hosp_part_amt": "273.50", "setl_time": "2022-05-01"}')).*;
SELECT is(hifp_pay, 34300.00, 'three layers in one call: the pooled fund pays 34,300 [A071]') FROM s;
SELECT is(hifmi_pay, 6455.00, 'three layers in one call: serious illness pays 6,455 [A071]') FROM s;
SELECT is(maf_pay, 9971.50, 'three layers in one call: assistance pays 9,971.50 [A071]') FROM s;
SELECT is(fund_pay_sumamt, 50726.50, 'three layers in one call: together 50,726.50 [A071]') FROM s;
SELECT is(psn_part_amt, 9000.00, 'what is left after the payers and the hospital is the person''s [A070]') FROM s;
SELECT is(psn_cash_pay, 8850.00, 'the exact amount to be paid at the window [A070]') FROM s;
SELECT is(pool_prop_selfpay, 0.7000, 'the pooled fund''s ratio is reported') FROM s;

SELECT * FROM finish();
