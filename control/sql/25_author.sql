-- For authors of policies: what is wrong, what changed, what is left out, what lies outside the bounds.

CREATE FUNCTION yibao.policy_check(policy jsonb,
    OUT severity text, OUT path text, OUT sqlstate text, OUT message text, OUT hint text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'yibao_policy_check'
    LANGUAGE C STABLE STRICT PARALLEL SAFE COST 50000 ROWS 20;

COMMENT ON FUNCTION yibao.policy_check(jsonb) IS
'政策文件审查. Everything that is to be said about a policy document, not the first fault alone. severity: error, the document would be refused; warning, it is accepted, but a rule never holds, claims will be refused, something is never cited; note, worth knowing. path: JSON path. sqlstate: of the error, or what a claim will be refused with (YB201, YB202); NULL where nothing is refused. message and hint: in the language of lc_messages. Of one rule three faults at most are told: in what it rests on, what it does, when it holds. Warnings and notes are given when there is no error. No row: nothing to say. NULL gives no row.
Errors: none of the document''s. Stable (the messages follow lc_messages), parallel safe; takes no lock.';

CREATE FUNCTION yibao.policy_coverage(policy jsonb, max_rows integer DEFAULT 100,
    OUT state text, OUT layer text, OUT parameter text, OUT situation jsonb, OUT rule text, OUT note text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'yibao_policy_coverage'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50000 ROWS 20;

COMMENT ON FUNCTION yibao.policy_coverage(jsonb, integer) IS
'政策覆盖. Which claims a policy document refuses. state uncovered: no rule of the parameter holds (YB201); undecided: the rule that holds is left open (YB202), rule is its JSON path and note says what is open; more: there are more than max_rows situations of this parameter, situation is NULL. layer NULL: benefits. situation: a condition as a rule''s "when" has it, {} for always; situations of one parameter do not meet; only claims that have a benefit, and to which the layer applies, on days of the document. A code of med_type, psn_type or dise_codg stands for those that begin with it, but for longer ones that the document names elsewhere. max_rows: of one parameter and state, from 1. NULL gives no row.
Errors: YB101 to YB110 as for policy_ok(); 22023 max_rows. Immutable, parallel safe; takes no lock.';

CREATE FUNCTION yibao.policy_diff(a jsonb, b jsonb, lang text DEFAULT 'zh',
    OUT path text, OUT change text, OUT before text, OUT after text, OUT sentence text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'yibao_policy_diff'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50000 ROWS 20;

COMMENT ON FUNCTION yibao.policy_diff(jsonb, jsonb, text) IS
'政策对比. What changes from document a to document b. Rules are matched by layer, parameter and condition, then by id, by effect, or when only one is left on each side: their order means nothing. path: in b, of what is gone in a. change: added, removed, effect, condition, source, assumed, over, note; of the head changed; wording when nothing that is laid down differs. before and after: as policy_rules() puts them. sentence: in zh or en (22023 otherwise). No row: a and b are equal. NULL gives no row.
Errors: YB101 to YB110 as for policy_ok(). Immutable, parallel safe; takes no lock.';

CREATE FUNCTION yibao.national_bounds() RETURNS jsonb
    AS 'MODULE_PATHNAME', 'yibao_national_bounds'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;

COMMENT ON FUNCTION yibao.national_bounds() IS
'国家统一要求. The bounds that come with yibao (control/bounds/national.json), each with its source and how far that can be trusted; what no text gave stands in "unknown". A document to copy and extend; doc/policies.md has its form.
Errors: none. Immutable, parallel safe; takes no lock.';

CREATE FUNCTION yibao.policy_bounds(policy jsonb, bounds jsonb DEFAULT yibao.national_bounds(),
    facts jsonb DEFAULT '{}', mode text DEFAULT 'flag',
    OUT bound text, OUT what text, OUT source text, OUT trust text, OUT path text, OUT situation jsonb,
    OUT value text, OUT allowed text, OUT ok boolean, OUT needs text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'yibao_policy_bounds'
    LANGUAGE C STABLE STRICT PARALLEL SAFE COST 50000 ROWS 30;

COMMENT ON FUNCTION yibao.policy_bounds(jsonb, jsonb, jsonb, text) IS
'政策边界审查. Holds a policy document against bounds. facts: what the bounds ask for and no document states, such as {"disposable_income": "30000.00", "categories": {"dibao": {"psn_idet_type": "2303"}}}. One row for each rule that decides a bounded figure, where it comes off worst: path, situation (a condition), value, allowed, ok; ok is NULL where it cannot be told, and needs says why: a fact that was not given, a figure that the document leaves open, a bound that says "about". Nothing is filled in. Rows of bound authority: value is the level of government whose text sets the parameter, allowed the levels that may. mode: flag lists all; refuse raises YB111 at the first that is outside. Ratios after adjustments, of the lowest band (highest for an upper bound); a person''s age, multiply_result and caps of single benefits do not count. NULL gives no row.
Errors: YB101 to YB110 of either document; YB111 outside a bound; 22023 mode. Stable (the words follow lc_messages), parallel safe; takes no lock.';
