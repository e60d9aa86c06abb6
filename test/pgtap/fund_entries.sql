-- Entries besides receipts, settlements and payments: prepayments, deductions, deposits, returned payments, recoveries,
-- penalties, the insurer's surplus and loss, next year's contributions, refunds, truing up, and events of an area's own.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(183);
CREATE FUNCTION doc(valid_from text, more jsonb) RETURNS jsonb LANGUAGE sql AS $$
SELECT fund_doc(valid_from, jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2018}', '0.30')), 'on_pool_short', 'queue', 'source', 't') || more)
$$;
CREATE FUNCTION claim(id text, person text, provider text, kind text, amount numeric, day text DEFAULT '2018-11-05', how text DEFAULT '2') RETURNS text LANGUAGE sql AS $$
SELECT format('INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, fixmedins_code, med_type, setl_type, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt) VALUES (%L, %L, ''390'', %L, false, %L, %L, %L, %s, 0, 0, 0, %s)',
  id, person, day, provider, kind, how, amount, amount)
$$;
CREATE FUNCTION reverse(id text, original text, person text, day text) RETURNS text LANGUAGE sql AS $$
SELECT format('INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, init_setl_id) VALUES (%L, %L, ''390'', %L, true, %L)', id, person, day, original)
$$;
-- A voucher by the clerk: 'ok', or the error.
CREATE FUNCTION book(id text, event text, day text, columns text, vals text) RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_li', format('INSERT INTO fa.voucher (voucher_id, event, effective_on, %s) VALUES (%L, %L, %L, %s)', columns, id, event, day, vals))
$$;
CREATE FUNCTION approve(id text, day text) RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_wang', format('INSERT INTO fa.voucher_approval (voucher_id, decision, effective_on) VALUES (%L, ''approve'', %L)', id, day))
$$;
CREATE FUNCTION pay(id text, what text, day text, off numeric DEFAULT 0) RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_li', format('INSERT INTO fa.payment (payment_id, %s, drawn_on, offset_amt) VALUES (%L, %s, %L, %s)',
         CASE WHEN what LIKE 'H%' THEN 'fixmedins_code, clr_ym' ELSE 'setl_id' END, id,
         CASE WHEN what LIKE 'H%' THEN format('%L, %L', split_part(what, ' ', 1), split_part(what, ' ', 2)) ELSE quote_literal(what) END, day, off))
    || ', ' || as_user('fund_wang', format('INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES (%L, ''approve'', %L)', id, day))
$$;
CREATE FUNCTION bal(which text) RETURNS numeric LANGUAGE sql AS $$
SELECT coalesce(sum(balance), 0) FROM fa.trial_balance WHERE role = which AND fund = 'resident'
$$;
CREATE FUNCTION cash(which text) RETURNS numeric LANGUAGE sql AS $$
SELECT balance_fen / 100.0 FROM fa.cash WHERE class = which AND fund = 'resident'
$$;
CREATE FUNCTION clean(about text) RETURNS text LANGUAGE sql AS $$
SELECT is_empty($q$SELECT "check", detail FROM yibao.verify('fa') WHERE NOT ok$q$, 'identities hold after ' || about)
$$;

INSERT INTO fa.policy (policy_id, rules) VALUES ('p18', doc('2018-01-01', '{}'));
-- outpatient 3,000.00, inpatient 7,000.00
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r1', 'subsidy', 'fiscal', '2018-10-10', 2018, 10000.00);
INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id) VALUES ('q1', 'appropriation', 'fiscal', 'expenditure', '2018-10-11', 6000.00, 'F1');

---------------------------------------------------------------- 15, 15b: prepayment

SELECT matches(book('v1', 'prepay', '2018-10-12', 'amt, party', '1000, ''H1'''), '^YB006 doc_no', 'an event says which columns it needs');
SELECT is(book('v1', 'prepay', '2018-10-12', 'amt, party, doc_no', '1000, ''H1'', ''预1'''), 'ok', 'a prepayment is drawn up [A239]');
SELECT is(bal('advance_provider'), 0::numeric, 'and pays nothing yet');
GRANT INSERT ON fa.voucher_approval TO fund_li;
SELECT matches(as_user('fund_li', $$INSERT INTO fa.voucher_approval (voucher_id, decision, effective_on) VALUES ('v1', 'approve', '2018-10-12')$$), '^YB401', 'who drew it up does not pay it [A048]');
REVOKE INSERT ON fa.voucher_approval FROM fund_li;
SELECT is(approve('v1', '2018-10-12'), 'ok', 'another login pays it');
SELECT is(ARRAY[bal('advance_provider'), cash('expenditure'), available('inpatient')], ARRAY[1000.00, 5000.00, 7000.00], '15: an advance of 1,000.00 out of the expenditure account; pools are as they were [A239]');
SELECT is(book('v2', 'prepay', '2018-10-12', 'amt, party, doc_no', '5000.01, ''H1'', ''预2'''), 'ok', 'a prepayment of more than there is');
SELECT matches(approve('v2', '2018-10-12'), '^YB301', 'is refused above the expenditure account''s cash [F3]');
SELECT matches(book('v3', 'prepay.recover', '2018-10-13', 'amt, party, account', '1000.01, ''H1'', ''expenditure'''), '^YB307', 'no more comes back than was prepaid');
SELECT matches(book('v3', 'prepay.recover', '2018-10-13', 'amt, party, account', '1, ''H1'', ''fiscal'''), '^YB302', 'and by the original channel');
SELECT is(book('v3', 'prepay.recover', '2018-10-13', 'amt, party, account', '100, ''H1'', ''expenditure'''), 'ok', '100.00 comes back in cash');
SELECT is(book('v3', 'prepay.recover', '2018-10-13', 'amt, party, account', '100, ''H1'', ''expenditure'''), 'ok', 'the same row again');
SELECT is(ARRAY[bal('advance_provider'), cash('expenditure')], ARRAY[900.00, 5100.00], '15b: is booked once [A239]');
SELECT matches(book('v3', 'prepay.recover', '2018-10-13', 'amt, party, account', '101, ''H1'', ''expenditure'''), '^YB501', 'another under its key is refused');
SELECT clean('15 and 15b');

