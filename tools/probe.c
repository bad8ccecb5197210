// SPDX-License-Identifier: GPL-2.0
/* The sockets through which the mate is asked on the data interfaces.
 *
 * They are packet sockets: what the ruleset of either unit thinks of a frame
 * does not matter, and the MAC of who answers is seen. Each packet of their
 * protocol costs a run of a filter while they are open, so that they are only
 * while the mate is not heard.
 */
#include "probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define N(a)	(sizeof(a) / sizeof((a)[0]))

/* ARP replies */
static struct sock_filter arp_filter[] = {
	BPF_STMT(BPF_LD | BPF_H | BPF_ABS, ETH_HLEN + 6),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 2, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, 0xffff),
	BPF_STMT(BPF_RET | BPF_K, 0),
};

/* Neighbour advertisements, ICMPv6 type 136 */
static struct sock_filter nd_filter[] = {
	BPF_STMT(BPF_LD | BPF_B | BPF_ABS, ETH_HLEN + 6),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_ICMPV6, 0, 3),
	BPF_STMT(BPF_LD | BPF_B | BPF_ABS, ETH_HLEN + 40),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 136, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, 0xffff),
	BPF_STMT(BPF_RET | BPF_K, 0),
};

static const struct {
	unsigned short		protocol;
	struct sock_fprog	filter;
} kinds[] = {
	{ ETH_P_ARP,  { N(arp_filter), arp_filter } },
	{ ETH_P_IPV6, { N(nd_filter), nd_filter } },
};

int probe_init(struct fo_probe *p)
{
	*p = (struct fo_probe) { .fd = { -1, -1 } };
	p->poll_fd = epoll_create1(EPOLL_CLOEXEC);
	return p->poll_fd < 0 ? -errno : 0;
}

/* The filter is there before the first frame is. */
static int open_kind(struct fo_probe *p, unsigned int i)
{
	const struct sockaddr_ll any = {
		.sll_family   = AF_PACKET,
		.sll_protocol = htons(kinds[i].protocol),
	};
	struct epoll_event ev = { .events = EPOLLIN };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	p->fd[i] = fd;
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &kinds[i].filter,
		       sizeof(kinds[i].filter)) ||
	    bind(fd, (const void *)&any, sizeof(any)) ||
	    epoll_ctl(p->poll_fd, EPOLL_CTL_ADD, fd, &ev))
		return -errno;
	return 0;
}

int probe_open(struct fo_probe *p)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < N(kinds) && !err && !p->open; i++)
		err = open_kind(p, i);
	p->open = true;
	if (err)
		probe_close(p);
	return err;
}

void probe_close(struct fo_probe *p)
{
	unsigned int i;

	for (i = 0; i < N(kinds); i++) {
		if (p->fd[i] >= 0)
			close(p->fd[i]);
		p->fd[i] = -1;
	}
	p->open = false;
}

int probe_send(struct fo_probe *p, int ifindex, const unsigned char *frame,
	       size_t len)
{
	struct sockaddr_ll to = {
		.sll_family  = AF_PACKET,
		.sll_ifindex = ifindex,
		.sll_halen   = ETH_ALEN,
	};

	memcpy(&to.sll_protocol, frame + 2 * ETH_ALEN, 2);
	memcpy(to.sll_addr, frame, ETH_ALEN);
	if (!p->open)
		return -ENOTCONN;
	return sendto(p->fd[0], frame, len, 0, (void *)&to, sizeof(to)) < 0 ?
	       -errno : 0;
}

size_t probe_recv(struct fo_probe *p, int *ifindex, unsigned char *frame,
		  size_t size)
{
	struct sockaddr_ll from;
	socklen_t len;
	unsigned int i;
	ssize_t got;

	for (i = 0; i < N(kinds) && p->open; i++) {
		len = sizeof(from);
		got = recvfrom(p->fd[i], frame, size, 0, (void *)&from, &len);
		if (got <= 0)
			continue;
		*ifindex = from.sll_ifindex;
		return got;
	}
	return 0;
}
