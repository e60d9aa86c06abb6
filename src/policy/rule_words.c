/*
 * rule_words.c
 *	  A row of policy_rules() as a sentence, in Chinese or English.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "policy/author.h"
#include "text/text.h"

typedef struct Phrase
{
	const char *en;
	const char *zh;
} Phrase;

/* Words of policy_rules; longer ones before those that they contain.  What is not here stays. */
static const Phrase phrases[] = {
	{"own_fund ", "本统筹基金 "},
	{"other_book", "其他基金"},
	{"external", "外部支付方"},
	{"hospital_direct", "直接付给定点机构"},
	{"centre_advances", "经办机构垫付"},
	{"remit_up", "上解上级"},
	{"insurer", "商业保险公司承办"},
	{"self_run", "基金自办"},
	{", set aside with_personal_receipt", "，随个人缴费提取"},
	{", set aside waterfall", "，按先后顺序提取"},
	{", set aside at_remittance", "，上缴时提取"},
	{" of received_income", "，基数为实收收入"},
	{" of budget_income", "，基数为预算收入"},
	{" after the serious-illness part", "，先扣除大病部分"},
	{", half_up_outpatient", "，门诊部分四舍五入、余数归住院"},
	{", floor_residual_inpatient", "，门诊部分舍去零头、余数归住院"},
	{", kinds ", "，收入种类："},
	{"contribution", "个人缴费"},
	{"subsidy", "财政补贴"},
	{"collective", "集体扶持"},
	{"surplus_returned", "大病结余返还"},
	{"interest", "利息"},
	{"penalty", "违约金"},
	{" of the giving pool", "（占调出池当年分得的资金）"},
	{"the giving pool keeps ", "调出池至少保留 "},
	{" months of spending", " 个月支出"},
	{", or the next working day", "，遇节假日顺延"},
	{", working day or not", "，节假日不顺延"},
	{"; what is late the provider is not paid", "；逾期的不向定点机构支付"},
	{"; what is late is reported", "；逾期的照付，另行列示"},
	{" of each month", " 日"},
	{" of each year", "（每年）"},
	{"a stay for which the basic layer pays nothing is not counted", "基本医保未支付的住院不计次"},
	{"a stay for which the basic layer pays nothing is counted too", "基本医保未支付的住院也计次"},
	{"such a stay is not counted", "此类住院不计次"},
	{"every stay is counted", "每次住院都计次"},
	{" of the visits of a month", "（占每月人次）"},
	{" of the visits of a quarter", "（占每季人次）"},
	{" of the visits of a year", "（占每年人次）"},
	{", rounded up", "，向上取整"},
	{", rounded half up", "，四舍五入"},
	{", +", "，每增一档加 "},
	{" for each dise_cnt above ", "，慢特病种数超过 "},
	{" days: from birth", " 天内缴费的自出生起享受"},
	{"paid within ", "出生后 "},
	{", the next year too", "，跨年的次年同样"},
	{"; later: next_day", "；逾期缴费的自次日起"},
	{"; later: next_month", "；逾期缴费的自次月起"},
	{"; later: waiting", "；逾期缴费的按待遇等待期"},
	{"; later: ", "；逾期缴费的："},
	{" days after the payment", " 天后（自缴费起）"},
	{"; until then under the mother", "；此前随母亲享受"},
	{", others bridge", "，其他险种的年度不计也不断"},
	{", others count", "，其他险种的年度同样计入"},
	{"restart after a gap", "断保后重新计"},
	{"keep after a gap", "断保后保留"},
	{", elsewhere counts", "，在外地参保的计入"},
	{", elsewhere breaks", "，在外地参保的视为中断"},
	{"years in which none of ", "以下各项均未支付的年度："},
	{" paid, followed by a year of cover", "，且次年继续参保"},
	{" paid; from zero after a year in which serious illness paid more than ", "；大病保险支付超过以下金额的次年归零："},
	{"; from zero after a year in which serious illness paid more than ", "；大病保险支付超过以下金额的次年归零："},
	{" paid, ", "，"},
	{"no waiting period", "免待遇等待期"},
	{", no gap", "，不计断保"},
	{"no gap", "不计断保"},
	{", when paid within ", "，须按期缴费，期限 "},
	{"years in a row completed", "连续参保年数按已满年度计"},
	{"years in a row with the current one", "连续参保年数含当年"},
	{", others ", "，其他险种的年度 "},
	{"; those after ", "；超过 "},
	{" raise caps, ", " 年的提高限额，"},
	{" after a gap", "（断保后）"},
	{" months less of what the gap added for each year paid up; from ", " 个月（每补缴一年减少的等待期）；断保满 "},
	{" gap years on at least ", " 年的至少 "},
	{"who has cover on the day of ", "按此日期是否参保："},
	{"; years count from ", "；年数起算于 "},
	{", elsewhere ", "，在外地参保的 "},
	{"a stay of two benefit years is settled as a whole in the year it ends", "跨年度住院全程计入出院所在年度"},
	{"a stay of two benefit years is settled in parts, by the day of each item", "跨年度住院按费用发生日分年度结算"},
	{"a stay of two benefit years may be settled at the year's end, or as a whole in the year it ends", "跨年度住院可在年末中途结算，也可全程计入出院所在年度"},
	{"at the year's end a patient is discharged and admitted again", "年末出院，次年重新办理入院"},
	{", and who is not insured on is paid up to the year's end", "，次年未参保的只结算到年末"},
	{", also of who is not insured on", "，次年未参保的同样"},
	{"begins on the day of enrolment", "自参保日起算"},
	{"begins on ", "起始月日 "},
	{", called by the year it ends in", "，以截止年份称呼"},
	{", called by the year it begins in", "，以起始年份称呼"},
	{", a claim is of the year of its ", "，归入年度所依日期 "},
	{", with this document accumulators begin anew", "，自本文件起累计重新起算"},
	{", with this document accumulators go on", "，累计延续"},
	{"paid late, or after a gap", "逾期缴费或断保后续保"},
	{" months, and ", " 个月，另加 "},
	{" for each gap year after the first, from ", " 个月（首个断保年度之外每断保一年），起于"},
	{" for each gap year, from ", " 个月（每断保一年），起于"},
	{"the first day of cover, if paid before it, to ", "参保首日（此前已缴费的），止于"},
	{"the payment, to ", "缴费到账日，止于"},
	{"the first of a month", "月初"},
	{"the day", "当日"},
	{"; a first enrolment waits, too", "；首次参保同样等待"},
	{"paid in time from ", "缴费期自 "},
	{" of the year before to ", "（上一年）至 "},
	{" of the year before", "（上一年）"},
	{" of the coverage year", "（参保当年）"},
	{"registered within ", "入院登记限 "},
	{" hours of admission, of an emergency ", " 小时，急诊 "},
	{", by clock_hours", " 小时，按钟点计"},
	{", by calendar_day", " 小时，按自然日计"},
	{"balance over a twelfth of ", "结余除以月均支出，支出取 "},
	{"last_12_months", "近12个月"},
	{"last_year", "上年"},
	{"current_budget", "当年预算"},
	{"a negative payment by case is none", "按病种支付额为负的按零计"},
	{"a negative payment by case is taken off", "按病种支付额为负的予以冲减"},
	{"from the surplus, at most ", "动用结余，不超过 "},
	{" a year", "（每年）"},
	{"nothing before the budget", "批准前不得支出"},
	{"last year's, of the same quarters", "参照上年同期预算"},
	{"against an approved form, within the budget", "凭已审批的预拨审批表，在预算内"},
	{"names its form", "注明预拨审批表"},
	{"; the account holds at most ", "；支出户最多留存 "},
	{" months of ", " 个月，按 "},
	{"last_only", "只可退最后一笔"},
	{"alone", "只退该笔，后续结算不变"},
	{"replay", "后续结算重算，补记差额"},
	{"arrival", "按到达顺序"},
	{"service_date", "按就诊日期"},
	{"after_preselfpay", "先自付、后扣起付线"},
	{"before_preselfpay", "先扣起付线、后自付"},
	{"each band half up to the fen", "各段四舍五入到分"},
	{"the layer's payment half up to the fen", "合计后四舍五入到分"},
	{"the layer applies", "适用本层"},
	{"bands from zero, by visit:", "分段（自零元起，按次）："},
	{"bands from zero, by year:", "分段（自零元起，按年累计）："},
	{"bands from deductible, by visit:", "分段（自起付线起，按次）："},
	{"bands from deductible, by year:", "分段（自起付线起，按年累计）："},
	{", and ", "，另加 "},
	{", or the cost when that is less", "，费用不足的按费用"},
	{" for each stay of the year before, not below ", "（本年此前每次住院），不低于 "},
	{"once for every ", "每满 "},
	{" days begun", " 天起计一次"},
	{", not above ", "，不超过 "},
	{" for each year of age", "（按年龄每岁）"},
	{"payment at most ", "支付额不超过 "},
	{"eligible cost at most ", "可支付费用不超过 "},
	{" of deductibles per year", "（全年起付线合计）"},
	{"at most ", "不超过 "},
	{"at least ", "不低于 "},
	{", once for group ", "，同组合计一次："},
	{" at each hospital", "（按医院）"},
	{", not adjusted", "，不作调整"},
	{"payable on", "拨付日期"},
	{"payable with the settlement", "随结算拨付"},
	{" per visit", "（每次）"},
	{" per year", "（每年）"},
	{" per day", "（每日）"},
	{" per month", "（每月）"},
	{" per quarter", "（每季）"},
	{" per lifetime", "（终身）"},
	{", unused part lost", "，未用完的作废"},
	{", unused part carried", "，未用完的本年内累加"},
	{", this disease only", "，只计本病种"},
	{" of the in-policy amount, before the deductible", "（占范围内费用，先于起付线）"},
	{" of what the deductible leaves of the in-policy amount", "（占范围内费用扣除起付线后的余额）"},
	{", points or factor left open (P01)", "（百分点还是系数，来源未定，P01）"},
	{"reduced by ", "降低 "},
	{"ratio x ", "比例乘以 "},
	{"payment x ", "支付额乘以 "},
	{", this benefit only", "，只计本待遇"},
	{", counting ", "，合并计算"},
	{", shared by ", "，合用的层："},
	{" of total", "（占总费用）"},
	{" of inscp", "（占范围内费用）"},
	{" of income", "（占上年居民人均可支配收入）"},
	{"less what the stay transferred from took", "减去转出的那次住院已付的起付线"},
	{", within ", "，间隔不超过 "},
	{" days", " 天"},
	{" points on tcm_inscp, which bears its share of what is cut", "（百分点），只对中医药范围内费用，按比例承担扣减"},
	{" points on tcm_inscp, which bears the first of what is cut", "（百分点），只对中医药范围内费用，扣减先由它承担"},
	{" points on tcm_inscp, which bears the last of what is cut", "（百分点），只对中医药范围内费用，扣减最后由它承担"},
	{" points", "（百分点）"},
	{"way of payment unknown", "付款方式未载"},
	{"unknown", "来源未载"},
	{", above ", "，以上 "},
	{", to ", "，至 "},
	{" to ", " 至 "},
	{" all ", " 全部 "},
	{"always", "一律"},
	{"coverage_year", "参保年度"},
	{"inpatient", "住院"},
	{"outpatient", "门诊"},
	{"chronic", "慢特病"},
	{"other, pool ", "其他，基金池 "},
	{", pool ", "，基金池 "},
	{"of several categories the one that leaves the person least", "有多重身份的，按个人负担最少的一类"},
	{"of several categories the first of ", "有多重身份的，按以下次序取第一类："},
	{" a head", "（每人）"},
	{" and ", " 且 "},
	{", other", "，其他"},
	{", by visit", "，按次"},
	{", by provider_year", "，按机构年度"},
	{" of drugs", "（占药品费用）"},
	{"fulamt_ownpay_amt", "全自费"},
	{"overlmt_selfpay", "超限价自费"},
	{"setl_time", "结算时间"},
	{"begntime", "入院时间"},
	{"endtime", "出院时间"},
	{"fee_ocur_time", "费用发生时间"},
	{"hifmi_pay", "大病支付"},
	{"maf_pay", "救助支付"},
	{"oth_pay", "其他支付"},
	{"each year of gap", "每个断保年度"},
	{"each return after a gap", "每次断保后续保"},
	{"veteran", "退役军人"},
	{"spouse", "随军配偶"},
	{"released", "刑满释放"},
	{"scheme_change", "险种转换"},
	{"moved", "统筹区转移"},
	{"newborn", "新生儿"},
	{"day ", "每月 "},
	{"year = ", "年度为 "},
	{"serious_second", "大病二次补偿"},
	{"serious", "大病保险"},
	{"assistance", "医疗救助"},
	{"basic", "基本医保"},
	{"tilt", "倾斜救助"},
	{" months", " 个月"},
};

