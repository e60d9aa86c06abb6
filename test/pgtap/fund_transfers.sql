-- Moves between accounts, the premium, and transfers between pools by two people.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(64);

INSERT INTO fa.policy (policy_id, rules) VALUES ('p', fund_doc('2018-09-18',
  jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2018}', '0.30')),
    'serious', jsonb '{"model": "remit_up", "set_aside": "at_remittance", "source": "t"}', 'serious_subject', 'remit_up',
    'on_pool_short', 'queue', 'source', 't')));
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES
  ('r1', 'contribution', 'treasury', '2018-10-10', 2018, 600.00), ('r2', 'subsidy', 'fiscal', '2018-10-10', 2018, 400.00);
SELECT is(available('outpatient') || ' ' || available('inpatient'), '300.00 700.00', 'the pools begin with 300.00 and 700.00');

-- Cash
SELECT is(as_user('fund_li', $$INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt) VALUES ('s1', 'sweep', 'treasury', 'fiscal', '2018-10-12', 600.00)$$), 'ok',
  'all income lands in the fiscal account [A016]');
SELECT is((SELECT balance_fen FROM fa.cash WHERE fund = 'resident' AND class = 'fiscal'), 100000::bigint, 'which now holds both');
SELECT throws_ok($$INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt) VALUES ('s2', 'sweep', 'treasury', 'fiscal', '2018-10-12', 0.01)$$, 'YB301', NULL, 'no account goes below zero');
SELECT throws_ok($$INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id) VALUES ('q1', 'appropriation', 'fiscal', 'expenditure', '2018-10-12', 1000.01, 'F1')$$, 'YB301', NULL, 'an appropriation above the fiscal account''s cash is refused [A024]');
SELECT throws_ok($$INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt) VALUES ('q2', 'appropriation', 'fiscal', 'expenditure', '2018-10-12', 10.00)$$, 'YB006', NULL, 'an appropriation needs its approved form [A023]');
SELECT lives_ok($$INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id) VALUES ('q3', 'appropriation', 'fiscal', 'expenditure', '2018-10-12', 500.00, 'F1')$$, 'with it, it is made [A023]');
SELECT throws_ok($$INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id) VALUES ('q4', 'appropriation', 'fiscal', 'expenditure', '2018-10-12', 1.00, 'F1')$$, 'YB307', 'form F1 was paid already', 'one form pays once [A023]');
SELECT throws_ok($$INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt) VALUES ('q5', 'sweep', 'expenditure', 'fiscal', '2018-10-12', 1.00)$$, 'YB302', NULL, 'money does not go back from the expenditure account [A025]');
SELECT throws_ok($$INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt) VALUES ('q6', 'interest', 'expenditure', 'fiscal', '2018-10-12', 1.00)$$, 'YB302', NULL, 'it hands over no interest that it has not earned [A027]');
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('i1', 'interest', 'expenditure', '2018-10-13', 2018, 1.50);
SELECT lives_ok($$INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt) VALUES ('q7', 'interest', 'expenditure', 'fiscal', '2018-10-14', 1.50)$$, 'what it has earned it hands over [A027]');
SELECT is(available('outpatient') || ' ' || available('inpatient'), '300.00 700.00', 'moving cash changes no pool');

