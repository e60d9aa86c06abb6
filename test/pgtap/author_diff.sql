-- policy_diff: what changes from one document to another, in words.
\set ECHO none
SELECT plan(28);
\ir author_setup.psql

CREATE FUNCTION changes(a jsonb, b jsonb) RETURNS text[] LANGUAGE sql AS $$
SELECT coalesce(array_agg(concat_ws(' ', path, change, before, '->', after) ORDER BY path, change), '{}') FROM yibao.policy_diff(a, b)
$$;
CREATE FUNCTION sentences(a jsonb, b jsonb, lang text DEFAULT 'zh') RETURNS text LANGUAGE sql AS $$
SELECT string_agg(sentence, ' | ' ORDER BY path, change) FROM yibao.policy_diff(a, b, lang)
$$;
CREATE FUNCTION swap(path text[], document jsonb DEFAULT base()) RETURNS jsonb LANGUAGE sql AS $$
SELECT jsonb_set(document, path, (SELECT jsonb_agg(e ORDER BY n DESC) FROM jsonb_array_elements(document #> path) WITH ORDINALITY AS t(e, n)))
$$;

SELECT is(changes(base(), base()), '{}', 'a document does not differ from itself');
SELECT is(changes(base(), swap('{layers,0,ratio}', swap('{benefits}', swap('{layers,0,ratio,1,when,hosp_lv}')))), ARRAY['document wording ->'],
  'rules and codes in another order lay down the same');
SELECT is(sentences(base(), swap('{benefits}'), 'en'), 'only the wording differs (notes, links, order): nothing that is laid down', 'and that is said');

SELECT is(changes(base(), edit('{layers,0,ratio,1,ratio}', '"0.85"')), ARRAY['layers[0].ratio[1] effect 0.80 -> 0.85'], 'another ratio');
SELECT is(sentences(base(), edit('{layers,0,ratio,1,ratio}', '"0.85"')), '基本医保支付比例（医院等级为05、06）由 0.80 提高到 0.85', 'in Chinese, with its direction [A040]');
SELECT is(sentences(base(), edit('{layers,0,ratio,1,ratio}', '"0.85"'), 'en'), 'basic insurance, ratio (hosp_lv in (05, 06)): 0.80 rises to 0.85', 'and in English');
SELECT is(sentences(base(), edit('{layers,0,cap,year,0,amount}', '"60000"')), '基本医保支付限额“year”由 支付额不超过 80000.00（每年） 降低到 支付额不超过 60000.00（每年）', 'a lower limit falls');
SELECT is(sentences(base(), edit('{layers,0,adjust,remote,0,add}', '"-0.05"')),
  '基本医保支付比例调整“remote”（就医地关系为省外，异地备案情况为转诊备案、急诊）由 -0.10（百分点） 提高到 -0.05（百分点）', 'five points less taken away is a rise');
-- of 4,500 the second band pays 500 x 19% less than before: the end of a band that goes up is no rise
CREATE FUNCTION banded(edge text, r text) RETURNS jsonb LANGUAGE sql AS $$
SELECT edit('{layers,0,ratio,0}', jsonb_build_object('tiers', jsonb_build_object('origin', 'zero', 'measure', 'visit', 'bands', jsonb_build_array(jsonb_build_array(edge, r), jsonb_build_array(NULL, '0.72'))), 'source', 't'))
$$;
SELECT is(sentences(banded('4000', '0.53'), banded('5000', '0.53'), 'en'),
  'basic insurance, ratio: bands from zero, by visit: to 4000.00 0.53, above 0.72 becomes bands from zero, by visit: to 5000.00 0.53, above 0.72', 'where a band ends has no direction');
SELECT is(sentences(banded('4000', '0.53'), banded('4000', '0.55'), 'en'),
  'basic insurance, ratio: bands from zero, by visit: to 4000.00 0.53, above 0.72 rises to bands from zero, by visit: to 4000.00 0.55, above 0.72', 'its ratio has');
CREATE FUNCTION capped(above int, most text) RETURNS jsonb LANGUAGE sql AS $$
SELECT edit('{layers,0,cap,year,0}', jsonb_build_object('per', 'year', 'on', 'payment', 'amount', '3000', 'each', jsonb_build_array(jsonb_build_object('count', 'dise_cnt', 'above', above, 'amount', '300')), 'max', most, 'source', 't'))
$$;
SELECT matches(sentences(capped(1, '4500'), capped(2, '4500'), 'en'), ' becomes ', 'from which disease on a limit grows has no direction');
SELECT matches(sentences(capped(1, '4500'), capped(1, '5000'), 'en'), ' rises to ', 'the most of it has');
SELECT is(sentences(base(), edit('{layers,0,deductible,0}', '{"percent_of": "total", "ratio": "0.20", "per": "visit", "source": "t"}')),
  '基本医保起付标准由 500.00（每次） 改为 0.20（占总费用）（每次）', 'another form of effect has no direction');
SELECT is(changes(base(), edit('{layers,0,ratio,1}', '{"when": {"hosp_lv": ["05", "06", "07"]}, "ratio": "0.80", "source": "t"}')),
  ARRAY['layers[0].ratio[1] condition hosp_lv in (05, 06) -> hosp_lv in (05, 06, 07)'], 'a wider condition is a change of the same rule');
SELECT is(sentences(base(), edit('{layers,0,ratio,1}', '{"when": {"hosp_lv": ["05", "06", "07"]}, "ratio": "0.80", "source": "t"}')),
  '基本医保支付比例 0.80：条件由“医院等级为05、06”改为“医院等级为05、06、07”', 'in Chinese');
SELECT is(changes(base(), edit('{layers,0,ratio,2}', '{"when": {"hosp_lv": "08"}, "ratio": "0.90", "source": "t"}')), ARRAY['layers[0].ratio[2] added -> 0.90'], 'a new rule');
SELECT is(changes(base(), take('{layers,0,ratio,1}')), ARRAY['layers[0].ratio[1] removed 0.80 ->'], 'a rule that is gone, with its old place');
SELECT is(changes(base(), edit('{layers,0,ratio}', '[{"ratio": "0.75", "source": "t"}, {"when": {"hosp_lv": ["05", "06"]}, "ratio": "0.70", "source": "t"}]')),
  ARRAY['layers[0].ratio[0] effect 0.70 -> 0.75', 'layers[0].ratio[1] effect 0.80 -> 0.70'], 'rules are matched by condition before they are matched by effect');
SELECT is(changes(base(), edit('{layers,0,deductible,0}', '{"when": {"age": {">=": 60}}, "amount": "300.00", "per": "visit", "source": "t"}')),
  ARRAY['layers[0].deductible[0] condition always -> age >= 60', 'layers[0].deductible[0] effect 500.00 per visit -> 300.00 per visit'], 'what is alone on both sides is one rule');
SELECT is(changes(edit('{layers,0,ratio,1,id}', '"lv2"', edit('{layers,0,ratio,2}', '{"when": {"hosp_lv": "08"}, "ratio": "0.90", "source": "t"}')),
    edit('{layers,0,ratio,1}', '{"id": "lv2", "when": {"hosp_lv": ["05", "07"]}, "ratio": "0.82", "source": "t"}', edit('{layers,0,ratio,2}', '{"when": {"hosp_lv": "09"}, "ratio": "0.95", "source": "t"}'))),
  ARRAY['layers[0].ratio[1] condition hosp_lv in (05, 06) -> hosp_lv in (05, 07)', 'layers[0].ratio[1] effect 0.80 -> 0.82', 'layers[0].ratio[2] condition hosp_lv = 08 -> hosp_lv = 09', 'layers[0].ratio[2] effect 0.90 -> 0.95'],
  'an id matches rules whose condition and effect both changed');
SELECT is(changes(base(), edit('{layers,0,ratio,1,source}', '"p 三"')), ARRAY['layers[0].ratio[1] source t -> p 三'], 'the same figure with another source');
SELECT is(changes(edit('{layers,0,ratio,0,id}', '"all"'), edit('{layers,0,ratio,0,id}', '"all"', edit('{layers,0,ratio,1,over}', '["all"]'))),
  ARRAY['layers[0].ratio[1] over -> all'], 'a rule that now stands over another');
SELECT is(changes(base(), edit('{assumed,P01,value}', '"multiply"')), ARRAY['assumed.P01 effect add -> multiply'], 'an assumption decided otherwise');
SELECT is(changes(base(), edit('{valid_from}', '"2019-01-01"', edit('{valid_to}', '"2020-01-01"', edit('{sources,t,trust}', '"portal"')))),
  ARRAY['sources.t changed 试验文件 (official, county) -> 试验文件 (portal, county)', 'valid_from changed 2018-09-18 -> 2019-01-01', 'valid_to added -> 2020-01-01'], 'the head, and how far a source is trusted');
SELECT is(sentences(base(), edit('{valid_from}', '"2019-01-01"')), '生效日期由“2018-09-18”改为“2019-01-01”', 'the first day in Chinese');
SELECT set_eq($$SELECT path, before FROM yibao.policy_diff(base(), take('{layers,1}')) WHERE change = 'removed'$$,
  $$SELECT path, effect FROM yibao.policy_rules(base()) WHERE layer = 'serious'$$, 'a layer that is gone takes each of its rules with it');
SELECT throws_ok($$SELECT * FROM yibao.policy_diff(base(), base(), 'fr')$$, '22023', NULL, 'another language is an error');
SELECT is((SELECT count(*) FROM yibao.policy_diff(base(), NULL)), 0::bigint, 'NULL gives no row');

SELECT * FROM finish();
