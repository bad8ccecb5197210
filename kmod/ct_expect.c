// SPDX-License-Identifier: GPL-2.0
/*
 * The class of expectations: connections that the helper of another one, their
 * master, waits for. The object in the queue is the master, and the record all
 * that it expects: absolute, like that of a connection, so that one may be
 * missed or repeated.
 *
 * On a standby they are held, as connections are: none is over before the peer
 * says so, or before the unit is promoted. What one has left then is kept in
 * the time that it has until it would be over; see fo_expects.base.
 */

#include "ct.h"

#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_expect.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_zones.h>

/* What of exp->flags the peer may say. */
#define WIRE_FLAGS	(NF_CT_EXPECT_PERMANENT | NF_CT_EXPECT_INACTIVE)

/* Class and length, slot, and the head of the record. */
#define HEAD_MAX	8

/* Permanent ones are told again every TURNS looks, a part of them each time. */
#define TURNS		12

/*
 * Jiffies. One that is held has at least HOLD, and LEFT_MAX more at most. A phone
 * may register for a day, and for some, but not for twelve.
 */
#define HOLD		(12 * FO_HOLD)
#define LEFT_MAX	(5 * FO_HOLD)

static bool is_held(const struct fo_cts *c,
		    const struct nf_conntrack_expect *exp)
{
	u32 end = fo_exp_end(exp);

	return (s32)(end - nfct_time_stamp) > (s32)(HOLD / 2) &&
	       end - (u32)(c->expects.base + HOLD) <= LEFT_MAX;
}

/* Jiffies that one has left, also while it is held. */
static u32 left(const struct fo_cts *c, const struct nf_conntrack_expect *exp)
{
	s32 n = fo_exp_end(exp) - (is_held(c, exp) ?
				   c->expects.base + HOLD : nfct_time_stamp);

	return clamp(n, 0, (s32)LEFT_MAX);
}

/* --- on the active unit ------------------------------------------------ */

static void fill_tuple(struct fo_expect *e,
		       const struct nf_conntrack_expect *exp)
{
	const struct nf_conntrack_tuple *t = &exp->tuple;

	e->l3 = t->src.l3num == NFPROTO_IPV4 ? 4 : 6;
	e->has |= BIT(e->l3 == 4 ? FO_EXPECT_E_TUPLE4 : FO_EXPECT_E_TUPLE6);
	e->proto = t->dst.protonum;
	memcpy(e->tuple.saddr, &t->src.u3, sizeof(e->tuple.saddr));
	memcpy(e->tuple.daddr, &t->dst.u3, sizeof(e->tuple.daddr));
	memcpy(e->tuple.sport, &t->src.u.all, sizeof(e->tuple.sport));
	memcpy(e->tuple.dport, &t->dst.u.all, sizeof(e->tuple.dport));
	memcpy(e->mask_saddr, &exp->mask.src.u3, sizeof(e->mask_saddr));
	memcpy(e->mask_sport, &exp->mask.src.u.all, sizeof(e->mask_sport));
}

static void fill_nat(struct fo_expect *e, const struct nf_conntrack_expect *exp)
{
	static const union nf_inet_addr none;

	if (!exp->saved_proto.all && !exp->dir &&
	    nf_inet_addr_cmp(&exp->saved_addr, &none))
		return;
	e->nat_dir = exp->dir;
	memcpy(e->nat_port, &exp->saved_proto.all, sizeof(e->nat_port));
	memcpy(e->nat_addr, &exp->saved_addr, sizeof(e->nat_addr));
	e->has |= BIT(FO_EXPECT_E_NAT);
}

/* False for a function that has no name to be found by. */
static bool fill_fn(struct fo_expect *e, const struct nf_conntrack_expect *exp)
{
	const struct nf_ct_helper_expectfn *fn;
	const char *name;

	if (!exp->expectfn)
		return true;
	fn = nf_ct_helper_expectfn_find_by_symbol(exp->expectfn);
	name = fn ? fn->name : fo_pptp_name(exp);
	if (!name || strscpy(e->fn, name, sizeof(e->fn)) <= 0)
		return false;
	e->has |= BIT(FO_EXPECT_E_FN);
	return true;
}

