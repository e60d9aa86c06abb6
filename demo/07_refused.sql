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
\echo '连数据库所有者也不行:'
\else
\echo 'Not even the owner may:'
\endif
INSERT INTO qinan.entry (journal_id, line, fund, book, role, amount_fen, row_hash) VALUES (1, 99, 'resident', 'G', 'benefit_outpatient', 100, '\x00');
UPDATE qinan.settlement SET hifp_pay = hifp_pay + 100 WHERE setl_id = 'S2025030001';
DELETE FROM qinan.receipt;
\set ON_ERROR_STOP on
