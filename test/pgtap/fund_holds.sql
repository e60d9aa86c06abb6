-- Holds: money set apart is not available, is used once or comes back; and what maintain() does.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(73);
INSERT INTO fa.policy (policy_id, rules) VALUES ('p', fund_doc('2018-09-18',
  jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2018}', '0.30')),
    'serious', jsonb '{"model": "remit_up", "set_aside": "at_remittance", "source": "t"}', 'on_pool_short', 'queue', 'serious_subject', 'remit_up', 'source', 't')));
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r1', 'subsidy', 'fiscal', '2018-10-10', 2018, 100000.00);
-- outpatient 30,000.00, inpatient 70,000.00
CREATE FUNCTION status(which text) RETURNS text LANGUAGE sql AS $$
SELECT format('%s = %s + %s + %s', balance, committed, held, available) FROM fa.pool_status WHERE pool = which
$$;
CREATE FUNCTION good(what text) RETURNS text LANGUAGE sql AS $$
SELECT is_empty($q$SELECT "check", detail FROM yibao.verify('fa') WHERE NOT ok$q$, 'verify finds nothing ' || what)
$$;
CREATE FUNCTION hold(id text, which text, amount numeric, until text DEFAULT '1 hour') RETURNS void LANGUAGE sql AS $$
INSERT INTO fa.hold (hold_id, pool, amt, expires_at, reason) VALUES (id, which, amount, clock_timestamp() + until::interval, '预占')
$$;
CREATE FUNCTION setl(id text, amount numeric, day text DEFAULT '2018-10-20') RETURNS void LANGUAGE sql AS $$
INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, fixmedins_code)
VALUES (id, 'P' || id, '390', day::timestamp, amount, 0, 0, 0, amount, '21', 'H1')
$$;

-- ---- insert, void ----
SELECT is(status('inpatient'), '70000.00 = 0.00 + 0.00 + 70000.00', 'balance = committed + held + available');
SELECT is(as_user('fund_li', $$INSERT INTO fa.hold (hold_id, pool, amt, expires_at, reason) VALUES ('h1', 'inpatient', 20000.00, now() + interval '1 hour', '预占')$$), 'ok', 'a clerk holds money');
-- 70,000.00 - 20,000.00
SELECT is(status('inpatient'), '70000.00 = 0.00 + 20000.00 + 50000.00', 'it is held and no longer available; the balance is what it was');
SELECT is((SELECT held_by FROM fa.hold WHERE hold_id = 'h1'), 'fund_li', 'who held it is known');
SELECT good('with an open hold [I4]');
SELECT lives_ok($$INSERT INTO fa.hold (hold_id, pool, amt, expires_at, reason) SELECT 'h1', 'inpatient', 20000.00, expires_at, '预占' FROM fa.hold WHERE hold_id = 'h1'$$, 'the same row again');
SELECT is(status('inpatient'), '70000.00 = 0.00 + 20000.00 + 50000.00', 'holds nothing more');
SELECT throws_ok($$SELECT hold('h1', 'inpatient', 1.00)$$, 'YB501', 'hold_id h1 is booked already, with other content', 'another row under that key is refused');
SELECT throws_ok($$SELECT hold('h2', 'inpatient', 50000.01)$$, 'YB301', 'pool inpatient has 50000.00 available, 50000.01 is needed', 'a fen more than is available cannot be held');
SELECT lives_ok($$SELECT hold('h2', 'inpatient', 50000.00)$$, 'the last fen can');
SELECT is(status('inpatient'), '70000.00 = 0.00 + 70000.00 + 0.00', 'then nothing is available');
SELECT throws_ok($$INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, amt, out_amt, ipt_amt, doc_no) VALUES ('m0', 'set_aside', 2018, '2018-10-20', 0.01, 0, 0.01, 'x')$$,
  'YB301', 'pool inpatient has 0.00 available, 0.01 is needed', 'and nothing else can have it');
