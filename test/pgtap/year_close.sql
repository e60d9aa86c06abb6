-- The end of a year: income and expense to the surplus, the pools by the policy's word, what is owed by item; the final accounts.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(48);
-- A document with the basic layer only: a stay pays half.
CREATE FUNCTION year_doc(valid_from text, more jsonb) RETURNS jsonb LANGUAGE sql AS $$
SELECT d || jsonb_build_object('layers', jsonb_build_array(d -> 'layers' -> 0)) FROM fund_doc(valid_from,
  jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2021, "<": 2024}', '0.30'), fund_split('{">=": 2024}', '0.40')),
    'serious', jsonb '{"model": "insurer", "set_aside": "at_remittance", "source": "t"}', 'on_pool_short', 'queue', 'serious_subject', 'serious_expense', 'source', 't') || more) d $$;
CREATE FUNCTION claim(id text, day text, amount numeric, kind text DEFAULT '21') RETURNS void LANGUAGE sql AS $$
INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, fixmedins_code, med_type, setl_type, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt)
VALUES (id, id, '390', day::timestamp, false, 'H1', kind, '2', amount, 0, 0, 0, amount) $$;
CREATE FUNCTION pay(id text, ym text, day date) RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_li', format('INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES (%L, ''H1'', %L, %L)', id, ym, day))
  || ' ' || as_user('fund_wang', format('INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES (%L, ''approve'', %L)', id, day)) $$;
CREATE FUNCTION pools() RETURNS text LANGUAGE sql AS $$
SELECT string_agg(balance || '/' || available, ' ' ORDER BY pool) FROM fa.pool_status WHERE fund = 'resident' $$;
CREATE FUNCTION line(which text, y int) RETURNS numeric LANGUAGE sql AS $$
SELECT amt FROM fa.final_account WHERE fund = 'resident' AND line = which AND year = y $$;
INSERT INTO fa.policy (policy_id, rules) VALUES ('p1', year_doc('2021-01-01', '{}'));

-- 2022, 万元: 35,226 received and kept. Split 30/70: outpatient 10,567.8, inpatient 24,658.2.
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('a1', 'subsidy', 'fiscal', '2022-01-10', 2022, 352260000.00);
SELECT throws_ok($$INSERT INTO fa.year_close (close_id, fund, year, doc_no) VALUES ('y22', 'resident', 2022, '决1')$$, 'YB307', 'the books of 2022-01 are open, so the year 2022 cannot be closed', 'the months before December are closed first');
UPDATE fa.period SET closed = true;
SELECT throws_ok($$INSERT INTO fa.year_close (close_id, fund, year, doc_no) VALUES ('y22', 'resident', 2022, '决1')$$, 'YB201', 'policy p1 does not say how the pools go over into the next year (fund.carry)',
  'how the pools go over has no default: it is refused, and named [A038]');
INSERT INTO fa.policy (policy_id, rules) VALUES ('p2', year_doc('2022-06-01', '{"carry": "keep_by_pool"}'));
SELECT throws_ok($$INSERT INTO fa.year_close (close_id, fund, year) VALUES ('y22', 'resident', 2022)$$, 'YB006', NULL, 'it takes a document');
SELECT throws_ok($$INSERT INTO fa.year_close (close_id, fund, year, doc_no) VALUES ('y99', 'resident', 2998, '决1')$$, 'YB307', 'the year 2998 is not over', 'a year is not closed before its end');
SELECT throws_ok($$INSERT INTO fa.year_close (close_id, fund, year, doc_no) VALUES ('y21', 'assistance', 2021, '决1')$$, 'YB307', 'fund assistance has no income and no expense in 2021 to close', 'nor one without books');
SELECT throws_ok($$INSERT INTO fa.year_close (close_id, fund, year, doc_no, closing_amt) VALUES ('y22', 'resident', 2022, '决1', 1)$$, 'YB504', NULL, 'nor with another surplus than the books have');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.year_close (close_id, fund, year, doc_no) VALUES ('y22', 'resident', 2022, '决1')$$), '^42501', 'a clerk does not close it');
SELECT lives_ok($$INSERT INTO fa.year_close (close_id, fund, year, doc_no) VALUES ('y22', 'resident', 2022, '决1')$$, 'the owner closes 2022');
SELECT is((SELECT (opening_amt, income_amt, expense_amt, direct_amt, closing_amt, carry, policy_id, out_amt, ipt_amt)::text FROM fa.year_close),
  '(0.00,352260000.00,0.00,0.00,352260000.00,keep_by_pool,p2,0.00,0.00)', 'what it closed is on the row');
