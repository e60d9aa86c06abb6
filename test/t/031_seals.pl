# Seals: whoever changes what was sealed, and however much he rewrites, is found by the head that was kept outside.
use strict;
use warnings;
use Cwd;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use YibaoTest;

my $node = new_server('seals');
my $here = getcwd();

# The books that test/pgtap/fund_payments.sql makes, kept, in a database of its own for each story.
$node->safe_psql('postgres', 'CREATE DATABASE books');
$node->safe_psql('books', 'CREATE EXTENSION yibao; CREATE EXTENSION pgtap');
my $script = slurp_file('test/pgtap/fund_payments.sql');
$script =~ s/^\\ir /\\i $here\/test\/pgtap\//m;
$script =~ s/^ROLLBACK;/COMMIT;/m or die 'no ROLLBACK';
my ($status, $out, $err) = psql_all($node, 'books', $script, extra_params => [ '-At' ]);
is($status, 0, 'an area has books') or diag $err;

sub value { return $node->safe_psql(@_) }
sub faults { my ($db, $head) = @_; return value($db, "SELECT \"check\", detail FROM yibao.verify('fa'" . ($head ? ", '$head'" : '') . ') WHERE NOT ok') }
sub receipt { my ($db, $id, $amt) = @_; value($db, "INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('$id', 'subsidy', 'fiscal', '2019-06-01', 2019, $amt)") }

is(value('books', q{SELECT yibao.seal_head('fa')}), '', 'before anything is sealed there is no head');
my $rows = value('books', q{SELECT (SELECT count(*) FROM fa.receipt) + (SELECT count(*) FROM fa.settlement) + (SELECT count(*) FROM fa.journal)
	+ (SELECT count(*) FROM fa.cash_move) + (SELECT count(*) FROM fa.premium) + (SELECT count(*) FROM fa.transfer) + (SELECT count(*) FROM fa.transfer_approval)
	+ (SELECT count(*) FROM fa.payment) + (SELECT count(*) FROM fa.payment_approval) + (SELECT count(*) FROM fa.payment_item)
	+ (SELECT count(*) FROM fa.policy) + (SELECT count(*) FROM fa.policy_layer) + (SELECT count(*) FROM fa.alert) + (SELECT count(*) FROM fa.approval_chain) + (SELECT count(*) FROM fa.item)});
is(value('books', q{SELECT detail FROM yibao.verify('fa') WHERE "check" LIKE 'rows not sealed%'}), "$rows; nothing has been sealed", 'verify counts what is not sealed');
is(value('books', q{SELECT yibao.seal('fa')}), $rows, 'a seal takes in every row that was booked');
is(value('books', q{SELECT yibao.seal('fa')}), 0, 'and the next has nothing to do');
my $head1 = value('books', q{SELECT yibao.seal_head('fa')});
like($head1, qr/^1:[0-9a-f]{64}$/, 'its head can be written down');

# By hand: the head is SHA-256 of 32 zero bytes, number, rows, digest and time, big-endian.
is(value('books', q{SELECT '1:' || encode(sha256(decode(repeat('00', 32), 'hex') || int8send(1) || int8send(rows) || digest || int8send((extract(epoch FROM sealed_at - timestamptz '2000-01-01 00:00+00') * 1000000)::bigint)), 'hex') FROM fa.seal}),
	$head1, 'which anybody can compute again with sha256()');
is(value('books', q{SELECT count(*) FROM fa.seal_member m JOIN fa.receipt r ON m.tab = 'receipt' AND m.key = r.receipt_id AND m.leaf = r.row_hash}),
	value('books', 'SELECT count(*) FROM fa.receipt'), 'a sealed row is listed with its digest');
is(faults('books', $head1), '', 'nothing has changed since');

