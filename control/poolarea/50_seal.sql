-- Seals: a chain of digests over what has been booked, so that a head kept outside tells any later change.

CREATE TABLE @schema@.seal (
    seal_id bigint PRIMARY KEY CHECK (seal_id > 0),
    rows bigint NOT NULL CHECK (rows > 0),
    digest bytea NOT NULL,
    head bytea NOT NULL,
    sealed_by text NOT NULL,
    sealed_at timestamptz NOT NULL
);
COMMENT ON TABLE @schema@.seal IS '封存. Links of a chain: each holds the digest of the rows that it seals, and head, a digest of that and of the head before it. Made by yibao.seal; keep the head (yibao.seal_head) outside the database.';
COMMENT ON COLUMN @schema@.seal.seal_id IS '封存序号, from 1 without a gap';
COMMENT ON COLUMN @schema@.seal.rows IS '行数 that it seals';
COMMENT ON COLUMN @schema@.seal.digest IS '内容摘要. SHA-256 over its rows: table, key and digest of each';
COMMENT ON COLUMN @schema@.seal.head IS '链头. SHA-256 over the head before it, seal_id, rows, digest and time';
COMMENT ON COLUMN @schema@.seal.sealed_by IS '封存用户: the login';
COMMENT ON COLUMN @schema@.seal.sealed_at IS '封存时间';

CREATE TABLE @schema@.seal_member (
    tab text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    seal_id bigint NOT NULL,
    leaf bytea NOT NULL,
    PRIMARY KEY (tab, key)
);
CREATE INDEX seal_member_by_seal ON @schema@.seal_member (seal_id);
COMMENT ON TABLE @schema@.seal_member IS '封存明细. Which rows a seal holds. A row that is not here yet is sealed next time, whenever it was committed.';
COMMENT ON COLUMN @schema@.seal_member.tab IS '表';
COMMENT ON COLUMN @schema@.seal_member.key IS '主键 of the row, as text';
COMMENT ON COLUMN @schema@.seal_member.seal_id IS '封存序号';
COMMENT ON COLUMN @schema@.seal_member.leaf IS '行摘要 when it was sealed; of a journal together with its entries';
COMMENT ON INDEX @schema@.seal_member_by_seal IS '按封存序号';
