# Updating the library and the SQL objects: what keeps working, what is refused, and that an updated database
# has the same objects as a new one.
use strict;
use warnings;
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
		md5(CASE WHEN d.classid = 'pg_proc'::regclass
				AND (SELECT prokind FROM pg_proc WHERE oid = d.objid) IN ('f', 'p', 'w')
			THEN pg_get_functiondef(d.objid)
			WHEN d.classid = 'pg_type'::regclass
			THEN (SELECT format('%s %s %s %s', t.typtype, format_type(t.typbasetype, t.typtypmod), t.typnotnull,
					(SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ',' ORDER BY a.attnum)
					 FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) ||
					(SELECT string_agg(pg_get_constraintdef(c.oid), ',' ORDER BY c.conname)
					 FROM pg_constraint c WHERE c.contypid = t.oid)) FROM pg_type t WHERE t.oid = d.objid)
			WHEN d.classid = 'pg_class'::regclass
			THEN (SELECT pg_get_viewdef(oid) FROM pg_class WHERE oid = d.objid AND relkind = 'v') END),
		obj_description(d.objid, d.classid::regclass::name),
		coalesce((SELECT proacl::text FROM pg_proc WHERE oid = d.objid AND d.classid = 'pg_proc'::regclass),
			(SELECT typacl::text FROM pg_type WHERE oid = d.objid AND d.classid = 'pg_type'::regclass),
			(SELECT relacl::text FROM pg_class WHERE oid = d.objid AND d.classid = 'pg_class'::regclass)))
	FROM pg_depend d
	WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
	  AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'yibao')
	ORDER BY 1};

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

done_testing();
