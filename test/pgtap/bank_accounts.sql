-- Bank accounts, classes of account that an area has, the matrix of flows, crossings between funds, charts.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(57);

CREATE FUNCTION detail(sql text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE d text; h text;
BEGIN
    EXECUTE sql;
    RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL;
    RETURN SQLSTATE || ' ' || SQLERRM || ' | ' || d;
END
$$;
CREATE FUNCTION share(which text, whose text DEFAULT 'resident') RETURNS bigint LANGUAGE sql AS
  'SELECT balance_fen FROM fa.cash_account WHERE account_id = which AND fund = whose';
CREATE FUNCTION clean() RETURNS SETOF text LANGUAGE sql AS
  $$SELECT "check" || ': ' || detail FROM yibao.verify('fa') WHERE NOT ok$$;

INSERT INTO fa.policy (policy_id, rules) VALUES ('p18', fund_doc('2018-09-18',
  jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2018}', '0.30')), 'on_pool_short', 'queue', 'source', 't')));

-- Before any account is registered: 1,000.00 in the fiscal account
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r0', 'subsidy', 'fiscal', '2018-10-01', 2018, 1000.00);
SELECT is((SELECT count(*) FROM fa.cash_account), 0::bigint, 'an area that registers no account has money by class of account only');

-- A020: state-owned, and of the same level
SELECT is(as_user('fund_li', $$INSERT INTO fa.bank_account (account_id, class, bank, state_owned, level, opened_on, doc_no, source)
  VALUES ('F1', 'fiscal', '农行秦安', true, 'county', '2018-01-01', 'd', 's')$$), '42501 permission denied for table bank_account', 'a clerk registers no account');
SELECT matches(detail($$INSERT INTO fa.bank_account (account_id, class, bank, state_owned, level, opened_on, doc_no, source)
  VALUES ('F0', 'fiscal', '某村镇银行', false, 'county', '2018-01-01', 'd', 's')$$), '^YB302 .*state_owned is false.*同级国有或国有控股商业银行', 'a bank that is not state-owned is refused, and the rule named [A020]');
SELECT matches(detail($$INSERT INTO fa.bank_account (account_id, class, bank, state_owned, level, opened_on, doc_no, source)
  VALUES ('F0', 'fiscal', '农行天水', true, 'city', '2018-01-01', 'd', 's')$$), '^YB302 .*level city.*level county.*同级国有', 'a bank of another level is refused, and the rule named [A020]');
SELECT throws_ok($$INSERT INTO fa.bank_account (account_id, class, bank, state_owned, level, admdvs, opened_on, doc_no, source)
  VALUES ('F0', 'fiscal', '农行', true, 'county', '620523', '2018-01-01', 'd', 's')$$, 'YB004', NULL, 'an agency of another area holds none here');
SELECT throws_ok($$INSERT INTO fa.bank_account (account_id, class, bank, level, opened_on, doc_no, source)
  VALUES ('F0', 'fiscal', '农行', 'county', '2018-01-01', 'd', 's')$$, 'YB006', 'state_owned is empty', 'whether the bank is state-owned must be said [A020]');
SELECT throws_ok($$INSERT INTO fa.bank_account (account_id, class, bank, state_owned, level, opened_on, doc_no, source)
  VALUES ('F0', 'fiscal', '农行', true, 'county', '2018-01-01', 'd', '')$$, 'YB006', NULL, 'an account needs its source');

INSERT INTO fa.bank_account (account_id, class, bank, state_owned, level, opened_on, doc_no, source)
  VALUES ('F1', 'fiscal', '农行秦安', true, 'county', '2018-01-01', 'd', 's');
SELECT is(share('F1'), 100000::bigint, 'the first account of a class holds what the class held: 1,000.00');
SELECT results_eq($$WITH i AS (INSERT INTO fa.bank_account (account_id, class, bank, state_owned, level, opened_on, doc_no, source)
  VALUES ('F1', 'fiscal', '农行秦安', true, 'county', '2018-01-01', 'd', 's') RETURNING 1) SELECT count(*) FROM i$$, $$VALUES (0::bigint)$$, 'the same account again inserts nothing');
SELECT throws_ok($$UPDATE fa.bank_account SET bank = '另一家' WHERE account_id = 'F1'$$, 'YB304', NULL, 'an account is not changed');
SELECT throws_ok($$UPDATE fa.cash_account SET balance_fen = 1$$, 'YB305', NULL, 'shares of accounts are written by posting only');

-- the only account of its class is taken; 1,000.00 + 500.00
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r1', 'subsidy', 'fiscal', '2018-10-02', 2018, 500.00);
SELECT is(share('F1'), 150000::bigint, 'money comes into the only account of its class');
SELECT is((SELECT e.party FROM fa.entry e JOIN fa.journal j USING (journal_id) WHERE j.key = 'r1' AND e.role = 'bank_fiscal'), 'F1' COLLATE "C", 'the entry says in which account [A016]');
SELECT is((SELECT sum(amount_fen) FROM fa.bank_movement WHERE account_id = 'F1'), 150000::numeric, 'the account''s movements are its share, what came before it was registered, too');
-- assistance has a share of the same bank account: 200.00
INSERT INTO fa.receipt (receipt_id, fund, kind, account, received_on, coverage_year, amt) VALUES ('s1', 'assistance', 'subsidy', 'fiscal', '2018-10-02', 2018, 200.00);
SELECT results_eq($$SELECT balance, resident, assistance FROM fa.bank_account_status WHERE account_id = 'F1'$$,
  $$VALUES (1700.00::numeric, 1500.00::numeric, 200.00::numeric)$$, 'one bank account, separate shares of the funds that make it up [A018]');
SELECT is_empty('SELECT * FROM clean()', 'shares of the funds are the bank account, and the cash of its class [A018]');

-- Several agencies with an expenditure account each
INSERT INTO fa.bank_account (account_id, class, agency, bank, state_owned, level, opened_on, doc_no, source) VALUES
  ('E1', 'expenditure', '620522A', '农行', true, 'county', '2018-01-01', 'd', 's'),
  ('E2', 'expenditure', '620522B', '工行', true, 'county', '2018-01-01', 'd', 's');
SELECT throws_ok($$INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id)
  VALUES ('m0', 'appropriation', 'fiscal', 'expenditure', '2018-10-03', 300.00, 'f0')$$, 'YB006', NULL, 'with two accounts of a class and no main one, which is meant must be said');
SELECT throws_ok($$INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id, to_account)
  VALUES ('m0', 'appropriation', 'fiscal', 'expenditure', '2018-10-03', 300.00, 'f0', 'F1')$$, 'YB307', NULL, 'an account of another class is refused');
INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id, to_account)
  VALUES ('m1', 'appropriation', 'fiscal', 'expenditure', '2018-10-03', 300.00, 'f1', 'E1');
SELECT is(share('F1'), 120000::bigint, 'an appropriation of 300.00 leaves 1,200.00 of the resident fund in the fiscal account');
SELECT is(share('E1'), 30000::bigint, 'and is in the account that it names');
SELECT throws_ok($$INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, from_account, to_account)
  VALUES ('m2', 'allot', 'expenditure', 'expenditure', '2018-10-04', 300.01, 'E1', 'E2')$$, 'YB301', 'account E1 holds 300.00 of fund resident, 300.01 is to be paid', 'no bank account goes below zero');
SELECT throws_ok($$INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, from_account, to_account)
  VALUES ('m2', 'allot', 'expenditure', 'expenditure', '2018-10-04', 1.00, 'E1', 'E1')$$, 'YB302', NULL, 'an account allots nothing to itself');
INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, from_account, to_account)
  VALUES ('m2', 'allot', 'expenditure', 'expenditure', '2018-10-04', 120.00, 'E1', 'E2');
SELECT results_eq($$SELECT share('E1'), share('E2'), (SELECT balance_fen FROM fa.cash WHERE fund = 'resident' AND class = 'expenditure')$$,
  $$VALUES (18000::bigint, 12000::bigint, 30000::bigint)$$, '120.00 of 300.00 allotted to another agency: the class is as it was [A025]');
-- what the class has is not what the account has: assistance cannot pay out of the resident fund's share
SELECT throws_ok($$INSERT INTO fa.receipt (receipt_id, kind, payer_fund, account, received_on, coverage_year, amt, serious_amt)
  VALUES ('x1', 'assistance', 'assistance', 'fiscal', '2018-10-05', 2018, 200.01, 0)$$, 'YB301', NULL, 'a fund pays out of its own share of the bank account [A018 A235]');
INSERT INTO fa.receipt (receipt_id, kind, payer_fund, account, received_on, coverage_year, amt, serious_amt)
  VALUES ('a1', 'assistance', 'assistance', 'fiscal', '2018-10-05', 2018, 150.00, 0);
SELECT results_eq($$SELECT share('F1', 'assistance'), share('F1')$$, $$VALUES (5000::bigint, 135000::bigint)$$,
  'contributions that assistance pays cross the funds under their name: 200 - 150 and 1,200 + 150 [A022]');
