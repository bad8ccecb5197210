// SPDX-License-Identifier: GPL-2.0
/*
 * The class of user objects: small keyed values that any program may have
 * replicated, with a lifetime.
 *
 * They are written on the active unit alone, and read on both. The standby is
 * told of each change, and of the lifetime that is left; it lets none expire,
 * because the active one will say so, until it is promoted itself: then those
 * whose time is over go, and no other.
 *
 * A write that was let in is sent before the role is handed over: whoever hands
 * over shuts the gate and waits a grace period before it looks whether anything
 * is left. So a write needs the gate open, under the lock.
 */

#include "object.h"

#include <linux/jhash.h>
#include <linux/ktime.h>
#include <linux/refcount.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

/* All of a unit, and the bytes of their values. */
#define OBJECTS_MAX	65536
#define BYTES_MAX	(16U << 20)

/* Objects that one step of a walk, a sweep or an expiry takes. */
#define STEP		256

/* Of an object that the mate says again; so much is the way of the record. */
#define SAME_MS		1000

/* A timer that is due later is looked at in between. */
#define LOOK_AGAIN	(3600 * HZ)
/* When it is seen whether the gate, shut by a handover, is open again. */
#define GATE_AGAIN	(HZ / 10 ?: 1)

/**
 * struct fo_object - one of them
 * @node: in fo_objects.table
 * @due: in fo_objects.due, if it has a lifetime, with its end
 * @rcu: frees it
 * @key: what it is known by
 * @refs: one of the table, one of the queue
 * @id: its number in fo_objects.id
 * @round: bulk sync that told it
 * @gone: 0, or enum fo_object_op: how it went; then it is in the queue alone
 * @queued: it is in the queue
 * @mate: the other unit has said it
 * @secret: its value goes over a link with a key only, and is not shown
 * @len: bytes of @value
 * @value: its value
 */
struct fo_object {
	struct rhash_head node;
	struct timerqueue_node due;
	struct rcu_head rcu;
	struct fo_object_key key;
	refcount_t refs;
	u32 id;
	u32 round;
	u8 gone;
	bool queued;
	bool mate;
	bool secret;
	u16 len;
	u8 *value;
};

static const struct rhashtable_params params = {
	.head_offset	= offsetof(struct fo_object, node),
	.key_offset	= offsetof(struct fo_object, key),
	.key_len	= sizeof(struct fo_object_key),
	.automatic_shrinking = true,
};

/* Of the policy, for which the ASA has rows of their own. */
static enum fo_row row_of(const struct fo_object_key *key)
{
	static const struct {
		const char *space;
		enum fo_row row;
	} own[] = {
		{ FO_SPACE_ROUTE,	FO_ROW_ROUTE },
		{ FO_SPACE_GTP,		FO_ROW_GTP },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(own); i++)
		if (!strcmp(key->space, own[i].space))
			return own[i].row;
	return FO_ROW_OBJECT;
}

static bool lives(const struct fo_object *o)
{
	return !RB_EMPTY_NODE(&o->due.node);
}

static u64 left_ms(const struct fo_object *o)
{
	s64 left = lives(o) ? ktime_ms_delta(o->due.expires,
					     ktime_get_boottime()) : 0;

	return max_t(s64, left, 0);
}

static void view(const struct fo_object *o, struct fo_object_view *v)
{
	v->key = &o->key;
	v->value = o->value;
	v->len = o->len;
	v->lives = lives(o);
	v->left = left_ms(o);
	v->mate = o->mate;
	v->secret = o->secret;
}

static struct fo_object *make(const struct fo_object_rec *rec, gfp_t gfp)
{
	struct fo_object *o = kzalloc(sizeof(*o), gfp);

	if (!o)
		return NULL;
	/* one without a value has some address, too */
	o->value = kmalloc(rec->len ?: 1, gfp);
	if (!o->value) {
		kfree(o);
		return NULL;
	}
	memcpy(o->value, rec->value, rec->len);
	o->len = rec->len;
	o->key = rec->key;
	o->secret = rec->op == FO_OBJECT_SECRET;
	timerqueue_init(&o->due);
	refcount_set(&o->refs, 1);
	return o;
}

static void release(struct fo_object *o)
{
	if (!refcount_dec_and_test(&o->refs))
		return;
	/* values may be secret */
	kfree_sensitive(o->value);
	kfree_rcu(o, rcu);
}

