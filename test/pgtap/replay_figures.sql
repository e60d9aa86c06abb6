-- replay(): a person's year in order, with the accumulators carried along.
\set ECHO none
SELECT plan(17);

CREATE FUNCTION doc() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb '{"yibao": 1, "title": {"zh": "试验"}, "insutype": "390", "admdvs": "620522",
  "valid_from": "2018-01-01", "version_date": "setl_time", "counts": {"except": [], "unpaid": true, "source": "t"},
  "sources": {"t": {"doc": "试验文件", "trust": "demo"}},
  "benefits": [{"benefit": "outpatient", "pool": "outpatient", "source": "t"},
               {"when": {"med_type": ["21"]}, "benefit": "inpatient", "pool": "inpatient", "source": "t"}],
  "layers": [
   {"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"], "rounding": "layer",
    "deductible": [{"amount": "0", "per": "visit", "source": "t"},
                   {"when": {"med_type": ["21"]}, "amount": "1000.00", "per": "visit", "source": "t"}],
    "deductible_adjust": {"ordinal": [
       {"when": {"med_type": ["21"], "cal_ipt_cnt": 2}, "multiply": "0.5", "source": "t"},
       {"when": {"med_type": ["21"], "cal_ipt_cnt": {">=": 3}}, "set": "0", "source": "t"}]},
    "ratio": [{"ratio": "0.70", "source": "t"}],
    "cap": {"year": [{"per": "year", "on": "payment", "amount": "10000.00", "source": "t"}]}}]}'
$$;

CREATE TABLE bill (setl_id text COLLATE "C", psn_no text COLLATE "C", year integer, med_type text, medfee_sumamt numeric, inscp_scp_amt numeric, setl_time timestamp);
INSERT INTO bill VALUES
  ('A1', 'P1', 2022, '21', 5000, 5000, '2022-01-05'),  -- (5,000 - 1,000) x 70% = 2,800
  ('A2', 'P1', 2022, '11', 1000, 1000, '2022-02-05'),  -- 700; no stay
  ('A3', 'P1', 2022, '21', 5000, 5000, '2022-03-05'),  -- (5,000 - 500) x 70% = 3,150
  ('A4', 'P1', 2022, '21', 5000, 5000, '2022-04-05'),  -- 5,000 x 70% = 3,500
  ('A5', 'P1', 2022, '21', 5000, 5000, '2022-04-05'),  -- 3,500 at best
  ('B1', 'P2', 2022, '21', 5000, 5000, '2022-01-05'),  -- another person begins anew: 2,800
  ('A6', 'P1', 2023, '21', 5000, 5000, '2023-01-05');  -- another year begins anew: 2,800

CREATE TABLE result AS
SELECT setl_id, (r).* FROM (
  SELECT b.setl_id, yibao.replay(doc(), b) OVER (PARTITION BY b.psn_no, b.year ORDER BY b.setl_time, b.setl_id) AS r FROM bill AS b OFFSET 0) AS x;
SELECT is((SELECT hifp_pay FROM result WHERE setl_id = 'A1'), 2800.00, 'the first stay pays the whole deductible');
SELECT is((SELECT hifp_pay FROM result WHERE setl_id = 'A2'), 700.00, 'an outpatient visit between is no stay');
SELECT is((SELECT hifp_pay FROM result WHERE setl_id = 'A3'), 3150.00, 'the second stay pays half the deductible');
SELECT is((SELECT hifp_pay FROM result WHERE setl_id = 'A4'), 3350.00,
  'the third stay pays no deductible; of the year''s 10,000 for the layer 3,350 are left');
SELECT is((SELECT hifp_pay FROM result WHERE setl_id = 'A5'), 0.00, 'after the cap nothing is paid; a tie in time is decided by setl_id');
SELECT is((SELECT hifp_pay FROM result WHERE setl_id = 'B1'), 2800.00, 'another person begins anew');
SELECT is((SELECT hifp_pay FROM result WHERE setl_id = 'A6'), 2800.00, 'another year begins anew');
SELECT is((SELECT cum[1:2] FROM result WHERE setl_id = 'A5'), ARRAY[5, 4]::bigint[], 'five settlements, four stays');
SELECT is((SELECT sum(hifp_pay) FROM result WHERE setl_id LIKE 'A_' AND setl_id < 'A6'), 10000.00, 'the year''s payments add up to the cap, not a fen more [A035]');

-- replay is settle with the accumulators of the one before
CREATE TABLE many AS
SELECT 'S' || lpad(i::text, 6, '0') AS setl_id, 'P' || i % 200 AS psn_no, CASE WHEN i % 3 = 0 THEN '21' ELSE '11' END AS med_type,
  round(i * 0.37, 2) AS medfee_sumamt, round(i * 0.37, 2) AS inscp_scp_amt, timestamp '2022-01-01' + i * interval '37 minutes' AS setl_time
FROM generate_series(1, 5000) AS i;
CREATE TABLE replayed AS
SELECT m.*, yibao.replay(doc(), m) OVER (PARTITION BY m.psn_no ORDER BY m.setl_time, m.setl_id) AS r FROM many AS m;
SELECT is((SELECT count(*) FROM (SELECT r, lag(r) OVER (PARTITION BY psn_no ORDER BY setl_time) AS before, to_jsonb(p) - 'r' AS claim FROM replayed AS p) AS x
  WHERE r <> yibao.settle(doc(), claim || CASE WHEN before IS NULL THEN jsonb '{}' ELSE jsonb_build_object('opn_cum', (before).cum) END)), 0::bigint,
  'each row of replay is settle() with the accumulators of the row before, in 5,000 rows');
