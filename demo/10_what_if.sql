-- as zhao
\pset footer off
\if :zh
\echo
\echo '━━ 十、如果住院报销比例提高5个百分点?用全部真实结算重算一遍 ━━'
\else
\echo
\echo '== 10. What if the inpatient ratio were 5 points higher? Every settlement priced again =='
\endif
CREATE TEMP TABLE what_if AS
WITH p AS (SELECT jsonb_set(rules, '{layers,0,adjust,what_if}', '[{"when": {"med_type": ["21", "22", "23", "24", "25", "26"]},
		"add": "0.05", "source": "own", "note": "what if"}]') AS rules FROM qinan.policy WHERE policy_id = 'demo-gansu')
SELECT s.setl_id, s.psn_no, s.pool, s.hosp_lv, s.hifp_pay, s.hifmi_pay, s.maf_pay, s.psn_part_amt,
	yibao.replay((SELECT rules FROM p), s) OVER (PARTITION BY s.psn_no, s.year ORDER BY s.setl_time, s.setl_id COLLATE "C") AS n
FROM qinan.settlement s
WHERE NOT s.refd_setl_flag AND NOT EXISTS (SELECT FROM qinan.settlement r WHERE r.init_setl_id = s.setl_id);
\if :zh
SELECT CASE pool WHEN 'inpatient' THEN '住院统筹' ELSE '门诊统筹' END AS "基金池",
	CASE WHEN hosp_lv IN ('01','02','03','04','12') THEN '三级' WHEN hosp_lv IN ('05','06','07','13') THEN '二级' ELSE '一级及以下' END AS "医院级别",
	sum((n).hifp_pay - hifp_pay) AS "统筹多付", sum((n).hifmi_pay - hifmi_pay) AS "大病变化", sum((n).maf_pay - maf_pay) AS "救助变化",
	count(DISTINCT psn_no) FILTER (WHERE (n).psn_part_amt < psn_part_amt) AS "受益人数",
	round(avg(psn_part_amt - (n).psn_part_amt) FILTER (WHERE (n).psn_part_amt < psn_part_amt), 2) AS "每次少付"
FROM what_if GROUP BY 1, 2 ORDER BY 3 DESC;
\else
SELECT pool, CASE WHEN hosp_lv IN ('01','02','03','04','12') THEN '3' WHEN hosp_lv IN ('05','06','07','13') THEN '2' ELSE '1' END AS level,
	sum((n).hifp_pay - hifp_pay) AS "pooled fund +", sum((n).hifmi_pay - hifmi_pay) AS "serious +", sum((n).maf_pay - maf_pay) AS "assistance +",
	count(DISTINCT psn_no) FILTER (WHERE (n).psn_part_amt < psn_part_amt) AS "who gain",
	round(avg(psn_part_amt - (n).psn_part_amt) FILTER (WHERE (n).psn_part_amt < psn_part_amt), 2) AS "less a visit"
FROM what_if GROUP BY 1, 2 ORDER BY 3 DESC;
\endif
