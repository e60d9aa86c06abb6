-- Triggers of differences: run again by attach_poolarea() after DROP EXTENSION ... CASCADE.

CREATE OR REPLACE TRIGGER t10_ledger BEFORE INSERT OR UPDATE OR DELETE ON @schema@.setl_diff FOR EACH ROW EXECUTE FUNCTION yibao.t_ledger('setl_diff', 'append');
CREATE OR REPLACE TRIGGER t10_ledger_truncate BEFORE TRUNCATE ON @schema@.setl_diff FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_ledger('setl_diff', 'append');
CREATE OR REPLACE TRIGGER t05_posted BEFORE UPDATE OR DELETE ON @schema@.setl_diff_close FOR EACH ROW EXECUTE FUNCTION yibao.t_posted('setl_diff_close');
CREATE OR REPLACE TRIGGER t05_posted_truncate BEFORE TRUNCATE ON @schema@.setl_diff_close FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_posted('setl_diff_close');
CREATE OR REPLACE TRIGGER t10_setl_diff_close BEFORE INSERT ON @schema@.setl_diff_close FOR EACH ROW EXECUTE FUNCTION yibao.t_setl_diff_close();
COMMENT ON TRIGGER t10_ledger ON @schema@.setl_diff IS '只由结算写入. Written by the settlement trigger only: YB305';
COMMENT ON TRIGGER t10_ledger_truncate ON @schema@.setl_diff IS '只增不改. No TRUNCATE: YB304';
COMMENT ON TRIGGER t05_posted ON @schema@.setl_diff_close IS '只增不改. No UPDATE or DELETE: YB304';
COMMENT ON TRIGGER t05_posted_truncate ON @schema@.setl_diff_close IS '只增不改. No TRUNCATE: YB304';
COMMENT ON TRIGGER t10_setl_diff_close ON @schema@.setl_diff_close IS '检查并填写. Another login than the settlement''s';
