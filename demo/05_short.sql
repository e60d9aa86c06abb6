-- as li
\pset footer off
\if :zh
\echo
\echo '各类待遇支付情况(每一行都由触发器当场算出、当场记账):'
SELECT CASE benefit WHEN 'inpatient' THEN '住院' WHEN 'outpatient' THEN '普通门诊' ELSE '慢特病' END AS "待遇", count(*) AS "人次",
	sum(medfee_sumamt) AS "总费用", sum(hifp_pay) AS "统筹", sum(hifmi_pay) AS "大病", sum(maf_pay) AS "救助", sum(psn_part_amt) AS "个人"
FROM qinan.settlement GROUP BY benefit ORDER BY 3 DESC;
\echo
\echo '━━ 五、门诊统筹不够了:窗口照常结算,差额挂账;划转要另一个人批准 ━━'
\else
\echo
\echo 'What each benefit came to (every row settled and posted by its trigger):'
SELECT benefit, count(*) AS visits, sum(medfee_sumamt) AS total, sum(hifp_pay) AS pooled, sum(hifmi_pay) AS serious, sum(maf_pay) AS assistance,
	sum(psn_part_amt) AS person
FROM qinan.settlement GROUP BY benefit ORDER BY 3 DESC;
\echo
\echo '== 5. The outpatient pool runs short: the window still settles, the claim waits; a transfer needs another person =='
\endif
-- the year's spending so far has left the outpatient pool nearly empty: the demo moves the rest away, properly approved
SELECT available - 20000 AS spare FROM qinan.pool_status WHERE pool = 'outpatient' \gset
INSERT INTO qinan.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on)
VALUES ('HZ2025-0', 'outpatient', 'inpatient', :spare, '演示准备:使门诊统筹只剩 20,000 元', '2025-04-01');
\c - wang
INSERT INTO qinan.transfer_approval (transfer_id, decision, approved_on, doc_no) VALUES ('HZ2025-0', 'approve', '2025-04-01', '演示');
\c - li
INSERT INTO qinan.settlement (setl_id, psn_no, insutype, setl_time, med_type, hosp_lv, area, refl, filing, psn_idet_type, cont_years,
	inj_flag, thrd_flag, setl_type, fixmedins_code, medfee_sumamt, inscp_scp_amt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt)
VALUES ('S2025040001', '62052200000000000002', '390', '2025-04-02 08:40', '140201', '06', 'county', 'none', 'none', '00', 1,
	false, false, '2', 'H62052200003', 40000, 40000, 0, 0, 0);
\if :zh
\echo '门诊统筹可用只剩 20,000 元,来了一张应付 28,000 元的慢特病透析结算——病人照样当场办完:'
SELECT setl_id AS "结算号", medfee_sumamt AS "总费用", hifp_pay AS "统筹支付", psn_cash_pay AS "窗口收取" FROM qinan.settlement WHERE setl_id = 'S2025040001';
SELECT setl_id AS "挂账", pool AS "基金池", (amount_fen / 100.0)::numeric(12,2) AS "金额", state AS "状态" FROM qinan.queue WHERE setl_id = 'S2025040001';
\echo '李经办申请从住院统筹划转 50,000 元到门诊统筹,系统附上两池近12个月人次与费用:'
\else
\echo 'With 20,000 left for outpatients comes a dialysis settlement of 28,000: the patient is done at the window all the same:'
SELECT setl_id, medfee_sumamt, hifp_pay, psn_cash_pay FROM qinan.settlement WHERE setl_id = 'S2025040001';
SELECT setl_id AS waiting, pool, (amount_fen / 100.0)::numeric(12,2) AS amount, state FROM qinan.queue WHERE setl_id = 'S2025040001';
\echo 'Clerk Li proposes a transfer of 50,000 from inpatient to outpatient; both pools'' visits and cost go with it:'
\endif
INSERT INTO qinan.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on)
VALUES ('HZ2025-1', 'inpatient', 'outpatient', 50000, '门诊慢特病人次增加', '2025-04-03');
\if :zh
SELECT transfer_id AS "申请", amt AS "金额", out_visits AS "门诊人次", out_cost AS "门诊支付", ipt_visits AS "住院人次", ipt_cost AS "住院支付", proposed_by AS "申请人"
FROM qinan.transfer WHERE transfer_id = 'HZ2025-1';
\echo '他自己批准:'
\else
SELECT transfer_id, amt, out_visits, out_cost, ipt_visits, ipt_cost, proposed_by FROM qinan.transfer WHERE transfer_id = 'HZ2025-1';
\echo 'He approves it himself:'
\endif
\set ON_ERROR_STOP off
INSERT INTO qinan.transfer_approval (transfer_id, decision, approved_on, doc_no) VALUES ('HZ2025-1', 'approve', '2025-04-03', '秦医保划〔2025〕1号');
\c - wang
\set ON_ERROR_STOP on
\if :zh
\echo '王复核批准,挂账的那一笔随即落实:'
\else
\echo 'Wang approves it, and the claim that waited is funded:'
\endif
INSERT INTO qinan.transfer_approval (transfer_id, decision, approved_on, doc_no) VALUES ('HZ2025-1', 'approve', '2025-04-03', '秦医保划〔2025〕1号');
SELECT setl_id, state FROM qinan.queue WHERE setl_id = 'S2025040001';
\c - li
INSERT INTO qinan.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on)
VALUES ('HZ2025-2', 'inpatient', 'outpatient', 900000000, '超出可用的划转', '2025-04-03');
\c - wang
\if :zh
\echo '同样的划转,超过住院统筹可用额:'
\else
\echo 'The same transfer, above what the inpatient pool has available:'
\endif
\set ON_ERROR_STOP off
INSERT INTO qinan.transfer_approval (transfer_id, decision, approved_on, doc_no) VALUES ('HZ2025-2', 'approve', '2025-04-03', '秦医保划〔2025〕2号');
\c - li
\set ON_ERROR_STOP on
\if :zh
\echo '4月付款:应付 H62052200001 医院3月份的款,金额由系统按已落实的占用算出,王复核批准后付出:'
\else
\echo 'April''s payment to a hospital for March: the amount is what is owed and funded; paid when Wang approves:'
\endif
INSERT INTO qinan.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES ('FK2025-04-01', 'H62052200001', '202503', '2025-04-18');
\c - wang
INSERT INTO qinan.payment_approval (payment_id, decision, paid_on) VALUES ('FK2025-04-01', 'approve', '2025-04-18');
SELECT p.payment_id, p.fixmedins_code, p.clr_ym, p.items, a.amt, p.drawn_by, a.approved_by
FROM qinan.payment p JOIN qinan.payment_approval a USING (payment_id);
