-- What holds for every policy document, shown on those that come with yibao.
\set ECHO none
SELECT plan(16);

\set demo `cat control/policies/demo-gansu.json`
\set serious `cat control/policies/gansu-serious-2022.json`
\set mouding `cat control/policies/mouding-2025.json`
\set qinan `cat control/policies/qinan-2018.json`
CREATE TABLE document (name text PRIMARY KEY, rules yibao.policy);
SELECT lives_ok(format('INSERT INTO document VALUES (%L, yibao.policy_parse(%L))', n, d), n || ' is a policy document')
  FROM (VALUES ('demo', :'demo'), ('serious', :'serious'), ('mouding', :'mouding'), ('qinan', :'qinan')) AS t(n, d);

CREATE VIEW rule AS SELECT name, r.* FROM document, yibao.policy_rules(rules) AS r;

SELECT is((SELECT count(*) FROM rule WHERE source IS NULL AND parameter <> 'assumption'
  AND parameter NOT IN ('base', 'combine', 'rounding', 'ratio_max', 'deductible_order', 'on_pool_short', 'next_year_receipts', 'carry', 'heads', 'late_registration', 'deposit_book', 'prior_year_recovery', 'surplus_return', 'serious_subject')), 0::bigint,
  'every rule names its source');
-- Rules counted by SQL over the document itself: each array element that has a source.
CREATE FUNCTION sourced(doc jsonb) RETURNS bigint LANGUAGE sql AS $$
SELECT count(*) FROM jsonb_path_query(doc - 'unknown', 'strict $.**') AS n
  WHERE jsonb_typeof(n) = 'object' AND n ? 'source' AND NOT n ? 'pays' AND NOT n ? 'on_pool_short'
$$;
SELECT is((SELECT count(*) FROM rule WHERE rule.name = d.name AND source IS NOT NULL AND path !~ '\.(base|combine|rounding|ratio_max|deductible_order|when|payer)$'
    AND parameter NOT IN ('unknown', 'on_pool_short', 'next_year_receipts', 'carry', 'heads', 'late_registration', 'deposit_book', 'prior_year_recovery', 'surplus_return', 'serious_subject')),
  sourced(rules) - (SELECT count(*) FROM jsonb_array_elements(rules -> 'layers') AS l WHERE l #> '{payer}' ? 'source' AND NOT l #> '{payer}' ? 'pays'),
  'policy_rules leaves out no rule of ' || name) FROM document AS d ORDER BY name;
SELECT is((SELECT count(*) FROM rule WHERE parameter = 'unknown'), (SELECT sum(jsonb_array_length(rules -> 'unknown')) FROM document),
  'what the sources do not say is listed');
SELECT is((SELECT count(*) FROM rule WHERE trust NOT IN ('official', 'mirror', 'portal', 'unverified', 'borrowed', 'demo', 'assumed', 'synthetic')), 0::bigint,
  'every rule shows how far its source can be trusted');
SELECT is((SELECT count(*) FROM rule WHERE parameter <> 'assumption' AND assumed <> '{}' AND note IS NULL), 0::bigint,
  'what is assumed says so in its note');
SELECT is((SELECT array_agg(condition || ': ' || effect) FROM rule WHERE name = 'qinan' AND path = 'layers[0].adjust.no_referral[0]'),
  ARRAY['area in (city, province) and refl = none and med_type in (21, 22, 23, 24, 25, 26): reduced by 0.10, points or factor left open (P01)'],
  '降低报销比例10%: the notice''s wording is kept open, not guessed [A079]');
SELECT is((SELECT effect FROM rule WHERE name = 'qinan' AND path = 'fund.split[0]') LIKE 'outpatient 0.30, inpatient 0.70 of %', true,
  'the pooled fund is split 30/70 [A032]');
SELECT throws_ok($$UPDATE document SET rules = rules - 'sources'$$, 'YB104', NULL, 'a column of type yibao.policy takes no faulty document');

\set example `awk '/^<!-- example/ {e = 1} e && /^[{ }]/ {print} e && /^}/ {exit}' doc/policies.md`
SELECT is(yibao.policy_parse(:'example') ->> 'admdvs', '620522', 'the example of doc/policies.md is accepted as it stands');

SELECT * FROM finish();
