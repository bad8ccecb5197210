// SPDX-License-Identifier: GPL-2.0
/*
 * SAs and policies of IPsec as user objects. Pure.
 *
 * Each is a row of fields: a byte with the number of the field, one with the
 * length, and so many bytes. A field that is zero is left out, and they come in
 * the order of their numbers: so what is the same has the same bytes. One table
 * for each kind says what there is; the fields of the key come first in it.
 */
#include "ipsec_rec.h"

#include <errno.h>
#include <string.h>

enum kind { NUM, ADDR, DEV, ALG, TMPLS };

/* @max: of a number; @key: it belongs to the key of the object */
struct field {
	uint8_t		id;
	uint8_t		kind;
	bool		key;
	uint16_t	at;
	uint64_t	max;
};

#define U8	UINT8_MAX
#define U16	UINT16_MAX
#define U32	UINT32_MAX
#define U64	UINT64_MAX

#define SEL(k, id, type) \
	{ (id), NUM, k, offsetof(type, sel.family), 6 }, \
	{ (id) + 1, ADDR, k, offsetof(type, sel.src), 0 }, \
	{ (id) + 2, NUM, k, offsetof(type, sel.src_len), 128 }, \
	{ (id) + 3, ADDR, k, offsetof(type, sel.dst), 0 }, \
	{ (id) + 4, NUM, k, offsetof(type, sel.dst_len), 128 }, \
	{ (id) + 5, NUM, k, offsetof(type, sel.proto), U8 }, \
	{ (id) + 6, NUM, k, offsetof(type, sel.sport), U16 }, \
	{ (id) + 7, NUM, k, offsetof(type, sel.sport_mask), U16 }, \
	{ (id) + 8, NUM, k, offsetof(type, sel.dport), U16 }, \
	{ (id) + 9, NUM, k, offsetof(type, sel.dport_mask), U16 }, \
	{ (id) + 10, NUM, k, offsetof(type, sel.user), U32 }, \
	{ (id) + 11, DEV, k, offsetof(type, sel.dev), 0 }

#define SA(id, kind, name, max) \
	{ id, kind, false, offsetof(struct ipsec_sa, name), max }
#define SA_KEY(id, kind, name, max) \
	{ id, kind, true, offsetof(struct ipsec_sa, name), max }

static const struct field sa_fields[] = {
	SA_KEY(1, NUM, family, 6),
	SA_KEY(2, NUM, proto, U8),
	SA_KEY(3, NUM, spi, U32),
	SA_KEY(4, ADDR, dst, 0),
	SA_KEY(5, NUM, mark, U32),
	SA_KEY(6, NUM, mask, U32),
	SA(16, ADDR, src, 0),
	SA(17, NUM, mode, 4),
	SA(18, NUM, reqid, U32),
	SA(19, NUM, flags, U8),
	SA(20, NUM, extra_flags, U32),
	SA(21, NUM, window, U32),
	SA(22, NUM, esn, 1),
	SA(23, NUM, words, 128),
	SA(24, NUM, if_id, U32),
	SA(25, NUM, out_mark, U32),
	SA(26, NUM, out_mask, U32),
	SA(27, NUM, tfc_pad, U32),
	SEL(false, 32, struct ipsec_sa),
	SA(48, NUM, soft_bytes, U64),
	SA(49, NUM, hard_bytes, U64),
	SA(50, NUM, soft_packets, U64),
	SA(51, NUM, hard_packets, U64),
	SA(52, NUM, soft_added, U64),
	SA(53, NUM, hard_added, U64),
	SA(54, NUM, soft_used, U64),
	SA(55, NUM, hard_used, U64),
	SA(64, ALG, auth, 0),
	SA(65, ALG, crypt, 0),
	SA(66, ALG, aead, 0),
	SA(72, NUM, encap, U16),
	SA(73, NUM, encap_sport, U16),
	SA(74, NUM, encap_dport, U16),
	SA(75, ADDR, encap_oa, 0),
	SA(80, NUM, dir, 2),
	SA(81, NUM, keepalive, U32),
	SA(82, NUM, map_age, U32),
	{ .id = 0 }
};

#define POL(id, kind, key, name, max) \
	{ id, kind, key, offsetof(struct ipsec_policy, name), max }

