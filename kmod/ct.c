// SPDX-License-Identifier: GPL-2.0
/*
 * The class of connections: what is sent of them, and their timers.
 *
 * Records carry absolute state, never differences, so that one may be missed
 * or repeated without harm. A record without an attribute says that it is zero.
 */

#include "ct.h"

#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_nat.h>

#include "trace.h"

/*
 * The connections that a unit takes over get their real timeouts later: its
 * processor has better things to do in the first moments.
 */
#define SETTLE_AFTER	(HZ / 4)

/* How often fo_cts.tend runs. */
#define TEND_INTERVAL	(5 * HZ)

/* After this, window checks are strict again where both ends were heard. */
#define LIBERAL_TIME	(60 * HZ)

/*
 * Masquerading flushes the connections of an interface that goes down. If the
 * unit is about to be replaced, the peer must keep them; if it lives on, the
 * deletions are caught up with after this time.
 */
#define FREEZE_TIME	(60 * HZ)

enum fo_row fo_ct_row(u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return FO_ROW_TCP;
	case IPPROTO_UDP:
		return FO_ROW_UDP;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return FO_ROW_ICMP;
	default:
		return FO_ROW_OTHER;
	}
}

/* Seconds that a connection has left, also while it is held. */
static u32 seconds_left(const struct fo_slot *e)
{
	if (READ_ONCE(e->ct->timeout) == READ_ONCE(e->held))
		return e->timeout;
	return fo_ct_expires(e->ct);
}

/* After a promotion there are held ones for a while; see settle(). */
static u32 timeout_of(struct fo_cts *c, struct nf_conn *ct, u32 slot)
{
	struct fo_slot *e;
	u32 left;

	rcu_read_lock();
	left = fo_ct_expires(ct);
	if (left < FO_HOLD / HZ / 2)
		goto out;
	e = fo_slot_get(&c->slots, slot);
	if (e) {
		left = seconds_left(e);
		nf_ct_put(e->ct);
	}
out:
	rcu_read_unlock();
	return left;
}

static void count_sent(struct fo_cts *c, const struct fo_ct_rec *rec, u64 len)
{
	static const enum fo_counter by_op[] = {
		[FO_CT_CREATE] = FO_CNT_TX_CREATES,
		[FO_CT_UPDATE] = FO_CNT_TX_UPDATES,
		[FO_CT_DELETE] = FO_CNT_TX_DELETES,
	};

	trace_fo_ct_sent(c->stats, rec, 0);
	/* in the list of counters, the bytes follow the number */
	fo_count(c->stats, by_op[rec->op]);
	fo_count_n(c->stats, by_op[rec->op] + 1, len);
	fo_count_n(c->stats, FO_CNT_TX_RECORD_BYTES, len);
	fo_count_row(c->stats, fo_ct_row(rec->proto), FO_XMIT);
}

static int put_rec(struct fo_cts *c, const struct fo_ct_rec *rec,
		   struct fo_writer *w)
{
	const u8 *begin = w->p;

	fo_ct_rec_put(w, rec);
	if (w->full)
		return -EMSGSIZE;
	count_sent(c, rec, w->p - begin);
	return 0;
}

static int encode_delete(struct fo_cts *c, struct nf_conn *ct, u32 slot,
			 struct fo_writer *w)
{
	const struct fo_ct_rec rec = {
		.op	= FO_CT_DELETE,
		.slot	= slot,
		.proto	= nf_ct_protonum(ct),
	};
	struct nf_conn *mine;

	if (!slot)
		return 0;	/* lived and died between two frames */
	if (put_rec(c, &rec, w))
		return -EMSGSIZE;
	mine = fo_slot_take(&c->slots, slot, ct);
	if (mine)
		nf_ct_put(mine);
	return 0;
}

static int encode_live(struct fo_cts *c, struct nf_conn *ct, u32 slot,
		       struct fo_writer *w)
{
	struct fo_ct_rec rec = { .slot = slot, .proto = nf_ct_protonum(ct) };
	bool full = test_and_clear_bit(FO_MARK_FULL, &ct->status);
	bool counters = test_and_clear_bit(FO_MARK_ACCT, &ct->status);

