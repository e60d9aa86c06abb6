-- The premium contract of the serious-illness insurer: what goes back or is shared of a year, to the fen, and where the books differ.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(35);
INSERT INTO fa.policy (policy_id, rules) VALUES ('p1', fund_doc('2023-01-01', jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2023}', '0.30')),
  'serious', jsonb '{"model": "insurer", "set_aside": "at_remittance", "source": "t"}', 'on_pool_short', 'queue', 'serious_subject', 'serious_expense',
  'surplus_return', 'other_income', 'carry', 'keep_by_pool', 'source', 't')));
CREATE FUNCTION claim(id text, day text, amount numeric) RETURNS void LANGUAGE sql AS $$
INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, fixmedins_code, med_type, setl_type, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt)
VALUES (id, id, '390', day::timestamp, false, 'H1', '21', '2', amount, 0, 0, 0, amount) $$;
CREATE FUNCTION premium(y int, amount numeric) RETURNS text LANGUAGE sql AS $$
INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, amt, doc_no) VALUES ('a' || y, 'set_aside', y, make_date(y, 2, 1), amount, 'x'), ('b' || y, 'remit', y, make_date(y, 2, 2), amount, 'x');
SELECT as_user('fund_wang', format('INSERT INTO fa.premium_approval (premium_id, decision, paid_on) VALUES (%L, ''approve'', %L)', 'b' || y, make_date(y, 2, 3))) $$;
CREATE FUNCTION book(id text, event text, columns text, vals text, day text DEFAULT '2026-03-01') RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_li', format('INSERT INTO fa.voucher (voucher_id, event, effective_on, doc_no, %s) VALUES (%L, %L, %L, ''x'', %s)', columns, id, event, day, vals)) $$;
CREATE FUNCTION came(id text, y int, amount numeric, voucher text) RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_li', format('INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, voucher_id) VALUES (%L, ''surplus_returned'', ''fiscal'', ''2026-03-05'', %s, %s, %L)', id, y, amount, voucher)) $$;
CREATE FUNCTION contract(y int, columns text, vals text) RETURNS text LANGUAGE sql AS $$
SELECT format('INSERT INTO fa.serious_contract (contract_id, coverage_year, party, doc_no, source, trust, %s) VALUES (%L, %s, ''承办公司'', ''合1'', ''承办合同'', ''demo'', %s)', columns, 'k' || y, y, vals) $$;

INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES
  ('r23', 'subsidy', 'fiscal', '2023-01-05', 2023, 10000.00), ('r24', 'subsidy', 'fiscal', '2024-01-05', 2024, 100000.00), ('r25', 'subsidy', 'fiscal', '2025-01-05', 2025, 20000.00);
SELECT is(premium(2023, 100) || premium(2024, 10000.01) || premium(2025, 1000), 'okokok', 'three premiums are remitted');
-- basic pays half, the insurer 40% of the other half: a fifth. 490.00: 98.00; 45,500.00: 9,100.00; 6,000.00: 1,200.00
SELECT claim('s23', '2023-05-05', 490), claim('s24', '2024-05-05', 45500), claim('s25', '2025-05-05', 6000) \g /dev/null
-- of 350.00 refused at audit, 22,750 : 9,100 = 5 : 2, the insurer's part is 100.00
SELECT is(book('d1', 'audit.deduct', 'amt, setl_id', '350, ''s24''', '2024-06-01'), 'ok', 'a part of a claim is refused');
SELECT results_eq($$SELECT coverage_year, premium, claims FROM fa.contract_account ORDER BY 1$$, $$VALUES (2023, 100.00, 98.00), (2024, 10000.01, 9000.00), (2025, 1000.00, 1200.00)$$, 'what was refused is no claim of the insurer''s [A240]');
SELECT results_eq($$SELECT coverage_year, kind, booked FROM fa.contract_exception ORDER BY 1$$, $$VALUES (2023, 'no_contract' COLLATE "C", 100.00), (2024, 'no_contract', 10000.01), (2025, 'no_contract', 1000.00)$$,
  'premiums to an insurer without a contract are exceptions [A240]');

