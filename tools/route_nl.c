// SPDX-License-Identifier: GPL-2.0
/*
 * Routes, as the kernel has them.
 *
 * Numbers of devices differ between the units, so a device is told by its nameif,
 * or by its name if it has none. What an attribute says that is not known here
 * would be lost on the way: such a route is left out, with a word about it.
 */
#include "route_nl.h"

#include <errno.h>
#include <linux/ipv6_route.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define MSG_SIZE	4096
#define TIMEOUT_S	10
#define TRIES		3

int route_open(struct route_nl *n)
{
	int one = 1, err = nlask_open(&n->ask, NETLINK_ROUTE, TIMEOUT_S);

	/* the kernel leaves other protocols out */
	if (!err)
		mnl_socket_setsockopt(n->ask.sk, NETLINK_GET_STRICT_CHK, &one,
				      sizeof(one));
	return err;
}

void route_close(struct route_nl *n)
{
	nlask_close(&n->ask);
}

static int ask(struct route_nl *n, struct nlmsghdr *nlh, uint16_t flags,
	       mnl_cb_t cb, void *data)
{
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++n->ask.seq;
	return nlask(&n->ask, nlh, cb, data);
}

/* --- devices ---------------------------------------------------------------- */

/* False when it is none, or a link of the pair, which leads to no network. */
static bool name_dev(const struct route_nl *n, int ifindex, struct route_hop *h)
{
	char ifname[IF_NAMESIZE];
	const struct fo_ifc *ifc;
	unsigned int i;

	if (!if_indextoname(ifindex, ifname))
		return false;
	for (i = 0; i < CONFIG_LINKS; i++)
		if (!strcmp(n->config->link[i].ifname, ifname))
			return false;
	ifc = config_ifc(n->config, ifname);
	h->named = ifc && ifc->nameif[0];
	snprintf(h->dev, sizeof(h->dev), "%s", h->named ? ifc->nameif : ifname);
	return true;
}

/* 0: there is none. */
static unsigned int find_dev(const struct route_nl *n, const struct route_hop *h)
{
	const struct fo_ifc *ifc;

	if (!h->named)
		return if_nametoindex(h->dev);
	ifc = config_nameif(n->config, h->dev);
	return ifc ? if_nametoindex(ifc->ifname) : 0;
}

const char *route_missing(const struct route_nl *n, const struct route *r)
{
	unsigned int i;

	for (i = 0; i < r->n_hops; i++)
		if (!find_dev(n, &r->hop[i]))
			return r->hop[i].dev;
	return NULL;
}

/* --- from the kernel -------------------------------------------------------- */

/**
 * struct look - a dump under way
 * @spec: NULL: those installed for the other unit
 * @why: what cannot be carried of this route, for people
 */
struct look {
	struct route_nl *nl;
	const struct route_spec *spec;
	struct routelist *list;
	struct route_left *left;
	char why[64];
};

static void cannot(struct look *l, const char *what, unsigned int which)
{
	if (!l->why[0])
		snprintf(l->why, sizeof(l->why), "%s %u", what, which);
}

static uint32_t number(const struct nlattr *attr)
{
	return mnl_attr_get_payload_len(attr) >= sizeof(uint32_t) ?
	       mnl_attr_get_u32(attr) : 0;
}

static bool take_addr(const struct nlattr *attr, int family, unsigned char *to)
{
	if (mnl_attr_get_payload_len(attr) != addr_len(family))
		return false;
	memcpy(to, mnl_attr_get_payload(attr), addr_len(family));
	return true;
}

/* A gateway of IPv4 may be one of IPv6. */
static void take_via(struct look *l, const struct nlattr *attr,
		     struct route_hop *h)
{
	const struct rtvia *via = mnl_attr_get_payload(attr);
	size_t len = mnl_attr_get_payload_len(attr);

	if (len != sizeof(*via) + addr_len(AF_INET6) ||
	    via->rtvia_family != AF_INET6) {
		cannot(l, "a gateway of family", len < sizeof(*via) ? 0 :
						 via->rtvia_family);
		return;
	}
	h->family = AF_INET6;
	memcpy(h->via, via->rtvia_addr, addr_len(AF_INET6));
}

