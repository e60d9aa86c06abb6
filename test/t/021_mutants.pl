# A shape's test can fail: with its rule taken out of the policy or altered it does.  The mutants are lines of
# test/pgtap/mutations.psql; every file of test/pgtap that includes it is run once for each round of them.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use YibaoTest;

my $shapes = 44;

my $node = new_server('mutants');
$node->safe_psql('postgres', 'CREATE EXTENSION yibao');
$node->safe_psql('postgres', 'CREATE EXTENSION pgtap');
my @files = sort grep { slurp_file($_) =~ /^\\ir mutations\.psql$/m } glob 'test/pgtap/*.sql';
cmp_ok(scalar @files, '>=', 2, 'files whose policies are mutated: ' . join ' ', map { s,.*/,,r } @files);

# Run the files with the mutants of a round: name of a test -> whether it passed.
my $runs = 0;
sub run_round
{
	my ($round) = @_;
	my (%passed, @errors);
	for my $file (@files)
	{
		my ($out, $err) = ('', '');
		my $db = 'mutants_' . $runs++;
		$node->safe_psql('postgres', "CREATE DATABASE $db TEMPLATE postgres");
		local $ENV{PGOPTIONS} = "-c mutants.round=$round";
		run_log([ 'psql', '-XAtq', '-d', $node->connstr($db), '-f', $file ], '>', \$out, '2>', \$err);
		push @errors, $1 while $err =~ /(^psql:.*ERROR:.*)/mg;
		while ($out =~ /^(not )?ok \d+ - (.*)$/mg)
		{
			$passed{$2} = !$1 && ($passed{$2} // 1);
		}
		$node->safe_psql('postgres', "DROP DATABASE $db");
	}
	return (\%passed, \@errors);
}

my ($plain, $errors) = run_round('');
is_deeply([ @$errors, grep { !$plain->{$_} } sort keys %$plain ], [], 'without mutants all tests pass');
my %tests;
for (sort keys %$plain) { push @{ $tests{$1} }, $_ if /^shape (\d+): / }

my %mutants;
push @{ $mutants{ $_->[0] } }, $_->[1]
	for map { [ split /\|/, $_, 2 ] } grep { /^\d+\|/ } split /\n/, slurp_file('test/pgtap/mutations.psql');
my $rounds = 0;
for (values %mutants) { $rounds = @$_ if @$_ > $rounds }

# for each shape what its mutants did, in words, and those of them that nobody noticed
my (%did, %unnoticed, %strays);
for my $round (1 .. $rounds)
{
	my ($passed, $errors) = run_round($round);
	note("round $round: $_") for @$errors;
	for my $shape (grep { $mutants{$_}[ $round - 1 ] } keys %mutants)
	{
		my @of = @{ $tests{$shape} // [] };
		my $failed = grep { defined $passed->{$_} && !$passed->{$_} } @of;
		my $lost = grep { !defined $passed->{$_} } @of;
		push @{ $did{$shape} }, "$failed of " . @of . ' tests failed';
		push @{ $unnoticed{$shape} }, $mutants{$shape}[ $round - 1 ] . ($lost ? ' (settles nothing: an error in place of a test)' : '')
			if !$failed || $lost;
	}
	for my $name (grep { !$passed->{$_} } keys %$plain)
	{
		$strays{$name} = 1 if $name !~ /^shape (\d+): / || !$mutants{$1}[ $round - 1 ];
	}
}

my $noticed = 0;
for my $shape (1 .. $shapes)
{
	my $missing = !$tests{$shape} ? 'no test' : !$mutants{$shape} ? 'no mutant in mutations.psql' : undef;
	my $ok = !$missing && !$unnoticed{$shape};
	ok($ok, "shape $shape: " . ($missing // ($ok ? 'noticed' : 'NOT noticed') . ' (' . join('; ', @{ $did{$shape} }) . ')'))
		or diag(map { "  mutant $_\n" } @{ $unnoticed{$shape} // [] });
	$noticed++ if $ok;
}
is_deeply([ sort keys %strays ], [], 'tests of other shapes, and those of none, pass all the same');
is($noticed, $shapes, "$noticed of $shapes shapes noticed");
$node->stop;
done_testing();
