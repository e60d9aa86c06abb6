-- Caps of days, months, quarters, diseases and lifetimes: by what a claim brings, by replay, and in a pool area.
-- Every expected figure is worked out by hand in the comment above it.
\set ECHO none
\ir mutations.psql
SELECT no_plan();

-- Outpatient and chronic visits, 60%, no deductible, with these caps.
CREATE FUNCTION doc(cap jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_set(jsonb '{"yibao": 1, "title": {"zh": "限额"}, "insutype": "390", "admdvs": "620522", "valid_from": "2018-01-01", "version_date": "setl_time",
  "sources": {"t": {"doc": "限额试验", "trust": "demo"}},
  "benefits": [{"when": {"med_type": "21"}, "benefit": "inpatient", "pool": "inpatient", "source": "t"},
               {"when": {"med_type": "11"}, "benefit": "outpatient", "pool": "outpatient", "source": "t"},
               {"when": {"med_type": "14"}, "benefit": "chronic", "pool": "outpatient", "source": "t"}],
  "fund": {"split": [{"coverage_year": {">=": 2018}, "outpatient": "0.30", "inpatient": "0.70", "base": "received_income",
      "kinds": ["contribution"], "after_serious": true, "rounding": "half_up_outpatient", "source": "t"}], "on_pool_short": "queue", "source": "t"},
  "layers": [
   {"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"], "rounding": "layer",
    "deductible": [{"amount": "0", "per": "visit", "source": "t"}], "ratio": [{"ratio": "0.60", "source": "t"}]}]}',
  '{layers,0,cap}', (SELECT jsonb_object_agg(k, (SELECT jsonb_agg(r || '{"source": "t"}') FROM jsonb_array_elements(v) AS r)) FROM jsonb_each(cap) AS e(k, v)))
$$;
CREATE FUNCTION pays(d jsonb, inscp numeric, more jsonb) RETURNS numeric LANGUAGE sql STABLE AS $$
SELECT (yibao.settle(mutated(d), jsonb_build_object('medfee_sumamt', inscp, 'inscp_scp_amt', inscp, 'med_type', '11', 'setl_time', '2022-02-03') || more)).hifp_pay
$$;
-- What a year of visits pays: [time, amount, med_type, dise_codg] each.
CREATE FUNCTION year_of(d jsonb, visits text[]) RETURNS numeric[] LANGUAGE sql STABLE AS $$
SELECT array_agg((x.r).hifp_pay ORDER BY x.n) FROM (SELECT n, yibao.replay(mutated(d), jsonb_build_object('psn_no', 'P', 'year', 2022, 'setl_id', lpad(n::text, 3, '0'),
    'setl_time', visits[n][1], 'medfee_sumamt', visits[n][2], 'inscp_scp_amt', visits[n][2], 'med_type', visits[n][3], 'dise_codg', visits[n][4])) OVER (ORDER BY n) AS r
  FROM generate_series(1, array_length(visits, 1)) AS n OFFSET 0) AS x
$$;
-- The same in a pool area of its own.
CREATE FUNCTION area_of(d jsonb, visits text[]) RETURNS numeric[] LANGUAGE plpgsql AS $$
DECLARE paid numeric[] := '{}'; one numeric;
BEGIN
  PERFORM yibao.create_poolarea('qa', '620522');
  INSERT INTO qa.policy (rules) VALUES (mutated(d));
  FOR n IN 1 .. array_length(visits, 1) LOOP
    INSERT INTO qa.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, dise_codg, fixmedins_code)
    VALUES (lpad(n::text, 3, '0'), 'P', '390', visits[n][1]::timestamp, visits[n][2]::numeric, 0, 0, 0, visits[n][2]::numeric, visits[n][3], visits[n][4], 'H') RETURNING hifp_pay INTO one;
    paid := paid || one;
  END LOOP;
  RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = paid::text;
