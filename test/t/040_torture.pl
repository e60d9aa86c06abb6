# Many clients at once, near exhaustion, and the server killed again and again: what was acknowledged is there, nothing is
# there by half, and the books are right.
#
# TORTURE_SECONDS=60 TORTURE_CLIENTS=32 TORTURE_SEED=... : longer, more, others.
use strict;
use warnings;
use Cwd;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time sleep);
use YibaoTest;

my $seconds = $ENV{TORTURE_SECONDS} || 60;
my $clients = $ENV{TORTURE_CLIENTS} || 32;
my $seed = $ENV{TORTURE_SEED} || 20261122;
my $rounds = 3;
my $db = 'postgres';
note "seed $seed, $clients clients, $seconds s, killed ${\ ($rounds - 1)} times";

my $node = PostgreSQL::Test::Cluster->new('torture');
$node->init(extra => [ '--encoding=UTF8', '--no-locale' ]);
$node->append_conf('postgresql.conf', <<CONF);
timezone = 'UTC'
fsync = off
max_connections = ${\ ($clients + 20)}
max_wal_size = 2GB
checkpoint_timeout = 30s
CONF
$node->start;
my $here = getcwd();
$node->safe_psql($db, 'CREATE EXTENSION yibao; CREATE EXTENSION pgtap');
my ($status, $out, $err) = psql_all($node, $db, "\\i $here/test/pgtap/fund_setup.psql");
is($status, 0, 'an area') or BAIL_OUT($err);
# The pools get less than the settlements ask for, so that they are short again and again.
$node->safe_psql($db, q{
INSERT INTO fa.policy (policy_id, rules) VALUES ('p', fund_doc('2024-01-01',
	jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2024}', '0.30')), 'on_pool_short', 'queue', 'source', 't')));
INSERT INTO fa.receipt (receipt_id, fund, kind, account, received_on, coverage_year, amt) VALUES
	('r', 'resident', 'subsidy', 'fiscal', '2024-12-01', 2024, 20000.00), ('m', 'assistance', 'subsidy', 'fiscal', '2024-12-01', 2024, 500.00);
INSERT INTO fa.cash_move (move_id, fund, kind, from_class, to_class, moved_on, amt, form_id) VALUES
	('q', 'resident', 'appropriation', 'fiscal', 'expenditure', '2024-12-01', 15000, 'F'), ('qm', 'assistance', 'appropriation', 'fiscal', 'expenditure', '2024-12-01', 400, 'FM')});

# What waited is funded today: so this month's row of period is there (who makes it may hold up the others).
$node->safe_psql($db, q{
INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, fixmedins_code, med_type, setl_type, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt)
	VALUES ('first', 'P', '390', '2024-12-01', false, 'H', '21', '2', 40000, 0, 0, 0, 40000);
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('first', 'subsidy', 'fiscal', '2024-12-02', 2024, 20000)});

# ---------------------------------------------------------------- what a client does

my %table = (settle => [ 'settlement', 'setl_id' ], reverse => [ 'settlement', 'setl_id' ], receipt => [ 'receipt', 'receipt_id' ],
	move => [ 'cash_move', 'move_id' ], propose => [ 'transfer', 'transfer_id' ], approve => [ 'transfer_approval', 'transfer_id' ],
	draw => [ 'payment', 'payment_id' ], pay => [ 'payment_approval', 'payment_id' ]);
sub pick { return $_[ rand @_ ] }

