// SPDX-License-Identifier: GPL-2.0
/*
 * Packets for a unit that hands over: they wait, and go to the new active.
 *
 * Between the shutting of the gate here and its opening at the mate nobody
 * forwards, and until the stations of a segment have learnt the new active's
 * MAC address they go on sending to ours. Such packets are held for as long as
 * nobody forwards; once the mate says that it is active they are sent to it in
 * frames, over the interface on which they came. That is what a switch would
 * do: nothing is routed, translated or filtered here. A frame that comes from
 * the mate is never sent back.
 */

#include "relay.h"

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <net/dst.h>

/* Packets that wait; at a million a second, those of a millisecond. */
#define HELD_MAX	1024
/* A packet that is older than this is of no use to anybody. */
#define HOLD_TIME	(HZ / 5)
/* By then every station has heard the announcements. */
#define PASS_TIME	(3 * HZ)

void fo_relay_init(struct fo_relay *r, struct fo_stats *stats,
		   struct fo_store *store)
{
	memset(r, 0, sizeof(*r));
	r->stats = stats;
	r->store = store;
	spin_lock_init(&r->lock);
	__skb_queue_head_init(&r->held);
}

/* The mate's name for it is the same. RCU. */
static const char *nameif_of(struct fo_store *s, const struct net_device *dev)
{
	const struct fo_config *c = rcu_dereference(s->config);
	unsigned int i;

	for (i = 0; i < c->ifcs; i++)
		if (!strcmp(c->ifc[i].ifname, dev->name))
			return c->ifc[i].nameif;
	return NULL;
}

static bool mate_mac(struct fo_store *s, const struct net_device *dev, u8 *mac)
{
	const char *name = nameif_of(s, dev);
	const struct fo_hello *h = &s->other.hello;
	unsigned int i;

	eth_zero_addr(mac);
	if (!name)
		return false;
	spin_lock_bh(&s->lock);
	for (i = 0; i < h->ifcs && s->other.alive; i++)
		if (!strcmp(h->ifc[i].name, name))
			ether_addr_copy(mac, h->ifc[i].mac);
	spin_unlock_bh(&s->lock);
	return is_valid_ether_addr(mac);
}

/* Context: softirq, RCU. */
static bool send(struct fo_relay *r, struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;
	u8 mac[ETH_ALEN];

	if (!mate_mac(r->store, dev, mac) ||
	    ether_addr_equal(mac, dev->dev_addr) ||
	    ether_addr_equal(mac, eth_hdr(skb)->h_source) ||
	    skb_cow_head(skb, LL_RESERVED_SPACE(dev)))
		return false;
	skb_forward_csum(skb);
	skb_clear_tstamp(skb);
	skb_dst_drop(skb);
	if (dev_hard_header(skb, dev, ntohs(skb->protocol), mac,
			    dev->dev_addr, skb->len) < 0)
		return false;
	dev_queue_xmit(skb);
	return true;
}

static void drop(struct fo_relay *r, struct sk_buff *skb)
{
	fo_count(r->stats, FO_CNT_RELAY_DROPS);
	kfree_skb(skb);
}

static void pass_on(struct fo_relay *r, struct sk_buff *skb)
{
	if (send(r, skb))
		fo_count(r->stats, FO_CNT_RELAY_SENT);
	else
		drop(r, skb);
}

/*
 * What has waited, and may still be of use. Packets that come on other
 * processors from now on may overtake these.
 */
static void change(struct fo_relay *r, u8 state, struct sk_buff_head *held)
{
	struct sk_buff *skb;
	bool late;

	__skb_queue_head_init(held);
	spin_lock_bh(&r->lock);
	late = r->state != FO_RELAY_HOLD || time_after(jiffies, r->until);
	skb_queue_splice_init(&r->held, held);
	WRITE_ONCE(r->state, state);
	r->until = jiffies + (state == FO_RELAY_HOLD ? HOLD_TIME : PASS_TIME);
	spin_unlock_bh(&r->lock);
	while (late && (skb = __skb_dequeue(held)))
		drop(r, skb);
}

