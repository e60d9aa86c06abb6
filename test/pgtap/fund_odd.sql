-- Rows that make no sense: refused before a constraint of the server's could say so, with the field, the value and what was
-- expected; and results that are given where there are none.
\set ECHO none
BEGIN;
\ir fund_setup.psql
SELECT plan(75);

INSERT INTO fa.policy (policy_id, rules) VALUES ('p18', fund_doc('2018-01-01',
  jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2018}', '0.30')),
    'serious', jsonb '{"model": "insurer", "set_aside": "with_personal_receipt", "per_head": [{"coverage_year": {">=": 2018}, "amount": "70.00", "source": "t"}], "source": "t"}',
    'next_year_receipts', 'temp_until_year_start', 'on_pool_short', 'queue', 'serious_subject', 'serious_expense', 'source', 't')));

-- A row of a table: its columns, with some of other values, as another statement.
CREATE FUNCTION row_of(tab text, VARIADIC cols text[]) RETURNS text LANGUAGE sql AS $$
SELECT format('INSERT INTO fa.%I (%s) VALUES (%s)', tab, string_agg(quote_ident(cols[n]), ', ' ORDER BY n), string_agg(quote_nullable(cols[n + 1]), ', ' ORDER BY n))
FROM generate_series(1, cardinality(cols), 2) n WHERE cols[n + 1] IS DISTINCT FROM '-'
$$;
CREATE FUNCTION receipt(VARIADIC cols text[]) RETURNS text LANGUAGE sql AS $$
SELECT row_of('receipt', VARIADIC cols || array_agg(x ORDER BY o) FILTER (WHERE NOT named))
FROM (SELECT x, o, (CASE o % 2 WHEN 1 THEN x ELSE lag(x) OVER (ORDER BY o) END) = ANY (cols) AS named
  FROM unnest(ARRAY['receipt_id', 'x', 'kind', 'subsidy', 'account', 'fiscal', 'received_on', '2018-03-01', 'coverage_year', '2018', 'amt', '10']) WITH ORDINALITY u(x, o)) d
$$;

---------------------------------------------------------------- results that are given

-- money for a later year is split when it is income: until then there is nothing to give
SELECT throws_ok(receipt('kind', 'contribution', 'account', 'treasury', 'coverage_year', '2019', 'amt', '180', 'heads', '1', 'out_amt', '180', 'ipt_amt', '0', 'serious_amt', '0', 'unalloc_amt', '0'),
  'YB504', 'out_amt is given as 180.00, but this row has none', 'money for next year is not split by who sends it [A032]');
SELECT throws_ok(receipt('kind', 'contribution', 'account', 'treasury', 'coverage_year', '2019', 'amt', '180', 'heads', '1', 'out_amt', '99999999999999.99'),
  'YB504', NULL, 'nor is a pool given what did not come in [A032]');
SELECT is(available('outpatient'), 0.00, 'no pool has got anything of it [A032]');
SELECT throws_ok(receipt('fund', 'assistance', 'unalloc_amt', '-1'), 'YB504', NULL, 'a receipt of the assistance fund has no parts');
SELECT throws_ok(receipt('fund', 'assistance', 'split_rule', 'mine'), 'YB504', NULL, 'nor a rule of splitting');
SELECT throws_ok(receipt('fund', 'assistance', 'serious_amt', '1'), 'YB307', 'a receipt of fund assistance has no use for serious_amt', 'nor a serious-illness part');
SELECT throws_ok(receipt('kind', 'contribution', 'account', 'treasury', 'coverage_year', '2019', 'amt', '180', 'serious_amt', '180.01'), 'YB003', NULL, 'a part of next year''s money is not more than it');

SELECT lives_ok(receipt('receipt_id', 'r1', 'amt', '1000000'), 'money comes in');
INSERT INTO fa.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on) VALUES ('t1', 'inpatient', 'outpatient', 100, 'r', '2018-03-02'), ('t2', 'inpatient', 'outpatient', 100, 'r', '2018-03-02');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('t1', 'approve', '2018-03-03')$$), 'ok', 'a transfer is made');
SELECT is(left(as_user('fund_wang', $$INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on, reverses) VALUES ('t2', 'approve', '2018-03-03', 't1')$$), 5), 'YB504',
  'an approval does not say that it reverses what its transfer does not: the true reversal would be refused [A033]');
