-- A provider settles a month with the centre by a day (清算期限); what comes later the fund does not pay.

CREATE TABLE @schema@.day_off (
    off_id text COLLATE "C" PRIMARY KEY,
    day date NOT NULL UNIQUE,
    works boolean NOT NULL,
    source text NOT NULL CHECK (source <> ''),
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
COMMENT ON TABLE @schema@.day_off IS '节假日安排. The owner''s data: a holiday, or a weekend day that is worked; for deadlines that shift to the next working day. Never changed or deleted.';
COMMENT ON COLUMN @schema@.day_off.off_id IS '编号, the caller''s key';
COMMENT ON COLUMN @schema@.day_off.day IS '日期';
COMMENT ON COLUMN @schema@.day_off.works IS '是否上班: false 放假, true 调休上班';
COMMENT ON COLUMN @schema@.day_off.source IS '依据';
COMMENT ON COLUMN @schema@.day_off.booked_by IS '录入人: the login (filled)';
COMMENT ON COLUMN @schema@.day_off.booked_at IS '录入时间 (filled)';
COMMENT ON COLUMN @schema@.day_off.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.day_off.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.clearing_extension (
    extension_id text COLLATE "C" PRIMARY KEY,
    fixmedins_code text COLLATE "C" NOT NULL,
    clr_ym text COLLATE "C" NOT NULL CHECK (clr_ym ~ '^[0-9]{4}(0[1-9]|1[0-2])$'),
    until_on date NOT NULL,
    reason text NOT NULL CHECK (reason <> ''),
    doc_no text NOT NULL CHECK (doc_no <> ''),
    approved_by text,
    approved_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
COMMENT ON TABLE @schema@.clearing_extension IS '清算延期批准. A provider may settle a month until a later day. Inserted by who approves it, another login than inserts the clearing. Never changed or deleted.';
COMMENT ON COLUMN @schema@.clearing_extension.extension_id IS '延期编号, the caller''s key';
COMMENT ON COLUMN @schema@.clearing_extension.fixmedins_code IS '定点医药机构编号';
COMMENT ON COLUMN @schema@.clearing_extension.clr_ym IS '清算年月, yyyymm';
COMMENT ON COLUMN @schema@.clearing_extension.until_on IS '延至, the last day';
COMMENT ON COLUMN @schema@.clearing_extension.reason IS '原因';
COMMENT ON COLUMN @schema@.clearing_extension.doc_no IS '批准文号';
COMMENT ON COLUMN @schema@.clearing_extension.approved_by IS '批准人: the login (filled)';
COMMENT ON COLUMN @schema@.clearing_extension.approved_at IS '批准时间 (filled)';
COMMENT ON COLUMN @schema@.clearing_extension.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.clearing_extension.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.clearing (
    clearing_id text COLLATE "C" PRIMARY KEY,
    insutype text COLLATE "C" NOT NULL DEFAULT '390',
    fixmedins_code text COLLATE "C" NOT NULL,
    clr_ym text COLLATE "C" NOT NULL CHECK (clr_ym ~ '^[0-9]{4}(0[1-9]|1[0-2])$'),
    applied_on date NOT NULL,
    note text,
    policy_id text COLLATE "C" REFERENCES @schema@.policy,
    due_on date,
    extension_id text COLLATE "C" REFERENCES @schema@.clearing_extension,
    late boolean,
    refused boolean,
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
CREATE INDEX ON @schema@.clearing (fixmedins_code, clr_ym);
COMMENT ON TABLE @schema@.clearing IS '清算申请. A provider settles with the centre what it has of a month and had not settled before (clearing_item). After the deadline of the policy it is late, and where the policy says so refused. Never changed or deleted.';
COMMENT ON COLUMN @schema@.clearing.clearing_id IS '清算申请编号, the caller''s key';
COMMENT ON COLUMN @schema@.clearing.insutype IS '险种类型';
COMMENT ON COLUMN @schema@.clearing.fixmedins_code IS '定点医药机构编号';
COMMENT ON COLUMN @schema@.clearing.clr_ym IS '清算年月, yyyymm';
COMMENT ON COLUMN @schema@.clearing.applied_on IS '申请日期: the day on which it settles with the centre';
COMMENT ON COLUMN @schema@.clearing.note IS '说明';
COMMENT ON COLUMN @schema@.clearing.policy_id IS '政策编号: in force on the last day of the month (filled)';
COMMENT ON COLUMN @schema@.clearing.due_on IS '清算期限: the last day in time (filled; NULL: the policy states none)';
COMMENT ON COLUMN @schema@.clearing.extension_id IS '延期批准 that covers it (filled)';
COMMENT ON COLUMN @schema@.clearing.late IS '逾期: after due_on and without an extension (filled)';
COMMENT ON COLUMN @schema@.clearing.refused IS '逾期不予支付: late, and the policy refuses it (filled)';
COMMENT ON COLUMN @schema@.clearing.booked_by IS '经办人: the login (filled)';
COMMENT ON COLUMN @schema@.clearing.booked_at IS '登记时间 (filled)';
COMMENT ON COLUMN @schema@.clearing.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.clearing.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.clearing_item (
    setl_id text COLLATE "C" PRIMARY KEY,
    clearing_id text COLLATE "C" NOT NULL REFERENCES @schema@.clearing,
    row_hash bytea NOT NULL
);
CREATE INDEX ON @schema@.clearing_item (clearing_id);
COMMENT ON TABLE @schema@.clearing_item IS '清算申请明细. By which clearing each settlement was settled with the centre. Written by posting only.';
COMMENT ON COLUMN @schema@.clearing_item.setl_id IS '结算ID';
COMMENT ON COLUMN @schema@.clearing_item.clearing_id IS '清算申请编号';
COMMENT ON COLUMN @schema@.clearing_item.row_hash IS '行摘要 (filled)';
