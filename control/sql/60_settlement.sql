-- Settlement: the triggers of a pool area's settlement table, and what people call.

CREATE FUNCTION yibao.settlement_ok(
    refd_setl_flag boolean, init_setl_id text, medfee_sumamt numeric, fund_pay_sumamt numeric, psn_part_amt numeric, hosp_part_amt numeric,
    fulamt_ownpay_amt numeric, overlmt_selfpay numeric, preselfpay_amt numeric, inscp_scp_amt numeric, prog_pay numeric, acct_pay numeric, acct_mulaid_pay numeric, tcm_amt numeric,
    trsf_dedc numeric, tcm_inscp numeric) RETURNS boolean
    AS 'MODULE_PATHNAME', 'yibao_settlement_ok'
    LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;

COMMENT ON FUNCTION yibao.settlement_ok(boolean, text, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric) IS
'结算有效. Has each of these amounts in yuan at most two decimals (zeros beyond are none) and does it fit numeric(16,2), of either sign; do fund_pay_sumamt, psn_part_amt and hosp_part_amt add up to medfee_sumamt; and is refd_setl_flag true where init_setl_id is there, and only there? NaN and infinity do not fit; NULL is no objection. For the CHECK of a pool area''s settlement table: one call for a row.
Errors: none. Immutable; takes no lock.';

CREATE FUNCTION yibao.settlement_settle() RETURNS trigger
    AS 'MODULE_PATHNAME', 'yibao_settlement_settle'
    LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000;

COMMENT ON FUNCTION yibao.settlement_settle() IS
'结算触发器. BEFORE INSERT FOR EACH ROW on a pool area''s settlement: claims the key (setl_key), finds the policy in force, locks and advances the person-year, fills the result columns (NULL is filled, an equal value accepted). A repeated key with the same content inserts nothing (INSERT 0 0).
Where setl_mode is verify or record the amounts given are what counts; they have to fit together.
Errors: YB001-YB008 claim or policy; YB003 an amount given breaks an identity; YB004 setl_mode; YB006 an amount is not given; YB201, YB202 the policy does not decide; YB307 nothing there to reverse; YB501 key used with other content; YB502, YB503 reversal; YB504 result given with another value.
Locks: the key row, then the person-year row, until the end of the transaction. Works as the table''s owner. See doc/settlement.md.';

CREATE FUNCTION yibao.settlement_post() RETURNS trigger
    AS 'MODULE_PATHNAME', 'yibao_settlement_post'
    LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000;

COMMENT ON FUNCTION yibao.settlement_post() IS
'结算记账触发器. AFTER INSERT FOR EACH ROW on a pool area''s settlement: its first call posts all rows of the statement to book S, takes available from the pools, netted, ascending, and queues what a pool cannot cover.
Errors: YB202 the policy leaves open who pays or what happens when a pool is short; YB301 pool short and the policy refuses; YB306 period closed.
Locks: period, then slots of the pools. Works as the table''s owner.';

CREATE FUNCTION yibao.settlement_keep() RETURNS trigger
    AS 'MODULE_PATHNAME', 'yibao_settlement_keep'
    LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1;

COMMENT ON FUNCTION yibao.settlement_keep() IS
'结算表保护触发器. BEFORE trigger on settlement, setl_key, person_year and queue: only the settlement triggers write, nothing is changed or deleted.
Errors: YB304 update, delete or truncate; YB305 direct insert. Takes no lock.';

CREATE FUNCTION yibao.settlement_step(cum bigint[], last_setl_id text) RETURNS bigint[]
    AS 'MODULE_PATHNAME', 'yibao_settlement_step'
    LANGUAGE C VOLATILE CALLED ON NULL INPUT PARALLEL UNSAFE COST 100;

COMMENT ON FUNCTION yibao.settlement_step(bigint[], text) IS
'累计推进. Accumulators after the settlement that the trigger is working on, given those before it (NULL: none yet) and the last settlement of the person-year. Called by the trigger''s own statement under the person-year''s lock; anywhere else it is refused.
Errors: YB305. Volatile; takes no lock.';

CREATE FUNCTION yibao.settle_once(area text, claim jsonb) RETURNS yibao.settlement
    AS 'MODULE_PATHNAME', 'yibao_settle_once'
    LANGUAGE C VOLATILE CALLED ON NULL INPUT PARALLEL UNSAFE COST 5000;

COMMENT ON FUNCTION yibao.settle_once(text, jsonb) IS
'一次结算. Insert a claim (object with the names of the settlement table''s input columns; amounts in yuan) into the pool area and return its settlement; a claim that was settled before with the same content returns the first result. The caller needs INSERT and SELECT on the area''s settlement.
NULL area or claim: YB603, YB009. Errors: YB005 a key that is no column; YB501 key used with other content; everything that an INSERT can raise. Volatile; locks as an INSERT.';

CREATE FUNCTION yibao.explain_settlement(area text, setl_id text, lang text DEFAULT 'zh')
    RETURNS SETOF yibao.explain_step
    AS 'MODULE_PATHNAME', 'yibao_explain_settlement'
    LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 5000 ROWS 30;

