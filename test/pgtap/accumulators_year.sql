-- The accumulators that a person-year keeps, one by one, against one plain query over the settlements that stand: what the field's rules of
-- benefits need of a year, by benefit, layer and in total.  Nothing is settled again here (yibao.verify() does that): amounts of rows are added.
\set ECHO none
SELECT no_plan();

CREATE FUNCTION layer(code text, pays text, base text, dedc text, ratio text, cap jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_build_object('code', code, 'pays', pays, 'base', base::jsonb, 'rounding', 'layer',
  'payer', CASE code WHEN 'basic' THEN jsonb '{"kind": "own_fund", "source": "t"}' WHEN 'serious' THEN '{"kind": "external", "name": "C", "pays": "centre_advances", "source": "t"}' ELSE '{"kind": "other_book", "fund": "assistance", "pays": "centre_advances", "source": "t"}' END,
  'deductible', jsonb_build_array(jsonb_build_object('amount', dedc, 'per', CASE code WHEN 'basic' THEN 'visit' ELSE 'year' END, 'source', 't')),
  'ratio', jsonb_build_array(jsonb_build_object('ratio', ratio, 'source', 't'))) || CASE code WHEN 'basic' THEN jsonb '{"deductible_order": "after_preselfpay"}' ELSE '{}' END
  || CASE WHEN cap IS NULL THEN jsonb '{}' ELSE jsonb_build_object('cap', cap) END
$$;
CREATE FUNCTION doc() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb '{"yibao": 1, "title": {"zh": "累计"}, "insutype": "390", "admdvs": "620522", "valid_from": "2018-01-01", "version_date": "setl_time",
  "sources": {"t": {"doc": "累计试验", "trust": "demo"}}, "corrections": {"reversal": "alone", "late_manual": "arrival", "source": "t"},
  "benefits": [{"when": {"med_type": "21"}, "benefit": "inpatient", "pool": "inpatient", "source": "t"}, {"when": {"med_type": "11"}, "benefit": "outpatient", "pool": "outpatient", "source": "t"},
               {"when": {"med_type": "14"}, "benefit": "chronic", "pool": "outpatient", "source": "t"}, {"when": {"med_type": "51"}, "benefit": "other", "pool": "inpatient", "source": "t"}],
  "fund": {"split": [{"coverage_year": {">=": 2018}, "outpatient": "0.30", "inpatient": "0.70", "base": "received_income",
      "kinds": ["contribution"], "after_serious": true, "rounding": "half_up_outpatient", "source": "t"}], "on_pool_short": "queue", "source": "t"}}'
  || jsonb_build_object('layers', jsonb_build_array(layer('basic', 'hifp_pay', '["inscp"]', '100', '0.60', '{"two": [{"per": "year", "on": "payment", "amount": "5000", "benefits": ["inpatient", "chronic"], "source": "t"}]}'),
    layer('serious', 'hifmi_pay', '["deductible", "copay", "over_cap"]', '3000', '0.50', NULL),
    layer('assistance', 'maf_pay', '["copay", "preselfpay"]', '500', '0.70', '{"otp": [{"per": "year", "on": "payment", "amount": "500", "benefits": ["outpatient"], "source": "t"}], "own": [{"per": "year", "on": "payment", "amount": "900", "scope": "benefit", "source": "t"}]}'),
    layer('tilt', 'maf_pay', '["copay"]', '2000', '0.50', NULL)))
$$;
SELECT yibao.create_poolarea('qa', '620522') IS NOT NULL AS made \gset
INSERT INTO qa.policy (rules) SELECT doc();
INSERT INTO qa.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, fixmedins_code)
SELECT 'S' || lpad(i::text, 4, '0'), 'P' || i % 7, '390', timestamp '2021-07-01' + i * interval '17 hours', a + i % 5 * 1.01 + i % 3 * 0.5 + i % 4 * 10.10, i % 5 * 1.01, i % 3 * 0.5, i % 4 * 10.10, a,
  (ARRAY['11', '14', '21', '51'])[1 + i * 5 % 4], 'H'
FROM generate_series(1, 700) AS i, LATERAL (SELECT round(17 + (i * 7919 % 4000)::numeric / 3, 2)) AS x(a);
-- every eleventh is reversed
INSERT INTO qa.settlement (setl_id, setl_time, init_setl_id) SELECT setl_id || 'R', timestamp '2022-12-30 23:00', setl_id FROM qa.settlement WHERE substr(setl_id, 2)::int % 11 = 0 ORDER BY psn_setl_no DESC;

-- What the rows say: name and yuan (or number) for each person and year.
CREATE VIEW said AS
WITH s AS (SELECT * FROM qa.settlement AS s WHERE NOT refd_setl_flag AND NOT EXISTS (SELECT FROM qa.settlement AS r WHERE r.init_setl_id = s.setl_id)),
  short(benefit, b) AS (VALUES ('inpatient', 'ipt'), ('outpatient', 'otp'), ('chronic', 'opsp'), ('other', 'oth'))
