/*
 * check.c
 *	  policy_check(): every fault of a document, and what an author should look
 *	  at again in one that has none.
 */
#include "postgres.h"

#include "funcapi.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"

#include "core/match.h"
#include "policy/author.h"

PG_FUNCTION_INFO_V1(yibao_policy_check);

typedef struct Check
{
	const Jsonb *doc;
	Authored	a;
	ReturnSetInfo *out;
} Check;

static void
put_finding(Check *check, const char *severity, const char *path, const char *sqlstate,
			const char *message, const char *hint)
{
	const char *words[5] = {severity, path, sqlstate, message, hint};
	Datum		values[5];
	bool		nulls[5];

	author_words(5, words, values, nulls);
	tuplestore_putvalues(check->out->setResult, check->out->setDesc, values, nulls);
}

static void
compile_part(void *arg)
{
	Check	   *check = arg;

	author_compile(check->doc, &check->a);
}

static void
put_fault(Check *check, const Fault *f)
{
	put_finding(check, "error", f->path, unpack_sql_state(f->sqlstate),
				f->detail == NULL ? f->message : psprintf("%s; %s", f->message, f->detail),
				f->hint);
}

/* ---- rules that hold nowhere ------------------------------------------------------ */

/* "a, b, c" of the rules above rule i that meet the box. */
static char *
paths_above(const Policy *p, const RuleSet *set, int i, const uint64_t *box)
{
	uint64_t	meet[MAX_BOX_WORDS];
	StringInfoData s;

	initStringInfo(&s);
	for (int j = 0; j < i; j++)
	{
		if (box_meet(p, set->rules[j].box, box, meet))
			appendStringInfo(&s, "%s%s", s.len > 0 ? ", " : "",
							 p->info[set->rules[j].info].path);
	}
	return s.data;
}

static const char *
day_or_open(DateADT day)
{
	return DATE_NOT_FINITE(day) ? "..." : day_words(day);
}

static void
check_where_rule_holds(Check *check, const RuleSet *set, int i, List *claims)
{
	const Authored *a = &check->a;
	const CompiledPolicy *cp = a->cp;
	const Policy *p = cp->core;
	const Layer *layer = author_layer(a, set);
	const char *path = p->info[set->rules[i].info].path;
	uint64_t	box[MAX_BOX_WORDS];
	uint64_t	meet[MAX_BOX_WORDS];
	bool		more = false;

	if (!box_meet(p, set->rules[i].box, a->days, box))
		put_finding(check, "warning", path, NULL,
					psprintf(_("%s holds on no day of the document (%s to %s)"), path,
							 day_or_open(cp->valid_from), day_or_open(cp->valid_to)),
					_("Look at \"from\" and \"to\" of the rule beside \"valid_from\" and \"valid_to\"."));
	else if (layer != NULL && layer->applies != NULL &&
			 !box_meet(p, box, layer->applies, meet))
		put_finding(check, "warning", path, NULL,
					psprintf(_("%s never holds: the layer does not apply there"), path),
					_("Look at \"when\" of the layer."));
	else if (boxes_without(p, list_make1(box), rule_boxes_above(set, i), &more) == NIL)
		put_finding(check, "warning", path, NULL,
					psprintf(_("%s never holds: more specific rules cover it (%s)"), path,
							 paths_above(p, set, i, box)),
					_("Drop it, or narrow the rules that stand over it."));
	else if (boxes_within(p, list_make1(box), claims, &more) == NIL)
		put_finding(check, "warning", path, NULL,
					psprintf(_("%s never holds: \"benefits\" has no rule for such claims"), path),
					_("A claim without a benefit is refused before any layer looks at it."));
}

/* "from" and "to" that reach beyond the document do nothing there. */
static void
check_days(Check *check, const RuleRow *row)
{
	const CompiledPolicy *cp = check->a.cp;
	const Policy *p = cp->core;
	const ListCell *lc;

	foreach(lc, row->conds)
	{
		const Cond *cond = lfirst(lc);

		if (cond->field != p->version_date)
			continue;
		if (cond->lo != PG_INT64_MIN && cond->lo < p->valid_from && cond->hi > p->valid_from)
			put_finding(check, "note", row->path, NULL,
						psprintf(_("%s begins before the document does (%s)"), row->path,
								 day_or_open(cp->valid_from)),
						_("Claims of earlier days are settled by the document in force then."));
		if (cond->hi != PG_INT64_MAX && cond->hi > p->valid_to && cond->lo < p->valid_to)
			put_finding(check, "note", row->path, NULL,
						psprintf(_("%s ends after the document does (%s)"), row->path,
								 day_or_open(cp->valid_to)),
						_("Claims of later days are settled by the document in force then."));
	}
}

