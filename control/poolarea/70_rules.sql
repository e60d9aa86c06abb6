-- Triggers and CHECKs: all that DROP EXTENSION ... CASCADE takes, and attach_poolarea puts back.
-- Names sort by their number; what a trigger needs to know is in its arguments.

ALTER TABLE @schema@.policy DROP CONSTRAINT IF EXISTS policy_rules_ok;
ALTER TABLE @schema@.policy ADD CONSTRAINT policy_rules_ok CHECK (yibao.policy_ok(rules));
-- one call: the server reads a CHECK from its text for each statement, and eight of them were a third of a posting
ALTER TABLE @schema@.premium DROP CONSTRAINT IF EXISTS premium_values;
ALTER TABLE @schema@.premium ADD CONSTRAINT premium_values CHECK (yibao.premium_ok(kind, coverage_year, amt, heads, out_amt, ipt_amt));

CREATE OR REPLACE TRIGGER t10_policy BEFORE INSERT ON @schema@.policy FOR EACH ROW EXECUTE FUNCTION yibao.t_policy();
CREATE OR REPLACE TRIGGER t20_policy AFTER INSERT ON @schema@.policy FOR EACH ROW EXECUTE FUNCTION yibao.t_policy();
CREATE OR REPLACE TRIGGER t10_policy_bound BEFORE INSERT OR UPDATE ON @schema@.policy_bound FOR EACH ROW EXECUTE FUNCTION yibao.t_policy_bound();
CREATE OR REPLACE TRIGGER t10_period BEFORE INSERT OR UPDATE OR DELETE ON @schema@.period FOR EACH ROW EXECUTE FUNCTION yibao.t_period();
CREATE OR REPLACE TRIGGER t10_area BEFORE INSERT OR UPDATE OR DELETE ON @schema@.area FOR EACH ROW EXECUTE FUNCTION yibao.t_ledger('area', 'mode');

CREATE OR REPLACE TRIGGER t10_receipt BEFORE INSERT ON @schema@.receipt FOR EACH ROW EXECUTE FUNCTION yibao.t_receipt();
CREATE OR REPLACE TRIGGER t20_receipt AFTER INSERT ON @schema@.receipt FOR EACH ROW EXECUTE FUNCTION yibao.t_receipt();
CREATE OR REPLACE TRIGGER t10_cash_move BEFORE INSERT ON @schema@.cash_move FOR EACH ROW EXECUTE FUNCTION yibao.t_cash_move();
CREATE OR REPLACE TRIGGER t20_cash_move AFTER INSERT ON @schema@.cash_move FOR EACH ROW EXECUTE FUNCTION yibao.t_cash_move();
CREATE OR REPLACE TRIGGER t10_premium BEFORE INSERT ON @schema@.premium FOR EACH ROW EXECUTE FUNCTION yibao.t_premium();
CREATE OR REPLACE TRIGGER t20_premium AFTER INSERT ON @schema@.premium FOR EACH ROW EXECUTE FUNCTION yibao.t_premium();
CREATE OR REPLACE TRIGGER t10_headcount BEFORE INSERT ON @schema@.headcount FOR EACH ROW EXECUTE FUNCTION yibao.t_headcount();
CREATE OR REPLACE TRIGGER t10_headcount_approval BEFORE INSERT ON @schema@.headcount_approval FOR EACH ROW EXECUTE FUNCTION yibao.t_headcount_approval();
CREATE OR REPLACE TRIGGER t10_premium_approval BEFORE INSERT ON @schema@.premium_approval FOR EACH ROW EXECUTE FUNCTION yibao.t_premium_approval();
CREATE OR REPLACE TRIGGER t20_premium_approval AFTER INSERT ON @schema@.premium_approval FOR EACH ROW EXECUTE FUNCTION yibao.t_premium_approval();
CREATE OR REPLACE TRIGGER t10_transfer BEFORE INSERT ON @schema@.transfer FOR EACH ROW EXECUTE FUNCTION yibao.t_transfer();
CREATE OR REPLACE TRIGGER t10_transfer_approval BEFORE INSERT ON @schema@.transfer_approval FOR EACH ROW EXECUTE FUNCTION yibao.t_transfer_approval();
CREATE OR REPLACE TRIGGER t20_transfer_approval AFTER INSERT ON @schema@.transfer_approval FOR EACH ROW EXECUTE FUNCTION yibao.t_transfer_approval();
CREATE OR REPLACE TRIGGER t10_payment BEFORE INSERT ON @schema@.payment FOR EACH ROW EXECUTE FUNCTION yibao.t_payment();
CREATE OR REPLACE TRIGGER t10_payment_approval BEFORE INSERT ON @schema@.payment_approval FOR EACH ROW EXECUTE FUNCTION yibao.t_payment_approval();
CREATE OR REPLACE TRIGGER t20_payment_approval AFTER INSERT ON @schema@.payment_approval FOR EACH ROW EXECUTE FUNCTION yibao.t_payment_approval();

