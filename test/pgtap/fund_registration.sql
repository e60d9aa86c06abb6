-- A stay is registered within 24 hours, in an emergency 72: what is late is listed, refused to the provider, or claimed by hand; never the patient's to bear.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(41);
CREATE FUNCTION doc(valid_from text, late text) RETURNS jsonb LANGUAGE sql AS $$
SELECT fund_doc(valid_from, jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2024}', '0.30')), 'on_pool_short', 'queue', 'source', 't') || late::jsonb)
  || jsonb '{"controls": {"admission_clock": {"hours": 24, "emergency_hours": 72, "count": "clock_hours", "source": "t"}}}' $$;
INSERT INTO fa.policy (policy_id, rules) VALUES ('p24', doc('2024-01-01', '{"late_registration": "deduct_provider"}')), ('p25', doc('2025-01-01', '{"late_registration": "manual_only"}')),
  ('p26', doc('2026-01-01', '{"late_registration": "report"}'));
CREATE FUNCTION admit(id text, admitted text, registered text, emergency boolean DEFAULT false, provider text DEFAULT 'H1') RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_li', format('INSERT INTO fa.admission (mdtrt_id, psn_no, fixmedins_code, begntime, reg_time, er_flag) VALUES (%1$L, %1$L, %5$L, %2$L, %3$L, %4$L)', id, admitted, registered, emergency, provider)) $$;
CREATE FUNCTION claim(id text, visit text, day text, amount numeric, kind text DEFAULT '2') RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_li', format('INSERT INTO fa.settlement (setl_id, psn_no, mdtrt_id, insutype, setl_time, refd_setl_flag, fixmedins_code, med_type, setl_type, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt) '
  'VALUES (%1$L, %2$L, %2$L, ''390'', %3$L, false, ''H1'', ''21'', %5$L, %4$s, 0, 0, 0, %4$s)', id, visit, day, amount, kind)) $$;
CREATE FUNCTION pay(id text, ym text, day text) RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_li', format('INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES (%L, ''H1'', %L, %L)', id, ym, day))
  || ', ' || as_user('fund_wang', format('INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES (%L, ''approve'', %L)', id, day)) $$;

-- inpatient 7,000.00
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r1', 'subsidy', 'fiscal', '2024-01-10', 2024, 10000.00);
INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id) VALUES ('q1', 'appropriation', 'fiscal', 'expenditure', '2024-01-11', 5000.00, 'F1');

---------------------------------------------------------------- in time or late

SELECT is(admit('v1', '2024-03-04 10:00', '2024-03-05 10:00') || admit('v2', '2024-03-04 10:00', '2024-03-05 10:00:01') || admit('v3', '2024-03-04 10:00', '2024-03-07 10:00', true) || admit('v4', '2024-03-04 10:00', '2024-03-07 10:01', true),
  'okokokok', 'four stays are registered');
SELECT results_eq('SELECT mdtrt_id, due_time, late, policy_id, late_registration FROM fa.admission ORDER BY 1',
  $$VALUES ('v1' COLLATE "C", timestamp '2024-03-05 10:00', false, 'p24' COLLATE "C", 'deduct_provider' COLLATE "C"), ('v2', '2024-03-05 10:00', true, 'p24', 'deduct_provider'),
    ('v3', '2024-03-07 10:00', false, 'p24', 'deduct_provider'), ('v4', '2024-03-07 10:00', true, 'p24', 'deduct_provider')$$, 'within 24 hours, in an emergency within 72; a second later is late [A082 A083]');
