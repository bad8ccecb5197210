// SPDX-License-Identifier: GPL-2.0
/* What a record says of any connection: its tuples, its zone, its state. */

#include "ct.h"

#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_l4proto.h>
#include <net/netfilter/nf_conntrack_timeout.h>
#include <net/netfilter/nf_conntrack_zones.h>

/* The part of ct->status that means the same on both units. */
#define WIRE_STATUS	(IPS_SEEN_REPLY | IPS_ASSURED | IPS_NAT_MASK |	\
			 IPS_NAT_DONE_MASK | IPS_FIXED_TIMEOUT)

#define WIRE_TCP_FLAGS	(IP_CT_TCP_FLAG_WINDOW_SCALE |		\
			 IP_CT_TCP_FLAG_SACK_PERM |		\
			 IP_CT_TCP_FLAG_CLOSE_INIT |		\
			 IP_CT_TCP_FLAG_BE_LIBERAL)

static void to_wire(struct fo_tuple *to, const struct nf_conntrack_tuple *t)
{
	memcpy(to->saddr, &t->src.u3, sizeof(to->saddr));
	memcpy(to->daddr, &t->dst.u3, sizeof(to->daddr));
	memcpy(to->sport, &t->src.u.all, sizeof(to->sport));
	memcpy(to->dport, &t->dst.u.all, sizeof(to->dport));
}

static u8 nat_fields(const struct nf_conntrack_tuple *a,
		     const struct nf_conntrack_tuple *b)
{
	return (nf_inet_addr_cmp(&a->src.u3, &b->src.u3) ?
			0 : FO_CT_NAT_SADDR) |
	       (nf_inet_addr_cmp(&a->dst.u3, &b->dst.u3) ?
			0 : FO_CT_NAT_DADDR) |
	       (a->src.u.all == b->src.u.all ? 0 : FO_CT_NAT_SPORT) |
	       (a->dst.u.all == b->dst.u.all ? 0 : FO_CT_NAT_DPORT);
}

/**
 * fo_ct_fill_identity() - which connection it is: what stays the same
 * @rec: record of its creation
 * @ct: the connection
 *
 * Context: flush of the queue.
 */
void fo_ct_fill_identity(struct fo_ct_rec *rec, const struct nf_conn *ct)
{
	const struct nf_conntrack_tuple *orig = &ct->tuplehash[0].tuple;
	const struct nf_conntrack_tuple *reply = &ct->tuplehash[1].tuple;
	const struct nf_conntrack_zone *zone = nf_ct_zone(ct);
	struct nf_conntrack_tuple inverse;

	rec->l3 = nf_ct_l3num(ct) == NFPROTO_IPV4 ? 4 : 6;
	rec->has |= BIT(rec->l3 == 4 ? FO_CT_A_TUPLE4 : FO_CT_A_TUPLE6);
	to_wire(&rec->orig, orig);
	to_wire(&rec->reply, reply);
	if (nf_ct_invert_tuple(&inverse, orig))
		rec->nat = nat_fields(&inverse, reply);
	if (rec->nat)
		rec->has |= BIT(FO_CT_A_NAT);
	if (zone->id != NF_CT_DEFAULT_ZONE_ID) {
		rec->zone = zone->id;
		rec->zone_dir = zone->dir;
		rec->has |= BIT(FO_CT_A_ZONE);
	}
}

/*
 * One that was picked up in its midst is liberal for good: its scales are not
 * known. Else it is so by us, for a while, or by a flowtable, which keeps segments
 * from the tracker here and says nothing of the peer.
 */
static bool is_picked_up(const struct nf_conn *ct)
{
	const struct ip_ct_tcp *tcp = &ct->proto.tcp;

	return !((tcp->seen[0].flags | tcp->seen[1].flags) &
		 IP_CT_TCP_FLAG_WINDOW_SCALE);
}

static void fill_tcp(struct fo_ct_rec *rec, struct nf_conn *ct)
{
	const struct ip_ct_tcp *tcp = &ct->proto.tcp;
	u8 mask = WIRE_TCP_FLAGS;
	int i;

	spin_lock_bh(&ct->lock);
	/* ours, which the mark and the flags say only together */
	if (READ_ONCE(ct->status) & BIT(FO_MARK_LIBERAL) || !is_picked_up(ct))
		mask &= ~IP_CT_TCP_FLAG_BE_LIBERAL;
	rec->tcp_state = tcp->state;
	for (i = 0; i < 2; i++) {
		rec->tcp_wscale[i] = tcp->seen[i].td_scale;
		rec->tcp_flags[i] = tcp->seen[i].flags & mask;
	}
	spin_unlock_bh(&ct->lock);
	rec->has |= BIT(FO_CT_A_TCP);
}

