/*
 * bank.c
 *	  Tables of the bank's side: what is registered and recorded, not posted.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/rel.h"

#include "compat.h"
#include "errcodes.h"
#include "trigger/bank.h"

bool
bank_bool(const MoneyRow *row, const char *column)
{
	bool		isnull;
	Datum		value = money_row_datum(row, column, BOOLOID, &isnull);

	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_NULL),
				 errmsg("%s is empty", column),
				 errhint("Give %s: true or false.", column)));
	return DatumGetBool(value);
}

/* All that books in a class of account waits, or has been booked. */
static void
lock_class(const FundArea *area, const char *class)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(class)};

	fund_exec(area,
			  "UPDATE @schema@.cash c SET balance_fen = c.balance_fen FROM (SELECT fund FROM @schema@.cash WHERE class = $1 "
			  "ORDER BY fund FOR NO KEY UPDATE) x WHERE c.fund = x.fund AND c.class = $1",
			  1, types, values, NULL, FUND_LEDGER);
}

/* ---- accounts and classes ---------------------------------------------------------------- */

static const char *
level_of(const char *admdvs)
{
	if (strcmp(admdvs + 2, "0000") == 0)
		return "province";
	return strcmp(admdvs + 4, "00") == 0 ? "city" : "county";
}

static bool
within(const char *inner, const char *outer)
{
	size_t		n = strcmp(outer + 2, "0000") == 0 ? 2 : strcmp(outer + 4, "00") == 0 ? 4 : 6;

	return strncmp(inner, outer, n) == 0;
}

static void
account_rule(const char *class, const char *account, const char *what, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_FLOW),
			 errmsg("%s cannot be a %s account: %s", account, class, _(what)),
			 errdetail("在同级国有或国有控股商业银行开设 (秦政办发〔2018〕84号 二(二))."),
			 errhint("%s", _(hint))));
}

static void
account_check(MoneyRow *row, const FundArea *area)
{
	const char *id = money_row_need(row, "account_id");
	const char *class = money_row_need(row, "class");
	const char *level = money_row_need(row, "level");
	DateADT		opened = money_row_date(row, "opened_on");
	Oid			types[2] = {TEXTOID, DATEOID};
	Datum		values[2] = {CStringGetTextDatum(class), DateADTGetDatum(opened)};
	char	   *home;
	char	   *admdvs = money_row_text(row, "admdvs");
	bool		open;

	(void) money_row_need(row, "bank");
	(void) money_row_need(row, "doc_no");
	(void) money_row_need(row, "source");
	fund_exec(area, "SELECT admdvs FROM @schema@.area", 0, NULL, NULL, NULL, 0);
	home = fund_need(0, 1);
	if (admdvs == NULL)
	{
		admdvs = home;
		money_row_fill_text(row, "admdvs", admdvs);
	}
	if (strlen(admdvs) != 6 || strspn(admdvs, "0123456789") != 6 || !within(admdvs, home))
		ereport(ERROR,
				(errcode(ERRCODE_YB_UNKNOWN_CODE),
				 errmsg("admdvs %s does not lie within %s", admdvs, home),
				 errhint("It is the six-digit division of the agency that holds the account.")));
	if (!bank_bool(row, "state_owned"))
		account_rule(class, id, gettext_noop("its bank is neither state-owned nor state-controlled (state_owned is false)"),
					 gettext_noop("Open it at a bank that is."));
	if (strcmp(level, level_of(admdvs)) != 0)
		account_rule(class, id, psprintf(_("its bank is of level %s, the agency of %s is of level %s"), level, admdvs, level_of(admdvs)),
					 gettext_noop("Open it at a bank of the same level, or give the division of the agency in admdvs."));
	fund_exec(area,
			  "SELECT open FROM @schema@.class_change WHERE class = $1 AND valid_from <= $2 ORDER BY valid_from DESC LIMIT 1",
			  2, types, values, NULL, 0);
	open = SPI_processed == 0 || DatumGetBool(fund_value(SPI_tuptable, 0, 1, BOOLOID));
	if (!open)
		ereport(ERROR,
				(errcode(ERRCODE_YB_FLOW),
				 errmsg("this area has no %s account on %s", class, fund_day(opened)),
				 errhint("class_change says which classes of account there are.")));
	lock_class(area, class);
	if (bank_bool(row, "main"))
	{
		fund_exec(area,
				  "SELECT a.account_id FROM @schema@.bank_account a WHERE a.class = $1 AND a.main "
				  "AND NOT EXISTS (SELECT FROM @schema@.bank_account_close c WHERE c.account_id = a.account_id AND c.closed_on <= $2)",
				  2, types, values, NULL, 0);
		if (SPI_processed > 0)
			ereport(ERROR,
					(errcode(ERRCODE_YB_DOES_NOT_FIT),
					 errmsg("the main %s account is %s", class, fund_need(0, 1)),
					 errhint("A class has one main account at a time.")));
	}
	fund_exec(area, "SELECT 1 FROM @schema@.bank_account WHERE class = $1", 1, types, values, NULL, 0);
	money_row_fill(row, "took_over", BOOLOID, BoolGetDatum(SPI_processed == 0));
}

