// SPDX-License-Identifier: GPL-2.0
/*
 * SAs and policies of IPsec in the messages of the kernel. Pure, but for the
 * names of devices.
 *
 * What an SA has besides would be lost on the other unit, and the SA another one:
 * so an attribute that is not known makes it one that is not replicated.
 */
#include "xfrm_msg.h"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/xfrm.h>
#include <net/if.h>
#include <string.h>

/* Of kernels that are newer than these headers. */
#define A_SA_DIR	33
#define A_KEEPALIVE	34

#define NO_LIMIT(v)	((v) == XFRM_INF || !(v))

static const char *const whys[XFRM_WHYS] = {
	[XFRM_OK]	= "",
	[XFRM_EMPTY]	= "it is not complete",
	[XFRM_FOREIGN]	= "it has no address of the pair",
	[XFRM_PROTO]	= "only ESP and AH in transport, tunnel and BEET mode are replicated",
	[XFRM_OFFLOAD]	= "a network card has it",
	[XFRM_UNKNOWN]	= "it has what this version does not know",
	[XFRM_LONG]	= "its key is too long",
	[XFRM_HIDDEN]	= "the kernel is locked down and gives no keys out",
	[XFRM_LIMITS]	= "it ends by itself",
	[XFRM_NO_TMPL]	= "it asks for no SA",
};

const char *xfrm_why(enum xfrm_why why)
{
	return whys[why];
}

/* --- what both have ------------------------------------------------------- */

static uint64_t family_from(uint16_t af)
{
	return af == AF_INET ? 4 : af == AF_INET6 ? 6 : 0;
}

static uint16_t family_to(uint64_t family)
{
	return family == 4 ? AF_INET : family == 6 ? AF_INET6 : AF_UNSPEC;
}

/* What is behind an address of IPv4 does not belong to it. */
static void addr_from(unsigned char *to, const xfrm_address_t *a, uint64_t family)
{
	memset(to, 0, IPSEC_ADDR);
	memcpy(to, a, family == 4 ? 4 : IPSEC_ADDR);
}

static void addr_to(xfrm_address_t *to, const unsigned char *a)
{
	memcpy(to, a, IPSEC_ADDR);
}

/* False when it has a device that is not there any more. */
static bool sel_from(struct ipsec_sel *to, const struct xfrm_selector *s)
{
	char name[IF_NAMESIZE];

	to->family = family_from(s->family);
	addr_from(to->src, &s->saddr, to->family);
	addr_from(to->dst, &s->daddr, to->family);
	to->src_len = s->prefixlen_s;
	to->dst_len = s->prefixlen_d;
	to->proto = s->proto;
	to->sport = ntohs(s->sport);
	to->sport_mask = ntohs(s->sport_mask);
	to->dport = ntohs(s->dport);
	to->dport_mask = ntohs(s->dport_mask);
	to->user = s->user;
	if (!s->ifindex)
		return true;
	if (!if_indextoname(s->ifindex, name))
		return false;
	memcpy(to->dev, name, sizeof(to->dev));
	return true;
}

bool xfrm_has_dev(const struct ipsec_sel *sel)
{
	return !sel->dev[0] || if_nametoindex(sel->dev);
}

static bool sel_to(struct xfrm_selector *to, const struct ipsec_sel *s)
{
	*to = (struct xfrm_selector) {
		.sport = htons(s->sport), .sport_mask = htons(s->sport_mask),
		.dport = htons(s->dport), .dport_mask = htons(s->dport_mask),
		.family = family_to(s->family),
		.prefixlen_s = s->src_len, .prefixlen_d = s->dst_len,
		.proto = s->proto, .user = s->user,
		.ifindex = s->dev[0] ? if_nametoindex(s->dev) : 0,
	};
	addr_to(&to->saddr, s->src);
	addr_to(&to->daddr, s->dst);
	return xfrm_has_dev(s);
}

/* Messages are at multiples of four bytes only. */
static bool get_head(const struct nlmsghdr *nlh, void *to, size_t len)
{
	if (mnl_nlmsg_get_payload_len(nlh) < len)
		return false;
	memcpy(to, mnl_nlmsg_get_payload(nlh), len);
	return true;
}

/* --- an SA from the kernel ------------------------------------------------- */

struct attrs {
	const struct nlattr *a[A_KEEPALIVE + 1];
};