EXCEPTION WHEN SQLSTATE 'ZZ001' THEN
  RETURN SQLERRM::numeric[];
END $$;
CREATE FUNCTION same(d jsonb, visits text[], expected numeric[], what text) RETURNS SETOF text LANGUAGE sql AS $$
SELECT is(year_of(d, visits), expected, what || ': replay')
UNION ALL SELECT is(area_of(d, visits), expected, what || ': pool area')
$$;

---------------------------------------------------------------- what a claim brings

-- 60% of 100 is 60; of 50 a month 20 are paid: 30
SELECT is(pays(d, 100, '{"cum_month_hifp": 20}'), 30.00, 'shape 27: a cap by month, less what the claim says was paid in it') FROM doc('{"m": [{"per": "month", "on": "payment", "amount": "50", "unused": "lost"}]}') AS d;
SELECT is(pays(d, 100, '{}'), 50.00, 'shape 27: the first claim of its month has the whole cap') FROM doc('{"m": [{"per": "month", "on": "payment", "amount": "50", "unused": "lost"}]}') AS d;
SELECT throws_ok(format('SELECT pays(%L, 100, ''{"cum_month_hifp": null}'')', d), 'YB006', NULL, 'what was paid in the month is not known: no payment') FROM doc('{"m": [{"per": "month", "on": "payment", "amount": "50", "unused": "lost"}]}') AS d;
-- by benefit another accumulator: 50 - 45 = 5
SELECT is(pays(d, 100, '{"cum_quarter_hifp": 20, "cum_quarter_ben_hifp": 45}'), 5.00, 'a cap of the benefit reads what the benefit paid') FROM doc('{"q": [{"per": "quarter", "on": "payment", "amount": "50", "scope": "benefit", "unused": "lost"}]}') AS d;
-- 100,000 in a life, 99,990 paid: 10
SELECT is(pays(d, 100, '{"cum_life_hifp": 99990}'), 10.00, 'a cap of a lifetime') FROM doc('{"life": [{"per": "lifetime", "on": "payment", "amount": "100000"}]}') AS d;
-- 3,000 for a disease, 2,950 paid for it: 50
SELECT is(pays(d, 100, '{"cum_dise_hifp": 2950, "cum_otp_hifp": 100000, "dise_codg": "M01600"}'), 50.00, 'shape 28: a cap of a disease counts what was paid for it, not for others') FROM doc('{"d": [{"per": "year", "on": "payment", "amount": "3000", "scope": "disease"}]}') AS d;
SELECT throws_ok(format('SELECT pays(%L, 100, ''{"dise_codg": null}'')', d), 'YB006', NULL, 'of an unknown disease nobody knows what was paid for it') FROM doc('{"d": [{"per": "year", "on": "payment", "amount": "3000", "scope": "disease"}]}') AS d;
SELECT throws_ok(format('SELECT pays(%L, 100, ''{}'')', d), 'YB005', NULL, 'nor of one that is not given') FROM doc('{"d": [{"per": "year", "on": "payment", "amount": "3000", "scope": "disease"}]}') AS d;
-- payout has position 49, cum_dise_hifp, by opn_cum: 3,000 - 2,950 = 50
SELECT is(yibao.payout(d, medfee_sumamt => 100, inscp_scp_amt => 100, med_type => '11', dise_codg => 'M01600', setl_time => '2022-02-03', opn_cum => array_fill(0::bigint, ARRAY[48]) || 295000::bigint), 50.00,
  'payout takes them by opn_cum') FROM doc('{"d": [{"per": "year", "on": "payment", "amount": "3000", "scope": "disease"}]}') AS d;
SELECT is(yibao.payout(d, medfee_sumamt => 100, inscp_scp_amt => 100, med_type => '11', setl_time => '2022-02-03', opn_cum => '{0}', cum_month_hifp => 20), 30.00,
  'one given by name stands over opn_cum') FROM doc('{"m": [{"per": "month", "on": "payment", "amount": "50", "unused": "lost"}]}') AS d;