DO $do$
DECLARE
    t text;
BEGIN
    -- rows that people post: a correction is a new row
    FOREACH t IN ARRAY ARRAY['policy', 'receipt', 'cash_move', 'headcount', 'headcount_approval', 'premium', 'premium_approval', 'transfer', 'transfer_approval', 'payment', 'payment_approval'] LOOP
        EXECUTE pg_catalog.format('CREATE OR REPLACE TRIGGER t05_posted BEFORE UPDATE OR DELETE ON @schema@.%I FOR EACH ROW EXECUTE FUNCTION yibao.t_posted(%L)', t, t);
        EXECUTE pg_catalog.format('CREATE OR REPLACE TRIGGER t05_posted_truncate BEFORE TRUNCATE ON @schema@.%I FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_posted(%L)', t, t);
    END LOOP;
    -- written by posting only, and never changed
    FOREACH t IN ARRAY ARRAY['journal', 'entry', 'payment_item', 'policy_layer', 'alert'] LOOP
        EXECUTE pg_catalog.format('CREATE OR REPLACE TRIGGER t10_ledger BEFORE INSERT OR UPDATE OR DELETE ON @schema@.%I FOR EACH ROW EXECUTE FUNCTION yibao.t_ledger(%L, ''append'')', t, t);
        EXECUTE pg_catalog.format('CREATE OR REPLACE TRIGGER t10_ledger_truncate BEFORE TRUNCATE ON @schema@.%I FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_ledger(%L, ''append'')', t, t);
    END LOOP;
    -- written by posting only
    FOREACH t IN ARRAY ARRAY['cash', 'split_bucket', 'slot', 'credit', 'receipt_key', 'pool', 'payment_lock', 'seal', 'seal_member'] LOOP
        EXECUTE pg_catalog.format('CREATE OR REPLACE TRIGGER t10_ledger BEFORE INSERT OR UPDATE OR DELETE ON @schema@.%I FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_ledger(%L, ''work'')', t, t);
        EXECUTE pg_catalog.format('CREATE OR REPLACE TRIGGER t10_ledger_truncate BEFORE TRUNCATE ON @schema@.%I FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_ledger(%L, ''work'')', t, t);
    END LOOP;
END
$do$;

COMMENT ON CONSTRAINT policy_rules_ok ON @schema@.policy IS '政策有效. The document is one that yibao accepts';
COMMENT ON CONSTRAINT premium_values ON @schema@.premium IS '大病保险费有效. Kind, year, heads and amounts are such as may be, and the parts add up to the amount';
DO $do$
DECLARE
    t record;
BEGIN
    FOR t IN
        SELECT c.relname, g.tgname, CASE
            WHEN g.tgname LIKE 't05\_posted%' THEN '只增不改. No UPDATE, DELETE or TRUNCATE: YB304'
            WHEN g.tgname LIKE 't10\_ledger%' THEN '只由记账写入. Written by posting only: YB305'
            WHEN g.tgname LIKE 't10%' THEN '检查并填写. Checks the row and fills its result columns'
            WHEN g.tgname LIKE 't20%' THEN '记账. Books the row' END AS what
        FROM pg_catalog.pg_trigger g JOIN pg_catalog.pg_class c ON c.oid = g.tgrelid
        JOIN pg_catalog.pg_proc p ON p.oid = g.tgfoid JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = 'yibao' AND NOT g.tgisinternal AND p.proname LIKE 't\_%'
          AND c.oid = ANY (ARRAY['@schema@.policy', '@schema@.policy_bound', '@schema@.period', '@schema@.area', '@schema@.receipt', '@schema@.cash_move', '@schema@.headcount', '@schema@.headcount_approval', '@schema@.premium', '@schema@.premium_approval',
            '@schema@.transfer', '@schema@.transfer_approval', '@schema@.payment', '@schema@.payment_approval', '@schema@.payment_item', '@schema@.journal',
            '@schema@.entry', '@schema@.policy_layer', '@schema@.alert', '@schema@.cash', '@schema@.split_bucket', '@schema@.slot', '@schema@.credit',
            '@schema@.receipt_key', '@schema@.pool', '@schema@.posting_rule', '@schema@.payment_lock', '@schema@.seal', '@schema@.seal_member', '@schema@.settlement']::pg_catalog.regclass[])
    LOOP
        EXECUTE pg_catalog.format('COMMENT ON TRIGGER %I ON @schema@.%I IS %L', t.tgname, t.relname, t.what);
    END LOOP;
END
$do$;
