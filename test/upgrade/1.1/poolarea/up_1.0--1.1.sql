-- The same for an area of 1.0.
ALTER TABLE @schema@.receipt ADD COLUMN IF NOT EXISTS channel text COLLATE "C" CHECK (channel <> '');
COMMENT ON COLUMN @schema@.receipt.channel IS '缴费渠道';
CREATE INDEX IF NOT EXISTS receipt_channel ON @schema@.receipt (channel);
CREATE TABLE IF NOT EXISTS @schema@.next_note (note_id text COLLATE "C" PRIMARY KEY, note text NOT NULL, number bigint GENERATED ALWAYS AS IDENTITY, row_hash bytea);
COMMENT ON TABLE @schema@.next_note IS '附注';
CREATE OR REPLACE VIEW @schema@.next_view AS SELECT receipt_id, channel FROM @schema@.receipt;
COMMENT ON VIEW @schema@.next_view IS '按渠道';
INSERT INTO @schema@.next_note (note_id, note) VALUES ('shipped', 'with 1.1') ON CONFLICT DO NOTHING;
