/*
 * attach.c
 *	  The settlement on a table that an application already has.
 *
 * attach_settlement() checks a mapping once and puts a trigger on the table.  For
 * each row the trigger inserts the claim into the pool area's settlement, where
 * everything else happens, and copies results into the row.  In the modes verify
 * and record another system has settled the bill: the amounts that count are read
 * from the row, and nothing is written over them.  A work row in the
 * area, with a deferred foreign key to the table, fails the commit of a
 * transaction in which the bill's row was dropped after it was settled.
 *
 * The trigger works with the rights of the owner of the table it stands on: to
 * attach a table is to give its owner nothing that a grant has not given him.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/table.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/relcache.h"

#include "compat.h"
#include "errcodes.h"
#include "trigger/settlement.h"

PG_FUNCTION_INFO_V1(yibao_attach_settlement);
PG_FUNCTION_INFO_V1(yibao_attached_settle);

/* One column of settlement and where it comes from, or goes to. */
typedef struct Link
{
	char	   *field;			/* column of settlement */
	AttrNumber	att;			/* of the application's table; 0: constant */
	char	   *constant;		/* text, NULL for null */
	bool		result;
} Link;

typedef struct Mapping
{
	const char *mode;			/* compute, verify, record */
	int			nlinks;
	Link	   *links;
} Mapping;

static void bad_mapping(const char *key, const char *detail) pg_attribute_noreturn();

static void
bad_mapping(const char *key, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_MAPPING),
			 key[0] == '\0' ? errmsg("the mapping does not fit") :
			 errmsg("mapping of \"%s\" does not fit", key),
			 errdetail_internal("%s", detail),
			 errhint("A mapping is {\"field\": \"column\" | {\"value\": constant}, ..., \"results\": {\"result\": \"column\"}}; see doc/settlement.md.")));
}

/* ---- reading a mapping -------------------------------------------------------------- */

static bool
is_input(const char *name)
{
	int			field = claim_field_by_name(name, strlen(name));

	return (field >= 0 && field < CF_CUM_FIRST && field != CF_year) ||
		strcmp(name, "mdtrt_id") == 0 || strcmp(name, "clr_optins") == 0 ||
		strcmp(name, "init_setl_id") == 0 || strcmp(name, "refd_setl_flag") == 0;
}

static bool
is_computed(const Mapping *m)
{
	return strcmp(m->mode, "compute") == 0;
}

/* One of the amounts that the modes verify and record read. */
static bool
is_given_amount(const Mapping *m, const char *name)
{
	for (int i = 0; i < SA_COUNT && !is_computed(m); i++)
	{
		if ((GIVEN_NEEDED >> i & 1) && strcmp(settlement_names[i], name) == 0)
			return true;
	}
	return false;
}

static AttrNumber
column_of(TupleDesc desc, const char *key, const char *name)
{
	AttrNumber	att = settlement_column(desc, name);

	if (att == 0 && key != NULL)
		bad_mapping(key, psprintf(_("There is no column \"%s\"."), name));
	return att;
}

static char *
scalar_text(const JsonbValue *v)
{
	switch (v->type)
	{
		case jbvNull:
			return NULL;
		case jbvString:
			return pnstrdup(v->val.string.val, v->val.string.len);
		case jbvNumeric:
			return DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(v->val.numeric)));
		case jbvBool:
			return pstrdup(v->val.boolean ? "true" : "false");
		default:
			return NULL;
	}
}

static Link *
add_link(Mapping *m, const char *field)
{
	for (int i = 0; i < m->nlinks; i++)
	{
		if (strcmp(m->links[i].field, field) == 0)
			bad_mapping(field, _("It is named twice."));
	}
	m->links = m->links == NULL ? palloc_array(Link, 1) :
		repalloc_array(m->links, Link, m->nlinks + 1);
	memset(&m->links[m->nlinks], 0, sizeof(Link));
	m->links[m->nlinks].field = pstrdup(field);
	return &m->links[m->nlinks++];
}

