-- The fund: triggers of a pool area's tables, and what reads them.

GRANT USAGE ON SCHEMA yibao TO PUBLIC;

CREATE FUNCTION yibao.row_digest(r record) RETURNS bytea
    AS 'MODULE_PATHNAME', 'yibao_row_digest'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION yibao.row_digest(record) IS
'行摘要. SHA-256 (32 bytes) of a row: every column that is not NULL, but row_hash, by name and value, whatever the session''s settings. It finds a change; it is no seal against one who rewrites row_hash too. NULL gives NULL.
Errors: none. Immutable; takes no lock.';

CREATE FUNCTION yibao.policy_in_force(area text, insutype text, day date) RETURNS text
    AS 'MODULE_PATHNAME', 'yibao_policy_in_force'
    LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION yibao.policy_in_force(text, text, date) IS
'生效政策. policy_id of the document in force for a scheme (insutype) on a day: the latest valid_from not after it, then the highest publication, leaving out what a document in force supersedes. The caller needs SELECT on the area''s policy. NULL gives NULL.
Errors: YB603 no such area; YB008 no policy in force; 42501 no SELECT on policy. Stable; takes no lock.';

CREATE FUNCTION yibao.verify(area text, head text DEFAULT NULL) RETURNS TABLE ("check" text, ok boolean, detail text)
    AS 'MODULE_PATHNAME', 'yibao_verify'
    LANGUAGE C STABLE PARALLEL UNSAFE COST 1000000 ROWS 25;
COMMENT ON FUNCTION yibao.verify(text, text) IS
'核对. A row for each check: balances of the books, pools against surplus, cash, available, obligations, splits, digests of rows (names table and key of what was altered), triggers, seals; with head, what yibao.seal_head once said, also whether anything that was sealed before it has changed since. detail: the first 20 faults, NULL when ok; how many rows wait to be sealed is told there too. Reads one snapshot, with the rights of the area''s owner; the caller needs SELECT on its table entry (any post). NULL for area gives no row.
Errors: YB603 no such area; 22023 no head; 42501 no SELECT on entry. Stable; takes no lock beyond reading.';

CREATE FUNCTION yibao.seal(area text) RETURNS bigint
    AS 'MODULE_PATHNAME', 'yibao_seal'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE COST 1000000;
COMMENT ON FUNCTION yibao.seal(text) IS
'封存. Adds all rows that no seal holds yet to the area''s chain of seals and gives their number. Rows are told by seal_member, so one that commits late is sealed next time. The caller needs SELECT on its table entry (any post). NULL gives NULL.
Errors: YB603 no such area; 42501 no SELECT on entry; 25001 at REPEATABLE READ or SERIALIZABLE. Volatile; locks seal SHARE ROW EXCLUSIVE: sealers wait for one another, nobody else for them.';

CREATE FUNCTION yibao.seal_head(area text) RETURNS text
    AS 'MODULE_PATHNAME', 'yibao_seal_head'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE COST 1000;
COMMENT ON FUNCTION yibao.seal_head(text) IS
'封存链头. Number and head of the last seal, such as 7:3f9a… (64 hexadecimal digits), to be kept where the database''s administrators cannot reach it; verify(area, head) later proves that nothing sealed before was changed. NULL when nothing is sealed, and for NULL.
Errors: YB603 no such area; 42501 no SELECT on entry. Stable; takes no lock.';

CREATE FUNCTION yibao.maintain(area text) RETURNS TABLE (task text, done bigint)
    AS 'MODULE_PATHNAME', 'yibao_maintain'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE COST 1000000 ROWS 3;
