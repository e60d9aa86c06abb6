/*
 * enrolment.c
 *	  The "enrolment" section of a policy document: when benefits begin, and how
 *	  the years are counted that raise or lower a cap.
 *
 * The amounts themselves are "each" of a cap; this says what the counts are.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "policy/compiler.h"

const char *const enrol_group_words[] = {
	"newborn", "assistance", "scheme_change", "moved", "veteran", "spouse",
	"released", "other", NULL
};
const char *const enrol_paid_words[] = {
	"inpatient", "outpatient", "chronic", "other", "hifmi_pay", "maf_pay", "oth_pay", NULL
};
static const char *const date_words[] = {
	"setl_time", "begntime", "endtime", "fee_ocur_time", NULL
};
static const ClaimField date_fields[] = {
	CF_setl_time, CF_begntime, CF_endtime, CF_fee_ocur_time
};
static const char *const elsewhere_words[] = {"counts", "breaks", NULL};
static const char *const starts_words[] = {"payment", "year_start", NULL};
static const char *const ends_words[] = {"day", "month_start", NULL};
static const char *const first_words[] = {"free", "waits", NULL};
static const char *const of_words[] = {"waiting", "gap", NULL};
static const char *const late_words[] = {
	"next_day", "next_month", "days_after", "waiting", NULL
};
static const char *const count_words[] = {"completed", "with_current", NULL};
static const char *const others_words[] = {"bridge", "count", NULL};
static const char *const after_gap_words[] = {"restart", "keep", NULL};
static const char *const reset_words[] = {"never", "used", NULL};
static const char *const gap_words[] = {"years", "re_entries", NULL};

typedef struct EnrolReading
{
	Compiler   *c;
	const Obj  *o;
	EnrolTerms *t;
	const char *key;
	void		(*read) (struct EnrolReading *r, const Obj *part);
} EnrolReading;

static int
need_int(const Obj *o, const char *key, int32 min, int32 max)
{
	JsonbValue	v;
	Path		path;

	need_member(o, key, &v, &path);
	return val_int(&path, &v, min, max);
}

/* What a part rests on, and its row. */
static int
add_part(Compiler *c, const Obj *o, const char *parameter, const char *condition,
		 const char *effect)
{
	Cite		cite;
	List	   *assumed;
	const char *note = read_grounds(c, o, &cite, &assumed);
	int			info;

	add_row(c, &o->path, "enrolment", parameter, condition, effect, &cite, assumed, note);
	info = add_info(c, &o->path, &cite, note);
	set_assumed(c, info, assumed);
	return info;
}

/* ---- the window ------------------------------------------------------------------- */

static void
read_month_day(const Obj *o, const char *key, uint8_t *month, uint8_t *mday)
{
	JsonbValue	v;
	Path		path;
	int			m;
	int			d;

	need_member(o, key, &v, &path);
	val_month_day(&path, &v, &m, &d);
	*month = m;
	*mday = d;
}

static void
read_windows(EnrolReading *r, const Obj *section)
{
	static const char *const keys[] = {
		"coverage_year", "from", "to", "source", "assumed", "note", NULL
	};
	Compiler   *c = r->c;
	JsonbValue	v;
	Path		path;
	Arr			a;
	EnrolWindow *windows;

	need_member(section, "window", &v, &path);
	arr_open(&path, &v, &a);
	windows = keep_array(c, EnrolWindow, a.n);
	for (int i = 0; i < a.n; i++)
	{
		EnrolWindow *w = &windows[i];
		JsonbValue	e;
		Path		e_path;
		Obj			o;

		arr_get(&a, i, &e, &e_path);
		obj_open(&e_path, &e, &o);
		obj_check_keys(&o, keys, NULL);
		read_year_range(&o, "coverage_year", &w->year_from, &w->year_to);
		read_month_day(&o, "from", &w->from_month, &w->from_day);
		read_month_day(&o, "to", &w->to_month, &w->to_day);
		for (int j = 0; j < i; j++)
		{
			if (w->year_from <= windows[j].year_to && windows[j].year_from <= w->year_to)
				ereport(ERROR,
						(errcode(ERRCODE_YB_POLICY_CONFLICT),
						 errmsg("%s and %s both hold for one coverage year",
								c->side[windows[j].info].path, path_text(&e_path)),
						 errhint("Bound one of them: {\">=\": 2018, \"<\": 2021}.")));
		}
		w->info = add_part(c, &o, "window", year_range_words(w->year_from, w->year_to),
						   psprintf("paid in time from %02d-%02d of the year before to %02d-%02d of %s",
									w->from_month, w->from_day, w->to_month, w->to_day,
									w->to_month * 100 + w->to_day <= w->from_month * 100 + w->from_day ?
									"the coverage year" : "the year before"));
	}
	r->t->nwindows = a.n;
	r->t->windows = windows;
}

