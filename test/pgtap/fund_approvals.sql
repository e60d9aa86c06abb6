-- Approvals as rows: who holds which post, the steps of an item, one person one step.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(67);

CREATE ROLE fund_audit LOGIN;
CREATE ROLE fund_recheck LOGIN;
CREATE ROLE fund_recheck2 LOGIN;
CREATE ROLE fund_cashier LOGIN;
SELECT yibao.grant_poolarea('fa', r, 'reviewer') FROM unnest(ARRAY['fund_audit', 'fund_recheck', 'fund_recheck2', 'fund_cashier']) r \g /dev/null
INSERT INTO fa.policy (policy_id, rules) VALUES ('p', fund_doc('2018-09-18',
  jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2018}', '0.30')), 'on_pool_short', 'queue', 'source', 't')));
-- 1,000.00: 300.00 outpatient, 700.00 inpatient
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r1', 'subsidy', 'fiscal', '2018-10-10', 2018, 1000.00);
INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id) VALUES ('c1', 'appropriation', 'fiscal', 'expenditure', '2018-10-12', 1000.00, 'F1');

-- Who holds which post
SELECT lives_ok($$INSERT INTO fa.post_holder (holding_id, person, login, post, cert_no, cert_from, cert_to, from_day, doc_no) VALUES
  ('h1', '审甲', 'fund_audit', 'audit', 'Z1', '2018-01-01', '2018-12-31', '2018-01-01', '任1'),
  ('h2', '复乙', 'fund_recheck', 'recheck', 'Z2', '2018-01-01', NULL, '2018-01-01', '任1'),
  ('h3', '出丙', 'fund_cashier', 'cashier', 'Z3', '2018-01-01', NULL, '2018-01-01', '任1')$$, 'the owner records who holds a post, by which certificate and document [A045 A268]');
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.post_holder (holding_id, person, login, post, cert_no, cert_from, from_day, doc_no) VALUES ('hx', 'x', 'fund_wang', 'cashier', 'Z', '2018-01-01', '2018-01-01', 'x')$$),
  '^42501', 'nobody appoints himself [A268]');
SELECT throws_ok($$INSERT INTO fa.post_holder (holding_id, person, login, post, cert_no, cert_from, from_day, doc_no) VALUES ('h4', '审甲', 'fund_audit', 'recheck', 'Z', '2018-01-01', '2018-06-01', 'x')$$,
  'YB402', '审甲 cannot hold 复核 beside 审核 (初审) (h1)', 'who audits does not recheck [A047 A269]');
SELECT throws_ok($$INSERT INTO fa.post_holder (holding_id, person, login, post, cert_no, cert_from, from_day, doc_no) VALUES ('h4', '出丙', 'fund_wang', 'account', 'Z', '2018-01-01', '2018-06-01', 'x')$$,
  'YB402', '出丙 cannot hold 会计 beside 出纳 (h3)', 'accountant and cashier are two, under another login of his too [A046]');
SELECT throws_ok($$INSERT INTO fa.post_holder (holding_id, person, login, post, cert_no, cert_from, from_day, doc_no) VALUES ('h4', '审甲', 'fund_audit', 'cashier', 'Z', '2018-01-01', '2018-06-01', 'x')$$,
  'YB402', NULL, 'auditor and cashier are two [A046]');
SELECT throws_ok($$INSERT INTO fa.post_holder (holding_id, person, login, post, cert_no, cert_from, from_day, doc_no) VALUES ('h4', '某', 'fund_nobody', 'stats', 'Z', '2018-01-01', '2018-06-01', 'x')$$,
  'YB402', '"fund_nobody" is no login of this server', 'a holder has a login');
SELECT throws_ok($$INSERT INTO fa.post_holder_end (holding_id, ended_on, doc_no) VALUES ('h2', '2017-12-30', 'x')$$, 'YB307', NULL, 'a holding does not end before it began');
SELECT throws_ok($$UPDATE fa.post_holder SET post = 'cashier'$$, 'YB304', NULL, 'a holding is not changed');
SELECT throws_ok($$DELETE FROM fa.post_conflict$$, 'YB304', NULL, 'what does not go together is not taken away [A267]');

