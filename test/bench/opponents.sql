-- What one writes without the extension; each must come to the same amount.

-- A function that looks the rule up.
CREATE FUNCTION bench.payout_plpgsql(fee numeric, ownpay numeric, overlmt numeric, preself numeric,
    lv text, idet text, refl text, at timestamp, paid numeric) RETURNS numeric
    LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    r bench.rules;
    scope numeric := fee - ownpay - overlmt - preself;
BEGIN
    SELECT * INTO r FROM bench.rules b
    WHERE b.hosp_lv = lv AND b.psn_idet_type = idet AND b.refl = payout_plpgsql.refl
        AND b.valid_from <= at AND b.valid_to > at;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no rule for % % % %', lv, idet, payout_plpgsql.refl, at;
    END IF;
    IF scope <= r.dedc THEN
        RETURN 0.00;
    END IF;
    RETURN least(greatest(r.cap - paid, 0),
        round(greatest(least(scope, r.upto) - r.dedc, 0) * r.r1 + greatest(scope - greatest(r.upto, r.dedc), 0) * r.r2, 2));
END $$;
