-- The regional documents as a whole: what each rests on, that nothing in them is faulty, what they leave open, and where they lie outside the national bounds.
\set ECHO none
\ir regions_setup.psql
SELECT no_plan();

---------------------------------------------------------------- how they are found

\set doc `cat $(pg_config --sharedir)/yibao/policies/meizhou-2022.json`
SELECT is(yibao.policy_parse(:'doc'), doc('meizhou-2022'), 'a document is loaded by psql from this machine as doc/real-policies.md says');
SELECT is((SELECT yibao.policy_parse(pg_read_file(setting || '/yibao/policies/meizhou-2022.json')) FROM pg_config() WHERE name = 'SHAREDIR'), doc('meizhou-2022'), 'or from the server''s files');
SELECT set_eq(format($$SELECT DISTINCT field FROM jsonb_path_query(%L, '$.**.when') AS w, jsonb_object_keys(w) AS field$$, :'doc'),
  ARRAY['med_type', 'hosp_lv', 'area', 'filing', 'tcm_share', 'psn_idet_type'], 'the manual''s query lists the fields that its rules ask for');
SELECT yibao.create_poolarea('meizhou', '441400') \g /dev/null
SELECT lives_ok(format($$INSERT INTO meizhou.policy (policy_id, rules) VALUES ('meizhou-2022', yibao.policy_parse(%L))$$, :'doc'), 'and put into a pooling area');
\set listed `awk -F'|' '/^## Regional tables/ {r = 1} /^### What is outside/ {r = 0} r && $2 ~ /^ \140/ {split($2, a, "\140"); printf "%s ", a[2]}' doc/real-policies.md`
SELECT set_eq(format($$SELECT unnest(string_to_array(trim(%L), ' '))$$, :'listed'),
  $$SELECT name FROM shipped WHERE name NOT IN ('qinan-2018', 'demo-gansu', 'mouding-2025', 'gansu-serious-2022')$$, 'every document has its row under Regional tables');
\set manual `cat doc/real-policies.md`
SELECT is(ARRAY(SELECT name || ': ' || (s.value ->> 'doc') FROM shipped, jsonb_each(rules -> 'sources') s WHERE s.value ->> 'trust' <> 'assumed' AND position(coalesce(s.value ->> 'url', name) in :'manual') = 0), '{}', 'every source has its address in doc/real-policies.md');

---------------------------------------------------------------- what they rest on

SELECT set_eq($$SELECT name, string_agg(DISTINCT s.value ->> 'trust', ' ' ORDER BY s.value ->> 'trust') FROM shipped, jsonb_each(rules -> 'sources') s WHERE s.key <> 'own' GROUP BY name$$,
$$VALUES ('anhui-2020', 'mirror'), ('anhui-city-2024', 'mirror'), ('anhui-serious-2020', 'mirror'), ('bengshan', 'official'), ('changzhou-2022', 'official'), ('chongqing-2023', 'official unverified'),
  ('chongqing-tilt-2024', 'official'), ('datong-2024', 'official'), ('demo-gansu', 'borrowed mirror official unverified'), ('gansu-serious-2022', 'mirror official'), ('guangde-2024', 'mirror'),
  ('handan-assistance', 'mirror'), ('harbin-2023', 'mirror'), ('hefei-2020', 'mirror'), ('hulunbuir', 'official'), ('jiangyin-assistance', 'mirror'), ('lianyungang', 'official'), ('liaocheng-2022', 'unverified'), ('linyi-remote', 'official'), ('luzhou', 'unverified'),
  ('meizhou-2022', 'mirror'), ('mouding-2025', 'official'), ('nantong-maternity', 'official'), ('qinan-2018', 'official'), ('qinhuangdao-2023', 'unverified'), ('qufu-2025', 'official'), ('sanming-2025', 'unverified'),
  ('shandong-city-remote', 'mirror'), ('shandong-city-serious', 'mirror'), ('suqian-2024', 'official'), ('suzhou-students', 'mirror'), ('tianshui-2025', 'unverified'), ('tongliao', 'official unverified'), ('wuwei', 'official'), ('xian-2023', 'unverified'),
  ('xingtai', 'mirror'), ('yichang-tilt', 'mirror'), ('yutian-serious-2021', 'official'), ('zhoukou', 'mirror'), ('zichuan-2025', 'official')$$,
  'how far each text can be trusted');