---------------------------------------------------------------- a year of visits

-- 60 of 100, cut to 35 a visit; of 100 a day 35 + 35 + 30, the fourth nothing; the next day 35 again
SELECT same(d, '{{2022-01-05 08:00,100,11,""},{2022-01-05 09:00,100,11,""},{2022-01-05 10:00,100,11,""},{2022-01-05 23:59:59,100,11,""},{2022-01-06 00:00,100,11,""}}', '{35.00,35.00,30.00,0.00,35.00}', 'shape 27: caps by visit and by day')
FROM doc('{"visit": [{"per": "visit", "on": "payment", "amount": "35"}], "day": [{"per": "day", "on": "payment", "amount": "100"}]}') AS d;

-- January 50 x 60% = 30 of 50, 20 unused. February 200 x 60% = 120: 50. March 120: 50. Then 0 are left
SELECT same(d, '{{2022-01-05,50,11,""},{2022-02-05,200,11,""},{2022-03-05,200,11,""},{2022-03-31 23:59,10,11,""}}', '{30.00,50.00,50.00,0.00}', 'P15: what a month does not use is lost')
FROM doc('{"month": [{"per": "month", "on": "payment", "amount": "50", "unused": "lost"}]}') AS d;
-- the same year: February 2 x 50 - 30 = 70; March 3 x 50 - 100 = 50; June 6 x 50 - 150 = 150, of which 120 are due
SELECT same(d, '{{2022-01-05,50,11,""},{2022-02-05,200,11,""},{2022-03-05,200,11,""},{2022-03-31 23:59,10,11,""},{2022-06-01,200,11,""}}', '{30.00,70.00,50.00,0.00,120.00}', 'P15: what a month does not use is carried to the next')
FROM doc('{"month": [{"per": "month", "on": "payment", "amount": "50", "unused": "carried"}]}') AS d;

-- first quarter 200 x 60% = 120 of 120, then nothing; April begins the second: 50 x 60% = 30, June 120 - 30 = 90
SELECT same(d, '{{2022-02-05,200,11,""},{2022-03-31,50,11,""},{2022-04-01,50,11,""},{2022-06-30,200,11,""}}', '{120.00,0.00,30.00,90.00}', 'shape 27: a cap by quarter')
FROM doc('{"quarter": [{"per": "quarter", "on": "payment", "amount": "120", "unused": "lost"}]}') AS d;
-- 100 x 60% = 60 of 120; second quarter 240 - 60 = 180 of the 300 due; fourth 480 - 240 = 240 of 300
SELECT same(d, '{{2022-02-05,100,11,""},{2022-04-01,500,11,""},{2022-12-31,500,11,""}}', '{60.00,180.00,240.00}', 'P15: a quarter''s unused part is carried')
FROM doc('{"quarter": [{"per": "quarter", "on": "payment", "amount": "120", "unused": "carried"}]}') AS d;

-- 100 a year for stays and chronic care together, 60% each: 60, none of it for outpatient care, 40, nothing
SELECT same(d, '{{2022-01-05,100,14,""},{2022-01-06,100,11,""},{2022-02-05,100,21,""},{2022-02-06,100,11,""},{2022-03-05,100,14,""}}', '{60.00,60.00,40.00,60.00,0.00}', 'shape 29: a cap of two benefits together')
FROM doc('{"both": [{"per": "year", "on": "payment", "amount": "100", "benefits": ["inpatient", "chronic"]}]}') AS d;
-- the same of eligible cost, 150: 60; 60; 50 x 60% = 30; 60; nothing
SELECT same(d, '{{2022-01-05,100,14,""},{2022-01-06,100,11,""},{2022-02-05,100,21,""},{2022-02-06,100,11,""},{2022-03-05,100,14,""}}', '{60.00,60.00,30.00,60.00,0.00}', 'shapes 26, 29: of their eligible cost')
FROM doc('{"both": [{"per": "year", "on": "eligible", "amount": "150", "benefits": ["inpatient", "chronic"]}]}') AS d;

