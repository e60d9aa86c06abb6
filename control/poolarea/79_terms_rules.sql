-- Triggers of what was agreed, prepayment rules, schedules and premium contracts, of clearing and of admissions: run again by attach_poolarea().

DO $do$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['prepay_rule', 'prepay_attest', 'prepay_schedule', 'serious_contract', 'day_off', 'clearing_extension', 'clearing', 'admission', 'admission_extension'] LOOP
        EXECUTE pg_catalog.format('CREATE OR REPLACE TRIGGER t05_posted BEFORE UPDATE OR DELETE ON @schema@.%I FOR EACH ROW EXECUTE FUNCTION yibao.t_posted(%L)', t, t);
        EXECUTE pg_catalog.format('CREATE OR REPLACE TRIGGER t05_posted_truncate BEFORE TRUNCATE ON @schema@.%I FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_posted(%L)', t, t);
        EXECUTE pg_catalog.format('CREATE OR REPLACE TRIGGER t10_terms BEFORE INSERT ON @schema@.%I FOR EACH ROW EXECUTE FUNCTION yibao.t_terms(%L)', t, t);
        EXECUTE pg_catalog.format('COMMENT ON TRIGGER t05_posted ON @schema@.%I IS ''只增不改. No UPDATE or DELETE: YB304''', t);
        EXECUTE pg_catalog.format('COMMENT ON TRIGGER t05_posted_truncate ON @schema@.%I IS ''只增不改. No TRUNCATE: YB304''', t);
        EXECUTE pg_catalog.format('COMMENT ON TRIGGER t10_terms ON @schema@.%I IS ''检查并填写. Checks the row and fills its result columns''', t);
    END LOOP;
    EXECUTE 'CREATE OR REPLACE TRIGGER t20_terms AFTER INSERT ON @schema@.clearing FOR EACH ROW EXECUTE FUNCTION yibao.t_terms(''clearing'')';
    EXECUTE 'CREATE OR REPLACE TRIGGER t10_ledger BEFORE INSERT OR UPDATE OR DELETE ON @schema@.clearing_item FOR EACH ROW EXECUTE FUNCTION yibao.t_ledger(''clearing_item'', ''append'')';
    EXECUTE 'CREATE OR REPLACE TRIGGER t10_ledger_truncate BEFORE TRUNCATE ON @schema@.clearing_item FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_ledger(''clearing_item'', ''append'')';
    EXECUTE 'CREATE OR REPLACE TRIGGER t10_ledger BEFORE INSERT OR UPDATE OR DELETE ON @schema@.prepay_basis FOR EACH ROW EXECUTE FUNCTION yibao.t_ledger(''prepay_basis'', ''append'')';
    EXECUTE 'CREATE OR REPLACE TRIGGER t10_ledger_truncate BEFORE TRUNCATE ON @schema@.prepay_basis FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_ledger(''prepay_basis'', ''append'')';
END
$do$;
COMMENT ON TRIGGER t20_terms ON @schema@.clearing IS '登记明细. Its settlements; what came late is refused';
COMMENT ON TRIGGER t10_ledger ON @schema@.clearing_item IS '只由记账写入. Written by posting only: YB305';
COMMENT ON TRIGGER t10_ledger_truncate ON @schema@.clearing_item IS '只由记账写入. Written by posting only: YB305';
COMMENT ON TRIGGER t10_ledger ON @schema@.prepay_basis IS '只由记账写入. Written by posting only: YB305';
COMMENT ON TRIGGER t10_ledger_truncate ON @schema@.prepay_basis IS '只由记账写入. Written by posting only: YB305';
