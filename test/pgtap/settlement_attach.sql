-- A table that an application already has, with its own names: each new bill is settled.
\set ECHO none
SELECT plan(51);
SET client_min_messages = error;
\ir settlement_setup.psql

SELECT yibao.create_poolarea('qa', '620522');
INSERT INTO qa.policy (rules) VALUES (doc());
INSERT INTO qa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, heads, serious_amt) VALUES ('R1', 'contribution', 'fiscal', '2022-01-10', 2022, 100000, 1000, 0);
CREATE SCHEMA his;
CREATE TABLE his.bill (bill_no varchar(30) PRIMARY KEY, patient char(6), paid_at timestamp, total numeric, own numeric, scope numeric, dept text,
  fund numeric(16,2), cash numeric(16,2), seq int, small numeric(5,1), noted varchar(3), other_no text);
CREATE FUNCTION map(more jsonb DEFAULT '{}', without text DEFAULT '') RETURNS jsonb LANGUAGE sql AS $$
SELECT (jsonb '{"setl_id": "bill_no", "psn_no": "patient", "insutype": {"value": "390"}, "setl_time": "paid_at", "medfee_sumamt": "total", "fulamt_ownpay_amt": "own",
  "overlmt_selfpay": {"value": 0}, "preselfpay_amt": {"value": "0"}, "inscp_scp_amt": "scope", "med_type": {"value": "21"}, "fixmedins_code": {"value": "H7"}, "refl": {"value": "up"}, "area": {"value": "county"},
  "results": {"hifp_pay": "fund", "psn_cash_pay": "cash", "psn_setl_no": "seq"}}' || more) - without $$;
CREATE FUNCTION att(mapping jsonb, mode text DEFAULT 'compute') RETURNS text LANGUAGE sql AS $$
SELECT format('SELECT yibao.attach_settlement(''his.bill'', ''qa'', %L, %L)', mapping, mode) $$;

SELECT throws_ok(att(map('{"psn_no": "nobody"}')), 'YB604', NULL, 'a column that is not there');
SELECT throws_ok(att(map('{"psn": "patient"}')), 'YB604', NULL, 'a field that is none');
SELECT throws_ok(att(map('{"setl_id": "other_no"}')), 'YB604', NULL, 'a key column without a unique index');
SELECT throws_ok(att(map('{"setl_id": {"value": "x"}}')), 'YB604', NULL, 'a constant key');
SELECT throws_ok(att(map('{"results": {"hifp_pay": "small"}}')), 'YB604', NULL, 'a result column that would round');
SELECT throws_ok(att(map('{"results": {"policy_id": "noted"}}')), 'YB604', NULL, 'a result column that would cut');
SELECT throws_ok(att(map('{"results": {"nothing": "fund"}}')), 'YB604', NULL, 'a result that is none');
SELECT throws_ok(att(map('{"psn_no": {"value": [1]}}')), 'YB604', NULL, 'a constant that is no scalar');
SELECT throws_ok(att(map('{"psn_no": 1}')), 'YB604', NULL, 'neither column nor constant');
SELECT throws_ok(att('[]'), 'YB604', NULL, 'a mapping that is no object');
SELECT throws_ok(att(map(), 'verify'), 'YB604', 'mapping of "act_pay_dedc" does not fit', 'mode verify without an amount that it reads');
SELECT throws_ok(att(map('{"results": {"hifp_pay": {"value": 0}}}')), 'YB604', NULL, 'a result of mode compute that goes nowhere');
SELECT throws_ok(att(map(), 'guess'), 'YB604', NULL, 'a mode that is none');
SELECT throws_ok($$SELECT yibao.attach_settlement('his.bill', 'nowhere', map())$$, 'YB603', NULL, 'an area that is none');
SELECT is((SELECT count(*) FROM pg_trigger WHERE tgrelid = 'his.bill'::regclass AND NOT tgisinternal), 0::bigint, 'none of these leaves a trigger');
CREATE ROLE setl_stranger;
GRANT USAGE ON SCHEMA his TO setl_stranger;
SET ROLE setl_stranger;
SELECT throws_ok($$SELECT yibao.attach_settlement('his.bill', 'qa', '{"setl_id": "bill_no"}')$$, '42501', NULL, 'only the owner attaches a table');
RESET ROLE;

