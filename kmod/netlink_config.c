// SPDX-License-Identifier: GPL-2.0
/*
 * The configuration in netlink attributes: read and check it, write it.
 *
 * The generated policies have checked types, lengths and ranges; what is
 * checked here is what one attribute alone does not tell.
 */

#include "unit.h"

#include <linux/etherdevice.h>
#include <linux/sort.h>
#include <net/netlink.h>

#include "dedicated.h"
#include "netlink-gen.h"
#include "netlink.h"

/* Here and not in the policy: 6.1 takes no const range that large. */
#define IFC_HOLD_MS_MAX		75000
#define HOLD_MS_MAX	45000
#define RATE_MIN	64		/* kbit/s */
#define RATE_MAX	100000000
#define ACCOUNTING_MIN	5	/* seconds */

static u32 get_u32(struct nlattr *const *tb, int type, u32 fallback)
{
	return tb[type] ? nla_get_u32(tb[type]) : fallback;
}

static u8 get_u8(struct nlattr *const *tb, int type, u8 fallback)
{
	return tb[type] ? nla_get_u8(tb[type]) : fallback;
}

static int get_addr(const struct nlattr *attr, struct fo_addr *a,
		    struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_FAILOVER_ADDR_MAX + 1];
	int err;

	err = nla_parse_nested(tb, NF_FAILOVER_ADDR_MAX, attr,
			       nf_failover_addr_nl_policy, extack);
	if (err)
		return err;
	memset(a, 0, sizeof(*a));
	if (tb[NF_FAILOVER_ADDR_ACTIVE4]) {
		a->family = NFPROTO_IPV4;
		a->active.ip = nla_get_be32(tb[NF_FAILOVER_ADDR_ACTIVE4]);
		a->has_standby = tb[NF_FAILOVER_ADDR_STANDBY4];
		if (a->has_standby)
			a->standby.ip =
				nla_get_be32(tb[NF_FAILOVER_ADDR_STANDBY4]);
	} else if (tb[NF_FAILOVER_ADDR_ACTIVE6]) {
		a->family = NFPROTO_IPV6;
		a->active.in6 = nla_get_in6_addr(tb[NF_FAILOVER_ADDR_ACTIVE6]);
		a->has_standby = tb[NF_FAILOVER_ADDR_STANDBY6];
		if (a->has_standby)
			a->standby.in6 =
			      nla_get_in6_addr(tb[NF_FAILOVER_ADDR_STANDBY6]);
	} else {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "an address of the active unit is missing");
		return -EINVAL;
	}
	a->plen = get_u8(tb, NF_FAILOVER_ADDR_PREFIX_LEN,
			 a->family == NFPROTO_IPV4 ? 32 : 128);
	if (a->family == NFPROTO_IPV4 && a->plen > 32) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "the prefix of an IPv4 address is at most 32");
		return -EINVAL;
	}
	if (a->has_standby && nf_inet_addr_cmp(&a->active, &a->standby)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "active and standby have the same address");
		return -EINVAL;
	}
	return 0;
}

static int get_addrs(const struct nlattr *attr, int type, struct fo_addr *to,
		     unsigned int *n, struct netlink_ext_ack *extack)
{
	const struct nlattr *a;
	int rem, err;

	nla_for_each_nested(a, attr, rem) {
		if (nla_type(a) != type)
			continue;
		if (*n == FO_ADDRS) {
			NL_SET_ERR_MSG_ATTR(extack, a, "too many addresses");
			return -E2BIG;
		}
		err = get_addr(a, &to[*n], extack);
		if (err)
			return err;
		(*n)++;
	}
	return 0;
}

