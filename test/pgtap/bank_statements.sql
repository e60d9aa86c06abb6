-- Bank statements: import, matching, bounced payments, charges, the reconciliation of book and bank.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(48);

CREATE FUNCTION clean() RETURNS SETOF text LANGUAGE sql AS
  $$SELECT "check" || ': ' || detail FROM yibao.verify('fa') WHERE NOT ok$$;
-- The bank line of a voucher: its number and line.
CREATE FUNCTION jid(which text) RETURNS bigint LANGUAGE sql AS $$SELECT journal_id FROM fa.journal WHERE key = which$$;
CREATE FUNCTION jln(which text, whose text) RETURNS integer LANGUAGE sql AS
  $$SELECT m.line FROM fa.bank_movement m JOIN fa.journal j USING (journal_id) WHERE j.key = which AND m.account_id = whose$$;

INSERT INTO fa.policy (policy_id, rules) VALUES ('p18', fund_doc('2018-09-18',
  jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2018}', '0.30')), 'on_pool_short', 'queue', 'source', 't')));
INSERT INTO fa.bank_account (account_id, class, bank, state_owned, level, opened_on, doc_no, source) VALUES
  ('F1', 'fiscal', '农行', true, 'county', '2018-01-01', 'd', 's'),
  ('E1', 'expenditure', '农行', true, 'county', '2018-01-01', 'd', 's');

-- Books: receipts of 1,000.00, 500.00, 250.00; appropriations of 600.00 and 100.00
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES
  ('r1', 'subsidy', 'fiscal', '2018-10-05', 2018, 1000.00), ('r2', 'subsidy', 'fiscal', '2018-10-08', 2018, 500.00),
  ('r3', 'other', 'fiscal', '2018-10-31', 2018, 250.00);
INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id) VALUES
  ('m1', 'appropriation', 'fiscal', 'expenditure', '2018-10-10', 600.00, 'f1'), ('m2', 'appropriation', 'fiscal', 'expenditure', '2018-10-31', 100.00, 'f2');

-- Bank: 1,500.00 in one line for r1 and r2; 400.00 and 200.00 for m1; charges 15.00; interest 3.21 that is not booked; m2 and r3 are under way
COPY fa.bank_statement_line (account_id, value_date, direction, amt, bank_ref, remark, charge) FROM stdin (DELIMITER ',');
F1,2018-10-09,in,1500.00,b1,补助款,f
F1,2018-10-10,out,400.00,b2,拨款,f
F1,2018-10-11,out,200.00,b3,拨款,f
F1,2018-10-21,in,3.21,b4,结息,f
F1,2018-10-22,out,15.00,b5,手续费,t
E1,2018-10-10,in,400.00,e1,拨款,f
E1,2018-10-11,in,200.00,e2,拨款,f
\.
SELECT is((SELECT count(*) FROM fa.bank_statement_line), 7::bigint, 'a statement comes in by COPY [A230]');
SELECT is((SELECT line_id FROM fa.bank_statement_line WHERE bank_ref = 'b1'), 'F1/b1' COLLATE "C", 'its key is made of account and reference');
COPY fa.bank_statement_line (account_id, value_date, direction, amt, bank_ref, remark, charge) FROM stdin (DELIMITER ',');
F1,2018-10-09,in,1500.00,b1,补助款,f
F1,2018-11-01,in,250.00,b6,其他,f
\.
SELECT is((SELECT count(*) FROM fa.bank_statement_line), 8::bigint, 'the same file again, with one line more, brings in the one');
SELECT throws_ok($$INSERT INTO fa.bank_statement_line (account_id, value_date, direction, amt, bank_ref) VALUES ('F1', '2018-10-09', 'in', 1500.01, 'b1')$$, 'YB501', NULL, 'another line under a reference that is there is an error');
SELECT throws_ok($$INSERT INTO fa.bank_statement_line (account_id, value_date, direction, amt, bank_ref) VALUES ('F1', '2018-10-09', 'in', 1.005, 'z')$$, 'YB001', NULL, 'a third decimal is an error');
SELECT throws_ok($$INSERT INTO fa.bank_statement_line (account_id, value_date, direction, amt, bank_ref) VALUES ('F1', '2018-10-09', 'in', 0, 'z')$$, 'YB002', NULL, 'so is nothing');
SELECT throws_ok($$INSERT INTO fa.bank_statement_line (account_id, value_date, direction, amt, bank_ref) VALUES ('F9', '2018-10-09', 'in', 1, 'z')$$, 'YB307', NULL, 'and an account that is not registered');
SELECT throws_ok($$INSERT INTO fa.bank_statement_line (account_id, value_date, direction, amt, bank_ref) VALUES ('F1', '2018-10-09', 'credit', 1, 'z')$$, 'YB004', NULL, 'and a direction that is neither in nor out');
SELECT throws_ok($$DELETE FROM fa.bank_statement_line$$, 'YB304', NULL, 'what the bank said stays');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.bank_statement_line (account_id, value_date, direction, amt, bank_ref) VALUES ('F1', '2018-10-09', 'in', 1, 'z')$$),
  '42501 permission denied for table bank_statement_line', 'who approves does not reconcile');

