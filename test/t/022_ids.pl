# Every shape and every parameter of doc/policies.md has a test that carries its number: "shape 17: ...", "P04: ...".
use strict;
use warnings;

use PostgreSQL::Test::Utils;
use Test::More;

# Not yet tested.
my %pending = ();

my %files;
for my $file (sort (glob 'test/pgtap/*.sql'), (glob 'test/t/*.pl'))
{
	my $text = slurp_file($file);
	$files{$1}{$file} = 1 while $text =~ /['"](shape \d+|P\d\d)(?: [a-z])?(?:, P\d\d)*[:,] /g;
}
for my $id ((map { "shape $_" } 1 .. 44), (map { sprintf 'P%02d', $_ } 1 .. 35))
{
	if ($pending{$id} && !$files{$id})
	{
		note("$id: no test yet");
		next;
	}
	ok($files{$id}, "$id has a test" . ($files{$id} ? ': ' . join ' ', map { s,.*/,,r } sort keys %{ $files{$id} } : ''));
}

# and a line in the table that says how it is written
my $doc = slurp_file('doc/policies.md');
my %told;
for my $line ($doc =~ /^\| ([^|]*) \|/mg)
{
	$told{"P$_"} = 1 for $line =~ /\bP(\d\d)\b/g;
	next if $line !~ /^\d/;
	my ($numbers) = $line =~ /^([\d, ]+)/;
	$told{"shape $_"} = 1 for $numbers =~ /\d+/g;
}
is_deeply([ grep { !$told{$_} && !$pending{$_} } (map { "shape $_" } 1 .. 44), (map { sprintf 'P%02d', $_ } 1 .. 35) ], [], 'doc/policies.md tells how each is written');
done_testing();
