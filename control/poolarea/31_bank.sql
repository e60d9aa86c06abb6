-- Bank accounts, the classes of account that an area has, and the crossings between funds.

CREATE TABLE @schema@.bank_account (
    account_id text COLLATE "C" PRIMARY KEY,
    class text COLLATE "C" NOT NULL REFERENCES @schema@.account_class,
    admdvs text COLLATE "C" NOT NULL CHECK (admdvs ~ '^[0-9]{6}$'),
    level text COLLATE "C" NOT NULL CHECK (level IN ('province', 'city', 'county')),
    agency text COLLATE "C",
    bank text NOT NULL,
    state_owned boolean NOT NULL,
    main boolean NOT NULL DEFAULT false,
    opened_on date NOT NULL,
    doc_no text NOT NULL,
    source text NOT NULL,
    took_over boolean NOT NULL,
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
CREATE UNIQUE INDEX ON @schema@.bank_account (class) WHERE took_over;
COMMENT ON TABLE @schema@.bank_account IS '银行账户. An account of the fund at a bank; several funds may have shares of it, several agencies accounts of one class. Inserted by the owner, never changed or deleted; bank_account_close closes it.';
COMMENT ON COLUMN @schema@.bank_account.account_id IS '账户编号, the caller''s key';
COMMENT ON COLUMN @schema@.bank_account.class IS '账户类别: treasury, income, fiscal, expenditure';
COMMENT ON COLUMN @schema@.bank_account.admdvs IS '行政区划 of the agency that holds it: the area''s or one within it; filled with the area''s';
COMMENT ON COLUMN @schema@.bank_account.level IS '财政级次 of the bank''s office: that of admdvs (同级), province, city or county';
COMMENT ON COLUMN @schema@.bank_account.agency IS '经办机构 that holds it';
COMMENT ON COLUMN @schema@.bank_account.bank IS '开户银行';
COMMENT ON COLUMN @schema@.bank_account.state_owned IS '国有或国有控股: false is refused';
COMMENT ON COLUMN @schema@.bank_account.main IS '主账户: used where a row names no account and its class has several; one a class at a time';
COMMENT ON COLUMN @schema@.bank_account.opened_on IS '开户日期';
COMMENT ON COLUMN @schema@.bank_account.doc_no IS '批准文号';
COMMENT ON COLUMN @schema@.bank_account.source IS '依据';
COMMENT ON COLUMN @schema@.bank_account.took_over IS '接收原余额: the first account of its class (filled), which holds what the class held before';

CREATE TABLE @schema@.bank_account_close (
    account_id text COLLATE "C" PRIMARY KEY REFERENCES @schema@.bank_account,
    closed_on date NOT NULL,
    doc_no text NOT NULL,
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
COMMENT ON TABLE @schema@.bank_account_close IS '账户销户. From closed_on on nothing is booked in the account; refused while a fund has money in it. Never changed or deleted.';
COMMENT ON COLUMN @schema@.bank_account_close.account_id IS '账户编号';
COMMENT ON COLUMN @schema@.bank_account_close.closed_on IS '销户日期: the first day on which nothing is booked in it';
COMMENT ON COLUMN @schema@.bank_account_close.doc_no IS '批准文号';

CREATE TABLE @schema@.class_change (
    change_id text COLLATE "C" PRIMARY KEY,
    class text COLLATE "C" NOT NULL REFERENCES @schema@.account_class,
    open boolean NOT NULL,
    valid_from date NOT NULL,
    doc_no text NOT NULL,
    source text NOT NULL,
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea,
    UNIQUE (class, valid_from)
);
COMMENT ON TABLE @schema@.class_change IS '账户类别的设立与撤销. An area starts with all four classes of account; from valid_from on it has this one (open) or not: a class that it has not takes no money. Inserted by the owner, never changed or deleted.';
COMMENT ON COLUMN @schema@.class_change.change_id IS '编号, the caller''s key';
COMMENT ON COLUMN @schema@.class_change.class IS '账户类别';
COMMENT ON COLUMN @schema@.class_change.open IS '是否设立';
COMMENT ON COLUMN @schema@.class_change.valid_from IS '生效日期';
COMMENT ON COLUMN @schema@.class_change.doc_no IS '文号';
COMMENT ON COLUMN @schema@.class_change.source IS '依据: named where money is refused';

CREATE TABLE @schema@.cash_account (
    fund text COLLATE "C" NOT NULL,
    account_id text COLLATE "C" NOT NULL REFERENCES @schema@.bank_account,
    balance_fen bigint NOT NULL CHECK (balance_fen >= 0),
    PRIMARY KEY (fund, account_id)
) WITH (fillfactor = 50);
COMMENT ON TABLE @schema@.cash_account IS '账户内各基金份额. A fund''s share of a bank account, in fen (分), never below zero. The shares of a class are its row of cash; the shares of an account are what the bank holds.';
COMMENT ON COLUMN @schema@.cash_account.fund IS '基金';
COMMENT ON COLUMN @schema@.cash_account.account_id IS '账户编号';
COMMENT ON COLUMN @schema@.cash_account.balance_fen IS '份额, fen (分)';

CREATE TABLE @schema@.fund_crossing (
    event text COLLATE "C" PRIMARY KEY,
    from_fund text COLLATE "C" NOT NULL,
    to_fund text COLLATE "C" NOT NULL,
    name_zh text NOT NULL,
    rule text NOT NULL,
    source text NOT NULL,
    trust text COLLATE "C" NOT NULL
);
COMMENT ON TABLE @schema@.fund_crossing IS '基金间往来例外. No fund bears what is another''s; these are the named exceptions. An event that is not listed and posts book G of two funds fails verify.';
COMMENT ON COLUMN @schema@.fund_crossing.event IS '业务事件';
COMMENT ON COLUMN @schema@.fund_crossing.from_fund IS '付出方: a fund, or outside';
COMMENT ON COLUMN @schema@.fund_crossing.to_fund IS '收入方: a fund, or outside';
COMMENT ON COLUMN @schema@.fund_crossing.name_zh IS '中文名称';
COMMENT ON COLUMN @schema@.fund_crossing.rule IS '规定';
COMMENT ON COLUMN @schema@.fund_crossing.source IS '依据';
COMMENT ON COLUMN @schema@.fund_crossing.trust IS '依据的可信程度';

CREATE TABLE @schema@.chart (
    chart text COLLATE "C" PRIMARY KEY,
    name_zh text NOT NULL,
    valid_from date,
    source text NOT NULL,
    trust text COLLATE "C" NOT NULL
);
COMMENT ON TABLE @schema@.chart IS '科目表版本. A chart of accounts that has been seen; valid_from NULL: its source does not say. The owner adds others.';
COMMENT ON COLUMN @schema@.chart.chart IS '版本';
COMMENT ON COLUMN @schema@.chart.name_zh IS '名称';
COMMENT ON COLUMN @schema@.chart.valid_from IS '施行日期; NULL: not known';
COMMENT ON COLUMN @schema@.chart.source IS '依据';
COMMENT ON COLUMN @schema@.chart.trust IS '依据的可信程度';

CREATE TABLE @schema@.chart_code (
    chart text COLLATE "C" NOT NULL REFERENCES @schema@.chart,
    book text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    trust text COLLATE "C" NOT NULL,
    PRIMARY KEY (chart, book, role),
    FOREIGN KEY (book, role) REFERENCES @schema@.account_role
);
COMMENT ON TABLE @schema@.chart_code IS '角色与科目代码. The subject code of a role in a version of the chart; account_role.code is the one in use.';
COMMENT ON COLUMN @schema@.chart_code.chart IS '科目表版本';
COMMENT ON COLUMN @schema@.chart_code.book IS '账簿';
COMMENT ON COLUMN @schema@.chart_code.role IS '科目角色';
COMMENT ON COLUMN @schema@.chart_code.code IS '科目代码';
COMMENT ON COLUMN @schema@.chart_code.trust IS '可信程度: unverified until the official chart has been seen';
