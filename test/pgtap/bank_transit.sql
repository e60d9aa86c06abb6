-- Money on its way: batches of the tax office, the income account at month end, subsidies due, interest expected.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(43);

CREATE FUNCTION clean() RETURNS SETOF text LANGUAGE sql AS
  $$SELECT "check" || ': ' || detail FROM yibao.verify('fa') WHERE NOT ok$$;
INSERT INTO fa.policy (policy_id, rules) VALUES ('p18', fund_doc('2018-01-01',
  jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2018}', '0.30')), 'on_pool_short', 'queue', 'source', 't')));

-- Batches: 300.00 of three persons; two of them enrolled
SELECT is(as_user('fund_li', $$INSERT INTO fa.tax_batch (batch_id, channel, collected_on, coverage_year, heads, amt) VALUES ('B1', '银行代扣', '2018-10-10', 2018, 4, 300.00)$$), 'ok', 'a clerk records what the tax office collected');
COPY fa.tax_person (batch_id, psn_no, amt) FROM stdin (DELIMITER ',');
B1,A,100.00
B1,B,100.00
B1,C,100.00
\.
INSERT INTO fa.enrolment (enrol_id, psn_no, insutype, admdvs, year, begndate, enddate) VALUES
  ('eA', 'A', '390', '620522', 2018, '2018-01-01', '2018-12-31'), ('eB', 'B', '390', '620522', 2018, '2018-01-01', '2018-12-31'),
  ('eC', 'C', '390', '620522', 2017, '2017-01-01', '2017-12-31');
SELECT results_eq($$SELECT psn_no, amt FROM fa.tax_unmatched$$, $$VALUES ('C' COLLATE "C", 100.00::numeric)$$, 'who paid and is not enrolled in that year is listed [A237]');
SELECT results_eq($$SELECT listed, listed_amt, heads_unlisted, unmatched, unmatched_amt FROM fa.tax_transit WHERE batch_id = 'B1'$$,
  $$VALUES (3::bigint, 300.00::numeric, 1::bigint, 1::bigint, 100.00::numeric)$$, 'four heads, three on the list, one of them unmatched [A237]');
SELECT throws_ok($$INSERT INTO fa.tax_person (batch_id, psn_no, amt) VALUES ('B1', 'A', 100.01)$$, 'YB501', NULL, 'a person is on the list of a batch once');
SELECT throws_ok($$INSERT INTO fa.tax_person (batch_id, psn_no, amt) VALUES ('B9', 'A', 100.00)$$, 'YB307', NULL, 'of a batch that is there');
SELECT throws_ok($$INSERT INTO fa.tax_batch (batch_id, channel, collected_on, coverage_year, heads, amt) VALUES ('B0', 'x', '2018-10-10', 2018, 0, 300.00)$$, 'YB002', NULL, 'a batch has heads');

INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, serious_amt) VALUES
  ('g0', 'contribution', 'treasury', '2018-10-09', 2018, 20.00, 0),
  ('g1', 'contribution', 'treasury', '2018-10-12', 2018, 200.00, 0), ('g2', 'contribution', 'fiscal', '2018-10-15', 2018, 60.00, 0),
  ('n1', 'subsidy', 'fiscal', '2018-10-15', 2018, 70.00, NULL);
INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt) VALUES ('w1', 'sweep', 'treasury', 'fiscal', '2018-10-20', 150.00);
SELECT results_eq($$SELECT at_tax, on_the_way, arrived, arrived_on FROM fa.tax_transit WHERE batch_id = 'B1'$$, $$VALUES (300.00::numeric, 0::numeric, 0::numeric, NULL::date)$$, 'before anything has come in, all is with the tax office [A237]');
SELECT throws_ok($$INSERT INTO fa.tax_step (step_id, batch_id, move_id) VALUES ('z', 'B1', 'w1')$$, 'YB307', NULL, 'nothing goes on before it came in [A237]');
SELECT throws_ok($$INSERT INTO fa.tax_step (step_id, batch_id, receipt_id) VALUES ('z', 'B1', 'g0')$$, 'YB307', NULL, 'nothing comes in before it was collected');
SELECT throws_ok($$INSERT INTO fa.tax_step (step_id, batch_id, receipt_id) VALUES ('z', 'B1', 'n1')$$, 'YB307', NULL, 'a subsidy is no contribution');
SELECT throws_ok($$INSERT INTO fa.tax_step (step_id, batch_id) VALUES ('z', 'B1')$$, 'YB006', NULL, 'a step names a receipt or a move');
SELECT throws_ok($$INSERT INTO fa.tax_step (step_id, batch_id, receipt_id) VALUES ('z', 'B9', 'g1')$$, 'YB307', NULL, 'and a batch');
INSERT INTO fa.tax_step (step_id, batch_id, receipt_id) VALUES ('s1', 'B1', 'g1'), ('s2', 'B1', 'g2');
INSERT INTO fa.tax_step (step_id, batch_id, move_id) VALUES ('s3', 'B1', 'w1');
-- 300 - 200 - 60 = 40 with the tax office; 200 - 150 = 50 in the treasury; 150 + 60 = 210 in the fiscal account
SELECT results_eq($$SELECT at_tax, on_the_way, arrived, arrived_on FROM fa.tax_transit WHERE batch_id = 'B1'$$, $$VALUES (40.00::numeric, 50.00::numeric, 210.00::numeric, NULL::date)$$,
  'money of a batch: with the tax office 40, in the treasury 50, in the fiscal account 210 [A237]');
