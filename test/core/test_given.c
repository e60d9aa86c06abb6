/*
 * test_given.c
 *	  Amounts that another system settled: what fits, and what they make of the
 *	  year; figures by hand, then properties of random ones.
 */
#include "policy_builder.h"
#include "tap.h"

#define YUAN(y) ((Fen) (y) * 100)
#define PCT(p) ((Ratio) (p) * 1000000)

static Claim c;
static Settlement computed;
static Settlement s;
static CoreError err;
static GivenError e;
static GivenAmounts g;

/* Basic 75 % above 500; serious 60 % of deductible and own share above 1,000; assistance 10 %, then 20 % more. */
static void
policy(void)
{
	static const Band b75[] = {{FEN_INF, PCT(75)}};
	static const Band b60[] = {{FEN_INF, PCT(60)}};
	static const Band b10[] = {{FEN_INF, PCT(10)}};
	static const Band b20[] = {{FEN_INF, PCT(20)}};
	static const struct
	{
		LayerCode	code;
		Fen			dedc;
		const Band *band;
	}			layers[] = {
		{LAYER_BASIC, YUAN(500), b75}, {LAYER_SERIOUS, YUAN(1000), b60}, {LAYER_ASSIST, 0, b10}, {LAYER_TILT, 0, b20}
	};

	pb_start();
	policy_layout(&pb);
	pb_inpatient();
	for (int i = 0; i < 4; i++)
	{
		Layer	   *l = pb_layer(layers[i].code, i == 0 ? COMP_INSCP : COMP_DEDC | COMP_COPAY);

		pb_deductible(l, pb_box(), layers[i].dedc, PER_VISIT);
		pb_ratio(l, pb_box(), 1, layers[i].band, false, PER_VISIT);
	}
	policy_cell_layout(&pb);
}

/* What the claim comes to, as if another system had said so. */
static void
as_computed(Fen inscp)
{
	claim_inscp(&c, inscp);
	ok(settle(&pb, &c, &computed, NULL, &err), "the claim settles");
	memcpy(g.amount, computed.amount, sizeof(g.amount));
	g.known = GIVEN_ALL;
}

/* The sums that follow from what is paid. */
static void
add_up(void)
{
	Fen		   *a = g.amount;

	a[SA_fund_pay_sumamt] = a[SA_hifp_pay] + a[SA_hifmi_pay] + a[SA_maf_pay] + a[SA_oth_pay];
	a[SA_psn_part_amt] = a[SA_psn_cash_pay] = c.v[CF_medfee_sumamt] - a[SA_fund_pay_sumamt];
}

static bool
fits(void)
{
	return given_check(&pb, &c, &g, &e, &err);
}

static bool
refused(GivenFault fault, int column, Fen expected)
{
	return !fits() && e.fault == fault && e.column == column && e.expected == expected;
}

