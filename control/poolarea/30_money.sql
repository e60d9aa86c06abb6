-- What people insert: receipts, moves of cash, premiums, transfers and payments.

CREATE TABLE @schema@.receipt (
    receipt_id text COLLATE "C" PRIMARY KEY,
    fund text COLLATE "C" NOT NULL DEFAULT 'resident' CHECK (fund IN ('resident', 'assistance')),
    insutype text COLLATE "C" NOT NULL DEFAULT '390',
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('contribution', 'subsidy', 'assistance', 'collective', 'interest', 'penalty', 'surplus_returned', 'other')),
    gov_level text COLLATE "C" CHECK (gov_level IN ('central', 'province', 'city', 'county')),
    payer text,
    payer_fund text COLLATE "C" CHECK (payer_fund = 'assistance'),
    account text COLLATE "C" NOT NULL REFERENCES @schema@.account_class,
    received_on date NOT NULL,
    coverage_year integer NOT NULL CHECK (coverage_year BETWEEN 2000 AND 2999),
    amt numeric NOT NULL CHECK (amt > 0 AND amt < 1e14 AND min_scale(amt) <= 2),
    heads integer CHECK (heads > 0),
    serious_amt numeric CHECK (serious_amt >= 0 AND min_scale(serious_amt) <= 2),
    doc_no text,
    account_id text COLLATE "C",
    voucher_id text COLLATE "C",
    payment_id text COLLATE "C",
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
    CHECK (fund = 'assistance' OR serious_amt + out_amt + ipt_amt + unalloc_amt = amt)
);
CREATE INDEX ON @schema@.receipt (coverage_year, split_rule);
COMMENT ON TABLE @schema@.receipt IS '基金收入. Money received. Insert a row: it is split by the policy of its coverage year and posted. Never changed or deleted.';
COMMENT ON COLUMN @schema@.receipt.receipt_id IS '收入编号, the caller''s key: the same row again inserts nothing, another under it is YB501';
COMMENT ON COLUMN @schema@.receipt.fund IS '基金: resident 城乡居民基本医疗保险, assistance 医疗救助';
COMMENT ON COLUMN @schema@.receipt.kind IS '收入来源: contribution 个人缴费, subsidy 财政补贴, assistance 医疗救助资助, collective 集体扶持, interest 利息, penalty 违约金, surplus_returned 大病结余返还, other 其他';
COMMENT ON COLUMN @schema@.receipt.gov_level IS '财政级次 of a subsidy';
COMMENT ON COLUMN @schema@.receipt.payer_fund IS '出资基金. assistance: this area''s assistance fund pays it, in the same posting';
COMMENT ON COLUMN @schema@.receipt.account IS '收款账户类别: treasury 国库, income 收入户, fiscal 财政专户, expenditure 支出户';
COMMENT ON COLUMN @schema@.receipt.received_on IS '收款日期, the accounting period is its month';
COMMENT ON COLUMN @schema@.receipt.coverage_year IS '参保年度 that the money is for: its rule splits it';
COMMENT ON COLUMN @schema@.receipt.amt IS '金额, yuan';
COMMENT ON COLUMN @schema@.receipt.heads IS '参保人数 that the money is for';
COMMENT ON COLUMN @schema@.receipt.serious_amt IS '其中大病保险基金, yuan. Given, or filled from heads where the policy states an amount a head';
COMMENT ON COLUMN @schema@.receipt.voucher_id IS '应收凭证: the voucher by which a penalty or an insurer''s surplus is due';
COMMENT ON COLUMN @schema@.receipt.payment_id IS '代扣付款: the payment that withheld this penalty, whose approval inserted the row; no money came in';
COMMENT ON COLUMN @schema@.receipt.out_amt IS '门诊统筹, yuan (filled)';
COMMENT ON COLUMN @schema@.receipt.ipt_amt IS '住院统筹, yuan (filled)';
COMMENT ON COLUMN @schema@.receipt.unalloc_amt IS '未分配, yuan: kinds that the policy does not split (filled)';
COMMENT ON COLUMN @schema@.receipt.split_rule IS '分配规则: bucket of split_bucket (filled)';