	rec.op = full ? FO_CT_CREATE : FO_CT_UPDATE;
	if (full) {
		fo_ct_fill_identity(&rec, ct);
		fo_helper_fill(&rec, ct);
	}
	fo_ct_fill_state(&rec, ct);
	rec.timeout = timeout_of(c, ct, slot);
	rec.has |= BIT(FO_CT_A_TIMEOUT);
	fo_ct_extra_fill(&rec, ct, counters);
	fo_secmark_fill(c, &rec, ct);
	if (!put_rec(c, &rec, w))
		return 0;
	if (full)
		set_bit(FO_MARK_FULL, &ct->status);
	if (counters)
		set_bit(FO_MARK_ACCT, &ct->status);
	return -EMSGSIZE;
}

/* With a slot from now on; false, and counted, when there is none. */
static bool give_slot(struct fo_cts *c, struct nf_conn *ct)
{
	if (!fo_slot_new(&c->slots, ct)) {
		set_bit(FO_MARK_FULL, &ct->status);
		return true;
	}
	fo_count(c->stats, FO_CNT_CT_NO_SLOT);
	fo_count_row(c->stats, fo_ct_row(nf_ct_protonum(ct)), FO_XERR);
	return false;
}

/* For the queue, whose references are of the connection. Context: any. */
bool fo_ct_hold_ref(void *obj)
{
	struct nf_conn *ct = obj;

	return refcount_inc_not_zero(&ct->ct_general.use);
}

static bool is_untold(const struct nf_conn *ct)
{
	return !nf_ct_is_dying(ct) &&
	       (!fo_slot_of(ct) || test_bit(FO_MARK_FULL, &ct->status));
}

/* Each that a bulk sync has come to: the rules may be others by now. */
static bool is_dropped(struct fo_cts *c, struct nf_conn *ct)
{
	return test_bit(FO_MARK_FULL, &ct->status) && fo_ct_drop(c, ct);
}

/* Those that it depends on go before; -EMSGSIZE when they do not fit with it. */
static int tell_masters(struct fo_cts *c, struct nf_conn *ct,
			struct fo_writer *w)
{
	struct nf_conn *chain[FO_MASTERS], *m;
	unsigned int n = 0;

	BUILD_BUG_ON((FO_MASTERS + 1) * FO_CT_REC_MAX > FO_BODY_MIN);
	for (m = ct->master; m && n < FO_MASTERS && is_untold(m); m = m->master)
		chain[n++] = m;
	if (n && w->end - w->p < (n + 1) * FO_CT_REC_MAX)
		return -EMSGSIZE;
	while (n--)
		fo_ct_tell(c, chain[n], w);
	return 0;
}

/**
 * fo_ct_tell() - see to it that the peer knows a connection
 * @c: connections
 * @ct: one that others are about to refer to
 * @w: writer with room for a record, of FO_CT_REC_MAX bytes
 *
 * Whatever state it is in and however young, but not if it ends on this host or
 * rules leave it out. If NAT of a helper has shifted its numbers it is told again:
 * that is no event, but goes with what a helper expects. Context: flush of the
 * queue.
 *
 * Return: true when the peer knows it, by the slot that it has then.
 */
bool fo_ct_tell(struct fo_cts *c, struct nf_conn *ct, struct fo_writer *w)
{
	bool never;

	if (nf_ct_is_dying(ct))
		return false;
	if (!is_untold(ct) && !test_bit(IPS_SEQ_ADJUST_BIT, &ct->status))
		return true;
	rcu_read_lock();
	never = fo_slot_of(ct) ? is_dropped(c, ct) :
		fo_ct_ends_here(c, ct) || fo_ct_left_out(c, ct);
	rcu_read_unlock();
	if (never || (!fo_slot_of(ct) && !give_slot(c, ct)))
		return false;
	return !encode_live(c, ct, fo_slot_of(ct), w);
}

/* Whether another connection has the place of a dead one. */
static bool is_succeeded(struct fo_cts *c, struct nf_conn *ct)
{
	struct nf_conntrack_tuple_hash *h;

	h = nf_conntrack_find_get(c->net, nf_ct_zone(ct),
				  &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple);
	if (h)
		nf_ct_put(nf_ct_tuplehash_to_ctrack(h));
	return h;
}

/*
 * One whose deletion is kept back lives on for the peer. A bulk sync tells of
 * it: what that does not mention ends there.
 */
