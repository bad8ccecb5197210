// SPDX-License-Identifier: GPL-2.0
/*
 * Connections that the peer is not told of: rules leave them out, or they are
 * younger than the delay.
 *
 * Such a connection has no slot, and so the bits of one to spare. With
 * FO_MARK_OUT they say why it is not told: zero, the rules leave it out; else
 * they are the time at which it began. So neither costs memory, a timer or a
 * lookup, and a connection is judged once.
 */

#include "ct.h"

#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_zones.h>

/* Of the time when a connection began: the bits of a slot last 97 days. */
#define STAMPS	2	/* a second */

static u32 stamp_now(void)
{
	return (u32)(jiffies / (HZ / STAMPS)) & FO_SLOT_MAX ?: 1;
}

/* When it began; 0: that is not known, or it is not waited for. */
static u32 stamp_of(const struct nf_conn *ct)
{
	unsigned long status = READ_ONCE(ct->status);

	return status & BIT(FO_MARK_OUT) ? status >> FO_MARK_SLOT_SHIFT : 0;
}

/* False when it has a slot, or says so already. */
static bool set_out(struct nf_conn *ct, u32 stamp)
{
	unsigned long old, new;

	do {
		old = READ_ONCE(ct->status);
		if (!(old & BIT(FO_MARK_OUT)) && old & FO_MARK_SLOT_MASK)
			return false;
		new = (old & ~FO_MARK_SLOT_MASK) | BIT(FO_MARK_OUT) |
		      (unsigned long)stamp << FO_MARK_SLOT_SHIFT;
		if (new == old)
			return false;
	} while (cmpxchg(&ct->status, old, new) != old);
	return true;
}

static void clear_out(struct nf_conn *ct)
{
	unsigned long old;

	do {
		old = READ_ONCE(ct->status);
		if (!(old & BIT(FO_MARK_OUT)))
			return;
	} while (cmpxchg(&ct->status, old, old & ~(FO_MARK_SLOT_MASK |
						   BIT(FO_MARK_OUT))) != old);
}

/* --- rules ---------------------------------------------------------------- */

static bool has_ports(u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP ||
	       protocol == IPPROTO_UDPLITE || protocol == IPPROTO_SCTP ||
	       protocol == IPPROTO_DCCP;
}

static void fill(struct fo_flow *flow, const struct nf_conn *ct)
{
	const struct nf_conntrack_tuple *orig = &ct->tuplehash[0].tuple;
	const struct nf_conntrack_tuple *reply = &ct->tuplehash[1].tuple;

	memset(flow, 0, sizeof(*flow));
	flow->protocol = nf_ct_protonum(ct);
	flow->l3 = nf_ct_l3num(ct) == NFPROTO_IPV4 ? 4 : 6;
	flow->addr[0] = (const u8 *)&orig->src.u3;
	flow->addr[1] = (const u8 *)&orig->dst.u3;
	flow->addr[2] = (const u8 *)&reply->src.u3;
	flow->addr[3] = (const u8 *)&reply->dst.u3;
	if (has_ports(flow->protocol)) {
		flow->port[0] = be16_to_cpu(orig->dst.u.all);
		flow->port[1] = be16_to_cpu(reply->src.u.all);
	}
	flow->zone = nf_ct_zone(ct)->id;
#ifdef CONFIG_NF_CONNTRACK_MARK
	flow->mark = READ_ONCE(ct->mark);
#endif
}

static const struct fo_filter *rules(struct fo_cts *c)
{
	return &rcu_dereference(c->store->config)->filter;
}

/* What a helper has led to goes with the connection that led to it. RCU. */
static enum fo_verdict judge(struct fo_cts *c, const struct nf_conn *ct)
{
	const struct fo_filter *f = rules(c);
	struct fo_flow flow;
	unsigned int i;

	if (fo_filter_takes_all(f))
		return FO_VERDICT_TELL;
	for (i = 0; ct->master && i < FO_MASTERS; i++)
		ct = ct->master;
	fill(&flow, ct);
	return fo_filter_judge(f, &flow);
}

/* Nothing happens to one that has just got a slot: a bulk sync comes to it. */
static void leave_out(struct fo_cts *c, struct nf_conn *ct, enum fo_verdict v)
{
	if (set_out(ct, 0))
		fo_count(c->stats, v == FO_VERDICT_HTTP ?
				   FO_CNT_CT_FILTERED_HTTP : FO_CNT_CT_FILTERED);
}

/**
 * fo_ct_left_out() - whether the rules leave a connection out
 * @c: connections
 * @ct: one of them, without a slot
 *
 * Found out once, counted and remembered. Context: any but hard interrupt, RCU.
 */
