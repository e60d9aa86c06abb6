# What the READMEs tell to type works as it stands there.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use YibaoTest;

my $node = new_server('readme');
for my $file ('README.md', 'README.zh.md')
{
	my $text = slurp_file($file);
	my ($sql) = $text =~ /```sql\n(.*?)```/s;
	ok($sql, "$file has an example");

	# the files stand where this server has them
	my $share = $node->config_data('--sharedir');
	$sql =~ s{/usr/share/postgresql/15}{$share}g;
	(my $db = $file) =~ s/\W//g;
	$node->safe_psql('postgres', "CREATE DATABASE \"$db\"");
	my ($status, $out, $err) = psql_all($node, $db, $sql);
	is($err, '', "the example of $file runs");

	# 30% of 1,000,000.01 is 300,000.003 [A032]
	like($out, qr/^300000\.00\|700000\.01$/m, "$file: the receipt is split 30/70, the odd fen to inpatient [A032]");

	# basic: (11,000 - 1,000) x 70% = 7,000; serious: burden 4,000 is below 5,000; total 12,000
	like($out, qr/^7000\.00\|0\.00\|0\.00\|5000\.00$/m, "$file: the claim is settled, the rest is paid at the window [A070]");

	# the files it links to are there
	my @missing = grep { !-e } $text =~ /\]\(([^)#]+)\)/g;
	is("@missing", '', "every link of $file leads somewhere");
}
$node->stop;
done_testing();
