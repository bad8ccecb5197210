// SPDX-License-Identifier: GPL-2.0
/*
 * Bulk sync: everything there is, between a begin and an end mark.
 *
 * The walk marks objects for the same queue that single changes use, so that
 * both coalesce, and goes on only as fast as the queue empties. The marks are
 * objects of a class of their own: control records.
 *
 * With a rate the walk also waits for what has been sent to be as old as it has
 * to be by that: a token bucket that holds what one step of the walk takes. All
 * that goes out counts, so that changes have their part first. What is in the
 * queue is never held back, and the walk, however many changes there are, for a
 * second at most.
 */

#include "bulk.h"

#include <linux/ktime.h>
#include <linux/sched.h>

#include "trace.h"

/* The walk waits while more than this waits in the queue. */
#define HIGH_WATER	2048

/* A byte at 1 kbit/s takes so many ns. */
#define NS_OF_BYTE	(8 * NSEC_PER_MSEC)
/* The walk waits no longer than this for the rate. */
#define PACE_MAX	(1000 * NSEC_PER_MSEC)

/* How long the processor is left to a takeover. */
#define FOLLOW_AFTER	(HZ / 4)

static bool queue_low(struct fo_bulk *b)
{
	return fo_queue_len(b->queue) < HIGH_WATER;
}

/* The sync makes sense: we are active, and the peer is still the same. */
static bool valid(struct fo_bulk *b)
{
	return READ_ONCE(b->allowed) && !READ_ONCE(b->fresh);
}

/* Wait for a state of the queue; false when the sync is void. */
#define wait_queue(b, condition) ({					\
	bool __done = false;						\
									\
	while (valid(b) && !(__done = (condition)))			\
		wait_event_timeout((b)->queue->progress,		\
				   !valid(b) || (condition), HZ / 10);	\
	__done;								\
})

/* Wait until all that the queue holds now has been sent. */
static bool barrier_queue(struct fo_bulk *b)
{
	struct fo_queue_mark m;

	fo_queue_mark(b->queue, &m);
	return wait_queue(b, fo_queue_passed(b->queue, &m));
}

static void *control_obj(u8 op, u32 epoch)
{
	return (void *)((unsigned long)op << 32 | epoch);
}

static bool put_control(struct fo_bulk *b, u8 op)
{
	/* never full: only the walk fills it, and waits at the high water */
	return wait_queue(b, queue_low(b)) &&
	       fo_queue_put(b->queue, &b->ref, control_obj(op, b->epoch), 0);
}

static void begin_pace(struct fo_bulk *b)
{
	b->from = ktime_get_ns();
	b->sent = fo_session_sent(b->queue->session);
}

/* Wait for the rate; false when the sync is void. */
static bool pace(struct fo_bulk *b)
{
	u64 now = ktime_get_ns(), due = now;
	u32 rate = READ_ONCE(b->rate);
	u64 sent = fo_session_sent(b->queue->session);

	if (rate)
		due = b->from + min_t(u64, (sent - b->sent) * NS_OF_BYTE / rate,
				      PACE_MAX);
	b->sent = sent;
	while (valid(b) && (now = ktime_get_ns()) < due)
		wait_event_timeout(b->queue->progress, !valid(b),
				   msecs_to_jiffies((due - now) /
						    NSEC_PER_MSEC) + 1);
	/* what was not used is not kept */
	b->from = max(now, due);
	return valid(b);
}

static bool walk(struct fo_bulk *b)
{
	const struct fo_class_ref *ref;
	unsigned long at;
	unsigned int i;
	bool more;

	begin_pace(b);
	for (i = 0; i < FO_CLASSES; i++) {
		ref = &b->classes->ref[i];
		if (!ref->ops || !ref->ops->walk)
			continue;
		at = 0;
		do {
			more = ref->ops->walk(ref->self, &at);
			fo_queue_kick(b->queue);
			cond_resched();
			if (!wait_queue(b, queue_low(b)) || !pace(b))
				return false;
		} while (more);
	}
	return true;
}

static void run_begins(struct fo_bulk *b, unsigned int way)
{
	struct fo_bulk_run *run = &b->run[way];

	trace_fo_bulk(b->stats, way == FO_BULK_RECEIVED, false, b->epoch);
	WRITE_ONCE(run->end, 0);
	WRITE_ONCE(run->begin, ktime_get_real_ns());
}

