/* SPDX-License-Identifier: GPL-2.0 */
/* Bulk sync: everything there is, between a begin and an end mark. */
#ifndef _FO_BULK_H
#define _FO_BULK_H

#include <linux/workqueue.h>

#include "class.h"
#include "queue.h"
#include "stats.h"

/**
 * struct fo_bulk_ops - what a bulk sync tells the rooms above
 * @renew: the peer is a new one: no change is put in any more
 * @sending: one begins; on the active unit
 * @capture: changes go out from here on, if they did not before; behind the
 *           begin mark. The peer is a new one, if fresh.
 * @sent: the end mark has been sent; on the active unit
 * @begun: a begin mark has arrived. Softirq.
 * @synced: the bulk sync is applied, and what it did not touch is gone
 *
 * In process context unless it says otherwise.
 */
struct fo_bulk_ops {
	void (*renew)(void *ctx);
	void (*sending)(void *ctx);
	void (*capture)(void *ctx, bool fresh);
	void (*sent)(void *ctx);
	void (*begun)(void *ctx);
	void (*synced)(void *ctx);
};

enum { FO_BULK_SENT, FO_BULK_RECEIVED, FO_BULK_WAYS };

/**
 * struct fo_bulk_run - the bulk syncs of one direction; what is shown
 * @count: how many were completed
 * @begin: begin of the last one, nanoseconds since 1970
 * @end: its end; 0 while it runs, or when it did not come to its end
 * @held: objects of each class at its end
 */
struct fo_bulk_run {
	u64 count;
	u64 begin;
	u64 end;
	u64 held[FO_CLASSES];
};

/**
 * struct fo_bulk - bulk sync of one unit, in either direction
 * @stats: counters of the unit
 * @queue: where objects go
 * @classes: classes of the unit
 * @ops: rooms above
 * @ctx: for @ops
 * @ref: the class of control records
 * @wq: runs @send and @sweep, which may run at once
 * @send: walks everything
 * @sweep: removes what the last bulk sync did not touch
 * @epoch: bulk sync that was sent or received last; a peer that was restarted
 *         counts from the front
 * @round: how many have begun to arrive
 * @sweep_round: the one whose end has arrived
 * @begun: one has begun to arrive since this unit is standby
 * @allowed: the unit is active and has a peer
 * @due: one was asked for, and has not come to its end
 * @fresh: the peer is a new one: what waits in the queue is void
 * @complete: one has been sent to its end since the peer was new
 * @rate: most that is sent while a bulk sync is, in kbit/s; 0: no limit
 * @from: begin of the span of time that is looked at for that; only for @send
 * @sent: what had been sent then
 * @run: what is shown of both directions; read without a lock
 */
struct fo_bulk {
	struct fo_stats *stats;
	struct fo_queue *queue;
	const struct fo_classes *classes;
	const struct fo_bulk_ops *ops;
	void *ctx;
	struct fo_class_ref ref;
	struct workqueue_struct *wq;
	struct delayed_work send;
	struct work_struct sweep;
	u32 epoch;
	u32 round;
	u32 sweep_round;
	bool begun;
	bool allowed;
	bool due;
	bool fresh;
	bool complete;
	u32 rate;
	u64 from;
	u64 sent;
	struct fo_bulk_run run[FO_BULK_WAYS];
};

/* bulk.c */
extern const struct fo_class fo_control_class;
int fo_bulk_init(struct fo_bulk *b, struct fo_stats *stats,
		 struct fo_queue *queue, const struct fo_classes *classes,
		 const struct fo_bulk_ops *ops, void *ctx);
void fo_bulk_exit(struct fo_bulk *b);
void fo_bulk_start(struct fo_bulk *b, bool fresh);
void fo_bulk_follow(struct fo_bulk *b);
void fo_bulk_abort(struct fo_bulk *b);
void fo_bulk_allow(struct fo_bulk *b);
void fo_bulk_stop(struct fo_bulk *b);
bool fo_bulk_broken(struct fo_bulk *b);

#endif /* _FO_BULK_H */
