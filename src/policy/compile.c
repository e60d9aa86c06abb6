/*
 * compile.c
 *	  A policy document becomes a CompiledPolicy.
 *
 * The document is walked once (layers.c, rule_set.c, fund_section.c, condition.c); then all
 * values that conditions name are known, the dimensions are laid out, each
 * rule's conditions become a box, and each set of rules is put in order and
 * searched for two rules that collide.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "core/history.h"
#include "core/match.h"
#include "policy/compiler.h"

#define MEMO_MIN_SLOTS	64	/* powers of two */
#define MEMO_MAX_SLOTS	2048

static const char *const trust_words[] = {
	"official", "mirror", "portal", "unverified", "borrowed", "demo", "assumed",
	"synthetic", NULL
};

/* Level of government that issued a text, the highest first. */
const char *const policy_authorities[] = {"national", "province", "city", "county", NULL};

/* ---- top level --------------------------------------------------------------- */

static void
read_one_source(const Path *path, const char *key, JsonbValue *v, void *arg)
{
	static const char *const keys[] = {
		"doc", "trust", "url", "title", "note", "area", "authority", NULL
	};
	Compiler   *c = arg;
	Obj			o;
	int			authority;
	SourceRef  *ref = palloc_object(SourceRef);
	PolicySource *out = unconstify(PolicySource *, &c->out->sources[c->out->nsources]);

	if (key[0] == '\0' || strchr(key, ' ') != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: a source's key is one word", path_text(path)),
				 errhint("Rules cite it as \"key\" or \"key and where in it\".")));
	ref->key = out->key = keep_text(c, key);
	ref->doc = ref->trust = "";
	c->sources = lappend(c->sources, ref);
	obj_open(path, v, &o);
	obj_check_keys(&o, keys, NULL);
	(void) get_text(&o, "area");
	out->doc = keep_text(c, need_text(&o, "doc"));
	out->trust = trust_words[need_word(&o, "trust", trust_words)];
	out->url = keep_text(c, get_text(&o, "url"));
	out->title = keep_text(c, get_text(&o, "title"));
	out->note = keep_text(c, get_text(&o, "note"));
	authority = get_word(&o, "authority", policy_authorities, -1);
	out->authority = authority < 0 ? NULL : policy_authorities[authority];
	c->out->nsources++;
	ref->doc = out->doc;
	ref->trust = out->trust;
}

static void
read_sources(Compiler *c, const Obj *root)
{
	JsonbValue	v;
	Path		path;
	Obj			o;

	need_member(root, "sources", &v, &path);
	obj_open(&path, &v, &o);
	c->out->sources = keep_array(c, PolicySource, obj_size(&o));
	obj_each(&o, read_one_source, c);
}

static void
read_one_assumption(const Path *path, const char *key, JsonbValue *v, void *arg)
{
	static const char *const keys[] = {"value", "note", NULL};
	Compiler   *c = arg;
	Assumption *a = palloc_object(Assumption);
	Obj			o;
	JsonbValue	value;
	Path		value_path;
	char	   *words;

	a->id = key;
	a->note = a->note_en = a->value = "";
	a->path = path_text(path);
	c->assumptions = lappend(c->assumptions, a);
	obj_open(path, v, &o);
	obj_check_keys(&o, keys, NULL);
	a->note = read_title(&o, "note", &a->note_en);
	need_member(&o, "value", &value, &value_path);
	if (value.type == jbvString)
		words = pnstrdup(value.val.string.val, value.val.string.len);
	else
	{
		Jsonb	   *j = JsonbValueToJsonb(&value);

		words = JsonbToCString(NULL, &j->root, VARSIZE(j));
	}
	a->value = words;
}

static void
read_assumptions(Compiler *c, const Obj *root)
{
	JsonbValue	v;
	Path		path;
	Obj			o;

	if (!get_member(root, "assumed", &v, &path))
		return;
	obj_open(&path, &v, &o);
	obj_each(&o, read_one_assumption, c);
}

