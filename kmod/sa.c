// SPDX-License-Identifier: GPL-2.0
/*
 * The class of IPsec SAs: how far each of them has come.
 *
 * The packets of an SA are numbered, in both directions, and count for its
 * lifetime. The kernel tells nobody in the kernel of that, so the active unit
 * looks at all SAs several times a second, and tells the peer of those that have
 * changed. The peer has the same SAs, from its administrator or its key daemon, or
 * by the policy, which replicates them with their keys. What it is told goes into
 * them at once (see sa_state.c). As long as they are told they do not expire there,
 * which is the business of the active unit.
 *
 * The policy may be later with an SA than we are with its numbers: they are kept,
 * and it gets them when it is there.
 */

#include "sa.h"

#include <linux/jhash.h>
#include <linux/slab.h>
#include <net/xfrm.h>

#include "sa_state.h"

/* How often SAs are looked at. */
#define INTERVAL	(HZ / 5)
/* SAs that are looked at without giving anybody else a chance. */
#define BATCH		32
/* Most that are known: what the memory of the table may grow to. */
#define SAS_MAX		65536

/* An SA that does nothing is told again, and held as long as that is due. */
#define RENEW		(60 * HZ)
#define HOLD		(150 * HZ)
/* So long an SA may be on its way beside us, through two busy daemons. */
#define WAIT		(10 * HZ)
/* Looks of the standby until it forgets what is not told any more. */
#define FORGET		64

enum flag {
	DIRTY,
};

/* --- the table --------------------------------------------------------- */

static u32 hash_of(const struct fo_sa_id *id)
{
	return jhash(id, sizeof(*id), 0);
}