static int get_link(const struct nlattr *attr, struct fo_config *c,
		    struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_FAILOVER_LINK_MAX + 1];
	struct fo_config_link *l;
	int err;

	if (c->links == ARRAY_SIZE(c->link)) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "at most four links");
		return -E2BIG;
	}
	err = nla_parse_nested(tb, NF_FAILOVER_LINK_MAX, attr,
			       nf_failover_link_nl_policy, extack);
	if (err)
		return err;
	if (!tb[NF_FAILOVER_LINK_NAME] || !tb[NF_FAILOVER_LINK_IFNAME]) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a link needs a name and a netdev");
		return -EINVAL;
	}
	l = &c->link[c->links++];
	l->kind = get_u32(tb, NF_FAILOVER_LINK_KIND,
			  NF_FAILOVER_LINK_KIND_LAN);
	nla_strscpy(l->name, tb[NF_FAILOVER_LINK_NAME], sizeof(l->name));
	nla_strscpy(l->ifname, tb[NF_FAILOVER_LINK_IFNAME],
		    sizeof(l->ifname));
	l->transport = get_u32(tb, NF_FAILOVER_LINK_TRANSPORT,
			       NF_FAILOVER_TRANSPORT_ETHERNET);
	l->port = FO_UDP_PORT;
	if (tb[NF_FAILOVER_LINK_PORT])
		l->port = nla_get_u16(tb[NF_FAILOVER_LINK_PORT]);
	err = get_addrs(attr, NF_FAILOVER_LINK_ADDRESS, l->addr, &l->addrs,
			extack);
	if (!err && l->transport == NF_FAILOVER_TRANSPORT_UDP &&
	    (!l->addrs || !l->addr[0].has_standby)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a link over UDP needs the addresses of both units");
		err = -EINVAL;
	}
	return err;
}

/* Both or none, of one station each, and two of them. */
static int get_macs(struct nlattr *const *tb, struct fo_macs *m,
		    struct netlink_ext_ack *extack)
{
	const struct nlattr *active = tb[NF_FAILOVER_IFC_MAC_ACTIVE];
	const struct nlattr *standby = tb[NF_FAILOVER_IFC_MAC_STANDBY];

	if (!active && !standby)
		return 0;
	if (!active || !standby) {
		NL_SET_ERR_MSG_ATTR(extack, active ?: standby,
				    "the MAC of the other role is missing");
		return -EINVAL;
	}
	nla_memcpy(m->active, active, ETH_ALEN);
	nla_memcpy(m->standby, standby, ETH_ALEN);
	if (!is_valid_ether_addr(m->active) ||
	    !is_valid_ether_addr(m->standby) ||
	    ether_addr_equal(m->active, m->standby)) {
		NL_SET_ERR_MSG_ATTR(extack, active,
				    "two different unicast MACs are needed");
		return -EINVAL;
	}
	return 0;
}

static int get_ifc(const struct nlattr *attr, struct fo_config *c,
		   struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_FAILOVER_IFC_MAX + 1];
	struct fo_config_ifc *ifc = &c->ifc[c->ifcs];
	int err;

	err = nla_parse_nested(tb, NF_FAILOVER_IFC_MAX, attr,
			       nf_failover_ifc_nl_policy, extack);
	if (err)
		return err;
	if (!tb[NF_FAILOVER_IFC_NAMEIF] || !tb[NF_FAILOVER_IFC_IFNAME]) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "an interface needs a netdev and a nameif");
		return -EINVAL;
	}
	nla_strscpy(ifc->ifname, tb[NF_FAILOVER_IFC_IFNAME],
		    sizeof(ifc->ifname));
	nla_strscpy(ifc->nameif, tb[NF_FAILOVER_IFC_NAMEIF],
		    sizeof(ifc->nameif));
	ifc->monitored = get_u8(tb, NF_FAILOVER_IFC_MONITORED, 1);
	ifc->weight = get_u32(tb, NF_FAILOVER_IFC_WEIGHT, 1);
	ifc->status = NF_FAILOVER_IFSTATUS_UNKNOWN;
	c->ifcs++;
	err = get_macs(tb, &ifc->mac, extack);
	if (err)
		return err;
	return get_addrs(attr, NF_FAILOVER_IFC_ADDRESS, ifc->addr,
			 &ifc->addrs, extack);
}

/* Copies the key in force that has this fingerprint. */
static bool keep_psk(struct fo_unit *u, u64 fingerprint, u8 *to)
{
	const struct fo_config *was;
	unsigned int i;

	rcu_read_lock();
	was = rcu_dereference(u->store.config);
	for (i = 0; i < was->psks.n; i++)
		if (was->key[i].fingerprint == fingerprint)
			break;
	if (i < was->psks.n)
		memcpy(to, was->psks.key[i], FO_KEY_LEN);
	else
		i = FO_PSKS;
	rcu_read_unlock();
	return i < FO_PSKS;
}

static int get_secret(struct nlattr *const *tb, const struct nlattr *attr,
		      struct fo_unit *u, u8 *to, struct netlink_ext_ack *extack)
{
	const struct nlattr *secret = tb[NF_FAILOVER_KEY_SECRET];

	if (secret) {
		memcpy(to, nla_data(secret), FO_KEY_LEN);
		return 0;
	}
	if (!tb[NF_FAILOVER_KEY_FINGERPRINT]) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a key is neither given nor named by its fingerprint");
		return -EINVAL;
	}
	if (keep_psk(u, nla_get_u64(tb[NF_FAILOVER_KEY_FINGERPRINT]), to))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "no key with this fingerprint is in force any more");
	return -ESTALE;
}

