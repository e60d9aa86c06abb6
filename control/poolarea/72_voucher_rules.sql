-- Triggers of vouchers, refunds and next year's receipts; posting_rule takes the owner's own events.

CREATE OR REPLACE TRIGGER t10_voucher_event BEFORE INSERT ON @schema@.voucher_event FOR EACH ROW EXECUTE FUNCTION yibao.t_voucher_event();
CREATE OR REPLACE TRIGGER t10_ledger BEFORE INSERT OR UPDATE OR DELETE ON @schema@.posting_rule FOR EACH ROW EXECUTE FUNCTION yibao.t_posting_rule();
CREATE OR REPLACE TRIGGER t20_posting_rule AFTER INSERT ON @schema@.posting_rule REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_posting_rule();
CREATE OR REPLACE TRIGGER t10_ledger_truncate BEFORE TRUNCATE ON @schema@.posting_rule FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_ledger('posting_rule', 'work');
CREATE OR REPLACE TRIGGER t10_voucher BEFORE INSERT ON @schema@.voucher FOR EACH ROW EXECUTE FUNCTION yibao.t_voucher();
CREATE OR REPLACE TRIGGER t20_voucher AFTER INSERT ON @schema@.voucher FOR EACH ROW EXECUTE FUNCTION yibao.t_voucher();
CREATE OR REPLACE TRIGGER t10_voucher_approval BEFORE INSERT ON @schema@.voucher_approval FOR EACH ROW EXECUTE FUNCTION yibao.t_voucher_approval();
CREATE OR REPLACE TRIGGER t20_voucher_approval AFTER INSERT ON @schema@.voucher_approval FOR EACH ROW EXECUTE FUNCTION yibao.t_voucher_approval();
CREATE OR REPLACE TRIGGER t10_next_year_income BEFORE INSERT ON @schema@.next_year_income FOR EACH ROW EXECUTE FUNCTION yibao.t_next_year_income();
CREATE OR REPLACE TRIGGER t20_next_year_income AFTER INSERT ON @schema@.next_year_income FOR EACH ROW EXECUTE FUNCTION yibao.t_next_year_income();
CREATE OR REPLACE TRIGGER t10_refund BEFORE INSERT ON @schema@.refund FOR EACH ROW EXECUTE FUNCTION yibao.t_refund();
CREATE OR REPLACE TRIGGER t20_refund AFTER INSERT ON @schema@.refund FOR EACH ROW EXECUTE FUNCTION yibao.t_refund();
CREATE OR REPLACE TRIGGER t10_refund_approval BEFORE INSERT ON @schema@.refund_approval FOR EACH ROW EXECUTE FUNCTION yibao.t_refund_approval();
CREATE OR REPLACE TRIGGER t20_refund_approval AFTER INSERT ON @schema@.refund_approval FOR EACH ROW EXECUTE FUNCTION yibao.t_refund_approval();

DO $do$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT unnest(ARRAY['voucher_event', 'voucher', 'voucher_approval', 'next_year_income', 'refund_kind', 'refund', 'refund_approval']) AS tab LOOP
        EXECUTE pg_catalog.format('CREATE OR REPLACE TRIGGER t05_posted BEFORE UPDATE OR DELETE ON @schema@.%I FOR EACH ROW EXECUTE FUNCTION yibao.t_posted(%L)', t.tab, t.tab);
        EXECUTE pg_catalog.format('CREATE OR REPLACE TRIGGER t05_posted_truncate BEFORE TRUNCATE ON @schema@.%I FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_posted(%L)', t.tab, t.tab);
    END LOOP;
    EXECUTE 'CREATE OR REPLACE TRIGGER t10_ledger BEFORE INSERT OR UPDATE OR DELETE ON @schema@.item_change FOR EACH ROW EXECUTE FUNCTION yibao.t_ledger(''item_change'', ''append'')';
    EXECUTE 'CREATE OR REPLACE TRIGGER t10_ledger_truncate BEFORE TRUNCATE ON @schema@.item_change FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_ledger(''item_change'', ''append'')';
    FOR t IN
        SELECT c.relname, g.tgname, CASE
            WHEN c.relname = 'posting_rule' THEN '只收新增事项. The owner adds lines of events of the area''s own: YB305, YB003'
            WHEN g.tgname LIKE 't05\_posted%' THEN '只增不改. No UPDATE, DELETE or TRUNCATE: YB304'
            WHEN g.tgname LIKE 't10\_ledger%' THEN '只由记账写入. Written by posting only: YB305'
            WHEN g.tgname LIKE 't10%' THEN '检查并填写. Checks the row and fills its result columns'
            WHEN g.tgname LIKE 't20%' THEN '记账. Books the row' END AS what
        FROM pg_catalog.pg_trigger g JOIN pg_catalog.pg_class c ON c.oid = g.tgrelid
        WHERE NOT g.tgisinternal AND g.tgname ~ '^t(05|10|20)_' AND c.oid = ANY (ARRAY['@schema@.posting_rule', '@schema@.voucher_event', '@schema@.voucher',
            '@schema@.voucher_approval', '@schema@.item_change', '@schema@.next_year_income', '@schema@.refund_kind', '@schema@.refund', '@schema@.refund_approval']::pg_catalog.regclass[])
    LOOP
        EXECUTE pg_catalog.format('COMMENT ON TRIGGER %I ON @schema@.%I IS %L', t.tgname, t.relname, t.what);
    END LOOP;
END
$do$;
