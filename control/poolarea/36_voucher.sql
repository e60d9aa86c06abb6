-- Entries besides receipts, moves and payments: vouchers of an event that is a row, refunds, advance premiums.

CREATE TABLE @schema@.voucher_event (
    event text COLLATE "C" PRIMARY KEY CHECK (event ~ '^[a-z][a-z0-9_.]*$'),
    name_zh text NOT NULL CHECK (name_zh <> ''),
    needs text[] NOT NULL DEFAULT '{}',
    takes text[] NOT NULL DEFAULT '{}',
    refers text COLLATE "C" REFERENCES @schema@.voucher_event,
    within text COLLATE "C",
    choice text COLLATE "C" CHECK (choice IN ('deposit_book', 'prior_year_recovery', 'serious_subject')),
    items text COLLATE "C" CHECK (items IN ('payable', 'deposit', 'recovery')),
    change text COLLATE "C" CHECK (change IN ('refused', 'deposit', 'released', 'forfeited', 'recovered')),
    income_kind text COLLATE "C",
    flow text COLLATE "C",
    approval boolean NOT NULL DEFAULT false,
    source text NOT NULL CHECK (source <> ''),
    trust text COLLATE "C" NOT NULL CHECK (trust IN ('official', 'mirror', 'unverified', 'assumed', 'demo')),
    shipped boolean NOT NULL DEFAULT false,
    CHECK (shipped OR (event LIKE 'area.%' AND choice IS NULL AND items IS NULL AND change IS NULL AND income_kind IS NULL)),
    CHECK ((items IS NULL) = (change IS NULL))
);
COMMENT ON TABLE @schema@.voucher_event IS '凭证事项. What a voucher can be of; its lines are posting_rule''s. The owner adds events of the area''s own (area.…), with their source; none is ever changed.';
COMMENT ON COLUMN @schema@.voucher_event.event IS '事项; one of the area''s own begins with area.';
COMMENT ON COLUMN @schema@.voucher_event.name_zh IS '中文名称';
COMMENT ON COLUMN @schema@.voucher_event.needs IS '必填栏: columns of voucher that must be filled';
COMMENT ON COLUMN @schema@.voucher_event.takes IS '可填栏: columns that may be filled; no other may be, but doc_no and note';
COMMENT ON COLUMN @schema@.voucher_event.refers IS '原事项: the voucher names one of this event in refers; together they are never above its amount';
COMMENT ON COLUMN @schema@.voucher_event.within IS '以余额为限: a role of book G; never above the party''s balance of it';
COMMENT ON COLUMN @schema@.voucher_event.choice IS '政策选项: key of the policy''s fund section whose word is added to the event to find its lines';
COMMENT ON COLUMN @schema@.voucher_event.items IS '结算明细: over which items it is spread: payable, held as deposit, to be recovered';
COMMENT ON COLUMN @schema@.voucher_event.change IS '明细变动: what it does to them';
COMMENT ON COLUMN @schema@.voucher_event.income_kind IS '收入来源: receipts of this kind may name such a voucher';
COMMENT ON COLUMN @schema@.voucher_event.flow IS '资金流向: the kind of flow_rule that its movement of cash must have';
COMMENT ON COLUMN @schema@.voucher_event.approval IS '须审批: takes effect when another login inserts voucher_approval';
COMMENT ON COLUMN @schema@.voucher_event.source IS '依据';
COMMENT ON COLUMN @schema@.voucher_event.trust IS '依据的可信程度';
COMMENT ON COLUMN @schema@.voucher_event.shipped IS '随软件提供';

