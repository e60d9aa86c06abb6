# Updating the library, the SQL objects and the areas: what keeps working, what is refused, and that an updated database and
# an area brought up have the same objects as new ones.  So far 1.1 brings nothing, so test/upgrade/1.1 says what it could.
use strict;
use warnings;
use Cwd;
use File::Copy;
use File::Temp;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use YibaoTest;

plan skip_all => 'needs the private server of tools/test.sh' unless $ENV{YIBAO_ROOT};

# A server of its own, in which a "package" can be replaced under it.
my $machine = File::Temp->newdir();
system("cp -a $ENV{YIBAO_ROOT}/. $machine") == 0 or die;
my ($bindir) = `pg_config --bindir` =~ m{^\Q$ENV{YIBAO_ROOT}\E(.*)$} or die 'pg_config is not the private one';
my ($sharedir) = `pg_config --sharedir` =~ m{^\Q$ENV{YIBAO_ROOT}\E(.*)$} or die;
my ($libdir) = `pg_config --pkglibdir` =~ m{^\Q$ENV{YIBAO_ROOT}\E(.*)$} or die;

sub package_in_place
{
	my ($so) = @_;
	copy($so, "$machine$libdir/yibao.new") or die "$so: $!";
	chmod 0755, "$machine$libdir/yibao.new";
	rename("$machine$libdir/yibao.new", "$machine$libdir/yibao.so") or die;
}

my $node = new_server('upgrade', install_path => "$machine$bindir/..");

# Everything that the extension is made of, in words that do not depend on OIDs.
my $inventory = q{
	SELECT format('%s | %s | %s | %s',
		pg_describe_object(d.classid, d.objid, 0),
		md5(CASE d.classid
			WHEN 'pg_proc'::regclass THEN (SELECT CASE WHEN p.prokind = 'a'
					THEN (SELECT concat_ws(' ', a.aggtransfn, a.aggfinalfn, a.aggcombinefn, format_type(a.aggtranstype, NULL), a.agginitval,
						p.proparallel, p.provolatile) FROM pg_aggregate a WHERE a.aggfnoid = p.oid)
					ELSE pg_get_functiondef(p.oid) END FROM pg_proc p WHERE p.oid = d.objid)
			WHEN 'pg_type'::regclass
			THEN (SELECT concat_ws(' ', t.typtype, format_type(t.typbasetype, t.typtypmod), t.typnotnull,
					(SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || coalesce(col_description(t.typrelid, a.attnum), ''), ',' ORDER BY a.attnum)
					 FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped),
					(SELECT string_agg(pg_get_constraintdef(c.oid) || coalesce(obj_description(c.oid, 'pg_constraint'), ''), ',' ORDER BY c.conname)
					 FROM pg_constraint c WHERE c.contypid = t.oid)) FROM pg_type t WHERE t.oid = d.objid)
			WHEN 'pg_class'::regclass
			THEN (SELECT CASE c.relkind WHEN 'v' THEN pg_get_viewdef(c.oid) ELSE concat(c.relkind, 
					(SELECT string_agg(coalesce(col_description(c.oid, a.attnum), ''), ',' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0)) END
				FROM pg_class c WHERE c.oid = d.objid)
			WHEN 'pg_cast'::regclass THEN (SELECT concat_ws(' ', k.castfunc::regprocedure, k.castcontext, k.castmethod) FROM pg_cast k WHERE k.oid = d.objid)
			WHEN 'pg_namespace'::regclass THEN '' END),
		obj_description(d.objid, d.classid::regclass::name),
		CASE d.classid
			WHEN 'pg_proc'::regclass THEN (SELECT proacl::text FROM pg_proc WHERE oid = d.objid)
			WHEN 'pg_type'::regclass THEN (SELECT typacl::text FROM pg_type WHERE oid = d.objid)
			WHEN 'pg_namespace'::regclass THEN (SELECT nspacl::text FROM pg_namespace WHERE oid = d.objid)
			WHEN 'pg_class'::regclass THEN (SELECT relacl::text FROM pg_class WHERE oid = d.objid) END)
	FROM pg_depend d
	WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
	  AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'yibao')
	ORDER BY 1};

