-- Row types that change under a session: dropped, retyped, added and renamed columns.
\set ECHO none
SELECT plan(20);

CREATE FUNCTION doc() RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT jsonb '{"yibao": 1, "title": {"zh": "试验"}, "insutype": "390", "admdvs": "620522",
  "valid_from": "2018-01-01", "version_date": "setl_time",
  "sources": {"t": {"doc": "试验文件", "trust": "demo"}},
  "benefits": [{"benefit": "inpatient", "pool": "inpatient", "source": "t"}],
  "layers": [
   {"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"], "rounding": "layer",
    "deductible": [{"amount": "0", "per": "visit", "source": "t"}],
    "ratio": [{"ratio": "0.70", "source": "t"}, {"when": {"hosp_lv": "06"}, "ratio": "0.80", "source": "t"}]}]}'
$$;
CREATE TABLE bill (gone1 text, medfee_sumamt numeric, gone2 integer, inscp_scp_amt numeric, hosp_lv text, setl_time timestamp);
INSERT INTO bill VALUES ('x', 100, 1, 100, '06', '2022-01-01');

-- One function whose state PL/pgSQL keeps from call to call.
CREATE FUNCTION pays() RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE b bill;
BEGIN
  SELECT * INTO b FROM bill LIMIT 1;
  RETURN (yibao.settle(doc(), b)).hifp_pay;
END $$;
SELECT is(pays(), 80.00, 'a row as it is');
ALTER TABLE bill DROP COLUMN gone1;
SELECT is(pays(), 80.00, 'a dropped column before the others shifts nothing');
ALTER TABLE bill ALTER COLUMN inscp_scp_amt TYPE integer;
SELECT is(pays(), 80.00, 'a column that was retyped is read by its new type');
ALTER TABLE bill DROP COLUMN gone2, ADD COLUMN fulamt_ownpay_amt numeric DEFAULT 0;
SELECT is(pays(), 80.00, 'a column that was added, with a default that is not in the row, is read');
ALTER TABLE bill ALTER COLUMN inscp_scp_amt TYPE float8;
SELECT throws_ok('SELECT pays()', 'YB007', NULL, 'a column retyped to what cannot hold money is refused');
ALTER TABLE bill ALTER COLUMN inscp_scp_amt TYPE numeric(16,2);
SELECT is(pays(), 80.00, 'and accepted when it is right again');
ALTER TABLE bill RENAME COLUMN hosp_lv TO level;
SELECT throws_ok('SELECT pays()', 'YB005', NULL, 'a column that was renamed is missing');
ALTER TABLE bill RENAME COLUMN level TO hosp_lv;

-- In one transaction, within one statement's plan
CREATE FUNCTION walk() RETURNS numeric[] LANGUAGE plpgsql AS $$
DECLARE
  b bill;
  result numeric[];
BEGIN
  FOR i IN 1..3 LOOP
    IF i = 2 THEN ALTER TABLE bill ALTER COLUMN hosp_lv TYPE char(8); END IF;
    IF i = 3 THEN ALTER TABLE bill DROP COLUMN medfee_sumamt; ALTER TABLE bill ADD COLUMN medfee_sumamt numeric DEFAULT 100; END IF;
    SELECT * INTO b FROM bill LIMIT 1;
    result := result || (yibao.settle(doc(), b)).hifp_pay;
  END LOOP;
  RETURN result;
END $$;
SELECT is(walk(), ARRAY[80.00, 80.00, 80.00], 'ALTER TABLE between the calls of one function is noticed');

-- Policies that change at one address
CREATE FUNCTION several() RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
  p jsonb;
  total numeric := 0;
BEGIN
  FOR i IN 1..20 LOOP
    p := jsonb_set(doc(), '{layers,0,ratio,1,ratio}', to_jsonb('0.' || lpad(i::text, 2, '0')));
    total := total + (yibao.settle(p, '{"medfee_sumamt": 100, "inscp_scp_amt": 100, "hosp_lv": "06", "setl_time": "2022-01-01"}')).hifp_pay
      + yibao.payout(p, medfee_sumamt => 100, inscp_scp_amt => 100, hosp_lv => '06', setl_time => '2022-01-01');
  END LOOP;
  RETURN total;
