-- Commitments that wait for a pool: an alert of risk_now, and the transfer that they call for.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(24);

-- Basic insurance alone, 50%.
CREATE FUNCTION doc(valid_from text, transfer jsonb) RETURNS jsonb LANGUAGE sql AS $$
SELECT d || jsonb_build_object('layers', jsonb_build_array(d -> 'layers' -> 0)) FROM fund_doc(valid_from, jsonb_build_object(
  'split', jsonb_build_array(fund_split('{">=": 2018}', '0.30')), 'on_pool_short', 'queue', 'source', 't', 'transfer', transfer || '{"source": "t"}')) d
$$;
CREATE FUNCTION claim(id text, med_type text, cost numeric, at timestamp) RETURNS text LANGUAGE sql AS $$
SELECT format('INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, fixmedins_code, med_type, setl_type, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt) '
  'VALUES (%1$L, %1$L, ''390'', %3$L, false, ''H1'', %2$L, ''2'', %4$s, 0, 0, 0, %4$s)', id, med_type, at, cost)
$$;
INSERT INTO fa.policy (policy_id, rules) VALUES ('p1', doc('2018-01-01', '{"max_share": "0.50", "keep_months": 6}'));
-- outpatient 300.00, inpatient 700.00
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r1', 'subsidy', 'fiscal', CURRENT_DATE, extract(year FROM CURRENT_DATE), 1000.00);
-- last month a stay of 60.00; fourteen months ago a visit of 10.00
SELECT is(as_user('fund_li', claim('s1', '21', 120, date_trunc('month', CURRENT_DATE::timestamp) - interval '20 days')), 'ok', 'a stay of last month');
SELECT is(as_user('fund_li', claim('s2', '11', 20, date_trunc('month', CURRENT_DATE::timestamp) - interval '14 months')), 'ok', 'and a visit of the year before that');
SELECT is_empty('SELECT * FROM fa.transfer_proposal', 'nothing waits: nothing is proposed');
SELECT is_empty($$SELECT * FROM fa.risk_now$$, 'and nothing is an alert');

-- 400.00 of 290.00
SELECT is(as_user('fund_li', claim('s3', '11', 800, CURRENT_DATE::timestamp)), 'ok', 'a claim that the outpatient pool cannot cover is settled [F3]');
SELECT results_eq($$SELECT fund, pool, indicator, as_of, value, level_id, level, alert FROM fa.risk_now$$,
  $$VALUES ('resident' COLLATE "C", 'outpatient' COLLATE "C", 'unfunded' COLLATE "C", to_char(CURRENT_DATE, 'YYYY-MM') COLLATE "C", 400.00::numeric, NULL::text COLLATE "C", '挂账', true)$$,
  'its commitment is an alert, whatever levels the owner has [A226 F3]');
-- short 400.00 - 290.00 = 110.00; of the 700.00 that the year gave 350.00 may go; 60.00 x 6 / 12 = 30.00 stay of 640.00
SELECT results_eq($$SELECT from_pool, to_pool, waiting_items, waiting, short, proposed, giver_available, giver_waiting, share_left, keep, can_give, amt, policy_id FROM fa.transfer_proposal$$,
  $$VALUES ('inpatient' COLLATE "C", 'outpatient' COLLATE "C", 1::bigint, 400.00::numeric, 110.00::numeric, 0.00::numeric, 640.00::numeric, 0.00::numeric, 350.00::numeric, 30.00::numeric, 350.00::numeric, 110.00::numeric, 'p1' COLLATE "C")$$,
  'and proposes what is missing, from the other pool, within the limits [A033 F3 F17]');
SELECT results_eq($$SELECT out_visits, out_cost, ipt_visits, ipt_cost, out_visits_before, out_cost_before, ipt_visits_before, ipt_cost_before, open_months FROM fa.transfer_proposal$$,
  $$VALUES (0::bigint, 0.00::numeric, 1::bigint, 60.00::numeric, 1::bigint, 10.00::numeric, 0::bigint, 0.00::numeric, 12)$$, 'with visits and cost of 12 whole months and of the 12 before [F17]');
SELECT is(as_user('fund_li', $$INSERT INTO fa.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on, out_visits, out_cost, ipt_visits, ipt_cost, out_visits_before, out_cost_before, ipt_visits_before, ipt_cost_before, open_months)
  SELECT 't1', from_pool, to_pool, amt, '挂账', CURRENT_DATE, out_visits, out_cost, ipt_visits, ipt_cost, out_visits_before, out_cost_before, ipt_visits_before, ipt_cost_before, open_months FROM fa.transfer_proposal$$),
  'ok', 'which are the figures that the transfer takes itself [A033]');
