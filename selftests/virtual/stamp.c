// SPDX-License-Identifier: GPL-2.0
/*
 * When something happens, in microseconds of the clock that bash shows as
 * $EPOCHREALTIME; one line each.
 *
 * usage: stamp events		what the unit of this namespace reports
 *        stamp frames IFNAME	what goes in and out there: hellos and other
 *				frames of the link, ARP and ND announcements
 *        stamp liberal		the TCP connections of this namespace without
 *				window checks; ends
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../../tools/names.h"
#include "../../tools/nl.h"

#define ETHERTYPE	0x88b5
#define NA_TYPE		136

static int trouble(const char *what)
{
	fprintf(stderr, "stamp: %s: %s\n", what, strerror(errno));
	return 1;
}

static unsigned long long now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * 1000000ull + t.tv_nsec / 1000;
}

/* --- events ------------------------------------------------------------ */

static const char *state_of(struct fo_nl *nl)
{
	struct fo_show show;
	const char *name = "?";

	if (!nl_get(nl, &show, true))
		name = names_state(show.this.state);
	nl_show_free(&show);
	return name;
}

static int events(void)
{
	unsigned long long us;
	struct pollfd p = { .events = POLLIN };
	struct fo_event ev;
	struct fo_nl nl;

	if (nl_open(&nl) || nl_subscribe(&nl)) {
		fprintf(stderr, "stamp: %s\n", nl.error);
		return 1;
	}
	p.fd = nl_event_fd(&nl);
	puts("ready");
	while (poll(&p, 1, -1) > 0) {
		us = now_us();
		while (nl_event(&nl, &ev) == 1)
			printf("%llu %s state=%s\n", us,
			       names_event_key(ev.type), state_of(&nl));
	}
	return trouble("poll");
}

/* --- frames ------------------------------------------------------------ */

static const char *const frame_types[] = {
	"?", "hand", "hello", "data", "ack",
};

/* When the frame that was read last met the kernel; whoever reads comes later. */
static unsigned long long frame_us;

static void link_frame(const unsigned char *p, const char *dir)
{
	printf("%llu %s %s\n", frame_us, dir,
	       p[1] < 5 ? frame_types[p[1]] : "?");
}

/* One that asks for itself, or answers unasked: sender and target are one. */
static void arp(const unsigned char *p, const char *dir)
{
	char text[INET_ADDRSTRLEN];

	if (memcmp(p + 14, p + 24, 4))
		return;
	printf("%llu %s arp %s op=%u\n", frame_us, dir,
	       inet_ntop(AF_INET, p + 14, text, sizeof(text)), p[7]);
}

static void nd(const unsigned char *p, const char *dir)
{
	char text[INET6_ADDRSTRLEN];

	if (p[6] != IPPROTO_ICMPV6 || p[40] != NA_TYPE || p[24] != 0xff)
		return;
	printf("%llu %s na %s\n", frame_us, dir,
	       inet_ntop(AF_INET6, p + 48, text, sizeof(text)));
}

/* As recvfrom(); sets frame_us. */
static ssize_t read_frame(int fd, void *buf, size_t room,
			  struct sockaddr_ll *from)
{
	union {
		char buf[CMSG_SPACE(sizeof(struct timespec))];
		struct cmsghdr align;
	} control;
	struct iovec iov = { .iov_base = buf, .iov_len = room };
	struct msghdr msg = {
		.msg_name = from, .msg_namelen = sizeof(*from),
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(fd, &msg, 0);
	struct cmsghdr *c = n < 0 ? NULL : CMSG_FIRSTHDR(&msg);
	struct timespec t;

