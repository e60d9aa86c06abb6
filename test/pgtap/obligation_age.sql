-- What is owed, by age today and by item on 31 December: less what was refused and paid on the day that counts; a payment that the bank
-- returned later was paid then and is owed today; deposits and refunds are owed too.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(9);

INSERT INTO fa.policy (policy_id, rules)
SELECT 'p1', d || jsonb_build_object('layers', jsonb_build_array(d -> 'layers' -> 0)) FROM fund_doc('2024-01-01',
  jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2024}', '0.30')), 'on_pool_short', 'queue', 'deposit_book', 'unpaid', 'carry', 'keep_by_pool', 'source', 't')) d;
CREATE FUNCTION claim(id text, day text, amount numeric) RETURNS void LANGUAGE sql AS $$
INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, fixmedins_code, med_type, setl_type, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt)
VALUES (id, id, '390', day::timestamp, 'H1', '21', '2', amount, 0, 0, 0, amount) $$;
CREATE FUNCTION pay(id text, ym text, day date) RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_li', format('INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES (%L, ''H1'', %L, %L)', id, ym, day))
  || ' ' || as_user('fund_wang', format('INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES (%L, ''approve'', %L)', id, day)) $$;

INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r1', 'subsidy', 'fiscal', '2024-01-10', 2024, 100000);
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, heads) VALUES ('r2', 'contribution', 'fiscal', '2024-01-10', 2024, 1800, 10);
INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id) VALUES ('m1', 'appropriation', 'fiscal', 'expenditure', '2024-01-11', 10000, 'f1');

-- The policy pays half. A: 500.00, of it 50.00 refused and 450.00 paid. B: 300.00, paid, and sent back in January. C: 400.00, of it 100.00 refused in
-- February. D: 100.00, of it 10.00 withheld as a deposit. E: 250.00, reversed before it was paid. R has 180.00 of a contribution to have back.
SELECT claim('A', '2024-02-01', 1000);
SELECT claim('B', '2024-04-01', 600);
SELECT claim('C', '2024-06-01', 800);
SELECT claim('D', '2024-07-01', 200);
SELECT claim('E', '2024-07-02', 500);
INSERT INTO fa.settlement (setl_id, init_setl_id, setl_time) VALUES ('E-', 'E', '2024-07-03');
INSERT INTO fa.voucher (voucher_id, event, effective_on, amt, setl_id, doc_no) VALUES ('v1', 'audit.deduct', '2024-03-01', 50, 'A', 'd');
SELECT is(pay('p1', '202402', '2024-03-10'), 'ok ok', 'February is paid');
SELECT is(pay('p2', '202404', '2024-05-10'), 'ok ok', 'so is April');
INSERT INTO fa.voucher (voucher_id, event, effective_on, amt, setl_id, doc_no) VALUES ('v2', 'deposit.withhold', '2024-08-01', 10, 'D', 'd');
INSERT INTO fa.refund (refund_id, receipt_id, kind, psn_no, happened_on, refunded_on, account, amt, doc_no) VALUES ('f1', 'r2', 'duplicate', 'R', '2023-12-01', '2024-09-01', 'fiscal', 180, 'd');
INSERT INTO fa.voucher (voucher_id, event, effective_on, payment_id) VALUES ('v3', 'payment.returned', '2025-01-05', 'p2');
INSERT INTO fa.voucher (voucher_id, event, effective_on, amt, setl_id, doc_no) VALUES ('v4', 'audit.deduct', '2025-02-01', 100, 'C', 'd');
UPDATE fa.period SET closed = true WHERE period < '2024-12';
SELECT lives_ok($$INSERT INTO fa.year_close (close_id, fund, year, doc_no) VALUES ('y', 'resident', 2024, 'd')$$, '2024 is closed');

SELECT results_eq($$SELECT setl_id, party, amt, owed_since, days FROM fa.year_note ORDER BY owed_since$$,
  $$VALUES ('C' COLLATE "C", 'H1' COLLATE "C", 400.00, '2024-06-01'::date, 213), ('D', 'H1', 100.00, '2024-07-01', 183), ('refund:f1', 'psn:R', 180.00, '2024-09-01', 121)$$,
  'the note has what was owed on 31 December: what was refused and returned since was owed and paid then [A281]');
SELECT results_eq($$SELECT party, layer, items, oldest, amt, over_365 FROM fa.obligation_age ORDER BY party$$,
  $$VALUES ('H1' COLLATE "C", 'basic' COLLATE "C", 3::bigint, '2024-04-01'::date, 700.00, 700.00), ('psn:R', 'refund', 1, '2024-09-01', 180.00, 180.00)$$,
  'today 300.00 of B are owed again, 300.00 of C, 100.00 of D, and the refund');
-- 10.00 of D is a deposit, which is not payable now
SELECT results_eq($$SELECT party, layer, sum(owed) FROM fa.obligation GROUP BY party, layer ORDER BY party$$,
  $$VALUES ('H1' COLLATE "C", 'basic' COLLATE "C", 690.00), ('psn:R', 'refund', 180.00)$$, 'and so say the balances, a refund among them');
SELECT is((SELECT sum(open + deposit) FROM fa.provider_statement WHERE party = 'H1'), 700.00, 'and the provider''s statement');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.refund_approval (refund_id, decision, paid_on) VALUES ('f1', 'approve', '2025-01-20')$$), 'ok', 'the refund is paid in January');
SELECT is((SELECT string_agg(setl_id, ' ' ORDER BY owed_since) FROM fa.year_note) || '; ' || (SELECT string_agg(party, ' ') FROM fa.obligation_age), 'C D refund:f1; H1', 'which leaves the note as it was');

SELECT * FROM finish();
ROLLBACK;
