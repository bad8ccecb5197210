/* SPDX-License-Identifier: GPL-2.0 */
/* A link netdev carries no address but those of the link. */
#ifndef _FO_DEDICATED_H
#define _FO_DEDICATED_H

#include <linux/netdevice.h>

#include "store.h"

/**
 * struct fo_stray - an address that has no business on a link
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6; 0: there is none
 * @addr: the address
 */
struct fo_stray {
	u8 family;
	union nf_inet_addr addr;
};

/* dedicated.c */
bool fo_dedicated_stray(const struct fo_config_link *l, u8 family,
			const void *addr);
bool fo_dedicated_find(const struct fo_config_link *l,
		       const struct net_device *dev, struct fo_stray *s);

#endif /* _FO_DEDICATED_H */
