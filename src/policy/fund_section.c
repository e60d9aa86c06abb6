/*
 * fund_section.c
 *	  The "fund" section of a policy document.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "policy/compiler.h"

const char *const receipt_kind_names[RECEIPT_KINDS] = {
	"contribution", "subsidy", "assistance", "collective", "interest", "penalty",
	"surplus_returned", "other"
};
static const char *const kind_words[] = {
	"contribution", "subsidy", "assistance", "collective", "interest", "penalty",
	"surplus_returned", "other", NULL
};
static const char *const split_base_words[] = {"received_income", "budget_income", NULL};
static const char *const split_rounding_words[] = {
	"half_up_outpatient", "floor_residual_inpatient", NULL
};
static const char *const set_aside_words[] = {
	"with_personal_receipt", "waterfall", "at_remittance", NULL
};
static const char *const pool_short_words[] = {"queue", "refuse", NULL};
static const char *const next_year_words[] = {
	"income_on_receipt", "temp_until_year_start", NULL
};
static const char *const carry_words[] = {
	"keep_by_pool", "resplit", "to_unallocated", NULL
};
static const char *const heads_words[] = {"stated", "approved", "enrolled", NULL};
static const char *const late_words[] = {
	"report", "deduct_provider", "manual_only", NULL
};
static const char *const deposit_words[] = {"unpaid", "temp_receipt", NULL};
static const char *const recovery_words[] = {"reduce_expense", "other_income", NULL};
static const char *const surplus_words[] = {
	"fund_balance", "reduce_serious_expense", "other_income", NULL
};
static const char *const subject_words[] = {"serious_expense", "remit_up", NULL};

/* Source, assumptions and note of a part; its info and its row. */
static int
add_part(Compiler *c, const Obj *o, const char *parameter, const char *condition,
		 const char *effect, bool open)
{
	Cite		cite;
	List	   *assumed;
	const char *note = read_grounds(c, o, &cite, &assumed);

	if (note == NULL && open)
		note = gettext_noop("the source gives no figure");
	add_row(c, &o->path, "fund", parameter, condition, effect, &cite, assumed, note);
	return add_info(c, &o->path, &cite, note);
}

/* Two ranges of years have a year in common. */
static bool
years_meet(int32 from1, int32 to1, int32 from2, int32 to2)
{
	return from1 <= to2 && from2 <= to1;
}

static void
years_conflict(Compiler *c, const Path *path, int other_info, int32 from1, int32 from2)
{
	int32		year = Max(from1, from2);

	ereport(ERROR,
			(errcode(ERRCODE_YB_POLICY_CONFLICT),
			 errmsg("%s and %s both hold for one coverage year",
					c->side[other_info].path, path_text(path)),
			 year == PG_INT32_MIN ?
			 errdetail("For example: any early coverage_year.") :
			 errdetail("For example: coverage_year = %d.", year),
			 errhint("Bound one of them: {\">=\": 2018, \"<\": 2021}.")));
}

