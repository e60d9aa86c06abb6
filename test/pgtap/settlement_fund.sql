-- 挂账, reversal, layers of other payers, settle_once and explain_settlement.
\set ECHO none
SELECT plan(110);
\ir settlement_setup.psql

SELECT yibao.create_poolarea('qa', '620522');
INSERT INTO qa.policy (rules) VALUES (doc());
INSERT INTO qa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, heads, serious_amt) VALUES ('R1', 'contribution', 'fiscal', '2022-01-10', 2022, 1000, 10, 0);
SELECT is(avail('inpatient'), 700.00, 'the inpatient pool holds 700.00');

-- reversal
DO $$BEGIN PERFORM put('A1', 'P1', '700'); END$$;
DO $$BEGIN PERFORM put('A2', 'P1', '700'); END$$;
SELECT is(avail('inpatient'), 400.00, 'two stays took 150.00 each');
CREATE TEMP TABLE saved AS SELECT cum FROM qa.person_year;
DO $$BEGIN PERFORM put('A3', 'P1', '600'); END$$;
CREATE FUNCTION rev(id text, init text, more jsonb DEFAULT '{}') RETURNS text LANGUAGE sql STABLE AS $$
SELECT format('INSERT INTO qa.settlement (%s) VALUES (%s)', string_agg(quote_ident(key), ', '), string_agg(quote_nullable(value), ', '))
FROM jsonb_each_text(jsonb_build_object('setl_id', id, 'init_setl_id', init, 'setl_time', '2022-07-02 09:00:00', 'refd_setl_flag', '1') || more)
$$;
SELECT refused(rev('X1', 'A1'), 'YB502', 'reversing a settlement that is not the last of its person-year');
SELECT throws_like(rev('X1', 'A1'), '%"A1" is not the last one%', 'which says so');
SELECT refused(rev('X1', 'A9'), 'YB307', 'reversing what was never settled');
SELECT refused(rev('X1', 'A3', '{"psn_no": "P2"}'), 'YB504', 'a reversal for another person');
SELECT refused(rev('X1', 'A3', '{"medfee_sumamt": "-1"}'), 'YB002', 'a reversal with an amount of its own');
SELECT refused(rev('X1', 'A3', '{"medfee_sumamt": "600"}'), 'YB504', 'a reversal with its original''s amount');
SELECT lives_ok(rev('X3', 'A3'), 'the last one is reversed');
SELECT results_eq($$SELECT medfee_sumamt, inscp_scp_amt, hifp_pay, psn_cash_pay, psn_no, clr_ym, psn_setl_no, prev_setl_id, refd_setl_flag, pool, policy_id FROM qa.settlement WHERE setl_id = 'X3'$$,
  $$VALUES (-600.00, -600.00, -75.00, -525.00, 'P1'::text COLLATE "C", '202205'::text COLLATE "C", 4, 'A3'::text COLLATE "C", true, 'inpatient'::text COLLATE "C", '390-2018-09-18-1'::text COLLATE "C")$$,
  'with the original''s amounts turned round, its policy, its clearing month');
SELECT is((SELECT cum FROM qa.person_year WHERE psn_no = 'P1'), (SELECT cum FROM saved), 'accumulators go back');
SELECT is((SELECT last_setl_id FROM qa.person_year WHERE psn_no = 'P1'), 'A2', 'the one before is the last one again');
SELECT is(avail('inpatient'), 400.00, 'what was taken is available again');
SELECT is(committed('inpatient'), 300.00, 'and committed no longer');
SELECT refused(rev('X4', 'A3'), 'YB503', 'reversing twice');
SELECT refused(rev('X4', 'X3'), 'YB503', 'reversing a reversal');
CREATE FUNCTION run(s text) RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE n bigint; BEGIN EXECUTE s; GET DIAGNOSTICS n = ROW_COUNT; RETURN n; END $$;
SELECT is(run(rev('X3', 'A3')), 0::bigint, 'the same reversal again inserts nothing');
SELECT lives_ok(rev('X2', 'A2'), 'then the one before can be reversed');
SELECT is(cum('P1', 'cum_ipt_hifp'), '150.00', 'its payment is counted no more');
SELECT is(put('A4', 'P1', '700'), 1::bigint, 'and settled anew under a new key');
SELECT is((SELECT psn_setl_no || ' ' || prev_setl_id FROM qa.settlement WHERE setl_id = 'A4'), '6 A1', 'the order of record goes on');