static int get_key(const struct nlattr *attr, struct fo_unit *u,
		   struct fo_config *c, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_FAILOVER_KEY_MAX + 1];
	struct fo_config_key *k;
	int err;

	if (c->psks.n == FO_PSKS) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "at most two keys");
		return -E2BIG;
	}
	err = nla_parse_nested(tb, NF_FAILOVER_KEY_MAX, attr,
			       nf_failover_key_nl_policy, extack);
	if (err)
		return err;
	k = &c->key[c->psks.n];
	err = get_secret(tb, attr, u, c->psks.key[c->psks.n], extack);
	if (err)
		return err;
	k->fingerprint = fo_fingerprint(c->psks.key[c->psks.n]);
	if (tb[NF_FAILOVER_KEY_FILE])
		nla_strscpy(k->file, tb[NF_FAILOVER_KEY_FILE],
			    sizeof(k->file));
	c->psks.n++;
	return 0;
}

/* Nobody else wipes the message; when it is refused it is even sent back. */
static void wipe_secrets(const struct nlattr *attr)
{
	const struct nlattr *key, *a;
	int rem, left;

	nla_for_each_nested(key, attr, rem) {
		if (nla_type(key) != NF_FAILOVER_CONFIG_KEY)
			continue;
		nla_for_each_nested(a, key, left)
			if (nla_type(a) == NF_FAILOVER_KEY_SECRET)
				memzero_explicit(nla_data(a), nla_len(a));
	}
}

/* What the path and its arguments are is for the policy, which runs them. */
static int get_exec(const struct nlattr *attr, struct fo_config *c,
		    struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_FAILOVER_EXEC_MAX + 1];
	struct fo_config_exec *x = &c->exec[c->execs];
	int err;

	if (c->execs == FO_EXECS) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "too many commands");
		return -E2BIG;
	}
	err = nla_parse_nested(tb, NF_FAILOVER_EXEC_MAX, attr,
			       nf_failover_exec_nl_policy, extack);
	if (err)
		return err;
	if (!tb[NF_FAILOVER_EXEC_NAME] || !tb[NF_FAILOVER_EXEC_COMMAND]) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a command needs a name and a path");
		return -EINVAL;
	}
	nla_strscpy(x->name, tb[NF_FAILOVER_EXEC_NAME], sizeof(x->name));
	nla_strscpy(x->command, tb[NF_FAILOVER_EXEC_COMMAND],
		    sizeof(x->command));
	c->execs++;
	return 0;
}

static int get_lists(const struct nlattr *attr, struct fo_unit *u,
		     struct fo_config *c, struct netlink_ext_ack *extack)
{
	unsigned int ports = 0;
	const struct nlattr *a;
	int rem, err = 0;

	nla_for_each_nested(a, attr, rem) {
		if (nla_type(a) == NF_FAILOVER_CONFIG_LINK)
			err = get_link(a, c, extack);
		else if (nla_type(a) == NF_FAILOVER_CONFIG_INTERFACE)
			err = get_ifc(a, c, extack);
		else if (nla_type(a) == NF_FAILOVER_CONFIG_KEY)
			err = get_key(a, u, c, extack);
		else if (nla_type(a) == NF_FAILOVER_CONFIG_EXEC)
			err = get_exec(a, c, extack);
		else if (nla_type(a) == NF_FAILOVER_CONFIG_TRACK)
			err = fo_netlink_get_track(a, c, extack);
		else if (nla_type(a) == NF_FAILOVER_CONFIG_NFT_SET)
			err = fo_netlink_get_set(a, c, extack);
		else if (nla_type(a) == NF_FAILOVER_CONFIG_ROUTE)
			err = fo_netlink_get_route(a, c, extack);
		else if (nla_type(a) == NF_FAILOVER_CONFIG_FILTER)
			err = fo_netlink_get_filter(a, c, extack);
		else if (nla_type(a) == NF_FAILOVER_CONFIG_HTTP_PORT)
			err = fo_netlink_get_http_port(a, c, &ports, extack);
		if (err)
			return err;
	}
	return 0;
}

