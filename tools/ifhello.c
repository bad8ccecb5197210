// SPDX-License-Identifier: GPL-2.0
/* Hellos that the units send to each other on the data interfaces. Pure.
 *
 * They are authenticated by a key that is made of the link's, and sealed they
 * are not: what they tell, the segment knows. A hello counts once. That one of
 * a start that is not known yet is not an old one is believed when it repeats
 * what was sent to it not long ago, which nobody could know before; and a start
 * that was followed by another one never comes back.
 *
 * Layout, big endian:
 *
 *	2 length of all	  1 version  1 unit	1 role	1 status
 *	1 flags		  1 number of addresses
 *	8 boot		  8 count    8 heard boot	8 heard count
 *	1 length of name  name
 *	addresses: 1 version of IP (4 or 6), own, mate's
 *	what a later version appends
 *	16 tag: BLAKE2b of all before it, keyed
 */
#include "ifhello.h"

#include <sodium.h>
#include <string.h>
#include <sys/socket.h>

#define VERSION		1
#define FLAG_HEARS	1
#define HEAD		40
#define TAG		16

_Static_assert(TAG >= crypto_generichash_BYTES_MIN, "tag");
_Static_assert(IFHELLO_KEY == crypto_generichash_KEYBYTES, "key");
_Static_assert(IFHELLO_KEY == NF_FAILOVER_KEY_LEN, "key of the link");

void ifhello_key(unsigned char key[IFHELLO_KEY], const unsigned char *secret,
		 uint32_t unit)
{
	static const unsigned char clear[NF_FAILOVER_KEY_LEN];
	unsigned char text[] = "nf_failover hello on interfaces, unit 0";

	text[sizeof(text) - 2] += unit;
	crypto_generichash(key, IFHELLO_KEY, text, sizeof(text) - 1,
			   secret ? secret : clear, NF_FAILOVER_KEY_LEN);
}

static unsigned char *put(unsigned char *p, const void *from, size_t len)
{
	memcpy(p, from, len);
	return p + len;
}

static unsigned char *put64(unsigned char *p, uint64_t v)
{
	int i;

	for (i = 56; i >= 0; i -= 8)
		*p++ = v >> i;
	return p;
}

static uint64_t get64(const unsigned char *p)
{
	uint64_t v = 0;
	int i;

	for (i = 0; i < 8; i++)
		v = v << 8 | p[i];
	return v;
}

static void make_tag(unsigned char tag[TAG], const unsigned char *buf,
		     size_t len, const unsigned char *key)
{
	crypto_generichash(tag, TAG, buf, len, key, IFHELLO_KEY);
}

static unsigned char *put_addr(unsigned char *p, const struct ifhello_addr *a)
{
	size_t len = addr_len(a->family);

	*p++ = a->family == AF_INET6 ? 6 : 4;
	p = put(p, a->own, len);
	return put(p, a->mate, len);
}

size_t ifhello_put(unsigned char *buf, const struct ifhello *h,
		   const unsigned char key[IFHELLO_KEY])
{
	size_t len = strlen(h->nameif), total;
	unsigned char *p = buf + 2;
	unsigned int i;

	*p++ = VERSION;
	*p++ = h->unit;
	*p++ = h->role;
	*p++ = h->status;
	*p++ = h->hears ? FLAG_HEARS : 0;
	*p++ = h->n_addrs;
	p = put64(p, h->boot);
	p = put64(p, h->count);
	p = put64(p, h->heard_boot);
	p = put64(p, h->heard_count);
	*p++ = len;
	p = put(p, h->nameif, len);
	for (i = 0; i < h->n_addrs; i++)
		p = put_addr(p, &h->addr[i]);
	total = p - buf + TAG;
	buf[0] = total >> 8;
	buf[1] = total;
	make_tag(p, buf, p - buf, key);
	return total;
}

