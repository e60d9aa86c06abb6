-- as zhao
-- The demonstration as one HTML page: what a director would rather see than read.  demo/run.sh keeps it as build/demo.html.
-- A picture is SVG; every word goes through xmlelement, which quotes it.
\pset format unaligned
\pset tuples_only on
\pset footer off

-- zh, en: the word in the page's language
CREATE FUNCTION pg_temp.w(zh text, en text) RETURNS text LANGUAGE sql AS $$ SELECT CASE WHEN current_setting('demo.lang') = 'zh' THEN zh ELSE en END $$;
CREATE FUNCTION pg_temp.yuan(numeric) RETURNS text LANGUAGE sql AS $$ SELECT to_char($1, 'FM999,999,999,990.00') $$;
CREATE FUNCTION pg_temp.colour(n int) RETURNS text LANGUAGE sql AS $$ SELECT (ARRAY['#1f6f8b', '#e08e45', '#6a994e', '#9aa5b1', '#b5446e', '#7d5ba6'])[n] $$;

-- bars: one a label, each of parts next to each other, all to one scale; the legend below
CREATE FUNCTION pg_temp.bars(labels text[], parts text[], amounts numeric[]) RETURNS xml LANGUAGE sql AS $$
WITH cell AS (
	SELECT l.i, l.label, p.j, p.part, greatest(coalesce(amounts[(l.i - 1) * cardinality(parts) + p.j], 0), 0) AS amount
	FROM unnest(labels) WITH ORDINALITY AS l(label, i), unnest(parts) WITH ORDINALITY AS p(part, j)
), scaled AS (
	SELECT c.*, 480 * amount / greatest((SELECT max(s) FROM (SELECT sum(amount) AS s FROM cell GROUP BY i) AS t), 1) AS width, sum(amount) OVER (PARTITION BY i) AS total FROM cell AS c
), placed AS (
	SELECT *, 170 + sum(width) OVER (PARTITION BY i ORDER BY j) - width AS x, 26 * (i - 1) + 4 AS y FROM scaled
)
SELECT xmlelement(name svg, xmlattributes('0 0 780 ' || 26 * cardinality(labels) + 30 AS "viewBox", 'img' AS role),
	(SELECT xmlagg(xmlelement(name rect, xmlattributes(round(x, 1) AS x, y AS y, round(width, 1) AS width, 18 AS height, pg_temp.colour(j::int) AS fill), xmlelement(name title, part || ' ' || pg_temp.yuan(amount))) ORDER BY i, j) FROM placed),
	(SELECT xmlagg(xmlelement(name text, xmlattributes(164 AS x, 26 * (i - 1) + 18 AS y, 'end' AS "text-anchor"), label) ORDER BY i) FROM (SELECT DISTINCT i, label FROM placed) AS d),
	(SELECT xmlagg(xmlelement(name text, xmlattributes(round(176 + width, 1) AS x, 26 * (i - 1) + 18 AS y), pg_temp.yuan(total)) ORDER BY i) FROM (SELECT i, total, sum(width) AS width FROM placed GROUP BY i, total) AS d),
	(SELECT xmlagg(xmlconcat(xmlelement(name rect, xmlattributes(170 + 150 * (j - 1) AS x, 26 * cardinality(labels) + 10 AS y, 12 AS width, 12 AS height, pg_temp.colour(j::int) AS fill)),
		xmlelement(name text, xmlattributes(186 + 150 * (j - 1) AS x, 26 * cardinality(labels) + 20 AS y), part)) ORDER BY j) FROM (SELECT DISTINCT j, part FROM placed) AS d))
$$;

SELECT set_config('demo.lang', :'lang', false) \g /dev/null

CREATE TEMP TABLE what_if AS
WITH p AS MATERIALIZED (SELECT jsonb_set(rules, '{layers,0,adjust,what_if}', '[{"when": {"med_type": ["21", "22", "23", "24", "25", "26"]}, "add": "0.05", "source": "own", "note": "what if"}]') AS rules
	FROM qinan.policy WHERE policy_id = 'demo-gansu')
