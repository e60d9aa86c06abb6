-- What a version 1.1 could bring in SQL objects; a line is a statement: the test leaves one after the other out of the upgrade script.
CREATE FUNCTION yibao.next_note(area text, note text DEFAULT 'none') RETURNS text LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$ SELECT area || note $$;
COMMENT ON FUNCTION yibao.next_note(text, text) IS '附注. What 1.1 brings.';
REVOKE ALL ON FUNCTION yibao.next_note(text, text) FROM PUBLIC;
CREATE TYPE yibao.next_step AS (step integer, sentence text);
COMMENT ON TYPE yibao.next_step IS '步骤. A row of what 1.1 brings.';
COMMENT ON COLUMN yibao.next_step.sentence IS '一句话';
CREATE FUNCTION yibao.next_text(yibao.next_step) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT ($1).sentence $$;
COMMENT ON FUNCTION yibao.next_text(yibao.next_step) IS '一句话. Of a step.';
CREATE CAST (yibao.next_step AS text) WITH FUNCTION yibao.next_text(yibao.next_step) AS ASSIGNMENT;
COMMENT ON CAST (yibao.next_step AS text) IS '一句话. Of a step.';
COMMENT ON FUNCTION yibao.verify(text, text) IS '核对. What 1.1 says of it.';
