-- Figures of fund management and supervision on which areas differ: each choice named in the policy, both readings worked out by hand.
\set ECHO none
SELECT plan(50);

CREATE FUNCTION doc(fund jsonb DEFAULT '{}', controls jsonb DEFAULT NULL) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb '{"yibao": 1, "title": {"zh": "口径试验"}, "insutype": "390", "admdvs": "620522", "valid_from": "2024-01-01", "version_date": "setl_time",
  "sources": {"t": {"doc": "口径试验", "trust": "demo"}},
  "assumed": {"P25": {"value": "last_year", "note": {"zh": "按上年月均支出", "en": "by last year''s spending"}}},
  "benefits": [{"when": {"med_type": "21"}, "benefit": "inpatient", "pool": "inpatient", "source": "t"}],
  "layers": [{"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"], "rounding": "layer", "source": "t",
     "deductible": [{"amount": "0", "per": "visit", "source": "t"}], "ratio": [{"ratio": "0.50", "source": "t"}]}]}'
 || jsonb_build_object('fund', jsonb '{"split": [{"coverage_year": {">=": 2018}, "outpatient": "0.30", "inpatient": "0.70", "base": "received_income", "kinds": ["contribution"],
      "after_serious": false, "rounding": "half_up_outpatient", "source": "t"}], "on_pool_short": "queue", "source": "t"}' || fund)
 || CASE WHEN controls IS NULL THEN '{}' ELSE jsonb_build_object('controls', controls) END
