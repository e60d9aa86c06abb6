-- Settlements: what a claim was reimbursed, and what keeps one from being counted or paid twice.
-- The triggers and checks that rest on the extension's code are in 71_settlement_rules.sql.

CREATE TABLE @schema@.settlement (
    journal_id bigint NOT NULL,
    setl_id text COLLATE "C" NOT NULL,
    psn_no text COLLATE "C" NOT NULL,
    insutype text COLLATE "C" NOT NULL,
    setl_time timestamp NOT NULL,
    mdtrt_id text COLLATE "C",
    clr_optins text COLLATE "C",
    trsf_setl_id text COLLATE "C",
    init_setl_id text COLLATE "C",
    refd_setl_flag boolean NOT NULL,
    medfee_sumamt numeric NOT NULL,
    fulamt_ownpay_amt numeric,
    overlmt_selfpay numeric,
    preselfpay_amt numeric,
    inscp_scp_amt numeric,
    prog_pay numeric DEFAULT 0,
    hosp_part_amt numeric DEFAULT 0,
    acct_pay numeric DEFAULT 0,
    acct_mulaid_pay numeric DEFAULT 0,
    tcm_amt numeric,
    med_type text COLLATE "C",
    hosp_lv text COLLATE "C",
    dedc_hosp_lv text COLLATE "C",
    lmtpric_hosp_lv text COLLATE "C",
    psn_type text COLLATE "C",
    psn_idet_type text COLLATE "C",
    clct_grde text COLLATE "C",
    area text COLLATE "C",
    refl text COLLATE "C",
    filing text COLLATE "C",
    setl_type text COLLATE "C",
    pay_loc text COLLATE "C",
    dise_type_code text COLLATE "C",
    matn_type text COLLATE "C",
    gend text COLLATE "C",
    dise_codg text COLLATE "C",
    fixmedins_code text COLLATE "C",
    er_flag boolean,
    inj_flag boolean,
    thrd_flag boolean,
    tcm_flag boolean,
    nwb_flag boolean,
    pub_flag boolean,
    trt_enjymnt_flag boolean,
    age integer,
    cal_ipt_cnt integer,
    act_ipt_days integer,
    cont_years integer,
    zero_years integer,
    gap_years integer,
    enrol_months integer,
    dise_cnt integer,
    begntime timestamp,
    endtime timestamp,
    fee_ocur_time timestamp,
    trsf_dedc numeric,
    trsf_days integer,
    tcm_inscp numeric,
    mid_setl_flag boolean DEFAULT false,
    pre_days integer DEFAULT 0,
    psn_insu_date timestamp,
    paus_insu_date timestamp,
    bonus_years integer,
    trt_chk_rslt text COLLATE "C",
    trt_begndate timestamp,
    psn_idet_types text COLLATE "C",
    opsp_flag boolean,
    setl_mode text COLLATE "C",
    year integer NOT NULL,
    benefit text COLLATE "C" NOT NULL,
    pool text COLLATE "C" NOT NULL,
    dedc_std numeric,
    crt_dedc numeric,
    act_pay_dedc numeric NOT NULL,
    hifp_pay numeric NOT NULL,
    hifmi_pay numeric NOT NULL,
    maf_pay numeric NOT NULL,
    oth_pay numeric NOT NULL,
    fund_pay_sumamt numeric NOT NULL,
    psn_part_amt numeric NOT NULL,
    psn_cash_pay numeric NOT NULL,
    first_selfpay numeric,
    pool_prop_selfpay numeric,
    dedc_grp text COLLATE "C",
    hifmi_due date,
    clr_ym text COLLATE "C" NOT NULL,
    policy_id text COLLATE "C" NOT NULL,
    psn_setl_no integer NOT NULL,
    prev_setl_id text COLLATE "C",
    psn_ord_no integer NOT NULL,
    corr_setl_id text COLLATE "C",
    opn_cum bigint[] NOT NULL,
    add_cum bigint[],
    booked_by text NOT NULL,
    booked_at timestamptz NOT NULL,
    CONSTRAINT settlement_pkey PRIMARY KEY (setl_id)
);
CREATE INDEX settlement_journal ON @schema@.settlement (journal_id);
CREATE INDEX settlement_person ON @schema@.settlement (psn_no, year);
CREATE UNIQUE INDEX settlement_reverses ON @schema@.settlement (init_setl_id) WHERE init_setl_id IS NOT NULL;

