// SPDX-License-Identifier: GPL-2.0
/*
 * One CPU for each unit: processes, softirqs and locks.
 *
 * A process runs on a stack of its own until it waits. Where it releases a
 * lock or enables softirqs it may be interrupted, which runs what is due for
 * the unit on top of it, or preempted, which runs anything. Sleeping where
 * that is not allowed, a lock that is taken already and one that is held while
 * waiting fail the run.
 */
#include <stdlib.h>
#include <sys/mman.h>

#include "sched.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#define STACK		(512 * 1024)
#else
#define STACK		(64 * 1024)
#endif

static ucontext_t scheduler;

void rcu_read_lock(void)
{
	struct cpu *c = me();

	if (c->cur && !c->softirq)
		c->cur->rcu++;
}

void rcu_read_unlock(void)
{
	struct cpu *c = me();

	if (c->cur && !c->softirq)
		c->cur->rcu--;
}

/* --- processes --------------------------------------------------------- */

static bool atomic(const struct cpu *c)
{
	return !c->cur || c->softirq || c->spin || c->cur->bh;
}

static void start_switch(void **fake, const void *bottom, size_t size)
{
#ifdef __SANITIZE_ADDRESS__
	__sanitizer_start_switch_fiber(fake, bottom, size);
#else
	(void)fake;
	(void)bottom;
	(void)size;
#endif
}

static const void *main_bottom;
static size_t main_size;

static void finish_switch(void *fake, const void **bottom, size_t *size)
{
#ifdef __SANITIZE_ADDRESS__
	__sanitizer_finish_switch_fiber(fake, bottom, size);
#else
	(void)fake;
	(void)bottom;
	(void)size;
#endif
}

/* To the scheduler, and back when the process is run again. */
static void leave(struct proc *p)
{
	start_switch(&p->fake_stack, main_bottom, main_size);
	swapcontext(&p->ctx, &scheduler);
	finish_switch(p->fake_stack, &main_bottom, &main_size);
}

static void enter_proc(unsigned int unit, unsigned int n)
{
	struct proc *p = &cpus[unit].proc[n];

	finish_switch(NULL, &main_bottom, &main_size);
	p->fn(p->arg);
	sim_assert(!p->rcu && !p->bh, "a process ends in an atomic section");
	p->dead = true;
	start_switch(NULL, main_bottom, main_size);
	setcontext(&scheduler);
}

/* The process that runs ends here. */
void sim_exit(void)
{
	struct proc *p = me()->cur;

	sim_assert(!p->rcu && !p->bh && !me()->spin,
		   "a process ends in an atomic section");
	p->dead = true;
	leave(p);
	abort();
}

u64 latency(void)
{
	return sim_below(sim.latency) + 1;
}

struct proc *sim_spawn(int unit, const char *name, void (*fn)(void *arg),
		       void *arg)
{
	struct cpu *c = &cpus[unit];
	struct proc *p = c->proc;
	char *stack;

	while (p < c->proc + PROCS && p->used)
		p++;
	sim_assert(p < c->proc + PROCS, "too many processes");
	stack = p->stack;
	*p = (struct proc) {
		.unit = unit, .used = true, .name = name, .fn = fn, .arg = arg,
		.due = sim.now + latency(), .stack = stack,
	};
	getcontext(&p->ctx);
	p->ctx.uc_stack.ss_sp = p->stack;
	p->ctx.uc_stack.ss_size = STACK;
	makecontext(&p->ctx, (void (*)(void))enter_proc, 2, unit,
		    (unsigned int)(p - c->proc));
	return p;
}

/* It never runs again; what it holds is let go. */
void sim_kill(struct proc *p)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(p->mutex); i++)
		if (p->mutex[i])
			p->mutex[i]->owner = NULL;
	p->used = false;
#ifdef __SANITIZE_ADDRESS__
	ASAN_UNPOISON_MEMORY_REGION(p->stack, STACK);
#endif
}

void run_softirqs(struct cpu *c)
{
	struct tasklet_struct *t, **list;

	sim_assert(!c->spin, "softirqs run under a spinlock");
	c->softirq++;
	while ((t = *(list = c->hi ? &c->hi : &c->lo))) {
		*list = t->next;
		t->scheduled = false;
		t->fn(t);
		sim_assert(!c->spin, "a softirq leaves a lock held");
	}
	c->softirqd = NEVER;
	c->softirq--;
}

void wakeable(const struct cpu *c)
{
	sim_assert(!atomic(c), "sleeps where that is not allowed");
	sim_assert(!c->cur->rcu, "sleeps in an RCU section");
}

/* Wait for sim_wake(), or that long; as wait queues and locks do. */
void sim_block(const void *chan, u64 ns)
{
	struct cpu *c = me();

	wakeable(c);
	if (c->hi || c->lo)
		run_softirqs(c);
	c->cur->chan = chan;
	c->cur->due = ns == NEVER ? NEVER : sim.now + ns + 1;
	leave(c->cur);
	c->cur->chan = NULL;
}

void sim_wake(const void *chan)
{
	struct cpu *c = me();
	struct proc *p;

	for (p = c->proc; p < c->proc + PROCS; p++)
		if (p->used && p->chan == chan) {
			p->chan = NULL;
			p->due = sim.now + latency();
		}
}

void run_proc(struct cpu *c, struct proc *p)
{
	void *fake;

	p->due = NEVER;
	c->cur = p;
	start_switch(&fake, p->stack, STACK);
	swapcontext(&scheduler, &p->ctx);
	finish_switch(fake, NULL, NULL);
	c->cur = NULL;
	sim_assert(!c->spin, "a process sleeps with a lock held");
	if (p->dead)
		sim_kill(p);
}

