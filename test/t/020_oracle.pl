# settle() against the second implementation in test/oracle: random policies, which use the whole grammar, and those that
# are shipped; random claims; years of claims through replay().
#
# The second implementation was written from the specification alone (doc/, not src/), and committed before it was compared with the
# library for the first time: git log -- test/oracle.  Where the two differ, doc/policies.md decides; a difference found here is mended
# in the one that is wrong, or in the document, if it left room for both.
#
#   ORACLE_SEED=...      other policies and claims; the seed is printed
#   ORACLE_POLICIES=...  so many random policies
#   ORACLE_CLAIMS=...    so many claims for each (three times as many for those that are shipped)
#   ORACLE_FULL=1        more than 100,000 claims
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../oracle";
use JSON::PP;
use Exact qw(yuan);
use Claim;
use Rules;
use Settle;
use Year;
use Generate;
use Shrink;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use YibaoTest;

my $seed = $ENV{ORACLE_SEED} || 20261122;
my $npolicies = $ENV{ORACLE_POLICIES} // ($ENV{ORACLE_FULL} ? 700 : 300);
my $nclaims = $ENV{ORACLE_CLAIMS} // ($ENV{ORACLE_FULL} ? 200 : 90);
srand($seed);
diag("seed $seed, $npolicies policies, $nclaims claims each");
my $json = JSON::PP->new->utf8->canonical->allow_blessed;

# ---------------------------------------------------------------- both, as text

my @amounts = qw(medfee_sumamt fulamt_ownpay_amt overlmt_selfpay preselfpay_amt inscp_scp_amt dedc_std crt_dedc act_pay_dedc first_selfpay
	hifp_pay hifmi_pay maf_pay oth_pay fund_pay_sumamt hosp_part_amt psn_part_amt acct_pay acct_mulaid_pay psn_cash_pay);
my @names = (@amounts, qw(benefit pool dedc_grp hifmi_due pool_prop_selfpay), map { "cum $_" } @Claim::CUM);

