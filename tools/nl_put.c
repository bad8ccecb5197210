// SPDX-License-Identifier: GPL-2.0
/* The configuration and reports as attributes; only for nl.c. */
#include "nl_attr.h"

#include <libmnl/libmnl.h>

static bool put_addr(struct nlmsghdr *nlh, uint16_t type,
		     const struct fo_addr *a)
{
	struct nlattr *nest = mnl_attr_nest_start_check(nlh, NL_MSG_MAX, type);
	bool v4 = a->family == AF_INET;
	size_t len = addr_len(a->family);
	bool ok;

	if (!nest)
		return false;
	ok = mnl_attr_put_check(nlh, NL_MSG_MAX, v4 ? NF_FAILOVER_ADDR_ACTIVE4 :
				NF_FAILOVER_ADDR_ACTIVE6, len, a->active) &&
	     (!a->has_standby ||
	      mnl_attr_put_check(nlh, NL_MSG_MAX,
				 v4 ? NF_FAILOVER_ADDR_STANDBY4 :
				 NF_FAILOVER_ADDR_STANDBY6, len, a->standby)) &&
	     mnl_attr_put_u8_check(nlh, NL_MSG_MAX,
				   NF_FAILOVER_ADDR_PREFIX_LEN, a->prefix);
	mnl_attr_nest_end(nlh, nest);
	return ok;
}

static bool put_mac(struct nlmsghdr *nlh, uint16_t type,
		    const unsigned char *mac)
{
	return !mac_is_set(mac) ||
	       mnl_attr_put_check(nlh, NL_MSG_MAX, type, MAC_BYTES, mac);
}

static bool put_addrs(struct nlmsghdr *nlh, uint16_t type,
		      const struct fo_addr *list, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (!put_addr(nlh, type, &list[i]))
			return false;
	return true;
}

/* A text that there may be none of. */
static bool put_text(struct nlmsghdr *nlh, uint16_t type, const char *text)
{
	return !text[0] || mnl_attr_put_strz_check(nlh, NL_MSG_MAX, type, text);
}

/* @health: only what interface-set reports; else only what is configured. */
bool nl_attr_put_ifc(struct nlmsghdr *nlh, uint16_t type,
		     const struct fo_ifc *ifc, bool health)
{
	struct nlattr *nest = mnl_attr_nest_start_check(nlh, NL_MSG_MAX, type);
	bool ok;

	if (!nest)
		return false;
	ok = mnl_attr_put_strz_check(nlh, NL_MSG_MAX, NF_FAILOVER_IFC_IFNAME,
				     ifc->ifname) &&
	     mnl_attr_put_strz_check(nlh, NL_MSG_MAX, NF_FAILOVER_IFC_NAMEIF,
				     ifc->nameif) &&
	     mnl_attr_put_u8_check(nlh, NL_MSG_MAX, NF_FAILOVER_IFC_MONITORED,
				   ifc->monitored);
	if (health)
		ok = ok && mnl_attr_put_u32_check(nlh, NL_MSG_MAX,
						  NF_FAILOVER_IFC_STATUS,
						  ifc->status) &&
		     put_mac(nlh, NF_FAILOVER_IFC_MAC_OWN, ifc->mac.own) &&
		     mnl_attr_put_u32_check(nlh, NL_MSG_MAX,
					    NF_FAILOVER_IFC_ANSWER,
					    ifc->answer) &&
		     put_text(nlh, NF_FAILOVER_IFC_CAUSE, ifc->cause) &&
		     put_text(nlh, NF_FAILOVER_IFC_NOTE, ifc->note);
	else
		ok = ok && mnl_attr_put_u32_check(nlh, NL_MSG_MAX,
						  NF_FAILOVER_IFC_WEIGHT,
						  ifc->weight) &&
		     put_mac(nlh, NF_FAILOVER_IFC_MAC_ACTIVE,
			     ifc->mac.active) &&
		     put_mac(nlh, NF_FAILOVER_IFC_MAC_STANDBY,
			     ifc->mac.standby) &&
		     put_addrs(nlh, NF_FAILOVER_IFC_ADDRESS, ifc->addr,
			       ifc->n_addrs);
	mnl_attr_nest_end(nlh, nest);
	return ok;
}

