-- Areas made by an ordinary user, honest and forged: no rights to be had, nothing to crash.
\set ECHO none
BEGIN;
SELECT plan(20);
CREATE ROLE fund_bureau LOGIN;
CREATE ROLE fund_clerk LOGIN;
CREATE ROLE fund_mallory LOGIN;
SELECT format('GRANT CREATE ON DATABASE %I TO fund_bureau, fund_mallory', current_database()) \gexec

SET SESSION AUTHORIZATION fund_bureau;
SELECT yibao.create_poolarea('honest', '620522') \g /dev/null
SELECT yibao.grant_poolarea('honest', 'fund_clerk', 'clerk') \g /dev/null
INSERT INTO honest.policy (policy_id, rules) VALUES ('p', '{
  "yibao": 1, "title": {"zh": "试验"}, "insutype": "390", "admdvs": "620522", "valid_from": "2018-09-18", "version_date": "setl_time",
  "sources": {"t": {"doc": "试验文件", "trust": "demo"}},
  "benefits": [{"benefit": "inpatient", "pool": "inpatient", "source": "t"}],
  "fund": {"split": [{"coverage_year": {">=": 2018}, "outpatient": "0.30", "inpatient": "0.70", "base": "received_income", "kinds": ["subsidy"],
           "after_serious": true, "rounding": "half_up_outpatient", "source": "t"}], "on_pool_short": "queue", "source": "t"},
  "layers": [{"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"],
    "deductible": [{"amount": "0", "per": "visit", "source": "t"}], "ratio": [{"ratio": "0.50", "source": "t"}], "rounding": "layer"}]}');
SET SESSION AUTHORIZATION fund_clerk;
INSERT INTO honest.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r1', 'subsidy', 'fiscal', '2018-10-10', 2018, 100.00);
RESET SESSION AUTHORIZATION;
SELECT is((SELECT available FROM honest.pool_status WHERE pool = 'inpatient'), 70.00, 'an ordinary user may own an area');
SELECT is((SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'honest'), 'fund_bureau', 'it is his');
SELECT is_empty($$SELECT * FROM yibao.verify('honest') WHERE NOT ok$$, 'verify runs with its owner''s rights');

CREATE FUNCTION as_user(who text, sql text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    me text := session_user;
    code text;
BEGIN
    PERFORM set_config('session_authorization', who, true);
    EXECUTE sql;
    PERFORM set_config('session_authorization', me, true);
    RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE;
    RETURN code;
END
$$;
SELECT is(as_user('fund_mallory', $$SELECT * FROM yibao.verify('honest')$$), '42501', 'who may not read an area may not verify it');
SELECT is(as_user('fund_mallory', $$SELECT yibao.policy_in_force('honest', '390', '2019-01-01')$$), '42501', 'nor ask for its policy');

-- An area whose tables are traps: what they run must not run as whoever looks
SET SESSION AUTHORIZATION fund_mallory;
SELECT yibao.create_poolarea('trap', '620522') \g /dev/null
CREATE FUNCTION trap.spring(bigint) RETURNS bigint LANGUAGE plpgsql AS $$BEGIN
  IF current_user <> 'fund_mallory' THEN RAISE EXCEPTION 'ran as %', current_user; END IF; RETURN $1; END$$;
ALTER TABLE trap.area RENAME TO area_was;
CREATE VIEW trap.area AS SELECT one, name, trap.spring(1)::text AS admdvs, version, mode FROM trap.area_was;
CREATE TRIGGER t10_area BEFORE INSERT ON trap.area FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_ledger('area', 'work');
ALTER VIEW trap.setl_item RENAME TO setl_item_was;
CREATE VIEW trap.setl_item AS
  SELECT s.setl_id, NULL::text COLLATE "C" AS layer, NULL::text COLLATE "C" AS payer_kind, NULL::text AS payer, NULL::text COLLATE "C" AS pays, NULL::text COLLATE "C" AS fund, NULL::text COLLATE "C" AS pool,
    NULL::text COLLATE "C" AS party, s.clr_ym, trap.spring(1) AS amount_fen, s.journal_id, s.init_setl_id, NULL::date AS due FROM (SELECT 's'::text COLLATE "C" AS setl_id, 'x'::text COLLATE "C" AS clr_ym, 1::bigint AS journal_id, NULL::text COLLATE "C" AS init_setl_id) s;
RESET SESSION AUTHORIZATION;
SELECT is((SELECT admdvs FROM yibao.poolareas() WHERE name = 'trap'), NULL, 'poolareas() reads no view: nobody''s code runs');
SELECT is(as_user('fund_mallory', $$SELECT * FROM yibao.verify('trap')$$), 'ok', 'verify of a trap by its owner');
SELECT lives_ok($$SELECT * FROM yibao.verify('trap')$$, 'verify of a trap by a superuser runs it as its owner');

-- Tables that are not as they were made: errors, never a crash
SET SESSION AUTHORIZATION fund_mallory;
SELECT yibao.create_poolarea('forged', '620522') \g /dev/null
INSERT INTO forged.policy (policy_id, rules) SELECT 'p', '{
  "yibao": 1, "title": {"zh": "试验"}, "insutype": "390", "admdvs": "620522", "valid_from": "2018-09-18", "version_date": "setl_time",
  "sources": {"t": {"doc": "试验文件", "trust": "demo"}},
  "benefits": [{"benefit": "inpatient", "pool": "inpatient", "source": "t"}],
  "fund": {"split": [{"coverage_year": {">=": 2018}, "outpatient": "0.30", "inpatient": "0.70", "base": "received_income", "kinds": ["subsidy"],
           "after_serious": true, "rounding": "half_up_outpatient", "source": "t"}], "on_pool_short": "queue", "source": "t"},
  "layers": [{"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"],
    "deductible": [{"amount": "0", "per": "visit", "source": "t"}], "ratio": [{"ratio": "0.50", "source": "t"}], "rounding": "layer"}]}';