/* False when it is not about a hop. */
static bool take_hop_attr(struct look *l, const struct nlattr *attr, int family,
			  struct route_hop *h)
{
	switch (mnl_attr_get_type(attr)) {
	case RTA_GATEWAY:
		if (take_addr(attr, family, h->via))
			h->family = family;
		return true;
	case RTA_VIA:
		take_via(l, attr, h);
		return true;
	}
	return false;
}

/* Of the hop that is not one of several, the device is an attribute. */
static void set_dev(struct look *l, struct route_hop *h, int ifindex,
		    unsigned int flags)
{
	h->onlink = flags & RTNH_F_ONLINK;
	if (!name_dev(l->nl, ifindex, h))
		cannot(l, "device", ifindex);
}

static void take_hops(struct look *l, struct route *r, const struct nlattr *multi)
{
	const struct rtnexthop *rtnh = mnl_attr_get_payload(multi);
	int left = mnl_attr_get_payload_len(multi);
	const struct nlattr *attr;
	struct route_hop *h;

	for (r->n_hops = 0; RTNH_OK(rtnh, left);
	     left -= NLMSG_ALIGN(rtnh->rtnh_len), rtnh = RTNH_NEXT(rtnh)) {
		if (r->n_hops == ROUTE_HOPS) {
			cannot(l, "more hops than", ROUTE_HOPS);
			return;
		}
		h = &r->hop[r->n_hops++];
		h->weight = rtnh->rtnh_hops;
		set_dev(l, h, rtnh->rtnh_ifindex, rtnh->rtnh_flags);
		mnl_attr_for_each_payload((const void *)RTNH_DATA(rtnh),
					  rtnh->rtnh_len - sizeof(*rtnh))
			if (!take_hop_attr(l, attr, r->family, h))
				cannot(l, "attribute of a hop",
				       mnl_attr_get_type(attr));
	}
}

static void take_attrs(struct look *l, struct route *r, const struct nlattr *nest)
{
	const struct nlattr *attr;
	unsigned int type;

	mnl_attr_for_each_nested(attr, nest) {
		type = mnl_attr_get_type(attr);
		if (type == RTAX_CC_ALGO || type >= ROUTE_METRICS)
			cannot(l, "metric", type);
		else
			r->attr[type] = number(attr);
	}
}

static void take_cacheinfo(struct look *l, const struct nlattr *attr)
{
	struct rta_cacheinfo ci;

	if (mnl_attr_get_payload_len(attr) < sizeof(ci))
		return;
	memcpy(&ci, mnl_attr_get_payload(attr), sizeof(ci));
	if (ci.rta_expires)
		cannot(l, "it expires, within", ci.rta_expires);
}

static void take_attr(struct look *l, struct route *r, const struct nlattr *attr,
		      const struct nlattr **multi, int *oif)
{
	switch (mnl_attr_get_type(attr)) {
	case RTA_DST:
		take_addr(attr, r->family, r->dst);
		break;
	case RTA_TABLE:
		r->table = number(attr);
		break;
	case RTA_PRIORITY:
		r->metric = number(attr);
		break;
	case RTA_PREFSRC:
		r->has_src = take_addr(attr, r->family, r->src);
		break;
	case RTA_PREF:
		r->pref = mnl_attr_get_u8(attr);
		break;
	case RTA_OIF:
		*oif = number(attr);
		break;
	case RTA_MULTIPATH:
		*multi = attr;
		break;
	case RTA_METRICS:
		take_attrs(l, r, attr);
		break;
	case RTA_CACHEINFO:
		take_cacheinfo(l, attr);
		break;
	case RTA_NH_ID:
		/* its hops are told as well */
		break;
	default:
		if (!take_hop_attr(l, attr, r->family, &r->hop[0]))
			cannot(l, "attribute", mnl_attr_get_type(attr));
	}
}

