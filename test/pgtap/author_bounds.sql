-- policy_bounds: a document held against bounds of a higher level; who may set what.
\set ECHO none
SELECT plan(77);
\ir author_setup.psql

\set shipped `cat control/bounds/national.json`
\set facts '{"disposable_income": "32000.00", "overall_ratio": "0.69", "categories": {"tekun": {"psn_idet_type": "2301"}, "dibao": {"psn_idet_type": "2303"}, "fanpin": {"psn_idet_type": "03"}, "two_diseases": {"med_type": "11"}}}'
CREATE TABLE given (facts jsonb);
INSERT INTO given VALUES (:'facts');
CREATE FUNCTION bound(document jsonb, which text, known jsonb DEFAULT NULL) RETURNS text[] LANGUAGE sql AS $$
SELECT coalesce(array_agg(concat_ws(' ', path, value, allowed, coalesce(ok::text, 'not told')) ORDER BY path, value), '{}') FROM yibao.policy_bounds(document, facts => coalesce(known, (SELECT facts FROM given))) WHERE bound = which
$$;

---------------------------------------------------------------- the shipped bounds
SELECT is((SELECT count(*) FROM jsonb_array_elements(yibao.national_bounds() -> 'bounds') b WHERE NOT yibao.national_bounds() -> 'sources' ? (b ->> 'source')), 0::bigint, 'each bound names its source');
SELECT is((SELECT count(*) FROM jsonb_each(yibao.national_bounds() -> 'sources') s WHERE s.value ->> 'trust' = 'official'), 0::bigint, 'none is called official: they are reposted texts');
SELECT is(yibao.national_bounds(), :'shipped'::jsonb, 'they are those of control/bounds/national.json');

---------------------------------------------------------------- serious illness [A243]
SELECT is(bound(base(), 'serious_deductible'), ARRAY['layers[1].deductible[0] 16000.00 <= 16000.00 true', 'layers[1].deductible[1] 8000.00 <= 16000.00 true'],
  'a deductible of half the disposable income is allowed: 50% of 32000 [A243]');
SELECT is(bound(edit('{layers,1,deductible,0,amount}', '"16000.01"'), 'serious_deductible'), ARRAY['layers[1].deductible[0] 16000.01 <= 16000.00 false', 'layers[1].deductible[1] 8000.00 <= 16000.00 true'],
  'a fen more is not, and the rule is named [A243]');
SELECT is(bound(base(), 'serious_deductible', '{}'), ARRAY['layers[1].deductible[0] 16000.00 not told', 'layers[1].deductible[1] 8000.00 not told'], 'without the income of the area it cannot be told [A243]');
SELECT is((SELECT DISTINCT needs FROM yibao.policy_bounds(base()) WHERE bound = 'serious_deductible'), 'facts.disposable_income: 统筹区上年度居民人均可支配收入，元', 'and what is needed is said');
SELECT is(bound(edit('{layers,1,deductible,0}', '{"unknown": true, "per": "year", "source": "p"}'), 'serious_deductible'), ARRAY['layers[1].deductible[0] not told', 'layers[1].deductible[1] 8000.00 <= 16000.00 true'],
  'a figure that the document leaves open is not guessed');
SELECT is(bound(edit('{layers,1,deductible,0}', '{"percent_of": "inscp", "ratio": "0.1", "per": "year", "source": "p"}'), 'serious_deductible'), ARRAY['layers[1].deductible[0] not told', 'layers[1].deductible[1] 8000.00 <= 16000.00 true'],
  'nor one that depends on the cost');
SELECT is(bound(edit('{layers,1,deductible_adjust}', '{"second": [{"when": {"cal_ipt_cnt": {">=": 2}}, "multiply": "1.5", "source": "p"}]}', edit('{counts}', '{"except": [], "unpaid": true, "source": "p"}')), 'serious_deductible'),
  ARRAY['layers[1].deductible[0] 24000.00 <= 16000.00 false', 'layers[1].deductible[1] 12000.00 <= 16000.00 true'], 'adjustments count, where they are worst: 16000 x 1.5');
SELECT is((SELECT situation ->> 'cal_ipt_cnt' FROM yibao.policy_bounds(edit('{layers,1,deductible_adjust}', '{"second": [{"when": {"cal_ipt_cnt": {">=": 2}}, "multiply": "1.5", "source": "p"}]}', edit('{counts}', '{"except": [], "unpaid": true, "source": "p"}')), facts => :'facts')
  WHERE bound = 'serious_deductible' AND path = 'layers[1].deductible[0]'), '{">=": 2}', 'and the situation is shown');
