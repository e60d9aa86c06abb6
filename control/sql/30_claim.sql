-- 30_claim.sql
-- A claim is any row, jsonb object or list of arguments; what it is reimbursed.

CREATE TYPE yibao.settlement AS (
  medfee_sumamt numeric,
  fulamt_ownpay_amt numeric,
  overlmt_selfpay numeric,
  preselfpay_amt numeric,
  inscp_scp_amt numeric,
  dedc_std numeric,
  crt_dedc numeric,
  act_pay_dedc numeric,
  hifp_pay numeric,
  pool_prop_selfpay numeric,
  cvlserv_pay numeric,
  hifes_pay numeric,
  hifmi_pay numeric,
  hifob_pay numeric,
  hifdm_pay numeric,
  maf_pay numeric,
  oth_pay numeric,
  fund_pay_sumamt numeric,
  hosp_part_amt numeric,
  psn_part_amt numeric,
  acct_pay numeric,
  acct_mulaid_pay numeric,
  psn_cash_pay numeric,
  first_selfpay numeric,
  benefit text,
  pool text,
  cum bigint[],
  dedc_grp text,
  hifmi_due date
);
COMMENT ON TYPE yibao.settlement IS
'结算结果: the settlement vector of the national interface, in yuan with two decimals. medfee_sumamt = fulamt_ownpay_amt + overlmt_selfpay + preselfpay_amt + inscp_scp_amt; fund_pay_sumamt = hifp_pay + hifmi_pay + maf_pay + oth_pay (the other payers are those of employee schemes, 0 here); psn_part_amt = medfee_sumamt - fund_pay_sumamt - hosp_part_amt; psn_cash_pay = psn_part_amt - acct_pay - acct_mulaid_pay.';
COMMENT ON COLUMN yibao.settlement.medfee_sumamt IS '医疗费总额: total cost';
COMMENT ON COLUMN yibao.settlement.fulamt_ownpay_amt IS '全自费金额: fully self-paid, out of the catalogue';
COMMENT ON COLUMN yibao.settlement.overlmt_selfpay IS '超限价自费费用: above the limit price';
COMMENT ON COLUMN yibao.settlement.preselfpay_amt IS '先行自付金额: first self-pay';
COMMENT ON COLUMN yibao.settlement.inscp_scp_amt IS '符合政策范围金额: in-policy amount';
COMMENT ON COLUMN yibao.settlement.dedc_std IS '起付标准: standard deductible of the basic layer';
COMMENT ON COLUMN yibao.settlement.crt_dedc IS '本次起付线: deductible of this visit, after adjustments and the year';
COMMENT ON COLUMN yibao.settlement.act_pay_dedc IS '实际支付起付线: deductible actually taken, not above the in-policy amount';
COMMENT ON COLUMN yibao.settlement.hifp_pay IS '基本医疗保险统筹基金支出: the pooled fund pays';
COMMENT ON COLUMN yibao.settlement.pool_prop_selfpay IS '统筹基金支付比例: the pooled fund''s ratio, four decimals; of several bands the mean; where nothing is eligible that of the band it would be in';
COMMENT ON COLUMN yibao.settlement.cvlserv_pay IS '公务员医疗补助资金支出: 0 in the resident scheme';
COMMENT ON COLUMN yibao.settlement.hifes_pay IS '企业补充医疗保险基金支出: 0 in the resident scheme';
COMMENT ON COLUMN yibao.settlement.hifmi_pay IS '居民大病保险资金支出: serious-illness insurance pays';
COMMENT ON COLUMN yibao.settlement.hifob_pay IS '职工大额医疗费用补助基金支出: 0 in the resident scheme';
COMMENT ON COLUMN yibao.settlement.hifdm_pay IS '伤残人员医疗保障基金支出: 0 in the resident scheme';
COMMENT ON COLUMN yibao.settlement.maf_pay IS '医疗救助基金支出: medical assistance pays, second assistance (倾斜救助) included';
COMMENT ON COLUMN yibao.settlement.oth_pay IS '其他支出: special programmes and supplementary insurance pay';
COMMENT ON COLUMN yibao.settlement.fund_pay_sumamt IS '基金支付总额: sum of all payers';
COMMENT ON COLUMN yibao.settlement.hosp_part_amt IS '医院负担金额: the hospital bears';
COMMENT ON COLUMN yibao.settlement.psn_part_amt IS '个人负担总金额: the person bears';
COMMENT ON COLUMN yibao.settlement.acct_pay IS '个人账户支出: of that from the personal account';
COMMENT ON COLUMN yibao.settlement.acct_mulaid_pay IS '个人账户共济支付: of that from the family''s account';
COMMENT ON COLUMN yibao.settlement.psn_cash_pay IS '个人现金支出: of that in cash, at the window';
COMMENT ON COLUMN yibao.settlement.first_selfpay IS '按比例先行自付金额: part of inscp_scp_amt that first_selfpay rules leave to the person before the ratio; the national preselfpay_amt is this and the claim''s together';
COMMENT ON COLUMN yibao.settlement.benefit IS '待遇类型: inpatient, outpatient, chronic or other';
COMMENT ON COLUMN yibao.settlement.pool IS '基金池: the pool that the policy names for this visit';
COMMENT ON COLUMN yibao.settlement.cum IS '结算后年度累计: accumulators of the person-year after this settlement, in fen or counts, in the order of doc/functions-claim.md: the next claim''s opn_cum';

