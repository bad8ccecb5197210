// SPDX-License-Identifier: GPL-2.0
/* The election: the table is whole, single paths, and two units by chance. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "elect.h"

#define S(state_)	NF_FAILOVER_STATE_##state_
#define PRIMARY		NF_FAILOVER_UNIT_PRIMARY
#define SECONDARY	NF_FAILOVER_UNIT_SECONDARY

static void every_pair_is_listed(void **state)
{
	const struct elect_entry *e;
	int s, ev;

	(void)state;
	for (s = 0; s < ELECT_STATES; s++)
		for (ev = 0; ev < ELECT_EVENTS; ev++) {
			e = &elect_table[s][ev];
			if (!e->listed)
				fail_msg("state %d, %s", s,
					 elect_event_name(ev));
			assert_true(e->next == ELECT_SAME ||
				    e->next < ELECT_STATES);
			assert_true(e->actions < 1u << ELECT_ACTIONS);
		}
}

/* The role goes with the state, and addresses never before the role. */
static void roles_fit_states(void **state)
{
	const struct elect_entry *e;
	bool up, down;
	int s, ev;

	(void)state;
	for (s = 0; s < ELECT_STATES; s++)
		for (ev = 0; ev < ELECT_EVENTS; ev++) {
			e = &elect_table[s][ev];
			if (e->next == ELECT_SAME)
				continue;
			up = !elect_is_active(s) && elect_is_active(e->next);
			down = elect_is_active(s) && !elect_is_active(e->next);
			if (up)
				assert_true(e->actions &
					    ELECT_DO_ROLE_ACTIVE);
			if (down)
				assert_true(e->actions &
					    ELECT_DO_ROLE_STANDBY);
			if (up || down)
				assert_false(e->actions &
					     ELECT_DO_ADDR_ACTIVE);
			if (!elect_is_active(e->next))
				assert_false(e->actions &
					     (ELECT_DO_ROLE_ACTIVE |
					      ELECT_DO_ADDR_ACTIVE));
		}
}

static uint32_t climb(uint32_t s)
{
	struct elect_decision d;
	uint16_t did = 0;
	int i;

	for (i = 0; i < 10; i++) {
		d = elect_edge(s, ELECT_STEP);
		did |= d.actions;
		s = d.state;
		if (!(d.actions & ELECT_DO_STEP))
			break;
	}
	assert_true(did & ELECT_DO_ADDR_ACTIVE);
	assert_true(did & ELECT_DO_ANNOUNCE);
	return s;
}

