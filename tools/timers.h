/* SPDX-License-Identifier: GPL-2.0 */
/* The timers of the daemon, each a timerfd. */
#ifndef FAILOVER_TIMERS_H
#define FAILOVER_TIMERS_H

#include <stdbool.h>

enum timer {
	TIMER_TICK,		/* attach again, and look at everything */
	TIMER_WAIT,		/* for another unit to be active */
	TIMER_DRAIN,		/* for the acknowledgement of everything */
	TIMER_WANT,		/* for the other unit to hand over */
	TIMER_ANNOUNCE,		/* until the next announcements */
	TIMER_PREEMPT,		/* until the role is taken back */
	TIMER_GRACE,		/* for the other unit's daemon to come back */
	TIMER_HOLD,		/* until the hold-down is over */
	TIMER_PACE,		/* until the next part of them */
	TIMER_POOL,		/* until the ruleset is read again */
	TIMER_SEEK,		/* until the mate is asked again, or is gone */
	TIMER_IFWATCH,		/* until the next hello or test of interfaces */
	TIMER_SETTLE,		/* until interfaces that are worse are believed */
	TIMER_TRACK,		/* until who looks at an object is too late */
	TIMERS
};

struct fo_timers {
	int	fd[TIMERS];
	bool	on[TIMERS];
};

int timers_open(struct fo_timers *t);
void timers_set(struct fo_timers *t, enum timer which, unsigned int ms);
void timers_stop(struct fo_timers *t, enum timer which);
bool timers_expired(struct fo_timers *t, enum timer which);

#endif /* FAILOVER_TIMERS_H */
