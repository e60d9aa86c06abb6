-- Every form of a claim gives the same settlement; steps add up to it.
\set ECHO none
SELECT plan(30);

CREATE FUNCTION doc() RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT jsonb '{"yibao": 1, "title": {"zh": "试验"}, "insutype": "390", "admdvs": "620522",
  "valid_from": "2018-01-01", "version_date": "setl_time", "counts": {"except": [], "unpaid": true, "source": "t"},
  "sources": {"t": {"doc": "试验文件", "trust": "demo"}},
  "benefits": [{"when": {"med_type": ["11", "14"]}, "benefit": "outpatient", "pool": "门诊统筹", "source": "t"},
               {"when": {"med_type": ["21", "22", "24"]}, "benefit": "inpatient", "pool": "住院统筹", "source": "t"}],
  "layers": [
   {"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"], "deductible_order": "after_preselfpay", "rounding": "layer",
    "deductible": [{"amount": "500.00", "per": "visit", "source": "t"},
                   {"when": {"med_type": ["11", "14"]}, "amount": "0", "per": "visit", "source": "t"}],
    "deductible_adjust": {"second": [{"when": {"cal_ipt_cnt": {">=": 2}}, "multiply": "0.5", "source": "t"}]},
    "ratio": [{"ratio": "0.50", "source": "t"},
              {"when": {"hosp_lv": ["05", "06", "07"]}, "ratio": "0.75", "source": "t"}],
    "adjust": {"emergency": [{"when": {"er_flag": true}, "add": "0.05", "source": "t"}],
               "old": [{"when": {"age": {">=": 60}}, "add": "0.01", "source": "t"}]},
    "combine": "sum",
    "cap": {"year": [{"per": "year", "on": "payment", "amount": "20000.00", "source": "t"}]}},
   {"code": "serious", "pays": "hifmi_pay", "payer": {"kind": "external", "pays": "hospital_direct", "model": "insurer", "source": "t"},
    "base": ["deductible", "copay", "over_cap"], "rounding": "layer",
    "deductible": [{"amount": "3000.00", "per": "year", "source": "t"}],
    "ratio": [{"tiers": {"origin": "deductible", "measure": "year", "bands": [["10000.00", "0.60"], [null, "0.65"]]}, "source": "t"}]}]}'
$$;

CREATE TABLE bill (
  setl_id varchar(30), psn_no text COLLATE "C", other_column point, med_type varchar(6), hosp_lv char(6),
  medfee_sumamt numeric(16,2), fulamt_ownpay_amt numeric, overlmt_selfpay integer, preselfpay_amt bigint,
  inscp_scp_amt numeric, age smallint, er_flag char(1), setl_time timestamp, cal_ipt_cnt numeric(4,0),
  cum_ipt_hifp numeric);
INSERT INTO bill
SELECT 'S' || i, 'P' || i % 37, NULL, CASE WHEN i % 3 = 0 THEN '11' ELSE '2101' END, lpad((1 + i % 14)::text, 2, '0'),
  x.own + x.lim + x.pre + x.inscp, x.own, x.lim, x.pre, x.inscp, i % 100, i % 2,
  timestamp '2021-01-01 08:00:00' + i * interval '1 hour', 1 + i % 4, (i % 50) * 500
FROM generate_series(1, 500) AS i,
  LATERAL (SELECT round(i * 13.37, 2) AS own, i % 7 AS lim, (i % 11) * 10 AS pre, round(i * i * 0.73, 2) AS inscp) AS x;

