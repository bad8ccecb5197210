// SPDX-License-Identifier: GPL-2.0
/*
 * PDP contexts of GTP as user objects, and lists of them. Pure.
 *
 * The key is family, version, the tunnel (8 bytes of version 0, 4 of version 1) and
 * the name of the device, to its end; the value is the family of the peer, the
 * peer, the subscriber, and the flow label (2 bytes) or the TEI (4). What is the
 * same has the same bytes.
 */
#include "gtp_rec.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of an address; 0: there is no such family. */
static size_t addr_len(uint8_t family)
{
	return family == 4 ? 4 : family == 6 ? GTP_ADDR : 0;
}

static size_t tid_len(uint8_t version)
{
	return version ? 4 : 8;
}

static size_t out_len(uint8_t version)
{
	return version ? 4 : 2;
}

/* --- to bytes ------------------------------------------------------------- */

static unsigned char *put_bytes(unsigned char *p, const void *from, size_t len)
{
	memcpy(p, from, len);
	return p + len;
}

static unsigned char *put_number(unsigned char *p, uint64_t v, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		p[i] = v >> 8 * (len - 1 - i);
	return p + len;
}

size_t gtp_put_key(unsigned char *to, const struct gtp_ctx *g)
{
	unsigned char *p = to;

	*p++ = g->family;
	*p++ = g->version;
	p = put_number(p, g->tid, tid_len(g->version));
	p = put_bytes(p, g->dev, strnlen(g->dev, GTP_DEV));
	return p - to;
}

size_t gtp_put_value(unsigned char *to, const struct gtp_ctx *g)
{
	unsigned char *p = to;

	*p++ = g->peer_family;
	p = put_bytes(p, g->peer, addr_len(g->peer_family));
	p = put_bytes(p, g->ms, addr_len(g->family));
	p = put_number(p, g->out, out_len(g->version));
	return p - to;
}

_Static_assert(2 + 8 + GTP_DEV <= GTP_KEY, "a key has no room");
_Static_assert(1 + 2 * GTP_ADDR + 4 <= GTP_VALUE, "a value has no room");

/* --- from bytes ----------------------------------------------------------- */

static uint64_t get_number(const unsigned char *p, size_t len)
{
	uint64_t v = 0;

	while (len--)
		v = v << 8 | *p++;
	return v;
}

/* A name that a device can have, and no path. */
static bool is_dev(const char *name)
{
	size_t len = strnlen(name, GTP_DEV), i;

	for (i = 0; i < len; i++)
		if (name[i] <= ' ' || name[i] > '~' || name[i] == '/' ||
		    name[i] == ':')
			return false;
	return len && len < GTP_DEV && strcmp(name, ".") && strcmp(name, "..");
}

static bool has_sound_key(const struct gtp_ctx *g)
{
	return addr_len(g->family) && g->version <= 1 && is_dev(g->dev) &&
	       (!g->version || g->tid <= UINT32_MAX);
}

bool gtp_is_sound(const struct gtp_ctx *g)
{
	return has_sound_key(g) && addr_len(g->peer_family) &&
	       (g->version || g->out <= UINT16_MAX);
}

bool gtp_get_key(struct gtp_ctx *g, const unsigned char *key, size_t len)
{
	size_t tid, dev;

	*g = (struct gtp_ctx) { .family = 0 };
	if (len < 2)
		return false;
	g->family = key[0];
	g->version = key[1];
	tid = tid_len(g->version);
	if (len <= 2 + tid || len - 2 - tid >= GTP_DEV)
		return false;
	dev = len - 2 - tid;
	g->tid = get_number(key + 2, tid);
	memcpy(g->dev, key + 2 + tid, dev);
	return strlen(g->dev) == dev && has_sound_key(g);
}

