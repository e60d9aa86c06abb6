-- Triggers of enrolment: run again by attach_poolarea() after DROP EXTENSION ... CASCADE.

CREATE OR REPLACE TRIGGER t05_posted BEFORE UPDATE OR DELETE ON @schema@.enrolment
    FOR EACH ROW EXECUTE FUNCTION yibao.t_posted('enrolment');
CREATE OR REPLACE TRIGGER t05_posted_truncate BEFORE TRUNCATE ON @schema@.enrolment
    FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_posted('enrolment');
CREATE OR REPLACE TRIGGER t10_enrolment BEFORE INSERT ON @schema@.enrolment
    FOR EACH ROW EXECUTE FUNCTION yibao.t_enrolment();

COMMENT ON TRIGGER t05_posted ON @schema@.enrolment IS '只增不改. No UPDATE or DELETE: YB304';
COMMENT ON TRIGGER t05_posted_truncate ON @schema@.enrolment IS '只增不改. No TRUNCATE: YB304';
COMMENT ON TRIGGER t10_enrolment ON @schema@.enrolment IS '检查并填写. Checks the period and fills its days';