-- No chain: the two logins that there were
SELECT as_user('fund_li', $$INSERT INTO fa.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on) VALUES ('t0', 'inpatient', 'outpatient', 1.00, 'x', '2018-11-01')$$) \g /dev/null
SELECT matches(as_user('fund_audit', $$INSERT INTO fa.approval (approval_id, kind, item_id, decision, decided_on) VALUES ('a0', 'transfer', 't0', 'approve', '2018-11-02')$$),
  '^YB307 transfer t0 needs no step before it is decided', 'without a chain there are no steps');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('t0', 'approve', '2018-11-02')$$), 'ok', 'another login decides, as before');

-- The chain
SELECT throws_ok($$INSERT INTO fa.approval_chain (chain_id, kind, posts, source) VALUES ('k', 'payment', '{audit, boss}', 't')$$, 'YB402', 'there is no post "boss"', 'a step is of a post that there is');
SELECT throws_ok($$INSERT INTO fa.approval_chain (chain_id, kind, posts, source) VALUES ('k', 'payment', '{audit, audit}', 't')$$, 'YB402', 'post audit stands twice in the steps', 'each step is another post''s');
SELECT throws_ok($$INSERT INTO fa.approval_chain (chain_id, kind, posts, source) VALUES ('k', 'gift', '{audit}', 't')$$, 'YB004', 'kind "gift" is not known', 'only what is approved has steps');
-- drawn up before the chain: not bound by it
INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, fixmedins_code, med_type, setl_type, clr_ym, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt)
VALUES ('s1', 'A', '390', '2018-10-20', false, 'H1', '21', '2', '201810', 100, 0, 0, 0, 100), ('s2', 'B', '390', '2018-11-20', false, 'H1', '21', '2', '201811', 60, 0, 0, 0, 60),
  ('s3', 'C', '390', '2018-12-20', false, 'H1', '21', '2', '201812', 40, 0, 0, 0, 40);
SELECT as_user('fund_li', $$INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES ('y1', 'H1', '201810', '2018-11-05')$$) \g /dev/null
SELECT lives_ok($$INSERT INTO fa.approval_chain (chain_id, kind, posts, source) VALUES ('k1', 'payment', '{audit, recheck, cashier}', '新疆 二(六)'), ('k2', 'transfer', '{audit, centre}', 't')$$, 'the owner sets the steps, with their source [A278]');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('y1', 'approve', '2018-11-06')$$), 'ok', 'what was drawn up before goes by what held then');