SELECT is(bound(base(), 'serious_ratio'), ARRAY['layers[1].ratio[0] 0.60 >= 0.60 true', 'layers[1].ratio[1] 0.65 >= 0.60 true'], 'the lowest band counts: 60% is enough [A241]');
SELECT is(bound(edit('{layers,1,ratio,0,tiers,bands,0,1}', '"0.55"'), 'serious_ratio'), ARRAY['layers[1].ratio[0] 0.55 >= 0.60 false', 'layers[1].ratio[1] 0.65 >= 0.60 true'], '55% is not [A241]');
SELECT is(bound(edit('{layers,1,adjust}', '{"remote": [{"when": {"area": "outside"}, "add": "-0.05", "source": "p"}]}'), 'serious_ratio'),
  ARRAY['layers[1].ratio[0] 0.55 >= 0.60 false', 'layers[1].ratio[1] 0.60 >= 0.60 true'], 'nor is 60% less five points elsewhere');
SELECT is(bound(edit('{layers,1,adjust}', '{"remote": [{"when": {"area": "outside"}, "reduce": "0.05", "source": "p"}]}'), 'serious_ratio'),
  ARRAY['layers[1].adjust.remote[0] not told', 'layers[1].ratio[0] 0.60 >= 0.60 true', 'layers[1].ratio[1] 0.65 >= 0.60 true'], 'a reduction whose reading is open is named as that');
SELECT is(bound(base(), 'cap'), ARRAY['layers[1].cap.year[0] 280000.00 ~ 192000.00 not told', 'none ~ 192000.00 not told'], 'caps of both layers, 80000 and 200000, beside about six times 32000: for a person to judge');
SELECT is(bound(take('{layers,1}'), 'serious_ratio'), ARRAY['not told'], 'a document without the layer has nothing to hold against it');

---------------------------------------------------------------- the poor get more
SELECT is(bound(base(), 'tilt_deductible'), ARRAY['layers[1].deductible[0] 16000.00 <= 8000.00 false', 'layers[1].deductible[1] 8000.00 <= 8000.00 true', 'layers[1].deductible[1] 8000.00 <= 8000.00 true'],
  'half of what others pay: 2301 and 2303 have it, 03 has not [A241]');
SELECT is(bound(base(), 'tilt_ratio'), ARRAY['layers[1].ratio[0] 0.60 >= 0.65 false', 'layers[1].ratio[0] 0.60 >= 0.65 false', 'layers[1].ratio[1] 0.65 >= 0.65 true'], 'five points more: 2301 has it, 2303 and 03 have not');
SELECT is(bound(base(), 'tilt_cap'), ARRAY['layers[1].cap.year[0] 200000.00 >= none false', 'none >= none true', 'none >= none true'], 'no cap: 2301 and 2303 have none, 03 has one');
SELECT is(bound(base(), 'tilt_cap', '{}'), ARRAY['not told', 'not told', 'not told'], 'which codes the poor have in this area must be said');

---------------------------------------------------------------- another province
SELECT is(bound(base(), 'remote_longstay_ratio'), ARRAY['layers[0].ratio[0] 0.70 >= 0.70 true', 'layers[0].ratio[1] 0.80 >= 0.80 true'], 'filed long stays have the local ratio');
SELECT is(bound(base(), 'remote_referred'), ARRAY['layers[0].ratio[0] 0.60 >= 0.60 true', 'layers[0].ratio[1] 0.70 >= 0.70 true'], 'referral: ten points less are allowed');
SELECT is(bound(base(), 'remote_other'), ARRAY['layers[0].ratio[0] 0.45 >= 0.50 false', 'layers[0].ratio[1] 0.55 >= 0.60 false'], 'others: 25 points less are five too many [A241]');
SELECT is(bound(edit('{layers,0,adjust,remote,0}', '{"when": {"area": "outside", "filing": ["referral", "urgent"]}, "multiply": "0.9", "source": "t"}'), 'remote_referred'),
  ARRAY['layers[0].ratio[0] 0.63 >= 0.60 true', 'layers[0].ratio[1] 0.72 >= 0.70 true'], 'a factor is compared as the ratio that it comes to: 70% x 0.9');