RESET SESSION AUTHORIZATION;
CREATE FUNCTION receipt(id text) RETURNS text LANGUAGE sql AS $$
SELECT format('INSERT INTO forged.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES (%L, ''subsidy'', ''fiscal'', ''2018-10-10'', 2018, 100)', id)
$$;
SELECT is(as_user('fund_mallory', receipt('a')), 'ok', 'as made it works');
SAVEPOINT s;
SELECT is(as_user('fund_mallory', 'SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED'), 'ok', 'constraints hold');
SAVEPOINT s2;
SELECT as_user('fund_mallory', 'ALTER TABLE forged.posting_rule DISABLE TRIGGER USER; ALTER TABLE forged.posting_rule ALTER book DROP NOT NULL, ALTER side DROP NOT NULL; UPDATE forged.posting_rule SET book = NULL, side = NULL') \g /dev/null
SELECT is(as_user('fund_mallory', receipt('b')), '42804', 'a posting rule of nulls is an error');
ROLLBACK TO s2;
SELECT as_user('fund_mallory', $$DO $do$ BEGIN EXECUTE (SELECT string_agg(format('DROP VIEW IF EXISTS forged.%I CASCADE', viewname), '; ') FROM pg_views WHERE schemaname = 'forged' AND definition LIKE '%receipt%'); END $do$; ALTER TABLE forged.receipt DROP CONSTRAINT receipt_check, DROP CONSTRAINT receipt_amt_check, ALTER amt TYPE text$$) \g /dev/null
SELECT is(as_user('fund_mallory', receipt('c')), '42804', 'an amount that is text is an error');
ROLLBACK TO s2;
SELECT as_user('fund_mallory', 'ALTER TABLE forged.receipt DROP COLUMN row_hash') \g /dev/null
SELECT is(as_user('fund_mallory', receipt('d')), '42703', 'a missing column is an error');
ROLLBACK TO s2;
SELECT as_user('fund_mallory', 'DROP VIEW forged.transfer_proposal; ALTER TABLE forged.policy DISABLE TRIGGER USER; ALTER TABLE forged.policy DROP CONSTRAINT policy_rules_ok; ALTER TABLE forged.policy ALTER rules TYPE bytea USING ''\x00ff''; UPDATE forged.policy SET rules_digest = sha256(''x'')') \g /dev/null
SELECT is(as_user('fund_mallory', receipt('e')), '42804', 'rules that are no jsonb are an error');
ROLLBACK TO s2;
SELECT as_user('fund_mallory', 'ALTER TABLE forged.policy DISABLE TRIGGER USER; ALTER TABLE forged.policy DROP CONSTRAINT policy_rules_ok; UPDATE forged.policy SET rules = ''{"yibao": 7}'', rules_digest = sha256(''x'')') \g /dev/null
SELECT matches(as_user('fund_mallory', receipt('f')), '^YB1', 'rules that are no policy are an error');
ROLLBACK TO s2;
SELECT as_user('fund_mallory', 'ALTER TABLE forged.cash DISABLE TRIGGER USER; DELETE FROM forged.cash') \g /dev/null
SELECT is(as_user('fund_mallory', receipt('g')), 'XX000', 'an account that is missing is an error');
ROLLBACK TO s2;
SELECT as_user('fund_mallory', 'DROP TABLE forged.posting_rule CASCADE') \g /dev/null
SELECT is(as_user('fund_mallory', receipt('h')), '42P01', 'so is a table that is missing');
ROLLBACK TO s2;
SELECT as_user('fund_mallory', 'ALTER TABLE forged.split_bucket DISABLE TRIGGER USER; ALTER TABLE forged.split_bucket DROP CONSTRAINT split_bucket_check, DROP CONSTRAINT split_bucket_total_fen_check; ALTER TABLE forged.split_bucket ALTER out_fen TYPE text') \g /dev/null
SELECT is(as_user('fund_mallory', receipt('i')), '42804', 'a bucket of text is an error');
ROLLBACK TO s2;
-- our trigger on a table made for the purpose
SELECT is(as_user('fund_mallory', $$CREATE SCHEMA own; CREATE TABLE own.receipt (receipt_id int, fund int, kind int, account int, row_hash int);
  CREATE TRIGGER t BEFORE INSERT ON own.receipt FOR EACH ROW EXECUTE FUNCTION yibao.t_receipt(); INSERT INTO own.receipt VALUES (1, 1, 1, 1, 1)$$), '42804', 'integers where text is meant are an error');
SELECT is(as_user('fund_mallory', $$CREATE SCHEMA own; CREATE TABLE own.period (period int, closed int, closed_by int, closed_at int);
  CREATE TRIGGER t BEFORE INSERT ON own.period FOR EACH ROW EXECUTE FUNCTION yibao.t_period(); INSERT INTO own.period VALUES (1, 1, 1, 1)$$), '42804', 'also in a table of months');
SELECT * FROM finish();
ROLLBACK;
