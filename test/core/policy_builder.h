/*
 * policy_builder.h
 *	  Compiled policies by hand, for the tests of the core.
 *
 * Builds into one static arena; a test that wants a fresh policy calls
 * pb_start().
 */
#ifndef YIBAO_TEST_POLICY_BUILDER_H
#define YIBAO_TEST_POLICY_BUILDER_H

#include <stdlib.h>
#include <string.h>

#include "../../src/core/match.h"
#include "../../src/core/settle.h"

#define PB_SETS		64
#define PB_RULES	32
#define PB_INFO		512

static Policy pb;
static RuleSet pb_sets[PB_SETS];
static Rule pb_rules[PB_SETS][PB_RULES];
static uint64_t pb_boxes[PB_SETS * PB_RULES + LAYER_COUNT][MAX_BOX_WORDS];
static int	pb_nboxes;
static int64_t pb_values[MAX_DIMS][16];
static RuleInfo pb_info[PB_INFO];
static const char *const pb_pools[] = {"inpatient", "outpatient"};
#define PB_MEMO 64
#define PB_BANDS 8
static uint64_t pb_memo[PB_MEMO * (sizeof(Cell) + CACHE_LINE + LAYER_COUNT * (sizeof(PlainLayer) + sizeof(CellLayer)) + (PB_SETS + LAYER_COUNT * PB_BANDS) * 8) / 8];

static inline void
pb_start(void)
{
	memset(&pb, 0, sizeof(pb));
	memset(pb_sets, 0, sizeof(pb_sets));
	memset(pb_rules, 0, sizeof(pb_rules));
	memset(pb_boxes, 0, sizeof(pb_boxes));
	pb_nboxes = 0;
	pb.sets = pb_sets;
	pb.info = pb_info;
	pb.ninfo = PB_INFO;
	pb.pools = pb_pools;
	pb.npools = 2;
	pb.version_date = CF_setl_time;
	pb.valid_from = INT64_MIN;
	pb.valid_to = INT64_MAX;
	pb.memo = (unsigned char *) pb_memo;
	pb.memo_mask = PB_MEMO - 1;
	memset(pb_memo, 0, sizeof(pb_memo));
}

/* A dimension; values are packed codes or cuts, ascending. */
static inline int
pb_dim(ClaimField field, bool prefix, int n, const int64_t *values)
{
	Dim		   *d = &pb.dims[pb.ndims];

	memcpy(pb_values[pb.ndims], values, sizeof(int64_t) * (size_t) n);
	d->field = (uint8_t) field;
	d->kind = (uint8_t) claim_fields[field].kind;
	d->prefix = prefix;
	d->nvalues = (uint16_t) n;
	d->natoms = (uint16_t) (d->kind == FK_FLAG ? 3 : n + 2);
	d->codes = pb_values[pb.ndims];
	d->cuts = pb_values[pb.ndims];
	return pb.ndims++;
}

/* The box of everything. */
static inline uint64_t *
pb_box(void)
{
	uint64_t   *box = pb_boxes[pb_nboxes++];

	memset(box, 0, sizeof(pb_boxes[0]));
	for (int d = 0; d < pb.ndims; d++)
		for (int a = 0; a < pb.dims[d].natoms; a++)
			box_put(box, pb.dims[d].bit0 + (uint32_t) a);
	return box;
}

/* Narrow a box to some atoms (bit i of mask: atom i) of a dimension. */
static inline uint64_t *
pb_only(uint64_t *box, int d, uint64_t mask)
{
	for (int a = 0; a < pb.dims[d].natoms; a++)
	{
		uint32_t	bit = pb.dims[d].bit0 + (uint32_t) a;

		if (!((mask >> a) & 1))
			box[bit >> 6] &= ~(UINT64_C(1) << (bit & 63));
	}
	return box;
}

static inline int
pb_set(RuleKind kind, LayerCode layer)
{
	pb_sets[pb.nsets].kind = (uint8_t) kind;
	pb_sets[pb.nsets].layer = (uint8_t) layer;
	pb_sets[pb.nsets].name = "";
	pb_sets[pb.nsets].rules = pb_rules[pb.nsets];
	return pb.nsets++;
}

static inline Rule *
pb_rule(int set, const uint64_t *box)
{
	Rule	   *r = &pb_sets[set].rules[pb_sets[set].nrules++];

	r->box = box;
	r->kind = pb_sets[set].kind;
	r->info = -1;
	return r;
}

static inline Layer *
pb_layer(LayerCode code, uint8_t components)
{
	Layer	   *l = &pb.layers[pb.nlayers++];

	l->code = (uint8_t) code;
	l->components = components;
	l->info = -1;
	l->ratio_max = RATIO_ONE;
	l->first_set = (int16_t) pb.nsets;
	l->deductible = (int16_t) pb_set(RK_DEDUCTIBLE, code);
	l->ratio = (int16_t) pb_set(RK_RATIO, code);
	l->nsets = 2;
	return l;
}

/* One more set of the layer that was begun last. */
static inline int
pb_more(Layer *l, RuleKind kind)
{
	l->nsets++;
	return pb_set(kind, (LayerCode) l->code);
}

static inline void
pb_deductible(Layer *l, const uint64_t *box, Fen amount, Per per)
{
	Rule	   *r = pb_rule(l->deductible, box);

	r->u.deductible.amount = amount;
	r->u.deductible.per = per;
	r->u.deductible.max = FEN_INF;
}

static inline void
pb_ratio(Layer *l, const uint64_t *box, int n, const Band *bands, bool excess,
		 Per per)
{
	Rule	   *r = pb_rule(l->ratio, box);

	r->u.ratio.nbands = (int16_t) n;
	r->u.ratio.bands = bands;
	r->u.ratio.excess = excess;
	r->u.ratio.measure = per;
}

/* Everything is an inpatient stay paid from the first pool. */
static inline void
pb_inpatient(void)
{
	Rule	   *r = pb_rule(pb_set(RK_BENEFIT, LAYER_BASIC), pb_box());

	r->u.benefit.benefit = BEN_INPATIENT;
}

static inline void
claim_set(Claim *c, ClaimField f, int64_t v)
{
	c->v[f] = v;
	c->state[f] = FS_GIVEN;
}

static inline void
claim_code(Claim *c, ClaimField f, const char *code)
{
	claim_set(c, f, code_pack(code, strlen(code)));
}

/* Are two settlements the same in all that counts? */
static inline bool
same_settlement(const Settlement *a, const Settlement *b)
{
	if (memcmp(a->amount, b->amount, sizeof(a->amount)) != 0 || a->benefit != b->benefit ||
		a->pool != b->pool || settlement_prop(a) != settlement_prop(b))
		return false;
	for (int l = 0; l < LAYER_COUNT; l++)
	{
		const LayerResult *x = &a->layer[l];
		const LayerResult *y = &b->layer[l];

		if (x->applied != y->applied || x->pay != y->pay ||
			(x->applied && (x->base != y->base || x->dedc != y->dedc || x->elig != y->elig)))
			return false;
	}
	return true;
}

/* A claim whose whole cost is in policy. */
static inline void
claim_inscp(Claim *c, Fen fen)
{
	memset(c, 0, sizeof(*c));
	claim_set(c, CF_medfee_sumamt, fen);
	claim_set(c, CF_inscp_scp_amt, fen);
}

#endif