$$;
CREATE FUNCTION refused(document jsonb, state text, path text, about text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE message text; hint text;
BEGIN
  PERFORM yibao.policy_ok(document);
  RETURN NEXT fail(about);
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
  RETURN NEXT ok(SQLSTATE = state AND strpos(message || ' ' || hint, path) > 0 AND hint <> '', about);
  IF NOT (SQLSTATE = state AND strpos(message || ' ' || hint, path) > 0 AND hint <> '') THEN
    RETURN NEXT diag(format('got %s: %s (%s)', SQLSTATE, message, hint));
  END IF;
END $$;

-- P25: a published budget (2023, 万元): 35,226 + 79,653 - 78,034 = 36,845 left; 36,845 / (78,034 / 12) = 5.666, "5.7 months".
-- Made up beside it: 73,690 in the last 12 months, 442,140 / 73,690 = 6.00; a budget of 88,428, 442,140 / 88,428 = 5.00.
CREATE FUNCTION months(by text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$ SELECT doc(jsonb_build_object('months_payable', jsonb_build_object('denominator', by, 'source', 't'))) $$;
SELECT is(yibao.months_payable(months('last_year'), 368450000.00, 736900000, 780340000, 884280000), 5.67, 'P25: by last year''s spending');
SELECT is(round(yibao.months_payable(months('last_year'), 352260000.00 + 796530000 - 780340000, NULL, 780340000), 1), 5.7, 'P25: as published, 5.7 months');
SELECT is(yibao.months_payable(months('last_12_months'), 368450000.00, 736900000, 780340000, 884280000), 6.00, 'P25: by the last 12 months');
SELECT is(yibao.months_payable(months('current_budget'), 368450000.00, 736900000, 780340000, 884280000), 5.00, 'P25: by the current budget');
SELECT is(yibao.months_payable(months('last_year'), 100, last_year => 0), NULL, 'P25: nothing spent is no number of months');
SELECT throws_ok($$SELECT yibao.months_payable(months('last_year'), 100, last_12_months => 5)$$, 'YB006', NULL, 'P25: the spending that the policy names must be there');
SELECT throws_ok($$SELECT yibao.months_payable(doc(), 100, 5, 5, 5)$$, 'YB201', NULL, 'P25: a policy that does not say gives no figure');
SELECT throws_ok($$SELECT yibao.months_payable(months('last_year'), 100.005, last_year => 5)$$, 'YB001', NULL, 'P25: a third decimal');
SELECT refused(months('12_months'), 'YB105', 'fund.months_payable.denominator', 'P25: misspelt');
SELECT refused(doc('{"months_payable": {"source": "t"}}'), 'YB104', 'P25', 'P25: must be said');
SELECT refused(doc('{"months_payable": {"denominator": "last_year"}}'), 'YB108', 'fund.months_payable', 'P25: has a source');

-- P26: a case of 8,000.00 of which the person and others bear 3,000.00, or 9,200.50
CREATE FUNCTION drg(negative text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$ SELECT doc(jsonb_build_object('drg', jsonb_build_object('negative', negative, 'source', 't'))) $$;
SELECT is(ARRAY[yibao.drg_pay(drg('allowed'), 8000, 3000), yibao.drg_pay(drg('allowed'), 8000, 9200.50)], ARRAY[5000.00, -1200.50], 'P26: a negative payment is taken off');
SELECT is(ARRAY[yibao.drg_pay(drg('floored'), 8000, 3000), yibao.drg_pay(drg('floored'), 8000, 9200.50)], ARRAY[5000.00, 0.00], 'P26: or is none');
SELECT throws_ok($$SELECT yibao.drg_pay(doc(), 8000, 3000)$$, 'YB201', NULL, 'P26: not said');
SELECT throws_ok($$SELECT yibao.drg_pay(drg('floored'), -1, 0)$$, 'YB002', NULL, 'P26: a negative standard');
SELECT refused(drg('zero'), 'YB105', 'fund.drg.negative', 'P26: misspelt');
SELECT refused(doc('{"drg": {"source": "t"}}'), 'YB104', 'P26', 'P26: must be said');

-- P32: 20 June 2026 is a Saturday, 20 January 2026 a Tuesday, 20 February 2026 a Friday
CREATE FUNCTION deadline(how text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT doc(jsonb_build_object('deadline', jsonb_build_object('monthly_day', 20, 'yearly', '01-20', 'non_working', how, 'source', 't'))) $$;
SELECT is(yibao.deadline_on(deadline('strict'), 2026, 6), '2026-06-20'::date, 'P32: strict, a Saturday is the day');
SELECT is(yibao.deadline_on(deadline('shift'), 2026, 6), '2026-06-22'::date, 'P32: shifted, it is Monday');
SELECT is(yibao.deadline_on(deadline('shift'), 2026, NULL), '2026-01-20'::date, 'P32: a working day stays');
SELECT is(yibao.deadline_on(deadline('shift'), 2026, NULL, ARRAY['2026-01-20', '2026-01-21']::date[]), '2026-01-22'::date, 'P32: holidays are passed');
SELECT is(yibao.deadline_on(deadline('strict'), 2026, NULL, ARRAY['2026-01-20', '2026-01-21']::date[]), '2026-01-20'::date, 'P32: not where it is strict');
SELECT is(yibao.deadline_on(deadline('shift'), 2026, 2, ARRAY['2026-02-20']::date[]), '2026-02-23'::date, 'P32: a holiday before a weekend: Monday');
SELECT is(yibao.deadline_on(deadline('shift'), 2026, 2, ARRAY['2026-02-20']::date[], ARRAY['2026-02-21']::date[]), '2026-02-21'::date, 'P32: unless that Saturday is worked');
SELECT throws_ok($$SELECT yibao.deadline_on(doc(), 2026, 2)$$, 'YB201', NULL, 'P32: no deadline');
SELECT throws_ok($$SELECT yibao.deadline_on(deadline('shift'), 2026, 13)$$, '22023', NULL, 'P32: no such month');
SELECT refused(deadline('next'), 'YB105', 'fund.deadline.non_working', 'P32: misspelt');
SELECT refused(doc('{"deadline": {"monthly_day": 20, "source": "t"}}'), 'YB104', 'P32', 'P32: must be said');

-- P31: admitted at 10:00 on 5 March
CREATE FUNCTION clock(how text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT doc('{}', jsonb_build_object('admission_clock', jsonb_build_object('hours', 24, 'emergency_hours', 72, 'count', how, 'source', 't'))) $$;
SELECT is((SELECT array_agg(yibao.registered_in_time(clock('clock_hours'), '2026-03-05 10:00', t) ORDER BY t) FROM unnest(ARRAY['2026-03-06 10:00', '2026-03-06 10:00:01', '2026-03-06 23:59:59', '2026-03-07 00:00']::timestamp[]) AS t),
  ARRAY[true, false, false, false], 'P31: 24 hours by the clock');
SELECT is((SELECT array_agg(yibao.registered_in_time(clock('calendar_day'), '2026-03-05 10:00', t) ORDER BY t) FROM unnest(ARRAY['2026-03-06 10:00', '2026-03-06 10:00:01', '2026-03-06 23:59:59', '2026-03-07 00:00']::timestamp[]) AS t),
  ARRAY[true, true, true, false], 'P31: by calendar day the whole next day');
SELECT is(ARRAY[yibao.registered_in_time(clock('clock_hours'), '2026-03-05 10:00', '2026-03-08 10:00', true), yibao.registered_in_time(clock('clock_hours'), '2026-03-05 10:00', '2026-03-08 10:01', true)],
  ARRAY[true, false], 'P31: an emergency within 72 hours');
SELECT is(yibao.registered_in_time(clock('calendar_day'), '1999-12-30 23:00', '1999-12-31 23:59'), true, 'P31: before 2000, too');
SELECT is(yibao.registered_in_time(clock('calendar_day'), '1999-12-29 23:00', '1999-12-31 00:00'), false, 'P31: and not a day later');
SELECT throws_ok($$SELECT yibao.registered_in_time(doc(), '2026-03-05', '2026-03-06')$$, 'YB201', NULL, 'P31: not said');
SELECT throws_ok($$SELECT yibao.registered_in_time(clock('clock_hours'), '2026-03-05', 'infinity')$$, 'YB007', NULL, 'P31: no time');
SELECT refused(clock('days'), 'YB105', 'controls.admission_clock.count', 'P31: misspelt');
SELECT refused(doc('{}', '{"admission_clock": {"hours": 24, "emergency_hours": 72, "source": "t"}}'), 'YB104', 'P31', 'P31: must be said');

-- P33: 41 visits this month, 123 this quarter, 500 this year; 10% of 41 = 4.1, of 123 = 12.3
CREATE FUNCTION sampling(per text, rounding text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT doc('{}', jsonb_build_object('sampling', jsonb_build_object('share', '0.10', 'per', per, 'rounding', rounding, 'source', 't'))) $$;
SELECT is((SELECT array_agg(yibao.sample_size(sampling(per, rounding), 41, 123, 500) ORDER BY n) FROM (VALUES (1, 'month', 'up'), (2, 'month', 'half_up'), (3, 'quarter', 'up'), (4, 'quarter', 'half_up'), (5, 'year', 'up')) AS v(n, per, rounding)),
  ARRAY[5, 4, 13, 12, 50]::bigint[], 'P33: of a month, a quarter, a year; rounded up, or half up');
SELECT is(yibao.sample_size(sampling('month', 'up'), of_month => 0), 0::bigint, 'P33: of nothing nothing');
SELECT throws_ok($$SELECT yibao.sample_size(sampling('quarter', 'up'), of_month => 41)$$, 'YB006', NULL, 'P33: the number that the policy names must be there');
SELECT throws_ok($$SELECT yibao.sample_size(doc(), 41, 123, 500)$$, 'YB201', NULL, 'P33: not said');
SELECT refused(sampling('week', 'up'), 'YB105', 'controls.sampling.per', 'P33: misspelt');
SELECT refused(doc('{}', '{"sampling": {"share": "0.10", "rounding": "up", "source": "t"}}'), 'YB104', 'P33', 'P33: must be said');

-- P34: 800 fully self-paid, 200 above the limit price, of 10,000, of them 4,000 for drugs
CREATE FUNCTION outside(counts text, of text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT doc('{}', jsonb_build_object('catalogue_share', jsonb_build_object('counts', counts::jsonb, 'of', of, 'over', 'visit', 'source', 't'))) $$;
SELECT is((SELECT array_agg(yibao.catalogue_share(outside(counts, of), 800, 200, 10000, 4000) ORDER BY n) FROM (VALUES (1, '["fulamt_ownpay_amt"]', 'total'), (2, '["fulamt_ownpay_amt", "overlmt_selfpay"]', 'total'),
    (3, '["fulamt_ownpay_amt"]', 'drugs'), (4, '["fulamt_ownpay_amt", "overlmt_selfpay"]', 'drugs')) AS v(n, counts, of)),
  ARRAY[0.0800, 0.1000, 0.2000, 0.2500], 'P34: class C alone or with what is above the limit price, of total or drug cost');
SELECT is(yibao.catalogue_share(outside('["fulamt_ownpay_amt"]', 'total'), 800, NULL, 10000), 0.0800, 'P34: what is not counted need not be known');
SELECT throws_ok($$SELECT yibao.catalogue_share(outside('["fulamt_ownpay_amt"]', 'drugs'), 800, 200, 10000)$$, 'YB006', NULL, 'P34: what is counted must be');
SELECT refused(outside('["class_c"]', 'total'), 'YB105', 'controls.catalogue_share.counts[0]', 'P34: misspelt');
SELECT refused(doc('{}', '{"catalogue_share": {"of": "total", "over": "visit", "source": "t"}}'), 'YB104', 'P34', 'P34: must be said');

SELECT refused(doc('{}', '{"sample": {}}'), 'YB102', 'controls', 'an unknown control');
SELECT is((SELECT array_agg(parameter || ': ' || effect ORDER BY parameter) FROM yibao.policy_rules(doc('{"months_payable": {"denominator": "last_year", "source": "t", "assumed": ["P25"]}, "drg": {"negative": "floored", "source": "t"}}',
    '{"admission_clock": {"hours": 24, "emergency_hours": 72, "count": "clock_hours", "source": "t"}, "sampling": {"share": "0.10", "per": "month", "rounding": "up", "source": "t"},
      "catalogue_share": {"counts": ["fulamt_ownpay_amt"], "of": "total", "over": "visit", "source": "t"}}')) WHERE parameter IN ('months_payable', 'drg', 'admission_clock', 'sampling', 'catalogue_share')),
  ARRAY['admission_clock: registered within 24 hours of admission, of an emergency 72, by clock_hours', 'catalogue_share: fulamt_ownpay_amt of total, by visit', 'drg: a negative payment by case is none',
    'months_payable: balance over a twelfth of last_year', 'sampling: 0.10 of the visits of a month, rounded up'], 'policy_rules lists them in words');

SELECT * FROM finish();