/* One row is one situation: what is seen and what comes of it. */
static const struct {
	const char *what;
	struct elect_view v;
	uint32_t next;
} situations[] = {
	{ "alone, before the timer",
	  { .enabled = true, .unit = PRIMARY, .state = S(NEGOTIATION) },
	  S(NEGOTIATION) },
	{ "an active mate",
	  { .enabled = true, .unit = PRIMARY, .state = S(NEGOTIATION),
	    .peer_alive = true, .peer_role = 1, .peer_state = S(ACTIVE),
	    .peer_daemon = true }, S(COLD_STANDBY) },
	{ "an active mate without a daemon",
	  { .enabled = true, .unit = PRIMARY, .state = S(STANDBY_READY),
	    .peer_alive = true, .peer_role = 1, .peer_state = S(ACTIVE),
	    .synced = true }, S(STANDBY_READY) },
	{ "both negotiate: the primary",
	  { .enabled = true, .unit = PRIMARY, .state = S(NEGOTIATION),
	    .peer_alive = true, .peer_state = S(NEGOTIATION),
	    .peer_daemon = true }, S(JUST_ACTIVE) },
	{ "both negotiate: the secondary",
	  { .enabled = true, .unit = SECONDARY, .state = S(NEGOTIATION),
	    .peer_alive = true, .peer_state = S(NEGOTIATION),
	    .peer_daemon = true }, S(NEGOTIATION) },
	{ "both negotiate: the primary has no daemon",
	  { .enabled = true, .unit = SECONDARY, .state = S(NEGOTIATION),
	    .peer_alive = true, .peer_state = S(NEGOTIATION) },
	  S(JUST_ACTIVE) },
	{ "a mate that cannot be paired with",
	  { .enabled = true, .unit = PRIMARY, .state = S(NEGOTIATION),
	    .mismatch = true }, S(NEGOTIATION) },
	{ "ready, a new association has not said its first hello",
	  { .enabled = true, .unit = SECONDARY, .state = S(STANDBY_READY) },
	  S(STANDBY_READY) },
	{ "ready, and a stray frame of another version",
	  { .enabled = true, .unit = SECONDARY, .state = S(STANDBY_READY),
	    .mismatch = true }, S(STANDBY_READY) },
	{ "synced",
	  { .enabled = true, .unit = SECONDARY, .state = S(BULK_SYNC),
	    .synced = true, .peer_alive = true, .peer_role = 1,
	    .peer_state = S(ACTIVE), .peer_daemon = true },
	  S(STANDBY_READY) },
	{ "handed over, the mate has not taken it yet",
	  { .enabled = true, .unit = PRIMARY, .state = S(COLD_STANDBY),
	    .peer_alive = true, .peer_state = S(STANDBY_READY),
	    .peer_daemon = true }, S(COLD_STANDBY) },
	{ "handed over by the kernel",
	  { .enabled = true, .unit = PRIMARY, .state = S(ACTIVE_DRAIN),
	    .peer_alive = true, .peer_role = 1, .peer_state = S(JUST_ACTIVE),
	    .peer_daemon = true, .epoch = 4, .peer_epoch = 5 },
	  S(COLD_STANDBY) },
	{ "taken over by the kernel",
	  { .enabled = true, .unit = SECONDARY, .state = S(STANDBY_READY),
	    .role = 1, .epoch = 5, .peer_epoch = 4, .peer_alive = true,
	    .peer_state = S(COLD_STANDBY), .peer_daemon = true },
	  S(JUST_ACTIVE) },
	{ "ready, the mate has handed over",
	  { .enabled = true, .unit = SECONDARY, .state = S(STANDBY_READY),
	    .synced = true, .peer_alive = true, .peer_state = S(COLD_STANDBY),
	    .peer_daemon = true }, S(JUST_ACTIVE) },
	{ "ready, the mate came back before it was missed",
	  { .enabled = true, .unit = SECONDARY, .state = S(STANDBY_READY),
	    .peer_alive = true, .peer_state = S(NEGOTIATION),
	    .peer_daemon = true }, S(JUST_ACTIVE) },
	{ "the mate wants to be active, and is ready",
	  { .enabled = true, .unit = PRIMARY, .role = 1, .state = S(ACTIVE),
	    .peer_alive = true, .peer_state = S(STANDBY_READY),
	    .peer_daemon = true, .peer_wants = true }, S(ACTIVE_DRAIN) },
	{ "the mate wants to be active, and its daemon is gone",
	  { .enabled = true, .unit = PRIMARY, .role = 1, .state = S(ACTIVE),
	    .peer_alive = true, .peer_state = S(STANDBY_READY),
	    .peer_wants = true }, S(ACTIVE) },
	{ "fenced, and nobody is there who has done it",
	  { .enabled = true, .unit = PRIMARY, .state = S(ACTIVE) },
	  S(COLD_STANDBY) },
	{ "the mate wants to be active, and is not ready",
	  { .enabled = true, .unit = PRIMARY, .role = 1, .state = S(ACTIVE),
	    .peer_alive = true, .peer_state = S(BULK_SYNC),
	    .peer_daemon = true, .peer_wants = true }, S(ACTIVE) },
	{ "a mate with a higher epoch",
	  { .enabled = true, .unit = PRIMARY, .role = 1, .state = S(ACTIVE),
	    .epoch = 3, .peer_alive = true, .peer_role = 1,
	    .peer_state = S(ACTIVE), .peer_epoch = 4 }, S(COLD_STANDBY) },
	{ "a mate with a lower epoch",
	  { .enabled = true, .unit = SECONDARY, .role = 1,
	    .state = S(ACTIVE), .epoch = 5, .peer_alive = true,
	    .peer_role = 1, .peer_state = S(ACTIVE), .peer_epoch = 4 },
	  S(ACTIVE) },
	{ "both negotiate: the primary is not fit",
	  { .enabled = true, .unit = PRIMARY, .state = S(NEGOTIATION),
	    .unfit = "x", .peer_alive = true, .peer_state = S(NEGOTIATION),
	    .peer_daemon = true }, S(NEGOTIATION) },
	{ "both negotiate: the secondary is fitter",
	  { .enabled = true, .unit = SECONDARY, .state = S(NEGOTIATION),
	    .peer_alive = true, .peer_state = S(NEGOTIATION),
	    .peer_daemon = true, .peer_unfit = true }, S(JUST_ACTIVE) },
	{ "both negotiate, and none is fit",
	  { .enabled = true, .unit = PRIMARY, .state = S(NEGOTIATION),
	    .unfit = "x", .peer_alive = true, .peer_state = S(NEGOTIATION),
	    .peer_daemon = true, .peer_unfit = true }, S(JUST_ACTIVE) },
	{ "synced, and not fit",
	  { .enabled = true, .unit = SECONDARY, .state = S(BULK_SYNC),
	    .synced = true, .unfit = "x", .peer_alive = true, .peer_role = 1,
	    .peer_state = S(ACTIVE), .peer_daemon = true }, S(FAILED) },
	{ "failed, and fit again",
	  { .enabled = true, .unit = SECONDARY, .state = S(FAILED),
	    .peer_alive = true, .peer_role = 1,
	    .peer_state = S(ACTIVE), .peer_daemon = true },
	  S(COLD_STANDBY) },
	{ "failed, the mate has handed over and is fit",
	  { .enabled = true, .unit = PRIMARY, .state = S(FAILED),
	    .unfit = "x", .synced = true, .peer_alive = true,
	    .peer_state = S(COLD_STANDBY), .peer_daemon = true },
	  S(FAILED) },
	{ "failed, and the mate says that it has no daemon",
	  { .enabled = true, .unit = PRIMARY, .state = S(FAILED),
	    .unfit = "x", .synced = true, .peer_alive = true,
	    .peer_state = S(COLD_STANDBY) }, S(JUST_ACTIVE) },
	{ "active and unfit, the mate is ready",
	  { .enabled = true, .unit = PRIMARY, .role = 1, .state = S(ACTIVE),
	    .unfit = "x", .peer_alive = true, .peer_daemon = true,
	    .peer_state = S(STANDBY_READY) }, S(ACTIVE_DRAIN) },
	{ "active and unfit, and so is the mate",
	  { .enabled = true, .unit = PRIMARY, .role = 1, .state = S(ACTIVE),
	    .unfit = "x", .peer_alive = true, .peer_daemon = true,
	    .peer_state = S(STANDBY_READY), .peer_unfit = true }, S(ACTIVE) },
	{ "active and unfit, the mate has no daemon",
	  { .enabled = true, .unit = PRIMARY, .role = 1, .state = S(ACTIVE),
	    .unfit = "x", .peer_alive = true,
	    .peer_state = S(STANDBY_READY) }, S(ACTIVE) },
	{ "active and unfit, the mate holds nothing",
	  { .enabled = true, .unit = PRIMARY, .role = 1, .state = S(ACTIVE),
	    .unfit = "x", .peer_alive = true, .peer_daemon = true,
	    .peer_state = S(COLD_STANDBY) }, S(ACTIVE) },
	{ "ready, only the link has failed",
	  { .enabled = true, .unit = SECONDARY, .state = S(STANDBY_READY),
	    .synced = true, .peer_answers = true }, S(COLD_STANDBY) },
	{ "the same, in the middle of a bulk sync, beside a mismatch",
	  { .enabled = true, .unit = PRIMARY, .state = S(BULK_SYNC),
	    .peer_answers = true, .mismatch = true }, S(COLD_STANDBY) },
	{ "the same for a while",
	  { .enabled = true, .unit = SECONDARY, .state = S(COLD_STANDBY),
	    .peer_answers = true }, S(COLD_STANDBY) },
	{ "booted with the link cut beside an active one",
	  { .enabled = true, .unit = PRIMARY, .state = S(NEGOTIATION),
	    .peer_answers = true }, S(COLD_STANDBY) },
	{ "ready, and a late hello: what is heard comes first",
	  { .enabled = true, .unit = SECONDARY, .state = S(STANDBY_READY),
	    .synced = true, .peer_alive = true, .peer_role = 1,
	    .peer_state = S(ACTIVE), .peer_daemon = true, .peer_silent = true,
	    .peer_answers = true }, S(STANDBY_READY) },
	{ "two hold the active addresses, unheard: the primary stays",
	  { .enabled = true, .unit = PRIMARY, .role = 1, .state = S(ACTIVE),
	    .peer_answers = true }, S(ACTIVE) },
	{ "two hold the active addresses, unheard: the secondary does not",
	  { .enabled = true, .unit = SECONDARY, .role = 1, .state = S(ACTIVE),
	    .epoch = 9, .peer_answers = true }, S(COLD_STANDBY) },
	{ "the same, but the mate is fenced and has no daemon to yield",
	  { .enabled = true, .unit = SECONDARY, .role = 1, .state = S(ACTIVE),
	    .epoch = 9, .peer_answers = true, .peer_known = true,
	    .peer_epoch = 9, .peer_state = S(FAILED) }, S(ACTIVE) },
	{ "the same, and it has not heard of us: it is active yet",
	  { .enabled = true, .unit = SECONDARY, .role = 1, .state = S(ACTIVE),
	    .epoch = 9, .peer_answers = true, .peer_known = true,
	    .peer_epoch = 8, .peer_state = S(FAILED) }, S(COLD_STANDBY) },
	{ "the same, in an association that has not said its first hello",
	  { .enabled = true, .unit = SECONDARY, .role = 1, .state = S(ACTIVE),
	    .epoch = 9, .peer_answers = true, .peer_known = true,
	    .peer_state = S(FAILED) }, S(COLD_STANDBY) },
	{ "handing over, and the mate took the role meanwhile",
	  { .enabled = true, .unit = PRIMARY, .role = 1,
	    .state = S(ACTIVE_DRAIN), .peer_known = true,
	    .peer_answers = true }, S(COLD_STANDBY) },
	{ "failed, and only the link has failed",
	  { .enabled = true, .unit = SECONDARY, .state = S(FAILED),
	    .unfit = "x", .synced = true, .peer_answers = true }, S(FAILED) },
	{ "ready, and the daemon of a mate that only answers is gone",
	  { .enabled = true, .unit = SECONDARY, .state = S(STANDBY_READY),
	    .synced = true, .peer_known = true, .peer_role = 1,
	    .peer_state = S(ACTIVE), .peer_answers = true }, S(COLD_STANDBY) },
	{ "active and unfit, a ready mate only answers",
	  { .enabled = true, .unit = PRIMARY, .role = 1, .state = S(ACTIVE),
	    .unfit = "x", .peer_known = true, .peer_daemon = true,
	    .peer_state = S(STANDBY_READY), .peer_answers = true }, S(ACTIVE) },
	{ "the primary may preempt, and the mate only answers",
	  { .enabled = true, .unit = PRIMARY, .state = S(STANDBY_READY),
	    .synced = true, .preempt = true, .peer_known = true,
	    .peer_daemon = true, .peer_role = 1, .peer_state = S(ACTIVE),
	    .peer_answers = true }, S(COLD_STANDBY) },
	{ "switched off",
	  { .unit = PRIMARY, .role = 1, .state = S(ACTIVE) }, S(DISABLED) },
	{ "switched on",
	  { .enabled = true, .unit = PRIMARY, .state = S(DISABLED) },
	  S(NEGOTIATION) },
};