/* The first account of a class has what the class had. */
static void
account_after(MoneyRow *row, const FundArea *area)
{
	Oid			types[3] = {TEXTOID, TEXTOID, BOOLOID};
	Datum		values[3] = {CStringGetTextDatum(money_row_text(row, "account_id")),
		CStringGetTextDatum(money_row_text(row, "class")),
	BoolGetDatum(bank_bool(row, "took_over"))};

	fund_exec(area,
			  "INSERT INTO @schema@.cash_account (fund, account_id, balance_fen) "
			  "SELECT fund, $1, CASE WHEN $3 THEN balance_fen ELSE 0 END FROM @schema@.cash WHERE class = $2",
			  3, types, values, NULL, FUND_LEDGER);
}

static const RecordTable bank_account_table = {
	RECORD_TABLE("bank_account", "account_id", "booked"),
	.before = account_check,
	.after = account_after,
};

static void
close_check(MoneyRow *row, const FundArea *area)
{
	const char *id = money_row_need(row, "account_id");
	DateADT		day = money_row_date(row, "closed_on");
	Oid			types[2] = {TEXTOID, DATEOID};
	Datum		values[2] = {CStringGetTextDatum(id), DateADTGetDatum(day)};
	int64		held;

	(void) money_row_need(row, "doc_no");
	fund_exec(area, "SELECT class, opened_on <= $2 FROM @schema@.bank_account WHERE account_id = $1", 2, types, values, NULL, 0);
	if (SPI_processed == 0 || !DatumGetBool(fund_value(SPI_tuptable, 0, 2, BOOLOID)))
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("there is no account %s on %s", id, fund_day(day)),
				 errhint("Table bank_account lists the accounts.")));
	lock_class(area, fund_need(0, 1));
	fund_exec(area, "SELECT pg_catalog.sum(balance_fen)::pg_catalog.int8 FROM @schema@.cash_account WHERE account_id = $1",
			  1, types, values, NULL, 0);
	held = fund_int8(0, 1, NULL);
	if (held != 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("account %s is not closed while it holds %s", id, fund_yuan(held)),
				 errhint("Move what it holds to another account first (cash_move).")));
	fund_exec(area, "SELECT pg_catalog.max(effective_on) FROM @schema@.bank_movement WHERE account_id = $1 AND effective_on >= $2",
			  2, types, values, NULL, 0);
	{
		bool		none;
		Datum		last = fund_datum(SPI_tuptable, 0, 1, DATEOID, &none);

		if (!none)
			ereport(ERROR,
					(errcode(ERRCODE_YB_DOES_NOT_FIT),
					 errmsg("account %s is used on %s, which is not before %s", id,
							fund_day(DatumGetDateADT(last)), fund_day(day)),
					 errhint("Close it from a later day on.")));
	}
}

static const RecordTable bank_account_close_table = {
	RECORD_TABLE("bank_account_close", "account_id", "booked"),
	.before = close_check,
};

static void
class_check(MoneyRow *row, const FundArea *area)
{
	const char *class = money_row_need(row, "class");
	DateADT		day = money_row_date(row, "valid_from");
	Oid			types[2] = {TEXTOID, DATEOID};
	Datum		values[2] = {CStringGetTextDatum(class), DateADTGetDatum(day)};

	(void) money_row_need(row, "doc_no");
	(void) money_row_need(row, "source");
	if (bank_bool(row, "open"))
		return;
	lock_class(area, class);
	fund_exec(area,
			  "SELECT account_id FROM @schema@.bank_account a WHERE class = $1 AND NOT EXISTS (SELECT FROM @schema@.bank_account_close c "
			  "WHERE c.account_id = a.account_id AND c.closed_on <= $2) ORDER BY account_id LIMIT 1",
			  2, types, values, NULL, 0);
	if (SPI_processed > 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("account %s of class %s is open on %s", fund_need(0, 1), class, fund_day(day)),
				 errhint("Close the accounts of the class first (bank_account_close).")));
	fund_exec(area, "SELECT fund, balance_fen FROM @schema@.cash WHERE class = $1 AND balance_fen <> 0 ORDER BY fund LIMIT 1",
			  1, types, values, NULL, 0);
	if (SPI_processed > 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("class %s is not closed while it holds %s of fund %s", class,
						fund_yuan(fund_int8(0, 2, NULL)), fund_need(0, 1)),
				 errhint("Move what it holds first (cash_move).")));
	fund_exec(area, "SELECT pg_catalog.max(effective_on) FROM @schema@.bank_movement WHERE class = $1 AND effective_on >= $2 AND amount_fen > 0",
			  2, types, values, NULL, 0);
	{
		bool		none;
		Datum		last = fund_datum(SPI_tuptable, 0, 1, DATEOID, &none);

		if (!none)
			ereport(ERROR,
					(errcode(ERRCODE_YB_DOES_NOT_FIT),
					 errmsg("class %s takes money on %s, which is not before %s", class,
							fund_day(DatumGetDateADT(last)), fund_day(day)),
					 errhint("Close it from a later day on.")));
	}
}

