-- What a transaction of an area whose mode is deferred has still to take from the pools: there until it commits, never after.

CREATE TABLE @schema@.pending (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    pool text COLLATE "C" NOT NULL,
    amt bigint NOT NULL CHECK (amt >= 0),
    journal_id bigint,
    correction boolean NOT NULL DEFAULT false
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
COMMENT ON TABLE @schema@.pending IS '待扣额度. Where area.mode is deferred: what a transaction has noted to be taken from the pools when it commits, netted and in the order of pools. Empty between transactions.';
COMMENT ON COLUMN @schema@.pending.id IS '序号; its order means nothing';
COMMENT ON COLUMN @schema@.pending.pool IS '基金池';
COMMENT ON COLUMN @schema@.pending.amt IS '金额, fen (分); 0: only fund what waits for the pool';
COMMENT ON COLUMN @schema@.pending.journal_id IS '凭证号 of settlements, which wait (挂账) if the pool is short; NULL: refused if it is short';
COMMENT ON COLUMN @schema@.pending.correction IS '更正. A settlement that corrects another is never refused';
