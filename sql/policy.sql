-- Policy documents: how one is read, what it lists, and what an author is told when it is wrong.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS yibao;
\pset null '(null)'
\set SHOW_CONTEXT never

-- A small document.  The notice gives the deductibles' exception and the split; the rest is made up for the test.
\set document '{"yibao": 1, "title": {"zh": "示例"}, "insutype": "390", "admdvs": "620522", "valid_from": "2018-09-18", "version_date": "setl_time", "sources": {"q84": {"doc": "秦政办发〔2018〕84号", "trust": "official"}, "x": {"doc": "示例", "trust": "demo"}}, "assumed": {"P01": {"value": "add", "note": {"zh": "“降低10%”读作减10个百分点"}}}, "unknown": [{"what": {"zh": "年度最高支付限额"}, "source": "q84"}], "benefits": [{"when": {"med_type": ["21", "22"]}, "benefit": "inpatient", "pool": "inpatient", "source": "x"}, {"when": {"med_type": "11"}, "benefit": "outpatient", "pool": "outpatient", "source": "x"}], "fund": {"split": [{"coverage_year": {">=": 2018}, "outpatient": "0.30", "inpatient": "0.70", "base": "received_income", "kinds": ["contribution", "subsidy"], "after_serious": true, "rounding": "half_up_outpatient", "source": "q84 二(三)"}], "on_pool_short": "queue", "deadline": {"monthly_day": 20, "yearly": "01-20", "non_working": "strict", "source": "q84 四(三)"}, "source": "x"}, "layers": [{"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "x"}, "base": ["inscp"], "rounding": "layer", "source": "x", "deductible": [{"when": {"hosp_lv": ["01", "02", "03"]}, "amount": "1000.00", "per": "visit", "source": "x"}, {"when": {"hosp_lv": {"not": ["01", "02", "03"]}}, "percent_of": "total", "ratio": "0.2", "min": "100", "per": "visit", "source": "x"}, {"when": {"hosp_lv": ["01", "02", "03"], "refl": "down"}, "amount": "0", "per": "visit", "source": "q84 五(三)"}], "ratio": [{"tiers": {"origin": "zero", "measure": "visit", "bands": [["5000.00", "0.60"], [null, "0.70"]]}, "per_age": "0.002", "to": "2025-01-01", "source": "x"}, {"unknown": true, "from": "2025-01-01", "source": "x"}], "adjust": {"referral": [{"when": {"refl": "none", "age": {">=": 6, "<": 60}}, "add": "-0.10", "source": "q84 五(三)", "assumed": ["P01"]}, {"when": {"refl": "none", "age": {"<": 6}}, "reduce": "0.10", "source": "q84 五(三)"}]}, "cap": {"year": [{"per": "year", "on": "payment", "amount": "80000.00", "source": "x", "note": "示例"}]}}]}'

SELECT yibao.policy_parse(:'document') = (:'document')::jsonb AS unchanged;

-- All that it lays down, with what it rests on.
\pset format unaligned
SELECT path, layer, parameter, condition, effect FROM yibao.policy_rules(:'document');
SELECT path, source, doc, trust, assumed, note FROM yibao.policy_rules(:'document');
\pset format aligned

-- A document can be kept in a table of your own.
CREATE TEMP TABLE kept (name text, rules yibao.policy);
INSERT INTO kept VALUES ('good', :'document'), ('none', NULL);
INSERT INTO kept VALUES ('bad', jsonb_set(:'document', '{layers,0,cap,year,0,amount}', '80000'));
UPDATE kept SET rules = rules - 'sources' WHERE name = 'good';
SELECT name, rules IS NULL AS empty FROM kept ORDER BY name;

-- Two rules that both hold: the message names them and a situation.
SELECT yibao.policy_ok(jsonb_set(:'document', '{layers,0,ratio}',
  '[{"when": {"hosp_lv": ["05", "06"]}, "ratio": "0.75", "source": "x"},
    {"when": {"age": {">=": 60}, "refl": {"not": "up"}}, "ratio": "0.80", "source": "x"}]'));
-- A third for what they share settles it.
SELECT yibao.policy_ok(jsonb_set(:'document', '{layers,0,ratio}',
  '[{"when": {"hosp_lv": ["05", "06"]}, "ratio": "0.75", "source": "x"},
    {"when": {"age": {">=": 60}, "refl": {"not": "up"}}, "ratio": "0.80", "source": "x"},
    {"when": {"hosp_lv": ["05", "06"], "age": {">=": 60}, "refl": {"not": "up"}}, "ratio": "0.82", "source": "x"}]'));
-- One that is too narrow leaves a situation, which is named.
SELECT yibao.policy_ok(jsonb_set(:'document', '{layers,0,ratio}',
  '[{"when": {"hosp_lv": ["05", "06"]}, "ratio": "0.75", "source": "x"},
    {"when": {"age": {">=": 60}, "refl": {"not": "up"}}, "ratio": "0.80", "source": "x"},
    {"when": {"hosp_lv": ["05", "06"], "age": {">=": 60, "<": 80}, "refl": {"not": "up"}}, "ratio": "0.82", "source": "x"}]'));
-- So does a rule that says which one gives way.
SELECT yibao.policy_ok(jsonb_set(:'document', '{layers,0,ratio}',
  '[{"when": {"hosp_lv": ["05", "06"]}, "ratio": "0.75", "source": "x", "id": "level"},
    {"when": {"age": {">=": 60}}, "ratio": "0.80", "source": "x", "over": ["level"]}]'));

-- What an author meets most often.
SELECT yibao.policy_parse(replace(:'document', '"refl": "down"', '"refl": "down", "hosp_lv": "05"'));
SELECT yibao.policy_parse(replace(:'document', '"per_age"', '"perage"'));
SELECT yibao.policy_parse(replace(:'document', '"0.60"', '0.60'));
SELECT yibao.policy_parse(replace(:'document', '[null, "0.70"]', '["9000", "0.70"]'));
SELECT yibao.policy_parse(replace(:'document', '"q84 二(三)"', '"q48 二(三)"'));
SELECT yibao.policy_parse(replace(:'document', '"inpatient": "0.70"', '"inpatient": "0.07"'));
SELECT yibao.policy_parse(replace(:'document', '"yibao": 1', '"yibao": 2'));
SELECT yibao.policy_parse('{"yibao": 1,');
