// SPDX-License-Identifier: GPL-2.0
/*
 * Transport in UDP over IPv4 or IPv6, for a link with routers in it.
 *
 * The addresses and the port are configured. As frames of link_eth do, the
 * datagrams pass by the unit's own ruleset and conntrack: what comes in is
 * taken in PREROUTING behind the defragmentation, and what goes out does not
 * traverse the hooks. A socket owns the port, and by it the kernel knows that
 * "packet too big" is about us.
 *
 * Datagrams are not to be fragmented on their way. One that was made before its
 * path became narrower is fragmented here.
 *
 * Their checksum is for those in the middle: we have the tag of the frame.
 */

#include "link.h"

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/net.h>
#include <linux/rtnetlink.h>
#include <linux/socket.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/pkt_sched.h>
#include <net/route.h>
#include <net/udp.h>

#define HEADERS		(sizeof(struct ipv6hdr) + sizeof(struct udphdr))
/* IPv6 has no narrower path, and nobody can make us believe in one. */
#define PATH_MIN	1280

/* DSCP CS6: what routers take first. */
#define TOS_URGENT	0xc0

/* --- receive ---------------------------------------------------------- */

struct ends {
	union nf_inet_addr from;
	union nf_inet_addr to;
	unsigned int off;	/* of the UDP header */
};

static bool get_ends(const struct sk_buff *skb, u8 family, struct ends *e)
{
	const struct ipv6hdr *ip6 = ipv6_hdr(skb);
	const struct iphdr *ip4 = ip_hdr(skb);

	memset(e, 0, sizeof(*e));
	if (family == NFPROTO_IPV4) {
		e->from.ip = ip4->saddr;
		e->to.ip = ip4->daddr;
		e->off = ip_hdrlen(skb);
		return ip4->protocol == IPPROTO_UDP && !ip_is_fragment(ip4);
	}
	e->from.in6 = ip6->saddr;
	e->to.in6 = ip6->daddr;
	e->off = sizeof(*ip6);
	return ip6->nexthdr == IPPROTO_UDP;
}

/* Cuts off what is not the frame. */
static bool unwrap(struct sk_buff *skb, unsigned int off)
{
	const struct udphdr *uh;
	unsigned int len;

	if (!pskb_may_pull(skb, off + sizeof(*uh)))
		return false;
	uh = (const struct udphdr *)(skb->data + off);
	len = ntohs(uh->len);
	/* 0: longer than it can say, which no frame is */
	if (len < sizeof(*uh) || pskb_trim(skb, off + len))
		return false;
	__skb_pull(skb, off + sizeof(*uh));
	return true;
}

static void take(struct fo_link *l, struct sk_buff *skb, unsigned int off)
{
	if (unwrap(skb, off)) {
		fo_link_rx(l, skb);
		return;
	}
	fo_count(l->stats, FO_CNT_LINK_DROPS);
	kfree_skb(skb);
}

/* What generic receive offload has put together. */
static void take_all(struct fo_link *l, struct sk_buff *skb, unsigned int off)
{
	struct sk_buff *list, *next;

	__skb_push(skb, -skb_mac_offset(skb));
	list = __skb_gso_segment(skb, NETIF_F_SG | NETIF_F_IP_CSUM |
				      NETIF_F_IPV6_CSUM, false);
	if (IS_ERR_OR_NULL(list)) {
		fo_count(l->stats, FO_CNT_RX_NO_MEMORY);
		kfree_skb(skb);
		return;
	}
	consume_skb(skb);
	skb_list_walk_safe(list, skb, next) {
		skb_mark_not_on_list(skb);
		__skb_pull(skb, skb_network_offset(skb));
		take(l, skb, off);
	}
}

/* Context: softirq, RCU. */
static unsigned int udp_rx(void *priv, struct sk_buff *skb,
			   const struct nf_hook_state *state)
{
	const struct udphdr *uh;
	struct fo_link *l = priv;
	struct udphdr buf;
	struct ends e;

	if (state->in != rcu_access_pointer(l->dev) ||
	    !get_ends(skb, state->pf, &e) ||
	    !nf_inet_addr_cmp(&e.to, &l->setup.here))
		return NF_ACCEPT;
	uh = skb_header_pointer(skb, e.off, sizeof(buf), &buf);
	if (!uh || uh->dest != htons(l->setup.port))
		return NF_ACCEPT;
	if (!nf_inet_addr_cmp(&e.from, &l->setup.there)) {
		fo_count(l->stats, FO_CNT_LINK_DROPS);
		return NF_DROP;
	}
	if (skb_is_gso(skb))
		take_all(l, skb, e.off);
	else
		take(l, skb, e.off);
	return NF_STOLEN;
}

