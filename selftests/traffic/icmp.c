// SPDX-License-Identifier: GPL-2.0
/* ICMP and ICMPv6 echo with a probe in it, on raw sockets. */
#include <arpa/inet.h>
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <unistd.h>

#include "traffic.h"

/* Both families have the same eight bytes of echo header. */
struct echo {
	uint8_t type;
	uint8_t code;
	uint16_t sum;
	uint16_t id;
	uint16_t seq;
	struct probe probe;
};

static const uint8_t echo_type[2][2] = {
	{ ICMP_ECHO, ICMP_ECHOREPLY },
	{ ICMP6_ECHO_REQUEST, ICMP6_ECHO_REPLY },
};

static uint16_t checksum(const void *data, size_t len)
{
	const unsigned char *p = data;
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i < len; i += 2)
		sum += p[i] << 8 | p[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

int icmp_socket(int family)
{
	int size = 4 << 20;
	int fd;

	fd = socket(family, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC,
		    family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6);
	if (fd < 0)
		perror("traffic: raw socket");
	else
		setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	return fd;
}

/* ICMPv6 checksums are filled in by the kernel. */
int icmp_send(int fd, const struct sockaddr_storage *to, bool reply,
	      unsigned int id, const struct probe *p)
{
	struct sockaddr_storage dst = *to;
	struct echo e = {
		.type = echo_type[to->ss_family == AF_INET6][reply],
		.id = htons(id), .seq = htons(p->seq), .probe = *p,
	};

	address_port(&dst, 0);
	if (to->ss_family == AF_INET)
		e.sum = checksum(&e, sizeof(e));
	return sendto(fd, &e, sizeof(e), 0, (void *)&dst,
		      address_len(&dst)) == sizeof(e) ? 0 : -1;
}

bool icmp_parse(int family, bool want_reply, const unsigned char *buf,
		ssize_t len, unsigned int *id, struct probe *p)
{
	struct echo e;
	size_t skip = 0;

	/* An IPv4 raw socket gives the IP header too. */
	if (family == AF_INET)
		skip = len > 0 ? (buf[0] & 15) * 4 : 0;
	if (len < (ssize_t)(skip + sizeof(e)))
		return false;
	memcpy(&e, buf + skip, sizeof(e));
	if (e.type != echo_type[family == AF_INET6][want_reply] ||
	    e.probe.magic != PROBE_MAGIC)
		return false;
	*id = ntohs(e.id);
	*p = e.probe;
	return true;
}
