-- Fee lines of a pool area, and the trace codes that they settle.
-- The triggers that rest on the extension's code are in 76_item_rules.sql.

CREATE TABLE @schema@.item (
    feedetl_sn text COLLATE "C" NOT NULL,
    init_feedetl_sn text COLLATE "C",
    setl_id text COLLATE "C",
    mdtrt_id text COLLATE "C",
    psn_no text COLLATE "C",
    fixmedins_code text COLLATE "C",
    fee_ocur_time timestamp NOT NULL,
    hilist_code text COLLATE "C",
    med_chrgitm_type text COLLATE "C",
    drug_trac_codg text[] COLLATE "C",
    chrgitm_lv text COLLATE "C" NOT NULL,
    cnt numeric NOT NULL,
    pric numeric NOT NULL,
    pric_uplmt_amt numeric,
    selfpay_prop numeric,
    enter_prop numeric[],
    enter_upto numeric[],
    enter_way text COLLATE "C",
    det_item_fee_sumamt numeric NOT NULL,
    fulamt_ownpay_amt numeric NOT NULL,
    overlmt_amt numeric NOT NULL,
    preselfpay_amt numeric NOT NULL,
    inscp_scp_amt numeric NOT NULL,
    cnt_before numeric,
    return_no integer NOT NULL,
    booked_by text NOT NULL,
    booked_at timestamptz NOT NULL,
    CONSTRAINT item_pkey PRIMARY KEY (feedetl_sn),
    CONSTRAINT item_parts CHECK (det_item_fee_sumamt = fulamt_ownpay_amt + overlmt_amt + preselfpay_amt + inscp_scp_amt),
    CONSTRAINT item_return CHECK ((init_feedetl_sn IS NOT NULL) = (return_no > 0) AND (cnt < 0) = (return_no > 0) AND
        (return_no = 0 OR cnt_before + cnt >= 0))
);
CREATE UNIQUE INDEX item_returns ON @schema@.item (init_feedetl_sn, return_no) WHERE init_feedetl_sn IS NOT NULL;
CREATE INDEX item_settlement ON @schema@.item (setl_id) WHERE setl_id IS NOT NULL;
CREATE INDEX item_visit ON @schema@.item (mdtrt_id) WHERE mdtrt_id IS NOT NULL;

COMMENT ON TABLE @schema@.item IS
'费用明细. A row is a fee line or the return of one; insert the input columns, the triggers fill its parts (yibao.item_split). Never changed or deleted: a return is a row with a negative cnt that names its line. Lines that name a settlement have to add up to its header when the transaction commits.';
COMMENT ON COLUMN @schema@.item.feedetl_sn IS '费用明细流水号. Input: key of the line';
COMMENT ON COLUMN @schema@.item.init_feedetl_sn IS '原费用流水号. Input: the line that this row returns; NULL in others';
COMMENT ON COLUMN @schema@.item.setl_id IS '结算ID. Input: the settlement it is part of, inserted in the same transaction; NULL: not checked against one';
COMMENT ON COLUMN @schema@.item.mdtrt_id IS '就诊ID. Input: visit';
COMMENT ON COLUMN @schema@.item.psn_no IS '人员编号. Input: person';
COMMENT ON COLUMN @schema@.item.fixmedins_code IS '定点医药机构编号. Input: provider';
COMMENT ON COLUMN @schema@.item.fee_ocur_time IS '费用发生时间. Input: local time at the provider''s place; the catalogue row of this day holds';
COMMENT ON COLUMN @schema@.item.hilist_code IS '医保目录编码. Input: item of the catalogue; a return has its line''s';
COMMENT ON COLUMN @schema@.item.med_chrgitm_type IS '医疗收费项目类别. Input: kind of item';
COMMENT ON COLUMN @schema@.item.drug_trac_codg IS '药品耗材追溯码. Input: trace codes scanned; in a return those given back (NULL: all, when all is returned)';
COMMENT ON COLUMN @schema@.item.chrgitm_lv IS '收费项目等级. Input: 01 甲, 02 乙, 03 丙, 04 可报丙, at the provider''s place and day; a return has its line''s';
COMMENT ON COLUMN @schema@.item.cnt IS '数量. Input: at most 4 decimals; negative in a return';
COMMENT ON COLUMN @schema@.item.pric IS '单价. Input: yuan, at most 6 decimals; a return has its line''s';
COMMENT ON COLUMN @schema@.item.pric_uplmt_amt IS '定价上限金额. Input: limit price of a unit, yuan; NULL: none; a return has its line''s';
COMMENT ON COLUMN @schema@.item.selfpay_prop IS '先行自付比例. Input: ratio; a return has its line''s';
COMMENT ON COLUMN @schema@.item.enter_prop IS '纳入比例. Input: share that enters the base, for each band of unit prices; NULL: all; a return has its line''s';
COMMENT ON COLUMN @schema@.item.enter_upto IS '单价分档上限. Input: where each band but the last ends; a return has its line''s';
COMMENT ON COLUMN @schema@.item.enter_way IS '分档方式. Input: whole or excess; a return has its line''s';
COMMENT ON COLUMN @schema@.item.det_item_fee_sumamt IS '明细项目费用总额. Result: cnt x pric, yuan';
COMMENT ON COLUMN @schema@.item.fulamt_ownpay_amt IS '全自费金额. Result: fully self-paid, yuan';
COMMENT ON COLUMN @schema@.item.overlmt_amt IS '超限价金额. Result: above the limit price, yuan';
COMMENT ON COLUMN @schema@.item.preselfpay_amt IS '先行自付金额. Result: first self-pay, yuan';
COMMENT ON COLUMN @schema@.item.inscp_scp_amt IS '符合政策范围金额. Result: in policy, yuan';
COMMENT ON COLUMN @schema@.item.cnt_before IS '退单前数量. Result: in a return, how much of its line stood before it';
COMMENT ON COLUMN @schema@.item.return_no IS '退单序号. Result: 0 in a line, 1, 2, ... in its returns';
COMMENT ON COLUMN @schema@.item.booked_by IS '经办用户. Result: the user of the session who inserted it';
COMMENT ON COLUMN @schema@.item.booked_at IS '记账时间. Result: when the statement that inserted it began';
COMMENT ON CONSTRAINT item_parts ON @schema@.item IS '明细恒等. The parts add up to the line';
COMMENT ON CONSTRAINT item_return ON @schema@.item IS '退单. A return names its line, has a negative cnt and returns no more than there is';
COMMENT ON INDEX @schema@.item_returns IS '退单唯一. The returns of a line, numbered: two at once cannot return the same';
COMMENT ON INDEX @schema@.item_settlement IS '按结算. The lines of a settlement';
COMMENT ON INDEX @schema@.item_visit IS '按就诊. The lines of a visit';