/* "column" or {"value": constant}. */
static void
read_source(Link *link, const char *key, const JsonbValue *v, TupleDesc desc)
{
	JsonbIterator *inner;
	JsonbValue	c;

	if (v->type == jbvString)
	{
		link->att = column_of(desc, key, pnstrdup(v->val.string.val, v->val.string.len));
		return;
	}
	if (v->type != jbvBinary || !JsonContainerIsObject(v->val.binary.data) ||
		JsonContainerSize(v->val.binary.data) != 1)
		bad_mapping(key, _("Neither the name of a column nor {\"value\": constant}."));
	inner = JsonbIteratorInit(v->val.binary.data);
	(void) JsonbIteratorNext(&inner, &c, true);
	(void) JsonbIteratorNext(&inner, &c, true);
	if (c.val.string.len != 5 || memcmp(c.val.string.val, "value", 5) != 0)
		bad_mapping(key, _("Neither the name of a column nor {\"value\": constant}."));
	(void) JsonbIteratorNext(&inner, &c, true);
	if (c.type == jbvBinary || c.type == jbvArray || c.type == jbvObject)
		bad_mapping(key, _("The constant is not a text, number, boolean or null."));
	link->constant = scalar_text(&c);
}

static void
read_results(Mapping *m, JsonbContainer *results, TupleDesc desc, TupleDesc settlement)
{
	JsonbIterator *it = JsonbIteratorInit(results);
	JsonbValue	v;

	(void) JsonbIteratorNext(&it, &v, true);
	while (JsonbIteratorNext(&it, &v, true) == WJB_KEY)
	{
		char	   *key = pnstrdup(v.val.string.val, v.val.string.len);
		Link	   *link;

		if (column_of(settlement, NULL, key) == 0 || is_input(key))
			bad_mapping(key, _("It is no result of a settlement."));
		link = add_link(m, key);
		(void) JsonbIteratorNext(&it, &v, true);
		if (is_given_amount(m, key))
		{
			read_source(link, key, &v, desc);
			continue;
		}
		link->result = true;
		if (v.type != jbvString)
			bad_mapping(key, _("A result goes to a column: give its name."));
		link->att = column_of(desc, key, pnstrdup(v.val.string.val, v.val.string.len));
	}
}

static bool
is_named(const Mapping *m, const char *field)
{
	for (int i = 0; i < m->nlinks; i++)
	{
		if (strcmp(m->links[i].field, field) == 0)
			return true;
	}
	return false;
}

static void
read_mapping(Mapping *m, const char *mode, Jsonb *json, TupleDesc desc, TupleDesc settlement)
{
	JsonbIterator *it;
	JsonbValue	v;

	memset(m, 0, sizeof(*m));
	m->mode = mode;
	if (!JB_ROOT_IS_OBJECT(json))
		bad_mapping("", _("The mapping is not a JSON object."));
	it = JsonbIteratorInit(&json->root);
	(void) JsonbIteratorNext(&it, &v, true);
	while (JsonbIteratorNext(&it, &v, true) == WJB_KEY)
	{
		char	   *key = pnstrdup(v.val.string.val, v.val.string.len);
		Link	   *link;

		(void) JsonbIteratorNext(&it, &v, true);
		if (strcmp(key, "results") == 0)
		{
			if (v.type != jbvBinary || !JsonContainerIsObject(v.val.binary.data))
				bad_mapping(key, _("It is not an object of results and columns."));
			read_results(m, v.val.binary.data, desc, settlement);
			continue;
		}
		if (!is_input(key))
			bad_mapping(key, _("There is no such input field."));
		link = add_link(m, key);
		read_source(link, key, &v, desc);
	}

	/* what the mapping does not name is read from a column of its own name */
	for (int i = 0; i < settlement->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(settlement, i);
		const char *name = NameStr(att->attname);
		AttrNumber	same;

		if (att->attisdropped || !(is_input(name) || is_given_amount(m, name)))
			continue;
		same = is_named(m, name) ? 0 : column_of(desc, NULL, name);
		if (same != 0)
			add_link(m, name)->att = same;
	}
	for (int i = 0; i < SA_COUNT; i++)
	{
		const char *name = settlement_names[i];

		if (is_given_amount(m, name) && !is_named(m, name))
			bad_mapping(name, psprintf(_("Mode %s reads it from the table: name its column in \"results\", or {\"value\": 0}."), m->mode));
	}
}

/* ---- attaching -------------------------------------------------------------------------- */

static char *
type_of(TupleDesc desc, AttrNumber att)
{
	Form_pg_attribute a = TupleDescAttr(desc, att - 1);

	return format_type_extended(a->atttypid, a->atttypmod,
								FORMAT_TYPE_TYPEMOD_GIVEN | FORMAT_TYPE_FORCE_QUALIFY);
}

