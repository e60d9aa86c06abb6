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

my $seconds = $ENV{TORTURE_SECONDS} || 24;
my $clients = $ENV{TORTURE_CLIENTS} || 32;
my $seed = $ENV{TORTURE_SEED} || 20261122;
my $rounds = $seconds >= 120 ? 6 : 3;
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
CREATE ROLE fund_pub LOGIN;
SELECT yibao.grant_poolarea('fa', 'fund_pub', 'publisher');
CREATE FUNCTION doc(y int, ratio text) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_set(fund_doc(y || '-01-01',
	jsonb_build_object('split', jsonb_build_array(fund_split('{">=": 2023}', '0.30')), 'on_pool_short', 'queue', 'next_year_receipts', 'temp_until_year_start',
		'deposit_book', CASE y WHEN 2024 THEN 'unpaid' ELSE 'temp_receipt' END, 'prior_year_recovery', 'other_income', 'carry', 'keep_by_pool',
		'serious', jsonb '{"model": "remit_up", "set_aside": "at_remittance", "source": "t"}', 'source', 't')),
	'{layers,0,ratio,0,ratio}', to_jsonb(ratio)) $$;
INSERT INTO fa.policy (policy_id, rules) SELECT 'p' || y, doc(y, '0.50') FROM generate_series(2023, 2025) y;
INSERT INTO fa.bank_account (account_id, class, level, bank, state_owned, main, opened_on, doc_no, source) VALUES
	('F1', 'fiscal', 'county', 'b', true, true, '2023-01-01', 'x', 't'), ('E1', 'expenditure', 'county', 'b', true, true, '2023-01-01', 'x', 't');
INSERT INTO fa.receipt (receipt_id, fund, kind, account, received_on, coverage_year, amt) VALUES
	('r', 'resident', 'subsidy', 'fiscal', '2024-12-01', 2024, 20000.00), ('m', 'assistance', 'subsidy', 'fiscal', '2024-12-01', 2024, 500.00);
INSERT INTO fa.cash_move (move_id, fund, kind, from_class, to_class, moved_on, amt, form_id) VALUES
	('q', 'resident', 'appropriation', 'fiscal', 'expenditure', '2024-12-01', 15000, 'F'), ('qm', 'assistance', 'appropriation', 'fiscal', 'expenditure', '2024-12-01', 400, 'FM')});

# Who makes a month's row of period may hold up the others, so all months that will be booked in are there: those of 2023 and
# 2024, January, and this month, in which what waited is funded.
$node->safe_psql($db, q{
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) SELECT 'month' || m, 'subsidy', 'fiscal', make_date(2023 + (m - 1) / 12, 1 + (m - 1) % 12, 1), 2023 + (m - 1) / 13, 1 FROM generate_series(1, 25) m;
INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, fixmedins_code, med_type, setl_type, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt)
	VALUES ('first', 'P', '390', '2024-12-01', false, 'H', '21', '2', 40000, 0, 0, 0, 40000);
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('first', 'subsidy', 'fiscal', '2024-12-02', 2024, 20000)});

# ---------------------------------------------------------------- what a client does

my %table = (settle => [ 'settlement', 'setl_id' ], reverse => [ 'settlement', 'setl_id' ], many => [ 'settlement', 'setl_id' ], receipt => [ 'receipt', 'receipt_id' ], early => [ 'receipt', 'receipt_id' ],
	turn => [ 'next_year_income', 'receipt_id' ], refund => [ 'refund', 'refund_id' ], refunded => [ 'refund_approval', 'refund_id' ],
	move => [ 'cash_move', 'move_id' ], propose => [ 'transfer', 'transfer_id' ], approve => [ 'transfer_approval', 'transfer_id' ], undo => [ 'transfer', 'transfer_id' ],
	draw => [ 'payment', 'payment_id' ], pay => [ 'payment_approval', 'payment_id' ], hold => [ 'hold', 'hold_id' ], end => [ 'hold_end', 'hold_id' ], premium => [ 'premium', 'premium_id' ],
	(map { $_ => [ 'voucher', 'voucher_id' ] } qw(deduct withhold release forfeit prepay returned recover penalty)), booked => [ 'voucher_approval', 'voucher_id' ],
	line => [ 'bank_statement_line', 'line_id' ], match => [ 'bank_match', 'match_id' ], unmatch => [ 'bank_match', 'match_id' ],
	publish => [ 'policy', 'policy_id' ], replay => [ 'replay', 'replay_id' ], replayed => [ 'replay_approval', 'replay_id' ], year => [ 'year_close', 'close_id' ],
	reopen => [ 'period_act', 'act_id' ], reopened => [ 'period_act_approval', 'act_id' ]);