-- months and quarters are those of the benefit year, which here begins on 15 April: 60 of 50, nothing on 10 May, 50 from 15 May, 50 on 14 March, the eleventh month's last day, 50 on the next
SELECT same(d || '{"year": {"starts": "04-15", "named_by": "start", "source": "t"}}', '{{2022-04-20,100,11,""},{2022-05-14 23:59,100,11,""},{2022-05-15,100,11,""},{2023-03-14,100,11,""},{2023-03-15,100,11,""}}', '{50.00,0.00,50.00,50.00,50.00}',
  'P10, P15: months of a year that begins on 15 April')
FROM doc('{"month": [{"per": "month", "on": "payment", "amount": "50", "unused": "lost"}]}') AS d;
-- a year that begins in September: its first quarter ends with November
SELECT same(d || '{"year": {"starts": "09-01", "named_by": "start", "source": "t"}}', '{{2022-09-05,200,11,""},{2022-11-30,50,11,""},{2022-12-01,50,11,""}}', '{120.00,0.00,30.00}', 'P10, P15: quarters of a year that begins in September')
FROM doc('{"quarter": [{"per": "quarter", "on": "payment", "amount": "120", "unused": "lost"}]}') AS d;
-- 31 January: February has none, so the second month begins on 1 March; the third on 31 March
SELECT same(d || '{"year": {"starts": "01-31", "named_by": "start", "source": "t"}}', '{{2022-02-28,100,11,""},{2022-03-01,100,11,""},{2022-03-30,100,11,""},{2022-03-31,100,11,""}}', '{50.00,50.00,0.00,50.00}', 'P10, P15: a month that has no such day')
FROM doc('{"month": [{"per": "month", "on": "payment", "amount": "50", "unused": "lost"}]}') AS d;
-- carried: enrolled on 1 March, 20 August is in the second quarter: 2 x 300 = 600 of the 6,000 due
SELECT is(pays(d || '{"year": {"starts": "enrolment", "named_by": "start", "source": "t"}}', 10000, '{"psn_insu_date": "2019-03-01", "setl_time": "2020-08-20"}'), 600.00, 'P10, P15: the quarters so far are those since the day of enrolment')
FROM doc('{"quarter": [{"per": "quarter", "on": "payment", "amount": "300", "unused": "carried"}]}') AS d;
-- 4 September is in the fifth month since 15 April: 5 x 5,000 of the 60,000 due; on 14 September still, on the 15th the sixth
SELECT is(ARRAY(SELECT pays(d || '{"year": {"starts": "04-15", "named_by": "start", "source": "t"}}', 100000, jsonb_build_object('setl_time', at)) FROM unnest('{2023-09-04,2023-09-14,2023-09-15,2023-04-15,2024-04-14}'::text[]) AS at),
  ARRAY[25000.00, 25000.00, 30000.00, 5000.00, 60000.00], 'P10, P15: the months so far are those since 15 April')
FROM doc('{"month": [{"per": "month", "on": "payment", "amount": "5000", "unused": "carried"}]}') AS d;
-- of 2022 by the end of care, settled on 5 January 2023: all twelve months of 2022, 12 x 50 = 600
SELECT is(pays(d || '{"year": {"by": "endtime", "source": "t"}}', 10000, '{"endtime": "2022-12-30", "setl_time": "2023-01-05"}'), 600.00, 'P10, P15: a claim settled after its year ended has all months of that year')
FROM doc('{"month": [{"per": "month", "on": "payment", "amount": "50", "unused": "carried"}]}') AS d;

