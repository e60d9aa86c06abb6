-- The budget of a year, and the forms by which money is appropriated within it.

CREATE TABLE @schema@.budget (
    budget_id text COLLATE "C" PRIMARY KEY,
    fund text COLLATE "C" NOT NULL DEFAULT 'resident' CHECK (fund IN ('resident', 'assistance')),
    year integer NOT NULL CHECK (year BETWEEN 2000 AND 2999),
    income jsonb NOT NULL,
    expense jsonb NOT NULL,
    revises text COLLATE "C" REFERENCES @schema@.budget,
    deficit_doc text,
    drawn_on date NOT NULL,
    doc_no text,
    version integer,
    income_amt numeric(16,2),
    expense_amt numeric(16,2),
    policy_id text COLLATE "C" REFERENCES @schema@.policy,
    drawn_by text,
    drawn_at timestamptz,
    req_hash bytea,
    row_hash bytea,
    UNIQUE (fund, year, version)
);
COMMENT ON TABLE @schema@.budget IS '基金预算. Drafted here; each step of its approval is a row of approval, and after the last one it is in force. A change is another version through the same steps. Controls appropriation, never a patient''s entitlement. Never changed or deleted.';
COMMENT ON COLUMN @schema@.budget.budget_id IS '预算编号, the caller''s key';
COMMENT ON COLUMN @schema@.budget.fund IS '基金: resident, assistance';
COMMENT ON COLUMN @schema@.budget.year IS '预算年度';
COMMENT ON COLUMN @schema@.budget.income IS '收入预算 by quarter, yuan: {"income_subsidy": ["100.00", "0", "0", "0"]}; lines are income roles of book G';
COMMENT ON COLUMN @schema@.budget.expense IS '支出预算 by quarter, yuan: lines are expense roles of book G; those of benefits (benefit_...) are appropriated';
COMMENT ON COLUMN @schema@.budget.revises IS '调整的预算: the one in force of the same year';
COMMENT ON COLUMN @schema@.budget.deficit_doc IS '动用结余批准文号, where the year spends more than it takes in';
COMMENT ON COLUMN @schema@.budget.drawn_on IS '编制日期';
COMMENT ON COLUMN @schema@.budget.doc_no IS '文号';
COMMENT ON COLUMN @schema@.budget.version IS '版本 of the fund''s year, from 1 (filled)';
COMMENT ON COLUMN @schema@.budget.income_amt IS '本年收入合计, yuan (filled)';
COMMENT ON COLUMN @schema@.budget.expense_amt IS '本年支出合计, yuan (filled)';
COMMENT ON COLUMN @schema@.budget.policy_id IS '依据的政策, whose deficit_budget allowed it (filled where there is a deficit)';
COMMENT ON COLUMN @schema@.budget.drawn_by IS '编制人: the login (filled)';
COMMENT ON COLUMN @schema@.budget.drawn_at IS '登记时间 (filled)';
COMMENT ON COLUMN @schema@.budget.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.budget.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE VIEW @schema@.budget_status AS
SELECT d.budget_id, d.fund, d.year, d.version, d.revises, d.income_amt, d.expense_amt, d.income_amt - d.expense_amt AS balance_amt, d.steps,
       (CASE WHEN d.rejected THEN 'rejected'
            WHEN NOT d.complete THEN coalesce(d.post, 'drafted')
            WHEN d.version < max(d.version) FILTER (WHERE d.complete) OVER (PARTITION BY d.fund, d.year) THEN 'superseded'
            ELSE 'in_force' END) COLLATE "C" AS state
FROM (SELECT b.*, coalesce(s.steps, 0) AS steps, coalesce(s.rejected, false) AS rejected, s.post,
             coalesce(NOT s.rejected AND s.steps = cardinality(c.posts), false) AS complete
      FROM @schema@.budget b
      LEFT JOIN LATERAL (SELECT c.posts FROM @schema@.approval_chain c WHERE c.kind = 'budget' AND c.in_force_at <= b.drawn_at
                         ORDER BY c.in_force_at DESC, c.chain_id DESC LIMIT 1) c ON true
      LEFT JOIN (SELECT item_id, count(*) AS steps, bool_or(decision = 'reject') AS rejected,
                        (array_agg(post ORDER BY step DESC))[1] AS post
                 FROM @schema@.approval WHERE kind = 'budget' GROUP BY item_id) s ON s.item_id = b.budget_id) d;
COMMENT ON VIEW @schema@.budget_status IS '预算状态. state: drafted, the post that decided last, in_force 已生效, superseded 已被调整, rejected 已退回; balance_amt 当年收支差额, yuan, without what is left of earlier years';