static void
read_one_unknown(const Path *path, int i, JsonbValue *v, void *arg)
{
	static const char *const keys[] = {"what", "source", NULL};
	Compiler   *c = arg;
	Obj			o;
	Cite		cite;
	const char *zh;
	const char *en;

	obj_open(path, v, &o);
	obj_check_keys(&o, keys, NULL);
	need_cite(c, &o, "source", &cite);
	zh = read_title(&o, "what", &en);
	add_row(c, path, NULL, "unknown", NULL, c->english && en != NULL ? en : zh, &cite,
			NIL, "the source does not state it");
}

/* The rows of what is assumed, then what the sources leave unknown. */
static void
read_unknowns(Compiler *c, const Obj *root)
{
	ListCell   *lc;
	JsonbValue	v;
	Path		path;
	Arr			a;

	foreach(lc, c->assumptions)
	{
		const Assumption *as = lfirst(lc);
		Path		as_path = {&root->path, as->path, strlen(as->path), 0};

		add_row(c, &as_path, NULL, "assumption", NULL, as->value, NULL,
				list_make1(unconstify(char *, as->id)),
				c->english && as->note_en != NULL ? as->note_en : as->note);
	}
	if (!get_member(root, "unknown", &v, &path))
		return;
	arr_open(&path, &v, &a);
	arr_each(&a, read_one_unknown, c);
}

/* "yibao": 1.  Asked first: another grammar has other keys. */
static void
check_version(const Obj *root)
{
	JsonbValue	v;
	Path		path;

	need_member(root, "yibao", &v, &path);
	if (v.type != jbvNumeric ||
		strcmp(DatumGetCString(DirectFunctionCall1(numeric_out,
												   NumericGetDatum(v.val.numeric))), "1") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VERSION),
				 errmsg("yibao: this library reads grammar 1 only"),
				 errhint("Write \"yibao\": 1, or install a version that knows the document's grammar.")));
}

static void
read_names(Compiler *c, const Obj *root)
{
	const char *en;

	c->out->title_zh = keep_text(c, read_title(root, "title", &en));
	c->out->title_en = keep_text(c, en);
	(void) get_text(root, "note");
}

static void
read_insutype(Compiler *c, const Obj *root)
{
	JsonbValue	v;
	Path		path;
	char	   *s;

	need_member(root, "insutype", &v, &path);
	s = val_text(&path, &v);
	if (strlen(s) > CODE_MAX || !claim_code_known(CF_insutype, code_pack(s, strlen(s))))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: unknown code \"%s\" of %s", path_text(&path), s, "insutype"),
				 errhint("Codes of %s (%s): %s.", "insutype", claim_fields[CF_insutype].zh,
						 _(claim_code_list(CF_insutype)))));
	c->out->insutype = keep_text(c, s);
}

static void
read_admdvs(Compiler *c, const Obj *root)
{
	JsonbValue	v;
	Path		path;
	char	   *s;

	need_member(root, "admdvs", &v, &path);
	s = val_text(&path, &v);
	if (strlen(s) != 6 || strspn(s, "0123456789") != 6)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_VALUE),
				 errmsg("%s: \"%s\" is not six digits", path_text(&path), s),
				 errhint("The division code of GB/T 2260: \"620522\".")));
	c->out->admdvs = keep_text(c, s);
}

static void
read_validity(Compiler *c, const Obj *root)
{
	CompiledPolicy *out = c->out;
	Policy	   *p = c->core;
	JsonbValue	v;
	Path		path;

	need_member(root, "valid_from", &v, &path);
	out->valid_from = val_date(&path, &v);
	out->valid_to = DATEVAL_NOEND;
	p->valid_from = (int64) out->valid_from * USECS_PER_DAY;
	p->valid_to = PG_INT64_MAX;
	if (get_member(root, "valid_to", &v, &path))
	{
		out->valid_to = val_date(&path, &v);
		if (out->valid_to <= out->valid_from)
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_VALUE),
					 errmsg("valid_to is not after valid_from"),
					 errhint("\"valid_to\" is the first day on which the document no longer holds.")));
		p->valid_to = (int64) out->valid_to * USECS_PER_DAY;
	}
}

