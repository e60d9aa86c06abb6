-- Triggers of posts and approvals: run again by attach_poolarea() after DROP EXTENSION ... CASCADE.

CREATE OR REPLACE TRIGGER t10_post_holder BEFORE INSERT ON @schema@.post_holder FOR EACH ROW EXECUTE FUNCTION yibao.t_post_holder();
CREATE OR REPLACE TRIGGER t10_post_holder_end BEFORE INSERT ON @schema@.post_holder_end FOR EACH ROW EXECUTE FUNCTION yibao.t_post_holder_end();
CREATE OR REPLACE TRIGGER t10_approval_chain BEFORE INSERT ON @schema@.approval_chain FOR EACH ROW EXECUTE FUNCTION yibao.t_approval_chain();
CREATE OR REPLACE TRIGGER t10_approval BEFORE INSERT ON @schema@.approval FOR EACH ROW EXECUTE FUNCTION yibao.t_approval();

COMMENT ON TRIGGER t10_post_holder ON @schema@.post_holder IS '检查并填写. No incompatible posts';
COMMENT ON TRIGGER t10_post_holder_end ON @schema@.post_holder_end IS '检查并填写. Within the holding';
COMMENT ON TRIGGER t10_approval_chain ON @schema@.approval_chain IS '检查并填写. Posts that there are, each once';
COMMENT ON TRIGGER t10_approval ON @schema@.approval IS '检查并填写. The step whose turn it is, by who holds its post';

DO $do$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['post', 'post_conflict', 'post_holder', 'post_holder_end', 'approval_chain', 'approval'] LOOP
        EXECUTE pg_catalog.format('CREATE OR REPLACE TRIGGER t05_posted BEFORE UPDATE OR DELETE ON @schema@.%I FOR EACH ROW EXECUTE FUNCTION yibao.t_posted(%L)', t, t);
        EXECUTE pg_catalog.format('CREATE OR REPLACE TRIGGER t05_posted_truncate BEFORE TRUNCATE ON @schema@.%I FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_posted(%L)', t, t);
        EXECUTE pg_catalog.format('COMMENT ON TRIGGER t05_posted ON @schema@.%I IS ''只增不改. No UPDATE or DELETE: YB304''', t);
        EXECUTE pg_catalog.format('COMMENT ON TRIGGER t05_posted_truncate ON @schema@.%I IS ''只增不改. No TRUNCATE: YB304''', t);
    END LOOP;
END
$do$;
