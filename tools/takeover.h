/* SPDX-License-Identifier: GPL-2.0 */
/* Moves the addresses and MACs of a unit to what its role owns. */
#ifndef FAILOVER_TAKEOVER_H
#define FAILOVER_TAKEOVER_H

#include "config.h"
#include "rtnl.h"

/*
 * Makes the data interfaces own the active or the standby addresses and MACs,
 * and returns how many had to be given. @ifname: only this device; NULL: all.
 * Never touches an address that is not in the configuration.
 */
int takeover_apply(struct fo_rtnl *rt, const struct fo_config *c, bool active,
		   const char *ifname);

/*
 * Notes in @c which MACs the devices have of their own, before they get one of
 * @c; true when there is something new to remember. @old: what was in force
 * until now, or NULL.
 */
bool takeover_learn(struct fo_rtnl *rt, struct fo_config *c,
		    const struct fo_config *old);

/* Gives the devices back their own MACs. */
void takeover_release(struct fo_rtnl *rt, const struct fo_config *c);

/* Bridges forget who is behind the ports of a unit that is not active. */
void takeover_unlearn(struct fo_rtnl *rt, const struct fo_config *c);

/* The unit's own address on each link, and the link up. */
void takeover_links(struct fo_rtnl *rt, const struct fo_config *c);

/*
 * Takes away what @old had and @c does not have any more; true when a device got
 * its own MAC back.
 */
bool takeover_forget(struct fo_rtnl *rt, const struct fo_config *old,
		     const struct fo_config *c);

#endif /* FAILOVER_TAKEOVER_H */
