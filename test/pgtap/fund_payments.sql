-- Settlement, payment and recovery: what is owed, by whom it is paid, and what it does to the pools.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(76);
INSERT INTO fa.policy (policy_id, rules) VALUES ('p', fund_doc('2018-01-01',
  jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2018}', '0.30')), 'on_pool_short', 'queue', 'source', 't')));
-- outpatient 300.00, inpatient 700.00; assistance 1,000.00
INSERT INTO fa.receipt (receipt_id, fund, kind, account, received_on, coverage_year, amt) VALUES
  ('r1', 'resident', 'subsidy', 'fiscal', '2018-10-10', 2018, 1000.00), ('m1', 'assistance', 'subsidy', 'fiscal', '2018-10-10', 2018, 1000.00);
INSERT INTO fa.cash_move (move_id, fund, kind, from_class, to_class, moved_on, amt, form_id) VALUES
  ('q1', 'resident', 'appropriation', 'fiscal', 'expenditure', '2018-10-11', 650.00, 'F1'), ('q2', 'assistance', 'appropriation', 'fiscal', 'expenditure', '2018-10-11', 100.00, 'F2');

-- 1,000.00 in policy: basic 500.00, serious 0.40 x 500.00 = 200.00, assistance 0.10 x 300.00 = 30.00
CREATE FUNCTION claim(id text, person text, provider text, kind text, amount numeric, day text DEFAULT '2018-11-05', how text DEFAULT '2') RETURNS text LANGUAGE sql AS $$
SELECT format('INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, fixmedins_code, med_type, setl_type, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt) VALUES (%L, %L, ''390'', %L, false, %L, %L, %L, %s, 0, 0, 0, %s)',
  id, person, day, provider, kind, how, amount, amount)
$$;
SELECT is(as_user('fund_li', claim('s1', 'A', 'H1', '21', 1000.00)), 'ok', 'a claim is settled');
SELECT results_eq($$SELECT hifp_pay, hifmi_pay, maf_pay FROM fa.settlement WHERE setl_id = 's1'$$, $$VALUES (500.00::numeric, 200.00::numeric, 30.00::numeric)$$, 'by hand: 500.00, 200.00, 30.00');
SELECT results_eq($$SELECT balance, committed, available FROM fa.pool_status WHERE pool = 'inpatient'$$, $$VALUES (700.00, 500.00, 200.00)$$, 'a settlement commits: the balance stays, available is less');
SELECT is(available('assistance'), 970.00, 'assistance pays from its own book');
SELECT results_eq($$SELECT layer, payer, owed FROM fa.obligation WHERE party = 'H1' ORDER BY layer$$,
  $$VALUES ('assistance' COLLATE "C", NULL, 30.00), ('basic', NULL, 500.00), ('serious', '承办公司', 200.00)$$, 'the provider is owed three amounts by three payers');
SELECT is((SELECT count(*) FROM fa.entry e JOIN fa.journal j USING (journal_id) WHERE j.event = 'settlement' AND e.book <> 'S'), 0::bigint, 'a settlement posts book S only: no expense yet');

-- short: 300.00 x 0.5 = 150.00 more fits, 200.00 does not
SELECT is(as_user('fund_li', claim('s2', 'B', 'H1', '21', 600.00)), 'ok', 'a claim is settled although the pool is short');
SELECT results_eq($$SELECT committed, unfunded, available FROM fa.pool_status WHERE pool = 'inpatient'$$, $$VALUES (500.00, 300.00, 200.00)$$, 'what the pool cannot cover waits, and available is not negative');
SELECT is((SELECT amount_fen FROM fa.alert WHERE pool = 'inpatient'), 30000::bigint, 'an alert is raised [A226]');

-- drawing up: H1 in 201811: 500.00 + 200.00; s2's basic 300.00 waits, its serious part 0.40 x 300.00 = 120.00 is advanced
SELECT throws_ok($$INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on, amt) VALUES ('x', 'H1', '201811', '2018-12-10', 820.01)$$, 'YB307', NULL, 'another amount than what is owed is refused');
SELECT is(as_user('fund_li', $$INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES ('p1', 'H1', '201811', '2018-12-10')$$), 'ok', 'a clerk draws a payment up');
SELECT results_eq($$SELECT amt, items, party FROM fa.payment WHERE payment_id = 'p1'$$, $$VALUES (820.00::numeric, 3, 'H1' COLLATE "C")$$, 'for what is owed and funded, by item');
SELECT is(as_user('fund_li', $$INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on, amt) VALUES ('p1b', 'H1', '201811', '2018-12-10', 820.00)$$), 'ok', 'the right amount is accepted');
SELECT is((SELECT sum(amount_fen) FROM fa.entry WHERE book = 'G' AND role LIKE 'benefit%'), NULL, 'drawing up pays nothing');
GRANT INSERT ON fa.payment_approval TO fund_li;
SELECT matches(as_user('fund_li', $$INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('p1', 'approve', '2018-12-12')$$), '^YB401', 'who drew it up cannot pay it [A048]');
GRANT fund_wang TO fund_li;
SELECT matches(as_user('fund_li', $$SET ROLE fund_wang; INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('p1', 'approve', '2018-12-12')$$), '^YB401', 'nor by taking another role [A048]');
REVOKE fund_wang FROM fund_li;
REVOKE INSERT ON fa.payment_approval FROM fund_li;
SELECT is(as_user('fund_wang', $$INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('p1', 'approve', '2018-12-12')$$),
  'YB301 account expenditure (支出户) holds 650.00, 820.00 is to be paid', 'no payment above the expenditure account''s cash');
INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id) VALUES ('q3', 'appropriation', 'fiscal', 'expenditure', '2018-12-11', 350.00, 'F3');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('p1', 'approve', '2018-12-12')$$), 'ok', 'with money there, another login pays it [A048]');
SELECT results_eq($$SELECT role, balance FROM fa.trial_balance WHERE fund = 'resident' AND book = 'G' AND role IN ('bank_expenditure', 'benefit_inpatient', 'advance_serious') ORDER BY role$$,
  $$VALUES ('advance_serious' COLLATE "C", 320.00), ('bank_expenditure', 180.00), ('benefit_inpatient', 500.00)$$,
  'the pool''s part is an expense, what is paid for the insurer is an advance');
SELECT results_eq($$SELECT balance, committed, unfunded, available FROM fa.pool_status WHERE pool = 'inpatient'$$, $$VALUES (200.00, 0.00, 300.00, 200.00)$$, 'a payment leaves available as it was');
SELECT results_eq($$SELECT setl_id, layer, amount_fen FROM fa.payment_item ORDER BY 1, 2$$,
  $$VALUES ('s1' COLLATE "C", 'basic' COLLATE "C", 50000::bigint), ('s1', 'serious', 20000), ('s2', 'serious', 12000)$$, 'exactly the items are paid, once each');
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('p1b', 'approve', '2018-12-12')$$), '^YB307', 'the same items are not paid by another payment');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('p1b', 'reject', '2018-12-12')$$), 'ok', 'which can be rejected');
SELECT throws_ok($$INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES ('p2', 'H1', '201811', '2018-12-13')$$, 'YB307', NULL, 'what waits for money cannot be paid');
SELECT is(as_user('fund_li', $$INSERT INTO fa.payment (payment_id, fund, fixmedins_code, clr_ym, drawn_on) VALUES ('p3', 'assistance', 'H1', '201811', '2018-12-13')$$), 'ok', 'the assistance book draws up its own');
-- s1 30.00; s2: 0.10 x 180.00 = 18.00
SELECT is((SELECT amt FROM fa.payment WHERE payment_id = 'p3'), 48.00, '48.00');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('p3', 'approve', '2018-12-13')$$), 'ok', 'and pays it');
SELECT is((SELECT balance_fen FROM fa.cash WHERE fund = 'assistance' AND class = 'expenditure'), 5200::bigint, 'from its own account');
SELECT is((SELECT balance_fen FROM fa.cash WHERE fund = 'resident' AND class = 'expenditure'), 18000::bigint, 'not from the resident fund''s');
SELECT is_empty($$SELECT * FROM yibao.verify('fa') WHERE NOT ok$$, 'verify finds nothing so far');

