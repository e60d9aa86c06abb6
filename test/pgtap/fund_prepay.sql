-- Prepayment of providers: base and conditions by the area's rule, the schedule by which it comes back, what is behind it.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(56);
-- A document with the basic layer only: half is paid.
INSERT INTO fa.policy (policy_id, rules) SELECT 'p1', d || jsonb_build_object('layers', jsonb_build_array(d -> 'layers' -> 0)) FROM fund_doc('2024-01-01',
  jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2024}', '0.30')), 'on_pool_short', 'queue', 'source', 't')) d;
CREATE FUNCTION claim(id text, provider text, day text, amount numeric, kind text DEFAULT '21') RETURNS void LANGUAGE sql AS $$
INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, fixmedins_code, med_type, setl_type, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt)
VALUES (id, id, '390', day::timestamp, false, provider, kind, '2', amount, 0, 0, 0, amount) $$;
CREATE FUNCTION pay(id text, ym text, day text, columns text DEFAULT '', vals text DEFAULT '') RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_li', format('INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on%s) VALUES (%L, ''H1'', %L, %L%s)', columns, id, ym, day, vals))
  || ', ' || as_user('fund_wang', format('INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES (%L, ''approve'', %L)', id, day)) $$;
CREATE FUNCTION prepay(id text, provider text, day text, amount numeric) RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_li', format('INSERT INTO fa.voucher (voucher_id, event, effective_on, amt, party, doc_no) VALUES (%L, ''prepay'', %L, %s, %L, ''预'')', id, day, amount, provider)) $$;
CREATE FUNCTION approve(id text, day text) RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_wang', format('INSERT INTO fa.voucher_approval (voucher_id, decision, effective_on) VALUES (%L, ''approve'', %L)', id, day)) $$;
CREATE FUNCTION plan_row(voucher text, day text, amount numeric) RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_li', format('INSERT INTO fa.prepay_schedule (voucher_id, due_on, amt) VALUES (%L, %L, %s)', voucher, day, amount)) $$;
CREATE FUNCTION refused(attempt text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE detail text;
BEGIN
  EXECUTE attempt;
  RETURN 'not refused';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
  RETURN SQLSTATE || ' ' || SQLERRM || ' ' || detail;
END $$;

-- 2024: 60,000.00 comes in. H1 has a stay of 200.00 each month, 100.00 of the pool, and in March a visit of 120.00, 60.00 of the pool.
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r1', 'subsidy', 'fiscal', '2024-01-02', 2024, 60000.00);
INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id) VALUES ('q1', 'appropriation', 'fiscal', 'expenditure', '2024-01-03', 50000.00, 'F1');
SELECT claim('s' || m, 'H1', format('2024-%s-15', to_char(m, 'FM00')), 200) FROM generate_series(1, 12) m \g /dev/null
SELECT claim('o1', 'H1', '2024-03-20', 120, '11') \g /dev/null
-- each month is paid on the 10th of the next: eleven of them in 2024
SELECT is((SELECT string_agg(DISTINCT pay('p' || m, '2024' || to_char(m, 'FM00'), format('2024-%s-10', to_char(m + 1, 'FM00'))), ' ') FROM generate_series(1, 11) m), 'ok, ok', 'eleven months of 2024 are paid in it');
SELECT results_eq($$SELECT month, pool, paid, settled FROM fa.provider_month WHERE party = 'H1' AND month IN ('2024-01', '2024-04', '2024-12') ORDER BY 1, 2$$,
  $$VALUES ('2024-01' COLLATE "C", 'inpatient' COLLATE "C", 0.00, 100.00), ('2024-04', 'inpatient', 100.00, 100.00), ('2024-04', 'outpatient', 60.00, 0.00), ('2024-12', 'inpatient', 100.00, 100.00)$$,
  'what a provider is paid by the month of payment, and what is settled by clearing month');

---------------------------------------------------------------- the rule is the area's, with its source