/* --- send ------------------------------------------------------------- */

static struct dst_entry *find_route(struct fo_link *l,
				    const struct net_device *dev)
{
	const struct fo_link_setup *s = &l->setup;
	bool v4 = s->family == NFPROTO_IPV4;
	struct dst_entry *dst = NULL;
	const char *stuck = NULL;
	struct flowi fl = {};
	int err;

	fl.flowi_proto = IPPROTO_UDP;
	if (v4) {
		fl.u.ip4.saddr = s->here.ip;
		fl.u.ip4.daddr = s->there.ip;
		fl.u.ip4.fl4_sport = htons(s->port);
		fl.u.ip4.fl4_dport = htons(s->port);
	} else {
		fl.u.ip6.saddr = s->here.in6;
		fl.u.ip6.daddr = s->there.in6;
		fl.u.ip6.fl6_sport = htons(s->port);
		fl.u.ip6.fl6_dport = htons(s->port);
		if (ipv6_addr_type(&s->there.in6) & IPV6_ADDR_LINKLOCAL)
			fl.flowi_oif = dev->ifindex;
	}
	err = nf_route(l->net, &dst, &fl, false, v4 ? AF_INET : AF_INET6);
	if (v4 && err == -EINVAL)
		stuck = "this unit does not have its address of the link";
	else if (err)
		stuck = "there is no route to the other unit's address";
	else if (dst->dev != dev)
		stuck = "the route to the other unit's address leads elsewhere";
	if (READ_ONCE(l->stuck) != stuck)
		WRITE_ONCE(l->stuck, stuck);
	if (!err && stuck) {
		dst_release(dst);
		dst = NULL;
	}
	return dst;
}

static void put_udp(const struct fo_link_setup *s, struct sk_buff *skb)
{
	struct udphdr *uh = skb_push(skb, sizeof(*uh));

	skb_reset_transport_header(skb);
	uh->source = htons(s->port);
	uh->dest = htons(s->port);
	uh->len = htons(skb->len);
	uh->check = 0;
	if (s->family == NFPROTO_IPV4)
		udp_set_csum(false, skb, s->here.ip, s->there.ip, skb->len);
	else
		udp6_set_csum(false, skb, &s->here.in6, &s->there.in6,
			      skb->len);
}

static u8 tos(const struct sk_buff *skb)
{
	return skb->priority == TC_PRIO_CONTROL ? TOS_URGENT : 0;
}

static void put_ip4(struct fo_link *l, struct sk_buff *skb)
{
	struct iphdr *ip = skb_push(skb, sizeof(*ip));

	skb_reset_network_header(skb);
	memset(ip, 0, sizeof(*ip));
	ip->version = 4;
	ip->ihl = sizeof(*ip) / 4;
	ip->tos = tos(skb);
	ip->tot_len = htons(skb->len);
	ip->frag_off = skb->ignore_df ? 0 : htons(IP_DF);
	ip->ttl = ip4_dst_hoplimit(skb_dst(skb));
	ip->protocol = IPPROTO_UDP;
	ip->saddr = l->setup.here.ip;
	ip->daddr = l->setup.there.ip;
	ip_select_ident(l->net, skb, NULL);
	ip_send_check(ip);
	skb->protocol = htons(ETH_P_IP);
	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	/* has been through the hooks, or would have */
	IPCB(skb)->flags = IPSKB_REROUTED;
}

static void put_ip6(struct fo_link *l, struct sk_buff *skb)
{
	struct ipv6hdr *ip = skb_push(skb, sizeof(*ip));

	skb_reset_network_header(skb);
	ip6_flow_hdr(ip, tos(skb), 0);
	ip->payload_len = htons(skb->len - sizeof(*ip));
	ip->nexthdr = IPPROTO_UDP;
	ip->hop_limit = ip6_dst_hoplimit(skb_dst(skb));
	ip->saddr = l->setup.here.in6;
	ip->daddr = l->setup.there.in6;
	skb->protocol = htons(ETH_P_IPV6);
	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	IP6CB(skb)->flags = IP6SKB_REROUTED;
}