-- money comes: the queue is funded
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r2', 'subsidy', 'fiscal', '2018-12-15', 2018, 1000.00);
SELECT results_eq($$SELECT committed, unfunded, available FROM fa.pool_status WHERE pool = 'inpatient'$$, $$VALUES (300.00, 0.00, 600.00)$$, 'when money comes what waited is funded');
INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id) VALUES ('q4', 'appropriation', 'fiscal', 'expenditure', '2018-12-16', 1000.00, 'F4');
SELECT as_user('fund_li', $$INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES ('p4', 'H1', '201811', '2018-12-16')$$) \g /dev/null
SELECT is(as_user('fund_wang', $$INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('p4', 'approve', '2018-12-16')$$), 'ok', 'and paid');
SELECT is((SELECT amt FROM fa.payment_approval WHERE payment_id = 'p4'), 300.00, 'as much as waited');

-- manual reimbursement: the person is owed
SELECT is(as_user('fund_li', claim('s3', 'C', 'H2', '11', 100.00, '2018-12-01', '1')), 'ok', 'a manual reimbursement');
SELECT is((SELECT sum(owed) FROM fa.obligation WHERE party = 'psn:C' AND fund = 'resident'), 70.00, 'is owed to the person: 50.00 and 0.40 x 50.00');
SELECT throws_ok($$INSERT INTO fa.payment (payment_id, setl_id, drawn_on) VALUES ('p5', 's1', '2018-12-16')$$, 'YB307', NULL, 'a provider''s settlement is not paid to a person');
SELECT is(as_user('fund_li', $$INSERT INTO fa.payment (payment_id, setl_id, drawn_on) VALUES ('p6', 's3', '2018-12-16')$$), 'ok', 'one person''s settlement is drawn up by its key');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('p6', 'approve', '2018-12-16')$$), 'ok', 'and paid');
SELECT is((SELECT balance FROM fa.trial_balance WHERE role = 'benefit_outpatient'), 50.00, 'the outpatient pool''s expense');

-- reversal before payment: as if it had not been
SELECT as_user('fund_li', claim('s4', 'D', 'H3', '11', 200.00, '2018-12-02')) \g /dev/null
SELECT is(available('outpatient'), 450.00, '600.00 less 50.00 less 100.00');
SELECT is(as_user('fund_li', $$INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, init_setl_id) VALUES ('s4r', 'D', '390', '2018-12-03', true, 's4')$$), 'ok', 'a settlement is reversed');
SELECT is(available('outpatient'), 550.00, 'what was committed comes back');
SELECT throws_ok($$INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES ('p7', 'H3', '201812', '2018-12-16')$$, 'YB307', NULL, 'and nothing is owed');

-- what was drawn up and then reversed is not paid
SELECT as_user('fund_li', claim('s5', 'D', 'H3', '11', 200.00, '2018-12-04')) \g /dev/null
SELECT as_user('fund_li', $$INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES ('p8', 'H3', '201812', '2018-12-16')$$) \g /dev/null
SELECT as_user('fund_li', $$INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, init_setl_id) VALUES ('s5r', 'D', '390', '2018-12-05', true, 's5')$$) \g /dev/null
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('p8', 'approve', '2018-12-16')$$), '^YB307 what is owed has changed', 'a payment whose items have changed is not made');

