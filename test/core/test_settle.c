/*
 * test_settle.c
 *	  The pipeline against figures worked out by hand from published tables.
 */
#include "policy_builder.h"
#include "tap.h"

#define YUAN(y) ((Fen) (y) * 100)
#define PCT(p) ((Ratio) (p) * 1000000)

static Settlement s;
static CoreError err;
static Trace trace;

static bool
run(const Claim *c)
{
	policy_cell_layout(&pb);
	return settle(&pb, c, &s, &trace, &err);
}

/* basic: a deductible and a ratio for everyone */
static Layer *
flat_basic(Fen dedc, const Band *band)
{
	Layer	   *l = pb_layer(LAYER_BASIC, COMP_INSCP);

	pb_deductible(l, pb_box(), dedc, PER_VISIT);
	pb_ratio(l, pb_box(), 1, band, false, PER_VISIT);
	return l;
}

static bool
trace_adds_up(void)
{
	Fen			sum[SA_COUNT] = {0};

	for (int i = 0; i < trace.n; i++)
		if (trace.step[i].column < SA_COUNT)
			sum[trace.step[i].column] += trace.step[i].amount;
	return sum[SA_hifp_pay] == s.amount[SA_hifp_pay] &&
		sum[SA_hifmi_pay] == s.amount[SA_hifmi_pay] &&
		sum[SA_maf_pay] == s.amount[SA_maf_pay] &&
		sum[SA_oth_pay] == s.amount[SA_oth_pay] &&
		sum[SA_act_pay_dedc] == s.amount[SA_act_pay_dedc] &&
		sum[SA_medfee_sumamt] == s.amount[SA_medfee_sumamt] &&
		sum[SA_psn_cash_pay] == s.amount[SA_psn_cash_pay];
}

static void
basic_layer(void)
{
	static const Band b80[] = {{FEN_INF, PCT(80)}};
	static const Band b70[] = {{FEN_INF, PCT(70)}};
	static const Band zhoukou[] = {{YUAN(4000), PCT(53)}, {FEN_INF, PCT(72)}};
	Claim		c;
	Layer	   *l;
	Rule	   *r;

	pb_start();
	policy_layout(&pb);
	pb_inpatient();
	flat_basic(YUAN(500), b80);
	claim_inscp(&c, YUAN(10000));
	ok(run(&c), "a claim of 10,000 settles");
	is_fen(s.amount[SA_hifp_pay], YUAN(7600), "X3: (10,000 - 500) x 80% = 7,600");
	is_fen(s.amount[SA_psn_part_amt], YUAN(2400), "the person pays the remainder");
	ok(trace_adds_up(), "the steps of X3 add up to its amounts");
	claim_inscp(&c, YUAN(300));
	ok(run(&c) && s.amount[SA_hifp_pay] == 0 && s.amount[SA_act_pay_dedc] == YUAN(300),
	   "a claim below the deductible pays nothing and consumes only itself");
	ok(trace_adds_up(), "its steps add up");
	claim_inscp(&c, 0);
	ok(run(&c) && s.amount[SA_psn_part_amt] == 0, "a claim of nothing settles to nothing");

	pb_start();
	policy_layout(&pb);
	pb_inpatient();
	l = pb_layer(LAYER_BASIC, COMP_INSCP);
	pb_deductible(l, pb_box(), YUAN(900), PER_VISIT);
	pb_ratio(l, pb_box(), 2, zhoukou, false, PER_VISIT);
	claim_inscp(&c, YUAN(10000));
	ok(run(&c), "a tiered claim settles");
	is_fen(s.amount[SA_hifp_pay], YUAN(5963), "X6: 3,100 x 53% + 6,000 x 72% = 5,963");
	ok(trace_adds_up(), "the steps of X6 add up");

	/* X9: both readings of "lower the ratio by 10%" [A079] */
	for (int mode = 0; mode < 3; mode++)
	{
		static const Op ops[] = {OP_ADD, OP_MULTIPLY, OP_MULTIPLY_RESULT};
		static const Ratio by[] = {-PCT(10), PCT(90), PCT(90)};
		static const Fen want[] = {YUAN(11400), YUAN(11970), YUAN(11970)};

		pb_start();
		policy_layout(&pb);
		pb_inpatient();
		l = flat_basic(YUAN(1000), b70);
		r = pb_rule(pb_more(l, RK_ADJUST), pb_box());
		r->u.adjust.op = ops[mode];
		r->u.adjust.ratio = by[mode];
		claim_inscp(&c, YUAN(20000));
		ok(run(&c), "a claim without referral settles");
		is_fen(s.amount[SA_hifp_pay], want[mode],
			   mode == 0 ? "X9: minus 10 points pays 11,400.00 [A079]" :
			   mode == 1 ? "X9: times 0.9 on the ratio pays 11,970.00 [A079]" :
			   "X9: times 0.9 on the result pays 11,970.00 [A079]");
		ok(trace_adds_up(), "its steps add up");
	}

	/* X5: deductible as a share of the total, within bounds */
	pb_start();
	policy_layout(&pb);
	pb_inpatient();
	l = pb_layer(LAYER_BASIC, COMP_INSCP);
	r = pb_rule(l->deductible, pb_box());
	r->u.deductible.is_ratio = true;
	r->u.deductible.of = OF_TOTAL;
	r->u.deductible.ratio = PCT(20);
	r->u.deductible.min = YUAN(2000);
	r->u.deductible.max = YUAN(10000);
	pb_ratio(l, pb_box(), 1, b70, false, PER_VISIT);
	claim_inscp(&c, YUAN(8000));
	ok(run(&c), "a claim with a proportional deductible settles");
	is_fen(s.amount[SA_act_pay_dedc], YUAN(2000), "X5: 20% of 8,000, at least 2,000");
	claim_inscp(&c, YUAN(30000));
	run(&c);
	is_fen(s.amount[SA_act_pay_dedc], YUAN(6000), "X5: 20% of 30,000 is 6,000");
	claim_inscp(&c, YUAN(80000));
	run(&c);
	is_fen(s.amount[SA_act_pay_dedc], YUAN(10000), "X5: 20% of 80,000, at most 10,000");
}

