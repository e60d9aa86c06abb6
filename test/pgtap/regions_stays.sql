-- Inpatient tables of real areas: each level, person, referral and filing that a table names, and what it leaves open.
-- Figures are worked out by hand from the tables in doc/real-policies.md.
\set ECHO none
\ir regions_setup.psql
SELECT no_plan();

---------------------------------------------------------------- 梅州 2022

-- 10,000 in the city: 9,800 x 95%, 9,550 x 85%, 9,350 x 65%
SELECT is(ARRAY(SELECT basic(doc('meizhou-2022'), stay(10000, lv, '{"area": "city"}')) FROM unnest(ARRAY['09', '06', '02']) lv), ARRAY[9310.00, 8117.50, 6077.50],
  'Meizhou: deductible and ratio of levels 1, 2 and 3');
-- (20,000 - 650) x 65%; (20,000 - 650) x 60%; (20,000 - 1,000) x 50%
SELECT is(ARRAY[basic(doc('meizhou-2022'), stay(20000, '02')), basic(doc('meizhou-2022'), stay(20000, '02', '{"area": "province", "filing": "referral"}')),
    basic(doc('meizhou-2022'), stay(20000, '02', '{"area": "outside", "filing": "none"}'))], ARRAY[12577.50, 11610.00, 9500.00],
  'X7: Meizhou level 3, 20,000: local, outside filed, outside unfiled');
-- filed: the deductible of the level, 60% at every level: 9,800, 9,550, 9,350 x 60%; an emergency counts as filed
SELECT is(ARRAY(SELECT basic(doc('meizhou-2022'), stay(10000, lv, '{"area": "outside", "filing": "urgent"}')) FROM unnest(ARRAY['09', '06', '02']) lv), ARRAY[5880.00, 5730.00, 5610.00],
  'Meizhou outside: an emergency counts as filed, the deductible is that of the level [P24]');
-- unfiled: 1,000 and 50% whatever the level, also none: 9,000 x 50%
SELECT is(ARRAY(SELECT basic(doc('meizhou-2022'), stay(10000, lv, '{"area": "outside"}')) FROM unnest(ARRAY['09', '11']) lv), ARRAY[4500.00, 4500.00],
  'Meizhou outside, unfiled: one deductible and ratio for all levels');
-- below and at the deductible nothing is paid; a fen above, 0.01 x 65% rounds to 0.01
SELECT is(ARRAY(SELECT basic(doc('meizhou-2022'), stay(a, '02')) FROM unnest(ARRAY[649.99, 650, 650.01]) a), ARRAY[0.00, 0.00, 0.01], 'Meizhou: the deductible to the fen [P18]');
-- 100,000 x 95% leaves 5,200 of 100,200, and 5% of that are 5,010
SELECT is(basic(doc('meizhou-2022'), stay(100200, '09')), 95000.00, 'Meizhou level 1: the deductible keeps the personal share above 5%');
-- 19,350 x 65% = 12,577.50; 6,000 are 30% of the cost and bear 30% of the deductible: 6,000 - 195 = 5,805 x 10% = 580.50; 5,999.99 are less than 30%
SELECT is(ARRAY(SELECT basic(doc('meizhou-2022'), stay(20000, '02', jsonb_build_object('tcm_amt', t, 'tcm_inscp', t))) FROM unnest(ARRAY['6000', '5999.99']) t), ARRAY[13158.00, 12577.50],
  'Meizhou: ten points more on traditional medicine when it is 30% of a stay [shape 21, P18]');
-- all of it traditional: 9,800 x 95%, and points to at most 100% of the part, 490, would leave 200: at least 5% of 10,000 stay
SELECT is(basic(doc('meizhou-2022'), stay(10000, '09', '{"tcm_amt": "10000", "tcm_inscp": "10000"}')), 9500.00, 'Meizhou: the pooled fund leaves at least 5% of the cost [shape 25]');
-- 39,350 x 65% = 25,577.50; burden 650 + 13,772.50 = 14,422.50; over 7,000: 7,422.50 x 75% = 5,566.875
SELECT is(settled(doc('meizhou-2022'), stay(40000, '02')), '25577.50 5566.88 0.00 8855.62', 'Meizhou: serious illness 75% of what exceeds 7,000');
-- outside unfiled: 39,000 x 50% = 19,500; burden 20,500, over 7,000: 13,500 x 65% = 8,775
SELECT is(settled(doc('meizhou-2022'), stay(40000, '02', '{"area": "outside"}')), '19500.00 8775.00 0.00 11725.00', 'Meizhou outside unfiled: serious illness 65%');
-- the poor: (14,422.50 - 100) x 85% = 12,174.125; unfiled (20,500 - 100) x 75% = 15,300
SELECT is(ARRAY[settled(doc('meizhou-2022'), stay(40000, '02', '{"psn_idet_type": "2301"}')), settled(doc('meizhou-2022'), stay(40000, '02', '{"area": "outside", "psn_idet_type": "2303"}'))],
  ARRAY['25577.50 12174.13 0.00 2248.37', '19500.00 15300.00 0.00 5200.00'], 'Meizhou, the poor: serious illness from 100, ten points more');
