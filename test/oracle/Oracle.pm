# The pipeline once more, written from doc/policies.md and not from src/core: rules are matched value by value
# instead of by boxes, nothing is compiled, cached or remembered, and money is counted in whole fen.
package Oracle;

use strict;
use warnings;
use integer;
use Exporter 'import';
our @EXPORT_OK = qw(settle conflicts fen yuan @CUMS);

use constant ONE => 100_000_000;    # a ratio of 1
use constant NO_END => 9_000_000_000_000_000_000;

our @CUMS = map { "cum_$_" } qw(
	setl_cnt ipt_cnt medfee preselfpay ownpay
	ipt_inscp ipt_dedc ipt_elig ipt_hifp otp_inscp otp_dedc otp_elig otp_hifp
	opsp_inscp opsp_dedc opsp_elig opsp_hifp oth_inscp oth_dedc oth_elig oth_hifp
	mi_base mi_dedc mi_pay ma_base ma_dedc ma_pay mx_base mx_dedc mx_pay sp_base sp_dedc sp_pay
	day_hifp month_hifp quarter_hifp lv_cnt hosp_cnt area_cnt day_elig day_ben_hifp day_ben_elig
	month_elig month_ben_hifp month_ben_elig quarter_elig quarter_ben_hifp quarter_ben_elig dise_hifp dise_elig life_hifp grp_dedc m2_base m2_dedc m2_pay);

my %short = (inpatient => 'ipt', outpatient => 'otp', chronic => 'opsp', other => 'oth');
my %abbr = (serious => 'mi', serious_second => 'm2', assistance => 'ma', tilt => 'mx', supplement => 'sp');
my %column = (basic => 'hifp_pay', serious => 'hifmi_pay', serious_second => 'hifmi_pay', assistance => 'maf_pay', tilt => 'maf_pay', supplement => 'oth_pay');
my @layers = qw(basic serious serious_second assistance tilt supplement);
my %layer_no = map { $layers[$_] => $_ } 0 .. $#layers;
my @parts = qw(fulamt_ownpay_amt overlmt_selfpay preselfpay_amt inscp_scp_amt);

my %prefix = map { $_ => 1 } qw(med_type psn_type dise_codg);
my %closed = (
	hosp_lv => [ map { sprintf '%02d', $_ } 1 .. 14 ],
	med_type => [ qw(11 12 13 14 15 16 19 21 22 23 24 25 26 27 28 29 41 51 52 53 61 71 81 99) ],
	refl => [ qw(none up down exempt) ],
	area => [ qw(county other city province outside) ],
	filing => [ qw(none longstay referral urgent temp) ],
	setl_type => [ 1 .. 3 ], pay_loc => [ 1 .. 4 ],
	insutype => [ qw(310 320 330 340 350 360 370 380 390 391 392 399 410 510) ]);

sub fail { die { state => $_[0] } }

sub min { $_[0] < $_[1] ? $_[0] : $_[1] }
sub max { $_[0] > $_[1] ? $_[0] : $_[1] }

