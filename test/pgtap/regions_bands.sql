-- Tables of real areas that pay in bands: of a stay, of a year's cost, of serious illness; and where a band's edge lies.
-- Figures are worked out by hand from the tables in doc/real-policies.md.
\set ECHO none
\ir regions_setup.psql
SELECT no_plan();

---------------------------------------------------------------- 周口

-- City level 3: (4,000 - 900) x 53% + 6,000 x 72% = 1,643 + 4,320
SELECT is(basic(doc('zhoukou'), stay(10000, '02', '{"area": "city"}')), 5963.00, 'X6: Zhoukou, city level 3, 10,000');
-- 10,000 each.  Township 600 x 70% + 9,200 x 90% = 420 + 8,280; county 1,100 x 63% + 8,500 x 83% = 693 + 7,055;
-- city level 2 2,500 x 55% + 7,000 x 75% = 1,375 + 5,250; province level 2 3,400 x 53% + 6,000 x 72% = 1,802 + 4,320;
-- province level 3 and outside 5,500 x 50% + 3,000 x 68% = 2,750 + 2,040
SELECT is(basic(doc('zhoukou'), stay(10000, lv, jsonb_build_object('area', area))), expected, 'Zhoukou, 10,000: ' || what)
FROM (VALUES ('09', 'county', 8700.00, 'township'), ('09', 'other', 8700.00, 'township of another county'), ('06', 'county', 7748.00, 'county'), ('02', 'other', 7748.00, 'county hospital of level 3'),
  ('06', 'city', 6625.00, 'city level 2'), ('06', 'province', 6122.00, 'province level 2'), ('02', 'province', 4790.00, 'province level 3'),
  ('02', 'outside', 4790.00, 'another province, level 3'), ('09', 'outside', 4790.00, 'another province, any level')) u(lv, area, expected, what);
-- the deductible and the edge to the fen, city level 3: 900 nothing, 900.01 a fen; 4,000 3,100 x 53% = 1,643; 4,000.01 the fen at 72% rounds to 0.01; 4,000.02 to 0.01
SELECT is(ARRAY(SELECT basic(doc('zhoukou'), stay(a, '02', '{"area": "city"}')) FROM unnest(ARRAY[900, 900.01, 4000, 4000.01, 4000.02]) a), ARRAY[0.00, 0.01, 1643.00, 1643.01, 1643.01],
  'Zhoukou: bands add up, so 以上 with or without the edge is the same money [P18]');
SELECT is(basic(doc('zhoukou'), stay(300000, '09')), 150000.00, 'Zhoukou: 150,000 a year');
SELECT matches(refusal(doc('zhoukou'), c), '^YB202 .*其他医疗机构', 'Zhoukou: level 1 of a city and no level are not in the table')
FROM (VALUES (stay(1000, '09', '{"area": "city"}')), (stay(1000, '11'))) u(c);

---------------------------------------------------------------- 连云港

-- adult 9,800 x 80% + 5,000 x 85% = 7,840 + 4,250; student 9,800 x 90% + 5,000 x 95% = 8,820 + 4,750
SELECT is(ARRAY(SELECT basic(doc('lianyungang'), stay(15000, '09', jsonb_build_object('psn_type', p))) FROM unnest(ARRAY['1501', '1403']) p), ARRAY[12090.00, 13570.00], 'X8: Lianyungang level 1, 15,000, adult and student');
-- 120,000: adult 7,840 + 90,000 x 85% + 20,000 x 90% = 7,840 + 76,500 + 18,000; student 8,820 + 85,500 + 18,000
SELECT is(ARRAY(SELECT basic(doc('lianyungang'), stay(120000, '09', jsonb_build_object('psn_type', p))) FROM unnest(ARRAY['1501', '1403']) p), ARRAY[102340.00, 112320.00], 'Lianyungang: above 100,000 90% for both');
-- edges: 10,000: 7,840; 10,000.02: + 0.02 x 85% = 0.017; 100,000: 84,340
SELECT is(ARRAY(SELECT basic(doc('lianyungang'), stay(a, '09')) FROM unnest(ARRAY[200, 10000, 10000.02, 100000]) a), ARRAY[0.00, 7840.00, 7840.02, 84340.00], 'Lianyungang: the edges [P18]');
SELECT matches(refusal(doc('lianyungang'), stay(1000, '06')), '^YB202 .*一级以外', 'Lianyungang: the page is of level 1 alone');

---------------------------------------------------------------- 苏州学生

-- 30,500 first: 30,000 x 75% = 22,500.  30,000 second: 250 off; the year stands at 30,500: 250 to 9,500 are the rest of the first band,
-- 9,250 x 75% = 6,937.50, then 20,500 x 80% = 16,400.  10,000 third: 100 off, 9,900 x 80% = 7,920
SELECT is(ARRAY(SELECT r.act_pay_dedc || ' ' || r.hifp_pay FROM year_of(doc('suzhou-students'), stay(30500, '02', '{"psn_type": "1403"}'), stay(30000, '02', '{"psn_type": "1403"}'), stay(10000, '02', '{"psn_type": "1403"}'), stay(100, '02', '{"psn_type": "1403"}')) r),
  ARRAY['500.00 22500.00', '250.00 23337.50', '100.00 7920.00', '100.00 0.00'], 'Suzhou students: 500, 250, then 100; bands of the year''s cost [shape 7, 18]');
-- 400,000 at once: 39,500 x 75% + 60,000 x 80% + 100,000 x 85% + 150,000 x 90% = 29,625 + 48,000 + 85,000 + 135,000; nothing above 350,000
SELECT is(ARRAY(SELECT basic(doc('suzhou-students'), stay(a, '02', '{"psn_type": "1404"}')) FROM unnest(ARRAY[40000, 100000, 200000, 350000, 350000.10, 400000]) a),
  ARRAY[29625.00, 77625.00, 162625.00, 297625.00, 297625.00, 297625.00], 'Suzhou students: each edge, and 350,000 of cost, not of payment [P06]');