COMMENT ON COLUMN yibao.settlement.dedc_grp IS '起付线分组: the group within which the yearly deductible of the basic layer counts; NULL for none';

COMMENT ON COLUMN yibao.settlement.hifmi_due IS '大病保险应付日期: the day from which on hifmi_pay is payable, where the policy names days (pay_on); NULL: with the settlement';

CREATE TYPE yibao.explain_step AS (
  step integer,
  layer text,
  item text,
  rule text,
  source text,
  trust text,
  base numeric,
  rate numeric,
  amount numeric,
  settles text,
  sentence text
);
COMMENT ON TYPE yibao.explain_step IS
'结算步骤: one step of a settlement. sum(amount) over the rows of one settles is that column of yibao.settlement.';
COMMENT ON COLUMN yibao.explain_step.step IS '步骤序号: from 1, in the order of calculation';
COMMENT ON COLUMN yibao.explain_step.layer IS '保障层: basic, serious, serious_second, assistance, tilt, supplement; NULL for what concerns the whole claim';
COMMENT ON COLUMN yibao.explain_step.item IS '项目: what the step does, a word that does not change between versions';
COMMENT ON COLUMN yibao.explain_step.rule IS '规则: JSON path of the rule in the policy; NULL where no rule decides';
COMMENT ON COLUMN yibao.explain_step.source IS '依据: the legal source that the rule cites';
COMMENT ON COLUMN yibao.explain_step.trust IS '来源可信度: how far the source can be trusted, as the policy says';
COMMENT ON COLUMN yibao.explain_step.base IS '基数: what the step looks at, yuan';
COMMENT ON COLUMN yibao.explain_step.rate IS '比例: the ratio applied, or the change of a ratio; NULL where none';
COMMENT ON COLUMN yibao.explain_step.amount IS '金额: yuan; negative where it takes away';
COMMENT ON COLUMN yibao.explain_step.settles IS '归入列: the column of yibao.settlement that the amount is part of; NULL for subtotals and for steps without an amount of their own';
COMMENT ON COLUMN yibao.explain_step.sentence IS '说明: the step in words, in the language asked for';

CREATE FUNCTION yibao.settle(policy jsonb, claim "any")
RETURNS yibao.settlement
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 40
AS 'MODULE_PATHNAME', 'yibao_settle';
COMMENT ON FUNCTION yibao.settle(jsonb, "any") IS
'结算: settles one claim by one policy: all layers (基本, 大病, 救助, 倾斜, 补充) in one call. claim: a row whose columns have the names of fields, or a jsonb object (an untyped literal is jsonb); amounts in yuan. Fields that the policy does not read are ignored; accumulators that are not given count as zero. NULL policy: YB008; NULL claim: YB009. Errors: YB001-YB010 (the claim), YB1xx (the policy), YB201 (no rule covers it), YB202 (the source leaves it open). Immutable: the result depends on its arguments alone.';

