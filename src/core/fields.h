/*
 * fields.h
 *	  The one list of what a claim is made of.
 *
 * A row's columns, a jsonb claim's keys, payout()'s argument names, the keys of
 * an attach mapping and the conditions of a policy are these names.  Those that
 * the national interface has are spelt as there; the rest is plain English.
 *
 * Lists are appended to, never reordered: the accumulators are stored by
 * position in opn_cum.
 */
#ifndef YIBAO_CORE_FIELDS_H
#define YIBAO_CORE_FIELDS_H

#include "fen.h"

typedef enum FieldKind
{
	FK_AMOUNT,					/* yuan outside, fen inside, never negative */
	FK_INT,
	FK_CODE,					/* at most 8 bytes, packed big-endian */
	FK_TEXT,					/* pointer and length */
	FK_FLAG,					/* boolean, or '0' / '1' */
	FK_TIME						/* local time, microseconds since 2000-01-01 */
} FieldKind;

/* X(name, kind, Chinese, English) */
#define CLAIM_FIELDS(X) \
	X(medfee_sumamt, FK_AMOUNT, "医疗费总额", "total cost") \
	X(fulamt_ownpay_amt, FK_AMOUNT, "全自费金额", "fully self-paid amount") \
	X(overlmt_selfpay, FK_AMOUNT, "超限价自费费用", "amount above the limit price") \
	X(preselfpay_amt, FK_AMOUNT, "先行自付金额", "first self-pay amount") \
	X(inscp_scp_amt, FK_AMOUNT, "符合政策范围金额", "in-policy amount") \
	X(prog_pay, FK_AMOUNT, "专项补助已付金额", "already paid by a special programme") \
	X(hosp_part_amt, FK_AMOUNT, "医院负担金额", "amount the hospital bears") \
	X(acct_pay, FK_AMOUNT, "个人账户支出", "personal account payment") \
	X(acct_mulaid_pay, FK_AMOUNT, "个人账户共济支付", "family account payment") \
	X(tcm_amt, FK_AMOUNT, "中医药费用", "traditional medicine part of the cost") \
	X(insutype, FK_CODE, "险种类型", "insurance scheme") \
	X(med_type, FK_CODE, "医疗类别", "kind of visit") \
	X(hosp_lv, FK_CODE, "医院等级", "hospital level") \
	X(dedc_hosp_lv, FK_CODE, "起付线医院等级", "level for the deductible") \
	X(lmtpric_hosp_lv, FK_CODE, "限价医院等级", "level for limit prices") \
	X(psn_type, FK_CODE, "人员类别", "person type") \
	X(psn_idet_type, FK_CODE, "人员身份类别", "person's identity class") \
	X(clct_grde, FK_CODE, "缴费档次", "contribution tier") \
	X(area, FK_CODE, "就医地关系", "where the provider stands seen from the insured place") \
	X(refl, FK_CODE, "转诊情况", "referral") \
	X(filing, FK_CODE, "异地备案情况", "remote-care filing") \
	X(setl_type, FK_CODE, "结算类别", "kind of settlement") \
	X(pay_loc, FK_CODE, "支付地点类别", "place of payment") \
	X(dise_type_code, FK_CODE, "病种类型", "disease list") \
	X(matn_type, FK_CODE, "生育类别", "kind of maternity") \
	X(gend, FK_CODE, "性别", "sex") \
	X(dise_codg, FK_TEXT, "病种编码", "disease code") \
	X(fixmedins_code, FK_TEXT, "定点医药机构编号", "provider") \
	X(psn_no, FK_TEXT, "人员编号", "person") \
	X(setl_id, FK_TEXT, "结算ID", "settlement key") \
	X(er_flag, FK_FLAG, "急诊标志", "emergency") \
	X(inj_flag, FK_FLAG, "意外伤害标志", "accidental injury") \
	X(thrd_flag, FK_FLAG, "第三方责任标志", "a third party is liable") \
	X(tcm_flag, FK_FLAG, "中医医疗机构标志", "traditional medicine provider") \
	X(nwb_flag, FK_FLAG, "新生儿标志", "newborn") \
	X(pub_flag, FK_FLAG, "公立医疗机构标志", "public provider") \
	X(trt_enjymnt_flag, FK_FLAG, "待遇享受标志", "entitled on the date") \
	X(age, FK_INT, "年龄", "age in years") \
	X(year, FK_INT, "年度", "benefit year") \
	X(cal_ipt_cnt, FK_INT, "本年第几次住院", "ordinal of this stay in the year") \
	X(act_ipt_days, FK_INT, "实际住院天数", "days of the stay") \
	X(cont_years, FK_INT, "连续参保年数", "years enrolled without a gap") \
	X(zero_years, FK_INT, "连续零报销年数", "years without a claim") \
	X(gap_years, FK_INT, "断保年数", "years of gap") \
	X(enrol_months, FK_INT, "参保月数", "months enrolled") \
	X(dise_cnt, FK_INT, "慢特病种数", "number of chronic diseases") \
	X(setl_time, FK_TIME, "结算时间", "settlement time") \
	X(begntime, FK_TIME, "开始时间", "admission time") \
	X(endtime, FK_TIME, "结束时间", "discharge time") \
	X(fee_ocur_time, FK_TIME, "费用发生时间", "time of the item") \
	X(trsf_dedc, FK_AMOUNT, "转院前已付起付线", "deductible paid in the stay transferred from") \
	X(trsf_days, FK_INT, "转院间隔天数", "days between the stay transferred from and this one") \
	X(tcm_inscp, FK_AMOUNT, "中医药范围内费用", "traditional medicine part of the in-policy amount") \
	X(tcm_share, FK_INT, "中医药费用万分比", "traditional medicine in ten-thousandths of the cost") \
	X(mid_setl_flag, FK_FLAG, "中途结算标志", "settled while the stay goes on") \
	X(pre_days, FK_INT, "本次住院已结天数", "days of the same stay before this part") \
	X(psn_insu_date, FK_TIME, "参保日期", "first day of enrolment") \
	X(paus_insu_date, FK_TIME, "暂停参保日期", "first day no longer enrolled") \
	X(bonus_years, FK_INT, "参保奖励年数", "years enrolled that raise a cap") \
	X(trt_chk_rslt, FK_CODE, "不享受原因", "why not entitled") \
	X(trt_begndate, FK_TIME, "待遇开始日期", "first day of benefit") \
	X(psn_idet_types, FK_TEXT, "多重人员身份类别", "person's identity classes where there are several") \
	X(opsp_flag, FK_FLAG, "门慢门特备案标志", "registered for a chronic or special disease") \
	CLAIM_ACCUMULATORS(X)