-- 1,000,000 at level 3: 649,577.50 cut at 500,000; burden 500,000: 493,000 x 75% = 369,750, at most 200,000
SELECT is(settled(doc('meizhou-2022'), stay(1000000, '02')), '500000.00 200000.00 0.00 300000.00', 'Meizhou: 500,000 and 200,000 a year');
-- 900,000 outside, unfiled: 899,000 x 50% = 449,500; burden 450,500: 443,500 x 65% = 288,275, at most 200,000
SELECT is(settled(doc('meizhou-2022'), stay(900000, '02', '{"area": "outside"}')), '449500.00 200000.00 0.00 250500.00', 'Meizhou: 200,000 of serious illness, also where the pooled fund is not used up');
-- the poor have no cap of serious illness: 499,900 x 85% = 424,915
SELECT is(settled(doc('meizhou-2022'), stay(1000000, '02', '{"psn_idet_type": "03"}')), '500000.00 424915.00 0.00 75085.00', 'Meizhou, the poor: no cap of serious illness');
-- level 1, 600,000: 569,810 cut at 500,000, burden 100,000: 99,900 x 85% = 84,915, which would leave 15,085: at least 5% = 30,000 stay
SELECT is(settled(doc('meizhou-2022'), stay(600000, '09', '{"psn_idet_type": "2301"}')), '500000.00 70000.00 0.00 30000.00', 'Meizhou: 5% of the cost of a stay stays with the person, poor or not');
SELECT is(ARRAY(SELECT r.hifp_pay FROM year_of(doc('meizhou-2022'), stay(800000, '02'), stay(10000, '02')) r), ARRAY[500000.00, 0.00], 'Meizhou: the cap is of the year');
SELECT matches(refusal(doc('meizhou-2022'), stay(10000, '11')), '^YB202 .*无等级医疗机构', 'Meizhou: a provider without a level is refused');
SELECT matches(refusal(doc('meizhou-2022'), visit(100, '14')), '^YB202 .*指定病种', 'Meizhou: specified diseases are refused, which has which ratio is unknown');

---------------------------------------------------------------- 蚌山

-- 10,000: 9,800 x 85%, 9,500 x 80%, 9,200 x 70%, 8,800 x 65%
SELECT is(ARRAY(SELECT basic(doc('bengshan'), stay(10000, '02', jsonb_build_object('dedc_hosp_lv', lv))) FROM unnest(ARRAY['09', '06', '02', '01']) lv), ARRAY[8330.00, 7600.00, 6440.00, 5720.00],
  'Bengshan: the four steps, by the level that the centre assigns [P27]');
-- floor 45%: 1,000 at city level 3: 200 x 70% = 140, at least 450; the two meet where (x - 800) x 70% = x x 45%, x = 2,240: 1,008
SELECT is(ARRAY(SELECT basic(doc('bengshan'), stay(a, '02')) FROM unnest(ARRAY[1000, 2240, 2340]) a), ARRAY[450.00, 1008.00, 1078.00], 'Bengshan: at least 45% in the province');
-- a stay below the deductible: 500 x 45%
SELECT is(basic(doc('bengshan'), stay(500, '01')), 225.00, 'Bengshan: the floor holds below the deductible too');
SELECT matches(refusal(doc('bengshan'), stay(10000, '02', jsonb_build_object('area', a, 'filing', 'referral'))), '^YB202 .*45%-75%', 'Bengshan: a range is no ratio: ' || a || ' is refused')
  FROM unnest(ARRAY['province', 'outside']) a;
-- completed by 60% in another province: (10,000 - 2,500) x 60% = 4,500; 4,000: 1,500 x 60% = 900, at least 40% = 1,600; another city (4,000 - 2,000) x 60% = 1,200, at least 45% = 1,800; 8,000 x 60% = 4,800
SELECT is(ARRAY[basic(d, stay(10000, '02', '{"area": "outside", "filing": "referral"}')), basic(d, stay(4000, '02', '{"area": "outside", "filing": "temp"}')),
    basic(d, stay(4000, '02', '{"area": "province", "filing": "temp"}')), basic(d, stay(10000, '02', '{"area": "province", "filing": "temp"}'))], ARRAY[4500.00, 1600.00, 1800.00, 4800.00], 'Bengshan, given a ratio: 2,000 and 2,500 elsewhere, at least 45% and 40%')
FROM filled(doc('bengshan'), '{layers,0,ratio,4}', '{"when": {"area": ["province", "outside"]}, "ratio": "0.60", "source": "own"}') d;
SELECT matches(refusal(doc('bengshan'), stay(10000, '02', '{"area": "outside"}')), '^YB202 ', 'Bengshan: unfiled care elsewhere is refused');

