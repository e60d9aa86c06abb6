-- A claim settled, explained and replayed.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS yibao;
RESET client_min_messages;
\pset format unaligned
CREATE FUNCTION demo_policy() RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT jsonb '{"yibao": 1, "title": {"zh": "示例"}, "insutype": "390", "admdvs": "620522",
  "valid_from": "2018-09-18", "version_date": "setl_time",
  "sources": {"q84": {"doc": "秦政办发〔2018〕84号", "trust": "official"}, "demo": {"doc": "示例", "trust": "demo"}},
  "assumed": {"P01": {"value": "add", "note": {"zh": "降低10%按10个百分点执行"}}},
  "benefits": [{"when": {"med_type": "21"}, "benefit": "inpatient", "pool": "住院统筹", "source": "q84 二(三)"}],
  "layers": [
   {"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "q84"}, "base": ["inscp"], "deductible_order": "after_preselfpay", "rounding": "layer",
    "deductible": [{"amount": "1000.00", "per": "visit", "source": "demo"},
                   {"when": {"refl": "down"}, "amount": "0", "per": "visit", "source": "q84 五(三)"}],
    "ratio": [{"when": {"hosp_lv": ["01", "02", "03"]}, "ratio": "0.70", "source": "demo"}],
    "adjust": {"referral": [{"when": {"refl": "none", "area": ["city", "province"]}, "add": "-0.10", "source": "q84 五(三)", "assumed": ["P01"]}]},
    "cap": {"year": [{"per": "year", "on": "payment", "amount": "80000.00", "source": "demo"}]}},
   {"code": "serious", "pays": "hifmi_pay", "payer": {"kind": "external", "pays": "hospital_direct", "model": "remit_up", "source": "q84"},
    "base": ["deductible", "copay"], "rounding": "layer",
    "deductible": [{"amount": "5000.00", "per": "year", "source": "demo"}],
    "ratio": [{"tiers": {"origin": "deductible", "measure": "year", "bands": [["10000.00", "0.60"], [null, "0.65"]]}, "source": "demo"}]}]}'
$$;
\set claim '{"medfee_sumamt": "23000.00", "fulamt_ownpay_amt": "2000.00", "preselfpay_amt": "1000.00", "inscp_scp_amt": "20000.00", "med_type": "2101", "hosp_lv": "02", "refl": "none", "area": "city", "setl_time": "2019-03-01 09:30:00"}'

\x on
SELECT r.* FROM yibao.settle(demo_policy(), :'claim') AS r;
\x off
SELECT step, layer, item, rule, base, rate, amount, settles FROM yibao.explain(demo_policy(), :'claim');
SELECT sentence FROM yibao.explain(demo_policy(), :'claim') WHERE item IN ('deductible', 'ratio_adjust', 'band');
SELECT settles, sum(amount) FROM yibao.explain(demo_policy(), :'claim') WHERE settles IS NOT NULL GROUP BY settles ORDER BY settles;
SELECT yibao.payout(demo_policy(), medfee_sumamt => 23000, fulamt_ownpay_amt => 2000, preselfpay_amt => 1000, inscp_scp_amt => 20000,
  med_type => '2101', hosp_lv => '02', refl => 'none', area => 'city', setl_time => '2019-03-01', field => 'psn_cash_pay');

-- The same person's year.
CREATE TEMPORARY TABLE bill AS
SELECT 'S' || i AS setl_id, 'P1' AS psn_no, 10000.00 * i AS medfee_sumamt, 10000.00 * i AS inscp_scp_amt, '21' AS med_type, '02' AS hosp_lv,
  'up' AS refl, 'city' AS area, timestamp '2019-01-10' + i * interval '1 month' AS setl_time
FROM generate_series(1, 5) AS i;
SELECT s.setl_id, (s.r).inscp_scp_amt, (s.r).hifp_pay, (s.r).hifmi_pay, (s.r).psn_cash_pay, (s.r).cum[1:2]
FROM (SELECT b.setl_id, yibao.replay(demo_policy(), b) OVER (PARTITION BY b.psn_no ORDER BY b.setl_time, b.setl_id COLLATE "C") AS r FROM bill AS b OFFSET 0) AS s;

-- What an error says.
DO $$
DECLARE
  c text;
  claim jsonb := '{"medfee_sumamt": "23000.00", "inscp_scp_amt": "23000.00", "med_type": "21", "hosp_lv": "02", "refl": "up", "area": "city", "setl_time": "2019-03-01"}';
  state text; message text; detail text; hint text;
BEGIN
  FOREACH c IN ARRAY ARRAY['{"inscp_scp_amt": "1200.005"}', '{"inscp_scp_amt": "-1"}', '{"inscp_scp_amt": "22999.99", "preselfpay_amt": 0, "overlmt_selfpay": 0, "fulamt_ownpay_amt": 0}',
    '{"hosp_lv": "二级"}', '{"hosp_lv": "2"}', '{"refl": null}', '{"setl_time": "2018-09-17"}', '{"setl_time": "2019-03-01T00:00:00Z"}', '{"hosp_lv": "06"}', '{"med_type": "11"}', '{"cum_ipt_hifpay": 1}'] LOOP
    BEGIN
      PERFORM yibao.settle(demo_policy(), claim || c::jsonb);
    EXCEPTION WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
      RAISE INFO USING MESSAGE = format(E'%s\n  %s: %s\n  %s\n  %s', c, state, message, detail, hint);
    END;
  END LOOP;
END $$;
DROP FUNCTION demo_policy();