SELECT is(ARRAY(SELECT d.name || ' ' || r.path FROM shipped d, yibao.policy_rules(d.rules) r WHERE r.parameter IN ('deductible', 'ratio') AND r.trust = 'assumed'
    AND d.name NOT IN ('demo-gansu', 'qinan-2018')), '{}', 'no regional deductible or ratio is made up: each cites its text');
SELECT is(ARRAY(SELECT name FROM shipped WHERE jsonb_array_length(rules -> 'unknown') = 0), '{}', 'each says what its text leaves out');
SELECT is(ARRAY(SELECT name FROM shipped WHERE NOT rules -> 'assumed' ?& ARRAY['P12', 'P28'] AND name <> 'qinan-2018'), '{}', 'each names the date and the rounding that no text gives');
SELECT is(ARRAY(SELECT name FROM shipped WHERE rules ->> 'valid_from' = '2025-01-01' AND rules #>> '{assumed,A01,value}' <> '2025-01-01' AND name <> 'mouding-2025'), '{}', 'a first day that no text gives is an assumption of its own');

SELECT is((SELECT effect FROM yibao.policy_rules(doc('meizhou-2022')) WHERE path = 'layers[1].cap.both[0]'), 'payment at most 700000.00 per year, shared by basic, serious', 'Meizhou states 700,000 over both, which its two caps never pass');
SELECT is((SELECT effect FROM yibao.policy_rules(doc('tianshui-2025')) WHERE path = 'layers[0].adjust.unfiled[0]'), 'reduced by 0.20, points or factor left open (P01)', 'Tianshui keeps its wording open [P01]');

---------------------------------------------------------------- nothing is faulty, what is open is refused

CREATE TABLE finding AS SELECT name, f.* FROM shipped, yibao.policy_check(rules) f;
SELECT is(ARRAY(SELECT name || ' ' || path || ' ' || message FROM finding WHERE severity = 'error'), '{}', 'policy_check finds no error');
SELECT is(ARRAY(SELECT name || ' ' || path || ' ' || message FROM finding WHERE severity = 'warning' AND sqlstate = 'YB201' AND name <> 'mouding-2025'), '{}',
  'no claim falls between the rules: what a text does not cover is a rule of its own that says so');
SELECT is(ARRAY(SELECT f.name || ' ' || f.path || ' ' || f.message FROM finding f WHERE severity = 'warning' AND sqlstate IS DISTINCT FROM 'YB201'
    AND NOT (sqlstate = 'YB202' AND (path LIKE '%.payer' OR message ~ 'is left open: .*\S'))), ARRAY['qinan-2018 layers[0].deductible_order It is not stated whether the deductible comes before first self-pay or after it (P08)'],
  'every other warning is a payer or a figure that its text leaves open, with its reason');
-- A document that prices nothing until an area completes it, and why.
SELECT set_eq($$SELECT name FROM shipped d WHERE NOT EXISTS (
    SELECT FROM unnest(ARRAY['11', '140104', '14', '15', '21', '51', '9901']) k, unnest(ARRAY['02', '06', '09', '11']) lv, unnest(ARRAY['county', 'city', 'province', 'outside']) a, unnest(ARRAY['00', '2301']) i, unnest(ARRAY['1501', '1403']) p
    WHERE refusal(d.rules, stay(1000, lv, jsonb_build_object('med_type', k, 'area', a, 'year', 2025, 'cum_hosp_cnt', 0, 'psn_idet_type', i, 'psn_type', p, 'dise_codg', 'I10', 'thrd_flag', false))) = 'settled')$$,
  ARRAY['qinan-2018', 'anhui-city-2024', 'anhui-serious-2020', 'datong-2024', 'hulunbuir', 'linyi-remote', 'shandong-city-remote'], 'seven documents price nothing as they stand: their texts lack a deductible or a ratio');

-- P01 to P08 have no default; only 秦安, which prices nothing, leaves P08 open with its notice
SELECT is(ARRAY(SELECT name FROM shipped WHERE rules @@ '$.layers[*] ? (@.code == "basic") .deductible[*].amount > "0"' AND rules @@ '!exists($.layers[*] ? (@.code == "basic") .deductible_order)' AND name <> 'qinan-2018'), '{}', 'P08: each document states or assumes the place of the deductible');
SELECT is(ARRAY(SELECT name FROM shipped WHERE NOT rules ? 'corrections'), '{}', 'P29: each says what a correction does');
SELECT is(ARRAY(SELECT d.name || ' ' || r.path FROM shipped d, yibao.policy_rules(rules, 'en') r WHERE r.parameter IN ('deductible_order', 'reversal', 'late_manual') AND r.trust = 'assumed' AND r.effect <> 'unknown' AND (NOT r.assumed && '{P08,P29}' OR r.note IS NULL)), '{}', 'P08, P29: what is assumed is printed as such');

---------------------------------------------------------------- national bounds, as doc/real-policies.md lists and explains them

SELECT set_eq($$SELECT DISTINCT name, bound FROM shipped, yibao.policy_bounds(rules, facts =>
    '{"categories": {"tekun": {"psn_idet_type": "2301"}, "dibao": {"psn_idet_type": "2303"}, "fanpin": {"psn_idet_type": "2306"}, "two_diseases": {"med_type": "9901"}}}') WHERE ok IS FALSE$$,
$$VALUES ('meizhou-2022', 'remote_longstay_ratio'), ('meizhou-2022', 'remote_referred'), ('meizhou-2022', 'remote_other'), ('meizhou-2022', 'tilt_deductible'), ('meizhou-2022', 'tilt_ratio'), ('meizhou-2022', 'tilt_cap'),
  ('bengshan', 'remote_longstay_deductible'),
  ('xingtai', 'remote_longstay_ratio'), ('xingtai', 'remote_longstay_deductible'), ('xingtai', 'remote_referred'), ('xingtai', 'remote_other'),
  ('zhoukou', 'remote_longstay_ratio'), ('zhoukou', 'remote_longstay_deductible'), ('zhoukou', 'remote_referred'),
  ('qinhuangdao-2023', 'remote_longstay_ratio'), ('qinhuangdao-2023', 'remote_longstay_deductible'), ('qinhuangdao-2023', 'remote_referred'),
  ('liaocheng-2022', 'remote_longstay_ratio'), ('liaocheng-2022', 'remote_longstay_deductible'),
  ('yutian-serious-2021', 'serious_ratio'), ('yutian-serious-2021', 'tilt_deductible'), ('yutian-serious-2021', 'tilt_ratio'),
  ('anhui-serious-2020', 'tilt_ratio'), ('shandong-city-serious', 'tilt_deductible'), ('shandong-city-serious', 'tilt_ratio'), ('shandong-city-serious', 'tilt_cap'),
  ('gansu-serious-2022', 'tilt_deductible'), ('gansu-serious-2022', 'tilt_ratio'), ('gansu-serious-2022', 'tilt_cap'),
  ('demo-gansu', 'tilt_deductible'), ('demo-gansu', 'tilt_ratio'), ('demo-gansu', 'tilt_cap'),
  ('mouding-2025', 'tilt_deductible'), ('mouding-2025', 'tilt_ratio'), ('mouding-2025', 'tilt_cap'), ('mouding-2025', 'remote_longstay_ratio'), ('mouding-2025', 'remote_longstay_deductible'), ('mouding-2025', 'remote_referred')$$,
  'which figures lie outside the national bounds');
\set outside `awk -F'|' '/^### What is outside/ {r = 1; next} /^## / {r = 0} r && $2 ~ /^ \140/ {n = split($2, a, "\140"); m = split($4, b, /[ ,]+/); for (i = 2; i <= n; i += 2) for (j = 1; j <= m; j++) if (b[j] != "") print a[i] " " b[j]}' doc/real-policies.md`
SELECT set_eq(format($$SELECT DISTINCT unnest(string_to_array(%L, E'\n'))$$, :'outside'),
$$SELECT DISTINCT name || ' ' || bound FROM shipped, yibao.policy_bounds(rules, facts =>
    '{"categories": {"tekun": {"psn_idet_type": "2301"}, "dibao": {"psn_idet_type": "2303"}, "fanpin": {"psn_idet_type": "2306"}, "two_diseases": {"med_type": "9901"}}}') WHERE ok IS FALSE$$,
  'and the manual lists and explains each');

SELECT * FROM finish();