COMMENT ON TABLE @schema@.settlement IS
'结算. A row is a claim and what it was reimbursed; insert the input columns, the triggers fill the result columns. Never changed or deleted: a correction is a reversal (init_setl_id), then a new settlement under a new key.';
COMMENT ON COLUMN @schema@.settlement.setl_id IS '结算ID. Input: settlement key';
COMMENT ON COLUMN @schema@.settlement.psn_no IS '人员编号. Input: person';
COMMENT ON COLUMN @schema@.settlement.insutype IS '险种类型. Input: insurance scheme';
COMMENT ON COLUMN @schema@.settlement.setl_time IS '结算时间. Input: settlement time, local time of the area';
COMMENT ON COLUMN @schema@.settlement.mdtrt_id IS '就诊ID. Input: visit';
COMMENT ON COLUMN @schema@.settlement.clr_optins IS '清算经办机构. Input: agency that clears it';
COMMENT ON COLUMN @schema@.settlement.trsf_setl_id IS '转出结算ID. Input: the settlement of the stay that the person was transferred from; fills trsf_dedc and trsf_days';
COMMENT ON COLUMN @schema@.settlement.init_setl_id IS '原结算ID. Input: the settlement that this row reverses; NULL in others';
COMMENT ON COLUMN @schema@.settlement.refd_setl_flag IS '退费结算标志. Input: true in a reversal';
COMMENT ON COLUMN @schema@.settlement.medfee_sumamt IS '医疗费总额. Input: total cost, yuan';
COMMENT ON COLUMN @schema@.settlement.fulamt_ownpay_amt IS '全自费金额. Input: fully self-paid amount, yuan';
COMMENT ON COLUMN @schema@.settlement.overlmt_selfpay IS '超限价自费费用. Input: amount above the limit price, yuan';
COMMENT ON COLUMN @schema@.settlement.preselfpay_amt IS '先行自付金额. Input: first self-pay amount, yuan';
COMMENT ON COLUMN @schema@.settlement.inscp_scp_amt IS '符合政策范围金额. Input: in-policy amount, yuan';
COMMENT ON COLUMN @schema@.settlement.prog_pay IS '专项补助已付金额. Input: already paid by a special programme, yuan';
COMMENT ON COLUMN @schema@.settlement.hosp_part_amt IS '医院负担金额. Input: amount the hospital bears, yuan';
COMMENT ON COLUMN @schema@.settlement.acct_pay IS '个人账户支出. Input: personal account payment, yuan';
COMMENT ON COLUMN @schema@.settlement.acct_mulaid_pay IS '个人账户共济支付. Input: family account payment, yuan';
COMMENT ON COLUMN @schema@.settlement.tcm_amt IS '中医药费用. Input: traditional medicine part of the cost, yuan';
COMMENT ON COLUMN @schema@.settlement.med_type IS '医疗类别. Input: kind of visit';
COMMENT ON COLUMN @schema@.settlement.hosp_lv IS '医院等级. Input: hospital level';
COMMENT ON COLUMN @schema@.settlement.dedc_hosp_lv IS '起付线医院等级. Input: level for the deductible';
COMMENT ON COLUMN @schema@.settlement.lmtpric_hosp_lv IS '限价医院等级. Input: level for limit prices';
COMMENT ON COLUMN @schema@.settlement.psn_type IS '人员类别. Input: person type';
COMMENT ON COLUMN @schema@.settlement.psn_idet_type IS '人员身份类别. Input: person''s identity class; result where psn_idet_types brings several: the one it is settled by';
COMMENT ON COLUMN @schema@.settlement.clct_grde IS '缴费档次. Input: contribution tier';
COMMENT ON COLUMN @schema@.settlement.area IS '就医地关系. Input: where the provider stands seen from the insured place';
COMMENT ON COLUMN @schema@.settlement.refl IS '转诊情况. Input: referral';
COMMENT ON COLUMN @schema@.settlement.filing IS '异地备案情况. Input: remote-care filing';
COMMENT ON COLUMN @schema@.settlement.setl_type IS '结算类别. Input: kind of settlement';
COMMENT ON COLUMN @schema@.settlement.pay_loc IS '支付地点类别. Input: place of payment';
COMMENT ON COLUMN @schema@.settlement.dise_type_code IS '病种类型. Input: disease list';
COMMENT ON COLUMN @schema@.settlement.matn_type IS '生育类别. Input: kind of maternity';
COMMENT ON COLUMN @schema@.settlement.gend IS '性别. Input: sex';
COMMENT ON COLUMN @schema@.settlement.dise_codg IS '病种编码. Input: disease code';
COMMENT ON COLUMN @schema@.settlement.fixmedins_code IS '定点医药机构编号. Input: provider';
COMMENT ON COLUMN @schema@.settlement.er_flag IS '急诊标志. Input: emergency';
COMMENT ON COLUMN @schema@.settlement.inj_flag IS '意外伤害标志. Input: accidental injury';
COMMENT ON COLUMN @schema@.settlement.thrd_flag IS '第三方责任标志. Input: a third party is liable';
COMMENT ON COLUMN @schema@.settlement.tcm_flag IS '中医医疗机构标志. Input: traditional medicine provider';
COMMENT ON COLUMN @schema@.settlement.nwb_flag IS '新生儿标志. Input: newborn';
COMMENT ON COLUMN @schema@.settlement.pub_flag IS '公立医疗机构标志. Input: public provider';
COMMENT ON COLUMN @schema@.settlement.trt_enjymnt_flag IS '待遇享受标志. Input: entitled on the date';
COMMENT ON COLUMN @schema@.settlement.age IS '年龄. Input: age in years';
COMMENT ON COLUMN @schema@.settlement.cal_ipt_cnt IS '本年第几次住院. Input: ordinal of this stay in the year';
COMMENT ON COLUMN @schema@.settlement.act_ipt_days IS '实际住院天数. Input: days of the stay';
COMMENT ON COLUMN @schema@.settlement.cont_years IS '连续参保年数. Input: years enrolled without a gap';
COMMENT ON COLUMN @schema@.settlement.zero_years IS '连续零报销年数. Input: years without a claim';
COMMENT ON COLUMN @schema@.settlement.gap_years IS '断保年数. Input: years of gap';
COMMENT ON COLUMN @schema@.settlement.enrol_months IS '参保月数. Input: months enrolled';
COMMENT ON COLUMN @schema@.settlement.dise_cnt IS '慢特病种数. Input: number of chronic diseases';
COMMENT ON COLUMN @schema@.settlement.begntime IS '开始时间. Input: admission time, local time of the area';
COMMENT ON COLUMN @schema@.settlement.endtime IS '结束时间. Input: discharge time, local time of the area';
COMMENT ON COLUMN @schema@.settlement.fee_ocur_time IS '费用发生时间. Input: time of the item, local time of the area';
COMMENT ON COLUMN @schema@.settlement.trsf_dedc IS '转院前已付起付线. Input, or filled by trsf_setl_id: deductible paid in the stay transferred from, yuan';
COMMENT ON COLUMN @schema@.settlement.trsf_days IS '转院间隔天数. Input, or filled by trsf_setl_id: days between the discharge there and this admission';
COMMENT ON COLUMN @schema@.settlement.tcm_inscp IS '中医药范围内费用. Input: traditional medicine part of the in-policy amount, yuan';
COMMENT ON COLUMN @schema@.settlement.mid_setl_flag IS '中途结算标志. Input: settled while the stay goes on';
COMMENT ON COLUMN @schema@.settlement.pre_days IS '本次住院已结天数. Input: days of the same stay before this part, 0 when it is none';
COMMENT ON COLUMN @schema@.settlement.psn_insu_date IS '参保日期. Input: first day of enrolment';
COMMENT ON COLUMN @schema@.settlement.paus_insu_date IS '暂停参保日期. Input: first day no longer enrolled; NULL: enrolled on';
COMMENT ON COLUMN @schema@.settlement.bonus_years IS '参保奖励年数. Input: years enrolled that raise a cap; filled from table enrolment where the policy asks';
COMMENT ON COLUMN @schema@.settlement.trt_chk_rslt IS '不享受原因. Input: why not entitled; filled from table enrolment where the policy asks';
COMMENT ON COLUMN @schema@.settlement.trt_begndate IS '待遇开始日期. Input: first day of benefit; filled from table enrolment where the policy asks';
COMMENT ON COLUMN @schema@.settlement.psn_idet_types IS '多重人员身份类别. Input: all identity classes of a person who has several, separated by commas; the policy says which one counts';
COMMENT ON COLUMN @schema@.settlement.opsp_flag IS '门慢门特备案标志. Input: registered for a chronic or special disease';
COMMENT ON COLUMN @schema@.settlement.setl_mode IS '结算方式. Input: compute (or NULL) 由本系统计算; verify 外部系统已结算, 本系统复核; record 外部系统已结算, 照录记账. In the last two the amounts from act_pay_dedc to psn_cash_pay are input';
COMMENT ON COLUMN @schema@.settlement.year IS '年度. Result: benefit year, whose accumulators it reads and advances';
COMMENT ON COLUMN @schema@.settlement.benefit IS '待遇类型. Result: inpatient, outpatient, chronic or other';
COMMENT ON COLUMN @schema@.settlement.pool IS '基金池. Result: the pool that pays the basic layer';
COMMENT ON COLUMN @schema@.settlement.dedc_std IS '起付标准. Result: standard deductible, yuan';
COMMENT ON COLUMN @schema@.settlement.crt_dedc IS '本次起付线. Result: deductible of this visit after adjustments, yuan';
COMMENT ON COLUMN @schema@.settlement.act_pay_dedc IS '实际支付起付线. Result: deductible the person bears, yuan';
COMMENT ON COLUMN @schema@.settlement.hifp_pay IS '统筹基金支出. Result: paid by the basic layer, yuan';
COMMENT ON COLUMN @schema@.settlement.hifmi_pay IS '大病保险支出. Result: paid by serious-illness insurance, yuan';
COMMENT ON COLUMN @schema@.settlement.maf_pay IS '医疗救助支出. Result: paid by medical assistance, yuan';
COMMENT ON COLUMN @schema@.settlement.oth_pay IS '其他支出. Result: paid by a special programme and the supplement, yuan';
COMMENT ON COLUMN @schema@.settlement.fund_pay_sumamt IS '基金支付总额. Result: sum of what the funds pay, yuan';
COMMENT ON COLUMN @schema@.settlement.psn_part_amt IS '个人负担总金额. Result: left to the person, yuan';
COMMENT ON COLUMN @schema@.settlement.psn_cash_pay IS '个人现金支出. Result: to be paid at the window, yuan';
COMMENT ON COLUMN @schema@.settlement.first_selfpay IS '按比例先行自付金额. Result: part of the in-policy amount that first_selfpay rules leave to the person, yuan';
COMMENT ON COLUMN @schema@.settlement.pool_prop_selfpay IS '统筹基金支付比例. Result: share of the eligible cost that the basic layer pays';
COMMENT ON COLUMN @schema@.settlement.dedc_grp IS '起付线分组. Result: the group within which the yearly deductible counts; NULL for none';
COMMENT ON COLUMN @schema@.settlement.hifmi_due IS '大病保险应付日期. Result: the day from which on hifmi_pay is payable; NULL: with the settlement';
COMMENT ON COLUMN @schema@.settlement.clr_ym IS '清算年月. Result: month of setl_time as YYYYMM; a reversal has its original''s';
COMMENT ON COLUMN @schema@.settlement.policy_id IS '政策. Result: the policy in force that it was settled by';
COMMENT ON COLUMN @schema@.settlement.psn_setl_no IS '人年内序号. Result: number in the person-year, the order of record';
COMMENT ON COLUMN @schema@.settlement.prev_setl_id IS '上一笔结算. Result: the settlement of the person-year in force before it';
COMMENT ON COLUMN @schema@.settlement.opn_cum IS '期初累计. Result: accumulators of the person-year before it, counts and fen, in the order of yibao''s doc/functions-claim.md, zeros at the end left out';
COMMENT ON COLUMN @schema@.settlement.add_cum IS '计入累计. Result: what a settlement of setl_mode verify or record adds to the accumulators of the person-year, in the order of opn_cum; NULL in others';
COMMENT ON COLUMN @schema@.settlement.psn_ord_no IS '人年内次序. Result: place in the person-year; of a settlement that replaces another, that one''s';
COMMENT ON COLUMN @schema@.settlement.corr_setl_id IS '更正的结算. Result: the settlement that this one replaces after a replay; NULL in others';
COMMENT ON COLUMN @schema@.settlement.journal_id IS '记账批次. Result: the journal that posts it, one for each statement';
COMMENT ON COLUMN @schema@.settlement.booked_by IS '经办用户. Result: the user of the session who inserted it';
COMMENT ON COLUMN @schema@.settlement.booked_at IS '记账时间. Result: when the statement that inserted it began';
COMMENT ON INDEX @schema@.settlement_journal IS '按记账批次. The rows that a journal posts';
COMMENT ON INDEX @schema@.settlement_person IS '按人员年度. A person''s settlements of a benefit year';
COMMENT ON INDEX @schema@.settlement_reverses IS '退费唯一. One reversal for a settlement';

