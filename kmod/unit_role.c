// SPDX-License-Identifier: GPL-2.0
/*
 * Changes of role: promotion, demotion, handover.
 *
 * A handover is done by the two kernels alone. The daemons have agreed to it
 * before: that of the active by asking for a drain, that of the standby by
 * being Standby Ready. The active goes on forwarding until little waits to be
 * acknowledged; then it shuts its gate, waits for the rest, and says that the
 * role is free. The standby takes it in the softirq in which it hears that.
 */

#include "unit.h"

/* How long a unit that hands over waits until little is left to be sent. */
#define DRAIN_TIME	HZ
/* And then, with its gate shut, for the last acknowledgment. */
#define LAST_TIME	(HZ / 10)
#define DRAIN_STEP	(HZ / 100 ?: 1)
/* So much waits on a busy unit all the time. */
#define DRAIN_LITTLE	64
/* A machine may stand still for a moment. */
#define DRAIN_TRIES	3

#define WANTS_ACTIVE	"Other unit wants me Active"

/* Records are applied no more. rx_lock held. */
static void rise(struct fo_unit *u)
{
	lockdep_assert_held(&u->session.rx_lock);
	fo_count(&u->stats, FO_CNT_PROMOTIONS);
	fo_unit_set_synced(u, false);
	WRITE_ONCE(u->handing, false);
	WRITE_ONCE(u->draining, false);
	/* what was received in order is applied; nothing more is taken */
	WRITE_ONCE(u->apply.accepting, false);
	fo_cts_promote(&u->cts);
	fo_reconnect_begin(&u->reconnect);
	fo_role_promote(&u->role);
	fo_store_role(&u->store, true);
}

/* Context: any but hard interrupt. */
static void risen(struct fo_unit *u)
{
	/* the peer learns who is active before anything else of it */
	fo_hello_now(&u->hello);
	fo_stations_announce(&u->stations);
	fo_neighs_restore(&u->neighs);
	fo_objects_promoted(&u->objects);
	fo_sas_promote(&u->sas);
	if (READ_ONCE(u->session.up))
		fo_bulk_follow(&u->bulk);
}

/* From here on the mate's records may come. rx_lock held. */
static void fall(struct fo_unit *u)
{
	lockdep_assert_held(&u->session.rx_lock);
	fo_count(&u->stats, FO_CNT_DEMOTIONS);
	WRITE_ONCE(u->draining, false);
	fo_role_demote(&u->role);
	fo_reconnect_end(&u->reconnect);
	fo_cts_demote(&u->cts);
	fo_sas_demote(&u->sas);
	/* the peer may have been active as well, and not know that we were */
	WRITE_ONCE(u->apply.waiting, true);
	WRITE_ONCE(u->apply.damaged, true);
	WRITE_ONCE(u->apply.accepting, true);
	fo_store_role(&u->store, false);
}

static void promote(struct fo_unit *u)
{
	spin_lock_bh(&u->session.rx_lock);
	rise(u);
	spin_unlock_bh(&u->session.rx_lock);
	risen(u);
}

/* The mate waits for our word: what depends on the table comes after it. */
static void demote(struct fo_unit *u)
{
	fo_role_fence(&u->role);
	WRITE_ONCE(u->cts.capturing, false);
	fo_bulk_stop(&u->bulk);
	fo_queue_close(&u->queue);
	spin_lock_bh(&u->session.rx_lock);
	fall(u);
	spin_unlock_bh(&u->session.rx_lock);
	fo_hello_now(&u->hello);
}

/**
 * fo_unit_lapse() - a void role that the policy does not show ends
 * @u: unit
 *
 * It took the role in a handover, or was just given it, and was fenced before
 * the policy could see or say so. That then goes on as the policy of a standby,
 * which has no role to take back. Context: process, mutex.
 */
void fo_unit_lapse(struct fo_unit *u)
{
	lockdep_assert_held(&u->mutex);
	if (READ_ONCE(u->role.active) && !fo_role_claims(&u->role) &&
	    !fo_unit_shows_active(READ_ONCE(u->store.this.state)))
		demote(u);
}

/*
 * The role was handed over, and the policy, which wants to keep it because that
 * took too long, has not seen it: two would be active.
 */
