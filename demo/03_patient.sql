-- as li
\pset footer off
\if :zh
\echo
\echo '━━ 三、一站式结算:低保患者上转市级三级医院,出院只交自付部分,不交押金 ━━'
\else
\echo
\echo '== 3. One stop: a low-income patient, referred up to a city hospital, pays only his own part; no deposit =='
\endif
INSERT INTO qinan.settlement (setl_id, psn_no, insutype, setl_time, begntime, endtime, med_type, hosp_lv, area, refl, filing,
	psn_idet_type, cont_years, inj_flag, thrd_flag, setl_type, fixmedins_code,
	medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt)
VALUES ('S2025030001', '62052200000000000001', '390', '2025-03-12 10:20', '2025-02-24 08:00', '2025-03-12 10:00', '2101', '02',
	'city', 'up', 'referral', '2303', 3, false, false, '2', 'H62050200018', 68540.37, 3200.00, 540.37, 4800.00, 60000.00);
\pset tuples_only on
\pset format unaligned
\if :zh
SELECT format(E'┌──────────────── 城乡居民医疗保险结算单 ────────────────┐\n'
	'  结算号 %s    参保人 %s    %s\n'
	'  医疗费总额          %s\n    全自费            %s\n    超限价            %s\n    先行自付          %s\n    政策范围内        %s\n'
	'  起付线              %s\n'
	'  ① 基本医保统筹      %s    (比例 %s%%,本县统筹基金支付)\n'
	'  ② 大病保险          %s    (承办方支付,中心垫付)\n'
	'  ③ 医疗救助          %s    (医疗救助资金支付)\n'
	'  个人应付            %s\n  大写:%s\n  入院未交押金。\n'
	'└──────────────────────────────────────────────────────┘',
	setl_id, yibao.name_mask('张秀兰'), setl_time::date,
	lpad(to_char(medfee_sumamt, 'FM999,999,990.00'), 12), lpad(to_char(fulamt_ownpay_amt, 'FM999,999,990.00'), 12),
	lpad(to_char(overlmt_selfpay, 'FM999,999,990.00'), 12), lpad(to_char(preselfpay_amt, 'FM999,999,990.00'), 12),
	lpad(to_char(inscp_scp_amt, 'FM999,999,990.00'), 12), lpad(to_char(act_pay_dedc, 'FM999,999,990.00'), 12),
	lpad(to_char(hifp_pay, 'FM999,999,990.00'), 12), to_char(pool_prop_selfpay * 100, 'FM990.##'),
	lpad(to_char(hifmi_pay, 'FM999,999,990.00'), 12), lpad(to_char(maf_pay, 'FM999,999,990.00'), 12),
	lpad(to_char(psn_cash_pay, 'FM999,999,990.00'), 12), yibao.rmb_capital(psn_cash_pay))
FROM qinan.settlement WHERE setl_id = 'S2025030001';
\echo '怎么算的,依据什么:'
\else
SELECT format(E'+--------------------- settlement ---------------------+\n'
	'  key %s    person %s    %s\n'
	'  total cost          %s\n    fully self-paid   %s\n    over limit price  %s\n    first self-pay    %s\n    in policy         %s\n'
	'  deductible          %s\n'
	'  1 basic insurance   %s    (%s%%, this county''s pooled fund)\n'
	'  2 serious illness   %s    (its carrier, advanced by the centre)\n'
	'  3 assistance        %s    (the assistance fund)\n'
	'  to pay at window    %s\n  in capitals: %s\n  No deposit was taken.\n'
	'+-------------------------------------------------------+',
	setl_id, yibao.name_mask('张秀兰'), setl_time::date,
	lpad(to_char(medfee_sumamt, 'FM999,999,990.00'), 12), lpad(to_char(fulamt_ownpay_amt, 'FM999,999,990.00'), 12),
	lpad(to_char(overlmt_selfpay, 'FM999,999,990.00'), 12), lpad(to_char(preselfpay_amt, 'FM999,999,990.00'), 12),
	lpad(to_char(inscp_scp_amt, 'FM999,999,990.00'), 12), lpad(to_char(act_pay_dedc, 'FM999,999,990.00'), 12),
	lpad(to_char(hifp_pay, 'FM999,999,990.00'), 12), to_char(pool_prop_selfpay * 100, 'FM990.##'),
	lpad(to_char(hifmi_pay, 'FM999,999,990.00'), 12), lpad(to_char(maf_pay, 'FM999,999,990.00'), 12),
	lpad(to_char(psn_cash_pay, 'FM999,999,990.00'), 12), yibao.rmb_capital(psn_cash_pay))
FROM qinan.settlement WHERE setl_id = 'S2025030001';
\echo 'How it was worked out, and by what:'
\endif
SELECT '  ' || step || '. ' || sentence || CASE WHEN trust IS NULL OR trust = 'official' THEN ''
	WHEN :'lang' = 'zh' THEN '〔' || CASE trust WHEN 'unverified' THEN '未核实' WHEN 'borrowed' THEN '借用他地' WHEN 'assumed' THEN '假设' ELSE trust END || '〕'
	ELSE ' [' || trust || ']' END
FROM yibao.explain_settlement('qinan', 'S2025030001', :'lang') ORDER BY step;
\pset tuples_only off
\pset format aligned
\if :zh
\echo
\echo '同样的费用(范围内 20,000 元,市级三级医院,普通居民),转诊情况不同;“降低报销比例10%”两种读法:'
\else
\echo
\echo 'The same cost (20,000 in policy, a level-3 city hospital, ordinary resident) by referral, and "lower by 10%" both ways:'
\endif
WITH policy AS (SELECT rules FROM qinan.policy WHERE policy_id = 'demo-gansu'),
	claim AS (SELECT '{"medfee_sumamt": 20000, "inscp_scp_amt": 20000, "med_type": "2101", "hosp_lv": "02", "area": "city",
		"refl": "none", "filing": "none", "psn_idet_type": "00", "cont_years": 0, "inj_flag": false, "thrd_flag": false,
		"setl_time": "2025-03-12 10:00"}'::jsonb AS c),
	cases (n, zh, en, more) AS (VALUES
		(1, '办了转诊', 'referred', '{"refl": "up"}'::jsonb),
		(2, '未办转诊:减10个百分点(演示采用,假设)', 'unreferred: minus 10 points (what the demo assumes)', '{}'),
		(3, '未办转诊:比例乘0.9', 'unreferred: ratio times 0.9', '{}'),
		(4, '从上级医院下转到县医院(二级),免起付线', 'referred down to the county hospital: no deductible',
			'{"refl": "down", "hosp_lv": "06", "area": "county"}'))
SELECT CASE WHEN :'lang' = 'zh' THEN zh ELSE en END AS " ",
	(s).act_pay_dedc AS dedc, (s).pool_prop_selfpay AS ratio, (s).hifp_pay, (s).psn_part_amt
FROM (SELECT n, zh, en, yibao.settle(CASE WHEN n = 3 THEN
		jsonb_set(rules #- '{layers,0,adjust,no_referral,0,add}', '{layers,0,adjust,no_referral,0,multiply}', '"0.9"')
		ELSE rules END, c || more) AS s
	FROM policy, claim, cases OFFSET 0) x ORDER BY n;
