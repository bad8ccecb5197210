/* SPDX-License-Identifier: GPL-2.0 */
/* MACs: text, and which one an interface has in which role. Pure. */
#ifndef FAILOVER_MAC_H
#define FAILOVER_MAC_H

#include <stdbool.h>

#define MAC_BYTES	6
/* "xx:xx:xx:xx:xx:xx" and its final zero */
#define MAC_TEXT_MAX	18

struct fo_config;
struct fo_ifc;

/**
 * struct fo_macs - the MACs of an interface; all zero: there is none
 * @active: of the active unit
 * @standby: of the standby unit
 * @own: what the device had before it got one of them
 * @refused: the one that it could not be given last
 */
struct fo_macs {
	unsigned char	active[MAC_BYTES];
	unsigned char	standby[MAC_BYTES];
	unsigned char	own[MAC_BYTES];
	unsigned char	refused[MAC_BYTES];
};

/* xx:xx:xx:xx:xx:xx or xxxx.xxxx.xxxx, of one station. */
bool mac_parse(const char *text, unsigned char *mac);
const char *mac_text(const unsigned char *mac, char *text);
bool mac_is_set(const unsigned char *mac);
bool mac_equal(const unsigned char *a, const unsigned char *b);

/* False: this interface keeps its own. */
bool mac_of(const struct fo_config *c, const struct fo_ifc *ifc, bool active,
	    unsigned char *mac);

#endif /* FAILOVER_MAC_H */
