# The demonstration's parts run, in both languages, and show what they promise.
use strict;
use warnings;
use utf8;
use Encode 'decode_utf8';
use open ':std', ':encoding(UTF-8)';
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use YibaoTest;

my $node = PostgreSQL::Test::Cluster->new('demo');
$node->init(extra => [ '--encoding=UTF8', '--no-locale', '-U', 'centre' ]);
$node->append_conf('postgresql.conf', "fsync = off\ntimezone = 'UTC'\n");
$node->start;
my $dir = $node->basedir;

sub psql
{
	my ($user, $db, @arguments) = @_;
	my ($out, $err) = ('', '');
	local $ENV{PGCLIENTENCODING} = 'UTF8';
	my $ok = run_log([ 'psql', '-X', '-q', '-h', $node->host, '-p', $node->port, '-U', $user, '-d', $db,
			'-v', 'ON_ERROR_STOP=1', @arguments ], '>', \$out, '2>', \$err);
	return ($ok, decode_utf8($out), decode_utf8($err));
}

# The page is well-formed (libxml2 of the server reads it), draws what the parts before it showed, and is in its language.
sub page
{
	my ($lang, $db, $html) = @_;
	my $file = "$dir/page_$lang.html";
	open my $fh, '>:encoding(UTF-8)', $file or die "$file: $!";
	print $fh $html;
	close $fh;
	my ($ok, $out, $err) = psql('centre', $db, '-A', '-t', '-c', "SELECT cardinality(xpath('//svg', x)), cardinality(xpath('//h2', x)), cardinality(xpath('//rect[\@width < 0 or \@x < 0]', x)) FROM xmlparse(DOCUMENT pg_read_file('$file')) AS x");
	is($out, "4|6|0\n", "$lang: the page is well-formed, with its pictures") or diag($err);
	like($html, qr/43,070\.00.*9,601\.00.*5,863\.20.*10,006\.17/s, "$lang: who paid the one-stop patient's settlement is drawn");
	like($html, $lang eq 'zh' ? qr/(\d+) 项检查，\1 项通过/ : qr/(\d+) checks, \1 passed/, "$lang: and verify's verdict stands below");
}

for my $lang ('zh', 'en')
{
	my $db = "demo_$lang";
	my $all = '';
	my $errors = '';
	psql('centre', 'postgres', '-c', "CREATE DATABASE $db");
	# roles are the cluster's: the second run makes its own
	psql('centre', 'demo_zh', '-c', 'DROP OWNED BY li, wang, zhao, his') if $lang eq 'en';
	psql('centre', 'postgres', '-c', 'DROP ROLE li, wang, zhao, his') if $lang eq 'en';

	for my $part (sort glob 'demo/[0-9][0-9]_*.sql')
	{
		my $text = decode_utf8(slurp_file($part));
		my ($user) = $text =~ /^-- as (\w+)/;
		my ($ok, $out, $err) = psql($user, $db, '-v', "zh=@{[$lang eq 'zh' ? 'true' : 'false']}", '-v', "lang=$lang",
			'-v', 'policies=' . $node->config_data('--sharedir') . '/yibao/policies',
			'-v', 'claims=600', '-v', "file=$dir/population.tsv", '-f', $part);
		ok($ok, "$lang: $part runs as $user") or diag($err);
		$errors .= $err;
		if ($part =~ /11_/)
		{
			page($lang, $db, $out);
			next;
		}
		$all .= $out;
		if ($part =~ /04_/)
		{
			my ($columns) = $text =~ /^-- columns: (.*)/m;
			my ($copied, $copy_out, $copy_err) =
			  psql('li', $db, '-c', "\\copy qinan.settlement ($columns) FROM '$dir/population.tsv'");
			ok($copied, "$lang: the clerk copies the population in") or diag($copy_err);
		}
	}

	# 60,000 in policy: basic (60,000 - 1,000) x 73% = 43,070; serious (16,930 - 2,500): 10,000 x 65% + 4,430 x 70% = 9,601;
	# assistance 7,329 x 80% = 5,863.20; of 68,540.37 there remain 10,006.17
	like($all, qr/43,070\.00.*9,601\.00.*5,863\.20.*10,006\.17/s, "$lang: three layers by three payers, the rest at the window [A071]");
	like($all, qr/壹万零陆元壹角柒分/, "$lang: the amount in capitals");
	like($all, qr/4275000\.00.*8040000\.00\s*\|\s*18760000\.01/s, "$lang: money is split, the odd fen to inpatient [A032]");
	like($all, qr/11400\.00.*11970\.00/s, "$lang: lower by 10%, both ways [A079]");
	like($all, qr/S2025040001 .*waiting.*S2025040001 \| funded/s, "$lang: a claim waits until the transfer is approved [A033]");
	like($all, qr/INSERT 0 1\nINSERT 0 0\n/, "$lang: the same claim sent twice is settled once");
	like($all, qr/-3465\.00/, "$lang: its reversal takes back what was paid");
	like($all, qr/ZY20250410-7 \|\s+8000 \|\s+5250\.00 \|\s+2750\.00/, "$lang: an application's own INSERT is settled");
	like($all, qr/^\s+(\d+) \|\s+\1$/m, "$lang: verify finds nothing");
	like($all, qr/no row was altered\s*\| settlement S2025030001/, "$lang: and names the row that a superuser altered [A276]");
	for my $what (['YB202', qr/秦政办发〔2018〕84号/], ['42501', qr/transfer_approval/], ['YB301', qr/900000000\.00/],
		['YB501', qr/S2025040002/], ['42501', qr/entry/], ['YB401', qr/HZ2025-9/], ['YB305', qr/entry/])
	{
		like($errors, $what->[1], "$lang: what is refused is named ($what->[0])");
	}
}
$node->stop;
done_testing();
