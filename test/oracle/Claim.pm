# What a claim brings, for the second implementation: fields by kind, accumulators by position.
package Claim;

use v5.36;
use Exact qw(scaled day_number refuse);

my @amounts = qw(medfee_sumamt fulamt_ownpay_amt overlmt_selfpay preselfpay_amt inscp_scp_amt prog_pay hosp_part_amt acct_pay acct_mulaid_pay tcm_amt trsf_dedc tcm_inscp);
my @codes = qw(insutype med_type hosp_lv dedc_hosp_lv lmtpric_hosp_lv psn_type psn_idet_type clct_grde area refl filing setl_type pay_loc dise_type_code matn_type gend trt_chk_rslt);
my @texts = qw(dise_codg fixmedins_code psn_no setl_id psn_idet_types);
my @flags = qw(er_flag inj_flag thrd_flag tcm_flag nwb_flag pub_flag trt_enjymnt_flag mid_setl_flag opsp_flag);
my @numbers = qw(age year cal_ipt_cnt act_ipt_days cont_years zero_years gap_years enrol_months dise_cnt trsf_days tcm_share pre_days bonus_years);
my @times = qw(setl_time begntime endtime fee_ocur_time psn_insu_date paus_insu_date trt_begndate);

our @CUM = qw(cum_setl_cnt cum_ipt_cnt cum_medfee cum_preselfpay cum_ownpay
	cum_ipt_inscp cum_ipt_dedc cum_ipt_elig cum_ipt_hifp cum_otp_inscp cum_otp_dedc cum_otp_elig cum_otp_hifp
	cum_opsp_inscp cum_opsp_dedc cum_opsp_elig cum_opsp_hifp cum_oth_inscp cum_oth_dedc cum_oth_elig cum_oth_hifp
	cum_mi_base cum_mi_dedc cum_mi_pay cum_ma_base cum_ma_dedc cum_ma_pay cum_mx_base cum_mx_dedc cum_mx_pay cum_sp_base cum_sp_dedc cum_sp_pay
	cum_day_hifp cum_month_hifp cum_quarter_hifp cum_lv_cnt cum_hosp_cnt cum_area_cnt
	cum_day_elig cum_day_ben_hifp cum_day_ben_elig cum_month_elig cum_month_ben_hifp cum_month_ben_elig
	cum_quarter_elig cum_quarter_ben_hifp cum_quarter_ben_elig cum_dise_hifp cum_dise_elig cum_life_hifp cum_grp_dedc cum_m2_base cum_m2_dedc cum_m2_pay
	cum_mi_ipt_pay cum_mi_otp_pay cum_mi_opsp_pay cum_mi_oth_pay
	cum_m2_ipt_pay cum_m2_otp_pay cum_m2_opsp_pay cum_m2_oth_pay
	cum_ma_ipt_pay cum_ma_otp_pay cum_ma_opsp_pay cum_ma_oth_pay
	cum_mx_ipt_pay cum_mx_otp_pay cum_mx_opsp_pay cum_mx_oth_pay
	cum_sp_ipt_pay cum_sp_otp_pay cum_sp_opsp_pay cum_sp_oth_pay);
our %POSITION = map { $CUM[$_] => $_ } 0 .. $#CUM;

our %KIND = ((map { $_ => 'amount' } @amounts), (map { $_ => 'code' } @codes), (map { $_ => 'text' } @texts), (map { $_ => 'flag' } @flags),
	(map { $_ => 'number' } @numbers), (map { $_ => 'time' } @times), (map { $_ => 'count' } qw(cum_ipt_cnt cum_lv_cnt cum_hosp_cnt cum_area_cnt)));
our %PREFIX = map { $_ => 1 } qw(med_type psn_type dise_codg);
my @levels = map { sprintf '%02d', $_ } 1 .. 14;
our %LIST = (
	insutype => [ qw(310 320 330 340 350 360 370 380 390 391 392 399 410 510) ],
	med_type => [ 11 .. 16, 19, 21 .. 29, 41, 51 .. 53, 61, 71, 81, 99 ],
	hosp_lv => \@levels, dedc_hosp_lv => \@levels, lmtpric_hosp_lv => \@levels,
	area => [ qw(county other city province outside) ], refl => [ qw(none up down exempt) ], filing => [ qw(none longstay referral urgent temp) ],
	setl_type => [ 1 .. 3 ], pay_loc => [ 1 .. 4 ], trt_chk_rslt => [ qw(none unpaid waiting other mother) ]);
