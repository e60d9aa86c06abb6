/*
 * sentence.c
 *	  Steps of a settlement as sentences for the person at the window.
 *
 * Both languages stand side by side, not in a message catalogue: which one is
 * wanted is an argument of explain(), and what explain() says about a stored
 * settlement must not depend on the session.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "datatype/timestamp.h"

#include "../core/calendar.h"
#include "../core/settle.h"
#include "../yibao.h"
#include "text.h"

typedef enum Lang
{
	LANG_ZH,
	LANG_EN
} Lang;

/*
 * In a sentence: %a amount, %m amount without its sign, %b base, %n base and
 * amount together, %x aux (all in yuan); %r rate in percent, %p rate without
 * its sign in points, %q aux in percent; %s the amount that it is part of; %c the components named in aux,
 * %k the benefit, %f the field and %i the code named in aux, %y the year and %d the day in
 * it, %t the period of a cap.
 */
typedef struct Sentence
{
	const char *in[2];			/* by Lang */
} Sentence;

static Lang
parse_lang(const char *lang)
{
	if (lang != NULL && strcmp(lang, "zh") == 0)
		return LANG_ZH;
	if (lang != NULL && strcmp(lang, "en") == 0)
		return LANG_EN;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("no sentences in language \"%s\"", lang != NULL ? lang : "NULL"),
			 errhint("Use 'zh' or 'en'.")));
}

static Sentence
deductible_sentence(const TraceStep *s)
{
	if (s->rate != 0 && s->aux > 0)
		return (Sentence) {{
			"起付线按上年居民人均可支配收入 %x 元的 %r 计（有上下限的，以其为限），为 %a 元",
			"deductible of %r of last year's disposable income a head of %x yuan, within its limits if it has any: %a yuan"
		}};
	if (s->rate != 0)
		return (Sentence) {{
			"起付线按费用的 %r 计（有上下限的，以其为限），为 %a 元",
			"deductible of %r of the cost, within its limits if it has any: %a yuan"
		}};
	if (s->amount == 0)
		return (Sentence) {{"不设起付线", "no deductible"}};
	return (Sentence) {{
		"费用 %b 元，扣除起付线 %a 元",
		"cost %b yuan, less the deductible of %a yuan"
	}};
}

static Sentence
deductible_change_sentence(const TraceStep *s)
{
	if (s->amount == 0)
		return (Sentence) {{
			"起付线经调整仍为 %b 元",
			"after adjustment the deductible still is %b yuan"
		}};
	if (s->rate != 0)
		return (Sentence) {{
			"起付线 %b 元按 %r 计，为 %n 元",
			"deductible of %b yuan taken at %r: %n yuan"
		}};
	if (s->base + s->amount == 0)
		return (Sentence) {{
			"起付线由 %b 元减为零",
			"deductible of %b yuan waived"
		}};
	if (s->amount < 0)
		return (Sentence) {{
			"起付线由 %b 元减少 %m 元，为 %n 元",
			"deductible of %b yuan reduced by %m to %n yuan"
		}};
	return (Sentence) {{
		"起付线由 %b 元增加 %m 元，为 %n 元",
		"deductible of %b yuan raised by %m to %n yuan"
	}};
}

static Sentence
ratio_change_sentence(const TraceStep *s)
{
	if (s->rate < 0)
		return (Sentence) {{
			"支付比例降低 %p 个百分点，为 %q",
			"ratio reduced by %p points to %q"
		}};
	if (s->rate > 0)
		return (Sentence) {{
			"支付比例提高 %p 个百分点，为 %q",
			"ratio raised by %p points to %q"
		}};
	return (Sentence) {{
		"支付比例经调整仍为 %q",
		"after adjustment the ratio still is %q"
	}};
}

static Sentence
band_sentence(const TraceStep *s)
{
	if (s->aux == FEN_INF)
		return (Sentence) {{
			"%b 元 × %r = %a 元",
			"%b yuan × %r = %a yuan"
		}};
	return (Sentence) {{
		"%x 元以下的分段：%b 元 × %r = %a 元",
		"band up to %x yuan: %b yuan × %r = %a yuan"
	}};
}

static Sentence
part_sentence(const TraceStep *s)
{
	if (s->rate < 0)
		return (Sentence) {{
			"%f可支付部分 %b 元，支付比例降低 %p 个百分点，少支付 %m 元",
			"%f, of which %b yuan are eligible: ratio reduced by %p points, %m yuan less"
		}};
	return (Sentence) {{
		"%f可支付部分 %b 元，支付比例提高 %p 个百分点，多支付 %m 元",
		"%f, of which %b yuan are eligible: ratio raised by %p points, %m yuan more"
	}};
}