# Everything that an area's schema is made of, in the same way.
my $area_inventory = q{
	WITH r AS (SELECT c.* FROM pg_class c WHERE c.relnamespace = '%s'::regnamespace)
	SELECT replace(line, '%1$s.', '') FROM (
		SELECT format('%%s %%s | %%s | %%s | %%s', r.relkind, r.relname, r.reloptions, obj_description(r.oid, 'pg_class'),
			(SELECT string_agg(i::text, ',' ORDER BY i::text) FROM unnest(r.relacl) i)) FROM r
		UNION ALL SELECT format('column %%s.%%s %%s | %%s | %%s | %%s | %%s | %%s', r.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
			concat_ws(' ', a.attnotnull, a.attidentity, a.attgenerated, a.attcollation::regcollation), pg_get_expr(x.adbin, x.adrelid), col_description(r.oid, a.attnum), a.attacl)
			FROM r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 LEFT JOIN pg_attrdef x ON x.adrelid = r.oid AND x.adnum = a.attnum WHERE r.relkind IN ('r', 'v', 'p')
		UNION ALL SELECT format('constraint %%s.%%s | %%s | %%s %%s', r.relname, k.conname, pg_get_constraintdef(k.oid), k.convalidated, obj_description(k.oid, 'pg_constraint')) FROM r JOIN pg_constraint k ON k.conrelid = r.oid
		UNION ALL SELECT format('index %%s | %%s', r.relname, pg_get_indexdef(r.oid)) FROM r WHERE r.relkind = 'i'
		UNION ALL SELECT format('trigger %%s.%%s | %%s | %%s', r.relname, g.tgname, concat(pg_get_triggerdef(g.oid), ' ', g.tgenabled), obj_description(g.oid, 'pg_trigger')) FROM r JOIN pg_trigger g ON g.tgrelid = r.oid WHERE NOT g.tgisinternal
		UNION ALL SELECT format('view %%s | %%s', r.relname, pg_get_viewdef(r.oid)) FROM r WHERE r.relkind = 'v'
		UNION ALL SELECT format('sequence %%s | %%s', r.relname, to_jsonb(s) - 'seqrelid') FROM r JOIN pg_sequence s ON s.seqrelid = r.oid
		UNION ALL SELECT format('schema | %%s', (SELECT string_agg(i::text, ',' ORDER BY i::text) FROM unnest(n.nspacl) i)) FROM pg_namespace n WHERE n.nspname = '%1$s'
		UNION ALL SELECT format('function %%s', p.oid::regprocedure) FROM pg_proc p WHERE p.pronamespace = '%1$s'::regnamespace) x (line)
	ORDER BY line COLLATE "C"};
# Rows that an area is made with, but for when and by whom.
my @shipped = qw(account_class account_role approval_chain chart chart_code final_line flow_rule fund_crossing pool posting_rule post post_conflict refund_kind voucher_event);

# One view of a user's on every function that can be called in a query.
my $make_views = q{
	CREATE SCHEMA report;
	DO $$
	DECLARE f record; n int := 0;
	BEGIN
		FOR f IN
			SELECT p.oid, p.oid::regproc AS name, p.prokind, p.prorettype,
				(SELECT string_agg(format('NULL::%s', CASE WHEN t = '"any"'::regtype THEN 'jsonb'
						WHEN t = 'anyelement'::regtype THEN 'jsonb' ELSE format_type(t, NULL) END), ', ' ORDER BY i)
				 FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS u(t, i)) AS args
			FROM pg_proc p
			WHERE p.pronamespace = 'yibao'::regnamespace AND p.prokind IN ('f', 'w')
			  AND p.prorettype NOT IN ('trigger'::regtype, 'void'::regtype)
			  AND 'internal'::regtype <> ALL (p.proargtypes::oid[])
			ORDER BY p.oid::regprocedure::text COLLATE "C"
		LOOP
			n := n + 1;
			EXECUTE format(
				CASE WHEN f.prokind = 'w' THEN 'CREATE VIEW report.v%s AS SELECT %s(%s) OVER () AS result'
					WHEN f.prorettype = 'record'::regtype THEN 'CREATE VIEW report.v%s AS SELECT * FROM %s(%s)'
					ELSE 'CREATE VIEW report.v%s AS SELECT %s(%s) AS result' END,
				n, f.name, f.args);
		END LOOP;
	END $$;
	CREATE VIEW report.library AS SELECT yibao.version()};
my $views = q{SELECT c.oid, c.relname, pg_get_viewdef(c.oid) FROM pg_class c
	WHERE relnamespace = 'report'::regnamespace ORDER BY relname};

# ---- version 1.0, as it was installed once