-- 挂账
SELECT is(avail('inpatient'), 400.00, '400.00 are left');
SELECT is(put('Q1', 'P2', '1500', '{"setl_time": "2022-06-10"}'), 1::bigint, 'a claim of 750.00 is settled though the pool is short');
SELECT is((SELECT hifp_pay FROM qa.settlement WHERE setl_id = 'Q1'), 750.00, 'the patient''s figures are final');
SELECT is(avail('inpatient'), 400.00, 'available does not go below zero, it stays');
SELECT is((SELECT unfunded FROM qa.pool_status WHERE pool = 'inpatient'), 750.00, 'the commitment is unfunded');
SELECT is((SELECT state || ' ' || amount_fen FROM qa.queue WHERE setl_id = 'Q1'), 'waiting 75000', 'and waits');
SELECT is((SELECT count(*) FROM qa.alert WHERE kind = 'pool_short' AND pool = 'inpatient' AND key = 'Q1'), 1::bigint, 'an alert is raised');
DO $$BEGIN PERFORM put('Q2', 'P3', '700', '{"setl_time": "2022-06-10 12:00"}'); END$$;
SELECT is((SELECT state FROM qa.queue WHERE setl_id = 'Q2'), 'waiting', 'what would fit joins the queue behind it');
DO $$BEGIN PERFORM put('Q3', 'P4', '600', '{"setl_time": "2022-06-11"}'); END$$;
SELECT is((SELECT count(*) FROM qa.payable_item WHERE setl_id LIKE 'Q%'), 0::bigint, 'no unfunded commitment can be paid');
INSERT INTO qa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, heads, serious_amt) VALUES ('R2', 'contribution', 'fiscal', '2022-06-20', 2022, 1000, 10, 0);
SELECT is((SELECT string_agg(setl_id || ' ' || state, ', ' ORDER BY setl_id) FROM qa.queue), 'Q1 funded, Q2 funded, Q3 funded', 'money comes: funded in the order of (clr_ym, setl_time, setl_id)');
SELECT is(avail('inpatient'), 125.00, '400 + 700 - 150 - 750 - 75');
SELECT is((SELECT unfunded FROM qa.pool_status WHERE pool = 'inpatient'), 0.00, 'nothing is unfunded');
DO $$BEGIN PERFORM put('Q4', 'P5', '1500', '{"setl_time": "2022-06-12"}'); END$$;
SELECT lives_ok(rev('X5', 'Q4'), 'a waiting settlement is reversed');
SELECT is((SELECT state FROM qa.queue WHERE setl_id = 'Q4'), 'withdrawn', 'its place in the queue goes');
SELECT is(avail('inpatient'), 125.00, 'available is as it was');
SELECT is((SELECT unfunded FROM qa.pool_status WHERE pool = 'inpatient'), 0.00, 'and nothing stays unfunded');
-- part of a statement fits
INSERT INTO qa.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, setl_type, fixmedins_code, refl, area)
SELECT 'V' || n, 'PV' || n, '390', timestamp '2022-06-15' - n * interval '1 day', 600, 0, 0, 0, 600, '21', '2', 'H2', 'up', 'county' FROM generate_series(1, 3) n;
SELECT is((SELECT string_agg(setl_id, ',' ORDER BY setl_id) FROM qa.queue WHERE state = 'waiting'), 'V1,V2', 'of 3 x 75.00 the one fits that settled first, the others wait');
SELECT is(avail('inpatient'), 50.00, 'no part of a commitment is funded');
SELECT is((SELECT string_agg(role || ' ' || amount_fen, ', ' ORDER BY line) FROM qa.entry WHERE journal_id = (SELECT journal_id FROM qa.settlement WHERE setl_id = 'V1')),
  'benefit_unfunded 15000, payable -15000, benefit_committed 7500, payable -7500', 'each is posted as it is');
SELECT lives_ok(rev('X6', 'V3'), 'a funded one is reversed');
SELECT is((SELECT string_agg(setl_id, ',' ORDER BY setl_id) FROM qa.queue WHERE state = 'waiting'), 'V1', 'and its money funds the next in the queue');
-- refuse
INSERT INTO qa.policy (rules) VALUES (jsonb_set(doc('{"valid_from": "2023-01-01"}'), '{fund,on_pool_short}', '"refuse"'));
SELECT refused(ins('W1', 'P8', '1500', '{"setl_time": "2023-02-01"}'), 'YB301', 'a policy that refuses when the pool is short');

