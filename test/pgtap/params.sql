-- Where texts leave a reading open the policy names the one it takes.  Each test carries the id of doc/policies.md's table
-- (P01 ...), gives every reading its own figure, worked out by hand, and shows that none of them is taken by silence.
\set ECHO none
SELECT no_plan();

CREATE FUNCTION base() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb '{"yibao": 1, "title": {"zh": "参数"}, "insutype": "390", "admdvs": "620522", "valid_from": "2018-01-01", "version_date": "setl_time", "counts": {"except": [], "unpaid": true, "source": "t"},
  "sources": {"t": {"doc": "参数试验", "trust": "demo"}},
  "assumed": {"P01": {"value": "add", "note": {"zh": "“降低10%”读作减10个百分点", "en": "read as ten points"}},
              "P04": {"value": "deductible", "note": {"zh": "只有中文说明"}},
              "P28": {"value": "layer", "note": {"zh": "合并后取舍", "en": "rounded once"}}},
  "benefits": [{"when": {"med_type": "21"}, "benefit": "inpatient", "pool": "inpatient", "source": "t"},
               {"when": {"med_type": "14"}, "benefit": "chronic", "pool": "outpatient", "source": "t"}],
  "layers": [
   {"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"], "deductible_order": "after_preselfpay", "rounding": "layer",
    "deductible": [{"amount": "0", "per": "visit", "source": "t"}], "ratio": [{"ratio": "0.60", "source": "t"}]}]}'