$node->safe_psql('postgres', 'CREATE DATABASE area');
$node->safe_psql('area', q{CREATE EXTENSION yibao VERSION '1.0'});
$node->safe_psql('area', $make_views);
my $views_before = $node->safe_psql('area', $views);
my $inventory_1_0 = $node->safe_psql('area', $inventory);
my $functions = $node->safe_psql('area', q{SELECT count(*) FROM pg_proc
	WHERE pronamespace = 'yibao'::regnamespace AND prorettype NOT IN ('trigger'::regtype, 'void'::regtype) AND prokind IN ('f', 'w')});
is(scalar(() = $views_before =~ /^\d+\|v\d+\|/mg), $functions, "there is a user's view on each of $functions functions");

# An area of 1.0 that has worked: the books that test/pgtap/fund_payments.sql makes, kept and sealed.
my $here = getcwd();
my $script = slurp_file('test/pgtap/fund_payments.sql');
$script =~ s/^\\ir /\\i $here\/test\/pgtap\//m;
$script =~ s/^ROLLBACK;/COMMIT;/m or die 'no ROLLBACK';
$node->safe_psql('postgres', 'CREATE DATABASE worked');
$node->safe_psql('worked', q{CREATE EXTENSION yibao VERSION '1.0'; CREATE EXTENSION pgtap});
my ($status, undef, $complaint) = psql_all($node, 'worked', $script, extra_params => [ '-At' ]);
is($status, 0, 'an area of 1.0 has books') or diag $complaint;
$node->safe_psql('worked', q{SELECT yibao.seal('fa')});
my $head = $node->safe_psql('worked', q{SELECT yibao.seal_head('fa')});

# ---- the objects may not overtake the library

my ($state, $said) = sqlstate_of($node, 'area', q{ALTER EXTENSION yibao UPDATE TO '1.1'});
is($state, 'YB601', 'library 1.0 refuses the update of its objects to 1.1');
like($said, qr/version 1\.0.*version 1\.1.*HINT:.*yibao 1\.1/s, 'the refusal names both versions and what to install');
is($node->safe_psql('area', q{SELECT extversion FROM pg_extension WHERE extname = 'yibao'}),
	'1.0', 'after the refusal the objects still are 1.0');
is($node->safe_psql('area', 'SELECT * FROM report.library'), '1.0', 'after the refusal everything works as before');

# ---- a library older than the objects: a package was downgraded

package_in_place('build/yibao-0.9.so');
($state, $said) = sqlstate_of($node, 'area', 'SELECT yibao.version()');
is($state, 'YB601', 'a library older than the objects refuses to work');
like($said, qr/version 0\.9.*version 1\.0/s, 'its error names both versions');

# ---- a library newer than the objects: a package was upgraded, nobody has run ALTER EXTENSION yet

package_in_place('build/yibao-1.1.so');
my (undef, $out, $err) = psql_all($node, 'area', "SELECT * FROM report.library;\nSELECT * FROM report.library;");
is($out, "1.1\n1.1", 'a newer library serves the objects of 1.0: payment goes on between the two steps of an upgrade');
is(scalar(() = $err =~ /WARNING:/g), 1, 'it says so once in a session');
like($err, qr/version 1\.1.*version 1\.0.*ALTER EXTENSION yibao UPDATE TO '1\.1'/s,
	'the warning names both versions and the command');

# ---- the update

is(sqlstate_of($node, 'area', q{ALTER EXTENSION yibao UPDATE TO '1.1'}), '', 'ALTER EXTENSION yibao UPDATE TO 1.1');
(undef, $out, $err) = psql_all($node, 'area', 'SELECT yibao.version()');
is("$out$err", '1.1', 'after the update there is no warning any more');
is($node->safe_psql('area', $views), $views_before, "every user's view survives the update, on the same function");
is($node->safe_psql('area', 'SELECT * FROM report.library'), '1.1', "a user's view still answers");

$node->safe_psql('postgres', 'CREATE DATABASE fresh');
$node->safe_psql('fresh', q{CREATE EXTENSION yibao VERSION '1.1'});
my $updated = $node->safe_psql('area', $inventory);
is($updated, $node->safe_psql('fresh', $inventory),
	'object by object, an updated database is what a new one is: definition, comment, rights');

