/* SPDX-License-Identifier: GPL-2.0 */
/* Transparent mode: a unit that is not active bridges nothing. */
#ifndef _FO_BRIDGE_H
#define _FO_BRIDGE_H

#include <linux/netfilter.h>
#include <linux/netlink.h>
#include <net/net_namespace.h>

#include "role.h"
#include "station.h"
#include "stats.h"
#include "store.h"

#define FO_SHUT_PORTS	32	/* of the module's parameter */

/**
 * struct fo_bridge - the gate of bridges of one unit
 * @net: network namespace
 * @stats: counters of the unit
 * @store: configuration
 * @role: role of the unit
 * @stations: told of who is behind which port
 * @hooks: hooks, or NULL while the gate is away
 * @shut: the gate is closed, whatever the role; until it is put in place anew
 * @guards: it is that of the ports of the module's parameter
 * @stands: it is in place, and not about to go; under rtnl, as is @holds
 * @holds: it stands on a bridge, for which the module cannot be unloaded
 */
struct fo_bridge {
	struct net *net;
	struct fo_stats *stats;
	struct fo_store *store;
	struct fo_role *role;
	struct fo_stations *stations;
	struct nf_hook_ops *hooks;
	bool shut;
	bool guards;
	bool stands;
	bool holds;
};

/* Close the gate while the role is given up. Context: any. */
static inline void fo_bridge_shut(struct fo_bridge *b)
{
	WRITE_ONCE(b->shut, true);
}

/* bridge.c */
int fo_bridge_start(struct fo_bridge *b);
void fo_bridge_stop(struct fo_bridge *b);
bool fo_bridge_guards(void);
int fo_bridge_guard(struct fo_bridge *b);
void fo_bridge_renamed(struct fo_bridge *b);
int fo_bridge_check(const struct fo_bridge *b, const struct fo_config *was,
		    const struct fo_config *c, struct netlink_ext_ack *extack);
int fo_bridge_netdev_event(struct fo_bridge *b, unsigned long event,
			   void *info);

#endif /* _FO_BRIDGE_H */
