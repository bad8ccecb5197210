// SPDX-License-Identifier: GPL-2.0
/*
 * The rules that hold after each step, and at the end.
 *
 * The checks stand between the session and the rooms above it and at the way
 * into the class of connections, and look at both units' structs. They keep
 * what was sent, so that what is delivered can be compared with it.
 */
#include "box.h"

#define KEPT		4096	/* DATA frames of each unit; a power of two */

/**
 * struct sent - a DATA frame that went out
 * @assoc: association
 */
struct sent {
	u32 assoc;
	u32 hash;
	u64 counter;
};

/**
 * struct heard - what a unit was handed up
 * @assoc: association in which
 * @count: DATA frames of it
 * @begun: a bulk sync has begun in it, and the unit was standby since
 * @key: key + 1 of each slot that it was told of since
 * @stamp: newest change of each key that was applied
 */
struct heard {
	u32 assoc;
	u64 count;
	bool begun;
	u16 key[8 * CT_POOL];
	u32 stamp[CT_POOL];
};

/**
 * struct used - a nonce, and what was sealed with it
 * @key: what the receiver calls the key
 */
struct used {
	u32 key;
	u32 hash;
	u64 counter;
};

static struct sent sent[UNITS][KEPT];
static struct used used[UNITS][FO_FRAME_TYPES][KEPT];
static struct heard heard[UNITS];
static u64 epochs[UNITS];
static u32 regained[UNITS];	/* the association in which it got the role */
static bool synced[UNITS];
static u64 compared[UNITS];
static const char *why;

void check_reset(void)
{
	memset(sent, 0, sizeof(sent));
	memset(used, 0, sizeof(used));
	memset(heard, 0, sizeof(heard));
	memset(epochs, 0, sizeof(epochs));
	memset(regained, 0, sizeof(regained));
	memset(synced, 0, sizeof(synced));
	memset(compared, 0, sizeof(compared));
}

void check_gone(int unit)
{
	memset(&heard[unit], 0, sizeof(heard[unit]));
	epochs[unit] = 0;
	synced[unit] = false;
}

static struct sent *slot_of(int unit, u64 counter)
{
	return &sent[unit][counter & (KEPT - 1)];
}

/* The number that both know it by: that of the primary. */
static u32 association(const struct fo_unit *u)
{
	return u->session.unit == NF_FAILOVER_UNIT_PRIMARY ?
	       u->session.local : u->session.peer.assoc;
}

/* Whatever was sealed with a nonce before is what is sealed with it now. */
static void check_nonce(int unit, const struct fo_hdr *h, const u8 *frame)
{
	struct used *n = &used[unit][h->type][h->counter & (KEPT - 1)];
	u32 hash = fake_digest(0, frame, h->len);

	sim_assert(n->key != h->assoc || n->counter != h->counter ||
		   n->hash == hash, "a nonce is used twice");
	*n = (struct used){ h->assoc, hash, h->counter };
}

/* As it was before it was sealed. */
static void check_data(struct fo_unit *u, const struct fo_hdr *h,
		       const u8 *frame)
{
	static u8 copy[FO_FRAME_MAX];
	u32 hash, assoc = association(u);
	struct sent *s;

	memcpy(copy, frame, h->len);
	sim_assert(fo_open(u->session.cur.tx, copy, h),
		   "a frame is sent that nobody can open");
	hash = fake_digest(0, copy + FO_HDR_LEN, h->len - FO_FRAME_OVERHEAD);
	s = slot_of(u->net->unit, h->counter);
	if (s->assoc == assoc && s->counter == h->counter)
		sim_assert(s->hash == hash,
			   "a frame is sent again with another content");
	*s = (struct sent){ assoc, hash, h->counter };
}

void check_sent(int unit, const u8 *frame, size_t len)
{
	struct fo_hdr h;

	sim_assert(!fo_hdr_get(frame, len, &h) && h.len == len,
		   "a frame with a wrong header is sent");
	if (h.type == FO_FRAME_HAND || h.type == FO_FRAME_NOISE)
		return;
	check_nonce(unit, &h, frame);
	/* one that is on its way out is not asked */
	if (h.type == FO_FRAME_DATA && box_unit(unit))
		check_data(box_unit(unit), &h, frame);
}