static bool was_given(const struct fo_unit *u)
{
	return !u->role.active && READ_ONCE(u->store.this.state) ==
				  NF_FAILOVER_STATE_ACTIVE_DRAIN;
}

/**
 * fo_unit_set_role() - the policy gives the unit its role
 * @u: unit
 * @active: active, or standby
 * @extack: why it was refused
 *
 * A unit that is standby may lose its addresses when this returns. One that is
 * active does not hand over any more. Context: process.
 *
 * Return: 0 or a negative error number.
 */
int fo_unit_set_role(struct fo_unit *u, bool active,
		     struct netlink_ext_ack *extack)
{
	int err = 0;

	mutex_lock(&u->mutex);
	WRITE_ONCE(u->draining, false);
	if (!u->started) {
		NL_SET_ERR_MSG(extack, "failover is off");
		err = -ENETDOWN;
	} else if (active && was_given(u)) {
		NL_SET_ERR_MSG(extack, "the active role was handed over");
		err = -EBUSY;
	} else if (active && !(u->role.active && u->role.forwarding)) {
		promote(u);
	} else if (!active && u->role.active) {
		demote(u);
	}
	mutex_unlock(&u->mutex);
	if (!active)
		fo_cts_settled(&u->cts);
	return err;
}

/* --- the unit that hands over ------------------------------------------- */

/* The mate is told of changes only behind a bulk sync of this unit. */
static bool little_left(struct fo_unit *u)
{
	return READ_ONCE(u->bulk.complete) && !READ_ONCE(u->bulk.due) &&
	       fo_queue_len(&u->queue) < DRAIN_LITTLE &&
	       !READ_ONCE(u->queue.overflow) &&
	       !work_busy(&u->bulk.send.work);
}

static bool nothing_left(struct fo_unit *u)
{
	return !fo_queue_len(&u->queue) && fo_session_idle(&u->session);
}

/* False when it did not come to that in time, or the drain is called off. */
static bool wait_until(struct fo_unit *u, bool (*fn)(struct fo_unit *u),
		       unsigned long time)
{
	unsigned long until = jiffies + time;

	while (READ_ONCE(u->draining) && READ_ONCE(u->session.up) &&
	       time_before(jiffies, until)) {
		fo_queue_kick(&u->queue);
		if (fn(u))
			return true;
		wait_event_timeout(u->queue.progress, fn(u), DRAIN_STEP);
	}
	return false;
}

static bool mate_is_ready(struct fo_unit *u)
{
	const struct fo_other *o = &u->store.other;
	const u32 want = FO_HELLO_DAEMON | FO_HELLO_SYNCED;
	bool ready;

	spin_lock_bh(&u->store.lock);
	ready = o->alive && !fo_hello_silent(&u->hello) &&
		(o->hello.flags & want) == want &&
		!(o->hello.flags & FO_HELLO_UNFIT) &&
		o->hello.state == NF_FAILOVER_STATE_STANDBY_READY;
	spin_unlock_bh(&u->store.lock);
	return ready;
}

/*
 * All that was sent has arrived, and the association is still the one in which
 * it was sent: in a new one the mate would not have said that it is synced.
 */
static bool give(struct fo_unit *u)
{
	bool ok;

	spin_lock_bh(&u->session.rx_lock);
	ok = u->session.up && fo_role_claims(&u->role) &&
	     READ_ONCE(u->bulk.complete) && !READ_ONCE(u->bulk.due) &&
	     !READ_ONCE(u->queue.overflow) &&
	     nothing_left(u) && mate_is_ready(u);
	if (ok) {
		WRITE_ONCE(u->handing, true);
		fall(u);
		fo_count(&u->stats, FO_CNT_HANDOVERS);
		fo_unit_note(u, NF_FAILOVER_HISTORY_KIND_HANDOVER_GIVEN,
			     "Mate has acknowledged everything");
		fo_unit_tell(u, NF_FAILOVER_EVENT_DRAINED,
			     "all changes are acknowledged");
	}
	spin_unlock_bh(&u->session.rx_lock);
	return ok;
}

