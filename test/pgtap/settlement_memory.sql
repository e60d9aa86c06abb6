-- A statement keeps its person-years in memory: whatever comes between two rows of it, each claim is settled with what
-- those before it left, and the tables hold at the end what they would hold after as many statements.
-- The policy pays all of the cost up to 1,000.00 a year, so hifp_pay and the accumulator tell whether one was forgotten.
\set ECHO none
SELECT plan(36);
SET check_function_bodies = off;

SELECT lives_ok($$SELECT yibao.create_poolarea('qm', '620522')$$, 'an area is made');
INSERT INTO qm.policy (rules) VALUES ('{"yibao": 1, "title": {"zh": "试验"}, "insutype": "390", "admdvs": "620522",
  "valid_from": "2018-09-18", "version_date": "setl_time", "sources": {"t": {"doc": "试验文件", "trust": "demo"}},
  "benefits": [{"benefit": "inpatient", "pool": "inpatient", "source": "t"}],
  "fund": {"split": [{"coverage_year": {">=": 2018}, "outpatient": "0.30", "inpatient": "0.70", "base": "received_income",
      "kinds": ["contribution"], "after_serious": true, "rounding": "half_up_outpatient", "source": "t"}],
    "on_pool_short": "queue", "next_year_receipts": "income_on_receipt", "source": "t"},
  "layers": [{"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"], "rounding": "layer",
    "deductible": [{"amount": "0.00", "per": "visit", "source": "t"}], "ratio": [{"ratio": "1.00", "source": "t"}],
    "cap": {"year": [{"per": "year", "on": "payment", "amount": "1000.00", "source": "t"}]}}]}');
INSERT INTO qm.receipt (receipt_id, kind, account, received_on, coverage_year, amt, heads, serious_amt)
  VALUES ('R1', 'contribution', 'fiscal', '2022-01-10', 2022, 10000000, 1000, 0);