static void
read_trust(Compiler *c, const Obj *root)
{
	int			trust = get_word(root, "trust", trust_words, -1);

	c->out->trust = trust < 0 ? NULL : trust_words[trust];
}

static void
read_version_date(Compiler *c, const Obj *root)
{
	static const char *const date_words[] = {
		"setl_time", "begntime", "endtime", "fee_ocur_time", NULL
	};
	static const ClaimField date_fields[] = {
		CF_setl_time, CF_begntime, CF_endtime, CF_fee_ocur_time
	};
	Policy	   *p = c->core;

	p->version_date = CF_setl_time;
	p->version_date = date_fields[need_word(root, "version_date", date_words)];
	p->fields_read[p->version_date / 64] |= UINT64_C(1) << (p->version_date % 64);
}

/* ---- which stays ordinals count (P13) --------------------------------------------- */

static void
read_uncounted(const Path *path, int i, JsonbValue *v, void *arg)
{
	static const char *const keys[] = {"when", "source", "assumed", "note", NULL};
	Compiler   *c = arg;
	Obj			o;
	Cite		cite;
	List	   *conds;
	List	   *assumed;
	const char *note;
	RuleRow    *row;
	int			info;

	obj_open(path, v, &o);
	obj_check_keys(&o, keys, NULL);
	note = read_grounds(c, &o, &cite, &assumed);
	if (!has_member(&o, "when"))
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_MISSING_KEY),
				 errmsg("%s: key \"when\" is missing", path_text(path)),
				 errhint("Say which stays are not counted.")));
	conds = read_when(c, &o, "when");
	info = add_info(c, path, &cite, note);
	set_assumed(c, info, assumed);
	c->side[info].conds = conds;
	c->uncounted = lappend_int(c->uncounted, info);
	row = add_row(c, path, NULL, "counts", conds_words(conds), "such a stay is not counted",
				  &cite, assumed, note);
	if (row != NULL)
		row->conds = conds;
}

static void
read_counts(Compiler *c, const Obj *root)
{
	static const char *const keys[] = {
		"except", "unpaid", "source", "assumed", "note", NULL
	};
	JsonbValue	v;
	Path		path;
	Obj			o;
	Arr			a;
	Cite		cite;
	List	   *assumed;
	const char *note;

	if (!get_member(root, "counts", &v, &path))
		return;
	c->has_counts = true;
	obj_open(&path, &v, &o);
	obj_check_keys(&o, keys, NULL);
	note = read_grounds(c, &o, &cite, &assumed);
	need_member(&o, "unpaid", &v, &path);
	c->core->unpaid_uncounted = !val_bool(&path, &v);
	add_row(c, &path, NULL, "counts", "always", c->core->unpaid_uncounted ?
			"a stay for which the basic layer pays nothing is not counted" :
			"a stay for which the basic layer pays nothing is counted too", &cite, assumed, note);
	need_member(&o, "except", &v, &path);
	if (v.type == jbvBinary && JsonContainerIsArray(v.val.binary.data) &&
		JsonContainerSize(v.val.binary.data) == 0)
	{
		add_row(c, &path, NULL, "counts", "always", "every stay is counted", &cite, assumed,
				note);
		return;
	}
	arr_open(&path, &v, &a);
	arr_each(&a, read_uncounted, c);
}