SELECT is((SELECT count(*) FROM (SELECT m.setl_id, yibao.replay(doc(), to_jsonb(m)) OVER (PARTITION BY m.psn_no ORDER BY m.setl_time, m.setl_id) AS r FROM many AS m) AS x
  JOIN replayed AS y USING (setl_id) WHERE x.r <> y.r), 0::bigint, 'jsonb claims are replayed alike');
SELECT is((SELECT count(*) FROM (SELECT m.setl_id, yibao.replay(doc(), m) OVER (PARTITION BY m.psn_no ORDER BY m.setl_time, m.setl_id ROWS 1 PRECEDING) AS r FROM many AS m) AS x
  JOIN replayed AS y USING (setl_id) WHERE x.r <> y.r), 0::bigint, 'the frame clause changes nothing');
SELECT is((SELECT count(*) FROM (SELECT m.setl_id, yibao.replay(doc(), m) OVER (PARTITION BY m.psn_no ORDER BY m.setl_time, m.setl_id) AS r
    FROM (SELECT setl_id, psn_no, 2022::smallint AS year, med_type, medfee_sumamt, inscp_scp_amt, setl_time FROM many) AS m) AS x
  JOIN replayed AS y USING (setl_id) WHERE x.r <> y.r), 0::bigint, 'without a column year the calendar year of setl_time is taken');

-- a year entered in its middle
SELECT is((SELECT sum((r).hifp_pay) FROM (
    SELECT yibao.replay(doc(), m) OVER (PARTITION BY m.psn_no ORDER BY m.setl_time, m.setl_id) AS r
    FROM (SELECT p.setl_id, p.psn_no, p.med_type, p.medfee_sumamt, p.inscp_scp_amt, p.setl_time, coalesce((o.r).cum, '{}') AS opn_cum
          FROM replayed AS p LEFT JOIN LATERAL (SELECT o.r FROM replayed AS o WHERE o.psn_no = p.psn_no AND o.setl_time < p.setl_time ORDER BY o.setl_time DESC LIMIT 1) AS o ON true
          WHERE p.setl_time >= '2022-03-01') AS m) AS x),
  (SELECT sum((r).hifp_pay) FROM replayed WHERE setl_time >= '2022-03-01'), 'with opening accumulators a year is replayed from its middle');

-- counts by level and by hospital
CREATE FUNCTION readmission() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_set(doc(), '{layers,0,deductible_adjust}', '{"same_level": [{"when": {"cum_lv_cnt": {">=": 1}}, "multiply": "0.5", "source": "t"}],
  "same_hospital": [{"when": {"cum_hosp_cnt": {">=": 1}}, "multiply": "0.8", "source": "t"}]}')
$$;
CREATE TABLE stay (setl_id text, hosp_lv text, fixmedins_code text, setl_time timestamp, dedc numeric);
INSERT INTO stay VALUES
  ('1', '05', 'H1', '2022-01-01', 1000), ('2', '06', 'H2', '2022-02-01', 1000), ('3', '05', 'H3', '2022-03-01', 500),
  ('4', '05', 'H1', '2022-04-01', 500), ('5', '06', 'H2', '2022-05-01', 500);
UPDATE stay SET dedc = dedc - 100 WHERE setl_id IN ('4', '5');
SELECT results_eq($$SELECT setl_id, (r).crt_dedc FROM (SELECT s.setl_id, yibao.replay(readmission(), s) OVER (ORDER BY s.setl_time, s.setl_id) AS r
    FROM (SELECT *, 'P1' AS psn_no, '21' AS med_type, 2000.00 AS medfee_sumamt, 2000.00 AS inscp_scp_amt FROM stay) AS s) AS x ORDER BY 1$$,
  'SELECT setl_id, dedc FROM stay ORDER BY 1', 'earlier stays at the same level and in the same hospital are counted along');

-- memory of one long partition
SELECT is((SELECT count((r).hifp_pay) FROM (SELECT yibao.replay(doc(), m) OVER (ORDER BY m.setl_time, m.setl_id) AS r
    FROM (SELECT 'S' || lpad(i::text, 6, '0') AS setl_id, text 'P' AS psn_no, 2022 AS year, text '11' AS med_type, 1.00 AS medfee_sumamt, 1.00 AS inscp_scp_amt,
            timestamp '2022-01-01' + i * interval '1 minute' AS setl_time FROM generate_series(1, 50000) AS i) AS m OFFSET 0) AS x), 50000::bigint,
  'a partition of 50,000 rows is replayed');
SELECT is((SELECT sum((r).hifp_pay) FROM (SELECT yibao.replay(doc(), m) OVER (ORDER BY m.setl_time, m.setl_id) AS r
    FROM (SELECT 'S' || lpad(i::text, 6, '0') AS setl_id, text 'P' AS psn_no, 2022 AS year, text '11' AS med_type, 1.00 AS medfee_sumamt, 1.00 AS inscp_scp_amt,
            timestamp '2022-01-01' + i * interval '1 minute' AS setl_time FROM generate_series(1, 50000) AS i) AS m OFFSET 0) AS x), 10000.00,
  'and pays 0.70 each until the cap');

SELECT * FROM finish();