---------------------------------------------------------------- 安徽 2020

-- 10,000: 9,800 x 85%; 9,500 x 80%; a county's level 3 the same; city 9,300 x 75%; province 9,000 x 70%
SELECT is(ARRAY[basic(d, stay(10000, '09')), basic(d, stay(10000, '05', '{"area": "city"}')), basic(d, stay(10000, '03', '{"area": "county"}')),
    basic(d, stay(10000, '02', '{"area": "city"}')), basic(d, stay(10000, '02', '{"area": "province"}'))], ARRAY[8330.00, 7600.00, 7600.00, 6975.00, 6300.00],
  'Anhui 2020: levels 1, 2 and county, 3 of a city, 3 of the province') FROM doc('anhui-2020') d;
-- special chronic disease: county 500, then city 700 - 500 = 200, then nothing at level 1: 1,000 each: 500 x 80%, 800 x 75%, 1,000 x 85%
SELECT is(ARRAY(SELECT r.act_pay_dedc || ' ' || r.hifp_pay FROM year_of(doc('anhui-2020'), stay(1000, '06', '{"med_type": "140201"}'), stay(1000, '02', '{"med_type": "140201", "area": "city"}'), stay(1000, '09', '{"med_type": "140201"}')) r),
  ARRAY['500.00 400.00', '200.00 600.00', '0.00 850.00'], 'Anhui 2020, special chronic: one deductible a year, of the highest level visited');
SELECT is(ARRAY[basic(d, stay(1000, '09', '{"med_type": "140201"}')), basic(d, stay(1000, '03', '{"med_type": "140201"}')), basic(d, stay(2000, '02', '{"med_type": "140201", "area": "province"}')), basic(d, stay(1000, '06', '{"med_type": "140201", "area": "city"}'))],
  ARRAY[680.00, 400.00, 700.00, 400.00], 'Anhui 2020, special chronic as a stay: 800 x 85%, 500 x 80%, 1,000 x 70%, 500 x 80%') FROM doc('anhui-2020') d;
SELECT is(ARRAY[basic(filled(d, '{layers,0,deductible,12}', '{"when": {"med_type": "11"}, "amount": "0", "per": "visit", "source": "own"}'), visit(100, '11')),
    basic(filled(d, '{layers,0,deductible,13}', '{"when": {"med_type": "140104"}, "amount": "0", "per": "visit", "source": "own"}'), visit(100, '140104')),
    basic(filled(d, '{layers,0,ratio,8}', '{"when": {"med_type": "52"}, "flat": "800", "source": "own"}'), visit(500, '52'))], ARRAY[55.00, 60.00, 500.00], 'Anhui 2020, what is missing filled in: outpatient 55%, common chronic 60%, childbirth without a deductible')
FROM doc('anhui-2020') d;
SELECT matches(refusal(doc('anhui-2020'), visit(100, k)), '^YB202 .*' || why, 'Anhui 2020: ' || why) FROM (VALUES ('11', '普通门诊起付标准'), ('140104', '常见慢性病起付标准'), ('52', '分娩定额')) u(k, why);
SELECT matches(refusal(doc('anhui-2020'), stay(1000, '02', '{"area": "outside"}')), '^YB202 .*省外', 'Anhui 2020: another province is not in the table');

---------------------------------------------------------------- 安徽某市 2024

-- 20% of the total, at least 2,000, at most 10,000: 1,600 -> 2,000; 6,000; 16,000 -> 10,000.  The ratio is the area's: 70% here, less ten points
CREATE TABLE ah AS SELECT filled(filled(doc('anhui-city-2024'), '{layers,0,deductible,0}', '{"amount": "500.00", "per": "visit", "source": "own"}'), '{layers,0,ratio,0}', '{"ratio": "0.70", "source": "own"}') AS d;
SELECT is(ARRAY(SELECT (yibao.settle(d, stay(t, '02', '{"area": "outside", "filing": "referral"}'))).act_pay_dedc FROM unnest(ARRAY[8000, 30000, 80000]) t), ARRAY[2000.00, 6000.00, 10000.00],
  'X5: a city of Anhui, another province: 20% of the total, 2,000 to 10,000') FROM ah;
-- the edges: 9,999.99 x 20% = 2,000.00 (rounded), 10,000 x 20% = 2,000, 10,000.05 -> 2,000.01; 50,000 -> 10,000; 50,000.05 still 10,000
SELECT is(ARRAY(SELECT (yibao.settle(d, stay(t, '02', '{"area": "outside", "filing": "temp"}'))).act_pay_dedc FROM unnest(ARRAY[9999.90, 10000, 10000.05, 50000, 50000.05]) t),
  ARRAY[2000.00, 2000.00, 2000.01, 10000.00, 10000.00], 'a city of Anhui: where the share meets its limits [P18]') FROM ah;