/* ---- waiting ------------------------------------------------------------------------- */

static void
read_repair(Compiler *c, const Obj *waiting, EnrolTerms *t)
{
	static const char *const keys[] = {
		"months", "long_gap_years", "long_gap_months", "source", "assumed", "note", NULL
	};
	JsonbValue	v;
	Path		path;
	Obj			o;

	if (!get_member(waiting, "repair", &v, &path))
		return;
	obj_open(&path, &v, &o);
	obj_check_keys(&o, keys, NULL);
	t->has_repair = true;
	t->repair_months = need_int(&o, "months", 1, 12);
	t->long_gap_years = need_int(&o, "long_gap_years", 1, 100);
	t->long_gap_months = need_int(&o, "long_gap_months", 0, 120);
	add_part(c, &o, "repair", "always",
			 psprintf("%d months less of what the gap added for each year paid up; from %d gap years on at least %d months",
					  (int) t->repair_months, (int) t->long_gap_years, (int) t->long_gap_months));
}

static void
read_waiting(EnrolReading *r, const Obj *o)
{
	static const char *const keys[] = {
		"months", "each_gap_year", "first_gap_year", "starts", "ends", "first_enrolment",
		"repair", "source", "assumed", "note", NULL
	};
	EnrolTerms *t = r->t;

	obj_check_keys(o, keys, NULL);
	t->has_waiting = true;
	t->months = need_int(o, "months", 0, 120);
	t->each_gap_year = need_int(o, "each_gap_year", 0, 12);
	if (!has_member(o, "first_gap_year"))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_MISSING_KEY),
				 errmsg("%s: key \"%s\" is missing", path_text(&o->path), "first_gap_year"),
				 errhint("Areas differ (%s): say %s, from the text, or as \"assumed\".", "P21", "0, 1")));
	t->first_gap_counts = need_int(o, "first_gap_year", 0, 1) == 1;
	t->from_year_start = need_choice(o, "starts", starts_words, "P22") == 1;
	t->ends_month_start = need_choice(o, "ends", ends_words, "P22") == 1;
	t->first_waits = need_word(o, "first_enrolment", first_words) == 1;
	add_part(r->c, o, "waiting", "paid late, or after a gap",
			 psprintf("%d months, and %d for each gap year%s, from %s, to %s%s", (int) t->months,
					  (int) t->each_gap_year, t->first_gap_counts ? "" : " after the first",
					  t->from_year_start ? "the first day of cover, if paid before it" : "the payment",
					  t->ends_month_start ? "the first of a month" : "the day",
					  t->first_waits ? "; a first enrolment waits, too" : ""));
	read_repair(r->c, o, t);
}

static void
read_exempt(EnrolReading *r, const Obj *section)
{
	static const char *const keys[] = {
		"group", "of", "within_months", "source", "assumed", "note", NULL
	};
	JsonbValue	v;
	Path		path;
	Arr			a;
	EnrolExempt *exempt;

	if (!get_member(section, "exempt", &v, &path))
		return;
	arr_open(&path, &v, &a);
	exempt = keep_array(r->c, EnrolExempt, a.n);
	for (int i = 0; i < a.n; i++)
	{
		EnrolExempt *x = &exempt[i];
		JsonbValue	e;
		Path		e_path;
		Obj			o;
		Arr			of;
		bool		timed;

		arr_get(&a, i, &e, &e_path);
		obj_open(&e_path, &e, &o);
		obj_check_keys(&o, keys, NULL);
		x->group = GROUP_NEWBORN + need_word(&o, "group", enrol_group_words);
		need_member(&o, "of", &v, &path);
		arr_open(&path, &v, &of);
		for (int k = 0; k < of.n; k++)
		{
			arr_get(&of, k, &v, &path);
			if (val_word(&path, &v, of_words) == 0)
				x->waiting = true;
			else
				x->gap = true;
		}
		timed = x->group == GROUP_SCHEME_CHANGE || x->group == GROUP_MOVED;
		if (timed)
			x->within_months = need_int(&o, "within_months", 0, 120);
		else if (get_member(&o, "within_months", &v, &path))
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s: only a change of scheme or area has a time", path_text(&path)),
					 errhint("Leave \"%s\" out.", "within_months")));
		for (int j = 0; j < i; j++)
		{
			if (exempt[j].group == x->group)
				ereport(ERROR,
						(errcode(ERRCODE_YB_POLICY_CONFLICT),
						 errmsg("%s: group \"%s\" is named twice", path_text(&e_path),
								enrol_group_words[x->group - GROUP_NEWBORN]),
						 errhint("Name each group once, with all that it is exempt from in \"of\".")));
		}
		add_part(r->c, &o, "exempt", enrol_group_words[x->group - GROUP_NEWBORN],
				 psprintf("no%s%s%s%s", x->waiting ? " waiting period" : "",
						  x->waiting && x->gap ? ", no" : "", x->gap ? " gap" : "",
						  timed ? psprintf(", when paid within %d months", (int) x->within_months) : ""));
	}
	r->t->nexempt = a.n;
	r->t->exempt = exempt;
}

