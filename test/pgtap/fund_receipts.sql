-- Receipts: the exact split, the serious-illness part, what is not decided, and which flows are allowed.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(47);

INSERT INTO fa.policy (policy_id, rules) VALUES ('p18', fund_doc('2018-09-18',
  jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2018}', '0.30')),
    'serious', jsonb '{"model": "remit_up", "set_aside": "with_personal_receipt", "per_head": [{"coverage_year": 2018, "amount": "65.00", "source": "t"}, {"coverage_year": 2019, "unknown": true, "source": "t"}], "source": "t"}',
    'on_pool_short', 'queue', 'source', 't')));

-- X10: 1,000,000.01 x 0.30 = 300,000.003
SELECT is(as_user('fund_li', $$INSERT INTO fa.receipt (receipt_id, kind, gov_level, account, received_on, coverage_year, amt)
  VALUES ('r1', 'subsidy', 'central', 'fiscal', '2018-10-10', 2018, 1000000.01)$$), 'ok', 'a clerk books a subsidy');
SELECT results_eq($$SELECT out_amt, ipt_amt, serious_amt, unalloc_amt FROM fa.receipt WHERE receipt_id = 'r1'$$,
  $$VALUES (300000.00::numeric, 700000.01::numeric, 0::numeric, 0::numeric)$$,
  'pooled income splits 30/70, remainder inpatient: 1,000,000.01 is 300,000.00 and 700,000.01 [A032]');
SELECT is(available('outpatient'), 300000.00, 'available of the outpatient pool is raised by its part [A032]');
SELECT is(available('inpatient'), 700000.01, 'available of the inpatient pool is raised by its part [A032]');
SELECT is((SELECT booked_by FROM fa.receipt WHERE receipt_id = 'r1'), 'fund_li', 'the login that booked it is recorded [A276]');

-- Cumulative: totals 1,000,000.02 and .03 and .04 have shares 300,000.006 = .01, 300,000.009 = .01, 300,000.012 = .01
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt)
  SELECT 'c' || n, 'subsidy', 'fiscal', '2018-10-11', 2018, 0.01 FROM generate_series(1, 3) n;
SELECT results_eq($$SELECT receipt_id, out_amt, ipt_amt FROM fa.receipt WHERE receipt_id LIKE 'c%' ORDER BY 1$$,
  $$VALUES ('c1' COLLATE "C", 0.01::numeric, 0.00::numeric), ('c2', 0.00, 0.01), ('c3', 0.00, 0.01)$$,
  'three receipts of one fen in one statement: outpatient''s total is the rounded share after each [A032]');
SELECT is((SELECT sum(out_amt) FROM fa.receipt WHERE coverage_year = 2018), 300000.01, 'no fen is gained or lost over many receipts [A032]');

-- 65.00 x 1,000 heads = 65,000.00; (165,000 - 65,000) x 0.30: the bucket has 1,000,000.04, with it 1,100,000.04, share 330,000.012
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, heads)
  VALUES ('h1', 'contribution', 'treasury', '2018-10-12', 2018, 165000.00, 1000);
SELECT results_eq($$SELECT serious_amt, out_amt, ipt_amt FROM fa.receipt WHERE receipt_id = 'h1'$$,
  $$VALUES (65000.00::numeric, 30000.00::numeric, 70000.00::numeric)$$,
  'the serious-illness premium is heads times the amount a head, set aside before the split [A030 A107]');
SELECT is(available('serious'), 65000.00, 'the serious-illness part is kept apart [A030 A031]');
SELECT throws_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, heads, serious_amt)
  VALUES ('h2', 'contribution', 'treasury', '2018-10-12', 2018, 165000.00, 1000, 64999.99)$$, 'YB504', NULL,
  'another serious-illness amount than heads times the amount a head is refused [A107]');
SELECT throws_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt)
  VALUES ('h3', 'contribution', 'treasury', '2018-10-12', 2018, 1000.00)$$, 'YB303', NULL,
  'without heads and without an amount the serious-illness part is not guessed [A031]');
SELECT lives_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, serious_amt)
  VALUES ('h4', 'contribution', 'treasury', '2018-10-12', 2018, 1000.00, 100.00)$$, 'an amount on the row decides it [A031]');
SELECT throws_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, heads)
  VALUES ('h5', 'contribution', 'treasury', '2019-02-01', 2019, 1000.00, 10)$$, 'YB303', NULL,
  'an amount a head that the source does not give is not worked out from nothing [A107]');
SELECT throws_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, serious_amt)
  VALUES ('h6', 'contribution', 'treasury', '2018-10-12', 2018, 10.00, 10.01)$$, 'YB003', NULL,
  'a part is not more than the whole');

-- Kinds: what the rule does not name is not split
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('i1', 'interest', 'fiscal', '2018-12-21', 2018, 7.77);
SELECT results_eq($$SELECT out_amt, ipt_amt, unalloc_amt, split_rule FROM fa.receipt WHERE receipt_id = 'i1'$$,
  $$VALUES (0::numeric, 0::numeric, 7.77::numeric, NULL::text)$$, 'a kind that the rule does not split stays unallocated [A032]');

