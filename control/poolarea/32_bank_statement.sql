-- What the bank says: lines of its statements, balances, and what they were matched with.

CREATE TABLE @schema@.bank_statement_line (
    line_id text COLLATE "C" PRIMARY KEY,
    account_id text COLLATE "C" NOT NULL REFERENCES @schema@.bank_account,
    value_date date NOT NULL,
    direction text COLLATE "C" NOT NULL CHECK (direction IN ('in', 'out')),
    amt numeric NOT NULL CHECK (amt > 0 AND amt < 1e14 AND min_scale(amt) <= 2),
    bank_ref text COLLATE "C" NOT NULL,
    statement_no text,
    remark text,
    charge boolean NOT NULL DEFAULT false,
    returns_ref text COLLATE "C",
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea,
    UNIQUE (account_id, bank_ref)
);
CREATE INDEX ON @schema@.bank_statement_line (account_id, value_date);
COMMENT ON TABLE @schema@.bank_statement_line IS '银行对账单明细. A line of the bank''s statement, inserted or brought in by COPY; the same file again inserts nothing. Never changed or deleted.';
COMMENT ON COLUMN @schema@.bank_statement_line.line_id IS '编号 (filled): account_id/bank_ref';
COMMENT ON COLUMN @schema@.bank_statement_line.account_id IS '账户编号';
COMMENT ON COLUMN @schema@.bank_statement_line.value_date IS '起息日期';
COMMENT ON COLUMN @schema@.bank_statement_line.direction IS '方向: in 收, out 付, as the account''s holder sees it';
COMMENT ON COLUMN @schema@.bank_statement_line.amt IS '金额, yuan';
COMMENT ON COLUMN @schema@.bank_statement_line.bank_ref IS '银行流水号, once an account';
COMMENT ON COLUMN @schema@.bank_statement_line.statement_no IS '对账单号';
COMMENT ON COLUMN @schema@.bank_statement_line.remark IS '摘要';
COMMENT ON COLUMN @schema@.bank_statement_line.charge IS '银行手续费 (or its return): no fund bears it, so nothing is matched with it';
COMMENT ON COLUMN @schema@.bank_statement_line.returns_ref IS '退汇: bank_ref of the line whose money comes back with this one';
COMMENT ON COLUMN @schema@.bank_statement_line.booked_by IS '经办用户. The login that inserted it (filled)';
COMMENT ON COLUMN @schema@.bank_statement_line.booked_at IS '登记时间 (filled)';
COMMENT ON COLUMN @schema@.bank_statement_line.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled): tells a repetition from another use of the key';
COMMENT ON COLUMN @schema@.bank_statement_line.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.bank_balance (
    balance_id text COLLATE "C" PRIMARY KEY,
    account_id text COLLATE "C" NOT NULL REFERENCES @schema@.bank_account,
    on_date date NOT NULL,
    amt numeric NOT NULL CHECK (amt >= 0 AND amt < 1e14 AND min_scale(amt) <= 2),
    starts boolean NOT NULL DEFAULT false,
    statement_no text,
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
CREATE UNIQUE INDEX ON @schema@.bank_balance (account_id) WHERE starts;
COMMENT ON TABLE @schema@.bank_balance IS '银行对账单余额. What the bank says an account holds at the end of a day; each makes a row of bank_reconciliation. Never changed or deleted.';
COMMENT ON COLUMN @schema@.bank_balance.balance_id IS '编号 (filled): account_id/day';
COMMENT ON COLUMN @schema@.bank_balance.account_id IS '账户编号';
COMMENT ON COLUMN @schema@.bank_balance.on_date IS '日期';
COMMENT ON COLUMN @schema@.bank_balance.amt IS '余额, yuan';
COMMENT ON COLUMN @schema@.bank_balance.starts IS '对账起点: what is dated up to this day counts as reconciled; only where book and bank agree, once an account';
COMMENT ON COLUMN @schema@.bank_balance.statement_no IS '对账单号';
COMMENT ON COLUMN @schema@.bank_balance.booked_by IS '经办用户. The login that inserted it (filled)';
COMMENT ON COLUMN @schema@.bank_balance.booked_at IS '登记时间 (filled)';
COMMENT ON COLUMN @schema@.bank_balance.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled): tells a repetition from another use of the key';
COMMENT ON COLUMN @schema@.bank_balance.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.bank_match (
    match_id text COLLATE "C" PRIMARY KEY,
    line_id text COLLATE "C" NOT NULL REFERENCES @schema@.bank_statement_line,
    journal_id bigint NOT NULL,
    line integer NOT NULL,
    amt numeric NOT NULL CHECK (amt <> 0 AND min_scale(amt) <= 2),
    reverses text COLLATE "C" UNIQUE REFERENCES @schema@.bank_match,
    booked_by text,
    booked_at timestamptz,
    req_hash bytea,
    row_hash bytea,
    CHECK ((amt < 0) = (reverses IS NOT NULL))
);
CREATE INDEX ON @schema@.bank_match (line_id);
CREATE INDEX ON @schema@.bank_match (journal_id, line);
COMMENT ON TABLE @schema@.bank_match IS '对账勾对. An entry and a line of the bank that are (in part) the same money: one to many, either way. A wrong one is taken back by a row that reverses it. Never changed or deleted.';
COMMENT ON COLUMN @schema@.bank_match.match_id IS '编号, the caller''s key';
COMMENT ON COLUMN @schema@.bank_match.line_id IS '银行明细; filled from the match that is reversed';
COMMENT ON COLUMN @schema@.bank_match.journal_id IS '凭证号; filled from the match that is reversed';
COMMENT ON COLUMN @schema@.bank_match.line IS '分录行号: a bank line of the voucher; filled from the match that is reversed';
COMMENT ON COLUMN @schema@.bank_match.amt IS '金额, yuan: filled when NULL with what is open on both sides; negative where it reverses';
COMMENT ON COLUMN @schema@.bank_match.reverses IS '撤销的勾对';
COMMENT ON COLUMN @schema@.bank_match.booked_by IS '经办用户. The login that inserted it (filled)';
COMMENT ON COLUMN @schema@.bank_match.booked_at IS '登记时间 (filled)';
COMMENT ON COLUMN @schema@.bank_match.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled): tells a repetition from another use of the key';
COMMENT ON COLUMN @schema@.bank_match.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';
