-- What an area has agreed: rules and schedules of prepayment, premium contracts; clearing by a deadline.

CREATE FUNCTION yibao.t_terms() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_terms' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_terms() IS
'约定事项触发器. BEFORE INSERT FOR EACH ROW on prepay_rule, prepay_attest, prepay_schedule and serious_contract (doc/entries.md), day_off, clearing_extension and clearing (doc/settlement.md), AFTER on clearing; argument: the table. Checks the row and fills its result columns; a repeated key with the same content inserts nothing.
Errors: YB001, YB002 amount, or steps of a contract; YB004 pool, condition or month not known; YB006 column empty; YB008 no policy in the month; YB307 it does not fit the prepayment that it names, nothing is to be cleared; YB401 who approved the extension; YB501 key used with other content; YB504 result given with another value.
Locks: for prepay_schedule the voucher; for a late clearing as t_voucher.';