-- A payment in three steps: 60.00 at 50% = 30.00 basic, 40% of the other 30.00 = 12.00 serious: 42.00 (assistance is the other fund's)
SELECT is(as_user('fund_li', $$INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES ('y2', 'H1', '201811', '2018-12-05')$$), 'ok', 'a clerk draws a payment up');
SELECT matches(as_user('fund_cashier', $$INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('y2', 'approve', '2018-12-06')$$),
  '^YB307 payment y2 lacks step 1 of 3: audit \(审核 \(初审\)\) has not approved it', 'it is not paid without its first review [A278]');
SELECT matches(as_user('fund_recheck', $$INSERT INTO fa.approval (approval_id, kind, item_id, step, decision, decided_on) VALUES ('a1', 'payment', 'y2', 2, 'approve', '2018-12-06')$$),
  '^YB307 step 2 of payment y2 is out of order: the next one is 1, audit', 'the second step does not come first [A278]');
SELECT matches(as_user('fund_recheck', $$INSERT INTO fa.approval (approval_id, kind, item_id, decision, decided_on) VALUES ('a1', 'payment', 'y2', 'approve', '2018-12-06')$$),
  '^YB402 fund_recheck does not hold post audit', 'each step is made by who holds its post [A047]');
SELECT matches(as_user('fund_audit', $$INSERT INTO fa.approval (approval_id, kind, item_id, decision, decided_on) VALUES ('a1', 'payment', 'y2', 'approve', '2018-12-04')$$),
  '^YB307 payment y2 would be decided on 2018-12-04, before its last step on 2018-12-05', 'nothing is approved before it was drawn up');
SELECT matches(as_user('fund_audit', $$INSERT INTO fa.approval (approval_id, kind, item_id, decision, decided_on) VALUES ('a1', 'payment', 'y2', 'approve', '2019-01-01')$$),
  '^YB402 certificate Z1 of 审甲 is not valid on 2019-01-01', 'nor by a certificate that has run out');
SELECT matches(as_user('fund_audit', $$INSERT INTO fa.approval (approval_id, kind, item_id, decision, decided_on, amt) VALUES ('a1', 'payment', 'y2', 'approve', '2018-12-06', 42.01)$$),
  '^YB307 the approval is for 42.01, payment y2 is 42.00', 'the amount that is approved is the item''s');
SELECT is(as_user('fund_audit', $$INSERT INTO fa.approval (approval_id, kind, item_id, decision, decided_on) VALUES ('a1', 'payment', 'y2', 'approve', '2018-12-31')$$), 'ok', 'on the certificate''s last day it holds');
SELECT results_eq($$SELECT step, post, amt, person, cert_no, approved_by FROM fa.approval WHERE approval_id = 'a1'$$,
  $$VALUES (1, 'audit' COLLATE "C", 42.00, '审甲' COLLATE "C", 'Z1', 'fund_audit')$$, 'the row says who, as what, by which certificate and under which login');
SELECT is(as_user('fund_audit', $$INSERT INTO fa.approval (approval_id, kind, item_id, decision, decided_on) VALUES ('a1', 'payment', 'y2', 'approve', '2018-12-31')$$), 'ok', 'the same row again is no error');
SELECT is((SELECT count(*) FROM fa.approval), 1::bigint, 'and no second step');
SELECT matches(as_user('fund_audit', $$INSERT INTO fa.approval (approval_id, kind, item_id, decision, decided_on) VALUES ('a2', 'payment', 'y2', 'approve', '2018-12-31')$$),
  '^YB401 payment y2 was decided by fund_audit already as 审核', 'nobody makes two steps [A047 A048]');
GRANT fund_recheck TO fund_audit;
SELECT matches(as_user('fund_audit', $$SET ROLE fund_recheck; INSERT INTO fa.approval (approval_id, kind, item_id, decision, decided_on) VALUES ('a2', 'payment', 'y2', 'approve', '2018-12-31')$$),
  '^YB401', 'nor by taking another role [A048]');
REVOKE fund_recheck FROM fund_audit;
-- the same person under a second login, as stats, which goes with audit
INSERT INTO fa.post_holder (holding_id, person, login, post, cert_no, cert_from, from_day, doc_no) VALUES ('h5', '审甲', 'fund_recheck2', 'stats', 'Z5', '2018-01-01', '2018-01-01', 'x');
SELECT matches(as_user('fund_recheck2', $$INSERT INTO fa.approval (approval_id, kind, item_id, decision, decided_on) VALUES ('a2', 'payment', 'y2', 'approve', '2018-12-31')$$),
  '^YB401', 'nor under a second login of his [A048]');
SELECT is(as_user('fund_recheck', $$INSERT INTO fa.approval (approval_id, kind, item_id, decision, decided_on) VALUES ('a2', 'payment', 'y2', 'approve', '2018-12-31')$$), 'ok', 'the second step is another person''s [A278]');
SELECT matches(as_user('fund_recheck', $$INSERT INTO fa.approval (approval_id, kind, item_id, decision, decided_on) VALUES ('a3', 'payment', 'y2', 'approve', '2018-12-31')$$),
  '^YB307 all steps of payment y2 but the last one are made', 'the last step is payment_approval');
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('y2', 'approve', '2018-12-31')$$),
  '^YB402 fund_wang does not hold post cashier', 'which is the cashier''s');
