-- Months of the books: closed in order, opened again by two people and on record; what stood on an account by a day.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(52);
INSERT INTO fa.policy (policy_id, rules) VALUES ('p', fund_doc('2018-01-01',
  jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2018}', '0.30')), 'on_pool_short', 'queue', 'source', 't')));
CREATE FUNCTION receive(id text, day date, amount numeric) RETURNS void LANGUAGE sql AS $$
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES (id, 'subsidy', 'fiscal', day, 2018, amount) $$;
CREATE FUNCTION claim(id text, day text, amount numeric) RETURNS void LANGUAGE sql AS $$
INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, fixmedins_code, med_type, setl_type, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt)
VALUES (id, id, '390', day::timestamp, false, 'H1', '21', '2', amount, 0, 0, 0, amount) $$;
CREATE FUNCTION bank(day date) RETURNS text LANGUAGE sql AS $$
SELECT amount || ' ' || final FROM yibao.balance_on('fa', 'G', 'bank_fiscal', day) $$;
SELECT receive('a', '2018-10-10', 100.00), receive('b', '2018-11-10', 20.00), receive('c', '2019-01-10', 3.00) \g /dev/null

-- in order
SELECT is((SELECT string_agg(period, ' ' ORDER BY period) FROM fa.period WHERE NOT closed), '2018-10 2018-11 2019-01', 'a month appears when something is booked in it');
SELECT throws_ok($$UPDATE fa.period SET closed = true WHERE period = '2018-11'$$, 'YB307', 'the books of 2018-10 are open, so those of 2018-11 cannot be closed', 'a month is not closed while an earlier one is open');
SELECT throws_ok($$INSERT INTO fa.period (period, closed) VALUES ('2018-12', true)$$, 'YB307', NULL, 'nor one in which nothing was booked');
SELECT lives_ok($$UPDATE fa.period SET closed = true WHERE period = '2018-10'$$, 'the first is closed');
SELECT throws_ok($$SELECT receive('x', '2018-10-31', 1)$$, 'YB306', 'the books of 2018-10 are closed', 'and takes no entry');
SELECT throws_ok($$SELECT receive('x', '2018-09-30', 1)$$, 'YB306', 'the books of 2018-09 are closed', 'nor does a month before it that never had one: closing closes what came before');
SELECT is((SELECT count(*) FROM fa.period WHERE period = '2018-09'), 0::bigint, 'and it leaves no trace');
SELECT throws_ok($$UPDATE fa.period SET closed = true WHERE period = '2018-10'$$, 'YB304', NULL, 'it is not closed twice');
SELECT throws_ok($$UPDATE fa.period SET closed = false WHERE period = '2018-10'$$, 'YB305', NULL, 'nor opened by hand');
SELECT throws_ok($$UPDATE fa.period SET period = '2018-12', closed = true WHERE period = '2018-11'$$, 'YB304', NULL, 'nor made another month');
SELECT throws_ok($$DELETE FROM fa.period WHERE period = '2018-11'$$, 'YB304', NULL, 'nor deleted');
SELECT throws_ok($$TRUNCATE fa.period CASCADE$$, 'YB304', NULL, 'nor all of them');
SELECT is(closed_by, session_user::text, 'who closed it is kept') FROM fa.period WHERE period = '2018-10';

-- book S is not closed: by hand 0.50 x 40.00 = 20.00 of basic
SELECT lives_ok($$SELECT claim('s1', '2018-10-30 10:00', 40.00)$$, 'a stay of a closed month is settled all the same: it obliges, it spends nothing yet');
SELECT is((SELECT committed FROM fa.pool_status WHERE pool = 'inpatient'), 20.00, 'and is committed');
SELECT is((SELECT count(*) FROM fa.entry e JOIN fa.journal j USING (journal_id) WHERE j.period = '2018-10' AND e.book <> 'S' AND j.event = 'settlement'), 0::bigint, 'without an entry in the books that are closed');