/* Returns what follows, or NULL when it is not there. */
static const unsigned char *get_name(struct ifhello *h, const unsigned char *p,
				     const unsigned char *end)
{
	size_t i, len;

	if (p == end)
		return NULL;
	len = *p++;
	if (!len || len >= sizeof(h->nameif) || len > (size_t)(end - p))
		return NULL;
	for (i = 0; i < len; i++)
		if (p[i] <= ' ' || p[i] > '~')
			return NULL;
	memcpy(h->nameif, p, len);
	return p + len;
}

static const unsigned char *get_addr(struct ifhello_addr *a,
				     const unsigned char *p,
				     const unsigned char *end)
{
	size_t len;

	if (p == end || (*p != 4 && *p != 6))
		return NULL;
	a->family = *p++ == 6 ? AF_INET6 : AF_INET;
	len = addr_len(a->family);
	if ((size_t)(end - p) < 2 * len)
		return NULL;
	memcpy(a->own, p, len);
	memcpy(a->mate, p + len, len);
	return p + 2 * len;
}

static bool get_body(struct ifhello *h, const unsigned char *buf,
		     const unsigned char *end)
{
	const unsigned char *p;
	unsigned int i;

	*h = (struct ifhello) {
		.unit = buf[3], .role = buf[4], .status = buf[5],
		.hears = buf[6] & FLAG_HEARS, .n_addrs = buf[7],
		.boot = get64(buf + 8), .count = get64(buf + 16),
		.heard_boot = get64(buf + 24), .heard_count = get64(buf + 32),
	};
	if (!h->boot || !h->count || h->n_addrs > IFHELLO_ADDRS)
		return false;
	p = get_name(h, buf + HEAD, end);
	for (i = 0; i < h->n_addrs && p; i++)
		p = get_addr(&h->addr[i], p, end);
	return p;
}

/* The tag comes first: nothing is believed of what a stranger sends. */
bool ifhello_get(struct ifhello *h, const unsigned char *buf, size_t len,
		 const unsigned char key[IFHELLO_KEY])
{
	unsigned char tag[TAG];
	size_t total;

	if (len < HEAD + TAG)
		return false;
	total = buf[0] << 8 | buf[1];
	if (total < HEAD + TAG || total > len || buf[2] != VERSION)
		return false;
	make_tag(tag, buf, total - TAG, key);
	return !sodium_memcmp(tag, buf + total - TAG, TAG) &&
	       get_body(h, buf, buf + total - TAG);
}

void ifhello_start(struct ifhello_self *self, uint64_t boot)
{
	*self = (struct ifhello_self) {
		.boot = boot ? boot : 1, .recent = 1, .recent_next = 1,
	};
}

void ifhello_ages(struct ifhello_self *self)
{
	self->recent = self->recent_next;
	self->recent_next = self->count + 1;
}

static bool is_gone(const struct ifhello_peer *peer, uint64_t boot)
{
	unsigned int i;

	for (i = 0; i < IFHELLO_GONE; i++)
		if (peer->gone[i] == boot)
			return true;
	return false;
}

static void follow(struct ifhello_peer *peer, const struct ifhello *h)
{
	if (peer->boot)
		peer->gone[peer->n_gone++ % IFHELLO_GONE] = peer->boot;
	peer->boot = h->boot;
	peer->count = h->count;
}

static bool repeats_ours(const struct ifhello_self *self,
			 const struct ifhello *h)
{
	return h->heard_boot == self->boot && h->heard_count >= self->recent &&
	       h->heard_count <= self->count;
}

enum ifhello_word ifhello_hear(struct ifhello_peer *peer,
			       const struct ifhello_self *self,
			       const struct ifhello *h)
{
	if (is_gone(peer, h->boot) ||
	    (h->boot == peer->boot && h->count <= peer->count))
		return IFHELLO_OLD;
	peer->seen_boot = h->boot;
	peer->seen_count = h->count;
	if (h->boot == peer->boot) {
		peer->count = h->count;
		return IFHELLO_HEARD;
	}
	if (!repeats_ours(self, h))
		return IFHELLO_UNPROVEN;
	follow(peer, h);
	return IFHELLO_FIRST;
}
