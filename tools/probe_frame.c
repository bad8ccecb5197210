// SPDX-License-Identifier: GPL-2.0
/* Questions for the holder of an address, and what answers them. Pure.
 *
 * A question goes to the MAC of the mate when that is known, so that it
 * disturbs nobody else. It is sent from our own standby address or from none
 * (RFC 5227, RFC 4862): a question from a floating address would teach every
 * host of the segment the wrong MAC.
 *
 * An answer is believed by its MAC, which must be the same in the Ethernet
 * header and in what it says: a third host with the address, a router that
 * does proxy ARP and our own answer that a switch sends back are not the mate.
 */
#include "probe_frame.h"

#include <linux/if_ether.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

#define ETH_LEN		14
#define ARP_LEN		28
#define ARP_REQUEST	1
#define ARP_REPLY	2
#define IP6_LEN		40
#define IP_LEN		20
#define ECHO_LEN	16	/* of an echo request, with some data */
#define ECHO_REQUEST	8
#define ECHO_REQUEST6	128
#define ECHO_ID		0x6e66
#define ND_LEN		24	/* of a solicitation or an advertisement */
#define ND_OPTION	8	/* link-layer address */
#define ND_SOLICIT	135
#define ND_ADVERT	136
#define ND_OPT_SOURCE	1
#define ND_OPT_TARGET	2
#define ND_HOPS		255

static const unsigned char no_mac[PROBE_MAC];
static const unsigned char no_addr[ADDR_BYTES_MAX];
static const unsigned char all_macs[PROBE_MAC] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff
};

bool probe_has_mac(const unsigned char *mac)
{
	return memcmp(mac, no_mac, PROBE_MAC);
}

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

static uint16_t get16(const unsigned char *p)
{
	return p[0] << 8 | p[1];
}

static unsigned char *put_eth(unsigned char *p, const struct probe_ask *ask,
			      const unsigned char *all, uint16_t type)
{
	p = put(p, probe_has_mac(ask->mate) ? ask->mate : all, PROBE_MAC);
	p = put(p, ask->mac, PROBE_MAC);
	return put16(p, type);
}

static size_t ask_arp(unsigned char *frame, const struct probe_ask *ask)
{
	unsigned char *p = put_eth(frame, ask, all_macs, ETH_P_ARP);

	p = put16(p, 1);		/* Ethernet */
	p = put16(p, ETH_P_IP);
	*p++ = PROBE_MAC;
	*p++ = 4;
	p = put16(p, ARP_REQUEST);
	p = put(p, ask->mac, PROBE_MAC);
	p = put(p, ask->source, 4);
	p = put(p, no_mac, PROBE_MAC);
	put(p, ask->target, 4);
	return ETH_ZLEN;
}

static uint32_t sum16(uint32_t sum, const unsigned char *p, size_t len)
{
	for (; len > 1; p += 2, len -= 2)
		sum += get16(p);
	return sum;
}

/* The checksum of ICMPv6 over its pseudo header, RFC 4443 2.3; 0: right. */
static uint16_t checksum(const unsigned char *ip6, size_t len)
{
	uint32_t sum = len + IPPROTO_ICMPV6;

	sum = sum16(sum, ip6 + 8, 32);
	sum = sum16(sum, ip6 + IP6_LEN, len);
	sum = (sum >> 16) + (sum & 0xffff);
	sum += sum >> 16;
	return ~sum;
}

/* To the group of the address, RFC 4291 2.7.1; without a source no option. */
static size_t ask_nd(unsigned char *frame, const struct probe_ask *ask)
{
	bool from = memcmp(ask->source, no_addr, 16);
	size_t len = ND_LEN + (from ? ND_OPTION : 0);
	unsigned char group[16] = { 0xff, 0x02, [11] = 1, 0xff };
	unsigned char all[PROBE_MAC] = { 0x33, 0x33, 0xff };
	unsigned char *p, *ip6, *nd;

	memcpy(group + 13, ask->target + 13, 3);
	memcpy(all + 3, ask->target + 13, 3);
	ip6 = put_eth(frame, ask, all, ETH_P_IPV6);
	p = put16(ip6, 0x6000);
	p = put16(p, 0);
	p = put16(p, len);
	*p++ = IPPROTO_ICMPV6;
	*p++ = ND_HOPS;
	p = put(p, ask->source, 16);
	nd = put(p, group, 16);
	p = put16(nd, ND_SOLICIT << 8);
	p += 6;				/* checksum, reserved */
	p = put(p, ask->target, 16);
	if (from) {
		*p++ = ND_OPT_SOURCE;
		*p++ = 1;
		p = put(p, ask->mac, PROBE_MAC);
	}
	put16(nd + 2, checksum(ip6, len));
	return p - frame;
}

size_t probe_question(unsigned char *frame, const struct probe_ask *ask)
{
	memset(frame, 0, PROBE_FRAME_MAX);
	return ask->family == AF_INET ? ask_arp(frame, ask) :
					ask_nd(frame, ask);
}

/* The same, RFC 1071, of what has no pseudo header. */
static uint16_t plain_checksum(const unsigned char *p, size_t len)
{
	uint32_t sum = sum16(0, p, len);

	sum = (sum >> 16) + (sum & 0xffff);
	sum += sum >> 16;
	return ~sum;
}