SELECT s.psn_no, CASE WHEN hosp_lv IN ('01','02','03','04','12') THEN 3 WHEN hosp_lv IN ('05','06','07','13') THEN 2 ELSE 1 END AS level, s.hifp_pay, s.hifmi_pay, s.maf_pay, s.psn_part_amt,
	yibao.replay((SELECT rules FROM p), s) OVER (PARTITION BY s.psn_no, s.year ORDER BY s.setl_time, s.setl_id COLLATE "C") AS n
FROM qinan.settlement s
WHERE NOT s.refd_setl_flag AND s.pool = 'inpatient' AND NOT EXISTS (SELECT FROM qinan.settlement r WHERE r.init_setl_id = s.setl_id);

SELECT '<!DOCTYPE html>' || E'\n' || xmlserialize(CONTENT xmlelement(name html, xmlattributes(:'lang' AS lang),
xmlelement(name head, xmlelement(name meta, xmlattributes('utf-8' AS charset)), xmlelement(name title, pg_temp.w('医保演示', 'yibao: the demonstration')),
	xmlelement(name style, 'body{font:15px/1.6 "Noto Sans CJK SC","Microsoft YaHei",sans-serif;max-width:880px;margin:2em auto;color:#222}h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em;border-bottom:2px solid #1f6f8b}table{border-collapse:collapse;width:100%}td,th{padding:.2em .6em;border-bottom:1px solid #ddd;text-align:left}td.n{text-align:right;font-variant-numeric:tabular-nums}svg{width:100%;font-size:12px}.note{color:#666;font-size:.9em}.ok{color:#2a7d2e}')),
xmlelement(name body,
	xmlelement(name h1, pg_temp.w('秦安统筹区：一次演示的结果', 'A pool area, Qin''an: what the demonstration came to')),
	xmlelement(name p, xmlattributes('note' AS class), pg_temp.w('全部人员、费用、收入与机构均为虚构；政策由多处来源拼合，不是任何地方的现行政策。', 'Every person, cost, receipt and hospital is synthetic; the policy joins several sources and is in force nowhere.')),

	xmlelement(name h2, pg_temp.w('规则有据可依的程度', 'What the rules rest on')),
	(SELECT xmlelement(name table, xmlagg(xmlelement(name tr, xmlelement(name td, word), xmlelement(name td, xmlattributes('n' AS class), n), xmlelement(name td, docs)) ORDER BY n DESC))
	FROM (SELECT CASE trust WHEN 'official' THEN pg_temp.w('官方文件', 'official') WHEN 'mirror' THEN pg_temp.w('媒体转载', 'mirror') WHEN 'unverified' THEN pg_temp.w('未核实', 'unverified')
			WHEN 'borrowed' THEN pg_temp.w('借用他地', 'borrowed') WHEN 'assumed' THEN pg_temp.w('假设', 'assumed') ELSE pg_temp.w('未知（来源未载）', 'unknown: no source says') END AS word, count(*) AS n,
			(SELECT string_agg(s.value ->> 'doc', pg_temp.w('；', '; ') ORDER BY s.key) FROM jsonb_each(rules -> 'sources') AS s WHERE s.value ->> 'trust' = r.trust) AS docs
		FROM qinan.policy AS p, yibao.policy_rules(p.rules) AS r WHERE p.policy_id = 'demo-gansu' GROUP BY r.trust, rules) AS t),

	xmlelement(name h2, pg_temp.w('一张结算单：谁付了多少', 'One settlement: who paid what')),
	(SELECT xmlconcat(
		xmlelement(name p, format(pg_temp.w('%s，医疗费总额 %s 元，政策范围内 %s 元，起付线 %s 元；窗口应付 %s 元（%s），未交押金。', '%s: total %s yuan, in policy %s, deductible %s; to pay at the window %s (%s), no deposit.'),
			yibao.name_mask('张秀兰'), pg_temp.yuan(medfee_sumamt), pg_temp.yuan(inscp_scp_amt), pg_temp.yuan(act_pay_dedc), pg_temp.yuan(psn_cash_pay), yibao.rmb_capital(psn_cash_pay))),
		pg_temp.bars(ARRAY[setl_id], ARRAY[pg_temp.w('基本医保统筹', 'pooled fund'), pg_temp.w('大病保险', 'serious illness'), pg_temp.w('医疗救助', 'assistance'), pg_temp.w('个人', 'the person')],
			ARRAY[hifp_pay, hifmi_pay, maf_pay, psn_part_amt]),
		xmlelement(name ol, (SELECT xmlagg(xmlelement(name li, sentence) ORDER BY step) FROM yibao.explain_settlement('qinan', setl_id, :'lang'))))
	FROM qinan.settlement WHERE setl_id = 'S2025030001'),

	xmlelement(name h2, pg_temp.w('钱怎么进来', 'Money in')),
	(SELECT pg_temp.bars(array_agg(payer ORDER BY received_on, receipt_id), ARRAY[pg_temp.w('门诊30%', 'outpatient 30%'), pg_temp.w('住院70%', 'inpatient 70%'), pg_temp.w('大病', 'serious illness')],
		(SELECT array_agg(x.amount ORDER BY r.received_on, r.receipt_id, x.j) FROM qinan.receipt AS r, LATERAL (VALUES (1, r.out_amt), (2, r.ipt_amt), (3, r.serious_amt)) AS x(j, amount) WHERE r.fund = 'resident'))
	FROM qinan.receipt WHERE fund = 'resident'),

	xmlelement(name h2, pg_temp.w('基金池', 'The pools')),
	(SELECT pg_temp.bars(array_agg(CASE WHEN :'lang' = 'zh' THEN name_zh ELSE pool END ORDER BY fund DESC, pool), ARRAY[pg_temp.w('可用', 'available'), pg_temp.w('已结算未付', 'settled, not paid')],
		(SELECT array_agg(x.amount ORDER BY q.fund DESC, q.pool, x.j) FROM qinan.pool_status AS q, LATERAL (VALUES (1, q.available), (2, q.committed)) AS x(j, amount)))
	FROM qinan.pool_status),

	xmlelement(name h2, pg_temp.w('如果住院报销比例提高5个百分点', 'What if the inpatient ratio were 5 points higher')),
	(SELECT xmlconcat(
		pg_temp.bars(array_agg(CASE level WHEN 3 THEN pg_temp.w('三级医院', 'level 3') WHEN 2 THEN pg_temp.w('二级医院', 'level 2') ELSE pg_temp.w('一级及以下', 'level 1 and below') END ORDER BY level DESC),
			ARRAY[pg_temp.w('统筹多付', 'pooled fund pays more')], array_agg(more ORDER BY level DESC)),
		xmlelement(name p, format(pg_temp.w('统筹多付 %s 元，大病 %s 元，救助 %s 元；%s 人受益。', 'Pooled fund %s yuan, serious illness %s, assistance %s; %s persons gain.'),
			pg_temp.yuan(sum(more)), pg_temp.yuan(sum(mi)), pg_temp.yuan(sum(ma)), (SELECT count(DISTINCT psn_no) FROM what_if WHERE (n).psn_part_amt < psn_part_amt))))
	FROM (SELECT level, sum((n).hifp_pay - hifp_pay) AS more, sum((n).hifmi_pay - hifmi_pay) AS mi, sum((n).maf_pay - maf_pay) AS ma FROM what_if GROUP BY level) AS t),

	xmlelement(name h2, pg_temp.w('账', 'The books')),
	(SELECT xmlelement(name table, xmlelement(name tr, xmlelement(name th, pg_temp.w('基金', 'fund')), xmlelement(name th, pg_temp.w('账簿', 'book')), xmlelement(name th, pg_temp.w('借方', 'debit')), xmlelement(name th, pg_temp.w('贷方', 'credit'))),
		xmlagg(xmlelement(name tr, xmlelement(name td, fund), xmlelement(name td, book), xmlelement(name td, xmlattributes('n' AS class), pg_temp.yuan(debit)), xmlelement(name td, xmlattributes('n' AS class), pg_temp.yuan(credit))) ORDER BY fund DESC, book))
	FROM (SELECT fund, book, sum(debit) AS debit, sum(credit) AS credit FROM qinan.trial_balance GROUP BY fund, book) AS t),
	(SELECT xmlelement(name p, xmlattributes('ok' AS class), format(pg_temp.w('查账：%s 项检查，%s 项通过。', 'verify: %s checks, %s passed.'), count(*), count(*) FILTER (WHERE ok))) FROM yibao.verify('qinan'))
)) AS text);
