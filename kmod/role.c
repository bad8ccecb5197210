// SPDX-License-Identifier: GPL-2.0
/*
 * The role of the unit, and the gate that keeps a standby from forwarding.
 *
 * The gate stands before conntrack, so that stray packets do not touch the
 * replicated entries of a standby. On the active unit it costs one test of a
 * flag.
 */

#include "role.h"

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter_ipv4.h>
#include <linux/slab.h>
#include <linux/tcp.h>
#include <net/addrconf.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/route.h>

/*
 * How long a new active unit drops what it would otherwise answer with a RST:
 * the time in which the last records of the old one may still be applied, and
 * the senders repeat themselves.
 */
#define GRACE	(3 * HZ)

static bool for_us4(const struct nf_hook_state *state, struct sk_buff *skb)
{
	switch (inet_addr_type(state->net, ip_hdr(skb)->daddr)) {
	case RTN_LOCAL:
	case RTN_BROADCAST:
	case RTN_MULTICAST:
		return true;
	}
	return false;
}

static bool for_us6(const struct nf_hook_state *state, struct sk_buff *skb)
{
	const struct in6_addr *daddr = &ipv6_hdr(skb)->daddr;

	return ipv6_addr_is_multicast(daddr) ||
	       ipv6_chk_addr(state->net, daddr, NULL, 0);
}

static bool for_us(const struct nf_hook_state *state, struct sk_buff *skb)
{
	return state->pf == NFPROTO_IPV4 ? for_us4(state, skb) :
					   for_us6(state, skb);
}

/* For an address that is still here, but goes with the role. */
static bool for_heir(struct fo_role *r, const struct nf_hook_state *state,
		     const struct sk_buff *skb)
{
	union nf_inet_addr addr = {};

	if (state->pf == NFPROTO_IPV4)
		addr.ip = ip_hdr(skb)->daddr;
	else
		memcpy(&addr, &ipv6_hdr(skb)->daddr, sizeof(addr));
	return fo_store_floating(r->relay.store, state->pf, &addr);
}

/* Before conntrack. Context: softirq, RCU. */
static unsigned int gate_in(void *priv, struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	struct fo_role *r = priv;
	bool relay;

	if (likely(READ_ONCE(r->forwarding)))
		return NF_ACCEPT;
	relay = fo_relay_on(&r->relay);
	if (for_us(state, skb) && !(relay && for_heir(r, state, skb)))
		return NF_ACCEPT;
	if (relay && fo_relay_take(&r->relay, skb) == NF_STOLEN)
		return NF_STOLEN;
	fo_count(r->stats, FO_CNT_GATE_DROPS);
	return NF_DROP;
}

static bool is_link(const struct fo_role *r, const struct net_device *dev)
{
	int i;

	for (i = 0; i < FO_ROLE_LINKS; i++)
		if (dev && dev->ifindex == READ_ONCE(r->link[i]))
			return true;
	return false;
}

/* Whatever reached routing all the same. Context: softirq, RCU. */
static unsigned int gate_forward(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	struct fo_role *r = priv;

	if (unlikely(!READ_ONCE(r->forwarding))) {
		fo_count(r->stats, FO_CNT_GATE_DROPS);
		return NF_DROP;
	}
	if (unlikely(is_link(r, state->in) || is_link(r, state->out))) {
		fo_count(r->stats, FO_CNT_LINK_DROPS);
		return NF_DROP;
	}
	return NF_ACCEPT;
}

static bool is_midstream(const struct sk_buff *skb, u8 pf)
{
	unsigned int off = skb_network_offset(skb);
	struct tcphdr buf;
	const struct tcphdr *th;
	__be16 frag;
	u8 proto;

	if (pf == NFPROTO_IPV4) {
		proto = ip_hdr(skb)->protocol;
		off += ip_hdrlen(skb);
	} else {
		proto = ipv6_hdr(skb)->nexthdr;
		off = ipv6_skip_exthdr(skb, off + sizeof(struct ipv6hdr),
				       &proto, &frag);
		if ((int)off < 0)
			return false;
	}
	if (proto != IPPROTO_TCP)
		return false;
	th = skb_header_pointer(skb, off, sizeof(buf), &buf);
	return th && (!th->syn || th->ack || th->rst || th->fin);
}

/* Our own RST must not kill a session. Context: softirq, RCU. */
static unsigned int grace_in(void *priv, struct sk_buff *skb,
			     const struct nf_hook_state *state)
{
	struct fo_role *r = priv;
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct;

	if (likely(!READ_ONCE(r->grace)))
		return NF_ACCEPT;
	if (time_after(jiffies, r->grace_until)) {
		WRITE_ONCE(r->grace, false);
		return NF_ACCEPT;
	}
	ct = nf_ct_get(skb, &ctinfo);
	if ((ct && ctinfo != IP_CT_NEW) || !is_midstream(skb, state->pf))
		return NF_ACCEPT;
	fo_count(r->stats, FO_CNT_GRACE_DROPS);
	return NF_DROP;
}

/* Made by IPsec of this unit. */
static bool is_ipsec(const struct sk_buff *skb, u8 pf)
{
	return pf == NFPROTO_IPV4 ?
	       IPCB(skb)->flags & IPSKB_XFRM_TRANSFORMED :
	       IP6CB(skb)->flags & IP6SKB_XFRM_TRANSFORMED;
}