static int encode_kept(struct fo_cts *c, struct nf_conn *ct, u32 slot,
		       struct fo_writer *w)
{
	if (!test_bit(FO_MARK_FULL, &ct->status) || fo_ct_drop(c, ct) ||
	    is_succeeded(c, ct))
		return 0;
	return encode_live(c, ct, slot, w);
}

/* Context: flush of the queue. */
static int ct_encode(void *self, void *obj, struct fo_writer *w)
{
	struct fo_cts *c = self;
	struct nf_conn *ct = obj;
	u32 slot;

	/* what changes from here on is dirty anew */
	clear_bit(FO_MARK_DIRTY, &ct->status);
	smp_mb__after_atomic(); /* pairs with test_and_set_bit() in fo_ct_dirty() */
	slot = fo_slot_of(ct);
	if (nf_ct_is_dying(ct)) {
		/* it may have died since it was put in */
		if (slot && fo_ct_frozen(c))
			return encode_kept(c, ct, slot, w);
		return encode_delete(c, ct, slot, w);
	}
	/* a walk may have left it out since it was put in */
	if (slot ? is_dropped(c, ct) : fo_ct_is_out(ct) || !give_slot(c, ct))
		return 0;
	if (ct->master && is_untold(ct) && tell_masters(c, ct, w))
		return -EMSGSIZE;
	return encode_live(c, ct, fo_slot_of(ct), w);
}

static void ct_put(void *self, void *obj, bool sent)
{
	struct nf_conn *ct = obj;

	if (!sent)
		clear_bit(FO_MARK_DIRTY, &ct->status);
	nf_ct_put(ct);
}

static void ct_begin(void *self, u32 epoch)
{
	struct fo_cts *c = self;

	WRITE_ONCE(c->epoch, epoch);
}

struct sweep {
	struct fo_cts *c;
	u32 epoch;
};

static void sweep_one(void *ctx, u32 n, struct fo_slot *e)
{
	const struct sweep *s = ctx;
	u32 epoch = READ_ONCE(e->epoch);
	struct nf_conn *ct;

	if ((s32)(epoch - s->epoch) >= 0)
		return;
	/* the unit has become active meanwhile, and this one is its own */
	if (!epoch && !READ_ONCE(s->c->accepting))
		return;
	ct = fo_slot_take(&s->c->slots, n, e->ct);
	if (!ct)
		return;
	fo_count(s->c->stats, FO_CNT_CT_SWEPT);
	nf_ct_delete(ct, 0, 0);
	nf_ct_put(ct);
}

/* Context: process. */
static void ct_sweep(void *self, u32 epoch)
{
	struct sweep s = { .c = self, .epoch = epoch };

	fo_slots_walk(&s.c->slots, sweep_one, &s);
}

static u64 ct_held(void *self)
{
	struct fo_cts *cts = self;

	return atomic_long_read(&cts->slots.count);
}

const struct fo_class fo_ct_class = {
	.id	= FO_CLASS_CT,
	.name	= "Connections",
	.encode	= ct_encode,
	.hold	= fo_ct_hold_ref,
	.put	= ct_put,
	.apply	= fo_ct_apply,
	.begin	= ct_begin,
	.sweep	= ct_sweep,
	.walk	= fo_ct_walk,
	.held	= ct_held,
};

/*
 * The real timeout since the promotion, unless traffic has set it since. A
 * flowtable counts on the long one of what it has taken meanwhile.
 */
static void release_one(void *ctx, u32 n, struct fo_slot *e)
{
	struct fo_cts *c = ctx;
	u32 timeout = min_t(u64, (u64)e->timeout * HZ, INT_MAX);

	timeout += c->released;
	spin_lock_bh(c->apply_lock);
	/* it sets the bit, then looks at the timeout; we the other way round */
	if (!READ_ONCE(c->accepting) &&
	    cmpxchg(&e->ct->timeout, e->held, timeout) == e->held &&
	    test_bit(IPS_OFFLOAD_BIT, &e->ct->status))
		cmpxchg(&e->ct->timeout, timeout, e->held);
	spin_unlock_bh(c->apply_lock);
}

/* Or else the loss of our address would flush what the peer serves now. */
static void unbind_one(void *ctx, u32 n, struct fo_slot *e)
{
	struct nf_conn_nat *nat = nfct_nat(e->ct);

	if (nat)
		nat->masq_index = 0;
}

