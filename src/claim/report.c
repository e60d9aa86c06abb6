/*
 * report.c
 *	  What the core found wrong with a claim, as an error for people.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "claim/amount.h"
#include "claim/claim.h"
#include "claim/convert.h"
#include "compat.h"
#include "core/match.h"
#include "errcodes.h"

const char *const benefit_names[BEN_COUNT] = {
	"inpatient", "outpatient", "chronic", "other"
};

const char *const layer_codes[LAYER_COUNT] = {
	"basic", "serious", "serious_second", "assistance", "tilt", "supplement"
};

/* The keys of the policy document, so that an author finds the place. */
static const char *const rule_kinds[] = {
	[RK_BENEFIT] = "benefits",
	[RK_DEDUCTIBLE] = "deductible",
	[RK_DEDUCTIBLE_ADJUST] = "deductible_adjust",
	[RK_DEDUCTIBLE_CAP] = "deductible_cap",
	[RK_RATIO] = "ratio",
	[RK_ADJUST] = "adjust",
	[RK_CAP] = "cap",
	[RK_FLOOR] = "floor",
	[RK_MIN_SELF] = "min_self",
	[RK_PAY_ON] = "pay_on",
	[RK_CROSS_YEAR] = "cross_year",
	[RK_FIRST_SELFPAY] = "first_selfpay"
};

static char *
yuan_text(int64 fen)
{
	return DatumGetCString(DirectFunctionCall1(numeric_out, amount_to_numeric(fen)));
}

