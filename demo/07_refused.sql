-- as li
\pset footer off
\if :zh
\echo
\echo '━━ 七、不该做的事,做不成 ━━'
\echo '李经办想直接改账本:'
\else
\echo
\echo '== 7. What must not be done cannot be done =='
\echo 'Clerk Li tries to write the ledger:'
\endif
\set ON_ERROR_STOP off
INSERT INTO qinan.entry (journal_id, line, fund, book, role, amount_fen, row_hash) VALUES (1, 99, 'resident', 'G', 'benefit_outpatient', 100, '\x00');
\c - centre
\if :zh
\echo '图省事,给李经办再授一个复核岗:'
\else
\echo 'For convenience, give Li the reviewer''s post as well:'
\endif
SELECT yibao.grant_poolarea('qinan', 'li', 'reviewer');
INSERT INTO qinan.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on)
VALUES ('HZ2025-9', 'inpatient', 'outpatient', 1000, '自己申请', '2025-04-08');
\if :zh
\echo '数据库所有者自己申请、自己批准:'
\else
\echo 'The owner of the database proposes and approves himself:'
\endif
INSERT INTO qinan.transfer_approval (transfer_id, decision, approved_on, doc_no) VALUES ('HZ2025-9', 'approve', '2025-04-08', '无');
\if :zh
\echo '所有者改账本、改结算、删收入:'
\else
\echo 'The owner writes the ledger, alters a settlement, deletes a receipt:'
\endif
INSERT INTO qinan.entry (journal_id, line, fund, book, role, amount_fen, row_hash) VALUES (1, 99, 'resident', 'G', 'benefit_outpatient', 100, '\x00');
UPDATE qinan.settlement SET hifp_pay = hifp_pay + 100 WHERE setl_id = 'S2025030001';
DELETE FROM qinan.receipt;
\set ON_ERROR_STOP on