SELECT is((SELECT closed FROM fa.period WHERE period = '2022-12'), true, 'December, which had no entry of its own, is closed with it');
SELECT throws_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('x', 'subsidy', 'fiscal', '2022-12-31', 2022, 1)$$, 'YB306', NULL, 'and takes none');
SELECT is((SELECT amount FROM yibao.balance_on('fa', 'G', 'income_subsidy', '2022-12-31')), 0.00, 'income stands at nothing');
SELECT is((SELECT amount || ' ' || final FROM yibao.balance_on('fa', 'G', 'fund_surplus', '2022-12-31')), '352260000.00 true', 'the surplus holds it');
SELECT is((SELECT amount FROM yibao.balance_on('fa', 'G', 'bank_fiscal', '2022-12-31')), 352260000.00, 'the bank holds what it held');
SELECT is(pools(), '246582000.00/246582000.00 105678000.00/105678000.00 0.00/0.00 0.00/0.00', 'keep_by_pool: each pool keeps its own [A038]');
SELECT throws_ok($$INSERT INTO fa.year_close (close_id, fund, year, doc_no) VALUES ('y22b', 'resident', 2022, '决2')$$, 'YB307', NULL, 'a year is closed once');
SELECT lives_ok($$INSERT INTO fa.year_close (close_id, fund, year, doc_no) VALUES ('y22', 'resident', 2022, '决1')$$, 'the same row again');
SELECT is((SELECT count(*) FROM fa.year_close), 1::bigint, 'inserts nothing');
SELECT throws_ok($$INSERT INTO fa.period_act (act_id, period, act, reason, doc_no) VALUES ('o', '2022-01', 'reopen', 'x', 'D')$$, 'YB306', NULL, 'no month of it is opened again');

-- 2023: 79,653 in: 60,000 subsidy, 19,653 contributions; 78,034 out: 70,000 benefits, 8,034 serious-illness premium.
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES
  ('b1', 'subsidy', 'fiscal', '2023-02-10', 2023, 600000000.00), ('b2', 'contribution', 'fiscal', '2023-03-10', 2023, 196530000.00);
INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, amt, doc_no) VALUES ('m1', 'set_aside', 2023, '2023-04-01', 80340000.00, 'x'), ('m2', 'remit', 2023, '2023-04-02', 80340000.00, 'x');
SELECT as_user('fund_wang', $$INSERT INTO fa.premium_approval (premium_id, decision, paid_on) VALUES ('m2', 'approve', '2023-04-02')$$) \g /dev/null
INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id) VALUES ('q1', 'appropriation', 'fiscal', 'expenditure', '2023-04-03', 800000000.00, 'F1');
-- a stay of 1,000,000,000.00 pays 500,000,000.00 of inpatient, a visit of 400,000,000.00 pays 200,000,000.00 of outpatient
SELECT claim('s1', '2023-05-05', 1000000000.00), claim('s2', '2023-05-06', 400000000.00, '11') \g /dev/null
SELECT is(pay('p1', '202305', '2023-06-15'), 'ok ok', 'the provider is paid 700,000,000.00');
-- December: one stay of 30.00 owed (15.00), one settled and reversed, one paid in the new year
SELECT claim('d1', '2023-12-20', 30.00), claim('d2', '2023-12-21', 40.00) \g /dev/null
INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, init_setl_id) VALUES ('d2r', 'd2', '390', '2023-12-22', true, 'd2');
UPDATE fa.period SET closed = true WHERE NOT closed AND period < '2023-12';
SELECT lives_ok($$INSERT INTO fa.year_close (close_id, fund, year, doc_no) VALUES ('y23', 'resident', 2023, '决2')$$, '2023 is closed');
SELECT results_eq($$SELECT line, (amt / 10000)::numeric(12,0) FROM fa.final_account WHERE year = 2023 AND fund = 'resident' ORDER BY ord$$,
  $$VALUES ('contribution' COLLATE "C", 19653::numeric), ('subsidy', 60000), ('income', 79653), ('benefit_inpatient', 50000), ('benefit_outpatient', 20000), ('serious', 8034),
    ('expense', 78034), ('balance', 1619), ('opening', 35226), ('closing', 36845)$$,
  'final accounts, 万元: 35,226 + 79,653 - 78,034 = 36,845');
