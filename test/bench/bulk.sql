-- A year of claims for a pool area: psql variables :bulk rows, and persons a third of that.

CREATE TABLE bench.incoming AS
SELECT 'S' || to_char(i, 'FM000000000') AS setl_id, 'P' || to_char((random() * :bulk * 0.3)::int, 'FM00000000') AS psn_no,
    '390'::text AS insutype, '2024-01-01'::timestamp + i * (interval '330 days' / :bulk) AS setl_time,
    'M' || i AS mdtrt_id, '622000'::text AS clr_optins,
    fee AS medfee_sumamt, round(fee * 0.05, 2) AS fulamt_ownpay_amt, round(fee * 0.02, 2) AS overlmt_selfpay,
    round(fee * 0.1, 2) AS preselfpay_amt, fee - round(fee * 0.05, 2) - round(fee * 0.02, 2) - round(fee * 0.1, 2) AS inscp_scp_amt,
    '21'::text AS med_type, to_char(1 + floor(random() * 5), 'FM00') AS hosp_lv,
    (1 + floor(random() * 9))::int::text AS psn_idet_type,
    (ARRAY['none', 'up', 'down', 'exempt'])[1 + floor(random() * 4)::int] AS refl,
    'H62052200' || to_char(floor(random() * 120), 'FM000') AS fixmedins_code, (20 + random() * 60)::int AS age
FROM (SELECT i, round((500 + 30000 * random())::numeric, 2) AS fee FROM generate_series(1, :bulk) i OFFSET 0) s;
VACUUM (ANALYZE, FREEZE) bench.incoming;

CREATE FUNCTION bench.columns(tab regclass) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = tab AND attnum > 0 AND NOT attisdropped
$$;

-- A pool area with a policy and money.
CREATE PROCEDURE bench.make_area(area text) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM yibao.create_poolarea(area, '620522');
    EXECUTE format($f$INSERT INTO %I.policy (rules) SELECT rules FROM bench.policy WHERE id = 'basic'$f$, area);
    EXECUTE format($f$INSERT INTO %I.receipt (receipt_id, kind, gov_level, account, received_on, coverage_year, amt)
        VALUES ('R1', 'subsidy', 'central', 'fiscal', '2024-01-02', 2024, 900000000000.00)$f$, area);
END $$;
CALL bench.make_area('bench_shape');

-- The same columns with nothing but a primary key.
CREATE TABLE bench.bare (LIKE bench_shape.settlement);
DO $$
DECLARE c name;
BEGIN
    FOR c IN SELECT attname FROM pg_attribute WHERE attrelid = 'bench.bare'::regclass AND attnum > 0 AND attnotnull LOOP
        EXECUTE format('ALTER TABLE bench.bare ALTER %I DROP NOT NULL', c);
    END LOOP;
END $$;
CREATE TABLE bench.theirs (LIKE bench.bare);
ALTER TABLE bench.bare ADD PRIMARY KEY (setl_id);

-- The same work in PL/pgSQL: key, accumulators of the person-year, settlement, entries.  "theirs" has the same guarantees:
-- hash of what was sent, hash of what was booked, a key that cannot outlive its row.  "lean" does without these.
ALTER TABLE bench.theirs ADD PRIMARY KEY (setl_id);
CREATE INDEX ON bench.theirs (journal_id);
CREATE INDEX ON bench.theirs (psn_no, year);
CREATE TABLE bench.lean (LIKE bench.theirs INCLUDING INDEXES);
CREATE TABLE bench.their_key (setl_id text COLLATE "C" PRIMARY KEY REFERENCES bench.theirs DEFERRABLE INITIALLY DEFERRED,
    req_hash bytea NOT NULL, claimed_at timestamptz NOT NULL);
CREATE TABLE bench.lean_key (setl_id text COLLATE "C" PRIMARY KEY, claimed_at timestamptz NOT NULL);
CREATE TABLE bench.their_person_year (
    psn_no text COLLATE "C", insutype text COLLATE "C", year int, setl_cnt int NOT NULL, ipt_cnt int NOT NULL,
    medfee numeric NOT NULL, preselfpay numeric NOT NULL, ownpay numeric NOT NULL, inscp numeric NOT NULL,
    dedc numeric NOT NULL, elig numeric NOT NULL, hifp numeric NOT NULL, last_setl_id text COLLATE "C",
    PRIMARY KEY (psn_no, insutype, year)
) WITH (fillfactor = 70);
CREATE TABLE bench.their_entry (journal_id bigint, line int, book text, role text, pool text, party text, layer text,
    clr_ym text, amount_fen bigint NOT NULL, PRIMARY KEY (journal_id, line));
CREATE TABLE bench.their_slot (pool text PRIMARY KEY, avail bigint NOT NULL CHECK (avail >= 0));
INSERT INTO bench.their_slot VALUES ('inpatient', 90000000000000);
CREATE SEQUENCE bench.their_journal;

CREATE FUNCTION bench.their_settle() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    y int := extract(year FROM NEW.setl_time);
    p bench.their_person_year;
    r bench.rules;
    elig_amt numeric;
