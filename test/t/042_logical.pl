# An area replicated logically: its triggers do not post what has been posted, verify is clean on the copy, nobody writes
# there, and what has to be done before the copy is written to.
use strict;
use warnings;
use Cwd;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use YibaoTest;

my $here = getcwd();

sub server
{
	my ($name) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);
	$node->init(allows_streaming => 'logical', extra => [ '--encoding=UTF8', '--no-locale' ]);
	$node->append_conf('postgresql.conf', "fsync = off\ntimezone = 'UTC'\nwal_retrieve_retry_interval = 200ms\nmax_sync_workers_per_subscription = 4\n");
	$node->start;
	return $node;
}

my $from = server('publisher');
my $to = server('subscriber');
$from->safe_psql('postgres', 'CREATE EXTENSION yibao; CREATE EXTENSION pgtap');
my $script = slurp_file('test/pgtap/fund_payments.sql');
$script =~ s/^\\ir /\\i $here\/test\/pgtap\//m;
$script =~ s/^ROLLBACK;/COMMIT;/m or die 'no ROLLBACK';
my ($status, undef, $err) = psql_all($from, 'postgres', $script, extra_params => [ '-At' ]);
is($status, 0, 'an area has books') or diag $err;

sub faults { my ($node, $head) = @_; return $node->safe_psql('postgres', q{SELECT "check", detail FROM yibao.verify('fa'} . ($head ? ", '$head'" : '') . ') WHERE NOT ok') }
sub rows
{
	my ($node) = @_;
	my @tables = split /\n/, $node->safe_psql('postgres', q{SELECT relname FROM pg_class WHERE relnamespace = 'fa'::regnamespace AND relkind = 'r' ORDER BY 1});
	return $node->safe_psql('postgres', join ' UNION ALL ', map { qq{SELECT format('%s: %s rows %s', '$_', count(*), md5(string_agg(t::text, ';' ORDER BY t::text COLLATE "C"))) FROM fa."$_" t} } @tables);
}
sub receipt { my ($id, $amt, $day) = @_; $day //= '2019-06-01'; return "INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('$id', 'subsidy', 'fiscal', '$day', 2019, $amt)" }
my $columns = 'setl_id, psn_no, insutype, setl_time, refd_setl_flag, fixmedins_code, med_type, setl_type, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt';
sub claim { my ($id, $person) = @_; return "INSERT INTO fa.settlement ($columns) VALUES ('$id', '$person', '390', '2019-06-05', false, 'H9', '21', '2', 100.00, 0, 0, 0, 100.00)" }

# ---- what replication needs of the tables

is($from->safe_psql('postgres', q{SELECT string_agg(relname, ', ') FROM pg_class c WHERE relnamespace = 'fa'::regnamespace AND relkind = 'r' AND relreplident = 'd'
	AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid AND indisprimary)}), '', 'every table of an area has a primary key, by which a change finds its row');
is($from->safe_psql('postgres', q{SELECT string_agg(tgrelid::regclass || '.' || tgname, ', ') FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'}),
	'', 'no trigger fires for what replication applies');
is($from->safe_psql('postgres', q{SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = 'fa'::regnamespace AND a.attgenerated <> ''}),
	0, 'there is no generated column');

# ---- the copy, as doc/operations.md says

my $dump = $from->basedir . '/definitions';
$from->command_ok([ 'pg_dump', '-Fc', '--schema-only', '-n', 'fa', '-f', $dump, '-d', $from->connstr('postgres') ], 'the definitions are dumped');
$to->safe_psql('postgres', 'CREATE EXTENSION yibao; CREATE ROLE fund_li LOGIN; CREATE ROLE fund_wang LOGIN; CREATE ROLE fund_zhao LOGIN');
$to->command_ok([ 'pg_restore', '--exit-on-error', '--no-privileges', '-d', $to->connstr('postgres'), $dump ], 'and restored, with no rights for anybody but the owner');
$from->safe_psql('postgres', 'CREATE PUBLICATION fa FOR TABLES IN SCHEMA fa');
$to->safe_psql('postgres', "CREATE SUBSCRIPTION fa CONNECTION '" . $from->connstr . " dbname=postgres' PUBLICATION fa");
$to->wait_for_subscription_sync($from, 'fa');
is(rows($to), rows($from), 'the copy has the rows that were there, and no other: nothing was posted again');
is(faults($to), '', 'verify finds nothing there');

# ---- what happens now is followed

$from->safe_psql('postgres', q{SELECT yibao.seal('fa')});
my $head = $from->safe_psql('postgres', q{SELECT yibao.seal_head('fa')});
my $load = $from->basedir . '/load.sql';
append_to_file($load, <<'SQL');
\set n random(1, 1000000000)
\set coin random(1, 12)
\if :coin <= 7
INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, fixmedins_code, med_type, setl_type, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt) VALUES ('l' || :client_id || '-' || :n, 'L' || (:n % 20), '390', '2019-06-06', false, 'H9', '21', '2', 10.00, 0, 0, 0, 10.00);
\elif :coin <= 10
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('l' || :client_id || '-' || :n, 'subsidy', 'fiscal', '2019-06-02', 2019, 33.33);
\elif :coin = 11
INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, init_setl_id) SELECT 'x' || setl_id, psn_no, '390', '2019-06-07', true, setl_id FROM fa.settlement s WHERE setl_id LIKE 'l' || :client_id || '-%' AND NOT EXISTS (SELECT FROM fa.settlement t WHERE t.psn_no = s.psn_no AND t.psn_setl_no > s.psn_setl_no) LIMIT 1;
\else
SELECT * FROM yibao.maintain('fa');
\endif
SQL
# an area may take from its pools at commit as well: rows that come and go within a transaction
for my $mode ('immediate', 'deferred')
{
	$from->safe_psql('postgres', "UPDATE fa.area SET mode = '$mode'");
	local $ENV{PGHOST} = $from->host;
	local $ENV{PGPORT} = $from->port;
	my ($out, $said) = run_command([ 'pgbench', '-n', '-c', '4', '-t', '40', '--max-tries=100', '-f', $load, 'postgres' ]);
	diag($said) unless $out =~ /actually processed: \d+/;
	# who reverses what somebody has settled after in the meantime is refused: those clients stop
	$from->wait_for_catchup('fa');
	is(rows($to), rows($from), "$mode: what four clients did is on the copy, row by row");
	is(faults($to, $head), '', "$mode: verify finds nothing there, and the head of the original holds");
}
$from->safe_psql('postgres', q{SELECT yibao.seal('fa')});
$head = $from->safe_psql('postgres', q{SELECT yibao.seal_head('fa')});
$from->wait_for_catchup('fa');
is(faults($to, $head), '', 'so does a new one');

# ---- a publication by another: what must not be set

my $log = -s $to->logfile;
$to->safe_psql('postgres', 'ALTER TABLE fa.receipt ENABLE ALWAYS TRIGGER t10_receipt');
my $receipts = $to->safe_psql('postgres', 'SELECT count(*) FROM fa.receipt');
$from->safe_psql('postgres', receipt('r-always', '5.00'));
$to->wait_for_log(qr/was booked before|YB605/, $log);
is($to->safe_psql('postgres', 'SELECT count(*) FROM fa.receipt'), $receipts, 'with a trigger that fires ALWAYS the copy stops, and nothing is booked twice');
is(faults($to), 'all triggers are there and enabled|receipt: t10_receipt fires for replicated rows too', 'verify names the trigger');
$to->safe_psql('postgres', 'ALTER TABLE fa.receipt ENABLE TRIGGER t10_receipt');
$from->wait_for_catchup('fa');
is(rows($to), rows($from), 'set right again, it goes on where it stopped');

# ---- nobody writes on the copy

is(scalar sqlstate_of($to, 'postgres', receipt('no', 1), connstr => $to->connstr('postgres') . ' user=fund_li'), '42501', 'who has a post on the original has none on the copy');

# ---- the copy takes over

$from->safe_psql('postgres', claim('s-last', 'LAST'));
$from->wait_for_catchup('fa');
$from->stop('immediate');
$to->safe_psql('postgres', q{ALTER SUBSCRIPTION fa DISABLE; ALTER SUBSCRIPTION fa SET (slot_name = NONE); DROP SUBSCRIPTION fa});
my ($state, $said) = sqlstate_of($to, 'postgres', receipt('too-soon', 1));
is($state, '23505', 'numbers are not replicated: without the next step the first posting fails');
like($said, qr/journal_pkey/, 'on the number of its journal');
is(faults($to, $head), '', 'and leaves nothing behind');
$to->safe_psql('postgres', q{SELECT yibao.attach_poolarea('fa')});
$to->safe_psql('postgres', q{SELECT yibao.grant_poolarea('fa', 'fund_li', 'clerk'); SELECT yibao.grant_poolarea('fa', 'fund_wang', 'reviewer')});
sub as_user { my ($who, $sql) = @_; return $to->safe_psql('postgres', $sql, connstr => $to->connstr('postgres') . " user=$who") }
as_user('fund_li', receipt('r-after', '100000.00'));
is(as_user('fund_li', claim('s-last', 'LAST') . ' RETURNING setl_id'), '', 'what the original settled last is a repeat');
as_user('fund_li', claim("s-after$_", 'LAST')) for 1 .. 3;
is($to->safe_psql('postgres', q{SELECT max(psn_setl_no) FROM fa.settlement WHERE psn_no = 'LAST'}), 4, 'a person-year goes on where it was');
as_user('fund_li', q{INSERT INTO fa.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on) VALUES ('t-after', 'inpatient', 'outpatient', 5, 'x', '2019-06-10')});
as_user('fund_wang', q{INSERT INTO fa.transfer_approval (transfer_id, decision, approved_on) VALUES ('t-after', 'approve', '2019-06-10')});
$to->safe_psql('postgres', q{SELECT * FROM yibao.maintain('fa')});
is(faults($to, $head), '', 'the work goes on, verify is clean, the head of the original holds');
is($to->safe_psql('postgres', q{SELECT split_part(yibao.seal_head('fa'), ':', 1)::int > } . (split /:/, $head)[0]), 't', 'and the chain of seals goes on');

$to->stop;
done_testing();