/* What the type did to a value before any trigger could see it. */
static void
warn_of_loss(const Mapping *m, const Link *link, TupleDesc desc)
{
	Form_pg_attribute a;
	Oid			base;
	const char *what = NULL;
	int			field = claim_field_by_name(link->field, strlen(link->field));

	if (link->att == 0 || (field < 0 && !is_given_amount(m, link->field)))
		return;
	a = TupleDescAttr(desc, link->att - 1);
	base = getBaseType(a->atttypid);
	if (base == NUMERICOID && a->atttypmod >= 0)
		what = _("PostgreSQL rounds a third decimal away before the trigger sees the amount.");
	else if (base == FLOAT4OID || base == FLOAT8OID)
		what = _("Binary fractions are not exact amounts.");
	else if (base == TIMESTAMPTZOID)
		what = _("It becomes local time by the session's TimeZone.");
	else if (base == DATEOID && field >= 0 && claim_fields[field].kind == FK_TIME)
		what = _("It has no time of day.");
	if (what != NULL)
		ereport(WARNING,
				(errmsg("column \"%s\" of type %s, read as %s, loses something",
						NameStr(a->attname), type_of(desc, link->att), link->field),
				 errdetail_internal("%s", what),
				 errhint("Make it plain numeric, or timestamp without time zone, if the application may send more than it keeps.")));
}

/* A result must fit the column it goes to without being cut or rounded. */
static void
check_result(const Link *link, TupleDesc desc, TupleDesc settlement)
{
	Form_pg_attribute to = TupleDescAttr(desc, link->att - 1);
	Oid			from = TupleDescAttr(settlement, column_of(settlement, link->field, link->field) - 1)->atttypid;
	Oid			base = getBaseType(to->atttypid);
	bool		fits = false;

	switch (from)
	{
		case NUMERICOID:
			fits = base == NUMERICOID &&
				(to->atttypmod < 0 ||
				 ((to->atttypmod - VARHDRSZ) & 0x7ff) >= (strcmp(link->field, "pool_prop_selfpay") == 0 ? 4 : 2));
			break;
		case TEXTOID:
			fits = base == TEXTOID ||
				(base == VARCHAROID && (to->atttypmod < 0 || to->atttypmod - VARHDRSZ >= 30));
			break;
		case INT4OID:
			fits = base == INT4OID || base == INT8OID || base == NUMERICOID;
			break;
		default:
			fits = base == from;
	}
	if (!fits)
		bad_mapping(link->field,
					psprintf(_("Column \"%s\" of type %s cannot hold it unchanged."),
							 NameStr(to->attname), type_of(desc, link->att)));
}

static bool
has_unique_index(Relation rel, AttrNumber att)
{
	List	   *indexes = RelationGetIndexList(rel);
	ListCell   *lc;
	bool		found = false;

	foreach(lc, indexes)
	{
		Relation	index = index_open(lfirst_oid(lc), AccessShareLock);

		if (index->rd_index->indisunique && index->rd_index->indimmediate &&
			index->rd_index->indisvalid && index->rd_index->indnkeyatts == 1 &&
			index->rd_index->indkey.values[0] == att &&
			RelationGetIndexPredicate(index) == NIL)
			found = true;
		index_close(index, AccessShareLock);
	}
	list_free(indexes);
	return found;
}

/*
 * The INSERT of one row: $1 ... are the columns of the application's table in
 * the order of the links, results among them (a given result is checked there).
 */
static char *
insert_sql(Oid nsp, const Mapping *m, TupleDesc desc, TupleDesc settlement)
{
	StringInfoData columns;
	StringInfoData values;
	StringInfoData results;
	int			n = 0;

	initStringInfo(&columns);
	initStringInfo(&values);
	initStringInfo(&results);
	for (int i = 0; i < m->nlinks; i++)
	{
		const Link *link = &m->links[i];
		AttrNumber	to = column_of(settlement, link->field, link->field);
		char	   *type = type_of(settlement, to);
		const char *comma = columns.len > 0 ? ", " : "";

		appendStringInfo(&columns, "%s%s", comma, quote_identifier(link->field));
		if (link->att != 0)
			appendStringInfo(&values, "%s$%d::%s", comma, ++n, type);
		else if (link->constant == NULL)
			appendStringInfo(&values, "%sNULL", comma);
		else
			appendStringInfo(&values, "%s%s::%s", comma, quote_literal_cstr(link->constant), type);
		if (link->result)
			appendStringInfo(&results, "%s%s::%s", results.len > 0 ? ", " : " RETURNING ",
							 quote_identifier(link->field), type_of(desc, link->att));
	}
	if (!is_computed(m))
	{
		appendStringInfoString(&columns, ", setl_mode");
		appendStringInfo(&values, ", %s", quote_literal_cstr(m->mode));
	}
	return psprintf("INSERT INTO %s (%s) VALUES (%s)%s",
					quote_qualified_identifier(get_namespace_name(nsp), "settlement"),
					columns.data, values.data, results.data);
}