/* Words that are a whole effect, or a sum of them. */
static const Phrase values[] = {
	{"own_fund", "本统筹基金"},
	{"inscp", "范围内费用"},
	{"deductible", "起付线部分"},
	{"copay", "个人自付部分"},
	{"over_cap", "超限额部分"},
	{"preselfpay", "先行自付"},
	{"overlmt", "超限价自费"},
	{"ownpay", "全自费"},
	{"sum", "相加"},
	{"best", "取最有利的一项"},
	{"sequential", "依次"},
	{"product", "连乘"},
	{"queue", "先结算后补足（挂账）"},
	{"refuse", "不予结算"},
	{"income_on_receipt", "到账即作收入"},
	{"temp_until_year_start", "先作暂收款，次年1月1日转作收入"},
	{"keep_by_pool", "各池自留"},
	{"resplit", "重新分账"},
	{"to_unallocated", "转入未分配"},
	{"report", "只报告"},
	{"deduct_provider", "由机构承担"},
	{"manual_only", "只能手工报销"},
	{"unpaid", "不付，仍为应付"},
	{"temp_receipt", "列暂收款"},
	{"reduce_expense", "冲减支出"},
	{"other_income", "列其他收入"},
	{"fund_balance", "直接增加结余"},
	{"reduce_serious_expense", "冲减大病保险支出"},
	{"serious_expense", "大病保险支出"},
	{"remit_up", "上解上级支出"},
	{"refused", "不得编制"},
};

