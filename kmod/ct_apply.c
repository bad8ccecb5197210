// SPDX-License-Identifier: GPL-2.0
/*
 * Records of connections into the conntrack table of a standby.
 *
 * All of it runs in softirq. While the unit is standby the peer is right: what
 * stands in the way of its connection is removed. A replicated connection is
 * held: it does not expire until the peer says so, or until the unit is
 * promoted.
 */

#include "ct.h"

#ifdef CONFIG_NF_CT_PROTO_DCCP
#include <linux/dccp.h>
#endif
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_ecache.h>
#include <net/netfilter/nf_conntrack_l4proto.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include <net/netfilter/nf_nat.h>

#include "trace.h"

/* "No segment seen" of the TCP tracker, whose enum is its own. */
#define TCP_NONE_SET	5

/* What the peer may say of ct->status; NAT is set up, not set. */
#define STATE_BITS	(IPS_SEEN_REPLY | IPS_ASSURED | IPS_FIXED_TIMEOUT)

/**
 * struct wanted - the connection that a record describes
 * @rec: the record
 * @zone: its zone
 * @orig: its original direction
 * @inverse: reply direction without NAT
 * @reply: reply direction
 * @epoch: bulk sync that it belongs to
 */
struct wanted {
	const struct fo_ct_rec *rec;
	struct nf_conntrack_zone zone;
	struct nf_conntrack_tuple orig;
	struct nf_conntrack_tuple inverse;
	struct nf_conntrack_tuple reply;
	u32 epoch;
};

static bool want(struct wanted *w, const struct fo_ct_rec *rec)
{
	size_t len = fo_addr_len(rec->l3);

	memset(w, 0, sizeof(*w));
	w->rec = rec;
	if (rec->has & BIT(FO_CT_A_ZONE))
		nf_ct_zone_init(&w->zone, rec->zone, rec->zone_dir, 0);
	else
		w->zone = nf_ct_zone_dflt;
	w->orig.src.l3num = rec->l3 == 4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
	w->orig.dst.protonum = rec->proto;
	w->orig.dst.dir = IP_CT_DIR_ORIGINAL;
	memcpy(&w->orig.src.u3, rec->orig.saddr, len);
	memcpy(&w->orig.dst.u3, rec->orig.daddr, len);
	memcpy(&w->orig.src.u.all, rec->orig.sport, 2);
	memcpy(&w->orig.dst.u.all, rec->orig.dport, 2);
	if (!nf_ct_invert_tuple(&w->inverse, &w->orig))
		return false;
	w->reply = w->inverse;
	if (rec->nat & FO_CT_NAT_SADDR)
		memcpy(&w->reply.src.u3, rec->reply.saddr, len);
	if (rec->nat & FO_CT_NAT_DADDR)
		memcpy(&w->reply.dst.u3, rec->reply.daddr, len);
	if (rec->nat & FO_CT_NAT_SPORT)
		memcpy(&w->reply.src.u.all, rec->reply.sport, 2);
	if (rec->nat & FO_CT_NAT_DPORT)
		memcpy(&w->reply.dst.u.all, rec->reply.dport, 2);
	return true;
}

/*
 * Not every kernel looks at the ports of these. An entry with them is never found
 * by one that does not, and the other way round: it is here only for the peer,
 * who may get it back.
 */
static bool is_tracked(const struct wanted *w)
{
	bool ports = w->orig.src.u.all || w->orig.dst.u.all;

	switch (w->rec->proto) {
	case IPPROTO_DCCP:
		return ports == IS_ENABLED(CONFIG_NF_CT_PROTO_DCCP);
	case IPPROTO_UDPLITE:
		return ports == IS_ENABLED(CONFIG_NF_CT_PROTO_UDPLITE);
	case IPPROTO_SCTP:
		return ports == IS_ENABLED(CONFIG_NF_CT_PROTO_SCTP);
	default:
		return true;
	}
}

static bool is_icmp(u8 proto)
{
	return proto == IPPROTO_ICMP || proto == IPPROTO_ICMPV6;
}

/* NAT to exactly one address and port. The id of ICMP is on the source side. */
static int set_up_nat(struct nf_conn *ct, const struct wanted *w,
		      const struct nf_conntrack_tuple *to,
		      enum nf_nat_manip_type manip)
{
	bool src = manip == NF_NAT_MANIP_SRC;
	struct nf_nat_range2 r = {
		.flags = NF_NAT_RANGE_MAP_IPS | NF_NAT_RANGE_PROTO_SPECIFIED,
	};