COMMENT ON FUNCTION yibao.maintain(text) IS
'日常维护. What is to be done from time to time, a row for each task with how much was done: seal (rows sealed, as yibao.seal), expire (holds ended whose time was up; what waits is funded with them), fold (credits folded into slots). At any time, by several at once, beside postings; verify says how late it is. To be called in a transaction of its own. The caller needs SELECT on the area''s table entry (any post). NULL gives no row.
Errors: YB603 no such area; 42501 no SELECT on entry; 25001 at REPEATABLE READ or SERIALIZABLE. Volatile; locks seal SHARE ROW EXCLUSIVE, open holds that have expired (skipping those that somebody is ending), slot 0 of pools with credits and of their other slots those that are free.';

CREATE FUNCTION yibao.export_hledger(area text) RETURNS SETOF text
    AS 'MODULE_PATHNAME', 'yibao_export_hledger'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE COST 1000000 ROWS 100000;
COMMENT ON FUNCTION yibao.export_hledger(text) IS
'导出账簿. The books of an area as lines of an hledger journal: a transaction for each journal, fund and book, amounts in yuan (CNY), debits positive; at the end balance assertions with what the area keeps beside the entries (cash, available, open items), so that hledger check judges the books. The caller needs SELECT on its table entry (any post). NULL gives no row.
Errors: YB603 no such area; 42501 no SELECT on entry. Stable: one snapshot; takes no lock beyond reading.';

CREATE FUNCTION yibao.t_ledger() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_ledger' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1;
COMMENT ON FUNCTION yibao.t_ledger() IS
'账簿保护触发器. BEFORE trigger of tables that only posting writes; arguments: the table, and append (rows never change), work, or mode (whoever may update the table may change its column mode, nothing else). Fills row_hash.
Errors: YB305 a write that is not posting''s, the owner''s too; YB304 UPDATE, DELETE or TRUNCATE of an append table. Takes no lock.';

CREATE FUNCTION yibao.t_posted() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_posted' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1;
COMMENT ON FUNCTION yibao.t_posted() IS
'只增不改触发器. BEFORE UPDATE, DELETE or TRUNCATE of tables that people insert into; argument: the table. Always YB304. Takes no lock.';

CREATE FUNCTION yibao.t_policy() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_policy' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_policy() IS
'政策发布触发器. BEFORE and AFTER INSERT FOR EACH ROW on policy: checks the document, fills policy_id, insutype, valid_from, valid_to, publication, title and digests from it, and policy_layer.
Errors: YB1xx of the document; YB504 a column given with another value; YB307 supersedes names no policy of the scheme. Locks: none beyond the rows.';

CREATE FUNCTION yibao.t_policy_bound() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_policy_bound' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100;
COMMENT ON FUNCTION yibao.t_policy_bound() IS
'政策边界触发器. BEFORE INSERT OR UPDATE FOR EACH ROW on policy_bound: mode is flag or refuse.
Errors: YB004 another mode. Takes no lock.';

CREATE FUNCTION yibao.t_receipt() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_receipt' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_receipt() IS
'收入触发器. BEFORE INSERT FOR EACH ROW on receipt: claims the key, splits by the rule of the coverage year, fills the result columns; AFTER: posts books G and P, raises available, funds what waits. A repeated key with the same content inserts nothing.
Errors: YB001, YB002 amount; YB003 parts; YB004 kind; YB006 column empty; YB301 assistance fund short; YB302 flow not allowed; YB303 the policy does not decide the split; YB306 period closed; YB501 key used with other content; YB504 result given with another value.
Locks: the key row; the bucket of (coverage year, rule); period ROW SHARE; cash; of pools only what funding the queue needs.';

CREATE FUNCTION yibao.t_cash_move() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_cash_move' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_cash_move() IS
'划转触发器. BEFORE and AFTER INSERT FOR EACH ROW on cash_move: checks the flow and posts book G.
Errors: YB001, YB002 amount; YB006 column or form_id empty; YB201 the policy does not say interim_budget; YB301 account short; YB302 flow not allowed, or an appropriation above budget or months_in_account; YB306 period closed; YB307 repaid more than advanced, no approved form, or above it; YB401 who had a part in the form; YB501.
Locks: period ROW SHARE; cash rows by class.';