---------------------------------------------------------------- 9: refused at audit; 11: offset

-- 1,000.00: basic 500.00, serious (the insurer's, advanced) 200.00; assistance waits, its fund has no money
SELECT is(as_user('fund_li', claim('s1', 'A', 'H1', '21', 1000)), 'ok', 'a claim');
SELECT matches(book('d1', 'audit.deduct', '2018-11-20', 'amt, doc_no', '70, ''审1'''), '^YB307', 'a deduction names a settlement, or a provider and its month');
SELECT matches(book('d1', 'audit.deduct', '2018-11-20', 'amt, setl_id, doc_no', '700.01, ''s1'', ''审1'''), '^YB307', 'no more is refused than is open');
SELECT is(book('d1', 'audit.deduct', '2018-11-20', 'amt, setl_id, doc_no', '70, ''s1'', ''审1'''), 'ok', '70.00 is refused at audit [A097 A277]');
-- in proportion 500 : 200
SELECT results_eq($$SELECT layer, amount_fen FROM fa.item_change WHERE voucher_id = 'd1' ORDER BY layer$$, $$VALUES ('basic' COLLATE "C", 5000::bigint), ('serious', 2000)$$, '9: 50.00 of the pool''s, 20.00 of the insurer''s part');
SELECT is(available('inpatient'), 6550.00, '9: 7,000.00 - 500.00 + 50.00');
SELECT is(bal('receivable_payer'), 180.00, '9: the insurer owes 20.00 less');
SELECT is((SELECT sum(owed) FROM fa.obligation WHERE party = 'H1' AND fund = 'resident'), 630.00, '9: the provider is owed 450.00 and 180.00 [A282]');
SELECT clean('9');
SELECT matches(pay('p1', 'H1 201811', '2018-12-10', 630.01), '^YB003', 'nor than is paid');
SELECT is(pay('p1', 'H1 201811', '2018-12-10', 600), 'ok, ok', '630.00 is paid, 600.00 of it by the prepayment');
SELECT is(ARRAY[bal('benefit_inpatient'), bal('advance_serious'), bal('advance_provider'), cash('expenditure')], ARRAY[450.00, 180.00, 300.00, 5070.00],
  '11: expense 450.00 and an advance for the insurer 180.00; the bank paid 30.00, the prepayment 600.00');
SELECT is(available('inpatient'), 6550.00, '11: available is as it was');
SELECT results_eq($$SELECT year, party, amt FROM fa.prepayment_outstanding$$, $$VALUES (2018, 'H1' COLLATE "C", 300.00)$$, 'what is outstanding on 31 December is listed [A239 A281]');
SELECT clean('11 with an offset');

---------------------------------------------------------------- 13b: the bank returns a payment

SELECT is(as_user('fund_li', claim('s2', 'B', 'H9', '11', 400, '2018-11-06', '1')), 'ok', 'a manual reimbursement of 200.00 and 80.00');
SELECT is(pay('p2', 's2', '2018-12-11'), 'ok, ok', 'is paid');
SELECT is(ARRAY[bal('benefit_outpatient'), cash('expenditure')], ARRAY[200.00, 4790.00], '280.00 has left');
SELECT matches(book('b1', 'payment.returned', '2018-12-10', 'payment_id', '''p2'''), '^YB307', 'it is not returned before it was paid');
SELECT matches(book('b1', 'payment.returned', '2018-12-15', 'payment_id, amt', '''p2'', 279'), '^YB504', 'and whole');
SELECT is(book('b1', 'payment.returned', '2018-12-15', 'payment_id', '''p2'''), 'ok', 'the bank returns it');
SELECT is(ARRAY[bal('benefit_outpatient'), bal('advance_serious'), cash('expenditure'), available('outpatient')], ARRAY[0.00, 180.00, 5070.00, 2800.00], '13b: the expense is undone, the person is owed again, available is as it was');
SELECT is((SELECT sum(owed) FROM fa.obligation WHERE party = 'psn:B' AND fund = 'resident'), 280.00, '13b: 280.00 are open again');
SELECT matches(book('b2', 'payment.returned', '2018-12-15', 'payment_id', '''p2'''), '^YB503', 'it is returned once');
SELECT clean('13b');
SELECT is(pay('p3', 's2', '2018-12-16'), 'ok, ok', 'and it is paid again');
SELECT results_eq($$SELECT nth, payment_id FROM fa.payment_item WHERE setl_id = 's2' AND layer = 'basic' ORDER BY 1$$, $$VALUES (1, 'p2' COLLATE "C"), (2, 'p3')$$, 'each payment of an item is kept');
SELECT matches(pay('p4', 's2', '2018-12-17'), '^YB307', 'not a third time');
SELECT clean('13b and a second payment');

---------------------------------------------------------------- 10, 12, 12b: deposits

SELECT is(as_user('fund_li', claim('s3', 'C', 'H2', '21', 1000)) || as_user('fund_li', claim('s4', 'D', 'H2', '21', 600)), 'okok', 'claims of 500.00 and 300.00');
SELECT matches(book('e1', 'deposit.withhold', '2018-12-20', 'amt, party, clr_ym, doc_no', '40.01, ''H2'', ''201811'', ''保1'''), '^YB303.*fund\.deposit_book', 'a deposit needs the policy to say how it is booked');
INSERT INTO fa.policy (policy_id, rules, supersedes) VALUES ('p18b', doc('2018-01-01', '{"deposit_book": "unpaid"}'), 'p18');
SELECT is(book('e1', 'deposit.withhold', '2018-12-20', 'amt, party, clr_ym, doc_no', '40.01, ''H2'', ''201811'', ''保1'''), 'ok', '40.01 of 800.00 is withheld');
-- 4001 x 50000 / 80000 = 2500.6 fen, cut; the rest 1501
SELECT results_eq($$SELECT setl_id, amount_fen FROM fa.item_change WHERE voucher_id = 'e1' ORDER BY 1$$, $$VALUES ('s3' COLLATE "C", 2500::bigint), ('s4', 1501)$$, '10: by item, cumulative, to the fen');
SELECT is(ARRAY[bal('deposit_payable'), available('inpatient')], ARRAY[40.01, 5750.00], '10: it stays owed and committed: 6,550.00 - 800.00');
SELECT matches(as_user('fund_li', reverse('s3r', 's3', 'C', '2018-12-21')), '^YB307', 'a settlement of which a deposit is held is not reversed');
SELECT matches(pay('p5x', 'H2 201811', '2018-12-21', 0.01), '^YB307 offset_amt', 'no more is offset than was prepaid');
-- 500.00 + 300.00 - 40.01, and the insurer's 200.00 + 120.00
SELECT is(pay('p5', 'H2 201811', '2018-12-21'), 'ok, ok', 'the rest is paid');
SELECT is((SELECT amt FROM fa.payment WHERE payment_id = 'p5'), 1079.99, '759.99 and 320.00');
SELECT matches(book('e2', 'deposit.release', '2019-01-10', 'amt, refers, doc_no', '40.02, ''e1'', ''保2'''), '^YB307', 'no more is released than is held');
SELECT is(book('e2', 'deposit.release', '2019-01-10', 'amt, refers, doc_no', '30, ''e1'', ''保2'''), 'ok', '30.00 is to be released');
SELECT is(bal('deposit_payable'), 40.01, 'not before it is approved');
SELECT is(approve('e2', '2019-01-11'), 'ok', 'another login pays it');
-- 759.99 + 450.00 before
SELECT is(ARRAY[bal('deposit_payable'), bal('benefit_inpatient'), cash('expenditure'), available('inpatient')], ARRAY[10.01, 1239.99, 3680.01, 5750.00], '12: released it is an expense: 5,070.00 - 280.00 - 1,079.99 - 30.00');
SELECT is(book('e3', 'deposit.forfeit', '2019-01-12', 'amt, refers, doc_no', '10.01, ''e1'', ''保3'''), 'ok', 'the rest is forfeited');
SELECT is(ARRAY[bal('deposit_payable'), bal('benefit_inpatient'), available('inpatient')], ARRAY[0.00, 1239.99, 5760.01], '12b: forfeited it is available again');
SELECT results_eq($$SELECT due, refused, deposit, paid, open FROM fa.provider_statement WHERE party = 'H2' AND fund = 'resident'$$,
  $$VALUES (1120.00, 10.01, 0.00, 1109.99, 0.00)$$, 'the provider''s statement: due, refused, deposit, paid, open [A282]');
SELECT matches(book('e4', 'deposit.forfeit', '2019-01-12', 'amt, refers, doc_no', '0.01, ''e1'', ''x'''), '^YB307', 'nothing is left of it');
SELECT clean('10, 12 and 12b, unpaid');

INSERT INTO fa.policy (policy_id, rules, supersedes) VALUES ('p18c', doc('2018-01-01', '{"deposit_book": "temp_receipt"}'), 'p18b');
SELECT is(as_user('fund_li', claim('s5', 'C', 'H3', '21', 1000, '2018-12-05')), 'ok', 'a claim of 500.00');
SELECT is(book('f1', 'deposit.withhold', '2019-01-15', 'amt, party, clr_ym, doc_no', '100, ''H3'', ''201812'', ''保4'''), 'ok', 'where deposits are 暂收款');
SELECT is(ARRAY[bal('deposit_temp'), bal('benefit_inpatient'), available('inpatient'), cash('expenditure')], ARRAY[100.00, 1339.99, 5260.01, 3680.01], '10: expense now, held as 暂收款; available is as the claim left it');
SELECT clean('10, temp_receipt');
SELECT is(book('f2', 'deposit.release', '2019-01-16', 'amt, refers, doc_no', '60, ''f1'', ''保5''') || approve('f2', '2019-01-16'), 'okok', '60.00 is released');
SELECT is(ARRAY[bal('deposit_temp'), bal('benefit_inpatient'), cash('expenditure')], ARRAY[40.00, 1339.99, 3620.01], '12: no expense again');
SELECT is(book('f3', 'deposit.forfeit', '2019-01-16', 'amt, refers, doc_no', '40, ''f1'', ''保6'''), 'ok', '40.00 is forfeited');
SELECT is(ARRAY[bal('deposit_temp'), bal('benefit_inpatient'), available('inpatient')], ARRAY[0.00, 1299.99, 5300.01], '12b: the expense is taken back, the pool has it again');
SELECT clean('12 and 12b, temp_receipt');

---------------------------------------------------------------- 14b in cash; A216

SELECT is(as_user('fund_li', reverse('s2r', 's2', 'B', '2018-12-20')), 'ok', 'a paid reimbursement is reversed');
SELECT is(book('g1', 'recover.cash', '2018-12-22', 'amt, setl_id, account', '28, ''s2r'', ''expenditure'''), 'ok', 'the person pays 28.00 back');
-- 20.00 and 8.00 of 200.00 and 80.00
SELECT is(ARRAY[bal('benefit_outpatient'), bal('recoverable'), available('outpatient')], ARRAY[180.00, 252.00, 2820.00], '14b: in the same year less expense, and the pool has it [A216]');
SELECT matches(book('g2', 'recover.cash', '2019-02-01', 'amt, setl_id, account', '252, ''s2r'', ''expenditure'''), '^YB303.*prior_year_recovery', 'in the next year the policy must say what it is');
INSERT INTO fa.policy (policy_id, rules, supersedes) VALUES ('p18d', doc('2018-01-01', '{"deposit_book": "temp_receipt", "prior_year_recovery": "other_income", "serious_subject": "serious_expense"}'), 'p18c');
SELECT matches(book('g2', 'recover.cash', '2019-02-01', 'amt, setl_id, account', '252.01, ''s2r'', ''expenditure'''), '^YB307', 'no more than is owed');
SELECT is(book('g2', 'recover.cash', '2019-02-01', 'amt, setl_id, account', '252, ''s2r'', ''expenditure'''), 'ok', 'the rest comes back');
SELECT is(ARRAY[bal('benefit_outpatient'), bal('income_recovered'), bal('recoverable'), available('outpatient')], ARRAY[180.00, 180.00, 0.00, 3000.00], '14b: of an earlier year, other income [A216]');
SELECT clean('14b in cash');
-- 450.00 and 180.00 were paid of s1, 70.00 refused
SELECT is(as_user('fund_li', reverse('s1r', 's1', 'A', '2018-12-23')), 'ok', 'a settlement of which a part was refused is reversed');
SELECT is(bal('recoverable'), 630.00, 'what was paid of it is owed back, not what was refused');
SELECT clean('a reversal after a deduction');

---------------------------------------------------------------- 16: penalty

SELECT is(book('n1', 'penalty.decided', '2018-12-01', 'amt, party, due_on, doc_no', '500, ''H1'', ''2018-12-15'', ''罚1'''), 'ok', 'a penalty is decided');
SELECT is(bal('penalty_due'), 500.00, 'and due, no income yet');
SELECT is(as_user('fund_li', $$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, voucher_id) VALUES ('n2', 'penalty', 'fiscal', '2018-12-25', 2018, 300, 'n1')$$), 'ok', '300.00 comes, ten days late');
SELECT is(ARRAY[bal('income_penalty'), bal('penalty_due'), available('unallocated')], ARRAY[300.00, 200.00, 300.00], '16: income when it comes; not split where the rule does not name it [A238]');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, voucher_id) VALUES ('n3', 'penalty', 'fiscal', '2018-12-26', 2018, 200.01, 'n1')$$), '^YB307', 'no more than was decided');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, voucher_id) VALUES ('n3', 'interest', 'fiscal', '2018-12-26', 2018, 1, 'n1')$$), '^YB307', 'and only by a penalty''s receipt');
SELECT is(as_user('fund_li', $$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, voucher_id) VALUES ('n3', 'penalty', 'fiscal', '2018-12-26', 2018, 200, 'n1')$$), 'ok', 'the rest');
SELECT results_eq($$SELECT decided, due_on, received, outstanding, days_late FROM fa.penalty_status$$, $$VALUES (500::numeric, '2018-12-15'::date, 500.00, 0.00, 11)$$, '16: decided, due, received, and how late [A238]');
SELECT clean('16');

