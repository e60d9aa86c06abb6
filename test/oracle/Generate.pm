# Random policies, which say everything that grammar 1 can say of a settlement, and random claims for any policy.
package Generate;

use v5.36;
use JSON::PP;
use Exact qw(fen yuan);
use Claim;
use Rules;

our $true = JSON::PP::true;
our $false = JSON::PP::false;

sub one_of { return $_[ rand @_ ] }
sub chance ($p) { return rand() < $p }
sub money { return yuan(int(rand() * one_of(100_00, 1000_00, 20_000_00, 300_000_00))) }
sub any_share { return sprintf '%.4f', int(rand 10_001) / 10_000 }
sub maybe ($p, @value) { return chance($p) ? @value : () }

# ---------------------------------------------------------------- conditions

my %codes = (
	hosp_lv => [ qw(01 02 05 06 09 11) ], dedc_hosp_lv => [ qw(02 05 09) ], lmtpric_hosp_lv => [ qw(02 05) ],
	med_type => [ qw(11 14 21 2101 2106 22 51) ], refl => [ qw(none up down exempt) ], area => [ qw(county other city province outside) ],
	filing => [ qw(none longstay referral urgent temp) ], psn_type => [ qw(14 1403 15 16) ], psn_idet_type => [ qw(03 2301 23010 2303) ],
	clct_grde => [ qw(1 2) ], dise_codg => [ qw(E10 E10.1 E11 I10) ], fixmedins_code => [ qw(H1 H2 H11) ], setl_type => [ qw(1 2 3) ],
	trt_chk_rslt => [ qw(none unpaid waiting) ], gend => [ qw(1 2) ], dise_type_code => [ qw(10 20) ], matn_type => [ qw(1 2) ], pay_loc => [ qw(1 2 4) ], insutype => [ '390', '310' ]);
my @flags = qw(er_flag inj_flag thrd_flag tcm_flag nwb_flag pub_flag opsp_flag);
my @counts = qw(age cal_ipt_cnt cum_ipt_cnt cum_lv_cnt cum_hosp_cnt cum_area_cnt tcm_share act_ipt_days cont_years enrol_months dise_cnt zero_years gap_years bonus_years trsf_days pre_days);
my @amounts = qw(tcm_amt tcm_inscp trsf_dedc medfee_sumamt inscp_scp_amt preselfpay_amt fulamt_ownpay_amt overlmt_selfpay prog_pay hosp_part_amt acct_pay acct_mulaid_pay);

sub condition ($field)
{
	if (my $codes = $codes{$field})
	{
		my $what = chance(0.5) ? one_of(@$codes) : do { my %h = map { one_of(@$codes) => 1 } 1 .. 3; [ sort keys %h ] };
		return chance(0.2) ? { not => $what } : $what;
	}
	return one_of($true, $false) if $Claim::KIND{$field} eq 'flag';
	return { one_of('>=', '>', '<', '<=') => one_of('100.00', '500', '1000.50') } if $Claim::KIND{$field} eq 'amount';
	return { one_of('>=', '>', '<', '<=') => one_of('2021-07-01', '2022-03-31', '2023-01-01') } if $Claim::KIND{$field} eq 'time';
	my $n = $field eq 'age' ? one_of(6, 18, 60, 80) : $field eq 'tcm_share' ? one_of(500, 3000) : $field =~ /days|months/ ? one_of(6, 30) : one_of(1, 2, 3);
	return one_of($n, { '>=' => $n }, { '<' => $n + 1 }, { '>' => $n - 1, '<=' => $n + 2 });
}

my @common = qw(hosp_lv med_type refl area psn_type psn_idet_type dise_codg er_flag inj_flag age cal_ipt_cnt);
my @rare = (grep { my $f = $_; !grep { $_ eq $f } @common } sort(keys %codes), @flags, @counts, @amounts, qw(begntime endtime setl_time fee_ocur_time mid_setl_flag));