SELECT lives_ok(att(map()), 'the table is attached');
INSERT INTO his.bill (bill_no, patient, paid_at, total, own, scope, dept) VALUES ('B1', 'P1', '2022-05-01 10:00', 1200, 200, 1000, 'surgery');
SELECT results_eq($$SELECT fund, cash, seq, dept FROM his.bill$$, $$VALUES (375.00, 825.00, 1, 'surgery')$$, 'the INSERT that the application always ran comes back settled: (1,000 - 500) x 75 %');
SELECT is((SELECT concat_ws(' ', psn_no, fixmedins_code, hifp_pay, booked_by) FROM qa.settlement WHERE setl_id = 'B1'), 'P1 H7 375.00 ' || current_user, 'the settlement stands in the area');
SELECT is((SELECT available FROM qa.pool_status WHERE pool = 'inpatient'), 69625.00, 'and takes from the pool');
SELECT is((SELECT setl_id::text FROM qa.attached_1), 'B1', 'a work row ties the two');
CREATE FUNCTION bill(no text, more text DEFAULT '1000') RETURNS text LANGUAGE sql AS $$
SELECT format('INSERT INTO his.bill (bill_no, patient, paid_at, total, own, scope) VALUES (%L, ''P1'', ''2022-05-01 10:00'', %s, 0, %s)', no, more, more) $$;
SELECT throws_ok(bill('B2', '1000.005'), 'YB001', NULL, 'a third decimal is an error here too');
SELECT throws_ok(bill('B1'), 'YB501', NULL, 'the same bill with other content is an error');
SELECT lives_ok($$INSERT INTO his.bill (bill_no, patient, paid_at, total, own, scope, dept) VALUES ('B1', 'P1', '2022-05-01 10:00', 1200, 200, 1000, 'surgery')$$, 'the same bill again inserts nothing');
SELECT is((SELECT count(*) FROM his.bill), 1::bigint, 'one bill');
SELECT throws_ok($$INSERT INTO his.bill (bill_no, patient, paid_at, total, own, scope, fund) VALUES ('B3', 'P1', '2022-05-02', 1000, 0, 1000, 1)$$, 'YB504', NULL, 'another result is an error');
CREATE FUNCTION drop_row() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER zz_drop BEFORE INSERT ON his.bill FOR EACH ROW WHEN (NEW.bill_no = 'B4') EXECUTE FUNCTION drop_row();
SELECT throws_ok(bill('B4') || '; SET CONSTRAINTS ALL IMMEDIATE', '23503', NULL, 'a bill that vanishes after it was settled fails');
SELECT throws_ok($$DELETE FROM his.bill; SET CONSTRAINTS ALL IMMEDIATE$$, '23503', NULL, 'and a settled bill cannot be deleted');
SELECT is((SELECT count(*) FROM qa.settlement), 1::bigint, 'one settlement after all this');
INSERT INTO his.bill (bill_no, patient, paid_at, total, own, scope) SELECT 'C' || n, 'Q' || n, '2022-06-01', 1000, 0, 1000 FROM generate_series(1, 20) n;
SELECT is((SELECT sum(fund) FROM his.bill WHERE bill_no LIKE 'C%'), 7500.00, 'many bills in one INSERT');
ALTER TABLE his.bill ADD COLUMN extra text, DROP COLUMN small;
SELECT lives_ok(bill('D1', '600'), 'the table may be altered');
SELECT is((SELECT fund FROM his.bill WHERE bill_no = 'D1'), 75.00, 'and its bills are still settled');

-- its owner needs a grant on the area, and no more
CREATE TABLE his.bill2 (LIKE his.bill INCLUDING INDEXES);
CREATE ROLE setl_his;
ALTER TABLE his.bill2 OWNER TO setl_his;
GRANT USAGE ON SCHEMA his TO setl_his;
SELECT lives_ok($$SELECT yibao.attach_settlement('his.bill2', 'qa', map())$$, 'a table of another owner');
SET ROLE setl_his;
SELECT throws_ok($$INSERT INTO his.bill2 (bill_no, patient, paid_at, total, own, scope) VALUES ('E1', 'P8', '2022-05-01', 1000, 0, 1000)$$, '42501', NULL, 'to attach grants its owner nothing');
RESET ROLE;
SELECT yibao.grant_poolarea('qa', 'setl_his', 'clerk');
SET ROLE setl_his;
SELECT lives_ok($$INSERT INTO his.bill2 (bill_no, patient, paid_at, total, own, scope) VALUES ('E1', 'P8', '2022-05-01', 1000, 0, 1000)$$, 'a clerk''s grant lets it settle');
SELECT is((SELECT fund FROM his.bill2), 375.00, 'with the same result');
SELECT throws_ok($$UPDATE qa.person_year SET setl_cnt = 0$$, '42501', NULL, 'while the clerk cannot write person-years');
RESET ROLE;
SELECT is((SELECT booked_by FROM qa.settlement WHERE setl_id = 'E1'), 'setl_his', 'the outer user is recorded');