static void
read_newborn(EnrolReading *r, const Obj *o)
{
	static const char *const keys[] = {
		"days", "late", "late_days", "both_years", "with_mother", "source", "assumed",
		"note", NULL
	};
	EnrolTerms *t = r->t;

	obj_check_keys(o, keys, NULL);
	t->has_newborn = true;
	t->newborn_days = need_int(o, "days", 0, 366);
	t->newborn_late = need_word(o, "late", late_words);
	if (t->newborn_late == LATE_DAYS_AFTER)
		t->newborn_late_days = need_int(o, "late_days", 0, 366);
	else if (has_member(o, "late_days"))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s.late_days belongs to \"late\": \"days_after\"", path_text(&o->path)),
				 errhint("Leave \"%s\" out.", "late_days")));
	t->newborn_both_years = need_bool(o, "both_years");
	t->newborn_with_mother = need_bool(o, "with_mother");
	add_part(r->c, o, "newborn", "always",
			 psprintf("paid within %d days: from birth%s; later: %s%s", (int) t->newborn_days,
					  t->newborn_both_years ? ", the next year too" : "",
					  t->newborn_late == LATE_DAYS_AFTER ?
					  psprintf("%d days after the payment", (int) t->newborn_late_days) :
					  late_words[t->newborn_late],
					  t->newborn_with_mother ? "; until then under the mother" : ""));
}

/* ---- years ----------------------------------------------------------------------------- */

static void
read_continuous(EnrolReading *r, const Obj *o)
{
	static const char *const keys[] = {
		"count", "after_years", "others", "after_gap", "source", "assumed", "note", NULL
	};
	EnrolTerms *t = r->t;

	obj_check_keys(o, keys, NULL);
	t->has_continuous = true;
	t->with_current = need_word(o, "count", count_words) == 1;
	t->after_years = need_int(o, "after_years", 0, 100);
	t->others_count = need_word(o, "others", others_words) == 1;
	t->keep_bonus = need_word(o, "after_gap", after_gap_words) == 1;
	add_part(r->c, o, "continuous", "always",
			 psprintf("years in a row %s, others %s; those after %d raise caps, %s after a gap",
					  t->with_current ? "with the current one" : "completed",
					  others_words[t->others_count], (int) t->after_years,
					  after_gap_words[t->keep_bonus]));
}

static void
read_zero_claim(EnrolReading *r, const Obj *o)
{
	static const char *const keys[] = {
		"broken_by", "reset", "original_cap", "needs_next_year", "after_gap", "source",
		"assumed", "note", NULL
	};
	EnrolTerms *t = r->t;
	JsonbValue	v;
	Path		path;
	Arr			a;
	StringInfoData s;

	obj_check_keys(o, keys, NULL);
	t->has_zero = true;
	if (!has_member(o, "broken_by"))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_MISSING_KEY),
				 errmsg("%s: key \"%s\" is missing", path_text(&o->path), "broken_by"),
				 errhint("Areas differ (%s): say %s, from the text, or as \"assumed\".", "P23",
						 word_list(enrol_paid_words))));
	need_member(o, "broken_by", &v, &path);
	arr_open(&path, &v, &a);
	initStringInfo(&s);
	for (int i = 0; i < a.n; i++)
	{
		JsonbValue	e;
		Path		e_path;
		int			w;

		arr_get(&a, i, &e, &e_path);
		w = val_word(&e_path, &e, enrol_paid_words);
		if (t->broken_by & (1 << w))
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s: \"%s\" is named twice", path_text(&e_path), enrol_paid_words[w]),
					 errhint("Name each part once.")));
		t->broken_by |= 1 << w;
		appendStringInfo(&s, "%s%s", i > 0 ? ", " : "", enrol_paid_words[w]);
	}
	t->zero_reset = need_choice(o, "reset", reset_words, "P23") == 1;
	if (t->zero_reset)
	{
		need_member(o, "original_cap", &v, &path);
		t->original_cap = val_amount(&path, &v, false);
	}
	else if (get_member(o, "original_cap", &v, &path))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s belongs to \"reset\": \"used\"", path_text(&path)),
				 errhint("Leave \"%s\" out.", "original_cap")));
	t->zero_next_year = need_bool(o, "needs_next_year");
	t->zero_restart = need_word(o, "after_gap", after_gap_words) == 0;
	add_part(r->c, o, "zero_claim", "always",
			 psprintf("years in which none of %s paid%s%s, %s after a gap", s.data,
					  t->zero_next_year ? ", followed by a year of cover" : "",
					  t->zero_reset ? psprintf("; from zero after a year in which serious illness paid more than %s",
											   fen_words(t->original_cap)) : "",
					  after_gap_words[!t->zero_restart]));
}