static void
caps(void)
{
	static const Band b100[] = {{FEN_INF, PCT(100)}};
	static const Band b70[] = {{FEN_INF, PCT(70)}};
	Claim		c;
	Layer	   *l;
	Rule	   *r;
	int64_t		after[CUM_COUNT];

	pb_start();
	policy_layout(&pb);
	pb_inpatient();
	l = flat_basic(0, b100);
	r = pb_rule(pb_more(l, RK_CAP), pb_box());
	r->u.cap.per = PER_YEAR;
	r->u.cap.on_payment = true;
	r->u.cap.amount = YUAN(1000);
	claim_inscp(&c, YUAN(800));
	ok(run(&c) && s.amount[SA_hifp_pay] == YUAN(800), "below the year cap everything is paid");
	claim_set(&c, CF_cum_ipt_hifp, YUAN(800));
	run(&c);
	is_fen(s.amount[SA_hifp_pay], YUAN(200), "the second claim gets what the year cap leaves");
	claim_set(&c, CF_cum_otp_hifp, YUAN(200));
	run(&c);
	is_fen(s.amount[SA_hifp_pay], 0, "a cap of the layer counts every benefit's payments");
	ok(trace_adds_up(), "the steps of a capped claim add up");
	c.state[CF_cum_ipt_hifp] = FS_NULL;
	ok(!run(&c) && err.code == CE_FIELD_NULL && err.field == CF_cum_ipt_hifp,
	   "an unknown accumulator that a cap reads is an error");

	/* a monthly-like cap on eligible cost: 300 x 70% */
	pb_start();
	policy_layout(&pb);
	pb_inpatient();
	l = flat_basic(0, b70);
	r = pb_rule(pb_more(l, RK_CAP), pb_box());
	r->u.cap.per = PER_VISIT;
	r->u.cap.amount = YUAN(300);
	claim_inscp(&c, YUAN(1000));
	run(&c);
	is_fen(s.amount[SA_hifp_pay], YUAN(210), "a cap on eligible cost: 300 x 70% = 210");

	/* a yearly cap on eligible cost counts every benefit, unless it is the benefit's own */
	r->u.cap.per = PER_YEAR;
	claim_set(&c, CF_cum_ipt_elig, YUAN(100));
	claim_set(&c, CF_cum_otp_elig, YUAN(150));
	run(&c);
	is_fen(s.amount[SA_hifp_pay], YUAN(35), "of 300 a year 50 are left: x 70% = 35");
	r->u.cap.benefit = true;
	run(&c);
	is_fen(s.amount[SA_hifp_pay], YUAN(140), "of the benefit's own 300 a year 200 are left: x 70% = 140");

	/* 300 a year for this benefit and chronic care together: 150 of outpatient care do not count, 120 of chronic care do */
	r->u.cap.benefit = false;
	r->u.cap.on_payment = true;
	r->u.cap.benefits = 1 << BEN_INPATIENT | 1 << BEN_CHRONIC;
	claim_set(&c, CF_cum_ipt_hifp, YUAN(80));
	claim_set(&c, CF_cum_otp_hifp, YUAN(150));
	claim_set(&c, CF_cum_opsp_hifp, YUAN(120));
	run(&c);
	is_fen(s.amount[SA_hifp_pay], YUAN(100), "a cap of two benefits: 300 - 80 - 120");

	/* what is for other benefits is not for this one, be it decided or not */
	pb_start();
	policy_layout(&pb);
	pb_inpatient();
	l = flat_basic(0, b70);
	r = pb_rule(pb_more(l, RK_CAP), pb_box());
	r->u.cap.per = PER_YEAR;
	r->u.cap.on_payment = true;
	r->u.cap.benefits = 1 << BEN_OUTPATIENT;
	r->undecided = true;
	claim_inscp(&c, YUAN(1000));
	ok(run(&c) && s.amount[SA_hifp_pay] == YUAN(700), "a cap of outpatient care is none of a stay");

	/* assistance: 100% of what the basic 70% leave, 500 a year for stays; 450 of them paid, and 400 for outpatient care */
	pb_start();
	policy_layout(&pb);
	pb_inpatient();
	(void) flat_basic(0, b70);
	l = pb_layer(LAYER_ASSIST, COMP_COPAY);
	pb_deductible(l, pb_box(), 0, PER_VISIT);
	pb_ratio(l, pb_box(), 1, b100, false, PER_VISIT);
	r = pb_rule(pb_more(l, RK_CAP), pb_box());
	r->u.cap.per = PER_YEAR;
	r->u.cap.on_payment = true;
	r->u.cap.benefit = true;
	r->u.cap.amount = YUAN(500);
	claim_inscp(&c, YUAN(1000));
	claim_set(&c, CF_cum_ma_pay, YUAN(850));
	claim_set(&c, CF_cum_ma_ipt_pay, YUAN(450));
	claim_set(&c, CF_cum_ma_otp_pay, YUAN(400));
	ok(run(&c) && s.amount[SA_maf_pay] == YUAN(50), "assistance by benefit: 500 - 450");
	ok(settle_advance(&c, &s, after, &err) && after[CUM(ma_pay)] == YUAN(900) && after[CUM(ma_ipt_pay)] == YUAN(500) &&
	   after[CUM(ma_otp_pay)] == YUAN(400), "and the year goes on by benefit, and as a whole");

	/* floor and minimum personal share */
	pb_start();
	policy_layout(&pb);
	pb_inpatient();
	l = flat_basic(YUAN(5000), b70);
	r = pb_rule(pb_more(l, RK_FLOOR), pb_box());
	r->u.share.of = OF_TOTAL;
	r->u.share.ratio = PCT(45);
	claim_inscp(&c, YUAN(6000));
	run(&c);
	is_fen(s.amount[SA_hifp_pay], YUAN(2700), "floor: 45% of 6,000 instead of 700");
	ok(trace_adds_up(), "the steps of a floor add up");

	pb_start();
	policy_layout(&pb);
	pb_inpatient();
	l = flat_basic(0, b100);
	r = pb_rule(pb_more(l, RK_MIN_SELF), pb_box());
	r->u.share.of = OF_TOTAL;
	r->u.share.ratio = PCT(5);
	claim_inscp(&c, YUAN(20000));
	run(&c);
	is_fen(s.amount[SA_psn_part_amt], YUAN(1000), "the person bears at least 5% of the total");
	claim_set(&c, CF_hosp_part_amt, YUAN(300));
	run(&c);
	is_fen(s.amount[SA_psn_part_amt], YUAN(1000), "what the hospital bears is no share of the person");

	/* a floor of 90% under a yearly cap on eligible cost of 300, of which 200 are used */
	pb_start();
	policy_layout(&pb);
	pb_inpatient();
	l = flat_basic(0, b70);
	r = pb_rule(pb_more(l, RK_CAP), pb_box());
	r->u.cap.per = PER_YEAR;
	r->u.cap.amount = YUAN(300);
	r = pb_rule(pb_more(l, RK_FLOOR), pb_box());
	r->u.share.of = OF_TOTAL;
	r->u.share.ratio = PCT(90);
	claim_inscp(&c, YUAN(1000));
	claim_set(&c, CF_cum_ipt_elig, YUAN(200));
	run(&c);
	is_fen(s.amount[SA_hifp_pay], YUAN(100), "no floor pays beyond what a cap on eligible cost leaves");
	ok(trace_adds_up(), "its steps add up");
}