static bool same(const struct fo_sa_id *a, const struct fo_sa_id *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static void put_entry(struct fo_sa *e)
{
	if (refcount_dec_and_test(&e->ref))
		kfree_rcu(e, rcu);
}

/* s->lock held. */
static struct fo_sa *lookup(struct fo_sas *s, const struct fo_sa_id *id)
{
	struct fo_sa *e;

	hash_for_each_possible(s->table, e, node, hash_of(id))
		if (same(&e->id, id))
			return e;
	return NULL;
}

/* s->lock held. NULL when there is no room. */
static struct fo_sa *add(struct fo_sas *s, const struct fo_sa_id *id)
{
	struct fo_sa *e = NULL;

	if (s->entries < SAS_MAX)
		e = kzalloc(sizeof(*e), GFP_ATOMIC);
	if (!e) {
		fo_count(s->stats, FO_CNT_SA_NO_MEMORY);
		return NULL;
	}
	refcount_set(&e->ref, 1);
	e->id = *id;
	e->pass = s->pass;
	hash_add_rcu(s->table, &e->node, hash_of(id));
	s->entries++;
	return e;
}

/* s->lock held. */
static void drop(struct fo_sas *s, struct fo_sa *e)
{
	hash_del_rcu(&e->node);
	s->entries--;
	put_entry(e);
}

/* Entries that are not wanted any more. Context: process. */
static void prune(struct fo_sas *s, bool (*gone)(struct fo_sas *s,
						 const struct fo_sa *e))
{
	struct hlist_node *next;
	struct fo_sa *e;
	unsigned int i;

	for (i = 0; i < HASH_SIZE(s->table); i++) {
		spin_lock_bh(&s->lock);
		hlist_for_each_entry_safe(e, next, &s->table[i], node)
			if (gone(s, e))
				drop(s, e);
		spin_unlock_bh(&s->lock);
		cond_resched();
	}
}

/* Context: process. */
static void for_each(struct fo_sas *s,
		     void (*fn)(struct fo_sas *s, struct fo_sa *e))
{
	struct fo_sa *e;
	unsigned int i;

	for (i = 0; i < HASH_SIZE(s->table); i++) {
		rcu_read_lock();
		hlist_for_each_entry_rcu(e, &s->table[i], node)
			fn(s, e);
		rcu_read_unlock();
		cond_resched();
	}
}

/* --- on the active unit ------------------------------------------------ */

static void tell_peer(struct fo_sas *s, struct fo_sa *e)
{
	/* one that is dropped meanwhile is none of the table any more */
	if (!READ_ONCE(*s->capturing) || !refcount_inc_not_zero(&e->ref))
		return;
	if (test_and_set_bit(DIRTY, &e->flags)) {
		put_entry(e);
	} else if (!fo_queue_put(s->queue, &s->ref, e, hash_of(&e->id))) {
		clear_bit(DIRTY, &e->flags);
		put_entry(e);
	}
}

/* enum nf_failover_ipsec */
static u8 what_is_on(struct fo_sas *s)
{
	u8 on;

	rcu_read_lock();
	on = rcu_dereference(s->store->config)->ipsec;
	rcu_read_unlock();
	return on;
}

static bool is_on(struct fo_sas *s)
{
	return what_is_on(s) != NF_FAILOVER_IPSEC_NONE;
}

/* True when the peer has not been told. s->lock held. */
static bool update(struct fo_sas *s, struct fo_sa *e,
		   const struct fo_sa_rec *rec)
{
	bool news = memcmp(&e->use, &rec->use, sizeof(e->use)) ||
		    e->in != rec->in || !e->seen ||
		    time_after(jiffies, e->seen + RENEW);

	e->pass = s->pass;
	/* the SA came, but not yet what it is to go on from */
	if (e->waits)
		return false;
	e->use = rec->use;
	e->in = rec->in;
	e->held = false;
	if (news)
		e->seen = jiffies ?: 1;
	return news;
}

/* With a reference, or NULL. */
static struct fo_sa *note(struct fo_sas *s, const struct fo_sa_rec *rec,
			  bool *news)
{
	struct fo_sa *e;

	spin_lock_bh(&s->lock);
	e = lookup(s, &rec->id) ?: add(s, &rec->id);
	if (e) {
		*news = update(s, e, rec);
		refcount_inc(&e->ref);
	}
	spin_unlock_bh(&s->lock);
	return e;
}

/* Also while the address is on its way to this unit. */
static bool ends_here(struct fo_sas *s, const struct fo_sa_id *id)
{
	u8 family = id->op == FO_SA_USED4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
	union nf_inet_addr addr = {};
	bool ours;

	memcpy(&addr, id->daddr, sizeof(id->daddr));
	rcu_read_lock();
	ours = fo_store_floating(s->store, family, &addr);
	rcu_read_unlock();
	return ours || fo_sa_state_in(s->net, id);
}

static bool read_state(struct fo_sas *s, struct xfrm_state *x,
		       struct fo_sa_rec *rec)
{
	if (!fo_sa_state_id(x, &rec->id) || !fo_sa_state_read(x, rec))
		return false;
	rec->in = ends_here(s, &rec->id);
	return true;
}

static void look(struct fo_sas *s, struct xfrm_state *x)
{
	struct fo_sa_rec rec;
	struct fo_sa *e;
	bool news;

	e = read_state(s, x, &rec) ? note(s, &rec, &news) : NULL;
	if (!e)
		return;
	if (news)
		tell_peer(s, e);
	put_entry(e);
}

/* Those that one step of the walk has found. */
struct batch {
	struct xfrm_state *x[BATCH];
	unsigned int n;
};

/*
 * The lock of all states is held, which is taken under that of a state: so that
 * is not taken here.
 */
static int gather(struct xfrm_state *x, int seq, void *data)
{
	struct batch *b = data;

	if (b->n == BATCH)
		return -EAGAIN;
	xfrm_state_hold(x);
	b->x[b->n++] = x;
	return 0;
}

/* An SA that the policy may be about to make. s->lock held. */
static bool is_awaited(const struct fo_sa *e)
{
	return e->waits && time_before(jiffies, e->since + WAIT);
}

static bool not_seen(struct fo_sas *s, const struct fo_sa *e)
{
	return e->pass != s->pass && !is_awaited(e);
}

static void collect(struct fo_sas *s)
{
	struct xfrm_state_walk walk;
	struct batch b;
	unsigned int i;
	int err;

	lockdep_assert_held(&s->mutex);
	WRITE_ONCE(s->pass, s->pass + 1);
	xfrm_state_walk_init(&walk, IPSEC_PROTO_ANY, NULL);
	do {
		b.n = 0;
		err = xfrm_state_walk(s->net, &walk, gather, &b);
		for (i = 0; i < b.n; i++) {
			look(s, b.x[i]);
			xfrm_state_put(b.x[i]);
		}
		cond_resched();
	} while (err == -EAGAIN);
	xfrm_state_walk_done(&walk, s->net);
	if (READ_ONCE(s->entries))
		prune(s, not_seen);
}

/**
 * fo_sas_collect() - put what has changed into the queue
 * @s: SAs
 *
 * Context: process.
 */
void fo_sas_collect(struct fo_sas *s)
{
	if (!READ_ONCE(*s->capturing) || !is_on(s))
		return;
	mutex_lock(&s->mutex);
	collect(s);
	mutex_unlock(&s->mutex);
}

/* Context: flush of the queue. */
static int sa_encode(void *self, void *obj, struct fo_writer *w)
{
	struct fo_sas *s = self;
	struct fo_sa *e = obj;
	struct fo_sa_rec rec;
	struct xfrm_state *x;
	bool ok;

	/* what changes from here on is dirty anew */
	clear_bit(DIRTY, &e->flags);
	smp_mb__after_atomic(); /* pairs with test_and_set_bit() in tell_peer() */
	x = fo_sa_state_find(s->net, &e->id);
	if (!x)
		return 0;
	ok = read_state(s, x, &rec);
	xfrm_state_put(x);
	if (!ok)
		return 0;
	fo_sa_rec_put(w, &rec);
	if (w->full)
		return -EMSGSIZE;
	fo_count_row(s->stats, FO_ROW_SA, FO_XMIT);
	return 0;
}

static void sa_put(void *self, void *obj, bool sent)
{
	struct fo_sa *e = obj;

	if (!sent)
		clear_bit(DIRTY, &e->flags);
	put_entry(e);
}

static void tell_one(struct fo_sas *s, struct fo_sa *e)
{
	tell_peer(s, e);
}

/* What is new, then all; there is no more. Context: process, bulk sync. */
static bool sa_walk(void *self, unsigned long *at)
{
	struct fo_sas *s = self;

	fo_sas_collect(s);
	if (is_on(s))
		for_each(s, tell_one);
	return false;
}

/* --- on the standby ---------------------------------------------------- */

/* s->lock held. */
static void remember(struct fo_sas *s, struct fo_sa *e,
		     const struct fo_sa_rec *rec)
{
	time64_t now = ktime_get_real_seconds();
	u64 step = rec->use.sent - e->use.sent;

	if (e->held && rec->use.sent > e->use.sent)
		e->pace = clamp_t(u64, step, e->pace, FO_SA_MARGIN);
	e->use = rec->use;
	e->in = rec->in;
	e->made = now - min_t(u64, rec->age, now);
	e->first = rec->used ? now - min_t(u64, rec->used - 1, now) : 0;
	e->seen = jiffies;
	e->round = s->round;
	e->held = true;
}

/* s->lock held. False when it has waited for too long. */
static bool wait_for(struct fo_sa *e)
{
	if (!e->waits)
		e->since = jiffies;
	e->waits = true;
	return is_awaited(e);
}

/* @there: its SA is, and has it. False when that is missing. */
static bool keep(struct fo_sas *s, const struct fo_sa_rec *rec, bool there)
{
	struct fo_sa *e;
	bool ok = there;

	spin_lock_bh(&s->lock);
	e = lookup(s, &rec->id) ?: add(s, &rec->id);
	if (e) {
		remember(s, e, rec);
		if (there)
			e->waits = false;
		else
			ok = wait_for(e);
	}
	spin_unlock_bh(&s->lock);
	return ok;
}

static void note_spent(struct fo_sas *s)
{
	fo_count(s->stats, FO_CNT_SA_SPENT);
}

/* False when there is none. */
static bool take(struct fo_sas *s, const struct fo_sa_rec *rec)
{
	struct xfrm_state *x = fo_sa_state_find(s->net, &rec->id);
	enum fo_sa_taken taken = FO_SA_GONE;

	if (x) {
		taken = fo_sa_state_take(x, rec);
		xfrm_state_put(x);
	}
	switch (taken) {
	case FO_SA_GONE:
		return false;
	case FO_SA_AHEAD:
		fo_count(s->stats, FO_CNT_SA_BEHIND);
		break;
	case FO_SA_SPENT:
		note_spent(s);
		break;
	case FO_SA_TAKEN:
		break;
	}
	return true;
}

/* False when it was refused, and counted. */
static bool take_in(struct fo_sas *s, const struct fo_sa_rec *rec)
{
	bool there = take(s, rec);

	if (there || what_is_on(s) == NF_FAILOVER_IPSEC_KEYS)
		there = keep(s, rec, there);
	if (!there)
		fo_count(s->stats, FO_CNT_SA_MISSING);
	return there;
}

/*
 * The SA may be there by now. If it is not it may be gone with the other one: only
 * what is told again after it has waited is missing.
 */
static void catch_up(struct fo_sas *s, struct fo_sa *e)
{
	struct fo_sa_rec rec = { .id = e->id };
	bool waits;

	if (!READ_ONCE(e->waits))
		return;
	spin_lock_bh(&s->lock);
	waits = e->waits;
	rec.in = e->in;
	rec.use = e->use;
	spin_unlock_bh(&s->lock);
	if (!waits || !take(s, &rec))
		return;
	spin_lock_bh(&s->lock);
	/* what was told meanwhile was taken at once, or waits anew */
	if (e->use.sent == rec.use.sent && e->use.received == rec.use.received)
		e->waits = false;
	spin_unlock_bh(&s->lock);
}

/* Context: softirq. */
static void sa_apply(void *self, struct fo_rec *from)
{
	struct fo_sas *s = self;
	struct fo_sa_rec rec;
	int err = fo_sa_rec_get(from, &rec);

	if (err) {
		fo_count(s->stats, err == -EOPNOTSUPP ? FO_CNT_RX_UNKNOWN_OP :
							FO_CNT_RX_BAD_RECORD);
		fo_count_row(s->stats, FO_ROW_SA, FO_RERR);
		return;
	}
	fo_count_row(s->stats, FO_ROW_SA, take_in(s, &rec) ? FO_RCV : FO_RERR);
}

static void sa_begin(void *self, u32 epoch)
{
	struct fo_sas *s = self;

	spin_lock_bh(&s->lock);
	s->round = epoch;
	spin_unlock_bh(&s->lock);
}

static bool not_told(struct fo_sas *s, const struct fo_sa *e)
{
	return e->held && e->round != s->round;
}

/* The SA itself is not ours to remove. */
static void sa_sweep(void *self, u32 epoch)
{
	prune(self, not_told);
}

static u64 sa_held(void *self)
{
	struct fo_sas *s = self;

	return READ_ONCE(s->entries);
}

/* An SA that was replaced by another one is told no more. */
static bool is_over(struct fo_sas *s, const struct fo_sa *e)
{
	return e->held && READ_ONCE(*s->up) &&
	       time_after(jiffies, e->seen + HOLD);
}

static const struct fo_class sa_class = {
	.id	= FO_CLASS_SA,
	.name	= "IPsec SAs",
	.encode	= sa_encode,
	.put	= sa_put,
	.apply	= sa_apply,
	.begin	= sa_begin,
	.sweep	= sa_sweep,
	.walk	= sa_walk,
	.held	= sa_held,
};

/* A copy of what the peer has told; false when it could tell, and does not. */
static bool is_held(struct fo_sas *s, const struct fo_sa *e, struct fo_sa *copy)
{
	spin_lock_bh(&s->lock);
	*copy = *e;
	spin_unlock_bh(&s->lock);
	return copy->held && (!READ_ONCE(*s->up) ||
			      time_before(jiffies, copy->seen + HOLD));
}

/*
 * One that the policy has made again, because it was lost here, is where it was: the
 * peer may have nothing new to tell. What is to be counted was when it told. (One
 * that an administrator makes again is a new one.)
 */
static void keep_up(struct fo_sas *s, struct xfrm_state *x,
		    const struct fo_sa *told)
{
	struct fo_sa_rec rec = {
		.id = told->id, .in = told->in, .use = told->use,
	};

	if (what_is_on(s) == NF_FAILOVER_IPSEC_KEYS)
		fo_sa_state_take(x, &rec);
}

/*
 * A peer that is not heard goes on sending, at its pace, and more: we do not see
 * when it looks.
 */
static void hold_one(struct fo_sas *s, struct fo_sa *e)
{
	struct xfrm_state *x;
	struct fo_sa one;

	if (!is_held(s, e, &one))
		return;
	x = fo_sa_state_find(s->net, &e->id);
	if (!x)
		return;
	keep_up(s, x, &one);
	fo_sa_state_hold(x);
	if (!READ_ONCE(*s->up) && !one.in && one.pace &&
	    !fo_sa_state_leap(x, 2 * one.pace))
		note_spent(s);
	xfrm_state_put(x);
}

static void hold_all(struct fo_sas *s)
{
	for_each(s, hold_one);
	if (!(++s->looks % FORGET))
		prune(s, is_over);
}

/* --- changes of role --------------------------------------------------- */

static void release_one(struct fo_sas *s, struct fo_sa *e)
{
	struct xfrm_state *x;
	struct fo_sa one;

	if (!is_held(s, e, &one))
		return;
	x = fo_sa_state_find(s->net, &e->id);
	if (!x)
		return;
	keep_up(s, x, &one);
	fo_sa_state_release(x, one.made, one.first);
	xfrm_state_put(x);
}

static void leap_one(struct fo_sas *s, struct fo_sa *e)
{
	struct xfrm_state *x = READ_ONCE(e->in) ? NULL :
			       fo_sa_state_find(s->net, &e->id);

	if (!x)
		return;
	if (!fo_sa_state_leap(x, 2 * FO_SA_MARGIN))
		note_spent(s);
	xfrm_state_put(x);
}

/* Context: process. */
static void poll(struct work_struct *work)
{
	struct fo_sas *s = container_of(to_delayed_work(work), struct fo_sas,
					poll);

	if (READ_ONCE(s->entries))
		for_each(s, catch_up);
	if (xchg(&s->lost, false))
		for_each(s, leap_one);
	if (xchg(&s->won, false))
		for_each(s, release_one);
	if (READ_ONCE(*s->capturing))
		fo_sas_collect(s);
	else if (!READ_ONCE(s->role->active) && READ_ONCE(s->entries))
		hold_all(s);
	queue_delayed_work(system_highpri_wq, &s->poll, INTERVAL);
}

/**
 * fo_sas_promote() - what was held goes on
 * @s: SAs
 *
 * Their numbers are right as they are. Context: any but hard interrupt.
 */
void fo_sas_promote(struct fo_sas *s)
{
	WRITE_ONCE(s->won, true);
	mod_delayed_work(system_highpri_wq, &s->poll, 0);
}

/**
 * fo_sas_demote() - the peer sends from now on
 * @s: SAs
 *
 * What it sends begins a margin ahead of what it was told. It may be gone before
 * it tells us, so we leave that out. Context: any but hard interrupt.
 */
void fo_sas_demote(struct fo_sas *s)
{
	WRITE_ONCE(s->lost, true);
	mod_delayed_work(system_highpri_wq, &s->poll, 0);
}

/* --- lifetime ---------------------------------------------------------- */

/* Context: process. */
void fo_sas_start(struct fo_sas *s)
{
	s->lost = false;
	s->won = false;
	queue_delayed_work(system_highpri_wq, &s->poll, INTERVAL);
}

static bool any(struct fo_sas *s, const struct fo_sa *e)
{
	return true;
}

/**
 * fo_sas_stop() - look at no SA any more
 * @s: SAs
 *
 * The role does not change any more. Context: process.
 */
void fo_sas_stop(struct fo_sas *s)
{
	cancel_delayed_work_sync(&s->poll);
	prune(s, any);
}

/* No SAs yet; the pointers are set. Context: process. */
void fo_sas_init(struct fo_sas *s)
{
	s->ref.ops = &sa_class;
	s->ref.self = s;
	spin_lock_init(&s->lock);
	mutex_init(&s->mutex);
	hash_init(s->table);
	INIT_DELAYED_WORK(&s->poll, poll);
}

/* Context: process. */
void fo_sas_exit(struct fo_sas *s)
{
	prune(s, any);
}
