-- Risk of the fund: levels as data, what is reached, case, assessment, measures, closing by another.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(32);
-- on a new area, where nothing has statistics yet, the planner knows how few pools there are: else its cost is far above jit_above_cost
CREATE FUNCTION plan_cost(sql text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE j jsonb;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON) ' || sql INTO j;
    RETURN (j #>> '{0,Plan,Total Cost}')::numeric;
END $$;
SELECT cmp_ok(plan_cost('SELECT * FROM fa.risk_now'), '<', (SELECT boot_val::numeric FROM pg_settings WHERE name = 'jit_above_cost'), 'risk_now is not worth compiling on a new area');
INSERT INTO fa.policy (policy_id, rules) SELECT 'p1', d || jsonb_build_object('layers', jsonb_build_array(d -> 'layers' -> 0)) FROM fund_doc('2021-01-01',
  jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2021}', '0.30')), 'on_pool_short', 'queue', 'carry', 'keep_by_pool', 'source', 't')) d;
-- 2022: 500.00 in. 2023: 100.00 in, 240.00 out (inpatient). Left 360.00: inpatient 350.00 + 70.00 - 240.00 = 180.00, outpatient 180.00.
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES
  ('a1', 'subsidy', 'fiscal', '2022-01-10', 2022, 500.00), ('a2', 'subsidy', 'fiscal', '2023-01-10', 2023, 100.00);
INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id) VALUES ('q1', 'appropriation', 'fiscal', 'expenditure', '2023-04-03', 240.00, 'F1');
INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, fixmedins_code, med_type, setl_type, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt)
VALUES ('s1', 's1', '390', '2023-05-05', false, 'H1', '21', '2', 480, 0, 0, 0, 480);
SELECT is(as_user('fund_li', $$INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES ('p1', 'H1', '202305', '2023-12-01')$$), 'ok', 'a payment of 240.00 is drawn up');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('p1', 'approve', '2023-12-02')$$), 'ok', 'and paid');

SELECT is_empty('SELECT * FROM fa.risk_level', 'no level is shipped: 9, 6 and 3 months are of another scheme and unverified [A228]');
-- 360.00 / (240.00 / 12) = 18 months; inpatient 180.00 / 20.00 = 9; outpatient spent nothing
SELECT results_eq($$SELECT pool, value FROM fa.risk_indicator WHERE fund = 'resident' AND indicator = 'months_payable' AND denominator = 'last_12_months' AND value IS NOT NULL ORDER BY pool$$,
  $$VALUES ('inpatient' COLLATE "C", 9.00), (NULL, 18.00)$$, 'months payable of the fund and of each pool, by the denominator that is named [A228]');
SELECT is((SELECT as_of FROM fa.risk_indicator WHERE fund = 'resident' AND indicator = 'months_payable' AND pool IS NULL AND denominator = 'last_12_months'), '2023-12', 'at the last month that was booked');
-- 360.00 / 100.00 = 3.6
SELECT is((SELECT value FROM fa.risk_indicator WHERE fund = 'resident' AND indicator = 'surplus_ratio'), 3.6000, 'the surplus over the year''s income [A039]');
SELECT is((SELECT value FROM fa.risk_indicator WHERE fund = 'resident' AND indicator = 'current_balance'), -140.00, 'the year spends more than it takes in: 100.00 - 240.00 [A226]');

INSERT INTO fa.risk_level (level_id, indicator, denominator, from_value, to_value, level, alert, measures, valid_from, source, trust) VALUES
  ('m-low', 'months_payable', 'last_12_months', NULL, 6, '红色', true, '{控费,申请补助}', '2020-01-01', '试验文件', 'demo'),
  ('m-ok', 'months_payable', 'last_12_months', 6, 18, '正常', false, '{}', '2020-01-01', '试验文件', 'demo'),
  ('m-high', 'months_payable', 'last_12_months', 18, NULL, '结余过大', true, '{提高报销比例,增加慢特病病种}', '2020-01-01', '试验文件', 'demo');
INSERT INTO fa.risk_level (level_id, indicator, to_value, level, alert, measures, valid_from, source, trust) VALUES
  ('deficit', 'current_balance', 0, '当期收不抵支', true, '{分析原因}', '2020-01-01', '试验文件', 'demo');
