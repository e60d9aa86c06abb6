-- Every fault of a policy document is refused on input, with its SQLSTATE, its JSON path and a hint.
\set ECHO none
SELECT plan(221);

CREATE FUNCTION base() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb '{"yibao": 1, "title": {"zh": "试验"}, "insutype": "390", "admdvs": "620522",
  "valid_from": "2018-09-18", "version_date": "setl_time", "counts": {"except": [], "unpaid": true, "source": "t"}, "note": "n", "trust": "demo",
  "sources": {"t": {"doc": "试验文件", "trust": "demo"}, "q84": {"doc": "秦政办发〔2018〕84号", "trust": "official", "url": "u", "title": "t", "note": "n", "area": "a"}},
  "assumed": {"P01": {"value": "add", "note": {"zh": "按百分点", "en": "points"}}},
  "unknown": [{"what": {"zh": "年度限额"}, "source": "q84"}],
  "benefits": [{"when": {"med_type": ["21"]}, "benefit": "inpatient", "pool": "inpatient", "source": "t"},
               {"when": {"med_type": ["11"]}, "benefit": "outpatient", "pool": "outpatient", "source": "t"}],
  "fund": {"split": [{"coverage_year": {">=": 2018}, "outpatient": "0.30", "inpatient": "0.70", "base": "received_income",
                      "kinds": ["contribution", "subsidy"], "after_serious": true, "rounding": "half_up_outpatient", "source": "q84 二(三)"}],
           "serious": {"model": "remit_up", "set_aside": "waterfall", "source": "t",
                       "per_head": [{"coverage_year": 2018, "amount": "65.00", "source": "t"}, {"coverage_year": {">": 2018}, "unknown": true, "source": "t"}]},
           "on_pool_short": "queue", "next_year_receipts": "income_on_receipt", "carry": "keep_by_pool",
           "transfer": {"max_share": "0.10", "keep_months": 6, "source": "t"}, "heads": "approved", "late_registration": "report", "deposit_book": "unpaid", "prior_year_recovery": "other_income", "surplus_return": "fund_balance", "serious_subject": "remit_up",
           "deficit_budget": {"mode": "from_surplus", "max": "100.00", "source": "t"}, "interim_budget": {"mode": "none", "source": "t"},
           "appropriation": {"control": "form_required", "months_in_account": 2, "months_of": "last_12_months", "source": "t"},
           "deadline": {"monthly_day": 20, "yearly": "01-20", "non_working": "strict", "source": "t"}, "source": "t"},
  "layers": [
   {"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"], "rounding": "layer",
    "deductible": [{"amount": "500.00", "per": "visit", "source": "t"},
                   {"when": {"hosp_lv": ["05", "06"]}, "percent_of": "total", "ratio": "0.20", "min": "100.00", "max": "900.00", "per": "visit", "source": "t"}],
    "deductible_adjust": {"referral": [{"when": {"refl": "down"}, "set": "0", "source": "q84 五(三)"}]},
    "deductible_cap": [{"amount": "2000.00", "per": "year", "source": "t"}],
    "ratio": [{"when": {"hosp_lv": ["05", "06", "07"]}, "ratio": "0.75", "source": "t"},
              {"when": {"hosp_lv": ["08", "09", "10"]}, "tiers": {"origin": "zero", "measure": "visit", "bands": [["5000.00", "0.60"], [null, "0.80"]]}, "source": "t"}],
    "adjust": {"referral": [{"when": {"refl": "none"}, "add": "-0.10", "source": "q84 五(三)", "assumed": ["P01"]}]},
    "ratio_max": "0.95",
    "cap": {"year": [{"per": "year", "on": "payment", "amount": "20000.00", "source": "t"}]},
    "floor": [{"ratio": "0.30", "of": "inscp", "source": "t"}], "min_self": [{"ratio": "0.05", "of": "total", "source": "t"}]},
   {"code": "serious", "pays": "hifmi_pay", "payer": {"kind": "external", "pays": "unknown", "model": "insurer", "name": "x", "source": "t"},
    "when": {"age": {">=": 1}}, "when_source": "t",
    "base": ["deductible", "copay"], "rounding": "band", "deductible": [{"amount": "5000.00", "per": "year", "source": "t"}],
    "ratio": [{"ratio": "0.60", "source": "t"}],
    "cap": {"both": [{"per": "year", "on": "payment", "amount": "90000.00", "layers": ["basic", "serious"], "source": "t"}]}}]}'
$$;

