-- The budget and the forms by which money is appropriated within it.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(75);

CREATE ROLE fund_head LOGIN;
CREATE ROLE fund_bureau LOGIN;
CREATE ROLE fund_gov LOGIN;
CREATE ROLE fund_chen LOGIN;
SELECT yibao.grant_poolarea('fa', r, 'reviewer') FROM unnest(ARRAY['fund_head', 'fund_bureau', 'fund_gov']) r \g /dev/null
SELECT yibao.grant_poolarea('fa', 'fund_chen', 'clerk') \g /dev/null
INSERT INTO fa.post_holder (holding_id, person, login, post, cert_no, cert_from, from_day, doc_no) VALUES
  ('h1', '主任', 'fund_head', 'centre', 'z', '2018-01-01', '2018-01-01', 'd'), ('h2', '财政', 'fund_bureau', 'finance', 'z', '2018-01-01', '2018-01-01', 'd'),
  ('h3', '政府', 'fund_gov', 'govt', 'z', '2018-01-01', '2018-01-01', 'd');
CREATE FUNCTION said(day text, more jsonb) RETURNS jsonb LANGUAGE sql AS $$
SELECT fund_doc(day, jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2018}', '0.30')), 'on_pool_short', 'queue', 'source', 't') || more)
$$;
CREATE FUNCTION step(who text, id text, what text, item text, day text, more text DEFAULT NULL, amount text DEFAULT 'NULL') RETURNS text LANGUAGE sql AS $$
SELECT as_user(who, format('INSERT INTO fa.approval (approval_id, kind, item_id, decision, decided_on, amt) VALUES (%L, %L, %L, %L, %L, %s)', id, what, item, coalesce(more, 'approve'), day, amount))
$$;
CREATE FUNCTION form(id text, y int, q int, plan text, day text) RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_li', format('INSERT INTO fa.appropriation (form_id, clr_optins, year, quarter, plan, bank_balance, drawn_on) VALUES (%L, ''620522'', %s, %s, %L, 100.00, %L)', id, y, q, plan, day))
$$;
CREATE FUNCTION pay(who text, id text, form text, amount numeric, day text) RETURNS text LANGUAGE sql AS $$
SELECT as_user(who, format('INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id) VALUES (%L, ''appropriation'', ''fiscal'', ''expenditure'', %L, %s, %L)', id, day, amount, form))
$$;
INSERT INTO fa.policy (policy_id, rules) VALUES ('p1', said('2018-01-01', '{}'));
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r1', 'subsidy', 'fiscal', '2018-01-05', 2018, 10000.00);

-- Where the policy does not say: a form is a number, as before
SELECT is(pay('fund_li', 'm0', 'F0', 100.00, '2018-01-10'), 'ok', 'without the control a form is a number [A023]');

-- The budget of 2018
CREATE FUNCTION draft(id text, y int, income text, expense text, more text DEFAULT 'NULL, NULL', day text DEFAULT '2018-01-15') RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_li', format('INSERT INTO fa.budget (budget_id, year, income, expense, revises, deficit_doc, drawn_on) VALUES (%L, %s, %L, %L, %s, %L)', id, y, income, expense, more, day))
$$;
SELECT is(draft('b0', 2018, '{"income_gift": ["1", "1", "1", "1"]}', '{"benefit_inpatient": ["1", "1", "1", "1"]}'), 'YB004 income: "income_gift" is no line of that kind', 'a line is a role of the books [A028]');
SELECT is(draft('b0', 2018, '{"benefit_inpatient": ["1", "1", "1", "1"]}', '{"benefit_inpatient": ["1", "1", "1", "1"]}'), 'YB004 income: "benefit_inpatient" is no line of that kind', 'an expense is no income');
SELECT is(draft('b0', 2018, '{"income_subsidy": ["1", "1", "1"]}', '{"benefit_inpatient": ["1", "1", "1", "1"]}'), 'YB307 income: line income_subsidy has not the amounts of four quarters', 'a line has four quarters');
SELECT is(draft('b0', 2018, '{"income_subsidy": ["1", "1", "1", "1.005"]}', '{"benefit_inpatient": ["1", "1", "1", "1"]}'), 'YB307 income: line income_subsidy has not the amounts of four quarters', 'a third decimal is none of them');
SELECT is(draft('b0', 2018, '{"income_subsidy": ["1", "1", "1", null]}', '{"benefit_inpatient": ["1", "1", "1", "1"]}'), 'YB307 income: line income_subsidy has not the amounts of four quarters', 'nor is a null');
SELECT is(draft('b0', 2018, '[]', '{"benefit_inpatient": ["1", "1", "1", "1"]}'), 'YB307 income has no lines', 'a budget has lines');
-- 1,000.00 in, 1,000.01 out
SELECT is(draft('b0', 2018, '{"income_subsidy": ["1000.00", "0", "0", "0"]}', '{"benefit_inpatient": ["1000.01", "0", "0", "0"]}'), 'YB201 the policy does not say fund.deficit_budget', 'a deficit is not decided by a default [A224]');
INSERT INTO fa.policy (policy_id, rules) VALUES ('p2', said('2018-01-12', '{"deficit_budget": {"mode": "refuse", "source": "t"}}'));
SELECT is(draft('b0', 2018, '{"income_subsidy": ["1000.00", "0", "0", "0"]}', '{"benefit_inpatient": ["1000.01", "0", "0", "0"]}'),
  'YB302 the budget spends 0.01 more than the year takes in: 1000.01 of 1000.00', 'a deficit budget is refused, whatever was left of earlier years [A224]');
