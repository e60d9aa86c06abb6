-- An area holds what is published in it against bounds of a higher level: refused, or flagged, as its own setting says.
\set ECHO none
SELECT plan(18);
\ir author_setup.psql

SELECT yibao.create_poolarea('pb', '620522') \g /dev/null
CREATE FUNCTION publishes(document jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE said text; more text;
BEGIN
  INSERT INTO pb.policy (rules) VALUES (document);
  RETURN 'published';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS said = MESSAGE_TEXT, more = PG_EXCEPTION_DETAIL;
  RETURN SQLSTATE || ' ' || said || ' | ' || more;
END $$;
CREATE FUNCTION dated(day text, document jsonb DEFAULT base()) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$ SELECT jsonb_set(document, '{valid_from}', to_jsonb(day)) $$;
-- The national bound of the serious-illness deductible alone, and a made-up table of who may set what.
CREATE FUNCTION one_bound(which text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_set(yibao.national_bounds(), '{bounds}', (SELECT jsonb_agg(b) FROM jsonb_array_elements(yibao.national_bounds() -> 'bounds') AS b WHERE b ->> 'id' = which)) $$;
CREATE FUNCTION powers(layer text, parameter text, levels jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object('yibao_bounds', 1, 'sources', jsonb '{"c": {"doc": "待遇清单（试验）", "trust": "demo"}}',
    'authority', jsonb_build_array(jsonb_build_object('layer', layer, 'parameter', parameter, 'levels', levels, 'source', 'c'))) $$;

SELECT is(publishes(dated('2018-09-18')), 'published', 'an area without bounds takes any policy');
-- half of 32,000 is 16,000
INSERT INTO pb.policy_bound (name, mode, bounds, facts) VALUES ('national', 'refuse', one_bound('serious_deductible'), '{"disposable_income": "32000.00"}');
SELECT is(publishes(dated('2018-10-01')), 'published', 'half of the disposable income is inside [A243]');
SELECT is(publishes(dated('2018-11-01', edit('{layers,1,deductible,0,amount}', '"16000.01"'))),
  'YB111 layers[1].deductible[0] is 16000.01, outside the bound serious_deductible | Allowed is <= 16000.00: 大病保险起付标准不高于上年度居民人均可支配收入的50% (国家医疗保障局（经中国网2024年4月转载）).',
  'a fen more is refused, with the bound and its source [A241] [A243]');
SELECT is((SELECT count(*) FROM pb.policy), 2::bigint, 'and nothing of it is there');
UPDATE pb.policy_bound SET facts = '{}';
SELECT is(publishes(dated('2018-11-01', edit('{layers,1,deductible,0,amount}', '"16000.01"'))), 'published', 'what cannot be told for want of a fact is not refused');

UPDATE pb.policy_bound SET mode = 'flag', facts = '{"disposable_income": "30000.00"}';
SELECT is(publishes(dated('2018-12-01')), 'published', 'flagged, a policy outside the bound is published [A241]');
SELECT is((SELECT array_agg(key) FROM pb.alert WHERE kind = 'policy_bound'), ARRAY['390-2018-12-01-1 national serious_deductible layers[1].deductible[0]: 16000.00'], 'and an alert names policy, bound, rule and figure [A241]');
SELECT is((SELECT count(*) FROM pb.alert WHERE key LIKE '390-2018-09-18%'), 0::bigint, 'what was published before is left alone');

-- who may set it: the basic ratio of base() rests on a county's text, the serious layer on the province's
UPDATE pb.policy_bound SET mode = 'refuse', bounds = powers('basic', 'ratio', '["province", "city"]'), facts = '{}';
SELECT is(publishes(dated('2019-01-01')), 'YB111 layers[0].ratio[0] is county, outside the bound authority | Allowed is province, city: basic ratio (待遇清单（试验）).',
  'a county may not set what province and city set [A242]');
UPDATE pb.policy_bound SET bounds = powers('basic', 'ratio', '["province", "city", "county"]');
SELECT is(publishes(dated('2019-01-01')), 'published', 'where it may, it is taken [A242]');
UPDATE pb.policy_bound SET bounds = powers('serious', 'deductible', '["province"]');
SELECT is(publishes(dated('2019-02-01')), 'published', 'the province sets its own parameter [A242]');
UPDATE pb.policy_bound SET bounds = powers('enrolment', 'waiting', '["national", "province"]');
SELECT alike(publishes(dated('2019-03-01', base() || '{"enrolment": {"on": "begntime", "since": 2025, "elsewhere": "counts", "source": "t", "window": [{"coverage_year": {">=": 2025}, "from": "09-01", "to": "12-31", "source": "t"}],
    "waiting": {"months": 3, "each_gap_year": 1, "first_gap_year": 1, "starts": "payment", "ends": "day", "first_enrolment": "free", "source": "t"}}}')),
  'YB111 enrolment.waiting is county, outside the bound authority%', 'so it is for a waiting period [A242]');
-- two sets of bounds hold side by side
INSERT INTO pb.policy_bound (name, mode, facts) VALUES ('all', 'refuse', '{"disposable_income": "32000.00", "overall_ratio": "0.75"}');
SELECT alike(publishes(dated('2019-04-01')), 'YB111 % outside the bound remote_other | %', 'without a document of bounds the national ones hold: 25 points less elsewhere are too much');
DELETE FROM pb.policy_bound;
SELECT is(publishes(dated('2019-04-01')), 'published', 'taken away, they hold no longer');

SELECT throws_ok($$INSERT INTO pb.policy_bound (name, mode) VALUES ('x', 'warn')$$, 'YB004', 'mode "warn" is not known', 'a mode that there is not');
INSERT INTO pb.policy_bound (name, mode) VALUES ('y', 'flag');
SELECT throws_ok($$UPDATE pb.policy_bound SET mode = 'warn'$$, 'YB004', 'mode "warn" is not known', 'nor is one changed to it');
DELETE FROM pb.policy_bound;
SELECT throws_ok($$INSERT INTO pb.policy_bound (name, mode, facts) VALUES ('x', 'flag', '[]')$$, '23514', NULL, 'facts are an object');
INSERT INTO pb.policy_bound (name, mode, bounds) VALUES ('x', 'flag', '{"bounds": []}');
SELECT alike(publishes(dated('2019-05-01')), 'YB104 document: key "yibao_bounds"%', 'bounds that are none refuse every policy, and say why');
SELECT * FROM finish();