# A transaction that was open when others were sealed is sealed the next time.
my $late = $node->background_psql('books');
$late->query_safe(q{BEGIN; INSERT INTO fa.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on) VALUES ('late', 'inpatient', 'outpatient', 1, 'late', '2019-06-01')});
receipt('books', 'after', 7);
is(value('books', q{SELECT yibao.seal('fa')}), 2, 'what was committed is sealed (a receipt and its journal), what is open is not');
$late->query_safe('COMMIT');
$late->quit;
is(value('books', q{SELECT yibao.seal('fa')}), 1, 'a row that commits later than younger ones is sealed the next time');
my $head3 = value('books', q{SELECT yibao.seal_head('fa')});
is(faults('books', $head3), '', 'all is well');
is(faults('books', $head1), '', 'an older head holds too');

# Several sealers and writers at once: every row is sealed once.
my $bench = $node->basedir . '/seal.sql';
append_to_file($bench, q{\set n random(1, 1000000000)
INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('b' || :client_id || '-' || :n, 'subsidy', 'fiscal', '2019-06-01', 2019, 1) ON CONFLICT DO NOTHING;
SELECT yibao.seal('fa');
});
$node->command_ok([ 'pgbench', '-n', '-c', '4', '-t', '10', '-f', $bench, 'books' ], 'four sessions write and seal at once');
value('books', q{SELECT yibao.seal('fa')});
is(value('books', q{SELECT count(*) FROM fa.receipt r WHERE (SELECT count(*) FROM fa.seal_member m WHERE m.tab = 'receipt' AND m.key = r.receipt_id) <> 1}), 0, 'each row is in one seal');
is(value('books', q{SELECT string_agg(seal_id::text, ',' ORDER BY seal_id) = (SELECT string_agg(n::text, ',' ORDER BY n) FROM generate_series(1, (SELECT max(seal_id) FROM fa.seal)) n) FROM fa.seal}), 't', 'seals are numbered without a gap');
my $head = value('books', q{SELECT yibao.seal_head('fa')});
is(faults('books', $head), '', 'and the chain holds');
my ($last) = $head =~ /^(\d+):/;

# Errors.
is(scalar sqlstate_of($node, 'books', q{BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT yibao.seal('fa')}), '25001', 'no seal from an old snapshot');
for my $bad ('', '1', 'x:' . '0' x 64, '0:' . '0' x 64, '1:' . '0' x 63, '1:' . 'G' x 64)
{
	is(scalar sqlstate_of($node, 'books', "SELECT * FROM yibao.verify('fa', '$bad')"), '22023', "'$bad' is no head");
}
is(scalar sqlstate_of($node, 'books', q{INSERT INTO fa.seal VALUES (99, 1, '', '', '', now())}), 'YB305', 'nobody writes a seal by hand');
is(scalar sqlstate_of($node, 'books', q{DELETE FROM fa.seal_member}), 'YB305', 'nor takes rows out of one');
is(scalar sqlstate_of($node, 'books', q{TRUNCATE fa.seal}), 'YB305', 'nor all of them');
$node->safe_psql('books', 'CREATE ROLE stranger LOGIN');
is(scalar sqlstate_of($node, 'books', q{SELECT yibao.seal('fa')}, connstr => $node->connstr('books') . ' user=stranger'), '42501', 'a stranger seals nothing');

# ---------------------------------------------------------------- tampering, as superuser, each in a copy

my $copies = 0;
sub copy
{
	my $db = 'copy' . ++$copies;
	$node->safe_psql('postgres', "CREATE DATABASE $db TEMPLATE books");
	return $db;
}
sub tamper { my ($db, $sql) = @_; value($db, "SET session_replication_role = replica; $sql") }

my $db = copy();
tamper($db, q{UPDATE fa.receipt SET doc_no = 'forged' WHERE receipt_id = 'r1'; UPDATE fa.receipt r SET row_hash = yibao.row_digest(r) WHERE receipt_id = 'r1'});
is(faults($db), 'what was sealed is as it was sealed|receipt r1 was altered since seal 1', 'a row altered with its digest is named even without a head [A095]');
like(faults($db, $head), qr/^the chain of seals has the head that was given\|what seal \d+ and those before it hold comes to another head today$/m, 'and the head does not fit');