SELECT is(bound(base(), 'two_diseases'), ARRAY['layers[0].ratio[0] 0.45 >= 0.50 false', 'layers[0].ratio[1] 0.55 >= 0.50 true'], 'two diseases, where they come off worst');

---------------------------------------------------------------- figures of the year, other schemes
SELECT is(bound(base(), 'overall_ratio'), ARRAY['facts.overall_ratio 0.69 >= 0.70 false'], 'the overall share is a fact of the year, not of the document');
SELECT is(bound(base(), 'overall_ratio', '{}'), ARRAY['>= 0.70 not told'], 'not told when it is not given');
SELECT is((SELECT array_agg(concat_ws(' ', bound, value, ok)) FROM yibao.policy_bounds(edit('{insutype}', '"310"'))), ARRAY['insutype 310'], 'employees have other bounds');
SELECT throws_ok($$SELECT * FROM yibao.policy_bounds(base(), facts => '{"income": "1"}')$$, 'YB102', 'facts.income: the bounds ask for no such fact', 'a misspelt fact is not passed over');
SELECT throws_ok($$SELECT * FROM yibao.policy_bounds(base(), facts => '{"categories": {"dibo": {"psn_idet_type": "2303"}}}')$$, 'YB102', 'facts.categories.dibo: the bounds ask for no such fact', 'nor a misspelt category');
SELECT throws_ok($$SELECT * FROM yibao.policy_bounds(base(), facts => '{"disposable_income": 32000}')$$, 'YB105', NULL, 'amounts are strings here too');

---------------------------------------------------------------- refuse
SELECT throws_ok($$SELECT * FROM yibao.policy_bounds(edit('{layers,1,deductible,0,amount}', '"16000.01"'), facts => (SELECT facts FROM given), mode => 'refuse')$$,
  'YB111', 'layers[1].deductible[0] is 16000.01, outside the bound serious_deductible', 'a figure outside is refused when that is asked for [A243]');
SELECT lives_ok($$SELECT * FROM yibao.policy_bounds(edit('{layers,0,adjust,remote,1,add}', '"-0.20"'), mode => 'refuse')$$, 'what cannot be told is not refused');
SELECT throws_ok($$SELECT * FROM yibao.policy_bounds(base(), mode => 'warn')$$, '22023', NULL, 'there is no third mode');

---------------------------------------------------------------- bounds and authority of one's own [A242]
CREATE FUNCTION own(more jsonb) RETURNS jsonb LANGUAGE sql AS $$
SELECT jsonb '{"yibao_bounds": 1, "sources": {"x": {"doc": "试验", "trust": "demo"}}}' || more
$$;
CREATE FUNCTION judged(document jsonb, bounds jsonb) RETURNS text[] LANGUAGE sql AS $$
SELECT coalesce(array_agg(concat_ws(' ', bound, path, value, allowed, coalesce(ok::text, 'not told'), needs) ORDER BY path), '{}') FROM yibao.policy_bounds(document, bounds)
$$;
SELECT is(judged(base(), own('{"authority": [{"layer": "serious", "parameter": "deductible", "levels": ["national", "province"], "source": "x"}]}')),
  ARRAY['authority layers[1].deductible[0] province national, province true', 'authority layers[1].deductible[1] province national, province true'], 'a parameter that a text of the right level sets [A242]');
SELECT is(judged(edit('{layers,1,deductible,1,source}', '"t"'), own('{"authority": [{"layer": "serious", "parameter": "deductible", "levels": ["national", "province"], "source": "x"}]}')),
  ARRAY['authority layers[1].deductible[0] province national, province true', 'authority layers[1].deductible[1] county national, province false'], 'a county that sets it is flagged [A242]');
SELECT throws_ok($$SELECT * FROM yibao.policy_bounds(edit('{layers,1,deductible,1,source}', '"t"'), own('{"authority": [{"layer": "serious", "parameter": "deductible", "levels": ["national", "province"], "source": "x"}]}'), mode => 'refuse')$$,
  'YB111', NULL, 'or refused [A242]');
SELECT is(judged(take('{sources,p,authority}'), own('{"authority": [{"parameter": "cap", "levels": ["province"], "source": "x"}]}')),
  ARRAY['authority layers[0].cap.year[0] county province false', 'authority layers[1].cap.year[0] province not told sources.p.authority'], 'a source that names no level is not taken for one [A242]');
