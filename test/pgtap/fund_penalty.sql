-- A penalty withheld from a payment: only under a local rule, both booked whole, and its cash owed to the fiscal account.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(49);
INSERT INTO fa.policy (policy_id, rules) VALUES ('p1', fund_doc('2024-01-01', jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2024}', '0.30')), 'on_pool_short', 'queue', 'source', 't')));
CREATE FUNCTION claim(id text, provider text, day text, amount numeric) RETURNS void LANGUAGE sql AS $$
INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, fixmedins_code, med_type, setl_type, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt)
VALUES (id, id, '390', day::timestamp, false, provider, '21', '2', amount, 0, 0, 0, amount) $$;
CREATE FUNCTION decide(id text, provider text, amount numeric) RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_li', format('INSERT INTO fa.voucher (voucher_id, event, effective_on, amt, party, due_on, doc_no) VALUES (%L, ''penalty.decided'', ''2024-03-15'', %s, %L, ''2024-04-30'', ''罚1'')', id, amount, provider)) $$;
CREATE FUNCTION draw(id text, day text, withheld text, penalty text) RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_li', format('INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on, withheld_amt, penalty_id) VALUES (%L, ''H1'', ''202403'', %L, %s, %L)', id, day, withheld, penalty)) $$;
CREATE FUNCTION approve(id text, day text) RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_wang', format('INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES (%L, ''approve'', %L)', id, day)) $$;
CREATE FUNCTION move(id text, kind text, way text, amount numeric) RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_li', format('INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt) VALUES (%L, %L, %L, %L, ''2024-04-20'', %s)', id, kind, split_part(way, ' ', 1), split_part(way, ' ', 2), amount)) $$;
CREATE FUNCTION bal(which text) RETURNS numeric LANGUAGE sql AS $$ SELECT coalesce(sum(balance), 0) FROM fa.trial_balance WHERE role = which AND fund = 'resident' $$;
CREATE FUNCTION cash(which text) RETURNS numeric LANGUAGE sql AS $$ SELECT balance_fen / 100.0 FROM fa.cash WHERE class = which AND fund = 'resident' $$;
CREATE FUNCTION clean(about text) RETURNS text LANGUAGE sql AS $$ SELECT is_empty($q$SELECT "check", detail FROM yibao.verify('fa') WHERE NOT ok$q$, 'identities hold ' || about) $$;

-- outpatient 3,000.00, inpatient 7,000.00; H1 is owed 500.00 of the pool and 200.00 that is advanced for the insurer
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r1', 'subsidy', 'fiscal', '2024-01-10', 2024, 10000.00);
INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id) VALUES ('q1', 'appropriation', 'fiscal', 'expenditure', '2024-01-11', 5000.00, 'F1');
SELECT claim('s1', 'H1', '2024-03-05', 1000) \g /dev/null
SELECT is(decide('n1', 'H1', 120) || decide('n2', 'H2', 30), 'okok', 'penalties are decided');

---------------------------------------------------------------- only under a local rule

SELECT matches(draw('p1', '2024-04-09', '120', 'n1'), '^YB302', 'no penalty is withheld where no local rule allows it [F10 A017]');
SELECT throws_ok($$INSERT INTO fa.flow_rule (from_class, to_class, kind, source, trust, valid_from) VALUES ('outside', 'expenditure', 'penalty_withheld', '', 'local', '2024-04-01')$$, 'YB302', NULL, 'a local rule has its document');
INSERT INTO fa.flow_rule (from_class, to_class, kind, source, trust, valid_from) VALUES ('outside', 'expenditure', 'penalty_withheld', '县医保〔2024〕5号 第三条', 'local', '2024-04-01');
SELECT matches(draw('p1', '2024-04-09', '120', 'n1'), '^YB302', 'nor where its cash has no way to the fiscal account [F10]');
INSERT INTO fa.flow_rule (from_class, to_class, kind, source, trust, valid_from) VALUES ('expenditure', 'fiscal', 'penalty_withheld', '县医保〔2024〕5号 第四条', 'local', '2024-04-01');
SELECT matches(draw('p1', '2024-03-31', '120', 'n1'), '^YB302', 'nor before the rule holds');
SELECT matches(draw('p1', '2024-04-09', '120.01', 'n1'), '^YB307 withheld_amt is 120.01, and 120.00 of penalty n1 is outstanding', 'nor more than was decided');
SELECT matches(draw('p1', '2024-04-09', '30', 'n2'), '^YB307 n2 is no penalty of H1', 'nor what another owes');
SELECT matches(draw('p1', '2024-04-09', '30', 'n9'), '^YB307 n9 is no penalty of H1', 'nor what nobody decided');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on, withheld_amt) VALUES ('p1', 'H1', '202403', '2024-04-09', 120)$$), '^YB006 penalty_id', 'nor without naming it');
SELECT matches(draw('p1', '2024-04-09', '0', 'n1'), '^YB307', 'nothing is not withheld');
SELECT is(decide('n3', 'H1', 900), 'ok', 'a penalty above what is owed');
SELECT matches(draw('p1', '2024-04-09', '700.01', 'n3'), '^YB003', 'no more is withheld than is paid');

