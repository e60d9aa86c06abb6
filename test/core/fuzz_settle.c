/*
 * fuzz_settle.c
 *	  libFuzzer harness: any policy, any claim; the identities hold or it is refused.
 */
#include "policy_builder.h"

typedef struct Bytes
{
	const uint8_t *p;
	size_t		left;
} Bytes;

static uint32_t
take(Bytes *b, int n)
{
	uint32_t	v = 0;

	while (n-- > 0)
	{
		v = v << 8 | (b->left > 0 ? *b->p : 0);
		if (b->left > 0)
		{
			b->p++;
			b->left--;
		}
	}
	return v;
}

static Fen
take_fen(Bytes *b)
{
	switch (take(b, 1) % 4)
	{
		case 0:
			return take(b, 2);
		case 1:
			return take(b, 4);
		case 2:
			return (Fen) take(b, 4) * take(b, 3) % (FEN_MAX + 1);
		default:
			return 0;
	}
}

static Ratio
take_ratio(Bytes *b)
{
	return (Ratio) (take(b, 2) % 10001) * 10000;
}

static uint64_t *
take_box(Bytes *b)
{
	uint64_t   *box = pb_box();

	for (int d = 0; d < pb.ndims; d++)
	{
		uint32_t	mask = take(b, 1);

		if (mask & 1)
			pb_only(box, d, (mask >> 1) | 1 << (1 + take(b, 1) % (pb.dims[d].natoms - 1)));
		if (mask & 1)
			pb_only(box, d, ~UINT64_C(1));
	}
	return box;
}