/* ---- situations without a rule ------------------------------------------------------ */

static void
check_coverage(Check *check, const RuleSet *set)
{
	const Authored *a = &check->a;
	const Policy *p = a->cp->core;
	bool		more = false;
	List	   *open;
	List	   *when;
	char	   *parameter;

	if (set->kind != RK_BENEFIT && set->kind != RK_DEDUCTIBLE && set->kind != RK_RATIO)
		return;
	open = boxes_without(p, claims_of(a, author_layer(a, set), &more), rule_boxes(set), &more);
	if (open == NIL)
		return;
	when = boxes_as_when(a, boxes_joined(p, open));
	parameter = pstrdup(p->info[set->rules[0].info].path);
	if (strrchr(parameter, '[') != NULL)
		*strrchr(parameter, '[') = '\0';
	put_finding(check, set->kind == RK_BENEFIT ? "note" : "warning", parameter, "YB201",
				psprintf(_("no rule of %s covers such claims: %s"), parameter,
						 when_words(linitial(when))),
				list_length(when) == 1 && !more ?
				_("Such claims are refused; add a rule, or \"unknown\": true where the source gives no figure.") :
				_("Such claims are refused, and not these alone: policy_coverage() lists all."));
}

/* ---- what is left open, and what is never cited --------------------------------------- */

static void
check_open(Check *check)
{
	const Authored *a = &check->a;
	const CompiledPolicy *cp = a->cp;
	const Policy *p = cp->core;
	const char *hint = _("Claims that need it are refused until a source is found or the figure assumed.");
	ListCell   *lc;

	for (int i = 0; i < p->nsets; i++)
	{
		for (int k = 0; k < p->sets[i].nrules; k++)
		{
			const Rule *rule = &p->sets[i].rules[k];
			const RuleInfo *info = &p->info[rule->info];

			if (rule->undecided)
				put_finding(check, "warning", info->path, "YB202",
							psprintf(_("%s is left open: %s"), info->path,
									 info->note != NULL ? _(info->note) : ""), hint);
		}
	}
	for (int l = 0; l < p->nlayers; l++)
	{
		if (p->layers[l].dedc_open)
			put_finding(check, "warning", p->info[p->layers[l].dedc_info].path, "YB202",
						_(p->info[p->layers[l].dedc_info].note),
						_("State it, or cite P08 as assumed: claims with a deductible and first self-pay are refused."));
	}
	for (int l = 0; l < LAYER_COUNT; l++)
	{
		if (cp->has_layer[l] && cp->payer[l].pays == PAYS_UNKNOWN)
			put_finding(check, "warning", p->info[cp->payer[l].info].path, "YB202",
						psprintf(_("%s: who hands over the money is unknown"),
								 p->info[cp->payer[l].info].path),
						_("Settlements of this layer cannot be booked in a pool area."));
	}
	for (int i = 0; cp->fund != NULL && cp->fund->serious != NULL &&
		 i < cp->fund->serious->nper_head; i++)
	{
		const FundPerHead *h = &cp->fund->serious->per_head[i];

		if (h->unknown)
			put_finding(check, "warning", p->info[h->info].path, "YB202",
						psprintf(_("%s is left open: %s"), p->info[h->info].path,
								 year_range_words(h->year_from, h->year_to)),
						_("The amount stands on the receipt, or a receipt of such a year is refused."));
	}
	foreach(lc, a->rows)
	{
		const RuleRow *row = lfirst(lc);

		if (strcmp(row->parameter, "unknown") == 0)
			put_finding(check, "note", row->path, NULL,
						psprintf(_("the source does not state it: %s"), row->effect), NULL);
	}
}

static bool
row_assumes(const RuleRow *row, const char *id)
{
	const ListCell *lc;

	foreach(lc, row->assumed)
	{
		if (strcmp(lfirst(lc), id) == 0)
			return true;
	}
	return false;
}

static bool
row_cites(const RuleRow *row, const char *key)
{
	size_t		len = strlen(key);

	return row->source != NULL && strncmp(row->source, key, len) == 0 &&
		(row->source[len] == '\0' || row->source[len] == ' ');
}

