-- The head count of a coverage year (核准参保人数), frozen with what has been collected, and approved by another login.

CREATE TABLE @schema@.headcount (
    headcount_id text COLLATE "C" PRIMARY KEY,
    insutype text COLLATE "C" NOT NULL DEFAULT '390',
    coverage_year integer NOT NULL CHECK (coverage_year BETWEEN 2000 AND 2999),
    as_of date NOT NULL,
    heads integer NOT NULL CHECK (heads > 0),
    doc_no text NOT NULL CHECK (doc_no <> ''),
    explanation text,
    version integer CHECK (version > 0),
    persons integer CHECK (persons >= 0),
    groups jsonb,
    collected_amt numeric CHECK (min_scale(collected_amt) <= 2),
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
CREATE INDEX ON @schema@.headcount (insutype, coverage_year);
COMMENT ON TABLE @schema@.headcount IS '参保人数快照. How many heads a coverage year has, beside who is enrolled and what has been collected when it is drawn up. Holds when another login approves it (headcount_approval), until a later version is approved. Never changed or deleted.';
COMMENT ON COLUMN @schema@.headcount.headcount_id IS '快照编号, the caller''s key';
COMMENT ON COLUMN @schema@.headcount.insutype IS '险种类型';
COMMENT ON COLUMN @schema@.headcount.coverage_year IS '参保年度';
COMMENT ON COLUMN @schema@.headcount.as_of IS '快照日期: who had paid by then counts';
COMMENT ON COLUMN @schema@.headcount.heads IS '参保人数: filled when NULL with persons';
COMMENT ON COLUMN @schema@.headcount.doc_no IS '申报文号';
COMMENT ON COLUMN @schema@.headcount.explanation IS '差异说明: why heads are not persons; needed where they differ';
COMMENT ON COLUMN @schema@.headcount.version IS '版本: the next of its scheme and year after the one in force (filled)';
COMMENT ON COLUMN @schema@.headcount.persons IS '实名参保人数: view enrolled_person on as_of (filled; NULL: the area keeps no enrolment of the year)';
COMMENT ON COLUMN @schema@.headcount.groups IS '分类人数: persons by psn_group, "none" of those without (filled; NULL: as persons)';
COMMENT ON COLUMN @schema@.headcount.collected_amt IS '已收缴费资金, yuan: view collected when the row was drawn up (filled)';
COMMENT ON COLUMN @schema@.headcount.booked_by IS '经办用户. The login that inserted it (filled)';
COMMENT ON COLUMN @schema@.headcount.booked_at IS '登记时间 (filled)';
COMMENT ON COLUMN @schema@.headcount.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled): tells a repetition from another use of the key';
COMMENT ON COLUMN @schema@.headcount.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.headcount_approval (
    headcount_id text COLLATE "C" PRIMARY KEY REFERENCES @schema@.headcount,
    decision text COLLATE "C" NOT NULL CHECK (decision IN ('approve', 'reject')),
    approved_on date NOT NULL,
    doc_no text NOT NULL CHECK (doc_no <> ''),
    insutype text COLLATE "C",
    coverage_year integer,
    version integer,
    approved_by text,
    approved_at timestamptz,
    req_hash bytea,
    row_hash bytea,
    UNIQUE (insutype, coverage_year, version)
);
COMMENT ON TABLE @schema@.headcount_approval IS '参保人数核准. Inserted by another login than the snapshot; approve makes it the head count of its year. Never changed or deleted.';
COMMENT ON COLUMN @schema@.headcount_approval.headcount_id IS '快照编号: one decision each';
COMMENT ON COLUMN @schema@.headcount_approval.decision IS '审批结论: approve or reject';
COMMENT ON COLUMN @schema@.headcount_approval.approved_on IS '核准日期';
COMMENT ON COLUMN @schema@.headcount_approval.doc_no IS '核准文号';
COMMENT ON COLUMN @schema@.headcount_approval.insutype IS '险种类型 (filled where it approves)';
COMMENT ON COLUMN @schema@.headcount_approval.coverage_year IS '参保年度 (filled where it approves)';
COMMENT ON COLUMN @schema@.headcount_approval.version IS '版本: each approved once (filled where it approves)';
COMMENT ON COLUMN @schema@.headcount_approval.approved_by IS '审批人: the login (filled)';
COMMENT ON COLUMN @schema@.headcount_approval.approved_at IS '审批时间 (filled)';
COMMENT ON COLUMN @schema@.headcount_approval.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled): tells a repetition from another use of the key';
COMMENT ON COLUMN @schema@.headcount_approval.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';