static const Phrase parameters[] = {
	{"benefit", "待遇归属"},
	{"deductible", "起付标准"},
	{"deductible_adjust", "起付标准调整"},
	{"deductible_cap", "全年起付线限额"},
	{"ratio", "支付比例"},
	{"adjust", "支付比例调整"},
	{"cap", "支付限额"},
	{"floor", "保底支付"},
	{"min_self", "个人最低负担"},
	{"first_selfpay", "先行自付比例"},
	{"payer", "支付方"},
	{"base", "计算基数"},
	{"combine", "几项调整的合并"},
	{"ratio_min", "支付比例下限"},
	{"ratio_max", "支付比例上限"},
	{"deductible_order", "起付线与先行自付的先后"},
	{"rounding", "取舍"},
	{"applies", "适用范围"},
	{"year", "待遇年度"},
	{"cross_year", "跨年度住院"},
	{"reversal", "退费"},
	{"late_manual", "迟到的手工报销"},
	{"split", "门诊住院分账"},
	{"serious", "大病保险资金"},
	{"on_pool_short", "基金不足时"},
	{"next_year_receipts", "预收下年度保费"},
	{"carry", "年度结余"},
	{"transfer", "基金划转"},
	{"heads", "参保人数依据"},
	{"late_registration", "逾期登记"},
	{"deposit_book", "质量保证金记账"},
	{"prior_year_recovery", "追回以前年度支出"},
	{"surplus_return", "大病结余返还"},
	{"serious_subject", "大病保险费科目"},
	{"deadline", "期限"},
	{"deficit_budget", "赤字预算"},
	{"interim_budget", "预算批准前"},
	{"appropriation", "基金预拨"},
	{"months_payable", "可支付月数"},
	{"drg", "按病种付费"},
	{"entitled", "待遇享受"},
	{"window", "缴费期"},
	{"waiting", "待遇等待期"},
	{"repair", "补缴"},
	{"exempt", "豁免人群"},
	{"newborn", "新生儿"},
	{"continuous", "连续参保"},
	{"zero_claim", "零报销"},
	{"gap", "断保"},
	{"admission_clock", "入院登记时限"},
	{"sampling", "抽查"},
	{"catalogue_share", "目录外占比"},
	{"assumption", "编制假设"},
	{"unknown", "来源未载事项"},
	{"income", "居民人均可支配收入"},
	{"pay_on", "拨付日期"},
	{"categories", "多重身份类别"},
	{"counts", "住院次数"},
};