/* A yearly deductible of 1,000 and a yearly limit of 800: 300 taken, so 500 are left. */
static void
deductible_limits(void)
{
	static const Band b100[] = {{FEN_INF, PCT(100)}};
	Claim		c;
	Layer	   *l;
	Rule	   *r;

	pb_start();
	policy_layout(&pb);
	pb_inpatient();
	l = pb_layer(LAYER_BASIC, COMP_INSCP);
	pb_deductible(l, pb_box(), YUAN(1000), PER_YEAR);
	pb_ratio(l, pb_box(), 1, b100, false, PER_VISIT);
	r = pb_rule(pb_more(l, RK_DEDUCTIBLE_CAP), pb_box());
	r->u.cap.per = PER_YEAR;
	r->u.cap.amount = YUAN(800);
	claim_inscp(&c, YUAN(5000));
	claim_set(&c, CF_cum_ipt_dedc, YUAN(300));
	run(&c);
	is_fen(s.amount[SA_act_pay_dedc], YUAN(500), "the year's deductible counts once against its limit");
	ok(trace_adds_up(), "the steps of a limited yearly deductible add up");

	/* the largest deductible, times ten thousand */
	pb_start();
	policy_layout(&pb);
	pb_inpatient();
	l = pb_layer(LAYER_BASIC, COMP_INSCP);
	pb_deductible(l, pb_box(), FEN_MAX, PER_VISIT);
	pb_ratio(l, pb_box(), 1, b100, false, PER_VISIT);
	for (int i = 0; i < 4; i++)
	{
		r = pb_rule(pb_more(l, RK_DEDUCTIBLE_ADJUST), pb_box());
		r->u.adjust.op = OP_MULTIPLY;
		r->u.adjust.ratio = 10 * RATIO_ONE;
	}
	claim_inscp(&c, YUAN(5000));
	run(&c);
	is_fen(s.amount[SA_act_pay_dedc], YUAN(5000), "no factor makes a deductible overflow");

	/* thirteen tenfold ratios, one after the other */
	pb_start();
	policy_layout(&pb);
	pb_inpatient();
	l = flat_basic(0, b100);
	l->combine = COMBINE_SEQUENTIAL;
	for (int i = 0; i < 13; i++)
	{
		r = pb_rule(pb_more(l, RK_ADJUST), pb_box());
		r->u.adjust.op = OP_MULTIPLY;
		r->u.adjust.ratio = 10 * RATIO_ONE;
	}
	claim_inscp(&c, YUAN(5000));
	run(&c);
	is_fen(s.amount[SA_hifp_pay], YUAN(5000), "nor a ratio");
}