/*
 * Opening accumulators of the person-year, in the order of opn_cum.  Counters
 * are numbers, the rest fen.  The basic layer keeps four for each benefit, the
 * others what they paid by benefit, in the order of LayerCode and Benefit.
 */
#define CLAIM_ACCUMULATORS(X) \
	X(cum_setl_cnt, FK_INT, "本年结算次数", "settlements of the year") \
	X(cum_ipt_cnt, FK_INT, "本年住院次数", "stays of the year") \
	X(cum_medfee, FK_AMOUNT, "本年总费用", "total cost of the year") \
	X(cum_preselfpay, FK_AMOUNT, "本年先行自付", "first self-pay of the year") \
	X(cum_ownpay, FK_AMOUNT, "本年全自费及超限价", "out-of-catalogue cost of the year") \
	X(cum_ipt_inscp, FK_AMOUNT, "住院范围内累计", "in-policy cost, inpatient") \
	X(cum_ipt_dedc, FK_AMOUNT, "住院起付线累计", "deductible paid, inpatient") \
	X(cum_ipt_elig, FK_AMOUNT, "住院可报累计", "eligible cost, inpatient") \
	X(cum_ipt_hifp, FK_AMOUNT, "住院统筹支付累计", "pooled payment, inpatient") \
	X(cum_otp_inscp, FK_AMOUNT, "普通门诊范围内累计", "in-policy cost, outpatient") \
	X(cum_otp_dedc, FK_AMOUNT, "普通门诊起付线累计", "deductible paid, outpatient") \
	X(cum_otp_elig, FK_AMOUNT, "普通门诊可报累计", "eligible cost, outpatient") \
	X(cum_otp_hifp, FK_AMOUNT, "普通门诊统筹支付累计", "pooled payment, outpatient") \
	X(cum_opsp_inscp, FK_AMOUNT, "慢特病范围内累计", "in-policy cost, chronic") \
	X(cum_opsp_dedc, FK_AMOUNT, "慢特病起付线累计", "deductible paid, chronic") \
	X(cum_opsp_elig, FK_AMOUNT, "慢特病可报累计", "eligible cost, chronic") \
	X(cum_opsp_hifp, FK_AMOUNT, "慢特病统筹支付累计", "pooled payment, chronic") \
	X(cum_oth_inscp, FK_AMOUNT, "其他范围内累计", "in-policy cost, other benefits") \
	X(cum_oth_dedc, FK_AMOUNT, "其他起付线累计", "deductible paid, other benefits") \
	X(cum_oth_elig, FK_AMOUNT, "其他可报累计", "eligible cost, other benefits") \
	X(cum_oth_hifp, FK_AMOUNT, "其他统筹支付累计", "pooled payment, other benefits") \
	X(cum_mi_base, FK_AMOUNT, "大病合规费用累计", "serious illness: burden counted") \
	X(cum_mi_dedc, FK_AMOUNT, "大病起付线累计", "serious illness: deductible consumed") \
	X(cum_mi_pay, FK_AMOUNT, "大病支付累计", "serious illness: paid") \
	X(cum_ma_base, FK_AMOUNT, "救助费用累计", "assistance: burden counted") \
	X(cum_ma_dedc, FK_AMOUNT, "救助起付线累计", "assistance: deductible consumed") \
	X(cum_ma_pay, FK_AMOUNT, "救助支付累计", "assistance: paid") \
	X(cum_mx_base, FK_AMOUNT, "再救助费用累计", "second assistance: burden counted") \
	X(cum_mx_dedc, FK_AMOUNT, "再救助起付线累计", "second assistance: deductible consumed") \
	X(cum_mx_pay, FK_AMOUNT, "再救助支付累计", "second assistance: paid") \
	X(cum_sp_base, FK_AMOUNT, "补充保险费用累计", "supplement: burden counted") \
	X(cum_sp_dedc, FK_AMOUNT, "补充保险起付线累计", "supplement: deductible consumed") \
	X(cum_sp_pay, FK_AMOUNT, "补充保险支付累计", "supplement: paid") \
	X(cum_day_hifp, FK_AMOUNT, "当日统筹支付累计", "pooled payment of the day") \
	X(cum_month_hifp, FK_AMOUNT, "当月统筹支付累计", "pooled payment of the month") \
	X(cum_quarter_hifp, FK_AMOUNT, "当季统筹支付累计", "pooled payment of the quarter") \
	X(cum_lv_cnt, FK_INT, "本年同级医院住院次数", "stays of the year at this level") \
	X(cum_hosp_cnt, FK_INT, "本年同一医院住院次数", "stays of the year at this hospital") \
	X(cum_area_cnt, FK_INT, "本年同类就医地住院次数", "stays of the year in places of this relation") \
	X(cum_day_elig, FK_AMOUNT, "当日可报累计", "eligible cost of the day") \
	X(cum_day_ben_hifp, FK_AMOUNT, "当日本待遇统筹支付累计", "pooled payment of the day, this benefit") \
	X(cum_day_ben_elig, FK_AMOUNT, "当日本待遇可报累计", "eligible cost of the day, this benefit") \
	X(cum_month_elig, FK_AMOUNT, "当月可报累计", "eligible cost of the month") \
	X(cum_month_ben_hifp, FK_AMOUNT, "当月本待遇统筹支付累计", "pooled payment of the month, this benefit") \
	X(cum_month_ben_elig, FK_AMOUNT, "当月本待遇可报累计", "eligible cost of the month, this benefit") \
	X(cum_quarter_elig, FK_AMOUNT, "当季可报累计", "eligible cost of the quarter") \
	X(cum_quarter_ben_hifp, FK_AMOUNT, "当季本待遇统筹支付累计", "pooled payment of the quarter, this benefit") \
	X(cum_quarter_ben_elig, FK_AMOUNT, "当季本待遇可报累计", "eligible cost of the quarter, this benefit") \
	X(cum_dise_hifp, FK_AMOUNT, "本年本病种统筹支付累计", "pooled payment of the year, this disease") \
	X(cum_dise_elig, FK_AMOUNT, "本年本病种可报累计", "eligible cost of the year, this disease") \
	X(cum_life_hifp, FK_AMOUNT, "终身统筹支付累计", "pooled payment of all years") \
	X(cum_grp_dedc, FK_AMOUNT, "本年同组起付线累计", "deductible paid this year in the group of this claim") \
	X(cum_m2_base, FK_AMOUNT, "大病二次补偿费用累计", "second serious-illness compensation: burden counted") \
	X(cum_m2_dedc, FK_AMOUNT, "大病二次补偿起付线累计", "second serious-illness compensation: deductible consumed") \
	X(cum_m2_pay, FK_AMOUNT, "大病二次补偿支付累计", "second serious-illness compensation: paid") \
	X(cum_mi_ipt_pay, FK_AMOUNT, "住院大病支付累计", "serious illness: paid, inpatient") \
	X(cum_mi_otp_pay, FK_AMOUNT, "普通门诊大病支付累计", "serious illness: paid, outpatient") \
	X(cum_mi_opsp_pay, FK_AMOUNT, "慢特病大病支付累计", "serious illness: paid, chronic") \
	X(cum_mi_oth_pay, FK_AMOUNT, "其他大病支付累计", "serious illness: paid, other benefits") \
	X(cum_m2_ipt_pay, FK_AMOUNT, "住院大病二次补偿支付累计", "second serious-illness compensation: paid, inpatient") \
	X(cum_m2_otp_pay, FK_AMOUNT, "普通门诊大病二次补偿支付累计", "second serious-illness compensation: paid, outpatient") \
	X(cum_m2_opsp_pay, FK_AMOUNT, "慢特病大病二次补偿支付累计", "second serious-illness compensation: paid, chronic") \
	X(cum_m2_oth_pay, FK_AMOUNT, "其他大病二次补偿支付累计", "second serious-illness compensation: paid, other benefits") \
	X(cum_ma_ipt_pay, FK_AMOUNT, "住院救助支付累计", "assistance: paid, inpatient") \
	X(cum_ma_otp_pay, FK_AMOUNT, "普通门诊救助支付累计", "assistance: paid, outpatient") \
	X(cum_ma_opsp_pay, FK_AMOUNT, "慢特病救助支付累计", "assistance: paid, chronic") \
	X(cum_ma_oth_pay, FK_AMOUNT, "其他救助支付累计", "assistance: paid, other benefits") \
	X(cum_mx_ipt_pay, FK_AMOUNT, "住院再救助支付累计", "second assistance: paid, inpatient") \
	X(cum_mx_otp_pay, FK_AMOUNT, "普通门诊再救助支付累计", "second assistance: paid, outpatient") \
	X(cum_mx_opsp_pay, FK_AMOUNT, "慢特病再救助支付累计", "second assistance: paid, chronic") \
	X(cum_mx_oth_pay, FK_AMOUNT, "其他再救助支付累计", "second assistance: paid, other benefits") \
	X(cum_sp_ipt_pay, FK_AMOUNT, "住院补充保险支付累计", "supplement: paid, inpatient") \
	X(cum_sp_otp_pay, FK_AMOUNT, "普通门诊补充保险支付累计", "supplement: paid, outpatient") \
	X(cum_sp_opsp_pay, FK_AMOUNT, "慢特病补充保险支付累计", "supplement: paid, chronic") \
	X(cum_sp_oth_pay, FK_AMOUNT, "其他补充保险支付累计", "supplement: paid, other benefits")

