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
 *
 * What would take the gate away while it is closed is refused, because the mate
 * bridges: the module stays loaded as long as the gate stands on a bridge, and a
 * port keeps its name. With the parameter "shut" it stands there from the moment
 * the module is loaded.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "bridge.h"

#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/netfilter_bridge.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "bridge_vlan.h"

#define HAS_HOOKS	IS_ENABLED(CONFIG_NETFILTER_FAMILY_BRIDGE)
#define NO_HOOKS "bridges of this kernel have no hooks (CONFIG_NETFILTER_FAMILY_BRIDGE): a standby could not be kept from forwarding"

static char *shut[FO_SHUT_PORTS];
static unsigned int n_shut;
module_param_array(shut, charp, &n_shut, 0444);
MODULE_PARM_DESC(shut,
		 "ports that bridge nothing until failover is on (initial namespace)");

/* The ports of the gate, one by one; NULL: no more of them. */
static const char *port_name(const struct fo_bridge *b,
			     const struct fo_config *c, unsigned int i)
{
	if (READ_ONCE(b->guards))
		return i < n_shut ? shut[i] : NULL;
	return i < c->ifcs ? c->ifc[i].ifname : NULL;
}

/* Its flag lasts longer than it is one. RCU. */
static bool is_port(struct net *net, const char *ifname)
{
	struct net_device *dev = dev_get_by_name_rcu(net, ifname);
	struct net_device *br;

	br = dev ? netdev_master_upper_dev_get_rcu(dev) : NULL;
	return br && netif_is_bridge_master(br);
}

#ifdef CONFIG_NETFILTER_FAMILY_BRIDGE

/* RCU. */
static bool is_ours(const struct fo_bridge *b, const struct net_device *dev)
{
	const struct fo_config *c = rcu_dereference(b->store->config);
	const char *name;
	unsigned int i;

	for (i = 0; (name = port_name(b, c, i)); i++)
		if (!strcmp(name, dev->name))
			return true;
	return false;
}

/* Whether frames to and from the unit itself may pass here. RCU. */
static bool is_foot(const struct fo_bridge *b, struct net_device *dev)
{
	const struct fo_config *c = rcu_dereference(b->store->config);
	struct net_device *br = netdev_master_upper_dev_get_rcu(dev), *port;
	const char *name;
	unsigned int i;

	for (i = 0; br && (name = port_name(b, c, i)); i++) {
		port = dev_get_by_name_rcu(b->net, name);
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

static int put_hooks(struct fo_bridge *b)
{
	struct nf_hook_ops *ops;
	unsigned int i;
	int err;

	ops = kmemdup(hooks, sizeof(hooks), GFP_KERNEL);
	if (!ops)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(hooks); i++)
		ops[i].priv = b;
	err = nf_register_net_hooks(b->net, ops, ARRAY_SIZE(hooks));
	if (err)
		kfree(ops);
	else
		b->hooks = ops;
	return err;
}

static void take_hooks(struct fo_bridge *b)
{
	nf_unregister_net_hooks(b->net, b->hooks, ARRAY_SIZE(hooks));
	/* who lists hooks looks at them */
	synchronize_rcu();
	kfree(b->hooks);
	b->hooks = NULL;
}

#else /* a kernel whose bridges have no hooks */

static bool is_open(const struct fo_bridge *b)
{
	return true;
}

static int put_hooks(struct fo_bridge *b)
{
	return 0;
}

static void take_hooks(struct fo_bridge *b)
{
}

#endif

static bool has_port(const struct fo_bridge *b)
{
	const struct fo_config *c;
	const char *name;
	unsigned int i;
	bool has = false;

	rcu_read_lock();
	c = rcu_dereference(b->store->config);
	for (i = 0; !has && (name = port_name(b, c, i)); i++)
		has = is_port(b->net, name);
	rcu_read_unlock();
	return has;
}

/* The module goes only when the gate stands nowhere. */
static void hold(struct fo_bridge *b)
{
	bool want = b->stands && has_port(b);

	ASSERT_RTNL();
	if (want && !b->holds)
		b->holds = try_module_get(THIS_MODULE);
	else if (!want && b->holds)
		module_put(THIS_MODULE);
	b->holds &= want;
}

static void stand(struct fo_bridge *b, bool stands)
{
	rtnl_lock();
	b->stands = stands;
	hold(b);
	rtnl_unlock();
}

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
	int err = b->hooks ? 0 : put_hooks(b);

	if (err)
		return err;
	WRITE_ONCE(b->guards, false);
	WRITE_ONCE(b->shut, false);
	stand(b, true);
	return 0;
}

