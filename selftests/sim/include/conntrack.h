/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A connection table that is as much like the kernel's as the module can see:
 * objects that are reused at once when they are freed, a hash by both
 * directions, events, NAT to what is asked for. Included by shim.h.
 */
#ifndef _SIM_CONNTRACK_H
#define _SIM_CONNTRACK_H

#define CONNTRACK_LOCKS		4
#define CT_BUCKETS		32

union nf_inet_addr { u32 all[4]; __be32 ip; struct { u8 b[16]; } in6; };
struct in6_addr { u8 b[16]; };

enum { NFPROTO_INET = 1, NFPROTO_IPV4 = 2, NFPROTO_IPV6 = 10 };
enum { IPPROTO_ICMP = 1, IPPROTO_TCP = 6, IPPROTO_UDP = 17, IPPROTO_GRE = 47,
       IPPROTO_ICMPV6 = 58, IPPROTO_DCCP = 33, IPPROTO_SCTP = 132,
       IPPROTO_UDPLITE = 136 };
enum { NF_DROP, NF_ACCEPT, NF_STOLEN };
enum { IP_CT_DIR_ORIGINAL, IP_CT_DIR_REPLY };
enum nf_nat_manip_type { NF_NAT_MANIP_SRC, NF_NAT_MANIP_DST };
enum ip_conntrack_info { IP_CT_ESTABLISHED, IP_CT_NEW };

enum {
	IPS_SEEN_REPLY_BIT	= 1,
	IPS_SEEN_REPLY		= 1 << 1,
	IPS_ASSURED		= 1 << 2,
	IPS_CONFIRMED		= 1 << 3,
	IPS_SRC_NAT		= 1 << 4,
	IPS_DST_NAT		= 1 << 5,
	IPS_NAT_MASK		= IPS_SRC_NAT | IPS_DST_NAT,
	IPS_SRC_NAT_DONE	= 1 << 7,
	IPS_DST_NAT_DONE	= 1 << 8,
	IPS_NAT_DONE_MASK	= IPS_SRC_NAT_DONE | IPS_DST_NAT_DONE,
	IPS_DYING		= 1 << 9,
	IPS_FIXED_TIMEOUT	= 1 << 10,
	IPS_TEMPLATE		= 1 << 11,
	IPS_NAT_CLASH		= 1 << 12,
	IPS_OFFLOAD_BIT		= 14,	/* there are no flowtables */
	__IPS_MAX_BIT		= 16,
};

enum { IPCT_NEW, IPCT_RELATED, IPCT_REPLY, IPCT_DESTROY, IPCT_PROTOINFO, IPCT_MARK };

enum {
	IP_CT_TCP_FLAG_WINDOW_SCALE		= 1,
	IP_CT_TCP_FLAG_SACK_PERM		= 2,
	IP_CT_TCP_FLAG_CLOSE_INIT		= 4,
	IP_CT_TCP_FLAG_BE_LIBERAL		= 8,
	IP_CT_TCP_FLAG_DATA_UNACKNOWLEDGED	= 16,
	IP_CT_TCP_FLAG_MAXACK_SET		= 32,
};

enum { TCP_CONNTRACK_NONE, TCP_CONNTRACK_SYN_SENT, TCP_CONNTRACK_SYN_RECV,
       TCP_CONNTRACK_ESTABLISHED, TCP_CONNTRACK_FIN_WAIT,
       TCP_CONNTRACK_CLOSE_WAIT, TCP_CONNTRACK_LAST_ACK,
       TCP_CONNTRACK_TIME_WAIT, TCP_CONNTRACK_CLOSE, TCP_CONNTRACK_MAX = 14,
       TCP_CONNTRACK_TIMEOUT_MAX = TCP_CONNTRACK_MAX };

#define NF_CT_DEFAULT_ZONE_ID	0
struct nf_conntrack_zone { u16 id; u8 flags; u8 dir; };

struct hlist_nulls_node { struct hlist_nulls_node *next; };
struct hlist_nulls_head { struct hlist_nulls_node *first; };