-- Nothing matched: 1,000 + 500 + 250 - 600 - 100 = 1,050.00 in the books; 1,500 - 400 - 200 + 3.21 - 15 = 888.21 at the bank
INSERT INTO fa.bank_balance (account_id, on_date, amt) VALUES ('F1', '2018-10-31', 888.21);
SELECT results_eq($$SELECT book, bank, book_in, book_out, bank_in, bank_out, unexplained FROM fa.bank_reconciliation WHERE account_id = 'F1' AND on_date = '2018-10-31'$$,
  $$VALUES (1050.00::numeric, 888.21::numeric, 1750.00::numeric, 700.00::numeric, 1503.21::numeric, 615.00::numeric, 0.00::numeric)$$,
  'before anything is matched, all is in transit, and explains the difference [A230]');

-- r1, r2 and m1 have no line of their amount; of E1's lines none is 600.00; r3's 250.00 is b6, which alone fits
SELECT results_eq($$SELECT line_id, key, amt FROM fa.bank_match_proposal$$, $$VALUES ('F1/b6' COLLATE "C", 'r3' COLLATE "C", 250.00::numeric)$$,
  'a line and an entry that fit each other alone are proposed');
SAVEPOINT two;
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r4', 'other', 'fiscal', '2018-10-30', 2018, 250.00);
SELECT is_empty('SELECT * FROM fa.bank_match_proposal', 'where two entries fit, a person decides');
ROLLBACK TO two;

-- One line of the bank, two receipts
INSERT INTO fa.bank_match (match_id, line_id, journal_id, line) VALUES ('t1', 'F1/b1', jid('r1'), jln('r1', 'F1'));
INSERT INTO fa.bank_match (match_id, line_id, journal_id, line) VALUES ('t2', 'F1/b1', jid('r2'), jln('r2', 'F1'));
SELECT results_eq($$SELECT amt FROM fa.bank_match ORDER BY match_id$$, $$VALUES (1000.00::numeric), (500.00)$$, 'two receipts in one line of the bank: what is open is filled [A230]');
SELECT throws_ok($$INSERT INTO fa.bank_match (match_id, line_id, journal_id, line, amt) VALUES ('z', 'F1/b1', jid('r3'), jln('r3', 'F1'), 0.01)$$, 'YB307', NULL, 'a line is not matched beyond its amount');
-- One payment, two lines of the bank; in both accounts
INSERT INTO fa.bank_match (match_id, line_id, journal_id, line) VALUES
  ('t3', 'F1/b2', jid('m1'), jln('m1', 'F1')), ('t4', 'F1/b3', jid('m1'), jln('m1', 'F1')),
  ('t5', 'E1/e1', jid('m1'), jln('m1', 'E1')), ('t6', 'E1/e2', jid('m1'), jln('m1', 'E1'));
