/*
 * certno.h
 *	  The citizen identity number (公民身份号码) of GB 11643-1999.
 *
 * Eighteen characters: area (6), date of birth (8), sequence (3) and a check
 * character by MOD 11-2 of ISO 7064.  Numbers of the residence permits for Hong
 * Kong, Macao and Taiwan residents (81, 82, 83) and of the 2023 permanent
 * residence card for foreigners (9, province, country) have the same build.
 */
#ifndef YIBAO_CORE_CERTNO_H
#define YIBAO_CORE_CERTNO_H

#include <stddef.h>

typedef enum CertnoFault
{
	CERTNO_RIGHT,
	CERTNO_CHARACTER,			/* something else than a digit, or X not at the
								 * end */
	CERTNO_LENGTH,				/* not eighteen characters */
	CERTNO_AREA,				/* begins with no province */
	CERTNO_BIRTH,				/* no day of the calendar */
	CERTNO_CHECK,				/* check character does not fit the rest */
	CERTNO_LOWER_X				/* right, but for x where the standard writes X */
} CertnoFault;

/* The first thing that is wrong with a number, in the order of the enum. */
extern CertnoFault certno_fault(const char *number, size_t len);

/* The check character of seventeen digits. */
extern char certno_check_character(const char *digits);

/* Position, counted from 1, of the byte that CERTNO_CHARACTER is about; or 0. */
extern size_t certno_bad_position(const char *number, size_t len);

#endif							/* YIBAO_CORE_CERTNO_H */