/* RCU, nf_conntrack_expect_lock. False when it cannot be told. */
static bool fill(const struct fo_cts *c, struct fo_expect *e,
		 const struct nf_conntrack_expect *exp)
{
	const struct nf_conntrack_helper *helper;

	/* an answer will make it active, which is no event; see look_at() */
	if (exp->flags & NF_CT_EXPECT_INACTIVE)
		set_bit(FO_MARK_AGAIN, &exp->master->status);
	memset(e, 0, sizeof(*e));
	fill_tuple(e, exp);
	fill_nat(e, exp);
	e->class = exp->class;
	e->flags = exp->flags & WIRE_FLAGS;
	e->timeout = DIV_ROUND_UP(left(c, exp), HZ);
	e->has |= BIT(FO_EXPECT_E_TIMEOUT);
	if (e->class)
		e->has |= BIT(FO_EXPECT_E_CLASS);
	if (e->flags)
		e->has |= BIT(FO_EXPECT_E_FLAGS);
	helper = rcu_dereference(exp->assign_helper);
	if (helper && strscpy(e->helper, helper->name, sizeof(e->helper)) > 0)
		e->has |= BIT(FO_EXPECT_E_HELPER);
	return fill_fn(e, exp);
}

/**
 * struct untold - how many expectations of a master are left out of a record
 * @unnamed: what sets them up has no name
 * @omitted: there is no room
 */
struct untold {
	unsigned int unnamed;
	unsigned int omitted;
};

/* The newest is the first, as in the kernel's own list. RCU. */
static struct untold write_list(struct fo_cts *c, const struct nf_conn *ct,
				struct fo_writer *w)
{
	const struct nf_conn_help *help = nfct_help(ct);
	const struct nf_conntrack_expect *exp;
	struct untold untold = {};
	struct fo_expect e;
	unsigned int n = 0;

	if (!help)
		return untold;
	spin_lock_bh(&nf_conntrack_expect_lock);
	hlist_for_each_entry(exp, &help->expectations, lnode) {
		if (fo_exp_is_over(exp))
			continue;
		if (!fill(c, &e, exp)) {
			untold.unnamed++;
		} else if (n == FO_EXPECTS ||
			   w->end - w->p < FO_EXPECT_ENTRY_MAX) {
			untold.omitted++;
		} else {
			fo_expect_put(w, &e);
			n++;
		}
	}
	spin_unlock_bh(&nf_conntrack_expect_lock);
	return untold;
}

static void count_untold(struct fo_cts *c, const struct untold *untold)
{
	unsigned int n = untold->unnamed + untold->omitted;

	fo_count_n(c->stats, FO_CNT_EXPECT_UNNAMED, untold->unnamed);
	fo_count_n(c->stats, FO_CNT_EXPECT_OMITTED, untold->omitted);
	while (n--)
		fo_count_row(c->stats, FO_ROW_EXPECT, FO_XERR);
}

static void put_list(struct fo_cts *c, u32 slot, size_t len,
		     struct fo_writer *w)
{
	u8 *begin = fo_rec_begin(w, FO_CLASS_EXPECT, FO_EXPECT_LIST);

	fo_put_var(w, slot);
	fo_put_bytes(w, c->expects.list, len);
	fo_rec_end(w, begin);
}

