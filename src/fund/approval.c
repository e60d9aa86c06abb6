/*
 * approval.c
 *	  The steps by which an item is approved, and who may make them.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "compat.h"
#include "errcodes.h"
#include "fund/approval.h"

/* ---- kinds of items --------------------------------------------------------------------- */

/* load: who drew it up, on which day, its amount, whether it is decided, its chain. */
typedef struct Kind
{
	const char *kind;
	const char *what;
	const char *table;
	bool		executes;		/* the row that executes it is the last step */
	const char *lock;
	const char *load;
} Kind;

/* The chain of an item t drawn up at (column) at. */
#define CHAIN(kind, at) \
	"(SELECT c.posts FROM @schema@.approval_chain c WHERE c.kind = '" kind "' AND c.in_force_at <= t." at \
	" ORDER BY c.in_force_at DESC, c.chain_id DESC LIMIT 1) "

static const Kind kinds[] = {
	{"payment", gettext_noop("payment"), "payment", true,
		"SELECT 1 FROM @schema@.payment WHERE payment_id = $1 FOR NO KEY UPDATE",
		"SELECT t.drawn_by, t.drawn_on, t.amt, EXISTS (SELECT FROM @schema@.payment_approval a WHERE a.payment_id = t.payment_id), "
		CHAIN("payment", "drawn_at") "FROM @schema@.payment t WHERE t.payment_id = $1"},
	{"transfer", gettext_noop("transfer"), "transfer", true,
		"SELECT 1 FROM @schema@.transfer WHERE transfer_id = $1 FOR NO KEY UPDATE",
		"SELECT t.proposed_by, t.proposed_on, t.amt, EXISTS (SELECT FROM @schema@.transfer_approval a WHERE a.transfer_id = t.transfer_id), "
		CHAIN("transfer", "proposed_at") "FROM @schema@.transfer t WHERE t.transfer_id = $1"},
	{"appropriation", gettext_noop("appropriation form"), "appropriation", false,
		"SELECT 1 FROM @schema@.appropriation WHERE form_id = $1 FOR NO KEY UPDATE",
		"SELECT t.drawn_by, t.drawn_on, t.requested::pg_catalog.numeric, EXISTS (SELECT FROM @schema@.cash_move m WHERE m.form_id = t.form_id), "
		CHAIN("appropriation", "drawn_at") "FROM @schema@.appropriation t WHERE t.form_id = $1"},
	{"budget", gettext_noop("budget"), "budget", false,
		"SELECT 1 FROM @schema@.budget WHERE budget_id = $1 FOR NO KEY UPDATE",
		"SELECT t.drawn_by, t.drawn_on, NULL::pg_catalog.numeric, false, "
		CHAIN("budget", "drawn_at") "FROM @schema@.budget t WHERE t.budget_id = $1"},
	{"refund", gettext_noop("refund"), "refund", true,
		"SELECT 1 FROM @schema@.refund WHERE refund_id = $1 FOR NO KEY UPDATE",
		"SELECT t.booked_by, t.refunded_on, t.amt, EXISTS (SELECT FROM @schema@.refund_approval a WHERE a.refund_id = t.refund_id), "
		CHAIN("refund", "booked_at") "FROM @schema@.refund t WHERE t.refund_id = $1"},
	/* what is booked at once has nothing to decide */
	{"voucher", gettext_noop("voucher"), "voucher", true,
		"SELECT 1 FROM @schema@.voucher WHERE voucher_id = $1 FOR NO KEY UPDATE",
		"SELECT t.booked_by, t.effective_on, t.amt, EXISTS (SELECT FROM @schema@.voucher_approval a WHERE a.voucher_id = t.voucher_id) "
		"OR NOT (SELECT e.approval FROM @schema@.voucher_event e WHERE e.event = t.event), "
		CHAIN("voucher", "booked_at") "FROM @schema@.voucher t WHERE t.voucher_id = $1"},
	{"premium", gettext_noop("premium"), "premium", true,
		"SELECT 1 FROM @schema@.premium WHERE premium_id = $1 FOR NO KEY UPDATE",
		"SELECT t.booked_by, t.booked_on, pg_catalog.abs(t.amt), EXISTS (SELECT FROM @schema@.premium_approval a WHERE a.premium_id = t.premium_id) OR t.kind <> 'remit', "
		CHAIN("premium", "booked_at") "FROM @schema@.premium t WHERE t.premium_id = $1"},
	{"headcount", gettext_noop("head count"), "headcount", true,
		"SELECT 1 FROM @schema@.headcount WHERE headcount_id = $1 FOR NO KEY UPDATE",
		"SELECT t.booked_by, t.as_of, NULL::pg_catalog.numeric, EXISTS (SELECT FROM @schema@.headcount_approval a WHERE a.headcount_id = t.headcount_id), "
		CHAIN("headcount", "booked_at") "FROM @schema@.headcount t WHERE t.headcount_id = $1"},
};