-- by effective date
SELECT is(bank('2018-10-09'), '0.00 true', 'before the first receipt there was nothing, and the month is closed: final');
SELECT is(bank('2018-10-10'), '100.00 true', 'the day counts with what was received on it');
SELECT is(bank('2018-11-09'), '100.00 false', 'an open month is not final');
SELECT is(bank('2018-12-31'), '120.00 false', 'nor is a month without entries after an open one');
SELECT is((SELECT amount || ' ' || final FROM yibao.balance_on('fa', 'P', 'pool', '2018-10-31', 'outpatient')), '30.00 true', 'of one pool: 30% of 100.00, on the side where a pool stands');
SELECT is((SELECT amount || ' ' || final FROM yibao.balance_on('fa', 'P', 'pool', '2018-10-31')), '100.00 true', 'of all pools');
-- basic 20.00, serious illness 0.40 x 20.00 = 8.00 advanced
SELECT is((SELECT amount || ' ' || final FROM yibao.balance_on('fa', 'S', 'payable', '2018-10-31')), '28.00 false', 'book S is never final by date');
SELECT throws_ok($$SELECT * FROM yibao.balance_on('fa', 'G', 'bank_moon', '2018-10-31')$$, 'YB004', 'book G has no account of role "bank_moon"', 'an account that is not there is named');
SELECT throws_ok($$SELECT * FROM yibao.balance_on('fa', 'P', 'pool', '2018-10-31', 'dental')$$, 'YB004', 'fund resident has no pool "dental"', 'a pool that is not there has no balance of nothing');
SELECT throws_ok($$SELECT * FROM yibao.balance_on('fa', 'P', 'pool', '2018-10-31', 'outpatient', 'assistance')$$, 'YB004', 'fund assistance has no pool "outpatient"', 'nor has one of the other fund');
SELECT throws_ok($$SELECT * FROM yibao.balance_on('fa', 'G', 'bank_fiscal', '2018-10-31', NULL, 'state')$$, 'YB004', 'fund "state" is not known', 'nor a fund that is not there');
SELECT is((SELECT coalesce(amount::text, final::text) FROM yibao.balance_on('fa', 'G', NULL, '2018-10-31')), NULL, 'NULL gives NULL');
SELECT is((SELECT coalesce(amount::text, final::text) FROM yibao.balance_at('fa', 'G', 'bank_fiscal', NULL)), NULL, 'also by time');
SELECT throws_ok($$SELECT * FROM yibao.balance_at('nowhere', 'G', 'bank_fiscal', now())$$, 'YB603', NULL, 'an area that is not there is named');
SELECT is((SELECT amount || ' ' || final FROM yibao.balance_at('fa', 'G', 'bank_fiscal', '2018-01-01')), '0.00 true', 'by the time of booking: nothing was booked in 2018');
SELECT is((SELECT amount || ' ' || final FROM yibao.balance_at('fa', 'G', 'bank_fiscal', statement_timestamp())), '123.00 false', 'what this transaction has booked is not final: it may be taken back');
SELECT matches(as_user('fund_zhao', $$SELECT * FROM yibao.balance_at('fa', 'G', 'bank_fiscal', now())$$), 'ok', 'every post may ask');
CREATE ROLE fund_nobody LOGIN;
SELECT matches(as_user('fund_nobody', $$SELECT * FROM yibao.balance_at('fa', 'G', 'bank_fiscal', now())$$), '^42501', 'nobody else');

-- opening again
SELECT throws_ok($$INSERT INTO fa.period_act (act_id, period, act, reason, doc_no) VALUES ('a0', '2018-11', 'reopen', 'x', 'D')$$, 'YB307', 'the books of 2018-11 are not closed', 'what is open is not opened');
SELECT throws_ok($$INSERT INTO fa.period_act (act_id, period, act, reason) VALUES ('a0', '2018-10', 'reopen', 'x')$$, 'YB006', NULL, 'it takes a document');
SELECT throws_ok($$INSERT INTO fa.period_act (act_id, period, act, reason, doc_no) VALUES ('a0', '2018-10', 'reopen', '', 'D')$$, 'YB006', NULL, 'and a reason');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.period_act (act_id, period, act, reason, doc_no) VALUES ('a0', '2018-10', 'reopen', 'x', 'D')$$), '^42501', 'a clerk does not ask for it');
SELECT lives_ok($$INSERT INTO fa.period_act (act_id, period, act, reason, doc_no) VALUES ('a1', '2018-10', 'reopen', '漏记一笔补助', '批1')$$, 'the owner does');
SELECT is((SELECT closed FROM fa.period WHERE period = '2018-10'), true, 'asking opens nothing');
SELECT throws_ok($$INSERT INTO fa.period_act_approval (act_id, decision) VALUES ('a1', 'approve')$$, 'YB401', NULL, 'nor does his own approval');
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.period_act_approval (act_id, decision) VALUES ('a9', 'approve')$$), '^YB307', 'an approval of nothing is refused');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.period_act_approval (act_id, decision) VALUES ('a1', 'approve')$$), 'ok', 'another login approves it');
SELECT is((SELECT closed FROM fa.period WHERE period = '2018-10'), false, 'the month is open again');
SELECT is((SELECT closed_by FROM fa.period_act WHERE act_id = 'a1'), session_user::text, 'the act keeps whose closing it undid');
SET CONSTRAINTS ALL IMMEDIATE;
SELECT is((SELECT detail FROM yibao.verify('fa') WHERE NOT ok), '2018-10, opened again by act a1', 'verify says so, and finds nothing else');
SET CONSTRAINTS ALL DEFERRED;
SELECT lives_ok($$SELECT receive('late', '2018-10-31', 7)$$, 'what was left out is booked');
SELECT is(bank('2018-10-31'), '107.00 false', 'the balance changed, and is not final any more');
UPDATE fa.period SET closed = true WHERE period <= '2018-11';
SELECT is(bank('2018-11-30'), '127.00 true', 'both months are closed in one statement');
SET CONSTRAINTS ALL IMMEDIATE;
SELECT is_empty($$SELECT * FROM yibao.verify('fa') WHERE NOT ok$$, 'and verify is content: the entry is older than the last closing');
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.period_act_approval (act_id, decision) VALUES ('a1', 'reject')$$), '^YB501', 'an act is decided once');
SELECT throws_ok($$UPDATE fa.period_act SET reason = 'y'$$, 'YB304', NULL, 'and stays as it was');
SELECT * FROM finish();
ROLLBACK;
