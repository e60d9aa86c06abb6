/*
 * certno.c
 *	  The citizen identity number (公民身份号码) of GB 11643-1999.
 */
#include "certno.h"

#include <stdbool.h>

#define CERTNO_LEN	18

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int
number_at(const char *s, int from, int digits)
{
	int			n = 0;

	for (int i = from; i < from + digits; i++)
		n = n * 10 + (s[i] - '0');
	return n;
}

/*
 * The province codes of GB/T 2260, with 83 for Taiwan residents.  Districts are
 * not looked up: they are renamed and abolished while the number stays for life.
 */
static bool
is_province(int code)
{
	switch (code / 10)
	{
		case 1:
			return code >= 11 && code <= 15;
		case 2:
			return code >= 21 && code <= 23;
		case 3:
			return code >= 31 && code <= 37;
		case 4:
			return code >= 41 && code <= 46;
		case 5:
			return code >= 50 && code <= 54;
		case 6:
			return code >= 61 && code <= 65;
		case 7:
			return code == 71;
		case 8:
			return code >= 81 && code <= 83;
		default:
			return false;
	}
}

static bool
is_calendar_day(int year, int month, int day)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool		leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (year < 1 || month < 1 || month > 12 || day < 1)
		return false;
	return day <= days[month - 1] + (month == 2 && leap ? 1 : 0);
}

char
certno_check_character(const char *digits)
{
	static const int weight[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	int			sum = 0;

	for (int i = 0; i < CERTNO_LEN - 1; i++)
		sum += (digits[i] - '0') * weight[i];
	return "10X98765432"[sum % 11];
}

size_t
certno_bad_position(const char *number, size_t len)
{
	for (size_t i = 0; i < len; i++)
	{
		bool		last = (i == CERTNO_LEN - 1);

		if (!is_digit(number[i]) &&
			!(last && (number[i] == 'X' || number[i] == 'x')))
			return i + 1;
	}
	return 0;
}

CertnoFault
certno_fault(const char *number, size_t len)
{
	char		check;

	if (certno_bad_position(number, len) != 0)
		return CERTNO_CHARACTER;
	if (len != CERTNO_LEN)
		return CERTNO_LENGTH;
	if (!is_province(number_at(number, number[0] == '9' ? 1 : 0, 2)))
		return CERTNO_AREA;
	if (!is_calendar_day(number_at(number, 6, 4), number_at(number, 10, 2),
						 number_at(number, 12, 2)))
		return CERTNO_BIRTH;
	check = certno_check_character(number);
	if (number[CERTNO_LEN - 1] == 'x' && check == 'X')
		return CERTNO_LOWER_X;
	return number[CERTNO_LEN - 1] == check ? CERTNO_RIGHT : CERTNO_CHECK;
}
