-- Policy documents: read, check, store, list.

CREATE FUNCTION yibao.policy_parse(document text) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'yibao_policy_parse'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20000;

COMMENT ON FUNCTION yibao.policy_parse(text) IS
'读入政策文件. Reads a policy document and checks it whole: the way in for every document, as only the text shows a key that is given twice. Argument: JSON text of at most 1 MB, nested at most 32 levels; doc/policies.md has the grammar. Returns the document as jsonb; NULL gives NULL.
Errors, each with the JSON path: YB101 not JSON; YB102 unknown key; YB103 key given twice; YB104 key missing; YB105 value not allowed; YB106 two rules collide, with a situation in which they do; YB107 bands with a gap or not ascending; YB108 source missing or unknown; YB109 too large, too deep or too many; YB110 another grammar.
Immutable, parallel safe; takes no lock.';

CREATE FUNCTION yibao.policy_ok(document jsonb) RETURNS boolean
    AS 'MODULE_PATHNAME', 'yibao_policy_ok'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;

COMMENT ON FUNCTION yibao.policy_ok(jsonb) IS
'政策文件校验. True for a document that policy_parse() would accept, but for keys given twice, which jsonb no longer shows; never false: any fault is an error. For CHECK constraints on jsonb columns. NULL gives NULL.
Errors: YB101, YB102, YB104 to YB110 as for policy_parse().
Immutable, parallel safe; takes no lock. A document is compiled once per session and recognised afterwards.';

CREATE DOMAIN yibao.policy AS jsonb CONSTRAINT policy_ok CHECK (yibao.policy_ok(VALUE));

COMMENT ON DOMAIN yibao.policy IS
'政策文件. A policy document, checked where it is stored; NULL is allowed. For columns of your own tables: functions take plain jsonb, as a domain argument is checked again for every row. DROP EXTENSION CASCADE drops columns of this type; jsonb with CHECK (yibao.policy_ok(column)) survives it.';
COMMENT ON CONSTRAINT policy_ok ON DOMAIN yibao.policy IS
'政策文件校验. See function yibao.policy_ok.';

CREATE FUNCTION yibao.policy_rules(document jsonb, lang text DEFAULT 'zh',
    OUT path text, OUT layer text, OUT parameter text, OUT condition text, OUT effect text,
    OUT source text, OUT doc text, OUT trust text, OUT assumed text[], OUT note text, OUT sentence text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'yibao_policy_rules'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20000 ROWS 50;

COMMENT ON FUNCTION yibao.policy_rules(jsonb, text) IS
'政策规则清单. Lists everything that a policy document lays down, in the order of its parts: benefits, layers, fund, what it assumes and what its sources leave unknown. Columns: path, JSON path of the rule; layer, basic, serious, assistance, tilt, supplement or fund; parameter; condition, in words, always when there is none; effect, in words, yuan and ratios; source, as cited; doc, title of the source and place in it; trust, of the source; assumed, ids of the assumptions that the rule rests on, {} when none; note, what is assumed or open; sentence, the rule in words of the language. condition and effect are in English whatever lang is, and stay as they are: for programs. lang: sentences, notes of assumptions and unknown figures in zh or en (notes in zh where the document has no en). NULL gives no row.
Errors: YB101 to YB110 as for policy_ok(); 22023 lang.
Immutable, parallel safe; takes no lock.';
