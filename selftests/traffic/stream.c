// SPDX-License-Identifier: GPL-2.0
/*
 * Flows that never pause, to measure an outage:
 *   stream  one TCP connection, both directions at RATE bytes/s, each byte
 *           checked and both directions summed
 *   beat    one UDP or ICMP flow with HZ datagrams a second
 * Commands: report prints what came since the start and the longest gap since
 * the last report; stop ends the flow and prints the same.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "traffic.h"

#define KEY		7
#define STOP_MS		15000

static struct handler sock = { .fd = -1 };
static struct sockaddr_storage to;
static uint64_t began, last_rx, gap;
static uint64_t sent, received;
static uint64_t sum_sent, sum_received;
static unsigned int bad, moved;
static bool reset;
static uint64_t rate;		/* of a stream, bytes/s */
static uint64_t period;		/* of a beat, microseconds */
static bool is_icmp;
static unsigned int echo_id;
static struct probe first;

/* FNV-1a: order counts. */
static void add_sum(uint64_t *sum, const unsigned char *buf, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		*sum = (*sum ^ buf[i]) * 0x100000001b3ull;
}

static void progress(void)
{
	uint64_t now = now_us();

	if (now - last_rx > gap)
		gap = now - last_rx;
	last_rx = now;
}

/* A gap that has not ended yet counts too. */
static unsigned long long gap_ms(void)
{
	uint64_t open = received < sent ? now_us() - last_rx : 0;

	return (open > gap ? open : gap) / 1000;
}

static void stream_ready(struct handler *h, uint32_t events)
{
	unsigned char buf[16384];
	ssize_t n;

	n = recv(h->fd, buf, sizeof(buf), 0);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		reset = n < 0;
		loop_del(h);
		return;
	}
	if (!pattern_ok(buf, n, KEY, received))
		bad++;
	add_sum(&sum_received, buf, n);
	received += n;
	progress();
}

static void stream_tick(void)
{
	uint64_t due = (now_us() - began) * rate / 1000000;
	unsigned char buf[4096];
	ssize_t n;

	while (sock.fd >= 0 && rate && sent < due) {
		size_t len = due - sent < sizeof(buf) ? due - sent :
							sizeof(buf);

		pattern(buf, len, KEY, sent);
		n = send(sock.fd, buf, len, MSG_NOSIGNAL);
		if (n <= 0)
			return;
		if (sent == received)
			last_rx = now_us();
		add_sum(&sum_sent, buf, n);
		sent += n;
	}
}

static void stream_report(const char *verb)
{
	printf("%s sent=%llu received=%llu bad=%u reset=%d gap_ms=%llu ms=%llu sum=%s\n",
	       verb, (unsigned long long)sent, (unsigned long long)received,
	       bad, reset, gap_ms(),
	       (unsigned long long)(now_us() - began) / 1000,
	       sent == received && sum_sent == sum_received ? "ok" : "open");
	gap = 0;
}

static bool stream_command(const char *verb, long arg)
{
	uint64_t end = now_us() + STOP_MS * 1000ull;

	if (!strcmp(verb, "stop")) {
		rate = 0;
		while (sock.fd >= 0 && received < sent && now_us() < end)
			loop_once(20);
		stream_report(verb);
		loop_del(&sock);
		return true;
	}
	if (strcmp(verb, "report"))
		return false;
	stream_report(verb);
	return true;
}

static int stream_start(int argc, char **argv)
{
	struct sockaddr_storage peer;
	socklen_t len;
	int err = 0;

	rate = number(argv[2]);
	if (address(&to, argv[0], argv[1]))
		return -1;
	sock.fd = socket_to(&to, SOCK_STREAM, 0);
	sock.ready = stream_ready;
	if (sock.fd < 0 || loop_add(&sock, EPOLLOUT))
		return -1;
	len = sizeof(peer);
	began = now_us();
	while (getpeername(sock.fd, (void *)&peer, &len)) {
		len = sizeof(err);
		getsockopt(sock.fd, SOL_SOCKET, SO_ERROR, &err, &len);
		if (err || now_us() - began > 10000000)
			return -1;
		usleep(1000);
		len = sizeof(peer);
	}
	loop_events(&sock, EPOLLIN);
	began = last_rx = now_us();
	printf("stream ready\n");
	return 0;
}

static void beat_answer(const struct probe *p)
{
	if (p->magic != PROBE_MAGIC || p->flow != KEY)
		return;
	if (!first.magic)
		first = *p;
	if (p->seen_port != first.seen_port ||
	    memcmp(p->seen_addr, first.seen_addr, 16))
		moved++;
	received++;
	progress();
}

static void beat_ready(struct handler *h, uint32_t events)
{
	unsigned char buf[2048];
	unsigned int id;
	struct probe p;
	ssize_t n;

	while ((n = recv(h->fd, buf, sizeof(buf), 0)) >= 0) {
		if (!is_icmp && n == sizeof(p)) {
			memcpy(&p, buf, sizeof(p));
			beat_answer(&p);
		} else if (is_icmp && icmp_parse(to.ss_family, true, buf, n,
						 &id, &p)) {
			beat_answer(&p);
		}
	}
}

static void beat_tick(void)
{
	static uint64_t next;
	struct probe p = {
		.magic = PROBE_MAGIC, .flow = KEY, .seq = sent + 1,
	};
	uint64_t now = now_us();

	if (sock.fd < 0 || now < next)
		return;
	/* What a stall left out is left out: a beat is no load test. */
	next = next + 2 * period > now ? next + period : now + period;
	if (is_icmp)
		icmp_send(sock.fd, &to, false, echo_id, &p);
	else
		send(sock.fd, &p, sizeof(p), 0);
	sent++;
}

static void beat_report(const char *verb)
{
	printf("%s sent=%llu received=%llu moved=%u gap_ms=%llu\n", verb,
	       (unsigned long long)sent, (unsigned long long)received, moved,
	       gap_ms());
	gap = 0;
}

static bool beat_command(const char *verb, long arg)
{
	if (strcmp(verb, "report") && strcmp(verb, "stop"))
		return false;
	beat_report(verb);
	if (!strcmp(verb, "stop"))
		loop_del(&sock);
	return true;
}

static int beat_start(int argc, char **argv)
{
	is_icmp = !strcmp(argv[0], "icmp");
	period = 1000000 / (number(argv[3]) ?: 1);
	echo_id = getpid() & 0xffff;
	if (address(&to, argv[1], argv[2]))
		return -1;
	sock.fd = is_icmp ? icmp_socket(to.ss_family) :
			    socket_to(&to, SOCK_DGRAM, 0);
	sock.ready = beat_ready;
	if (sock.fd < 0 || loop_add(&sock, EPOLLIN))
		return -1;
	began = last_rx = now_us();
	printf("beat ready\n");
	return 0;
}

const struct mode stream_mode = {
	.name = "stream", .args = "HOST PORT BYTES-PER-SECOND", .min_args = 3,
	.start = stream_start, .command = stream_command,
	.tick = stream_tick, .tick_us = 5000,
};

const struct mode beat_mode = {
	.name = "beat", .args = "udp|icmp HOST PORT HZ", .min_args = 4,
	.start = beat_start, .command = beat_command,
	.tick = beat_tick, .tick_us = 1000,
};