/* From an address that goes with the role. RCU. */
static bool from_active(struct fo_role *r, const struct sk_buff *skb, u8 pf)
{
	union nf_inet_addr addr = {};

	if (pf == NFPROTO_IPV4)
		addr.ip = ip_hdr(skb)->saddr;
	else
		memcpy(&addr, &ipv6_hdr(skb)->saddr, sizeof(addr));
	return fo_store_floating(r->relay.store, pf, &addr);
}

/*
 * The tunnels of the pair are the active unit's, also for what the standby sends
 * itself. Context: process or softirq, RCU.
 */
static unsigned int gate_out(void *priv, struct sk_buff *skb,
			     const struct nf_hook_state *state)
{
	struct fo_role *r = priv;

	if (likely(READ_ONCE(r->forwarding)) || !is_ipsec(skb, state->pf) ||
	    !from_active(r, skb, state->pf))
		return NF_ACCEPT;
	fo_count(r->stats, FO_CNT_SA_DROPS);
	return NF_DROP;
}

#define HOOK(family, num, fn, prio) {	\
	.pf = (family), .hooknum = (num), .hook = (fn), .priority = (prio) }

static const struct nf_hook_ops hooks[] = {
	HOOK(NFPROTO_IPV4, NF_INET_PRE_ROUTING, gate_in, NF_IP_PRI_FIRST),
	HOOK(NFPROTO_IPV6, NF_INET_PRE_ROUTING, gate_in, NF_IP_PRI_FIRST),
	HOOK(NFPROTO_IPV4, NF_INET_FORWARD, gate_forward, NF_IP_PRI_FIRST),
	HOOK(NFPROTO_IPV6, NF_INET_FORWARD, gate_forward, NF_IP_PRI_FIRST),
	HOOK(NFPROTO_IPV4, NF_INET_LOCAL_IN, grace_in, NF_IP_PRI_FILTER - 1),
	HOOK(NFPROTO_IPV6, NF_INET_LOCAL_IN, grace_in, NF_IP_PRI_FILTER - 1),
	HOOK(NFPROTO_IPV4, NF_INET_LOCAL_OUT, gate_out, NF_IP_PRI_FIRST),
	HOOK(NFPROTO_IPV6, NF_INET_LOCAL_OUT, gate_out, NF_IP_PRI_FIRST),
};

void fo_role_init(struct fo_role *r, struct net *net, struct fo_stats *stats,
		  struct fo_store *store)
{
	memset(r, 0, sizeof(*r));
	r->net = net;
	r->stats = stats;
	fo_relay_init(&r->relay, stats, store);
}

/**
 * fo_role_start() - close the gate
 * @r: role; standby from here on
 *
 * Context: process.
 *
 * Return: 0 or a negative error number.
 */
int fo_role_start(struct fo_role *r)
{
	unsigned int i;
	int err;

	r->active = false;
	r->forwarding = false;
	r->fenced = false;
	r->grace = false;
	r->hooks = kmemdup(hooks, sizeof(hooks), GFP_KERNEL);
	if (!r->hooks)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(hooks); i++)
		r->hooks[i].priv = r;
	err = nf_register_net_hooks(r->net, r->hooks, ARRAY_SIZE(hooks));
	if (err) {
		kfree(r->hooks);
		r->hooks = NULL;
	}
	return err;
}

/**
 * fo_role_stop() - take the gate away
 * @r: role
 *
 * Context: process.
 */
void fo_role_stop(struct fo_role *r)
{
	nf_unregister_net_hooks(r->net, r->hooks, ARRAY_SIZE(hooks));
	/* who lists hooks looks at them */
	synchronize_rcu();
	kfree(r->hooks);
	r->hooks = NULL;
	r->active = false;
	r->forwarding = false;
	fo_relay_stop(&r->relay);
}

/**
 * fo_role_promote() - become active: a new epoch, and the gate opens
 * @r: role
 *
 * The cost does not depend on the number of connections. Context: process or
 * softirq, serialized by the unit.
 */
void fo_role_promote(struct fo_role *r)
{
	WRITE_ONCE(r->epoch, r->epoch + 1);
	r->grace_until = jiffies + GRACE;
	WRITE_ONCE(r->grace, true);
	WRITE_ONCE(r->fenced, false);
	WRITE_ONCE(r->active, true);
	WRITE_ONCE(r->forwarding, true);
	fo_relay_back(&r->relay);
}

/* Become standby. Context: as fo_role_promote(). */
void fo_role_demote(struct fo_role *r)
{
	WRITE_ONCE(r->forwarding, false);
	WRITE_ONCE(r->active, false);
	WRITE_ONCE(r->fenced, false);
	WRITE_ONCE(r->grace, false);
}

/* The epochs of both units are one sequence. Context: softirq, rx_lock. */
void fo_role_learn(struct fo_role *r, u64 epoch)
{
	if (epoch > r->epoch)
		WRITE_ONCE(r->epoch, epoch);
}

/*
 * Stop forwarding, but keep the role. What comes waits for whoever forwards
 * next. Context: any but hard interrupt.
 */
void fo_role_shut(struct fo_role *r)
{
	fo_relay_hold(&r->relay);
	WRITE_ONCE(r->forwarding, false);
}

/* Forward again: the role was kept. Context: as fo_role_promote(). */
void fo_role_open(struct fo_role *r)
{
	WRITE_ONCE(r->forwarding, true);
	fo_relay_back(&r->relay);
}

/* Stop forwarding, and claim the role no more. Context: any. */
void fo_role_fence(struct fo_role *r)
{
	WRITE_ONCE(r->fenced, true);
	WRITE_ONCE(r->forwarding, false);
}