---------------------------------------------------------------- 18, 18b: the insurer's surplus and loss

SELECT is(book('c1', 'contract.surplus', '2018-12-20', 'amt, party, coverage_year, doc_no', '90, ''承办公司'', 2018, ''清1'''), 'ok', 'a surplus is due from the insurer');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, voucher_id) VALUES ('c2', 'surplus_returned', 'fiscal', '2018-12-27', 2018, 90, 'c1')$$), '^YB303.*fund\.surplus_return', 'how it is booked is the policy''s');
SAVEPOINT s;
INSERT INTO fa.policy (policy_id, rules, supersedes) VALUES ('w1', doc('2018-01-01', '{"surplus_return": "fund_balance"}'), 'p18d');
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, voucher_id) VALUES ('c2', 'surplus_returned', 'fiscal', '2018-12-27', 2018, 90, 'c1');
SELECT is(ARRAY[bal('surplus_returned'), bal('income_surplus_returned'), bal('serious_expense'), bal('insurer_due')], ARRAY[90.00, 0, 0, 0.00], '18: fund_balance: no income, straight to the balance [A240]');
SELECT clean('18 fund_balance');
ROLLBACK TO s;
INSERT INTO fa.policy (policy_id, rules, supersedes) VALUES ('w2', doc('2018-01-01', '{"surplus_return": "other_income"}'), 'p18d');
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, voucher_id) VALUES ('c2', 'surplus_returned', 'fiscal', '2018-12-27', 2018, 90, 'c1');
SELECT is(ARRAY[bal('surplus_returned'), bal('income_surplus_returned'), bal('serious_expense'), bal('insurer_due')], ARRAY[0, 90.00, 0, 0.00], '18: other_income [A240]');
SELECT clean('18 other_income');
ROLLBACK TO s;
INSERT INTO fa.policy (policy_id, rules, supersedes) VALUES ('w3', doc('2018-01-01', '{"surplus_return": "reduce_serious_expense"}'), 'p18d');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, voucher_id) VALUES ('c2', 'surplus_returned', 'fiscal', '2018-12-27', 2018, 90, 'c1')$$), '^YB303.*fund\.serious_subject', '18: which expense it reduces is the policy''s, too');
INSERT INTO fa.policy (policy_id, rules, supersedes) VALUES ('w4', doc('2018-01-01', '{"surplus_return": "reduce_serious_expense", "serious_subject": "serious_expense"}'), 'w3');
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, voucher_id) VALUES ('c2', 'surplus_returned', 'fiscal', '2018-12-27', 2018, 90, 'c1');
SELECT is(ARRAY[bal('surplus_returned'), bal('income_surplus_returned'), bal('serious_expense'), available('unallocated')], ARRAY[0, 0, -90.00, 590.00], '18: reduce_serious_expense; the pool is by the kinds of its year [A240]');
SELECT clean('18 reduce_serious_expense');
SELECT is(book('c3', 'contract.loss', '2018-12-28', 'amt, party, coverage_year, doc_no', '60, ''承办公司'', 2018, ''清2'''), 'ok', 'a loss is to be shared');
SELECT is(book('c4', 'loss.share', '2018-12-29', 'amt, refers, pool, doc_no', '60, ''c3'', ''inpatient'', ''清3''') || approve('c4', '2018-12-29'), 'okok', 'and is paid');
SELECT is(ARRAY[bal('serious_expense'), bal('loss_pending'), available('inpatient')], ARRAY[-30.00, 0.00, 5240.01], '18b: an expense out of the pool: 5,300.01 - 60.00');
SELECT matches(book('c5', 'loss.share', '2018-12-29', 'amt, refers, pool, doc_no', '0.01, ''c3'', ''inpatient'', ''清4'''), '^YB307', 'no more than is owed');
SELECT results_eq($$SELECT surplus, surplus_received, loss, loss_paid FROM fa.contract_account WHERE coverage_year = 2018$$, $$VALUES (90.00, 90.00, 60.00, 60.00)$$, 'the contract''s account [A240]');
SELECT clean('18b');