static void take_type(struct look *l, struct route *r, const struct rtmsg *rtm,
		      const struct nlattr *multi, int oif)
{
	switch (r->type) {
	case RTN_UNICAST:
		if (multi) {
			take_hops(l, r, multi);
		} else {
			r->n_hops = 1;
			set_dev(l, &r->hop[0], oif, rtm->rtm_flags);
		}
		break;
	case RTN_BLACKHOLE:
	case RTN_UNREACHABLE:
	case RTN_PROHIBIT:
	case RTN_THROW:
		/* of IPv6 they have a device that says nothing */
		break;
	default:
		cannot(l, "type", r->type);
	}
}

static void leave_out(struct look *l, const struct route *r)
{
	char text[ROUTE_TEXT];

	if (!l->left->n++)
		snprintf(l->left->why, sizeof(l->left->why), "%.60s: %s",
			 route_text(r, text), l->why);
}

static bool is_wanted(const struct look *l, const struct route *r)
{
	if (!l->spec)
		return r->protocol == ROUTE_PROTOCOL && r->metric >= ROUTE_METRIC;
	/* what the greatest metric has is the daemon's own, for a moment */
	return route_spec_has(l->spec, r->protocol, r->table) &&
	       r->metric != UINT32_MAX;
}

static int take_route(const struct nlmsghdr *nlh, void *data)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr, *multi = NULL;
	struct look *l = data;
	struct route r = { .family = 0 };
	int oif = 0;

	if (nlh->nlmsg_type != RTM_NEWROUTE ||
	    mnl_nlmsg_get_payload_len(nlh) < sizeof(*rtm) ||
	    (rtm->rtm_family != AF_INET && rtm->rtm_family != AF_INET6) ||
	    rtm->rtm_flags & RTM_F_CLONED)
		return MNL_CB_OK;
	l->why[0] = 0;
	r.family = rtm->rtm_family;
	r.table = rtm->rtm_table;
	r.tos = rtm->rtm_tos;
	r.prefix = rtm->rtm_dst_len;
	r.protocol = rtm->rtm_protocol;
	r.type = rtm->rtm_type;
	r.scope = rtm->rtm_scope;
	mnl_attr_for_each(attr, nlh, sizeof(*rtm))
		take_attr(l, &r, attr, &multi, &oif);
	if (!is_wanted(l, &r))
		return MNL_CB_OK;
	if (!l->spec)
		r.metric -= ROUTE_METRIC;
	else if (r.metric > UINT32_MAX - ROUTE_METRIC)
		cannot(l, "metric", r.metric);
	if (rtm->rtm_src_len)
		cannot(l, "a source of length", rtm->rtm_src_len);
	take_type(l, &r, rtm, multi, oif);
	if (l->list->n >= ROUTES_MAX)
		cannot(l, "more routes than", ROUTES_MAX);
	if (l->why[0])
		leave_out(l, &r);
	else if (!routelist_add(l->list, &r))
		return MNL_CB_ERROR;
	return MNL_CB_OK;
}

static int dump(struct route_nl *n, uint8_t family, uint8_t protocol,
		struct look *l)
{
	char buf[256] = "";
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct rtmsg *rtm;

	nlh->nlmsg_type = RTM_GETROUTE;
	rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));
	rtm->rtm_family = family;
	rtm->rtm_protocol = protocol;
	return ask(n, nlh, NLM_F_DUMP, take_route, l);
}

static int list_protocol(struct route_nl *n, uint8_t protocol, struct look *l)
{
	static const uint8_t families[] = { AF_INET, AF_INET6 };
	const struct route_left left = *l->left;
	int err = 0, tries = 0;
	unsigned int i;
	size_t had;

	for (i = 0; i < sizeof(families) && !err; i++) {
		had = l->list->n;
		/* what changes meanwhile is read once more */
		do {
			while (l->list->n > had)
				routelist_drop_last(l->list);
			if (!i)
				*l->left = left;
			err = dump(n, families[i], protocol, l);
		} while (err == -EINTR && ++tries < TRIES);
		/* a host without IPv6 */
		if (err == -EAFNOSUPPORT || err == -EOPNOTSUPP)
			err = 0;
	}
	return err;
}