SELECT throws_ok($$INSERT INTO fa.policy (policy_id, rules, valid_to) SELECT 'p2', rules, '2018-01-02' FROM fa.policy$$, 'YB504', NULL, 'a document that ends on no day is not given one');
SELECT throws_ok($$INSERT INTO fa.policy (policy_id, rules, publication) SELECT 'p2', rules, 2147483647 FROM fa.policy$$, 'YB504', 'publication is given as 2147483647, but it is 2', 'nor the last number there can be');

---------------------------------------------------------------- columns without a use

SELECT is(as_user('fund_li', receipt('receipt_id', 'i1', 'kind', 'interest', 'account', 'expenditure', 'amt', '5')), 'ok', 'the expenditure account earns interest');
SELECT throws_ok(row_of('cash_move', 'move_id', 'x', 'kind', 'interest', 'from_class', 'expenditure', 'to_class', 'fiscal', 'moved_on', '2018-03-05', 'amt', '5', 'form_id', 'f1'),
  'YB307', 'a move of kind interest has no use for form_id', 'a form is not used up by what is no appropriation [A023]');
SELECT throws_ok(row_of('cash_move', 'move_id', 'x', 'kind', 'advance_repaid', 'from_class', 'outside', 'to_class', 'fiscal', 'moved_on', '2018-03-05', 'amt', '5'), 'YB006', NULL, 'who repays an advance is named');
SELECT throws_ok(row_of('cash_move', 'move_id', 'x', 'kind', 'interest', 'from_class', 'expenditure', 'to_class', 'fiscal', 'moved_on', '2018-03-05', 'amt', '0'), 'YB002', 'amt is zero', 'nothing is no move');
SELECT throws_ok(row_of('premium', 'premium_id', 'x', 'kind', 'set_aside', 'coverage_year', '2018', 'booked_on', '2018-03-05', 'amt', '5', 'doc_no', 'd', 'account_id', 'F1'),
  'YB307', 'a premium of kind set_aside has no use for account_id', 'setting aside moves no cash');
SELECT throws_ok(row_of('premium', 'premium_id', 'x', 'kind', 'set_aside', 'coverage_year', '2018', 'booked_on', '2018-03-05', 'amt', '0', 'doc_no', 'd'), 'YB002', 'amt is zero', 'nothing is no premium');
SELECT throws_ok(row_of('payment', 'payment_id', 'x', 'setl_id', 's', 'clr_ym', '201803', 'drawn_on', '2018-03-05'), 'YB307', NULL, 'a payment of a person''s settlement names no month');
SELECT throws_ok(row_of('voucher', 'voucher_id', 'x', 'event', 'penalty.decided', 'effective_on', '2018-03-05', 'amt', '5', 'party', 'H1', 'due_on', '2018-04-01', 'doc_no', 'd', 'account_id', 'F1'),
  'YB307', 'event penalty.decided has no use for account_id', 'nor does a voucher that moves no cash name an account');

-- an area's own event: what comes to one fund is not put into the other's pool
INSERT INTO fa.voucher_event (event, name_zh, needs, flow, source, trust) VALUES ('area.donation', '社会捐赠', '{amt,account,pool,doc_no}', 'other', 't', 'demo'), ('area.gift', '赠与', '{amt,account,doc_no}', 'other', 't', 'demo');
INSERT INTO fa.posting_rule (event, line, book, side, role, pool_expr, amount_expr, source, trust)
SELECT e.event, v.line, v.book, v.side, v.role, CASE v.line WHEN 4 THEN e.pool END, 'amount', 't', 'demo'
FROM (VALUES ('area.donation', '$pool'), ('area.gift', 'assistance')) e(event, pool),
     (VALUES (1, 'G', 'debit', '$bank'), (2, 'G', 'credit', 'income_other'), (3, 'P', 'debit', 'surplus_allocation'), (4, 'P', 'credit', 'pool')) v(line, book, side, role);