/* In order, exactly once, and as it was sent. */
static void check_deliver(void *ctx, struct fo_reader *body)
{
	struct fo_unit *u = ctx;
	int unit = u->net->unit;
	struct heard *d = &heard[unit];
	const struct sent *s;
	struct fo_hdr h;
	u32 assoc;

	fo_hdr_get(body->p - FO_HDR_LEN, FO_FRAME_MAX, &h);
	assoc = association(u);
	if (assoc != d->assoc) {
		memset(d, 0, sizeof(*d));
		d->assoc = assoc;
	}
	sim_assert(h.counter > d->count, "a frame is delivered twice");
	sim_assert(h.counter == d->count + 1, "a frame is delivered out of order");
	s = slot_of(!unit, h.counter);
	/* a sender that has gone on to another association is not asked */
	sim_assert(s->assoc != assoc ||
		   (s->counter == h.counter &&
		    s->hash == (u32)fake_digest(0, body->p,
						body->end - body->p)),
		   "what is delivered is not what was sent");
	d->count++;
	sim.tally[TALLY_DELIVERED]++;
	fo_unit_session_ops.deliver(ctx, body);
}

static u32 key_of(const struct fo_ct_rec *rec)
{
	return (rec->orig.sport[0] | rec->orig.sport[1] << 8) % CT_POOL;
}

/* A number means something once a CREATE has said what. */
static bool was_told(const struct heard *d, const struct fo_ct_rec *rec)
{
	return rec->op == FO_CT_CREATE || d->key[rec->slot];
}

/* No older state after a newer one. */
static void check_stamp(struct heard *d, const struct fo_ct_rec *rec)
{
	u32 key;

	sim_trace(-1, rec->op == FO_CT_CREATE ? "create" :
		  rec->op == FO_CT_UPDATE ? "update" : "delete", NULL,
		  rec->slot, rec->mark);
	if (rec->op == FO_CT_CREATE)
		d->key[rec->slot] = key_of(rec) + 1;
	if (rec->op == FO_CT_DELETE)
		d->key[rec->slot] = 0;
	if (!d->key[rec->slot])
		return;
	key = d->key[rec->slot] - 1;
	sim_assert(rec->mark >= d->stamp[key],
		   "an older state is applied after a newer one");
	sim_assert(rec->mark <= traffic_stamp, "a state is applied that never was");
	d->stamp[key] = rec->mark;
}

static u64 changed(const struct fo_cts *c)
{
	return fo_stats_counter(c->stats, FO_CNT_CT_UPDATED) +
	       fo_stats_counter(c->stats, FO_CNT_CT_DELETED);
}

static void check_apply(void *self, struct fo_rec *rec)
{
	struct fo_cts *c = self;
	struct heard *d = &heard[c->net->unit];
	u64 before = changed(c);
	struct fo_rec copy = *rec;
	unsigned int unknown;
	struct fo_ct_rec r;
	bool told;

	sim_assert(!box_forwarding(c->net->unit),
		   "a unit that forwards applies records");
	sim_assert(d->begun, "a record is applied before a bulk sync begins");
	sim_assert(!fo_ct_rec_get(&copy, &r, &unknown),
		   "a record cannot be read");
	sim_assert(r.slot < ARRAY_SIZE(d->key), "a slot of nobody");
	told = was_told(d, &r);
	check_stamp(d, &r);
	fo_ct_class.apply(self, rec);
	sim_assert(told || changed(c) == before,
		   "a change is applied to what was not told");
}

static void check_control(void *self, struct fo_rec *rec)
{
	struct fo_unit *u = container_of((struct fo_bulk *)self,
					 struct fo_unit, bulk);

	struct heard *d = &heard[u->net->unit];

	if (rec->op == FO_CONTROL_BULK_BEGIN) {
		d->begun = true;
		if (regained[!u->net->unit] == d->assoc)
			memset(d->stamp, 0, sizeof(d->stamp));
	}
	fo_control_class.apply(self, rec);
}

/*
 * Of two that were active the one that yielded may get the role in the same
 * association, while frames of its own history are on the way: those of the
 * other's, which it has taken over, may be older.
 */
void check_promoted(int unit)
{
	const struct fo_unit *u = box_unit(unit);

	regained[unit] = u->session.up ? association(u) : 0;
}

