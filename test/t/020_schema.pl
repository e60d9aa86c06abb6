# The JSON Schema for editors: it takes what yibao ships, catches what a schema can, and knows every key of the grammar.
use strict;
use warnings;

use JSON::PP;
use Test::More;

sub slurp
{
	my ($path) = @_;
	open my $fh, '<:raw', $path or die "$path: $!";
	local $/;
	return <$fh>;
}

my $json = JSON::PP->new->utf8->allow_nonref;
my $schema = $json->decode(slurp('control/schema/policy.schema.json'));

# As much of JSON Schema as ours uses; a keyword that is not here is a fault of the test.
my %known = map { $_ => 1 } qw($schema $defs title description type enum const pattern minLength properties required
  additionalProperties propertyNames minProperties items prefixItems minItems maxItems minimum maximum oneOf $ref);

sub type_of
{
	my ($v) = @_;
	return 'null' if !defined $v;
	return 'boolean' if JSON::PP::is_bool($v);
	return 'object' if ref $v eq 'HASH';
	return 'array' if ref $v eq 'ARRAY';
	my $text = $json->encode($v);
	return $text =~ /^"/ ? 'string' : $text =~ /^-?\d+$/ ? 'integer' : 'number';
}

sub same { my ($x, $y) = @_; return JSON::PP->new->canonical->allow_nonref->encode($x) eq JSON::PP->new->canonical->allow_nonref->encode($y) }

