/*
 * core_settle.c
 *	  What one claim costs in the core alone, with its rules resolved: what
 *	  payout() asks, and a whole settlement.
 *
 * The policy has the shape of the one that tools/bench.sh gives to payout():
 * deductible, ratio and cap by level, identity class, referral and date.
 * Prints "name nanoseconds": CPU time, median of nine.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <time.h>

#include "../core/policy_builder.h"

#define NCLAIMS	4096
#define ROUNDS	250
#define RUNS	9
#define NPOINTS	2048			/* slots of the memo; 720 are taken */

/* The fields that differ; they go into one claim, as the arguments of payout() do. */
static const ClaimField fields[] = {
	CF_medfee_sumamt, CF_fulamt_ownpay_amt, CF_overlmt_selfpay, CF_preselfpay_amt,
	CF_hosp_lv, CF_psn_idet_type, CF_refl, CF_setl_time, CF_cum_ipt_hifp
};
#define NFIELDS	((int) (sizeof(fields) / sizeof(fields[0])))

static int64_t values[NCLAIMS][NFIELDS];
static Claim claim;
static uint64_t memo[NPOINTS * (sizeof(Cell) + CACHE_LINE + LAYER_COUNT * (sizeof(PlainLayer) + sizeof(CellLayer)) + (PB_SETS + LAYER_COUNT * PB_BANDS) * 8) / 8];
static uint64_t seed = 20180918;
static volatile Fen sink;

static uint32_t
chance(uint32_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t) (seed >> 33) % n;
}

static int64_t
code(const char *s)
{
	return code_pack(s, strlen(s));
}

/* Two bands for each level and range of dates. */
static void
ratios(Layer *l, int dim_lv, int dim_time, Ratio first, bool excess, Per measure)
{
	static Band bands[3][20][2];
	static int	calls;
	int			n = 0;

	for (int lv = 0; lv < 5; lv++)
	{
		for (int t = 0; t < 4; t++, n++)
		{
			uint64_t   *box = pb_only(pb_only(pb_box(), dim_lv, UINT64_C(1) << (2 + lv)),
									  dim_time, UINT64_C(1) << (1 + t));

			bands[calls][n][0].upto = 1000000;
			bands[calls][n][0].ratio = first - lv * 5000000 + t * 1000000;
			bands[calls][n][1].upto = FEN_INF;
			bands[calls][n][1].ratio = bands[calls][n][0].ratio + 5000000;
			pb_ratio(l, box, 2, bands[calls][n], excess, measure);
		}
	}
	calls++;
}

static void
year_cap(Layer *l, Fen amount)
{
	Rule	   *r = pb_rule(pb_more(l, RK_CAP), pb_box());

	r->u.cap.per = PER_YEAR;
	r->u.cap.on_payment = true;
	r->u.cap.amount = amount;
}