/*
 * False when there is one that is not in @known. libmnl's own loop ends at the next
 * multiple of four bytes behind the message.
 */
static bool take_attrs(const struct nlmsghdr *nlh, size_t head, struct attrs *t,
		       const uint8_t *known, size_t n)
{
	const char *from = mnl_nlmsg_get_payload(nlh);
	size_t len = mnl_nlmsg_get_payload_len(nlh), at = MNL_ALIGN(head);
	const struct nlattr *attr;
	uint16_t type;

	*t = (struct attrs) { { NULL } };
	if (len <= at)
		return true;
	mnl_attr_for_each_payload((const void *)(from + at), len - at) {
		type = mnl_attr_get_type(attr);
		if (type > A_KEEPALIVE || !memchr(known, type, n))
			return false;
		t->a[type] = attr;
	}
	return true;
}

static const void *payload(const struct attrs *t, uint16_t type, size_t least)
{
	const struct nlattr *a = t->a[type];

	return a && mnl_attr_get_payload_len(a) >= least ?
	       mnl_attr_get_payload(a) : NULL;
}

/* What is shorter than that is taken for absent, as the kernel never sends it. */
static uint32_t u32_of(const struct attrs *t, uint16_t type)
{
	const void *p = payload(t, type, sizeof(uint32_t));
	uint32_t v = 0;

	if (p)
		memcpy(&v, p, sizeof(v));
	return v;
}

static uint8_t u8_of(const struct attrs *t, uint16_t type)
{
	const uint8_t *p = payload(t, type, sizeof(*p));

	return p ? *p : 0;
}

/* An algorithm: a name, bits of the key, maybe bits of the tag, and the key. */
static enum xfrm_why alg_from(const struct attrs *t, uint16_t type, bool icv,
			      struct ipsec_alg *to)
{
	size_t head = icv ? sizeof(struct xfrm_algo_auth) :
			    sizeof(struct xfrm_algo), bytes;
	const unsigned char *p = payload(t, type, head);
	size_t i;

	if (!t->a[type])
		return XFRM_OK;
	if (!p)
		return XFRM_UNKNOWN;
	memcpy(to->name, p, sizeof(to->name));
	to->name[sizeof(to->name) - 1] = 0;
	memset(to->name + strlen(to->name), 0,
	       sizeof(to->name) - strlen(to->name));
	memcpy(&to->bits, p + sizeof(to->name), sizeof(to->bits));
	if (icv)
		memcpy(&to->icv, p + sizeof(to->name) + sizeof(to->bits),
		       sizeof(to->icv));
	bytes = ((size_t)to->bits + 7) / 8;
	if (mnl_attr_get_payload_len(t->a[type]) - head < bytes)
		return XFRM_UNKNOWN;
	if (bytes > sizeof(to->key))
		return XFRM_LONG;
	memcpy(to->key, p + head, bytes);
	for (i = 0; i < bytes && !to->key[i]; i++)
		;
	return bytes && i == bytes ? XFRM_HIDDEN : XFRM_OK;
}

static enum xfrm_why algs_from(struct ipsec_sa *sa, const struct attrs *t)
{
	enum xfrm_why why = alg_from(t, XFRMA_ALG_AEAD, true, &sa->aead);

	if (!why)
		why = alg_from(t, XFRMA_ALG_CRYPT, false, &sa->crypt);
	/* the kernel gives both, and this one with the length of the tag */
	if (!why)
		why = t->a[XFRMA_ALG_AUTH_TRUNC] ?
		      alg_from(t, XFRMA_ALG_AUTH_TRUNC, true, &sa->auth) :
		      alg_from(t, XFRMA_ALG_AUTH, false, &sa->auth);
	return why;
}

static void limits_from(struct ipsec_sa *sa, const struct xfrm_lifetime_cfg *l)
{
	/* the greatest number means none: so that is zero */
	sa->soft_bytes = l->soft_byte_limit + 1;
	sa->hard_bytes = l->hard_byte_limit + 1;
	sa->soft_packets = l->soft_packet_limit + 1;
	sa->hard_packets = l->hard_packet_limit + 1;
	sa->soft_added = l->soft_add_expires_seconds;
	sa->hard_added = l->hard_add_expires_seconds;
	sa->soft_used = l->soft_use_expires_seconds;
	sa->hard_used = l->hard_use_expires_seconds;
}