SELECT is(admit('v1', '2024-03-04 10:00', '2024-03-05 10:00'), 'ok', 'the same row again is no error');
SELECT matches(admit('v1', '2024-03-04 10:00', '2024-03-05 09:00'), '^YB501', 'another one is');
SELECT matches(admit('v0', '2023-03-04 10:00', '2023-03-05 09:00'), '^YB008', 'before any policy there is no rule');
SELECT matches(admit('v0', 'infinity', '2024-03-05 09:00'), '^YB007 begntime is infinite', 'a time is a time');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.admission (mdtrt_id, psn_no, fixmedins_code, begntime) VALUES ('v0', 'v0', 'H1', '2024-03-04')$$), '^YB006 reg_time is empty', 'that is given');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.admission (mdtrt_id, psn_no, fixmedins_code, begntime, reg_time, late) VALUES ('v0', 'v0', 'H1', '2024-03-04', '2024-03-09', false)$$), '^YB504', 'whether it is late is not the caller''s to say');
SELECT throws_ok($$DELETE FROM fa.admission$$, 'YB304', NULL, 'what was registered stays');

INSERT INTO fa.policy (policy_id, rules) VALUES ('p23', doc('2023-06-01', '{}') - 'controls');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.admission (mdtrt_id, psn_no, fixmedins_code, begntime, reg_time, late) VALUES ('v0', 'v0', 'H1', '2023-07-04', '2023-07-05', true)$$), '^YB504 late is given as (t|true), but this row has none', 'nor where the policy does not say how to count');

---------------------------------------------------------------- deduct_provider

-- each 1,000.00: 500.00 of the pool, 200.00 advanced for the insurer; the assistance fund's 30.00 wait. v2 and v4 are late, v5 never registered
SELECT is(claim('s1', 'v1', '2024-03-10', 1000) || claim('s2', 'v2', '2024-03-10', 1000) || claim('s4', 'v4', '2024-03-10', 1000) || claim('s5', 'v5', '2024-03-10', 1000), 'okokokok', 'all stays are settled: the patient does not wait [F7]');
SELECT is(claim('s6', 'v2', '2024-03-11', 100, '1'), 'ok', 'and a part of one by hand');
SELECT results_eq($$SELECT setl_id, party, clr_ym, amt FROM fa.registration_refusal ORDER BY 1$$, $$VALUES ('s2' COLLATE "C", 'H1' COLLATE "C", '202403' COLLATE "C", 700.00::numeric), ('s4', 'H1', '202403', 700.00)$$, 'what the provider is owed for late ones is to be refused, not what is the person''s [F7]');
SELECT results_eq($$SELECT setl_id FROM fa.registration_missing ORDER BY 1$$, $$VALUES ('s5' COLLATE "C")$$, 'stays that nobody registered are listed [A082]');
SELECT matches(pay('p1', '202403', '2024-04-02'), '^YB307 2 settlements of provider H1, month 202403, are of stays that it registered late, such as s2', 'before that nothing of the month is paid');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.admission_extension (mdtrt_id, reason, doc_no) VALUES ('v4', '系统故障', '批1')$$), '^42501', 'who registers accepts nothing');
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.admission_extension (mdtrt_id, reason, doc_no) VALUES ('v1', '系统故障', '批1')$$), '^YB307 stay v1 was not registered late', 'what was in time needs no acceptance');
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.admission_extension (mdtrt_id, reason) VALUES ('v4', '系统故障')$$), '^YB006 doc_no', 'it has its document');
GRANT INSERT ON fa.admission_extension TO fund_li;
SELECT matches(as_user('fund_li', $$INSERT INTO fa.admission_extension (mdtrt_id, reason, doc_no) VALUES ('v4', '系统故障', '批1')$$), '^YB401 admission v4 was drawn up by fund_li', 'another login accepts it');
REVOKE INSERT ON fa.admission_extension FROM fund_li;
SELECT is(as_user('fund_wang', $$INSERT INTO fa.admission_extension (mdtrt_id, reason, doc_no) VALUES ('v4', '系统故障', '批1')$$), 'ok', 'with a reason');
SELECT results_eq($$SELECT setl_id FROM fa.registration_refusal$$, $$VALUES ('s2' COLLATE "C")$$, 'and nothing follows for that stay [F7]');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.voucher (voucher_id, event, effective_on, setl_id) VALUES ('x', 'registration.late', '2024-04-02', 's1')$$), '^YB307 nothing of settlement s1 is refused for late registration', 'what was in time is not refused by hand');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.voucher (voucher_id, event, effective_on, setl_id, amt) VALUES ('x', 'registration.late', '2024-04-02', 's2', 699.99)$$), '^YB504 amt is given as 699.99, but it is 700.00', 'nor a part of what was late');
SELECT is(available('inpatient'), 4950.00, '7,000.00 less 4 x 500.00 and 50.00 is left');
-- the month is cleared
SELECT is(as_user('fund_li', $$INSERT INTO fa.clearing (clearing_id, fixmedins_code, clr_ym, applied_on) VALUES ('c1', 'H1', '202403', '2024-04-10')$$), 'ok', 'the provider clears the month');
SELECT results_eq($$SELECT voucher_id, event, amt, setl_id FROM fa.voucher$$, $$VALUES ('reg/resident/s2' COLLATE "C", 'registration.late' COLLATE "C", 700.00::numeric, 's2' COLLATE "C")$$, 'and is refused what is late [F7]');
SELECT is(available('inpatient'), 5450.00, 'the pool has its 500.00 back');
SELECT is((SELECT psn_cash_pay FROM fa.settlement WHERE setl_id = 's2'), (SELECT psn_cash_pay FROM fa.settlement WHERE setl_id = 's1'), 'the patient pays what others pay [F7]');
SELECT results_eq($$SELECT settlements, refused_amt FROM fa.clearing_status$$, $$VALUES (4, 700.00::numeric)$$, 'the clearing says so');
SELECT results_eq($$SELECT mdtrt_id, setl_id, extension_doc_no, refused FROM fa.registration_late ORDER BY 1, 2$$, $$VALUES ('v2' COLLATE "C", 's2' COLLATE "C", NULL::text, 700.00::numeric), ('v2', 's6', NULL, 0.00), ('v4', 's4', '批1', 0.00)$$, 'and the list of late registrations [A082 A083]');
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.admission_extension (mdtrt_id, reason, doc_no) VALUES ('v2', 'x', '批2')$$), '^YB307 what stay v2 came to has been refused already, by voucher reg/resident/s2', 'it is too late to accept it');
SELECT is(pay('p1', '202403', '2024-04-12'), 'ok, ok', 'the rest is paid');
SELECT results_eq($$SELECT due, refused, paid, open FROM fa.provider_statement WHERE party = 'H1' AND fund = 'resident'$$, $$VALUES (2800.00, 700.00, 2100.00, 0.00)$$, '4 x 700.00 due, 700.00 refused, the rest paid');

