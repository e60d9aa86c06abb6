-- Where another system settled otherwise than the policy: what was computed, and who looked into it.

CREATE TABLE @schema@.setl_diff (
    setl_id text COLLATE "C" PRIMARY KEY,
    found_at timestamptz NOT NULL,
    dedc_std numeric(16,2) NOT NULL,
    crt_dedc numeric(16,2) NOT NULL,
    act_pay_dedc numeric(16,2) NOT NULL,
    hifp_pay numeric(16,2) NOT NULL,
    hifmi_pay numeric(16,2) NOT NULL,
    maf_pay numeric(16,2) NOT NULL,
    oth_pay numeric(16,2) NOT NULL,
    fund_pay_sumamt numeric(16,2) NOT NULL,
    psn_part_amt numeric(16,2) NOT NULL,
    first_selfpay numeric(16,2) NOT NULL,
    row_hash bytea NOT NULL
);
COMMENT ON TABLE @schema@.setl_diff IS '结算差异. A settlement of setl_mode verify whose amounts are not those that its policy gives: here are those, the settlement has the ones that count. One that agrees to the fen has no row. Written by the trigger of settlement only, never changed.';
COMMENT ON COLUMN @schema@.setl_diff.setl_id IS '结算ID. The settlement';
COMMENT ON COLUMN @schema@.setl_diff.found_at IS '发现时间. When the statement that inserted it began';
COMMENT ON COLUMN @schema@.setl_diff.dedc_std IS '起付标准. As computed, yuan';
COMMENT ON COLUMN @schema@.setl_diff.crt_dedc IS '本次起付线. As computed, yuan';
COMMENT ON COLUMN @schema@.setl_diff.act_pay_dedc IS '实际支付起付线. As computed, yuan';
COMMENT ON COLUMN @schema@.setl_diff.hifp_pay IS '统筹基金支出. As computed, yuan';
COMMENT ON COLUMN @schema@.setl_diff.hifmi_pay IS '大病保险支出. As computed, yuan';
COMMENT ON COLUMN @schema@.setl_diff.maf_pay IS '医疗救助支出. As computed, yuan';
COMMENT ON COLUMN @schema@.setl_diff.oth_pay IS '其他支出. As computed, yuan';
COMMENT ON COLUMN @schema@.setl_diff.fund_pay_sumamt IS '基金支付总额. As computed, yuan';
COMMENT ON COLUMN @schema@.setl_diff.psn_part_amt IS '个人负担总金额. As computed, yuan';
COMMENT ON COLUMN @schema@.setl_diff.first_selfpay IS '按比例先行自付金额. As computed, yuan';
COMMENT ON COLUMN @schema@.setl_diff.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE TABLE @schema@.setl_diff_close (
    setl_id text COLLATE "C" PRIMARY KEY REFERENCES @schema@.setl_diff,
    cause text COLLATE "C" NOT NULL CHECK (cause IN ('policy', 'other', 'input', 'unclear')),
    finding text NOT NULL,
    doc_no text,
    closed_by text,
    closed_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
COMMENT ON TABLE @schema@.setl_diff_close IS '差异核销. A difference was looked into: why, by whom, what was found. Inserted by another login than the settlement; it changes no amount (that is a reversal). Never changed or deleted.';
COMMENT ON COLUMN @schema@.setl_diff_close.setl_id IS '结算ID: one row each';
COMMENT ON COLUMN @schema@.setl_diff_close.cause IS '原因: policy 本系统政策有误, other 外部系统有误, input 传入数据有误, unclear 未查明';
COMMENT ON COLUMN @schema@.setl_diff_close.finding IS '核查情况';
COMMENT ON COLUMN @schema@.setl_diff_close.doc_no IS '文号, such as that of the inquiry';
COMMENT ON COLUMN @schema@.setl_diff_close.closed_by IS '核销人: the login (filled)';
COMMENT ON COLUMN @schema@.setl_diff_close.closed_at IS '核销时间 (filled)';
COMMENT ON COLUMN @schema@.setl_diff_close.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.setl_diff_close.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE VIEW @schema@.setl_diff_open AS
SELECT s.setl_id, s.psn_no, s.insutype, s.year, s.setl_time, s.clr_ym, s.fixmedins_code, s.policy_id, s.booked_by, d.found_at,
       s.fund_pay_sumamt, d.fund_pay_sumamt AS fund_computed,
       s.dedc_std - d.dedc_std AS std_diff, s.crt_dedc - d.crt_dedc AS crt_diff, s.act_pay_dedc - d.act_pay_dedc AS dedc_diff,
       s.hifp_pay - d.hifp_pay AS hifp_diff, s.hifmi_pay - d.hifmi_pay AS hifmi_diff, s.maf_pay - d.maf_pay AS maf_diff,
       s.oth_pay - d.oth_pay AS oth_diff, s.fund_pay_sumamt - d.fund_pay_sumamt AS fund_diff,
       s.psn_part_amt - d.psn_part_amt AS psn_diff, s.first_selfpay - d.first_selfpay AS first_diff
FROM @schema@.setl_diff d
JOIN @schema@.settlement s ON s.setl_id = d.setl_id
WHERE NOT EXISTS (SELECT FROM @schema@.setl_diff_close c WHERE c.setl_id = d.setl_id)
  AND NOT EXISTS (SELECT FROM @schema@.settlement r WHERE r.init_setl_id = d.setl_id);
COMMENT ON VIEW @schema@.setl_diff_open IS '待查差异, yuan: settlements of setl_mode verify that stand, differ from what their policy gives, and that nobody has closed; *_diff: as settled less as computed';