---------------------------------------------------------------- the terms are the contract's

SELECT matches(as_user('fund_li', contract(2024, 'margin, surplus_to_fund', '0.03, ''{1}''')), '^42501', 'a clerk makes no contract');
SELECT throws_ok(replace(contract(2024, 'margin, surplus_to_fund', '0.03, ''{1}'''), '''承办合同''', 'NULL'), 'YB006', NULL, 'it has its source');
SELECT throws_ok(contract(2024, 'surplus_to_fund', '''{1}'''), 'YB006', NULL, 'a margin is stated, never assumed');
SELECT throws_ok(contract(2024, 'margin, surplus_upto, surplus_to_fund', '0.03, ''{0.03}'', ''{0, 1}'''), 'YB002', NULL, 'steps rise from the margin on');
SELECT throws_ok(contract(2024, 'margin, surplus_upto, surplus_to_fund', '0.03, ''{0.06, 0.05}'', ''{0, 0.5, 1}'''), 'YB002', NULL, 'each above the one before');
SELECT throws_ok(contract(2024, 'margin, surplus_to_fund', '0.03, ''{1.01}'''), 'YB002', NULL, 'no more goes back than there is');
SELECT throws_ok(contract(2024, 'margin, surplus_to_fund', '0.03, ''{NULL}'''), 'YB006', NULL, 'no share is left open');
SELECT throws_ok(contract(2024, 'margin, surplus_to_fund', '0.03, ''[2:2]={1}'''), 'YB002', NULL, 'lists begin at 1');
SELECT throws_ok(contract(2024, 'margin, surplus_upto, surplus_to_fund', '0.03, ''{0.05}'', ''{1}'''), 'YB002', NULL, 'each step has its share');
SELECT throws_ok(contract(2024, 'margin, surplus_to_fund, loss_to_fund', '0.03, ''{1}'', ''{0.5}'''), 'YB002', NULL, 'a loss that is shared has what the insurer bears alone');
SELECT lives_ok(contract(2023, 'margin, surplus_to_fund', '0.03, ''{1}'''), 'all above 3% goes back');
SELECT lives_ok(contract(2024, 'cost_ratio, margin, surplus_upto, surplus_to_fund', '0.02, 0.03, ''{0.05}'', ''{0.5, 1}'''), 'in steps: half from 3% to 5%, all above');
SELECT lives_ok(contract(2025, 'margin, surplus_to_fund, loss_margin, loss_to_fund', '0.03, ''{1}'', 0.05, ''{0.5}'''), 'of a loss above 5% half is shared');
SELECT throws_ok(replace(contract(2025, 'margin, surplus_to_fund', '0.03, ''{1}'''), 'k2025', 'k9'), 'YB501', NULL, 'a year has one contract');
SELECT throws_ok($$UPDATE fa.serious_contract SET margin = 0.05$$, 'YB304', NULL, 'it is not changed');

---------------------------------------------------------------- what they come to

-- 2023: 100.00 - 98.00 = 2.00, within 3% (3.00): the insurer's.
-- 2024: 2% of 10,000.01 is 200.0002, 200.00; 10,000.01 - 200.00 - 9,000.00 = 800.01; 3% is 300.0003, 5% is 500.0005:
--       200.0002 x 0.5 + 300.0095 x 1 = 400.0096, 400.01; the insurer keeps 800.01 - 400.01 = 400.00.
-- 2025: 1,000.00 - 1,200.00 = -200.00; above 5% (50.00) 150.00, half of it 75.00; the insurer bears 125.00.
SELECT results_eq($$SELECT coverage_year, premium, cost, claims, balance, surplus_due, loss_due, insurer_keeps, closed FROM fa.contract_statement ORDER BY 1$$,
  $$VALUES (2023, 100.00, 0.00, 98.00, 2.00, 0.00, 0.00, 2.00, false), (2024, 10000.01, 200.00, 9000.00, 800.01, 400.01, 0.00, 400.00, false), (2025, 1000.00, 0.00, 1200.00, -200.00, 0.00, 75.00, -125.00, false)$$,
  'premium, cost, claims; what goes back and what is shared, to the fen [A240]');