static void run_ends(struct fo_bulk *b, unsigned int way)
{
	struct fo_bulk_run *run = &b->run[way];
	const struct fo_class_ref *ref;
	unsigned int i;

	trace_fo_bulk(b->stats, way == FO_BULK_RECEIVED, true, b->epoch);
	for (i = 0; i < FO_CLASSES; i++) {
		ref = &b->classes->ref[i];
		if (ref->ops && ref->ops->held)
			WRITE_ONCE(run->held[i], ref->ops->held(ref->self));
	}
	WRITE_ONCE(run->count, run->count + 1);
	WRITE_ONCE(run->end, ktime_get_real_ns());
}

/* False when it did not come to its end. */
static bool send_all(struct fo_bulk *b, bool fresh)
{
	if (fresh) {
		b->ops->renew(b->ctx);
		fo_queue_close(b->queue);
		fo_queue_open(b->queue);
	}
	WRITE_ONCE(b->queue->overflow, false);
	WRITE_ONCE(b->epoch, b->epoch + 1);
	run_begins(b, FO_BULK_SENT);
	b->ops->sending(b->ctx);
	/*
	 * The begin mark is on its way before anything that it counts, and
	 * before any change: the peer takes none of an older mark, and knows
	 * its own connections by the numbers of the new ones.
	 */
	if (!put_control(b, FO_CONTROL_BULK_BEGIN) || !barrier_queue(b))
		return false;
	b->ops->capture(b->ctx, fresh);
	if (!walk(b) || !barrier_queue(b))
		return false;
	/* what did not fit is not there */
	return !READ_ONCE(b->queue->overflow) &&
	       put_control(b, FO_CONTROL_BULK_END) && barrier_queue(b);
}

/* Context: process. */
static void send(struct work_struct *work)
{
	struct fo_bulk *b = container_of(work, struct fo_bulk,
					 send.work);
	bool fresh;

	/* one that is asked for meanwhile is another one */
	WRITE_ONCE(b->due, false);
	fresh = xchg(&b->fresh, false);
	if (!valid(b) || !send_all(b, fresh)) {
		WRITE_ONCE(b->due, true);
		return;
	}
	WRITE_ONCE(b->complete, true);
	run_ends(b, FO_BULK_SENT);
	fo_count(b->stats, FO_CNT_BULK_SYNCS);
	b->ops->sent(b->ctx);
}

/* Context: process. */
static void sweep(struct work_struct *work)
{
	struct fo_bulk *b = container_of(work, struct fo_bulk, sweep);
	u32 round = READ_ONCE(b->sweep_round);
	const struct fo_class_ref *ref;
	unsigned int i;

	for (i = 0; i < FO_CLASSES; i++) {
		ref = &b->classes->ref[i];
		if (ref->ops && ref->ops->sweep)
			ref->ops->sweep(ref->self, round);
	}
	/* a newer one may have begun */
	if (round != READ_ONCE(b->round))
		return;
	run_ends(b, FO_BULK_RECEIVED);
	b->ops->synced(b->ctx);
}

static int control_encode(void *self, void *obj, struct fo_writer *w)
{
	struct fo_bulk *b = self;
	u8 *begin = fo_rec_begin(w, FO_CLASS_CONTROL,
				 (unsigned long)obj >> 32);

	fo_put_var(w, (u32)(unsigned long)obj);
	fo_rec_end(w, begin);
	if (w->full)
		return -EMSGSIZE;
	fo_count_row(b->stats, FO_ROW_SYS_CMD, FO_XMIT);
	return 0;
}

static void control_put(void *self, void *obj, bool sent)
{
}

static void begin(struct fo_bulk *b, u32 epoch)
{
	const struct fo_class_ref *ref;
	unsigned int i;

	WRITE_ONCE(b->epoch, epoch);
	WRITE_ONCE(b->round, b->round + 1);
	WRITE_ONCE(b->begun, true);
	run_begins(b, FO_BULK_RECEIVED);
	for (i = 0; i < FO_CLASSES; i++) {
		ref = &b->classes->ref[i];
		if (ref->ops && ref->ops->begin)
			ref->ops->begin(ref->self, b->round);
	}
	b->ops->begun(b->ctx);
}

