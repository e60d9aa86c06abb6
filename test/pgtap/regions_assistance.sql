-- Medical assistance and second assistance of real areas: classes, yearly deductibles and limits.
-- These documents have no insurance layers: the in-policy amount of a claim is what insurance left.  Figures are worked out by hand.
\set ECHO none
\ir regions_setup.psql
SELECT no_plan();

CREATE FUNCTION maf(document jsonb, amount numeric, class text, more jsonb DEFAULT '{}') RETURNS numeric LANGUAGE sql STABLE AS $$
SELECT (yibao.settle(document, stay(amount, '02', jsonb_build_object('psn_idet_type', class) || more))).maf_pay
$$;
CREATE FUNCTION mafs(document jsonb, class text, VARIADIC amounts numeric[]) RETURNS numeric[] LANGUAGE sql STABLE AS $$
SELECT array_agg(r.maf_pay) FROM year_of(document, VARIADIC (SELECT array_agg(stay(a, '02', jsonb_build_object('psn_idet_type', class)) ORDER BY i) FROM unnest(amounts) WITH ORDINALITY u(a, i))) r
$$;

---------------------------------------------------------------- 宿迁 2024

-- 10,000 left: 100%; 80%; (10,000 - 3,000) x 70%; nobody's: nothing
SELECT is(ARRAY(SELECT maf(doc('suqian-2024'), 10000, c) FROM unnest(ARRAY['2301', '2302', '2303', '2304', '2305', '00']) c), ARRAY[10000.00, 10000.00, 8000.00, 4900.00, 4900.00, 0.00], 'Suqian: each class');
SELECT is(ARRAY(SELECT maf(doc('suqian-2024'), a, '2304') FROM unnest(ARRAY[2999.99, 3000, 3000.01]) a), ARRAY[0.00, 0.00, 0.01], 'Suqian: the deductible to the fen [P18]');
SELECT is(mafs(doc('suqian-2024'), '2304', 2000, 2000, 2000), ARRAY[0.00, 700.00, 1400.00], 'Suqian: 3,000 are counted by year [P20]');
SELECT is(mafs(doc('suqian-2024'), '2301', 80000, 20000), ARRAY[80000.00, 10000.00], 'Suqian: 90,000 a year for stays and chronic care');
-- general outpatient care 9,000 x 100%, then 1,000 of 10,000; a stay 85,000, then 5,000 of 90,000 for chronic care; nothing is left of either, nor of one for the other
SELECT is(ARRAY(SELECT r.maf_pay FROM year_of(doc('suqian-2024'), visit(9000, '11', c), visit(2000, '11', c), stay(85000, '02', c), visit(6000, '14', c), stay(100, '02', c), visit(100, '11', c)) r),
  ARRAY[9000.00, 1000.00, 85000.00, 5000.00, 0.00, 0.00], 'Suqian: 10,000 a year for general outpatient care, 90,000 for the rest [shape 27]') FROM jsonb_build_object('psn_idet_type', '2301') c;
-- 9,990 of outpatient care paid before; 89,990 of the rest: 10 each
SELECT is(ARRAY[maf(d, 100, '2301', '{"med_type": "11", "cum_ma_pay": 99980, "cum_ma_otp_pay": 9990, "cum_ma_ipt_pay": 50000, "cum_ma_opsp_pay": 39990}'),
    maf(d, 100, '2301', '{"cum_ma_pay": 99980, "cum_ma_otp_pay": 9990, "cum_ma_ipt_pay": 50000, "cum_ma_opsp_pay": 39990}')], ARRAY[10.00, 10.00], 'Suqian: by what a claim brings') FROM doc('suqian-2024') d;

---------------------------------------------------------------- 淄川 2025

-- 4,000: 75% = 3,000, 1,000 left.  40,000: 75% = 30,000, 10,000 left: over 5,000: 5,000 x 70% = 3,500
SELECT is(ARRAY(SELECT maf(doc('zichuan-2025'), 4000, c) || ' ' || maf(doc('zichuan-2025'), 40000, c) FROM unnest(ARRAY['2301', '2303', '2306']) c), ARRAY['3000.00 33500.00', '3000.00 33500.00', '3000.00 33500.00'],
  'Zichuan: 75%, and 70% of what is left above 5,000');