-- 通辽市 sets the serious-illness premium a head: 大病保险具体筹资标准，由通辽市医保部门根据实际情况进行动态调整
\set tongliao `cat control/bounds/tongliao-authority.json`
CREATE FUNCTION per_head(source text) RETURNS jsonb LANGUAGE sql AS $$
SELECT edit('{fund}', jsonb_build_object('split', jsonb '[{"coverage_year": 2024, "outpatient": "0.30", "inpatient": "0.70", "base": "received_income", "kinds": ["contribution"], "after_serious": true, "rounding": "half_up_outpatient", "source": "t"}]',
    'on_pool_short', 'queue', 'source', 't', 'serious', jsonb_build_object('model', 'insurer', 'set_aside', 'waterfall', 'source', 't',
    'per_head', jsonb_build_array(jsonb_build_object('coverage_year', 2024, 'amount', '90.00', 'source', source)))), edit('{sources,c}', '{"doc": "市文件", "trust": "demo", "authority": "city"}'))
$$;
CREATE TABLE tongliao (bounds jsonb);
INSERT INTO tongliao VALUES (:'tongliao');
SELECT is(judged(per_head('c'), bounds), ARRAY['authority fund.serious.per_head[0] city national, province, city true'], 'Tongliao: the city sets what serious illness takes a head [A242]') FROM tongliao;
SELECT is(judged(per_head('p'), bounds), ARRAY['authority fund.serious.per_head[0] province national, province, city true'], 'Tongliao: so may the province [A242]') FROM tongliao;
SELECT throws_ok(format('SELECT * FROM yibao.policy_bounds(%L, %L, mode => ''refuse'')', per_head('t'), bounds), 'YB111', 'fund.serious.per_head[0] is county, outside the bound authority', 'Tongliao: a county''s is refused [A242]') FROM tongliao;
SELECT is((SELECT array_agg(source || ', ' || trust) FROM yibao.policy_bounds(per_head('t'), bounds)), ARRAY['黄花塔拉苏木人民政府关于做好2024年城乡居民基本医疗保障工作的通知（解读，2023-09-19发布）, official'], 'and the text that says so is named') FROM tongliao;
SELECT is(judged(base(), bounds), '{}', 'who sets anything else the text does not say') FROM tongliao;
-- 陕西: 统一全市住院费用的起付标准、报销比例及封顶线; 陇南, 濮阳: 统一保障待遇: a county's deductible is refused, a city's is not
\set shaanxi `cat control/bounds/shaanxi-authority.json`
\set longnan `cat control/bounds/longnan-authority.json`
\set puyang `cat control/bounds/puyang-authority.json`
\set national `cat control/bounds/national-authority.json`
CREATE TABLE levels (name text, bounds jsonb);
INSERT INTO levels VALUES ('shaanxi', :'shaanxi'), ('longnan', :'longnan'), ('puyang', :'puyang'), ('national', :'national');
-- base() has its basic layer from t, a county's text; here from a city's
CREATE FUNCTION of_city() RETURNS jsonb LANGUAGE sql AS $$ SELECT edit('{sources,t,authority}', '"city"') $$;
SELECT is((SELECT array_agg(DISTINCT ok::text) FROM yibao.policy_bounds(of_city(), bounds)), ARRAY['true'], name || ': the city sets basic benefits [A242]') FROM levels WHERE name <> 'national';
SELECT is((SELECT array_agg(DISTINCT ok::text) FROM yibao.policy_bounds(base(), bounds) WHERE value = 'county'), ARRAY['false'], name || ': a county does not [A242]') FROM levels WHERE name <> 'national';
SELECT is((SELECT count(*) FROM yibao.policy_bounds(base(), bounds) WHERE path LIKE 'layers[1]%'), 0::bigint, name || ': of serious illness the text says nothing') FROM levels WHERE name <> 'national';
SELECT is((SELECT array_agg(path ORDER BY path) FROM yibao.policy_bounds(base(), bounds)), (SELECT array_agg(path ORDER BY path) FROM yibao.policy_rules(base()) WHERE layer = 'basic' AND path ~ '\.(deductible|ratio|cap\.[a-z]+)\['),
  'Shaanxi names deductible, ratio and cap') FROM levels WHERE name = 'shaanxi';
