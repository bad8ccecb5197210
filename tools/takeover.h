/* SPDX-License-Identifier: GPL-2.0 */
/* Moves the addresses of a unit to what its role owns. */
#ifndef FAILOVER_TAKEOVER_H
#define FAILOVER_TAKEOVER_H

#include "config.h"
#include "rtnl.h"

/*
 * Makes the data interfaces own the active or the standby addresses, and
 * returns how many had to be added. @ifname: only this device; NULL: all.
 * Never touches an address that is not in the configuration.
 */
int takeover_apply(struct fo_rtnl *rt, const struct fo_config *c, bool active,
		   const char *ifname);

/* The unit's own address on each link, and the link up. */
void takeover_links(struct fo_rtnl *rt, const struct fo_config *c);

/* Takes away what @old had and @c does not have any more. */
void takeover_forget(struct fo_rtnl *rt, const struct fo_config *old,
		     const struct fo_config *c);

#endif /* FAILOVER_TAKEOVER_H */
