-- What is wrong with a claim is an error that names it; nothing is guessed, nothing is rounded.
\set ECHO none
SELECT plan(77);

CREATE FUNCTION doc(more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb '{"yibao": 1, "title": {"zh": "试验"}, "insutype": "390", "admdvs": "620522",
  "valid_from": "2018-09-18", "version_date": "setl_time",
  "sources": {"t": {"doc": "试验文件", "trust": "demo"}},
  "benefits": [{"when": {"med_type": ["21"]}, "benefit": "inpatient", "pool": "inpatient", "source": "t"},
               {"when": {"med_type": ["11"]}, "benefit": "outpatient", "pool": "outpatient", "source": "t"}],
  "layers": [
   {"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"], "deductible_order": "after_preselfpay", "rounding": "layer",
    "deductible": [{"amount": "500.00", "per": "visit", "source": "t"}],
    "ratio": [{"when": {"hosp_lv": ["05", "06", "07"]}, "ratio": "0.75", "source": "t"},
              {"when": {"hosp_lv": ["08", "09", "10"]}, "ratio": "0.85", "source": "t"}],
    "cap": {"year": [{"per": "year", "on": "payment", "amount": "20000.00", "source": "t"}]}}]}' || more
$$;
CREATE FUNCTION claim(more jsonb DEFAULT '{}', without text DEFAULT '') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT (jsonb '{"medfee_sumamt": "1200.00", "fulamt_ownpay_amt": "100.00", "overlmt_selfpay": "0", "preselfpay_amt": "100.00",
  "inscp_scp_amt": "1000.00", "med_type": "21", "hosp_lv": "06", "setl_time": "2022-05-01 10:00:00"}' || more) - without