SELECT is(as_user('fund_li', $$INSERT INTO fa.hold_end (hold_id, outcome) VALUES ('h2', 'void')$$), 'ok', 'a hold is called off');
SELECT is(status('inpatient'), '70000.00 = 0.00 + 20000.00 + 50000.00', 'and its money is available again');
SELECT lives_ok($$INSERT INTO fa.hold_end (hold_id, outcome) VALUES ('h2', 'void')$$, 'the same end again');
SELECT is(status('inpatient'), '70000.00 = 0.00 + 20000.00 + 50000.00', 'gives nothing more');
SELECT throws_ok($$INSERT INTO fa.hold_end (hold_id, outcome, event, key) VALUES ('h2', 'post', 'settlement', 'S0')$$, 'YB501', NULL, 'a hold that was called off cannot be used');
SELECT good('after a hold was called off');

-- ---- refused ----
SELECT throws_ok($$SELECT hold('e1', 'nowhere', 1.00)$$, 'YB303', 'there is no pool "nowhere"', 'a pool that is not there');
SELECT throws_ok($$SELECT hold('e1', 'inpatient', 1.005)$$, 'YB001', 'amt 1.005 has more than two decimals', 'a third decimal');
SELECT throws_ok($$SELECT hold('e1', 'inpatient', -1.00)$$, 'YB002', NULL, 'a negative amount');
SELECT throws_ok($$SELECT hold('e1', 'inpatient', 0)$$, 'YB002', 'amt is zero', 'zero');
SELECT throws_like($$SELECT hold('e1', 'inpatient', 1.00, '-1 second')$$, 'expires_at % is not in the future', 'a time that is past');
SELECT throws_like($$INSERT INTO fa.hold (hold_id, pool, amt, expires_at, reason) VALUES ('e1', 'inpatient', 1, 'infinity', 'x')$$, 'expires_at infinity is not in the future', 'no time at all');
SELECT throws_ok($$INSERT INTO fa.hold (hold_id, pool, amt, reason) VALUES ('e1', 'inpatient', 1, 'x')$$, 'YB006', 'expires_at is empty', 'expires_at left out');
SELECT throws_ok($$INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, amt, out_amt, ipt_amt, doc_no, hold_id) VALUES ('m0', 'set_aside', 2018, '2018-10-20', 1, 0, 1, 'x', 'nohold')$$, 'YB307', 'there is no hold nohold', 'a premium with a hold that is not there');
SELECT throws_ok($$INSERT INTO fa.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on, hold_id) VALUES ('t0', 'inpatient', 'outpatient', 1, 'x', '2018-10-20', 'nohold')$$, 'YB307', 'there is no hold nohold', 'a transfer too');
SELECT throws_ok($$INSERT INTO fa.hold_end (hold_id, outcome) VALUES ('nohold', 'void')$$, 'YB307', 'there is no hold nohold to end', 'a hold that is not there');
SELECT throws_ok($$INSERT INTO fa.hold_end (hold_id, outcome) VALUES ('h1', 'expire')$$, 'YB307', 'hold h1 has not expired', 'expired before its time');
SELECT throws_ok($$INSERT INTO fa.hold_end (hold_id, outcome, event, key) VALUES ('h1', 'post', 'settlement', 'S0')$$, 'YB307', 'there is no settlement S0 that takes from pool inpatient', 'used by a settlement that is not there');
SELECT throws_ok($$INSERT INTO fa.hold_end (hold_id, outcome, event, key) VALUES ('h1', 'post', 'premium', 'm1')$$, 'YB307', 'a hold is not used for a premium by a row of hold_end', 'used by a premium behind its back');
SELECT throws_ok($$UPDATE fa.hold SET amt = 1$$, 'YB304', NULL, 'a hold is not changed');
SELECT throws_ok($$DELETE FROM fa.hold_end$$, 'YB304', NULL, 'nor is its end deleted');
SELECT throws_ok($$DELETE FROM fa.hold_open$$, 'YB305', NULL, 'nor does the owner end it behind the ledger''s back');
SELECT is(status('inpatient'), '70000.00 = 0.00 + 20000.00 + 50000.00', 'nothing of all this has held or given anything');

-- ---- used by a premium ----
-- hold 20,000.00; 50,000.00 are free.  A premium of 60,000.00 from inpatient needs the hold.
SELECT throws_ok($$INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, amt, out_amt, ipt_amt, doc_no) VALUES ('m1', 'set_aside', 2018, '2018-10-20', 60000, 0, 60000, 'x')$$,
  'YB301', 'pool inpatient has 50000.00 available, 60000.00 is needed', 'who does not name the hold has not got it');
