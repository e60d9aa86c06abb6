-- Posting to the fund against what a user would write: the same rows appended with nothing but their keys, and the same
-- with one row of the pool's balance updated last, so that it is never overdrawn.  A posting is a premium set aside: its
-- row, the journal, two entries, a credit, and a slot.
SELECT yibao.create_poolarea('bench_f', '620522');
-- a policy of one rule a parameter that says how serious illness is financed
INSERT INTO bench_f.policy (rules) SELECT rules || jsonb_build_object(
    'fund', rules -> 'fund' || jsonb_build_object('serious', jsonb_build_object('model', 'remit_up', 'set_aside', 'at_remittance', 'source', s)),
    'layers', jsonb_build_array(jsonb_build_object('code', 'basic', 'pays', 'hifp_pay', 'payer', jsonb_build_object('kind', 'own_fund', 'source', s),
        'base', '["inscp"]'::jsonb, 'deductible', jsonb_build_array(jsonb_build_object('amount', '0', 'per', 'visit', 'source', s)),
        'ratio', jsonb_build_array(jsonb_build_object('ratio', '0.50', 'source', s)), 'rounding', 'layer')))
FROM bench.policy, LATERAL (SELECT min(k) FROM jsonb_object_keys(rules -> 'sources') k) m(s) WHERE id = 'basic';
INSERT INTO bench_f.receipt (receipt_id, kind, gov_level, account, received_on, coverage_year, amt)
VALUES ('R1', 'subsidy', 'central', 'fiscal', '2024-01-02', 2024, 900000000000.00);
INSERT INTO bench_f.premium (premium_id, kind, coverage_year, booked_on, amt, out_amt, ipt_amt, doc_no)
VALUES ('first', 'set_aside', 2024, '2024-03-05', 1, 0, 1, 'x');
SELECT FROM yibao.maintain('bench_f');
INSERT INTO bench_f.premium (premium_id, kind, coverage_year, booked_on, amt, out_amt, ipt_amt, doc_no)
VALUES ('pattern', 'set_aside', 2024, '2024-03-05', 1, 0, 1, 'x');

-- the rows of one posting, to be appended under other keys
CREATE TABLE bench.p_premium AS SELECT * FROM bench_f.premium WHERE premium_id = 'pattern';
CREATE TABLE bench.p_journal AS SELECT * FROM bench_f.journal WHERE event = 'premium.set_aside' AND key = 'pattern';
CREATE TABLE bench.p_entry AS SELECT * FROM bench_f.entry WHERE journal_id = (SELECT journal_id FROM bench.p_journal);
CREATE TABLE bench.p_credit AS SELECT * FROM bench_f.credit ORDER BY id DESC LIMIT 1;
CREATE TABLE bench.f_premium (LIKE bench_f.premium, PRIMARY KEY (premium_id));
CREATE TABLE bench.f_journal (LIKE bench_f.journal, PRIMARY KEY (journal_id));
CREATE TABLE bench.f_entry (LIKE bench_f.entry, PRIMARY KEY (journal_id, line));
CREATE TABLE bench.f_credit (LIKE bench_f.credit, PRIMARY KEY (id));
CREATE SEQUENCE bench.f_seq;
CREATE TABLE bench.f_balance (pool text PRIMARY KEY, avail bigint NOT NULL CHECK (avail >= 0)) WITH (fillfactor = 10);
INSERT INTO bench.f_balance VALUES ('inpatient', 1000000000000000);

-- The columns of a pattern, with another expression for some of them.
CREATE FUNCTION bench.other(pattern regclass, change jsonb) RETURNS text LANGUAGE sql AS $$
SELECT string_agg(coalesce(change ->> attname, quote_ident(attname)), ', ' ORDER BY attnum)
FROM pg_attribute WHERE attrelid = pattern AND attnum > 0 AND NOT attisdropped
$$;
CREATE FUNCTION bench.append(key text, last text) RETURNS text LANGUAGE sql AS $$
SELECT format('WITH k AS MATERIALIZED (SELECT nextval(''bench.f_seq'') AS j), '
    'p AS (INSERT INTO bench.f_premium SELECT %s FROM bench.p_premium, k RETURNING 1), '
    'j AS (INSERT INTO bench.f_journal SELECT %s FROM bench.p_journal, k RETURNING 1), '
    'e AS (INSERT INTO bench.f_entry SELECT %s FROM bench.p_entry, k RETURNING 1), '
    'c AS (INSERT INTO bench.f_credit SELECT %s FROM bench.p_credit, k RETURNING 1) %s',
    bench.other('bench.p_premium', jsonb_build_object('premium_id', key, 'journal_id', 'k.j')),
    bench.other('bench.p_journal', jsonb_build_object('key', key, 'journal_id', 'k.j')),
    bench.other('bench.p_entry', jsonb_build_object('journal_id', 'k.j')),
    bench.other('bench.p_credit', jsonb_build_object('id', 'k.j')), last)
$$;
