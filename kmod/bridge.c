// SPDX-License-Identifier: GPL-2.0
/*
 * Transparent mode: a unit that is not active bridges nothing.
 *
 * A named interface that is a port of a bridge is one of the firewall's. Two
 * units that bridge the same segments are a loop, so the gate has to be there
 * before they do, and it stands in the hooks of the bridge, where it opens and
 * closes with the role. The states of the ports are left alone: user space
 * would have to open them again at each takeover.
 *
 * A unit that is not active stands on one foot: the first named port of each
 * bridge that has a carrier. There it still hears and speaks for itself, so
 * that its own address on the bridge works; what it says comes to the other
 * segments by way of the active unit, once. What it hears goes around the
 * bridge, which would else learn what it hears by way of the active unit as
 * if it were behind this port.
 */

#include "bridge.h"

#include <linux/etherdevice.h>
#include <linux/netfilter_bridge.h>
#include <linux/slab.h>

#include "bridge_vlan.h"

#ifdef CONFIG_NETFILTER_FAMILY_BRIDGE

static bool is_ours(const struct fo_bridge *b, const struct net_device *dev)
{
	return fo_store_named(b->store, dev->name);
}

/* Whether frames to and from the unit itself may pass here. RCU. */
static bool is_foot(const struct fo_bridge *b, struct net_device *dev)
{
	const struct fo_config *c = rcu_dereference(b->store->config);
	struct net_device *br = netdev_master_upper_dev_get_rcu(dev), *port;
	unsigned int i;

	for (i = 0; br && i < c->ifcs; i++) {
		port = dev_get_by_name_rcu(b->net, c->ifc[i].ifname);
		if (port && netif_running(port) && netif_carrier_ok(port) &&
		    netdev_master_upper_dev_get_rcu(port) == br)
			return port == dev;
	}
	return false;
}

static bool is_open(const struct fo_bridge *b)
{
	return likely(READ_ONCE(b->role->forwarding)) && !READ_ONCE(b->shut);
}

static unsigned int drop(const struct fo_bridge *b)
{
	fo_count(b->stats, FO_CNT_BRIDGE_DROPS);
	return NF_DROP;
}

static int arrive(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	return netif_receive_skb(skb);
}

/*
 * To the bridge's own device, as the bridge would do it, with the ruleset for
 * what is for the firewall itself. RCU.
 */
static unsigned int pass_up(const struct fo_bridge *b, struct sk_buff *skb,
			    struct net_device *port)
{
	struct net_device *br = netdev_master_upper_dev_get_rcu(port);

	if (!br || !netif_running(br) || !fo_bridge_vlan_up(br, port, skb))
		return drop(b);
	if (br->tstats)
		dev_sw_netstats_rx_add(br, skb->len);
	skb->dev = br;
	NF_HOOK(NFPROTO_BRIDGE, NF_BR_LOCAL_IN, b->net, NULL, skb, port, NULL,
		arrive);
	return NF_STOLEN;
}

/* Before conntrack, and before the bridge learns. Context: softirq, RCU. */
static unsigned int gate_in(void *priv, struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	const struct fo_bridge *b = priv;

	if (is_open(b) || !is_ours(b, state->in))
		return NF_ACCEPT;
	if (skb->pkt_type == PACKET_OTHERHOST || !is_foot(b, state->in))
		return drop(b);
	return pass_up(b, skb, state->in);
}

/* From a port that is not ours, or in flight. Context: softirq, RCU. */
static unsigned int gate_forward(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	const struct fo_bridge *b = priv;

	if (is_open(b))
		return NF_ACCEPT;
	if (is_ours(b, state->in) || is_ours(b, state->out))
		return drop(b);
	return NF_ACCEPT;
}

/*
 * What the unit sends itself. Not BPDUs: who is told of a second bridge may take
 * it for the better path, and it is none. Context: process, softirq; RCU.
 */
static unsigned int gate_out(void *priv, struct sk_buff *skb,
			     const struct nf_hook_state *state)
{
	const struct fo_bridge *b = priv;

	if (is_open(b) || !is_ours(b, state->out))
		return NF_ACCEPT;
	if (is_link_local_ether_addr(eth_hdr(skb)->h_dest) ||
	    !is_foot(b, state->out))
		return drop(b);
	return NF_ACCEPT;
}

/* What the ruleset has let through. Context: softirq, RCU. */
static unsigned int learn(void *priv, struct sk_buff *skb,
			  const struct nf_hook_state *state)
{
	const struct fo_bridge *b = priv;
	u16 vlan;

	if (fo_bridge_vlan_of(skb, state->out, &vlan))
		fo_station_seen(b->stations, eth_hdr(skb)->h_source, vlan,
				state->in);
	return NF_ACCEPT;
}

#define HOOK(num, fn, prio) {						\
	.pf = NFPROTO_BRIDGE, .hooknum = NF_BR_ ## num, .hook = (fn),	\
	.priority = (prio) }

static const struct nf_hook_ops hooks[] = {
	HOOK(PRE_ROUTING, gate_in, NF_BR_PRI_FIRST),
	HOOK(FORWARD, gate_forward, NF_BR_PRI_FIRST),
	HOOK(FORWARD, learn, NF_BR_PRI_LAST),
	HOOK(LOCAL_OUT, gate_out, NF_BR_PRI_FIRST),
};

/**
 * fo_bridge_start() - put the gate in place, unless it is
 * @b: gate; the role says whether it is open
 *
 * Context: process.
 *
 * Return: 0 or a negative error number.
 */
int fo_bridge_start(struct fo_bridge *b)
{
	unsigned int i;
	int err;

	WRITE_ONCE(b->shut, false);
	if (b->hooks)
		return 0;
	b->hooks = kmemdup(hooks, sizeof(hooks), GFP_KERNEL);
	if (!b->hooks)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(hooks); i++)
		b->hooks[i].priv = b;
	err = nf_register_net_hooks(b->net, b->hooks, ARRAY_SIZE(hooks));
	if (err) {
		kfree(b->hooks);
		b->hooks = NULL;
	}
	return err;
}

/**
 * fo_bridge_stop() - take the gate away, if it is there
 * @b: gate
 *
 * Context: process.
 */
void fo_bridge_stop(struct fo_bridge *b)
{
	if (!b->hooks)
		return;
	nf_unregister_net_hooks(b->net, b->hooks, ARRAY_SIZE(hooks));
	/* who lists hooks looks at them */
	synchronize_rcu();
	kfree(b->hooks);
	b->hooks = NULL;
}

#else /* a kernel whose bridges have no hooks */

int fo_bridge_start(struct fo_bridge *b)
{
	return 0;
}

void fo_bridge_stop(struct fo_bridge *b)
{
}

#endif