/* The gate is about to be shut. Context: any but hard interrupt. */
void fo_relay_hold(struct fo_relay *r)
{
	struct sk_buff_head held;
	struct sk_buff *skb;

	change(r, FO_RELAY_HOLD, &held);
	while ((skb = __skb_dequeue(&held)))
		drop(r, skb);
}

/* The mate is active; does nothing but in a handover. Context: softirq. */
void fo_relay_pass(struct fo_relay *r)
{
	struct sk_buff_head held;
	struct sk_buff *skb;

	if (READ_ONCE(r->state) != FO_RELAY_HOLD)
		return;
	change(r, FO_RELAY_PASS, &held);
	rcu_read_lock();
	while ((skb = __skb_dequeue(&held)))
		pass_on(r, skb);
	rcu_read_unlock();
}

/* The gate is open here: the stack takes them. Context: any but hard interrupt. */
void fo_relay_back(struct fo_relay *r)
{
	struct sk_buff_head held;
	struct sk_buff *skb;

	if (!fo_relay_on(r))
		return;
	change(r, FO_RELAY_OFF, &held);
	while ((skb = __skb_dequeue(&held))) {
		fo_count(r->stats, FO_CNT_RELAY_BACK);
		netif_rx(skb);
	}
}

/* Nothing that came from it may stay. Context: process. */
void fo_relay_gone(struct fo_relay *r, const struct net_device *dev)
{
	struct sk_buff_head gone;
	struct sk_buff *skb, *next;

	__skb_queue_head_init(&gone);
	spin_lock_bh(&r->lock);
	skb_queue_walk_safe(&r->held, skb, next) {
		if (skb->dev != dev)
			continue;
		__skb_unlink(skb, &r->held);
		__skb_queue_tail(&gone, skb);
	}
	spin_unlock_bh(&r->lock);
	while ((skb = __skb_dequeue(&gone)))
		drop(r, skb);
}

/* Failover is off. Context: any but hard interrupt. */
void fo_relay_stop(struct fo_relay *r)
{
	struct sk_buff_head held;
	struct sk_buff *skb;

	change(r, FO_RELAY_OFF, &held);
	while ((skb = __skb_dequeue(&held)))
		drop(r, skb);
}

/* What becomes of a packet now; one that waits is in the queue. */
static u8 sort(struct fo_relay *r, struct sk_buff *skb)
{
	bool over = time_after(jiffies, r->until);

	lockdep_assert_held(&r->lock);
	if (r->state == FO_RELAY_PASS && over)
		WRITE_ONCE(r->state, FO_RELAY_OFF);
	if (r->state != FO_RELAY_HOLD)
		return r->state;
	/* nobody has taken over in time, or there are too many */
	if (over || skb_queue_len(&r->held) >= HELD_MAX) {
		drop(r, skb);
		return FO_RELAY_HOLD;
	}
	skb_dst_force(skb);
	__skb_queue_tail(&r->held, skb);
	fo_count(r->stats, FO_CNT_RELAY_HELD);
	return FO_RELAY_HOLD;
}

/**
 * fo_relay_take() - a packet has come to the shut gate
 * @r: relay, which is on
 * @skb: packet in PREROUTING, not for this host
 *
 * Context: softirq, RCU.
 *
 * Return: NF_STOLEN, or NF_DROP when there is nothing to be done for it.
 */
unsigned int fo_relay_take(struct fo_relay *r, struct sk_buff *skb)
{
	u8 state;

	if (skb->pkt_type != PACKET_HOST || skb->dev->type != ARPHRD_ETHER ||
	    !skb_mac_header_was_set(skb))
		return NF_DROP;
	spin_lock_bh(&r->lock);
	state = sort(r, skb);
	spin_unlock_bh(&r->lock);
	if (state == FO_RELAY_OFF)
		return NF_DROP;
	if (state == FO_RELAY_PASS)
		pass_on(r, skb);
	return NF_STOLEN;
}
