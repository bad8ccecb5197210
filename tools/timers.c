// SPDX-License-Identifier: GPL-2.0
/* One-shot timers on timerfd. */
#include "timers.h"

#include <errno.h>
#include <stdint.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

int timers_open(struct fo_timers *t)
{
	enum timer i;

	for (i = 0; i < TIMERS; i++) {
		t->on[i] = false;
		t->fd[i] = timerfd_create(CLOCK_MONOTONIC,
					  TFD_CLOEXEC | TFD_NONBLOCK);
		if (t->fd[i] < 0)
			return -errno;
	}
	return 0;
}

void timers_set(struct fo_timers *t, enum timer which, unsigned int ms)
{
	struct itimerspec when = {
		.it_value.tv_sec  = ms / 1000,
		.it_value.tv_nsec = ms % 1000 * 1000000,
	};

	timerfd_settime(t->fd[which], 0, &when, NULL);
	t->on[which] = ms;
}

void timers_stop(struct fo_timers *t, enum timer which)
{
	timers_set(t, which, 0);
}

/* False when it was stopped after it had woken us. */
bool timers_expired(struct fo_timers *t, enum timer which)
{
	uint64_t n;

	if (read(t->fd[which], &n, sizeof(n)) != sizeof(n))
		return false;
	t->on[which] = false;
	return true;
}