---------------------------------------------------------------- 1b: next year's contributions

INSERT INTO fa.policy (policy_id, rules) VALUES ('p19', doc('2019-01-01', '{"next_year_receipts": "temp_until_year_start", "serious_subject": "remit_up",
  "serious": {"model": "remit_up", "set_aside": "with_personal_receipt", "per_head": [{"coverage_year": {">=": 2019}, "amount": "65.00", "source": "t"}], "source": "t"}}'));
SELECT is(as_user('fund_li', $$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, heads) VALUES ('y1', 'contribution', 'treasury', '2018-12-05', 2019, 2500.00, 10)$$), 'ok', 'next year''s contributions of ten come in December');
SELECT is(ARRAY[bal('next_year_received'), bal('income_contribution'), available('outpatient'), cash('treasury')], ARRAY[2500.00, 0, 3000.00, 2500.00], '1b: held as 暂收款, no income, in no pool [F5]');
SELECT clean('money for the next year');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.next_year_income (receipt_id, booked_on) VALUES ('y1', '2018-12-31')$$), '^YB303', 'it is no income before 1 January');
-- one of the ten dies in December: 250.00 back, no pool has had it
SELECT is(as_user('fund_li', $$INSERT INTO fa.refund (refund_id, receipt_id, kind, psn_no, happened_on, refunded_on, account, amt) VALUES ('x1', 'y1', 'death_before_start', 'Z1', '2018-12-20', '2018-12-28', 'treasury', 250)$$), 'ok', 'a refund before the year begins');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.refund_approval (refund_id, decision, paid_on) VALUES ('x1', 'approve', '2018-12-29')$$), 'ok', 'is paid');
SELECT is(ARRAY[bal('next_year_received'), cash('treasury')], ARRAY[2250.00, 2250.00], '19: out of what is held');
SELECT clean('19 before the year');
SELECT is(as_user('fund_li', $$INSERT INTO fa.next_year_income (receipt_id, booked_on) VALUES ('y1', '2019-01-01')$$), 'ok', 'on 1 January it is turned to income');
-- nine heads x 65.00 = 585.00; 1,665.00 x 0.30 = 499.50
SELECT results_eq($$SELECT amt, heads, serious_amt, out_amt, ipt_amt FROM fa.next_year_income$$, $$VALUES (2250.00::numeric, 9, 585.00::numeric, 499.50, 1165.50)$$, '1b: and split by its year''s rule [F5]');
SELECT is(ARRAY[bal('next_year_received'), bal('income_contribution'), available('outpatient'), available('inpatient'), available('serious')], ARRAY[0.00, 2250.00, 3499.50, 6405.51, 585.00], '1b: the pools have it from that day');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.next_year_income (receipt_id, booked_on) VALUES ('y1', '2019-01-02')$$), '^YB501', 'once');
SELECT results_eq($$SELECT amt, out_amt FROM fa.fund_income WHERE coverage_year = 2019$$, $$VALUES (2500.00, 499.50)$$, 'the income register shows its parts');
SELECT clean('1b');