CREATE FUNCTION yibao.payout(
  policy jsonb,
  medfee_sumamt numeric DEFAULT NULL,
  fulamt_ownpay_amt numeric DEFAULT NULL,
  overlmt_selfpay numeric DEFAULT NULL,
  preselfpay_amt numeric DEFAULT NULL,
  inscp_scp_amt numeric DEFAULT NULL,
  prog_pay numeric DEFAULT 0,
  hosp_part_amt numeric DEFAULT 0,
  acct_pay numeric DEFAULT 0,
  acct_mulaid_pay numeric DEFAULT 0,
  tcm_amt numeric DEFAULT NULL,
  insutype text DEFAULT NULL,
  med_type text DEFAULT NULL,
  hosp_lv text DEFAULT NULL,
  dedc_hosp_lv text DEFAULT NULL,
  lmtpric_hosp_lv text DEFAULT NULL,
  psn_type text DEFAULT NULL,
  psn_idet_type text DEFAULT NULL,
  clct_grde text DEFAULT NULL,
  area text DEFAULT NULL,
  refl text DEFAULT NULL,
  filing text DEFAULT NULL,
  setl_type text DEFAULT NULL,
  pay_loc text DEFAULT NULL,
  dise_type_code text DEFAULT NULL,
  matn_type text DEFAULT NULL,
  gend text DEFAULT NULL,
  dise_codg text DEFAULT NULL,
  fixmedins_code text DEFAULT NULL,
  er_flag boolean DEFAULT NULL,
  inj_flag boolean DEFAULT NULL,
  thrd_flag boolean DEFAULT NULL,
  tcm_flag boolean DEFAULT NULL,
  nwb_flag boolean DEFAULT NULL,
  pub_flag boolean DEFAULT NULL,
  trt_enjymnt_flag boolean DEFAULT NULL,
  age integer DEFAULT NULL,
  year integer DEFAULT NULL,
  cal_ipt_cnt integer DEFAULT NULL,
  act_ipt_days integer DEFAULT NULL,
  cont_years integer DEFAULT NULL,
  zero_years integer DEFAULT NULL,
  gap_years integer DEFAULT NULL,
  enrol_months integer DEFAULT NULL,
  dise_cnt integer DEFAULT NULL,
  setl_time timestamp without time zone DEFAULT NULL,
  begntime timestamp without time zone DEFAULT NULL,
  endtime timestamp without time zone DEFAULT NULL,
  fee_ocur_time timestamp without time zone DEFAULT NULL,
  trsf_dedc numeric DEFAULT 0,
  trsf_days integer DEFAULT NULL,
  tcm_inscp numeric DEFAULT NULL,
  mid_setl_flag boolean DEFAULT NULL,
  pre_days integer DEFAULT NULL,
  bonus_years integer DEFAULT NULL,
  opsp_flag boolean DEFAULT NULL,
  cum_setl_cnt integer DEFAULT 0,
  cum_ipt_cnt integer DEFAULT 0,
  cum_medfee numeric DEFAULT 0,
  cum_preselfpay numeric DEFAULT 0,
  cum_ownpay numeric DEFAULT 0,
  cum_ipt_inscp numeric DEFAULT 0,
  cum_ipt_dedc numeric DEFAULT 0,
  cum_ipt_elig numeric DEFAULT 0,
  cum_ipt_hifp numeric DEFAULT 0,
  cum_otp_inscp numeric DEFAULT 0,
  cum_otp_dedc numeric DEFAULT 0,
  cum_otp_elig numeric DEFAULT 0,
  cum_otp_hifp numeric DEFAULT 0,
  cum_opsp_inscp numeric DEFAULT 0,
  cum_opsp_dedc numeric DEFAULT 0,
  cum_opsp_elig numeric DEFAULT 0,
  cum_opsp_hifp numeric DEFAULT 0,
  cum_oth_inscp numeric DEFAULT 0,
  cum_oth_dedc numeric DEFAULT 0,
  cum_oth_elig numeric DEFAULT 0,
  cum_oth_hifp numeric DEFAULT 0,
  cum_mi_base numeric DEFAULT 0,
  cum_mi_dedc numeric DEFAULT 0,
  cum_mi_pay numeric DEFAULT 0,
  cum_ma_base numeric DEFAULT 0,
  cum_ma_dedc numeric DEFAULT 0,
  cum_ma_pay numeric DEFAULT 0,
  cum_mx_base numeric DEFAULT 0,
  cum_mx_dedc numeric DEFAULT 0,
  cum_mx_pay numeric DEFAULT 0,
  cum_sp_base numeric DEFAULT 0,
  cum_sp_dedc numeric DEFAULT 0,
  cum_sp_pay numeric DEFAULT 0,
  cum_day_hifp numeric DEFAULT 0,
  cum_month_hifp numeric DEFAULT 0,
  cum_quarter_hifp numeric DEFAULT 0,
  cum_lv_cnt integer DEFAULT 0,
  cum_hosp_cnt integer DEFAULT 0,
  opn_cum bigint[] DEFAULT NULL,
  field text DEFAULT 'fund_pay_sumamt'
) RETURNS numeric
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10
AS 'MODULE_PATHNAME', 'yibao_payout';
COMMENT ON FUNCTION yibao.payout(jsonb, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, boolean, boolean, boolean, boolean, boolean, boolean, boolean, integer, integer, integer, integer, integer, integer, integer, integer, integer, timestamp without time zone, timestamp without time zone, timestamp without time zone, timestamp without time zone, numeric, integer, numeric, boolean, integer, integer, boolean, integer, integer, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, integer, integer, bigint[], text) IS
'支付金额: one amount of the settlement of a claim given as named arguments, the fastest way over millions of rows. field: which amount of yibao.settlement, by default fund_pay_sumamt. Amounts in yuan, times local. An argument that is not given, or is NULL, counts as absent: YB005 where the policy needs it. NULL for what is 0 by default (prog_pay, hosp_part_amt, acct_pay, acct_mulaid_pay, trsf_dedc, the accumulators) is an unknown value: YB006. opn_cum gives all accumulators at once, in fen; one given by name, and not 0, stands over it. NULL policy: YB008. Other errors as settle(). Immutable.';