/* A document whose rules read an ordinal says which stays that counts. */
static void
need_counts(Compiler *c, const Obj *root)
{
	static const ClaimField ordinals[] = {
		CF_cal_ipt_cnt, CF_cum_ipt_cnt, CF_cum_lv_cnt, CF_cum_hosp_cnt, CF_cum_area_cnt
	};

	for (size_t i = 0; !c->has_counts && i < lengthof(ordinals); i++)
	{
		if (policy_reads(c->core, ordinals[i]))
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_MISSING_KEY),
					 errmsg("key \"counts\" is missing"),
					 errdetail("A rule reads %s, and nothing says which stays it counts (P13).",
							   claim_fields[ordinals[i]].name),
					 errhint("{\"except\": [], \"unpaid\": true, \"source\": ...} counts all; \"except\" names stays that do not count (remote care, maternity, day surgery), \"unpaid\" says whether those do for which nothing was paid.")));
	}
}

static void
finish_counts(Compiler *c)
{
	Policy	   *p = c->core;
	ListCell   *lc;
	int32	   *info;

	p->nuncounted = list_length(c->uncounted);
	p->uncounted = keep_array(c, const uint64_t *, p->nuncounted);
	p->uncounted_info = info = keep_array(c, int32, p->nuncounted);
	foreach(lc, c->uncounted)
	{
		info[foreach_current_index(lc)] = lfirst_int(lc);
		p->uncounted[foreach_current_index(lc)] = make_box(c, lfirst_int(lc));
	}
}

/* ---- parts of the document ------------------------------------------------------- */

typedef struct Section
{
	void		(*read) (Compiler *c, const Obj *root);
	const char *key;			/* for the path of its faults */
} Section;

/* What comes first is used by what follows. */
static const Section sections[] = {
	{read_names, "title"},
	{read_insutype, "insutype"},
	{read_admdvs, "admdvs"},
	{read_validity, "valid_from"},
	{read_trust, "trust"},
	{read_version_date, "version_date"},
	{read_sources, "sources"},
	{read_assumptions, "assumed"},
	{read_income, "income"},
	{read_benefits, "benefits"},
	{read_layers, "layers"},
	{read_year, "year"},
	{read_cross_year, "cross_year"},
	{read_corrections, "corrections"},
	{read_counts, "counts"},
	{need_counts, "counts"},
	{read_categories, "categories"},
	{finish_categories, "categories"},
	{read_fund, "fund"},
	{read_enrolment, "enrolment"},
	{read_controls, "controls"},
	{read_unknowns, "unknown"}
};

typedef struct SectionPart
{
	Compiler   *c;
	const Obj  *root;
	const Section *section;
	RuleSet    *set;
} SectionPart;

static void
section_part(void *arg)
{
	SectionPart *part = arg;

	part->section->read(part->c, part->root);
}

/* ---- order and conflicts ------------------------------------------------------- */

static bool
rule_beats(const Rule *a, const Rule *b, void *arg)
{
	const Compiler *c = arg;

	return list_member_int(c->side[a->info].beats, b->info);
}

/* Dimensions on which one of two rules asks for something. */
static uint64
dims_of_interest(Compiler *c, const Rule *a, const Rule *b)
{
	uint64		care = 0;
	const Rule *both[2] = {a, b};

	for (int i = 0; i < 2; i++)
	{
		ListCell   *lc;

		foreach(lc, c->side[both[i]->info].conds)
			care |= UINT64CONST(1) << c->dim_of[((Cond *) lfirst(lc))->field];
	}
	return care;
}

