-- policy_check tells every finding; policy_coverage tells which claims a document refuses.
\set ECHO none
SELECT plan(47);
\ir author_setup.psql

CREATE FUNCTION findings(document jsonb, which text) RETURNS text[] LANGUAGE sql AS $$
SELECT coalesce(array_agg(concat_ws(' ', path, sqlstate) ORDER BY path, sqlstate), '{}') FROM yibao.policy_check(document) WHERE severity = which
$$;
CREATE FUNCTION said(document jsonb, where_ text) RETURNS text LANGUAGE sql AS $$
SELECT string_agg(severity || ': ' || message, ' | ') FROM yibao.policy_check(document) WHERE path = where_
$$;

---------------------------------------------------------------- a good document
SELECT is(findings(base(), 'error'), '{}', 'a good document has no error');
SELECT is(findings(base(), 'warning'), '{}', 'and nothing to warn of: P12 is version_date, which no rule cites');
SELECT is(findings(base(), 'note'), ARRAY['benefits YB201', 'corrections', 'cross_year', 'year'],
  'that some claims have no benefit is worth a note, and what the document leaves to what holds where nothing is said [A040] [P10] [P11] [P29]');
SELECT is(findings(base() || '{"year": {"starts": "07-01", "named_by": "start", "source": "t"}, "cross_year": [{"rule": "split", "source": "t"}], "corrections": {"reversal": "alone", "source": "t"}}', 'note'),
  ARRAY['benefits YB201'], 'once it says so there is nothing to note');
SELECT is((SELECT count(*) FROM yibao.policy_check(NULL)), 0::bigint, 'NULL gives no row');

---------------------------------------------------------------- every fault, not the first alone
CREATE TABLE spoiled AS SELECT edit('{valid_from}', '"2018-13-01"', edit('{sources,t,trust}', '"x"', edit('{layers,0,ratio,0,ratio}', '0.7',
  edit('{layers,0,ratio,1,ratoi}', '"0.8"', edit('{layers,0,ratio,1,source}', '"q"', edit('{layers,0,ratio,1,when,age}', '"6"',
  edit('{layers,0,cap,year,0,assumed}', '["P99"]', edit('{layers,1,rounding}', '"fen"', take('{layers,1,deductible,0,per}', take('{insutype}')))))))))) AS d;
SELECT is(findings(d, 'error'), ARRAY[
  'insutype YB104', 'layers[0].cap.year[0].assumed[0] YB108', 'layers[0].ratio[0].ratio YB105', 'layers[0].ratio[1].ratoi YB102', 'layers[0].ratio[1].source YB108',
  'layers[0].ratio[1].when.age YB105', 'layers[1].deductible[0] YB104', 'layers[1].rounding YB105', 'sources.t.trust YB105', 'valid_from YB105'],
  'ten faults in ten places are ten findings, three of them in one rule') FROM spoiled;
SELECT is((SELECT count(*) FROM yibao.policy_check(d) WHERE severity = 'error' AND (hint IS NULL OR strpos(message, path) = 0)), 0::bigint,
  'each names its place and says what to do') FROM spoiled;
SELECT is(findings(d, 'warning'), '{}', 'what else there is to look at waits until there is no error') FROM spoiled;
SELECT is(findings(take('{sources}'), 'error'), ARRAY['sources YB104'], 'without sources not every rule is blamed for it');
SELECT is(findings(edit('{sources,t,trust}', '"x"'), 'error'), ARRAY['sources.t.trust YB105'], 'rules that cite a faulty source are not blamed');
SELECT is(findings(edit('{layers,1,deductible,1,amount}', '800', edit('{layers,0,ratio,1,when}', '{"age": {">=": 60}}', edit('{layers,0,ratio,2}', '{"when": {"hosp_lv": "05"}, "ratio": "0.75", "source": "t"}'))), 'error'),
  ARRAY['layers[0].ratio YB106', 'layers[1].deductible[1].amount YB105'], 'a collision is told beside a faulty figure elsewhere');
SELECT matches(said(edit('{layers,0,ratio,1,when}', '{"age": {">=": 60}}', edit('{layers,0,ratio,2}', '{"when": {"hosp_lv": "05"}, "ratio": "0.75", "source": "t"}')), 'layers[0].ratio'),
  'age >= 60, hosp_lv = 05', 'with a situation in which the two collide');
SELECT is(findings(edit('{layers,0,ratio,1,ratio}', '8', edit('{layers,0,ratio,1,when}', '{"age": {">=": 60}}', edit('{layers,0,ratio,2}', '{"when": {"hosp_lv": "05"}, "ratio": "0.75", "source": "t"}'))), 'error'),
  ARRAY['layers[0].ratio[1].ratio YB105'], 'rules of which one is faulty are not judged for collisions');