-- it is of the total, not of what is in policy: total 30,000, in policy 20,000: 6,000; 14,000 x 60% = 8,400
SELECT is(basic(d, stay(20000, '02', '{"area": "outside", "filing": "referral", "medfee_sumamt": "30000", "fulamt_ownpay_amt": "10000", "overlmt_selfpay": "0", "preselfpay_amt": "0"}')), 8400.00, 'a city of Anhui: 20% of the total cost') FROM ah;
SELECT is(basic(d, stay(500000, '02')), 300000.00, 'a city of Anhui: 300,000 a year') FROM ah;
-- local 9,500 x 70% = 6,650; other county filed 9,000 x 65% = 5,850; unfiled 9,000 x 55% = 4,950; outside 8,000 x 60% = 4,800; other 8,000 x 50% = 4,000
SELECT is(ARRAY[basic(d, stay(10000, '02')), basic(d, stay(10000, '02', '{"area": "other", "filing": "temp"}')), basic(d, stay(10000, '02', '{"area": "other"}')),
    basic(d, stay(10000, '02', '{"area": "outside", "filing": "urgent"}')), basic(d, stay(10000, '02', '{"area": "outside"}'))], ARRAY[6650.00, 5850.00, 4950.00, 4800.00, 4000.00],
  'a city of Anhui, given 500 and 70%: other county doubled and five points less, unfiled ten more; other province ten or twenty') FROM ah;
SELECT matches(refusal(doc('anhui-city-2024'), stay(10000, '02', '{"area": "outside"}')), '^YB202 .*本地报销比例：来源未载', 'as it stands nothing is priced: the local ratio is unknown');
SELECT matches(refusal(d, stay(10000, '02', '{"area": "outside", "filing": "longstay"}')), '^YB202 .*长期居住', 'a city of Anhui: long stays are not in the text') FROM ah;

---------------------------------------------------------------- 合肥 2020

-- 10,000: 9,000 x 75%; student 9,500 x 75%; from a county 8,000 x 70%, student or not
SELECT is(ARRAY[basic(d, stay(10000, '02')), basic(d, stay(10000, '02', '{"psn_type": "1403"}')), basic(d, stay(10000, '02', '{"area": "other"}')), basic(d, stay(10000, '02', '{"area": "other", "psn_type": "1403"}'))],
  ARRAY[6750.00, 7125.00, 5600.00, 5600.00], 'Hefei level 3: city, student, county') FROM doc('hefei-2020') d;
SELECT is(basic(doc('hefei-2020'), stay(500000, '02')), 300000.00, 'Hefei: 300,000 a year');
SELECT matches(refusal(doc('hefei-2020'), stay(10000, '06')), '^YB202 .*三级以下', 'Hefei: the notice is of level 3 alone');

---------------------------------------------------------------- 哈尔滨 2023

-- 10,000: 9,900 x 90%, 9,760 x 90%, 9,520 x 80%, 9,280 x 65%
SELECT is(ARRAY(SELECT basic(doc('harbin-2023'), stay(10000, lv)) FROM unnest(ARRAY['11', '09', '06', '02']) lv), ARRAY[8910.00, 8784.00, 7616.00, 6032.00], 'Harbin: no level and levels 1 to 3');
-- second stay 720 x 85% = 612, the third the same
SELECT is(ARRAY(SELECT r.act_pay_dedc FROM year_of(doc('harbin-2023'), stay(10000, '02'), stay(10000, '02'), stay(10000, '02')) r), ARRAY[720.00, 612.00, 612.00], 'Harbin: 15% less from the second stay on [P13]');
-- student at level 3: 9,280 x 80%; at level 2 no more than others: 9,520 x 80%
SELECT is(ARRAY(SELECT basic(doc('harbin-2023'), stay(10000, lv, '{"psn_type": "1402"}')) FROM unnest(ARRAY['02', '06']) lv), ARRAY[7424.00, 7616.00], 'Harbin: students fifteen points more at level 3 only');
-- 9,280 x 60%, x 55%, x 55%; a student referred: x 75%
SELECT is(ARRAY[basic(d, stay(10000, '02', '{"area": "outside", "filing": "referral"}')), basic(d, stay(10000, '02', '{"area": "province", "filing": "urgent"}')), basic(d, stay(10000, '02', '{"area": "outside"}')),
    basic(d, stay(10000, '02', '{"area": "outside", "filing": "referral", "psn_type": "1403"}'))], ARRAY[5568.00, 5104.00, 5104.00, 6960.00], 'Harbin elsewhere: referral five, emergency and free choice ten points less; a student''s fifteen are added') FROM doc('harbin-2023') d;
SELECT is(basic(doc('harbin-2023'), stay(300000, '02')), 180000.00, 'Harbin: 180,000 a year');
SELECT is(ARRAY(SELECT basic(filled(doc('harbin-2023'), '{layers,0,deductible,4}', '{"when": {"med_type": "11"}, "amount": "0", "per": "visit", "source": "own"}'), visit(100, '11', jsonb_build_object('hosp_lv', lv))) FROM unnest(ARRAY['11', '09', '06']) lv),
  ARRAY[60.00, 60.00, 55.00], 'Harbin outpatient, given a deductible: 60% below level 2, 55% at level 2');
