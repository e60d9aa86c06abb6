# What holds of every settlement, whatever the policy: random policies, which use the whole grammar, and those that are shipped; random
# claims, and years of claims in random orders.  Nothing is computed here but what a property says; failures are made smaller.
#
#   PROPERTY_SEED=...      other policies and claims; the seed is printed
#   PROPERTY_POLICIES=...  so many random policies
use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::RealBin/../oracle";
use JSON::PP;
use Exact qw(fen yuan);
use Claim;
use Settle;
use Year;
use Generate;
use Shrink;
use List::Util qw(max);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use YibaoTest;

my $seed = $ENV{PROPERTY_SEED} || 20261123;
my $npolicies = $ENV{PROPERTY_POLICIES} // 250;
my ($nsingles, $npersons, $nvisits) = (30, 4, 7);
srand($seed);
diag("seed $seed, $npolicies policies");
my $json = JSON::PP->new->utf8->canonical->allow_blessed;

my $node = new_server('properties');
my $dir = PostgreSQL::Test::Utils::tempdir();
$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION yibao;
CREATE UNLOGGED TABLE doc (id int PRIMARY KEY, body text, rules jsonb, caps jsonb, plain boolean, steps boolean);
CREATE UNLOGGED TABLE claim (id int PRIMARY KEY, doc int, c jsonb, more text);
CREATE UNLOGGED TABLE visit (id int PRIMARY KEY, doc int, person int, n int, c jsonb);

CREATE FUNCTION accepted(body text) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
	RETURN yibao.policy_parse(body);
EXCEPTION WHEN SQLSTATE 'YB106' OR SQLSTATE 'YB105' OR SQLSTATE 'YB109' THEN
	RETURN NULL;                      -- two rules collide: 020_oracle has these
END $$;

-- what does not hold of one settlement; "held" once all was looked at, nothing where the policy cannot settle the claim
CREATE FUNCTION broken(p jsonb, c jsonb) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE s yibao.settlement; w yibao.settlement; r yibao.settlement; o jsonb; later int; e record; n int;
BEGIN
	BEGIN
		s := yibao.settle(p, c);
	EXCEPTION WHEN OTHERS THEN
		IF SQLSTATE NOT LIKE 'YB%' THEN RETURN NEXT SQLSTATE || ' ' || SQLERRM; END IF;
		RETURN;
	END;
	IF s.medfee_sumamt <> s.fulamt_ownpay_amt + s.overlmt_selfpay + s.preselfpay_amt + s.inscp_scp_amt THEN RETURN NEXT 'parts of the cost'; END IF;
	IF s.fund_pay_sumamt <> s.hifp_pay + s.hifmi_pay + s.maf_pay + s.oth_pay THEN RETURN NEXT 'sum of the payers'; END IF;
	IF s.medfee_sumamt <> s.fund_pay_sumamt + s.hosp_part_amt + s.psn_part_amt THEN RETURN NEXT 'who bears the cost'; END IF;
	IF s.psn_part_amt <> s.acct_pay + s.acct_mulaid_pay + s.psn_cash_pay THEN RETURN NEXT 'how the person pays'; END IF;
	IF least(s.hifp_pay, s.hifmi_pay, s.maf_pay, s.oth_pay, s.psn_part_amt, s.psn_cash_pay, s.act_pay_dedc, s.dedc_std, s.crt_dedc, s.first_selfpay) < 0 THEN RETURN NEXT 'a negative amount'; END IF;
	IF s.hifp_pay > s.inscp_scp_amt OR s.act_pay_dedc > s.inscp_scp_amt OR s.fund_pay_sumamt > s.medfee_sumamt THEN RETURN NEXT 'more than its base'; END IF;
	IF 0 > ANY (s.cum) THEN RETURN NEXT 'a negative accumulator'; END IF;
	-- replay tells the benefit year by the policy's rule, that of the date or one beside it; what says it is not the first of its year brings what was before it
	FOREACH later IN ARRAY CASE WHEN c ->> 'setl_time' IS NULL THEN '{}' ELSE '{0,1,-1}'::int[] END LOOP
		o := CASE WHEN c ? 'opn_cum' THEN c ELSE '{"cum_medfee": 0}' || c END || jsonb_build_object('year', extract(year FROM (c ->> 'setl_time')::timestamp)::int + later);
		BEGIN
			w := yibao.settle(p, o);
			r := (SELECT yibao.replay(p, one) OVER (ORDER BY v.at) FROM (VALUES (1, o || '{"psn_no": "P", "setl_id": "S"}')) AS v(at, one));
			IF r IS DISTINCT FROM w THEN RETURN NEXT format('replay of one claim: %s, settle %s', r, w); ELSE RETURN NEXT 'held, replayed'; END IF;
			EXIT;
		EXCEPTION WHEN SQLSTATE 'YB504' OR SQLSTATE 'YB202' THEN
			CONTINUE;                     -- another year; or one whose income is not known
		END;
	END LOOP;
	FOR e IN SELECT settles, sum(amount) AS amount FROM yibao.explain(p, c) WHERE settles IS NOT NULL GROUP BY 1 LOOP
		IF (to_jsonb(s) ->> e.settles)::numeric <> e.amount THEN RETURN NEXT 'the explanation of ' || e.settles; END IF;
	END LOOP;
	SELECT count(*) INTO n FROM yibao.explain(p, c, 'zh') WHERE coalesce(sentence, '') = '';
	IF n > 0 THEN RETURN NEXT 'a step without a sentence'; END IF;
	RETURN NEXT 'held';
