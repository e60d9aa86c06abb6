/*
 * plain.c
 *	  The short way of a claim whose rules ask for nothing but amounts.
 *
 * Most situations have a fixed deductible, bands and a cap or two.  Their
 * figures are put together when the situation is first met, and a claim is then
 * settled without a look at its rules.  settle.c and layer.c stay the reference:
 * whatever is out of the common, an error above all, is left to them, and a claim
 * settled with a trace always goes their way; test/core compares the two.
 */
#include <string.h>

#include "match.h"
#include "run.h"
#include "year.h"

#define INLINED static inline __attribute__((always_inline))
#define LIKELY(x) __builtin_expect((x) != 0, 1)
#define UNLIKELY(x) __builtin_expect((x) != 0, 0)

/* ---- the figures of a cell --------------------------------------------------------- */

static int
rules_of(const CellLayer *cl, RuleKind kind)
{
	return cl->first[kind + 1] - cl->first[kind];
}

static bool
plain_deductible(const CellLayer *cl, PlainLayer *pl)
{
	const Rule *rule = cell_rule(cl, RK_DEDUCTIBLE);
	const Rule *adj;

	if (rule->u.deductible.is_ratio || rule->u.deductible.fixed || rules_of(cl, RK_DEDUCTIBLE_CAP) > 1)
		return false;
	if (rule->u.deductible.per != PER_VISIT && rule->u.deductible.per != PER_YEAR)
		return false;
	pl->year_dedc = rule->u.deductible.per == PER_YEAR;
	pl->reads_dedc = pl->year_dedc || rules_of(cl, RK_DEDUCTIBLE_CAP) > 0;
	pl->dedc_limit = rules_of(cl, RK_DEDUCTIBLE_CAP) == 0 ? FEN_INF :
		cell_rule(cl, RK_DEDUCTIBLE_CAP)->u.cap.amount;
	pl->dedc_std = rule->u.deductible.amount;
	pl->dedc = pl->dedc_std;
	EACH_RULE(cl, RK_DEDUCTIBLE_ADJUST, adj)
	{
		if (adj->u.adjust.op != OP_ADD && adj->u.adjust.op != OP_SET &&
			adj->u.adjust.op != OP_MULTIPLY)
			return false;
		pl->dedc = core_adjusted_deductible(adj, pl->dedc);
	}
	return true;
}

static bool
plain_ratio(const Layer *layer, const CellLayer *cl, PlainLayer *pl)
{
	const Rule *rule = cell_rule(cl, RK_RATIO);
	const Rule *adj;

	if (rule->u.ratio.flat || rule->u.ratio.per_age != 0 ||
		rule->u.ratio.nbands > PLAIN_BANDS || layer->round_bands || layer->fine > 0)
		return false;
	if (rule->u.ratio.measure != PER_VISIT && rule->u.ratio.measure != PER_YEAR)
		return false;
	EACH_RULE(cl, RK_ADJUST, adj)
	{
		if (adj->u.adjust.op != OP_ADD && adj->u.adjust.op != OP_MULTIPLY &&
			adj->u.adjust.op != OP_SET)
			return false;
	}
	pl->year_bands = rule->u.ratio.measure == PER_YEAR;
	pl->excess = rule->u.ratio.excess;
	pl->nbands = (uint8_t) rule->u.ratio.nbands;
	for (int b = 0; b < pl->nbands; b++)
	{
		pl->upto[b] = rule->u.ratio.bands[b].upto;
		pl->ratio[b] = (uint32_t) cl->band_ratio[b];
	}
	return true;
}

static bool
add_cum(PlainCap *pc, int field)
{
	if (pc->ncums == PLAIN_CUMS)
		return false;
	pc->used = PLAIN_LISTED;
	pc->cums[pc->ncums++] = (uint8_t) field;
	return true;
}

/* What a layer has paid this year in these benefits; false: too many accumulators. */
static bool
add_paid(PlainCap *pc, LayerCode layer, unsigned benefits)
{
	if (layer != LAYER_BASIC && benefits == ALL_BENEFITS)
		return add_cum(pc, cum_fields(layer, BEN_OTHER).pay);
	for (int b = 0; b < BEN_COUNT; b++)
	{
		if (((benefits >> b) & 1) && !add_cum(pc, cum_fields(layer, (Benefit) b).ben_pay))
			return false;
	}
	return true;
}