CREATE TABLE @schema@.setl_key (
    setl_id text COLLATE "C" NOT NULL,
    req_hash bytea NOT NULL,
    claimed_at timestamptz NOT NULL,
    CONSTRAINT setl_key_pkey PRIMARY KEY (setl_id)
);
COMMENT ON TABLE @schema@.setl_key IS
'结算键. Claimed before a settlement is counted, so that one key is counted once whatever races it; written by the trigger of settlement only. A transaction that claims a key and does not leave its settlement fails (YB505); verify looks for both.';
COMMENT ON COLUMN @schema@.setl_key.setl_id IS '结算ID. The key';
COMMENT ON COLUMN @schema@.setl_key.req_hash IS '请求摘要. SHA-256 of the input columns, see doc/settlement.md';
COMMENT ON COLUMN @schema@.setl_key.claimed_at IS '占用时间. When the statement that claimed it began';

CREATE TABLE @schema@.person_year (
    psn_no text COLLATE "C" NOT NULL,
    insutype text COLLATE "C" NOT NULL,
    year integer NOT NULL,
    setl_cnt integer NOT NULL,
    cum bigint[] NOT NULL,
    last_setl_id text COLLATE "C",
    CONSTRAINT person_year_pkey PRIMARY KEY (psn_no, insutype, year)
) WITH (fillfactor = 50);
COMMENT ON TABLE @schema@.person_year IS
'人员年度累计. Accumulators of a person in a scheme and benefit year; its row is locked by every settlement of that person-year. Written by the trigger of settlement only; can be computed again from the settlements. In yuan: view person_year_cum.';
COMMENT ON COLUMN @schema@.person_year.psn_no IS '人员编号. Person';
COMMENT ON COLUMN @schema@.person_year.insutype IS '险种类型. Insurance scheme';
COMMENT ON COLUMN @schema@.person_year.year IS '年度. Benefit year';
COMMENT ON COLUMN @schema@.person_year.setl_cnt IS '结算行数. Settlements and reversals so far: the number of the last one';
COMMENT ON COLUMN @schema@.person_year.cum IS '累计值. Counts and fen by position, named in view person_year_cum; zeros at the end are left out';
COMMENT ON COLUMN @schema@.person_year.last_setl_id IS '最后有效结算. The last settlement that is not reversed, the only one that can be; NULL when there is none';

