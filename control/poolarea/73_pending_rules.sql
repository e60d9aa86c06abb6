-- Triggers of pending: run again by attach_poolarea() after DROP EXTENSION ... CASCADE.

CREATE OR REPLACE TRIGGER t10_ledger BEFORE INSERT OR UPDATE OR DELETE ON @schema@.pending FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_ledger('pending', 'work');
CREATE OR REPLACE TRIGGER t10_ledger_truncate BEFORE TRUNCATE ON @schema@.pending FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_ledger('pending', 'work');
DROP TRIGGER IF EXISTS t20_pending ON @schema@.pending;
CREATE CONSTRAINT TRIGGER t20_pending AFTER INSERT ON @schema@.pending DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION yibao.t_pending();
COMMENT ON TRIGGER t10_ledger ON @schema@.pending IS '只由记账写入. Written by posting only: YB305';
COMMENT ON TRIGGER t10_ledger_truncate ON @schema@.pending IS '只由记账写入. Written by posting only: YB305';
COMMENT ON TRIGGER t20_pending ON @schema@.pending IS '提交时扣减. At commit: takes what the transaction noted, netted, pools ascending';