SELECT matches(as_user('fund_recheck', $$INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('y2', 'approve', '2018-12-31')$$),
  '^YB401 payment y2 was decided by fund_recheck already as 复核', 'and of nobody who was there before [A048]');
SELECT matches(as_user('fund_cashier', $$INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('y2', 'approve', '2018-12-30')$$),
  '^YB307 payment y2 would be decided on 2018-12-30, before its last step on 2018-12-31', 'nor before it was approved');
SELECT is((SELECT balance_fen FROM fa.cash WHERE fund = 'resident' AND class = 'expenditure'), 93000::bigint, 'until then only the 70.00 of the first payment has left the account');
SELECT is(as_user('fund_cashier', $$INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('y2', 'approve', '2018-12-31')$$), 'ok', 'with all steps it is paid [A278]');
SELECT is((SELECT balance_fen FROM fa.cash WHERE fund = 'resident' AND class = 'expenditure'), 88800::bigint, '930.00 less 42.00');
SELECT matches(as_user('fund_recheck', $$INSERT INTO fa.approval (approval_id, kind, item_id, decision, decided_on) VALUES ('a3', 'payment', 'y2', 'approve', '2018-12-31')$$),
  '^YB307 payment y2 is decided already', 'nothing is approved after it was done');

-- Rejected at a step
SELECT as_user('fund_li', $$INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES ('y3', 'H1', '201812', '2018-12-25')$$) \g /dev/null
SELECT is(as_user('fund_audit', $$INSERT INTO fa.approval (approval_id, kind, item_id, decision, decided_on) VALUES ('b1', 'payment', 'y3', 'reject', '2018-12-26')$$), 'ok', 'a step may reject');
SELECT matches(as_user('fund_recheck', $$INSERT INTO fa.approval (approval_id, kind, item_id, decision, decided_on) VALUES ('b2', 'payment', 'y3', 'approve', '2018-12-27')$$),
  '^YB307 payment y3 was rejected by fund_audit at step 1', 'then nobody goes on');
SELECT matches(as_user('fund_cashier', $$INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('y3', 'approve', '2018-12-27')$$),
  '^YB307 payment y3 was rejected', 'and it is not paid');

-- Who holds incompatible posts on the day: another rule is added later
SELECT as_user('fund_li', $$INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES ('y4', 'H1', '201812', '2018-12-28')$$) \g /dev/null
INSERT INTO fa.post_conflict (post_a, post_b, source, trust) VALUES ('audit', 'stats', '本统筹区内控制度', 'assumed');
SELECT is(as_user('fund_audit', $$INSERT INTO fa.approval (approval_id, kind, item_id, decision, decided_on) VALUES ('c1', 'payment', 'y4', 'approve', '2018-12-29')$$),
  'YB402 审甲 holds incompatible posts on 2018-12-29: 审核 (初审) and 统计', 'who holds two that do not go together decides nothing that day [A046 A267 A269]');
INSERT INTO fa.post_holder_end (holding_id, ended_on, doc_no) VALUES ('h5', '2018-12-29', 'x');
SELECT matches(as_user('fund_audit', $$INSERT INTO fa.approval (approval_id, kind, item_id, decision, decided_on) VALUES ('c1', 'payment', 'y4', 'approve', '2018-12-29')$$), '^YB402', 'the last day counts');
SELECT is(as_user('fund_audit', $$INSERT INTO fa.approval (approval_id, kind, item_id, decision, decided_on) VALUES ('c1', 'payment', 'y4', 'approve', '2018-12-30')$$), 'ok', 'the day after one of them ended he does');