BEGIN
    IF TG_TABLE_NAME = 'theirs' THEN
        INSERT INTO bench.their_key VALUES (NEW.setl_id, sha256(convert_to(concat_ws('|', NEW.psn_no, NEW.insutype, NEW.setl_time,
            NEW.mdtrt_id, NEW.clr_optins, NEW.medfee_sumamt, NEW.fulamt_ownpay_amt, NEW.overlmt_selfpay, NEW.preselfpay_amt,
            NEW.inscp_scp_amt, NEW.med_type, NEW.hosp_lv, NEW.psn_idet_type, NEW.refl, NEW.fixmedins_code, NEW.age), 'UTF8')),
            now()) ON CONFLICT DO NOTHING;
    ELSE
        INSERT INTO bench.lean_key VALUES (NEW.setl_id, now()) ON CONFLICT DO NOTHING;
    END IF;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF NEW.fulamt_ownpay_amt + NEW.overlmt_selfpay + NEW.preselfpay_amt + NEW.inscp_scp_amt <> NEW.medfee_sumamt THEN
        RAISE EXCEPTION 'the parts of % do not add up', NEW.setl_id;
    END IF;
    SELECT * INTO p FROM bench.their_person_year b
    WHERE b.psn_no = NEW.psn_no AND b.insutype = NEW.insutype AND b.year = y FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO bench.their_person_year VALUES (NEW.psn_no, NEW.insutype, y, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        ON CONFLICT DO NOTHING;
        SELECT * INTO p FROM bench.their_person_year b
        WHERE b.psn_no = NEW.psn_no AND b.insutype = NEW.insutype AND b.year = y FOR UPDATE;
    END IF;
    SELECT * INTO r FROM bench.rules b
    WHERE b.hosp_lv = NEW.hosp_lv AND b.psn_idet_type = NEW.psn_idet_type AND b.refl = NEW.refl
        AND b.valid_from <= NEW.setl_time AND b.valid_to > NEW.setl_time;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no rule for %', NEW.setl_id;
    END IF;
    NEW.dedc_std := r.dedc;
    NEW.crt_dedc := r.dedc;
    NEW.act_pay_dedc := least(r.dedc, NEW.inscp_scp_amt);
    elig_amt := NEW.inscp_scp_amt - NEW.act_pay_dedc;
    NEW.hifp_pay := least(greatest(r.cap - p.hifp, 0), round(greatest(least(NEW.inscp_scp_amt, r.upto) - NEW.act_pay_dedc, 0) * r.r1
        + greatest(NEW.inscp_scp_amt - greatest(r.upto, NEW.act_pay_dedc), 0) * r.r2, 2));
    NEW.hifmi_pay := 0;
    NEW.maf_pay := 0;
    NEW.oth_pay := 0;
    NEW.fund_pay_sumamt := NEW.hifp_pay;
    NEW.psn_part_amt := NEW.medfee_sumamt - NEW.hifp_pay;
    NEW.psn_cash_pay := NEW.psn_part_amt;
    NEW.pool_prop_selfpay := r.r1;
    NEW.refd_setl_flag := false;
    NEW.year := y;
    NEW.benefit := 'inpatient';
    NEW.pool := 'inpatient';
    NEW.clr_ym := to_char(NEW.setl_time, 'YYYYMM');
    NEW.policy_id := '390-2018-09-18-1';
    NEW.psn_setl_no := p.setl_cnt + 1;
    NEW.prev_setl_id := p.last_setl_id;
    NEW.opn_cum := ARRAY[p.setl_cnt, p.ipt_cnt, p.medfee * 100, p.preselfpay * 100, p.ownpay * 100, p.inscp * 100,
        p.dedc * 100, p.elig * 100, p.hifp * 100]::bigint[];
    NEW.journal_id := txid_current();
    NEW.booked_by := session_user;
    NEW.booked_at := now();
    IF TG_TABLE_NAME = 'theirs' THEN
        NEW.row_hash := sha256(convert_to(NEW::text, 'UTF8'));
    END IF;
    UPDATE bench.their_person_year b SET setl_cnt = b.setl_cnt + 1, ipt_cnt = b.ipt_cnt + 1,
        medfee = b.medfee + NEW.medfee_sumamt, preselfpay = b.preselfpay + NEW.preselfpay_amt,
        ownpay = b.ownpay + NEW.fulamt_ownpay_amt + NEW.overlmt_selfpay, inscp = b.inscp + NEW.inscp_scp_amt,
        dedc = b.dedc + NEW.act_pay_dedc, elig = b.elig + elig_amt, hifp = b.hifp + NEW.hifp_pay,
        last_setl_id = NEW.setl_id
    WHERE b.psn_no = NEW.psn_no AND b.insutype = NEW.insutype AND b.year = y;
    RETURN NEW;
END $$;
CREATE TRIGGER settle BEFORE INSERT ON bench.theirs FOR EACH ROW EXECUTE FUNCTION bench.their_settle();
CREATE TRIGGER settle BEFORE INSERT ON bench.lean FOR EACH ROW EXECUTE FUNCTION bench.their_settle();

-- Entries netted for the whole statement: the fastest way that PL/pgSQL has.
CREATE FUNCTION bench.their_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO bench.their_entry
    SELECT journal, row_number() OVER (), 'S', s.role, 'inpatient', s.party, 'basic', s.clr_ym, s.sign * s.fen
    FROM nextval('bench.their_journal') journal,
        LATERAL (SELECT v.role, v.sign, fixmedins_code AS party, clr_ym, (sum(hifp_pay) * 100)::bigint AS fen
            FROM fresh, (VALUES ('commitment', 1), ('obligation', -1)) v(role, sign)
            WHERE hifp_pay > 0 GROUP BY v.role, v.sign, fixmedins_code, clr_ym) s;
    UPDATE bench.their_slot SET avail = avail - (SELECT coalesce(sum(hifp_pay) * 100, 0) FROM fresh) WHERE pool = 'inpatient';
    RETURN NULL;
END $$;
CREATE TRIGGER post AFTER INSERT ON bench.theirs REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION bench.their_post();
CREATE TRIGGER post AFTER INSERT ON bench.lean REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION bench.their_post();