static void
read_splits(Compiler *c, const Obj *fund, FundPolicy *fp)
{
	static const char *const keys[] = {
		"coverage_year", "outpatient", "inpatient", "base", "budget", "kinds",
		"after_serious", "rounding", "source", "assumed", "note", NULL
	};
	JsonbValue	v;
	Path		path;
	Arr			a;
	FundSplit  *splits;

	need_member(fund, "split", &v, &path);
	arr_open(&path, &v, &a);
	splits = keep_array(c, FundSplit, a.n);
	for (int i = 0; i < a.n; i++)
	{
		FundSplit  *s = &splits[i];
		JsonbValue	e;
		Path		e_path;
		Obj			o;
		Arr			kinds;
		StringInfoData words;

		arr_get(&a, i, &e, &e_path);
		obj_open(&e_path, &e, &o);
		obj_check_keys(&o, keys, NULL);
		read_year_range(&o, "coverage_year", &s->year_from, &s->year_to);
		need_member(&o, "outpatient", &v, &path);
		s->outpatient = val_ratio(&path, &v, 0, RATIO_ONE);
		need_member(&o, "inpatient", &v, &path);
		s->inpatient = val_ratio(&path, &v, 0, RATIO_ONE);
		if (s->outpatient + s->inpatient != RATIO_ONE)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s: %s outpatient and %s inpatient make %s, not 1",
							path_text(&e_path), ratio_words(s->outpatient),
							ratio_words(s->inpatient),
							ratio_words(s->outpatient + s->inpatient)),
					 errhint("What is set aside before the split is \"after_serious\".")));
		s->base = need_word(&o, "base", split_base_words);
		if (get_member(&o, "budget", &v, &path))
		{
			s->budget = val_amount(&path, &v, false);
			if (s->base != SPLIT_BUDGET_INCOME || s->year_from != s->year_to || s->budget == 0)
				ereport(ERROR,
						(errcode(ERRCODE_YB_POLICY_VALUE),
						 errmsg("%s is the budgeted income of one year, and stands with \"budget_income\"",
								path_text(&path)),
						 errhint("Write \"base\": \"budget_income\" and a rule for each year: \"coverage_year\": 2018.")));
		}
		s->after_serious = need_bool(&o, "after_serious");
		s->rounding = need_word(&o, "rounding", split_rounding_words);

		initStringInfo(&words);
		appendStringInfo(&words, "outpatient %s, inpatient %s of %s%s, %s, kinds",
						 ratio_words(s->outpatient), ratio_words(s->inpatient),
						 s->budget == 0 ? split_base_words[s->base] :
						 psprintf("%s %s", split_base_words[s->base], fen_words(s->budget)),
						 s->after_serious ? " after the serious-illness part" : "",
						 split_rounding_words[s->rounding]);
		need_member(&o, "kinds", &v, &path);
		arr_open(&path, &v, &kinds);
		for (int k = 0; k < kinds.n; k++)
		{
			int			kind;

			arr_get(&kinds, k, &v, &path);
			kind = val_word(&path, &v, kind_words);
			if (s->kinds & (1 << kind))
				ereport(ERROR,
						(errcode(ERRCODE_YB_POLICY_VALUE),
						 errmsg("%s: \"%s\" is named twice", path_text(&path), kind_words[kind]),
						 errhint("Name each kind once.")));
			s->kinds |= 1 << kind;
			appendStringInfo(&words, "%s %s", k > 0 ? "," : "", kind_words[kind]);
		}
		for (int j = 0; j < i; j++)
		{
			if (years_meet(s->year_from, s->year_to, splits[j].year_from, splits[j].year_to))
				years_conflict(c, &e_path, splits[j].info, s->year_from, splits[j].year_from);
		}
		s->info = add_part(c, &o, "split", year_range_words(s->year_from, s->year_to),
						   words.data, false);
	}
	fp->nsplits = a.n;
	fp->splits = splits;
}

static void
read_per_head(Compiler *c, const Obj *serious, FundSerious *fs)
{
	static const char *const keys[] = {
		"coverage_year", "amount", "unknown", "source", "assumed", "note", NULL
	};
	JsonbValue	v;
	Path		path;
	Arr			a;
	FundPerHead *heads;

	if (!get_member(serious, "per_head", &v, &path))
		return;
	arr_open(&path, &v, &a);
	heads = keep_array(c, FundPerHead, a.n);
	for (int i = 0; i < a.n; i++)
	{
		FundPerHead *h = &heads[i];
		JsonbValue	e;
		Path		e_path;
		Obj			o;

		arr_get(&a, i, &e, &e_path);
		obj_open(&e_path, &e, &o);
		obj_check_keys(&o, keys, NULL);
		read_year_range(&o, "coverage_year", &h->year_from, &h->year_to);
		if (get_member(&o, "unknown", &v, &path))
		{
			h->unknown = val_bool(&path, &v);
			if (!h->unknown || has_member(&o, "amount"))
				ereport(ERROR,
						(errcode(ERRCODE_YB_POLICY_VALUE),
						 errmsg("%s: either \"amount\" or \"unknown\": true", path_text(&e_path)),
						 errhint("Either the source gives the figure or it does not.")));
		}
		else
		{
			need_member(&o, "amount", &v, &path);
			h->amount = val_amount(&path, &v, false);
		}
		for (int j = 0; j < i; j++)
		{
			if (years_meet(h->year_from, h->year_to, heads[j].year_from, heads[j].year_to))
				years_conflict(c, &e_path, heads[j].info, h->year_from, heads[j].year_from);
		}
		h->info = add_part(c, &o, "serious per_head",
						   year_range_words(h->year_from, h->year_to),
						   h->unknown ? "unknown" :
						   psprintf("%s a head", fen_words(h->amount)), h->unknown);
	}
	fs->nper_head = a.n;
	fs->per_head = heads;
}