static const Kind *
kind_of(const char *kind)
{
	for (size_t i = 0; i < lengthof(kinds); i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			return &kinds[i];
	ereport(ERROR,
			(errcode(ERRCODE_YB_UNKNOWN_CODE),
			 errmsg("nothing of kind \"%s\" is approved by steps", kind),
			 errhint("Kinds: payment, transfer, appropriation, budget, refund, voucher, premium, headcount.")));
	return NULL;
}

/* ---- an item ------------------------------------------------------------------------------ */

static void
load_posts(const FundArea *area, ApprovalItem *item, Datum array)
{
	Oid			types[1] = {TEXTARRAYOID};
	Datum		values[1] = {array};

	fund_exec(area,
			  "SELECT u.post, coalesce(p.name_zh, u.post) FROM pg_catalog.unnest($1) WITH ORDINALITY u(post, n) "
			  "LEFT JOIN @schema@.post p ON p.post = u.post ORDER BY u.n",
			  1, types, values, NULL, 0);
	item->nposts = (int) SPI_processed;
	item->posts = palloc_array(char *, item->nposts + 1);
	item->post_names = palloc_array(char *, item->nposts + 1);
	for (int i = 0; i < item->nposts; i++)
	{
		item->posts[i] = fund_need(i, 1);
		item->post_names[i] = fund_need(i, 2);
	}
}

static void
load_steps(const FundArea *area, ApprovalItem *item)
{
	Oid			types[2] = {TEXTOID, TEXTOID};
	Datum		values[2] = {CStringGetTextDatum(item->kind), CStringGetTextDatum(item->id)};
	bool		isnull;

	fund_exec(area,
			  "SELECT a.step::pg_catalog.int8, a.decision, a.approved_by, a.decided_on, a.amt "
			  "FROM @schema@.approval a WHERE a.kind = $1 AND a.item_id = $2 ORDER BY a.step DESC LIMIT 1",
			  2, types, values, NULL, 0);
	item->nsteps = 0;
	item->rejected = false;
	item->last_by = NULL;
	item->last_on = item->drawn_on;
	if (SPI_processed == 0)
		return;
	item->nsteps = (int) fund_int8(0, 1, NULL);
	item->rejected = strcmp(fund_need(0, 2), "approve") != 0;
	item->last_by = fund_need(0, 3);
	item->last_on = DatumGetDateADT(fund_value(SPI_tuptable, 0, 4, DATEOID));
	if (item->has_amount)
	{
		Datum		amt = fund_datum(SPI_tuptable, 0, 5, NUMERICOID, &isnull);

		if (!isnull)
			item->amount = fund_fen(amt, "amt");
	}
}

void
approval_find(const FundArea *area, const char *what, const char *table, const char *id,
			  const char *sql)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(id)};

	fund_exec(area, sql, 1, types, values, NULL, 0);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("there is no %s %s to decide", _(what), id),
				 errhint("Name a row of table %s.", table)));
}

void
approval_load(const FundArea *area, const char *kind, const char *id, ApprovalItem *item)
{
	const Kind *k = kind_of(kind);
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(id)};
	SPITupleTable *table;
	Datum		value;
	bool		isnull;

	memset(item, 0, sizeof(*item));
	/* who is setting another chain is waited for */
	fund_exec(area, "LOCK TABLE @schema@.approval_chain IN ROW SHARE MODE", 0, NULL, NULL, NULL, 0);
	approval_find(area, k->what, k->table, id, k->lock);
	fund_exec(area, k->load, 1, types, values, NULL, 0);
	table = SPI_tuptable;
	item->kind = k->kind;
	item->what = k->what;
	item->executes = k->executes;
	item->id = pstrdup(id);
	item->by = fund_need(0, 1);
	item->drawn_on = DatumGetDateADT(fund_value(table, 0, 2, DATEOID));
	value = fund_datum(table, 0, 3, NUMERICOID, &isnull);
	item->has_amount = !isnull;
	if (!isnull)
		item->amount = fund_fen(value, "amt");
	item->decided = DatumGetBool(fund_value(table, 0, 4, BOOLOID));
	value = fund_datum(table, 0, 5, TEXTARRAYOID, &isnull);
	if (!isnull)
		load_posts(area, item, value);
	load_steps(area, item);
}