SELECT is_empty('SELECT * FROM fa.contract_exception', 'while the years are open nothing is late');
UPDATE fa.period SET closed = true;
INSERT INTO fa.year_close (close_id, fund, year, doc_no) VALUES ('y23', 'resident', 2023, 'x');
INSERT INTO fa.year_close (close_id, fund, year, doc_no) VALUES ('y24', 'resident', 2024, 'x');
INSERT INTO fa.year_close (close_id, fund, year, doc_no) VALUES ('y25', 'resident', 2025, 'x');
SELECT results_eq($$SELECT coverage_year, party, kind, due, booked FROM fa.contract_exception ORDER BY 1$$,
  $$VALUES (2024, '承办公司' COLLATE "C", 'surplus' COLLATE "C", 400.01, 0.00), (2025, '承办公司', 'loss', 75.00, 0.00)$$, 'closed, they show what is not booked [A240]');
SELECT is(book('c1', 'contract.surplus', 'amt, party, coverage_year', '400, ''承办公司'', 2024'), 'ok', 'a surplus is booked a fen short');
SELECT results_eq($$SELECT kind, due, booked FROM fa.contract_exception WHERE coverage_year = 2024 ORDER BY 1$$,
  $$VALUES ('surplus' COLLATE "C", 400.01, 400.00), ('surplus_received', 400.00, 0.00)$$, 'and shows, as does what has not come');
SELECT is(book('c2', 'contract.surplus', 'amt, party, coverage_year', '0.01, ''承办公司'', 2024'), 'ok', 'the fen');
SELECT is(came('e1', 2024, 400, 'c1') || came('e2', 2024, 0.01, 'c2'), 'okok', 'all of it comes');
SELECT is(book('l1', 'contract.loss', 'amt, party, coverage_year', '75, ''承办公司'', 2025'), 'ok', 'the loss is booked');
SELECT results_eq($$SELECT coverage_year, kind, due, booked FROM fa.contract_exception$$, $$VALUES (2025, 'loss_paid' COLLATE "C", 75.00, 0.00)$$, 'not paid yet');
SELECT is(book('l2', 'loss.share', 'amt, refers, pool', '75, ''l1'', ''inpatient''') || as_user('fund_wang', $$INSERT INTO fa.voucher_approval (voucher_id, decision, effective_on) VALUES ('l2', 'approve', '2026-03-06')$$), 'okok', 'paid');
SELECT is_empty('SELECT * FROM fa.contract_exception', 'nothing is left [A240]');
SELECT results_eq($$SELECT surplus, surplus_received, loss, loss_paid, closed FROM fa.contract_statement ORDER BY coverage_year$$,
  $$VALUES (0.00, 0.00, 0.00, 0.00, true), (400.01, 400.01, 0.00, 0.00, true), (0.00, 0.00, 75.00, 75.00, true)$$, 'and the statement says so');
-- a claim that comes in late changes what was due: 25.00 more of the insurer's
SELECT claim('s25b', '2025-12-30', 125) \g /dev/null
SELECT results_eq($$SELECT kind, due, booked FROM fa.contract_exception$$, $$VALUES ('loss' COLLATE "C", 87.50, 75.00)$$, 'a late claim shows: 225.00 - 50.00 = 175.00, half of it 87.50');
SELECT is(book('w1', 'contract.surplus', 'amt, party, coverage_year', '1, ''别家公司'', 2024'), 'ok', 'what another owes');
SELECT is((SELECT surplus FROM fa.contract_statement WHERE coverage_year = 2024), 400.01, 'is not this insurer''s');
SET CONSTRAINTS ALL IMMEDIATE;
SELECT is_empty($$SELECT "check", detail FROM yibao.verify('fa') WHERE NOT ok$$, 'identities hold');
SELECT * FROM finish();
ROLLBACK;
