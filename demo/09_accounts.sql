-- as zhao
\pset footer off
\if :zh
\echo
\echo '━━ 九、账:现金、基金池、可用、欠谁;查账 ━━'
SELECT fund AS "基金", class AS "账户", (balance_fen / 100.0)::numeric(18,2) AS "存款" FROM qinan.cash WHERE balance_fen <> 0 ORDER BY fund, class;
SELECT name_zh AS "基金池", balance AS "余额", committed AS "已结算未付", unfunded AS "挂账", available AS "可用" FROM qinan.pool_status ORDER BY fund DESC, pool;
\echo '欠谁(前5家):'
SELECT fund AS "基金", party AS "对方", sum(owed) AS "应付未付", sum(unfunded) AS "其中挂账" FROM qinan.obligation GROUP BY fund, party ORDER BY 3 DESC LIMIT 5;
\echo '试算平衡(三本账:G 基金会计,P 分池,S 结算往来):'
SELECT fund AS "基金", book AS "账", sum(debit) AS "借方", sum(credit) AS "贷方" FROM qinan.trial_balance GROUP BY fund, book ORDER BY 1 DESC, 2;
\else
\echo
\echo '== 9. The books: cash, pools, what is available, what is owed; and an audit =='
SELECT fund, class, (balance_fen / 100.0)::numeric(18,2) AS deposit FROM qinan.cash WHERE balance_fen <> 0 ORDER BY fund, class;
SELECT pool, balance, committed, unfunded, available FROM qinan.pool_status ORDER BY fund DESC, pool;
\echo 'Owed to whom (the first five):'
SELECT fund, party, sum(owed) AS owed, sum(unfunded) AS unfunded FROM qinan.obligation GROUP BY fund, party ORDER BY 3 DESC LIMIT 5;
\echo 'Trial balance of the three books (G fund accounting, P allocation, S sub-ledger):'
SELECT fund, book, sum(debit) AS debit, sum(credit) AS credit FROM qinan.trial_balance GROUP BY fund, book ORDER BY 1 DESC, 2;
\endif
\c - centre
\if :zh
\echo '查账 verify:'
SELECT count(*) AS "检查项", count(*) FILTER (WHERE ok) AS "通过" FROM yibao.verify('qinan');
\echo '超级用户绕过触发器,把一笔结算改了 100 元,再查:'
\else
\echo 'verify:'
SELECT count(*) AS checks, count(*) FILTER (WHERE ok) AS clean FROM yibao.verify('qinan');
\echo 'A superuser goes round the triggers and alters one settlement by 100 yuan; verify again:'
\endif
BEGIN;
SET LOCAL session_replication_role = replica;
UPDATE qinan.settlement SET hifp_pay = hifp_pay + 100, psn_part_amt = psn_part_amt - 100, fund_pay_sumamt = fund_pay_sumamt + 100
WHERE setl_id = 'S2025030001';
\if :zh
SELECT "check" AS "不符的检查项", detail AS "查到"
FROM yibao.verify('qinan') WHERE NOT ok;
\else
SELECT "check", detail FROM yibao.verify('qinan') WHERE NOT ok;
\endif
ROLLBACK;
