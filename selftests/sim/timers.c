// SPDX-License-Identifier: GPL-2.0
/* What runs later: timers, tasklets and work. */
#include "sched.h"

/* --- timers ------------------------------------------------------------ */

void hrtimer_setup(struct hrtimer *t,
		   enum hrtimer_restart (*fn)(struct hrtimer *),
		   clockid_t clock, enum hrtimer_mode mode)
{
	(void)clock;
	(void)mode;
	*t = (struct hrtimer){ .fn = fn };
}

static void enqueue(struct cpu *c, struct hrtimer *t)
{
	t->next = c->timers;
	c->timers = t;
	t->queued = true;
}

int hrtimer_cancel(struct hrtimer *t)
{
	struct hrtimer **p = &me()->timers;

	if (!t->queued)
		return 0;
	while (*p != t)
		p = &(*p)->next;
	*p = t->next;
	t->queued = false;
	return 1;
}

void hrtimer_start(struct hrtimer *t, ktime_t when, enum hrtimer_mode mode)
{
	hrtimer_cancel(t);
	t->expires = when + (mode == HRTIMER_MODE_REL_SOFT ? sim_clock() : 0);
	enqueue(me(), t);
}

u64 hrtimer_forward_now(struct hrtimer *t, ktime_t interval)
{
	u64 now = sim_clock(), n;

	if (now < t->expires)
		return 0;
	n = (now - t->expires) / interval + 1;
	t->expires += n * interval;
	return n;
}

struct hrtimer *first_timer(struct cpu *c)
{
	struct hrtimer *t, *first = NULL;

	for (t = c->timers; t; t = t->next)
		if (!first || t->expires < first->expires)
			first = t;
	return first;
}

void run_timer(struct cpu *c)
{
	struct hrtimer *t = first_timer(c);

	c->softirq++;
	hrtimer_cancel(t);
	if (t->fn(t) == HRTIMER_RESTART) {
		sim_assert(!t->queued, "a timer restarts twice");
		enqueue(c, t);
	}
	softirq_end(c);
}

/* --- tasklets ---------------------------------------------------------- */

void tasklet_setup(struct tasklet_struct *t, void (*fn)(struct tasklet_struct *))
{
	*t = (struct tasklet_struct){ .fn = fn };
}

static void raise(struct tasklet_struct **list, struct tasklet_struct *t)
{
	struct cpu *c = me();

	if (t->scheduled)
		return;
	while (*list)
		list = &(*list)->next;
	t->scheduled = true;
	t->next = NULL;
	*list = t;
	/* from a process with softirqs enabled it is ksoftirqd's */
	if (c->softirqd == NEVER && !c->softirq && (!c->cur || !c->cur->bh))
		c->softirqd = sim.now + latency();
}

void tasklet_schedule(struct tasklet_struct *t)
{
	raise(&me()->lo, t);
}

void tasklet_hi_schedule(struct tasklet_struct *t)
{
	raise(&me()->hi, t);
}

void tasklet_kill(struct tasklet_struct *t)
{
	struct cpu *c = me();

	wakeable(c);
	if (t->scheduled)
		run_softirqs(c);
	sim_assert(!t->scheduled, "a tasklet is scheduled while it is killed");
}

/* --- work -------------------------------------------------------------- */

static void work_proc(void *arg)
{
	struct work_struct *w = arg;

	/* it may be freed by its own function only after it has ended */
	while (w->pending) {
		w->pending = false;
		w->fn(w);
	}
	w->running = false;
	sim_wake(w);
}

bool sim_queue_work(struct work_struct *w)
{
	if (w->pending || w->canceling)
		return false;
	w->pending = true;
	if (!w->running) {
		w->running = true;
		w->proc = sim_spawn(sim.cur, "work", work_proc, w);
	}
	return true;
}

bool cancel_work_sync(struct work_struct *w)
{
	bool was = w->pending;

	wakeable(me());
	w->canceling = true;
	w->pending = false;
	while (w->running)
		sim_block(w, NEVER);
	w->canceling = false;
	return was;
}

static enum hrtimer_restart delayed(struct hrtimer *t)
{
	sim_queue_work(&container_of(t, struct delayed_work, timer)->work);
	return HRTIMER_NORESTART;
}

void sim_init_delayed(struct delayed_work *w, void (*fn)(struct work_struct *))
{
	INIT_WORK(&w->work, fn);
	w->work.timer = &w->timer.queued;
	hrtimer_setup(&w->timer, delayed, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_SOFT);
}

bool schedule_delayed_work(struct delayed_work *w, unsigned long delay)
{
	if (w->work.pending || w->work.canceling || w->timer.queued)
		return false;
	hrtimer_start(&w->timer, delay * (1000000000 / HZ),
		      HRTIMER_MODE_REL_SOFT);
	return true;
}

bool sim_mod_delayed(struct delayed_work *w, unsigned long delay)
{
	bool was = hrtimer_cancel(&w->timer) || w->work.pending;

	if (w->work.canceling)
		return false;
	if (!delay)
		return sim_queue_work(&w->work) || was;
	/* one that is pending is put off */
	if (w->work.pending && w->work.running)
		w->work.pending = false;
	if (!w->work.pending)
		hrtimer_start(&w->timer, delay * (1000000000 / HZ),
			      HRTIMER_MODE_REL_SOFT);
	return was;
}

/* Its timer does not wait any longer. */
bool flush_delayed_work(struct delayed_work *w)
{
	bool was = w->work.pending || w->work.running;

	wakeable(me());
	if (hrtimer_cancel(&w->timer))
		was = sim_queue_work(&w->work);
	while (w->work.pending || w->work.running)
		sim_block(&w->work, NEVER);
	return was;
}

/* What runs already, or is about to, does so: who calls it must not mind. */
bool cancel_delayed_work(struct delayed_work *w)
{
	return hrtimer_cancel(&w->timer);
}

bool cancel_delayed_work_sync(struct delayed_work *w)
{
	bool was = hrtimer_cancel(&w->timer);

	return cancel_work_sync(&w->work) || was;
}