SELECT is((SELECT days FROM fa.tax_transit WHERE batch_id = 'B1'), CURRENT_DATE - date '2018-10-10', 'its days are counted until today [A237]');
SELECT throws_ok($$INSERT INTO fa.tax_step (step_id, batch_id, receipt_id) VALUES ('z', 'B1', 'g1')$$, 'YB307', NULL, 'a receipt is not counted twice');
INSERT INTO fa.tax_batch (batch_id, channel, collected_on, coverage_year, heads, amt) VALUES ('B2', '村组代收', '2018-11-01', 2018, 1, 50.00);
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, serious_amt) VALUES ('g3', 'contribution', 'treasury', '2018-11-03', 2018, 55.00, 0);
INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt) VALUES ('w2', 'sweep', 'treasury', 'fiscal', '2018-11-10', 125.00);
SELECT throws_ok($$INSERT INTO fa.tax_step (step_id, batch_id, receipt_id, amt) VALUES ('z', 'B2', 'g3', 50.01)$$, 'YB307', NULL, 'no more comes in than was collected');
INSERT INTO fa.tax_step (step_id, batch_id, receipt_id) VALUES ('s4', 'B2', 'g3');
INSERT INTO fa.tax_step (step_id, batch_id, move_id) VALUES ('s5', 'B2', 'w2'), ('s6', 'B1', 'w2');
SELECT results_eq($$SELECT step_id, amt FROM fa.tax_step WHERE move_id = 'w2' ORDER BY 1$$, $$VALUES ('s5' COLLATE "C", 50.00::numeric), ('s6', 50.00)$$, 'one sweep carries several batches: what is open is filled');
SELECT results_eq($$SELECT arrived_on, days FROM fa.tax_transit WHERE batch_id = 'B2'$$, $$VALUES (date '2018-11-10', 9)$$, 'collected on 1 November, all in the fiscal account on the 10th: 9 days [A237]');
SELECT results_eq($$SELECT receipt_id, without_batch FROM fa.tax_receipt_open ORDER BY 1$$, $$VALUES ('g0' COLLATE "C", 20.00::numeric), ('g3', 5.00)$$, 'contributions that belong to no batch are listed [A237]');

-- The income account at month end
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, serious_amt) VALUES ('i1', 'contribution', 'income', '2018-10-31', 2018, 40.00, 0);
INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt) VALUES ('w3', 'sweep', 'income', 'fiscal', '2018-11-02', 40.00);
SELECT results_eq($$SELECT fund, period, balance, ended FROM fa.income_month_end$$, $$VALUES ('resident' COLLATE "C", '2018-10' COLLATE "C", 40.00::numeric, true)$$,
  'a month at whose end the income account was not empty is an exception; the next is none [A016]');

-- Subsidies: 1,000 heads x 280.00 x 0.80 = 224,000.00, and x 0.20 = 56,000.00
INSERT INTO fa.subsidy_due (due_id, coverage_year, gov_level, heads, standard, share, due_on, doc_no, source, trust) VALUES
  ('d1', 2018, 'central', 1000, 280.00, 0.80, '2018-06-30', 'd', 's', 'demo'), ('d2', 2018, 'central', 1000, 280.00, 0.20, '2018-10-31', 'd', 's', 'demo');
