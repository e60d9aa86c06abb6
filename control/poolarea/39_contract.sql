-- The premium contract of the serious-illness insurer (大病保险承办合同).

CREATE TABLE @schema@.serious_contract (
    contract_id text COLLATE "C" PRIMARY KEY,
    insutype text COLLATE "C" NOT NULL DEFAULT '390',
    coverage_year integer NOT NULL CHECK (coverage_year BETWEEN 2000 AND 2999),
    party text COLLATE "C" NOT NULL CHECK (party <> ''),
    cost_ratio numeric CHECK (cost_ratio >= 0 AND cost_ratio < 1),
    margin numeric NOT NULL CHECK (margin >= 0 AND margin < 1),
    surplus_upto numeric[] NOT NULL DEFAULT '{}',
    surplus_to_fund numeric[] NOT NULL,
    loss_margin numeric CHECK (loss_margin >= 0),
    loss_upto numeric[] NOT NULL DEFAULT '{}',
    loss_to_fund numeric[],
    doc_no text NOT NULL CHECK (doc_no <> ''),
    source text NOT NULL CHECK (source <> ''),
    trust text COLLATE "C" NOT NULL CHECK (trust IN ('official', 'mirror', 'unverified', 'assumed', 'demo')),
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea,
    UNIQUE (insutype, coverage_year),
    CHECK (cardinality(surplus_to_fund) = cardinality(surplus_upto) + 1),
    CHECK ((loss_margin IS NULL) = (loss_to_fund IS NULL)),
    CHECK (loss_to_fund IS NULL OR cardinality(loss_to_fund) = cardinality(loss_upto) + 1),
    CHECK (loss_to_fund IS NOT NULL OR cardinality(loss_upto) = 0)
);
COMMENT ON TABLE @schema@.serious_contract IS '大病保险承办合同. The owner''s data with its source: what the insurer keeps of a year, what it returns, which loss is shared. Ratios are of the premium; none ships. Never changed or deleted.';
COMMENT ON COLUMN @schema@.serious_contract.contract_id IS '合同编号, the caller''s key';
COMMENT ON COLUMN @schema@.serious_contract.insutype IS '险种类型';
COMMENT ON COLUMN @schema@.serious_contract.coverage_year IS '参保年度: a scheme has one contract a year';
COMMENT ON COLUMN @schema@.serious_contract.party IS '承办机构, as in vouchers contract.surplus and contract.loss';
COMMENT ON COLUMN @schema@.serious_contract.cost_ratio IS '承办成本率, of the premium, taken off first; NULL: none is agreed';
COMMENT ON COLUMN @schema@.serious_contract.margin IS '约定盈利率, of the premium: a surplus up to it is the insurer''s';
COMMENT ON COLUMN @schema@.serious_contract.surplus_upto IS '结余分档, of the premium, rising, above the margin; {}: one step';
COMMENT ON COLUMN @schema@.serious_contract.surplus_to_fund IS '各档返还基金的比例: of each step, the last one open';
COMMENT ON COLUMN @schema@.serious_contract.loss_margin IS '承办机构自担亏损率, of the premium; NULL: the contract shares no loss';
COMMENT ON COLUMN @schema@.serious_contract.loss_upto IS '亏损分档, of the premium, rising, above loss_margin; {}: one step';
COMMENT ON COLUMN @schema@.serious_contract.loss_to_fund IS '各档基金分担的比例: of each step, the last one open';
COMMENT ON COLUMN @schema@.serious_contract.doc_no IS '合同文号';
COMMENT ON COLUMN @schema@.serious_contract.source IS '依据';
COMMENT ON COLUMN @schema@.serious_contract.trust IS '可信程度: official, mirror, unverified, assumed, demo';
COMMENT ON COLUMN @schema@.serious_contract.booked_by IS '录入人: the login (filled)';
COMMENT ON COLUMN @schema@.serious_contract.booked_at IS '录入时间 (filled)';
COMMENT ON COLUMN @schema@.serious_contract.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.serious_contract.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';