static unsigned int headers(const struct fo_link *l)
{
	return l->setup.family == NFPROTO_IPV4 ?
	       sizeof(struct iphdr) + sizeof(struct udphdr) : HEADERS;
}

static int udp_xmit(struct fo_link *l, struct net_device *dev,
		    struct sk_buff *skb)
{
	struct dst_entry *dst = find_route(l, dev);
	int err;

	if (!dst) {
		kfree_skb(skb);
		return -ENETUNREACH;
	}
	skb_dst_set(skb, dst);
	WRITE_ONCE(l->path, dst_mtu(dst));
	if (skb->len + headers(l) <= dst_mtu(dst)) {
		skb->ignore_df = 0;
	} else if (!skb->ignore_df) {
		kfree_skb(skb);
		return -EMSGSIZE;
	}
	put_udp(&l->setup, skb);
	if (l->setup.family == NFPROTO_IPV4)
		put_ip4(l, skb);
	else
		put_ip6(l, skb);
	err = dst_output(l->net, NULL, skb);
	return err > 0 ? net_xmit_errno(err) : err;
}

static unsigned int udp_mtu(const struct fo_link *l,
			    const struct net_device *dev)
{
	unsigned int mtu = READ_ONCE(dev->mtu), path = READ_ONCE(l->path);

	if (path)
		mtu = min(mtu, max_t(unsigned int, path, PATH_MIN));
	return mtu - headers(l);
}

/* The peer is where the configuration says. */
static void udp_learn(struct fo_link *l, const struct sk_buff *skb)
{
}

/* --- the port and the hook -------------------------------------------- */

/* The address need not be there yet. */
static int bind_port(const struct fo_link_setup *s, struct socket *sock,
		     int ifindex)
{
	struct sockaddr_storage addr = {};
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&addr;
	struct sockaddr_in *in4 = (struct sockaddr_in *)&addr;
	int err;

	if (s->family == NFPROTO_IPV4) {
		in4->sin_family = AF_INET;
		in4->sin_port = htons(s->port);
		in4->sin_addr.s_addr = s->here.ip;
	} else {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(s->port);
		in6->sin6_addr = s->here.in6;
		in6->sin6_scope_id = ifindex;
	}
	ip_sock_set_freebind(sock->sk);
	err = sock_bindtoindex(sock->sk, ifindex, true);
	if (err)
		return err;
	return kernel_bind(sock, (struct sockaddr_unsized *)&addr,
			   s->family == NFPROTO_IPV4 ? sizeof(*in4) :
						       sizeof(*in6));
}

static int open_port(struct fo_link *l)
{
	bool v4 = l->setup.family == NFPROTO_IPV4;
	struct socket *sock;
	int err;

	err = sock_create_kern(l->net, v4 ? PF_INET : PF_INET6, SOCK_DGRAM,
			       IPPROTO_UDP, &sock);
	if (err)
		return err;
	err = bind_port(&l->setup, sock, rtnl_dereference(l->dev)->ifindex);
	if (err) {
		sock_release(sock);
		return err;
	}
	l->sock = sock;
	return 0;
}

static const char *udp_check(const struct net_device *dev)
{
	return NULL;
}

static const char *udp_attach(struct fo_link *l)
{
	int err = open_port(l);

	if (err == -EADDRINUSE)
		return "the UDP port of the link is in use by another program";
	if (err)
		return "the UDP port of the link cannot be opened";
	l->hook = (struct nf_hook_ops){
		.hook	  = udp_rx,
		.priv	  = l,
		.pf	  = l->setup.family,
		.hooknum  = NF_INET_PRE_ROUTING,
		/* the same number for IPv6 */
		.priority = NF_IP_PRI_CONNTRACK_DEFRAG + 1,
	};
	if (!nf_register_net_hook(l->net, &l->hook))
		return NULL;
	sock_release(l->sock);
	return "there is no memory for the link";
}

static void udp_detach(struct fo_link *l)
{
	nf_unregister_net_hook(l->net, &l->hook);
	sock_release(l->sock);
}

const struct fo_link_ops fo_link_udp_ops = {
	.check	  = udp_check,
	.attach	  = udp_attach,
	.detach	  = udp_detach,
	.mtu	  = udp_mtu,
	.headroom = HEADERS,
	.headers  = headers,
	.xmit	  = udp_xmit,
	.learn	  = udp_learn,
};