/* Context: flush of the queue. */
static int expect_encode(void *self, void *obj, struct fo_writer *w)
{
	struct fo_cts *c = self;
	struct nf_conn *ct = obj;
	struct fo_writer list;
	struct untold untold;
	size_t len;

	BUILD_BUG_ON(FO_CT_REC_MAX + HEAD_MAX + FO_EXPECT_LIST_MAX +
		     FO_HELPER_MAX > FO_BODY_MIN);
	/* what changes from here on is dirty anew */
	clear_bit(FO_MARK_EXPECT, &ct->status);
	smp_mb__after_atomic(); /* pairs with that in fo_ct_expect_dirty() */
	if (nf_ct_is_dying(ct) || !READ_ONCE(c->expects.on))
		return 0;
	fo_writer_init(&list, c->expects.list, sizeof(c->expects.list));
	rcu_read_lock();
	untold = write_list(c, ct, &list);
	rcu_read_unlock();
	len = list.p - c->expects.list;
	if (w->end - w->p < FO_CT_REC_MAX + HEAD_MAX + len + FO_HELPER_MAX)
		return -EMSGSIZE;
	if (!fo_ct_tell(c, ct, w))
		return 0;
	count_untold(c, &untold);
	put_list(c, fo_slot_of(ct), len, w);
	rcu_read_lock();
	fo_memory_tell(ct, w);
	rcu_read_unlock();
	fo_count_row(c->stats, FO_ROW_EXPECT, FO_XMIT);
	return 0;
}

static void expect_put(void *self, void *obj, bool sent)
{
	struct nf_conn *ct = obj;

	if (!sent)
		clear_bit(FO_MARK_EXPECT, &ct->status);
	nf_ct_put(ct);
}

/* --- on the standby ---------------------------------------------------- */

/**
 * struct wanted - an expectation that a record describes
 * @e: its entry
 * @tuple: what is expected
 * @mask: what of its source counts
 * @fn: what sets the connection up
 * @helper: the one that the connection gets
 */
struct wanted {
	const struct fo_expect *e;
	struct nf_conntrack_tuple tuple;
	struct nf_conntrack_tuple_mask mask;
	fo_expectfn_t fn;
	struct nf_conntrack_helper *helper;
};

/* RCU. Function and helper by name; false when one is not there. */
static bool look_up(const struct nf_conn *ct, struct wanted *w)
{
	const struct nf_ct_helper_expectfn *fn;

	if (w->e->has & BIT(FO_EXPECT_E_FN)) {
		fn = nf_ct_helper_expectfn_find_by_name(w->e->fn);
		w->fn = fn ? fn->expectfn : fo_pptp_fn(ct, w->e);
		if (!w->fn)
			return false;
	}
	if (!(w->e->has & BIT(FO_EXPECT_E_HELPER)))
		return true;
	w->helper = fo_helper_find(w->e->helper, w->tuple.src.l3num,
				   w->e->proto);
	return w->helper;
}

static void want(struct wanted *w, const struct fo_expect *e)
{
	size_t len = fo_addr_len(e->l3);

	memset(w, 0, sizeof(*w));
	w->e = e;
	w->tuple.src.l3num = e->l3 == 4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
	w->tuple.dst.protonum = e->proto;
	memcpy(&w->tuple.src.u3, e->tuple.saddr, len);
	memcpy(&w->tuple.dst.u3, e->tuple.daddr, len);
	memcpy(&w->tuple.src.u.all, e->tuple.sport, 2);
	memcpy(&w->tuple.dst.u.all, e->tuple.dport, 2);
	memcpy(&w->mask.src.u3, e->mask_saddr, len);
	memcpy(&w->mask.src.u.all, e->mask_sport, 2);
}

static bool is_it(const struct nf_conntrack_expect *exp, const struct wanted *w)
{
	return exp->class == w->e->class &&
	       (exp->flags & WIRE_FLAGS) == (w->e->flags & WIRE_FLAGS) &&
	       nf_ct_tuple_equal(&exp->tuple, &w->tuple) &&
	       nf_inet_addr_cmp(&exp->mask.src.u3, &w->mask.src.u3) &&
	       exp->mask.src.u.all == w->mask.src.u.all;
}

/* nf_conntrack_expect_lock. */
static void hold(const struct fo_cts *c, struct nf_conntrack_expect *exp,
		 u32 jiffies_left)
{
	fo_exp_set_end(exp, c->expects.base + HOLD +
			    min_t(u32, jiffies_left, LEFT_MAX));
}

static u32 jiffies_of(const struct fo_expect *e)
{
	return min_t(u64, (u64)e->timeout * HZ, LEFT_MAX);
}