SELECT is((SELECT closing_amt FROM fa.year_close WHERE year = 2023), 368450000.00, 'the closing row says the same');
SELECT is((SELECT round(months, 1) FROM fa.fund_month WHERE fund = 'resident' AND pool IS NULL AND month = '2023-12' AND denominator = 'last_12_months'), 5.7, '36,845 / (78,034 / 12) = 5.7 months payable [A217]');
-- inpatient: 24,658.2 + 55,757.1 - 0.7 x 8,034 = 5,623.8 - 50,000 = 24,791.5; spent 50,000, the premium is the serious part's: 24,791.5 / (50,000 / 12) = 5.95
SELECT is((SELECT months FROM fa.fund_month WHERE pool = 'inpatient' AND month = '2023-12' AND denominator = 'last_12_months'), 5.95, 'of one pool: 5.95');
SELECT is((SELECT months FROM fa.fund_month WHERE pool IS NULL AND fund = 'resident' AND month = '2023-12' AND denominator = 'last_year'), NULL, 'by the year before: nothing was spent in 2022');
SELECT is((SELECT months FROM fa.fund_month WHERE pool IS NULL AND fund = 'resident' AND month = '2022-06' AND denominator = 'last_12_months'), NULL, 'unknown while the books are younger than twelve months');
SELECT results_eq($$SELECT balance, committed, available, spent FROM fa.pool_month WHERE pool = 'inpatient' AND month = '2023-12'$$, $$VALUES (247915000.00, 15.00, 247914985.00, 0.00)$$, 'a pool at the end of December: 15.00 is owed');
SELECT results_eq($$SELECT balance, spent FROM fa.pool_month WHERE pool = 'inpatient' AND month = '2023-06'$$, $$VALUES (247915000.00, 500000000.00)$$, 'and in June, when it spent');
SELECT is((SELECT count(*) FROM fa.pool_month WHERE pool = 'outpatient' AND month BETWEEN '2022-01' AND '2023-12'), 24::bigint, 'there is a row for every month');

-- S is not closed: by item
SELECT results_eq($$SELECT setl_id, amt, days, booked_later FROM fa.year_note WHERE year = 2023$$, $$VALUES ('d1' COLLATE "C", 15.00, 11, false)$$, 'the note lists what was owed on 31 December, eleven days old; what was reversed is not in it [A038]');
SELECT claim('d3', '2023-12-30', 8.00) \g /dev/null
SELECT claim('d4', '2024-01-02', 6.00) \g /dev/null
SELECT results_eq($$SELECT setl_id, amt, days FROM fa.year_note WHERE year = 2023 ORDER BY 1$$, $$VALUES ('d1' COLLATE "C", 15.00, 11), ('d3', 4.00, 1)$$, 'a December stay that comes in January is settled and stands in the note');
SELECT is(pay('p2', '202312', '2024-01-20'), 'ok ok', 'January pays December''s');
SELECT is((SELECT count(*) FROM fa.year_note WHERE year = 2023), 2::bigint, 'which changes the note of 31 December no more');
SELECT is((SELECT balance FROM fa.trial_balance WHERE role = 'benefit_inpatient' AND fund = 'resident'), 19.00, 'and is expense of the new year: 15.00 + 4.00 on the cash basis [A038]');
SELECT is((SELECT closing_amt FROM fa.year_close WHERE year = 2023), 368450000.00, 'the year that is closed stays as it was');
SELECT is((SELECT amt FROM fa.obligation_age WHERE party = 'H1'), 3.00, 'today 3.00 is owed');
SELECT is((SELECT over_365 FROM fa.obligation_age WHERE party = 'H1'), 3.00, 'for more than a year');
SELECT throws_ok($$INSERT INTO fa.year_close (close_id, fund, year, doc_no) VALUES ('y25', 'resident', 2025, '决4')$$, 'YB307', NULL, 'years are closed in order');