-- A transfer in two steps
SELECT as_user('fund_li', $$INSERT INTO fa.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on) VALUES ('t1', 'inpatient', 'outpatient', 10.00, 'x', '2018-12-01')$$) \g /dev/null
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('t1', 'approve', '2018-12-30')$$),
  '^YB307 transfer t1 lacks step 1 of 2: audit', 'a transfer has its steps too [A033]');
SELECT is(as_user('fund_audit', $$INSERT INTO fa.approval (approval_id, kind, item_id, decision, decided_on) VALUES ('d1', 'transfer', 't1', 'approve', '2018-12-30')$$), 'ok', 'the first one');
INSERT INTO fa.post_holder (holding_id, person, login, post, cert_no, cert_from, from_day, doc_no) VALUES ('h6', '主任', 'fund_wang', 'centre', 'W', '2018-01-01', '2018-01-01', 'x');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('t1', 'approve', '2018-12-30')$$), 'ok', 'and the second, which executes it [A033]');

-- A refund and a voucher in steps: what was drawn up before the chain needs the two logins only
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r2', 'contribution', 'treasury', '2018-10-15', 2018, 100.00);
CREATE FUNCTION refund(id text, person text) RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_li', format('INSERT INTO fa.refund (refund_id, receipt_id, kind, psn_no, happened_on, refunded_on, account, amt, serious_amt) VALUES (%L, ''r2'', ''duplicate'', %L, ''2018-10-20'', ''2018-12-01'', ''treasury'', 20.00, 0)', id, person))
$$;
CREATE FUNCTION prepay(id text) RETURNS text LANGUAGE sql AS $$
SELECT as_user('fund_li', format('INSERT INTO fa.voucher (voucher_id, event, effective_on, amt, party, doc_no) VALUES (%L, ''prepay'', ''2018-12-01'', 5.00, ''H1'', ''预1'')', id))
$$;
SELECT is(refund('f0', 'Z0') || prepay('v0'), 'okok', 'a refund and a prepayment are drawn up');
SELECT lives_ok($$INSERT INTO fa.approval_chain (chain_id, kind, posts, source) VALUES ('k3', 'refund', '{audit, cashier}', 't'), ('k4', 'voucher', '{audit, recheck, centre}', 't'), ('k5', 'premium', '{audit, centre}', 't')$$, 'the owner sets the steps of refunds and vouchers, too [A048 A278]');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.refund_approval (refund_id, decision, paid_on) VALUES ('f0', 'approve', '2018-12-02')$$)
  || as_user('fund_wang', $$INSERT INTO fa.voucher_approval (voucher_id, decision, effective_on) VALUES ('v0', 'approve', '2018-12-02')$$), 'okok', 'what was drawn up before goes by what held then');
SELECT is(refund('f1', 'Z1') || prepay('v1'), 'okok', 'those drawn up after');
SELECT matches(as_user('fund_cashier', $$INSERT INTO fa.refund_approval (refund_id, decision, paid_on) VALUES ('f1', 'approve', '2018-12-30')$$),
  '^YB307 refund f1 lacks step 1 of 2: audit', 'a refund is not paid without its review [A278]');
SELECT matches(as_user('fund_audit', $$INSERT INTO fa.approval (approval_id, kind, item_id, decision, decided_on) VALUES ('e1', 'refund', 'f1', 'reject', '2018-12-30')$$),
  '^YB307 refund f1 is owed since it was drawn up', 'nor rejected: it is owed');
SELECT is(as_user('fund_audit', $$INSERT INTO fa.approval (approval_id, kind, item_id, decision, decided_on) VALUES ('e1', 'refund', 'f1', 'approve', '2018-12-30')$$), 'ok', 'it is reviewed');
SELECT matches(as_user('fund_audit', $$INSERT INTO fa.refund_approval (refund_id, decision, paid_on) VALUES ('f1', 'approve', '2018-12-30')$$),
  '^YB401 refund f1 was decided by fund_audit already', 'who reviewed it does not pay it [A048]');