static void
read_serious(Compiler *c, const Obj *fund, FundPolicy *fp)
{
	static const char *const keys[] = {
		"model", "per_head", "set_aside", "source", "assumed", "note", NULL
	};
	JsonbValue	v;
	Path		path;
	Obj			o;
	FundSerious *fs;

	if (!get_member(fund, "serious", &v, &path))
		return;
	fs = keep_array(c, FundSerious, 1);
	obj_open(&path, &v, &o);
	obj_check_keys(&o, keys, NULL);
	fs->model = SERIOUS_REMIT_UP + need_word(&o, "model", model_words);
	fs->set_aside = SET_ASIDE_WITH_PERSONAL_RECEIPT + need_word(&o, "set_aside", set_aside_words);
	fs->info = add_part(c, &o, "serious", "always",
						psprintf("%s, set aside %s",
								 model_words[fs->model - SERIOUS_REMIT_UP],
								 set_aside_words[fs->set_aside - SET_ASIDE_WITH_PERSONAL_RECEIPT]),
						false);
	read_per_head(c, &o, fs);
	fp->serious = fs;
}

static void
read_transfer(Compiler *c, const Obj *fund, FundPolicy *fp)
{
	static const char *const keys[] = {
		"max_share", "keep_months", "source", "assumed", "note", NULL
	};
	JsonbValue	v;
	Path		path;
	Obj			o;
	StringInfoData s;

	fp->transfer_info = -1;
	if (!get_member(fund, "transfer", &v, &path))
		return;
	obj_open(&path, &v, &o);
	obj_check_keys(&o, keys, NULL);
	initStringInfo(&s);
	if (get_member(&o, "max_share", &v, &path))
	{
		fp->transfer_has_max_share = true;
		fp->transfer_max_share = val_ratio(&path, &v, 0, RATIO_ONE);
		appendStringInfo(&s, "at most %s of the giving pool",
						 ratio_words(fp->transfer_max_share));
	}
	if (get_member(&o, "keep_months", &v, &path))
	{
		fp->transfer_keep_months = val_int(&path, &v, 1, 120);
		appendStringInfo(&s, "%sthe giving pool keeps %d months of spending",
						 s.len > 0 ? ", " : "", fp->transfer_keep_months);
	}
	if (s.len == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_MISSING_KEY),
				 errmsg("%s has no value", path_text(&o.path)),
				 errhint("Give \"max_share\" or \"keep_months\", or leave \"transfer\" out.")));
	fp->transfer_info = add_part(c, &o, "transfer", "always", s.data, false);
}

static void
read_deadline(Compiler *c, const Obj *fund, FundPolicy *fp)
{
	static const char *const keys[] = {
		"monthly_day", "yearly", "non_working", "late", "source", "assumed", "note", NULL
	};
	static const char *const non_working_words[] = {"strict", "shift", NULL};
	static const char *const late_claim_words[] = {"report", "refuse", NULL};
	JsonbValue	v;
	Path		path;
	Obj			o;
	StringInfoData s;

	fp->deadline_info = -1;
	if (!get_member(fund, "deadline", &v, &path))
		return;
	obj_open(&path, &v, &o);
	obj_check_keys(&o, keys, NULL);
	initStringInfo(&s);
	if (get_member(&o, "monthly_day", &v, &path))
	{
		fp->deadline_monthly_day = val_int(&path, &v, 1, 28);
		appendStringInfo(&s, "day %d of each month", fp->deadline_monthly_day);
	}
	if (get_member(&o, "yearly", &v, &path))
	{
		val_month_day(&path, &v, &fp->deadline_yearly_month, &fp->deadline_yearly_day);
		appendStringInfo(&s, "%s%02d-%02d of each year", s.len > 0 ? ", " : "",
						 fp->deadline_yearly_month, fp->deadline_yearly_day);
	}
	if (s.len == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_MISSING_KEY),
				 errmsg("%s has no value", path_text(&o.path)),
				 errhint("Give \"monthly_day\" or \"yearly\", or leave \"deadline\" out.")));
	fp->deadline_shift = need_choice(&o, "non_working", non_working_words, "P32") == 1;
	appendStringInfoString(&s, fp->deadline_shift ? ", or the next working day" :
						   ", working day or not");
	if (get_member(&o, "late", &v, &path))
	{
		fp->deadline_late = DEADLINE_LATE_REPORT + val_word(&path, &v, late_claim_words);
		appendStringInfoString(&s, fp->deadline_late == DEADLINE_LATE_REFUSE ?
							   "; what is late the provider is not paid" : "; what is late is reported");
	}
	fp->deadline_info = add_part(c, &o, "deadline", "always", s.data, false);
}