-- resplit: 2025 is split 40/60. Available before: outpatient 10,567.8 + 23,895.9 - 2,410.2 - 20,000 = 12,053.5 万; inpatient 247,915,000.00 - 19.00 - 3.00 owed
INSERT INTO fa.policy (policy_id, rules) VALUES ('p3', year_doc('2024-06-01', '{"carry": "resplit"}'));
UPDATE fa.period SET closed = true WHERE NOT closed AND period < '2024-12';
SELECT is(pools(), '247914981.00/247914978.00 120535000.00/120535000.00 0.00/0.00 0.00/0.00', 'before');
SELECT lives_ok($$INSERT INTO fa.year_close (close_id, fund, year, doc_no) VALUES ('y24', 'resident', 2024, '决3')$$, '2024 is closed');
-- 0.40 x (247,914,978.00 + 120,535,000.00 = 368,449,978.00) = 147,379,991.20; that is 26,844,991.20 more
SELECT is((SELECT out_amt || ' ' || ipt_amt FROM fa.year_close WHERE year = 2024), '26844991.20 -26844991.20', 'resplit: what is available is split by next year''s rule, by hand 26,844,991.20 more to outpatient');
SELECT is(pools(), '221069989.80/221069986.80 147379991.20/147379991.20 0.00/0.00 0.00/0.00', 'what is committed stays with its pool: 3.00');

-- to_unallocated
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('c1', 'subsidy', 'fiscal', '2025-01-10', 2025, 100.00);
INSERT INTO fa.policy (policy_id, rules) VALUES ('p4', year_doc('2025-06-01', '{"carry": "to_unallocated"}'));
UPDATE fa.period SET closed = true WHERE NOT closed AND period <= '2025-12';
INSERT INTO fa.year_close (close_id, fund, year, doc_no) VALUES ('y25', 'resident', 2025, '决4');
-- 368,449,978.00 + 100.00 available in both
SELECT is(pools(), '3.00/0.00 0.00/0.00 0.00/0.00 368450078.00/368450078.00', 'to_unallocated: all that is available waits to be allocated, what is owed does not');
-- the assistance fund has one pool, and its own closing
INSERT INTO fa.receipt (receipt_id, fund, kind, account, received_on, coverage_year, amt) VALUES ('z1', 'assistance', 'subsidy', 'fiscal', '2026-01-10', 2026, 5.00);
SELECT is((SELECT string_agg(fund || ' ' || amt, ', ' ORDER BY fund) FROM fa.final_account WHERE line = 'closing' AND year = (SELECT max(year) FROM fa.final_account f WHERE f.fund = final_account.fund)),
  'assistance 5.00, resident 368450081.00', 'each fund has its own accounts: 368,450,000.00 - 19.00 + 100.00');
SET CONSTRAINTS ALL IMMEDIATE;
SELECT is_empty($$SELECT * FROM yibao.verify('fa') WHERE NOT ok$$, 'verify finds nothing wrong (I1-I6)');
-- behind the triggers' back
ALTER TABLE fa.entry DISABLE TRIGGER USER;
UPDATE fa.entry SET role = 'income_other' WHERE role = 'fund_surplus' AND journal_id = (SELECT journal_id FROM fa.year_close WHERE year = 2022);
ALTER TABLE fa.entry ENABLE TRIGGER USER;
SELECT ok((SELECT detail LIKE '%fund resident, year 2022: income_other holds -35226000000 fen%' FROM yibao.verify('fa') WHERE "check" LIKE 'a closed year%'), 'an income that came back into a closed year is found');
SELECT throws_ok($$DELETE FROM fa.year_close$$, 'YB304', NULL, 'a closing stays');
SELECT * FROM finish();
ROLLBACK;
