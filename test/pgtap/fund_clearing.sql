-- A provider settles a month with the centre by day 20 of the next, a year by 20 January: what comes later is refused to it, never to the patient.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(56);
CREATE FUNCTION doc(valid_from text, late text) RETURNS jsonb LANGUAGE sql AS $$
SELECT fund_doc(valid_from, jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2024}', '0.30')), 'on_pool_short', 'queue', 'source', 't',
  'deadline', jsonb_build_object('monthly_day', 20, 'yearly', '01-20', 'non_working', 'shift', 'source', 't') || late::jsonb)) $$;
INSERT INTO fa.policy (policy_id, rules) VALUES ('p24', doc('2024-01-01', '{"late": "refuse"}')), ('p25', doc('2025-06-01', '{"late": "report"}'));
CREATE FUNCTION claim(id text, provider text, day text, amount numeric) RETURNS void LANGUAGE sql AS $$
INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, fixmedins_code, med_type, setl_type, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt)
VALUES (id, id, '390', day::timestamp, false, provider, '21', '2', amount, 0, 0, 0, amount) $$;
CREATE FUNCTION clear(id text, provider text, ym text, day text) RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_li', format('INSERT INTO fa.clearing (clearing_id, fixmedins_code, clr_ym, applied_on) VALUES (%L, %L, %L, %L)', id, provider, ym, day)) $$;
CREATE FUNCTION pay(id text, provider text, ym text, day text) RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_li', format('INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES (%L, %L, %L, %L)', id, provider, ym, day))
  || ', ' || as_user('fund_wang', format('INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES (%L, ''approve'', %L)', id, day)) $$;
CREATE FUNCTION extend(id text, provider text, ym text, day text) RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_wang', format('INSERT INTO fa.clearing_extension (extension_id, fixmedins_code, clr_ym, until_on, reason, doc_no) VALUES (%L, %L, %L, %L, ''系统升级'', ''批1'')', id, provider, ym, day)) $$;
CREATE FUNCTION due(id text) RETURNS text LANGUAGE sql AS $$ SELECT due_on || CASE WHEN late THEN ' late' ELSE '' END || CASE WHEN refused THEN ' refused' ELSE '' END FROM fa.clearing WHERE clearing_id = id $$;
CREATE FUNCTION late(id text, amount numeric, provider text, ym text, clearing text) RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_li', format('INSERT INTO fa.voucher (voucher_id, event, effective_on, amt, party, clr_ym, clearing_id) VALUES (%L, ''clearing.late'', ''2025-02-10'', %s, %L, %L, %L)', id, amount, provider, ym, clearing)) $$;

-- outpatient 3,000.00, inpatient 7,000.00
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r1', 'subsidy', 'fiscal', '2024-01-10', 2024, 10000.00);
INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id) VALUES ('q1', 'appropriation', 'fiscal', 'expenditure', '2024-01-11', 5000.00, 'F1');
-- 1,000.00: 500.00 of the pool, 200.00 advanced for the insurer
SELECT claim('s1', 'H1', '2024-03-05', 1000) \g /dev/null

---------------------------------------------------------------- in time

SELECT matches(pay('p0', 'H1', '202403', '2024-04-25'), '^YB307 1 settlements of provider H1, month 202403, are in no clearing', 'what a provider has not settled with the centre is not paid [A072 A074]');
SELECT results_eq('SELECT fixmedins_code, clr_ym, settlements FROM fa.clearing_open', $$VALUES ('H1' COLLATE "C", '202403' COLLATE "C", 1)$$, 'and is listed');
SELECT matches(clear('c0', 'H9', '202403', '2024-04-10'), '^YB307 provider H9 has nothing of 202403 to clear', 'nothing is not cleared');
SELECT matches(clear('c0', 'H1', '202413', '2024-04-10'), '^YB004', 'a month is a month');
SELECT matches(clear('c0', 'H1', '202312', '2024-01-10'), '^YB008', 'of a time that a policy covers');
-- 20 April 2024 is a Saturday
SELECT is(clear('c1', 'H1', '202403', '2024-04-22'), 'ok', 'a provider settles March on Monday, 22 April');
SELECT is(due('c1'), '2024-04-22', 'in time: the 20th was a Saturday [A072 P32]');
SELECT is(clear('c1', 'H1', '202403', '2024-04-22'), 'ok', 'the same row again');
SELECT is((SELECT count(*) FROM fa.clearing), 1::bigint, 'inserts nothing');
SELECT is(pay('p1', 'H1', '202403', '2024-04-25'), 'ok, ok', 'it is paid');
SELECT is((SELECT amt FROM fa.payment WHERE payment_id = 'p1'), 700.00, 'whole');
SELECT is_empty('SELECT * FROM fa.clearing_open', 'nothing of it is left to clear');