static Sentence
result_change_sentence(const TraceStep *s)
{
	if (s->amount < 0)
		return (Sentence) {{
			"支付金额 %b 元按 %r 计，减少 %m 元",
			"payment of %b yuan taken at %r: %m yuan less"
		}};
	return (Sentence) {{
		"支付金额 %b 元按 %r 计，增加 %m 元",
		"payment of %b yuan taken at %r: %m yuan more"
	}};
}

static Sentence
cross_year_sentence(const TraceStep *s)
{
	if (s->aux % 10 >= 5)
		return (Sentence) {{
			"跨年度住院，本次结算新年度部分，计入 %y 年度",
			"the rest of a stay that began in the year before, counted in benefit year %y"
		}};
	return (Sentence) {{
		"跨年度住院，全程计入出院所在的 %y 年度",
		"a stay of two benefit years, counted as a whole in %y, in which it ended"
	}};
}

static Sentence
cap_sentence(const TraceStep *s)
{
	if (s->aux == 0)
		return (Sentence) {{
			"%t支付限额已用完，%m 元不予支付",
			"the %tlimit of payment is used up: %m yuan are not paid"
		}};
	return (Sentence) {{
		"应支付 %b 元，%t限额尚余 %x 元，超过的 %m 元不予支付",
		"of %b yuan the %tlimit leaves %x yuan: %m yuan are not paid"
	}};
}

/* Which limit; that of a visit or a year needs no word. */
static const char *
cap_period(const TraceStep *s, Lang lang)
{
	static const char *const words[][2] = {
		[PER_DAY] = {"本日", "day's "},
		[PER_MONTH] = {"本月", "month's "},
		[PER_QUARTER] = {"本季", "quarter's "},
		[PER_LIFE] = {"终身", "lifetime "}
	};
	static const char *const carried[][2] = {
		[PER_MONTH] = {"本年累计至本月的", "year's months' "},
		[PER_QUARTER] = {"本年累计至本季的", "year's quarters' "}
	};

	if (s->per <= PER_YEAR)
		return "";
	return s->carried ? carried[s->per][lang] : words[s->per][lang];
}

static Sentence
not_entitled_sentence(int64 reason)
{
	if (reason == code_pack("waiting", 7))
		return (Sentence) {{
			"处于待遇等待期，基金不予支付",
			"in the waiting period: the funds pay nothing"
		}};
	if (reason == code_pack("unpaid", 6))
		return (Sentence) {{
			"当日参保缴费尚未到账，基金不予支付",
			"the contribution was not paid on that day: the funds pay nothing"
		}};
	if (reason == code_pack("none", 4))
		return (Sentence) {{
			"当日未参保，基金不予支付",
			"not enrolled on that day: the funds pay nothing"
		}};
	if (reason == code_pack("other", 5))
		return (Sentence) {{
			"当日参加其他险种或在其他统筹区参保，本基金不予支付",
			"insured in another scheme or area on that day: these funds pay nothing"
		}};
	if (reason == code_pack("mother", 6))
		return (Sentence) {{
			"新生儿尚未参保，费用随母亲参保关系结算，不在本人名下支付",
			"a newborn not yet enrolled: the claim belongs to the mother's cover"
		}};
	return (Sentence) {{
		"不享受待遇，基金不予支付",
		"not entitled: the funds pay nothing"
	}};
}

static Sentence
given_sentence(const TraceStep *s)
{
	if (s->aux == 0)
		return (Sentence) {{
			"以下金额由外部系统结算，本系统照录记账，未作计算",
			"the amounts that follow were settled by another system and are recorded: nothing was computed here"
		}};
	if (s->aux == 1)
		return (Sentence) {{
			"外部系统已结算，金额与本系统计算一致",
			"settled by another system: its amounts are those computed here"
		}};
	return (Sentence) {{
		"以上为本系统按政策的计算；外部系统已结算，以其金额为准，差额如下",
		"so far this system's own computation; another system has settled it, and its amounts count: the differences follow"
	}};
}