static struct fo_object *find(struct fo_objects *s,
			      const struct fo_object_key *key)
{
	return rhashtable_lookup_fast(&s->table, key, params);
}

/* --- to the peer -------------------------------------------------------- */

static bool is_on(struct fo_objects *s)
{
	bool on;

	rcu_read_lock();
	on = rcu_dereference(s->store->config)->objects;
	rcu_read_unlock();
	return on;
}

/* One key goes to one part of the queue: what is said of it stays in order. */
static void tell_peer(struct fo_objects *s, struct fo_object *o)
{
	lockdep_assert_held(&s->lock);
	if (!READ_ONCE(*s->capturing) || !is_on(s))
		return;
	if (o->queued) {
		fo_count(s->stats, FO_CNT_QUEUE_COALESCED);
		return;
	}
	refcount_inc(&o->refs);
	o->queued = fo_queue_put(s->queue, &s->ref, o,
				 jhash(&o->key, sizeof(o->key), 0));
	if (!o->queued) {
		fo_count_row(s->stats, row_of(&o->key), FO_XERR);
		release(o);
	}
}

/*
 * Whether the association is under a key. The flush meets no other one: a frame
 * that was begun in an association goes out in that, or not at all.
 */
static bool is_sealed(const struct fo_objects *s)
{
	return READ_ONCE(s->queue->session->cur.sealed);
}

/* Context: flush of the queue. */
static int object_encode(void *self, void *obj, struct fo_writer *w)
{
	struct fo_objects *s = self;
	struct fo_object *o = obj;
	struct fo_object_rec rec = {};

	spin_lock_bh(&s->lock);
	if (o->secret && !o->gone && !is_sealed(s)) {
		o->queued = false;
		spin_unlock_bh(&s->lock);
		fo_count(s->stats, FO_CNT_OBJECT_CLEAR);
		fo_count_row(s->stats, FO_ROW_OBJECT, FO_XERR);
		return 0;
	}
	rec.op = o->gone ?: o->secret ? FO_OBJECT_SECRET : FO_OBJECT_PUT;
	rec.key = o->key;
	/* what is over is said to be when it is removed */
	rec.left = lives(o) ? max_t(u64, left_ms(o), 1) : 0;
	rec.value = o->value;
	rec.len = o->len;
	fo_object_rec_put(w, &rec);
	/* what changes from here on is dirty anew */
	if (!w->full)
		o->queued = false;
	spin_unlock_bh(&s->lock);
	if (w->full)
		return -EMSGSIZE;
	fo_count_row(s->stats, row_of(&rec.key), FO_XMIT);
	return 0;
}

static void object_put(void *self, void *obj, bool sent)
{
	struct fo_objects *s = self;
	struct fo_object *o = obj;

	if (!sent) {
		spin_lock_bh(&s->lock);
		o->queued = false;
		spin_unlock_bh(&s->lock);
	}
	release(o);
}

/* Context: process, bulk sync. */
static bool object_walk(void *self, unsigned long *at)
{
	struct fo_objects *s = self;
	unsigned int left = STEP;
	struct fo_object *o;

	if (!is_on(s))
		return false;
	spin_lock_bh(&s->lock);
	while ((o = xa_find(&s->id, at, ULONG_MAX, XA_PRESENT)) && left--) {
		tell_peer(s, o);
		++*at;
	}
	spin_unlock_bh(&s->lock);
	return o;
}

/* --- changes ------------------------------------------------------------ */

static void changed(struct fo_objects *s, enum nf_failover_object_event event,
		    const struct fo_object *o)
{
	struct fo_object_view v;

	view(o, &v);
	s->ops->changed(s->ctx, event, &v);
}

/* Ours alone expire by themselves. */
static void arm(struct fo_objects *s)
{
	struct timerqueue_node *first = timerqueue_getnext(&s->due);
	s64 ms;

	if (!first || !fo_role_claims(s->role))
		return;
	ms = ktime_ms_delta(first->expires, ktime_get_boottime());
	ms = clamp_t(s64, ms, 0, jiffies_to_msecs(LOOK_AGAIN));
	mod_delayed_work(system_highpri_wq, &s->expire,
			 msecs_to_jiffies(ms) + 1);
}

static void set_life(struct fo_objects *s, struct fo_object *o, u64 ms)
{
	if (lives(o))
		timerqueue_del(&s->due, &o->due);
	if (!ms)
		return;
	o->due.expires = ktime_add_ms(ktime_get_boottime(), ms);
	timerqueue_add(&s->due, &o->due);
	arm(s);
}

