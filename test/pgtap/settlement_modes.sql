-- Settlements whose amounts another system has decided (setl_mode verify, record): they are what is posted and counted; what the
-- policy gives is compared in verify and asked for nothing but the benefit, its pool and its payers in record. [F13]
-- Basic: 75 % above 500 a visit, 5,000 a year. Serious: 60 % of deductible and own share above 1,000 a year, the centre advances.
-- Assistance: 10 % of what that leaves. A stay of 5,200, of them 200 not in the catalogue, the year's first:
--   basic (5,000 - 500) x 75 % = 3,375; the person's share in policy 500 + 1,125 = 1,625
--   serious (1,625 - 1,000) x 60 % = 375; assistance (1,625 - 375) x 10 % = 125
--   funds 3,375 + 375 + 125 = 3,875; person 5,200 - 3,875 = 1,325
\set ECHO none
SELECT plan(148);
SET check_function_bodies = off;
SET client_min_messages = error;
CREATE ROLE mode_li LOGIN;
CREATE ROLE mode_wang LOGIN;

CREATE FUNCTION doc(more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb '{"yibao": 1, "title": {"zh": "试验"}, "insutype": "390", "admdvs": "620522",
  "valid_from": "2018-01-01", "version_date": "setl_time",
  "sources": {"t": {"doc": "试验文件", "trust": "demo"}},
  "corrections": {"reversal": "replay", "source": "t"},
  "benefits": [{"when": {"med_type": ["21"]}, "benefit": "inpatient", "pool": "inpatient", "source": "t"},
               {"when": {"med_type": ["11"]}, "benefit": "outpatient", "pool": "outpatient", "source": "t"}],
  "fund": {"split": [{"coverage_year": {">=": 2018}, "outpatient": "0.30", "inpatient": "0.70", "base": "received_income",
      "kinds": ["contribution"], "after_serious": true, "rounding": "half_up_outpatient", "source": "t"}],
    "on_pool_short": "refuse", "source": "t"},
  "layers": [
   {"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"], "rounding": "layer",
    "deductible": [{"amount": "500.00", "per": "visit", "source": "t"}],
    "ratio": [{"when": {"med_type": ["21"]}, "ratio": "0.75", "source": "t"}],
    "cap": {"year": [{"per": "year", "on": "payment", "amount": "5000.00", "source": "t"}]}},
   {"code": "serious", "pays": "hifmi_pay", "payer": {"kind": "external", "name": "承办公司", "pays": "centre_advances", "model": "insurer", "source": "t"},
    "base": ["deductible", "copay"], "rounding": "layer",
    "deductible": [{"amount": "1000.00", "per": "year", "source": "t"}], "ratio": [{"ratio": "0.60", "source": "t"}]},
   {"code": "assistance", "pays": "maf_pay", "payer": {"kind": "other_book", "pays": "centre_advances", "fund": "assistance", "source": "t"},
    "base": ["deductible", "copay"], "rounding": "layer",
    "deductible": [{"amount": "0", "per": "visit", "source": "t"}], "ratio": [{"ratio": "0.10", "source": "t"}]}]}' || more
$$;
CREATE FUNCTION area(name text, doc jsonb, money numeric DEFAULT 100000) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM yibao.create_poolarea(name, '620522');
  PERFORM yibao.grant_poolarea(name, 'mode_li', 'clerk'), yibao.grant_poolarea(name, 'mode_wang', 'reviewer');
  EXECUTE format('INSERT INTO %I.policy (rules) SELECT $1', name) USING doc;
  EXECUTE format($q$INSERT INTO %1$I.receipt (receipt_id, kind, account, received_on, coverage_year, amt, heads, serious_amt)
    VALUES ('R1', 'contribution', 'fiscal', '2022-01-10', 2022, $1, 1000, 0)$q$, name) USING money;
  EXECUTE format($q$INSERT INTO %1$I.receipt (receipt_id, kind, account, received_on, coverage_year, fund, amt)
    VALUES ('R2', 'subsidy', 'fiscal', '2022-01-10', 2022, 'assistance', 10000)$q$, name);
