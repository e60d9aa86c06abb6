-- Corrections of a person-year (P29): a reversal with later settlements, and what it does to them; money that was paid,
-- that waits; claims that arrive late; accumulators that begin anew. Figures are worked out by hand beside each.
\set ECHO none
BEGIN;
SELECT plan(134);
SET check_function_bodies = off;
CREATE ROLE cor_li LOGIN;
CREATE ROLE cor_wang LOGIN;

-- 75 % above 500 for the first stay of a year, above 250 for the second, of all from the third; 2,000 a year.
CREATE FUNCTION doc(more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb '{"yibao": 1, "title": {"zh": "试验"}, "insutype": "390", "admdvs": "620522",
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
    "deductible_adjust": {"ordinal": [{"when": {"med_type": ["21"], "cum_ipt_cnt": 1}, "multiply": "0.5", "source": "t"},
                                      {"when": {"med_type": ["21"], "cum_ipt_cnt": {">=": 2}}, "set": "0", "source": "t"}]},
    "ratio": [{"when": {"med_type": ["21"]}, "ratio": "0.75", "source": "t"}, {"when": {"med_type": ["11"]}, "ratio": "0.80", "source": "t"}],
    "cap": {"year": [{"per": "year", "on": "payment", "amount": "2000.00", "source": "t"}]}}]}' || more