static SPIPlanPtr
prepare_insert(Oid nsp, const Mapping *m, TupleDesc desc, TupleDesc settlement)
{
	Oid		   *types = palloc_array(Oid, Max(m->nlinks, 1));
	int			n = 0;
	SPIPlanPtr	plan;

	for (int i = 0; i < m->nlinks; i++)
	{
		if (m->links[i].att != 0)
			types[n++] = TupleDescAttr(desc, m->links[i].att - 1)->atttypid;
	}
	plan = SPI_prepare(insert_sql(nsp, m, desc, settlement), n, types);
	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	return plan;
}

static void
execute(const char *sql)
{
	if (SPI_execute(sql, false, 0) < 0)
		elog(ERROR, "SPI_execute failed: %s", sql);
}

/* A name attached_<n> that the area has not got. */
static char *
free_name(Oid nsp)
{
	for (int n = 1;; n++)
	{
		char	   *name = psprintf("attached_%d", n);

		if (!OidIsValid(get_relname_relid(name, nsp)))
			return name;
	}
}

Datum
yibao_attach_settlement(PG_FUNCTION_ARGS)
{
	Oid			nsp;
	char	   *area;
	Jsonb	   *json;
	char	   *mode;
	Relation	rel;
	Relation	settlement;
	TupleDesc	desc;
	Mapping		m;
	const Link *key = NULL;
	char	   *work;
	char	   *work_name;
	char	   *table;
	char	   *owner;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(2) || PG_ARGISNULL(3))
		bad_mapping("", _("Table, mapping and mode must not be NULL."));
	area = PG_ARGISNULL(1) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1));
	nsp = settlement_area(area);
	json = PG_GETARG_JSONB_P(2);
	mode = text_to_cstring(PG_GETARG_TEXT_PP(3));
	if (strcmp(mode, "compute") != 0 && strcmp(mode, "verify") != 0 && strcmp(mode, "record") != 0)
		bad_mapping("mode", psprintf(_("There is no mode \"%s\"."), mode));

	rel = table_open(PG_GETARG_OID(0), ShareRowExclusiveLock);
	if (rel->rd_rel->relkind != RELKIND_RELATION)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not an ordinary table", RelationGetRelationName(rel)),
				 errhint("Attach a table that rows are inserted into; partitions each by themselves.")));
	if (!object_ownercheck(RelationRelationId, RelationGetRelid(rel), GetUserId()))
		aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_TABLE, RelationGetRelationName(rel));
	if (RelationGetNamespace(rel) == nsp)
		bad_mapping("", _("Tables of the pool area itself are not attached."));
	settlement = table_open(get_relname_relid("settlement", nsp), AccessShareLock);
	desc = RelationGetDescr(rel);

	read_mapping(&m, mode, json, desc, RelationGetDescr(settlement));
	for (int i = 0; i < m.nlinks; i++)
	{
		if (strcmp(m.links[i].field, "setl_id") == 0)
			key = &m.links[i];
		if (m.links[i].result)
			check_result(&m.links[i], desc, RelationGetDescr(settlement));
		else
			warn_of_loss(&m, &m.links[i], desc);
	}
	if (key == NULL || key->att == 0)
		bad_mapping("setl_id", _("It must come from a column."));
	if (!has_unique_index(rel, key->att))
		bad_mapping("setl_id",
					psprintf(_("Column \"%s\" has no unique index of its own, so one key could settle two rows."),
							 NameStr(TupleDescAttr(desc, key->att - 1)->attname)));

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	/* types that cannot be cast fail here, not at the first bill */
	prepare_insert(nsp, &m, desc, RelationGetDescr(settlement));

	work_name = free_name(nsp);
	work = quote_qualified_identifier(get_namespace_name(nsp), work_name);
	table = quote_qualified_identifier(get_namespace_name(RelationGetNamespace(rel)),
									   RelationGetRelationName(rel));
	owner = GetUserNameFromId(rel->rd_rel->relowner, false);
	execute(psprintf("CREATE TABLE %s (setl_id %s NOT NULL PRIMARY KEY,"
					 " CONSTRAINT yb505_bill_vanished FOREIGN KEY (setl_id) REFERENCES %s (%s)"
					 " DEFERRABLE INITIALLY DEFERRED)",
					 work, type_of(desc, key->att), table,
					 quote_identifier(NameStr(TupleDescAttr(desc, key->att - 1)->attname))));
	execute(psprintf("COMMENT ON TABLE %s IS %s", work,
					 quote_literal_cstr(psprintf("挂接 %s. Bills of %s that were settled; the deferred foreign key fails the transaction in which a bill was settled but its row dropped.", table, table))));
	execute(psprintf("COMMENT ON COLUMN %s.setl_id IS '结算ID. Key of the bill and of its settlement'", work));
	execute(psprintf("GRANT INSERT, SELECT ON %s TO %s", work, quote_identifier(owner)));
	execute(psprintf("CREATE TRIGGER t10_settle BEFORE INSERT ON %s FOR EACH ROW"
					 " EXECUTE FUNCTION yibao.attached_settle(%s, %s, %s, %s)",
					 table, quote_literal_cstr(area), quote_literal_cstr(work_name),
					 quote_literal_cstr(JsonbToCString(NULL, &json->root, VARSIZE(json))),
					 quote_literal_cstr(mode)));
	execute(psprintf("COMMENT ON TRIGGER t10_settle ON %s IS '结算. Settles each new row in pool area %s (yibao.attach_settlement)'",
					 table, area));
	SPI_finish();
	table_close(settlement, NoLock);
	table_close(rel, NoLock);
	PG_RETURN_VOID();
}

