// SPDX-License-Identifier: GPL-2.0
/*
 * A unit's machine: its clock, its memory, and what is due on it first.
 *
 * Memory belongs to the unit that runs. It goes when the unit crashes, and
 * must be all freed when it is stopped in order.
 */
#include <stdlib.h>

#include "sched.h"

#define MAGIC	0x5ea1ed0ff1ce5ULL

struct cpu cpus[UNITS];

/* --- clocks ------------------------------------------------------------ */

static u64 local_time(const struct cpu *c)
{
	u64 past = sim.now - c->base;

	return c->local + past + (int64_t)past * c->ppm / 1000000;
}

u64 global_time(const struct cpu *c, u64 local)
{
	u64 ahead;

	if (local == NEVER)
		return NEVER;
	if (local <= c->local)
		return c->base;
	ahead = local - c->local;
	return c->base + ahead - (int64_t)ahead * c->ppm / (1000000 + c->ppm) +
	       !!c->ppm;
}

u64 sim_clock(void)
{
	return local_time(me());
}

u64 sim_wall(void)
{
	return local_time(me()) + me()->wall;
}

static void set_clock(struct cpu *c, u64 local, int ppm)
{
	c->local = local;
	c->base = sim.now;
	c->ppm = ppm;
}

void sim_clock_jump(int unit, u64 ns)
{
	struct cpu *c = &cpus[unit];
	struct proc *p;

	set_clock(c, local_time(c) + ns, c->ppm);
	for (p = c->proc; p < c->proc + PROCS; p++)
		if (p->used && p->due != NEVER)
			p->due = p->due > sim.now + ns ? p->due - ns : sim.now;
}

void sim_clock_rate(int unit, int ppm)
{
	set_clock(&cpus[unit], local_time(&cpus[unit]), ppm);
}

void sim_clock_wall(int unit, int64_t ns)
{
	cpus[unit].wall += ns;
}

void sim_stall(int unit, u64 ns)
{
	cpus[unit].stalled = sim.now + ns;
}

bool sim_stalled(int unit)
{
	return cpus[unit].stalled > sim.now;
}

u64 sim_stall_end(int unit)
{
	return cpus[unit].stalled;
}

/* --- memory ------------------------------------------------------------ */

void *sim_alloc(size_t n, bool zero)
{
	struct cpu *c = me();
	struct block *b = malloc(sizeof(*b) + n);

	sim_assert(b, "the host has no memory");
	if (zero)
		memset(b + 1, 0, n);
	b->size = n;
	b->magic = MAGIC;
	b->next = c->blocks.next;
	b->prev = &c->blocks;
	b->next->prev = b;
	c->blocks.next = b;
	c->bytes += n;
	return b + 1;
}

static void release(struct cpu *c, struct block *b)
{
	sim_assert(b->magic == MAGIC, "memory is freed that is not allocated");
	b->magic = 0;
	b->prev->next = b->next;
	b->next->prev = b->prev;
	c->bytes -= b->size;
	free(b);
}

void sim_free(void *p)
{
	if (p)
		release(me(), (struct block *)p - 1);
}

size_t sim_bytes(int unit)
{
	return cpus[unit].bytes;
}

void kfree_skb(struct sk_buff *skb)
{
	sim_free(skb);
}

/* Freed by free_rcu() once nobody reads any more. */
void sim_free_rcu(struct rcu_head *h, void *p)
{
	h->p = p;
	h->next = me()->gone;
	me()->gone = h;
}

bool rcu_busy(const struct cpu *c, const struct proc *but)
{
	const struct proc *p;

	for (p = c->proc; p < c->proc + PROCS; p++)
		if (p->used && p != but && p->rcu)
			return true;
	return false;
}

void free_rcu(struct cpu *c)
{
	struct rcu_head *h;

	if (!c->gone || rcu_busy(c, NULL))
		return;
	while ((h = c->gone)) {
		c->gone = h->next;
		sim_free(h->p);
	}
}

/* --- a unit's machine --------------------------------------------------- */

static struct proc *first_proc(struct cpu *c)
{
	struct proc *p, *first = NULL;

	for (p = c->proc; p < c->proc + PROCS; p++)
		if (p->used && p->due != NEVER && (!first || p->due < first->due))
			first = p;
	return first;
}

static u64 sooner(u64 a, u64 b)
{
	return a < b ? a : b;
}

u64 sim_unit_due(int unit)
{
	struct cpu *c = &cpus[unit];
	struct hrtimer *t = first_timer(c);
	struct proc *p = first_proc(c);
	u64 due = c->softirqd;

	if (t)
		due = sooner(due, global_time(c, t->expires));
	if (p)
		due = sooner(due, p->due);
	return due < c->stalled ? c->stalled : due;
}

/* Runs what was due first; the caller has set the time. */
void sim_unit_run(int unit)
{
	struct cpu *c = &cpus[unit];
	struct hrtimer *t = first_timer(c);
	struct proc *p = first_proc(c);
	u64 timer = t ? global_time(c, t->expires) : NEVER;
	u64 proc = p ? p->due : NEVER;

	sim.cur = unit;
	if (c->softirqd <= timer && c->softirqd <= proc)
		run_softirqs(c);
	else if (timer <= proc)
		run_timer(c);
	else
		run_proc(c, p);
	free_rcu(c);
	sim.cur = -1;
}

static void empty(struct cpu *c)
{
	struct proc *p;

	for (p = c->proc; p < c->proc + PROCS; p++)
		if (p->used)
			sim_kill(p);
	c->timers = NULL;
	c->hi = NULL;
	c->lo = NULL;
	c->gone = NULL;
	c->softirqd = NEVER;
	c->cur = NULL;
	while (c->blocks.next != &c->blocks)
		release(c, c->blocks.next);
}

void sim_power_on(int unit)
{
	struct cpu *c = &cpus[unit];

	/* the clock of a machine begins anew */
	set_clock(c, SEC + sim_below(100 * SEC), 0);
	c->stalled = 0;
}

void sim_power_off(int unit)
{
	struct cpu *c = &cpus[unit];

	sim_assert(!c->softirq && !c->spin && !c->cur, "the world is in place");
	empty(c);
}

void sim_sched_init(void)
{
	int i;

	make_stacks();
	for (i = 0; i < UNITS; i++) {
		cpus[i].blocks.next = &cpus[i].blocks;
		cpus[i].blocks.prev = &cpus[i].blocks;
	}
}

void sim_sched_reset(void)
{
	int i;

	for (i = 0; i < UNITS; i++) {
		empty(&cpus[i]);
		cpus[i].base = 0;
		cpus[i].local = 0;
		cpus[i].ppm = 0;
		cpus[i].wall = 0;
		cpus[i].stalled = 0;
	}
	sim.cur = -1;
}
