/*
 * fields.c
 *	  Names, kinds and closed code lists of the claim fields.
 */
#include <string.h>

#include "fields.h"

/* For the message catalogue: who shows these words looks them up. */
#define gettext_noop(words) (words)

#define CLAIM_FIELD_INFO(name, kind, zh, en) {#name, kind, zh, en},
const FieldInfo claim_fields[CF_COUNT] = {
	CLAIM_FIELDS(CLAIM_FIELD_INFO)
};

int
claim_field_by_name(const char *name, size_t len)
{
	for (int i = 0; i < CF_COUNT; i++)
	{
		if (strncmp(claim_fields[i].name, name, len) == 0 &&
			claim_fields[i].name[len] == '\0')
			return i;
	}
	return -1;
}

size_t
code_unpack(int64_t packed, char out[CODE_MAX + 1])
{
	size_t		len = 0;

	while (len < CODE_MAX)
	{
		char		c = (char) ((uint64_t) packed >> (56 - 8 * len));

		if (c == '\0')
			break;
		out[len++] = c;
	}
	out[len] = '\0';
	return len;
}

/*
 * The closed lists: those of the national interface that the settlement rests
 * on, and our own.  A med_type belongs to the list when it begins with one of
 * these two-digit codes and has two, four or six digits; 99xx are local.
 */
static const char *const med_types[] = {
	"11", "12", "13", "14", "15", "16", "19", "21", "22", "23", "24", "25",
	"26", "27", "28", "29", "41", "51", "52", "53", "61", "71", "81", "99",
	NULL
};
static const char *const hosp_levels[] = {
	"01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12",
	"13", "14", NULL
};
static const char *const areas[] = {
	"county", "other", "city", "province", "outside", NULL
};
static const char *const referrals[] = {"none", "up", "down", "exempt", NULL};
static const char *const filings[] = {
	"none", "longstay", "referral", "urgent", "temp", NULL
};
static const char *const setl_types[] = {"1", "2", "3", NULL};
static const char *const pay_locs[] = {"1", "2", "3", "4", NULL};
static const char *const insutypes[] = {
	"310", "320", "330", "340", "350", "360", "370", "380", "390", "391",
	"392", "399", "410", "510", NULL
};
/* Those of enrol_reasons in enrolment.c. */
static const char *const reasons[] = {
	"none", "unpaid", "waiting", "other", "mother", NULL
};

static const char *const *
code_list(ClaimField field)
{
	switch (field)
	{
		case CF_med_type:
			return med_types;
		case CF_hosp_lv:
		case CF_dedc_hosp_lv:
		case CF_lmtpric_hosp_lv:
			return hosp_levels;
		case CF_area:
			return areas;
		case CF_refl:
			return referrals;
		case CF_filing:
			return filings;
		case CF_setl_type:
			return setl_types;
		case CF_pay_loc:
			return pay_locs;
		case CF_insutype:
			return insutypes;
		case CF_trt_chk_rslt:
			return reasons;
		default:
			return NULL;
	}
}

bool
claim_code_known(ClaimField field, int64_t packed)
{
	const char *const *list = code_list(field);
	char		code[CODE_MAX + 1];
	size_t		len;

	if (list == NULL)
		return true;
	len = code_unpack(packed, code);

	if (field == CF_med_type)
	{
		if (len < 2 || len > 6 || len % 2 != 0 ||
			strspn(code, "0123456789") != len)
			return false;
		code[2] = '\0';
	}
	for (; *list != NULL; list++)
	{
		if (strcmp(*list, code) == 0)
			return true;
	}
	return false;
}

const char *
claim_code_list(ClaimField field)
{
	switch (field)
	{
		case CF_med_type:
			return gettext_noop("11-16, 19, 21-29, 41, 51-53, 61, 71, 81, 99 and their subcodes");
		case CF_hosp_lv:
		case CF_dedc_hosp_lv:
		case CF_lmtpric_hosp_lv:
			return "01-14";
		case CF_area:
			return "county, other, city, province, outside";
		case CF_refl:
			return "none, up, down, exempt";
		case CF_filing:
			return "none, longstay, referral, urgent, temp";
		case CF_setl_type:
			return "1, 2, 3";
		case CF_pay_loc:
			return "1, 2, 3, 4";
		case CF_insutype:
			return "310, 320, 330, 340, 350, 360, 370, 380, 390, 391, 392, 399, 410, 510";
		case CF_trt_chk_rslt:
			return "none, unpaid, waiting, other, mother";
		default:
			return NULL;
	}
}