	frame_us = now_us();
	if (c && c->cmsg_level == SOL_SOCKET &&
	    c->cmsg_type == SCM_TIMESTAMPNS) {
		memcpy(&t, CMSG_DATA(c), sizeof(t));
		frame_us = t.tv_sec * 1000000ull + t.tv_nsec / 1000;
	}
	return n;
}

static int frames(const char *ifname)
{
	struct sockaddr_ll a = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = if_nametoindex(ifname),
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	unsigned char buf[2048];
	struct sockaddr_ll from;
	const char *dir;
	int room = 8 << 20, on = 1;
	ssize_t n;

	if (fd < 0 || !a.sll_ifindex || bind(fd, (void *)&a, sizeof(a)))
		return trouble(ifname);
	/* a burst comes while somebody else has the CPU */
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)))
		return trouble("SO_TIMESTAMPNS");
	puts("ready");
	for (;;) {
		n = read_frame(fd, buf, sizeof(buf), &from);
		if (n < ETH_ZLEN - 18)
			continue;
		dir = from.sll_pkttype == PACKET_OUTGOING ? "out" : "in";
		switch (buf[12] << 8 | buf[13]) {
		case ETHERTYPE:
			link_frame(buf + ETH_HLEN, dir);
			break;
		case ETH_P_ARP:
			arp(buf + ETH_HLEN, dir);
			break;
		case ETH_P_IPV6:
			nd(buf + ETH_HLEN, dir);
			break;
		}
	}
}

/* --- window checks ------------------------------------------------------ */

static int pick(const struct nlattr *attr, void *data)
{
	const struct nlattr **tb = data;

	if (mnl_attr_get_type(attr) < 32)
		tb[mnl_attr_get_type(attr)] = attr;
	return MNL_CB_OK;
}

static const struct nlattr *inside(const struct nlattr *nest, int type)
{
	const struct nlattr *tb[32] = { NULL };

	if (nest)
		mnl_attr_parse_nested(nest, pick, tb);
	return tb[type];
}

static bool is_liberal(const struct nlattr *tcp, int type)
{
	const struct nlattr *a = inside(tcp, type);
	const struct nf_ct_tcp_flags *f = a ? mnl_attr_get_payload(a) : NULL;

	return f && f->flags & IP_CT_TCP_FLAG_BE_LIBERAL;
}

static int entry(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *ct[32] = { NULL }, *tcp;

	mnl_attr_parse(nlh, sizeof(struct nfgenmsg), pick, ct);
	tcp = inside(ct[CTA_PROTOINFO], CTA_PROTOINFO_TCP);
	*(unsigned int *)data +=
		is_liberal(tcp, CTA_PROTOINFO_TCP_FLAGS_ORIGINAL) ||
		is_liberal(tcp, CTA_PROTOINFO_TCP_FLAGS_REPLY);
	return MNL_CB_OK;
}

static int liberal(void)
{
	struct mnl_socket *sk = mnl_socket_open(NETLINK_NETFILTER);
	struct nlmsghdr *nlh;
	unsigned int count = 0;
	char buf[32768];
	int n;

	if (!sk || mnl_socket_bind(sk, 0, MNL_SOCKET_AUTOPID) < 0)
		return trouble("netlink");
	nlh = mnl_nlmsg_put_header(buf);
	nlh->nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct nfgenmsg));
	if (mnl_socket_sendto(sk, nlh, nlh->nlmsg_len) < 0)
		return trouble("netlink");
	do {
		n = mnl_socket_recvfrom(sk, buf, sizeof(buf));
		if (n > 0)
			n = mnl_cb_run(buf, n, 0, mnl_socket_get_portid(sk),
				       entry, &count);
	} while (n > 0);
	if (n < 0)
		return trouble("dump");
	printf("%u\n", count);
	return 0;
}

/* What is woken by the same news, the daemon for one, runs behind it. */
static int go_first(void)
{
	struct sched_param p = { .sched_priority = 1 };

	return sched_setscheduler(0, SCHED_FIFO, &p);
}

int main(int argc, char **argv)
{
	if (go_first())
		return trouble("real-time priority");
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 2 && !strcmp(argv[1], "events"))
		return events();
	if (argc == 3 && !strcmp(argv[1], "frames"))
		return frames(argv[2]);
	if (argc == 2 && !strcmp(argv[1], "liberal"))
		return liberal();
	fprintf(stderr, "usage: stamp events|liberal|frames IFNAME\n");
	return 2;
}
