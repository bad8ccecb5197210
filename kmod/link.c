// SPDX-License-Identifier: GPL-2.0
/*
 * A dedicated netdev between the units: send, receive, carrier, MTU.
 *
 * The netdev is known by its name. It may be absent at first, vanish and come
 * back; the link follows it by netdevice events and says what its state is.
 */

#include "link.h"

#include <linux/rtnetlink.h>
#include <net/net_namespace.h>
#include <net/pkt_sched.h>

#include "trace.h"

/* What an Ethernet carries at the least, when there is no netdev to ask. */
#define MTU_DEFAULT	1500

void fo_link_init(struct fo_link *l, struct net *net, struct fo_stats *stats,
		  const struct fo_link_up *up, void *ctx)
{
	memset(l, 0, sizeof(*l));
	l->net = net;
	l->setup.ops = &fo_link_eth_ops;
	l->stats = stats;
	l->up = up;
	l->ctx = ctx;
}

/**
 * fo_link_check() - whether a netdev is fit to be a link
 * @ops: transport of the link
 * @dev: the netdev
 *
 * A link takes part in nothing else. Context: rtnl.
 *
 * Return: NULL, or why it is not.
 */
const char *fo_link_check(const struct fo_link_ops *ops,
			  const struct net_device *dev)
{
	const struct net_device *master =
			netdev_master_upper_dev_get((struct net_device *)dev);

	if (dev->flags & IFF_LOOPBACK)
		return "the netdev of the link is a loopback device";
	/* the flags of the port outlive the event that tells of its end */
	if (master && netif_is_bridge_master(master))
		return "the netdev of the link is a port of a bridge";
	if (master && netif_is_lag_master(master))
		return "the netdev of the link is a slave of a bond or team";
	if (master)
		return "the netdev of the link is a slave of another one";
	return ops->check(dev);
}

/* What the last frame has met is of no netdev any more. */
static void forget_frames(struct fo_link *l)
{
	WRITE_ONCE(l->path, 0);
	WRITE_ONCE(l->came, 0);
	WRITE_ONCE(l->stuck, NULL);
	WRITE_ONCE(l->fault, 0);
}

static void let_go(struct fo_link *l, struct net_device *dev)
{
	RCU_INIT_POINTER(l->dev, NULL);
	synchronize_net();
	dev_put(dev);
	forget_frames(l);
}

static void attach(struct fo_link *l, struct net_device *dev)
{
	ASSERT_RTNL();
	l->refused = fo_link_check(l->setup.ops, dev);
	if (l->refused)
		return;
	dev_hold(dev);
	fo_link_forget(l);
	rcu_assign_pointer(l->dev, dev);
	l->refused = l->setup.ops->attach(l);
	if (l->refused)
		let_go(l, dev);
}

static void detach(struct fo_link *l)
{
	struct net_device *dev = rtnl_dereference(l->dev);

	l->refused = NULL;
	if (!dev)
		return;
	l->setup.ops->detach(l);
	let_go(l, dev);
}

/**
 * fo_link_open() - use the netdev of that name, now or when it appears
 * @l: link, closed
 * @setup: what it is to be
 *
 * Context: process, rtnl not held.
 */
void fo_link_open(struct fo_link *l, const struct fo_link_setup *setup)
{
	struct net_device *dev;

	rtnl_lock();
	l->setup = *setup;
	dev = __dev_get_by_name(l->net, setup->ifname);
	if (dev)
		attach(l, dev);
	rtnl_unlock();
}

/**
 * fo_link_close() - let go of the netdev
 * @l: link
 *
 * No frame is handed up after it returns. Context: process, rtnl not held.
 */
void fo_link_close(struct fo_link *l)
{
	rtnl_lock();
	detach(l);
	l->setup.ifname[0] = 0;
	rtnl_unlock();
}

/**
 * fo_link_netdev_event() - follow what happens to netdevs
 * @l: link
 * @event: NETDEV_*
 * @dev: netdev that it happens to, of the same network namespace
 *
 * Context: rtnl.
 */
void fo_link_netdev_event(struct fo_link *l, unsigned long event,
			  struct net_device *dev)
{
	bool ours = rtnl_dereference(l->dev) == dev;
	bool named = l->setup.ifname[0] &&
		     !strcmp(dev->name, l->setup.ifname);
	const char *why;

	switch (event) {
	case NETDEV_UNREGISTER:
		if (ours)
			detach(l);
		break;
	case NETDEV_CHANGENAME:
		if (ours && !named)
			detach(l);
		fallthrough;
	case NETDEV_REGISTER:
	case NETDEV_UP:
		if (named && !rtnl_dereference(l->dev))
			attach(l, dev);
		break;
	case NETDEV_CHANGEUPPER:
		why = fo_link_check(l->setup.ops, dev);
		if (ours && why) {
			detach(l);
			l->refused = why;
		} else if (named && !ours) {
			attach(l, dev);
		}
		break;
	}
}

/**
 * fo_link_usable() - whether frames can go out
 * @l: link
 *
 * The carrier is asked directly: its loss reaches netdevice notifiers up to a
 * second late. Context: any.
 */
