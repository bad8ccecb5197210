/* SPDX-License-Identifier: GPL-2.0 */
/* Dirty objects on their way to the session. */
#ifndef _FO_QUEUE_H
#define _FO_QUEUE_H

#include <linux/interrupt.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "class.h"
#include "session.h"
#include "stats.h"

#define FO_SHARD_SIZE	8192	/* objects that one shard holds */
#define FO_SHARDS_MAX	32U	/* shards of a queue; a power of two */

/**
 * struct fo_dirty - a dirty object
 * @ref: its class
 * @obj: the object, of which the queue holds a reference
 * @at: when it became dirty, in ns
 */
struct fo_dirty {
	const struct fo_class_ref *ref;
	void *obj;
	u64 at;
};

/**
 * struct fo_shard - one part of the queue
 * @lock: protects @head and the entries; a leaf, taken with BH off
 * @head: objects that were ever put in
 * @tail: objects that were ever taken out; written by the flush alone
 * @ring: entries @tail to @head - 1, by number modulo FO_SHARD_SIZE
 *
 * An object always goes to the same shard, so that its records stay in order.
 */
struct fo_shard {
	spinlock_t lock;
	u64 head;
	u64 tail;
	struct fo_dirty *ring;
} ____cacheline_aligned_in_smp;

/**
 * struct fo_queue - dirty objects of one unit
 * @stats: counters of the unit
 * @session: where they go
 * @shard: its parts
 * @shards: how many; a power of two
 * @open: objects are taken
 * @pending: the flush has been scheduled
 * @max: most objects that ever waited
 * @overflow: an object did not fit; a walk has to collect it
 * @flush: takes objects out and builds frames
 * @progress: woken whenever the flush has done something
 */
struct fo_queue {
	struct fo_stats *stats;
	struct fo_session *session;
	struct fo_shard *shard;
	unsigned int shards;
	bool open;
	bool pending;
	u64 max;
	bool overflow;
	struct tasklet_struct flush;
	wait_queue_head_t progress;
};

/**
 * struct fo_queue_mark - a point in the queue
 * @head: what each shard had been given
 */
struct fo_queue_mark {
	u64 head[FO_SHARDS_MAX];
};

/* queue.c */
int fo_queue_init(struct fo_queue *q, struct fo_stats *stats,
		  struct fo_session *session);
void fo_queue_exit(struct fo_queue *q);
void fo_queue_open(struct fo_queue *q);
void fo_queue_close(struct fo_queue *q);
bool fo_queue_put(struct fo_queue *q, const struct fo_class_ref *ref, void *obj,
		  u32 hash);
void fo_queue_kick(struct fo_queue *q);
u64 fo_queue_len(const struct fo_queue *q);
u64 fo_queue_oldest(struct fo_queue *q);
u64 fo_queue_total(const struct fo_queue *q);
void fo_queue_mark(const struct fo_queue *q, struct fo_queue_mark *m);
bool fo_queue_passed(const struct fo_queue *q, const struct fo_queue_mark *m);

#endif /* _FO_QUEUE_H */
