-- Rows of the ledger are written without a statement where the table is as it was made, and by a statement where the owner
-- has changed it: what he adds (a CHECK, a trigger, a column with a default) holds in both, and nobody else's table is written.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(19);
INSERT INTO fa.policy (policy_id, rules) VALUES ('p', fund_doc('2018-09-18',
  jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2018}', '0.30')),
    'serious', jsonb '{"model": "remit_up", "set_aside": "at_remittance", "source": "t"}', 'on_pool_short', 'queue', 'source', 't')));
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r1', 'subsidy', 'fiscal', '2018-10-10', 2018, 10000000.00);
-- inpatient 7,000,000.00, outpatient 3,000,000.00
CREATE FUNCTION take(id text, amount numeric) RETURNS void LANGUAGE sql AS $$
INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, amt, out_amt, ipt_amt, doc_no) VALUES (id, 'set_aside', 2018, '2018-10-20', amount, 0, amount, 'x')
$$;
-- lines of the journal of a premium, as role of pool: fen
CREATE FUNCTION lines(id text) RETURNS text LANGUAGE sql AS $$
SELECT string_agg(e.line || ' ' || e.book || ' ' || e.pool || ' ' || e.amount_fen, ', ' ORDER BY e.line)
FROM fa.entry e JOIN fa.journal j USING (journal_id) WHERE j.event = 'premium.set_aside' AND j.key = id
$$;

SELECT take('a', 100.00) \g /dev/null
SELECT is(lines('a'), '1 P inpatient 10000, 2 P serious -10000', 'as it was made: two lines');
SELECT is((SELECT count(*) FROM fa.entry WHERE row_hash IS NULL OR row_hash <> yibao.row_digest(entry)), 0::bigint, 'with their digests');
SELECT is((SELECT sum(avail) FROM fa.slot WHERE pool = 'inpatient'), 699990000::numeric, 'taken from the slots');
SELECT is((SELECT sum(amt) FROM fa.credit WHERE pool = 'serious'), 10000::numeric, 'and credited');
SELECT is((SELECT count(*) FROM pg_backend_memory_contexts WHERE name = 'yibao checks'), 3::bigint, 'the CHECKs of entry, credit and slot were made ready for it');

-- what the owner adds
ALTER TABLE fa.entry ADD CONSTRAINT at_most CHECK (amount_fen <= 20000) NOT VALID;
SELECT lives_ok($$SELECT take('b', 200.00)$$, 'what a CHECK of the owner''s allows');
SELECT throws_ok($$SELECT take('c', 200.01)$$, '23514', NULL, 'and what it refuses');
ALTER TABLE fa.entry DROP CONSTRAINT at_most;
SELECT lives_ok($$SELECT take('c', 200.01)$$, 'which ends with it');
CREATE FUNCTION no_more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no more' USING ERRCODE = 'P0007'; END $$;
CREATE TRIGGER a_row BEFORE INSERT ON fa.entry FOR EACH ROW WHEN (NEW.amount_fen = 30000) EXECUTE FUNCTION no_more();
SELECT throws_ok($$SELECT take('d', 300.00)$$, 'P0007', NULL, 'a trigger of the owner''s fires before the row');
DROP TRIGGER a_row ON fa.entry;
CREATE TRIGGER a_row AFTER INSERT ON fa.credit FOR EACH ROW WHEN (NEW.amt = 30000) EXECUTE FUNCTION no_more();
SELECT throws_ok($$SELECT take('d', 300.00)$$, 'P0007', NULL, 'and after it');
DROP TRIGGER a_row ON fa.credit;
CREATE TRIGGER a_row BEFORE INSERT ON fa.journal FOR EACH STATEMENT EXECUTE FUNCTION no_more();
SELECT throws_ok($$SELECT take('d', 300.00)$$, 'P0007', NULL, 'or before the statement that there would be');
DROP TRIGGER a_row ON fa.journal;
CREATE TRIGGER a_row BEFORE UPDATE ON fa.slot FOR EACH ROW WHEN (OLD.avail - NEW.avail = 30000) EXECUTE FUNCTION no_more();
SELECT throws_ok($$SELECT take('d', 300.00)$$, 'P0007', NULL, 'or before a slot changes');
DROP TRIGGER a_row ON fa.slot;
ALTER TABLE fa.slot ADD CONSTRAINT keep CHECK (avail >= 100 OR avail = 0) NOT VALID;
SELECT lives_ok($$SELECT take('d', 300.00)$$, 'a CHECK of the owner''s on a slot');

-- a table that is not as it was made: by a statement, which fills the default
ALTER TABLE fa.credit ADD note text, ALTER note SET DEFAULT 'added';
SELECT take('e', 400.00) \g /dev/null
SELECT is((SELECT note FROM fa.credit WHERE amt = 40000), 'added', 'a column of the owner''s has its default');
ALTER TABLE fa.journal ADD note text, ALTER note SET DEFAULT 'added';
ALTER TABLE fa.slot ADD note text, ALTER note SET DEFAULT 'added';
SELECT take('f', 500.00) \g /dev/null
SELECT is((SELECT note FROM fa.journal WHERE key = 'f'), 'added', 'of journals too');
SELECT is(lines('f'), '1 P inpatient 50000, 2 P serious -50000', 'and the lines are the same');
-- 700,000,000 - 10,000 - 20,000 - 20,001 - 30,000 - 40,000 - 50,000
SELECT is((SELECT sum(avail) FROM fa.slot WHERE pool = 'inpatient'), 699829999::numeric, 'every fen that was taken is gone from the slots, once');
SELECT ok((SELECT count(*) FROM pg_backend_memory_contexts WHERE name = 'yibao checks') <= 3, 'what is kept of a table is kept once, however often it changes');
SET CONSTRAINTS ALL IMMEDIATE;
SELECT is_empty($$SELECT * FROM yibao.verify('fa') WHERE NOT ok$$, 'verify finds nothing');
SELECT * FROM finish();
ROLLBACK;