-- income 400 + 300 + 200 + 100 = 1,000; expense 4 x 150 + 4 x 50 + 100 = 900; benefits by quarter 200, 400, 600, 800
SELECT is(draft('b1', 2018, '{"income_subsidy": ["400.00", "300.00", "200.00", "100.00"]}',
  '{"benefit_inpatient": ["150.00", "150.00", "150.00", "150.00"], "benefit_outpatient": ["50.00", "50.00", "50.00", "50.00"], "serious_expense": ["100.00", "0", "0", "0"]}'), 'ok', 'a balanced budget is drafted [A028 A224]');
SELECT results_eq($$SELECT version, income_amt, expense_amt, drawn_by FROM fa.budget WHERE budget_id = 'b1'$$, $$VALUES (1, 1000.00, 900.00, 'fund_li')$$, 'with its totals');
SELECT is((SELECT state FROM fa.budget_status WHERE budget_id = 'b1'), 'drafted', 'it is drafted [A029]');
SELECT matches(step('fund_gov', 'x', 'budget', 'b1', '2018-01-20'), '^YB402 fund_gov does not hold post finance', 'the finance department comes before the government [A029]');
SELECT is(step('fund_bureau', 'ba1', 'budget', 'b1', '2018-01-20'), 'ok', 'it is reviewed by the finance department [A029]');
SELECT is((SELECT state FROM fa.budget_status WHERE budget_id = 'b1'), 'finance', 'which it shows');
SELECT is(step('fund_gov', 'ba2', 'budget', 'b1', '2018-01-25'), 'ok', 'and approved by the government [A029]');
SELECT is((SELECT state FROM fa.budget_status WHERE budget_id = 'b1'), 'in_force', 'then it is in force [A029]');
SELECT matches(step('fund_gov', 'ba3', 'budget', 'b1', '2018-01-26'), '^YB307 all steps of budget b1 are made', 'once');
SELECT throws_ok($$INSERT INTO fa.approval_chain (chain_id, kind, posts, source) VALUES ('none', 'budget', '{}', 't')$$, 'YB402', 'a budget needs at least one step', 'nobody does without the steps of a budget');

-- The form
INSERT INTO fa.policy (policy_id, rules) VALUES ('p3', said('2018-02-01', '{"deficit_budget": {"mode": "refuse", "source": "t"}, "interim_budget": {"mode": "none", "source": "t"}, "appropriation": {"control": "form_required", "source": "t"}}'));
SELECT is(pay('fund_li', 'm1', 'F1', 10.00, '2018-02-02'), 'YB307 there is no form F1 to appropriate by', 'where the policy says so, money needs an approved form [A023]');
SELECT is(form('f1', 2018, 1, '{"serious_expense": "1.00"}', '2018-02-02'), 'YB004 plan: "serious_expense" is no line of benefits', 'the expenditure account pays benefits');
SELECT is(form('f1', 2018, 1, '{"benefit_inpatient": "1.001"}', '2018-02-02'), 'YB307 plan: line benefit_inpatient has no amount', 'a third decimal is refused');
SELECT is(form('f1', 2018, 1, '{"benefit_inpatient": "0"}', '2018-02-02'), 'YB002 the plan asks for nothing', 'a form has an amount');
SELECT is(form('f1', 2018, 1, '{"benefit_inpatient": "100.00", "benefit_outpatient": "60.00"}', '2018-02-02'), 'ok', 'a form is drawn up by line [A023]');
SELECT results_eq($$SELECT requested, book_balance, bank_balance, open_obligations, last_actual FROM fa.appropriation WHERE form_id = 'f1'$$, $$VALUES (160.00, 100.00, 100.00, 0.00, jsonb '{}')$$,
  'with its total, both balances, what is owed and what the last quarter spent [A023]');