/* It was nothing. Somebody may have fenced us meanwhile. */
static void reopen(struct fo_unit *u)
{
	spin_lock_bh(&u->session.rx_lock);
	if (fo_role_claims(&u->role)) {
		fo_role_open(&u->role);
		/* one that was stopped is started again by the watch */
		if (u->session.up)
			fo_bulk_allow(&u->bulk);
	}
	spin_unlock_bh(&u->session.rx_lock);
}

static bool hand_over(struct fo_unit *u)
{
	bool done = false;

	mutex_lock(&u->mutex);
	if (!READ_ONCE(u->draining) || !fo_role_claims(&u->role))
		goto out;
	/* none runs; and none may begin to arrive before it is stopped */
	fo_bulk_stop(&u->bulk);
	fo_role_shut(&u->role);
	/* whoever has passed the gate has left what he changed */
	synchronize_rcu_expedited();
	fo_sas_collect(&u->sas);
	done = wait_until(u, nothing_left, LAST_TIME) && give(u);
	if (done) {
		fo_hello_now(&u->hello);
		fo_queue_close(&u->queue);
	} else {
		reopen(u);
	}
out:
	mutex_unlock(&u->mutex);
	return done;
}

/* Context: process. */
void fo_unit_drain_work(struct work_struct *work)
{
	struct fo_unit *u = container_of(work, struct fo_unit, drain);
	unsigned int i;

	for (i = 0; i < DRAIN_TRIES; i++)
		if (fo_cts_hurry(&u->cts) &&
		    wait_until(u, little_left, DRAIN_TIME / DRAIN_TRIES) &&
		    hand_over(u))
			return;
	fo_cts_calm(&u->cts);
	/* called off by the policy: it does not wait for our word */
	if (!xchg(&u->draining, false))
		return;
	fo_count(&u->stats, FO_CNT_HANDOVERS_FAILED);
	fo_unit_note(u, NF_FAILOVER_HISTORY_KIND_HANDOVER_FAILED,
		     "Mate did not acknowledge everything");
	fo_unit_tell(u, NF_FAILOVER_EVENT_DRAINED,
		     "the peer has not acknowledged all changes in time");
}

/**
 * fo_unit_drain() - hand over to the mate once it has all
 * @u: unit, active
 *
 * The event drained follows, after which the unit is standby, or active as
 * before. Context: process.
 */
void fo_unit_drain(struct fo_unit *u)
{
	mutex_lock(&u->mutex);
	if (u->started && fo_role_claims(&u->role)) {
		WRITE_ONCE(u->draining, true);
		schedule_work(&u->drain);
	}
	mutex_unlock(&u->mutex);
}

/* --- the unit that takes over ------------------------------------------- */

static bool is_ready(struct fo_unit *u)
{
	const struct fo_this *t = &u->store.this;
	bool ready;

	spin_lock_bh(&u->store.lock);
	ready = t->daemon && t->synced && !t->unfit &&
		t->state == NF_FAILOVER_STATE_STANDBY_READY;
	spin_unlock_bh(&u->store.lock);
	return ready && !fo_agree_blocks(&u->agree) &&
	       READ_ONCE(u->apply.accepting) &&
	       !READ_ONCE(u->apply.damaged) && !READ_ONCE(u->cts.damaged);
}

/**
 * fo_unit_heir() - take the role if the mate's hello says that it is free
 * @u: unit
 * @h: hello of the mate, whose epoch is learned
 *
 * If this unit is not ready the daemons settle it. Context: softirq, rx_lock.
 */
void fo_unit_heir(struct fo_unit *u, const struct fo_hello *h)
{
	if (!(h->flags & FO_HELLO_HANDOVER) || READ_ONCE(u->role.active) ||
	    h->epoch != READ_ONCE(u->role.epoch) || !is_ready(u))
		return;
	rise(u);
	fo_count(&u->stats, FO_CNT_HANDOVERS_TAKEN);
	risen(u);
	fo_unit_note(u, NF_FAILOVER_HISTORY_KIND_HANDOVER_TAKEN, WANTS_ACTIVE);
	fo_unit_tell(u, NF_FAILOVER_EVENT_ROLE, WANTS_ACTIVE);
}