#define CHECK(cond) do { if (!(cond)) __builtin_trap(); } while (0)

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static Band bands[LAYER_COUNT][8][4];
	static const ClaimField dim_fields[] = {CF_hosp_lv, CF_med_type, CF_refl, CF_er_flag, CF_age, CF_cal_ipt_cnt};
	Bytes		b = {data, size};
	Claim		c;
	Settlement	s;
	Settlement	again;
	CoreError	err;
	Trace		trace;
	Fen			sum[SA_COUNT + 1] = {0};
	int64_t		cum[CUM_COUNT];
	bool		done;

	pb_start();
	for (int i = 0; i < (int) (take(&b, 1) % 7); i++)
	{
		int64_t		v[3];
		ClaimField	f = dim_fields[i];

		if (f == CF_hosp_lv || f == CF_med_type || f == CF_refl)
		{
			const char *codes[3][3] = {{"03", "05", "09"}, {"11", "21", "2107"}, {"down", "none", "up"}};

			for (int k = 0; k < 3; k++)
				v[k] = code_pack(codes[i][k], strlen(codes[i][k]));
			pb_dim(f, f == CF_med_type, 3, v);
		}
		else
		{
			v[0] = 2;
			v[1] = 18;
			v[2] = 60;
			pb_dim(f, false, 3, v);
		}
	}
	CHECK(policy_layout(&pb));

	pb_inpatient();
	for (int l = 0; l < LAYER_COUNT; l++)
	{
		Layer	   *layer;
		uint32_t	more;

		if (l > 0 && take(&b, 1) % 3 == 0)
			continue;
		layer = pb_layer((LayerCode) l, (uint8_t) (take(&b, 1) & 0x7e));
		layer->combine = (uint8_t) (take(&b, 1) % 3);
		layer->round_bands = take(&b, 1) & 1;
		layer->dedc_first = l == LAYER_BASIC && (take(&b, 1) & 1);
		layer->ratio_max = take(&b, 1) & 1 ? RATIO_ONE : take_ratio(&b);
		if (take(&b, 1) % 4 == 0)
			layer->applies = take_box(&b);
		layer->applies_info = -1;

		for (int k = 0; k < 3; k++)
		{
			pb_deductible(layer, k == 0 ? pb_box() : take_box(&b), take_fen(&b),
						  take(&b, 1) & 1 ? PER_YEAR : PER_VISIT);
		}
		for (int k = 0; k < 3; k++)
		{
			int			n = 1 + (int) (take(&b, 1) % 4);
			Fen			upto = 0;

			for (int i = 0; i < n; i++)
			{
				upto += 1 + take(&b, 3);
				bands[l][k][i].upto = i == n - 1 ? FEN_INF : upto;
				bands[l][k][i].ratio = take_ratio(&b);
			}
			pb_ratio(layer, k == 0 ? pb_box() : take_box(&b), n, bands[l][k],
					 take(&b, 1) & 1, take(&b, 1) & 1 ? PER_YEAR : PER_VISIT);
			if (take(&b, 1) % 8 == 0)
			{
				Rule	   *flat = &pb_sets[layer->ratio].rules[k];

				flat->u.ratio.flat = true;
				flat->u.ratio.amount = take_fen(&b);
			}
		}
		more = take(&b, 1) % 8;
		for (uint32_t i = 0; i < more; i++)
		{
			static const RuleKind kinds[] = {RK_DEDUCTIBLE_ADJUST, RK_DEDUCTIBLE_CAP, RK_ADJUST, RK_CAP, RK_FLOOR, RK_MIN_SELF};
			RuleKind	kind = kinds[take(&b, 1) % 6];
			Rule	   *r = pb_rule(pb_more(layer, kind), take(&b, 1) & 1 ? pb_box() : take_box(&b));

			if (kind == RK_DEDUCTIBLE_ADJUST || kind == RK_ADJUST)
			{
				r->u.adjust.op = (Op) (take(&b, 1) % (kind == RK_ADJUST ? 4 : 6));
				if (kind == RK_DEDUCTIBLE_ADJUST && r->u.adjust.op == OP_MULTIPLY_RESULT)
					r->u.adjust.op = OP_MULTIPLY;
				r->u.adjust.ratio = take_ratio(&b) * (r->u.adjust.op == OP_ADD && take(&b, 1) & 1 ? -1 : 1);
				r->u.adjust.amount = take_fen(&b) * (take(&b, 1) & 1 ? -1 : 1);
				if (r->u.adjust.op == OP_SET && r->u.adjust.amount < 0)
					r->u.adjust.amount = 0;
				r->u.adjust.floor = take_fen(&b);
				r->u.adjust.days = 1 + (int32_t) (take(&b, 1) % 200);
			}
			else if (kind == RK_CAP || kind == RK_DEDUCTIBLE_CAP)
			{
				r->u.cap.per = kind == RK_CAP && take(&b, 1) & 1 ? PER_VISIT : PER_YEAR;
				r->u.cap.on_payment = take(&b, 1) & 1;
				r->u.cap.benefit = take(&b, 1) & 1;
				r->u.cap.benefits = (uint8_t) (take(&b, 1) % 16);
				r->u.cap.layers = (uint8_t) (take(&b, 1) % 8);
				r->u.cap.amount = take_fen(&b);
				if (kind == RK_CAP && take(&b, 1) % 4 == 0)
				{
					static const CapCount counts[] = {{CF_dise_cnt, 1, 30000}, {CF_gap_years, 0, -300000}};

					r->u.cap.ncounts = 2;
					r->u.cap.counts = counts;
					r->u.cap.max = take_fen(&b);
				}
			}
			else
			{
				r->u.share.of = take(&b, 1) & 1 ? OF_TOTAL : OF_INSCP;
				r->u.share.ratio = take_ratio(&b);
			}
		}
	}
	for (int i = 0; i < pb.nsets; i++)
		CHECK(set_sort(&pb, &pb_sets[i], NULL, NULL));
	for (int i = 0; i < pb.nsets; i++)
	{
		uint16_t	witness[MAX_DIMS];
		int			x;
		int			y;

		set_conflict(&pb, &pb_sets[i], NULL, NULL, &x, &y, witness);
	}

	policy_cell_layout(&pb);
	for (int n = 0; n < 4; n++)
	{
		memset(&c, 0, sizeof(c));
		for (int f = 0; f < CF_COUNT; f++)
		{
			uint32_t	how = take(&b, 1);

			if (f > CF_tcm_amt && f < CF_CUM_FIRST && claim_fields[f].kind != FK_CODE &&
				claim_fields[f].kind != FK_INT && claim_fields[f].kind != FK_FLAG)
				continue;
			c.state[f] = how % 16 == 15 ? FS_NULL : how % 2 == 0 ? FS_GIVEN : FS_MISSING;
			if (claim_fields[f].kind == FK_AMOUNT)
				c.v[f] = take_fen(&b);
			else if (claim_fields[f].kind == FK_CODE)
			{
				static const char *const codes[] = {"03", "05", "09", "11", "2107", "down", "zz"};

				c.v[f] = code_pack(codes[how % 7], strlen(codes[how % 7]));
			}
			else
				c.v[f] = take(&b, 1) % 100;
		}
		/* most claims add up */
		if (take(&b, 1) % 8 != 0)
		{
			c.v[CF_medfee_sumamt] = fen_min(FEN_MAX, c.v[CF_medfee_sumamt]);
			c.state[CF_medfee_sumamt] = FS_GIVEN;
			for (int f = CF_fulamt_ownpay_amt; f <= CF_inscp_scp_amt; f++)
				c.state[f] = FS_MISSING;
			c.state[CF_preselfpay_amt] = FS_GIVEN;
			c.v[CF_preselfpay_amt] = fen_min(c.v[CF_preselfpay_amt], c.v[CF_medfee_sumamt]);
			c.state[CF_fulamt_ownpay_amt] = FS_GIVEN;
			c.v[CF_fulamt_ownpay_amt] = 0;
			c.state[CF_overlmt_selfpay] = FS_GIVEN;
			c.v[CF_overlmt_selfpay] = 0;
			for (int f = CF_prog_pay; f <= CF_acct_mulaid_pay; f++)
				c.state[f] = FS_MISSING;
		}

		trace.n = 0;
		done = settle(&pb, &c, &s, &trace, &err);
		CHECK(done || err.code != CE_OK);
		if (!done)
		{
			CoreError	without;

			CHECK(!settle(&pb, &c, &again, NULL, &without));
			CHECK(without.code == err.code && without.field == err.field && without.layer == err.layer &&
				  without.info == err.info && without.value == err.value && without.other == err.other);
			continue;
		}

		CHECK(s.amount[SA_medfee_sumamt] == s.amount[SA_fulamt_ownpay_amt] + s.amount[SA_overlmt_selfpay] +
			  s.amount[SA_preselfpay_amt] + s.amount[SA_inscp_scp_amt]);
		CHECK(s.amount[SA_fund_pay_sumamt] == s.amount[SA_hifp_pay] + s.amount[SA_hifmi_pay] +
			  s.amount[SA_maf_pay] + s.amount[SA_oth_pay]);
		CHECK(s.amount[SA_psn_part_amt] == s.amount[SA_medfee_sumamt] - s.amount[SA_fund_pay_sumamt] -
			  s.amount[SA_hosp_part_amt]);
		for (int i = 0; i < SA_COUNT; i++)
			CHECK(s.amount[i] >= 0);
		for (int l = 0; l < LAYER_COUNT; l++)
			CHECK(s.layer[l].pay >= 0 && s.layer[l].pay <= s.layer[l].base &&
				  s.layer[l].dedc <= s.layer[l].base &&
				  (!s.layer[l].applied || s.layer[l].dedc <= s.layer[l].dedc_used));
		if (trace.n < TRACE_MAX)
		{
			memset(sum, 0, sizeof(sum));
			for (int i = 0; i < trace.n; i++)
				sum[trace.step[i].column] += trace.step[i].amount;
			for (int i = 0; i < SA_COUNT; i++)
				if (i != SA_dedc_std && i != SA_crt_dedc && i != SA_fund_pay_sumamt)
					CHECK(sum[i] == s.amount[i]);
		}

		/* the same out of the memo, and without a trace: by the figures of the cell where it is plain */
		CHECK(settle(&pb, &c, &again, NULL, &err));
		CHECK(same_settlement(&s, &again));
		if (settle_advance(&c, &s, cum, &err))
			for (int i = 0; i < CUM_COUNT; i++)
				CHECK(cum[i] >= 0 && cum[i] <= FEN_MAX);
	}
	return 0;
}