# What 1.1 adds, one line of the inventory each, without the part from the first | on.
my @new_in_1_1 = ();
my %old = map { $_ => 1 } split /\n/, $inventory_1_0;
is(join("\n", map { s/ \|.*//r } grep { !$old{$_} } split /\n/, $updated),
	join("\n", @new_in_1_1), 'the update changes what this test lists and nothing else');

$node->safe_psql('area', q{UPDATE pg_extension SET extversion = '1.0' WHERE extname = 'yibao'});
is(sqlstate_of($node, 'area', q{ALTER EXTENSION yibao UPDATE TO '1.1'}), '', 'the upgrade script may run twice');
is($node->safe_psql('area', $inventory), $updated, 'the second run changes nothing');

# ---- a release that brings something: its install script makes what its upgrade script makes of 1.0

my $extension = "$machine$sharedir/extension";
my $shipped_update = slurp_file("$extension/yibao--1.0--1.1.sql");
my @statements = grep { !/^--/ } split /\n/, slurp_file('test/upgrade/1.1/objects.sql');

sub put
{
	my ($file, @text) = @_;
	unlink "$extension/$file";
	append_to_file("$extension/$file", join("\n", @text) . "\n");
}
put('yibao--1.1.sql', slurp_file("$extension/yibao--1.0.sql"), @statements);
$node->safe_psql('postgres', 'CREATE DATABASE next');
$node->safe_psql('next', q{CREATE EXTENSION yibao VERSION '1.1'});
my $next = $node->safe_psql('next', $inventory);
my $tries = 0;

# What an update by these statements comes to; an error is one of its own.
sub updated_by
{
	put('yibao--1.0--1.1.sql', $shipped_update, @_);
	my $db = 'try' . ++$tries;
	$node->safe_psql('postgres', "CREATE DATABASE $db");
	my $failed = sqlstate_of($node, $db, q{CREATE EXTENSION yibao VERSION '1.0'; ALTER EXTENSION yibao UPDATE TO '1.1'});
	my $found = $failed || $node->safe_psql($db, $inventory);
	$node->safe_psql('postgres', "DROP DATABASE $db");
	return $found;
}
is(updated_by(@statements), $next, 'function, type, cast, comments and rights of an updated database are those of a new one');
for my $i (0 .. $#statements)
{
	ok(updated_by(@statements[ grep { $_ != $i } 0 .. $#statements ]) ne $next, 'an update that forgets one is found: ' . substr($statements[$i], 0, 60));
}
put('yibao--1.0--1.1.sql', $shipped_update, @statements);

# ---- an area made by the older version

sub area_of { my ($db, $sql) = @_; return $node->safe_psql($db, ($sql // '') . sprintf($area_inventory, 'fa')) }
# Rows as they were, without what 1.1 brings.
sub rows_of
{
	my @tables = split /\n/, $node->safe_psql('worked', q{SELECT relname FROM pg_class WHERE relnamespace = 'fa'::regnamespace AND relkind = 'r' AND relname <> 'next_note' ORDER BY 1});
	return $node->safe_psql('worked', join(' UNION ALL ', map { my $no = $_ eq 'area' ? 'version' : 'channel';
		qq{SELECT format('%s: %s rows %s', '$_', count(*), md5(string_agg((to_jsonb(t) - '$no')::text, ';' ORDER BY t::text COLLATE "C"))) FROM fa."$_" t} } @tables) . ' ORDER BY 1');
}
my $rows = rows_of();
my $made = area_of('worked');
my $claim = q{INSERT INTO fa.settlement (setl_id, psn_no, insutype, setl_time, refd_setl_flag, fixmedins_code, med_type, setl_type, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt)
	VALUES ('%s', 'UP', '390', '2018-12-05', false, 'H9', '21', '2', 10.00, 0, 0, 0, 10.00)};

# between the two steps
is(scalar sqlstate_of($node, 'worked', sprintf $claim, 'between'), '', 'between the two steps of an upgrade the area works');
is(scalar sqlstate_of($node, 'worked', q{SELECT yibao.attach_poolarea('fa')}), '55000', 'it is not brought up before its objects are');
is(scalar sqlstate_of($node, 'worked', q{SELECT yibao.create_poolarea('fb', '620522')}), '55000', 'and none is made, whose tables would be newer than they say');

$node->safe_psql('worked', q{ALTER EXTENSION yibao UPDATE TO '1.1'});
is($node->safe_psql('worked', q{SELECT version FROM yibao.poolareas()}), '1.0', 'after it the area still is one of 1.0, and says so');
is(scalar sqlstate_of($node, 'worked', sprintf $claim, 'after'), '', 'and works');
is(area_of('worked'), $made, 'nothing of it was changed');
$rows = rows_of();

# a new one of 1.1, with the same posts
$node->safe_psql('next', q{SELECT yibao.create_poolarea('fa', '620522'); SELECT yibao.grant_poolarea('fa', 'fund_li', 'clerk');
	SELECT yibao.grant_poolarea('fa', 'fund_wang', 'reviewer'); SELECT yibao.grant_poolarea('fa', 'fund_zhao', 'auditor')});
my $fresh = area_of('next');
ok($made ne $fresh, 'a new area has more');

is(scalar sqlstate_of($node, 'worked', q{SELECT yibao.attach_poolarea('fa')}, connstr => $node->connstr('worked') . ' user=fund_li'), '42501', 'who does not own the area does not bring it up');
is(scalar sqlstate_of($node, 'worked', q{SELECT yibao.attach_poolarea('fa')}), '', 'its owner does, with one call');
is(area_of('worked'), $fresh, 'object by object it is a new one: tables, columns, constraints, indexes, triggers, views, sequences, comments, rights');
is($node->safe_psql('worked', q{SELECT version FROM yibao.poolareas()}), '1.1', 'it says so');
is(rows_of(), $rows, 'its data are what they were');
for my $table (@shipped, 'next_note')
{
	my $sql = qq{SELECT string_agg((to_jsonb(t) - 'in_force_at' - 'set_at' - 'set_by' - 'row_hash' - 'req_hash')::text, e'\n' ORDER BY (to_jsonb(t) - 'in_force_at' - 'set_at' - 'set_by' - 'row_hash' - 'req_hash')::text COLLATE "C") FROM fa."$table" t};
	is($node->safe_psql('worked', $sql), $node->safe_psql('next', $sql), "rows that come with $table are those of a new area");
}
is($node->safe_psql('worked', qq{SELECT "check", detail FROM yibao.verify('fa', '$head') WHERE NOT ok}), '', 'verify finds nothing, and the seals of 1.0 hold');
is(scalar sqlstate_of($node, 'worked', sprintf($claim, 'on'), connstr => $node->connstr('worked') . ' user=fund_li'), '', 'the clerk works on');
is(scalar sqlstate_of($node, 'worked', q{DELETE FROM fa.next_note}), 'YB304', 'what is new guards itself');
$rows = rows_of();
is(scalar sqlstate_of($node, 'worked', q{SELECT yibao.attach_poolarea('fa')}), '', 'the call may come twice');
is(area_of('worked') . rows_of(), $fresh . $rows, 'the second changes nothing');

# the comparison finds what is not as it should be
for my $damage ('ALTER TABLE fa.receipt DROP COLUMN channel CASCADE', 'DROP INDEX fa.receipt_channel', q{COMMENT ON COLUMN fa.receipt.channel IS 'x'}, 'COMMENT ON VIEW fa.next_view IS NULL',
	'ALTER TABLE fa.receipt DISABLE TRIGGER t10_receipt', 'DROP TRIGGER t05_posted ON fa.next_note', 'COMMENT ON TRIGGER t05_posted ON fa.next_note IS NULL', 'ALTER TABLE fa.next_note ALTER note DROP NOT NULL', 'ALTER TABLE fa.next_note ALTER note TYPE varchar',
	q{ALTER TABLE fa.receipt ALTER doc_no SET DEFAULT 'x'}, 'ALTER TABLE fa.slot RESET (fillfactor)', 'REVOKE SELECT ON fa.next_note FROM fund_zhao', 'GRANT UPDATE ON fa.receipt TO fund_li',
	'ALTER TABLE fa.receipt DROP CONSTRAINT receipt_channel_check', 'ALTER SEQUENCE fa.next_note_number_seq CYCLE', 'CREATE OR REPLACE VIEW fa.next_view AS SELECT receipt_id, upper(channel) COLLATE "C" AS channel FROM fa.receipt')
{
	my (undef, $found, $why) = psql_all($node, 'worked', "BEGIN; $damage; " . sprintf($area_inventory, 'fa') . '; ROLLBACK', extra_params => ['-At']);
	ok($why eq '' || $why !~ /ERROR/, "made: $damage") or diag $why;
	ok($found ne $fresh, "the comparison sees it: $damage");
}

$node->safe_psql('worked', q{SET session_replication_role = replica; UPDATE fa.area SET version = '1.2'});
($state, $said) = sqlstate_of($node, 'worked', q{SELECT yibao.attach_poolarea('fa')});
is($state, 'YB601', 'an area newer than the library, restored from elsewhere, is refused');
like($said, qr/made by version 1\.2.*version 1\.1.*HINT:.*yibao 1\.2/s, 'the error names both versions and what to install');

done_testing();