/* What the policy uses. */
static void get_kept(struct nlattr *const *tb, struct fo_config *c)
{
	c->ifc_poll_ms = get_u32(tb, NF_FAILOVER_CONFIG_INTERFACE_POLL_MS,
				 c->ifc_poll_ms);
	c->ifc_hold_ms = get_u32(tb, NF_FAILOVER_CONFIG_INTERFACE_HOLD_MS,
				 c->ifc_hold_ms);
	c->ifc_policy_percent =
		get_u32(tb, NF_FAILOVER_CONFIG_INTERFACE_POLICY_PERCENT, 0);
	c->ifc_policy = get_u32(tb, NF_FAILOVER_CONFIG_INTERFACE_POLICY,
				c->ifc_policy_percent ? 0 : c->ifc_policy);
}

static void get_scalars(struct nlattr *const *tb, struct fo_config *c)
{
	c->enabled = get_u8(tb, NF_FAILOVER_CONFIG_ENABLED, 0);
	c->unit = get_u32(tb, NF_FAILOVER_CONFIG_UNIT, 0);
	c->poll_ms = get_u32(tb, NF_FAILOVER_CONFIG_POLL_MS, c->poll_ms);
	c->hold_ms = get_u32(tb, NF_FAILOVER_CONFIG_HOLD_MS, c->hold_ms);
	if (tb[NF_FAILOVER_CONFIG_ETHERTYPE])
		c->ethertype = nla_get_u16(tb[NF_FAILOVER_CONFIG_ETHERTYPE]);
	c->tcp_from = get_u32(tb, NF_FAILOVER_CONFIG_TCP_FROM, 0);
	c->datagram_from = get_u32(tb, NF_FAILOVER_CONFIG_DATAGRAM_FROM, 0);
	c->replication = get_u8(tb, NF_FAILOVER_CONFIG_REPLICATION, 1);
	c->neighbours = get_u8(tb, NF_FAILOVER_CONFIG_REPLICATION_NEIGHBOURS, 1);
	c->objects = get_u8(tb, NF_FAILOVER_CONFIG_REPLICATION_OBJECTS, 1);
	c->ipsec = get_u8(tb, NF_FAILOVER_CONFIG_REPLICATION_IPSEC,
			  NF_FAILOVER_IPSEC_NUMBERS);
	c->gtp = get_u8(tb, NF_FAILOVER_CONFIG_REPLICATION_GTP, 0);
	c->expectations = get_u8(tb, NF_FAILOVER_CONFIG_REPLICATION_EXPECTATIONS,
				 1);
	c->filter.http = get_u8(tb, NF_FAILOVER_CONFIG_REPLICATION_HTTP, 0);
	c->delay = get_u32(tb, NF_FAILOVER_CONFIG_REPLICATION_DELAY, 0);
	c->rate = get_u32(tb, NF_FAILOVER_CONFIG_REPLICATION_RATE, 0);
	c->accounting = get_u32(tb, NF_FAILOVER_CONFIG_REPLICATION_ACCOUNTING,
				0);
	c->preempt = get_u8(tb, NF_FAILOVER_CONFIG_PREEMPT, 0);
	c->preempt_delay = get_u32(tb, NF_FAILOVER_CONFIG_PREEMPT_DELAY, 0);
	c->hold_takeovers = get_u32(tb, NF_FAILOVER_CONFIG_HOLD_DOWN_TAKEOVERS,
				    c->hold_takeovers);
	c->hold_time = get_u32(tb, NF_FAILOVER_CONFIG_HOLD_DOWN_TIME,
			       c->hold_time);
	if (tb[NF_FAILOVER_CONFIG_MAC_AUTO])
		c->mac_auto = nla_get_u16(tb[NF_FAILOVER_CONFIG_MAC_AUTO]);
	c->exec_clear = get_u8(tb, NF_FAILOVER_CONFIG_EXEC_CLEAR, 0);
	c->reconnect = get_u32(tb, NF_FAILOVER_CONFIG_RECONNECT_TIMEOUT, 0);
	c->wait_disable = get_u8(tb, NF_FAILOVER_CONFIG_WAIT_DISABLE, 0);
	c->route_timeout = get_u32(tb, NF_FAILOVER_CONFIG_ROUTE_TIMEOUT,
				   c->route_timeout);
	c->psks.mode = get_u32(tb, NF_FAILOVER_CONFIG_KEY_MODE,
			       tb[NF_FAILOVER_CONFIG_KEY] ?
			       NF_FAILOVER_KEY_MODE_SECRET :
			       NF_FAILOVER_KEY_MODE_UNSET);
	get_kept(tb, c);
}

static int by_kind(const void *a, const void *b)
{
	const struct fo_config_link *l = a, *m = b;

	return (int)l->kind - m->kind;
}