/* The unit has slots of its own until the next bulk sync. */
void check_demoted(int unit)
{
	heard[unit].begun = false;
	memset(heard[unit].key, 0, sizeof(heard[unit].key));
}

static struct fo_session_ops session_ops;
static struct fo_class ct_class, control_class;

/* Stand between the rooms of a new unit. */
void check_watch(struct fo_unit *u)
{
	session_ops = fo_unit_session_ops;
	session_ops.deliver = check_deliver;
	u->session.ops = &session_ops;
	ct_class = fo_ct_class;
	ct_class.apply = check_apply;
	u->classes.ref[FO_CLASS_CT].ops = &ct_class;
	control_class = fo_control_class;
	control_class.apply = check_control;
	u->classes.ref[FO_CLASS_CONTROL].ops = &control_class;
}

/* --- after each step --------------------------------------------------- */

/* They speak to each other, and not to an earlier start of the other. */
static bool associated(const struct fo_unit *u, const struct fo_unit *p)
{
	return u && p && u->session.up && p->session.up &&
	       association(u) == association(p) &&
	       u->session.peer.boot == p->session.boot &&
	       p->session.peer.boot == u->session.boot;
}

static void check_acks(const struct fo_unit *u, const struct fo_unit *p)
{
	const struct fo_txwin *tx = &u->session.tx;
	const struct heard *d = &heard[p->net->unit];
	u64 count = d->assoc == association(p) ? d->count : 0;
	u64 seq;

	sim_assert(tx->una - 1 <= count,
		   "a frame is acknowledged that was not applied");
	for (seq = tx->una; seq < tx->next; seq++)
		sim_assert(!tx->slot[seq % FO_WINDOW].acked || seq <= count ||
			   p->session.rx_skb[seq % FO_WINDOW],
			   "a frame is acknowledged that is not there");
	if (fo_txwin_full(tx))
		sim.tally[TALLY_FULL]++;
}

static void check_memory(const struct fo_unit *u)
{
	const size_t limit = sizeof(*u) + 64 * 1024 +
		CT_POOL * (sizeof(struct nf_conn) + 64) +
		u->queue.shards * FO_SHARD_SIZE * sizeof(struct fo_dirty) +
		2 * FO_WINDOW * (size_t)(u->session.mtu + 64);
	unsigned int i, ahead = 0;

	sim_assert(sim_bytes(u->net->unit) <= limit, "memory is not bounded");
	sim_assert(fo_queue_len(&u->queue) <=
		   (u64)u->queue.shards * FO_SHARD_SIZE, "the queue is too long");
	for (i = 0; u->session.rx.ahead && i < FO_WINDOW; i++)
		ahead += !!u->session.rx_skb[i];
	sim_assert(ahead == u->session.rx.ahead,
		   "frames that wait are not those that are counted");
	sim_assert(fo_txwin_inflight(&u->session.tx) <= FO_WINDOW,
		   "more frames are in flight than are kept");
}

/* One hello decides. */
static void check_role(const struct fo_unit *u)
{
	const struct fo_other *o = &u->store.other;
	u64 *last = &epochs[u->net->unit];

	sim_assert(u->role.epoch >= *last, "the epoch goes back");
	*last = u->role.epoch;
	sim_assert(u->role.active || !u->role.forwarding,
		   "a standby forwards");
	if (!u->role.forwarding || !o->alive ||
	    o->hello.role != NF_FAILOVER_ROLE_ACTIVE)
		return;
	sim_assert(o->hello.epoch <= u->role.epoch,
		   "a unit forwards though one with a higher epoch is active");
	sim_assert(o->hello.epoch < u->role.epoch ||
		   u->session.unit == NF_FAILOVER_UNIT_PRIMARY,
		   "both units would forward with the same epoch");
}

/*
 * A standby that says that it is synced was told of every connection: one that
 * the active still has to tell whole would be missing if it failed now.
 */