---------------------------------------------------------------- 19: refunds of what is in the pools

-- 250.00: 65.00 serious; of 185.00 x 0.30 = 55.50
SELECT is(as_user('fund_li', $$INSERT INTO fa.refund (refund_id, receipt_id, kind, psn_no, happened_on, refunded_on, account, amt, serious_amt) VALUES ('x2', 'y1', 'duplicate', 'Z2', '2019-01-05', '2019-01-10', 'treasury', 250, 65)$$), 'ok', 'a contribution paid twice is refunded');
SELECT results_eq($$SELECT serious_amt, out_amt, ipt_amt FROM fa.refund WHERE refund_id = 'x2'$$, $$VALUES (65::numeric, 55.50, 129.50)$$, '19: out of its receipt''s own bucket [F19]');
SELECT is(ARRAY[available('outpatient'), available('inpatient'), available('serious'), bal('refund_payable'), bal('income_contribution')], ARRAY[3444.00, 6276.01, 520.00, 250.00, 2250.00], '19: committed at once, no less income before it is paid');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.refund (refund_id, receipt_id, kind, psn_no, happened_on, refunded_on, account, amt, serious_amt) VALUES ('x3', 'y1', 'duplicate', 'Z2', '2019-01-05', '2019-01-10', 'treasury', 1, 0)$$), '^YB503.*x2', 'a person has it back once');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.refund (refund_id, receipt_id, kind, psn_no, happened_on, refunded_on, account, amt) VALUES ('x3', 'y1', 'before_start', 'Z3', '2019-01-05', '2019-01-10', 'treasury', 250)$$), '^YB307', 'not for a reason that lies in the year');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.refund (refund_id, receipt_id, kind, psn_no, happened_on, refunded_on, account, amt) VALUES ('x3', 'y1', 'regret', 'Z3', '2018-12-05', '2019-01-10', 'treasury', 250)$$), '^YB004', 'nor for one that is not allowed');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.refund (refund_id, receipt_id, kind, psn_no, happened_on, refunded_on, account, amt, serious_amt) VALUES ('x3', 'y1', 'duplicate', 'Z3', '2018-12-05', '2019-01-10', 'expenditure', 250, 65)$$), '^YB302', 'never from the expenditure account [F19]');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.refund (refund_id, receipt_id, kind, psn_no, happened_on, refunded_on, account, amt, serious_amt) VALUES ('x3', 'y1', 'duplicate', 'Z3', '2018-12-05', '2019-01-10', 'treasury', 2000.01, 65)$$), '^YB307', 'no more than the receipt');
SELECT is(as_user('fund_li', claim('u1', 'Z3', 'H2', '11', 10, '2019-01-08')), 'ok', 'a person has a benefit of the year');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.refund (refund_id, receipt_id, kind, psn_no, happened_on, refunded_on, account, amt, serious_amt) VALUES ('x3', 'y1', 'duplicate', 'Z3', '2018-12-05', '2019-01-10', 'treasury', 250, 65)$$), '^YB307.*benefits', 'who used a benefit has nothing back [F19]');
GRANT INSERT ON fa.refund_approval TO fund_li;
SELECT matches(as_user('fund_li', $$INSERT INTO fa.refund_approval (refund_id, decision, paid_on) VALUES ('x2', 'approve', '2019-01-11')$$), '^YB401', 'who drew it up does not pay it [A048]');
REVOKE INSERT ON fa.refund_approval FROM fund_li;
SELECT is(as_user('fund_wang', $$INSERT INTO fa.refund_approval (refund_id, decision, paid_on) VALUES ('x2', 'approve', '2019-01-11')$$), 'ok', 'another login does');
SELECT is(ARRAY[bal('refund_payable'), bal('income_contribution'), cash('treasury'), available('serious')], ARRAY[0.00, 2000.00, 2000.00, 520.00], '19: less income, paid from the income side');
SELECT clean('19');
-- a pool that is short: the refund waits like a claim.  1,165.50 - 129.50 and 5,240.01 are there
SELECT is(as_user('fund_li', claim('u2', 'Z4', 'H2', '21', 12552.02, '2019-01-12')), 'ok', 'a claim of 6,276.01 empties the inpatient pool');
SELECT is(available('inpatient'), 0.00, 'to the fen');
SELECT is(as_user('fund_li', $$INSERT INTO fa.refund (refund_id, receipt_id, kind, psn_no, happened_on, refunded_on, account, amt, serious_amt) VALUES ('x4', 'y1', 'duplicate', 'Z5', '2019-01-05', '2019-01-13', 'treasury', 250, 65)$$), 'ok', 'a refund is not refused for want of money [F19]');
SELECT is((SELECT unfunded FROM fa.pool_status WHERE pool = 'inpatient'), 129.50, '19: its part waits in the pool''s queue');
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.refund_approval (refund_id, decision, paid_on) VALUES ('x4', 'approve', '2019-01-14')$$), '^YB301', 'it is not paid before it is funded');
SELECT clean('a refund that waits');
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r9', 'subsidy', 'fiscal', '2019-01-15', 2019, 1000.00);
SELECT is((SELECT ARRAY[unfunded, available] FROM fa.pool_status WHERE pool = 'inpatient'), ARRAY[0.00, 570.50], '19: money comes and it is funded: 700.00 - 129.50');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.refund_approval (refund_id, decision, paid_on) VALUES ('x4', 'approve', '2019-01-16')$$), 'ok', 'and paid');
SELECT clean('19 out of the queue');

