/* SPDX-License-Identifier: GPL-2.0 */
/* Packets for a unit that hands over: they wait, and go to the new active. */
#ifndef _FO_RELAY_H
#define _FO_RELAY_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>

#include "stats.h"
#include "store.h"

enum fo_relay_state {
	FO_RELAY_OFF,	/* what comes to a shut gate is dropped */
	FO_RELAY_HOLD,	/* it waits until it is known who forwards */
	FO_RELAY_PASS,	/* it goes to the mate, on the segment it came from */
};

/**
 * struct fo_relay - what becomes of packets in a handover
 * @stats: counters of the unit
 * @store: names of interfaces, and the mate's MAC addresses
 * @lock: protects all below
 * @state: enum fo_relay_state; read without @lock
 * @until: jiffies at which @state is over
 * @held: packets that wait
 */
struct fo_relay {
	struct fo_stats *stats;
	struct fo_store *store;
	spinlock_t lock;
	u8 state;
	unsigned long until;
	struct sk_buff_head held;
};

/* Something else than a drop may become of a packet. Context: any. */
static inline bool fo_relay_on(const struct fo_relay *r)
{
	return READ_ONCE(r->state) != FO_RELAY_OFF;
}

/* relay.c */
void fo_relay_init(struct fo_relay *r, struct fo_stats *stats,
		   struct fo_store *store);
void fo_relay_hold(struct fo_relay *r);
void fo_relay_pass(struct fo_relay *r);
void fo_relay_back(struct fo_relay *r);
void fo_relay_gone(struct fo_relay *r, const struct net_device *dev);
void fo_relay_stop(struct fo_relay *r);
unsigned int fo_relay_take(struct fo_relay *r, struct sk_buff *skb);

#endif /* _FO_RELAY_H */