-- reversal after payment: recovered from the same provider's next payment
SELECT is(as_user('fund_li', $$INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, init_setl_id) VALUES ('s2r', 'B', '390', '2019-01-03', true, 's2')$$), 'ok', 'a paid settlement is reversed');
SELECT is(available('inpatient'), 600.00, 'nothing comes back before it is recovered');
SELECT is((SELECT sum(recoverable) FROM fa.obligation WHERE party = 'H1' AND fund = 'resident'), 420.00, 'the provider owes 300.00 and 120.00');
SELECT throws_ok($$INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES ('p9', 'H1', '201901', '2019-02-10')$$, 'YB307', NULL, 'a provider that owes more than it is owed is paid nothing');
SELECT as_user('fund_li', claim('s6', 'A', 'H1', '21', 1000.00, '2019-01-05')) \g /dev/null
SELECT is(as_user('fund_li', $$INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES ('p10', 'H1', '201901', '2019-02-10')$$), 'ok', 'its next month');
SELECT is((SELECT amt FROM fa.payment WHERE payment_id = 'p10'), 280.00, 'is 500.00 + 200.00 - 300.00 - 120.00');
SELECT is(available('inpatient'), 100.00, 'the new settlement has taken 500.00');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('p10', 'approve', '2019-02-10')$$), 'ok', 'it is paid');
SELECT is(available('inpatient'), 400.00, 'what was recovered is available again');
SELECT is((SELECT balance FROM fa.trial_balance WHERE role = 'benefit_inpatient'), 1000.00, 'the expense is 500.00 + 300.00 + 500.00 - 300.00');
SELECT is((SELECT coalesce(sum(recoverable), 0) FROM fa.obligation WHERE party = 'H1' AND fund = 'resident'), 0.00, 'and the provider owes nothing');

-- the insurer repays the advances: 200.00 + 120.00 + 20.00 - 120.00 + 200.00
SELECT is((SELECT balance FROM fa.trial_balance WHERE role = 'advance_serious'), 420.00, '420.00 are advanced for the insurer');
SELECT throws_ok($$INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, payer) VALUES ('b1', 'advance_repaid', 'outside', 'expenditure', '2019-03-01', 420.01, '承办公司')$$, 'YB307', NULL, 'it repays no more');
SELECT lives_ok($$INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, payer) VALUES ('b2', 'advance_repaid', 'outside', 'expenditure', '2019-03-01', 420.00, '承办公司')$$, 'it repays them');
SELECT is((SELECT balance FROM fa.trial_balance WHERE role = 'receivable_payer'), 0.00, 'and owes nothing');

SET CONSTRAINTS ALL IMMEDIATE;
SELECT is_empty($$SELECT * FROM yibao.verify('fa') WHERE NOT ok$$, 'verify finds nothing');
SAVEPOINT s;
ALTER TABLE fa.settlement DISABLE TRIGGER USER;
UPDATE fa.settlement SET dise_codg = 'X' WHERE setl_id = 's1';
ALTER TABLE fa.settlement ENABLE TRIGGER USER;
SELECT results_eq($$SELECT "check", detail FROM yibao.verify('fa') WHERE NOT ok$$, $$VALUES ('no row was altered', 'settlement s1')$$, 'an altered settlement is named [A276]');
ROLLBACK TO s;
ALTER TABLE fa.settlement DISABLE TRIGGER USER;
UPDATE fa.settlement SET hifp_pay = hifp_pay + 1, fund_pay_sumamt = fund_pay_sumamt + 1, psn_part_amt = psn_part_amt - 1 WHERE setl_id = 's1';
UPDATE fa.settlement t SET row_hash = yibao.row_digest(t) WHERE setl_id = 's1';
ALTER TABLE fa.settlement ENABLE TRIGGER USER;
SELECT ok((SELECT count(*) FROM yibao.verify('fa') WHERE NOT ok AND "check" LIKE '%I6%') = 1, 'even one whose digest was rewritten, if an amount was changed');
ROLLBACK TO s;
SELECT is_empty($$SELECT * FROM yibao.verify('fa') WHERE NOT ok$$, 'and nothing once it is as it was');

