-- What is available, spread over slots: one slot where one has enough, all of them where none has, and exact to the fen.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(23);
INSERT INTO fa.policy (policy_id, rules) VALUES ('p', fund_doc('2018-09-18',
  jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2018}', '0.30')),
    'serious', jsonb '{"model": "remit_up", "set_aside": "at_remittance", "source": "t"}', 'on_pool_short', 'queue', 'source', 't')));
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r1', 'subsidy', 'fiscal', '2018-10-10', 2018, 10000000.00);
-- inpatient 7,000,000.00
CREATE FUNCTION take(id text, amount numeric) RETURNS void LANGUAGE sql AS $$
INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, amt, out_amt, ipt_amt, doc_no) VALUES (id, 'set_aside', 2018, '2018-10-20', amount, 0, amount, 'x')
$$;
CREATE VIEW slots AS SELECT slot, avail FROM fa.slot WHERE pool = 'inpatient';
SELECT is((SELECT sum(avail) FROM slots), 0::numeric, 'what has come in waits as a credit');
-- the queues of the outpatient and of the inpatient pool
PREPARE queues(text) AS SELECT count(DISTINCT objsubid) FROM pg_locks WHERE pid = pg_backend_pid() AND mode = $1
  AND locktype = 'object' AND classid = 'pg_namespace'::regclass AND objid = 'fa'::regnamespace AND objsubid <> 0;
SELECT results_eq($$EXECUTE queues('ShareLock')$$, ARRAY[2::bigint], 'and shares the queue of each pool that it comes into, which many can');
SELECT results_eq($$EXECUTE queues('ExclusiveLock')$$, ARRAY[0::bigint], 'nobody has to wait who brings money too');
SELECT lives_ok($$SELECT take('a', 1000000.00)$$, 'the first debit folds it in');
SELECT is((SELECT count(*) FROM fa.credit WHERE pool = 'inpatient'), 0::bigint, 'no credit is left');
SELECT is((SELECT sum(avail) FROM slots), 600000000::numeric, 'the slots hold 6,000,000.00');
-- half is 3,000,000.00; over 63 slots 47,619.04 each, and 0.48 over
SELECT results_eq('SELECT avail, count(*) FROM slots GROUP BY avail ORDER BY avail', $$VALUES (4761904::bigint, 63::bigint), (300000048, 1)$$, 'half of it in slot 0, the rest even');
CREATE TEMP TABLE was AS SELECT * FROM slots;
SELECT take('b', 100.00) \g /dev/null
SELECT is((SELECT count(*) FROM slots s JOIN was w USING (slot) WHERE s.avail <> w.avail), 1::bigint, 'a small debit touches one slot');
SELECT is((SELECT sum(w.avail - s.avail) FROM slots s JOIN was w USING (slot)), 10000::numeric, 'and takes exactly it');
TRUNCATE was; INSERT INTO was SELECT * FROM slots;
SELECT take('c', 2500000.00) \g /dev/null
SELECT is((SELECT array_agg(slot) FROM slots s JOIN was w USING (slot) WHERE s.avail <> w.avail), ARRAY[0], 'a large one finds slot 0');
SELECT lives_ok($$SELECT take('d', 3000000.00)$$, 'one that no slot holds takes from all');
SELECT is((SELECT sum(avail) FROM slots), 49990000::numeric, 'exactly');
SELECT throws_ok($$SELECT take('e', 499900.01)$$, 'YB301', 'pool inpatient has 499900.00 available, 499900.01 is needed', 'a fen more than there is is refused, with the figures');
SELECT is((SELECT sum(avail) FROM slots), 49990000::numeric, 'and nothing is taken');
SELECT lives_ok($$SELECT take('f', 499900.00)$$, 'the last fen can be taken');
SELECT is((SELECT sum(avail) FROM slots), 0::numeric, 'then there is none');
SELECT throws_ok($$SELECT take('g', 0.01)$$, 'YB301', NULL, 'and no more');

-- ---- a pool of little money is spread too, over as many slots as it fills with 1,000.00 ----
-- 150,000.00 x 70% = 105,000.00; 5,000.00 are taken: half of 100,000.00 fills 50 of the 63 slots
INSERT INTO fa.receipt (receipt_id, fund, kind, account, received_on, coverage_year, amt) VALUES ('r2', 'resident', 'subsidy', 'fiscal', '2018-10-10', 2018, 150000.00);
SELECT take('h', 5000.00) \g /dev/null
SELECT results_eq('SELECT avail, count(*) FROM slots GROUP BY avail ORDER BY avail', $$VALUES (0::bigint, 13::bigint), (100000, 50), (5000000, 1)$$, '100,000.00: half in slot 0, the rest in 50 slots');
-- who looks at the whole pool leaves it so: 20,000.00 of the 50,000.00 in slot 0
SELECT is(as_user('fund_li', $$INSERT INTO fa.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on) VALUES ('t', 'inpatient', 'outpatient', 20000.00, 'x', '2018-10-20')$$)
  || as_user('fund_wang', $$INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('t', 'approve', '2018-10-20')$$), 'okok', 'a transfer');
SELECT results_eq('SELECT avail, count(*) FROM slots GROUP BY avail ORDER BY avail', $$VALUES (0::bigint, 13::bigint), (100000, 50), (3000000, 1)$$, 'a transfer does not move all into one slot');
-- 80,000.00 - 76,666.67 = 3,333.33: half, rounded down to the fen, fills one slot, and slot 0 has the odd fen
SELECT take('i', 76666.67) \g /dev/null
SELECT results_eq('SELECT avail, count(*) FROM slots GROUP BY avail ORDER BY avail', $$VALUES (0::bigint, 62::bigint), (166666, 1), (166667, 1)$$, '3,333.33: two slots, to the fen');
-- 3,333.33 - 1,700.00 = 1,633.33: half is less than 1,000.00
SELECT take('j', 1700.00) \g /dev/null
SELECT results_eq('SELECT slot, avail FROM slots WHERE avail > 0', $$VALUES (0, 163333::bigint)$$, 'less than 2,000.00: slot 0');
SET CONSTRAINTS ALL IMMEDIATE;
SELECT is_empty($$SELECT * FROM yibao.verify('fa') WHERE NOT ok$$, 'verify finds nothing');
SELECT * FROM finish();
ROLLBACK;