SELECT results_eq($$SELECT amt FROM fa.bank_match WHERE match_id IN ('t3', 't4') ORDER BY match_id$$, $$VALUES (400.00::numeric), (200.00)$$, 'one payment in two lines of the bank [A230]');
SELECT throws_ok($$INSERT INTO fa.bank_match (match_id, line_id, journal_id, line) VALUES ('z', 'E1/e1', jid('r3'), jln('r3', 'F1'))$$, 'YB307', NULL, 'line and entry are of one account');
SELECT throws_ok($$INSERT INTO fa.bank_match (match_id, line_id, journal_id, line) VALUES ('z', 'F1/b4', jid('m2'), jln('m2', 'F1'))$$, 'YB307', NULL, 'and of one direction');
SELECT throws_ok($$INSERT INTO fa.bank_match (match_id, line_id, journal_id, line) VALUES ('z', 'F1/b5', jid('m2'), jln('m2', 'F1'))$$, 'YB302', NULL, 'no fund bears a bank charge');
SELECT throws_ok($$INSERT INTO fa.bank_match (match_id, line_id, journal_id, line) VALUES ('z', 'F1/b9', jid('m2'), jln('m2', 'F1'))$$, 'YB307', NULL, 'a line that is not there');
SELECT throws_ok($$INSERT INTO fa.bank_match (match_id, line_id, journal_id, line) VALUES ('z', 'F1/b4', 0, 1)$$, 'YB307', NULL, 'an entry that is not there');

-- 31 October: r3 250.00 (bank: 1 November) and m2 100.00 not at the bank; 3.21 not in the books; charges 15.00
INSERT INTO fa.bank_match (match_id, line_id, journal_id, line) VALUES ('t7', 'F1/b6', jid('r3'), jln('r3', 'F1'));
SELECT results_eq($$SELECT book_in, book_out, bank_in, bank_out, charges, unexplained FROM fa.bank_reconciliation WHERE account_id = 'F1' AND on_date = '2018-10-31'$$,
  $$VALUES (250.00::numeric, 100.00::numeric, 3.21::numeric, 15.00::numeric, 15.00::numeric, 0.00::numeric)$$,
  'in transit on the day, both ways, whatever was matched later: 1,050 + 3.21 - 15 = 888.21 + 250 - 100 [A230]');
SELECT results_eq($$SELECT book_adjusted, bank_adjusted FROM fa.bank_reconciliation WHERE account_id = 'F1' AND on_date = '2018-10-31'$$,
  $$VALUES (1038.21::numeric, 1038.21::numeric)$$, 'adjusted for what is in transit, book and bank agree: 1,038.21 [A230]');
SELECT results_eq($$SELECT side, nature, ref, amt FROM fa.bank_difference_item WHERE account_id = 'F1' AND on_date = '2018-10-31' ORDER BY 1, 3$$,
  $$VALUES ('bank', 'in_transit', 'b4' COLLATE "C", 3.21::numeric), ('bank', 'charge', 'b5', -15.00), ('book', 'in_transit', 'move m2', -100.00), ('book', 'in_transit', 'receipt.other r3', 250.00)$$,
  'differences are itemised [A230]');
SELECT results_eq($$SELECT charged, refunded, outstanding FROM fa.bank_charge WHERE account_id = 'F1'$$, $$VALUES (15.00::numeric, 0::numeric, 15.00::numeric)$$, 'charges are listed until they are made good');
INSERT INTO fa.bank_statement_line (account_id, value_date, direction, amt, bank_ref, charge, returns_ref) VALUES ('F1', '2018-11-05', 'in', 15.00, 'b7', true, 'b5');
SELECT results_eq($$SELECT charged, refunded, outstanding FROM fa.bank_charge WHERE account_id = 'F1'$$, $$VALUES (15.00::numeric, 15.00::numeric, 0.00::numeric)$$, 'and when the bank gives them back they are nothing');
INSERT INTO fa.bank_balance (account_id, on_date, amt) VALUES ('F1', '2018-11-05', 1153.21), ('E1', '2018-11-05', 600.00);
-- F1: 888.21 + 250 + 15 = 1,153.21; E1: 600.00, 700.00 in the books
SELECT results_eq($$SELECT account_id, book, bank, charges, unexplained FROM fa.bank_reconciliation WHERE on_date = '2018-11-05' ORDER BY 1$$,
  $$VALUES ('E1' COLLATE "C", 700.00::numeric, 600.00::numeric, 0::numeric, 0.00::numeric), ('F1', 1050.00, 1153.21, 0.00, 0.00)$$,
  'the fiscal and the expenditure account are each reconciled [A231]');
