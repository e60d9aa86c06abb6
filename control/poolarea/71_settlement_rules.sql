-- What rests on the extension's code: run again by attach_poolarea() after DROP EXTENSION ... CASCADE.

ALTER TABLE @schema@.settlement DROP CONSTRAINT IF EXISTS settlement_amounts;
ALTER TABLE @schema@.settlement ADD CONSTRAINT settlement_amounts CHECK (
        yibao.settlement_ok(refd_setl_flag, init_setl_id, medfee_sumamt, fund_pay_sumamt, psn_part_amt, hosp_part_amt,
                            fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, prog_pay, acct_pay,
                            acct_mulaid_pay, tcm_amt, trsf_dedc, tcm_inscp));
COMMENT ON CONSTRAINT settlement_amounts ON @schema@.settlement IS
'结算有效. Every input amount has at most two decimals and fits numeric(16,2), a reversal has them negative and names its original; what the funds, the person and the hospital bear is the cost';

CREATE OR REPLACE TRIGGER t05_guard BEFORE UPDATE OR DELETE ON @schema@.settlement
    FOR EACH ROW EXECUTE FUNCTION yibao.settlement_keep();
CREATE OR REPLACE TRIGGER t06_guard BEFORE TRUNCATE ON @schema@.settlement
    FOR EACH STATEMENT EXECUTE FUNCTION yibao.settlement_keep();
CREATE OR REPLACE TRIGGER t10_settle BEFORE INSERT ON @schema@.settlement
    FOR EACH ROW EXECUTE FUNCTION yibao.settlement_settle();
CREATE OR REPLACE TRIGGER t20_post AFTER INSERT ON @schema@.settlement
    FOR EACH ROW EXECUTE FUNCTION yibao.settlement_post();
CREATE OR REPLACE TRIGGER t05_guard BEFORE INSERT OR UPDATE OR DELETE ON @schema@.setl_key
    FOR EACH STATEMENT EXECUTE FUNCTION yibao.settlement_keep();
CREATE OR REPLACE TRIGGER t06_guard BEFORE TRUNCATE ON @schema@.setl_key
    FOR EACH STATEMENT EXECUTE FUNCTION yibao.settlement_keep();
CREATE OR REPLACE TRIGGER t05_guard BEFORE INSERT OR UPDATE OR DELETE ON @schema@.person_year
    FOR EACH STATEMENT EXECUTE FUNCTION yibao.settlement_keep();
CREATE OR REPLACE TRIGGER t06_guard BEFORE TRUNCATE ON @schema@.person_year
    FOR EACH STATEMENT EXECUTE FUNCTION yibao.settlement_keep();
CREATE OR REPLACE TRIGGER t05_guard BEFORE INSERT OR UPDATE OR DELETE ON @schema@.queue
    FOR EACH STATEMENT EXECUTE FUNCTION yibao.settlement_keep();
CREATE OR REPLACE TRIGGER t06_guard BEFORE TRUNCATE ON @schema@.queue
    FOR EACH STATEMENT EXECUTE FUNCTION yibao.settlement_keep();

COMMENT ON TRIGGER t05_guard ON @schema@.settlement IS '只增不改. No UPDATE or DELETE: YB304';
COMMENT ON TRIGGER t06_guard ON @schema@.settlement IS '只增不改. No TRUNCATE: YB304';
COMMENT ON TRIGGER t10_settle ON @schema@.settlement IS '结算. Claims the key, settles, advances the person-year, fills the result columns';
COMMENT ON TRIGGER t20_post ON @schema@.settlement IS '记账. Posts the rows of a statement to the fund, once';
COMMENT ON TRIGGER t05_guard ON @schema@.setl_key IS '只由结算写入. Written by the settlement trigger only: YB305';
COMMENT ON TRIGGER t06_guard ON @schema@.setl_key IS '只增不改. No TRUNCATE: YB304';
COMMENT ON TRIGGER t05_guard ON @schema@.person_year IS '只由结算写入. Written by the settlement trigger only: YB305';
COMMENT ON TRIGGER t06_guard ON @schema@.person_year IS '只增不改. No TRUNCATE: YB304';
COMMENT ON TRIGGER t05_guard ON @schema@.queue IS '只由结算写入. Written by the settlement trigger only: YB305';
COMMENT ON TRIGGER t06_guard ON @schema@.queue IS '只增不改. No TRUNCATE: YB304';
