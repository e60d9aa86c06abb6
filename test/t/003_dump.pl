# A pool area is plain tables: it is dumped and restored by who owns it, and outlives the extension.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use YibaoTest;

my $node = new_server('dump');
my $dir = $node->backup_dir;
mkdir $dir;

# The area belongs to bureau, who is no superuser; li and wang work in it.
$node->safe_psql('postgres', q{
	CREATE ROLE bureau LOGIN;
	CREATE ROLE li LOGIN;
	CREATE ROLE wang LOGIN});

sub new_database
{
	my ($db) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $db OWNER bureau");
}

sub as
{
	my ($user, $db) = @_;
	return (connstr => $node->connstr($db) . " user=$user");
}

sub run_as
{
	my ($user, $db, $sql) = @_;
	my ($status, $out, $err) = psql_all($node, $db, $sql, as($user, $db));
	die "$user: $err" if $status;
	return $out;
}

# Everything in the area's schema, definitions, comments, rights and rows, as text.
sub area_as_text
{
	my ($db) = @_;
	my ($out, $err) = run_command([ 'pg_dump', '-n', 'qinan', '-d', $node->connstr($db) ]);
	$out =~ s/^\\(un)?restrict .*\n//mg;
	die "pg_dump: $err" unless $out =~ /CREATE TABLE qinan\.settlement/;
	return $out;
}

# Its rows alone, a line for each table.
sub rows_of
{
	my ($db) = @_;
	my @tables = split /\n/, $node->safe_psql($db, q{SELECT relname FROM pg_class
		WHERE relnamespace = 'qinan'::regnamespace AND relkind = 'r' ORDER BY 1});
	return $node->safe_psql($db, join ' UNION ALL ',
		map { qq{SELECT format('%s: %s rows %s', '$_', count(*), md5(string_agg(t::text, ';' ORDER BY t::text COLLATE "C"))) FROM qinan."$_" t} }
		  @tables);
}

# Two long texts are the same; of different ones only the differences are shown.
sub same_text
{
	my ($got, $expected, $name) = @_;
	return if ok($got eq $expected, $name);
	append_to_file("$dir/got", $got);
	append_to_file("$dir/expected", $expected);
	diag(substr(`diff -U0 $dir/expected $dir/got`, 0, 4000));
	unlink "$dir/got", "$dir/expected";
}

sub verify_ok
{
	my ($db, $name) = @_;
	is(run_as('bureau', $db, q{SELECT * FROM yibao.verify('qinan') WHERE NOT ok}), '', $name);
}

my $stay = q{INSERT INTO qinan.settlement (setl_id, psn_no, insutype, setl_time, begntime, endtime, med_type, hosp_lv, area,
		refl, filing, psn_idet_type, cont_years, inj_flag, thrd_flag, setl_type, fixmedins_code,
		medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt)
	VALUES ('%s', 'P1', '390', '%s 10:20', '2025-02-24 08:00', '%s 10:00', '2101', '02', 'city', 'up', 'referral', '2303', 3,
		false, false, '2', 'H62050200018', 68540.37, 3200.00, 540.37, 4800.00, 60000.00)};
my $receipt = q{INSERT INTO qinan.receipt (receipt_id, kind, payer, gov_level, account, received_on, coverage_year, amt, serious_amt)
	VALUES ('%s', 'subsidy', '中央财政', 'central', 'fiscal', '2025-01-15', 2025, 26800000.01, 0)};

# ---- an area that has worked

new_database('area');
run_as('bureau', 'area', q{
	CREATE EXTENSION yibao;
	SELECT yibao.create_poolarea('qinan', '620522');
	SELECT yibao.grant_poolarea('qinan', 'li', 'clerk');
	SELECT yibao.grant_poolarea('qinan', 'wang', 'reviewer')});
