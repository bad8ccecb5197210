// SPDX-License-Identifier: GPL-2.0
/*
 * Many flows at once, driven by commands:
 *   open        open all; for datagrams this is also the first round
 *   round [MS]  each flow sends its next block and must get its echo, from
 *               the same mapping as before, within MS milliseconds
 *   where       the source that the server saw of the first datagram flow
 *   close       close all in good order
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "traffic.h"

#define DEFAULT_MS	10000
#define CONNECTING_MAX	128
#define RESEND_US	300000

enum state { CLOSED, CONNECTING, OPEN, DEAD };

/* @sent and @got count bytes of TCP, and datagrams of the others. */
struct flow {
	struct handler h;
	enum state state;
	uint32_t id;
	uint64_t sent, got;
	uint64_t asked_at;
	bool waits;
	bool moved;
	struct probe first;
};

/* What differs between the kinds of flows. */
struct kind {
	const char *name;
	int (*open)(struct flow *f);
	void (*ask)(struct flow *f);
	bool resend;
};

static const struct kind *kind;
static struct sockaddr_storage to;
static unsigned int base;	/* first source port or ICMP id, 0 for any */
static struct flow *flows;
static unsigned int count, waiting;
static uint64_t longest;
static struct handler icmp = { .fd = -1 };

static void settle(struct flow *f)
{
	uint64_t took = now_us() - f->asked_at;

	if (!f->waits)
		return;
	f->waits = false;
	waiting--;
	if (f->state != DEAD && took > longest)
		longest = took;
}

static void die(struct flow *f)
{
	f->state = DEAD;
	settle(f);
	if (f->h.fd != icmp.fd)
		loop_del(&f->h);
}

static void tcp_connected(struct flow *f)
{
	socklen_t len = sizeof(int);
	int err = 0;

	if (getsockopt(f->h.fd, SOL_SOCKET, SO_ERROR, &err, &len) || err) {
		die(f);
		return;
	}
	f->state = OPEN;
	settle(f);
	loop_events(&f->h, EPOLLIN);
}

static void tcp_ready(struct handler *h, uint32_t events)
{
	struct flow *f = (struct flow *)h;
	unsigned char buf[4096];
	ssize_t n;

	if (f->state == CONNECTING) {
		tcp_connected(f);
		return;
	}
	n = recv(h->fd, buf, sizeof(buf), 0);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0 || !pattern_ok(buf, n, f->id, f->got)) {
		die(f);
		return;
	}
	f->got += n;
	if (f->got == f->sent)
		settle(f);
}

static int tcp_open(struct flow *f)
{
	f->h.fd = socket_to(&to, SOCK_STREAM, base ? base + f->id : 0);
	f->h.ready = tcp_ready;
	if (f->h.fd < 0)
		return -1;
	f->state = CONNECTING;
	return loop_add(&f->h, EPOLLOUT);
}

static void tcp_ask(struct flow *f)
{
	unsigned char buf[BLOCK];

	pattern(buf, sizeof(buf), f->id, f->sent);
	f->sent += BLOCK;
	if (send(f->h.fd, buf, sizeof(buf), MSG_NOSIGNAL) != sizeof(buf))
		die(f);
}

static void answer(struct flow *f, const struct probe *p)
{
	if (p->seq != f->sent || f->got == f->sent)
		return;
	f->got = f->sent;
	if (!f->first.magic)
		f->first = *p;
	f->moved = p->seen_port != f->first.seen_port ||
		   p->family != f->first.family ||
		   memcmp(p->seen_addr, f->first.seen_addr, 16);
	settle(f);
}

static void udp_ready(struct handler *h, uint32_t events)
{
	struct flow *f = (struct flow *)h;
	struct probe p;
	ssize_t n;

	n = recv(h->fd, &p, sizeof(p), 0);
	if (n == sizeof(p) && p.magic == PROBE_MAGIC && p.flow == f->id)
		answer(f, &p);
}

static int udp_open(struct flow *f)
{
	f->h.fd = socket_to(&to, SOCK_DGRAM, base ? base + f->id : 0);
	f->h.ready = udp_ready;
	if (f->h.fd < 0)
		return -1;
	f->state = OPEN;
	return loop_add(&f->h, EPOLLIN);
}

static void udp_ask(struct flow *f)
{
	struct probe p = {
		.magic = PROBE_MAGIC, .flow = f->id, .seq = f->sent,
	};

	/* An ICMP error of an earlier datagram may be reported here. */
	if (send(f->h.fd, &p, sizeof(p), 0) < 0)
		send(f->h.fd, &p, sizeof(p), 0);
}

static void icmp_ready(struct handler *h, uint32_t events)
{
	unsigned char buf[2048];
	unsigned int id;
	struct probe p;
	ssize_t n;

	while ((n = recv(h->fd, buf, sizeof(buf), 0)) >= 0) {
		if (!icmp_parse(to.ss_family, true, buf, n, &id, &p))
			continue;
		if (p.flow < count && id == base + p.flow)
			answer(&flows[p.flow], &p);
	}
}

/* All ICMP flows share one raw socket. */
static int icmp_open(struct flow *f)
{
	if (icmp.fd < 0) {
		icmp.fd = icmp_socket(to.ss_family);
		icmp.ready = icmp_ready;
		if (icmp.fd < 0 || loop_add(&icmp, EPOLLIN))
			return -1;
	}
	f->h.fd = icmp.fd;
	f->state = OPEN;
	return 0;
}