/* A cap of the payment, of the visit or the year; see cap_left() in layer.c. */
static bool
plain_cap(const Layer *layer, Benefit benefit, const Rule *cap, PlainCap *pc, Fen *amount)
{
	unsigned	benefits = cap_benefits(cap, benefit);

	if (!cap->u.cap.on_payment || cap->u.cap.ncounts > 0 || cap->u.cap.of_income ||
		cap->u.cap.window ||
		(cap->u.cap.per != PER_VISIT && cap->u.cap.per != PER_YEAR))
		return false;
	*amount = cap->u.cap.amount;
	pc->used = PLAIN_VISIT;
	pc->ncums = 0;
	pc->below = (uint8_t) (cap->u.cap.layers & ((1 << layer->code) - 1));
	if (cap->u.cap.per == PER_VISIT)
		return true;
	if (cap->u.cap.layers == 0 && layer->code == LAYER_BASIC && benefits == ALL_BENEFITS)
	{
		pc->used = PLAIN_BASIC;
		return true;
	}
	for (int l = 0; l < LAYER_COUNT; l++)
	{
		if ((cap->u.cap.layers == 0 ? l == layer->code : (cap->u.cap.layers >> l) & 1) &&
			!add_paid(pc, (LayerCode) l, benefits))
			return false;
	}
	return true;
}

_Static_assert(PLAIN_CUMS >= BEN_COUNT + LAYER_COUNT - 1, "every layer may share a cap");
_Static_assert(CF_COUNT <= 256, "a field fits in a byte");

/*
 * A kind of rule that is not looked at here makes a layer one that is not plain.
 * What is added to a kind that is has to be asked about above.
 */
static bool
plain_layer(const Layer *layer, const CellLayer *cl, Benefit benefit, PlainLayer *pl)
{
	CumFields	f = cum_fields((LayerCode) layer->code, benefit);
	int			known = rules_of(cl, RK_DEDUCTIBLE) + rules_of(cl, RK_DEDUCTIBLE_ADJUST) +
		rules_of(cl, RK_DEDUCTIBLE_CAP) + rules_of(cl, RK_RATIO) +
		rules_of(cl, RK_ADJUST) + rules_of(cl, RK_CAP);
	const Rule *cap;

	if (layer->dedc_first || known != cl->first[RK_COUNT] || rules_of(cl, RK_DEDUCTIBLE) != 1 ||
		rules_of(cl, RK_RATIO) != 1 || rules_of(cl, RK_CAP) > PLAIN_CAPS ||
		!plain_deductible(cl, pl) || !plain_ratio(layer, cl, pl))
		return false;
	pl->code = layer->code;
	pl->bit = (uint8_t) (1 << layer->code);
	pl->components = layer->components;
	pl->dedc_open = layer->dedc_open;
	pl->cum_base = (uint8_t) f.base;
	pl->cum_dedc = (uint8_t) f.dedc;
	pl->ncaps = 0;
	EACH_RULE(cl, RK_CAP, cap)
	{
		if (!plain_cap(layer, benefit, cap, &pl->cap[pl->ncaps], &pl->cap_amount[pl->ncaps]))
			return false;
		pl->ncaps++;
	}
	return true;
}

void
core_plain_cell(const Policy *p, Cell *cell, const Rule *benefit)
{
	cell->plain = true;
	cell->nplain = 0;
	for (int l = 0; l < p->nlayers && cell->plain; l++)
	{
		if (!cell->layer[l].applies)
			continue;
		/* with groups the year's deductible is no accumulator of the benefit */
		cell->plain = (p->ngroups == 0 || p->layers[l].code != LAYER_BASIC) &&
			plain_layer(&p->layers[l], &cell->layer[l], benefit->u.benefit.benefit,
						&cell->figures[cell->nplain++]);
	}
}

/* ---- the situation of a claim -------------------------------------------------------- */

/* Of a claim that gives all that the policy tells situations apart by; else SITUATION_OPEN. */
INLINED uint64_t
quick_key(const Policy *p, const Claim *c)
{
	const QuickDim *q = p->quick;
	const QuickDim *codes = q + p->nquick_codes;
	const QuickDim *end = q + p->nquick;
	uint64_t	key = 0;
	uint64_t	unknown = 0;

	for (; q < codes; q++)
	{
		int64_t		v = c->v[q->field];
		const DimMemo *memo = &q->memo[memo_slot(v)];

		unknown |= (uint64_t) (memo->code ^ v) | (c->state[q->field] ^ FS_GIVEN);
		key |= memo->bits;
	}
	for (; q < end; q++)
	{
		int64_t		v = c->v[q->field];
		uint64_t	n = 1;

		for (int i = 0; i < q->ncuts; i += 4)
			n += (uint64_t) (q->cut[i] <= v) + (q->cut[i + 1] <= v) +
				(q->cut[i + 2] <= v) + (q->cut[i + 3] <= v);
		unknown |= (uint64_t) (v == INT64_MAX) | (c->state[q->field] ^ FS_GIVEN);
		key |= n << q->key_shift;
	}
	return UNLIKELY(unknown != 0 || p->nquick == 0) ? SITUATION_OPEN : key;
}