$$;
CREATE FUNCTION rule(reversal text, late text DEFAULT NULL) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT doc(jsonb_build_object('corrections', jsonb_strip_nulls(jsonb_build_object('reversal', reversal, 'late_manual', late, 'source', 't'))))
$$;
CREATE FUNCTION area(name text, money numeric, VARIADIC docs jsonb[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM yibao.create_poolarea(name, '620522');
  PERFORM yibao.grant_poolarea(name, 'cor_li', 'clerk'), yibao.grant_poolarea(name, 'cor_wang', 'reviewer');
  EXECUTE format('INSERT INTO %I.policy (rules) SELECT unnest($1)', name) USING docs;
  EXECUTE format($q$INSERT INTO %I.receipt (receipt_id, kind, account, received_on, coverage_year, amt, heads, serious_amt)
    VALUES ('R1', 'contribution', 'fiscal', '2022-01-10', 2022, $1, 1000, 0)$q$, name) USING money;
  EXECUTE format($q$INSERT INTO %I.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id)
    VALUES ('Q1', 'appropriation', 'fiscal', 'expenditure', '2022-01-11', $1, 'F1')$q$, name) USING money;
END $$;
CREATE FUNCTION claim(id text, psn text, setl_time text, amount text DEFAULT '1000', more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_build_object('setl_id', id, 'psn_no', psn, 'insutype', '390', 'setl_time', setl_time, 'medfee_sumamt', amount, 'fulamt_ownpay_amt', '0',
  'overlmt_selfpay', '0', 'preselfpay_amt', '0', 'inscp_scp_amt', amount, 'med_type', '21', 'setl_type', '2', 'fixmedins_code', 'H1') || more
$$;
CREATE FUNCTION pays(area text, claim jsonb) RETURNS numeric LANGUAGE sql AS 'SELECT (yibao.settle_once(area, claim)).hifp_pay';
CREATE FUNCTION reverse(area text, id text, key text, at text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('INSERT INTO %I.settlement (setl_id, init_setl_id, setl_time) VALUES (%L, %L, %L)', area, key, id, at);
END $$;
-- three stays of 1,000: (1,000 - 500) x 75 % = 375, (1,000 - 250) x 75 % = 562.50, 1,000 x 75 % = 750
CREATE FUNCTION three(area text, psn text DEFAULT 'P') RETURNS numeric[] LANGUAGE sql AS $$
SELECT array_agg(pays(area, claim('S' || n || CASE psn WHEN 'P' THEN '' ELSE psn END, psn, format('2022-05-0%s 10:00', n)))) FROM generate_series(1, 3) n
$$;
CREATE FUNCTION rows_of(area text, psn text DEFAULT 'P') RETURNS text LANGUAGE plpgsql AS $$
DECLARE r text;
BEGIN
  EXECUTE format($q$SELECT string_agg(setl_id || ' ' || hifp_pay, ', ' ORDER BY psn_setl_no) FROM %I.settlement WHERE psn_no = %L$q$, area, psn) INTO r;
  RETURN r;
END $$;
CREATE FUNCTION one(q text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE r text;
BEGIN
  EXECUTE q INTO r;
  RETURN r;
END $$;
-- accumulators of the person-year in yuan: stays, paid
CREATE FUNCTION cums(area text, psn text DEFAULT 'P') RETURNS text LANGUAGE sql AS $$
SELECT one(format($q$SELECT cum_setl_cnt || ' ' || cum_ipt_cnt || ' ' || cum_medfee || ' ' || cum_ipt_dedc || ' ' || cum_ipt_hifp || ' ' || coalesce(last_setl_id, '-') FROM %I.person_year_cum WHERE psn_no = %L$q$, area, psn))
$$;
CREATE FUNCTION pool(area text) RETURNS text LANGUAGE sql AS $$
SELECT one(format('SELECT balance || '' '' || committed || '' '' || unfunded || '' '' || available FROM %I.pool_status WHERE pool = ''inpatient''', area))
$$;
CREATE FUNCTION faults(area text) RETURNS text LANGUAGE sql AS $$SELECT string_agg("check" || ': ' || detail, '; ') FROM yibao.verify(area) WHERE NOT ok$$;
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
CREATE FUNCTION pay(area text, id text, month text, day text) RETURNS text LANGUAGE sql AS $$
SELECT as_user('cor_li', format('INSERT INTO %I.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES (%L, ''H1'', %L, %L)', area, id, month, day)) || ' ' ||
  as_user('cor_wang', format('INSERT INTO %I.payment_approval (payment_id, decision, paid_on) VALUES (%L, ''approve'', %L)', area, id, day))
$$;

-- (c) only the last: stated, or not stated
SELECT area('c1', 10000, rule('last_only'));
SELECT area('c2', 10000, doc());
SELECT is(three(a), '{375.00,562.50,750.00}', 'three stays ' || a) FROM unnest('{c1,c2}'::text[]) a;
SELECT throws_ok(format('SELECT reverse(%L, ''S1'', ''S1R'', ''2022-06-10'')', a), 'YB502', 'settlement "S1" is not the last one of its person-year', 'P29 c: while later ones stand, none is reversed ' || a) FROM unnest('{c1,c2}'::text[]) a;
SELECT lives_ok($$SELECT reverse('c1', 'S3', 'S3R', '2022-06-10')$$, 'P29 c: the last is');
SELECT is(cums('c1'), '2 2 2000.00 750.00 937.50 S2', 'P29 c: accumulators as before it: 375 + 562.50, deductibles 500 + 250');
SELECT lives_ok($$SELECT reverse('c1', 'S2', 'S2R', '2022-06-10'), reverse('c1', 'S1', 'S1R', '2022-06-10')$$, 'P29 c: then the one before');
SELECT is(cums('c1'), '0 0 0.00 0.00 0.00 -', 'P29 c: and nothing is left');

-- (a) that one alone
SELECT area('a1', 10000, rule('alone'));
SELECT is(three('a1'), '{375.00,562.50,750.00}', 'three stays');
SELECT lives_ok($$SELECT reverse('a1', 'S1', 'S1R', '2022-06-10')$$, 'P29 a: the first is reversed');
SELECT is(rows_of('a1'), 'S1 375.00, S2 562.50, S3 750.00, S1R -375.00', 'P29 a: the later ones stay as they are');
SELECT is(cums('a1'), '2 2 2000.00 250.00 1312.50 S3', 'P29 a: accumulators are those of the two that stand: 562.50 + 750, deductible 250');
SELECT is(pool('a1'), '7000.00 1312.50 0.00 5687.50', 'P29 a: 375 is available again');
SELECT is(pays('a1', claim('S4', 'P', '2022-06-11')), 687.50, 'P29 a: the next is the third stay, and 2,000 - 1,312.50 are left');
SELECT throws_ok($$SELECT reverse('a1', 'S1', 'S1R2', '2022-06-12')$$, 'YB503', NULL, 'P29 a: once');
SELECT lives_ok($$SELECT reverse('a1', 'S2', 'S2R', '2022-06-12')$$, 'P29 a: another one in the middle');
SELECT is(cums('a1'), '2 2 2000.00 0.00 1437.50 S4', 'P29 a: 750 + 687.50');
SELECT is(faults('a1'), NULL, 'P29 a: everything verifies');

-- (b) later ones are settled again, differences posted
SELECT area('b1', 10000, rule('replay'));
SELECT is(three('b1'), '{375.00,562.50,750.00}', 'three stays');
SELECT lives_ok($$SELECT reverse('b1', 'S1', 'S1R', '2022-06-10')$$, 'P29 b: the first is reversed');
SELECT is(rows_of('b1'), 'S1 375.00, S2 562.50, S3 750.00, S1R -375.00, S3~1R -750.00, S2~1R -562.50, S2~1 375.00, S3~1 562.50',
  'P29 b: the second is the first stay now, (1,000 - 500) x 75 %, the third the second, (1,000 - 250) x 75 %');
SELECT is(cums('b1'), '2 2 2000.00 750.00 937.50 S3~1', 'P29 b: accumulators: 375 + 562.50');
SELECT is((SELECT string_agg(corr_setl_id || ' ' || psn_ord_no || ' ' || coalesce(prev_setl_id, '-') || ' ' || setl_time || ' ' || clr_ym, ', ' ORDER BY setl_id) FROM b1.settlement WHERE corr_setl_id IS NOT NULL),
  'S2 2 - 2022-05-02 10:00:00 202205, S3 3 S2~1 2022-05-03 10:00:00 202205', 'P29 b: each says what it replaces, and stands in its place, time and month');
SELECT is((SELECT sum(medfee_sumamt) || ' ' || sum(psn_part_amt) || ' ' || sum(fund_pay_sumamt) FROM b1.settlement), '2000.00 1062.50 937.50', 'P29 b: what the person bears is the rest: 2,000 - 937.50');
SELECT is((SELECT count(*) FROM b1.settlement WHERE fund_pay_sumamt + psn_part_amt + hosp_part_amt <> medfee_sumamt OR psn_part_amt <> psn_cash_pay + acct_pay + acct_mulaid_pay), 0::bigint, 'P29 b: the identities hold in every row');
SELECT is(pool('b1'), '7000.00 937.50 0.00 6062.50', 'P29 b: the pool is bound to 937.50');
SELECT is((SELECT owed FROM b1.obligation WHERE party = 'H1' AND clr_ym = '202205'), 937.50, 'P29 b: which the provider is owed, in the month of the stays');
SELECT is((SELECT sum(amount) FROM yibao.explain_settlement('b1', 'S3~1') WHERE settles = 'hifp_pay'), 562.50, 'P29 b: a new row is explained');
SELECT is(pays('b1', claim('S4', 'P', '2022-06-11')), 750.00, 'P29 b: the next is the third stay');
SELECT throws_ok($$SELECT reverse('b1', 'S2', 'S2R', '2022-06-12')$$, 'YB503', NULL, 'P29 b: what was replaced is not reversed again');
SELECT lives_ok($$SELECT reverse('b1', 'S2~1', 'S2R', '2022-06-12')$$, 'P29 b: its new row is');
SELECT is((SELECT string_agg(setl_id || ' ' || hifp_pay, ', ' ORDER BY setl_id) FROM b1.settlement s WHERE NOT refd_setl_flag AND NOT EXISTS (SELECT FROM b1.settlement r WHERE r.init_setl_id = s.setl_id)),
  'S3~2 375.00, S4~1 562.50', 'P29 b: and the next keys follow');
SELECT lives_ok($$SELECT reverse('b1', 'S4~1', 'S4R', '2022-06-13')$$, 'P29 b: the last is reversed');
SELECT is(cums('b1'), '1 1 1000.00 500.00 375.00 S3~2', 'P29 b: nothing else changes');
SELECT is(faults('b1'), NULL, 'P29 b: everything verifies');
SELECT throws_ok($$INSERT INTO b1.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, fixmedins_code, corr_setl_id)
  VALUES ('X', 'P', '390', '2022-07-01', 10, 0, 0, 0, 10, '21', 'H1', 'S1')$$, 'YB504', 'corr_setl_id is given as S1, the settlement says NULL', 'nobody else says that a settlement replaces another');

-- (b) ordinals that the area counts: of the year, filled into cal_ipt_cnt, and at the hospital
SELECT area('b5', 10000, jsonb_set(rule('replay'), '{layers,0,deductible_adjust}', '{"ordinal": [{"when": {"med_type": ["21"], "cal_ipt_cnt": 2}, "multiply": "0.5", "source": "t"}, {"when": {"med_type": ["21"], "cal_ipt_cnt": {">=": 3}}, "set": "0", "source": "t"}]}'));
SELECT is(three('b5'), '{375.00,562.50,750.00}', 'three stays, by an ordinal that the area fills in');
SELECT lives_ok($$SELECT reverse('b5', 'S1', 'S1R', '2022-06-10')$$, 'P29 b, ordinal: the first is reversed');
SELECT is((SELECT string_agg(setl_id || ' ' || cal_ipt_cnt || ' ' || hifp_pay, ', ' ORDER BY setl_id) FROM b5.settlement WHERE corr_setl_id IS NOT NULL), 'S2~1 1 375.00, S3~1 2 562.50', 'P29 b, ordinal: it is filled in anew');
SELECT area('b6', 10000, jsonb_set(rule('replay'), '{layers,0,deductible_adjust}', '{"ordinal": [{"when": {"med_type": ["21"], "cum_hosp_cnt": 1}, "multiply": "0.5", "source": "t"}]}'));
SELECT is(ARRAY[pays('b6', claim('S1', 'P', '2022-05-01')), pays('b6', claim('S2', 'P', '2022-05-02', more => '{"fixmedins_code": "H2"}')), pays('b6', claim('S3', 'P', '2022-05-03'))], ARRAY[375.00, 375.00, 562.50], 'first at H1, first at H2, second at H1');
SELECT lives_ok($$SELECT reverse('b6', 'S1', 'S1R', '2022-06-10')$$, 'P29 b, hospital: the first at H1 is reversed');
SELECT is(rows_of('b6'), 'S1 375.00, S2 375.00, S3 562.50, S1R -375.00, S3~1R -562.50, S3~1 375.00', 'P29 b, hospital: the second at H1 is the first, that at H2 stays');
SELECT is(pays('b6', claim('S4', 'P', '2022-06-11', more => '{"fixmedins_code": "H2"}')), 562.50, 'P29 b, hospital: the next at H2 is the second there');
SELECT is(faults(a), NULL, 'P29 b, ordinals: everything verifies ' || a) FROM unnest('{b5,b6}'::text[]) a;

-- (b) what was paid already: 1,687.50 for May
SELECT area('b2', 10000, rule('replay'));
SELECT is(three('b2'), '{375.00,562.50,750.00}', 'three stays');
SELECT is(pay('b2', 'M5', '202205', '2022-06-05'), 'ok ok', 'they are paid');
SELECT lives_ok($$SELECT reverse('b2', 'S1', 'S1R', '2022-06-10')$$, 'P29 b, paid: the first is reversed');
SELECT is((SELECT string_agg(clr_ym || ' ' || owed || ' ' || recoverable, ', ' ORDER BY clr_ym) FROM b2.obligation WHERE party = 'H1'), '202206 937.50 1687.50',
  'P29 b, paid: in the month of the correction 937.50 is owed and 1,687.50 to be recovered [A216]');
SELECT is(pool('b2'), '5312.50 937.50 0.00 4375.00', 'P29 b, paid: nothing is back before it is recovered: 7,000 - 1,687.50 paid - 937.50 committed');
SELECT throws_ok($$INSERT INTO b2.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES ('M6', 'H1', '202206', '2022-07-05')$$, 'YB307', NULL, 'P29 b, paid: nothing is paid while the provider has more to give back');
SELECT is(pays('b2', claim('Q1', 'Q', '2022-06-20', '4000')), 2000.00, 'another person''s stay: (4,000 - 500) x 75 % = 2,625, of which 2,000');
SELECT is(pay('b2', 'M6', '202206', '2022-07-05'), 'ok ok', 'P29 b, paid: June is paid');
SELECT is((SELECT amt FROM b2.payment WHERE payment_id = 'M6'), 1250.00, 'P29 b, paid: with what is given back: 2,000 + 937.50 - 1,687.50');
SELECT is(pool('b2'), '4062.50 0.00 0.00 4062.50', 'P29 b, paid: in all 2,937.50 have left the pool: 937.50 + 2,000');
SELECT is(faults('b2'), NULL, 'P29 b, paid: everything verifies');

-- (b) a pool that is short: 1,400 for inpatients; S1 375 and S2 562.50 are funded, S3 750 waits
SELECT area('b3', 2000, rule('replay'));
SELECT is(three('b3'), '{375.00,562.50,750.00}', 'three stays');
SELECT is(pool('b3'), '1400.00 937.50 750.00 462.50', 'the third waits');
SELECT is(pays('b3', claim('Q1', 'Q', '2022-05-20')), 375.00, 'another person''s claim');
SELECT is((SELECT string_agg(setl_id || ' ' || state, ', ' ORDER BY setl_id) FROM b3.queue), 'Q1 waiting, S3 waiting', 'waits behind it');
SELECT lives_ok($$SELECT reverse('b3', 'S1', 'S1R', '2022-06-10')$$, 'P29 b, queue: the first is reversed');
SELECT is(pool('b3'), '1400.00 1312.50 0.00 87.50', 'P29 b, queue: 375 + 562.50 + 375 are funded, nothing waits');
SELECT is((SELECT count(*) FROM b3.queue WHERE state = 'waiting'), 0::bigint, 'P29 b, queue: the queue is empty');
SELECT is(faults('b3'), NULL, 'P29 b, queue: everything verifies');

-- a pool that refuses: a correction waits all the same. 700 for inpatients, S1 375 of it
SELECT area('b4', 1400, rule('replay') || jsonb_build_object('fund', doc() -> 'fund' || '{"on_pool_short": "refuse"}'));
SELECT is(ARRAY[pays('b4', claim('S1', 'P', '2022-05-01', '800')), pays('b4', claim('S2', 'P', '2022-05-02', '900'))], ARRAY[225.00, 487.50], 'a small stay and a second: (800 - 500) x 75 %, (900 - 250) x 75 %');
SELECT is(pool('b4'), '980.00 712.50 0.00 267.50', 'the pool has 980');
SELECT is(pays('b4', claim('Q1', 'Q', '2022-05-03', '850')), 262.50, 'another person takes 262.50');
SELECT lives_ok($$SELECT reverse('b4', 'S1', 'S1R', '2022-06-10')$$, 'P29 b, refuse: the first is reversed');
SELECT is(pool('b4'), '980.00 562.50 0.00 417.50', 'P29 b, refuse: the second is the first now, (900 - 500) x 75 % = 300, and is funded: 300 + 262.50');
SELECT is(faults('b4'), NULL, 'P29 b, refuse: everything verifies');

-- late manual claims: two stays in May are settled, and in June a third is reimbursed by hand that lay between them
SELECT area('l1', 10000, rule('replay', 'arrival'));
SELECT area('l2', 10000, rule('replay', 'service_date'));
SELECT is(ARRAY[pays(a, claim('S1', 'P', '2022-05-01')), pays(a, claim('S2', 'P', '2022-05-03'))], ARRAY[375.00, 562.50], 'two stays ' || a) FROM unnest('{l1,l2}'::text[]) a;
SELECT is(pays('l1', claim('M', 'P', '2022-06-01', '1000', '{"setl_type": "1", "begntime": "2022-05-02", "endtime": "2022-05-02"}')), 750.00, 'late manual, arrival: it is the third stay, 1,000 x 75 %');
SELECT is(rows_of('l1'), 'S1 375.00, S2 562.50, M 750.00', 'late manual, arrival: nothing else changes');
SELECT is(pays('l2', claim('M', 'P', '2022-06-01', '1000', '{"setl_type": "1", "begntime": "2022-05-02", "endtime": "2022-05-02"}')), 562.50, 'late manual, service date: it is the second, (1,000 - 250) x 75 %');
SELECT is(rows_of('l2'), 'S1 375.00, S2 562.50, M 562.50, S2~1R -562.50, S2~1 750.00', 'late manual, service date: and what was the second is the third, 1,000 x 75 %');
SELECT is(cums('l2'), '3 3 3000.00 750.00 1687.50 S2~1', 'late manual, service date: accumulators 375 + 562.50 + 750');
SELECT is((SELECT owed FROM l2.obligation WHERE party = 'psn:P'), 562.50, 'late manual: it is owed to the person');
SELECT is(pays('l2', claim('M', 'P', '2022-06-01', '1000', '{"setl_type": "1", "begntime": "2022-05-02", "endtime": "2022-05-02"}')), 562.50, 'late manual: sent again it is the same');
SELECT is(rows_of('l2'), 'S1 375.00, S2 562.50, M 562.50, S2~1R -562.50, S2~1 750.00', 'late manual: and changes nothing');
-- coverage dated back: a stay of March that a newborn's parents paid themselves is reimbursed in June
SELECT is(pays('l2', claim('N1', 'N', '2022-05-01')), 375.00, 'a newborn''s stay in May');
SELECT is(pays('l2', claim('N2', 'N', '2022-06-02', '1000', '{"setl_type": "1", "nwb_flag": true, "begntime": "2022-03-10", "endtime": "2022-03-15"}')), 375.00, 'coverage dated back: the stay of March is the first of the year');
SELECT is(rows_of('l2', 'N'), 'N1 375.00, N2 375.00, N1~1R -375.00, N1~1 562.50', 'coverage dated back: and that of May the second');
-- the same lines, place, day and accumulators: by hand or at the window, the same is paid (F15)
SELECT is(ARRAY[pays(a, claim('D' || a, 'D', '2022-05-10', '1234.56')), pays(a, claim('E' || a, 'E', '2022-05-10', '1234.56', '{"setl_type": "1"}'))], ARRAY[550.92, 550.92], 'a direct and a manual claim pay the same: (1,234.56 - 500) x 75 % ' || a) FROM unnest('{l1,l2}'::text[]) a;
SELECT is((SELECT count(*) FROM (SELECT to_jsonb(s) - '{setl_id,psn_no,setl_type,journal_id,row_hash,booked_at}'::text[] AS v FROM l1.settlement s WHERE psn_no IN ('D', 'E') GROUP BY 1) x), 1::bigint, 'in every column');
SELECT is(faults(a), NULL, 'late manual: everything verifies ' || a) FROM unnest('{l1,l2}'::text[]) a;

-- a new policy from 1 July: accumulators go on, or begin anew
SELECT area('r1', 10000, doc(), doc('{"valid_from": "2022-07-01", "year": {"on_policy_change": "continue", "source": "t"}}'));
SELECT area('r2', 10000, doc(), doc('{"valid_from": "2022-07-01", "year": {"on_policy_change": "restart", "source": "t"}}'));
SELECT is(pays(a, claim('S1', 'P', '2022-05-01', '4000')), 2000.00, 'in May all of the year''s 2,000 is paid ' || a) FROM unnest('{r1,r2}'::text[]) a;
SELECT is(pays('r1', claim('S2', 'P', '2022-07-02')), 0.00, 'policy change, continue: nothing is left in July');
SELECT is(pays('r2', claim('S2', 'P', '2022-07-02')), 375.00, 'policy change, restart: in July the first stay again, (1,000 - 500) x 75 %');
SELECT is(pays('r2', claim('S3', 'P', '2022-06-30')), 0.00, 'policy change, restart: a claim of June that comes late is of the old policy, and its 2,000 are paid');
SELECT is(pays('r2', claim('S4', 'P', '2022-07-03')), 562.50, 'policy change, restart: the next of July is the second');
SELECT is(cums('r2'), '2 2 2000.00 750.00 937.50 S4', 'policy change, restart: the person-year shows those since 1 July');
SELECT is(pays('r2', claim('S5', 'P', '2023-01-02')), 375.00, 'policy change, restart: the next year begins as ever');
SELECT is((SELECT array_agg(hifp_pay ORDER BY setl_time) FROM r2.settlement WHERE year = 2022), (SELECT array_agg((r).hifp_pay ORDER BY setl_time) FROM (SELECT s.setl_time, yibao.replay(p.rules, s) OVER (PARTITION BY s.psn_no, s.year ORDER BY s.setl_time, s.setl_id COLLATE "C") AS r
  FROM (SELECT psn_no, year, setl_time, setl_id, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, policy_id FROM r2.settlement) s JOIN r2.policy p USING (policy_id) WHERE year = 2022 OFFSET 0) x),
  'policy change, restart: replay() does the same');
SELECT is(faults(a), NULL, 'policy change: everything verifies ' || a) FROM unnest('{r1,r2}'::text[]) a;

-- settled again on request: a policy published later for days that are settled, 80 % from 2 May
SELECT area('q1', 10000, doc());
SELECT is(three('q1'), '{375.00,562.50,750.00}', 'three stays');
INSERT INTO q1.policy (rules) SELECT jsonb_set(doc('{"valid_from": "2022-05-02"}'), '{layers,0,ratio,0,ratio}', '"0.80"');
SELECT results_eq($$SELECT setl_id, fund_before, fund_after, hifp_before, hifp_after, psn_before, psn_after, changed FROM yibao.replay_preview('q1', 'P', '390', 2022, 'in_force')$$,
  $$VALUES ('S1', 375.00, 375.00, 375.00, 375.00, 625.00, 625.00, false), ('S2', 562.50, 600.00, 562.50, 600.00, 437.50, 400.00, true), ('S3', 750.00, 800.00, 750.00, 800.00, 250.00, 200.00, true)$$,
  'preview: (1,000 - 250) x 80 % = 600, 1,000 x 80 % = 800, the first is older');
SELECT is((SELECT count(*) FROM yibao.replay_preview('q1', 'P', '390', 2022) WHERE changed), 0::bigint, 'preview: by the policies settled by nothing changes');
SELECT is_empty($$SELECT * FROM yibao.replay_preview('q1', 'nobody', '390', 2022)$$, 'preview: nobody');
SELECT throws_ok($$SELECT * FROM yibao.replay_preview('q1', 'P', '390', 2022, 'newest')$$, '22023', NULL, 'preview: no such policy word');
SELECT throws_ok($$SELECT * FROM yibao.replay_preview('nowhere', 'P', '390', 2022)$$, 'YB603', NULL, 'preview: no such area');
SELECT is(pool('q1'), '7000.00 1687.50 0.00 5312.50', 'preview: posts nothing');
SELECT is(as_user('cor_li', $$INSERT INTO q1.replay (replay_id, psn_no, insutype, year, policy, reason) VALUES ('W1', 'P', '390', 2022, 'in_force', '政策调整')$$), 'ok', 'a clerk proposes');
SELECT is((SELECT items || ' ' || fund_before || ' ' || fund_after || ' ' || proposed_by FROM q1.replay), '2 1312.50 1400.00 cor_li', 'two settlements, 1,312.50 becomes 1,400');
SELECT is(pool('q1'), '7000.00 1687.50 0.00 5312.50', 'a proposal posts nothing');
SELECT matches(as_user('cor_li', $$INSERT INTO q1.replay_approval (replay_id, decision, setl_time) VALUES ('W1', 'approve', '2022-06-10')$$), '^42501', 'a clerk has no approval to give');
GRANT INSERT ON q1.replay_approval TO cor_li;
SELECT matches(as_user('cor_li', $$INSERT INTO q1.replay_approval (replay_id, decision, setl_time) VALUES ('W1', 'approve', '2022-06-10')$$), '^YB401', 'and not of what he proposed');
SELECT is(as_user('cor_wang', $$INSERT INTO q1.replay_approval (replay_id, decision, setl_time) VALUES ('W1', 'approve', '2022-06-10 09:00')$$), 'ok', 'another person approves');
SELECT is(rows_of('q1'), 'S1 375.00, S2 562.50, S3 750.00, S3~1R -750.00, S2~1R -562.50, S2~1 600.00, S3~1 800.00', 'the differences are posted');
SELECT is(cums('q1'), '3 3 3000.00 750.00 1775.00 S3~1', 'accumulators: 375 + 600 + 800');
SELECT is(pool('q1'), '7000.00 1775.00 0.00 5225.00', 'and the pool is bound to them');
SELECT is((SELECT string_agg(DISTINCT setl_time::text, ',') FROM q1.settlement WHERE refd_setl_flag), '2022-06-10 09:00:00', 'the reversals are of the day of the correction');
SELECT is((SELECT booked_by FROM q1.settlement WHERE setl_id = 'S2~1'), 'cor_wang', 'booked by who approved');
SELECT is(as_user('cor_wang', $$INSERT INTO q1.replay_approval (replay_id, decision, setl_time) VALUES ('W1', 'approve', '2022-06-10 09:00')$$), 'ok', 'sent again it does nothing');
SELECT is((SELECT count(*) FROM q1.settlement), 7::bigint, 'nothing twice');
SELECT throws_ok($$INSERT INTO q1.replay (replay_id, psn_no, insutype, year, policy, reason) VALUES ('W2', 'P', '390', 2022, 'in_force', 'x')$$, 'YB307', 'no settlement of person P in benefit year 2022 comes to another amount', 'what changes nothing is refused');
SELECT throws_ok($$INSERT INTO q1.replay (replay_id, psn_no, insutype, year, policy, reason) VALUES ('W2', 'X', '390', 2022, 'in_force', 'x')$$, 'YB307', 'person X has no settlement in benefit year 2022', 'a person-year that is not there');
SELECT throws_ok($$INSERT INTO q1.replay (replay_id, psn_no, insutype, year, policy, reason, changes, changes_from) VALUES ('W2', 'P', '390', 2022, 'in_force', 'x', '{"medfee_sumamt": 5}', '2022-01-01')$$, 'YB307', '"medfee_sumamt" cannot be changed by a replay', 'amounts are not changed');
SELECT throws_ok($$UPDATE q1.replay SET reason = 'y'$$, 'YB304', NULL, 'a proposal is not changed');
SELECT throws_ok($$DELETE FROM q1.replay_approval$$, 'YB304', NULL, 'nor an approval deleted');
SELECT is(faults('q1'), NULL, 'request: everything verifies');
-- a category found out late: 5 points more for 2303
SELECT area('q2', 10000, jsonb_set(rule('last_only'), '{layers,0,adjust}', '{"poor": [{"when": {"psn_idet_type": "2303"}, "add": "0.05", "source": "t"}]}'));
SELECT is(ARRAY[pays('q2', claim('S1', 'P', '2022-05-01', more => '{"psn_idet_type": "1"}')), pays('q2', claim('S2', 'P', '2022-05-03', more => '{"psn_idet_type": "1"}')), pays('q2', claim('S3', 'P', '2022-05-04', more => '{"psn_idet_type": "1"}'))],
  ARRAY[375.00, 562.50, 750.00], 'three stays');
INSERT INTO q2.replay (replay_id, psn_no, insutype, year, policy, reason, changes, changes_from) VALUES ('W1', 'P', '390', 2022, 'as_settled', '身份认定', '{"psn_idet_type": "2303"}', '2022-05-02');
SELECT is((SELECT items || ' ' || fund_before || ' ' || fund_after FROM q2.replay), '2 1312.50 1400.00', 'category: (1,000 - 250) x 80 % + 1,000 x 80 %');
INSERT INTO q2.replay (replay_id, psn_no, insutype, year, policy, reason, changes, changes_from) VALUES ('W2', 'P', '390', 2022, 'as_settled', '身份认定', '{"psn_idet_type": "2303"}', '2022-05-02');
SELECT lives_ok($$SELECT reverse('q2', 'S3', 'S3R', '2022-06-09')$$, 'in between the last stay is reversed');
SELECT matches(as_user('cor_wang', $$INSERT INTO q2.replay_approval (replay_id, decision, setl_time) VALUES ('W1', 'approve', '2022-06-10')$$), '^YB307 the differences have changed since replay W1 was drawn up', 'what was drawn up is posted, or nothing');
SELECT is(as_user('cor_wang', $$INSERT INTO q2.replay_approval (replay_id, decision, setl_time) VALUES ('W1', 'reject', '2022-06-10')$$), 'ok', 'it is rejected');
INSERT INTO q2.replay (replay_id, psn_no, insutype, year, policy, reason, changes, changes_from) VALUES ('W3', 'P', '390', 2022, 'as_settled', '身份认定', '{"psn_idet_type": "2303"}', '2022-05-02');
SELECT is(as_user('cor_wang', $$INSERT INTO q2.replay_approval (replay_id, decision, setl_time) VALUES ('W3', 'approve', '2022-06-10')$$), 'ok', 'and drawn up again');
SELECT is((SELECT hifp_pay || ' ' || psn_idet_type || ' ' || corr_setl_id FROM q2.settlement WHERE setl_id = 'S2~1'), '600.00 2303 S2', 'the new row has the category');
SELECT is((SELECT psn_idet_type FROM q2.settlement WHERE setl_id = 'S2'), '1', 'the old one stays as it was');
SELECT is(faults('q2'), NULL, 'category: everything verifies');

SELECT * FROM finish();
ROLLBACK;