sub told
{
	my ($s) = @_;
	return $s->{state} if $s->{state};
	return join '|', (map { yuan($s->{$_}) } @amounts), (map { $s->{$_} // '' } qw(benefit pool dedc_grp hifmi_due pool_prop_selfpay)), @{ $s->{cum} };
}

sub expected
{
	my ($policy, $claim) = @_;
	my $s = eval { Settle::settle($policy, $claim) };
	return told($s) if $s;
	die $@ if ref $@ ne 'HASH';
	return "$@->{state}|$@->{why}";
}

# What is not the same: undef, or lines.
sub difference
{
	my ($got, $want, $faults) = @_;
	return undef if $got eq $want;
	my ($is, $should) = map { /^([0-9A-Z]{5})(?:\||$)/ ? $1 : '' } $got, $want;
	return undef if $is && $is eq $should;
	return undef if $is && $faults && $faults->($is, $got);
	return "yibao: $got\noracle: $want" if $is || $should;
	my @got = split /\|/, $got, -1;
	my @want = split /\|/, $want, -1;
	return join "\n", map { "$names[$_]: yibao $got[$_], oracle $want[$_]" } grep { ($got[$_] // '') ne ($want[$_] // '') } 0 .. $#names;
}

# A claim with several faults may be refused for any of them.  Is this one of them?
sub other_fault
{
	my ($policy, $claim, $want) = @_;
	return sub {
		my ($state, $got) = @_;
		# who is not entitled has to bring what he would if he were
		return expected($policy, { %$claim, trt_enjymnt_flag => 1 }) =~ /^YB/ if $want !~ /^YB/ && $policy->{doc}{enrolment} && !$claim->{trt_enjymnt_flag};
		# a rule that may hold has days
		return 1 if $state eq 'YB005' && $got =~ /^YB005\|$policy->{dated} / && !exists $claim->{ $policy->{dated} };
		return 0 if $want !~ /^YB/;
		# the claim has a fault, and the policy no rule for it, or is not in force
		return 1 if $state =~ /^YB(?:2|008)/ && ($want =~ /^YB00[1-7]/ || $want =~ /^YB202\|(?:income|deductible_order)/);
		my ($field) = $got =~ /^YB00[0-9]\|(?:the parts of )?(\w+) /;
		# another field is wrong, too
		return 1 if $state =~ /^YB00[1-7]$/ && $field && $want =~ /^YB00[1-7]\|(\w+)/ && $1 ne $field;
		# what it names is open indeed
		return 1 if $state =~ /^YB00[56]$/ && $field && !defined $claim->{$field} && grep { $_ eq $field } @{ $policy->{reads} };
		# without the fault that was found first, it is the next
		my ($first, $at) = split /\|/, $want;
		my @values = $first eq 'YB003' ? ('0') : ($Claim::KIND{$at} // '') eq 'flag' ? (0, 1) : ($Claim::KIND{$at} // '') eq 'number' ? (0, 1, 2, 5, 30, 70, 2022, 2023)
			: ($Claim::KIND{$at} // '') eq 'amount' ? ('0', '1000') : ($Claim::KIND{$at} // '') eq 'time' ? @$claim{qw(begntime endtime)}
			: (@{ $Claim::LIST{$at} // [] }, 'Z');
		$at = 'prog_pay' if $first eq 'YB003' && $at !~ /^\w+$/;
		for (@values) { return 1 if defined && index(expected($policy, { %$claim, $at => $_ }), $state) == 0 }
		return 0;
	};
}

# ---------------------------------------------------------------- the server

my $node = new_server('oracle');
my $dir = PostgreSQL::Test::Utils::tempdir();
my $columns = join ', ', map({ "r.$_" } @amounts), map { "coalesce(r.$_\::text, '')" } qw(benefit pool dedc_grp hifmi_due pool_prop_selfpay);
$node->safe_psql('postgres', <<"SQL");
CREATE EXTENSION yibao;
CREATE UNLOGGED TABLE doc (id int PRIMARY KEY, body text, rules jsonb, state text);
CREATE UNLOGGED TABLE claim (id int PRIMARY KEY, doc int, c jsonb);
CREATE INDEX ON claim (doc, id);
CREATE UNLOGGED TABLE visit (id int PRIMARY KEY, person int, doc int, c jsonb);

CREATE FUNCTION verdict(body text, OUT rules jsonb, OUT state text) LANGUAGE plpgsql AS \$\$
BEGIN
	rules := yibao.policy_parse(body);
	state := 'ok';
EXCEPTION WHEN OTHERS THEN
	state := SQLSTATE || ' ' || SQLERRM;
END \$\$;

CREATE FUNCTION told(r yibao.settlement) RETURNS text LANGUAGE plpgsql AS \$\$
BEGIN
	RETURN concat_ws('|', $columns, array_to_string(r.cum || array_fill(0::bigint, ARRAY[@{[ scalar @Claim::CUM ]} - cardinality(r.cum)]), '|'));
END \$\$;

CREATE FUNCTION result(p jsonb, c jsonb) RETURNS text LANGUAGE plpgsql AS \$\$
DECLARE r yibao.settlement;
BEGIN
	r := yibao.settle(p, c);
	RETURN told(r);
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || '|' || replace(SQLERRM, E'\\n', ' ');
END \$\$;

CREATE FUNCTION results() RETURNS SETOF text LANGUAGE plpgsql AS \$\$
DECLARE d record; k record;
BEGIN
	FOR d IN SELECT id, rules FROM doc WHERE state = 'ok' ORDER BY id LOOP
		FOR k IN SELECT id, c FROM claim WHERE doc = d.id ORDER BY id LOOP
			RETURN NEXT k.id || '|' || result(d.rules, k.c);
		END LOOP;
	END LOOP;
END \$\$;

-- a year through replay(), all of it or the error
CREATE FUNCTION replayed() RETURNS SETOF text LANGUAGE plpgsql AS \$\$
DECLARE d record;
BEGIN
	FOR d IN SELECT DISTINCT doc.id, person, rules FROM doc JOIN visit ON doc.id = doc ORDER BY 1, 2 LOOP
		BEGIN
			RETURN QUERY SELECT x.id || '|' || told(r) FROM (SELECT visit.id, yibao.replay(d.rules, c) OVER (ORDER BY (c ->> 'setl_time')::timestamp, c ->> 'setl_id' COLLATE "C") AS r
				FROM visit WHERE doc = d.id AND person = d.person OFFSET 0) AS x ORDER BY x.id;
		EXCEPTION WHEN OTHERS THEN
			RETURN QUERY SELECT id || '|' || SQLSTATE || '|' || replace(SQLERRM, E'\\n', ' ') FROM visit WHERE doc = d.id AND person = d.person ORDER BY id;
		END;
	END LOOP;
END \$\$;

-- do the steps of explain() add up to the settlement?
CREATE FUNCTION adds_up(p jsonb, c jsonb) RETURNS boolean LANGUAGE plpgsql AS \$\$
DECLARE r jsonb;
BEGIN
	r := to_jsonb(yibao.settle(p, c));
	RETURN (SELECT bool_and((r ->> s.settles)::numeric = s.sum)
		AND sum(s.sum) FILTER (WHERE s.settles IN ('hifp_pay', 'hifmi_pay', 'maf_pay', 'oth_pay')) IS NOT DISTINCT FROM
			CASE WHEN count(*) FILTER (WHERE s.settles IN ('hifp_pay', 'hifmi_pay', 'maf_pay', 'oth_pay')) = 0
			AND (r ->> 'fund_pay_sumamt')::numeric = 0 THEN NULL ELSE (r ->> 'fund_pay_sumamt')::numeric END
		FROM (SELECT settles, sum(amount) FROM yibao.explain(p, c) WHERE settles IS NOT NULL GROUP BY 1) AS s);
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE LIKE 'YB%';
END \$\$;
SQL

sub load
{
	my ($table, @lines) = @_;
	my $file = "$dir/load.txt";
	open my $fh, '>', $file or die "$file: $!";
	for my $line (@lines)
	{
		print $fh join("\t", map { my $v = $_; $v =~ s/\\/\\\\/g; $v =~ s/\t/\\t/g; $v =~ s/\n/\\n/g; $v =~ s/\r/\\r/g; $v } @$line), "\n";
	}
	close $fh;
	$node->safe_psql('postgres', "\\copy $table from '$file'");
}

# One claim, by both.
sub one
{
	my ($doc, $claim) = @_;
	my $policy = eval { Settle::compile($doc) } or return;
	my $want = eval { expected($policy, $claim) } or return;
	my ($text, $c) = ($json->encode($doc), Generate::encode_claim($claim));
	my ($status, $got) = $node->psql('postgres', "SELECT result(yibao.policy_parse(\$doc\$$text\$doc\$), \$claim\$$c\$claim\$)");
	return if $status || !length($got // '');
	return ($got, $want, other_fault($policy, $claim, $want));
}

sub differ { my ($got, $want, $faults) = one(@_); return defined $got && defined difference($got, $want, $faults) }

# A difference, with the smallest policy and claim that show it.
sub report
{
	my ($doc, $claim) = @_;
	my $why = '';
	if (differ($doc, $claim))
	{
		($doc, $claim) = Shrink::smallest($doc, $claim, \&differ);
		my ($got, $want) = one($doc, $claim);
		$why = difference($got, $want) . "\nyibao: $got\noracle: $want";
	}
	return "seed $seed\n$why\nclaim " . Generate::encode_claim($claim) . "\npolicy " . $json->encode($doc);
}

# ---------------------------------------------------------------- documents and claims

my @shipped;
for my $file (sort glob "$FindBin::RealBin/../../control/policies/*.json")
{
	my $text = slurp_file($file);
	push @shipped, { text => $text, doc => $json->decode($text), name => $file, claims => 3 * $nclaims };
}
cmp_ok(scalar @shipped, '>=', 4, 'the shipped policies are there');

my ($ndocs, $ntotal, $nrefused, $naccepted, $nsteps) = (0) x 5;
my (%count, @wrong, @different, @years, @disagree);
my ($row, $argument, $replays) = ('', 0, 0);
my ($bill, $arguments) = forms();
$node->safe_psql('postgres', $bill->{create});

for (my $todo = $npolicies; $todo > 0 || @shipped;)
{
	my @docs = @shipped ? splice(@shipped) : ();
	if (!@docs)
	{
		for (1 .. ($todo < 50 ? $todo : 50))
		{
			my $text = $json->encode(Generate::policy());
			push @docs, { text => $text, doc => $json->decode($text), name => 'random policy ' . ++$ndocs, claims => $nclaims };
		}
		$todo -= 50;
	}
	$node->safe_psql('postgres', 'TRUNCATE doc, claim, visit');
	load('doc(id, body)', map { [ $_, $docs[$_]{text} ] } 0 .. $#docs);
	$node->safe_psql('postgres', 'UPDATE doc SET (rules, state) = (SELECT v.rules, v.state FROM verdict(body) AS v)');
	my %state = map { split /\|/, $_, 2 } split /\n/, $node->safe_psql('postgres', 'SELECT id, state FROM doc');

	# which documents are refused
	for my $i (0 .. $#docs)
	{
		my $d = $docs[$i];
		my $policy = $d->{policy} = eval { Settle::compile($d->{doc}) };
		die $@ if !$policy && ref $@ ne 'HASH';
		my $collide = $policy ? 0 : 1;
		for my $list (@{ $policy->{lists} // [] })
		{
			my $one = Rules::collide($list);
			$collide = $one if !defined $one || $one && defined $collide;
			last if $collide;
		}
		next if !defined $collide || $state{$i} =~ /^YB105/;    # too much to look at; no claim can meet a rule's conditions
		$collide ? $nrefused++ : $naccepted++;
		my $should = $collide ? 'YB106' : 'ok';
		push @wrong, "$d->{name}: $state{$i}, expected $should: $d->{text}" if index($state{$i}, $should) != 0 && $state{$i} !~ /^YB109/;
	}

	# claims, settled by both
	my @claims;
	for my $i (grep { $state{$_} eq 'ok' && $docs[$_]{policy} } 0 .. $#docs)
	{
		my $d = $docs[$i];
		my $mentioned = Generate::mentioned($d->{doc});
		for (1 .. $d->{claims})
		{
			my $c = Generate::claim($d->{policy}, $mentioned);
			push @claims, [ $i, $c, Generate::encode_claim($c), expected($d->{policy}, $c) ];
		}
	}
	load('claim(id, doc, c)', map { [ $_, $claims[$_][0], $claims[$_][2] ] } 0 .. $#claims);
	my @results = split /\n/, $node->safe_psql('postgres', 'ANALYZE claim; SELECT results()');
	for my $line (@results)
	{
		my ($id, $got) = split /\|/, $line, 2;
		my ($i, $c, $text, $want) = @{ $claims[$id] };
		$count{ $want =~ /^(YB[0-9]{3})\|/ ? $1 : 'settled' }++;
		my $why = difference($got, $want, other_fault($docs[$i]{policy}, $c, $want)) // next;
		push @different, [ $docs[$i]{doc}, $c, $why ] if @different < 3000;
	}
	push @disagree, scalar(@results) . ' results of ' . @claims if @results != @claims;
	$ntotal += @claims;

	$nsteps += $node->safe_psql('postgres', 'SELECT count(*) FROM claim JOIN doc ON doc.id = doc WHERE claim.id % 10 = 0 AND NOT adds_up(rules, c)');
	$row .= $node->safe_psql('postgres', $bill->{count});
	$argument += $node->safe_psql('postgres', $arguments);

	# years of claims, one after the other
	my (@visits, @want);
	for my $i (grep { $state{$_} eq 'ok' && $docs[$_]{policy} } 0 .. $#docs)
	{
		my $d = $docs[$i];
		my $mentioned = Generate::mentioned($d->{doc});
		my @year;
		my $called;
		my %taken;
		for my $n (1 .. 16 * ($nclaims > 20 ? 5 : 1))
		{
			last if @year == 16;
			my $c = Generate::claim($d->{policy}, $mentioned);
			delete @$c{ 'opn_cum', 'cal_ipt_cnt', grep { /^cum_/ } keys %$c };
			next if grep { !defined $c->{$_} } qw(setl_time begntime endtime fee_ocur_time dise_codg hosp_lv fixmedins_code area);
			$c->{psn_insu_date} = '2019-04-01';
			$c->{trt_enjymnt_flag} = $Generate::true;
			my $y = eval { Year::called($d->{policy}, $c) } // next;
			next if ($called //= $y) != $y;
			$c->{year} = $y;
			$c->{psn_no} = 'P';
			$c->{setl_id} = sprintf 'S%04d', $n;
			$c->{setl_time} = substr($c->{setl_time}, 0, 10) . sprintf ' %02d:%02d:00', int rand 24, int rand 60;
			push @year, $c if eval { Settle::settle($d->{policy}, $c); Settle::settle($d->{policy}, { %$c, trt_enjymnt_flag => 1 }); 1 };
		}
		@year = sort { $a->{setl_time} cmp $b->{setl_time} || $a->{setl_id} cmp $b->{setl_id} } @year;
		my @settled = Year::settle($d->{policy}, @year);
		my @good = grep { !$settled[$_]{state} } 0 .. $#year;
		@settled = Year::settle($d->{policy}, @year[@good]) if @good < @year;
		next if grep { $_->{state} } @settled;
		push @visits, map { [ $i, $_ ] } @year[@good];
		push @want, @settled;
	}
	load('visit(id, person, doc, c)', map { [ $_, $visits[$_][0], $visits[$_][0], Generate::encode_claim($visits[$_][1]) ] } 0 .. $#visits);
	for my $line (split /\n/, $node->safe_psql('postgres', 'SELECT replayed()'))
	{
		my ($id, $got) = split /\|/, $line, 2;
		$replays++;
		my $why = difference($got, told($want[$id])) // next;
		my $i = $visits[$id][0];
		push @years, "$why\n" . join("\n", map { Generate::encode_claim($visits[$_][1]) } grep { $visits[$_][0] == $i } 0 .. $id) . "\npolicy $docs[$i]{text}" if @years < 30;
	}
}

if ($ENV{ORACLE_DUMP})
{
	open my $fh, '>', $ENV{ORACLE_DUMP} or die $!;
	print $fh "$_->[2]\nclaim @{[ Generate::encode_claim($_->[1]) ]}\npolicy @{[ $json->encode($_->[0]) ]}\n\n" for @different;
	print $fh "YEAR $_\n\n" for @years;
}

is(scalar @wrong, 0, "documents are refused just where two rules collide: $nrefused refused, $naccepted not") or diag(join "\n", grep { defined } @wrong[ 0 .. 2 ]);
cmp_ok($naccepted, '>', $npolicies / 3, 'many random policies are accepted');
cmp_ok($nrefused, '>', $npolicies / 30, 'and some are refused') if $npolicies >= 100;
is(scalar @different, 0, "of $ntotal claims each is what the oracle says: " . join ', ', map { "$count{$_} $_" } sort keys %count)
	or diag(join "\n\n", map { report(@$_) } grep { defined } @different[ 0, @different / 2 ]);
is("@disagree", '', 'every claim has a result');
cmp_ok($count{settled}, '>', $ntotal / 3, 'many claims settle');
is($nsteps, 0, 'the steps of each explanation add up');
is($row, '', 'a row gives what jsonb gives');
is($argument, 0, 'named arguments give what jsonb gives');
is(scalar @years, 0, "replay carries on $replays claims as the oracle does") or diag("seed $seed\n$years[0]");
cmp_ok($replays, '>', $npolicies, 'that is many of them');
# ---------------------------------------------------------------- other forms of a claim

# A table whose rows are claims, and payout() with named arguments: queries that count what is not as jsonb is.
sub forms
{
	my @text = qw(hosp_lv dedc_hosp_lv lmtpric_hosp_lv med_type refl area filing psn_type psn_idet_type clct_grde dise_codg gend fixmedins_code setl_type pay_loc insutype dise_type_code matn_type);
	my @flags = qw(er_flag inj_flag thrd_flag tcm_flag nwb_flag pub_flag trt_enjymnt_flag mid_setl_flag opsp_flag);
	my @numbers = qw(age cont_years zero_years gap_years bonus_years enrol_months dise_cnt act_ipt_days trsf_days year pre_days);
	my @parts = qw(fulamt_ownpay_amt overlmt_selfpay preselfpay_amt inscp_scp_amt);
	my @yuan = (qw(medfee_sumamt tcm_amt tcm_inscp), @parts);
	my @zero = qw(trsf_dedc prog_pay hosp_part_amt acct_pay acct_mulaid_pay);
	my @times = qw(setl_time begntime endtime fee_ocur_time psn_insu_date);
	my $all = join ',', @text, @flags, @numbers, @yuan, @times;
	# claims that have every field and nothing by another name; the parts may be left open in arguments alone
	my $good = "NOT c ? 'cal_ipt_cnt' AND c ?& '{$all}' AND NOT jsonb_path_exists(c, '\$.* ? (\@ == null)') AND c::text !~ '\"cum_' AND jsonb_typeof(c -> 'psn_idet_types') IS DISTINCT FROM 'string' AND c::text !~ '\"(x|1\\.5|1e3|1,0)\"'";
	my $create = 'CREATE TABLE bill (' . join(', ', (map { "$_ text" } @text), (map { "$_ boolean" } @flags), (map { "$_ int" } @numbers), (map { "$_ numeric" } @yuan, @zero), (map { "$_ timestamp" } @times),
		'paus_insu_date timestamp', 'psn_idet_types text[]', 'trt_chk_rslt text', 'opn_cum bigint[]') . ');
CREATE FUNCTION by_row(p jsonb, c jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE b bill; r yibao.settlement;
BEGIN
	b := jsonb_populate_record(NULL::bill, \'{"trsf_dedc": 0, "prog_pay": 0, "hosp_part_amt": 0, "acct_pay": 0, "acct_mulaid_pay": 0, "opn_cum": []}\' || c);
	r := yibao.settle(p, b);
	RETURN told(r);
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || \'|\' || replace(SQLERRM, E\'\n\', \' \');
END $$;';
	my $count = "SELECT coalesce(string_agg(format(E'%s\n%s\n%s\n%s', by_row(rules, c), result(rules, c), c, rules), E'\n'), '') FROM claim JOIN doc ON doc.id = doc WHERE claim.id % 10 = 1 AND $good AND NOT rules ? 'cross_year'
		AND result(rules, c) !~ '^YB' AND by_row(rules, c) IS DISTINCT FROM result(rules, c)";
	my @arguments = (
		(map { "$_ => c ->> '$_'" } @text), (map { "$_ => (c ->> '$_')::boolean" } @flags), (map { "$_ => (c ->> '$_')::integer" } @numbers),
		(map { "$_ => (c ->> '$_')::numeric" } @yuan), (map { "$_ => COALESCE((c ->> '$_')::numeric, 0)" } @zero), (map { "$_ => (c ->> '$_')::timestamp" } grep { $_ ne 'psn_insu_date' } @times),
		"opn_cum => ARRAY(SELECT v::bigint FROM jsonb_array_elements_text(c -> 'opn_cum') WITH ORDINALITY AS e(v, n) ORDER BY n)");
	my $payout = sprintf <<'SQL', join(', ', @arguments), $good;
SELECT count(*) FROM (SELECT result, n, yibao.payout(rules, %s, field => f)
	FROM (SELECT rules, c, result(rules, c) AS result FROM claim JOIN doc ON doc.id = doc WHERE claim.id %% 10 = 2 AND %s AND NOT rules ? 'cross_year' AND NOT c ? 'psn_idet_types' AND rules::text !~ 'trt_chk_rslt' AND rules #>> '{year,starts}' IS DISTINCT FROM 'enrolment' OFFSET 0) AS k,
		(VALUES ('fund_pay_sumamt', 14), ('act_pay_dedc', 8), ('psn_cash_pay', 19)) AS v(f, n) WHERE result !~ '^YB') AS p
WHERE payout IS DISTINCT FROM split_part(result, '|', n)::numeric
SQL
	return ({ create => $create, count => $count }, $payout);
}

$node->stop;
done_testing();
