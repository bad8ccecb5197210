// SPDX-License-Identifier: GPL-2.0
/* Generic netlink: the rules that say which connections are replicated. */

#include "unit.h"

#include <net/netlink.h>

#include "netlink-gen.h"
#include "netlink.h"

/* A port of HTTP; the first one that is given takes the place of the default. */
int fo_netlink_get_http_port(const struct nlattr *attr, struct fo_config *c,
			     unsigned int *given, struct netlink_ext_ack *extack)
{
	struct fo_filter *f = &c->filter;

	BUILD_BUG_ON(FO_HTTP_PORTS != NF_FAILOVER_HTTP_PORTS_MAX);
	if (*given == FO_HTTP_PORTS) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "too many ports of HTTP");
		return -E2BIG;
	}
	f->port[(*given)++] = nla_get_u16(attr);
	f->ports = *given;
	return 0;
}

static const char *get_ports(struct nlattr *const *tb, struct fo_filter_rule *r)
{
	const struct nlattr *from = tb[NF_FAILOVER_FILTER_PORT_FROM];
	const struct nlattr *to = tb[NF_FAILOVER_FILTER_PORT_TO];

	if (!from && !to)
		return NULL;
	if (!from || !to || !nla_get_u16(from) ||
	    nla_get_u16(from) > nla_get_u16(to))
		return "a rule needs the lowest port, which is not 0, and the highest one";
	r->keys |= FO_FILTER_PORT;
	r->port[0] = nla_get_u16(from);
	r->port[1] = nla_get_u16(to);
	return NULL;
}

/* Rules that judge alike are the same: nothing is kept behind the prefix. */
static void cut(u8 *addr, unsigned int plen)
{
	unsigned int i = plen / 8;

	if (plen % 8)
		addr[i++] &= 0xff00 >> plen % 8;
	for (; i < 16; i++)
		addr[i] = 0;
}

static const char *get_prefix(struct nlattr *const *tb,
			      struct fo_filter_rule *r)
{
	const struct nlattr *a4 = tb[NF_FAILOVER_FILTER_ADDR4];
	const struct nlattr *a6 = tb[NF_FAILOVER_FILTER_ADDR6];
	const struct nlattr *plen = tb[NF_FAILOVER_FILTER_PREFIX_LEN];

	if (!a4 && !a6)
		return plen ? "the address of a prefix is missing" : NULL;
	if (!plen || (a4 && a6) || (a4 && nla_get_u8(plen) > 32))
		return "a rule has one prefix, of IPv4 or IPv6, and its length";
	r->keys |= FO_FILTER_ADDR;
	r->l3 = a4 ? 4 : 6;
	r->plen = nla_get_u8(plen);
	if (a4)
		nla_memcpy(r->addr, a4, 4);
	else
		nla_memcpy(r->addr, a6, 16);
	cut(r->addr, r->plen);
	return NULL;
}

static const char *get_mark(struct nlattr *const *tb, struct fo_filter_rule *r)
{
	const struct nlattr *mark = tb[NF_FAILOVER_FILTER_MARK];
	const struct nlattr *mask = tb[NF_FAILOVER_FILTER_MARK_MASK];

	if (!mark && !mask)
		return NULL;
	if (!mark)
		return "the mark of a rule is missing";
	r->keys |= FO_FILTER_MARK;
	r->mark = nla_get_u32(mark);
	r->mask = mask ? nla_get_u32(mask) : U32_MAX;
	return r->mark & ~r->mask ?
	       "the mark of a rule has bits that its mask has not" : NULL;
}

