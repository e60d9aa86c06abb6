-- What a change of policy would cost, and whom it would help.

CREATE FUNCTION yibao.simulate(a jsonb, b jsonb, area text, year integer DEFAULT NULL,
    OUT by text, OUT value text, OUT settlements bigint, OUT persons bigint,
    OUT hifp_a numeric, OUT hifp_b numeric, OUT hifmi_a numeric, OUT hifmi_b numeric,
    OUT maf_a numeric, OUT maf_b numeric, OUT oth_a numeric, OUT oth_b numeric,
    OUT psn_a numeric, OUT psn_b numeric, OUT winners bigint, OUT losers bigint,
    OUT months_a numeric, OUT months_b numeric)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'yibao_simulate'
    LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 1000000 ROWS 20
    SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION yibao.simulate(jsonb, jsonb, text, integer) IS
'政策测算. The settlements of a pool area priced by policy a and by policy b, each person-year replayed in order; reversals and what they reverse are left out. a NULL: what was settled. year NULL: all benefit years. by: total, pool (as settled), level (hosp_lv) or category (psn_idet_type), value which one. hifp, hifmi, maf, oth: what pooled fund, serious-illness insurance, assistance and others pay, psn: what persons bear, in yuan, by a and by b. winners, losers: persons who bear less, or more, by b within the group. months_a, months_b: 可支付月数 of a pool, its balance by what it pays in a month on average over the clearing months of these settlements. The caller needs SELECT on settlement and pool_status of the area.
Errors: YB008 b NULL; YB603 no such area; those of settle() for a claim that a policy refuses. Stable; takes no lock.';
