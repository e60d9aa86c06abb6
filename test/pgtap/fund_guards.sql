-- Who may write what, and what nobody may: the ledger, posted rows, and a change behind the triggers' back.
\set ECHO none
BEGIN;
ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC;
\ir fund_setup.psql
SELECT plan(70);
INSERT INTO fa.policy (policy_id, rules) VALUES ('p', fund_doc('2018-09-18',
  jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2018}', '0.30')), 'on_pool_short', 'queue', 'source', 't')));
SELECT is(as_user('fund_li', $$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r1', 'subsidy', 'fiscal', '2018-10-10', 2018, 1000.00)$$), 'ok', 'a clerk may insert a receipt');

-- The clerk
SELECT matches(as_user('fund_li', $$INSERT INTO fa.entry (journal_id, line, fund, book, role, amount_fen) VALUES (1, 99, 'resident', 'G', 'bank_fiscal', 1)$$), '^42501', 'who may insert a receipt may not write an entry, default privileges or not');
SELECT matches(as_user('fund_li', $$UPDATE fa.slot SET avail = avail + 1$$), '^42501', 'nor what is available');
SELECT matches(as_user('fund_li', $$UPDATE fa.receipt SET amt = 1$$), '^42501', 'nor change a receipt');
SELECT matches(as_user('fund_li', $$DELETE FROM fa.receipt$$), '^42501', 'nor delete one');
SELECT matches(as_user('fund_li', $$TRUNCATE fa.receipt CASCADE$$), '^42501', 'nor all of them');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('x', 'approve', '2018-10-10')$$), '^42501', 'a clerk approves nothing [A048]');
SELECT matches(as_user('fund_wang', $$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r2', 'subsidy', 'fiscal', '2018-10-10', 2018, 1000.00)$$), '^42501', 'a reviewer books no receipt [A048]');
SELECT matches(as_user('fund_zhao', $$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r2', 'subsidy', 'fiscal', '2018-10-10', 2018, 1000.00)$$), '^42501', 'an auditor writes nothing');
SELECT is(as_user('fund_zhao', $$SELECT * FROM yibao.verify('fa')$$), 'ok', 'but verifies everything');
SELECT throws_ok($$SELECT yibao.grant_poolarea('fa', 'fund_li', 'reviewer')$$, 'YB402', NULL, 'a clerk is not made reviewer [A048 A269]');
SELECT throws_ok($$SELECT yibao.grant_poolarea('fa', 'fund_wang', 'clerk')$$, 'YB402', NULL, 'nor a reviewer clerk [A048 A269]');
SELECT throws_ok($$SELECT yibao.grant_poolarea('fa', 'fund_li', 'king')$$, 'YB402', NULL, 'there are no other posts');
SELECT matches(as_user('fund_li', $$SELECT yibao.grant_poolarea('fa', 'fund_li', 'auditor')$$), '^42501', 'nobody grants himself a post');
CREATE SCHEMA bad;
SELECT is(as_user('fund_li', $$SELECT 1 FROM fa.pool_status$$), 'ok', 'a clerk reads the pools');
-- operators and functions of his own, in front of everything
CREATE FUNCTION bad.evil(text, text) RETURNS boolean LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'evil as %', current_user; END$$;
CREATE OPERATOR bad.= (LEFTARG = text, RIGHTARG = text, FUNCTION = bad.evil);
GRANT USAGE ON SCHEMA bad TO fund_li;
SELECT is(as_user('fund_li', $$SET LOCAL search_path = bad, pg_catalog; INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r9', 'subsidy', 'fiscal', '2018-10-10', 2018, 0.10)$$), 'ok',
  'operators that the clerk put in front of the search_path are not run with the owner''s rights');

-- All that a clerk with every grant of doc/operations.md may try besides
CREATE FUNCTION refused(sql text) RETURNS boolean LANGUAGE sql AS $$ SELECT as_user('fund_li', sql) ~ '^42501' $$;
SELECT is_empty($q$SELECT what FROM unnest(ARRAY[
    'ALTER TABLE fa.settlement DISABLE TRIGGER ALL', 'ALTER TABLE fa.entry OWNER TO fund_li', 'ALTER TABLE fa.receipt ALTER amt TYPE text', 'DROP TABLE fa.entry CASCADE', 'DROP TRIGGER t10_receipt ON fa.receipt', 'DROP SCHEMA fa CASCADE',
    'CREATE TRIGGER a BEFORE INSERT ON fa.receipt FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()', 'CREATE RULE r AS ON INSERT TO fa.receipt DO INSTEAD NOTHING', 'CREATE POLICY p ON fa.receipt', 'CREATE INDEX ON fa.receipt (amt)',
    'REVOKE EXECUTE ON FUNCTION yibao.verify(text, text) FROM PUBLIC; DELETE FROM fa.receipt', 'SET ROLE fund_wang', format('SET ROLE %I', session_user), 'SET session_replication_role = replica', 'SET LOCAL session_replication_role = replica',
    'COPY fa.receipt FROM PROGRAM $$true$$', 'COPY (SELECT * FROM fa.entry) TO $$/tmp/yibao_entries$$', 'LOCK TABLE fa.settlement IN ACCESS EXCLUSIVE MODE', 'LOCK TABLE fa.period IN EXCLUSIVE MODE',
    'SELECT setval($$fa.journal_journal_id_seq$$, 1)', 'SELECT nextval($$fa.journal_journal_id_seq$$)',
    'MERGE INTO fa.receipt r USING (VALUES (1)) v ON r.receipt_id = $$r1$$ WHEN MATCHED THEN UPDATE SET amt = 1', 'INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ($$r1$$, $$subsidy$$, $$fiscal$$, $$2018-10-10$$, 2018, 1) ON CONFLICT (receipt_id) DO UPDATE SET amt = 2',
    'INSERT INTO fa.credit (pool, amt) VALUES ($$outpatient$$, 1)', 'INSERT INTO fa.period (period, closed) VALUES ($$2018-10$$, true)', 'UPDATE fa.period SET closed = true', 'INSERT INTO fa.policy (rules) SELECT rules FROM fa.policy', 'INSERT INTO fa.posting_rule SELECT * FROM fa.posting_rule',
    'UPDATE fa.flow_rule SET valid_to = $$2030-01-01$$', 'INSERT INTO fa.approval_chain (chain_id, kind, posts, source) VALUES ($$x$$, $$payment$$, $${}$$, $$x$$)', 'INSERT INTO fa.post_holder (holding_id, person, login, post, cert_no, cert_from, from_day, doc_no) VALUES ($$x$$, $$x$$, $$fund_li$$, $$cashier$$, $$x$$, $$2018-01-01$$, $$2018-01-01$$, $$x$$)',
    'INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ($$x$$, $$approve$$, $$2018-10-10$$)', 'INSERT INTO fa.premium_approval (premium_id, decision, paid_on) VALUES ($$x$$, $$approve$$, $$2018-10-10$$)', 'INSERT INTO fa.refund_approval (refund_id, decision, paid_on) VALUES ($$x$$, $$approve$$, $$2018-10-10$$)',
    'INSERT INTO fa.voucher_approval (voucher_id, decision, effective_on) VALUES ($$x$$, $$approve$$, $$2018-10-10$$)', 'UPDATE fa.account_role SET code = $$1$$', 'UPDATE fa.area SET mode = $$deferred$$', 'SELECT yibao.attach_poolarea($$fa$$)', 'ALTER EXTENSION yibao UPDATE', 'DROP EXTENSION yibao CASCADE',
    'CREATE OR REPLACE FUNCTION yibao.t_ledger() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$']) what WHERE NOT refused(what)$q$,
  'a clerk with every grant that the documents tell to give changes no definition, no role, no setting, no ledger and no decision [A276]');
SELECT matches(as_user('fund_li', $$SELECT yibao.settlement_step(ARRAY[1::bigint], 'x')$$), '^YB305', 'a function that triggers use does nothing by hand');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, row_hash) VALUES ('r8', 'subsidy', 'fiscal', '2018-10-10', 2018, 1, '')$$), '^YB605', 'a row is not passed off as one that was booked');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, booked_by) VALUES ('r8', 'subsidy', 'fiscal', '2018-10-10', 2018, 1, 'fund_wang')$$), '^YB504 booked_by', 'nor as somebody else''s');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt) VALUES ('loan', 'loan', 'fiscal', 'outside', '2018-10-10', 1)$$), '^YB302 loan is no move between accounts', 'money leaves for no purpose that is not a benefit''s [A236]');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt) VALUES ('loan', 'sweep', 'fiscal', 'outside', '2018-10-10', 1)$$), '^YB302', 'nor under another name [A236]');
SELECT matches(as_user('fund_li', $$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r8', 'contribution', 'expenditure', '2018-10-10', 2018, 1)$$), '^YB302', 'income does not come into the account that spends: 收支两条线 [A017]');

-- Words that a column does not know are said in words, not by a CHECK
SELECT is(as_user('fund_li', $$INSERT INTO fa.receipt (receipt_id, fund, kind, account, received_on, coverage_year, amt) VALUES ('r8', 'worker', 'subsidy', 'fiscal', '2018-10-10', 2018, 1)$$), 'YB004 fund "worker" is not known', 'a fund that is not there');
SELECT is(as_user('fund_li', $$INSERT INTO fa.receipt (receipt_id, kind, gov_level, account, received_on, coverage_year, amt) VALUES ('r8', 'subsidy', 'town', 'fiscal', '2018-10-10', 2018, 1)$$), 'YB004 gov_level "town" is not known', 'a level of government');
SELECT is(as_user('fund_li', $$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r8', 'subsidy', 'piggybank', '2018-10-10', 2018, 1)$$), 'YB004 there is no class of account "piggybank"', 'a class of account');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('x', 'ok', '2018-10-10')$$), 'YB004 decision "ok" is not known', 'a decision');
SELECT is(as_user('fund_li', $$INSERT INTO fa.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on) VALUES ('t0', 'inpatient', 'outpatient', 1, '', '2018-10-10')$$), 'YB006 reason is empty', 'a transfer has a reason [A033]');

-- The owner
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
SET LOCAL client_min_messages = warning;
SELECT throws_ok($$INSERT INTO fa.journal (event, effective_on, period, booked_by, booked_role, booked_at, row_hash) VALUES ('x', now(), '2018-10', 'me', 'me', now(), '')$$, 'YB305', NULL, 'the owner may not write a journal');
SELECT throws_ok($$INSERT INTO fa.entry (journal_id, line, fund, book, role, amount_fen) VALUES (1, 99, 'resident', 'G', 'bank_fiscal', 1)$$, 'YB305', NULL, 'nor an entry');
SELECT throws_ok($$UPDATE fa.entry SET amount_fen = amount_fen + 1$$, 'YB304', NULL, 'nor change one [A276]');
SELECT throws_ok($$DELETE FROM fa.entry$$, 'YB304', NULL, 'nor delete one [A276]');
SELECT throws_ok($$TRUNCATE fa.entry$$, 'YB304', NULL, 'nor all [A276]');
SELECT throws_ok($$UPDATE fa.slot SET avail = avail + 1$$, 'YB305', NULL, 'nor available');
SELECT throws_ok($$INSERT INTO fa.credit (pool, amt) VALUES ('outpatient', 1)$$, 'YB305', NULL, 'nor a credit');
SELECT throws_ok($$UPDATE fa.cash SET balance_fen = 0$$, 'YB305', NULL, 'nor cash');
SELECT throws_ok($$UPDATE fa.split_bucket SET out_fen = 0$$, 'YB305', NULL, 'nor a bucket');
SELECT throws_ok($$DELETE FROM fa.receipt_key$$, 'YB305', NULL, 'nor a key');
SELECT throws_ok($$UPDATE fa.posting_rule SET side = 'debit'$$, 'YB305', NULL, 'nor the posting rules');
SELECT throws_ok($$INSERT INTO fa.payment_item (setl_id, layer, payment_id, fund, payer_kind, amount_fen) VALUES ('s', 'basic', 'p', 'resident', 'own_fund', 1)$$, 'YB305', NULL, 'nor what was paid');
SELECT throws_ok($$UPDATE fa.area SET admdvs = '110000'$$, 'YB305', NULL, 'nor what the area is');
SELECT throws_ok($$UPDATE fa.receipt SET amt = amt + 1$$, 'YB304', 'what is booked in receipt is not changed and not deleted', 'nor change a receipt, and is told so in plain words [A276]');
SELECT throws_ok($$DELETE FROM fa.receipt$$, 'YB304', NULL, 'nor delete one [A276]');
SELECT throws_ok($$TRUNCATE fa.receipt CASCADE$$, 'YB304', NULL, 'nor all of them [A276]');
SELECT throws_ok($$INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r7', 'subsidy', 'fiscal', '2018-10-10', 2018, 1) ON CONFLICT (receipt_id) DO UPDATE SET amt = 2;
  INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r7', 'subsidy', 'fiscal', '2018-10-10', 2018, 2) ON CONFLICT (receipt_id) DO UPDATE SET amt = 2$$, 'YB501', NULL, 'nor by ON CONFLICT DO UPDATE');
SELECT throws_ok($$UPDATE fa.policy SET title = 'x'$$, 'YB304', NULL, 'a policy is not changed [A040]');
SELECT throws_ok($$DELETE FROM fa.policy$$, 'YB304', NULL, 'nor withdrawn: it is succeeded [A040]');
SELECT throws_ok($$UPDATE fa.transfer SET amt = 1 WHERE false; TRUNCATE fa.transfer CASCADE$$, 'YB304', NULL, 'transfers stay [A276]');
SELECT throws_ok($$TRUNCATE fa.payment CASCADE$$, 'YB304', NULL, 'payments stay [A276]');
SELECT lives_ok($$UPDATE fa.account_role SET code = '1004' WHERE role = 'bank_fiscal'$$, 'subject codes are the owner''s data');

-- A table of somebody else's with our trigger function on it gives no rights on this area
CREATE TABLE bad.entry (a int);
ALTER TABLE bad.entry OWNER TO fund_li;
GRANT USAGE, CREATE ON SCHEMA bad TO fund_li;
SELECT is(as_user('fund_li', $$CREATE TRIGGER t BEFORE INSERT ON bad.entry FOR EACH ROW EXECUTE FUNCTION yibao.t_receipt()$$), 'ok', 'anybody may try our trigger on his own table');
SELECT matches(as_user('fund_li', $$INSERT INTO bad.entry VALUES (1)$$), '^42', 'it finds no columns there');
SELECT throws_ok('SELECT yibao.t_ledger()', '39P01', NULL, 'a trigger function is not called by hand');

-- Policies
SELECT is(yibao.policy_in_force('fa', '390', '2018-09-18'), 'p', 'a policy holds from its first day');
SELECT throws_ok($$SELECT yibao.policy_in_force('fa', '390', '2018-09-17')$$, 'YB008', NULL, 'and not before');
INSERT INTO fa.policy (rules, supersedes) SELECT fund_doc('2018-09-18', rules -> 'fund'), 'p' FROM fa.policy;
SELECT is(yibao.policy_in_force('fa', '390', '2030-01-01'), '390-2018-09-18-2', 'a faulty one is superseded by a row that names it [A040]');
INSERT INTO fa.policy (rules) SELECT fund_doc('2020-01-01', rules -> 'fund') FROM fa.policy WHERE policy_id = 'p';
SELECT results_eq($$SELECT yibao.policy_in_force('fa', '390', d) FROM unnest(ARRAY['2019-12-31', '2020-01-01']::date[]) d$$, $$VALUES ('390-2018-09-18-2'), ('390-2020-01-01-1')$$, 'the next one follows it by its first day, and nothing is updated [A040]');
SELECT throws_ok($$SELECT yibao.policy_in_force('nowhere', '390', '2020-01-01')$$, 'YB603', NULL, 'an area that is not there is named');

-- a digest is of values, whatever the session's settings and however many zeros an amount is written with
SET LOCAL datestyle = 'German, DMY';
SET LOCAL timezone = 'Asia/Shanghai';
SET LOCAL bytea_output = 'escape';
SELECT is_empty($$SELECT receipt_id FROM fa.receipt t WHERE row_hash <> yibao.row_digest(t)$$, 'digests do not depend on settings');
SET LOCAL datestyle = 'ISO';
SET LOCAL bytea_output = 'hex';
SELECT is(yibao.row_digest(a), yibao.row_digest(b), 'nor on trailing zeros') FROM (SELECT 1.5 AS amt) a, (SELECT 1.500 AS amt) b;
SELECT isnt(yibao.row_digest(a), yibao.row_digest(b), 'but on every value') FROM (SELECT 'ab' AS x, 'c' AS y) a, (SELECT 'a' AS x, 'bc' AS y) b;

-- What is changed behind the triggers' back is found and named
SET CONSTRAINTS ALL IMMEDIATE;
SELECT is_empty($$SELECT * FROM yibao.verify('fa') WHERE NOT ok$$, 'verify finds nothing wrong');
SAVEPOINT s;
ALTER TABLE fa.receipt DISABLE TRIGGER USER;
SELECT is((SELECT detail FROM yibao.verify('fa') WHERE "check" LIKE '%triggers%'), 'receipt: t05_posted is disabled; receipt: t05_posted_truncate is disabled; receipt: t10_receipt is disabled; receipt: t20_receipt is disabled',
  'disabled triggers are reported');
UPDATE fa.receipt SET payer = 'somebody' WHERE receipt_id = 'r1';
ALTER TABLE fa.receipt ENABLE TRIGGER USER;
SELECT results_eq($$SELECT "check", detail FROM yibao.verify('fa') WHERE NOT ok$$, $$VALUES ('no row was altered', 'receipt r1')$$, 'one altered row is named, even where no amount changed [A276]');
ROLLBACK TO s;
ALTER TABLE fa.entry DISABLE TRIGGER USER;
UPDATE fa.entry SET party = 'x' WHERE journal_id = (SELECT journal_id FROM fa.receipt WHERE receipt_id = 'r1') AND line = 2;
ALTER TABLE fa.entry ENABLE TRIGGER USER;
SELECT is((SELECT detail FROM yibao.verify('fa') WHERE NOT ok), (SELECT 'entry ' || journal_id || ' line 2' FROM fa.receipt WHERE receipt_id = 'r1'), 'so is an altered entry [A276]');
ROLLBACK TO s;
SELECT throws_ok($$DELETE FROM fa.journal$$, 'YB304', NULL, 'nobody deletes a journal, which its entries would be left without');
ROLLBACK TO s;
ALTER TABLE fa.journal DISABLE TRIGGER USER;
DELETE FROM fa.journal WHERE journal_id = (SELECT journal_id FROM fa.receipt WHERE receipt_id = 'r1');
ALTER TABLE fa.journal ENABLE TRIGGER USER;
SELECT is((SELECT detail FROM yibao.verify('fa') WHERE "check" LIKE 'no journal without entries%'), (SELECT 'entries of journal ' || journal_id || ', which is not there' FROM fa.receipt WHERE receipt_id = 'r1'), 'entries are found whose journal was deleted [A276]');
ROLLBACK TO s;
ALTER TABLE fa.slot DISABLE TRIGGER USER;
UPDATE fa.slot SET avail = avail + 1 WHERE pool = 'outpatient' AND slot = 0;
ALTER TABLE fa.slot ENABLE TRIGGER USER;
SELECT is((SELECT count(*) FROM yibao.verify('fa') WHERE NOT ok AND "check" LIKE '%I4%' AND detail LIKE 'pool outpatient%'), 1::bigint, 'so is available that is not the balance less commitments');
ROLLBACK TO s;
ALTER TABLE fa.receipt DISABLE TRIGGER ALL;
ALTER TABLE fa.receipt_key DISABLE TRIGGER ALL;
DELETE FROM fa.receipt WHERE receipt_id = 'r1';
SELECT ok((SELECT detail LIKE 'receipt r1%' FROM yibao.verify('fa') WHERE "check" LIKE 'every receipt is booked%'), 'so is a receipt that was deleted [A276]');
ROLLBACK TO s;
-- a row that was dumped is not inserted a second time
SELECT throws_ok($$INSERT INTO fa.receipt SELECT * FROM (SELECT (r).* FROM (SELECT r FROM fa.receipt r WHERE receipt_id = 'r1') q) w$$, 'YB605', NULL, 'rows of a dump are not posted again');
SELECT * FROM finish();
ROLLBACK;