---------------------------------------------------------------- 7a, 7b: truing up to the approved head count

SELECT matches(as_user('fund_li', $$INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, amt, doc_no) VALUES ('t1', 'remit', 2019, '2019-06-01', 100, 'x')$$), '^YB307', 'no premium is remitted before it is trued up [A010 F4]');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, doc_no) VALUES ('t2', 'true_up', 2019, '2019-06-01', '核1')$$), '^YB006', 'truing up needs the approved head count');
-- set aside 585.00 - 65.00 - 65.00 = 455.00; 8 x 65.00 = 520.00; 65.00 x 0.30 = 19.50
SELECT is(as_user('fund_li', $$INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, heads, doc_no) VALUES ('t2', 'true_up', 2019, '2019-06-01', 8, '核1')$$), 'ok', 'to 8 heads');
SELECT results_eq($$SELECT amt, out_amt, ipt_amt FROM fa.premium WHERE premium_id = 't2'$$, $$VALUES (65.00::numeric, 19.50::numeric, 45.50::numeric)$$, '7a: 8 x 65.00 less the 455.00 that is set aside [A010]');
SELECT is(available('serious'), 520.00, '7a: the premium is heads times the amount a head');
-- 6 x 65.00 = 390.00: 130.00 too much, 39.00 and 91.00 back
SELECT is(as_user('fund_li', $$INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, heads, doc_no) VALUES ('t3', 'true_up', 2019, '2019-06-02', 6, '核2')$$), 'ok', 'to 6 heads');
SELECT results_eq($$SELECT amt, out_amt, ipt_amt FROM fa.premium WHERE premium_id = 't3'$$, $$VALUES (-130.00::numeric, -39.00::numeric, -91.00::numeric)$$, '7a: what is too much goes back to the pools');
INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt) VALUES ('q9', 'sweep', 'treasury', 'fiscal', '2019-06-02', 1000);
SELECT is(as_user('fund_li', $$INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, amt, doc_no) VALUES ('t4', 'remit', 2019, '2019-06-03', 390, 'x')$$), 'ok', 'then it is drawn up');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.premium_approval (premium_id, decision, paid_on) VALUES ('t4', 'approve', '2019-06-04')$$), 'ok', 'and remitted by another login');
SELECT is(ARRAY[bal('remit_up'), available('serious')], ARRAY[390.00, 0.00], '7b: to the subject that the policy states');
SELECT clean('7a and 7b');