bool fo_link_usable(struct fo_link *l)
{
	struct net_device *dev;
	bool ok;

	rcu_read_lock();
	dev = rcu_dereference(l->dev);
	ok = dev && netif_running(dev) && netif_carrier_ok(dev);
	rcu_read_unlock();
	return ok;
}

/**
 * fo_link_mtu() - longest frame that the link carries whole
 * @l: link
 *
 * Context: any.
 *
 * Return: bytes.
 */
unsigned int fo_link_mtu(struct fo_link *l)
{
	struct net_device *dev;
	unsigned int mtu;

	rcu_read_lock();
	dev = rcu_dereference(l->dev);
	mtu = dev ? l->setup.ops->mtu(l, dev) :
		    MTU_DEFAULT - l->setup.ops->headroom;
	rcu_read_unlock();
	return mtu;
}

/* MTU of the netdev; 0 while there is none. Context: any. */
unsigned int fo_link_dev_mtu(struct fo_link *l)
{
	struct net_device *dev;
	unsigned int mtu;

	rcu_read_lock();
	dev = rcu_dereference(l->dev);
	mtu = dev ? READ_ONCE(dev->mtu) : 0;
	rcu_read_unlock();
	return mtu;
}

/* What of an MTU is not for the frame. Context: any. */
unsigned int fo_link_headers(const struct fo_link *l)
{
	return l->setup.ops->headers ? l->setup.ops->headers(l) : 0;
}

/**
 * fo_link_ifindex() - which netdev the link uses
 * @l: link
 *
 * Context: any.
 *
 * Return: its index, or 0.
 */
int fo_link_ifindex(struct fo_link *l)
{
	struct net_device *dev;
	int ifindex;

	rcu_read_lock();
	dev = rcu_dereference(l->dev);
	ifindex = dev ? dev->ifindex : 0;
	rcu_read_unlock();
	return ifindex;
}

static int send_on(struct fo_link *l, struct net_device *dev, const u8 *frame,
		   size_t len, unsigned int how)
{
	unsigned int head = LL_RESERVED_SPACE(dev) + l->setup.ops->headroom;
	struct sk_buff *skb;

	if (!netif_running(dev) || !netif_carrier_ok(dev))
		return -ENETDOWN;
	skb = alloc_skb(head + len + dev->needed_tailroom, GFP_ATOMIC);
	if (!skb)
		return -ENOMEM;
	skb_reserve(skb, head);
	skb_reset_network_header(skb);
	skb_put_data(skb, frame, len);
	skb->dev = dev;
	skb->priority = how & FO_SEND_URGENT ? TC_PRIO_CONTROL :
					       TC_PRIO_BESTEFFORT;
	skb->ignore_df = !(how & FO_SEND_WHOLE);
	return l->setup.ops->xmit(l, dev, skb);
}

/**
 * fo_link_send() - send a copy of a frame
 * @l: link
 * @frame: sealed frame
 * @len: its length
 * @how: enum fo_send
 *
 * A failure is counted, and is a fault of this unit alone.
 * Context: softirq or BH off.
 *
 * Return: 0 or a negative error number.
 */
int fo_link_send(struct fo_link *l, const u8 *frame, size_t len,
		 unsigned int how)
{
	struct net_device *dev;
	int err = -ENODEV;

	rcu_read_lock();
	dev = rcu_dereference(l->dev);
	if (dev)
		err = send_on(l, dev, frame, len, how);
	rcu_read_unlock();
	trace_fo_frame_sent(l->stats, l->setup.ifname, frame, len, err);
	if (err == -EMSGSIZE && how & FO_SEND_WHOLE)
		return err;
	if (READ_ONCE(l->fault) != err)
		WRITE_ONCE(l->fault, err);
	if (err) {
		fo_count(l->stats, err == -ENETDOWN || err == -ENODEV ?
				   FO_CNT_TX_LINK_DOWN : FO_CNT_TX_ERRORS);
		return err;
	}
	fo_count(l->stats, FO_CNT_TX_FRAMES);
	fo_count_n(l->stats, FO_CNT_TX_BYTES, len);
	return 0;
}

/**
 * fo_link_rx() - a frame has come in
 * @l: link
 * @skb: frame, taken
 *
 * Context: softirq, RCU.
 */
void fo_link_rx(struct fo_link *l, struct sk_buff *skb)
{
	fo_count(l->stats, FO_CNT_RX_FRAMES);
	fo_count_n(l->stats, FO_CNT_RX_BYTES, skb->len);
	/* what is taken out of its seal may be shared with a packet socket */
	if (skb_linearize(skb) || skb_ensure_writable(skb, skb->len)) {
		fo_count(l->stats, FO_CNT_RX_NO_MEMORY);
		kfree_skb(skb);
		return;
	}
	WRITE_ONCE(l->came, ktime_get());
	trace_fo_frame_received(l->stats, l->setup.ifname, skb->data, skb->len,
				0);
	l->up->rx(l->ctx, l, skb);
}
