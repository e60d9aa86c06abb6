/*
 * time.c
 *	  What a document says of time: when its benefit year begins, how a stay of
 *	  two years is settled, and what a correction does to what came after.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/datetime.h"

#include "policy/compiler.h"

static const char *const named_words[] = {"start", "end", NULL};
static const char *const date_words[] = {
	"setl_time", "begntime", "endtime", "fee_ocur_time", NULL
};
static const ClaimField date_fields[] = {
	CF_setl_time, CF_begntime, CF_endtime, CF_fee_ocur_time
};
static const char *const change_words[] = {"continue", "restart", NULL};
static const char *const cross_words[] = {
	"discharge_year", "split", "mid_settlement", "readmit", NULL
};
static const char *const lapsed_words[] = {"year_end", "whole_stay", NULL};
static const char *const reversal_words[] = {"last_only", "alone", "replay", NULL};
static const char *const late_words[] = {"arrival", "service_date", NULL};

static void
read_too(Compiler *c, ClaimField field)
{
	c->core->fields_read[field / 64] |= UINT64CONST(1) << (field % 64);
}

/* MM-DD, a day that every year has. */
void
val_month_day(const Path *path, const JsonbValue *v, int *month, int *day)
{
	char	   *text = val_text(path, v);
	bool		right = strlen(text) == 5 && text[2] == '-' &&
		strspn(text, "0123456789") == 2 && strspn(text + 3, "0123456789") == 2;

	if (right)
	{
		*month = atoi(text);
		*day = atoi(text + 3);
		right = *month >= 1 && *month <= 12 && *day >= 1 && *day <= day_tab[0][*month - 1];
	}
	if (!right)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: \"%s\" is not a month and a day", path_text(path), text),
				 errhint("Write \"01-20\", a day that every year has.")));
}

/* ---- the benefit year (P10) ----------------------------------------------------------- */

static void
read_year_object(Compiler *c, const Obj *o)
{
	static const char *const keys[] = {
		"starts", "named_by", "by", "on_policy_change", "source", "assumed", "note", NULL
	};
	YearRule   *y = &c->core->year;
	Cite		cite;
	List	   *assumed;
	const char *note;
	JsonbValue	v;
	Path		path;
	StringInfoData s;
	int			by;
	int			month = 1;
	int			day = 1;

	obj_check_keys(o, keys, NULL);
	note = read_grounds(c, o, &cite, &assumed);
	initStringInfo(&s);
	if (get_member(o, "starts", &v, &path))
	{
		y->enrolment = v.type == jbvString && v.val.string.len == 9 &&
			memcmp(v.val.string.val, "enrolment", 9) == 0;
		if (y->enrolment)
		{
			read_too(c, CF_psn_insu_date);
			appendStringInfoString(&s, "begins on the day of enrolment");
		}
		else
			val_month_day(&path, &v, &month, &day);
	}
	y->month = month;
	y->day = day;
	if (s.len == 0)
		appendStringInfo(&s, "begins on %02d-%02d", month, day);
	if (y->enrolment || month != 1 || day != 1)
	{
		/* 2018-07-01 to 2019-06-30 is 2018 here and 2019 there */
		y->named_by_end = need_word(o, "named_by", named_words) == 1;
		appendStringInfo(&s, ", called by the year it %s in", y->named_by_end ? "ends" : "begins");
	}
	else
		(void) get_word(o, "named_by", named_words, 0);
	by = get_word(o, "by", date_words, -1);
	y->by = by < 0 ? c->core->version_date : date_fields[by];
	read_too(c, y->by);
	appendStringInfo(&s, ", a claim is of the year of its %s", claim_fields[y->by].name);
	if (get_member(o, "on_policy_change", &v, &path))
	{
		y->restart = val_word(&path, &v, change_words) == 1;
		appendStringInfo(&s, ", with this document accumulators %s", y->restart ? "begin anew" : "go on");
	}
	y->stated = true;
	y->info = add_info(c, &o->path, &cite, note);
	set_assumed(c, y->info, assumed);
	add_row(c, &o->path, NULL, "year", "always", s.data, &cite, assumed, note);
}