-- 300 of cost a month: 200 x 60% = 120, of the next 200 only 100 count: 60; February begins anew: 300 x 60% = 180
SELECT same(d, '{{2022-01-05,200,11,""},{2022-01-06,200,11,""},{2022-01-07,10,11,""},{2022-02-01,400,11,""}}', '{120.00,60.00,0.00,180.00}', 'shape 26: a cap of eligible cost by month')
FROM doc('{"month": [{"per": "month", "on": "eligible", "amount": "300", "unused": "lost"}]}') AS d;
-- by benefit: outpatient 120 and 60 as above; a chronic visit between has its own 300: 250 x 60% = 150
SELECT same(d, '{{2022-01-05,200,11,""},{2022-01-05 12:00,250,14,""},{2022-01-06,200,11,""}}', '{120.00,150.00,60.00}', 'a cap of eligible cost by month and benefit')
FROM doc('{"month": [{"per": "month", "on": "eligible", "amount": "300", "scope": "benefit", "unused": "lost"}]}') AS d;
-- carried, of cost, by benefit: January 200 of 300, March 900 - 200 = 700 of 800: 420; the chronic visit has 900 of its own: 800 x 60% = 480
SELECT same(d, '{{2022-01-05,200,11,""},{2022-03-05,800,11,""},{2022-03-06,800,14,""}}', '{120.00,420.00,480.00}', 'P15: eligible cost of a benefit is carried')
FROM doc('{"month": [{"per": "month", "on": "eligible", "amount": "300", "scope": "benefit", "unused": "carried"}]}') AS d;
-- all benefits share 100 a day: 60, then 40 of 60
SELECT same(d, '{{2022-01-05,100,11,""},{2022-01-05 12:00,100,14,""},{2022-01-06,100,14,""}}', '{60.00,40.00,60.00}', 'a cap by day over all benefits')
FROM doc('{"day": [{"per": "day", "on": "payment", "amount": "100"}]}') AS d;
SELECT same(d, '{{2022-01-05,100,11,""},{2022-01-05 12:00,100,14,""},{2022-01-05 13:00,100,14,""}}', '{60.00,60.00,40.00}', 'a cap by day of each benefit')
FROM doc('{"day": [{"per": "day", "on": "payment", "amount": "100", "scope": "benefit"}]}') AS d;

-- 100 for each disease: 60 of M016, 60 of M039, then 40 of M016 and nothing; another disease its own 60
SELECT same(d, '{{2022-01-05,100,14,M01600},{2022-02-05,100,14,M03900},{2022-03-05,100,14,M01600},{2022-04-05,100,14,M01600},{2022-05-05,100,14,M05300}}', '{60.00,60.00,40.00,0.00,60.00}', 'shape 28: each disease has its cap of the year')
FROM doc('{"d": [{"per": "year", "on": "payment", "amount": "100", "scope": "disease"}]}') AS d;
-- M016 and M039 share 100: 60 of M01600, 40 of M03900, nothing of M01601, which begins with M016; others 70 each
SELECT same(d, '{{2022-01-05,100,14,M01600},{2022-02-05,100,14,M03900},{2022-03-05,100,14,M01601},{2022-04-05,100,14,M05300},{2022-05-05,100,14,M05300},{2022-06-05,100,14,M05400}}', '{60.00,40.00,0.00,60.00,10.00,60.00}', 'shape 28: diseases that a rule names share a cap')
FROM doc('{"d": [{"per": "year", "on": "payment", "amount": "70", "scope": "disease"}, {"when": {"dise_codg": ["M016", "M039"]}, "per": "year", "on": "payment", "amount": "100", "scope": "disease"}]}') AS d;
-- eligible cost of a disease: 150 of cost a year; 100 count, then 50: 60 and 30
SELECT same(d, '{{2022-01-05,100,14,M01600},{2022-02-05,100,14,M03900},{2022-03-05,100,14,M01600}}', '{60.00,60.00,30.00}', 'shape 28: a cap of a disease on eligible cost')
FROM doc('{"d": [{"per": "year", "on": "eligible", "amount": "150", "scope": "disease"}]}') AS d;
-- without the scope it is the benefit's total that counts: 100 - 60 of another disease = 40
SELECT same(d, '{{2022-01-05,100,14,M03900},{2022-03-05,100,14,M01600}}', '{60.00,40.00}', 'shape 35: a cap with a disease as its condition counts all that the layer paid')
FROM doc('{"d": [{"when": {"dise_codg": "M016"}, "per": "year", "on": "payment", "amount": "100"}]}') AS d;