---------------------------------------------------------------- both whole

SELECT is(draw('p1', '2024-04-09', '120', 'n1'), 'ok', 'a payment that withholds 120.00 is drawn up');
SELECT results_eq($$SELECT amt, withheld_amt, withheld_source FROM fa.payment$$, $$VALUES (700.00::numeric, 120::numeric, '县医保〔2024〕5号 第三条')$$, 'it names the local rule [F10]');
SELECT is(bal('income_penalty'), 0::numeric, 'nothing is booked yet');
SELECT is(approve('p1', '2024-04-10'), 'ok', 'it is paid');
SELECT is(ARRAY[bal('benefit_inpatient'), bal('advance_serious'), bal('income_penalty'), cash('expenditure')], ARRAY[500.00, 200.00, 120.00, 4420.00],
  'expense 500.00 and income 120.00, each whole; the bank paid 580.00 [F10 A017 A238]');
SELECT is((SELECT sum(amount_fen) FROM fa.bank_movement m JOIN fa.journal j ON j.journal_id = m.journal_id WHERE j.key = 'p1'), -58000::numeric, 'as its statement will say');
SELECT is(ARRAY[bal('penalty_withheld'), bal('penalty_due'), bal('penalty_to_move')], ARRAY[0.00, 930.00, 120.00], 'the penalty is settled, its cash is owed to the fiscal account [F10]');
SELECT results_eq($$SELECT kind, account, amt, voucher_id, payment_id, doc_no, unalloc_amt, booked_by FROM fa.receipt WHERE receipt_id = 'withheld/p1'$$,
  $$VALUES ('penalty' COLLATE "C", 'expenditure' COLLATE "C", 120.00::numeric, 'n1' COLLATE "C", 'p1' COLLATE "C", '罚1', 120.00, 'fund_wang')$$, 'the income is a receipt of its own');
SELECT is(available('unallocated'), 120.00, 'in the pool that the split of its kind gives it');
SELECT results_eq($$SELECT decided, received, received_on, outstanding, days_late FROM fa.penalty_status WHERE voucher_id = 'n1'$$, $$VALUES (120::numeric, 120.00, '2024-04-10'::date, 0.00, -20)$$, 'decided, received, twenty days early [A238]');
SELECT results_eq($$SELECT due, penalty, paid, open FROM fa.provider_statement WHERE party = 'H1' AND fund = 'resident'$$, $$VALUES (700.00, 120.00, 700.00, 0.00)$$, 'the provider''s statement has the payment whole, and what of it was withheld [A282]');
SELECT clean('after a penalty was withheld');

---------------------------------------------------------------- the expenditure account takes no other income

SELECT matches(as_user('fund_li', $$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, voucher_id) VALUES ('x', 'penalty', 'expenditure', '2024-04-11', 2024, 1, 'n3')$$), '^YB302', 'a penalty that is paid does not go there [A026]');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, voucher_id, payment_id) VALUES ('x', 'penalty', 'expenditure', '2024-04-11', 2024, 1, 'n1', 'p1')$$), '^YB307', 'nor is one booked by hand as withheld');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, payment_id) VALUES ('x', 'penalty', 'fiscal', '2024-04-11', 2024, 1, 'p9')$$), '^YB307', 'of a payment that is not there neither');