-- a balance that the lines do not give
INSERT INTO fa.bank_balance (account_id, on_date, amt) VALUES ('F1', '2018-11-06', 1153.20);
SELECT is((SELECT unexplained FROM fa.bank_reconciliation WHERE account_id = 'F1' AND on_date = '2018-11-06'), -0.01, 'a fen that nothing explains is shown [A230]');
SELECT throws_ok($$INSERT INTO fa.bank_balance (account_id, on_date, amt) VALUES ('F1', '2018-11-06', 1153.21)$$, 'YB501', NULL, 'a day has one balance');

-- A wrong match is taken back
INSERT INTO fa.bank_match (match_id, reverses) VALUES ('u1', 't4');
SELECT is((SELECT amt FROM fa.bank_match WHERE match_id = 'u1'), -200.00, 'a match is taken back by a row of its own');
SELECT throws_ok($$INSERT INTO fa.bank_match (match_id, reverses) VALUES ('u2', 't4')$$, 'YB503', NULL, 'once');
SELECT throws_ok($$INSERT INTO fa.bank_match (match_id, reverses) VALUES ('u2', 'u1')$$, 'YB503', NULL, 'and that is not taken back');
SELECT throws_ok($$INSERT INTO fa.bank_match (match_id, reverses) VALUES ('u2', 'nn')$$, 'YB307', NULL, 'nor one that is not there');
INSERT INTO fa.bank_match (match_id, line_id, journal_id, line, amt) VALUES ('t8', 'F1/b3', jid('m1'), jln('m1', 'F1'), 150.00);
INSERT INTO fa.bank_match (match_id, line_id, journal_id, line, amt) VALUES ('t9', 'F1/b3', jid('m2'), jln('m2', 'F1'), 50.00);
SELECT results_eq($$SELECT ref, amt FROM fa.bank_difference_item WHERE account_id = 'F1' AND on_date = '2018-11-05' AND side = 'book' ORDER BY 1$$,
  $$VALUES ('move m1' COLLATE "C", -50.00::numeric), ('move m2', -50.00)$$, 'part of a line with one payment, the rest with another: 600 - 400 - 150 and 100 - 50 are open');

-- A payment that the bank sends back
SELECT is(as_user('fund_li', $$INSERT INTO fa.bank_statement_line (account_id, value_date, direction, amt, bank_ref) VALUES ('E1', '2018-11-07', 'out', 80.00, 'e3')$$), 'ok', 'a clerk brings in lines');
SELECT throws_ok($$INSERT INTO fa.bank_statement_line (account_id, value_date, direction, amt, bank_ref, returns_ref) VALUES ('E1', '2018-11-09', 'in', 80.01, 'e4', 'e3')$$, 'YB307', NULL, 'no more comes back than went');
SELECT throws_ok($$INSERT INTO fa.bank_statement_line (account_id, value_date, direction, amt, bank_ref, returns_ref) VALUES ('E1', '2018-11-09', 'out', 80.00, 'e4', 'e3')$$, 'YB307', NULL, 'money comes back the other way');
SELECT throws_ok($$INSERT INTO fa.bank_statement_line (account_id, value_date, direction, amt, bank_ref, returns_ref) VALUES ('E1', '2018-11-09', 'in', 80.00, 'e4', 'e9')$$, 'YB307', NULL, 'of a line that is there');
INSERT INTO fa.bank_statement_line (account_id, value_date, direction, amt, bank_ref, returns_ref, remark) VALUES ('E1', '2018-11-09', 'in', 30.00, 'e4', 'e3', '户名不符');
SELECT throws_ok($$INSERT INTO fa.bank_statement_line (account_id, value_date, direction, amt, bank_ref, returns_ref) VALUES ('E1', '2018-11-09', 'in', 50.01, 'e5', 'e3')$$, 'YB307', NULL, 'over several returns, too');
SELECT results_eq($$SELECT bank_ref, amt, paid_ref, unbooked FROM fa.bank_bounced$$, $$VALUES ('e4' COLLATE "C", 30.00::numeric, 'e3' COLLATE "C", 30.00::numeric)$$,
  'a bounced payment is shown until it is booked [A230]');