---------------------------------------------------------------- a pool area

SELECT yibao.create_poolarea('qb', '620522') IS NOT NULL AS made \gset
INSERT INTO qb.policy (rules) SELECT doc('{"month": [{"per": "month", "on": "payment", "amount": "50", "unused": "lost"}], "life": [{"per": "lifetime", "on": "payment", "amount": "200"}],
  "d": [{"per": "year", "on": "eligible", "amount": "150", "scope": "disease"}]}');
CREATE FUNCTION ins(id text, at text, amount numeric, dise text DEFAULT 'M01600', reverses text DEFAULT NULL) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE paid numeric;
BEGIN
  IF reverses IS NOT NULL THEN
    INSERT INTO qb.settlement (setl_id, init_setl_id, setl_time) VALUES (id, reverses, at::timestamp) RETURNING hifp_pay INTO paid;
  ELSE
    INSERT INTO qb.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, dise_codg, fixmedins_code)
    VALUES (id, 'P', '390', at::timestamp, amount, 0, 0, 0, amount, '11', dise, 'H') RETURNING hifp_pay INTO paid;
  END IF;
  RETURN paid;
END $$;
-- 50 x 60% = 30; 20 are left of the month, taken back by the reversal in the next month, then 20 again
SELECT is(ins('A1', '2022-01-05', 50), 30.00, 'a first visit of the month');
SELECT is(ins('A2', '2022-01-06', 50), 20.00, 'the second has the rest of the month');
SELECT is(ins('A3', '2022-02-07', 0, NULL, 'A2'), -20.00, 'it is reversed in the next month');
SELECT is(ins('A4', '2022-02-08', 100), 50.00, 'the reversal took nothing from the month it was made in: 50 of 60');
-- of the disease's 150 of cost 50 + 100 counted: nothing is left
SELECT is(ins('A5', '2022-03-08', 100), 0.00, 'the reversed visit''s cost does not count for its disease, the others'' does');
SELECT is(ins('A6', '2022-03-09', 100, 'M03900'), 50.00, 'another disease');
-- 30 + 50 + 50 of 200 in a life: 70 are left; a year on the month has 50, then 20 of the life
SELECT is(ins('A7', '2023-01-09', 100), 50.00, 'another year: its month and its disease begin anew');
SELECT is(ins('A8', '2023-02-09', 100, 'M03900'), 20.00, 'but not the lifetime');
SELECT is((SELECT cum[34:] FROM qb.person_year WHERE year = 2023), '{}', 'a person-year does not keep what hangs on the claim');
SELECT is((SELECT opn_cum[51] FROM qb.settlement WHERE setl_id = 'A8'), 18000::bigint, 'the settlement keeps what it saw: 180 yuan in all years');
SELECT ok(bool_and(NOT EXISTS (SELECT FROM yibao.explain_settlement('qb', setl_id) WHERE step IS NULL)), 'every one of them is explained as it was paid') FROM qb.settlement;
SELECT is((SELECT sentence FROM yibao.explain_settlement('qb', 'A2') WHERE item = 'cap' ORDER BY step LIMIT 1), '基本医保：应支付 30.00 元，本月限额尚余 20.00 元，超过的 10.00 元不予支付（限额试验）', 'and in words') ;

---------------------------------------------------------------- refusals