/* ---- who --------------------------------------------------------------------------------------- */

static void
refuse_same_person(const char *what, const char *id, const char *by)
{
	ereport(ERROR,
			(errcode(ERRCODE_YB_SAME_PERSON),
			 errmsg("%s %s was drawn up by %s, who cannot also decide it", _(what), id, by),
			 errdetail("不得由一人办理基金支付的全过程. It is the login that counts, whatever role is set, and the person behind it."),
			 errhint("Somebody else must insert the approval, under a login of his own.")));
}

void
approval_by_another(const FundArea *area, const char *what, const char *id, const char *by)
{
	if (strcmp(by, area->session_user) == 0)
		refuse_same_person(what, id, by);
}

void
approval_not_before(const char *what, const char *id, DateADT drawn, DateADT day)
{
	if (day < drawn)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s %s was drawn up for %s, it is not done on %s", _(what), id, fund_day(drawn), fund_day(day)),
				 errhint("Check the days: it is booked on the day of the approval, which comes later.")));
}

void
approval_somebody_else(const FundArea *area, const ApprovalItem *item, const char *person)
{
	Oid			types[5] = {TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID};
	Datum		values[5];
	char		nulls[6] = "     ";
	char	   *part;
	char	   *login;

	values[0] = CStringGetTextDatum(item->kind);
	values[1] = CStringGetTextDatum(item->id);
	values[2] = CStringGetTextDatum(area->session_user);
	values[3] = CStringGetTextDatum(item->by);
	values[4] = person == NULL ? (Datum) 0 : CStringGetTextDatum(person);
	nulls[4] = person == NULL ? 'n' : ' ';
	/* the same login; the same person under another login, by any holding of posts */
	fund_exec(area,
			  "SELECT p.post, p.login FROM ("
			  "SELECT NULL::pg_catalog.text AS post, $4 AS login, NULL::pg_catalog.text AS person, 0 AS step "
			  "UNION ALL SELECT coalesce(n.name_zh, a.post), a.approved_by, a.person, a.step FROM @schema@.approval a "
			  "LEFT JOIN @schema@.post n ON n.post = a.post WHERE a.kind = $1 AND a.item_id = $2) p "
			  "WHERE p.login = $3 OR p.person = $5 "
			  "OR EXISTS (SELECT FROM @schema@.post_holder h, @schema@.post_holder m WHERE h.login = p.login "
			  "AND m.login = $3 AND h.person = m.person) "
			  "ORDER BY p.step LIMIT 1",
			  5, types, values, nulls, 0);
	if (SPI_processed == 0)
		return;
	part = fund_text(0, 1);
	login = fund_need(0, 2);
	if (part == NULL)
		refuse_same_person(item->what, item->id, login);
	ereport(ERROR,
			(errcode(ERRCODE_YB_SAME_PERSON),
			 errmsg("%s %s was decided by %s already as %s: nobody decides twice", _(item->what), item->id, login, part),
			 errdetail("不得由一人办理基金支付的全过程. It is the login that counts, whatever role is set, and the person behind it."),
			 errhint("Somebody else must make the next step, under a login of his own.")));
}

/* Two posts of this person on this day that do not go together. */
static void
check_conflict(const FundArea *area, const char *person, DateADT day)
{
	Oid			types[3] = {TEXTOID, TEXTOID, DATEOID};
	Datum		values[3] = {CStringGetTextDatum(area->session_user), CStringGetTextDatum(person), DateADTGetDatum(day)};

	fund_exec(area,
			  "SELECT a.name_zh, b.name_zh, c.source FROM @schema@.post_conflict c "
			  "JOIN @schema@.post a ON a.post = c.post_a JOIN @schema@.post b ON b.post = c.post_b "
			  "WHERE EXISTS (SELECT FROM @schema@.post_holding h WHERE h.post = c.post_a AND (h.login = $1 OR h.person = $2) "
			  "AND h.from_day <= $3 AND (h.last_day IS NULL OR h.last_day >= $3)) "
			  "AND EXISTS (SELECT FROM @schema@.post_holding h WHERE h.post = c.post_b AND (h.login = $1 OR h.person = $2) "
			  "AND h.from_day <= $3 AND (h.last_day IS NULL OR h.last_day >= $3)) "
			  "ORDER BY c.post_a, c.post_b LIMIT 1",
			  3, types, values, NULL, 0);
	if (SPI_processed == 0)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_YB_POST),
			 errmsg("%s holds incompatible posts on %s: %s and %s", person, fund_day(day),
					fund_need(0, 1), fund_need(0, 2)),
			 errdetail("The rule is: %s", fund_need(0, 3)),
			 errhint("One of the two must be ended (post_holder_end) before anything is approved.")));
}