static struct nf_conntrack_expect *make(struct nf_conn *ct,
					const struct wanted *w)
{
	struct nf_conntrack_expect *exp = nf_ct_expect_alloc(ct);

	if (!exp)
		return NULL;
	nf_ct_expect_init(exp, w->e->class, w->tuple.src.l3num, NULL,
			  &w->tuple.dst.u3, w->e->proto, NULL,
			  &w->tuple.dst.u.all);
	exp->tuple.src.u3 = w->tuple.src.u3;
	exp->tuple.src.u.all = w->tuple.src.u.all;
	exp->mask = w->mask;
	exp->flags = w->e->flags & WIRE_FLAGS;
	exp->expectfn = w->fn;
	rcu_assign_pointer(exp->assign_helper, w->helper);
	exp->dir = w->e->nat_dir;
	memcpy(&exp->saved_proto.all, w->e->nat_port, sizeof(w->e->nat_port));
	memcpy(&exp->saved_addr, w->e->nat_addr,
	       fo_addr_len(w->e->l3));
	fo_exp_all_events(exp);
	return exp;
}

/* One of another master, which the peer has no more. */
static bool clashes(struct nf_conntrack_expect *exp, void *data)
{
	const struct nf_conntrack_expect *new = data;
	struct nf_conntrack_tuple_mask both = {
		.src.u.all = exp->mask.src.u.all & new->mask.src.u.all,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(both.src.u3.all); i++)
		both.src.u3.all[i] = exp->mask.src.u3.all[i] &
				     new->mask.src.u3.all[i];
	return exp->master != new->master &&
	       nf_ct_zone_equal_any(exp->master, nf_ct_zone(new->master)) &&
	       nf_ct_tuple_mask_cmp(&exp->tuple, &new->tuple, &both);
}

static int insert(struct fo_cts *c, struct nf_conntrack_expect *exp)
{
	int err = nf_ct_expect_related_report(exp, 0, 0, 0);

	if (err != -EBUSY && err != -EALREADY)
		return err;
	nf_ct_expect_iterate_net(c->net, clashes, exp, 0, 0);
	fo_count(c->stats, FO_CNT_EXPECT_REPLACED);
	return nf_ct_expect_related_report(exp, 0, 0, 0);
}

/* RCU. */
static int add(struct fo_cts *c, struct nf_conn *ct, struct wanted *w)
{
	const struct nf_conn_help *help = nfct_help(ct);
	const struct nf_conntrack_helper *helper;
	struct nf_conntrack_expect *exp;
	int err;

	helper = help ? rcu_dereference(help->helper) : NULL;
	if (!helper || w->e->class > helper->expect_class_max || !look_up(ct, w))
		return -EOPNOTSUPP;
	exp = make(ct, w);
	if (!exp)
		return -ENOMEM;
	err = insert(c, exp);
	if (!err) {
		spin_lock_bh(&nf_conntrack_expect_lock);
		hold(c, exp, jiffies_of(w->e));
		spin_unlock_bh(&nf_conntrack_expect_lock);
	}
	nf_ct_expect_put(exp);
	return err;
}

/* The entry of one that is there; or @n. */
static unsigned int entry_of(struct fo_cts *c, unsigned int n,
			     const struct nf_conntrack_expect *exp)
{
	struct wanted w;
	unsigned int i;

	for (i = 0; i < n; i++) {
		want(&w, &c->expects.entry[i]);
		if (is_it(exp, &w))
			break;
	}
	return i;
}

/* What is there and is not named goes; returns which entries are there. */
static u64 keep_named(struct fo_cts *c, struct nf_conn *ct, unsigned int n)
{
	struct nf_conn_help *help = nfct_help(ct);
	struct nf_conntrack_expect *exp;
	struct hlist_node *next;
	unsigned int i;
	u64 there = 0;

	BUILD_BUG_ON(FO_EXPECTS > 64);
	if (!help)
		return 0;
	spin_lock_bh(&nf_conntrack_expect_lock);
	hlist_for_each_entry_safe(exp, next, &help->expectations, lnode) {
		i = fo_exp_is_over(exp) ? n : entry_of(c, n, exp);
		if (i == n) {
			fo_exp_remove(exp);
			continue;
		}
		hold(c, exp, jiffies_of(&c->expects.entry[i]));
		there |= BIT_ULL(i);
	}
	spin_unlock_bh(&nf_conntrack_expect_lock);
	return there;
}