SELECT is(pay('fund_li', 'm1', 'f1', 10.00, '2018-02-03'), 'YB307 appropriation form f1 lacks step 1 of 2: centre (经办机构负责人) has not approved it', 'nothing is paid before it is approved [A023]');
SELECT is(step('fund_head', 'fa1', 'appropriation', 'f1', '2018-02-03'), 'ok', 'the centre approves');
SELECT is((SELECT state FROM fa.appropriation_status WHERE form_id = 'f1'), 'centre', 'state: centre');
SELECT is(pay('fund_chen', 'm1', 'f1', 10.00, '2018-02-03'), 'YB307 appropriation form f1 lacks step 2 of 2: finance (财政部门) has not approved it', 'that is not enough [A023]');
-- 100.00 of F0 and 160.00 are above the 200.00 of the first quarter
SELECT is(step('fund_bureau', 'fa2', 'appropriation', 'f1', '2018-02-04'), 'YB302 appropriations of 2018 up to quarter 1 would be 260.00, the budget allows 200.00', 'approved within the budget only [A024 A223]');
SELECT matches(step('fund_bureau', 'fa2', 'appropriation', 'f1', '2018-02-04', NULL, '160.01'), '^YB307 the approval is for 160.01', 'nobody approves more than was asked for');
SELECT is(step('fund_bureau', 'fa2', 'appropriation', 'f1', '2018-02-04', NULL, '100.00'), 'ok', 'the finance department may approve less');
SELECT results_eq($$SELECT state, requested, approved, paid FROM fa.appropriation_status WHERE form_id = 'f1'$$, $$VALUES ('finance' COLLATE "C", 160.00, 100.00, NULL::numeric)$$, 'state: finance, 100.00 of 160.00 approved');
SELECT is(pay('fund_chen', 'm1', 'f1', 100.01, '2018-02-05'), 'YB307 form f1 was approved for 100.00, 100.01 would be paid', 'never above what was approved [A023]');
SELECT matches(pay('fund_li', 'm1', 'f1', 90.00, '2018-02-05'), '^YB401 appropriation form f1 was drawn up by fund_li', 'who asked does not pay [A048]');
SELECT matches(pay('fund_chen', 'm1', 'f1', 90.00, '2018-02-03'), '^YB307 form f1 was approved on 2018-02-04, after 2018-02-03', 'not before it was approved');
SELECT throws_ok($$INSERT INTO fa.cash_move (move_id, fund, kind, from_class, to_class, moved_on, amt, form_id) VALUES ('m1', 'assistance', 'appropriation', 'fiscal', 'expenditure', '2018-02-05', 90, 'f1')$$,
  'YB307', 'form f1 is of fund resident, not of assistance', 'not for another fund [A019]');
SELECT is(pay('fund_chen', 'm1', 'f1', 90.00, '2018-02-05'), 'ok', 'it is paid [A023]');
SELECT is((SELECT state FROM fa.appropriation_status WHERE form_id = 'f1'), 'paid', 'state: paid');
SELECT matches(pay('fund_chen', 'm1b', 'f1', 10.00, '2018-02-05'), '^YB307 form f1 was paid already', 'one form pays once [A023]');

-- The second quarter: 190.00 paid, 400.00 allowed
SELECT form('f2', 2018, 2, '{"benefit_inpatient": "210.01"}', '2018-04-01'), form('f3', 2018, 2, '{"benefit_inpatient": "210.00"}', '2018-04-01') \g /dev/null
SELECT step('fund_head', 'fb1', 'appropriation', 'f2', '2018-04-02'), step('fund_head', 'fb2', 'appropriation', 'f3', '2018-04-02') \g /dev/null
SELECT is(step('fund_bureau', 'fb3', 'appropriation', 'f2', '2018-04-03'), 'YB302 appropriations of 2018 up to quarter 2 would be 400.01, the budget allows 400.00', 'a fen above the budget of two quarters is refused [A024]');
SELECT is(step('fund_bureau', 'fb3', 'appropriation', 'f2', '2018-04-03', 'reject'), 'ok', 'it is rejected');
SELECT is((SELECT state FROM fa.appropriation_status WHERE form_id = 'f2'), 'rejected', 'state: rejected');
SELECT matches(pay('fund_chen', 'm2', 'f2', 1.00, '2018-04-05'), '^YB307 appropriation form f2 was rejected by fund_bureau at step 2', 'and not paid [A023]');
SELECT is(step('fund_bureau', 'fb4', 'appropriation', 'f3', '2018-04-03'), 'ok', 'what one quarter left may go in the next');
SELECT is(pay('fund_chen', 'm3', 'f3', 210.00, '2018-04-05'), 'ok', 'up to the budget [A024]');

