-- A person-year settled again on request: who asks for it, who decides.

CREATE TABLE @schema@.replay (
    replay_id text COLLATE "C" PRIMARY KEY,
    psn_no text COLLATE "C" NOT NULL,
    insutype text COLLATE "C" NOT NULL,
    year integer NOT NULL,
    policy text COLLATE "C" NOT NULL CHECK (policy IN ('as_settled', 'in_force')),
    changes jsonb,
    changes_from timestamp,
    reason text NOT NULL,
    items integer,
    fund_before numeric(16,2),
    fund_after numeric(16,2),
    items_hash bytea,
    proposed_by text,
    proposed_at timestamptz,
    req_hash bytea,
    row_hash bytea,
    CHECK ((changes IS NULL) = (changes_from IS NULL))
);
COMMENT ON TABLE @schema@.replay IS '重算申请. A proposal to settle a person-year again, after a policy or a category changed for days that are settled; a replay_approval by somebody else posts the differences. Never changed or deleted.';
COMMENT ON COLUMN @schema@.replay.replay_id IS '重算编号, the caller''s key: the same row again inserts nothing, another under it is YB501';
COMMENT ON COLUMN @schema@.replay.psn_no IS '人员编号';
COMMENT ON COLUMN @schema@.replay.insutype IS '险种类型';
COMMENT ON COLUMN @schema@.replay.year IS '年度. The benefit year';
COMMENT ON COLUMN @schema@.replay.policy IS '所用政策: as_settled 按原结算的政策, in_force 按现行有效的政策';
COMMENT ON COLUMN @schema@.replay.changes IS '更改的输入: {"psn_idet_type": "2303"}, columns of settlement that describe person or visit, no amounts';
COMMENT ON COLUMN @schema@.replay.changes_from IS '更改起始: for care on or after it, local time';
COMMENT ON COLUMN @schema@.replay.reason IS '理由';
COMMENT ON COLUMN @schema@.replay.items IS '变动笔数: settlements that come to another amount (filled)';
COMMENT ON COLUMN @schema@.replay.fund_before IS '原基金支付, yuan, of those (filled)';
COMMENT ON COLUMN @schema@.replay.fund_after IS '重算后基金支付, yuan, of those (filled)';
COMMENT ON COLUMN @schema@.replay.items_hash IS '明细摘要: the approval posts these differences or none (filled)';
COMMENT ON COLUMN @schema@.replay.proposed_by IS '申请人: the login (filled)';
COMMENT ON COLUMN @schema@.replay.proposed_at IS '申请时间 (filled)';
COMMENT ON COLUMN @schema@.replay.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.replay.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.replay_approval (
    replay_id text COLLATE "C" PRIMARY KEY REFERENCES @schema@.replay,
    decision text COLLATE "C" NOT NULL CHECK (decision IN ('approve', 'reject')),
    setl_time timestamp NOT NULL,
    approved_by text,
    approved_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
COMMENT ON TABLE @schema@.replay_approval IS '重算审批. Inserted by another login than the proposal; approve settles again and posts the differences. Never changed or deleted.';
COMMENT ON COLUMN @schema@.replay_approval.replay_id IS '重算编号: one decision each';
COMMENT ON COLUMN @schema@.replay_approval.decision IS '审批结论: approve or reject';
COMMENT ON COLUMN @schema@.replay_approval.setl_time IS '更正时间: settlement time of the reversals, local time of the area; its month is the accounting period';
COMMENT ON COLUMN @schema@.replay_approval.approved_by IS '审批人: the login (filled)';
COMMENT ON COLUMN @schema@.replay_approval.approved_at IS '审批时间 (filled)';
COMMENT ON COLUMN @schema@.replay_approval.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.replay_approval.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';