/* ---- a claim ----------------------------------------------------------------------- */

/* The state of four fields at once. */
INLINED uint32_t
four_states(const Claim *c, int field)
{
	uint32_t	states;

	memcpy(&states, &c->state[field], sizeof(states));
	return states;
}

#define FOUR(state)		((state) * UINT32_C(0x01010101))

_Static_assert(FS_MISSING == 0 && FS_NULL == 1 && FS_GIVEN == 2, "bits of a state");

/* A value, 0 where it is not given. */
INLINED int64_t
given(const Claim *c, int field)
{
	return c->v[field] & -(int64_t) (c->state[field] >> 1);
}

/* Not above FEN_MAX, nor below zero, whatever of it is set. */
#define SURELY_FEN(bits)	((uint64_t) (bits) >> 53 == 0)

_Static_assert(FEN_MAX >> 53 == 1, "any 53 bits are an amount");

/* The accumulators of a cap; false: one is not known. */
INLINED bool
cap_used(const Claim *c, const PlainCap *cap, Fen *used)
{
	int			null = 0;
	Fen			sum = 0;

	if (cap->used == PLAIN_BASIC)
	{
		const int64_t *v = &c->v[CF_cum_ipt_hifp];
		const uint8_t *state = &c->state[CF_cum_ipt_hifp];
		const int	next = CF_cum_otp_hifp - CF_cum_ipt_hifp;

		if (LIKELY((state[0] & state[next] & state[2 * next] & state[3 * next] & FS_GIVEN) != 0))
			sum = v[0] + v[next] + v[2 * next] + v[3 * next];
		else
		{
			for (int b = 0; b < BEN_COUNT; b++)
			{
				null |= state[b * next];
				sum += given(c, CF_cum_ipt_hifp + b * next);
			}
		}
	}
	else if (cap->used == PLAIN_LISTED)
	{
		for (int i = 0; i < cap->ncums; i++)
		{
			null |= c->state[cap->cums[i]];
			sum += given(c, cap->cums[i]);
		}
	}
	*used = sum;
	return (null & FS_NULL) == 0;
}

_Static_assert(BEN_COUNT == 4 &&
			   CF_cum_opsp_hifp - CF_cum_otp_hifp == CF_cum_otp_hifp - CF_cum_ipt_hifp &&
			   CF_cum_oth_hifp - CF_cum_opsp_hifp == CF_cum_otp_hifp - CF_cum_ipt_hifp,
			   "accumulators of the benefits in one order");

/* What is known of a claim as its layers pay, one after the other. */
typedef struct Quick
{
	Fen			fund;			/* paid by all */
	Fen			upper_paid;		/* by layers above the basic one */
	Fen			inscp;
	Fen			dedc;			/* left by the basic layer */
	Fen			copay;
	Fen			overcap;
	Fen			part[3];		/* of the total: fully self-paid, above limit price, first self-pay */
	unsigned	done;			/* bit set of layers that have paid[] */
	Fen			paid[LAYER_COUNT];
} Quick;

INLINED Fen
quick_base(const Quick *k, unsigned components)
{
	Fen			base = 0;

	if (components & COMP_DEDC)
		base += k->dedc;
	if (components & COMP_COPAY)
		base += k->copay;
	if (components & COMP_OVERCAP)
		base += k->overcap;
	if (components & COMP_PRESELF)
		base += k->part[2];
	if (components & COMP_OVERLMT)
		base += k->part[1];
	if (components & COMP_OWNPAY)
		base += k->part[0];
	return fen_max(0, base - k->upper_paid);	/* nothing is first self-pay here */
}

/* Up to here an amount times a ratio, and rounding it, stays within 64 bits. */
#define PLAIN_MAX	(INT64_MAX / 2 / RATIO_ONE)