---------------------------------------------------------------- late

-- 400.00: 200.00, 80.00; the assistance fund's 12.00 wait, it has no money
SELECT claim('s2', 'H1', '2024-03-06', 400) \g /dev/null
SELECT is(available('inpatient'), 6300.00, 'what a hospital sends afterwards is owed: 7,000.00 - 500.00 - 200.00');
SELECT matches(pay('p2', 'H1', '202403', '2024-05-02'), '^YB307 1 settlements', 'but was in no clearing');
SELECT is(clear('c2', 'H1', '202403', '2024-05-02'), 'ok', 'it is settled on 2 May');
SELECT is(due('c2'), '2024-04-22 late refused', 'late, and refused [A074]');
SELECT results_eq($$SELECT setl_id, layer, change, amount_fen FROM fa.item_change ORDER BY layer$$, $$VALUES ('s2' COLLATE "C", 'basic' COLLATE "C", 'refused' COLLATE "C", 20000::bigint), ('s2', 'serious', 'refused', 8000)$$, 'the pool''s part and the insurer''s');
SELECT is(available('inpatient'), 6500.00, 'the pool has it back: 6,300.00 + 200.00 [A074]');
SELECT is((SELECT psn_cash_pay FROM fa.settlement WHERE setl_id = 's2'), 108.00, 'the patient pays what he paid: 400.00 - 200.00 - 80.00 - 12.00 [F7]');
SELECT results_eq($$SELECT due, refused, paid, open FROM fa.provider_statement WHERE party = 'H1' AND fund = 'resident'$$, $$VALUES (980.00, 280.00, 700.00, 0.00)$$, 'the hospital bears it');
SELECT matches(pay('p2', 'H1', '202403', '2024-05-03'), '^YB307 nothing is owed', 'nothing of it is paid');
SELECT results_eq($$SELECT clearing_id, settlements, amt, refused_amt FROM fa.clearing_status ORDER BY 1$$, $$VALUES ('c1' COLLATE "C", 1, 730.00, 0.00), ('c2', 1, 292.00, 280.00)$$, 'each clearing with what it came to, and what was refused');
SELECT is_empty($$SELECT "check", detail FROM yibao.verify('fa') WHERE NOT ok$$, 'identities hold after a refusal');

---------------------------------------------------------------- an extension needs another person

SELECT claim('s3', 'H2', '2024-03-07', 600), claim('s4', 'H3', '2024-03-08', 100) \g /dev/null
SELECT matches(as_user('fund_li', $$INSERT INTO fa.clearing_extension (extension_id, fixmedins_code, clr_ym, until_on, reason, doc_no) VALUES ('x', 'H2', '202403', '2024-05-15', 'x', 'x')$$), '^42501', 'who clears extends nothing');
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.clearing_extension (extension_id, fixmedins_code, clr_ym, until_on, reason) VALUES ('x', 'H2', '202403', '2024-05-15', 'x')$$), '^YB006 doc_no', 'an extension has its document');
SELECT is(extend('e1', 'H2', '202403', '2024-05-15') || extend('e2', 'H3', '202403', '2024-04-30'), 'okok', 'two are approved');
GRANT INSERT ON fa.clearing TO fund_wang;
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.clearing (clearing_id, fixmedins_code, clr_ym, applied_on) VALUES ('c3', 'H2', '202403', '2024-05-10')$$), '^YB401', 'not used by who approved it [A074]');
REVOKE INSERT ON fa.clearing FROM fund_wang;
SELECT is(clear('c3', 'H2', '202403', '2024-05-10') || clear('c4', 'H3', '202403', '2024-05-10'), 'okok', 'both are settled on 10 May');
SELECT is((SELECT string_agg(due(clearing_id) || coalesce(' ' || extension_id, ''), ', ' ORDER BY clearing_id) FROM fa.clearing WHERE clearing_id IN ('c3', 'c4')), '2024-04-22 e1, 2024-04-22 late refused', 'one within its extension, one after it [A074]');
SELECT is(pay('p3', 'H2', '202403', '2024-05-20'), 'ok, ok', 'the one is paid');
SELECT matches(pay('p4', 'H3', '202403', '2024-05-20'), '^YB307 nothing is owed', 'the other is not');

---------------------------------------------------------------- days off

