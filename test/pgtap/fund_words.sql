-- A word that a column does not know, and a second row under one unique key: told in the house's words, with the field, the value
-- and what is known, before a constraint of the server's could say it.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(18);

CREATE FUNCTION refused(sql text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    code text; said text; more text; col text;
BEGIN
    EXECUTE sql;
    RETURN 'not refused';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, said = MESSAGE_TEXT, more = PG_EXCEPTION_HINT, col = COLUMN_NAME;
    RETURN concat_ws(' ', code, said || ':', more, '[' || nullif(col, '') || ']');
END
$$;
SELECT is(refused($$UPDATE fa.area SET mode = 'later'$$), 'YB004 mode "later" is not known: Known: immediate, deferred. [mode]', 'area.mode');
SELECT is(refused($$INSERT INTO fa.approval_chain (chain_id, kind) VALUES ('k', 'gift')$$),
  'YB004 kind "gift" is not known: Known: payment, transfer, appropriation, budget, refund, voucher, premium, headcount. [kind]', 'approval_chain.kind');
SELECT is(refused($$INSERT INTO fa.bank_account (account_id, level) VALUES ('b', 'town')$$), 'YB004 level "town" is not known: Known: province, city, county. [level]', 'bank_account.level');
SELECT is(refused($$INSERT INTO fa.hold_end (hold_id, outcome) VALUES ('h', 'burn')$$), 'YB004 outcome "burn" is not known: Known: post, void, expire. [outcome]', 'hold_end.outcome');
SELECT is(refused($$INSERT INTO fa.hold_end (hold_id, outcome, event, key) VALUES ('h', 'post', 'party', 'k')$$), 'YB004 event "party" is not known: Known: settlement, premium, transfer. [event]', 'hold_end.event');
SELECT is(refused($$INSERT INTO fa.period_act (act_id, act) VALUES ('a', 'shut')$$), 'YB004 act "shut" is not known: Known: reopen. [act]', 'period_act.act');
SELECT is(refused($$INSERT INTO fa.replay (replay_id, policy) VALUES ('r', 'mine')$$), 'YB004 policy "mine" is not known: Known: as_settled, in_force. [policy]', 'replay.policy');
SELECT is(refused($$INSERT INTO fa.risk_level (level_id, indicator) VALUES ('l', 'mood')$$), 'YB004 indicator "mood" is not known: Known: months_payable, surplus_ratio, current_balance, unfunded. [indicator]', 'risk_level.indicator');
SELECT is(refused($$INSERT INTO fa.risk_level (level_id, indicator, denominator) VALUES ('l', 'months_payable', 'ever')$$), 'YB004 denominator "ever" is not known: Known: last_12_months, last_year. [denominator]', 'risk_level.denominator');
SELECT is(refused($$INSERT INTO fa.risk_level (level_id, trust) VALUES ('l', 'blind')$$), 'YB004 trust "blind" is not known: Known: official, mirror, unverified, assumed, demo. [trust]', 'risk_level.trust');
SELECT is(refused($$INSERT INTO fa.risk_step (step_id, step) VALUES ('s', 'wait')$$), 'YB004 step "wait" is not known: Known: assess, measure, close. [step]', 'risk_step.step');
SELECT is(refused($$INSERT INTO fa.voucher_event (event, name_zh, source, trust) VALUES ('area.x', 'x', 't', 'blind')$$), 'YB004 trust "blind" is not known: Known: official, mirror, unverified, assumed, demo. [trust]', 'voucher_event.trust');

-- ---- unique keys besides the primary one ----
INSERT INTO fa.bank_account (account_id, class, level, bank, state_owned, main, opened_on, doc_no, source) VALUES ('F1', 'fiscal', 'county', 'b', true, true, '2018-01-01', 'x', 't');
INSERT INTO fa.interest_rate (rate_id, account_id, valid_from, rate, basis, source, trust) VALUES ('r1', 'F1', '2018-01-01', 0.0155, 360, 't', 'demo');
SELECT is(refused($$INSERT INTO fa.interest_rate (rate_id, account_id, valid_from, rate, basis, source, trust) VALUES ('r2', 'F1', '2018-01-01', 0.02, 360, 't', 'demo')$$),
  'YB501 account_id, valid_from F1, 2018-01-01 is booked already, with other content: Read what is booked by its key; something else needs a key of its own.', 'two rates of an account from one day on');
SELECT lives_ok($$INSERT INTO fa.interest_rate (rate_id, account_id, valid_from, rate, basis, source, trust) VALUES ('r3', 'F1', '2018-02-01', 0.02, 360, 't', 'demo')$$, 'from another day on: another key');
INSERT INTO fa.enrolment (enrol_id, psn_no, insutype, year) VALUES ('e', 'A', '390', 2018);
INSERT INTO fa.enrolment (enrol_id, psn_no, insutype, year, begndate, replaces) VALUES ('e1', 'A', '390', 2018, '2018-02-01', 'e');
SELECT is(refused($$INSERT INTO fa.enrolment (enrol_id, psn_no, insutype, year, begndate, replaces) VALUES ('e2', 'A', '390', 2018, '2018-03-01', 'e')$$),
  'YB501 replaces e is booked already, with other content: Read what is booked by its key; something else needs a key of its own. [replaces]', 'a period of cover is replaced once');
SELECT lives_ok($$INSERT INTO fa.enrolment (enrol_id, psn_no, insutype, year) VALUES ('f', 'B', '390', 2018), ('g', 'C', '390', 2018)$$, 'those that replace none have no such key');
-- a partial index: only the first account of a class took over what the class had
SELECT lives_ok($$INSERT INTO fa.bank_account (account_id, class, level, bank, state_owned, main, opened_on, doc_no, source) VALUES ('F2', 'fiscal', 'county', 'b', true, false, '2018-01-01', 'x', 't')$$, 'a second account of the class is not in the index of those that took over');
-- twice in one statement
SELECT matches(refused($$INSERT INTO fa.interest_rate (rate_id, account_id, valid_from, rate, basis, source, trust) VALUES ('r4', 'F2', '2018-01-01', 0.02, 360, 't', 'demo'), ('r5', 'F2', '2018-01-01', 0.03, 360, 't', 'demo')$$), '^YB501', 'nor twice in one statement');
SELECT * FROM finish();
ROLLBACK;