CREATE TABLE @schema@.receipt_key (
    receipt_id text COLLATE "C" PRIMARY KEY
        REFERENCES @schema@.receipt DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE @schema@.receipt_key IS '收入编号占用. Claimed before a receipt is split, so that two of one key wait for each other; its foreign key fails the transaction whose receipt was split and then dropped by another trigger.';

CREATE TABLE @schema@.cash_move (
    move_id text COLLATE "C" PRIMARY KEY,
    fund text COLLATE "C" NOT NULL DEFAULT 'resident' CHECK (fund IN ('resident', 'assistance')),
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('sweep', 'appropriation', 'interest', 'penalty_withheld', 'advance_repaid', 'allot')),
    from_class text COLLATE "C" NOT NULL,
    to_class text COLLATE "C" NOT NULL REFERENCES @schema@.account_class,
    moved_on date NOT NULL,
    amt numeric NOT NULL CHECK (amt > 0 AND amt < 1e14 AND min_scale(amt) <= 2),
    form_id text COLLATE "C" UNIQUE,
    payer text,
    from_account text COLLATE "C",
    to_account text COLLATE "C",
    journal_id bigint,
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea,
    CHECK (kind <> 'appropriation' OR form_id IS NOT NULL),
    CHECK (kind <> 'advance_repaid' OR payer IS NOT NULL)
);
COMMENT ON TABLE @schema@.cash_move IS '账户间划转. sweep 归集, appropriation 预拨 (names its approved form), interest 支出户利息上划, penalty_withheld 代扣违约金上缴, allot 下拨 (between accounts of agencies), advance_repaid 垫付款收回 (from outside). No account goes below zero. Never changed or deleted.';
COMMENT ON COLUMN @schema@.cash_move.form_id IS '预拨审批表编号; one form pays once';