SELECT results_eq($$SELECT amt FROM fa.subsidy_due ORDER BY due_id$$, $$VALUES (224000.00::numeric), (56000.00)$$, 'what is due is heads x standard x share [A011]');
SELECT throws_ok($$INSERT INTO fa.subsidy_due (due_id, coverage_year, gov_level, heads, standard, share, due_on, doc_no, source, trust) VALUES ('d0', 2018, 'central', 1, 0.01, 0.5, '2018-06-30', 'd', 's', 'demo')$$, 'YB001', NULL, 'half a fen is not rounded');
SELECT throws_ok($$INSERT INTO fa.subsidy_due (due_id, coverage_year, gov_level, heads, standard, share, due_on, amt, doc_no, source, trust) VALUES ('d0', 2018, 'central', 10, 280, 1, '2018-06-30', 2800.01, 'd', 's', 'demo')$$, 'YB504', NULL, 'another amount is refused [A011]');
SELECT throws_ok($$INSERT INTO fa.subsidy_due (due_id, coverage_year, gov_level, heads, standard, share, due_on, doc_no, trust) VALUES ('d0', 2018, 'central', 10, 280, 1, '2018-06-30', 'd', 'demo')$$, 'YB006', NULL, 'a standard has its source');
SELECT is((SELECT arrears FROM fa.subsidy_status WHERE gov_level = 'central'), 280000.00, 'nothing has come: all is in arrears [A011 A147]');
INSERT INTO fa.receipt (receipt_id, kind, gov_level, account, received_on, coverage_year, amt) VALUES
  ('c1', 'subsidy', 'central', 'fiscal', '2018-06-20', 2018, 200000.00), ('c2', 'subsidy', 'central', 'fiscal', '2018-07-15', 2018, 50000.00),
  ('c3', 'subsidy', 'county', 'fiscal', '2018-07-15', 2018, 10.00);
-- the first was complete with 250,000 on 15 July, 15 days late; of the second 250,000 - 224,000 = 26,000 came
SELECT results_eq($$SELECT due_id, received, arrears, arrived_on FROM fa.subsidy_arrival ORDER BY 1$$,
  $$VALUES ('d1' COLLATE "C", 224000.00::numeric, 0.00::numeric, date '2018-07-15'), ('d2', 26000.00, 30000.00, NULL)$$, 'what came is put to what was due first [A147]');
SELECT is((SELECT days_late FROM fa.subsidy_arrival WHERE due_id = 'd1'), 15, '15 days late [A232]');
SELECT is((SELECT days_late FROM fa.subsidy_arrival WHERE due_id = 'd2'), CURRENT_DATE - date '2018-10-31', 'and counting [A232]');
SELECT results_eq($$SELECT gov_level, due, received, arrears FROM fa.subsidy_status WHERE gov_level IS NOT NULL ORDER BY 1$$,
  $$VALUES ('central' COLLATE "C", 280000.00::numeric, 250000.00::numeric, 30000.00::numeric), ('county', 0, 10.00, -10.00)$$, 'due and received by level of government [A011 A147]');
SELECT results_eq($$SELECT received FROM fa.subsidy_status WHERE gov_level IS NULL$$, $$VALUES (70.00::numeric)$$, 'a subsidy of no level is shown as that');
-- corrected to 900 heads: 900 x 280 x 0.20 = 50,400.00; 24,400.00 are missing
INSERT INTO fa.subsidy_due (due_id, coverage_year, gov_level, heads, standard, share, due_on, replaces, doc_no, source, trust) VALUES ('d3', 2018, 'central', 900, 280.00, 0.20, '2018-10-31', 'd2', 'd', 's', 'demo');
SELECT is((SELECT arrears FROM fa.subsidy_arrival WHERE due_id = 'd3'), 24400.00, 'a correction replaces what was due [A011]');
SELECT throws_ok($$INSERT INTO fa.subsidy_due (due_id, coverage_year, gov_level, heads, standard, share, due_on, replaces, doc_no, source, trust) VALUES ('d4', 2018, 'central', 900, 280.00, 0.20, '2018-10-31', 'd2', 'd', 's', 'demo')$$, 'YB307', NULL, 'once');

-- 900 heads are claimed. Of 2018 two have paid: A2 once though corrected, and A1; A3 has not, A4 is of another county, A5 died in December 2017 and was refunded.
INSERT INTO fa.enrolment (enrol_id, psn_no, insutype, admdvs, year, begndate, enddate, paid_on) VALUES ('h1', 'A1', '390', '620522', 2018, '2018-01-01', '2018-12-31', '2017-12-01'),
  ('h2', 'A2', '390', '620522', 2018, '2018-01-01', '2018-12-31', '2017-12-01'), ('h3', 'A3', '390', '620522', 2018, '2018-01-01', '2018-12-31', NULL),
  ('h4', 'A4', '390', '620523', 2018, '2018-01-01', '2018-12-31', '2017-12-01'), ('h5', 'A5', '390', '620522', 2018, '2018-01-01', '2018-12-31', '2017-12-01');
