/*
 * resolve.c
 *	  Which rules hold for a claim.
 */
#include <string.h>

#include "match.h"
#include "run.h"

/*
 * One of the four parts of the total that is left out: what the others leave;
 * where they leave nothing all that are left out are zero.
 */
static SELDOM bool
part_left(const Claim *c, int64_t *v)
{
	Fen			left = c->v[CF_medfee_sumamt];
	int			absent = 0;

	if (c->state[CF_medfee_sumamt] != FS_GIVEN)
		return false;
	for (int field = CF_fulamt_ownpay_amt; field <= CF_inscp_scp_amt; field++)
	{
		if (c->state[field] == FS_NULL)
			return false;
		if (c->state[field] == FS_GIVEN)
			left -= c->v[field];
		else
			absent++;
	}
	*v = left;
	return left == 0 || (left > 0 && absent == 1);
}

/*
 * What a claim leaves out follows from the rest of it.  The ordinal of a stay
 * from the number of stays before, and that, where it is missing, is none; so
 * are those at a level, a hospital, a place of a person who had none.  A part of
 * the total is what the others leave, the share of traditional medicine follows
 * from its cost, rounded down, and what is zero by default is zero.
 */
static SELDOM bool
derived_value(const Claim *c, int field, int64_t *v)
{
	if (c->state[field] != FS_MISSING)
		return false;
	if (field == CF_cal_ipt_cnt && c->state[CF_cum_ipt_cnt] != FS_NULL)
	{
		*v = 1 + (c->state[CF_cum_ipt_cnt] == FS_GIVEN ?
				  c->v[CF_cum_ipt_cnt] : 0);
		return true;
	}
	if (field == CF_tcm_share && c->state[CF_tcm_amt] == FS_GIVEN &&
		c->state[CF_medfee_sumamt] == FS_GIVEN)
	{
		Fen			total = c->v[CF_medfee_sumamt];

		*v = total <= 0 ? 0 : (int64_t) ((Wide) c->v[CF_tcm_amt] * 10000 / total);
		return true;
	}
	if (field >= CF_fulamt_ownpay_amt && field <= CF_inscp_scp_amt)
		return part_left(c, v);
	*v = 0;
	if (field == CF_cum_lv_cnt || field == CF_cum_hosp_cnt || field == CF_cum_area_cnt)
		return c->state[CF_cum_ipt_cnt] == FS_MISSING ||
			(c->state[CF_cum_ipt_cnt] == FS_GIVEN && c->v[CF_cum_ipt_cnt] == 0);
	return field == CF_cum_ipt_cnt || field == CF_trsf_dedc ||
		(field >= CF_prog_pay && field <= CF_acct_mulaid_pay);
}

bool
core_count(const Claim *c, int field, int info, int64_t *v, CoreError *err)
{
	*v = c->v[field];
	if (c->state[field] == FS_GIVEN || derived_value(c, field, v))
		return true;
	core_set_error(err, c->state[field] == FS_MISSING ? CE_FIELD_MISSING :
				   CE_FIELD_NULL, field, 0, 0);
	err->info = info;
	return false;
}

static bool
box_restricts(const Dim *dim, const uint64_t *box)
{
	return !box_has(box, dim->bit0 + ATOM_UNKNOWN);
}

/*
 * Does the box hold at this point?  1 yes, 0 no, -1 the claim leaves open a
 * field that decides it, given in *open.
 */
static int
box_match(const Policy *p, const uint64_t *box, const uint16_t *atom, int *open)
{
	int			result = 1;

	for (int d = 0; d < p->ndims; d++)
	{
		const Dim  *dim = &p->dims[d];

		if (atom[d] != ATOM_UNKNOWN)
		{
			if (!box_has(box, dim->bit0 + atom[d]))
				return 0;
		}
		else if (box_restricts(dim, box))
		{
			*open = d;
			result = -1;
		}
	}
	return result;
}

static bool
fail_open(const Claim *c, const Policy *p, int dim, int info, CoreError *err)
{
	int			field = p->dims[dim].field;

	if (field == CF_tcm_share && c->state[field] == FS_MISSING)
		field = CF_tcm_amt;		/* it would follow from that */
	core_fail(err, c->state[field] == FS_MISSING ? CE_FIELD_MISSING : CE_FIELD_NULL,
		 field, 0, 0);
	err->info = info;
	return false;
}