SELECT throws_ok($$INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, amt, out_amt, ipt_amt, doc_no, hold_id) VALUES ('m1', 'set_aside', 2018, '2018-10-20', 70000.01, 0, 70000.01, 'x', 'h1')$$,
  'YB301', 'pool inpatient has 70000.00 available, 70000.01 is needed', 'a fen more than the hold and what is free');
SELECT is(status('inpatient'), '70000.00 = 0.00 + 20000.00 + 50000.00', 'leaves the hold open');
SELECT lives_ok($$INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, amt, out_amt, ipt_amt, doc_no, hold_id) VALUES ('m1', 'set_aside', 2018, '2018-10-20', 60000, 0, 60000, 'x', 'h1')$$, 'who names it has');
-- 70,000.00 - 60,000.00
SELECT is(status('inpatient'), '10000.00 = 0.00 + 0.00 + 10000.00', 'the hold is used up, the rest comes from what is free');
SELECT is((SELECT format('%s %s %s', outcome, event, key) FROM fa.hold_end WHERE hold_id = 'h1'), 'post premium m1', 'what used it is known');
SELECT throws_ok($$INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, amt, out_amt, ipt_amt, doc_no, hold_id) VALUES ('m2', 'set_aside', 2018, '2018-10-20', 1, 0, 1, 'x', 'h1')$$,
  'YB501', NULL, 'a hold is used once');
SELECT hold('h3', 'outpatient', 30000.00) \g /dev/null
INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, amt, doc_no, hold_id) VALUES ('m3', 'remit', 2018, '2018-10-20', 10, 'x', 'h3');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.premium_approval (premium_id, decision, paid_on) VALUES ('m3', 'approve', '2018-10-20')$$),
  'YB307 hold h3 is on pool outpatient, which premium m3 does not take from', 'a hold on another pool does not serve');

-- ---- used by a transfer: outpatient has 30,000.00, all held; 12,000.00 are moved, 18,000.00 come back ----
SELECT is(as_user('fund_li', $$INSERT INTO fa.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on, hold_id) VALUES ('t1', 'outpatient', 'inpatient', 12000, '调剂', '2018-10-21', 'h3')$$), 'ok', 'a transfer names a hold');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('t1', 'approve', '2018-10-21')$$), 'ok', 'and is approved');
SELECT is(status('outpatient'), '18000.00 = 0.00 + 0.00 + 18000.00', 'what the transfer leaves of the hold is available');
SELECT is(status('inpatient'), '22000.00 = 0.00 + 0.00 + 22000.00', 'and the other pool has what was moved');
SELECT good('after holds were used');

-- ---- used by a settlement: 22,000.00 in the pool, of which 15,000.00 are held for B ----
SELECT hold('h4', 'inpatient', 15000.00) \g /dev/null
SELECT setl('A', 40000) \g /dev/null
-- A needs 40,000.00 x 50% = 20,000.00 of 7,000.00: it waits; so does B, 30,000.00 x 50% = 15,000.00, behind it
SELECT setl('B', 30000, '2018-10-21') \g /dev/null
SELECT results_eq($$SELECT setl_id, state FROM fa.queue WHERE pool = 'inpatient' ORDER BY setl_id$$, $$VALUES ('A' COLLATE "C", 'waiting' COLLATE "C"), ('B', 'waiting')$$, 'both wait: what is held does not pay them');
SELECT is(as_user('fund_li', $$INSERT INTO fa.hold_end (hold_id, outcome, event, key) VALUES ('h4', 'post', 'settlement', 'B')$$), 'ok', 'the hold is used for B');
SELECT results_eq($$SELECT setl_id, state FROM fa.queue WHERE pool = 'inpatient' ORDER BY setl_id$$, $$VALUES ('A' COLLATE "C", 'waiting' COLLATE "C"), ('B', 'funded')$$, 'B is funded, though A came first');
SELECT is(status('inpatient'), '22000.00 = 15000.00 + 0.00 + 7000.00', '15,000.00 are committed, A still waits for its 20,000.00');
SELECT good('after a settlement was funded by its hold');

