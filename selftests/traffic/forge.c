// SPDX-License-Identifier: GPL-2.0
/*
 * Segments of a TCP connection, of somebody who does not know its sequence
 * numbers: eight of them, all over the number space, with DSCP 46 so that they
 * are told from the others.
 */
#include <arpa/inet.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#include "traffic.h"

#define SEGMENTS	8

struct segment {
	struct iphdr ip;
	struct tcphdr tcp;
};

/* What the checksum is of besides the segment itself. */
struct pseudo {
	uint32_t saddr, daddr;
	uint8_t zero, protocol;
	uint16_t len;
	struct tcphdr tcp;
};

static struct sockaddr_in from, to;
static int fd;

static uint16_t sum(const void *data, size_t len)
{
	const unsigned char *p = data;
	uint32_t n = 0;
	uint16_t word;

	for (; len > 1; len -= 2, p += 2) {
		memcpy(&word, p, sizeof(word));
		n += word;
	}
	n = (n >> 16) + (n & 0xffff);
	return ~(n + (n >> 16));
}

static int send_one(uint32_t seq)
{
	struct segment s = {
		.ip = { .version = 4, .ihl = 5, .tos = 46 << 2, .ttl = 64,
			.protocol = IPPROTO_TCP,
			.tot_len = htons(sizeof(s)),
			.saddr = from.sin_addr.s_addr,
			.daddr = to.sin_addr.s_addr },
		.tcp = { .source = from.sin_port, .dest = to.sin_port,
			 .seq = htonl(seq), .ack_seq = htonl(seq),
			 .doff = 5, .ack = 1, .window = htons(500) },
	};
	struct pseudo p = {
		.saddr = s.ip.saddr, .daddr = s.ip.daddr,
		.protocol = IPPROTO_TCP, .len = htons(sizeof(s.tcp)),
		.tcp = s.tcp,
	};

	s.tcp.check = sum(&p, sizeof(p));
	return sendto(fd, &s, sizeof(s), 0, (void *)&to, sizeof(to)) ==
	       sizeof(s) ? 0 : -1;
}

static bool forge_command(const char *verb, long arg)
{
	unsigned int i, sent = 0;

	(void)arg;
	if (strcmp(verb, "send"))
		return false;
	for (i = 0; i < SEGMENTS; i++)
		sent += !send_one(i * (UINT32_MAX / SEGMENTS));
	printf("forge sent=%u\n", sent);
	return true;
}

static int forge_start(int argc, char **argv)
{
	struct sockaddr_storage a, b;

	(void)argc;
	if (address(&a, argv[0], argv[1]) || address(&b, argv[2], argv[3]))
		return -1;
	memcpy(&from, &a, sizeof(from));
	memcpy(&to, &b, sizeof(to));
	/* with the header of IP in what is sent */
	fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	if (fd < 0)
		return -1;
	printf("forge ready\n");
	return 0;
}

const struct mode forge_mode = {
	.name = "forge", .args = "SOURCE PORT HOST PORT", .min_args = 4,
	.start = forge_start, .command = forge_command,
};