/*
 * The rule of a set that holds at the point, NULL when there is none; false
 * with *err filled when the claim, the policy or its source leave it open.
 */
static bool
pick(const Policy *p, const Claim *c, const uint16_t *atom, int set_no,
	 const Rule **rule, CoreError *err)
{
	const RuleSet *set = &p->sets[set_no];
	int			open = -1;

	*rule = NULL;
	for (int k = 0; k < set->nrules && *rule == NULL; k++)
	{
		int			match = box_match(p, set->rules[k].box, atom, &open);

		if (match < 0)
			return fail_open(c, p, open, set->rules[k].info, err);
		if (match > 0)
			*rule = &set->rules[k];
	}

	if (*rule == NULL &&
		(set->kind == RK_BENEFIT || set->kind == RK_DEDUCTIBLE ||
		 set->kind == RK_RATIO || set->kind == RK_CROSS_YEAR))
	{
		core_fail(err, CE_NOT_COVERED, -1, 0, 0);
		memcpy(err->atom, atom, sizeof(uint16_t) * (size_t) p->ndims);
		return false;
	}
	if (*rule != NULL && (*rule)->undecided)
	{
		core_fail(err, CE_UNDECIDED, -1, 0, 0);
		err->info = (*rule)->info;
		return false;
	}
	return true;
}

/* The same, saying in *err which parameter of which layer it is. */
static bool
pick_in(const Policy *p, const Claim *c, const uint16_t *atom, int layer,
		int set, const Rule **rule, CoreError *err)
{
	if (pick(p, c, atom, set, rule, err))
		return true;
	err->layer = layer;
	err->set = set;
	return false;
}

/* The claim's point. */
static void
atoms_of(const Policy *p, const Claim *c, uint16_t atom[MAX_DIMS])
{
	for (int d = 0; d < p->ndims; d++)
	{
		int			field = p->dims[d].field;
		int64_t		v = c->v[field];

		if (c->state[field] != FS_GIVEN && !derived_value(c, field, &v))
			atom[d] = ATOM_UNKNOWN;
		else
			atom[d] = (uint16_t) dim_atom(&p->dims[d], v, c->len[field]);
	}
}

bool
core_pick_set(const Policy *p, const Claim *c, int set_no, const Rule **rule,
			  CoreError *err)
{
	uint16_t	atom[MAX_DIMS];

	atoms_of(p, c, atom);
	return pick_in(p, c, atom, LAYER_COUNT, set_no, rule, err);
}

/* Is a stay at this point one that ordinals count? */
static bool
resolve_counted(const Policy *p, const Claim *c, const uint16_t *atom, uint8_t *counted,
				CoreError *err)
{
	int			open = -1;

	for (int i = 0; i < p->nuncounted; i++)
	{
		int			match = box_match(p, p->uncounted[i], atom, &open);

		if (match < 0)
			return fail_open(c, p, open, p->uncounted_info[i], err);
		if (match > 0)
			*counted = COUNTED_NOT;
	}
	return true;
}

/* How stays count in the policy, but for those that it excepts. */
static inline uint8_t
counted_at_first(const Policy *p)
{
	return p->unpaid_uncounted ? COUNTED_IF_PAID : COUNTED;
}

bool
core_benefit(const Policy *p, const Claim *c, const Rule **benefit, uint8_t *counted,
			 CoreError *err)
{
	uint16_t	atom[MAX_DIMS];

	atoms_of(p, c, atom);
	*counted = counted_at_first(p);
	return pick_in(p, c, atom, LAYER_COUNT, 0, benefit, err) &&
		((*benefit)->u.benefit.benefit != BEN_INPATIENT ||
		 resolve_counted(p, c, atom, counted, err));
}