my $policy = slurp_file('control/policies/demo-gansu.json');
run_as('bureau', 'area', "INSERT INTO qinan.policy (policy_id, rules) VALUES ('demo', yibao.policy_parse(\$policy\$$policy\$policy\$))");
run_as('li', 'area', sprintf($receipt, 'R1'));
run_as('li', 'area', q{
	INSERT INTO qinan.cash_move (move_id, kind, from_class, to_class, moved_on, amt, form_id)
	VALUES ('M1', 'appropriation', 'fiscal', 'expenditure', '2025-01-20', 12000000.00, 'F1');
	INSERT INTO qinan.transfer (transfer_id, from_pool, to_pool, amt, reason, proposed_on)
	VALUES ('T1', 'inpatient', 'outpatient', 10000.00, 'test', '2025-02-01')});
run_as('wang', 'area', q{INSERT INTO qinan.transfer_approval (transfer_id, decision, approved_on, doc_no)
	VALUES ('T1', 'approve', '2025-02-01', 'D1')});
run_as('li', 'area', sprintf($stay, 'S1', '2025-03-12', '2025-03-12'));
verify_ok('area', 'the area is in order before it is dumped');
my $paid = run_as('bureau', 'area', q{SELECT hifp_pay FROM qinan.settlement});
cmp_ok($paid, '>', 0, 'it has paid a claim');
my $before = area_as_text('area');
my $rows_before = rows_of('area');

# ---- a full dump, restored by its owner where the DBA has created the extension

sub dump_as_bureau
{
	my ($file, @options) = @_;
	$node->command_ok([ 'pg_dump', '-Fc', @options, '-f', "$dir/$file", '-d', $node->connstr('area') . ' user=bureau' ],
		"the owner, no superuser, dumps the area (@options)");
}

dump_as_bureau('full');
new_database('copy');
$node->safe_psql('copy', 'CREATE EXTENSION yibao');
$node->command_ok([ 'pg_restore', '--exit-on-error', '--no-comments', '-d', $node->connstr('copy') . ' user=bureau', "$dir/full" ],
	'he restores it where the DBA has created the extension');
same_text(rows_of('copy'), $rows_before, 'the restored rows are the dumped ones: restoring posts nothing');

new_database('own');
$node->command_ok([ 'pg_restore', '--exit-on-error', '-d', $node->connstr('own') . ' user=bureau', "$dir/full" ],
	'he restores it into an empty database of his, with the extension');
same_text(area_as_text('own'), $before, 'the restored area is the dumped one: tables, triggers, checks, comments, rights, rows');
verify_ok('own', 'the restored area is in order');

# ---- the other formats, each restored by the owner into a database of his own

