-- Enrolment: when benefits begin, and the years that raise or lower a cap.

CREATE TYPE yibao.enrolment_effect AS (
    trt_enjymnt_flag boolean,
    trt_chk_rslt text,
    trt_begndate date,
    wait_months integer,
    wait_gap_years integer,
    cont_years integer,
    bonus_years integer,
    zero_years integer,
    gap_years integer,
    enrol_months integer
);
COMMENT ON TYPE yibao.enrolment_effect IS '参保效应: what a person''s enrolment says about a day. NULL where the policy does not say how to count, or the periods do not tell.';
COMMENT ON COLUMN yibao.enrolment_effect.trt_enjymnt_flag IS '待遇享受标志: entitled on the day';
COMMENT ON COLUMN yibao.enrolment_effect.trt_chk_rslt IS '不享受原因: none not enrolled, unpaid not paid on the day, waiting, other another scheme or area, mother a newborn whose claims are the mother''s; NULL: entitled';
COMMENT ON COLUMN yibao.enrolment_effect.trt_begndate IS '待遇开始日期: first day of benefit of the cover in which the day lies; NULL when there is none';
COMMENT ON COLUMN yibao.enrolment_effect.wait_months IS '等待月数: waiting period of that cover; 0: none, or one that is counted in days';
COMMENT ON COLUMN yibao.enrolment_effect.wait_gap_years IS '断保年数: gap years that the waiting period was worked out from';
COMMENT ON COLUMN yibao.enrolment_effect.cont_years IS '连续参保年数: years in a row';
COMMENT ON COLUMN yibao.enrolment_effect.bonus_years IS '参保奖励年数: of them those that raise a cap';
COMMENT ON COLUMN yibao.enrolment_effect.zero_years IS '零报销年数: years without a claim that still count';
COMMENT ON COLUMN yibao.enrolment_effect.gap_years IS '断保年数: gap years, or returns after a gap, that lower a cap';
COMMENT ON COLUMN yibao.enrolment_effect.enrol_months IS '参保月数: completed months since cover without a gap began';

CREATE FUNCTION yibao.enrolment_effects(policy jsonb, periods jsonb, on_date date) RETURNS yibao.enrolment_effect
    AS 'MODULE_PATHNAME', 'yibao_enrolment_effects'
    LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 500;
COMMENT ON FUNCTION yibao.enrolment_effects(jsonb, jsonb, date) IS
'参保效应. What the periods of one person say about a day, by section enrolment of the policy. periods: an array of objects, as jsonb_agg(to_jsonb(row)) makes it of an area''s table enrolment; NULL is none. Keys read: year, insutype, paid_on (needed; paid_on null: not paid), admdvs, begndate, enddate, psn_group, brdy, repair_years, paid_by, bonus_used, enrol_id, replaces. NULL when the policy has no such section.
Errors: YB004, YB005, YB006, YB007 a period or on_date; YB008 policy NULL; YB201 no window for a coverage year; YB101 to YB110 as policy_ok(). Immutable, parallel safe; takes no lock.';

CREATE FUNCTION yibao.t_enrolment() RETURNS trigger AS 'MODULE_PATHNAME', 'yibao_t_enrolment' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.t_enrolment() IS
'参保触发器. BEFORE INSERT FOR EACH ROW on an area''s table enrolment: checks the period and fills its days. Errors: YB004, YB006, YB007 a column; YB307 replaces names no period of the person; YB501 key used with other content; YB504 a filled column given otherwise; YB605 data-only restore. Works as the table''s owner.';