	r.min_addr = src ? to->src.u3 : to->dst.u3;
	if (src)
		r.min_proto.all = to->src.u.all;
	else if (is_icmp(w->rec->proto))
		r.min_proto.all = w->orig.src.u.all;
	else
		r.min_proto.all = to->dst.u.all;
	r.max_addr = r.min_addr;
	r.max_proto = r.min_proto;
	return nf_nat_setup_info(ct, &r, manip) == NF_ACCEPT ? 0 : -EINVAL;
}

/* Destination first; only what the peer has done, also where it is nothing. */
static int translate(struct fo_cts *c, struct nf_conn *ct,
		     const struct wanted *w)
{
	struct nf_conntrack_tuple to;
	int err = 0;

	nf_ct_invert_tuple(&to, &w->reply);
	if (w->rec->status & IPS_DST_NAT_DONE)
		err = set_up_nat(ct, w, &to, NF_NAT_MANIP_DST);
	if (!err && w->rec->status & IPS_SRC_NAT_DONE)
		err = set_up_nat(ct, w, &to, NF_NAT_MANIP_SRC);
	if (!err && nf_ct_tuple_equal(&w->reply, &ct->tuplehash[1].tuple))
		return 0;
	fo_count(c->stats, FO_CNT_CT_NAT_DIFFERS);
	return -EADDRNOTAVAIL;
}

/* Everything that can be added only before the connection is confirmed. */
static void add_extensions(struct nf_conn *ct, const struct fo_ct_rec *rec)
{
	struct nf_conntrack_ecache *e;

	fo_ct_extra_add(ct, rec);
	nf_ct_nat_ext_add(ct);
	/* with all events, so that it can be replicated back one day */
	e = nf_ct_ext_add(ct, NF_CT_EXT_ECACHE, GFP_ATOMIC);
	if (e) {
		e->ctmask = 0xffff;
		e->expmask = 0xffff;
	}
}

/**
 * fo_ct_unteach() - let the next segments of both directions teach the tracker
 * @ct: TCP connection
 *
 * Window edges that are older than the traffic stall it. Until both directions
 * were heard again the window is not checked; fo_cts.tend ends that.
 * Context: any but hard interrupt.
 */
void fo_ct_unteach(struct nf_conn *ct)
{
	struct ip_ct_tcp *tcp = &ct->proto.tcp;
	int i;

	spin_lock_bh(&ct->lock);
	for (i = 0; i < 2; i++) {
		tcp->seen[i].td_end = 0;
		tcp->seen[i].td_maxend = 0;
		tcp->seen[i].td_maxwin = 0;
		tcp->seen[i].td_maxack = 0;
		tcp->seen[i].flags &= ~(IP_CT_TCP_FLAG_MAXACK_SET |
					IP_CT_TCP_FLAG_DATA_UNACKNOWLEDGED);
		if (!(tcp->seen[i].flags & IP_CT_TCP_FLAG_BE_LIBERAL))
			set_bit(FO_MARK_LIBERAL, &ct->status);
		tcp->seen[i].flags |= IP_CT_TCP_FLAG_BE_LIBERAL;
	}
	tcp->last_index = TCP_NONE_SET;
	tcp->last_dir = 0;
	tcp->last_win = 0;
	tcp->retrans = 0;
	spin_unlock_bh(&ct->lock);
}

static void set_tcp(struct nf_conn *ct, const struct fo_ct_rec *rec)
{
	struct ip_ct_tcp *tcp = &ct->proto.tcp;
	int i;

	clear_bit(FO_MARK_LIBERAL, &ct->status);
	spin_lock_bh(&ct->lock);
	tcp->state = rec->tcp_state < TCP_CONNTRACK_MAX ? rec->tcp_state :
							  TCP_CONNTRACK_NONE;
	for (i = 0; i < 2; i++) {
		tcp->seen[i].td_scale = min_t(u8, rec->tcp_wscale[i], 14);
		tcp->seen[i].flags = rec->tcp_flags[i];
	}
	spin_unlock_bh(&ct->lock);
	fo_ct_unteach(ct);
}

#ifdef CONFIG_NF_CT_PROTO_SCTP
static void set_sctp(struct nf_conn *ct, const struct fo_ct_rec *rec)
{
	struct ip_ct_sctp *s = &ct->proto.sctp;

	spin_lock_bh(&ct->lock);
	s->state = rec->sctp_state < SCTP_CONNTRACK_MAX ? rec->sctp_state :
							  SCTP_CONNTRACK_NONE;
	memcpy(s->vtag, rec->sctp_vtag, sizeof(s->vtag));
	spin_unlock_bh(&ct->lock);
}
#endif

