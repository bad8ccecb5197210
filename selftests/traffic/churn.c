// SPDX-License-Identifier: GPL-2.0
/*
 * Many short connections: open, one checked exchange, close. Prints its line
 * when TOTAL are done, or on the command stop. RATE a second, 0 for as fast as
 * CONCURRENT of them go. With SPORT the source ports are SPORT and up, one for
 * each, so that no connection has the tuple of one before.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "traffic.h"

#define SLOT_US		5000000		/* times SLOW, as all deadlines of lib.sh */
#define RESEND_US	500000
#define DEFAULT_SLOTS	64

struct slot {
	struct handler h;
	uint32_t key;
	uint64_t began, asked;
	size_t got;
	bool connected;
};

static struct sockaddr_storage to;
static bool is_udp, done;
static struct slot *slots;
static unsigned int count, sport, slow = 1;
static uint64_t total, rate, began, begun, ok, fail;
static uint64_t stall;		/* longest time that this process did not run */
static int last_errno;

static void churn_report(const char *verb)
{
	uint64_t us = now_us() - began;

	printf("%s ok=%llu fail=%llu ms=%llu per_second=%llu errno=%d stall_ms=%llu\n",
	       verb,
	       (unsigned long long)ok, (unsigned long long)fail,
	       (unsigned long long)us / 1000,
	       (unsigned long long)(us ? ok * 1000000 / us : 0), last_errno,
	       (unsigned long long)stall / 1000);
	done = true;
}

/* The errno of a failure: of the call that failed, ETIMEDOUT, or 0 for bad data. */
static void finish(struct slot *s, bool good)
{
	if (!good)
		last_errno = errno;
	loop_del(&s->h);
	if (good)
		ok++;
	else
		fail++;
	if (total && ok + fail == total && !done)
		churn_report("churn");
}

static bool ask(struct slot *s)
{
	struct probe p = { .magic = PROBE_MAGIC, .flow = s->key, .seq = 1 };
	unsigned char buf[BLOCK];

	s->asked = now_us();
	if (is_udp)
		return send(s->h.fd, &p, sizeof(p), 0) == sizeof(p);
	pattern(buf, sizeof(buf), s->key, 0);
	return send(s->h.fd, buf, sizeof(buf), MSG_NOSIGNAL) == sizeof(buf);
}

static void slot_udp(struct slot *s)
{
	struct probe p;
	ssize_t n;

	errno = 0;
	n = recv(s->h.fd, &p, sizeof(p), 0);
	if (n < 0 && errno == EAGAIN)
		return;
	finish(s, n == sizeof(p) && p.flow == s->key);
}

static void slot_tcp(struct slot *s)
{
	unsigned char buf[BLOCK];
	ssize_t n;

	if (!s->connected) {
		s->connected = true;
		loop_events(&s->h, EPOLLIN);
		if (!ask(s))
			finish(s, false);
		return;
	}
	errno = 0;
	n = recv(s->h.fd, buf, sizeof(buf), 0);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0 || !pattern_ok(buf, n, s->key, s->got)) {
		finish(s, false);
		return;
	}
	s->got += n;
	if (s->got == BLOCK)
		finish(s, true);
}

static void slot_ready(struct handler *h, uint32_t events)
{
	if (is_udp)
		slot_udp((struct slot *)h);
	else
		slot_tcp((struct slot *)h);
}

static void begin(struct slot *s)
{
	s->key = ++begun;
	s->began = now_us();
	s->got = 0;
	s->connected = false;
	s->h.ready = slot_ready;
	s->h.fd = socket_to(&to, is_udp ? SOCK_DGRAM : SOCK_STREAM,
			    sport ? sport + begun : 0);
	if (s->h.fd < 0 || loop_add(&s->h, is_udp ? EPOLLIN : EPOLLOUT) ||
	    (is_udp && !ask(s)))
		finish(s, false);
}

static void churn_tick(void)
{
	static uint64_t last;
	uint64_t now = now_us();
	uint64_t due = rate ? (now - began) * rate / 1000000 : UINT64_MAX;
	unsigned int i;

	if (last && now - last > stall)
		stall = now - last;
	last = now;
	for (i = 0; i < count && !done; i++) {
		struct slot *s = &slots[i];

		errno = ETIMEDOUT;
		if (s->h.fd >= 0 && now - s->began > (uint64_t)SLOT_US * slow)
			finish(s, false);
		else if (is_udp && s->h.fd >= 0 && now - s->asked > RESEND_US)
			ask(s);
		if (s->h.fd < 0 && begun < due && (!total || begun < total))
			begin(s);
	}
}

static bool churn_command(const char *verb, long arg)
{
	if (strcmp(verb, "stop"))
		return false;
	churn_report(verb);
	return true;
}

static int churn_start(int argc, char **argv)
{
	unsigned int i;

	is_udp = !strcmp(argv[0], "udp");
	if (address(&to, argv[1], argv[2]))
		return -1;
	total = number(argv[3]);
	rate = number(argv[4]);
	count = argc > 5 ? number(argv[5]) : DEFAULT_SLOTS;
	sport = argc > 6 ? number(argv[6]) : 0;
	if (getenv("SLOW"))
		slow = number(getenv("SLOW"));
	slots = calloc(count ? count : 1, sizeof(*slots));
	if (!slots)
		return -1;
	for (i = 0; i < count; i++)
		slots[i].h.fd = -1;
	printf("churn ready\n");
	began = now_us();
	return 0;
}

const struct mode churn_mode = {
	.name = "churn", .args = "tcp|udp HOST PORT TOTAL RATE [CONCURRENT [SPORT]]",
	.min_args = 5, .start = churn_start, .command = churn_command,
	.tick = churn_tick, .tick_us = 1000,
};