CREATE FUNCTION yibao.best_category(policy jsonb, claim "any")
RETURNS text
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50
AS 'MODULE_PATHNAME', 'yibao_best_category';
COMMENT ON FUNCTION yibao.best_category(jsonb, "any") IS
'就高不重复的人员身份类别: of the categories in psn_idet_types of a claim the one that settle() of the same arguments takes, by "categories" of the policy: for payout(), which takes the one code. psn_idet_type where the claim does not bring several; NULL where it has neither. Errors as settle(). Immutable.';

CREATE FUNCTION yibao.explain(policy jsonb, claim "any", lang text DEFAULT 'zh')
RETURNS SETOF yibao.explain_step
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 500 ROWS 20
AS 'MODULE_PATHNAME', 'yibao_explain';
COMMENT ON FUNCTION yibao.explain(jsonb, "any", text) IS
'结算说明: the steps by which settle() of the same arguments comes to its result: rule, source, base, rate, amount, and a sentence. sum(amount) GROUP BY settles gives the columns of the settlement. lang: zh or en (22023 otherwise; NULL is zh). Errors as settle(). Immutable.';

CREATE FUNCTION yibao.replay(policy jsonb, claim "any")
RETURNS yibao.settlement
LANGUAGE C IMMUTABLE WINDOW PARALLEL SAFE COST 40
AS 'MODULE_PATHNAME', 'yibao_replay';
COMMENT ON FUNCTION yibao.replay(jsonb, "any") IS
'年度重算: a window function that settles the claims of a person-year in order and carries the accumulators from row to row: replay(policy, c) OVER (PARTITION BY c.psn_no, c.year ORDER BY c.setl_time, c.setl_id COLLATE "C"). Reads psn_no, setl_time, setl_id and year (where not given: the calendar year of setl_time) from the rows; opening accumulators from the first row alone. The frame clause is ignored. YB011: two persons or years in a partition, an order that is not strictly rising in (setl_time, setl_id as bytes), no ORDER BY, or a first row that says that others came before it and brings no accumulators. Other errors as settle(). Immutable; window functions themselves run in the leader of a parallel plan.';
