# A physical standby: verify reads it; promoted in the middle of the work it has every acknowledged commit, the work goes
# on, and the seals made before hold.
use strict;
use warnings;
use Cwd;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use YibaoTest;

my $here = getcwd();
my $primary = PostgreSQL::Test::Cluster->new('primary');
$primary->init(allows_streaming => 1, extra => [ '--encoding=UTF8', '--no-locale' ]);
$primary->append_conf('postgresql.conf', "fsync = off\ntimezone = 'UTC'\nmax_prepared_transactions = 5\n");
$primary->start;

# The books that test/pgtap/fund_payments.sql makes, kept.
$primary->safe_psql('postgres', 'CREATE EXTENSION yibao; CREATE EXTENSION pgtap');
my $script = slurp_file('test/pgtap/fund_payments.sql');
$script =~ s/^\\ir /\\i $here\/test\/pgtap\//m;
$script =~ s/^ROLLBACK;/COMMIT;/m or die 'no ROLLBACK';
my ($status, undef, $err) = psql_all($primary, 'postgres', $script, extra_params => [ '-At' ]);
is($status, 0, 'an area has books') or diag $err;

my $node = $primary;
sub value { return $node->safe_psql('postgres', $_[0]) }
sub state_of { return scalar sqlstate_of($node, 'postgres', $_[0]) }
sub faults { my ($head) = @_; return value(q{SELECT "check", detail FROM yibao.verify('fa'} . ($head ? ", '$head'" : '') . ') WHERE NOT ok') }
sub receipt { my ($id, $amt) = @_; return "INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('$id', 'subsidy', 'fiscal', '2019-06-01', 2019, $amt)" }
sub claim
{
	my ($id, $person) = @_;
	return qq{INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, fixmedins_code, med_type, setl_type, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt)
		VALUES ('$id', '$person', '390', '2019-06-05', false, 'H9', '21', '2', 100.00, 0, 0, 0, 100.00)};
}
# Everything in the area's tables.
sub rows
{
	my @tables = split /\n/, value(q{SELECT relname FROM pg_class WHERE relnamespace = 'fa'::regnamespace AND relkind = 'r' ORDER BY 1});
	return value(join ' UNION ALL ', map { qq{SELECT format('%s: %s rows %s', '$_', count(*), md5(string_agg(t::text, ';' ORDER BY t::text COLLATE "C"))) FROM fa."$_" t} } @tables);
}

value(q{SELECT yibao.seal('fa')});
my $head = value(q{SELECT yibao.seal_head('fa')});

# ---- a standby that is read