static void situations_end_as_they_should(void **state)
{
	struct elect_decision d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(situations) / sizeof(situations[0]); i++) {
		d = elect_levels(situations[i].v.state,
				 elect_observe(&situations[i].v));
		if (d.state != situations[i].next)
			fail_msg("%s: %u, expected %u", situations[i].what,
				 d.state, situations[i].next);
	}
}

static const struct elect_view preempting = {
	.enabled = true, .unit = PRIMARY, .state = S(STANDBY_READY),
	.synced = true, .preempt = true, .peer_alive = true, .peer_role = 1,
	.peer_state = S(ACTIVE), .peer_daemon = true,
};

static uint32_t actions(const struct elect_view *v)
{
	return elect_decide(v).actions;
}

/* Each thing alone is enough to leave the role where it is. */
static void preemption_has_conditions(void **state)
{
	struct elect_view v[11];
	size_t i;

	(void)state;
	assert_true(actions(&preempting) & ELECT_DO_PREEMPT);
	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		v[i] = preempting;
	v[0].preempt = false;
	v[1].unit = SECONDARY;
	v[2].state = S(BULK_SYNC);
	v[3].synced = false;
	v[4].unfit = "x";
	v[5].held_down = true;
	v[6].peer_held_down = true;
	v[7].yielded = true;
	v[8].wants = true;
	v[9].peer_daemon = false;
	v[10].peer_state = S(ACTIVE_DRAIN);
	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		if (actions(&v[i]) & ELECT_DO_PREEMPT)
			fail_msg("preempts in case %zu", i);
		v[i].state = preempting.state;
		v[i].synced = true;
		v[i].unfit = NULL;
	}
	assert_true(elect_yields("Set by the config command"));
	assert_false(elect_yields("Detected an Active mate"));
}