$db = copy();
tamper($db, q{UPDATE fa.receipt SET doc_no = 'forged' WHERE receipt_id = 'r1'; UPDATE fa.receipt r SET row_hash = yibao.row_digest(r) WHERE receipt_id = 'r1';
	UPDATE fa.seal_member m SET leaf = r.row_hash FROM fa.receipt r WHERE r.receipt_id = 'r1' AND m.tab = 'receipt' AND m.key = 'r1'});
like(faults($db), qr/^what was sealed is as it was sealed\|seal 1 does not fit its rows or the seal before it$/m, 'with the list of the seal rewritten too, the seal does not fit');

$db = copy();
tamper($db, q{UPDATE fa.receipt SET doc_no = 'forged' WHERE receipt_id = 'r1'; UPDATE fa.receipt r SET row_hash = yibao.row_digest(r) WHERE receipt_id = 'r1'; TRUNCATE fa.seal, fa.seal_member});
value($db, q{SELECT yibao.seal('fa')});
is(faults($db), '', 'the whole chain rewritten: from inside nothing is to be seen');
like(faults($db, $head), qr/^the chain of seals has the head that was given\|seal $last is not there; the chain ends with 1$/, 'but the head kept outside tells [A095]');
like(faults($db, $head1), qr/^the chain of seals has the head that was given\|what seal 1 and those before it hold comes to another head today$/, 'an old one too');

$db = copy();
tamper($db, "DELETE FROM fa.seal WHERE seal_id = $last; DELETE FROM fa.seal_member WHERE seal_id = $last");
is(faults($db), '', 'the last seal cut off: from inside nothing is to be seen');
like(faults($db, $head), qr/seal $last is not there/, 'but its head tells');

$db = copy();
tamper($db, q{DELETE FROM fa.transfer WHERE transfer_id = 'late'});
is(faults($db), 'what was sealed is as it was sealed|transfer late is gone since seal 3', 'a row deleted is named');

$db = copy();
tamper($db, q{INSERT INTO fa.entry (journal_id, line, fund, book, role, amount_fen, row_hash) SELECT journal_id, 99, fund, 'S', 'payable', 5, '' FROM fa.entry WHERE line = 1 ORDER BY journal_id LIMIT 1;
	UPDATE fa.entry e SET row_hash = yibao.row_digest(e) WHERE line = 99});
like(faults($db), qr/^what was sealed is as it was sealed\|journal \d+ was altered since seal 1$/m, 'a line added to a sealed journal is found');

$db = copy();
tamper($db, q{UPDATE fa.seal SET sealed_at = sealed_at - interval '1 day' WHERE seal_id = 2});
like(faults($db), qr/seal 2 does not fit/, 'the time of a seal cannot be changed');

# ---------------------------------------------------------------- elsewhere

my $dump = $node->basedir . '/books.dump';
$node->command_ok([ 'pg_dump', '-Fc', '-f', $dump, '-d', $node->connstr('books') ], 'the area is dumped');
my $other = new_server('seals_other');
$other->safe_psql('postgres', 'CREATE ROLE fund_li; CREATE ROLE fund_wang; CREATE ROLE fund_zhao; CREATE ROLE stranger; CREATE DATABASE books');
$other->safe_psql('postgres', 'SELECT pg_current_xact_id()') for 1 .. 3;
$other->command_ok([ 'pg_restore', '--exit-on-error', '-d', $other->connstr('books'), $dump ], 'and restored in another cluster');
is($other->safe_psql('books', "SELECT \"check\", detail FROM yibao.verify('fa', '$head') WHERE NOT ok"), '', 'where the head holds');
$other->safe_psql('books', q{INSERT INTO fa.receipt (receipt_id, kind, account, received_on, coverage_year, amt) VALUES ('there', 'subsidy', 'fiscal', '2019-06-01', 2019, 1)});
is($other->safe_psql('books', q{SELECT yibao.seal('fa')}), 2, 'and the chain goes on');
is($other->safe_psql('books', "SELECT \"check\", detail FROM yibao.verify('fa', '$head') WHERE NOT ok"), '', 'from the same head');

$other->stop;
$node->stop;
done_testing();
