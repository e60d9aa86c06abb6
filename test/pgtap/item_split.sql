-- Fee lines: parts worked out by hand, header sums, the catalogue row that holds, what is refused.
\set ECHO none
\ir mutations.psql
SELECT plan(77);

-- "sum = self-paid + above limit + first self-pay + in policy"
CREATE FUNCTION parts(i yibao.item_split) RETURNS text LANGUAGE sql IMMUTABLE AS $$
SELECT format('%s = %s + %s + %s + %s', (i).det_item_fee_sumamt, (i).fulamt_ownpay_amt, (i).overlmt_amt, (i).preselfpay_amt, (i).inscp_scp_amt)
$$;
CREATE FUNCTION line(chrgitm_lv text, cnt numeric, pric numeric, selfpay_prop numeric DEFAULT NULL, pric_uplmt_amt numeric DEFAULT NULL,
  enter_prop numeric[] DEFAULT NULL, enter_upto numeric[] DEFAULT NULL, enter_way text DEFAULT NULL, cnt_before numeric DEFAULT NULL,
  det_item_fee_sumamt numeric DEFAULT NULL) RETURNS text LANGUAGE sql STABLE AS $$
SELECT parts(yibao.item_split($1, $2, $3, selfpay_prop => $4, pric_uplmt_amt => $5, enter_prop => e.enter_prop, enter_upto => e.enter_upto,
  enter_way => e.enter_way, cnt_before => $9, det_item_fee_sumamt => $10))
FROM jsonb_to_record(mutated(jsonb_build_object('enter_prop', $6, 'enter_upto', $7, 'enter_way', $8))) AS e(enter_prop numeric[], enter_upto numeric[], enter_way text)
$$;

-- ---- the classes

-- 20 x 3.25 = 65.00
SELECT is(line('01', 20, 3.25), '65.00 = 0.00 + 0.00 + 0.00 + 65.00', 'class 01 (甲) is wholly within policy [A034]');
SELECT is(line('03', 20, 3.25), '65.00 = 65.00 + 0.00 + 0.00 + 0.00', 'class 03 (丙) is fully self-paid [A034]');
-- 65.00 x 0.10 = 6.50
SELECT is(line('02', 20, 3.25, 0.10), '65.00 = 0.00 + 0.00 + 6.50 + 58.50', 'class 02 (乙) with 10% first self-pay [A034]');
SELECT is(line('04', 20, 3.25, 0.10), '65.00 = 0.00 + 0.00 + 6.50 + 58.50', 'class 04 (可报丙) is split as class 02');
SELECT is(line('02', 20, 3.25, 0), '65.00 = 0.00 + 0.00 + 0.00 + 65.00', 'class 02 without first self-pay');
SELECT is(line('02', 20, 3.25, 1), '65.00 = 0.00 + 0.00 + 65.00 + 0.00', 'class 02 that is wholly first self-pay');
-- 1 x 33.35 x 0.10 = 3.335; 1 x 33.34 x 0.10 = 3.334
SELECT is(line('02', 1, 33.35, 0.10), '33.35 = 0.00 + 0.00 + 3.34 + 30.01', 'half a fen of the first self-pay goes up');
SELECT is(line('02', 1, 33.34, 0.10), '33.34 = 0.00 + 0.00 + 3.33 + 30.01', 'less than half goes down');
-- 2.5 x 1.234567 = 3.0864175
SELECT is(line('01', 2.5, 1.234567), '3.09 = 0.00 + 0.00 + 0.00 + 3.09', 'a price with six decimals, a broken quantity');

-- ---- limit price

