-- The head count of a coverage year: frozen, approved by another login, and what takes its heads from it.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(52);

CREATE FUNCTION clean() RETURNS SETOF text LANGUAGE sql AS
  $$SELECT "check" || ': ' || detail FROM yibao.verify('fa') WHERE NOT ok$$;
-- A policy of which heads of 2019 on are such; 65.00 a head for serious illness.
CREATE FUNCTION heads_doc(valid_from text, heads text) RETURNS jsonb LANGUAGE sql AS $$
SELECT fund_doc(valid_from, jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2018}', '0.30')),
    'serious', jsonb '{"model": "remit_up", "set_aside": "at_remittance", "per_head": [{"coverage_year": {">=": 2018}, "amount": "65.00", "source": "t"}], "source": "t"}',
    'serious_subject', 'remit_up', 'on_pool_short', 'queue', 'source', 't') || jsonb_build_object('heads', heads))
$$;
INSERT INTO fa.policy (policy_id, rules) VALUES ('p1', heads_doc('2018-01-01', 'stated'));
SELECT is(as_user('fund_li', $$INSERT INTO fa.subsidy_due (due_id, coverage_year, gov_level, heads, standard, share, due_on, doc_no, source, trust) VALUES ('d0', 2018, 'central', 10, 280.00, 1, '2018-06-30', 'd', 's', 'demo')$$),
  'ok', 'where the policy takes heads as stated, they are');
SELECT is((SELECT headcount_id FROM fa.subsidy_due WHERE due_id = 'd0'), NULL, 'and come from no head count');
INSERT INTO fa.policy (policy_id, rules) VALUES ('p2', heads_doc('2018-02-01', 'approved'));

-- 1,000.00 of contributions, 250.00 of it A5's, who died before the year; 50.00 by a collective; 400.00 of subsidy
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r1', 'contribution', 'treasury', '2019-01-02', 2019, 1000.00),
  ('r2', 'collective', 'fiscal', '2019-01-02', 2019, 50.00), ('r3', 'subsidy', 'fiscal', '2019-01-02', 2019, 400.00), ('r4', 'contribution', 'treasury', '2019-01-02', 2018, 7.00);
INSERT INTO fa.enrolment (enrol_id, psn_no, insutype, admdvs, year, begndate, enddate, paid_on, psn_group) VALUES
  ('e1', 'A1', '390', '620522', 2019, '2019-01-01', '2019-12-31', '2018-12-01', NULL), ('e2', 'A2', '390', '620522', 2019, '2019-02-20', '2019-12-31', '2019-03-01', 'veteran'),
  ('e3', 'A3', '390', '620522', 2019, '2019-01-01', '2019-12-31', NULL, NULL), ('e4', 'A4', '390', '620523', 2019, '2019-01-01', '2019-12-31', '2018-12-01', NULL),
  ('e5', 'A5', '390', '620522', 2019, '2019-01-01', '2019-12-31', '2018-12-01', NULL), ('e6', 'A6', '390', '620522', 2019, '2019-01-01', '2019-12-31', '2019-07-02', NULL),
  ('e7', 'A7', '390', '620522', 2019, '2019-01-01', '2019-12-31', '2018-12-05', 'assistance');
INSERT INTO fa.refund (refund_id, receipt_id, kind, psn_no, happened_on, refunded_on, account, amt, serious_amt) VALUES ('f1', 'r1', 'death_before_start', 'A5', '2018-12-20', '2019-01-05', 'treasury', 250.00, 0);

-- Without an approved head count
SELECT is(as_user('fund_li', $$INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, heads, doc_no) VALUES ('m0', 'true_up', 2019, '2019-07-05', 3, 'x')$$),
  'YB307 no head count of scheme 390 for 2019 has been approved', 'nothing is trued up to a number that nobody approved [A010 F4]');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.subsidy_due (due_id, coverage_year, gov_level, heads, standard, share, due_on, doc_no, source, trust) VALUES ('d1', 2019, 'central', 3, 280.00, 0.80, '2019-06-30', 'd', 's', 'demo')$$),
  '^YB307 no head count', 'nor is a subsidy claimed for one [A010]');

