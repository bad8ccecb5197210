// SPDX-License-Identifier: GPL-2.0
/*
 * Dirty objects on their way to the session.
 *
 * The queue holds objects, not messages: the class marks an object dirty when
 * it puts it in, and an object that is dirty already is not put in again. Its
 * state is read when a frame is built, so that ten changes cost one record.
 *
 * The packet path meets only the lock of one shard, chosen by the object's
 * hash. One tasklet empties all shards; it is the only writer of frames.
 *
 * As in Nagle's algorithm, a frame that is not full waits while another one is
 * in flight: the first change goes out at once, and under load the round-trip
 * time fills the frames.
 */

#include "queue.h"

#include <linux/cpumask.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>

/* Objects that one run of the flush may take out. */
#define FLUSH_BUDGET	1024
/* What a record takes, about; decides whether a frame would be full. */
#define RECORD_GUESS	24

static struct fo_dirty *entry(const struct fo_shard *sh, u64 n)
{
	return &sh->ring[n & (FO_SHARD_SIZE - 1)];
}

u64 fo_queue_len(const struct fo_queue *q)
{
	unsigned int i;
	u64 len = 0;

	for (i = 0; i < q->shards; i++)
		len += READ_ONCE(q->shard[i].head) -
		       READ_ONCE(q->shard[i].tail);
	return len;
}

/* When the oldest of what waits became dirty, in ns; 0: none. Context: process. */
u64 fo_queue_oldest(struct fo_queue *q)
{
	u64 at, oldest = 0;
	unsigned int i;

	for (i = 0; i < q->shards; i++) {
		spin_lock_bh(&q->shard[i].lock);
		at = q->shard[i].tail == q->shard[i].head ? 0 :
		     entry(&q->shard[i], q->shard[i].tail)->at;
		spin_unlock_bh(&q->shard[i].lock);
		if (at && (!oldest || at < oldest))
			oldest = at;
	}
	return oldest;
}

u64 fo_queue_total(const struct fo_queue *q)
{
	unsigned int i;
	u64 total = 0;

	for (i = 0; i < q->shards; i++)
		total += READ_ONCE(q->shard[i].head);
	return total;
}

/**
 * fo_queue_kick() - see whether there is something to send
 * @q: queue
 *
 * Context: any but hard interrupt.
 */
void fo_queue_kick(struct fo_queue *q)
{
	/* what was put in is seen by a flush that has reset the flag */
	smp_mb();
	/* spare the packet path the atomic operation on a shared line */
	if (READ_ONCE(q->pending))
		return;
	WRITE_ONCE(q->pending, true);
	tasklet_schedule(&q->flush);
}

static bool held(const struct fo_class_ref *ref, void *obj)
{
	return !ref->ops->hold || ref->ops->hold(obj);
}

/**
 * fo_queue_put() - an object has become dirty
 * @q: queue
 * @ref: class of the object
 * @obj: the object, of which the queue takes a reference if its class has any
 * @hash: always the same for the same object
 *
 * Nothing is dropped here: the caller may hold locks that the last reference of
 * the object would take. Context: any but hard interrupt; the packet path. Never
 * sleeps.
 *
 * Return: false when the queue is full or closed, and @q->overflow asks for a
 * walk; true also for an object that is about to go.
 */
bool fo_queue_put(struct fo_queue *q, const struct fo_class_ref *ref, void *obj,
		  u32 hash)
{
	struct fo_shard *sh = &q->shard[hash & (q->shards - 1)];
	u64 now = ktime_get_ns();
	bool ok;

	spin_lock_bh(&sh->lock);
	ok = READ_ONCE(q->open) &&
	     sh->head - READ_ONCE(sh->tail) < FO_SHARD_SIZE;
	if (ok && held(ref, obj)) {
		*entry(sh, sh->head) = (struct fo_dirty){ ref, obj, now };
		WRITE_ONCE(sh->head, sh->head + 1);
	}
	spin_unlock_bh(&sh->lock);
	if (!ok) {
		fo_count(q->stats, FO_CNT_QUEUE_OVERFLOW);
		WRITE_ONCE(q->overflow, true);
		return false;
	}
	fo_queue_kick(q);
	return true;
}

static bool peek(struct fo_shard *sh, struct fo_dirty *d)
{
	bool some;

	spin_lock(&sh->lock);
	some = sh->tail != sh->head;
	if (some)
		*d = *entry(sh, sh->tail);
	spin_unlock(&sh->lock);
	return some;
}

/* One object into the frame; the frame goes out when it is full. */
static bool flush_one(struct fo_queue *q, struct fo_frame *f,
		      const struct fo_dirty *d)
{
	u8 *begin = f->w.p;
	int err = d->ref->ops->encode(d->ref->self, d->obj, &f->w);

	if (err != -EMSGSIZE) {
		fo_session_holds(f, d->at);
		return true;
	}
	f->w.p = begin;
	f->w.full = false;
	if (begin == f->body) {
		fo_count(q->stats, FO_CNT_TX_ERRORS);
		return true;	/* it would never fit */
	}
	fo_session_push(q->session, f);
	if (!fo_session_frame(q->session, f)) {
		f->body = NULL;
		return false;
	}
	return flush_one(q, f, d);
}

