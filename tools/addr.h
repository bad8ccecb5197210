/* SPDX-License-Identifier: GPL-2.0 */
/* Addresses of a pair: what the active and the standby unit own. Pure. */
#ifndef FAILOVER_ADDR_H
#define FAILOVER_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#define ADDR_BYTES_MAX	16
/* "ffff:...:ffff/128" and its final zero */
#define ADDR_TEXT_MAX	64

/**
 * struct fo_addr - one pair of addresses in one prefix
 * @family: AF_INET or AF_INET6
 * @prefix: length of the prefix in bits
 * @has_standby: whether @standby is set
 * @active: address of the active unit; on a link, of the primary one
 * @standby: address of the standby unit; on a link, of the secondary one
 * @line: line of the file it was written in, 0 when unknown
 */
struct fo_addr {
	int		family;
	unsigned int	prefix;
	bool		has_standby;
	unsigned char	active[ADDR_BYTES_MAX];
	unsigned char	standby[ADDR_BYTES_MAX];
	int		line;
};

size_t addr_len(int family);
unsigned int addr_bits(int family);
bool addr_parse(int family, const char *text, unsigned char *addr);
bool addr_parse_prefix(int family, const char *text, unsigned char *addr,
		       unsigned int *prefix);
bool addr_parse_mask(const char *text, unsigned int *prefix);
const char *addr_text(int family, const unsigned char *addr, char *text);
bool addr_same_net(int family, unsigned int prefix, const unsigned char *a,
		   const unsigned char *b);
bool addr_is_host(int family, const unsigned char *addr);

#endif /* FAILOVER_ADDR_H */
