// SPDX-License-Identifier: GPL-2.0
/* Addresses that the active unit answers for besides the floating ones. Pure. */
#include "pool.h"

#include <stdlib.h>
#include <string.h>

/* An address as a number; IPv4 in the lowest 32 bits. */
typedef unsigned __int128 num;

static num to_num(int family, const unsigned char *addr)
{
	size_t i;
	num n = 0;

	for (i = 0; i < addr_len(family); i++)
		n = n << 8 | addr[i];
	return n;
}

static void from_num(int family, num n, unsigned char *addr)
{
	size_t i;

	memset(addr, 0, ADDR_BYTES_MAX);
	for (i = addr_len(family); i-- > 0; n >>= 8)
		addr[i] = n;
}

/* The bits of a host in a prefix. */
static num host_mask(int family, unsigned int prefix)
{
	unsigned int bits = addr_bits(family) - prefix;

	return bits == 128 ? ~(num)0 : ((num)1 << bits) - 1;
}

static bool grow(struct fo_ranges *to)
{
	struct fo_range *r = to->range;

	/* by doubling, so whenever the number is a power of two */
	if (to->n & (to->n - 1))
		return true;
	r = realloc(r, (to->n ? 2 * to->n : 1) * sizeof(*r));
	if (r)
		to->range = r;
	return r;
}

bool pool_add(struct fo_ranges *to, int family, const unsigned char *first,
	      const unsigned char *last, const char *ifname)
{
	struct fo_range *r;

	if (to_num(family, first) > to_num(family, last))
		return false;
	if (to->n == POOL_RANGES_MAX || !grow(to)) {
		to->lost++;
		return false;
	}
	r = &to->range[to->n++];
	*r = (struct fo_range) { .family = family };
	memcpy(r->first, first, addr_len(family));
	memcpy(r->last, last, addr_len(family));
	snprintf(r->ifname, sizeof(r->ifname), "%s", ifname);
	return true;
}

bool pool_add_prefix(struct fo_ranges *to, int family,
		     const unsigned char *addr, unsigned int prefix,
		     const char *ifname)
{
	unsigned char first[ADDR_BYTES_MAX], last[ADDR_BYTES_MAX];
	num mask;

	if (prefix > addr_bits(family))
		return false;
	mask = host_mask(family, prefix);
	from_num(family, to_num(family, addr) & ~mask, first);
	from_num(family, to_num(family, addr) | mask, last);
	return pool_add(to, family, first, last, ifname);
}

void pool_free(struct fo_ranges *r)
{
	free(r->range);
	*r = (struct fo_ranges) { .n = 0 };
}

static int compare(const void *a, const void *b)
{
	const struct fo_range *x = a, *y = b;
	int diff = x->family - y->family;

	if (!diff)
		diff = strcmp(x->ifname, y->ifname);
	return diff ? diff : memcmp(x->first, y->first, sizeof(x->first));
}

/* Whether @b, which begins not before @a, overlaps or follows it. */
static bool touches(const struct fo_range *a, const struct fo_range *b)
{
	num last = to_num(a->family, a->last);
	num first = to_num(b->family, b->first);

	return a->family == b->family && !strcmp(a->ifname, b->ifname) &&
	       (first <= last || first - last == 1);
}

void pool_join(struct fo_ranges *r)
{
	struct fo_range *to = r->range;
	unsigned int i;

	if (!r->n)
		return;
	qsort(r->range, r->n, sizeof(*r->range), compare);
	for (i = 1; i < r->n; i++) {
		if (!touches(to, &r->range[i]))
			*++to = r->range[i];
		else if (memcmp(to->last, r->range[i].last,
				sizeof(to->last)) < 0)
			memcpy(to->last, r->range[i].last, sizeof(to->last));
	}
	r->n = to + 1 - r->range;
}

/* Where the configuration has an address first, or NULL. */
static const unsigned char *configured(const struct fo_config *c, int family,
				       const unsigned char *addr)
{
	size_t len = addr_len(family);
	const struct fo_ifc *ifc;
	const struct fo_addr *a;

	for (ifc = c->ifc; ifc < c->ifc + c->n_ifcs; ifc++)
		for (a = ifc->addr; a < ifc->addr + ifc->n_addrs; a++) {
			if (a->family != family)
				continue;
			if (!memcmp(a->active, addr, len))
				return a->active;
			if (a->has_standby && !memcmp(a->standby, addr, len))
				return a->standby;
		}
	return NULL;
}

/* Those of one interface are the last ones. */
static bool is_claimed(const struct fo_pool *p, const struct fo_claim *one)
{
	unsigned int i;

	for (i = p->n; i-- > 0 && p->claim[i].ifc == one->ifc; )
		if (p->claim[i].family == one->family &&
		    !memcmp(p->claim[i].addr, one->addr, sizeof(one->addr)))
			return true;
	return false;
}

static bool within(int family, const unsigned char *addr, num lo, num hi)
{
	num n = to_num(family, addr);

	return n >= lo && n <= hi;
}