/* Only a standby that is ready waits for the daemon of the active to return. */
static void orphans_get_a_grace(void **state)
{
	struct elect_view v = preempting;

	(void)state;
	assert_true(actions(&v) & ELECT_DO_UNGRACE);
	v.peer_daemon = false;
	assert_true(actions(&v) & ELECT_DO_GRACE);
	assert_int_equal(elect_decide(&v).state, S(STANDBY_READY));
	assert_int_equal(elect_edge(v.state, ELECT_GRACE_OVER).state,
			 S(JUST_ACTIVE));
	v.state = S(COLD_STANDBY);
	v.synced = false;
	assert_false(actions(&v) & ELECT_DO_GRACE);
	assert_false(elect_edge(v.state, ELECT_GRACE_OVER).moved);
	assert_false(elect_edge(S(FAILED), ELECT_GRACE_OVER).moved);
}

static void says_why_it_failed(void **state)
{
	struct elect_view v = preempting;

	(void)state;
	v.unfit = "cable";
	assert_int_equal(elect_decide(&v).state, S(FAILED));
	assert_string_equal(elect_decide(&v).reason, "cable");
	/* what an operator wanted stands when the link fails, too */
	v.unfit = NULL;
	v.peer_alive = false;
	v.peer_answers = true;
	assert_int_equal(elect_decide(&v).state, S(COLD_STANDBY));
	assert_non_null(elect_decide(&v).reason);
	v.yielded = true;
	assert_int_equal(elect_decide(&v).state, S(COLD_STANDBY));
	assert_null(elect_decide(&v).reason);
	/* but not that of the time before this start */
	v.state = S(NEGOTIATION);
	v.peer_known = false;
	assert_int_equal(elect_decide(&v).state, S(COLD_STANDBY));
	assert_non_null(elect_decide(&v).reason);
}

