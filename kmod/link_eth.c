// SPDX-License-Identifier: GPL-2.0
/*
 * Transport in Ethernet frames of our own type.
 *
 * They never meet the IP stack, conntrack or the ruleset: neither a full table
 * nor a wrong rule can cut the pair. The first go to a group address, later
 * ones to the peer that has proved itself. Chains of nftables at the ingress and
 * egress of the netdev itself do see them, as tc and XDP do.
 */

#include "link.h"

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>

/* A locally administered group address. */
static const u8 group[ETH_ALEN] = { 0x03, 0x46, 0x4f, 0x00, 0x00, 0x01 };

/* Context: softirq, RCU. */
static int eth_rx(struct sk_buff *skb, struct net_device *dev,
		  struct packet_type *pt, struct net_device *orig)
{
	struct fo_link *l = container_of(pt, struct fo_link, pt);

	if (skb->pkt_type == PACKET_LOOPBACK ||
	    skb->pkt_type == PACKET_OTHERHOST) {
		kfree_skb(skb);
		return NET_RX_DROP;
	}
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb) {
		fo_count(l->stats, FO_CNT_RX_NO_MEMORY);
		return NET_RX_DROP;
	}
	fo_link_rx(l, skb);
	return NET_RX_SUCCESS;
}

/*
 * Everything that arrives. What is neither ours nor IP (the link may have
 * addresses, for people) has no business here; nobody takes it, and we count.
 *
 * Context: softirq, RCU.
 */
static int eth_other(struct sk_buff *skb, struct net_device *dev,
		     struct packet_type *pt, struct net_device *orig)
{
	struct fo_link *l = container_of(pt, struct fo_link, others);

	switch (skb->protocol) {
	case htons(ETH_P_ARP):
	case htons(ETH_P_IP):
	case htons(ETH_P_IPV6):
		break;
	default:
		if (skb->protocol != l->pt.type)
			fo_count(l->stats, FO_CNT_LINK_DROPS);
	}
	consume_skb(skb);
	return NET_RX_SUCCESS;
}

static const char *eth_check(const struct net_device *dev)
{
	return dev->type == ARPHRD_ETHER ? NULL :
	       "the netdev of the link is not an Ethernet device";
}

static const char *eth_attach(struct fo_link *l)
{
	struct net_device *dev = rtnl_dereference(l->dev);

	l->pt.type = cpu_to_be16(l->setup.ethertype);
	l->pt.func = eth_rx;
	l->pt.dev = dev;
	l->others.type = htons(ETH_P_ALL);
	l->others.func = eth_other;
	l->others.dev = dev;
	l->others.ignore_outgoing = true;
	dev_mc_add(dev, group);
	dev_add_pack(&l->pt);
	dev_add_pack(&l->others);
	return NULL;
}

static void eth_detach(struct fo_link *l)
{
	__dev_remove_pack(&l->others);
	dev_remove_pack(&l->pt);	/* waits for both */
	dev_mc_del(rtnl_dereference(l->dev), group);
}

static unsigned int eth_mtu(const struct fo_link *l,
			    const struct net_device *dev)
{
	return READ_ONCE(dev->mtu);
}

static int eth_xmit(struct fo_link *l, struct net_device *dev,
		    struct sk_buff *skb)
{
	u64 peer = READ_ONCE(l->peer);
	u8 mac[ETH_ALEN];
	int err;

	if (skb->len > eth_mtu(l, dev)) {
		kfree_skb(skb);
		return -EMSGSIZE;
	}
	if (peer)
		u64_to_ether_addr(peer, mac);
	skb->protocol = cpu_to_be16(l->setup.ethertype);
	err = dev_hard_header(skb, dev, l->setup.ethertype,
			      peer ? mac : group, NULL, skb->len);
	if (err < 0) {
		kfree_skb(skb);
		return err;
	}
	err = dev_queue_xmit(skb);
	/* that is for errors alone; it makes one of a success */
	return err ? net_xmit_errno(err) : 0;
}

static void eth_learn(struct fo_link *l, const struct sk_buff *skb)
{
	u64 peer = ether_addr_to_u64(eth_hdr(skb)->h_source);

	if (READ_ONCE(l->peer) != peer)
		WRITE_ONCE(l->peer, peer);
}

const struct fo_link_ops fo_link_eth_ops = {
	.check	= eth_check,
	.attach	= eth_attach,
	.detach	= eth_detach,
	.mtu	= eth_mtu,
	.xmit	= eth_xmit,
	.learn	= eth_learn,
};