/*
 * The new active may have sent a record of it already, which has held it. If
 * we are active again, only its window is of an older time than its traffic.
 */
static void hold_one(void *ctx, u32 n, struct fo_slot *e)
{
	struct fo_cts *c = ctx;

	spin_lock_bh(c->apply_lock);
	if (READ_ONCE(c->accepting)) {
		if (test_bit(IPS_OFFLOAD_BIT, &e->ct->status)) {
			fo_ct_renew(c, n, e, seconds_left(e));
			goto out;
		}
		/* it may be held still, if we were active but for a moment */
		fo_ct_hold(e, seconds_left(e));
		unbind_one(ctx, n, e);
	}
	if (nf_ct_protonum(e->ct) == IPPROTO_TCP)
		fo_ct_unteach(e->ct);
out:
	spin_unlock_bh(c->apply_lock);
}

/* One connection at a time: records are applied meanwhile. Context: process. */
static void settle(struct work_struct *work)
{
	struct fo_cts *c = container_of(work, struct fo_cts, settle.work);

	if (xchg(&c->unheld, false)) {
		/* what a flowtable has of others comes to the gate */
		rt_genid_bump_all(c->net);
		fo_slots_walk(&c->slots, hold_one, c);
		fo_expects_hold(c);
	}
	if (READ_ONCE(c->accepting))
		return;
	fo_slots_walk(&c->slots, release_one, c);
	fo_expects_release(c);
	/* count those whose windows are not checked */
	cancel_delayed_work(&c->tend);
	schedule_delayed_work(&c->tend, 0);
}

/* Its time comes nearer, or a late packet has set it. */
static void hold_again(struct fo_cts *c, struct fo_slot *e)
{
	spin_lock_bh(c->apply_lock);
	if (READ_ONCE(c->accepting))
		fo_ct_hold(e, seconds_left(e));
	spin_unlock_bh(c->apply_lock);
}

/* What has ended may have taken its keys away. */
static void keep_call(struct fo_cts *c, struct fo_slot *e)
{
	if (!e->ct->master && !fo_helper_expects(e->ct))
		return;
	spin_lock_bh(c->apply_lock);
	if (READ_ONCE(c->accepting))
		fo_pptp_keep(c, e->ct);
	spin_unlock_bh(c->apply_lock);
}

/*
 * Both ends were heard since the takeover: be strict again. What is in a flowtable
 * is liberal by its wish: the tracker does not see each segment.
 */
static void teach_one(struct nf_conn *ct)
{
	struct ip_ct_tcp *tcp = &ct->proto.tcp;

	spin_lock_bh(&ct->lock);
	if (test_bit(IPS_OFFLOAD_BIT, &ct->status)) {
		clear_bit(FO_MARK_LIBERAL, &ct->status);
	} else if (tcp->seen[0].td_maxwin && tcp->seen[1].td_maxwin) {
		tcp->seen[0].flags &= ~IP_CT_TCP_FLAG_BE_LIBERAL;
		tcp->seen[1].flags &= ~IP_CT_TCP_FLAG_BE_LIBERAL;
		clear_bit(FO_MARK_LIBERAL, &ct->status);
	}
	spin_unlock_bh(&ct->lock);
}

/* No event tells of packets. */
static void count_one(struct fo_cts *c, u32 n, struct fo_slot *e)
{
	u32 packets;

	if (n % c->acct_parts != c->acct_turn || !READ_ONCE(c->capturing))
		return;
	packets = fo_ct_packets(e->ct);
	if (packets == e->packets)
		return;
	e->packets = packets;
	set_bit(FO_MARK_ACCT, &e->ct->status);
	fo_ct_dirty(c, e->ct, false);
}

/* And none of numbers that NAT of a helper has shifted. */
static void shifted_one(struct fo_cts *c, struct fo_slot *e)
{
	u32 shift = fo_ct_shift(e->ct);

	if (shift == e->shift || !READ_ONCE(c->capturing))
		return;
	e->shift = shift;
	fo_ct_dirty(c, e->ct, false);
}

/*
 * Nor of what is said in a session of PPTP, before it expects anything, or what a
 * helper of H.323 remembers of it afterwards.
 */
