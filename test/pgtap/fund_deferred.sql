-- area.mode = 'deferred': a transaction notes what it takes from the pools, and takes it at commit, netted.
-- SET CONSTRAINTS ALL IMMEDIATE does here what COMMIT does.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(33);
INSERT INTO fa.policy (policy_id, rules) VALUES ('p', fund_doc('2018-09-18',
  jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2018}', '0.30')),
    'serious', jsonb '{"model": "remit_up", "set_aside": "at_remittance", "source": "t"}', 'on_pool_short', 'queue', 'source', 't')));
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r1', 'subsidy', 'fiscal', '2018-10-10', 2018, 1000.00);
-- outpatient 300.00, inpatient 700.00
CREATE FUNCTION status(which text) RETURNS text LANGUAGE sql AS $$
SELECT format('%s = %s + %s + %s', balance, committed, held, available) FROM fa.pool_status WHERE pool = which
$$;
CREATE FUNCTION hold(id text, which text, amount numeric) RETURNS void LANGUAGE sql AS $$
INSERT INTO fa.hold (hold_id, pool, amt, expires_at, reason) VALUES (id, which, amount, now() + interval '1 hour', '预占')
$$;
CREATE FUNCTION setl(id text, amount numeric, day text DEFAULT '2018-10-20') RETURNS void LANGUAGE sql AS $$
INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, fixmedins_code)
VALUES (id, 'P' || id, '390', day::timestamp, amount, 0, 0, 0, amount, '21', 'H1')
$$;
CREATE FUNCTION good(what text) RETURNS text LANGUAGE sql AS $$
SELECT is_empty($q$SELECT "check", detail FROM yibao.verify('fa') WHERE NOT ok$q$, 'verify finds nothing ' || what)
$$;

-- ---- who sets it, and what else of the row can be changed ----
SELECT is((SELECT mode FROM yibao.poolareas() WHERE name = 'fa'), 'immediate', 'an area is immediate at first');
SELECT throws_ok($$SELECT hold('x', 'inpatient', 700.01)$$, 'YB301', NULL, 'immediate: what is too much is told at once');
SELECT matches(as_user('fund_li', $$UPDATE fa.area SET mode = 'deferred'$$), '^42501', 'a clerk does not set the mode');
SELECT throws_ok($$UPDATE fa.area SET mode = 'later'$$, 'YB004', 'mode "later" is not known', 'there are two modes');
SELECT throws_ok($$UPDATE fa.area SET mode = 'deferred', nslot = 2$$, 'YB305', NULL, 'with the mode nothing else is changed');
SELECT throws_ok($$UPDATE fa.area SET admdvs = '620500'$$, 'YB305', NULL, 'nor without it');
SELECT throws_ok($$DELETE FROM fa.area$$, 'YB305', NULL, 'and the row stays');
SELECT lives_ok($$UPDATE fa.area SET mode = 'deferred'$$, 'the owner sets the mode');
SELECT is((SELECT mode FROM yibao.poolareas() WHERE name = 'fa'), 'deferred', 'and poolareas() shows it');
SELECT throws_ok($$INSERT INTO fa.pending (pool, amt) VALUES ('inpatient', 1)$$, 'YB305', NULL, 'nobody notes a debit by hand');

-- ---- noted, then taken ----
CREATE TEMP TABLE was AS SELECT sum(exact) AS exact FROM fa.slot;
SELECT hold('h1', 'inpatient', 100.00), hold('h2', 'outpatient', 50.00), hold('h3', 'inpatient', 200.00) \g /dev/null
SELECT results_eq('SELECT sum(amt) FROM fa.pending', 'SELECT 35000::numeric', 'three debits are noted');
SELECT is((SELECT available FROM fa.pool_status WHERE pool = 'inpatient'), 700.00, 'nothing is taken yet');
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
SELECT is(status('inpatient'), '700.00 = 0.00 + 300.00 + 400.00', 'at commit it is');
SELECT is(status('outpatient'), '300.00 = 0.00 + 50.00 + 250.00', 'from every pool');
-- two pools, each poor in its slots: one decision a pool, not one a statement
SELECT is((SELECT sum(s.exact) - w.exact FROM fa.slot s, was w GROUP BY w.exact), 2::numeric, 'netted: one decision a pool');
SELECT is((SELECT count(*) FROM fa.pending), 0::bigint, 'and nothing is left over');
SELECT good('after a commit');