CREATE FUNCTION yibao.t_headcount() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_headcount' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_headcount() IS
'参保人数快照触发器. BEFORE INSERT FOR EACH ROW on headcount: fills who is enrolled and has paid, by category, what has been collected, and the version.
Errors: YB002 no head count or year; YB006 column empty, explanation too where heads are not persons; YB307 fund.heads is enrolled and they are not; YB501; YB504.
Locks: none beyond the row.';

CREATE FUNCTION yibao.t_headcount_approval() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_headcount_approval' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_headcount_approval() IS
'参保人数核准触发器. BEFORE INSERT FOR EACH ROW on headcount_approval: approve makes the snapshot the head count of its year.
Errors: YB004 decision; YB006; YB307 no such snapshot, another version has been approved since it was drawn up, or a step is missing; YB401 who drew it up, through SET ROLE too; YB402; YB501, also for who approves the same version at once.
Locks: approval_chain ROW SHARE; where steps are set, the snapshot.';

CREATE FUNCTION yibao.t_premium() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_premium' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_premium() IS
'大病保险费触发器. BEFORE and AFTER INSERT FOR EACH ROW on premium: set_aside and true_up move between the pools and the serious-illness part (book P); remit is drawn up and paid by premium_approval.
Errors: YB003 parts; YB301 pool short; YB302 nothing to remit where the fund runs it itself; YB303 the policy does not say; YB306; YB307 not trued up, or no approved head count where fund.heads wants one; YB501; YB504, also for heads that are not those approved.
Locks: period ROW SHARE; slots, pools ascending.';

CREATE FUNCTION yibao.t_premium_approval() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_premium_approval' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_premium_approval() IS
'大病保险费上缴审批触发器. BEFORE and AFTER INSERT FOR EACH ROW on premium_approval: approve pays the premium out of the fiscal account (books G and P).
Errors: YB301 pool or account short; YB302 flow; YB306; YB307 no such premium, one that needs no approval, before it was drawn up, or a step is missing; YB401 who drew it up, through SET ROLE too; YB402; YB501.
Locks: approval_chain ROW SHARE; period ROW SHARE; cash; slots of the serious-illness part.';

CREATE FUNCTION yibao.premium_ok(kind text, coverage_year integer, amt numeric, heads integer, out_amt numeric, ipt_amt numeric) RETURNS boolean
    AS 'MODULE_PATHNAME', 'yibao_premium_ok' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION yibao.premium_ok(text, integer, numeric, integer, numeric, numeric) IS
'大病保险费有效. May a row of premium have these values? kind set_aside, true_up or remit; coverage_year 2000 to 2999; amounts in yuan of at most two decimals below 10^14, above 0 (parts: from 0), of either sign for true_up, which needs heads; heads above 0; out_amt and ipt_amt add up to amt but for remit. NULL as a CHECK takes it: no objection. For the CHECK of a pool area''s table premium.
Errors: none. Immutable; takes no lock.';

CREATE FUNCTION yibao.t_hold() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_hold' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_hold() IS
'预占触发器. BEFORE and AFTER INSERT FOR EACH ROW on hold: checks it, takes it from what the pool has available.
Errors: YB001, YB002 amount; YB006 column empty; YB301 pool short; YB303 no such pool; YB307 expires_at is past or infinite; YB501; YB504. Locks: slots of the pool.';

CREATE FUNCTION yibao.t_hold_end() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_hold_end' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_hold_end() IS
'预占终结触发器. BEFORE and AFTER INSERT FOR EACH ROW on hold_end: gives back what was held; a settlement that it names and that waits is funded with it first, then what waits for the pool.
Errors: YB006 column empty; YB307 no such hold, expired (post), not expired (expire), or event and key name nothing that takes from the pool; YB501; YB503 ended already; YB504. Locks: the open hold; slots only where something waits.';

