-- The settlement trigger: what it pays, what it counts, what it refuses, and that nothing is counted or paid twice.
-- Figures are worked out by hand from the policy below: 75 % above 500.00 inpatient, 60 % outpatient, 1,000.00 a year inpatient.
\set ECHO none
SELECT plan(79);
\ir settlement_setup.psql

SELECT lives_ok($$SELECT yibao.create_poolarea('qa', '620522')$$, 'an area is made');
SELECT throws_ok(ins('N1', 'P1'), 'YB008', NULL, 'without a policy in force no claim is settled');
INSERT INTO qa.policy (rules) VALUES (doc());
INSERT INTO qa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, heads, serious_amt) VALUES ('R1', 'contribution', 'fiscal', '2022-01-10', 2022, 100000, 1000, 0);
SELECT is(avail('inpatient'), 70000.00, '70 % of the receipt is there for inpatients');

-- results
SELECT is(put('A1', 'P1'), 1::bigint, 'a claim is inserted');
SELECT results_eq($$SELECT hifp_pay, fund_pay_sumamt, psn_part_amt, psn_cash_pay, act_pay_dedc, benefit, pool, year, clr_ym, psn_setl_no, refd_setl_flag FROM qa.settlement WHERE setl_id = 'A1'$$,
  $$VALUES (375.00, 375.00, 625.00, 625.00, 500.00, 'inpatient'::text COLLATE "C", 'inpatient'::text COLLATE "C", 2022, '202205'::text COLLATE "C", 1, false)$$,
  'result columns are filled: (1,000 - 500) x 75 %, and the patient pays only the rest [A070]');
SELECT is((SELECT booked_by FROM qa.settlement WHERE setl_id = 'A1'), current_user::text, 'the outer user is recorded');
SELECT is(avail('inpatient'), 69625.00, 'available goes down by what the pool owes');
SELECT is(committed('inpatient'), 375.00, 'which is committed, not paid: a settlement posts book S only');
SELECT is((SELECT count(*) FROM qa.entry e JOIN qa.settlement s USING (journal_id) WHERE setl_id = 'A1' AND book <> 'S'), 0::bigint, 'no cash and no pool line before payment');
SELECT is((SELECT string_agg(role || ' ' || party || ' ' || amount_fen, ', ' ORDER BY line) FROM qa.entry e JOIN qa.settlement s USING (journal_id) WHERE setl_id = 'A1'),
  'benefit_committed H1 37500, payable H1 -37500', 'the provider is owed it');
SELECT is(put('A2', 'P1', '300', '{"med_type": "11", "setl_type": "1"}'), 1::bigint, 'an outpatient claim reimbursed by hand');
SELECT is((SELECT party || ' ' || amount_fen FROM qa.entry e JOIN qa.settlement s USING (journal_id) WHERE setl_id = 'A2' AND role = 'payable'), 'psn:P1 -18000', 'the person is owed 300 x 60 %');
SELECT is(avail('outpatient'), 29820.00, 'out of the outpatient pool');
SELECT is(cum('P1', 'cum_setl_cnt') || ' ' || cum('P1', 'cum_ipt_cnt') || ' ' || cum('P1', 'cum_ipt_hifp') || ' ' || cum('P1', 'cum_otp_hifp'), '2 1 375.00 180.00', 'accumulators advance by benefit, in yuan');
SELECT is((SELECT opn_cum[1] FROM qa.settlement WHERE setl_id = 'A2'), 1::bigint, 'a row keeps its opening accumulators');
SELECT is((SELECT prev_setl_id FROM qa.settlement WHERE setl_id = 'A2'), 'A1', 'and the one before it');

-- programme first, referral
SELECT is(put('A3', 'P2', '1000', '{"prog_pay": "200"}'), 1::bigint, 'a special programme paid 200');
SELECT results_eq($$SELECT hifp_pay, oth_pay, psn_cash_pay FROM qa.settlement WHERE setl_id = 'A3'$$, 'VALUES (225.00, 200.00, 575.00)', 'programme first, insurance on the rest: (1,000 - 200 - 500) x 75 % [A036]');
SELECT is((SELECT sum(amount_fen) FROM qa.entry e JOIN qa.settlement s USING (journal_id) WHERE setl_id = 'A3' AND role = 'benefit_committed'), 22500::numeric, 'the fund owes its own part only, not the programme''s [A037]');
SELECT is(put('A4', 'P3', '1000', '{"refl": "none", "area": "province"}'), 1::bigint, 'a stay without the referral it needed');
SELECT is((SELECT hifp_pay FROM qa.settlement WHERE setl_id = 'A4'), 325.00, 'ratio 10 points lower: 500 x 65 % [A078 A079]');
SELECT is(put('A5', 'P4', '1000', '{"refl": "down"}'), 1::bigint, 'a stay after downward referral');
SELECT is((SELECT hifp_pay FROM qa.settlement WHERE setl_id = 'A5'), 750.00, 'no deductible: 1,000 x 75 % [A080 A081]');