$$;
-- Each rule given its source.
CREATE FUNCTION cited(v jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT CASE WHEN jsonb_typeof(v) = 'array' AND jsonb_typeof(v -> 0) = 'object' THEN (SELECT jsonb_agg(r || '{"source": "t"}') FROM jsonb_array_elements(v) AS r)
  WHEN jsonb_typeof(v) = 'object' THEN (SELECT jsonb_object_agg(k, cited(r)) FROM jsonb_each(v) AS e(k, r))
  ELSE v END
$$;
-- The base document with keys of its basic layer replaced; and with a layer above that.
CREATE FUNCTION basic(keys jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_set(base(), '{layers,0}', base() #> '{layers,0}' || cited(keys))
$$;
CREATE FUNCTION above(keys jsonb, document jsonb DEFAULT base(), layer text DEFAULT 'serious') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_insert(document, '{layers,-1}', jsonb_build_object('code', layer, 'pays', CASE layer WHEN 'serious' THEN 'hifmi_pay' ELSE 'maf_pay' END)
  || '{"rounding": "layer", "payer": {"kind": "external", "pays": "hospital_direct", "source": "t"}}' || cited(keys), true)
$$;
CREATE FUNCTION visit(inscp numeric, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_build_object('medfee_sumamt', inscp + coalesce((more ->> 'preselfpay_amt')::numeric, 0) + coalesce((more ->> 'overlmt_selfpay')::numeric, 0)
    + coalesce((more ->> 'fulamt_ownpay_amt')::numeric, 0), 'inscp_scp_amt', inscp, 'med_type', '21', 'setl_time', '2022-05-01 10:00:00') || more
$$;
CREATE FUNCTION s(document jsonb, inscp numeric, more jsonb DEFAULT '{}') RETURNS yibao.settlement LANGUAGE sql STABLE AS $$
SELECT yibao.settle(document, visit(inscp, more))
$$;
CREATE FUNCTION pays(document jsonb, inscp numeric, more jsonb DEFAULT '{}') RETURNS numeric LANGUAGE sql STABLE AS $$
SELECT (s(document, inscp, more)).hifp_pay
$$;
-- A year of visits, in order.
CREATE FUNCTION year_of(document jsonb, VARIADIC claims jsonb[]) RETURNS SETOF yibao.settlement LANGUAGE sql STABLE AS $$
SELECT r FROM (SELECT i, yibao.replay(document, c || jsonb_build_object('psn_no', 'P', 'year', 2022, 'setl_id', lpad(i::text, 4, '0'),
    'setl_time', timestamp '2022-01-01' + i * interval '20 days')) OVER (ORDER BY i) AS r FROM unnest(claims) WITH ORDINALITY AS u(c, i)) x ORDER BY i
$$;
-- The document without what stands at a path is refused, and the message names what is missing.
CREATE FUNCTION needed(document jsonb, path text[], message text, about text) RETURNS text LANGUAGE sql AS $$
SELECT throws_like(format('SELECT yibao.policy_ok(%L)', document #- path), '%' || message || '%', about)
$$;
CREATE FUNCTION refused(document jsonb, state text, message text, about text) RETURNS text LANGUAGE sql AS $$
SELECT throws_ok(format('SELECT yibao.policy_ok(%L)', document), state::char(5), message, about)
$$;
CREATE FUNCTION sentences(document jsonb, inscp numeric, more jsonb, what text, lang text) RETURNS text LANGUAGE sql STABLE AS $$
SELECT string_agg(sentence, ' / ' ORDER BY step) FROM yibao.explain(document, visit(inscp, more), lang) WHERE item = what
$$;

---------------------------------------------------------------- P01: 降低10%

CREATE FUNCTION lowered(adjust jsonb, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT basic(jsonb_build_object('deductible', jsonb '[{"amount": "1000", "per": "visit"}]', 'ratio', jsonb '[{"ratio": "0.70"}]',
  'adjust', jsonb_build_object('referral', jsonb_build_array(adjust || '{"when": {"refl": "none"}}'))) || more)
$$;
-- 20,000 less 1,000 (X9): 19,000 x (70% - 10%) = 11,400
SELECT is(pays(lowered('{"add": "-0.10"}'), 20000, '{"refl": "none"}'), 11400.00, 'P01: ten points less pay 11,400.00 [A079]');
-- 19,000 x 70% x 0.9 = 19,000 x 63% = 11,970
SELECT is(pays(lowered('{"multiply": "0.9"}'), 20000, '{"refl": "none"}'), 11970.00, 'P01: a tenth less of the ratio pays 11,970.00 [A079]');
-- 19,000 x 70% = 13,300, x 0.9 = 11,970
SELECT is(pays(lowered('{"multiply_result": "0.9"}'), 20000, '{"refl": "none"}'), 11970.00, 'P01: a tenth less of the payment pays 11,970.00 [A079]');
-- with a limit of 60% between: 63% is cut to 60%, 11,400; but 60% of 19,000 = 11,400, x 0.9 = 10,260
SELECT is(ARRAY[pays(lowered('{"multiply": "0.9"}', '{"ratio_max": "0.60"}'), 20000, '{"refl": "none"}'), pays(lowered('{"multiply_result": "0.9"}', '{"ratio_max": "0.60"}'), 20000, '{"refl": "none"}')],
  ARRAY[11400.00, 10260.00], 'P01: of the ratio or of the payment are two readings where a limit comes between');
SELECT is(pays(lowered('{"add": "-0.10"}'), 20000, '{"refl": "up"}'), 13300.00, 'P01: who is referred is not lowered: 19,000 x 70%');
SELECT throws_ok(format('SELECT pays(%L, 20000, %L)', lowered('{"reduce": "0.10"}'), '{"refl": "none"}'), 'YB202', NULL, 'P01: left open, the claim is not decided [A079]');
SELECT is(pays(lowered('{"reduce": "0.10"}'), 20000, '{"refl": "up"}'), 13300.00, 'P01: and one that does not need it is');
SELECT needed(lowered('{"add": "-0.10"}'), '{layers,0,adjust,referral,0,add}', 'layers[0].adjust.referral[0]', 'P01: no form of an adjustment is taken by silence');

---------------------------------------------------------------- P04, P07: where bands begin

CREATE FUNCTION serious_2022(origin text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT above(jsonb_build_object('base', jsonb '["copay"]', 'deductible', jsonb '[{"amount": "5000", "per": "year"}]', 'ratio', jsonb_build_array(jsonb_build_object('tiers',
  jsonb_build_object('origin', origin, 'measure', 'year', 'bands', jsonb '[["10000", "0.60"], ["20000", "0.65"], ["50000", "0.70"], ["100000", "0.75"], [null, "0.80"]]')))))
$$;
-- burden 60,000 of 150,000 x 40%; the excess 55,000: 10,000 x 60% + 10,000 x 65% + 30,000 x 70% + 5,000 x 75% (X1)
SELECT is((s(serious_2022('deductible'), 150000)).hifmi_pay, 37250.00, 'P04: bands on the excess over the deductible: 37,250');
-- absolute: 5,000 to 10,000 60%, to 20,000 65%, to 50,000 70%, to 60,000 75%: 3,000 + 6,500 + 21,000 + 7,500 (X11)
SELECT is((s(serious_2022('zero'), 150000)).hifmi_pay, 38000.00, 'P04: bands in absolute amounts: 38,000');
SELECT needed(serious_2022('zero'), '{layers,1,ratio,0,tiers,origin}', 'layers[1].ratio[0].tiers: key "origin"', 'P04: where the bands of serious illness begin is stated');
SELECT needed(serious_2022('zero'), '{layers,1,ratio,0,tiers,measure}', 'layers[1].ratio[0].tiers: key "measure"', 'P04: and whether they count the visit or the year');

CREATE FUNCTION zhoukou(origin text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT basic(jsonb_build_object('deductible', jsonb '[{"amount": "900", "per": "visit"}]', 'ratio', jsonb_build_array(jsonb_build_object('tiers',
  jsonb_build_object('origin', origin, 'measure', 'visit', 'bands', jsonb '[["4000", "0.53"], [null, "0.72"]]')))))
$$;
-- 周口 市级三级, 10,000: the band 900-4,000 has 3,100 x 53% = 1,643, the rest 6,000 x 72% = 4,320 (X6)
SELECT is(pays(zhoukou('zero'), 10000), 5963.00, 'P07: the deductible sits inside the first band: 5,963');
-- 4,000 x 53% = 2,120, 5,100 x 72% = 3,672
SELECT is(pays(zhoukou('deductible'), 10000), 5792.00, 'P07: the first band begins above it: 5,792');
SELECT needed(zhoukou('zero'), '{layers,0,ratio,0,tiers,origin}', 'layers[0].ratio[0].tiers: key "origin"', 'P07: no reading is taken by silence');

---------------------------------------------------------------- P05, P19: what serious illness and assistance look at

CREATE FUNCTION looks_at(VARIADIC parts text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT above(jsonb_build_object('base', to_jsonb(parts), 'deductible', jsonb '[{"amount": "0", "per": "year"}]', 'ratio', jsonb '[{"ratio": "0.50"}]'),
  basic('{"deductible": [{"amount": "1000", "per": "visit"}], "cap": {"visit": [{"per": "visit", "on": "eligible", "amount": "11000"}]}}'))
$$;
CREATE FUNCTION all_parts() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb '{"fulamt_ownpay_amt": 1000, "overlmt_selfpay": 500, "preselfpay_amt": 1500}'
$$;
-- of 17,000 in policy: deductible 1,000; of 16,000 the cap cuts 5,000; 11,000 x 60% = 6,600, own share 4,400
SELECT is(ARRAY(SELECT (s(looks_at('copay', part), 17000, all_parts())).hifmi_pay FROM unnest('{deductible,over_cap,preselfpay,overlmt,ownpay}'::text[]) AS part),
  -- half of 4,400 + 1,000; + 5,000; + 1,500; + 500; + 1,000
  ARRAY[2700.00, 4700.00, 2950.00, 2450.00, 2700.00], 'P05: the own share with deductible, cost above the cap, first self-pay, above the limit price, or outside the catalogue');
SELECT is((s(looks_at('copay'), 17000, all_parts())).hifmi_pay, 2200.00, 'P05: and without any of them: half of 4,400');
SELECT is(ARRAY(SELECT (s(looks_at(part), 17000, all_parts())).hifmi_pay FROM unnest('{deductible,over_cap,preselfpay,overlmt,ownpay}'::text[]) AS part),
  ARRAY[500.00, 2500.00, 750.00, 250.00, 500.00], 'P05: each of them alone');
-- 1,000 + 4,400 + 5,000 + 1,500 + 500 + 1,000 = 13,400
SELECT is((s(looks_at('deductible', 'copay', 'over_cap', 'preselfpay', 'overlmt', 'ownpay'), 17000, all_parts())).hifmi_pay, 6700.00, 'P05: all of them: half of 13,400');
SELECT needed(looks_at('copay'), '{layers,1,base}', 'layers[1]: key "base"', 'P05: what serious illness looks at is stated');
SELECT refused(looks_at('copay', 'inscp'), 'YB105', NULL, 'P05: the in-policy amount is no part of what is left');

CREATE FUNCTION assists(base jsonb, per text DEFAULT 'year', deductible text DEFAULT '0', document jsonb DEFAULT base()) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT above(jsonb_build_object('base', base, 'deductible', jsonb_build_array(jsonb_build_object('amount', deductible, 'per', per)), 'ratio', jsonb '[{"ratio": "0.70"}]'), document, 'assistance')
$$;
-- 9,000 x 40% = 3,600 own share, 1,000 first self-pay: 3,600 x 70%; 4,600 x 70%
SELECT is((s(assists('["copay"]'), 9000, '{"preselfpay_amt": 1000}')).maf_pay, 2520.00, 'P19: assistance looks at the burden in policy: 2,520');
SELECT is((s(assists('["copay", "preselfpay"]'), 9000, '{"preselfpay_amt": 1000}')).maf_pay, 3220.00, 'P19: with class B (目录内个人自付和自理): 3,220');
-- serious illness pays half of 3,600; (1,800 + 1,000) x 70%
SELECT is((s(assists('["copay", "preselfpay"]', 'year', '0', above('{"base": ["copay"], "deductible": [{"amount": "0", "per": "year"}], "ratio": [{"ratio": "0.50"}]}')), 9000, '{"preselfpay_amt": 1000}')).maf_pay,
  1960.00, 'P19: after the layers before it: 1,960');
SELECT needed(assists('["copay"]'), '{layers,1,base}', 'layers[1]: key "base"', 'P19: what assistance looks at is stated');

---------------------------------------------------------------- P06: what a cap limits

CREATE FUNCTION capped("on" text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT basic(jsonb_build_object('cap', jsonb_build_object('year', jsonb_build_array(jsonb_build_object('per', 'year', 'on', "on", 'amount', '90000')))))
$$;
-- 90,000 of 160,000 enter: 54,000; or 160,000 x 60% = 96,000, of which 90,000 are paid
SELECT is(ARRAY[pays(capped('eligible'), 160000), pays(capped('payment'), 160000)], ARRAY[54000.00, 90000.00], 'P06: 90,000 of eligible cost pay 54,000, 90,000 of payment pay 90,000');
SELECT is(ARRAY(SELECT hifp_pay FROM year_of(capped('eligible'), visit(80000), visit(80000))), ARRAY[48000.00, 6000.00], 'P06: of a second visit in the year 10,000 are eligible: 6,000');
SELECT is(ARRAY(SELECT hifp_pay FROM year_of(capped('payment'), visit(80000), visit(80000))), ARRAY[48000.00, 42000.00], 'P06: or 42,000 are left to pay');
SELECT needed(capped('payment'), '{layers,0,cap,year,0,on}', 'layers[0].cap.year[0]: key "on"', 'P06: what a cap limits is stated');
SELECT needed(capped('payment'), '{layers,0,cap,year,0,per}', 'layers[0].cap.year[0]: key "per"', 'P06: and for how long');

---------------------------------------------------------------- P08: the deductible before or after class-B self-pay

CREATE FUNCTION ordered("order" text, deductible text DEFAULT '1000', per text DEFAULT 'visit') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT CASE WHEN "order" IS NULL THEN d #- '{layers,0,deductible_order}' ELSE jsonb_set(d, '{layers,0,deductible_order}', to_jsonb("order")) END
FROM basic(jsonb_build_object('deductible', jsonb_build_array(jsonb_build_object('amount', deductible, 'per', per)))) AS d
$$;
-- 10,000 of class B with 10% first self-pay.  After it: (9,000 - 1,000) x 60%
SELECT is(pays(ordered('after_preselfpay'), 9000, '{"preselfpay_amt": 1000}'), 4800.00, 'P08: the deductible comes off what first self-pay leaves: 4,800');
-- before it: (10,000 - 1,000) x 90% = 8,100, x 60%
SELECT is(pays(ordered('before_preselfpay'), 9000, '{"preselfpay_amt": 1000}'), 4860.00, 'P08: first self-pay is of what the deductible leaves: 4,860');
-- 10,000 - 4,860; of it deductible 1,000, first self-pay 900 of 9,000, own share 3,240
SELECT is((s(ordered('before_preselfpay'), 9000, '{"preselfpay_amt": 1000}')).psn_part_amt, 5140.00, 'P08: the person bears 1,000 + 900 + 3,240');
SELECT is(ARRAY[r.crt_dedc, r.act_pay_dedc], ARRAY[1000.00, 900.00], 'P08: of a deductible of 1,000 900 fall on the in-policy amount') FROM s(ordered('before_preselfpay'), 9000, '{"preselfpay_amt": 1000}') AS r;
SELECT is(pays(ordered('before_preselfpay'), 9000), pays(ordered('after_preselfpay'), 9000), 'P08: without first self-pay both are the same');
-- 100 x 200 / 300 = 66.67; (200 - 66.67) x 60% = 79.998
SELECT is(pays(ordered('before_preselfpay', '100'), 200, '{"preselfpay_amt": 100}'), 80.00, 'P08: what falls on each part is rounded to the fen');
-- 800, then 9,000 + 1,000: of 1,000 a year 800 are used up by 400 + 400, the 200 left take 180 of the 9,000
SELECT is(ARRAY(SELECT hifp_pay FROM year_of(ordered('before_preselfpay', '1000', 'year'), visit(400, '{"preselfpay_amt": 400}'), visit(9000, '{"preselfpay_amt": 1000}'))),
  ARRAY[0.00, 5292.00], 'P08: first self-pay uses up a yearly deductible: 8,820 x 60%');
SELECT is(ARRAY(SELECT hifp_pay FROM year_of(ordered('after_preselfpay', '1000', 'year'), visit(400, '{"preselfpay_amt": 400}'), visit(9000, '{"preselfpay_amt": 1000}'))),
  ARRAY[0.00, 5040.00], 'P08: or does not: 8,400 x 60%');
SELECT is((SELECT sum(amount) FROM yibao.explain(ordered('before_preselfpay'), visit(9000, '{"preselfpay_amt": 1000}')) WHERE settles = 'act_pay_dedc'), 900.00, 'P08: explain adds up to what was taken');
SELECT is((SELECT sum(amount) FROM yibao.explain(ordered('before_preselfpay'), visit(400, '{"preselfpay_amt": 400}')) WHERE settles = 'act_pay_dedc'), 400.00, 'P08: also where the cost is below the deductible');
SELECT is(sentences(ordered('before_preselfpay'), 9000, '{"preselfpay_amt": 1000}', 'deductible_first', 'zh'), '基本医保：起付线先于先行自付扣除：1,000.00 元中 100.00 元落在先行自付的费用上', 'P08: explain says so in Chinese');
SELECT is(sentences(ordered('before_preselfpay'), 9000, '{"preselfpay_amt": 1000}', 'deductible_first', 'en'),
  'Basic insurance: the deductible comes before first self-pay: of 1,000.00 yuan 100.00 fall on cost that is first self-pay', 'P08: and in English');
SELECT results_eq($$SELECT severity, path, sqlstate FROM yibao.policy_check(ordered(NULL)) WHERE message LIKE '%P08%'$$, $$VALUES ('warning', 'layers[0].deductible_order', 'YB202')$$, 'P08: a document that does not state it is told so');
SELECT results_eq($$SELECT effect, note FROM yibao.policy_rules(ordered(NULL), 'en') WHERE parameter = 'deductible_order'$$,
  $$VALUES ('unknown', 'It is not stated whether the deductible comes before first self-pay or after it (P08)')$$, 'P08: and prints it among the rules');
SELECT throws_ok(format('SELECT pays(%L, 9000, ''{"preselfpay_amt": 1000}'')', ordered(NULL)), 'YB202', NULL, 'P08: no order is taken by silence: a claim with both is not decided');
SELECT is(pays(ordered(NULL), 9000), 4800.00, 'P08: one without first self-pay is: 8,000 x 60%');
SELECT is(pays(ordered(NULL, '0'), 9000, '{"preselfpay_amt": 1000}'), 5400.00, 'P08: nor does a deductible of nothing need an order: 9,000 x 60%');
SELECT is_empty(format('SELECT * FROM yibao.policy_check(%L) WHERE message LIKE ''%%P08%%''', ordered(NULL, '0')), 'P08: and nobody asks for one');
-- of a yearly deductible of 1,000 nothing is left to order
SELECT is(pays(ordered(NULL, '1000', 'year'), 9000, '{"preselfpay_amt": 1000, "cum_ipt_dedc": 1000}'), 5400.00, 'P08: nor one that the year has used up');
SELECT is_empty(format('SELECT * FROM yibao.policy_check(%L) WHERE message LIKE ''%%P08%%''', ordered(o)), 'P08: one that states ' || o || ' is not') FROM unnest('{after_preselfpay,before_preselfpay}'::text[]) AS o;
SELECT refused(ordered('sometimes'), 'YB105', NULL, 'P08: a third order is refused');
SELECT refused(jsonb_set(serious_2022('zero'), '{layers,1,deductible_order}', '"before_preselfpay"'), 'YB105', 'layers[1].deductible_order belongs to the basic layer', 'P08: other layers have no such order');
SELECT refused(basic('{"deductible_order": "before_preselfpay", "ratio": [{"tiers": {"origin": "deductible", "measure": "year", "bands": [[null, "0.6"]]}}]}'), 'YB105',
  'layers[0].deductible_order: layers[0].ratio[0] counts the year''s cost above the deductible', 'P08: bands of the year''s cost above the deductible do not go with it');

---------------------------------------------------------------- P09: several adjustments

CREATE FUNCTION combined(how text, tcm jsonb, primary_care jsonb, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT basic(jsonb_strip_nulls(jsonb_build_object('combine', how)) || jsonb_build_object('adjust', jsonb_build_object('a_tcm', jsonb_build_array(tcm), 'b_primary', jsonb_build_array(primary_care))) || more)
$$;
-- 60% + 5 + 10 = 75%; 70%
SELECT is(ARRAY(SELECT pays(combined(how, '{"add": "0.05"}', '{"add": "0.10"}'), 10000) FROM unnest('{sum,best,sequential}'::text[]) AS how), ARRAY[7500.00, 7000.00, 7500.00], 'P09: points add up, or the best counts (就高不累计)');
-- sum: 60% + 6 - 6 points; best: 66%; one after the other, and product: 60% x 1.1 x 0.9 = 59.4%
SELECT is(ARRAY(SELECT pays(combined(how, '{"multiply": "1.1"}', '{"multiply": "0.9"}'), 10000) FROM unnest('{sum,best,sequential,product}'::text[]) AS how),
  ARRAY[6000.00, 6600.00, 5940.00, 5940.00], 'P09: factors of the ratio: sum of changes 6,000, best 6,600, sequential and product 5,940');
-- (60% + 10) x 1.1 = 77%; 60% x 1.1 + 10 = 76%
SELECT is(ARRAY[pays(combined('sequential', '{"add": "0.10"}', '{"multiply": "1.1"}'), 10000), pays(combined('sequential', '{"multiply": "1.1"}', '{"add": "0.10"}'), 10000)],
  ARRAY[7700.00, 7600.00], 'P09: one after the other, in the order of their names');
SELECT refused(combined('product', '{"multiply": "1.1"}', '{"add": "0.10"}'), 'YB105', 'layers[0].combine: layers[0].adjust.b_primary[0] is no factor', 'P09: points are no factor of a product');
SELECT is(pays(combined('product', '{"multiply": "1.1"}', '{"multiply_result": "0.9"}'), 10000), 5940.00, 'P09: a factor on the payment may stand among them: 6,600 x 0.9');
-- a product keeps every decimal: 0.4001 x 0.3333 x 0.3333 = 0.044446664889, of 280,000 = 12,445.06616892; with eight decimals it were 280,000 x 0.04444666 = 12,445.0648
SELECT is(pays(combined(how, '{"multiply": "0.3333"}', '{"multiply": "0.3333"}', '{"ratio": [{"ratio": "0.4001"}]}'), 280000), 12445.07, 'P09: a ' || how || ' of factors is exact') FROM unnest('{sequential,product}'::text[]) AS how;
SELECT is((s(combined('product', '{"multiply": "0.3333"}', '{"multiply": "0.3333"}', '{"ratio": [{"ratio": "0.4001"}]}'), 280000)).pool_prop_selfpay, 0.0444, 'P09: its ratio is told with four decimals');
SELECT is(ARRAY(SELECT rate FROM yibao.explain(d, visit(280000), 'en') WHERE rate IS NOT NULL AND item IN ('ratio_adjust', 'band')), ARRAY[0.13335333 - 0.4001, 0.044446664889 - 0.13335333, 0.044446664889], 'P09: explain tells the exact ratios')
FROM combined('product', '{"multiply": "0.3333"}', '{"multiply": "0.3333"}', '{"ratio": [{"ratio": "0.4001"}]}') AS d;
SELECT is(sentences(d, 280000, '{}', 'band', 'en'), 'Basic insurance: 280,000.00 yuan × 4.4446664889% = 12,445.07 yuan (参数试验)', 'P09: in the sentence, too')
FROM combined('product', '{"multiply": "0.3333"}', '{"multiply": "0.3333"}', '{"ratio": [{"ratio": "0.4001"}]}') AS d;
-- bands: 100,000 x 0.9 x 0.3333 x 0.3333 = 9,998.0001; 180,000 x 0.044446664889 = 8,000.39968002; together 17,998.39978002. Each rounded: 9,998.00 + 8,000.40 = 17,998.40
SELECT is(ARRAY(SELECT pays(combined('product', '{"multiply": "0.3333"}', '{"multiply": "0.3333"}', '{"ratio": [{"tiers": {"origin": "zero", "measure": "visit", "bands": [["100000", "0.9"], [null, "0.4001"]]}}]}' || jsonb_build_object('rounding', place)), 280000)
    FROM unnest('{layer,band}'::text[]) AS place), ARRAY[17998.40, 17998.40], 'P09: band by band, too');
-- a factor is not cut off on the way: 60% x 10 x 10 x 10 x 10 x 0.0001 = 60%; of 1,000.00 = 600.00
SELECT is(pays(basic('{"combine": "product", "ratio": [{"ratio": "0.60"}], "adjust": {"a": [{"multiply": "10"}], "b": [{"multiply": "10"}], "c": [{"multiply": "10"}], "d": [{"multiply": "10"}], "e": [{"multiply": "0.0001"}]}}'), 1000), 600.00,
  'P09: large factors and small ones cancel out');
SELECT refused(basic('{"combine": "product", "ratio": [{"ratio": "0.1234"}], "adjust": {"a": [{"multiply": "0.1111"}], "b": [{"multiply": "0.1111"}], "c": [{"multiply": "0.1111"}], "d": [{"multiply": "0.111"}]}}'), 'YB109',
  'layers[0].adjust: a ratio and all the factors that it may meet have 19 decimals together, more than 18', 'P09: a product that is not held exactly is refused');
SELECT needed(combined('sum', '{"add": "0.05"}', '{"add": "0.10"}'), '{layers,0,combine}', 'layers[0]: key "combine"', 'P09: how two adjustments combine is stated');
-- 60% + 30 + 15 = 105%
SELECT is(ARRAY[pays(combined('sum', '{"add": "0.30"}', '{"add": "0.15"}', '{"ratio_max": "0.95"}'), 10000), pays(combined('sum', '{"add": "0.30"}', '{"add": "0.15"}'), 10000)],
  ARRAY[9500.00, 10000.00], 'P09: limited to 95%, or to all of the cost');
-- 60% - 10 - 20 = 30%
SELECT is(ARRAY[pays(combined('sum', '{"add": "-0.10"}', '{"add": "-0.20"}', '{"ratio_min": "0.40"}'), 10000), pays(combined('sum', '{"add": "-0.10"}', '{"add": "-0.20"}'), 10000)],
  ARRAY[4000.00, 3000.00], 'P09: not below 40%, or as low as it comes');
SELECT is(sentences(combined('sum', '{"add": "-0.10"}', '{"add": "-0.20"}', '{"ratio_min": "0.40"}'), 10000, '{}', 'ratio_limit', lang), said, 'P09: explain tells of the lower limit in ' || lang)
  FROM (VALUES ('zh', '基本医保：支付比例不低于 40%'), ('en', 'Basic insurance: ratio at least 40%')) AS v(lang, said);
SELECT is(sentences(combined('sum', '{"add": "0.30"}', '{"add": "0.15"}', '{"ratio_max": "0.95"}'), 10000, '{}', 'ratio_limit', 'en'), 'Basic insurance: ratio limited to 95%', 'P09: and of the upper one');
SELECT refused(basic('{"ratio_min": "0.96", "ratio_max": "0.95"}'), 'YB105', 'layers[0].ratio_min is above "ratio_max"', 'P09: the limits stand in order');

---------------------------------------------------------------- what a claim leaves out, read by a rule

-- 10,000 less 9,000 in policy leaves 1,000 first self-pay, above 500: 9,000 x 70%; 9,400 in policy leave 600 less 200 own: 400, 9,400 x 60%
SELECT is(ARRAY[pays(d, 9000, '{"medfee_sumamt": 10000, "fulamt_ownpay_amt": 0, "overlmt_selfpay": 0}'), pays(d, 9400, '{"medfee_sumamt": 10000, "fulamt_ownpay_amt": 200, "overlmt_selfpay": 0}')],
  ARRAY[6300.00, 5640.00], 'a rule reads the part of the total that the claim leaves out')
FROM basic('{"ratio": [{"ratio": "0.60"}, {"when": {"preselfpay_amt": {">": "500"}}, "ratio": "0.70"}]}') AS d;
SELECT is(pays(basic('{"ratio": [{"ratio": "0.60"}, {"when": {"prog_pay": {">": "0"}}, "ratio": "0.50"}]}'), 1000), 600.00, 'and what is zero where it is left out');
-- P13: who had no stay had none at this hospital; who had one may have had it there
SELECT is(pays(d, 1000), 600.00, 'P13: the first stay of a year is the first at its hospital')
FROM basic('{"ratio": [{"ratio": "0.60"}, {"when": {"cum_hosp_cnt": {">=": 1}}, "ratio": "0.50"}]}') AS d;
SELECT throws_ok(format('SELECT pays(%L, 1000, %L)', d, '{"cum_ipt_cnt": 1}'), 'YB005', NULL, 'P13: of a second stay the claim has to say')
FROM basic('{"ratio": [{"ratio": "0.60"}, {"when": {"cum_hosp_cnt": {">=": 1}}, "ratio": "0.50"}]}') AS d;

---------------------------------------------------------------- P14: the deductible of a higher level after a lower one

CREATE FUNCTION two_levels(per text, more jsonb DEFAULT '{}') RETURNS numeric[] LANGUAGE sql STABLE AS $$
SELECT array_agg(r.act_pay_dedc) FROM year_of(basic(jsonb_build_object('deductible', jsonb_build_array(jsonb_build_object('when', jsonb '{"hosp_lv": "09"}', 'amount', '200', 'per', per),
  jsonb_build_object('when', jsonb '{"hosp_lv": "02"}', 'amount', '800', 'per', per))) || more),
  visit(5000, '{"hosp_lv": "09"}'), visit(5000, '{"hosp_lv": "02"}'), visit(5000, '{"hosp_lv": "02"}')) AS r
$$;
SELECT is(two_levels('visit'), ARRAY[200.00, 800.00, 800.00], 'P14: in full: 200, then 800');
SELECT is(two_levels('visit', '{"deductible_adjust": {"ordinal": [{"when": {"cum_ipt_cnt": {">=": 1}}, "multiply": "0.5"}]}}'), ARRAY[200.00, 400.00, 400.00], 'P14: half: 200, then 400');
SELECT is(two_levels('year'), ARRAY[200.00, 600.00, 0.00], 'P14: the difference: 200, then 800 - 200, then nothing');
SELECT needed(basic('{"deductible": [{"amount": "200", "per": "year"}]}'), '{layers,0,deductible,0,per}', 'layers[0].deductible[0]: key "per"', 'P14: for a visit or the year is stated');

---------------------------------------------------------------- P18: 以上, 以下, 含

CREATE FUNCTION bounded(low text, high text, field text DEFAULT 'inscp_scp_amt', at jsonb DEFAULT '"50000.00"') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT basic(jsonb_build_object('ratio', jsonb_build_array(jsonb_build_object('when', jsonb_build_object(field, jsonb_build_object(low, at)), 'ratio', '0.60'),
  jsonb_build_object('when', jsonb_build_object(field, jsonb_build_object(high, at)), 'ratio', '0.65'))))
$$;
-- 50,000 x 60% or x 65%; 50,000.01 x 65% = 32,500.0065
SELECT is(ARRAY[pays(bounded('<=', '>'), 50000), pays(bounded('<=', '>'), 50000.01)], ARRAY[30000.00, 32500.01], 'P18: 5万以下（含5万） 60%: 50,000 belongs below');
SELECT is(ARRAY[pays(bounded('<', '>='), 50000), pays(bounded('<', '>='), 49999.99)], ARRAY[32500.00, 29999.99], 'P18: 5万以下（不含5万） 60%: 50,000 belongs above');
SELECT is(ARRAY[pays(bounded('<', '>=', 'age', '60'), 1000, '{"age": 60}'), pays(bounded('<=', '>', 'age', '60'), 1000, '{"age": 60}')], ARRAY[650.00, 600.00], 'P18: 60周岁以上 with and without 60');
SELECT refused(bounded('<=', '>='), 'YB106', NULL, 'P18: both at once is a collision at the bound');
SELECT throws_ok(format('SELECT pays(%L, 50000)', bounded('<', '>')), 'YB201', NULL, 'P18: neither, and the bound has no rule');
-- bands: 50,000 x 60%, then one fen x 65%
SELECT is(ARRAY(SELECT pays(basic('{"ratio": [{"tiers": {"origin": "zero", "measure": "visit", "bands": [["50000", "0.60"], [null, "0.65"]]}}]}'), x) FROM unnest('{50000,50001}'::numeric[]) AS x), ARRAY[30000.00, 30000.65],
  'P18: a band takes its upper end, and only what is above it goes into the next');

---------------------------------------------------------------- P20: assistance deductible by the year or the stay

-- burden 2,000 of each 5,000: 500 x 70%, then 2,000 x 70%; or 500 x 70% each time
SELECT is(ARRAY(SELECT maf_pay FROM year_of(assists('["copay"]', 'year', '1500'), visit(5000), visit(5000))), ARRAY[350.00, 1400.00], 'P20: one deductible of 1,500 a year');
SELECT is(ARRAY(SELECT maf_pay FROM year_of(assists('["copay"]', 'visit', '1500'), visit(5000), visit(5000))), ARRAY[350.00, 350.00], 'P20: one for each stay (单次)');
-- burden 1,000 of each 2,500: below it, but the year carries 1,000 on: (1,000 - 500) x 70%
SELECT is(ARRAY(SELECT maf_pay FROM year_of(assists('["copay"]', 'year', '1500'), visit(2500), visit(2500))), ARRAY[0.00, 350.00], 'P20: two burdens below it reach it together');
SELECT is(ARRAY(SELECT maf_pay FROM year_of(assists('["copay"]', 'visit', '1500'), visit(2500), visit(2500))), ARRAY[0.00, 0.00], 'P20: or never');
SELECT needed(assists('["copay"]'), '{layers,1,deductible,0,per}', 'layers[1].deductible[0]: key "per"', 'P20: which of them is stated');

---------------------------------------------------------------- P24: emergency without filing

CREATE FUNCTION remote(emergency jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT basic(jsonb_build_object('adjust', jsonb_build_object('remote', jsonb '[{"when": {"filing": "referral"}, "add": "-0.10"}, {"when": {"filing": "none"}, "add": "-0.20"}]' || emergency)))
$$;
-- 10,000 x (60% - 20) and x (60% - 10)
SELECT is(pays(remote('[]'), 10000, '{"filing": "none", "er_flag": true}'), 4000.00, 'P24: an emergency without filing as any other: 4,000');
SELECT is(pays(remote('[{"when": {"filing": "none", "er_flag": true}, "add": "-0.10"}]'), 10000, '{"filing": "none", "er_flag": true}'), 5000.00, 'P24: treated as filed: 5,000');
SELECT is(pays(remote('[{"when": {"filing": "none", "er_flag": true}, "add": "-0.10"}]'), 10000, '{"filing": "none", "er_flag": false}'), 4000.00, 'P24: no emergency, not filed: 4,000');
SELECT throws_ok(format('SELECT pays(%L, 10000, %L)', remote('[{"when": {"filing": "none", "er_flag": true}, "add": "-0.10"}]'), '{"filing": "none"}'), 'YB005', NULL, 'P24: a claim that does not say is not decided');

---------------------------------------------------------------- P27: which level of the hospital

CREATE FUNCTION by_level(field text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT basic(jsonb_build_object('deductible', (SELECT jsonb_agg(jsonb_build_object('when', jsonb_build_object(field, lv), 'amount', d, 'per', 'visit')) FROM (VALUES ('02', '800'), ('05', '400'), ('09', '200')) AS v(lv, d))))
$$;
-- licensed level 3, settlement level 2, prices of level 1: (5,000 - 800) x 60%, (5,000 - 400) x 60%, (5,000 - 200) x 60%
SELECT is(ARRAY(SELECT pays(by_level(f), 5000, '{"hosp_lv": "02", "dedc_hosp_lv": "05", "lmtpric_hosp_lv": "09"}') FROM unnest('{hosp_lv,dedc_hosp_lv,lmtpric_hosp_lv}'::text[]) AS f), ARRAY[2520.00, 2760.00, 2880.00],
  'P27: by the licence, by the level assigned for deductibles, by the level of prices');
SELECT throws_ok(format('SELECT pays(%L, 5000, %L)', by_level('dedc_hosp_lv'), '{"hosp_lv": "02"}'), 'YB005', NULL, 'P27: one level does not stand in for another');

---------------------------------------------------------------- P28: rounding

CREATE FUNCTION thirds(rounding text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT basic(jsonb_build_object('rounding', rounding, 'ratio', jsonb '[{"tiers": {"origin": "zero", "measure": "visit", "bands": [["333.33", "0.5"], ["666.66", "0.7"], [null, "0.9"]]}}]'))
$$;
-- 166.665 + 233.331 + 300.006 = 700.002; 166.67 + 233.33 + 300.01
SELECT is(ARRAY[pays(thirds('layer'), 1000), pays(thirds('band'), 1000)], ARRAY[700.00, 700.01], 'P28: rounded once 700.00, in each band 700.01');
-- 10.05 x 50% = 5.025; 10.04 x 33% = 3.3132
SELECT is(ARRAY[pays(basic('{"ratio": [{"ratio": "0.50"}]}'), 10.05), pays(basic('{"ratio": [{"ratio": "0.33"}]}'), 10.04)], ARRAY[5.03, 3.31], 'P28: half a fen goes up, less goes down');
-- basic 33.33 x 60% = 19.998 = 20.00; own share 13.33 x 50% = 6.665 = 6.67; not 13.332 x 50% = 6.666
SELECT is(ARRAY[r.hifp_pay, r.hifmi_pay, r.psn_part_amt], ARRAY[20.00, 6.67, 6.66], 'P28: each layer starts from whole fen, and the person bears the rest')
  FROM s(above('{"base": ["copay"], "deductible": [{"amount": "0", "per": "year"}], "ratio": [{"ratio": "0.50"}]}'), 33.33) AS r;
SELECT needed(thirds('layer'), '{layers,0,rounding}', 'layers[0]: key "rounding"', 'P28: where is stated');
SELECT refused(thirds(mode), 'YB105', NULL, 'P28: no text rounds otherwise (' || mode || ')') FROM unnest('{down,half_even,yuan}'::text[]) AS mode;

---------------------------------------------------------------- P35: which pool pays a benefit

-- chronic disease from the outpatient pool, or from that of inpatient care
SELECT is(ARRAY[(s(base(), 100, '{"med_type": "14"}')).pool, (s(jsonb_set(base(), '{benefits,1,pool}', '"inpatient"'), 100, '{"med_type": "14"}')).pool], ARRAY['outpatient', 'inpatient'],
  'P35: the pool of a benefit is the one that the policy names');
SELECT needed(base(), '{benefits,1,pool}', 'benefits[1]: key "pool"', 'P35: it is stated for each');
SELECT throws_ok(format('SELECT pays(%L, 100, %L)', base(), '{"med_type": "11"}'), 'YB201', NULL, 'P35: a visit that belongs to no benefit is paid by no pool');

---------------------------------------------------------------- assumed, and printed

CREATE FUNCTION assuming() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_set(jsonb_set(lowered('{"add": "-0.10"}'), '{layers,0,adjust,referral,0,assumed}', '["P01"]'), '{layers,0,assumed}', '["P28"]')
$$;
SELECT is((SELECT ARRAY[note] || assumed FROM yibao.policy_rules(assuming()) WHERE path = 'layers[0].adjust.referral[0]'), ARRAY['P01: “降低10%”读作减10个百分点', 'P01'], 'P01 that is assumed is printed by policy_rules, beside its rule');
SELECT is((SELECT ARRAY[note] || assumed FROM yibao.policy_rules(assuming(), 'en') WHERE path = 'layers[0].adjust.referral[0]'), ARRAY['P01: read as ten points', 'P01'], 'P01 that is assumed is printed in English too');
SELECT is((SELECT ARRAY[effect, note] FROM yibao.policy_rules(assuming(), lang) WHERE path = 'assumed.P01'), said, 'P01: and as a line of its own in ' || lang)
  FROM (VALUES ('zh', ARRAY['add', '“降低10%”读作减10个百分点']), ('en', ARRAY['add', 'read as ten points'])) AS v(lang, said);
SELECT is((SELECT note FROM yibao.policy_rules(assuming(), lang) WHERE parameter = 'rounding'), said, 'P28: a key of a layer that is assumed is printed in ' || lang) FROM (VALUES ('zh', 'P28: 合并后取舍'), ('en', 'P28: rounded once')) AS v(lang, said);
SELECT is((SELECT note FROM yibao.policy_rules(assuming(), 'en') WHERE path = 'assumed.P04'), '只有中文说明', 'a note without English is printed in Chinese');
SELECT throws_ok(format('SELECT * FROM yibao.policy_rules(%L, ''de'')', base()), '22023', NULL, 'policy_rules has no German');
SELECT is(sentences(assuming(), 20000, '{"refl": "none"}', 'ratio_adjust', lang), said, 'P01 that is assumed is printed by explain in ' || lang)
  FROM (VALUES ('zh', '基本医保：支付比例降低 10 个百分点，为 60%（参数试验）〔假设 P01: “降低10%”读作减10个百分点〕'),
               ('en', 'Basic insurance: ratio reduced by 10 points to 60% (参数试验) [assumed: P01: read as ten points]')) AS v(lang, said);
SELECT refused(base() #- '{assumed,P01}' || jsonb_build_object('layers', assuming() -> 'layers'), 'YB108', NULL, 'P01: what is assumed is explained once at the top');
SELECT refused(base() #- '{assumed,P01,note}', 'YB104', NULL, 'P01: with the reason');

SELECT * FROM finish();