/* One netdev for the failover link and for state is one link. */
static void order_links(struct fo_config *c)
{
	sort(c->link, c->links, sizeof(*c->link), by_kind, NULL);
	if (c->links < 2 ||
	    c->link[0].kind != NF_FAILOVER_LINK_KIND_LAN ||
	    c->link[1].kind != NF_FAILOVER_LINK_KIND_STATE ||
	    strcmp(c->link[0].ifname, c->link[1].ifname))
		return;
	c->links--;
	memmove(&c->link[1], &c->link[2], (c->links - 1) * sizeof(*c->link));
}

static const char *find_link_fault(const struct fo_config *c)
{
	unsigned int i, j;

	for (i = 0; i < c->links; i++)
		for (j = 0; j < i; j++) {
			if (c->link[i].kind == c->link[j].kind)
				return "two links are of the same kind";
			if (!strcmp(c->link[i].ifname, c->link[j].ifname))
				return "two links have the same netdev";
			if (!strcmp(c->link[i].name, c->link[j].name))
				return "two links have the same name";
		}
	return NULL;
}

static const char *find_fault(const struct fo_config *c)
{
	unsigned int i, j;

	if (c->psks.mode == NF_FAILOVER_KEY_MODE_SECRET && !c->psks.n)
		return "the key is missing";
	if (c->psks.mode != NF_FAILOVER_KEY_MODE_SECRET && c->psks.n)
		return "there is a key, and none is to be used";
	if (c->rate && (c->rate < RATE_MIN || c->rate > RATE_MAX))
		return "the rate of a bulk sync is 64 kbit/s to 100 Gbit/s";
	if (c->accounting && c->accounting < ACCOUNTING_MIN)
		return "the interval of accounting is 5 to 3600 seconds";
	if (c->hold_ms > HOLD_MS_MAX)
		return "the hold time is more than 45 seconds";
	if (c->hold_ms < 3 * c->poll_ms)
		return "the hold time is less than three poll times";
	if (c->ifc_hold_ms > IFC_HOLD_MS_MAX)
		return "the hold time of interfaces is more than 75 seconds";
	if (c->ifc_hold_ms < 5 * c->ifc_poll_ms)
		return "the hold time of interfaces is less than five poll times";
	if (c->ifc_policy && c->ifc_policy_percent)
		return "the interface policy is a number or a percentage, not both";
	for (i = 0; i < c->ifcs; i++) {
		for (j = 0; j < c->links; j++)
			if (!strcmp(c->ifc[i].ifname, c->link[j].ifname))
				return "a link cannot be a named interface";
		for (j = 0; j < i; j++)
			if (!strcmp(c->ifc[i].ifname, c->ifc[j].ifname) ||
			    !strcmp(c->ifc[i].nameif, c->ifc[j].nameif))
				return "two interfaces have the same name";
	}
	if (find_link_fault(c))
		return find_link_fault(c);
	if (!c->enabled)
		return NULL;
	if (c->unit == NF_FAILOVER_UNIT_UNSET)
		return "the unit is neither primary nor secondary";
	if (!c->links || c->link[0].kind != NF_FAILOVER_LINK_KIND_LAN)
		return "there is no failover link";
	return NULL;
}

static unsigned int count_ifcs(const struct nlattr *attr)
{
	const struct nlattr *a;
	unsigned int n = 0;
	int rem;

	nla_for_each_nested(a, attr, rem)
		n += nla_type(a) == NF_FAILOVER_CONFIG_INTERFACE;
	return n;
}

static struct fo_config *get_config(const struct nlattr *attr,
				    struct fo_unit *u,
				    struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_FAILOVER_CONFIG_MAX + 1];
	unsigned int ifcs = count_ifcs(attr);
	struct fo_config *c;
	const char *fault;
	int err;

	if (ifcs > FO_IFCS_MAX) {
		NL_SET_ERR_MSG(extack, "too many interfaces");
		return ERR_PTR(-E2BIG);
	}
	err = nla_parse_nested(tb, NF_FAILOVER_CONFIG_MAX, attr,
			       nf_failover_config_nl_policy, extack);
	if (err)
		return ERR_PTR(err);
	c = fo_config_alloc(ifcs);
	if (!c)
		return ERR_PTR(-ENOMEM);
	get_scalars(tb, c);
	err = get_lists(attr, u, c, extack);
	if (err)
		goto free;
	order_links(c);
	fault = find_fault(c);
	if (!fault)
		return c;
	/* NL_SET_ERR_MSG() wants a literal; these are, but in a table */
	if (extack)
		extack->_msg = fault;
	err = -EINVAL;