static void check_synced(struct fo_unit *s, struct fo_unit *a)
{
	bool *was = &synced[s->net->unit];
	bool now = s->store.this.synced;
	const struct fo_slot *e;
	unsigned long n;

	/* a new one may wait in the queue behind the end mark */
	if (now && !*was && associated(s, a) && a->cts.capturing &&
	    a->bulk.epoch == s->bulk.epoch && !a->bulk.fresh &&
	    !fo_queue_len(&a->queue))
		xa_for_each(&a->cts.slots.xa, n, e)
			sim_assert(nf_ct_is_dying(e->ct) ||
				   !test_bit(FO_MARK_FULL, &e->ct->status),
				   "a standby is synced before it was told all");
	*was = now;
}

/* --- tables ------------------------------------------------------------ */

static bool no(const char *reason)
{
	why = reason;
	return false;
}

const char *check_why(void)
{
	return why;
}

static bool same(const struct nf_conn *a, const struct nf_conn *b)
{
	const unsigned long wire = IPS_SEEN_REPLY | IPS_ASSURED | IPS_SRC_NAT |
				   IPS_SRC_NAT_DONE;

	return nf_ct_tuple_equal(&a->tuplehash[0].tuple,
				 &b->tuplehash[0].tuple) &&
	       nf_ct_tuple_equal(&a->tuplehash[1].tuple,
				 &b->tuplehash[1].tuple) &&
	       a->mark == b->mark && !((a->status ^ b->status) & wire) &&
	       (nf_ct_protonum(a) != IPPROTO_TCP ||
		a->proto.tcp.state == b->proto.tcp.state);
}

/* The active's connection is on the standby, and so is its state. */
static bool replicated(struct fo_unit *a, struct fo_unit *s, struct nf_conn *ct)
{
	u32 n = fo_slot_of(ct);
	const struct fo_slot *e;

	if (!n)
		return !fo_ct_eligible(&a->cts, ct) ||
		       no("a connection was never sent");
	e = xa_load(&s->cts.slots.xa, n);
	if (!e)
		return no("a connection is missing on the standby");
	return same(ct, e->ct) || no("a connection differs on the standby");
}

static bool tables_equal(struct fo_unit *a, struct fo_unit *s)
{
	const struct fo_slot *e;
	unsigned long n, i;

	sim.cur = a->net->unit;
	for (i = 0; i < CT_POOL; i++) {
		struct nf_conn *ct = &a->net->pool[i];

		if (ct->ct_general.use.v && !nf_ct_is_dying(ct) &&
		    !replicated(a, s, ct))
			return false;
	}
	sim.cur = s->net->unit;		/* whose clock tells what is held */
	xa_for_each(&s->cts.slots.xa, n, e) {
		if (!xa_load(&a->cts.slots.xa, n))
			return no("the standby has a connection too much");
		if (nf_ct_is_dying(e->ct))
			return no("the standby keeps a dead connection");
		if (nf_ct_expires(e->ct) < FO_HOLD / 2)
			return no("a connection of the standby is not held");
		if (e->timeout > TRAFFIC_LIFE)
			return no("a connection would live too long");
	}
	return true;
}

/*
 * The role is the other's from here on: what it holds is all there is. What is
 * too much goes with the sweep that is under way.
 */
void check_handed(int unit)
{
	struct fo_unit *u = box_unit(unit), *heir = box_unit(!unit);

	if (associated(u, heir) && !heir->cts.damaged && !heir->apply.damaged &&
	    !work_busy(&heir->bulk.sweep) && !tables_equal(u, heir))
		sim_fail(why);
	sim.cur = unit;
}

/* It is in the history before anybody is told; others may have come since. */
void check_noted(const struct fo_unit *u, u8 kind)
{
	const struct fo_history *h = &u->history;
	u32 i, first = h->owns > 8 ? h->owns - 8 : 0;

	for (i = first; i < h->owns; i++)
		if (h->own[i % FO_HISTORY].e.kind == kind)
			return;
	sim_fail("the history lacks a handover");
}

/* The active believes that the standby has everything. */
static bool complete(struct fo_unit *a, struct fo_unit *s)
{
	if (!associated(a, s))
		return no("the units are not associated");
	if (!a->role.active || !a->role.forwarding || s->role.active)
		return no("not one unit is active and the other standby");
	if (!a->cts.capturing || !s->apply.accepting || !s->store.this.synced)
		return no("the standby is not synced");
	if (fo_queue_len(&a->queue) || a->queue.overflow ||
	    fo_txwin_inflight(&a->session.tx))
		return no("something waits to be acknowledged");
	if (work_busy(&a->bulk.send.work) || work_busy(&s->bulk.sweep))
		return no("a bulk sync runs");
	if (s->cts.damaged || s->apply.damaged)
		return no("the standby asks for a bulk sync");
	return true;
}