SELECT lives_ok(row_of('voucher', 'voucher_id', 'o1', 'event', 'area.donation', 'effective_on', '2018-03-05', 'amt', '5', 'account', 'fiscal', 'pool', 'outpatient', 'doc_no', 'd'), 'a gift to a pool of the fund');
SELECT throws_ok(row_of('voucher', 'voucher_id', 'x', 'event', 'area.donation', 'effective_on', '2018-03-05', 'amt', '5', 'account', 'fiscal', 'pool', 'assistance', 'doc_no', 'd'),
  'YB302', 'pool assistance is not of fund resident', 'the resident fund''s money does not go to assistance [A235]');
SELECT throws_ok(row_of('voucher', 'voucher_id', 'x', 'event', 'area.gift', 'effective_on', '2018-03-05', 'amt', '5', 'account', 'fiscal', 'doc_no', 'd'), 'YB302', NULL, 'nor by a rule that names the pool itself [A235]');
SELECT lives_ok(row_of('voucher', 'voucher_id', 'o2', 'fund', 'assistance', 'event', 'area.gift', 'effective_on', '2018-03-05', 'amt', '5', 'account', 'fiscal', 'doc_no', 'd'), 'the assistance fund''s own does');

SELECT throws_ok(row_of('voucher', 'voucher_id', 'x', 'event', 'audit.deduct', 'effective_on', '2018-03-05', 'amt', '5', 'setl_id', 's', 'clr_ym', '201803', 'doc_no', 'd'), 'YB307', NULL, 'a settlement has its month: none is named beside it, and passed over');

---------------------------------------------------------------- texts that say nothing

SELECT throws_ok(row_of('voucher', 'voucher_id', 'x', 'event', 'penalty.decided', 'effective_on', '2018-03-05', 'amt', '5', 'party', ' ', 'due_on', '2018-04-01', 'doc_no', 'd'),
  'YB006', 'party is empty, and event penalty.decided needs it', 'nobody owes no penalty [A238]');
SELECT throws_ok(row_of('voucher', 'voucher_id', 'x', 'event', 'penalty.decided', 'effective_on', '2018-03-05', 'amt', '5', 'party', 'H1', 'due_on', '2018-04-01', 'doc_no', ''),
  'YB006', 'doc_no is empty, and event penalty.decided needs it', 'and it rests on a document');
SELECT throws_ok(receipt('receipt_id', E' \t'), 'YB006', 'receipt_id is empty', 'blanks are no key');
SELECT throws_ok(receipt('receipt_id', repeat('很', 200)), 'YB007', 'receipt_id is longer than 500 bytes', 'nor is a novel');
SELECT throws_ok(row_of('tax_batch', 'batch_id', 'x', 'channel', ' ', 'collected_on', '2018-03-01', 'coverage_year', '2018', 'heads', '1', 'amt', '5'), 'YB006', NULL, 'blanks are no channel');
SELECT throws_ok(row_of('post_holder', 'holding_id', 'x', 'person', '某', 'login', 'fund_li', 'post', 'audit', 'cert_no', '', 'cert_from', '2018-01-01', 'from_day', '2018-01-01', 'doc_no', 'd'), 'YB006', 'cert_no is empty', 'a certificate has a number');

SELECT throws_ok(row_of('post_holder', 'holding_id', 'x', 'person', '某 某', 'login', 'fund_li', 'post', 'audit', 'cert_no', 'c', 'cert_from', '2018-01-01', 'from_day', '2018-01-01', 'doc_no', 'd'), 'YB007', 'person "某 某" is not written as names are kept',
  'a blank in a name would make a second person, who may hold what the first may not [A046]');

---------------------------------------------------------------- words and codes

SELECT throws_ok(row_of('post_holder', 'holding_id', 'x', 'person', '某', 'login', 'fund_li', 'post', 'auditor', 'cert_no', 'c', 'cert_from', '2018-01-01', 'from_day', '2018-01-01', 'doc_no', 'd'),
  'YB004', 'post "auditor" is not known', 'a post that there is not');
