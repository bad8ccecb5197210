// SPDX-License-Identifier: GPL-2.0
/*
 * Transport in Ethernet frames of our own type.
 *
 * They never meet the IP stack, conntrack or the ruleset: neither a full table
 * nor a wrong rule can cut the pair. The first go to a group address, later
 * ones to the peer that has proved itself.
 *
 * What sees each frame of a netdev, chains of nftables (family netdev) and tc at
 * its ingress, has no say either: like a packet socket we stand before them. What
 * goes out passes by the chains at the egress. It does not pass by tc there:
 * that is where qdiscs are, and what these drop is a fault of this unit.
 */

#include "link.h"

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/netfilter_netdev.h>
#include <linux/rtnetlink.h>

/* A locally administered group address. */
static const u8 group[ETH_ALEN] = { 0x03, 0x46, 0x4f, 0x00, 0x00, 0x01 };

static bool is_ours(const struct fo_link *l, const struct sk_buff *skb)
{
	/* that one is for a netdev on top of this one */
	if (skb_vlan_tag_present(skb) && skb_vlan_tag_get_id(skb))
		return false;
	return skb->protocol == cpu_to_be16(l->setup.ethertype) &&
	       skb->pkt_type != PACKET_LOOPBACK &&
	       skb->pkt_type != PACKET_OTHERHOST;
}

/*
 * What is neither ours nor IP (the link may have addresses, for people) has no
 * business here.
 */
static void look_at_other(struct fo_link *l, const struct sk_buff *skb)
{
	switch (skb->protocol) {
	case htons(ETH_P_ARP):
	case htons(ETH_P_IP):
	case htons(ETH_P_IPV6):
		break;
	default:
		if (skb->protocol != cpu_to_be16(l->setup.ethertype))
			fo_count(l->stats, FO_CNT_LINK_DROPS);
	}
}

/*
 * Everything that arrives. Where nobody else looks at it after us, the skb is
 * ours alone; a chain, tc or a packet socket makes it cost a copy.
 *
 * Context: softirq, RCU.
 */
static int eth_rx(struct sk_buff *skb, struct net_device *dev,
		  struct packet_type *pt, struct net_device *orig)
{
	struct fo_link *l = container_of(pt, struct fo_link, pt);

	if (!is_ours(l, skb)) {
		look_at_other(l, skb);
		consume_skb(skb);
		return NET_RX_SUCCESS;
	}
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb) {
		fo_count(l->stats, FO_CNT_RX_NO_MEMORY);
		return NET_RX_DROP;
	}
	fo_link_rx(l, skb);
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

	l->pt.type = htons(ETH_P_ALL);
	l->pt.func = eth_rx;
	l->pt.dev = dev;
	l->pt.ignore_outgoing = true;
	dev_mc_add(dev, group);
	dev_add_pack(&l->pt);
	return NULL;
}

static void eth_detach(struct fo_link *l)
{
	dev_remove_pack(&l->pt);	/* waits for who is in it */
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
	nf_skip_egress(skb, true);
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