$$;
-- The claim as a row of one column's own type: base columns replaced by an expression.
CREATE FUNCTION row_fails(field text, expression text, state text, about text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  columns text := (SELECT string_agg(CASE WHEN n = field THEN expression ELSE v END || ' AS ' || n, ', ')
    FROM (VALUES ('medfee_sumamt', '1200.00'), ('fulamt_ownpay_amt', '100.00'), ('overlmt_selfpay', '0'), ('preselfpay_amt', '100.00'),
      ('inscp_scp_amt', '1000.00'), ('med_type', 'text ''21'''), ('hosp_lv', 'text ''06'''), ('setl_time', 'timestamp ''2022-05-01 10:00:00'''),
      ('oth', '1')) AS c(n, v));
BEGIN
  IF field NOT IN ('medfee_sumamt', 'fulamt_ownpay_amt', 'overlmt_selfpay', 'preselfpay_amt', 'inscp_scp_amt', 'med_type', 'hosp_lv', 'setl_time') THEN
    columns := columns || ', ' || expression || ' AS ' || field;
  END IF;
  IF state = 'ok' THEN
    RETURN lives_ok(format('SELECT yibao.settle(doc(), c) FROM (SELECT %s) AS c', columns), about);
  END IF;
  RETURN throws_ok(format('SELECT yibao.settle(doc(), c) FROM (SELECT %s) AS c', columns), state, NULL, about);
END $$;
CREATE FUNCTION json_fails(more jsonb, state text, about text) RETURNS text LANGUAGE sql AS $$
SELECT throws_ok(format('SELECT yibao.settle(doc(), claim(%L))', more), state, NULL, about)
$$;

SELECT is((yibao.settle(doc(), claim())).hifp_pay, 375.00, 'the claim that the cases below spoil is good: (1,000 - 500) x 75%');
SELECT row_fails('inscp_scp_amt', '1000.00', 'ok', 'and so is the row');

-- amounts
SELECT throws_ok($$SELECT yibao.settle(doc(), claim('{"inscp_scp_amt": "1000.005"}'))$$, 'YB001',
  'inscp_scp_amt 1000.005 has more than two decimals', 'a third decimal is refused, naming field and value');
SELECT json_fails('{"inscp_scp_amt": 1000.005}', 'YB001', 'a third decimal as a JSON number is refused');
SELECT row_fails('inscp_scp_amt', '1000.005', 'YB001', 'a third decimal in a row is refused');
SELECT row_fails('inscp_scp_amt', '1000.000', 'ok', 'a third decimal that is zero is none');
SELECT row_fails('inscp_scp_amt', '0.000000001', 'YB001', 'a very small amount is refused, not zero');
SELECT row_fails('inscp_scp_amt', '''NaN''::numeric', 'YB002', 'NaN is refused');
SELECT row_fails('inscp_scp_amt', '''Infinity''::numeric', 'YB002', 'infinity is refused');
SELECT json_fails('{"inscp_scp_amt": "NaN"}', 'YB002', 'NaN in jsonb is refused');
SELECT row_fails('inscp_scp_amt', '-0.01', 'YB002', 'a negative amount is refused');
SELECT json_fails('{"fulamt_ownpay_amt": -1}', 'YB002', 'a negative amount in jsonb is refused');
SELECT row_fails('inscp_scp_amt', '1e16', 'YB002', '1e16 yuan is refused');
SELECT row_fails('inscp_scp_amt', '100000000000000', 'YB002', 'the first amount above the largest is refused');
SELECT row_fails('inscp_scp_amt', '1e100', 'YB002', '1e100 yuan is refused');
SELECT row_fails('inscp_scp_amt', '9223372036854775807', 'YB002', 'the largest bigint is no amount');
SELECT json_fails('{"inscp_scp_amt": "99999999999999999999"}', 'YB002', 'twenty digits in jsonb are refused');
SELECT json_fails('{"inscp_scp_amt": "1e3"}', 'YB007', 'an exponent is no spelling of money');
SELECT json_fails('{"inscp_scp_amt": "1,000.00"}', 'YB007', 'thousands separators are refused');
SELECT json_fails('{"inscp_scp_amt": true}', 'YB007', 'a boolean is no amount');
SELECT json_fails('{"inscp_scp_amt": {"yuan": 1}}', 'YB007', 'an object is no amount');
SELECT is((yibao.settle(doc(), claim('{"medfee_sumamt": "99999999999999.99", "fulamt_ownpay_amt": "99999999998899.99"}'))).medfee_sumamt, 99999999999999.99,
  'the largest amount is settled exactly');
SELECT throws_ok($$SELECT yibao.payout(doc(), medfee_sumamt => 1000.005, inscp_scp_amt => 1000, med_type => '21', hosp_lv => '06', setl_time => '2022-05-01')$$,
  'YB001', NULL, 'payout refuses a third decimal');
SELECT throws_ok($$SELECT yibao.payout(doc(), medfee_sumamt => n, inscp_scp_amt => n, med_type => '21', hosp_lv => '06', setl_time => '2022-05-01') FROM (VALUES (1000::numeric), ('NaN')) AS v(n)$$,
  'YB002', NULL, 'payout refuses NaN in a later row');

-- parts
SELECT json_fails('{"medfee_sumamt": "1199.99"}', 'YB003', 'a total less than its parts is refused');
SELECT json_fails('{"medfee_sumamt": "1200.01"}', 'YB003', 'a total above its parts is refused: no difference is shared out');
SELECT json_fails('{"acct_pay": "825.01"}', 'YB003', 'the account cannot pay more than the person''s part');
SELECT json_fails('{"prog_pay": "1000.01"}', 'YB003', 'a programme cannot have paid more than the in-policy amount [A036]');
SELECT is((yibao.settle(doc(), claim('{"prog_pay": "200.00"}'))).hifp_pay, 225.00, 'the insurance looks at what a programme left: (800 - 500) x 75% [A037]');

-- codes
SELECT throws_ok($$SELECT yibao.settle(doc(), claim('{"hosp_lv": "15"}'))$$, 'YB004', 'hosp_lv "15" is not a code of its list', 'an unknown hospital level is refused');
SELECT json_fails('{"med_type": "77"}', 'YB004', 'an unknown kind of visit is refused');
SELECT json_fails('{"hosp_lv": "三级甲等医院"}', 'YB004', 'the name of a level is refused where its code is due');
SELECT row_fails('hosp_lv', '6', 'YB007', 'a number is no code: 6 would not be 06');
SELECT row_fails('hosp_lv', '''06''::char(6)', 'ok', 'the blanks of char(n) are no part of the code');
SELECT row_fails('hosp_lv', '''06 ''::text', 'ok', 'nor are those of text that came from one');
SELECT row_fails('hosp_lv', ''' 06''::text', 'YB004', 'blanks before a code are');

-- absent and unknown
SELECT throws_ok($$SELECT yibao.settle(doc(), claim(without => 'hosp_lv'))$$, 'YB005', 'hosp_lv is not given, and the policy needs it', 'a field that a rule reads and the claim lacks is refused');
SELECT throws_ok($$SELECT yibao.settle(doc(), claim(without => 'hosp_lv') || '{"hosp_level": "06"}')$$, 'YB005', NULL, 'a misspelt field is an absent one');
SELECT throws_ok($$SELECT yibao.settle(doc(), claim(without => 'medfee_sumamt'))$$, 'YB005', NULL, 'a claim without a total is refused');
SELECT throws_ok($$SELECT yibao.settle(doc(), c) FROM (SELECT 1200.00 AS medfee_sumamt, 1200.00 AS inscp_scp_amt, text '21' AS med_type, timestamp '2022-05-01' AS setl_time) AS c$$,
  'YB005', NULL, 'a column that a rule reads and the row lacks is refused');
SELECT throws_ok($$SELECT yibao.payout(doc(), medfee_sumamt => 1000, inscp_scp_amt => 1000, med_type => '21', setl_time => '2022-05-01')$$,
  'YB005', NULL, 'an argument that was not given and is needed is refused');
SELECT json_fails('{"hosp_lv": null}', 'YB006', 'NULL where money depends on it is refused');
SELECT json_fails('{"setl_time": null}', 'YB006', 'nobody knows whether a policy is in force on an unknown date');
SELECT json_fails('{"inscp_scp_amt": null}', 'YB006', 'an amount that is NULL is not zero');
SELECT json_fails('{"cum_ipt_hifp": null}', 'YB006', 'an accumulator that is NULL is not zero');
SELECT row_fails('hosp_lv', 'NULL::text', 'YB006', 'a NULL column where money depends on it is refused');
SELECT row_fails('hosp_lv', 'text ''''', 'YB006', 'an empty code is an unknown one');
SELECT throws_ok($$SELECT yibao.payout(doc(), medfee_sumamt => 1000, inscp_scp_amt => 1000, med_type => '21', hosp_lv => lv, setl_time => '2022-05-01') FROM (VALUES ('06'), (NULL)) AS v(lv)$$,
  'YB005', NULL, 'a NULL from a column is an argument that was not given');
SELECT throws_ok($$SELECT yibao.payout(doc(), medfee_sumamt => 1000, inscp_scp_amt => 1000, med_type => '21', hosp_lv => '06', setl_time => '2022-05-01', prog_pay => p) FROM (VALUES (1), (NULL)) AS v(p)$$,
  'YB006', NULL, 'but never zero');
-- the same whether the plan knows it beforehand or not
PREPARE with_programme(numeric, text) AS SELECT yibao.payout(doc(), medfee_sumamt => 1000, inscp_scp_amt => 1000, med_type => '21', hosp_lv => $2, setl_time => '2022-05-01', prog_pay => $1);
SET plan_cache_mode = force_custom_plan;
SELECT throws_ok('EXECUTE with_programme(NULL, ''06'')', 'YB006', NULL, 'NULL for what is zero by default is unknown in a custom plan');
SELECT throws_ok('EXECUTE with_programme(0, NULL)', 'YB005', NULL, 'NULL for what is absent by default is absent in a custom plan');
SET plan_cache_mode = force_generic_plan;
SELECT throws_ok('EXECUTE with_programme(NULL, ''06'')', 'YB006', NULL, 'and so in a generic one');
SELECT throws_ok('EXECUTE with_programme(0, NULL)', 'YB005', NULL, 'both of them');
RESET plan_cache_mode;
SELECT row_fails('clct_grde', 'NULL::text', 'ok', 'NULL in a field that no rule reads does no harm');

-- types
SELECT row_fails('inscp_scp_amt', '1000.00::float8', 'YB007', 'floating point is refused for money');
SELECT row_fails('inscp_scp_amt', 'text ''1000.00''', 'YB007', 'text is refused for money in a row');
SELECT row_fails('inscp_scp_amt', '''1000.00''::money', 'YB007', 'the type money is refused');
SELECT row_fails('med_type', 'point(1, 2)', 'YB007', 'an unknown type is refused');
SELECT throws_ok($$SELECT yibao.settle(doc(), c) FROM (SELECT 1200.00 AS medfee_sumamt, 1200.00 AS inscp_scp_amt, text '21' AS med_type, text '06' AS hosp_lv, timestamptz '2022-05-01 00:00+08' AS setl_time) AS c$$,
  'YB007', 'setl_time cannot be read from column "setl_time" of type timestamp with time zone', 'a time with zone is refused: it hangs on the session');
SELECT row_fails('setl_time', 'date ''2022-05-01''', 'ok', 'a date is the begin of its day');
SELECT row_fails('setl_time', 'timestamp ''infinity''', 'YB007', 'infinity is no time');
SELECT json_fails('{"setl_time": "2022-05-01 10:00:00+08"}', 'YB007', 'a time with zone in jsonb is refused');
SELECT json_fails('{"setl_time": "2022-02-29"}', 'YB007', 'a day that is in no calendar is refused');
SELECT row_fails('endtime', 'now()', 'ok', 'a column of an unusable type that no rule reads does no harm');
CREATE DOMAIN yuan AS numeric(16,2) CHECK (VALUE >= 0);
SELECT row_fails('inscp_scp_amt', '1000::yuan', 'ok', 'a domain is read as its base type');

-- policy and date
SELECT json_fails('{"setl_time": "2018-09-17 23:59:59"}', 'YB008', 'a claim before the policy''s first day is refused');
SELECT lives_ok($$SELECT yibao.settle(doc(), claim('{"setl_time": "2018-09-18"}'))$$, 'its first day belongs to it');
SELECT throws_ok($$SELECT yibao.settle(doc('{"valid_to": "2022-01-01"}'), claim())$$, 'YB008', NULL, 'a claim after its last day is refused');
SELECT throws_ok($$SELECT yibao.settle(NULL, claim())$$, 'YB008', NULL, 'no policy is an error, not NULL');

-- not a claim
SELECT throws_ok($$SELECT yibao.settle(doc(), ROW(1, 2))$$, 'YB009', NULL, 'ROW() has no names and is refused');
SELECT throws_ok($$SELECT yibao.settle(doc(), 1)$$, 'YB009', NULL, 'a number is no claim');
SELECT throws_ok($$SELECT yibao.settle(doc(), '[1]')$$, 'YB009', NULL, 'a JSON array is no claim');
SELECT throws_ok($$SELECT yibao.settle(doc(), NULL::jsonb)$$, 'YB009', NULL, 'NULL is no claim');

-- accumulators
SELECT json_fails('{"cum_ipt_hifpp": "1.00"}', 'YB010', 'a misspelt accumulator is refused, it would be zero');
SELECT json_fails('{"opn_cum": [1, 2.5]}', 'YB010', 'accumulators in fen have no fractions');

-- not covered
SELECT throws_ok($$SELECT yibao.settle(doc(), claim('{"hosp_lv": "02"}'))$$, 'YB201', 'no rule of "ratio" of layer basic covers this claim', 'a situation that no rule covers is an error that names layer and parameter');
SELECT json_fails('{"med_type": "41"}', 'YB201', 'a visit that belongs to no benefit is an error');

SELECT * FROM finish();
