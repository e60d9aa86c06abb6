-- Enrolment periods: who is covered, paid when.  Read by the settlement trigger where the policy has a section "enrolment".

CREATE TABLE @schema@.enrolment (
    enrol_id text COLLATE "C" NOT NULL,
    psn_no text COLLATE "C" NOT NULL,
    insutype text COLLATE "C" NOT NULL,
    admdvs text COLLATE "C" NOT NULL,
    year integer NOT NULL,
    begndate date NOT NULL,
    enddate date NOT NULL,
    paid_on date,
    psn_group text COLLATE "C",
    brdy date,
    mother_psn_no text COLLATE "C",
    repair_years integer NOT NULL DEFAULT 0,
    paid_by text[] COLLATE "C",
    bonus_used boolean,
    replaces text COLLATE "C" REFERENCES @schema@.enrolment (enrol_id),
    doc_no text,
    booked_by text NOT NULL,
    booked_at timestamptz NOT NULL,
    req_hash bytea NOT NULL,
    row_hash bytea NOT NULL,
    CONSTRAINT enrolment_pkey PRIMARY KEY (enrol_id)
);
CREATE INDEX enrolment_person ON @schema@.enrolment (psn_no, year);
CREATE UNIQUE INDEX enrolment_replaces ON @schema@.enrolment (replaces) WHERE replaces IS NOT NULL;

COMMENT ON TABLE @schema@.enrolment IS
'参保. Cover of a person for a coverage year: in this scheme, or in another scheme or area where that matters. Never changed: a correction (payment matched later, refund, other days) is a new row that names the old one in replaces.';
COMMENT ON COLUMN @schema@.enrolment.enrol_id IS '参保流水号, the caller''s key';
COMMENT ON COLUMN @schema@.enrolment.psn_no IS '人员编号';
COMMENT ON COLUMN @schema@.enrolment.insutype IS '险种类型. Another scheme than the policy''s: cover elsewhere, for changes of scheme';
COMMENT ON COLUMN @schema@.enrolment.admdvs IS '参保地区划, filled with the area''s; another: cover elsewhere, for moves';
COMMENT ON COLUMN @schema@.enrolment.year IS '参保年度. Coverage year';
COMMENT ON COLUMN @schema@.enrolment.begndate IS '开始日期, filled: 1 January, of a newborn in the year of birth that day';
COMMENT ON COLUMN @schema@.enrolment.enddate IS '结束日期, filled: 31 December';
COMMENT ON COLUMN @schema@.enrolment.paid_on IS '到账日期. Day on which the contribution was received and matched; NULL: registered, not paid';
COMMENT ON COLUMN @schema@.enrolment.psn_group IS '特殊人群: newborn, assistance, scheme_change, moved, veteran, spouse, released, other';
COMMENT ON COLUMN @schema@.enrolment.brdy IS '出生日期 of a newborn';
COMMENT ON COLUMN @schema@.enrolment.mother_psn_no IS '母亲人员编号 of a newborn';
COMMENT ON COLUMN @schema@.enrolment.repair_years IS '补缴年数. Missing years paid up with this one, to shorten the waiting period';
COMMENT ON COLUMN @schema@.enrolment.paid_by IS '本年支付. What paid in this year: inpatient, outpatient, chronic, other, hifmi_pay, maf_pay, oth_pay; {}: nothing. NULL: what table settlement says';
COMMENT ON COLUMN @schema@.enrolment.bonus_used IS '已用奖励额度. Serious illness paid above the original cap in this year; NULL: what table settlement says';
COMMENT ON COLUMN @schema@.enrolment.replaces IS '更正. The row of this person that this one stands for';
COMMENT ON COLUMN @schema@.enrolment.doc_no IS '凭证号. Of the payment, birth certificate, transfer';
COMMENT ON COLUMN @schema@.enrolment.booked_by IS '经办用户. The login that inserted it (filled)';
COMMENT ON COLUMN @schema@.enrolment.booked_at IS '记账时间. When its statement began (filled)';
COMMENT ON COLUMN @schema@.enrolment.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.enrolment.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';
COMMENT ON CONSTRAINT enrolment_pkey ON @schema@.enrolment IS '流水号唯一';
COMMENT ON INDEX @schema@.enrolment_person IS '按人员年度. The periods of a person';
COMMENT ON INDEX @schema@.enrolment_replaces IS '更正唯一. One row for a correction';