SELECT is(findings('[1]', 'error'), ARRAY['document YB101'], 'an array is no document');
SELECT is(findings(edit('{yibao}', '2'), 'error'), ARRAY['document YB110'], 'another grammar is one finding');

-- Any value replaced by any other, or taken out: an error of policy_check is an error of policy_ok, and the other way round.
CREATE FUNCTION verdict(document jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE detail text;
BEGIN
  PERFORM yibao.policy_ok(document);
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
  RETURN SQLSTATE || ' ' || SQLERRM || CASE WHEN detail <> '' THEN '; ' || detail ELSE '' END;
END $$;
CREATE TABLE many AS
WITH RECURSIVE tree(path, v) AS (
  SELECT '{}'::text[], base()
  UNION ALL
  SELECT path || e.k, e.v FROM tree CROSS JOIN LATERAL (
    SELECT k, v FROM jsonb_each(CASE jsonb_typeof(tree.v) WHEN 'object' THEN tree.v ELSE '{}' END) AS o(k, v)
    UNION ALL
    SELECT (n - 1)::text, v FROM jsonb_array_elements(CASE jsonb_typeof(tree.v) WHEN 'array' THEN tree.v ELSE '[]' END) WITH ORDINALITY AS a(v, n)) AS e)
SELECT CASE WHEN r.v IS NULL THEN base() #- path ELSE jsonb_set(base(), path, r.v) END AS d FROM tree
  CROSS JOIN (VALUES (NULL::jsonb), ('1.5'), ('"x"'), ('"0.50"'), ('[]'), ('{}'), ('["05"]'), ('{">=": 1}')) AS r(v) WHERE path <> '{}';
CREATE TABLE twice AS SELECT d, verdict(d) AS ok, (SELECT c.sqlstate || ' ' || c.message FROM yibao.policy_check(d) WITH ORDINALITY AS c(severity, path, sqlstate, message, hint, n)
  WHERE severity = 'error' ORDER BY n LIMIT 1) AS told FROM many;
SELECT cmp_ok((SELECT count(*) FROM twice), '>', 1000::bigint, 'more than a thousand spoiled documents');
SELECT is((SELECT count(*) FROM twice WHERE ok = 'accepted' AND told IS NOT NULL), 0::bigint, 'what policy_ok accepts has no error');
SELECT is((SELECT count(*) FROM twice WHERE ok <> 'accepted' AND told IS NULL), 0::bigint, 'what policy_ok refuses has one');
SELECT is((SELECT count(*) FROM twice WHERE ok <> 'accepted' AND told IS DISTINCT FROM ok), 0::bigint, 'and the first that is told is the one that policy_ok stops at');
SELECT set_has($$SELECT path FROM yibao.policy_check(edit('{layers,0,pays}', '"hifmi_pay"', edit('{layers,0,rounding}', '"up"', edit('{layers,0,ratio,0,ratio}', '"70"')))) WHERE severity = 'error'$$,
  $$VALUES ('layers[0].pays'), ('layers[0].rounding'), ('layers[0].ratio[0].ratio')$$, 'a layer that names another payment is read to its end');
SELECT is((SELECT count(DISTINCT yibao.policy_ok(base()))::int), 1, 'after all these faults a good document is still accepted');

---------------------------------------------------------------- warnings
SELECT is(said(edit('{layers,0,ratio}', '[{"ratio": "0.6", "source": "t"}, {"when": {"hosp_lv": ["05", "06"]}, "ratio": "0.7", "source": "t"},
    {"when": {"hosp_lv": "05"}, "ratio": "0.75", "source": "t"}, {"when": {"hosp_lv": "06"}, "ratio": "0.8", "source": "t"}]'), 'layers[0].ratio[1]'),
  'warning: layers[0].ratio[1] never holds: more specific rules cover it (layers[0].ratio[2], layers[0].ratio[3])', 'a rule that two exceptions use up is told, with the two');
SELECT is(findings(edit('{layers,0,ratio}', '[{"ratio": "0.6", "source": "t"}, {"when": {"hosp_lv": ["05", "06", "07"]}, "ratio": "0.7", "source": "t"},
    {"when": {"hosp_lv": "05"}, "ratio": "0.75", "source": "t"}, {"when": {"hosp_lv": "06"}, "ratio": "0.8", "source": "t"}]'), 'warning'), '{}', 'one that keeps level 07 is not');
SELECT is(said(edit('{layers,1,when}', '{"med_type": "21"}', edit('{layers,1,when_source}', '"p"', edit('{layers,1,ratio,1,when}', '{"med_type": "11"}'))), 'layers[1].ratio[1]'),
  'warning: layers[1].ratio[1] never holds: the layer does not apply there', 'a rule where its layer does not apply is told');
SELECT is(said(edit('{layers,0,ratio,1,when}', '{"med_type": "14"}'), 'layers[0].ratio[1]'),
  'warning: layers[0].ratio[1] never holds: "benefits" has no rule for such claims', 'a rule for claims without a benefit is told');
SELECT is(said(edit('{layers,0,ratio,1,to}', '"2018-01-01"'), 'layers[0].ratio[1]'),
  'warning: layers[0].ratio[1] holds on no day of the document (2018-09-18 to ...)', 'a rule that ends before the document begins is told');
SELECT is(said(edit('{layers,0,ratio,1,from}', '"2018-01-01"'), 'layers[0].ratio[1]'),
  'note: layers[0].ratio[1] begins before the document does (2018-09-18)', 'one that begins earlier is worth a note');
SELECT is(said(edit('{layers,0,ratio,1,to}', '"2026-01-01"', edit('{valid_to}', '"2025-01-01"')), 'layers[0].ratio[1]'),
  'note: layers[0].ratio[1] ends after the document does (2025-01-01)', 'and one that ends later');
SELECT is(findings(edit('{assumed,P09}', '{"value": "sum", "note": {"zh": "相加"}}', edit('{sources,q}', '{"doc": "无", "trust": "official"}')), 'warning'),
  ARRAY['assumed.P09', 'sources.q'], 'an assumption and a source that nothing cites are told');
SELECT is(said(edit('{layers,0,cap,year,0}', '{"unknown": true, "source": "t"}'), 'layers[0].cap.year[0]'),
  'warning: layers[0].cap.year[0] is left open: the source gives no figure', 'an unknown figure is told');
SELECT is(findings(edit('{layers,1,payer,pays}', '"unknown"'), 'warning'), ARRAY['layers[1].payer YB202'], 'and an unknown way of payment');
SELECT is(findings(edit('{sources,p,trust}', '"portal"', edit('{unknown}', '[{"what": {"zh": "封顶线"}, "source": "t"}]')), 'note'),
  ARRAY['benefits YB201', 'corrections', 'cross_year', 'sources.p', 'unknown[0]', 'year'], 'what rests on no official text, and what the source does not state, are notes');

---------------------------------------------------------------- coverage
CREATE FUNCTION refused(document jsonb, which text DEFAULT NULL) RETURNS text[] LANGUAGE sql AS $$
SELECT coalesce(array_agg(concat_ws(' ', state, layer, parameter, situation, rule)), '{}') FROM yibao.policy_coverage(document) WHERE which IS NULL OR parameter = which
$$;
SELECT is(refused(base()), ARRAY['uncovered benefit {"med_type": {"not": ["11", "21"]}}'], 'claims without a benefit, as a rule would name them [A040]');
SELECT is(refused(edit('{layers,0,deductible,0,when}', '{"hosp_lv": ["01", "02"]}'), 'deductible'),
  ARRAY['uncovered basic deductible {"hosp_lv": {"not": ["01", "02"]}, "med_type": ["11", "21"]}'], 'hospital levels without a deductible, among claims that have a benefit');
SELECT is(refused(edit('{layers,0,deductible}', '[{"when": {"age": {"<": 18}}, "amount": "100", "per": "visit", "source": "t"}, {"when": {"age": {">=": 60}}, "amount": "200", "per": "visit", "source": "t"}]',
    edit('{benefits}', '[{"benefit": "inpatient", "pool": "inpatient", "source": "t"}]')), 'deductible'),
  ARRAY['uncovered basic deductible {"age": {"<": 60, ">=": 18}}'], 'the ages between two rules');
SELECT is(refused(edit('{layers,0,deductible,0,to}', '"2020-01-01"', edit('{benefits}', '[{"benefit": "inpatient", "pool": "inpatient", "source": "t"}]')), 'deductible'),
  ARRAY['uncovered basic deductible {"setl_time": {">=": "2020-01-01"}}'], 'the days after the only rule has ended');
SELECT is(refused(edit('{layers,0,deductible,0,to}', '"2020-01-01"', edit('{valid_to}', '"2020-01-01"', edit('{benefits}', '[{"benefit": "inpatient", "pool": "inpatient", "source": "t"}]'))), 'deductible'),
  '{}', 'but not days on which the document no longer holds');
SELECT is(refused(edit('{layers,0,deductible,0,when}', '{"er_flag": true}', edit('{benefits}', '[{"benefit": "inpatient", "pool": "inpatient", "source": "t"}]')), 'deductible'),
  ARRAY['uncovered basic deductible {"er_flag": false}'], 'a flag that no rule takes');
SELECT is(refused(edit('{layers,0,deductible}', '[{"when": {"area": ["county", "other"]}, "amount": "1", "per": "visit", "source": "t"}, {"when": {"area": ["city", "province", "outside"]}, "amount": "2", "per": "visit", "source": "t"}]'), 'deductible'),
  '{}', 'a closed list of codes that is named whole leaves no other code');
SELECT is(refused(edit('{layers,1,when}', '{"psn_idet_type": "2301"}', edit('{layers,1,when_source}', '"p"', edit('{layers,1,deductible,0,when}', '{"psn_idet_type": "2303"}', take('{layers,1,deductible,1}')))), 'deductible'),
  ARRAY['uncovered serious deductible {"med_type": ["11", "21"], "psn_idet_type": "2301"}'], 'a layer has to decide only where it applies');
SELECT is(refused(edit('{layers,0,ratio,1}', '{"when": {"hosp_lv": ["05", "06"]}, "unknown": true, "source": "t"}'), 'ratio'),
  ARRAY['undecided basic ratio {"hosp_lv": ["05", "06"], "med_type": ["11", "21"]} layers[0].ratio[1]'], 'where a figure is left open [A040]');
SELECT is(refused(edit('{layers,0,ratio}', '[{"unknown": true, "source": "t"}, {"when": {"med_type": "21"}, "ratio": "0.7", "source": "t"}]'), 'ratio'),
  ARRAY['undecided basic ratio {"med_type": "11"} layers[0].ratio[0]'], 'not where a more specific rule has one');
SELECT is((SELECT array_agg(concat_ws(' ', state, situation)) FROM yibao.policy_coverage(edit('{layers,0,deductible}',
    '[{"when": {"age": {"<": 18}, "hosp_lv": "05"}, "amount": "1", "per": "visit", "source": "t"}]', edit('{benefits}', '[{"benefit": "inpatient", "pool": "inpatient", "source": "t"}]')), 1)),
  ARRAY['uncovered {"age": {">=": 18}}', 'more'], 'no more rows than asked for, and that there are more');
SELECT throws_ok('SELECT * FROM yibao.policy_coverage(base(), 0)', '22023', NULL, 'none is not a number of rows');

-- What is listed is what settle refuses; the situation pasted into a rule closes the gap.
CREATE TABLE gap AS SELECT edit('{layers,0,deductible}', '[{"when": {"hosp_lv": ["01", "02"], "age": {"<": 60}}, "amount": "1", "per": "visit", "source": "t"},
  {"when": {"refl": "down"}, "amount": "0", "per": "visit", "source": "t"}, {"when": {"hosp_lv": ["01", "02"], "age": {"<": 60}, "refl": "down"}, "amount": "0", "per": "visit", "source": "t"}]') AS d;
SELECT is(yibao.policy_ok(jsonb_set(d, '{layers,0,deductible}', (d #> '{layers,0,deductible}') || (SELECT jsonb_agg(jsonb_build_object('when', situation, 'amount', '9', 'per', 'visit', 'source', 't'))
  FROM yibao.policy_coverage(d) WHERE parameter = 'deductible'))), true, 'the listed situations pasted as rules make an accepted document: they do not meet') FROM gap;
SELECT is(refused(jsonb_set(d, '{layers,0,deductible}', (d #> '{layers,0,deductible}') || (SELECT jsonb_agg(jsonb_build_object('when', situation, 'amount', '9', 'per', 'visit', 'source', 't'))
  FROM yibao.policy_coverage(d) WHERE parameter = 'deductible')), 'deductible'), '{}', 'which leaves none') FROM gap;
CREATE FUNCTION settles(document jsonb, claim jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM yibao.settle(document, claim || '{"medfee_sumamt": 1000, "inscp_scp_amt": 1000, "med_type": "21", "setl_time": "2022-05-01", "area": "county", "filing": "none", "psn_idet_type": "00"}');
  RETURN 'settled';
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE;
END $$;
SELECT is(ARRAY(SELECT settles(d, c) FROM (VALUES (jsonb '{"hosp_lv": "01", "age": 59, "refl": "up"}'), ('{"hosp_lv": "01", "age": 60, "refl": "up"}'), ('{"hosp_lv": "05", "age": 5, "refl": "none"}'), ('{"hosp_lv": "05", "age": 5, "refl": "down"}')) AS v(c)),
  ARRAY['settled', 'YB201', 'YB201', 'settled'], 'settle refuses what the list says and no more') FROM gap;

SELECT * FROM finish();