static void
check_cited(Check *check)
{
	const Authored *a = &check->a;
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, a->rows)
	{
		const RuleRow *as = lfirst(lc);
		int			n = 0;

		if (strcmp(as->parameter, "assumption") != 0)
			continue;
		foreach(lc2, a->rows)
			n += lfirst(lc2) != as && row_assumes(lfirst(lc2), linitial(as->assumed));
		/* P12 is version_date, which is no rule and cites nothing */
		if (n == 0 && strcmp(linitial(as->assumed), "P12") != 0)
			put_finding(check, "warning", as->path, NULL,
						psprintf(_("nothing rests on the assumption %s"), (char *) linitial(as->assumed)),
						_("Cite it in \"assumed\" of the rules that rest on it, or take it out."));
	}
	for (int i = 0; i < a->cp->nsources; i++)
	{
		const PolicySource *s = &a->cp->sources[i];
		char	   *path = psprintf("sources.%s", s->key);
		int			n = 0;

		foreach(lc2, a->rows)
			n += row_cites(lfirst(lc2), s->key);
		if (n == 0)
			put_finding(check, "warning", path, NULL,
						psprintf(_("nothing cites the source %s"), s->key),
						_("Take it out, or cite it in the rules that it states."));
		else if (strcmp(s->trust, "official") != 0)
			put_finding(check, "note", path, NULL,
						psprintf(_("trust of source %s is %s (%s); parts that rest on it: %d"),
								 s->key, s->trust, s->doc, n), NULL);
	}
}

/*
 * Questions on which areas differ, and which a document may leave out: what
 * holds then, so that nobody settles by it unknowingly.
 */
static void
check_unsaid(Check *check)
{
	static const struct
	{
		const char *key;
		const char *message;
	}			unsaid[] = {
		{"year", gettext_noop("the document does not say what the benefit year is (P10): it is the calendar year")},
		{"cross_year", gettext_noop("the document does not say how a stay of two benefit years is settled (P11): it is settled as a whole, in the year of the date that decides it")},
		{"corrections", gettext_noop("the document does not say what a correction does to what was settled later (P29): only the last settlement is reversed, and a late manual claim is settled as it arrives")},
	};

	for (int i = 0; i < (int) lengthof(unsaid); i++)
	{
		if (getKeyJsonValueFromContainer(unconstify(JsonbContainer *, &check->doc->root),
										 unsaid[i].key, strlen(unsaid[i].key), NULL) == NULL)
			put_finding(check, "note", unsaid[i].key, NULL, _(unsaid[i].message),
						_("Write down what the text says of it, or what is assumed."));
	}
}

Datum
yibao_policy_check(PG_FUNCTION_ARGS)
{
	Check		check = {0};
	const Policy *p;
	List	   *faults;
	ListCell   *lc;
	MemoryContext work;			/* of a set */
	MemoryContext one;			/* of a rule */

	yibao_check_version();
	InitMaterializedSRF(fcinfo, 0);
	check.doc = PG_GETARG_JSONB_P(0);
	check.out = (ReturnSetInfo *) fcinfo->resultinfo;

	faults = collect_faults(compile_part, &check);
	foreach(lc, faults)
		put_fault(&check, lfirst(lc));
	if (faults != NIL)
	{
		put_finding(&check, "note", "document", NULL,
					_("what else there is to look at is told when there is no error"), NULL);
		return (Datum) 0;
	}

	p = check.a.cp->core;
	work = AllocSetContextCreate(CurrentMemoryContext, "yibao policy_check", ALLOCSET_DEFAULT_SIZES);
	one = AllocSetContextCreate(CurrentMemoryContext, "yibao policy_check rule", ALLOCSET_DEFAULT_SIZES);
	for (int i = 0; i < p->nsets; i++)
	{
		const RuleSet *set = &p->sets[i];
		bool		more = false;
		MemoryContext old = MemoryContextSwitchTo(work);
		List	   *claims = claims_of(&check.a, author_layer(&check.a, set), &more);

		for (int k = 0; k < set->nrules; k++)
		{
			MemoryContextSwitchTo(one);
			check_where_rule_holds(&check, set, k, claims);
			MemoryContextReset(one);
		}
		MemoryContextSwitchTo(work);
		check_coverage(&check, set);
		MemoryContextReset(work);
		MemoryContextSwitchTo(old);
	}
	foreach(lc, check.a.rows)
		check_days(&check, lfirst(lc));
	check_open(&check);
	check_cited(&check);
	check_unsaid(&check);
	return (Datum) 0;
}
