-- Who may decide what: posts and who holds them, the steps of an approval, and the steps that were made.

CREATE TABLE @schema@.post (
    post text COLLATE "C" PRIMARY KEY,
    name_zh text NOT NULL,
    source text NOT NULL
);
COMMENT ON TABLE @schema@.post IS '岗位. The owner may add some; never changed or deleted.';
COMMENT ON COLUMN @schema@.post.post IS '岗位代码';
COMMENT ON COLUMN @schema@.post.name_zh IS '岗位名称';
COMMENT ON COLUMN @schema@.post.source IS '依据';

CREATE TABLE @schema@.post_conflict (
    post_a text COLLATE "C" NOT NULL REFERENCES @schema@.post,
    post_b text COLLATE "C" NOT NULL REFERENCES @schema@.post,
    source text NOT NULL,
    trust text COLLATE "C" NOT NULL,
    PRIMARY KEY (post_a, post_b),
    CHECK (post_a < post_b)
);
COMMENT ON TABLE @schema@.post_conflict IS '不相容岗位. Two posts that one person may not hold on one day. The owner may add some; never changed or deleted.';
COMMENT ON COLUMN @schema@.post_conflict.post_a IS '岗位, the one that sorts first';
COMMENT ON COLUMN @schema@.post_conflict.post_b IS '与之不相容的岗位';
COMMENT ON COLUMN @schema@.post_conflict.source IS '依据';
COMMENT ON COLUMN @schema@.post_conflict.trust IS '依据的可信程度';