CREATE FUNCTION yibao.t_pending() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_pending' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_pending() IS
'提交扣减触发器. Deferred constraint trigger on pending, where the area''s mode is deferred: at commit takes what the transaction noted, netted, pools ascending; settlements that do not fit wait (挂账).
Errors: YB301 a pool is short, at COMMIT. Locks: slots, pools ascending.';

CREATE FUNCTION yibao.t_transfer() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_transfer' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_transfer() IS
'调剂申请触发器. BEFORE INSERT FOR EACH ROW on transfer: fills the figures of both pools and the proposer (the login); a reversal takes pools and amount from its original.
Errors: YB001, YB002; YB302 not between outpatient and inpatient; YB307 original not made; YB501; YB503 reversed already, or a reversal itself; YB504. Takes no lock.';

CREATE FUNCTION yibao.t_transfer_approval() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_transfer_approval' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_transfer_approval() IS
'调剂审批触发器. BEFORE and AFTER INSERT FOR EACH ROW on transfer_approval: approve posts book P and moves available.
Errors: YB301 above the giver''s available; YB302 above the policy''s limit; YB306; YB307 no such transfer; YB401 the proposer himself, through SET ROLE too; YB501; YB503.
Locks: period ROW SHARE; all slots of the giving pool.';

CREATE FUNCTION yibao.t_post_holder() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_post_holder' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_post_holder() IS
'任职触发器. BEFORE INSERT FOR EACH ROW on post_holder: the login exists, and the person holds no incompatible post on any day of it.
Errors: YB006 column empty; YB402 no such login, or incompatible posts; YB501. Takes no lock.';

CREATE FUNCTION yibao.t_post_holder_end() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_post_holder_end' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_post_holder_end() IS
'离任触发器. BEFORE INSERT FOR EACH ROW on post_holder_end: ends a holding.
Errors: YB307 no such holding, or before it began; YB501. Takes no lock.';

CREATE FUNCTION yibao.t_approval_chain() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_approval_chain' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_approval_chain() IS
'审批流程触发器. BEFORE INSERT FOR EACH ROW on approval_chain: fills from when on the steps hold.
Errors: YB006 column empty; YB402 no such post, or one twice; YB501. Locks approval_chain EXCLUSIVE: waits for who is deciding.';

CREATE FUNCTION yibao.t_approval() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_approval' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_approval() IS
'审批触发器. BEFORE INSERT FOR EACH ROW on approval: the step whose turn it is, by the login that holds its post; fills step, post, person, certificate and login.
Errors: YB004 kind; YB006 column empty; YB307 no such item, step out of order, item decided or rejected; YB401 who had a part in the item already, through SET ROLE or another login of his too; YB402 does not hold the post, no valid certificate, incompatible posts; YB501.
Locks: approval_chain ROW SHARE; the item''s row.';

CREATE FUNCTION yibao.t_budget() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_budget' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_budget() IS
'预算触发器. BEFORE INSERT FOR EACH ROW on budget: checks the lines, fills version and totals; a year that spends more than it takes in needs the policy''s deficit_budget.
Errors: YB004 a line that is no role of its kind; YB006; YB201 the policy does not say deficit_budget; YB302 a deficit that is refused or too large; YB307 amounts, or revises another than the budget in force; YB501. Takes no lock.';

CREATE FUNCTION yibao.t_appropriation() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_appropriation' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_appropriation() IS
'预拨审批表触发器. BEFORE INSERT FOR EACH ROW on appropriation: checks the lines, fills total, last quarter''s spending, the account''s balance and what is owed.
Errors: YB001, YB002; YB004 a line that is no benefit; YB006; YB307 amounts; YB501. Takes no lock.';

CREATE FUNCTION yibao.t_payment() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_payment' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_payment() IS
'付款申请触发器. BEFORE INSERT FOR EACH ROW on payment: draws up what is owed and funded (view payable_item), fills amt, party, items and their digest.
Errors: YB001, YB002; YB307 nothing owed, amt is another, or the names do not fit; YB501. Takes no lock.';