/* The same of a tracked object. */
bool nl_attr_put_track(struct nlmsghdr *nlh, uint16_t type,
		       const struct fo_track *t, bool health)
{
	struct nlattr *nest = mnl_attr_nest_start_check(nlh, NL_MSG_MAX, type);
	bool ok;

	if (!nest)
		return false;
	ok = put_text(nlh, NF_FAILOVER_TRACK_NAME, t->name);
	if (health)
		ok = ok && mnl_attr_put_u32_check(nlh, NL_MSG_MAX,
						  NF_FAILOVER_TRACK_STATUS,
						  t->status) &&
		     put_text(nlh, NF_FAILOVER_TRACK_CAUSE, t->cause) &&
		     put_text(nlh, NF_FAILOVER_TRACK_NOTE, t->note);
	else
		ok = ok && put_text(nlh, NF_FAILOVER_TRACK_WHAT, t->what) &&
		     mnl_attr_put_u32_check(nlh, NL_MSG_MAX,
					    NF_FAILOVER_TRACK_WEIGHT,
					    t->weight);
	mnl_attr_nest_end(nlh, nest);
	return ok;
}

static bool put_link(struct nlmsghdr *nlh, const struct fo_config *c,
		     uint32_t kind)
{
	const struct fo_link *l = &c->link[kind];
	const struct fo_link_ip *ip = config_link_ip(c, l->name);
	struct nlattr *nest;
	bool ok;

	if (!l->name[0])
		return true;
	nest = mnl_attr_nest_start_check(nlh, NL_MSG_MAX,
					 NF_FAILOVER_CONFIG_LINK);
	if (!nest)
		return false;
	ok = mnl_attr_put_u32_check(nlh, NL_MSG_MAX, NF_FAILOVER_LINK_KIND,
				    kind) &&
	     mnl_attr_put_strz_check(nlh, NL_MSG_MAX, NF_FAILOVER_LINK_NAME,
				     l->name) &&
	     mnl_attr_put_strz_check(nlh, NL_MSG_MAX, NF_FAILOVER_LINK_IFNAME,
				     l->ifname) &&
	     mnl_attr_put_u32_check(nlh, NL_MSG_MAX, NF_FAILOVER_LINK_TRANSPORT,
				    l->transport) &&
	     (!l->port ||
	      mnl_attr_put_u16_check(nlh, NL_MSG_MAX, NF_FAILOVER_LINK_PORT,
				     l->port)) &&
	     (!ip || put_addrs(nlh, NF_FAILOVER_LINK_ADDRESS, ip->addr,
			       ip->n_addrs));
	mnl_attr_nest_end(nlh, nest);
	return ok;
}

/* A key that only the kernel has is named, not given. */
static bool put_key(struct nlmsghdr *nlh, const struct fo_key *k)
{
	struct nlattr *nest;
	bool ok;

	if (k->kind == KEY_NONE)
		return true;
	nest = mnl_attr_nest_start_check(nlh, NL_MSG_MAX,
					 NF_FAILOVER_CONFIG_KEY);
	if (!nest)
		return false;
	if (k->loaded)
		ok = mnl_attr_put_check(nlh, NL_MSG_MAX, NF_FAILOVER_KEY_SECRET,
					sizeof(k->secret), k->secret);
	else
		ok = mnl_attr_put_u64_check(nlh, NL_MSG_MAX,
					    NF_FAILOVER_KEY_FINGERPRINT,
					    k->fingerprint);
	if (k->kind == KEY_FILE)
		ok = ok && mnl_attr_put_strz_check(nlh, NL_MSG_MAX,
						   NF_FAILOVER_KEY_FILE,
						   k->text);
	mnl_attr_nest_end(nlh, nest);
	return ok;
}

static bool put_kept(struct nlmsghdr *nlh, const struct fo_config *c)
{
	size_t max = NL_MSG_MAX;

	return mnl_attr_put_u32_check(nlh, max,
				      NF_FAILOVER_CONFIG_INTERFACE_POLL_MS,
				      c->ifc_poll_ms) &&
	       mnl_attr_put_u32_check(nlh, max,
				      NF_FAILOVER_CONFIG_INTERFACE_HOLD_MS,
				      c->ifc_hold_ms) &&
	       mnl_attr_put_u32_check(nlh, max,
				      NF_FAILOVER_CONFIG_INTERFACE_POLICY,
				      c->ifc_policy) &&
	       mnl_attr_put_u32_check(nlh, max,
			NF_FAILOVER_CONFIG_INTERFACE_POLICY_PERCENT,
			c->ifc_policy_percent);
}

