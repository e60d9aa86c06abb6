# Exact amounts, ratios and days for the second implementation: fen and ten-thousandths as integers, nothing rounded but
# where the rules say so.  Integers that would not fit into 64 bits go through Math::BigInt.
package Exact;

use v5.36;
use Exporter 'import';
use Math::BigInt;

our @EXPORT_OK = qw(scaled fen yuan share product part_up sum_up half_up day_number month_day refuse least most);

use constant LARGEST => 9_999_999_999_999_999;    # fen: 99999999999999.99 yuan

# What refuses a claim or a document: {state => SQLSTATE, why => text}.
sub refuse ($state, $why) { die { state => $state, why => $why } }

sub least ($a, $b) { return $a < $b ? $a : $b }
sub most ($a, $b) { return $a > $b ? $a : $b }

# "0.70" with 4 decimals is 7000; undef if it is no number of at most so many decimals.
sub scaled ($text, $decimals)
{
	my ($sign, $whole, $rest) = $text =~ /^(-?)([0-9]+)(?:\.([0-9]*))?$/ or return undef;
	$rest //= '';
	$rest =~ s/0+$//;
	return undef if length $rest > $decimals;
	my $n = 0 + ($whole . $rest . '0' x ($decimals - length $rest));
	return $sign ? -$n : $n;
}

sub fen ($text) { return scaled($text, 2) // die "no amount: $text" }
sub share ($text) { return scaled($text, 4) // die "no ratio: $text" }

sub yuan ($fen)
{
	my $n = abs $fen;
	return sprintf '%s%d.%02d', $fen < 0 ? '-' : '', do { use integer; $n / 100 }, $n % 100;
}

# n / 10^digits, half up, for n >= 0.
sub half_up ($n, $digits)
{
	if (!ref $n && $n < 4e18 && $digits <= 17)
	{
		my $half = 5 * 10**($digits - 1);
		use integer;
		return ($n + $half) / (2 * $half);
	}
	return Math::BigInt->new($n)->badd(Math::BigInt->new(5)->bmul(Math::BigInt->new(10)->bpow($digits - 1)))->bdiv(Math::BigInt->new(10)->bpow($digits))->numify;
}

# a * b, exactly.
sub product ($a, $b)
{
	return $a * $b if !ref $a && !ref $b && abs($a * $b) < 4e18;
	return Math::BigInt->new($a)->bmul($b);
}

# The sum of amount x numerator of pairs, over 10^digits, half up.
sub sum_up ($digits, @pairs)
{
	my $sum = 0;
	for my $pair (@pairs)
	{
		my $one = product($pair->[0], $pair->[1]);
		$sum = ref $one || ref $sum || $sum + $one > 4e18 ? Math::BigInt->new($sum)->badd($one) : $sum + $one;
	}
	return half_up($sum, $digits);
}

# amount x numerator / denominator, half up, for any denominator.
sub part_up ($amount, $numerator, $denominator)
{
	my $n = product($amount, $numerator);
	if (!ref $n && $denominator < 2e18)
	{
		use integer;
		return (2 * $n + $denominator) / (2 * $denominator) if $n < 2_000_000_000_000_000_000;
	}
	return Math::BigInt->new($n)->bmul(2)->badd($denominator)->bdiv(Math::BigInt->new($denominator)->bmul(2))->numify;
}

# Days since 1970-01-01 of a day of the calendar; undef if it is none.
sub day_number ($y, $m, $d)
{
	return undef if $m < 1 || $m > 12 || $d < 1;
	return undef if $d > (31, $y % 4 == 0 && ($y % 100 || $y % 400 == 0) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[ $m - 1 ];
	use integer;
	my $yy = $m <= 2 ? $y - 1 : $y;
	my $era = $yy / 400;
	my $yoe = $yy - $era * 400;
	my $doy = (153 * ($m + ($m > 2 ? -3 : 9)) + 2) / 5 + $d - 1;
	return $era * 146097 + $yoe * 365 + $yoe / 4 - $yoe / 100 + $doy - 719468;
}

# The day on which a year begins that begins on month and day, where there is none (29 February) the day after.
sub month_day ($y, $m, $d)
{
	return day_number($y, $m, $d) // day_number($y, $m + 1, 1);
}

1;