static bool window_from(struct ipsec_sa *sa, const struct attrs *t, uint8_t small)
{
	const struct xfrm_replay_state_esn *esn =
		payload(t, XFRMA_REPLAY_ESN_VAL, sizeof(*esn));

	sa->window = small;
	if (!t->a[XFRMA_REPLAY_ESN_VAL])
		return true;
	if (!esn)
		return false;
	sa->esn = 1;
	sa->words = esn->bmp_len;
	sa->window = esn->replay_window;
	return true;
}

static bool encap_from(struct ipsec_sa *sa, const struct attrs *t)
{
	const struct xfrm_encap_tmpl *e = payload(t, XFRMA_ENCAP, sizeof(*e));

	if (!t->a[XFRMA_ENCAP])
		return true;
	if (!e)
		return false;
	sa->encap = e->encap_type;
	sa->encap_sport = ntohs(e->encap_sport);
	sa->encap_dport = ntohs(e->encap_dport);
	addr_from(sa->encap_oa, &e->encap_oa, sa->family);
	return true;
}

static void marks_from(uint64_t *mark, uint64_t *mask, const struct attrs *t)
{
	const struct xfrm_mark *m = payload(t, XFRMA_MARK, sizeof(*m));

	*mark = m ? m->v : 0;
	*mask = m ? m->m : 0;
}

static void rest_from(struct ipsec_sa *sa, const struct attrs *t)
{
	sa->extra_flags = u32_of(t, XFRMA_SA_EXTRA_FLAGS);
	sa->tfc_pad = u32_of(t, XFRMA_TFCPAD);
	sa->if_id = u32_of(t, XFRMA_IF_ID);
	sa->out_mark = u32_of(t, XFRMA_SET_MARK);
	sa->out_mask = u32_of(t, XFRMA_SET_MARK_MASK);
	sa->map_age = u32_of(t, XFRMA_MTIMER_THRESH);
	sa->keepalive = u32_of(t, A_KEEPALIVE);
	sa->dir = u8_of(t, A_SA_DIR);
}

static void info_from(struct ipsec_sa *sa, const struct xfrm_usersa_info *i)
{
	*sa = (struct ipsec_sa) {
		.family = family_from(i->family), .proto = i->id.proto,
		.spi = ntohl(i->id.spi), .mode = i->mode, .reqid = i->reqid,
		.flags = i->flags,
	};
	addr_from(sa->dst, &i->id.daddr, sa->family);
	addr_from(sa->src, &i->saddr, sa->family);
	limits_from(sa, &i->lft);
}

static bool is_proto(uint64_t proto)
{
	return proto == IPPROTO_ESP || proto == IPPROTO_AH;
}

static bool is_mode(uint8_t mode)
{
	return mode == XFRM_MODE_TRANSPORT || mode == XFRM_MODE_TUNNEL ||
	       mode == XFRM_MODE_BEET;
}

enum xfrm_why xfrm_get_sa(const struct nlmsghdr *nlh, struct ipsec_sa *sa)
{
	static const uint8_t known[] = {
		XFRMA_ALG_AEAD, XFRMA_ALG_AUTH, XFRMA_ALG_AUTH_TRUNC,
		XFRMA_ALG_CRYPT, XFRMA_ENCAP, XFRMA_IF_ID, XFRMA_LASTUSED,
		XFRMA_LTIME_VAL, XFRMA_MARK, XFRMA_MTIMER_THRESH, XFRMA_PAD,
		XFRMA_REPLAY_ESN_VAL, XFRMA_REPLAY_VAL, XFRMA_SA_EXTRA_FLAGS,
		XFRMA_SET_MARK, XFRMA_SET_MARK_MASK, XFRMA_TFCPAD,
		XFRMA_OFFLOAD_DEV, A_SA_DIR, A_KEEPALIVE,
	};
	struct xfrm_usersa_info i;
	enum xfrm_why why;
	struct attrs t;

