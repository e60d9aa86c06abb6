-- A person of several categories (P17) and a prescription of two benefits (P16): which one counts, with every figure worked
-- out by hand in the comment above it, in settle(), explain(), replay(), payout() and the settlement of a pool area.
\set ECHO none
SELECT no_plan();

-- basic: 1,000 deductible, 60%; assistance of deductible and own share: 低保 (2303) no deductible and 50%, 重度残疾 (2304) 1,000 a year and 70%
CREATE FUNCTION doc(choice jsonb DEFAULT NULL, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb '{"yibao": 1, "title": {"zh": "多重身份"}, "insutype": "390", "admdvs": "620522", "valid_from": "2018-01-01", "version_date": "setl_time",
  "sources": {"t": {"doc": "多重身份试验", "trust": "demo"}},
  "benefits": [{"when": {"med_type": "21"}, "benefit": "inpatient", "pool": "inpatient", "source": "t"}],
  "layers": [
   {"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"], "rounding": "layer",
    "deductible": [{"amount": "1000", "per": "visit", "source": "t"}], "ratio": [{"ratio": "0.60", "source": "t"}]},
   {"code": "assistance", "pays": "maf_pay", "payer": {"kind": "other_book", "pays": "hospital_direct", "source": "t"}, "base": ["deductible", "copay"], "rounding": "layer",
    "when": {"psn_idet_type": ["2303", "2304", "2305"]}, "when_source": "t",
    "deductible": [{"when": {"psn_idet_type": ["2303", "2305"]}, "amount": "0", "per": "year", "source": "t"}, {"when": {"psn_idet_type": "2304"}, "amount": "1000", "per": "year", "source": "t"}],
    "ratio": [{"when": {"psn_idet_type": ["2303", "2305"]}, "ratio": "0.50", "source": "t"}, {"when": {"psn_idet_type": "2304"}, "ratio": "0.70", "source": "t"}]}],
  "fund": {"split": [{"coverage_year": {">=": 2018}, "outpatient": "0.30", "inpatient": "0.70", "base": "received_income", "kinds": ["contribution"],
    "after_serious": true, "rounding": "half_up_outpatient", "source": "t"}], "on_pool_short": "queue", "source": "t"}}'
  || CASE WHEN choice IS NULL THEN '{}' ELSE jsonb_build_object('categories', choice || '{"source": "t"}') END::jsonb || more