-- policy_id: no foreign key, which would have every premium lock the same row; it is filled from policy, whose rows nobody deletes.
CREATE TABLE @schema@.premium (
    premium_id text COLLATE "C" PRIMARY KEY,
    insutype text COLLATE "C" NOT NULL DEFAULT '390',
    kind text COLLATE "C" NOT NULL,
    coverage_year integer NOT NULL,
    booked_on date NOT NULL,
    amt numeric NOT NULL,
    heads integer,
    out_amt numeric,
    ipt_amt numeric,
    doc_no text NOT NULL,
    account_id text COLLATE "C",
    policy_id text COLLATE "C",
    headcount_id text COLLATE "C" REFERENCES @schema@.headcount,
    journal_id bigint,
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
COMMENT ON TABLE @schema@.premium IS '大病保险费. set_aside 提取: from the pools (out_amt, ipt_amt) to the serious-illness part; true_up 核定: so much more, or less, as the approved head count comes to; remit 上缴: what was set aside leaves the fiscal account, when another login approves it (premium_approval). Neither above what is available. Never changed or deleted.';

CREATE TABLE @schema@.premium_approval (
    premium_id text COLLATE "C" PRIMARY KEY REFERENCES @schema@.premium,
    decision text COLLATE "C" NOT NULL CHECK (decision IN ('approve', 'reject')),
    paid_on date NOT NULL,
    doc_no text,
    approved_by text,
    approved_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
COMMENT ON TABLE @schema@.premium_approval IS '大病保险费上缴审批. Inserted by another login than the premium of kind remit; approve pays it. Never changed or deleted.';

CREATE TABLE @schema@.transfer (
    transfer_id text COLLATE "C" PRIMARY KEY,
    from_pool text COLLATE "C" CHECK (from_pool IN ('outpatient', 'inpatient')),
    to_pool text COLLATE "C" CHECK (to_pool IN ('outpatient', 'inpatient')),
    amt numeric CHECK (amt > 0 AND amt < 1e14 AND min_scale(amt) <= 2),
    reason text NOT NULL,
    proposed_on date NOT NULL,
    reverses text COLLATE "C" REFERENCES @schema@.transfer,
    out_visits bigint,
    out_cost numeric(16,2),
    ipt_visits bigint,
    ipt_cost numeric(16,2),
    out_visits_before bigint,
    out_cost_before numeric(16,2),
    ipt_visits_before bigint,
    ipt_cost_before numeric(16,2),
    open_months integer,
    proposed_by text,
    proposed_at timestamptz,
    req_hash bytea,
    row_hash bytea,
    CHECK (from_pool <> to_pool)
);
COMMENT ON TABLE @schema@.transfer IS '调剂申请. A proposal to move money between the outpatient and inpatient pools; a transfer_approval by somebody else makes it happen. One that reverses another takes pools and amount from it. Never changed or deleted.';
COMMENT ON COLUMN @schema@.transfer.out_visits IS '门诊人次 of the 12 whole months before that of proposed_on (filled); _before: of the 12 months before those';
COMMENT ON COLUMN @schema@.transfer.out_cost IS '门诊统筹支付, yuan, of the same months (filled)';
COMMENT ON COLUMN @schema@.transfer.ipt_visits IS '住院人次 (filled)';
COMMENT ON COLUMN @schema@.transfer.ipt_cost IS '住院统筹支付, yuan (filled)';

CREATE TABLE @schema@.transfer_approval (
    transfer_id text COLLATE "C" PRIMARY KEY REFERENCES @schema@.transfer,
    decision text COLLATE "C" NOT NULL CHECK (decision IN ('approve', 'reject')),
    approved_on date NOT NULL,
    doc_no text,
    reverses text COLLATE "C" UNIQUE,
    journal_id bigint,
    approved_by text,
    approved_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
COMMENT ON TABLE @schema@.transfer_approval IS '调剂审批. Inserted by another login than the proposal; approve posts it. Never changed or deleted.';
COMMENT ON COLUMN @schema@.transfer_approval.reverses IS '冲销的调剂 (filled on approval): a transfer is reversed once';

CREATE TABLE @schema@.payment (
    payment_id text COLLATE "C" PRIMARY KEY,
    fund text COLLATE "C" NOT NULL DEFAULT 'resident' CHECK (fund IN ('resident', 'assistance')),
    fixmedins_code text COLLATE "C",
    clr_ym text COLLATE "C",
    setl_id text COLLATE "C",
    drawn_on date NOT NULL,
    amt numeric CHECK (amt >= 0 AND min_scale(amt) <= 2),
    offset_amt numeric NOT NULL CHECK (offset_amt >= 0 AND offset_amt <= amt AND min_scale(offset_amt) <= 2),
    withheld_amt numeric NOT NULL DEFAULT 0 CHECK (withheld_amt >= 0 AND min_scale(withheld_amt) <= 2),
    penalty_id text COLLATE "C",
    withheld_source text,
    bank_ref text,
    party text COLLATE "C",
    items integer,
    items_hash bytea,
    drawn_by text,
    drawn_at timestamptz,
    req_hash bytea,
    row_hash bytea,
    CHECK ((setl_id IS NULL AND fixmedins_code IS NOT NULL AND clr_ym IS NOT NULL) OR
           (setl_id IS NOT NULL AND fixmedins_code IS NULL AND clr_ym IS NULL)),
    CHECK (offset_amt + withheld_amt <= amt),
    CHECK ((withheld_amt > 0) = (penalty_id IS NOT NULL))
);
COMMENT ON TABLE @schema@.payment IS '付款申请. Names a provider and clearing month, or one person''s settlement, and draws up exactly what is owed and funded; a payment_approval by somebody else pays it. Never changed or deleted.';
COMMENT ON COLUMN @schema@.payment.amt IS '金额, yuan: filled when NULL, else it must be what is owed';
COMMENT ON COLUMN @schema@.payment.withheld_amt IS '代扣违约金, yuan: kept of the payment for penalty_id, by a local rule only; booked as income with the payment';
COMMENT ON COLUMN @schema@.payment.penalty_id IS '违约金凭证: a voucher of event penalty.decided of the same provider';
COMMENT ON COLUMN @schema@.payment.withheld_source IS '代扣依据: the source of the local row of flow_rule that allows it (filled)';
COMMENT ON COLUMN @schema@.payment.offset_amt IS '其中抵扣预付款, yuan: paid by what the provider was prepaid, not by the bank; left out, it is filled with what prepay_schedule says is due back';
COMMENT ON COLUMN @schema@.payment.items IS '笔数 (filled)';
COMMENT ON COLUMN @schema@.payment.items_hash IS '明细摘要: the approval pays these items or none (filled)';

CREATE TABLE @schema@.payment_approval (
    payment_id text COLLATE "C" PRIMARY KEY REFERENCES @schema@.payment,
    decision text COLLATE "C" NOT NULL CHECK (decision IN ('approve', 'reject')),
    paid_on date NOT NULL,
    amt numeric CHECK (amt >= 0 AND min_scale(amt) <= 2),
    account_id text COLLATE "C",
    journal_id bigint,
    approved_by text,
    approved_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
COMMENT ON TABLE @schema@.payment_approval IS '付款审批. Inserted by another login than the payment; approve pays it: expense of the month of paid_on. Never changed or deleted.';

CREATE TABLE @schema@.payment_item (
    setl_id text COLLATE "C" NOT NULL,
    layer text COLLATE "C" NOT NULL,
    nth integer NOT NULL DEFAULT 1 CHECK (nth > 0),
    payment_id text COLLATE "C" NOT NULL REFERENCES @schema@.payment,
    fund text COLLATE "C" NOT NULL,
    pool text COLLATE "C",
    payer_kind text COLLATE "C" NOT NULL,
    amount_fen bigint NOT NULL CHECK (amount_fen <> 0),
    row_hash bytea NOT NULL,
    PRIMARY KEY (setl_id, layer, nth)
);
CREATE INDEX ON @schema@.payment_item (payment_id);
COMMENT ON TABLE @schema@.payment_item IS '付款明细. What was paid for each settlement and layer, in fen (分): nothing is paid twice. A negative one is a reversed settlement that the payment made up for.';