INSERT INTO fa.enrolment (enrol_id, psn_no, insutype, admdvs, year, begndate, enddate, paid_on, replaces) VALUES ('h6', 'A2', '390', '620522', 2018, '2018-01-01', '2018-12-31', '2017-12-02', 'h2');
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, serious_amt) VALUES ('h7', 'contribution', 'fiscal', '2018-01-02', 2018, 100.00, 0);
INSERT INTO fa.refund (refund_id, receipt_id, kind, psn_no, happened_on, refunded_on, account, amt, serious_amt) VALUES ('h8', 'h7', 'death_before_start', 'A5', '2017-12-20', '2018-01-05', 'fiscal', 10.00, 0);
SELECT results_eq($$SELECT due_id, heads, persons, excess FROM fa.subsidy_heads ORDER BY 1$$, $$VALUES ('d1' COLLATE "C", 1000, 2, 998), ('d3', 900, 2, 898)$$, 'heads that a subsidy is claimed for, beside who is enrolled and has paid, each once [A012]');
SELECT is((SELECT due || ' ' || received FROM fa.subsidy_status WHERE gov_level = 'county'), '0 10.00', 'what a level of government says it owes, beside what is booked of it [A013]');

-- Interest: 3.6% of 360 days is 0.0001 a day
INSERT INTO fa.bank_account (account_id, class, bank, state_owned, level, opened_on, doc_no, source) VALUES ('E1', 'expenditure', '农行', true, 'county', '2018-01-01', 'd', 's');
INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id) VALUES
  ('a1', 'appropriation', 'fiscal', 'expenditure', '2018-10-01', 36000.00, 'f1'), ('a2', 'appropriation', 'fiscal', 'expenditure', '2018-10-06', 3600.00, 'f2');
INSERT INTO fa.interest_rate (rate_id, account_id, valid_from, rate, basis, source, trust) VALUES ('q1', 'E1', '2018-10-01', 0.036, 360, 's', 'demo');
INSERT INTO fa.interest_period (check_id, account_id, from_on, to_on) VALUES ('k1', 'E1', '2018-10-01', '2018-10-11'), ('k2', 'E1', '2018-09-29', '2018-10-11');
-- 10 days x 36,000 x 0.0001 = 36.00, and 5 days x 3,600 x 0.0001 = 1.80
SELECT results_eq($$SELECT days, expected, posted, difference FROM fa.interest_check WHERE check_id = 'k1'$$, $$VALUES (10::bigint, 37.80::numeric, 0.00::numeric, -37.80::numeric)$$, 'interest to be expected of the daily balance [A233 A234]');
SELECT results_eq($$SELECT unrated, expected FROM fa.interest_check WHERE check_id = 'k2'$$, $$VALUES (2::bigint, NULL::numeric)$$, 'days without a rate are said, and nothing is guessed');
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('j1', 'interest', 'expenditure', '2018-10-11', 2018, 37.00), ('j2', 'interest', 'expenditure', '2018-10-12', 2018, 9.00);
SELECT results_eq($$SELECT expected, posted, difference FROM fa.interest_check WHERE check_id = 'k1'$$, $$VALUES (37.80::numeric, 37.00::numeric, -0.80::numeric)$$, 'the bank paid 0.80 too little [A233 A234]');
-- from the 9th on 0.72%: 5 x 36,000 x 0.0001 + 3 x 39,600 x 0.0001 + 2 x 39,600 x 0.00002 = 18.00 + 11.88 + 1.584 = 31.464
INSERT INTO fa.interest_rate (rate_id, account_id, valid_from, rate, basis, source, trust) VALUES ('q2', 'E1', '2018-10-09', 0.0072, 360, 's', 'demo');
SELECT results_eq($$SELECT expected, difference FROM fa.interest_check WHERE check_id = 'k1'$$, $$VALUES (31.46::numeric, 5.54::numeric)$$, 'each day at the rate of the day, rounded once [A233]');
SELECT throws_ok($$INSERT INTO fa.interest_rate (rate_id, account_id, valid_from, rate, basis, trust) VALUES ('q3', 'E1', '2018-11-09', 0.0072, 360, 'demo')$$, 'YB006', NULL, 'a rate has its source');
SELECT throws_ok($$INSERT INTO fa.interest_period (check_id, account_id, from_on, to_on) VALUES ('k3', 'E1', '2018-10-11', '2018-10-11')$$, 'YB307', NULL, 'a period has days');
SELECT throws_ok($$UPDATE fa.interest_rate SET rate = 0$$, 'YB304', NULL, 'rates stay as they were said');

SELECT is_empty('SELECT * FROM clean()', 'verify finds all in order');
SET LOCAL session_replication_role = replica;
UPDATE fa.tax_step SET amt = 60.00 WHERE step_id = 's5';
SET LOCAL session_replication_role = origin;
SELECT is((SELECT count(*) FROM yibao.verify('fa') WHERE NOT ok AND "check" LIKE 'steps of collected money%'), 1::bigint, 'verify finds a batch of which more went on than came in [A237]');
SELECT * FROM finish();
ROLLBACK;