free:
	fo_config_free(c);
	return ERR_PTR(err);
}

/**
 * fo_netlink_get_config() - read and check a configuration
 * @attr: NF_FAILOVER_A_CONFIG; keys in it are gone afterwards
 * @u: unit that it is for; it may keep its keys
 * @extack: what is wrong with it
 *
 * Context: process.
 *
 * Return: the configuration, for fo_unit_configure(), or an error pointer.
 */
struct fo_config *fo_netlink_get_config(const struct nlattr *attr,
					struct fo_unit *u,
					struct netlink_ext_ack *extack)
{
	struct fo_config *c = get_config(attr, u, extack);

	wipe_secrets(attr);
	return c;
}

static int put_addr(struct sk_buff *skb, int type, const struct fo_addr *a)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest)
		return -EMSGSIZE;
	if (a->family == NFPROTO_IPV4) {
		if (nla_put_be32(skb, NF_FAILOVER_ADDR_ACTIVE4,
				 a->active.ip) ||
		    (a->has_standby &&
		     nla_put_be32(skb, NF_FAILOVER_ADDR_STANDBY4,
				  a->standby.ip)))
			return -EMSGSIZE;
	} else if (nla_put_in6_addr(skb, NF_FAILOVER_ADDR_ACTIVE6,
				    &a->active.in6) ||
		   (a->has_standby &&
		    nla_put_in6_addr(skb, NF_FAILOVER_ADDR_STANDBY6,
				     &a->standby.in6))) {
		return -EMSGSIZE;
	}
	if (nla_put_u8(skb, NF_FAILOVER_ADDR_PREFIX_LEN, a->plen))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_addrs(struct sk_buff *skb, int type, const struct fo_addr *a,
		     unsigned int n)
{
	int err = 0;

	while (n-- && !err)
		err = put_addr(skb, type, a++);
	return err;
}

/* What is wrong with a link that is in use. */
static void find_warning(const struct fo_unit *u,
			 const struct fo_config_link *c,
			 const struct fo_link *l, char *to, size_t size)
{
	const char *stuck = READ_ONCE(l->stuck);
	int fault = fo_link_fault(l);
	struct net_device *dev;
	struct fo_stray s = {};

	to[0] = 0;
	rcu_read_lock();
	dev = dev_get_by_name_rcu(u->net, c->ifname);
	if (dev)
		fo_dedicated_find(c, dev, &s);
	rcu_read_unlock();
	if (s.family)
		snprintf(to, size, s.family == NFPROTO_IPV4 ?
			 "has the address %pI4, which is not one of the link" :
			 "has the address %pI6c, which is not one of the link",
			 &s.addr);
	else if (stuck)
		snprintf(to, size, "frames cannot be sent: %s", stuck);
	else if (fault)
		snprintf(to, size, "frames cannot be sent (%pe)",
			 ERR_PTR(fault));
}

/* What can be known of its frames. */
static int put_link_frames(struct sk_buff *skb, struct fo_unit *u,
			   struct fo_link *l)
{
	ktime_t came = READ_ONCE(l->came);

	if (nla_put_u32(skb, NF_FAILOVER_LINK_MTU, fo_link_dev_mtu(l)) ||
	    nla_put_u32(skb, NF_FAILOVER_LINK_HEADERS, fo_link_headers(l)))
		return -EMSGSIZE;
	return came ? nla_put_u32(skb, NF_FAILOVER_LINK_FRAME_AGE,
				  min_t(s64, ktime_ms_delta(ktime_get(), came),
					U32_MAX)) : 0;
}