-- Sources
SELECT results_eq($$SELECT kind, sum(amt) FROM fa.fund_income WHERE fund = 'resident' GROUP BY kind ORDER BY kind$$,
  $$VALUES ('contribution' COLLATE "C", 166000.00), ('interest', 7.77), ('subsidy', 1000000.04)$$,
  'income is kept by source: persons, government, interest [A003]');
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, serious_amt) VALUES
  ('a1', 'assistance', 'fiscal', '2018-11-01', 2018, 500.00, 0), ('k1', 'collective', 'fiscal', '2018-11-01', 2018, 300.00, NULL);
SELECT results_eq($$SELECT role, balance FROM fa.trial_balance WHERE book = 'G' AND role IN ('income_assistance', 'income_collective') ORDER BY role$$,
  $$VALUES ('income_assistance' COLLATE "C", 500.00), ('income_collective', 300.00)$$,
  'assistance-paid and collective-paid contributions have subjects of their own [A022]');
SELECT is((SELECT balance_fen FROM fa.cash WHERE fund = 'resident' AND class = 'treasury'), 16600000::bigint,
  'what the tax office collects stands in the treasury until it is swept [A148]');

-- The matrix of flows
SELECT throws_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt)
  VALUES ('x1', 'subsidy', 'expenditure', '2018-10-10', 2018, 1.00)$$, 'YB302', 'money may not go from outside to expenditure as subsidy',
  'the expenditure account takes no other income [A025 A026]');
SELECT throws_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, serious_amt)
  VALUES ('x2', 'contribution', 'expenditure', '2018-10-10', 2018, 1.00, 0)$$, 'YB302', NULL, 'not even contributions [A026]');
SELECT throws_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt)
  VALUES ('x3', 'subsidy', 'treasury', '2018-10-10', 2018, 1.00)$$, 'YB302', NULL, 'a subsidy comes to the fiscal account [A016 A021]');
SELECT lives_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt)
  VALUES ('x4', 'interest', 'expenditure', '2018-10-10', 2018, 1.23)$$, 'the expenditure account''s own interest is let in [A025]');
DO $do$
DECLARE d text;
BEGIN
  INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('x5', 'subsidy', 'expenditure', '2018-10-10', 2018, 1);
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL;
  PERFORM set_config('test.detail', d, true);
END $do$;
SELECT matches(current_setting('test.detail'), '不得发生其他收入业务', 'the refusal names the rule [A026]');

-- Coverage years and ratios
SELECT throws_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt)
  VALUES ('y1', 'subsidy', 'fiscal', '2018-10-10', 2017, 1.00)$$, 'YB303', NULL, 'a coverage year without a rule is not split by another year''s [A032]');
SELECT throws_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt)
  VALUES ('y2', 'subsidy', 'fiscal', '2018-12-10', 2019, 1.00)$$, 'YB303', NULL, 'money for next year needs the policy to say what it is');
INSERT INTO fa.policy (policy_id, rules) VALUES ('p19', fund_doc('2019-01-01',
  jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2019}', '0.40', '{"rounding": "floor_residual_inpatient"}')),
    'next_year_receipts', 'income_on_receipt', 'on_pool_short', 'queue', 'source', 't')));
-- 0.40 x 0.99 = 0.396, floor 0.39
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('y3', 'subsidy', 'fiscal', '2018-12-10', 2019, 0.99);
SELECT results_eq($$SELECT out_amt, ipt_amt, policy_id FROM fa.receipt WHERE receipt_id = 'y3'$$,
  $$VALUES (0.39::numeric, 0.60::numeric, 'p19' COLLATE "C")$$, 'a receipt is split by the rule of its coverage year, not of the day it came [A032]');
-- the 2018 bucket: 1,000,000.04 + 100,000 + 900 + 500 + 300 = 1,101,700.04, share 330,510.012; with 0.03 more .021
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('y4', 'subsidy', 'fiscal', '2019-02-01', 2018, 0.03);
SELECT results_eq($$SELECT total_fen, out_fen FROM fa.split_bucket WHERE coverage_year = 2018$$,
  $$VALUES (110170007::bigint, 33051002::bigint)$$, 'a late receipt of an old year goes to that year''s bucket; a new ratio has its own [A032]');
SELECT is((SELECT count(*) FROM fa.split_bucket), 2::bigint, 'a new ratio never touches the old one''s bucket [A032]');

-- Amounts
SELECT throws_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('z1', 'subsidy', 'fiscal', '2018-10-10', 2018, 1.005)$$, 'YB001', NULL, 'a third decimal is an error');
SELECT throws_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('z2', 'subsidy', 'fiscal', '2018-10-10', 2018, -1)$$, 'YB002', NULL, 'a negative receipt is an error');
SELECT throws_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('z3', 'subsidy', 'fiscal', '2018-10-10', 2018, 'NaN')$$, 'YB002', NULL, 'NaN is an error');
SELECT throws_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, out_amt) VALUES ('z4', 'subsidy', 'fiscal', '2018-10-10', 2018, 100, 31)$$, 'YB504', NULL, 'a result column given with another value is an error');
SELECT throws_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('z5', 'gift', 'fiscal', '2018-10-10', 2018, 100)$$, 'YB004', NULL, 'an unknown kind is an error');

