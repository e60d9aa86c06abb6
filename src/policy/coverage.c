/*
 * coverage.c
 *	  policy_coverage(): which claims a document refuses, and why.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/match.h"
#include "policy/author.h"

PG_FUNCTION_INFO_V1(yibao_policy_coverage);

typedef struct Coverage
{
	Authored	a;
	int			limit;			/* rows of one parameter and state */
	ReturnSetInfo *out;
} Coverage;

static const char *const layer_names[] = {
	"basic", "serious", "serious_second", "assistance", "tilt", "supplement"
};

static void
put_situation(Coverage *cov, const char *state, const RuleSet *set, const Jsonb *when,
			  const char *rule, const char *note)
{
	const RuleRow *row = author_row(&cov->a, set->rules[0].info);
	const char *words[6] = {
		state, rule_kind_of_document(set->kind) ? NULL : layer_names[set->layer],
		row->parameter, NULL, rule, note
	};
	Datum		values[6];
	bool		nulls[6];

	author_words(6, words, values, nulls);
	nulls[3] = when == NULL;
	values[3] = when == NULL ? (Datum) 0 : JsonbPGetDatum(when);
	tuplestore_putvalues(cov->out->setResult, cov->out->setDesc, values, nulls);
}

static void
put_boxes(Coverage *cov, const char *state, const RuleSet *set, List *boxes, bool more,
		  const char *rule, const char *note)
{
	List	   *when = boxes_as_when(&cov->a, boxes_joined(cov->a.cp->core, boxes));
	ListCell   *lc;

	foreach(lc, when)
	{
		if (foreach_current_index(lc) == cov->limit)
		{
			more = true;
			break;
		}
		put_situation(cov, state, set, lfirst(lc), rule, note);
	}
	if (more)
		put_situation(cov, "more", set, NULL, rule,
					  psprintf("%d situations are listed, there are more", cov->limit));
}

/* Of these claims those of the benefits that a limit is for. */
static List *
claims_for(const Coverage *cov, const Rule *rule, List *claims, bool *more)
{
	const Policy *p = cov->a.cp->core;
	const RuleSet *benefits = &p->sets[0];
	List	   *mine = NIL;

	if (rule->kind != RK_CAP || rule->u.cap.benefits == 0)
		return claims;
	for (int k = 0; k < benefits->nrules; k++)
	{
		if ((rule->u.cap.benefits >> benefits->rules[k].u.benefit.benefit) & 1)
			mine = list_concat(mine, rule_holds_in(p, benefits, k, cov->a.days, more));
	}
	return boxes_within(p, claims, mine, more);
}

Datum
yibao_policy_coverage(PG_FUNCTION_ARGS)
{
	Coverage	cov = {0};
	const Policy *p;
	MemoryContext work;			/* of a set */

	yibao_check_version();
	InitMaterializedSRF(fcinfo, 0);
	cov.out = (ReturnSetInfo *) fcinfo->resultinfo;
	cov.limit = PG_GETARG_INT32(1);
	if (cov.limit < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("max_rows is %d", cov.limit),
				 errhint("Give a number from 1.")));
	author_compile(PG_GETARG_JSONB_P(0), &cov.a);
	p = cov.a.cp->core;
	work = AllocSetContextCreate(CurrentMemoryContext, "yibao policy_coverage", ALLOCSET_DEFAULT_SIZES);
	for (int i = 0; i < p->nsets; i++)
	{
		const RuleSet *set = &p->sets[i];
		bool		more = false;
		MemoryContext old = MemoryContextSwitchTo(work);
		List	   *claims = claims_of(&cov.a, author_layer(&cov.a, set), &more);

		if (set->kind == RK_BENEFIT || set->kind == RK_DEDUCTIBLE || set->kind == RK_RATIO)
		{
			List	   *open = boxes_without(p, claims, rule_boxes(set), &more);

			put_boxes(&cov, "uncovered", set, open, more, NULL, NULL);
		}
		for (int k = 0; k < set->nrules; k++)
		{
			const Rule *rule = &set->rules[k];
			List	   *there;
			bool		there_more = false;

			if (!rule->undecided)
				continue;
			there = boxes_within(p, rule_holds_in(p, set, k, cov.a.days, &there_more),
								 claims_for(&cov, rule, claims, &there_more), &there_more);
			put_boxes(&cov, "undecided", set, there, there_more, p->info[rule->info].path,
					  p->info[rule->info].note);
		}
		MemoryContextReset(work);
		MemoryContextSwitchTo(old);
	}
	return (Datum) 0;
}
