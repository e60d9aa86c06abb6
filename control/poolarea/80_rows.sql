-- What an area starts with.

INSERT INTO @schema@.pool (pool, fund, name_zh, source) VALUES
('outpatient', 'resident', '门诊统筹', '秦政办发〔2018〕84号 二(三)'),
('inpatient', 'resident', '住院统筹', '秦政办发〔2018〕84号 二(三)'),
('serious', 'resident', '大病待缴', '秦政办发〔2018〕84号 二(三)'),
('unallocated', 'resident', '未分配', '管理口径'),
('assistance', 'assistance', '医疗救助', '管理口径');

INSERT INTO @schema@.slot (pool, slot)
SELECT pool, n FROM @schema@.pool, pg_catalog.generate_series(0, (SELECT nslot FROM @schema@.area) - 1) AS n;

INSERT INTO @schema@.account_class (class, role, name_zh, rule, source) VALUES
('treasury', 'bank_treasury', '国库', '国库存款只缴入财政专户', '财社〔2017〕144号'),
('income', 'bank_income', '收入户', '收入户只收基金收入, 只向财政专户划转, 月末原则上无余额', '财社〔2017〕144号 第四十条'),
('fiscal', 'bank_fiscal', '财政专户', '财政专户接收参保资金、财政补助、医疗救助资助、集体扶持、利息和其他收入, 按计划拨付', '秦政办发〔2018〕84号 二(二); 财社〔2017〕144号 第四十二条'),
('expenditure', 'bank_expenditure', '支出户', '支出户只接收财政专户拨入、原渠道退回和本户利息, 不得发生其他收入业务', '秦政办发〔2018〕84号 二(二); 财社〔2017〕144号 第四十一条');

INSERT INTO @schema@.cash (fund, class)
SELECT f.fund, c.class FROM @schema@.account_class c, (VALUES ('resident'), ('assistance')) f(fund);

INSERT INTO @schema@.payment_lock (fund) VALUES ('resident'), ('assistance');

INSERT INTO @schema@.flow_rule (from_class, to_class, kind, source, trust) VALUES
('outside', 'treasury', 'contribution', '税务征缴入国库; 财社〔2017〕144号', 'unverified'),
('outside', 'income', 'contribution', '财社〔2017〕144号 第四十条', 'mirror'),
('outside', 'income', 'collective', '财社〔2017〕144号 第四十条', 'mirror'),
('outside', 'income', 'interest', '财社〔2017〕144号 第四十条', 'mirror'),
('outside', 'income', 'penalty', '财社〔2017〕144号 第四十条', 'mirror'),
('outside', 'income', 'other', '财社〔2017〕144号 第四十条', 'mirror'),
('outside', 'fiscal', 'contribution', '秦政办发〔2018〕84号 二(二)', 'official'),
('outside', 'fiscal', 'subsidy', '秦政办发〔2018〕84号 二(二)', 'official'),
('outside', 'fiscal', 'assistance', '秦政办发〔2018〕84号 二(二)', 'official'),
('outside', 'fiscal', 'collective', '秦政办发〔2018〕84号 二(二)', 'official'),
('outside', 'fiscal', 'interest', '秦政办发〔2018〕84号 二(二)', 'official'),
('outside', 'fiscal', 'penalty', '秦政办发〔2018〕84号 二(二)', 'official'),
('outside', 'fiscal', 'surplus_returned', '秦政办发〔2018〕84号 二(二)', 'official'),
('outside', 'fiscal', 'other', '秦政办发〔2018〕84号 二(二)', 'official'),
('outside', 'expenditure', 'interest', '秦政办发〔2018〕84号 二(二)', 'official'),
('outside', 'expenditure', 'advance_repaid', '财社〔2017〕144号 第四十一条 (原渠道退回)', 'mirror'),
('outside', 'fiscal', 'advance_repaid', 'fund practice', 'unverified'),
('treasury', 'fiscal', 'sweep', '财社〔2017〕144号', 'mirror'),
('income', 'fiscal', 'sweep', '财社〔2017〕144号 第四十条', 'mirror'),
('fiscal', 'expenditure', 'appropriation', '秦政办发〔2018〕84号 二(二)', 'official'),
('expenditure', 'fiscal', 'interest', '秦政办发〔2018〕84号 二(二)', 'official'),
('fiscal', 'outside', 'premium', '秦政办发〔2018〕84号 二(三)', 'official'),
('fiscal', 'outside', 'premium_aid', '秦政办发〔2018〕84号 二(一)', 'official'),
('expenditure', 'outside', 'benefit', '秦政办发〔2018〕84号 二(二)', 'official');

