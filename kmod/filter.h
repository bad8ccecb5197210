/* SPDX-License-Identifier: GPL-2.0 */
/* Which connections are replicated: rules, of which the first that fits decides. Pure. */
#ifndef _FO_FILTER_H
#define _FO_FILTER_H

#include "pure.h"

#define FO_FILTERS	64	/* rules */
#define FO_HTTP_PORTS	8
#define FO_HTTP_PORT	80	/* by default the only one */

/* What a rule looks at; a connection is of a rule that it fits in all of them. */
enum fo_filter_key {
	FO_FILTER_PROTOCOL	= 1 << 0,
	FO_FILTER_PORT		= 1 << 1,
	FO_FILTER_ADDR		= 1 << 2,
	FO_FILTER_ZONE		= 1 << 3,
	FO_FILTER_MARK		= 1 << 4,
};

/**
 * struct fo_filter_rule - a rule
 * @include: what is of it is replicated, or else not
 * @keys: enum fo_filter_key, what it looks at
 * @protocol: IP protocol
 * @l3: 4 or 6, of @addr
 * @plen: length of the prefix, in bits
 * @port: the lowest and the highest one
 * @zone: of conntrack
 * @mark: value of the mark, in the bits of @mask
 * @mask: bits of the mark that count
 * @addr: the prefix
 */
struct fo_filter_rule {
	bool include;
	u8 keys;
	u8 protocol;
	u8 l3;
	u8 plen;
	u16 port[2];
	u16 zone;
	u32 mark;
	u32 mask;
	u8 addr[16];
};

/**
 * struct fo_filter - all that says which connections are replicated
 * @http: connections of HTTP are, if no rule is of them
 * @ports: entries of @port in use
 * @port: ports that are HTTP
 * @rules: entries of @rule in use
 * @rule: the rules, in their order
 */
struct fo_filter {
	bool http;
	unsigned int ports;
	u16 port[FO_HTTP_PORTS];
	unsigned int rules;
	struct fo_filter_rule rule[FO_FILTERS];
};

/**
 * struct fo_flow - what the rules look at in a connection
 * @protocol: IP protocol
 * @l3: 4 or 6
 * @port: the one that it was made to, before and after NAT; 0: it has none
 * @zone: of conntrack
 * @mark: of conntrack
 * @addr: of its ends, before and after NAT
 */
struct fo_flow {
	u8 protocol;
	u8 l3;
	u16 port[2];
	u16 zone;
	u32 mark;
	const u8 *addr[4];
};

enum fo_verdict {
	FO_VERDICT_TELL,
	FO_VERDICT_RULE,	/* a rule excludes it */
	FO_VERDICT_HTTP,	/* it is HTTP, which is off */
};

/* filter.c */
enum fo_verdict fo_filter_judge(const struct fo_filter *f,
				const struct fo_flow *flow);
bool fo_filter_takes_all(const struct fo_filter *f);
bool fo_filter_looks_at(const struct fo_filter *f, u8 keys);
bool fo_filter_equal(const struct fo_filter *a, const struct fo_filter *b);
u32 fo_filter_digest(const struct fo_filter *f);

#endif /* _FO_FILTER_H */
