// SPDX-License-Identifier: GPL-2.0
/*
 * Routes as user objects, and what one list has that another has not. Pure.
 *
 * The key is what the kernel tells routes apart by, the value the rest:
 *
 *   family, tos, prefix length, u32 table, u32 metric, destination
 *   protocol, type, scope, pref, length of the source and the source,
 *   number of attributes, of each u8 number and u32,
 *   number of hops, of each u8 flags, u8 weight, length of the device and the
 *   device, length of the gateway and the gateway
 *
 * Two routes are the same when these bytes are, so hops are in one order.
 */
#include "route.h"

#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VALUE_MAX	NF_FAILOVER_OBJECT_VALUE_LEN

enum hop_flag { HOP_NAMED = 1, HOP_ONLINK = 2 };

_Static_assert(RTAX_MAX < ROUTE_METRICS, "an attribute has no place");

/* As in /etc/iproute2/rt_protos, but those that no program makes. */
static const struct {
	const char	*name;
	uint8_t		protocol;
} protocols[] = {
	{ "static", RTPROT_STATIC }, { "zebra", RTPROT_ZEBRA },
	{ "bird", RTPROT_BIRD }, { "babel", RTPROT_BABEL },
	{ "bgp", RTPROT_BGP }, { "isis", RTPROT_ISIS },
	{ "ospf", RTPROT_OSPF }, { "rip", RTPROT_RIP },
	{ "eigrp", RTPROT_EIGRP },
};

#define PROTOCOLS	(sizeof(protocols) / sizeof(*protocols))

/* --- what is replicated ----------------------------------------------------- */

bool route_spec_parse(struct route_spec *s, const char *text)
{
	unsigned int number = 0;
	char name[16];
	size_t i;
	int n = 0;

	*s = (struct route_spec) { .table = RT_TABLE_MAIN };
	if (sscanf(text, "protocol %u%n", &number, &n) == 1 && n) {
		s->protocol = number < 256 ? number : 0;
	} else if (sscanf(text, "%15s%n", name, &n) == 1) {
		for (i = 0; i < PROTOCOLS; i++)
			if (!strcmp(protocols[i].name, name))
				s->protocol = protocols[i].protocol;
	}
	text += n;
	if (*text && sscanf(text, " table %u%n", &s->table, &n) == 1)
		text += n;
	return s->protocol > RTPROT_KERNEL && s->protocol != ROUTE_PROTOCOL &&
	       s->table && s->table != RT_TABLE_LOCAL && !*text;
}

bool route_spec_has(const struct route_spec *s, uint8_t protocol,
		    uint32_t table)
{
	if (s->table != table)
		return false;
	return s->protocol == protocol ||
	       (s->protocol == RTPROT_STATIC && protocol == RTPROT_BOOT);
}

const char *route_protocol_text(uint8_t protocol, char *text)
{
	size_t i;

	for (i = 0; i < PROTOCOLS; i++)
		if (protocols[i].protocol == protocol)
			return protocols[i].name;
	sprintf(text, "protocol %u", protocol);
	return text;
}

bool route_is_dynamic(uint8_t protocol)
{
	return protocol != RTPROT_STATIC && protocol != RTPROT_BOOT;
}

/* --- to bytes -------------------------------------------------------------- */

static unsigned char *put_u32(unsigned char *to, uint32_t v)
{
	v = htonl(v);
	memcpy(to, &v, sizeof(v));
	return to + sizeof(v);
}

static unsigned char *put_bytes(unsigned char *to, const void *from, size_t len)
{
	*to++ = len;
	memcpy(to, from, len);
	return to + len;
}

static size_t put_key(unsigned char *key, const struct route *r)
{
	unsigned char *p = key;

	*p++ = r->family;
	*p++ = r->tos;
	*p++ = r->prefix;
	p = put_u32(p, r->table);
	p = put_u32(p, r->metric);
	memcpy(p, r->dst, addr_len(r->family));
	return p + addr_len(r->family) - key;
}

static unsigned char *put_hop(unsigned char *p, const struct route_hop *h)
{
	*p++ = (h->named ? HOP_NAMED : 0) | (h->onlink ? HOP_ONLINK : 0);
	*p++ = h->weight;
	p = put_bytes(p, h->dev, strlen(h->dev));
	return put_bytes(p, h->via, h->family ? addr_len(h->family) : 0);
}

