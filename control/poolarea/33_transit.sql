-- Money on its way into the fund: what the tax office collected, subsidies that are due, interest that is to be expected.

CREATE TABLE @schema@.tax_batch (
    batch_id text COLLATE "C" PRIMARY KEY,
    insutype text COLLATE "C" NOT NULL DEFAULT '390',
    channel text NOT NULL,
    collected_on date NOT NULL,
    coverage_year integer NOT NULL CHECK (coverage_year BETWEEN 2000 AND 2999),
    heads integer NOT NULL CHECK (heads > 0),
    amt numeric NOT NULL CHECK (amt > 0 AND amt < 1e14 AND min_scale(amt) <= 2),
    doc_no text,
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
COMMENT ON TABLE @schema@.tax_batch IS '税务征缴批次. What the tax office says it collected on a day by a channel; tax_person lists the persons, tax_step follows the money. Never changed or deleted.';
COMMENT ON COLUMN @schema@.tax_batch.batch_id IS '批次号, the caller''s key';
COMMENT ON COLUMN @schema@.tax_batch.insutype IS '险种类型';
COMMENT ON COLUMN @schema@.tax_batch.channel IS '缴费渠道: 税务APP, 银行代扣, 村组代收 and the like';
COMMENT ON COLUMN @schema@.tax_batch.collected_on IS '征缴日期';
COMMENT ON COLUMN @schema@.tax_batch.coverage_year IS '参保年度';
COMMENT ON COLUMN @schema@.tax_batch.heads IS '缴费人数';
COMMENT ON COLUMN @schema@.tax_batch.amt IS '征缴金额, yuan';
COMMENT ON COLUMN @schema@.tax_batch.doc_no IS '凭据号';
COMMENT ON COLUMN @schema@.tax_batch.booked_by IS '经办用户. The login that inserted it (filled)';
COMMENT ON COLUMN @schema@.tax_batch.booked_at IS '登记时间 (filled)';
COMMENT ON COLUMN @schema@.tax_batch.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled): tells a repetition from another use of the key';
COMMENT ON COLUMN @schema@.tax_batch.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.tax_person (
    person_id text COLLATE "C" PRIMARY KEY,
    batch_id text COLLATE "C" NOT NULL REFERENCES @schema@.tax_batch,
    psn_no text COLLATE "C" NOT NULL,
    amt numeric NOT NULL CHECK (amt > 0 AND amt < 1e14 AND min_scale(amt) <= 2),
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
CREATE INDEX ON @schema@.tax_person (batch_id);
COMMENT ON TABLE @schema@.tax_person IS '税务征缴名单. A person of a batch; matched when enrolled in its coverage year. Never changed or deleted.';
COMMENT ON COLUMN @schema@.tax_person.person_id IS '编号 (filled): batch_id/psn_no';
COMMENT ON COLUMN @schema@.tax_person.batch_id IS '批次号';
COMMENT ON COLUMN @schema@.tax_person.psn_no IS '人员编号';
COMMENT ON COLUMN @schema@.tax_person.amt IS '缴费金额, yuan';
COMMENT ON COLUMN @schema@.tax_person.booked_by IS '经办用户. The login that inserted it (filled)';
COMMENT ON COLUMN @schema@.tax_person.booked_at IS '登记时间 (filled)';
COMMENT ON COLUMN @schema@.tax_person.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled): tells a repetition from another use of the key';
COMMENT ON COLUMN @schema@.tax_person.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.tax_step (
    step_id text COLLATE "C" PRIMARY KEY,
    batch_id text COLLATE "C" NOT NULL REFERENCES @schema@.tax_batch,
    receipt_id text COLLATE "C" REFERENCES @schema@.receipt,
    move_id text COLLATE "C" REFERENCES @schema@.cash_move,
    amt numeric NOT NULL CHECK (amt > 0 AND min_scale(amt) <= 2),
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea,
    CHECK ((receipt_id IS NULL) <> (move_id IS NULL))
);
CREATE INDEX ON @schema@.tax_step (batch_id);
CREATE INDEX ON @schema@.tax_step (receipt_id);
CREATE INDEX ON @schema@.tax_step (move_id);
COMMENT ON TABLE @schema@.tax_step IS '征缴资金划转. Money of a batch that came in with a receipt (入库), or went on to the fiscal account with a sweep (划入财政专户). Never changed or deleted.';
COMMENT ON COLUMN @schema@.tax_step.step_id IS '编号, the caller''s key';
COMMENT ON COLUMN @schema@.tax_step.batch_id IS '批次号';
COMMENT ON COLUMN @schema@.tax_step.receipt_id IS '收入编号: the receipt by which it came in';
COMMENT ON COLUMN @schema@.tax_step.move_id IS '划转编号: the sweep by which it went on';
COMMENT ON COLUMN @schema@.tax_step.amt IS '金额, yuan: filled when NULL with what is open on both sides';
COMMENT ON COLUMN @schema@.tax_step.booked_by IS '经办用户. The login that inserted it (filled)';
COMMENT ON COLUMN @schema@.tax_step.booked_at IS '登记时间 (filled)';
COMMENT ON COLUMN @schema@.tax_step.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled): tells a repetition from another use of the key';
COMMENT ON COLUMN @schema@.tax_step.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.subsidy_due (
    due_id text COLLATE "C" PRIMARY KEY,
    insutype text COLLATE "C" NOT NULL DEFAULT '390',
    coverage_year integer NOT NULL CHECK (coverage_year BETWEEN 2000 AND 2999),
    gov_level text COLLATE "C" NOT NULL CHECK (gov_level IN ('central', 'province', 'city', 'county')),
    heads integer NOT NULL CHECK (heads > 0),
    standard numeric NOT NULL CHECK (standard > 0 AND min_scale(standard) <= 2),
    share numeric NOT NULL CHECK (share > 0 AND share <= 1),
    due_on date NOT NULL,
    amt numeric NOT NULL CHECK (amt > 0 AND min_scale(amt) <= 2),
    replaces text COLLATE "C" UNIQUE REFERENCES @schema@.subsidy_due,
    doc_no text NOT NULL,
    source text NOT NULL,
    trust text COLLATE "C" NOT NULL,
    headcount_id text COLLATE "C" REFERENCES @schema@.headcount,
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
COMMENT ON TABLE @schema@.subsidy_due IS '财政补助应到. What a level of government owes for a coverage year: heads x standard x share, exactly. An instalment or a supplement is a row of its own; a correction names the row that it replaces. Never changed or deleted.';
COMMENT ON COLUMN @schema@.subsidy_due.due_id IS '编号, the caller''s key';
COMMENT ON COLUMN @schema@.subsidy_due.insutype IS '险种类型';
COMMENT ON COLUMN @schema@.subsidy_due.coverage_year IS '参保年度';
COMMENT ON COLUMN @schema@.subsidy_due.gov_level IS '财政级次';
COMMENT ON COLUMN @schema@.subsidy_due.heads IS '核准参保人数: filled when NULL with the head count in force, and no other than that where there is one';
COMMENT ON COLUMN @schema@.subsidy_due.headcount_id IS '核准的参保人数快照 that heads were taken from (filled)';
COMMENT ON COLUMN @schema@.subsidy_due.standard IS '人均补助标准, yuan';
COMMENT ON COLUMN @schema@.subsidy_due.share IS '该级分担比例: 0.8 is 80%; 1 where the standard is that of the level';
COMMENT ON COLUMN @schema@.subsidy_due.due_on IS '应到日期';
COMMENT ON COLUMN @schema@.subsidy_due.amt IS '应到金额, yuan (filled)';
COMMENT ON COLUMN @schema@.subsidy_due.replaces IS '更正的编号: that row counts no more';
COMMENT ON COLUMN @schema@.subsidy_due.doc_no IS '文号';
COMMENT ON COLUMN @schema@.subsidy_due.source IS '依据';
COMMENT ON COLUMN @schema@.subsidy_due.trust IS '依据的可信程度';
COMMENT ON COLUMN @schema@.subsidy_due.booked_by IS '经办用户. The login that inserted it (filled)';
COMMENT ON COLUMN @schema@.subsidy_due.booked_at IS '登记时间 (filled)';
COMMENT ON COLUMN @schema@.subsidy_due.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled): tells a repetition from another use of the key';
COMMENT ON COLUMN @schema@.subsidy_due.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.interest_rate (
    rate_id text COLLATE "C" PRIMARY KEY,
    account_id text COLLATE "C" NOT NULL REFERENCES @schema@.bank_account,
    valid_from date NOT NULL,
    rate numeric NOT NULL CHECK (rate >= 0 AND rate < 1),
    basis integer NOT NULL CHECK (basis IN (360, 365)),
    source text NOT NULL,
    trust text COLLATE "C" NOT NULL,
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea,
    UNIQUE (account_id, valid_from)
);
COMMENT ON TABLE @schema@.interest_rate IS '存款利率. The rate that an account is to earn from a day on (优惠利率). Never changed or deleted; another rate is another row.';
COMMENT ON COLUMN @schema@.interest_rate.rate_id IS '编号, the caller''s key';
COMMENT ON COLUMN @schema@.interest_rate.account_id IS '账户编号';
COMMENT ON COLUMN @schema@.interest_rate.valid_from IS '生效日期';
COMMENT ON COLUMN @schema@.interest_rate.rate IS '年利率: 0.0155 is 1.55%';
COMMENT ON COLUMN @schema@.interest_rate.basis IS '计息天数: days of a year, 360 or 365';
COMMENT ON COLUMN @schema@.interest_rate.source IS '依据';
COMMENT ON COLUMN @schema@.interest_rate.trust IS '依据的可信程度';
COMMENT ON COLUMN @schema@.interest_rate.booked_by IS '经办用户. The login that inserted it (filled)';
COMMENT ON COLUMN @schema@.interest_rate.booked_at IS '登记时间 (filled)';
COMMENT ON COLUMN @schema@.interest_rate.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled): tells a repetition from another use of the key';
COMMENT ON COLUMN @schema@.interest_rate.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.interest_period (
    check_id text COLLATE "C" PRIMARY KEY,
    account_id text COLLATE "C" NOT NULL REFERENCES @schema@.bank_account,
    from_on date NOT NULL,
    to_on date NOT NULL CHECK (to_on > from_on),
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
COMMENT ON TABLE @schema@.interest_period IS '计息期. A span for which the bank settles interest; each makes a row of interest_check. Never changed or deleted.';
COMMENT ON COLUMN @schema@.interest_period.check_id IS '编号, the caller''s key';
COMMENT ON COLUMN @schema@.interest_period.account_id IS '账户编号';
COMMENT ON COLUMN @schema@.interest_period.from_on IS '起息日: its balance counts';
COMMENT ON COLUMN @schema@.interest_period.to_on IS '结息日: interest is due on it, its balance does not count';
COMMENT ON COLUMN @schema@.interest_period.booked_by IS '经办用户. The login that inserted it (filled)';
COMMENT ON COLUMN @schema@.interest_period.booked_at IS '登记时间 (filled)';
COMMENT ON COLUMN @schema@.interest_period.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled): tells a repetition from another use of the key';
COMMENT ON COLUMN @schema@.interest_period.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';