-- the cap, within one statement
INSERT INTO qa.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, setl_type, fixmedins_code, refl, area)
SELECT 'B' || n, 'P5', '390', '2022-06-01', 1500, 0, 0, 0, 1500, '21', '2', 'H1', 'up', 'county' FROM generate_series(1, 2) n;
SELECT is((SELECT array_agg(hifp_pay ORDER BY setl_id) FROM qa.settlement WHERE psn_no = 'P5'), '{750.00,250.00}', 'two claims of one person in one INSERT stop at the cap of 1,000 together [A071]');
SELECT is(cum('P5', 'cum_ipt_hifp'), '1000.00', 'and the person-year says so');
SELECT is((SELECT count(DISTINCT journal_id) FROM qa.settlement WHERE psn_no = 'P5'), 1::bigint, 'one journal for the statement');
SELECT is((SELECT sum(amount_fen) FROM qa.entry WHERE role = 'benefit_committed' AND journal_id = (SELECT journal_id FROM qa.settlement WHERE setl_id = 'B1')), 100000::numeric, 'which posts their sum once');

-- keys
SELECT is(put('A1', 'P1'), 0::bigint, 'the same key with the same content inserts nothing');
SELECT is(cum('P1', 'cum_setl_cnt'), '2', 'and counts nothing');
SELECT refused(ins('A1', 'P1', '1001'), 'YB501', 'the same key with other content');
SELECT refused(ins('A1', 'P9'), 'YB501', 'the same key for another person');
CREATE FUNCTION detail(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE d text;
BEGIN EXECUTE statement; RETURN 'no error'; EXCEPTION WHEN OTHERS THEN GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL; RETURN d; END $$;
SELECT matches(detail(ins('A1', 'P1', '1001')), '^First at .* with hash ' || encode((SELECT req_hash FROM qa.setl_key WHERE setl_id = 'A1'), 'hex'), 'the first one''s hash and time are in the detail');
SELECT is(put('A1', 'P1', '1000', '{"mdtrt_id": null}'), 0::bigint, 'a NULL more is no other content');

-- ON CONFLICT; a trigger that drops the row is in test/isolation/specs/settle_vanished.spec
SELECT is((SELECT count(*) FROM qa.settlement), 7::bigint, 'seven settlements so far');
CREATE FUNCTION conflict_do_nothing() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN EXECUTE ins('A1', 'P1') || ' ON CONFLICT DO NOTHING'; GET DIAGNOSTICS n = ROW_COUNT; RETURN n; END $$;
SELECT is(conflict_do_nothing(), 0::bigint, 'ON CONFLICT DO NOTHING on a settled key is the same as without');
SELECT is(cum('P1', 'cum_setl_cnt'), '2', 'and counts nothing');
-- result columns
SELECT is(put('C1', 'P6', '1000', '{"hifp_pay": "375"}'), 1::bigint, 'an equal result is accepted');
SELECT refused(ins('C2', 'P6', '1000', '{"hifp_pay": "376.00"}'), 'YB504', 'another result');
SELECT throws_like(ins('C2', 'P6', '1000', '{"hifp_pay": "376.00"}'), '%hifp_pay is given as 376.00, the settlement says 375.00%', 'which names both');
SELECT refused(ins('C2', 'P6', '1000', '{"journal_id": "1"}'), 'YB504', 'a journal id of one''s own');
SELECT refused(ins('C2', 'P6', '1000', '{"year": "2021"}'), 'YB504', 'a year that is not the benefit year');

-- bad input
SELECT refused(ins('E1', 'P7', '1000.005'), 'YB001', 'a third decimal');
SELECT refused(ins('E1', 'P7', 'NaN'), 'YB002', 'NaN');
SELECT refused(ins('E1', 'P7', '1000', '{"medfee_sumamt": "999"}'), 'YB003', 'parts above the total');
SELECT refused(ins('E1', 'P7', '1000', '{"med_type": "77"}'), 'YB004', 'an unknown code');
SELECT refused(ins('E1', NULL), 'YB006', 'no person');
SELECT refused(ins(NULL, 'P7'), 'YB006', 'no key');
SELECT refused(ins('E1', 'P7', '1000', '{"setl_time": null}'), 'YB006', 'no time');
SELECT refused(ins('E1', 'P7', '1000', '{"setl_time": "2017-01-01"}'), 'YB008', 'a claim before the first policy');
SELECT refused(ins('E1', 'P7', '1000', '{"med_type": "14"}'), 'YB201', 'a visit that no benefit covers');
SELECT refused(ins('E1', 'P7', '1000', '{"fixmedins_code": null}'), 'YB006', 'a provider that nobody named, though one is owed');
-- 1 is owed to the person, all else to the provider: '01' would go to the wrong one
SELECT refused(ins('E1', 'P7', '1000', jsonb_build_object('setl_type', t)), 'YB004', 'a kind of settlement that is none (' || t || ') is refused, though no rule reads it: who is owed hangs on it') FROM unnest(ARRAY['01', '9']) t;
SELECT is(cum('P7', 'cum_setl_cnt'), NULL, 'and nothing was counted');
SELECT refused($$UPDATE qa.settlement SET hifp_pay = 0$$, 'YB304', 'an UPDATE');
SELECT refused($$DELETE FROM qa.settlement$$, 'YB304', 'a DELETE');
SELECT refused($$UPDATE qa.person_year SET setl_cnt = 0$$, 'YB304', 'accumulators by hand');
SELECT refused($$INSERT INTO qa.setl_key VALUES ('X', '\x00', now())$$, 'YB305', 'a key by hand');

SELECT * FROM finish();
