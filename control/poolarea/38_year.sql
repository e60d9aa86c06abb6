-- The end of a year, and the lines of the final accounts.

CREATE TABLE @schema@.year_close (
    close_id text COLLATE "C" PRIMARY KEY,
    fund text COLLATE "C" NOT NULL CHECK (fund IN ('resident', 'assistance')),
    insutype text COLLATE "C" NOT NULL DEFAULT '390',
    year integer NOT NULL,
    doc_no text NOT NULL,
    policy_id text COLLATE "C" REFERENCES @schema@.policy,
    carry text COLLATE "C",
    opening_amt numeric(18,2),
    income_amt numeric(18,2),
    expense_amt numeric(18,2),
    direct_amt numeric(18,2),
    closing_amt numeric(18,2),
    out_amt numeric(18,2),
    ipt_amt numeric(18,2),
    unalloc_amt numeric(18,2),
    journal_id bigint,
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea,
    UNIQUE (fund, year),
    CHECK (closing_amt = opening_amt + income_amt - expense_amt + direct_amt),
    CHECK (out_amt + ipt_amt + unalloc_amt = 0)
);
COMMENT ON TABLE @schema@.year_close IS '年终结账. Insert a row (the owner): income and expense of the year go to the fund''s surplus, the pools go over by the policy, December is closed. Never changed or deleted.';
COMMENT ON COLUMN @schema@.year_close.close_id IS '结账编号, the caller''s key: the same row again inserts nothing, another under it is YB501';
COMMENT ON COLUMN @schema@.year_close.fund IS '基金: resident, assistance';
COMMENT ON COLUMN @schema@.year_close.insutype IS '险种类型, whose policy says how the pools go over';
COMMENT ON COLUMN @schema@.year_close.year IS '会计年度';
COMMENT ON COLUMN @schema@.year_close.doc_no IS '依据文号';
COMMENT ON COLUMN @schema@.year_close.policy_id IS '政策编号 in force on 31 December (filled; NULL for the assistance fund, which has one pool)';
COMMENT ON COLUMN @schema@.year_close.carry IS '结转方式: keep_by_pool 各池自留, resplit 按下年比例重新分配, to_unallocated 转未分配 (filled)';
COMMENT ON COLUMN @schema@.year_close.opening_amt IS '上年结余, yuan (filled)';
COMMENT ON COLUMN @schema@.year_close.income_amt IS '本年收入, yuan (filled)';
COMMENT ON COLUMN @schema@.year_close.expense_amt IS '本年支出, yuan (filled)';
COMMENT ON COLUMN @schema@.year_close.direct_amt IS '直接计入结余, yuan, by other postings of the year (filled)';
COMMENT ON COLUMN @schema@.year_close.closing_amt IS '年末滚存结余, yuan (filled)';
COMMENT ON COLUMN @schema@.year_close.out_amt IS '门诊统筹结转增减, yuan: what it gets, negative: gives (filled)';
COMMENT ON COLUMN @schema@.year_close.ipt_amt IS '住院统筹结转增减, yuan (filled)';
COMMENT ON COLUMN @schema@.year_close.unalloc_amt IS '未分配结转增减, yuan (filled)';
COMMENT ON COLUMN @schema@.year_close.journal_id IS '凭证号. The journal that booked it (filled)';
COMMENT ON COLUMN @schema@.year_close.booked_by IS '结账人: the login (filled)';
COMMENT ON COLUMN @schema@.year_close.booked_at IS '结账时间 (filled)';
COMMENT ON COLUMN @schema@.year_close.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.year_close.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.final_line (
    role text COLLATE "C" PRIMARY KEY,
    line text COLLATE "C" NOT NULL,
    ord integer NOT NULL,
    name_zh text NOT NULL,
    source text NOT NULL,
    trust text COLLATE "C" NOT NULL
);
COMMENT ON TABLE @schema@.final_line IS '决算项目. In which line of the final accounts a role of income or expense stands; one without a row stands in the other income or expense. The owner''s data.';
COMMENT ON COLUMN @schema@.final_line.role IS '科目角色 of book G';
COMMENT ON COLUMN @schema@.final_line.line IS '项目';
COMMENT ON COLUMN @schema@.final_line.ord IS '顺序';
COMMENT ON COLUMN @schema@.final_line.name_zh IS '项目名称';
COMMENT ON COLUMN @schema@.final_line.source IS '依据';
COMMENT ON COLUMN @schema@.final_line.trust IS '可信程度: official, mirror, unverified, assumed';
