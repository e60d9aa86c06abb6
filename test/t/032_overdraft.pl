# A pool that many take from at once, until there is nothing left, is never overdrawn, at any isolation level; a check
# before the insert, as it is often written, is, under the same load: a test that could not show that would prove nothing.
use strict;
use warnings;
use Cwd;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use YibaoTest;

my $clients = 12;
my $node = new_server('overdraft');
my $here = getcwd();
$node->safe_psql('postgres', 'CREATE EXTENSION yibao');
my ($status, $out, $err) = psql_all($node, 'postgres', "\\i $here/test/pgtap/fund_setup.psql");
is($status, 0, 'the tests of the fund set up') or diag $err;
sub value { return $node->safe_psql('postgres', $_[0]) }

# So many transactions of each client; returns what pgbench said.
sub load
{
	my ($name, $level, $times, $script) = @_;
	my $file = $node->basedir . "/$name.sql";
	append_to_file($file, $script);
	local $ENV{PGHOST} = $node->host;
	local $ENV{PGPORT} = $node->port;
	local $ENV{PGOPTIONS} = "-c default_transaction_isolation=$level -c client_min_messages=warning";
	my ($said, $complained) = run_command([ 'pgbench', '-n', '-c', $clients, '-j', '2', '-t', $times, '--max-tries=10000', '-f', $file, 'postgres' ]);
	my $done = $clients * $times;
	like($said, qr/^number of transactions actually processed: $done\/$done$/m, "$name: $clients clients, $done transactions, all came to an end")
	  or diag "$said\n$complained";
	unlike($complained, qr/aborted/, "$name: no client gave up") or diag $complained;
	return $said;
}

# ---- the negative control: 20,000.00 yuan, 100.00 at a time ----

value('CREATE TABLE naive (amt numeric); INSERT INTO naive VALUES (20000)');
load('naive', 'read\ committed', 40, q{BEGIN;
SELECT (sum(amt) >= 100)::int AS enough FROM naive \gset
\sleep 3 ms
\if :enough
INSERT INTO naive VALUES (-100);
\endif
COMMIT;
});
my $left = value('SELECT sum(amt) FROM naive');
cmp_ok($left, '<', 0, "a check before the insert overdraws (paid @{[20000 - $left]} of 20000): this load finds it");

# ---- ours, with money coming in meanwhile ----

for my $level ('read committed', 'repeatable read', 'serializable')
{
	(my $area = "od_$level") =~ s/ /_/;
	(my $option = $level) =~ s/ /\\ /;

	# 28,571.43 x 30% = 8,571.43 (8,571.429), so 20,000.00 are inpatient's.  The first posting makes the month.
	value(qq{SELECT yibao.create_poolarea('$area', '620522');
		INSERT INTO $area.policy (policy_id, rules) VALUES ('p', fund_doc('2018-09-18', jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2018}', '0.30')),
			'serious', jsonb '{"model": "remit_up", "set_aside": "at_remittance", "source": "t"}', 'on_pool_short', 'queue', 'source', 't')));
		INSERT INTO $area.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('r', 'subsidy', 'fiscal', '2018-10-10', 2018, 28571.43);
		CREATE TABLE $area.refused (id text);
		CREATE FUNCTION $area.take(id text) RETURNS boolean LANGUAGE plpgsql AS \$\$
		BEGIN
			INSERT INTO $area.premium (premium_id, kind, coverage_year, booked_on, amt, out_amt, ipt_amt, doc_no) VALUES (id, 'set_aside', 2018, '2018-10-20', 100, 0, 100, 'x');
			RETURN true;
		EXCEPTION WHEN SQLSTATE 'YB301' THEN
			INSERT INTO $area.refused VALUES (id);
			RETURN false;
		END \$\$;
		-- 50.00 yuan, of which 35.00 are inpatient's
		CREATE FUNCTION $area.give(id text) RETURNS void LANGUAGE sql AS \$\$
			INSERT INTO $area.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES (id, 'subsidy', 'fiscal', '2018-10-11', 2018, 50) \$\$});
	is(value("SELECT available FROM $area.pool_status WHERE pool = 'inpatient'"), '20000.00', "$level: 20,000.00 yuan are there");
	my $said = load($area, $option, 30, qq{\\set key random(1, 1000000000000)
\\set coin random(1, 12)
BEGIN;
\\if :coin = 1
SELECT $area.give(:client_id || '-' || :key);
\\else
SELECT $area.take(:client_id || '-' || :key);
\\endif
\\sleep 3 ms
COMMIT;
});
	my ($given, $taken, $refused) = split /\|/, value("SELECT (SELECT count(*) - 1 FROM $area.receipt), (SELECT count(*) FROM $area.premium), (SELECT count(*) FROM $area.refused)");
	cmp_ok($refused, '>', 0, "$level: the pool was exhausted");
	is($given + $taken + $refused, $clients * 30, "$level: every transaction gave, took or was refused");
	my $available = value("SELECT available FROM $area.pool_status WHERE pool = 'inpatient'");
	cmp_ok($available, '>=', 0, "$level: never below zero");
	is($available, sprintf('%.2f', 20000 + 35 * $given - 100 * $taken), "$level: to the fen what came in less what went out");
	is(value("SELECT available FROM $area.pool_status WHERE pool = 'serious'"), sprintf('%.2f', 100 * $taken), "$level: and what went out arrived");
	is(value(qq{SELECT "check", detail FROM yibao.verify('$area') WHERE NOT ok}), '', "$level: verify finds nothing");

	# what is left is to be had to the last hundred
	my $more = int($available / 100);
	is(value("SELECT count(*) FILTER (WHERE $area.take('last' || n)) FROM generate_series(1, $more + 3) n"), $more, "$level: what was refused was not there");
	my ($retried) = $said =~ /^number of transactions retried: (\d+)/m;
	note "$level: $taken taken, $given given, $refused refused, ", $retried // 0, ' tried again, ',
	  value("SELECT sum(exact) FROM $area.slot WHERE pool = 'inpatient'"), ' decided by the sum of all slots';
	cmp_ok(value("SELECT sum(exact) FROM $area.slot WHERE pool = 'inpatient'"), '>', 0, "$level: how often all slots had to be locked is counted");
}

$node->stop;
done_testing();