/* The hold time is over: every standby, and who waits for it, acts at once. */
static void a_lost_mate_is_replaced(void **state)
{
	static const uint32_t from[] = {
		S(COLD_STANDBY), S(BULK_SYNC), S(STANDBY_READY),
		S(FAILED), S(ACTIVE_DRAIN),
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(from) / sizeof(from[0]); i++)
		assert_int_equal(elect_edge(from[i], ELECT_PEER_LOST).state,
				 S(JUST_ACTIVE));
	assert_false(elect_edge(S(ACTIVE), ELECT_PEER_LOST).moved);
	assert_false(elect_edge(S(NEGOTIATION), ELECT_PEER_LOST).moved);
}

static void climbs_to_active(void **state)
{
	(void)state;
	assert_int_equal(climb(S(JUST_ACTIVE)), S(ACTIVE));
}

static void asks_are_checked(void **state)
{
	struct elect_view v = { .enabled = true, .state = S(STANDBY_READY) };
	const char *why;

	(void)state;
	assert_int_equal(elect_ask(&v, NF_FAILOVER_ASK_ACTIVE, &why),
			 ELECT_ASK_ACTIVE);
	/* it cannot hand over what it does not hear of */
	v.peer_answers = true;
	v.peer_known = true;
	assert_int_equal(elect_ask(&v, NF_FAILOVER_ASK_ACTIVE, &why),
			 ELECT_EVENTS);
	assert_non_null(why);
	v.peer_answers = false;
	v.peer_sought = true;
	assert_int_equal(elect_ask(&v, NF_FAILOVER_ASK_ACTIVE, &why),
			 ELECT_EVENTS);
	v.peer_answers = true;
	/* whoever it is: it was never heard, and the operator knows better */
	v.peer_known = false;
	assert_int_equal(elect_ask(&v, NF_FAILOVER_ASK_ACTIVE, &why),
			 ELECT_ASK_ACTIVE);
	v.peer_answers = false;
	v.peer_alive = true;
	assert_int_equal(elect_ask(&v, NF_FAILOVER_ASK_ACTIVE, &why),
			 ELECT_ASK_ACTIVE);
	v.peer_daemon = true;
	assert_int_equal(elect_ask(&v, NF_FAILOVER_ASK_ACTIVE, &why),
			 ELECT_ASK_MATE);
	v.unfit = "x";
	assert_int_equal(elect_ask(&v, NF_FAILOVER_ASK_ACTIVE, &why),
			 ELECT_EVENTS);
	v.unfit = NULL;
	v.state = S(BULK_SYNC);
	assert_int_equal(elect_ask(&v, NF_FAILOVER_ASK_ACTIVE, &why),
			 ELECT_EVENTS);
	assert_non_null(why);
	v.state = S(ACTIVE);
	v.peer_state = S(BULK_SYNC);
	assert_int_equal(elect_ask(&v, NF_FAILOVER_ASK_STANDBY, &why),
			 ELECT_EVENTS);
	v.peer_state = S(STANDBY_READY);
	assert_int_equal(elect_ask(&v, NF_FAILOVER_ASK_STANDBY, &why),
			 ELECT_ASK_STANDBY);
	v.peer_daemon = false;
	assert_int_equal(elect_ask(&v, NF_FAILOVER_ASK_STANDBY, &why),
			 ELECT_EVENTS);
	v.peer_daemon = true;
	assert_int_equal(elect_ask(&v, NF_FAILOVER_ASK_RESET, &why),
			 ELECT_ASK_RESET);
	assert_int_equal(elect_ask(&v, NF_FAILOVER_ASK_RELOAD, &why),
			 ELECT_EVENTS);
	assert_non_null(why);
	v.state = S(FAILED);
	assert_int_equal(elect_ask(&v, NF_FAILOVER_ASK_RELOAD, &why),
			 ELECT_ASK_RELOAD);
	assert_int_equal(elect_ask(&v, NF_FAILOVER_ASK_ACTIVE, &why),
			 ELECT_EVENTS);
	assert_int_equal(elect_ask(&v, 99, &why), ELECT_EVENTS);
	assert_non_null(why);
	v.state = S(ACTIVE);
	v.enabled = false;
	assert_int_equal(elect_ask(&v, NF_FAILOVER_ASK_STANDBY, &why),
			 ELECT_EVENTS);
}

