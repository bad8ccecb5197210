// SPDX-License-Identifier: GPL-2.0
/*
 * Who forwards: at one and the same moment each unit is sent a datagram, to
 * its own MAC, that it would forward. At most one of the units may forward one:
 * whose MAC it comes from tells, because one that comes to a unit which has just
 * handed over is passed on to its mate. The moments are those of every event of
 * either unit, and some more in between.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "driver.h"

#define PORT	5999
#define FROM	"10.10.0.20"
/* The address of the server that is reached without NAT. */
#define TO	"203.0.113.11"

struct mark {
	uint32_t unit;
	uint32_t seq;
	uint64_t sent_ns;
};

struct packet {
	struct iphdr ip;
	struct udphdr udp;
	struct mark mark;
} __attribute__((packed));

struct frame {
	struct ethhdr eth;
	struct iphdr ip;
	struct udphdr udp;
	struct mark mark;
} __attribute__((packed));

/* UDP to the port, seen from the IP header on. */
static struct sock_filter is_probe[] = {
	BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 3),
	BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 22),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PORT, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, 0xffff),
	BPF_STMT(BPF_RET | BPF_K, 0),
};

static int out = -1;
static int sink = -1;	/* or else the server says that nobody listens */
static struct sockaddr_ll dev;
static struct source in = { .fd = -1 };
static struct source timer = { .fd = -1 };
static struct frame frames[2];
static uint32_t seq, last[2];
static uint64_t heard_ns, outage_ns;

static uint16_t ip_sum(struct iphdr ip)
{
	uint16_t word[sizeof(ip) / 2];
	uint32_t sum = 0;
	unsigned int i;

	memcpy(word, &ip, sizeof(word));
	for (i = 0; i < sizeof(ip) / 2; i++)
		sum += word[i];
	sum = (sum & 0xffff) + (sum >> 16);
	return ~(sum + (sum >> 16));
}

static void make(struct frame *f, unsigned int unit)
{
	unsigned char mac[ETH_ALEN] = { 2, 0, 0, 0, unit + 1, 1 };
	static const unsigned char ours[ETH_ALEN] = { 2, 0, 0, 0, 9, 9 };

	memcpy(f->eth.h_dest, mac, ETH_ALEN);
	memcpy(f->eth.h_source, ours, ETH_ALEN);
	f->eth.h_proto = htons(ETH_P_IP);
	f->ip.version = 4;
	f->ip.ihl = 5;
	f->ip.ttl = 64;
	f->ip.protocol = IPPROTO_UDP;
	f->ip.tot_len = htons(sizeof(*f) - sizeof(f->eth));
	inet_pton(AF_INET, FROM, &f->ip.saddr);
	inet_pton(AF_INET, TO, &f->ip.daddr);
	f->ip.check = ip_sum(f->ip);
	f->udp.source = htons(PORT);
	f->udp.dest = htons(PORT);
	f->udp.len = htons(sizeof(f->udp) + sizeof(f->mark));
	f->mark.unit = unit;
}

/* One that came by the other unit may be overtaken by a later one. */
static void measure(uint64_t sent_ns)
{
	if (sent_ns <= heard_ns)
		return;
	if (heard_ns && sent_ns - heard_ns > outage_ns)
		outage_ns = sent_ns - heard_ns;
	heard_ns = sent_ns;
}

/* UNIT has forwarded it. */
static void arrived(unsigned int unit, struct mark m)
{
	last[unit] = m.seq;
	if (last[!unit] == m.seq)
		fail("two units forwarded at the same time");
	measure(m.sent_ns);
}

static void in_ready(struct source *s)
{
	struct sockaddr_ll from;
	socklen_t len = sizeof(from);
	unsigned int unit;
	struct packet p;

	while (recvfrom(s->fd, &p, sizeof(p), MSG_DONTWAIT, (void *)&from,
			&len) == sizeof(p)) {
		/* the MACs of unit.c */
		unit = from.sll_addr[4] - 1;
		if (unit < 2 && from.sll_pkttype != PACKET_OUTGOING)
			arrived(unit, p.mark);
		len = sizeof(from);
	}
}

void probe_now(void)
{
	uint64_t now = now_ns();
	unsigned int i;

	seq++;
	for (i = 0; i < 2; i++) {
		/* one whose failover is off is no unit */
		if (!units[i].up || !units[i].on)
			continue;
		frames[i].mark.seq = seq;
		frames[i].mark.sent_ns = now;
		sendto(out, &frames[i], sizeof(frames[i]), 0, (void *)&dev,
		       sizeof(dev));
	}
}

static void timer_ready(struct source *s)
{
	uint64_t n;

	if (read(s->fd, &n, sizeof(n)) == sizeof(n))
		probe_now();
}

void probe_every(unsigned int ms)
{
	struct itimerspec t = {
		.it_value = { ms / 1000, ms % 1000 * MS },
		.it_interval = { ms / 1000, ms % 1000 * MS },
	};

	timerfd_settime(timer.fd, 0, &t, NULL);
}

static void open_in(void)
{
	const struct sock_fprog filter = {
		.len = sizeof(is_probe) / sizeof(is_probe[0]),
		.filter = is_probe,
	};
	struct sockaddr_in a = {
		.sin_family = AF_INET, .sin_port = htons(PORT),
	};
	struct sockaddr_ll ip = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP),
	};

	enter(SERVER);
	sink = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	/* nothing is taken before the filter is there */
	in.fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	enter(HERE);
	if (sink < 0 || bind(sink, (void *)&a, sizeof(a)) || in.fd < 0 ||
	    setsockopt(in.fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter,
		       sizeof(filter)))
		fail("probe: %s", strerror(errno));
	if (bind(in.fd, (void *)&ip, sizeof(ip)))
		fail("probe: %s", strerror(errno));
	in.ready = in_ready;
	loop_add(&in);
}

static void open_out(void)
{
	dev.sll_family = AF_PACKET;
	dev.sll_halen = ETH_ALEN;
	enter(CLIENT);
	dev.sll_ifindex = if_nametoindex("eth0");
	out = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	enter(HERE);
	if (out < 0 || !dev.sll_ifindex)
		fail("probe: %s", strerror(errno));
}

void probe_open(void)
{
	make(&frames[0], 0);
	make(&frames[1], 1);
	open_in();
	open_out();
	timer.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (timer.fd < 0)
		fail("probe: %s", strerror(errno));
	timer.ready = timer_ready;
	loop_add(&timer);
}

unsigned long probe_count(void)
{
	return seq;
}

/* The longest time without any that forwards, since it was last asked for. */
unsigned int probe_outage_ms(void)
{
	unsigned int ms = outage_ns / MS;

	outage_ns = 0;
	return ms;
}
