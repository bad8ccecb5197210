/* SPDX-License-Identifier: GPL-2.0 */
/* The plan of a run: which faults it has, and when. */
#ifndef _PLAN_H
#define _PLAN_H

#include "sim.h"

/**
 * struct act - a step of the plan
 * @end: the fault ends
 * @v: how much of it
 */
struct act {
	u64 at;
	enum fault fault;
	bool end;
	int unit;
	int link;
	u64 v;
};

/* Draws one of @until nanoseconds from the run's random numbers. */
void plan_make(u64 until);
/* The step that is next, or NULL; it is done, or tried again at some time. */
const struct act *plan_next(void);
void plan_done(void);
void plan_again(u64 at);

static inline u64 between(u64 lo, u64 hi)
{
	return lo + sim_below(hi - lo + 1);
}

static inline u64 one_of(const u64 *v, unsigned int n)
{
	return v[sim_below(n)];
}

#define ONE_OF(...) one_of((const u64[]){ __VA_ARGS__ }, \
			   sizeof((const u64[]){ __VA_ARGS__ }) / sizeof(u64))

#endif