CREATE TABLE by_row AS SELECT b.setl_id, (s.r).* FROM (SELECT b, yibao.settle(doc(), b) AS r FROM bill AS b OFFSET 0) AS s, LATERAL (SELECT (s.b).setl_id) AS b;
CREATE TABLE by_jsonb AS SELECT b.setl_id, (s.r).* FROM (SELECT b, yibao.settle(doc(), to_jsonb(b)) AS r FROM bill AS b OFFSET 0) AS s, LATERAL (SELECT (s.b).setl_id) AS b;
CREATE TABLE by_text AS
SELECT b.setl_id, (yibao.settle(doc(), (SELECT jsonb_object_agg(key, value) FROM jsonb_each_text(to_jsonb(b)) WHERE value IS NOT NULL))).*
FROM bill AS b;
CREATE TABLE by_record AS
SELECT r.setl_id, (yibao.settle(doc(), r)).*
FROM (SELECT inscp_scp_amt, setl_id, med_type, age::bigint AS age, er_flag = '1' AS er_flag, hosp_lv::text AS hosp_lv, preselfpay_amt::numeric AS preselfpay_amt,
  medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, setl_time::date AS setl_time, cal_ipt_cnt::text AS cal_ipt_cnt, cum_ipt_hifp FROM bill) AS r;

SELECT is((SELECT count(*) FROM by_row), 500::bigint, 'every row is settled');
SELECT is_empty('(TABLE by_row EXCEPT TABLE by_jsonb) UNION ALL (TABLE by_jsonb EXCEPT TABLE by_row)',
  'a row and its jsonb give the same settlement [A071]');
SELECT is_empty('(TABLE by_row EXCEPT TABLE by_text) UNION ALL (TABLE by_text EXCEPT TABLE by_row)',
  'amounts, numbers and flags as JSON strings give the same settlement');
SELECT is_empty('(TABLE by_row EXCEPT TABLE by_record) UNION ALL (TABLE by_record EXCEPT TABLE by_row)',
  'columns in another order and of other types give the same settlement');

CREATE FUNCTION pay(b bill, field text) RETURNS numeric LANGUAGE sql AS $$
SELECT yibao.payout(doc(), medfee_sumamt => b.medfee_sumamt, fulamt_ownpay_amt => b.fulamt_ownpay_amt,
  overlmt_selfpay => b.overlmt_selfpay, preselfpay_amt => b.preselfpay_amt, inscp_scp_amt => b.inscp_scp_amt,
  med_type => b.med_type, hosp_lv => b.hosp_lv, age => b.age, er_flag => b.er_flag = '1', setl_time => b.setl_time,
  cal_ipt_cnt => b.cal_ipt_cnt::integer, cum_ipt_hifp => b.cum_ipt_hifp, field => field)
$$;
SELECT is((SELECT count(*) FROM bill AS b JOIN by_row AS r USING (setl_id) WHERE pay(b, 'fund_pay_sumamt') IS DISTINCT FROM r.fund_pay_sumamt),
  0::bigint, 'payout gives settle''s fund_pay_sumamt for every row');
SELECT is((SELECT count(*) FROM bill AS b JOIN by_row AS r USING (setl_id) WHERE pay(b, 'psn_cash_pay') IS DISTINCT FROM r.psn_cash_pay
    OR pay(b, 'hifmi_pay') IS DISTINCT FROM r.hifmi_pay OR pay(b, 'act_pay_dedc') IS DISTINCT FROM r.act_pay_dedc),
  0::bigint, 'payout gives the other amounts of settle too, by the name of the field');
SELECT is((SELECT sum(yibao.payout(doc(), medfee_sumamt => medfee_sumamt, inscp_scp_amt => inscp_scp_amt, fulamt_ownpay_amt => fulamt_ownpay_amt,
    overlmt_selfpay => overlmt_selfpay, preselfpay_amt => preselfpay_amt, med_type => med_type, hosp_lv => hosp_lv, age => age,
    er_flag => er_flag = '1', setl_time => setl_time, cal_ipt_cnt => cal_ipt_cnt::int, cum_ipt_hifp => cum_ipt_hifp)) FROM bill),
  (SELECT sum(fund_pay_sumamt) FROM by_row), 'payout over a table, its state kept from row to row, gives the same sum');
SELECT is((SELECT sum(yibao.payout(doc(), medfee_sumamt => 1000, inscp_scp_amt => 1000, med_type => '21', hosp_lv => '06', age => 30,
    er_flag => false, setl_time => '2021-01-01', field => f)) FROM unnest(ARRAY['hifp_pay', 'psn_cash_pay', 'medfee_sumamt']) AS f),
  2000.00, 'the field that payout returns may vary from row to row');
