/*
 * calendar.h
 *	  Days of the Gregorian calendar, as days since 2000-01-01 (what PostgreSQL
 *	  keeps in a date), for years 1 to 9999.
 */
#ifndef YIBAO_CORE_CALENDAR_H
#define YIBAO_CORE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

typedef int32_t Day;

#define DAY_NEVER	INT32_MAX	/* not yet, not known */

/* Days from 0000-03-01 to 2000-01-01. */
#define CALENDAR_ZERO	730425

/* Day of a date; month 1 to 12, the day of the month is not checked. */
static inline Day
day_make(int year, int month, int mday)
{
	int			y = month > 2 ? year : year - 1;
	int			m = month > 2 ? month - 3 : month + 9;
	int			era = y / 400;
	int			yoe = y - era * 400;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + (153 * m + 2) / 5 +
		mday - 1 - CALENDAR_ZERO;
}

static inline void
day_split(Day day, int *year, int *month, int *mday)
{
	int			z = day + CALENDAR_ZERO;
	int			era = z / 146097;
	int			doe = z - era * 146097;
	int			yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int			doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int			m = (5 * doy + 2) / 153;

	*mday = doy - (153 * m + 2) / 5 + 1;
	*month = m < 10 ? m + 3 : m - 9;
	*year = yoe + era * 400 + (m >= 10);
}

static inline int
day_year(Day day)
{
	int			year,
				month,
				mday;

	day_split(day, &year, &month, &mday);
	return year;
}

static inline int
days_in_month(int year, int month)
{
	return month == 12 ? 31 : day_make(year, month + 1, 1) - day_make(year, month, 1);
}

/* The same day of a later month; its last day where it has no such day. */
static inline Day
day_add_months(Day day, int months)
{
	int			year,
				month,
				mday,
				last;

	day_split(day, &year, &month, &mday);
	month += months - 1;
	year += month / 12;
	month = month % 12 + 1;
	last = days_in_month(year, month);
	return day_make(year, month, mday > last ? last : mday);
}

/* The first of the month, where this is one, else of the next month. */
static inline Day
day_month_start(Day day)
{
	int			year,
				month,
				mday;

	day_split(day, &year, &month, &mday);
	return mday == 1 ? day : day_add_months(day_make(year, month, 1), 1);
}

/* Completed months from one day to another; 0 when it is not later. */
static inline int
months_between(Day from, Day to)
{
	int			y1,
				m1,
				d1,
				y2,
				m2,
				d2,
				n;

	if (to <= from)
		return 0;
	day_split(from, &y1, &m1, &d1);
	day_split(to, &y2, &m2, &d2);
	n = (y2 - y1) * 12 + m2 - m1;
	return day_add_months(from, n) > to ? n - 1 : n;
}

/* 0 Sunday to 6 Saturday; 2000-01-01 was a Saturday. */
static inline int
day_of_week(Day day)
{
	return (day % 7 + 13) % 7;
}

#endif							/* YIBAO_CORE_CALENDAR_H */