# One statement that posts, its kind and key; every one is a transaction of its own.
my %mine;
sub operation
{
	my ($client, $n) = @_;
	my $key = "c$client-$n";
	my $what = rand();
	my $amount = sprintf '%.2f', 1 + int(rand(40_000)) / 100;
	my $day = sprintf '2024-%02d-%02d', 1 + int(rand(12)), 1 + int(rand(28));
	my $columns = 'setl_id, psn_no, insutype, setl_time, refd_setl_flag, fixmedins_code, med_type, setl_type, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt';
	my $row = sub {
		my ($id, $person) = @_;
		my $kind = pick('11', '21', '21');
		return "('$id', '$person', '390', '$day', false, 'H$client', '$kind', '2', $amount, 0, 0, 0, $amount)";
	};
	my $as = 'fund_li';
	# months are closed one after the other while others post in them
	return ('close', '', '', "UPDATE fa.period SET closed = true WHERE period = (SELECT min(period) FROM fa.period WHERE NOT closed AND period < '2024-05')") if $client == 1 && rand() < 0.015;
	if ($what < 0.50)
	{
		push @{ $mine{$client} }, $key;
		return ('settle', $key, $as, "INSERT INTO fa.settlement ($columns) VALUES " . $row->($key, 'P' . int rand 40));
	}
	if ($what < 0.58)
	{
		# several in a statement, persons in order: announced not to deadlock
		my @people = sort map { sprintf 'P%02d', int rand 40 } 1 .. 3;
		return ('settle', $key, $as, "INSERT INTO fa.settlement ($columns) VALUES " . join(', ', map { $row->($_ ? "$key.$_" : $key, $people[$_]) } 0 .. 2));
	}
	if ($what < 0.68)
	{
		return ('receipt', $key, $as, "INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('$key', 'subsidy', 'fiscal', '$day', 2024, $amount)");
	}
	if ($what < 0.76)
	{
		my $of = $mine{$client} ? pick(@{ $mine{$client} }) : 'none';
		return ('reverse', $key, $as, "INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, init_setl_id) SELECT '$key', psn_no, '390', '2024-12-30', true, setl_id FROM fa.settlement WHERE setl_id = '$of'");
	}
	if ($what < 0.80)
	{
		return ('move', $key, $as, "INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id) VALUES ('$key', 'appropriation', 'fiscal', 'expenditure', '$day', $amount, '$key')");
	}
	if ($what < 0.83)
	{
		my ($from, $to) = rand() < 0.5 ? ('outpatient', 'inpatient') : ('inpatient', 'outpatient');
		$mine{transfer}{$client} = $key;
		return ('propose', $key, $as, "INSERT INTO fa.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on) VALUES ('$key', '$from', '$to', $amount, 'torture', '$day')");
	}
	if ($what < 0.86 && $mine{transfer}{$client})
	{
		return ('approve', $mine{transfer}{$client}, 'fund_wang', "INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('$mine{transfer}{$client}', 'approve', '$day')");
	}
	if ($what < 0.90)
	{
		my $provider = 'H' . (1 + int rand $clients);
		$mine{payment}{$client} = $key;
		return ('draw', $key, $as, sprintf "INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES ('$key', '$provider', '2024%02d', '$day')", 1 + int rand 12);
	}
	if ($what < 0.95 && $mine{payment}{$client})
	{
		return ('pay', $mine{payment}{$client}, 'fund_wang', "INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('$mine{payment}{$client}', 'approve', '$day')");
	}
	return ('seal', '', 'fund_zhao', q{SELECT yibao.seal('fa')}) if $what < 0.965;
	return ('maintain', '', 'fund_zhao', q{SELECT count(*) FROM yibao.maintain('fa')}) if $what < 0.985;
	return ('verify', '', 'fund_zhao', q{SELECT 'FAULT ' || "check" || ': ' || detail FROM yibao.verify('fa') WHERE NOT ok}) if $client <= 2 && rand() < 0.1;
	return ('read', '', 'fund_zhao', q{SELECT 'FAULT available below zero' FROM fa.pool_status WHERE available < 0});
}

# Refusals that the documentation announces: short, closed, gone or changed meanwhile, decided already, reversed already.
my %announced = map { $_ => 1 } qw(YB301 YB302 YB306 YB307 YB501 YB502 YB503 YB401);

# ---------------------------------------------------------------- rounds

my %acknowledged;    # kind -> keys
my %seen;            # SQLSTATE -> how often
my ($operations, $faults) = (0, 0);
my @unannounced;
my $counter = 0;
srand $seed;

sub start_clients
{
	my ($round) = @_;
	my @running;
	for my $client (1 .. $clients)
	{
		my $file = $node->basedir . "/script-$round-$client.sql";
		my $log = $node->basedir . "/log-$round-$client";
		open my $fh, '>', $file or die $!;
		print $fh "\\set ON_ERROR_STOP 0\n\\pset tuples_only on\n\\pset format unaligned\n";
		for my $n (1 .. 4000)
		{
			my ($kind, $key, $as, $sql) = operation($client, "$round.$n");
			print $fh $as eq '' ? "RESET SESSION AUTHORIZATION;\n" : "SET SESSION AUTHORIZATION $as;\n";
			print $fh "$sql;\n\\echo DONE $kind '$key' :ROW_COUNT :SQLSTATE\n";
		}
		close $fh;
		my $pid = fork // die "fork: $!";
		if ($pid == 0)
		{
			open STDIN, '<', $file or die $!;
			open STDOUT, '>', $log or die $!;
			open STDERR, '>', "$log.err" or die $!;
			exec 'psql', '-Xq', '-d', $node->connstr($db) or die $!;
		}
		push @running, { pid => $pid, log => $log };
	}
	return @running;
}