/* To the limited broadcast address, RFC 919. */
static size_t ping4(unsigned char *frame, const struct probe_ask *ask)
{
	size_t len = IP_LEN + ECHO_LEN;
	unsigned char *p, *ip, *icmp;

	p = put(frame, all_macs, PROBE_MAC);
	p = put(p, ask->mac, PROBE_MAC);
	ip = put16(p, ETH_P_IP);
	p = put16(ip, 0x4500);
	p = put16(p, len);
	p += 4;				/* no identification, no fragment */
	*p++ = 1;			/* hop */
	*p++ = IPPROTO_ICMP;
	p += 2;				/* checksum */
	p = put(p, ask->source, 4);
	icmp = put(p, all_macs, 4);
	put16(ip + 10, plain_checksum(ip, IP_LEN));
	icmp[0] = ECHO_REQUEST;
	put16(icmp + 4, ECHO_ID);
	put16(icmp + 2, plain_checksum(icmp, ECHO_LEN));
	return ETH_ZLEN;
}

/* To all nodes of the link, RFC 4291 2.7.1. */
static size_t ping6(unsigned char *frame, const struct probe_ask *ask)
{
	static const unsigned char all[PROBE_MAC] = { 0x33, 0x33, [5] = 1 };
	static const unsigned char nodes[16] = { 0xff, 0x02, [15] = 1 };
	unsigned char *p, *ip6, *icmp;

	p = put(frame, all, PROBE_MAC);
	p = put(p, ask->mac, PROBE_MAC);
	ip6 = put16(p, ETH_P_IPV6);
	p = put16(ip6, 0x6000);
	p = put16(p, 0);
	p = put16(p, ECHO_LEN);
	*p++ = IPPROTO_ICMPV6;
	*p++ = 1;			/* hop */
	p = put(p, ask->source, 16);
	icmp = put(p, nodes, 16);
	icmp[0] = ECHO_REQUEST6;
	put16(icmp + 4, ECHO_ID);
	put16(icmp + 2, checksum(ip6, ECHO_LEN));
	return icmp + ECHO_LEN - frame;
}

size_t probe_ping(unsigned char *frame, const struct probe_ask *ask)
{
	memset(frame, 0, PROBE_FRAME_MAX);
	if (!memcmp(ask->source, no_addr, addr_len(ask->family)))
		return 0;
	return ask->family == AF_INET ? ping4(frame, ask) : ping6(frame, ask);
}

/* The MAC that an ARP reply for @target tells, or NULL. */
static const unsigned char *arp_says(const unsigned char *p, size_t len,
				     const unsigned char *target)
{
	if (len < ARP_LEN || get16(p) != 1 || get16(p + 2) != ETH_P_IP ||
	    p[4] != PROBE_MAC || p[5] != 4 || get16(p + 6) != ARP_REPLY ||
	    memcmp(p + 14, target, 4))
		return NULL;
	return p + 8;
}

/* The same of an advertisement; without the option NULL. */
static const unsigned char *nd_says(const unsigned char *ip6, size_t len,
				    const unsigned char *target)
{
	const unsigned char *nd = ip6 + IP6_LEN, *opt = nd + ND_LEN, *end;

	if (len < IP6_LEN + ND_LEN || ip6[0] >> 4 != 6 ||
	    ip6[6] != IPPROTO_ICMPV6 || ip6[7] != ND_HOPS)
		return NULL;
	len -= IP6_LEN;
	if (get16(ip6 + 4) < ND_LEN || get16(ip6 + 4) > len ||
	    get16(ip6 + 4) % 8 || nd[0] != ND_ADVERT || nd[1] ||
	    memcmp(nd + 8, target, 16) || checksum(ip6, get16(ip6 + 4)))
		return NULL;
	end = nd + get16(ip6 + 4);
	for (; end - opt >= ND_OPTION && opt[1]; opt += 8 * opt[1])
		if (opt[0] == ND_OPT_TARGET && opt[1] == 1)
			return opt + 2;
	return NULL;
}

enum nf_failover_answer probe_answer(const unsigned char *frame, size_t len,
				     const struct probe_ask *ask)
{
	const unsigned char *from = frame + PROBE_MAC, *says = NULL;
	uint16_t type;

	if (len < ETH_LEN)
		return NF_FAILOVER_ANSWER_NOT_ASKED;
	type = get16(frame + 2 * PROBE_MAC);
	if (type == ETH_P_ARP && ask->family == AF_INET)
		says = arp_says(frame + ETH_LEN, len - ETH_LEN, ask->target);
	if (type == ETH_P_IPV6 && ask->family == AF_INET6)
		says = nd_says(frame + ETH_LEN, len - ETH_LEN, ask->target);
	if (!says || !memcmp(says, ask->mac, PROBE_MAC) ||
	    !memcmp(from, ask->mac, PROBE_MAC))
		return NF_FAILOVER_ANSWER_NOT_ASKED;
	if (memcmp(says, from, PROBE_MAC))
		return NF_FAILOVER_ANSWER_OTHER;
	if (probe_has_mac(ask->mate) && memcmp(says, ask->mate, PROBE_MAC))
		return NF_FAILOVER_ANSWER_OTHER;
	return NF_FAILOVER_ANSWER_MATE;
}