/* A yearly cap on the eligible cost of another layer: 100,000, of which 60,000 - 10,000 are used. */
static void
eligible_cap_of_serious(void)
{
	static const Band none[] = {{FEN_INF, 0}};
	static const Band b100[] = {{FEN_INF, PCT(100)}};
	Claim		c;
	Layer	   *l;
	Rule	   *r;

	pb_start();
	policy_layout(&pb);
	pb_inpatient();
	flat_basic(0, none);
	l = pb_layer(LAYER_SERIOUS, COMP_DEDC | COMP_COPAY);
	pb_deductible(l, pb_box(), YUAN(10000), PER_YEAR);
	pb_ratio(l, pb_box(), 1, b100, false, PER_VISIT);
	r = pb_rule(pb_more(l, RK_CAP), pb_box());
	r->u.cap.per = PER_YEAR;
	r->u.cap.amount = YUAN(100000);
	claim_inscp(&c, YUAN(60000));
	claim_set(&c, CF_cum_mi_base, YUAN(60000));
	claim_set(&c, CF_cum_mi_dedc, YUAN(10000));
	run(&c);
	is_fen(s.amount[SA_hifmi_pay], YUAN(50000), "the deductible is no eligible cost: 50,000 of 100,000 are left");
}

static void
serious(void)
{
	/* Gansu 2022: bands on the excess over the deductible */
	static const Band gansu[] = {
		{YUAN(10000), PCT(60)}, {YUAN(20000), PCT(65)}, {YUAN(50000), PCT(70)},
		{YUAN(100000), PCT(75)}, {FEN_INF, PCT(80)}
	};
	static const Band gansu_poor[] = {
		{YUAN(10000), PCT(65)}, {YUAN(20000), PCT(70)}, {YUAN(50000), PCT(75)},
		{YUAN(100000), PCT(80)}, {FEN_INF, PCT(85)}
	};
	static const Band mouding[] = {
		{YUAN(20000), PCT(60)}, {YUAN(40000), PCT(70)}, {YUAN(60000), PCT(80)},
		{FEN_INF, PCT(90)}
	};
	static const Band none[] = {{FEN_INF, 0}};
	Claim		c;
	Layer	   *l;
	int64_t		cum[CUM_COUNT];

	for (int k = 0; k < 4; k++)
	{
		static const Fen burden[] = {YUAN(60000), YUAN(60000), YUAN(50000), YUAN(60000)};
		static const Fen dedc[] = {YUAN(5000), YUAN(2500), YUAN(10000), YUAN(5000)};
		static const Fen want[] = {YUAN(37250), YUAN(42000), YUAN(28000), YUAN(38000)};
		static const char *const name[] = {
			"X1: Gansu, burden 60,000, bands on the excess: 37,250",
			"X2: Gansu, poor: 42,000",
			"X4: Mouding, burden 50,000, absolute bands: 28,000",
			"X11: Gansu's table read as absolute bands: 38,000"
		};
		const Band *bands[] = {gansu, gansu_poor, mouding, gansu};

		pb_start();
		policy_layout(&pb);
		pb_inpatient();
		flat_basic(0, none);
		l = pb_layer(LAYER_SERIOUS, COMP_DEDC | COMP_COPAY);
		pb_deductible(l, pb_box(), dedc[k], PER_YEAR);
		pb_ratio(l, pb_box(), k == 2 ? 4 : 5, bands[k], k == 0 || k == 1, PER_YEAR);
		claim_inscp(&c, burden[k]);
		ok(run(&c), "serious illness settles");
		is_fen(s.amount[SA_hifmi_pay], want[k], name[k]);
		ok(trace_adds_up(), "its steps add up");
	}

	/* the year in three parts pays what the year in one pays */
	{
		Fen			paid = 0;
		static const Fen part[] = {YUAN(3000), YUAN(17000), YUAN(40000)};

		for (int i = 0; i < 3; i++)
		{
			Claim		one;

			claim_inscp(&one, part[i]);
			for (int k = 0; i > 0 && k < CUM_COUNT; k++)
				claim_set(&one, (ClaimField) (CF_CUM_FIRST + k), cum[k]);
			ok(run(&one), "a part of the year settles");
			paid += s.amount[SA_hifmi_pay];
			ok(settle_advance(&one, &s, cum, &err), "the year goes on");
		}
		is_fen(paid, YUAN(38000), "three claims of 3,000, 17,000 and 40,000 get what one of 60,000 gets");
		is_fen(cum[CUM(mi_dedc)], YUAN(5000), "the yearly deductible is taken once");
		is_fen(cum[CUM(ipt_cnt)], 3, "three stays are counted");
	}
}