/* 2018-09-18 or 2018-09-18 08:30:00, whatever the session's DateStyle. */
static char *
time_text(int64 t)
{
	struct pg_tm tm;
	fsec_t		fsec;

	if (timestamp2tm(t, NULL, &tm, &fsec, NULL, NULL) != 0)
		return pstrdup("?");
	if (tm.tm_hour == 0 && tm.tm_min == 0 && tm.tm_sec == 0 && fsec == 0)
		return psprintf("%04d-%02d-%02d", tm.tm_year, tm.tm_mon, tm.tm_mday);
	return psprintf("%04d-%02d-%02d %02d:%02d:%02d", tm.tm_year, tm.tm_mon,
					tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static char *
value_text(int field, int64 v)
{
	char		code[CODE_MAX + 1];

	if (field < 0)
		return psprintf(INT64_FORMAT, v);
	switch (claim_fields[field].kind)
	{
		case FK_AMOUNT:
			return yuan_text(v);
		case FK_CODE:
			{
				size_t		len = code_unpack(v, code);

				return pnstrdup(code, pg_encoding_verifymbstr(PG_UTF8, code, (int) len));
			}
		case FK_TIME:
			return time_text(v);
		case FK_FLAG:
			return pstrdup(v ? "true" : "false");
		default:
			return psprintf(INT64_FORMAT, v);
	}
}

/* Dimensions that some rule of the set looks at, as bits. */
static uint64
dims_of_set(const Policy *p, int set)
{
	uint64		care = 0;

	if (set < 0)
		return ~UINT64CONST(0);
	for (int d = 0; d < p->ndims; d++)
	{
		for (int k = 0; k < p->sets[set].nrules; k++)
		{
			if (!box_has(p->sets[set].rules[k].box, p->dims[d].bit0 + ATOM_UNKNOWN))
			{
				care |= UINT64CONST(1) << d;
				break;
			}
		}
	}
	return care;
}

/* "the basic layer's ratio", or "the benefit" */
static char *
parameter_text(const Policy *p, int layer, int set)
{
	const RuleSet *s;

	if (set < 0)
		return layer < LAYER_COUNT ?
			psprintf(_("layer %s"), layer_codes[layer]) : pstrdup(_("the policy"));
	s = &p->sets[set];
	if (s->kind == RK_BENEFIT)
		return pstrdup(_("\"benefits\" (which benefit and pool the visit belongs to)"));
	if (s->kind == RK_CROSS_YEAR)
		return pstrdup(_("\"cross_year\" (a stay that goes on into the next benefit year)"));
	if (s->name != NULL && s->name[0] != '\0')
		return psprintf(_("\"%s\" \"%s\" of layer %s"), rule_kinds[s->kind], s->name,
						layer_codes[s->layer]);
	return psprintf(_("\"%s\" of layer %s"), rule_kinds[s->kind], layer_codes[s->layer]);
}

static char *
rule_text(const Policy *p, int info)
{
	const RuleInfo *r = &p->info[info];

	/* nobody is cited for what nobody says */
	if (r->source == NULL || r->source[0] == '\0')
		return pstrdup(r->path);
	return psprintf(_("%s, source %s"), r->path, r->source);
}

/* The situation with the claim's own values, which say more than atoms do. */
static char *
situation_text(const CompiledPolicy *cp, const Claim *claim, int set)
{
	const Policy *p = cp->core;
	uint64		care = dims_of_set(p, set);
	StringInfoData s;

	initStringInfo(&s);
	for (int d = 0; d < p->ndims; d++)
	{
		int			f = p->dims[d].field;

		if (!((care >> d) & 1))
			continue;
		if (s.len > 0)
			appendStringInfoString(&s, ", ");
		appendStringInfo(&s, "%s = ", claim_fields[f].name);
		if (claim->state[f] != FS_GIVEN)
			appendStringInfoString(&s, claim->state[f] == FS_NULL ? "NULL" : _("not given"));
		else if (claim_fields[f].kind == FK_TEXT)
			appendStringInfo(&s, "%.*s", (int) claim->len[f],
							 (const char *) (intptr_t) claim->v[f]);
		else
			appendStringInfoString(&s, value_text(f, claim->v[f]));
	}
	if (s.len == 0)
		appendStringInfoString(&s, _("any"));
	return s.data;
}

/* Where the field would have been looked for. */
static const char *
where_missing(ClaimOrigin origin)
{
	switch (origin)
	{
		case CLAIM_IS_JSONB:
			return gettext_noop("The jsonb claim has no such key.");
		case CLAIM_IS_ARGUMENTS:
			return gettext_noop("The argument was not given, or is NULL.");
		default:
			return gettext_noop("The row has no such column.");
	}
}

static void report_cross_year(const Policy *p, const CoreError *err) pg_attribute_noreturn();

static void
report_cross_year(const Policy *p, const CoreError *err)
{
	char	   *day = time_text(err->other);

	switch ((CrossFault) err->value)
	{
		case CROSS_FAULT_WHOLE:
			ereport(ERROR,
					(errcode(ERRCODE_YB_CROSS_YEAR),
					 errmsg("the stay goes on into the benefit year that begins on %s, and the policy settles each year by itself", day),
					 errdetail("%s.", rule_text(p, err->info)),
					 errhint("Settle it in two parts: split_stay() divides its fee lines by day.")));
		case CROSS_FAULT_PART:
			ereport(ERROR,
					(errcode(ERRCODE_YB_CROSS_YEAR),
					 errmsg("this is the rest of a stay that began before %s, and the policy settles the whole of it in the year it ends", day),
					 errdetail("%s.", rule_text(p, err->info)),
					 errhint("Reverse the settlement of the first part and settle the stay as one, from its first day.")));
		case CROSS_FAULT_LAPSED:
			ereport(ERROR,
					(errcode(ERRCODE_YB_CROSS_YEAR),
					 errmsg("the stay goes on after the person's insurance ended, before %s", day),
					 errdetail("%s.", rule_text(p, err->info)),
					 errhint("Settle it up to the last day of the benefit year: split_stay() gives that part.")));
		case CROSS_FAULT_LAPSED_AFTER:
			ereport(ERROR,
					(errcode(ERRCODE_YB_CROSS_YEAR),
					 errmsg("nothing of the stay is paid from %s on, as the person is not insured any more", day),
					 errdetail("%s.", rule_text(p, err->info)),
					 errhint("What was spent from then on is the person's own; correct paus_insu_date if he is insured on.")));
	}
	elog(ERROR, "a stay of two years without a fault");
}

void
claim_ends_first(const Claim *claim)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_FIELD_TYPE),
			 errmsg("endtime %s is before begntime %s", claim_moment_text(claim->v[CF_endtime]),
					claim_moment_text(claim->v[CF_begntime])),
			 errhint("Check the two times."),
			 err_generic_string(PG_DIAG_COLUMN_NAME, "endtime")));
}