-- 3 x (120 - 100) = 60 above; 300 within, 10% of it 30
SELECT is(line('02', 3, 120, 0.10, 100), '360.00 = 0.00 + 60.00 + 30.00 + 270.00', 'above the limit price is the patient''s, the first self-pay is of the rest [A201]');
SELECT is(line('02', 3, 100, 0.10, 100), '300.00 = 0.00 + 0.00 + 30.00 + 270.00', 'a price at the limit is within it');
SELECT is(line('01', 3, 120, NULL, 100.005), '360.00 = 0.00 + 59.99 + 0.00 + 300.01', 'the limit is a unit price with six decimals: 59.985 above is 59.99');
SELECT is(line('03', 3, 120, NULL, 100), '360.00 = 360.00 + 0.00 + 0.00 + 0.00', 'class 03 has no limit price: all of it is self-paid');

-- ---- shape 31, 呼伦贝尔: implants domestic 70%, imported 40%; consumables domestic up to 200 100%, above 70%, imported 0

SELECT is(line('01', 1, 8000, enter_prop => '{0.70}'), '8000.00 = 2400.00 + 0.00 + 0.00 + 5600.00', 'shape 31: a domestic implant of 8,000 enters with 70%: 5,600');
SELECT is(line('01', 1, 8000, enter_prop => '{0.40}'), '8000.00 = 4800.00 + 0.00 + 0.00 + 3200.00', 'shape 31: an imported implant of 8,000 enters with 40%: 3,200');
SELECT is(line('01', 10, 200, enter_prop => '{1.00,0.70}', enter_upto => '{200}', enter_way => 'whole'), '2000.00 = 0.00 + 0.00 + 0.00 + 2000.00',
  'shape 31: ten domestic consumables of 200 each enter whole: the unit price decides');
SELECT is(line('01', 2, 200.01, enter_prop => '{1.00,0.70}', enter_upto => '{200}', enter_way => 'whole'), '400.02 = 120.01 + 0.00 + 0.00 + 280.01',
  'shape 31: of two at 200.01 70% enter: 30% of 400.02 is 120.006');
SELECT is(line('01', 2, 300, enter_prop => '{1.00,0.70}', enter_upto => '{200}', enter_way => 'excess'), '600.00 = 60.00 + 0.00 + 0.00 + 540.00',
  'shape 31: the other reading, 70% of what is above 200: 2 x (200 + 70)');
SELECT is(line('01', 2, 300, enter_prop => '{0}'), '600.00 = 600.00 + 0.00 + 0.00 + 0.00', 'shape 31: an imported consumable does not enter');
SELECT is(line('02', 1, 8000, 0.10, 5000, '{0.70}'), '8000.00 = 1500.00 + 3000.00 + 350.00 + 3150.00',
  'shape 31: limit price first, then what enters (70% of 5,000), then the first self-pay (10% of 3,500)');
SELECT is(line('01', 1, 300, enter_prop => '{1.00,0.70}', enter_upto => '{200,NULL}', enter_way => 'whole'), '300.00 = 90.00 + 0.00 + 0.00 + 210.00',
  'the end of the last band may be written as NULL');

-- ---- returns

SELECT is(line('02', -3, 120, 0.10, 100), '-360.00 = 0.00 + -60.00 + -30.00 + -270.00', 'a return of all mirrors its line');
-- 3 x 0.333333 = 0.999999. Kept 2: 0.67, of which 0.07 first self-pay; kept 1: 0.33 and 0.03.
SELECT is(line('02', 3, 0.333333, 0.10), '1.00 = 0.00 + 0.00 + 0.10 + 0.90', 'three at a third of a yuan');
SELECT is(line('02', -1, 0.333333, 0.10, cnt_before => 3), '-0.33 = 0.00 + 0.00 + -0.03 + -0.30', 'one of three returned: what is kept is as if only it had been given');
SELECT is(line('02', -1, 0.333333, 0.10, cnt_before => 2), '-0.34 = 0.00 + 0.00 + -0.04 + -0.30', 'the second');
SELECT is(line('02', -1, 0.333333, 0.10, cnt_before => 1), '-0.33 = 0.00 + 0.00 + -0.03 + -0.30', 'the third: together nothing is left');

