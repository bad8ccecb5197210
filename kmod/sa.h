/* SPDX-License-Identifier: GPL-2.0 */
/* The class of IPsec SAs: how far each of them has come. */
#ifndef _FO_SA_H
#define _FO_SA_H

#include <linux/hashtable.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>

#include "class.h"
#include "codec_sa.h"
#include "queue.h"
#include "role.h"
#include "stats.h"
#include "store.h"

#define FO_SA_BITS	12	/* of the hash of an SA */

/**
 * struct fo_sa - an SA of which the class knows
 * @node: in the table, by @id
 * @rcu: frees it
 * @ref: one of the table, one of the queue when it is there
 * @id: what it is known by
 * @flags: it is in the queue
 * @in: it ends here
 * @use: how far it had come when it was last looked at, or as the peer told
 * @pace: most numbers that the peer sent from one record to the next
 * @seen: when @use was told last, in jiffies
 * @pass: last pass that saw it in the kernel's table
 * @round: bulk sync that told it
 * @held: the peer told it: it does not expire
 * @waits: what was told is in no SA of the kernel yet
 * @since: it waits since then, in jiffies
 * @made: when it was made, in seconds since 1970 of this unit; only if @held
 * @first: when its first packet came, likewise; 0: there was none
 */
struct fo_sa {
	struct hlist_node node;
	struct rcu_head rcu;
	refcount_t ref;
	struct fo_sa_id id;
	unsigned long flags;
	bool in;
	struct fo_sa_use use;
	u64 pace;
	unsigned long seen;
	u32 pass;
	u32 round;
	bool held;
	bool waits;
	unsigned long since;
	time64_t made;
	time64_t first;
};

/**
 * struct fo_sas - IPsec SAs of one unit
 * @net: network namespace
 * @stats: counters of the unit
 * @queue: where those go that have changed
 * @store: configuration
 * @role: role of the unit
 * @capturing: changes are replicated
 * @up: there is an association with the peer
 * @ref: this class, for the queue
 * @lock: protects the table and what changes in its entries, but not their
 *        flags; a leaf, taken with BH off
 * @table: entries by their key
 * @entries: how many
 * @mutex: one pass at a time
 * @pass: number of the pass
 * @round: bulk sync that the records belong to
 * @poll: looks what has changed
 * @lost: the peer is active now, and has used numbers which it has not told
 * @won: what was held goes on
 * @looks: of the standby
 */
struct fo_sas {
	struct net *net;
	struct fo_stats *stats;
	struct fo_queue *queue;
	struct fo_store *store;
	struct fo_role *role;
	const bool *capturing;
	const bool *up;
	struct fo_class_ref ref;
	spinlock_t lock;
	DECLARE_HASHTABLE(table, FO_SA_BITS);
	unsigned int entries;
	struct mutex mutex;
	u32 pass;
	u32 round;
	struct delayed_work poll;
	bool lost;
	bool won;
	unsigned int looks;
};

#ifdef CONFIG_XFRM

/* sa.c */
void fo_sas_init(struct fo_sas *s);
void fo_sas_exit(struct fo_sas *s);
void fo_sas_start(struct fo_sas *s);
void fo_sas_stop(struct fo_sas *s);
void fo_sas_collect(struct fo_sas *s);
void fo_sas_promote(struct fo_sas *s);
void fo_sas_demote(struct fo_sas *s);

#else

/* A kernel without IPsec: records of it are of an unknown class. */
static inline void fo_sas_init(struct fo_sas *s)
{
}

static inline void fo_sas_exit(struct fo_sas *s)
{
}

static inline void fo_sas_start(struct fo_sas *s)
{
}

static inline void fo_sas_stop(struct fo_sas *s)
{
}

static inline void fo_sas_collect(struct fo_sas *s)
{
}

static inline void fo_sas_promote(struct fo_sas *s)
{
}

static inline void fo_sas_demote(struct fo_sas *s)
{
}

#endif

#endif /* _FO_SA_H */
