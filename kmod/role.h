/* SPDX-License-Identifier: GPL-2.0 */
/* The role of the unit, and the gate that keeps a standby from forwarding. */
#ifndef _FO_ROLE_H
#define _FO_ROLE_H

#include <linux/netfilter.h>
#include <net/net_namespace.h>

#include "relay.h"
#include "stats.h"

#define FO_ROLE_LINKS	NF_FAILOVER_LINKS_MAX

/**
 * struct fo_role - role of one unit
 * @net: network namespace
 * @stats: counters of the unit
 * @relay: what becomes of packets in a handover
 * @hooks: hooks, registered while failover is on
 * @active: the unit has the active role
 * @forwarding: transit traffic passes; false while it drains or is fenced
 * @fenced: a unit with a better claim is active; the role is void, and waits
 *          for the policy to take it back
 * @epoch: takeover epoch; only grows
 * @grace_until: jiffies up to which segments of unknown connections to this
 *               host are dropped instead of answered
 * @grace: @grace_until is in force
 * @link: ifindex of the links, which nothing is forwarded through
 */
struct fo_role {
	struct net *net;
	struct fo_stats *stats;
	struct fo_relay relay;
	struct nf_hook_ops *hooks;
	bool active;
	bool forwarding;
	bool fenced;
	u64 epoch;
	unsigned long grace_until;
	bool grace;
	int link[FO_ROLE_LINKS];
};

/* Active, and not only until the policy hears of a better claim. */
static inline bool fo_role_claims(const struct fo_role *r)
{
	return READ_ONCE(r->active) && !READ_ONCE(r->fenced);
}

/* role.c */
void fo_role_init(struct fo_role *r, struct net *net, struct fo_stats *stats,
		  struct fo_store *store);
int fo_role_start(struct fo_role *r);
void fo_role_stop(struct fo_role *r);
void fo_role_promote(struct fo_role *r);
void fo_role_learn(struct fo_role *r, u64 epoch);
void fo_role_demote(struct fo_role *r);
void fo_role_shut(struct fo_role *r);
void fo_role_open(struct fo_role *r);
void fo_role_fence(struct fo_role *r);

#endif /* _FO_ROLE_H */
