-- Triggers of the fee lines: run again by attach_poolarea() after DROP EXTENSION ... CASCADE.

CREATE OR REPLACE TRIGGER t05_guard BEFORE UPDATE OR DELETE ON @schema@.item
    FOR EACH ROW EXECUTE FUNCTION yibao.item_keep();
CREATE OR REPLACE TRIGGER t06_guard BEFORE TRUNCATE ON @schema@.item
    FOR EACH STATEMENT EXECUTE FUNCTION yibao.item_keep();
CREATE OR REPLACE TRIGGER t10_item BEFORE INSERT ON @schema@.item
    FOR EACH ROW EXECUTE FUNCTION yibao.item_fill();
CREATE OR REPLACE TRIGGER t20_trace AFTER INSERT ON @schema@.item
    FOR EACH ROW EXECUTE FUNCTION yibao.item_trace();
DROP TRIGGER IF EXISTS t30_header ON @schema@.item;
CREATE CONSTRAINT TRIGGER t30_header AFTER INSERT ON @schema@.item DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.setl_id IS NOT NULL) EXECUTE FUNCTION yibao.item_header();
CREATE OR REPLACE TRIGGER t05_guard BEFORE INSERT OR UPDATE OR DELETE ON @schema@.item_trace
    FOR EACH ROW EXECUTE FUNCTION yibao.item_keep();
CREATE OR REPLACE TRIGGER t06_guard BEFORE TRUNCATE ON @schema@.item_trace
    FOR EACH STATEMENT EXECUTE FUNCTION yibao.item_keep();

COMMENT ON TRIGGER t05_guard ON @schema@.item IS '只增不改. No UPDATE or DELETE: YB304';
COMMENT ON TRIGGER t06_guard ON @schema@.item IS '只增不改. No TRUNCATE: YB304';
COMMENT ON TRIGGER t10_item ON @schema@.item IS '拆分. Splits the line and fills its parts; a return takes its terms from its line';
COMMENT ON TRIGGER t20_trace ON @schema@.item IS '追溯码. One code settles once';
COMMENT ON TRIGGER t30_header ON @schema@.item IS '明细与结算核对. At commit the lines of a settlement add up to its header';
COMMENT ON TRIGGER t05_guard ON @schema@.item_trace IS '只由明细写入. Written by the trigger of item only: YB305';
COMMENT ON TRIGGER t06_guard ON @schema@.item_trace IS '只增不改. No TRUNCATE: YB304';
