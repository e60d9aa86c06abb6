-- What a pool that is short should be given by the other one.  No function of the extension.

CREATE VIEW @schema@.transfer_proposal AS
WITH w AS (
    SELECT q.pool, count(*) AS waiting_items, sum(q.amount_fen) AS fen, min(q.clr_ym) AS waiting_since FROM @schema@.queue q
    WHERE q.state = 'waiting' AND q.pool IN ('outpatient', 'inpatient') GROUP BY q.pool
), a AS (
    SELECT p.pool, coalesce((SELECT sum(s.avail) FROM @schema@.slot s WHERE s.pool = p.pool), 0)
                 + coalesce((SELECT sum(c.amt) FROM @schema@.credit c WHERE c.pool = p.pool), 0) AS fen
    FROM @schema@.pool p WHERE p.pool IN ('outpatient', 'inpatient')
), d AS (
    SELECT date_trunc('month', CURRENT_DATE::timestamp) AS stop, date_trunc('month', CURRENT_DATE::timestamp) - interval '1 year' AS mid,
           date_trunc('month', CURRENT_DATE::timestamp) - interval '2 years' AS start
), f AS (
    SELECT p.policy_id, (p.rules #>> '{fund,transfer,max_share}')::numeric AS max_share, (p.rules #>> '{fund,transfer,keep_months}')::integer AS keep_months
    FROM @schema@.policy p WHERE p.valid_from <= CURRENT_DATE AND (p.valid_to IS NULL OR p.valid_to > CURRENT_DATE)
      AND NOT EXISTS (SELECT FROM @schema@.policy s WHERE s.supersedes = p.policy_id AND s.valid_from <= CURRENT_DATE)
      AND jsonb_typeof(p.rules -> 'fund' -> 'transfer') = 'object'
    ORDER BY p.valid_from DESC, p.publication DESC LIMIT 1
), v AS (
    SELECT s.pool,
           count(*) FILTER (WHERE s.setl_time >= d.mid AND NOT (s.hifp_pay < 0 OR s.refd_setl_flag))
             - count(*) FILTER (WHERE s.setl_time >= d.mid AND (s.hifp_pay < 0 OR s.refd_setl_flag)) AS visits,
           coalesce(sum(s.hifp_pay) FILTER (WHERE s.setl_time >= d.mid), 0)::numeric(18,2) AS cost,
           count(*) FILTER (WHERE s.setl_time < d.mid AND NOT (s.hifp_pay < 0 OR s.refd_setl_flag))
             - count(*) FILTER (WHERE s.setl_time < d.mid AND (s.hifp_pay < 0 OR s.refd_setl_flag)) AS visits_before,
           coalesce(sum(s.hifp_pay) FILTER (WHERE s.setl_time < d.mid), 0)::numeric(18,2) AS cost_before
    FROM d, @schema@.settlement s
    WHERE s.pool IN ('outpatient', 'inpatient') AND s.setl_time >= d.start AND s.setl_time < d.stop AND EXISTS (SELECT FROM w) GROUP BY s.pool
), x AS (
    SELECT g.pool AS from_pool, w.pool AS to_pool, w.waiting_items, w.waiting_since, w.fen AS waiting, greatest(w.fen - r.fen, 0) AS short, g.fen AS giver,
           coalesce((SELECT sum(o.fen) FROM w o WHERE o.pool = g.pool), 0) AS giver_waiting,
           coalesce((SELECT sum(t.amt) * 100 FROM @schema@.transfer t WHERE t.to_pool = w.pool
                     AND NOT EXISTS (SELECT FROM @schema@.transfer_approval y WHERE y.transfer_id = t.transfer_id)), 0) AS proposed,
           CASE WHEN f.max_share IS NOT NULL THEN (
               SELECT floor(coalesce(sum(-e.amount_fen) FILTER (WHERE j.event LIKE 'receipt.%'), 0) * f.max_share + 0.5) - coalesce(sum(e.amount_fen) FILTER (WHERE j.event = 'transfer'), 0)
               FROM @schema@.entry e JOIN @schema@.journal j ON j.journal_id = e.journal_id
               WHERE e.book = 'P' AND e.role = 'pool' AND e.pool = g.pool AND extract(year FROM j.effective_on) = extract(year FROM CURRENT_DATE)) END AS share_left,
           CASE WHEN f.keep_months IS NOT NULL THEN (
               SELECT floor(coalesce(sum(s.hifp_pay), 0) * 100 * f.keep_months / 12 + 0.5) FROM @schema@.settlement s
               WHERE s.pool = g.pool AND s.setl_time < CURRENT_DATE AND s.setl_time >= CURRENT_DATE - interval '1 year') END AS keep,
           f.policy_id
    FROM w JOIN a r ON r.pool = w.pool JOIN a g ON g.pool <> w.pool LEFT JOIN f ON true
), y AS (
    SELECT x.*, CASE WHEN x.giver_waiting > 0 THEN 0 ELSE greatest(least(x.giver, x.share_left, x.giver - x.keep), 0) END AS can_give FROM x
)
SELECT y.from_pool, y.to_pool, y.waiting_items, y.waiting_since, (y.waiting / 100)::numeric(18,2) AS waiting, (y.short / 100)::numeric(18,2) AS short,
       (y.proposed / 100)::numeric(18,2) AS proposed, (y.giver / 100)::numeric(18,2) AS giver_available, (y.giver_waiting / 100)::numeric(18,2) AS giver_waiting,
       (y.share_left / 100)::numeric(18,2) AS share_left, (y.keep / 100)::numeric(18,2) AS keep, (y.can_give / 100)::numeric(18,2) AS can_give,
       (greatest(least(y.short - y.proposed, y.can_give), 0) / 100)::numeric(18,2) AS amt, y.policy_id,
       coalesce(o.visits, 0) AS out_visits, coalesce(o.cost, 0)::numeric(18,2) AS out_cost, coalesce(i.visits, 0) AS ipt_visits, coalesce(i.cost, 0)::numeric(18,2) AS ipt_cost,
       coalesce(o.visits_before, 0) AS out_visits_before, coalesce(o.cost_before, 0)::numeric(18,2) AS out_cost_before,
       coalesce(i.visits_before, 0) AS ipt_visits_before, coalesce(i.cost_before, 0)::numeric(18,2) AS ipt_cost_before,
       (12 - (SELECT count(*) FROM @schema@.period p, d WHERE p.closed AND p.period >= to_char(d.mid, 'YYYY-MM') AND p.period < to_char(d.stop, 'YYYY-MM')))::integer AS open_months
FROM y LEFT JOIN v o ON o.pool = 'outpatient' LEFT JOIN v i ON i.pool = 'inpatient';
COMMENT ON VIEW @schema@.transfer_proposal IS '应提调剂, yuan: for a pool where commitments wait (挂账), what the other one should give today: short 缺口 (waiting less what the pool has available), can_give 可调出 (what the giver has available, no more than share_left of transfer.max_share and above keep of transfer.keep_months; 0 while something waits for the giver too; NULL limits: the policy sets none), amt the lesser of both less what is proposed and not decided; the figures of 12 whole months and the 12 before are those that a transfer proposed today carries';
