-- Claims, the policy, and the same rules as a table for those who must join.  :rows claims, psql variable.

CREATE SCHEMA bench;
CREATE EXTENSION yibao;

-- CPU time of this backend, ns.  Exact only while it is off the CPU in between: read it in a statement of its own.
CREATE FUNCTION bench.cpu() RETURNS bigint LANGUAGE sql VOLATILE
    AS $$ SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::bigint $$;

-- CPU time that the whole machine has used, ns.
CREATE FUNCTION bench.busy() RETURNS numeric LANGUAGE sql VOLATILE AS $$
    SELECT sum(n::numeric) * 10000000
    FROM regexp_split_to_table(split_part(pg_read_file('/proc/stat'), E'\n', 1), ' +') WITH ORDINALITY AS t(n, i)
    WHERE i IN (2, 3, 4, 7, 8, 9)
$$;

-- One measurement: CPU time of a case in a round, over so many rows.  Round 0 is the warm-up.  others: cores that others kept busy.
CREATE TABLE bench.timing (name text NOT NULL, round int NOT NULL, rows bigint NOT NULL, ns bigint NOT NULL, others numeric);
CREATE TABLE bench.result (name text NOT NULL, value numeric, unit text NOT NULL, goal text, place serial);

-- Five levels, nine identity classes, four kinds of referral, four ranges of dates: 720 situations.
CREATE TABLE bench.lv AS SELECT i, to_char(i, 'FM00') AS code FROM generate_series(1, 5) i;
CREATE TABLE bench.idet AS SELECT i, i::text AS code FROM generate_series(1, 9) i;
CREATE TABLE bench.refl AS SELECT i, (ARRAY['none', 'up', 'down', 'exempt'])[i] AS code FROM generate_series(1, 4) i;
CREATE TABLE bench.era AS
SELECT i, ('{2018-09-18,2020-01-01,2021-06-01,2023-01-01}'::date[])[i] AS first,
    ('{2020-01-01,2021-06-01,2023-01-01,NULL}'::date[])[i] AS next FROM generate_series(1, 4) i;

-- The figures; text with at most four decimals.
CREATE FUNCTION bench.dedc(lv int, era int) RETURNS text LANGUAGE sql IMMUTABLE
    AS $$ SELECT ((200 * lv + 50 * era)::numeric(9, 2))::text $$;
CREATE FUNCTION bench.ratio(lv int, idet int, era int, above int) RETURNS text LANGUAGE sql IMMUTABLE
    AS $$ SELECT (0.85 - 0.05 * lv + 0.005 * idet + 0.01 * era + 0.05 * above)::numeric(5, 4)::text $$;
CREATE FUNCTION bench.cap(era int) RETURNS text LANGUAGE sql IMMUTABLE
    AS $$ SELECT (60000 + 5000 * era)::numeric(9, 2)::text $$;

-- Rules as a table, as one keeps them without the extension.
CREATE TABLE bench.rules (
    hosp_lv text COLLATE "C", psn_idet_type text COLLATE "C", refl text COLLATE "C", valid_from timestamp, valid_to timestamp NOT NULL,
    dedc numeric(16, 2) NOT NULL, upto numeric(16, 2) NOT NULL, r1 numeric(5, 4) NOT NULL, r2 numeric(5, 4) NOT NULL,
    cap numeric(16, 2) NOT NULL, below numeric NOT NULL GENERATED ALWAYS AS ((upto - dedc) * r1) STORED,
    key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (hosp_lv || psn_idet_type || refl) STORED,
    PRIMARY KEY (hosp_lv, psn_idet_type, refl, valid_from)
);
COMMENT ON COLUMN bench.rules.below IS 'What the part below the tier pays, and key, are there for test/bench/join.sql alone.';
INSERT INTO bench.rules
SELECT lv.code AS hosp_lv, idet.code AS psn_idet_type, refl.code AS refl,
    era.first::timestamp AS valid_from, coalesce(era.next, 'infinity')::timestamp AS valid_to,
    CASE refl.code WHEN 'down' THEN 0 ELSE bench.dedc(lv.i, era.i)::numeric(16, 2) END AS dedc,
    10000::numeric(16, 2) AS upto,
    bench.ratio(lv.i, idet.i, era.i, 0)::numeric(5, 4) - CASE refl.code WHEN 'none' THEN 0.1 ELSE 0 END AS r1,
    bench.ratio(lv.i, idet.i, era.i, 1)::numeric(5, 4) - CASE refl.code WHEN 'none' THEN 0.1 ELSE 0 END AS r2,
    bench.cap(era.i)::numeric(16, 2) AS cap