/* Two units, hellos that take a step, and everything that goes wrong. */
struct unit {
	bool up;
	struct elect_view v;
	uint32_t said_role, said_state;
	uint64_t said_epoch;
	bool said_wants, wants;
	int heard, wait, drain, want;
};

#define HOLD	4
#define WAIT	6

static unsigned int seed;

static unsigned int chance(unsigned int n)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 16) % n;
}

static void take(struct unit *u, struct elect_decision d)
{
	for (;;) {
		if (d.moved) {
			u->v.state = d.state;
			u->wait = 0;
		}
		if (d.actions & ELECT_DO_ROLE_ACTIVE && !u->v.role)
			u->v.epoch = (u->v.epoch > u->v.peer_epoch ?
				      u->v.epoch : u->v.peer_epoch) + 1;
		if (d.actions & ELECT_DO_ROLE_ACTIVE)
			u->v.role = 1, u->v.synced = false, u->wants = false;
		if (d.actions & ELECT_DO_ROLE_STANDBY)
			u->v.role = 0, u->v.synced = false;
		if (d.actions & ELECT_DO_DRAIN)
			u->drain = 2 + chance(3);
		if (d.actions & ELECT_DO_WANT)
			u->wants = true, u->want = 20;
		if (d.actions & ELECT_DO_UNWANT)
			u->wants = false;
		if (d.actions & ELECT_DO_UNWAIT)
			u->wait = 0;
		if (d.actions & ELECT_DO_WAIT && !u->wait)
			u->wait = WAIT;
		if (!(d.actions & ELECT_DO_STEP))
			return;
		d = elect_edge(u->v.state, ELECT_STEP);
	}
}

static void edge(struct unit *u, enum elect_event ev)
{
	take(u, elect_edge(u->v.state, ev));
}

static void levels(struct unit *u)
{
	struct elect_decision d;

	do {
		d = elect_levels(u->v.state, elect_observe(&u->v));
		take(u, d);
	} while (d.moved);
}

