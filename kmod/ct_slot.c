// SPDX-License-Identifier: GPL-2.0
/*
 * Slots: connections that both units know by the same number.
 *
 * The active unit gives a connection a slot when it first sends it; the
 * standby files it under the same one. From then on a record names it by one
 * to four bytes, and finds it by one lookup. A slot is bound to one object: a
 * deletion can never hit a newer connection that happens to have the same
 * tuple. After a takeover the new active goes on with the same numbers.
 *
 * A slot holds a reference of its connection, so that one that died unnoticed
 * (its deletion made no event) is still there to be told of.
 */

#include "ct.h"

#include <linux/slab.h>

/* So many are visited without a pause. */
#define SLOTS_STEP	256

void fo_slots_init(struct fo_slots *s)
{
	BUILD_BUG_ON(BITS_PER_LONG != 64);
	BUILD_BUG_ON(FO_MARK_SLOT_SHIFT + FO_SLOT_BITS > BITS_PER_LONG);
	BUILD_BUG_ON((int)__IPS_MAX_BIT > (int)FO_MARK_DIRTY);
	BUILD_BUG_ON((int)FO_MARK_OUT >= FO_MARK_SLOT_SHIFT);
	xa_init_flags(&s->xa, XA_FLAGS_ALLOC1 | XA_FLAGS_LOCK_BH);
	atomic_long_set(&s->count, 0);
}

/* The other bits change under us, one at a time and atomically. */
static void mark_slot(struct nf_conn *ct, u32 n)
{
	unsigned long old, new;

	do {
		old = READ_ONCE(ct->status);
		new = (old & ~(FO_MARK_SLOT_MASK | BIT(FO_MARK_OUT))) |
		      (unsigned long)n << FO_MARK_SLOT_SHIFT;
	} while (cmpxchg(&ct->status, old, new) != old);
}

/**
 * fo_slot_new() - give a connection the next free slot
 * @s: slots
 * @ct: connection without one; a reference is taken
 *
 * Context: softirq or process, never sleeps.
 *
 * Return: 0 or a negative error number.
 */
int fo_slot_new(struct fo_slots *s, struct nf_conn *ct)
{
	struct fo_slot *e = kzalloc(sizeof(*e), GFP_ATOMIC);
	int err;
	u32 n;

	if (!e)
		return -ENOMEM;
	e->ct = ct;
	nf_conntrack_get(&ct->ct_general);
	err = xa_alloc_bh(&s->xa, &n, e, XA_LIMIT(1, FO_SLOT_MAX), GFP_ATOMIC);
	if (err) {
		nf_ct_put(ct);
		kfree(e);
		return err;
	}
	mark_slot(ct, n);
	atomic_long_inc(&s->count);
	return 0;
}

/**
 * fo_slot_set() - file a connection under the peer's number
 * @s: slots
 * @n: number, which is free
 * @ct: connection; on success its reference is taken over
 * @init: the other fields of the slot
 *
 * Context: softirq.
 *
 * Return: 0 or a negative error number.
 */
int fo_slot_set(struct fo_slots *s, u32 n, struct nf_conn *ct,
		const struct fo_slot *init)
{
	struct fo_slot *e = kmemdup(init, sizeof(*e), GFP_ATOMIC);
	int err;

	if (!e)
		return -ENOMEM;
	e->ct = ct;
	mark_slot(ct, n);
	err = xa_insert_bh(&s->xa, n, e, GFP_ATOMIC);
	if (err) {
		mark_slot(ct, 0);
		kfree(e);
		return err;
	}
	atomic_long_inc(&s->count);
	return 0;
}

/**
 * fo_slot_take() - empty a slot
 * @s: slots
 * @n: number
 * @only: only if it has this connection; NULL for any
 *
 * Context: any but hard interrupt.
 *
 * Return: the connection, whose reference is the caller's now, or NULL.
 */
struct nf_conn *fo_slot_take(struct fo_slots *s, u32 n,
			     const struct nf_conn *only)
{
	struct nf_conn *ct = NULL;
	struct fo_slot *e;

	xa_lock_bh(&s->xa);
	e = xa_load(&s->xa, n);
	if (e && (!only || e->ct == only)) {
		__xa_erase(&s->xa, n);
		ct = e->ct;
	}
	xa_unlock_bh(&s->xa);
	if (!ct)
		return NULL;
	mark_slot(ct, 0);
	atomic_long_dec(&s->count);
	kfree_rcu(e, rcu);
	return ct;
}

/**
 * fo_slot_get() - find a slot
 * @s: slots
 * @n: number
 *
 * Context: RCU, for as long as the slot is used.
 *
 * Return: the slot, with a reference of its connection for the caller, or NULL.
 */
struct fo_slot *fo_slot_get(struct fo_slots *s, u32 n)
{
	struct fo_slot *e = xa_load(&s->xa, n);

	if (!e || !refcount_inc_not_zero(&e->ct->ct_general.use))
		return NULL;
	/* freed connections are reused at once; the slot says which one it is */
	if (xa_load(&s->xa, n) == e)
		return e;
	nf_ct_put(e->ct);
	return NULL;
}

/**
 * fo_slots_step() - visit the next slots
 * @s: slots
 * @at: number to begin with; moved on behind the last one visited
 * @fn: called for each, with RCU held and a reference of its connection
 * @ctx: for @fn
 *
 * What is added or taken meanwhile may be visited or not. Context: process.
 *
 * Return: true while there may be more.
 */
bool fo_slots_step(struct fo_slots *s, unsigned long *at,
		   void (*fn)(void *ctx, u32 n, struct fo_slot *e), void *ctx)
{
	unsigned int done = 0;
	struct fo_slot *e;
	unsigned long n;

	rcu_read_lock();
	xa_for_each_start(&s->xa, n, e, *at) {
		e = fo_slot_get(s, n);
		if (e) {
			fn(ctx, n, e);
			nf_ct_put(e->ct);
		}
		if (++done == SLOTS_STEP)
			break;
	}
	rcu_read_unlock();
	*at = n + 1;
	return done == SLOTS_STEP;
}

/**
 * fo_slots_walk() - visit all slots
 * @s: slots
 * @fn: as fo_slots_step()
 * @ctx: for @fn
 *
 * Context: process.
 */
void fo_slots_walk(struct fo_slots *s,
		   void (*fn)(void *ctx, u32 n, struct fo_slot *e), void *ctx)
{
	unsigned long at = 0;

	while (fo_slots_step(s, &at, fn, ctx))
		cond_resched();
}

static void drop(void *ctx, u32 n, struct fo_slot *e)
{
	struct fo_slots *s = ctx;
	struct nf_conn *ct = fo_slot_take(s, n, e->ct);

	if (ct)
		nf_ct_put(ct);
}

/**
 * fo_slots_exit() - let go of all connections, which go on without us
 * @s: slots
 *
 * Context: process.
 */
void fo_slots_exit(struct fo_slots *s)
{
	fo_slots_walk(s, drop, s);
	xa_destroy(&s->xa);
}