static void
check_set(Compiler *c, RuleSet *set)
{
	uint16_t	witness[MAX_DIMS];
	int			first;
	int			second;
	const Rule *a;
	const Rule *b;

	CHECK_FOR_INTERRUPTS();
	for (int i = 0; i < set->nrules; i++)
		set->rules[i].box = make_box(c, set->rules[i].info);
	if (!set_sort(c->core, set, rule_beats, c))
	{
		StringInfoData s;

		initStringInfo(&s);
		for (int i = 0; i < set->nrules; i++)
		{
			if (c->side[set->rules[i].info].beats != NIL)
				appendStringInfo(&s, "%s%s", s.len > 0 ? ", " : "",
								 c->side[set->rules[i].info].path);
		}
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_CONFLICT),
				 errmsg("\"over\" is circular among %s", s.data),
				 errdetail("Each of them stands over another, and one of these over the first."),
				 errhint("Take one \"over\" away.")));
	}
	switch (set_conflict(c->core, set, rule_beats, c, &first, &second, witness))
	{
		case CONFLICT_NONE:
			break;
		case CONFLICT_TOO_HARD:
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_LIMIT),
					 errmsg("whether %s and %s collide is too hard to tell",
							c->side[set->rules[first].info].path,
							c->side[set->rules[second].info].path),
					 errhint("Use fewer rules that overlap, or name precedence with \"over\".")));
			break;
		case CONFLICT_FOUND:
			a = &set->rules[first];
			b = &set->rules[second];
			if (a->info > b->info)
			{
				const Rule *t = a;

				a = b;
				b = t;
			}
			ereport(ERROR,
					(errcode(ERRCODE_YB_POLICY_CONFLICT),
					 errmsg("%s and %s both hold and neither is more specific",
							c->side[a->info].path, c->side[b->info].path),
					 errdetail("For example: %s.",
							   policy_situation(c->out, witness, dims_of_interest(c, a, b))),
					 errhint("Narrow one of them, add a rule for what they share, or name the rule that gives way in \"over\".")));
			break;
	}
}

/* layers[0].ratio: what its rules' paths have in common. */
static char *
set_path(Compiler *c, const RuleSet *set)
{
	const char *first = set->nrules > 0 ? c->side[set->rules[0].info].path : "layers";
	const char *end = strrchr(first, '[');

	return pnstrdup(first, end != NULL ? end - first : (int) strlen(first));
}

static void
set_part(void *arg)
{
	SectionPart *part = arg;

	check_set(part->c, part->set);
}

/* ---- the whole ------------------------------------------------------------------ */

/* jsonb's own depth, without recursion. */
static void
check_limits(const Jsonb *doc)
{
	JsonbIterator *it;
	JsonbValue	v;
	JsonbIteratorToken tok;
	int			depth = 0;

	if (VARSIZE_ANY(doc) > POLICY_MAX_BYTES)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POLICY_LIMIT),
				 errmsg("document has %zu bytes, more than %d",
						(size_t) VARSIZE_ANY(doc), POLICY_MAX_BYTES),
				 errhint("A policy of an area needs some kilobytes.")));
	it = JsonbIteratorInit(unconstify(JsonbContainer *, &doc->root));
	while ((tok = JsonbIteratorNext(&it, &v, false)) != WJB_DONE)
	{
		if (tok == WJB_BEGIN_ARRAY || tok == WJB_BEGIN_OBJECT)
		{
			if (++depth > POLICY_MAX_DEPTH)
				ereport(ERROR,
						(errcode(ERRCODE_YB_POLICY_LIMIT),
						 errmsg("document is nested deeper than %d levels", POLICY_MAX_DEPTH),
						 errhint("Nothing in the grammar needs more than ten.")));
		}
		else if (tok == WJB_END_ARRAY || tok == WJB_END_OBJECT)
			depth--;
	}
}