struct nf_conntrack_tuple {
	struct {
		union nf_inet_addr u3;
		union { __be16 all; } u;
		u16 l3num;
	} src;
	struct {
		union nf_inet_addr u3;
		union { __be16 all; } u;
		u8 protonum;
		u8 dir;
	} dst;
};

struct nf_conntrack_tuple_hash {
	struct hlist_nulls_node hnnode;
	struct nf_conntrack_tuple tuple;
};

struct ip_ct_tcp {
	struct {
		u32 td_end, td_maxend, td_maxwin, td_maxack;
		u8 td_scale, flags;
	} seen[2];
	u8 state, last_dir, retrans, last_index;
	u16 last_win;
};

struct nf_conntrack { refcount_t use; };
struct nf_conntrack_ecache { u32 missed; u16 ctmask, expmask; };
struct nf_conn_nat { int masq_index; };

struct nf_conn {
	struct nf_conntrack ct_general;
	spinlock_t lock;
	u32 timeout;
	struct nf_conntrack_tuple_hash tuplehash[2];
	unsigned long status;
	u32 mark;
	struct net *net;
	struct nf_conn *master;
	struct nf_conn *free;
	struct nf_conntrack_ecache ecache;
	struct nf_conn_nat nat;
	union {
		struct ip_ct_tcp tcp;
		struct { unsigned long stream_ts; } udp;
	} proto;
};

#define CONFIG_NF_CONNTRACK_MARK 1

struct nf_ct_event { struct nf_conn *ct; u32 portid; int report; };
struct nf_conntrack_expect { struct net *net; struct nf_conn *master; };
struct nf_exp_event { struct nf_conntrack_expect *exp; };
struct nf_ct_event_notifier {
	int (*ct_event)(unsigned int events, const struct nf_ct_event *item);
	int (*exp_event)(unsigned int events, const struct nf_exp_event *item);
};

struct nf_hook_state { u8 pf; struct net *net; struct net_device *in, *out; };

struct nf_hook_ops {
	u8 pf;
	u8 hooknum;
	int priority;
	void *priv;
	unsigned int (*hook)(void *priv, struct sk_buff *skb,
			     const struct nf_hook_state *state);
};

/* A namespace is a unit. */
struct net {
	struct {
		struct nf_ct_event_notifier *nf_conntrack_event_cb;
		u8 sysctl_events;
		struct nf_tcp_net {
			u8 tcp_loose;
			unsigned int timeouts[TCP_CONNTRACK_TIMEOUT_MAX];
		} tcp;
		struct { unsigned int timeouts[2]; } udp;
	} ct;
	struct { unsigned int inum; } ns;
	int unit;
	void *generic[4];
	struct nf_hook_ops *hooks;
	unsigned int n_hooks;
	struct hlist_nulls_head hash[CT_BUCKETS];
	struct nf_conn *pool;		/* CT_POOL of them */
	struct nf_conn *free;
	unsigned int live;
};

extern struct net init_net;

#define CT_POOL			256

struct net *sim_net(void);
#define nf_tcp_pernet(n)	(&(n)->ct.tcp)
#define nf_udp_pernet(n)	(&(n)->ct.udp)
#define nf_ct_timeout_lookup(c)	((void)(c), (const unsigned int *)NULL)
#define rt_genid_bump_all(n)	((void)(n))
extern spinlock_t nf_conntrack_locks[CONNTRACK_LOCKS];
#define nf_conntrack_hash	(sim_net()->hash)
extern unsigned int nf_conntrack_htable_size;
#define nf_conntrack_lock(l)	spin_lock(l)

#define hlist_nulls_for_each_entry(h, node, head, member) \
	for ((node) = (head)->first; \
	     (node) && ((h) = container_of(node, __typeof__(*(h)), member)); \
	     (node) = (node)->next)

