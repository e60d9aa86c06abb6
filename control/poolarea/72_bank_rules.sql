-- Triggers of the bank's side.  Run again by attach_poolarea.

CREATE OR REPLACE TRIGGER t10_flow_rule BEFORE INSERT OR UPDATE OR DELETE ON @schema@.flow_rule FOR EACH ROW EXECUTE FUNCTION yibao.t_flow_rule();
CREATE OR REPLACE TRIGGER t20_bank_account AFTER INSERT ON @schema@.bank_account FOR EACH ROW EXECUTE FUNCTION yibao.t_bank('bank_account');
DO $do$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['bank_account', 'bank_account_close', 'class_change', 'bank_statement_line', 'bank_balance', 'bank_match', 'tax_batch', 'tax_person', 'tax_step', 'subsidy_due', 'interest_rate', 'interest_period'] LOOP
        EXECUTE pg_catalog.format('CREATE OR REPLACE TRIGGER t05_posted BEFORE UPDATE OR DELETE ON @schema@.%I FOR EACH ROW EXECUTE FUNCTION yibao.t_posted(%L)', t, t);
        EXECUTE pg_catalog.format('CREATE OR REPLACE TRIGGER t05_posted_truncate BEFORE TRUNCATE ON @schema@.%I FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_posted(%L)', t, t);
        EXECUTE pg_catalog.format('CREATE OR REPLACE TRIGGER t10_bank BEFORE INSERT ON @schema@.%I FOR EACH ROW EXECUTE FUNCTION yibao.t_bank(%L)', t, t);
        EXECUTE pg_catalog.format('COMMENT ON TRIGGER t05_posted ON @schema@.%I IS ''只增不改. No UPDATE or DELETE: YB304''', t);
        EXECUTE pg_catalog.format('COMMENT ON TRIGGER t05_posted_truncate ON @schema@.%I IS ''只增不改. No TRUNCATE: YB304''', t);
        EXECUTE pg_catalog.format('COMMENT ON TRIGGER t10_bank ON @schema@.%I IS ''检查并填写. Checks the row and fills its result columns''', t);
    END LOOP;
    EXECUTE 'CREATE OR REPLACE TRIGGER t10_ledger BEFORE INSERT OR UPDATE OR DELETE ON @schema@.cash_account FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_ledger(''cash_account'', ''work'')';
    EXECUTE 'CREATE OR REPLACE TRIGGER t10_ledger_truncate BEFORE TRUNCATE ON @schema@.cash_account FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_ledger(''cash_account'', ''work'')';
    EXECUTE 'CREATE OR REPLACE TRIGGER t10_flow_rule_truncate BEFORE TRUNCATE ON @schema@.flow_rule FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_posted(''flow_rule'')';
END
$do$;
COMMENT ON TRIGGER t10_flow_rule ON @schema@.flow_rule IS '资金流向保护. The owner narrows with valid_to or a forbidding row, and widens with a source only';
COMMENT ON TRIGGER t10_flow_rule_truncate ON @schema@.flow_rule IS '资金流向保护. No TRUNCATE: YB304';
COMMENT ON TRIGGER t20_bank_account ON @schema@.bank_account IS '登记份额. Gives the account its row of cash_account for each fund';
COMMENT ON TRIGGER t10_ledger ON @schema@.cash_account IS '只由记账写入. Written by posting only: YB305';
COMMENT ON TRIGGER t10_ledger_truncate ON @schema@.cash_account IS '只由记账写入. Written by posting only: YB305';
