-- Triggers of months and years: run again by attach_poolarea() after DROP EXTENSION ... CASCADE.

CREATE OR REPLACE TRIGGER t20_period AFTER INSERT OR UPDATE ON @schema@.period FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_period();
CREATE OR REPLACE TRIGGER t10_period_truncate BEFORE TRUNCATE ON @schema@.period FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_period();
COMMENT ON TRIGGER t20_period ON @schema@.period IS '按序结账. A month is closed after those before it: YB307';
COMMENT ON TRIGGER t10_period_truncate ON @schema@.period IS '只增不改. No TRUNCATE: YB304';

CREATE OR REPLACE TRIGGER t05_posted BEFORE UPDATE OR DELETE ON @schema@.period_act FOR EACH ROW EXECUTE FUNCTION yibao.t_posted('period_act');
CREATE OR REPLACE TRIGGER t05_posted_truncate BEFORE TRUNCATE ON @schema@.period_act FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_posted('period_act');
CREATE OR REPLACE TRIGGER t10_period_act BEFORE INSERT ON @schema@.period_act FOR EACH ROW EXECUTE FUNCTION yibao.t_period_act();
CREATE OR REPLACE TRIGGER t05_posted BEFORE UPDATE OR DELETE ON @schema@.period_act_approval FOR EACH ROW EXECUTE FUNCTION yibao.t_posted('period_act_approval');
CREATE OR REPLACE TRIGGER t05_posted_truncate BEFORE TRUNCATE ON @schema@.period_act_approval FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_posted('period_act_approval');
CREATE OR REPLACE TRIGGER t10_period_act_approval BEFORE INSERT ON @schema@.period_act_approval FOR EACH ROW EXECUTE FUNCTION yibao.t_period_act_approval();
CREATE OR REPLACE TRIGGER t20_period_act_approval AFTER INSERT ON @schema@.period_act_approval FOR EACH ROW EXECUTE FUNCTION yibao.t_period_act_approval();
COMMENT ON TRIGGER t05_posted ON @schema@.period_act IS '只增不改. No UPDATE or DELETE: YB304';
COMMENT ON TRIGGER t05_posted_truncate ON @schema@.period_act IS '只增不改. No TRUNCATE: YB304';
COMMENT ON TRIGGER t10_period_act ON @schema@.period_act IS '检查并填写. The month is closed';
COMMENT ON TRIGGER t05_posted ON @schema@.period_act_approval IS '只增不改. No UPDATE or DELETE: YB304';
COMMENT ON TRIGGER t05_posted_truncate ON @schema@.period_act_approval IS '只增不改. No TRUNCATE: YB304';
COMMENT ON TRIGGER t10_period_act_approval ON @schema@.period_act_approval IS '检查并填写. Another login than the act''s';
COMMENT ON TRIGGER t20_period_act_approval ON @schema@.period_act_approval IS '执行. Opens the month again';

CREATE OR REPLACE TRIGGER t05_posted BEFORE UPDATE OR DELETE ON @schema@.year_close FOR EACH ROW EXECUTE FUNCTION yibao.t_posted('year_close');
CREATE OR REPLACE TRIGGER t05_posted_truncate BEFORE TRUNCATE ON @schema@.year_close FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_posted('year_close');
CREATE OR REPLACE TRIGGER t10_year_close BEFORE INSERT ON @schema@.year_close FOR EACH ROW EXECUTE FUNCTION yibao.t_year_close();
CREATE OR REPLACE TRIGGER t20_year_close AFTER INSERT ON @schema@.year_close FOR EACH ROW EXECUTE FUNCTION yibao.t_year_close();
COMMENT ON TRIGGER t05_posted ON @schema@.year_close IS '只增不改. No UPDATE or DELETE: YB304';
COMMENT ON TRIGGER t05_posted_truncate ON @schema@.year_close IS '只增不改. No TRUNCATE: YB304';
COMMENT ON TRIGGER t10_year_close ON @schema@.year_close IS '检查并填写. Works out what is closed and carried over';
COMMENT ON TRIGGER t20_year_close ON @schema@.year_close IS '记账. Closes income and expense, carries the pools over, closes December';