FROM bench.lv, bench.idet, bench.refl, bench.era;

-- The same as a policy document.  number: what many policies differ in.
CREATE FUNCTION bench.dated(era bench.era) RETURNS jsonb LANGUAGE sql IMMUTABLE
    AS $$ SELECT jsonb_strip_nulls(jsonb_build_object('from', era.first, 'to', era.next, 'source', 'b')) $$;
CREATE FUNCTION bench.document(layers text[], number int DEFAULT 0) RETURNS jsonb LANGUAGE sql STABLE AS $$
WITH deductible AS (
    SELECT jsonb_agg(bench.dated(era) || jsonb_build_object('when', jsonb_build_object('hosp_lv', lv.code),
        'amount', bench.dedc(lv.i, era.i), 'per', 'visit') ORDER BY lv.i, era.i) AS rules
    FROM bench.lv, bench.era
), ratio AS (
    SELECT jsonb_agg(bench.dated(era) || jsonb_build_object(
        'when', jsonb_build_object('hosp_lv', lv.code, 'psn_idet_type', idet.code),
        'tiers', jsonb_build_object('origin', 'zero', 'measure', 'visit', 'bands', jsonb_build_array(
            jsonb_build_array('10000.00', bench.ratio(lv.i, idet.i, era.i, 0)),
            jsonb_build_array(NULL, bench.ratio(lv.i, idet.i, era.i, 1))))) ORDER BY lv.i, idet.i, era.i) AS rules
    FROM bench.lv, bench.idet, bench.era
), cap AS (
    SELECT jsonb_agg(bench.dated(era) || jsonb_build_object(
        'amount', bench.cap(era.i), 'per', 'year', 'on', 'payment') ORDER BY era.i) AS rules
    FROM bench.era
), layer(code, body) AS (
    SELECT 'basic', jsonb_build_object('code', 'basic', 'pays', 'hifp_pay',
        'payer', '{"kind": "own_fund", "source": "b"}'::jsonb, 'base', '["inscp"]'::jsonb,
        'deductible_order', 'after_preselfpay', 'deductible', deductible.rules,
        'deductible_adjust', '{"referral": [{"when": {"refl": "down"}, "set": "0", "source": "b"}]}'::jsonb,
        'ratio', ratio.rules,
        'adjust', '{"referral": [{"when": {"refl": "none"}, "add": "-0.10", "source": "b"}]}'::jsonb,
        'rounding', 'layer',
        'cap', jsonb_build_object('year', cap.rules))
    FROM deductible, ratio, cap
    UNION ALL
    SELECT 'serious', '{"code": "serious", "pays": "hifmi_pay",
        "payer": {"kind": "external", "name": "insurer", "pays": "hospital_direct", "model": "insurer", "source": "b"},
        "base": ["deductible", "copay"], "rounding": "layer",
        "deductible": [{"amount": "5000.00", "per": "year", "source": "b"}],
        "ratio": [{"tiers": {"origin": "deductible", "measure": "year",
            "bands": [["10000.00", "0.60"], ["50000.00", "0.65"], [null, "0.70"]]}, "source": "b"}]}'::jsonb
    UNION ALL
    SELECT 'assistance', '{"code": "assistance", "pays": "maf_pay",
        "payer": {"kind": "other_book", "fund": "assistance", "pays": "centre_advances", "source": "b"},
        "base": ["deductible", "copay"], "rounding": "layer",
        "when": {"psn_idet_type": ["1", "2", "3", "4", "5", "6"]}, "when_source": "b",
        "deductible": [{"amount": "0", "per": "visit", "source": "b"}],
        "ratio": [{"ratio": "0.70", "source": "b"},
            {"when": {"psn_idet_type": ["1", "2"]}, "ratio": "1", "source": "b"}],
        "cap": {"year": [{"amount": "30000.00", "per": "year", "on": "payment", "source": "b"}]}}'::jsonb
)
SELECT jsonb_build_object('yibao', 1, 'title', jsonb_build_object('zh', '基准测试 ' || number),
    'insutype', '390', 'admdvs', '620522', 'valid_from', '2018-09-18', 'trust', 'synthetic',
    'sources', '{"b": {"doc": "bench", "trust": "synthetic"}}'::jsonb, 'version_date', 'setl_time',
    'benefits', '[{"when": {"med_type": "21"}, "benefit": "inpatient", "pool": "inpatient", "source": "b"},
        {"benefit": "other", "pool": "outpatient", "source": "b"}]'::jsonb,
    'fund', '{"on_pool_short": "queue", "split": [{"coverage_year": {">=": 2018}, "outpatient": "0.30",
        "inpatient": "0.70", "base": "received_income", "kinds": ["contribution", "subsidy"],
        "after_serious": false, "rounding": "half_up_outpatient", "source": "b"}]}'::jsonb,
    'layers', (SELECT jsonb_agg(body ORDER BY array_position(layers, code)) FROM layer WHERE code = ANY (layers)))
