-- Enrolment: window, waiting period, newborns, changes of scheme and area, years that raise or lower a cap.
-- Every day and count is worked out by hand from the terms in terms() and what a test changes of them.
\set ECHO none
SELECT plan(117);
SET DateStyle = 'German';

CREATE FUNCTION terms() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb '{"on": "begntime", "since": 2025, "schemes": ["310"], "elsewhere": "counts", "source": "t",
  "window": [{"coverage_year": {">=": 2025}, "from": "09-01", "to": "12-31", "source": "t"}],
  "waiting": {"months": 3, "each_gap_year": 1, "first_gap_year": 1, "starts": "payment", "ends": "day", "first_enrolment": "free", "source": "t",
              "repair": {"months": 1, "long_gap_years": 4, "long_gap_months": 6, "source": "t"}},
  "exempt": [{"group": "assistance", "of": ["waiting", "gap"], "source": "t"},
             {"group": "scheme_change", "of": ["waiting"], "within_months": 3, "source": "t"},
             {"group": "moved", "of": ["waiting"], "within_months": 3, "source": "t"}],
  "newborn": {"days": 90, "late": "next_month", "both_years": true, "with_mother": true, "source": "t"},
  "continuous": {"count": "with_current", "after_years": 4, "others": "bridge", "after_gap": "restart", "source": "t"},
  "zero_claim": {"broken_by": ["inpatient", "outpatient", "chronic", "other", "hifmi_pay", "maf_pay"], "reset": "used", "original_cap": "400000.00",
                 "needs_next_year": true, "after_gap": "keep", "source": "t"},
  "gap": {"count": "years", "source": "t"}}'
$$;
-- Nothing by the basic layer, so that serious illness pays up to its cap.
CREATE FUNCTION doc(enrolment jsonb DEFAULT terms(), cap jsonb DEFAULT '{"per": "year", "on": "payment", "amount": "400000.00", "source": "t"}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb '{"yibao": 1, "title": {"zh": "参保试验"}, "insutype": "390", "admdvs": "620522", "valid_from": "2024-01-01", "version_date": "setl_time",
  "sources": {"t": {"doc": "参保试验", "trust": "demo"}},
  "assumed": {"P21": {"value": 1, "note": {"zh": "首个断保年度计一个月", "en": "the first gap year counts one month"}}},
  "benefits": [{"when": {"med_type": "21"}, "benefit": "inpatient", "pool": "inpatient", "source": "t"},
               {"when": {"med_type": "11"}, "benefit": "outpatient", "pool": "outpatient", "source": "t"}],
  "fund": {"split": [{"coverage_year": {">=": 2018}, "outpatient": "0.30", "inpatient": "0.70", "base": "received_income", "kinds": ["contribution"],
                      "after_serious": false, "rounding": "half_up_outpatient", "source": "t"}], "on_pool_short": "queue", "source": "t"}}'
 || jsonb_build_object('layers', jsonb_build_array(
   jsonb '{"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"], "rounding": "layer", "source": "t",
     "deductible": [{"amount": "0", "per": "visit", "source": "t"}],
     "ratio": [{"ratio": "0", "source": "t"}, {"when": {"med_type": "11"}, "ratio": "0.50", "source": "t"}]}',
   jsonb '{"code": "serious", "pays": "hifmi_pay", "payer": {"kind": "external", "pays": "hospital_direct", "source": "t"}, "base": ["copay"], "rounding": "layer", "source": "t",
     "when": {"med_type": "21"}, "when_source": "t", "deductible": [{"amount": "0", "per": "year", "source": "t"}], "ratio": [{"ratio": "1", "source": "t"}]}'
   || jsonb_build_object('cap', jsonb_build_object('year', jsonb_build_array(cap)))))
 || CASE WHEN enrolment IS NULL THEN '{}' ELSE jsonb_build_object('enrolment', enrolment) END