#define CLAIM_FIELD_ENUM(name, kind, zh, en) CF_##name,
typedef enum ClaimField
{
	CLAIM_FIELDS(CLAIM_FIELD_ENUM)
	CF_COUNT
} ClaimField;
#undef CLAIM_FIELD_ENUM

#define CF_CUM_FIRST	CF_cum_setl_cnt
#define CUM_COUNT		(CF_COUNT - CF_CUM_FIRST)
#define CUM(name)		(CF_cum_##name - CF_CUM_FIRST)

/* Words of a set of fields. */
#define FIELD_WORDS		((CF_COUNT + 63) / 64)

/*
 * Those that hang on the claim itself: its day, its disease, its hospital.  No
 * person-year keeps them; history.h derives them from the visits before.
 */
static inline bool
cum_is_moving(int field)
{
	return field >= CF_cum_day_hifp && field <= CF_cum_grp_dedc;
}

typedef struct FieldInfo
{
	const char *name;
	FieldKind	kind;
	const char *zh;
	const char *en;
} FieldInfo;

extern const FieldInfo claim_fields[CF_COUNT];

typedef enum FieldState
{
	FS_MISSING,					/* the row has no such column */
	FS_NULL,					/* it has, and the value is unknown */
	FS_GIVEN
} FieldState;

/*
 * One claim.  v[] holds fen, numbers, packed codes, 0/1, microseconds or, for
 * FK_TEXT, the address of len[] bytes that the caller keeps alive.
 */
typedef struct Claim
{
	int64_t		v[CF_COUNT];
	uint16_t	len[CF_COUNT];
	uint8_t		state[CF_COUNT];	/* FieldState */
} Claim;

extern int	claim_field_by_name(const char *name, size_t len);

/* Is this code in the national list (or, for our own fields, in ours)? */
extern bool claim_code_known(ClaimField field, int64_t packed);

/* The codes of a field, for messages: "01-14", "county, city, ...". */
extern const char *claim_code_list(ClaimField field);

static inline int64_t
code_pack(const char *s, size_t len)
{
	uint64_t	p = 0;

	for (size_t i = 0; i < len; i++)
		p |= (uint64_t) (unsigned char) s[i] << (56 - 8 * i);
	return (int64_t) p;
}

#define CODE_MAX	8
extern size_t code_unpack(int64_t packed, char out[CODE_MAX + 1]);

#endif							/* YIBAO_CORE_FIELDS_H */
