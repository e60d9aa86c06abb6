/*
 * stay.c
 *	  split_stay(): a stay of two benefit years as one claim for each of them, by
 *	  the days of its fee lines.
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "claim/amount.h"
#include "claim/claim.h"
#include "claim/convert.h"
#include "compat.h"
#include "core/run.h"
#include "core/year.h"
#include "errcodes.h"

#define NLINE_AMOUNTS	5

/* Of a line of table item, and of the claim's header; in one order. */
static const char *const line_amounts[NLINE_AMOUNTS] = {
	"det_item_fee_sumamt", "fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt"
};
static const ClaimField header_amounts[NLINE_AMOUNTS] = {
	CF_medfee_sumamt, CF_fulamt_ownpay_amt, CF_overlmt_selfpay, CF_preselfpay_amt, CF_inscp_scp_amt
};

typedef struct Line
{
	int64		at;
	JsonbValue *sn;				/* feedetl_sn, NULL when not given */
	JsonbValue *of;				/* init_feedetl_sn of a return */
	Fen			amount[NLINE_AMOUNTS];
} Line;

#define MAX_PARTS	10

typedef struct Part
{
	BenefitYear year;
	int64		begin;
	int64		end;
	Fen			amount[NLINE_AMOUNTS];
} Part;

/* ---- lines ------------------------------------------------------------------------ */

static JsonbValue *
member(JsonbContainer *o, const char *key)
{
	JsonbValue *v = getKeyJsonValueFromContainer(o, key, strlen(key), NULL);

	return v == NULL || v->type == jbvNull ? NULL : v;
}

static Fen
line_amount(JsonbContainer *o, int i, const char *key)
{
	JsonbValue *v = member(o, key);
	Datum		n;
	bool		negative;
	Fen			fen;

	if (v == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_MISSING),
				 errmsg("line %d has no %s", i + 1, key),
				 errhint("Give rows of table item, or objects with its amounts: jsonb_agg(i).")));
	if (v->type == jbvNumeric)
		n = NumericGetDatum(v->val.numeric);
	else if (v->type == jbvString)
		n = DirectFunctionCall3(numeric_in,
								CStringGetDatum(pnstrdup(v->val.string.val, v->val.string.len)),
								ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
	else
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_TYPE),
				 errmsg("%s of line %d is no amount", key, i + 1),
				 errhint("Amounts are numbers, or strings without exponent.")));
	negative = DatumGetBool(DirectFunctionCall2(numeric_lt, n, amount_to_numeric(0)));
	if (negative)
		n = DirectFunctionCall1(numeric_uminus, n);
	if (amount_from_numeric(n, &fen) != AMOUNT_OK)
		ereport(ERROR,
				(errcode(ERRCODE_YB_AMOUNT_SCALE),
				 errmsg("%s of line %d is no amount with two decimals", key, i + 1),
				 errhint("Split the line first: item_split() gives exact fen.")));
	return negative ? -fen : fen;
}

static void
read_line(JsonbContainer *array, int i, Line *line)
{
	JsonbValue *e = getIthJsonbValueFromContainer(array, i);
	JsonbContainer *o;
	JsonbValue *at;
	Claim		claim;
	Fen			sum = 0;

	if (e == NULL || e->type != jbvBinary || !JsonContainerIsObject(e->val.binary.data))
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_TYPE),
				 errmsg("line %d is no object", i + 1),
				 errhint("Give rows of table item: jsonb_agg(i).")));
	o = e->val.binary.data;
	at = member(o, "fee_ocur_time");
	if (at == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_MISSING),
				 errmsg("line %d has no %s", i + 1, "fee_ocur_time"),
				 errhint("The day of a line decides to which year it belongs.")));
	if (at->type == jbvString)
	{
		/* to_jsonb() of a timestamp puts a T between */
		char	   *t = strchr(at->val.string.val = pnstrdup(at->val.string.val, at->val.string.len), 'T');

		if (t != NULL)
			*t = ' ';
	}
	field_from_jsonb(CF_fee_ocur_time, at, &claim);
	line->at = claim.v[CF_fee_ocur_time];
	line->sn = member(o, "feedetl_sn");
	line->of = member(o, "init_feedetl_sn");
	for (int k = 0; k < NLINE_AMOUNTS; k++)
	{
		line->amount[k] = line_amount(o, i, line_amounts[k]);
		sum += k == 0 ? -line->amount[k] : line->amount[k];
	}
	if (sum != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_PARTS),
				 errmsg("the parts of line %d do not add up to its %s", i + 1, line_amounts[0]),
				 errhint("Split the line first: item_split() gives parts that do.")));
}

