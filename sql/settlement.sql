-- One claim from INSERT to explanation, as an application sees it.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS yibao;
SELECT FROM yibao.create_poolarea('shop', '620522');
INSERT INTO shop.policy (rules) VALUES ('{"yibao": 1, "title": {"zh": "试验"}, "insutype": "390", "admdvs": "620522",
  "valid_from": "2018-09-18", "version_date": "setl_time", "sources": {"t": {"doc": "试验文件", "trust": "demo"}},
  "benefits": [{"benefit": "inpatient", "pool": "inpatient", "source": "t"}],
  "fund": {"split": [{"coverage_year": {">=": 2018}, "outpatient": "0.30", "inpatient": "0.70", "base": "received_income",
      "kinds": ["contribution"], "after_serious": true, "rounding": "half_up_outpatient", "source": "t"}],
    "on_pool_short": "queue", "next_year_receipts": "income_on_receipt", "source": "t"},
  "layers": [{"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"], "deductible_order": "after_preselfpay", "rounding": "layer",
    "deductible": [{"amount": "500.00", "per": "visit", "source": "t"}], "ratio": [{"ratio": "0.75", "source": "t"}]}]}') RETURNING policy_id;
INSERT INTO shop.receipt (receipt_id, kind, account, received_on, coverage_year, amt, heads, serious_amt)
VALUES ('R1', 'contribution', 'fiscal', '2022-01-10', 2022, 10000, 100, 0) RETURNING out_amt, ipt_amt;

\set claim '''S1'', ''P1'', ''390'', ''2022-05-01 10:00'', 1200, 100, 0, 100, 1000, ''21'', ''H1'''
INSERT INTO shop.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, fixmedins_code)
VALUES (:claim) RETURNING act_pay_dedc, hifp_pay, psn_cash_pay, benefit, pool, year, clr_ym, policy_id, psn_setl_no;
-- a repeat inserts nothing
INSERT INTO shop.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, fixmedins_code)
VALUES (:claim) RETURNING hifp_pay;
SELECT available, committed FROM shop.pool_status WHERE pool = 'inpatient';
SELECT cum_setl_cnt, cum_ipt_cnt, cum_medfee, cum_ipt_hifp FROM shop.person_year_cum;
SELECT step, item, amount, settles, sentence FROM yibao.explain_settlement('shop', 'S1', 'en') WHERE amount <> 0;
INSERT INTO shop.settlement (setl_id, init_setl_id, setl_time) VALUES ('S1R', 'S1', '2022-05-02 09:00')
RETURNING psn_no, medfee_sumamt, hifp_pay, psn_cash_pay, refd_setl_flag, clr_ym, psn_setl_no;
SELECT available, committed FROM shop.pool_status WHERE pool = 'inpatient';
\set VERBOSITY default
UPDATE shop.settlement SET hifp_pay = 0;
INSERT INTO shop.person_year VALUES ('P9', '390', 2022, 0, '{}', NULL);
SELECT yibao.settlement_step('{}', NULL);
INSERT INTO shop.settlement (setl_id, init_setl_id, setl_time) VALUES ('S1S', 'S1', '2022-05-02 09:00');
DROP SCHEMA shop CASCADE;