CREATE FUNCTION refused(cap jsonb, message text, about text) RETURNS text LANGUAGE sql AS $$
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', doc(jsonb_build_object('c', jsonb_build_array(cap)))), 'YB105', message, about)
$$;
SELECT refused('{"per": "month", "on": "payment", "amount": "50", "unused": "kept"}', 'layers[0].cap.c[0].unused: "kept" is not a word of the grammar here', 'unused is lost or carried');
SELECT refused('{"per": "day", "on": "payment", "amount": "50", "unused": "lost"}', 'layers[0].cap.c[0]: "unused" stands with a limit per month or quarter, and only there', 'not of a day');
SELECT refused('{"per": "month", "on": "payment", "amount": "50", "unused": "lost", "scope": "disease"}', 'layers[0].cap.c[0]: a limit of a disease is per year', 'a disease by month');
SELECT refused('{"per": "lifetime", "on": "eligible", "amount": "50"}', 'layers[0].cap.c[0]: a limit per lifetime is of all payments of the basic layer', 'a lifetime of eligible cost');
SELECT refused('{"per": "lifetime", "on": "payment", "amount": "50", "scope": "benefit"}', 'layers[0].cap.c[0]: a limit per lifetime is of all payments of the basic layer', 'a lifetime of one benefit');
SELECT refused('{"per": "day", "on": "payment", "amount": "50", "layers": ["basic"]}', 'layers[0].cap.c[0]: layers share a limit per visit or per year only', 'a day that layers share');
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', d), 'YB105', 'layers[0].cap.d[0] counts the payments of other diseases together than layers[0].cap.d[1]', 'a disease in two groups')
FROM doc('{"d": [{"when": {"dise_codg": ["M016", "M039"]}, "per": "year", "on": "payment", "amount": "100", "scope": "disease"}, {"when": {"dise_codg": "M039"}, "per": "year", "on": "payment", "amount": "90", "scope": "disease"}]}') AS d;
SELECT ok(yibao.policy_ok(d), 'two rules for the same group may differ in other conditions')
FROM doc('{"d": [{"when": {"dise_codg": ["M016", "M039"]}, "per": "year", "on": "payment", "amount": "100", "scope": "disease"}, {"when": {"dise_codg": ["M039", "M016"], "med_type": "14"}, "per": "year", "on": "payment", "amount": "90", "scope": "disease"}]}') AS d;
SELECT is((SELECT effect FROM yibao.policy_rules(d::jsonb) WHERE path = 'layers[0].cap.m[0]'), 'payment at most 50.00 per month, this benefit only, unused part carried', 'policy_rules says all of it')
FROM doc('{"m": [{"per": "month", "on": "payment", "amount": "50", "scope": "benefit", "unused": "carried"}]}') AS d;

---------------------------------------------------------------- replay

SELECT throws_ok(format($$SELECT yibao.replay(%L::jsonb, c) OVER (ORDER BY c.setl_time) FROM (VALUES
  ('1', timestamp '2022-03-05', 'P', 100, 100, '11', 'A', 3, 60.00), ('2', '2022-04-05', 'P', 100, 100, '11', 'B', 3, 60.00)) AS c(setl_id, setl_time, psn_no, medfee_sumamt, inscp_scp_amt, med_type, dise_codg, cum_setl_cnt, cum_otp_hifp)$$, d),
  'YB010', NULL, 'replay of a year entered in its middle does not know what was paid for another disease') FROM doc('{"d": [{"per": "year", "on": "payment", "amount": "100", "scope": "disease"}]}') AS d;