SELECT is_empty('SELECT * FROM clean()', 'verify finds the named crossing in order [A235]');
SELECT throws_ok($$INSERT INTO fa.receipt (receipt_id, kind, payer_fund, account, received_on, coverage_year, amt)
  VALUES ('x2', 'subsidy', 'assistance', 'fiscal', '2018-10-05', 2018, 1.00)$$, 'YB302', NULL, 'another crossing is refused [A235]');

-- Main account, closing
SELECT throws_ok($$INSERT INTO fa.bank_account_close (account_id, closed_on, doc_no) VALUES ('E2', '2018-11-01', 'd')$$, 'YB307', 'account E2 is not closed while it holds 120.00', 'an account with money is not closed');
INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, from_account, to_account)
  VALUES ('m3', 'allot', 'expenditure', 'expenditure', '2018-10-20', 120.00, 'E2', 'E1');
SELECT throws_ok($$INSERT INTO fa.bank_account_close (account_id, closed_on, doc_no) VALUES ('E2', '2018-10-20', 'd')$$, 'YB307', NULL, 'an account is not closed from a day on which it was used');
INSERT INTO fa.bank_account_close (account_id, closed_on, doc_no) VALUES ('E2', '2018-11-01', 'd');
SELECT throws_ok($$INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id, to_account)
  VALUES ('m4', 'appropriation', 'fiscal', 'expenditure', '2018-11-01', 10.00, 'f4', 'E2')$$, 'YB307', 'E2 is no expenditure account that is open on 2018-11-01', 'a closed account takes nothing');
INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id)
  VALUES ('m4', 'appropriation', 'fiscal', 'expenditure', '2018-11-01', 10.00, 'f4');
SELECT is(share('E1'), 31000::bigint, 'the one that is left is taken: 300.00 + 10.00');
INSERT INTO fa.bank_account (account_id, class, bank, state_owned, level, main, opened_on, doc_no, source)
  VALUES ('E3', 'expenditure', '建行', true, 'county', true, '2018-12-01', 'd', 's');
SELECT throws_ok($$INSERT INTO fa.bank_account (account_id, class, bank, state_owned, level, main, opened_on, doc_no, source)
  VALUES ('E4', 'expenditure', '建行', true, 'county', true, '2018-12-01', 'd', 's')$$, 'YB307', 'the main expenditure account is E3', 'a class has one main account');
INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id)
  VALUES ('m5', 'appropriation', 'fiscal', 'expenditure', '2018-12-01', 5.00, 'f5');
SELECT is(share('E3'), 500::bigint, 'where several are open the main one is taken');
SELECT throws_ok($$INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id)
  VALUES ('x3', 'appropriation', 'fiscal', 'expenditure', '2017-12-31', 1.00, 'f9')$$, 'YB307', 'no expenditure account is open on 2017-12-31', 'nothing is booked in an account before it was opened');

-- An area without an income account (秦政办发〔2018〕84号 二(二) names two accounts only)
SELECT lives_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, serious_amt)
  VALUES ('i1', 'contribution', 'income', '2018-10-06', 2018, 40.00, 0)$$, 'an area starts with all four classes of account');
SELECT throws_ok($$INSERT INTO fa.class_change (change_id, class, open, valid_from, doc_no, source) VALUES ('c1', 'income', false, '2018-11-01', '84号', '秦政办发〔2018〕84号 二(二)')$$,
  'YB307', 'class income is not closed while it holds 40.00 of fund resident', 'a class that holds money is not closed');
INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt) VALUES ('m6', 'sweep', 'income', 'fiscal', '2018-10-31', 40.00);
SELECT throws_ok($$INSERT INTO fa.class_change (change_id, class, open, valid_from, doc_no, source) VALUES ('c1', 'income', false, '2018-10-06', '84号', '秦政办发〔2018〕84号 二(二)')$$,
  'YB307', 'class income takes money on 2018-10-06, which is not before 2018-10-06', 'nor from a day on which it took money');
INSERT INTO fa.class_change (change_id, class, open, valid_from, doc_no, source) VALUES ('c1', 'income', false, '2018-11-01', '84号', '秦政办发〔2018〕84号 二(二)');
SELECT matches(detail($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, serious_amt)
  VALUES ('i2', 'contribution', 'income', '2018-11-01', 2018, 40.00, 0)$$), '^YB302 this area has no income account on 2018-11-01 .*秦政办发〔2018〕84号', 'a receipt into a class that the area has not is refused, and the notice named [A016]');
