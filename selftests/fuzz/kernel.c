// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel of fuzz_session: a clock that stands still until it is told, its
 * timers, softirqs, locks that must be free, and memory that must come back.
 */
#include <stdlib.h>

#include "shim.h"

#include "fuzz_session.h"

static u64 now, rng;
static long blocks;
static struct hrtimer *timers;
static struct tasklet_struct *tasklets;
static unsigned int depth;	/* locks held */

void fuzz_broken(const char *what)
{
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

u64 ktime_get_ns(void)
{
	return now;
}

u64 fuzz_random(void)
{
	rng = rng * 6364136223846793005ULL + 1442695040888963407ULL;
	return rng ^ rng >> 29;
}

void *fuzz_alloc(size_t n, bool zero)
{
	blocks++;
	return zero ? calloc(1, n) : malloc(n);
}

void fuzz_free(void *p)
{
	blocks -= !!p;
	free(p);
}

struct sk_buff *fuzz_skb(const u8 *data, size_t len)
{
	struct sk_buff *skb = fuzz_alloc(sizeof(*skb), true);

	skb->data = fuzz_alloc(len, false);
	skb->len = len;
	memcpy(skb->data, data, len);
	return skb;
}

void kfree_skb(struct sk_buff *skb)
{
	if (!skb)
		return;
	fuzz_free(skb->data);
	fuzz_free(skb);
}

u32 crc32c(u32 crc, const void *p, size_t len)
{
	const u8 *b = p;
	int i;

	while (len--) {
		crc ^= *b++;
		for (i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return crc;
}

/* --- locks ------------------------------------------------------------ */

void spin_lock_init(spinlock_t *l)
{
	l->held = false;
	l->ready = true;
}

void spin_lock(spinlock_t *l)
{
	fuzz_assert(l->ready && !l->held, "a lock that is made and free");
	l->held = true;
	depth++;
}

void spin_unlock(spinlock_t *l)
{
	fuzz_assert(l->held, "a lock that is held");
	l->held = false;
	depth--;
}

/* --- timers and softirqs ---------------------------------------------- */

void hrtimer_setup(struct hrtimer *t,
		   enum hrtimer_restart (*fn)(struct hrtimer *),
		   int clock, enum hrtimer_mode mode)
{
	*t = (struct hrtimer){ .fn = fn };
}

int hrtimer_cancel(struct hrtimer *t)
{
	struct hrtimer **at = &timers;

	while (*at && *at != t)
		at = &(*at)->next;
	if (!*at)
		return 0;
	*at = t->next;
	t->queued = false;
	return 1;
}

static void queue_timer(struct hrtimer *t)
{
	t->queued = true;
	t->next = timers;
	timers = t;
}

void hrtimer_start(struct hrtimer *t, ktime_t when, enum hrtimer_mode mode)
{
	hrtimer_cancel(t);
	t->expires = when + (mode == HRTIMER_MODE_REL_SOFT ? now : 0);
	queue_timer(t);
}

u64 hrtimer_forward_now(struct hrtimer *t, ktime_t interval)
{
	u64 n = t->expires > now ? 0 : (now - t->expires) / interval + 1;

	t->expires += n * interval;
	return n;
}

static struct hrtimer *due(u64 until)
{
	struct hrtimer *t, *first = NULL;

	for (t = timers; t; t = t->next)
		if (t->expires <= until &&
		    (!first || t->expires < first->expires))
			first = t;
	return first;
}

void tasklet_setup(struct tasklet_struct *t,
		   void (*fn)(struct tasklet_struct *))
{
	*t = (struct tasklet_struct){ .fn = fn };
}

void tasklet_schedule(struct tasklet_struct *t)
{
	if (t->scheduled)
		return;
	t->scheduled = true;
	t->next = tasklets;
	tasklets = t;
}

void tasklet_kill(struct tasklet_struct *t)
{
	struct tasklet_struct **at = &tasklets;

	while (*at && *at != t)
		at = &(*at)->next;
	if (*at)
		*at = t->next;
	t->scheduled = false;
}

void fuzz_softirq(void)
{
	struct tasklet_struct *t;

	while ((t = tasklets)) {
		tasklets = t->next;
		t->scheduled = false;
		t->fn(t);
		fuzz_assert(!depth, "no lock is left held");
	}
}

void fuzz_time(u64 ns)
{
	u64 until = now + ns;
	struct hrtimer *t;

	while ((t = due(until))) {
		now = max(now, t->expires);
		hrtimer_cancel(t);
		if (t->fn(t) == HRTIMER_RESTART)
			queue_timer(t);
		fuzz_assert(!depth, "no lock is left held");
		fuzz_softirq();
	}
	now = until;
}

void fuzz_begin(void)
{
	now = NSEC_PER_MSEC;
	rng = 1;
	depth = 0;
}

void fuzz_end(void)
{
	fuzz_assert(!timers && !tasklets, "nothing runs on");
	fuzz_assert(!depth, "no lock is left held");
	fuzz_assert(!blocks, "all memory came back");
}