SELECT is(ARRAY(SELECT r.hifp_pay FROM year_of(doc('suzhou-students'), stay(350000, '02', '{"psn_type": "1403"}'), stay(10000, '02', '{"psn_type": "1403"}')) r), ARRAY[297625.00, 0.00], 'Suzhou students: the limit is of the year');
SELECT matches(refusal(doc('suzhou-students'), stay(1000, '02')), '^YB202 .*学生儿童以外', 'Suzhou: who is no student is not in the table');

---------------------------------------------------------------- 甘肃, 安徽, 于田, 山东某市: serious illness alone

-- 5,000 deductible, excess 55,000: 10,000 x 60% + 10,000 x 65% + 30,000 x 70% + 5,000 x 75%; poor 57,500 over 2,500
SELECT is(ARRAY(SELECT (yibao.settle(doc('gansu-serious-2022'), stay(60000, '02', jsonb_build_object('psn_idet_type', i)))).hifmi_pay FROM unnest(ARRAY['00', '2303']) i), ARRAY[37250.00, 42000.00], 'X1, X2: Gansu, burden 60,000, ordinary and poor');
-- 安徽 given 15,000: burden 60,000: 45,000 x 60% = 27,000; 265,000: 250,000: 30,000 + 32,500 + 75,000 + 40,000
SELECT is(ARRAY(SELECT (yibao.settle(d, stay(a, '02'))).hifmi_pay FROM unnest(ARRAY[15000, 60000, 65000, 115000, 215000, 265000]) a), ARRAY[0.00, 27000.00, 30000.00, 62500.00, 137500.00, 177500.00],
  'Anhui serious illness, a city''s 15,000 filled in: each edge of its bands [P04]') FROM filled(doc('anhui-serious-2020'), '{layers,0,deductible,0}', '{"amount": "15000", "per": "year", "source": "own"}') d;
SELECT matches(refusal(doc('anhui-serious-2020'), stay(60000, '02')), '^YB202 .*1万至2万元', 'Anhui serious illness as it stands: the deductible is the city''s');
-- 于田: 6,269 first; excess 50,000 x 55% = 27,500, 50,000 x 65% = 32,500, 50,000 x 75% = 37,500: 156,269 pays 97,500
SELECT is(ARRAY(SELECT (yibao.settle(doc('yutian-serious-2021'), stay(a, '02'))).hifmi_pay FROM unnest(ARRAY[6269, 56269, 106269, 156269]) a), ARRAY[0.00, 27500.00, 60000.00, 97500.00], 'Yutian: bands on what exceeds 6,269');
-- poor: 3,135 first; 50,000 x 60% + 50,000 x 70% + 50,000 x 80% = 30,000, 65,000, 105,000
SELECT is(ARRAY(SELECT (yibao.settle(doc('yutian-serious-2021'), stay(a, '02', jsonb_build_object('psn_idet_type', i)))).hifmi_pay FROM unnest(ARRAY[3135, 53135, 103135, 153135]) a), ARRAY[0.00, 30000.00, 65000.00, 105000.00], 'Yutian, poor (' || i || '): 3,135, five points more')
FROM unnest(ARRAY['03', '2301', '2303']) i;
-- once a year: 6,269 and 50,000 leave 27,500, then 10,000 more at 65%
SELECT is(ARRAY(SELECT r.hifmi_pay FROM year_of(doc('yutian-serious-2021'), stay(56269, '02'), visit(10000, '14')) r), ARRAY[27500.00, 6500.00], 'Yutian: the deductible once a year, over stays and chronic care');
-- an edge to the fen: 56,269.02: 0.02 x 65% = 0.013
SELECT is((yibao.settle(doc('yutian-serious-2021'), stay(56269.02, '02'))).hifmi_pay, 27500.01, 'Yutian: 不含5万 changes no amount [P18]');
-- 山东某市, absolute bands from 16,000: to 100,000 84,000 x 60% = 50,400; to 200,000 + 65,000; to 300,000 + 70,000; then 75%
SELECT is(ARRAY(SELECT (yibao.settle(doc('shandong-city-serious'), stay(a, '02'))).hifmi_pay FROM unnest(ARRAY[16000, 100000, 200000, 300000, 320000]) a), ARRAY[0.00, 50400.00, 115400.00, 185400.00, 200400.00], 'a city of Shandong: absolute bands from 16,000 [P04]');
-- the same on the excess: 320,000: 304,000: 60,000 + 65,000 + 70,000 + 3,000
SELECT is((yibao.settle(filled(doc('shandong-city-serious'), '{layers,0,ratio,0,tiers,origin}', '"deductible"'), stay(320000, '02'))).hifmi_pay, 198000.00, 'a city of Shandong read the other way: 2,400 less [P04]');
-- 900,000: 185,400 + 450,000, at most 400,000
SELECT is((yibao.settle(doc('shandong-city-serious'), stay(900000, '02'))).hifmi_pay, 400000.00, 'a city of Shandong: 400,000 a year');
SELECT is(ARRAY(SELECT r.hifmi_pay FROM year_of(doc('shandong-city-serious'), stay(60000, '02'), stay(60000, '02'), stay(700000, '02')) r), ARRAY[26400.00, 37000.00, 336600.00],
  'a city of Shandong, three stays: 44,000 x 60%; 40,000 x 60% + 20,000 x 65%; what is left of 400,000');

SELECT * FROM finish();