CREATE FUNCTION rule(id text, more text DEFAULT '', vals text DEFAULT '') RETURNS text LANGUAGE sql AS $$
SELECT format('INSERT INTO fa.prepay_rule (rule_id, valid_from, measure, years, months, control, source, trust%s) VALUES (%L, ''2025-01-01'', ''paid'', 1, 1, ''refuse'', ''预付办法'', ''demo''%s)', more, id, vals) $$;
SELECT matches(as_user('fund_li', rule('R')), '^42501', 'a clerk makes no rule');
SELECT throws_ok($$INSERT INTO fa.prepay_rule (rule_id, valid_from, measure, years, months, control, trust) VALUES ('R', '2025-01-01', 'paid', 1, 1, 'refuse', 'demo')$$, 'YB006', NULL, 'nor the owner one without its source');
SELECT throws_ok(rule('R', ', pools', $$, '{assistance}'$$), 'YB004', NULL, 'pools are those of the fund');
SELECT throws_ok(rule('R', ', pay_by', $$, '02-30'$$), 'YB002', NULL, 'a last day is a day');
SELECT throws_ok(rule('R', ', min_months_payable', ', 6'), 'YB002', NULL, 'months payable have their denominator');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.prepay_attest (attest_id, year, condition, party, doc_no) VALUES ('a1', 2025, 'no_suspension', 'H1', '证1')$$), '^YB004', 'no condition is proved that no rule asks for');
-- the shape of the national and Yunnan's text: a mean month of last year; six months payable, no deficit, a whole year settled, all back, paid by March
SELECT lives_ok(rule('R', ', min_months_payable, denominator, no_deficit, min_settled_months, none_outstanding, pay_by, attested', $$, 6, 'last_12_months', true, 12, true, '03-31', '{no_suspension}'$$), 'the owner states the rule [A239]');
SELECT throws_ok($$UPDATE fa.prepay_rule SET months = 2$$, 'YB304', NULL, 'it is not changed');

---------------------------------------------------------------- base, limit and conditions

-- paid in 2024: 11 x 100.00 + 60.00 = 1,160.00; / 12 = 96.666; the fund: 60,000.00 - 1,160.00 = 58,840.00; x 12 / 1,160.00 = 608.69
SELECT results_eq($$SELECT base_amt, mean_amt, limit_amt, prepaid_amt, months_payable, last_balance, settled_months, outstanding_amt, unmet FROM fa.prepay_limit WHERE party = 'H1' AND year = 2025$$,
  $$VALUES (1160.00, 96.67, 96.66, 0.00, 608.69, 58840.00, 12, 0.00, '{no_suspension}'::text[] COLLATE "C")$$, 'the base is what was paid last year, the limit a twelfth of it, cut to the fen [A239]');
SELECT matches(prepay('v0', 'H1', '2025-01-10', 90), '^YB307 rule R does not allow that 90.00 is prepaid to H1: no_suspension', 'a condition that no document proves [A239]');
SELECT is(as_user('fund_li', $$INSERT INTO fa.prepay_attest (attest_id, year, condition, party, doc_no) VALUES ('a1', 2025, 'no_suspension', 'H1', '证1')$$), 'ok', 'a document proves it');
SELECT matches(prepay('v0', 'H1', '2025-01-10', 96.67), '^YB307 .*: months$', 'a fen above the mean month is refused [A239]');
SELECT is(refused($$INSERT INTO fa.voucher (voucher_id, event, effective_on, amt, party, doc_no) VALUES ('v0', 'prepay', '2025-01-10', 96.67, 'H1', '预')$$),
  'YB307 rule R does not allow that 96.67 is prepaid to H1: months The limit of 2025 is 96.66, 0.00 of it has been prepaid (预付办法).', 'with the limit and the rule''s source');