/* ---- the trigger ---------------------------------------------------------------------------- */

/* What a trigger of an attached table needs; kept by the backend. */
typedef struct Attached
{
	Oid			relid;			/* hash key */
	bool		valid;
	MemoryContext cxt;
	Mapping		map;
	SPIPlanPtr	insert;
	SPIPlanPtr	work;
	AttrNumber	key;
} Attached;

static HTAB *attached = NULL;

static void
forget_attached(Datum arg, Oid relid)
{
	HASH_SEQ_STATUS scan;
	Attached   *a;

	hash_seq_init(&scan, attached);
	while ((a = hash_seq_search(&scan)) != NULL)
	{
		if (!OidIsValid(relid) || a->relid == relid)
			a->valid = false;
	}
}

static void
drop_plans(Attached *a)
{
	if (a->insert != NULL)
		SPI_freeplan(a->insert);
	if (a->work != NULL)
		SPI_freeplan(a->work);
	a->insert = a->work = NULL;
}

/* Within SPI, as the table's owner. */
static Attached *
attached_for(Relation rel, Trigger *trigger)
{
	Oid			relid = RelationGetRelid(rel);
	TupleDesc	desc = RelationGetDescr(rel);
	Relation	settlement;
	Attached   *a;
	bool		found;
	Oid			nsp;
	MemoryContext old;
	Oid			key_type;

	if (attached == NULL)
	{
		HASHCTL		ctl = {
			.keysize = sizeof(Oid),
			.entrysize = sizeof(Attached),
			.hcxt = CacheMemoryContext
		};

		attached = hash_create("yibao attached tables", 16, &ctl,
							   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
		CacheRegisterRelcacheCallback(forget_attached, (Datum) 0);
	}
	a = hash_search(attached, &relid, HASH_ENTER, &found);
	if (!found)
	{
		a->valid = false;
		a->cxt = NULL;
		a->insert = a->work = NULL;
	}
	if (a->valid && SPI_plan_is_valid(a->insert) && SPI_plan_is_valid(a->work))
		return a;

	a->valid = false;
	drop_plans(a);
	if (a->cxt == NULL)
		a->cxt = AllocSetContextCreate(CacheMemoryContext, "yibao attached table",
									   ALLOCSET_SMALL_SIZES);
	MemoryContextReset(a->cxt);
	if (trigger->tgnargs != 4)
		elog(ERROR, "trigger \"%s\" was not made by attach_settlement()", trigger->tgname);
	nsp = settlement_area(trigger->tgargs[0]);
	settlement = table_open(get_relname_relid("settlement", nsp), AccessShareLock);
	old = MemoryContextSwitchTo(a->cxt);
	read_mapping(&a->map, pstrdup(trigger->tgargs[3]),
				 DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(trigger->tgargs[2]))),
				 desc, RelationGetDescr(settlement));
	MemoryContextSwitchTo(old);
	a->key = 0;
	for (int i = 0; i < a->map.nlinks; i++)
	{
		if (strcmp(a->map.links[i].field, "setl_id") == 0)
			a->key = a->map.links[i].att;
	}
	if (a->key == 0)
		bad_mapping("setl_id", _("It must come from a column."));

	a->insert = prepare_insert(nsp, &a->map, desc, RelationGetDescr(settlement));
	table_close(settlement, AccessShareLock);
	key_type = TupleDescAttr(desc, a->key - 1)->atttypid;
	a->work = SPI_prepare(psprintf("INSERT INTO %s (setl_id) VALUES ($1)",
								   quote_qualified_identifier(get_namespace_name(nsp),
															  trigger->tgargs[1])),
						  1, &key_type);
	if (a->work == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	if (SPI_keepplan(a->insert) != 0 || SPI_keepplan(a->work) != 0)
		elog(ERROR, "SPI_keepplan failed");
	a->valid = true;
	return a;
}

