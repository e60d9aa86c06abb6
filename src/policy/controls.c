/*
 * controls.c
 *	  The "controls" section of a policy document, and what of the fund's is no
 *	  posting rule: how figures of management and supervision are counted.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "policy/compiler.h"

static const char *const denominator_words[] = {
	"last_12_months", "last_year", "current_budget", NULL
};
static const char *const negative_words[] = {"allowed", "floored", NULL};
static const char *const clock_words[] = {"clock_hours", "calendar_day", NULL};
static const char *const per_words[] = {"month", "quarter", "year", NULL};
static const char *const rounding_words[] = {"half_up", "up", NULL};
static const char *const counts_words[] = {"fulamt_ownpay_amt", "overlmt_selfpay", NULL};
static const char *const of_words[] = {"total", "drugs", NULL};
static const char *const over_words[] = {"visit", "provider_year", NULL};

typedef struct ControlPart
{
	Compiler   *c;
	const Obj  *o;				/* the section */
	ControlTerms *t;
	const char *key;
	void		(*read) (struct ControlPart *p, const Obj *o);
} ControlPart;

int
need_choice(const Obj *o, const char *key, const char *const *words, const char *id)
{
	if (!has_member(o, key))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_MISSING_KEY),
				 errmsg("%s: key \"%s\" is missing", path_text(&o->path), key),
				 errhint("Areas differ (%s): say %s, from the text, or as \"assumed\".", id,
						 word_list(words))));
	return need_word(o, key, words);
}

static void
add_part(ControlPart *p, const Obj *o, const char *section, const char *effect)
{
	Cite		cite;
	List	   *assumed;
	const char *note = read_grounds(p->c, o, &cite, &assumed);

	add_row(p->c, &o->path, section, p->key, "always", effect, &cite, assumed, note);
	(void) add_info(p->c, &o->path, &cite, note);
}

static void
read_months_payable(ControlPart *p, const Obj *o)
{
	static const char *const keys[] = {"denominator", "source", "assumed", "note", NULL};

	obj_check_keys(o, keys, NULL);
	p->t->months_by = MONTHS_LAST_12 + need_choice(o, "denominator", denominator_words, "P25");
	add_part(p, o, "fund", psprintf("balance over a twelfth of %s",
									denominator_words[p->t->months_by - MONTHS_LAST_12]));
}

static void
read_drg(ControlPart *p, const Obj *o)
{
	static const char *const keys[] = {"negative", "source", "assumed", "note", NULL};

	obj_check_keys(o, keys, NULL);
	p->t->drg_stated = true;
	p->t->drg_floored = need_choice(o, "negative", negative_words, "P26") == 1;
	add_part(p, o, "fund", psprintf("a negative payment by case is %s",
									p->t->drg_floored ? "none" : "taken off"));
}

static void
read_clock(ControlPart *p, const Obj *o)
{
	static const char *const keys[] = {
		"hours", "emergency_hours", "count", "source", "assumed", "note", NULL
	};
	JsonbValue	v;
	Path		path;

	obj_check_keys(o, keys, NULL);
	need_member(o, "hours", &v, &path);
	p->t->clock_hours = val_int(&path, &v, 1, 8784);
	need_member(o, "emergency_hours", &v, &path);
	p->t->clock_emergency = val_int(&path, &v, 1, 8784);
	p->t->clock_days = need_choice(o, "count", clock_words, "P31") == 1;
	add_part(p, o, "controls", psprintf("registered within %d hours of admission, of an emergency %d, by %s",
										(int) p->t->clock_hours, (int) p->t->clock_emergency,
										clock_words[p->t->clock_days]));
}

static void
read_sampling(ControlPart *p, const Obj *o)
{
	static const char *const keys[] = {
		"share", "per", "rounding", "source", "assumed", "note", NULL
	};
	JsonbValue	v;
	Path		path;

	obj_check_keys(o, keys, NULL);
	need_member(o, "share", &v, &path);
	p->t->sample_share = val_ratio(&path, &v, 1, RATIO_ONE);
	p->t->sample_per = need_choice(o, "per", per_words, "P33");
	p->t->sample_up = need_choice(o, "rounding", rounding_words, "P33") == 1;
	add_part(p, o, "controls", psprintf("%s of the visits of a %s, rounded %s",
										ratio_words(p->t->sample_share),
										per_words[p->t->sample_per],
										p->t->sample_up ? "up" : "half up"));
}

static void
read_catalogue(ControlPart *p, const Obj *o)
{
	static const char *const keys[] = {
		"counts", "of", "over", "source", "assumed", "note", NULL
	};
	JsonbValue	v;
	Path		path;
	Arr			a;

	obj_check_keys(o, keys, NULL);
	if (!has_member(o, "counts"))
		(void) need_choice(o, "counts", counts_words, "P34");
	get_member(o, "counts", &v, &path);
	arr_open(&path, &v, &a);
	for (int i = 0; i < a.n; i++)
	{
		JsonbValue	e;
		Path		e_path;
		int			w;

		arr_get(&a, i, &e, &e_path);
		w = val_word(&e_path, &e, counts_words);
		if (p->t->catalogue_counts & (1 << w))
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s: \"%s\" is named twice", path_text(&e_path), counts_words[w]),
					 errhint("Name each part once.")));
		p->t->catalogue_counts |= 1 << w;
	}
	p->t->catalogue_of_drugs = need_choice(o, "of", of_words, "P34") == 1;
	p->t->catalogue_provider_year = need_choice(o, "over", over_words, "P34") == 1;
	add_part(p, o, "controls", psprintf("%s%s%s of %s, by %s",
										p->t->catalogue_counts & 1 ? counts_words[0] : "",
										p->t->catalogue_counts == 3 ? " + " : "",
										p->t->catalogue_counts & 2 ? counts_words[1] : "",
										of_words[p->t->catalogue_of_drugs],
										over_words[p->t->catalogue_provider_year]));
}

static void
control_part(void *arg)
{
	ControlPart *p = arg;
	JsonbValue	v;
	Path		path;
	Obj			o;

	if (!get_member(p->o, p->key, &v, &path))
		return;
	obj_open(&path, &v, &o);
	p->read(p, &o);
}

static void
read_part_of(Compiler *c, const Obj *section, const char *key,
			 void (*read) (ControlPart *p, const Obj *o))
{
	ControlPart p = {c, section, &c->out->controls, key, read};

	(void) read_part(&section->path, control_part, &p);
}

void
read_fund_controls(Compiler *c, const Obj *fund)
{
	read_part_of(c, fund, "months_payable", read_months_payable);
	read_part_of(c, fund, "drg", read_drg);
}

void
read_controls(Compiler *c, const Obj *root)
{
	static const char *const keys[] = {
		"admission_clock", "sampling", "catalogue_share", "note", NULL
	};
	JsonbValue	v;
	Path		path;
	Obj			o;

	if (!get_member(root, "controls", &v, &path))
		return;
	obj_open(&path, &v, &o);
	obj_check_keys(&o, keys, NULL);
	(void) get_text(&o, "note");
	read_part_of(c, &o, "admission_clock", read_clock);
	read_part_of(c, &o, "sampling", read_sampling);
	read_part_of(c, &o, "catalogue_share", read_catalogue);
}