/* RCU. Returns how many were refused. */
static unsigned int take_over(struct fo_cts *c, struct nf_conn *ct,
			      unsigned int n)
{
	u64 there = keep_named(c, ct, n);
	unsigned int refused = 0;
	struct wanted w;

	/* the oldest first, so that the order is the peer's */
	while (n--) {
		if (there & BIT_ULL(n))
			continue;
		want(&w, &c->expects.entry[n]);
		if (!add(c, ct, &w))
			continue;
		fo_count(c->stats, FO_CNT_EXPECT_REFUSED);
		refused++;
	}
	return refused;
}

/* How many entries there are, or a negative error number. */
static int read_list(struct fo_cts *c, struct fo_rec *from, u32 *slot)
{
	unsigned int unknown = 0, n = 0;
	int err = fo_expect_list_get(from, slot);

	while (!err && n < FO_EXPECTS) {
		err = fo_expect_next(&from->body, &c->expects.entry[n],
				     &unknown);
		if (err != 1)
			break;
		n++;
		err = 0;
	}
	fo_count_n(c->stats, FO_CNT_RX_UNKNOWN_ATTR, unknown);
	return err ? err : (int)n;
}

static enum fo_column apply_list(struct fo_cts *c, u32 slot, unsigned int n)
{
	struct fo_slot *e = fo_ct_told(c, slot);
	unsigned int refused;

	if (!e) {
		fo_count(c->stats, FO_CNT_EXPECT_NO_MASTER);
		WRITE_ONCE(c->damaged, true);
		return FO_RERR;
	}
	refused = nf_ct_is_dying(e->ct) ? 0 : take_over(c, e->ct, n);
	nf_ct_put(e->ct);
	return refused ? FO_RERR : FO_RCV;
}

static void apply_expected(struct fo_cts *c, struct fo_rec *from)
{
	enum fo_column col = FO_RERR;
	u32 slot;
	int n;

	n = read_list(c, from, &slot);
	if (n < 0) {
		fo_count(c->stats, n == -EOPNOTSUPP ? FO_CNT_RX_UNKNOWN_OP :
						      FO_CNT_RX_BAD_RECORD);
	} else {
		rcu_read_lock();
		col = apply_list(c, slot, n);
		rcu_read_unlock();
	}
	fo_count_row(c->stats, FO_ROW_EXPECT, col);
}

/* Context: softirq, apply_lock. */
static void expect_apply(void *self, struct fo_rec *from)
{
	struct fo_cts *c = self;
	int err = fo_memory_apply(c, from);

	if (err == -EOPNOTSUPP)
		apply_expected(c, from);
	else if (err)
		fo_count(c->stats, FO_CNT_RX_BAD_RECORD);
}

static bool count_one(struct nf_conntrack_expect *exp, void *data)
{
	u64 *n = data;

	*n += !fo_exp_is_over(exp);
	return false;
}

/* Context: any but hard interrupt. */
static u64 expect_held(void *self)
{
	struct fo_cts *c = self;
	u64 n = 0;

	nf_ct_expect_iterate_net(c->net, count_one, &n, 0, 0);
	return n;
}

static const struct fo_class expect_class = {
	.id	= FO_CLASS_EXPECT,
	.name	= "Expectations",
	.encode	= expect_encode,
	.hold	= fo_ct_hold_ref,
	.put	= expect_put,
	.apply	= expect_apply,
	.held	= expect_held,
};

/* --- timeouts ---------------------------------------------------------- */