void
approval_person(const FundArea *area, const ApprovalItem *item, int step,
				const char *person, DateADT day, ApprovalPerson *who)
{
	const char *post = item->posts[step - 1];
	const char *name = item->post_names[step - 1];
	Oid			types[4] = {TEXTOID, TEXTOID, DATEOID, TEXTOID};
	Datum		values[4];
	char		nulls[5] = "    ";

	approval_somebody_else(area, item, person);
	values[0] = CStringGetTextDatum(area->session_user);
	values[1] = CStringGetTextDatum(post);
	values[2] = DateADTGetDatum(day);
	values[3] = person == NULL ? (Datum) 0 : CStringGetTextDatum(person);
	nulls[3] = person == NULL ? 'n' : ' ';
	fund_exec(area,
			  "SELECT h.person, h.cert_no, h.cert_from <= $3 AND (h.cert_to IS NULL OR h.cert_to >= $3), "
			  "pg_catalog.min(h.person) OVER () <> pg_catalog.max(h.person) OVER (), h.cert_from, h.cert_to "
			  "FROM @schema@.post_holding h WHERE h.login = $1 AND h.post = $2 AND h.from_day <= $3 "
			  "AND (h.last_day IS NULL OR h.last_day >= $3) AND ($4 IS NULL OR h.person = $4) "
			  "ORDER BY 3 DESC, h.holding_id LIMIT 1",
			  4, types, values, nulls, 0);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_YB_POST),
				 errmsg("%s does not hold post %s (%s) on %s", person != NULL ? person : area->session_user,
						post, name, fund_day(day)),
				 errdetail("It is the turn of that post: step %d of %d of %s %s.", step, item->nposts, _(item->what), item->id),
				 errhint("Who holds it has to decide; the owner records holders in post_holder.")));
	if (DatumGetBool(fund_value(SPI_tuptable, 0, 4, BOOLOID)))
		ereport(ERROR,
				(errcode(ERRCODE_YB_FIELD_NULL),
				 errmsg("login %s stands for several persons with post %s: person is empty", area->session_user, post),
				 errhint("Give person; better, give everybody a login of his own.")));
	who->person = fund_need(0, 1);
	who->cert_no = fund_need(0, 2);
	if (!DatumGetBool(fund_value(SPI_tuptable, 0, 3, BOOLOID)))
	{
		bool		open;
		DateADT		from = DatumGetDateADT(fund_value(SPI_tuptable, 0, 5, DATEOID));
		Datum		to = fund_datum(SPI_tuptable, 0, 6, DATEOID, &open);

		ereport(ERROR,
				(errcode(ERRCODE_YB_POST),
				 errmsg("certificate %s of %s is not valid on %s", who->cert_no, who->person, fund_day(day)),
				 errdetail("It is valid from %s to %s.", fund_day(from), open ? "-" : fund_day(DatumGetDateADT(to))),
				 errhint("A new certificate is a new row of post_holder; until then another holder of the post decides.")));
	}
	check_conflict(area, who->person, day);
}

/* ---- executing ------------------------------------------------------------------------------------- */

void
approval_need_steps(const ApprovalItem *item, int but)
{
	int			needed = item->nposts - but;

	if (item->rejected)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s %s was rejected by %s at step %d", _(item->what), item->id, item->last_by, item->nsteps),
				 errhint("Draw it up again under another number.")));
	if (item->nsteps < needed)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s %s lacks step %d of %d: %s (%s) has not approved it", _(item->what), item->id,
						item->nsteps + 1, item->nposts, item->posts[item->nsteps], item->post_names[item->nsteps]),
				 errhint("Each step is a row of approval, inserted by who holds the post.")));
}

void
approval_execute(const FundArea *area, const char *kind, const char *id, DateADT day)
{
	ApprovalItem item;
	ApprovalPerson who;

	approval_load(area, kind, id, &item);
	/* by who had the item's row until now */
	if (item.decided)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s %s is decided already", _(item.what), item.id),
				 errhint("Nothing is approved after it was done.")));
	if (item.nposts == 0)
		return;
	approval_need_steps(&item, 1);
	if (day < item.last_on)
		ereport(ERROR,
				(errcode(ERRCODE_YB_DOES_NOT_FIT),
				 errmsg("%s %s would be decided on %s, before its last step on %s", _(item.what), item.id,
						fund_day(day), fund_day(item.last_on)),
				 errhint("Steps are made in order.")));
	approval_person(area, &item, item.nposts, NULL, day, &who);
}