-- ---- a savepoint takes back what was noted after it ----
SELECT hold('h4', 'inpatient', 100.00) \g /dev/null
SAVEPOINT s;
SELECT hold('h5', 'inpatient', 5000.00) \g /dev/null
ROLLBACK TO s;
SELECT lives_ok('SET CONSTRAINTS ALL IMMEDIATE', 'what was rolled back is not taken');
SET CONSTRAINTS ALL DEFERRED;
SELECT is(status('inpatient'), '700.00 = 0.00 + 400.00 + 300.00', 'what was not is');

-- ---- short at commit ----
SAVEPOINT t;
SELECT lives_ok($$SELECT hold('h6', 'inpatient', 200.00), hold('h7', 'inpatient', 100.01)$$, 'a fen too much in two statements');
SELECT throws_ok('SET CONSTRAINTS ALL IMMEDIATE', 'YB301', 'pool inpatient has 300.00 available, 300.01 is needed', 'is told at commit, with the figures');
ROLLBACK TO t;
SET CONSTRAINTS ALL DEFERRED;
SELECT is(status('inpatient'), '700.00 = 0.00 + 400.00 + 300.00', 'and nothing of it stays');

-- ---- what comes back in the transaction counts ----
INSERT INTO fa.hold_end (hold_id, outcome) VALUES ('h1', 'void');
INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, amt, out_amt, ipt_amt, doc_no, hold_id) VALUES ('m', 'set_aside', 2018, '2018-10-20', 600, 0, 600, 'x', 'h3');
SELECT lives_ok('SET CONSTRAINTS ALL IMMEDIATE', '300.00 that are free, 100.00 called off and 200.00 held make 600.00');
SET CONSTRAINTS ALL DEFERRED;
SELECT is(status('inpatient'), '100.00 = 0.00 + 100.00 + 0.00', 'all is taken');
SELECT good('after holds were used');

-- ---- settlements: inpatient gets 700.00; B takes 50% of 1,000.00, A of 600.00, one of them waits ----
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r2', 'subsidy', 'fiscal', '2018-10-22', 2018, 1000.00);
SELECT setl('B', 1000, '2018-10-21'), setl('A', 600, '2018-10-20') \g /dev/null
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
-- 500.00 + 300.00 are more than 700.00; journals in the order in which they were made: B 500.00 fits, A 300.00 does not
SELECT is((SELECT string_agg(setl_id || ' ' || amount_fen, ', ') FROM fa.queue WHERE pool = 'inpatient' AND state = 'waiting'), 'A 30000', 'what does not fit waits');
SELECT is(status('inpatient'), '800.00 = 500.00 + 100.00 + 200.00', 'what fits is committed');
SELECT is((SELECT unfunded FROM fa.pool_status WHERE pool = 'inpatient'), 300.00, 'and the rest is booked as waiting');
SELECT good('with a settlement that waits [I4] [I6]');
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r3', 'subsidy', 'fiscal', '2018-10-23', 2018, 1000.00);
SELECT is((SELECT state FROM fa.queue WHERE pool = 'inpatient'), 'waiting', 'money comes: noted');
SET CONSTRAINTS ALL IMMEDIATE;
SELECT is((SELECT state FROM fa.queue WHERE pool = 'inpatient'), 'funded', 'and at commit it is funded');
-- 200.00 + 700.00 - 300.00
SELECT is(status('inpatient'), '1500.00 = 800.00 + 100.00 + 600.00', 'exactly');
SELECT good('in the end');
SELECT * FROM finish();
ROLLBACK;