SELECT results_eq($$SELECT short, proposed, amt FROM fa.transfer_proposal$$, $$VALUES (110.00::numeric, 110.00::numeric, 0.00::numeric)$$, 'what is proposed is not proposed again');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('t1', 'approve', CURRENT_DATE)$$), 'ok', 'another login approves it');
SELECT is((SELECT unfunded FROM fa.pool_status WHERE pool = 'outpatient'), 0.00, 'and it was enough');
SELECT is_empty($$SELECT pool FROM fa.risk_now UNION ALL SELECT to_pool FROM fa.transfer_proposal$$, 'the alert is over');

-- 1,000.00 of nothing; 350.00 - 110.00 = 240.00 may go
SELECT is(as_user('fund_li', claim('s4', '11', 2000, CURRENT_DATE::timestamp)), 'ok', 'another claim');
SELECT results_eq($$SELECT short, giver_available, share_left, can_give, amt FROM fa.transfer_proposal$$, $$VALUES (1000.00::numeric, 530.00::numeric, 240.00::numeric, 240.00::numeric, 240.00::numeric)$$, 'no more is proposed than max_share lets go [F17]');
INSERT INTO fa.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on) VALUES ('t2', 'inpatient', 'outpatient', 240.01, 'x', CURRENT_DATE), ('t3', 'inpatient', 'outpatient', 240.00, 'x', CURRENT_DATE);
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('t2', 'approve', CURRENT_DATE)$$), '^YB302.*max_share', 'a fen more is refused');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('t2', 'reject', CURRENT_DATE), ('t3', 'approve', CURRENT_DATE)$$), 'ok', 'so much is not');
-- 60.00 x 40 / 12 = 200.00 stay of 290.00; 1,000.00 - 240.00 are missing
INSERT INTO fa.policy (policy_id, rules) VALUES ('p2', doc('2018-02-01', '{"keep_months": 40}'));
SELECT results_eq($$SELECT short, share_left, keep, can_give, amt FROM fa.transfer_proposal$$, $$VALUES (760.00::numeric, NULL::numeric, 200.00::numeric, 90.00::numeric, 90.00::numeric)$$, 'nor than leaves the months that stay [F17]');
INSERT INTO fa.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on) VALUES ('t4', 'inpatient', 'outpatient', 90.01, 'x', CURRENT_DATE);
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('t4', 'approve', CURRENT_DATE)$$), '^YB302.*keep_months.: 90.00 is allowed', 'the same sum as the approval''s');
SELECT is(as_user('fund_li', claim('s5', '21', 2000, CURRENT_DATE::timestamp)), 'ok', 'the inpatient pool is short, too');
SELECT results_eq($$SELECT to_pool, giver_waiting, can_give, amt FROM fa.transfer_proposal ORDER BY 1$$, $$VALUES ('inpatient' COLLATE "C", 1000.00::numeric, 0.00::numeric, 0.00::numeric), ('outpatient', 1000.00, 0.00, 0.00)$$, 'who waits himself gives nothing');

-- the owner's own level
INSERT INTO fa.risk_level (level_id, indicator, pool, from_value, level, alert, measures, valid_from, source, trust) VALUES ('w', 'unfunded', 'outpatient', 500, '橙色', true, '{调剂}', '2018-01-01', '试验文件', 'demo');
SELECT results_eq($$SELECT pool, level_id, level FROM fa.risk_now WHERE indicator = 'unfunded' ORDER BY 1$$, $$VALUES ('inpatient' COLLATE "C", NULL::text COLLATE "C", '挂账'), ('outpatient', 'w', '橙色')$$, 'an owner''s level stands for the alert of its pool');
SELECT is(as_user('fund_li', $$INSERT INTO fa.risk_case (case_id, level_id, plan_ref) VALUES ('c1', 'w', '预案1')$$), 'ok', 'and a case is opened on it [A014 A226]');
SET CONSTRAINTS ALL IMMEDIATE;
SELECT is_empty($$SELECT * FROM yibao.verify('fa') WHERE NOT ok$$, 'verify finds nothing');
SELECT * FROM finish();
ROLLBACK;
