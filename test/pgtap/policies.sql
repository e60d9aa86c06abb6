-- The policy documents that yibao ships: they load, say what they rest on, refuse what their sources leave open,
-- and pay what one computes by hand from the published tables.  doc/real-policies.md has the tables.
BEGIN;
SELECT plan(82);

CREATE FUNCTION pg_temp.policy_dir() RETURNS text LANGUAGE sql AS
$$SELECT setting || '/yibao/policies/' FROM pg_catalog.pg_config() WHERE name = 'SHAREDIR'$$;

CREATE TEMP TABLE doc AS
SELECT pg_catalog.regexp_replace(f, '\.json$', '') AS name,
       yibao.policy_parse(pg_catalog.pg_read_file(pg_temp.policy_dir() || f)) AS rules
  FROM pg_catalog.pg_ls_dir(pg_temp.policy_dir()) AS f
 WHERE f LIKE '%.json';

CREATE FUNCTION pg_temp.doc(text) RETURNS jsonb LANGUAGE sql STABLE AS
$$SELECT rules FROM doc WHERE name = $1$$;

-- 基本 大病 救助 个人
CREATE FUNCTION pg_temp.pays(yibao.settlement) RETURNS text LANGUAGE sql AS
$$SELECT pg_catalog.concat_ws(' ', $1.hifp_pay, $1.hifmi_pay, $1.maf_pay, $1.psn_part_amt)$$;