static void
read_gap(EnrolReading *r, const Obj *o)
{
	static const char *const keys[] = {"count", "source", "assumed", "note", NULL};

	obj_check_keys(o, keys, NULL);
	r->t->has_gap = true;
	r->t->gap_entries = need_word(o, "count", gap_words) == 1;
	add_part(r->c, o, "gap", "always",
			 r->t->gap_entries ? "each return after a gap" : "each year of gap");
}

/* ---- the section -------------------------------------------------------------------------- */

/* Schemes whose cover is no gap either; the policy's own need not be named. */
static void
read_schemes(EnrolReading *r, const Obj *section)
{
	JsonbValue	v;
	Path		path;
	Arr			a;
	EnrolTerms *t = r->t;

	if (!get_member(section, "schemes", &v, &path))
		return;
	arr_open(&path, &v, &a);
	if (a.n > ENROL_SCHEMES)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_LIMIT),
				 errmsg("%s: more than %d schemes", path_text(&path), ENROL_SCHEMES),
				 errhint("Name those whose cover is no gap.")));
	for (int i = 0; i < a.n; i++)
	{
		JsonbValue	e;
		Path		e_path;
		char	   *s;

		arr_get(&a, i, &e, &e_path);
		s = val_text(&e_path, &e);
		if (strlen(s) > CODE_MAX || !claim_code_known(CF_insutype, code_pack(s, strlen(s))))
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s: unknown code \"%s\" of %s", path_text(&e_path), s, "insutype"),
					 errhint("Codes of %s (%s): %s.", "insutype", claim_fields[CF_insutype].zh,
							 _(claim_code_list(CF_insutype)))));
		t->schemes[t->nschemes++] = code_pack(s, strlen(s));
	}
}

static void
enrol_list(void *arg)
{
	EnrolReading *r = arg;

	r->read(r, r->o);
}

static void
enrol_object(void *arg)
{
	EnrolReading *r = arg;
	JsonbValue	v;
	Path		path;
	Obj			o;

	if (!get_member(r->o, r->key, &v, &path))
		return;
	obj_open(&path, &v, &o);
	r->read(r, &o);
}

void
read_enrolment(Compiler *c, const Obj *root)
{
	static const char *const keys[] = {
		"on", "since", "schemes", "elsewhere", "window", "waiting", "exempt", "newborn",
		"continuous", "zero_claim", "gap", "source", "assumed", "note", NULL
	};
	static const struct
	{
		const char *key;
		void		(*read) (EnrolReading *r, const Obj *part);
		bool		list;
	}			parts[] = {
		{"schemes", read_schemes, true},
		{"window", read_windows, true},
		{"waiting", read_waiting, false},
		{"exempt", read_exempt, true},
		{"newborn", read_newborn, false},
		{"continuous", read_continuous, false},
		{"zero_claim", read_zero_claim, false},
		{"gap", read_gap, false}
	};
	static const ClaimField asked[] = {
		CF_trt_enjymnt_flag, CF_trt_chk_rslt, CF_trt_begndate
	};
	JsonbValue	v;
	Path		path;
	Obj			o;
	EnrolTerms *t;
	int			on;

	if (!get_member(root, "enrolment", &v, &path))
		return;
	t = keep_array(c, EnrolTerms, 1);
	obj_open(&path, &v, &o);
	obj_check_keys(&o, keys, NULL);
	on = need_word(&o, "on", date_words);
	c->out->enrol_on = date_fields[on];
	t->since = need_int(&o, "since", 1900, 9999);
	t->elsewhere = need_word(&o, "elsewhere", elsewhere_words) == 0;
	t->insutype = c->out->insutype == NULL ? 0 :
		code_pack(c->out->insutype, strlen(c->out->insutype));
	c->core->entitled_info = add_part(c, &o, "entitled", "always",
									  psprintf("who has cover on the day of %s; years count from %d, elsewhere %s",
											   date_words[on], (int) t->since, elsewhere_words[!t->elsewhere]));
	for (size_t i = 0; i < lengthof(parts); i++)
	{
		EnrolReading r = {c, &o, t, parts[i].key, parts[i].read};

		(void) read_part(&o.path, parts[i].list ? enrol_list : enrol_object, &r);
	}
	c->core->asks_entitled = true;
	for (size_t i = 0; i < lengthof(asked); i++)
		c->core->fields_read[asked[i] / 64] |= UINT64_C(1) << (asked[i] % 64);
	c->out->enrolment = t;
}