SELECT is(basic(filled(doc('harbin-2023'), '{layers,0,ratio,8}', '{"when": {"med_type": "52"}, "flat": "900", "source": "own"}'), visit(500, '52')), 500.00, 'Harbin childbirth, given its amount: no deductible');
SELECT matches(refusal(doc('harbin-2023'), c), '^YB202 .*' || why, 'Harbin: ' || why || ' is refused') FROM (VALUES (stay(1000, '02', '{"dise_codg": "F20.0"}'), '精神病'), (stay(1000, '02', '{"dise_codg": "A15.0"}'), '精神病'),
  (stay(1000, '02', '{"area": "outside", "filing": "longstay"}'), '长期异地居住'), (visit(2000, '52'), '分娩定额'), (visit(100, '11'), '普通门诊起付标准')) u(c, why);

---------------------------------------------------------------- 邢台, stays

-- 10,000: 9,900 x 90%, 9,600 x 80%, 9,000 x 65%, outside 7,500 x 50%
SELECT is(ARRAY[basic(d, stay(10000, '09')), basic(d, stay(10000, '06', '{"area": "city"}')), basic(d, stay(10000, '02', '{"area": "other"}')), basic(d, stay(10000, '02', '{"area": "province"}'))],
  ARRAY[8910.00, 7680.00, 5850.00, 3750.00], 'Xingtai: levels 1 to 3 and outside') FROM doc('xingtai') d;
-- former poor: half the deductible: 9,950 x 90%, 9,500 x 65%, 8,750 x 50%
SELECT is(ARRAY[basic(d, stay(10000, '09', '{"psn_idet_type": "03"}')), basic(d, stay(10000, '02', '{"psn_idet_type": "03"}')), basic(d, stay(10000, '02', '{"area": "outside", "psn_idet_type": "03"}'))],
  ARRAY[8955.00, 6175.00, 4375.00], 'Xingtai: the former poor pay half the deductible') FROM doc('xingtai') d;
SELECT is(basic(doc('xingtai'), stay(250000, '02')), 150000.00, 'Xingtai: 150,000 a year');
SELECT matches(refusal(doc('xingtai'), stay(1000, '11')), '^YB202 .*无等级', 'Xingtai: no level, no price');

---------------------------------------------------------------- 常州 2022

-- 10,000: level 3 9,200 x 75%, student 9,600 x 85%; levels 1 and 2 9,600 x 85%, student 9,800 x 95%
SELECT is(ARRAY(SELECT basic(doc('changzhou-2022'), stay(10000, lv, jsonb_build_object('psn_type', p))) FROM unnest(ARRAY['02', '06', '09']) WITH ORDINALITY l(lv, i), unnest(ARRAY['1501', '1403']) WITH ORDINALITY p(p, j) ORDER BY i, j),
  ARRAY[6900.00, 8160.00, 8160.00, 9310.00, 8160.00, 9310.00], 'Changzhou: students and others at levels 3, 2 and 1');
SELECT is(basic(doc('changzhou-2022'), stay(10000, '02', '{"psn_type": "1601"}')), 6900.00, 'Changzhou: the old are others');
SELECT matches(refusal(doc('changzhou-2022'), stay(1000, '11')), '^YB202 .*无等级', 'Changzhou: no level, no price');

---------------------------------------------------------------- 大同 2024

-- The matrix is of ratios; given no deductible, 10,000 shows them.
CREATE TABLE dt AS SELECT filled(doc('datong-2024'), '{layers,0,deductible,0}', '{"amount": "0", "per": "visit", "source": "own"}') AS d;
SELECT is(ARRAY(SELECT basic(d, stay(10000, lv, jsonb_build_object('area', area, 'filing', filing))) FROM dt, unnest(ARRAY['02', '05', '06', '09']) WITH ORDINALITY l(lv, i) ORDER BY i), expected,
  'Datong: 3A, level 2 of province or city, of a county, level 1: ' || area || ', ' || filing)
FROM (VALUES ('province', 'referral', ARRAY[6000.00, 7000.00, 7500.00, 8500.00]), ('province', 'urgent', ARRAY[6000.00, 7000.00, 7500.00, 8500.00]),
  ('outside', 'referral', ARRAY[5500.00, 6000.00, 6500.00, 7500.00]), ('outside', 'urgent', ARRAY[5500.00, 6000.00, 6500.00, 7500.00]),
  ('province', 'temp', ARRAY[4500.00, 5500.00, 6000.00, 7000.00]), ('province', 'none', ARRAY[4500.00, 5500.00, 6000.00, 7000.00]),
  ('outside', 'temp', ARRAY[4000.00, 5000.00, 5500.00, 6500.00]), ('outside', 'none', ARRAY[4000.00, 5000.00, 5500.00, 6500.00])) u(area, filing, expected);
