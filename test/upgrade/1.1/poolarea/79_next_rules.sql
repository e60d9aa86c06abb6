CREATE OR REPLACE TRIGGER t05_posted BEFORE UPDATE OR DELETE ON @schema@.next_note FOR EACH ROW EXECUTE FUNCTION yibao.t_posted('next_note');
COMMENT ON TRIGGER t05_posted ON @schema@.next_note IS '只增不改';