/* Returns false when the session takes no more. */
static bool flush_shard(struct fo_queue *q, struct fo_shard *sh,
			struct fo_frame *f, unsigned int *budget)
{
	struct fo_dirty d;

	while (*budget && peek(sh, &d)) {
		if (!flush_one(q, f, &d))
			return false;
		(*budget)--;
		WRITE_ONCE(sh->tail, sh->tail + 1);
		d.ref->ops->put(d.ref->self, d.obj, true);
	}
	return true;
}

static bool worth_a_frame(struct fo_queue *q, u64 len)
{
	return len * RECORD_GUESS >= q->session->mtu ||
	       fo_session_idle(q->session);
}

/* Context: tasklet; one at a time for the whole queue. */
static void flush(struct tasklet_struct *t)
{
	struct fo_queue *q = from_tasklet(q, t, flush);
	unsigned int i, budget = FLUSH_BUDGET;
	struct fo_frame f;
	u64 len;

	WRITE_ONCE(q->pending, false);
	smp_mb(); /* pairs with fo_queue_kick() */
	len = fo_queue_len(q);
	if (len > q->max)
		WRITE_ONCE(q->max, len);
	if (!len || !READ_ONCE(q->open) || !worth_a_frame(q, len) ||
	    !fo_session_frame(q->session, &f))
		return;
	for (i = 0; i < q->shards; i++)
		if (!flush_shard(q, &q->shard[i], &f, &budget))
			break;
	if (f.body && f.w.p > f.body)
		fo_session_push(q->session, &f);
	if (!budget)
		fo_queue_kick(q);
	wake_up(&q->progress);
}

int fo_queue_init(struct fo_queue *q, struct fo_stats *stats,
		  struct fo_session *session)
{
	unsigned int i;

	memset(q, 0, sizeof(*q));
	q->stats = stats;
	q->session = session;
	q->shards = roundup_pow_of_two(clamp(num_possible_cpus(), 2U,
					     FO_SHARDS_MAX));
	tasklet_setup(&q->flush, flush);
	init_waitqueue_head(&q->progress);
	q->shard = kvcalloc(q->shards, sizeof(*q->shard), GFP_KERNEL_ACCOUNT);
	if (!q->shard)
		return -ENOMEM;
	for (i = 0; i < q->shards; i++) {
		spin_lock_init(&q->shard[i].lock);
		q->shard[i].ring = kvcalloc(FO_SHARD_SIZE,
					    sizeof(*q->shard[i].ring),
					    GFP_KERNEL_ACCOUNT);
		if (!q->shard[i].ring)
			goto err;
	}
	return 0;
err:
	fo_queue_exit(q);
	return -ENOMEM;
}

void fo_queue_exit(struct fo_queue *q)
{
	unsigned int i;

	/* there may have been a late kick */
	tasklet_kill(&q->flush);
	for (i = 0; i < q->shards; i++)
		kvfree(q->shard[i].ring);
	kvfree(q->shard);
}

void fo_queue_open(struct fo_queue *q)
{
	WRITE_ONCE(q->overflow, false);
	WRITE_ONCE(q->open, true);
}

/**
 * fo_queue_close() - take no more, and let go of everything
 * @q: queue; no event hook puts objects in any more
 *
 * Context: process.
 */
void fo_queue_close(struct fo_queue *q)
{
	struct fo_shard *sh;
	struct fo_dirty d;
	unsigned int i;

	WRITE_ONCE(q->open, false);
	tasklet_kill(&q->flush);
	WRITE_ONCE(q->pending, false);
	for (i = 0; i < q->shards; i++) {
		sh = &q->shard[i];
		spin_lock_bh(&sh->lock);
		while (sh->tail != sh->head) {
			d = *entry(sh, sh->tail);
			WRITE_ONCE(sh->tail, sh->tail + 1);
			spin_unlock_bh(&sh->lock);
			d.ref->ops->put(d.ref->self, d.obj, false);
			spin_lock_bh(&sh->lock);
		}
		spin_unlock_bh(&sh->lock);
	}
	wake_up(&q->progress);
}

/**
 * fo_queue_mark() - remember what the queue holds now
 * @q: queue
 * @m: filled in
 *
 * Context: any.
 */
void fo_queue_mark(const struct fo_queue *q, struct fo_queue_mark *m)
{
	unsigned int i;

	for (i = 0; i < q->shards; i++)
		m->head[i] = READ_ONCE(q->shard[i].head);
}

/**
 * fo_queue_passed() - whether all that a mark knows has been taken out
 * @q: queue
 * @m: mark
 *
 * Context: any.
 */
bool fo_queue_passed(const struct fo_queue *q, const struct fo_queue_mark *m)
{
	unsigned int i;

	for (i = 0; i < q->shards; i++)
		if (READ_ONCE(q->shard[i].tail) < m->head[i])
			return false;
	return true;
}