CREATE FUNCTION yibao.t_payment_approval() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_payment_approval' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_payment_approval() IS
'付款审批触发器. BEFORE and AFTER INSERT FOR EACH ROW on payment_approval: approve pays exactly the items drawn up, posts books G and P and clears S.
Errors: YB301 expenditure account short; YB306; YB307 no such payment, or the items have changed; YB401 who drew it up, through SET ROLE too; YB501.
Locks: period ROW SHARE; payment_lock; cash; slots only where recovered money funds what waits.';

CREATE FUNCTION yibao.t_voucher_event() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_voucher_event' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_voucher_event() IS
'凭证事项触发器. BEFORE INSERT FOR EACH ROW on voucher_event: an event of the area''s own.
Errors: YB004 a column that voucher has not; YB006 needs does not name amt; YB305 shipped. Takes no lock.';

CREATE FUNCTION yibao.t_posting_rule() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_posting_rule' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_posting_rule() IS
'记账规则触发器. On posting_rule, BEFORE each row: lines of events of the area''s own only, never a change; AFTER INSERT FOR EACH STATEMENT: each book balances, and pools change as the surplus does.
Errors: YB003 out of balance; YB302 money moves and no flow is named; YB305 any other line or change. Takes no lock.';

CREATE FUNCTION yibao.t_voucher() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_voucher' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_voucher() IS
'凭证触发器. BEFORE and AFTER INSERT FOR EACH ROW on voucher: checks what its event needs and posts its lines, at once or by voucher_approval.
Errors: YB001, YB002; YB004 event; YB006 column empty; YB301 account or pool short; YB302 flow not allowed; YB303 the policy does not state the choice; YB306; YB307 more than there is, or a column of no use; YB501; YB503 payment returned already; YB504.
Locks: the voucher that it names; period ROW SHARE; payment_lock where items, prepayments or a payment are concerned; cash; slots, pools ascending.';

CREATE FUNCTION yibao.t_voucher_approval() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_voucher_approval' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_voucher_approval() IS
'凭证审批触发器. BEFORE and AFTER INSERT FOR EACH ROW on voucher_approval: approve posts the voucher.
Errors: YB401 who drew it up, through SET ROLE too; YB307 no such voucher, or it needs none; and those of t_voucher. Locks: as t_voucher.';

CREATE FUNCTION yibao.t_next_year_income() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_next_year_income' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_next_year_income() IS
'下年度收入结转触发器. BEFORE and AFTER INSERT FOR EACH ROW on next_year_income: a receipt held as 暂收款 becomes income and is split.
Errors: YB303 before 1 January, or the policy does not decide the split; YB306; YB307 no such receipt; YB501; YB504.
Locks: the receipt; the bucket; period ROW SHARE; of pools only what funding the queue needs.';

CREATE FUNCTION yibao.t_refund() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_refund' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_refund() IS
'退费触发器. BEFORE and AFTER INSERT FOR EACH ROW on refund: takes the contribution out of its receipt''s bucket and commits it, or queues it where a pool is short.
Errors: YB001, YB002; YB003 parts; YB004 case; YB302 not from that account, or no contribution; YB303 serious-illness part not known; YB306; YB307 coverage has begun, benefits were used, or more than the receipt; YB501; YB504.
Locks: the receipt; the person-year; the bucket; period ROW SHARE; slots, pools ascending.';

CREATE FUNCTION yibao.t_refund_approval() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_refund_approval' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_refund_approval() IS
'退费审批触发器. BEFORE and AFTER INSERT FOR EACH ROW on refund_approval: pays the refund from the income side.
Errors: YB301 it waits, or the account is short; YB306; YB307 no such refund; YB401 who drew it up; YB501. Locks: period ROW SHARE; cash.';
