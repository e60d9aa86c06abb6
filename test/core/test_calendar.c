/* Days of the calendar: against dates that are known. */
#include "../../src/core/calendar.h"

#include "tap.h"

static bool
splits(Day day, int year, int month, int mday)
{
	int			y,
				m,
				d;

	day_split(day, &y, &m, &d);
	return y == year && m == month && d == mday;
}

int
main(void)
{
	Day			before = day_make(1899, 12, 31);
	bool		all = true;

	ok(day_make(2000, 1, 1) == 0, "2000-01-01 is day 0");
	ok(day_make(1970, 1, 1) == -10957, "1970-01-01 is 10,957 days before");
	ok(day_make(2000, 3, 1) == 60, "2000 is a leap year");
	ok(day_make(1900, 3, 1) - day_make(1900, 2, 1) == 28, "1900 is none");
	ok(splits(0, 2000, 1, 1) && splits(59, 2000, 2, 29) && splits(-1, 1999, 12, 31), "days are taken apart");
	/* 400 years have 146,097 days */
	ok(day_make(2300, 1, 1) - day_make(1900, 1, 1) == 146097, "400 years");
	for (int y = 1900; y <= 2300; y++)
	{
		for (int m = 1; m <= 12; m++)
		{
			for (int d = 1; d <= days_in_month(y, m); d++)
			{
				Day			day = day_make(y, m, d);

				all = all && day == before + 1 && splits(day, y, m, d);
				before = day;
			}
		}
	}
	ok(all, "every day from 1900 to 2300 follows the one before and is taken apart to itself");
	ok(day_add_months(day_make(2026, 11, 30), 3) == day_make(2027, 2, 28), "30 November and three months is the last of February");
	ok(day_add_months(day_make(2027, 11, 30), 3) == day_make(2028, 2, 29), "in a leap year the 29th");
	ok(day_add_months(day_make(2026, 12, 5), 1) == day_make(2027, 1, 5), "over New Year");
	ok(day_add_months(day_make(2026, 1, 31), 0) == day_make(2026, 1, 31), "no month is the same day");
	ok(day_month_start(day_make(2026, 5, 1)) == day_make(2026, 5, 1) && day_month_start(day_make(2026, 12, 2)) == day_make(2027, 1, 1),
	   "the first stays, another day goes to the next month");
	ok(months_between(day_make(2026, 2, 10), day_make(2026, 8, 9)) == 5 && months_between(day_make(2026, 2, 10), day_make(2026, 8, 10)) == 6,
	   "completed months");
	ok(months_between(day_make(2026, 1, 31), day_make(2026, 2, 28)) == 1 && months_between(day_make(2026, 2, 1), day_make(2026, 1, 1)) == 0,
	   "a short month is one, and never less than none");
	/* 2026-11-22 was a Sunday, 2000-01-01 a Saturday */
	ok(day_of_week(0) == 6 && day_of_week(day_make(2026, 11, 22)) == 0 && day_of_week(-1) == 5, "days of the week");
	return done_testing();
}
