-- Outpatient, chronic, two-disease, special-drug and maternity benefits of real areas: limits by year and disease, and what the texts leave open.
-- Figures are worked out by hand from the tables in doc/real-policies.md.
\set ECHO none
\ir regions_setup.psql
SELECT no_plan();

CREATE FUNCTION paid(document jsonb, VARIADIC claims jsonb[]) RETURNS numeric[] LANGUAGE sql STABLE AS $$ SELECT array_agg(hifp_pay) FROM year_of(document, VARIADIC claims) $$;
CREATE FUNCTION two(amount numeric, disease text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$ SELECT visit(amount, '9901', jsonb_build_object('dise_codg', disease) || more) $$;

---------------------------------------------------------------- 梅州 2022

-- 100 x 60%
SELECT is(basic(doc('meizhou-2022'), visit(100, '11')), 60.00, 'Meizhou outpatient, level 1: 60%');
-- two visits of one day: 60, then 60 wanted and 40 left of 100; the next day again
SELECT is(ARRAY(SELECT (r).hifp_pay FROM (SELECT i, yibao.replay(doc('meizhou-2022'), visit(a, '11') || jsonb_build_object('psn_no', 'P', 'year', 2025, 'setl_id', i::text, 'setl_time', t))
    OVER (ORDER BY i) AS r FROM (VALUES (1, 100, '2025-03-01 08:00:00'), (2, 100, '2025-03-01 15:00:00'), (3, 300, '2025-03-02 00:00:00')) u(i, a, t)) x(i, r) ORDER BY i), ARRAY[60.00, 40.00, 100.00], 'Meizhou outpatient: 100 a day [shape 27]');
-- six days of 1,000: 100 each, and 500 of the year
SELECT is(paid(doc('meizhou-2022'), visit(1000, '11'), visit(1000, '11'), visit(1000, '11'), visit(1000, '11'), visit(1000, '11'), visit(1000, '11')), ARRAY[100.00, 100.00, 100.00, 100.00, 100.00, 0.00], 'Meizhou outpatient: 500 a year');
SELECT matches(refusal(doc('meizhou-2022'), visit(100, '11', '{"hosp_lv": "06"}')), '^YB202 .*一级以外', 'Meizhou outpatient above level 1: not in the text');

---------------------------------------------------------------- 邢台

-- outpatient 60%, 400 a year: 60, then 600 wanted and 340 left
SELECT is(paid(doc('xingtai'), visit(100, '11'), visit(1000, '11'), visit(50, '11')), ARRAY[60.00, 340.00, 0.00], 'Xingtai outpatient: 60%, 400 a year');
-- chronic 400 once a year: (1,000 - 400) x 60%, then 500 x 60%
SELECT is(paid(doc('xingtai'), visit(1000, '14'), visit(500, '14')), ARRAY[360.00, 300.00], 'Xingtai chronic: 400 a year, then 60%');
-- two diseases 50%: hypertension 225, diabetes 375
SELECT is(paid(doc('xingtai'), two(400, 'I10'), two(400, 'I10'), two(10, 'I10')), ARRAY[200.00, 25.00, 0.00], 'Xingtai: hypertension 225 a year');
SELECT is(paid(doc('xingtai'), two(400, 'E11.9'), two(400, 'M01600')), ARRAY[200.00, 175.00], 'Xingtai: diabetes 375 a year, by ICD-10 or the national code');
SELECT matches(refusal(doc('xingtai'), two(400, 'I10', '{"dise_cnt": 2}')), '^YB202 .*两病同患', 'Xingtai: the limit of both is unknown');
SELECT matches(refusal(doc('xingtai'), two(400, 'J45')), '^YB201 ', 'Xingtai: another disease is no 两病');
-- benefits do not use up each other's limits, but the year's 150,000 is common
SELECT is(paid(doc('xingtai'), visit(1000, '11'), two(450, 'I10'), visit(1400, '14')), ARRAY[400.00, 225.00, 600.00], 'Xingtai: each benefit has its own limit');
-- level 1: (166,667 - 100) x 90% = 149,910.30, so 89.70 are left
SELECT is(paid(doc('xingtai'), stay(166667, '09'), visit(1000, '11')), ARRAY[149910.30, 89.70], 'Xingtai: 150,000 over all benefits');

---------------------------------------------------------------- 西安 2023

-- station 100 x 70%, level 1 100 x 60%; 200 a year together
SELECT is(paid(doc('xian-2023'), visit(100, '11', '{"hosp_lv": "11"}'), visit(100, '11'), visit(200, '11')), ARRAY[70.00, 60.00, 70.00], 'Xi''an outpatient: station 70%, level 1 60%, 200 a year');
SELECT matches(refusal(doc('xian-2023'), visit(100, '11', '{"hosp_lv": "02"}')), '^YB202 .*二、三级', 'Xi''an outpatient at level 3: not in the text');

---------------------------------------------------------------- 通辽

-- 50 a year: 70 x 50%; then 600 x 50% = 300, of which 265 are left
SELECT is(paid(doc('tongliao'), visit(120, '11'), visit(600, '11'), visit(10, '11', '{"hosp_lv": "11"}')), ARRAY[35.00, 265.00, 0.00], 'Tongliao outpatient: 50, then half, 300 a year');
SELECT is(paid(doc('tongliao'), visit(30, '11'), visit(30, '11')), ARRAY[0.00, 5.00], 'Tongliao outpatient: the deductible is of the year');
SELECT is(paid(doc('tongliao'), two(400, 'I10'), two(400, 'I10')), ARRAY[200.00, 100.00], 'Tongliao: hypertension half, 300 a year, no deductible');
SELECT is(basic(doc('tongliao'), two(0.03, 'I10')), 0.02, 'Tongliao: not a fen of deductible');
SELECT is(paid(doc('tongliao'), two(1000, 'E11'), two(400, 'E11')), ARRAY[500.00, 100.00], 'Tongliao: diabetes 600');
SELECT is(paid(doc('tongliao'), two(400, 'I10', '{"dise_cnt": 2}'), two(1000, 'E11', '{"dise_cnt": 2}')), ARRAY[200.00, 400.00], 'Tongliao: both, 600 together');
-- special drugs: (1,200 - 200) x 70%, then x 70%; up to 500,000: 714,485.72 x 70% = 500,140.004
SELECT is(paid(doc('tongliao'), visit(1200, '15'), visit(1000, '15'), visit(800000, '15')), ARRAY[700.00, 700.00, 498600.00], 'Tongliao special drugs: 200 a year, 70%, 500,000 a year');
-- 350 x 50% outpatient, 400 x 50% for hypertension; then 800,000: (800,000 - 200) x 70% = 559,860
SELECT is(paid(doc('tongliao'), visit(400, '11'), two(400, 'I10'), visit(800000, '15')), ARRAY[175.00, 200.00, 500000.00], 'Tongliao: 500,000 is shared with stays alone, outpatient care takes nothing of it');
SELECT matches(refusal(doc('tongliao'), c), '^YB202 .*' || why, 'Tongliao: ' || why || ' is not in the text')
FROM (VALUES (stay(1000, '06'), '住院起付标准'), (visit(100, '14'), '门诊慢特病'), (visit(100, '11', '{"hosp_lv": "06"}'), '基层以外')) u(c, why);

---------------------------------------------------------------- 曲阜 2025

SELECT is(paid(doc('qufu-2025'), two(300, 'I10'), two(300, 'I10')), ARRAY[180.00, 20.00], 'Qufu: hypertension 60%, 200 a year');
SELECT is(paid(doc('qufu-2025'), two(400, 'E10.9'), two(400, 'E14')), ARRAY[240.00, 60.00], 'Qufu: diabetes 60%, 300 a year');
SELECT is(paid(doc('qufu-2025'), two(400, 'I10', '{"dise_cnt": 2}'), two(600, 'E11', '{"dise_cnt": 2}')), ARRAY[240.00, 260.00], 'Qufu: both, 500 together');
-- limits to the fen: 333.33 x 60% = 199.998, 333.34 x 60% = 200.004
SELECT is(ARRAY(SELECT basic(doc('qufu-2025'), two(a, 'I11.9')) FROM unnest(ARRAY[333.32, 333.33, 333.34, 1000]) a), ARRAY[199.99, 200.00, 200.00, 200.00], 'Qufu: the limit to the fen');
SELECT matches(refusal(doc('qufu-2025'), stay(1000, '02')), '^YB201 ', 'Qufu: the page is of the two diseases alone');

---------------------------------------------------------------- 泸州

SELECT is(paid(doc('luzhou'), visit(100, '11'), visit(100, '11')), ARRAY[70.00, 60.00], 'Luzhou outpatient: 70%, 130 a year');
SELECT is(paid(doc('luzhou'), two(250, 'I10'), two(250, 'I10')), ARRAY[175.00, 25.00], 'Luzhou: hypertension 200');
SELECT is(paid(doc('luzhou'), two(400, 'E11'), two(400, 'E11')), ARRAY[280.00, 20.00], 'Luzhou: diabetes 300');
SELECT matches(refusal(doc('luzhou'), two(400, 'I10', '{"dise_cnt": 2}')), '^YB202 .*两病同患', 'Luzhou: the limit of both is unknown');
SELECT matches(refusal(doc('luzhou'), visit(1000, '140201')), '^YB202 .*600元', 'Luzhou: what 600 means for special diseases is not clear');
-- read as a deductible (1,000 - 600) x 75%
SELECT is(basic(filled(doc('luzhou'), '{layers,0,deductible,2}', '{"when": {"med_type": "140201"}, "amount": "600", "per": "year", "source": "own"}'), visit(1000, '140201')), 300.00, 'Luzhou: read as a deductible');

---------------------------------------------------------------- 无为

-- one disease 3,000: 6,000 x 60% = 3,600 cut; two 3,300; six 4,500; seven still 4,500
SELECT is(ARRAY(SELECT basic(doc('wuwei'), visit(10000, '140104', jsonb_build_object('dise_cnt', n))) FROM unnest(ARRAY[1, 2, 3, 6, 7]) n), ARRAY[3000.00, 3300.00, 3600.00, 4500.00, 4500.00], 'Wuwei: 3,000 and 300 for each more, at most 4,500 [shape 28]');
SELECT is(paid(doc('wuwei'), visit(4000, '140104', '{"dise_cnt": 2}'), visit(4000, '140104', '{"dise_cnt": 2}')), ARRAY[2400.00, 900.00], 'Wuwei: 60%, the limit is of the year');
SELECT matches(refusal(doc('wuwei'), c), '^YB202 .*住院起付标准', 'Wuwei: stays, and special diseases paid like them, are not in the text') FROM (VALUES (stay(1000, '02')), (visit(1000, '140201'))) u(c);
SELECT is(basic(filled(filled(doc('wuwei'), '{layers,0,deductible,0}', '{"when": {"med_type": "21"}, "amount": "0", "per": "visit", "source": "own"}'), '{layers,0,ratio,0}', '{"when": {"med_type": "21"}, "ratio": "0.60", "source": "own"}'), stay(600000, '02')), 300000.00,
  'Wuwei, a table of stays filled in: 300,000 a year');

---------------------------------------------------------------- 南通生育

SELECT is(paid(doc('nantong-maternity'), visit(600, '51'), visit(600, '51')), ARRAY[300.00, 100.00], 'Nantong antenatal care: half, up to 400');
SELECT matches(refusal(doc('nantong-maternity'), visit(5000, '52')), '^YB202 .*定额', 'Nantong births: which flat amount is for what is unknown');
-- one of them filled in, as the page says the lower of cost and flat amount
SELECT is(ARRAY(SELECT basic(filled(doc('nantong-maternity'), '{layers,0,ratio,1}', '{"when": {"med_type": "52"}, "flat": "1900.00", "source": "nt"}'), visit(a, '52')) FROM unnest(ARRAY[5000, 1900, 1500.50]) a), ARRAY[1900.00, 1900.00, 1500.50], 'Nantong: the flat amount, or the cost when that is less [shape 32]');

SELECT * FROM finish();
