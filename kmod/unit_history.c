// SPDX-License-Identifier: GPL-2.0
/* What goes into the history of a unit, and what is looked at when it does. */

#include "unit.h"

#include <linux/ktime.h>

#include "trace.h"

/* Of two links one may be dead while the peer is heard on the other. */
static bool link_heard(struct fo_unit *u, unsigned int i)
{
	ktime_t last = READ_ONCE(u->link[i].heard);

	return u->store.other.alive &&
	       ktime_after(ktime_add_ns(last, u->hello.hold_ns), ktime_get());
}

/**
 * fo_unit_link_status() - what is known of the peer on a link
 * @u: unit
 * @i: index of the link
 *
 * Context: any.
 *
 * Return: enum nf_failover_link_status.
 */
u32 fo_unit_link_status(struct fo_unit *u, unsigned int i)
{
	const struct fo_other *o = &u->store.other;

	if (!fo_link_usable(&u->link[i]))
		return NF_FAILOVER_LINK_STATUS_DOWN;
	/* the other unit may be active, and cannot say so */
	if (READ_ONCE(u->store.mismatch) ||
	    (READ_ONCE(u->started) &&
	     READ_ONCE(u->session.hand.mode) == NF_FAILOVER_KEY_MODE_UNSET))
		return NF_FAILOVER_LINK_STATUS_MISMATCH;
	if (!o->known)
		return NF_FAILOVER_LINK_STATUS_UP;
	return link_heard(u, i) ? NF_FAILOVER_LINK_STATUS_PEER_ALIVE :
				  NF_FAILOVER_LINK_STATUS_PEER_SILENT;
}

static u64 age(ktime_t at)
{
	return at ? ktime_to_ns(ktime_sub(ktime_get(), at)) : U64_MAX;
}

/* What the mate said of an interface. */
static u8 mates_status(const struct fo_hello *h, const char *name)
{
	unsigned int i;

	for (i = 0; i < h->ifcs; i++)
		if (!strncmp(h->ifc[i].name, name, FO_IFC_NAME))
			return h->ifc[i].status;
	return NF_FAILOVER_IFSTATUS_UNKNOWN;
}

static void see_interfaces(struct fo_unit *u, struct fo_flight *f)
{
	const struct fo_config *c;
	unsigned int i;

	rcu_read_lock();
	c = rcu_dereference(u->store.config);
	for (i = 0; i < c->ifcs && i < FO_HELLO_IFCS; i++) {
		f->ifc[i].ours = READ_ONCE(c->ifc[i].status);
		f->ifc[i].mates = mates_status(&u->store.other.hello,
					       c->ifc[i].nameif);
		strscpy(f->ifc[i].name, c->ifc[i].nameif, FO_IFC_NAME);
	}
	f->ifcs = i;
	rcu_read_unlock();
}

static u8 mates_track(const struct fo_hello *h, const char *name)
{
	unsigned int i;

	for (i = 0; i < h->tracks; i++)
		if (!strncmp(h->track[i].name, name, FO_TRACK_NAME))
			return h->track[i].status;
	return NF_FAILOVER_IFSTATUS_UNKNOWN;
}

static void see_tracks(struct fo_unit *u, struct fo_flight *f)
{
	const struct fo_config *c;
	unsigned int i;

	rcu_read_lock();
	c = rcu_dereference(u->store.config);
	for (i = 0; i < c->tracks && i < FO_HELLO_TRACKS; i++) {
		f->track[i].ours = READ_ONCE(c->track[i].status);
		f->track[i].mates = mates_track(&u->store.other.hello,
						c->track[i].name);
		strscpy(f->track[i].name, c->track[i].name, FO_TRACK_NAME);
	}
	f->tracks = i;
	rcu_read_unlock();
}

static void see_mate(struct fo_unit *u, struct fo_flight *f)
{
	const struct fo_other *o = &u->store.other;

	f->hello_age = age(o->heard);
	f->frame_age = o->known ? age(READ_ONCE(u->session.heard)) : U64_MAX;
	f->mate_known = o->known;
	f->mate_alive = o->alive;
	f->mate_daemon = o->hello.flags & FO_HELLO_DAEMON;
	f->mate_role = o->hello.role;
	f->mate_state = o->hello.state;
	f->mate_epoch = o->hello.epoch;
}

static void see(struct fo_unit *u, struct fo_flight *f)
{
	const struct fo_config *c;
	unsigned int i;

	see_mate(u, f);
	see_interfaces(u, f);
	see_tracks(u, f);
	f->daemon = u->store.this.daemon;
	f->links = min_t(unsigned int, READ_ONCE(u->session.links), FO_LINKS);
	c = rcu_dereference_protected(u->store.config,
				      lockdep_is_held(&u->store.lock));
	for (i = 0; i < f->links; i++) {
		f->link[i].kind = c->link[i].kind;
		f->link[i].status = fo_unit_link_status(u, i);
	}
	f->xmitq = fo_queue_len(&u->queue);
	f->recvq = READ_ONCE(u->session.rx.ahead);
	f->retransmits = fo_stats_counter(&u->stats, FO_CNT_TX_RETRANSMITS);
	f->hold_expired = fo_stats_counter(&u->stats, FO_CNT_HOLD_EXPIRED);
	f->hellos_missed = fo_stats_counter(&u->stats, FO_CNT_HELLOS_MISSED);
}