EXCEPTION WHEN OTHERS THEN
	RETURN NEXT SQLSTATE || ' ' || SQLERRM;
END $$;

-- the same claim with so much more of in-scope cost is not paid less
CREATE FUNCTION less_for_more(p jsonb, c jsonb, more numeric) RETURNS text LANGUAGE plpgsql AS $$
DECLARE a yibao.settlement; b yibao.settlement;
BEGIN
	a := yibao.settle(p, c);
	b := yibao.settle(p, c || jsonb_build_object('inscp_scp_amt', (a.inscp_scp_amt + more)::text, 'medfee_sumamt', (a.medfee_sumamt + more)::text));
	RETURN CASE WHEN b.fund_pay_sumamt < a.fund_pay_sumamt THEN format('%s for %s of cost in scope, %s for %s', a.fund_pay_sumamt, a.inscp_scp_amt, b.fund_pay_sumamt, b.inscp_scp_amt) ELSE 'held' END;
EXCEPTION WHEN OTHERS THEN
	RETURN CASE WHEN SQLSTATE NOT LIKE 'YB%' THEN SQLSTATE || ' ' || SQLERRM END;
END $$;

-- what does not hold of a year, as of one settlement
CREATE FUNCTION broken_year(p jsonb, caps jsonb, plain boolean, year jsonb[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE whole yibao.settlement[]; s yibao.settlement; cum bigint[] := '{}'; rest yibao.settlement[]; cap record; paid numeric; k int;
BEGIN
	BEGIN
		SELECT array_agg(x.r ORDER BY x.n) INTO whole FROM (SELECT n, yibao.replay(p, c) OVER (ORDER BY n) AS r FROM unnest(year) WITH ORDINALITY AS u(c, n) OFFSET 0) AS x;
	EXCEPTION WHEN OTHERS THEN
		IF SQLSTATE NOT LIKE 'YB%' OR SQLSTATE = 'YB011' THEN RETURN NEXT SQLSTATE || ' ' || SQLERRM; END IF;
		RETURN;
	END;
	FOR cap IN SELECT * FROM jsonb_to_recordset(caps) AS x(pays text, amount numeric, benefits text[]) LOOP
		SELECT sum((to_jsonb(w) ->> cap.pays)::numeric) INTO paid FROM unnest(whole) AS w WHERE cap.benefits IS NULL OR w.benefit = ANY (cap.benefits);
		IF paid > cap.amount THEN RETURN NEXT format('cap %s of %s: %s paid', cap.amount, cap.pays, paid); END IF;
	END LOOP;
	RETURN NEXT CASE WHEN plain THEN 'held, plain' ELSE 'held' END || CASE WHEN caps <> '[]' THEN ', capped' ELSE '' END;
	IF NOT plain THEN RETURN; END IF;
	FOR i IN 1 .. cardinality(year) LOOP
		s := yibao.settle(p, year[i] || jsonb_build_object('opn_cum', to_jsonb(cum)));
		IF s IS DISTINCT FROM whole[i] THEN RETURN NEXT format('visit %s: replay %s, settle after settle %s', i, whole[i], s); EXIT; END IF;
		cum := s.cum;
	END LOOP;
	FOR k IN 2 .. cardinality(year) LOOP
		SELECT array_agg(x.r ORDER BY x.n) INTO rest FROM (SELECT n, yibao.replay(p, CASE WHEN n = k THEN c || jsonb_build_object('opn_cum', to_jsonb(whole[k - 1].cum)) ELSE c END) OVER (ORDER BY n) AS r
			FROM unnest(year) WITH ORDINALITY AS u(c, n) WHERE n >= k OFFSET 0) AS x;
		IF rest IS DISTINCT FROM whole[k:] THEN RETURN NEXT format('the year split before visit %s is another', k); EXIT; END IF;
	END LOOP;
EXCEPTION WHEN OTHERS THEN
	RETURN NEXT SQLSTATE || ' ' || SQLERRM;
END $$;
SQL

sub load
{
	my ($table, @lines) = @_;
	my $file = "$dir/load.txt";
	open my $fh, '>', $file or die "$file: $!";
	print $fh join("\t", map { my $v = $_; $v =~ s/\\/\\\\/g; $v =~ s/\t/\\t/g; $v =~ s/\n/\\n/g; $v =~ s/\r/\\r/g; $v } @$_), "\n" for @lines;
	close $fh;
	$node->safe_psql('postgres', "\\copy $table from '$file'");
}

# ---------------------------------------------------------------- what a policy says, as far as a property hangs on it

# Caps that are simply so much a year for every claim, or every claim of some benefits: {pays, amount, benefits}.  The most any rule of the
# list gives bounds the year.
sub year_caps
{
	my ($doc) = @_;
	my @caps;
	my %layers;
	$layers{ $_->{pays} }++ for @{ $doc->{layers} };
	for my $layer (grep { $layers{ $_->{pays} } == 1 && $_->{pays} ne 'oth_pay' } @{ $doc->{layers} })
	{
		for my $rules (values %{ $layer->{cap} // {} })
		{
			next if !grep { !$_->{when} && !$_->{from} && !$_->{to} } @$rules;
			next if grep { !defined $_->{amount} || $_->{each} || $_->{per} ne 'year' || $_->{on} ne 'payment' || $_->{layers} || $_->{unknown} || ($_->{scope} // 'layer') eq 'disease' } @$rules;
			my @counts = map { $_->{benefits} ? join(' ', sort @{ $_->{benefits} }) : $_->{scope} // 'layer' } @$rules;
			next if grep { $_ ne $counts[0] } @counts;
			my $most = max(map { $_->{amount} } @$rules);
			push @caps, map { { pays => $layer->{pays}, amount => $most, benefits => $_ } }
				$rules->[0]{benefits} ? $rules->[0]{benefits} : $counts[0] eq 'benefit' ? map { [$_] } qw(inpatient outpatient chronic other) : undef;
		}
	}
	return \@caps;
}

# Accumulators that hang on the claim's own day, disease or hospital are derived from the visits, not carried: no plain fold.
sub is_plain { my ($text) = @_; return $text !~ /"(?:per|scope)":"(?:day|month|quarter|disease|benefit|lifetime)"|"group":|cum_(?:lv|hosp|area)_cnt|"readmit"|"cross_year"|"restart"/ }

# Does a rule ask how much something costs, does a layer take a share of one cost off what it pays of another, or does a part of the cost
# have points of its own, of which a growing whole cuts more?  Then it may pay less for more, as its author says.
sub has_steps
{
	my ($doc) = @_;
	return 1 if $json->encode($doc) =~ /"(?:tcm_share|tcm_amt|medfee_sumamt|inscp_scp_amt|preselfpay_amt)":|"part":/;
	return scalar grep { my $l = $_; "@{ $l->{base} // [] }" ne 'inscp' && grep { ($_->{percent_of} // '') =~ /total|inscp/ } @{ $l->{deductible} // [] } } @{ $doc->{layers} };
}

# ---------------------------------------------------------------- policies, claims, years

sub year_of
{
	my ($policy, $mentioned) = @_;
	my (@year, $called);
	for my $n (1 .. 60)
	{
		last if @year == $nvisits;
		my $c = Generate::claim($policy, $mentioned);
		delete @$c{ 'opn_cum', 'cal_ipt_cnt', grep { /^cum_/ } keys %$c };
		next if grep { !defined $c->{$_} } qw(setl_time begntime endtime fee_ocur_time dise_codg hosp_lv fixmedins_code area);
		$c->{psn_insu_date} = '2019-04-01';
		$c->{trt_enjymnt_flag} = $Generate::true;
		my $y = eval { Year::called($policy, $c) } // next;
		next if ($called //= $y) != $y;
		@$c{qw(year psn_no setl_id)} = ($y, 'P', sprintf 'S%04d', $n);
		$c->{setl_time} = substr($c->{setl_time}, 0, 10) . sprintf ' %02d:%02d:00', int rand 24, int rand 60;
		push @year, $c if eval { Settle::settle($policy, $c); 1 };    # settled for another claim's sake only: which are no errors
	}
	return sort { $a->{setl_time} cmp $b->{setl_time} || $a->{setl_id} cmp $b->{setl_id} } @year;
}

my @shipped;
for my $file (sort glob "$FindBin::RealBin/../../control/policies/*.json")
{
	my $text = slurp_file($file);
	push @shipped, { text => $text, doc => $json->decode($text), name => $file };
}

my ($nclaims, $nmore, $nyears, $ncapped, $nplain, $nreplayed) = (0) x 6;
my (@single, @more, @years);
for (my $todo = $npolicies; $todo > 0 || @shipped;)
{
	my @docs = splice @shipped;
	if (!@docs)
	{
		@docs = map { my $text = $json->encode(Generate::policy()); { text => $text, doc => $json->decode($text), name => 'random' } } 1 .. ($todo < 50 ? $todo : 50);
		$todo -= 50;
	}
	my (@claims, @visits);
	for my $i (0 .. $#docs)
	{
		my $d = $docs[$i];
		$d->{policy} = eval { Settle::compile($d->{doc}) } or next;
		my $mentioned = Generate::mentioned($d->{doc});
		push @claims, [ $i, Generate::claim($d->{policy}, $mentioned) ] for 1 .. $nsingles;
		for my $person (1 .. $npersons)
		{
			my @year = year_of($d->{policy}, $mentioned);
			push @visits, map { [ $i, $person, $_, $year[ $_ - 1 ] ] } 1 .. @year;
		}
	}
	$node->safe_psql('postgres', 'TRUNCATE doc, claim, visit');
	load('doc(id, body, caps, plain, steps)', map { my $t = $json->encode($docs[$_]{doc}); [ $_, $docs[$_]{text}, $json->encode(year_caps($docs[$_]{doc})), is_plain($t) ? 't' : 'f', has_steps($docs[$_]{doc}) ? 't' : 'f' ] } 0 .. $#docs);
	load('claim(id, doc, c, more)', map { [ $_, $claims[$_][0], Generate::encode_claim($claims[$_][1]), yuan(1 + int(rand() * Generate::one_of(1, 100, 10_000_00))) ] } 0 .. $#claims);
	load('visit(id, doc, person, n, c)', map { [ $_, @{ $visits[$_] }[ 0 .. 2 ], Generate::encode_claim($visits[$_][3]) ] } 0 .. $#visits);
	$node->safe_psql('postgres', 'UPDATE doc SET rules = accepted(body); DELETE FROM claim USING doc WHERE doc = doc.id AND rules IS NULL; DELETE FROM visit USING doc WHERE doc = doc.id AND rules IS NULL');
	# each line ends with what does not hold, or "held"
	my $failed = sub {
		my ($counts, $query, $make) = @_;
		for my $line (split /\n/, $node->safe_psql('postgres', $query))
		{
			my ($id, $rest, $why) = split /\|/, $line, 3;
			if ($why !~ /^held/) { $make->($id, $rest, $why) }
			else { $$_++ for map { $counts->{$_} } grep { $why =~ /$_/ } sort keys %$counts }
		}
	};
	$failed->({ 'held$' => \$nclaims, replayed => \$nreplayed }, "SELECT claim.id, '', b FROM claim JOIN doc ON doc.id = doc, broken(rules, c) AS b ORDER BY claim.id",
		sub { my ($id, $rest, $why) = @_; push @single, [ $docs[ $claims[$id][0] ]{doc}, $claims[$id][1], $why ] });
	$failed->({ held => \$nmore }, "SELECT claim.id, more, b FROM claim JOIN doc ON doc.id = doc, less_for_more(rules, c, more::numeric) AS b WHERE NOT steps AND c ? 'inscp_scp_amt' AND b IS NOT NULL ORDER BY claim.id",
		sub { my ($id, $k, $why) = @_; push @more, [ $docs[ $claims[$id][0] ]{doc}, $claims[$id][1], "$why (by $k)", $k ] });
	$failed->({ held => \$nyears, plain => \$nplain, capped => \$ncapped },
		'SELECT doc, person, b FROM (SELECT doc, person, array_agg(c ORDER BY n) AS year FROM visit GROUP BY 1, 2) AS y JOIN doc ON doc.id = doc, broken_year(rules, caps, plain, year) AS b ORDER BY 1, 2',
		sub { my ($i, $person, $why) = @_; push @years, "$why\n" . join("\n", map { Generate::encode_claim($_->[3]) } grep { $_->[0] == $i && $_->[1] == $person } @visits) . "\npolicy $docs[$i]{text}" });
}

# ---------------------------------------------------------------- the smallest that shows it

sub small
{
	my ($doc, $claim, $query) = @_;
	my $fails = sub {
		my ($d, $c) = @_;
		my ($text, $k) = ($json->encode($d), Generate::encode_claim($c));
		my ($status, $got) = $node->psql('postgres', sprintf $query, "accepted(\$doc\$$text\$doc\$)", "\$claim\$$k\$claim\$");
		return !$status && length($got // '') && $got ne 'held';
	};
	# the ways to make a document smaller are those of the random ones
	($doc, $claim) = Shrink::smallest($doc, $claim, $fails) if $doc->{title}{zh} eq '随机' && $fails->($doc, $claim);
	return 'claim ' . Generate::encode_claim($claim) . "\npolicy " . $json->encode($doc);
}

is(scalar @single, 0, "of $nclaims claims: identities to the fen, nothing negative or above its base, explanations add up, replay of one is settle ($nreplayed)")
	or diag("seed $seed\n", join "\n\n", map { "$_->[2]\n" . small(@$_[ 0, 1 ], 'SELECT broken(%s, %s)') } grep { defined } @single[ 0 .. ($#single < 2 ? $#single : 2) ]);
is(scalar @more, 0, "of $nmore claims under policies without steps: more cost in scope is never paid less")
	or diag("seed $seed\n", join "\n\n", map { "$_->[2]\n" . small(@$_[ 0, 1 ], "SELECT less_for_more(%s, %s, $_->[3])") } @more[ 0 .. ($#more < 2 ? $#more : 2) ]);
is(scalar @years, 0, "of $nyears years in any order: no cap is passed ($ncapped with caps), replay is settle after settle, a year may be split anywhere ($nplain)")
	or diag("seed $seed, " . @years . "\n", join "\n\n", @years[ 0 .. ($#years < 2 ? $#years : 2) ]);
cmp_ok($nclaims, '>', 10 * $npolicies, 'these are many claims');
cmp_ok($nreplayed, '>', 0.9 * $nclaims, 'replayed, all but those of a year whose income is not known');
cmp_ok($nyears, '>', $npolicies, 'and many years');
cmp_ok($ncapped, '>', $npolicies / 20, 'many of them with caps');
cmp_ok($nplain, '>', $npolicies / 2, 'many that settle after settle can follow');

$node->stop;
done_testing();