SELECT is(yibao.payout(doc(), medfee_sumamt => 1000, inscp_scp_amt => 1000, med_type => '21', hosp_lv => '06', age => 30,
    er_flag => false, setl_time => '2021-01-01'), 375.00, 'payout of constants alone: (1,000 - 500) x 75%');

-- identities of every row
SELECT is((SELECT count(*) FROM by_row WHERE medfee_sumamt <> fulamt_ownpay_amt + overlmt_selfpay + preselfpay_amt + inscp_scp_amt), 0::bigint,
  'total = own pay + over limit price + first self-pay + in policy [A070]');
SELECT is((SELECT count(*) FROM by_row WHERE fund_pay_sumamt <> hifp_pay + hifmi_pay + maf_pay + oth_pay + cvlserv_pay + hifes_pay + hifob_pay + hifdm_pay), 0::bigint,
  'fund_pay_sumamt is the sum of the payers [A071]');
SELECT is((SELECT count(*) FROM by_row WHERE psn_part_amt <> medfee_sumamt - fund_pay_sumamt - hosp_part_amt
    OR psn_cash_pay <> psn_part_amt - acct_pay - acct_mulaid_pay), 0::bigint, 'the person pays what nobody else does, to the fen [A070]');
SELECT is((SELECT count(*) FROM by_row WHERE hifp_pay > 20000 OR hifmi_pay = 0 AND act_pay_dedc > 3000), 0::bigint, 'no payment passes the cap [A035]');
SELECT ok((SELECT count(*) FROM by_row WHERE hifmi_pay > 0) > 100, 'many of these claims reach the second layer');
SELECT is((SELECT array_agg(DISTINCT benefit || ' ' || pool ORDER BY benefit || ' ' || pool) FROM by_row),
  ARRAY['inpatient 住院统筹', 'outpatient 门诊统筹'], 'benefit and pool are those that the policy names [A032]');
SELECT is((SELECT count(*) FROM by_row WHERE scale(hifp_pay) <> 2 OR scale(psn_cash_pay) <> 2 OR scale(pool_prop_selfpay) <> 4), 0::bigint,
  'amounts have two decimals, the ratio four');

-- steps
CREATE TABLE steps AS
SELECT b.setl_id, e.* FROM bill AS b, LATERAL yibao.explain(doc(), b) AS e;
SELECT is((SELECT count(*) FROM by_row AS r, LATERAL (VALUES ('medfee_sumamt', medfee_sumamt), ('inscp_scp_amt', inscp_scp_amt),
      ('fulamt_ownpay_amt', fulamt_ownpay_amt), ('overlmt_selfpay', overlmt_selfpay), ('preselfpay_amt', preselfpay_amt),
      ('act_pay_dedc', act_pay_dedc), ('hifp_pay', hifp_pay), ('hifmi_pay', hifmi_pay), ('psn_part_amt', psn_part_amt), ('psn_cash_pay', psn_cash_pay)) AS v(settles, amount)
    WHERE v.amount <> coalesce((SELECT sum(s.amount) FROM steps AS s WHERE s.setl_id = r.setl_id AND s.settles = v.settles), 0)), 0::bigint,
  'the steps of explain add up to the columns of settle, for every row');
SELECT is((SELECT count(*) FROM steps WHERE settles IS NOT NULL AND settles NOT IN ('medfee_sumamt', 'inscp_scp_amt', 'fulamt_ownpay_amt',
    'overlmt_selfpay', 'preselfpay_amt', 'act_pay_dedc', 'hifp_pay', 'hifmi_pay', 'psn_part_amt', 'psn_cash_pay')), 0::bigint,
  'no step settles a column that the test above did not add up');