/* Not those of the unit's own connections. */
static bool hold_one(struct nf_conntrack_expect *exp, void *data)
{
	const struct fo_cts *c = data;

	if (!is_held(c, exp) && fo_slot_of(exp->master))
		hold(c, exp, left(c, exp));
	return false;
}

/**
 * fo_expects_hold() - the unit is standby now
 * @c: connections
 *
 * Context: process.
 */
void fo_expects_hold(struct fo_cts *c)
{
	spin_lock_bh(c->apply_lock);
	if (READ_ONCE(c->accepting))
		nf_ct_expect_iterate_net(c->net, hold_one, c, 0, 0);
	spin_unlock_bh(c->apply_lock);
}

static bool release_one(struct nf_conntrack_expect *exp, void *data)
{
	const struct fo_cts *c = data;

	if (is_held(c, exp))
		fo_exp_set_end(exp, c->released + left(c, exp));
	return false;
}

/**
 * fo_expects_release() - the unit is active now, or failover is off
 * @c: connections; what is expected has its real time from then on
 *
 * Context: process.
 */
void fo_expects_release(struct fo_cts *c)
{
	spin_lock_bh(c->apply_lock);
	if (!READ_ONCE(c->accepting))
		nf_ct_expect_iterate_net(c->net, release_one, c, 0, 0);
	spin_unlock_bh(c->apply_lock);
}

struct shift {
	struct fo_cts *c;
	u32 by;
};

static bool shift_one(struct nf_conntrack_expect *exp, void *data)
{
	const struct shift *s = data;

	if (is_held(s->c, exp))
		fo_exp_set_end(exp, fo_exp_end(exp) + s->by);
	return false;
}

/*
 * A registrar that answers makes a permanent one active, and a phone that
 * registers again prolongs it; neither is an event.
 */
static bool is_news(const struct fo_cts *c, struct nf_conntrack_expect *exp)
{
	if (!(exp->flags & NF_CT_EXPECT_PERMANENT) ||
	    exp->flags & NF_CT_EXPECT_INACTIVE)
		return false;
	return test_and_clear_bit(FO_MARK_AGAIN, &exp->master->status) ||
	       hash32_ptr(exp->master) % TURNS == c->expects.turn;
}

/*
 * Of an active unit. One that is over is removed: or else the peer hears of it
 * only when it is in the way.
 */
static bool look_at(struct nf_conntrack_expect *exp, void *data)
{
	struct fo_cts *c = data;

	if (fo_exp_is_over(exp))
		return true;
	if (is_news(c, exp))
		fo_ct_expect_dirty(c, exp->master);
	return false;
}

/* On an active unit none is held any more, and none is told by the old base. */
static void move_base(struct fo_cts *c)
{
	struct shift s = { .c = c, .by = nfct_time_stamp - c->expects.base };

	if (s.by <= FO_HOLD / 8)
		return;
	if (READ_ONCE(c->accepting))
		nf_ct_expect_iterate_net(c->net, shift_one, &s, 0, 0);
	else
		nf_ct_expect_iterate_net(c->net, release_one, c, 0, 0);
	c->expects.base += s.by;
}

/**
 * fo_expects_tend() - the time of held ones comes nearer, others are over
 * @c: connections
 *
 * Context: process.
 */
void fo_expects_tend(struct fo_cts *c)
{
	spin_lock_bh(c->apply_lock);
	move_base(c);
	spin_unlock_bh(c->apply_lock);
	c->expects.turn = (c->expects.turn + 1) % TURNS;
	if (READ_ONCE(c->capturing))
		nf_ct_expect_iterate_net(c->net, look_at, c, 0, 0);
}

/* Failover is off; nothing captures any more. Context: process. */
void fo_expects_stop(struct fo_cts *c)
{
	fo_expects_release(c);
}

/* Failover is on; the unit is standby. */
void fo_expects_start(struct fo_cts *c)
{
	c->expects.base = nfct_time_stamp;
}

void fo_expects_init(struct fo_cts *c)
{
	c->expects.ref.ops = &expect_class;
	c->expects.ref.self = c;
}
