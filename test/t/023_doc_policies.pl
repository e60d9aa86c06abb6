# What doc/policies.md and doc/shapes.md show is accepted as it stands: whole documents, and rules put into one.
use strict;
use warnings;

use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;
use YibaoTest;

my $json = JSON::PP->new->utf8->canonical;
my $node = new_server('doc_policies');
$node->safe_psql('postgres', 'CREATE EXTENSION yibao');

# The error of a document, '' for none.
sub fault
{
	my ($document) = @_;
	my ($rc, $out, $err) = $node->psql('postgres', "SELECT yibao.policy_parse(\$doc\$" . $document . "\$doc\$)");
	$err =~ s/^psql:<stdin>:\d+: //;
	return $rc == 0 ? '' : $err;
}

# What a document needs beside the rules that are shown.
my @upper = (base => [ 'deductible', 'copay' ], rounding => 'layer');
my %layer = (
	basic => { pays => 'hifp_pay', payer => { kind => 'own_fund', source => 't' }, base => ['inscp'], rounding => 'layer' },
	serious => { pays => 'hifmi_pay', payer => { kind => 'external', pays => 'centre_advances', source => 't' }, @upper },
	serious_second => { pays => 'hifmi_pay', payer => { kind => 'external', pays => 'centre_advances', source => 't' }, @upper },
	assistance => { pays => 'maf_pay', payer => { kind => 'other_book', pays => 'hospital_direct', source => 't' }, @upper },
	tilt => { pays => 'maf_pay', payer => { kind => 'other_book', pays => 'hospital_direct', source => 't' }, @upper });
my @codes = qw(basic serious serious_second assistance tilt);
my %of_document = map { $_ => 1 } qw(title sources assumed unknown benefits income counts categories fund year cross_year corrections enrolment controls);

sub whole
{
	my ($code, $shown) = @_;
	my %document = (
		yibao => 1, title => { zh => '文档中的片段' }, insutype => '390', admdvs => '620522', valid_from => '2018-01-01', version_date => 'setl_time',
		sources => { map { $_ => { doc => '片段', trust => 'demo' } } qw(t q84) },
		counts => { except => [], unpaid => JSON::PP::true, source => 't' },
		income => [ { year => 2021, amount => '30000', source => 't' } ],
		benefits => [ { when => { med_type => [ '21', '52' ] }, benefit => 'inpatient', pool => 'inpatient', source => 't' },
			{ when => { med_type => [ '11', '15' ] }, benefit => 'outpatient', pool => 'outpatient', source => 't' },
			{ when => { med_type => '14' }, benefit => 'chronic', pool => 'outpatient', source => 't' } ],
		layers => []);
	for my $c (@codes)
	{
		# those above and below are as simple as can be
		my %l = (code => $c, deductible => [ { amount => '0', per => 'visit', source => 't' } ], ratio => [ { ratio => '0.50', source => 't' } ], %{ $layer{$c} });
		if ($c eq $code) { $l{$_} = $shown->{$_} for grep { !$of_document{$_} } keys %$shown }
		push @{ $document{layers} }, \%l;
		last if $c eq $code;
	}
	$document{$_} = $shown->{$_} for grep { $of_document{$_} } keys %$shown;
	return $json->encode(\%document);
}

# The frame by itself is accepted, and a rule in it that is wrong is not.
is(fault(whole('tilt', {})), '', 'a document around what is shown');
like(fault(whole('serious', { ratio => [ { ratio => '1.5', source => 't' } ] })), qr/layers\[1\]\.ratio\[0\]/, 'in which a fault is seen');

# ---- doc/shapes.md: a fragment of a layer under each heading

my %shape;
my $text = slurp_file('doc/shapes.md');
while ($text =~ /^## (\d+): ([^\n]*)\n\nLayer `(\w+)`:\n\n```json\n(.*?)```/msg)
{
	my ($number, $title, $code, $block) = ($1, $2, $3, $4);
	$shape{$number}++;
	is(fault(whole($code, $json->decode($block))), '', "doc/shapes.md $number: $title");
}
$shape{31}++ if $text =~ /^## 31\n\n[^\n]*items\.md/m;
is_deeply([ sort { $a <=> $b } keys %shape ], [ 1 .. 44 ], 'a fragment for every shape');
is((() = $text =~ /^```json/mg), (() = $text =~ /^Layer `/mg), 'and no other block');

# ---- doc/policies.md: whole documents, keys of one, keys of the basic layer

$text = slurp_file('doc/policies.md');
my %seen;
while ($text =~ /^```json\n(.*?)^```/msg)
{
	my ($block) = $1;
	my $line = 1 + ($` =~ tr/\n//);
	if ($block =~ /^\{/)
	{
		is(fault($block), '', "doc/policies.md line $line: a whole document");
		$seen{document}++;
	}
	else
	{
		my $shown = $json->decode("{$block}");
		is(fault(whole('basic', $shown)), '', "doc/policies.md line $line: " . join ', ', sort keys %$shown);
		$seen{$_}++ for keys %$shown;
	}
}
cmp_ok($seen{$_} // 0, '>', 0, "a block with $_ was found") for qw(document ratio benefits categories counts cross_year);

$node->stop;
done_testing();
