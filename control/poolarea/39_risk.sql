-- Risk of the fund: levels as data, and what is done about one that is reached.

CREATE TABLE @schema@.risk_level (
    level_id text COLLATE "C" PRIMARY KEY,
    indicator text COLLATE "C" NOT NULL CHECK (indicator IN ('months_payable', 'surplus_ratio', 'current_balance', 'unfunded')),
    denominator text COLLATE "C" CHECK (denominator IN ('last_12_months', 'last_year')),
    fund text COLLATE "C" NOT NULL DEFAULT 'resident' CHECK (fund IN ('resident', 'assistance')),
    pool text COLLATE "C" REFERENCES @schema@.pool,
    from_value numeric,
    to_value numeric,
    level text NOT NULL,
    alert boolean NOT NULL,
    measures text[] NOT NULL,
    valid_from date NOT NULL,
    source text NOT NULL,
    trust text COLLATE "C" NOT NULL CHECK (trust IN ('official', 'mirror', 'unverified', 'assumed', 'demo')),
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea,
    CHECK ((indicator = 'months_payable') = (denominator IS NOT NULL)),
    CHECK (indicator IN ('months_payable', 'unfunded') OR pool IS NULL),
    CHECK (indicator <> 'unfunded' OR pool IS NOT NULL),
    CHECK (from_value < to_value)
);
COMMENT ON TABLE @schema@.risk_level IS '风险等级. The owner''s data, each row with its source: none is shipped, because no official text of bands for this fund has been seen. In force are the rows of the latest valid_from for an indicator, fund, pool and denominator. Never changed or deleted.';
COMMENT ON COLUMN @schema@.risk_level.level_id IS '等级编号, the caller''s key';
COMMENT ON COLUMN @schema@.risk_level.indicator IS '指标: months_payable 可支付月数, surplus_ratio 累计结余占当年收入的比例, current_balance 当期收支结余 in yuan, unfunded 挂账 of a pool in yuan';
COMMENT ON COLUMN @schema@.risk_level.denominator IS '月均支出口径 of months payable: last_12_months, last_year';
COMMENT ON COLUMN @schema@.risk_level.fund IS '基金';
COMMENT ON COLUMN @schema@.risk_level.pool IS '基金池; NULL: the whole fund; unfunded has one';
COMMENT ON COLUMN @schema@.risk_level.from_value IS '下限, included; NULL: none';
COMMENT ON COLUMN @schema@.risk_level.to_value IS '上限, not included; NULL: none';
COMMENT ON COLUMN @schema@.risk_level.level IS '等级';
COMMENT ON COLUMN @schema@.risk_level.alert IS '是否预警';
COMMENT ON COLUMN @schema@.risk_level.measures IS '应采取的措施: each has to be taken before a case is closed';
COMMENT ON COLUMN @schema@.risk_level.valid_from IS '生效日期';
COMMENT ON COLUMN @schema@.risk_level.source IS '依据';
COMMENT ON COLUMN @schema@.risk_level.trust IS '可信程度: official, mirror, unverified, assumed, demo';
COMMENT ON COLUMN @schema@.risk_level.booked_by IS '录入人: the login (filled)';
COMMENT ON COLUMN @schema@.risk_level.booked_at IS '录入时间 (filled)';
COMMENT ON COLUMN @schema@.risk_level.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.risk_level.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.risk_case (
    case_id text COLLATE "C" PRIMARY KEY,
    level_id text COLLATE "C" NOT NULL REFERENCES @schema@.risk_level,
    plan_ref text NOT NULL,
    as_of text COLLATE "C",
    value numeric,
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
COMMENT ON TABLE @schema@.risk_case IS '风险个案. Opened on a level that is reached (view risk_now) under a plan; risk_step says what is done. Never changed or deleted.';
COMMENT ON COLUMN @schema@.risk_case.case_id IS '个案编号, the caller''s key';
COMMENT ON COLUMN @schema@.risk_case.level_id IS '风险等级 that is reached';
COMMENT ON COLUMN @schema@.risk_case.plan_ref IS '预案文号';
COMMENT ON COLUMN @schema@.risk_case.as_of IS '指标所属期: month or year of the figure (filled)';
COMMENT ON COLUMN @schema@.risk_case.value IS '指标值 when the case was opened (filled)';
COMMENT ON COLUMN @schema@.risk_case.booked_by IS '立案人: the login (filled)';
COMMENT ON COLUMN @schema@.risk_case.booked_at IS '立案时间 (filled)';
COMMENT ON COLUMN @schema@.risk_case.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.risk_case.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.risk_step (
    step_id text COLLATE "C" PRIMARY KEY,
    case_id text COLLATE "C" NOT NULL REFERENCES @schema@.risk_case,
    step text COLLATE "C" NOT NULL CHECK (step IN ('assess', 'measure', 'close')),
    measure text,
    finding text NOT NULL,
    doc_no text,
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea,
    CHECK ((step = 'measure') = (measure IS NOT NULL))
);
CREATE UNIQUE INDEX ON @schema@.risk_step (case_id) WHERE step = 'close';
CREATE INDEX ON @schema@.risk_step (case_id);
COMMENT ON TABLE @schema@.risk_step IS '风险处置. assess 评估 (the analysis of causes), then measure 化解措施, then close 销案 by another login than opened the case. Never changed or deleted.';
COMMENT ON COLUMN @schema@.risk_step.step_id IS '步骤编号, the caller''s key';
COMMENT ON COLUMN @schema@.risk_step.case_id IS '个案编号';
COMMENT ON COLUMN @schema@.risk_step.step IS '步骤: assess, measure, close';
COMMENT ON COLUMN @schema@.risk_step.measure IS '措施: one of the level''s measures';
COMMENT ON COLUMN @schema@.risk_step.finding IS '情况说明';
COMMENT ON COLUMN @schema@.risk_step.doc_no IS '文号, such as that of the policy that was published';
COMMENT ON COLUMN @schema@.risk_step.booked_by IS '经办人: the login (filled)';
COMMENT ON COLUMN @schema@.risk_step.booked_at IS '办理时间 (filled)';
COMMENT ON COLUMN @schema@.risk_step.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.risk_step.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';
