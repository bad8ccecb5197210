// SPDX-License-Identifier: GPL-2.0
/* Gratuitous ARP and unsolicited NA as complete frames.
 *
 * They are made here and not asked of the kernel, so that they leave at once,
 * from the MAC of the device, and also while the address is still being added.
 */
#include "announce.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

/*
 * At once, then after a pause: a switch that learns and hosts that look at each
 * one have queues.
 */
#define POOL_BURST	256

#define NA_LEN		32	/* header 24, option 8 */
#define NA_ROUTER	0x80
#define NA_OVERRIDE	0x20

static const unsigned char all_macs[ETH_ALEN] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff
};

/* ff02::1, all nodes */
static const unsigned char all_nodes[16] = { 0xff, 0x02, [15] = 0x01 };
static const unsigned char all_nodes_mac[ETH_ALEN] = { 0x33, 0x33, [5] = 1 };

static unsigned char *put(unsigned char *p, const void *from, size_t len)
{
	memcpy(p, from, len);
	return p + len;
}

static unsigned char *put16(unsigned char *p, uint16_t v)
{
	*p++ = v >> 8;
	*p++ = v;
	return p;
}

static unsigned char *put_eth(unsigned char *p, const unsigned char *to,
			      const unsigned char *from, uint16_t type)
{
	p = put(p, to, ETH_ALEN);
	p = put(p, from, ETH_ALEN);
	return put16(p, type);
}

/*
 * Some hosts learn only from requests and some only from replies, so both are
 * sent. Sender and target are the address itself.
 */
size_t announce_arp(unsigned char *frame, const unsigned char *mac,
		    const unsigned char *addr, bool reply)
{
	static const unsigned char none[ETH_ALEN];
	unsigned char *p = frame;

	memset(frame, 0, ETH_ZLEN);
	p = put_eth(p, all_macs, mac, ETH_P_ARP);
	p = put16(p, 1);		/* Ethernet */
	p = put16(p, ETH_P_IP);
	*p++ = ETH_ALEN;
	*p++ = 4;
	p = put16(p, reply ? 2 : 1);
	p = put(p, mac, ETH_ALEN);
	p = put(p, addr, 4);
	p = put(p, reply ? all_macs : none, ETH_ALEN);
	put(p, addr, 4);
	return ETH_ZLEN;
}

static uint32_t sum16(uint32_t sum, const unsigned char *p, size_t len)
{
	for (; len > 1; p += 2, len -= 2)
		sum += p[0] << 8 | p[1];
	return sum;
}

/* The checksum of ICMPv6 over its pseudo header, RFC 4443 2.3. */
static uint16_t na_checksum(const unsigned char *ip6, const unsigned char *na)
{
	uint32_t sum = NA_LEN + IPPROTO_ICMPV6;

	sum = sum16(sum, ip6 + 8, 32);
	sum = sum16(sum, na, NA_LEN);
	sum = (sum >> 16) + (sum & 0xffff);
	sum += sum >> 16;
	return ~sum;
}

/*
 * RFC 4861 7.2.6. The override flag, because the MAC changed; the router flag,
 * because a host that misses it drops us from its default routers.
 */
size_t announce_na(unsigned char *frame, const unsigned char *mac,
		   const unsigned char *addr)
{
	unsigned char *p = put_eth(frame, all_nodes_mac, mac, ETH_P_IPV6);
	unsigned char *ip6 = p, *na, *sum;

	p = put16(p, 0x6000);
	p = put16(p, 0);
	p = put16(p, NA_LEN);
	*p++ = IPPROTO_ICMPV6;
	*p++ = 255;
	p = put(p, addr, 16);
	p = put(p, all_nodes, 16);
	na = p;
	p = put16(p, 136 << 8);
	sum = p;
	p = put16(p, 0);
	p = put16(p, (NA_ROUTER | NA_OVERRIDE) << 8);
	p = put16(p, 0);
	p = put(p, addr, 16);
	*p++ = 2;			/* target link-layer address */
	*p++ = 1;
	p = put(p, mac, ETH_ALEN);
	put16(sum, na_checksum(ip6, na));
	return p - frame;
}

/* Protocol 0: nothing is received. */
int announce_open(void)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	return fd < 0 ? -errno : fd;
}

static void send_frame(int fd, const struct fo_dev *dev,
		       const unsigned char *frame, size_t len)
{
	struct sockaddr_ll to = {
		.sll_family  = AF_PACKET,
		.sll_ifindex = dev->ifindex,
		.sll_halen   = ETH_ALEN,
	};

	memcpy(to.sll_addr, frame, ETH_ALEN);
	if (sendto(fd, frame, len, 0, (void *)&to, sizeof(to)) < 0)
		log_debug("%s: announcement not sent: %s", dev->ifname,
			  strerror(errno));
}

static void announce_addr(int fd, const struct fo_dev *dev, int family,
			  const unsigned char *addr)
{
	unsigned char frame[ANNOUNCE_FRAME_MAX];

	if (family == AF_INET6) {
		send_frame(fd, dev, frame, announce_na(frame, dev->mac, addr));
		return;
	}
	send_frame(fd, dev, frame, announce_arp(frame, dev->mac, addr, false));
	send_frame(fd, dev, frame, announce_arp(frame, dev->mac, addr, true));
}

static bool can_announce(struct fo_rtnl *rt, const struct fo_ifc *ifc,
			 struct fo_dev *dev)
{
	return !rtnl_dev(rt, ifc->ifname, dev) && dev->ethernet &&
	       (dev->flags & IFF_UP) && !(dev->flags & IFF_NOARP);
}

void announce_all(int fd, struct fo_rtnl *rt, const struct fo_config *c,
		  bool active)
{
	const struct fo_ifc *ifc;
	const struct fo_addr *a;
	struct fo_dev dev;

	for (ifc = c->ifc; ifc < c->ifc + c->n_ifcs; ifc++) {
		if (!can_announce(rt, ifc, &dev))
			continue;
		for (a = ifc->addr; a < ifc->addr + ifc->n_addrs; a++)
			if (active || a->has_standby)
				announce_addr(fd, &dev, a->family,
					      active ? a->active : a->standby);
	}
}

unsigned int announce_pool(int fd, struct fo_rtnl *rt,
			   const struct fo_config *c,
			   const struct fo_pool *pool, unsigned int from)
{
	const struct fo_claim *one = pool->claim + from;
	const struct fo_claim *end = pool->claim + pool->n;
	unsigned int last = c->n_ifcs, left = POOL_BURST;
	struct fo_dev dev;
	bool can = false;

	for (; one < end && left; one++, left--) {
		if (one->ifc != last)
			can = can_announce(rt, &c->ifc[one->ifc], &dev);
		last = one->ifc;
		if (can)
			announce_addr(fd, &dev, one->family, one->addr);
	}
	return one == end ? 0 : one - pool->claim;
}