	*sa = (struct ipsec_sa) { .family = 0 };
	if (!get_head(nlh, &i, sizeof(i)))
		return XFRM_UNKNOWN;
	info_from(sa, &i);
	if (!take_attrs(nlh, sizeof(i), &t, known, sizeof(known)))
		return is_proto(sa->proto) ? XFRM_UNKNOWN : XFRM_PROTO;
	if (!is_proto(sa->proto) || !is_mode(i.mode))
		return XFRM_PROTO;
	if (t.a[XFRMA_OFFLOAD_DEV])
		return XFRM_OFFLOAD;
	/* a number was reserved for it, or it was asked for */
	if (!sa->spi || (!t.a[XFRMA_ALG_AEAD] && !t.a[XFRMA_ALG_AUTH] &&
			 !t.a[XFRMA_ALG_AUTH_TRUNC] && !t.a[XFRMA_ALG_CRYPT]))
		return XFRM_EMPTY;
	why = algs_from(sa, &t);
	if (why)
		return why;
	if (!sel_from(&sa->sel, &i.sel) ||
	    !window_from(sa, &t, i.replay_window) || !encap_from(sa, &t))
		return XFRM_UNKNOWN;
	marks_from(&sa->mark, &sa->mask, &t);
	rest_from(sa, &t);
	return XFRM_OK;
}

/* --- an SA to the kernel --------------------------------------------------- */

static void put_alg(struct nlmsghdr *nlh, uint16_t type, bool icv,
		    const struct ipsec_alg *a)
{
	unsigned char b[sizeof(struct xfrm_algo_auth) + IPSEC_KEY] = "";
	size_t len = ((size_t)a->bits + 7) / 8, at = sizeof(a->name);

	if (!a->name[0])
		return;
	memcpy(b, a->name, at);
	memcpy(b + at, &a->bits, sizeof(a->bits));
	at += sizeof(a->bits);
	if (icv) {
		memcpy(b + at, &a->icv, sizeof(a->icv));
		at += sizeof(a->icv);
	}
	memcpy(b + at, a->key, len);
	mnl_attr_put(nlh, type, at + len, b);
	explicit_bzero(b, sizeof(b));
}

static void put_algs(struct nlmsghdr *nlh, const struct ipsec_sa *sa)
{
	put_alg(nlh, XFRMA_ALG_AEAD, true, &sa->aead);
	put_alg(nlh, XFRMA_ALG_CRYPT, false, &sa->crypt);
	if (sa->auth.icv)
		put_alg(nlh, XFRMA_ALG_AUTH_TRUNC, true, &sa->auth);
	else
		put_alg(nlh, XFRMA_ALG_AUTH, false, &sa->auth);
}

static void put_window(struct nlmsghdr *nlh, const struct ipsec_sa *sa, bool out)
{
	struct xfrm_replay_state small = { .oseq = XFRM_MARGIN };
	struct {
		struct xfrm_replay_state_esn esn;
		uint32_t bmp[128];
	} all = { .esn = { .bmp_len = sa->words, .replay_window = sa->window,
			   .oseq = out ? XFRM_MARGIN : 0 } };

	if (sa->esn)
		mnl_attr_put(nlh, XFRMA_REPLAY_ESN_VAL, sizeof(all.esn) +
			     sa->words * sizeof(all.bmp[0]), &all);
	else if (out)
		mnl_attr_put(nlh, XFRMA_REPLAY_VAL, sizeof(small), &small);
}

static void put_mark(struct nlmsghdr *nlh, uint64_t mark, uint64_t mask)
{
	struct xfrm_mark m = { .v = mark, .m = mask };

	if (mark || mask)
		mnl_attr_put(nlh, XFRMA_MARK, sizeof(m), &m);
}

static void put_u32(struct nlmsghdr *nlh, uint16_t type, uint64_t v)
{
	if (v)
		mnl_attr_put_u32(nlh, type, v);
}

static void put_encap(struct nlmsghdr *nlh, const struct ipsec_sa *sa)
{
	struct xfrm_encap_tmpl e = {
		.encap_type = sa->encap, .encap_sport = htons(sa->encap_sport),
		.encap_dport = htons(sa->encap_dport),
	};

	addr_to(&e.encap_oa, sa->encap_oa);
	if (sa->encap)
		mnl_attr_put(nlh, XFRMA_ENCAP, sizeof(e), &e);
}

static void put_rest(struct nlmsghdr *nlh, const struct ipsec_sa *sa)
{
	put_u32(nlh, XFRMA_SA_EXTRA_FLAGS, sa->extra_flags);
	put_u32(nlh, XFRMA_TFCPAD, sa->tfc_pad);
	put_u32(nlh, XFRMA_IF_ID, sa->if_id);
	put_u32(nlh, XFRMA_SET_MARK, sa->out_mark);
	put_u32(nlh, XFRMA_SET_MARK_MASK, sa->out_mask);
	put_u32(nlh, XFRMA_MTIMER_THRESH, sa->map_age);
	put_u32(nlh, A_KEEPALIVE, sa->keepalive);
	if (sa->dir)
		mnl_attr_put_u8(nlh, A_SA_DIR, sa->dir);
}