static void
three_layers(void)
{
	static const Band b70[] = {{FEN_INF, PCT(70)}};
	static const Band b60[] = {{FEN_INF, PCT(60)}};
	static const Band b80[] = {{FEN_INF, PCT(80)}};
	Claim		c;
	Layer	   *l;

	/*
	 * total 52,345.67 = ownpay 1,000 + over limit 345.67 + first self-pay 2,000
	 * + in policy 49,000.  basic (49,000-1,000) x 70% = 33,600; left 15,400;
	 * serious (15,400-5,000) x 60% = 6,240; left 9,160; assistance 80% = 7,328.
	 */
	pb_start();
	policy_layout(&pb);
	pb_inpatient();
	flat_basic(YUAN(1000), b70);
	l = pb_layer(LAYER_SERIOUS, COMP_DEDC | COMP_COPAY | COMP_OVERCAP);
	pb_deductible(l, pb_box(), YUAN(5000), PER_YEAR);
	pb_ratio(l, pb_box(), 1, b60, true, PER_YEAR);
	l = pb_layer(LAYER_ASSIST, COMP_DEDC | COMP_COPAY | COMP_OVERCAP);
	pb_deductible(l, pb_box(), 0, PER_YEAR);
	pb_ratio(l, pb_box(), 1, b80, false, PER_YEAR);

	memset(&c, 0, sizeof(c));
	claim_set(&c, CF_medfee_sumamt, 5234567);
	claim_set(&c, CF_fulamt_ownpay_amt, YUAN(1000));
	claim_set(&c, CF_overlmt_selfpay, 34567);
	claim_set(&c, CF_preselfpay_amt, YUAN(2000));
	ok(run(&c), "three layers settle in one call [A071]");
	is_fen(s.amount[SA_inscp_scp_amt], YUAN(49000), "the part left out is what the others leave");
	is_fen(s.amount[SA_hifp_pay], YUAN(33600), "basic pays 33,600 [A071]");
	is_fen(s.amount[SA_hifmi_pay], YUAN(6240), "serious illness pays 6,240 [A071]");
	is_fen(s.amount[SA_maf_pay], YUAN(7328), "assistance pays 7,328 [A071]");
	is_fen(s.amount[SA_psn_cash_pay], 5234567 - YUAN(33600 + 6240 + 7328),
		   "the window collects the remainder [A070]");
	ok(trace_adds_up(), "the steps add up");

	claim_set(&c, CF_prog_pay, YUAN(9000));
	ok(run(&c), "with a programme's payment it settles");
	is_fen(s.amount[SA_hifp_pay], YUAN(27300), "the insurance looks at cost less the programme's payment [A036, A037]");
	is_fen(s.amount[SA_oth_pay], YUAN(9000), "the programme pays first [A036]");

	claim_set(&c, CF_inscp_scp_amt, YUAN(49001));
	ok(!run(&c) && err.code == CE_PARTS, "parts above the total are refused");
	claim_set(&c, CF_inscp_scp_amt, YUAN(48999));
	ok(!run(&c) && err.code == CE_PARTS, "parts below the total are refused");
	claim_set(&c, CF_inscp_scp_amt, -1);
	ok(!run(&c) && err.code == CE_OUT_OF_RANGE, "a negative amount is refused");
	claim_set(&c, CF_inscp_scp_amt, YUAN(49000));
	claim_set(&c, CF_acct_pay, YUAN(40000));
	ok(!run(&c) && err.code == CE_PAID_ABOVE_PART, "the account cannot pay more than the person's part");
}

