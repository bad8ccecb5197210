// SPDX-License-Identifier: GPL-2.0
/* Addresses: text to bytes and back, prefixes. Pure. */
#include "addr.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

size_t addr_len(int family)
{
	return family == AF_INET ? 4 : 16;
}

unsigned int addr_bits(int family)
{
	return addr_len(family) * 8;
}

bool addr_parse(int family, const char *text, unsigned char *addr)
{
	return inet_pton(family, text, addr) == 1;
}

static bool parse_bits(const char *text, unsigned int max, unsigned int *bits)
{
	char *end;
	unsigned long v;

	if (!isdigit((unsigned char)text[0]))
		return false;
	v = strtoul(text, &end, 10);
	if (*end || v > max)
		return false;
	*bits = v;
	return true;
}

/* ADDR/LEN */
bool addr_parse_prefix(int family, const char *text, unsigned char *addr,
		       unsigned int *prefix)
{
	const char *slash = strchr(text, '/');
	char host[ADDR_TEXT_MAX];

	if (!slash || (size_t)(slash - text) >= sizeof(host))
		return false;
	memcpy(host, text, slash - text);
	host[slash - text] = '\0';
	return addr_parse(family, host, addr) &&
	       parse_bits(slash + 1, addr_bits(family), prefix);
}

/* 255.255.255.252: ones, then zeros, and at least one 1 */
bool addr_parse_mask(const char *text, unsigned int *prefix)
{
	struct in_addr in;
	uint32_t mask;

	if (inet_pton(AF_INET, text, &in) != 1)
		return false;
	mask = ntohl(in.s_addr);
	if (!(mask & 0x80000000) || (~mask & (~mask + 1)))
		return false;
	*prefix = __builtin_popcount(mask);
	return true;
}

/* @text has room for ADDR_TEXT_MAX bytes and is returned. */
const char *addr_text(int family, const unsigned char *addr, char *text)
{
	if (!inet_ntop(family, addr, text, ADDR_TEXT_MAX))
		strcpy(text, "?");
	return text;
}

bool addr_same_net(int family, unsigned int prefix, const unsigned char *a,
		   const unsigned char *b)
{
	unsigned int bytes = prefix / 8, bits = prefix % 8;
	unsigned char mask = 0xff00 >> bits;

	if (prefix > addr_bits(family) || memcmp(a, b, bytes))
		return false;
	return !bits || !((a[bytes] ^ b[bytes]) & mask);
}

/* An address that an interface can own: not 0, loopback or multicast. */
bool addr_is_host(int family, const unsigned char *addr)
{
	static const unsigned char lo6[ADDR_BYTES_MAX] = { [15] = 1 };
	static const unsigned char any6[ADDR_BYTES_MAX];

	if (family == AF_INET)
		return addr[0] && addr[0] != 127 && addr[0] < 224;
	return addr[0] != 0xff && memcmp(addr, lo6, sizeof(lo6)) &&
	       memcmp(addr, any6, sizeof(any6));
}