# Where the value does not fit: a list of places.
sub faults
{
	my ($s, $v, $path) = @_;
	$path //= '';
	if (exists $s->{'$ref'})
	{
		my ($name) = $s->{'$ref'} =~ m{^#/\$defs/(\w+)$} or die "reference $s->{'$ref'}";
		my @found = faults($schema->{'$defs'}{$name} // die("no definition $name"), $v, $path);
		return @found if @found;
	}
	for my $keyword (keys %$s) { die "keyword $keyword" if !$known{$keyword} }
	my $type = type_of($v);
	return "$path: $type" if exists $s->{type} && $s->{type} ne $type && !($s->{type} eq 'number' && $type eq 'integer');
	return "$path: const" if exists $s->{const} && !same($s->{const}, $v);
	return "$path: enum" if exists $s->{enum} && !grep { same($_, $v) } @{ $s->{enum} };
	my @found;
	if ($type eq 'string')
	{
		push @found, "$path: pattern" if exists $s->{pattern} && $v !~ /$s->{pattern}/;
		push @found, "$path: short" if length $v < ($s->{minLength} // 0);
	}
	elsif ($type eq 'integer' || $type eq 'number')
	{
		push @found, "$path: range" if (exists $s->{minimum} && $v < $s->{minimum}) || (exists $s->{maximum} && $v > $s->{maximum});
	}
	elsif ($type eq 'array')
	{
		push @found, "$path: length" if @$v < ($s->{minItems} // 0) || @$v > ($s->{maxItems} // 1e9);
		for my $i (0 .. $#$v)
		{
			my $item = $s->{prefixItems} && $i < @{ $s->{prefixItems} } ? $s->{prefixItems}[$i] : $s->{items};
			push @found, faults($item, $v->[$i], "$path\[$i]") if $item;
		}
	}
	elsif ($type eq 'object')
	{
		push @found, map { "$path.$_: missing" } grep { !exists $v->{$_} } @{ $s->{required} // [] };
		push @found, "$path: empty" if keys %$v < ($s->{minProperties} // 0);
		for my $key (sort keys %$v)
		{
			push @found, faults($s->{propertyNames}, $key, "$path.$key") if $s->{propertyNames};
			if ($s->{properties} && exists $s->{properties}{$key}) { push @found, faults($s->{properties}{$key}, $v->{$key}, "$path.$key") }
			elsif (exists $s->{additionalProperties})
			{
				if (ref $s->{additionalProperties} eq 'HASH') { push @found, faults($s->{additionalProperties}, $v->{$key}, "$path.$key") }
				else { push @found, "$path.$key: unknown" }
			}
		}
	}
	if ($s->{oneOf})
	{
		my $n = grep { !faults($_, $v, $path) } @{ $s->{oneOf} };
		push @found, "$path: fits $n forms" if $n != 1;
	}
	return @found;
}

# ---- what yibao ships, and the example of the manual
for my $file (glob 'control/policies/*.json')
{
	is(join('; ', faults($schema, $json->decode(slurp($file)))), '', "$file fits the schema");
}
my ($example) = slurp('doc/policies.md') =~ /<!-- example -->\n```json\n(.*?)```/s;
is(join('; ', faults($schema, $json->decode($example))), '', 'so does the example of doc/policies.md');

# ---- what a schema can catch
my $demo = slurp('control/policies/demo-gansu.json');
sub spoiled
{
	my ($about, $where, $change) = @_;
	my $d = $json->decode($demo);
	$change->($d);
	my @found = faults($schema, $d);
	ok((grep { /\Q$where\E/ } @found) > 0, "$about is caught") or diag(join '; ', @found);
}
spoiled('a document without sources', '.sources: missing', sub { delete $_[0]{sources} });
spoiled('another grammar', '.yibao: const', sub { $_[0]{yibao} = 2 });
spoiled('an unknown key at the top', '.laiers: unknown', sub { $_[0]{laiers} = [] });
spoiled('an unknown key of a layer', '.layers[0].ratoi: unknown', sub { $_[0]{layers}[0]{ratoi} = [] });
spoiled('a key of another parameter', '.layers[0].ratio[0].amount: unknown', sub { $_[0]{layers}[0]{ratio}[0]{amount} = '1' });
spoiled('a rule without a source', '.layers[0].ratio[0].source: missing', sub { delete $_[0]{layers}[0]{ratio}[0]{source} });
spoiled('a ratio as a number', '.layers[0].ratio[0].ratio: number', sub { $_[0]{layers}[0]{ratio}[0]{ratio} = 0.7 });
spoiled('a ratio above 1', '.layers[0].ratio[0].ratio: pattern', sub { $_[0]{layers}[0]{ratio}[0]{ratio} = '1.01' });
spoiled('a ratio in percent', '.layers[0].ratio[0].ratio: pattern', sub { $_[0]{layers}[0]{ratio}[0]{ratio} = '70%' });
spoiled('an amount with three decimals', '.layers[0].deductible[0].amount: pattern', sub { $_[0]{layers}[0]{deductible}[0]{amount} = '1.005' });
spoiled('a negative deductible', '.layers[0].deductible[0].amount: pattern', sub { $_[0]{layers}[0]{deductible}[0]{amount} = '-1' });
spoiled('a deductible of two forms', '.layers[0].deductible[0]: fits 2 forms', sub { @{ $_[0]{layers}[0]{deductible}[0] }{qw(percent_of ratio)} = ('total', '0.1') });
spoiled('a figure beside "unknown"', '.layers[0].ratio[0]: fits 2 forms', sub { $_[0]{layers}[0]{ratio}[0]{unknown} = JSON::PP::true });
spoiled('a rule without a value', '.layers[0].ratio[0]: fits 0 forms', sub { delete $_[0]{layers}[0]{ratio}[0]{ratio} });
spoiled('a day that no month has', '.valid_from: pattern', sub { $_[0]{valid_from} = '2025-13-01' });
spoiled('a field that a claim has not', '.when.hospital: unknown', sub { $_[0]{layers}[0]{ratio}[0]{when}{hospital} = '01' });
spoiled('an accumulator as a condition', '.when.cum_ipt_hifp: unknown', sub { $_[0]{layers}[0]{ratio}[0]{when}{cum_ipt_hifp} = '1' });
spoiled('a number where codes belong', '.when.hosp_lv: fits 0 forms', sub { $_[0]{layers}[0]{ratio}[0]{when}{hosp_lv} = 1 });
spoiled('an empty condition', '.when: empty', sub { $_[0]{layers}[0]{ratio}[0]{when} = {} });
spoiled('a period that grammar 1 has not', '.per: enum', sub { $_[0]{layers}[0]{cap}{year}[0]{per} = 'week' });
spoiled('a band of three', '.bands[0]: length', sub { push @{ $_[0]{layers}[1]{ratio}[0]{tiers}{bands}[0] }, '1' });
spoiled('a payer that does not say who pays', '.payer: fits 0 forms', sub { delete $_[0]{layers}[1]{payer}{pays} });
spoiled('a trust that there is not', '.sources.q84.trust: enum', sub { $_[0]{sources}{q84}{trust} = 'good' });
spoiled('a level of government that there is not', '.sources.q84.authority: enum', sub { $_[0]{sources}{q84}{authority} = 'town' });
spoiled('a kind of receipt that there is not', '.kinds[0]: enum', sub { $_[0]{fund}{split}[0]{kinds}[0] = 'gift' });
spoiled('a yearly limit of deductibles by visit', '.deductible_cap[0].per: const', sub { $_[0]{layers}[0]{deductible_cap} = [ { amount => '1', per => 'visit', source => 'own' } ] });

# ---- every key of the grammar: the lists that the compiler checks keys against
my %in_schema;
sub collect { my ($s) = @_;
	if (ref $s eq 'HASH') { if (ref $s->{properties} eq 'HASH') { $in_schema{$_} = 1 for keys %{ $s->{properties} } } collect($_) for values %$s }
	elsif (ref $s eq 'ARRAY') { collect($_) for @$s } }
collect($schema);
my (%grammar, @lacks);
for my $file (grep { !m{/bounds?(?:_\w+)?\.c$} } glob 'src/policy/*.c')
{
	my $source = slurp($file);
	while ($source =~ /const char \*const (\w*keys?|range_ops)\[\] = \{(.*?)\}/gs)
	{
		my ($name, $list) = ($1, $2);
		$grammar{$_} = $file for $list =~ /"([^"]+)"/g;
	}
}
cmp_ok(scalar keys %grammar, '>', 80, 'the keys of the grammar were found in the compiler');
@lacks = sort grep { !$in_schema{$_} } keys %grammar;
is("@lacks", '', 'the schema has every key of the grammar');

my %field;
my $fields = slurp('src/core/fields.h');
$field{$1} = 1 while $fields =~ /X\((\w+), FK_/g;
delete $field{psn_idet_types};	# of several categories a rule sees the one that is chosen
delete @field{ grep { /^cum_/ && !/^cum_(ipt|lv|hosp|area)_cnt$/ } keys %field };
is_deeply([ sort keys %{ $schema->{'$defs'}{when}{properties} } ], [ sort keys %field ], 'the schema has every field that a condition may name, and no other');

done_testing();
