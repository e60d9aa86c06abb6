-- replay() called wrongly is an error, never another amount.
\set ECHO none
SELECT plan(20);

CREATE FUNCTION doc(date text DEFAULT 'setl_time') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb '{"yibao": 1, "title": {"zh": "试验"}, "insutype": "390", "admdvs": "620522",
  "valid_from": "2018-01-01", "version_date": "setl_time",
  "sources": {"t": {"doc": "试验文件", "trust": "demo"}},
  "benefits": [{"benefit": "inpatient", "pool": "inpatient", "source": "t"}],
  "layers": [
   {"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"], "rounding": "layer",
    "deductible": [{"amount": "0", "per": "visit", "source": "t"}],
    "ratio": [{"ratio": "0.70", "source": "t"}],
    "cap": {"year": [{"per": "year", "on": "payment", "amount": "10000.00", "source": "t"}]}}]}'
$$;
CREATE TABLE bill (setl_id text, psn_no text, year integer, medfee_sumamt numeric, inscp_scp_amt numeric, setl_time timestamp);
INSERT INTO bill VALUES
  ('a', 'P1', 2022, 100, 100, '2022-01-05'), ('B', 'P1', 2022, 100, 100, '2022-02-05'), ('c', 'P1', 2022, 100, 100, '2022-03-05'),
  ('d', 'P2', 2022, 100, 100, '2022-04-05'), ('e', 'P2', 2023, 100, 100, '2023-03-05');
-- Settle again with this window over these bills.
CREATE FUNCTION replay(over_clause text, bills text DEFAULT 'bill') RETURNS text LANGUAGE sql AS $$
SELECT format('SELECT count((r).hifp_pay) FROM (SELECT yibao.replay(doc(), b) OVER (%s) AS r FROM (SELECT * FROM %s) AS b OFFSET 0) AS x', over_clause, bills)
$$;
\set good 'PARTITION BY b.psn_no, b.year ORDER BY b.setl_time, b.setl_id COLLATE "C"'

SELECT lives_ok(replay(:'good'), 'the window that the manual shows is right');
SELECT throws_ok(replay('PARTITION BY b.year ORDER BY b.setl_time, b.setl_id'), 'YB011', 'replay found two persons in one partition', 'two persons in a partition');
SELECT throws_ok(replay('PARTITION BY b.psn_no ORDER BY b.setl_time, b.setl_id'), 'YB011', 'replay found two benefit years in one partition', 'two years in a partition');
SELECT throws_ok(replay('PARTITION BY b.psn_no ORDER BY b.setl_time', '(SELECT setl_id, psn_no, medfee_sumamt, inscp_scp_amt, setl_time FROM bill) AS y'), 'YB011', NULL,
  'two calendar years in a partition, where no column year is given');
SELECT throws_ok(replay('PARTITION BY b.psn_no, b.year'), 'YB011', 'replay''s window has no order, or one with ties', 'no ORDER BY');
SELECT throws_ok(replay('PARTITION BY b.psn_no, b.year ORDER BY b.medfee_sumamt'), 'YB011', 'replay''s window has no order, or one with ties', 'an order with ties');
SELECT throws_ok(replay('PARTITION BY b.psn_no, b.year ORDER BY b.setl_time DESC, b.setl_id'), 'YB011', 'replay needs its rows in the order of (setl_time, setl_id)', 'a falling order');
SELECT throws_ok(replay('PARTITION BY b.psn_no, b.year ORDER BY b.setl_id COLLATE "C"'), 'YB011', NULL, 'an order by setl_id alone, which is not that of time');
SELECT throws_ok(replay('PARTITION BY b.psn_no, b.year ORDER BY b.setl_time, lower(b.setl_id)', $$(SELECT setl_id, psn_no, year, medfee_sumamt, inscp_scp_amt, timestamp '2022-01-05' AS setl_time FROM bill) AS y$$),
  'YB011', NULL, 'setl_id in another order than that of its bytes');
SELECT lives_ok(replay('PARTITION BY b.psn_no, b.year ORDER BY b.setl_time, b.setl_id COLLATE "C"', $$(SELECT setl_id, psn_no, year, medfee_sumamt, inscp_scp_amt, timestamp '2022-01-05' AS setl_time FROM bill) AS y$$),
  'in the order of bytes a tie in time is decided');
SELECT throws_ok(replay(:'good', $$(SELECT *, 3 AS cum_setl_cnt FROM bill) AS y$$), 'YB011', NULL, 'a first row that says others came before it, without their accumulators');
SELECT throws_ok(replay(:'good', $$(SELECT *, 2 AS cal_ipt_cnt FROM bill) AS y$$), 'YB011', NULL, 'a first row that is the second stay: a WHERE removed the first');
SELECT lives_ok(replay(:'good', $$(SELECT *, 3 AS cum_setl_cnt, 0.00 AS cum_ipt_hifp FROM bill) AS y$$), 'with accumulators a year may begin in its middle');
SELECT throws_ok(replay(:'good', $$(SELECT *, NULL::bigint[] AS opn_cum FROM bill) AS y$$), 'YB006', NULL, 'opening accumulators that are NULL are unknown, not zero');
SELECT throws_ok(replay('ORDER BY b.setl_time', $$(SELECT setl_id, medfee_sumamt, inscp_scp_amt, setl_time FROM bill) AS y$$), 'YB005', NULL, 'rows without psn_no');
SELECT throws_ok(replay('ORDER BY b.setl_time', $$(SELECT psn_no, year, medfee_sumamt, inscp_scp_amt, setl_time FROM bill) AS y$$), 'YB005', NULL, 'rows without setl_id');
SELECT throws_ok(replay(:'good', $$(SELECT setl_id, psn_no, CASE WHEN setl_id <> 'c' THEN year END AS year, medfee_sumamt, inscp_scp_amt, setl_time FROM bill WHERE psn_no = 'P1') AS y$$), 'YB006', NULL,
  'a year that is NULL');
SELECT throws_ok(replay(:'good', $$(SELECT setl_id, psn_no, year, medfee_sumamt, inscp_scp_amt, nullif(setl_time, '2022-03-05') AS setl_time FROM bill) AS y$$), 'YB006', NULL, 'a time that is NULL');
SELECT throws_ok('SELECT yibao.replay(doc(), b) FROM bill AS b', '42809', NULL, 'without OVER replay is refused by PostgreSQL');
SELECT throws_ok(replace(replay(:'good'), 'doc()', 'NULL::jsonb'), 'YB008', NULL, 'no policy is an error');

SELECT * FROM finish();