SELECT matches(prepay('v0', 'H1', '2025-04-01', 96.66), '^YB307 .*: pay_by$', 'and so is one after the last day');
SELECT matches(prepay('v0', 'H2', '2025-01-10', 1), '^YB307 .*: months, min_settled_months, no_suspension$', 'a provider that was paid nothing is prepaid nothing');
SELECT is((SELECT count(*) FROM fa.voucher), 0::bigint, 'nothing of it is kept');
SELECT is(prepay('v1', 'H1', '2025-01-10', 96.66), 'ok', 'the mean month may be prepaid');
SELECT results_eq($$SELECT rule_id, year, base_amt, limit_amt, prepaid_amt, months_payable, last_balance, settled_months, outstanding_amt, unmet FROM fa.prepay_basis$$,
  $$VALUES ('R' COLLATE "C", 2025, 1160.00, 96.66, 0.00, 608.69, 58840.00, 12, 0.00, '{}'::text[] COLLATE "C")$$, 'what it was measured by is kept');
SELECT throws_ok($$INSERT INTO fa.prepay_basis SELECT * FROM fa.prepay_basis$$, 'YB305', NULL, 'by posting only');

---------------------------------------------------------------- the schedule

SELECT matches(approve('v1', '2025-01-11'), '^YB307 the schedule of prepayment v1 comes to 0.00, the prepayment is 96.66', 'without a schedule it is not paid [A281]');
SELECT matches(plan_row('v9', '2025-03-31', 1), '^YB307', 'a schedule is of a prepayment');
SELECT matches(plan_row('v1', '2026-01-01', 32.22), '^YB307', 'none of it is due after 31 December [A281]');
SELECT matches(plan_row('v1', '2025-01-09', 32.22), '^YB307', 'nor before it is paid');
SELECT matches(plan_row('v1', '2025-03-31', 0), '^YB002', 'nothing is no part');
SELECT is(plan_row('v1', '2025-03-31', 32.22) || plan_row('v1', '2025-06-30', 32.22), 'okok', 'two thirds by June');
SELECT is(plan_row('v1', '2025-06-30', 32.22), 'ok', 'the same row again');
SELECT matches(plan_row('v1', '2025-06-30', 32.21), '^YB501', 'another of that day is refused');
SELECT matches(plan_row('v1', '2025-09-30', 32.23), '^YB307', 'together they are no more than the prepayment');
SELECT matches(approve('v1', '2025-01-11'), '^YB307 the schedule of prepayment v1 comes to 64.44', 'nor less');
SELECT is(plan_row('v1', '2025-09-30', 32.22), 'ok', 'the last third');
SELECT is(approve('v1', '2025-01-11'), 'ok', 'then it is paid');
SELECT matches(plan_row('v1', '2025-10-30', 1), '^YB307', 'and its schedule is closed');
SELECT matches(prepay('v2', 'H1', '2025-02-10', 0.01), '^YB307 .*: months$', 'the year''s limit is used up');

---------------------------------------------------------------- back, by offset

SELECT matches(pay('p12', '202412', '2025-01-20', ', offset_amt', ', 0.01'), '^YB307 offset_amt 0.01 is more than is due back from H1 on 2025-01-20, 0.00', 'before its day nothing is taken');
SELECT is(pay('p12', '202412', '2025-01-20'), 'ok, ok', 'December is paid');
SELECT is((SELECT offset_amt FROM fa.payment WHERE payment_id = 'p12'), 0.00, 'whole');
SELECT claim('t1', 'H1', '2025-03-05', 200), claim('t2', 'H1', '2025-06-05', 40), claim('t3', 'H1', '2025-07-05', 200) \g /dev/null
SELECT is(pay('p13', '202503', '2025-04-10'), 'ok, ok', 'March is paid when the first third is due');
SELECT results_eq($$SELECT amt, offset_amt FROM fa.payment WHERE payment_id = 'p13'$$, $$VALUES (100.00::numeric, 32.22::numeric)$$, 'and 32.22 of it is set against the prepayment [A239]');
SELECT is((SELECT balance_fen FROM fa.cash WHERE class = 'expenditure' AND fund = 'resident'), 4857556::bigint, 'the bank paid 67.78: 50,000.00 - 1,160.00 - 96.66 - 100.00 + 32.22 - 100.00');
-- June: 20.00 are owed, 32.22 are due
SELECT is(pay('p14', '202506', '2025-07-10'), 'ok, ok', 'a month that is smaller than what is due');
SELECT is((SELECT offset_amt FROM fa.payment WHERE payment_id = 'p14'), 20.00, 'is set against it whole');
SELECT matches(pay('p15', '202507', '2025-08-10', ', offset_amt', ', 12.23'), '^YB307 offset_amt 12.23 is more than is due back from H1 on 2025-08-10, 12.22', 'more than the schedule says is refused');
SELECT is(pay('p15', '202507', '2025-08-10'), 'ok, ok', 'the next payment');
SELECT is((SELECT offset_amt FROM fa.payment WHERE payment_id = 'p15'), 12.22, 'makes up what was behind');
SELECT results_eq($$SELECT due_on, amt, recovered, open, days_late FROM fa.prepay_recovery ORDER BY 1$$,
  $$VALUES ('2025-03-31'::date, 32.22, 32.22, 0.00, 0), ('2025-06-30', 32.22, 32.22, 0.00, 0), ('2025-09-30', 32.22, 0.00, 32.22, current_date - '2025-09-30'::date)$$, 'what is behind its schedule is listed, by days [A239 A281]');