static int put_link(struct sk_buff *skb, struct fo_unit *u,
		    const struct fo_config *c, unsigned int i)
{
	struct nlattr *nest = nla_nest_start(skb, NF_FAILOVER_CONFIG_LINK);
	const struct fo_config_link *l = &c->link[i];
	const char *why = u->link[i].refused ?: READ_ONCE(u->store.mismatch);
	char warning[NF_FAILOVER_REASON_MAX];

	find_warning(u, l, &u->link[i], warning, sizeof(warning));
	if (!fo_link_ifindex(&u->link[i]) && !u->link[i].refused)
		why = "there is no such netdev";
	else if (c->psks.mode == NF_FAILOVER_KEY_MODE_UNSET)
		why = "there is no key (failover key)";

	if (!nest ||
	    nla_put_u32(skb, NF_FAILOVER_LINK_KIND, l->kind) ||
	    nla_put_string(skb, NF_FAILOVER_LINK_NAME, l->name) ||
	    nla_put_string(skb, NF_FAILOVER_LINK_IFNAME, l->ifname) ||
	    put_addrs(skb, NF_FAILOVER_LINK_ADDRESS, l->addr, l->addrs) ||
	    nla_put_u32(skb, NF_FAILOVER_LINK_STATUS, fo_unit_link_status(u, i)) ||
	    nla_put_u32(skb, NF_FAILOVER_LINK_TRANSPORT, l->transport) ||
	    nla_put_u16(skb, NF_FAILOVER_LINK_PORT, l->port) ||
	    (why && nla_put_string(skb, NF_FAILOVER_LINK_MISMATCH, why)) ||
	    (warning[0] &&
	     nla_put_string(skb, NF_FAILOVER_LINK_WARNING, warning)) ||
	    put_link_frames(skb, u, &u->link[i]))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_mac(struct sk_buff *skb, int type, const u8 *mac)
{
	return is_zero_ether_addr(mac) ? 0 : nla_put(skb, type, ETH_ALEN, mac);
}

static int put_ifc(struct sk_buff *skb, const struct fo_config_ifc *ifc)
{
	struct nlattr *nest = nla_nest_start(skb,
					     NF_FAILOVER_CONFIG_INTERFACE);

	if (!nest ||
	    nla_put_string(skb, NF_FAILOVER_IFC_IFNAME, ifc->ifname) ||
	    nla_put_string(skb, NF_FAILOVER_IFC_NAMEIF, ifc->nameif) ||
	    nla_put_u8(skb, NF_FAILOVER_IFC_MONITORED, ifc->monitored) ||
	    nla_put_u32(skb, NF_FAILOVER_IFC_WEIGHT, ifc->weight) ||
	    nla_put_u32(skb, NF_FAILOVER_IFC_STATUS, READ_ONCE(ifc->status)) ||
	    put_mac(skb, NF_FAILOVER_IFC_MAC_ACTIVE, ifc->mac.active) ||
	    put_mac(skb, NF_FAILOVER_IFC_MAC_STANDBY, ifc->mac.standby) ||
	    put_mac(skb, NF_FAILOVER_IFC_MAC_OWN, ifc->mac.own) ||
	    nla_put_u32(skb, NF_FAILOVER_IFC_ANSWER, READ_ONCE(ifc->answer)) ||
	    (ifc->cause[0] &&
	     nla_put_string(skb, NF_FAILOVER_IFC_CAUSE, ifc->cause)) ||
	    nla_put_u64_64bit(skb, NF_FAILOVER_IFC_SINCE, ifc->since,
			      NF_FAILOVER_IFC_PAD) ||
	    put_addrs(skb, NF_FAILOVER_IFC_ADDRESS, ifc->addr, ifc->addrs))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* Never the key itself. */
static int put_key(struct sk_buff *skb, const struct fo_config *c,
		   unsigned int i)
{
	struct nlattr *nest = nla_nest_start(skb, NF_FAILOVER_CONFIG_KEY);
	const struct fo_config_key *k = &c->key[i];

	if (!nest ||
	    nla_put_u64_64bit(skb, NF_FAILOVER_KEY_FINGERPRINT, k->fingerprint,
			      NF_FAILOVER_KEY_PAD) ||
	    (k->file[0] && nla_put_string(skb, NF_FAILOVER_KEY_FILE, k->file)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_kept(struct sk_buff *skb, const struct fo_config *c)
{
	if (nla_put_u32(skb, NF_FAILOVER_CONFIG_INTERFACE_POLL_MS,
			c->ifc_poll_ms) ||
	    nla_put_u32(skb, NF_FAILOVER_CONFIG_INTERFACE_HOLD_MS,
			c->ifc_hold_ms) ||
	    nla_put_u32(skb, NF_FAILOVER_CONFIG_INTERFACE_POLICY,
			c->ifc_policy) ||
	    nla_put_u32(skb, NF_FAILOVER_CONFIG_INTERFACE_POLICY_PERCENT,
			c->ifc_policy_percent))
		return -EMSGSIZE;
	return 0;
}

static int put_exec(struct sk_buff *skb, const struct fo_config_exec *x)
{
	struct nlattr *nest = nla_nest_start(skb, NF_FAILOVER_CONFIG_EXEC);

	if (!nest ||
	    nla_put_string(skb, NF_FAILOVER_EXEC_NAME, x->name) ||
	    nla_put_string(skb, NF_FAILOVER_EXEC_COMMAND, x->command))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * fo_netlink_put_config() - write a configuration and the state of its links
 * @skb: message
 * @u: unit
 * @c: its configuration
 *
 * Return: 0 or -EMSGSIZE.
 */
int fo_netlink_put_config(struct sk_buff *skb, struct fo_unit *u,
			  const struct fo_config *c)
{
	struct nlattr *nest = nla_nest_start(skb, NF_FAILOVER_A_CONFIG);
	unsigned int i;

	if (!nest ||
	    nla_put_u8(skb, NF_FAILOVER_CONFIG_ENABLED, c->enabled) ||
	    nla_put_u32(skb, NF_FAILOVER_CONFIG_UNIT, c->unit) ||
	    nla_put_u32(skb, NF_FAILOVER_CONFIG_POLL_MS, c->poll_ms) ||
	    nla_put_u32(skb, NF_FAILOVER_CONFIG_HOLD_MS, c->hold_ms) ||
	    nla_put_u16(skb, NF_FAILOVER_CONFIG_ETHERTYPE, c->ethertype) ||
	    nla_put_u32(skb, NF_FAILOVER_CONFIG_TCP_FROM, c->tcp_from) ||
	    nla_put_u32(skb, NF_FAILOVER_CONFIG_DATAGRAM_FROM,
			c->datagram_from) ||
	    nla_put_u8(skb, NF_FAILOVER_CONFIG_REPLICATION, c->replication) ||
	    nla_put_u8(skb, NF_FAILOVER_CONFIG_REPLICATION_NEIGHBOURS,
		       c->neighbours) ||
	    nla_put_u8(skb, NF_FAILOVER_CONFIG_REPLICATION_OBJECTS,
		       c->objects) ||
	    nla_put_u8(skb, NF_FAILOVER_CONFIG_REPLICATION_IPSEC, c->ipsec) ||
	    nla_put_u8(skb, NF_FAILOVER_CONFIG_REPLICATION_GTP, c->gtp) ||
	    nla_put_u8(skb, NF_FAILOVER_CONFIG_REPLICATION_EXPECTATIONS,
		       c->expectations) ||
	    nla_put_u32(skb, NF_FAILOVER_CONFIG_REPLICATION_RATE, c->rate) ||
	    nla_put_u32(skb, NF_FAILOVER_CONFIG_REPLICATION_ACCOUNTING,
			c->accounting) ||
	    nla_put_u8(skb, NF_FAILOVER_CONFIG_PREEMPT, c->preempt) ||
	    nla_put_u32(skb, NF_FAILOVER_CONFIG_PREEMPT_DELAY,
			c->preempt_delay) ||
	    nla_put_u32(skb, NF_FAILOVER_CONFIG_HOLD_DOWN_TAKEOVERS,
			c->hold_takeovers) ||
	    nla_put_u32(skb, NF_FAILOVER_CONFIG_HOLD_DOWN_TIME, c->hold_time) ||
	    nla_put_u16(skb, NF_FAILOVER_CONFIG_MAC_AUTO, c->mac_auto) ||
	    nla_put_u32(skb, NF_FAILOVER_CONFIG_KEY_MODE, c->psks.mode) ||
	    nla_put_u8(skb, NF_FAILOVER_CONFIG_EXEC_CLEAR, c->exec_clear) ||
	    nla_put_u32(skb, NF_FAILOVER_CONFIG_RECONNECT_TIMEOUT,
			c->reconnect) ||
	    nla_put_u8(skb, NF_FAILOVER_CONFIG_WAIT_DISABLE, c->wait_disable) ||
	    fo_netlink_put_sets(skb, c) || fo_netlink_put_routes(skb, c) ||
	    fo_netlink_put_filter(skb, c) || put_kept(skb, c))
		return -EMSGSIZE;
	for (i = 0; i < c->execs; i++)
		if (put_exec(skb, &c->exec[i]))
			return -EMSGSIZE;
	for (i = 0; i < c->tracks; i++)
		if (fo_netlink_put_track(skb, &c->track[i]))
			return -EMSGSIZE;
	for (i = 0; i < c->psks.n; i++)
		if (put_key(skb, c, i))
			return -EMSGSIZE;
	for (i = 0; i < c->links; i++)
		if (put_link(skb, u, c, i))
			return -EMSGSIZE;
	for (i = 0; i < c->ifcs; i++)
		if (put_ifc(skb, &c->ifc[i]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}