-- 财社〔2017〕144号 第四十、四十一条: what the two accounts of the agency may do besides
INSERT INTO @schema@.flow_rule (from_class, to_class, kind, purpose, source, trust) VALUES
('expenditure', 'expenditure', 'allot', '下拨经办机构支出户', '财社〔2017〕144号 第四十一条', 'mirror'),
('expenditure', 'outside', 'advance', '一站式结算垫付, 由承办方归还', 'fund practice', 'unverified');

INSERT INTO @schema@.fund_crossing (event, from_fund, to_fund, name_zh, rule, source, trust) VALUES
('receipt.assistance', 'assistance', 'resident', '资助参保', '医疗救助基金为困难群众缴费: 一方列支, 一方列收, 同一笔入账', '秦政办发〔2018〕84号 二(一), 二(二)', 'official'),
('pay.advance', 'resident', 'outside', '受托垫付', '为外部支付方垫付待遇, 记暂付款, 由其归还', 'fund practice', 'unverified'),
('advance.repaid', 'outside', 'resident', '垫付收回', '外部支付方归还垫付款', 'fund practice', 'unverified');

INSERT INTO @schema@.account_role (book, role, side, kind, code, name_zh, name_en, source, trust) VALUES
('G', 'bank_treasury', 'debit', 'bank', '1005', '国库存款', 'deposit in the treasury', 'third-party chart', 'unverified'),
('G', 'bank_income', 'debit', 'bank', '1002', '收入户存款', 'deposit in the income account', 'third-party chart', 'unverified'),
('G', 'bank_fiscal', 'debit', 'bank', '1004', '财政专户存款', 'deposit in the fiscal account', 'third-party chart', 'unverified'),
('G', 'bank_expenditure', 'debit', 'bank', '1003', '支出户存款', 'deposit in the expenditure account', 'third-party chart', 'unverified'),
('G', 'advance_serious', 'debit', 'asset', '1101', '暂付款—大病垫付', 'advanced for an outside payer', 'third-party chart', 'unverified'),
('G', 'income_contribution', 'credit', 'income', '4001', '社会保险费收入', 'contributions', 'third-party chart', 'unverified'),
('G', 'income_subsidy', 'credit', 'income', '4101', '财政补贴收入', 'government subsidy', 'third-party chart', 'unverified'),
('G', 'income_assistance', 'credit', 'income', NULL, '医疗救助资助收入', 'contributions that assistance paid', '秦政办发〔2018〕84号 二(二)', 'official'),
('G', 'income_collective', 'credit', 'income', NULL, '集体扶持收入', 'collective aid', '秦政办发〔2018〕84号 二(二)', 'official'),
('G', 'income_interest', 'credit', 'income', '4201', '利息收入', 'interest', 'third-party chart', 'unverified'),
('G', 'income_penalty', 'credit', 'income', NULL, '其他收入—违约金', 'penalties', 'fund-accounting practice', 'unverified'),
('G', 'income_surplus_returned', 'credit', 'income', NULL, '其他收入—大病结余返还', 'surplus returned by the insurer', '财会〔2013〕21号', 'unverified'),
('G', 'income_other', 'credit', 'income', NULL, '其他收入', 'other income', '秦政办发〔2018〕84号 二(二)', 'official'),
('G', 'benefit_outpatient', 'debit', 'expense', '5001', '待遇支出—门诊', 'benefits, outpatient', 'third-party chart', 'unverified'),
('G', 'benefit_inpatient', 'debit', 'expense', '5001', '待遇支出—住院', 'benefits, inpatient', 'third-party chart', 'unverified'),
('G', 'benefit_serious', 'debit', 'expense', '5101', '待遇支出—大病', 'benefits, serious illness run by the fund itself', 'third-party chart', 'unverified'),
('G', 'benefit_unallocated', 'debit', 'expense', '5001', '待遇支出—未分配', 'benefits, from the unallocated part', 'third-party chart', 'unverified'),
('G', 'benefit_assistance', 'debit', 'expense', NULL, '医疗救助支出', 'benefits of medical assistance', 'fund-accounting practice', 'unverified'),
('G', 'serious_expense', 'debit', 'expense', '5101', '大病保险支出', 'serious-illness premium to an insurer', '财办〔2018〕43号', 'mirror'),
('G', 'remit_up', 'debit', 'expense', NULL, '上解上级支出', 'remitted to the superior', 'fund-accounting practice', 'unverified'),
('G', 'premium_aid', 'debit', 'expense', NULL, '资助参保支出', 'contributions paid for the poor', 'fund-accounting practice', 'unverified'),
('P', 'pool', 'credit', 'pool', NULL, '基金池', 'a pool''s part of the surplus', '秦政办发〔2018〕84号 二(三)', 'official'),
('P', 'surplus_allocation', 'debit', 'contra', NULL, '统筹结余分配', 'surplus allocated', 'management allocation', 'assumed'),
('S', 'benefit_committed', 'debit', 'commitment', NULL, '待遇占用', 'committed, funded', 'accrual sub-ledger', 'assumed'),
('S', 'benefit_unfunded', 'debit', 'commitment', NULL, '挂账', 'committed, waiting for money', 'accrual sub-ledger', 'assumed'),
('S', 'payable', 'credit', 'obligation', NULL, '应付机构及个人', 'owed to a provider or person', 'accrual sub-ledger', 'assumed'),
('S', 'receivable_payer', 'debit', 'obligation', NULL, '应收大病承办', 'due from an outside payer', 'accrual sub-ledger', 'assumed'),
('S', 'advance_paid', 'credit', 'obligation', NULL, '垫付已付', 'paid for an outside payer', 'accrual sub-ledger', 'assumed'),
('S', 'direct_receivable', 'debit', 'obligation', NULL, '承办机构应付 (备查)', 'what an outside payer owes (memo)', 'accrual sub-ledger', 'assumed'),
('S', 'direct_payable', 'credit', 'obligation', NULL, '承办机构直付 (备查)', 'what an outside payer pays a provider (memo)', 'accrual sub-ledger', 'assumed'),
('S', 'recoverable', 'debit', 'obligation', NULL, '应收机构及个人—追回', 'to be recovered', 'accrual sub-ledger', 'assumed'),
('S', 'recovery_pending', 'credit', 'obligation', NULL, '追回待收', 'recovery outstanding', 'accrual sub-ledger', 'assumed');

