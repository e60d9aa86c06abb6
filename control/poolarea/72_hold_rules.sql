-- Triggers of the holds: run again by attach_poolarea() after DROP EXTENSION ... CASCADE.

CREATE OR REPLACE TRIGGER t05_posted BEFORE UPDATE OR DELETE ON @schema@.hold FOR EACH ROW EXECUTE FUNCTION yibao.t_posted('hold');
CREATE OR REPLACE TRIGGER t05_posted_truncate BEFORE TRUNCATE ON @schema@.hold FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_posted('hold');
CREATE OR REPLACE TRIGGER t10_hold BEFORE INSERT ON @schema@.hold FOR EACH ROW EXECUTE FUNCTION yibao.t_hold();
CREATE OR REPLACE TRIGGER t20_hold AFTER INSERT ON @schema@.hold FOR EACH ROW EXECUTE FUNCTION yibao.t_hold();
CREATE OR REPLACE TRIGGER t05_posted BEFORE UPDATE OR DELETE ON @schema@.hold_end FOR EACH ROW EXECUTE FUNCTION yibao.t_posted('hold_end');
CREATE OR REPLACE TRIGGER t05_posted_truncate BEFORE TRUNCATE ON @schema@.hold_end FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_posted('hold_end');
CREATE OR REPLACE TRIGGER t10_hold_end BEFORE INSERT ON @schema@.hold_end FOR EACH ROW EXECUTE FUNCTION yibao.t_hold_end();
CREATE OR REPLACE TRIGGER t20_hold_end AFTER INSERT ON @schema@.hold_end FOR EACH ROW EXECUTE FUNCTION yibao.t_hold_end();
CREATE OR REPLACE TRIGGER t10_ledger BEFORE INSERT OR UPDATE OR DELETE ON @schema@.hold_open FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_ledger('hold_open', 'work');
CREATE OR REPLACE TRIGGER t10_ledger_truncate BEFORE TRUNCATE ON @schema@.hold_open FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_ledger('hold_open', 'work');

COMMENT ON TRIGGER t05_posted ON @schema@.hold IS '只增不改. No UPDATE or DELETE: YB304';
COMMENT ON TRIGGER t05_posted_truncate ON @schema@.hold IS '只增不改. No TRUNCATE: YB304';
COMMENT ON TRIGGER t10_hold ON @schema@.hold IS '检查并填写. Checks the row and fills its result columns';
COMMENT ON TRIGGER t20_hold ON @schema@.hold IS '预占. Takes it from what is available';
COMMENT ON TRIGGER t05_posted ON @schema@.hold_end IS '只增不改. No UPDATE or DELETE: YB304';
COMMENT ON TRIGGER t05_posted_truncate ON @schema@.hold_end IS '只增不改. No TRUNCATE: YB304';
COMMENT ON TRIGGER t10_hold_end ON @schema@.hold_end IS '检查并填写. Checks the row and fills its result columns';
COMMENT ON TRIGGER t20_hold_end ON @schema@.hold_end IS '终结预占. Gives back what was held';
COMMENT ON TRIGGER t10_ledger ON @schema@.hold_open IS '只由记账写入. Written by posting only: YB305';
COMMENT ON TRIGGER t10_ledger_truncate ON @schema@.hold_open IS '只由记账写入. Written by posting only: YB305';