static void agreed_one(struct fo_cts *c, struct fo_slot *e)
{
	u32 sum = fo_memory_sum(e->ct);

	if (sum == e->agreed || !READ_ONCE(c->capturing))
		return;
	e->agreed = sum;
	fo_ct_expect_dirty(c, e->ct);
}

static void tend_one(void *ctx, u32 n, struct fo_slot *e)
{
	struct nf_conn *ct = e->ct;
	struct fo_cts *c = ctx;

	if (nf_ct_is_dying(ct)) {
		if (!READ_ONCE(c->capturing))
			fo_ct_forget(c, ct, n);
		else if (!fo_ct_frozen(c))
			fo_ct_dirty(c, ct, false);
	} else if (READ_ONCE(c->accepting)) {
		if (nf_ct_expires(ct) < FO_HOLD / 2)
			hold_again(c, e);
		keep_call(c, e);
	} else if (test_bit(FO_MARK_LIBERAL, &ct->status) &&
		   time_after(jiffies, c->liberal_until)) {
		teach_one(ct);
	}
	if (test_bit(FO_MARK_LIBERAL, &ct->status))
		c->liberal_seen++;
	shifted_one(c, e);
	agreed_one(c, e);
	if (c->acct_parts)
		count_one(c, n, e);
}

/* A part of the connections each time, all of them within the interval. */
static void take_turn(struct fo_cts *c)
{
	c->acct_parts = READ_ONCE(c->accounting) * HZ / TEND_INTERVAL;
	c->acct_turn = c->acct_parts ? (c->acct_turn + 1) % c->acct_parts : 0;
}

/*
 * What no event tells of: connections that died without one, held ones whose
 * time comes nearer, window checks that are still off. Context: process.
 */
static void tend(struct work_struct *work)
{
	struct fo_cts *c = container_of(work, struct fo_cts, tend.work);

	if (READ_ONCE(c->frozen) && time_after(jiffies, c->frozen_until))
		WRITE_ONCE(c->frozen, false);
	/* an administrator may have put it back; we need it */
	WRITE_ONCE(c->net->ct.sysctl_events, 1);
	take_turn(c);
	c->liberal_seen = 0;
	if (!READ_ONCE(c->frozen))
		fo_slots_walk(&c->slots, tend_one, c);
	WRITE_ONCE(c->liberal, c->liberal_seen);
	if (READ_ONCE(c->waiting))
		fo_cts_ripen(c);
	fo_expects_tend(c);
	fo_helpers_tend(c);
	schedule_delayed_work(&c->tend, TEND_INTERVAL);
}

void fo_cts_init(struct fo_cts *c, struct net *net, struct fo_stats *stats,
		 struct fo_queue *queue, struct fo_store *store)
{
	memset(c, 0, sizeof(*c));
	c->net = net;
	c->stats = stats;
	c->queue = queue;
	c->store = store;
	c->ref.ops = &fo_ct_class;
	c->ref.self = c;
	fo_slots_init(&c->slots);
	INIT_DELAYED_WORK(&c->settle, settle);
	INIT_DELAYED_WORK(&c->tend, tend);
	fo_helpers_init(c);
	fo_expects_init(c);
	fo_secmarks_init(c);
}

/* The classes that connections are told in. */
void fo_cts_classes(const struct fo_cts *c, struct fo_classes *all)
{
	all->ref[FO_CLASS_CT] = c->ref;
	all->ref[FO_CLASS_EXPECT] = c->expects.ref;
	all->ref[FO_CLASS_SECMARK] = c->secmarks.ref;
}

/**
 * fo_cts_start() - failover is on; the unit is standby
 * @c: connections
 *
 * Context: process.
 */
void fo_cts_start(struct fo_cts *c)
{
	c->capturing = false;
	c->accepting = true;
	c->damaged = false;
	c->frozen = false;
	c->waiting = false;
	c->hurry = false;
	c->running = true;
	fo_expects_start(c);
	fo_capture_start(c);
	schedule_delayed_work(&c->tend, TEND_INTERVAL);
}

/**
 * fo_cts_stop() - failover is off
 * @c: connections, which stay in the table with their real timeouts
 *
 * The queue is closed before. Context: process.
 */