/* s is NULL where only what is paid is asked for. */
INLINED bool
quick_layer(Quick *k, const Claim *c, const PlainLayer *pl, Settlement *s)
{
	bool		basic = pl->code == LAYER_BASIC;
	Fen			base = basic ? k->inscp : quick_base(k, pl->components);
	Fen			d = pl->dedc;
	Fen			dedc;
	Fen			e;
	Fen			lo;
	Fen			hi;
	Fen			from = 0;
	uint64_t	exact = 0;
	Fen			pay;
	Fen			capped = 0;
	Ratio		ratio = 0;
	int			used = 0;

	if (pl->reads_dedc)
	{
		Fen			before = given(c, pl->cum_dedc);

		if (UNLIKELY(c->state[pl->cum_dedc] == FS_NULL))
			return false;
		if (pl->year_dedc)
			d = fen_max(0, d - before);
		d = fen_min(d, fen_max(0, pl->dedc_limit - before));
	}
	if (UNLIKELY(pl->dedc_open && d > 0 && k->part[2] > 0))
		return false;
	dedc = fen_min(d, base);
	e = base - dedc;

	lo = pl->excess ? 0 : dedc;
	if (pl->year_bands)
	{
		Fen			before = given(c, pl->cum_base);
		Fen			consumed = given(c, pl->cum_dedc);

		if (UNLIKELY(((c->state[pl->cum_base] | c->state[pl->cum_dedc]) & FS_NULL) != 0))
			return false;
		lo = pl->excess ? fen_max(0, before - consumed) : before + dedc;
	}
	hi = lo + e;
	if (UNLIKELY(hi > PLAIN_MAX))
		return false;

	/* every band is looked at: where an amount ends cannot be predicted */
	for (int b = 0; b < pl->nbands; b++)
	{
		Fen			upto = pl->upto[b];
		Fen			part = fen_min(hi, upto) - fen_max(lo, from);

		if (s != NULL)
		{
			/* an empty eligible cost still has the ratio of its band */
			int			in = (part > 0) | ((e == 0) & (used == 0) & (lo < upto));
			Ratio		first = -(Ratio) (in & (used == 0));

			ratio = (ratio & ~first) | (pl->ratio[b] & first);
			used += in;
		}
		exact += (uint64_t) fen_max(0, part) * pl->ratio[b];
		from = upto;
	}
	pay = (Fen) ((exact + RATIO_ONE / 2) / RATIO_ONE);

	for (int i = 0; i < pl->ncaps; i++)
	{
		const PlainCap *cap = &pl->cap[i];
		Fen			before;
		Fen			over;

		if (UNLIKELY(!cap_used(c, cap, &before)))
			return false;
		for (unsigned l = 0, below = cap->below & k->done; below >> l != 0; l++)
			before += below >> l & 1 ? k->paid[l] : 0;
		over = fen_max(0, pay - fen_max(0, pl->cap_amount[i] - before));
		capped += over;
		pay -= over;
	}

	k->fund += pay;
	k->paid[pl->code] = pay;
	k->done |= pl->bit;
	if (basic)
	{
		k->dedc = dedc;
		k->overcap = capped;
		k->copay = e - capped - pay;
	}
	else
		k->upper_paid += pay;
	if (s == NULL)
		return true;

	s->layer[pl->code].base = base;
	s->layer[pl->code].dedc = s->layer[pl->code].dedc_used = dedc;
	s->layer[pl->code].elig = e;
	s->layer[pl->code].pay = pay;
	s->layer[pl->code].applied = true;
	s->amount[core_column[pl->code]] += pay;
	if (basic)
	{
		s->amount[SA_dedc_std] = pl->dedc_std;
		s->amount[SA_crt_dedc] = d;
		s->amount[SA_act_pay_dedc] = dedc;
		s->pool_prop_selfpay = ratio;
		s->prop_of = used > 1 ? e : 0;
		s->prop_exact = (Wide) exact;
	}
	return true;
}

/* Is there anything that in settle.c comes before the rules, and is not of the common kind? */
static SELDOM bool
asks_nothing(const Policy *p, const Claim *c)
{
	CoreError	err;
	BenefitYear year;
	const Rule *cross;

	if (p->by_category && c->state[CF_psn_idet_types] == FS_GIVEN)
		return false;
	if (p->asks_entitled &&
		(c->state[CF_trt_enjymnt_flag] != FS_GIVEN || c->v[CF_trt_enjymnt_flag] == 0))
		return false;
	return p->cross_year_set == 0 || c->state[CF_begntime] != FS_GIVEN ||
		c->state[CF_endtime] != FS_GIVEN || claim_year(p, c, &year, &cross, &err);
}