# "1200.5" -> 120050
sub fen
{
	my ($sign, $whole, $part) = $_[0] =~ /^(-?)(\d+)(?:\.(\d{0,2})0*)?$/ or die "no amount: $_[0]";
	my $v = $whole * 100 + substr(($part // '') . '00', 0, 2);
	return $sign ? -$v : $v;
}
sub yuan { sprintf '%s%d.%02d', $_[0] < 0 ? '-' : '', abs($_[0]) / 100, abs($_[0]) % 100 }

sub ratio
{
	my ($sign, $whole, $part) = $_[0] =~ /^(-?)(\d+)(?:\.(\d{1,4}))?$/ or die "no ratio: $_[0]";
	my $v = $whole * ONE + substr(($part // '') . '0000', 0, 4) * 10_000;
	return $sign ? -$v : $v;
}

# amount x ratio in fen and its 1e-8: two numbers, so that neither overflows
sub product
{
	my ($amount, $ratio) = @_;
	return ($amount / ONE * $ratio, $amount % ONE * $ratio);
}
sub half_up { my ($whole, $rest) = @_; return $whole + ($rest + ONE / 2) / ONE }
sub share { return half_up(product(@_)) }

# amount x part / whole, half up; in long multiplication, as the product may not fit
sub portion
{
	my ($amount, $part, $whole) = @_;
	return 0 if !$whole || !$amount || !$part;
	my ($q, $r) = (0, 0);
	for my $bit (reverse 0 .. 62)
	{
		($q, $r) = (2 * $q, 2 * $r);
		$r += $amount if ($part >> $bit) & 1;
		$q += $r / $whole;
		$r %= $whole;
	}
	return $q + (2 * $r >= $whole ? 1 : 0);
}

# ---- conditions: does a value meet one? ----

sub meets
{
	my ($field, $cond, $value) = @_;
	if (ref $cond eq 'HASH' && exists $cond->{not})
	{
		return !meets($field, $cond->{not}, $value);
	}
	if (ref $cond eq 'HASH')
	{
		for my $op (keys %$cond)
		{
			my $c = compare($value, $cond->{$op});
			return 0 unless $op eq '>=' ? $c >= 0 : $op eq '>' ? $c > 0 : $op eq '<=' ? $c <= 0 : $c < 0;
		}
		return 1;
	}
	if (ref $cond eq 'ARRAY')
	{
		return scalar grep { meets($field, $_, $value) } @$cond;
	}
	return !$cond == !$value if $field =~ /_flag$/;
	return index($value, $cond) == 0 if $prefix{$field};
	return compare($value, $cond) == 0;
}

# Numbers, yuan, or days and codes: as long as both are of one kind the text tells which.
sub compare
{
	my ($x, $y) = @_;
	return substr($x, 0, 10) cmp $y if $y =~ /^\d{4}-\d\d-\d\d$/;
	return fen($x) <=> fen($y) if "$x$y" =~ /\./;
	return $x =~ /^\d+$/ && $y =~ /^\d+$/ ? $x <=> $y : $x cmp $y;
}

# All conditions of a rule, [field, condition] each; "from" and "to" are two more.
sub conditions
{
	my ($doc, $rule, $key) = @_;
	my $when = $rule->{ $key // 'when' } // {};
	my @c = map { [ $_, $when->{$_} ] } sort keys %$when;
	push @c, [ $doc->{version_date}, { '>=' => $rule->{from} } ] if !$key && $rule->{from};
	push @c, [ $doc->{version_date}, { '<' => $rule->{to} } ] if !$key && $rule->{to};
	return @c;
}

# 1 holds, 0 does not, -1 hangs on what the claim leaves open
sub holds
{
	my ($claim, @conditions) = @_;
	my $result = 1;
	for (@conditions)
	{
		my ($field, $cond) = @$_;
		if (!defined $claim->{$field})
		{
			$result = -1;
		}
		elsif (!meets($field, $cond, $claim->{$field}))
		{
			return 0;
		}
	}
	return $result;
}

# ---- which of several rules ----

# Every value that the document tells apart from others, of each field.
sub universe
{
	my ($doc) = @_;
	return $doc->{_universe} if $doc->{_universe};
	my %named;
	my $walk;
	my $rules = sub {
		my ($list) = @_;
		for my $rule (@$list)
		{
			for (conditions($doc, $rule))
			{
				my ($field, $cond) = @$_;
				$cond = $cond->{not} if ref $cond eq 'HASH' && exists $cond->{not};
				$named{$field}{$_} = 1 for ref $cond eq 'HASH' ? values %$cond : ref $cond eq 'ARRAY' ? @$cond : $cond;
			}
		}
	};
	$rules->($doc->{benefits});
	$rules->(($doc->{counts} // {})->{except} // []);
	for my $layer (@{ $doc->{layers} })
	{
		$rules->([ { when => $layer->{when} } ]);
		$rules->($layer->{$_}) for grep { ref $layer->{$_} eq 'ARRAY' && $_ ne 'base' && $_ ne 'assumed' } keys %$layer;
		for my $key (qw(deductible_adjust adjust cap))
		{
			$rules->($_) for values %{ $layer->{$key} // {} };
		}
	}
	my %u;
	for my $field (keys %named)
	{
		my @v = sort keys %{ $named{$field} };
		if ($field =~ /_flag$/)
		{
			@v = (0, 1);
		}
		elsif ($field =~ /_amt$/)
		{
			@v = map { yuan(fen($_) - 1), yuan(fen($_)), yuan(fen($_) + 1) } @v;
		}
		elsif ($field =~ /time$/)
		{
			@v = ('1900-01-01', map { $_, "$_ 23:59:59", next_day($_) } @v);
		}
		elsif ($field =~ /^(tcm_share|age|cal_ipt_cnt|cum_.*|.*_years|.*_months|.*_days|dise_cnt|year)$/)
		{
			@v = map { max($_ - 1, 0), $_, $_ + 1 } @v;
		}
		else
		{
			push @v, $closed{$field} ? @{ $closed{$field} } : '~';
		}
		my %seen;
		$u{$field} = [ grep { !$seen{$_}++ } @v ];
	}
	return $doc->{_universe} = \%u;
}

sub next_day
{
	my ($y, $m, $d) = split /-/, $_[0];
	my @days = (31, $y % 4 ? 28 : 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31);
	if (++$d > $days[ $m - 1 ]) { $d = 1; $m++ }
	if ($m > 12) { $m = 1; $y++ }
	return sprintf '%04d-%02d-%02d', $y, $m, $d;
}

# For each field: which values of the universe the rule takes.
sub taken
{
	my ($doc, $rule) = @_;
	return $rule->{_taken} //= do
	{
		my $u = universe($doc);
		my %t;
		for (conditions($doc, $rule))
		{
			my ($field, $cond) = @$_;
			$t{$field} //= { map { $_ => 1 } @{ $u->{$field} } };
			meets($field, $cond, $_) or delete $t{$field}{$_} for @{ $u->{$field} };
		}
		\%t;
	};
}

sub within
{
	my ($doc, $x, $y) = @_;
	my ($tx, $ty) = (taken($doc, $x), taken($doc, $y));
	my $u = universe($doc);
	for my $field (keys %$ty)
	{
		my $of_x = $tx->{$field} // { map { $_ => 1 } @{ $u->{$field} } };
		for (keys %$of_x) { return 0 if !$ty->{$field}{$_} }
	}
	return 1;
}

sub above
{
	my ($doc, $x, $y) = @_;
	return $x->{_above}{ 0 + $y } //= do
	{
		my $over = sub { my ($p, $q) = @_; defined $q->{id} && scalar grep { $_ eq $q->{id} } @{ $p->{over} // [] } };
		$over->($x, $y) ? 1 : $over->($y, $x) ? 0 : within($doc, $x, $y) && !within($doc, $y, $x) ? 1 : 0;
	};
}

# The rule that holds; undef if none does.  Dies where the claim leaves it open.
sub rule_for
{
	my ($doc, $claim, $list, $needed) = @_;
	my @hold = grep { holds($claim, conditions($doc, $_)) != 0 } @$list;
	my @best = grep { my $x = $_; !grep { $_ != $x && above($doc, $_, $x) } @hold } @hold;
	fail('OPEN') if grep { holds($claim, conditions($doc, $_)) < 0 } @hold;
	fail('AMBIGUOUS') if @best > 1;
	fail('YB201') if !@best && $needed;
	fail('YB202') if @best && ($best[0]{unknown} || exists $best[0]{reduce});
	return $best[0];
}

# Is there a claim for which two rules of a list hold and none decides?  undef: too many claims to tell.
sub conflicts
{
	my ($doc) = @_;
	my $u = universe($doc);
	my @lists = $doc->{benefits};
	for my $layer (@{ $doc->{layers} })
	{
		push @lists, grep { defined } @$layer{qw(deductible deductible_cap ratio floor min_self first_selfpay)};
		push @lists, map { values %{ $layer->{$_} // {} } } qw(deductible_adjust adjust cap);
	}
	for my $list (@lists)
	{
		my %fields;
		for my $rule (@$list) { $fields{ $_->[0] } = 1 for conditions($doc, $rule) }
		my @fields = sort keys %fields;
		my $points = 1;
		$points *= @{ $u->{$_} } for @fields;
		return undef if $points > 60_000;
		my @index = (0) x @fields;
		while (1)
		{
			my %claim = map { $fields[$_] => $u->{ $fields[$_] }[ $index[$_] ] } 0 .. $#fields;
			my @hold = grep { my $t = taken($doc, $_); !grep { !$t->{$_}{ $claim{$_} } } keys %$t } @$list;
			my @best = grep { my $x = $_; !grep { $_ != $x && above($doc, $_, $x) } @hold } @hold;
			return 1 if @best > 1 || (@hold && !@best);
			my $i = 0;
			while ($i < @fields && ++$index[$i] == @{ $u->{ $fields[$i] } }) { $index[ $i++ ] = 0 }
			last if $i == @fields;
		}
	}
	return 0;
}

# ---- caps of other periods ----

# The name of a day, month or quarter.
sub period
{
	my ($per, $time) = @_;
	my ($y, $m, $d) = $time =~ /^(\d+)-(\d+)-(\d+)/;
	return $per eq 'day' ? "$y-$m-$d" : $per eq 'month' ? "$y-$m" : $y . 'Q' . int(($m - 1) / 3);
}

# Do two diseases count together?
sub same_disease
{
	my ($doc, $x, $y) = @_;
	my $grouped = 0;
	for my $rule (map { @$_ } values %{ $doc->{layers}[0]{cap} // {} })
	{
		my $codes = $rule->{when}{dise_codg};
		next if ($rule->{scope} // '') ne 'disease' || !defined $codes || ref $codes eq 'HASH';
		my ($in_x, $in_y) = map { meets('dise_codg', $codes, $_) } $x, $y;
		return 1 if $in_x && $in_y;
		$grouped ||= $in_x || $in_y;
	}
	return !$grouped && $x eq $y;
}

# What visits before this claim mean for it: {time, benefit, dise_codg, hifp, elig} each.
sub look_back
{
	my ($doc, $c, $benefit, @visits) = @_;
	for my $v (@visits)
	{
		for my $per (qw(day month quarter))
		{
			next if period($per, $v->{time}) ne period($per, $c->{ $doc->{version_date} });
			for my $what (qw(hifp elig))
			{
				$c->{"cum_${per}_$what"} += $v->{$what};
				$c->{"cum_${per}_ben_$what"} += $v->{$what} if $v->{benefit} eq $benefit;
			}
		}
		next if !same_disease($doc, $v->{dise_codg}, $c->{dise_codg});
		$c->{"cum_dise_$_"} += $v->{$_} for qw(hifp elig);
	}
}

# ---- the pipeline ----

sub adjusted
{
	my ($layer, $adjusts, $ratio) = @_;
	my ($sum, @each) = ($ratio);
	my $how = $layer->{combine} // 'sum';
	for my $rule (@$adjusts)
	{
		next if exists $rule->{multiply_result} || exists $rule->{part};
		my $from = $how =~ /^(?:sequential|product)$/ ? $sum : $ratio;
		my $to = exists $rule->{add} ? $from + ratio($rule->{add}) :
			exists $rule->{set} ? ratio($rule->{set}) :
			$from < 0 ? -share(-$from, ratio($rule->{multiply})) : share($from, ratio($rule->{multiply}));
		$sum += $to - $from;
		push @each, $to;
	}
	if ($how eq 'best' && @each)
	{
		$sum = (sort { $b <=> $a } @each)[0];
	}
	return min(max($sum, ratio($layer->{ratio_min} // '0')), ratio($layer->{ratio_max} // '1'));
}

# Returns the settlement; dies with {state}, 'OPEN' where it hangs on a field that the claim leaves open.
sub settle
{
	my ($doc, $claim) = @_;
	my %s;
	my %c = %$claim;
	for (@CUMS) { $c{$_} //= 0 }
	$c{cal_ipt_cnt} = 1 + $c{cum_ipt_cnt} if !exists $c{cal_ipt_cnt};
	$c{tcm_share} = fen($c{medfee_sumamt}) ? fen($c{tcm_amt}) * 10_000 / fen($c{medfee_sumamt}) : 0 if defined $c{tcm_amt} && !exists $c{tcm_share};

	my $total = $s{medfee_sumamt} = fen($c{medfee_sumamt});
	my @absent = grep { !exists $c{$_} } @parts;
	my $sum = 0;
	$sum += $s{$_} = exists $c{$_} ? fen($c{$_}) : 0 for @parts;
	fail('YB003') if $sum > $total || ($sum < $total && !@absent);
	fail('YB005') if $sum < $total && @absent > 1;
	$s{ $absent[0] } = $total - $sum if $sum < $total;
	my $programme = fen($c{prog_pay} // 0);
	$s{$_} = fen($c{$_} // 0) for qw(hosp_part_amt acct_pay acct_mulaid_pay);
	my $dated = $doc->{version_date};
	fail('OPEN') if exists $c{$dated} && !defined $c{$dated};
	my $date = substr($c{$dated} // $doc->{valid_from}, 0, 10);
	fail('YB008') if $date lt $doc->{valid_from} || ($doc->{valid_to} && $date ge $doc->{valid_to});

	my $count = sub { $c{ $_[0] } // fail('OPEN') };
	my $income = sub {
		my $year = $count->('year') - 1;
		my ($of) = grep { $_->{year} == $year } @{ $doc->{income} // [] };
		fail('YB202') if !$of || $of->{unknown};
		return fen($of->{amount});
	};
	my $limit = sub {
		my ($cap) = @_;
		my $amount = $cap->{percent_of} ? share($income->(), ratio($cap->{ratio})) : fen($cap->{amount});
		$amount += max(0, $count->($_->{count}) - $_->{above}) * fen($_->{amount}) for @{ $cap->{each} // [] };
		return $cap->{each} ? max(0, min($amount, fen($cap->{max}))) : $amount;
	};
	# of a cap that is not of the visit or the whole year: its amount and what was used of it
	my $window = sub {
		my ($cap, $what, $names) = @_;
		my $scope = $cap->{scope} // '';
		my $amount = $limit->($cap);
		if ($scope eq 'disease')
		{
			fail('OPEN') if !defined $c{dise_codg};
			return ($amount, $c{"cum_dise_$what"});
		}
		return ($amount, $c{cum_life_hifp}) if $cap->{per} eq 'lifetime';
		if (($cap->{unused} // '') eq 'carried')
		{
			my ($month) = ($c{$dated} // fail('OPEN')) =~ /^\d+-(\d+)/;
			my $used = 0;
			$used += $c{"cum_${_}_$what"} for $scope eq 'benefit' ? $names : values %short;
			return ($amount * ($cap->{per} eq 'month' ? $month : ($month + 2) / 3), $used);
		}
		return ($amount, $c{ "cum_$cap->{per}_" . ($scope eq 'benefit' ? 'ben_' : '') . $what });
	};
	my $is_window = sub { my ($cap) = @_; $cap->{per} !~ /^(visit|year)$/ || ($cap->{scope} // '') eq 'disease' };
	my $pick = sub { rule_for($doc, \%c, @_) };
	my $benefit = $pick->($doc->{benefits}, 1);
	$s{benefit} = $benefit->{benefit};
	$s{pool} = $benefit->{pool};
	look_back($doc, \%c, $s{benefit}, @{ delete $c{visits} }) if $c{visits};

	# is a stay one of those that ordinals count?
	my $counted = 1;
	for my $except ($s{benefit} eq 'inpatient' ? @{ ($doc->{counts} // {})->{except} // [] } : ())
	{
		my $holds = holds(\%c, conditions($doc, $except));
		fail('OPEN') if $holds < 0;
		$counted = 0 if $holds;
	}

	# which layers, and all of their rules, before any sum
	my %rule;
	for my $layer (@{ $doc->{layers} })
	{
		my $holds = holds(\%c, conditions($doc, $layer, 'when'));
		fail('OPEN') if $holds < 0;
		next if !$holds;
		my $r = $rule{ $layer->{code} } = {};
		$r->{$_} = $pick->($layer->{$_}, 1) for qw(deductible ratio);
		$r->{$_} = $layer->{$_} ? $pick->($layer->{$_}) : undef for qw(deductible_cap floor min_self first_selfpay);
		for my $key (qw(deductible_adjust adjust cap))
		{
			$r->{$key} = [ grep { defined } map { $pick->($layer->{$key}{$_}) } sort keys %{ $layer->{$key} // {} } ];
		}
	}

	fail('YB003') if $programme > $s{inscp_scp_amt};
	my $inscp = $s{inscp_scp_amt} - $programme;
	my %of = (total => $total, inscp => $inscp);
	my $paid = $programme;
	my %pay = map { $_ => 0 } @layers;
	my %left = (deductible => 0, copay => $inscp, over_cap => 0, preselfpay => $s{preselfpay_amt},
		overlmt => $s{overlmt_selfpay}, ownpay => $s{fulamt_ownpay_amt}, first_selfpay => 0);
	my $upper = 0;
	my %after;
	$s{$_} = 0 for qw(dedc_std crt_dedc act_pay_dedc first_selfpay);

	for my $layer (@{ $doc->{layers} })
	{
		my $code = $layer->{code};
		my $r = $rule{$code} or next;
		my $basic = $code eq 'basic';
		my $names = $basic ? $short{ $s{benefit} } : $abbr{$code};
		my $cum = sub { $c{"cum_${names}_$_[0]"} };
		my $base = $inscp;
		if (!$basic)
		{
			$base = -$upper;
			$base += $left{$_} for @{ $layer->{base} };
			$base = max($base, 0);
		}
		my $year_base = $cum->($basic ? 'inscp' : 'base');
		my $year_dedc = $cum->('dedc');

		# first self-pay, of all or of what the deductible leaves
		my $first = $r->{first_selfpay};
		my $first_of = sub {
			my ($stage, $of) = @_;
			return 0 if !$first || $first->{stage} ne $stage;
			$left{first_selfpay} = $s{first_selfpay} = share($of, ratio($first->{ratio}));
			$of{inscp} -= $s{first_selfpay};
			return $s{first_selfpay};
		};
		$base -= $first_of->('before_deductible', $base);

		# deductible
		my $d = $r->{deductible};
		my $std = exists $d->{amount} ? fen($d->{amount}) :
			min(max(share($d->{percent_of} eq 'income' ? $income->() : $of{ $d->{percent_of} }, ratio($d->{ratio})), fen($d->{min} // '0')),
				defined $d->{max} ? fen($d->{max}) : NO_END);
		my $dedc = $std;
		for my $adjust ($d->{fixed} ? () : @{ $r->{deductible_adjust} })
		{
			my $days = $adjust->{each_days};
			my $before = exists $adjust->{add_each} ? max($count->('cal_ipt_cnt') - 1, 0) : 0;
			$dedc = exists $adjust->{multiply} ? share($dedc, ratio($adjust->{multiply})) :
				exists $adjust->{add_each} ?
				max($dedc + $before * fen($adjust->{add_each}), min($dedc, fen($adjust->{floor}))) :
				exists $adjust->{less} ? max(0, $dedc - (fen($c{trsf_dedc} // 0) && (!defined $adjust->{within_days} || $count->('trsf_days') <= $adjust->{within_days}) ? fen($c{trsf_dedc}) : 0)) :
				$days ? $dedc * max(1, ($count->('act_ipt_days') + $days - 1) / $days) :
				exists $adjust->{add} ? max(0, $dedc + fen($adjust->{add})) : fen($adjust->{set});
		}
		my $groups = $basic && grep { defined $_->{group} } @{ $layer->{deductible} };
		$dedc = max(0, $dedc - ($groups ? $c{cum_grp_dedc} : $year_dedc)) if $d->{per} eq 'year';
		$s{group} = $groups ? $d->{group} // "of $s{benefit}" : undef if $basic;
		$dedc = min($dedc, max(0, fen($r->{deductible_cap}{amount}) - $year_dedc)) if $r->{deductible_cap} && !$d->{fixed};
		my $taken = min($dedc, $base);
		my $used_up = $taken;
		if (($layer->{deductible_order} // '') eq 'before_preselfpay')
		{
			# of both parts of the cost in proportion; exact, as the amounts of a test are small enough
			my $both = $base + $s{preselfpay_amt};
			$used_up = min($dedc, $both);
			$taken = $both ? (2 * $used_up * $base + $both) / (2 * $both) : 0;
		}
		@s{qw(dedc_std crt_dedc act_pay_dedc)} = ($std, $dedc, $taken) if $basic;

		$base -= $first_of->('after_deductible', $base - $taken);

		# eligible cost
		my $eligible = $base - $taken;
		my $most = $base;
		my $cut = 0;
		for my $cap (grep { $_->{on} eq 'eligible' } @{ $r->{cap} })
		{
			my $used = 0;
			if ($cap->{per} eq 'year')
			{
				my @of = !$basic ? () : ($cap->{scope} // '') eq 'benefit' ? $names : values %short;
				$used = max(0, $year_base - $year_dedc) if !$basic;
				$used += $c{"cum_${_}_elig"} for @of;
			}
			my $amount;
			($amount, $used) = $is_window->($cap) ? $window->($cap, 'elig', $names) : ($limit->($cap), $used);
			my $rest = max(0, $amount - $used);
			$most = min($most, $rest);
			$cut += max(0, $eligible - $rest);
			$eligible = min($eligible, $rest);
		}

		# ratio, band by band
		my $rr = $r->{ratio};
		my $tiers = $rr->{tiers} // { origin => 'zero', measure => 'visit', bands => [ [ undef, $rr->{ratio} // '0' ] ] };
		my $excess = $tiers->{origin} eq 'deductible';
		my $from = $tiers->{measure} eq 'visit' ? ($excess ? 0 : $taken) :
			$excess ? max(0, $year_base - $year_dedc) : $year_base + $taken;
		my $plus = defined $rr->{per_age} ? ratio($rr->{per_age}) * $count->('age') : 0;
		my ($whole, $rest, $by_band, $below) = (0, 0, 0, 0);
		for my $band (@{ $tiers->{bands} })
		{
			my $upto = defined $band->[0] ? fen($band->[0]) : NO_END;
			my $part = min($upto, $from + $eligible) - max($below, $from);
			$below = $upto;
			next if $part <= 0;
			my $ratio = adjusted($layer, $r->{adjust}, ratio($band->[1]) + $plus);
			my ($w, $x) = product($part, $ratio);
			$whole += $w;
			$rest += $x;
			$by_band += half_up($w, $x);
		}
		my $pay = exists $rr->{flat} ? min($eligible, fen($rr->{flat})) :
			$layer->{rounding} eq 'band' ? $by_band : half_up($whole, $rest);
		for my $adjust (exists $rr->{flat} ? () : grep { exists $_->{part} } @{ $r->{adjust} })
		{
			my $part = fen($count->($adjust->{part}));
			my $whole = $s{inscp_scp_amt};
			fail('YB003') if $part > $whole;
			my $lost = $whole - $eligible;
			$part = $adjust->{bears} eq 'last' ? min($part, $eligible) : $adjust->{bears} eq 'first' ? max(0, $part - $lost) : portion($part, $eligible, $whole);
			my $has = portion($pay, $part, $eligible);
			my $points = ratio($adjust->{add});
			$pay = min($eligible, $pay + ($points < 0 ? -min($has, share($part, -$points)) :
				min(share($part, $points), max(0, share($part, ratio($layer->{ratio_max} // '1')) - $has))));
		}
		for my $adjust (grep { exists $_->{multiply_result} } @{ $r->{adjust} })
		{
			$pay = min($eligible, share($pay, ratio($adjust->{multiply_result})));
		}

		# floor, caps of payment, what must stay with the person
		$pay = max($pay, min($most, share($of{ $r->{floor}{of} }, ratio($r->{floor}{ratio})))) if $r->{floor};
		for my $cap (grep { $_->{on} eq 'payment' } @{ $r->{cap} })
		{
			my $used = 0;
			for my $l ($cap->{layers} ? @{ $cap->{layers} } : $code)
			{
				$used += $pay{$l} if $l ne $code;
				next if $cap->{per} eq 'visit';
				my @of = $l ne 'basic' ? "cum_$abbr{$l}_pay" :
					($cap->{scope} // '') eq 'benefit' ? "cum_${names}_hifp" : map { "cum_${_}_hifp" } values %short;
				$used += $c{$_} for @of;
			}
			my $amount;
			($amount, $used) = $is_window->($cap) ? $window->($cap, 'hifp', $names) : ($limit->($cap), $used);
			my $rest = max(0, $amount - $used);
			$cut += max(0, $pay - $rest);
			$pay = min($pay, $rest);
		}
		if (my $share = $r->{min_self})
		{
			my $room = $total - $paid - $s{hosp_part_amt} - share($of{ $share->{of} }, ratio($share->{ratio}));
			$pay = min($pay, max(0, $room));
		}

		$pay{$code} = $pay;
		$paid += $pay;
		if ($basic)
		{
			# what is left to the person, of the cost that was cut first where a floor paid it back
			my $copay = $base - $taken - $cut - $pay;
			my $over = $cut + min(0, $copay);
			@left{qw(copay over_cap deductible)} = (max(0, $copay), max(0, $over), $taken + min(0, $over));
		}
		else
		{
			$upper += $pay;
		}
		$after{ $basic ? "cum_${names}_inscp" : "cum_${names}_base" } = $base;
		$after{"cum_${names}_dedc"} = $used_up;
		$after{"cum_${names}_elig"} = $eligible if $basic;
		$after{ $basic ? "cum_${names}_hifp" : "cum_${names}_pay" } = $pay;
	}

	$s{hifp_pay} = $pay{basic};
	$s{hifmi_pay} = $pay{serious} + $pay{serious_second};
	$s{maf_pay} = $pay{assistance} + $pay{tilt};
	$s{oth_pay} = $programme + $pay{supplement};
	$s{fund_pay_sumamt} = $paid;
	$s{psn_part_amt} = $total - $paid - $s{hosp_part_amt};
	$s{psn_cash_pay} = $s{psn_part_amt} - $s{acct_pay} - $s{acct_mulaid_pay};
	fail('YB003') if $s{psn_part_amt} < 0 || $s{psn_cash_pay} < 0;

	$after{cum_setl_cnt} = 1;
	$after{cum_ipt_cnt} = $s{benefit} eq 'inpatient' && $counted && ($pay{basic} > 0 || !$doc->{counts} || $doc->{counts}{unpaid}) ? 1 : 0;
	$after{cum_medfee} = $total;
	$after{cum_preselfpay} = $s{preselfpay_amt} + $s{first_selfpay};
	$after{cum_ownpay} = $s{fulamt_ownpay_amt} + $s{overlmt_selfpay};
	$after{cum_life_hifp} = $pay{basic};
	$s{eligible} = $after{"cum_$short{ $s{benefit} }_elig"} // 0;
	my $moving = 0;    # what hangs on the claim itself is not carried
	$s{cum} = [ map { $moving ||= $_ eq 'cum_day_hifp'; $moving && !/^cum_(life_hifp|m2_.*)$/ ? 0 : $c{$_} + ($after{$_} // 0) } @CUMS ];
	return \%s;
}

1;
