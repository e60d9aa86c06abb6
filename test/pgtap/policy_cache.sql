-- A policy is compiled once and known again; never mistaken for another, and never piled up.
\set ECHO none
SELECT plan(22);

-- Policies that differ in their ratio alone; padding makes them long or short.
CREATE FUNCTION doc(ratio numeric, padding int DEFAULT 0) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_set('{"yibao": 1, "title": {"zh": "试验"}, "insutype": "390", "admdvs": "620522",
  "valid_from": "2018-09-18", "version_date": "setl_time", "sources": {"t": {"doc": "试验文件", "trust": "demo"}},
  "benefits": [{"benefit": "inpatient", "pool": "inpatient", "source": "t"}],
  "layers": [{"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"], "rounding": "layer",
    "deductible": [{"amount": "0", "per": "visit", "source": "t"}], "ratio": [{"ratio": "0", "source": "t"}]}]}'::jsonb
  || jsonb_build_object('note', (SELECT string_agg(md5(i::text), '') FROM generate_series(0, padding) AS i)),
  '{layers,0,ratio,0,ratio}', to_jsonb(to_char(ratio, 'FM0.0000')))
$$;
CREATE FUNCTION pays(policy jsonb) RETURNS numeric LANGUAGE sql STABLE AS $$
SELECT (yibao.settle(policy, jsonb '{"medfee_sumamt": "1000.00", "fulamt_ownpay_amt": "0", "overlmt_selfpay": "0", "preselfpay_amt": "0",
  "inscp_scp_amt": "1000.00", "med_type": "21", "setl_time": "2022-05-01 10:00:00"}')).hifp_pay
$$;
-- Memory of this backend that is ours, and how many compiled policies it holds.
CREATE VIEW held AS SELECT sum(total_bytes)::bigint AS bytes, count(*) FILTER (WHERE name = 'yibao policy') AS policies
  FROM pg_backend_memory_contexts WHERE name LIKE 'yibao policy%';
CREATE VIEW backend AS SELECT sum(total_bytes)::bigint AS bytes FROM pg_backend_memory_contexts;

CREATE TABLE toasted (id int PRIMARY KEY, rules jsonb);
ALTER TABLE toasted ALTER rules SET STORAGE EXTERNAL;
INSERT INTO toasted SELECT i, doc(i / 1000.0, 100) FROM generate_series(1, 50) AS i;
CREATE TABLE short AS SELECT i AS id, doc(i / 1000.0) AS rules FROM generate_series(1, 50) AS i;
CREATE TABLE many AS SELECT i AS id, doc(i / 1000.0, 3) AS rules FROM generate_series(1, 300) AS i;
SELECT ok(pg_column_size(rules) > 2500 AND pg_relation_size(reltoastrelid) > 0, 'the long policies are stored out of line')
  FROM toasted, pg_class WHERE id = 1 AND pg_class.oid = 'toasted'::regclass;

-- right answers, whatever way the policy comes
SELECT is(sum(pays(rules)), sum(id)::numeric, 'policies out of line: each claim by its own policy') FROM toasted;
SELECT is(sum(pays(rules)), sum(id)::numeric, 'policies inline: each claim by its own policy') FROM short;
SELECT is(sum(pays(rules)), sum(id)::numeric, 'policies that alternate: each claim by its own policy')
  FROM (SELECT id, rules FROM toasted, generate_series(1, 3) AS n ORDER BY n, id) AS t;
SELECT is(pays(doc(0.5)), 500.00, 'a policy computed in the query');

CREATE FUNCTION by_variable(source text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  policy jsonb;
  wrong int := 0;
  calls int := 0;
  fact jsonb := '{"medfee_sumamt": "1000.00", "fulamt_ownpay_amt": "0", "overlmt_selfpay": "0", "preselfpay_amt": "0",
    "inscp_scp_amt": "1000.00", "med_type": "21", "setl_time": "2022-05-01 10:00:00"}';
  result numeric;
  i int;
BEGIN
  FOR round IN 1..5 LOOP
    FOR i IN 1..20 LOOP
      EXECUTE format('SELECT rules FROM %I WHERE id = $1', source) INTO policy USING i;
      result := (yibao.settle(policy, fact)).hifp_pay;
      calls := calls + 1;
      IF result <> i THEN wrong := wrong + 1; END IF;
      policy := jsonb_set(policy, '{layers,0,ratio,0,ratio}', to_jsonb(to_char((i + 100) / 1000.0, 'FM0.0000')));
      result := (yibao.settle(policy, fact)).hifp_pay;
      IF result <> i + 100 THEN wrong := wrong + 1; END IF;
    END LOOP;
  END LOOP;
  RETURN format('%s wrong of %s', wrong, calls * 2);
END $$;
SELECT is(by_variable('short'), '0 wrong of 200', 'a PL/pgSQL variable that changes at the same address is noticed every time');
SELECT is(by_variable('toasted'), '0 wrong of 200', 'also when its values come from out of line');

-- one call site, the row behind it changing within a transaction
CREATE FUNCTION by_update() RETURNS int LANGUAGE plpgsql AS $$
DECLARE wrong int := 0; result numeric;
BEGIN
  FOR i IN 1..100 LOOP
    UPDATE toasted SET rules = doc(i / 200.0, 100) WHERE id = 1;
    SELECT pays(rules) INTO result FROM toasted WHERE id = 1;
    IF result <> i * 5 THEN wrong := wrong + 1; END IF;
  END LOOP;
  RETURN wrong;
END $$;
SELECT is(by_update(), 0, 'a policy row updated in the same transaction is read anew');
SELECT is(pays(rules), 500.00, 'and its last version holds after it') FROM toasted WHERE id = 1;
UPDATE toasted SET rules = doc(0.001, 100) WHERE id = 1;
BEGIN;
SAVEPOINT s;
UPDATE toasted SET rules = doc(0.9, 100) WHERE id = 2;
SELECT is(pays(rules), 900.00, 'a policy that will be rolled back') FROM toasted WHERE id = 2;
ROLLBACK TO s;
SELECT is(pays(rules), 2.00, 'is not seen after that') FROM toasted WHERE id = 2;
COMMIT;

-- a prepared statement, its policy a parameter
SET plan_cache_mode = force_generic_plan;
PREPARE p(jsonb) AS SELECT pays($1) AS n;
EXECUTE p(doc(0.1)) \gset first_
EXECUTE p(doc(0.2)) \gset second_
EXECUTE p(doc(0.1)) \gset third_
SELECT is(ARRAY[:first_n, :second_n, :third_n], '{100.00,200.00,100.00}', 'a prepared statement takes each policy that it is given');
RESET plan_cache_mode;
SELECT is((SELECT array_agg(pays(doc(i / 10.0)) ORDER BY i) FROM generate_series(1, 9) AS i), '{100.00,200.00,300.00,400.00,500.00,600.00,700.00,800.00,900.00}',
  'nine policies in one statement');

-- a bad policy does not stay, nor does it spoil what follows
SELECT throws_ok($$SELECT pays(jsonb_set(doc(0.5), '{layers,0,ratio,0,ratio}', '"2"'))$$, 'YB105', NULL, 'a bad policy is refused where it is used');
SELECT is(pays(doc(0.5)), 500.00, 'and the next good one works');

-- memory: warm up, then a million calls
SELECT count(yibao.policy_ok(rules)) AS warm FROM toasted, generate_series(1, 20) \gset
SELECT sum(pays(rules)) AS warm FROM toasted, generate_series(1, 20) \gset
SELECT bytes AS held_before, policies AS policies_before FROM held \gset
SELECT bytes AS backend_before FROM backend \gset
SELECT count(yibao.policy_ok(rules)) AS calls FROM (SELECT rules FROM generate_series(1, 20000) AS n, toasted OFFSET 0) AS t \gset
SELECT sum(pays(rules)) AS paid FROM (SELECT rules FROM generate_series(1, 400) AS n, toasted OFFSET 0) AS t \gset
SELECT is(:calls, 1000000, 'a million calls with 50 policies are made');
SELECT is((SELECT bytes FROM held), :held_before::bigint, 'and our memory is what it was');
SELECT cmp_ok((SELECT bytes FROM backend), '<', :backend_before::bigint + 200000, 'and so is the backend''s');

-- bounded: 300 policies in one backend
SELECT count(yibao.policy_ok(rules)) AS calls FROM many \gset
SELECT cmp_ok((SELECT policies FROM held), '<=', 64::bigint, 'of 300 policies at most 64 stay compiled');
SELECT is(sum(pays(rules)), sum(id)::numeric, 'and those that went come back right') FROM many;

---------------------------------------------------------------- a stored policy that was changed behind the library's back
SELECT yibao.create_poolarea('pc', '620522') \g /dev/null
INSERT INTO pc.policy (rules) VALUES (doc(0.9) || '{"fund": {"split": [{"coverage_year": {">=": 2018}, "outpatient": "0.30", "inpatient": "0.70", "base": "received_income", "kinds": ["contribution"], "after_serious": true,
  "rounding": "half_up_outpatient", "source": "t"}], "on_pool_short": "queue", "source": "t"}}');
CREATE FUNCTION settles(id text) RETURNS numeric LANGUAGE sql AS $$
INSERT INTO pc.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, fixmedins_code)
VALUES (id, 'P', '390', '2022-05-01', 100, 0, 0, 0, 100, '21', 'H') RETURNING hifp_pay $$;
SELECT is(settles('S1'), 90.00, 'a stored policy settles');
SET session_replication_role = replica;
UPDATE pc.policy SET rules = jsonb_set(rules, '{layers,0,ratio,0,ratio}', '"0.1"');
RESET session_replication_role;
SELECT sum(pays(rules)) FROM many \g /dev/null
SELECT throws_ok($$SELECT settles('S2')$$, 'XX001', 'the stored policy "试验" is not the one that was published', 'changed where it is stored, it is found out by what it was when it was published');

SELECT * FROM finish();