SET CONSTRAINTS ALL DEFERRED;
-- dates of payment: serious illness 200.00 each, of outpatient care payable from 30 September on; basic 500.00 each, which is funded
INSERT INTO fa.policy (policy_id, rules) VALUES ('p19', jsonb_set(fund_doc('2019-01-01', jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2018}', '0.30')), 'on_pool_short', 'queue', 'source', 't')),
  '{layers,1,pay_on}', '[{"when": {"med_type": "11"}, "days": ["09-30"], "source": "t"}]'));
INSERT INTO fa.receipt (receipt_id, fund, kind, account, received_on, coverage_year, amt) VALUES ('r19', 'resident', 'subsidy', 'fiscal', '2019-01-10', 2019, 10000.00);
INSERT INTO fa.cash_move (move_id, fund, kind, from_class, to_class, moved_on, amt, form_id) VALUES ('q19', 'resident', 'appropriation', 'fiscal', 'expenditure', '2019-01-11', 5000.00, 'F19');
SELECT is(as_user('fund_li', claim('d1', 'D', 'H9', '21', 1000.00, '2019-02-05')) || as_user('fund_li', claim('d2', 'D', 'H9', '11', 1000.00, '2019-02-06')) || as_user('fund_li', claim('d3', 'E', 'H8', '11', 1000.00, '2019-02-06', '1')), 'okokok', 'claims of which a part is due later');
SELECT is(ARRAY(SELECT concat_ws(' ', setl_id, layer, due) FROM fa.payable_item WHERE party IN ('H9', 'psn:E') AND fund = 'resident' ORDER BY setl_id, layer),
  ARRAY['d1 basic', 'd1 serious', 'd2 basic', 'd2 serious 2019-09-30', 'd3 basic', 'd3 serious 2019-09-30'], 'the view says from which day on');
SELECT is(as_user('fund_li', $$INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES ('pd1', 'H9', '201902', '2019-03-10')$$), 'ok', 'shape 40: a payment drawn up before that day');
-- 500 + 200 + 500
SELECT results_eq($$SELECT amt, items FROM fa.payment WHERE payment_id = 'pd1'$$, $$VALUES (1200.00::numeric, 3)$$, 'shape 40: leaves out what is not yet due: 1,200.00 of 1,400.00');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('pd1', 'approve', '2019-10-12')$$), 'ok', 'and pays that alone, however late it is approved');
SELECT is((SELECT array_agg(setl_id || ' ' || layer ORDER BY setl_id, layer) FROM fa.payment_item WHERE payment_id = 'pd1'), '{d1 basic,d1 serious,d2 basic}'::text[], 'the three items');
SELECT throws_ok($$INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES ('pd2', 'H9', '201902', '2019-09-29')$$, 'YB307', NULL, 'shape 40: the day before there is nothing to pay');
SELECT is(as_user('fund_li', $$INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES ('pd3', 'H9', '201902', '2019-09-30')$$), 'ok', 'shape 40: from that day on there is');
SELECT results_eq($$SELECT amt, items FROM fa.payment WHERE payment_id = 'pd3'$$, $$VALUES (200.00::numeric, 1)$$, 'the 200.00 that were left');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('pd3', 'approve', '2019-10-12')$$), 'ok', 'which is paid');
SELECT is(as_user('fund_li', $$INSERT INTO fa.payment (payment_id, setl_id, drawn_on) VALUES ('pd4', 'd3', '2019-03-10')$$), 'ok', 'the same by the person''s settlement');
SELECT is((SELECT amt FROM fa.payment WHERE payment_id = 'pd4'), 500.00, 'of whose 700.00 the basic 500.00 are due');
SELECT is_empty($$SELECT * FROM yibao.verify('fa') WHERE NOT ok$$, 'the books agree');
SELECT * FROM finish();
ROLLBACK;