-- The snapshot
SELECT is(as_user('fund_li', $$INSERT INTO fa.headcount (headcount_id, coverage_year, as_of, heads, doc_no) VALUES ('h0', 2019, '2019-06-30', 5, '参保1')$$), 'YB006 explanation is empty', 'a count that is not who is enrolled is explained [A012]');
SELECT is(as_user('fund_li', $$INSERT INTO fa.headcount (headcount_id, coverage_year, as_of, heads, explanation, doc_no) VALUES ('h0', 2019, '2019-06-30', 5, ' ', '参保1')$$), 'YB006 explanation is empty', 'in words');
SELECT is(as_user('fund_li', $$INSERT INTO fa.headcount (headcount_id, coverage_year, as_of, heads, explanation, doc_no) VALUES ('h0', 2019, '2019-06-30', -1, 'x', '参保1')$$), 'YB002 heads -1 is out of range', 'a count is above zero');
SELECT is(as_user('fund_li', $$INSERT INTO fa.headcount (headcount_id, coverage_year, as_of, doc_no) VALUES ('h0', 19, '2019-06-30', '参保1')$$), 'YB002 coverage_year 19 is out of range', 'of a year');
SELECT is(as_user('fund_li', $$INSERT INTO fa.headcount (headcount_id, coverage_year, as_of) VALUES ('h0', 2019, '2019-06-30')$$), 'YB006 doc_no is empty', 'and names its document');
SELECT is(as_user('fund_li', $$INSERT INTO fa.headcount (headcount_id, coverage_year, as_of, collected_amt, doc_no) VALUES ('h0', 2019, '2019-06-30', 1050.00, '参保1')$$), 'YB504 collected_amt is given as 1050.00, but it is 800.00', 'what was collected is not typed in [A010]');
SELECT is(as_user('fund_li', $$INSERT INTO fa.headcount (headcount_id, coverage_year, as_of, doc_no) VALUES ('h1', 2019, '2019-06-30', '参保1')$$), 'ok', 'a clerk draws up who is enrolled');
-- A1, A2 and A7: A3 has not paid, A4 is of another county, A5 was refunded, A6 paid in July; 1,000.00 + 50.00 - 250.00
SELECT results_eq($$SELECT heads, persons, groups, collected_amt, version FROM fa.headcount WHERE headcount_id = 'h1'$$,
  $$VALUES (3, 3, jsonb '{"none": 1, "veteran": 1, "assistance": 1}', 800.00::numeric, 1)$$, 'it freezes the persons by category and what was collected, less refunds [A010]');
SELECT is(as_user('fund_li', $$INSERT INTO fa.headcount (headcount_id, coverage_year, as_of, doc_no) VALUES ('h1', 2019, '2019-06-30', '参保1')$$), 'ok', 'the same row again is no error');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.headcount (headcount_id, coverage_year, as_of, doc_no) VALUES ('h1', 2019, '2019-06-29', '参保1')$$), '^YB501', 'another one under its key is');
SELECT throws_ok($$UPDATE fa.headcount SET heads = 4$$, 'YB304', NULL, 'it does not change');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, doc_no) VALUES ('m0', 'true_up', 2019, '2019-07-05', 'x')$$), '^YB307 no head count', 'before it is approved it counts for nothing [A010]');

-- Its approval
GRANT INSERT ON fa.headcount_approval TO fund_li;
SELECT is(as_user('fund_li', $$INSERT INTO fa.headcount_approval (headcount_id, decision, approved_on, doc_no) VALUES ('h1', 'approve', '2019-07-03', '核准1')$$), 'YB401 head count h1 was drawn up by fund_li, who cannot also decide it', 'another login approves it [A048]');
REVOKE INSERT ON fa.headcount_approval FROM fund_li;
SELECT is(as_user('fund_wang', $$INSERT INTO fa.headcount_approval (headcount_id, decision, approved_on, doc_no) VALUES ('h1', 'approve', '2019-06-29', '核准1')$$), 'YB307 head count h1 is of 2019-06-30, it is not approved on 2019-06-29', 'not before its day');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.headcount_approval (headcount_id, decision, approved_on) VALUES ('h1', 'approve', '2019-07-03')$$), 'YB006 doc_no is empty', 'by a document');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.headcount_approval (headcount_id, decision, approved_on, doc_no) VALUES ('h9', 'approve', '2019-07-03', '核准1')$$), 'YB307 there is no head count h9 to decide', 'one that is there');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.headcount_approval (headcount_id, decision, approved_on, doc_no) VALUES ('h1', 'approve', '2019-07-03', '核准1')$$), 'ok', 'it is approved');
SELECT results_eq($$SELECT headcount_id, coverage_year, heads, version, approval_doc_no FROM fa.headcount_in_force$$, $$VALUES ('h1' COLLATE "C", 2019, 3, 1, '核准1')$$, 'and in force [A010]');

