/*
 * test_plain.c
 *	  The short way of plain rules comes to what the rules themselves come to.
 *
 * A claim with a trace always goes by the rules (layer.c), one without goes by
 * the figures of its cell (plain.c) where that is plain.  Policies and claims
 * are random; the seed is fixed.
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
	r->u.cap.layers = (uint8_t) (chance(3) == 0 ? chance(1 << LAYER_COUNT) | 1u << l->code : 0);
	r->u.cap.amount = some_fen();
}

static void
some_policy(void)
{
	static Band bands[LAYER_COUNT][PLAIN_BANDS + 1];
	const int64_t levels[] = {code_pack("01", 2), code_pack("02", 2), code_pack("03", 2)};

	odd = chance(2);
	pb_start();
	pb_dim(CF_hosp_lv, false, 3, levels);
	if (!policy_layout(&pb))
		exit(1);
	pb_inpatient();
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
			r = pb_rule(pb_more(l, RK_DEDUCTIBLE_ADJUST), pb_box());
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
			r = pb_rule(pb_more(l, RK_ADJUST), pb_box());
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
	claim_code(c, CF_hosp_lv, (const char *[]) {"01", "02", "03"}[chance(3)]);
	if (chance(2))
	{
		claim_set(c, CF_preselfpay_amt, chance((uint32_t) fen_min(c->v[CF_medfee_sumamt], 1000000) + 1));
		c->state[CF_inscp_scp_amt] = FS_MISSING;
	}
	if (chance(4) == 0)
		claim_set(c, CF_prog_pay, chance(1000));
	if (chance(8) == 0)
		claim_set(c, CF_hosp_part_amt, chance(1000));
	if (chance(8) == 0)
		claim_set(c, CF_acct_pay, chance(1000));
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

			some_claim(&c);
			cell = core_resolve(&pb, &c, &other);
			if (settle(&pb, &c, &by_rules, &trace, &err))
			{
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
				if (settle(&pb, &c, &by_figures, NULL, &other) || err.code != other.code ||
					err.field != other.field || err.layer != other.layer || err.info != other.info ||
					err.value != other.value || err.other != other.other)
					errors_differ++;
			}
		}
	}
	ok(differ == 0, "the figures of a cell come to what its rules come to");
	ok(errors_differ == 0, "and what is refused is refused with the same words");
	ok(plain > POLICIES * CLAIMS / 10 && paid > POLICIES * CLAIMS / 10,
	   "many of the claims were of plain rules, and many were paid");
	ok(refused > 0, "some were refused");
	printf("# %d of plain rules, %d paid, %d refused, of %d\n", plain, paid, refused, POLICIES * CLAIMS);
	return done_testing();
}