/* Our own codes; those of the national lists are known by number. */
static const Phrase codes[] = {
	{"area county", "本县"}, {"area other", "他县"}, {"area city", "市"},
	{"area province", "省"}, {"area outside", "省外"},
	{"refl none", "未转诊"}, {"refl up", "上转"}, {"refl down", "下转"},
	{"refl exempt", "免转诊"},
	{"filing none", "未备案"}, {"filing longstay", "长期备案"},
	{"filing referral", "转诊备案"}, {"filing urgent", "急诊"}, {"filing temp", "临时外出"},
};

static const char *
phrase_for(const Phrase *list, size_t n, const char *en, size_t len)
{
	for (size_t i = 0; i < n; i++)
	{
		if (strlen(list[i].en) == len && memcmp(list[i].en, en, len) == 0)
			return list[i].zh;
	}
	return NULL;
}

/* "copay + preselfpay", "queue": NULL where a word is none of the values. */
static char *
values_zh(const char *words)
{
	StringInfoData s;

	initStringInfo(&s);
	for (const char *p = words;;)
	{
		const char *plus = strstr(p, " + ");
		const char *zh = phrase_for(values, lengthof(values), p, plus != NULL ? (size_t) (plus - p) : strlen(p));

		if (zh == NULL)
			return NULL;
		appendStringInfoString(&s, zh);
		if (plus == NULL)
			return s.data;
		appendStringInfoString(&s, " + ");
		p = plus + 3;
	}
}