static void
build(bool three)
{
	const int64_t kinds[] = {code("21")};
	const int64_t levels[] = {code("01"), code("02"), code("03"), code("04"), code("05")};
	const int64_t identity[] = {code("1"), code("2"), code("3"), code("4"), code("5"), code("6"),
	code("7"), code("8"), code("9")};
	const int64_t referral[] = {code("down"), code("exempt"), code("none"), code("up")};
	const int64_t cuts[] = {1000, 2000, 3000};
	int			lv,
				idet,
				refl,
				day;
	Layer	   *l;
	Rule	   *r;

	pb_start();
	pb_dim(CF_med_type, true, 1, kinds);
	lv = pb_dim(CF_hosp_lv, false, 5, levels);
	idet = pb_dim(CF_psn_idet_type, false, 9, identity);
	refl = pb_dim(CF_refl, false, 4, referral);
	day = pb_dim(CF_setl_time, false, 3, cuts);
	if (!policy_layout(&pb))
		exit(1);
	pb_inpatient();

	l = pb_layer(LAYER_BASIC, COMP_INSCP);
	for (int i = 0; i < 5; i++)
		pb_deductible(l, pb_only(pb_box(), lv, UINT64_C(1) << (2 + i)), 20000 * (i + 1), PER_VISIT);
	ratios(l, lv, day, 85000000, false, PER_VISIT);
	r = pb_rule(pb_more(l, RK_ADJUST), pb_only(pb_box(), refl, UINT64_C(1) << 4));
	r->u.adjust.op = OP_ADD;
	r->u.adjust.ratio = -10000000;
	year_cap(l, 8000000);

	if (three)
	{
		l = pb_layer(LAYER_SERIOUS, COMP_DEDC | COMP_COPAY);
		pb_deductible(l, pb_box(), 500000, PER_YEAR);
		ratios(l, lv, day, 60000000, true, PER_YEAR);
		l = pb_layer(LAYER_ASSIST, COMP_DEDC | COMP_COPAY);
		l->applies = pb_only(pb_box(), idet, 0xff);
		pb_deductible(l, pb_box(), 0, PER_VISIT);
		ratios(l, lv, day, 70000000, false, PER_VISIT);
		year_cap(l, 3000000);
	}
	pb.memo = (unsigned char *) memo;
	pb.memo_mask = NPOINTS - 1;
	memset(memo, 0, sizeof(memo));
	policy_cell_layout(&pb);

	memset(&claim, 0, sizeof(claim));
	claim_code(&claim, CF_med_type, "21");
	/* what payout() takes for 0 */
	for (int f = CF_prog_pay; f <= CF_acct_mulaid_pay; f++)
		claim.state[f] = FS_GIVEN;
	for (int f = CF_CUM_FIRST; f < CF_COUNT; f++)
		claim.state[f] = FS_GIVEN;
	for (int i = 0; i < NFIELDS; i++)
		claim.state[fields[i]] = FS_GIVEN;
	for (int i = 0; i < NCLAIMS; i++)
	{
		Fen			total = 100000 + chance(3000000);
		const int64_t v[] = {
			total, total / 20, total / 50, total / 10,
			levels[chance(5)], identity[chance(9)], referral[chance(4)],
			chance(4000), chance(8000000)
		};

		memcpy(values[i], v, sizeof(v));
	}
}

static double
nanoseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double) t.tv_sec * 1e9 + (double) t.tv_nsec;
}

static int
ascending(const void *a, const void *b)
{
	double		d = *(const double *) a - *(const double *) b;

	return d < 0 ? -1 : d > 0;
}

static void
measure_settle(const char *name, bool three, bool whole)
{
	double		ns[RUNS];

	build(three);
	for (int run = -1; run < RUNS; run++)
	{
		double		start = nanoseconds();
		Fen			sum = 0;

		for (int round = 0; round < ROUNDS; round++)
		{
			for (int i = 0; i < NCLAIMS; i++)
			{
				Settlement	s;
				Fen			paid = -1;
				CoreError	err;

				for (int f = 0; f < NFIELDS; f++)
					claim.v[fields[f]] = values[i][f];
				if (!(!whole && settle_quick(&pb, &claim, settle_situation(&pb, &claim), &paid)) && !settle(&pb, &claim, &s, NULL, &err))
				{
					fprintf(stderr, "core_settle: error %d on claim %d\n", (int) err.code, i);
					exit(1);
				}
				sum += paid < 0 ? s.amount[SA_fund_pay_sumamt] : paid;
			}
		}
		sink = sum;
		if (run >= 0)
			ns[run] = (nanoseconds() - start) / ((double) NCLAIMS * ROUNDS);
	}
	qsort(ns, RUNS, sizeof(double), ascending);
	printf("%s %.1f\n", name, ns[RUNS / 2]);
}

int
main(void)
{
	measure_settle("core_payout_ns", false, false);
	measure_settle("core_payout3_ns", true, false);
	measure_settle("core_settle_ns", false, true);
	measure_settle("core_settle3_ns", true, true);
	return 0;
}