SELECT results_eq($$SELECT year, party, amt FROM fa.prepayment_outstanding WHERE year = 2025$$, $$VALUES (2025, 'H1' COLLATE "C", 32.22)$$, 'and is an exception on 31 December [A281]');
SELECT is(as_user('fund_li', $$INSERT INTO fa.voucher (voucher_id, event, effective_on, amt, party, account) VALUES ('b1', 'prepay.recover', '2026-01-15', 32.22, 'H1', 'expenditure')$$), 'ok', 'in January it comes back in cash');
SELECT is((SELECT sum(open) || ' ' || max(days_late) FROM fa.prepay_recovery), '0.00 0', 'nothing is behind any more');

---------------------------------------------------------------- the next year, and a rule that only reports

-- 2025 took in nothing and spent 100.00 (December) + 100.00 + 20.00 + 100.00 = 320.00; three months settled
SELECT results_eq($$SELECT base_amt, last_balance, settled_months, outstanding_amt, unmet FROM fa.prepay_limit WHERE party = 'H1' AND year = 2026$$,
  $$VALUES (320.00, -320.00, 3, 32.22, '{no_deficit,min_settled_months,none_outstanding,no_suspension}'::text[] COLLATE "C")$$, 'a deficit, months without settlements, and what was not back on 31 December, stand against the next one [A281]');
SELECT lives_ok($$INSERT INTO fa.prepay_rule (rule_id, valid_from, measure, years, pools, months, control, source, trust) VALUES ('R2', '2026-01-01', 'settled', 2, '{inpatient}', 2, 'report', '周转金办法', 'demo')$$, 'a rule of the next year: two mean months of two years, of inpatient settlements, reported');
-- settled, inpatient: 12 x 100.00 + 100.00 + 20.00 + 100.00 = 1,420.00; x 2 / 24 = 118.333
SELECT results_eq($$SELECT rule_id, base_amt, limit_amt, unmet FROM fa.prepay_limit WHERE party = 'H1' AND year = 2026$$, $$VALUES ('R2' COLLATE "C", 1420.00, 118.33, '{}'::text[] COLLATE "C")$$, 'takes its place [A239]');
SELECT is(prepay('v3', 'H1', '2026-02-01', 118.34) || plan_row('v3', '2026-12-31', 118.34) || approve('v3', '2026-02-02'), 'okokok', 'above it is paid');
SELECT results_eq($$SELECT voucher_id, unmet FROM fa.prepay_basis WHERE unmet <> '{}'$$, $$VALUES ('v3' COLLATE "C", '{months}'::text[] COLLATE "C")$$, 'and reported [A239]');
SET CONSTRAINTS ALL IMMEDIATE;
SELECT is_empty($$SELECT "check", detail FROM yibao.verify('fa') WHERE NOT ok$$, 'identities hold');
SELECT * FROM finish();
ROLLBACK;