for my $way ([ 'plain', ['-Fp'] ], [ 'custom', ['-Fc'], [ '-j', '4' ] ], [ 'directory', [ '-Fd', '-j', '4' ], [ '-j', '4' ] ], [ 'tar', ['-Ft'] ], [ 'inserts', [ '-Fp', '--rows-per-insert=10' ] ])
{
	my ($name, $dump, $restore) = @$way;
	my @to = ('-d', $node->connstr("as_$name") . ' user=bureau');
	$node->command_ok([ 'pg_dump', @$dump, '-f', "$dir/$name", '-d', $node->connstr('area') . ' user=bureau' ], "$name: the owner dumps the area (@$dump)");
	new_database("as_$name");
	if ($dump->[0] eq '-Fp')
	{
		$node->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', "$dir/$name", @to ], "$name: he restores it with psql");
	}
	else
	{
		$node->command_ok([ 'pg_restore', '--exit-on-error', @{ $restore // [] }, @to, "$dir/$name" ], "$name: he restores it (@{ $restore // [] })");
	}
	same_text(area_as_text("as_$name"), $before, "$name: the restored area is the dumped one");
	verify_ok("as_$name", "$name: the restored area is in order");
	is(run_as('li', "as_$name", sprintf($stay, 'S2', '2025-04-12', '2025-04-12') . ' RETURNING setl_id'), 'S2', "$name: and goes on");
	verify_ok("as_$name", "$name: in order");
}

# ---- it goes on where it was

is(run_as('li', 'own', sprintf($stay, 'S1', '2025-03-12', '2025-03-12') . ' RETURNING setl_id'),
	'', 'a settlement that was settled before the dump inserts nothing when it is sent again after it');
my $again = sprintf($stay, 'S2', '2025-04-12', '2025-04-12');
run_as('li', $_, $again) for 'area', 'own';
is(run_as('bureau', 'own', q{SELECT to_jsonb(s) - 'booked_at' - 'journal_id' - 'row_hash' FROM qinan.settlement s WHERE setl_id = 'S2'}),
	run_as('bureau', 'area', q{SELECT to_jsonb(s) - 'booked_at' - 'journal_id' - 'row_hash' FROM qinan.settlement s WHERE setl_id = 'S2'}),
	'the next claim of the person is settled alike in the original and in the copy');
run_as('li', 'own', sprintf($receipt, 'R2'));
verify_ok('own', 'after more work the restored area is in order');

# ---- a data-only restore would post everything twice

dump_as_bureau('data', '--data-only', '-n', 'qinan');
new_database('empty');
run_as('bureau', 'empty', q{CREATE EXTENSION yibao; SELECT yibao.create_poolarea('qinan', '620522')});
for my $db ('area', 'empty')
{
	my $rows = rows_of($db);
	# as somebody does who overlooks the errors: every table has to refuse by itself
	my (undef, $err) = run_command([ 'pg_restore', '--data-only', '-d', $node->connstr($db) . ' user=bureau', "$dir/data" ]);
	like($err, qr/booked before.*HINT:.*whole dump/s, "a data-only restore into the $db area is refused, and told what to do");
	same_text(rows_of($db), $rows, "it changed nothing in the $db area");
}
for my $table ('receipt', 'transfer', 'cash_move', 'policy')
{
	is(sqlstate_of($node, 'area', "INSERT INTO qinan.$table SELECT * FROM qinan.$table LIMIT 1", as('bureau', 'area')),
		'YB605', "a row of $table that was booked before is refused");
}

is(run_as('bureau', 'area', 'INSERT INTO qinan.settlement SELECT * FROM qinan.settlement RETURNING setl_id'),
	'', 'settlements that are there already are repeats: they insert nothing');

# ---- without the extension

my $own_rows = rows_of('own');
my $own_area = area_as_text('own');
is(sqlstate_of($node, 'own', 'DROP EXTENSION yibao', as('bureau', 'own')), '2BP01', 'the extension is not dropped by accident');
run_as('bureau', 'own', 'DROP EXTENSION yibao CASCADE');
same_text(rows_of('own'), $own_rows, 'DROP EXTENSION ... CASCADE takes no row and no column');
is($node->safe_psql('own', q{SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal}), '0', 'it takes the triggers');
run_as('bureau', 'own', q{CREATE EXTENSION yibao; SELECT yibao.attach_poolarea('qinan')});
same_text(area_as_text('own'), $own_area, 'attach_poolarea puts back what was taken: triggers, checks, comments');
is(sqlstate_of($node, 'own', q{DELETE FROM qinan.entry}, as('bureau', 'own')), 'YB304', 'the ledger guards itself again');
run_as('li', 'own', sprintf($stay, 'S3', '2025-05-12', '2025-05-12'));
verify_ok('own', 'after attach_poolarea and another claim the area is in order');
run_as('bureau', 'own', q{SELECT yibao.attach_poolarea('qinan')});
ok(1, 'attach_poolarea may be called again');

# ---- the recipe of doc/operations.md for rows without definitions

{
	my ($recipe) = slurp_file('doc/operations.md') =~ /<<'SQL'\n(.*?)\n\s*SQL\n/s;
	ok($recipe, 'doc/operations.md has the recipe');
	$node->safe_psql('postgres', 'CREATE DATABASE rows_only');
	$node->safe_psql('rows_only', q{CREATE EXTENSION yibao; SELECT yibao.create_poolarea('qinan', '620522')});
	$node->safe_psql('rows_only', $recipe);
	$node->command_ok([ 'pg_restore', '--data-only', '--disable-triggers', '-n', 'qinan', '-d', $node->connstr('rows_only'), "$dir/data" ],
		'a superuser restores rows alone into an area that was emptied');
	is(rows_of('rows_only'), rows_of('area'), 'they are the rows of the dump: nothing was posted');
	is($node->safe_psql('rows_only', q{SELECT * FROM yibao.verify('qinan') WHERE NOT ok}), '', 'and the area is in order');
}

done_testing();