END $$;
-- what the application sends; amounts of the other system, and what is otherwise in them
CREATE FUNCTION stay(id text, psn text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_build_object('setl_id', id, 'psn_no', psn, 'insutype', '390', 'setl_time', '2022-05-01 10:00', 'medfee_sumamt', '5200', 'fulamt_ownpay_amt', '200',
  'overlmt_selfpay', '0', 'preselfpay_amt', '0', 'inscp_scp_amt', '5000', 'med_type', '21', 'setl_type', '2', 'fixmedins_code', 'H1') || more
$$;
CREATE FUNCTION given(mode text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_build_object('setl_mode', mode, 'act_pay_dedc', 500, 'hifp_pay', 3375, 'hifmi_pay', 375, 'maf_pay', 125, 'oth_pay', 0, 'fund_pay_sumamt', 3875,
  'psn_part_amt', 1325, 'psn_cash_pay', 1325) || more
$$;
CREATE FUNCTION pays(area text, claim jsonb) RETURNS text LANGUAGE sql AS $$
SELECT concat_ws(' ', s.hifp_pay, s.hifmi_pay, s.maf_pay, s.fund_pay_sumamt, s.psn_part_amt, s.psn_cash_pay) FROM yibao.settle_once(area, claim) s
$$;
CREATE FUNCTION put(area text, claim jsonb) RETURNS text LANGUAGE sql AS $$SELECT format('SELECT yibao.settle_once(%L, %L)', area, claim)$$;
CREATE FUNCTION one(q text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE r text;
BEGIN
  EXECUTE q INTO r;
  RETURN r;
END $$;
CREATE FUNCTION faults(area text) RETURNS text LANGUAGE sql AS $$SELECT string_agg("check" || ': ' || detail, '; ') FROM yibao.verify(area) WHERE NOT ok$$;
-- accumulators in yuan: settlements, stays; deductible, eligible, paid; serious: base, deductible, paid; assistance: base, paid
CREATE FUNCTION cums(area text, psn text) RETURNS text LANGUAGE sql AS $$
SELECT one(format($q$SELECT concat_ws(' ', cum_setl_cnt, cum_ipt_cnt, '|', cum_ipt_dedc, cum_ipt_elig, cum_ipt_hifp, '|', cum_mi_base, cum_mi_dedc, cum_mi_pay, '|', cum_ma_base, cum_ma_pay)
  FROM %I.person_year_cum WHERE psn_no = %L$q$, area, psn))
$$;
CREATE FUNCTION pool(area text, pool text DEFAULT 'inpatient') RETURNS text LANGUAGE sql AS $$
SELECT one(format('SELECT concat_ws('' '', committed, unfunded, available) FROM %I.pool_status WHERE pool = %L', area, pool))
$$;
CREATE FUNCTION diff(area text, id text) RETURNS text LANGUAGE sql AS $$
SELECT one(format('SELECT concat_ws('' '', dedc_diff, hifp_diff, hifmi_diff, maf_diff, oth_diff, fund_diff, psn_diff) FROM %I.setl_diff_open WHERE setl_id = %L', area, id))
$$;
CREATE FUNCTION as_user(who text, sql text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE me text := session_user; code text; said text;
BEGIN
  PERFORM set_config('session_authorization', who, true);
  EXECUTE sql;
  PERFORM set_config('session_authorization', me, true);
  RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, said = MESSAGE_TEXT;
  RETURN code || ' ' || said;
END $$;
-- the amounts of explain's steps, by what they are part of, are those of the settlement
CREATE FUNCTION explained(area text, id text, lang text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE same boolean;
BEGIN
  EXECUTE format($q$SELECT bool_and(x.sum IS NOT DISTINCT FROM (to_jsonb(s) ->> x.part)::numeric) FROM %1$I.settlement s,
    (SELECT part, sum(amount) FROM yibao.explain_settlement(%1$L, %2$L, %3$L) e(step, layer, item, rule, source, trust, base, rate, amount, part, sentence)
     WHERE part IS NOT NULL GROUP BY part) x WHERE s.setl_id = %2$L$q$, area, id, lang) INTO same;
  RETURN same;
END $$;
CREATE FUNCTION says(area text, id text, lang text) RETURNS SETOF text LANGUAGE sql AS $$
SELECT e.sentence FROM yibao.explain_settlement(area, id, lang) e(step, layer, item, rule, source, trust, base, rate, amount, part, sentence) WHERE e.item LIKE 'given%' ORDER BY step
$$;

SELECT area('ma', doc());
SELECT is(pays('ma', stay('C1', 'PC')), '3375.00 375.00 125.00 3875.00 1325.00 1325.00', 'computed: 75 % above 500, 60 % above 1,000, 10 %');
SELECT is((SELECT concat_ws(',', coalesce(setl_mode, '-'), add_cum IS NULL, opn_cum) FROM ma.settlement), '-,t,{0}', 'a computed row has no mode and adds nothing of its own');

-- verify: agrees
SELECT is(pays('ma', stay('V1', 'PV1', given('verify'))), '3375.00 375.00 125.00 3875.00 1325.00 1325.00', 'verify: amounts as the policy gives');
SELECT is((SELECT concat_ws(' ', setl_mode, dedc_std, crt_dedc, act_pay_dedc, first_selfpay, pool_prop_selfpay, pool, benefit) FROM ma.settlement WHERE setl_id = 'V1'),
  'verify 500.00 500.00 500.00 0.00 0.7500 inpatient inpatient', 'verify: what may be left out is filled by what was computed');
SELECT is((SELECT count(*) FROM ma.setl_diff), 0::bigint, 'verify: what agrees to the fen leaves no difference');
SELECT is(cums('ma', 'PV1'), cums('ma', 'PC'), 'verify: and counts as a computed one does');
SELECT is(cums('ma', 'PC'), '1 1 | 500.00 4500.00 3375.00 | 1625.00 1000.00 375.00 | 1250.00 125.00', 'the accumulators, by hand');
SELECT is(pool('ma'), '6750.00 0.00 63250.00', 'both are committed: 70,000 - 2 x 3,375');
SELECT is(pool('ma', 'assistance'), '250.00 0.00 9750.00', 'and in the book of assistance');
SELECT is(faults('ma'), NULL, 'verify finds nothing');
SELECT is((SELECT array_agg(x) FROM says('ma', 'V1', 'zh') x), '{外部系统已结算，金额与本系统计算一致}', 'explain says that they agree');
SELECT ok(explained('ma', 'V1', l), 'its steps add up, ' || l) FROM unnest('{zh,en}'::text[]) l;

-- verify: one fen more from the pooled fund, one less from the person
SELECT is(pays('ma', stay('V2', 'PV2', given('verify', '{"hifp_pay": 3375.01, "fund_pay_sumamt": "3875.01", "psn_part_amt": 1324.99, "psn_cash_pay": 1324.99}'))),
  '3375.01 375.00 125.00 3875.01 1324.99 1324.99', 'verify: another amount is the one that counts');
SELECT is(diff('ma', 'V2'), '0.00 0.01 0.00 0.00 0.00 0.01 -0.01', 'and the fen is noted');
SELECT is((SELECT concat_ws(' ', hifp_pay, fund_pay_sumamt, psn_part_amt) FROM ma.setl_diff WHERE setl_id = 'V2'), '3375.00 3875.00 1325.00', 'with what was computed');
-- own share in policy 500 + (4,500 - 3,375.01) = 1,624.99
SELECT is(cums('ma', 'PV2'), '1 1 | 500.00 4500.00 3375.01 | 1624.99 1000.00 375.00 | 1249.99 125.00', 'the year goes on from what was paid');
SELECT is(pool('ma'), '10125.01 0.00 59874.99', 'which is what is committed');
SELECT is(faults('ma'), NULL, 'verify finds nothing');
-- 5,000 - 3,375.01 = 1,624.99 are left of the year; own share 500 + (4,500 - 3,375) = 1,625, above the 1,000 already: x 60 % = 975; (1,625 - 975) x 10 % = 65
SELECT is(pays('ma', stay('C2', 'PV2')), '1624.99 975.00 65.00 2664.99 2535.01 2535.01', 'the next claim, computed, has the limit less what was really paid');
SELECT is((SELECT opn_cum FROM ma.settlement WHERE setl_id = 'C2'), (SELECT add_cum FROM ma.settlement WHERE setl_id = 'V2'), 'it opens with what the first added');
SELECT is(faults('ma'), NULL, 'verify finds nothing');
SELECT results_eq($$SELECT * FROM says('ma', 'V2', 'zh')$$, $$VALUES ('以上为本系统按政策的计算；外部系统已结算，以其金额为准，差额如下'),
  ('统筹基金支出：外部系统结算 3,375.01 元，本系统计算 3,375.00 元，差额 0.01 元'), ('个人负担：外部系统结算 1,324.99 元，本系统计算 1,325.00 元，差额 -0.01 元')$$, 'explain: whose amounts, what was computed, the difference');
SELECT results_eq($$SELECT * FROM says('ma', 'V2', 'en')$$, $$VALUES ('So far this system''s own computation; another system has settled it, and its amounts count: the differences follow'),
  ('Paid by the pooled fund: settled elsewhere 3,375.01 yuan, computed here 3,375.00 yuan, difference 0.01 yuan'),
  ('The person''s part: settled elsewhere 1,324.99 yuan, computed here 1,325.00 yuan, difference -0.01 yuan')$$, 'explain in English');
SELECT ok(explained('ma', 'V2', l), 'its steps add up to what counts, ' || l) FROM unnest('{zh,en}'::text[]) l;

-- verify: the deductible of 300 of another year: (5,000 - 300) x 75 % = 3,525; own share 300 + 1,175 = 1,475; (1,475 - 1,000) x 60 % = 285; (1,475 - 285) x 10 % = 119
SELECT is(pays('ma', stay('V3', 'PV3', given('verify', '{"act_pay_dedc": 300, "hifp_pay": 3525, "hifmi_pay": 285, "maf_pay": 119, "fund_pay_sumamt": 3929, "psn_part_amt": 1271, "psn_cash_pay": 1271}'))),
  '3525.00 285.00 119.00 3929.00 1271.00 1271.00', 'verify: another deductible');
SELECT is(diff('ma', 'V3'), '-200.00 150.00 -90.00 -6.00 0.00 54.00 -54.00', 'each difference');
SELECT is(cums('ma', 'PV3'), '1 1 | 300.00 4700.00 3525.00 | 1475.00 1000.00 285.00 | 1190.00 119.00', 'each layer has looked at what the one below left');
SELECT ok(explained('ma', 'V3', 'zh'), 'explain adds up');
-- what the account paid, 1,300, is more than the policy would leave (1,325 - 54 = 1,271 is what they say is left)
SELECT throws_ok(put('ma', stay('V4', 'PV4', given('verify', '{"acct_pay": 1326, "psn_cash_pay": 0}'))), 'YB003', NULL, 'an account pays no more than is left by the amounts given');
SELECT is(pays('ma', stay('V4', 'PV4', given('verify', '{"hifp_pay": 3000, "fund_pay_sumamt": 3500, "psn_part_amt": 1700, "acct_pay": 1700, "psn_cash_pay": 0}'))),
  '3000.00 375.00 125.00 3500.00 1700.00 0.00', 'but more than the policy would leave');
SELECT is(diff('ma', 'V4'), '0.00 -375.00 0.00 0.00 0.00 -375.00 375.00', 'noted');
SELECT ok(explained('ma', 'V4', 'en'), 'explain adds up with the account');
SELECT is(faults('ma'), NULL, 'verify finds nothing');
-- both limits of the year at once: what is standard may be given too
SELECT is(pays('ma', stay('V5', 'PV5', given('verify', '{"dedc_std": 600, "crt_dedc": 500, "pool_prop_selfpay": 0.7500}'))), '3375.00 375.00 125.00 3875.00 1325.00 1325.00', 'verify: the standard is given as well');
SELECT is((SELECT concat_ws(' ', std_diff, crt_diff, hifp_diff) FROM ma.setl_diff_open WHERE setl_id = 'V5'), '100.00 0.00 0.00', 'and compared');

-- record
SELECT is(pays('ma', stay('R1', 'PR1', given('record', '{"act_pay_dedc": 300, "hifp_pay": 3525, "hifmi_pay": 285, "maf_pay": 119, "fund_pay_sumamt": 3929, "psn_part_amt": 1271, "psn_cash_pay": 1271}'))),
  '3525.00 285.00 119.00 3929.00 1271.00 1271.00', 'record: what is given');
SELECT is((SELECT count(*) FROM ma.setl_diff WHERE setl_id = 'R1'), 0::bigint, 'record compares nothing');
SELECT is((SELECT concat_ws(' ', setl_mode, coalesce(dedc_std::text, '?'), coalesce(crt_dedc::text, '?'), act_pay_dedc, coalesce(first_selfpay::text, '?'), coalesce(pool_prop_selfpay::text, '?'), pool) FROM ma.settlement WHERE setl_id = 'R1'),
  'record ? ? 300.00 ? ? inpatient', 'record: what is not known stays unknown');
SELECT is(cums('ma', 'PR1'), cums('ma', 'PV3'), 'record: where the policy covers the claim, the layers count what they looked at');
SELECT results_eq($$SELECT * FROM says('ma', 'R1', 'zh')$$, $$VALUES ('以下金额由外部系统结算，本系统照录记账，未作计算'), ('起付线 300.00 元'), ('统筹基金支出 3,525.00 元'), ('大病保险支出 285.00 元'), ('医疗救助支出 119.00 元'), ('其他支出 0.00 元')$$,
  'explain: given, and not computed');
SELECT ok(explained('ma', 'R1', l), 'its steps add up, ' || l) FROM unnest('{zh,en}'::text[]) l;
-- outpatient care: the policy has its pool, but no ratio
CREATE FUNCTION visit(id text, psn text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT stay(id, psn, '{"med_type": "11", "medfee_sumamt": 100, "fulamt_ownpay_amt": 0, "inscp_scp_amt": 100}') || more $$;
CREATE FUNCTION visit_given(mode text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT given(mode, '{"act_pay_dedc": 20, "hifp_pay": 48, "hifmi_pay": 0, "maf_pay": 0, "fund_pay_sumamt": 48, "psn_part_amt": 52, "psn_cash_pay": 52}') $$;
SELECT throws_ok(put('ma', visit('O1', 'PR1')), 'YB201', NULL, 'outpatient care cannot be computed: the policy has no ratio for it');
SELECT throws_ok(put('ma', visit('O1', 'PR1', visit_given('verify'))), 'YB201', NULL, 'nor compared');
SELECT is(pays('ma', visit('O1', 'PR1', visit_given('record'))), '48.00 0.00 0.00 48.00 52.00 52.00', 'but recorded');
SELECT is((SELECT concat_ws(' ', cum_otp_inscp, cum_otp_dedc, cum_otp_elig, cum_otp_hifp, cum_ipt_hifp, cum_mi_base) FROM ma.person_year_cum WHERE psn_no = 'PR1'),
  '100.00 20.00 80.00 48.00 3525.00 1475.00', 'what was borne and paid is counted, and nothing of the layers above');
SELECT is(pool('ma', 'outpatient'), '48.00 0.00 29952.00', 'and taken from the pool of its benefit: 30,000 - 48');
SELECT ok(explained('ma', 'O1', 'zh'), 'explain adds up');
SELECT is(faults('ma'), NULL, 'verify finds nothing');

-- what does not fit
SELECT throws_ok(put('ma', stay('X', 'PX', given(m) - f)), 'YB006', format('%s is null, but setl_mode is %s', f, m), m || ': ' || f || ' is needed')
FROM unnest('{verify,record}'::text[]) m, unnest('{act_pay_dedc,hifp_pay,hifmi_pay,maf_pay,oth_pay,fund_pay_sumamt,psn_part_amt,psn_cash_pay}'::text[]) f WHERE m = 'record' OR f IN ('hifp_pay', 'psn_cash_pay');
SELECT throws_ok(put('ma', stay('X', 'PX', given('record', w.more))), 'YB003', w.said, w.said)
FROM (VALUES (jsonb '{"fund_pay_sumamt": 3875.01}', 'fund_pay_sumamt is given as 3875.01, the other amounts make it 3875.00'),
  ('{"psn_part_amt": 1325.01}', 'psn_part_amt is given as 1325.01, the other amounts make it 1325.00'),
  ('{"hosp_part_amt": 25}', 'psn_part_amt is given as 1325.00, the other amounts make it 1300.00'),
  ('{"psn_cash_pay": 1324.99}', 'psn_cash_pay is given as 1324.99, the other amounts make it 1325.00'),
  ('{"acct_pay": 25}', 'psn_cash_pay is given as 1325.00, the other amounts make it 1300.00'),
  ('{"hifp_pay": 5000.01}', 'hifp_pay is given as 5000.01, it can be 5000.00 at most'),
  ('{"prog_pay": 1700}', 'hifp_pay is given as 3375.00, it can be 3300.00 at most'),
  ('{"prog_pay": 100}', 'oth_pay is given as 0.00, it has to be 100.00 at least'),
  ('{"act_pay_dedc": 5000.01}', 'act_pay_dedc is given as 5000.01, it can be 5000.00 at most'),
  ('{"first_selfpay": 5000.01}', 'first_selfpay is given as 5000.01, it can be 5000.00 at most'),
  ('{"maf_pay": 2000, "fund_pay_sumamt": 5750}', 'psn_part_amt is given as 1325.00, the other amounts make it -550.00')) w(more, said);
SELECT throws_ok(put('ma', stay('X', 'PX', given(m, '{"medfee_sumamt": 5300}'))), 'YB003', NULL, m || ': the cost is not its parts') FROM unnest('{verify,record}'::text[]) m;
SELECT throws_ok(put('ma', stay('X', 'PX', given('record', '{"hifp_pay": 3375.001}'))), 'YB001', 'hifp_pay 3375.001 has more than two decimals', 'no fen is divided');
SELECT throws_ok(put('ma', stay('X', 'PX', given('record', '{"hifp_pay": -1}'))), 'YB002', NULL, 'no fund pays less than nothing');
SELECT throws_ok(put('ma', stay('X', 'PX', given('verify', '{"pool_prop_selfpay": 75}'))), 'YB002', 'pool_prop_selfpay 75 is not a share from 0 to 1', 'a share is no percentage');
SELECT throws_ok(put('ma', stay('X', 'PX', given('guess'))), 'YB004', 'setl_mode is "guess"', 'a mode that is none');
SELECT throws_ok(put('ma', stay('X', 'PX', given('record', '{"oth_pay": 1, "fund_pay_sumamt": 3876, "psn_part_amt": 1324, "psn_cash_pay": 1324}'))), 'YB202', NULL, 'an amount that no layer of the policy pays: nobody would owe it');
SELECT throws_ok(put('ma', stay('X', 'PX', given('compute', '{"hifp_pay": 3375.01}'))), 'YB504', NULL, 'compute: another result than the computed is an error, as ever');
SELECT throws_ok(put('ma', stay('X', 'PX', '{"add_cum": [1]}')), 'YB504', NULL, 'nobody says himself what a row adds');
SELECT throws_ok(put('ma', stay('X', 'PX', given('record', '{"add_cum": [1]}'))), 'YB504', NULL, 'in no mode');
SELECT is((SELECT count(*) FROM ma.setl_key WHERE setl_id = 'X'), 0::bigint, 'nothing is left of any of these');

-- repeats
SELECT is(pays('ma', stay('V2', 'PV2', given('verify', '{"hifp_pay": "3375.010", "fund_pay_sumamt": 3875.01, "psn_part_amt": 1324.99, "psn_cash_pay": 1324.99}'))),
  '3375.01 375.00 125.00 3875.01 1324.99 1324.99', 'the same again is the first result');
SELECT throws_ok(put('ma', stay('V2', 'PV2', given('verify'))), 'YB501', NULL, 'amounts that are given are content');
SELECT throws_ok(put('ma', stay('V1', 'PV1', given('record'))), 'YB501', NULL, 'so is the mode');
SELECT lives_ok(put('ma', stay('C1', 'PC', given('compute', '{}') - '{act_pay_dedc,hifp_pay}'::text[])), 'compute and none are the same, and results no content');

-- a difference is looked into by somebody else
SELECT is(as_user('mode_li', put('ma', stay('V6', 'PV6', given('verify', '{"hifp_pay": 3375.01, "fund_pay_sumamt": 3875.01, "psn_part_amt": 1324.99, "psn_cash_pay": 1324.99}')))), 'ok', 'a clerk settles');
SELECT is(as_user('mode_li', $$INSERT INTO ma.setl_diff_close (setl_id, cause, finding) VALUES ('V6', 'other', '已电询')$$), '42501 permission denied for table setl_diff_close', 'a clerk does not close');
SELECT is(as_user('mode_wang', $$INSERT INTO ma.setl_diff_close (setl_id, cause, finding) VALUES ('V1', 'other', '已电询')$$), 'YB307 settlement V1 has no difference to close', 'where there is none');
SELECT is(as_user('mode_wang', $$INSERT INTO ma.setl_diff_close (setl_id, cause) VALUES ('V6', 'other')$$), 'YB006 finding is empty', 'nor without a word');
SELECT alike(as_user('mode_wang', $$INSERT INTO ma.setl_diff_close (setl_id, cause, finding) VALUES ('V6', 'province', '已电询')$$), 'YB004 %', 'a cause that is none');
SELECT is(as_user('mode_wang', $$INSERT INTO ma.setl_diff_close (setl_id, cause, finding) VALUES ('V6', 'other', '外部系统分段舍入')$$), 'ok', 'a reviewer closes it');
SELECT is(as_user('mode_wang', $$INSERT INTO ma.setl_diff_close (setl_id, cause, finding) VALUES ('V6', 'other', '外部系统分段舍入')$$), 'ok', 'the same again is nothing');
SELECT is(diff('ma', 'V6'), NULL, 'it is open no more');
SELECT is((SELECT concat_ws(' ', closed_by, closed_at IS NOT NULL) FROM ma.setl_diff_close), 'mode_wang t', 'who and when');
SELECT throws_ok($$INSERT INTO ma.setl_diff_close (setl_id, cause, finding) VALUES ('V2', 'other', '-')$$, 'YB401', NULL, 'who inserted the settlement does not close its difference');
SELECT throws_ok($$INSERT INTO ma.setl_diff SELECT 'C1', found_at, dedc_std, crt_dedc, act_pay_dedc, hifp_pay, hifmi_pay, maf_pay, oth_pay, fund_pay_sumamt, psn_part_amt, first_selfpay FROM ma.setl_diff LIMIT 1$$, 'YB305', NULL, 'nobody writes a difference');
SELECT throws_ok($$DELETE FROM ma.setl_diff$$, 'YB304', NULL, 'or takes one away');

-- reversal: S1 computed, S2 recorded, S3 computed: 3,375, 1,000 and what is left of 5,000: 625; without S1 4,000 are left, so 3,375
CREATE FUNCTION thousand(mode text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT given(mode, '{"hifp_pay": 1000, "hifmi_pay": 0, "maf_pay": 0, "fund_pay_sumamt": 1000, "psn_part_amt": 4200, "psn_cash_pay": 4200}') $$;
SELECT is(pays('ma', stay('S1', 'PS')), '3375.00 375.00 125.00 3875.00 1325.00 1325.00', 'the first of the year is computed');
SELECT is(pays('ma', stay('S2', 'PS', thousand('record'))), '1000.00 0.00 0.00 1000.00 4200.00 4200.00', 'the second recorded');
SELECT is(split_part(pays('ma', stay('S3', 'PS')), ' ', 1), '625.00', 'the third has what both leave of the limit');
INSERT INTO ma.settlement (setl_id, init_setl_id, setl_time) VALUES ('S1R', 'S1', '2022-05-02 09:00');
SELECT is((SELECT string_agg(setl_id || ' ' || hifp_pay, ', ' ORDER BY psn_setl_no) FROM ma.settlement WHERE psn_no = 'PS'),
  'S1 3375.00, S2 1000.00, S3 625.00, S1R -3375.00, S3~1R -625.00, S3~1 3375.00', 'the year settled again: what was given stands, what was computed follows');
SELECT is((SELECT concat_ws(' ', cum_setl_cnt, cum_ipt_cnt, cum_ipt_hifp) FROM ma.person_year_cum WHERE psn_no = 'PS'), '2 2 4375.00', '1,000 + 3,375');
SELECT is(faults('ma'), NULL, 'verify finds nothing');
SELECT is((SELECT string_agg(setl_id || ' ' || fund_before || ' ' || fund_after || ' ' || changed, ', ') FROM yibao.replay_preview('ma', 'PV3', '390', 2022)), 'V3 3929.00 3929.00 false', 'a replay leaves what was given');
INSERT INTO ma.settlement (setl_id, init_setl_id, setl_time) VALUES ('S2R', 'S2', '2022-05-02 09:00'), ('V3R', 'V3', '2022-05-02 09:00');
SELECT is((SELECT string_agg(concat_ws(' ', setl_id, setl_mode, coalesce(dedc_std::text, '?'), hifp_pay, fund_pay_sumamt, psn_part_amt, medfee_sumamt, coalesce(add_cum::text, '-')), ', ' ORDER BY setl_id) FROM ma.settlement WHERE setl_id IN ('S2R', 'V3R')),
  'S2R record ? -1000.00 -1000.00 -4200.00 -5200.00 -, V3R verify -500.00 -3525.00 -3929.00 -1271.00 -5200.00 -', 'a reversal turns the amounts that were given');
SELECT is(diff('ma', 'V3'), NULL, 'and leaves nothing to look into');
SELECT is(cums('ma', 'PV3'), '0 0 | 0.00 0.00 0.00 | 0.00 0.00 0.00 | 0.00 0.00', 'the year is as before');
SELECT is(faults('ma'), NULL, 'verify finds nothing');

-- many in one statement: of 200 two are a fen off; each person twice, so that the second opens with the first
INSERT INTO ma.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, fixmedins_code,
  setl_mode, act_pay_dedc, hifp_pay, hifmi_pay, maf_pay, oth_pay, fund_pay_sumamt, psn_part_amt, psn_cash_pay)
SELECT 'B' || n, 'Q' || n % 100, '390', '2022-06-01', 5200, 200, 0, 0, 5000, '21', 'H1', 'record', 500, 100, 0, 0, 0, 100, 5100, 5100 FROM generate_series(1, 200) n;
SELECT is((SELECT concat_ws(' ', count(*), sum(hifp_pay), count(*) FILTER (WHERE opn_cum[9] = 10000)) FROM ma.settlement WHERE setl_id LIKE 'B%'), '200 20000.00 100', 'INSERT ... SELECT: each second one opens with the first''s 100');
SELECT is((SELECT concat_ws(' ', count(*), min(cum_ipt_hifp), max(cum_ipt_hifp)) FROM ma.person_year_cum WHERE psn_no LIKE 'Q%'), '100 200.00 200.00', 'and both are counted');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT is(pays('ma', stay('RR1', 'PRR', given('verify', '{"hifp_pay": 3375.01, "fund_pay_sumamt": 3875.01, "psn_part_amt": 1324.99, "psn_cash_pay": 1324.99}'))), '3375.01 375.00 125.00 3875.01 1324.99 1324.99', 'REPEATABLE READ');
SELECT is(pays('ma', stay('RR2', 'PRR')), '1624.99 975.00 65.00 2664.99 2535.01 2535.01', 'and the next of the same transaction');
COMMIT;
SELECT is(faults('ma'), NULL, 'verify finds nothing');

-- a pool that is short: the policy refuses what is to be computed; what is settled elsewhere already waits
SELECT area('mb', doc(), 1000);
SELECT throws_ok(put('mb', stay('C1', 'P1')), 'YB301', NULL, 'a short pool refuses a claim, as the policy says');
SELECT lives_ok(put('mb', stay('V1', 'P1', given('verify'))), 'but not one that another system has settled');
SELECT is(pool('mb'), '0.00 3375.00 700.00', 'it waits for money');
SELECT is(faults('mb'), NULL, 'verify finds nothing');

-- taken at the commit
SELECT area('md', doc());
UPDATE md.area SET mode = 'deferred';
SELECT lives_ok(put('md', stay('V1', 'P1', given('verify', '{"hifp_pay": 3375.01, "fund_pay_sumamt": 3875.01, "psn_part_amt": 1324.99, "psn_cash_pay": 1324.99}'))), 'deferred: settled');
SELECT is(pool('md'), '3375.01 0.00 66624.99', 'the amount that counts is taken when the transaction commits');
SELECT is(faults('md'), NULL, 'verify finds nothing');

-- what was changed behind the triggers
SET session_replication_role = replica;
UPDATE md.settlement SET hifp_pay = hifp_pay + 1;
SET session_replication_role = origin;
SELECT is((SELECT string_agg(split_part("check", ' ', 1) || ' ' || split_part("check", ' ', 2) || ' ' || split_part("check", ' ', 3), ', ' ORDER BY "check") FROM yibao.verify('md')
  WHERE NOT ok AND "check" IN ('amounts that another system settled fit together', 'where another system settled otherwise than the policy, it is noted', 'no row was altered')),
  'amounts that another, no row was', 'an amount that was changed breaks the sums and the digest');
SET session_replication_role = replica;
UPDATE md.settlement SET hifp_pay = hifp_pay - 1;
UPDATE md.settlement SET add_cum[9] = 337500;
DELETE FROM md.setl_diff;
SET session_replication_role = origin;
SELECT ok(NOT ok, 'verify: ' || "check") FROM yibao.verify('md') WHERE "check" IN ('amounts that another system settled fit together', 'person-years are what their settlements, settled again, add up to', 'where another system settled otherwise than the policy, it is noted', 'no row was altered') ORDER BY 1;

-- rows that are walked through: a manual claim that arrives late, in a year with a limit a month (basic: 1,000 a month). What was given
-- counts in its month, and a late one that is given itself goes to its place: those after it that are computed follow.
SELECT area('mw', doc(jsonb '{"corrections": {"reversal": "replay", "late_manual": "service_date", "source": "t"}}') #- '{layers,2}' #- '{layers,1}'
  || jsonb_build_object('layers', jsonb_build_array(doc() #> '{layers,0}' || jsonb '{"cap": {"month": [{"per": "month", "on": "payment", "amount": "1000.00", "unused": "lost", "source": "t"}]}}')));
CREATE FUNCTION small(id text, at text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT stay(id, 'PW', jsonb_build_object('setl_time', at, 'endtime', at, 'medfee_sumamt', 1300, 'fulamt_ownpay_amt', 0, 'inscp_scp_amt', 1300) || more) $$;
CREATE FUNCTION paid(mode text, hifp numeric) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_build_object('setl_mode', mode, 'act_pay_dedc', 500, 'hifp_pay', hifp, 'hifmi_pay', 0, 'maf_pay', 0, 'oth_pay', 0, 'fund_pay_sumamt', hifp, 'psn_part_amt', 1300 - hifp, 'psn_cash_pay', 1300 - hifp) $$;
CREATE FUNCTION year_of(psn text) RETURNS text LANGUAGE sql AS $$SELECT string_agg(setl_id || ' ' || hifp_pay, ', ' ORDER BY psn_setl_no) FROM mw.settlement WHERE psn_no = psn$$;
-- (1,300 - 500) x 75 % = 600
SELECT is((yibao.settle_once('mw', small('W1', '2022-05-10 10:00'))).hifp_pay, 600.00, 'the first of the month');
SELECT is((yibao.settle_once('mw', small('W2', '2022-05-11 10:00', paid('verify', 350)))).hifp_pay, 350.00, 'the second is given: 400 would be left of the month');
SELECT is((SELECT hifp_diff FROM mw.setl_diff_open WHERE setl_id = 'W2'), -50.00, 'which is what was computed');
SELECT is((yibao.settle_once('mw', small('W3', '2022-05-12 10:00'))).hifp_pay, 50.00, 'the third has 1,000 - 600 - 350');
SELECT lives_ok(put('mw', small('W0', '2022-05-20 10:00', paid('record', 30) || '{"endtime": "2022-05-01 10:00", "setl_type": "1"}')), 'a manual claim of the first of May arrives on the twentieth, settled elsewhere: 30');
-- W1: 1,000 - 30 leave its 600; W2 stands; W3: 1,000 - 30 - 600 - 350 = 20
SELECT is(year_of('PW'), 'W1 600.00, W2 350.00, W3 50.00, W0 30.00, W3~1R -50.00, W3~1 20.00', 'those that are computed follow it, what is given stands');
SELECT is(faults('mw'), NULL, 'verify finds nothing');
INSERT INTO mw.settlement (setl_id, init_setl_id, setl_time) VALUES ('W2R', 'W2', '2022-05-21 09:00');
SELECT is((SELECT hifp_pay FROM mw.settlement WHERE setl_id = 'W3~2'), 370.00, 'without W2: 1,000 - 30 - 600');
SELECT is(faults('mw'), NULL, 'verify finds nothing');

-- Two layers of one amount: assistance 10 %, then 20 % more of what that leaves (second assistance), of 500 + 1,125 = 1,625: 162.50 and 292.50, 455.
-- Given are 500: assistance has its 162.50, the second the rest, 337.50. Given are 100: the first has them, the second nothing.
-- And the best of several categories: of 2303 they pay 455, of 2304 the second nothing, so 162.50.
SELECT area('mt', doc(jsonb '{"categories": {"several": "best", "source": "t"}}') #- '{layers,2}' #- '{layers,1}' || jsonb_build_object('layers', jsonb_build_array(doc() #> '{layers,0}', doc() #> '{layers,2}',
  jsonb '{"code": "tilt", "pays": "maf_pay", "payer": {"kind": "other_book", "pays": "centre_advances", "fund": "assistance", "source": "t"}, "when": {"psn_idet_type": "2303"}, "when_source": "t",
    "base": ["deductible", "copay"], "rounding": "layer", "deductible": [{"amount": "0", "per": "visit", "source": "t"}], "ratio": [{"ratio": "0.20", "source": "t"}]}')));
CREATE FUNCTION maf(id text, given numeric, more jsonb DEFAULT '{"psn_idet_type": "2303"}') RETURNS text LANGUAGE plpgsql AS $$
DECLARE paid numeric := (yibao.settle_once('mt', stay(id, id, given('verify', jsonb_build_object('hifmi_pay', 0, 'maf_pay', given, 'fund_pay_sumamt', 3375 + given, 'psn_part_amt', 1825 - given, 'psn_cash_pay', 1825 - given)) || more))).maf_pay;
BEGIN
  RETURN paid || ' ' || (SELECT concat_ws(' ', cum_ma_base, cum_ma_pay, cum_mx_base, cum_mx_pay) FROM mt.person_year_cum WHERE psn_no = id) || ' ' ||
  coalesce((SELECT maf_diff FROM mt.setl_diff_open WHERE setl_id = id)::text, 'same');
END $$;
SELECT is(maf('T1', 455), '455.00 1625.00 162.50 1462.50 292.50 same', 'two layers of one amount: 162.50 and 292.50');
SELECT is(maf('T2', 500), '500.00 1625.00 162.50 1462.50 337.50 45.00', 'more: the second has the rest');
SELECT is(maf('T3', 100), '100.00 1625.00 100.00 1525.00 0.00 -355.00', 'less: the first has it all');
SELECT is(maf('T4', 500, '{"psn_idet_types": "2304,2303"}'), '500.00 1625.00 162.50 1462.50 337.50 45.00', 'of several categories the one that the policy takes');
SELECT is((SELECT psn_idet_type FROM mt.settlement WHERE setl_id = 'T4'), '2303', 'which the row has');
SELECT is(maf('T5', 500, '{"psn_idet_type": "2304"}'), '500.00 1625.00 500.00 0.00 0.00 337.50', 'where the second does not apply the first has all');
SELECT ok(explained('mt', id, 'zh'), 'explain adds up: ' || id) FROM unnest('{T1,T2,T3,T4,T5}'::text[]) id;
SELECT is(faults('mt'), NULL, 'verify finds nothing');

SELECT * FROM finish();
DROP SCHEMA mt CASCADE;
DROP SCHEMA mw CASCADE;
DROP SCHEMA ma CASCADE;
DROP SCHEMA mb CASCADE;
DROP SCHEMA md CASCADE;
DROP OWNED BY mode_li, mode_wang;
DROP ROLE mode_li, mode_wang;