/* Addresses of the configuration from @lo to @hi, each of them once. */
static unsigned int n_configured(const struct fo_config *c, int family, num lo,
				 num hi)
{
	const struct fo_ifc *ifc;
	const struct fo_addr *a;
	unsigned int n = 0;

	for (ifc = c->ifc; ifc < c->ifc + c->n_ifcs; ifc++)
		for (a = ifc->addr; a < ifc->addr + ifc->n_addrs; a++) {
			if (a->family != family)
				continue;
			n += within(family, a->active, lo, hi) &&
			     configured(c, family, a->active) == a->active;
			n += a->has_standby &&
			     within(family, a->standby, lo, hi) &&
			     configured(c, family, a->standby) == a->standby;
		}
	return n;
}

/* Claims of the same interface from @lo to @hi. */
static unsigned int n_claimed(const struct fo_pool *p,
			      const struct fo_claim *one, num lo, num hi)
{
	unsigned int i, n = 0;

	for (i = p->n; i-- > 0 && p->claim[i].ifc == one->ifc; )
		n += p->claim[i].family == one->family &&
		     within(one->family, p->claim[i].addr, lo, hi);
	return n;
}

static uint64_t clamp_add(uint64_t a, num b)
{
	return b > UINT64_MAX - a ? UINT64_MAX : a + (uint64_t)b;
}

/*
 * Addresses of a prefix that hosts can have: the first and the last one are
 * nobody's, unless there are no others.
 */
static void hosts(const struct fo_addr *a, num *lo, num *hi)
{
	num mask = host_mask(a->family, a->prefix);

	*lo = to_num(a->family, a->active) & ~mask;
	*hi = *lo | mask;
	if (mask > 1) {
		++*lo;
		--*hi;
	}
}

static bool is_for(const struct fo_range *r, const struct fo_ifc *ifc,
		   const struct fo_addr *a)
{
	return r->family == a->family &&
	       (!r->ifname[0] || !strcmp(r->ifname, ifc->ifname));
}

/* A range of all that can be there holds the hosts of the segment, too. */
static bool is_whole(const struct fo_range *r, const struct fo_ifc *ifc,
		     const struct fo_addr *a)
{
	num lo, hi;

	hosts(a, &lo, &hi);
	return is_for(r, ifc, a) && lo < hi &&
	       to_num(r->family, r->first) <= lo &&
	       to_num(r->family, r->last) >= hi;
}

static bool is_whole_somewhere(const struct fo_range *r,
			       const struct fo_config *c)
{
	const struct fo_ifc *ifc;
	const struct fo_addr *a;

	for (ifc = c->ifc; ifc < c->ifc + c->n_ifcs; ifc++)
		for (a = ifc->addr; a < ifc->addr + ifc->n_addrs; a++)
			if (is_whole(r, ifc, a))
				return true;
	return false;
}

static void claim_all(struct fo_pool *p, const struct fo_config *c,
		      struct fo_claim *one, num lo, num hi)
{
	for (;; lo++) {
		if (p->n == POOL_MAX) {
			p->left = clamp_add(p->left, hi - lo + 1 -
					    n_configured(c, one->family, lo, hi) -
					    n_claimed(p, one, lo, hi));
			return;
		}
		from_num(one->family, lo, one->addr);
		if (!configured(c, one->family, one->addr) &&
		    !is_claimed(p, one))
			p->claim[p->n++] = *one;
		if (lo == hi)
			return;
	}
}

static void claim_range(struct fo_pool *p, const struct fo_config *c,
			unsigned int ifc, const struct fo_addr *a,
			const struct fo_range *r)
{
	struct fo_claim one = { .ifc = ifc, .family = a->family };
	num lo = to_num(a->family, r->first), hi = to_num(a->family, r->last);
	num net_lo, net_hi;

	hosts(a, &net_lo, &net_hi);
	lo = lo > net_lo ? lo : net_lo;
	hi = hi < net_hi ? hi : net_hi;
	if (lo <= hi)
		claim_all(p, c, &one, lo, hi);
}

static void claim_ifc(struct fo_pool *p, const struct fo_config *c,
		      unsigned int ifc, const struct fo_ranges *r)
{
	const struct fo_ifc *i = &c->ifc[ifc];
	const struct fo_range *range;
	const struct fo_addr *a;

	for (a = i->addr; a < i->addr + i->n_addrs; a++)
		for (range = r->range; range < r->range + r->n; range++)
			if (is_for(range, i, a))
				claim_range(p, c, ifc, a, range);
}

void pool_fill(struct fo_pool *p, const struct fo_ranges *r,
	       const struct fo_config *c)
{
	struct fo_ranges ours = { .n = 0 };
	unsigned int i;

	p->n = 0;
	p->left = 0;
	p->whole = 0;
	for (i = 0; i < r->n; i++)
		if (is_whole_somewhere(&r->range[i], c))
			p->whole++;
		else
			pool_add(&ours, r->range[i].family, r->range[i].first,
				 r->range[i].last, r->range[i].ifname);
	pool_join(&ours);
	for (i = 0; i < c->n_ifcs; i++)
		claim_ifc(p, c, i, &ours);
	pool_free(&ours);
}