CREATE TABLE fee (sn int, init_sn int, cnt numeric);
INSERT INTO fee VALUES (1, NULL, 7), (2, 1, -2.5), (3, 1, -0.0001), (4, 1, -4.4999);
SELECT is(t::text, '(0.00,0.00,0.00,0.00,0.00)', 'a line and its returns in portions add up to nothing')
FROM (SELECT yibao.item_total(i) AS t FROM (
  SELECT yibao.item_split('02', cnt, 19.876543, selfpay_prop => 0.15, pric_uplmt_amt => 17.000001, enter_prop => '{0.7}',
    cnt_before => CASE WHEN cnt < 0 THEN sum(cnt) OVER (PARTITION BY coalesce(init_sn, sn) ORDER BY sn ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) END) AS i
  FROM fee) AS f) AS x;

-- ---- the header

SELECT is((yibao.item_total(i))::text, '(760.00,240.00,60.00,36.50,423.50)',
  'header amounts are the sums of the lines: 65 + 360 - 65 + 400; 0+0+0+240; 60; 6.50 + 30 + 0 + 0; 58.50 + 270 - 65 + 160 [A201]')
FROM (VALUES (yibao.item_split('02', 20, 3.25, selfpay_prop => 0.10)), (yibao.item_split('02', 3, 120, selfpay_prop => 0.10, pric_uplmt_amt => 100)),
  (yibao.item_split('01', -20, 3.25)), (yibao.item_split('01', 1, 400, enter_prop => '{0.40}'))) AS v(i);
SELECT is(yibao.item_total(NULL::yibao.item_split) FILTER (WHERE false), NULL::yibao.item_total, 'the sum of no line is NULL, not zero');

-- many lines, in parallel and not: the same, and what sum() says
CREATE TABLE many AS SELECT n, (ARRAY['01', '02', '03', '04'])[1 + n % 4] AS lv, (n % 97)::numeric / 8 + 0.125 AS cnt, (n % 1009) * 1.234567 AS pric FROM generate_series(1, 60000) AS n;
ALTER TABLE many SET (parallel_workers = 2);
CREATE VIEW split AS SELECT yibao.item_split(lv, cnt, pric, selfpay_prop => CASE WHEN lv IN ('02', '04') THEN 0.15 END,
  pric_uplmt_amt => 700, enter_prop => '{1,0.7}', enter_upto => '{200}', enter_way => 'whole') AS i FROM many;
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
CREATE FUNCTION plan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; result text := '';
BEGIN
  FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
    result := result || line || E'\n';
  END LOOP;
  RETURN result;
END $$;
SELECT matches(plan_of('SELECT yibao.item_total(i) FROM split'), 'Partial Aggregate', 'item_total is left to parallel workers');
CREATE TABLE by_workers AS SELECT (yibao.item_total(i)).* FROM split;
SET max_parallel_workers_per_gather = 0;
CREATE TABLE alone AS SELECT (yibao.item_total(i)).* FROM split;
SELECT results_eq('SELECT * FROM by_workers', 'SELECT * FROM alone', 'parallel workers come to the same sums');
SELECT results_eq('SELECT * FROM alone', 'SELECT sum((i).det_item_fee_sumamt), sum((i).fulamt_ownpay_amt), sum((i).overlmt_amt), sum((i).preselfpay_amt), sum((i).inscp_scp_amt) FROM split',
  'header amounts are exactly the sums of 60,000 lines');
SELECT ok(medfee_sumamt = fulamt_ownpay_amt + overlmt_selfpay + preselfpay_amt + inscp_scp_amt AND inscp_scp_amt > 0, 'and add up themselves') FROM alone;
SELECT is((SELECT count(*) FROM many WHERE (yibao.item_split(lv, cnt, pric, selfpay_prop => CASE WHEN lv IN ('02', '04') THEN 0.15 END)).det_item_fee_sumamt <> round(cnt * pric, 2)), 0::bigint,
  'cnt x pric is rounded as numeric rounds it');