SELECT throws_ok(row_of('hold', 'hold_id', 'x', 'pool', 'dental', 'amt', '5', 'expires_at', '2999-01-01', 'reason', 'r'), 'YB303', NULL, 'a pool that there is not');
SELECT throws_ok(row_of('class_change', 'change_id', 'x', 'class', 'savings', 'open', 'false', 'valid_from', '2018-01-01', 'doc_no', 'd', 'source', 's'), 'YB004', 'class "savings" is not known', 'a class that there is not');
SELECT throws_ok(row_of('risk_level', 'level_id', 'x', 'indicator', 'surplus_ratio', 'pool', 'dental', 'to_value', '3', 'level', 'red', 'alert', 'true', 'measures', '{}', 'valid_from', '2018-01-01', 'source', 's', 'trust', 'demo'),
  'YB004', 'pool "dental" is not known', 'a level of a pool that there is not');
SELECT throws_ok(receipt('fund', 'assistance', 'insutype', '３９０'), 'YB004', NULL, 'full-width digits are no scheme');
SELECT throws_ok(receipt('insutype', ''), 'YB004', NULL, 'nor is nothing');
SELECT throws_ok(row_of('interest_rate', 'rate_id', 'x', 'account_id', 'nowhere', 'valid_from', '2018-01-01', 'rate', '0.01', 'basis', '360', 'source', 's', 'trust', 'demo'), 'YB307', NULL, 'an account that there is not');
SELECT throws_ok(row_of('interest_rate', 'rate_id', 'x', 'account_id', 'F1', 'valid_from', '2018-01-01', 'rate', '0.01', 'basis', '360', 'source', 's', 'trust', 'blind'), 'YB004', NULL, 'a trust that there is not');
SELECT throws_ok(row_of('premium', 'premium_id', 'x', 'kind', 'gift', 'coverage_year', '2018', 'booked_on', '2018-03-05', 'amt', '5', 'doc_no', 'd'), 'YB004', NULL, 'a premium of a kind that there is not');
SELECT throws_ok(row_of('prepay_rule', 'rule_id', 'x', 'fund', 'resident', 'valid_from', '2018-01-01', 'measure', 'guess', 'years', '1', 'months', '1', 'control', 'report', 'attested', '{}', 'source', 's', 'trust', 'demo'), 'YB004', NULL, 'a measure that there is not');
SELECT throws_ok($$INSERT INTO fa.voucher_event (event, name_zh, needs, source, trust) VALUES ('area.x', '某', '{amt,NULL}', 's', 'demo')$$, 'YB004', NULL, 'an event asks for no NULL');
SELECT throws_ok($$INSERT INTO fa.voucher_event (event, name_zh, needs, source, trust) VALUES ('mine', '某', '{amt}', 's', 'demo')$$, 'YB002', NULL, 'an event of the area''s own is called so');

---------------------------------------------------------------- days

SELECT throws_ok(receipt('received_on', 'infinity'), 'YB007', 'received_on "infinity" is no day of these books', 'infinity is no day');
SELECT throws_ok(receipt('received_on', '0044-03-15 BC'), 'YB007', NULL, 'nor the ides of March');
SELECT throws_ok(receipt('received_on', '5874897-12-31'), 'YB007', NULL, 'nor the last that the server knows');
SELECT throws_ok(row_of('cash_move', 'move_id', 'x', 'kind', 'sweep', 'from_class', 'treasury', 'to_class', 'fiscal', 'moved_on', '-infinity', 'amt', '5'), 'YB007', NULL, 'no move on no day');
SELECT throws_ok(row_of('day_off', 'off_id', 'x', 'day', '1018-10-01', 'works', 'false', 'source', 's'), 'YB007', NULL, 'a year mistyped');
SELECT throws_ok(row_of('post_holder', 'holding_id', 'x', 'person', '某', 'login', 'fund_li', 'post', 'audit', 'cert_no', 'c', 'cert_from', '2018-01-01', 'from_day', '2018-01-02', 'to_day', '2018-01-01', 'doc_no', 'd'),
  'YB002', 'table post_holder takes no row with from_day = 2018-01-02, to_day = 2018-01-01', 'nobody leaves before he comes');