static struct xfrm_lifetime_cfg limits_to(const struct ipsec_sa *sa)
{
	return (struct xfrm_lifetime_cfg) {
		.soft_byte_limit = sa->soft_bytes - 1,
		.hard_byte_limit = sa->hard_bytes - 1,
		.soft_packet_limit = sa->soft_packets - 1,
		.hard_packet_limit = sa->hard_packets - 1,
		.soft_add_expires_seconds = sa->soft_added,
		.hard_add_expires_seconds = sa->hard_added,
		.soft_use_expires_seconds = sa->soft_used,
		.hard_use_expires_seconds = sa->hard_used,
	};
}

void xfrm_put_sa(struct nlmsghdr *nlh, const struct ipsec_sa *sa, bool out)
{
	struct xfrm_usersa_info *i =
		mnl_nlmsg_put_extra_header(nlh, sizeof(*i));

	*i = (struct xfrm_usersa_info) {
		.id.proto = sa->proto, .id.spi = htonl(sa->spi),
		.family = family_to(sa->family), .mode = sa->mode,
		.reqid = sa->reqid, .flags = sa->flags,
		.replay_window = sa->esn ? 0 : sa->window,
		.lft = limits_to(sa),
	};
	addr_to(&i->id.daddr, sa->dst);
	addr_to(&i->saddr, sa->src);
	sel_to(&i->sel, &sa->sel);
	put_algs(nlh, sa);
	put_window(nlh, sa, out);
	put_mark(nlh, sa->mark, sa->mask);
	put_encap(nlh, sa);
	put_rest(nlh, sa);
}

void xfrm_put_sa_id(struct nlmsghdr *nlh, const struct ipsec_sa *sa)
{
	struct xfrm_usersa_id *id = mnl_nlmsg_put_extra_header(nlh, sizeof(*id));

	*id = (struct xfrm_usersa_id) {
		.spi = htonl(sa->spi), .family = family_to(sa->family),
		.proto = sa->proto,
	};
	addr_to(&id->daddr, sa->dst);
	put_mark(nlh, sa->mark, sa->mask);
}

/* --- policies -------------------------------------------------------------- */

static bool no_limits(const struct xfrm_lifetime_cfg *l)
{
	return NO_LIMIT(l->soft_byte_limit) && NO_LIMIT(l->hard_byte_limit) &&
	       NO_LIMIT(l->soft_packet_limit) &&
	       NO_LIMIT(l->hard_packet_limit) &&
	       !l->soft_add_expires_seconds && !l->hard_add_expires_seconds &&
	       !l->soft_use_expires_seconds && !l->hard_use_expires_seconds;
}

static void tmpl_from(struct ipsec_tmpl *to, const struct xfrm_user_tmpl *t)
{
	*to = (struct ipsec_tmpl) {
		.family = family_from(t->family), .proto = t->id.proto,
		.spi = ntohl(t->id.spi), .reqid = t->reqid, .mode = t->mode,
		.share = t->share, .optional = t->optional,
		.aalgos = t->aalgos, .ealgos = t->ealgos, .calgos = t->calgos,
	};
	addr_from(to->src, &t->saddr, to->family);
	addr_from(to->dst, &t->id.daddr, to->family);
}

static enum xfrm_why tmpls_from(struct ipsec_policy *p, const struct attrs *t)
{
	const struct nlattr *a = t->a[XFRMA_TMPL];
	struct xfrm_user_tmpl one;
	size_t i, n = a ? mnl_attr_get_payload_len(a) / sizeof(one) : 0;

	if (n > IPSEC_TMPLS)
		return XFRM_UNKNOWN;
	for (i = 0; i < n; i++) {
		memcpy(&one, (const char *)mnl_attr_get_payload(a) +
		       i * sizeof(one), sizeof(one));
		tmpl_from(&p->tmpl[i], &one);
		if (!is_proto(p->tmpl[i].proto) || !is_mode(one.mode))
			return XFRM_PROTO;
	}
	p->n_tmpls = n;
	return n ? XFRM_OK : XFRM_NO_TMPL;
}