-- By line.  Of the 160.00 asked for by f1, 90.00 went: 100.00 x 90/160 = 56.25 inpatient, 33.75 outpatient; f3 was inpatient alone
SELECT results_eq($$SELECT form_id, line, planned, paid FROM fa.appropriation_line WHERE form_id IN ('f1', 'f2', 'f3') ORDER BY 1, 2$$,
  $$VALUES ('f1' COLLATE "C", 'benefit_inpatient' COLLATE "C", 100.00, 56.25), ('f1', 'benefit_outpatient', 60.00, 33.75), ('f2', 'benefit_inpatient', 210.01, NULL), ('f3', 'benefit_inpatient', 210.00, 210.00)$$,
  'what was paid of each line; less than asked for is spread over the lines, to the fen [A024]');
-- the total has 600.00 - 400.00 = 200.00 left in the third quarter, inpatient care 3 x 150.00 - 56.25 - 210.00 = 183.75
SELECT form('f4', 2018, 3, '{"benefit_inpatient": "183.76"}', '2018-07-01') \g /dev/null
SELECT step('fund_head', 'fl1', 'appropriation', 'f4', '2018-07-02') \g /dev/null
SELECT matches(step('fund_bureau', 'fl2', 'appropriation', 'f4', '2018-07-03'), '^YB302 appropriations of 2018 for benefit_inpatient \(.+\) up to quarter 3 would be 450.01, the budget allows 450.00',
  'a fen above a line is refused though the quarter''s total has room: what is budgeted for outpatients is not spent on inpatients [A024 A223]');
SELECT is(step('fund_bureau', 'fl2', 'appropriation', 'f4', '2018-07-03', NULL, '183.75'), 'ok', 'up to the line it is approved');
SELECT is(form('f4x', 2018, 3, '{"benefit_other": "1.00"}', '2018-07-01'), 'YB004 plan: "benefit_other" is no line of benefits', 'a line is one of the books');
SELECT form('f4y', 2018, 4, '{"benefit_outpatient": "166.26"}', '2018-10-01') \g /dev/null
SELECT step('fund_head', 'fl3', 'appropriation', 'f4y', '2018-10-02') \g /dev/null
-- 4 x 50.00 - 33.75 = 166.25
SELECT matches(step('fund_bureau', 'fl4', 'appropriation', 'f4y', '2018-10-03'), '^YB302 appropriations of 2018 for benefit_outpatient \(.+\) up to quarter 4 would be 200.01, the budget allows 200.00', 'each line by itself');

-- The third: two forms that fit one by one (400.00 + 200.00 = 600.00), not together
SELECT form('f5', 2018, 3, '{"benefit_inpatient": "150.00", "benefit_outpatient": "50.00"}', '2018-07-01'), form('f6', 2018, 3, '{"benefit_inpatient": "10.00"}', '2018-07-01') \g /dev/null
SELECT step('fund_head', 'fc1', 'appropriation', 'f5', '2018-07-02'), step('fund_head', 'fc2', 'appropriation', 'f6', '2018-07-02'), step('fund_bureau', 'fc3', 'appropriation', 'f5', '2018-07-03') \g /dev/null
SELECT is(step('fund_bureau', 'fc4', 'appropriation', 'f6', '2018-07-03'), 'ok', 'both are approved before either is paid');
SELECT is(pay('fund_chen', 'm5', 'f5', 200.00, '2018-07-05'), 'ok', 'the first is paid');
SELECT is(pay('fund_chen', 'm6', 'f6', 10.00, '2018-07-05'), 'YB302 appropriations of 2018 up to quarter 3 would be 610.00, the budget allows 600.00', 'the sum is checked when money goes, not only when it was approved [A024]');

