/* SPDX-License-Identifier: GPL-2.0 */
/* Routes as user objects, and what one list has that another has not. Pure. */
#ifndef FAILOVER_ROUTE_H
#define FAILOVER_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "addr.h"
#include "config.h"

/*
 * Routes that are installed for the other unit: their protocol, by which they are
 * known again, and what their metric is greater by than there, so that none of
 * this unit's own is replaced, or clashes with one.
 */
#define ROUTE_PROTOCOL	70
#define ROUTE_METRIC	0x40000000u
#define ROUTE_SPACE	"route"		/* of the user objects that are routes */

#define ROUTE_TABLE_MAIN	254	/* RT_TABLE_MAIN */
#define ROUTE_HOPS	16
#define ROUTE_METRICS	18	/* as of RTAX_*, which is less */
#define ROUTE_KEY	32
#define ROUTE_TEXT	128
#define ROUTES_MAX	16384

/**
 * struct route_hop - where it leads
 * @named: @dev is a nameif, else a device
 * @weight: of several, less one, as in the kernel
 * @family: of @via; 0: there is none
 */
struct route_hop {
	bool		named;
	char		dev[NF_FAILOVER_NAME_MAX];
	uint8_t		weight;
	bool		onlink;
	int		family;
	unsigned char	via[ADDR_BYTES_MAX];
};

/**
 * struct route - a route
 * @protocol: who made it (RTPROT_*)
 * @type: RTN_*
 * @has_src: @src is its source address
 * @attr: RTAX_*; 0: not set
 */
struct route {
	int		family;
	uint32_t	table;
	uint32_t	metric;
	uint8_t		tos;
	uint8_t		prefix;
	unsigned char	dst[ADDR_BYTES_MAX];
	uint8_t		protocol;
	uint8_t		type;
	uint8_t		scope;
	uint8_t		pref;
	bool		has_src;
	unsigned char	src[ADDR_BYTES_MAX];
	uint32_t	attr[ROUTE_METRICS];
	unsigned int	n_hops;
	struct route_hop hop[ROUTE_HOPS];
};

/* As an object: @value is allocated. Its first byte is the protocol. */
struct routeitem {
	unsigned char	key[ROUTE_KEY];
	unsigned char	*value;
	uint16_t	key_len;
	uint16_t	len;
};

struct routelist {
	struct routeitem *item;
	size_t		n, room;
};

/* What is replicated; @protocol: RTPROT_STATIC stands for RTPROT_BOOT as well. */
struct route_spec {
	uint8_t		protocol;
	uint32_t	table;
};

/* From "PROTOCOL [table TABLE]", as in the configuration. */
bool route_spec_parse(struct route_spec *s, const char *text);
bool route_spec_has(const struct route_spec *s, uint8_t protocol,
		    uint32_t table);
/* "static", or "protocol 201"; fills in @text, of at least 16 bytes. */
const char *route_protocol_text(uint8_t protocol, char *text);
/* Whether a routing daemon has made it, and will make it again. */
bool route_is_dynamic(uint8_t protocol);

/* False without memory. Hops are put into one order first. */
bool routelist_add(struct routelist *l, struct route *r);
bool routelist_add_bytes(struct routelist *l, const void *key, size_t key_len,
			 const void *value, size_t len);
void routelist_drop_last(struct routelist *l);
void routelist_free(struct routelist *l);
/* Sorted, and of those with one key the first is left. Returns how many went. */
size_t routelist_sort(struct routelist *l);
/* In a sorted list. */
const struct routeitem *routelist_find(const struct routelist *l,
				       const struct routeitem *like);
/* False when it is none. */
bool route_read(struct route *r, const struct routeitem *item);
/* "10.0.0.0/8 metric 20 table 100"; returns @text. */
const char *route_text(const struct route *r, char *text);

/* What is to be done so that the other list has what this one has. */
struct routediff_ops {
	/* false: it could not be done, and is to be done again */
	bool (*put)(void *ctx, const struct routeitem *item);
	bool (*del)(void *ctx, const struct routeitem *item);
	bool any_protocol;	/* which may be another one */
};

/* As setdiff(): @told is then what was told. */
void routediff(struct routelist *now, struct routelist *told,
	       const struct routediff_ops *ops, void *ctx);

#endif /* FAILOVER_ROUTE_H */