SELECT is((SELECT count(*) FROM steps WHERE rule IS NOT NULL AND (source IS NULL OR trust IS NULL)), 0::bigint, 'every rule that explain names has its source and trust');
SELECT is((SELECT count(*) FROM steps WHERE coalesce(sentence, '') = ''), 0::bigint, 'every step has a sentence');
SELECT isnt((SELECT string_agg(sentence, ' ' ORDER BY step) FROM yibao.explain(doc(), (SELECT b FROM bill AS b LIMIT 1), 'en')),
  (SELECT string_agg(sentence, ' ' ORDER BY step) FROM yibao.explain(doc(), (SELECT b FROM bill AS b LIMIT 1))), 'sentences come in Chinese or in English');
-- who gets nothing from a layer reads for whom it is
SELECT is((SELECT sentence FROM yibao.explain(jsonb_set(doc(), '{layers,1}', doc() #> '{layers,1}' || '{"when": {"age": {">=": 60}, "hosp_lv": ["02", "01"]}, "when_source": "t 三"}'), (SELECT b FROM bill AS b WHERE age < 60 ORDER BY setl_id LIMIT 1), lang)
    WHERE item = 'not_applicable'), says, 'a layer that is not for the claim says for which it is, ' || lang)
FROM (VALUES ('zh', '大病保险：不适用于本次结算（试验文件 三），仅适用于：年龄≥60，医院等级为01、02'),
  ('en', 'Serious-illness insurance: does not apply to this settlement (试验文件 三), only where age >= 60 and hosp_lv in (01, 02)')) AS u(lang, says);
SELECT throws_ok($$SELECT * FROM yibao.explain(doc(), (SELECT b FROM bill AS b LIMIT 1), 'fr')$$, '22023', NULL, 'another language is an error');

-- accumulators
SELECT is((SELECT (yibao.settle(doc(), b)).cum[1:2] FROM bill AS b WHERE setl_id = 'S1'), ARRAY[1, 1]::bigint[], 'the counts after a first stay are 1 and 1');
SELECT is((SELECT sum(((yibao.settle(doc(), to_jsonb(b) || jsonb_build_object('opn_cum', r.cum) - 'cum_ipt_hifp')).cum)[3] - r.cum[3]) FROM bill AS b JOIN by_row AS r USING (setl_id)),
  (SELECT sum(100 * medfee_sumamt) FROM bill), 'the cum of one settlement is the opn_cum of the next');
SELECT is((yibao.settle(doc(), '{"medfee_sumamt": 1000, "inscp_scp_amt": 1000, "med_type": "21", "hosp_lv": "06", "age": 30, "er_flag": 0, "setl_time": "2021-01-01", "opn_cum": [1, 1]}')).crt_dedc,
  250.00, 'an untyped literal is jsonb; a shorter opn_cum leaves the rest zero; the second stay pays half the deductible');

-- what hangs on nothing of the session
SET DateStyle = 'German, DMY';
SET TimeZone = 'America/Los_Angeles';
SET extra_float_digits = 0;
SET search_path = pg_catalog;
CREATE TABLE public.by_settings AS
SELECT b.setl_id, (s.r).* FROM (SELECT b, yibao.settle(public.doc(), b) AS r FROM public.bill AS b OFFSET 0) AS s, LATERAL (SELECT (s.b).setl_id) AS b;
RESET ALL;
SELECT is_empty('(TABLE by_row EXCEPT TABLE by_settings) UNION ALL (TABLE by_settings EXCEPT TABLE by_row)',
  'TimeZone, DateStyle and search_path change nothing');

-- parallel
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
CREATE FUNCTION plan_of(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) ' || query; END $$;
SELECT ok(EXISTS (SELECT FROM plan_of($$SELECT sum((yibao.settle(doc(), b)).hifp_pay) FROM bill AS b$$) AS l WHERE l LIKE '%Partial Aggregate%'),
  'a sum over settle of a whole table runs in parallel workers');
SELECT is((SELECT sum((yibao.settle(doc(), b)).hifp_pay) FROM bill AS b), (SELECT sum(hifp_pay) FROM by_row), 'and gives the same sum');

SELECT * FROM finish();