SELECT matches(refusal(d, c), '^YB202 .*本市就医', 'Datong: care in the city, long stays and other level 3 are not in the matrix')
FROM dt, (VALUES (stay(1000, '02')), (stay(1000, '02', '{"area": "outside", "filing": "longstay"}')), (stay(1000, '03', '{"area": "outside"}'))) u(c);
SELECT matches(refusal(doc('datong-2024'), stay(1000, '02', '{"area": "outside"}')), '^YB202 .*起付标准：来源未载', 'Datong as it stands: no deductible is given');

---------------------------------------------------------------- 聊城 2022

-- 10,000: 9,800 x 80%, 9,500 x 70%, 9,100 x 60%; public township 9,900 x 90%, private or of another county as level 1
SELECT is(ARRAY[basic(d, stay(10000, '09')), basic(d, stay(10000, '06')), basic(d, stay(10000, '02')), basic(d, stay(10000, '09', '{"pub_flag": true}')), basic(d, stay(10000, '09', '{"pub_flag": true, "area": "city"}'))],
  ARRAY[7840.00, 6650.00, 5460.00, 8910.00, 7840.00], 'Liaocheng: levels 1 to 3, public township hospitals') FROM doc('liaocheng-2022') d;
SELECT is(ARRAY(SELECT r.act_pay_dedc FROM year_of(doc('liaocheng-2022'), stay(10000, '02'), stay(10000, '02'), stay(10000, '09'), stay(10000, '02')) r), ARRAY[900.00, 450.00, 0.00, 0.00], 'Liaocheng: full, half, none [shape 2]');
-- 300,000 at level 3: 299,100 x 60% = 179,460
SELECT is(basic(doc('liaocheng-2022'), stay(300000, '02')), 120000.00, 'Liaocheng: 120,000 a year');
SELECT matches(refusal(doc('liaocheng-2022'), stay(1000, '11')), '^YB202 .*无等级', 'Liaocheng: no level, no price');

---------------------------------------------------------------- 西安 2023, stays

-- 10,000: 9,850 x 80%, 9,600 x 70%, 8,800 x 60%, special 8,000 x 50%
SELECT is(ARRAY(SELECT basic(doc('xian-2023'), stay(10000, lv)) FROM unnest(ARRAY['09', '06', '02', '01']) lv), ARRAY[7880.00, 6720.00, 5280.00, 4000.00], 'Xi''an: levels 1 to 3 and special level 3');
SELECT is(basic(doc('xian-2023'), stay(500000, '02')), 200000.00, 'Xi''an: 200,000 a year');
SELECT matches(refusal(doc('xian-2023'), stay(1000, '11')), '^YB202 .*无等级', 'Xi''an: a stay without a level has no price');

---------------------------------------------------------------- 秦皇岛 2023

-- 10,000: in the province 9,900 x 90%, 9,500 x 75%, 8,500 x 60%; another 9,500 x 70%, 9,000 x 60%, 8,000 x 50%
SELECT is(ARRAY(SELECT basic(doc('qinhuangdao-2023'), stay(10000, lv, jsonb_build_object('area', area))) FROM unnest(ARRAY['09', '06', '02']) WITH ORDINALITY l(lv, i) ORDER BY i), expected, 'Qinhuangdao: levels 1 to 3, ' || area)
FROM (VALUES ('county', ARRAY[8910.00, 7125.00, 5100.00]), ('province', ARRAY[8910.00, 7125.00, 5100.00]), ('outside', ARRAY[6650.00, 5400.00, 4000.00])) u(area, expected);
SELECT matches(refusal(doc('qinhuangdao-2023'), stay(1000, '11')), '^YB202 .*无等级', 'Qinhuangdao: no level, no price');
SELECT matches(refusal(doc('qinhuangdao-2023'), stay(1000, '02', '{"setl_time": "2023-12-08"}')), '^YB008 ', 'Qinhuangdao: nothing is priced before the day of the page');

---------------------------------------------------------------- 天水 2025

-- 10,000: 9,000 x 70%, 9,500 x 75%, 9,850 x 85%; 9,000 x 71% to 75%
SELECT is(ARRAY(SELECT basic(doc('tianshui-2025'), stay(10000, lv)) FROM unnest(ARRAY['02', '06', '09']) lv), ARRAY[6300.00, 7125.00, 8372.50], 'Tianshui: levels 3 to 1');
SELECT is(ARRAY(SELECT basic(doc('tianshui-2025'), stay(10000, '02', jsonb_build_object('cont_years', y))) FROM unnest(ARRAY[1, 2, 3, 4, 5, 9]) y), ARRAY[6390.00, 6480.00, 6570.00, 6660.00, 6750.00, 6750.00],
  'Tianshui: a point for each year enrolled, five at most [shape 23]');