CREATE TABLE @schema@.voucher (
    voucher_id text COLLATE "C" PRIMARY KEY,
    event text COLLATE "C" NOT NULL REFERENCES @schema@.voucher_event,
    fund text COLLATE "C" NOT NULL DEFAULT 'resident' CHECK (fund IN ('resident', 'assistance')),
    insutype text COLLATE "C" NOT NULL DEFAULT '390',
    effective_on date NOT NULL,
    amt numeric CHECK (amt > 0 AND amt < 1e14 AND min_scale(amt) <= 2),
    party text COLLATE "C",
    pool text COLLATE "C" REFERENCES @schema@.pool,
    account text COLLATE "C" REFERENCES @schema@.account_class,
    account_id text COLLATE "C",
    clr_ym text COLLATE "C",
    setl_id text COLLATE "C",
    payment_id text COLLATE "C" REFERENCES @schema@.payment,
    refers text COLLATE "C" REFERENCES @schema@.voucher,
    coverage_year integer CHECK (coverage_year BETWEEN 2000 AND 2999),
    due_on date,
    clearing_id text COLLATE "C",
    doc_no text,
    note text,
    policy_id text COLLATE "C" REFERENCES @schema@.policy,
    choice text COLLATE "C",
    journal_id bigint,
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
CREATE INDEX ON @schema@.voucher (refers) WHERE refers IS NOT NULL;
CREATE UNIQUE INDEX ON @schema@.voucher (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX ON @schema@.voucher (clearing_id) WHERE clearing_id IS NOT NULL;
COMMENT ON TABLE @schema@.voucher IS '记账申请. Insert a row of an event of voucher_event: it is checked and posted by the event''s rules, at once or when another login approves it. Never changed or deleted.';
COMMENT ON COLUMN @schema@.voucher.voucher_id IS '凭证业务编号, the caller''s key: the same row again inserts nothing, another under it is YB501';
COMMENT ON COLUMN @schema@.voucher.event IS '事项';
COMMENT ON COLUMN @schema@.voucher.fund IS '基金: resident, assistance';
COMMENT ON COLUMN @schema@.voucher.insutype IS '险种类型, whose policy is asked for its choices';
COMMENT ON COLUMN @schema@.voucher.effective_on IS '业务日期; the accounting period is its month, or the approval''s';
COMMENT ON COLUMN @schema@.voucher.amt IS '金额, yuan';
COMMENT ON COLUMN @schema@.voucher.party IS '往来对方: provider, insurer';
COMMENT ON COLUMN @schema@.voucher.pool IS '基金池';
COMMENT ON COLUMN @schema@.voucher.account IS '账户类别';
COMMENT ON COLUMN @schema@.voucher.account_id IS '账户编号 of the class, where it has several (bank_account); NULL: the main one';
COMMENT ON COLUMN @schema@.voucher.clr_ym IS '清算年月, yyyymm';
COMMENT ON COLUMN @schema@.voucher.setl_id IS '结算ID: one settlement, or the reversal whose money comes back';
COMMENT ON COLUMN @schema@.voucher.payment_id IS '退回的付款';
COMMENT ON COLUMN @schema@.voucher.refers IS '原凭证';
COMMENT ON COLUMN @schema@.voucher.coverage_year IS '参保年度';
COMMENT ON COLUMN @schema@.voucher.due_on IS '应收、应付日期';
COMMENT ON COLUMN @schema@.voucher.clearing_id IS '逾期的清算申请 (clearing)';
COMMENT ON COLUMN @schema@.voucher.doc_no IS '文号';
COMMENT ON COLUMN @schema@.voucher.note IS '说明';
COMMENT ON COLUMN @schema@.voucher.policy_id IS '政策编号: whose choice was asked (filled)';
COMMENT ON COLUMN @schema@.voucher.choice IS '政策选项: what it says (filled)';
COMMENT ON COLUMN @schema@.voucher.journal_id IS '凭证号. The journal that booked it (filled; of one that needs approval: that will)';
COMMENT ON COLUMN @schema@.voucher.booked_by IS '经办用户. The login that inserted it (filled)';
COMMENT ON COLUMN @schema@.voucher.booked_at IS '记账时间. When its statement began (filled)';
COMMENT ON COLUMN @schema@.voucher.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.voucher.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.voucher_approval (
    voucher_id text COLLATE "C" PRIMARY KEY REFERENCES @schema@.voucher,
    decision text COLLATE "C" NOT NULL CHECK (decision IN ('approve', 'reject')),
    effective_on date NOT NULL,
    doc_no text,
    approved_by text,
    approved_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
COMMENT ON TABLE @schema@.voucher_approval IS '凭证审批. Inserted by another login than the voucher; approve posts it. Never changed or deleted.';
COMMENT ON COLUMN @schema@.voucher_approval.voucher_id IS '凭证业务编号';
COMMENT ON COLUMN @schema@.voucher_approval.decision IS '审批结果: approve, reject';
COMMENT ON COLUMN @schema@.voucher_approval.effective_on IS '记账日期: the day on which the money is paid';
COMMENT ON COLUMN @schema@.voucher_approval.doc_no IS '审批文号';
COMMENT ON COLUMN @schema@.voucher_approval.approved_by IS '审批用户 (login, filled)';
COMMENT ON COLUMN @schema@.voucher_approval.approved_at IS '审批时间 (filled)';
COMMENT ON COLUMN @schema@.voucher_approval.req_hash IS '请求摘要 (filled)';
COMMENT ON COLUMN @schema@.voucher_approval.row_hash IS '行摘要 (filled)';

CREATE TABLE @schema@.item_change (
    voucher_id text COLLATE "C" NOT NULL REFERENCES @schema@.voucher,
    setl_id text COLLATE "C" NOT NULL,
    layer text COLLATE "C" NOT NULL,
    change text COLLATE "C" NOT NULL CHECK (change IN ('refused', 'deposit', 'released', 'forfeited', 'recovered')),
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    row_hash bytea NOT NULL,
    PRIMARY KEY (voucher_id, setl_id, layer)
);
CREATE INDEX ON @schema@.item_change (setl_id, layer);
COMMENT ON TABLE @schema@.item_change IS '结算明细变动. What a voucher took from, or gave to, each item (settlement and layer), in fen (分): refused 拒付扣减, deposit 预留保证金, released 返还, forfeited 扣除, recovered 追回.';
COMMENT ON COLUMN @schema@.item_change.voucher_id IS '凭证业务编号';
COMMENT ON COLUMN @schema@.item_change.setl_id IS '结算ID';
COMMENT ON COLUMN @schema@.item_change.layer IS '待遇层次';
COMMENT ON COLUMN @schema@.item_change.change IS '变动类型';
COMMENT ON COLUMN @schema@.item_change.amount_fen IS '金额, fen (分)';
COMMENT ON COLUMN @schema@.item_change.row_hash IS '行摘要 (filled)';

CREATE TABLE @schema@.next_year_income (
    receipt_id text COLLATE "C" PRIMARY KEY REFERENCES @schema@.receipt,
    booked_on date NOT NULL,
    fund text COLLATE "C",
    insutype text COLLATE "C",
    kind text COLLATE "C",
    received_on date,
    coverage_year integer,
    amt numeric,
    heads integer,
    serious_amt numeric CHECK (serious_amt >= 0 AND min_scale(serious_amt) <= 2),
    policy_id text COLLATE "C" REFERENCES @schema@.policy,
    split_rule text COLLATE "C",
    out_amt numeric(16,2),
    ipt_amt numeric(16,2),
    unalloc_amt numeric(16,2),
    journal_id bigint,
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea,
    CHECK (serious_amt + out_amt + ipt_amt + unalloc_amt = amt)
);
CREATE INDEX ON @schema@.next_year_income (coverage_year, split_rule);
COMMENT ON TABLE @schema@.next_year_income IS '下年度收入结转. A receipt that was 暂收款—下年度 becomes income and is split, on or after 1 January of its year. Insert receipt_id and booked_on. Never changed or deleted.';
COMMENT ON COLUMN @schema@.next_year_income.receipt_id IS '收入编号: the receipt, once';
COMMENT ON COLUMN @schema@.next_year_income.booked_on IS '结转日期, not before 1 January of the coverage year';
COMMENT ON COLUMN @schema@.next_year_income.fund IS '基金 (filled)';
COMMENT ON COLUMN @schema@.next_year_income.insutype IS '险种类型 (filled)';
COMMENT ON COLUMN @schema@.next_year_income.kind IS '收入来源 (filled)';
COMMENT ON COLUMN @schema@.next_year_income.received_on IS '收款日期 (filled)';
COMMENT ON COLUMN @schema@.next_year_income.coverage_year IS '参保年度 (filled)';
COMMENT ON COLUMN @schema@.next_year_income.amt IS '金额, yuan: the receipt''s, less what was refunded of it (filled)';
COMMENT ON COLUMN @schema@.next_year_income.heads IS '参保人数, less the refunded (filled)';
COMMENT ON COLUMN @schema@.next_year_income.serious_amt IS '其中大病保险基金, yuan (filled where the receipt or the policy has it)';
COMMENT ON COLUMN @schema@.next_year_income.policy_id IS '政策编号 (filled)';
COMMENT ON COLUMN @schema@.next_year_income.split_rule IS '分配规则 (filled)';
COMMENT ON COLUMN @schema@.next_year_income.out_amt IS '门诊统筹, yuan (filled)';
COMMENT ON COLUMN @schema@.next_year_income.ipt_amt IS '住院统筹, yuan (filled)';
COMMENT ON COLUMN @schema@.next_year_income.unalloc_amt IS '未分配, yuan (filled)';
COMMENT ON COLUMN @schema@.next_year_income.journal_id IS '凭证号 (filled)';
COMMENT ON COLUMN @schema@.next_year_income.booked_by IS '经办用户 (login, filled)';
COMMENT ON COLUMN @schema@.next_year_income.booked_at IS '记账时间 (filled)';
COMMENT ON COLUMN @schema@.next_year_income.req_hash IS '请求摘要 (filled)';
COMMENT ON COLUMN @schema@.next_year_income.row_hash IS '行摘要 (filled)';

CREATE TABLE @schema@.refund_kind (
    kind text COLLATE "C" PRIMARY KEY,
    name_zh text NOT NULL,
    before_start boolean NOT NULL,
    unused boolean NOT NULL DEFAULT true,
    source text NOT NULL CHECK (source <> ''),
    trust text COLLATE "C" NOT NULL
);
COMMENT ON TABLE @schema@.refund_kind IS '退费情形. For what a contribution may be refunded; the owner adds to it, with a source.';
COMMENT ON COLUMN @schema@.refund_kind.kind IS '情形';
COMMENT ON COLUMN @schema@.refund_kind.name_zh IS '中文名称';
COMMENT ON COLUMN @schema@.refund_kind.before_start IS '须在待遇开始前: what happened must lie before 1 January of the coverage year';
COMMENT ON COLUMN @schema@.refund_kind.unused IS '须未享受待遇: not to who has had a benefit of the coverage year';
COMMENT ON COLUMN @schema@.refund_kind.source IS '依据';
COMMENT ON COLUMN @schema@.refund_kind.trust IS '依据的可信程度';

CREATE TABLE @schema@.refund (
    refund_id text COLLATE "C" PRIMARY KEY,
    receipt_id text COLLATE "C" NOT NULL REFERENCES @schema@.receipt,
    kind text COLLATE "C" NOT NULL REFERENCES @schema@.refund_kind,
    psn_no text COLLATE "C" NOT NULL,
    happened_on date NOT NULL,
    refunded_on date NOT NULL,
    account text COLLATE "C" NOT NULL REFERENCES @schema@.account_class,
    amt numeric NOT NULL CHECK (amt > 0 AND amt < 1e14 AND min_scale(amt) <= 2),
    doc_no text,
    serious_amt numeric CHECK (serious_amt >= 0 AND min_scale(serious_amt) <= 2),
    split_rule text COLLATE "C",
    out_amt numeric(16,2),
    ipt_amt numeric(16,2),
    unalloc_amt numeric(16,2),
    income boolean,
    journal_id bigint,
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea,
    UNIQUE (receipt_id, psn_no),
    CHECK (serious_amt + out_amt + ipt_amt + unalloc_amt = amt OR NOT income)
);
COMMENT ON TABLE @schema@.refund IS '退费申请. One person''s contribution of a receipt is given back: it leaves the pools of the receipt''s own bucket at once, or waits for them (挂账); refund_approval pays it from the income side. Never changed or deleted.';
COMMENT ON COLUMN @schema@.refund.refund_id IS '退费编号, the caller''s key';
COMMENT ON COLUMN @schema@.refund.receipt_id IS '原收入编号';
COMMENT ON COLUMN @schema@.refund.kind IS '退费情形';
COMMENT ON COLUMN @schema@.refund.psn_no IS '人员编号';
COMMENT ON COLUMN @schema@.refund.happened_on IS '事由发生日期: of the death, the withdrawal, the second payment';
COMMENT ON COLUMN @schema@.refund.refunded_on IS '退费申请日期';
COMMENT ON COLUMN @schema@.refund.account IS '退费账户类别: income, fiscal or treasury';
COMMENT ON COLUMN @schema@.refund.amt IS '金额, yuan';
COMMENT ON COLUMN @schema@.refund.doc_no IS '文号';
COMMENT ON COLUMN @schema@.refund.serious_amt IS '其中大病保险基金, yuan: given, or filled from the receipt''s part a head';
COMMENT ON COLUMN @schema@.refund.split_rule IS '分配规则: the receipt''s (filled)';
COMMENT ON COLUMN @schema@.refund.out_amt IS '门诊统筹, yuan (filled)';
COMMENT ON COLUMN @schema@.refund.ipt_amt IS '住院统筹, yuan (filled)';
COMMENT ON COLUMN @schema@.refund.unalloc_amt IS '未分配, yuan (filled)';
COMMENT ON COLUMN @schema@.refund.income IS '已作收入: false where the receipt is still 暂收款—下年度 (filled)';
COMMENT ON COLUMN @schema@.refund.journal_id IS '凭证号 (filled)';
COMMENT ON COLUMN @schema@.refund.booked_by IS '经办用户 (login, filled)';
COMMENT ON COLUMN @schema@.refund.booked_at IS '记账时间 (filled)';
COMMENT ON COLUMN @schema@.refund.req_hash IS '请求摘要 (filled)';
COMMENT ON COLUMN @schema@.refund.row_hash IS '行摘要 (filled)';

CREATE TABLE @schema@.refund_approval (
    refund_id text COLLATE "C" PRIMARY KEY REFERENCES @schema@.refund,
    decision text COLLATE "C" NOT NULL CHECK (decision = 'approve'),
    paid_on date NOT NULL,
    account_id text COLLATE "C",
    journal_id bigint,
    approved_by text,
    approved_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
COMMENT ON TABLE @schema@.refund_approval IS '退费审批. Inserted by another login than the refund; pays it. Never changed or deleted.';
COMMENT ON COLUMN @schema@.refund_approval.refund_id IS '退费编号';
COMMENT ON COLUMN @schema@.refund_approval.decision IS '审批结果: approve. A refund that is not to be paid is not approved';
COMMENT ON COLUMN @schema@.refund_approval.paid_on IS '付款日期';
COMMENT ON COLUMN @schema@.refund_approval.account_id IS '账户编号 of the class, where it has several; NULL: the main one';
COMMENT ON COLUMN @schema@.refund_approval.journal_id IS '凭证号 (filled)';
COMMENT ON COLUMN @schema@.refund_approval.approved_by IS '审批用户 (login, filled)';
COMMENT ON COLUMN @schema@.refund_approval.approved_at IS '审批时间 (filled)';
COMMENT ON COLUMN @schema@.refund_approval.req_hash IS '请求摘要 (filled)';
COMMENT ON COLUMN @schema@.refund_approval.row_hash IS '行摘要 (filled)';
