-- What verify finds a change of a settlement by.

ALTER TABLE @schema@.settlement ADD COLUMN row_hash bytea;
COMMENT ON COLUMN @schema@.settlement.row_hash IS '行摘要. Result: SHA-256 of all other columns; verify computes it again';