SELECT lives_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, serious_amt)
  VALUES ('i3', 'contribution', 'income', '2018-10-31', 2018, 1.00, 0)$$, 'the day before it was there');
SELECT throws_ok($$INSERT INTO fa.bank_account (account_id, class, bank, state_owned, level, opened_on, doc_no, source)
  VALUES ('I1', 'income', '农行', true, 'county', '2018-11-02', 'd', 's')$$, 'YB302', NULL, 'no account of a class that the area has not');
SELECT throws_ok($$INSERT INTO fa.class_change (change_id, class, open, valid_from, doc_no, source) VALUES ('c2', 'fiscal', false, '2019-01-01', 'd', 's')$$, 'YB307', NULL, 'a class with an open account is not closed');

-- The matrix
SELECT throws_ok($$DELETE FROM fa.flow_rule$$, 'YB302', NULL, 'the owner deletes no row of the matrix [A019]');
SELECT throws_ok('TRUNCATE fa.flow_rule', 'YB304', NULL, 'nor all of them');
SELECT throws_ok($$UPDATE fa.flow_rule SET to_class = 'expenditure' WHERE from_class = 'outside' AND to_class = 'fiscal' AND kind = 'other'$$, 'YB302', NULL, 'nor bends one [A019 A026]');
SELECT throws_ok($$INSERT INTO fa.flow_rule (from_class, to_class, kind, source, trust) VALUES ('outside', 'expenditure', 'other', ' ', 'local')$$,
  'YB302', 'the matrix of flows is not changed like this: it needs its source', 'it is not widened without a source [A019]');
SELECT throws_ok($$INSERT INTO fa.flow_rule (from_class, to_class, kind, source, trust, scope) VALUES ('outside', 'expenditure', 'other', 's', 't', 'national')$$,
  'YB302', NULL, 'what the owner adds is local');
SELECT is((SELECT count(*) FROM fa.flow_rule WHERE scope <> 'national'), 0::bigint, 'what ships is national');
INSERT INTO fa.flow_rule (from_class, to_class, kind, source, trust, valid_from) VALUES ('outside', 'treasury', 'other', '某市财社〔2019〕1号', 'local', '2018-12-10');
SELECT is((SELECT scope FROM fa.flow_rule WHERE source = '某市财社〔2019〕1号'), 'local' COLLATE "C", 'a row of the owner''s is marked local');
SELECT throws_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt)
  VALUES ('t1', 'other', 'treasury', '2018-12-09', 2018, 3.00)$$, 'YB302', NULL, 'it holds from its first day');
SELECT lives_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt)
  VALUES ('t1', 'other', 'treasury', '2018-12-10', 2018, 3.00)$$, 'and then widens the matrix');
UPDATE fa.flow_rule SET valid_to = '2019-01-01' WHERE from_class = 'outside' AND to_class = 'fiscal' AND kind = 'collective';
SELECT throws_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt)
  VALUES ('k1', 'collective', 'fiscal', '2019-01-01', 2018, 3.00)$$, 'YB302', NULL, 'a row ended by the owner is over on valid_to');
SELECT lives_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt)
  VALUES ('k1', 'collective', 'fiscal', '2018-12-31', 2018, 3.00)$$, 'and holds on the day before');
SELECT throws_ok($$UPDATE fa.flow_rule SET valid_to = NULL WHERE kind = 'collective' AND to_class = 'fiscal'$$, 'YB302', NULL, 'an ended row does not come back to life');
INSERT INTO fa.flow_rule (from_class, to_class, kind, allowed, source, trust, valid_from) VALUES ('outside', 'fiscal', 'penalty', false, '某县纪要〔2018〕3号', 'local', '2018-12-01');
SELECT matches(detail($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt)
  VALUES ('n1', 'penalty', 'fiscal', '2018-12-02', 2018, 3.00)$$), '^YB302 .*某县纪要〔2018〕3号', 'a forbidding row narrows it, and is named');

-- Charts
SELECT results_eq($$SELECT chart, code FROM fa.chart_code WHERE role = 'bank_fiscal' ORDER BY 1$$, $$VALUES ('third-party-a' COLLATE "C", '1004' COLLATE "C"), ('third-party-b', '1003')$$,
  'two charts that have been seen give the fiscal account different codes');
SELECT is((SELECT count(*) FROM fa.chart_code WHERE trust <> 'unverified'), 0::bigint, 'no code is said to be verified');

SELECT is_empty('SELECT * FROM clean()', 'verify finds all in order');
SELECT * FROM finish();
ROLLBACK;