CREATE VIEW @schema@.person_year_cum WITH (security_invoker = true) AS
SELECT psn_no, insutype, year, setl_cnt, last_setl_id,
    coalesce(cum[1], 0) AS cum_setl_cnt,
    coalesce(cum[2], 0) AS cum_ipt_cnt,
    (coalesce(cum[3], 0)::numeric / 100)::numeric(16,2) AS cum_medfee,
    (coalesce(cum[4], 0)::numeric / 100)::numeric(16,2) AS cum_preselfpay,
    (coalesce(cum[5], 0)::numeric / 100)::numeric(16,2) AS cum_ownpay,
    (coalesce(cum[6], 0)::numeric / 100)::numeric(16,2) AS cum_ipt_inscp,
    (coalesce(cum[7], 0)::numeric / 100)::numeric(16,2) AS cum_ipt_dedc,
    (coalesce(cum[8], 0)::numeric / 100)::numeric(16,2) AS cum_ipt_elig,
    (coalesce(cum[9], 0)::numeric / 100)::numeric(16,2) AS cum_ipt_hifp,
    (coalesce(cum[10], 0)::numeric / 100)::numeric(16,2) AS cum_otp_inscp,
    (coalesce(cum[11], 0)::numeric / 100)::numeric(16,2) AS cum_otp_dedc,
    (coalesce(cum[12], 0)::numeric / 100)::numeric(16,2) AS cum_otp_elig,
    (coalesce(cum[13], 0)::numeric / 100)::numeric(16,2) AS cum_otp_hifp,
    (coalesce(cum[14], 0)::numeric / 100)::numeric(16,2) AS cum_opsp_inscp,
    (coalesce(cum[15], 0)::numeric / 100)::numeric(16,2) AS cum_opsp_dedc,
    (coalesce(cum[16], 0)::numeric / 100)::numeric(16,2) AS cum_opsp_elig,
    (coalesce(cum[17], 0)::numeric / 100)::numeric(16,2) AS cum_opsp_hifp,
    (coalesce(cum[18], 0)::numeric / 100)::numeric(16,2) AS cum_oth_inscp,
    (coalesce(cum[19], 0)::numeric / 100)::numeric(16,2) AS cum_oth_dedc,
    (coalesce(cum[20], 0)::numeric / 100)::numeric(16,2) AS cum_oth_elig,
    (coalesce(cum[21], 0)::numeric / 100)::numeric(16,2) AS cum_oth_hifp,
    (coalesce(cum[22], 0)::numeric / 100)::numeric(16,2) AS cum_mi_base,
    (coalesce(cum[23], 0)::numeric / 100)::numeric(16,2) AS cum_mi_dedc,
    (coalesce(cum[24], 0)::numeric / 100)::numeric(16,2) AS cum_mi_pay,
    (coalesce(cum[25], 0)::numeric / 100)::numeric(16,2) AS cum_ma_base,
    (coalesce(cum[26], 0)::numeric / 100)::numeric(16,2) AS cum_ma_dedc,
    (coalesce(cum[27], 0)::numeric / 100)::numeric(16,2) AS cum_ma_pay,
    (coalesce(cum[28], 0)::numeric / 100)::numeric(16,2) AS cum_mx_base,
    (coalesce(cum[29], 0)::numeric / 100)::numeric(16,2) AS cum_mx_dedc,
    (coalesce(cum[30], 0)::numeric / 100)::numeric(16,2) AS cum_mx_pay,
    (coalesce(cum[31], 0)::numeric / 100)::numeric(16,2) AS cum_sp_base,
    (coalesce(cum[32], 0)::numeric / 100)::numeric(16,2) AS cum_sp_dedc,
    (coalesce(cum[33], 0)::numeric / 100)::numeric(16,2) AS cum_sp_pay,
    (coalesce(cum[53], 0)::numeric / 100)::numeric(16,2) AS cum_m2_base,
    (coalesce(cum[54], 0)::numeric / 100)::numeric(16,2) AS cum_m2_dedc,
    (coalesce(cum[55], 0)::numeric / 100)::numeric(16,2) AS cum_m2_pay,
    (coalesce(cum[56], 0)::numeric / 100)::numeric(16,2) AS cum_mi_ipt_pay,
    (coalesce(cum[57], 0)::numeric / 100)::numeric(16,2) AS cum_mi_otp_pay,
    (coalesce(cum[58], 0)::numeric / 100)::numeric(16,2) AS cum_mi_opsp_pay,
    (coalesce(cum[59], 0)::numeric / 100)::numeric(16,2) AS cum_mi_oth_pay,
    (coalesce(cum[60], 0)::numeric / 100)::numeric(16,2) AS cum_m2_ipt_pay,
    (coalesce(cum[61], 0)::numeric / 100)::numeric(16,2) AS cum_m2_otp_pay,
    (coalesce(cum[62], 0)::numeric / 100)::numeric(16,2) AS cum_m2_opsp_pay,
    (coalesce(cum[63], 0)::numeric / 100)::numeric(16,2) AS cum_m2_oth_pay,
    (coalesce(cum[64], 0)::numeric / 100)::numeric(16,2) AS cum_ma_ipt_pay,
    (coalesce(cum[65], 0)::numeric / 100)::numeric(16,2) AS cum_ma_otp_pay,
    (coalesce(cum[66], 0)::numeric / 100)::numeric(16,2) AS cum_ma_opsp_pay,
    (coalesce(cum[67], 0)::numeric / 100)::numeric(16,2) AS cum_ma_oth_pay,
    (coalesce(cum[68], 0)::numeric / 100)::numeric(16,2) AS cum_mx_ipt_pay,
    (coalesce(cum[69], 0)::numeric / 100)::numeric(16,2) AS cum_mx_otp_pay,
    (coalesce(cum[70], 0)::numeric / 100)::numeric(16,2) AS cum_mx_opsp_pay,
    (coalesce(cum[71], 0)::numeric / 100)::numeric(16,2) AS cum_mx_oth_pay,
    (coalesce(cum[72], 0)::numeric / 100)::numeric(16,2) AS cum_sp_ipt_pay,
    (coalesce(cum[73], 0)::numeric / 100)::numeric(16,2) AS cum_sp_otp_pay,
    (coalesce(cum[74], 0)::numeric / 100)::numeric(16,2) AS cum_sp_opsp_pay,
    (coalesce(cum[75], 0)::numeric / 100)::numeric(16,2) AS cum_sp_oth_pay