-- The claims of a person-year, one after the other: what the last one comes to.
CREATE FUNCTION pg_temp.last_of(policy jsonb, VARIADIC claims jsonb[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	claim jsonb;
	s yibao.settlement;
BEGIN
	FOREACH claim IN ARRAY claims LOOP
		IF s.cum IS NOT NULL THEN
			claim := claim || pg_catalog.jsonb_build_object('opn_cum', s.cum);
		END IF;
		s := yibao.settle(policy, claim);
	END LOOP;
	RETURN pg_temp.pays(s);
END $$;

-- How a claim is refused: SQLSTATE, message and detail.
CREATE FUNCTION pg_temp.refusal(policy jsonb, claim jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	PERFORM yibao.settle(policy, claim);
	RETURN 'settled';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN pg_catalog.concat_ws(' | ', SQLSTATE, SQLERRM, detail);
END $$;

CREATE FUNCTION pg_temp.stay(total numeric, lv text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS
$$SELECT pg_catalog.jsonb_build_object('medfee_sumamt', total, 'inscp_scp_amt', total, 'med_type', '21', 'hosp_lv', lv,
	'area', 'city', 'refl', 'up', 'filing', 'none', 'psn_idet_type', '00', 'cont_years', 0, 'inj_flag', false,
	'tcm_amt', 0) || more$$;

---------------------------------------------------------------- they load

SELECT bag_has('SELECT name FROM doc',
	$$VALUES ('qinan-2018'), ('demo-gansu'), ('mouding-2025'), ('gansu-serious-2022')$$, 'the documents are installed');
SELECT lives_ok(pg_catalog.format('SELECT rules::yibao.policy FROM doc WHERE name = %L', name), name || ' is a policy')
  FROM doc WHERE name IN ('qinan-2018', 'demo-gansu', 'mouding-2025', 'gansu-serious-2022') ORDER BY name;
SELECT is_empty('SELECT name FROM doc WHERE NOT yibao.policy_ok(rules)', 'nothing is installed that is no policy');
SELECT is(pg_temp.doc('qinan-2018') ->> 'valid_from', '2018-09-18', 'Qin''an begins on the notice''s own date');
SELECT is(pg_temp.doc('demo-gansu') ->> 'trust', 'demo', 'the demo says that it is one');

---------------------------------------------------------------- they say what they rest on

SELECT is_empty($$SELECT d.name, r.path FROM doc d, yibao.policy_rules(d.rules) r
	WHERE r.parameter <> 'assumption' AND (r.trust IS NULL OR r.source IS NULL OR r.doc IS NULL)$$,
	'every rule has a source and a trust');
SELECT is_empty($$SELECT d.name, r.path FROM doc d, yibao.policy_rules(d.rules) r
	WHERE r.trust = 'assumed' AND r.parameter <> 'applies' AND coalesce(pg_catalog.cardinality(r.assumed), 0) = 0$$,
	'what no source says names the assumption');
SELECT is_empty($$SELECT d.name, a.id FROM doc d, pg_catalog.jsonb_object_keys(d.rules -> 'assumed') a(id)
	WHERE a.id <> 'P12' AND NOT EXISTS (SELECT FROM yibao.policy_rules(d.rules) r
		WHERE r.parameter <> 'assumption' AND a.id = ANY (r.assumed))$$,
	'no assumption is stated on which nothing rests (P12 is version_date)');
SELECT is_empty($$SELECT d.name, s.key FROM doc d, pg_catalog.jsonb_object_keys(d.rules -> 'sources') s(key)
	WHERE NOT EXISTS (SELECT FROM yibao.policy_rules(d.rules) r WHERE pg_catalog.split_part(r.source, ' ', 1) = s.key)$$,
	'no source is named that nothing cites');
SELECT set_eq($$SELECT DISTINCT r.trust FROM yibao.policy_rules(pg_temp.doc('qinan-2018')) r WHERE r.trust IS NOT NULL$$,
	ARRAY['official', 'assumed'], 'Qin''an holds the notice and, marked, what the format needs');
SELECT is_empty($$SELECT r.path FROM yibao.policy_rules(pg_temp.doc('qinan-2018')) r
	WHERE r.parameter IN ('deductible', 'ratio', 'cap year') AND r.effect <> 'unknown'$$,
	'Qin''an has no deductible, ratio or cap: the notice has none');
SELECT cmp_ok((SELECT pg_catalog.count(*) FROM yibao.policy_rules(pg_temp.doc('qinan-2018')) r WHERE r.parameter = 'unknown'),
	'=', 12::bigint, 'Qin''an lists twelve things that the notice does not say');
SELECT results_eq($$SELECT r.trust, coalesce(pg_catalog.cardinality(r.assumed), 0) FROM yibao.policy_rules(pg_temp.doc('qinan-2018')) r
	WHERE r.layer = 'basic' AND r.parameter = 'deductible_adjust referral'$$,
	$$VALUES ('official', 0)$$, 'no deductible after a downward referral is official [qinan:37]');
SELECT results_eq($$SELECT r.trust, r.assumed FROM yibao.policy_rules(pg_temp.doc('demo-gansu')) r
	WHERE r.layer = 'basic' AND r.parameter = 'adjust no_referral'$$,
	$$VALUES ('official', ARRAY['P01'])$$, 'the demo reads 降低10% as points and says that this is assumed [P01]');
SELECT set_eq($$SELECT DISTINCT r.trust FROM yibao.policy_rules(pg_temp.doc('demo-gansu')) r
	WHERE r.layer = 'basic' AND r.parameter IN ('deductible', 'ratio') AND r.source LIKE 'ts25%'$$,
	ARRAY['unverified'], 'the level table of Tianshui is a portal''s: unverified');
SELECT set_eq($$SELECT DISTINCT r.trust FROM yibao.policy_rules(pg_temp.doc('demo-gansu')) r
	WHERE r.layer = 'assistance' AND r.parameter IN ('deductible', 'ratio', 'cap year', 'applies')$$,
	ARRAY['borrowed'], 'assistance is borrowed from Suqian');
SELECT set_eq($$SELECT DISTINCT r.trust FROM yibao.policy_rules(pg_temp.doc('gansu-serious-2022')) r
	WHERE r.parameter IN ('deductible', 'ratio', 'cap injury')$$,
	ARRAY['official'], 'the serious-illness table of Gansu is official');

---------------------------------------------------------------- Qin'an refuses, and names what is missing

SELECT matches(pg_temp.refusal(pg_temp.doc('qinan-2018'), pg_temp.stay(20000, '02')),
	'^YB202 .*deductible.*秦政办发〔2018〕84号.*起付标准：通知未载', 'no deductible: refused, and the notice named');
SELECT matches(pg_temp.refusal(pg_temp.doc('qinan-2018'), pg_temp.stay(100, '09', '{"med_type": "11"}')),
	'^YB202 .*deductible', 'nor has an outpatient visit one');
SELECT matches(pg_temp.refusal(pg_temp.doc('qinan-2018'), pg_temp.stay(100, '09', '{"med_type": "1401"}')),
	'^YB201 .*benefit', 'the notice names no pool for chronic disease');
SELECT matches(pg_temp.refusal(pg_temp.doc('qinan-2018'), pg_temp.stay(100, '09', '{"setl_time": "2018-09-17"}')),
	'^YB008 ', 'the day before the notice has no policy');

-- Completed with figures one after the other, it asks for the next that is missing.
CREATE TEMP TABLE step (n int, path text[], value jsonb, next text);
INSERT INTO step VALUES
	(1, '{layers,0,deductible}', '[{"amount": "1000.00", "per": "visit", "source": "own"}]', '^YB202 .*ratio.*报销比例：通知未载'),
	(2, '{layers,0,ratio}', '[{"ratio": "0.70", "source": "own"}]', '^YB202 .*no_referral.*五\(三\).*P01'),
	(3, '{layers,0,adjust,no_referral,0}', NULL, '^YB202 .*cap.*年度最高支付限额：通知未载'),
	(4, '{layers,0,cap,year}', '[{"per": "year", "on": "payment", "amount": "80000.00", "source": "own"}]',
	 '^YB202 .*deductible.*大病保险起付线：通知未载'),
	(5, '{layers,1,deductible}', '[{"amount": "5000.00", "per": "year", "source": "own"}]', '^YB202 .*ratio.*大病保险分段比例：通知未载'),
	(6, '{layers,1,ratio}', '[{"ratio": "0", "source": "own"}]', '^YB202 .*deductible.*医疗救助起付标准：通知未载'),
	(7, '{layers,2,deductible}', '[{"amount": "0", "per": "year", "source": "own"}]', '^YB202 .*ratio.*医疗救助比例：通知未载'),
	(8, '{layers,2,ratio}', '[{"ratio": "0", "source": "own"}]', '^settled$');

CREATE FUNCTION pg_temp.completed(upto int, reading jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
	rules jsonb := pg_temp.doc('qinan-2018');
	s step;
BEGIN
	FOR s IN SELECT * FROM step WHERE n <= upto ORDER BY n LOOP
		rules := pg_catalog.jsonb_set(rules, s.path,
			coalesce(s.value, (rules #> s.path) - 'reduce' || reading));
	END LOOP;
	RETURN rules;
END $$;

SELECT matches(pg_temp.refusal(pg_temp.completed(n, '{"add": "-0.10"}'), pg_temp.stay(20000, '02', '{"refl": "none"}')),
	next, 'Qin''an with ' || n || ' of 8 gaps filled: ' || next)
  FROM step ORDER BY n;

-- X9: 20,000 in policy, deductible 1,000, 70%, no referral
SELECT is((yibao.settle(pg_temp.completed(8, '{"add": "-0.10"}'), pg_temp.stay(20000, '02', '{"refl": "none"}'))).hifp_pay,
	11400.00, 'X9: 降低10% as ten points: 19,000 x 60%');
SELECT is((yibao.settle(pg_temp.completed(8, '{"multiply": "0.9"}'), pg_temp.stay(20000, '02', '{"refl": "none"}'))).hifp_pay,
	11970.00, 'X9: as a factor: 19,000 x 63%');
SELECT is((yibao.settle(pg_temp.completed(8, '{"multiply_result": "0.9"}'), pg_temp.stay(20000, '02', '{"refl": "none"}'))).hifp_pay,
	11970.00, 'X9: as a factor on the payment: 13,300 x 0.9');
SELECT is((yibao.settle(pg_temp.completed(8, '{"add": "-0.10"}'), pg_temp.stay(20000, '02', '{"refl": "down"}'))).hifp_pay,
	14000.00, 'referred downward: no deductible, 20,000 x 70% [qinan:37]');
SELECT is((yibao.settle(pg_temp.completed(8, '{"add": "-0.10"}'), pg_temp.stay(20000, '02', '{"refl": "none", "area": "county"}'))).hifp_pay,
	13300.00, 'within the county no referral is needed: 19,000 x 70% [qinan:37]');

---------------------------------------------------------------- the serious-illness layer of Gansu alone [G5]

SELECT is(pg_temp.last_of(pg_temp.doc('gansu-serious-2022'), pg_temp.stay(60000, '02')),
	'0.00 37250.00 0.00 22750.00', 'X1: burden 60,000: 6,000 + 6,500 + 21,000 + 3,750');
SELECT is(pg_temp.last_of(pg_temp.doc('gansu-serious-2022'), pg_temp.stay(60000, '02', '{"psn_idet_type": "2303"}')),
	'0.00 42000.00 0.00 18000.00', 'X2: the same, 低保: 6,500 + 7,000 + 22,500 + 6,000');
SELECT is((yibao.settle(pg_catalog.jsonb_set(pg_temp.doc('gansu-serious-2022'), '{layers,0,ratio,0,tiers,origin}', '"zero"'),
	pg_temp.stay(60000, '02'))).hifmi_pay,
	38000.00, 'X11: read as absolute bands: 3,000 + 6,500 + 21,000 + 7,500');
-- 30,000 leaves 25,000 over the deductible: 6,000 + 6,500 + 3,500; the next 30,000 pays the rest of X1
SELECT is(pg_temp.last_of(pg_temp.doc('gansu-serious-2022'), pg_temp.stay(30000, '02')),
	'0.00 16000.00 0.00 14000.00', 'the first half of the burden');
SELECT is(pg_temp.last_of(pg_temp.doc('gansu-serious-2022'), pg_temp.stay(30000, '02'), pg_temp.stay(30000, '02')),
	'0.00 21250.00 0.00 8750.00', 'the second half: 37,250 less 16,000; the deductible is taken once a year');
-- excess 95,000: 6,000 + 6,500 + 21,000 + 33,750 = 67,250
SELECT is(pg_temp.last_of(pg_temp.doc('gansu-serious-2022'), pg_temp.stay(100000, '02')),
	'0.00 67250.00 0.00 32750.00', 'burden 100,000, illness');
SELECT is(pg_temp.last_of(pg_temp.doc('gansu-serious-2022'), pg_temp.stay(100000, '02', '{"inj_flag": true, "thrd_flag": false}')),
	'0.00 20000.00 0.00 80000.00', 'the same by an accident without a third party: 20,000 at most');
SELECT matches(pg_temp.refusal(pg_temp.doc('gansu-serious-2022'), pg_temp.stay(100000, '02', '{"inj_flag": true}')),
	'^YB005 .*thrd_flag', 'an injury is not priced until one says whether a third party is liable');

---------------------------------------------------------------- Mouding [G3][G4]

SELECT is(pg_temp.last_of(pg_temp.doc('mouding-2025'), pg_temp.stay(10000, '06', '{"area": "county"}')),
	'7600.00 0.00 0.00 2400.00', 'X3: level 2, (10,000 - 500) x 80%');
-- level 3 out of area: (123,500 - 1,000) x 60% = 73,500 leaves 50,000
SELECT is(pg_temp.last_of(pg_temp.doc('mouding-2025'), pg_temp.stay(123500, '02', '{"area": "province"}')),
	'73500.00 28000.00 0.00 22000.00', 'X4: burden 50,000 in absolute bands: 6,000 + 14,000 + 8,000');
SELECT results_eq($$SELECT lv, area, (yibao.settle(pg_temp.doc('mouding-2025'),
		pg_temp.stay(10000, lv, pg_catalog.jsonb_build_object('area', area)))).hifp_pay
	FROM (VALUES ('08'), ('06'), ('02')) l(lv), (VALUES ('other'), ('city'), ('province'), ('outside')) a(area)
	ORDER BY lv, area$$,
	$$VALUES ('02', 'city', 5980.00), ('02', 'other', 5980.00), ('02', 'outside', 5400.00), ('02', 'province', 5400.00),
		('06', 'city', 7600.00), ('06', 'other', 7600.00), ('06', 'outside', 6175.00), ('06', 'province', 6175.00),
		('08', 'city', 8330.00), ('08', 'other', 8330.00), ('08', 'outside', 8330.00), ('08', 'province', 8330.00)$$,
	'10,000 at each level in and out of area: (10,000 - deductible) x ratio');
-- level 1, 200,200: 200,000 x 85% = 170,000, cut at 150,000; left 200 + 30,000 + 20,000 = 50,200:
-- 6,000 + 14,000 + 10,200 x 80%
SELECT is(pg_temp.last_of(pg_temp.doc('mouding-2025'), pg_temp.stay(200200, '08', '{"area": "county"}')),
	'150000.00 28160.00 0.00 22040.00', 'the pooled fund stops at 150,000 a year');
-- then 300,000: from 50,200 on 9,800 x 80% + 290,200 x 90% = 269,020, of which 150,000 - 28,160 are left
SELECT is(pg_temp.last_of(pg_temp.doc('mouding-2025'), pg_temp.stay(200200, '08', '{"area": "county"}'),
	pg_temp.stay(300000, '08', '{"area": "county"}')),
	'0.00 121840.00 0.00 178160.00', 'and so does serious illness, over several stays');
SELECT matches(pg_temp.refusal(pg_temp.doc('mouding-2025'), pg_temp.stay(100, '08', '{"med_type": "11"}')),
	'^YB202 .*deductible.*普通门诊起付线：来源未载', 'the outpatient terms are unknown');
-- 9,500 x 80% = 7,600; the 800 bear 40 of the deductible: 760 x 5% = 38
SELECT is((yibao.settle(pg_temp.doc('mouding-2025'), pg_temp.stay(10000, '06', '{"tcm_amt": 800, "tcm_inscp": 800}'))).hifp_pay,
	7638.00, 'five points on the traditional-medicine part of a stay, which bears its share of the deductible');
SELECT matches(pg_temp.refusal(pg_temp.doc('mouding-2025'), pg_temp.stay(10000, '06', '{"psn_idet_type": "2303"}')),
	'^YB202 .*assistance.*医疗救助起付标准：来源未载', 'whom assistance helps is not priced without its table');
SELECT matches(pg_temp.refusal(pg_temp.doc('mouding-2025'), pg_temp.stay(10000, '11')),
	'^YB201 .*deductible', 'a provider without a level has no rule');

-- X6, another shape: Zhoukou, city level 3 [M42]: from 900 on to 4,000 53%, above 72%
SELECT is((yibao.settle(pg_temp.doc('mouding-2025') || pg_catalog.jsonb_build_object('layers', pg_catalog.jsonb_build_array(
		(pg_temp.doc('mouding-2025') #> '{layers,0}') - 'adjust' - 'cap' ||
		'{"deductible": [{"amount": "900.00", "per": "visit", "source": "own"}],
		  "ratio": [{"tiers": {"origin": "zero", "measure": "visit", "bands": [["4000", "0.53"], [null, "0.72"]]}, "source": "own"}]}')),
	pg_temp.stay(10000, '02'))).hifp_pay,
	5963.00, 'X6: absolute bands inside a level: 3,100 x 53% + 6,000 x 72%');

-- A yearly limit of the deductibles paid, Hunan 2019: 2,300 [M35].  Three stays with 1,000 each take 1,000, 1,000, 300.
CREATE FUNCTION pg_temp.limited() RETURNS jsonb LANGUAGE sql STABLE AS
$$SELECT pg_temp.doc('mouding-2025') || pg_catalog.jsonb_build_object('layers', pg_catalog.jsonb_build_array(
	(pg_temp.doc('mouding-2025') #> '{layers,0}') - 'adjust' - 'cap' ||
	'{"deductible": [{"amount": "1000.00", "per": "visit", "source": "own"}],
	  "deductible_cap": [{"amount": "2300.00", "per": "year", "source": "own"}],
	  "ratio": [{"ratio": "0.60", "source": "own"}]}'))$$;
SELECT is(pg_temp.last_of(pg_temp.limited(), pg_temp.stay(3000, '02'), pg_temp.stay(3000, '02'), pg_temp.stay(3000, '02')),
	'1620.00 0.00 0.00 1380.00', 'a yearly limit of deductibles leaves 300 of the third: 2,700 x 60%');
SELECT is(pg_temp.last_of(pg_temp.limited(), pg_temp.stay(3000, '02')),
	'1200.00 0.00 0.00 1800.00', 'and does not touch the first: 2,000 x 60%');

---------------------------------------------------------------- the demo

-- 60,000: 2,000 own, 500 over limit price, 3,500 first self-pay, 54,000 in policy; level 3, referred, enrolled 3 years:
-- (54,000 - 1,000) x 73% = 38,690; burden 1,000 + 14,310 = 15,310
CREATE FUNCTION pg_temp.demo_stay(more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS
$$SELECT pg_temp.stay(54000, '02', '{"medfee_sumamt": "60000.00", "fulamt_ownpay_amt": "2000.00", "overlmt_selfpay": "500.00",
	"preselfpay_amt": "3500.00", "cont_years": 3}') || more$$;

SELECT is(pg_temp.last_of(pg_temp.doc('demo-gansu'), pg_temp.demo_stay()),
	'38690.00 6201.50 0.00 15108.50', 'ordinary: 10,310 over 5,000: 6,000 + 310 x 65%');
-- 12,810 over 2,500: 6,500 + 2,810 x 70% = 8,467; left 6,843, 80% of it 5,474.40
SELECT is(pg_temp.last_of(pg_temp.doc('demo-gansu'), pg_temp.demo_stay('{"psn_idet_type": "2303"}')),
	'38690.00 8467.00 5474.40 7368.60', '低保: half the deductible, five points more, then 80%');
SELECT is(pg_temp.last_of(pg_temp.doc('demo-gansu'), pg_temp.demo_stay('{"psn_idet_type": "2301"}')),
	'38690.00 8467.00 6843.00 6000.00', '特困: all in-policy cost is paid, 6,000 outside it are not');
SELECT is(pg_temp.last_of(pg_temp.doc('demo-gansu'), pg_temp.demo_stay('{"psn_idet_type": "2302"}')),
	'38690.00 6201.50 9108.50 6000.00', '孤儿: ordinary serious illness, then all the rest');
-- left 9,108.50, less 3,000: 6,108.50 x 70%
SELECT is(pg_temp.last_of(pg_temp.doc('demo-gansu'), pg_temp.demo_stay('{"psn_idet_type": "2304"}')),
	'38690.00 6201.50 4275.95 10832.55', '低保边缘: 3,000 first, then 70%');
-- 53,000 x 63% = 33,390; burden 20,610; 15,610 over 5,000: 6,000 + 5,610 x 65%
SELECT is(pg_temp.last_of(pg_temp.doc('demo-gansu'), pg_temp.demo_stay('{"refl": "none"}')),
	'33390.00 9646.50 0.00 16963.50', 'without referral ten points less; serious illness takes up a part');
-- 3,000 x 88%, no deductible
SELECT is(pg_temp.last_of(pg_temp.doc('demo-gansu'), pg_temp.stay(3000, '09', '{"area": "county", "refl": "down", "cont_years": 3}')),
	'2640.00 0.00 0.00 360.00', 'referred downward to level 1: no deductible');
SELECT is((yibao.settle(pg_temp.doc('demo-gansu'), pg_temp.stay(20000, '02', '{"refl": "none"}'))).hifp_pay,
	11400.00, 'X9 again: 19,000 x 60%');
SELECT results_eq($$SELECT y, (yibao.settle(pg_temp.doc('demo-gansu'),
		pg_temp.stay(10500, '06', pg_catalog.jsonb_build_object('cont_years', y)))).hifp_pay
	FROM pg_catalog.unnest(ARRAY[0, 1, 4, 5, 12]) y$$,
	$$VALUES (0, 7500.00), (1, 7600.00), (4, 7900.00), (5, 8000.00), (12, 8000.00)$$,
	'level 2, one point for each continuous year, five at most: 10,000 x 75% to 80%');
SELECT results_eq($$SELECT f, (yibao.settle(pg_temp.doc('demo-gansu'),
		pg_temp.stay(20000, '02', pg_catalog.jsonb_build_object('area', 'outside', 'filing', f)))).hifp_pay
	FROM pg_catalog.unnest(ARRAY['none', 'longstay']) f$$,
	$$VALUES ('none', 9500.00), ('longstay', 13300.00)$$, 'another province: twenty points less only when not filed');

-- outpatient: 120: (120 - 50) x 50% = 35; 700 x 50% = 350, of which 265 are left of 300; then nothing
SELECT is(pg_temp.last_of(pg_temp.doc('demo-gansu'), pg_temp.stay(120, '09', '{"med_type": "11"}')),
	'35.00 0.00 0.00 85.00', 'outpatient, township: 50 a year first, then half');
SELECT is(pg_temp.last_of(pg_temp.doc('demo-gansu'), pg_temp.stay(120, '09', '{"med_type": "11"}'),
	pg_temp.stay(700, '09', '{"med_type": "11"}')),
	'265.00 0.00 0.00 435.00', 'the second visit meets the 300 of the year');
SELECT is(pg_temp.last_of(pg_temp.doc('demo-gansu'), pg_temp.stay(120, '09', '{"med_type": "11"}'),
	pg_temp.stay(700, '09', '{"med_type": "11"}'), pg_temp.stay(1000, '06', '{"med_type": "140104"}')),
	'700.00 0.00 0.00 300.00', 'chronic care has its own account: 1,000 x 70%');
SELECT is(pg_temp.last_of(pg_temp.doc('demo-gansu'), pg_temp.stay(120, '02', '{"med_type": "11"}')),
	'0.00 0.00 0.00 120.00', 'the borrowed outpatient rule pays nothing at level 3');
SELECT is((yibao.settle(pg_temp.doc('demo-gansu'), pg_temp.stay(1000, '06', '{"med_type": "140104"}'))).pool,
	'outpatient', 'chronic care is paid by the outpatient pool [P35]');

-- a dear year, ordinary: 99,000 x 70% = 69,300; burden 30,700: 25,700 over 5,000: 6,000 + 6,500 + 3,990
SELECT is(pg_temp.last_of(pg_temp.doc('demo-gansu'), pg_temp.stay(100000, '02')),
	'69300.00 16490.00 0.00 14210.00', 'the first stay of a dear year');
-- then 50,000: 34,300 wanted, 10,700 left of 80,000; burden 39,300 on top: 24,300 x 70% + 15,000 x 75%
SELECT is(pg_temp.last_of(pg_temp.doc('demo-gansu'), pg_temp.stay(100000, '02'), pg_temp.stay(50000, '02')),
	'10700.00 28260.00 0.00 11040.00', 'the second meets 80,000 of the pooled fund; serious illness goes on in its bands');
-- 特困: 80,000; burden 420,000: 6,500 + 7,000 + 22,500 + 40,000 + 317,500 x 85%; 74,125 left
SELECT is(pg_temp.last_of(pg_temp.doc('demo-gansu'), pg_temp.stay(500000, '02', '{"psn_idet_type": "2301"}')),
	'80000.00 345875.00 74125.00 0.00', '特困, 500,000 in policy: nothing is left to the person');
-- 100,000 more: 85,000 and 15,000; 10,000 more: 8,500, and 875 are left of 90,000
SELECT is(pg_temp.last_of(pg_temp.doc('demo-gansu'), pg_temp.stay(500000, '02', '{"psn_idet_type": "2301"}'),
	pg_temp.stay(100000, '02', '{"psn_idet_type": "2301"}'), pg_temp.stay(10000, '02', '{"psn_idet_type": "2301"}')),
	'0.00 8500.00 875.00 625.00', 'until 90,000 of assistance are used up');

SELECT is_empty($$SELECT t, lpad(l::text, 2, '0'), pg_temp.refusal(pg_temp.doc('demo-gansu'),
		pg_temp.stay(1000, lpad(l::text, 2, '0'), pg_catalog.jsonb_build_object('med_type', t, 'psn_idet_type', i)))
	FROM pg_catalog.unnest(ARRAY['11', '14', '140104', '140201', '21', '2101', '210104', '22', '23', '24', '25', '26']) t,
		pg_catalog.generate_series(1, 14) l, pg_catalog.unnest(ARRAY['00', '03', '2301', '2302', '2303', '2304', '2305']) i
	WHERE pg_temp.refusal(pg_temp.doc('demo-gansu'),
		pg_temp.stay(1000, lpad(l::text, 2, '0'), pg_catalog.jsonb_build_object('med_type', t, 'psn_idet_type', i))) <> 'settled'$$,
	'every kind of visit of the demo at every level for every class has a price');
SELECT results_eq($$SELECT f, pg_catalog.substring(pg_temp.refusal(pg_temp.doc('demo-gansu'), pg_temp.stay(1000, '02', '{"thrd_flag": false}') - f), '^(YB[0-9]+) .*' || f)
	FROM pg_catalog.unnest(ARRAY['area', 'cont_years', 'hosp_lv', 'inj_flag', 'med_type', 'psn_idet_type', 'refl']) f$$,
	$$SELECT f, 'YB005' FROM pg_catalog.unnest(ARRAY['area', 'cont_years', 'hosp_lv', 'inj_flag', 'med_type', 'psn_idet_type', 'refl']) f$$,
	'a stay without a field that a rule reads is refused, and the field named');

-- In words: what the clerk of the centre reads
SELECT results_eq($$SELECT path, sentence FROM yibao.policy_rules(pg_temp.doc('qinan-2018')) WHERE path IN ('benefits[0]', 'layers[0].base', 'layers[0].deductible_adjust.referral[0]', 'layers[0].adjust.no_referral[0]', 'fund.split[0]', 'fund.deadline', 'controls.sampling', 'unknown[9]') ORDER BY path COLLATE "C"$$,
	$$VALUES ('benefits[0]', '待遇归属（医疗类别为21、22、23、24、25、26）：住院，基金池 住院'),
	('controls.sampling', '监管：抽查：0.10（占每月人次），向上取整'),
	('fund.deadline', '基金：期限：每月 20 日, 01-20（每年），节假日不顺延；逾期的不向定点机构支付'),
	('fund.split[0]', '基金：门诊住院分账（参保年度 >= 2018）：门诊 0.30, 住院 0.70，基数为实收收入，先扣除大病部分，门诊部分四舍五入、余数归住院，收入种类：个人缴费, 财政补贴, 医疗救助, 集体扶持, 利息，其他'),
	('layers[0].adjust.no_referral[0]', '基本医保支付比例调整“no_referral”（就医地关系为市、省，转诊情况为未转诊，医疗类别为21、22、23、24、25、26）：降低 0.10（百分点还是系数，来源未定，P01）'),
	('layers[0].base', '基本医保计算基数：范围内费用'),
	('layers[0].deductible_adjust.referral[0]', '基本医保起付标准调整“referral”（转诊情况为下转，医疗类别为21、22、23、24、25、26）：= 0.00'),
	('unknown[9]', '来源未载事项：医疗救助的对象分类、起付标准、比例、限额')$$, 'policy_rules says each rule in Chinese');
SELECT is((SELECT sentence FROM yibao.policy_rules(pg_temp.doc('qinan-2018'), 'en') WHERE path = 'layers[0].deductible_adjust.referral[0]'),
	'basic insurance, deductible_adjust referral (refl in (down) and med_type in (21, 22, 23, 24, 25, 26)): = 0.00', 'and in English');
SELECT is_empty($$SELECT d.name, r.path, r.sentence FROM doc d, yibao.policy_rules(d.rules) r
	WHERE r.parameter NOT IN ('assumption', 'unknown') AND pg_catalog.regexp_replace(r.sentence, '“[^”]*”', '', 'g') ~ '[a-z]{3,}'$$, 'no rule of any document that ships is left half in English');
SELECT is_empty($$SELECT d.name, r.path, r.sentence FROM doc d, yibao.policy_rules(d.rules) r WHERE r.parameter = 'unknown' AND r.sentence <> '来源未载事项：' || r.effect$$, 'what the author wrote is left as it is');

SELECT * FROM finish();
ROLLBACK;
