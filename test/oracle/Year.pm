# The claims of a person-year, one after the other, for the second implementation: what the settlements before leave to the next.
package Year;

use v5.36;
use Exact qw(yuan);
use Claim;
use Settle;

# What the benefit year of a claim is called.
sub called ($p, $claim)
{
	my $rule = $p->{doc}{year} // {};
	my $by = $rule->{by} // $p->{dated};
	my $c = { map { $_ => Claim::value($_, $claim->{$_}) } $by, 'psn_insu_date' };
	my $begin = Settle::year_begin($p, $c, $c->{$by});
	my ($y, $m, $d) = Settle::calendar($begin);
	return $y if ($rule->{named_by} // 'start') eq 'start';
	my ($end) = Settle::calendar(Exact::month_day($y + 1, $m, $d) - 1);
	return $end;
}

# Which diseases count together with one: those that a rule names, or it alone.
sub disease ($p, $dise)
{
	for my $layer (@{ $p->{doc}{layers} })
	{
		for my $rule (map { @$_ } values %{ $layer->{cap} // {} })
		{
			next if ($rule->{scope} // '') ne 'disease' || !$rule->{when} || !$rule->{when}{dise_codg};
			my $codes = $rule->{when}{dise_codg};
			my @codes = ref $codes ? @$codes : $codes;
			return "rule @{[ sort @codes ]}" if grep { index($dise, $_) == 0 } @codes;
		}
	}
	return $dise;
}

# Settles claims in order: one settlement, or {state}, each.  What is refused leaves nothing behind.
sub settle ($p, @claims)
{
	my $life = 0;
	my (@cum, @before, @results);
	@cum = (0) x @Claim::CUM;
	for my $claim (@claims)
	{
		my $s = eval {
			my $c = Claim::read_fields($claim, [ qw(setl_time begntime endtime fee_ocur_time psn_insu_date dise_codg hosp_lv fixmedins_code area) ]);
			my $day = $c->{ $p->{dated} };
			my ($begin, $month) = (Settle::year_of_claim($p, $c), Settle::month_of_year($p, $c));
			my %is = (day => $day, month => "$begin $month", quarter => $begin . ' ' . int(($month + 2) / 3), disease => disease($p, $c->{dise_codg}),
				level => $c->{hosp_lv}, hospital => $c->{fixmedins_code}, area => $c->{area});
			my $opening = sub ($benefit, $group) {
				my @opn = @cum;
				my $add = sub ($name, $amount) { $opn[ $Claim::POSITION{$name} ] += $amount };
				for my $b (@before)
				{
					for my $per (qw(day month quarter))
					{
						next if $b->{is}{$per} ne $is{$per};
						$add->("cum_${per}_hifp", $b->{hifp});
						$add->("cum_${per}_elig", $b->{elig});
						next if $b->{benefit} ne $benefit;
						$add->("cum_${per}_ben_hifp", $b->{hifp});
						$add->("cum_${per}_ben_elig", $b->{elig});
					}
					if ($b->{is}{disease} eq $is{disease}) { $add->('cum_dise_hifp', $b->{hifp}); $add->('cum_dise_elig', $b->{elig}) }
					if ($b->{counts})
					{
						$add->('cum_lv_cnt', 1) if $b->{is}{level} eq $is{level};
						$add->('cum_hosp_cnt', 1) if $b->{is}{hospital} eq $is{hospital};
						$add->('cum_area_cnt', 1) if $b->{is}{area} eq $is{area};
					}
					$add->('cum_grp_dedc', $b->{act})
						if ($group // '') eq ($b->{group} // '') && (defined $group ? !$p->{at}{$group} || $b->{is}{hospital} eq $is{hospital} : $b->{benefit} eq $benefit);
				}
				return { %$claim, opn_cum => \@opn };
			};
			# benefit and group do not hang on what was paid before
			my $look = Settle::settle($p, $opening->('', undef));
			my $settled = Settle::settle($p, $opening->(@$look{qw(benefit dedc_grp)}));
			push @before, { is => \%is, benefit => $settled->{benefit}, hifp => $settled->{hifp_pay}, elig => $settled->{elig}, act => $settled->{act_pay_dedc},
				group => $settled->{dedc_grp}, counts => $settled->{cum}[1] > $cum[1] };
			@cum = @{ $settled->{cum} };
			$settled;
		};
		push @results, $s // { state => ref $@ ? $@->{state} : die $@ };
	}
	return @results;
}

1;