static bool
same_text(const JsonbValue *a, const JsonbValue *b)
{
	return a != NULL && b != NULL && a->type == jbvString && b->type == jbvString &&
		a->val.string.len == b->val.string.len &&
		memcmp(a->val.string.val, b->val.string.val, a->val.string.len) == 0;
}

/* A return belongs where its line does. */
static int64
day_of_line(const Line *lines, int n, const Line *line)
{
	for (int i = 0; line->of != NULL && i < n; i++)
	{
		if (same_text(lines[i].sn, line->of))
			return lines[i].at;
	}
	return line->at;
}

static void
add_lines(Jsonb *array, Part *parts, int nparts)
{
	int			n;
	Line	   *lines;

	if (!JB_ROOT_IS_ARRAY(array) || JB_ROOT_IS_SCALAR(array))
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_TYPE),
				 errmsg("the lines are no array"),
				 errhint("SELECT jsonb_agg(i) FROM area.item AS i WHERE mdtrt_id = ... makes one.")));
	n = JB_ROOT_COUNT(array);
	lines = palloc_array(Line, Max(n, 1));
	for (int i = 0; i < n; i++)
		read_line(&array->root, i, &lines[i]);
	for (int i = 0; i < n; i++)
	{
		int64		at = day_of_line(lines, n, &lines[i]);
		int			part = 0;

		/* what was spent before admission or after discharge goes to the part next to it */
		while (part < nparts - 1 && at >= parts[part].year.next)
			part++;
		for (int k = 0; k < NLINE_AMOUNTS; k++)
		{
			if (!fen_add(parts[part].amount[k], lines[i].amount[k], &parts[part].amount[k]))
				ereport(ERROR,
						(errcode(ERRCODE_YB_AMOUNT_RANGE),
						 errmsg("the lines add up to too much"),
						 errhint("Amounts are yuan.")));
		}
	}
}

/* ---- parts ------------------------------------------------------------------------- */

/* The benefit years of the stay; returns how many of them are settled, *all how many there are. */
static int
parts_of(const CompiledPolicy *cp, const Claim *claim, Part *parts, int *all)
{
	const Policy *p = cp->core;
	const Rule *rule = NULL;
	const Claim *of;
	Claim		one;
	CoreError	err;
	int64		begin = claim->v[CF_begntime];
	int64		end = claim->v[CF_endtime];
	int			n = 0;
	int			pays;

	for (;;)
	{
		Part	   *part = &parts[n];

		memset(part, 0, sizeof(Part));
		if (!year_of(p, claim, begin, &part->year, &err))
			claim_report(cp, claim, CLAIM_IS_JSONB, &err);
		part->begin = begin;
		part->end = end;
		n++;
		if (end < part->year.next)
			break;
		if (n == MAX_PARTS)
			ereport(ERROR,
					(errcode(ERRCODE_YB_FIELD_TYPE),
					 errmsg("the stay lasts more than %d benefit years", MAX_PARTS),
					 errhint("Check begntime and endtime.")));
		part->end = part->year.next - USECS_PER_SEC;
		begin = part->year.next;
	}
	*all = n;
	if (n == 1)
		return 1;
	if (p->cross_year_set == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_NOT_COVERED),
				 errmsg("the policy does not say how a stay of two benefit years is settled"),
				 errhint("State it in \"cross_year\".")));
	of = core_one_category(p, claim, &one, &err);
	if (of == NULL || !core_pick_set(p, of, p->cross_year_set, &rule, &err))
		claim_report(cp, claim, CLAIM_IS_JSONB, &err);
	pays = n;
	if (rule->u.cross.lapsed_ends && claim->state[CF_paus_insu_date] == FS_GIVEN)
	{
		for (pays = 1; pays < n && claim->v[CF_paus_insu_date] > parts[pays].begin;)
			pays++;
	}
	if (rule->u.cross.rule == CROSS_DISCHARGE_YEAR && pays == n)
	{
		parts[0].end = parts[n - 1].end;
		parts[0].year = parts[n - 1].year;
		*all = pays = 1;
	}
	return pays;
}