SELECT throws_ok($$INSERT INTO fa.risk_level (level_id, indicator, to_value, level, alert, measures, valid_from, source, trust) VALUES ('x', 'months_payable', 3, '红', true, '{}', '2020-01-01', 't', 'demo')$$, 'YB002', NULL, 'months payable need their denominator');
SELECT throws_ok($$INSERT INTO fa.risk_level (level_id, indicator, to_value, level, alert, measures, valid_from, source, trust) VALUES ('x', 'surplus_ratio', 3, '红', true, '{}', '2020-01-01', '', 'demo')$$, 'YB006', NULL, 'a level needs its source');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.risk_level (level_id, indicator, to_value, level, alert, measures, valid_from, source, trust) VALUES ('x', 'surplus_ratio', 3, '红', true, '{}', '2020-01-01', 't', 'demo')$$), '^42501', 'levels are the owner''s');
SELECT results_eq($$SELECT level_id, alert, case_open FROM fa.risk_now ORDER BY 1$$, $$VALUES ('deficit' COLLATE "C", true, false), ('m-high', true, false)$$, 'a bound belongs to the level above it: 18 months are too many [A039 A041 A228]');

-- the case
SELECT matches(as_user('fund_li', $$INSERT INTO fa.risk_case (case_id, level_id, plan_ref) VALUES ('c1', 'm-low', '预案1')$$), '^YB307', 'no case on a level that is not reached');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.risk_case (case_id, level_id) VALUES ('c1', 'm-high')$$), '^YB006', 'nor without a plan [A014]');
SELECT is(as_user('fund_li', $$INSERT INTO fa.risk_case (case_id, level_id, plan_ref) VALUES ('c1', 'm-high', '预案1')$$), 'ok', 'a clerk opens one [A014]');
SELECT is((SELECT as_of || ' ' || value || ' ' || booked_by FROM fa.risk_case), '2023-12 18.00 fund_li', 'it keeps the figure, of when, and who');
SELECT is((SELECT case_open FROM fa.risk_now WHERE level_id = 'm-high'), true, 'the alert says that a case is open');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.risk_step (step_id, case_id, step, measure, finding) VALUES ('k1', 'c1', 'measure', '提高报销比例', 'x')$$), '^YB307 case c1: it has not been assessed', 'measures come after the assessment [A014]');
SELECT is(as_user('fund_li', $$INSERT INTO fa.risk_step (step_id, case_id, step, finding) VALUES ('k1', 'c1', 'assess', '就医人次下降')$$), 'ok', 'the causes are analysed [A039]');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.risk_step (step_id, case_id, step, measure, finding) VALUES ('k2', 'c1', 'measure', '控费', 'x')$$), '^YB004', 'a measure that the level does not call for is refused [A229]');
SELECT is(as_user('fund_li', $$INSERT INTO fa.risk_step (step_id, case_id, step, measure, finding, doc_no) VALUES ('k2', 'c1', 'measure', '提高报销比例', '新政策2024-01-01起', '390-2024-01-01-1')$$), 'ok', 'one that it does is taken, with the policy that was published [A040 A229]');
SELECT is((SELECT (assessed, measures_due)::text FROM fa.risk_open WHERE case_id = 'c1'), '(t,{增加慢特病病种})', 'the open cases say what is still due [A229]');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.risk_step (step_id, case_id, step, finding) VALUES ('k4', 'c1', 'close', 'x')$$), 'YB307 case c1 cannot be closed: measures not taken: 增加慢特病病种', 'it is not closed before all measures are taken [A229]');
SELECT is(as_user('fund_li', $$INSERT INTO fa.risk_step (step_id, case_id, step, measure, finding) VALUES ('k3', 'c1', 'measure', '增加慢特病病种', 'x')$$), 'ok', 'the other measure');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.risk_step (step_id, case_id, step, finding) VALUES ('k4', 'c1', 'close', 'x')$$), '^YB401', 'who opened it does not close it');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.risk_step (step_id, case_id, step, finding) VALUES ('k4', 'c1', 'close', '已化解')$$), 'ok', 'another does [A014]');
SELECT is_empty('SELECT * FROM fa.risk_open', 'no case is open');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.risk_step (step_id, case_id, step, finding) VALUES ('k5', 'c1', 'assess', 'x')$$), '^YB307 case c1: it is closed', 'nothing follows the end');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.risk_step (step_id, case_id, step, finding) VALUES ('k6', 'c9', 'assess', 'x')$$), '^YB307 case c9: there is no such case', 'nor stands without a case');
SELECT throws_ok($$UPDATE fa.risk_level SET to_value = 1$$, 'YB304', NULL, 'levels are not changed');
-- other bands from another day on
INSERT INTO fa.risk_level (level_id, indicator, denominator, from_value, level, alert, measures, valid_from, source, trust) VALUES ('n-high', 'months_payable', 'last_12_months', 24, '结余过大', true, '{x}', '2024-01-01', '试验文件2', 'demo');
SELECT is_empty($$SELECT * FROM fa.risk_now WHERE indicator = 'months_payable'$$, 'they are followed by those of a later day');
SET CONSTRAINTS ALL IMMEDIATE;
SELECT is_empty($$SELECT * FROM yibao.verify('fa') WHERE NOT ok$$, 'verify finds nothing wrong');
SELECT * FROM finish();
ROLLBACK;
