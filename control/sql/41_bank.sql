-- The bank's side of the fund.

CREATE FUNCTION yibao.t_bank() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_bank' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_bank() IS
'银行账户触发器. BEFORE INSERT FOR EACH ROW on the tables of the bank''s side (doc/bank.md), AFTER on bank_account; argument: the table. Checks the row and fills its result columns; a repeated key with the same content inserts nothing.
Errors: YB001, YB002 amount; YB006 column empty; YB302 the rule of an account does not allow it (not state-owned, not of the same level, a class that the area has not); YB307 it does not fit what it names; YB501 key used with other content; YB504 result given with another value.
Locks: for bank_account, bank_account_close and class_change the cash rows of the class.';

CREATE FUNCTION yibao.t_flow_rule() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_flow_rule' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100;
COMMENT ON FUNCTION yibao.t_flow_rule() IS
'资金流向保护触发器. BEFORE INSERT, UPDATE or DELETE FOR EACH ROW on flow_rule: the owner inserts local rows with a source and gives a row an earlier valid_to, nothing else.
Errors: YB302. Takes no lock.';