#define NF_CT_DIRECTION(h)	((h)->tuple.dst.dir)
#define nf_ct_net(c)		((c)->net)
#define nf_ct_exp_net(e)	((e)->net)
#define net_eq(a, b)		((a) == (b))
#define nf_ct_l3num(c)		((u8)(c)->tuplehash[0].tuple.src.l3num)
#define nf_ct_protonum(c)	((c)->tuplehash[0].tuple.dst.protonum)
#define nf_ct_zone(c)		((void)(c), &nf_ct_zone_dflt)
#define nf_ct_zone_init(z, i, d, f) ((z)->id = (i), (z)->dir = (d))
#define nf_ct_zone_equal_any(c, z) ((void)(c), (z)->id == 0)
#define nf_ct_is_confirmed(c)	(!!((c)->status & IPS_CONFIRMED))
#define nf_ct_is_dying(c)	(!!((c)->status & IPS_DYING))
#define nfct_time_stamp		((u32)jiffies)
#define nf_ct_ecache_find(c)	((const struct nf_conntrack_ecache *)&(c)->ecache)
#define nfct_nat(c)		(&((struct nf_conn *)(c))->nat)
#define nf_ct_acct_ext_add(c, gfp) ((void)(c))
#define nf_ct_tstamp_ext_add(c, gfp) ((struct nf_conn_tstamp *)NULL)
#define nfct_seqadj_ext_add(c)	((void)(c))
#define nf_ct_labels_find(c)	((void)(c), (struct nf_conn_labels *)NULL)
#define nfct_seqadj(c)		((void)(c), (struct nf_conn_seqadj *)NULL)
#define nf_conn_acct_find(c)	((void)(c), (struct nf_conn_acct *)NULL)
#define nf_conn_tstamp_find(c)	((void)(c), (struct nf_conn_tstamp *)NULL)
#define nf_connlabels_replace(c, to, mask, n) ((void)(c), (void)(to))
#define IPS_SEQ_ADJUST_BIT	6
#define nf_ct_nat_ext_add(c)	((void)(c))
#define NF_CT_EXT_ECACHE	0
#define nf_ct_ext_add(c, id, gfp) (&(c)->ecache)
#define nf_conntrack_get(g)	((g)->use.v++)
#define nf_ct_netns_get(net, pf) ((void)(net), 0)
#define nf_ct_netns_put(net, pf) ((void)(net))

/* Extensions that no connection has here. */
struct nf_conn_labels { unsigned long bits[2]; };
struct nf_conn_tstamp { u64 start; };
struct nf_conn_seqadj {
	struct { u32 correction_pos, offset_before, offset_after; } seq[2];
};
struct nf_conn_acct { struct { atomic64_t packets, bytes; } counter[2]; };

static const struct nf_conntrack_zone nf_ct_zone_dflt = { .dir = 3 };

static inline struct nf_conn *
nf_ct_tuplehash_to_ctrack(struct nf_conntrack_tuple_hash *h)
{
	return container_of(h - h->tuple.dst.dir, struct nf_conn, tuplehash);
}

static inline s32 nf_ct_left(const struct nf_conn *ct)
{
	return ct->timeout - nfct_time_stamp;
}

#define nf_ct_expires(c)	((unsigned long)max_t(s32, nf_ct_left(c), 0))
#define nf_ct_is_expired(c)	(nf_ct_left(c) <= 0)