Datum
yibao_attached_settle(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	MemoryContext cxt = CurrentMemoryContext;
	Relation	rel;
	TupleDesc	desc;
	HeapTuple	tuple;
	OwnerWork	work;
	Attached   *a;
	Datum	   *values;
	char	   *nulls;
	int			n = 0;
	int		   *cols;
	Datum	   *results;
	bool	   *results_null;
	int			nresults = 0;

	if (!CALLED_AS_TRIGGER(fcinfo) ||
		!TRIGGER_FIRED_BY_INSERT(trigdata->tg_event) ||
		!TRIGGER_FIRED_BEFORE(trigdata->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigdata->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("yibao.attached_settle() must be a BEFORE INSERT FOR EACH ROW trigger"),
				 errhint("yibao.attach_settlement() makes it.")));
	rel = trigdata->tg_relation;
	desc = RelationGetDescr(rel);
	tuple = trigdata->tg_trigtuple;

	owner_enter(&work, rel->rd_rel->relowner);
	a = attached_for(rel, trigdata->tg_trigger);
	values = palloc_array(Datum, Max(a->map.nlinks, 1));
	nulls = palloc_array(char, Max(a->map.nlinks, 1));
	for (int i = 0; i < a->map.nlinks; i++)
	{
		bool		isnull;

		if (a->map.links[i].att == 0)
			continue;
		values[n] = heap_getattr(tuple, a->map.links[i].att, desc, &isnull);
		nulls[n++] = isnull ? 'n' : ' ';
	}
	if (SPI_execute_plan(a->insert, values, nulls, false, 0) < 0)
		elog(ERROR, "SPI_execute_plan failed");
	if (SPI_processed == 0)
	{
		/* settled before with the same content: the bill is there */
		owner_leave(&work);
		return PointerGetDatum(NULL);
	}

	cols = MemoryContextAlloc(cxt, sizeof(int) * Max(a->map.nlinks, 1));
	results = MemoryContextAlloc(cxt, sizeof(Datum) * Max(a->map.nlinks, 1));
	results_null = MemoryContextAlloc(cxt, sizeof(bool) * Max(a->map.nlinks, 1));
	for (int i = 0; i < a->map.nlinks; i++)
	{
		const Link *link = &a->map.links[i];
		Form_pg_attribute att;
		Datum		value;

		if (!link->result)
			continue;
		att = TupleDescAttr(desc, link->att - 1);
		value = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc,
							  nresults + 1, &results_null[nresults]);
		cols[nresults] = link->att;
		results[nresults] = results_null[nresults] ? (Datum) 0 :
			SPI_datumTransfer(value, att->attbyval, att->attlen);
		nresults++;
	}

	{
		bool		isnull;
		Datum		key[1];

		key[0] = heap_getattr(tuple, a->key, desc, &isnull);
		if (SPI_execute_plan(a->work, key, NULL, false, 0) < 0)
			elog(ERROR, "SPI_execute_plan failed");
	}
	owner_leave(&work);
	return PointerGetDatum(heap_modify_tuple_by_cols(tuple, desc, nresults, cols,
													 results, results_null));
}