SELECT psn_no, year, n.name, sum(n.value) AS value FROM s JOIN short USING (benefit), LATERAL (VALUES
  ('cum_setl_cnt', 1), ('cum_ipt_cnt', (benefit = 'inpatient')::int), ('cum_medfee', medfee_sumamt), ('cum_preselfpay', preselfpay_amt + first_selfpay), ('cum_ownpay', fulamt_ownpay_amt + overlmt_selfpay),
  ('cum_' || b || '_inscp', inscp_scp_amt), ('cum_' || b || '_dedc', act_pay_dedc), ('cum_' || b || '_elig', inscp_scp_amt - act_pay_dedc), ('cum_' || b || '_hifp', hifp_pay),
  ('cum_mi_pay', hifmi_pay), ('cum_mi_' || b || '_pay', hifmi_pay), ('maf_pay', maf_pay), ('maf_' || b || '_pay', maf_pay)) AS n(name, value)
GROUP BY 1, 2, 3;
-- What is kept; assistance and second assistance are one column of a settlement, and added up here.
CREATE VIEW kept AS
SELECT psn_no, year, regexp_replace(k.key, '^cum_m[ax]_(.*pay)$', 'maf_\1') AS name, sum(k.value::numeric) AS value
FROM qa.person_year_cum AS y, jsonb_each_text(to_jsonb(y) - '{psn_no,insutype,year,setl_cnt,last_setl_id}'::text[]) AS k GROUP BY 1, 2, 3;

SELECT is((SELECT string_agg(concat_ws(' ', psn_no, year, name, kept.value, said.value), E'\n') FROM kept FULL JOIN said USING (psn_no, year, name)
  WHERE coalesce(kept.value, 0) <> coalesce(said.value, 0) AND name !~ '^cum_(mi|m2|ma|mx|sp)_(base|dedc)$'), NULL, 'each accumulator is what the settlements that stand add up to');
SELECT is((SELECT count(DISTINCT (psn_no, year)) FROM kept), 14::bigint, 'of seven persons in two years');
SELECT is((SELECT count(*) FROM (SELECT name FROM said GROUP BY 1 HAVING sum(value) > 0) AS x), 31::bigint, 'and all that a settlement has by itself have counted something');
-- a layer's payments by benefit are together what it paid
SELECT is((SELECT count(*) FROM qa.person_year_cum WHERE cum_ma_pay <> cum_ma_ipt_pay + cum_ma_otp_pay + cum_ma_opsp_pay + cum_ma_oth_pay OR cum_mx_pay <> cum_mx_ipt_pay + cum_mx_otp_pay + cum_mx_opsp_pay + cum_mx_oth_pay
  OR cum_mi_pay <> cum_mi_ipt_pay + cum_mi_otp_pay + cum_mi_opsp_pay + cum_mi_oth_pay), 0::bigint, 'what assistance, second assistance and serious illness paid by benefit is together what they paid');
SELECT is((SELECT array_agg(DISTINCT cum_ma_otp_pay) FROM qa.person_year_cum WHERE cum_ma_otp_pay >= 500), ARRAY[500.00], 'assistance pays 500 a year for outpatient care, and no more');
SELECT is((SELECT max(greatest(cum_ma_ipt_pay, cum_ma_opsp_pay, cum_ma_oth_pay)) FROM qa.person_year_cum), 900.00, 'and 900 for each other benefit');
SELECT is((SELECT max(cum_ipt_hifp + cum_opsp_hifp) FROM qa.person_year_cum), 5000.00, 'the basic layer 5,000 for stays and chronic care together');
SELECT is((SELECT string_agg(a::text, E'\n') FROM yibao.verify('qa') AS a WHERE NOT ok), NULL, 'settled again they come to the same: burdens and deductibles of the upper layers too');
SELECT is((SELECT count(*) FROM (SELECT s.maf_pay, s.hifp_pay, yibao.replay(doc(), to_jsonb(s) - 'opn_cum' - 'cal_ipt_cnt') OVER (PARTITION BY s.psn_no, s.year ORDER BY s.psn_setl_no) AS r
    FROM qa.settlement AS s WHERE year = 2021 AND NOT refd_setl_flag OFFSET 0) AS x WHERE (x.r).maf_pay <> x.maf_pay OR (x.r).hifp_pay <> x.hifp_pay), 0::bigint, 'replay of the first year pays what the area paid');
-- one fen in one of them is found
ALTER TABLE qa.person_year DISABLE TRIGGER USER;
UPDATE qa.person_year SET cum[65] = cum[65] + 1 WHERE psn_no = 'P3' AND year = 2022;
ALTER TABLE qa.person_year ENABLE TRIGGER USER;
SELECT ok(detail LIKE 'person P3, scheme 390, year 2022: accumulator 65 is %', 'assistance for outpatient care that differs by a fen is named') FROM yibao.verify('qa') AS a(name, ok, detail) WHERE NOT ok;
SELECT * FROM finish();