static Sentence
sentence_for(const TraceStep *s)
{
	switch ((StepKind) s->kind)
	{
		case STEP_TOTAL:
			return (Sentence) {{"医疗费总额 %a 元", "total cost %a yuan"}};
		case STEP_OWNPAY:
			return (Sentence) {{
				"其中全自费（目录外）%a 元",
				"of it, fully self-paid (outside the catalogue) %a yuan"
			}};
		case STEP_OVERLMT:
			return (Sentence) {{
				"其中超限价自费 %a 元",
				"of it, above the limit price %a yuan"
			}};
		case STEP_PRESELF:
			return (Sentence) {{
				"其中先行自付 %a 元",
				"of it, first self-pay %a yuan"
			}};
		case STEP_PROGRAMME:
			return (Sentence) {{
				"范围内费用 %b 元，专项补助已支付 %a 元，余 %x 元",
				"of %b yuan in policy, a special programme already paid %a yuan: %x yuan remain"
			}};
		case STEP_SCOPE:
			return (Sentence) {{
				"符合政策范围的费用 %a 元",
				"cost within the policy's scope %a yuan"
			}};
		case STEP_BENEFIT:
			return (Sentence) {{"按%k待遇结算", "settled as %k"}};
		case STEP_NOT_APPLICABLE:
			return (Sentence) {{
				"不适用于本次结算",
				"does not apply to this settlement"
			}};
		case STEP_NOT_ENTITLED:
			return not_entitled_sentence(s->aux);
		case STEP_ENTITLED_FROM:
			return (Sentence) {{
				"自 %d 起享受待遇",
				"benefits begin on %d"
			}};
		case STEP_LAYER_BASE:
			return (Sentence) {{
				"计算基数（%c）%b 元",
				"base (%c): %b yuan"
			}};
		case STEP_DEDC_STD:
			return deductible_sentence(s);
		case STEP_DEDC_ADJUST:
			return deductible_change_sentence(s);
		case STEP_DEDC_CAP:
			return (Sentence) {{
				"全年起付线以 %b 元为限，已扣 %x 元，本次少扣 %m 元",
				"deductibles of a year end at %b yuan, %x yuan are taken already: %m yuan less"
			}};
		case STEP_DEDC_YEAR:
			return (Sentence) {{
				"起付线按年计算，本年已扣 %x 元，本次少扣 %m 元",
				"the deductible is yearly, %x yuan are taken already: %m yuan less"
			}};
		case STEP_DEDC_BASE:
			return (Sentence) {{
				"费用 %b 元不足起付线，少扣 %m 元",
				"cost of %b yuan is below the deductible: %m yuan less"
			}};
		case STEP_DEDC_FIRST:
			return (Sentence) {{
				"起付线先于先行自付扣除：%b 元中 %m 元落在先行自付的费用上",
				"the deductible comes before first self-pay: of %b yuan %m fall on cost that is first self-pay"
			}};
		case STEP_ELIG_CAP:
			return (Sentence) {{
				"可支付费用 %b 元，%t限额尚余 %x 元，超过的 %a 元不计入",
				"of %b yuan the %tlimit of cost leaves %x yuan: %a yuan do not count"
			}};
		case STEP_ADJUST:
			return ratio_change_sentence(s);
		case STEP_CLAMP:
			if (s->aux != 0)
				return (Sentence) {{"支付比例不低于 %r", "ratio at least %r"}};
			return (Sentence) {{"支付比例以 %r 为限", "ratio limited to %r"}};
		case STEP_BAND:
			return band_sentence(s);
		case STEP_FLAT:
			return (Sentence) {{
				"费用 %b 元，定额 %x 元，取其低者支付 %a 元",
				"cost %b yuan, flat amount %x yuan: the lower, %a yuan, is paid"
			}};
		case STEP_ROUND:
			return (Sentence) {{
				"各段合并后四舍五入，差额 %a 元",
				"rounded once and not band by band: %a yuan"
			}};
		case STEP_PART:
			return part_sentence(s);
		case STEP_RESULT_ADJUST:
			return result_change_sentence(s);
		case STEP_FLOOR:
			return (Sentence) {{
				"保底支付：不低于 %b 元的 %r，增加 %m 元",
				"floor of %r of %b yuan: %m yuan more"
			}};
		case STEP_CAP:
			return cap_sentence(s);
		case STEP_MIN_SELF:
			return (Sentence) {{
				"个人负担不低于 %b 元的 %r，减少支付 %m 元",
				"the person bears at least %r of %b yuan: %m yuan less"
			}};
		case STEP_FIRST_SELFPAY:
			return (Sentence) {{
				"范围内费用 %b 元，个人先行自付 %r，计 %a 元，其余纳入报销",
				"of %b yuan in policy %r, %a yuan, are first self-pay; the rest is reimbursed"
			}};
		case STEP_PAY_ON:
			return (Sentence) {{
				"按规定日期拨付：自 %d 起可付",
				"paid on fixed days: payable from %d on"
			}};
		case STEP_LAYER_PAY:
			return (Sentence) {{"支付 %a 元", "pays %a yuan"}};
		case STEP_HOSP:
			return (Sentence) {{
				"医疗机构负担 %a 元",
				"the provider bears %a yuan"
			}};
		case STEP_PERSON:
			return (Sentence) {{
				"总费用 %b 元，基金等支付 %x 元，个人负担 %a 元",
				"of %b yuan the funds pay %x yuan: the person's part is %a yuan"
			}};
		case STEP_ACCT:
			return (Sentence) {{
				"个人账户支付 %a 元",
				"personal account pays %a yuan"
			}};
		case STEP_MULAID:
			return (Sentence) {{
				"家庭共济账户支付 %a 元",
				"family account pays %a yuan"
			}};
		case STEP_CASH:
			return (Sentence) {{
				"个人现金支付 %a 元",
				"to pay at the window: %a yuan"
			}};
		case STEP_CATEGORY:
			if (s->carried)
				return (Sentence) {{
					"就高不重复：按人员身份类别 %i 结算，个人负担 %b 元，为最少",
					"the best of several categories, %i, by which the person bears the least, %b yuan"
				}};
			return (Sentence) {{
				"按规定次序，以人员身份类别 %i 结算",
				"settled by category %i, which comes first of several"
			}};
		case STEP_CATEGORY_OTHER:
			return (Sentence) {{
				"按人员身份类别 %i 结算则个人负担 %b 元，不取",
				"by category %i the person would bear %b yuan: not taken"
			}};
		case STEP_CROSS_YEAR:
			return cross_year_sentence(s);
		case STEP_GIVEN:
			return given_sentence(s);
		case STEP_GIVEN_AMOUNT:
			return (Sentence) {{
				"%s %a 元",
				"%s: %a yuan"
			}};
		case STEP_GIVEN_DIFF:
			return (Sentence) {{
				"%s：外部系统结算 %b 元，本系统计算 %x 元，差额 %a 元",
				"%s: settled elsewhere %b yuan, computed here %x yuan, difference %a yuan"
			}};
	}
	elog(ERROR, "unexpected step %d of a settlement", s->kind);
}