-- A revised budget, through the same steps: 10.00 more in the third quarter
SELECT matches(draft('b2', 2018, '{"income_subsidy": ["1000.00", "0", "0", "0"]}', '{"benefit_inpatient": ["1", "1", "1", "1"]}', 'NULL, NULL', '2018-07-10'), '^YB307 the budget of 2018 in force is b1, this one revises -', 'a second budget revises the first');
SELECT draft('b2', 2018, '{"income_subsidy": ["400.00", "300.00", "200.00", "100.00"]}', '{"benefit_inpatient": ["200.00", "200.00", "210.00", "200.00"]}', '''b1'', NULL', '2018-07-10'),
  draft('b3', 2018, '{"income_subsidy": ["400.00", "300.00", "200.00", "100.00"]}', '{"benefit_inpatient": ["200.00", "200.00", "900.00", "200.00"]}', '''b1'', NULL', '2018-07-10') \g /dev/null
SELECT is((SELECT count(*) FROM fa.budget), 2::bigint, 'a revision with a deficit is refused as the first was [A224]');
SELECT draft('b3', 2018, '{"income_subsidy": ["900.00", "300.00", "200.00", "100.00"]}', '{"benefit_inpatient": ["200.00", "200.00", "900.00", "200.00"]}', '''b1'', NULL', '2018-07-10') \g /dev/null
SELECT step('fund_bureau', 'bb1', 'budget', 'b2', '2018-07-11'), step('fund_bureau', 'bb2', 'budget', 'b3', '2018-07-11') \g /dev/null
SELECT is((SELECT state FROM fa.budget_status WHERE budget_id = 'b1'), 'in_force', 'until it is approved the old one holds');
SELECT is(step('fund_gov', 'bb3', 'budget', 'b2', '2018-07-12'), 'ok', 'the revision is approved');
SELECT results_eq($$SELECT budget_id, version, state FROM fa.budget_status ORDER BY version$$, $$VALUES ('b1' COLLATE "C", 1, 'superseded' COLLATE "C"), ('b2', 2, 'in_force'), ('b3', 3, 'finance')$$, 'and takes the place of the old one');
SELECT is(step('fund_gov', 'bb4', 'budget', 'b3', '2018-07-13'), 'YB307 budget b3 revises b1, but the budget of 2018 in force is b2', 'of two revisions of one version only one comes into force');
SELECT is(pay('fund_chen', 'm6', 'f6', 10.00, '2018-07-13'), 'ok', 'the form fits the revised budget [A024]');

-- 2019: no budget yet
SELECT form('g1', 2019, 1, '{"benefit_inpatient": "200.01"}', '2019-01-02'), form('g2', 2019, 1, '{"benefit_inpatient": "200.00"}', '2019-01-02') \g /dev/null
SELECT step('fund_head', 'g1a', 'appropriation', 'g1', '2019-01-03'), step('fund_head', 'g2a', 'appropriation', 'g2', '2019-01-03') \g /dev/null
SELECT is(step('fund_bureau', 'g1b', 'appropriation', 'g1', '2019-01-04'), 'YB302 fund resident has no budget for 2019 in force', 'before the budget nothing goes where the policy says none');
INSERT INTO fa.policy (policy_id, rules) VALUES ('p4', said('2019-01-01', '{"deficit_budget": {"mode": "from_surplus", "max": "50.00", "source": "t"}, "interim_budget": {"mode": "last_year_same_period", "source": "t"}, "appropriation": {"control": "form_required", "source": "t"}}'));
SELECT is(step('fund_bureau', 'g1b', 'appropriation', 'g1', '2019-01-04'), 'YB302 appropriations of 2019 up to quarter 1 would be 200.01, the budget allows 200.00', 'or no more than last year''s budget of the same quarters');
SELECT step('fund_bureau', 'g2b', 'appropriation', 'g2', '2019-01-04') \g /dev/null
SELECT is(pay('fund_chen', 'n2', 'g2', 200.00, '2019-01-05'), 'ok', 'up to which money goes');
SELECT is(draft('c1', 2019, '{"income_subsidy": ["750.00", "0", "0", "0"]}', '{"benefit_inpatient": ["200.01", "200.00", "200.00", "200.00"]}', 'NULL, ''批1''', '2019-01-10'),
  'YB302 the budget spends 50.01 more than the year takes in: 800.01 of 750.00', 'the surplus is used up to what the policy allows');
