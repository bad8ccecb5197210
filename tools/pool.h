/* SPDX-License-Identifier: GPL-2.0 */
/* Addresses that the active unit answers for besides the floating ones. Pure. */
#ifndef FAILOVER_POOL_H
#define FAILOVER_POOL_H

#include <stdint.h>

#include "config.h"

/* Announced at most; the others are counted. */
#define POOL_MAX	1024
/* Kept at most of what a unit answers for. */
#define POOL_RANGES_MAX	8192

/**
 * struct fo_range - addresses from @first to @last
 * @family: AF_INET or AF_INET6
 * @ifname: only on this device; empty: wherever they belong
 */
struct fo_range {
	int		family;
	unsigned char	first[ADDR_BYTES_MAX];
	unsigned char	last[ADDR_BYTES_MAX];
	char		ifname[IF_NAMESIZE];
};

/* @lost: how many did not fit. */
struct fo_ranges {
	struct fo_range	*range;
	unsigned int	n;
	unsigned int	lost;
};

/* One address to announce on the interface number @ifc of a configuration. */
struct fo_claim {
	unsigned int	ifc;
	int		family;
	unsigned char	addr[ADDR_BYTES_MAX];
};

/**
 * struct fo_pool - what is announced of some ranges
 * @left: addresses that are more than POOL_MAX; none of the configuration
 * @whole: ranges that hold a whole segment, and so the hosts on it: not ours
 */
struct fo_pool {
	struct fo_claim	claim[POOL_MAX];
	unsigned int	n;
	uint64_t	left;
	unsigned int	whole;
};

/* False when it makes no sense or no memory is left. */
bool pool_add(struct fo_ranges *to, int family, const unsigned char *first,
	      const unsigned char *last, const char *ifname);
bool pool_add_prefix(struct fo_ranges *to, int family,
		     const unsigned char *addr, unsigned int prefix,
		     const char *ifname);
void pool_free(struct fo_ranges *r);

/* Sorts and joins; ranges that touch become one. */
void pool_join(struct fo_ranges *r);

/*
 * The addresses of ranges inside the prefixes of the named interfaces,
 * without those of the configuration itself.
 */
void pool_fill(struct fo_pool *p, const struct fo_ranges *r,
	       const struct fo_config *c);

#endif /* FAILOVER_POOL_H */