SELECT claim('s5', 'H4', '2024-03-09', 10), claim('s6', 'H5', '2024-03-10', 10) \g /dev/null
INSERT INTO fa.day_off (off_id, day, works, source) VALUES ('d1', '2024-04-22', false, '放假安排');
SELECT throws_ok($$INSERT INTO fa.day_off (off_id, day, works, source) VALUES ('d2', '2024-04-22', true, '放假安排')$$, 'YB501', NULL, 'a day is off or not');
SELECT is(clear('c5', 'H4', '202403', '2024-04-23'), 'ok', 'Monday is a holiday');
SELECT is(due('c5'), '2024-04-23', 'so Tuesday is in time [P32]');
INSERT INTO fa.day_off (off_id, day, works, source) VALUES ('d3', '2024-04-21', true, '放假安排');
SELECT is(clear('c6', 'H5', '202403', '2024-04-22'), 'ok', 'Sunday is worked');
SELECT is(due('c6'), '2024-04-21 late refused', 'so Monday is late');

---------------------------------------------------------------- the year

SELECT claim('s7', 'H1', '2024-12-30', 10), claim('s8', 'H2', '2024-12-30', 10), claim('s9', 'H1', '2024-10-30', 10) \g /dev/null
SELECT is(clear('c7', 'H1', '202412', '2025-01-20') || clear('c8', 'H2', '202412', '2025-01-21') || clear('c9', 'H1', '202410', '2024-11-20'), 'okokok', 'December is settled in January');
SELECT is(due('c7') || ', ' || due('c8') || ', ' || due('c9'), '2025-01-20, 2025-01-20 late refused, 2024-11-20', 'by 20 January [A073]');

---------------------------------------------------------------- what waited for money when it came late

-- 40,000.00: 20,000.00 of a pool that has less, 8,000.00 advanced
SELECT claim('t1', 'H6', '2024-11-05', 40000) \g /dev/null
SELECT is(clear('c10', 'H6', '202411', '2025-01-02'), 'ok', 'a claim that waits comes late');
SELECT results_eq($$SELECT layer, amount_fen FROM fa.item_change c WHERE setl_id = 't1'$$, $$VALUES ('serious' COLLATE "C", 800000::bigint)$$, 'what waits is not open: only the insurer''s part is refused');
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r2', 'subsidy', 'fiscal', '2025-02-01', 2025, 50000.00);
SELECT matches(pay('p6', 'H6', '202411', '2025-02-05'), '^YB307 a part of what provider H6 is owed for 202411 came late, by clearing c10', 'funded it is not paid either');
SELECT matches(late('l1', 20000, 'H1', '202403', 'c1'), '^YB307 clearing c1 is no late one', 'what came in time is not refused as late');
SELECT matches(late('l1', 20000, 'H1', '202411', 'c10'), '^YB307 clearing c10 is no late one of H1', 'nor another''s');
SELECT matches(late('l1', 20000.01, 'H6', '202411', 'c10'), '^YB307', 'nor more than there is');
SELECT is(late('l1', 20000, 'H6', '202411', 'c10'), 'ok', 'it is refused by a voucher of the same event');
SELECT matches(pay('p6', 'H6', '202411', '2025-02-11'), '^YB307 nothing is owed', 'then nothing is owed');

---------------------------------------------------------------- a policy that only reports, and one that is silent

SELECT claim('u1', 'H1', '2025-06-05', 100), claim('u2', 'H2', '2025-06-05', 100) \g /dev/null
SELECT is(pay('p7', 'H1', '202506', '2025-09-01'), 'ok, ok', 'where lateness is reported a payment asks for no clearing');
SELECT is(clear('c11', 'H2', '202506', '2025-08-01'), 'ok', 'a clearing is late');
SELECT is(due('c11'), '2025-07-21 late', 'and says so: 20 July 2025 is a Sunday');
SELECT is(pay('p8', 'H2', '202506', '2025-09-01'), 'ok, ok', 'it is paid');
INSERT INTO fa.policy (policy_id, rules) SELECT 'p26', doc('2026-01-01', '{}') #- '{fund,deadline}';
SELECT claim('v1', 'H1', '2026-01-05', 100) \g /dev/null
SELECT is(clear('c12', 'H1', '202601', '2026-09-01'), 'ok', 'where the policy states no deadline');
SELECT is((SELECT due_on || ' ' || late FROM fa.clearing WHERE clearing_id = 'c12'), NULL, 'there is none');

---------------------------------------------------------------- guards

SELECT throws_ok($$UPDATE fa.clearing SET applied_on = '2024-04-01'$$, 'YB304', NULL, 'a clearing is not dated back');
SELECT throws_ok($$DELETE FROM fa.clearing_item$$, 'YB304', NULL, 'nor are its settlements taken out');
SELECT throws_ok($$INSERT INTO fa.clearing_item (setl_id, clearing_id) VALUES ('s1', 'c2')$$, 'YB305', NULL, 'or put in');
SET CONSTRAINTS ALL IMMEDIATE;
SELECT is_empty($$SELECT "check", detail FROM yibao.verify('fa') WHERE NOT ok$$, 'identities hold');
SELECT * FROM finish();
ROLLBACK;