CREATE TABLE @schema@.post_holder (
    holding_id text COLLATE "C" PRIMARY KEY,
    person text COLLATE "C" NOT NULL CHECK (person <> ''),
    login text COLLATE "C" NOT NULL CHECK (login <> ''),
    post text COLLATE "C" NOT NULL REFERENCES @schema@.post,
    cert_no text NOT NULL CHECK (cert_no <> ''),
    cert_from date NOT NULL,
    cert_to date,
    from_day date NOT NULL,
    to_day date,
    doc_no text NOT NULL CHECK (doc_no <> ''),
    appointed_by text,
    appointed_at timestamptz,
    req_hash bytea,
    row_hash bytea,
    CHECK (cert_to >= cert_from),
    CHECK (to_day >= from_day)
);
COMMENT ON TABLE @schema@.post_holder IS '任职. A person holds a post from a day on, under a login, by a certificate. Inserted by the owner, ended by a row of post_holder_end. Never changed or deleted.';
COMMENT ON COLUMN @schema@.post_holder.holding_id IS '任职编号, the caller''s key';
COMMENT ON COLUMN @schema@.post_holder.person IS '人员 (姓名或工号): one person is one text here, whatever logins he has';
COMMENT ON COLUMN @schema@.post_holder.login IS '登录用户 that he works under: a role of the database';
COMMENT ON COLUMN @schema@.post_holder.post IS '岗位代码';
COMMENT ON COLUMN @schema@.post_holder.cert_no IS '资格证书或授权书编号';
COMMENT ON COLUMN @schema@.post_holder.cert_from IS '证书有效期起';
COMMENT ON COLUMN @schema@.post_holder.cert_to IS '证书有效期至, its last day; NULL: open';
COMMENT ON COLUMN @schema@.post_holder.from_day IS '任职起始日期';
COMMENT ON COLUMN @schema@.post_holder.to_day IS '任职截止日期, the last day; NULL: open';
COMMENT ON COLUMN @schema@.post_holder.doc_no IS '任职批准文号 (操作权限须经审批授权)';
COMMENT ON COLUMN @schema@.post_holder.appointed_by IS '登记用户: the login (filled)';
COMMENT ON COLUMN @schema@.post_holder.appointed_at IS '登记时间 (filled)';
COMMENT ON COLUMN @schema@.post_holder.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.post_holder.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.post_holder_end (
    holding_id text COLLATE "C" PRIMARY KEY REFERENCES @schema@.post_holder,
    ended_on date NOT NULL,
    doc_no text NOT NULL CHECK (doc_no <> ''),
    ended_by text,
    ended_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
COMMENT ON TABLE @schema@.post_holder_end IS '离任. Ends a holding. Never changed or deleted.';
COMMENT ON COLUMN @schema@.post_holder_end.holding_id IS '任职编号: ended once';
COMMENT ON COLUMN @schema@.post_holder_end.ended_on IS '离任日期, the last day';
COMMENT ON COLUMN @schema@.post_holder_end.doc_no IS '文号';
COMMENT ON COLUMN @schema@.post_holder_end.ended_by IS '登记用户: the login (filled)';
COMMENT ON COLUMN @schema@.post_holder_end.ended_at IS '登记时间 (filled)';
COMMENT ON COLUMN @schema@.post_holder_end.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.post_holder_end.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE VIEW @schema@.post_holding AS
SELECT h.holding_id, h.person, h.login, h.post, h.cert_no, h.cert_from, h.cert_to, h.from_day,
       least(h.to_day, e.ended_on) AS last_day, h.appointed_at, e.ended_at
FROM @schema@.post_holder h LEFT JOIN @schema@.post_holder_end e ON e.holding_id = h.holding_id;
COMMENT ON VIEW @schema@.post_holding IS '任职情况. Who holds which post from which day to which (last_day; NULL: open)';

CREATE TABLE @schema@.approval_chain (
    chain_id text COLLATE "C" PRIMARY KEY,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('payment', 'transfer', 'appropriation', 'budget', 'refund', 'voucher', 'premium', 'headcount')),
    posts text[] COLLATE "C" NOT NULL,
    source text NOT NULL,
    in_force_at timestamptz,
    set_by text,
    set_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
COMMENT ON TABLE @schema@.approval_chain IS '审批流程. The posts that must decide an item of a kind, in order. Holds for what is drawn up after it, until the next one of the kind. Inserted by the owner; never changed or deleted.';
COMMENT ON COLUMN @schema@.approval_chain.chain_id IS '流程编号, the caller''s key';
COMMENT ON COLUMN @schema@.approval_chain.kind IS '事项: payment 付款, transfer 调剂, appropriation 预拨, budget 预算, refund 退费, voucher 凭证, premium 大病保险费上缴, headcount 参保人数核准';
COMMENT ON COLUMN @schema@.approval_chain.posts IS '岗位 in order. Of a payment, transfer, refund, voucher, premium or headcount the last one inserts its own approval (payment_approval and the like); empty: another login alone decides';
COMMENT ON COLUMN @schema@.approval_chain.source IS '依据';
COMMENT ON COLUMN @schema@.approval_chain.in_force_at IS '启用时间 (filled)';
COMMENT ON COLUMN @schema@.approval_chain.set_by IS '设定用户: the login (filled)';
COMMENT ON COLUMN @schema@.approval_chain.set_at IS '设定时间: when its statement began (filled)';
COMMENT ON COLUMN @schema@.approval_chain.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.approval_chain.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.approval (
    approval_id text COLLATE "C" PRIMARY KEY,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('payment', 'transfer', 'appropriation', 'budget', 'refund', 'voucher', 'premium', 'headcount')),
    item_id text COLLATE "C" NOT NULL,
    step integer,
    post text COLLATE "C",
    decision text COLLATE "C" NOT NULL CHECK (decision IN ('approve', 'reject')),
    decided_on date NOT NULL,
    amt numeric CHECK (amt >= 0 AND min_scale(amt) <= 2),
    doc_no text,
    person text COLLATE "C",
    cert_no text,
    approved_by text,
    approved_at timestamptz,
    req_hash bytea,
    row_hash bytea,
    UNIQUE (kind, item_id, step)
);
COMMENT ON TABLE @schema@.approval IS '审批. One step of an item, inserted by who decides it under his own login. Never changed or deleted.';
COMMENT ON COLUMN @schema@.approval.approval_id IS '审批编号, the caller''s key';
COMMENT ON COLUMN @schema@.approval.kind IS '事项: payment, transfer, appropriation, budget, refund, voucher, premium, headcount';
COMMENT ON COLUMN @schema@.approval.item_id IS '事项编号: payment_id, transfer_id, form_id, budget_id, refund_id, voucher_id, premium_id or headcount_id';
COMMENT ON COLUMN @schema@.approval.step IS '环节 from 1 (filled): given, it must be the one whose turn it is';
COMMENT ON COLUMN @schema@.approval.post IS '岗位 of the step (filled)';
COMMENT ON COLUMN @schema@.approval.decision IS '审批结论: approve or reject; a rejected item is drawn up again under another number';
COMMENT ON COLUMN @schema@.approval.decided_on IS '审批日期: post and certificate must hold on it';
COMMENT ON COLUMN @schema@.approval.amt IS '金额, yuan: filled with what stands before the step; only of an appropriation it may be less (核定金额)';
COMMENT ON COLUMN @schema@.approval.doc_no IS '文号';
COMMENT ON COLUMN @schema@.approval.person IS '审批人: who holds the post under this login (filled; given where one login serves several)';
COMMENT ON COLUMN @schema@.approval.cert_no IS '资格证书编号 (filled)';
COMMENT ON COLUMN @schema@.approval.approved_by IS '登录用户: the login, whatever role was set (filled)';
COMMENT ON COLUMN @schema@.approval.approved_at IS '审批时间: when its statement began (filled)';
COMMENT ON COLUMN @schema@.approval.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.approval.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';