/* Context: softirq, in the order of the sender. */
static void control_apply(void *self, struct fo_rec *rec)
{
	struct fo_bulk *b = self;
	u32 epoch = fo_get_var(&rec->body);
	enum fo_column col = FO_RCV;

	if (rec->body.bad) {
		fo_count(b->stats, FO_CNT_RX_BAD_RECORD);
		col = FO_RERR;
	} else if (rec->op == FO_CONTROL_BULK_BEGIN) {
		begin(b, epoch);
	} else if (rec->op == FO_CONTROL_BULK_END) {
		if (b->begun && epoch == b->epoch) {
			WRITE_ONCE(b->sweep_round, b->round);
			queue_work(b->wq, &b->sweep);
		} else {
			col = FO_RERR;
		}
	} else {
		fo_count(b->stats, FO_CNT_RX_UNKNOWN_OP);
		col = FO_RERR;
	}
	fo_count_row(b->stats, FO_ROW_SYS_CMD, col);
}

const struct fo_class fo_control_class = {
	.id	= FO_CLASS_CONTROL,
	.encode	= control_encode,
	.put	= control_put,
	.apply	= control_apply,
};

int fo_bulk_init(struct fo_bulk *b, struct fo_stats *stats,
		 struct fo_queue *queue, const struct fo_classes *classes,
		 const struct fo_bulk_ops *ops, void *ctx)
{
	memset(b, 0, sizeof(*b));
	b->stats = stats;
	b->queue = queue;
	b->classes = classes;
	b->ops = ops;
	b->ctx = ctx;
	b->ref.ops = &fo_control_class;
	b->ref.self = b;
	INIT_DELAYED_WORK(&b->send, send);
	INIT_WORK(&b->sweep, sweep);
	b->wq = alloc_workqueue("nf_failover", WQ_UNBOUND, 0);
	return b->wq ? 0 : -ENOMEM;
}

void fo_bulk_exit(struct fo_bulk *b)
{
	destroy_workqueue(b->wq);
}

/* What the peer has of us is nothing. */
static void renew(struct fo_bulk *b)
{
	WRITE_ONCE(b->complete, false);
	WRITE_ONCE(b->fresh, true);
}

/**
 * fo_bulk_start() - send everything to the peer
 * @b: bulk sync
 * @fresh: the peer is a new one
 *
 * While one is being sent already, another one follows it. Context: any.
 */
void fo_bulk_start(struct fo_bulk *b, bool fresh)
{
	if (fresh)
		renew(b);
	WRITE_ONCE(b->due, true);
	WRITE_ONCE(b->allowed, true);
	mod_delayed_work(b->wq, &b->send, 0);
}

/**
 * fo_bulk_follow() - send everything to the peer, once the takeover is over
 * @b: bulk sync; the unit has just become active
 *
 * Context: any.
 */
void fo_bulk_follow(struct fo_bulk *b)
{
	renew(b);
	WRITE_ONCE(b->due, true);
	WRITE_ONCE(b->allowed, true);
	mod_delayed_work(b->wq, &b->send, FOLLOW_AFTER);
}

/* The unit is not active any more, or has lost its peer. Context: any. */
void fo_bulk_abort(struct fo_bulk *b)
{
	WRITE_ONCE(b->allowed, false);
	wake_up(&b->queue->progress);
}

/* The unit has stayed active, and has its peer. Context: any. */
void fo_bulk_allow(struct fo_bulk *b)
{
	WRITE_ONCE(b->allowed, true);
}

/* Nothing runs when it returns. Context: process. */
void fo_bulk_stop(struct fo_bulk *b)
{
	fo_bulk_abort(b);
	cancel_delayed_work_sync(&b->send);
	cancel_work_sync(&b->sweep);
	WRITE_ONCE(b->begun, false);
}

/**
 * fo_bulk_broken() - whether one that is due has ended, or was stopped
 * @b: bulk sync
 *
 * Context: any.
 *
 * Return: true when it should be started again.
 */
bool fo_bulk_broken(struct fo_bulk *b)
{
	return READ_ONCE(b->allowed) && READ_ONCE(b->due) &&
	       !work_busy(&b->send.work);
}
