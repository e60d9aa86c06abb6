-- The fee lines of a pool area: parts filled, returns, trace codes, and the header of the settlement they belong to.
\set ECHO none
SELECT plan(62);

SELECT yibao.create_poolarea('qa', '620522') \g /dev/null
INSERT INTO qa.policy (rules) VALUES ('{"yibao": 1, "title": {"zh": "试验"}, "insutype": "390", "admdvs": "620522", "valid_from": "2018-09-18", "version_date": "setl_time",
  "sources": {"t": {"doc": "试验文件", "trust": "demo"}}, "benefits": [{"benefit": "inpatient", "pool": "inpatient", "source": "t"}], 
  "fund": {"split": [{"coverage_year": {">=": 2018}, "outpatient": "0.30", "inpatient": "0.70", "base": "received_income", "kinds": ["contribution"],
    "after_serious": true, "rounding": "half_up_outpatient", "source": "t"}], "on_pool_short": "queue", "next_year_receipts": "income_on_receipt", "source": "t"},
  "layers": [{"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"], "rounding": "layer",
    "deductible": [{"amount": "0.00", "per": "visit", "source": "t"}], "ratio": [{"ratio": "0.50", "source": "t"}]}]}');
CREATE FUNCTION parts(sn text) RETURNS text LANGUAGE sql AS $$
SELECT format('%s = %s + %s + %s + %s', det_item_fee_sumamt, fulamt_ownpay_amt, overlmt_amt, preselfpay_amt, inscp_scp_amt) FROM qa.item WHERE feedetl_sn = sn
$$;
CREATE FUNCTION lines() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM qa.item';
CREATE FUNCTION refused(statement text, state text, message text, what text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE before bigint := lines(); traces bigint := (SELECT count(*) FROM qa.item_trace);
BEGIN
  RETURN NEXT throws_ok(statement, state::char(5), message, what);
  RETURN NEXT is(lines() * 1000 + (SELECT count(*) FROM qa.item_trace), before * 1000 + traces, what || ': nothing is booked');
END $$;

-- ---- a line

INSERT INTO qa.item (feedetl_sn, fee_ocur_time, chrgitm_lv, cnt, pric, pric_uplmt_amt, selfpay_prop) VALUES ('A1', '2025-01-01', '02', 3, 120, 100, 0.10);
SELECT is(parts('A1'), '360.00 = 0.00 + 60.00 + 30.00 + 270.00', 'an INSERT is all: the trigger fills the parts [A201]');
SELECT is((SELECT return_no FROM qa.item), 0, 'a line is no return');
INSERT INTO qa.item (feedetl_sn, fee_ocur_time, chrgitm_lv, cnt, pric, enter_prop, enter_upto, enter_way, det_item_fee_sumamt, inscp_scp_amt)
VALUES ('A2', '2025-01-01', '01', 2, 300, '{1.00,0.70}', '{200}', 'whole', 600, 420.0);
SELECT is(parts('A2'), '600.00 = 180.00 + 0.00 + 0.00 + 420.00', 'shape 31: a consumable above 200 enters with 70%; equal results are accepted');
SELECT refused($$INSERT INTO qa.item (feedetl_sn, fee_ocur_time, chrgitm_lv, cnt, pric, inscp_scp_amt) VALUES ('X', '2025-01-01', '01', 1, 10, 9.99)$$,
  'YB504', 'inscp_scp_amt of the fee line is given as 9.99, but follows as 10.00', 'another result than follows');
SELECT refused($$INSERT INTO qa.item (feedetl_sn, fee_ocur_time, chrgitm_lv, cnt, pric, det_item_fee_sumamt) VALUES ('X', '2025-01-01', '01', 1, 10, 9.99)$$,
  'YB003', 'det_item_fee_sumamt 9.99 is not cnt x pric, which is 10.00', 'a sum that is not cnt x pric');
SELECT refused($$INSERT INTO qa.item (feedetl_sn, fee_ocur_time, chrgitm_lv, cnt, pric) VALUES ('X', '2025-01-01', '01', NULL, 10)$$,
  'YB006', 'cnt of the fee line is NULL, and money depends on it', 'no quantity');
SELECT refused($$INSERT INTO qa.item (feedetl_sn, fee_ocur_time, chrgitm_lv, cnt, pric) VALUES ('A1', '2025-01-01', '01', 1, 10)$$,
  '23505', NULL, 'a key that is there');

-- ---- returns

SELECT refused($$INSERT INTO qa.item (feedetl_sn, fee_ocur_time, cnt) VALUES ('X', '2025-01-02', -1)$$,
  'YB006', 'init_feedetl_sn is NULL in a return', 'a return without its line');
SELECT refused($$INSERT INTO qa.item (feedetl_sn, init_feedetl_sn, fee_ocur_time, cnt) VALUES ('X', 'Z9', '2025-01-02', -1)$$,
  'YB307', 'there is no fee line "Z9" to return', 'a return of a line that there is not');
SELECT refused($$INSERT INTO qa.item (feedetl_sn, init_feedetl_sn, fee_ocur_time, cnt) VALUES ('X', 'A1', '2025-01-02', 1)$$,
  'YB307', 'a fee line names "A1" as the line it returns, but cnt is not negative', 'a line that names one and returns nothing');
SELECT refused($$INSERT INTO qa.item (feedetl_sn, init_feedetl_sn, fee_ocur_time, cnt, pric) VALUES ('X', 'A1', '2025-01-02', -1, 119)$$,
  'YB504', 'pric of the fee line is given as 119, but follows as 120', 'a return at another price');
SELECT refused($$INSERT INTO qa.item (feedetl_sn, init_feedetl_sn, fee_ocur_time, cnt) VALUES ('X', 'A1', '2025-01-02', -3.0001)$$,
  'YB003', 'more is returned than there is: cnt -3.0001 of 3', 'more returned than given');
INSERT INTO qa.item (feedetl_sn, init_feedetl_sn, fee_ocur_time, cnt, det_item_fee_sumamt) VALUES ('A1-1', 'A1', '2025-01-02', -1, -120);
SELECT is(parts('A1-1'), '-120.00 = 0.00 + -20.00 + -10.00 + -90.00', 'a return takes class, price, limit and ratio from its line');
SELECT refused($$INSERT INTO qa.item (feedetl_sn, init_feedetl_sn, fee_ocur_time, cnt) VALUES ('X', 'A1', '2025-01-02', -1), ('X2', 'A1', '2025-01-02', -1.5)$$,
  'YB003', 'more is returned than there is: cnt -1.5 of 1', 'more returned in one statement than is left');
SELECT refused($$INSERT INTO qa.item (feedetl_sn, init_feedetl_sn, fee_ocur_time, cnt) VALUES ('X', 'A1-1', '2025-01-02', -1)$$,
  'YB307', 'there is no fee line "A1-1" to return', 'a return of a return');
INSERT INTO qa.item (feedetl_sn, init_feedetl_sn, fee_ocur_time, cnt) VALUES ('A1-2', 'A1', '2025-01-03', -2);
SELECT is((SELECT string_agg(return_no || ':' || cnt_before, ' ' ORDER BY return_no) FROM qa.item WHERE init_feedetl_sn = 'A1'), '1:3 2:2', 'returns are numbered and say what stood before them');
SELECT is((SELECT (yibao.item_total(ROW(det_item_fee_sumamt, fulamt_ownpay_amt, overlmt_amt, preselfpay_amt, inscp_scp_amt)::yibao.item_split))::text FROM qa.item WHERE 'A1' IN (feedetl_sn, init_feedetl_sn)),
  '(0.00,0.00,0.00,0.00,0.00)', 'all returned: nothing is left in any part');
SELECT refused($$UPDATE qa.item SET cnt = 2 WHERE feedetl_sn = 'A2'$$, 'YB304', NULL, 'a line is not changed');
SELECT refused($$DELETE FROM qa.item WHERE feedetl_sn = 'A2'$$, 'YB304', NULL, 'a line is not deleted');
SELECT refused($$TRUNCATE qa.item CASCADE$$, 'YB304', NULL, 'lines are not truncated');

-- ---- trace codes

INSERT INTO qa.item (feedetl_sn, fee_ocur_time, chrgitm_lv, cnt, pric, drug_trac_codg) VALUES ('T1', '2025-01-01', '01', 2, 10, '{8001,8002}');
SELECT refused($$INSERT INTO qa.item (feedetl_sn, fee_ocur_time, chrgitm_lv, cnt, pric, drug_trac_codg) VALUES ('X', '2025-01-05', '01', 1, 10, '{8002}')$$,
  'YB501', 'trace code 8002 was settled before', 'one trace code settles once [A264]');
SELECT refused($$INSERT INTO qa.item (feedetl_sn, fee_ocur_time, chrgitm_lv, cnt, pric, drug_trac_codg) VALUES ('X', '2025-01-05', '01', 2, 10, '{8003,8003}')$$,
  'YB501', 'trace code 8003 was settled before', 'nor twice in one line [A264]');
SELECT refused($$INSERT INTO qa.item (feedetl_sn, init_feedetl_sn, fee_ocur_time, cnt, drug_trac_codg) VALUES ('X', 'T1', '2025-01-05', -1, '{8003}')$$,
  'YB307', 'trace code 8003 is not one that fee line "T1" has to give back', 'a return gives back codes of its own line');
INSERT INTO qa.item (feedetl_sn, init_feedetl_sn, fee_ocur_time, cnt, drug_trac_codg) VALUES ('T1-1', 'T1', '2025-01-05', -1, '{8002}');
INSERT INTO qa.item (feedetl_sn, fee_ocur_time, chrgitm_lv, cnt, pric, drug_trac_codg) VALUES ('T2', '2025-01-05', '01', 1, 10, '{8002}');
SELECT is((SELECT string_agg(format('%s %s %s', use_no, given_back, feedetl_sn), ', ' ORDER BY use_no, given_back) FROM qa.item_trace WHERE drug_trac_codg = '8002'),
  '1 f T1, 1 t T1-1, 2 f T2', 'given back, it may settle again, once [A264]');
SELECT refused($$INSERT INTO qa.item (feedetl_sn, fee_ocur_time, chrgitm_lv, cnt, pric, drug_trac_codg) VALUES ('X', '2025-01-05', '01', 1, 10, '{8002}')$$,
  'YB501', 'trace code 8002 was settled before', 'and not a third time [A264]');
INSERT INTO qa.item (feedetl_sn, init_feedetl_sn, fee_ocur_time, cnt) VALUES ('T1-2', 'T1', '2025-01-05', -1);
SELECT lives_ok($$INSERT INTO qa.item (feedetl_sn, fee_ocur_time, chrgitm_lv, cnt, pric, drug_trac_codg) VALUES ('T3', '2025-01-05', '01', 1, 10, '{8001}')$$,
  'the return of the rest gives back the codes that none has named [A264]');
SELECT refused($$INSERT INTO qa.item_trace VALUES ('9', 1, false, 'T1')$$, 'YB305', NULL, 'nobody writes trace codes but the trigger');
SELECT refused($$INSERT INTO qa.item (feedetl_sn, fee_ocur_time, chrgitm_lv, cnt, pric, drug_trac_codg) VALUES ('X', '2025-01-05', '01', 1, 10, '{NULL}')$$,
  'YB006', 'drug_trac_codg has an element that is NULL or empty', 'a code that was not scanned');

-- ---- the header of the settlement

CREATE FUNCTION bill(id text, ownpay numeric, overlmt numeric, preself numeric, inscp numeric) RETURNS text LANGUAGE sql AS $$
SELECT format('INSERT INTO qa.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, setl_type, fixmedins_code) '
  'VALUES (%L, %L, ''390'', ''2025-02-01'', %s, %s, %s, %s, %s, ''21'', ''2'', ''H1'');', id, 'P' || id, ownpay + overlmt + preself + inscp, ownpay, overlmt, preself, inscp)
$$;
CREATE FUNCTION two_lines(id text) RETURNS text LANGUAGE sql AS $$
SELECT format('INSERT INTO qa.item (feedetl_sn, setl_id, fee_ocur_time, chrgitm_lv, cnt, pric, pric_uplmt_amt, selfpay_prop) '
  'VALUES (%L, %L, ''2025-01-31'', ''02'', 3, 120, 100, 0.10), (%L, %L, ''2025-01-31'', ''03'', 1, 40, NULL, NULL);', id || 'a', id, id || 'b', id)
$$;
BEGIN;
SELECT two_lines('S1') AS lines, bill('S1', 40, 60, 30, 270) AS bill \gset
:lines
:bill
COMMIT;
SELECT is((SELECT hifp_pay FROM qa.settlement WHERE setl_id = 'S1'), 135.00, 'lines and their settlement in one transaction, in any order');
SELECT is((SELECT row(medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, lines)::text FROM qa.item_header WHERE setl_id = 'S1'), '(400.00,40.00,60.00,30.00,270.00,2)',
  'the header from the lines: 360 + 40, 40, 60, 30, 270');
SELECT refused('DO $$BEGIN ' || bill('S2', 30, 70, 30, 270) || two_lines('S2') || ' SET CONSTRAINTS ALL IMMEDIATE; END$$',
  'YB003', 'fulamt_ownpay_amt of settlement "S2" is 30, its fee lines add up to 40.00', 'a header that is not the sum of its lines');
SELECT refused('DO $$BEGIN ' || two_lines('S3') || ' SET CONSTRAINTS ALL IMMEDIATE; END$$',
  'YB307', 'fee line "S3a" names settlement "S3", which there is not', 'lines of a settlement that there is not');
SELECT lines() AS before \gset
\set ON_ERROR_STOP 0
\set VERBOSITY sqlstate
BEGIN;
INSERT INTO qa.item (feedetl_sn, setl_id, fee_ocur_time, chrgitm_lv, cnt, pric) VALUES ('S1c', 'S1', '2025-01-31', '01', 1, 0.01);
COMMIT;
\set state :LAST_ERROR_SQLSTATE
\set VERBOSITY default
\set ON_ERROR_STOP 1
SELECT is(:'state'::text, 'YB003', 'a line that is added to a settlement afterwards fails the commit');
SELECT is(lines(), :before::bigint, 'and is not there');
BEGIN;
INSERT INTO qa.settlement (setl_id, init_setl_id, setl_time) VALUES ('R1', 'S1', '2025-02-02');
INSERT INTO qa.item (feedetl_sn, init_feedetl_sn, setl_id, fee_ocur_time, cnt) VALUES ('S1a-', 'S1a', 'R1', '2025-02-02', -3), ('S1b-', 'S1b', 'R1', '2025-02-02', -1);
COMMIT;
SELECT is((SELECT inscp_scp_amt FROM qa.item_header WHERE setl_id = 'R1'), -270.00, 'the reversal of a settlement and the returns of its lines have the same amounts, negative');
SELECT is((SELECT sum(medfee_sumamt) FROM qa.item_header WHERE setl_id IN ('S1', 'R1')), 0.00, 'together nothing');

-- ---- who may

CREATE ROLE item_clerk;
GRANT USAGE ON SCHEMA yibao, qa TO item_clerk;
GRANT INSERT ON qa.item TO item_clerk;
SET ROLE item_clerk;
INSERT INTO qa.item (feedetl_sn, fee_ocur_time, chrgitm_lv, cnt, pric, drug_trac_codg) VALUES ('C1', '2025-01-01', '01', 1, 10, '{9001}');
INSERT INTO qa.item (feedetl_sn, init_feedetl_sn, fee_ocur_time, cnt) VALUES ('C2', 'C1', '2025-01-02', -1);
RESET ROLE;
SELECT is(parts('C2'), '-10.00 = 0.00 + 0.00 + 0.00 + -10.00', 'who may only insert lines inserts lines and returns; the triggers work as the owner');
SELECT is((SELECT booked_by FROM qa.item WHERE feedetl_sn = 'C1'), 'item_clerk', 'the row says who it was');
SELECT is(has_table_privilege('item_clerk', 'qa.item_trace', 'INSERT'), false, 'the trace codes are not his to write');
DROP OWNED BY item_clerk;
DROP ROLE item_clerk;

-- another shape of the table is an error, not a crash
ALTER TABLE qa.item DROP CONSTRAINT item_return, ALTER cnt_before TYPE text;
SELECT throws_ok($$INSERT INTO qa.item (feedetl_sn, fee_ocur_time, chrgitm_lv, cnt, pric) VALUES ('X', '2025-01-01', '01', 1, 10)$$,
  '42804', 'column cnt_before of table item is not as it was made', 'a column of another type is named');

SELECT * FROM finish();