$primary->backup('b');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'b', has_streaming => 1);
$standby->append_conf('postgresql.conf', "hot_standby_feedback = on\n");
$standby->start;
# what is acknowledged is on the standby, too
$primary->append_conf('postgresql.conf', "synchronous_standby_names = '*'\nsynchronous_commit = remote_apply\n");
$primary->reload;
$primary->poll_query_until('postgres', q{SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'}) or die 'not synchronous';

# enough for all that follows, and spread over the slots: who queues, or takes from a pool whose money has not been
# folded, holds the whole pool
value(receipt('r-sync', '5000000.01'));
value(q{INSERT INTO fa.receipt (receipt_id, fund, kind, account, received_on, coverage_year, amt) VALUES ('m-sync', 'assistance', 'subsidy', 'fiscal', '2019-06-01', 2019, 100000.00)});
value(q{SELECT * FROM yibao.maintain('fa')});
$head = value(q{SELECT yibao.seal_head('fa')});
value(claim('s-sync', 'SYNC'));
my $before = rows();
$node = $standby;
is(rows(), $before, 'the standby has the rows');
is(faults($head), '', 'verify reads the standby, with a head from the primary');
is(value(q{SELECT final FROM yibao.balance_at('fa', 'G', 'bank_fiscal', now() - interval '1 hour')}), 'f', 'a balance read there is not final: the standby does not know what is open on the primary');
is(value(q{SELECT count(*) > 0 FROM yibao.explain_settlement('fa', 's-sync', 'zh')}), 't', 'a settlement is explained there');
is(state_of(receipt('no', 1)), '25006', 'nothing is booked there');
is(state_of(q{SELECT * FROM yibao.maintain('fa')}), '25006', 'nor sealed');
$node = $primary;

# ---- the primary is lost in the middle of the work

# A transaction that is prepared, as a two-phase application leaves it.
value('BEGIN; ' . claim('s-prepared', 'PREPARED') . "; PREPARE TRANSACTION 'half'");

my $load = $node->basedir . '/load.sql';
my $acknowledged = $node->basedir . '/acknowledged';
(my $sql = <<'SQL') =~ s/\$acknowledged/$acknowledged/;
\set n random(1, 1000000000)
\set coin random(1, 10)
\if :coin <= 7
INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, fixmedins_code, med_type, setl_type, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt) VALUES ('l' || :client_id || '-' || :n, 'L' || (:n % 20), '390', '2019-06-06', false, 'H9', '21', '2', 10.00, 0, 0, 0, 10.00) RETURNING setl_id AS id \gset
\else
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('l' || :client_id || '-' || :n, 'subsidy', 'fiscal', '2019-06-02', 2019, 3.33) RETURNING receipt_id AS id \gset
\endif
\setshell done echo :id >>$acknowledged && echo 0
SQL
append_to_file($load, $sql);
my $pgbench;
{
	local $ENV{PGHOST} = $node->host;
	local $ENV{PGPORT} = $node->port;
	my ($in, $out) = ('', '');
	$pgbench = IPC::Run::start([ 'pgbench', '-n', '-c', '6', '-T', '60', '-f', $load, 'postgres' ], \$in, '>&', \$out);
}
my $enough = 0;
for (1 .. 300)
{
	$enough = -e $acknowledged && scalar(my @l = split /\n/, slurp_file($acknowledged)) > 200;
	last if $enough;
	select undef, undef, undef, 0.1;
}
ok($enough, 'six clients are at work')
	or diag(value(q{SELECT string_agg(format('%s %s %s, blocked by %s: %s', pid, wait_event_type, wait_event, pg_blocking_pids(pid), left(query, 60)), E'\n') FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()}),
		value(q{SELECT string_agg(format('%s %s %s %s', pid, relation::regclass, mode, granted), E'\n') FROM pg_locks WHERE locktype IN ('tuple', 'transactionid') OR NOT granted}));
$primary->kill9;
$pgbench->finish;
$standby->promote;
$node = $standby;

my @keys = split /\n/, slurp_file($acknowledged);
my $list = join ',', map { "('$_')" } @keys;
is(value(qq{SELECT count(*) FROM (VALUES $list) k(id) WHERE NOT EXISTS (SELECT FROM fa.settlement WHERE setl_id = k.id) AND NOT EXISTS (SELECT FROM fa.receipt WHERE receipt_id = k.id)}),
	0, 'promoted, the standby has each of the ' . @keys . ' commits that were acknowledged');
is(faults($head), '', 'verify finds nothing there, and the seals hold against the head from before');
is(value(q{SELECT gid FROM pg_prepared_xacts}), 'half', 'a prepared transaction has come along');
value(q{COMMIT PREPARED 'half'});
is(value(q{SELECT j.event FROM fa.settlement s JOIN fa.journal j ON j.journal_id = s.journal_id WHERE s.setl_id = 's-prepared'}), 'settlement', 'it is committed there, with its journal');
is(faults($head), '', 'and the books are right');

# ---- the work goes on

is(value(claim('s-sync', 'SYNC') . ' RETURNING setl_id'), '', 'what the primary settled is a repeat');
value(receipt('r-after', '1000.00'));
value(claim('s-after', 'SYNC'));
is(value(q{SELECT psn_setl_no FROM fa.settlement WHERE setl_id = 's-after'}), 2, 'a person-year goes on where it was');
value(q{SET SESSION AUTHORIZATION fund_li; INSERT INTO fa.payment (payment_id, fixmedins_code, clr_ym, drawn_on) VALUES ('p-after', 'H9', '201906', '2019-07-10')});
is(value(q{SELECT amt = (SELECT sum(amount_fen) / 100.0 FROM fa.payable_item WHERE party = 'H9' AND clr_ym = '201906' AND fund = 'resident') FROM fa.payment WHERE payment_id = 'p-after'}), 't', 'a payment is drawn up');
is(value(q{SELECT task FROM yibao.maintain('fa') WHERE task = 'seal' AND done > 0}), 'seal', 'it is sealed');
my $after = value(q{SELECT yibao.seal_head('fa')});
isnt($after, $head, 'the chain has gone on');
is(faults($after), '', 'from the old head to a new one');
is(faults($head), '', 'and the old one still holds');

$standby->stop;
done_testing();