INSERT INTO @schema@.posting_rule (event, line, book, side, role, pool_expr, party_expr, amount_expr, source, trust)
SELECT 'receipt.' || k.kind, l.line, l.book, l.side, CASE WHEN l.line <> 2 THEN l.role WHEN k.kind = 'surplus_returned' THEN '$income' ELSE 'income_' || k.kind END,
       l.pool_expr, NULL, l.amount_expr, CASE WHEN l.book = 'P' THEN '秦政办发〔2018〕84号 二(三)' ELSE '财会〔2017〕28号' END, 'official'
FROM (VALUES ('contribution'), ('subsidy'), ('assistance'), ('collective'), ('interest'), ('penalty'), ('surplus_returned'), ('other')) k(kind),
     (VALUES (1, 'G', 'debit', '$bank', NULL, 'amount'),
             (2, 'G', 'credit', '', NULL, 'amount'),
             (3, 'P', 'debit', 'surplus_allocation', NULL, 'amount'),
             (4, 'P', 'credit', 'pool', 'outpatient', 'out'),
             (5, 'P', 'credit', 'pool', 'inpatient', 'ipt'),
             (6, 'P', 'credit', 'pool', 'serious', 'serious'),
             (7, 'P', 'credit', 'pool', 'unallocated', 'amount-out-ipt-serious')) l(line, book, side, role, pool_expr, amount_expr);

INSERT INTO @schema@.posting_rule (event, line, book, side, role, pool_expr, party_expr, amount_expr, source, trust)
SELECT 'assistance.' || k.kind, l.line, l.book, l.side, CASE l.line WHEN 2 THEN 'income_' || k.kind ELSE l.role END,
       l.pool_expr, NULL, 'amount', '财会〔2017〕28号', 'unverified'
FROM (VALUES ('subsidy'), ('collective'), ('interest'), ('other')) k(kind),
     (VALUES (1, 'G', 'debit', '$bank', NULL),
             (2, 'G', 'credit', '', NULL),
             (3, 'P', 'debit', 'surplus_allocation', NULL),
             (4, 'P', 'credit', 'pool', 'assistance')) l(line, book, side, role, pool_expr);

