// SPDX-License-Identifier: GPL-2.0
/*
 * The rules for what the daemons decide: no takeover without a cause, no wish
 * that is not allowed, and a unit that is not fit hands over.
 *
 * A daemon decides on a picture that is some time old when it acts, so what it
 * must heed has to have been so for SLACK.
 */
#include "box.h"

#define SLACK		(500 * MSEC)
#define ASK_LIVES	(11 * SEC)	/* WANT_MS, and on the way */
#define ORPHAN_MIN	(1000 * MSEC)	/* the grace of a clock that is fast */
#define HAND_OVER_MAX	(1500 * MSEC)
#define LAPSED_MAX	(7 * SEC)	/* it stands still for 5 at most */

/**
 * struct since - since when a unit sees something without a break, or 0
 * @ruled: the mate is active and has a daemon
 * @orphan: the mate is active and has none
 * @held: the mate allows no preemption
 * @own_held: it does not do so itself
 * @worse: it is active and unfit, the mate is ready, and it could hand over
 * @lapsed: it was fenced, and has its daemon, which has not taken the role back
 * @asked: an operator asked for something
 * @requests: how often the mate was asked for something
 * @met: how often a request of the mate was met
 */
struct since {
	u64 ruled, orphan, held, own_held, worse, lapsed, asked;
	unsigned int requests, met;
};

static struct since since[UNITS];

void policy_reset(void)
{
	memset(since, 0, sizeof(since));
}

static void note(u64 *t, bool now)
{
	if (!now)
		*t = 0;
	else if (!*t)
		*t = sim.now + 1;
}

static bool longer(u64 t, u64 than)
{
	return t && sim.now + 1 - t > than;
}

/* What cannot be drained stays where it is. */
static bool link_is_good(void)
{
	return !sim.fault[FAULT_LOSS] && !sim.fault[FAULT_DELAY] &&
	       !sim.fault[FAULT_NARROW] && !sim.fault[FAULT_SLOW] &&
	       !sim.fault[FAULT_DAMAGE] && !sim.fault[FAULT_REORDER] &&
	       !sim.fault[FAULT_ONE_WAY] && !sim.fault[FAULT_LINK_DOWN] &&
	       !sim.fault[FAULT_PARTITION] && !sim.fault[FAULT_BURST];
}

/* A unit that stands still, or a timer that is over too early, is excused. */
static bool clocks_are_good(void)
{
	return !sim.fault[FAULT_STALL] && !sim.fault[FAULT_JUMP];
}

static void look(int unit, const struct fo_unit *u, struct since *s)
{
	const struct fo_other *o = &u->store.other;
	const struct fo_hello *h = &o->hello;
	bool ruled = h->flags & FO_HELLO_DAEMON;
	bool active = o->alive && h->role == NF_FAILOVER_ROLE_ACTIVE;

	note(&s->ruled, active && ruled);
	note(&s->orphan, active && !ruled);
	note(&s->held, o->alive && h->flags & FO_HELLO_HOLD_DOWN);
	note(&s->own_held, fo_store_hold_left(&u->store.this));
	note(&s->worse, fo_role_claims(&u->role) && u->store.this.unfit &&
	     u->store.this.daemon && !daemon_is_deaf(unit) &&
	     u->store.this.state == NF_FAILOVER_STATE_ACTIVE &&
	     o->alive && ruled && !(h->flags & FO_HELLO_UNFIT) &&
	     h->state == NF_FAILOVER_STATE_STANDBY_READY);
	note(&s->lapsed, u->role.active && !fo_role_claims(&u->role) &&
	     u->store.this.daemon && !daemon_is_deaf(unit) && active);
}

void policy_step(int unit)
{
	const struct fo_unit *u = box_unit(unit);
	struct since *s = &since[unit];
	int cur = sim.cur;

	if (!u || !u->started) {
		*s = (struct since){ .requests = s->requests, .met = s->met };
		return;
	}
	sim.cur = unit;		/* whose clock tells */
	look(unit, u, s);
	sim.cur = cur;
	sim_assert(!longer(s->worse, HAND_OVER_MAX) || !link_is_good() ||
		   !clocks_are_good(),
		   "an unfit active unit does not hand over to one that is ready");
	/* it applies nothing of what the mate sends */
	sim_assert(!longer(s->lapsed, LAPSED_MAX),
		   "a unit that was fenced keeps its role");
}

void policy_asked(int unit)
{
	since[unit].asked = sim.now + 1;
}

void policy_requested(int unit)
{
	since[unit].requests++;
}

/* It is in many hellos. */
void policy_met(int unit)
{
	sim.tally[TALLY_REQUESTS]++;
	sim_assert(++since[unit].met <= since[!unit].requests,
		   "a request is met more than once");
}

static bool asked(int unit)
{
	return since[unit].asked && !longer(since[unit].asked, ASK_LIVES);
}

/* The unit asks the mate to hand over. */
void policy_wish(int unit)
{
	const struct fo_this *t = &box_unit(unit)->store.this;
	const struct since *s = &since[unit];

	sim.tally[TALLY_WISHES]++;
	sim_assert(t->state == NF_FAILOVER_STATE_STANDBY_READY,
		   "a unit that is not ready wants to be active");
	sim_assert(!t->unfit, "a unit that is not fit wants to be active");
	if (asked(unit) || !clocks_are_good())
		return;
	sim_assert(daemon_cfg.preempt && !unit,
		   "a unit wants to be active, and nobody asked it to");
	sim_assert(!longer(s->own_held, SLACK) && !longer(s->held, SLACK),
		   "a unit preempts in the hold-down");
}

/* The unit takes the active role. */
void policy_promote(int unit, const char *reason)
{
	const struct fo_this *t = &box_unit(unit)->store.this;
	const struct since *s = &since[unit];

	policy_step(unit);
	if (!unit && daemon_cfg.preempt && t->wants_active && !asked(unit))
		sim.tally[TALLY_PREEMPTED]++;
	if (s->orphan && reason && strstr(reason, "failoverd"))
		sim.tally[TALLY_ORPHANED]++;
	if (asked(unit) || !clocks_are_good() || t->unfit != daemon_is_unfit(unit))
		return;
	sim_assert(!longer(s->ruled, SLACK),
		   "a takeover from an active unit that lives");
	if (!longer(s->orphan, SLACK))
		return;
	sim_assert(longer(s->orphan, ORPHAN_MIN),
		   "a takeover from a unit whose daemon was just restarted");
	sim_assert(!t->unfit, "a unit that is not fit takes over");
}

/* The primary is active, or was made standby by an operator. */
bool policy_settled(void)
{
	const struct fo_unit *p = box_unit(0);

	return !daemon_cfg.preempt || fo_role_claims(&p->role) ||
	       !strcmp(p->store.this.reason, "Set by the config command") ||
	       !strcmp(p->store.this.reason, "Other unit wants me Standby");
}
