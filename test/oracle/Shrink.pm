# Makes a policy and a claim smaller while they still show a difference.
package Shrink;

use v5.36;
use Exact qw(yuan scaled);
use Claim;

sub copy ($v)
{
	return ref $v eq 'ARRAY' ? [ map { copy($_) } @$v ] : ref $v eq 'HASH' ? { map { $_ => copy($v->{$_}) } keys %$v } : $v;
}

# Ways to make a document smaller: each a sub that changes a copy of it.
sub smaller_documents ($doc)
{
	my @ways;
	my $drop = sub (@path) {
		push @ways, sub ($d) {
			my $at = $d;
			$at = ref $at eq 'ARRAY' ? $at->[$_] : $at->{$_} for @path[ 0 .. $#path - 1 ];
			ref $at eq 'ARRAY' ? splice(@$at, $path[-1], 1) : delete $at->{ $path[-1] };
		};
	};
	my $list = sub (@path) {
		my $rules = $doc;
		$rules = ref $rules eq 'ARRAY' ? $rules->[$_] : $rules->{$_} for @path;
		for my $i (0 .. $#$rules)
		{
			$drop->(@path, $i);
			$drop->(@path, $i, $_) for grep { /^(?:when|from|to|over|id|fixed|min|max|plus_max|minus_max|each|per_age|group|at|within_days|scope|benefits)$/ } keys %{ $rules->[$i] };
			$drop->(@path, $i, 'when', $_) for keys %{ $rules->[$i]{when} // {} };
			my $bands = ($rules->[$i]{tiers} // {})->{bands} // [];
			$drop->(@path, $i, 'tiers', 'bands', $_) for 0 .. $#$bands - 1;
			my $each = $rules->[$i]{each} // [];
			$drop->(@path, $i, 'each', $_) for 0 .. $#$each;
		}
	};
	my $layers = $doc->{layers};
	for my $l (0 .. $#$layers)
	{
		$drop->('layers', $l);
		my $layer = $layers->[$l];
		push @ways, sub ($d) { delete @{ $d->{layers}[$l] }{qw(when when_source)} } if $layer->{when};
		for my $key (sort keys %$layer)
		{
			next if $key =~ /^(?:code|pays|payer|when|when_source|rounding|source|assumed)$/;
			if ($key eq 'base') { $drop->('layers', $l, $key, $_) for 0 .. $#{ $layer->{base} } }
			elsif (ref $layer->{$key} eq 'HASH')
			{
				$drop->('layers', $l, $key);
				for my $name (sort keys %{ $layer->{$key} }) { $drop->('layers', $l, $key, $name); $list->('layers', $l, $key, $name) }
			}
			elsif (ref $layer->{$key}) { $drop->('layers', $l, $key); $list->('layers', $l, $key) }
			else { $drop->('layers', $l, $key) }
		}
	}
	$list->('benefits');
	if ($doc->{cross_year}) { $drop->('cross_year'); $list->('cross_year') }
	$drop->($_) for grep { exists $doc->{$_} } qw(year enrolment income valid_to fund controls corrections note trust assumed unknown counts categories);
	if ($doc->{counts}) { $drop->('counts', 'except', $_) for 0 .. $#{ $doc->{counts}{except} } }
	return @ways;
}

sub smaller_claims ($claim)
{
	my @ways;
	for my $field (sort keys %$claim)
	{
		push @ways, sub ($c) { delete $c->{$field} };
		my $v = $claim->{$field} // next;
		next if ref $v || ($Claim::KIND{$field} // '') ne 'amount' || $v !~ /^[0-9]+(?:\.[0-9]{1,2})?$/ || !($v > 0);
		push @ways, sub ($c) { $c->{$field} = '0' }, sub ($c) { $c->{$field} = yuan(int(scaled($v, 2) / 200_00) * 100_00) }, sub ($c) { $c->{$field} = yuan(int(scaled($v, 2) / 2)) };
	}
	# a part smaller, and the total with it
	for my $part (grep { defined $claim->{$_} } qw(fulamt_ownpay_amt overlmt_selfpay preselfpay_amt inscp_scp_amt))
	{
		for my $f (0, 0.5, 0.9)
		{
			push @ways, sub ($c) {
				return if !defined $c->{medfee_sumamt};
				my ($old, $total) = (scaled($c->{$part}, 2), scaled($c->{medfee_sumamt}, 2)) or return;
				return if !$old || !$total;
				my $new = int($old * $f / 100) * 100;
				$c->{$part} = yuan($new);
				$c->{medfee_sumamt} = yuan($total - $old + $new) if $total >= $old;
			};
		}
	}
	if (my $opn = $claim->{opn_cum})
	{
		for my $i (grep { $opn->[$_] } 0 .. $#$opn)
		{
			push @ways, sub ($c) { $c->{opn_cum}[$i] = 0 };
			push @ways, sub ($c) { $c->{opn_cum}[$i] = int($opn->[$i] / 2) } if $opn->[$i] > 1000;
		}
	}
	return @ways;
}

# The smallest that still differ.
sub smallest ($doc, $claim, $differ, $seconds = 40)
{
	my $until = time + $seconds;
	my $again = 1;
	while ($again && time < $until)
	{
		$again = 0;
		my $n = 0;
		while ((my @ways = smaller_documents($doc)) > $n && time < $until)
		{
			my $try = copy($doc);
			$ways[$n]->($try);
			if ($differ->($try, $claim)) { $doc = $try; $again = 1 }
			else { $n++ }
		}
		$n = 0;
		while ((my @ways = smaller_claims($claim)) > $n && time < $until)
		{
			my $try = copy($claim);
			$ways[$n]->($try);
			if (Generate::encode_claim($try) ne Generate::encode_claim($claim) && $differ->($doc, $try)) { $claim = $try; $again = 1 }
			else { $n++ }
		}
	}
	return ($doc, $claim);
}

1;