-- Premium: set aside 10.01, by the split 3.00 (3.003) and 7.01
INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, amt, doc_no) VALUES ('m1', 'set_aside', 2018, '2018-10-20', 10.01, '财社1');
SELECT results_eq($$SELECT out_amt, ipt_amt FROM fa.premium WHERE premium_id = 'm1'$$, $$VALUES (3.00, 7.01)$$, 'a premium set aside comes from the pools by their shares [A010]');
SELECT is(available('outpatient') || ' ' || available('inpatient') || ' ' || available('serious'), '297.00 692.99 10.01', 'and is the serious-illness part''s [A030]');
SELECT throws_ok($$INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, amt, out_amt, ipt_amt, doc_no) VALUES ('m2', 'set_aside', 2018, '2018-10-20', 297.01, 297.01, 0, 'x')$$, 'YB301', NULL, 'nothing is set aside that a pool has not got');
SELECT is(as_user('fund_li', $$INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, amt, doc_no) VALUES ('m3', 'remit', 2018, '2018-10-21', 10.02, 'x'), ('m4', 'remit', 2018, '2018-10-21', 10.01, 'x'), ('m5', 'remit', 2018, '2018-10-21', 10.01, 'x')$$), 'ok', 'a clerk draws up what is remitted');
SELECT is(available('serious'), 10.01, 'which pays nothing yet');
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.premium_approval (premium_id, decision, paid_on) VALUES ('m3', 'approve', '2018-10-22')$$), '^YB301', 'nothing is remitted that was not set aside [A031]');
GRANT INSERT ON fa.premium_approval TO fund_li;
SELECT matches(as_user('fund_li', $$INSERT INTO fa.premium_approval (premium_id, decision, paid_on) VALUES ('m4', 'approve', '2018-10-22')$$), '^YB401 premium m4 was drawn up by fund_li', 'who drew it up does not pay it [A048]');
REVOKE INSERT ON fa.premium_approval FROM fund_li;
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.premium_approval (premium_id, decision, paid_on) VALUES ('m1', 'approve', '2018-10-22')$$), '^YB307 premium m1 needs no approval: kind set_aside', 'what only moves between pools needs nobody else');
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.premium_approval (premium_id, decision, paid_on) VALUES ('m9', 'approve', '2018-10-22')$$), '^YB307 there is no premium m9', 'a premium that is not there');
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.premium_approval (premium_id, decision, paid_on) VALUES ('m4', 'approve', '2018-10-20')$$), '^YB307 premium m4 was drawn up on 2018-10-21, it is not paid on 2018-10-20', 'nor is it paid before it was drawn up');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.premium_approval (premium_id, decision, paid_on) VALUES ('m4', 'approve', '2018-10-22')$$), 'ok', 'what was set aside is remitted by another login [A031 A048]');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.premium_approval (premium_id, decision, paid_on) VALUES ('m4', 'approve', '2018-10-22')$$), 'ok', 'the same approval again is no error');
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.premium_approval (premium_id, decision, paid_on) VALUES ('m4', 'approve', '2018-10-23')$$), '^YB501', 'another one is');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.premium_approval (premium_id, decision, paid_on) VALUES ('m3', 'reject', '2018-10-22')$$), 'ok', 'what is refused is rejected');
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.premium_approval (premium_id, decision, paid_on) VALUES ('m5', 'approve', '2018-10-22')$$), '^YB301', 'the second one finds nothing left');
SELECT is((SELECT effective_on FROM fa.journal WHERE event = 'premium.remit'), date '2018-10-22', 'it is booked on the day it was paid');
-- a premium in steps, where the owner sets them
INSERT INTO fa.approval_chain (chain_id, kind, posts, source) VALUES ('k', 'premium', '{audit, centre}', 't');
SELECT as_user('fund_li', $$INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, amt, doc_no) VALUES ('m6', 'remit', 2018, '2018-10-21', 1.00, 'x')$$) \g /dev/null
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.premium_approval (premium_id, decision, paid_on) VALUES ('m6', 'approve', '2018-10-22')$$), '^YB307 premium m6 lacks step 1 of 2: audit', 'nothing is remitted without its steps [A048 A278]');
SELECT results_eq($$SELECT role, balance FROM fa.trial_balance WHERE role = 'remit_up'$$, $$VALUES ('remit_up' COLLATE "C", 10.01)$$, 'as an expense of the kind that the policy states: remit_up [A031]');

-- Transfer: proposal, approval
SELECT is(as_user('fund_li', $$INSERT INTO fa.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on) VALUES ('t1', 'inpatient', 'outpatient', 100.00, '门诊人次增加', '2018-11-01')$$), 'ok', 'a clerk proposes a transfer [A033]');
SELECT results_eq($$SELECT proposed_by, out_visits, out_cost, ipt_visits, ipt_cost FROM fa.transfer WHERE transfer_id = 't1'$$,
  $$VALUES ('fund_li', 0::bigint, 0::numeric, 0::bigint, 0::numeric)$$, 'the proposal carries the visits and cost of both pools [A033]');