---------------------------------------------------------------- manual_only

SELECT is(admit('w1', '2025-03-04 10:00', '2025-03-06 10:00') || admit('w2', '2025-03-04 10:00', '2025-03-04 11:00') || admit('w3', '2025-03-04 10:00', '2025-03-06 10:00'), 'okokok', 'two late stays of 2025, and one in time');
SELECT is(claim('m1', 'w1', '2025-03-10', 100), 'YB204 stay w1 was registered at 2025-03-06 10:00:00, after 2025-03-05 10:00:00: it is not settled directly', 'a late one is not settled directly [F7]');
SELECT is(claim('m1', 'w1', '2025-03-10', 100, '1'), 'ok', 'the person claims it by hand [F7]');
SELECT is(claim('m2', 'w2', '2025-03-10', 100), 'ok', 'one in time is');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.admission_extension (mdtrt_id, reason, doc_no) VALUES ('w3', 'x', '批3')$$) || claim('m3', 'w3', '2025-03-10', 100), 'okok', 'and one that was accepted');

---------------------------------------------------------------- report

SELECT is(admit('y1', '2026-03-04 10:00', '2026-03-06 10:00') || claim('n1', 'y1', '2026-03-10', 100), 'okok', 'where late ones are reported they are settled');
SELECT is((SELECT late_registration || ' ' || refused FROM fa.registration_late WHERE mdtrt_id = 'y1'), 'report 0.00', 'and listed');
SET CONSTRAINTS ALL IMMEDIATE;
SELECT is_empty($$SELECT "check", detail FROM yibao.verify('fa') WHERE NOT ok$$, 'identities hold');
SELECT * FROM finish();
ROLLBACK;