---------------------------------------------------------------- numbers

SELECT throws_ok(receipt('coverage_year', '1999'), 'YB002', NULL, 'a year before these books');
SELECT throws_ok(receipt('heads', '0'), 'YB002', 'heads 0 is out of range', 'no heads');
SELECT throws_ok(receipt('amt', 'NaN'), 'YB002', NULL, 'NaN is no amount');
SELECT throws_ok(receipt('amt', '-Infinity'), 'YB002', NULL, 'nor is infinity');
SELECT throws_ok(receipt('amt', '1e15'), 'YB002', NULL, 'nor a thousand million millions');
SELECT throws_ok(row_of('appropriation', 'form_id', 'x', 'clr_optins', '620522', 'year', '2018', 'quarter', '5', 'plan', '{"benefit_inpatient": "1"}', 'bank_balance', '0', 'drawn_on', '2018-03-01'), 'YB002', 'quarter 5 is out of range', 'a fifth quarter');
SELECT throws_ok(row_of('risk_level', 'level_id', 'x', 'indicator', 'surplus_ratio', 'to_value', 'NaN', 'level', 'red', 'alert', 'true', 'measures', '{}', 'valid_from', '2018-01-01', 'source', 's', 'trust', 'demo'), 'YB002', NULL, 'a level ends at a number');
SELECT throws_ok(row_of('risk_level', 'level_id', 'x', 'indicator', 'surplus_ratio', 'to_value', '3', 'level', 'red', 'alert', 'true', 'measures', '{{a,b},{c,d}}', 'valid_from', '2018-01-01', 'source', 's', 'trust', 'demo'), 'YB007', NULL, 'measures are one list');
SELECT throws_ok(row_of('subsidy_due', 'due_id', 'x', 'coverage_year', '2018', 'gov_level', 'county', 'heads', '1', 'standard', '100', 'share', '0', 'due_on', '2018-06-30', 'doc_no', 'd', 'source', 's', 'trust', 'demo'), 'YB002', NULL, 'a share of nothing is not due');

---------------------------------------------------------------- in their order

-- 100 heads of 220.00, 70.00 of each for serious illness; one has it back: 99 x 220 = 21,780.00, 99 x 70 = 6,930.00; of 14,850.00 30% is 4,455.00
SELECT lives_ok(receipt('receipt_id', 'n1', 'kind', 'contribution', 'account', 'treasury', 'received_on', '2018-10-10', 'coverage_year', '2019', 'amt', '22000', 'heads', '100', 'serious_amt', '7000'), 'next year''s money, its serious-illness part stated');
SELECT throws_ok($$INSERT INTO fa.refund (refund_id, receipt_id, kind, psn_no, happened_on, refunded_on, account, amt, doc_no) VALUES ('f0', 'n1', 'duplicate', 'P1', '2018-10-01', '2018-10-09', 'treasury', 220, 'd')$$,
  'YB307', 'receipt n1 came in on 2018-10-10, after it is to be refunded', 'nothing is refunded before it came in');
SELECT lives_ok($$INSERT INTO fa.refund (refund_id, receipt_id, kind, psn_no, happened_on, refunded_on, account, amt, doc_no) VALUES ('f1', 'n1', 'duplicate', 'P1', '2018-11-01', '2018-11-02', 'treasury', 220, 'd')$$, 'one has it back');
SELECT lives_ok($$INSERT INTO fa.next_year_income (receipt_id, booked_on) VALUES ('n1', '2019-01-01')$$, 'the rest becomes income');
SELECT results_eq($$SELECT amt, heads, serious_amt, out_amt, ipt_amt FROM fa.next_year_income$$, $$VALUES (21780.00::numeric, 99, 6930.00::numeric, 4455.00::numeric, 10395.00::numeric)$$, 'less what was refunded, its serious-illness part too [A032]');

