-- as centre
-- columns: setl_id, psn_no, insutype, setl_time, med_type, hosp_lv, area, refl, filing, psn_idet_type, cont_years, inj_flag, thrd_flag, setl_type, fixmedins_code, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt
-- Makes a population's claims, deterministic, as a file that a hospital system could send. run.sh copies it in.
\if :zh
\echo
\echo '━━ 四、全县参保人的结算:普通 INSERT 与 COPY ━━'
\else
\echo
\echo '== 4. A population: plain INSERT and COPY =='
\endif
CREATE TEMP VIEW population AS
SELECT 'N' || lpad(i::text, 9, '0') AS setl_id,
	'62052200000001' || lpad((h % (:claims / 3))::text, 6, '0') AS psn_no,
	'390' AS insutype,
	timestamp '2025-01-03' + (i * 80.0 / :claims) * interval '1 day' + (h % 600) * interval '1 minute' AS setl_time,
	CASE WHEN k < 70 THEN '11' WHEN k < 85 THEN '140104' ELSE '2101' END AS med_type,
	CASE WHEN k < 70 THEN '09' ELSE (ARRAY['09', '06', '06', '02'])[1 + h % 4] END AS hosp_lv,
	CASE WHEN k < 70 THEN 'county' ELSE (ARRAY['county', 'county', 'county', 'city'])[1 + h % 4] END AS area,
	(ARRAY['up', 'none', 'up', 'up', 'down'])[1 + (h / 7) % 5] AS refl, 'referral' AS filing,
	(ARRAY['2303', '2304', '03', '00', '00', '00', '00', '00', '00', '00', '00', '00'])[1 + (h % (:claims / 3)) % 12] AS psn_idet_type,
	((h % (:claims / 3)) % 7)::integer AS cont_years, false AS inj_flag, false AS thrd_flag, '2' AS setl_type,
	'H6205220000' || (1 + h % 9) AS fixmedins_code,
	amt AS medfee_sumamt, round(amt * 0.03, 2) AS fulamt_ownpay_amt, 0.00 AS overlmt_selfpay, round(amt * 0.05, 2) AS preselfpay_amt,
	amt - round(amt * 0.03, 2) - round(amt * 0.05, 2) AS inscp_scp_amt
FROM (SELECT i, h, k, round((CASE WHEN k < 70 THEN 30 + h % 150 WHEN k < 85 THEN 200 + h % 900 ELSE 1500 + h % 12000 END
		+ (h % 97) / 100.0)::numeric, 2) AS amt
	FROM (SELECT i, abs(hashint8(i)::bigint) AS h, abs(hashint8(i + 7777777)::bigint) % 100 AS k
		FROM generate_series(1::bigint, :claims) i) a) b;
\o :file
COPY (SELECT * FROM population ORDER BY setl_time, setl_id) TO STDOUT;
\o
