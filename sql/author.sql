-- For authors of policies: what is wrong, what changed, what is left out, what lies outside the bounds.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS yibao;
\pset null ''
\set SHOW_CONTEXT never


-- A small document; its figures are made up.
\set document '{"yibao": 1, "title": {"zh": "示例"}, "insutype": "390", "admdvs": "620522", "valid_from": "2018-09-18", "version_date": "setl_time", "sources": {"t": {"doc": "示例", "trust": "demo", "authority": "county"}, "p": {"doc": "省示例", "trust": "official", "authority": "province"}}, "benefits": [{"when": {"med_type": "21"}, "benefit": "inpatient", "pool": "inpatient", "source": "t"}, {"when": {"med_type": "11"}, "benefit": "outpatient", "pool": "outpatient", "source": "t"}], "layers": [{"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"], "rounding": "layer", "source": "t", "deductible": [{"when": {"hosp_lv": ["01", "02", "03"]}, "amount": "1000.00", "per": "visit", "source": "t"}, {"when": {"hosp_lv": ["05", "06", "07"]}, "amount": "500.00", "per": "visit", "source": "t"}], "ratio": [{"ratio": "0.70", "source": "t"}, {"when": {"hosp_lv": ["05", "06"]}, "ratio": "0.80", "source": "t"}], "cap": {"year": [{"unknown": true, "source": "t"}]}}, {"code": "serious", "pays": "hifmi_pay", "payer": {"kind": "external", "pays": "hospital_direct", "source": "p"}, "base": ["deductible", "copay"], "rounding": "layer", "source": "p", "deductible": [{"amount": "18000.00", "per": "year", "source": "p"}], "ratio": [{"ratio": "0.60", "source": "p"}]}]}'

-- Everything that is wrong, at once.
SELECT severity, path, sqlstate, message, hint FROM yibao.policy_check(jsonb_set(jsonb_set(jsonb_set(:'document',
  '{layers,0,ratio,1,when}', '{"hosp_level": "05", "age": "60"}'), '{layers,0,deductible,0,amount}', '1000'), '{layers,1,rounding}', '"fen"') #- '{layers,1,ratio,0,source}') \gx

-- Nothing is wrong, but there is something to look at.
SELECT severity, path, sqlstate, message, hint FROM yibao.policy_check(:'document') \gx

-- Which claims it refuses.
SELECT * FROM yibao.policy_coverage(:'document');

-- What changes.
WITH change AS (SELECT (:'document')::jsonb AS a, jsonb_set(jsonb_set(jsonb_set(:'document', '{layers,0,ratio,1}', '{"when": {"hosp_lv": ["05", "06", "07"]}, "ratio": "0.80", "source": "t"}'),
  '{layers,0,deductible,0,amount}', '"1200"'), '{layers,0,cap,year,0}', '{"per": "year", "on": "payment", "amount": "80000.00", "source": "t"}') AS b)
SELECT path, change, before, after, sentence FROM change, yibao.policy_diff(a, b) \gx
SELECT sentence FROM yibao.policy_diff(:'document', jsonb_set(:'document', '{layers,0,deductible,0,amount}', '"1200"'), 'en');

-- What lies outside the bounds, and what cannot be told.
SELECT bound, path, value, allowed, ok, needs FROM yibao.policy_bounds(:'document') WHERE bound IN ('serious_deductible', 'serious_ratio', 'cap', 'tilt_cap', 'overall_ratio', 'authority');
SELECT bound, path, value, allowed, ok, needs FROM yibao.policy_bounds(:'document', facts => '{"disposable_income": "30000.00"}') WHERE bound IN ('serious_deductible', 'cap');
SELECT bound, path, value, allowed, ok FROM yibao.policy_bounds(:'document', facts => '{"disposable_income": "30000.00"}', mode => 'refuse');
-- Who may set the deductible, by bounds of one's own.
SELECT bound, what, path, value, allowed, ok FROM yibao.policy_bounds(:'document', '{"yibao_bounds": 1, "sources": {"x": {"doc": "示例", "trust": "demo"}},
  "authority": [{"parameter": "deductible", "levels": ["national", "province"], "source": "x"}]}');