static int add(struct fo_objects *s, struct fo_object *o)
{
	int err;

	if (s->count >= OBJECTS_MAX || s->bytes + o->len > BYTES_MAX)
		return -ENOSPC;
	err = xa_alloc(&s->id, &o->id, o, xa_limit_31b, GFP_ATOMIC);
	if (err)
		return -ENOMEM;
	err = rhashtable_insert_fast(&s->table, &o->node, params);
	if (err) {
		xa_erase(&s->id, o->id);
		return -ENOMEM;
	}
	s->count++;
	s->bytes += o->len;
	return 0;
}

static bool is_same(const struct fo_object *o, const struct fo_object_rec *rec)
{
	s64 delta = left_ms(o) - rec->left;

	return o->secret == (rec->op == FO_OBJECT_SECRET) &&
	       o->len == rec->len && !memcmp(o->value, rec->value, rec->len) &&
	       lives(o) == !!rec->left && abs(delta) < SAME_MS;
}

static int replace(struct fo_objects *s, struct fo_object *o,
		   struct fo_object *with)
{
	if (s->bytes - o->len + with->len > BYTES_MAX)
		return -ENOSPC;
	s->bytes += with->len - o->len;
	swap(o->value, with->value);
	swap(o->len, with->len);
	swap(o->secret, with->secret);
	return 0;
}

/* @new: made of @rec; the table's afterwards, or released. */
static int insert(struct fo_objects *s, struct fo_object *new,
		  const struct fo_object_rec *rec, bool mate)
{
	struct fo_object *o = find(s, &rec->key);
	bool news = !o || !mate || !is_same(o, rec);
	int err = o ? replace(s, o, new) : add(s, new);

	if (err || o)
		release(new);
	if (err) {
		fo_count(s->stats, err == -ENOSPC ? FO_CNT_OBJECT_FULL :
						    FO_CNT_OBJECT_NO_MEMORY);
		return err;
	}
	o = o ?: new;
	o->mate = mate;
	o->round = s->round;
	set_life(s, o, rec->left);
	if (news)
		changed(s, NF_FAILOVER_OBJECT_EVENT_PUT, o);
	return 0;
}

static void drop(struct fo_objects *s, struct fo_object *o, u8 op)
{
	rhashtable_remove_fast(&s->table, &o->node, params);
	xa_erase(&s->id, o->id);
	s->count--;
	s->bytes -= o->len;
	changed(s, op == FO_OBJECT_EXPIRED ?
		   NF_FAILOVER_OBJECT_EVENT_EXPIRED :
		   NF_FAILOVER_OBJECT_EVENT_DELETED, o);
	set_life(s, o, 0);
	o->gone = op;
	tell_peer(s, o);
	release(o);
}

/* Context: process. */
static void expire(struct work_struct *work)
{
	struct fo_objects *s = container_of(to_delayed_work(work),
					    struct fo_objects, expire);
	ktime_t now = ktime_get_boottime();
	struct timerqueue_node *first;
	unsigned int left = STEP;

	spin_lock_bh(&s->lock);
	if (!fo_role_claims(s->role))
		goto out;
	if (!READ_ONCE(s->role->forwarding)) {
		queue_delayed_work(system_highpri_wq, &s->expire, GATE_AGAIN);
		goto out;
	}
	while ((first = timerqueue_getnext(&s->due)) &&
	       ktime_compare(first->expires, now) <= 0 && left--) {
		fo_count(s->stats, FO_CNT_OBJECT_EXPIRED);
		drop(s, container_of(first, struct fo_object, due),
		     FO_OBJECT_EXPIRED);
	}
	arm(s);
out:
	spin_unlock_bh(&s->lock);
}

/**
 * fo_objects_promoted() - what is over here goes from now on
 * @s: objects
 *
 * Context: any but hard interrupt.
 */
void fo_objects_promoted(struct fo_objects *s)
{
	spin_lock_bh(&s->lock);
	arm(s);
	spin_unlock_bh(&s->lock);
}

/* --- from the peer ------------------------------------------------------ */

