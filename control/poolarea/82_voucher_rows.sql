-- What vouchers can be of, and their lines; refunds and next year's receipts.

INSERT INTO @schema@.account_role (book, role, side, kind, code, name_zh, name_en, source, trust) VALUES
('G', 'advance_provider', 'debit', 'asset', '1101', '暂付款—机构预付金', 'prepaid to providers', 'third-party chart', 'unverified'),
('G', 'deposit_temp', 'credit', 'liability', '2001', '暂收款—保证金', 'deposits held', 'third-party chart', 'unverified'),
('G', 'next_year_received', 'credit', 'liability', '2001', '暂收款—下年度', 'received for the next year', 'third-party chart', 'unverified'),
('G', 'surplus_returned', 'credit', 'surplus', NULL, '统筹结余—大病结余返还', 'surplus returned, straight to the balance', '财会〔2013〕21号', 'unverified'),
('G', 'income_recovered', 'credit', 'income', NULL, '其他收入—追回以前年度支出', 'recovered of earlier years', 'fund-accounting practice', 'unverified'),
('S', 'deposit_payable', 'credit', 'obligation', NULL, '应付保证金', 'deposit withheld, still owed', 'accrual sub-ledger', 'assumed'),
('S', 'penalty_due', 'debit', 'obligation', NULL, '违约金应收', 'penalty due', 'accrual sub-ledger', 'assumed'),
('S', 'penalty_pending', 'credit', 'obligation', NULL, '违约金待收', 'penalty not yet received', 'accrual sub-ledger', 'assumed'),
('G', 'penalty_withheld', 'credit', 'liability', NULL, '暂收款—代扣违约金', 'penalties withheld from payments', 'the area''s local rule', 'assumed'),
('S', 'penalty_kept', 'debit', 'obligation', NULL, '支出户留存违约金', 'penalties kept in the expenditure account', 'the area''s local rule', 'assumed'),
('S', 'penalty_to_move', 'credit', 'obligation', NULL, '应缴财政专户违约金', 'penalties to be moved to the fiscal account', 'the area''s local rule', 'assumed'),
('S', 'insurer_due', 'debit', 'obligation', NULL, '应收承办结余', 'surplus due from an insurer', 'accrual sub-ledger', 'assumed'),
('S', 'insurer_pending', 'credit', 'obligation', NULL, '承办结余待收', 'surplus not yet received', 'accrual sub-ledger', 'assumed'),
('S', 'loss_pending', 'debit', 'obligation', NULL, '分担亏损待付', 'loss to be shared', 'accrual sub-ledger', 'assumed'),
('S', 'loss_due', 'credit', 'obligation', NULL, '应付分担亏损', 'loss owed to an insurer', 'accrual sub-ledger', 'assumed'),
('S', 'refund_payable', 'credit', 'obligation', NULL, '应退保费', 'contribution to be refunded', 'accrual sub-ledger', 'assumed');

INSERT INTO @schema@.flow_rule (from_class, to_class, kind, source, trust) VALUES
('expenditure', 'outside', 'prepayment', 'fund practice', 'unverified'),
('outside', 'expenditure', 'prepayment_returned', '财社〔2017〕144号 第四十一条 (原渠道退回)', 'mirror'),
('outside', 'expenditure', 'recovered', '财社〔2017〕144号 第四十一条 (原渠道退回)', 'mirror'),
('outside', 'expenditure', 'returned', '财社〔2017〕144号 第四十一条 (原渠道退回)', 'mirror'),
('income', 'outside', 'refund', '财社〔2017〕144号 第四十条 (原渠道退回)', 'mirror'),
('fiscal', 'outside', 'refund', 'fund practice', 'unverified'),
('treasury', 'outside', 'refund', '国库退库', 'unverified');