/* Fill a cell for a point, but for its key and benefit, which make it valid. */
static bool
resolve(const Policy *p, const Claim *c, const uint16_t *atom, Cell *cell,
		const Rule **benefit, CoreError *err)
{
	const Rule **rules;
	Ratio	   *ratios;
	int			open = -1;

	cell->layer = (CellLayer *) (void *) &cell->figures[p->nlayers];
	rules = (const Rule **) (void *) &cell->layer[p->nlayers];
	ratios = (Ratio *) (void *) (rules + p->nsets);

	for (int l = 0; l < p->nlayers; l++)
	{
		const Layer *layer = &p->layers[l];
		int			match = layer->applies == NULL ? 1 :
			box_match(p, layer->applies, atom, &open);

		if (match < 0)
		{
			fail_open(c, p, open, layer->applies_info, err);
			err->layer = layer->code;
			return false;
		}
		cell->layer[l].applies = match > 0;
	}

	if (!pick_in(p, c, atom, LAYER_COUNT, 0, benefit, err))
		return false;
	cell->counted = counted_at_first(p);
	if ((*benefit)->u.benefit.benefit == BEN_INPATIENT &&
		!resolve_counted(p, c, atom, &cell->counted, err))
		return false;

	for (int l = 0; l < p->nlayers; l++)
	{
		const Layer *layer = &p->layers[l];
		CellLayer  *cl = &cell->layer[l];
		const Rule *ratio;
		int			n = 0;

		cl->rules = rules;
		for (int kind = 0; kind < RK_COUNT; kind++)
		{
			cl->first[kind] = (uint8_t) n;
			for (int i = layer->first_set; cl->applies &&
				 i < layer->first_set + layer->nsets; i++)
			{
				bool		picked;

				if (p->sets[i].kind != kind)
					continue;
				picked = pick_in(p, c, atom, layer->code, i, &rules[n], err);
				/* also where it is left open */
				if (kind == RK_CAP && rules[n] != NULL &&
					!cap_is_for(rules[n], (*benefit)->u.benefit.benefit))
					continue;
				if (!picked)
					return false;
				if (rules[n] != NULL)
					n++;
			}
		}
		cl->first[RK_COUNT] = (uint8_t) n;
		rules += n;

		if (!cl->applies)
			continue;
		ratio = cell_rule(cl, RK_RATIO);
		cl->band_ratio = ratios;
		for (int b = 0; b < ratio->u.ratio.nbands; b++)
			cl->band_ratio[b] = core_adjusted_ratio(layer, cl,
													ratio->u.ratio.bands[b].ratio);
		ratios += ratio->u.ratio.nbands;
	}
	return true;
}

/*
 * The cell of the claim's point: out of the memo, or resolved.  A full memo is
 * emptied; a point that a claim leaves open is resolved each time.
 */
const Cell *
core_resolve(Policy *p, const Claim *c, CoreError *err)
{
	uint64_t	key = 0;
	uint32_t	slot;
	size_t		at;
	Cell	   *cell;
	uint16_t	atom[MAX_DIMS];
	const Rule *benefit;

	for (int d = 0; d < p->ndims; d++)
	{
		Dim		   *dim = &p->dims[d];
		int			field = dim->field;
		int64_t		v = c->v[field];
		int			a;

		if (__builtin_expect(c->state[field] != FS_GIVEN, 0) &&
			!derived_value(c, field, &v))
			a = ATOM_UNKNOWN;
		else if (dim->kind != FK_CODE)
			a = dim->kind != FK_TEXT && dim->kind != FK_FLAG && dim->nvalues <= FEW_CUTS ?
				few_cuts_atom(dim, v) : dim_atom(dim, v, c->len[field]);
		else
		{
			DimMemo    *memo = &dim->memo[memo_slot(v)];

			if (memo->code != v)
			{
				if (!claim_code_known((ClaimField) field, v))
				{
					core_fail(err, CE_UNKNOWN_CODE, field, v, 0);
					return NULL;
				}
				memo->code = v;
				memo->bits = (uint64_t) dim_atom(dim, v, 0) << dim->key_shift;
			}
			key |= memo->bits;
			continue;
		}
		key |= (uint64_t) a << dim->key_shift;
	}

	cell = memo_find(p, key, &slot);
	if (cell != NULL)
		return cell;

	for (int d = 0; d < p->ndims; d++)
		atom[d] = (uint16_t) ((key >> p->dims[d].key_shift) &
							  ((UINT64_C(1) << p->dims[d].key_bits) - 1));
	if (p->memo_used == memo_room(p))
	{
		memset(p->memo, 0, memo_cells(p));
		p->memo_used = 0;
		slot = memo_hash(key) & p->memo_mask;
	}
	at = memo_cells(p) + p->memo_used * p->cell_size;
	cell = (Cell *) (void *) (p->memo + at);
	if (!resolve(p, c, atom, cell, &benefit, err))
		return NULL;
	core_plain_cell(p, cell, benefit);
	cell->key = key;
	cell->benefit = benefit;
	((uint32_t *) (void *) p->memo)[slot] = (uint32_t) at;
	p->memo_used++;
	return cell;
}
