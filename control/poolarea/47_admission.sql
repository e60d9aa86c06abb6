-- A stay is registered within hours of the admission (入院登记); what late registration leads to is the policy's fund.late_registration.

-- policy_id: no foreign key, which would have every admission lock the same row; it is filled from policy, whose rows nobody deletes.
CREATE TABLE @schema@.admission (
    mdtrt_id text COLLATE "C" PRIMARY KEY,
    insutype text COLLATE "C" NOT NULL DEFAULT '390',
    psn_no text COLLATE "C" NOT NULL,
    fixmedins_code text COLLATE "C" NOT NULL,
    begntime timestamp NOT NULL,
    reg_time timestamp NOT NULL,
    er_flag boolean NOT NULL DEFAULT false,
    policy_id text COLLATE "C",
    due_time timestamp,
    late boolean,
    late_registration text COLLATE "C",
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
CREATE INDEX ON @schema@.admission (fixmedins_code, reg_time) WHERE late;
COMMENT ON TABLE @schema@.admission IS '入院登记. When a stay began and when it was registered: in time or late by the policy in force on the day of admission. Never changed or deleted.';
COMMENT ON COLUMN @schema@.admission.mdtrt_id IS '就诊ID, the caller''s key: that of the stay''s settlements';
COMMENT ON COLUMN @schema@.admission.insutype IS '险种类型';
COMMENT ON COLUMN @schema@.admission.psn_no IS '人员编号';
COMMENT ON COLUMN @schema@.admission.fixmedins_code IS '定点医药机构编号';
COMMENT ON COLUMN @schema@.admission.begntime IS '入院时间, local time of the area';
COMMENT ON COLUMN @schema@.admission.reg_time IS '登记时间, local time of the area';
COMMENT ON COLUMN @schema@.admission.er_flag IS '急诊标志: the longer time holds';
COMMENT ON COLUMN @schema@.admission.policy_id IS '政策编号: in force on the day of admission (filled)';
COMMENT ON COLUMN @schema@.admission.due_time IS '登记期限: the last moment in time (filled; NULL: the policy states no controls.admission_clock)';
COMMENT ON COLUMN @schema@.admission.late IS '逾期登记: after due_time (filled; NULL as due_time)';
COMMENT ON COLUMN @schema@.admission.late_registration IS '逾期处理 as the policy has it: report, deduct_provider, manual_only (filled; NULL: it does not say)';
COMMENT ON COLUMN @schema@.admission.booked_by IS '经办用户. The login that inserted it (filled)';
COMMENT ON COLUMN @schema@.admission.booked_at IS '录入时间 (filled)';
COMMENT ON COLUMN @schema@.admission.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.admission.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.admission_extension (
    mdtrt_id text COLLATE "C" PRIMARY KEY REFERENCES @schema@.admission,
    reason text NOT NULL CHECK (reason <> ''),
    doc_no text NOT NULL CHECK (doc_no <> ''),
    approved_by text,
    approved_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
COMMENT ON TABLE @schema@.admission_extension IS '逾期登记批准. The late registration of a stay is accepted, and nothing follows from it. Inserted by who approves it, another login than registered the stay. Never changed or deleted.';
COMMENT ON COLUMN @schema@.admission_extension.mdtrt_id IS '就诊ID';
COMMENT ON COLUMN @schema@.admission_extension.reason IS '原因';
COMMENT ON COLUMN @schema@.admission_extension.doc_no IS '批准文号';
COMMENT ON COLUMN @schema@.admission_extension.approved_by IS '批准人: the login (filled)';
COMMENT ON COLUMN @schema@.admission_extension.approved_at IS '批准时间 (filled)';
COMMENT ON COLUMN @schema@.admission_extension.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.admission_extension.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';