static void
conditions(void)
{
	static const Band b70[] = {{FEN_INF, PCT(70)}};
	static const Band b85[] = {{FEN_INF, PCT(85)}};
	int64_t		levels[2];
	int64_t		types[2];
	int64_t		refs[1];
	int			lv;
	int			ty;
	int			rf;
	Claim		c;
	Layer	   *l;
	uint16_t	witness[MAX_DIMS];
	int			first;
	int			second;

	levels[0] = code_pack("03", 2);
	levels[1] = code_pack("09", 2);
	types[0] = code_pack("21", 2);
	types[1] = code_pack("2107", 4);
	refs[0] = code_pack("down", 4);

	pb_start();
	lv = pb_dim(CF_hosp_lv, false, 2, levels);
	ty = pb_dim(CF_med_type, true, 2, types);
	rf = pb_dim(CF_refl, false, 1, refs);
	policy_layout(&pb);
	pb_inpatient();
	l = pb_layer(LAYER_BASIC, COMP_INSCP);
	pb_deductible(l, pb_only(pb_box(), lv, 1 << 2), YUAN(1000), PER_VISIT);
	pb_deductible(l, pb_only(pb_box(), lv, 1 << 3), YUAN(200), PER_VISIT);
	pb_deductible(l, pb_only(pb_box(), rf, 1 << 2), 0, PER_VISIT);
	pb_ratio(l, pb_only(pb_only(pb_box(), lv, 1 << 2), ty, (1 << 2) | (1 << 3)), 1, b70, false, PER_VISIT);
	pb_ratio(l, pb_only(pb_only(pb_box(), lv, 1 << 2), ty, 1 << 3), 1, b85, false, PER_VISIT);

	ok(set_conflict(&pb, &pb_sets[l->deductible], NULL, NULL, &first, &second, witness) == CONFLICT_FOUND &&
	   witness[rf] == 2, "a rule by level and one by referral conflict where both match, with a witness");
	pb_deductible(l, pb_only(pb_only(pb_box(), lv, (1 << 2) | (1 << 3)), rf, 1 << 2), 0, PER_VISIT);
	ok(set_conflict(&pb, &pb_sets[l->deductible], NULL, NULL, &first, &second, witness) == CONFLICT_FOUND,
	   "a third rule that reaches beyond one of them settles nothing");
	pb_sets[l->deductible].nrules--;
	pb_deductible(l, pb_only(pb_only(pb_box(), lv, 1 << 2), rf, 1 << 2), 0, PER_VISIT);
	pb_deductible(l, pb_only(pb_only(pb_box(), lv, 1 << 3), rf, 1 << 2), 0, PER_VISIT);
	ok(set_conflict(&pb, &pb_sets[l->deductible], NULL, NULL, &first, &second, witness) == CONFLICT_NONE,
	   "more specific rules where they meet settle the conflict");
	ok(set_conflict(&pb, &pb_sets[l->ratio], NULL, NULL, &first, &second, witness) == CONFLICT_NONE,
	   "a rule for 2107 and one for 21 are no conflict");
	ok(set_sort(&pb, &pb_sets[l->deductible], NULL, NULL) && set_sort(&pb, &pb_sets[l->ratio], NULL, NULL),
	   "rules sort");

	claim_inscp(&c, YUAN(10000));
	claim_code(&c, CF_hosp_lv, "03");
	claim_code(&c, CF_med_type, "2101");
	claim_code(&c, CF_refl, "none");
	ok(run(&c), "a claim at level 03 settles");
	is_fen(s.amount[SA_hifp_pay], YUAN(6300), "2101 falls under 21: (10,000-1,000) x 70%");
	claim_code(&c, CF_refl, "down");
	ok(run(&c), "a downward referral settles");
	is_fen(s.amount[SA_act_pay_dedc], 0, "no deductible after a downward referral [A081]");
	claim_code(&c, CF_med_type, "2107");
	run(&c);
	is_fen(s.amount[SA_hifp_pay], YUAN(8500), "the rule for 2107 stands over the rule for 21");
	run(&c);
	is_fen(s.amount[SA_hifp_pay], YUAN(8500), "the same out of the memo");

	claim_code(&c, CF_hosp_lv, "05");
	claim_code(&c, CF_refl, "none");
	ok(!run(&c) && err.code == CE_NOT_COVERED && err.set == l->deductible,
	   "a level that no rule covers is an error that names the parameter");
	claim_code(&c, CF_hosp_lv, "99");
	ok(!run(&c) && err.code == CE_UNKNOWN_CODE && err.field == CF_hosp_lv, "an unknown level is an error");
	claim_code(&c, CF_hosp_lv, "03");
	claim_code(&c, CF_med_type, "77");
	ok(!run(&c) && err.code == CE_UNKNOWN_CODE && err.field == CF_med_type, "an unknown kind of visit is an error");
	claim_code(&c, CF_med_type, "21xx");
	ok(!run(&c) && err.code == CE_UNKNOWN_CODE && err.field == CF_med_type, "also one that begins like a known one");
	claim_code(&c, CF_med_type, "2101");
	c.state[CF_refl] = FS_NULL;
	ok(!run(&c) && err.code == CE_FIELD_NULL && err.field == CF_refl,
	   "an unknown referral is an error where the deductible depends on it");
	c.state[CF_refl] = FS_MISSING;
	ok(!run(&c) && err.code == CE_FIELD_MISSING && err.field == CF_refl, "so is a missing one");
}

int
main(void)
{
	basic_layer();
	caps();
	deductible_limits();
	eligible_cap_of_serious();
	serious();
	three_layers();
	conditions();
	return done_testing();
}