int route_list(struct route_nl *n, const struct route_spec *spec,
	       struct routelist *list, struct route_left *left)
{
	struct look l = { .nl = n, .spec = spec, .list = list, .left = left };
	int err = list_protocol(n, spec ? spec->protocol : ROUTE_PROTOCOL, &l);

	if (!err && spec && spec->protocol == RTPROT_STATIC)
		err = list_protocol(n, RTPROT_BOOT, &l);
	return err;
}

/* --- to the kernel ---------------------------------------------------------- */

static void put_via(struct nlmsghdr *nlh, const struct route *r,
		    const struct route_hop *h)
{
	struct {
		struct rtvia via;
		unsigned char addr[ADDR_BYTES_MAX];
	} via = { .via = { .rtvia_family = h->family } };

	if (!h->family)
		return;
	if (h->family == r->family) {
		mnl_attr_put(nlh, RTA_GATEWAY, addr_len(r->family), h->via);
		return;
	}
	memcpy(via.addr, h->via, addr_len(h->family));
	mnl_attr_put(nlh, RTA_VIA, sizeof(via.via) + addr_len(h->family), &via);
}

static bool put_hops(struct route_nl *n, struct nlmsghdr *nlh,
		     const struct route *r)
{
	struct nlattr *multi = mnl_attr_nest_start(nlh, RTA_MULTIPATH);
	const struct route_hop *h = r->hop;
	struct rtnexthop *rtnh;

	for (; h < r->hop + r->n_hops; h++) {
		rtnh = mnl_nlmsg_get_payload_tail(nlh);
		nlh->nlmsg_len += RTNH_LENGTH(0);
		*rtnh = (struct rtnexthop) {
			.rtnh_flags = h->onlink ? RTNH_F_ONLINK : 0,
			.rtnh_hops = h->weight,
			.rtnh_ifindex = find_dev(n, h),
		};
		if (!rtnh->rtnh_ifindex)
			return false;
		put_via(nlh, r, h);
		rtnh->rtnh_len = (char *)mnl_nlmsg_get_payload_tail(nlh) -
				 (char *)rtnh;
	}
	mnl_attr_nest_end(nlh, multi);
	return true;
}

static void put_attrs(struct nlmsghdr *nlh, const struct route *r)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, RTA_METRICS);
	unsigned int i;

	for (i = 1; i < ROUTE_METRICS; i++)
		if (r->attr[i])
			mnl_attr_put_u32(nlh, i, r->attr[i]);
	mnl_attr_nest_end(nlh, nest);
}

static struct rtmsg *begin(char *buf, uint16_t type, const struct route *r)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct rtmsg *rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));

	nlh->nlmsg_type = type;
	rtm->rtm_family = r->family;
	rtm->rtm_dst_len = r->prefix;
	rtm->rtm_tos = r->tos;
	rtm->rtm_protocol = ROUTE_PROTOCOL;
	if (r->prefix)
		mnl_attr_put(nlh, RTA_DST, addr_len(r->family), r->dst);
	mnl_attr_put_u32(nlh, RTA_TABLE, r->table);
	mnl_attr_put_u32(nlh, RTA_PRIORITY, r->metric + ROUTE_METRIC);
	return rtm;
}

int route_put(struct route_nl *n, const struct route *r)
{
	char buf[MSG_SIZE] = "";
	struct nlmsghdr *nlh = (void *)buf;
	struct rtmsg *rtm = begin(buf, RTM_NEWROUTE, r);
	unsigned int oif;

	rtm->rtm_type = r->type;
	rtm->rtm_scope = r->scope;
	if (r->has_src)
		mnl_attr_put(nlh, RTA_PREFSRC, addr_len(r->family), r->src);
	if (r->pref)
		mnl_attr_put_u8(nlh, RTA_PREF, r->pref);
	put_attrs(nlh, r);
	if (r->n_hops > 1) {
		if (!put_hops(n, nlh, r))
			return -ENODEV;
	} else if (r->n_hops) {
		oif = find_dev(n, &r->hop[0]);
		if (!oif)
			return -ENODEV;
		rtm->rtm_flags = r->hop[0].onlink ? RTNH_F_ONLINK : 0;
		mnl_attr_put_u32(nlh, RTA_OIF, oif);
		put_via(nlh, r, &r->hop[0]);
	}
	return ask(n, nlh, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE, NULL, NULL);
}