/* Nothing of the unit is half done. */
bool sim_quiet(int unit)
{
	struct cpu *c = &cpus[unit];
	struct proc *p;

	for (p = c->proc; p < c->proc + PROCS; p++)
		if (p->used && (!p->chan || p->mutex[0]))
			return false;
	return !c->hi && !c->lo;
}

/* A process of that name has not ended yet. */
bool sim_runs(int unit, const char *name)
{
	struct proc *p;

	for (p = cpus[unit].proc; p < cpus[unit].proc + PROCS; p++)
		if (p->used && !strcmp(p->name, name))
			return true;
	return false;
}

void softirq_end(struct cpu *c)
{
	sim_assert(!c->spin, "a softirq leaves a lock held");
	c->softirq--;
	if (!c->softirq && (c->hi || c->lo))
		run_softirqs(c);
}

/* What arrives from outside. */
void sim_softirq(int unit, void (*fn)(void *arg), void *arg)
{
	struct cpu *c = &cpus[unit];
	int was = sim.cur;

	sim.cur = unit;
	c->softirq++;
	fn(arg);
	softirq_end(c);
	sim.cur = was;
}

/* --- where a process may be interrupted -------------------------------- */

static bool due_for(int unit, u64 until)
{
	int other = !unit;

	return sim_unit_due(other) > until && world_due() > until &&
	       (net_due() > until || net_due_unit() == unit);
}

static void interrupt(struct cpu *c)
{
	struct hrtimer *t = first_timer(c);
	u64 timer = t ? global_time(c, t->expires) : NEVER;
	u64 until = net_due() < timer ? net_due() : timer;

	if (until > sim.now + 200 * USEC || !due_for(sim.cur, until))
		return;
	sim.now = until > sim.now ? until : sim.now;
	sim.tally[TALLY_INTERRUPTS]++;
	if (timer <= net_due())
		run_timer(c);
	else
		net_run();
}

static void preemptible(struct cpu *c)
{
	if (atomic(c))
		return;
	if (c->hi || c->lo) {
		if (c->softirqd == NEVER || sim_chance(700000))
			run_softirqs(c);
	}
	if (sim_chance(sim.irq_ppm)) {
		interrupt(c);
	} else if (sim_chance(sim.preempt_ppm)) {
		sim.tally[TALLY_PREEMPTIONS]++;
		c->cur->due = sim.now + latency();
		leave(c->cur);
	}
}

void cond_resched(void)
{
	preemptible(me());
}

void synchronize_rcu(void)
{
	struct cpu *c = me();

	wakeable(c);
	do
		sim_block(c, 100 * USEC);
	while (rcu_busy(c, c->cur));
	free_rcu(c);
}

void local_bh_disable(void)
{
	struct cpu *c = me();

	if (c->cur && !c->softirq)
		c->cur->bh++;
}

void local_bh_enable(void)
{
	struct cpu *c = me();

	if (!c->cur || c->softirq)
		return;
	sim_assert(c->cur->bh > 0, "softirqs are enabled twice");
	c->cur->bh--;
	/* they run at once, unless ksoftirqd has them already */
	preemptible(c);
}

/* --- locks ------------------------------------------------------------- */

void spin_lock_init(spinlock_t *l)
{
	*l = (spinlock_t){ .ready = true };
}

bool sim_spin_held(const spinlock_t *l)
{
	return l->held;
}

void spin_lock(spinlock_t *l)
{
	sim_assert(l->ready, "a lock is used before its initialization");
	sim_assert(!l->held, "a lock is taken twice: deadlock");
	l->held = true;
	me()->spin++;
}

void spin_unlock(spinlock_t *l)
{
	sim_assert(l->held, "a lock is released that is not held");
	l->held = false;
	me()->spin--;
}

void spin_lock_bh(spinlock_t *l)
{
	local_bh_disable();
	spin_lock(l);
}

void spin_unlock_bh(spinlock_t *l)
{
	spin_unlock(l);
	local_bh_enable();
}

void mutex_init(struct mutex *m)
{
	m->owner = NULL;
}

bool sim_mutex_held(const struct mutex *m)
{
	return m->owner && m->owner == me()->cur;
}

void mutex_lock(struct mutex *m)
{
	struct cpu *c = me();
	unsigned int i = 0;

	wakeable(c);
	sim_assert(!sim_mutex_held(m), "a mutex is taken twice: deadlock");
	while (m->owner) {
		/* that of another unit cannot wake us */
		sim_block(m, m->owner->unit == sim.cur ? NEVER : MSEC);
	}
	m->owner = c->cur;
	while (i < ARRAY_SIZE(c->cur->mutex) && c->cur->mutex[i])
		i++;
	sim_assert(i < ARRAY_SIZE(c->cur->mutex), "too many mutexes");
	c->cur->mutex[i] = m;
}

void mutex_unlock(struct mutex *m)
{
	struct cpu *c = me();
	unsigned int i = 0;

	sim_assert(sim_mutex_held(m), "a mutex is released that is not held");
	m->owner = NULL;
	while (c->cur->mutex[i] != m)
		i++;
	c->cur->mutex[i] = NULL;
	sim_wake(m);
	preemptible(c);
}

void make_stacks(void)
{
	struct proc *p;
	int i;

	for (i = 0; i < UNITS; i++)
		for (p = cpus[i].proc; p < cpus[i].proc + PROCS; p++) {
			p->stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE,
					MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
			sim_assert(p->stack != MAP_FAILED, "no stack");
		}
}