static void
by_hand(void)
{
	/* 3,375; own share 1,625: 375; (1,625 - 375) x 10 % = 125; (1,250 - 125) x 20 % = 225 */
	as_computed(YUAN(5000));
	is_fen(computed.amount[SA_maf_pay], YUAN(350), "125 and 225 of assistance");
	ok(fits(), "what was computed fits");
	ok(settle_given(&pb, &c, &g, &computed, &s, &err) && memcmp(s.amount, computed.amount, sizeof(s.amount)) == 0 &&
	   memcmp(&s.layer[LAYER_BASIC], &computed.layer[LAYER_BASIC], sizeof(LayerResult)) == 0 &&
	   s.layer[LAYER_TILT].base == computed.layer[LAYER_TILT].base, "and counts as computed");

	/* 100 less of basic: the share is 1,725, and 200 of the deductible less: the same, as copay has them */
	g.amount[SA_hifp_pay] -= YUAN(100);
	add_up();
	ok(fits() && settle_given(&pb, &c, &g, &computed, &s, &err), "another payment");
	is_fen(s.layer[LAYER_SERIOUS].base, YUAN(1725), "the layer above looks at what was not paid");
	is_fen(s.layer[LAYER_ASSIST].base, YUAN(1350), "and so on");
	g.amount[SA_act_pay_dedc] = YUAN(300);
	ok(fits() && settle_given(&pb, &c, &g, &computed, &s, &err), "another deductible");
	is_fen(s.layer[LAYER_BASIC].elig, YUAN(4700), "the cost left of it");
	is_fen(s.layer[LAYER_SERIOUS].base, YUAN(1725), "the person bears it one way or the other");

	/* asked for no rule */
	ok(settle_given(&pb, &c, &g, NULL, &s, &err) && !s.layer[LAYER_TILT].applied, "without the policy's rules");
	is_fen(s.layer[LAYER_BASIC].elig, YUAN(4700), "what was borne and paid counts");
	is_fen(s.layer[LAYER_ASSIST].pay, YUAN(350), "one amount of two layers is the first one's");

	g.known = GIVEN_ALL & ~GIVEN_BIT(maf_pay);
	ok(refused(GIVEN_MISSING, SA_maf_pay, 0), "an amount that is not known");
	g.known = GIVEN_NEEDED;
	ok(fits(), "others may be left out");
	g.amount[SA_psn_cash_pay]++;
	ok(refused(GIVEN_NOT_EQUAL, SA_psn_cash_pay, g.amount[SA_psn_cash_pay] - 1), "a fen too much at the window");
	add_up();
	g.amount[SA_fund_pay_sumamt]--;
	ok(refused(GIVEN_NOT_EQUAL, SA_fund_pay_sumamt, g.amount[SA_fund_pay_sumamt] + 1), "a fen too little of the funds");
	g.amount[SA_hifp_pay] = YUAN(5000) + 1;
	ok(refused(GIVEN_ABOVE, SA_hifp_pay, YUAN(5000)), "more than the cost in policy");
	claim_set(&c, CF_inscp_scp_amt, YUAN(4999));
	claim_set(&c, CF_fulamt_ownpay_amt, 0);
	claim_set(&c, CF_overlmt_selfpay, 0);
	claim_set(&c, CF_preselfpay_amt, 0);
	ok(!fits() && e.fault == GIVEN_CLAIM && err.code == CE_PARTS, "a cost that is not its parts");
}

static uint32_t seed = 20220501;

static Fen
below(Fen n)
{
	seed = seed * 1664525u + 1013904223u;
	return n <= 0 ? 0 : (Fen) ((uint64_t) seed * (uint64_t) n >> 32);
}

static void
properties(void)
{
	bool		settled = true;
	bool		paid = true;
	bool		counted = true;

	for (int i = 0; i < 100000; i++)
	{
		Fen		   *a = g.amount;
		Fen			inscp = below(YUAN(20000)) + 1;
		int64_t		cum[CUM_COUNT];
		bool		rules = below(4) > 0;

		claim_inscp(&c, inscp);
		memset(&g, 0, sizeof(g));
		a[SA_act_pay_dedc] = below(inscp + 1);
		a[SA_hifp_pay] = below(inscp + 1);
		a[SA_hifmi_pay] = below(3) == 0 ? 0 : below(inscp - a[SA_hifp_pay] + 1);
		a[SA_maf_pay] = below(inscp - a[SA_hifp_pay] - a[SA_hifmi_pay] + 1);
		a[SA_oth_pay] = below(5) > 0 ? 0 : below(inscp - a[SA_hifp_pay] - a[SA_hifmi_pay] - a[SA_maf_pay] + 1);
		g.known = GIVEN_NEEDED;
		add_up();
		settled = settled && fits() && settle(&pb, &c, &computed, NULL, &err) &&
			settle_given(&pb, &c, &g, rules ? &computed : NULL, &s, &err) && settle_advance(&c, &s, cum, &err);
		paid = paid && s.layer[LAYER_BASIC].pay == a[SA_hifp_pay] && s.layer[LAYER_SERIOUS].pay == a[SA_hifmi_pay] &&
			s.layer[LAYER_ASSIST].pay + (s.layer[LAYER_TILT].applied ? s.layer[LAYER_TILT].pay : 0) == a[SA_maf_pay] &&
			(a[SA_oth_pay] == 0 || s.layer[LAYER_SUPPLEMENT].pay == a[SA_oth_pay]);
		for (int k = 0; k < CUM_COUNT; k++)
			counted = counted && cum[k] >= 0;
		counted = counted && cum[CUM(ipt_dedc)] == a[SA_act_pay_dedc] && cum[CUM(ipt_hifp)] == a[SA_hifp_pay] && cum[CUM(ipt_inscp)] == inscp;
	}
	ok(settled, "100,000 settlements of other systems fit and are taken");
	ok(paid, "each layer has paid what was given");
	ok(counted, "and the year counts it, nothing below zero");
}

int
main(void)
{
	policy();
	by_hand();
	properties();
	return done_testing();
}