SELECT is(as_user('fund_cashier', $$INSERT INTO fa.refund_approval (refund_id, decision, paid_on) VALUES ('f1', 'approve', '2018-12-30')$$), 'ok', 'the cashier does');
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.voucher_approval (voucher_id, decision, effective_on) VALUES ('v1', 'approve', '2018-12-30')$$),
  '^YB307 voucher v1 lacks step 1 of 3: audit', 'nor is money prepaid without its steps [A278]');
SELECT is(as_user('fund_audit', $$INSERT INTO fa.approval (approval_id, kind, item_id, decision, decided_on) VALUES ('g1', 'voucher', 'v1', 'approve', '2018-12-30')$$)
  || as_user('fund_recheck', $$INSERT INTO fa.approval (approval_id, kind, item_id, decision, decided_on) VALUES ('g2', 'voucher', 'v1', 'approve', '2018-12-30')$$)
  || as_user('fund_wang', $$INSERT INTO fa.voucher_approval (voucher_id, decision, effective_on) VALUES ('v1', 'approve', '2018-12-30')$$), 'okokok', 'three posts, three logins: it is prepaid');
SELECT results_eq($$SELECT class, balance_fen FROM fa.cash WHERE fund = 'resident' AND class IN ('treasury', 'expenditure') ORDER BY 1$$,
  $$VALUES ('expenditure' COLLATE "C", 87800::bigint), ('treasury', 6000)$$, '888.00 - 2 x 5.00, and 100.00 - 2 x 20.00');
SELECT is(as_user('fund_li', $$INSERT INTO fa.voucher (voucher_id, event, effective_on, amt, party, account) VALUES ('v2', 'prepay.recover', '2018-12-30', 1.00, 'H1', 'expenditure')$$), 'ok', 'what comes back is booked at once');
SELECT matches(as_user('fund_audit', $$INSERT INTO fa.approval (approval_id, kind, item_id, decision, decided_on) VALUES ('g3', 'voucher', 'v2', 'approve', '2018-12-30')$$),
  '^YB307 voucher v2 is decided already', 'and has no steps');

SET CONSTRAINTS ALL IMMEDIATE;
SELECT is_empty($$SELECT * FROM yibao.verify('fa') WHERE NOT ok$$, 'verify finds nothing: what was done has its steps');

-- One login for two persons: allowed, and reported
INSERT INTO fa.post_holder (holding_id, person, login, post, cert_no, cert_from, from_day, doc_no) VALUES ('h7', '稽查员', 'fund_cashier', 'inspect', 'Z', '2018-01-01', '2018-01-01', 'x');
SELECT results_eq($$SELECT "check", detail FROM yibao.verify('fa') WHERE NOT ok$$,
  $$VALUES ('no login stands for two persons', 'login fund_cashier: 出丙, 稽查员; who decides is as sure as the application that uses it')$$, 'verify says where identity is only as strong as the application''s');

-- Forged: a step taken away, one of another person
ALTER TABLE fa.approval DISABLE TRIGGER t05_posted;
DELETE FROM fa.approval WHERE approval_id = 'a2';
SELECT ok(EXISTS (SELECT FROM yibao.verify('fa') WHERE NOT ok AND detail = 'payment y2: 1 of 2 steps'), 'verify finds a payment that lacks a step [A278]');
UPDATE fa.approval SET approved_by = 'fund_li', row_hash = NULL WHERE approval_id = 'a1';
SELECT ok(EXISTS (SELECT FROM yibao.verify('fa') WHERE NOT ok AND detail LIKE '%payment y2: fund_li twice%'), 'verify finds who drew up and approved [A048]');
SELECT ok(EXISTS (SELECT FROM yibao.verify('fa') WHERE NOT ok AND detail LIKE 'approval a1: fund_li as audit on 2018-12-31%'), 'verify finds a step by who does not hold the post [A046]');
SELECT * FROM finish();
ROLLBACK;