sub rule ($effect, $specific)
{
	my %rule = (%$effect, source => 't');
	my $when = delete $rule{when};
	my %when;
	if ($specific)
	{
		for (1 .. one_of(1, 1, 2)) { my $f = chance(0.75) ? one_of(@common) : one_of(@rare); $when{$f} = condition($f) }
	}
	if (($rule{scope} // '') eq 'disease') { delete $when{dise_codg} }
	%when = (%when, %$when) if $when;
	$rule{when} = \%when if %when;
	if ($specific && chance(0.15))
	{
		$rule{from} = one_of('2021-01-01', '2022-07-01') if chance(0.7);
		$rule{to} = one_of('2023-01-01', '2024-02-29') if chance(0.6);
	}
	return \%rule;
}

# A rule for everybody, mostly, and some exceptions; now and then one stands over another by name.
sub rules ($effect)
{
	my @rules;
	push @rules, rule($effect->(), 0) if chance(0.98);
	push @rules, rule($effect->(), 1) for 1 .. one_of(0, 0, 1, 1, 2, 3);
	push @rules, rule($effect->(), 1) if !@rules;
	if (@rules > 1 && chance(0.93))
	{
		my $first = $rules[0]{when} ? 1 : 2;    # what has no condition gives way anyhow
		$rules[ $_ - 1 ]{id} = "r$_" for 1 .. @rules;
		$rules[$_]{over} = [ map { "r$_" } $first .. $_ ] for $first .. $#rules;
	}
	if (chance(0.015))
	{
		my $rule = one_of(@rules);
		my %kept = map { $_ => $rule->{$_} } grep { exists $rule->{$_} } qw(when source from to id over);
		%$rule = (%kept, unknown => $true);
	}
	return \@rules;
}

sub named ($effect) { return { map { $_ => rules($effect) } grep { chance(0.5) } qw(a b_2 c) } }

# ---------------------------------------------------------------- effects

sub deductible ($groups)
{
	my $per = one_of('visit', 'year');
	my %more = maybe(0.1, fixed => $true);
	if ($groups && $per eq 'year' && chance(0.6)) { %more = (%more, chance(0.5) ? (group => 'g') : (group => 'h', at => 'hospital')) }
	return { amount => one_of('0', '100.00', '500', '1000.00', '5000'), per => $per, %more } if chance(0.7);
	return { percent_of => one_of('total', 'inscp', 'inscp', 'income'), ratio => any_share(), per => $per, %more, maybe(0.5, min => '150.00'), maybe(0.5, max => '3000.00') };
}

sub deductible_adjust
{
	return one_of({ multiply => one_of('0.5', '2', '0.3333') }, { add => one_of('-100.00', '50.5') }, { set => one_of('0', '77.77') },
		{ add_each => one_of('-100.00', '-33.33'), floor => one_of('0', '300.00') }, { each_days => one_of(7, 90) },
		{ less => 'trsf_dedc', maybe(0.7, within_days => one_of(1, 28)) });
}

sub ratio
{
	my %age = maybe(0.1, per_age => '0.002');
	return { flat => one_of('50', '900.00', '2000.5') } if chance(0.1);
	return { ratio => any_share(), %age } if chance(0.4);
	my ($upto, @bands) = (0);
	for (1 .. one_of(1, 2, 3))
	{
		$upto += one_of(200_00, 1_000_50, 20_000_00);
		push @bands, [ yuan($upto), any_share() ];
	}
	push @bands, [ undef, any_share() ];
	return { tiers => { origin => one_of('zero', 'deductible'), measure => one_of('visit', 'year'), bands => \@bands }, %age };
}

sub adjust
{
	return { reduce => '0.1' } if chance(0.01);
	return one_of({ add => one_of('-0.10', '0.05', '-0.2', '0.0333') }, { multiply => one_of('0.9', '1.1', '0.5', '0.3333', '2.0001', '9') },
		{ multiply_result => one_of('0.9', '1.2', '0.0001') }, { set => any_share() });
}

sub part { return { add => one_of('0.05', '0.15', '-0.1'), part => 'tcm_inscp', bears => one_of('share', 'first', 'last') } }

sub cap ($code, $same, @before)
{
	my %cap = (per => one_of('visit', 'year'), on => one_of('payment', 'payment', 'eligible'), amount => one_of('300.00', '5000.00', '80000'));
	if (chance(0.07))
	{
		delete $cap{amount};
		@cap{qw(percent_of ratio)} = ('income', one_of('0.5', '1', '6'));
	}
	if (chance(0.25))
	{
		$cap{each} = [ map { { count => $_, above => one_of(0, 1, 3), amount => one_of('300.00', '-99.99', '1000') } } grep { chance(0.5) } qw(dise_cnt cont_years gap_years bonus_years zero_years age act_ipt_days cal_ipt_cnt enrol_months) ];
		if (@{ $cap{each} })
		{
			$cap{max} = one_of('4500.00', '90000') if chance(0.6);
			$cap{plus_max} = one_of('0.2', '0.0333') if !$cap{max} || chance(0.3);
			$cap{minus_max} = '0.15' if chance(0.3);
		}
		else { delete $cap{each} }
	}
	if ($cap{on} eq 'payment' && @before && chance(0.3)) { $cap{layers} = [ (grep { chance(0.6) } @before), $code ] }
	elsif ($code eq 'basic' && chance(0.4)) { $cap{scope} = one_of('benefit', 'layer') }
	if ($code eq 'basic' && !$cap{layers} && chance(0.5))
	{
		$cap{per} = one_of(qw(day month quarter lifetime year));
		$cap{unused} = one_of(qw(lost carried)) if $cap{per} =~ /month|quarter/;
		if ($cap{per} eq 'year')
		{
			$cap{scope} = 'disease';
			$cap{when} = { dise_codg => $same } if chance(0.4);
		}
		if ($cap{per} eq 'lifetime') { delete $cap{scope}; $cap{on} = 'payment' }
	}
	if ($cap{per} eq 'year' && !$cap{scope} && ($code eq 'basic' || $cap{on} eq 'payment'))
	{
		if (chance(0.3)) { $cap{scope} = 'benefit' }
		elsif (chance(0.4)) { $cap{benefits} = one_of([ 'inpatient', 'chronic' ], ['outpatient'], [ 'other', 'inpatient', 'outpatient' ], [qw(inpatient outpatient chronic other)]) }
	}
	return \%cap;
}

my %pays = (basic => 'hifp_pay', serious => 'hifmi_pay', serious_second => 'hifmi_pay', assistance => 'maf_pay', tilt => 'maf_pay', supplement => 'oth_pay');

sub layer ($code, @before)
{
	my $basic = $code eq 'basic';
	my @parts = grep { chance(0.6) } qw(deductible copay over_cap preselfpay overlmt ownpay first_selfpay);
	my $groups = $basic && chance(0.2);
	my %layer = (
		code => $code, pays => $pays{$code}, payer => { kind => 'own_fund', source => 't' }, base => $basic ? ['inscp'] : @parts ? \@parts : ['copay'],
		rounding => one_of('layer', 'band'), combine => one_of('sum', 'best', 'sequential', 'sequential'),
		deductible => rules(sub { deductible($groups) }), ratio => rules(\&ratio));
	if (chance(0.2))
	{
		my $f = one_of('psn_idet_type', 'psn_idet_type', 'refl', 'age');
		$layer{when} = { $f => condition($f) };
		$layer{when_source} = 't';
	}
	my $more = sub ($key, $odds, $value) { return if !chance($odds); my $v = $value->(); $layer{$key} = $v if ref $v ne 'HASH' || %$v };
	$more->('deductible_adjust', 0.4, sub { named(\&deductible_adjust) });
	$more->('deductible_cap', 0.2, sub { rules(sub { { amount => one_of('800', '2300.00'), per => 'year' } }) });
	$more->('adjust', 0.5, sub { named($basic && chance(0.3) ? sub { chance(0.5) ? part() : adjust() } : \&adjust) });
	my $same = chance(0.5) ? 'E10' : [ 'E10', 'I10' ];
	$more->('cap', 0.5, sub { named(sub { cap($code, $same, @before) }) });
	$more->('floor', 0.2, sub { rules(sub { { ratio => one_of('0.3', '0.45', '0.9'), of => one_of('total', 'inscp') } }) });
	$more->('min_self', 0.2, sub { rules(sub { { ratio => one_of('0.05', '0.1', '0.5'), of => one_of('total', 'inscp') } }) });
	$more->('first_selfpay', 0.25, sub { rules(sub { { ratio => one_of('0.1', '0.4', any_share()), stage => one_of(qw(before_deductible after_deductible)) } }) }) if $basic;
	$more->('pay_on', 0.3, sub { rules(sub { chance(0.2) ? { at => 'settlement' } : { days => one_of([ '01-31', '09-30' ], ['06-15'], [ '03-31', '06-30', '12-31' ]) } }) }) if $code eq 'serious';
	$layer{ratio_max} = one_of('0.95', '0.8') if chance(0.3);
	$layer{ratio_min} = one_of('0.3', '0.5', '0.8') if chance(0.1);
	$layer{combine} = 'product' if $layer{combine} eq 'sequential' && !grep { exists $_->{add} || exists $_->{set} } map { @$_ } values %{ $layer{adjust} // {} };
	$layer{deductible_order} = one_of('after_preselfpay', 'before_preselfpay', 'before_preselfpay')
		if $basic && chance(0.85) && !grep { $_->{tiers} && $_->{tiers}{origin} eq 'deductible' && $_->{tiers}{measure} eq 'year' } @{ $layer{ratio} };
	return \%layer;
}

sub policy
{
	my @codes = grep { chance($_ eq 'basic' ? 0.85 : 0.5) } qw(basic serious serious_second assistance tilt supplement);
	@codes = ('basic') if !@codes;
	my $dated = one_of(qw(setl_time setl_time setl_time setl_time endtime begntime fee_ocur_time));
	my %doc = (
		yibao => 1, title => { zh => '随机' }, insutype => '390', admdvs => '620522', valid_from => '2020-01-01', maybe(0.3, valid_to => '2024-06-01'),
		income => [ { year => 2022, amount => '12345.67', source => 't' }, { year => 2021, amount => '9000', source => 't' }, { year => 2020, unknown => $true, source => 't' } ],
		version_date => $dated, sources => { t => { doc => '随机', trust => 'synthetic' } },
		counts => { source => 't', unpaid => one_of($true, $false),
			except => [ map { { when => { $_ => condition($_) }, source => 't' } } grep { chance(0.15) } qw(area med_type psn_type psn_idet_type er_flag age) ] },
		benefits => [
			{ when => { med_type => [ '21', '22' ] }, benefit => 'inpatient', pool => 'inpatient', source => 't' },
			{ when => { med_type => '2106' }, benefit => 'other', pool => 'other', source => 't' },
			{ when => { med_type => '11' }, benefit => 'outpatient', pool => 'outpatient', source => 't' },
			{ when => { med_type => '14' }, benefit => 'chronic', pool => 'outpatient', source => 't' } ],
		layers => [ map { layer($codes[$_], @codes[ 0 .. $_ - 1 ]) } 0 .. $#codes ]);
	$doc{year} = { starts => one_of('07-01', '04-15', '09-01', '01-31', 'enrolment'), named_by => one_of('start', 'end'), source => 't', maybe(0.2, on_policy_change => 'restart'),
		maybe(0.3, by => one_of(qw(setl_time endtime begntime))) } if chance(0.25);
	if ($dated =~ /setl_time|endtime/ && chance(0.15))
	{
		$doc{cross_year} = rules(sub { { rule => one_of(qw(discharge_year split mid_settlement readmit)), maybe(0.4, lapsed => one_of('year_end', 'whole_stay')) } });
	}
	# a prescription that may belong to two benefits (P16)
	if (chance(0.2))
	{
		$doc{benefits}[2]{id} = 'ordinary';
		push @{ $doc{benefits} }, { when => { med_type => chance(0.5) ? '11' : [ '11', '14' ], opsp_flag => $true, maybe(0.5, dise_codg => 'E10') }, benefit => 'chronic', pool => 'outpatient',
			maybe(0.8, over => ['ordinary']), source => 't' };
	}
	if (chance(0.3))
	{
		$doc{categories} = chance(0.6) ? { several => 'best', source => 't' } : { several => 'precedence', order => one_of([ '2301', '03' ], [ '2303', '2301', '23010' ]), source => 't' };
	}
	$doc{enrolment} = { on => 'begntime', since => 2021, elsewhere => 'counts', source => 't',
		window => [ { coverage_year => { '>=' => 2021 }, from => '09-01', to => '12-31', source => 't' } ] } if chance(0.1);
	return \%doc;
}

# ---------------------------------------------------------------- claims

# What the rules of a document name, for each field: claims hit them more often.
sub mentioned ($doc)
{
	my %values;
	my $look;
	$look = sub ($v) {
		if (ref $v eq 'ARRAY') { $look->($_) for @$v; return }
		return if ref $v ne 'HASH';
		for my $key (sort keys %$v)
		{
			if ($key eq 'when')
			{
				for my $field (sort keys %{ $v->{when} })
				{
					my $set = Rules::set_of($field, $v->{when}{$field});
					push @{ $values{$field} }, exists $set->{lo} ? (map { ($_ - 1, $_, $_ + 1) } grep { abs($_) < Rules::INF } @$set{qw(lo hi)}) : sort keys %{ $set->{codes} };
				}
			}
			else { $look->($v->{$key}) }
		}
	};
	$look->($doc);
	return \%values;
}

sub day { return sprintf '202%d-%02d-%02d', int(rand 5), 1 + int(rand 12), 1 + int(rand 28) }

sub shifted ($day, $days)
{
	my $n = Rules::day_of(substr $day, 0, 10) + $days;
	return sprintf '%04d-%02d-%02d', Settle::calendar($n);
}

# Values of fields for claims of any policy; those that its rules name come more often.
sub claim ($policy, $mentioned)
{
	my $doc = $policy->{doc};
	my $code = sub ($field, @else) {
		my $named = $mentioned->{$field};
		return one_of(@else) if !$named || chance(0.4);
		my $v = one_of(@$named);
		return $Claim::PREFIX{$field} && length $v <= ($field eq 'med_type' ? 4 : 6) && chance(0.4) ? $v . one_of('01', $field eq 'med_type' ? () : '1', '06') : $v;
	};
	my $number = sub ($field, $n) {
		my $named = $mentioned->{$field};
		return $n if !$named || chance(0.5);
		my $v = one_of(@$named);
		return $v < 0 ? 0 : $v;
	};
	my $at = $mentioned->{$policy->{dated}} || $doc->{title}{zh} eq '随机' ? day() : $doc->{valid_from};
	if ($doc->{title}{zh} ne '随机' && chance(0.5)) { $at = shifted($doc->{valid_from}, int rand 500) }
	elsif ($doc->{title}{zh} ne '随机') { $at = $doc->{valid_from} }
	my $days = one_of(0, 1, 5, 30, 200);
	my %c = (
		(map { $_ => $code->($_, @{ $Claim::LIST{hosp_lv} }) } qw(hosp_lv dedc_hosp_lv lmtpric_hosp_lv)),
		med_type => $code->('med_type', qw(11 14 21 21 2101 210101 2106 22 22 51)), refl => $code->('refl', qw(none up down exempt)),
		area => $code->('area', qw(county other city province outside)), filing => $code->('filing', qw(none longstay referral urgent temp)),
		psn_type => $code->('psn_type', qw(14 1403 140 15 1501 99)), psn_idet_type => $code->('psn_idet_type', qw(00 03 2301 23010 2303 24)),
		clct_grde => $code->('clct_grde', 1, 2, 3), dise_codg => $code->('dise_codg', 'E10', 'E10.1', 'E10.123', 'E1', 'I10', 'Z'), gend => one_of(1, 2),
		fixmedins_code => $code->('fixmedins_code', qw(H1 H2 H11 H3)), setl_type => one_of(1, 2, 3), pay_loc => one_of(1 .. 4), insutype => '390',
		dise_type_code => $code->('dise_type_code', '10'), matn_type => $code->('matn_type', '1', '3'),
		(map { $_ => chance(0.4) ? $true : $false } @flags), trt_enjymnt_flag => chance(0.8) ? $true : $false,
		age => $number->('age', int rand 100), cont_years => $number->('cont_years', int rand 8), zero_years => $number->('zero_years', int rand 4), gap_years => int rand 4, bonus_years => int rand 3,
		enrol_months => $number->('enrol_months', int rand 60), dise_cnt => $number->('dise_cnt', int rand 6), act_ipt_days => $number->('act_ipt_days', int rand 200),
		trsf_days => one_of(0, 1, 2, 28, 29), year => one_of(2023, 2023, 2023, 2022, 2021, 2020),
		tcm_amt => one_of('0', '99.99', '100', '500.00', '1000.50', '3000'), tcm_inscp => one_of('0', '12.34'),
		begntime => shifted($at, -$days), endtime => $at . one_of('', ' 23:59:59'), setl_time => $at . one_of('', ' 23:59:59', 'T00:00'), fee_ocur_time => $at,
		psn_insu_date => one_of('2019-04-01', '2016-10-01', '2020-01-01', '2018-07-01'));
	if ($doc->{cross_year})
	{
		if (chance(0.3)) { $c{paus_insu_date} = one_of('2022-01-01', '2022-07-01', '2023-01-01', '2025-01-01') }
		$c{endtime} = one_of('2021-12-31', '2022-06-30', '2022-12-31') if chance(0.15);
		$c{begntime} = one_of('2022-01-01', '2022-07-01', '2023-01-01') if chance(0.15) && $c{endtime} ge '2023-01-01';
		$c{begntime} = shifted($c{endtime}, -$days) if $c{begntime} gt $c{endtime} || $c{begntime} lt shifted($c{endtime}, -300);
		$c{setl_time} = $c{endtime} if chance(0.8);
	}
	$c{trt_chk_rslt} = $code->('trt_chk_rslt', qw(none unpaid waiting other));
	if (chance(0.15))
	{
		my @held = map { one_of(qw(00 03 2301 23010 2303 24)) } 1 .. one_of(1, 2, 2, 3, 4);
		$held[0] = '123456789' if chance(0.02);
		$c{psn_idet_types} = chance(0.4) ? join one_of(',', ', '), @held : \@held;
		delete $c{psn_idet_type} if chance(0.3);
	}
	$c{pre_days} = $number->('pre_days', one_of(0, 0, 12));
	$c{mid_setl_flag} = chance(0.15) ? $true : $false;
	my @parts = qw(fulamt_ownpay_amt overlmt_selfpay preselfpay_amt inscp_scp_amt);
	my $sum = 0;
	for my $part (@parts)
	{
		$c{$part} = chance($part eq 'inscp_scp_amt' ? 0.05 : 0.4) ? '0' : money();
		$sum += fen($c{$part});
	}
	$c{tcm_inscp} = yuan(int(rand() * fen($c{inscp_scp_amt}))) if chance(0.8);
	$c{trsf_dedc} = yuan(int rand 1000_00) if chance(0.4);
	$c{medfee_sumamt} = yuan($sum + (chance(0.01) ? 1 : 0));
	delete $c{ one_of(@parts) } if chance(0.2);
	$c{prog_pay} = chance(0.95) ? yuan(int(rand() * fen($c{inscp_scp_amt} // '0'))) : money() if chance(0.1);
	$c{hosp_part_amt} = chance(0.5) ? money() : yuan(int rand 30_00) if chance(0.06);
	$c{acct_pay} = yuan(int rand 30_00) if chance(0.1);
	$c{acct_mulaid_pay} = yuan(int rand 30_00) if chance(0.05);
	if (chance(0.6))
	{
		$c{opn_cum} = [ map { /_cnt$/ ? int(rand 4) : /_dedc$/ ? int(rand() * one_of(100_00, 6000_00)) : int(rand() * one_of(1000_00, 90_000_00)) } @Claim::CUM ];
		$c{ one_of(grep { !/_cnt$/ } @Claim::CUM) } = money() if chance(0.1);
	}
	elsif (chance(0.3)) { $c{ $_ } = /_cnt$/ ? int rand 4 : money() for map { one_of(@Claim::CUM) } 1 .. 3 }
	$c{cal_ipt_cnt} = $number->('cal_ipt_cnt', 1 + int rand 4) || 1 if chance(0.3);
	if (chance(0.08))    # something that a rule may need is open
	{
		my $field = one_of(grep { $Claim::KIND{$_} ne 'count' } @{ $policy->{reads} });
		if (chance(0.5)) { delete $c{$field} } else { $c{$field} = undef }
	}
	if (chance(0.01))
	{
		my $field = one_of(grep { $Claim::KIND{$_} =~ /amount|code|number/ } @{ $policy->{reads} });
		my $kind = $Claim::KIND{$field};
		$c{$field} = $kind eq 'amount' ? one_of('1.005', '-1', '100000000000000', '1e3', '1,0') : $kind eq 'number' ? one_of('x', '1.5') : one_of('123456789', $Claim::LIST{$field} ? 'zz' : ());
	}
	return \%c;
}

# A claim as JSON: numbers and accumulators as numbers, amounts as strings.
sub encode_claim ($c)
{
	my @members;
	for my $field (sort keys %$c)
	{
		my $v = $c->{$field};
		my $text = !defined $v ? 'null' : $field eq 'psn_idet_types' && ref $v ? '[' . join(',', map { "\"$_\"" } @$v) . ']' : ref $v eq 'ARRAY' ? '[' . join(',', @$v) . ']' : ref $v ? ($$v ? 'true' : 'false')
			: ($Claim::KIND{$field} // '') eq 'number' && $v =~ /^[0-9]+$/ ? $v : "\"$v\"";
		push @members, "\"$field\":$text";
	}
	return '{' . join(',', @members) . '}';
}

1;
