# Messages in Chinese: the catalogue has every message of the source, and a server shows them.
use strict;
use warnings;
use utf8;
use open ':std', ':encoding(UTF-8)';
use Encode 'decode_utf8';
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use YibaoTest;

# ---- the catalogue against the source ----------------------------------------------

my $statistics = `msgfmt --statistics --check -o /dev/null po/zh_CN.po 2>&1`;
is($?, 0, 'po/zh_CN.po has no error, every format fits its original');
unlike($statistics, qr/untranslated|fuzzy/, 'every message in it is translated');

# A message that the catalogue lacks would appear in English among Chinese ones.
unlink 'po/yibao.pot';
is(system('make -s po/yibao.pot >/dev/null 2>&1'), 0, 'the messages of the source are extracted');
my $missing = `msgcmp po/zh_CN.po po/yibao.pot 2>&1`;
is($?, 0, 'po/zh_CN.po has every message of the source')
  or diag("$missing\nmake update-po writes po/zh_CN.po.new; translate what it has gained and put it in place");

# The strings that stand in a file, without its comments: [line, text, what stands before].
sub literals
{
	my ($file) = @_;
	my $source = decode_utf8(slurp_file($file));
	my @found;
	$source =~ s{/\*.*?\*/}{ "\n" x ($& =~ tr/\n//) }gse;
	while ($source =~ /"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*/g)
	{
		my ($before, $whole) = ($`, $&);
		push @found, [ 1 + ($before =~ tr/\n//), join('', $whole =~ /"((?:[^"\\\n]|\\.)*)"/g), substr($before, -60) ];
	}
	return @found;
}
my %extracted = map { $_->[1] => 1 } literals('po/yibao.pot');
cmp_ok(scalar keys %extracted, '>', 400, 'the extracted messages can be read');

# What is handed to ereport() by a function of ours is extracted only if it is marked.
my (@unmarked, @bare);
for my $file (sort(glob 'src/*.c src/*/*.c'))
{
	for my $literal (literals($file))
	{
		my ($line, $text, $before) = @$literal;
		push @unmarked, "$file:$line: $text"
		  if $text =~ /^[A-Z][a-z]+ .*\.$/ && !$extracted{$text} && $before !~ /elog\(\w+,\s*$/;
	}
	my $source = slurp_file($file);
	push @bare, "$file: $&" while $source =~ /err(?:msg|detail|hint)\("%s",(?!\s*_\()[^)]*/g;
}
is("@unmarked", '', 'every sentence of the source is a message that can be translated');
is("@bare", '', 'no error passes on words that were not looked up');

# ---- what a server says --------------------------------------------------------------

my $node = new_server('messages');
my $policy = decode_utf8(slurp_file('control/policies/demo-gansu.json'));
$node->safe_psql('postgres', q{
	CREATE EXTENSION yibao;
	CREATE ROLE li LOGIN;
	CREATE ROLE wang LOGIN;
	GRANT USAGE ON SCHEMA yibao TO li, wang;
	GRANT SET ON PARAMETER lc_messages TO li, wang;
	SELECT yibao.create_poolarea('qinan', '620522');
	SELECT yibao.grant_poolarea('qinan', 'li', 'clerk');
	SELECT yibao.grant_poolarea('qinan', 'wang', 'reviewer');
	INSERT INTO qinan.policy (policy_id, rules) VALUES ('demo', yibao.policy_parse($policy$} . slurp_file('control/policies/demo-gansu.json') . q{$policy$));
	INSERT INTO qinan.receipt (receipt_id, kind, account, received_on, coverage_year, amt, serious_amt)
	VALUES ('r1', 'subsidy', 'fiscal', '2025-01-15', 2025, 1000.00, 0);
	INSERT INTO qinan.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on)
	VALUES ('t1', 'inpatient', 'outpatient', 5000.00, '门诊人次增加', '2025-02-01')});

my $too_new = q{SELECT yibao.require('99.0')};
my (undef, $english) = sqlstate_of($node, 'postgres', $too_new);
like($english, qr/library is version/, 'without lc_messages an error is in English');

# SQL that must fail with a SQLSTATE and say all of it in Chinese; what it must say.
sub in_chinese
{
	my ($what, $sql, $state, $expected, %params) = @_;
	my (undef, undef, $error) = psql_all($node, 'postgres', "SET lc_messages = 'zh_CN.UTF-8';\n$sql", %params);
	$error = decode_utf8($error);
	my @parts = $error =~ /^(?:.*?\b$state: +|(?:DETAIL|HINT): +)(.*)$/mg;
	my @foreign = grep { !/\p{Han}/ } @parts;
	subtest $what => sub {
		like($error, qr/ $state: /, "fails with $state");
		like($error, $expected, 'says so in Chinese');
		is("@foreign", '', 'message, detail and hint are all in Chinese');
		like($error, qr/^HINT: /m, 'there is a hint');
	};
}
sub by { return (connstr => $node->connstr('postgres') . " user=$_[0]") }

my $doc = q(jsonb '{"yibao": 1, "title": {"zh": "试验"}, "insutype": "390", "admdvs": "620522", "valid_from": "2018-09-18", "version_date": "setl_time",
  "sources": {"t": {"doc": "试验文件", "trust": "demo"}},
  "benefits": [{"when": {"med_type": ["21"]}, "benefit": "inpatient", "pool": "inpatient", "source": "t"}],
  "layers": [{"code": "basic", "pays": "hifp_pay", "payer": {"kind": "own_fund", "source": "t"}, "base": ["inscp"], "rounding": "layer",
    "deductible": [{"amount": "500.00", "per": "visit", "source": "t"}],
    "ratio": [{"when": {"hosp_lv": ["05", "06"]}, "ratio": "0.75", "source": "t"}%s]}]}');
my $policy_doc = sprintf $doc, '';
my $claim = q('{"medfee_sumamt": "%s", "fulamt_ownpay_amt": "0", "overlmt_selfpay": "0", "preselfpay_amt": "0", "inscp_scp_amt": "1000.00", "med_type": "21", %s "setl_time": "2022-05-01"}');

in_chinese('module', $too_new, 'YB601', qr/版本为 .*99\.0/);
in_chinese('claim: a third decimal',
	sprintf("SELECT yibao.settle($policy_doc, $claim)", '1000.005', '"hosp_lv": "06",'), 'YB001', qr/medfee_sumamt 的值 1000\.005 超过两位小数/);
in_chinese('claim: a field that the policy reads',
	sprintf("SELECT yibao.settle($policy_doc, $claim)", '1000.00', ''), 'YB005', qr/没有给出 hosp_lv.*没有这个键.*读取它的规则：layers\[0\]\.ratio\[0\]/s);
in_chinese('claim: no rule',
	sprintf("SELECT yibao.settle($policy_doc, $claim)", '1000.00', '"hosp_lv": "09",'), 'YB201', qr/支付层 basic 的 "ratio" 中没有适用/);
in_chinese('claim: a code of a list',
	sprintf("SELECT yibao.settle($policy_doc, $claim)", '1000.00', '"hosp_lv": "77",'), 'YB004', qr/hosp_lv 的值 "77" 不在代码表中/);
in_chinese('claim: replay without order',
	sprintf("SELECT yibao.replay($policy_doc, c) OVER () FROM (SELECT 1000.00 AS medfee_sumamt, 1000.00 AS inscp_scp_amt, 0.00 AS fulamt_ownpay_amt, 0.00 AS overlmt_selfpay, 0.00 AS preselfpay_amt,
	  text '21' AS med_type, text '06' AS hosp_lv, text 'P' AS psn_no, text 'S' AS setl_id, timestamp '2022-05-01' AS setl_time FROM generate_series(1, 2)) AS c"),
	'YB011', qr/窗口没有排序/);
in_chinese('policy: two rules for one claim',
	'SELECT yibao.policy_ok(' . sprintf($doc, ', {"when": {"hosp_lv": ["06"], "refl": "down"}, "ratio": "0.80", "source": "t"}, {"when": {"hosp_lv": ["06"], "psn_type": "11"}, "ratio": "0.90", "source": "t"}') . ')',
	'YB106', qr/layers\[0\]\.ratio\[1\] 与 layers\[0\]\.ratio\[2\] 同时适用.*例如：/s);
in_chinese('policy: a key given twice', q{SELECT yibao.policy_parse('{"yibao": 1, "yibao": 1}')}, 'YB103', qr/该键写了两次/);
in_chinese('policy: another kind of value', q{SELECT yibao.policy_ok('{"yibao": 1, "layers": {}}')}, 'YB10\d', qr/./);
in_chinese('fund: an account is short', q{INSERT INTO qinan.cash_move (move_id, kind, from_class, to_class, moved_on, amt) VALUES ('s1', 'sweep', 'treasury', 'fiscal', '2025-02-01', 1.00)},
	'YB301', qr/账户 treasury（国库）存款 0\.00 元，须付 1\.00 元/);
in_chinese('fund: a pool is short', q{INSERT INTO qinan.transfer_approval (transfer_id, decision, approved_on) VALUES ('t1', 'approve', '2025-02-02')},
	'YB301', qr/基金池 inpatient 可用 700\.00 元，需要 5000\.00 元.*不得超过可用额/s, by('wang'));
in_chinese('fund: a receipt that no policy splits', q{INSERT INTO qinan.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r2', 'subsidy', 'fiscal', '2010-01-15', 2010, 1.00)},
	'YB303', qr/没有明确这笔收入如何分配：.*\p{Han}.*2010/);
in_chinese('fund: no account of another kind', q{INSERT INTO qinan.cash_move (move_id, kind, from_class, to_class, moved_on, amt) VALUES ('s2', 'sweep', 'expenditure', 'fiscal', '2025-02-01', 1.00)},
	'YB302', qr/不允许的资金流向：从 expenditure 到 fiscal/);
in_chinese('guard: the ledger', q{INSERT INTO qinan.entry SELECT}, 'YB305', qr/表 entry 只能由记账程序写入/);
in_chinese('guard: what is booked', q{DELETE FROM qinan.receipt}, 'YB304', qr/receipt 中已入账的内容不得修改或删除/);
in_chinese('trigger: who drew up does not decide', q{INSERT INTO qinan.transfer_approval (transfer_id, decision, approved_on) VALUES ('t1', 'approve', '2025-02-02')},
	'YB401', qr/同一人不得审批/);
in_chinese('trigger: a payment of another amount than is owed', q{INSERT INTO qinan.payment (payment_id, setl_id, drawn_on) VALUES ('p1', 'none', '2025-02-02')},
	'YB307', qr/没有已落实资金的应付款：.*结算 none/);
in_chinese('trigger: mapping', q{CREATE TABLE bill (bill_no text PRIMARY KEY); SELECT yibao.attach_settlement('bill', 'qinan', '{"setl_id": "no"}')},
	'YB604', qr/没有列 "no"/);
in_chinese('text: amount in words', q{SELECT yibao.rmb_capital(1e20)}, 'YB002', qr/不能写成大写/);
is(decode_utf8($node->safe_psql('postgres', q{SET lc_messages = 'zh_CN.UTF-8'; SELECT yibao.certno_check('110101199001011234')})),
	'校验码为 4，按其余数字应为 7', 'text: what is wrong with an identity number, in Chinese');

# ---- verify: what was checked and what was found -----------------------------------------

sub verified { return decode_utf8($node->safe_psql('postgres', q{SET lc_messages = 'zh_CN.UTF-8'; SELECT "check" || '|' || coalesce(detail, '') FROM yibao.verify('qinan', '1:' || repeat('0', 64)) WHERE } . $_[0])) }
my @checks = split /\n/, verified('true');
cmp_ok(scalar @checks, '>', 40, 'verify has its checks in Chinese, too');
is(join("\n", grep { !/^[^|]*\p{Han}/ } @checks), '', 'each of them is named in Chinese');
is(verified('NOT ok'), '封存链与所给链首一致|没有封存 1；封存链止于 0', 'what is wrong is said in Chinese');
$node->safe_psql('postgres', 'ALTER TABLE qinan.receipt DISABLE TRIGGER USER; UPDATE qinan.receipt SET amt = 1000.01, serious_amt = 0.01; ALTER TABLE qinan.slot DISABLE TRIGGER USER; UPDATE qinan.slot SET avail = avail + 1 WHERE pool = \'inpatient\' AND slot = 0');
my $found = verified('NOT ok');
like($found, qr/^每笔收入都已记账，已记账的都在\|收入 r1：1000\.01，账面 100000 分$/m, 'an amount that was changed');
like($found, qr/^可用等于余额减已占用减预占 \[I4\]\|池 inpatient：可用 70001，余额 70000 减已占用 0 减预占 0 分$/m, 'an identity that does not hold');
like($found, qr/^触发器齐全且已启用\|.*receipt：t05_posted 被停用/m, 'a trigger that is disabled');

done_testing();