static bool put_filter_keys(struct nlmsghdr *nlh, const struct fo_filter *f)
{
	size_t max = NL_MSG_MAX;

	return (!(f->keys & FILTER_PROTOCOL) ||
		mnl_attr_put_u8_check(nlh, max, NF_FAILOVER_FILTER_PROTOCOL,
				      f->protocol)) &&
	       (!(f->keys & FILTER_PORT) ||
		(mnl_attr_put_u16_check(nlh, max, NF_FAILOVER_FILTER_PORT_FROM,
					f->port_from) &&
		 mnl_attr_put_u16_check(nlh, max, NF_FAILOVER_FILTER_PORT_TO,
					f->port_to))) &&
	       (!(f->keys & FILTER_ADDR) ||
		(mnl_attr_put_check(nlh, max, f->family == AF_INET ?
				    NF_FAILOVER_FILTER_ADDR4 :
				    NF_FAILOVER_FILTER_ADDR6,
				    addr_len(f->family), f->addr) &&
		 mnl_attr_put_u8_check(nlh, max, NF_FAILOVER_FILTER_PREFIX_LEN,
				       f->prefix))) &&
	       (!(f->keys & FILTER_ZONE) ||
		mnl_attr_put_u16_check(nlh, max, NF_FAILOVER_FILTER_ZONE,
				       f->zone)) &&
	       (!(f->keys & FILTER_MARK) ||
		(mnl_attr_put_u32_check(nlh, max, NF_FAILOVER_FILTER_MARK,
					f->mark) &&
		 mnl_attr_put_u32_check(nlh, max, NF_FAILOVER_FILTER_MARK_MASK,
					f->mask)));
}

/* Which connections are replicated, and when. */
static bool put_filters(struct nlmsghdr *nlh, const struct fo_config *c)
{
	size_t max = NL_MSG_MAX;
	struct nlattr *nest;
	unsigned int i;
	bool ok;

	ok = mnl_attr_put_u8_check(nlh, max,
				   NF_FAILOVER_CONFIG_REPLICATION_HTTP,
				   c->http) &&
	     mnl_attr_put_u32_check(nlh, max,
				    NF_FAILOVER_CONFIG_REPLICATION_DELAY,
				    c->told_after);
	for (i = 0; ok && i < c->n_http_ports; i++)
		ok = mnl_attr_put_u16_check(nlh, max,
					    NF_FAILOVER_CONFIG_HTTP_PORT,
					    c->http_port[i]);
	for (i = 0; ok && i < c->n_filters; i++) {
		nest = mnl_attr_nest_start_check(nlh, max,
						 NF_FAILOVER_CONFIG_FILTER);
		if (!nest)
			return false;
		ok = mnl_attr_put_u8_check(nlh, max,
					   NF_FAILOVER_FILTER_INCLUDE,
					   c->filter[i].include) &&
		     put_filter_keys(nlh, &c->filter[i]);
		mnl_attr_nest_end(nlh, nest);
	}
	return ok;
}

static bool put_execs(struct nlmsghdr *nlh, const struct fo_config *c)
{
	struct nlattr *nest;
	unsigned int i;
	bool ok = true;

	for (i = 0; ok && i < c->n_execs; i++) {
		nest = mnl_attr_nest_start_check(nlh, NL_MSG_MAX,
						 NF_FAILOVER_CONFIG_EXEC);
		if (!nest)
			return false;
		ok = mnl_attr_put_strz_check(nlh, NL_MSG_MAX,
					     NF_FAILOVER_EXEC_NAME,
					     c->exec[i].name) &&
		     mnl_attr_put_strz_check(nlh, NL_MSG_MAX,
					     NF_FAILOVER_EXEC_COMMAND,
					     c->exec[i].command);
		mnl_attr_nest_end(nlh, nest);
	}
	return ok && mnl_attr_put_u8_check(nlh, NL_MSG_MAX,
					   NF_FAILOVER_CONFIG_EXEC_CLEAR,
					   c->exec_clear);
}

static bool put_sets(struct nlmsghdr *nlh, const struct fo_config *c)
{
	unsigned int i;

	for (i = 0; i < c->n_sets; i++)
		if (!mnl_attr_put_strz_check(nlh, NL_MSG_MAX,
					     NF_FAILOVER_CONFIG_NFT_SET,
					     c->set[i].what))
			return false;
	return true;
}

static bool put_routes(struct nlmsghdr *nlh, const struct fo_config *c)
{
	unsigned int i;

	for (i = 0; i < c->n_routes; i++)
		if (!mnl_attr_put_strz_check(nlh, NL_MSG_MAX,
					     NF_FAILOVER_CONFIG_ROUTE,
					     c->route[i].what))
			return false;
	return mnl_attr_put_u32_check(nlh, NL_MSG_MAX,
				      NF_FAILOVER_CONFIG_ROUTE_TIMEOUT,
				      c->route_timeout);
}

/* What has its name of the ASA. */
static bool put_asa(struct nlmsghdr *nlh, const struct fo_config *c)
{
	return mnl_attr_put_u32_check(nlh, NL_MSG_MAX,
				      NF_FAILOVER_CONFIG_RECONNECT_TIMEOUT,
				      c->reconnect) &&
	       mnl_attr_put_u8_check(nlh, NL_MSG_MAX,
				     NF_FAILOVER_CONFIG_WAIT_DISABLE,
				     c->wait_disable);
}

