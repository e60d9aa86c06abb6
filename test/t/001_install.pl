# Installing and removing the files; creating the extension; what every object of it must have.
use strict;
use warnings;
use File::Find;
use File::Temp;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use YibaoTest;

sub files_below
{
	my ($dir) = @_;
	my @found;
	find(sub { push @found, $File::Find::name =~ s/^\Q$dir\E//r if -f $_ }, $dir);
	return sort @found;
}

my $version = default_version();

# ---- make install, make uninstall

my $stage = File::Temp->newdir();
is(system("make -s install DESTDIR=$stage >/dev/null"), 0, 'make install DESTDIR=... succeeds');
my @installed = files_below("$stage");
my %name = map { (s,.*/,,r => 1) } @installed;
ok($name{'yibao.so'} && $name{'yibao.control'} && $name{"yibao--$version.sql"},
	'it installs the library, the control file and the script of the default version');
ok($name{'yibao--1.0--1.1.sql'}, 'it installs the next upgrade script');
my @policies = map { s,.*/,,r } glob 'control/policies/*.json control/bounds/*.json control/schema/*.json';
is(join(' ', sort grep { /\.json$/ } keys %name), join(' ', sort @policies),
	'it installs every policy document, the bounds and the schema');
is(system("make -s uninstall DESTDIR=$stage >/dev/null"), 0, 'make uninstall DESTDIR=... succeeds');
is(join(' ', files_below("$stage")), '', 'make uninstall leaves no file');
my ($policies_folder) = grep { s,/policies/[^/]*$,, } map { "$stage$_" } @installed;
ok(!-e ($policies_folder // "$stage/none"), 'make uninstall leaves no folder of ours');

# ---- the extension

my $meta = slurp_file('META.json');
like($meta, qr/"version": "\Q$version\E\.0"/, 'META.json and the control file name the same version');

my $node = new_server('install');
$node->safe_psql('postgres', 'CREATE DATABASE clinic');
is(sqlstate_of($node, 'clinic', 'CREATE EXTENSION yibao'), '', 'a superuser creates the extension');
is($node->safe_psql('clinic', 'SELECT yibao.version()'), $version, 'the library says the version of the control file');

$node->safe_psql('postgres', 'CREATE ROLE bureau LOGIN; CREATE DATABASE bureau OWNER bureau');
my @as_bureau = (connstr => $node->connstr('bureau') . ' user=bureau');
is(sqlstate_of($node, 'bureau', 'CREATE EXTENSION yibao', @as_bureau),
	'', 'who owns a database and is no superuser creates the extension: it is trusted');
is($node->safe_psql('bureau', q{SELECT extowner::regrole FROM pg_extension WHERE extname = 'yibao'}),
	'bureau', 'the extension belongs to who created it');
is(sqlstate_of($node, 'bureau', 'DROP EXTENSION yibao', @as_bureau), '', 'its owner drops it again');
is($node->safe_psql('bureau', q{SELECT count(*) FROM pg_namespace WHERE nspname = 'yibao'}),
	'0', 'dropping it leaves no schema');
is(sqlstate_of($node, 'bureau', 'CREATE EXTENSION yibao', @as_bureau), '', 'it can be created again');

$node->safe_psql('bureau', 'CREATE ROLE analyst LOGIN');
is($node->safe_psql('bureau', 'SELECT yibao.version()', connstr => $node->connstr('bureau') . ' user=analyst'),
	$version, 'anyone may call a function that is open to all');
is($node->safe_psql('bureau', q{SELECT pg_describe_object(classid, objid, 0) FROM pg_depend
	WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
	  AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'yibao')
	  AND coalesce((SELECT pronamespace FROM pg_proc WHERE oid = objid AND classid = 'pg_proc'::regclass),
		(SELECT typnamespace FROM pg_type WHERE oid = objid AND classid = 'pg_type'::regclass),
		(SELECT relnamespace FROM pg_class WHERE oid = objid AND classid = 'pg_class'::regclass)) <> 'yibao'::regnamespace}),
	'', 'every function, type and view of the extension is in schema yibao');

# ---- what every object must have

my $objects = q{
	SELECT pg_describe_object(classid, objid, 0)
	FROM pg_depend
	WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
	  AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'yibao')};

is($node->safe_psql('clinic', qq{$objects AND classid = 'pg_class'::regclass
	AND (SELECT relkind FROM pg_class WHERE oid = objid) IN ('r', 'p', 'S', 'm')}),
	'', 'no table, sequence or materialized view belongs to the extension: the data is the user\'s');
is($node->safe_psql('clinic', qq{$objects AND obj_description(objid, classid::regclass::name) IS NULL
	AND NOT (classid = 'pg_type'::regclass AND (SELECT typtype FROM pg_type WHERE oid = objid) = 'c')
	AND NOT (classid = 'pg_type'::regclass AND (SELECT typelem FROM pg_type WHERE oid = objid) <> 0)
	ORDER BY 1}),
	'', 'every object of the extension has a comment');
is($node->safe_psql('clinic', qq{$objects AND classid = 'pg_proc'::regclass
	AND (obj_description(objid, 'pg_proc') !~ '[一-龥]') ORDER BY 1}),
	'', 'every function\'s comment has its Chinese term');
is($node->safe_psql('clinic', q{
	SELECT p.oid::regprocedure FROM pg_proc p
	WHERE p.pronamespace = 'yibao'::regnamespace AND p.prosecdef
	  AND (has_function_privilege('public', p.oid, 'EXECUTE')
	       OR NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (p.proconfig), false))}),
	'', 'what runs with its owner\'s rights fixes its search_path and is not for everyone');
is($node->safe_psql('clinic', q{
	SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
	WHERE p.pronamespace = 'yibao'::regnamespace AND l.lanname IN ('sql', 'plpgsql')
	  AND p.prosqlbody IS NULL AND NOT coalesce(p.proconfig::text ~ 'search_path', false)}),
	'', 'no function depends on the caller\'s search_path');

done_testing();
