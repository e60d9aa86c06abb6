/*
 * test_certno.c
 *	  GB 11643-1999 numbers, right ones and each way of being wrong.  TAP.
 *
 * Right numbers: the two examples of GB 11643-1999 and the sample in the rules
 * for the 2023 permanent residence card.  Other check characters were worked
 * out from the weights of the standard by a separate script, not by src/core.
 */
#include "../../src/core/certno.h"

#include <stdbool.h>
#include <string.h>

#include "tap.h"

static void
fault_is(const char *number, CertnoFault expected, const char *what)
{
	CertnoFault got = certno_fault(number, strlen(number));

	ok(got == expected, what);
	if (got != expected)
		printf("# %s: fault %d, expected %d\n", number, (int) got, (int) expected);
}

/* MOD 11-2 promises to find every single wrong digit and every swap of neighbours. */
static void
every_slip_is_found(const char *right)
{
	char		s[19];
	int			missed = 0;
	int			tried = 0;

	for (int i = 0; i < 17; i++)
		for (char c = '0'; c <= '9'; c++)
		{
			strcpy(s, right);
			if (s[i] == c)
				continue;
			s[i] = c;
			tried++;
			missed += certno_fault(s, 18) == CERTNO_RIGHT;
		}
	for (int i = 0; i < 16; i++)
	{
		strcpy(s, right);
		if (s[i] == s[i + 1])
			continue;
		s[i] = right[i + 1];
		s[i + 1] = right[i];
		tried++;
		missed += certno_fault(s, 18) == CERTNO_RIGHT;
	}
	ok(tried > 153 && missed == 0, "every single slip and every swap of neighbours is found");
}

int
main(void)
{
	fault_is("11010519491231002X", CERTNO_RIGHT, "the standard's example with X");
	fault_is("440524188001010014", CERTNO_RIGHT, "the standard's example of a centenarian");
	fault_is("911124198108030024", CERTNO_RIGHT, "permanent residence card of a foreigner");
	fault_is("810000199001010019", CERTNO_RIGHT, "residence permit, Hong Kong");
	fault_is("830000199001010012", CERTNO_RIGHT, "residence permit, Taiwan");
	every_slip_is_found("11010519491231002X");
	every_slip_is_found("440524188001010014");

	fault_is("", CERTNO_LENGTH, "empty");
	fault_is("11010519491231002", CERTNO_LENGTH, "seventeen characters");
	fault_is("1101054912310021234", CERTNO_LENGTH, "nineteen characters");
	fault_is("130503670401001", CERTNO_LENGTH, "the old number of fifteen digits");
	fault_is("11010519491231002X ", CERTNO_CHARACTER, "blank at the end");
	fault_is(" 11010519491231002", CERTNO_CHARACTER, "blank in front");
	fault_is("1101051949123100X2", CERTNO_CHARACTER, "X inside");
	fault_is("110105194912310O2X", CERTNO_CHARACTER, "letter O for zero");
	fault_is("11010519491231002Y", CERTNO_CHARACTER, "last character Y");
	fault_is("１1010519491231002X", CERTNO_CHARACTER, "full-width digit");
	ok(certno_bad_position("110105194912310O2X", 18) == 16, "the letter O is found at 16");
	ok(certno_bad_position("11010519491231002X", 18) == 0, "nothing bad in a right number");
	ok(certno_bad_position("11010519491231002XX", 19) == 19, "a second X is found at 19");

	/* check characters fit, so that only the part named is wrong */
	fault_is("000522198002290016", CERTNO_AREA, "no province 00");
	fault_is("160522199001010018", CERTNO_AREA, "no province 16");
	fault_is("960522198001010012", CERTNO_AREA, "9 for a foreigner, then no province 60");
	fault_is("620522198002290011", CERTNO_RIGHT, "29 February 1980");
	fault_is("620522198102290019", CERTNO_BIRTH, "29 February 1981");
	fault_is("620522200002290011", CERTNO_RIGHT, "29 February 2000, a leap year");
	fault_is("620522190002290015", CERTNO_BIRTH, "29 February 1900, not a leap year");
	fault_is("620522199004310017", CERTNO_BIRTH, "31 April");
	fault_is("620522199013010016", CERTNO_BIRTH, "month 13");
	fault_is("620522199012000019", CERTNO_BIRTH, "day 00");
	fault_is("620522000001010018", CERTNO_BIRTH, "year 0000");

	fault_is("110105194912310021", CERTNO_CHECK, "wrong check digit");
	fault_is("11010519491231002x", CERTNO_LOWER_X, "small x");
	fault_is("44052418800101001x", CERTNO_CHECK, "small x where 4 is right");
	fault_is("44052418800101001X", CERTNO_CHECK, "X where 4 is right");
	ok(certno_check_character("11010519491231002") == 'X', "check character of 11010519491231002");

	return done_testing();
}