-- all layers and payers in one call
INSERT INTO qa.policy (rules) VALUES (jsonb_set(doc('{"valid_from": "2024-01-01"}'), '{layers}', (doc()->'layers') || jsonb '[
  {"code": "serious", "pays": "hifmi_pay", "payer": {"kind": "external", "name": "某保险公司", "pays": "centre_advances", "model": "insurer", "source": "t"}, "base": ["copay", "deductible"],
   "rounding": "layer", "deductible": [{"amount": "100.00", "per": "visit", "source": "t"}], "ratio": [{"ratio": "0.50", "source": "t"}]},
  {"code": "assistance", "pays": "maf_pay", "payer": {"kind": "other_book", "fund": "assistance", "name": "民政局", "pays": "hospital_direct", "source": "t"}, "base": ["copay", "deductible"],
   "rounding": "layer", "deductible": [{"amount": "0.00", "per": "visit", "source": "t"}], "ratio": [{"ratio": "0.40", "source": "t"}]}]'));
INSERT INTO qa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, heads, serious_amt) VALUES ('R3', 'contribution', 'fiscal', '2024-01-20', 2024, 10000, 10, 0);
INSERT INTO qa.receipt (receipt_id, fund, kind, account, received_on, coverage_year, amt) VALUES ('R4', 'assistance', 'subsidy', 'fiscal', '2024-01-20', 2024, 200);
SELECT is(put('L1', 'P9', '1000', '{"setl_time": "2024-03-01"}'), 1::bigint, 'three layers settle in one INSERT');
SELECT results_eq($$SELECT hifp_pay, hifmi_pay, maf_pay, psn_cash_pay FROM qa.settlement WHERE setl_id = 'L1'$$,
  'VALUES (375.00, 262.50, 145.00, 217.50)', '375; (625 - 100) x 50 %; (625 - 262.50) x 40 %; the patient pays the rest [A070 A071]');
SELECT is((SELECT string_agg(fund || ' ' || role || ' ' || layer || ' ' || coalesce(payer, '-') || ' ' || amount_fen, ', ' ORDER BY line) FROM qa.entry WHERE journal_id = (SELECT journal_id FROM qa.settlement WHERE setl_id = 'L1')),
  'assistance benefit_committed assistance 民政局 14500, assistance payable assistance 民政局 -14500, resident benefit_committed basic - 37500, resident payable basic - -37500, resident receivable_payer serious 某保险公司 26250, resident payable serious 某保险公司 -26250',
  'each payer''s part is posted in its own book: own fund, advanced for an insurer, assistance');
SELECT is(avail('assistance'), 55.00, 'assistance pays from its own available');
DO $$BEGIN PERFORM put('L2', 'P10', '1000', '{"setl_time": "2024-03-02"}'); END$$;
SELECT is((SELECT layer || ' ' || fund || ' ' || state FROM qa.queue WHERE setl_id = 'L2'), 'assistance assistance waiting', 'only the payer that is short waits');
SELECT lives_ok(rev('X7', 'L1', '{"setl_time": "2024-03-02 09:00:00"}'), 'a settlement of three payers is reversed');
SELECT is((SELECT sum(amount_fen) FROM qa.entry WHERE role IN ('receivable_payer') AND journal_id IN (SELECT journal_id FROM qa.settlement WHERE setl_id IN ('L1', 'X7'))), 0::numeric, 'nothing is due from the insurer');
SELECT is((SELECT state FROM qa.queue WHERE setl_id = 'L2'), 'funded', 'what came back to assistance funds what waited there');