static void
push_text(JsonbParseState **state, const char *key, const char *text)
{
	JsonbValue	v;

	v.type = jbvString;
	v.val.string.val = unconstify(char *, key);
	v.val.string.len = strlen(key);
	pushJsonbValue(state, WJB_KEY, &v);
	v.val.string.val = unconstify(char *, text);
	v.val.string.len = strlen(text);
	pushJsonbValue(state, WJB_VALUE, &v);
}

/* 2021-12-31 23:59:59, whatever the session's DateStyle. */
char *
claim_moment_text(int64 at)
{
	int			y,
				m,
				d;
	int64		usec = at - day_number(at) * USEC_DAY;
	int64		second = usec / USECS_PER_SEC;
	char	   *fraction = usec % USECS_PER_SEC == 0 ? "" : psprintf(".%06d", (int) (usec % USECS_PER_SEC));

	civil_date(at, &y, &m, &d);
	return psprintf("%04d-%02d-%02d %02d:%02d:%02d%s", y, m, d, (int) (second / 3600),
					(int) (second / 60 % 60), (int) (second % 60), fraction);
}

/* The claim with what this part changes in it. */
static Datum
part_claim(Jsonb *claim, const Claim *fields, const Part *parts, int i, int n)
{
	static const char *const changed[] = {
		"setl_id", "setl_time", "begntime", "endtime", "mid_setl_flag", "pre_days", "year",
		"act_ipt_days", "medfee_sumamt", "fulamt_ownpay_amt", "overlmt_selfpay",
		"preselfpay_amt", "inscp_scp_amt"
	};
	const Part *part = &parts[i];
	bool		whole = n == 1;
	JsonbParseState *state = NULL;
	JsonbIterator *it = JsonbIteratorInit(&claim->root);
	JsonbIteratorToken token;
	JsonbValue	v;
	int64		pre_days = fields->state[CF_pre_days] == FS_GIVEN ? fields->v[CF_pre_days] : 0;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	(void) JsonbIteratorNext(&it, &v, true);
	while ((token = JsonbIteratorNext(&it, &v, true)) == WJB_KEY)
	{
		bool		ours = false;
		JsonbValue	value;

		for (size_t k = 0; k < lengthof(changed); k++)
			ours = ours || (strlen(changed[k]) == (size_t) v.val.string.len &&
							memcmp(changed[k], v.val.string.val, v.val.string.len) == 0);
		(void) JsonbIteratorNext(&it, &value, true);
		if (ours)
			continue;
		pushJsonbValue(&state, WJB_KEY, &v);
		pushJsonbValue(&state, WJB_VALUE, &value);
	}
	push_text(&state, "setl_id", whole ?
			  pnstrdup((const char *) (intptr_t) fields->v[CF_setl_id], fields->len[CF_setl_id]) :
			  psprintf("%.*s-%lld", fields->len[CF_setl_id],
					   (const char *) (intptr_t) fields->v[CF_setl_id], (long long) part->year.year));
	push_text(&state, "begntime", claim_moment_text(part->begin));
	push_text(&state, "endtime", claim_moment_text(part->end));
	push_text(&state, "setl_time", claim_moment_text(i == n - 1 ? fields->v[CF_setl_time] : part->end));
	push_text(&state, "mid_setl_flag", i < n - 1 ? "1" : "0");
	push_text(&state, "pre_days",
			  psprintf(INT64_FORMAT, pre_days + day_number(part->begin) - day_number(parts[0].begin)));
	if (fields->state[CF_act_ipt_days] == FS_GIVEN)
	{
		int64		days = fields->v[CF_act_ipt_days];

		if (i < n - 1)
			days = day_number(part->year.next) - day_number(part->begin);
		else
			days = Max(days - (day_number(part->begin) - day_number(parts[0].begin)), 0);
		push_text(&state, "act_ipt_days", psprintf(INT64_FORMAT, days));
	}
	for (int k = 0; k < NLINE_AMOUNTS; k++)
		push_text(&state, claim_fields[header_amounts[k]].name,
				  DatumGetCString(DirectFunctionCall1(numeric_out, amount_to_numeric(part->amount[k]))));
	return JsonbPGetDatum(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)));
}

