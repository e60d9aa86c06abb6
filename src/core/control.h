/*
 * control.h
 *	  Figures of fund management and supervision: months payable, sample sizes,
 *	  shares, deadlines.  Each choice on which areas differ is an argument.
 */
#ifndef YIBAO_CORE_CONTROL_H
#define YIBAO_CORE_CONTROL_H

#include "calendar.h"
#include "fen.h"

#define USECS_DAY	INT64_C(86400000000)
#define USECS_HOUR	INT64_C(3600000000)

/* Balance over the mean of twelve months' spending, in hundredths of a month, half up. */
static inline int64_t
months_payable(Fen balance, Fen spending)
{
	Wide		n = ((Wide) balance * 2400 + spending) / ((Wide) spending * 2);

	return n > INT64_MAX ? INT64_MAX : (int64_t) n;
}

/* How many of n to look at; up: a part of one is one. */
static inline int64_t
sample_size(int64_t n, Ratio share, bool up)
{
	Wide		part = (Wide) n * share;

	return (int64_t) ((part + (up ? RATIO_ONE - 1 : RATIO_ONE / 2)) / RATIO_ONE);
}

/* Is b within so many hours of a: by the clock, or by the end of the day they end on? */
static inline bool
within_hours(int64_t a, int64_t b, int32_t hours, bool whole_days)
{
	int64_t		end = a + hours * USECS_HOUR;

	if (!whole_days)
		return b <= end;
	/* days since 2000-01-01 may be negative: round down */
	return (b >= 0 ? b / USECS_DAY : (b + 1) / USECS_DAY - 1) <=
		(end >= 0 ? end / USECS_DAY : (end + 1) / USECS_DAY - 1);
}

static inline bool
day_in(const Day *days, int n, Day day)
{
	for (int i = 0; i < n; i++)
	{
		if (days[i] == day)
			return true;
	}
	return false;
}

/* The day, or the next working day: no weekend and not off, or a day worked instead. */
static inline Day
working_day(Day day, const Day *off, int noff, const Day *work, int nwork)
{
	while (!day_in(work, nwork, day) &&
		   (day_in(off, noff, day) || day_of_week(day) == 0 || day_of_week(day) == 6))
		day++;
	return day;
}

#endif							/* YIBAO_CORE_CONTROL_H */