---------------------------------------------------------------- an event of the area's own

SELECT matches(as_user('fund_li', $$INSERT INTO fa.voucher_event (event, name_zh, source, trust) VALUES ('area.x', 'x', 'x', 'demo')$$), '^42501', 'a clerk adds no event');
SELECT throws_ok($$INSERT INTO fa.voucher_event (event, name_zh, needs, flow, source, trust) VALUES ('area.donation', '社会捐赠', '{amt,account,pool,doc_no}', 'other', '', 'demo')$$, 'YB006', NULL, 'an event without a source is refused');
SELECT throws_ok($$INSERT INTO fa.voucher_event (event, name_zh, needs, source, trust) VALUES ('area.donation', 'x', '{amt,colour}', 'x', 'demo')$$, 'YB004', NULL, 'so is one that asks for what a voucher has not');
SELECT lives_ok($$INSERT INTO fa.voucher_event (event, name_zh, needs, flow, source, trust) VALUES ('area.donation', '社会捐赠', '{amt,account,pool,doc_no}', 'other', '县政办〔2019〕1号', 'demo')$$, 'the owner adds an event, with its source');
SELECT throws_ok($$INSERT INTO fa.posting_rule (event, line, book, side, role, amount_expr, source, trust) VALUES ('move', 9, 'G', 'debit', 'bank_fiscal', 'amount', 'x', 'demo')$$, 'YB305', NULL, 'a shipped event takes no line');
SELECT throws_ok($$UPDATE fa.posting_rule SET role = 'remit_up' WHERE event = 'move'$$, 'YB305', NULL, 'nor does it change');
SELECT throws_ok($$DELETE FROM fa.posting_rule WHERE event = 'move'$$, 'YB305', NULL, 'nor go');
SELECT throws_ok($$UPDATE fa.voucher_event SET approval = false WHERE event = 'prepay'$$, 'YB304', NULL, 'nor does what it needs');
SELECT throws_ok($$INSERT INTO fa.posting_rule (event, line, book, side, role, amount_expr, source, trust) VALUES ('area.donation', 1, 'G', 'debit', '$bank', 'amount', 'x', 'demo')$$, 'YB003', NULL, 'its lines balance');
SELECT throws_ok($$INSERT INTO fa.posting_rule (event, line, book, side, role, amount_expr, source, trust) VALUES ('area.donation', 1, 'G', 'debit', '$bank', 'amount', 'x', 'demo'), ('area.donation', 2, 'G', 'credit', 'income_other', 'amount', 'x', 'demo')$$, 'YB003', NULL, 'income has its pool');
SELECT throws_ok($$INSERT INTO fa.posting_rule (event, line, book, side, role, amount_expr, source, trust) VALUES ('area.donation', 1, 'G', 'debit', 'bank_gold', 'amount', 'x', 'demo')$$, 'YB305', NULL, 'roles exist');
SELECT throws_ok($$INSERT INTO fa.posting_rule (event, line, book, side, role, amount_expr, source, trust) VALUES ('area.donation', 1, 'S', 'debit', 'payable', 'amount', 'x', 'demo')$$, 'YB305', NULL, 'what settlements are checked by is out of reach');
SELECT throws_ok($$INSERT INTO fa.posting_rule (event, line, book, side, role, amount_expr, source, trust) VALUES ('area.donation', 1, 'G', 'debit', '$bank', 'amount', '', 'demo')$$, 'YB305', NULL, 'lines have a source');
SELECT lives_ok($$INSERT INTO fa.posting_rule (event, line, book, side, role, pool_expr, amount_expr, source, trust) VALUES
  ('area.donation', 1, 'G', 'debit', '$bank', NULL, 'amount', '县政办〔2019〕1号', 'demo'), ('area.donation', 2, 'G', 'credit', 'income_other', NULL, 'amount', '县政办〔2019〕1号', 'demo'),
  ('area.donation', 3, 'P', 'debit', 'surplus_allocation', NULL, 'amount', '县政办〔2019〕1号', 'demo'), ('area.donation', 4, 'P', 'credit', 'pool', '$pool', 'amount', '县政办〔2019〕1号', 'demo')$$, 'four lines that balance');