#ifdef CONFIG_NF_CT_PROTO_SCTP
/* Without its tags every chunk after a takeover is invalid. */
static void fill_sctp(struct fo_ct_rec *rec, struct nf_conn *ct)
{
	spin_lock_bh(&ct->lock);
	rec->sctp_state = ct->proto.sctp.state;
	memcpy(rec->sctp_vtag, ct->proto.sctp.vtag, sizeof(rec->sctp_vtag));
	spin_unlock_bh(&ct->lock);
	rec->has |= BIT(FO_CT_A_SCTP);
}
#else
static void fill_sctp(struct fo_ct_rec *rec, struct nf_conn *ct)
{
}
#endif

/* 7.x tracks it no more: it is a generic protocol there. */
#ifdef CONFIG_NF_CT_PROTO_DCCP
static void fill_dccp(struct fo_ct_rec *rec, struct nf_conn *ct)
{
	const struct nf_ct_dccp *dccp = &ct->proto.dccp;

	spin_lock_bh(&ct->lock);
	rec->dccp_role = dccp->role[IP_CT_DIR_ORIGINAL];
	rec->dccp_state = dccp->state;
	rec->dccp_seq = dccp->handshake_seq;
	spin_unlock_bh(&ct->lock);
	rec->has |= BIT(FO_CT_A_DCCP);
}
#else
static void fill_dccp(struct fo_ct_rec *rec, struct nf_conn *ct)
{
}
#endif

/**
 * fo_ct_fill_state() - what changes in a connection, but for its time
 * @rec: any record, whose protocol is known
 * @ct: its connection
 *
 * Context: flush of the queue.
 */
void fo_ct_fill_state(struct fo_ct_rec *rec, struct nf_conn *ct)
{
	rec->status = READ_ONCE(ct->status) & WIRE_STATUS;
	rec->has |= BIT(FO_CT_A_STATUS);
	if (rec->proto == IPPROTO_TCP)
		fill_tcp(rec, ct);
	else if (rec->proto == IPPROTO_SCTP)
		fill_sctp(rec, ct);
	else if (rec->proto == IPPROTO_DCCP)
		fill_dccp(rec, ct);
#ifdef CONFIG_NF_CONNTRACK_MARK
	rec->mark = READ_ONCE(ct->mark);
	if (rec->mark)
		rec->has |= BIT(FO_CT_A_MARK);
#endif
}

static const unsigned int *timeouts_of(const struct nf_conn *ct)
{
	const unsigned int *own = nf_ct_timeout_lookup(ct);
	struct net *net = nf_ct_net(ct);

	if (own)
		return own;
	switch (nf_ct_protonum(ct)) {
	case IPPROTO_TCP:
		return nf_tcp_pernet(net)->timeouts;
	case IPPROTO_UDP:
		return nf_udp_pernet(net)->timeouts;
#ifdef CONFIG_NF_CT_PROTO_GRE
	case IPPROTO_GRE:
		return nf_gre_pernet(net)->timeouts;
#endif
	}
	return NULL;
}

/**
 * fo_ct_expires() - seconds that a connection has left
 * @ct: the connection
 *
 * That of one in a flowtable is a day, whatever it is, so that it does not expire
 * there; it has what a packet would give it. Context: any, RCU.
 *
 * Return: the number.
 */
u32 fo_ct_expires(const struct nf_conn *ct)
{
	const unsigned int *fresh = NULL;
	unsigned int state;

	if (test_bit(IPS_OFFLOAD_BIT, &ct->status))
		fresh = timeouts_of(ct);
	if (!fresh)
		return DIV_ROUND_UP(nf_ct_expires(ct), HZ);
	if (nf_ct_protonum(ct) == IPPROTO_TCP)
		state = min_t(u8, READ_ONCE(ct->proto.tcp.state),
			      TCP_CONNTRACK_TIMEOUT_MAX - 1);
	else
		state = test_bit(IPS_SEEN_REPLY_BIT, &ct->status);
	return DIV_ROUND_UP(fresh[state], HZ);
}
