/*
 * income.c
 *	  Disposable income a head (居民人均可支配收入) by year, of which deductibles
 *	  and caps may be a share.
 */
#include "postgres.h"

#include "policy/compiler.h"

static const char *const income_keys[] = {
	"year", "amount", "unknown", "source", "assumed", "note", NULL
};

typedef struct IncomeReading
{
	Compiler   *c;
	Income	   *incomes;
} IncomeReading;

static void
read_one_income(const Path *path, int i, JsonbValue *v, void *arg)
{
	IncomeReading *r = arg;
	Compiler   *c = r->c;
	Income	   *in = &r->incomes[i];
	Obj			o;
	JsonbValue	m;
	Path		m_path;
	Cite		cite;
	List	   *assumed;
	const char *note;

	obj_open(path, v, &o);
	obj_check_keys(&o, income_keys, NULL);
	need_member(&o, "year", &m, &m_path);
	in->year = val_int(&m_path, &m, 1949, 9999);
	for (int k = 0; k < i; k++)
	{
		if (r->incomes[k].year == in->year)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_CONFLICT),
					 errmsg("%s: %s gives the income of %d already", path_text(&m_path),
							c->side[r->incomes[k].info].path, (int) in->year),
					 errhint("Each year once.")));
	}
	if (get_member(&o, "unknown", &m, &m_path))
	{
		in->unknown = val_bool(&m_path, &m);
		if (!in->unknown || has_member(&o, "amount"))
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s: either \"amount\" or \"unknown\": true", path_text(path)),
					 errhint("Either the source gives the figure or it does not.")));
	}
	else
	{
		need_member(&o, "amount", &m, &m_path);
		in->amount = val_amount(&m_path, &m, false);
	}
	note = read_grounds(c, &o, &cite, &assumed);
	if (note == NULL && in->unknown)
		note = gettext_noop("the source gives no figure");
	add_row(c, path, NULL, "income", psprintf("year = %d", (int) in->year),
			in->unknown ? "unknown" : fen_words(in->amount), &cite, assumed, note);
	in->info = add_info(c, path, &cite, note);
	set_assumed(c, in->info, assumed);
}

void
read_income(Compiler *c, const Obj *root)
{
	JsonbValue	v;
	Path		path;
	Arr			a;
	IncomeReading r = {c, NULL};

	if (!get_member(root, "income", &v, &path))
		return;
	arr_open(&path, &v, &a);
	r.incomes = keep_array(c, Income, a.n);
	c->core->incomes = r.incomes;
	c->core->nincomes = a.n;
	arr_each(&a, read_one_income, &r);
}