-- a payer who pays the hospital himself, and one of whom nobody knows
INSERT INTO qa.policy (rules) VALUES (jsonb_set(doc('{"valid_from": "2025-01-01"}'), '{layers}', (doc()->'layers') || jsonb '[
  {"code": "serious", "pays": "hifmi_pay", "payer": {"kind": "external", "name": "某保险公司", "pays": "hospital_direct", "model": "insurer", "source": "t"}, "base": ["copay", "deductible"],
   "rounding": "layer", "deductible": [{"amount": "100.00", "per": "visit", "source": "t"}], "ratio": [{"ratio": "0.50", "source": "t"}]}]'));
INSERT INTO qa.policy (rules) VALUES (jsonb_set(doc('{"valid_from": "2026-01-01"}'), '{layers}', (doc()->'layers') || jsonb '[
  {"code": "serious", "pays": "hifmi_pay", "payer": {"kind": "external", "name": "某保险公司", "pays": "unknown", "model": "insurer", "source": "t"}, "base": ["copay", "deductible"],
   "rounding": "layer", "deductible": [{"amount": "100.00", "per": "visit", "source": "t"}], "ratio": [{"ratio": "0.50", "source": "t"}]}]'));
CREATE FUNCTION lines(id text) RETURNS text LANGUAGE sql AS $$
SELECT string_agg(role || ' ' || amount_fen, ', ' ORDER BY line) FROM qa.entry WHERE layer = 'serious' AND journal_id = (SELECT journal_id FROM qa.settlement WHERE setl_id = id)
$$;
DO $$BEGIN PERFORM put('D1', 'P20', '1000', '{"setl_time": "2025-03-01"}'); END$$;
SELECT is(lines('D1'), 'direct_receivable 26250, direct_payable -26250', 'what the insurer pays the hospital itself is a memo of the two');
INSERT INTO qa.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, setl_type, fixmedins_code, refl, area)
SELECT 'D' || n, 'PD' || n, '390', '2025-03-01', 1000, 0, 0, 0, 1000, '21', '2', 'H1', 'up', 'county' FROM generate_series(2, 3) n;
SELECT is(lines('D2'), 'direct_receivable 52500, direct_payable -52500', 'and that of two rows of a statement, summed up');
SELECT is((SELECT sum(paid_by_others) FROM qa.obligation WHERE party = 'H1' AND layer = 'serious' AND clr_ym = '202503'), 787.50, 'the hospital sees who owes it');
SELECT is((SELECT count(*) FROM qa.payable_item WHERE layer = 'serious' AND clr_ym = '202503'), 0::bigint, 'and we pay nothing of it');
SELECT lives_ok(rev('X9', 'D1', '{"setl_time": "2025-03-02 09:00:00"}'), 'it is reversed');
SELECT is(lines('X9'), 'direct_receivable -26250, direct_payable 26250', 'with the memo');
SELECT refused(ins('U1', 'P21', '1000', '{"setl_time": "2026-03-01"}'), 'YB202', 'a payer of whom the policy does not say how he pays');
SELECT refused($$INSERT INTO qa.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, setl_type, fixmedins_code, refl, area)
SELECT 'U' || n, 'PU' || n, '390', '2026-03-01', 1000, 0, 0, 0, 1000, '21', '2', 'H1', 'up', 'county' FROM generate_series(2, 3) n$$, 'YB202', 'the same in a statement of two rows');
SELECT is(put('U4', 'P22', '100', '{"setl_time": "2026-03-01"}'), 1::bigint, 'which does not matter where he pays nothing');

-- who is guarded by a statement trigger
SELECT refused('UPDATE qa.person_year SET setl_cnt = 0', 'YB304', 'a person-year is not changed by hand');
SELECT refused('DELETE FROM qa.person_year WHERE false', 'YB304', 'not even none of them');
SELECT refused($$INSERT INTO qa.setl_key VALUES ('Z1', '', now())$$, 'YB305', 'a key is not claimed by hand');
SELECT refused($$WITH k AS (UPDATE qa.person_year SET setl_cnt = 0) $$ || ins('Z2', 'P23', '100', '{"setl_time": "2024-06-01"}'), 'YB304', 'nor a person-year changed in the statement that settles');
SELECT refused('UPDATE qa.slot SET avail = avail + 1', 'YB305', 'nor a slot');
SELECT refused($$WITH s AS (UPDATE qa.slot SET avail = avail + 1 RETURNING 1) $$ || ins('Z3', 'P23', '100', '{"setl_time": "2024-06-01"}'), 'YB305', 'nor a slot in that statement');
SELECT refused($$COPY qa.setl_key FROM PROGRAM 'true'$$, 'YB305', 'nor by COPY of no row');
SELECT refused(ins('L1', 'P9', '1000', '{"setl_time": "1990-01-01"}'), 'YB501', 'a key that is used is told before a day without a policy');
SELECT refused(ins('Z4', 'P9', '1000', '{"setl_time": "1990-01-01"}'), 'YB008', 'which is told of a new one');
SELECT is((SELECT string_agg("check" || ': ' || detail, '; ') FROM yibao.verify('qa') WHERE NOT ok AND "check" LIKE '%altered%'), NULL, 'the digest that the trigger filled is that of the stored row');