#ifdef CONFIG_NF_CT_PROTO_DCCP
/* Without its roles and state all of its packets are invalid. */
static void set_dccp(struct nf_conn *ct, const struct fo_ct_rec *rec)
{
	struct nf_ct_dccp *dccp = &ct->proto.dccp;

	spin_lock_bh(&ct->lock);
	dccp->role[IP_CT_DIR_ORIGINAL] = rec->dccp_role;
	dccp->role[IP_CT_DIR_REPLY] = !rec->dccp_role;
	dccp->state = rec->dccp_state < CT_DCCP_IGNORE ? rec->dccp_state :
							 CT_DCCP_NONE;
	dccp->handshake_seq = rec->dccp_seq;
	dccp->last_pkt = DCCP_PKT_DATA;
	dccp->last_dir = IP_CT_DIR_ORIGINAL;
	spin_unlock_bh(&ct->lock);
}
#endif

static void set_proto(struct fo_cts *c, struct nf_conn *ct,
		      const struct fo_ct_rec *rec)
{
	switch (rec->proto) {
	case IPPROTO_TCP:
		set_tcp(ct, rec);
		break;
#ifdef CONFIG_NF_CT_PROTO_SCTP
	case IPPROTO_SCTP:
		set_sctp(ct, rec);
		break;
#endif
#ifdef CONFIG_NF_CT_PROTO_DCCP
	case IPPROTO_DCCP:
		set_dccp(ct, rec);
		break;
#endif
	case IPPROTO_UDP:
		ct->proto.udp.stream_ts = jiffies;
		break;
#ifdef CONFIG_NF_CT_PROTO_GRE
	case IPPROTO_GRE:
		/* zero would end the connection at its next packet */
		ct->proto.gre.stream_timeout =
			nf_gre_pernet(c->net)->timeouts[GRE_CT_REPLIED];
		ct->proto.gre.timeout =
			nf_gre_pernet(c->net)->timeouts[GRE_CT_UNREPLIED];
		break;
#endif
	}
}

static void set_state(struct fo_cts *c, struct nf_conn *ct,
		      const struct fo_ct_rec *rec)
{
	unsigned long on = rec->status & STATE_BITS;

	set_proto(c, ct, rec);
	__nf_ct_change_status(ct, on, STATE_BITS & ~on);
#ifdef CONFIG_NF_CONNTRACK_MARK
	WRITE_ONCE(ct->mark, rec->mark);
#endif
	fo_secmark_set(c, ct, fo_secmark_number(rec));
	if (!fo_ct_extra_set(ct, rec))
		fo_count(c->stats, FO_CNT_CT_NO_ROOM);
}

/**
 * fo_ct_hold() - keep a connection from expiring
 * @e: its slot
 * @timeout: seconds that it has left once it is released
 *
 * Context: any, with a reference of the connection.
 */
void fo_ct_hold(struct fo_slot *e, u32 timeout)
{
	u32 held = nfct_time_stamp + FO_HOLD;

	e->timeout = timeout;
	e->held = held;
	WRITE_ONCE(e->ct->timeout, held);
}

/*
 * What NAT has not done is not to be done by NAT: others alter the reply
 * direction, too (IPVS, ctnetlink).
 */
static const struct nf_conntrack_tuple *reply_before_nat(const struct wanted *w)
{
	return w->rec->status & IPS_NAT_DONE_MASK ? &w->inverse : &w->reply;
}