static void
append_components(StringInfo out, int64 components, Lang lang)
{
	static const struct
	{
		int			bit;
		const char *name[2];
	}			known[] = {
		{COMP_INSCP, {"范围内费用", "cost in policy"}},
		{COMP_DEDC, {"起付线", "deductible"}},
		{COMP_COPAY, {"范围内自付", "own share in policy"}},
		{COMP_OVERCAP, {"超限额费用", "cost above the limits"}},
		{COMP_PRESELF, {"先行自付", "first self-pay"}},
		{COMP_OVERLMT, {"超限价自费", "cost above the limit price"}},
		{COMP_OWNPAY, {"全自费", "fully self-paid"}},
		{COMP_FIRST, {"按比例先行自付", "first self-pay by a share"}},
	};
	const char *separator = "";

	for (size_t i = 0; i < lengthof(known); i++)
	{
		if ((components & known[i].bit) == 0)
			continue;
		appendStringInfo(out, "%s%s", separator, known[i].name[lang]);
		separator = lang == LANG_ZH ? "、" : ", ";
	}
}

static const char *
benefit_name(int64 benefit, Lang lang)
{
	static const char *const names[BEN_COUNT][2] = {
		[BEN_INPATIENT] = {"住院", "inpatient care"},
		[BEN_OUTPATIENT] = {"普通门诊", "outpatient care"},
		[BEN_CHRONIC] = {"门诊慢特病", "outpatient care of a chronic disease"},
		[BEN_OTHER] = {"其他", "another benefit"},
	};

	if (benefit < 0 || benefit >= BEN_COUNT)
		elog(ERROR, "unexpected benefit " INT64_FORMAT, benefit);
	return names[benefit][lang];
}

/* Of the amounts that another system may have settled. */
static const char *
amount_name(int amount, Lang lang)
{
	switch (amount)
	{
		case SA_act_pay_dedc:
			return lang == LANG_ZH ? "起付线" : "deductible";
		case SA_hifp_pay:
			return lang == LANG_ZH ? "统筹基金支出" : "paid by the pooled fund";
		case SA_hifmi_pay:
			return lang == LANG_ZH ? "大病保险支出" : "paid by serious-illness insurance";
		case SA_maf_pay:
			return lang == LANG_ZH ? "医疗救助支出" : "paid by medical assistance";
		case SA_oth_pay:
			return lang == LANG_ZH ? "其他支出" : "other payments";
		case SA_psn_part_amt:
			return lang == LANG_ZH ? "个人负担" : "the person's part";
	}
	elog(ERROR, "unexpected amount %d in a sentence", amount);
}