END $$;
SELECT is(several(), 420.00, 'twenty policies in one variable are twenty policies: 2 x (1 + ... + 20)');
CREATE FUNCTION fields_differ() RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
  p jsonb;
  total numeric := 0;
BEGIN
  FOR i IN 1..6 LOOP
    p := CASE WHEN i % 2 = 0 THEN doc() ELSE jsonb_set(doc(), '{layers,0,ratio,1,when}', '{"psn_type": "14"}') END;
    total := total * 1000 + yibao.payout(p, medfee_sumamt => 100, inscp_scp_amt => 100, hosp_lv => lv, psn_type => pt, setl_time => '2022-01-01')
      FROM (SELECT '06' AS lv, CASE WHEN i > 2 THEN '1403' ELSE '1501' END AS pt OFFSET 0) AS x;
  END LOOP;
  RETURN total;
END $$;
SELECT is(fields_differ(), 70080080080080080.00, 'policies that read other fields of the same arguments do not disturb each other');

-- Values that are stored out of line
CREATE TABLE large (hosp_lv text, inscp_scp_amt numeric, medfee_sumamt numeric, setl_time timestamp);
ALTER TABLE large ALTER hosp_lv SET STORAGE EXTERNAL, ALTER inscp_scp_amt SET STORAGE EXTERNAL;
INSERT INTO large VALUES (repeat('0123456789', 2000), 100, 100, '2022-01-01'), ('06', ('100.' || repeat('0123456789', 1000))::numeric, 100, '2022-01-01');
SELECT throws_ok('SELECT yibao.settle(doc(), l) FROM (SELECT * FROM large LIMIT 1) AS l', 'YB004', NULL, 'a long text out of line is no code');
SELECT throws_ok('SELECT yibao.payout(doc(), hosp_lv => hosp_lv, inscp_scp_amt => inscp_scp_amt, medfee_sumamt => medfee_sumamt, setl_time => setl_time) FROM large LIMIT 1', 'YB004', NULL,
  'nor is it for payout');
SELECT throws_ok($$SELECT yibao.settle(doc(), l) FROM large AS l WHERE hosp_lv = '06'$$, 'YB001', NULL, 'an amount of ten thousand decimals out of line has more than two');
SELECT throws_ok($$SELECT yibao.payout(doc(), hosp_lv => hosp_lv, inscp_scp_amt => inscp_scp_amt, medfee_sumamt => medfee_sumamt, setl_time => setl_time) FROM large WHERE hosp_lv = '06'$$, 'YB001', NULL,
  'so it has for payout');

-- The result type may grow
ALTER TYPE yibao.settlement ADD ATTRIBUTE later text;
SELECT is((yibao.settle(doc(), '{"medfee_sumamt": 100, "inscp_scp_amt": 100, "hosp_lv": "06", "setl_time": "2022-01-01"}')).later, NULL,
  'a column that a later version adds to the result is NULL with this library');
SELECT is(pays(), 80.00, 'and the others are where they were');

-- Every field is an argument of payout, every argument a field
SELECT is((SELECT count(*) FROM pg_proc, unnest(proargnames) WITH ORDINALITY AS a(name, n)
    WHERE proname = 'payout' AND pronamespace = 'yibao'::regnamespace), 96::bigint, 'payout has a policy, 93 fields of a claim, all accumulators at once and the field to return');

-- 100 x 80% by the bill's level, x 70% by the other's: which of the two is meant nobody can tell
CREATE TABLE hospital (hosp_lv text, note text, cert_no text);
INSERT INTO hospital VALUES ('02', 'n', 'c');
SELECT throws_ok('SELECT yibao.settle(doc(), c) FROM (SELECT bill.*, hospital.* FROM bill, hospital) AS c', 'YB007', 'the row has two columns "hosp_lv"', 'a row with a field in two columns is refused');
SELECT throws_ok('SELECT yibao.settle(doc(), c) FROM (SELECT hospital.*, bill.* FROM bill, hospital) AS c', 'YB007', 'the row has two columns "hosp_lv"', 'whichever comes first');
SELECT is((yibao.settle(doc(), c)).hifp_pay, 80.00, 'two columns that are no field, or a field that the policy does not read, do no harm')
FROM (SELECT bill.*, 'x' AS note, 'y' AS note, 1 AS age, 2 AS age FROM bill) AS c;
SELECT * FROM finish();