static int take_in(struct fo_objects *s, const struct fo_object_rec *rec)
{
	struct fo_object *o, *new = NULL;
	int err = 0;

	if (rec->op == FO_OBJECT_SECRET && !is_sealed(s)) {
		fo_count(s->stats, FO_CNT_OBJECT_CLEAR);
		return -ENOKEY;
	}
	if (fo_object_has_value(rec->op)) {
		new = make(rec, GFP_ATOMIC | __GFP_NOWARN | __GFP_ACCOUNT);
		if (!new) {
			fo_count(s->stats, FO_CNT_OBJECT_NO_MEMORY);
			return -ENOMEM;
		}
	}
	spin_lock_bh(&s->lock);
	if (new) {
		err = insert(s, new, rec, true);
	} else {
		o = find(s, &rec->key);
		if (o) {
			o->mate = true;
			drop(s, o, rec->op);
		}
	}
	spin_unlock_bh(&s->lock);
	return err;
}

/* Context: softirq. */
static void object_apply(void *self, struct fo_rec *from)
{
	struct fo_objects *s = self;
	struct fo_object_rec rec;
	int err = fo_object_rec_get(from, &rec);

	if (err)
		fo_count(s->stats, err == -EOPNOTSUPP ? FO_CNT_RX_UNKNOWN_OP :
							FO_CNT_RX_BAD_RECORD);
	else
		err = take_in(s, &rec);
	/* the frame that it is in is ours, and goes as it is */
	if (rec.op == FO_OBJECT_SECRET && rec.value)
		memzero_explicit((void *)rec.value, rec.len);
	fo_count_row(s->stats, row_of(&rec.key), err ? FO_RERR : FO_RCV);
}

static void object_begin(void *self, u32 epoch)
{
	struct fo_objects *s = self;

	spin_lock_bh(&s->lock);
	s->round = epoch;
	spin_unlock_bh(&s->lock);
}

/* True while there is more. */
static bool sweep_some(struct fo_objects *s, u32 epoch, unsigned long *at)
{
	unsigned int left = STEP;
	struct fo_object *o;

	spin_lock_bh(&s->lock);
	while ((o = xa_find(&s->id, at, ULONG_MAX, XA_PRESENT)) && left--) {
		if (o->round != epoch && s->round == epoch) {
			fo_count(s->stats, FO_CNT_OBJECT_SWEPT);
			drop(s, o, FO_OBJECT_DELETED);
		}
		++*at;
	}
	spin_unlock_bh(&s->lock);
	return o;
}

static void object_sweep(void *self, u32 epoch)
{
	unsigned long at = 0;

	while (sweep_some(self, epoch, &at))
		cond_resched();
}

static u64 object_held(void *self)
{
	struct fo_objects *s = self;

	return READ_ONCE(s->count);
}

static const struct fo_class object_class = {
	.id	= FO_CLASS_OBJECT,
	.name	= "User objects",
	.encode	= object_encode,
	.put	= object_put,
	.apply	= object_apply,
	.begin	= object_begin,
	.sweep	= object_sweep,
	.walk	= object_walk,
	.held	= object_held,
};

/* --- for programs ------------------------------------------------------- */

static int may_write(struct fo_objects *s, struct netlink_ext_ack *extack)
{
	if (!fo_role_claims(s->role)) {
		NL_SET_ERR_MSG(extack,
			       "this unit is not active; objects are written on the active unit");
		return -EROFS;
	}
	if (!READ_ONCE(s->role->forwarding)) {
		NL_SET_ERR_MSG(extack, "this unit hands over; try again");
		return -EAGAIN;
	}
	return 0;
}

/* What cannot be sent is not even kept. */
static int may_be_secret(struct fo_objects *s, const struct fo_object_rec *rec,
			 struct netlink_ext_ack *extack)
{
	bool key;

	if (rec->op != FO_OBJECT_SECRET)
		return 0;
	rcu_read_lock();
	key = rcu_dereference(s->store->config)->psks.mode ==
	      NF_FAILOVER_KEY_MODE_SECRET;
	rcu_read_unlock();
	if (key)
		return 0;
	fo_count(s->stats, FO_CNT_OBJECT_CLEAR);
	NL_SET_ERR_MSG(extack,
		       "a secret object does not go over links in clear text");
	return -ENOKEY;
}

static int refuse(int err, struct netlink_ext_ack *extack)
{
	if (err == -ENOSPC)
		NL_SET_ERR_MSG(extack, "there are too many objects, or too large ones");
	else
		NL_SET_ERR_MSG(extack, "out of memory");
	return err;
}

/**
 * fo_object_put() - write an object, in place of the one with its key if any
 * @s: objects
 * @rec: the object
 * @extack: why it was refused
 *
 * Context: process.
 *
 * Return: 0, -EROFS on a standby, -EAGAIN in a handover, -ENOSPC, -ENOMEM, or
 * -ENOKEY for a secret one when the links are in clear text.
 */