static const RecordTable class_change_table = {
	RECORD_TABLE("class_change", "change_id", "booked"),
	.before = class_check,
};

/* ---- the trigger --------------------------------------------------------------------------- */

static const RecordTable *const tables[] = {
	&bank_account_table, &bank_account_close_table, &class_change_table,
	&bank_statement_line_table, &bank_balance_table, &bank_match_table,
	&tax_batch_table, &tax_person_table, &tax_step_table,
	&subsidy_due_table, &interest_rate_table, &interest_period_table,
};

PG_FUNCTION_INFO_V1(yibao_t_bank);
Datum
yibao_t_bank(PG_FUNCTION_ARGS)
{
	const RecordTable *table = record_named(fcinfo, tables, lengthof(tables));

	if (table == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this is a trigger of the tables of the bank's side, which its argument names"),
				 errhint("yibao.attach_poolarea() puts an area's triggers in place.")));
	return record_trigger(fcinfo, table);
}

/* ---- the matrix of flows ------------------------------------------------------------------- */

static void
matrix_rule(const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_FLOW),
			 errmsg("the matrix of flows is not changed like this: %s", _(what)),
			 errdetail("收支两条线管理, 任何单位和个人不得挤占或挪用 (秦政办发〔2018〕84号 二(二); 财社〔2017〕144号 第四十至四十二条)."),
			 errhint("To narrow it, give a row a valid_to, or insert one with allowed = false; to widen it, insert a local row with its source.")));
}

/* The text of a column; NULL where it is null. */
static char *
column_text(TriggerData *td, HeapTuple tuple, const char *column)
{
	TupleDesc	desc = RelationGetDescr(td->tg_relation);
	int			att = SPI_fnumber(desc, column);

	if (att <= 0)
		fund_not_as_made("flow_rule");
	return SPI_getvalue(tuple, desc, att);
}

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The new valid_to is earlier than the old one. */
static bool
ends_earlier(TriggerData *td)
{
	TupleDesc	desc = RelationGetDescr(td->tg_relation);
	int			att = SPI_fnumber(desc, "valid_to");
	bool		was_open;
	bool		is_open;
	Datum		was;
	Datum		is;

	if (att <= 0 || SPI_gettypeid(desc, att) != DATEOID)
		fund_not_as_made("flow_rule");
	was = SPI_getbinval(td->tg_trigtuple, desc, att, &was_open);
	is = SPI_getbinval(td->tg_newtuple, desc, att, &is_open);
	return !is_open && (was_open || DatumGetDateADT(is) < DatumGetDateADT(was));
}

PG_FUNCTION_INFO_V1(yibao_t_flow_rule);
Datum
yibao_t_flow_rule(PG_FUNCTION_ARGS)
{
	static const char *const fixed[] = {"from_class", "to_class", "kind", "scope", "allowed", "purpose", "source", "trust", "valid_from"};
	TriggerData *td = (TriggerData *) fcinfo->context;
	TupleDesc	desc;
	HeapTuple	tuple;
	char	   *scope;
	char	   *source;
	int			att;
	Datum		value;
	bool		isnull = false;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(td->tg_event) || !TRIGGER_FIRED_FOR_ROW(td->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this function is a BEFORE trigger of a pool area"),
				 errhint("yibao.attach_poolarea() puts an area's triggers in place.")));
	desc = RelationGetDescr(td->tg_relation);
	if (TRIGGER_FIRED_BY_DELETE(td->tg_event))
		matrix_rule(gettext_noop("a row is not deleted"));
	if (TRIGGER_FIRED_BY_UPDATE(td->tg_event))
	{
		for (size_t i = 0; i < lengthof(fixed); i++)
			if (!same_text(column_text(td, td->tg_trigtuple, fixed[i]), column_text(td, td->tg_newtuple, fixed[i])))
				matrix_rule(gettext_noop("of a row that is there only valid_to may be set"));
		if (!ends_earlier(td))
			matrix_rule(gettext_noop("valid_to may only be set, or set earlier"));
		return PointerGetDatum(td->tg_newtuple);
	}

	tuple = td->tg_trigtuple;
	scope = column_text(td, tuple, "scope");
	if (!fund_ledger_open())
	{
		if (scope != NULL && strcmp(scope, "local") != 0)
			matrix_rule(gettext_noop("a row of the owner's is local"));
		source = column_text(td, tuple, "source");
		if (source == NULL || strspn(source, " \t\r\n") == strlen(source))
			matrix_rule(gettext_noop("it needs its source"));
	}
	if (scope != NULL)
		return PointerGetDatum(tuple);
	att = SPI_fnumber(desc, "scope");
	value = CStringGetTextDatum(fund_ledger_open() ? "national" : "local");
	return PointerGetDatum(heap_modify_tuple_by_cols(tuple, desc, 1, &att, &value, &isnull));
}