CREATE TABLE @schema@.appropriation (
    form_id text COLLATE "C" PRIMARY KEY,
    fund text COLLATE "C" NOT NULL DEFAULT 'resident' CHECK (fund IN ('resident', 'assistance')),
    clr_optins text COLLATE "C" NOT NULL CHECK (clr_optins <> ''),
    year integer NOT NULL CHECK (year BETWEEN 2000 AND 2999),
    quarter integer NOT NULL CHECK (quarter BETWEEN 1 AND 4),
    plan jsonb NOT NULL,
    bank_balance numeric NOT NULL CHECK (bank_balance >= 0 AND min_scale(bank_balance) <= 2),
    drawn_on date NOT NULL,
    note text,
    last_actual jsonb,
    book_balance numeric(16,2),
    open_obligations numeric(16,2),
    requested numeric(16,2),
    drawn_by text,
    drawn_at timestamptz,
    req_hash bytea,
    row_hash bytea
);
COMMENT ON TABLE @schema@.appropriation IS '预拨审批表. What an agency asks for a quarter, by line; each step of its approval is a row of approval; then one cash_move of kind appropriation is made against it. Never changed or deleted.';
COMMENT ON COLUMN @schema@.appropriation.form_id IS '审批表编号, the caller''s key';
COMMENT ON COLUMN @schema@.appropriation.fund IS '基金: resident, assistance';
COMMENT ON COLUMN @schema@.appropriation.clr_optins IS '经办机构 that asks';
COMMENT ON COLUMN @schema@.appropriation.year IS '预算年度';
COMMENT ON COLUMN @schema@.appropriation.quarter IS '季度, 1 to 4';
COMMENT ON COLUMN @schema@.appropriation.plan IS '用款计划, yuan by line: {"benefit_inpatient": "300000.00"}; lines are benefit roles of book G';
COMMENT ON COLUMN @schema@.appropriation.bank_balance IS '支出户银行余额, yuan, by the bank''s statement';
COMMENT ON COLUMN @schema@.appropriation.drawn_on IS '申请日期';
COMMENT ON COLUMN @schema@.appropriation.note IS '说明';
COMMENT ON COLUMN @schema@.appropriation.last_actual IS '上季度实际支出, yuan by line of benefits (filled)';
COMMENT ON COLUMN @schema@.appropriation.book_balance IS '支出户账面余额, yuan (filled)';
COMMENT ON COLUMN @schema@.appropriation.open_obligations IS '应付未付, yuan: what the fund owes in book S (filled)';
COMMENT ON COLUMN @schema@.appropriation.requested IS '申请金额, yuan: the plan''s total (filled)';
COMMENT ON COLUMN @schema@.appropriation.drawn_by IS '申请人: the login (filled)';
COMMENT ON COLUMN @schema@.appropriation.drawn_at IS '申请时间 (filled)';
COMMENT ON COLUMN @schema@.appropriation.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled)';
COMMENT ON COLUMN @schema@.appropriation.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

CREATE VIEW @schema@.appropriation_status AS
SELECT f.form_id, f.fund, f.clr_optins, f.year, f.quarter, f.requested, s.amt AS approved, m.amt AS paid, m.moved_on AS paid_on,
       (CASE WHEN m.form_id IS NOT NULL THEN 'paid' WHEN s.rejected THEN 'rejected' ELSE coalesce(s.post, 'drafted') END) COLLATE "C" AS state
FROM @schema@.appropriation f
LEFT JOIN (SELECT item_id, bool_or(decision = 'reject') AS rejected, (array_agg(post ORDER BY step DESC))[1] AS post,
                  (array_agg(amt ORDER BY step DESC))[1] AS amt
           FROM @schema@.approval WHERE kind = 'appropriation' GROUP BY item_id) s ON s.item_id = f.form_id
LEFT JOIN @schema@.cash_move m ON m.form_id = f.form_id;
COMMENT ON VIEW @schema@.appropriation_status IS '预拨状态. state: drafted, the post that approved last (centre, finance), paid 已拨付, rejected 已退回; approved 核定金额 of that post, yuan';


CREATE VIEW @schema@.appropriation_line AS
SELECT x.form_id, x.fund, x.year, x.quarter, x.line, x.planned::numeric(18,2) AS planned,
       ((div(x.upto * 100 * m.amt * 100, x.total * 100) - div((x.upto - x.planned) * 100 * m.amt * 100, x.total * 100)) / 100)::numeric(18,2) AS paid
FROM (SELECT f.form_id, f.fund, f.year, f.quarter, e.key COLLATE "C" AS line, e.value::numeric AS planned,
             sum(e.value::numeric) OVER (PARTITION BY f.form_id ORDER BY e.key COLLATE "C") AS upto, sum(e.value::numeric) OVER (PARTITION BY f.form_id) AS total
      FROM @schema@.appropriation f CROSS JOIN LATERAL jsonb_each_text(f.plan) e) x
