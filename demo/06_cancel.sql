-- as li
\pset footer off
\if :zh
\echo
\echo '━━ 六、同一张单子发两次、冲销 ━━'
\echo '网络抖动,医院把同一结算又发了一次:什么也不重复;'
\else
\echo
\echo '== 6. Sent twice, cancelled =='
\echo 'The network stutters and the hospital sends the same settlement again: nothing is done twice;'
\endif
\set QUIET off
\set sent 'INSERT INTO qinan.settlement (setl_id, psn_no, insutype, setl_time, med_type, hosp_lv, area, refl, filing, psn_idet_type, cont_years, inj_flag, thrd_flag, setl_type, fixmedins_code, medfee_sumamt, inscp_scp_amt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt) VALUES (\'S2025040002\', \'62052200000000000003\', \'390\', \'2025-04-02 09:00\', \'2101\', \'06\', \'county\', \'none\', \'none\', \'00\', 2, false, false, \'2\', \'H62052200001\''
:sent, 5000, 5000, 0, 0, 0);
:sent, 5000, 5000, 0, 0, 0);
\if :zh
\echo '同一单号、内容不同:拒绝,并说明先前那一张;'
\else
\echo 'the same key with other content is refused, and told of the first;'
\endif
\set ON_ERROR_STOP off
:sent, 6000, 6000, 0, 0, 0);
\set ON_ERROR_STOP on
\set QUIET on
\if :zh
\echo '冲销是一条新的红字记录,不改旧账;累计、占用随之退回:'
\else
\echo 'A cancellation is a new row in red; accumulators and commitment go back with it:'
\endif
INSERT INTO qinan.settlement (setl_id, init_setl_id, refd_setl_flag, psn_no, insutype, setl_time)
VALUES ('S2025040002-T', 'S2025040002', true, '62052200000000000003', '390', '2025-04-02 11:00');
SELECT setl_id, init_setl_id, medfee_sumamt, hifp_pay, psn_cash_pay, psn_setl_no
FROM qinan.settlement WHERE psn_no = '62052200000000000003' ORDER BY psn_setl_no;
