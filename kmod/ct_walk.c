// SPDX-License-Identifier: GPL-2.0
/*
 * Walks over the connections: of a bulk sync, and for those that become old
 * enough to be told of without an event.
 */

#include "ct.h"

#include <net/netfilter/nf_conntrack_core.h>

/* Buckets that one step of the walk looks at, and connections it keeps. */
#define WALK_BUCKETS	256
#define WALK_BATCH	64

/* Where a bulk sync comes to the slots, behind all buckets of the table. */
#define WALK_SLOTS	BIT(32)

/* The walk for those that have become old enough waits while more is queued. */
#define RIPE_WATER	2048
#define RIPE_WAIT	(HZ / 10)

typedef void (*visit_t)(struct fo_cts *c, struct nf_conn *ct);

/* Keep the connections of one bucket; returns how many of them fitted. */
static unsigned int collect(struct fo_cts *c, unsigned long bucket,
			    struct nf_conn **batch, unsigned int n, visit_t visit)
{
	spinlock_t *lock = &nf_conntrack_locks[bucket % CONNTRACK_LOCKS];
	struct nf_conntrack_tuple_hash *h;
	struct hlist_nulls_node *node;
	struct nf_conn *ct;

	local_bh_disable();
	nf_conntrack_lock(lock);
	__acquire(lock);	/* its declaration does not say so */
	if (bucket >= nf_conntrack_htable_size)
		goto out;
	hlist_nulls_for_each_entry(h, node, &nf_conntrack_hash[bucket],
				   hnnode) {
		ct = nf_ct_tuplehash_to_ctrack(h);
		/* clashes are hashed by their reply alone, and are left out */
		if (NF_CT_DIRECTION(h) != IP_CT_DIR_ORIGINAL ||
		    !net_eq(nf_ct_net(ct), c->net) || nf_ct_is_dying(ct) ||
		    nf_ct_is_expired(ct))
			continue;
		if (n == WALK_BATCH) {
			/* a long chain: what is left is visited under lock */
			visit(c, ct);
			continue;
		}
		if (refcount_inc_not_zero(&ct->ct_general.use))
			batch[n++] = ct;
	}
out:
	spin_unlock(lock);
	local_bh_enable();
	return n;
}

static void visit_batch(struct fo_cts *c, struct nf_conn **batch,
			unsigned int n, visit_t visit)
{
	while (n--) {
		visit(c, batch[n]);
		nf_ct_put(batch[n]);
	}
}

/* Visit the next part of all connections; true while there is more. */
static bool walk_table(struct fo_cts *c, unsigned long *at, visit_t visit)
{
	struct nf_conn *batch[WALK_BATCH];
	unsigned int n = 0, i;

	rcu_read_lock();
	for (i = 0; i < WALK_BUCKETS && n < WALK_BATCH; i++)
		n = collect(c, (*at)++, batch, n, visit);
	visit_batch(c, batch, n, visit);
	rcu_read_unlock();
	return *at < READ_ONCE(nf_conntrack_htable_size);
}

static void tell_kept(void *ctx, u32 n, struct fo_slot *e)
{
	if (nf_ct_is_dying(e->ct))
		fo_ct_dirty(ctx, e->ct, true);
}

/* Those that died while deletions are kept back are in no table any more. */
static bool walk_kept(struct fo_cts *c, unsigned long *at)
{
	unsigned long n = *at - WALK_SLOTS;
	bool more;

	more = READ_ONCE(c->frozen) &&
	       fo_slots_step(&c->slots, &n, tell_kept, c);
	*at = WALK_SLOTS + n;
	return more;
}

/* Context: process, bulk sync; see struct fo_class. */
bool fo_ct_walk(void *self, unsigned long *at)
{
	struct fo_cts *c = self;

	if (!READ_ONCE(c->capturing))
		return false;	/* replication is off */
	if (*at >= WALK_SLOTS)
		return walk_kept(c, at);
	if (!walk_table(c, at, fo_ct_walked))
		*at = WALK_SLOTS;
	return true;
}

/**
 * fo_cts_ripen() - tell of those that have become old enough without an event
 * @c: connections
 *
 * What is in the queue is waited for, but not for long. Context: process.
 *
 * Return: false when it did not empty, and the rest is left for later.
 */
bool fo_cts_ripen(struct fo_cts *c)
{
	unsigned long at = 0;

	/* whoever still waits says so anew */
	WRITE_ONCE(c->waiting, false);
	while (READ_ONCE(c->capturing) && walk_table(c, &at, fo_ct_ripe)) {
		fo_queue_kick(c->queue);
		cond_resched();
		if (fo_queue_len(c->queue) < RIPE_WATER ||
		    wait_event_timeout(c->queue->progress,
				       fo_queue_len(c->queue) < RIPE_WATER,
				       RIPE_WAIT))
			continue;
		WRITE_ONCE(c->waiting, true);
		return false;
	}
	fo_queue_kick(c->queue);
	return true;
}

/**
 * fo_cts_hurry() - tell of all that are too young, because the role is to go
 * @c: connections; from here on none waits
 *
 * Context: process.
 *
 * Return: false when the queue did not take them in time.
 */
bool fo_cts_hurry(struct fo_cts *c)
{
	if (!READ_ONCE(c->delay))
		return true;
	WRITE_ONCE(c->hurry, true);
	/* who did not see it has left the state that the walk looks at */
	synchronize_rcu_expedited();
	return fo_cts_ripen(c);
}

/* The role stays. Context: any. */
void fo_cts_calm(struct fo_cts *c)
{
	WRITE_ONCE(c->hurry, false);
}