SELECT is(available('outpatient') || ' ' || available('inpatient'), '297.00 692.99', 'a proposal moves nothing');
GRANT INSERT ON fa.transfer_approval TO fund_li;
SELECT matches(as_user('fund_li', $$INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('t1', 'approve', '2018-11-02')$$), '^YB401', 'the proposer cannot approve it [A033 A048]');
GRANT fund_wang TO fund_li;
SELECT matches(as_user('fund_li', $$SET ROLE fund_wang; INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('t1', 'approve', '2018-11-02')$$), '^YB401', 'nor by taking another role [A048]');
REVOKE fund_wang FROM fund_li;
REVOKE INSERT ON fa.transfer_approval FROM fund_li;
SELECT is(as_user('fund_wang', $$INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on, doc_no) VALUES ('t1', 'approve', '2018-11-02', '批1')$$), 'ok', 'another login approves it [A033]');
SELECT is(available('outpatient') || ' ' || available('inpatient'), '397.00 592.99', 'and it takes effect [A033]');
SELECT results_eq($$SELECT book, role, pool, amount_fen FROM fa.entry e JOIN fa.journal j USING (journal_id) WHERE j.event = 'transfer' ORDER BY line$$,
  $$VALUES ('P' COLLATE "C", 'pool' COLLATE "C", 'inpatient' COLLATE "C", 10000::bigint), ('P', 'pool', 'outpatient', -10000)$$, 'in book P only: no cash moves [A033]');
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('t1', 'reject', '2018-11-03')$$), '^YB501', 'a decision is made once');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on, doc_no) VALUES ('t1', 'approve', '2018-11-02', '批1')$$), 'ok', 'the same approval again is no error');
SELECT is(available('outpatient'), 397.00, 'and moves nothing');
SELECT throws_ok($$INSERT INTO fa.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on) VALUES ('t2', 'serious', 'outpatient', 1, 'x', '2018-11-01')$$, 'YB302', NULL, 'no transfer out of the serious-illness part [A033]');

-- above what is available
SELECT is(as_user('fund_li', $$INSERT INTO fa.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on) VALUES ('t3', 'inpatient', 'outpatient', 593.00, 'x', '2018-11-01')$$), 'ok', 'a proposal of more than there is');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('t3', 'approve', '2018-11-02')$$),
  'YB301 pool inpatient has 592.99 available, 593.00 is needed', 'is refused with the figures [A033]');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('t3', 'reject', '2018-11-02')$$), 'ok', 'and can be rejected');
SELECT is(available('inpatient'), 592.99, 'a rejection moves nothing');

-- reversal
SELECT is(as_user('fund_li', $$INSERT INTO fa.transfer (transfer_id, reverses, reason, proposed_on) VALUES ('t4', 't1', '撤销', '2018-11-05')$$), 'ok', 'a reversal names its original and no amount [A033]');
SELECT results_eq($$SELECT from_pool, to_pool, amt FROM fa.transfer WHERE transfer_id = 't4'$$, $$VALUES ('outpatient' COLLATE "C", 'inpatient' COLLATE "C", 100.00)$$, 'it takes them from it, turned round [A033]');
SELECT throws_ok($$INSERT INTO fa.transfer (transfer_id, reverses, amt, reason, proposed_on) VALUES ('t5', 't1', 99, 'x', '2018-11-05')$$, 'YB504', NULL, 'another amount is refused');
SELECT throws_ok($$INSERT INTO fa.transfer (transfer_id, reverses, reason, proposed_on) VALUES ('t6', 't3', 'x', '2018-11-05')$$, 'YB307', NULL, 'what was rejected cannot be reversed');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('t4', 'approve', '2018-11-06')$$), 'ok', 'it is approved too');
SELECT is(available('outpatient') || ' ' || available('inpatient'), '297.00 692.99', 'and everything is as it was [A033]');
SELECT throws_ok($$INSERT INTO fa.transfer (transfer_id, reverses, reason, proposed_on) VALUES ('t7', 't1', 'x', '2018-11-07')$$, 'YB503', NULL, 'a transfer is reversed once');
SELECT throws_ok($$INSERT INTO fa.transfer (transfer_id, reverses, reason, proposed_on) VALUES ('t8', 't4', 'x', '2018-11-07')$$, 'YB503', NULL, 'a reversal is not reversed');

-- limits: a fifth of what the year's receipts gave the inpatient pool, 0.20 x 700.00 = 140.00 (interest is not split)
INSERT INTO fa.policy (policy_id, rules) VALUES ('p2', fund_doc('2018-12-01',
  jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2018}', '0.30')), 'transfer', jsonb '{"max_share": "0.20", "source": "t"}',
    'on_pool_short', 'queue', 'source', 't')));
