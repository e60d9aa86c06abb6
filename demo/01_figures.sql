-- as zhao
\pset footer off
\if :zh
\echo
\echo '━━ 一、哪些数字有据可依? ━━'
\echo '演示政策由多处来源拼合,不是任何地方的现行政策。每条规则都注明出处与可信程度:'
WITH r AS (SELECT rules FROM qinan.policy WHERE policy_id = 'demo-gansu'),
	counted AS (SELECT coalesce(trust, 'unknown') AS trust, count(*) AS n FROM r, yibao.policy_rules(rules) GROUP BY 1),
	named AS (SELECT s.value ->> 'trust' AS trust, string_agg(s.value ->> 'doc', E'\n' ORDER BY s.key) AS docs
		FROM r, jsonb_each(rules -> 'sources') s GROUP BY 1)
SELECT CASE trust WHEN 'official' THEN '官方文件' WHEN 'mirror' THEN '媒体转载' WHEN 'unverified' THEN '未核实(门户网页)'
		WHEN 'borrowed' THEN '借用他地' WHEN 'assumed' THEN '假设(演示自设)' ELSE '未知(来源未载)' END AS "可信程度",
	n AS "规则数", docs AS "出处"
FROM counted LEFT JOIN named USING (trust)
UNION ALL SELECT '虚构', NULL, '本演示中的全部人员、费用、收入与机构'
ORDER BY 2 DESC NULLS LAST;
\echo '同一份文件里,来源没有说的,就列为未知,不填数:'
SELECT effect AS "未知", doc AS "查过的文件" FROM qinan.policy p, yibao.policy_rules(p.rules) WHERE p.policy_id = 'demo-gansu' AND path LIKE 'unknown%' LIMIT 4;
\echo '只载《秦安通知》原文的政策(qinan-2018)拒绝为任何病例计价,因为通知没有写起付线和比例:'
\else
\echo
\echo '== 1. Which figures rest on what? =='
\echo 'The demo policy joins several sources and is in force nowhere. Every rule says what it rests on:'
WITH r AS (SELECT rules FROM qinan.policy WHERE policy_id = 'demo-gansu'),
	counted AS (SELECT coalesce(trust, 'unknown') AS trust, count(*) AS n FROM r, yibao.policy_rules(rules) GROUP BY 1),
	named AS (SELECT s.value ->> 'trust' AS trust, string_agg(s.value ->> 'doc', E'\n' ORDER BY s.key) AS docs
		FROM r, jsonb_each(rules -> 'sources') s GROUP BY 1)
SELECT trust, n AS rules, docs AS sources
FROM counted LEFT JOIN named USING (trust)
UNION ALL SELECT 'synthetic', NULL, 'every person, cost, receipt and hospital of this demonstration'
ORDER BY 2 DESC NULLS LAST;
\echo 'What a source does not say is listed as unknown, and no figure is made up:'
SELECT effect AS unknown, doc AS "looked for in" FROM qinan.policy p, yibao.policy_rules(p.rules) WHERE p.policy_id = 'demo-gansu' AND path LIKE 'unknown%' LIMIT 4;
\echo 'The policy that holds the Qin''an notice alone refuses to price a claim, as the notice gives no table:'
\endif
\set ON_ERROR_STOP off
\set notice `cat :policies/qinan-2018.json`
SELECT yibao.settle(yibao.policy_parse(:'notice'), '{"medfee_sumamt": 20000, "inscp_scp_amt": 20000, "med_type": "2101",
	"hosp_lv": "02", "area": "city", "refl": "none", "filing": "none", "setl_time": "2018-10-15 09:00"}'::jsonb);
\set ON_ERROR_STOP on