$$;

CREATE TABLE bench.policy (id text PRIMARY KEY, rules yibao.policy NOT NULL);
INSERT INTO bench.policy VALUES
    ('basic', bench.document('{basic}')),
    ('three', bench.document('{basic,serious,assistance}'));
INSERT INTO bench.policy SELECT 'n' || i, bench.document('{basic}', i) FROM generate_series(1, 50) i;

-- Claims: thirteen columns, about 100 bytes.
CREATE TABLE bench.claim (
    setl_id bigint NOT NULL,
    psn_no integer NOT NULL,
    med_type text COLLATE "C" NOT NULL,
    hosp_lv text COLLATE "C" NOT NULL,
    psn_idet_type text COLLATE "C" NOT NULL,
    refl text COLLATE "C" NOT NULL,
    setl_time timestamp NOT NULL,
    medfee_sumamt numeric(16, 2) NOT NULL,
    fulamt_ownpay_amt numeric(16, 2) NOT NULL,
    overlmt_selfpay numeric(16, 2) NOT NULL,
    preselfpay_amt numeric(16, 2) NOT NULL,
    act_ipt_days integer NOT NULL,
    cum_ipt_hifp numeric(16, 2) NOT NULL
);
SELECT setseed(0.2018);
INSERT INTO bench.claim
SELECT i, 1 + random() * :rows / 3.3, '21', to_char(1 + floor(random() * 5), 'FM00'), 1 + floor(random() * 9),
    (ARRAY['none', 'up', 'down', 'exempt'])[1 + floor(random() * 4)::int],
    '2018-09-18'::timestamp + random() * interval '2600 days',
    fee, round(fee * 0.05, 2), round(fee * 0.02, 2), round(fee * 0.1, 2), 1 + random() * 30,
    round((random() * 80000)::numeric, 2)
FROM (SELECT i, round((500 + 30000 * random())::numeric, 2) AS fee FROM generate_series(1, :rows) i OFFSET 0) s;
CREATE TABLE bench.claim_part AS SELECT * FROM bench.claim WHERE setl_id <= least(:rows, 200000);
VACUUM (ANALYZE, FREEZE) bench.claim;
VACUUM (ANALYZE, FREEZE) bench.claim_part;
VACUUM (ANALYZE, FREEZE) bench.rules;
VACUUM (ANALYZE, FREEZE) bench.policy;
