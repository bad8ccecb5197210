// SPDX-License-Identifier: GPL-2.0
/* Time, and what happens in it. */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "driver.h"

/* A condition that no event tells of is looked at this often. */
#define LOOK_MS	100

static int ep = -1;

uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SECOND + t.tv_nsec;
}

void loop_add(struct source *s)
{
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = s };

	if (ep < 0)
		ep = epoll_create1(EPOLL_CLOEXEC);
	if (epoll_ctl(ep, EPOLL_CTL_ADD, s->fd, &e))
		fail("epoll: %s", strerror(errno));
}

/* The descriptor stays open. */
void loop_del(struct source *s)
{
	if (s->fd < 0)
		return;
	epoll_ctl(ep, EPOLL_CTL_DEL, s->fd, NULL);
	s->fd = -1;
}

/* One event at a time: what it leads to may remove the source of the next. */
static void wait_event(unsigned int ms)
{
	struct epoll_event e;
	struct source *s;

	if (epoll_wait(ep, &e, 1, ms) != 1)
		return;
	s = e.data.ptr;
	if (s->fd >= 0)
		s->ready(s);
}

bool until(condition cond, void *arg, unsigned int ms)
{
	uint64_t now = now_ns(), end = now + ms * MS;

	while (!cond(arg)) {
		if (now >= end)
			return false;
		ms = (end - now + MS - 1) / MS;
		wait_event(ms < LOOK_MS ? ms : LOOK_MS);
		now = now_ns();
		sessions_tick(now);
	}
	return true;
}

static bool never(void *unused)
{
	return false;
}

void pass(unsigned int ms)
{
	until(never, NULL, ms);
}