void
claim_report(const CompiledPolicy *cp, const Claim *claim, ClaimOrigin origin,
			 const CoreError *err)
{
	const Policy *p = cp->core;
	const char *name = err->field >= 0 ? claim_fields[err->field].name : "";
	bool		by_rule = err->info >= 0;

	if (err->category != 0)
	{
		Claim		one = *claim;
		CoreError	of_one = *err;

		/* so that the situation has the category that was tried */
		field_set(&one, CF_psn_idet_type, err->category);
		one.state[CF_psn_idet_types] = FS_MISSING;
		of_one.category = 0;
		claim_report(cp, &one, origin, &of_one);
	}
	switch (err->code)
	{
		case CE_FIELD_MISSING:
			ereport(ERROR,
					(errcode(ERRCODE_YB_FIELD_MISSING),
					 errmsg("%s is not given, and the policy needs it", name),
					 by_rule ?
					 errdetail("%s It is read by %s.", _(where_missing(origin)),
							   rule_text(p, err->info)) :
					 errdetail("%s", _(where_missing(origin))),
					 errhint("Add it under this name.")));
		case CE_FIELD_NULL:
			ereport(ERROR,
					(errcode(ERRCODE_YB_FIELD_NULL),
					 errmsg("%s is NULL, and money depends on it", name),
					 by_rule ?
					 errdetail("It is read by %s.", rule_text(p, err->info)) : 0,
					 errhint("Find out the value; an unknown one is never taken as zero or as \"other\".")));
		case CE_UNKNOWN_CODE:
			ereport(ERROR,
					(errcode(ERRCODE_YB_UNKNOWN_CODE),
					 errmsg("%s \"%s\" is not a code of its list", name,
							value_text(err->field, err->value)),
					 claim_code_list((ClaimField) err->field) != NULL ?
					 errdetail("The list: %s.", _(claim_code_list((ClaimField) err->field))) : 0,
					 errhint("Translate local codes into those of the national interface.")));
		case CE_OUT_OF_RANGE:
			ereport(ERROR,
					(errcode(ERRCODE_YB_AMOUNT_RANGE),
					 errmsg("%s %s is out of range", name,
							value_text(err->field, err->value)),
					 errhint("Amounts are yuan, from 0 to 99999999999999.99.")));
		case CE_PARTS:
			ereport(ERROR,
					(errcode(ERRCODE_YB_PARTS),
					 errmsg("the parts of the cost add up to %s, medfee_sumamt is %s",
							yuan_text(err->value), yuan_text(err->other)),
					 errdetail("medfee_sumamt = fulamt_ownpay_amt + overlmt_selfpay + preselfpay_amt + inscp_scp_amt, to the fen."),
					 errhint("Correct the split of the items; no difference is shared out here.")));
		case CE_PAID_ABOVE_PART:
			ereport(ERROR,
					(errcode(ERRCODE_YB_PARTS),
					 errmsg("%s %s is more than the %s that is left", name,
							yuan_text(err->value), yuan_text(err->other)),
					 err->field == CF_acct_pay ?
					 errdetail("acct_pay and acct_mulaid_pay together pay part of psn_part_amt.") : 0,
					 errhint("Nobody pays more than there is to pay; correct the amount.")));
		case CE_NOT_COVERED:
			ereport(ERROR,
					(errcode(ERRCODE_YB_NOT_COVERED),
					 errmsg("no rule of %s covers this claim",
							parameter_text(p, err->layer, err->set)),
					 errdetail("The situation: %s.", situation_text(cp, claim, err->set)),
					 errhint("Nothing is paid by guess: the policy must say what holds here, with its source.")));
		case CE_UNDECIDED:
			ereport(ERROR,
					(errcode(ERRCODE_YB_UNDECIDED),
					 errmsg("the policy leaves open what %s is",
							parameter_text(p, err->layer, err->set)),
					 p->info[err->info].note != NULL && p->info[err->info].note[0] != '\0' ?
					 errdetail("%s. %s", rule_text(p, err->info), _(p->info[err->info].note)) :
					 errdetail("%s.", rule_text(p, err->info)),
					 errhint("Ask the authority that issued the source, and state its reading in the policy.")));
		case CE_BEFORE_POLICY:
			ereport(ERROR,
					(errcode(ERRCODE_YB_NO_POLICY),
					 errmsg("the policy is not yet in force on %s", time_text(err->value)),
					 errdetail("%s decides, and the policy begins on %s.", name,
							   time_text(err->other)),
					 errhint("Use the policy that was in force on that day.")));
		case CE_AFTER_POLICY:
			ereport(ERROR,
					(errcode(ERRCODE_YB_NO_POLICY),
					 errmsg("the policy is no longer in force on %s", time_text(err->value)),
					 errdetail("%s decides, and the policy ended before %s.", name,
							   time_text(err->other)),
					 errhint("Use the policy that is in force on that day.")));
		case CE_ENDS_FIRST:
			claim_ends_first(claim);
		case CE_CROSS_YEAR:
			report_cross_year(p, err);
		case CE_NO_INCOME:
			ereport(ERROR,
					(errcode(ERRCODE_YB_UNDECIDED),
					 errmsg("the policy gives no disposable income of %lld", (long long) err->value),
					 by_rule ?
					 errdetail("%s asks for it, and %s leaves it open.", rule_text(p, (int) err->other),
							   rule_text(p, err->info)) :
					 errdetail("%s asks for it.", rule_text(p, (int) err->other)),
					 errhint("Add the year to \"income\", with its source.")));
		case CE_CATEGORIES_OPEN:
			ereport(ERROR,
					(errcode(ERRCODE_YB_UNDECIDED),
					 errmsg("the policy does not say by which of several categories a claim is settled (P17)"),
					 errdetail("psn_idet_types is %.*s.", (int) claim->len[CF_psn_idet_types],
							   (const char *) (intptr_t) claim->v[CF_psn_idet_types]),
					 errhint("State it in \"categories\": {\"several\": \"best\"} (就高不重复) or \"precedence\"; or send the one code as psn_idet_type.")));
		case CE_CATEGORY_NOT_LISTED:
			ereport(ERROR,
					(errcode(ERRCODE_YB_NOT_COVERED),
					 errmsg("none of the categories %.*s stands in the policy's order",
							(int) claim->len[CF_psn_idet_types],
							(const char *) (intptr_t) claim->v[CF_psn_idet_types]),
					 errdetail("%s.", rule_text(p, err->info)),
					 errhint("Add them to \"order\" of \"categories\", with the source; or send the one code as psn_idet_type.")));
		case CE_CATEGORY_LIST:
			field_bad_categories((const char *) (intptr_t) claim->v[CF_psn_idet_types],
								 claim->len[CF_psn_idet_types]);
		case CE_OVERFLOW:
			ereport(ERROR,
					(errcode(ERRCODE_YB_AMOUNT_RANGE),
					 errmsg("%s would go beyond the largest amount", name),
					 errdetail("It is %s, and %s is added.",
							   value_text(err->field, err->value),
							   value_text(err->field, err->other)),
					 errhint("Check the opening accumulators of the person-year.")));
		case CE_OK:
			break;
	}
	elog(ERROR, "settlement failed without a reason");
}
