/* SPDX-License-Identifier: GPL-2.0 */
/* A dedicated netdev between the units: send, receive, carrier, MTU. */
#ifndef _FO_LINK_H
#define _FO_LINK_H

#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>

#include "stats.h"

struct fo_link;
struct fo_link_ops;

/**
 * enum fo_send - how a frame is to be sent
 * @FO_SEND_URGENT: before other frames, as hellos are
 * @FO_SEND_WHOLE: not in fragments; when it does not fit it is no fault
 */
enum fo_send {
	FO_SEND_URGENT	= 1 << 0,
	FO_SEND_WHOLE	= 1 << 1,
};

/**
 * struct fo_link_setup - what a link is to be
 * @ops: transport
 * @ifname: name of the netdev
 * @ethertype: EtherType of the frames; of link_eth
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6; as the rest of link_udp
 * @port: UDP port, here and there
 * @here: address of this unit
 * @there: address of the other unit
 */
struct fo_link_setup {
	const struct fo_link_ops *ops;
	char ifname[IFNAMSIZ];
	u16 ethertype;
	u8 family;
	u16 port;
	union nf_inet_addr here;
	union nf_inet_addr there;
};

/**
 * struct fo_link_up - what a link calls in the session above it
 * @rx: a frame has arrived; takes the skb, which is linear and whose data is
 *      the frame. Softirq.
 */
struct fo_link_up {
	void (*rx)(void *ctx, struct fo_link *link, struct sk_buff *skb);
};

/**
 * struct fo_link_ops - one kind of transport
 * @check: whether the netdev is fit to be a link; NULL or why it is not. rtnl.
 * @attach: begin to receive from @link->dev; NULL or why not. rtnl, may sleep.
 * @detach: stop to receive. rtnl, may sleep.
 * @mtu: longest frame that goes out of @dev whole. RCU.
 * @headroom: bytes that it puts before a frame, behind the netdev's own, at most
 * @headers: how many; NULL: none
 * @xmit: put an address onto the frame and send it; takes the skb. If
 *        skb->ignore_df, it may go in fragments. Softirq.
 * @learn: remember where an authentic frame came from. Softirq.
 */
struct fo_link_ops {
	const char *(*check)(const struct net_device *dev);
	const char *(*attach)(struct fo_link *link);
	void (*detach)(struct fo_link *link);
	unsigned int (*mtu)(const struct fo_link *link,
			    const struct net_device *dev);
	unsigned int headroom;
	unsigned int (*headers)(const struct fo_link *link);
	int (*xmit)(struct fo_link *link, struct net_device *dev,
		    struct sk_buff *skb);
	void (*learn)(struct fo_link *link, const struct sk_buff *skb);
};

/**
 * struct fo_link - one link
 * @net: network namespace
 * @setup: what it is to be; the netdev may come and go
 * @up: session above
 * @ctx: for @up
 * @stats: counters of the unit
 * @dev: the netdev, NULL while there is none
 * @pt: receive hook of link_eth
 * @peer: its MAC address of the peer as a number, 0 until an authentic frame
 *        told
 * @hook: receive hook of link_udp
 * @sock: its socket, which owns the port
 * @path: its MTU of the path, as the last frame found it; 0 before
 * @heard: ktime of the last authentic frame of the peer on this link
 * @came: ktime of the last frame of anybody, 0 before
 * @refused: why the netdev that is there cannot be used, or NULL
 * @stuck: why the last frame had no way out although the netdev can be used, or
 *         NULL; of link_udp
 * @fault: why the last frame was not sent, a negative error number, or 0
 */
struct fo_link {
	struct net *net;
	struct fo_link_setup setup;
	const struct fo_link_up *up;
	void *ctx;
	struct fo_stats *stats;
	struct net_device __rcu *dev;
	struct packet_type pt;
	u64 peer;
	struct nf_hook_ops hook;
	struct socket *sock;
	unsigned int path;
	ktime_t heard;
	ktime_t came;
	const char *refused;
	const char *stuck;
	int fault;
};

/* An authentic frame tells where the peer is. Context: softirq. */
static inline void fo_link_learn(struct fo_link *l, const struct sk_buff *skb)
{
	WRITE_ONCE(l->heard, ktime_get());
	l->setup.ops->learn(l, skb);
}

/*
 * It may come back at another place, as a unit in the stead of a broken one
 * does. Context: any.
 */
static inline void fo_link_forget(struct fo_link *l)
{
	WRITE_ONCE(l->peer, 0);
}

/* Why the last frame was not sent though the link is up; 0: it was. */
static inline int fo_link_fault(const struct fo_link *l)
{
	int err = READ_ONCE(l->fault);

	return err == -ENODEV || err == -ENETDOWN ? 0 : err;
}

/* link.c */
void fo_link_init(struct fo_link *l, struct net *net, struct fo_stats *stats,
		  const struct fo_link_up *up, void *ctx);
void fo_link_open(struct fo_link *l, const struct fo_link_setup *setup);
void fo_link_close(struct fo_link *l);
const char *fo_link_check(const struct fo_link_ops *ops,
			  const struct net_device *dev);
void fo_link_netdev_event(struct fo_link *l, unsigned long event,
			  struct net_device *dev);
bool fo_link_usable(struct fo_link *l);
unsigned int fo_link_mtu(struct fo_link *l);
unsigned int fo_link_dev_mtu(struct fo_link *l);
unsigned int fo_link_headers(const struct fo_link *l);
int fo_link_ifindex(struct fo_link *l);
int fo_link_send(struct fo_link *l, const u8 *frame, size_t len,
		 unsigned int how);
void fo_link_rx(struct fo_link *l, struct sk_buff *skb);

/* link_eth.c */
extern const struct fo_link_ops fo_link_eth_ops;

/* link_udp.c */
extern const struct fo_link_ops fo_link_udp_ops;

#endif /* _FO_LINK_H */