static bool put_settings(struct nlmsghdr *nlh, const struct fo_config *c)
{
	size_t max = NL_MSG_MAX;

	return mnl_attr_put_u8_check(nlh, max, NF_FAILOVER_CONFIG_ENABLED,
				     c->enabled) &&
	       mnl_attr_put_u32_check(nlh, max, NF_FAILOVER_CONFIG_UNIT,
				      c->unit) &&
	       mnl_attr_put_u32_check(nlh, max, NF_FAILOVER_CONFIG_POLL_MS,
				      c->poll_ms) &&
	       mnl_attr_put_u32_check(nlh, max, NF_FAILOVER_CONFIG_HOLD_MS,
				      c->hold_ms) &&
	       mnl_attr_put_u16_check(nlh, max, NF_FAILOVER_CONFIG_ETHERTYPE,
				      c->ethertype) &&
	       mnl_attr_put_u32_check(nlh, max, NF_FAILOVER_CONFIG_TCP_FROM,
				      c->tcp_from) &&
	       mnl_attr_put_u32_check(nlh, max,
				      NF_FAILOVER_CONFIG_DATAGRAM_FROM,
				      c->datagram_from) &&
	       mnl_attr_put_u8_check(nlh, max, NF_FAILOVER_CONFIG_REPLICATION,
				     c->replication) &&
	       mnl_attr_put_u8_check(nlh, max,
				     NF_FAILOVER_CONFIG_REPLICATION_NEIGHBOURS,
				     c->neighbours) &&
	       mnl_attr_put_u8_check(nlh, max,
				     NF_FAILOVER_CONFIG_REPLICATION_OBJECTS,
				     c->objects) &&
	       mnl_attr_put_u8_check(nlh, max,
				     NF_FAILOVER_CONFIG_REPLICATION_IPSEC,
				     c->ipsec) &&
	       mnl_attr_put_u8_check(nlh, max,
				     NF_FAILOVER_CONFIG_REPLICATION_GTP,
				     c->gtp) &&
	       mnl_attr_put_u8_check(nlh, max,
				     NF_FAILOVER_CONFIG_REPLICATION_EXPECTATIONS,
				     c->expectations) &&
	       mnl_attr_put_u32_check(nlh, max,
				      NF_FAILOVER_CONFIG_REPLICATION_RATE,
				      c->rate) &&
	       mnl_attr_put_u32_check(nlh, max,
				      NF_FAILOVER_CONFIG_REPLICATION_ACCOUNTING,
				      c->accounting) &&
	       mnl_attr_put_u8_check(nlh, max, NF_FAILOVER_CONFIG_PREEMPT,
				     c->preempt) &&
	       mnl_attr_put_u32_check(nlh, max,
				      NF_FAILOVER_CONFIG_PREEMPT_DELAY,
				      c->preempt_delay) &&
	       mnl_attr_put_u32_check(nlh, max,
				      NF_FAILOVER_CONFIG_HOLD_DOWN_TAKEOVERS,
				      c->held_takeovers) &&
	       mnl_attr_put_u32_check(nlh, max,
				      NF_FAILOVER_CONFIG_HOLD_DOWN_TIME,
				      c->held_time) &&
	       mnl_attr_put_u16_check(nlh, max, NF_FAILOVER_CONFIG_MAC_AUTO,
				      c->mac_auto) &&
	       mnl_attr_put_u32_check(nlh, max, NF_FAILOVER_CONFIG_KEY_MODE,
				      c->key_mode) &&
	       put_key(nlh, &c->key[0]) && put_key(nlh, &c->key[1]) &&
	       put_kept(nlh, c);
}

/* False when it is too long for a nested attribute. */
bool nl_attr_put_config(struct nlmsghdr *nlh, const struct fo_config *c)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, NF_FAILOVER_A_CONFIG);
	char *end;
	bool ok;
	unsigned int i;

	ok = put_settings(nlh, c) && put_execs(nlh, c) &&
	     put_sets(nlh, c) && put_routes(nlh, c) && put_filters(nlh, c) &&
	     put_asa(nlh, c);
	for (i = 0; ok && i < c->n_tracks; i++)
		ok = nl_attr_put_track(nlh, NF_FAILOVER_CONFIG_TRACK,
				       &c->track[i], false);
	for (i = 0; ok && i < CONFIG_LINKS; i++)
		ok = put_link(nlh, c, i);
	for (i = 0; ok && i < c->n_ifcs; i++)
		ok = nl_attr_put_ifc(nlh, NF_FAILOVER_CONFIG_INTERFACE,
				     &c->ifc[i], false);
	end = mnl_nlmsg_get_payload_tail(nlh);
	ok = ok && end - (char *)nest <= UINT16_MAX;
	mnl_attr_nest_end(nlh, nest);
	return ok;
}
