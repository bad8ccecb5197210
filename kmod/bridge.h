/* SPDX-License-Identifier: GPL-2.0 */
/* Transparent mode: a unit that is not active bridges nothing. */
#ifndef _FO_BRIDGE_H
#define _FO_BRIDGE_H

#include <linux/netfilter.h>
#include <net/net_namespace.h>

#include "role.h"
#include "station.h"
#include "stats.h"
#include "store.h"

/**
 * struct fo_bridge - the gate of bridges of one unit
 * @net: network namespace
 * @stats: counters of the unit
 * @store: configuration
 * @role: role of the unit
 * @stations: told of who is behind which port
 * @hooks: hooks, or NULL while the gate is away
 * @shut: the gate is closed, whatever the role; until it is put in place anew
 */
struct fo_bridge {
	struct net *net;
	struct fo_stats *stats;
	struct fo_store *store;
	struct fo_role *role;
	struct fo_stations *stations;
	struct nf_hook_ops *hooks;
	bool shut;
};

/* Close the gate while the role is given up. Context: any. */
static inline void fo_bridge_shut(struct fo_bridge *b)
{
	WRITE_ONCE(b->shut, true);
}

/* bridge.c */
int fo_bridge_start(struct fo_bridge *b);
void fo_bridge_stop(struct fo_bridge *b);

#endif /* _FO_BRIDGE_H */