static void
check_header(const Claim *claim, const Part *parts, int n)
{
	for (int k = 0; k < NLINE_AMOUNTS; k++)
	{
		int			field = header_amounts[k];
		Fen			sum = 0;

		for (int i = 0; i < n; i++)
			sum += parts[i].amount[k];
		if (claim->state[field] == FS_GIVEN && claim->v[field] != sum)
			ereport(ERROR,
					(errcode(ERRCODE_YB_PARTS),
					 errmsg("the lines add up to %s of %s, the claim says %s",
							DatumGetCString(DirectFunctionCall1(numeric_out, amount_to_numeric(sum))),
							claim_fields[field].name,
							DatumGetCString(DirectFunctionCall1(numeric_out, amount_to_numeric(claim->v[field])))),
					 errhint("Give all lines of the stay, and its whole cost.")));
	}
}

static void
need_field(const Claim *claim, ClaimField field)
{
	if (claim->state[field] == FS_GIVEN)
		return;
	ereport(ERROR,
			(errcode(claim->state[field] == FS_NULL ?
					 ERRCODE_YB_FIELD_NULL : ERRCODE_YB_FIELD_MISSING),
			 errmsg("%s is not given, and a stay cannot be divided without it", claim_fields[field].name),
			 errhint("Give setl_id, setl_time, begntime and endtime of the whole stay.")));
}

PG_FUNCTION_INFO_V1(yibao_split_stay);
Datum
yibao_split_stay(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	CompiledPolicy *cp;
	Jsonb	   *object;
	FieldMask	want;
	Claim		claim;
	Part		parts[MAX_PARTS];
	int			all;
	int			pays;

	yibao_check_version();
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	object = PG_GETARG_JSONB_P(1);
	if (!JB_ROOT_IS_OBJECT(object))
		ereport(ERROR,
				(errcode(ERRCODE_YB_NOT_A_CLAIM),
				 errmsg("the claim is not a jsonb object"),
				 errhint("Give the claim of the whole stay, as for settle().")));
	cp = policy_arg_get(policy_arg_create_in(CurrentMemoryContext), PG_GETARG_DATUM(0));
	claim_fields_of(cp->core, &want);
	field_want(&want, CF_setl_id);
	field_want(&want, CF_setl_time);
	field_want(&want, CF_begntime);
	field_want(&want, CF_endtime);
	field_want(&want, CF_act_ipt_days);
	field_want(&want, CF_pre_days);
	claim_read_jsonb(object, &want, &claim);
	need_field(&claim, CF_setl_id);
	need_field(&claim, CF_setl_time);
	need_field(&claim, CF_begntime);
	need_field(&claim, CF_endtime);
	if (claim.v[CF_endtime] < claim.v[CF_begntime])
		claim_ends_first(&claim);

	pays = parts_of(cp, &claim, parts, &all);
	add_lines(PG_GETARG_JSONB_P(2), parts, all);
	check_header(&claim, parts, all);
	for (int i = 0; i < pays; i++)
	{
		Datum		value = part_claim(object, &claim, parts, i, all);
		bool		null = false;

		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, &value, &null);
	}
	return (Datum) 0;
}
