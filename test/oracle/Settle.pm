# The settlement of a claim by a policy, written a second time: from the specification (doc/policies.md, doc/functions-claim.md
# and the texts behind them) alone, without a look at src/, and committed before the two were compared for the first time
# (git log -- test/oracle: "A second implementation, written from the specification alone").  What the comparison then showed the
# documents to leave open stands in the documents since.
#
#   my $policy = Settle::compile($document);        # dies {state => 'YB106'} where two rules collide in a circle
#   my $s = Settle::settle($policy, $claim);        # amounts in fen, {cum}; dies {state => SQLSTATE}
package Settle;

use v5.36;
use Exact qw(fen share yuan sum_up part_up half_up product day_number month_day refuse least most);
use Claim;
use Rules;

my %short = (inpatient => 'ipt', outpatient => 'otp', chronic => 'opsp', other => 'oth');
my @shorts = qw(ipt otp opsp oth);
my %upper = (serious => 'mi', serious_second => 'm2', assistance => 'ma', tilt => 'mx', supplement => 'sp');
my @parts = qw(fulamt_ownpay_amt overlmt_selfpay preselfpay_amt inscp_scp_amt);

# ---------------------------------------------------------------- the document

sub compile ($doc)
{
	my $dated = $doc->{version_date};
	my $p = { doc => $doc, dated => $dated, from => Rules::day_of($doc->{valid_from}), to => defined $doc->{valid_to} ? Rules::day_of($doc->{valid_to}) : Rules::INF };
	my %reads = map { $_ => 1 } @parts, qw(medfee_sumamt prog_pay hosp_part_amt acct_pay acct_mulaid_pay), $dated;
	my $list = sub ($rules) {
		for my $rule (@$rules)
		{
			$reads{$_} = 1 for keys %{ $rule->{when} // {} };
		}
		return push(@{ $p->{lists} }, Rules::compile_list($rules, $dated)) && $p->{lists}[-1];
	};
	my $named = sub ($names) { return [ map { { name => $_, list => $list->($names->{$_}) } } sort keys %$names ] };

	$p->{benefits} = $list->($doc->{benefits});
	$p->{cross_year} = $list->($doc->{cross_year}) if $doc->{cross_year};
	$p->{except} = [ map { $reads{$_} = 1 for keys %{ $_->{when} }; { sets => Rules::sets_of($_, $dated), test => Rules::compile_sets(Rules::sets_of($_, $dated)) } } @{ ($doc->{counts} // {})->{except} // [] } ];
	$p->{unpaid} = $doc->{counts} ? $doc->{counts}{unpaid} : 1;
	for my $entry (@{ $doc->{income} // [] }) { $p->{income}{ $entry->{year} } = $entry->{unknown} ? undef : fen($entry->{amount}) }
	for my $layer (@{ $doc->{layers} })
	{
		my %l = (code => $layer->{code}, basic => $layer->{code} eq 'basic', pays => $layer->{pays}, base => $layer->{base}, band => $layer->{rounding} eq 'band',
			combine => $layer->{combine} // 'sequential', first => ($layer->{deductible_order} // '') eq 'before_preselfpay', stated => exists $layer->{deductible_order},
			least => exists $layer->{ratio_min} ? share($layer->{ratio_min}) : 0, most => exists $layer->{ratio_max} ? share($layer->{ratio_max}) : 10_000);
		if ($layer->{when})
		{
			$reads{$_} = 1 for keys %{ $layer->{when} };
			$l{when} = $list->([ { when => $layer->{when} } ]);
		}
		$l{$_} = $list->($layer->{$_}) for grep { $layer->{$_} } qw(deductible deductible_cap ratio floor min_self first_selfpay pay_on);
		$l{$_} = $named->($layer->{$_} // {}) for qw(deductible_adjust adjust cap);
		for (@{ $layer->{deductible} }) { $p->{at}{ $_->{group} } = 1 if exists $_->{group} && exists $_->{at} }
		$l{groups} = grep { exists $_->{group} } @{ $layer->{deductible} };
		for (@{ $layer->{deductible} }) { $reads{year} = 1 if ($_->{percent_of} // '') eq 'income' }
		for (map { @$_ } values %{ $layer->{deductible_adjust} // {} })
		{
			$reads{cal_ipt_cnt} = 1 if exists $_->{add_each};
			$reads{act_ipt_days} = 1 if exists $_->{each_days};
			$reads{trsf_dedc} = 1 if exists $_->{less};
			$reads{trsf_days} = 1 if exists $_->{within_days};
		}
		for (@{ $layer->{ratio} }) { $reads{age} = 1 if exists $_->{per_age} }
		for (map { @$_ } values %{ $layer->{adjust} // {} }) { $reads{tcm_inscp} = 1 if exists $_->{part} }
		for (map { @$_ } values %{ $layer->{cap} // {} })
		{
			$reads{year} = 1 if exists $_->{percent_of};
			$reads{dise_codg} = 1 if ($_->{scope} // '') eq 'disease';
			$reads{psn_insu_date} = 1 if ($_->{unused} // '') eq 'carried';
			$reads{ $_->{count} } = 1 for @{ $_->{each} // [] };
		}
		$reads{setl_time} = 1 if $layer->{pay_on};
		push @{ $p->{layers} }, \%l;
	}
	@reads{qw(begntime endtime pre_days mid_setl_flag paus_insu_date psn_insu_date)} = (1) x 6 if $p->{cross_year};
	$reads{trt_enjymnt_flag} = 1 if $doc->{enrolment};
	$reads{ $doc->{year}{by} } = 1 if ($doc->{year} // {})->{by};
	$reads{tcm_amt} = 1 if $reads{tcm_share};
	$p->{by_category} = $reads{psn_idet_type} || $doc->{categories};
	$reads{psn_idet_type} = 1 if $p->{by_category};
	$p->{reads} = [ sort grep { $Claim::KIND{$_} } keys %reads ];
	return $p;
}

# ---------------------------------------------------------------- time

# The first day of the benefit year in which a day lies.
sub year_begin ($p, $c, $day)
{
	my $starts = ($p->{doc}{year} // {})->{starts} // '01-01';
	my ($m, $d);
	if ($starts eq 'enrolment') { (undef, $m, $d) = calendar(Claim::need($c, 'psn_insu_date')) }
	else { ($m, $d) = map { $_ + 0 } split /-/, $starts }
	my ($y) = calendar($day);
	my $begin = month_day($y, $m, $d);
	return $begin <= $day ? $begin : month_day($y - 1, $m, $d);
}

sub calendar ($day)
{
	use integer;
	my $z = $day + 719468;
	my $era = $z / 146097;
	my $doe = $z - $era * 146097;
	my $yoe = ($doe - $doe / 1460 + $doe / 36524 - $doe / 146096) / 365;
	my $doy = $doe - (365 * $yoe + $yoe / 4 - $yoe / 100);
	my $mp = (5 * $doy + 2) / 153;
	my $m = $mp < 10 ? $mp + 3 : $mp - 9;
	return ($yoe + $era * 400 + ($m <= 2 ? 1 : 0), $m, $doy - (153 * $mp + 2) / 5 + 1);
}

# The first day of the claim's benefit year.
sub year_of_claim ($p, $c)
{
	my $by = ($p->{doc}{year} // {})->{by} // $p->{dated};
	return year_begin($p, $c, $c->{$by} // Claim::need($c, $p->{dated}));
}

# Which month of the claim's benefit year the day of its version lies in: 1 to 12; before it the first, after it the last.
sub month_of_year ($p, $c)
{
	my $day = Claim::need($c, $p->{dated});
	my $begin = year_of_claim($p, $c);
	my ($by, $bm, $bd) = calendar($begin);
	my ($y, $m, $d) = calendar($day);
	return 1 if $day < $begin;
	return least(12, 12 * ($y - $by) + $m - $bm + ($d >= $bd ? 1 : 0));
}

# A stay of two benefit years (P11).
sub check_cross_year ($p, $c)
{
	my $begin = $c->{begntime} // return;
	my $end = $c->{endtime} // return;
	Claim::need($c, $p->{doc}{year}{by}) if ($p->{doc}{year} // {})->{by};
	my $rest = $c->{pre_days} // 0;
	my $year = year_begin($p, $c, $end);
	my $crosses = year_begin($p, $c, $begin) != $year;
	my $is_rest = $rest && !$crosses && year_begin($p, $c, $begin - $rest) != $year;
	return if !$crosses && !$is_rest;
	my $rule = Rules::pick($p->{cross_year}, $c) // refuse('YB201', 'cross_year');
	refuse('YB202', 'cross_year') if $rule->{unknown};
	if (($rule->{lapsed} // '') eq 'year_end' && defined $c->{paus_insu_date} && $c->{paus_insu_date} <= $year)
	{
		refuse('YB203', 'not insured in the new year');
	}
	return if $rule->{rule} eq 'mid_settlement';
	if ($rule->{rule} eq 'discharge_year') { refuse('YB203', 'a part of a stay') if $is_rest }
	elsif ($crosses) { refuse('YB203', 'a stay as a whole') }
	return;
}

# ---------------------------------------------------------------- parameters

sub pick_known ($list, $c, $what)
{
	my $rule = Rules::pick($list, $c);
	refuse('YB202', $what) if $rule && ($rule->{unknown} || exists $rule->{reduce});
	return $rule;
}

# The rule of each name that holds, in the order of names.
sub pick_named ($names, $c, $what)
{
	return map { pick_known($_->{list}, $c, "$what $_->{name}") // () } @$names;
}

# The caps that hold: not one that counts some benefits, for a claim of another.
sub pick_caps ($names, $c, $of)
{
	my @caps;
	for my $name (@$names)
	{
		my $rule = Rules::pick($name->{list}, $c) // next;
		next if $rule->{benefits} && !grep { $short{$_} eq $of } @{ $rule->{benefits} };
		refuse('YB202', "cap $name->{name}") if $rule->{unknown};
		push @caps, $rule;
	}
	return @caps;
}

# Last year's disposable income a head.
sub income ($p, $c)
{
	my $year = Claim::need($c, 'year');
	return ($p->{income} // {})->{ $year - 1 } // refuse('YB202', 'income of ' . ($year - 1));
}

# What is deducted this visit: {std, crt, group}.
sub deductible ($p, $l, $c, $o)
{
	my $rule = pick_known($l->{deductible}, $c, 'deductible') // refuse('YB201', 'deductible');
	my $d;
	if (exists $rule->{amount}) { $d = fen($rule->{amount}) }
	else
	{
		my $of = $rule->{percent_of} eq 'total' ? $o->{total} : $rule->{percent_of} eq 'inscp' ? $o->{inscp} : income($p, $c);
		$d = sum_up(4, [ $of, share($rule->{ratio}) ]);
		$d = most($d, fen($rule->{min})) if exists $rule->{min};
		$d = least($d, fen($rule->{max})) if exists $rule->{max};
	}
	my $std = $d;
	my $fixed = $rule->{fixed};
	my @adjust = pick_named($l->{deductible_adjust}, $c, 'deductible_adjust');
	my $cap = $l->{deductible_cap} && pick_known($l->{deductible_cap}, $c, 'deductible_cap');
	if (!$fixed)
	{
		for my $a (@adjust)
		{
			if (exists $a->{multiply}) { $d = sum_up(4, [ $d, share($a->{multiply}) ]) }
			elsif (exists $a->{add}) { $d = most(0, $d + fen($a->{add})) }
			elsif (exists $a->{set}) { $d = fen($a->{set}) }
			elsif (exists $a->{add_each})
			{
				my $before = Claim::need($c, 'cal_ipt_cnt') - 1;
				my $floor = least($d, fen($a->{floor}));
				$d = most($d + ($before > 0 ? $before : 0) * fen($a->{add_each}), $floor);
			}
			elsif (exists $a->{each_days})
			{
				my $days = Claim::need($c, 'act_ipt_days');
				use integer;
				$d *= $days > 0 ? ($days + $a->{each_days} - 1) / $a->{each_days} : 1;
			}
			else
			{
				my $less = Claim::need($c, 'trsf_dedc');
				$d = most(0, $d - $less) if $less > 0 && (!exists $a->{within_days} || Claim::need($c, 'trsf_days') <= $a->{within_days});
			}
		}
	}
	if ($rule->{per} eq 'year')
	{
		$d = most(0, $d - ($l->{groups} ? $o->{cum}[ $Claim::POSITION{cum_grp_dedc} ] : $o->{consumed}));
	}
	$d = least($d, most(0, fen($cap->{amount}) - $o->{consumed})) if $cap && !$fixed;
	return { std => $std, crt => $d, group => $rule->{group} };
}

# A ratio after the adjustments of it: (numerator, decimals).  $r in ten-thousandths.
sub adjusted ($l, $r, @adjust)
{
	my ($num, $k) = ($r, 1);
	my $how = $l->{combine};
	if ($how eq 'sum' || $how eq 'best')
	{
		my @changes = map {
			exists $_->{add} ? share($_->{add}) * 10_000 : exists $_->{multiply} ? $r * (share($_->{multiply}) - 10_000) : (share($_->{set}) - $r) * 10_000
		} @adjust;
		$num = $r * 10_000;
		$k = 2;
		if ($how eq 'sum') { $num += $_ for @changes }
		elsif (@changes) { my ($best) = sort { $b <=> $a } @changes; $num += $best }
	}
	else
	{
		for (@adjust)
		{
			if (exists $_->{add}) { $num = ref $num ? $num->copy->badd(product(share($_->{add}), 10**(4 * ($k - 1)))) : $num + share($_->{add}) * 10**(4 * ($k - 1)) }
			elsif (exists $_->{set}) { $num = share($_->{set}); $k = 1 }
			else { $num = product($num, share($_->{multiply})); $k++ }
		}
	}
	my $one = 10**(4 * ($k - 1));
	my ($lo, $hi) = (product($l->{least}, $one), product($l->{most}, $one));
	$num = $num < $lo ? $lo : $num > $hi ? $hi : $num;
	return ($num, 4 * $k);
}

# The amount of a cap for this claim.
sub cap_amount ($p, $cap, $c)
{
	my $amount = exists $cap->{amount} ? fen($cap->{amount}) : sum_up(4, [ income($p, $c), share($cap->{ratio}) ]);
	return $amount if !$cap->{each};
	my ($plus, $minus) = (0, 0);
	for (@{ $cap->{each} })
	{
		my $n = Claim::need($c, $_->{count}) - $_->{above};
		next if $n <= 0;
		my $one = fen($_->{amount});
		if ($one >= 0) { $plus += $n * $one }
		else { $minus -= $n * $one }
	}
	$plus = least($plus, sum_up(4, [ $amount, share($cap->{plus_max}) ])) if exists $cap->{plus_max};
	$minus = least($minus, sum_up(4, [ $amount, share($cap->{minus_max}) ])) if exists $cap->{minus_max};
	$amount += $plus - $minus;
	$amount = least($amount, fen($cap->{max})) if exists $cap->{max};
	return most(0, $amount);
}

# What a cap leaves before this claim's own part of it.
sub cap_left ($p, $l, $cap, $c, $o)
{
	my $amount = cap_amount($p, $cap, $c);
	my $cum = $o->{cum};
	my $used = sub ($name) { return $cum->[ $Claim::POSITION{$name} ] };
	my $scope = $cap->{scope} // 'layer';
	my $some = $cap->{benefits} && @{ $cap->{benefits} } < @shorts;
	my @of = $cap->{benefits} ? map { $short{$_} } @{ $cap->{benefits} } : $scope eq 'benefit' ? $o->{short} : @shorts;
	# what a layer has paid this year, in the benefits that the cap counts
	my $paid = sub ($code) {
		return $used->("cum_$upper{$code}_pay") if $code ne 'basic' && !$some && $scope ne 'benefit';
		my $sum = 0;
		$sum += $used->($code eq 'basic' ? "cum_${_}_hifp" : "cum_$upper{$code}_${_}_pay") for @of;
		return $sum;
	};
	if ($cap->{layers})
	{
		for my $code (@{ $cap->{layers} })
		{
			$amount -= $o->{paid_by}{$code} // 0;
			$amount -= $paid->($code) if $cap->{per} ne 'visit';
		}
		return most(0, $amount);
	}
	return $amount if $cap->{per} eq 'visit';
	my $payment = $cap->{on} eq 'payment';
	if (!$l->{basic})
	{
		my $name = $upper{ $l->{code} };
		return most(0, $amount - ($payment ? $paid->($l->{code}) : most(0, $used->("cum_${name}_base") - $used->("cum_${name}_dedc"))));
	}
	my $what = $payment ? 'hifp' : 'elig';
	my $year = sub () { my $sum = 0; $sum += $used->("cum_${_}_$what") for @of; return $sum };
	if ($cap->{per} eq 'lifetime') { $amount -= $used->('cum_life_hifp') }
	elsif ($scope eq 'disease')
	{
		Claim::need($c, 'dise_codg');
		$amount -= $used->("cum_dise_$what");
	}
	elsif ($cap->{per} eq 'year') { $amount -= $year->() }
	elsif (($cap->{unused} // '') eq 'carried')
	{
		my $month = month_of_year($p, $c);
		my $n = $cap->{per} eq 'month' ? $month : do { use integer; ($month + 2) / 3 };
		$amount = $n * $amount - $year->();
	}
	else { $amount -= $used->("cum_$cap->{per}_" . ($scope eq 'benefit' ? 'ben_' : '') . $what) }
	return most(0, $amount);
}

# ---------------------------------------------------------------- a layer

# What a layer pays of a base, and what becomes of the rest: {paid, act, used, elig, over_cap, copay, ...}.
sub layer ($p, $l, $c, $o)
{
	my $basic = $l->{basic};
	my %r = (first_selfpay => 0, prop => 0);
	my $base = $o->{base};
	my $q;
	if ($l->{first_selfpay})
	{
		$q = pick_known($l->{first_selfpay}, $c, 'first_selfpay');
		if ($q && $q->{stage} eq 'before_deductible')
		{
			$r{first_selfpay} = sum_up(4, [ $base, share($q->{ratio}) ]);
			$base -= $r{first_selfpay};
			$q = undef;
		}
	}
	$o->{inscp} = $base if $basic;

	my $d = deductible($p, $l, $c, $o);
	@r{qw(std crt group)} = @$d{qw(std crt group)};
	refuse('YB202', 'deductible_order') if $basic && !$l->{stated} && $d->{crt} && $o->{preselfpay};
	if ($basic && $l->{first})
	{
		my $pre = $o->{preselfpay};
		$r{used} = least($d->{crt}, $base + $pre);
		$r{act} = $base + $pre ? part_up($r{used}, $base, $base + $pre) : 0;
	}
	else { $r{used} = $r{act} = least($d->{crt}, $base) }
	my $left = $base - $r{act};
	if ($q)
	{
		$r{first_selfpay} = sum_up(4, [ $left, share($q->{ratio}) ]);
		$left -= $r{first_selfpay};
		$o->{inscp} -= $r{first_selfpay};
	}

	# the ratio, then the caps: a claim that needs several open figures is refused for the first of them
	my $ratio = pick_known($l->{ratio}, $c, 'ratio') // refuse('YB201', 'ratio');
	my @adjust = pick_named($l->{adjust}, $c, 'adjust');
	my @caps = pick_caps($l->{cap}, $c, $o->{short});

	my $room = Rules::INF;
	for (grep { $_->{on} eq 'eligible' } @caps) { $room = least($room, cap_left($p, $l, $_, $c, $o)) }
	my $elig = $r{elig} = least($left, $room);
	$r{over_cap} = $left - $elig;

	my $pay;
	if (exists $ratio->{flat})
	{
		$pay = least(fen($ratio->{flat}), $elig);
		$r{prop} = $elig ? part_up(10_000, $pay, $elig) : 0;
	}
	else
	{
		my @of_ratio = grep { !exists $_->{multiply_result} && !exists $_->{part} } @adjust;
		my $age = exists $ratio->{per_age} ? share($ratio->{per_age}) * Claim::need($c, 'age') : 0;
		my @bands;    # [amount, numerator, decimals]
		if (exists $ratio->{ratio}) { @bands = [ $elig, adjusted($l, share($ratio->{ratio}) + $age, @of_ratio) ] }
		else
		{
			my $t = $ratio->{tiers};
			my $at = $t->{origin} eq 'zero' ? $r{act} : 0;
			$at += $t->{origin} eq 'zero' ? $o->{year_base} : most(0, $o->{year_base} - $o->{consumed}) if $t->{measure} eq 'year';
			my $end = $at + $elig;
			my $from = 0;
			for my $band (@{ $t->{bands} })
			{
				my $to = defined $band->[0] ? fen($band->[0]) : Rules::INF;
				my $amount = least($to, $end) - most($from, $at);
				push @bands, [ most(0, $amount), adjusted($l, share($band->[1]) + $age, @of_ratio) ] if $amount > 0 || !$elig && !@bands && $at < $to;
				$from = $to;
			}
		}
		# the mean, with four decimals; where nothing is eligible the ratio of the band in which that is
		my $digits = 4;
		for (@bands) { $digits = $_->[2] if $_->[2] > $digits }
		my $exact = Math::BigInt->new(0);
		$exact->badd(Math::BigInt->new($_->[1])->bmul(10**($digits - $_->[2]))->bmul($elig ? $_->[0] : 1)) for @bands;
		my $of = Math::BigInt->new(10)->bpow($digits - 4)->bmul($elig || 1);
		$r{prop} = $exact->bmul(2)->badd($of)->bdiv($of->bmul(2))->numify;

		if ($l->{band}) { $pay = 0; $pay += sum_up($_->[2], $_) for @bands }
		else
		{
			$pay = sum_up($digits, map { [ $_->[0], product($_->[1], 10**($digits - $_->[2])) ] } @bands);
		}

		# points on a part of the in-policy amount
		for my $a (grep { exists $_->{part} } @adjust)
		{
			my $part = Claim::need($c, $a->{part});
			refuse('YB003', $a->{part}) if $part > $o->{claimed};
			my $cut = $o->{claimed} - $elig;
			my $of = $a->{bears} eq 'first' ? most(0, $part - $cut) : $a->{bears} eq 'last' ? least($part, $elig) : $o->{claimed} ? part_up($part, $elig, $o->{claimed}) : 0;
			my $points = share($a->{add});
			my $gain = ($points < 0 ? -1 : 1) * sum_up(4, [ $of, abs $points ]);
			my $has = $elig ? part_up($pay, $of, $elig) : 0;
			my $may = sum_up(4, [ $of, $l->{most} ]) - $has;
			$gain = $points < 0 ? most($gain, -$has) : least($gain, most(0, $may));
			$pay += $gain;
		}
	}
	for (grep { exists $_->{multiply_result} } @adjust) { $pay = least($elig, sum_up(4, [ $pay, share($_->{multiply_result}) ])) }
	$pay = least($pay, $elig);

	if ($l->{floor} && (my $f = pick_known($l->{floor}, $c, 'floor')))
	{
		my $at_least = sum_up(4, [ $f->{of} eq 'total' ? $o->{total} : $o->{inscp}, share($f->{ratio}) ]);
		$pay = most($pay, least(least($at_least, $room), $base - ($q ? $r{first_selfpay} : 0)));
	}
	my $leave = $room;
	for (grep { $_->{on} eq 'payment' } @caps) { $leave = least($leave, cap_left($p, $l, $_, $c, $o)) }
	my $paid = least($pay, $leave);
	$r{over_cap} += $pay - $paid;
	if ($l->{min_self} && (my $m = pick_known($l->{min_self}, $c, 'min_self')))
	{
		my $keeps = sum_up(4, [ $m->{of} eq 'total' ? $o->{total} : $o->{inscp}, share($m->{ratio}) ]);
		$paid = most(0, least($paid, $o->{to_pay} - $keeps));
	}
	$r{paid} = $paid;
	$r{copay} = $left - $r{over_cap} - $paid;
	return \%r;
}

# ---------------------------------------------------------------- a claim

# Of several categories (P17) one counts: the one that leaves the person least, or the first of a list.
sub settle ($p, $claim)
{
	my $codes = $p->{by_category} ? Claim::categories($claim) : undef;
	return settle_one($p, $claim) if !$codes;
	Claim::read_fields($claim, $p->{reads});
	my $under = sub ($code) { return settle_one($p, { %$claim, psn_idet_type => $code }) };
	return $under->($codes->[0]) if @$codes == 1;
	my $rule = $p->{doc}{categories} // refuse('YB202', 'categories');
	if ($rule->{several} eq 'precedence')
	{
		my %held = map { $_ => 1 } @$codes;
		my ($first) = grep { $held{$_} } @{ $rule->{order} };
		return $under->($first // refuse('YB201', 'categories'));
	}
	my ($best, @others) = map { $under->($_) } @$codes;
	for (@others) { $best = $_ if $_->{psn_part_amt} < $best->{psn_part_amt} }
	return $best;
}

sub settle_one ($p, $claim)
{
	my $c = Claim::read_fields($claim, $p->{reads});
	my $cum = Claim::opening($claim);

	# the total and its parts
	my $total = Claim::need($c, 'medfee_sumamt');
	my $sum = 0;
	for (@parts) { refuse('YB006', $_) if exists $c->{$_} && !defined $c->{$_}; $sum += $c->{$_} // 0 }
	my @absent = grep { !exists $c->{$_} } @parts;
	refuse('YB003', 'parts') if $sum > $total || !@absent && $sum < $total;
	refuse('YB005', $absent[0]) if @absent > 1 && $sum < $total;
	$c->{$_} = $total - $sum for @absent;
	for (qw(prog_pay hosp_part_amt acct_pay acct_mulaid_pay)) { Claim::need($c, $_) }
	refuse('YB003', 'prog_pay') if $c->{prog_pay} > $c->{inscp_scp_amt};
	if (!defined $c->{tcm_share} && !exists $c->{tcm_share} && exists $c->{tcm_amt})
	{
		$c->{tcm_share} = defined $c->{tcm_amt} ? ($total ? do { my $n = product($c->{tcm_amt}, 10_000); ref $n ? $n->bdiv($total)->numify : do { use integer; $n / $total } } : 0) : undef;
	}

	# counts that rules read
	$c->{cum_ipt_cnt} = $cum->[ $Claim::POSITION{cum_ipt_cnt} ];
	for (qw(cum_lv_cnt cum_hosp_cnt cum_area_cnt))    # who had no stay had none there
	{
		$c->{$_} = $cum->[ $Claim::POSITION{$_} ] if defined $claim->{opn_cum} || exists $claim->{$_} || !$c->{cum_ipt_cnt};
	}
	$c->{cal_ipt_cnt} = exists $claim->{cal_ipt_cnt} ? Claim::value('cal_ipt_cnt', $claim->{cal_ipt_cnt}) : $c->{cum_ipt_cnt} + 1;

	# is the policy in force?
	if (exists $c->{ $p->{dated} })
	{
		my $day = Claim::need($c, $p->{dated});
		refuse('YB008', 'not in force') if $day < $p->{from} || $day >= $p->{to};
	}
	check_cross_year($p, $c) if $p->{cross_year};
	my $benefit = pick_known($p->{benefits}, $c, 'benefits') // refuse('YB201', 'benefits');
	my $short = $short{ $benefit->{benefit} };
	my $entitled = $p->{doc}{enrolment} ? Claim::need($c, 'trt_enjymnt_flag') : 1;

	my %s = (medfee_sumamt => $total, (map { $_ => $c->{$_} } @parts, qw(hosp_part_amt acct_pay acct_mulaid_pay)),
		(map { $_ => 0 } qw(dedc_std crt_dedc act_pay_dedc hifp_pay hifmi_pay maf_pay oth_pay first_selfpay)), benefit => $benefit->{benefit}, pool => $benefit->{pool}, pool_prop_selfpay => '0.0000');
	my @next = @$cum;
	my $in_policy = $c->{inscp_scp_amt} - $c->{prog_pay};
	my %o = (total => $total, inscp => $in_policy, claimed => $c->{inscp_scp_amt}, preselfpay => $c->{preselfpay_amt}, cum => $cum, short => $short);
	my %burden = (deductible => 0, copay => $in_policy, over_cap => 0, preselfpay => $c->{preselfpay_amt}, overlmt => $c->{overlmt_selfpay}, ownpay => $c->{fulamt_ownpay_amt}, first_selfpay => 0);
	my ($elig, $used, $looked, $paid_above, $pay_on) = (0, 0, 0, 0);
	my $fund = $s{oth_pay} = $c->{prog_pay};
	for my $l (@{ $p->{layers} })
	{
		next if !$entitled || $l->{when} && !Rules::pick($l->{when}, $c);
		$o{to_pay} = $total - $c->{hosp_part_amt} - $fund;
		if ($l->{basic})
		{
			@o{qw(base consumed year_base)} = ($in_policy, $cum->[ $Claim::POSITION{"cum_${short}_dedc"} ], $cum->[ $Claim::POSITION{"cum_${short}_inscp"} ]);
			my $r = layer($p, $l, $c, \%o);
			@s{qw(dedc_std crt_dedc act_pay_dedc first_selfpay dedc_grp)} = @$r{qw(std crt act first_selfpay group)};
			$s{pool_prop_selfpay} = sprintf '%d.%04d', int($r->{prop} / 10_000), $r->{prop} % 10_000;
			($elig, $used, $looked) = (@$r{qw(elig used)}, 1);
			@burden{qw(deductible copay over_cap first_selfpay)} = @$r{qw(act copay over_cap first_selfpay)};
			# a floor pays back the share first, then what caps cut, then the deductible
			if ($burden{copay} < 0) { $burden{over_cap} += $burden{copay}; $burden{copay} = 0 }
			if ($burden{over_cap} < 0) { $burden{deductible} += $burden{over_cap}; $burden{over_cap} = 0 }
			$o{paid_by}{basic} = $s{hifp_pay} = $r->{paid};
			$fund += $r->{paid};
			next;
		}
		my $base = -$paid_above;
		$base += $burden{$_} for @{ $l->{base} };
		$base = most(0, $base);
		my $name = $upper{ $l->{code} };
		@o{qw(base consumed year_base)} = ($base, $cum->[ $Claim::POSITION{"cum_${name}_dedc"} ], $cum->[ $Claim::POSITION{"cum_${name}_base"} ]);
		my $r = layer($p, $l, $c, \%o);
		$next[ $Claim::POSITION{"cum_${name}_base"} ] += $base;
		$next[ $Claim::POSITION{"cum_${name}_dedc"} ] += $r->{act};
		$next[ $Claim::POSITION{"cum_${name}_pay"} ] += $r->{paid};
		$next[ $Claim::POSITION{"cum_${name}_${short}_pay"} ] += $r->{paid};
		$o{paid_by}{ $l->{code} } = $r->{paid};
		$s{ $l->{pays} } += $r->{paid};
		$paid_above += $r->{paid};
		$fund += $r->{paid};
		$pay_on = pick_known($l->{pay_on}, $c, 'pay_on') if $l->{pay_on};
	}
	if ($pay_on && $pay_on->{days})
	{
		my $day = due(Claim::need($c, 'setl_time'), @{ $pay_on->{days} });
		$s{hifmi_due} = $day if $s{hifmi_pay};
	}
	$s{fund_pay_sumamt} = $fund;
	$s{psn_part_amt} = $total - $fund - $c->{hosp_part_amt};
	$s{psn_cash_pay} = $s{psn_part_amt} - $c->{acct_pay} - $c->{acct_mulaid_pay};
	refuse('YB003', 'more is paid than is left') if $s{psn_part_amt} < 0 || $s{psn_cash_pay} < 0;

	my $add = sub ($field, $amount) { $next[ $Claim::POSITION{$field} ] += $amount };
	$add->('cum_setl_cnt', 1);
	$add->('cum_ipt_cnt', 1) if $benefit->{benefit} eq 'inpatient' && counts($p, $c, $s{hifp_pay});
	$add->('cum_medfee', $total);
	$add->('cum_preselfpay', $c->{preselfpay_amt} + $s{first_selfpay});
	$add->('cum_ownpay', $c->{fulamt_ownpay_amt} + $c->{overlmt_selfpay});
	$add->("cum_${short}_inscp", $in_policy - $s{first_selfpay}) if $looked;
	$add->("cum_${short}_dedc", $used);
	$add->("cum_${short}_elig", $elig);
	$add->("cum_${short}_hifp", $s{hifp_pay});
	$add->('cum_life_hifp', $s{hifp_pay});
	for (33 .. 51) { $next[$_] = 0 if $_ != $Claim::POSITION{cum_life_hifp} }
	$s{cum} = \@next;
	$s{elig} = $elig;
	return \%s;
}

# Does a stay count among the year's?
sub counts ($p, $c, $hifp)
{
	my $counts = $p->{unpaid} || $hifp;
	for my $except (@{ $p->{except} })
	{
		my $holds = $except->{test}->($c);
		if (!defined $holds) { Claim::need($c, $_) for sort keys %{ $except->{sets} } }
		$counts = 0 if $holds;
	}
	return $counts;
}

# The first of some days of the year, ascending, on or after a day.
sub due ($day, @days)
{
	my ($y) = calendar($day);
	for my $year ($y, $y + 1)
	{
		for (@days)
		{
			my ($m, $d) = split /-/;
			return sprintf '%04d-%s', $year, $_ if (day_number($year, $m, $d) // -1) >= $day;
		}
	}
	die 'no day of payment';
}

1;
