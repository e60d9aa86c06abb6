-- The books by month: the trial balance of each month, and how the fund runs.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(12);
INSERT INTO fa.policy (policy_id, rules) VALUES ('p', fund_doc('2018-01-01',
  jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2018}', '0.30')), 'on_pool_short', 'queue', 'carry', 'keep_by_pool', 'source', 't')));
CREATE FUNCTION claim(id text, day text, amount numeric) RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_li', format('INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, fixmedins_code, med_type, setl_type, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt) VALUES (%L, %L, ''390'', %L, false, ''H1'', ''21'', ''2'', %s, 0, 0, 0, %s)', id, id, day, amount, amount))
$$;
CREATE FUNCTION pay(id text, month text, day text) RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_li', format('INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES (%L, ''H1'', %L, %L)', id, month, day))
    || as_user('fund_wang', format('INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES (%L, ''approve'', %L)', id, day))
$$;
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r1', 'subsidy', 'fiscal', '2018-01-10', 2018, 1000.00);
INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id) VALUES ('q1', 'appropriation', 'fiscal', 'expenditure', '2018-01-15', 500.00, 'F1');
-- 200.00: basic 100.00 of the pool, 40% of the other 100.00 = 40.00 advanced for the insurer
SELECT is(claim('s1', '2018-03-20', 200) || pay('p1', '201803', '2018-04-11'), 'okokok', 'a claim is settled and paid');
UPDATE fa.period SET closed = true WHERE period < '2018-12';
INSERT INTO fa.year_close (close_id, fund, year, doc_no) VALUES ('y18', 'resident', 2018, '决1');
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r2', 'subsidy', 'fiscal', '2019-01-10', 2019, 1500.00);
-- 100.00: 50.00 and 20.00
SELECT is(claim('s2', '2019-03-05', 100) || pay('p2', '201903', '2019-04-10'), 'okokok', 'and another in the next year');

-- 1,000.00 - 100.00 = 900.00; 900.00 + 1,500.00 = 2,400.00; 2,400.00 - 50.00 = 2,350.00
SELECT results_eq($$SELECT month, income, expense, balance, closing, income_year, expense_year, balance_year FROM fa.fund_analysis WHERE fund = 'resident' AND month IN ('2018-01', '2018-02', '2018-04', '2018-12', '2019-01', '2019-04') ORDER BY month$$,
  $$VALUES ('2018-01' COLLATE "C", 1000.00, 0.00, 1000.00, 1000.00, 1000.00, 0.00, 1000.00), ('2018-02', 0.00, 0.00, 0.00, 1000.00, 1000.00, 0.00, 1000.00),
    ('2018-04', 0.00, 100.00, -100.00, 900.00, 1000.00, 100.00, 900.00), ('2018-12', 0.00, 0.00, 0.00, 900.00, 1000.00, 100.00, 900.00),
    ('2019-01', 1500.00, 0.00, 1500.00, 2400.00, 1500.00, 0.00, 1500.00), ('2019-04', 0.00, 50.00, -50.00, 2350.00, 1500.00, 50.00, 1450.00)$$,
  'income, expense and balance of each month, of the year so far, and what is left: closing a year is neither [A015 A132]');
SELECT results_eq($$SELECT month, income_before, expense_before, income_growth, expense_growth, closing_growth FROM fa.fund_analysis WHERE fund = 'resident' AND month IN ('2018-12', '2019-01', '2019-04') ORDER BY month$$,
  $$VALUES ('2018-12' COLLATE "C", NULL::numeric, NULL::numeric, NULL::numeric, NULL::numeric, NULL::numeric), ('2019-01', 1000.00, 0.00, 50.00, NULL, 140.00), ('2019-04', 1000.00, 100.00, 50.00, -50.00, 161.11)$$,
  'beside the same months of the year before: 1,500 / 1,000, 50 / 100, 2,400 / 1,000, 2,350 / 900; nothing where the books are younger [A015 A132]');
SELECT results_eq($$SELECT month FROM fa.fund_analysis WHERE fund = 'resident' AND balance < 0 ORDER BY month$$, $$VALUES ('2018-04' COLLATE "C"), ('2019-04')$$, 'months that spent more than they took in are found by a query [A226 A227]');
SELECT results_eq($$SELECT closing FROM fa.fund_analysis WHERE fund = 'resident' ORDER BY month DESC LIMIT 1$$, $$SELECT sum(balance) FROM fa.pool_status WHERE fund = 'resident'$$, 'what is left is what the pools hold');

SELECT results_eq($$SELECT period, opening, debit, credit, closing FROM fa.trial_balance_month WHERE fund = 'resident' AND role = 'bank_expenditure' AND period IN ('2018-01', '2018-03', '2018-04', '2019-04') ORDER BY period$$,
  $$VALUES ('2018-01' COLLATE "C", 0.00, 500.00, 0.00, 500.00), ('2018-03', 500.00, 0.00, 0.00, 500.00), ('2018-04', 500.00, 0.00, 140.00, 360.00), ('2019-04', 360.00, 0.00, 70.00, 290.00)$$,
  'an account''s month: opening, debit, credit, closing');
SELECT results_eq($$SELECT period, opening, debit, credit, closing FROM fa.trial_balance_month WHERE fund = 'resident' AND role = 'income_subsidy' AND period IN ('2018-01', '2018-11', '2018-12', '2019-01') ORDER BY period$$,
  $$VALUES ('2018-01' COLLATE "C", 0.00, 0.00, 1000.00, 1000.00), ('2018-11', 1000.00, 0.00, 0.00, 1000.00), ('2018-12', 1000.00, 1000.00, 0.00, 0.00), ('2019-01', 0.00, 0.00, 1500.00, 1500.00)$$,
  'income stands on the credit side, and goes to the surplus when the year is closed');
SELECT results_eq($$SELECT period, opening, debit, credit, closing FROM fa.trial_balance_month WHERE fund = 'resident' AND role = 'payable' AND period IN ('2018-03', '2018-04', '2018-05') ORDER BY period$$,
  $$VALUES ('2018-03' COLLATE "C", 0.00, 0.00, 140.00, 140.00), ('2018-04', 140.00, 140.00, 0.00, 0.00), ('2018-05', 0.00, 0.00, 0.00, 0.00)$$, 'what is owed, in book S');
SELECT is_empty($$SELECT fund, book, period FROM fa.trial_balance_month GROUP BY fund, book, period HAVING sum(debit) <> sum(credit)$$, 'of each fund, book and month the debits are the credits');
SELECT is_empty($$SELECT t.role FROM fa.trial_balance t LEFT JOIN (SELECT fund, book, role, closing FROM fa.trial_balance_month WHERE period = '2019-04') m USING (fund, book, role) WHERE m.closing IS DISTINCT FROM t.balance$$,
  'the last month closes with the balance of today');
SET CONSTRAINTS ALL IMMEDIATE;
SELECT is_empty($$SELECT * FROM yibao.verify('fa') WHERE NOT ok$$, 'verify finds nothing');
SELECT * FROM finish();
ROLLBACK;