void fo_cts_stop(struct fo_cts *c)
{
	if (!c->running)
		return;
	c->running = false;
	c->capturing = false;
	c->accepting = false;
	c->unheld = false;
	c->released = nfct_time_stamp;
	fo_capture_stop(c);
	cancel_delayed_work_sync(&c->settle);
	cancel_delayed_work_sync(&c->tend);
	fo_helpers_stop(c);
	fo_secmarks_stop(c);
	fo_slots_walk(&c->slots, release_one, c);
	fo_expects_stop(c);
	fo_slots_exit(&c->slots);
}

/**
 * fo_cts_leave() - failover is about to be off, and the peer takes over
 * @c: connections, which go on here with their NAT until it has
 *
 * Context: process.
 */
void fo_cts_leave(struct fo_cts *c)
{
	fo_slots_walk(&c->slots, unbind_one, c);
}

/**
 * fo_cts_promote() - the unit is active now
 * @c: connections
 *
 * The connections are ready as they are; their timeouts follow while traffic
 * flows. Context: process or softirq, apply_lock.
 */
void fo_cts_promote(struct fo_cts *c)
{
	lockdep_assert_held(c->apply_lock);
	c->liberal_until = jiffies + LIBERAL_TIME;
	c->released = nfct_time_stamp;
	WRITE_ONCE(c->frozen, false);
	WRITE_ONCE(c->hurry, false);
	WRITE_ONCE(c->accepting, false);
	mod_delayed_work(c->wq, &c->settle, SETTLE_AFTER);
}

/**
 * fo_cts_demote() - the unit is standby now, and forwards nothing any more
 * @c: connections, which are held from here on
 *
 * Records may come at once; see fo_cts_settled() for what takes its time.
 * Context: process or softirq, apply_lock.
 */
void fo_cts_demote(struct fo_cts *c)
{
	lockdep_assert_held(c->apply_lock);
	WRITE_ONCE(c->capturing, false);
	WRITE_ONCE(c->damaged, false);
	fo_cts_doubt(c);
	WRITE_ONCE(c->unheld, true);
	WRITE_ONCE(c->accepting, true);
	mod_delayed_work(c->wq, &c->settle, 0);
}

/**
 * fo_cts_doubt() - the peer may mean something else by the numbers we have
 * @c: connections; each is told of anew before it is changed
 *
 * Context: process or softirq, apply_lock.
 */
void fo_cts_doubt(struct fo_cts *c)
{
	lockdep_assert_held(c->apply_lock);
	c->told = c->epoch + 1;
}

/**
 * fo_cts_settled() - wait until the loss of an address flushes nothing
 * @c: connections of a unit that was demoted
 *
 * The mate does not wait for this. Context: process.
 */
void fo_cts_settled(struct fo_cts *c)
{
	flush_delayed_work(&c->settle);
}

/**
 * fo_cts_liberal() - how many connections are taken on trust, and how long
 * @c: connections
 * @ms: time until their windows are checked again, if both ends were heard
 *
 * Context: any.
 *
 * Return: their number as of the last look, none on a standby.
 */
u32 fo_cts_liberal(const struct fo_cts *c, u32 *ms)
{
	unsigned long until = READ_ONCE(c->liberal_until), now = jiffies;
	u32 n = READ_ONCE(c->accepting) ? 0 : READ_ONCE(c->liberal);

	*ms = n && time_before(now, until) ? jiffies_to_msecs(until - now) : 0;
	return n;
}

static void tell_whole(void *ctx, u32 n, struct fo_slot *e)
{
	set_bit(FO_MARK_FULL, &e->ct->status);
}

/**
 * fo_cts_capture() - changes are replicated from here on
 * @c: connections
 * @fresh: to a peer that knows none of them
 *
 * Context: process.
 */
void fo_cts_capture(struct fo_cts *c, bool fresh)
{
	if (fresh)
		fo_slots_walk(&c->slots, tell_whole, c);
	WRITE_ONCE(c->capturing, true);
}

/**
 * fo_cts_freeze() - an interface goes down, or the machine does
 * @c: connections; their deletions are not sent for a while
 *
 * Context: any.
 */
void fo_cts_freeze(struct fo_cts *c)
{
	WRITE_ONCE(c->frozen_until, jiffies + FREEZE_TIME);
	/* pairs with fo_ct_frozen() */
	smp_store_release(&c->frozen, true);
}
