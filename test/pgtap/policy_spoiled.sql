-- Any value of a good document replaced by any other, or taken out: accepted or refused by us, never by an accident.
\set ECHO none
SELECT plan(5);

\set demo `cat control/policies/demo-gansu.json`
CREATE TABLE place AS
WITH RECURSIVE tree(path, v) AS (
  SELECT '{}'::text[], :'demo'::jsonb
  UNION ALL
  SELECT path || e.k, e.v FROM tree CROSS JOIN LATERAL (
    SELECT k, v FROM jsonb_each(CASE jsonb_typeof(tree.v) WHEN 'object' THEN tree.v ELSE '{}' END) AS o(k, v)
    UNION ALL
    SELECT (n - 1)::text, v FROM jsonb_array_elements(CASE jsonb_typeof(tree.v) WHEN 'array' THEN tree.v ELSE '[]' END) WITH ORDINALITY AS a(v, n)) AS e)
SELECT path FROM tree WHERE path <> '{}';
CREATE TABLE replacement (v jsonb);
INSERT INTO replacement VALUES (NULL), ('null'), ('true'), ('0'), ('1.5'), ('-1'), ('99999999999'), ('""'), ('"x"'), ('"0.50"'), ('"-3"'), ('"99999999999999.99"'), ('"2020-02-29"'),
  ('[]'), ('{}'), ('["05"]'), ('[[null, "1"]]'), ('[[[[]]]]'), ('{"not": "05"}'), ('{"not": {"not": "05"}}'), ('{">=": 1}'), ('{"<": "1.00"}'), ('[{"source": "q84"}]'),
  ('{"x": [{"unknown": true, "source": "q84"}]}'), (to_jsonb(repeat('长', 300)));

CREATE FUNCTION verdict(document jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE hint text;
BEGIN
  PERFORM yibao.policy_ok(document);
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  RETURN SQLSTATE || CASE WHEN hint = '' THEN ' without hint' ELSE '' END;
END $$;
CREATE TABLE result AS
SELECT path, v, verdict(CASE WHEN v IS NULL THEN :'demo'::jsonb #- path ELSE jsonb_set(:'demo', path, v) END) AS verdict
  FROM place CROSS JOIN replacement;

SELECT cmp_ok((SELECT count(*) FROM result), '>', 10000::bigint, 'more than ten thousand spoiled documents');
SELECT is(ARRAY(SELECT DISTINCT verdict FROM result WHERE verdict <> 'accepted' AND verdict !~ '^YB1(01|02|04|05|06|07|08|09|10)$'), '{}'::text[],
  'each is accepted or refused with a SQLSTATE of the policy class and a hint');
SELECT is(ARRAY(SELECT format('%s %s', path, v) FROM result WHERE verdict = 'accepted' AND v = '{}' AND path[1] IN ('layers', 'fund', 'benefits')), '{}'::text[],
  'no rule is accepted empty');
SELECT is(ARRAY(SELECT path::text FROM result WHERE verdict = 'accepted' AND v IS NULL
  AND path[cardinality(path)] IN ('source', 'rounding', 'code', 'pays', 'base', 'benefit', 'pool', 'on', 'per', 'origin', 'measure', 'on_pool_short', 'trust', 'doc')
  AND path NOT IN ('{trust}'::text[], '{fund,source}'::text[])
  AND NOT (path[1] = 'layers' AND cardinality(path) = 3 AND path[3] = 'source')), '{}'::text[],
  'nothing that must be stated may be left out');
SELECT is(ARRAY(SELECT path::text FROM result WHERE verdict = 'accepted' AND jsonb_typeof(v) = 'number'
  AND path[cardinality(path)] IN ('amount', 'ratio', 'add', 'multiply', 'set', 'outpatient', 'inpatient', 'min', 'max')), '{}'::text[],
  'no amount or ratio is taken from a JSON number');

SELECT * FROM finish();
