// SPDX-License-Identifier: GPL-2.0
/*
 * Elements of named sets of nftables, as the kernel has them.
 *
 * By its netlink alone: a key is bytes that go back as they came, of whatever
 * type, and what is asked for once a second makes no text that is read again.
 */
#include "nft_set.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"

static const struct {
	const char *name;
	uint8_t family;
} families[] = {
	{ "inet", NFPROTO_INET }, { "ip", NFPROTO_IPV4 },
	{ "ip6", NFPROTO_IPV6 }, { "arp", NFPROTO_ARP },
	{ "bridge", NFPROTO_BRIDGE }, { "netdev", NFPROTO_NETDEV },
};

bool nft_set_parse(struct nft_set *s, const char *text)
{
	char family[8];
	size_t i;

	*s = (struct nft_set) { .family = 0 };
	if (sscanf(text, "%7s %31s %31s", family, s->table, s->name) != 3)
		return false;
	for (i = 0; i < sizeof(families) / sizeof(*families); i++)
		if (!strcmp(families[i].name, family))
			s->family = families[i].family;
	return s->family;
}

/* --- requests ------------------------------------------------------------ */

static struct nlmsghdr *begin(struct nlask *n, void *buf, uint16_t type,
			      uint16_t flags, uint8_t family, uint16_t res)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nfgenmsg *nfg;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++n->seq;
	nfg = mnl_nlmsg_put_extra_header(nlh, sizeof(*nfg));
	nfg->nfgen_family = family;
	nfg->version = NFNETLINK_V0;
	nfg->res_id = htons(res);
	return nlh;
}

static uint16_t table_type(uint16_t msg)
{
	return NFNL_SUBSYS_NFTABLES << 8 | msg;
}

/* --- the set ------------------------------------------------------------- */

struct seen {
	uint32_t flags;
	uint64_t timeout;
};

static uint64_t get_ms(const struct nlattr *attr)
{
	return be64toh(mnl_attr_get_u64(attr));
}

static int see_set(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr;
	struct seen *s = data;

	mnl_attr_for_each(attr, nlh, sizeof(struct nfgenmsg)) {
		if (mnl_attr_get_type(attr) == NFTA_SET_FLAGS)
			s->flags = ntohl(mnl_attr_get_u32(attr));
		if (mnl_attr_get_type(attr) == NFTA_SET_TIMEOUT)
			s->timeout = get_ms(attr);
	}
	return MNL_CB_OK;
}

int nft_set_check(struct nlask *n, struct nft_set *s)
{
	char buf[1024] = "";
	struct nlmsghdr *nlh = begin(n, buf, table_type(NFT_MSG_GETSET),
				     NLM_F_ACK, s->family, 0);
	struct seen seen = { .flags = 0 };
	int err;

	mnl_attr_put_strz(nlh, NFTA_SET_TABLE, s->table);
	mnl_attr_put_strz(nlh, NFTA_SET_NAME, s->name);
	err = nlask(n, nlh, see_set, &seen);
	if (err)
		return err;
	s->timeout = seen.timeout;
	if (seen.flags & (NFT_SET_INTERVAL | NFT_SET_MAP | NFT_SET_OBJECT))
		return -EOPNOTSUPP;
	return seen.flags & NFT_SET_TIMEOUT ? 0 : -EINVAL;
}

const char *nft_set_why(int err)
{
	return err == -ENOENT ? "there is no such set" :
	       err == -EINVAL ? "its elements have no timeouts" :
	       err == -EOPNOTSUPP ? "intervals and maps are not replicated" :
				    strerror(-err);
}

void nft_sets_look(struct fo_config *c)
{
	struct nlask n;
	struct nft_set set;
	unsigned int i;
	int err;

	if (!c->n_sets || nlask_open(&n, NETLINK_NETFILTER, NFT_TIMEOUT_S))
		return;
	for (i = 0; i < c->n_sets; i++) {
		err = nft_set_parse(&set, c->set[i].what) ?
		      nft_set_check(&n, &set) : -ENOENT;
		snprintf(c->set[i].why, sizeof(c->set[i].why), "%s",
			 err ? nft_set_why(err) : "");
	}
	nlask_close(&n);
}

/* --- its elements -------------------------------------------------------- */

struct listing {
	struct setlist *list;
	uint64_t now;
	uint64_t timeout;	/* of an element that has none of its own */
	bool full;
};

static bool get_key(const struct nlattr *nest, struct setitem *e)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) != NFTA_DATA_VALUE ||
		    mnl_attr_get_payload_len(attr) > sizeof(e->key))
			continue;
		e->len = mnl_attr_get_payload_len(attr);
		memcpy(e->key, mnl_attr_get_payload(attr), e->len);
	}
	return e->len;
}