static void icmp_ask(struct flow *f)
{
	struct probe p = {
		.magic = PROBE_MAGIC, .flow = f->id, .seq = f->sent,
	};

	icmp_send(icmp.fd, &to, false, base + f->id, &p);
}

static const struct kind tcp_kind = { "tcp", tcp_open, tcp_ask, false };
static const struct kind udp_kind = { "udp", udp_open, udp_ask, true };
static const struct kind icmp_kind = { "icmp", icmp_open, icmp_ask, true };

static void resend(void)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (flows[i].waits && flows[i].state == OPEN)
			kind->ask(&flows[i]);
}

static void wait_all(unsigned int ms)
{
	uint64_t now = now_us(), end = now + ms * 1000ull;
	uint64_t again = now + RESEND_US;

	while (waiting && (now = now_us()) < end) {
		if (kind->resend && now >= again) {
			resend();
			again = now + RESEND_US;
		}
		loop_once(20);
	}
}

static void expect(struct flow *f)
{
	f->waits = true;
	f->asked_at = now_us();
	waiting++;
}

static void round_(unsigned int ms)
{
	unsigned int i, ok = 0, reset = 0, moved = 0;

	longest = 0;
	waiting = 0;
	for (i = 0; i < count; i++) {
		struct flow *f = &flows[i];

		if (f->state != OPEN)
			continue;
		expect(f);
		if (kind->resend)
			f->sent++;
		kind->ask(f);
		if (i % 64 == 63)
			loop_once(0);
	}
	wait_all(ms);
	for (i = 0; i < count; i++) {
		struct flow *f = &flows[i];

		reset += f->state == DEAD;
		moved += f->state == OPEN && f->moved;
		ok += f->state == OPEN && !f->waits && !f->moved;
	}
	printf("round ok=%u fail=%u reset=%u moved=%u longest_ms=%llu\n", ok,
	       count - ok, reset, moved, (unsigned long long)longest / 1000);
}

static void open_all(unsigned int ms)
{
	uint64_t start = now_us();
	unsigned int i, ok = 0;

	waiting = 0;
	for (i = 0; i < count; i++) {
		struct flow *f = &flows[i];

		memset(f, 0, sizeof(*f));
		f->id = i;
		if (kind->open(f)) {
			die(f);
			continue;
		}
		if (f->state == CONNECTING)
			expect(f);
		while (waiting >= CONNECTING_MAX &&
		       now_us() - start < ms * 1000ull)
			loop_once(20);
	}
	wait_all(ms);
	for (i = 0; i < count; i++) {
		if (flows[i].state == CONNECTING)
			die(&flows[i]);
		ok += flows[i].state == OPEN;
	}
	if (kind->resend) {
		round_(ms);
		return;
	}
	printf("open ok=%u fail=%u ms=%llu\n", ok, count - ok,
	       (unsigned long long)(now_us() - start) / 1000);
}

static void close_all(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < count; i++) {
		struct flow *f = &flows[i];

		n += f->state == OPEN;
		if (f->h.fd != icmp.fd)
			loop_del(&f->h);
		f->state = CLOSED;
	}
	loop_del(&icmp);
	printf("close ok=%u\n", n);
}

static void where(void)
{
	const struct probe *p = &flows[0].first;
	char text[INET6_ADDRSTRLEN] = "nowhere";

	if (p->magic)
		inet_ntop(p->family, p->seen_addr, text, sizeof(text));
	printf("where addr=%s port=%u\n", text, p->seen_port);
}

static bool flows_command(const char *verb, long arg)
{
	unsigned int ms = arg ? arg : DEFAULT_MS;

	if (!strcmp(verb, "open"))
		open_all(arg ? ms : 60000);
	else if (!strcmp(verb, "round"))
		round_(ms);
	else if (!strcmp(verb, "where"))
		where();
	else if (!strcmp(verb, "close"))
		close_all();
	else
		return false;
	return true;
}

static int flows_start(const struct kind *k, int argc, char **argv)
{
	kind = k;
	if (address(&to, argv[0], argv[1]))
		return -1;
	count = number(argv[2]);
	base = argc > 3 ? number(argv[3]) : 0;
	if (k == &icmp_kind && !base)
		base = 1;
	flows = calloc(count ? count : 1, sizeof(*flows));
	if (!flows)
		return -1;
	printf("%s ready\n", k->name);
	return 0;
}

static int tcp_start(int argc, char **argv)
{
	return flows_start(&tcp_kind, argc, argv);
}

static int udp_start(int argc, char **argv)
{
	return flows_start(&udp_kind, argc, argv);
}

static int icmp_start(int argc, char **argv)
{
	return flows_start(&icmp_kind, argc, argv);
}

const struct mode tcp_mode = {
	.name = "tcp", .args = "HOST PORT COUNT [SPORT]", .min_args = 3,
	.start = tcp_start, .command = flows_command,
};

const struct mode udp_mode = {
	.name = "udp", .args = "HOST PORT COUNT [SPORT]", .min_args = 3,
	.start = udp_start, .command = flows_command,
};

const struct mode icmp_mode = {
	.name = "icmp", .args = "HOST PORT COUNT [ID]", .min_args = 3,
	.start = icmp_start, .command = flows_command,
};