/* A policy that is told to the kernel is of the main type without it. */
static bool is_main(const struct attrs *t)
{
	const struct xfrm_userpolicy_type *type =
		payload(t, XFRMA_POLICY_TYPE, sizeof(*type));

	return !type || type->type == XFRM_POLICY_TYPE_MAIN;
}

enum xfrm_why xfrm_get_policy(const struct nlmsghdr *nlh, struct ipsec_policy *p)
{
	static const uint8_t known[] = {
		XFRMA_TMPL, XFRMA_MARK, XFRMA_IF_ID, XFRMA_POLICY_TYPE,
		XFRMA_PAD, XFRMA_OFFLOAD_DEV,
	};
	struct xfrm_userpolicy_info i;
	enum xfrm_why why;
	struct attrs t;

	*p = (struct ipsec_policy) { .dir = 0 };
	if (!get_head(nlh, &i, sizeof(i)))
		return XFRM_UNKNOWN;
	/* those of sockets have numbers behind these */
	if (i.dir > XFRM_POLICY_FWD)
		return XFRM_EMPTY;
	p->dir = i.dir;
	p->action = i.action;
	p->flags = i.flags;
	p->share = i.share;
	p->priority = i.priority;
	if (!take_attrs(nlh, sizeof(i), &t, known, sizeof(known)) ||
	    !is_main(&t))
		return XFRM_UNKNOWN;
	marks_from(&p->mark, &p->mask, &t);
	p->if_id = u32_of(&t, XFRMA_IF_ID);
	if (!sel_from(&p->sel, &i.sel))
		return XFRM_UNKNOWN;
	why = tmpls_from(p, &t);
	if (why)
		return why;
	if (t.a[XFRMA_OFFLOAD_DEV])
		return XFRM_OFFLOAD;
	return no_limits(&i.lft) ? XFRM_OK : XFRM_LIMITS;
}

static void put_tmpls(struct nlmsghdr *nlh, const struct ipsec_policy *p)
{
	struct xfrm_user_tmpl t[IPSEC_TMPLS];
	unsigned int i;

	for (i = 0; i < p->n_tmpls && i < IPSEC_TMPLS; i++) {
		t[i] = (struct xfrm_user_tmpl) {
			.id.spi = htonl(p->tmpl[i].spi),
			.id.proto = p->tmpl[i].proto,
			.family = family_to(p->tmpl[i].family),
			.reqid = p->tmpl[i].reqid, .mode = p->tmpl[i].mode,
			.share = p->tmpl[i].share,
			.optional = p->tmpl[i].optional,
			.aalgos = p->tmpl[i].aalgos,
			.ealgos = p->tmpl[i].ealgos,
			.calgos = p->tmpl[i].calgos,
		};
		addr_to(&t[i].saddr, p->tmpl[i].src);
		addr_to(&t[i].id.daddr, p->tmpl[i].dst);
	}
	mnl_attr_put(nlh, XFRMA_TMPL, i * sizeof(t[0]), t);
}

bool xfrm_put_policy(struct nlmsghdr *nlh, const struct ipsec_policy *p)
{
	struct xfrm_userpolicy_info *i =
		mnl_nlmsg_put_extra_header(nlh, sizeof(*i));
	bool ok;

	*i = (struct xfrm_userpolicy_info) {
		.lft = { .soft_byte_limit = XFRM_INF,
			 .hard_byte_limit = XFRM_INF,
			 .soft_packet_limit = XFRM_INF,
			 .hard_packet_limit = XFRM_INF },
		.priority = p->priority, .dir = p->dir, .action = p->action,
		.flags = p->flags, .share = p->share,
	};
	ok = sel_to(&i->sel, &p->sel);
	put_tmpls(nlh, p);
	put_mark(nlh, p->mark, p->mask);
	put_u32(nlh, XFRMA_IF_ID, p->if_id);
	return ok;
}

bool xfrm_put_policy_id(struct nlmsghdr *nlh, const struct ipsec_policy *p)
{
	struct xfrm_userpolicy_id *id =
		mnl_nlmsg_put_extra_header(nlh, sizeof(*id));
	bool ok;

	*id = (struct xfrm_userpolicy_id) { .dir = p->dir };
	ok = sel_to(&id->sel, &p->sel);
	put_mark(nlh, p->mark, p->mask);
	put_u32(nlh, XFRMA_IF_ID, p->if_id);
	return ok;
}
