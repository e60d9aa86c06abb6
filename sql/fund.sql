-- The fund as people meet it: what an INSERT returns, what a refusal says.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS yibao;
CREATE ROLE regress_li;
CREATE ROLE regress_wang;
SELECT yibao.create_poolarea('fund', '620522');
SELECT yibao.grant_poolarea('fund', 'regress_li', 'clerk');
SELECT yibao.grant_poolarea('fund', 'regress_wang', 'reviewer');
INSERT INTO fund.policy (rules) VALUES (yibao.policy_parse('{
  "yibao": 1, "title": {"zh": "试验"}, "insutype": "390", "admdvs": "620522", "valid_from": "2018-09-18", "version_date": "setl_time",
  "sources": {"t": {"doc": "试验文件", "trust": "demo"}},
  "benefits": [{"benefit": "inpatient", "pool": "inpatient", "source": "t"}],
  "fund": {"split": [{"coverage_year": {">=": 2018}, "outpatient": "0.30", "inpatient": "0.70", "base": "received_income", "kinds": ["contribution", "subsidy"],
           "after_serious": true, "rounding": "half_up_outpatient", "source": "t"}],
           "serious": {"model": "remit_up", "set_aside": "waterfall", "source": "t"}, "on_pool_short": "queue", "source": "t"},
  "layers": [{"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"],
    "deductible": [{"amount": "0", "per": "visit", "source": "t"}], "ratio": [{"ratio": "0.50", "source": "t"}], "rounding": "layer"}]}'))
RETURNING policy_id, valid_from, publication, title;

SET SESSION AUTHORIZATION regress_li;
INSERT INTO fund.receipt (receipt_id, kind, gov_level, account, received_on, coverage_year, amt)
VALUES ('r1', 'subsidy', 'county', 'fiscal', '2018-10-10', 2018, 1000000.01)
RETURNING serious_amt, out_amt, ipt_amt, unalloc_amt, split_rule, policy_id, booked_by;
-- a third decimal, a wrong account, nothing that decides it
INSERT INTO fund.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r2', 'subsidy', 'fiscal', '2018-10-10', 2018, 1.005);
INSERT INTO fund.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r2', 'subsidy', 'expenditure', '2018-10-10', 2018, 1.00);
INSERT INTO fund.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r2', 'contribution', 'fiscal', '2018-10-10', 2018, 1.00);
INSERT INTO fund.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r2', 'subsidy', 'fiscal', '2018-10-10', 2016, 1.00);
INSERT INTO fund.receipt (receipt_id, kind, account, received_on, coverage_year, amt, out_amt) VALUES ('r2', 'subsidy', 'fiscal', '2018-10-10', 2018, 1.00, 0.31);
INSERT INTO fund.receipt (receipt_id, kind, account, coverage_year, amt) VALUES ('r2', 'subsidy', 'fiscal', 2018, 1.00);
-- what is booked stays
RESET SESSION AUTHORIZATION;
DELETE FROM fund.receipt;
INSERT INTO fund.slot (pool, slot, avail) VALUES ('outpatient', 99, 1);
SET SESSION AUTHORIZATION regress_li;

INSERT INTO fund.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id)
VALUES ('q1', 'appropriation', 'fiscal', 'expenditure', '2018-10-20', 1000000.02, '预拨1');
INSERT INTO fund.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on)
VALUES ('t1', 'inpatient', 'outpatient', 700000.02, '门诊人次增加', '2018-11-01') RETURNING proposed_by, out_visits, ipt_cost;
SET SESSION AUTHORIZATION regress_wang;
INSERT INTO fund.transfer_approval (transfer_id, decision, approved_on) VALUES ('t1', 'approve', '2018-11-02');
SET SESSION AUTHORIZATION regress_li;
INSERT INTO fund.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on)
VALUES ('t2', 'inpatient', 'outpatient', 100000.00, '门诊人次增加', '2018-11-01');
RESET SESSION AUTHORIZATION;
GRANT INSERT ON fund.transfer_approval TO regress_li;
SET SESSION AUTHORIZATION regress_li;
INSERT INTO fund.transfer_approval (transfer_id, decision, approved_on) VALUES ('t2', 'approve', '2018-11-02');
SET SESSION AUTHORIZATION regress_wang;
INSERT INTO fund.transfer_approval (transfer_id, decision, approved_on) VALUES ('t2', 'approve', '2018-11-02') RETURNING approved_by;
RESET SESSION AUTHORIZATION;
INSERT INTO fund.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES ('p1', 'H1', '201811', '2018-12-10');

SELECT * FROM fund.pool_status ORDER BY pool;
SELECT * FROM fund.trial_balance ORDER BY 1, 2, 3;
SELECT fund, book, role, pool, effective_on, period, event, key, debit, credit, booked_by FROM fund.account_statement ORDER BY journal_id, line;
SELECT * FROM fund.fund_income;
UPDATE fund.period SET closed = true WHERE period = '2018-10';
INSERT INTO fund.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r3', 'subsidy', 'fiscal', '2018-10-31', 2018, 1.00);
SELECT count(*) >= 20 AS checks, bool_and(ok) AS all_well FROM yibao.verify('fund');
DROP SCHEMA fund CASCADE;
DROP ROLE regress_li, regress_wang;