INLINED bool
quick_settle(Policy *p, const Claim *c, uint64_t situation, Settlement *s, Fen *paid)
{
	Quick		k;
	Fen			total = c->v[CF_medfee_sumamt];
	uint32_t	parts = four_states(c, CF_fulamt_ownpay_amt);
	uint32_t	others = four_states(c, CF_prog_pay);
	Fen			left;
	Fen			other[4];		/* programme, hospital's part, account, family's account */
	Fen			person;
	Fen			cash;
	const Cell *cell;
	uint32_t	slot;
	int			date = p->version_date;

	/* the total and its parts, of which one is what the others leave: see read_parts() */
	if (LIKELY(others == FOUR(FS_GIVEN)))
		memcpy(other, &c->v[CF_prog_pay], sizeof(other));
	else if (others == FOUR(FS_MISSING))
		memset(other, 0, sizeof(other));
	else
	{
		for (int i = 0; i < 4; i++)
			other[i] = given(c, CF_prog_pay + i);
	}
	for (int i = 0; i < 3; i++)
		k.part[i] = given(c, CF_fulamt_ownpay_amt + i);
	k.inscp = given(c, CF_inscp_scp_amt);
	if (UNLIKELY(c->state[CF_medfee_sumamt] != FS_GIVEN ||
				 ((parts | others) & FOUR(FS_NULL)) != 0 ||
				 !SURELY_FEN(total | k.part[0] | k.part[1] | k.part[2] | k.inscp |
							 other[0] | other[1] | other[2] | other[3])))
		return false;
	left = total - k.part[0] - k.part[1] - k.part[2] - k.inscp;
	if (left != 0)
	{
		uint32_t	absent = parts ^ FOUR(FS_GIVEN);
		uint8_t		states[4];

		if (left < 0 || absent == 0 || (absent & (absent - 1)) != 0)
			return false;
		memcpy(states, &absent, sizeof(states));
		if (LIKELY(states[3] != 0))
			k.inscp = left;
		else
		{
			for (int i = 0; i < 3; i++)
				k.part[i] = states[i] != 0 ? left : k.part[i];
		}
	}
	if (UNLIKELY(other[0] > k.inscp))
		return false;

	if (c->state[date] != FS_MISSING &&
		UNLIKELY(c->state[date] == FS_NULL || c->v[date] < p->valid_from || c->v[date] >= p->valid_to))
		return false;
	if (p->asks_more && !asks_nothing(p, c))
		return false;

	if (LIKELY(situation != SITUATION_OPEN))
		cell = memo_find(p, situation, &slot);
	else
	{
		CoreError	err;

		cell = core_resolve(p, c, &err);
	}
	if (UNLIKELY(cell == NULL || !cell->plain))
		return false;

	if (s != NULL)
	{
		Fen		   *a = s->amount;

		a[SA_medfee_sumamt] = total;
		a[SA_fulamt_ownpay_amt] = k.part[0];
		a[SA_overlmt_selfpay] = k.part[1];
		a[SA_preselfpay_amt] = k.part[2];
		a[SA_inscp_scp_amt] = k.inscp;
		a[SA_hosp_part_amt] = other[1];
		a[SA_acct_pay] = other[2];
		a[SA_acct_mulaid_pay] = other[3];
		core_start_layers(s, other[0]);
		s->benefit = cell->benefit->u.benefit.benefit;
		s->pool = cell->benefit->u.benefit.pool;
		s->counted = cell->counted;
	}
	k.fund = other[0];
	k.inscp -= other[0];
	k.copay = k.inscp;
	k.dedc = k.overcap = k.upper_paid = 0;
	k.done = 0;
	for (int l = 0; l < cell->nplain; l++)
	{
		if (UNLIKELY(!quick_layer(&k, c, &cell->figures[l], s)))
			return false;
	}

	person = total - k.fund - other[1];
	cash = person - other[2] - other[3];
	if (UNLIKELY(person < 0 || cash < 0))
		return false;
	if (s != NULL)
	{
		s->amount[SA_fund_pay_sumamt] = k.fund;
		s->amount[SA_psn_part_amt] = person;
		s->amount[SA_psn_cash_pay] = cash;
	}
	else
		*paid = k.fund;
	return true;
}

bool
core_quick(Policy *p, const Claim *c, Settlement *out)
{
	return quick_settle(p, c, quick_key(p, c), out, NULL);
}

uint64_t
settle_situation(const Policy *p, const Claim *c)
{
	uint64_t	key = quick_key(p, c);
	const uint32_t *slots = (const uint32_t *) (const void *) p->memo;
	const Cell *cell = (const Cell *) (const void *) (p->memo + slots[memo_hash(key) & p->memo_mask]);

	__builtin_prefetch(cell);
	for (int l = 0; l < p->nlayers; l++)
		__builtin_prefetch(&cell->figures[l].cap_amount);
	return key;
}

bool
settle_quick(Policy *p, const Claim *c, uint64_t situation, Fen *paid)
{
	return quick_settle(p, c, situation, NULL, paid);
}