-- What takes its heads from it: 3 x 65.00 = 195.00, 58.50 and 136.50; 3 x 280.00 x 0.80 = 672.00
SELECT is(as_user('fund_li', $$INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, heads, doc_no) VALUES ('m1', 'true_up', 2019, '2019-07-05', 4, 'x')$$), 'YB504 heads is given as 4, but 3 were approved for 2019', 'a true-up has no other heads [A010 F4]');
SELECT is(as_user('fund_li', $$INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, doc_no) VALUES ('m1', 'true_up', 2019, '2019-07-05', 'x')$$), 'ok', 'left out, they are filled');
SELECT results_eq($$SELECT heads, headcount_id, amt, out_amt, ipt_amt FROM fa.premium WHERE premium_id = 'm1'$$, $$VALUES (3, 'h1' COLLATE "C", 195.00::numeric, 58.50::numeric, 136.50::numeric)$$, 'the premium is the approved heads times the amount a head [A010 F4]');
SELECT is(as_user('fund_li', $$INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, amt, headcount_id, doc_no) VALUES ('m2', 'set_aside', 2019, '2019-07-05', 1, 'h1', 'x')$$), 'YB504 headcount_id is given as h1, but this row has none', 'what is set aside has none');
SELECT is(as_user('fund_li', $$INSERT INTO fa.subsidy_due (due_id, coverage_year, gov_level, heads, standard, share, due_on, doc_no, source, trust) VALUES ('d1', 2019, 'central', 4, 280.00, 0.80, '2019-07-31', 'd', 's', 'demo')$$), 'YB504 heads is given as 4, but 3 were approved for 2019', 'no subsidy is claimed for more [A010 A012]');
SELECT is(as_user('fund_li', $$INSERT INTO fa.subsidy_due (due_id, coverage_year, gov_level, standard, share, due_on, doc_no, source, trust) VALUES ('d1', 2019, 'central', 280.00, 0.80, '2019-07-31', 'd', 's', 'demo')$$), 'ok', 'it is claimed for those approved');
SELECT results_eq($$SELECT heads, headcount_id, amt FROM fa.subsidy_due WHERE due_id = 'd1'$$, $$VALUES (3, 'h1' COLLATE "C", 672.00::numeric)$$, 'to the fen [A010 A011]');

-- A later count is another version
SELECT is(as_user('fund_li', $$INSERT INTO fa.headcount (headcount_id, coverage_year, as_of, heads, explanation, doc_no) VALUES ('h2', 2019, '2019-12-31', 5, 'A3 的缴费在途', '参保2'), ('h3', 2019, '2019-12-31', 4, NULL, '参保3')$$), 'ok', 'two later counts, one of them explained');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.headcount_approval (headcount_id, decision, approved_on, doc_no) VALUES ('h2', 'approve', '2020-01-10', '核准2')$$), 'ok', 'one is approved');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.headcount_approval (headcount_id, decision, approved_on, doc_no) VALUES ('h3', 'approve', '2020-01-11', '核准3')$$), 'YB307 head count h3 is version 2, but version 2 has been approved since', 'the other was drawn up before that');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.headcount_approval (headcount_id, decision, approved_on, doc_no, insutype, coverage_year, version) VALUES ('h3', 'reject', '2020-01-11', '核准3', '390', 2019, 3)$$), 'YB504 insutype is given as 390, but this row has none', 'a rejection takes no version');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.headcount_approval (headcount_id, decision, approved_on, doc_no) VALUES ('h3', 'reject', '2020-01-11', '核准3')$$), 'ok', 'and is rejected');
-- 5 x 65.00 - 195.00 = 130.00
SELECT is(as_user('fund_li', $$INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, doc_no) VALUES ('m3', 'true_up', 2019, '2020-01-12', 'x')$$), 'ok', 'the premium is trued up to it');
SELECT results_eq($$SELECT premium_id, heads, headcount_id, amt FROM fa.premium ORDER BY 1$$, $$VALUES ('m1' COLLATE "C", 3, 'h1' COLLATE "C", 195.00::numeric), ('m3', 5, 'h2', 130.00)$$, 'what was computed before keeps its version [A010]');
SELECT results_eq($$SELECT due_id, heads, persons, excess, headcount_id, heads_in_force FROM fa.subsidy_heads ORDER BY 1$$, $$VALUES ('d0' COLLATE "C", 10, 0, 10, NULL::text COLLATE "C", NULL::integer), ('d1', 3, 4, -1, 'h1', 5)$$, 'a subsidy that was claimed for other heads than are in force now is seen [A012]');
SELECT is(as_user('fund_li', $$INSERT INTO fa.subsidy_due (due_id, coverage_year, gov_level, standard, share, due_on, replaces, doc_no, source, trust) VALUES ('d2', 2019, 'central', 280.00, 0.80, '2020-01-31', 'd1', 'd', 's', 'demo')$$), 'ok', 'and corrected');
SELECT is((SELECT heads || ' ' || headcount_id FROM fa.subsidy_due WHERE due_id = 'd2'), '5 h2', 'by one for those heads [A010]');