SELECT is(basic(doc('tianshui-2025'), stay(200000, '02')), 80000.00, 'Tianshui: 80,000 a year');
SELECT matches(refusal(doc('tianshui-2025'), stay(10000, '02', '{"area": "outside"}')), '^YB202 .*P01', 'Tianshui: 降低20% is left open [P01]');
-- read as points 9,000 x 50%, as a factor 9,000 x 56%
SELECT is(ARRAY[basic(filled(d, '{layers,0,adjust,unfiled,0}', d #> '{layers,0,adjust,unfiled,0}' #- '{reduce}' || '{"add": "-0.20"}'), c), basic(filled(d, '{layers,0,adjust,unfiled,0}', d #> '{layers,0,adjust,unfiled,0}' #- '{reduce}' || '{"multiply": "0.8"}'), c)],
  ARRAY[4500.00, 5040.00], 'Tianshui: 降低20% decided one way and the other [P01]') FROM doc('tianshui-2025') d, stay(10000, '02', '{"area": "outside"}') c;
SELECT matches(refusal(doc('tianshui-2025'), visit(100, '9901', '{"dise_codg": "I10"}')), '^YB202 .*两病门诊年度限额', 'Tianshui: the limit of the two diseases is unknown');
-- 0.03 x 70% = 0.021: no deductible, not even a fen
SELECT is(ARRAY(SELECT basic(filled(doc('tianshui-2025'), '{layers,0,cap,two,0}', '{"when": {"med_type": "9901"}, "per": "year", "on": "payment", "amount": "300", "source": "own"}'), visit(a, '9901', '{"dise_codg": "I10"}')) FROM unnest(ARRAY[100, 0.03]) a), ARRAY[70.00, 0.02],
  'Tianshui, given a limit: 70% without deductible');

---------------------------------------------------------------- 重庆 2023

-- 10,000 at level 2, tier 1: 9,700 x 70%
SELECT is(basic(doc('chongqing-2023'), stay(10000, '06')), 6790.00, 'Chongqing: tier 1 at level 2');
-- given 300 and 800 elsewhere: tier 2 level 2 9,700 x 75%, level 3 9,200 x 50% and 55%
SELECT is(ARRAY[basic(d, stay(10000, '06', '{"clct_grde": "2"}')), basic(d, stay(10000, '02')), basic(d, stay(10000, '02', '{"clct_grde": "2"}'))], ARRAY[7275.00, 4600.00, 5060.00], 'Chongqing, deductibles completed: ratios of both tiers')
FROM filled(doc('chongqing-2023'), '{layers,0,deductible,1}', '{"when": {"hosp_lv": ["05", "06", "07", "13"], "clct_grde": "2"}, "amount": "300.00", "per": "visit", "source": "own"}') one,
  LATERAL (SELECT jsonb_insert(one, '{layers,0,deductible,-1}', '{"when": {"hosp_lv": ["01", "02", "03", "04", "12"]}, "amount": "800.00", "per": "visit", "source": "own"}', true)) x(d);
SELECT matches(refusal(doc('chongqing-2023'), c), '^YB202 .*来源未载', 'Chongqing: levels 1 and 3 and tier 2 have no deductible in the text')
FROM (VALUES (stay(1000, '02')), (stay(1000, '09')), (stay(1000, '06', '{"clct_grde": "2"}'))) u(c);

---------------------------------------------------------------- 临沂, 山东某市: first self-pay elsewhere

-- 20,000, given 1,000 and 60%: 10% first: 18,000 - 1,000 = 17,000 x 60% = 10,200
SELECT is(ARRAY[basic(d, c), (yibao.settle(d, c)).first_selfpay], ARRAY[10200.00, 2000.00], 'Linyi, filed as temporary, completed: a tenth first, then the local terms [P02, P03]')
FROM filled(filled(doc('linyi-remote'), '{layers,0,deductible,0}', '{"when": {"area": ["province", "outside"], "filing": "temp"}, "amount": "1000", "per": "visit", "source": "own"}'), '{layers,0,ratio,0}',
  '{"when": {"area": ["province", "outside"], "filing": "temp"}, "ratio": "0.60", "source": "own"}') d, stay(20000, '02', '{"area": "province", "filing": "temp"}') c;
SELECT matches(refusal(doc('linyi-remote'), stay(20000, '02', jsonb_build_object('area', 'outside', 'filing', f))), '^YB202 .*' || why, 'Linyi, ' || f || ': ' || why) FROM (VALUES ('temp', '按本地三级医院'), ('none', '临时外出以外'), ('referral', '临时外出以外')) u(f, why);
CREATE TABLE sd AS SELECT filled(filled(doc('shandong-city-remote'), '{layers,0,deductible,0}', '{"amount": "1000", "per": "visit", "source": "own"}'), '{layers,0,ratio,0}', '{"ratio": "0.60", "source": "own"}') AS d;
-- 10% first: 10,200; 40% first: 12,000 - 1,000 = 11,000 x 60% = 6,600; in the city 19,000 x 60% = 11,400
SELECT is(ARRAY[basic(d, stay(20000, '02', '{"area": "outside", "filing": "referral"}')), basic(d, stay(20000, '02', '{"area": "province", "filing": "urgent"}')), basic(d, stay(20000, '02', '{"area": "outside", "filing": "temp"}')),
    basic(d, stay(20000, '02', '{"area": "outside"}')), basic(d, stay(20000, '02'))], ARRAY[10200.00, 10200.00, 10200.00, 6600.00, 11400.00], 'a city of Shandong, completed: filed 10%, unfiled 40% first') FROM sd;
-- after the deductible: 19,000 x 60% stay = 11,400 x 60% = 6,840
SELECT is(basic(filled(d, '{layers,0,first_selfpay,1,stage}', '"after_deductible"'), stay(20000, '02', '{"area": "outside"}')), 6840.00, 'a city of Shandong read the other way: 240 more [P03]') FROM sd;
SELECT matches(refusal(d, stay(20000, '02', '{"area": "outside", "filing": "longstay"}')), '^YB202 .*长期异地居住', 'a city of Shandong: long stays are not in the text') FROM sd;
SELECT matches(refusal(doc('shandong-city-remote'), stay(20000, '02', '{"area": "outside"}')), '^YB202 .*来源未载', 'a city of Shandong as it stands prices nothing');

---------------------------------------------------------------- 呼伦贝尔

CREATE TABLE hl AS SELECT filled(filled(doc('hulunbuir'), '{layers,0,deductible,0}', '{"amount": "400", "per": "visit", "source": "own"}'), '{layers,0,ratio,0}', '{"ratio": "0.75", "source": "own"}') AS d;
-- given 400: the same hospital again 200, another hospital 400, level 1 again 400; psychiatric 500 each time
SELECT is(ARRAY(SELECT r.act_pay_dedc FROM hl, year_of(d, stay(5000, '06', '{"fixmedins_code": "A"}'), stay(5000, '06', '{"fixmedins_code": "A"}'), stay(5000, '06', '{"fixmedins_code": "B"}'), stay(5000, '09', '{"fixmedins_code": "C"}'),
    stay(5000, '09', '{"fixmedins_code": "C"}'), stay(5000, '06', '{"fixmedins_code": "A", "dise_codg": "F20.0"}')) r), ARRAY[400.00, 200.00, 400.00, 400.00, 400.00, 500.00],
  'Hulunbuir, a deductible filled in: half at the same hospital of level 2 or 3, psychiatric 500 and no less [shape 3, 9]');
-- given 1,000 for tumours elsewhere: at one hospital once a year, at another again; in the city the ordinary 400
SELECT is(ARRAY(SELECT r.act_pay_dedc FROM hl, filled(d, '{layers,0,deductible,2}', '{"when": {"dise_codg": ["C", "D0"], "area": ["province", "outside"]}, "amount": "1000", "per": "year", "group": "tumour", "at": "hospital", "source": "own"}') t,
  year_of(t, stay(5000, '02', '{"fixmedins_code": "A", "dise_codg": "C34.1", "area": "province"}'), stay(5000, '02', '{"fixmedins_code": "A", "dise_codg": "C34.1", "area": "province"}'),
    stay(5000, '02', '{"fixmedins_code": "B", "dise_codg": "C34.1", "area": "outside"}'), stay(5000, '02', '{"fixmedins_code": "D", "dise_codg": "C34.1", "area": "city"}')) r), ARRAY[1000.00, 0.00, 1000.00, 400.00],
  'Hulunbuir, a deductible for tumours elsewhere filled in: once a year at one hospital [shape 9]');
-- 9,600 x 75% = 7,200; 2,000 of Mongolian medicine bear 80 of the deductible: 1,920 x 15% = 288
SELECT is(basic(d, stay(10000, '06', '{"tcm_amt": "2000", "tcm_inscp": "2000", "cum_hosp_cnt": 0}')), 7488.00, 'Hulunbuir, completed: fifteen points on traditional medicine [shape 21]') FROM hl;
-- with 90% the part is paid at 95%, not 105%: 9,600 x 90% = 8,640 + 1,920 x 5%
SELECT is(basic(filled(d, '{layers,0,ratio,0,ratio}', '"0.90"'), stay(10000, '06', '{"tcm_amt": "2000", "tcm_inscp": "2000", "cum_hosp_cnt": 0}')), 8736.00, 'Hulunbuir: at most 95%') FROM hl;
SELECT matches(refusal(doc('hulunbuir'), stay(1000, '02', '{"dise_codg": "C34.1", "area": "outside", "cum_hosp_cnt": 0}')), '^YB202 .*肿瘤', 'Hulunbuir: the deductible of tumours elsewhere is not in the text');
SELECT matches(refusal(doc('hulunbuir'), stay(1000, '06')), '^YB202 .*各级医院起付标准', 'Hulunbuir as it stands prices nothing');

SELECT * FROM finish();