COMMENT ON FUNCTION yibao.explain_settlement(text, text, text) IS
'结算解释. The steps of a stored settlement, from its stored policy and opening accumulators: exactly what was paid, whatever was published or settled since. Of amounts that another system settled: in mode verify these steps and then each difference, in mode record the amounts alone; they add up to what was paid. lang zh or en. For a reversal the steps of its original. The caller needs SELECT on the area''s settlement and policy.
NULL area: YB603; NULL or unknown setl_id: no row. Errors: YB603; XX001 the stored row is not what its policy gives. Stable; takes no lock.';

CREATE FUNCTION yibao.attached_settle() RETURNS trigger
    AS 'MODULE_PATHNAME', 'yibao_attached_settle'
    LANGUAGE C VOLATILE PARALLEL UNSAFE COST 5000;

COMMENT ON FUNCTION yibao.attached_settle() IS
'挂接触发器. BEFORE INSERT FOR EACH ROW on a table that attach_settlement() was called for: inserts the row''s claim into the pool area''s settlement and copies results into the row. Works as the owner of the table it stands on, who needs INSERT and SELECT on the area''s settlement.
Errors: as an INSERT into settlement. A repeated key with the same content inserts nothing.';

CREATE FUNCTION yibao.attach_settlement(tab regclass, area text, mapping jsonb, mode text DEFAULT 'compute') RETURNS void
    AS 'MODULE_PATHNAME', 'yibao_attach_settlement'
    LANGUAGE C VOLATILE CALLED ON NULL INPUT PARALLEL UNSAFE COST 100000;

COMMENT ON FUNCTION yibao.attach_settlement(regclass, text, jsonb, text) IS
'挂接结算. Puts the settlement on a table that an application already has. mapping: {"our field": "column" | {"value": constant}, ..., "results": {"our result": "column"}}; a field it does not name is read from a column of that name. The column of setl_id needs a unique index of its own. mode: compute fills the results; verify and record read act_pay_dedc, hifp_pay, hifmi_pay, maf_pay, oth_pay, fund_pay_sumamt, psn_part_amt and psn_cash_pay, which another system has settled, from the columns that "results" names (or from constants, {"value": 0}), write nothing over them, and book these; verify also settles by the policy and notes the difference (setl_diff). Creates table attached_<n> in the area, whose rows refer to the table, deferred: a bill that vanishes takes its settlement with it.
Warns of columns whose type loses something before a trigger sees it (numeric with a scale, timestamptz). Any NULL argument: YB604, YB603.
Errors: YB603 no such area; YB604 the mapping does not fit; 42501 not owner of the table. Locks the table SHARE ROW EXCLUSIVE.';

CREATE FUNCTION yibao.t_setl_diff_close() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_setl_diff_close' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000;
COMMENT ON FUNCTION yibao.t_setl_diff_close() IS
'差异核销触发器. BEFORE INSERT FOR EACH ROW on setl_diff_close: there is such a difference; fills who and when.
Errors: YB006 column empty; YB307 no such difference; YB401 the login that inserted the settlement; YB501; YB504. Takes no lock.';

CREATE FUNCTION yibao.t_replay() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_replay' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_replay() IS
'重算申请触发器. BEFORE INSERT FOR EACH ROW on replay: settles the person-year again without posting, fills how many settlements change, what the funds paid and would pay for them, and the proposer (the login).
Errors: YB004, YB007 changes; YB006 column empty; YB307 no such person-year, nothing changes, a column that may not be changed; YB501; YB504; those of settle(). Takes no lock.';

CREATE FUNCTION yibao.t_replay_approval() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_replay_approval' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_replay_approval() IS
'重算审批触发器. BEFORE and AFTER INSERT FOR EACH ROW on replay_approval: approve settles the person-year again, reverses and replaces what changes, in one statement.
Errors: YB306 period closed; YB307 no such replay, or the differences have changed; YB401 the proposer himself, through SET ROLE too; YB501; those of an INSERT into settlement. Locks: the person-year, then as an INSERT into settlement.';

CREATE FUNCTION yibao.replay_preview(area text, psn_no text, insutype text, year integer, policy text DEFAULT 'as_settled',
    changes jsonb DEFAULT NULL, changes_from timestamp DEFAULT NULL)
    RETURNS TABLE (setl_id text, setl_time timestamp, policy_id text, fund_before numeric, fund_after numeric, hifp_before numeric, hifp_after numeric,
        psn_before numeric, psn_after numeric, changed boolean)
    AS 'MODULE_PATHNAME', 'yibao_replay_preview'
    LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 20;
COMMENT ON FUNCTION yibao.replay_preview(text, text, text, integer, text, jsonb, timestamp) IS
'重算预览. The settlements in force of a person-year, in order, with what they were settled to and what they would come to: fund payments, of them by the basic layer, what the person bears, yuan. policy as_settled or in_force; changes and changes_from as in table replay. policy_id: the policy they would be settled by. The caller needs SELECT on settlement, person_year and policy of the area.
NULL changes: none; other NULLs: no row (area: YB603). Errors: YB603; 22023 policy; YB007, YB307 changes; those of settle(). Stable; takes no lock.';