-- tables that their owner altered are an error, no crash
CREATE FUNCTION altered(ddl text, statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE ddl;
  EXECUTE statement;
  RETURN 'settled';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE;
END $$;
SELECT is(altered('DROP VIEW qa.person_year_cum; ALTER TABLE qa.person_year ALTER setl_cnt TYPE bigint', ins('Z5', 'P9', '1000', '{"setl_time": "2024-06-01"}')), '42804', 'a number in the year that is longer');
SELECT is(altered('ALTER TABLE qa.setl_key ALTER claimed_at TYPE text', ins('L1', 'P9', '1000', '{"setl_time": "2024-06-01"}')), '42804', 'a time that is text');
SELECT is(altered('ALTER TABLE qa.settlement DROP COLUMN clr_ym CASCADE, ADD COLUMN clr_ym integer', ins('Z6', 'P9', '1000', '{"setl_time": "2024-06-01"}')), '42804', 'a month that is a number');
SELECT is(put('Z7', 'P9', '100', '{"setl_time": "2024-06-01"}'), 1::bigint, 'as it was made, it settles again');

-- settle_once
SELECT is((yibao.settle_once('qa', jsonb '{"setl_id": "S1", "psn_no": "P11", "insutype": "390", "setl_time": "2024-05-01", "medfee_sumamt": "1000.00", "fulamt_ownpay_amt": 0,
  "overlmt_selfpay": 0, "preselfpay_amt": 0, "inscp_scp_amt": 1000.00, "med_type": "21", "fixmedins_code": "H1", "refl": "up", "area": "county"}')).hifp_pay, 375.00, 'settle_once settles');
SELECT is(avail('inpatient'), (SELECT available FROM qa.pool_status WHERE pool = 'inpatient'), 'and takes');
CREATE TEMP TABLE once AS SELECT avail('inpatient') AS was;
SELECT is((s).hifp_pay || ' ' || (s).cum[1] || ' ' || (s).pool || ' ' || (s).benefit, '375.00 1 inpatient inpatient', 'a repeat returns the first result')
FROM (SELECT yibao.settle_once('qa', jsonb '{"setl_id": "S1", "psn_no": "P11", "insutype": "390", "setl_time": "2024-05-01", "medfee_sumamt": "1000.00", "fulamt_ownpay_amt": 0,
  "overlmt_selfpay": 0, "preselfpay_amt": 0, "inscp_scp_amt": 1000.00, "med_type": "21", "fixmedins_code": "H1", "refl": "up", "area": "county"}') s OFFSET 0) x;
SELECT is(avail('inpatient'), (SELECT was FROM once), 'and takes nothing more');
SELECT throws_ok($$SELECT yibao.settle_once('qa', '{"setl_id": "S1", "psn_no": "P11", "insutype": "390", "setl_time": "2024-05-01", "medfee_sumamt": 1}')$$, 'YB501', NULL, 'other content under the key is refused');
SELECT throws_ok($$SELECT yibao.settle_once('qa', '{"setl_id": "S2", "psn_nr": "P11"}')$$, 'YB005', NULL, 'a misspelt key is refused');
SELECT throws_ok($$SELECT yibao.settle_once('qa', '[]')$$, 'YB009', NULL, 'an array is no claim');
SELECT throws_ok($$SELECT yibao.settle_once('nowhere', '{}')$$, 'YB603', NULL, 'no such area');
SELECT throws_ok($$SELECT yibao.settle_once(NULL, '{}')$$, 'YB603', NULL, 'no area');
SELECT is((yibao.settle_once('qa', '{"setl_id": "X8", "init_setl_id": "S1", "setl_time": "2024-05-02"}')).cum[1], 0::bigint, 'a reversal by settle_once returns the accumulators it went back to');

-- explain_settlement
SELECT is((SELECT sum(amount) FROM yibao.explain_settlement('qa', 'L1') WHERE settles = 'hifp_pay'), 375.00, 'the steps of a stored settlement add up to what was paid');
SELECT is((SELECT count(DISTINCT s.setl_id) FROM qa.settlement s WHERE init_setl_id IS NULL AND
  (SELECT sum(amount) FROM yibao.explain_settlement('qa', s.setl_id, 'en') WHERE settles = 'hifp_pay') IS DISTINCT FROM s.hifp_pay AND s.hifp_pay <> 0), 0::bigint, 'every one, though policies were published since');
SELECT isnt_empty($$SELECT * FROM yibao.explain_settlement('qa', 'X7', 'zh')$$, 'a reversal is explained by its original');
SELECT is_empty($$SELECT * FROM yibao.explain_settlement('qa', 'none')$$, 'an unknown key has no steps');
SELECT throws_ok($$SELECT * FROM yibao.explain_settlement('nowhere', 'L1')$$, 'YB603', NULL, 'no such area to explain');

SELECT is((SELECT sum(amount_fen) FROM qa.entry WHERE book = 'S'), 0::numeric, 'book S is balanced');
SELECT is((SELECT avail('inpatient') + avail('outpatient') + (SELECT sum(committed) FROM qa.pool_status WHERE fund = 'resident')),
  (SELECT sum(balance) FROM qa.pool_status WHERE pool IN ('inpatient', 'outpatient')), 'available + committed = balance of the pools');
SELECT * FROM finish();