-- another system settles: its amounts are read from the bill, one column has our name, there is no serious-illness insurance
CREATE TABLE his.printed (LIKE his.bill INCLUDING INDEXES);
ALTER TABLE his.printed ADD COLUMN dedc numeric, ADD COLUMN part numeric, ADD COLUMN maf_pay numeric, ADD COLUMN std numeric(16,2);
CREATE TABLE his.recorded (LIKE his.printed INCLUDING INDEXES);
CREATE FUNCTION given(more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
SELECT map(jsonb_build_object('results', jsonb '{"act_pay_dedc": "dedc", "hifp_pay": "fund", "hifmi_pay": {"value": 0}, "oth_pay": {"value": "0.00"}, "fund_pay_sumamt": "fund", "psn_part_amt": "part", "psn_cash_pay": "cash",
  "dedc_std": "std", "psn_setl_no": "seq"}' || more)) $$;
SELECT throws_ok(format($$SELECT yibao.attach_settlement('his.printed', 'qa', %L, %L)$$, given() #- ARRAY['results', f], m), 'YB604', format('mapping of "%s" does not fit', f), m || ' reads ' || f)
FROM (VALUES ('verify', 'psn_cash_pay'), ('record', 'hifmi_pay')) v(m, f);
SELECT throws_ok(format($$SELECT yibao.attach_settlement('his.printed', 'qa', %L, 'verify')$$, given('{"hifmi_pay": {"value": [0]}}')), 'YB604', NULL, 'a constant that is no scalar');
SELECT lives_ok(format($$SELECT yibao.attach_settlement('his.printed', 'qa', %L, 'verify')$$, given()), 'attached to verify');
SELECT lives_ok(format($$SELECT yibao.attach_settlement('his.recorded', 'qa', %L, 'record')$$, given()), 'attached to record');
-- (1,000 - 500) x 75 % = 375; printed were 380
INSERT INTO his.printed (bill_no, patient, paid_at, total, own, scope, dedc, fund, part, cash, maf_pay) VALUES
  ('P1', 'P7', '2022-05-01 10:00', 1200, 200, 1000, 500, 375, 825, 825, 0), ('P2', 'P7', '2022-05-02 10:00', 1200, 200, 1000, 500, 380, 820, 820, 0);
SELECT results_eq($$SELECT bill_no::text, fund, part, cash, std, seq FROM his.printed ORDER BY 1$$, $$VALUES ('P1', 375.00, 825.00, 825.00, 500.00, 1), ('P2', 380.00, 820.00, 820.00, 500.00, 2)$$, 'the printed amounts stay; what was left out is filled');
SELECT is((SELECT string_agg(setl_id || ' ' || hifp_diff, ',') FROM qa.setl_diff_open), 'P2 5.00', 'the difference is noted');
SELECT is((SELECT string_agg(setl_id || ' ' || hifp_pay || ' ' || setl_mode, ', ' ORDER BY setl_id) FROM qa.settlement WHERE psn_no = 'P7'), 'P1 375.00 verify, P2 380.00 verify', 'and the settlement has what was printed');
SELECT throws_ok($$INSERT INTO his.printed (bill_no, patient, paid_at, total, own, scope, dedc, fund, part, cash) VALUES ('P3', 'P7', '2022-05-01 10:00', 1200, 200, 1000, 500, 375, 825, 825)$$, 'YB006', 'maf_pay is null, but setl_mode is verify', 'a bill without an amount');
SELECT throws_ok($$INSERT INTO his.printed (bill_no, patient, paid_at, total, own, scope, dedc, fund, part, cash, maf_pay) VALUES ('P3', 'P7', '2022-05-01 10:00', 1200, 200, 1000, 500, 375, 825.01, 825, 0)$$, 'YB003', NULL, 'or with one that does not fit');
INSERT INTO his.recorded (bill_no, patient, paid_at, total, own, scope, dedc, fund, part, cash, maf_pay) VALUES ('Z1', 'P9', '2022-05-01 10:00', 1200, 200, 1000, 400, 400, 800, 800, 0);
SELECT results_eq($$SELECT fund, part, cash, std, seq FROM his.recorded$$, $$VALUES (400.00, 800.00, 800.00, NULL::numeric, 1)$$, 'recorded: the standard stays unknown');
SELECT is((SELECT count(*) FROM qa.setl_diff WHERE setl_id = 'Z1'), 0::bigint, 'and nothing was compared');
SELECT is((SELECT string_agg(detail, '; ') FROM yibao.verify('qa') WHERE NOT ok), NULL, 'verify finds nothing');
SELECT * FROM finish();
DROP TABLE his.bill2 CASCADE;
DROP OWNED BY setl_his, setl_stranger;
DROP ROLE setl_his, setl_stranger;