static int insert(struct fo_cts *c, const struct wanted *w)
{
	struct fo_slot slot = { .epoch = w->epoch };
	struct nf_conn *ct;
	int err;

	ct = nf_conntrack_alloc(c->net, &w->zone, &w->orig,
				reply_before_nat(w), GFP_ATOMIC);
	if (IS_ERR(ct)) {
		fo_count(c->stats, FO_CNT_CT_TABLE_FULL);
		return PTR_ERR(ct);
	}
	err = fo_helper_attach(c, ct, w->rec);
	if (!err)
		err = translate(c, ct, w);
	if (err)
		goto free;
	add_extensions(ct, w->rec);
	memset(&ct->proto, 0, sizeof(ct->proto));
	ct->status |= IPS_CONFIRMED;
	set_state(c, ct, w->rec);
	slot.ct = ct;
	slot.secmark = fo_secmark_number(w->rec);
	fo_ct_hold(&slot, w->rec->timeout);
	err = nf_conntrack_hash_check_insert(ct);
	if (err)
		goto free;
	err = fo_slot_set(&c->slots, w->rec->slot, ct, &slot);
	if (err) {
		nf_ct_delete(ct, 0, 0);
		nf_ct_put(ct);
		return err;
	}
	fo_pptp_keep(c, ct);
	fo_count(c->stats, FO_CNT_CT_INSERTED);
	if (!is_tracked(w)) {
		fo_count(c->stats, FO_CNT_CT_NO_TRACKER);
		pr_warn_ratelimited("nf_failover: the active unit has a connection of protocol %u, which is tracked in another way here\n",
				    w->rec->proto);
	}
	return 0;
free:
	fo_helper_detach(ct);
	nf_conntrack_free(ct);
	return err;
}

/* The peer is right. */
static void evict(struct fo_cts *c, const struct nf_conntrack_zone *zone,
		  const struct nf_conntrack_tuple *tuple)
{
	struct nf_conntrack_tuple_hash *h;
	struct nf_conn *ct, *mine = NULL;
	u32 slot;

	h = nf_conntrack_find_get(c->net, zone, tuple);
	if (!h)
		return;
	ct = nf_ct_tuplehash_to_ctrack(h);
	slot = fo_slot_of(ct);
	if (slot)
		mine = fo_slot_take(&c->slots, slot, ct);
	nf_ct_delete(ct, 0, 0);
	if (mine)
		nf_ct_put(mine);
	nf_ct_put(ct);
	fo_count(c->stats, FO_CNT_CT_REPLACED);
}

static void remove_slot(struct fo_cts *c, u32 n)
{
	struct nf_conn *ct = fo_slot_take(&c->slots, n, NULL);

	if (!ct)
		return;
	nf_ct_delete(ct, 0, 0);
	nf_ct_put(ct);
}

/**
 * fo_ct_renew() - put a copy in the place of a connection
 * @c: connections
 * @n: its slot
 * @e: the same
 * @timeout: seconds that it has left once it is released
 *
 * A flowtable forwards what it has past the gate, and past us to the hardware; it
 * gives up what dies. Context: apply_lock, RCU; the unit is standby.
 */
void fo_ct_renew(struct fo_cts *c, u32 n, struct fo_slot *e, u32 timeout)
{
	struct fo_ct_rec rec = {
		.op	= FO_CT_CREATE,
		.slot	= n,
		.proto	= nf_ct_protonum(e->ct),
		.timeout = timeout,
	};
	struct nf_conn *ct;
	struct wanted w;

	fo_ct_fill_identity(&rec, e->ct);
	fo_helper_fill(&rec, e->ct);
	fo_ct_fill_state(&rec, e->ct);
	fo_ct_extra_fill(&rec, e->ct, true);
	if (!want(&w, &rec))
		return;
	w.epoch = READ_ONCE(e->epoch);
	rec.secmark = e->secmark;
	ct = fo_slot_take(&c->slots, n, e->ct);
	if (!ct)
		return;		/* it has died just now */
	nf_ct_delete(ct, 0, 0);
	nf_ct_put(ct);
	if (!insert(c, &w))
		return;
	fo_count(c->stats, FO_CNT_CT_LOST);
	WRITE_ONCE(c->damaged, true);
}

static void update(struct fo_cts *c, struct fo_slot *e,
		   const struct fo_ct_rec *rec)
{
	set_state(c, e->ct, rec);
	e->secmark = fo_secmark_number(rec);
	fo_helper_renew(e->ct);
	/* it may not be held yet, after a demotion */
	fo_ct_hold(e, rec->timeout);
	WRITE_ONCE(e->epoch, READ_ONCE(c->epoch));
	fo_count(c->stats, FO_CNT_CT_UPDATED);
}

static bool is_wanted(struct fo_cts *c, const struct nf_conn *ct,
		      const struct wanted *w)
{
	return !nf_ct_is_dying(ct) &&
	       nf_ct_tuple_equal(&ct->tuplehash[0].tuple, &w->orig) &&
	       nf_ct_tuple_equal(&ct->tuplehash[1].tuple, &w->reply) &&
	       nf_ct_zone_equal_any(ct, &w->zone) &&
	       fo_helper_fits(c, ct, w->rec);
}