static int64
magnitude(int64 n)
{
	return n < 0 ? -n : n;
}

static void
append_points(StringInfo out, int64 ratio, int decimals)
{
	char	   *percent = yibao_format_percent(magnitude(ratio), decimals);

	appendBinaryStringInfo(out, percent, strlen(percent) - 1);
	pfree(percent);
}

static void
append_figure(StringInfo out, char figure, const TraceStep *s, Lang lang)
{
	switch (figure)
	{
		case 'a':
			appendStringInfoString(out, yibao_format_yuan(s->amount));
			break;
		case 'm':
			appendStringInfoString(out, yibao_format_yuan(magnitude(s->amount)));
			break;
		case 'b':
			appendStringInfoString(out, yibao_format_yuan(s->base));
			break;
		case 'n':
			appendStringInfoString(out, yibao_format_yuan(s->base + s->amount));
			break;
		case 'x':
			appendStringInfoString(out, yibao_format_yuan(s->aux));
			break;
		case 'r':
			appendStringInfoString(out, yibao_format_percent(s->rate, s->decimals));
			break;
		case 'p':
			append_points(out, s->rate, s->decimals);
			break;
		case 'q':
			appendStringInfoString(out, yibao_format_percent(s->aux, s->decimals));
			break;
		case 'c':
			append_components(out, s->aux, lang);
			break;
		case 's':
			appendStringInfoString(out, amount_name(s->column, lang));
			break;
		case 'f':
			appendStringInfoString(out, lang == LANG_ZH ? claim_fields[s->aux].zh :
								   claim_fields[s->aux].en);
			break;
		case 'd':
			{
				int			year,
							month,
							mday;

				day_split((Day) (s->aux / USECS_PER_DAY), &year, &month, &mday);
				appendStringInfo(out, "%04d-%02d-%02d", year, month, mday);
				break;
			}
		case 'k':
			appendStringInfoString(out, benefit_name(s->aux, lang));
			break;
		case 'y':
			appendStringInfo(out, INT64_FORMAT, s->aux / 10);
			break;
		case 'i':
			{
				char		code[CODE_MAX + 1];

				(void) code_unpack(s->aux, code);
				appendStringInfoString(out, code);
				break;
			}
		case 't':
			appendStringInfoString(out, cap_period(s, lang));
			break;
		default:
			elog(ERROR, "unexpected figure %%%c in a sentence", figure);
	}
}

const char *
yibao_layer_name(int layer, const char *lang)
{
	static const char *const names[LAYER_COUNT][2] = {
		[LAYER_BASIC] = {"基本医保", "basic insurance"},
		[LAYER_SERIOUS] = {"大病保险", "serious-illness insurance"},
		[LAYER_SECOND] = {"大病保险二次补偿", "second serious-illness compensation"},
		[LAYER_ASSIST] = {"医疗救助", "medical assistance"},
		[LAYER_TILT] = {"倾斜救助", "second assistance"},
		[LAYER_SUPPLEMENT] = {"补充保险", "supplementary insurance"},
	};
	Lang		in = parse_lang(lang);

	return layer >= 0 && layer < LAYER_COUNT ? names[layer][in] : NULL;
}

char *
yibao_sentence(const struct TraceStep *step, const char *layer_name,
			   const char *source, const char *lang)
{
	Lang		in = parse_lang(lang);
	Sentence	sentence = sentence_for(step);
	StringInfoData out;

	initStringInfo(&out);
	if (layer_name != NULL && step->layer != LAYER_COUNT)
		appendStringInfo(&out, in == LANG_ZH ? "%s：" : "%s: ", layer_name);
	for (const char *p = sentence.in[in]; *p != '\0'; p++)
	{
		if (*p == '%')
			append_figure(&out, *++p, step, in);
		else
			appendStringInfoChar(&out, *p);
	}
	if (source != NULL && source[0] != '\0')
		appendStringInfo(&out, in == LANG_ZH ? "（%s）" : " (%s)", source);
	/* a Chinese sentence needs no capital */
	if (in == LANG_EN)
		out.data[0] = pg_ascii_toupper((unsigned char) out.data[0]);
	return out.data;
}