INSERT INTO @schema@.voucher_event (event, name_zh, needs, takes, refers, within, choice, items, change, income_kind, flow, approval, source, trust, shipped) VALUES
('prepay', '预付医疗机构', '{amt,party,doc_no}', '{due_on}', NULL, NULL, NULL, NULL, NULL, NULL, 'prepayment', true, 'fund-accounting practice', 'unverified', true),
('prepay.recover', '收回预付金', '{amt,party,account}', '{}', NULL, 'advance_provider', NULL, NULL, NULL, NULL, 'prepayment_returned', false, 'fund-accounting practice', 'unverified', true),
('audit.deduct', '审核拒付扣减', '{amt,doc_no}', '{party,clr_ym,setl_id}', NULL, NULL, NULL, 'payable', 'refused', NULL, NULL, false, 'accrual sub-ledger', 'assumed', true),
('clearing.late', '逾期清算不予支付', '{amt,party,clr_ym,clearing_id}', '{}', NULL, NULL, NULL, 'payable', 'refused', NULL, NULL, false, '秦政办发〔2018〕84号 五(二)', 'official', true),
('registration.late', '逾期登记扣减', '{setl_id}', '{amt}', NULL, NULL, NULL, 'payable', 'refused', NULL, NULL, false, 'fund.late_registration of the policy: deduct_provider', 'assumed', true),
('deposit.withhold', '预留质量保证金', '{amt,doc_no}', '{party,clr_ym,setl_id}', NULL, NULL, 'deposit_book', 'payable', 'deposit', NULL, NULL, false, 'accrual sub-ledger', 'assumed', true),
('penalty.decided', '违约金决定', '{amt,party,due_on,doc_no}', '{}', NULL, NULL, NULL, NULL, NULL, 'penalty', NULL, false, 'accrual sub-ledger', 'assumed', true),
('contract.surplus', '大病承办结余应返还', '{amt,party,coverage_year,doc_no}', '{due_on}', NULL, NULL, NULL, NULL, NULL, 'surplus_returned', NULL, false, '财会〔2013〕21号', 'unverified', true),
('contract.loss', '大病承办亏损应分担', '{amt,party,coverage_year,doc_no}', '{due_on}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, '财会〔2013〕21号', 'unverified', true),
('recover.cash', '追回已付待遇', '{amt,setl_id,account}', '{party}', NULL, NULL, 'prior_year_recovery', 'recovery', 'recovered', NULL, 'recovered', false, '财会〔2017〕28号', 'unverified', true),
('payment.returned', '银行退回付款', '{payment_id}', '{amt,party}', NULL, NULL, NULL, NULL, NULL, NULL, 'returned', false, '财社〔2017〕144号 第四十一条 (原渠道退回)', 'mirror', true);
INSERT INTO @schema@.voucher_event (event, name_zh, needs, takes, refers, within, choice, items, change, income_kind, flow, approval, source, trust, shipped) VALUES
('deposit.release', '返还质量保证金', '{amt,refers,doc_no}', '{party,clr_ym,setl_id}', 'deposit.withhold', NULL, 'deposit_book', 'deposit', 'released', NULL, 'benefit', true, 'accrual sub-ledger', 'assumed', true),
('deposit.forfeit', '扣除质量保证金', '{amt,refers,doc_no}', '{party,clr_ym,setl_id}', 'deposit.withhold', NULL, 'deposit_book', 'deposit', 'forfeited', NULL, NULL, false, 'accrual sub-ledger', 'assumed', true),
('loss.share', '支付分担亏损', '{amt,refers,pool,doc_no}', '{party,coverage_year,due_on}', 'contract.loss', NULL, 'serious_subject', NULL, NULL, NULL, 'premium', true, '财会〔2013〕21号', 'unverified', true);

INSERT INTO @schema@.posting_rule (event, line, book, side, role, pool_expr, party_expr, amount_expr, source, trust) VALUES
('prepay', 1, 'G', 'debit', 'advance_provider', NULL, '$party', 'amount', 'fund-accounting practice', 'unverified'),
('prepay', 2, 'G', 'credit', 'bank_expenditure', NULL, NULL, 'amount', 'fund-accounting practice', 'unverified'),
('prepay.recover', 1, 'G', 'debit', '$bank', NULL, NULL, 'amount', 'fund-accounting practice', 'unverified'),
('prepay.recover', 2, 'G', 'credit', 'advance_provider', NULL, '$party', 'amount', 'fund-accounting practice', 'unverified'),
('audit.deduct', 1, 'S', 'debit', 'payable', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('audit.deduct', 2, 'S', 'credit', 'benefit_committed', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('audit.deduct.advance', 1, 'S', 'debit', 'payable', NULL, '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('audit.deduct.advance', 2, 'S', 'credit', 'receivable_payer', NULL, '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('clearing.late', 1, 'S', 'debit', 'payable', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('clearing.late', 2, 'S', 'credit', 'benefit_committed', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('clearing.late.advance', 1, 'S', 'debit', 'payable', NULL, '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('clearing.late.advance', 2, 'S', 'credit', 'receivable_payer', NULL, '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('registration.late', 1, 'S', 'debit', 'payable', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('registration.late', 2, 'S', 'credit', 'benefit_committed', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('registration.late.advance', 1, 'S', 'debit', 'payable', NULL, '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('registration.late.advance', 2, 'S', 'credit', 'receivable_payer', NULL, '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('deposit.withhold.unpaid', 1, 'S', 'debit', 'payable', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('deposit.withhold.unpaid', 2, 'S', 'credit', 'deposit_payable', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('deposit.withhold.temp_receipt', 1, 'G', 'debit', '$benefit', NULL, NULL, 'amount', 'fund-accounting practice', 'unverified'),
('deposit.withhold.temp_receipt', 2, 'G', 'credit', 'deposit_temp', NULL, '$party', 'amount', 'fund-accounting practice', 'unverified'),
('deposit.withhold.temp_receipt', 3, 'P', 'debit', 'pool', '$pool', NULL, 'amount', 'management allocation', 'assumed'),
('deposit.withhold.temp_receipt', 4, 'P', 'credit', 'surplus_allocation', NULL, NULL, 'amount', 'management allocation', 'assumed'),
('deposit.withhold.temp_receipt', 5, 'S', 'debit', 'payable', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('deposit.withhold.temp_receipt', 6, 'S', 'credit', 'benefit_committed', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('deposit.release.unpaid', 1, 'G', 'debit', '$benefit', NULL, NULL, 'amount', '财会〔2017〕28号', 'official'),
('deposit.release.unpaid', 2, 'G', 'credit', 'bank_expenditure', NULL, NULL, 'amount', '财会〔2017〕28号', 'official'),
('deposit.release.unpaid', 3, 'P', 'debit', 'pool', '$pool', NULL, 'amount', 'management allocation', 'assumed'),
('deposit.release.unpaid', 4, 'P', 'credit', 'surplus_allocation', NULL, NULL, 'amount', 'management allocation', 'assumed'),
('deposit.release.unpaid', 5, 'S', 'debit', 'deposit_payable', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('deposit.release.unpaid', 6, 'S', 'credit', 'benefit_committed', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('deposit.release.temp_receipt', 1, 'G', 'debit', 'deposit_temp', NULL, '$party', 'amount', 'fund-accounting practice', 'unverified'),
('deposit.release.temp_receipt', 2, 'G', 'credit', 'bank_expenditure', NULL, NULL, 'amount', 'fund-accounting practice', 'unverified'),
('deposit.forfeit.unpaid', 1, 'S', 'debit', 'deposit_payable', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('deposit.forfeit.unpaid', 2, 'S', 'credit', 'benefit_committed', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('deposit.forfeit.temp_receipt', 1, 'G', 'debit', 'deposit_temp', NULL, '$party', 'amount', 'fund-accounting practice', 'unverified'),
('deposit.forfeit.temp_receipt', 2, 'G', 'credit', '$benefit', NULL, NULL, 'amount', 'fund-accounting practice', 'unverified'),
('deposit.forfeit.temp_receipt', 3, 'P', 'debit', 'surplus_allocation', NULL, NULL, 'amount', 'management allocation', 'assumed'),
('deposit.forfeit.temp_receipt', 4, 'P', 'credit', 'pool', '$pool', NULL, 'amount', 'management allocation', 'assumed'),
('recover.cash.reduce_expense', 1, 'G', 'debit', '$bank', NULL, NULL, 'amount', '财会〔2017〕28号', 'official'),
('recover.cash.reduce_expense', 2, 'G', 'credit', '$benefit', NULL, NULL, 'amount', '财会〔2017〕28号', 'official'),
('recover.cash.reduce_expense', 3, 'P', 'debit', 'surplus_allocation', NULL, NULL, 'amount', 'management allocation', 'assumed'),
('recover.cash.reduce_expense', 4, 'P', 'credit', 'pool', '$pool', NULL, 'amount', 'management allocation', 'assumed'),
('recover.cash.reduce_expense', 5, 'S', 'debit', 'recovery_pending', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('recover.cash.reduce_expense', 6, 'S', 'credit', 'recoverable', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('recover.cash.other_income', 1, 'G', 'debit', '$bank', NULL, NULL, 'amount', 'fund-accounting practice', 'unverified'),
('recover.cash.other_income', 2, 'G', 'credit', 'income_recovered', NULL, NULL, 'amount', 'fund-accounting practice', 'unverified'),
('recover.cash.other_income', 3, 'P', 'debit', 'surplus_allocation', NULL, NULL, 'amount', 'management allocation', 'assumed'),
('recover.cash.other_income', 4, 'P', 'credit', 'pool', '$pool', NULL, 'amount', 'management allocation', 'assumed'),
('recover.cash.other_income', 5, 'S', 'debit', 'recovery_pending', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('recover.cash.other_income', 6, 'S', 'credit', 'recoverable', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('recover.cash.advance', 1, 'G', 'debit', '$bank', NULL, NULL, 'amount', 'fund-accounting practice', 'unverified'),
('recover.cash.advance', 2, 'G', 'credit', 'advance_serious', NULL, NULL, 'amount', 'fund-accounting practice', 'unverified'),
('recover.cash.advance', 3, 'S', 'debit', 'recovery_pending', NULL, '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('recover.cash.advance', 4, 'S', 'credit', 'recoverable', NULL, '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('recover.cash.advance', 5, 'S', 'debit', 'advance_paid', NULL, '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('recover.cash.advance', 6, 'S', 'credit', 'receivable_payer', NULL, '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('penalty.decided', 1, 'S', 'debit', 'penalty_due', NULL, '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('penalty.decided', 2, 'S', 'credit', 'penalty_pending', NULL, '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('penalty.decided.received', 1, 'S', 'debit', 'penalty_pending', NULL, '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('penalty.decided.received', 2, 'S', 'credit', 'penalty_due', NULL, '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('contract.surplus', 1, 'S', 'debit', 'insurer_due', NULL, '$party', 'amount', '财会〔2013〕21号', 'unverified'),
('contract.surplus', 2, 'S', 'credit', 'insurer_pending', NULL, '$party', 'amount', '财会〔2013〕21号', 'unverified'),
('contract.surplus.received', 1, 'S', 'debit', 'insurer_pending', NULL, '$party', 'amount', '财会〔2013〕21号', 'unverified'),
('contract.surplus.received', 2, 'S', 'credit', 'insurer_due', NULL, '$party', 'amount', '财会〔2013〕21号', 'unverified'),
('contract.loss', 1, 'S', 'debit', 'loss_pending', NULL, '$party', 'amount', '财会〔2013〕21号', 'unverified'),
('contract.loss', 2, 'S', 'credit', 'loss_due', NULL, '$party', 'amount', '财会〔2013〕21号', 'unverified'),
('refund.owed', 1, 'S', 'debit', 'benefit_committed', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('refund.owed', 2, 'S', 'credit', 'refund_payable', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('refund.unfunded', 1, 'S', 'debit', 'benefit_unfunded', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('refund.unfunded', 2, 'S', 'credit', 'refund_payable', '$pool', '$party', 'amount', 'accrual sub-ledger', 'assumed'),
('receipt.next_year', 1, 'G', 'debit', '$bank', NULL, NULL, 'amount', 'fund-accounting practice', 'unverified'),
('receipt.next_year', 2, 'G', 'credit', 'next_year_received', NULL, NULL, 'amount', 'fund-accounting practice', 'unverified'),
('receipt.refund_next_year', 1, 'G', 'debit', 'next_year_received', NULL, NULL, 'amount', 'fund-accounting practice', 'unverified'),
('receipt.refund_next_year', 2, 'G', 'credit', '$bank', NULL, NULL, 'amount', 'fund-accounting practice', 'unverified'),
('premium.true_up', 1, 'P', 'debit', 'pool', 'outpatient', NULL, 'out', '秦政办发〔2018〕84号 二(三)', 'official'),
('premium.true_up', 2, 'P', 'debit', 'pool', 'inpatient', NULL, 'ipt', '秦政办发〔2018〕84号 二(三)', 'official'),
('premium.true_up', 3, 'P', 'credit', 'pool', 'serious', NULL, 'amount', '秦政办发〔2018〕84号 二(三)', 'official');

-- a penalty withheld from a payment: income gross, and the obligation to move its cash
INSERT INTO @schema@.posting_rule (event, line, book, side, role, pool_expr, party_expr, amount_expr, source, trust)
SELECT 'receipt.penalty_withheld', r.line, r.book, r.side, CASE r.line WHEN 1 THEN 'penalty_withheld' ELSE r.role END,
       r.pool_expr, CASE r.line WHEN 1 THEN '$party' END, r.amount_expr, CASE r.book WHEN 'G' THEN 'the area''s local rule' ELSE r.source END, CASE r.book WHEN 'G' THEN 'assumed' ELSE r.trust END
FROM @schema@.posting_rule r WHERE r.event = 'receipt.penalty';
INSERT INTO @schema@.posting_rule (event, line, book, side, role, pool_expr, party_expr, amount_expr, source, trust) VALUES
('receipt.penalty_withheld', 8, 'S', 'debit', 'penalty_kept', NULL, NULL, 'amount', 'accrual sub-ledger', 'assumed'),
('receipt.penalty_withheld', 9, 'S', 'credit', 'penalty_to_move', NULL, NULL, 'amount', 'accrual sub-ledger', 'assumed'),
('move.penalty_withheld', 1, 'G', 'debit', '$to', NULL, NULL, 'amount', '财社〔2017〕144号', 'mirror'),
('move.penalty_withheld', 2, 'G', 'credit', '$from', NULL, NULL, 'amount', '财社〔2017〕144号', 'mirror'),
('move.penalty_withheld', 3, 'S', 'debit', 'penalty_to_move', NULL, NULL, 'amount', 'accrual sub-ledger', 'assumed'),
('move.penalty_withheld', 4, 'S', 'credit', 'penalty_kept', NULL, NULL, 'amount', 'accrual sub-ledger', 'assumed');

-- a premium's expense and a shared loss: the subject that the policy states
INSERT INTO @schema@.posting_rule (event, line, book, side, role, pool_expr, party_expr, amount_expr, source, trust)
SELECT 'loss.share.' || s.subject, l.line, l.book, l.side, CASE l.line WHEN 1 THEN s.subject ELSE l.role END, l.pool_expr, l.party_expr, 'amount', '财会〔2013〕21号', 'unverified'
FROM (VALUES ('serious_expense'), ('remit_up')) s(subject),
     (VALUES (1, 'G', 'debit', '', NULL, NULL),
             (2, 'G', 'credit', 'bank_fiscal', NULL, NULL),
             (3, 'P', 'debit', 'pool', '$pool', NULL),
             (4, 'P', 'credit', 'surplus_allocation', NULL, NULL),
             (5, 'S', 'debit', 'loss_due', NULL, '$party'),
             (6, 'S', 'credit', 'loss_pending', NULL, '$party')) l(line, book, side, role, pool_expr, party_expr);

-- 1 January: what was received for the year becomes income; and refunds of it
INSERT INTO @schema@.posting_rule (event, line, book, side, role, pool_expr, party_expr, amount_expr, source, trust)
SELECT 'receipt.turned.' || k.kind, l.line, l.book, l.side, CASE l.line WHEN 2 THEN 'income_' || k.kind ELSE l.role END,
       l.pool_expr, NULL, l.amount_expr, CASE WHEN l.book = 'P' THEN '秦政办发〔2018〕84号 二(三)' ELSE 'fund-accounting practice' END,
       CASE WHEN l.book = 'P' THEN 'official' ELSE 'unverified' END
FROM (VALUES ('contribution'), ('subsidy'), ('assistance'), ('collective'), ('interest'), ('penalty'), ('surplus_returned'), ('other')) k(kind),
     (VALUES (1, 'G', 'debit', 'next_year_received', NULL, 'amount'),
             (2, 'G', 'credit', '', NULL, 'amount'),
             (3, 'P', 'debit', 'surplus_allocation', NULL, 'amount'),
             (4, 'P', 'credit', 'pool', 'outpatient', 'out'),
             (5, 'P', 'credit', 'pool', 'inpatient', 'ipt'),
             (6, 'P', 'credit', 'pool', 'serious', 'serious'),
             (7, 'P', 'credit', 'pool', 'unallocated', 'amount-out-ipt-serious')) l(line, book, side, role, pool_expr, amount_expr);

INSERT INTO @schema@.posting_rule (event, line, book, side, role, pool_expr, party_expr, amount_expr, source, trust)
SELECT 'receipt.refund.' || k.kind, l.line, l.book, l.side, CASE l.line WHEN 1 THEN 'income_' || k.kind ELSE l.role END,
       l.pool_expr, l.party_expr, l.amount_expr, CASE l.book WHEN 'G' THEN '财会〔2017〕28号' WHEN 'P' THEN 'management allocation' ELSE 'accrual sub-ledger' END,
       CASE l.book WHEN 'G' THEN 'official' ELSE 'assumed' END
FROM (VALUES ('contribution'), ('assistance'), ('collective')) k(kind),
     (VALUES (1, 'G', 'debit', '', NULL, NULL, 'amount'),
             (2, 'G', 'credit', '$bank', NULL, NULL, 'amount'),
             (3, 'P', 'debit', 'pool', 'outpatient', NULL, 'out'),
             (4, 'P', 'debit', 'pool', 'inpatient', NULL, 'ipt'),
             (5, 'P', 'debit', 'pool', 'serious', NULL, 'serious'),
             (6, 'P', 'debit', 'pool', 'unallocated', NULL, 'amount-out-ipt-serious'),
             (7, 'P', 'credit', 'surplus_allocation', NULL, NULL, 'amount'),
             (8, 'S', 'debit', 'refund_payable', 'outpatient', '$party', 'out'),
             (9, 'S', 'debit', 'refund_payable', 'inpatient', '$party', 'ipt'),
             (10, 'S', 'debit', 'refund_payable', 'serious', '$party', 'serious'),
             (11, 'S', 'debit', 'refund_payable', 'unallocated', '$party', 'amount-out-ipt-serious'),
             (12, 'S', 'credit', 'benefit_committed', 'outpatient', '$party', 'out'),
             (13, 'S', 'credit', 'benefit_committed', 'inpatient', '$party', 'ipt'),
             (14, 'S', 'credit', 'benefit_committed', 'serious', '$party', 'serious'),
             (15, 'S', 'credit', 'benefit_committed', 'unallocated', '$party', 'amount-out-ipt-serious')) l(line, book, side, role, pool_expr, party_expr, amount_expr);

INSERT INTO @schema@.refund_kind (kind, name_zh, before_start, source, trust) VALUES
('duplicate', '重复缴费', false, 'fund practice', 'unverified'),
('before_start', '待遇开始前终止参保', true, 'fund practice', 'unverified'),
('death_before_start', '待遇开始前死亡', true, 'fund practice', 'unverified');