SELECT is((SELECT array_agg(path ORDER BY path) FROM yibao.policy_bounds(base(), bounds)), (SELECT array_agg(path ORDER BY path) FROM yibao.policy_rules(base()) WHERE layer = 'basic' AND path ~ '\.(deductible|deductible_adjust\.[a-z]+|ratio|adjust\.[a-z]+|cap\.[a-z]+)\['),
  'Longnan every benefit') FROM levels WHERE name = 'longnan';
-- 地方不得根据职业、年龄、身份等自行新出台特殊待遇政策: whether it is new no document says
CREATE FUNCTION by_age(source text) RETURNS jsonb LANGUAGE sql AS $$ SELECT edit('{layers,0,adjust,aged}', jsonb_build_array(jsonb_build_object('when', jsonb '{"age": {">=": 70}}', 'add', '0.05', 'source', source)),
  edit('{layers,0,combine}', '"sum"', edit('{sources,n}', '{"doc": "国家文件", "trust": "demo", "authority": "national"}'))) $$;
SELECT ok((SELECT array_agg(concat_ws(' ', value, coalesce(ok::text, 'not told'))) = ARRAY['county not told'] AND bool_and(needs LIKE '该特殊待遇在2021年8月前已有%') FROM yibao.policy_bounds(by_age('t'), bounds) WHERE path LIKE '%aged%'),
  'a county''s points for the aged are left to a person [A242]') FROM levels WHERE name = 'national';
SELECT is((SELECT array_agg(concat_ws(' ', value, ok)) FROM yibao.policy_bounds(by_age('n'), bounds) WHERE path LIKE '%aged%'), ARRAY['national t'], 'the state''s stand [A242]') FROM levels WHERE name = 'national';
SELECT is((SELECT array_agg(DISTINCT path) FROM yibao.policy_bounds(by_age('t'), bounds) WHERE path ~ '\.(deductible|ratio)\[0\]'), NULL, 'rules that ask for neither age nor identity are not meant') FROM levels WHERE name = 'national';
SELECT throws_ok($$SELECT * FROM yibao.policy_bounds(base(), own('{"authority": [{"levels": ["province"], "source": "x"}]}'))$$, 'YB104', NULL, 'an authority about nothing');
SELECT throws_ok($$SELECT * FROM yibao.policy_bounds(base(), own('{"authority": [{"conditions": ["agee"], "levels": ["province"], "source": "x"}]}'))$$, 'YB102', 'authority[0].conditions[0]: "agee" is not a field of a claim', 'a field that there is not');

SELECT is((SELECT needs FROM yibao.policy_bounds(base()) WHERE bound = 'authority'), 'authority: which level of government may set which parameter', 'without a table nobody is judged: the national one was not retrieved');
SELECT throws_ok($$SELECT * FROM yibao.policy_bounds(edit('{sources,t,authority}', '"town"'))$$, 'YB105', NULL, 'a level that there is not is refused');
SELECT is(judged(base(), own('{"bounds": [{"id": "d", "what": {"zh": "起付线"}, "layer": "basic", "parameter": "deductible", "when": {"hosp_lv": "05"}, "at_most": {"amount": "400"}, "source": "x"}]}')),
  ARRAY['d layers[0].deductible[0] 500.00 <= 400.00 false', 'authority not told authority: which level of government may set which parameter'], 'an area''s own bound, for one level of hospital');