/* What has the slot already is either the connection, or in its way. */
static bool update_in_place(struct fo_cts *c, const struct wanted *w)
{
	struct fo_slot *e = fo_slot_get(&c->slots, w->rec->slot);
	bool same;

	if (!e)
		return false;
	same = is_wanted(c, e->ct, w);
	if (same) {
		update(c, e, w->rec);
	} else {
		remove_slot(c, w->rec->slot);
		fo_count(c->stats, FO_CNT_CT_REPLACED);
	}
	nf_ct_put(e->ct);
	return same;
}

static int apply_create(struct fo_cts *c, const struct fo_ct_rec *rec)
{
	struct wanted w;
	int err;

	if (!want(&w, rec))
		return -EBADMSG;
	w.epoch = READ_ONCE(c->epoch);
	if (update_in_place(c, &w))
		return 0;
	err = insert(c, &w);
	if (err == -EEXIST || err == -EADDRNOTAVAIL) {
		evict(c, &w.zone, &w.orig);
		evict(c, &w.zone, &w.reply);
		err = insert(c, &w);
	}
	/* 6.1: the set of helpers has changed meanwhile */
	if (err == -EAGAIN)
		err = insert(c, &w);
	if (err)
		fo_count(c->stats, FO_CNT_CT_REFUSED);
	return err;
}

/**
 * fo_ct_told() - what a record of the peer is of
 * @c: connections
 * @n: slot
 *
 * A slot from before the association, or from before this unit became standby,
 * may have another connection on the peer. Context: softirq, RCU.
 *
 * Return: the slot, with a reference of its connection, or NULL, and counted.
 */
struct fo_slot *fo_ct_told(struct fo_cts *c, u32 n)
{
	struct fo_slot *e = fo_slot_get(&c->slots, n);

	if (!e) {
		fo_count(c->stats, FO_CNT_CT_UNKNOWN_SLOT);
		return NULL;
	}
	if ((s32)(e->epoch - c->told) >= 0)
		return e;
	nf_ct_put(e->ct);
	fo_count(c->stats, FO_CNT_CT_UNTOLD_SLOT);
	return NULL;
}

static int apply_update(struct fo_cts *c, struct fo_ct_rec *rec)
{
	struct fo_slot *e = fo_ct_told(c, rec->slot);

	if (!e) {
		WRITE_ONCE(c->damaged, true);
		return -ENOENT;
	}
	rec->proto = nf_ct_protonum(e->ct);
	update(c, e, rec);
	nf_ct_put(e->ct);
	return 0;
}

static int apply_delete(struct fo_cts *c, struct fo_ct_rec *rec)
{
	struct fo_slot *e = fo_ct_told(c, rec->slot);

	/* what was not told goes with the sweep */
	if (!e)
		return -ENOENT;
	rec->proto = nf_ct_protonum(e->ct);
	remove_slot(c, rec->slot);
	nf_ct_put(e->ct);
	fo_count(c->stats, FO_CNT_CT_DELETED);
	return 0;
}

static int apply_op(struct fo_cts *c, struct fo_ct_rec *rec)
{
	switch (rec->op) {
	case FO_CT_CREATE:
		return apply_create(c, rec);
	case FO_CT_UPDATE:
		return apply_update(c, rec);
	case FO_CT_DELETE:
		return apply_delete(c, rec);
	default:
		fo_count(c->stats, FO_CNT_RX_UNKNOWN_OP);
		return -EOPNOTSUPP;
	}
}

/**
 * fo_ct_apply() - take in a record
 * @self: connections
 * @from: the record
 *
 * Context: softirq, serialized, in the order of the sender.
 */
void fo_ct_apply(void *self, struct fo_rec *from)
{
	struct fo_cts *c = self;
	struct fo_ct_rec rec;
	unsigned int unknown;
	int err;

	if (fo_ct_rec_get(from, &rec, &unknown)) {
		fo_count(c->stats, FO_CNT_RX_BAD_RECORD);
		fo_count_row(c->stats, FO_ROW_OTHER, FO_RERR);
		WRITE_ONCE(c->damaged, true);
		return;
	}
	fo_count_n(c->stats, FO_CNT_RX_UNKNOWN_ATTR, unknown);
	rcu_read_lock();
	err = apply_op(c, &rec);
	rcu_read_unlock();
	trace_fo_ct_applied(c->stats, &rec, err);
	fo_count_row(c->stats, fo_ct_row(rec.proto), err ? FO_RERR : FO_RCV);
}