-- an approval comes after what it approves
SELECT is(as_user('fund_wang', $$INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('t2', 'approve', '2018-03-01')$$),
  'YB307 transfer t2 was drawn up for 2018-03-02, it is not done on 2018-03-01', 'a transfer is not approved before it is proposed');
INSERT INTO fa.voucher (voucher_id, event, effective_on, amt, party, doc_no) VALUES ('v1', 'prepay', '2018-03-05', 10, 'H1', 'd');
SELECT is(left(as_user('fund_wang', $$INSERT INTO fa.voucher_approval (voucher_id, decision, effective_on) VALUES ('v1', 'approve', '2018-03-04')$$), 5), 'YB307', 'nor a voucher before its day');
SELECT is(left(as_user('fund_wang', $$INSERT INTO fa.refund_approval (refund_id, decision, paid_on) VALUES ('f1', 'approve', '2018-11-01')$$), 5), 'YB307', 'nor a refund');
INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id) VALUES ('a1', 'appropriation', 'fiscal', 'expenditure', '2018-03-05', 1000, 'f1');
INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, med_type, hosp_lv, setl_type)
  VALUES ('s1', 'P2', '390', '2018-03-06 10:00', 200, 0, 0, 0, 200, '21', '06', '1');
INSERT INTO fa.payment (payment_id, setl_id, drawn_on) VALUES ('p1', 's1', '2018-04-02');
SELECT is(left(as_user('fund_wang', $$INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('p1', 'approve', '2018-04-01')$$), 5), 'YB307', 'nor a payment: it would be expense of a day on which nobody had drawn it up');
SELECT is(as_user('fund_wang', $$INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('p1', 'approve', '2018-04-02')$$), 'ok', 'on its day it is paid');
SELECT throws_ok($$INSERT INTO fa.settlement (setl_id, init_setl_id, setl_time) VALUES ('s1r', 's1', '2018-03-06 09:59')$$, 'YB307', 'settlement "s1" would be reversed before its setl_time', 'a settlement is not reversed before it was made');
SELECT lives_ok($$INSERT INTO fa.settlement (setl_id, init_setl_id, setl_time) VALUES ('s1r', 's1', '2018-03-06 10:00')$$, 'but it is at once');

-- what one journal moves both ways within an account the bank does not see: 资助参保 between the shares of two funds
INSERT INTO fa.bank_account (account_id, class, level, bank, state_owned, opened_on, doc_no, source) VALUES ('F1', 'fiscal', 'county', '工行', true, '2018-01-01', 'd', 's');
SELECT lives_ok(receipt('receipt_id', 'as', 'fund', 'assistance', 'received_on', '2018-03-06', 'amt', '500'), 'assistance has money');
INSERT INTO fa.receipt (receipt_id, kind, payer_fund, account, received_on, coverage_year, amt, heads) VALUES ('aid', 'assistance', 'assistance', 'fiscal', '2018-03-07', 2018, 180, 1);
INSERT INTO fa.bank_balance (account_id, on_date, amt) VALUES ('F1', '2018-03-31', 999500);
SELECT is((SELECT string_agg(ref || ' ' || amt, ', ' ORDER BY day, ref) FROM fa.bank_difference_item), 'receipt.subsidy r1 1000000.00, area.donation o1 5.00, area.gift o2 5.00, move a1 -1000.00, assistance.subsidy as 500.00', 'no item of the reconciliation stays for ever [A230]');

-- set aside with the receipts: 6,930.00, and 99 x 70.00 = 6,930.00: nothing is missing
SELECT lives_ok($$INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, heads, doc_no) VALUES ('u1', 'true_up', 2019, '2019-03-01', 99, 'd')$$, 'a truing up that comes to nothing [A010]');
SELECT is((SELECT string_agg("check" || ': ' || detail, '; ') FROM yibao.verify('fa') WHERE NOT ok), NULL, 'the books are in order after all this: no journal without entries');

SELECT * FROM finish();
ROLLBACK;