char *
rule_effect_zh(const char *words)
{
	StringInfoData s;
	char	   *whole = values_zh(words);

	if (whole != NULL)
		return whole;
	initStringInfo(&s);
	for (const char *p = words; *p != '\0';)
	{
		bool		found = false;

		for (size_t i = 0; i < lengthof(phrases) && !found; i++)
		{
			size_t		len = strlen(phrases[i].en);

			if (strncmp(p, phrases[i].en, len) != 0)
				continue;
			appendStringInfoString(&s, phrases[i].zh);
			p += len;
			found = true;
		}
		if (!found)
			appendStringInfoChar(&s, *p++);
	}
	return s.data;
}

static char *
cond_value(const Cond *cond, int i)
{
	char		code[CODE_MAX + 1];

	if (claim_fields[cond->field].kind == FK_TEXT)
		return pnstrdup(cond->texts[i].s, cond->texts[i].len);
	code_unpack(cond->codes[i], code);
	return pstrdup(code);
}

static int
cmp_word(const void *a, const void *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

/* The codes of a condition in the order of their bytes, each once. */
static char **
cond_values(const Cond *cond, int *n)
{
	char	  **v = palloc_array(char *, cond->nvalues + 1);
	int			m = 0;

	for (int i = 0; i < cond->nvalues; i++)
		v[i] = cond_value(cond, i);
	qsort(v, cond->nvalues, sizeof(char *), cmp_word);
	for (int i = 0; i < cond->nvalues; i++)
	{
		if (i == 0 || strcmp(v[i], v[i - 1]) != 0)
			v[m++] = v[i];
	}
	*n = m;
	return v;
}

static void
append_cond(StringInfo s, const Cond *cond, bool zh)
{
	const FieldInfo *f = &claim_fields[cond->field];
	const char *name = zh ? f->zh : f->name;

	if (f->kind == FK_CODE || f->kind == FK_TEXT)
	{
		int			n;
		char	  **v = cond_values(cond, &n);

		appendStringInfo(s, zh ? (cond->negate ? "%s不为" : "%s为") :
						 (cond->negate ? "%s not in (" : "%s in ("), name);
		for (int i = 0; i < n; i++)
		{
			char	   *named = psprintf("%s %s", f->name, v[i]);
			const char *word = zh ? phrase_for(codes, lengthof(codes), named, strlen(named)) : NULL;

			appendStringInfo(s, "%s%s", i == 0 ? "" : zh ? "、" : ", ", word != NULL ? word : v[i]);
		}
		if (!zh)
			appendStringInfoChar(s, ')');
	}
	else if (f->kind == FK_FLAG)
		appendStringInfo(s, "%s%s", cond->codes[0] ? "" : zh ? "非" : "not ", name);
	else
	{
		appendStringInfoString(s, name);
		if (cond->lo != PG_INT64_MIN)
			appendStringInfo(s, zh ? "≥%s" : " >= %s", number_words(f->kind, cond->lo));
		if (cond->hi != PG_INT64_MAX)
			appendStringInfo(s, zh ? "%s<%s" : "%s < %s",
							 cond->lo == PG_INT64_MIN ? "" : zh ? "且" : " and",
							 number_words(f->kind, cond->hi));
	}
}

/* Conditions, codes in order, in the language. */
char *
conds_sentence(const List *conds, bool zh)
{
	StringInfoData s;
	const ListCell *lc;

	initStringInfo(&s);
	foreach(lc, conds)
	{
		if (s.len > 0)
			appendStringInfoString(&s, zh ? "，" : " and ");
		append_cond(&s, lfirst(lc), zh);
	}
	return s.data;
}

/* The condition of a row in the language. */
char *
rule_when(const RuleRow *row, bool zh)
{
	if (row->conds == NIL)
		return row->condition == NULL ? pstrdup("") :
			zh ? rule_effect_zh(row->condition) : pstrdup(row->condition);
	return conds_sentence(row->conds, zh);
}

/* "基本医保支付比例（医院等级为05）" */
char *
rule_subject(const RuleRow *row, const char *lang, bool with_when)
{
	static const char *const layers[] = {
		"basic", "serious", "serious_second", "assistance", "tilt", "supplement"
	};
	StringInfoData s;
	const char *layer = NULL;
	size_t		len = strcspn(row->parameter, " ");
	const char *rest = row->parameter + len;
	const char *word = phrase_for(parameters, lengthof(parameters), row->parameter, len);
	bool		zh = strcmp(lang, "zh") == 0;
	char	   *when = rule_when(row, zh);

	initStringInfo(&s);
	for (int l = 0; row->layer != NULL && l < (int) lengthof(layers); l++)
	{
		if (strcmp(layers[l], row->layer) == 0)
			layer = yibao_layer_name(l, lang);
	}
	if (layer != NULL)
		appendStringInfo(&s, zh ? "%s" : "%s, ", layer);
	else if (row->layer != NULL)
		appendStringInfo(&s, zh ? "%s" : "%s, ",
						 !zh ? row->layer :
						 strcmp(row->layer, "fund") == 0 ? "基金：" :
						 strcmp(row->layer, "enrolment") == 0 ? "参保：" :
						 strcmp(row->layer, "controls") == 0 ? "监管：" : row->layer);
	if (zh && word != NULL)
	{
		appendStringInfoString(&s, word);
		if (*rest != '\0')
			appendStringInfo(&s, "“%s”", rest + 1);
	}
	else
		appendStringInfoString(&s, row->parameter);
	if (strcmp(row->parameter, "assumption") == 0 && row->assumed != NIL)
		appendStringInfo(&s, " %s", (char *) linitial(row->assumed));
	if (with_when && when[0] != '\0' && strcmp(when, "always") != 0 && strcmp(when, "一律") != 0)
		appendStringInfo(&s, zh ? "（%s）" : " (%s)", when);
	return s.data;
}

/* "基本医保支付比例（医院等级为05）：0.75" */
char *
rule_sentence(const RuleRow *row, const char *lang)
{
	bool		zh = strcmp(lang, "zh") == 0;
	char	   *about = rule_subject(row, lang, true);
	bool		own = strcmp(row->parameter, "unknown") == 0 || strcmp(row->parameter, "assumption") == 0;

	if (row->effect == NULL)
		return about;
	/* what the author wrote is left as it is */
	return psprintf(zh ? "%s：%s" : "%s: %s", about, zh && !own ? rule_effect_zh(row->effect) : row->effect);
}