static const struct field policy_fields[] = {
	POL(1, NUM, true, dir, 2),
	SEL(true, 2, struct ipsec_policy),
	POL(14, NUM, true, mark, U32),
	POL(15, NUM, true, mask, U32),
	POL(16, NUM, true, if_id, U32),
	POL(32, NUM, false, action, 1),
	POL(33, NUM, false, flags, U8),
	POL(34, NUM, false, share, U8),
	POL(35, NUM, false, priority, U32),
	POL(36, TMPLS, false, tmpl, 0),
	{ .id = 0 }
};

#define TMPL(id, kind, name, max) \
	{ id, kind, false, offsetof(struct ipsec_tmpl, name), max }

static const struct field tmpl_fields[] = {
	TMPL(1, NUM, family, 6),
	TMPL(2, NUM, proto, U8),
	TMPL(3, NUM, spi, U32),
	TMPL(4, NUM, reqid, U32),
	TMPL(5, NUM, mode, 4),
	TMPL(6, NUM, share, U8),
	TMPL(7, NUM, optional, 1),
	TMPL(8, ADDR, src, 0),
	TMPL(9, ADDR, dst, 0),
	TMPL(10, NUM, aalgos, U32),
	TMPL(11, NUM, ealgos, U32),
	TMPL(12, NUM, calgos, U32),
	{ .id = 0 }
};

/* --- to bytes ------------------------------------------------------------ */

/* @full: there was no room; then nothing of it counts */
struct out {
	unsigned char	*at, *end;
	bool		full;
};

static void put(struct out *o, uint8_t id, const void *bytes, size_t len)
{
	if (o->full || len > U8 || (size_t)(o->end - o->at) < len + 2) {
		o->full = true;
		return;
	}
	*o->at++ = id;
	*o->at++ = len;
	memcpy(o->at, bytes, len);
	o->at += len;
}

static void put_num(struct out *o, uint8_t id, uint64_t v)
{
	unsigned char b[8];
	size_t n = 0;

	for (; v; v >>= 8)
		b[7 - n++] = v;
	if (n)
		put(o, id, b + 8 - n, n);
}

static bool is_zero(const unsigned char *p, size_t len)
{
	while (len && !p[len - 1])
		len--;
	return !len;
}

static void put_addr(struct out *o, uint8_t id, const unsigned char *a)
{
	if (!is_zero(a, IPSEC_ADDR))
		put(o, id, a, is_zero(a + 4, IPSEC_ADDR - 4) ? 4 : IPSEC_ADDR);
}

static size_t key_len(uint32_t bits)
{
	return ((size_t)bits + 7) / 8;
}

static unsigned char *put_u32(unsigned char *to, uint32_t v)
{
	to[0] = v >> 24;
	to[1] = v >> 16;
	to[2] = v >> 8;
	to[3] = v;
	return to + 4;
}

static void put_alg(struct out *o, uint8_t id, const struct ipsec_alg *a)
{
	unsigned char b[1 + IPSEC_NAME + 8 + IPSEC_KEY], *p = b;
	size_t len = strnlen(a->name, sizeof(a->name) - 1);

	if (!len)
		return;
	if (key_len(a->bits) > sizeof(a->key)) {
		o->full = true;
		return;
	}
	*p++ = len;
	memcpy(p, a->name, len);
	p = put_u32(put_u32(p + len, a->bits), a->icv);
	memcpy(p, a->key, key_len(a->bits));
	put(o, id, b, p + key_len(a->bits) - b);
	explicit_bzero(b, sizeof(b));
}

static void put_fields(struct out *o, const struct field *f, bool key,
		       const void *from);

/* @from: tmpl of a policy */
static void put_tmpls(struct out *o, uint8_t id, const void *from)
{
	const struct ipsec_policy *p = (const void *)((const char *)from -
					offsetof(struct ipsec_policy, tmpl));
	unsigned char b[U8];
	struct out one;
	unsigned int i;

	for (i = 0; i < p->n_tmpls && i < IPSEC_TMPLS; i++) {
		one = (struct out) { b, b + sizeof(b), false };
		put_fields(&one, tmpl_fields, false, &p->tmpl[i]);
		o->full |= one.full;
		put(o, id, b, one.at - b);
	}
}