-- 100,000: 30,000 limit; 70,000 left: 65,000 x 70% = 45,500, at most 20,000
SELECT is(maf(doc('zichuan-2025'), 100000, '2303'), 50000.00, 'Zichuan: 30,000 and 20,000 a year');
-- 低保边缘 30,000: 27,000 x 50% = 13,500; 16,500 left: 6,500 x 70% = 4,550.  100,000: 20,000; 80,000: 49,000, at most 20,000
SELECT is(ARRAY(SELECT maf(doc('zichuan-2025'), a, '2304') FROM unnest(ARRAY[3000, 10000, 30000, 100000]) a), ARRAY[0.00, 3500.00, 18050.00, 40000.00], 'Zichuan: families just above subsistence');
SELECT is(mafs(doc('zichuan-2025'), '2303', 16000, 8000), ARRAY[12000.00, 6700.00], 'Zichuan: what is left adds up over the year: 4,000, then 2,000: 1,000 x 70% [P20]');
SELECT is(maf(doc('zichuan-2025'), 10000, '00'), 0.00, 'Zichuan: who is in no class gets none');
-- 刚性支出: 25% of an income of, say, 40,000 = 10,000; (30,000 - 10,000) x 60% = 12,000; 100,000: 54,000, at most 20,000; no second assistance
SELECT is(ARRAY(SELECT maf(filled(doc('zichuan-2025'), '{income,0}', '{"year": 2024, "amount": "40000.00", "source": "own"}'), a, '2308', '{"year": 2025}') FROM unnest(ARRAY[10000, 30000, 100000]) a), ARRAY[0.00, 12000.00, 20000.00],
  'Zichuan, an income filled in: rigid spending above a quarter of it [shape 42]');
SELECT matches(refusal(doc('zichuan-2025'), stay(30000, '02', '{"psn_idet_type": "2308", "year": 2025}')), '^YB202 .*no disposable income of 2024 .*leaves it open', 'Zichuan: as it stands that income is unknown');
SELECT is(maf(doc('zichuan-2025'), 4000, '2303', '{"year": 2025}'), 3000.00, 'Zichuan: which matters to nobody else');

---------------------------------------------------------------- 广德 2024

-- 10,000: 80%; 75%; 8,500 x 70%; 7,000 x 60%
SELECT is(ARRAY(SELECT maf(doc('guangde-2024'), 10000, c) FROM unnest(ARRAY['2301', '2303', '2306', '2304', '2307', '00']) c), ARRAY[8000.00, 7500.00, 5950.00, 4200.00, 4200.00, 0.00], 'Guangde: each class');
SELECT is(mafs(doc('guangde-2024'), '2301', 60000, 10000), ARRAY[48000.00, 2000.00], 'Guangde: 50,000 a year, shared');
SELECT is(ARRAY(SELECT r.maf_pay FROM year_of(doc('guangde-2024'), stay(60000, '02', '{"psn_idet_type": "2301"}'), visit(10000, '14', '{"psn_idet_type": "2301"}')) r), ARRAY[48000.00, 2000.00], 'Guangde: by stays and outpatient care');
SELECT is(mafs(doc('guangde-2024'), '2306', 1000, 1000), ARRAY[0.00, 350.00], 'Guangde: 1,500 a year for who fell back into poverty');

---------------------------------------------------------------- 三明 2025

CREATE TABLE sm AS SELECT filled(doc('sanming-2025'), '{income,0}', '{"year": 2024, "amount": "40000.00", "source": "own"}') AS d;
-- 90%; 70%; 10% of 40,000 first: 6,000 x 60%; 25%: nothing; nobody's
SELECT is(ARRAY(SELECT maf(d, 10000, c, '{"year": 2025}') FROM sm, unnest(ARRAY['2401', '2402', '2403', '2404', '2405', '00']) WITH ORDINALITY u(c, i) ORDER BY i), ARRAY[9000.00, 7000.00, 7000.00, 3600.00, 0.00, 0.00],
  'Sanming, an income of 40,000 filled in: classes 1 to 5 [shape 42]');
-- (30,000 - 10,000) x 50%; the deductible is of the year: 8,000 and 22,000
SELECT is(maf(d, 30000, '2405', '{"year": 2025}'), 10000.00, 'Sanming, class 5: above a quarter of the income') FROM sm;
SELECT is(mafs(d, '2405', 8000, 22000), ARRAY[0.00, 10000.00], 'Sanming: the deductible is of the year') FROM sm;
SELECT is(mafs(d, '2401', 30000, 30000), ARRAY[27000.00, 13000.00], 'Sanming: at most the income of last year, 40,000') FROM sm;
SELECT matches(refusal(doc('sanming-2025'), stay(10000, '02', '{"psn_idet_type": "2401", "year": 2025}')), '^YB202 .*no disposable income of 2024 .*leaves it open', 'Sanming as it stands: its limit is an income that the text does not give');

---------------------------------------------------------------- 宜昌

