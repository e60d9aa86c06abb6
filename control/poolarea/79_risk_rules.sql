-- Triggers of risk levels and cases: run again by attach_poolarea() after DROP EXTENSION ... CASCADE.

CREATE OR REPLACE TRIGGER t05_posted BEFORE UPDATE OR DELETE ON @schema@.risk_level FOR EACH ROW EXECUTE FUNCTION yibao.t_posted('risk_level');
CREATE OR REPLACE TRIGGER t05_posted_truncate BEFORE TRUNCATE ON @schema@.risk_level FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_posted('risk_level');
CREATE OR REPLACE TRIGGER t10_risk BEFORE INSERT ON @schema@.risk_level FOR EACH ROW EXECUTE FUNCTION yibao.t_risk_level();
CREATE OR REPLACE TRIGGER t05_posted BEFORE UPDATE OR DELETE ON @schema@.risk_case FOR EACH ROW EXECUTE FUNCTION yibao.t_posted('risk_case');
CREATE OR REPLACE TRIGGER t05_posted_truncate BEFORE TRUNCATE ON @schema@.risk_case FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_posted('risk_case');
CREATE OR REPLACE TRIGGER t10_risk BEFORE INSERT ON @schema@.risk_case FOR EACH ROW EXECUTE FUNCTION yibao.t_risk_case();
CREATE OR REPLACE TRIGGER t05_posted BEFORE UPDATE OR DELETE ON @schema@.risk_step FOR EACH ROW EXECUTE FUNCTION yibao.t_posted('risk_step');
CREATE OR REPLACE TRIGGER t05_posted_truncate BEFORE TRUNCATE ON @schema@.risk_step FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_posted('risk_step');
CREATE OR REPLACE TRIGGER t10_risk BEFORE INSERT ON @schema@.risk_step FOR EACH ROW EXECUTE FUNCTION yibao.t_risk_step();
COMMENT ON TRIGGER t05_posted ON @schema@.risk_level IS '只增不改. No UPDATE or DELETE: YB304';
COMMENT ON TRIGGER t05_posted_truncate ON @schema@.risk_level IS '只增不改. No TRUNCATE: YB304';
COMMENT ON TRIGGER t10_risk ON @schema@.risk_level IS '检查并填写';
COMMENT ON TRIGGER t05_posted ON @schema@.risk_case IS '只增不改. No UPDATE or DELETE: YB304';
COMMENT ON TRIGGER t05_posted_truncate ON @schema@.risk_case IS '只增不改. No TRUNCATE: YB304';
COMMENT ON TRIGGER t10_risk ON @schema@.risk_case IS '检查并填写. The level is reached';
COMMENT ON TRIGGER t05_posted ON @schema@.risk_step IS '只增不改. No UPDATE or DELETE: YB304';
COMMENT ON TRIGGER t05_posted_truncate ON @schema@.risk_step IS '只增不改. No TRUNCATE: YB304';
COMMENT ON TRIGGER t10_risk ON @schema@.risk_step IS '检查并填写. Step after step';
