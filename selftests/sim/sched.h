/* SPDX-License-Identifier: GPL-2.0 */
/* What machine.c, sched.c and timers.c know of a unit's machine. */
#ifndef _SIM_SCHED_H
#define _SIM_SCHED_H

#include <ucontext.h>

#include "shim.h"

#define PROCS		16

/**
 * struct proc - a process
 * @chan: what it waits for, or NULL
 * @due: global time at which it runs in any case
 * @rcu: depth of its RCU sections
 * @bh: depth to which it disabled softirqs
 * @mutex: what it holds
 */
struct proc {
	int unit;
	bool used;
	bool dead;
	const char *name;
	void (*fn)(void *arg);
	void *arg;
	const void *chan;
	u64 due;
	int rcu;
	int bh;
	struct mutex *mutex[4];
	ucontext_t ctx;
	char *stack;
	void *fake_stack;
};

/* Memory of a unit, by its header. */
struct block {
	struct block *next, *prev;
	size_t size;
	u64 magic;
};

/**
 * struct cpu - a unit's machine
 * @base: global time at which @local was the local time
 * @ppm: how much faster than the global clock it runs
 * @wall: wall clock less local clock
 * @stalled: global time until which nothing runs
 * @softirq: depth; @spin: spinlocks held; @bh: softirqs disabled by no process
 */
struct cpu {
	u64 base, local;
	int ppm;
	u64 wall;
	u64 stalled;
	u64 softirqd;
	int softirq, spin;
	struct hrtimer *timers;
	struct tasklet_struct *hi, *lo;
	struct block blocks;
	struct rcu_head *gone;
	size_t bytes;
	struct proc proc[PROCS];
	struct proc *cur;
};

extern struct cpu cpus[UNITS];

static inline struct cpu *me(void)
{
	sim_assert(sim.cur >= 0, "no unit runs");
	return &cpus[sim.cur];
}

/* machine.c */
u64 global_time(const struct cpu *c, u64 local);
bool rcu_busy(const struct cpu *c, const struct proc *but);
void free_rcu(struct cpu *c);

/* sched.c */
u64 latency(void);
void wakeable(const struct cpu *c);
void run_softirqs(struct cpu *c);
void softirq_end(struct cpu *c);
void run_proc(struct cpu *c, struct proc *p);
void make_stacks(void);

/* timers.c */
struct hrtimer *first_timer(struct cpu *c);
void run_timer(struct cpu *c);

#endif /* _SIM_SCHED_H */
