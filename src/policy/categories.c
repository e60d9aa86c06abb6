/*
 * categories.c
 *	  "categories": which of a person's several categories a claim is settled by
 *	  (就高不重复, P17).
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "core/history.h"
#include "policy/compiler.h"

static const char *const several_words[] = {"best", "precedence", NULL};

typedef struct Order
{
	Compiler   *c;
	int64	   *codes;
	StringInfoData words;
} Order;

static void
read_code(const Path *path, int i, JsonbValue *v, void *arg)
{
	Order	   *order = arg;
	char	   *code = val_text(path, v);

	if (strlen(code) > CODE_MAX || strpbrk(code, ", ") != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: \"%s\" is no code of %s", path_text(path), code, "psn_idet_type"),
				 errhint("A code has at most %d bytes.", CODE_MAX)));
	order->codes[i] = code_pack(code, strlen(code));
	for (int k = 0; k < i; k++)
	{
		if (order->codes[k] == order->codes[i])
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s: \"%s\" stands in the order twice", path_text(path), code),
					 errhint("Each category once.")));
	}
	appendStringInfo(&order->words, "%s%s", i > 0 ? ", " : "", code);
}

void
read_categories(Compiler *c, const Obj *root)
{
	static const char *const keys[] = {
		"several", "order", "source", "assumed", "note", NULL
	};
	Policy	   *p = c->core;
	JsonbValue	v;
	Path		path;
	Path		order_path;
	Obj			o;
	Arr			a;
	Cite		cite;
	List	   *assumed;
	const char *note;
	Order		order = {.c = c};
	const char *words = "of several categories the one that leaves the person least";

	p->categories_info = -1;
	if (!get_member(root, "categories", &v, &path))
		return;
	obj_open(&path, &v, &o);
	obj_check_keys(&o, keys, NULL);
	note = read_grounds(c, &o, &cite, &assumed);
	p->categories = need_choice(&o, "several", several_words, "P17") == 0 ?
		CATEGORIES_BEST : CATEGORIES_PRECEDENCE;
	if (p->categories == CATEGORIES_BEST && has_member(&o, "order"))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: \"order\" does not go with \"best\"", path_text(&path)),
				 errhint("The best category is found by settling under each; \"several\": \"precedence\" goes by an order.")));
	if (p->categories == CATEGORIES_PRECEDENCE)
	{
		need_member(&o, "order", &v, &order_path);
		arr_open(&order_path, &v, &a);
		p->ncategories = a.n;
		p->category_order = order.codes = keep_array(c, int64, a.n);
		initStringInfo(&order.words);
		arr_each(&a, read_code, &order);
		words = psprintf("of several categories the first of %s", order.words.data);
	}
	p->categories_info = add_info(c, &path, &cite, note);
	set_assumed(c, p->categories_info, assumed);
	add_row(c, &path, NULL, "categories", "always", words, &cite, assumed, note);
}

static bool
asks_category(Compiler *c, int info)
{
	const ListCell *lc;

	foreach(lc, info < 0 ? NIL : c->side[info].conds)
	{
		if (((Cond *) lfirst(lc))->field == CF_psn_idet_type)
			return true;
	}
	return false;
}

static void
refuse_best(Compiler *c, int info)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_POLICY_VALUE),
			 errmsg("%s: a condition on psn_idet_type does not go with \"categories\": {\"several\": \"best\"} here",
					c->side[info].path),
			 errdetail("What the year has counted so far would hang on a choice that rests on it."),
			 errhint("Choose by \"several\": \"precedence\", or take the condition out of it.")));
}

/*
 * The best category is found by settling with the accumulators of the claim; so
 * which these are must not hang on the category: its year, its benefit and the
 * group of its deductible.
 */
void
finish_categories(Compiler *c, const Obj *root)
{
	Policy	   *p = c->core;
	ListCell   *lc;

	p->by_category = policy_reads(p, CF_psn_idet_type) || p->categories != CATEGORIES_UNSTATED;
	if (p->by_category)
	{
		p->fields_read[CF_psn_idet_type / 64] |= UINT64_C(1) << (CF_psn_idet_type % 64);
		p->fields_read[CF_psn_idet_types / 64] |= UINT64_C(1) << (CF_psn_idet_types % 64);
	}
	if (p->categories != CATEGORIES_BEST)
		return;
	foreach(lc, c->sets)
	{
		const RuleSet *set = lfirst(lc);

		if (set->kind != RK_BENEFIT && set->kind != RK_CROSS_YEAR &&
			!(set->kind == RK_DEDUCTIBLE && set->layer == LAYER_BASIC && c->groups != NIL))
			continue;
		for (int i = 0; i < set->nrules; i++)
		{
			if (asks_category(c, set->rules[i].info))
				refuse_best(c, set->rules[i].info);
		}
	}
	for (int l = 0; l < p->nlayers; l++)
	{
		if (c->groups != NIL && p->layers[l].code == LAYER_BASIC &&
			asks_category(c, p->layers[l].applies_info))
			refuse_best(c, p->layers[l].applies_info);
	}
}