---------------------------------------------------------------- the cash has to move

SELECT results_eq($$SELECT party, payment_id, penalty_id, source, withheld_on, amt, moved, open, days FROM fa.penalty_withheld$$,
  $$VALUES ('H1' COLLATE "C", 'p1' COLLATE "C", 'n1' COLLATE "C", '县医保〔2024〕5号 第三条', '2024-04-10'::date, 120.00::numeric, 0.00, 120.00, current_date - '2024-04-10'::date)$$, 'what has not moved is listed, by days [F10]');
SELECT matches(move('m1', 'interest', 'expenditure fiscal', 120), '^YB302', 'it does not move as interest');
SELECT matches(move('m1', 'penalty_withheld', 'expenditure treasury', 120), '^YB302', 'nor to another account');
SELECT matches(move('m1', 'penalty_withheld', 'expenditure fiscal', 120.01), '^YB307 120.01 is more than was withheld of penalties and is to be moved, 120.00', 'nor more than was withheld');
SELECT is(move('m1', 'penalty_withheld', 'expenditure fiscal', 100), 'ok', '100.00 moves');
SELECT is(ARRAY[cash('expenditure'), cash('fiscal'), bal('penalty_to_move'), bal('income_penalty')], ARRAY[4320.00, 5100.00, 20.00, 120.00], 'and is no income again');
SELECT results_eq('SELECT moved, open, days > 0 FROM fa.penalty_withheld', 'VALUES (100.00, 20.00, true)', '20.00 are left [F10]');
SELECT clean('after a part has moved');

---------------------------------------------------------------- a payment that the bank returns

SELECT is(as_user('fund_li', $$INSERT INTO fa.voucher (voucher_id, event, effective_on, payment_id) VALUES ('b1', 'payment.returned', '2024-04-22', 'p1')$$), 'ok', 'the bank returns it');
SELECT is((SELECT amt FROM fa.voucher WHERE voucher_id = 'b1'), 580.00, 'as much as it paid');
SELECT is(ARRAY[bal('benefit_inpatient'), cash('expenditure'), bal('income_penalty'), bal('penalty_withheld')], ARRAY[0.00, 4900.00, 120.00, -120.00], 'the expense is undone, the income stays, and is to be withheld again');
SELECT clean('after it was returned');
SELECT matches(draw('p2', '2024-04-23', '119.99', 'n1'), '^YB307 120.00 of penalty n1 is income already', 'not less of it');
SELECT is(draw('p2', '2024-04-23', '120', 'n1') || approve('p2', '2024-04-24'), 'okok', 'the next payment withholds it');
SELECT is(ARRAY[bal('benefit_inpatient'), cash('expenditure'), bal('income_penalty'), bal('penalty_withheld')], ARRAY[500.00, 4320.00, 120.00, 0.00], 'and books it no second time');
SELECT is((SELECT count(*) FROM fa.receipt WHERE payment_id IS NOT NULL), 1::bigint, 'there is one receipt of it');
SELECT is(move('m2', 'penalty_withheld', 'expenditure fiscal', 20), 'ok', 'the rest moves');
SELECT results_eq('SELECT moved, open, days FROM fa.penalty_withheld', 'VALUES (120.00, 0.00, NULL::integer)', 'nothing is owed to the fiscal account');

---------------------------------------------------------------- the rule ends

INSERT INTO fa.flow_rule (from_class, to_class, kind, allowed, source, trust, valid_from) VALUES ('outside', 'expenditure', 'penalty_withheld', false, '县医保〔2024〕9号', 'local', '2024-06-01');
SELECT claim('s2', 'H1', '2024-03-06', 1000) \g /dev/null
SELECT matches(draw('p3', '2024-06-01', '100', 'n3'), '^YB302', 'where a row forbids it, it is withheld no more');
SELECT is(draw('p3', '2024-05-31', '100', 'n3'), 'ok', 'drawn up the day before');
SELECT matches(approve('p3', '2024-06-02'), '^YB302', 'it is not paid after it either');
SET CONSTRAINTS ALL IMMEDIATE;
SELECT clean('at the end');
SELECT * FROM finish();
ROLLBACK;
