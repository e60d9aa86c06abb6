-- What a policy is held against when it is published here.

CREATE TABLE @schema@.policy_bound (
    name text COLLATE "C" NOT NULL,
    mode text COLLATE "C" NOT NULL CONSTRAINT policy_bound_mode CHECK (mode IN ('flag', 'refuse')),
    bounds jsonb,
    facts jsonb NOT NULL DEFAULT '{}' CONSTRAINT policy_bound_facts CHECK (pg_catalog.jsonb_typeof(facts) = 'object'),
    doc_no text,
    CONSTRAINT policy_bound_pkey PRIMARY KEY (name)
);
COMMENT ON TABLE @schema@.policy_bound IS
'政策边界. Bounds of a higher level that every policy published here is held against; no row: none. The owner of the area writes it. See policy_bounds() in doc/policies.md.';
COMMENT ON COLUMN @schema@.policy_bound.name IS '名称. Which bounds: national, province, ...';
COMMENT ON COLUMN @schema@.policy_bound.mode IS '处理方式. refuse: a policy outside a bound, or a parameter set by a level that may not, is YB111; flag: it is published, with an alert for each finding';
COMMENT ON COLUMN @schema@.policy_bound.bounds IS '边界文件. A document of bounds; NULL: yibao.national_bounds()';
COMMENT ON COLUMN @schema@.policy_bound.facts IS '事实. What the bounds ask for and no policy states, as disposable_income of last year';
COMMENT ON COLUMN @schema@.policy_bound.doc_no IS '依据';