CREATE TYPE bill AS (id text, psn text, amt numeric);
-- One statement for many bills, or for one.
CREATE FUNCTION put(VARIADIC bills bill[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN
  INSERT INTO qm.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, fixmedins_code)
  SELECT id, psn, '390', '2022-05-01 10:00', amt, 0, 0, 0, amt, '21', 'H1' FROM unnest(bills);
  GET DIAGNOSTICS n = ROW_COUNT;
  RETURN n;
END $$;
-- Number in the person-year and payment of a person's settlements, in the order of record; then the person-year.
CREATE FUNCTION paid(p text) RETURNS text LANGUAGE sql AS $$
SELECT string_agg(psn_setl_no || ' ' || setl_id || ' ' || hifp_pay, ', ' ORDER BY psn_setl_no) || '; '
  || (SELECT setl_cnt || ' ' || cum_ipt_hifp || ' ' || coalesce(last_setl_id, '-') FROM qm.person_year_cum WHERE psn_no = p)
FROM qm.settlement WHERE psn_no = p
$$;
CREATE FUNCTION booked() RETURNS numeric LANGUAGE sql AS $$SELECT sum(amount_fen) FILTER (WHERE role = 'benefit_committed') / 100.0 FROM qm.entry$$;
CREATE FUNCTION faults() RETURNS text LANGUAGE sql AS $$SELECT coalesce(string_agg("check" || ': ' || detail, '; '), 'none') FROM yibao.verify('qm') WHERE NOT ok$$;
CREATE FUNCTION left_in_memory() RETURNS bigint LANGUAGE sql AS $$SELECT count(*) FROM pg_backend_memory_contexts WHERE name IN ('yibao settlements', 'yibao person-years')$$;

-- rows of one person in one statement
SELECT is(put(('A1', 'P1', 300), ('A2', 'P1', 300), ('A3', 'P1', 300), ('A4', 'P1', 300), ('A5', 'P1', 300)), 5::bigint, 'five claims of one person');
SELECT is(paid('P1'), '1 A1 300.00, 2 A2 300.00, 3 A3 300.00, 4 A4 100.00, 5 A5 0.00; 5 1000.00 A5', 'stop at the cap of 1,000: 300 + 300 + 300 + 100');
SELECT is((SELECT string_agg(opn_cum[9]::text, ' ' ORDER BY psn_setl_no) FROM qm.settlement WHERE psn_no = 'P1' AND psn_setl_no > 1), '30000 60000 90000 100000', 'each row keeps what it opened with');
SELECT is((SELECT string_agg(coalesce(prev_setl_id, '-'), ' ' ORDER BY psn_setl_no) FROM qm.settlement WHERE psn_no = 'P1'), '- A1 A2 A3 A4', 'and the one before it');
SELECT is(left_in_memory(), 0::bigint, 'nothing of the statement is left in memory');
SELECT is(put(('A6', 'P1', 50), ('B1', 'P2', 400)), 2::bigint, 'a later statement');
SELECT is(paid('P1'), '1 A1 300.00, 2 A2 300.00, 3 A3 300.00, 4 A4 100.00, 5 A5 0.00, 6 A6 0.00; 6 1000.00 A6', 'goes on from there');

-- the same key twice in one statement
SELECT is(put(('C1', 'P3', 100), ('C2', 'P3', 100), ('C1', 'P3', 100), ('C2', 'P3', 100)), 2::bigint, 'keys that come twice in a statement are inserted once');
SELECT is(paid('P3'), '1 C1 100.00, 2 C2 100.00; 2 200.00 C2', 'and counted once');
SELECT throws_ok($$SELECT put(('C3', 'P3', 100), ('C4', 'P3', 100), ('C3', 'P3', 101))$$, 'YB501', NULL, 'with other content the statement fails');
SELECT throws_ok($$SELECT put(('C3', 'P3', 100), ('C4', 'P3', 100), ('C3', 'P4', 100))$$, 'YB501', NULL, 'for another person too');
SELECT is(paid('P3'), '1 C1 100.00, 2 C2 100.00; 2 200.00 C2', 'and nothing of it is counted');
SELECT is(left_in_memory(), 0::bigint, 'a statement that failed leaves nothing in memory');

-- savepoints between statements
CREATE FUNCTION in_vain(VARIADIC bills bill[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM put(VARIADIC bills);
  RAISE EXCEPTION 'in vain';
EXCEPTION WHEN raise_exception THEN RETURN SQLERRM;
END $$;
SELECT is(in_vain(('D1', 'P5', 400), ('D2', 'P5', 400)), 'in vain', 'two claims are rolled back to a savepoint');
SELECT is(put(('D1', 'P5', 400), ('D3', 'P5', 400), ('D4', 'P5', 400)), 3::bigint, 'and settled again, with others');
SELECT is(paid('P5'), '1 D1 400.00, 2 D3 400.00, 3 D4 200.00; 3 1000.00 D4', 'what was rolled back is not counted');

-- a trigger of the user's that settles another claim of the person between two rows
CREATE FUNCTION companion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.setl_id LIKE 'E_' THEN PERFORM put((NEW.setl_id || '+', NEW.psn_no, 10)); END IF;
  IF NEW.setl_id LIKE 'F_' THEN PERFORM in_vain((NEW.setl_id || '+', NEW.psn_no, 10), (NEW.setl_id || '*', NEW.psn_no, 10)); END IF;
  IF NEW.setl_id LIKE 'G_' THEN PERFORM in_vain((NEW.setl_id || '*', NEW.psn_no, 10)); PERFORM put((NEW.setl_id || '+', NEW.psn_no, 10)); PERFORM in_vain((NEW.setl_id || '-', NEW.psn_no, 10)); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER zz_companion BEFORE INSERT ON qm.settlement FOR EACH ROW EXECUTE FUNCTION companion();
SELECT is(put(('E1', 'P6', 300), ('E2', 'P6', 300), ('E3', 'P6', 500)), 3::bigint, 'a trigger settles a claim more after each row of a statement');
SELECT is(paid('P6'), '1 E1 300.00, 2 E1+ 10.00, 3 E2 300.00, 4 E2+ 10.00, 5 E3 380.00, 6 E3+ 0.00; 6 1000.00 E3+', 'each sees the one before: 1,000 - 300 - 10 - 300 - 10 = 380');
SELECT is(put(('F1', 'P7', 300), ('F2', 'P7', 300), ('F3', 'P7', 500)), 3::bigint, 'the same, and the trigger rolls it back');
SELECT is(paid('P7'), '1 F1 300.00, 2 F2 300.00, 3 F3 400.00; 3 1000.00 F3', 'as if it had not been: 1,000 - 300 - 300 = 400');
SELECT is(put(('G1', 'P8', 300), ('G2', 'P8', 300), ('G3', 'P8', 500)), 3::bigint, 'rolled back, settled, rolled back');
SELECT is(paid('P8'), '1 G1 300.00, 2 G1+ 10.00, 3 G2 300.00, 4 G2+ 10.00, 5 G3 380.00, 6 G3+ 0.00; 6 1000.00 G3+', 'what stayed is counted, once');
DROP TRIGGER zz_companion ON qm.settlement;
SELECT is(left_in_memory(), 0::bigint, 'nothing of the statements is left in memory');

-- two INSERTs in one statement
WITH a AS (INSERT INTO qm.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, fixmedins_code)
    SELECT 'H' || n, 'P9', '390', '2022-05-01 10:00', 400, 0, 0, 0, 400, '21', 'H1' FROM generate_series(1, 2) n RETURNING hifp_pay),
  b AS (INSERT INTO qm.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, fixmedins_code)
    SELECT 'I' || n, 'P9', '390', '2022-05-01 10:00', 400, 0, 0, 0, 400, '21', 'H1' FROM generate_series(1, 2) n RETURNING hifp_pay)
  SELECT is((SELECT sum(hifp_pay) FROM a) + (SELECT sum(hifp_pay) FROM b), 1000.00, 'two INSERTs of one statement stop at the cap together');
SELECT is((SELECT setl_cnt || ' ' || cum_ipt_hifp FROM qm.person_year_cum WHERE psn_no = 'P9'), '4 1000.00', 'and the person-year says so');

-- reversal in the statement of its original
SELECT lives_ok($$INSERT INTO qm.settlement (setl_id, init_setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, fixmedins_code) VALUES
  ('J1', NULL, 'P10', '390', '2022-05-01 10:00', 300, 0, 0, 0, 300, '21', 'H1'), ('J2', NULL, 'P10', '390', '2022-05-01 11:00', 900, 0, 0, 0, 900, '21', 'H1'),
  ('J2R', 'J2', NULL, NULL, '2022-05-01 12:00', NULL, NULL, NULL, NULL, NULL, NULL, NULL), ('J3', NULL, 'P10', '390', '2022-05-01 13:00', 600, 0, 0, 0, 600, '21', 'H1')$$,
  'two claims, the reversal of the second and a third in one statement');
SELECT is(paid('P10'), '1 J1 300.00, 2 J2 700.00, 3 J2R -700.00, 4 J3 600.00; 4 900.00 J3', 'the third has what the reversal gave back: 300 + 600 is below 1,000');
SELECT throws_ok($$INSERT INTO qm.settlement (setl_id, init_setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, fixmedins_code) VALUES
  ('J4', NULL, 'P10', '390', '2022-05-01 10:00', 10, 0, 0, 0, 10, '21', 'H1'), ('J5', NULL, 'P10', '390', '2022-05-01 11:00', 10, 0, 0, 0, 10, '21', 'H1'),
  ('J4R', 'J4', NULL, NULL, '2022-05-01 12:00', NULL, NULL, NULL, NULL, NULL, NULL, NULL)$$, 'YB502', NULL, 'one that is no more the last of its person-year is not reversed, in its own statement either');

-- more persons than work_mem holds, in turns
SET work_mem = '64kB';
SELECT is(put(VARIADIC (SELECT array_agg(('K' || n, 'Q' || n % 400, 200)::bill ORDER BY n) FROM generate_series(1, 2800) n)), 2800::bigint, '2,800 claims of 400 persons in turns, in 64 kB');
SELECT is((SELECT count(*) FROM qm.person_year_cum WHERE psn_no LIKE 'Q%' AND setl_cnt = 7 AND cum_ipt_hifp = 1000 AND cum_medfee = 1400), 400::bigint, 'each has seven, and 5 x 200 paid');
SELECT is((SELECT count(*) FROM qm.settlement WHERE psn_no LIKE 'Q%' AND hifp_pay <> CASE WHEN psn_setl_no <= 5 THEN 200 ELSE 0 END), 0::bigint, 'the first five of each are paid');
RESET work_mem;

-- a trigger that reads the person-year afterwards
CREATE TABLE seen (setl_id text, n int);
CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN INSERT INTO seen SELECT NEW.setl_id, setl_cnt FROM qm.person_year WHERE psn_no = NEW.psn_no; RETURN NULL; END $$;
CREATE TRIGGER zz_look AFTER INSERT ON qm.settlement FOR EACH ROW EXECUTE FUNCTION look();
SELECT is(put(('L1', 'P11', 1), ('L2', 'P11', 1), ('L3', 'P11', 1)), 3::bigint, 'a trigger after each row reads the person-year');
SELECT is((SELECT string_agg(setl_id || ' ' || n, ', ' ORDER BY setl_id) FROM seen), 'L1 3, L2 3, L3 3', 'which is written by then');

SELECT is(booked(), (SELECT sum(hifp_pay) FROM qm.settlement), 'what is booked is the sum of what was settled');
SELECT is(faults(), 'none', 'verify finds nothing');
SELECT * FROM finish();