-- to the last decimal: outside 0.1 x 0.3332 x 0.3334 = 0.011108888, in the county 0.1 x 0.3333 x 0.3333 = 0.011108889; with eight decimals both were 0.01110889
CREATE FUNCTION product() RETURNS jsonb LANGUAGE sql AS $$ SELECT edit('{layers,0,ratio}', '[{"ratio": "0.1", "source": "t"}]', edit('{layers,0,combine}', '"product"', edit('{layers,0,adjust}',
  '{"a": [{"when": {"area": "outside"}, "multiply": "0.3332", "source": "t"}, {"when": {"area": "county"}, "multiply": "0.3333", "source": "t"}],
    "b": [{"when": {"area": "outside"}, "multiply": "0.3334", "source": "t"}, {"when": {"area": "county"}, "multiply": "0.3333", "source": "t"}]}'))) $$;
CREATE FUNCTION compared(side text, here text, there text) RETURNS text LANGUAGE sql AS $$
SELECT concat_ws(' ', value, allowed, ok) FROM yibao.policy_bounds(product(), own(jsonb_build_object('bounds', jsonb_build_array(jsonb_build_object('id', 'x', 'what', jsonb '{"zh": "x"}', 'layer', 'basic', 'parameter', 'ratio', 'when', jsonb_build_object('area', here),
  side, jsonb_build_object('than', jsonb_build_object('area', there), 'times', '1'), 'source', 'x'))))) WHERE bound = 'x'
$$;
SELECT is(compared('at_least', 'outside', 'county'), '0.011108888 >= 0.011108889 f', 'a product that falls short at the ninth decimal falls short');
SELECT is(compared('at_most', 'county', 'outside'), '0.011108889 <= 0.011108888 f', 'one above at the ninth decimal is above');
SELECT is(ARRAY[compared('at_most', 'outside', 'county'), compared('at_least', 'county', 'outside')], ARRAY['0.011108888 <= 0.011108889 t', '0.011108889 >= 0.011108888 t'], 'and right on the other side');
SELECT is(compared('at_least', 'outside', 'outside'), '0.011108888 >= 0.011108888 t', 'equal is equal');
-- half of 32,000.01 is 16,000.005: 16,000.00 is below it
SELECT is((SELECT array_agg(concat_ws(' ', value, allowed, ok) ORDER BY path) FROM yibao.policy_bounds(base(), own('{"facts": {"income": {"zh": "收入"}}, "bounds": [{"id": "x", "what": {"zh": "x"}, "layer": "serious", "parameter": "deductible", "at_least": {"of": "income", "times": "0.50"}, "source": "x"}]}'), '{"income": "32000.01"}') WHERE bound = 'x'),
  ARRAY['16000.00 >= 16000.005 f', '8000.00 >= 16000.005 f'], 'a limit is not cut to the fen');
SELECT throws_ok(format('SELECT * FROM yibao.policy_bounds(base(), own(%L))', jsonb_build_object('bounds', jsonb_build_array(jsonb_build_object('id', 'x', 'what', jsonb '{"zh": "x"}', 'layer', 'basic', 'parameter', p, 'at_least', l, 'source', 'x')))), 'YB105', w, w)
FROM (VALUES ('deductible', jsonb '{"ratio": "0.5"}', 'bounds[0].at_least: "ratio" is no limit of a deductible'), ('ratio', '{"amount": "5"}', 'bounds[0].at_least: "amount" is no limit of a ratio'),
  ('cap', '{"than": {"area": "county"}, "plus": "0.1"}', 'bounds[0].at_least: "plus" is no limit of a cap'), ('ratio', '{"none": true}', 'bounds[0].at_least: "none" is no limit of a ratio')) v(p, l, w);
SELECT throws_ok($$SELECT * FROM yibao.policy_bounds(base(), own('{"bounds": [{"id": "d", "what": {"zh": "x"}, "layer": "basic", "parameter": "deductible", "at_most": {"amount": "400"}, "source": "y"}]}'))$$,
  'YB108', NULL, 'a bound without a source is refused');
SELECT throws_ok($$SELECT * FROM yibao.policy_bounds(base(), '{"yibao_bounds": 2}')$$, 'YB105', NULL, 'bounds of another form are refused');
SELECT throws_ok($$SELECT * FROM yibao.policy_bounds(base(), own('{"bounds": [{"id": "d", "what": {"zh": "x"}, "layer": "basic", "parameter": "deductible", "when": {"age": 60}, "at_most": {"amount": "400"}, "source": "x"}]}'))$$,
  'YB102', 'bounds[0].when.age: bounds depend on codes and flags only', 'a bound that hangs on a number is refused');
SELECT throws_ok($$SELECT * FROM yibao.policy_bounds(base(), own('{"bounds": [{"id": "d", "what": {"zh": "x"}, "layer": "basic", "parameter": "ratio", "when": {"area": "123456789"}, "at_least": {"ratio": "0.1"}, "source": "x"}]}'))$$,
  'YB105', 'bounds[0].when.area: unknown code "123456789" of area', 'a bound of a code with nine bytes is refused');
SELECT is((SELECT count(*) FROM yibao.policy_bounds(NULL)), 0::bigint, 'NULL gives no row');

SELECT * FROM finish();