static void
compile_document(Compiler *c, const Jsonb *doc)
{
	static const char *const keys[] = {
		"yibao", "title", "insutype", "admdvs", "valid_from", "valid_to", "trust",
		"sources", "version_date", "assumed", "unknown", "benefits", "income", "fund", "layers",
		"year", "cross_year", "corrections", "enrolment", "controls", "counts", "categories", "note", NULL
	};
	Policy	   *p = c->core;
	Obj			root;
	ListCell   *lc;
	RuleInfo   *info;
	uint32		slots;
	double		points = 1;
	const char **pools;

	check_limits(doc);
	obj_open_root(doc, &root);
	check_version(&root);
	obj_check_keys(&root, keys, NULL);
	for (size_t i = 0; i < lengthof(sections); i++)
	{
		SectionPart part = {c, &root, &sections[i], NULL};
		Path		path = {&root.path, sections[i].key, strlen(sections[i].key), 0};

		(void) read_part(&path, section_part, &part);
	}

	finish_dims(c);
	foreach(lc, c->sets)
	{
		SectionPart part = {c, &root, NULL, lfirst(lc)};
		const char *where = set_path(c, part.set);
		Path		path = {&root.path, where, strlen(where), 0};

		if (!list_member_ptr(c->faulty, part.set))
			(void) read_part(&path, set_part, &part);
	}
	if (fault_count() > 0)
		return;
	group_diseases(c);
	finish_counts(c);
	for (int l = 0; l < p->nlayers; l++)
	{
		if (p->layers[l].applies_info >= 0)
			p->layers[l].applies = make_box(c, p->layers[l].applies_info);
	}

	p->nsets = list_length(c->sets);
	p->sets = keep_array(c, RuleSet, p->nsets);
	foreach(lc, c->sets)
		p->sets[foreach_current_index(lc)] = *(RuleSet *) lfirst(lc);
	p->ninfo = c->ninfo;
	info = keep_array(c, RuleInfo, c->ninfo);
	memcpy(info, c->info, sizeof(RuleInfo) * c->ninfo);
	p->info = info;
	p->npools = list_length(c->pools);
	pools = keep_array(c, const char *, p->npools);
	foreach(lc, c->pools)
		pools[foreach_current_index(lc)] = lfirst(lc);
	p->pools = pools;
	p->ngroups = list_length(c->groups);
	pools = keep_array(c, const char *, p->ngroups);
	foreach(lc, c->groups)
		pools[foreach_current_index(lc)] = lfirst(lc);
	p->groups = pools;
	if (p->ngroups > 0)
		p->fields_read[CF_cum_grp_dedc / 64] |= UINT64_C(1) << (CF_cum_grp_dedc % 64);

	/* room for every situation that the rules tell apart, within reason */
	slots = MEMO_MIN_SLOTS;
	for (int d = 0; d < p->ndims; d++)
		points *= p->dims[d].natoms - 1;
	while (slots < MEMO_MAX_SLOTS && slots < points * 1.2)
		slots *= 2;
	p->memo_mask = slots - 1;
	p->memo_used = 0;
	policy_cell_layout(p);
	p->memo = (unsigned char *)
		TYPEALIGN(CACHE_LINE, keep_array(c, unsigned char, p->memo_size + CACHE_LINE));
}

/*
 * The rows, when wanted, are left in the current context together with what the
 * compiler used up on the way; else that is freed.
 */
CompiledPolicy *
policy_compile_rows(const Jsonb *doc, MemoryContext cxt, List **rows, bool english)
{
	MemoryContext work = CurrentMemoryContext;
	MemoryContext old;
	Compiler	c = {0};

	if (rows == NULL)
		work = AllocSetContextCreate(CurrentMemoryContext, "yibao policy compiler",
									 ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(work);
	c.cxt = cxt;
	c.out = keep_array(&c, CompiledPolicy, 1);
	c.core = keep_array(&c, Policy, 1);
	c.out->core = c.core;
	c.want_rows = rows != NULL;
	c.english = english;
	c.maxinfo = 64;
	c.info = palloc_array(RuleInfo, c.maxinfo);
	c.side = palloc_array(InfoSide, c.maxinfo);
	for (int f = 0; f < CF_COUNT; f++)
		c.dim_of[f] = -1;

	compile_document(&c, doc);

	MemoryContextSwitchTo(old);
	if (rows == NULL)
		MemoryContextDelete(work);
	else
		*rows = c.rows;
	return c.out;
}

CompiledPolicy *
policy_compile(const Jsonb *doc, MemoryContext cxt)
{
	return policy_compile_rows(doc, cxt, NULL, false);
}

void
policy_document_check(const Jsonb *doc)
{
	MemoryContext cxt = AllocSetContextCreate(CurrentMemoryContext, "yibao policy check",
											  ALLOCSET_DEFAULT_SIZES);

	(void) policy_compile(doc, cxt);
	MemoryContextDelete(cxt);
}