sub pick { return $_[ rand @_ ] }

my %made;        # kind -> by time -> keys: what any client will have made
my @made;        # whole operations, to be sent again
my $deferred;    # the area's mode in this round

# A key of the kind that some client makes at about this time; the same thing is often wanted by several.
sub near
{
	my ($kind, $n) = @_;
	my $at = int($n / 16);
	my @near = map { @{ $made{$kind}[$_] // [] } } ($at ? $at - 1 : 0) .. $at + 1;
	return @near ? pick(@near) : 'none';
}

my $columns = 'setl_id, psn_no, insutype, setl_time, refd_setl_flag, fixmedins_code, med_type, setl_type, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt';

# [ weight, kind, who, SQL of (key, when, client) ]: one statement that posts, a transaction of its own
my ($amount, $day);
my @operations = (
	[ 40, 'settle', 'fund_li', sub { my ($k, $n, $c) = @_; "INSERT INTO fa.settlement ($columns) VALUES " . claim($k, rand() < 0.8 ? 'P' . int rand 40 : 'Q' . int rand 200, $c) } ],
	# several in a statement, persons in order: announced not to deadlock
	[ 6, 'settle', 'fund_li', sub { my ($k, $n, $c) = @_; my @who = persons(); "INSERT INTO fa.settlement ($columns) VALUES " . join ', ', map { claim($_ ? "$k.$_" : $k, $who[$_], $c) } 0 .. 2 } ],
	# several in a transaction, persons in order and pools in any: announced not to deadlock where the area's mode is deferred
	[ 6, 'many', 'fund_li', sub { my ($k, $n, $c) = @_; my @who = persons(); join '\\; ', 'BEGIN', (map { "INSERT INTO fa.settlement ($columns) VALUES " . claim($_ ? "$k.$_" : $k, $who[$_], $c) } 0 .. ($deferred ? 2 : 0)), 'COMMIT' } ],
	[ 8, 'reverse', 'fund_li', sub { my ($k, $n) = @_; my $of = near('settle', $n); "INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, init_setl_id) SELECT '$k', psn_no, '390', '2024-12-30', true, setl_id FROM fa.settlement WHERE setl_id = '$of'" } ],
	# of one that was paid: what it has is to be recovered
	[ 3, 'reverse', 'fund_li', sub { my ($k) = @_; "INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, init_setl_id) SELECT '$k', s.psn_no, '390', '2024-12-30', true, s.setl_id FROM fa.person_year y JOIN fa.settlement s ON s.setl_id = y.last_setl_id WHERE NOT s.refd_setl_flag AND EXISTS (SELECT FROM fa.payment_item i WHERE i.setl_id = s.setl_id) ORDER BY y.psn_no LIMIT 1 OFFSET " . int rand 3 } ],
	[ 10, 'receipt', 'fund_li', sub { my ($k) = @_; "INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('$k', 'subsidy', 'fiscal', '$day', 2024, $amount)" } ],
	[ 3, 'early', 'fund_li', sub { my ($k) = @_; "INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt, heads, serious_amt) VALUES ('$k', 'contribution', 'fiscal', '$day', 2025, $amount, 2, 0)" } ],
	[ 2, 'turn', 'fund_li', sub { my ($k, $n) = @_; "INSERT INTO fa.next_year_income (receipt_id, booked_on) VALUES ('" . ($_[0] = near('early', $n)) . "', '2025-01-01')" } ],
	[ 3, 'refund', 'fund_li', sub { my ($k, $n, $c) = @_; sprintf "INSERT INTO fa.refund (refund_id, receipt_id, kind, psn_no, happened_on, refunded_on, account, amt, serious_amt) VALUES ('$k', '%s', 'duplicate', 'Z%s', '$day', '%s', 'fiscal', %.2f, 0)", near('early', $n), $c, pick($day, '2025-01-10'), $amount / 20 } ],
	[ 3, 'refunded', 'fund_wang', sub { my ($k, $n) = @_; "INSERT INTO fa.refund_approval (refund_id, decision, paid_on) VALUES ('" . ($_[0] = near('refund', $n)) . "', 'approve', '2025-01-11')" } ],
	[ 4, 'move', 'fund_li', sub { my ($k) = @_; "INSERT INTO fa.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id) VALUES ('$k', 'appropriation', 'fiscal', 'expenditure', '$day', $amount, '$k')" } ],
	[ 3, 'propose', 'fund_li', sub { my ($k) = @_; my ($from, $to) = rand() < 0.5 ? ('outpatient', 'inpatient') : ('inpatient', 'outpatient'); "INSERT INTO fa.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on) VALUES ('$k', '$from', '$to', $amount, 'torture', '$day')" } ],
	[ 1, 'undo', 'fund_li', sub { my ($k, $n) = @_; "INSERT INTO fa.transfer (transfer_id, reverses, reason, proposed_on) VALUES ('$k', '" . near('propose', $n) . "', 'torture', '2024-12-20')" } ],
	[ 4, 'approve', 'fund_wang', sub { my ($k, $n) = @_; "INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('" . ($_[0] = near(pick('propose', 'propose', 'undo'), $n)) . "', 'approve', '2024-12-21')" } ],
	[ 4, 'draw', 'fund_li', sub { my ($k) = @_; sprintf "INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES ('$k', 'H%s', '2024%02d', '$day')", 1 + int rand $clients, 1 + int rand 12 } ],
	[ 6, 'pay', 'fund_wang', sub { my ($k, $n) = @_; "INSERT INTO fa.payment_approval (payment_id, decision, paid_on) VALUES ('" . ($_[0] = near('draw', $n)) . "', 'approve', '2024-12-22')" } ],
	[ 3, 'hold', 'fund_li', sub { my ($k) = @_; sprintf "INSERT INTO fa.hold (hold_id, pool, amt, expires_at, reason) VALUES ('$k', '%s', %.2f, clock_timestamp() + interval '%s', 'torture')", pick('outpatient', 'inpatient'), $amount / 4, pick('3 seconds', '1 hour') } ],
	[ 2, 'end', 'fund_li', sub { my ($k, $n) = @_; "INSERT INTO fa.hold_end (hold_id, outcome) VALUES ('" . ($_[0] = near('hold', $n)) . "', 'void')" } ],
	[ 2, 'end', 'fund_li', sub { my ($k, $n) = @_; "INSERT INTO fa.hold_end (hold_id, outcome, event, key) VALUES ('" . ($_[0] = near('hold', $n)) . "', 'post', 'settlement', '" . near('settle', $n) . "')" } ],
	[ 2, 'premium', 'fund_li', sub { my ($k, $n) = @_; my $i = sprintf '%.2f', $amount / 8; sprintf "INSERT INTO fa.premium (premium_id, kind, coverage_year, booked_on, amt, out_amt, ipt_amt, doc_no%s) VALUES ('$k', 'set_aside', 2024, '$day', $i, 0, $i, 'x'%s)", rand() < 0.5 ? ('', '') : (', hold_id', ", '" . near('hold', $n) . "'") } ],
	[ 2, 'deduct', 'fund_li', sub { my ($k, $n) = @_; voucher($k, 'audit.deduct', amt => $amount / 100, setl_id => near('settle', $n), doc_no => 'x') } ],
	[ 2, 'withhold', 'fund_li', sub { my ($k, $n) = @_; voucher($k, 'deposit.withhold', amt => $amount / 50, setl_id => near('settle', $n), doc_no => 'x') } ],
	[ 1, 'release', 'fund_li', sub { my ($k, $n) = @_; voucher($k, 'deposit.release', amt => $amount / 100, refers => near('withhold', $n), doc_no => 'x') } ],
	[ 1, 'forfeit', 'fund_li', sub { my ($k, $n) = @_; voucher($k, 'deposit.forfeit', amt => $amount / 100, refers => near('withhold', $n), doc_no => 'x') } ],
	[ 1, 'prepay', 'fund_li', sub { my ($k, $n, $c) = @_; voucher($k, 'prepay', amt => $amount / 10, party => "H$c", doc_no => 'x') } ],
	[ 2, 'booked', 'fund_wang', sub { my ($k, $n) = @_; "INSERT INTO fa.voucher_approval (voucher_id, decision, effective_on) VALUES ('" . ($_[0] = near(pick('prepay', 'release'), $n)) . "', 'approve', '$day')" } ],
	[ 1, 'returned', 'fund_li', sub { my ($k, $n) = @_; "INSERT INTO fa.voucher (voucher_id, event, effective_on, payment_id) SELECT '$k', 'payment.returned', '2024-12-29', a.payment_id FROM fa.payment_approval a WHERE a.decision = 'approve' ORDER BY a.approved_at DESC LIMIT 1 OFFSET " . int rand 5 } ],
	[ 1, 'recover', 'fund_li', sub { my ($k, $n) = @_; sprintf "INSERT INTO fa.voucher (voucher_id, event, effective_on, amt, account, setl_id) SELECT '$k', 'recover.cash', '$day', 0.01, 'expenditure', r.setl_id FROM fa.settlement r WHERE r.init_setl_id IS NOT NULL AND EXISTS (SELECT FROM fa.payment_item i WHERE i.setl_id = r.init_setl_id) ORDER BY r.setl_id DESC LIMIT 1 OFFSET %d", rand 5 } ],
	[ 1, 'penalty', 'fund_li', sub { my ($k, $n, $c) = @_; voucher($k, 'penalty.decided', amt => $amount, party => "H$c", due_on => '2024-12-31', doc_no => 'x') } ],
	# what the bank says, and what it is of
	[ 3, 'line', 'fund_li', sub { my ($k) = @_; $_[0] = "F1/$k"; "INSERT INTO fa.bank_statement_line (account_id, bank_ref, value_date, direction, amt) VALUES ('F1', '$k', '$day', '" . pick('in', 'out') . "', $amount), ('E1', '$k', '$day', '" . pick('in', 'out') . "', $amount)" } ],
	[ 3, 'match', 'fund_li', sub { my ($k, $n) = @_; my $of = near('line', $n); "INSERT INTO fa.bank_match (match_id, line_id, journal_id, line) SELECT '$k', l.line_id, e.journal_id, e.line FROM fa.bank_statement_line l, LATERAL (SELECT e.journal_id, e.line FROM fa.entry e WHERE e.role = 'bank_fiscal' AND e.party = 'F1' AND (e.amount_fen > 0) = (l.direction = 'in') ORDER BY e.journal_id DESC, e.line LIMIT 1 OFFSET " . int(rand 5) . ") e WHERE l.line_id = '$of'" } ],
	[ 1, 'unmatch', 'fund_li', sub { my ($k, $n) = @_; "INSERT INTO fa.bank_match (match_id, reverses) VALUES ('$k', '" . near('match', $n) . "')" } ],
	# another policy from the first day of the year on, and what was settled settled again by it
	[ 0.1, 'publish', 'fund_pub', sub { my ($k) = @_; "INSERT INTO fa.policy (policy_id, rules, supersedes) SELECT '$k', doc(2024, '0.5" . int(rand 5) . "'), p.policy_id FROM fa.policy p WHERE p.valid_from = '2024-01-01' ORDER BY p.publication DESC LIMIT 1" } ],
	[ 2, 'replay', 'fund_li', sub { my ($k) = @_; "INSERT INTO fa.replay (replay_id, psn_no, insutype, year, policy, reason) VALUES ('$k', 'Q" . int(rand 200) . "', '390', 2024, 'in_force', 'torture')" } ],
	[ 3, 'replayed', 'fund_wang', sub { my ($k, $n) = @_; "INSERT INTO fa.replay_approval (replay_id, decision, setl_time) VALUES ('" . ($_[0] = near('replay', $n)) . "', 'approve', '2024-12-31 09:00')" } ],
	[ 2, 'seal', 'fund_zhao', sub { q{SELECT yibao.seal('fa')} } ],
	[ 3, 'maintain', 'fund_zhao', sub { q{SELECT count(*) FROM yibao.maintain('fa')} } ],
	[ 0.3, 'verify', 'fund_zhao', sub { q{SELECT 'FAULT ' || "check" || ': ' || detail FROM yibao.verify('fa') WHERE NOT ok AND "check" <> 'no month that was closed is open again'} } ],
	[ 2, 'read', 'fund_zhao', sub { q{SELECT 'FAULT available below zero' FROM fa.pool_status WHERE available < 0} } ],
	# months are closed one after the other while others post in them, and opened again; then the year, while others post in it
	[ 1, 'close', '', sub { q{UPDATE fa.period SET closed = true WHERE period = (SELECT min(period) FROM fa.period WHERE NOT closed AND period < '2024-05')} } ],
	[ 0.3, 'reopen', '', sub { my ($k) = @_; "INSERT INTO fa.period_act (act_id, period, act, reason, doc_no) SELECT '$k', max(period), 'reopen', 'torture', 'x' FROM fa.period WHERE closed HAVING max(period) IS NOT NULL" } ],
	[ 0.5, 'year', '', sub { my ($k) = @_; "INSERT INTO fa.year_close (close_id, fund, year, doc_no) VALUES ('$k', 'resident', 2023, 'x')" } ],
	[ 0.5, 'reopened', 'fund_wang', sub { my ($k, $n) = @_; "INSERT INTO fa.period_act_approval (act_id, decision) VALUES ('" . ($_[0] = near('reopen', $n)) . "', 'approve')" } ]);
my %current_only = map { $_ => 1 } qw(seal maintain close year reopened match unmatch);    # not from an old snapshot (25001)
my $weight = 0;
$weight += $_->[0] for @operations;

sub persons { return sort map { sprintf 'P%02d', int rand 40 } 1 .. 3 }
sub claim { my ($id, $person, $client) = @_; my $kind = pick('11', '21', '21'); return "('$id', '$person', '390', '$day', false, 'H$client', '$kind', '2', $amount, 0, 0, 0, $amount)" }
sub voucher
{
	my ($key, $event, @with) = @_;
	my (@names, @values);
	while (my ($name, $value) = splice @with, 0, 2) { push @names, $name; push @values, $name eq 'amt' ? sprintf('%.2f', $value) : "'$value'" }
	return sprintf "INSERT INTO fa.voucher (voucher_id, event, effective_on, %s) VALUES ('$key', '$event', '$day', %s)", join(', ', @names), join ', ', @values;
}

# Every third client works at REPEATABLE READ, every third at SERIALIZABLE.
sub level { return ('read committed', 'repeatable read', 'serializable')[ $_[0] % 3 ] }

# (kind, key, who, SQL)
sub operation
{
	my ($client, $round, $n) = @_;
	my $key = "c$client-$round.$n";
	$amount = sprintf '%.2f', 1 + int(rand(40_000)) / 100;
	$day = sprintf '%d-%02d-%02d', rand() < 0.05 ? 2023 : 2024, 1 + int(rand(12)), 1 + int(rand(28));
	# what another client sends at about this time is sent again
	if (rand() < 0.03 && $made[$n])
	{
		my @again = @{ pick(@{ $made[$n] }) };
		return @again unless $current_only{ $again[0] } && level($client) ne 'read committed';
	}
	my $at = rand($weight);
	my $operation;
	for (@operations) { $operation = $_; last if ($at -= $_->[0]) < 0 }
	my ($kind, $who, $sql) = @$operation[ 1 .. 3 ];
	return operation($client, $round, $n) if $current_only{$kind} && level($client) ne 'read committed';
	my @operation = ($kind, $key, $who, $sql->($key, $n, $client));
	$operation[1] = $key;    # which is that of what is approved, where something is
	push @{ $made[$n] }, \@operation;
	push @{ $made{$kind}[ int($n / 16) ] }, $key;
	return @operation;
}

# Refusals that the documentation announces: short, closed, gone or changed meanwhile, decided already, reversed already;
# a key that two sessions send at once; and for old snapshots the serialization failure.
my %announced = map { $_ => 1 } qw(YB301 YB302 YB303 YB306 YB307 YB501 YB502 YB503 YB401 23505);

# ---------------------------------------------------------------- rounds

my %acknowledged;    # kind -> keys
my %seen;            # SQLSTATE -> how often
my ($operations, $faults) = (0, 0);
my @unannounced;
my %refused;         # "kind SQLSTATE" -> how often
srand $seed;

sub start_clients
{
	my ($round) = @_;
	my @running;
	@made = ();
	%made = ();
	# each third round: fewer locks, told at commit
	$deferred = $round % 3 == 2;
	$node->safe_psql($db, "UPDATE fa.area SET mode = '" . ($deferred ? 'deferred' : 'immediate') . "'");
	for my $client (1 .. $clients)
	{
		my $file = $node->basedir . "/script-$round-$client.sql";
		my $log = $node->basedir . "/log-$round-$client";
		open my $fh, '>', $file or die $!;
		print $fh "\\set ON_ERROR_STOP 0\n\\pset tuples_only on\n\\pset format unaligned\nSET default_transaction_isolation = '" . level($client) . "';\n";
		for my $n (1 .. 25 * $seconds / $rounds)
		{
			my ($kind, $key, $as, $sql) = operation($client, $round, $n);
			print $fh $as eq '' ? "RESET SESSION AUTHORIZATION;\n" : "SET SESSION AUTHORIZATION $as;\n";
			print $fh "$sql;\n\\echo DONE $kind '$key' :ROW_COUNT :SQLSTATE\n";
			print $fh "ROLLBACK;\n" if $kind eq 'many';
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
		push @running, { pid => $pid, log => $log, level => level($client) };
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
				push @{ $acknowledged{$kind} }, $key if $state eq '00000' && ($rows > 0 || $kind eq 'many');
				$refused{"$kind $state"}++ if $state ne '00000';
				push @unannounced, "$kind $key: $state" unless $state eq '00000' || $announced{$state} || ($state eq '40001' && $client->{level} ne 'read committed');
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
	is($node->safe_psql($db, q{SELECT "check", detail FROM yibao.verify('fa') WHERE NOT ok AND "check" <> 'no month that was closed is open again'}), '', "round $round: verify finds nothing: nothing is there by half, the identities hold");
}

note join ', ', "$operations operations", map { "$_: $seen{$_}" } sort keys %seen;
note 'refused: ', join ', ', map { "$_: $refused{$_}" } sort keys %refused;
note 'done: ', join ', ', map { "$_: " . @{ $acknowledged{$_} } } sort keys %acknowledged;
is($faults, 0, 'nor did it while all of that went on, and nobody saw a pool below zero');
is(join(', ', @unannounced[ 0 .. ($#unannounced < 9 ? $#unannounced : 9) ]), '', 'no error but those that the documentation announces, and no deadlock');
cmp_ok($seen{'00000'} // 0, '>', 10 * $clients, 'the clients got work done');

# Were the pools short, was anything waiting, was everything tried?
cmp_ok($node->safe_psql($db, 'SELECT count(*) FROM fa.alert'), '>', 0, 'pools were short now and then');
cmp_ok(scalar @{ $acknowledged{$_} // [] }, '>', 0, "what was done: $_") for qw(settle many reverse receipt early move propose approve draw pay hold), $seconds < 60 ? () : qw(turn refund refunded undo end premium pay deduct withhold release prepay booked returned recover penalty line match unmatch publish replay replayed);
cmp_ok($node->safe_psql($db, 'SELECT count(*) FROM fa.seal'), '>', 0, 'and sealed');
cmp_ok($node->safe_psql($db, 'SELECT count(*) FROM fa.period WHERE closed'), '>', 0, 'and a month was closed');
is($node->safe_psql($db, q{SELECT count(*) FROM fa.setl_key k FULL JOIN fa.settlement s USING (setl_id) WHERE k.setl_id IS NULL OR s.setl_id IS NULL}), 0, 'every key has its settlement');

# The year is closed on what there is: all that was posted, and nothing else, is carried over.
$node->safe_psql($db, q{UPDATE fa.period SET closed = true WHERE period <= '2024-12' AND NOT closed;
	INSERT INTO fa.year_close (close_id, fund, year, doc_no) SELECT 'c2023', 'resident', 2023, 'x' WHERE NOT EXISTS (SELECT FROM fa.year_close WHERE year = 2023);
	INSERT INTO fa.year_close (close_id, fund, year, doc_no) VALUES ('c', 'resident', 2024, 'x'), ('cm', 'assistance', 2024, 'x')});
is($node->safe_psql($db, q{SELECT "check", detail FROM yibao.verify('fa') WHERE NOT ok}), '', 'the year is closed, and verify finds nothing');

$node->stop;
done_testing();
