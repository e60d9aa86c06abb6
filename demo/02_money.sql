-- as li
\pset footer off
\if :zh
\echo
\echo '━━ 二、钱怎么进来:按来源入账,大病部分先提,其余 30/70 分门诊、住院 ━━'
\else
\echo
\echo '== 2. Money in, by source: the serious-illness part first, the rest split 30/70 =='
\endif
INSERT INTO qinan.receipt (receipt_id, kind, payer, gov_level, account, received_on, coverage_year, amt, heads, serious_amt) VALUES
	('2025-T01', 'contribution', '税务局第1批', NULL, 'treasury', '2025-01-06', 2025, 20000000.00, 50000, NULL),
	('2025-C01', 'subsidy', '中央财政', 'central', 'fiscal', '2025-01-15', 2025, 26800000.01, NULL, 0),
	('2025-Z01', 'assistance', '县民政局(资助参保)', NULL, 'fiscal', '2025-01-20', 2025, 400000.00, 1000, NULL),
	('2025-I01', 'interest', '财政专户开户行', NULL, 'fiscal', '2025-03-21', 2025, 12345.67, NULL, 0);
INSERT INTO qinan.receipt (receipt_id, fund, kind, payer, account, received_on, coverage_year, amt)
VALUES ('2025-M01', 'assistance', 'subsidy', '县财政(医疗救助预算)', 'fiscal', '2025-01-10', 2025, 3000000.00);
-- tax money goes from 国库 to 财政专户, and a quarter's appropriation from there to 支出户
INSERT INTO qinan.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id) VALUES
	('2025-G01', 'sweep', 'treasury', 'fiscal', '2025-01-10', 20000000.00, NULL),
	('2025-Q01', 'appropriation', 'fiscal', 'expenditure', '2025-01-20', 12000000.00, '预拨2025-1');
INSERT INTO qinan.cash_move (move_id, fund, kind, from_class, to_class, moved_on, amt, form_id)
VALUES ('2025-Q01M', 'assistance', 'appropriation', 'fiscal', 'expenditure', '2025-01-20', 1000000.00, '救助预拨2025-1');
\if :zh
SELECT payer AS "来源", amt AS "金额", serious_amt AS "其中大病", out_amt AS "门诊30%", ipt_amt AS "住院70%"
FROM qinan.receipt WHERE fund = 'resident' ORDER BY received_on;
\echo '中央补助 26,800,000.01 元的 30% 是 8,040,000.003 元:门诊得 8,040,000.00,零头归住院,一分不差。(金额为虚构)'
\else
SELECT payer, amt, serious_amt, out_amt AS "outpatient 30%", ipt_amt AS "inpatient 70%"
FROM qinan.receipt WHERE fund = 'resident' ORDER BY received_on;
\echo '30% of 26,800,000.01 is 8,040,000.003: outpatient gets 8,040,000.00, the odd fen goes to inpatient. (Synthetic amounts.)'
\endif