bool gtp_get_value(struct gtp_ctx *g, const unsigned char *value, size_t len)
{
	size_t ms = addr_len(g->family), out = out_len(g->version), peer;

	if (!len)
		return false;
	g->peer_family = value[0];
	peer = addr_len(g->peer_family);
	if (!peer || len != 1 + peer + ms + out)
		return false;
	memcpy(g->peer, value + 1, peer);
	memcpy(g->ms, value + 1 + peer, ms);
	g->out = get_number(value + 1 + peer + ms, out);
	return true;
}

const char *gtp_text(const struct gtp_ctx *g, char *text)
{
	char ms[INET6_ADDRSTRLEN] = "?";

	inet_ntop(g->family == 4 ? AF_INET : AF_INET6, g->ms, ms, sizeof(ms));
	snprintf(text, GTP_TEXT, "%.*s %s 0x%llx of %s", GTP_DEV - 1, g->dev,
		 g->version ? "TEI" : "TID", (unsigned long long)g->tid, ms);
	return text;
}

/* --- lists ---------------------------------------------------------------- */

bool gtp_list_add(struct gtp_list *l, const struct gtp_ctx *g)
{
	size_t room = l->room ? 2 * l->room : 64;
	struct gtp_ctx *more;

	if (l->n == l->room) {
		more = reallocarray(l->item, room, sizeof(*more));
		if (!more)
			return false;
		l->item = more;
		l->room = room;
	}
	l->item[l->n++] = *g;
	return true;
}

void gtp_list_free(struct gtp_list *l)
{
	free(l->item);
	*l = (struct gtp_list) { .n = 0 };
}

static int order_of(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int by_key(const void *one, const void *two)
{
	const struct gtp_ctx *a = one, *b = two;
	int order = strncmp(a->dev, b->dev, GTP_DEV);

	if (!order)
		order = order_of(a->family, b->family);
	if (!order)
		order = order_of(a->version, b->version);
	return order ? order : order_of(a->tid, b->tid);
}

void gtp_list_sort(struct gtp_list *l)
{
	size_t i, n = 0;

	if (!l->n)
		return;
	qsort(l->item, l->n, sizeof(*l->item), by_key);
	for (i = 1; i < l->n; i++)
		if (by_key(&l->item[n], &l->item[i]))
			l->item[++n] = l->item[i];
	l->n = n + 1;
}

const struct gtp_ctx *gtp_list_find(const struct gtp_list *l,
				    const struct gtp_ctx *like)
{
	return l->n ? bsearch(like, l->item, l->n, sizeof(*like), by_key) :
		      NULL;
}

static bool is_same(const struct gtp_ctx *a, const struct gtp_ctx *b)
{
	return a->peer_family == b->peer_family && a->out == b->out &&
	       !memcmp(a->peer, b->peer, sizeof(a->peer)) &&
	       !memcmp(a->ms, b->ms, sizeof(a->ms));
}

/* Without memory it is forgotten, and told again. */
static void keep(struct gtp_list *l, const struct gtp_ctx *g)
{
	if (g)
		gtp_list_add(l, g);
}

static void delete_others(const struct gtp_list *now,
			  const struct gtp_list *told, struct gtp_list *next,
			  const struct gtp_ops *ops, void *ctx)
{
	const struct gtp_ctx *g = told->item;

	for (; g < told->item + told->n; g++)
		if (!gtp_list_find(now, g))
			keep(next, ops->del && ops->del(ctx, g) ? NULL : g);
}

void gtp_diff(struct gtp_list *now, struct gtp_list *told,
	      const struct gtp_ops *ops, void *ctx)
{
	struct gtp_list next = { .n = 0 };
	const struct gtp_ctx *g, *was;

	gtp_list_sort(now);
	gtp_list_sort(told);
	delete_others(now, told, &next, ops, ctx);
	for (g = now->item; g < now->item + now->n; g++) {
		was = gtp_list_find(told, g);
		if (was && is_same(g, was))
			keep(&next, was);
		else
			keep(&next, ops->put(ctx, g) ? g : was);
	}
	gtp_list_free(told);
	*told = next;
	gtp_list_sort(told);
}