/* fund.deficit_budget and fund.interim_budget: a budget that spends more than it takes in, and none yet. */
static void
read_budget(Compiler *c, const Obj *fund, FundPolicy *fp)
{
	static const char *const deficit_keys[] = {"mode", "max", "source", "assumed", "note", NULL};
	static const char *const deficit_words[] = {"refuse", "from_surplus", NULL};
	static const char *const interim_keys[] = {"mode", "source", "assumed", "note", NULL};
	static const char *const interim_words[] = {"none", "last_year_same_period", NULL};
	JsonbValue	v;
	Path		path;
	Obj			o;

	fp->deficit_info = fp->interim_info = -1;
	if (get_member(fund, "deficit_budget", &v, &path))
	{
		const char *effect = "refused";

		obj_open(&path, &v, &o);
		obj_check_keys(&o, deficit_keys, NULL);
		fp->deficit_from_surplus = need_word(&o, "mode", deficit_words) == 1;
		if (fp->deficit_from_surplus)
		{
			need_member(&o, "max", &v, &path);
			fp->deficit_max = val_amount(&path, &v, false);
			effect = psprintf("from the surplus, at most %s a year", fen_words(fp->deficit_max));
		}
		else if (get_member(&o, "max", &v, &path))
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("%s: nothing is allowed in mode refuse", path_text(&path)),
					 errhint("Leave \"max\" out, or say \"from_surplus\".")));
		fp->deficit_info = add_part(c, &o, "deficit_budget", "always", effect, false);
	}
	if (get_member(fund, "interim_budget", &v, &path))
	{
		obj_open(&path, &v, &o);
		obj_check_keys(&o, interim_keys, NULL);
		fp->interim_last_year = need_word(&o, "mode", interim_words) == 1;
		fp->interim_info = add_part(c, &o, "interim_budget", "always",
									fp->interim_last_year ? "last year's, of the same quarters" : "nothing before the budget", false);
	}
}

static void
read_appropriation(Compiler *c, const Obj *fund, FundPolicy *fp)
{
	static const char *const keys[] = {
		"control", "months_in_account", "months_of", "source", "assumed", "note", NULL
	};
	static const char *const control_words[] = {"form_named", "form_required", NULL};
	static const char *const months_words[] = {"last_12_months", "budget", NULL};
	JsonbValue	v;
	Path		path;
	Obj			o;
	const char *effect;

	fp->appropriation_info = -1;
	if (!get_member(fund, "appropriation", &v, &path))
		return;
	obj_open(&path, &v, &o);
	obj_check_keys(&o, keys, NULL);
	fp->form_required = need_word(&o, "control", control_words) == 1;
	effect = fp->form_required ? "against an approved form, within the budget" : "names its form";
	if (get_member(&o, "months_in_account", &v, &path))
	{
		fp->months_in_account = val_int(&path, &v, 1, 12);
		fp->months_of_budget = need_word(&o, "months_of", months_words) == 1;
		effect = psprintf("%s; the account holds at most %d months of %s", effect, fp->months_in_account,
						  months_words[fp->months_of_budget]);
	}
	else if (get_member(&o, "months_of", &v, &path))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_MISSING_KEY),
				 errmsg("%s: of how many months is not said", path_text(&path)),
				 errhint("Give \"months_in_account\" too, or neither.")));
	fp->appropriation_info = add_part(c, &o, "appropriation", "always", effect, false);
}

typedef struct FundPart
{
	Compiler   *c;
	const Obj  *o;
	FundPolicy *fp;
	void		(*read) (Compiler *c, const Obj *fund, FundPolicy *fp);
} FundPart;

static void
call_fund_part(void *arg)
{
	FundPart   *part = arg;

	part->read(part->c, part->o, part->fp);
}

static void
fund_part(Compiler *c, const Obj *o, FundPolicy *fp,
		  void (*read) (Compiler *c, const Obj *fund, FundPolicy *fp))
{
	FundPart	part = {c, o, fp, read};

	(void) read_part(&o->path, call_fund_part, &part);
}

typedef struct FundWords
{
	Compiler   *c;
	const Obj  *o;
	const Cite *cite;
	List	   *assumed;
	const char *note;
	const char *key;
	const char *const *words;
	bool		needed;
	int			word;			/* from 1; 0: the key is not there */
} FundWords;

static void
call_fund_words(void *arg)
{
	FundWords  *f = arg;
	JsonbValue	v;
	Path		path;

	f->word = 0;
	if (f->needed)
		need_member(f->o, f->key, &v, &path);
	else if (!get_member(f->o, f->key, &v, &path))
		return;
	f->word = val_word(&path, &v, f->words) + 1;
	add_row(f->c, &path, "fund", f->key, "always", f->words[f->word - 1], f->cite,
			f->assumed, f->note);
}

/* A key of the fund section whose value is a word; a row if it is there. */
static void
fund_words(FundWords *f, const char *key, const char *const *words, bool needed)
{
	f->key = key;
	f->words = words;
	f->needed = needed;
	(void) read_part(&f->o->path, call_fund_words, f);
}

