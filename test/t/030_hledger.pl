# The books, exported, are judged by hledger: every journal balances, and balances are what the area keeps beside them.
use strict;
use warnings;
use Cwd;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use YibaoTest;

my $node = new_server('hledger');
my $db = 'postgres';
my $file = $node->basedir . '/area.journal';
$node->safe_psql($db, 'CREATE EXTENSION yibao; CREATE EXTENSION pgtap');

# What test/pgtap/fund_payments.sql books (receipts of two funds, settlements, queue, payments, reversals before and
# after payment, recovery, advances repaid), kept.
my $here = getcwd();
my $script = slurp_file('test/pgtap/fund_payments.sql');
$script =~ s/^\\ir /\\i $here\/test\/pgtap\//m;
$script =~ s/^ROLLBACK;/COMMIT;/m or die 'no ROLLBACK';
my ($status, $out, $err) = psql_all($node, $db, $script, extra_params => [ '-At' ]);
is($status, 0, 'an area has books') or diag $err;
unlike($out, qr/^not ok/m, 'and they are as they should be');

sub export
{
	my $text = $node->safe_psql($db, q{SELECT yibao.export_hledger('fa')});
	append_to_file("$file.new", $text . "\n");
	rename "$file.new", $file or die $!;
	return $text;
}

sub hledger { return run_log([ 'hledger', '-f', $file, @_ ]) }

sub balances
{
	my ($text) = run_command([ 'hledger', '-f', $file, 'bal', '--flat', '--no-total', '-N', '-E', '--format', '%(account) %(total)' ]);
	return map { /^(\S+)\s+(?:CNY )?(-?[\d.]+)$/ ? ($1 => $2 + 0) : () } split /\n/, $text;
}

my $text = export();
ok(hledger('check', '--strict'), 'hledger finds every journal balanced in each book, every account declared, every assertion true');
ok(hledger('check', 'ordereddates'), 'in the order of days');

# 1,000.00 + 1,000.00 + 10,000.00 received; 650 + 350 + 1,000 + 5,000 appropriated
my %balance = balances();
is($balance{'resident:G:bank_fiscal'}, 5000, 'by hand: 7,000.00 of 12,000.00 have gone to the expenditure account');
is($balance{'resident:G:income_subsidy'}, -12000, 'income of 12,000.00');
is($balance{'assistance:G:bank_expenditure'}, 52, 'the assistance fund has 52.00 left of its 100.00');

my $wrong = 0;
for my $row (split /\n/, $node->safe_psql($db, q{
	SELECT fund, book, role, pool, sum(amount_fen) / 100.0 FROM fa.entry GROUP BY 1, 2, 3, 4}))
{
	my ($fund, $book, $role, $pool, $sum) = split /\|/, $row;
	my $prefix = join ':', $fund, $book, $role, $pool ne '' ? $pool : ();
	my $total = 0;
	for my $account (keys %balance)
	{
		$total += $balance{$account}
		  if $account eq $prefix || ($pool ne '' && index($account, "$prefix:") == 0) || ($pool eq '' && index($account, "$prefix:") == 0 && $account !~ /^\Q$prefix\E:(?:outpatient|inpatient|serious|unallocated|assistance)(?::|$)/);
	}
	$wrong++, diag("$prefix: $total, not $sum") if abs($total - $sum) > 0.001;
}
is($wrong, 0, 'hledger comes to the balance of every account');
like($text, qr/^    resident:G:bank_expenditure  CNY 0\.00 = CNY /m, 'cash is asserted');
like($text, qr/^    resident:P:pool:inpatient  CNY 0\.00 = CNY /m, 'and what the pools have');
like($text, qr/^    resident:S:payable:\S+  CNY 0\.00 = CNY /m, 'and what is owed');
like($text, qr/^account resident:G:bank_fiscal  ; code:1004, name:财政专户存款$/m, 'accounts carry their subject code and Chinese name');

# Names that people chose do not break the format.
$node->safe_psql($db, q{INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt)
	VALUES (E'odd  ; key: x\n2018-01-01 (z', 'subsidy', 'fiscal', '2019-06-01', 2018, 0.01)});
export();
ok(hledger('check', '--strict'), 'a key with blanks, a semicolon and a new line does not become a transaction');

# The judge can say no.
sub altered
{
	my ($what, $sql) = @_;
	$node->safe_psql($db, "BEGIN; SET session_replication_role = replica; $sql; COMMIT");
	export();
	ok(!hledger('check', '--strict'), $what);
}
my $one = q{(journal_id, line) = (SELECT journal_id, line FROM fa.entry WHERE book = 'G' ORDER BY 1, 2 LIMIT 1)};
altered('a line that was altered is noticed', "UPDATE fa.entry SET amount_fen = amount_fen + 1 WHERE $one");
altered('cash that is not what was booked is noticed', "UPDATE fa.entry SET amount_fen = amount_fen - 1 WHERE $one; UPDATE fa.cash SET balance_fen = balance_fen + 1 WHERE class = 'fiscal' AND fund = 'resident'");
$node->safe_psql($db, q{SET session_replication_role = replica; UPDATE fa.cash SET balance_fen = balance_fen - 1 WHERE class = 'fiscal' AND fund = 'resident'});
export();
ok(hledger('check', '--strict'), 'put right, all is well again');
altered('a slot that has more than the pool is noticed', q{UPDATE fa.slot SET avail = avail + 1 WHERE pool = 'inpatient' AND slot = 0});

# Every other entry: what test/pgtap/fund_entries.sql books.
$node->safe_psql($db, 'CREATE DATABASE entries');
$node->safe_psql('entries', 'CREATE EXTENSION yibao; CREATE EXTENSION pgtap; DROP ROLE IF EXISTS fund_stranger');
$node->safe_psql($db, 'DROP OWNED BY fund_li, fund_wang, fund_zhao; DROP ROLE fund_li, fund_wang, fund_zhao');
my $entries = slurp_file('test/pgtap/fund_entries.sql');
$entries =~ s/^\\ir /\\i $here\/test\/pgtap\//m;
$entries =~ s/^ROLLBACK;/COMMIT;/m or die 'no ROLLBACK';
($status, $out, $err) = psql_all($node, 'entries', $entries, extra_params => [ '-At' ]);
is($status, 0, 'an area has books of every entry') or diag $err;
unlike($out, qr/^not ok/m, 'and they are as they should be');
my $every = $node->basedir . '/entries.journal';
append_to_file($every, $node->safe_psql('entries', q{SELECT yibao.export_hledger('fa')}) . "\n");
ok(run_log([ 'hledger', '-f', $every, 'check', '--strict' ]), 'hledger finds every entry balanced, every assertion true: deposits, refunds, prepayments');

# Who may.
$node->safe_psql($db, 'CREATE ROLE stranger LOGIN');
is(scalar sqlstate_of($node, $db, q{SELECT yibao.export_hledger('fa')}, connstr => $node->connstr($db) . ' user=stranger'), '42501', 'a stranger cannot read the books');
is(scalar sqlstate_of($node, $db, q{SELECT yibao.export_hledger('nowhere')}), 'YB603', 'an area that is not there is named');

$node->stop;
done_testing();
