-- Indicators of risk, the levels they reach, the cases that are open.  No function of the extension.

CREATE VIEW @schema@.risk_indicator AS
WITH m AS MATERIALIZED (
    SELECT fund, pool, denominator, month, months, max(month) OVER () AS last FROM @schema@.fund_month
), a AS MATERIALIZED (
    SELECT fund, year, line, amt, max(year) OVER (PARTITION BY fund) AS last FROM @schema@.final_account
)
SELECT fund, pool, 'months_payable' COLLATE "C" AS indicator, denominator, month AS as_of, months AS value
FROM m WHERE month = last
UNION ALL
SELECT c.fund, NULL AS pool, 'surplus_ratio' AS indicator, NULL AS denominator, c.year::text COLLATE "C" AS as_of, CASE WHEN i.amt > 0 THEN round(c.amt / i.amt, 4) END AS value
FROM a c JOIN a i ON i.fund = c.fund AND i.year = c.year AND i.line = 'income'
WHERE c.line = 'closing' AND c.year = c.last
UNION ALL
SELECT fund, NULL AS pool, 'current_balance' AS indicator, NULL AS denominator, year::text COLLATE "C" AS as_of, amt AS value FROM a WHERE line = 'balance' AND year = last
UNION ALL
SELECT p.fund, p.pool, 'unfunded' AS indicator, NULL AS denominator, overlay(min(q.clr_ym) PLACING '-' FROM 5 FOR 0) COLLATE "C" AS as_of, (sum(q.amount_fen) / 100)::numeric(18,2) AS value
FROM @schema@.queue q JOIN @schema@.pool p ON p.pool = q.pool WHERE q.state = 'waiting' GROUP BY p.fund, p.pool;
COMMENT ON VIEW @schema@.risk_indicator IS '风险指标 of today: months_payable of each pool and (pool NULL) fund by denominator, at the last month booked; surplus_ratio 累计结余/当年收入 and current_balance 当期收支结余 (yuan) of the last year booked; unfunded 挂账 (yuan) of each pool where something waits, as_of its oldest clearing month. value NULL: not known';

CREATE VIEW @schema@.risk_now AS
WITH i AS MATERIALIZED (SELECT * FROM @schema@.risk_indicator)
SELECT i.fund, i.pool, i.indicator, i.denominator, i.as_of, i.value, l.level_id, l.level, l.alert, l.measures, l.source, l.trust,
       EXISTS (SELECT FROM @schema@.risk_case c WHERE c.level_id = l.level_id
               AND NOT EXISTS (SELECT FROM @schema@.risk_step s WHERE s.case_id = c.case_id AND s.step = 'close')) AS case_open
FROM i
JOIN @schema@.risk_level l ON l.fund = i.fund AND l.indicator = i.indicator AND l.pool IS NOT DISTINCT FROM i.pool
  AND l.denominator IS NOT DISTINCT FROM i.denominator
  AND (l.from_value IS NULL OR i.value >= l.from_value) AND (l.to_value IS NULL OR i.value < l.to_value)
WHERE i.value IS NOT NULL
  AND l.valid_from = (SELECT max(x.valid_from) FROM @schema@.risk_level x WHERE x.valid_from <= current_date AND x.fund = l.fund AND x.indicator = l.indicator
                      AND x.pool IS NOT DISTINCT FROM l.pool AND x.denominator IS NOT DISTINCT FROM l.denominator)
UNION ALL
SELECT i.fund, i.pool, i.indicator, i.denominator, i.as_of, i.value, NULL AS level_id, '挂账' AS level, true AS alert, '{}'::text[] AS measures,
       '秦政办发〔2018〕84号 二(三): 住院统筹基金和门诊统筹基金可相互划转使用' AS source, 'official' AS trust, false AS case_open
FROM i WHERE i.indicator = 'unfunded'
  AND NOT EXISTS (SELECT FROM @schema@.risk_level l WHERE l.indicator = i.indicator AND l.fund = i.fund AND l.pool IS NOT DISTINCT FROM i.pool AND l.valid_from <= current_date);
COMMENT ON VIEW @schema@.risk_now IS '当前风险等级. The level that each indicator is in, by the rows of risk_level in force; alert: a case is due; case_open: one is open on it. What waits for a pool (unfunded) is an alert without a level, too: level_id NULL; view transfer_proposal says what follows';

CREATE VIEW @schema@.risk_open AS
SELECT c.case_id, l.fund, l.pool, l.indicator, l.level, c.as_of, c.value, c.plan_ref, c.booked_by AS opened_by, c.booked_at AS opened_at,
       EXISTS (SELECT FROM @schema@.risk_step s WHERE s.case_id = c.case_id AND s.step = 'assess') AS assessed,
       ARRAY(SELECT m FROM unnest(l.measures) m
             WHERE NOT EXISTS (SELECT FROM @schema@.risk_step s WHERE s.case_id = c.case_id AND s.measure = m)) AS measures_due
FROM @schema@.risk_case c
JOIN @schema@.risk_level l ON l.level_id = c.level_id
WHERE NOT EXISTS (SELECT FROM @schema@.risk_step s WHERE s.case_id = c.case_id AND s.step = 'close');
COMMENT ON VIEW @schema@.risk_open IS '未结风险个案: assessed 已评估, measures_due 尚未采取的措施';
