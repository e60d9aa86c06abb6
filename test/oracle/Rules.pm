# Conditions and lists of rules, for the second implementation: which rule holds, which is the more specific, do two collide.
package Rules;

use v5.36;
use Exact qw(fen day_number refuse);
use Claim;

use constant INF => 4_000_000_000_000_000_000;

sub day_of ($text) { return day_number(split /-/, $text) }

# A condition on one field as a set: {codes => {...}, not => 0|1}, or {lo, hi} with both ends in it.
sub set_of ($field, $given)
{
	my $kind = $Claim::KIND{$field} or die "no field $field";
	if ($kind eq 'code' || $kind eq 'text')
	{
		my $not = ref $given eq 'HASH';
		my $codes = $not ? $given->{not} : $given;
		return { codes => { map { $_ => 1 } ref $codes ? @$codes : $codes }, not => $not ? 1 : 0, list => [ ref $codes ? @$codes : $codes ] };
	}
	return { lo => $given ? 1 : 0, hi => $given ? 1 : 0 } if $kind eq 'flag';
	my $number = $kind eq 'amount' ? \&fen : $kind eq 'time' ? \&day_of : sub ($n) { $n + 0 };
	if (ref $given ne 'HASH') { my $n = $number->($given); return { lo => $n, hi => $n } }
	my ($lo, $hi) = ($kind eq 'time' ? -(INF) : 0, INF);
	for my $op (keys %$given)
	{
		my $n = $number->($given->{$op});
		if ($op eq '>=') { $lo = $n if $n > $lo }
		elsif ($op eq '>') { $lo = $n + 1 if $n + 1 > $lo }
		elsif ($op eq '<=') { $hi = $n if $n < $hi }
		else { $hi = $n - 1 if $n - 1 < $hi }
	}
	return { lo => $lo, hi => $hi };
}

# Does a value belong to a set?
sub holds_one ($field, $set, $v)
{
	return $v >= $set->{lo} && $v <= $set->{hi} if exists $set->{lo};
	if ($Claim::PREFIX{$field})
	{
		for (@{ $set->{list} }) { return !$set->{not} if index($v, $_) == 0 }
		return $set->{not};
	}
	return $set->{codes}{$v} ? !$set->{not} : $set->{not};
}

