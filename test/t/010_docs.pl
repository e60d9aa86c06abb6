# Every object of the extension has a comment and an entry in doc/, every SQLSTATE a row.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

sub slurp
{
	my ($path) = @_;
	open my $fh, '<:encoding(UTF-8)', $path or die "$path: $!";
	local $/;
	return <$fh>;
}

my $docs = join "\n", map { slurp($_) } glob('doc/*.md');

my $node = PostgreSQL::Test::Cluster->new('docs');
$node->init(extra => [ '--encoding=UTF8', '--no-locale' ]);
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION yibao');

my $objects = $node->safe_psql('postgres', q{
	SELECT p.proname || E'\t' || COALESCE(translate(obj_description(p.oid, 'pg_proc'), E'\n', ' '), '')
	FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_depend d
	  ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
	JOIN pg_catalog.pg_extension e ON d.refobjid = e.oid AND e.extname = 'yibao'
	UNION ALL
	SELECT t.typname || E'\t' || translate(COALESCE(obj_description(t.oid, 'pg_type'), obj_description(t.typrelid, 'pg_class'), ''), E'\n', ' ')
	FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
	WHERE n.nspname = 'yibao' AND t.typname NOT LIKE '\_%'
	ORDER BY 1});
my @objects = split /\n/, $objects;
cmp_ok(scalar @objects, '>', 20, 'the extension has objects to document');
for my $line (@objects)
{
	my ($name, $comment) = split /\t/, $line, 2;
	ok($docs =~ /\b\Q$name\E\b/, "$name has an entry in doc/");
	ok(($comment // '') =~ /\p{Han}|[\x{80}-\x{ff}]{3}/, "$name has a comment with its Chinese term");
}

# the tables of a pool area, their columns and its views
$node->safe_psql('postgres', q{SELECT yibao.create_poolarea('docs', '620522')});
my $tables = $node->safe_psql('postgres', q{
	SELECT c.relname || E'\t' || translate(COALESCE(obj_description(c.oid, 'pg_class'), ''), E'\n', ' ')
	FROM pg_catalog.pg_class c WHERE c.relnamespace = 'docs'::regnamespace AND c.relkind IN ('r', 'v', 'p')
	ORDER BY 1});
for my $line (split /\n/, $tables)
{
	my ($name, $comment) = split /\t/, $line, 2;
	ok($docs =~ /\b\Q$name\E\b/, "table $name of a pool area has an entry in doc/");
	ok(($comment // '') =~ /\p{Han}|[\x{80}-\x{ff}]{3}/, "table $name has a comment with its Chinese term");
}
is($node->safe_psql('postgres', q{
	SELECT string_agg(c.relname || '.' || a.attname, ', ')
	FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
	WHERE c.relnamespace = 'docs'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
	AND col_description(c.oid, a.attnum) IS NULL}), '', 'every column of a pool area has a comment');

my $errors = slurp('doc/errors.md');
my $header = slurp('src/errcodes.h');
my $n = 0;
while ($header =~ /YBERR\('(\d)',\s*'(\d)',\s*'(\d)'\)/g)
{
	my $state = "YB$1$2$3";
	ok($errors =~ /^\| `$state` \|/m, "$state has a row in doc/errors.md");
	$n++;
}
cmp_ok($n, '>', 30, 'the SQLSTATEs were found');

# The ways to read several columns of a settlement, as functions-claim.md has them: each runs, and calls settle() as often as it says.
my $share = $node->config_data('--sharedir');
$node->safe_psql('postgres', qq{CREATE TABLE p AS SELECT pg_read_file('$share/yibao/policies/mouding-2025.json')::jsonb AS p;
	CREATE TABLE bill (med_type text, hosp_lv text, area text, psn_idet_type text, tcm_amt numeric, setl_time timestamp, medfee_sumamt numeric, inscp_scp_amt numeric);
	INSERT INTO bill VALUES ('21', '05', 'county', '00', 0, '2025-06-01', 10000, 10000)});
my ($ways) = $docs =~ /^\| written so \| calls a row \|\n\|---\|---\|\n((?:\|.*\n)+)/m;
my @ways = split /\n/, $ways // '';
is(scalar @ways, 5, 'functions-claim.md has ways to read several columns');
for my $way (@ways)
{
	my ($sql, $calls) = $way =~ /^\| `(.*)` \| (\d+)/ or die $way;
	$sql =~ s/\(p, b\)/((SELECT p FROM p), b)/;
	# (10,000 - 500) x 80% = 7,600
	like($node->safe_psql('postgres', $sql), qr/\b7600\.00\b/, "it runs: $sql");
	my $plan = $node->safe_psql('postgres', "EXPLAIN (VERBOSE, COSTS OFF) $sql");
	is(scalar(() = $plan =~ /yibao\.settle\(/g), $calls, "... and calls settle() $calls times a row");
}

$node->stop;
done_testing();