static inline bool nf_inet_addr_cmp(const union nf_inet_addr *a,
				    const union nf_inet_addr *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static inline bool nf_ct_tuple_equal(const struct nf_conntrack_tuple *a,
				     const struct nf_conntrack_tuple *b)
{
	return nf_inet_addr_cmp(&a->src.u3, &b->src.u3) &&
	       nf_inet_addr_cmp(&a->dst.u3, &b->dst.u3) &&
	       a->src.u.all == b->src.u.all && a->dst.u.all == b->dst.u.all &&
	       a->src.l3num == b->src.l3num &&
	       a->dst.protonum == b->dst.protonum;
}

static inline bool nf_ct_invert_tuple(struct nf_conntrack_tuple *inverse,
				      const struct nf_conntrack_tuple *t)
{
	memset(inverse, 0, sizeof(*inverse));
	inverse->src.u3 = t->dst.u3;
	inverse->src.u.all = t->dst.u.all;
	inverse->src.l3num = t->src.l3num;
	inverse->dst.u3 = t->src.u3;
	inverse->dst.u.all = t->src.u.all;
	inverse->dst.protonum = t->dst.protonum;
	inverse->dst.dir = !t->dst.dir;
	return true;
}

static inline void __nf_ct_change_status(struct nf_conn *ct, unsigned long on,
					 unsigned long off)
{
	const unsigned long may = IPS_SEEN_REPLY | IPS_ASSURED |
				  IPS_FIXED_TIMEOUT;

	ct->status = (ct->status | (on & may)) & ~(off & ~on & may);
}

enum { NF_NAT_RANGE_MAP_IPS = 1, NF_NAT_RANGE_PROTO_SPECIFIED = 2 };
struct nf_nat_range2 {
	unsigned int flags;
	union nf_inet_addr min_addr, max_addr;
	struct { __be16 all; } min_proto, max_proto;
};

unsigned int nf_nat_setup_info(struct nf_conn *ct,
			       const struct nf_nat_range2 *range,
			       enum nf_nat_manip_type manip);
struct nf_conn *nf_conntrack_alloc(struct net *net,
				   const struct nf_conntrack_zone *zone,
				   const struct nf_conntrack_tuple *orig,
				   const struct nf_conntrack_tuple *reply,
				   gfp_t gfp);
void nf_conntrack_free(struct nf_conn *ct);
int nf_conntrack_hash_check_insert(struct nf_conn *ct);
struct nf_conntrack_tuple_hash *
nf_conntrack_find_get(struct net *net, const struct nf_conntrack_zone *zone,
		      const struct nf_conntrack_tuple *tuple);
bool nf_ct_delete(struct nf_conn *ct, u32 portid, int report);
void nf_ct_put(struct nf_conn *ct);

#define IS_ERR(p)		((unsigned long)(p) >= (unsigned long)-4095)
#define PTR_ERR(p)		((long)(p))
#define ERR_PTR(e)		((void *)(long)(e))

/* --- what the gate of role.c looks at ---------------------------------- */

struct iphdr { u8 protocol; u8 ihl; __be32 saddr; __be32 daddr; };
struct ipv6hdr { u8 nexthdr; struct in6_addr saddr; struct in6_addr daddr; };
struct tcphdr { u16 syn:1, ack:1, rst:1, fin:1; };

enum { RTN_UNICAST, RTN_LOCAL, RTN_BROADCAST, RTN_MULTICAST };
enum { NF_INET_PRE_ROUTING, NF_INET_LOCAL_IN, NF_INET_FORWARD,
       NF_INET_LOCAL_OUT };
enum { NF_IP_PRI_FIRST = -1000, NF_IP_PRI_FILTER = 0 };

#define ip_hdr(skb)		((struct iphdr *)(skb)->data)
#define ip_hdrlen(skb)		((void)(skb), (unsigned int)sizeof(struct iphdr))
#define ipv6_hdr(skb)		((struct ipv6hdr *)(skb)->data)

/* There is no IPsec. */
struct inet_skb_parm { u16 flags; };
#define IPSKB_XFRM_TRANSFORMED	2
#define IP6SKB_XFRM_TRANSFORMED	1
#define IPCB(skb)		((struct inet_skb_parm *)(skb)->cb)
#define IP6CB(skb)		IPCB(skb)

#define inet_addr_type(net, a)	((void)(net), (void)(a), (int)RTN_UNICAST)
#define ipv6_addr_is_multicast(a) ((void)(a), false)
#define ipv6_chk_addr(net, a, dev, strict) ((void)(net), (void)(a), false)
#define ipv6_skip_exthdr(skb, off, proto, frag) \
	((void)(proto), (void)(frag), (int)(off))
#define skb_network_offset(skb)	((void)(skb), 0)
#define skb_header_pointer(skb, off, len, buf) \
	((void)(off), (void)(buf), (const struct tcphdr *)(skb)->data)
#define nf_ct_get(skb, info)	((void)(skb), *(info) = IP_CT_NEW, \
				 (struct nf_conn *)NULL)

int nf_register_net_hooks(struct net *net, struct nf_hook_ops *ops,
			  unsigned int n);
void nf_unregister_net_hooks(struct net *net, struct nf_hook_ops *ops,
			     unsigned int n);

#endif /* _SIM_CONNTRACK_H */