SELECT as_user('fund_li', $$INSERT INTO fa.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on) VALUES ('l1', 'inpatient', 'outpatient', 140.01, 'x', '2018-12-02'), ('l2', 'inpatient', 'outpatient', 140.00, 'x', '2018-12-02')$$) \g /dev/null
SELECT is(as_user('fund_wang', $$INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('l1', 'approve', '2018-12-03')$$),
  'YB302 the transfer is above the policy''s limit (fund.transfer.max_share): 140.00 is allowed, 140.01 would be moved', 'the limit that the policy sets is kept [A033]');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('l2', 'approve', '2018-12-03')$$), 'ok', 'up to it a transfer is made [A033]');

-- figures: the year to 2019-11-01 and the year before it; basic pays half
CREATE FUNCTION claim(id text, kind text, day text, amount numeric) RETURNS void LANGUAGE sql AS $$
INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, fixmedins_code, med_type, setl_type, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt)
VALUES (id, id, '390', day::timestamp, false, 'H1', kind, '2', amount, 0, 0, 0, amount)
$$;
SELECT claim('o1', '11', '2018-10-31 23:59:59', 20), claim('o2', '11', '2018-11-01', 40), claim('o3', '11', '2019-10-31 23:59:59', 60),
  claim('o4', '11', '2019-11-01', 80), claim('i1', '21', '2019-05-05', 100), claim('i2', '21', '2019-06-06', 80) \g /dev/null
INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, init_setl_id) VALUES ('i2r', 'i2', '390', '2019-06-07', true, 'i2');
INSERT INTO fa.policy (policy_id, rules) VALUES ('p3', fund_doc('2019-02-01',
  jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2018}', '0.30')), 'transfer', jsonb '{"keep_months": 12, "source": "t"}',
    'on_pool_short', 'queue', 'source', 't')));
SELECT as_user('fund_li', $$INSERT INTO fa.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on) VALUES ('k1', 'inpatient', 'outpatient', 453.00, 'x', '2019-11-01'), ('k2', 'inpatient', 'outpatient', 452.99, 'x', '2019-11-01')$$) \g /dev/null
SELECT results_eq($$SELECT out_visits, out_cost, ipt_visits, ipt_cost, out_visits_before, out_cost_before, ipt_visits_before, ipt_cost_before FROM fa.transfer WHERE transfer_id = 'k1'$$,
  $$VALUES (2::bigint, 50.00::numeric, 1::bigint, 50.00::numeric, 1::bigint, 10.00::numeric, 0::bigint, 0::numeric)$$, 'visits and cost of both pools, this year and the year before, reversals taken off [A033]');
SELECT as_user('fund_li', $$INSERT INTO fa.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on) VALUES ('k3', 'inpatient', 'outpatient', 1.00, 'x', '2019-11-30')$$) \g /dev/null
SELECT results_eq($$SELECT out_visits, out_cost, ipt_visits, ipt_cost, out_visits_before, open_months FROM fa.transfer WHERE transfer_id = 'k3'$$,
  $$VALUES (2::bigint, 50.00::numeric, 1::bigint, 50.00::numeric, 1::bigint, 12)$$, 'a month that has not ended is left out, and months that the books have not closed are counted [A033]');
-- inpatient 692.99 - 140.00 - 50.00 = 502.99; twelve months of 50.00 / 12 stay
SELECT is(available('inpatient'), 502.99, '502.99 are available');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('k1', 'approve', '2019-11-01')$$),
  'YB302 the transfer is above the policy''s limit (fund.transfer.keep_months): 452.99 is allowed, 453.00 would be moved', 'the months of spending that the policy keeps stay [A033]');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('k2', 'approve', '2019-11-01')$$), 'ok', 'the rest can go [A033]');
SET CONSTRAINTS ALL IMMEDIATE;
SELECT is_empty($$SELECT * FROM yibao.verify('fa') WHERE NOT ok$$, 'verify finds nothing');
ALTER TABLE fa.premium_approval DISABLE TRIGGER t05_posted;
UPDATE fa.premium_approval SET approved_by = 'fund_li' WHERE premium_id = 'm4';
SELECT ok(EXISTS (SELECT FROM yibao.verify('fa') WHERE NOT ok AND detail = 'premium m4: fund_li'), 'verify finds who remitted what he drew up himself [A048]');
DELETE FROM fa.premium_approval WHERE premium_id = 'm4';
SELECT ok(EXISTS (SELECT FROM yibao.verify('fa') WHERE NOT ok AND detail LIKE 'premium m4: %'), 'and a premium that was booked without its approval');
SELECT * FROM finish();
ROLLBACK;