void
read_year(Compiler *c, const Obj *root)
{
	YearRule   *y = &c->core->year;
	JsonbValue	v;
	Path		path;
	Obj			o;

	y->month = y->day = 1;
	y->by = c->core->version_date;
	y->info = -1;
	if (!get_member(root, "year", &v, &path))
		return;
	obj_open(&path, &v, &o);
	read_year_object(c, &o);
}

/* ---- a stay of two years (P11) -------------------------------------------------------- */

const char *const cross_year_keys[] = {"rule", "lapsed", "unknown", NULL};

char *
effect_cross_year(Compiler *c, const Obj *o, LayerCode code, Rule *rule)
{
	static const char *const words[] = {
		"a stay of two benefit years is settled as a whole in the year it ends",
		"a stay of two benefit years is settled in parts, by the day of each item",
		"a stay of two benefit years may be settled at the year's end, or as a whole in the year it ends",
		"at the year's end a patient is discharged and admitted again"
	};
	int			lapsed;
	ClaimField	by = c->core->year.by;

	if (rule->undecided)
		return pstrdup("unknown");
	rule->u.cross.rule = need_word(o, "rule", cross_words);
	lapsed = get_word(o, "lapsed", lapsed_words, -1);
	rule->u.cross.lapsed_ends = lapsed == 0;
	if ((rule->u.cross.rule == CROSS_DISCHARGE_YEAR || rule->u.cross.rule == CROSS_MID_SETTLEMENT) &&
		by != CF_endtime && by != CF_setl_time)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: \"%s\" counts a stay in the year it ends, but a claim is of the year of its %s",
						path_text(&o->path), cross_words[rule->u.cross.rule], claim_fields[by].name),
				 errhint("Say so: \"year\": {\"by\": \"endtime\", ...}, or \"setl_time\".")));
	return psprintf("%s%s", words[rule->u.cross.rule],
					lapsed == 0 ? ", and who is not insured on is paid up to the year's end" :
					lapsed == 1 ? ", also of who is not insured on" : "");
}

void
read_cross_year(Compiler *c, const Obj *root)
{
	JsonbValue	v;
	Path		path;

	if (!get_member(root, "cross_year", &v, &path))
		return;
	read_too(c, CF_begntime);
	read_too(c, CF_endtime);
	read_too(c, CF_pre_days);
	read_too(c, CF_paus_insu_date);
	read_too(c, c->core->year.by);
	c->core->cross_year_set = read_set(c, &path, &v, RK_CROSS_YEAR, LAYER_BASIC, "", "cross_year");
}

/* ---- corrections (P29) ------------------------------------------------------------------ */

void
read_corrections(Compiler *c, const Obj *root)
{
	static const char *const keys[] = {
		"reversal", "late_manual", "source", "assumed", "note", NULL
	};
	JsonbValue	v;
	Path		path;
	Path		word_path;
	Obj			o;
	Cite		cite;
	List	   *assumed;
	const char *note;

	if (!get_member(root, "corrections", &v, &path))
		return;
	obj_open(&path, &v, &o);
	obj_check_keys(&o, keys, NULL);
	note = read_grounds(c, &o, &cite, &assumed);
	(void) add_info(c, &path, &cite, note);
	if (get_member(&o, "reversal", &v, &word_path))
	{
		c->out->reversal = REVERSAL_LAST_ONLY + val_word(&word_path, &v, reversal_words);
		add_row(c, &word_path, NULL, "reversal", "always",
				reversal_words[c->out->reversal - REVERSAL_LAST_ONLY], &cite, assumed, note);
	}
	if (get_member(&o, "late_manual", &v, &word_path))
	{
		c->out->late_manual = LATE_MANUAL_ARRIVAL + val_word(&word_path, &v, late_words);
		add_row(c, &word_path, NULL, "late_manual", "always",
				late_words[c->out->late_manual - LATE_MANUAL_ARRIVAL], &cite, assumed, note);
	}
	if (c->out->reversal == REVERSAL_UNSTATED && c->out->late_manual == LATE_MANUAL_UNSTATED)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_MISSING_KEY),
				 errmsg("%s has no value", path_text(&path)),
				 errhint("Give \"reversal\" or \"late_manual\", or leave \"corrections\" out.")));
}