/* With the lock of the store held. */
static void add(struct fo_unit *u, enum nf_failover_history_kind kind,
		u8 from, u8 to, u8 role, const char *reason)
{
	struct fo_event_own *own = fo_history_add(&u->history);

	own->e.kind = kind;
	own->e.from = from;
	own->e.to = to;
	own->e.role = role;
	own->e.epoch = READ_ONCE(u->role.epoch);
	strscpy(own->e.reason, reason, sizeof(own->e.reason));
	see(u, &own->flight);
	trace_fo_history(&u->stats, from, to, role, own->e.epoch, reason);
}

static u8 role_of(const struct fo_unit *u)
{
	return fo_role_claims(&u->role) ? NF_FAILOVER_ROLE_ACTIVE :
					  NF_FAILOVER_ROLE_STANDBY;
}

static void tell(struct fo_unit *u)
{
	fo_unit_tell(u, NF_FAILOVER_EVENT_HISTORY, NULL);
}

/**
 * fo_unit_note() - something happened that does not change the state
 * @u: unit
 * @kind: what
 * @reason: in words
 *
 * Context: any but hard interrupt.
 */
void fo_unit_note(struct fo_unit *u, enum nf_failover_history_kind kind,
		  const char *reason)
{
	u8 state;

	spin_lock_bh(&u->store.lock);
	state = u->store.this.state;
	add(u, kind, state, state, role_of(u), reason);
	spin_unlock_bh(&u->store.lock);
	tell(u);
}

/**
 * fo_unit_move() - the kernel itself moves the unit to another state
 * @u: unit
 * @kind: on what occasion
 * @state: enum nf_failover_state
 * @reason: why
 *
 * A wish ends with the state in which it was had. Context: any but hard
 * interrupt.
 */
void fo_unit_move(struct fo_unit *u, enum nf_failover_history_kind kind,
		  u8 state, const char *reason)
{
	u8 role = state == NF_FAILOVER_STATE_DISABLED ?
		  NF_FAILOVER_ROLE_STANDBY : role_of(u);
	struct fo_this *t = &u->store.this;

	spin_lock_bh(&u->store.lock);
	add(u, kind, t->state, state, role, reason);
	t->state = state;
	t->wants_active = false;
	strscpy(t->reason, reason, sizeof(t->reason));
	spin_unlock_bh(&u->store.lock);
	tell(u);
}

/* The role that the newest entry tells of. */
static u8 role_before(const struct fo_unit *u)
{
	const struct fo_entry *last = fo_history_last(&u->history);

	return last ? last->role : NF_FAILOVER_ROLE_STANDBY;
}

/* rx_lock held, so that the role stays as it is. */
static void show(struct fo_unit *u, const struct fo_shown *s)
{
	struct fo_this *t = &u->store.this;
	u8 from, role;
	bool moved;

	spin_lock_bh(&u->store.lock);
	from = t->state;
	role = role_of(u);
	if (s->state >= 0)
		t->state = s->state;
	if (s->reason)
		strscpy(t->reason, s->reason, sizeof(t->reason));
	if (s->wants_active >= 0)
		t->wants_active = s->wants_active;
	moved = t->state != from || role != role_before(u);
	if (moved)
		add(u, NF_FAILOVER_HISTORY_KIND_MOVED, from, t->state, role,
		    t->reason);
	spin_unlock_bh(&u->store.lock);
	if (moved)
		tell(u);
}

/* A policy that stood still may not know what became of the role. */
static bool fits(const struct fo_unit *u, int state)
{
	if (state < 0)
		return true;
	if (!READ_ONCE(u->started))
		return state == NF_FAILOVER_STATE_DISABLED;
	return fo_unit_shows_active(state) == fo_role_claims(&u->role);
}

/**
 * fo_unit_show() - the policy says what is to be shown of the unit
 * @u: unit, whose role is the new one already
 * @s: what is new; the rest stays
 * @extack: why it was refused
 *
 * An entry without a reason of its own has that of the one before: the steps
 * of a promotion have one cause. Context: process.
 *
 * Return: 0, or -EBUSY when the state is not one of the role.
 */
int fo_unit_show(struct fo_unit *u, const struct fo_shown *s,
		 struct netlink_ext_ack *extack)
{
	bool ok;

	mutex_lock(&u->mutex);
	spin_lock_bh(&u->session.rx_lock);
	ok = fits(u, s->state);
	if (ok)
		show(u, s);
	spin_unlock_bh(&u->session.rx_lock);
	fo_unit_lapse(u);
	mutex_unlock(&u->mutex);
	if (ok)
		return 0;
	NL_SET_ERR_MSG(extack, "the role has changed meanwhile");
	return -EBUSY;
}

/**
 * fo_unit_link_shared() - the netdev of a link takes part in something else
 * @u: unit
 * @why: in what
 *
 * Context: any but hard interrupt.
 */
void fo_unit_link_shared(struct fo_unit *u, const char *why)
{
	fo_count(&u->stats, FO_CNT_LINK_SHARED);
	fo_unit_note(u, NF_FAILOVER_HISTORY_KIND_LINK_SHARED, why);
	fo_unit_tell(u, NF_FAILOVER_EVENT_LINK, why);
}
