/*
 * test_plain.c
 *	  The short way of plain rules comes to what the rules themselves come to.
 *
 * A claim with a trace always goes by the rules (settle.c, layer.c), one without
 * goes by the figures of its cell (plain.c) where that is plain.  Policies and
 * claims are random; the seed is fixed.
 */
#include <stdio.h>

#include "../../src/core/run.h"
#include "policy_builder.h"
#include "tap.h"

#define POLICIES	3000
#define CLAIMS		40

static uint64_t seed = 20180918;

static uint32_t
chance(uint32_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t) (seed >> 33) % n;
}

/* Amounts that meet: many are equal, or next to each other. */
static Fen
some_fen(void)
{
	static const Fen grid[] = {0, 1, 50000, 100000, 100001, 1000000, 8000000};

	switch (chance(8))
	{
		case 0:
			return FEN_MAX - chance(3);
		case 1:
			return (Fen) chance(1000000) * chance(1000000);
		case 2:
		case 3:
			return grid[chance(7)];
		default:
			return chance(3000000);
	}
}

static Ratio
some_ratio(void)
{
	return chance(6) == 0 ? (Ratio) (chance(2) * RATIO_ONE) : (Ratio) chance(10001) * 10000;
}

/* Half of the policies have, here and there, what is not plain. */
static bool odd;

static bool
odd_one_in(uint32_t n)
{
	return odd && chance(n) == 0;
}

static void
some_cap(Layer *l)
{
	Rule	   *r = pb_rule(pb_more(l, RK_CAP), pb_box());

	r->u.cap.per = chance(3) == 0 ? PER_VISIT : PER_YEAR;
	r->u.cap.on_payment = !odd_one_in(8);
	r->u.cap.benefit = chance(2);
	r->u.cap.benefits = (uint8_t) (!r->u.cap.benefit && chance(3) == 0 ? 1 + chance(15) : 0);
	r->u.cap.layers = (uint8_t) (chance(3) == 0 ? chance(1 << LAYER_COUNT) | 1u << l->code : 0);
	r->u.cap.amount = some_fen();
}