-- the header is a claim
SELECT is((yibao.settle(jsonb '{"yibao": 1, "title": {"zh": "试验"}, "insutype": "390", "admdvs": "620522", "valid_from": "2018-09-18", "version_date": "setl_time",
  "sources": {"t": {"doc": "试验文件", "trust": "demo"}}, "benefits": [{"benefit": "inpatient", "pool": "inpatient", "source": "t"}],
  "layers": [{"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"], "rounding": "layer",
    "deductible": [{"amount": "0.00", "per": "visit", "source": "t"}], "ratio": [{"ratio": "0.50", "source": "t"}]}]}', c)).hifp_pay, 135.00,
  'item_total() gives the amounts that settle() reads: half of 270')
FROM (SELECT (t).*, text '21' AS med_type, timestamp '2025-01-01' AS setl_time FROM
  (SELECT yibao.item_total(yibao.item_split('02', 3, 120, selfpay_prop => 0.10, pric_uplmt_amt => 100)) AS t) AS x) AS c;

-- ---- the catalogue row of the provider's place and the line's date

SELECT is(yibao.catalogue_places('620522'), '{620522,620500,620000,100000}'::text[], 'the divisions of a county: itself, city, province, country [A034]');
SELECT is(yibao.catalogue_places('620000'), '{620000,100000}'::text[], 'those of a province');
SELECT is(yibao.catalogue_places('100000'), '{100000}'::text[], 'and of the country');
SELECT throws_ok($$SELECT yibao.catalogue_places('秦安县')$$, 'YB004', NULL, 'a name is no division');

CREATE TABLE hilist (hilist_code text, insu_admdvs text, begndate date, enddate date, chrgitm_lv text, hilist_pric_uplmt_amt numeric, selfpay_prop numeric);
INSERT INTO hilist VALUES
  ('X1', '620000', '2020-01-01', '2023-12-31', '02', 100, 0.10),
  ('X1', '620000', '2024-01-01', NULL, '02', 80, 0.05),
  ('X1', '610000', '2020-01-01', NULL, '03', NULL, NULL),
  ('X1', '110000', '2020-01-01', NULL, '01', NULL, NULL);
CREATE TABLE detail (feedetl_sn text, hilist_code text, fix_blng_admdvs text, insu_admdvs text, fee_ocur_time timestamp, cnt numeric, pric numeric);
INSERT INTO detail VALUES
  ('a', 'X1', '620522', '620522', '2023-12-31 23:59:59', 1, 120), ('b', 'X1', '620522', '620522', '2024-01-01 00:00:00', 1, 120),
  ('c', 'X1', '620502', '620522', '2024-01-01 08:00:00', 1, 120), ('d', 'X1', '610902', '620522', '2024-01-01 08:00:00', 1, 120),
  ('e', 'X1', '110105', '620522', '2024-01-01 08:00:00', 1, 120);
CREATE VIEW priced AS
SELECT d.feedetl_sn, yibao.item_split(c.chrgitm_lv, d.cnt, d.pric, pric_uplmt_amt => c.hilist_pric_uplmt_amt, selfpay_prop => c.selfpay_prop) AS i
FROM detail AS d CROSS JOIN LATERAL (
  SELECT (yibao.catalogue_pick(h)).* FROM hilist AS h
  WHERE h.hilist_code = d.hilist_code AND h.insu_admdvs = ANY (yibao.catalogue_places(d.fix_blng_admdvs))
    AND d.fee_ocur_time::date >= h.begndate AND d.fee_ocur_time::date <= coalesce(h.enddate, 'infinity')) AS c;
