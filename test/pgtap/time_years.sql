-- Time in a policy: which date picks the version (P12), the benefit year (P10), stays that cross from one year into
-- the next (P11). Figures are worked out by hand beside each.
\set ECHO none
SELECT plan(120);
SET check_function_bodies = off;

-- 75 % above a deductible of 500, of the second stay of a year 250; 10,000 a year.
CREATE FUNCTION doc(more jsonb DEFAULT '{}', adjust jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_set(jsonb '{"yibao": 1, "title": {"zh": "试验"}, "insutype": "390", "admdvs": "620522",
  "valid_from": "2018-01-01", "version_date": "setl_time", "counts": {"except": [], "unpaid": true, "source": "t"},
  "sources": {"t": {"doc": "试验文件", "trust": "demo"}},
  "benefits": [{"when": {"med_type": ["21"]}, "benefit": "inpatient", "pool": "inpatient", "source": "t"},
               {"when": {"med_type": ["11"]}, "benefit": "outpatient", "pool": "outpatient", "source": "t"}],
  "fund": {"split": [{"coverage_year": {">=": 2018}, "outpatient": "0.30", "inpatient": "0.70", "base": "received_income",
      "kinds": ["contribution"], "after_serious": true, "rounding": "half_up_outpatient", "source": "t"}],
    "on_pool_short": "queue", "source": "t"},
  "layers": [
   {"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"], "rounding": "layer",
    "deductible": [{"when": {"med_type": ["21"]}, "amount": "500.00", "per": "visit", "source": "t"},
                   {"when": {"med_type": ["11"]}, "amount": "0.00", "per": "visit", "source": "t"}],
    "deductible_adjust": {"1_ordinal": [{"when": {"med_type": ["21"], "cum_ipt_cnt": 1}, "multiply": "0.5", "source": "t"}]},
    "ratio": [{"when": {"med_type": ["21"]}, "ratio": "0.75", "source": "t"}, {"when": {"med_type": ["11"]}, "ratio": "0.80", "source": "t"}],
    "cap": {"year": [{"when": {"med_type": ["21"]}, "per": "year", "on": "payment", "amount": "10000.00", "source": "t"},
                     {"when": {"med_type": ["11"]}, "per": "year", "on": "payment", "amount": "1000.00", "source": "t"}]}}]}',
  '{layers,0,deductible_adjust}', jsonb '{"1_ordinal": [{"when": {"med_type": ["21"], "cum_ipt_cnt": 1}, "multiply": "0.5", "source": "t"}]}' || adjust) || more
