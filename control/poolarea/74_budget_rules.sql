-- Triggers of budgets and appropriations: run again by attach_poolarea() after DROP EXTENSION ... CASCADE.

CREATE OR REPLACE TRIGGER t05_posted BEFORE UPDATE OR DELETE ON @schema@.budget FOR EACH ROW EXECUTE FUNCTION yibao.t_posted('budget');
CREATE OR REPLACE TRIGGER t05_posted_truncate BEFORE TRUNCATE ON @schema@.budget FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_posted('budget');
CREATE OR REPLACE TRIGGER t10_budget BEFORE INSERT ON @schema@.budget FOR EACH ROW EXECUTE FUNCTION yibao.t_budget();
CREATE OR REPLACE TRIGGER t05_posted BEFORE UPDATE OR DELETE ON @schema@.appropriation FOR EACH ROW EXECUTE FUNCTION yibao.t_posted('appropriation');
CREATE OR REPLACE TRIGGER t05_posted_truncate BEFORE TRUNCATE ON @schema@.appropriation FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_posted('appropriation');
CREATE OR REPLACE TRIGGER t10_appropriation BEFORE INSERT ON @schema@.appropriation FOR EACH ROW EXECUTE FUNCTION yibao.t_appropriation();

COMMENT ON TRIGGER t05_posted ON @schema@.budget IS '只增不改. No UPDATE or DELETE: YB304';
COMMENT ON TRIGGER t05_posted_truncate ON @schema@.budget IS '只增不改. No TRUNCATE: YB304';
COMMENT ON TRIGGER t10_budget ON @schema@.budget IS '检查并填写. Lines, totals, deficit';
COMMENT ON TRIGGER t05_posted ON @schema@.appropriation IS '只增不改. No UPDATE or DELETE: YB304';
COMMENT ON TRIGGER t05_posted_truncate ON @schema@.appropriation IS '只增不改. No TRUNCATE: YB304';
COMMENT ON TRIGGER t10_appropriation ON @schema@.appropriation IS '检查并填写. Lines, last quarter, balances';