-- until 2023: limit 100, 10% of 100; from 2024: limit 80, 5% of 80
SELECT is(parts(i), '120.00 = 0.00 + 20.00 + 10.00 + 90.00', 'on its last day the old row holds [A034]') FROM priced WHERE feedetl_sn = 'a';
SELECT is(parts(i), '120.00 = 0.00 + 40.00 + 4.00 + 76.00', 'on its first day the new one [A034]') FROM priced WHERE feedetl_sn = 'b';
SELECT is(parts(i), '120.00 = 0.00 + 40.00 + 4.00 + 76.00', 'elsewhere in the city the same item is split the same [A188]') FROM priced WHERE feedetl_sn = 'c';
SELECT is(parts(i), '120.00 = 120.00 + 0.00 + 0.00 + 0.00', 'in another province by that province''s catalogue, not by that of the insured place [A201]') FROM priced WHERE feedetl_sn = 'd';
SELECT is(parts(i), '120.00 = 0.00 + 0.00 + 0.00 + 120.00', 'and in a third by its own [A201]') FROM priced WHERE feedetl_sn = 'e';
SELECT is((SELECT yibao.catalogue_pick(h) IS NULL FROM hilist AS h WHERE false), true, 'no row is NULL');
SET max_parallel_workers_per_gather = 2;
INSERT INTO hilist SELECT 'Y' || n, '620000', '2020-01-01', NULL, '01', NULL, NULL FROM generate_series(1, 20000) AS n;
ALTER TABLE hilist SET (parallel_workers = 2);
SELECT is((SELECT (yibao.catalogue_pick(h)).hilist_code FROM hilist AS h WHERE h.hilist_code = 'Y777'), 'Y777', 'parallel workers find the one row');
INSERT INTO hilist VALUES ('X1', '620522', '2024-06-01', NULL, '02', 90, 0.10);
SELECT throws_ok($$SELECT yibao.catalogue_pick(h) FROM hilist AS h WHERE h.hilist_code = 'X1' AND h.insu_admdvs = ANY (yibao.catalogue_places('620522')) AND '2024-07-01' BETWEEN h.begndate AND coalesce(h.enddate, 'infinity')$$,
  'YB106', 'two rows of the catalogue hold at once', 'a local row beside the province''s is an error, not an override [A034]');

SELECT results_eq($$SELECT a.insu_admdvs || ' ' || b.insu_admdvs FROM hilist AS a JOIN hilist AS b ON a.hilist_code = b.hilist_code AND a.ctid < b.ctid
    AND (a.insu_admdvs = ANY (yibao.catalogue_places(b.insu_admdvs)) OR b.insu_admdvs = ANY (yibao.catalogue_places(a.insu_admdvs)))
    AND daterange(a.begndate, a.enddate, '[]') && daterange(b.begndate, b.enddate, '[]')$$,
  $$VALUES ('620000 620522')$$, 'the query of doc/items.md finds what overlaps, and nothing else [A034]');

-- ---- what is refused