-- 50 a month: 20 were paid in March before, 30 left; then nothing in March; April begins after the first row: 50
SELECT is(ARRAY(SELECT (x.r).hifp_pay FROM (SELECT c.setl_id, yibao.replay(d, c) OVER (ORDER BY c.setl_time) AS r FROM (VALUES
  ('1', timestamp '2022-03-05', 'P', 100, 100, '11', 3, 20.00), ('2', '2022-03-06', 'P', 100, 100, '11', 3, 7.00), ('3', '2022-04-05', 'P', 100, 100, '11', 3, 7.00))
  AS c(setl_id, setl_time, psn_no, medfee_sumamt, inscp_scp_amt, med_type, cum_setl_cnt, cum_month_hifp) OFFSET 0) AS x ORDER BY setl_id), '{30.00,0.00,50.00}', 'the month that the first row brings counts on in its month')
FROM doc('{"month": [{"per": "month", "on": "payment", "amount": "50", "unused": "lost"}]}') AS d;

-- the area and replay agree over a year of random visits of many persons
SELECT yibao.create_poolarea('qc', '620522') IS NOT NULL AS made \gset
INSERT INTO qc.policy (rules) SELECT doc('{"a": [{"per": "visit", "on": "payment", "amount": "350"}], "b": [{"per": "day", "on": "payment", "amount": "400"}], "c": [{"per": "month", "on": "eligible", "amount": "900", "scope": "benefit", "unused": "lost"}],
  "e": [{"per": "quarter", "on": "payment", "amount": "1000", "unused": "carried"}], "f": [{"when": {"dise_codg": ["E10", "E11"]}, "per": "year", "on": "payment", "amount": "1500", "scope": "disease"}, {"per": "year", "on": "payment", "amount": "800", "scope": "disease"}],
  "g": [{"per": "day", "on": "eligible", "amount": "700"}], "h": [{"per": "quarter", "on": "eligible", "amount": "2000", "scope": "benefit", "unused": "lost"}]}');
INSERT INTO qc.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, dise_codg, fixmedins_code)
SELECT 'S' || lpad(i::text, 6, '0'), 'P' || i % 17, '390', timestamp '2022-01-01' + i * interval '5 hours', a, 0, 0, 0, a, (ARRAY['11', '14', '21'])[1 + i * 7 % 3], (ARRAY['E10', 'E101', 'E11', 'I10', 'J45'])[1 + i * 11 % 5], 'H'
FROM generate_series(1, 1500) AS i, LATERAL (SELECT round(17 + (i * 7919 % 1000)::numeric, 2)) AS x(a);
SELECT is((SELECT count(*) FROM (SELECT s.hifp_pay, yibao.replay(p.rules, to_jsonb(s) - 'opn_cum' - 'cal_ipt_cnt') OVER (PARTITION BY s.psn_no ORDER BY s.setl_time, s.setl_id COLLATE "C") AS r FROM qc.settlement AS s, qc.policy AS p OFFSET 0) AS x
  WHERE x.hifp_pay <> (x.r).hifp_pay), 0::bigint, 'of 1,500 visits replay pays what the area paid');
SELECT cmp_ok((SELECT count(*) FROM qc.settlement WHERE hifp_pay < round(inscp_scp_amt * 0.6, 2)), '>', 200::bigint, 'and many of them were cut');


---------------------------------------------------------------- recomputed

SELECT is((SELECT string_agg(a::text, E'\n') FROM yibao.verify('qc') AS a WHERE NOT ok), NULL, 'the person-years are what 1,500 settlements, settled again, add up to');
SELECT is((SELECT string_agg(a::text, E'\n') FROM yibao.verify('qb') AS a WHERE NOT ok), NULL, 'and what is left after a reversal');
ALTER TABLE qc.person_year DISABLE TRIGGER USER;
UPDATE qc.person_year SET cum[9] = cum[9] + 1 WHERE psn_no = 'P3';
ALTER TABLE qc.person_year ENABLE TRIGGER USER;
SELECT ok(detail LIKE 'person P3, scheme 390, year 2022: accumulator 9 is %', 'a person-year that differs by a fen is named') FROM yibao.verify('qc') AS a(name, ok, detail) WHERE NOT ok;
SELECT * FROM finish();
