-- Figures of fund management and supervision, counted as a policy says.

CREATE FUNCTION yibao.months_payable(policy jsonb, balance numeric, last_12_months numeric DEFAULT NULL, last_year numeric DEFAULT NULL, current_budget numeric DEFAULT NULL) RETURNS numeric
    AS 'MODULE_PATHNAME', 'yibao_months_payable' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION yibao.months_payable(jsonb, numeric, numeric, numeric, numeric) IS
'可支付月数. Balance over a twelfth of the spending that fund.months_payable of the policy names (P25): of the last 12 months, of last year, of this year''s budget. Yuan; two decimals, half up. NULL when policy or balance is NULL or that spending is 0; the spending not named is not read.
Errors: YB001, YB002 an amount; YB006 the spending named is NULL; YB201 the policy does not say. Immutable; takes no lock.';

CREATE FUNCTION yibao.drg_pay(policy jsonb, standard numeric, others numeric) RETURNS numeric
    AS 'MODULE_PATHNAME', 'yibao_drg_pay' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION yibao.drg_pay(jsonb, numeric, numeric) IS
'按病种付费的统筹支付额. The payment standard of a case less what the person and other payers bear of it; below zero it is taken off or none, as fund.drg of the policy says (P26). Yuan. NULL gives NULL.
Errors: YB001, YB002 an amount; YB201 the policy does not say. Immutable; takes no lock.';

CREATE FUNCTION yibao.deadline_on(policy jsonb, year integer, month integer, off_days date[] DEFAULT '{}', work_days date[] DEFAULT '{}') RETURNS date
    AS 'MODULE_PATHNAME', 'yibao_deadline_on' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION yibao.deadline_on(jsonb, integer, integer, date[], date[]) IS
'截止日. The day of fund.deadline in that month; month NULL: the yearly one. Where the policy shifts deadlines (P32) a Saturday, a Sunday or one of off_days goes to the next working day; work_days are weekends that are worked. NULL for another argument gives NULL.
Errors: 22023 no month; YB201 the policy does not say. Immutable; takes no lock.';

CREATE FUNCTION yibao.registered_in_time(policy jsonb, admitted timestamp, registered timestamp, emergency boolean DEFAULT false) RETURNS boolean
    AS 'MODULE_PATHNAME', 'yibao_registered_in_time' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION yibao.registered_in_time(jsonb, timestamp, timestamp, boolean) IS
'是否按时登记. Was an admission registered within the hours of controls.admission_clock, an emergency within its emergency_hours (P31): by the clock, the last second counts; by calendar day, until the end of the day on which they end. Local times. NULL gives NULL.
Errors: YB007 an infinite time; YB201 the policy does not say. Immutable; takes no lock.';

CREATE FUNCTION yibao.sample_size(policy jsonb, of_month bigint DEFAULT NULL, of_quarter bigint DEFAULT NULL, of_year bigint DEFAULT NULL) RETURNS bigint
    AS 'MODULE_PATHNAME', 'yibao_sample_size' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION yibao.sample_size(jsonb, bigint, bigint, bigint) IS
'抽查数量. How many visits to look at: the share of controls.sampling of the visits of the month, quarter or year that it names (P33), rounded up or half up. NULL policy gives NULL; the numbers not named are not read.
Errors: YB002 negative; YB006 the number named is NULL; YB201 the policy does not say. Immutable; takes no lock.';

CREATE FUNCTION yibao.catalogue_share(policy jsonb, fulamt_ownpay_amt numeric, overlmt_selfpay numeric, total numeric, drugs numeric DEFAULT NULL) RETURNS numeric
    AS 'MODULE_PATHNAME', 'yibao_catalogue_share' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION yibao.catalogue_share(jsonb, numeric, numeric, numeric, numeric) IS
'目录外费用占比. What controls.catalogue_share of the policy counts (P34: fully self-paid, above the limit price) over total or drug cost; four decimals, half up. Give the sums of a visit or of a provider''s year, as "over" says. NULL policy gives NULL, so does a cost of 0; figures not named are not read.
Errors: YB001, YB002 an amount; YB006 a figure named is NULL; YB201 the policy does not say. Immutable; takes no lock.';