int route_delete(struct route_nl *n, const struct route *r)
{
	char buf[MSG_SIZE] = "";
	struct rtmsg *rtm = begin(buf, RTM_DELROUTE, r);

	rtm->rtm_scope = r->family == AF_INET ? RT_SCOPE_NOWHERE : 0;
	return ask(n, (void *)buf, NLM_F_ACK, NULL, NULL);
}

/* --- for show ---------------------------------------------------------------- */

static int collect(void *ctx, const struct fo_object *o)
{
	return routelist_add_bytes(ctx, o->key, o->key_len, o->value, o->len) ?
	       0 : -ENOMEM;
}

static void say_left(struct fo_route *r, const char *what,
		     const struct route_left *left)
{
	if (left->n)
		snprintf(r->why, sizeof(r->why), "%u not %s: %.64s", left->n,
			 what, left->why);
}

/* On the active unit: those that it has. */
static void look_at_own(struct route_nl *n, const struct route_spec *spec,
			struct fo_route *r)
{
	struct routelist own = { .n = 0 };
	struct route_left left = { .n = 0 };
	int err = route_list(n, spec, &own, &left);

	routelist_sort(&own);
	r->routes = own.n;
	if (err)
		snprintf(r->why, sizeof(r->why), "%s", strerror(-err));
	else
		say_left(r, "replicated", &left);
	routelist_free(&own);
}

/* What is not installed that the other unit has told. */
static void miss(struct route_nl *n, const struct route *route,
		 struct route_left *left)
{
	const char *dev = route_missing(n, route);
	char text[ROUTE_TEXT];

	if (left->n++)
		return;
	snprintf(left->why, sizeof(left->why), "%.60s: %s%.31s",
		 route_text(route, text), dev ? "no device " :
		 "the kernel refuses it", dev ? dev : "");
}

/* On a standby: those that it was told, of which it has its own or ours. */
static void look_at_told(struct route_nl *n, const struct route_spec *spec,
			 const struct routelist *told,
			 const struct routelist *installed, struct fo_route *r)
{
	const struct routeitem *e = told->item;
	struct route_left left = { .n = 0 }, none = { .n = 0 };
	struct routelist own = { .n = 0 };
	struct route route;

	route_list(n, spec, &own, &none);
	routelist_sort(&own);
	for (; e < told->item + told->n; e++) {
		if (!route_read(&route, e) ||
		    !route_spec_has(spec, route.protocol, route.table))
			continue;
		r->routes++;
		if (route.type == RTN_UNICAST && !routelist_find(&own, e) &&
		    !routelist_find(installed, e))
			miss(n, &route, &left);
	}
	say_left(r, "installed", &left);
	routelist_free(&own);
}

void routes_look(struct fo_nl *nl, struct fo_show *s)
{
	struct route_nl n = { .config = &s->config };
	struct routelist told = { .n = 0 }, installed = { .n = 0 };
	struct route_left none = { .n = 0 };
	struct fo_route *r = s->config.route;
	struct route_spec spec;

	if (!s->config.n_routes || route_open(&n))
		return;
	if (s->this.role != NF_FAILOVER_ROLE_ACTIVE) {
		nl_object_list(nl, ROUTE_SPACE, collect, &told);
		route_list(&n, NULL, &installed, &none);
		routelist_sort(&installed);
	}
	for (; r < s->config.route + s->config.n_routes; r++) {
		if (!route_spec_parse(&spec, r->what))
			continue;
		if (s->this.role == NF_FAILOVER_ROLE_ACTIVE)
			look_at_own(&n, &spec, r);
		else
			look_at_told(&n, &spec, &told, &installed, r);
	}
	routelist_free(&told);
	routelist_free(&installed);
	route_close(&n);
}
