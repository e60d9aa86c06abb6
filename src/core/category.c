/*
 * category.c
 *	  A person of several categories: which of them a claim is settled by.
 *
 * The claim brings psn_idet_types in place of psn_idet_type, and the policy says
 * how one is chosen.  Every rule then sees that one: benefits of two categories
 * are never added.
 */
#include <string.h>

#include "run.h"

int
category_codes(const char *s, size_t len, int64_t codes[CATEGORY_MAX])
{
	const char *end = s + len;
	int			n = 0;

	for (;;)
	{
		const char *comma = memchr(s, ',', (size_t) (end - s));
		const char *from = s;
		const char *upto = comma == NULL ? end : comma;
		int64_t		code;
		int			i = 0;

		while (from < upto && *from == ' ')
			from++;
		while (upto > from && upto[-1] == ' ')
			upto--;
		if (from == upto || upto - from > CODE_MAX)
			return -1;
		code = code_pack(from, (size_t) (upto - from));
		while (i < n && codes[i] != code)
			i++;
		if (i == CATEGORY_MAX)
			return -1;
		codes[i] = code;
		if (i == n)
			n++;
		if (comma == NULL)
			return n;
		s = comma + 1;
	}
}

static int
codes_of(const Claim *claim, int64_t codes[CATEGORY_MAX], CoreError *err)
{
	int			n = category_codes((const char *) (intptr_t) claim->v[CF_psn_idet_types],
								   claim->len[CF_psn_idet_types], codes);

	if (n < 0)
		core_set_error(err, CE_CATEGORY_LIST, CF_psn_idet_types, 0, 0);
	return n;
}

/* The first of the policy's list that is among the codes; false: none is. */
static bool
first_listed(const Policy *p, const int64_t *codes, int n, int *which)
{
	for (int i = 0; i < p->ncategories; i++)
	{
		for (int k = 0; k < n; k++)
		{
			if (codes[k] == p->category_order[i])
			{
				*which = k;
				return true;
			}
		}
	}
	return false;
}

/* Which of several, as far as the policy alone says so: for CATEGORIES_BEST the first. */
static bool
choose(const Policy *p, const int64_t *codes, int n, int *which, CoreError *err)
{
	*which = 0;
	if (n == 1 || p->categories == CATEGORIES_BEST)
		return true;
	if (p->categories == CATEGORIES_UNSTATED)
		return core_fail(err, CE_CATEGORIES_OPEN, CF_psn_idet_types, 0, 0);
	if (first_listed(p, codes, n, which))
		return true;
	core_set_error(err, CE_CATEGORY_NOT_LISTED, CF_psn_idet_types, 0, 0);
	err->info = p->categories_info;
	return false;
}

const Claim *
core_one_category(const Policy *p, const Claim *claim, Claim *one, CoreError *err)
{
	int64_t		codes[CATEGORY_MAX];
	int			n;
	int			which;

	if (!p->by_category || claim->state[CF_psn_idet_types] != FS_GIVEN)
		return claim;
	n = codes_of(claim, codes, err);
	if (n < 0 || !choose(p, codes, n, &which, err))
		return NULL;
	*one = *claim;
	one->v[CF_psn_idet_type] = codes[which];
	one->state[CF_psn_idet_type] = FS_GIVEN;
	return one;
}

SELDOM bool
core_settle_several(Policy *p, const Claim *claim, Settlement *out, Trace *trace,
					CoreError *err)
{
	Run			run = {.p = p,.c = claim,.s = out,.trace = trace,.err = err};
	Claim		one;
	int64_t		codes[CATEGORY_MAX];
	Fen			left[CATEGORY_MAX];
	int			n = codes_of(claim, codes, err);
	int			which;

	if (n < 0 || !choose(p, codes, n, &which, err))
		return false;
	one = *claim;
	one.state[CF_psn_idet_type] = FS_GIVEN;
	for (int i = 0; p->categories == CATEGORIES_BEST && n > 1 && i < n; i++)
	{
		one.v[CF_psn_idet_type] = codes[i];
		if (!core_settle_one(p, &one, NULL, out, NULL, err))
		{
			err->category = codes[i];
			return false;
		}
		left[i] = out->amount[SA_psn_part_amt];
		if (left[i] < left[which])
			which = i;
	}
	if (trace != NULL && n > 1)
	{
		bool		best = p->categories == CATEGORIES_BEST;

		core_step(&run, STEP_CATEGORY, LAYER_COUNT, SA_COUNT, p->categories_info,
				  best ? left[which] : 0, 0, 0, codes[which]);
		for (int i = 0; best && i < n; i++)
		{
			if (i != which)
				core_step(&run, STEP_CATEGORY_OTHER, LAYER_COUNT, SA_COUNT, -1,
						  left[i], 0, 0, codes[i]);
		}
		trace->step[0].carried = best;
	}
	one.v[CF_psn_idet_type] = codes[which];
	out->category = codes[which];
	if (core_settle_one(p, &one, NULL, out, trace, err))
		return true;
	err->category = codes[which];
	return false;
}
