# A balance by time of booking: not final while a transaction is open that may still book before that time.
use strict;
use warnings;
use Cwd;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $here = getcwd;
my $node = PostgreSQL::Test::Cluster->new('balance');
$node->init(extra => [ '--encoding=UTF8', '--no-locale' ]);
$node->append_conf('postgresql.conf', "max_prepared_transactions = 5\n");
$node->start;
my $script = q{CREATE EXTENSION yibao;
\ir fund_setup.psql
INSERT INTO fa.policy (policy_id, rules) VALUES ('p', fund_doc('2018-01-01',
  jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2018}', '0.30')), 'next_year_receipts', 'income_on_receipt', 'on_pool_short', 'queue', 'source', 't')));
};
$script =~ s/^\\ir /\\i $here\/test\/pgtap\//m;
$node->safe_psql('postgres', $script);

# Contributions of two years into two accounts do not wait for one another.
sub receipt
{
	my ($id, $amt, $account, $year) = (@_, 'treasury', 2018);
	return "INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('$id', 'contribution', '$account', '2018-10-10', $year, $amt)";
}
sub value { return $node->safe_psql('postgres', @_) }
sub at { my ($time) = @_; return value("SELECT amount, final FROM yibao.balance_at('fa', 'G', 'income_contribution', '$time')") }
# What anybody would write: the entries up to that time, taken for what stood then.
sub naive { my ($time) = @_; return value("SELECT -sum(amount_fen) / 100.0 FROM fa.entry JOIN fa.journal USING (journal_id) WHERE role = 'income_contribution' AND booked_at <= '$time'") + 0 }
# A time now, and later than a second after it.
sub now { my $time = value('SELECT clock_timestamp()'); value('SELECT pg_sleep(1.1)'); return $time }

value(receipt('r1', 100));
my $t1 = now();
is(at($t1), '100.00|t', 'nobody is at work: the balance of a second ago is final');
is(at(value('SELECT clock_timestamp()')), '100.00|f', 'that of this moment is not');
is(value("SELECT amount, final FROM yibao.balance_at('fa', 'P', 'pool', '$t1', 'outpatient')"), '30.00|t', 'nor is it only for banks: a pool');

# Somebody books and does not commit.
my $open = $node->background_psql('postgres');
$open->query_safe('BEGIN; ' . receipt('r2', 20));
my $t2 = now();
value(receipt('r3', 3, 'income', 2019));
my $t3 = now();
is(at($t1), '100.00|t', 'before he began all is final');
is(at($t2), '100.00|f', 'since he began nothing is');
is(at($t3), '103.00|f', 'also what was booked and committed after him');
is(naive($t2), 100, 'negative control: the sum of what is there says 100.00 for that time');
is(value("SELECT amount, final FROM yibao.balance_at('fa', 'G', 'income_contribution', '$t2')", extra_params => [ '-U', 'fund_zhao' ]), '100.00|f',
	'an auditor, who does not see the times of others in pg_stat_activity, is told the same');
$open->query_safe('COMMIT');
is(at($t2), '120.00|t', 'he commits: the figure of that time has changed, and now is final');
is(at($t3), '123.00|t', 'so is the later one');
is(naive($t2), 120, 'negative control: the same sum says 120.00 now, and never said that it would change');

# One that has begun and not yet booked.
$open->query_safe('BEGIN; SELECT 1');
my $t4 = now();
is(at($t4), '123.00|f', 'a transaction that has booked nothing may do so: not final');
$open->query_safe('COMMIT');
is(at($t4), '123.00|t', 'it ended: final');

# Work of other databases does not matter, nor does one who idles.
value('CREATE DATABASE other');
my $other = $node->background_psql('other');
$other->query_safe('BEGIN; SELECT 1');
my $t5 = now();
is(at($t5), '123.00|t', 'a transaction of another database changes nothing here');
$other->quit;

# A prepared transaction has left its session.
$open->query_safe('BEGIN; ' . receipt('r4', 4) . q{; PREPARE TRANSACTION 'later'});
my $t6 = now();
is(at($t6), '123.00|f', 'a prepared transaction is open too');
value(q{COMMIT PREPARED 'later'});
is(at($t6), '127.00|t', 'until it is committed');

# One who does not tell.
$open->query_safe('SET track_activities = off');
is(at($t6), '127.00|f', 'nothing is final while a session hides what it does');
$open->quit;
is(at($t6), '127.00|t', 'when it has gone it is');

# Our own transaction, and older snapshots.
is(value("BEGIN; " . receipt('r5', 5) . "; SELECT pg_sleep(1.1) \\g /dev/null\nSELECT amount, final FROM yibao.balance_at('fa', 'G', 'income_contribution', statement_timestamp() - interval '1.05 seconds'); ROLLBACK"), '132.00|f', 'what we have booked ourselves and not committed is not final');
is(value("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT amount, final FROM yibao.balance_at('fa', 'G', 'income_contribution', '$t6'); COMMIT"), '127.00|f', 'an old snapshot cannot tell');

$node->stop;
done_testing();