$$;
CREATE FUNCTION area(name text, VARIADIC docs jsonb[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM yibao.create_poolarea(name, '620522');
  EXECUTE format('INSERT INTO %I.policy (rules) SELECT unnest($1)', name) USING docs;
  EXECUTE format($q$INSERT INTO %I.receipt (receipt_id, kind, account, received_on, coverage_year, amt, heads, serious_amt)
    VALUES ('R1', 'contribution', 'fiscal', '2021-01-10', 2021, 100000, 1000, 0)$q$, name);
END $$;
CREATE FUNCTION claim(id text, psn text, amount text, setl_time text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_build_object('setl_id', id, 'psn_no', psn, 'insutype', '390', 'setl_time', setl_time, 'medfee_sumamt', amount, 'fulamt_ownpay_amt', '0',
  'overlmt_selfpay', '0', 'preselfpay_amt', '0', 'inscp_scp_amt', amount, 'med_type', '21', 'setl_type', '2', 'fixmedins_code', 'H1') || more
$$;
CREATE FUNCTION pays(area text, claim jsonb) RETURNS numeric LANGUAGE sql AS 'SELECT (yibao.settle_once(area, claim)).hifp_pay';
CREATE FUNCTION year_of(area text, id text) RETURNS int LANGUAGE plpgsql AS $$
DECLARE y int;
BEGIN
  EXECUTE format('SELECT year FROM %I.settlement WHERE setl_id = $1', area) INTO y USING id;
  RETURN y;
END $$;

-- P12: the change is on 2022-01-01, from 60 % to 80 %, of an outpatient visit of 1,000 without deductible: 600 or 800.
CREATE FUNCTION version(date text, ratio text, scheme text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_set(jsonb_set(doc(), '{layers,0,ratio,1,ratio}', to_jsonb(ratio)), '{layers,0,cap}', '{"year": [{"per": "year", "on": "payment", "amount": "10000.00", "source": "t"}]}')
  || jsonb_build_object('version_date', date, 'insutype', scheme)
$$;
CREATE TABLE scheme (date text, code text, visits numeric[], years int[]);
-- of three visits the first has only its item in 2021, the second also its admission, the third also its discharge
INSERT INTO scheme VALUES
  ('fee_ocur_time', '390', '{600,600,600}', '{2021,2021,2021}'),
  ('begntime', '391', '{800,600,600}', '{2022,2021,2021}'),
  ('endtime', '392', '{800,800,600}', '{2022,2022,2021}'),
  ('setl_time', '310', '{800,800,800}', '{2022,2022,2022}');
CREATE FUNCTION visit(scheme text, n int) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT claim('V' || scheme || n, 'P' || n, '1000', '2022-01-05', jsonb_build_object('insutype', scheme, 'med_type', '11', 'fee_ocur_time', '2021-12-30',
  'begntime', CASE WHEN n >= 2 THEN '2021-12-31' ELSE '2022-01-01' END, 'endtime', CASE WHEN n >= 3 THEN '2021-12-31 23:59:59' ELSE '2022-01-01' END))
$$;
SELECT area('v', VARIADIC (SELECT array_agg(version(date, r.ratio, code) || jsonb_build_object('valid_from', r.day)) FROM scheme, (VALUES ('0.60', '2018-01-01'), ('0.80', '2022-01-01')) r(ratio, day)));
SELECT is(pays('v', visit(code, n)), visits[n], format('P12 %s: the area settles visit %s by the version in force then', date, n)) FROM scheme, generate_series(1, 3) n;
SELECT is(year_of('v', 'V' || code || n), years[n], format('P12 %s: and counts visit %s in that year, where the document says nothing else', date, n)) FROM scheme, generate_series(1, 3) n;
-- a succession given to settle(): the first has an end, the second a beginning; exactly one of them takes the claim
CREATE FUNCTION by_succession(date text, scheme text, c jsonb) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE old jsonb := version(date, '0.60', scheme) || '{"valid_to": "2022-01-01"}'; new jsonb := version(date, '0.80', scheme) || '{"valid_from": "2022-01-01"}'; r numeric; n int := 0;
BEGIN
  BEGIN r := (yibao.settle(old, c)).hifp_pay; n := n + 1; EXCEPTION WHEN SQLSTATE 'YB008' THEN NULL; END;
  BEGIN r := (yibao.settle(new, c)).hifp_pay; n := n + 1; EXCEPTION WHEN SQLSTATE 'YB008' THEN NULL; END;
  RETURN CASE n WHEN 1 THEN r END;
END $$;
SELECT is(ARRAY(SELECT by_succession(date, code, visit(code, n)) FROM generate_series(1, 3) n ORDER BY n), visits, format('P12 %s: settle() with a succession of two documents', date)) FROM scheme;
-- from and to inside one document
SELECT is(ARRAY(SELECT (yibao.settle(jsonb_set(version(date, '0.60', code), '{layers,0,ratio}', '[{"to": "2022-01-01", "ratio": "0.60", "source": "t"}, {"from": "2022-01-01", "ratio": "0.80", "source": "t"}]'),
  visit(code, n))).hifp_pay FROM generate_series(1, 3) n ORDER BY n), visits, format('P12 %s: from and to of rules inside one document', date)) FROM scheme;

-- P10: 80 % of an outpatient visit, 1,000 a year: two visits of 1,000 get 800 and 200 in one year, 800 and 800 in two
CREATE FUNCTION otp(id text, psn text, setl_time text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$SELECT claim(id, psn, '1000', setl_time, '{"med_type": "11"}' || more)$$;
SELECT area('y0', doc());
SELECT area('y1', doc('{"year": {"starts": "01-01", "source": "t"}}'));
SELECT area('y2', doc('{"year": {"starts": "07-01", "named_by": "start", "source": "t"}}'));
SELECT area('y3', doc('{"year": {"starts": "07-01", "named_by": "end", "source": "t"}}'));
SELECT area('y4', doc('{"year": {"starts": "enrolment", "named_by": "start", "source": "t"}}'));
SELECT area('y5', doc('{"version_date": "begntime", "year": {"by": "endtime", "source": "t"}}'));
SELECT is(ARRAY[pays(a, otp('A1', 'P1', '2022-06-30 23:59:59')), pays(a, otp('A2', 'P1', '2022-07-01'))], ARRAY[800.00, 200.00], 'P10 calendar year: 30 June and 1 July are of one year ' || a) FROM unnest('{y0,y1}'::text[]) a;
SELECT is(ARRAY[pays(a, otp('A1', 'P1', '2022-06-30 23:59:59')), pays(a, otp('A2', 'P1', '2022-07-01'))], ARRAY[800.00, 800.00], 'P10 year from 1 July: 1 July is another year ' || a) FROM unnest('{y2,y3}'::text[]) a;
SELECT is(ARRAY[year_of('y2', 'A1'), year_of('y2', 'A2')], '{2021,2022}', 'P10 named by its start: 2022-06-30 is of 2021');
SELECT is(ARRAY[year_of('y3', 'A1'), year_of('y3', 'A2')], '{2022,2023}', 'P10 named by its end: 2022-06-30 is of 2022');
SELECT is(pays('y2', otp('A3', 'P1', '2023-06-30')), 200.00, 'P10: the year lasts until the next 30 June');
SELECT is(ARRAY[pays('y4', otp('A1', 'P1', '2022-03-14', '{"psn_insu_date": "2020-03-15"}')), pays('y4', otp('A2', 'P1', '2022-03-15', '{"psn_insu_date": "2020-03-15"}'))], ARRAY[800.00, 800.00],
  'P10 enrolment year: it begins anew on the day of enrolment');
SELECT is(ARRAY[year_of('y4', 'A1'), year_of('y4', 'A2')], '{2021,2022}', 'P10 enrolment year: called by the year it begins in');
SELECT is(pays('y4', otp('A3', 'P2', '2022-02-28', '{"psn_insu_date": "2020-02-29"}')) + pays('y4', otp('A4', 'P2', '2022-03-01', '{"psn_insu_date": "2020-02-29"}')), 1600.00,
  'P10 enrolment year: of 29 February it begins on 1 March where there is none');
SELECT is(ARRAY[year_of('y4', 'A3'), year_of('y4', 'A4')], '{2021,2022}', 'P10 enrolment year: 28 February is still of the year before');
SELECT throws_ok($$SELECT pays('y4', otp('A5', 'P3', '2022-02-28'))$$, 'YB006', 'psn_insu_date is NULL, and money depends on it', 'P10 enrolment year: without the day of enrolment there is no year');
SELECT is(pays('y5', otp('A1', 'P1', '2022-01-05', '{"begntime": "2021-12-31", "endtime": "2022-01-01"}')), 800.00, 'P10: a year by another date than the version');
SELECT is(year_of('y5', 'A1'), 2022, 'P10: by endtime, though begntime chooses the version');
SELECT throws_ok($$SELECT pays('y2', otp('A9', 'P1', '2022-07-02', '{"year": 2021}'))$$, 'YB504', 'year is given as 2021, the settlement says 2022', 'P10: a row that brings another year is refused');
SELECT is(pays('y2', otp('A9', 'P9', '2022-07-02', '{"year": 2022}')), 800.00, 'P10: one that brings the same is accepted');
-- replay derives the same years and pays the same
SELECT is((SELECT array_agg((r).hifp_pay ORDER BY setl_id) FROM (SELECT s.setl_id, yibao.replay(p.rules, c) OVER (PARTITION BY s.psn_no, s.year ORDER BY s.setl_time, s.setl_id) AS r
  FROM y2.settlement s, y2.policy p, LATERAL (SELECT s.setl_id, s.psn_no, s.setl_time, s.medfee_sumamt, s.fulamt_ownpay_amt, s.overlmt_selfpay, s.preselfpay_amt, s.inscp_scp_amt, s.med_type) c OFFSET 0) x),
  (SELECT array_agg(hifp_pay ORDER BY setl_id) FROM y2.settlement), 'P10: replay derives the year where the row does not bring it');
SELECT throws_ok($$SELECT yibao.replay(doc('{"year": {"starts": "07-01", "named_by": "start", "source": "t"}}'), c) OVER (PARTITION BY psn_no ORDER BY setl_time, setl_id)
  FROM jsonb_to_record(otp('A1', 'P1', '2022-06-30') || '{"year": 2022}') AS c(psn_no text, setl_id text, setl_time timestamp, year int, medfee_sumamt numeric, inscp_scp_amt numeric, med_type text)$$,
  'YB504', 'year is given as 2022, by the policy''s rule the claim is of 2021', 'P10: replay refuses another year than the rule gives');

-- P11: a stay from 2021-12-20 to 2022-01-10, 2,000 in the old year and 1,000 in the new
CREATE FUNCTION stay(id text, psn text, amount text DEFAULT '3000', begn text DEFAULT '2021-12-20 10:00', endt text DEFAULT '2022-01-10 15:00', more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT claim(id, psn, amount, endt, jsonb_build_object('begntime', begn, 'endtime', endt, 'mdtrt_id', 'M' || psn, 'act_ipt_days', 21) || more)
$$;
CREATE TABLE line (feedetl_sn text, init_feedetl_sn text, fee_ocur_time timestamp, det_item_fee_sumamt numeric, fulamt_ownpay_amt numeric, overlmt_amt numeric, preselfpay_amt numeric, inscp_scp_amt numeric);
INSERT INTO line VALUES ('1', NULL, '2021-12-21', 1500, 0, 0, 0, 1500), ('2', NULL, '2021-12-31 23:59:59.5', 700, 0, 0, 0, 700), ('3', NULL, '2022-01-01', 1000, 0, 0, 0, 1000),
  ('4', '2', '2022-01-02', -200, 0, 0, 0, -200);
CREATE FUNCTION part(area text, c jsonb, n int) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE r jsonb; rules jsonb;
BEGIN
  EXECUTE format('SELECT rules FROM %I.policy', area) INTO rules;
  SELECT p INTO r FROM yibao.split_stay(rules, c, (SELECT jsonb_agg(l) FROM line l)) WITH ORDINALITY x(p, i) WHERE i = n;
  RETURN r;
END $$;
CREATE FUNCTION cross_rule(rule text, adjust jsonb DEFAULT '{}', lapsed text DEFAULT NULL) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT doc(jsonb_build_object('cross_year', jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('rule', rule, 'lapsed', lapsed, 'source', 't')))), adjust)
$$;
SELECT area('ca', cross_rule('discharge_year'));
SELECT area('cb', cross_rule('split', '{"2_rest": [{"when": {"med_type": ["21"], "pre_days": {">": 0}}, "set": "0", "source": "t"}]}'));
SELECT area('cl', cross_rule('split', '{"2_first": [{"when": {"med_type": ["21"], "mid_setl_flag": true}, "set": "0", "source": "t"}]}'));
SELECT area('cc', cross_rule('mid_settlement'));
SELECT area('cd', cross_rule('readmit', '{"2_rest": [{"when": {"med_type": ["21"], "pre_days": {">": 0, "<=": 31}}, "set": "0", "source": "t"}]}'));
SELECT area('ce', cross_rule('discharge_year', lapsed => 'year_end'));
-- everybody had a stay of 1,000 in November 2021: (1,000 - 500) x 75 % = 375
SELECT is(pays(a, stay('N-' || p, p, '1000', '2021-11-01', '2021-11-05')), 375.00, format('P11 %s: a stay within a year is settled as ever', a)) FROM unnest('{ca,cb,cl,cc,cd,ce}'::text[]) a, unnest('{P1}'::text[]) p;

-- (a)
SELECT is(pays('ca', stay('S1', 'P1')), 1875.00, 'P11 a: the whole stay has the new year''s first deductible: (3,000 - 500) x 75 %');
SELECT is(year_of('ca', 'S1'), 2022, 'P11 a: and is of the year of discharge');
SELECT is(pays('ca', stay('S2', 'P1', '1000', '2022-03-01', '2022-03-05')), 562.50, 'P11 a: the next is the second stay of 2022: (1,000 - 250) x 75 %');
SELECT throws_ok($$SELECT pays('ca', stay('S3', 'P2', '1000', '2022-01-01', '2022-01-10', '{"pre_days": 12}'))$$, 'YB203', NULL, 'P11 a: a part of it is refused');
SELECT is((SELECT count(*) FROM yibao.split_stay((SELECT rules FROM ca.policy), stay('S1', 'P1'), (SELECT jsonb_agg(l) FROM line l))), 1::bigint, 'P11 a: there is nothing to divide');
SELECT is((SELECT sentence FROM yibao.explain_settlement('ca', 'S1', 'zh') WHERE item = 'cross_year'), '跨年度住院，全程计入出院所在的 2022 年度（试验文件）', 'P11 a: explained in Chinese');
SELECT is((SELECT sentence FROM yibao.explain_settlement('ca', 'S1', 'en') WHERE item = 'cross_year'), 'A stay of two benefit years, counted as a whole in 2022, in which it ended (试验文件)', 'P11 a: and in English');
-- (b), deductible with the first part: the second stay of 2021
SELECT throws_ok($$SELECT pays('cb', stay('S1', 'P1'))$$, 'YB203', NULL, 'P11 b: as a whole it is refused');
SELECT is(part('cb', stay('S1', 'P1'), 1) - '{psn_no,insutype,med_type,setl_type,fixmedins_code,mdtrt_id}'::text[],
  '{"setl_id": "S1-2021", "begntime": "2021-12-20 10:00:00", "endtime": "2021-12-31 23:59:59", "setl_time": "2021-12-31 23:59:59", "mid_setl_flag": "1", "pre_days": "0", "act_ipt_days": "12",
    "medfee_sumamt": "2000.00", "fulamt_ownpay_amt": "0.00", "overlmt_selfpay": "0.00", "preselfpay_amt": "0.00", "inscp_scp_amt": "2000.00"}', 'P11 b: lines to 31 December, the return with its line: 1,500 + 700 - 200');
SELECT is(part('cb', stay('S1', 'P1'), 2) - '{psn_no,insutype,med_type,setl_type,fixmedins_code,mdtrt_id}'::text[],
  '{"setl_id": "S1-2022", "begntime": "2022-01-01 00:00:00", "endtime": "2022-01-10 15:00:00", "setl_time": "2022-01-10 15:00:00", "mid_setl_flag": "0", "pre_days": "12", "act_ipt_days": "9",
    "medfee_sumamt": "1000.00", "fulamt_ownpay_amt": "0.00", "overlmt_selfpay": "0.00", "preselfpay_amt": "0.00", "inscp_scp_amt": "1000.00"}', 'P11 b: and from 1 January');
SELECT throws_ok($$SELECT part('cb', stay('S1', 'P1', '3001'), 1)$$, 'YB003', 'the lines add up to 3000.00 of medfee_sumamt, the claim says 3001.00', 'P11 b: lines that are not the whole stay are refused');
SELECT throws_ok($$SELECT pays('cb', part('cb', stay('S1', 'P1'), 2))$$, 'YB307', NULL, 'P11 b: the rest is refused while the first part is not settled');
SELECT is(pays('cb', part('cb', stay('S1', 'P1'), 1)), 1312.50, 'P11 b: the first part, second stay of 2021: (2,000 - 250) x 75 %');
SELECT throws_ok($$SELECT pays('cb', part('cb', stay('S1', 'P1'), 2) || '{"pre_days": 11}')$$, 'YB307', NULL, 'P11 b: days that do not fit the first part are refused');
SELECT throws_ok($$SELECT pays('cb', part('cb', stay('S1', 'P1'), 2) || '{"mdtrt_id": "M9"}')$$, 'YB307', NULL, 'P11 b: and another visit');
SELECT is(pays('cb', part('cb', stay('S1', 'P1'), 2)), 750.00, 'P11 b: the rest has no deductible: 1,000 x 75 %');
SELECT is((SELECT sum(medfee_sumamt) FROM cb.settlement WHERE mdtrt_id = 'MP1' AND setl_id LIKE 'S1%') || ' ' || (SELECT sum(act_pay_dedc) FROM cb.settlement WHERE setl_id LIKE 'S1%'), '3000.00 250.00', 'P11 b: together the whole stay, with one deductible');
SELECT is(ARRAY[year_of('cb', 'S1-2021'), year_of('cb', 'S1-2022')], '{2021,2022}', 'P11 b: each in its year');
SELECT is((SELECT sentence FROM yibao.explain_settlement('cb', 'S1-2022', 'zh') WHERE item = 'cross_year'), '跨年度住院，本次结算新年度部分，计入 2022 年度（试验文件）', 'P11 b: explained');
-- (b), deductible with the last part, of the new year
SELECT is(ARRAY[pays('cl', part('cl', stay('S1', 'P1'), 1)), pays('cl', part('cl', stay('S1', 'P1'), 2))], ARRAY[1500.00, 375.00], 'P11 b, deductible in the new year: 2,000 x 75 %, (1,000 - 500) x 75 %');
-- (c) as the person chooses
SELECT is(ARRAY[pays('cc', part('cc', stay('S1', 'P1'), 1)), pays('cc', part('cc', stay('S1', 'P1'), 2))], ARRAY[1312.50, 375.00], 'P11 c: settled on 31 December: (2,000 - 250) x 75 % and (1,000 - 500) x 75 %');
SELECT is((SELECT mid_setl_flag FROM cc.settlement WHERE setl_id = 'S1-2021'), true, 'P11 c: the first with mid_setl_flag');
SELECT is(pays('cc', stay('S2', 'P2')), 1875.00, 'P11 c: or as a whole in the new year: (3,000 - 500) x 75 %');
-- (d) discharged and admitted again
SELECT throws_ok($$SELECT pays('cd', stay('S1', 'P1'))$$, 'YB203', NULL, 'P11 d: as a whole it is refused');
SELECT is(ARRAY[pays('cd', part('cd', stay('S1', 'P1'), 1)), pays('cd', part('cd', stay('S1', 'P1'), 2) || '{"mdtrt_id": "M-again"}')], ARRAY[1312.50, 750.00],
  'P11 d: admitted on 20 December, so the admission of 1 January has no deductible: (2,000 - 250) x 75 %, 1,000 x 75 %');
SELECT is(ARRAY[pays('cd', part('cd', stay('S2', 'P2', begn => '2021-11-30 09:00'), 1)), pays('cd', part('cd', stay('S2', 'P2', begn => '2021-11-30 09:00'), 2))], ARRAY[1125.00, 375.00],
  'P11 d: admitted on 30 November it has: (2,000 - 500) x 75 %, (1,000 - 500) x 75 %');
-- (e) insured in 2021, not in 2022
-- discharged on 20 December of the year after the admission's: the two times were changed about
SELECT throws_ok($$SELECT yibao.settle(cross_rule('discharge_year'), stay('S1', 'P1', '1000', '2022-01-10', '2021-12-20'))$$, 'YB007', 'endtime 2021-12-20 00:00:00 is before begntime 2022-01-10 00:00:00', 'a stay that ends before it begins is of no year');
SELECT throws_ok($$SELECT pays('ca', stay('S9', 'P9', '1000', '2022-03-10', '2022-03-09'))$$, 'YB007', 'endtime 2022-03-09 00:00:00 is before begntime 2022-03-10 00:00:00', 'nor is it settled in an area');
SELECT throws_ok($$SELECT pays('ce', stay('S1', 'P1', more => '{"paus_insu_date": "2022-01-01"}'))$$, 'YB203', NULL, 'P11 e: past the end of the insurance it is refused');
SELECT is((SELECT count(*) FROM yibao.split_stay((SELECT rules FROM ce.policy), stay('S1', 'P1', more => '{"paus_insu_date": "2022-01-01"}'), (SELECT jsonb_agg(l) FROM line l))), 1::bigint, 'P11 e: one part is settled');
SELECT is(pays('ce', part('ce', stay('S1', 'P1', more => '{"paus_insu_date": "2022-01-01"}'), 1)), 1312.50, 'P11 e: that to 31 December: (2,000 - 250) x 75 %');
SELECT throws_ok($$SELECT pays('ce', stay('S2', 'P1', '1000', '2022-01-01', '2022-01-10', '{"paus_insu_date": "2022-01-01", "pre_days": 12}'))$$, 'YB203', NULL, 'P11 e: and nothing after it');
SELECT is(pays('ce', stay('S3', 'P2', more => '{"paus_insu_date": "2023-01-01"}')), 1875.00, 'P11 e: who is insured on is settled by the rule: (3,000 - 500) x 75 %');
-- the same city changed from b to a
SELECT area('cf', doc('{"cross_year": [{"to": "2022-01-01", "rule": "split", "source": "t"}, {"from": "2022-01-01", "rule": "discharge_year", "source": "t"}]}'));
SELECT throws_ok($$SELECT pays('cf', stay('S1', 'P1', begn => '2020-12-20', endt => '2021-01-10'))$$, 'YB203', NULL, 'P11: a stay that ended in January 2021 is still split');
SELECT is(pays('cf', stay('S1', 'P1')), 1875.00, 'P11: one that ended in January 2022 is whole: the rule is effective-dated');
-- by condition, and where no rule says
SELECT area('cg', doc('{"cross_year": [{"when": {"psn_idet_type": "2301"}, "rule": "split", "source": "t"}, {"when": {"psn_idet_type": "2302"}, "unknown": true, "source": "t"}]}'));
SELECT throws_ok($$SELECT pays('cg', stay('S1', 'P1', more => '{"psn_idet_type": "2301"}'))$$, 'YB203', NULL, 'P11: a rule for some persons');
SELECT throws_ok($$SELECT pays('cg', stay('S1', 'P1', more => '{"psn_idet_type": "2399"}'))$$, 'YB201', 'no rule of "cross_year" (a stay that goes on into the next benefit year) covers this claim', 'P11: nothing is guessed for others');
SELECT throws_ok($$SELECT pays('cg', stay('S1', 'P1', more => '{"psn_idet_type": "2302"}'))$$, 'YB202', NULL, 'P11: nor where the source leaves it open');
SELECT is(pays('cg', stay('S2', 'P1', begn => '2022-01-02', more => '{"psn_idet_type": "2399"}')), 1875.00, 'P11: within a year nobody asks');
-- what the grammar refuses, with its place
CREATE FUNCTION wrong(more text, code text, message text, about text) RETURNS text LANGUAGE sql AS $$SELECT throws_ok(format('SELECT yibao.policy_ok(doc(%L))', more), code, message, about)$$;
SELECT wrong('{"year": {"starts": "07-01", "named_by": "start"}}', 'YB108', 'year: key "source" is missing', 'year without a source');
SELECT wrong('{"year": {"starts": "07-01", "source": "t"}}', 'YB104', 'year: key "named_by" is missing', 'a year that is not the calendar''s has to be named');
SELECT wrong('{"year": {"starts": "7-1", "named_by": "start", "source": "t"}}', 'YB105', 'year.starts: "7-1" is not a month and a day', 'no month and day');
SELECT wrong(format('{"year": {"starts": "%s", "named_by": "start", "source": "t"}}', d), 'YB105', format('year.starts: "%s" is not a month and a day', d), 'no day of every year: ' || d) FROM unnest(ARRAY['02-30', '02-29', '13-01', '00-10', '04-31', '07/01', '+1-01']) d;
SELECT wrong('{"year": {"by": "setl_tiem", "source": "t"}}', 'YB105', 'year.by: "setl_tiem" is not a word of the grammar here', 'no date of a claim');
SELECT wrong('{"year": {"on_policy_change": "reset", "source": "t"}}', 'YB105', 'year.on_policy_change: "reset" is not a word of the grammar here', 'no way of going on');
SELECT wrong('{"year": {"begins": "07-01", "source": "t"}}', 'YB102', 'year.begins: unknown key', 'an unknown key of year');
SELECT wrong('{"cross_year": [{"rule": "discharge", "source": "t"}]}', 'YB105', 'cross_year[0].rule: "discharge" is not a word of the grammar here', 'no cross-year rule');
SELECT wrong('{"cross_year": [{"rule": "split"}]}', 'YB108', 'cross_year[0]: key "source" is missing', 'a cross-year rule without a source');
SELECT wrong('{"cross_year": [{"rule": "split", "unknown": true, "source": "t"}]}', 'YB105', 'cross_year[0] has "unknown" beside "rule"', 'a cross-year rule that is unknown');
SELECT wrong('{"cross_year": [{"rule": "split", "source": "t"}, {"rule": "readmit", "source": "t"}]}', 'YB106', 'cross_year[0] and cross_year[1] both hold and neither is more specific', 'two cross-year rules that collide');
SELECT wrong('{"version_date": "begntime", "cross_year": [{"rule": "discharge_year", "source": "t"}]}', 'YB105', 'cross_year[0]: "discharge_year" counts a stay in the year it ends, but a claim is of the year of its begntime', 'a stay counted where it ends, and a year by admission');
SELECT wrong('{"corrections": {"source": "t"}}', 'YB104', 'corrections has no value', 'corrections of nothing');
SELECT wrong('{"corrections": {"reversal": "none", "source": "t"}}', 'YB105', 'corrections.reversal: "none" is not a word of the grammar here', 'no way of reversing');
SELECT wrong('{"corrections": {"late_manual": "service_date"}}', 'YB108', 'corrections: key "source" is missing', 'corrections without a source');
SELECT results_eq($$SELECT path, parameter, effect FROM yibao.policy_rules(doc('{"year": {"starts": "07-01", "named_by": "end", "by": "endtime", "on_policy_change": "restart", "source": "t"},
  "cross_year": [{"rule": "discharge_year", "lapsed": "year_end", "source": "t"}], "corrections": {"reversal": "replay", "late_manual": "service_date", "source": "t"}}')) WHERE layer IS NULL AND parameter NOT IN ('benefit', 'counts')$$,
  $$VALUES ('year', 'year', 'begins on 07-01, called by the year it ends in, a claim is of the year of its endtime, with this document accumulators begin anew'),
    ('cross_year[0]', 'cross_year', 'a stay of two benefit years is settled as a whole in the year it ends, and who is not insured on is paid up to the year''s end'),
    ('corrections.reversal', 'reversal', 'replay'), ('corrections.late_manual', 'late_manual', 'service_date')$$, 'policy_rules lists them');
SELECT is((SELECT sentence FROM yibao.policy_diff(doc('{"cross_year": [{"rule": "split", "source": "t"}]}'), doc('{"cross_year": [{"rule": "discharge_year", "source": "t"}]}'), l)), want, 'policy_diff tells the change, ' || l)
  FROM (VALUES ('zh', '跨年度住院由 跨年度住院按费用发生日分年度结算 改为 跨年度住院全程计入出院所在年度'), ('en', 'cross_year: a stay of two benefit years is settled in parts, by the day of each item becomes a stay of two benefit years is settled as a whole in the year it ends')) v(l, want);
SELECT is((SELECT count(*) FROM unnest('{ca,cb,cc,cd,ce}'::text[]) a, LATERAL yibao.verify(a) v WHERE NOT v.ok), 0::bigint, 'everything verifies');
SELECT * FROM finish();