LEFT JOIN @schema@.cash_move m ON m.form_id = x.form_id;
COMMENT ON VIEW @schema@.appropriation_line IS '预拨明细, yuan: planned of each line of a form, and what was paid of it: where less was paid than asked for, in the proportion of the lines, cumulative in their order and cut, so that the parts add up to the fen; NULL: not paid';

CREATE VIEW @schema@.budget_execution AS
SELECT l.fund, l.year, l.kind, l.line, r.name_zh, l.quarter, b.version,
       l.budget::numeric(16,2) AS budget, sum(l.budget) OVER q::numeric(16,2) AS budget_cum,
       l.actual::numeric(16,2) AS actual, sum(l.actual) OVER q::numeric(16,2) AS actual_cum,
       (sum(l.budget) OVER q - sum(l.actual) OVER q)::numeric(16,2) AS left_cum
FROM (SELECT x.fund, x.year, x.kind, x.line, q.quarter, sum(x.budget) FILTER (WHERE x.quarter = q.quarter) AS budget,
             coalesce(sum(x.actual) FILTER (WHERE x.quarter = q.quarter), 0) AS actual
      FROM (SELECT b.fund, b.year, k.kind, e.key COLLATE "C" AS line, a.n::integer AS quarter, a.amt::numeric AS budget, NULL::numeric AS actual
            FROM @schema@.budget b JOIN @schema@.budget_status s ON s.budget_id = b.budget_id AND s.state = 'in_force'
            CROSS JOIN LATERAL (VALUES ('income', b.income), ('expense', b.expense)) k(kind, lines)
            CROSS JOIN LATERAL jsonb_each(k.lines) e
            CROSS JOIN LATERAL jsonb_array_elements_text(e.value) WITH ORDINALITY a(amt, n)
            UNION ALL
            SELECT e.fund, date_part('year', j.effective_on)::integer AS year, r.kind, e.role, date_part('quarter', j.effective_on)::integer AS quarter, NULL::numeric AS budget,
                   (CASE r.kind WHEN 'income' THEN -e.amount_fen ELSE e.amount_fen END)::numeric / 100 AS actual
            FROM @schema@.entry e JOIN @schema@.journal j ON j.journal_id = e.journal_id
            JOIN @schema@.account_role r ON r.book = e.book AND r.role = e.role
            WHERE e.book = 'G' AND r.kind IN ('income', 'expense')
              -- closing the year moves income and expense to the surplus: neither is earned or spent by it
              AND NOT EXISTS (SELECT FROM @schema@.entry z JOIN @schema@.account_role zr ON zr.book = z.book AND zr.role = z.role
                              WHERE z.journal_id = e.journal_id AND z.book = 'G' AND zr.kind = 'surplus')) x
      CROSS JOIN generate_series(1, 4) q(quarter)
      GROUP BY x.fund, x.year, x.kind, x.line, q.quarter) l
LEFT JOIN @schema@.account_role r ON r.book = 'G' AND r.role = l.line
LEFT JOIN @schema@.budget_status b ON b.fund = l.fund AND b.year = l.year AND b.state = 'in_force'
WINDOW q AS (PARTITION BY l.fund, l.year, l.kind, l.line ORDER BY l.quarter);
COMMENT ON VIEW @schema@.budget_execution IS '预算执行情况, yuan: of each line and quarter the budget in force, what was booked in book G, and both up to the quarter; budget NULL: not in the budget';

CREATE VIEW @schema@.budget_balance AS
SELECT fund, year, coalesce(sum(budget) FILTER (WHERE kind = 'income'), 0) AS income_budget, coalesce(sum(actual) FILTER (WHERE kind = 'income'), 0) AS income_actual,
       coalesce(sum(budget) FILTER (WHERE kind = 'expense'), 0) AS expense_budget, coalesce(sum(actual) FILTER (WHERE kind = 'expense'), 0) AS expense_actual,
       coalesce(sum(budget) FILTER (WHERE kind = 'income'), 0) - coalesce(sum(budget) FILTER (WHERE kind = 'expense'), 0) AS balance_budget,
       coalesce(sum(actual) FILTER (WHERE kind = 'income'), 0) - coalesce(sum(actual) FILTER (WHERE kind = 'expense'), 0) AS balance_actual
FROM @schema@.budget_execution GROUP BY fund, year;
COMMENT ON VIEW @schema@.budget_balance IS '收支平衡情况 (以收定支、收支平衡、略有结余), yuan: income, expense and what is left of the year, budgeted and booked, without what is left of earlier years';
