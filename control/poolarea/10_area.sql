-- The area itself: what it is, its policies, its pools and its periods.

CREATE TABLE @schema@.area (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    name text COLLATE "C" NOT NULL,
    admdvs text COLLATE "C" NOT NULL CHECK (admdvs ~ '^[0-9]{6}$'),
    version text COLLATE "C" NOT NULL,
    mode text COLLATE "C" NOT NULL DEFAULT 'immediate' CHECK (mode IN ('immediate', 'deferred')),
    nslot integer NOT NULL DEFAULT 64 CHECK (nslot BETWEEN 1 AND 1024),
    created_by text NOT NULL,
    created_at timestamptz NOT NULL
);
COMMENT ON TABLE @schema@.area IS '统筹区. One row: the pool area that this schema holds, and the version of yibao that its tables are of.';
COMMENT ON COLUMN @schema@.area.admdvs IS '行政区划代码, six digits';
COMMENT ON COLUMN @schema@.area.mode IS '过账方式. immediate: a statement takes what it needs from the pools when it runs; deferred: a transaction takes it when it commits, netted and in one order, so that transactions of several statements do not deadlock on pools. The owner may change it';
COMMENT ON COLUMN @schema@.area.nslot IS '槽数. Slots of a pool when it was made; more let more settlements commit at once';

CREATE TABLE @schema@.policy (
    policy_id text COLLATE "C" PRIMARY KEY,
    insutype text COLLATE "C" NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    publication integer NOT NULL CHECK (publication > 0),
    supersedes text COLLATE "C" REFERENCES @schema@.policy,
    title text NOT NULL,
    rules jsonb NOT NULL,
    rules_digest bytea NOT NULL,
    published_by text NOT NULL,
    published_at timestamptz NOT NULL,
    req_hash bytea NOT NULL,
    row_hash bytea NOT NULL,
    UNIQUE (insutype, valid_from, publication)
);
COMMENT ON TABLE @schema@.policy IS '政策文件. Documents as published; a change is a new row, never an update. In force on a day is the latest valid_from not after it (then the highest publication), leaving out what a row in force supersedes.';
COMMENT ON COLUMN @schema@.policy.policy_id IS '政策编号. Filled when NULL: insutype-valid_from-publication';
COMMENT ON COLUMN @schema@.policy.insutype IS '险种类型, from the document';
COMMENT ON COLUMN @schema@.policy.valid_from IS '生效日期, from the document';
COMMENT ON COLUMN @schema@.policy.valid_to IS '失效日期, first day on which it no longer holds, from the document; NULL: open';
COMMENT ON COLUMN @schema@.policy.publication IS '发布序号 among documents with the same first day: filled, from 1';
COMMENT ON COLUMN @schema@.policy.supersedes IS '取代的文件. A faulty document that this one replaces from its first day on';
COMMENT ON COLUMN @schema@.policy.rules IS '规则, a policy document (yibao.policy_parse makes one of text)';
COMMENT ON COLUMN @schema@.policy.rules_digest IS '规则摘要, SHA-256 of the document';

CREATE TABLE @schema@.policy_layer (
    policy_id text COLLATE "C" NOT NULL REFERENCES @schema@.policy,
    layer text COLLATE "C" NOT NULL CHECK (layer IN ('basic', 'serious', 'assistance', 'supplement')),
    payer_kind text COLLATE "C" NOT NULL CHECK (payer_kind IN ('own_fund', 'other_book', 'external')),
    payer text,
    fund text COLLATE "C" NOT NULL,
    pays text COLLATE "C" NOT NULL CHECK (pays IN ('own', 'hospital_direct', 'centre_advances', 'unknown')),
    model text COLLATE "C" CHECK (model IN ('remit_up', 'insurer', 'self_run')),
    row_hash bytea NOT NULL,
    PRIMARY KEY (policy_id, layer)
);
COMMENT ON TABLE @schema@.policy_layer IS '支付方. Who pays each layer under a policy, taken from the document when it is published. The second assistance layer has the payer of the first.';

CREATE TABLE @schema@.pool (
    pool text COLLATE "C" PRIMARY KEY,
    fund text COLLATE "C" NOT NULL CHECK (fund IN ('resident', 'assistance')),
    name_zh text NOT NULL,
    source text NOT NULL
);
COMMENT ON TABLE @schema@.pool IS '基金池. What the surplus of a fund is allocated to.';

CREATE TABLE @schema@.period (
    period text COLLATE "C" PRIMARY KEY CHECK (period ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    closed boolean NOT NULL DEFAULT false,
    closed_by text,
    closed_at timestamptz
);
COMMENT ON TABLE @schema@.period IS '会计期间. A month of the books; its row appears with its first posting. A closed one takes no entry.';