static void put_field(struct out *o, const struct field *f, const void *at)
{
	switch (f->kind) {
	case NUM:
		put_num(o, f->id, *(const uint64_t *)at);
		break;
	case ADDR:
		put_addr(o, f->id, at);
		break;
	case DEV:
		if (*(const char *)at)
			put(o, f->id, at, strnlen(at, IPSEC_DEV - 1));
		break;
	case ALG:
		put_alg(o, f->id, at);
		break;
	case TMPLS:
		put_tmpls(o, f->id, at);
		break;
	}
}

static void put_fields(struct out *o, const struct field *f, bool key,
		       const void *from)
{
	for (; f->id; f++)
		if (f->key == key)
			put_field(o, f, (const char *)from + f->at);
}

static size_t put_all(unsigned char *to, size_t room, const struct field *f,
		      bool key, const void *from)
{
	struct out o = { to, to + room, false };

	put_fields(&o, f, key, from);
	return o.full ? 0 : o.at - to;
}

size_t ipsec_put_sa_key(unsigned char *to, size_t room,
			const struct ipsec_sa *sa)
{
	return put_all(to, room, sa_fields, true, sa);
}

size_t ipsec_put_sa(unsigned char *to, size_t room, const struct ipsec_sa *sa)
{
	return put_all(to, room, sa_fields, false, sa);
}

size_t ipsec_put_policy_key(unsigned char *to, size_t room,
			    const struct ipsec_policy *p)
{
	return put_all(to, room, policy_fields, true, p);
}

size_t ipsec_put_policy(unsigned char *to, size_t room,
			const struct ipsec_policy *p)
{
	return put_all(to, room, policy_fields, false, p);
}

/* --- from bytes ---------------------------------------------------------- */

static bool get_num(const unsigned char *p, size_t len, uint64_t max,
		    uint64_t *v)
{
	if (!len || len > sizeof(*v) || !*p)
		return false;
	for (*v = 0; len; len--)
		*v = *v << 8 | *p++;
	return *v <= max;
}

static bool get_addr(const unsigned char *p, size_t len, unsigned char *a)
{
	if (len != 4 && len != IPSEC_ADDR)
		return false;
	memset(a, 0, IPSEC_ADDR);
	memcpy(a, p, len);
	return !is_zero(a, IPSEC_ADDR) &&
	       (len == 4 || !is_zero(a + 4, IPSEC_ADDR - 4));
}

/* Goes to people, and to the kernel. */
static bool get_text(const unsigned char *p, size_t len, char *to, size_t room)
{
	size_t i;

	if (!len || len >= room)
		return false;
	for (i = 0; i < len; i++)
		if (p[i] <= ' ' || p[i] > '~' || p[i] == '/')
			return false;
	memset(to, 0, room);
	memcpy(to, p, len);
	return true;
}

static uint32_t get_u32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

static bool get_alg(const unsigned char *p, size_t len, struct ipsec_alg *a)
{
	size_t name = len ? *p : 0;

	if (len < 1 + name + 8 ||
	    !get_text(p + 1, name, a->name, sizeof(a->name)))
		return false;
	p += 1 + name;
	len -= 1 + name + 8;
	a->bits = get_u32(p);
	a->icv = get_u32(p + 4);
	if (len > sizeof(a->key) || len != key_len(a->bits))
		return false;
	memcpy(a->key, p + 8, len);
	return true;
}

static int get_fields(const struct field *table, bool key, void *to,
		      const unsigned char *p, size_t len);

static int get_tmpl(const unsigned char *p, size_t len, void *at)
{
	struct ipsec_policy *to = (void *)((char *)at -
					   offsetof(struct ipsec_policy, tmpl));

	if (to->n_tmpls == IPSEC_TMPLS)
		return -EBADMSG;
	return get_fields(tmpl_fields, false, &to->tmpl[to->n_tmpls++], p, len);
}

static int get_field(const struct field *f, void *at, const unsigned char *p,
		     size_t len)
{
	bool ok = false;

	switch (f->kind) {
	case NUM:
		ok = get_num(p, len, f->max, at);
		break;
	case ADDR:
		ok = get_addr(p, len, at);
		break;
	case DEV:
		ok = get_text(p, len, at, IPSEC_DEV);
		break;
	case ALG:
		ok = get_alg(p, len, at);
		break;
	case TMPLS:
		return get_tmpl(p, len, at);
	}
	return ok ? 0 : -EBADMSG;
}

static const struct field *find(const struct field *f, bool key, uint8_t id)
{
	for (; f->id; f++)
		if (f->id == id && f->key == key)
			return f;
	return NULL;
}