sub gather
{
	my (@running) = @_;
	for my $client (@running)
	{
		waitpid $client->{pid}, 0;
		for (split /\n/, slurp_file($client->{log}))
		{
			if (/^DONE (\w+) (\S*) ?(\d+) (\w{5})$/)
			{
				my ($kind, $key, $rows, $state) = ($1, $2, $3, $4);
				next if $state =~ /^(?:57P0|08)/;
				$operations++;
				$seen{$state}++;
				push @{ $acknowledged{$kind} }, $key if $state eq '00000' && $key ne '' && $rows > 0;
				push @unannounced, "$kind $key: $state" unless $state eq '00000' || $announced{$state};
			}
			elsif (/^FAULT /)
			{
				$faults++;
				diag $_;
			}
		}
	}
}

# A killed postmaster leaves backends that hold its shared memory for a moment.
sub start_again
{
	for (1 .. 300)
	{
		return 1 if $node->start(fail_ok => 1);
		undef $node->{_pid};    # it read the dead one's pid file
		sleep 0.1;
	}
	return 0;
}

sub missing
{
	my $n = 0;
	for my $kind (sort keys %acknowledged)
	{
		my ($table, $column) = @{ $table{$kind} or next };
		my $file = $node->basedir . '/keys';
		unlink $file;
		append_to_file($file, join("\n", @{ $acknowledged{$kind} }) . "\n");
		my $gone = $node->safe_psql($db, "CREATE TEMP TABLE k (key text COLLATE \"C\");\n\\copy k FROM '$file'\nSELECT string_agg(key, ' ') FROM (SELECT key FROM k WHERE NOT EXISTS (SELECT FROM fa.$table t WHERE t.$column = k.key) LIMIT 10) x");
		$n++, diag("acknowledged and not there: $table $gone") if $gone ne '';
	}
	return $n;
}

for my $round (1 .. $rounds)
{
	my @running = start_clients($round);
	my $end = time + $seconds / $rounds;
	sleep 0.5 while time < $end;
	if ($round < $rounds)
	{
		$node->kill9;
		gather(@running);
		ok(start_again(), "killed in round $round, the server comes up again");
	}
	else
	{
		kill 'TERM', map { $_->{pid} } @running;
		gather(@running);
	}
	is(missing(), 0, "round $round: every acknowledged commit is there");
	is($node->safe_psql($db, q{SELECT "check", detail FROM yibao.verify('fa') WHERE NOT ok}), '', "round $round: verify finds nothing: nothing is there by half, the identities hold");
}

note join ', ', "$operations operations", map { "$_: $seen{$_}" } sort keys %seen;
is($faults, 0, 'nor did it while all of that went on, and nobody saw a pool below zero');
is(join(', ', @unannounced[ 0 .. ($#unannounced < 9 ? $#unannounced : 9) ]), '', 'no error but those that the documentation announces, and no deadlock');
cmp_ok($seen{'00000'} // 0, '>', 10 * $clients, 'the clients got work done');

# Were the pools short, was anything waiting, was everything tried?
cmp_ok($node->safe_psql($db, 'SELECT count(*) FROM fa.alert'), '>', 0, 'pools were short now and then');
cmp_ok(scalar @{ $acknowledged{$_} // [] }, '>', 0, "what was done: $_") for qw(settle reverse receipt move propose approve draw pay);
cmp_ok($node->safe_psql($db, 'SELECT count(*) FROM fa.seal'), '>', 0, 'and sealed');
cmp_ok($node->safe_psql($db, 'SELECT count(*) FROM fa.period WHERE closed'), '>', 0, 'and a month was closed');
is($node->safe_psql($db, q{SELECT count(*) FROM fa.setl_key k FULL JOIN fa.settlement s USING (setl_id) WHERE k.setl_id IS NULL OR s.setl_id IS NULL}), 0, 'every key has its settlement');

$node->stop;
done_testing();