CREATE TABLE @schema@.item_trace (
    drug_trac_codg text COLLATE "C" NOT NULL,
    use_no integer NOT NULL,
    given_back boolean NOT NULL,
    feedetl_sn text COLLATE "C" NOT NULL,
    CONSTRAINT item_trace_pkey PRIMARY KEY (drug_trac_codg, use_no, given_back),
    CONSTRAINT item_trace_line FOREIGN KEY (feedetl_sn) REFERENCES @schema@.item
);
CREATE INDEX item_trace_by_line ON @schema@.item_trace (feedetl_sn);
COMMENT ON TABLE @schema@.item_trace IS
'追溯码使用. One code settles once: a code that a line settled can settle again only after a return has given it back. Written by the trigger of item only.';
COMMENT ON COLUMN @schema@.item_trace.drug_trac_codg IS '药品耗材追溯码. The code';
COMMENT ON COLUMN @schema@.item_trace.use_no IS '使用序号. 1; one more after each return';
COMMENT ON COLUMN @schema@.item_trace.given_back IS '是否退回. false: settled by the line; true: given back by the return';
COMMENT ON COLUMN @schema@.item_trace.feedetl_sn IS '费用明细流水号. The line, or the return';
COMMENT ON CONSTRAINT item_trace_pkey ON @schema@.item_trace IS '一码一结. A code settles once, and is given back once';
COMMENT ON INDEX @schema@.item_trace_by_line IS '按明细. The codes of a line';

CREATE VIEW @schema@.item_header WITH (security_invoker = true) AS
SELECT setl_id, mdtrt_id, sum(det_item_fee_sumamt) AS medfee_sumamt, sum(fulamt_ownpay_amt) AS fulamt_ownpay_amt,
    sum(overlmt_amt) AS overlmt_selfpay, sum(preselfpay_amt) AS preselfpay_amt, sum(inscp_scp_amt) AS inscp_scp_amt, count(*) AS lines
FROM @schema@.item
GROUP BY setl_id, mdtrt_id;
COMMENT ON VIEW @schema@.item_header IS
'费用明细合计. The header amounts of each visit and settlement from its lines, returns counted with their sign, yuan';
COMMENT ON COLUMN @schema@.item_header.setl_id IS '结算ID. NULL: lines that name none';
COMMENT ON COLUMN @schema@.item_header.mdtrt_id IS '就诊ID. Visit';
COMMENT ON COLUMN @schema@.item_header.medfee_sumamt IS '医疗费总额. Sum of det_item_fee_sumamt';
COMMENT ON COLUMN @schema@.item_header.fulamt_ownpay_amt IS '全自费金额. Sum of fulamt_ownpay_amt';
COMMENT ON COLUMN @schema@.item_header.overlmt_selfpay IS '超限价自费费用. Sum of overlmt_amt';
COMMENT ON COLUMN @schema@.item_header.preselfpay_amt IS '先行自付金额. Sum of preselfpay_amt';
COMMENT ON COLUMN @schema@.item_header.inscp_scp_amt IS '符合政策范围金额. Sum of inscp_scp_amt';
COMMENT ON COLUMN @schema@.item_header.lines IS '明细行数. Lines and returns';
