/* SPDX-License-Identifier: GPL-2.0 */
/* Rules that say which connections are replicated: from words, and to words. Pure. */
#ifndef FAILOVER_FILTER_H
#define FAILOVER_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "addr.h"

#define FILTER_TEXT_MAX	192

enum filter_key {
	FILTER_PROTOCOL	= 1 << 0,
	FILTER_PORT	= 1 << 1,
	FILTER_ADDR	= 1 << 2,
	FILTER_ZONE	= 1 << 3,
	FILTER_MARK	= 1 << 4,
};

/**
 * struct fo_filter - a rule; a connection is of it when it fits in all @keys
 * @include: it is replicated then, or else not
 * @keys: enum filter_key; none: any connection is of it
 * @family: AF_INET or AF_INET6, of @addr
 * @prefix: length of the prefix @addr, whose other bits are zero
 * @mark: in the bits of @mask
 */
struct fo_filter {
	bool		include;
	unsigned int	keys;
	uint8_t		protocol;
	uint16_t	port_from;
	uint16_t	port_to;
	uint8_t		prefix;
	int		family;
	unsigned char	addr[ADDR_BYTES_MAX];
	uint16_t	zone;
	uint32_t	mark;
	uint32_t	mask;
};

/* Each sets its key; false when @word is none. */
bool filter_set_protocol(struct fo_filter *f, const char *word);
bool filter_set_ports(struct fo_filter *f, const char *word);
bool filter_set_address(struct fo_filter *f, const char *word);
bool filter_set_zone(struct fo_filter *f, const char *word);
bool filter_set_mark(struct fo_filter *f, const char *word);

/* Whether both are of the same connections. */
bool filter_same_keys(const struct fo_filter *a, const struct fo_filter *b);
/* The value of one of its keys; @text has room for FILTER_TEXT_MAX, and is returned. */
const char *filter_key_text(const struct fo_filter *f, enum filter_key key,
			    char *text);
/* "exclude protocol tcp port 80"; as above. */
const char *filter_text(const struct fo_filter *f, char *text);

#endif /* FAILOVER_FILTER_H */
