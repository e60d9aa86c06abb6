-- Medians of the rounds, and ratios of two cases of the same round.  Prints "bench NAME VALUE UNIT".

CREATE FUNCTION bench.per_row(case_name text) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ns::float8 / rows)::numeric, 1)
    FROM bench.timing WHERE name = case_name AND round > 0
$$;

CREATE FUNCTION bench.ratio_of(a text, b text) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY (a.ns::float8 / a.rows) / (b.ns::float8 / b.rows))::numeric, 3)
    FROM bench.timing a JOIN bench.timing b USING (round)
    WHERE a.name = ratio_of.a AND b.name = ratio_of.b AND round > 0
$$;

-- goal: "<= 2.2" or ">= 28".
CREATE FUNCTION bench.put(name text, value numeric, unit text, goal text DEFAULT NULL) RETURNS void LANGUAGE sql VOLATILE AS $$
    INSERT INTO bench.result (name, value, unit, goal) SELECT $1, $2, $3, $4 WHERE $2 IS NOT NULL
$$;

CREATE FUNCTION bench.met(r bench.result) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE split_part(r.goal, ' ', 1)
        WHEN '<=' THEN r.value <= split_part(r.goal, ' ', 2)::numeric
        WHEN '>=' THEN r.value >= split_part(r.goal, ' ', 2)::numeric END
$$;