my %in_list = map { my $f = $_; $f => { map { $_ => 1 } @{ $LIST{$f} } } } keys %LIST;

my %zero = map { $_ => 1 } qw(prog_pay hosp_part_amt acct_pay acct_mulaid_pay trsf_dedc);

# One value as it comes in JSON; undef for what says nothing.
sub value ($field, $v)
{
	return undef if !defined $v;
	my $kind = $KIND{$field};
	refuse('YB007', "$field is of another kind") if ref $v && ref $v ne 'JSON::PP::Boolean';
	if ($kind eq 'flag')
	{
		return $v ? 1 : 0 if ref $v;
		return $v + 0 if $v =~ /^[01]$/;
		return undef if $v eq '';
		refuse('YB007', "$field is no flag");
	}
	refuse('YB007', "$field is of another kind") if ref $v;
	$v =~ s/ +$// if $kind eq 'code' || $kind eq 'text';
	return undef if $v eq '' && $kind ne 'amount' && $kind ne 'time';
	if ($kind eq 'amount')
	{
		refuse('YB002', "$field $v") if $v =~ /^-?[0-9.]+$/ && $v =~ /^-.*[1-9]/ || lc $v eq 'nan';
		my ($whole) = $v =~ /^-?0*([0-9]*)(?:\.[0-9]*)?$/ or refuse('YB007', "$field is no amount");
		refuse('YB002', "$field $v") if length $whole > 14;
		return scaled($v, 2) // refuse('YB001', "$field $v");
	}
	if ($kind eq 'number' || $kind eq 'count')
	{
		refuse('YB007', "$field is no number") if $v !~ /^[0-9]+$/;
		return $v + 0;
	}
	if ($kind eq 'time')
	{
		my ($y, $m, $d, $time) = $v =~ /^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T]([0-9:.]+))?$/ or refuse('YB007', "$field is no time");
		return day_number($y, $m, $d) // refuse('YB007', "$field is no day");
	}
	if ($kind eq 'code')
	{
		refuse('YB004', "$field is too long") if length $v > 8;
		if (my $list = $in_list{$field})
		{
			refuse('YB004', "$field $v") if !($list->{$v} || $field eq 'med_type' && $v =~ /^([0-9]{2})(?:[0-9]{2}){0,2}$/ && $list->{$1});
		}
	}
	return $v;
}

# The fields that a policy reads, by name.  A field that is absent is not there; one that is NULL is there and undefined.
sub read_fields ($claim, $reads)
{
	my %c;
	for my $field (@$reads)
	{
		next if $KIND{$field} eq 'count';
		if (exists $claim->{$field}) { $c{$field} = value($field, $claim->{$field}) }
		elsif ($zero{$field}) { $c{$field} = 0 }
	}
	return \%c;
}

# The categories of a person who holds several, each once; undef where the claim brings no such list.
sub categories ($claim)
{
	my $list = $claim->{psn_idet_types} // return undef;
	my @codes = ref $list ? @$list : split /,/, $list, -1;
	my (%seen, @each);
	for my $code (@codes)
	{
		$code =~ s/^ +| +$//g;
		refuse('YB007', 'psn_idet_types') if $code eq '' || length $code > 8;
		push @each, $code if !$seen{$code}++;
	}
	return undef if !@codes;
	refuse('YB007', 'psn_idet_types') if @each > 16;
	return @each ? \@each : undef;
}

# The accumulators before the claim, in fen.
sub opening ($claim)
{
	my @cum = (0) x @CUM;
	if (defined(my $given = $claim->{opn_cum}))
	{
		refuse('YB010', 'opn_cum is too long') if @$given > @CUM;
		for (0 .. $#$given) { refuse('YB010', 'opn_cum') if ($given->[$_] // 'null') !~ /^[0-9]+$/; $cum[$_] = $given->[$_] }
	}
	for my $name (grep { /^cum_/ } keys %$claim)
	{
		my $at = $POSITION{$name} // refuse('YB010', "$name is no accumulator");
		my $v = $claim->{$name} // refuse('YB006', $name);
		$cum[$at] = $name =~ /_cnt$/ ? $v : scaled($v, 2) // refuse('YB001', $name);
	}
	return \@cum;
}

# A value that is needed.
sub need ($c, $field)
{
	return $c->{$field} // refuse(exists $c->{$field} ? 'YB006' : 'YB005', $field);
}

1;