# The sets of a rule, its days among them.
sub sets_of ($rule, $dated)
{
	my %sets = map { $_ => set_of($_, $rule->{when}{$_}) } keys %{ $rule->{when} // {} };
	if (exists $rule->{from} || exists $rule->{to})
	{
		my $set = $sets{$dated} // { lo => -(INF), hi => INF };
		my $from = exists $rule->{from} ? day_of($rule->{from}) : -(INF);
		my $to = exists $rule->{to} ? day_of($rule->{to}) - 1 : INF;
		$sets{$dated} = { lo => Exact::most($set->{lo}, $from), hi => Exact::least($set->{hi}, $to) };
	}
	return \%sets;
}

# A closure that says whether conditions hold: 1, 0, or undef where a field that they need says nothing.
sub compile_sets ($sets)
{
	my @tests;
	for my $field (sort keys %$sets)
	{
		my $set = $sets->{$field};
		if (exists $set->{lo})
		{
			my ($lo, $hi) = @$set{qw(lo hi)};
			push @tests, sub ($c) { my $v = $c->{$field} // return undef; return $v >= $lo && $v <= $hi ? 1 : 0 };
		}
		else
		{
			push @tests, sub ($c) { my $v = $c->{$field} // return undef; return holds_one($field, $set, $v) ? 1 : 0 };
		}
	}
	return sub ($c) { 1 }
		if !@tests;
	return $tests[0] if @tests == 1;
	return sub ($c) {
		my $all = 1;
		for (@tests)
		{
			my $one = $_->($c);
			if (!defined $one) { $all = undef }
			elsif (!$one) { return 0 }
		}
		return $all;
	};
}

# Values that tell all situations of a field apart, for some sets on it.
sub situations ($field, @sets)
{
	if (grep { exists $_->{lo} } @sets)
	{
		my %at = map { $_ => 1 } grep { $_ > -(INF) && $_ < INF } map { ($_->{lo} - 1, $_->{lo}, $_->{hi}, $_->{hi} + 1) } @sets;
		delete $at{-1} if $Claim::KIND{$field} ne 'time';
		return grep { $_ == 0 || $_ == 1 } sort keys %at if $Claim::KIND{$field} eq 'flag';
		return sort { $a <=> $b } keys %at;
	}
	my %codes = map { %{ $_->{codes} } } @sets;
	if (my $list = $Claim::LIST{$field})
	{
		$codes{$_} //= 1 for @$list;
		return sort keys %codes;
	}
	return (sort(keys %codes), '~');
}

# Is every situation of a in b?
sub implies ($a, $b)
{
	for my $field (keys %$b)
	{
		my $x = $a->{$field} or return 0;
		my $y = $b->{$field};
		if (exists $y->{lo}) { return 0 if $x->{lo} < $y->{lo} || $x->{hi} > $y->{hi} }
		else
		{
			for my $v (situations($field, $x, $y)) { return 0 if holds_one($field, $x, $v) && !holds_one($field, $y, $v) }
		}
	}
	return 1;
}

# A list of rules, those first that stand over others.  Each is {test, rule, sets}.
sub compile_list ($list, $dated)
{
	my @rules = map { my $sets = sets_of($_, $dated); { rule => $_, sets => $sets, test => compile_sets($sets) } } @$list;
	my %by_id = map { defined $rules[$_]{rule}{id} ? ($rules[$_]{rule}{id} => $_) : () } 0 .. $#rules;
	my @over;
	for my $i (0 .. $#rules) { $over[$i]{ $by_id{$_} } = 1 for @{ $rules[$i]{rule}{over} // [] } }
	my @beats;
	for my $i (0 .. $#rules)
	{
		for my $j (0 .. $#rules)
		{
			next if $i == $j || $over[$j]{$i};
			$beats[$i][$j] = 1 if $over[$i]{$j} || implies($rules[$i]{sets}, $rules[$j]{sets}) && !implies($rules[$j]{sets}, $rules[$i]{sets});
		}
	}
	my (@order, %done);
	while (@order < @rules)
	{
		my ($next) = grep { my $j = $_; !$done{$j} && !grep { !$done{$_} && $beats[$_][$j] } 0 .. $#rules } 0 .. $#rules;
		refuse('YB106', 'rules stand over each other in a circle') if !defined $next;
		$done{$next} = 1;
		push @order, $next;
	}
	return { rules => [ @rules[@order] ], beats => [ map { my $i = $_; [ map { $beats[$i][$_] } @order ] } @order ] };
}

# The rule that is used, undef if none holds.  One that may hold, for all that the claim says, and would be used, refuses it.
sub pick ($list, $c)
{
	for my $r (@{ $list->{rules} })
	{
		my $holds = $r->{test}->($c);
		return $r->{rule} if $holds;
		next if defined $holds;
		for my $field (sort keys %{ $r->{sets} })
		{
			refuse(exists $c->{$field} ? 'YB006' : 'YB005', $field) if !defined $c->{$field};
		}
	}
	return undef;
}

# Can two rules of a list hold at once with none of them, nor a third, to be used?  undef: too many situations to look at.
sub collide ($list)
{
	my @rules = @{ $list->{rules} };
	for my $i (0 .. $#rules)
	{
		for my $j ($i + 1 .. $#rules)
		{
			next if $list->{beats}[$i][$j] || $list->{beats}[$j][$i];
			my %fields = (%{ $rules[$i]{sets} }, %{ $rules[$j]{sets} });
			my @third = grep { $list->{beats}[$_][$i] || $list->{beats}[$_][$j] } 0 .. $#rules;
			$fields{$_} //= 1 for map { keys %{ $rules[$_]{sets} } } @third;
			my @fields = sort keys %fields;
			my @values;
			my $all = 1;
			for my $field (@fields)
			{
				my @sets = map { $_->{sets}{$field} // () } @rules;
				my @v = grep {
					my $v = $_;
					!grep { $_->{sets}{$field} && !holds_one($field, $_->{sets}{$field}, $v) } @rules[ $i, $j ]
				} situations($field, @sets);
				$all *= @v;
				push @values, \@v;
			}
			next if !$all;
			return undef if $all > 100_000;
			my @at = (0) x @fields;
		SITUATION: while (1)
			{
				my %c = map { $fields[$_] => $values[$_][ $at[$_] ] } 0 .. $#fields;
				return 1 if !grep { $rules[$_]{test}->(\%c) } @third;
				for my $f (0 .. $#fields)
				{
					next SITUATION if ++$at[$f] < @{ $values[$f] };
					$at[$f] = 0;
				}
				last;
			}
		}
	}
	return 0;
}

1;