int fo_object_put(struct fo_objects *s, const struct fo_object_rec *rec,
		  struct netlink_ext_ack *extack)
{
	struct fo_object *new = make(rec, GFP_KERNEL_ACCOUNT);
	int err;

	if (!new) {
		fo_count(s->stats, FO_CNT_OBJECT_NO_MEMORY);
		return refuse(-ENOMEM, extack);
	}
	spin_lock_bh(&s->lock);
	err = may_write(s, extack) ?: may_be_secret(s, rec, extack);
	if (err) {
		release(new);
		goto out;
	}
	err = insert(s, new, rec, false);
	if (err)
		refuse(err, extack);
	else
		tell_peer(s, find(s, &rec->key));
out:
	spin_unlock_bh(&s->lock);
	return err;
}

/**
 * fo_object_delete() - remove an object
 * @s: objects
 * @key: its key
 * @extack: why it was refused
 *
 * Context: process.
 *
 * Return: 0, -ENOENT without one, or as fo_object_put().
 */
int fo_object_delete(struct fo_objects *s, const struct fo_object_key *key,
		     struct netlink_ext_ack *extack)
{
	struct fo_object *o;
	int err;

	spin_lock_bh(&s->lock);
	err = may_write(s, extack);
	o = err ? NULL : find(s, key);
	if (o) {
		o->mate = false;
		drop(s, o, FO_OBJECT_DELETED);
	} else if (!err) {
		NL_SET_ERR_MSG(extack, "there is no such object");
		err = -ENOENT;
	}
	spin_unlock_bh(&s->lock);
	return err;
}

static int show_one(struct fo_object *o, fo_object_show_t show, void *ctx)
{
	struct fo_object_view v;

	view(o, &v);
	return show(ctx, &v);
}

/* Context: process. Returns what @show does, or -ENOENT. */
int fo_object_get(struct fo_objects *s, const struct fo_object_key *key,
		  fo_object_show_t show, void *ctx)
{
	struct fo_object *o;
	int err;

	spin_lock_bh(&s->lock);
	o = find(s, key);
	err = o ? show_one(o, show, ctx) : -ENOENT;
	spin_unlock_bh(&s->lock);
	return err;
}

/**
 * fo_object_next() - show the next object
 * @s: objects
 * @at: zero at first, and moved behind what was shown
 * @space: only of this space; NULL: of any
 * @show: is called with it
 * @ctx: handed to it
 *
 * Context: process.
 *
 * Return: what @show does, or -ENOENT at the end; -EAGAIN when it has looked at
 * many without finding one.
 */
int fo_object_next(struct fo_objects *s, unsigned long *at, const char *space,
		   fo_object_show_t show, void *ctx)
{
	unsigned int left = STEP;
	struct fo_object *o;
	int err = -EAGAIN;

	spin_lock_bh(&s->lock);
	while (err == -EAGAIN && left--) {
		o = xa_find(&s->id, at, ULONG_MAX, XA_PRESENT);
		if (!o)
			err = -ENOENT;
		else if (!space || !strcmp(space, o->key.space))
			err = show_one(o, show, ctx);
		if (!err || err == -EAGAIN)
			++*at;
	}
	spin_unlock_bh(&s->lock);
	return err;
}

/* --- lifetime ----------------------------------------------------------- */

/* The objects stay; nothing expires any more. Context: process. */
void fo_objects_stop(struct fo_objects *s)
{
	cancel_delayed_work_sync(&s->expire);
}

/**
 * fo_objects_init() - no objects yet
 * @s: objects, whose pointers are set
 *
 * Context: process.
 *
 * Return: 0 or a negative error number.
 */
int fo_objects_init(struct fo_objects *s)
{
	s->ref.ops = &object_class;
	s->ref.self = s;
	spin_lock_init(&s->lock);
	xa_init_flags(&s->id, XA_FLAGS_ALLOC);
	timerqueue_init_head(&s->due);
	INIT_DELAYED_WORK(&s->expire, expire);
	return rhashtable_init(&s->table, &params);
}

void fo_objects_exit(struct fo_objects *s)
{
	struct fo_object *o;
	unsigned long id;

	cancel_delayed_work_sync(&s->expire);
	xa_for_each(&s->id, id, o)
		release(o);
	xa_destroy(&s->id);
	rhashtable_destroy(&s->table);
}
