-- Triggers of the replays: run again by attach_poolarea() after DROP EXTENSION ... CASCADE.

CREATE OR REPLACE TRIGGER t05_posted BEFORE UPDATE OR DELETE ON @schema@.replay FOR EACH ROW EXECUTE FUNCTION yibao.t_posted('replay');
CREATE OR REPLACE TRIGGER t05_posted_truncate BEFORE TRUNCATE ON @schema@.replay FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_posted('replay');
CREATE OR REPLACE TRIGGER t10_replay BEFORE INSERT ON @schema@.replay FOR EACH ROW EXECUTE FUNCTION yibao.t_replay();
CREATE OR REPLACE TRIGGER t05_posted BEFORE UPDATE OR DELETE ON @schema@.replay_approval FOR EACH ROW EXECUTE FUNCTION yibao.t_posted('replay_approval');
CREATE OR REPLACE TRIGGER t05_posted_truncate BEFORE TRUNCATE ON @schema@.replay_approval FOR EACH STATEMENT EXECUTE FUNCTION yibao.t_posted('replay_approval');
CREATE OR REPLACE TRIGGER t10_replay_approval BEFORE INSERT ON @schema@.replay_approval FOR EACH ROW EXECUTE FUNCTION yibao.t_replay_approval();
CREATE OR REPLACE TRIGGER t20_replay_approval AFTER INSERT ON @schema@.replay_approval FOR EACH ROW EXECUTE FUNCTION yibao.t_replay_approval();

COMMENT ON TRIGGER t05_posted ON @schema@.replay IS '只增不改. No UPDATE or DELETE: YB304';
COMMENT ON TRIGGER t05_posted_truncate ON @schema@.replay IS '只增不改. No TRUNCATE: YB304';
COMMENT ON TRIGGER t10_replay ON @schema@.replay IS '检查并填写. Works out what would change';
COMMENT ON TRIGGER t05_posted ON @schema@.replay_approval IS '只增不改. No UPDATE or DELETE: YB304';
COMMENT ON TRIGGER t05_posted_truncate ON @schema@.replay_approval IS '只增不改. No TRUNCATE: YB304';
COMMENT ON TRIGGER t10_replay_approval ON @schema@.replay_approval IS '检查并填写. Another login than the proposal''s';
COMMENT ON TRIGGER t20_replay_approval ON @schema@.replay_approval IS '记账. Settles again and posts the differences';
