-- A million rows need no more memory than a thousand, whatever number of policies they use.
\set ECHO none
SELECT plan(5);

CREATE TABLE policy AS
SELECT i AS id, jsonb_build_object('yibao', 1, 'title', jsonb '{"zh": "试验"}', 'insutype', '390', 'admdvs', '620522',
  'valid_from', '2018-01-01', 'version_date', 'setl_time', 'sources', jsonb '{"t": {"doc": "试验文件", "trust": "demo"}}',
  'benefits', jsonb '[{"benefit": "inpatient", "pool": "inpatient", "source": "t"}]',
  'layers', jsonb_build_array(jsonb '{"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"], "rounding": "layer"}'
    || jsonb_build_object('deductible', jsonb_build_array(jsonb_build_object('amount', i || '.00', 'per', 'visit', 'source', 't')),
      'ratio', jsonb '[{"ratio": "0.70", "source": "t"}, {"when": {"hosp_lv": ["05", "06"]}, "ratio": "0.80", "source": "t"}]'))) AS rules
FROM generate_series(1, 50) AS i;
CREATE TABLE bill AS
SELECT 1 + i % 50 AS policy_id, 'S' || i AS setl_id, 'P' || i AS psn_no, 1000.00 + i % 1000 AS medfee_sumamt, 1000.00 + i % 1000 AS inscp_scp_amt,
  lpad((1 + i % 14)::text, 2, '0') AS hosp_lv, timestamp '2022-01-01' + i * interval '1 second' AS setl_time
FROM generate_series(1, 200000) AS i;
ANALYZE policy, bill;
SET max_parallel_workers_per_gather = 0;
SET jit = off;

-- Bytes of the backend at the end of a query over the first n bills, its own state still there.
CREATE FUNCTION grown(query text, n integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  bytes bigint;
BEGIN
  EXECUTE format('SELECT (SELECT sum(total_bytes) FROM pg_backend_memory_contexts) FROM (%s) AS x', format(query, n)) INTO bytes;
  RETURN bytes;
END $$;
CREATE FUNCTION no_growth(query text, about text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  few bigint;
  many bigint;
BEGIN
  PERFORM grown(query, 200000);
  few := grown(query, 2000);
  many := grown(query, 200000);
  RETURN ok(many - few < 300000, about || format(' (%s bytes more)', many - few));
END $$;

SELECT no_growth($$SELECT sum(yibao.payout(p.rules, medfee_sumamt => b.medfee_sumamt, inscp_scp_amt => b.inscp_scp_amt, hosp_lv => b.hosp_lv, setl_time => b.setl_time))
  FROM (SELECT * FROM bill LIMIT %s) AS b JOIN policy AS p ON p.id = b.policy_id$$, 'payout of 200,000 rows with 50 policies leaves no memory behind');
SELECT no_growth($$SELECT sum((yibao.settle(p.rules, b)).hifp_pay) FROM (SELECT * FROM bill LIMIT %s) AS b JOIN policy AS p ON p.id = b.policy_id$$,
  'settle of 200,000 rows with 50 policies leaves no memory behind');
SELECT no_growth($$SELECT sum((yibao.settle(p.rules, to_jsonb(b))).hifp_pay) FROM (SELECT * FROM bill LIMIT %s) AS b JOIN policy AS p ON p.id = b.policy_id$$,
  'settle of 200,000 jsonb claims leaves no memory behind');
SELECT no_growth($$SELECT count((r).hifp_pay) FROM (SELECT yibao.replay(p.rules, b) OVER (PARTITION BY b.psn_no ORDER BY b.setl_time) AS r
  FROM (SELECT * FROM bill LIMIT %s) AS b JOIN policy AS p ON p.id = b.policy_id OFFSET 0) AS x$$, 'replay of 200,000 person-years leaves no memory behind');
SELECT no_growth($$SELECT count(e.step) FROM (SELECT * FROM bill LIMIT %s / 20) AS b JOIN policy AS p ON p.id = b.policy_id, LATERAL yibao.explain(p.rules, b) AS e$$,
  'explain of 10,000 claims leaves no memory behind');

SELECT * FROM finish();
