-- as centre
\pset footer off
\if :zh
\echo
\echo '━━ 八、医院已有的系统:表名列名都是它自己的,一条语句接上,原来的 INSERT 一字不改 ━━'
\else
\echo
\echo '== 8. An application that is there already: its own table and names, attached in one statement =='
\endif
CREATE SCHEMA his;
CREATE TABLE his.bill (
	bill_no varchar(30) PRIMARY KEY, patient varchar(30) NOT NULL, out_time timestamp NOT NULL, kind char(4), grade char(2),
	place text, referral text, total numeric, self_paid numeric, over_limit numeric, first_self numeric, covered numeric,
	fund_pays numeric, patient_pays numeric);
SELECT yibao.attach_settlement('his.bill', 'qinan', '{
	"setl_id": "bill_no", "psn_no": "patient", "setl_time": "out_time", "med_type": "kind", "hosp_lv": "grade",
	"area": "place", "refl": "referral", "medfee_sumamt": "total", "fulamt_ownpay_amt": "self_paid",
	"overlmt_selfpay": "over_limit", "preselfpay_amt": "first_self", "inscp_scp_amt": "covered",
	"insutype": {"value": "390"}, "filing": {"value": "none"}, "psn_idet_type": {"value": "00"}, "cont_years": {"value": 0},
	"inj_flag": {"value": false}, "thrd_flag": {"value": false}, "setl_type": {"value": "2"},
	"fixmedins_code": {"value": "H62052200007"},
	"results": {"fund_pay_sumamt": "fund_pays", "psn_cash_pay": "patient_pays"}}') \g /dev/null
CREATE ROLE his LOGIN;
GRANT USAGE ON SCHEMA his TO his;
GRANT INSERT, SELECT ON his.bill TO his;
\c - his
\if :zh
\echo '医院的程序照旧只做这一件事:'
\else
\echo 'The application goes on doing just this:'
\endif
\set ECHO queries
INSERT INTO his.bill (bill_no, patient, out_time, kind, grade, place, referral, total, self_paid, over_limit, first_self, covered)
VALUES ('ZY20250410-7', '62052200000000000009', '2025-04-10 15:30', '2101', '06', 'county', 'none', 8000, 200, 0, 300, 7500)
RETURNING bill_no, total, fund_pays, patient_pays;
\set ECHO none