/**
 * fo_bridge_stop() - take the gate away, if it is there
 * @b: gate
 *
 * Context: process.
 */
void fo_bridge_stop(struct fo_bridge *b)
{
	stand(b, false);
	if (b->hooks)
		take_hooks(b);
}

/* Whether there are ports to be guarded before there is a configuration. */
bool fo_bridge_guards(void)
{
	return n_shut;
}

/**
 * fo_bridge_guard() - close the gate of the ports of the parameter
 * @b: gate, of a unit that has never been started
 *
 * Until failover is on. Context: process.
 *
 * Return: 0 or a negative error number.
 */
int fo_bridge_guard(struct fo_bridge *b)
{
	int err;

	if (!HAS_HOOKS) {
		pr_err("%s\n", NO_HOOKS);
		return -EOPNOTSUPP;
	}
	WRITE_ONCE(b->guards, true);
	fo_bridge_shut(b);
	err = put_hooks(b);
	if (!err)
		stand(b, true);
	return err;
}

/* The names of ports have changed. Context: process. */
void fo_bridge_renamed(struct fo_bridge *b)
{
	rtnl_lock();
	hold(b);
	rtnl_unlock();
}

/* Never without a gate, and never without a word. RCU. */
static int may_gate(const struct fo_bridge *b, const struct fo_config *c,
		    struct netlink_ext_ack *extack)
{
	unsigned int i;

	for (i = 0; !HAS_HOOKS && i < c->ifcs; i++)
		if (is_port(b->net, c->ifc[i].ifname)) {
			NL_SET_ERR_MSG(extack, NO_HOOKS);
			return -EOPNOTSUPP;
		}
	return 0;
}

/**
 * fo_bridge_check() - whether a configuration may come into force
 * @b: gate
 * @was: configuration in force
 * @c: the next one
 * @extack: why it may not
 *
 * A port without a name has no gate, and the mate bridges. Context: process.
 *
 * Return: 0 or a negative error number.
 */
int fo_bridge_check(const struct fo_bridge *b, const struct fo_config *was,
		    const struct fo_config *c, struct netlink_ext_ack *extack)
{
	unsigned int i;
	int err;

	rcu_read_lock();
	err = may_gate(b, c, extack);
	for (i = 0; !err && b->hooks && !is_open(b) && i < was->ifcs; i++) {
		if (fo_config_ifc(c, was->ifc[i].ifname) ||
		    !is_port(b->net, was->ifc[i].ifname))
			continue;
		NL_SET_ERR_MSG(extack,
			       "a port of a bridge whose gate is closed would lose its nameif: take it out of the bridge first");
		err = -EBUSY;
	}
	rcu_read_unlock();
	return err;
}

/**
 * fo_bridge_netdev_event() - a device may join or leave a bridge
 * @b: gate
 * @event: NETDEV_*
 * @info: what the notifier was given
 *
 * Context: rtnl.
 *
 * Return: 0, or a negative error number: it may not join.
 */
int fo_bridge_netdev_event(struct fo_bridge *b, unsigned long event, void *info)
{
	struct net_device *dev = netdev_notifier_info_to_dev(info);
	const struct netdev_notifier_changeupper_info *up = info;

	if (!HAS_HOOKS && event == NETDEV_PRECHANGEUPPER && up->linking &&
	    netif_is_bridge_master(up->upper_dev) &&
	    fo_store_named(b->store, dev->name)) {
		NL_SET_ERR_MSG(netdev_notifier_info_to_extack(&up->info),
			       NO_HOOKS);
		return -EOPNOTSUPP;
	}
	if (event == NETDEV_CHANGEUPPER || event == NETDEV_CHANGENAME)
		hold(b);
	return 0;
}