static void check_idle(int unit)
{
	struct fo_unit *a = box_unit(unit), *s = box_unit(!unit);
	u64 mark = sim.tally[TALLY_CHANGES] + sim.tally[TALLY_DELIVERED] + 1;

	if (compared[unit] == mark || !complete(a, s) || !sim_quiet(unit) ||
	    !sim_quiet(!unit))
		return;
	compared[unit] = mark;
	sim.tally[TALLY_COMPARED]++;
	if (!tables_equal(a, s))
		sim_fail(why);
	sim.cur = -1;
}

void check_step(void)
{
	struct fo_unit *u;
	int i;

	for (i = 0; i < UNITS; i++) {
		policy_step(i);
		u = box_unit(i);
		if (!u || !u->started)
			continue;
		check_memory(u);
		check_role(u);
		check_synced(u, box_unit(!i));
		if (associated(u, box_unit(!i)))
			check_acks(u, box_unit(!i));
		check_idle(i);
	}
}

/* --- at the end -------------------------------------------------------- */

static bool released(const struct fo_unit *a)
{
	const struct fo_slot *e;
	unsigned long n;

	xa_for_each(&a->cts.slots.xa, n, e)
		if (nf_ct_expires(e->ct) > TRAFFIC_LIFE * HZ)
			return no("a connection of the active is still held");
	return true;
}

/* No takeover without a cause, and the entries tell the states one by one. */
static bool told(const struct fo_unit *u)
{
	const struct fo_history *h = &u->history;
	const struct fo_entry *e, *before = NULL;
	u32 i;

	for (i = fo_history_first(h->owns); i < h->owns; i++) {
		e = &h->own[i % FO_HISTORY].e;
		if (!e->reason[0])
			return no("an entry of the history has no reason");
		if (before && before->to != e->from)
			return no("the history lacks a change of state");
		before = e;
	}
	if (!before || before->to != u->store.this.state ||
	    before->role != fo_role_claims(&u->role))
		return no("the history does not end with what is");
	return true;
}

/* @u holds the newest entries of @mate, each once, as the mate has them. */
static bool copied(const struct fo_unit *u, const struct fo_unit *mate)
{
	const struct fo_history *h = &u->history, *m = &mate->history;
	const struct fo_event_mate *e;
	u32 i, seq = 0;

	if (h->mate_list != m->list || h->held_to != m->owns)
		return no("a unit does not hold the history of the other");
	for (i = fo_history_first(h->mates); i < h->mates; i++) {
		e = &h->mate[i % FO_HISTORY];
		if (e->list != m->list)
			continue;
		if (e->e.seq <= seq)
			return no("an entry of the other unit comes twice");
		seq = e->e.seq;
		if (seq > fo_history_first(m->owns) &&
		    memcmp(&e->e, &m->own[(seq - 1) % FO_HISTORY].e,
			   sizeof(e->e)))
			return no("an entry of the other unit is another one");
	}
	return true;
}

bool check_converged(void)
{
	struct fo_unit *a = box_unit(0), *s = box_unit(1);
	bool ok;

	if (!a || !s)
		return no("a unit is down");
	if (!a->role.active) {
		s = a;
		a = box_unit(1);
	}
	if (!complete(a, s))
		return false;
	if (a->store.this.state != NF_FAILOVER_STATE_ACTIVE)
		return no("the active is not in the state Active");
	if (s->store.this.state != NF_FAILOVER_STATE_STANDBY_READY)
		return no("the standby is not Standby Ready");
	if (!a->store.other.alive || !s->store.other.alive ||
	    a->store.other.hello.role || !s->store.other.hello.role)
		return no("a unit does not know the role of the other");
	ok = sim_quiet(0) && sim_quiet(1);
	if (!ok)
		return no("something is under way");
	if (!told(a) || !told(s) || !copied(a, s) || !copied(s, a))
		return false;
	ok = tables_equal(a, s);
	sim.cur = a->net->unit;
	ok = ok && released(a);
	sim.cur = -1;
	return ok;
}
