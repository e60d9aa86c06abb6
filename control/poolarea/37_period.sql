-- Months that are opened again: who asks for it, who decides.

CREATE TABLE @schema@.period_act (
    act_id text COLLATE "C" PRIMARY KEY,
    period text COLLATE "C" NOT NULL REFERENCES @schema@.period,
    act text COLLATE "C" NOT NULL CHECK (act = 'reopen'),
    reason text NOT NULL,
    doc_no text NOT NULL,
    closed_by text,
    closed_at timestamptz,
    proposed_by text,
    proposed_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
COMMENT ON TABLE @schema@.period_act IS '会计期间变更申请. The owner asks that a closed month be opened again; a period_act_approval by somebody else does it. verify says so while it is open. Never changed or deleted.';
COMMENT ON COLUMN @schema@.period_act.act_id IS '申请编号, the caller''s key: the same row again inserts nothing, another under it is YB501';
COMMENT ON COLUMN @schema@.period_act.period IS '会计期间, yyyy-mm';
COMMENT ON COLUMN @schema@.period_act.act IS '事项: reopen 反结账';
COMMENT ON COLUMN @schema@.period_act.reason IS '理由';
COMMENT ON COLUMN @schema@.period_act.doc_no IS '依据文号';
COMMENT ON COLUMN @schema@.period_act.closed_by IS '原结账人: whose closing it undoes (filled)';
COMMENT ON COLUMN @schema@.period_act.closed_at IS '原结账时间: the closing that it undoes (filled)';
COMMENT ON COLUMN @schema@.period_act.proposed_by IS '申请人: the login (filled)';
COMMENT ON COLUMN @schema@.period_act.proposed_at IS '申请时间 (filled)';
COMMENT ON COLUMN @schema@.period_act.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.period_act.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.period_act_approval (
    act_id text COLLATE "C" PRIMARY KEY REFERENCES @schema@.period_act,
    decision text COLLATE "C" NOT NULL CHECK (decision IN ('approve', 'reject')),
    approved_by text,
    approved_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
COMMENT ON TABLE @schema@.period_act_approval IS '会计期间变更审批. Inserted by another login; approve opens the month. Never changed or deleted.';
COMMENT ON COLUMN @schema@.period_act_approval.act_id IS '申请编号: one decision each';
COMMENT ON COLUMN @schema@.period_act_approval.decision IS '审批结论: approve or reject';
COMMENT ON COLUMN @schema@.period_act_approval.approved_by IS '审批人: the login (filled)';
COMMENT ON COLUMN @schema@.period_act_approval.approved_at IS '审批时间 (filled)';
COMMENT ON COLUMN @schema@.period_act_approval.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.period_act_approval.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';
