/*
 * sql.c
 *	  policy_parse(), policy_ok() and policy_rules().
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "compat.h"
#include "policy/author.h"
#include "text/text.h"

PG_FUNCTION_INFO_V1(yibao_policy_parse);
PG_FUNCTION_INFO_V1(yibao_policy_ok);
PG_FUNCTION_INFO_V1(yibao_policy_rules);

Datum
yibao_policy_parse(PG_FUNCTION_ARGS)
{
	text	   *t = PG_GETARG_TEXT_PP(0);
	Jsonb	   *doc;

	yibao_check_version();
	doc = policy_parse_text(VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t));
	policy_document_check(doc);
	PG_RETURN_JSONB_P(doc);
}

/* A document that this backend has compiled once is not compiled again. */
Datum
yibao_policy_ok(PG_FUNCTION_ARGS)
{
	PolicyArg  *arg = fcinfo->flinfo->fn_extra;

	yibao_check_version();
	if (arg == NULL)
		fcinfo->flinfo->fn_extra = arg = policy_arg_create(fcinfo->flinfo, 0);
	(void) policy_arg_get(arg, PG_GETARG_DATUM(0));
	PG_RETURN_BOOL(true);
}

static Datum
text_list(List *words)
{
	Datum	   *d = palloc_array(Datum, list_length(words) + 1);
	ListCell   *lc;

	foreach(lc, words)
		d[foreach_current_index(lc)] = CStringGetTextDatum((char *) lfirst(lc));
	return PointerGetDatum(construct_array(d, list_length(words), TEXTOID, -1, false,
										   TYPALIGN_INT));
}

Datum
yibao_policy_rules(PG_FUNCTION_ARGS)
{
	Jsonb	   *doc = PG_GETARG_JSONB_P(0);
	const char *lang = text_to_cstring(PG_GETARG_TEXT_PP(1));
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	List	   *rows;
	ListCell   *lc;

	yibao_check_version();
	InitMaterializedSRF(fcinfo, 0);
	(void) yibao_layer_name(0, lang);	/* another language is an error */
	(void) policy_compile_rows(doc, CurrentMemoryContext, &rows, strcmp(lang, "en") == 0);
	foreach(lc, rows)
	{
		const RuleRow *row = lfirst(lc);
		const char *words[11] = {
			row->path, row->layer, row->parameter, row->condition, row->effect,
			row->source, row->doc, row->trust, NULL, row->note, rule_sentence(row, lang)
		};
		Datum		values[11];
		bool		nulls[11];

		author_words(11, words, values, nulls);
		values[8] = text_list(row->assumed);
		nulls[8] = false;
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}