$$;
-- terms() with the value at a path replaced, or added.
CREATE FUNCTION but(path text[], value jsonb, base jsonb DEFAULT terms()) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$ SELECT jsonb_set(base, path, value) $$;
-- A period; years paid in time, each on 10 October of the year before.
CREATE FUNCTION y(year int, paid date, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_array(jsonb_build_object('year', year, 'insutype', '390', 'paid_on', paid, 'paid_by', jsonb '[]') || more) $$;
CREATE FUNCTION years(VARIADIC list int[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_agg(y(n, make_date(n - 1, 10, 10)) -> 0) FROM unnest(list) AS n $$;
CREATE FUNCTION e(periods jsonb, day date, t jsonb DEFAULT terms()) RETURNS yibao.enrolment_effect LANGUAGE sql IMMUTABLE AS $$
  SELECT yibao.enrolment_effects(doc(t), periods, day) $$;
CREATE FUNCTION refused(t jsonb, state text, path text, about text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE message text; hint text;
BEGIN
  PERFORM yibao.policy_ok(doc(t));
  RETURN NEXT fail(about);
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
  RETURN NEXT ok(SQLSTATE = state AND strpos(message || hint, path) > 0 AND hint <> '', about);
  IF NOT (SQLSTATE = state AND strpos(message || hint, path) > 0 AND hint <> '') THEN
    RETURN NEXT diag(format('got %s: %s (%s)', SQLSTATE, message, hint));
  END IF;
END $$;

---------------------------------------------------------------- the window, waiting

SELECT is((e(years(2025, 2026), '2026-01-01')).trt_enjymnt_flag, true, 'paid in the window: entitled from 1 January [A115]');
SELECT is((e(years(2025) || y(2026, '2025-12-31'), '2026-01-01')).trt_begndate, '2026-01-01'::date, 'the last day of the window is in time [A115]');
-- 1 January 2026 + 3 months
SELECT is((e(years(2025) || y(2026, '2026-01-01'), '2026-03-31'))::text, '(f,waiting,01.04.2026,3,0,2,0,1,0,14)', 'a day later three months are waited: not on 31 March [A115]');
SELECT is((e(years(2025) || y(2026, '2026-01-01'), '2026-04-01')).trt_enjymnt_flag, true, 'but on 1 April [A115]');
-- to 28 February of the coverage year: 28 February in time, 1 March + 3 months
SELECT is(ARRAY[(e(years(2025) || y(2026, '2026-02-28'), '2026-06-01', t)).trt_begndate, (e(years(2025) || y(2026, '2026-03-01'), '2026-06-01', t)).trt_begndate],
  ARRAY['2026-01-01', '2026-06-01']::date[], 'a window that ends in the coverage year [A115]') FROM but('{window,0,to}', '"02-28"') AS t;
-- 30 November 2026 + 3 months = 28 February 2027: the next year's cover, paid in time, waits on
SELECT is((e(years(2025) || y(2026, '2026-11-30') || y(2027, '2026-12-01'), '2027-02-27'))::text, '(f,waiting,28.02.2027,3,0,3,0,2,0,25)', 'a waiting period goes on over New Year');
SELECT is((e(years(2025) || y(2026, '2026-11-30') || y(2027, '2026-12-01'), '2027-02-28')).trt_enjymnt_flag, true, 'and ends on the last day of February');
SELECT throws_ok($$SELECT e(years(2026), '2026-05-05', but('{window,0,coverage_year}', '2027'))$$, 'YB201', NULL, 'a coverage year without a window is refused');

-- gap years 2026 and 2027, paid 15 November 2027: 3 + 2 months; 3 + 1 where the first counts nothing
SELECT is((e(years(2025) || y(2028, '2027-11-15'), '2028-01-05')).trt_begndate, '2028-04-15'::date, 'P21: two gap years add two months where the first counts');
SELECT is((e(years(2025) || y(2028, '2027-11-15'), '2028-01-05', but('{waiting,first_gap_year}', '0'))).trt_begndate, '2028-03-15'::date, 'P21: one where it does not');
SELECT is((e(years(2025) || y(2028, '2027-11-15'), '2028-01-05')).wait_months, 5, 'the months are told');
SELECT is((e(years(2025) || y(2028, '2027-11-15'), '2028-01-05')).wait_gap_years, 2, 'and the gap years they come from');
-- one gap year: 4 or 3 months from 15 November 2026
SELECT is(ARRAY[(e(years(2025) || y(2027, '2026-11-15'), '2027-01-05')).trt_begndate, (e(years(2025) || y(2027, '2026-11-15'), '2027-01-05', but('{waiting,first_gap_year}', '0'))).trt_begndate],
  ARRAY['2027-03-15', '2027-02-15']::date[], 'P21: a single gap year');
-- five months from 1 January 2028
SELECT is((e(years(2025) || y(2028, '2027-11-15'), '2028-01-05', but('{waiting,starts}', '"year_start"'))).trt_begndate, '2028-06-01'::date, 'P22: waiting from the coverage year''s 1 January');
SELECT is((e(years(2025) || y(2028, '2028-02-10'), '2028-03-05', but('{waiting,starts}', '"year_start"'))).trt_begndate, '2028-07-10'::date, 'P22: but not from before the payment');
SELECT is((e(years(2025) || y(2028, '2027-11-15'), '2028-01-05', but('{waiting,ends}', '"month_start"'))).trt_begndate, '2028-05-01'::date, 'P22: until the first of the next month');
SELECT is((e(years(2025) || y(2028, '2028-02-01'), '2028-03-05', but('{waiting,ends}', '"month_start"'))).trt_begndate, '2028-07-01'::date, 'P22: a first of a month stays');
-- 3 + 5 = 8 months from 10 October 2030; each year paid up takes one away, but from four gap years on six stay
SELECT is((SELECT array_agg((e(years(2025) || y(2031, '2030-10-10', jsonb_build_object('repair_years', n)), '2031-01-05')).trt_begndate ORDER BY n) FROM unnest(ARRAY[0, 1, 2, 5]) AS n),
  ARRAY['2031-06-10', '2031-05-10', '2031-04-10', '2031-04-10']::date[], 'paying up shortens the waiting, five gap years to six months');
-- 3 + 3 = 6 months from 10 October 2028; three paid up: 3, and four do not touch the fixed three
SELECT is((SELECT array_agg((e(years(2025) || y(2029, '2028-10-10', jsonb_build_object('repair_years', n)), '2029-01-02')).trt_begndate ORDER BY n) FROM unnest(ARRAY[0, 3, 4]) AS n),
  ARRAY['2029-04-10', '2029-01-10', '2029-01-10']::date[], 'three gap years paid up leave the fixed three months');
-- enrolled in 2020, gap counted from 2025: one year, 4 months from 10 October 2025
SELECT is((e(years(2020, 2026), '2026-01-05')).trt_begndate, '2026-02-10'::date, 'gap years before "since" do not count');
SELECT is(ARRAY[(e(years(2026), '2026-01-05')).trt_begndate, (e(years(2026), '2026-01-05', but('{waiting,first_enrolment}', '"waits"'))).trt_begndate],
  ARRAY['2026-01-01', '2026-01-10']::date[], 'who enrols for the first time, in the window, waits or not');
SELECT is((e(years(2025) || y(2028, '2028-02-10'), '2028-02-10', terms() - 'waiting')).trt_begndate, '2028-02-10'::date, 'without a waiting period benefits begin with the payment');
SELECT is((e(years(2025) || y(2028, '2028-02-10'), '2028-02-09', terms() - 'waiting')).trt_chk_rslt, 'unpaid', 'and not before it');

---------------------------------------------------------------- exempt groups, changes of scheme and area

SELECT is((e(years(2025) || y(2028, '2028-07-15', '{"psn_group": "assistance"}'), '2028-07-15'))::text, '(t,,15.07.2028,0,2,2,0,0,0,42)',
  'a new assistance person waits not, and the gap years count for nothing');
SELECT is((e(years(2025) || y(2028, '2028-07-15', '{"psn_group": "veteran"}'), '2028-07-15')).trt_chk_rslt, 'waiting', 'a group that the policy does not name waits');
-- employee until 31 March 2026, three months on is 30 June
SELECT is(ARRAY[(e(p || y(2026, '2026-06-30'), '2026-07-05')).trt_begndate, (e(p || y(2026, '2026-07-01'), '2026-07-05')).trt_begndate],
  ARRAY['2026-06-30', '2026-10-01']::date[], 'from employee to resident: within three months no waiting, a day later three months [A139]')
FROM (SELECT y(2026, '2026-01-05', '{"insutype": "310", "enddate": "2026-03-31"}')) AS x(p);
SELECT is((e(y(2025, '2025-01-05', '{"insutype": "310"}') || y(2026, '2025-10-10'), '2026-01-01')).trt_begndate, '2026-01-01'::date, 'a year in the employee scheme is no gap [A139]');
SELECT is((e(years(2024) || y(2025, '2025-01-05', '{"insutype": "310"}') || y(2026, '2025-10-10'), '2026-01-01', terms() - 'schemes')).trt_begndate, '2026-02-10'::date,
  'unless the policy does not name the scheme: four months from 10 October [A139]');
-- insured in another area until 31 March, here from 1 April, paid on 20 April
SELECT is(ARRAY[(e(p, '2026-04-20')).trt_chk_rslt, (e(p, '2026-04-19')).trt_chk_rslt, (e(p, '2026-03-31')).trt_chk_rslt], ARRAY[NULL, 'unpaid', 'other'],
  'a move: covered there, then unpaid, then covered here [A139]')
FROM (SELECT y(2026, '2025-11-01', '{"admdvs": "620500", "enddate": "2026-03-31"}') || y(2026, '2026-04-20', '{"begndate": "2026-04-01"}')) AS x(p);
SELECT is((e(y(2026, '2025-11-01', '{"admdvs": "620500", "enddate": "2026-03-31"}') || y(2026, '2026-04-20', '{"begndate": "2026-04-01"}'), '2026-05-01', but('{elsewhere}', '"breaks"'))).trt_begndate,
  '2026-07-20'::date, 'where cover elsewhere does not count, the move waits three months [A139]');
SELECT is((e(NULL, '2026-05-01'))::text, '(f,none,,0,0,0,0,0,0,0)', 'nobody enrolled: not entitled');

---------------------------------------------------------------- payment, newborns

SELECT is((e(y(2026, NULL), '2026-05-01')).trt_chk_rslt, 'unpaid', 'registered, but no payment matched: not entitled [A149]');
SELECT is((e(y(2026, NULL, '{"enrol_id": "a"}') || y(2026, '2025-12-20', '{"enrol_id": "b", "replaces": "a"}'), '2026-01-01')).trt_enjymnt_flag, true, 'the row with the matched payment stands for it [A149]');
SELECT is((e(y(2026, '2025-12-20', '{"enrol_id": "a"}') || y(2026, NULL, '{"enrol_id": "b", "replaces": "a"}'), '2026-01-01')).trt_chk_rslt, 'unpaid', 'and a payment that came back is none [A149]');
-- born 1 March: 30 May is the 90th day after
SELECT is((e(y(2026, '2026-05-30', '{"psn_group": "newborn", "brdy": "2026-03-01"}'), '2026-03-01')).trt_enjymnt_flag, true, 'a newborn paid for within 90 days is covered from birth [A140]');
SELECT is((SELECT array_agg((e(y(2026, '2026-06-05', '{"psn_group": "newborn", "brdy": "2026-03-01"}'), '2026-06-05', but('{newborn}', terms() -> 'newborn' || late))).trt_begndate ORDER BY n)
  FROM (VALUES (1, jsonb '{"late": "next_month"}'), (2, '{"late": "next_day"}'), (3, '{"late": "days_after", "late_days": 30}'), (4, '{"late": "waiting"}')) AS v(n, late)),
  ARRAY['2026-07-01', '2026-06-06', '2026-07-05', '2026-09-05']::date[], 'later: next month, next day, 30 days after, or the ordinary waiting period [A140]');
-- born 20 November 2026, both years paid on 10 January 2027, the 51st day
SELECT is(ARRAY[(e(p, '2026-11-20')).trt_begndate, (e(p, '2027-01-01')).trt_begndate, (e(p, '2027-01-01', but('{newborn,both_years}', 'false'))).trt_begndate],
  ARRAY['2026-11-20', '2027-01-01', '2027-04-10']::date[], 'born at the end of a year: both years from the first day, or the second by the window [A140]')
FROM (SELECT y(2026, '2027-01-10', '{"psn_group": "newborn", "brdy": "2026-11-20"}') || y(2027, '2027-01-10', '{"psn_group": "newborn", "brdy": "2026-11-20"}')) AS x(p);
SELECT is(ARRAY[(e(p, '2026-03-05')).trt_chk_rslt, (e(p, '2026-05-30')).trt_chk_rslt, (e(p, '2026-05-31')).trt_chk_rslt, (e(p, '2026-03-05', but('{newborn,with_mother}', 'false'))).trt_chk_rslt],
  ARRAY['mother', 'mother', 'unpaid', 'unpaid'], 'until it is paid for a newborn is under the mother, for 90 days [A140]')
FROM (SELECT y(2026, NULL, '{"psn_group": "newborn", "brdy": "2026-03-01"}')) AS x(p);

---------------------------------------------------------------- years

SELECT is((SELECT array_agg((r).cont_years || '/' || (r).bonus_years ORDER BY n) FROM (SELECT n, e(years(2025, 2026, 2027, 2028, 2029, 2030), make_date(n, 6, 1)) AS r FROM unnest(ARRAY[2028, 2029, 2030]) AS n) AS x),
  ARRAY['4/0', '5/1', '6/2'], 'after four years each year more raises the cap [A116]');
SELECT is(((e(years(2025, 2026, 2027, 2028, 2029, 2030), '2030-06-01', but('{continuous,count}', '"completed"'))).cont_years, (e(years(2025, 2026, 2027, 2028, 2029, 2030), '2030-06-01', but('{continuous,count}', '"completed"'))).bonus_years)::text,
  '(5,1)', 'completed years only: one less [A116]');
-- 2025-2030, not 2031, again 2032: from one; or the two that were earned stay
SELECT is(ARRAY[(e(p, '2032-06-01')).cont_years, (e(p, '2032-06-01')).bonus_years, (e(p, '2032-06-01', but('{continuous,after_gap}', '"keep"'))).bonus_years], ARRAY[1, 0, 2],
  'a gap starts the years again; what was earned goes or stays [A116]') FROM years(2025, 2026, 2027, 2028, 2029, 2030, 2032) AS p;
-- 2025-2029 and 2031-2036: 1 + 2 kept
SELECT is((e(years(2025, 2026, 2027, 2028, 2029, 2031, 2032, 2033, 2034, 2035, 2036), '2036-06-01', but('{continuous,after_gap}', '"keep"'))).bonus_years, 3, 'kept years and new ones add up');
SELECT is((e(p, '2032-06-01')).cont_years, 7, 'the gap of an exempt person is none: 6 and 1')
FROM (SELECT years(2025, 2026, 2027, 2028, 2029, 2030) || y(2032, '2031-10-10', '{"psn_group": "assistance"}')) AS x(p);
SELECT is(ARRAY[(e(p, '2030-06-01')).cont_years, (e(p, '2030-06-01', but('{continuous,others}', '"count"'))).cont_years], ARRAY[5, 6], 'a year in another scheme bridges, or counts [A139]')
FROM (SELECT years(2025, 2026, 2027, 2029, 2030) || y(2028, '2028-01-01', '{"insutype": "310"}')) AS x(p);
SELECT is((e(years(2022, 2023, 2024, 2025, 2026), '2026-06-01')).cont_years, 2, 'years before "since" do not count');

-- 2025 to 2029 without a claim but for outpatient care in 2027
SELECT is(ARRAY[(e(p, '2030-06-01')).zero_years, (e(p, '2030-06-01', but('{zero_claim,broken_by}', '["inpatient", "hifmi_pay"]'))).zero_years], ARRAY[4, 5],
  'P23: any payment ends a year without a claim, or only inpatient care does')
FROM (SELECT years(2025, 2026, 2028, 2029, 2030) || y(2027, '2026-10-10', '{"paid_by": ["outpatient"]}')) AS x(p);
-- 2027: serious illness above the original cap; only 2028 is left of 2025, 2026, 2028
SELECT is(ARRAY[(e(p, '2029-06-01')).zero_years, (e(p, '2029-06-01', but('{zero_claim}', (terms() -> 'zero_claim') - 'original_cap' || '{"reset": "never"}'))).zero_years], ARRAY[1, 3],
  'P23: using the bonus starts the years without a claim again, or does not')
FROM (SELECT years(2025, 2026, 2028, 2029) || y(2027, '2026-10-10', '{"paid_by": ["inpatient", "hifmi_pay"], "bonus_used": true}')) AS x(p);
-- 2025, 2026, 2028 without a claim; 2026 is not followed by cover
SELECT is(ARRAY[(e(p, '2029-06-01')).zero_years, (e(p, '2029-06-01', but('{zero_claim,needs_next_year}', 'false'))).zero_years, (e(p, '2029-06-01', but('{zero_claim,after_gap}', '"restart"'))).zero_years],
  ARRAY[2, 3, 1], 'a year without a claim counts when the next is covered, always, or since the gap') FROM years(2025, 2026, 2028, 2029) AS p;
SELECT is((e(years(2025, 2027) || y(2026, '2025-10-10', '{"paid_by": null}'), '2027-06-01')).zero_years, NULL::int, 'what nobody knows is no year without a claim: the count is unknown');
SELECT is((e(years(2025, 2027) || y(2026, '2025-10-10', '{"paid_by": ["hifmi_pay"]}'), '2027-06-01')).zero_years, NULL::int, 'and so it is when nobody knows whether serious illness used the bonus');
-- 2026, 2027 and 2029 missing
SELECT is(ARRAY[(e(p, '2030-06-01')).gap_years, (e(p, '2030-06-01', but('{gap,count}', '"re_entries"'))).gap_years], ARRAY[3, 2], 'each gap year lowers the cap, or each return')
FROM years(2025, 2028, 2030) AS p;
SELECT is(ARRAY[(e(years(2025, 2026), '2026-03-15')).enrol_months, (e(y(2026, '2026-02-10'), '2026-08-09')).enrol_months, (e(y(2026, '2026-02-10'), '2026-08-10')).enrol_months], ARRAY[14, 5, 6],
  'completed months since cover began: 1 January 2025, 10 February 2026');
SELECT is((e(years(2026), '2026-03-15', terms() - ARRAY['continuous', 'zero_claim', 'gap']))::text, '(t,,01.01.2026,0,0,,,,,2)', 'what the policy does not count is NULL');
SELECT is(yibao.enrolment_effects(doc(NULL), years(2026), '2026-03-15'), NULL, 'a policy without the section says nothing');

---------------------------------------------------------------- the caps of real texts

-- Serious illness pays up to the cap, whatever is claimed.
CREATE FUNCTION cap(rule jsonb, bonus int, zero int, gap int) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
  SELECT (yibao.settle(doc(terms(), jsonb '{"per": "year", "on": "payment", "source": "t"}' || rule),
    jsonb_build_object('medfee_sumamt', '9000000', 'inscp_scp_amt', '9000000', 'med_type', '21', 'setl_time', '2031-05-05', 'trt_enjymnt_flag', true,
      'bonus_years', bonus, 'zero_years', zero, 'gap_years', gap))).hifmi_pay $$;
CREATE FUNCTION raised(amount text, cont text, zero text, gap text, more jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object('amount', amount, 'each', jsonb_build_array(
    jsonb_build_object('count', 'bonus_years', 'above', 0, 'amount', cont), jsonb_build_object('count', 'zero_years', 'above', 0, 'amount', zero),
    jsonb_build_object('count', 'gap_years', 'above', 0, 'amount', gap))) || more $$;

-- 山东 on a city cap of 400,000: 3 x 3,000 + 6 x 3,000 = 27,000; at most 80,000; two returns - 6,000
SELECT is(ARRAY[cap(r, 3, 6, 0), cap(r, 20, 30, 0), cap(r, 20, 30, 2), cap(r, 0, 0, 1)], ARRAY[427000.00, 480000.00, 474000.00, 397000.00],
  '山东: +3000, +3000, -3000, at most 20% more [A116]') FROM raised('400000', '3000', '3000', '-3000', '{"plus_max": "0.20"}') AS r;
-- 云南 on 牟定's 150,000: 2 x 4,000 + 3 x 4,000 = 20,000; at most 30,000; three gap years - 9,000
SELECT is(ARRAY[cap(r, 2, 3, 0), cap(r, 5, 5, 0), cap(r, 0, 0, 3)], ARRAY[170000.00, 180000.00, 141000.00],
  '云南: +4000, +4000, -3000 for each gap year, at most 20% more [A116]') FROM raised('150000', '4000', '4000', '-3000', '{"plus_max": "0.20"}') AS r;
-- 四川 (draft) on 300,000: 8 x 4,000 + 8 x 4,000 = 64,000, at most 60,000
SELECT is(cap(raised('300000', '4000', '4000', '0', '{"plus_max": "0.20"}'), 8, 8, 0), 360000.00, '四川: +4000, +4000, at most 20% of 300,000 [A116]');
-- a cap made up for those that name none: 200,000.  廊坊 2,000 + 2 x 2,000; 上饶 3,000 + 2 x 3,000; national least 1,000 + 2 x 1,000
SELECT is(ARRAY[cap(raised('200000', '2000', '2000', '0', l), 1, 2, 0), cap(raised('200000', '3000', '3000', '0', l), 1, 2, 0), cap(raised('200000', '1000', '1000', '0', l), 1, 2, 0)],
  ARRAY[206000.00, 209000.00, 203000.00], '廊坊, 上饶, the national least [A116]') FROM (SELECT jsonb '{"plus_max": "0.20"}') AS x(l);
-- 许昌: 80,000 in all, whatever the cap; 30 x 3,000 = 90,000
SELECT is(cap(raised('200000', '3000', '3000', '0', '{"max": "280000"}'), 20, 10, 0), 280000.00, '许昌: at most 80,000 in all [A116]');
-- -2,000 a gap year, at most 20% of 200,000 = 40,000: 30 gap years; and with 5,000 of bonus
SELECT is(ARRAY[cap(r, 0, 0, 5), cap(r, 0, 0, 30), cap(r, 1, 1, 30)], ARRAY[190000.00, 160000.00, 164000.00], 'one province: -2000 a gap year, at most 20% less')
FROM raised('200000', '2000', '2000', '-2000', '{"plus_max": "0.20", "minus_max": "0.20"}') AS r;

---------------------------------------------------------------- a claim that waits

CREATE FUNCTION visit(more jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb '{"medfee_sumamt": "1000", "inscp_scp_amt": "1000", "med_type": "21", "setl_time": "2026-03-05", "trt_enjymnt_flag": false}' || more $$;
SELECT is(((s).fund_pay_sumamt, (s).psn_part_amt, (s).act_pay_dedc)::text, '(0.00,1000.00,0.00)', 'who is not entitled gets nothing') FROM yibao.settle(doc(), visit('{}')) AS s;
SELECT is((yibao.settle(doc(), visit('{"trt_enjymnt_flag": true}'))).hifmi_pay, 1000.00, 'who is gets all of it');
SELECT throws_ok($$SELECT yibao.settle(doc(), visit('{}') - 'trt_enjymnt_flag')$$, 'YB005', NULL, 'a claim that does not say whether its person is entitled is refused');
SELECT throws_ok($$SELECT yibao.settle(doc(), visit('{"trt_enjymnt_flag": null}'))$$, 'YB006', NULL, 'nor is unknown an answer');
SELECT lives_ok($$SELECT yibao.settle(doc(NULL), visit('{}') - 'trt_enjymnt_flag')$$, 'a policy without the section does not ask');
SELECT is((SELECT array_agg(sentence ORDER BY step) FROM yibao.explain(doc(), visit('{"trt_chk_rslt": "waiting", "trt_begndate": "2026-04-01"}'), 'zh') WHERE item IN ('not_entitled', 'entitled_from')),
  ARRAY['处于待遇等待期，基金不予支付（参保试验）', '自 2026-04-01 起享受待遇'], 'explain says why, and from when, in Chinese');
SELECT is((SELECT array_agg(sentence ORDER BY step) FROM yibao.explain(doc(), visit('{"trt_chk_rslt": "waiting", "trt_begndate": "2026-04-01"}'), 'en') WHERE item IN ('not_entitled', 'entitled_from')),
  ARRAY['In the waiting period: the funds pay nothing (参保试验)', 'Benefits begin on 2026-04-01'], 'and in English');
SELECT is((SELECT count(DISTINCT sentence) FROM (VALUES ('none'), ('unpaid'), ('waiting'), ('other'), ('mother'), (NULL)) AS v(code),
  LATERAL yibao.explain(doc(), visit(jsonb_build_object('trt_chk_rslt', code)), 'zh') WHERE item = 'not_entitled'), 6::bigint, 'every reason has its sentence');
SELECT is(yibao.payout(doc(), medfee_sumamt => 1000, inscp_scp_amt => 1000, med_type => '21', setl_time => '2026-03-05', trt_enjymnt_flag => f), CASE WHEN f THEN 1000.00 ELSE 0.00 END,
  'payout asks too: ' || f) FROM (VALUES (true), (false)) AS v(f);

---------------------------------------------------------------- in a pool area

SELECT yibao.create_poolarea('en', '620522') \g /dev/null
INSERT INTO en.policy (rules) VALUES (doc());
INSERT INTO en.enrolment (enrol_id, psn_no, insutype, year, paid_on) VALUES
  ('1', 'P1', '390', 2025, '2024-10-10'), ('2', 'P1', '390', 2026, '2026-01-01'), ('3', 'P2', '390', 2025, '2024-10-10'), ('4', 'P2', '390', 2026, '2025-10-10'), ('5', 'P2', '390', 2027, '2026-10-10');
SELECT is((admdvs, begndate, enddate, booked_by)::text, format('(620522,01.01.2026,31.12.2026,%s)', session_user), 'a period is filled: this area, the whole year') FROM en.enrolment WHERE enrol_id = '2';
CREATE FUNCTION pays(id text, psn text, beg timestamp, more text DEFAULT '') RETURNS SETOF en.settlement LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY EXECUTE format('INSERT INTO en.settlement (setl_id, psn_no, insutype, setl_time, begntime, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, fixmedins_code, med_type%s) VALUES (%L, %L, ''390'', %L, %L, 1000, 0, 0, 0, 1000, ''H1'', ''21''%s) RETURNING *',
    split_part(more, '=', 1), id, psn, beg + interval '5 days', beg, split_part(more, '=', 2));
END $$;
SELECT is((s.hifmi_pay, s.psn_part_amt, s.trt_enjymnt_flag, s.trt_chk_rslt, s.trt_begndate::date, s.cont_years, s.bonus_years, s.zero_years, s.gap_years, s.enrol_months)::text,
  '(0.00,1000.00,f,waiting,01.04.2026,2,0,1,0,14)', 'a stay in the waiting period: nothing is paid, and the row says why [A149]') FROM pays('S1', 'P1', '2026-03-31 08:00') AS s;
SELECT is((SELECT array_agg(sentence ORDER BY step) FROM yibao.explain_settlement('en', 'S1', 'zh') WHERE item IN ('not_entitled', 'entitled_from')),
  ARRAY['处于待遇等待期，基金不予支付（参保试验）', '自 2026-04-01 起享受待遇'], 'explain_settlement says so, too');
SELECT is((s.hifmi_pay, s.trt_enjymnt_flag, s.trt_chk_rslt)::text, '(1000.00,t,)', 'the day after it is paid [A149]') FROM pays('S2', 'P1', '2026-04-01 08:00') AS s;
SELECT is((s.hifmi_pay, s.trt_chk_rslt)::text, '(0.00,none)', 'nobody enrolled gets nothing') FROM pays('S3', 'P9', '2026-04-01 08:00') AS s;
SELECT is((s.hifmi_pay, s.trt_enjymnt_flag, s.trt_chk_rslt, s.trt_begndate)::text, '(1000.00,t,,)', 'what the claim brings stands') FROM pays('S4', 'P9', '2026-04-02 08:00', ', trt_enjymnt_flag=, true') AS s;
SELECT throws_ok($$INSERT INTO en.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, inscp_scp_amt, med_type) VALUES ('S5', 'P1', '390', '2026-05-05', 1, 1, '21')$$,
  'YB006', NULL, 'a claim without the day that is asked about is refused');
-- P2: 2025 had nothing, 2026 a stay paid by serious illness: of 2025 and 2026 one year counts in 2027; outpatient care alone breaks it in P23's other reading
SELECT is((SELECT zero_years FROM pays('S6', 'P2', '2026-05-01')), 1, 'P23: 2025 without a claim') ;
SELECT is((SELECT zero_years FROM pays('S7', 'P2', '2027-05-01')), 1, 'P23: 2026 had a claim in table settlement');
INSERT INTO en.settlement (setl_id, psn_no, insutype, setl_time, init_setl_id) VALUES ('S6R', 'P2', '390', '2026-06-01', 'S6');
SELECT is((SELECT zero_years FROM pays('S8', 'P2', '2027-06-01')), 2, 'P23: reversed, 2026 had none');
-- the bonus: 400,001 in a year is above the original cap of 400,000
INSERT INTO en.policy (rules) VALUES (doc(terms(), '{"per": "year", "on": "payment", "amount": "400000", "each": [{"count": "zero_years", "above": 0, "amount": "3000"}], "plus_max": "0.20", "source": "t"}') || '{"valid_from": "2026-07-01"}');
INSERT INTO en.enrolment (enrol_id, psn_no, insutype, year, paid_on, paid_by) SELECT 'B' || n, 'P3', '390', n, make_date(n - 1, 10, 10), CASE WHEN n = 2026 THEN ARRAY[]::text[] END FROM generate_series(2026, 2028) AS n;
INSERT INTO en.settlement (setl_id, psn_no, insutype, setl_time, begntime, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, fixmedins_code, med_type) VALUES ('S9', 'P3', '390', '2027-03-03', '2027-03-01', 500000, 0, 0, 0, 500000, 'H1', '21');
SELECT is((hifmi_pay, zero_years)::text, '(403000.00,1)', 'the year without a claim is 3,000 more') FROM en.settlement WHERE setl_id = 'S9';
INSERT INTO en.settlement (setl_id, psn_no, insutype, setl_time, begntime, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, fixmedins_code, med_type) VALUES ('S10', 'P3', '390', '2028-03-03', '2028-03-01', 500000, 0, 0, 0, 500000, 'H1', '21');
SELECT is((hifmi_pay, zero_years)::text, '(400000.00,0)', 'P23: the bonus was used: the next year starts from zero') FROM en.settlement WHERE setl_id = 'S10';

-- a birth: registered, self-paid, then paid for within 90 days: the stay after birth can be claimed
INSERT INTO en.enrolment (enrol_id, psn_no, insutype, year, psn_group, brdy, mother_psn_no, doc_no) VALUES ('N1', 'P4', '390', 2026, 'newborn', '2026-03-01', 'P2', '出生医学证明 X');
SELECT is((s.hifmi_pay, s.trt_chk_rslt)::text, '(0.00,mother)', 'a newborn not yet paid for: its claims belong to the mother''s cover [A140]') FROM pays('S11', 'P4', '2026-03-05') AS s;
INSERT INTO en.enrolment (enrol_id, psn_no, insutype, year, psn_group, brdy, paid_on, replaces) VALUES ('N2', 'P4', '390', 2026, 'newborn', '2026-03-01', '2026-05-20', 'N1');
SELECT is((s.hifmi_pay, s.trt_begndate::date)::text, '(1000.00,01.03.2026)', 'paid for in time it is covered from birth: the manual claim of that stay is paid [A140]') FROM pays('S12', 'P4', '2026-03-05', ', setl_type=, ''1''') AS s;

SELECT throws_ok($$INSERT INTO en.enrolment (enrol_id, psn_no, insutype, year) VALUES ('X', 'P5', '39', 2026)$$, 'YB004', NULL, 'an unknown scheme');
SELECT throws_ok($$INSERT INTO en.enrolment (enrol_id, psn_no, insutype, year, psn_group) VALUES ('X', 'P5', '390', 2026, 'poor')$$, 'YB004', NULL, 'an unknown group');
SELECT throws_ok($$INSERT INTO en.enrolment (enrol_id, psn_no, insutype, year, psn_group) VALUES ('X', 'P5', '390', 2026, 'newborn')$$, 'YB006', NULL, 'a newborn without a birth');
SELECT throws_ok($$INSERT INTO en.enrolment (enrol_id, psn_no, insutype, year, begndate) VALUES ('X', 'P5', '390', 2026, '2025-12-31')$$, 'YB007', NULL, 'a day of another year');
SELECT throws_ok($$INSERT INTO en.enrolment (enrol_id, psn_no, insutype, year, begndate, enddate) VALUES ('X', 'P5', '390', 2026, '2026-05-01', '2026-04-30')$$, 'YB007', NULL, 'an end before its beginning');
SELECT throws_ok($$INSERT INTO en.enrolment (enrol_id, psn_no, insutype, year, paid_by) VALUES ('X', 'P5', '390', 2026, '{hospital}')$$, 'YB004', NULL, 'an unknown payment');
SELECT throws_ok($$INSERT INTO en.enrolment (enrol_id, psn_no, insutype, year, replaces) VALUES ('X', 'P5', '390', 2026, '1')$$, 'YB307', NULL, 'the period of another person is not replaced');
SELECT throws_ok($$INSERT INTO en.enrolment (enrol_id, psn_no, insutype, year) VALUES ('1', 'P5', '390', 2026)$$, 'YB501', NULL, 'a key that is used');
SELECT throws_ok($$UPDATE en.enrolment SET paid_on = '2025-12-31' WHERE enrol_id = '2'$$, 'YB304', NULL, 'a payment is not dated back');
SELECT throws_ok($$TRUNCATE en.enrolment CASCADE$$, 'YB304', NULL, 'nothing is taken away');
SELECT is((SELECT string_agg(v::text, '; ') FROM yibao.verify('en') AS v WHERE NOT ok), NULL, 'verify finds nothing wrong');

---------------------------------------------------------------- what is refused

SELECT throws_ok($$SELECT yibao.enrolment_effects(doc(), '[{"insutype": "390", "paid_on": null}]', '2026-01-01')$$, 'YB005', NULL, 'a period without its year');
SELECT throws_ok($$SELECT yibao.enrolment_effects(doc(), '[{"year": 2026, "insutype": "390", "paidon": "2026-01-01"}]', '2026-01-01')$$, 'YB005', NULL, 'a misspelt payment is not "unpaid"');
SELECT throws_ok($$SELECT yibao.enrolment_effects(doc(), '[{"year": 2026, "insutype": "390", "paid_on": "2026-02-30"}]', '2026-01-01')$$, 'YB007', NULL, '30 February');
SELECT throws_ok($$SELECT yibao.enrolment_effects(doc(), '[{"year": 2026.5, "insutype": "390", "paid_on": null}]', '2026-01-01')$$, 'YB007', NULL, 'half a year');
SELECT throws_ok($$SELECT yibao.enrolment_effects(doc(), '{}', '2026-01-01')$$, 'YB007', NULL, 'no array');
SELECT refused(terms() #- '{waiting,first_gap_year}', 'YB104', 'P21', 'P21: must be said');
SELECT refused(but('{waiting,first_gap_year}', '2'), 'YB105', 'enrolment.waiting.first_gap_year', 'P21: 0 or 1');
SELECT refused(terms() #- '{waiting,starts}', 'YB104', 'P22', 'P22: the start must be said');
SELECT refused(but('{waiting,ends}', '"month"'), 'YB105', 'enrolment.waiting.ends', 'P22: a word of the grammar');
SELECT refused(terms() #- '{zero_claim,broken_by}', 'YB104', 'P23', 'P23: what breaks it must be said');
SELECT refused(terms() #- '{zero_claim,reset}', 'YB104', 'P23', 'P23: whether use resets must be said');
SELECT refused(but('{zero_claim,broken_by,0}', '"hifp"'), 'YB105', 'enrolment.zero_claim.broken_by[0]', 'P23: a payment that is none');
SELECT refused(but('{window,0,to}', '"02-29"'), 'YB105', 'enrolment.window[0].to', 'a day that not every year has');
SELECT refused(but('{window,1}', terms() #> '{window,0}'), 'YB106', 'enrolment.window[1]', 'two windows for a year');
SELECT refused(but('{exempt,0,group}', '"poor"'), 'YB105', 'enrolment.exempt[0].group', 'an unknown group');
SELECT refused(terms() #- '{exempt,1,within_months}', 'YB104', 'within_months', 'a change of scheme without its time');
SELECT refused(terms() - 'since', 'YB104', 'since', 'the first year that counts must be said');
SELECT refused(terms() || '{"wait": 3}', 'YB102', 'enrolment', 'an unknown key');
SELECT refused(terms() #- '{newborn,source}', 'YB108', 'enrolment.newborn', 'a part without a source');
SELECT is((SELECT array_agg(parameter || ': ' || effect) FROM yibao.policy_rules(doc()) WHERE layer = 'enrolment' AND parameter IN ('waiting', 'zero_claim')),
  ARRAY['waiting: 3 months, and 1 for each gap year, from the payment, to the day',
    'zero_claim: years in which none of inpatient, outpatient, chronic, other, hifmi_pay, maf_pay paid, followed by a year of cover; from zero after a year in which serious illness paid more than 400000.00, keep after a gap'],
  'policy_rules lists the section in words');
SELECT is((SELECT string_agg(sentence, E'\n' ORDER BY path COLLATE "C") FROM yibao.policy_rules(doc()) WHERE path IN ('enrolment', 'enrolment.newborn', 'enrolment.waiting', 'enrolment.zero_claim')),
  E'参保：待遇享受：按此日期是否参保：入院时间；年数起算于 2025，在外地参保的计入\n参保：新生儿：出生后 90 天内缴费的自出生起享受，跨年的次年同样；逾期缴费的自次月起；此前随母亲享受\n参保：待遇等待期（逾期缴费或断保后续保）：3 个月，另加 1 个月（每断保一年），起于缴费到账日，止于当日\n参保：零报销：以下各项均未支付的年度：住院, 门诊, 慢特病，其他, 大病支付, 救助支付，且次年继续参保；大病保险支付超过以下金额的次年归零：400000.00, 断保后保留',
  'and as sentences in Chinese');

SELECT is((SELECT array_agg(sentence) FROM yibao.policy_diff(doc(), doc(but('{waiting,first_gap_year}', '0')))),
  ARRAY['参保：待遇等待期（逾期缴费或断保后续保）由 3 个月，另加 1 个月（每断保一年），起于缴费到账日，止于当日 改为 3 个月，另加 1 个月（首个断保年度之外每断保一年），起于缴费到账日，止于当日'], 'policy_diff says in Chinese what changed');

SELECT * FROM finish();
