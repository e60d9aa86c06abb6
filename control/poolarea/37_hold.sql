-- Holds: money of a pool that is set apart for what is going to happen, until it happens, is called off, or time is up.

CREATE TABLE @schema@.hold (
    hold_id text COLLATE "C" PRIMARY KEY,
    pool text COLLATE "C" NOT NULL REFERENCES @schema@.pool,
    amt numeric NOT NULL CHECK (amt > 0 AND amt < 1e14 AND min_scale(amt) <= 2),
    expires_at timestamptz NOT NULL,
    reason text NOT NULL,
    held_by text,
    held_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
COMMENT ON TABLE @schema@.hold IS '预占. Sets money of a pool apart: it is no longer available, and no entry is made. A hold_end ends it, or yibao.maintain when its time is up. Never changed or deleted.';
COMMENT ON COLUMN @schema@.hold.hold_id IS '预占编号, the caller''s key: the same row again inserts nothing, another under it is YB501';
COMMENT ON COLUMN @schema@.hold.pool IS '基金池';
COMMENT ON COLUMN @schema@.hold.amt IS '金额, yuan';
COMMENT ON COLUMN @schema@.hold.expires_at IS '到期时间. From then on it cannot be used any more';
COMMENT ON COLUMN @schema@.hold.reason IS '事由';
COMMENT ON COLUMN @schema@.hold.held_by IS '经办用户. The login that inserted it (filled)';
COMMENT ON COLUMN @schema@.hold.held_at IS '预占时间. When its statement began (filled)';
COMMENT ON COLUMN @schema@.hold.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled): tells a repetition from another use of the key';
COMMENT ON COLUMN @schema@.hold.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.hold_end (
    hold_id text COLLATE "C" PRIMARY KEY REFERENCES @schema@.hold,
    outcome text COLLATE "C" NOT NULL CHECK (outcome IN ('post', 'void', 'expire')),
    event text COLLATE "C" CHECK (event IN ('settlement', 'premium', 'transfer')),
    key text COLLATE "C",
    ended_by text,
    ended_at timestamptz,
    req_hash bytea,
    row_hash bytea,
    CHECK ((outcome = 'post') = (event IS NOT NULL AND key IS NOT NULL))
);
COMMENT ON TABLE @schema@.hold_end IS '预占终结. What became of a hold, once: post 使用 (by the settlement, premium or transfer that it names), void 撤销, expire 到期. What is left of it is available again. Never changed or deleted.';
COMMENT ON COLUMN @schema@.hold_end.hold_id IS '预占编号';
COMMENT ON COLUMN @schema@.hold_end.outcome IS '结果: post 使用, void 撤销, expire 到期';
COMMENT ON COLUMN @schema@.hold_end.event IS '使用的业务: settlement 结算, premium 大病保险费, transfer 调剂';
COMMENT ON COLUMN @schema@.hold_end.key IS '业务主键: setl_id, premium_id or transfer_id';
COMMENT ON COLUMN @schema@.hold_end.ended_by IS '经办用户. The login that inserted it (filled)';
COMMENT ON COLUMN @schema@.hold_end.ended_at IS '终结时间. When its statement began (filled)';
COMMENT ON COLUMN @schema@.hold_end.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled): tells a repetition from another use of the key';
COMMENT ON COLUMN @schema@.hold_end.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.hold_open (
    hold_id text COLLATE "C" PRIMARY KEY REFERENCES @schema@.hold,
    pool text COLLATE "C" NOT NULL REFERENCES @schema@.pool,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    expires_at timestamptz NOT NULL
);
COMMENT ON TABLE @schema@.hold_open IS '未终结的预占. A row for each hold that has not ended. Balance = committed + open holds + available.';
COMMENT ON COLUMN @schema@.hold_open.hold_id IS '预占编号';
COMMENT ON COLUMN @schema@.hold_open.pool IS '基金池';
COMMENT ON COLUMN @schema@.hold_open.amount_fen IS '金额, fen (分)';
COMMENT ON COLUMN @schema@.hold_open.expires_at IS '到期时间';

ALTER TABLE @schema@.premium ADD COLUMN hold_id text COLLATE "C" REFERENCES @schema@.hold;
COMMENT ON COLUMN @schema@.premium.hold_id IS '预占编号. A hold that this uses: what it set apart is taken, what is left of it is available again';
ALTER TABLE @schema@.transfer ADD COLUMN hold_id text COLLATE "C" REFERENCES @schema@.hold;
COMMENT ON COLUMN @schema@.transfer.hold_id IS '预占编号. A hold on from_pool that the approval uses: what it set apart is moved, what is left of it is available again';