-- 15,000 left: 10,000 x 100%, 90%, 70%; 8,000 x 70%, 50%
SELECT is(ARRAY(SELECT maf(doc('yichang-tilt'), 15000, c) FROM unnest(ARRAY['2501', '2502', '2503', '2504', '2505', '00']) c), ARRAY[10000.00, 9000.00, 7000.00, 5600.00, 4000.00, 0.00], 'Yichang: five classes');
SELECT is(maf(doc('yichang-tilt'), 100000, '2501'), 50000.00, 'Yichang: 50,000 a year');
SELECT is(ARRAY[maf(d, 15000, '2501', '{"refl": "none"}'), maf(d, 15000, '2501', '{"area": "outside", "refl": "up"}'), maf(d, 15000, '2501', '{"area": "province", "refl": "up"}'), maf(d, 15000, '2501', '{"area": "city", "refl": "down"}')],
  ARRAY[0.00, 0.00, 10000.00, 10000.00], 'Yichang: only after a proper referral and within the province [shape 43]') FROM doc('yichang-tilt') d;

---------------------------------------------------------------- 重庆某区 2024

-- 13,500 left: 10,000 x 70%, x 60%
SELECT is(ARRAY(SELECT maf(doc('chongqing-tilt-2024'), 13500, c) FROM unnest(ARRAY['2301', '2303', '2306', '2304', '2307', '2308', '00']) c), ARRAY[7000.00, 7000.00, 7000.00, 6000.00, 6000.00, 6000.00, 0.00], 'Chongqing: 70% or 60% of what exceeds 3,500');
SELECT is(mafs(doc('chongqing-tilt-2024'), '2303', 3500, 4500, 4500), ARRAY[0.00, 700.00, 700.00], 'Chongqing: 3,500 for each stay, 单次 [P20]');
SELECT is(mafs(doc('chongqing-tilt-2024'), '2303', 23500, 23500), ARRAY[14000.00, 6000.00], 'Chongqing: 20,000 a year');
SELECT is(ARRAY[maf(d, 13500, '2301', '{"refl": "none"}'), maf(d, 13500, '2301', '{"area": "outside"}')], ARRAY[0.00, 0.00], 'Chongqing: not without referral, not outside') FROM doc('chongqing-tilt-2024') d;

---------------------------------------------------------------- 邯郸, 江阴

SELECT is(ARRAY(SELECT maf(doc('handan-assistance'), 10000, c) FROM unnest(ARRAY['2301', '2303', '00']) c), ARRAY[8000.00, 7000.00, 0.00], 'Handan: 80% and 70%');
SELECT is(mafs(doc('handan-assistance'), '2301', 30000, 30000), ARRAY[24000.00, 6000.00], 'Handan: 30,000 a year');
SELECT matches(refusal(doc('handan-assistance'), stay(10000, '02', '{"psn_idet_type": "2304"}')), '^YB202 .*不是确数', 'Handan: about a tenth of income is no figure');
-- given 2,000: 8,000 x 67%; 98,000 x 67% at most 20,000
SELECT is(ARRAY(SELECT maf(filled(doc('handan-assistance'), '{layers,0,deductible,1}', '{"when": {"psn_idet_type": ["2304", "2308"]}, "amount": "2000", "per": "year", "source": "own"}'), a, '2304') FROM unnest(ARRAY[10000, 100000]) a), ARRAY[5360.00, 20000.00],
  'Handan, a deductible filled in: others 67%, 20,000 a year');
-- stay: 7,000 in policy + 3,000 first self-pay: 10,000 x 70%; special disease 85%
SELECT is(ARRAY[maf(d, 7000, '2303', '{"medfee_sumamt": "10000", "preselfpay_amt": "3000", "fulamt_ownpay_amt": "0", "overlmt_selfpay": "0"}'),
    maf(d, 7000, '2303', '{"med_type": "14", "medfee_sumamt": "10000", "preselfpay_amt": "3000", "fulamt_ownpay_amt": "0", "overlmt_selfpay": "0"}')], ARRAY[7000.00, 8500.00], 'Jiangyin: 自付和自理, first self-pay among it [P19]') FROM doc('jiangyin-assistance') d;
SELECT is(maf(doc('jiangyin-assistance'), 500000, '2301', '{"preselfpay_amt": "0", "fulamt_ownpay_amt": "0", "overlmt_selfpay": "0"}'), 300000.00, 'Jiangyin: 300,000 a year');
SELECT matches(refusal(doc('jiangyin-assistance'), visit(100, '11', '{"psn_idet_type": "2301", "preselfpay_amt": "0"}')), '^YB202 .*layers\[0\]\.cap\.outpatient\[0\]', 'Jiangyin: what 1,000 the text means for outpatient care is open, and for nothing else');

SELECT * FROM finish();