SELECT is(draft('c1', 2019, '{"income_subsidy": ["750.00", "0", "0", "0"]}', '{"benefit_inpatient": ["200.00", "200.00", "200.00", "200.00"]}', 'NULL, NULL', '2019-01-10'),
  'YB006 deficit_doc is empty: the budget uses 50.00 of the surplus', 'and by a document');
SELECT is(draft('c1', 2019, '{"income_subsidy": ["750.00", "0", "0", "0"]}', '{"benefit_inpatient": ["200.00", "200.00", "200.00", "200.00"]}', 'NULL, ''批1''', '2019-01-10'), 'ok', 'with it, it is drafted');
SELECT step('fund_bureau', 'c1a', 'budget', 'c1', '2019-01-11'), step('fund_gov', 'c1b', 'budget', 'c1', '2019-01-12') \g /dev/null

-- What the account may hold.  100 + 90 + 210 + 200 + 10 + 200 = 810.00; 120.00 of cost: 60.00 basic and 40% of the other 60.00 = 24.00 advanced are paid: 726.00
INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, fixmedins_code, med_type, setl_type, clr_ym, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt)
VALUES ('s1', 'A', '390', '2019-03-20', false, 'H1', '21', '2', '201903', 120, 0, 0, 0, 120);
SELECT as_user('fund_li', $$INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES ('y1', 'H1', '201903', '2019-04-01')$$),
  as_user('fund_wang', $$INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('y1', 'approve', '2019-04-02')$$) \g /dev/null
SELECT is((SELECT balance_fen FROM fa.cash WHERE fund = 'resident' AND class = 'expenditure'), 72600::bigint, 'the account holds 726.00');
-- two months of 60.00 / 12 = 10.00
INSERT INTO fa.policy (policy_id, rules) VALUES ('p5', said('2019-05-01', '{"appropriation": {"control": "form_named", "months_in_account": 2, "months_of": "last_12_months", "source": "t"}}'));
SELECT is(pay('fund_li', 'k1', 'K1', 1.00, '2019-05-02'), 'YB302 the expenditure account would hold 727.00, the policy allows 10.00: 2 months of mean spending', 'the account holds so many months of what was spent');
-- twelve months of 800.00 / 12
INSERT INTO fa.policy (policy_id, rules) VALUES ('p6', said('2019-06-01', '{"appropriation": {"control": "form_named", "months_in_account": 12, "months_of": "budget", "source": "t"}}'));
SELECT is(pay('fund_li', 'k1', 'K1', 74.01, '2019-06-02'), 'YB302 the expenditure account would hold 800.01, the policy allows 800.00: 12 months of mean spending', 'or of what was budgeted');
SELECT is(pay('fund_li', 'k1', 'K1', 74.00, '2019-06-02'), 'ok', 'up to it, by a named form where the policy asks for no other');

-- The execution: 2018 had no benefit paid, 2019 60.00 in the second quarter
SELECT results_eq($$SELECT quarter, budget, budget_cum, actual, actual_cum, left_cum FROM fa.budget_execution WHERE fund = 'resident' AND year = 2019 AND line = 'benefit_inpatient' ORDER BY quarter$$,
  $$VALUES (1, 200.00, 200.00, 0.00, 0.00, 200.00), (2, 200.00, 400.00, 60.00, 60.00, 340.00), (3, 200.00, 600.00, 0.00, 60.00, 540.00), (4, 200.00, 800.00, 0.00, 60.00, 740.00)$$,
  'the execution shows each quarter beside its budget [A028 A223]');
SELECT results_eq($$SELECT income_budget, income_actual, expense_budget, expense_actual, balance_budget, balance_actual FROM fa.budget_balance WHERE fund = 'resident' ORDER BY year$$,
  $$VALUES (1000.00, 10000.00, 810.00, 0.00, 190.00, 10000.00), (750.00, 0.00, 800.00, 60.00, -50.00, -60.00)$$, 'and what is left of each year by itself [A225]');

SET CONSTRAINTS ALL IMMEDIATE;
SELECT is_empty($$SELECT * FROM yibao.verify('fa') WHERE NOT ok$$, 'verify finds nothing');
ALTER TABLE fa.approval DISABLE TRIGGER t05_posted;
UPDATE fa.approval SET amt = 89.99 WHERE approval_id = 'fa2';
SELECT ok(EXISTS (SELECT FROM yibao.verify('fa') WHERE NOT ok AND detail LIKE 'form f1: 90%paid, 89.99 approved'), 'verify finds a form that was paid above what was approved [A023]');
SELECT * FROM finish();
ROLLBACK;