static void see_element(const struct nlattr *nest, struct listing *l)
{
	struct setitem e = { .timeout = l->timeout };
	const struct nlattr *attr;
	bool lives = false;

	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case NFTA_SET_ELEM_KEY:
			get_key(attr, &e);
			break;
		case NFTA_SET_ELEM_TIMEOUT:
			e.timeout = get_ms(attr);
			break;
		case NFTA_SET_ELEM_EXPIRATION:
			e.end = l->now + get_ms(attr);
			lives = true;
		}
	}
	if (lives && e.len && !setlist_add(l->list, &e))
		l->full = true;
}

static int see_elements(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr, *one;

	mnl_attr_for_each(attr, nlh, sizeof(struct nfgenmsg)) {
		if (mnl_attr_get_type(attr) != NFTA_SET_ELEM_LIST_ELEMENTS)
			continue;
		mnl_attr_for_each_nested(one, attr)
			see_element(one, data);
	}
	return MNL_CB_OK;
}

static void put_set(struct nlmsghdr *nlh, const struct nft_set *s)
{
	mnl_attr_put_strz(nlh, NFTA_SET_ELEM_LIST_TABLE, s->table);
	mnl_attr_put_strz(nlh, NFTA_SET_ELEM_LIST_SET, s->name);
}

int nft_set_list(struct nlask *n, const struct nft_set *s, struct setlist *list)
{
	char buf[1024] = "";
	struct nlmsghdr *nlh = begin(n, buf, table_type(NFT_MSG_GETSETELEM),
				     NLM_F_DUMP, s->family, 0);
	struct listing l = { .list = list, .now = now_ms(),
			     .timeout = s->timeout };
	int err;

	put_set(nlh, s);
	err = nlask(n, nlh, see_elements, &l);
	return err ? err : l.full ? -ENOMEM : 0;
}

static void put_element(struct nlmsghdr *nlh, const struct setitem *e,
			bool whole)
{
	uint64_t now = now_ms(), left = e->end > now ? e->end - now : 1;
	struct nlattr *all, *one, *key;

	all = mnl_attr_nest_start(nlh, NFTA_SET_ELEM_LIST_ELEMENTS);
	one = mnl_attr_nest_start(nlh, NFTA_LIST_ELEM);
	key = mnl_attr_nest_start(nlh, NFTA_SET_ELEM_KEY);
	mnl_attr_put(nlh, NFTA_DATA_VALUE, e->len, e->key);
	mnl_attr_nest_end(nlh, key);
	if (whole && e->timeout) {
		if (left > e->timeout)
			left = e->timeout;
		mnl_attr_put_u64(nlh, NFTA_SET_ELEM_TIMEOUT,
				 htobe64(e->timeout));
	}
	if (whole)
		mnl_attr_put_u64(nlh, NFTA_SET_ELEM_EXPIRATION, htobe64(left));
	mnl_attr_nest_end(nlh, one);
	mnl_attr_nest_end(nlh, all);
}

/* A transaction of one change. */
static int change(struct nlask *n, const struct nft_set *s, uint16_t msg,
		  const struct setitem *e)
{
	char buf[2048] = "";
	struct nlmsghdr *nlh;
	size_t len;
	uint32_t seq;

	nlh = begin(n, buf, NFNL_MSG_BATCH_BEGIN, 0, AF_UNSPEC,
		    NFNL_SUBSYS_NFTABLES);
	len = nlh->nlmsg_len;
	nlh = begin(n, buf + len, table_type(msg), NLM_F_ACK |
		    (msg == NFT_MSG_NEWSETELEM ? NLM_F_CREATE : 0),
		    s->family, 0);
	seq = nlh->nlmsg_seq;
	put_set(nlh, s);
	put_element(nlh, e, msg == NFT_MSG_NEWSETELEM);
	len += nlh->nlmsg_len;
	nlh = begin(n, buf + len, NFNL_MSG_BATCH_END, 0, AF_UNSPEC,
		    NFNL_SUBSYS_NFTABLES);
	len += nlh->nlmsg_len;
	if (mnl_socket_sendto(n->sk, buf, len) < 0)
		return -errno;
	return nlask_answer(n, seq, NULL, NULL);
}

int nft_set_delete(struct nlask *n, const struct nft_set *s,
		   const struct setitem *e)
{
	return change(n, s, NFT_MSG_DELSETELEM, e);
}

/* One that is there keeps its timeout when it is added: it has to go first. */
int nft_set_put(struct nlask *n, const struct nft_set *s,
		const struct setitem *e)
{
	nft_set_delete(n, s, e);
	return change(n, s, NFT_MSG_NEWSETELEM, e);
}