$$;
CREATE FUNCTION best() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$ SELECT doc('{"several": "best"}') $$;
CREATE FUNCTION ordered(VARIADIC codes text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT doc(jsonb_build_object('several', 'precedence', 'order', to_jsonb(codes)))
$$;
CREATE FUNCTION visit(inscp numeric, more jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_build_object('medfee_sumamt', inscp, 'inscp_scp_amt', inscp, 'med_type', '21', 'setl_time', '2022-05-01 10:00:00') || more
$$;
CREATE FUNCTION got(document jsonb, inscp numeric, types text) RETURNS text LANGUAGE sql STABLE AS $$
SELECT r.maf_pay || ' ' || r.psn_part_amt FROM yibao.settle(document, visit(inscp, jsonb_build_object('psn_idet_types', types))) AS r
$$;
CREATE FUNCTION sentences(document jsonb, inscp numeric, types text, lang text) RETURNS text LANGUAGE sql STABLE AS $$
SELECT string_agg(sentence, ' / ' ORDER BY step) FROM yibao.explain(document, visit(inscp, jsonb_build_object('psn_idet_types', types)), lang) WHERE item LIKE 'category%'
$$;

---------------------------------------------------------------- P17: best, not added

-- 10,000: basic 9,000 x 60% = 5,400 leaves 4,600; 2303: 4,600 x 50% = 2,300 leaves 2,300; 2304: 3,600 x 70% = 2,520 leaves 2,080
SELECT is(got(best(), 10000, '2303,2304'), '2520.00 2080.00', 'P17: the best of two categories: 2304 leaves 2,080, 2303 would leave 2,300; they are not added');
-- 2,000: basic 600 leaves 1,400; 2303: 700 leaves 700; 2304: 400 x 70% = 280 leaves 1,120
SELECT is(got(best(), 2000, '2303,2304'), '700.00 700.00', 'P17: and of a smaller bill it is the other one: 2303 leaves 700, 2304 would leave 1,120');
SELECT is(ARRAY[got(best(), 10000, '2304,2303'), got(best(), 10000, ' 2304 , 2303, 2304')], ARRAY['2520.00 2080.00', '2520.00 2080.00'], 'P17: the order in which they are given, blanks and a repeat say nothing');
SELECT is(ARRAY[yibao.best_category(best(), visit(10000, '{"psn_idet_types": "2303,2304"}')), yibao.best_category(best(), visit(2000, '{"psn_idet_types": "2303,2304"}'))], ARRAY['2304', '2303'], 'P17: best_category() names it');
SELECT is(ARRAY[yibao.best_category(best(), visit(2000, '{"psn_idet_types": "2305,2303"}')), yibao.best_category(best(), visit(2000, '{"psn_idet_types": "2303,2305"}'))], ARRAY['2305', '2303'],
  'P17: of two that leave the same it is the first of those given');
-- one outside assistance leaves 4,600
SELECT is(got(best(), 10000, '03,2303'), '2300.00 2300.00', 'P17: a category without assistance is never better');
SELECT is(got(best(), 10000, '2303'), '2300.00 2300.00', 'P17: a list of one is that one');
SELECT is((yibao.settle(best(), visit(10000, '{"psn_idet_type": "2303"}'))).maf_pay, 2300.00, 'P17: psn_idet_type alone stays what it is');
SELECT is((yibao.settle(best(), visit(10000, '{"psn_idet_type": "2303", "psn_idet_types": "2303,2304"}'))).maf_pay, 2520.00, 'P17: beside the list it is what was chosen once, and chosen anew');
SELECT is((yibao.settle(best(), visit(10000, '{"psn_idet_type": "2303", "psn_idet_types": ""}'))).maf_pay, 2300.00, 'P17: an empty list is none');
SELECT is(ARRAY[(yibao.settle(best(), visit(10000, '{"psn_idet_types": ["2303", "2304"]}'))).maf_pay,
    (SELECT (yibao.settle(best(), c)).maf_pay FROM (SELECT 10000.00 AS medfee_sumamt, 10000.00 AS inscp_scp_amt, '21'::text AS med_type, timestamp '2022-05-01' AS setl_time, '{2303,2304}'::text[] AS psn_idet_types) AS c),
    (SELECT (yibao.settle(best(), c)).maf_pay FROM (SELECT 10000.00 AS medfee_sumamt, 10000.00 AS inscp_scp_amt, '21'::text AS med_type, timestamp '2022-05-01' AS setl_time, '2303,2304'::text AS psn_idet_types) AS c)],
  ARRAY[2520.00, 2520.00, 2520.00], 'P17: the list may be a JSON array, a text[] or a text with commas');
SELECT is(yibao.payout(best(), medfee_sumamt => 10000, inscp_scp_amt => 10000, med_type => '21', setl_time => '2022-05-01', psn_idet_type => yibao.best_category(best(), visit(10000, '{"psn_idet_types": "2303,2304"}')), field => 'maf_pay'),
  2520.00, 'P17: payout() takes the one code that best_category() gives');
SELECT is(ARRAY[yibao.best_category(best(), visit(1, '{"psn_idet_type": "03"}')), yibao.best_category(best(), visit(1, '{}'))], ARRAY['03', NULL], 'best_category(): psn_idet_type where there are not several, NULL where there is none');

---------------------------------------------------------------- P17: by an order

SELECT is(ARRAY[got(ordered('2303', '2304'), 10000, '2304,2303'), got(ordered('2304', '2303'), 10000, '2303,2304')], ARRAY['2300.00 2300.00', '2520.00 2080.00'], 'P17: by an order the first that the person holds counts, better or not');
SELECT is(ARRAY[got(ordered('2303', '2304'), 2000, '2304,2303'), got(ordered('2304', '2303'), 2000, '2303,2304')], ARRAY['700.00 700.00', '280.00 1120.00'], 'P17: of a smaller bill, too');
SELECT is(got(ordered('2301', '2304', '2303'), 10000, '2303,2304'), '2520.00 2080.00', 'P17: who does not hold the first has the second');
SELECT throws_ok($$SELECT got(ordered('2301', '2302'), 10000, '2303,2304')$$, 'YB201', 'none of the categories 2303,2304 stands in the policy''s order', 'P17: none of them in the order is not covered');
SELECT is(got(ordered('2301', '2302'), 10000, '2303'), '2300.00 2300.00', 'P17: a single one needs no order');

---------------------------------------------------------------- P17: nothing said

SELECT throws_ok($$SELECT got(doc(), 10000, '2303,2304')$$, 'YB202', 'the policy does not say by which of several categories a claim is settled (P17)', 'P17: a policy that says nothing takes no claim of several');
SELECT is(got(doc(), 10000, '2303'), '2300.00 2300.00', 'P17: but one of a single one');
SELECT is((yibao.settle(doc() #- '{layers,1}', visit(10000, '{"psn_idet_types": "2303,2304"}'))).psn_part_amt, 4600.00, 'P17: and where no rule asks for the category it does not matter');
SELECT throws_ok($$SELECT got(best(), 10000, '2303,,2304')$$, 'YB007', 'psn_idet_types "2303,,2304" cannot be read', 'a list with a gap is refused');
SELECT throws_ok($$SELECT got(best(), 10000, '2303,123456789')$$, 'YB007', NULL, 'and one with a code of nine bytes');
SELECT throws_ok($$SELECT got(best(), 10000, (SELECT string_agg(n::text, ',') FROM generate_series(1, 17) AS n))$$, 'YB007', NULL, 'and one of more than sixteen');
SELECT throws_ok($$SELECT yibao.settle(best(), visit(1, '{"psn_idet_types": [1]}'))$$, 'YB007', NULL, 'and a JSON array of numbers');
SELECT throws_ok($$SELECT got(best() #- '{layers,1,when}' #- '{layers,1,when_source}', 10000, '2303,99')$$, 'YB201', NULL, 'P17: a category that a layer does not cover leaves open which is best');

---------------------------------------------------------------- why this one

SELECT is(sentences(best(), 10000, '2303,2304', 'zh'), '就高不重复：按人员身份类别 2304 结算，个人负担 2,080.00 元，为最少（多重身份试验） / 按人员身份类别 2303 结算则个人负担 2,300.00 元，不取', 'P17: explained in Chinese');
SELECT is(sentences(best(), 10000, '2303,2304', 'en'), 'The best of several categories, 2304, by which the person bears the least, 2,080.00 yuan (多重身份试验) / By category 2303 the person would bear 2,300.00 yuan: not taken', 'P17: and in English');
SELECT is(sentences(ordered('2303', '2304'), 10000, '2304,2303', 'zh'), '按规定次序，以人员身份类别 2303 结算（多重身份试验）', 'P17: an order explained in Chinese');
SELECT is(sentences(ordered('2303', '2304'), 10000, '2304,2303', 'en'), 'Settled by category 2303, which comes first of several (多重身份试验)', 'P17: and in English');
SELECT is(sentences(best(), 10000, '2303', 'zh'), NULL, 'of one category there is nothing to say');
SELECT is((SELECT sum(amount) FROM yibao.explain(best(), visit(10000, '{"psn_idet_types": "2303,2304"}')) WHERE settles = 'maf_pay'), 2520.00, 'the steps add up to the settlement');
SELECT is((SELECT array_agg(effect ORDER BY path) FROM yibao.policy_rules(ordered('2303', '2304')) WHERE parameter = 'categories'), ARRAY['of several categories the first of 2303, 2304'], 'policy_rules lists it');
SELECT is((SELECT array_agg(sentence) FROM yibao.policy_diff(best(), ordered('2303', '2304'))), ARRAY['多重身份类别由 有多重身份的，按个人负担最少的一类 改为 有多重身份的，按以下次序取第一类：2303, 2304'], 'policy_diff says in Chinese what changes');

---------------------------------------------------------------- a year, and an area

-- 10,000: 2304 (2,520), its deductible of 1,000 is used up; then 2,000 leaves 1,400: 2304 x 70% = 980 is better than 700
SELECT is(ARRAY(SELECT (r).maf_pay FROM (SELECT i, yibao.replay(best(), visit(inscp, jsonb_build_object('psn_no', 'P', 'year', 2022, 'setl_id', i::text, 'setl_time', timestamp '2022-01-01' + i * interval '1 day', 'psn_idet_types', '2303,2304')))
    OVER (ORDER BY i) AS r FROM (VALUES (1, 10000), (2, 2000)) AS v(i, inscp)) AS y ORDER BY i), ARRAY[2520.00, 980.00], 'P17: replay() carries what the chosen category used up');

SELECT yibao.create_poolarea('qc', '620522') \g /dev/null
INSERT INTO qc.policy (rules) VALUES (best());
CREATE FUNCTION put(id text, inscp numeric, more jsonb DEFAULT '{}') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE (SELECT format('INSERT INTO qc.settlement (%s) VALUES (%s)', string_agg(quote_ident(key), ', '), string_agg(quote_nullable(value), ', '))
    FROM jsonb_each_text(jsonb_build_object('setl_id', id, 'psn_no', 'P', 'insutype', '390', 'setl_time', '2022-05-01 10:00:00', 'medfee_sumamt', inscp,
      'inscp_scp_amt', inscp, 'fulamt_ownpay_amt', 0, 'overlmt_selfpay', 0, 'preselfpay_amt', 0, 'med_type', '21', 'setl_type', '2', 'fixmedins_code', 'H1', 'psn_idet_types', '2303,2304') || more));
END $$;
SELECT put('A1', 2000), put('A2', 10000), put('A3', 2000);
-- 700 by 2303; 2,520 by 2304, which uses its 1,000 up; 980 by 2304
SELECT is(ARRAY(SELECT concat_ws(' ', psn_idet_type, maf_pay) FROM qc.settlement ORDER BY setl_id), ARRAY['2303 700.00', '2304 2520.00', '2304 980.00'], 'P17: an area settles by the best and keeps which it was');
SELECT is((SELECT string_agg(sentence, ' ' ORDER BY step) FROM yibao.explain_settlement('qc', 'A1') WHERE item = 'category'), '就高不重复：按人员身份类别 2303 结算，个人负担 700.00 元，为最少（多重身份试验）', 'P17: explain_settlement() says why');
SELECT throws_ok($$SELECT put('X', 2000, '{"psn_idet_type": "2303"}')$$, 'YB504', 'psn_idet_type is given as 2303, the settlement says 2304', 'P17: another category beside the list is refused: it is a result');
SELECT put('A4', 2000, '{"psn_idet_type": "2304"}'), put('A1', 2000), put('A1', 2000, '{"psn_idet_type": "2303"}');
SELECT is((SELECT count(*) FROM qc.settlement), 4::bigint, 'P17: the same one is taken, and a repeat is a repeat, with the category or without');
SELECT lives_ok($$SELECT put('A5', 2000, '{"psn_idet_types": null, "psn_idet_type": "2303"}')$$, 'P17: one category is settled as ever');
SELECT is((SELECT maf_pay FROM qc.settlement WHERE setl_id = 'A5'), 700.00, 'by its own rules');
SELECT is((SELECT count(*) FROM yibao.verify('qc') WHERE NOT ok), 0::bigint, 'what is stored verifies');
SELECT is((SELECT array_agg(hifp_b - hifp_a ORDER BY value) FROM yibao.simulate(NULL, best(), 'qc') WHERE by = 'total'), ARRAY[0.00], 'and a simulation of the same policy comes to the same');

---------------------------------------------------------------- P16: two outpatient benefits for one prescription

-- ordinary outpatient care 50 deductible and 50%; the two diseases no deductible and 60%; the list of precedence by "over", in each parameter
CREATE FUNCTION otp(first text DEFAULT NULL, two jsonb DEFAULT '{"dise_codg": "M03900"}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT doc() || jsonb_build_object('benefits', jsonb_build_array(o || '{"benefit": "outpatient", "pool": "outpatient"}', t || '{"benefit": "chronic", "pool": "outpatient"}'),
  'layers', jsonb_build_array(doc() #> '{layers,0}' || jsonb_build_object('deductible', jsonb_build_array(o || '{"amount": "50", "per": "visit"}', t || '{"amount": "0", "per": "visit"}'),
    'ratio', jsonb_build_array(o || '{"ratio": "0.50"}', t || '{"ratio": "0.60"}'))))
FROM (SELECT jsonb '{"id": "ordinary", "when": {"med_type": "11"}, "source": "t"}' || CASE first WHEN 'ordinary' THEN '{"over": ["two"]}' ELSE '{}' END::jsonb AS o,
  jsonb '{"id": "two", "source": "t"}' || jsonb_build_object('when', two) || CASE first WHEN 'two' THEN '{"over": ["ordinary"]}' ELSE '{}' END::jsonb AS t) AS x
$$;
CREATE FUNCTION rx(document jsonb, more jsonb DEFAULT '{}') RETURNS text LANGUAGE sql STABLE AS $$
SELECT r.benefit || ' ' || r.hifp_pay FROM yibao.settle(document, visit(200, '{"med_type": "11", "dise_codg": "M03900"}' || more)) AS r
$$;
SELECT throws_ok($$SELECT yibao.policy_ok(otp())$$, 'YB106', NULL, 'P16: two benefits for one prescription and no order of them is a conflict');
-- 200 x 60% = 120; (200 - 50) x 50% = 75
SELECT is(ARRAY[rx(otp('two')), rx(otp('ordinary'))], ARRAY['chronic 120.00', 'outpatient 75.00'], 'P16: a list of precedence, either way: 120 or 75');
SELECT is(ARRAY[rx(otp('two'), '{"dise_codg": "J06"}'), rx(otp('ordinary'), '{"med_type": "14"}')], ARRAY['outpatient 75.00', 'chronic 120.00'], 'P16: where only one holds it is that one');
-- who is registered for a chronic disease cannot enjoy the benefit of the two diseases
SELECT is(ARRAY[rx(otp('two', '{"dise_codg": "M03900", "opsp_flag": false}'), '{"opsp_flag": false}'), rx(otp('two', '{"dise_codg": "M03900", "opsp_flag": false}'), '{"opsp_flag": true}')],
  ARRAY['chronic 120.00', 'outpatient 75.00'], 'P16: 不能同时享受: who is registered for a chronic disease has ordinary outpatient care, 75, and not the two diseases'' 120');
SELECT throws_ok($$SELECT rx(otp('two', '{"dise_codg": "M03900", "opsp_flag": false}'), '{"med_type": "14", "opsp_flag": true}')$$, 'YB201', NULL, 'P16: and nothing where no other benefit covers the visit');
SELECT throws_ok($$SELECT rx(otp('two', '{"dise_codg": "M03900", "opsp_flag": false}'), '{"opsp_flag": null}')$$, 'YB006', NULL, 'P16: whether he is registered is not guessed');
SELECT is(yibao.payout(otp('two', '{"dise_codg": "M03900", "opsp_flag": false}'), medfee_sumamt => 200, inscp_scp_amt => 200, med_type => '11', dise_codg => 'M03900', setl_time => '2022-05-01', opsp_flag => true), 75.00, 'P16: payout() takes the flag');
SELECT * FROM finish();