void
read_fund(Compiler *c, const Obj *root)
{
	static const char *const keys[] = {
		"split", "serious", "on_pool_short", "next_year_receipts", "carry", "transfer",
		"deficit_budget", "interim_budget", "appropriation",
		"heads", "late_registration", "deadline", "months_payable", "drg", "deposit_book",
		"prior_year_recovery", "surplus_return", "serious_subject", "source", "assumed",
		"note", NULL
	};
	FundPolicy *fp;
	JsonbValue	v;
	Path		path;
	Obj			o;
	Cite		own;
	Cite	   *cite = NULL;
	List	   *assumed;
	const char *note;
	FundWords	words = {.c = c,.o = &o};

	if (!get_member(root, "fund", &v, &path))
		return;
	fp = keep_array(c, FundPolicy, 1);
	obj_open(&path, &v, &o);
	obj_check_keys(&o, keys, NULL);
	if (get_cite(c, &o, "source", &own))
		cite = &own;
	assumed = read_assumed(c, &o);
	note = get_text(&o, "note");
	if (note == NULL)
		note = assumed_note(c, assumed, c->english);
	fp->info = add_info(c, &path, cite, note);

	fund_part(c, &o, fp, read_splits);
	fund_part(c, &o, fp, read_serious);
	words.cite = cite;
	words.assumed = assumed;
	words.note = note;
	fund_words(&words, "on_pool_short", pool_short_words, true);
	fp->on_pool_short = POOL_SHORT_QUEUE + words.word - 1;
	fund_words(&words, "next_year_receipts", next_year_words, false);
	fp->next_year_receipts = words.word;
	fund_words(&words, "carry", carry_words, false);
	fp->carry = words.word;
	fund_words(&words, "heads", heads_words, false);
	fp->heads = words.word;
	fund_words(&words, "late_registration", late_words, false);
	fp->late_registration = words.word;
	fund_words(&words, "deposit_book", deposit_words, false);
	fp->deposit_book = words.word;
	fund_words(&words, "prior_year_recovery", recovery_words, false);
	fp->prior_year_recovery = words.word;
	fund_words(&words, "surplus_return", surplus_words, false);
	fp->surplus_return = words.word;
	fund_words(&words, "serious_subject", subject_words, false);
	fp->serious_subject = words.word;
	fund_part(c, &o, fp, read_transfer);
	fund_part(c, &o, fp, read_deadline);
	fund_part(c, &o, fp, read_budget);
	fund_part(c, &o, fp, read_appropriation);
	read_fund_controls(c, &o);
	c->out->fund = fp;
}

/* ---- what src/fund asks ----------------------------------------------------------- */

const FundSplit *
policy_split_for(const CompiledPolicy *cp, int32 coverage_year)
{
	for (int i = 0; cp->fund != NULL && i < cp->fund->nsplits; i++)
	{
		const FundSplit *s = &cp->fund->splits[i];

		if (coverage_year >= s->year_from && coverage_year <= s->year_to)
			return s;
	}
	return NULL;
}

const char *
policy_fund_choice(const CompiledPolicy *cp, const char *key)
{
	const FundPolicy *fp = cp->fund;
	const char *const *words;
	int			word;

	if (strcmp(key, "deposit_book") == 0)
		words = deposit_words, word = fp->deposit_book;
	else if (strcmp(key, "prior_year_recovery") == 0)
		words = recovery_words, word = fp->prior_year_recovery;
	else if (strcmp(key, "surplus_return") == 0)
		words = surplus_words, word = fp->surplus_return;
	else if (strcmp(key, "serious_subject") == 0)
		words = subject_words, word = fp->serious_subject;
	else
		elog(ERROR, "the fund section has no choice \"%s\"", key);
	return word == 0 ? NULL : words[word - 1];
}

const FundPerHead *
policy_per_head_for(const CompiledPolicy *cp, int32 coverage_year)
{
	const FundSerious *fs = cp->fund != NULL ? cp->fund->serious : NULL;

	for (int i = 0; fs != NULL && i < fs->nper_head; i++)
	{
		const FundPerHead *h = &fs->per_head[i];

		if (coverage_year >= h->year_from && coverage_year <= h->year_to)
			return h;
	}
	return NULL;
}

int
policy_pool_index(const CompiledPolicy *cp, const char *name)
{
	for (int i = 0; i < cp->core->npools; i++)
	{
		if (strcmp(cp->core->pools[i], name) == 0)
			return i;
	}
	return -1;
}