INSERT INTO @schema@.posting_rule (event, line, book, side, role, pool_expr, party_expr, amount_expr, source, trust) VALUES
('premium_aid', 1, 'G', 'debit', 'premium_aid', NULL, NULL, 'amount', '秦政办发〔2018〕84号 二(一)', 'official'),
('premium_aid', 2, 'G', 'credit', 'bank_fiscal', NULL, NULL, 'amount', '秦政办发〔2018〕84号 二(一)', 'official'),
('premium_aid', 3, 'P', 'debit', 'pool', 'assistance', NULL, 'amount', 'management allocation', 'assumed'),
('premium_aid', 4, 'P', 'credit', 'surplus_allocation', NULL, NULL, 'amount', 'management allocation', 'assumed'),
('move', 1, 'G', 'debit', '$to', NULL, NULL, 'amount', '财社〔2017〕144号', 'mirror'),
('move', 2, 'G', 'credit', '$from', NULL, NULL, 'amount', '财社〔2017〕144号', 'mirror'),
('advance.repaid', 1, 'G', 'debit', '$to', NULL, NULL, 'amount', 'fund-accounting practice', 'unverified'),
('advance.repaid', 2, 'G', 'credit', 'advance_serious', NULL, NULL, 'amount', 'fund-accounting practice', 'unverified'),
('advance.repaid', 3, 'S', 'debit', 'advance_paid', NULL, NULL, 'amount', 'accrual sub-ledger', 'assumed'),
('advance.repaid', 4, 'S', 'credit', 'receivable_payer', NULL, NULL, 'amount', 'accrual sub-ledger', 'assumed'),
('premium.set_aside', 1, 'P', 'debit', 'pool', 'outpatient', NULL, 'out', '秦政办发〔2018〕84号 二(三)', 'official'),
('premium.set_aside', 2, 'P', 'debit', 'pool', 'inpatient', NULL, 'ipt', '秦政办发〔2018〕84号 二(三)', 'official'),
('premium.set_aside', 3, 'P', 'credit', 'pool', 'serious', NULL, 'amount', '秦政办发〔2018〕84号 二(三)', 'official'),
('premium.remit', 1, 'G', 'debit', '$expense', NULL, NULL, 'amount', '秦政办发〔2018〕84号 二(三)', 'official'),
('premium.remit', 2, 'G', 'credit', 'bank_fiscal', NULL, NULL, 'amount', '秦政办发〔2018〕84号 二(三)', 'official'),
('premium.remit', 3, 'P', 'debit', 'pool', 'serious', NULL, 'amount', '秦政办发〔2018〕84号 二(三)', 'official'),
('premium.remit', 4, 'P', 'credit', 'surplus_allocation', NULL, NULL, 'amount', '秦政办发〔2018〕84号 二(三)', 'official'),
('transfer', 1, 'P', 'debit', 'pool', '$from', NULL, 'amount', '秦政办发〔2018〕84号 二(三)', 'official'),
('transfer', 2, 'P', 'credit', 'pool', '$to', NULL, 'amount', '秦政办发〔2018〕84号 二(三)', 'official'),
('settle.own', 1, 'S', 'debit', 'benefit_committed', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('settle.own', 2, 'S', 'credit', 'payable', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('settle.unfunded', 1, 'S', 'debit', 'benefit_unfunded', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('settle.unfunded', 2, 'S', 'credit', 'payable', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('settle.other_book', 1, 'S', 'debit', 'benefit_committed', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('settle.other_book', 2, 'S', 'credit', 'payable', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('settle.other_unfunded', 1, 'S', 'debit', 'benefit_unfunded', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('settle.other_unfunded', 2, 'S', 'credit', 'payable', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('queue.fund', 1, 'S', 'debit', 'benefit_committed', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('queue.fund', 2, 'S', 'credit', 'benefit_unfunded', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('settle.direct', 1, 'S', 'debit', 'direct_receivable', NULL, '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('settle.direct', 2, 'S', 'credit', 'direct_payable', NULL, '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('settle.advance', 1, 'S', 'debit', 'receivable_payer', NULL, '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('settle.advance', 2, 'S', 'credit', 'payable', NULL, '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('reverse.paid', 1, 'S', 'debit', 'recoverable', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('reverse.paid', 2, 'S', 'credit', 'recovery_pending', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('pay.own', 1, 'G', 'debit', '$benefit', NULL, NULL, 'amount', '财会〔2017〕28号', 'official'),
('pay.own', 2, 'G', 'credit', 'bank_expenditure', NULL, NULL, 'amount-offset-withheld', '财会〔2017〕28号', 'official'),
('pay.own', 3, 'P', 'debit', 'pool', '$pool', NULL, 'amount', 'management allocation', 'assumed'),
('pay.own', 4, 'P', 'credit', 'surplus_allocation', NULL, NULL, 'amount', 'management allocation', 'assumed'),
('pay.own', 5, 'S', 'debit', 'payable', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('pay.own', 6, 'S', 'credit', 'benefit_committed', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('pay.own', 7, 'G', 'credit', 'advance_provider', NULL, '$party', 'offset', 'fund-accounting practice', 'unverified'),
('pay.own', 8, 'G', 'credit', 'penalty_withheld', NULL, '$party', 'withheld', 'the area''s local rule', 'assumed'),
('pay.recover', 1, 'G', 'debit', 'bank_expenditure', NULL, NULL, 'amount', '财会〔2017〕28号', 'official'),
('pay.recover', 2, 'G', 'credit', '$benefit', NULL, NULL, 'amount', '财会〔2017〕28号', 'official'),
('pay.recover', 3, 'P', 'debit', 'surplus_allocation', NULL, NULL, 'amount', 'management allocation', 'assumed'),
('pay.recover', 4, 'P', 'credit', 'pool', '$pool', NULL, 'amount', 'management allocation', 'assumed'),
('pay.recover', 5, 'S', 'debit', 'recovery_pending', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('pay.recover', 6, 'S', 'credit', 'recoverable', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('pay.advance', 1, 'G', 'debit', 'advance_serious', NULL, NULL, 'amount', 'fund-accounting practice', 'unverified'),
('pay.advance', 2, 'G', 'credit', 'bank_expenditure', NULL, NULL, 'amount-offset-withheld', 'fund-accounting practice', 'unverified'),
('pay.advance', 3, 'S', 'debit', 'payable', NULL, '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('pay.advance', 4, 'S', 'credit', 'advance_paid', NULL, '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('pay.advance', 5, 'G', 'credit', 'advance_provider', NULL, '$party', 'offset', 'fund-accounting practice', 'unverified'),
('pay.advance', 6, 'G', 'credit', 'penalty_withheld', NULL, '$party', 'withheld', 'the area''s local rule', 'assumed'),
('pay.recover_advance', 1, 'G', 'debit', 'bank_expenditure', NULL, NULL, 'amount', 'fund-accounting practice', 'unverified'),
('pay.recover_advance', 2, 'G', 'credit', 'advance_serious', NULL, NULL, 'amount', 'fund-accounting practice', 'unverified'),
('pay.recover_advance', 3, 'S', 'debit', 'recovery_pending', NULL, '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('pay.recover_advance', 4, 'S', 'credit', 'recoverable', NULL, '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('pay.recover_advance', 5, 'S', 'debit', 'advance_paid', NULL, '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('pay.recover_advance', 6, 'S', 'credit', 'receivable_payer', NULL, '$party', 'amount', 'accrual sub-ledger', 'assumed');

-- Two charts of third parties, which give the fiscal and the expenditure account in opposite order.
INSERT INTO @schema@.chart (chart, name_zh, valid_from, source, trust) VALUES
('third-party-a', '社会保险基金科目 (第三方转载之一)', NULL, 'third-party chart that mixes schemes', 'unverified'),
('third-party-b', '社会保险基金科目 (第三方转载之二)', NULL, 'another third-party chart', 'unverified');
INSERT INTO @schema@.chart_code (chart, book, role, code, trust)
SELECT 'third-party-a', 'G', v.role, v.code, 'unverified' FROM (VALUES
    ('bank_income', '1002'), ('bank_expenditure', '1003'), ('bank_fiscal', '1004'), ('bank_treasury', '1005'),
    ('advance_serious', '1101'), ('income_contribution', '4001'), ('benefit_outpatient', '5001'), ('benefit_inpatient', '5001')) v(role, code)
UNION ALL
SELECT 'third-party-b', 'G', v.role, v.code, 'unverified' FROM (VALUES
    ('bank_fiscal', '1003'), ('bank_expenditure', '1004'), ('income_subsidy', '4101'), ('income_interest', '4201'), ('serious_expense', '5101')) v(role, code);

-- Five rows, which autovacuum never counts: the planner would take them for hundreds, and JIT compile every view by month.
ANALYZE @schema@.pool;