static size_t put_value(unsigned char *value, const struct route *r)
{
	unsigned char *p = value, *count;
	unsigned int i;

	*p++ = r->protocol;
	*p++ = r->type;
	*p++ = r->scope;
	*p++ = r->pref;
	p = put_bytes(p, r->src, r->has_src ? addr_len(r->family) : 0);
	count = p++;
	*count = 0;
	for (i = 0; i < ROUTE_METRICS; i++) {
		if (!r->attr[i])
			continue;
		*p++ = i;
		p = put_u32(p, r->attr[i]);
		++*count;
	}
	*p++ = r->n_hops;
	for (i = 0; i < r->n_hops; i++)
		p = put_hop(p, &r->hop[i]);
	return p - value;
}

/* The most that put_value() puts. */
_Static_assert(4 + 17 + 1 + ROUTE_METRICS * 5 + 1 +
	       ROUTE_HOPS * (2 + NF_FAILOVER_NAME_MAX + 17) <= VALUE_MAX,
	       "a route may be larger than an object");

static int by_hop(const void *one, const void *two)
{
	const struct route_hop *a = one, *b = two;
	int order = strcmp(a->dev, b->dev);

	return order ? order : memcmp(a->via, b->via, sizeof(a->via));
}

bool routelist_add(struct routelist *l, struct route *r)
{
	unsigned char key[ROUTE_KEY], value[VALUE_MAX];

	qsort(r->hop, r->n_hops, sizeof(*r->hop), by_hop);
	return routelist_add_bytes(l, key, put_key(key, r), value,
				   put_value(value, r));
}

/* --- from bytes ------------------------------------------------------------ */

/* What is left to read; @bad: there was less than was asked for. */
struct reader {
	const unsigned char *p, *end;
	bool bad;
};

static void get_raw(struct reader *r, void *to, size_t len)
{
	if ((size_t)(r->end - r->p) < len) {
		r->bad = true;
		r->p = r->end;
		memset(to, 0, len);
		return;
	}
	memcpy(to, r->p, len);
	r->p += len;
}

static uint8_t get_u8(struct reader *r)
{
	uint8_t v;

	get_raw(r, &v, sizeof(v));
	return v;
}

static uint32_t get_u32(struct reader *r)
{
	uint32_t v;

	get_raw(r, &v, sizeof(v));
	return ntohl(v);
}

/* Returns how many; more than @max are bad. */
static size_t get_bytes(struct reader *r, void *to, size_t max)
{
	size_t len = get_u8(r);

	if (len > max) {
		r->bad = true;
		return 0;
	}
	get_raw(r, to, len);
	return len;
}

static void get_key(struct reader *k, struct route *r)
{
	r->family = get_u8(k);
	r->tos = get_u8(k);
	r->prefix = get_u8(k);
	r->table = get_u32(k);
	r->metric = get_u32(k);
	if (r->family != AF_INET && r->family != AF_INET6)
		k->bad = true;
	else
		get_raw(k, r->dst, addr_len(r->family));
	k->bad |= r->prefix > addr_bits(r->family) ||
		  r->metric > UINT32_MAX - ROUTE_METRIC || k->p != k->end;
}

static void get_hop(struct reader *v, struct route_hop *h)
{
	uint8_t flags = get_u8(v);
	size_t len;

	h->named = flags & HOP_NAMED;
	h->onlink = flags & HOP_ONLINK;
	h->weight = get_u8(v);
	len = get_bytes(v, h->dev, sizeof(h->dev) - 1);
	h->dev[len] = 0;
	v->bad |= !len || strlen(h->dev) != len;
	len = get_bytes(v, h->via, sizeof(h->via));
	h->family = len == addr_len(AF_INET) ? AF_INET :
		    len == addr_len(AF_INET6) ? AF_INET6 : 0;
	v->bad |= len && !h->family;
}

static void get_value(struct reader *v, struct route *r)
{
	unsigned int i, n;
	size_t len;

	r->protocol = get_u8(v);
	r->type = get_u8(v);
	r->scope = get_u8(v);
	r->pref = get_u8(v);
	len = get_bytes(v, r->src, sizeof(r->src));
	r->has_src = len;
	v->bad |= len && len != addr_len(r->family);
	for (n = get_u8(v); n && !v->bad; n--) {
		i = get_u8(v);
		if (i >= ROUTE_METRICS)
			v->bad = true;
		else
			r->attr[i] = get_u32(v);
	}
	r->n_hops = get_u8(v);
	if (r->n_hops > ROUTE_HOPS) {
		r->n_hops = 0;
		v->bad = true;
	}
	for (i = 0; i < r->n_hops && !v->bad; i++)
		get_hop(v, &r->hop[i]);
	v->bad |= v->p != v->end;
}