INSERT INTO fa.bank_balance (account_id, on_date, amt) VALUES ('E1', '2018-11-30', 550.00);
-- 700.00 in the books; at the bank 600 - 80 + 30; m2's 100 is under way, of the bank's 80 and 30 the books know nothing
SELECT results_eq($$SELECT book, bank, book_in, bank_in, bank_out, bounced, unexplained FROM fa.bank_reconciliation WHERE account_id = 'E1' AND on_date = '2018-11-30'$$,
  $$VALUES (700.00::numeric, 550.00::numeric, 100.00::numeric, 30.00::numeric, 80.00::numeric, 30.00::numeric, 0.00::numeric)$$,
  'the reconciliation shows what bounced: 700 + 30 - 80 = 550 + 100 [A230]');

-- Month ends: F1 has 31 October, E1 30 November
SELECT results_eq($$SELECT account_id, on_date FROM fa.bank_unreconciled ORDER BY 1, 2$$, $$VALUES ('E1' COLLATE "C", date '2018-10-31')$$,
  'accounts and month ends that nobody has reconciled are listed [A231]');
-- Starting in the middle
INSERT INTO fa.bank_account (account_id, class, bank, state_owned, level, opened_on, doc_no, source) VALUES ('T1', 'treasury', '人民银行国库', true, 'county', '2018-01-01', 'd', 's');
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, serious_amt) VALUES
  ('g1', 'contribution', 'treasury', '2018-11-10', 2018, 70.00, 0), ('g2', 'contribution', 'treasury', '2018-12-01', 2018, 9.00, 0);
SELECT throws_ok($$INSERT INTO fa.bank_balance (account_id, on_date, amt, starts) VALUES ('T1', '2018-11-30', 70.01, true)$$, 'YB307', NULL, 'what is said to be reconciled agrees');
INSERT INTO fa.bank_balance (account_id, on_date, amt, starts) VALUES ('T1', '2018-11-30', 70.00, true);
INSERT INTO fa.bank_balance (account_id, on_date, amt) VALUES ('T1', '2018-12-31', 70.00);
SELECT results_eq($$SELECT book, bank, book_in, unexplained FROM fa.bank_reconciliation WHERE account_id = 'T1' ORDER BY on_date$$,
  $$VALUES (70.00::numeric, 70.00::numeric, 0::numeric, 0.00::numeric), (79.00, 70.00, 9.00, 0.00)$$, 'from a day on which book and bank agree, only what came later is in transit [A230 A231]');

-- F1: 30 November and 31 December are missing; T1 was reconciled up to 30 November
SELECT results_eq($$SELECT account_id, on_date FROM fa.bank_unreconciled WHERE account_id <> 'E1' ORDER BY 1, 2$$, $$VALUES ('F1' COLLATE "C", date '2018-11-30'), ('F1', '2018-12-31')$$,
  'from a starting point on only what comes later [A231]');
SELECT is_empty('SELECT * FROM clean()', 'verify finds all in order');
SET LOCAL session_replication_role = replica;
UPDATE fa.bank_match SET amt = 1000.01 WHERE match_id = 't1';
SET LOCAL session_replication_role = origin;
SELECT is((SELECT count(*) FROM yibao.verify('fa') WHERE NOT ok AND "check" = 'what is matched fits the bank''s line and the entry'), 1::bigint, 'verify finds a line that is matched beyond its amount');
SET LOCAL session_replication_role = replica;
UPDATE fa.bank_match SET amt = 1000.00 WHERE match_id = 't1';
UPDATE fa.cash_account SET balance_fen = balance_fen + 1 WHERE account_id = 'F1' AND fund = 'resident';
SET LOCAL session_replication_role = origin;
SELECT is((SELECT count(*) FROM yibao.verify('fa') WHERE NOT ok AND "check" LIKE 'accounts hold what is booked%'), 1::bigint, 'and a share that is not what is booked [A230]');
SELECT * FROM finish();
ROLLBACK;