FROM @schema@.person_year;
COMMENT ON VIEW @schema@.person_year_cum IS '人员年度累计（元）. person_year with a column for each accumulator, amounts in yuan';
COMMENT ON COLUMN @schema@.person_year_cum.psn_no IS '人员编号. Person';
COMMENT ON COLUMN @schema@.person_year_cum.insutype IS '险种类型. Insurance scheme';
COMMENT ON COLUMN @schema@.person_year_cum.year IS '年度. Benefit year';
COMMENT ON COLUMN @schema@.person_year_cum.setl_cnt IS '结算行数. Settlements and reversals so far';
COMMENT ON COLUMN @schema@.person_year_cum.last_setl_id IS '最后有效结算. The last settlement that is not reversed';
COMMENT ON COLUMN @schema@.person_year_cum.cum_setl_cnt IS '本年结算次数. settlements of the year';
COMMENT ON COLUMN @schema@.person_year_cum.cum_ipt_cnt IS '本年住院次数. stays of the year';
COMMENT ON COLUMN @schema@.person_year_cum.cum_medfee IS '本年总费用. total cost of the year, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_preselfpay IS '本年先行自付. first self-pay of the year, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_ownpay IS '本年全自费及超限价. out-of-catalogue cost of the year, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_ipt_inscp IS '住院范围内累计. in-policy cost, inpatient, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_ipt_dedc IS '住院起付线累计. deductible paid, inpatient, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_ipt_elig IS '住院可报累计. eligible cost, inpatient, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_ipt_hifp IS '住院统筹支付累计. pooled payment, inpatient, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_otp_inscp IS '普通门诊范围内累计. in-policy cost, outpatient, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_otp_dedc IS '普通门诊起付线累计. deductible paid, outpatient, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_otp_elig IS '普通门诊可报累计. eligible cost, outpatient, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_otp_hifp IS '普通门诊统筹支付累计. pooled payment, outpatient, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_opsp_inscp IS '慢特病范围内累计. in-policy cost, chronic, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_opsp_dedc IS '慢特病起付线累计. deductible paid, chronic, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_opsp_elig IS '慢特病可报累计. eligible cost, chronic, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_opsp_hifp IS '慢特病统筹支付累计. pooled payment, chronic, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_oth_inscp IS '其他范围内累计. in-policy cost, other benefits, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_oth_dedc IS '其他起付线累计. deductible paid, other benefits, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_oth_elig IS '其他可报累计. eligible cost, other benefits, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_oth_hifp IS '其他统筹支付累计. pooled payment, other benefits, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_mi_base IS '大病合规费用累计. serious illness: burden counted, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_mi_dedc IS '大病起付线累计. serious illness: deductible consumed, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_mi_pay IS '大病支付累计. serious illness: paid, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_ma_base IS '救助费用累计. assistance: burden counted, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_ma_dedc IS '救助起付线累计. assistance: deductible consumed, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_ma_pay IS '救助支付累计. assistance: paid, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_mx_base IS '再救助费用累计. second assistance: burden counted, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_mx_dedc IS '再救助起付线累计. second assistance: deductible consumed, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_mx_pay IS '再救助支付累计. second assistance: paid, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_sp_base IS '补充保险费用累计. supplement: burden counted, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_sp_dedc IS '补充保险起付线累计. supplement: deductible consumed, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_sp_pay IS '补充保险支付累计. supplement: paid, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_m2_base IS '大病二次补偿费用累计. second serious-illness compensation: burden counted, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_m2_dedc IS '大病二次补偿起付线累计. second serious-illness compensation: deductible consumed, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_m2_pay IS '大病二次补偿支付累计. second serious-illness compensation: paid, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_mi_ipt_pay IS '住院大病支付累计. serious illness: paid, inpatient, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_mi_otp_pay IS '普通门诊大病支付累计. serious illness: paid, outpatient, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_mi_opsp_pay IS '慢特病大病支付累计. serious illness: paid, chronic, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_mi_oth_pay IS '其他大病支付累计. serious illness: paid, other benefits, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_m2_ipt_pay IS '住院大病二次补偿支付累计. second serious-illness compensation: paid, inpatient, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_m2_otp_pay IS '普通门诊大病二次补偿支付累计. second serious-illness compensation: paid, outpatient, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_m2_opsp_pay IS '慢特病大病二次补偿支付累计. second serious-illness compensation: paid, chronic, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_m2_oth_pay IS '其他大病二次补偿支付累计. second serious-illness compensation: paid, other benefits, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_ma_ipt_pay IS '住院救助支付累计. assistance: paid, inpatient, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_ma_otp_pay IS '普通门诊救助支付累计. assistance: paid, outpatient, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_ma_opsp_pay IS '慢特病救助支付累计. assistance: paid, chronic, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_ma_oth_pay IS '其他救助支付累计. assistance: paid, other benefits, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_mx_ipt_pay IS '住院再救助支付累计. second assistance: paid, inpatient, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_mx_otp_pay IS '普通门诊再救助支付累计. second assistance: paid, outpatient, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_mx_opsp_pay IS '慢特病再救助支付累计. second assistance: paid, chronic, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_mx_oth_pay IS '其他再救助支付累计. second assistance: paid, other benefits, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_sp_ipt_pay IS '住院补充保险支付累计. supplement: paid, inpatient, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_sp_otp_pay IS '普通门诊补充保险支付累计. supplement: paid, outpatient, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_sp_opsp_pay IS '慢特病补充保险支付累计. supplement: paid, chronic, yuan';
COMMENT ON COLUMN @schema@.person_year_cum.cum_sp_oth_pay IS '其他补充保险支付累计. supplement: paid, other benefits, yuan';