static const char *get_rule(struct nlattr *const *tb, struct fo_filter_rule *r)
{
	const char *fault;

	if (!tb[NF_FAILOVER_FILTER_INCLUDE])
		return "a rule neither includes nor excludes";
	r->include = nla_get_u8(tb[NF_FAILOVER_FILTER_INCLUDE]);
	if (tb[NF_FAILOVER_FILTER_PROTOCOL]) {
		r->keys |= FO_FILTER_PROTOCOL;
		r->protocol = nla_get_u8(tb[NF_FAILOVER_FILTER_PROTOCOL]);
	}
	if (tb[NF_FAILOVER_FILTER_ZONE]) {
		r->keys |= FO_FILTER_ZONE;
		r->zone = nla_get_u16(tb[NF_FAILOVER_FILTER_ZONE]);
	}
	fault = get_ports(tb, r);
	if (!fault)
		fault = get_prefix(tb, r);
	return fault ?: get_mark(tb, r);
}

/* A rule of a configuration. */
int fo_netlink_get_filter(const struct nlattr *attr, struct fo_config *c,
			  struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_FAILOVER_FILTER_MAX + 1];
	struct fo_filter *f = &c->filter;
	const char *fault;
	int err;

	BUILD_BUG_ON(FO_FILTERS != NF_FAILOVER_FILTERS_MAX);
	if (f->rules == FO_FILTERS) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "too many rules");
		return -E2BIG;
	}
	err = nla_parse_nested(tb, NF_FAILOVER_FILTER_MAX, attr,
			       nf_failover_filter_nl_policy, extack);
	if (err)
		return err;
	fault = get_rule(tb, &f->rule[f->rules]);
	if (fault) {
		/* NL_SET_ERR_MSG() wants a literal; these are */
		if (extack)
			extack->_msg = fault;
		NL_SET_BAD_ATTR(extack, attr);
		return -EINVAL;
	}
	f->rules++;
	return 0;
}

static int put_rule(struct sk_buff *skb, const struct fo_filter_rule *r)
{
	struct nlattr *nest = nla_nest_start(skb, NF_FAILOVER_CONFIG_FILTER);

	if (!nest || nla_put_u8(skb, NF_FAILOVER_FILTER_INCLUDE, r->include) ||
	    (r->keys & FO_FILTER_PROTOCOL &&
	     nla_put_u8(skb, NF_FAILOVER_FILTER_PROTOCOL, r->protocol)) ||
	    (r->keys & FO_FILTER_PORT &&
	     (nla_put_u16(skb, NF_FAILOVER_FILTER_PORT_FROM, r->port[0]) ||
	      nla_put_u16(skb, NF_FAILOVER_FILTER_PORT_TO, r->port[1]))) ||
	    (r->keys & FO_FILTER_ADDR &&
	     (nla_put(skb, r->l3 == 4 ? NF_FAILOVER_FILTER_ADDR4 :
		      NF_FAILOVER_FILTER_ADDR6, r->l3 == 4 ? 4 : 16, r->addr) ||
	      nla_put_u8(skb, NF_FAILOVER_FILTER_PREFIX_LEN, r->plen))) ||
	    (r->keys & FO_FILTER_ZONE &&
	     nla_put_u16(skb, NF_FAILOVER_FILTER_ZONE, r->zone)) ||
	    (r->keys & FO_FILTER_MARK &&
	     (nla_put_u32(skb, NF_FAILOVER_FILTER_MARK, r->mark) ||
	      nla_put_u32(skb, NF_FAILOVER_FILTER_MARK_MASK, r->mask))))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* All that says which connections are replicated, and when. */
int fo_netlink_put_filter(struct sk_buff *skb, const struct fo_config *c)
{
	const struct fo_filter *f = &c->filter;
	unsigned int i;

	if (nla_put_u8(skb, NF_FAILOVER_CONFIG_REPLICATION_HTTP, f->http) ||
	    nla_put_u32(skb, NF_FAILOVER_CONFIG_REPLICATION_DELAY, c->delay))
		return -EMSGSIZE;
	for (i = 0; i < f->ports; i++)
		if (nla_put_u16(skb, NF_FAILOVER_CONFIG_HTTP_PORT, f->port[i]))
			return -EMSGSIZE;
	for (i = 0; i < f->rules; i++)
		if (put_rule(skb, &f->rule[i]))
			return -EMSGSIZE;
	return 0;
}