bool fo_ct_left_out(struct fo_cts *c, struct nf_conn *ct)
{
	enum fo_verdict v;

	if (fo_ct_is_out(ct))
		return true;
	v = judge(c, ct);
	if (v != FO_VERDICT_TELL)
		leave_out(c, ct, v);
	return v != FO_VERDICT_TELL;
}

/**
 * fo_ct_judge_anew() - find that out by the rules that are in force now
 * @c: connections
 * @ct: one of them, without a slot
 *
 * Context: any but hard interrupt, RCU.
 */
void fo_ct_judge_anew(struct fo_cts *c, struct nf_conn *ct)
{
	enum fo_verdict v = judge(c, ct);

	if (v != FO_VERDICT_TELL)
		leave_out(c, ct, v);
	else if (fo_ct_is_out(ct))
		clear_out(ct);
}

/**
 * fo_ct_drop() - whether rules leave out a connection that was told before
 * @c: connections
 * @ct: one of them, with a slot, which it loses if they do
 *
 * Only where records are written, so that none with this slot comes later: what
 * the peer has of it is removed by the sweep of the bulk sync that has come to
 * it. Context: flush of the queue.
 */
bool fo_ct_drop(struct fo_cts *c, struct nf_conn *ct)
{
	struct nf_conn *mine = NULL;
	enum fo_verdict v;

	rcu_read_lock();
	v = judge(c, ct);
	rcu_read_unlock();
	if (v == FO_VERDICT_TELL)
		return false;
	mine = fo_slot_take(&c->slots, fo_slot_of(ct), ct);
	leave_out(c, ct, v);
	if (mine)
		nf_ct_put(mine);
	return true;
}

/**
 * fo_ct_marked() - the mark of a connection is another one
 * @c: connections
 * @ct: one of them, without a slot
 *
 * Context: any but hard interrupt, RCU.
 */
void fo_ct_marked(struct fo_cts *c, struct nf_conn *ct)
{
	if (fo_ct_is_out(ct) && fo_filter_looks_at(rules(c), FO_FILTER_MARK))
		fo_ct_judge_anew(c, ct);
}

/* --- delay ---------------------------------------------------------------- */

/**
 * fo_ct_begins() - a connection is new
 * @c: connections
 * @ct: one of them
 *
 * Those of helpers do not wait: what they were expected by is used up.
 * Context: any but hard interrupt.
 */
void fo_ct_begins(struct fo_cts *c, struct nf_conn *ct)
{
	if (READ_ONCE(c->delay) && !ct->master && !fo_helper_has(ct) &&
	    !fo_ct_is_out(ct))
		set_out(ct, stamp_now());
}

/* TCP that both ends have closed is not worth a word any more. */
static bool is_over(const struct nf_conn *ct)
{
	return nf_ct_protonum(ct) == IPPROTO_TCP &&
	       READ_ONCE(ct->proto.tcp.state) == TCP_CONNTRACK_TIME_WAIT;
}

/**
 * fo_ct_waits() - whether a connection is too young to be told of
 * @c: connections
 * @ct: one of them, without a slot
 *
 * One whose beginning was not seen is old. Context: any but hard interrupt.
 */
bool fo_ct_waits(struct fo_cts *c, const struct nf_conn *ct)
{
	u32 stamp = stamp_of(ct), delay = READ_ONCE(c->delay);

	if (!stamp || !delay || READ_ONCE(c->hurry))
		return false;
	if (is_over(ct))
		return true;
	if (((stamp_now() - stamp) & FO_SLOT_MAX) > delay * STAMPS)
		return false;
	if (!READ_ONCE(c->waiting))
		WRITE_ONCE(c->waiting, true);
	return true;
}

/* Whether it has waited to its end, and is not just a half of a connection. */
static bool was_short(const struct fo_cts *c, const struct nf_conn *ct)
{
	if (!stamp_of(ct) || test_bit(FO_MARK_SKIP, &ct->status))
		return false;
	return READ_ONCE(ct->status) & IPS_SEEN_REPLY ||
	       (nf_ct_protonum(ct) == IPPROTO_TCP ?
		READ_ONCE(c->tcp_from) == NF_FAILOVER_TCP_FROM_SYN_SENT :
		READ_ONCE(c->datagram_from) == NF_FAILOVER_DATAGRAM_FROM_NEW);
}

/**
 * fo_ct_untold() - a connection has died that the peer was not told of
 * @c: connections
 * @ct: one of them
 *
 * Context: any but hard interrupt.
 */
void fo_ct_untold(struct fo_cts *c, const struct nf_conn *ct)
{
	if (READ_ONCE(c->capturing) && was_short(c, ct))
		fo_count(c->stats, FO_CNT_CT_FILTERED_SHORT);
}
