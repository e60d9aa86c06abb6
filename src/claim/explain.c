/*
 * explain.c
 *	  The steps of a settlement as rows.
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "claim/amount.h"
#include "claim/claim.h"
#include "compat.h"
#include "errcodes.h"
#include "text/text.h"

#define EXPLAIN_COLUMNS 11

/* What a step is called in the column "item". */
static const char *const step_items[] = {
	[STEP_TOTAL] = "total",
	[STEP_OWNPAY] = "own_pay",
	[STEP_OVERLMT] = "over_limit_price",
	[STEP_PRESELF] = "first_self_pay",
	[STEP_PROGRAMME] = "programme",
	[STEP_SCOPE] = "in_policy",
	[STEP_BENEFIT] = "benefit",
	[STEP_NOT_APPLICABLE] = "not_applicable",
	[STEP_NOT_ENTITLED] = "not_entitled",
	[STEP_ENTITLED_FROM] = "entitled_from",
	[STEP_LAYER_BASE] = "base",
	[STEP_DEDC_STD] = "deductible",
	[STEP_DEDC_ADJUST] = "deductible_adjust",
	[STEP_DEDC_CAP] = "deductible_cap",
	[STEP_DEDC_YEAR] = "deductible_year",
	[STEP_DEDC_BASE] = "deductible_base",
	[STEP_DEDC_FIRST] = "deductible_first",
	[STEP_ELIG_CAP] = "eligible_cap",
	[STEP_ADJUST] = "ratio_adjust",
	[STEP_CLAMP] = "ratio_limit",
	[STEP_BAND] = "band",
	[STEP_FLAT] = "flat",
	[STEP_ROUND] = "rounding",
	[STEP_PART] = "part",
	[STEP_RESULT_ADJUST] = "result_adjust",
	[STEP_FLOOR] = "floor",
	[STEP_CAP] = "cap",
	[STEP_MIN_SELF] = "min_self",
	[STEP_PAY_ON] = "pay_on",
	[STEP_LAYER_PAY] = "pays",
	[STEP_HOSP] = "hospital",
	[STEP_PERSON] = "person",
	[STEP_ACCT] = "account",
	[STEP_MULAID] = "family_account",
	[STEP_FIRST_SELFPAY] = "first_self_pay_share",
	[STEP_CASH] = "cash",
	[STEP_CATEGORY] = "category",
	[STEP_CATEGORY_OTHER] = "category_other",
	[STEP_CROSS_YEAR] = "cross_year",
	[STEP_GIVEN] = "given",
	[STEP_GIVEN_AMOUNT] = "given_amount",
	[STEP_GIVEN_DIFF] = "given_difference"
};

/*
 * "zh" and "en" and what begins with them (zh_CN.UTF-8) are languages;
 * everything else is an error.
 */
static bool
is_chinese(const char *lang)
{
	if (strncmp(lang, "zh", 2) == 0 && strchr("_-.", lang[2]) != NULL)
		return true;
	if (strncmp(lang, "en", 2) == 0 && strchr("_-.", lang[2]) != NULL)
		return false;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("there are no sentences in language \"%s\"", lang),
			 errhint("Use 'zh' or 'en'.")));
}

void
claim_explain_rows(FunctionCallInfo fcinfo, const CompiledPolicy *cp,
				   const Trace *trace, const char *lang)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	bool		chinese = is_chinese(lang);

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < trace->n; i++)
	{
		const TraceStep *t = &trace->step[i];
		bool		of_layer = t->layer < LAYER_COUNT;
		const RuleInfo *info = t->info >= 0 ? &cp->core->info[t->info] : NULL;
		char	   *sentence;
		Datum		values[EXPLAIN_COLUMNS] = {0};
		bool		nulls[EXPLAIN_COLUMNS] = {false};

		values[0] = Int32GetDatum(i + 1);
		nulls[1] = !of_layer;
		if (of_layer)
			values[1] = CStringGetTextDatum(layer_codes[t->layer]);
		values[2] = CStringGetTextDatum(step_items[t->kind]);
		nulls[3] = nulls[4] = nulls[5] = true;
		if (info != NULL)
		{
			values[3] = CStringGetTextDatum(info->path);
			nulls[3] = false;
			if (info->source != NULL)
			{
				values[4] = CStringGetTextDatum(info->source);
				nulls[4] = false;
			}
			if (info->trust != NULL)
			{
				values[5] = CStringGetTextDatum(info->trust);
				nulls[5] = false;
			}
		}
		values[6] = amount_to_numeric(t->base);
		nulls[7] = t->rate == 0 && t->kind != STEP_BAND;
		if (!nulls[7])
			values[7] = decimals_to_numeric(t->rate, t->decimals);
		values[8] = amount_to_numeric(t->amount);
		nulls[9] = t->column >= SA_COUNT;
		if (!nulls[9])
			values[9] = CStringGetTextDatum(settlement_names[t->column]);
		sentence = yibao_sentence(t, of_layer ? yibao_layer_name(t->layer, chinese ? "zh" : "en") : NULL,
								  info != NULL ? info->source : NULL,
								  chinese ? "zh" : "en");
		if (t->kind == STEP_NOT_APPLICABLE && info != NULL && info->when != NULL)
			sentence = chinese ? psprintf("%s，仅适用于：%s", sentence, info->when) :
				psprintf("%s, only where %s", sentence, info->when_en);
		if (info != NULL && info->assumed != NULL)
			sentence = chinese ? psprintf("%s〔假设 %s〕", sentence, info->assumed) :
				psprintf("%s [assumed: %s]", sentence, info->assumed_en);
		values[10] = CStringGetTextDatum(sentence);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
}

typedef struct ExplainState
{
	PolicyArg  *policy;
	ClaimArg   *claim;
	Trace		trace;
} ExplainState;

PG_FUNCTION_INFO_V1(yibao_explain);
Datum
yibao_explain(PG_FUNCTION_ARGS)
{
	ExplainState *state = fcinfo->flinfo->fn_extra;
	CompiledPolicy *cp;
	FieldMask	want;
	Claim		claim;
	Settlement	s;

	if (state == NULL)
	{
		yibao_check_version();
		state = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(ExplainState));
		state->policy = policy_arg_create(fcinfo->flinfo, 0);
		state->claim = claim_arg_create(fcinfo->flinfo, 1);
		fcinfo->flinfo->fn_extra = state;
	}
	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_YB_NO_POLICY),
				 errmsg("the policy is NULL"),
				 errhint("Check that one is in force on the claim's date.")));
	cp = policy_arg_get(state->policy, PG_GETARG_DATUM(0));
	claim_fields_of(cp->core, &want);
	claim_arg_read(state->claim, PG_GETARG_DATUM(1), PG_ARGISNULL(1), &want, &claim);
	claim_explain(cp, &claim, claim_arg_reader(state->claim), &s, &state->trace);
	if (state->trace.n == TRACE_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the settlement has more than %d steps", TRACE_MAX - 1),
				 errhint("settle() computes it all the same.")));
	claim_explain_rows(fcinfo, cp, &state->trace,
					   PG_ARGISNULL(2) ? "zh" : text_to_cstring(PG_GETARG_TEXT_PP(2)));
	return (Datum) 0;
}
