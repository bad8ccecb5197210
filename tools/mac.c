// SPDX-License-Identifier: GPL-2.0
/* MACs: text, and which one an interface has in which role. Pure. */
#include "mac.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "config.h"

/* What stands between the digits, and after how many. */
static const struct {
	char sep;
	unsigned int digits;
} forms[] = { { ':', 2 }, { '.', 4 } };

static bool parse_form(const char *text, char sep, unsigned int digits,
		       unsigned char *mac)
{
	unsigned int i;
	char hex[3] = "";

	for (i = 0; i < 2 * MAC_BYTES; i++, text++) {
		if (i && i % digits == 0 && *text++ != sep)
			return false;
		if (!isxdigit((unsigned char)*text))
			return false;
		hex[i % 2] = *text;
		if (i % 2)
			sscanf(hex, "%2hhx", &mac[i / 2]);
	}
	return !*text;
}

bool mac_parse(const char *text, unsigned char *mac)
{
	unsigned int i;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (parse_form(text, forms[i].sep, forms[i].digits, mac))
			return mac_is_set(mac) && !(mac[0] & 1);
	return false;
}

const char *mac_text(const unsigned char *mac, char *text)
{
	snprintf(text, MAC_TEXT_MAX, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0],
		 mac[1], mac[2], mac[3], mac[4], mac[5]);
	return text;
}

bool mac_is_set(const unsigned char *mac)
{
	static const unsigned char none[MAC_BYTES];

	return !mac_equal(mac, none);
}

bool mac_equal(const unsigned char *a, const unsigned char *b)
{
	return !memcmp(a, b, MAC_BYTES);
}

/* FNV-1a */
static uint32_t hash(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h;
}

/*
 * Both units come to the same one without having heard of each other: a2, as
 * the ASA's (locally administered), the number of the pair, and 23 bits of the
 * name of the interface; the last bit is the role.
 */
static void derive(unsigned int pair, const char *nameif, bool active,
		   unsigned char *mac)
{
	uint32_t h = hash(nameif);

	h ^= h >> 23;
	mac[0] = 0xa2;
	mac[1] = pair >> 8;
	mac[2] = pair;
	mac[3] = h >> 15;
	mac[4] = h >> 7;
	mac[5] = h << 1 | !active;
}

bool mac_of(const struct fo_config *c, const struct fo_ifc *ifc, bool active,
	    unsigned char *mac)
{
	if (mac_is_set(ifc->mac.active)) {
		memcpy(mac, active ? ifc->mac.active : ifc->mac.standby,
		       MAC_BYTES);
		return true;
	}
	if (c->mac_auto)
		derive(c->mac_auto, ifc->nameif, active, mac);
	return c->mac_auto;
}
