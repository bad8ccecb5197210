/* SPDX-License-Identifier: GPL-2.0 */
/* The class of neighbours: who has which address on the data interfaces. */
#ifndef _FO_NEIGH_H
#define _FO_NEIGH_H

#include <linux/if_ether.h>
#include <linux/notifier.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>

#include "class.h"
#include "codec_neigh.h"
#include "queue.h"
#include "role.h"
#include "stats.h"
#include "store.h"

#define FO_NEIGHS	4096	/* of all interfaces of a unit; a power of two */

/**
 * struct fo_neigh_key - what a neighbour is known by
 * @addr: its address, as in struct fo_neigh_rec
 * @ifindex: the interface that it is on
 * @op: enum fo_neigh_op, as which it is told; 0: the entry is free
 */
struct fo_neigh_key {
	u8 addr[FO_NEIGH_ADDR];
	int ifindex;
	u32 op;
};

/**
 * struct fo_neigh - a neighbour
 * @key: what it is known by
 * @mac: its MAC as it was last told, or as the peer told it
 * @round: bulk sync that told it
 * @seen: when it was last noted, in jiffies
 * @flags: it is in the queue
 */
struct fo_neigh {
	struct fo_neigh_key key;
	u8 mac[ETH_ALEN];
	u32 round;
	unsigned long seen;
	unsigned long flags;
};

/**
 * struct fo_neighs - neighbours of one unit
 * @net: network namespace
 * @stats: counters of the unit
 * @queue: where those go that have changed
 * @store: configuration
 * @role: role of the unit
 * @capturing: changes are replicated
 * @ref: this class, for the queue
 * @nb: hears of changes, while the unit is started
 * @lock: protects @entry, but not its flags, and @started; taken with BH off, a
 *	leaf but for the workqueue's
 * @started: a link may put them back
 * @entry: FO_NEIGHS of them, in groups by the hash of the key
 * @round: bulk sync that the records belong to
 * @restore: puts what the peer has told into the kernel's table
 * @anew: it begins from the first one
 * @at: how far it has come
 */
struct fo_neighs {
	struct net *net;
	struct fo_stats *stats;
	struct fo_queue *queue;
	struct fo_store *store;
	struct fo_role *role;
	const bool *capturing;
	struct fo_class_ref ref;
	struct notifier_block nb;
	spinlock_t lock;
	bool started;
	struct fo_neigh *entry;
	u32 round;
	struct delayed_work restore;
	bool anew;
	unsigned int at;
};

/* neigh.c */
int fo_neighs_init(struct fo_neighs *s);
void fo_neighs_exit(struct fo_neighs *s);
void fo_neighs_start(struct fo_neighs *s);
void fo_neighs_restore(struct fo_neighs *s);
void fo_neighs_linked(struct fo_neighs *s);
void fo_neighs_stop(struct fo_neighs *s);

#endif /* _FO_NEIGH_H */