-- Keys
SELECT results_eq($$WITH i AS (INSERT INTO fa.receipt (receipt_id, kind, gov_level, account, received_on, coverage_year, amt)
  VALUES ('r1', 'subsidy', 'central', 'fiscal', '2018-10-10', 2018, 1000000.01) RETURNING 1) SELECT count(*) FROM i$$, $$VALUES (0::bigint)$$,
  'the same receipt again inserts nothing');
SELECT throws_ok($$INSERT INTO fa.receipt (receipt_id, kind, gov_level, account, received_on, coverage_year, amt)
  VALUES ('r1', 'subsidy', 'central', 'fiscal', '2018-10-10', 2018, 1000000.02)$$, 'YB501', NULL, 'another receipt under the same key is an error');
SELECT is((SELECT sum(amount_fen) FROM fa.entry e JOIN fa.journal j USING (journal_id) WHERE j.key = 'r1' AND e.book = 'G' AND amount_fen > 0), 100000001::numeric,
  'a repeated receipt is booked once');
-- a trigger of the user's that drops the row: nothing of it may stay
SAVEPOINT s;
CREATE FUNCTION drop_row() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.receipt_id = ''dropped'' THEN RETURN NULL; END IF; RETURN NEW; END';
CREATE TRIGGER t50_drop BEFORE INSERT ON fa.receipt FOR EACH ROW EXECUTE FUNCTION drop_row();
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('dropped', 'subsidy', 'fiscal', '2018-10-10', 2018, 100);
SELECT throws_ok('SET CONSTRAINTS ALL IMMEDIATE', '23503', NULL, 'a receipt that vanishes after it was split fails the transaction');
ROLLBACK TO s;

-- The assistance fund has its own books, and pays contributions of the poor
INSERT INTO fa.receipt (receipt_id, fund, kind, account, received_on, coverage_year, amt) VALUES ('m1', 'assistance', 'subsidy', 'fiscal', '2018-10-10', 2018, 1000.00);
SELECT is(available('assistance'), 1000.00, 'money of the assistance fund is in its own pool, not split');
SELECT throws_ok($$INSERT INTO fa.receipt (receipt_id, kind, payer_fund, account, received_on, coverage_year, amt, serious_amt)
  VALUES ('m2', 'assistance', 'assistance', 'fiscal', '2018-11-01', 2018, 1000.01, 0)$$, 'YB301', NULL, 'the assistance fund pays no contribution that it has no money for');
INSERT INTO fa.receipt (receipt_id, kind, payer_fund, account, received_on, coverage_year, amt, serious_amt)
  VALUES ('m3', 'assistance', 'assistance', 'fiscal', '2018-11-01', 2018, 400.00, 0);
SELECT results_eq($$SELECT fund, role, balance FROM fa.trial_balance WHERE role IN ('premium_aid', 'income_assistance') ORDER BY fund$$,
  $$VALUES ('assistance' COLLATE "C", 'premium_aid' COLLATE "C", 400.00), ('resident', 'income_assistance', 900.00)$$,
  'what the assistance fund pays is its expense and the resident fund''s income, in one posting [A006 A022]');
SELECT is(available('assistance'), 600.00, 'and has left it');
SELECT throws_ok($$INSERT INTO fa.receipt (receipt_id, kind, payer_fund, account, received_on, coverage_year, amt)
  VALUES ('m4', 'subsidy', 'assistance', 'fiscal', '2018-11-01', 2018, 1.00)$$, 'YB302', NULL, 'no fund bears what is another''s');

-- The books
SELECT results_eq($$SELECT fund, book, sum(debit) - sum(credit) FROM fa.trial_balance GROUP BY fund, book ORDER BY 1, 2$$,
  $$VALUES ('assistance' COLLATE "C", 'G' COLLATE "C", 0.00), ('assistance', 'P', 0.00), ('resident', 'G', 0.00), ('resident', 'P', 0.00)$$,
  'debits are credits in every book of every fund');
SET CONSTRAINTS ALL IMMEDIATE;
SELECT is_empty($$SELECT * FROM yibao.verify('fa') WHERE NOT ok$$, 'verify finds nothing');
SET CONSTRAINTS ALL DEFERRED;

-- A closed month
UPDATE fa.period SET closed = true WHERE period = '2018-10';
SELECT throws_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt)
  VALUES ('w1', 'subsidy', 'fiscal', '2018-10-31', 2018, 1.00)$$, 'YB306', 'the books of 2018-10 are closed', 'a closed month takes no entry');
SELECT throws_ok($$UPDATE fa.period SET closed = false WHERE period = '2018-10'$$, 'YB305', NULL, 'a closed month is not opened again');
SELECT lives_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt)
  VALUES ('w2', 'subsidy', 'fiscal', '2018-11-01', 2018, 1.00)$$, 'the next month goes on');
SELECT * FROM finish();
ROLLBACK;
