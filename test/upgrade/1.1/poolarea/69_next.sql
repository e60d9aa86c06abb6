-- What a version 1.1 could bring: a column, an index, a table, a view that changes.
ALTER TABLE @schema@.receipt ADD COLUMN channel text COLLATE "C" CHECK (channel <> '');
COMMENT ON COLUMN @schema@.receipt.channel IS '缴费渠道';
CREATE INDEX receipt_channel ON @schema@.receipt (channel);
CREATE TABLE @schema@.next_note (note_id text COLLATE "C" PRIMARY KEY, note text NOT NULL, number bigint GENERATED ALWAYS AS IDENTITY, row_hash bytea);
COMMENT ON TABLE @schema@.next_note IS '附注';
CREATE VIEW @schema@.next_view AS SELECT receipt_id, channel FROM @schema@.receipt;
COMMENT ON VIEW @schema@.next_view IS '按渠道';
