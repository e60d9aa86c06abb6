-- Months and years of the books.

CREATE FUNCTION yibao.balance_at(area text, book text, role text, at timestamptz, pool text DEFAULT NULL, fund text DEFAULT 'resident', OUT amount numeric, OUT final boolean)
    AS 'MODULE_PATHNAME', 'yibao_balance_at' LANGUAGE C VOLATILE CALLED ON NULL INPUT PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION yibao.balance_at(text, text, text, timestamptz, text, text) IS
'时点余额. What had been booked on an account (role of book G, P or S; of one pool, or NULL: of all) by a time: amount in yuan, positive on the side where the account normally stands, and final: no transaction that is as old as that time is open any more, so the amount will not change. Not final: within the last second, while a prepared transaction or a session without track_activities is there, at REPEATABLE READ or above, on a standby, where a subscription brings rows. The caller needs SELECT on the area''s table entry (any post). NULL for anything but pool gives NULL.
Errors: YB603 no such area; YB004 no such account; 42501 no SELECT on entry. Volatile: it reads with a new snapshot; takes no lock beyond reading.';

CREATE FUNCTION yibao.balance_on(area text, book text, role text, day date, pool text DEFAULT NULL, fund text DEFAULT 'resident', OUT amount numeric, OUT final boolean)
    AS 'MODULE_PATHNAME', 'yibao_balance_on' LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION yibao.balance_on(text, text, text, date, text, text) IS
'日终余额. The same by effective date: what is booked with a date up to that day; final: its month and all before it are closed. Book S is never closed, so never final. A month that is opened again (period_act) makes it not final. NULL for anything but pool gives NULL.
Errors: YB603 no such area; YB004 no such account; 42501 no SELECT on entry. Stable: one snapshot; takes no lock beyond reading.';

CREATE FUNCTION yibao.t_period() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_period' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000;
COMMENT ON FUNCTION yibao.t_period() IS
'会计期间触发器. BEFORE INSERT, UPDATE or DELETE on period, and AFTER the statement: the owner may close a month (closed = true) when those before it are closed, nothing else; fills closed_by and closed_at.
Errors: YB304 a change of a closed month or a DELETE; YB305 opening by hand; YB307 a month before it is open; 25001 at REPEATABLE READ or SERIALIZABLE. Locks period EXCLUSIVE: waits for who is posting.';

CREATE FUNCTION yibao.t_period_act() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_period_act' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000;
COMMENT ON FUNCTION yibao.t_period_act() IS
'期间申请触发器. BEFORE INSERT FOR EACH ROW on period_act: the month is closed; fills whose closing would be undone.
Errors: YB006 reason or document empty; YB307 the month is not closed; YB501. Takes no lock.';

CREATE FUNCTION yibao.t_period_act_approval() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_period_act_approval' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000;
COMMENT ON FUNCTION yibao.t_period_act_approval() IS
'期间审批触发器. BEFORE and AFTER INSERT FOR EACH ROW on period_act_approval: approve opens the month again.
Errors: YB307 no such act, or closed anew since; YB401 who asked for it, through SET ROLE too; YB501; 25001 at REPEATABLE READ or SERIALIZABLE. Locks period EXCLUSIVE.';

CREATE FUNCTION yibao.t_year_close() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_year_close' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_year_close() IS
'年终结账触发器. BEFORE INSERT FOR EACH ROW on year_close: works out income, expense, surplus and what goes over by fund.carry of the policy in force on 31 December; AFTER: posts it on 31 December and closes December.
Errors: YB006 document empty; YB008 no policy; YB201 fund.carry not stated; YB303 no split of the next year (resplit); YB307 the year is not over, an earlier month or year is open, nothing to close; YB501; YB504; 25001 at REPEATABLE READ or SERIALIZABLE.
Locks: period EXCLUSIVE; the pools that give and get, ascending.';

CREATE FUNCTION yibao.t_risk_level() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_risk_level' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000;
COMMENT ON FUNCTION yibao.t_risk_level() IS
'风险等级触发器. BEFORE INSERT FOR EACH ROW on risk_level: fills who and when.
Errors: YB006 source empty; YB501. Takes no lock.';

CREATE FUNCTION yibao.t_risk_case() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_risk_case' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000;
COMMENT ON FUNCTION yibao.t_risk_case() IS
'风险个案触发器. BEFORE INSERT FOR EACH ROW on risk_case: the level is reached today and calls for an alert; fills the figure.
Errors: YB006 plan empty; YB307 the level is not reached; YB501; YB504. Takes no lock.';

CREATE FUNCTION yibao.t_risk_step() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_risk_step' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000;
COMMENT ON FUNCTION yibao.t_risk_step() IS
'风险处置触发器. BEFORE INSERT FOR EACH ROW on risk_step: assessed first, then the level''s measures, closed when all are taken, by another login than opened the case.
Errors: YB004 no measure of the level; YB006 finding empty; YB307 no such case, closed, not assessed, a measure is missing; YB401; YB501. Locks the case''s row.';