CREATE FUNCTION refused(call text, state text, message text, what text) RETURNS text LANGUAGE sql AS $$
SELECT throws_ok('SELECT yibao.item_split(' || call || ')', state::char(5), message, what)
$$;
SELECT refused($$'01', 1, 1.234, 1.24$$, 'YB003', 'det_item_fee_sumamt 1.24 is not cnt x pric, which is 1.23', 'a sum that is not cnt x pric');
SELECT refused($$'01', -1, 0.333333, -0.34, cnt_before => 3$$, 'YB003', 'det_item_fee_sumamt -0.34 is not cnt x pric, which is -0.33', 'so in a return');
SELECT refused($$'05', 1, 1$$, 'YB004', 'chrgitm_lv "05" is not in the code list', 'an unknown class');
SELECT refused($$NULL, 1, 1$$, 'YB006', 'chrgitm_lv of the fee line is NULL, and money depends on it', 'no class: not in the catalogue of that place and day');
SELECT refused($$'02', 1, 1$$, 'YB006', 'selfpay_prop of the fee line is NULL, and money depends on it', 'class 02 without its ratio');
SELECT refused($$'02', 1, 1, selfpay_prop => 10$$, 'YB002', 'selfpay_prop 10 is not a ratio from 0 to 1', 'a percentage for a ratio');
SELECT refused($$'01', 1, 1, selfpay_prop => 0.1$$, 'YB003', 'selfpay_prop 0.1 does not go with chrgitm_lv 01', 'a first self-pay of class 01');
SELECT refused($$'01', 1.00001, 1$$, 'YB001', 'cnt 1.00001 has more than 4 decimals', 'a fifth decimal of the quantity');
SELECT refused($$'01', 1, 1.0000001$$, 'YB001', 'pric 1.0000001 has more than 6 decimals', 'a seventh of the price');
SELECT refused($$'01', 1, 'NaN'$$, 'YB002', 'pric NaN is not a number of a fee line', 'no number');
SELECT refused($$'01', 1, '-Infinity'$$, 'YB002', 'pric -Infinity is not a number of a fee line', 'infinity');
SELECT refused($$'01', 1, -1$$, 'YB002', 'pric -1 of a fee line is negative', 'a negative price');
SELECT refused($$'01', 1e12, 1$$, 'YB002', 'cnt 1000000000000 is too large for a fee line', 'a quantity of 17 digits');
SELECT refused($$'01', 999999999999, 9999999999$$, 'YB002', 'cnt 999999999999 x pric 9999999999 is too large', 'a sum above the largest amount');
SELECT refused($$'01', -2, 1, cnt_before => 1$$, 'YB003', 'more is returned than there is: cnt -2 of 1', 'more returned than given');
SELECT refused($$'01', 2, 1, cnt_before => 1$$, 'YB003', 'cnt_before is given for a fee line that is no return', 'a quantity before a line that is no return');
SELECT refused($$'01', 1, 1, enter_prop => '{1,0.7}', enter_upto => '{200}'$$, 'YB006', 'enter_way of the fee line is NULL, and money depends on it', 'bands whose reading is left open');
SELECT refused($$'01', 1, 1, enter_prop => '{1,0.7}', enter_upto => '{200}', enter_way => 'part'$$, 'YB004', 'enter_way "part" is not in the code list', 'a reading that there is not');
SELECT refused($$'01', 1, 1, enter_prop => '{1,0.7,0}', enter_upto => '{200,200}', enter_way => 'whole'$$, 'YB107', NULL, 'bands that do not rise');
SELECT refused($$'01', 1, 1, enter_prop => '{1,0.7}', enter_way => 'whole'$$, 'YB107', NULL, 'bands without ends');
SELECT refused($$'01', 1, 1, enter_prop => '{1}', enter_upto => '{200}'$$, 'YB107', NULL, 'nothing said of what is above the last band');
SELECT refused($$'01', 1, 1, enter_prop => '{}'$$, 'YB107', NULL, 'no band at all');
SELECT refused($$'01', 1, 1, enter_upto => '{200}'$$, 'YB006', 'enter_prop of the fee line is NULL, and money depends on it', 'ends without shares');
SELECT refused($$'01', 1, 1, enter_prop => '{1.1}'$$, 'YB002', 'enter_prop 1.1 is not a ratio from 0 to 1', 'more than all enters');
SELECT throws_ok('SELECT yibao.item_total(i) FROM (VALUES (NULL::yibao.item_split)) AS v(i)', 'YB006', NULL, 'a line that was not found is not zero');
SELECT throws_ok('SELECT yibao.item_total(ROW(1.00, 0, 0, 0, 0.99)::yibao.item_split)', 'YB003', NULL, 'parts that do not add up');
SELECT throws_ok('SELECT yibao.item_total(ROW(1.001, 0, 0, 0, 1.001)::yibao.item_split)', 'YB001', NULL, 'a third decimal in a part');
SELECT throws_ok($$SELECT yibao.item_total_end('{1,2}')$$, 'YB007', NULL, 'a state that is none');
SELECT throws_ok($$SELECT yibao.item_total_end('{1,2,3,4,NULL}')$$, 'YB007', NULL, 'nor with NULL in it');

SELECT * FROM finish();