-- Beside the enrolment: A8's payment of June is matched later
INSERT INTO fa.enrolment (enrol_id, psn_no, insutype, admdvs, year, begndate, enddate, paid_on, psn_group) VALUES ('e8', 'A8', '390', '620522', 2019, '2019-01-01', '2019-12-31', '2019-06-01', 'veteran');
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r5', 'contribution', 'treasury', '2020-01-15', 2019, 250.00);
SELECT results_eq($$SELECT headcount_id, decision, in_force, heads, persons, excess, persons_now, excess_now, collected_amt, collected_now FROM fa.headcount_check ORDER BY 1$$,
  $$VALUES ('h1' COLLATE "C", 'approve' COLLATE "C", false, 3, 3, 0, 4, -1, 800.00::numeric, 1050.00::numeric), ('h2', 'approve', true, 5, 4, 1, 5, 0, 800.00, 1050.00), ('h3', 'reject', false, 4, 4, 0, 5, -1, 800.00, 1050.00)$$,
  'each count beside who is enrolled, then and now [A012]');
SELECT results_eq($$SELECT psn_group, persons, persons_now FROM fa.headcount_group WHERE headcount_id = 'h1' ORDER BY 1$$, $$VALUES ('assistance' COLLATE "C", 1, 1), ('none', 1, 1), ('veteran', 1, 2)$$, 'by category, too [A010]');

-- An area that keeps no enrolment of the year states its count
SELECT is(as_user('fund_li', $$INSERT INTO fa.headcount (headcount_id, coverage_year, as_of, doc_no) VALUES ('h4', 2021, '2021-06-30', '参保4')$$), 'YB006 heads is empty', 'without enrolment nothing is filled');
SELECT is(as_user('fund_li', $$INSERT INTO fa.headcount (headcount_id, coverage_year, as_of, heads, doc_no) VALUES ('h4', 2021, '2021-06-30', 480000, '参保4')$$), 'ok', 'and nothing to explain');
SELECT is(as_user('fund_li', $$INSERT INTO fa.headcount (headcount_id, coverage_year, as_of, heads, persons, doc_no) VALUES ('h9', 2021, '2021-06-30', 480000, 480000, '参保4')$$), 'YB504 persons is given as 480000, but this row has none', 'who is enrolled is not typed in [A012]');
SELECT results_eq($$SELECT persons, groups, collected_amt FROM fa.headcount WHERE headcount_id = 'h4'$$, $$VALUES (NULL::integer, NULL::jsonb, 0::numeric)$$, 'nor to compare');

-- Steps, where the owner sets them
INSERT INTO fa.approval_chain (chain_id, kind, posts, source) VALUES ('k', 'headcount', '{finance, centre}', 't');
SELECT is(as_user('fund_li', $$INSERT INTO fa.headcount (headcount_id, coverage_year, as_of, heads, doc_no) VALUES ('h5', 2021, '2021-07-31', 480001, '参保5')$$), 'ok', 'a count drawn up after that');
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.headcount_approval (headcount_id, decision, approved_on, doc_no) VALUES ('h5', 'approve', '2021-08-01', '核准5')$$), '^YB307 head count h5 lacks step 1 of 2: finance', 'has its steps [A048]');

-- Who is enrolled and has paid, no other number
INSERT INTO fa.policy (policy_id, rules) VALUES ('p3', heads_doc('2018-03-01', 'enrolled'));
SELECT is(as_user('fund_li', $$INSERT INTO fa.headcount (headcount_id, coverage_year, as_of, heads, explanation, doc_no) VALUES ('h6', 2019, '2019-12-31', 6, 'x', '参保6')$$), 'YB307 heads is 6, but 5 persons are enrolled for 2019 and had paid by 2019-12-31', '虚报参保人数 is refused [A012]');
SELECT is(as_user('fund_li', $$INSERT INTO fa.headcount (headcount_id, coverage_year, as_of, heads, explanation, doc_no) VALUES ('h6', 2021, '2021-12-31', 6, 'x', '参保6')$$), 'YB307 heads is 6, but nobody is enrolled for 2021', 'all the more where nobody is enrolled [A012]');

SET CONSTRAINTS ALL IMMEDIATE;
SELECT is_empty($$SELECT * FROM clean()$$, 'verify finds nothing');
ALTER TABLE fa.subsidy_due DISABLE TRIGGER t05_posted;
UPDATE fa.subsidy_due SET heads = 50 WHERE due_id = 'd2';
SELECT ok(EXISTS (SELECT FROM clean() c WHERE c LIKE '%subsidy_due d2: 50 heads, head count h2 has 5'), 'verify finds heads that were not approved [A010]');
ALTER TABLE fa.headcount_approval DISABLE TRIGGER t05_posted;
UPDATE fa.headcount_approval SET approved_by = 'fund_li' WHERE headcount_id = 'h1';
SELECT ok(EXISTS (SELECT FROM clean() c WHERE c LIKE '%head count h1: fund_li'), 'and who approved his own count [A048]');
SELECT * FROM finish();
ROLLBACK;