static void boot(struct unit *u, uint32_t unit)
{
	*u = (struct unit) {
		.up = true,
		.v = { .enabled = true, .unit = unit,
		       .state = S(NEGOTIATION), .peer_daemon = true },
	};
	edge(u, ELECT_RESUME);
}

static void hear(struct unit *u, const struct unit *peer, bool link)
{
	if (link && peer->up) {
		u->heard = HOLD;
		u->v.peer_alive = true;
		u->v.peer_role = peer->said_role;
		u->v.peer_state = peer->said_state;
		u->v.peer_epoch = peer->said_epoch;
		u->v.peer_wants = peer->said_wants;
	} else if (u->heard && !--u->heard) {
		u->v.peer_alive = false;
		u->v.synced = false;
		/* one in eight is not told of it */
		if (chance(8))
			edge(u, ELECT_PEER_LOST);
	}
	if (u->v.peer_alive && u->v.peer_role && !u->v.role && !chance(5))
		u->v.synced = true;
}

static void run_timers(struct unit *u)
{
	if (u->wait && !--u->wait)
		edge(u, ELECT_WAIT_OVER);
	if (u->drain && !--u->drain)
		edge(u, ELECT_DRAIN_OVER);
	if (u->want && !--u->want)
		edge(u, ELECT_WANT_OVER);
}

static void say(struct unit *u)
{
	u->said_role = u->v.role;
	u->said_state = u->v.state;
	u->said_epoch = u->v.epoch;
	u->said_wants = u->wants;
}

static void ask(struct unit *u, enum nf_failover_ask what)
{
	const char *why;
	enum elect_event ev = elect_ask(&u->v, what, &why);

	if (ev != ELECT_EVENTS)
		edge(u, ev);
}

static void step(struct unit u[2], bool link)
{
	int i;

	for (i = 0; i < 2; i++)
		say(&u[i]);
	for (i = 0; i < 2; i++) {
		if (!u[i].up)
			continue;
		hear(&u[i], &u[!i], link);
		levels(&u[i]);
		run_timers(&u[i]);
	}
}

static void trouble(struct unit u[2], bool *link)
{
	int i = chance(2);

	switch (chance(40)) {
	case 0:
		u[i].up = false;
		break;
	case 1:
	case 2:
		if (!u[i].up)
			boot(&u[i], i ? SECONDARY : PRIMARY);
		break;
	case 3:
		*link = !*link;
		break;
	case 4:
		if (u[i].up)
			ask(&u[i], chance(2));
		break;
	}
}

/* After trouble one of two that live is active, and the other is ready. */
static void two_units_settle(void **state)
{
	struct unit u[2];
	unsigned int run, i, both, none;
	bool link;

	(void)state;
	for (run = 0; run < 20000; run++) {
		seed = run;
		link = true;
		both = 0;
		none = 0;
		boot(&u[0], PRIMARY);
		boot(&u[1], SECONDARY);
		for (i = 0; i < 200; i++) {
			trouble(u, &link);
			step(u, link);
			both = link && u[0].up && u[1].up && u[0].v.role &&
			       u[1].v.role ? both + 1 : 0;
			none = (u[0].up || u[1].up) &&
			       !(u[0].up && u[0].v.role) &&
			       !(u[1].up && u[1].v.role) ? none + 1 : 0;
			if (both > 3)
				fail_msg("run %u: two actives", run);
			if (none > WAIT + HOLD + 20)
				fail_msg("run %u: no active", run);
		}
		link = true;
		for (i = 0; i < 2; i++)
			if (!u[i].up)
				boot(&u[i], i ? SECONDARY : PRIMARY);
		for (i = 0; i < 150; i++)
			step(u, link);
		/* the standby is the second one if the first is active */
		if (u[0].v.role + u[1].v.role != 1 ||
		    u[u[0].v.role].v.state != S(STANDBY_READY))
			fail_msg("run %u: %u and %u", run, u[0].v.state,
				 u[1].v.state);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pair_is_listed),
		cmocka_unit_test(roles_fit_states),
		cmocka_unit_test(situations_end_as_they_should),
		cmocka_unit_test(preemption_has_conditions),
		cmocka_unit_test(orphans_get_a_grace),
		cmocka_unit_test(says_why_it_failed),
		cmocka_unit_test(a_lost_mate_is_replaced),
		cmocka_unit_test(climbs_to_active),
		cmocka_unit_test(asks_are_checked),
		cmocka_unit_test(two_units_settle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