-- ---- maintain ----
SELECT hold('h5', 'inpatient', 7000.00, '0.5 seconds') \g /dev/null
-- inpatient gets 20,000.00 x 70% = 14,000.00: with 7,000.00 held that is too little for A; outpatient gets 6,000.00
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r2', 'subsidy', 'fiscal', '2018-10-22', 2018, 20000.00);
SELECT is(status('inpatient'), '36000.00 = 15000.00 + 7000.00 + 14000.00', 'a hold of 7,000.00 keeps A waiting');
SELECT pg_sleep(0.6) \g /dev/null
SELECT is(status('inpatient'), '36000.00 = 15000.00 + 7000.00 + 14000.00', 'when its time is up the money is held still');
SELECT throws_ok($$INSERT INTO fa.hold_end (hold_id, outcome, event, key) VALUES ('h5', 'post', 'settlement', 'A')$$, 'YB307', 'hold h5 cannot be used any more', 'but cannot be used any more');
SELECT matches((SELECT detail FROM yibao.verify('fa') WHERE "check" LIKE 'holds whose time is up%'), '^1, the oldest of ', 'verify says how late maintain is with holds');
-- 60,000.00 of the serious part and 6,000.00 of outpatient; inpatient's were folded when its pool was locked
SELECT matches((SELECT detail FROM yibao.verify('fa') WHERE "check" LIKE 'credits not folded%'), '^2, the oldest of ', 'and with credits');
SELECT results_eq($$SELECT task, done FROM yibao.maintain('fa') WHERE task <> 'seal'$$, $$VALUES ('expire', 1::bigint), ('fold', 2)$$, 'maintain ends the hold and folds the credits');
-- 14,000.00 + 7,000.00 - 20,000.00 of A
SELECT is(status('inpatient'), '36000.00 = 35000.00 + 0.00 + 1000.00', 'with the money that came back A is funded');
SELECT is((SELECT outcome || ' ' || (ended_by = session_user) FROM fa.hold_end WHERE hold_id = 'h5'), 'expire true', 'the hold has expired');
SELECT is((SELECT count(*) FROM fa.credit), 0::bigint, 'no credit is left');
SELECT is((SELECT sum(avail) FROM fa.slot WHERE pool = 'serious'), 6000000::numeric, 'the slots have it');
-- half of 60,000.00 fills 30 slots with 1,000.00; over all 63 it would be less than that each
SELECT results_eq($$SELECT avail, count(*) FROM fa.slot WHERE pool = 'serious' GROUP BY avail ORDER BY avail$$, $$VALUES (0::bigint, 33::bigint), (100000, 30), (3000000, 1)$$, 'in as many as it fills with 1,000.00');
-- what the hold that expired left behind has been booked after the seal: one row of hold_end, the funding of A a journal
SELECT results_eq($$SELECT task, done FROM yibao.maintain('fa')$$, $$VALUES ('seal', 2::bigint), ('expire', 0), ('fold', 0)$$, 'the next finds what the last one booked to seal, and nothing else');
SELECT is((SELECT detail FROM yibao.verify('fa') WHERE "check" LIKE 'rows not sealed%'), NULL, 'nothing is left to seal');
SELECT is_empty($$SELECT detail FROM yibao.verify('fa') WHERE ("check" LIKE 'holds whose%' OR "check" LIKE 'credits not%') AND detail IS NOT NULL$$, 'nor to do');
SELECT is_empty($$SELECT * FROM yibao.maintain(NULL)$$, 'NULL gives no row');
SELECT throws_ok($$SELECT * FROM yibao.maintain('nowhere')$$, 'YB603', NULL, 'an area that is not there');
SELECT is(as_user('fund_zhao', $$SELECT FROM yibao.maintain('fa')$$), 'ok', 'any post may call it');
CREATE ROLE stranger LOGIN;
SELECT matches(as_user('stranger', $$SELECT FROM yibao.maintain('fa')$$), '^42501', 'a stranger may not');
SET CONSTRAINTS ALL IMMEDIATE;
SELECT good('in the end [I1-I6]');
-- negative control: an open hold that I4 does not count is found
SET LOCAL session_replication_role = replica;
INSERT INTO fa.hold_open VALUES ('h1', 'inpatient', 1, now());
SET LOCAL session_replication_role = origin;
SELECT results_eq($$SELECT "check" FROM yibao.verify('fa') WHERE NOT ok$$, $$VALUES ('available is the balance less what is committed and funded and what is held [I4]'), ('open holds are those that have not ended, with their amounts')$$, 'verify counts open holds, and knows which are open');
SELECT * FROM finish();
ROLLBACK;