static int get_fields(const struct field *table, bool key, void *to,
		      const unsigned char *p, size_t len)
{
	const struct field *f;
	uint8_t last = 0;
	size_t n;
	int err;

	for (; len; p += 2 + n, len -= 2 + n) {
		n = len > 1 ? p[1] : 0;
		if (len < 2 || len - 2 < n)
			return -EBADMSG;
		f = find(table, key, p[0]);
		if (!f)
			return -EOPNOTSUPP;
		if (p[0] < last || (p[0] == last && f->kind != TMPLS))
			return -EBADMSG;
		last = p[0];
		err = get_field(f, (char *)to + f->at, p + 2, n);
		if (err)
			return err;
	}
	return 0;
}

/* --- what can be ---------------------------------------------------------- */

static bool is_family(uint64_t family)
{
	return family == 4 || family == 6;
}

static bool fits(uint64_t family, const unsigned char *addr)
{
	return family == 6 || is_zero(addr + 4, IPSEC_ADDR - 4);
}

static bool is_proto(uint64_t proto)
{
	return proto == 50 || proto == 51;
}

/* Transport, tunnel, and BEET. */
static bool is_mode(uint64_t mode)
{
	return mode == 0 || mode == 1 || mode == 4;
}

static bool sel_ok(const struct ipsec_sel *s)
{
	uint64_t bits = s->family == 4 ? 32 : 128;

	return (!s->family || is_family(s->family)) && s->src_len <= bits &&
	       s->dst_len <= bits && (s->family != 4 ||
	       (fits(4, s->src) && fits(4, s->dst)));
}

static bool sa_key_ok(const struct ipsec_sa *sa)
{
	return is_family(sa->family) && is_proto(sa->proto) && sa->spi &&
	       fits(sa->family, sa->dst);
}

/* AH has a key for the tag alone; what does both has no other one. */
static bool algs_ok(const struct ipsec_sa *sa)
{
	bool auth = sa->auth.name[0], crypt = sa->crypt.name[0];
	bool aead = sa->aead.name[0];

	if (sa->proto == 51)
		return auth && !crypt && !aead;
	return aead ? !auth && !crypt : auth || crypt;
}

static bool sa_ok(const struct ipsec_sa *sa)
{
	return sa_key_ok(sa) && is_mode(sa->mode) && fits(sa->family, sa->src) &&
	       sel_ok(&sa->sel) && algs_ok(sa) &&
	       (sa->esn ? sa->window <= 32 * sa->words :
			  sa->window <= 32 && !sa->words);
}

static bool tmpl_ok(const struct ipsec_tmpl *t)
{
	return is_family(t->family) && is_proto(t->proto) && is_mode(t->mode) &&
	       fits(t->family, t->src) && fits(t->family, t->dst);
}

static bool policy_key_ok(const struct ipsec_policy *p)
{
	return is_family(p->sel.family) && sel_ok(&p->sel);
}

static bool policy_ok(const struct ipsec_policy *p)
{
	unsigned int i;

	for (i = 0; i < p->n_tmpls; i++)
		if (!tmpl_ok(&p->tmpl[i]))
			return false;
	return policy_key_ok(p) && p->n_tmpls;
}

int ipsec_get_sa_key(struct ipsec_sa *sa, const unsigned char *from, size_t len)
{
	int err;

	*sa = (struct ipsec_sa) { .family = 0 };
	err = get_fields(sa_fields, true, sa, from, len);
	return err || sa_key_ok(sa) ? err : -EBADMSG;
}

int ipsec_get_sa(struct ipsec_sa *sa, const unsigned char *from, size_t len)
{
	int err = get_fields(sa_fields, false, sa, from, len);

	return err || sa_ok(sa) ? err : -EBADMSG;
}

int ipsec_get_policy_key(struct ipsec_policy *p, const unsigned char *from,
			 size_t len)
{
	int err;

	*p = (struct ipsec_policy) { .dir = 0 };
	err = get_fields(policy_fields, true, p, from, len);
	return err || policy_key_ok(p) ? err : -EBADMSG;
}

int ipsec_get_policy(struct ipsec_policy *p, const unsigned char *from,
		     size_t len)
{
	int err = get_fields(policy_fields, false, p, from, len);

	return err || policy_ok(p) ? err : -EBADMSG;
}