static void
some_policy(void)
{
	static Band bands[LAYER_COUNT][PLAIN_BANDS + 1];
	const int64_t levels[] = {code_pack("01", 2), code_pack("02", 2), code_pack("03", 2)};
	const int64_t ages[] = {6, 18, 60, 70, 80};
	const int64_t days[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
	int			age;
	int			flag;

	odd = chance(2);
	pb_start();
	pb_dim(CF_hosp_lv, false, 3, levels);
	age = pb_dim(CF_age, false, 5, ages);
	flag = pb_dim(CF_er_flag, false, 0, days);
	/* with so many cuts the situation is looked up the long way */
	if (odd_one_in(3))
		pb_dim(CF_act_ipt_days, false, 9, days);
	if (!policy_layout(&pb))
		exit(1);
	pb_inpatient();
	pb.asks_entitled = chance(4) == 0;
	if (chance(4) == 0)
	{
		pb.valid_from = 100;
		pb.valid_to = 200;
	}
	for (int code = 0; code < LAYER_COUNT; code++)
	{
		Layer	   *l;
		Rule	   *r;
		int			n = 1 + (int) chance(PLAIN_BANDS + odd_one_in(10));
		Fen			upto = 0;

		if (chance(9) < 4)
			continue;
		l = pb_layer((LayerCode) code, (uint8_t) (chance(64) << 1));
		l->combine = (uint8_t) chance(3);
		l->round_bands = odd_one_in(12);
		l->dedc_open = chance(12) == 0;
		if (chance(3) == 0)
			l->ratio_max = some_ratio();
		l->applies_info = -1;
		if (chance(4) == 0)
			l->applies = pb_only(pb_box(), 0, 1 | 1u << (1 + chance(4)));
		for (int lv = 0; lv < 3; lv++)
			pb_deductible(l, pb_only(pb_box(), 0, UINT64_C(1) << (2 + lv)), some_fen(),
						  chance(2) ? PER_YEAR : PER_VISIT);
		pb_deductible(l, pb_box(), some_fen(), PER_VISIT);
		if (chance(3) == 0)
		{
			r = pb_rule(pb_more(l, RK_DEDUCTIBLE_ADJUST),
						pb_only(pb_box(), age, 1 | UINT64_C(1) << (1 + chance(6))));
			r->u.adjust.op = (Op[]) {OP_ADD, OP_SET, OP_MULTIPLY}[chance(3)];
			r->u.adjust.amount = some_fen() * (r->u.adjust.op == OP_ADD && chance(2) ? -1 : 1);
			r->u.adjust.ratio = some_ratio();
		}
		if (chance(4) == 0)
			pb_rule(pb_more(l, RK_DEDUCTIBLE_CAP), pb_box())->u.cap.amount = some_fen();
		for (int b = 0; b < n; b++)
		{
			upto += 1 + (Fen) chance(2000000);
			bands[code][b].upto = b == n - 1 ? FEN_INF : upto;
			bands[code][b].ratio = some_ratio();
		}
		pb_ratio(l, pb_box(), n, bands[code], chance(2), chance(2) ? PER_YEAR : PER_VISIT);
		for (uint32_t i = chance(3); i > 0; i--)
		{
			r = pb_rule(pb_more(l, RK_ADJUST), pb_only(pb_box(), flag, 1 | UINT64_C(1) << (1 + chance(2))));
			r->u.adjust.op = odd_one_in(12) ? OP_MULTIPLY_RESULT :
				(Op[]) {OP_ADD, OP_SET, OP_MULTIPLY}[chance(3)];
			r->u.adjust.ratio = some_ratio() * (r->u.adjust.op == OP_ADD && chance(2) ? -1 : 1);
		}
		for (uint32_t i = chance(odd ? 4 : PLAIN_CAPS + 1); i > 0; i--)
			some_cap(l);
		if (odd_one_in(12))
		{
			r = pb_rule(pb_more(l, chance(2) ? RK_FLOOR : RK_MIN_SELF), pb_box());
			r->u.share.ratio = some_ratio();
		}
	}
	policy_cell_layout(&pb);
}

static void
some_claim(Claim *c)
{
	claim_inscp(c, some_fen());
	claim_code(c, CF_hosp_lv, (const char *[]) {"01", "02", "03", "04"}[chance(10) == 0 ? 3 : chance(3)]);
	claim_set(c, CF_age, (const int64_t[]) {0, 5, 6, 17, 18, 59, 60, 61, 69, 70, 80, 99}[chance(12)]);
	claim_set(c, CF_er_flag, chance(2));
	claim_set(c, CF_act_ipt_days, chance(12));
	if (chance(40) == 0)
		c->state[(const ClaimField[]) {CF_hosp_lv, CF_age, CF_er_flag, CF_act_ipt_days}[chance(4)]] = (uint8_t) chance(2);
	if (chance(4) != 0)
		claim_set(c, CF_trt_enjymnt_flag, chance(8) != 0);
	if (chance(3) == 0)
		claim_set(c, CF_setl_time, 95 + chance(110));

	/* one part, or another, is what the others leave; or there is nothing but the in-policy amount */
	if (chance(2))
	{
		int			absent = CF_fulamt_ownpay_amt + (int) chance(4);

		for (int f = CF_fulamt_ownpay_amt; f < CF_inscp_scp_amt; f++)
		{
			Fen			part = chance((uint32_t) fen_min(c->v[CF_inscp_scp_amt], 1000000) + 1);

			claim_set(c, (ClaimField) f, part);
			c->v[CF_inscp_scp_amt] -= part;
		}
		if (chance(50) == 0)
			c->v[CF_medfee_sumamt] += chance(2) ? 1 : -1;
		if (chance(4) != 0)
			c->state[absent] = chance(30) == 0 ? FS_NULL : FS_MISSING;
	}
	else if (chance(3) == 0)
	{
		for (int f = CF_fulamt_ownpay_amt; f < CF_inscp_scp_amt; f++)
			c->state[f] = FS_MISSING;
		if (chance(20) == 0)
			c->v[CF_medfee_sumamt]++;
	}
	if (chance(3) == 0)
	{
		for (int f = CF_prog_pay; f <= CF_acct_mulaid_pay; f++)
			claim_set(c, (ClaimField) f, 0);
	}
	if (chance(4) == 0)
		claim_set(c, CF_prog_pay, chance(1000));
	if (chance(8) == 0)
		claim_set(c, CF_hosp_part_amt, chance(1000));
	if (chance(8) == 0)
		claim_set(c, CF_acct_pay, chance(1000));
	/* what no amount is */
	if (chance(100) == 0)
		claim_set(c, (ClaimField) (CF_medfee_sumamt + chance(9)), chance(2) ? -1 : FEN_MAX + 1 + chance(100));
	if (chance(200) == 0)
		c->state[CF_prog_pay + chance(4)] = FS_NULL;
	for (int f = CF_CUM_FIRST; f < CF_COUNT; f++)
	{
		if (chance(3) != 0)
			claim_set(c, (ClaimField) f, some_fen());
		else if (chance(400) == 0)
			c->state[f] = FS_NULL;
	}
}

int
main(void)
{
	int			plain = 0;
	int			quick = 0;
	int			quick_differ = 0;
	int			paid = 0;
	int			refused = 0;
	int			differ = 0;
	int			errors_differ = 0;

	for (int i = 0; i < POLICIES; i++)
	{
		some_policy();
		for (int k = 0; k < CLAIMS; k++)
		{
			static Trace trace;
			Claim		c;
			Settlement	by_rules;
			Settlement	by_figures;
			CoreError	err;
			CoreError	other;
			const Cell *cell;
			bool		by_quick;
			Fen			fund;

			some_claim(&c);
			cell = core_resolve(&pb, &c, &other);
			by_quick = settle_quick(&pb, &c, settle_situation(&pb, &c), &fund);
			quick += by_quick;
			if (settle(&pb, &c, &by_rules, &trace, &err))
			{
				if (by_quick && fund != by_rules.amount[SA_fund_pay_sumamt])
					quick_differ++;
				/* what the first left behind must not count */
				memset(&by_figures, 0x5a, sizeof(by_figures));
				if (!settle(&pb, &c, &by_figures, NULL, &other) ||
					!same_settlement(&by_rules, &by_figures))
					differ++;
				paid += by_rules.amount[SA_fund_pay_sumamt] > 0;
				plain += cell != NULL && cell->plain;
			}
			else
			{
				refused++;
				quick_differ += by_quick;
				if (settle(&pb, &c, &by_figures, NULL, &other) || err.code != other.code ||
					err.field != other.field || err.layer != other.layer || err.info != other.info ||
					err.value != other.value || err.other != other.other)
					errors_differ++;
			}
		}
	}
	ok(differ == 0, "the figures of a cell come to what its rules come to");
	ok(errors_differ == 0, "and what is refused is refused with the same words");
	ok(quick_differ == 0, "what is paid is the same where nothing else is asked for");
	ok(plain > POLICIES * CLAIMS / 10 && paid > POLICIES * CLAIMS / 10,
	   "many of the claims were of plain rules, and many were paid");
	ok(refused > POLICIES * CLAIMS / 10, "and many refused");
	ok(quick > plain / 2, "of plain rules most went the short way, all but those of amounts beyond it");
	printf("# %d of plain rules, %d the short way, %d paid, %d refused, of %d\n", plain, quick, paid, refused,
		   POLICIES * CLAIMS);
	return done_testing();
}