-- The text form refused by policy_parse with this SQLSTATE, a message that begins with this path, and a hint.
CREATE FUNCTION refused_text(document text, state text, path text, about text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE message text; hint text;
BEGIN
  PERFORM yibao.policy_parse(document);
  RETURN NEXT fail(about);
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
  RETURN NEXT ok(SQLSTATE = state AND strpos(message, path) > 0 AND hint <> '', about);
  IF NOT (SQLSTATE = state AND strpos(message, path) > 0 AND hint <> '') THEN
    RETURN NEXT diag(format('got %s: %s (hint: %s), wanted %s at %s', SQLSTATE, message, hint, state, path));
  END IF;
END $$;

-- Both ways in agree: policy_parse(text) and policy_ok(jsonb).
CREATE FUNCTION refused(document jsonb, state text, path text, about text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  BEGIN
    PERFORM yibao.policy_ok(document);
    RETURN QUERY SELECT fail('policy_ok: ' || about);
    RETURN;
  EXCEPTION WHEN OTHERS THEN
    IF SQLSTATE <> state OR strpos(SQLERRM, path) = 0 THEN
      RETURN NEXT fail('policy_ok: ' || about);
      RETURN NEXT diag(format('got %s: %s, wanted %s at %s', SQLSTATE, SQLERRM, state, path));
      RETURN;
    END IF;
  END;
  RETURN QUERY SELECT refused_text(document::text, state, path, about);
END $$;

-- The good document with the value at a path replaced or added, or taken out.
CREATE FUNCTION edit(path text[], value jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$ SELECT jsonb_set(base(), path, value) $$;
CREATE FUNCTION take(path text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$ SELECT base() #- path $$;
CREATE FUNCTION accepted(document jsonb, about text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM yibao.policy_parse(document::text), yibao.policy_ok(document);
  RETURN NEXT pass(about);
EXCEPTION WHEN OTHERS THEN
  RETURN NEXT fail(about);
  RETURN NEXT diag(SQLSTATE || ': ' || SQLERRM);
END $$;

SELECT accepted(base(), 'the document that the cases below spoil is good');
SELECT is(yibao.policy_parse(base()::text), base(), 'policy_parse returns the document unchanged');
SELECT is(yibao.policy_parse(U&'\FEFF' || base()::text), base(), 'the mark with which Windows editors begin a UTF-8 file is no part of the document');
SELECT is(yibao.policy_parse(NULL), NULL, 'NULL is NULL for policy_parse');
SELECT is(yibao.policy_ok(NULL), NULL, 'NULL is NULL for policy_ok');

-- syntax, version, limits
SELECT refused_text('{"yibao": 1,', 'YB101', 'line 1', 'half a document is no JSON');
SELECT refused_text(E'{"yibao": 1,\n "title": }', 'YB101', 'line 2', 'the line of a syntax error is named');
SELECT refused_text('', 'YB101', 'not JSON', 'an empty text is no document');
SELECT refused_text(E'{"a": "\\u0000"}', 'YB101', 'not JSON', 'a zero byte is refused');
SELECT refused('[1]', 'YB101', 'document', 'an array is no document');
SELECT refused('"x"', 'YB101', 'document', 'a string is no document');
SELECT refused(edit('{yibao}', '2'), 'YB110', 'yibao', 'another grammar is refused');
SELECT refused(edit('{yibao}', '"1"'), 'YB110', 'yibao', 'the version as a string is refused');
SELECT refused(take('{yibao}'), 'YB104', '"yibao"', 'a document without a version is refused');
SELECT refused(edit('{yibao}', '2') || '{"new_key": 1}', 'YB110', 'yibao', 'the version is told before keys of another grammar');
SELECT refused_text(jsonb_set(base(), '{note}', to_jsonb(repeat('x', 2 * 1024 * 1024)))::text, 'YB109', 'bytes, more than 1048576', '2 MB are refused');
SELECT throws_ok($$SELECT yibao.policy_ok(jsonb_set(base(), '{note}', to_jsonb(repeat('x', 2 * 1024 * 1024))))$$, 'YB109', NULL, '2 MB are refused as jsonb too');
SELECT refused_text('{"yibao": 1, "note": ' || repeat('[', 32) || repeat(']', 32) || '}', 'YB109', '32 levels', '33 levels are refused');
SELECT refused(('{"yibao": 1, "note": ' || repeat('[', 32) || repeat(']', 32) || '}')::jsonb, 'YB109', '32 levels', 'and as jsonb');
SELECT refused(('{"yibao": 1, "note": ' || repeat('[', 31) || repeat(']', 31) || '}')::jsonb, 'YB104', '"title"', '32 levels are not too many');
SELECT refused_text('{"yibao": 1e400000}', 'YB105', 'yibao', 'a number that numeric cannot hold is refused by us');

-- keys
SELECT refused(edit('{laiers}', '1'), 'YB102', 'laiers: unknown key', 'an unknown key at the top');
SELECT refused(edit('{layers,0,ratoi}', '1'), 'YB102', 'layers[0].ratoi: unknown key', 'an unknown key of a layer');
SELECT refused(edit('{layers,0,ratio,1,tiers,from}', '1'), 'YB102', 'layers[0].ratio[1].tiers.from: unknown key', 'an unknown key deep down');
SELECT refused(edit('{layers,0,ratio,0,amount}', '"1"'), 'YB102', 'layers[0].ratio[0].amount: unknown key', 'a key of another parameter');
SELECT refused(edit('{sources,t,dok}', '1'), 'YB102', 'sources.t.dok', 'an unknown key of a source');
SELECT refused(edit('{fund,split,0,kind}', '1'), 'YB102', 'fund.split[0].kind', 'an unknown key of a split');
SELECT refused(edit('{title,de}', '"x"'), 'YB102', 'title.de', 'an unknown language');
SELECT refused_text(replace(base()::text, '"hosp_lv": ["05", "06", "07"]', '"hosp_lv": ["05"], "refl": "up", "hosp_lv": ["06"]'),
  'YB103', 'layers[0].ratio[0].when.hosp_lv: the key is given twice', 'a duplicate key deep down is found, with its path');
SELECT refused_text(replace(base()::text, '"admdvs": "620522"', '"admdvs": "620522", "\u0061dmdvs": "620523"'),
  'YB103', 'admdvs: the key is given twice', 'a duplicate key written with an escape is found');
SELECT refused_text('{"a": [1, {"b": 1, "c": {}, "b": 2}]}', 'YB103', 'a[1].b: the key is given twice', 'a duplicate is told before anything else');
SELECT refused(take(ARRAY[k]), 'YB104', format('"%s"', k), k || ' must be there')
  FROM unnest('{title,insutype,admdvs,valid_from,version_date,sources,benefits,layers}'::text[]) AS k;
SELECT refused(take(ARRAY['layers', '0', k]), 'YB104', format('layers[0]: key "%s"', k), 'a layer has ' || k)
  FROM unnest('{code,pays,payer,base,deductible,ratio,rounding}'::text[]) AS k;
SELECT refused(take(ARRAY['fund', 'split', '0', k]), 'YB104', format('fund.split[0]: key "%s"', k), 'a split has ' || k)
  FROM unnest('{coverage_year,outpatient,inpatient,base,kinds,after_serious,rounding}'::text[]) AS k;
SELECT refused(edit(ARRAY['fund', k], '"so"'), 'YB105', 'fund.' || k, k || ' is one of its words')
  FROM unnest(ARRAY['deposit_book', 'prior_year_recovery', 'surplus_return', 'serious_subject']) k;
SELECT refused(take('{fund,on_pool_short}'), 'YB104', 'fund: key "on_pool_short"', 'what happens when a pool is short is never a default');
SELECT refused(take('{layers,1,payer,pays}'), 'YB104', 'layers[1].payer: key "pays"', 'how another payer pays must be said');
SELECT refused(take('{layers,0,ratio,0,ratio}'), 'YB104', 'layers[0].ratio[0]', 'a rule without a value');
SELECT refused(edit('{layers,0,adjust,tcm}', '[{"when": {"tcm_flag": true}, "add": "0.10", "source": "t"}]'), 'YB104', 'layers[0]: key "combine"',
  'two adjustments need combine: P09 has no default');
SELECT accepted(edit('{layers,0}', base() #> '{layers,0}' || '{"combine": "sum"}'::jsonb), 'combine may be stated for one adjustment too');

-- sources
SELECT refused(take('{layers,0,ratio,0,source}'), 'YB108', 'layers[0].ratio[0]: key "source"', 'a rule without a source');
SELECT refused(take('{fund,split,0,source}'), 'YB108', 'fund.split[0]: key "source"', 'a split without a source');
SELECT refused(take('{layers,1,when_source}'), 'YB108', 'layers[1]: key "when_source"', 'a condition of a layer without a source');
SELECT refused(edit('{layers,0,ratio,0,source}', '"q85 五(三)"'), 'YB108', 'layers[0].ratio[0].source: "q85"', 'a source that is not listed');
SELECT refused(edit('{layers,0,adjust,referral,0,assumed}', '["P02"]'), 'YB108', 'layers[0].adjust.referral[0].assumed[0]: "P02"', 'an assumption that is not listed');
SELECT refused(edit('{sources,t,trust}', '"hearsay"'), 'YB105', 'sources.t.trust', 'trust is one of the words');
SELECT refused(edit('{sources,a b}', '{"doc": "x", "trust": "demo"}'), 'YB105', 'sources.a b', 'a source key with a blank could not be cited');

-- values
SELECT refused(edit('{layers,0,ratio,0,ratio}', '"1.0001"'), 'YB105', 'layers[0].ratio[0].ratio: 1.0001', 'a ratio above 1');
SELECT refused(edit('{layers,0,ratio,0,ratio}', '"75"'), 'YB105', 'layers[0].ratio[0].ratio: 75', '75 for 75%');
SELECT refused(edit('{layers,0,ratio,0,ratio}', '"-0.1"'), 'YB105', 'layers[0].ratio[0].ratio', 'a negative ratio');
SELECT refused(edit('{layers,0,ratio,0,ratio}', '"0.12345"'), 'YB105', 'layers[0].ratio[0].ratio: "0.12345" has more than 4', 'five decimals of a ratio');
SELECT refused(edit('{layers,0,ratio,0,ratio}', '0.75'), 'YB105', 'layers[0].ratio[0].ratio is a JSON number', 'a ratio as a JSON number');
SELECT refused(edit('{layers,0,ratio,0,ratio}', to_jsonb(v)), 'YB105', 'layers[0].ratio[0].ratio', format('"%s" is no ratio', v))
  FROM unnest('{.75,0.,75%,0x1,1e-1," 0.7",+0.7,0.7.0,七成}'::text[]) AS v;
SELECT refused(edit('{layers,0,deductible,0,amount}', '500'), 'YB105', 'layers[0].deductible[0].amount is a JSON number', 'money as a JSON number');
SELECT refused(edit('{layers,0,deductible,0,amount}', '"500.005"'), 'YB105', 'layers[0].deductible[0].amount: "500.005"', 'three decimals of an amount');
SELECT refused(edit('{layers,0,deductible,0,amount}', '"-1"'), 'YB105', 'layers[0].deductible[0].amount', 'a negative deductible');
SELECT refused(edit('{layers,0,deductible,0,amount}', '"100000000000000"'), 'YB105', 'layers[0].deductible[0].amount', 'an amount beyond numeric(16,2)');
SELECT refused(edit('{layers,0,deductible,0,amount}', 'null'), 'YB105', 'layers[0].deductible[0].amount is null', 'null is no amount');
SELECT refused(edit('{layers,0,deductible,1,max}', '"99.99"'), 'YB105', 'layers[0].deductible[1].max', 'a largest deductible below the smallest');
SELECT refused(edit('{layers,0,deductible,1,amount}', '"1"'), 'YB105', 'layers[0].deductible[1]', 'two forms of a deductible at once');
SELECT refused(edit('{layers,0,adjust,referral,0,multiply}', '"0.9"'), 'YB105', 'layers[0].adjust.referral[0] has both', 'two effects in one rule');
SELECT refused(edit('{layers,0,ratio,0,unknown}', 'true'), 'YB105', 'layers[0].ratio[0] has "unknown" beside "ratio"', 'unknown beside a figure');
SELECT refused(edit('{layers,0,ratio,0}', '{"unknown": false, "source": "t"}'), 'YB105', 'layers[0].ratio[0].unknown', 'unknown: false');
SELECT accepted(edit('{layers,0,ratio,0}', '{"unknown": true, "source": "t", "when": {"hosp_lv": "05"}}'), 'a figure that the source does not give is marked, not invented');
SELECT accepted(edit('{layers,0,adjust,referral,0}', '{"reduce": "0.10", "source": "q84 五(三)", "when": {"refl": "none"}}'), '降低10% whose reading is left open is accepted [A079]');
SELECT refused(edit(ARRAY['layers', '0', 'cap', 'year', '0', 'per'], to_jsonb(p)), 'YB104', 'layers[0].cap.year[0]: "unused"', 'P15: what a ' || p || ' does not use is lost or carried, without a default')
  FROM unnest('{month,quarter}'::text[]) AS p;
SELECT refused(edit('{layers,0,cap,year,0,unused}', '"lost"'), 'YB105', 'layers[0].cap.year[0]: "unused"', 'P15: of a year nothing is carried');
SELECT refused(edit('{layers,1,cap,both,0,per}', '"day"'), 'YB105', 'layers[1].cap.both[0]: only the basic layer', 'a limit per day in an upper layer');
SELECT refused(edit('{layers,0,cap,year,0,per}', '"week"'), 'YB105', 'layers[0].cap.year[0].per: "week"', 'a period that is no word of the grammar');
SELECT refused(edit('{layers,0,deductible_cap,0,per}', '"visit"'), 'YB105', 'layers[0].deductible_cap[0].per', 'a limit of deductibles is per year');
SELECT refused(edit('{layers,0,rounding}', '"yuan"'), 'YB105', 'layers[0].rounding', 'rounding is by layer or band: P28 has no default');
SELECT refused(edit('{layers,0,base}', '["copay"]'), 'YB105', 'layers[0].base[0]', 'the basic layer looks at the in-policy amount');
SELECT refused(edit('{layers,1,base}', '["inscp"]'), 'YB105', 'layers[1].base[0]', 'other layers look at what is left');
SELECT refused(edit('{layers,1,base}', '[]'), 'YB105', 'layers[1].base is an empty array', 'a layer has a base: P05, P19');
SELECT refused(edit('{layers,1,base}', '["copay", "copay"]'), 'YB105', 'layers[1].base[1]', 'a part of the base named twice');
SELECT refused(edit('{layers,1,pays}', '"hifp_pay"'), 'YB105', 'layers[1].pays', 'a layer pays its own column');
SELECT refused(edit('{layers,1,code}', '"basic"'), 'YB105', 'layers[1].code', 'a layer given twice');
SELECT refused(jsonb_set(base(), '{layers}', jsonb_build_array(base() #> '{layers,1}', base() #> '{layers,0}')), 'YB105', 'layers[1].code', 'layers out of order');
SELECT refused(edit('{layers,0,payer,pays}', '"hospital_direct"'), 'YB105', 'layers[0].payer.pays', 'the fund itself needs no way to pay');
SELECT refused(edit('{layers,1,cap,both,0,layers}', '["basic"]'), 'YB105', 'layers[1].cap.both[0].layers', 'a shared cap names its own layer');
SELECT refused(edit('{layers,0,cap,year,0,layers}', '["basic", "serious"]'), 'YB105', 'layers[0].cap.year[0].layers', 'a shared cap stands in its last layer');
SELECT refused(edit('{layers,1,cap,both,0,on}', '"eligible"'), 'YB105', 'layers[1].cap.both[0].layers', 'a shared cap is one of payments');
SELECT refused(edit('{layers,1,cap,both,0,layers}', '["serious", "tilt"]'), 'YB105', 'layers[1].cap.both[0].layers', 'a shared cap names layers of the document');
SELECT accepted(edit('{layers,1,cap,both,0,scope}', '"benefit"'), 'every layer counts by benefit, a shared cap too');
SELECT accepted(edit('{layers,0,cap,year,0,benefits}', '["inpatient"]'), 'a cap may count some benefits together');
SELECT refused(edit('{layers,1,cap,both,0,scope}', '"disease"'), 'YB105', 'layers[1].cap.both[0].scope: only the basic layer counts by disease', 'a limit of a disease in serious illness');
SELECT refused(edit('{layers,1,cap,x}', '[{"per": "year", "on": "eligible", "amount": "5", "scope": "benefit", "source": "q84"}]'), 'YB105', 'layers[1].cap.x[0]: of layer serious only payments are counted by benefit', 'eligible cost of an upper layer by benefit');
SELECT refused(edit('{layers,1,cap,x}', '[{"per": "year", "on": "eligible", "amount": "5", "benefits": ["inpatient"], "source": "q84"}]'), 'YB105', 'layers[1].cap.x[0]: of layer serious only payments are counted by benefit', 'nor of some benefits');
SELECT refused(edit('{layers,0,cap,year,0,benefits}', '["chronic"]'), 'YB105', 'layers[0].cap.year[0].benefits: the document has no benefit chronic', 'a benefit that no visit belongs to');
SELECT refused(edit('{layers,0,cap,year,0,benefits}', '["inpatient", "inpatient"]'), 'YB105', 'layers[0].cap.year[0].benefits[1]: benefit inpatient is named twice', 'a benefit named twice');
SELECT is((SELECT hint FROM yibao.policy_check(edit('{layers,0,ratio,0,ratio}', '"65%"')) WHERE path = 'layers[0].ratio[0].ratio'), 'Write it as "0.65".', 'a percentage is told as the share that it is');
SELECT is((SELECT hint FROM yibao.policy_check(base() #- '{layers,0,rounding}') WHERE sqlstate = 'YB104'), 'It is one of: layer, band.', 'which words a missing key may have');
SELECT refused(edit('{layers,0,cap,year,0,benefits}', '["stay"]'), 'YB105', 'layers[0].cap.year[0].benefits[0]', 'a word that is no benefit');
SELECT refused(edit('{layers,0,cap,year,0}', '{"per": "month", "unused": "lost", "on": "payment", "amount": "5", "benefits": ["inpatient"], "source": "q84"}'), 'YB105', 'layers[0].cap.year[0].benefits: benefits count together per year only', 'benefits together by month');
SELECT refused(edit('{layers,0,cap,year,0}', '{"per": "year", "on": "payment", "amount": "5", "benefits": ["inpatient"], "scope": "benefit", "source": "q84"}'), 'YB105', 'layers[0].cap.year[0].scope stands beside "benefits"', 'two answers to what is counted');
SELECT refused(edit('{valid_from}', to_jsonb(d)), 'YB105', 'valid_from', format('"%s" is no day', d))
  FROM unnest('{2018-02-29,2018-9-18,20180918,"2018-09-18 "}'::text[]) AS d;
SELECT refused(edit('{valid_to}', '"2018-09-18"'), 'YB105', 'valid_to', 'a document that ends when it begins');
SELECT refused(edit('{insutype}', '"999"'), 'YB105', 'insutype', 'an unknown scheme');
SELECT refused(edit('{admdvs}', '"62052"'), 'YB105', 'admdvs', 'a division code has six digits');

-- conditions
SELECT refused(edit('{layers,0,ratio,0,when,hosp_lv}', '"15"'), 'YB105', 'layers[0].ratio[0].when.hosp_lv: unknown code "15"', 'an unknown code');
SELECT refused(edit('{layers,0,ratio,0,when,hosp_lv}', '["05", "3A"]'), 'YB105', 'layers[0].ratio[0].when.hosp_lv[1]: unknown code "3A"', 'an unknown code in a list, by its place');
SELECT refused(edit('{layers,0,ratio,0,when,hosp_lvl}', '"05"'), 'YB102', 'layers[0].ratio[0].when.hosp_lvl', 'an unknown field');
SELECT refused(edit('{layers,0,ratio,0,when,cum_ipt_hifp}', '"5"'), 'YB102', 'layers[0].ratio[0].when.cum_ipt_hifp', 'an accumulator that no rule may read');
SELECT accepted(edit('{layers,0,deductible,1,when,cum_ipt_cnt}', '{">=": 1}'), 'a deductible may depend on the stays of the year');
SELECT refused(edit('{layers,0,ratio,0,when,age}', '{">=": 60, "<": 60}'), 'YB105', 'layers[0].ratio[0].when.age', 'bounds that no value meets');
SELECT refused(edit('{layers,0,ratio,0,when,age}', '"60"'), 'YB105', 'layers[0].ratio[0].when.age', 'a number as a string');
SELECT refused(edit('{layers,0,ratio,0,when,age}', '{">=": 60.5}'), 'YB105', 'layers[0].ratio[0].when.age.>=', 'half a year');
SELECT refused(edit('{layers,0,ratio,0,when,er_flag}', '"1"'), 'YB105', 'layers[0].ratio[0].when.er_flag', 'a flag is true or false');
SELECT refused(edit('{layers,0,ratio,0,when}', '{}'), 'YB105', 'layers[0].ratio[0].when', 'no condition is an absent when');
SELECT refused(edit('{layers,0,ratio,0}', '{"from": "2020-01-01", "to": "2020-01-01", "ratio": "0.5", "source": "t"}'), 'YB105', 'layers[0].ratio[0].to', 'a rule that ends when it begins');
SELECT refused(edit('{layers,0,ratio,0}', '{"from": "2020-01-01", "when": {"setl_time": {"<": "2019-01-01"}}, "ratio": "0.5", "source": "t"}'), 'YB105', 'layers[0].ratio[0]: no claim', 'conditions that contradict each other');

-- bands
SELECT refused(edit('{layers,0,ratio,1,tiers,bands}', '[["5000.00", "0.60"]]'), 'YB107', 'layers[0].ratio[1].tiers.bands', 'nothing said about amounts above the last band');
SELECT refused(edit('{layers,0,ratio,1,tiers,bands}', '[["5000.00", "0.60"], ["4000.00", "0.7"], [null, "0.80"]]'), 'YB107', 'layers[0].ratio[1].tiers.bands[1][0]: 4000.00 is not above 5000.00', 'bands out of order');
SELECT refused(edit('{layers,0,ratio,1,tiers,bands}', '[["5000.00", "0.60"], ["5000.00", "0.7"], [null, "0.80"]]'), 'YB107', 'layers[0].ratio[1].tiers.bands[1][0]', 'an empty band');
SELECT refused(edit('{layers,0,ratio,1,tiers,bands}', '[[null, "0.60"], ["5000.00", "0.7"]]'), 'YB107', 'layers[0].ratio[1].tiers.bands[0]', 'a band without an end before another');
SELECT refused(edit('{layers,0,ratio,1,tiers,bands}', '[["5000.00"], [null, "0.7"]]'), 'YB105', 'layers[0].ratio[1].tiers.bands[0]', 'a band has two elements');
SELECT refused(take('{layers,0,ratio,1,tiers,origin}'), 'YB104', 'layers[0].ratio[1].tiers: key "origin"', 'where bands begin is never a default: P04');

-- the fund section
SELECT refused(edit('{fund,split,0,inpatient}', '"0.60"'), 'YB105', 'fund.split[0]: 0.30 outpatient and 0.60 inpatient make 0.90', 'shares that do not add up to 1 [A032]');
SELECT refused(edit('{fund,split,1}', base() #> '{fund,split,0}' || '{"coverage_year": {">=": 2021}}'), 'YB106', 'fund.split[0] and fund.split[1]', 'two splits for one coverage year');
SELECT refused(edit('{fund,split,0,kinds}', '["contribution", "gift"]'), 'YB105', 'fund.split[0].kinds[1]', 'an unknown kind of receipt');
SELECT refused(edit('{fund,serious,per_head,1,coverage_year}', '2018'), 'YB106', 'fund.serious.per_head[0] and fund.serious.per_head[1]', 'two amounts a head for one year');
SELECT refused(edit('{fund,deadline,yearly}', '"02-29"'), 'YB105', 'fund.deadline.yearly', 'a day that not every year has');
SELECT refused(edit('{fund,transfer,max_share}', '"1.5"'), 'YB105', 'fund.transfer.max_share', 'a transfer of more than there is');
SELECT refused(edit('{fund,deficit_budget,mode}', '"maybe"'), 'YB105', 'fund.deficit_budget.mode', 'an unknown way with a deficit [A224]');
SELECT refused(take('{fund,deficit_budget,max}'), 'YB104', 'fund.deficit_budget: key "max"', 'how much of the surplus may be used is never a default');
SELECT refused(edit('{fund,deficit_budget,mode}', '"refuse"'), 'YB105', 'fund.deficit_budget.max: nothing is allowed', 'a deficit that is refused has no limit');
SELECT refused(take('{fund,interim_budget,source}'), 'YB108', 'fund.interim_budget', 'spending before the budget has its document');
SELECT refused(edit('{fund,appropriation,control}', '"form"'), 'YB105', 'fund.appropriation.control', 'an unknown control of appropriations');
SELECT refused(take('{fund,appropriation,months_of}'), 'YB104', 'fund.appropriation: key "months_of"', 'months of what is never a default');
SELECT refused(take('{fund,appropriation,months_in_account}'), 'YB104', 'fund.appropriation.months_of: of how many months', 'nor how many');
SELECT refused(edit('{fund,appropriation,months_in_account}', '13'), 'YB105', 'fund.appropriation.months_in_account', 'more than a year of money in the account');

-- conflicts
CREATE FUNCTION ratios(rules jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$ SELECT edit('{layers,0,ratio}', rules) $$;
SELECT refused(ratios('[{"when": {"hosp_lv": "05"}, "ratio": "0.7", "source": "t"}, {"when": {"refl": "none"}, "ratio": "0.6", "source": "t"}]'),
  'YB106', 'layers[0].ratio[0] and layers[0].ratio[1] both hold', 'two rules that collide');
SELECT refused(ratios('[{"ratio": "0.7", "source": "t"}, {"ratio": "0.7", "source": "t"}]'), 'YB106', 'layers[0].ratio[0] and layers[0].ratio[1]', 'the same rule twice');
SELECT accepted(ratios('[{"when": {"hosp_lv": "05"}, "ratio": "0.7", "source": "t"}, {"when": {"refl": "none"}, "ratio": "0.6", "source": "t"},
  {"when": {"refl": "none", "hosp_lv": "05"}, "ratio": "0.5", "source": "t"}]'), 'a third rule, more specific than both, settles a collision');
SELECT refused(ratios('[{"when": {"hosp_lv": ["05", "06"]}, "ratio": "0.7", "source": "t"}, {"when": {"refl": "none"}, "ratio": "0.6", "source": "t"},
  {"when": {"refl": "none", "hosp_lv": "05"}, "ratio": "0.5", "source": "t"}]'), 'YB106', 'layers[0].ratio[0] and layers[0].ratio[1]', 'a third rule that covers only part of it does not');
SELECT accepted(ratios('[{"when": {"hosp_lv": "05"}, "ratio": "0.7", "source": "t", "id": "a"}, {"when": {"refl": "none"}, "ratio": "0.6", "source": "t", "over": ["a"]}]'),
  'over settles a collision');
SELECT refused(ratios('[{"when": {"hosp_lv": "05"}, "ratio": "0.7", "source": "t", "id": "a", "over": ["b"]}, {"when": {"refl": "none"}, "ratio": "0.6", "source": "t", "id": "b", "over": ["a"]}]'),
  'YB106', 'circular among layers[0].ratio[0], layers[0].ratio[1]', 'over in a circle');
SELECT refused(ratios('[{"ratio": "0.7", "source": "t", "id": "a", "over": ["a"]}]'), 'YB106', 'layers[0].ratio[0].over[0]', 'a rule over itself');
SELECT refused(ratios('[{"ratio": "0.7", "source": "t", "over": ["z"]}]'), 'YB105', 'layers[0].ratio[0].over[0]', 'over a rule that is not there');
SELECT refused(ratios('[{"ratio": "0.7", "source": "t", "id": "a"}, {"when": {"refl": "up"}, "ratio": "0.6", "source": "t", "id": "a"}]'), 'YB105', 'layers[0].ratio[1].id', 'one id twice');
SELECT accepted(ratios('[{"ratio": "0.7", "source": "t", "to": "2025-01-01"}, {"ratio": "0.6", "source": "t", "from": "2025-01-01"}]'), 'rules that follow each other do not collide');
SELECT refused(ratios('[{"ratio": "0.7", "source": "t", "to": "2025-01-02"}, {"ratio": "0.6", "source": "t", "from": "2025-01-01"}]'), 'YB106', 'layers[0].ratio[0] and layers[0].ratio[1]', 'rules that overlap by a day collide');
SELECT accepted(ratios('[{"when": {"med_type": "21"}, "ratio": "0.7", "source": "t"}, {"when": {"med_type": "2101"}, "ratio": "0.6", "source": "t"}, {"ratio": "0.1", "source": "t"}]'),
  'a code is more specific than the code it begins with');
SELECT refused(edit('{benefits,1,when}', '{"hosp_lv": "05"}'), 'YB106', 'benefits[0] and benefits[1]', 'a visit belongs to one benefit');

SELECT accepted(edit('{layers,0,adjust,referral}', '[{"when": {"refl": {"not": ["none", "down"]}}, "add": "0.1", "source": "t"},
  {"when": {"refl": ["none", "down"]}, "add": "0.2", "source": "t"}]'), 'a code and its opposite do not collide');
SELECT accepted(edit('{layers,0,adjust,referral}', '[{"when": {"refl": {"not": ["none", "down", "up"]}}, "add": "0.1", "source": "t"},
  {"when": {"refl": {"not": "exempt"}}, "add": "0.2", "source": "t"}]'), 'rules meet nowhere when a closed list has no further code');

-- several categories (P17)
SELECT refused(edit('{categories}', '{"several": "best"}'), 'YB108', 'categories', 'a choice of category without a source');
SELECT refused(edit('{categories}', '{"source": "t"}'), 'YB104', 'categories: key "several"', 'a choice of category that says nothing');
SELECT refused(edit('{categories}', '{"several": "sum", "source": "t"}'), 'YB105', 'categories.several', 'benefits of two categories are not added');
SELECT refused(edit('{categories}', '{"several": "best", "order": ["2301"], "source": "t"}'), 'YB105', 'categories', 'the best goes by no order');
SELECT refused(edit('{categories}', '{"several": "precedence", "source": "t"}'), 'YB104', 'categories: key "order"', 'precedence without an order');
SELECT refused(edit('{categories}', '{"several": "precedence", "order": ["2301", "2303", "2301"], "source": "t"}'), 'YB105', 'categories.order[2]', 'a category that stands in the order twice');
SELECT refused(edit('{categories}', '{"several": "precedence", "order": ["123456789"], "source": "t"}'), 'YB105', 'categories.order[0]', 'a category of nine bytes');
SELECT refused(edit('{categories}', '{"several": "best", "first": true, "source": "t"}'), 'YB102', 'categories.first', 'an unknown key of categories');
SELECT refused(jsonb_set(edit('{categories}', '{"several": "best", "source": "t"}'), '{benefits,0,when,psn_idet_type}', '"2303"'), 'YB105', 'benefits[0]', 'a benefit that hangs on the category, where the best is chosen');
SELECT refused(jsonb_set(jsonb_set(edit('{categories}', '{"several": "best", "source": "t"}'), '{layers,0,deductible,0}', '{"amount": "500.00", "per": "year", "group": "g", "source": "t"}'), '{layers,0,deductible,1,when,psn_idet_type}', '"2303"'),
  'YB105', 'layers[0].deductible[1]', 'nor one whose group of deductibles does');
SELECT refused(edit('{benefits,0,when,psn_idet_types}', '"2303"'), 'YB102', 'benefits[0].when.psn_idet_types', 'a condition on the list of categories');
-- forms that do not go together, names given twice
SELECT refused(edit('{layers,0,deductible,0}', '{"amount": "500.00", "ratio": "0.1", "per": "visit", "source": "t"}'), 'YB105', 'layers[0].deductible[0]: "ratio"', 'an amount with a ratio');
SELECT refused(edit('{layers,0,cap,year,0}', '{"per": "year", "on": "payment", "amount": "20000.00", "minus_max": "0.1", "source": "t"}'), 'YB105', 'layers[0].cap.year[0].minus_max', 'a limit of what counts take, without counts');
SELECT refused(edit('{layers,1,cap,both,0,layers}', '["basic", "basic", "serious"]'), 'YB105', 'layers[1].cap.both[0].layers[1]', 'a layer that shares a cap twice');
SELECT accepted(edit('{layers,0,cap,year,0}', '{"per": "year", "on": "payment", "amount": "20000.00", "scope": "benefit", "layers": ["basic"], "source": "t"}'), 'a shared cap of one benefit');
SELECT refused(edit('{layers,0,adjust}', '{"": [{"add": "-0.10", "source": "t"}]}'), 'YB105', 'layers[0].adjust has an empty name', 'adjustments without a name');
SELECT refused(edit('{layers,0,payer,model}', '"insurer"'), 'YB105', 'layers[0].payer.model', 'a model of serious illness in another layer');
SELECT refused(edit('{fund,split,0,kinds}', '["contribution", "subsidy", "contribution"]'), 'YB105', 'fund.split[0].kinds[2]', 'a kind of receipt that is split twice');
SELECT refused(edit('{fund,serious,per_head,0}', '{"coverage_year": 2018, "amount": "65.00", "unknown": true, "source": "t"}'), 'YB105', 'fund.serious.per_head[0]', 'an amount a head that is unknown all the same');
SELECT refused(edit('{fund,transfer}', '{"source": "t"}'), 'YB104', 'fund.transfer', 'a transfer rule that limits nothing');
SELECT refused(edit('{controls}', '{"catalogue_share": {"counts": ["overlmt_selfpay", "overlmt_selfpay"], "of": "total", "over": "visit", "source": "t"}}'), 'YB105', 'controls.catalogue_share.counts[1]', 'P34: a part that counts twice');
SELECT refused(edit('{counts,except}', '[{"source": "t"}]'), 'YB104', 'counts.except[0]: key "when"', 'P13: an exception without a condition');

-- enrolment
CREATE FUNCTION enrolled(more jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT edit('{enrolment}', jsonb '{"on": "begntime", "since": 2025, "elsewhere": "counts", "source": "t", "window": [{"coverage_year": {">=": 2025}, "from": "09-01", "to": "12-31", "source": "t"}]}' || more)
$$;
SELECT accepted(enrolled('{}'), 'the terms of enrolment that the cases below spoil are good');
SELECT refused(enrolled('{"window": [{"coverage_year": 2025, "from": "9-1", "to": "12-31", "source": "t"}]}'), 'YB105', 'enrolment.window[0].from: "9-1"', 'a window that begins on no day');
SELECT refused(enrolled('{"exempt": [{"group": "assistance", "of": ["waiting"], "within_months": 3, "source": "t"}]}'), 'YB105', 'enrolment.exempt[0].within_months', 'a time for who changed neither scheme nor area');
SELECT refused(enrolled('{"newborn": {"days": 90, "late": "next_month", "late_days": 30, "both_years": true, "with_mother": true, "source": "t"}}'), 'YB105', 'enrolment.newborn.late_days', 'days after a payment, where benefit begins with the month');
SELECT refused(enrolled('{"zero_claim": {"broken_by": ["inpatient", "inpatient"], "reset": "never", "needs_next_year": true, "after_gap": "keep", "source": "t"}}'), 'YB105', 'enrolment.zero_claim.broken_by[1]', 'P23: a benefit that breaks a year twice');
SELECT refused(enrolled('{"zero_claim": {"broken_by": ["inpatient"], "reset": "never", "original_cap": "400000.00", "needs_next_year": true, "after_gap": "keep", "source": "t"}}'), 'YB105', 'enrolment.zero_claim.original_cap', 'P23: a cap that nothing is held against');
SELECT refused(enrolled('{"schemes": ["39"]}'), 'YB105', 'enrolment.schemes[0]', 'a scheme that there is not');
SELECT refused(enrolled(jsonb_build_object('schemes', (SELECT jsonb_agg('310'::text) FROM generate_series(1, 20)))), 'YB109', 'enrolment.schemes: more than', 'twenty schemes');

-- more than a document may hold
SELECT refused(edit('{benefits}', (SELECT jsonb_agg(jsonb_build_object('when', jsonb_build_object('dise_codg', 'D' || n), 'benefit', 'inpatient', 'pool', 'p' || n, 'source', 't')) FROM generate_series(1, 65) AS n)), 'YB109', 'benefits[64]: more than 64 pools', 'sixty-five pools');
SELECT refused(edit('{layers,0,ratio,1,tiers,bands}', (SELECT jsonb_agg(jsonb_build_array(n::text, '0.5')) || '[[null, "0.6"]]' FROM generate_series(1, 100) AS n)), 'YB109', 'layers[0].ratio[1].tiers.bands: more than 100 bands', 'a hundred and one bands');
SELECT refused(edit('{layers,0,cap,year,0}', jsonb '{"per": "year", "on": "payment", "amount": "20000.00", "max": "30000", "source": "t"}' || jsonb_build_object('each', (SELECT jsonb_agg(jsonb '{"count": "dise_cnt", "above": 1, "amount": "300"}') FROM generate_series(1, 9)))),
  'YB109', 'layers[0].cap.year[0].each: more than 8 counts', 'nine counts');
SELECT refused(edit('{layers,1,pay_on}', jsonb_build_array(jsonb_build_object('source', 't', 'days', (SELECT jsonb_agg('01-' || n) FROM generate_series(10, 22) AS n)))), 'YB109', 'layers[1].pay_on[0].days: more than 12 days', 'thirteen days of payment');
SELECT refused(edit('{layers,0,adjust}', (SELECT jsonb_object_agg('a' || n, jsonb '[{"add": "0.01", "source": "t"}]') FROM generate_series(1, 201) AS n)), 'YB109', 'more than 200 parameters', 'two hundred and one lists of rules');
SELECT refused(edit('{layers,0,ratio}', (SELECT jsonb_agg(jsonb_build_object('when', jsonb_build_object('dise_codg', 'D' || n), 'ratio', '0.5', 'source', 't')) FROM generate_series(1, 257) AS n)), 'YB109', 'layers[0].ratio: more than 256 rules', 'two hundred and fifty-seven rules');
SELECT refused(edit('{benefits,0,when,dise_codg}', to_jsonb(repeat('x', 201))), 'YB105', 'benefits[0].when.dise_codg: "xxx', 'a code of 201 bytes');
SELECT refused(edit('{benefits,0,when,dise_codg}', (SELECT jsonb_agg('D' || n) FROM generate_series(1, 1023) AS n)), 'YB109', 'dise_codg name 1023 different values', 'more diseases than a policy tells apart');
SELECT refused(edit('{benefits,0,when}', '{"med_type": "21", "hosp_lv": "01", "dedc_hosp_lv": "01", "lmtpric_hosp_lv": "01", "psn_type": "14", "psn_idet_type": "03", "clct_grde": "1", "area": "county", "refl": "none", "filing": "none", "setl_type": "1", "pay_loc": "1", "dise_type_code": "10",
    "matn_type": "1", "gend": "1", "dise_codg": "E10", "fixmedins_code": "H", "er_flag": true, "inj_flag": true, "thrd_flag": true, "tcm_flag": true, "nwb_flag": true, "pub_flag": true, "age": 1, "dise_cnt": 1}'),
  'YB109', 'rules depend on more than 24 fields', 'twenty-five fields');
SELECT refused(edit('{layers,0,ratio}', (SELECT jsonb_agg(jsonb_build_object('ratio', '0.5', 'source', 't', 'when', jsonb_build_object('age', 2 * n, 'act_ipt_days', 2 * n, 'cont_years', 2 * n, 'zero_years', 2 * n, 'gap_years', 2 * n, 'enrol_months', 2 * n, 'dise_cnt', 2 * n)))
    FROM generate_series(1, 250) AS n)), 'YB109', 'too many situations', 'numbers that tell more situations apart than there is room for');
-- two rules, and hundreds that each take a part of what they share, in an order of their own
CREATE FUNCTION overlapping() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
WITH
number AS (SELECT name, i FROM unnest('{age,act_ipt_days,cont_years,zero_years,gap_years,enrol_months,dise_cnt,trsf_days,bonus_years}'::text[]) WITH ORDINALITY AS u(name, i)),
third AS (SELECT n, jsonb_build_object('id', 'c' || n, 'over', coalesce((SELECT jsonb_agg('c' || k) FROM generate_series(1, n - 1) AS k), '[]'), 'ratio', '0.5', 'source', 't',
    'when', jsonb '{"er_flag": true, "inj_flag": true}' || jsonb_build_object((SELECT name FROM number WHERE i = 1 + n % 9), jsonb_build_object(CASE WHEN n % 2 = 0 THEN '>=' ELSE '<' END, 3 + n * 7 % 5),
      (SELECT name FROM number WHERE i = 1 + (n * 5 + n / 9) % 9), jsonb_build_object(CASE WHEN n / 2 % 2 = 0 THEN '>=' ELSE '<' END, 3 + n * 11 % 5),
      (SELECT name FROM number WHERE i = 1 + (n * 7 + 3 + n / 5) % 9), jsonb_build_object(CASE WHEN n / 4 % 2 = 0 THEN '>=' ELSE '<' END, 3 + n * 3 % 5))) AS rule
  FROM generate_series(1, 250) AS n)
SELECT edit('{layers,0,ratio}', jsonb '[{"id": "a", "when": {"er_flag": true}, "ratio": "0.5", "source": "t"}, {"id": "b", "when": {"inj_flag": true}, "ratio": "0.6", "source": "t"}]'
  || (SELECT jsonb_agg(CASE WHEN rule -> 'over' = '[]' THEN rule - 'over' ELSE rule END ORDER BY n) FROM third))
$$;
SELECT refused(overlapping(), 'YB109', 'whether layers[0].ratio[0] and layers[0].ratio[1] collide is too hard to tell', 'rules whose collision nobody can find out');

SELECT * FROM finish();