/* Only what an ordinary route is: none that takes packets in. */
static bool has_type(const struct route *r)
{
	switch (r->type) {
	case RTN_UNICAST:
		return r->n_hops;
	case RTN_BLACKHOLE:
	case RTN_UNREACHABLE:
	case RTN_PROHIBIT:
	case RTN_THROW:
		return !r->n_hops;
	}
	return false;
}

bool route_read(struct route *r, const struct routeitem *item)
{
	struct reader k = { item->key, item->key + item->key_len, false };
	struct reader v = { item->value, item->value + item->len, false };

	*r = (struct route) { .family = 0 };
	get_key(&k, r);
	if (k.bad)
		return false;
	get_value(&v, r);
	return !v.bad && has_type(r);
}

const char *route_text(const struct route *r, char *text)
{
	char addr[ADDR_TEXT_MAX];
	int n = sprintf(text, "%s/%u", addr_text(r->family, r->dst, addr),
			r->prefix);

	if (r->metric)
		n += sprintf(text + n, " metric %u", r->metric);
	if (r->table != RT_TABLE_MAIN)
		sprintf(text + n, " table %u", r->table);
	return text;
}

/* --- lists ----------------------------------------------------------------- */

bool routelist_add_bytes(struct routelist *l, const void *key, size_t key_len,
			 const void *value, size_t len)
{
	struct routeitem *more, *e;
	size_t room;

	if (key_len > sizeof(e->key) || len > VALUE_MAX)
		return true;	/* it is none of ours */
	if (l->n == l->room) {
		room = l->room ? 2 * l->room : 64;
		more = reallocarray(l->item, room, sizeof(*more));
		if (!more)
			return false;
		l->item = more;
		l->room = room;
	}
	e = &l->item[l->n];
	*e = (struct routeitem) { .key_len = key_len, .len = len };
	e->value = malloc(len ? len : 1);
	if (!e->value)
		return false;
	memcpy(e->key, key, key_len);
	memcpy(e->value, value, len);
	l->n++;
	return true;
}

void routelist_drop_last(struct routelist *l)
{
	free(l->item[--l->n].value);
}

void routelist_free(struct routelist *l)
{
	while (l->n)
		routelist_drop_last(l);
	free(l->item);
	*l = (struct routelist) { .n = 0 };
}

static int by_key(const void *one, const void *two)
{
	const struct routeitem *a = one, *b = two;

	if (a->key_len != b->key_len)
		return a->key_len < b->key_len ? -1 : 1;
	return memcmp(a->key, b->key, a->key_len);
}

size_t routelist_sort(struct routelist *l)
{
	size_t i, n = 0, gone;

	if (!l->n)
		return 0;
	qsort(l->item, l->n, sizeof(*l->item), by_key);
	for (i = 1; i < l->n; i++) {
		if (by_key(&l->item[n], &l->item[i]))
			l->item[++n] = l->item[i];
		else
			free(l->item[i].value);
	}
	gone = l->n - (n + 1);
	l->n = n + 1;
	return gone;
}

const struct routeitem *routelist_find(const struct routelist *l,
				       const struct routeitem *like)
{
	return l->n ? bsearch(like, l->item, l->n, sizeof(*like), by_key) :
		      NULL;
}

static bool is_same(const struct routeitem *a, const struct routeitem *b,
		    bool any_protocol)
{
	size_t from = any_protocol ? 1 : 0;

	return a->len == b->len && a->len >= from &&
	       !memcmp(a->value + from, b->value + from, a->len - from);
}

/* What stays told; NULL: nothing. */
static void keep(struct routelist *l, const struct routeitem *e)
{
	if (e)
		routelist_add_bytes(l, e->key, e->key_len, e->value, e->len);
}

void routediff(struct routelist *now, struct routelist *told,
	       const struct routediff_ops *ops, void *ctx)
{
	struct routelist next = { .n = 0 };
	const struct routeitem *a, *b;
	size_t i = 0, j = 0;
	int order;

	routelist_sort(now);
	routelist_sort(told);
	while (i < now->n || j < told->n) {
		a = i < now->n ? &now->item[i] : NULL;
		b = j < told->n ? &told->item[j] : NULL;
		order = !b ? -1 : !a ? 1 : by_key(a, b);
		if (order > 0)
			keep(&next, ops->del && ops->del(ctx, b) ? NULL : b);
		else if (order < 0)
			keep(&next, ops->put(ctx, a) ? a : NULL);
		else
			keep(&next, !is_same(a, b, ops->any_protocol) &&
				    ops->put(ctx, a) ? a : b);
		i += order <= 0;
		j += order >= 0;
	}
	routelist_free(told);
	*told = next;
}