SELECT is(book('z1', 'area.donation', '2019-06-05', 'amt, account, pool, doc_no', '77.70, ''fiscal'', ''outpatient'', ''捐1'''), 'ok', 'a voucher of the new event');
SELECT is(bal('income_other'), 77.70, 'is booked by its lines, with no change in code');
SELECT matches(book('z2', 'area.donation', '2019-06-05', 'amt, account, pool, doc_no', '77.70, ''expenditure'', ''outpatient'', ''捐1'''), '^YB302', 'and no line goes past the flows that are allowed');
SELECT throws_ok($$INSERT INTO fa.posting_rule (event, line, book, side, role, amount_expr, source, trust) VALUES ('area.donation', 5, 'G', 'debit', '$bank', 'amount', 'x', 'demo')$$, 'YB305', NULL, 'once vouchers are booked it changes no more');
SELECT clean('an event of the area''s own');

---------------------------------------------------------------- guards

SELECT matches(book('z3', 'nothing', '2019-06-05', 'amt', '1'), '^YB004', 'an unknown event');
SELECT matches(book('z3', 'prepay', '2019-06-05', 'amt, party, doc_no, pool', '1, ''H1'', ''x'', ''inpatient'''), '^YB307.*pool', 'a column of no use is not ignored');
SELECT matches(book('z3', 'prepay', '2019-06-05', 'amt, party, doc_no', '1.005, ''H1'', ''x'''), '^YB001', 'a third decimal');
SELECT throws_ok($$UPDATE fa.voucher SET amt = 1$$, 'YB304', NULL, 'vouchers are not changed');
SELECT throws_ok($$DELETE FROM fa.refund$$, 'YB304', NULL, 'nor refunds deleted');
SELECT throws_ok($$INSERT INTO fa.item_change (voucher_id, setl_id, layer, change, amount_fen) VALUES ('d1', 's5', 'basic', 'refused', 1)$$, 'YB305', NULL, 'changes of items are posting''s');
UPDATE fa.period SET closed = true WHERE period <= '2019-06';
SELECT matches(book('z3', 'penalty.decided', '2019-06-05', 'amt, party, due_on, doc_no', '5, ''H1'', ''2019-07-01'', ''x'''), '^YB306', 'a closed month takes no voucher');
SET CONSTRAINTS ALL IMMEDIATE;
SELECT clean('all of it');
SAVEPOINT s;
ALTER TABLE fa.item_change DISABLE TRIGGER USER;
UPDATE fa.item_change SET amount_fen = amount_fen - 1 WHERE voucher_id = 'd1' AND layer = 'basic';
UPDATE fa.item_change t SET row_hash = yibao.row_digest(t);
ALTER TABLE fa.item_change ENABLE TRIGGER USER;
SELECT ok((SELECT count(*) FROM yibao.verify('fa') WHERE NOT ok) > 0, 'a deduction that was altered with its digest is found [A276]');
ROLLBACK TO s;
SELECT * FROM finish();
ROLLBACK;
