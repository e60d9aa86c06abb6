-- Pool areas: made, found, taken from under the extension and put back.
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS yibao;
CREATE ROLE regress_fund_other;
-- somebody has set up default privileges
ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO regress_fund_other;
ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO regress_fund_other;

SELECT yibao.create_poolarea('秦安', '620522');
SELECT yibao.create_poolarea('qinan', '620522');
SELECT name, admdvs, version, mode FROM yibao.poolareas();

-- nobody has anything on it but the owner
SELECT c.relname, a.grantee::regrole FROM pg_class c, aclexplode(c.relacl) a
WHERE c.relnamespace IN ('qinan'::regnamespace, '秦安'::regnamespace) AND a.grantee <> c.relowner;
SELECT a.grantee::regrole FROM pg_namespace n, aclexplode(n.nspacl) a
WHERE n.oid IN ('qinan'::regnamespace, '秦安'::regnamespace) AND a.grantee <> n.nspowner;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON SEQUENCES FROM regress_fund_other;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON SCHEMAS FROM regress_fund_other;

-- what is refused
SELECT yibao.create_poolarea('qinan', '620522');
SELECT yibao.create_poolarea('pg_x', '620522');
SELECT yibao.create_poolarea('a''b', '620522');
SELECT yibao.create_poolarea('b', '62052');
SELECT yibao.create_poolarea(NULL, '620522');
SELECT yibao.grant_poolarea('nowhere', 'regress_fund_other', 'clerk');
SELECT yibao.attach_poolarea('nowhere');
SELECT yibao.attach_poolarea('public');
SELECT yibao.grant_poolarea('qinan', 'regress_fund_nobody', 'clerk');
SET ROLE regress_fund_other;
SELECT yibao.create_poolarea('mine', '620522');
SELECT yibao.attach_poolarea('qinan');
SELECT yibao.grant_poolarea('qinan', 'regress_fund_other', 'auditor');
SELECT name, admdvs FROM yibao.poolareas();
RESET ROLE;

-- every object says what it is
SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'qinan'::regnamespace AND c.relkind IN ('r', 'v') AND obj_description(c.oid, 'pg_class') IS NULL;
-- no column has a type of the extension, no view rests on one of its functions
SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relnamespace = 'qinan'::regnamespace AND t.typnamespace = 'yibao'::regnamespace;

-- money, then the extension goes
INSERT INTO qinan.policy (policy_id, rules) VALUES ('p', yibao.policy_parse('{
  "yibao": 1, "title": {"zh": "试验"}, "insutype": "390", "admdvs": "620522", "valid_from": "2018-09-18", "version_date": "setl_time",
  "sources": {"t": {"doc": "试验文件", "trust": "demo"}},
  "benefits": [{"benefit": "inpatient", "pool": "inpatient", "source": "t"}],
  "fund": {"split": [{"coverage_year": {">=": 2018}, "outpatient": "0.30", "inpatient": "0.70", "base": "received_income", "kinds": ["subsidy"],
           "after_serious": true, "rounding": "half_up_outpatient", "source": "t"}], "on_pool_short": "queue", "source": "t"},
  "layers": [{"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"],
    "deductible": [{"amount": "0", "per": "visit", "source": "t"}], "ratio": [{"ratio": "0.50", "source": "t"}], "rounding": "layer"}]}'));
INSERT INTO qinan.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r1', 'subsidy', 'fiscal', '2018-10-10', 2018, 100.00);
CREATE TABLE before AS SELECT relname, (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS columns,
  (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT tgisinternal) AS triggers, (SELECT count(*) FROM pg_constraint k WHERE k.conrelid = c.oid) AS constraints
  FROM pg_class c WHERE relnamespace = 'qinan'::regnamespace AND relkind IN ('r', 'v');
DROP EXTENSION yibao CASCADE;
SELECT count(*) AS lost FROM before b JOIN pg_class c ON c.relname = b.relname AND c.relnamespace = 'qinan'::regnamespace
WHERE columns = (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped)
HAVING count(*) <> (SELECT count(*) FROM before);
SELECT count(*) AS triggers FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = 'qinan'::regnamespace AND NOT tgisinternal;
SELECT pool, available FROM qinan.pool_status WHERE available > 0 ORDER BY pool;

CREATE EXTENSION yibao;
SELECT name FROM yibao.poolareas();
SELECT "check", ok FROM yibao.verify('qinan') WHERE NOT ok;
SELECT yibao.attach_poolarea('qinan');
SELECT yibao.attach_poolarea('qinan');
SELECT name FROM yibao.poolareas();
SELECT "check", ok FROM yibao.verify('qinan') WHERE NOT ok;
SELECT b.relname FROM before b JOIN pg_class c ON c.relname = b.relname AND c.relnamespace = 'qinan'::regnamespace
WHERE triggers <> (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT tgisinternal)
   OR constraints <> (SELECT count(*) FROM pg_constraint k WHERE k.conrelid = c.oid);
INSERT INTO qinan.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r2', 'subsidy', 'fiscal', '2018-10-10', 2018, 0.05) RETURNING out_amt, ipt_amt;
INSERT INTO qinan.policy (policy_id, rules) VALUES ('bad', '{"yibao": 1}');
DROP TABLE before;
DROP SCHEMA qinan CASCADE;
DROP SCHEMA 秦安 CASCADE;
DROP ROLE regress_fund_other;