CREATE TABLE @schema@.queue (
    setl_id text COLLATE "C" NOT NULL,
    layer text COLLATE "C" NOT NULL,
    pool text COLLATE "C" NOT NULL,
    fund text COLLATE "C" NOT NULL,
    payer text COLLATE "C",
    party text COLLATE "C" NOT NULL,
    clr_ym text COLLATE "C" NOT NULL,
    setl_time timestamp NOT NULL,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    state text COLLATE "C" NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'funded', 'withdrawn')),
    journal_id bigint NOT NULL,
    queued_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_journal bigint,
    CONSTRAINT queue_pkey PRIMARY KEY (setl_id, layer)
);
CREATE INDEX queue_waiting ON @schema@.queue (pool, clr_ym, setl_time, setl_id) WHERE state = 'waiting';
COMMENT ON TABLE @schema@.queue IS
'挂账. Commitments of settlements that their pool could not cover: not part of available, not payable, funded in the order of (clr_ym, setl_time, setl_id) when money comes. Written by the triggers only.';
COMMENT ON COLUMN @schema@.queue.setl_id IS '结算ID. The settlement';
COMMENT ON COLUMN @schema@.queue.layer IS '支付层. Layer whose payment waits';
COMMENT ON COLUMN @schema@.queue.pool IS '基金池. Pool that is short';
COMMENT ON COLUMN @schema@.queue.fund IS '基金. resident or assistance: whose book the commitment stands in';
COMMENT ON COLUMN @schema@.queue.payer IS '支付方. Payer of the layer as the policy names it';
COMMENT ON COLUMN @schema@.queue.party IS '收款方. Who is owed: provider, or person when reimbursed by hand';
COMMENT ON COLUMN @schema@.queue.clr_ym IS '清算年月. Clearing month of the settlement';
COMMENT ON COLUMN @schema@.queue.setl_time IS '结算时间. Of the settlement, the area''s local time';
COMMENT ON COLUMN @schema@.queue.amount_fen IS '挂账金额. Fen';
COMMENT ON COLUMN @schema@.queue.state IS '状态. waiting, funded, or withdrawn by a reversal';
COMMENT ON COLUMN @schema@.queue.journal_id IS '记账批次. Journal that posted it unfunded';
COMMENT ON COLUMN @schema@.queue.queued_at IS '挂账时间. When it was queued';
COMMENT ON COLUMN @schema@.queue.ended_at IS '结束时间. When it was funded or withdrawn';
COMMENT ON COLUMN @schema@.queue.ended_journal IS '结束批次. Journal that funded or withdrew it';
COMMENT ON INDEX @schema@.queue_waiting IS '待付顺序. What waits for a pool, in the order of funding';
