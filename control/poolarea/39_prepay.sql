-- Prepayment of providers (预付金): what the area's rule allows, what it asks for, and when it comes back.

CREATE TABLE @schema@.prepay_rule (
    rule_id text COLLATE "C" PRIMARY KEY,
    fund text COLLATE "C" NOT NULL DEFAULT 'resident' CHECK (fund IN ('resident', 'assistance')),
    valid_from date NOT NULL,
    measure text COLLATE "C" NOT NULL CHECK (measure IN ('paid', 'settled')),
    years integer NOT NULL CHECK (years BETWEEN 1 AND 3),
    pools text[] COLLATE "C",
    months numeric NOT NULL CHECK (months > 0 AND months <= 12 AND min_scale(months) <= 2),
    control text COLLATE "C" NOT NULL CHECK (control IN ('refuse', 'report')),
    min_months_payable numeric CHECK (min_months_payable > 0),
    denominator text COLLATE "C" CHECK (denominator IN ('last_12_months', 'last_year')),
    no_deficit boolean NOT NULL DEFAULT false,
    min_settled_months integer CHECK (min_settled_months > 0),
    none_outstanding boolean NOT NULL DEFAULT false,
    pay_by text COLLATE "C" CHECK (pay_by ~ '^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' AND pay_by NOT IN ('02-29', '02-30', '02-31', '04-31', '06-31', '09-31', '11-31')),
    attested text[] COLLATE "C" NOT NULL DEFAULT '{}',
    source text NOT NULL CHECK (source <> ''),
    trust text COLLATE "C" NOT NULL CHECK (trust IN ('official', 'mirror', 'unverified', 'assumed', 'demo')),
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea,
    UNIQUE (fund, valid_from),
    CHECK ((min_months_payable IS NULL) = (denominator IS NULL))
);
COMMENT ON TABLE @schema@.prepay_rule IS '预付金规则. The owner''s data with its source: how much of a provider''s mean month may be prepaid, and what must hold. Of a fund the latest valid_from on a day counts; none ships. Never changed or deleted.';
COMMENT ON COLUMN @schema@.prepay_rule.rule_id IS '规则编号, the caller''s key';
COMMENT ON COLUMN @schema@.prepay_rule.fund IS '基金';
COMMENT ON COLUMN @schema@.prepay_rule.valid_from IS '生效日期';
COMMENT ON COLUMN @schema@.prepay_rule.measure IS '测算口径: paid 已付, by the day of payment; settled 结算, by clearing month, less what was refused';
COMMENT ON COLUMN @schema@.prepay_rule.years IS '测算年数: so many whole years before the year of the prepayment, all their months';
COMMENT ON COLUMN @schema@.prepay_rule.pools IS '计入的基金池; NULL: all of the fund';
COMMENT ON COLUMN @schema@.prepay_rule.months IS '预付月数: so many mean months may be prepaid in a year';
COMMENT ON COLUMN @schema@.prepay_rule.control IS '超出时: refuse 拒绝, report 记录 (prepay_basis.unmet)';
COMMENT ON COLUMN @schema@.prepay_rule.min_months_payable IS '可支付月数下限 of the fund at the end of the year before; NULL: not asked for';
COMMENT ON COLUMN @schema@.prepay_rule.denominator IS '可支付月数口径 (view fund_month)';
COMMENT ON COLUMN @schema@.prepay_rule.no_deficit IS '上年无当期赤字: the year before took in no less than it spent';
COMMENT ON COLUMN @schema@.prepay_rule.min_settled_months IS '正常结算月数下限: months of the years counted in which the provider had settlements; NULL: not asked for';
COMMENT ON COLUMN @schema@.prepay_rule.none_outstanding IS '上年末已全额收回: nothing of the provider''s was outstanding on 31 December of the year before';
COMMENT ON COLUMN @schema@.prepay_rule.pay_by IS '最迟拨付日, MM-DD; NULL: not asked for';
COMMENT ON COLUMN @schema@.prepay_rule.attested IS '须证明的条件: each by a row of prepay_attest for the year, of the provider or of all';
COMMENT ON COLUMN @schema@.prepay_rule.source IS '依据';
COMMENT ON COLUMN @schema@.prepay_rule.trust IS '可信程度: official, mirror, unverified, assumed, demo';
COMMENT ON COLUMN @schema@.prepay_rule.booked_by IS '录入人: the login (filled)';
COMMENT ON COLUMN @schema@.prepay_rule.booked_at IS '录入时间 (filled)';
COMMENT ON COLUMN @schema@.prepay_rule.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.prepay_rule.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.prepay_attest (
    attest_id text COLLATE "C" PRIMARY KEY,
    fund text COLLATE "C" NOT NULL DEFAULT 'resident' CHECK (fund IN ('resident', 'assistance')),
    year integer NOT NULL CHECK (year BETWEEN 2000 AND 2999),
    condition text COLLATE "C" NOT NULL,
    party text COLLATE "C",
    doc_no text NOT NULL CHECK (doc_no <> ''),
    note text,
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
COMMENT ON TABLE @schema@.prepay_attest IS '预付条件证明. That a condition of prepay_rule.attested holds for a year, by a document. Never changed or deleted.';
COMMENT ON COLUMN @schema@.prepay_attest.attest_id IS '证明编号, the caller''s key';
COMMENT ON COLUMN @schema@.prepay_attest.fund IS '基金';
COMMENT ON COLUMN @schema@.prepay_attest.year IS '预付年度';
COMMENT ON COLUMN @schema@.prepay_attest.condition IS '条件: a word of prepay_rule.attested';
COMMENT ON COLUMN @schema@.prepay_attest.party IS '医药机构; NULL: holds for all (a condition on the fund)';
COMMENT ON COLUMN @schema@.prepay_attest.doc_no IS '文号';
COMMENT ON COLUMN @schema@.prepay_attest.note IS '说明';
COMMENT ON COLUMN @schema@.prepay_attest.booked_by IS '录入人: the login (filled)';
COMMENT ON COLUMN @schema@.prepay_attest.booked_at IS '录入时间 (filled)';
COMMENT ON COLUMN @schema@.prepay_attest.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.prepay_attest.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.prepay_schedule (
    row_id text COLLATE "C" PRIMARY KEY,
    voucher_id text COLLATE "C" NOT NULL REFERENCES @schema@.voucher,
    due_on date NOT NULL,
    amt numeric NOT NULL CHECK (amt > 0 AND amt < 1e14 AND min_scale(amt) <= 2),
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea,
    UNIQUE (voucher_id, due_on)
);
COMMENT ON TABLE @schema@.prepay_schedule IS '预付金收回计划. How much of a prepayment is to be back from a day on, by offset or in cash. Inserted before the prepayment is approved, together its amount, none after 31 December. Never changed or deleted.';
COMMENT ON COLUMN @schema@.prepay_schedule.row_id IS '计划编号: voucher_id/due_on (filled)';
COMMENT ON COLUMN @schema@.prepay_schedule.voucher_id IS '预付凭证: a voucher of event prepay';
COMMENT ON COLUMN @schema@.prepay_schedule.due_on IS '应收回日期';
COMMENT ON COLUMN @schema@.prepay_schedule.amt IS '应收回金额, yuan';
COMMENT ON COLUMN @schema@.prepay_schedule.booked_by IS '录入人: the login (filled)';
COMMENT ON COLUMN @schema@.prepay_schedule.booked_at IS '录入时间 (filled)';
COMMENT ON COLUMN @schema@.prepay_schedule.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.prepay_schedule.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.prepay_basis (
    voucher_id text COLLATE "C" PRIMARY KEY REFERENCES @schema@.voucher,
    rule_id text COLLATE "C" NOT NULL REFERENCES @schema@.prepay_rule,
    year integer NOT NULL,
    base_amt numeric(18,2) NOT NULL,
    limit_amt numeric(18,2) NOT NULL,
    prepaid_amt numeric(18,2) NOT NULL,
    months_payable numeric,
    last_balance numeric(18,2),
    settled_months integer NOT NULL,
    outstanding_amt numeric(18,2) NOT NULL,
    unmet text[] COLLATE "C" NOT NULL,
    row_hash bytea NOT NULL
);
COMMENT ON TABLE @schema@.prepay_basis IS '预付测算. What a prepayment was drawn up on: base, limit and conditions by the rule in force. Written by posting only; unmet is empty but where the rule only reports.';
COMMENT ON COLUMN @schema@.prepay_basis.voucher_id IS '预付凭证';
COMMENT ON COLUMN @schema@.prepay_basis.rule_id IS '预付金规则';
COMMENT ON COLUMN @schema@.prepay_basis.year IS '预付年度';
COMMENT ON COLUMN @schema@.prepay_basis.base_amt IS '测算基数, yuan: what was paid or settled in the years that count';
COMMENT ON COLUMN @schema@.prepay_basis.limit_amt IS '限额, yuan: mean month x months, cut to the fen';
COMMENT ON COLUMN @schema@.prepay_basis.prepaid_amt IS '本年已预付, yuan, before this one';
COMMENT ON COLUMN @schema@.prepay_basis.months_payable IS '上年末可支付月数; NULL: not asked for, or not known';
COMMENT ON COLUMN @schema@.prepay_basis.last_balance IS '上年收支结余, yuan; NULL: not asked for, or not known';
COMMENT ON COLUMN @schema@.prepay_basis.settled_months IS '有结算的月数';
COMMENT ON COLUMN @schema@.prepay_basis.outstanding_amt IS '上年末未收回, yuan';
COMMENT ON COLUMN @schema@.prepay_basis.unmet IS '不符合的条件: names of columns of prepay_rule (months: above the limit) and of attested';
COMMENT ON COLUMN @schema@.prepay_basis.row_hash IS '行摘要 (filled)';
