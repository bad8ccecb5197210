// SPDX-License-Identifier: GPL-2.0
/* The election as one table, and what is an event in the first place. Pure.
 *
 * Who comes first when no unit is active: the one that holds more state; with
 * the same, the primary. A mate without a daemon cannot promote itself, so it
 * never comes first.
 */
#include "elect.h"

#include <stddef.h>

#define IGNORE		{ .listed = true, .next = ELECT_SAME }
#define STAY(do_)	{ .listed = true, .next = ELECT_SAME, .actions = do_ }
#define GO(state_, do_, reason_) \
	{ .listed = true, .next = NF_FAILOVER_STATE_##state_, \
	  .actions = do_, .reason = reason_ }

#define DO(action_)	ELECT_DO_##action_

/* The first step of a promotion; the others follow by ELECT_STEP. */
#define PROMOTE(reason_) \
	GO(JUST_ACTIVE, DO(ROLE_ACTIVE) | DO(UNWAIT) | DO(STEP), reason_)
#define DEMOTE(reason_) \
	GO(COLD_STANDBY, DO(ROLE_STANDBY) | DO(ADDR_STANDBY) | \
	   DO(ANNOUNCE) | DO(WAIT), reason_)
/*
 * Addresses stay as they are until an active mate is found: a firewall that
 * serves them already, and has failover switched on, would lose its
 * masqueraded connections with them. It forwards nothing meanwhile.
 */
#define NEGOTIATE \
	GO(NEGOTIATION, DO(ROLE_STANDBY) | DO(WAIT), \
	   "Failover state check")

#define NO_UNIT		"No Active unit found"
#define NO_HELLO	"HELLO not heard from mate"
#define BY_COMMAND	"Set by the config command"
#define MATE_ACTIVE	"Detected an Active mate"
#define WANTS_ACTIVE	"Other unit wants me Active"
#define WANTS_STANDBY	"Other unit wants me Standby"
#define OFF		"Failover is switched off"
#define NOT_DRAINED	"Mate did not acknowledge everything"

/* In every state that is on. */
#define WHEN_ON \
	[ELECT_DISABLE] = GO(DISABLED, DO(ROLE_STANDBY) | DO(RELEASE) | \
			     DO(UNWAIT) | DO(UNWANT), OFF), \
	[ELECT_ENABLE] = IGNORE

/*
 * In every standby state that follows an active unit. The mate's silence for
 * the hold time and its own word that it is not active lead to a promotion. A
 * mate that is merely not there may be in a new association that has not said
 * its first hello, so it gets the time of a boot.
 */
#define WHEN_FOLLOWING \
	WHEN_ON, \
	[ELECT_FENCED] = IGNORE, \
	[ELECT_HANDED_OVER] = PROMOTE(WANTS_ACTIVE), \
	[ELECT_MISMATCH] = STAY(DO(WAIT)), \
	[ELECT_PEER_ABSENT] = STAY(DO(WAIT)), \
	[ELECT_WE_FIRST] = PROMOTE(WANTS_ACTIVE), \
	[ELECT_PEER_WANTS] = IGNORE, \
	[ELECT_PEER_COLD] = IGNORE, \
	[ELECT_STEP] = IGNORE, \
	[ELECT_PEER_LOST] = PROMOTE(NO_HELLO), \
	[ELECT_ASK_ACTIVE] = PROMOTE(BY_COMMAND), \
	[ELECT_ASK_STANDBY] = IGNORE, \
	[ELECT_DRAINED] = IGNORE, \
	[ELECT_WAIT_OVER] = PROMOTE(NO_UNIT), \
	[ELECT_DRAIN_OVER] = IGNORE, \
	[ELECT_WANT_OVER] = STAY(DO(UNWANT))

/* In every state whose role is active. */
#define WHEN_ACTIVE \
	WHEN_ON, \
	[ELECT_FENCED] = DEMOTE(MATE_ACTIVE), \
	[ELECT_HANDED_OVER] = DEMOTE(NULL), \
	[ELECT_MISMATCH] = IGNORE, \
	[ELECT_PEER_ABSENT] = IGNORE, \
	[ELECT_WE_FIRST] = IGNORE, \
	[ELECT_MATE_FIRST] = IGNORE, \
	[ELECT_SYNCED] = IGNORE, \
	[ELECT_UNSYNCED] = IGNORE, \
	[ELECT_BULK_BEGIN] = IGNORE, \
	[ELECT_ASK_ACTIVE] = IGNORE, \
	[ELECT_ASK_MATE] = IGNORE, \
	[ELECT_WAIT_OVER] = IGNORE, \
	[ELECT_WANT_OVER] = IGNORE

/*
 * Between the role and the last announcement. The daemon passes these states
 * without waiting; after its death in one of them it begins again.
 */
#define WHEN_RISING \
	WHEN_ACTIVE, \
	[ELECT_PEER_LOST] = IGNORE, \
	[ELECT_PEER_ACTIVE] = IGNORE, \
	[ELECT_PEER_WANTS] = IGNORE, \
	[ELECT_PEER_COLD] = IGNORE, \
	[ELECT_RESUME] = PROMOTE(NULL), \
	[ELECT_ASK_STANDBY] = IGNORE, \
	[ELECT_DRAINED] = IGNORE, \
	[ELECT_DRAIN_OVER] = IGNORE

/* A state of a later issue: found in the kernel, it starts from the front. */
#define WHEN_LATER \
	WHEN_ON, \
	[ELECT_FENCED] = IGNORE, \
	[ELECT_HANDED_OVER] = IGNORE, \
	[ELECT_MISMATCH] = IGNORE, \
	[ELECT_PEER_ABSENT] = IGNORE, \
	[ELECT_PEER_ACTIVE] = IGNORE, \
	[ELECT_WE_FIRST] = IGNORE, \
	[ELECT_MATE_FIRST] = IGNORE, \
	[ELECT_PEER_WANTS] = IGNORE, \
	[ELECT_PEER_COLD] = IGNORE, \
	[ELECT_SYNCED] = IGNORE, \
	[ELECT_UNSYNCED] = IGNORE, \
	[ELECT_RESUME] = NEGOTIATE, \
	[ELECT_STEP] = IGNORE, \
	[ELECT_PEER_LOST] = IGNORE, \
	[ELECT_BULK_BEGIN] = IGNORE, \
	[ELECT_ASK_ACTIVE] = IGNORE, \
	[ELECT_ASK_MATE] = IGNORE, \
	[ELECT_ASK_STANDBY] = IGNORE, \
	[ELECT_DRAINED] = IGNORE, \
	[ELECT_WAIT_OVER] = IGNORE, \
	[ELECT_DRAIN_OVER] = IGNORE, \
	[ELECT_WANT_OVER] = IGNORE

#define STATE(state_)	[NF_FAILOVER_STATE_##state_]

const struct elect_entry elect_table[ELECT_STATES][ELECT_EVENTS] = {
	STATE(DISABLED) = {
		[ELECT_DISABLE] = IGNORE,
		[ELECT_ENABLE] = NEGOTIATE,
		[ELECT_FENCED] = IGNORE,
		[ELECT_HANDED_OVER] = IGNORE,
		[ELECT_MISMATCH] = IGNORE,
		[ELECT_PEER_ABSENT] = IGNORE,
		[ELECT_PEER_ACTIVE] = IGNORE,
		[ELECT_WE_FIRST] = IGNORE,
		[ELECT_MATE_FIRST] = IGNORE,
		[ELECT_PEER_WANTS] = IGNORE,
		[ELECT_PEER_COLD] = IGNORE,
		[ELECT_SYNCED] = IGNORE,
		[ELECT_UNSYNCED] = IGNORE,
		[ELECT_RESUME] = STAY(DO(RELEASE) | DO(UNWAIT)),
		[ELECT_STEP] = IGNORE,
		[ELECT_PEER_LOST] = IGNORE,
		[ELECT_BULK_BEGIN] = IGNORE,
		[ELECT_ASK_ACTIVE] = IGNORE,
		[ELECT_ASK_MATE] = IGNORE,
		[ELECT_ASK_STANDBY] = IGNORE,
		[ELECT_DRAINED] = IGNORE,
		[ELECT_WAIT_OVER] = IGNORE,
		[ELECT_DRAIN_OVER] = IGNORE,
		[ELECT_WANT_OVER] = IGNORE,
	},
	/* Nobody is known to be active. */
	STATE(NEGOTIATION) = {
		WHEN_ON,
		[ELECT_FENCED] = IGNORE,
		[ELECT_HANDED_OVER] = PROMOTE(WANTS_ACTIVE),
		/* it may be active: two actives are worse than none */
		[ELECT_MISMATCH] = STAY(DO(ADDR_STANDBY) | DO(UNWAIT)),
		[ELECT_PEER_ABSENT] = STAY(DO(WAIT)),
		[ELECT_PEER_ACTIVE] = GO(COLD_STANDBY,
					 DO(ADDR_STANDBY) | DO(UNWAIT),
					 MATE_ACTIVE),
		[ELECT_WE_FIRST] = PROMOTE(NO_UNIT),
		[ELECT_MATE_FIRST] = STAY(DO(WAIT)),
		[ELECT_PEER_WANTS] = IGNORE,
		[ELECT_PEER_COLD] = IGNORE,
		[ELECT_SYNCED] = IGNORE,
		[ELECT_UNSYNCED] = IGNORE,
		[ELECT_RESUME] = STAY(DO(WAIT)),
		[ELECT_STEP] = IGNORE,
		[ELECT_PEER_LOST] = IGNORE,
		[ELECT_BULK_BEGIN] = IGNORE,
		[ELECT_ASK_ACTIVE] = PROMOTE(BY_COMMAND),
		[ELECT_ASK_MATE] = IGNORE,
		[ELECT_ASK_STANDBY] = IGNORE,
		[ELECT_DRAINED] = IGNORE,
		[ELECT_WAIT_OVER] = PROMOTE(NO_UNIT),
		[ELECT_DRAIN_OVER] = IGNORE,
		[ELECT_WANT_OVER] = IGNORE,
	},
	/*
	 * Also where a unit is after it handed over: the mate, which comes
	 * first, has a while to take it.
	 */
	STATE(COLD_STANDBY) = {
		WHEN_FOLLOWING,
		[ELECT_PEER_ACTIVE] = STAY(DO(UNWAIT)),
		[ELECT_MATE_FIRST] = STAY(DO(WAIT)),
		[ELECT_SYNCED] = GO(STANDBY_READY, DO(UNWAIT), NULL),
		[ELECT_UNSYNCED] = IGNORE,
		[ELECT_RESUME] = STAY(DO(ADDR_STANDBY)),
		[ELECT_BULK_BEGIN] = GO(BULK_SYNC, DO(UNWAIT), NULL),
		[ELECT_ASK_MATE] = IGNORE,
	},
	STATE(SYNC_CONFIG) = { WHEN_LATER },
	STATE(BULK_SYNC) = {
		WHEN_FOLLOWING,
		[ELECT_PEER_ACTIVE] = STAY(DO(UNWAIT)),
		[ELECT_MATE_FIRST] = STAY(DO(WAIT)),
		[ELECT_SYNCED] = GO(STANDBY_READY, DO(UNWAIT), NULL),
		[ELECT_UNSYNCED] = IGNORE,
		[ELECT_RESUME] = STAY(DO(ADDR_STANDBY)),
		[ELECT_BULK_BEGIN] = IGNORE,
		[ELECT_ASK_MATE] = IGNORE,
	},
	STATE(STANDBY_READY) = {
		WHEN_FOLLOWING,
		[ELECT_PEER_ACTIVE] = STAY(DO(UNWAIT)),
		[ELECT_MATE_FIRST] = STAY(DO(WAIT)),
		[ELECT_SYNCED] = IGNORE,
		/* the association is a new one; its bulk sync will come */
		[ELECT_UNSYNCED] = GO(COLD_STANDBY, 0, NULL),
		[ELECT_RESUME] = STAY(DO(ADDR_STANDBY)),
		[ELECT_BULK_BEGIN] = GO(BULK_SYNC, 0, NULL),
		[ELECT_ASK_MATE] = STAY(DO(WANT)),
	},
	STATE(JUST_ACTIVE) = {
		WHEN_RISING,
		[ELECT_STEP] = GO(ACTIVE_DRAIN, DO(STEP), NULL),
	},
	/*
	 * On the way up it is passed; on the way down it lasts until the mate
	 * has acknowledged everything, or until that fails.
	 */
	STATE(ACTIVE_DRAIN) = {
		WHEN_ACTIVE,
		[ELECT_PEER_LOST] = PROMOTE(NO_HELLO),
		[ELECT_PEER_ACTIVE] = IGNORE,
		[ELECT_PEER_WANTS] = IGNORE,
		[ELECT_PEER_COLD] = IGNORE,
		[ELECT_RESUME] = PROMOTE(NULL),
		[ELECT_STEP] = GO(ACTIVE_APPLYING_CONFIG,
				  DO(ADDR_ACTIVE) | DO(STEP), NULL),
		[ELECT_ASK_STANDBY] = IGNORE,
		[ELECT_DRAINED] = DEMOTE(NULL),
		[ELECT_DRAIN_OVER] = PROMOTE(NOT_DRAINED),
	},
	STATE(ACTIVE_APPLYING_CONFIG) = {
		WHEN_RISING,
		[ELECT_STEP] = GO(ACTIVE_CONFIG_APPLIED,
				  DO(ANNOUNCE) | DO(STEP), NULL),
	},
	STATE(ACTIVE_CONFIG_APPLIED) = {
		WHEN_RISING,
		[ELECT_STEP] = GO(ACTIVE, 0, NULL),
	},
	STATE(ACTIVE) = {
		WHEN_ACTIVE,
		[ELECT_PEER_LOST] = IGNORE,
		/* it will be fenced, but its announcements were heard */
		[ELECT_PEER_ACTIVE] = STAY(DO(ANNOUNCE)),
		[ELECT_PEER_WANTS] = GO(ACTIVE_DRAIN, DO(DRAIN),
					WANTS_STANDBY),
		[ELECT_PEER_COLD] = STAY(DO(BULK)),
		[ELECT_RESUME] = STAY(DO(ADDR_ACTIVE)),
		[ELECT_STEP] = IGNORE,
		[ELECT_ASK_STANDBY] = GO(ACTIVE_DRAIN, DO(DRAIN), BY_COMMAND),
		[ELECT_DRAINED] = IGNORE,
		[ELECT_DRAIN_OVER] = IGNORE,
	},
	STATE(FAILED) = { WHEN_LATER },
};

static const char *const event_names[ELECT_EVENTS] = {
	[ELECT_DISABLE]		= "disable",
	[ELECT_ENABLE]		= "enable",
	[ELECT_FENCED]		= "fenced",
	[ELECT_HANDED_OVER]	= "handed over",
	[ELECT_MISMATCH]	= "mismatch",
	[ELECT_PEER_ABSENT]	= "peer absent",
	[ELECT_PEER_ACTIVE]	= "peer active",
	[ELECT_WE_FIRST]	= "we come first",
	[ELECT_MATE_FIRST]	= "mate comes first",
	[ELECT_PEER_WANTS]	= "peer wants active",
	[ELECT_PEER_COLD]	= "peer cold",
	[ELECT_SYNCED]		= "synced",
	[ELECT_UNSYNCED]	= "not synced",
	[ELECT_RESUME]		= "resume",
	[ELECT_STEP]		= "step",
	[ELECT_PEER_LOST]	= "peer lost",
	[ELECT_BULK_BEGIN]	= "bulk begin",
	[ELECT_ASK_ACTIVE]	= "ask active",
	[ELECT_ASK_MATE]	= "ask mate",
	[ELECT_ASK_STANDBY]	= "ask standby",
	[ELECT_DRAINED]		= "drained",
	[ELECT_WAIT_OVER]	= "wait over",
	[ELECT_DRAIN_OVER]	= "drain over",
	[ELECT_WANT_OVER]	= "want over",
};

const char *elect_event_name(enum elect_event event)
{
	return event < ELECT_EVENTS ? event_names[event] : "none";
}

bool elect_is_active(uint32_t state)
{
	return state >= NF_FAILOVER_STATE_JUST_ACTIVE &&
	       state <= NF_FAILOVER_STATE_ACTIVE;
}

/* How much of the state a unit that is not active holds. */
static int rank(uint32_t state)
{
	switch (state) {
	case NF_FAILOVER_STATE_BULK_SYNC:
		return 1;
	case NF_FAILOVER_STATE_STANDBY_READY:
		return 2;
	default:
		return 0;
	}
}

static bool we_first(const struct elect_view *v)
{
	int diff = rank(v->state) - rank(v->peer_state);

	if (!v->peer_daemon)
		return true;
	return diff ? diff > 0 : v->unit == NF_FAILOVER_UNIT_PRIMARY;
}

/* The kernel fences by epoch; with the same epoch the primary stays. */
static bool fenced(const struct elect_view *v)
{
	if (v->role != NF_FAILOVER_ROLE_ACTIVE)
		return false;
	return v->peer_epoch > v->epoch ||
	       (v->peer_epoch == v->epoch &&
		v->unit == NF_FAILOVER_UNIT_SECONDARY);
}

/*
 * The kernel has changed the role by itself: it handed it over or took it, as
 * the policy wanted, or has fenced this unit; who did that may be gone by now.
 */
static enum elect_event observe_kernel(const struct elect_view *v)
{
	return v->role == NF_FAILOVER_ROLE_ACTIVE ||
	       v->state == NF_FAILOVER_STATE_ACTIVE_DRAIN ?
	       ELECT_HANDED_OVER : ELECT_FENCED;
}

static enum elect_event observe_peer(const struct elect_view *v)
{
	if (!v->peer_alive)
		return v->mismatch ? ELECT_MISMATCH : ELECT_PEER_ABSENT;
	if (v->peer_role == NF_FAILOVER_ROLE_ACTIVE)
		return fenced(v) ? ELECT_FENCED : ELECT_PEER_ACTIVE;
	return we_first(v) ? ELECT_WE_FIRST : ELECT_MATE_FIRST;
}

#define BIT(event)	(1u << (event))

uint32_t elect_observe(const struct elect_view *v)
{
	uint32_t events;

	if (!v->enabled)
		return BIT(ELECT_DISABLE);
	if (v->state == NF_FAILOVER_STATE_DISABLED)
		return BIT(ELECT_ENABLE);
	if (elect_is_active(v->state) != (v->role == NF_FAILOVER_ROLE_ACTIVE))
		return BIT(observe_kernel(v));
	events = BIT(observe_peer(v));
	if (!v->peer_alive)
		return events;
	/* without a daemon it cannot take what it has asked for */
	if (v->peer_wants && v->peer_daemon &&
	    v->peer_state == NF_FAILOVER_STATE_STANDBY_READY)
		events |= BIT(ELECT_PEER_WANTS);
	/* without a daemon it would stay cold for ever */
	if (v->peer_state == NF_FAILOVER_STATE_COLD_STANDBY &&
	    v->peer_daemon && !v->peer_synced)
		events |= BIT(ELECT_PEER_COLD);
	return events | BIT(v->synced ? ELECT_SYNCED : ELECT_UNSYNCED);
}

/* What is out of range, such as a state of a newer kernel, is ignored. */
struct elect_decision elect_edge(uint32_t state, enum elect_event event)
{
	struct elect_decision d = { .state = state, .event = event };
	const struct elect_entry *e;

	if (state >= ELECT_STATES || event >= ELECT_EVENTS)
		return d;
	e = &elect_table[state][event];
	d.moved = e->next != ELECT_SAME;
	if (d.moved)
		d.state = e->next;
	d.actions = e->actions;
	d.reason = e->reason;
	return d;
}

/* The first level that moves decides; those before it may only act. */
struct elect_decision elect_levels(uint32_t state, uint32_t events)
{
	struct elect_decision d = { .state = state, .event = ELECT_EVENTS };
	uint16_t before = 0;
	enum elect_event ev;

	for (ev = 0; ev < ELECT_LEVELS; ev++) {
		if (!(events & BIT(ev)))
			continue;
		d = elect_edge(state, ev);
		d.actions |= before;
		before = d.actions;
		if (d.moved)
			break;
	}
	return d;
}

enum elect_event elect_ask(const struct elect_view *v,
			   enum nf_failover_ask ask, const char **why)
{
	bool active = elect_is_active(v->state);

	*why = NULL;
	if (!v->enabled)
		*why = "failover is off";
	else if (ask == NF_FAILOVER_ASK_ACTIVE && active)
		*why = "this unit is active already";
	else if (ask == NF_FAILOVER_ASK_STANDBY && !active)
		*why = "this unit is not active";
	else if (ask == NF_FAILOVER_ASK_ACTIVE && v->peer_alive &&
		 v->state != NF_FAILOVER_STATE_STANDBY_READY)
		*why = "this unit is not Standby Ready";
	else if (ask == NF_FAILOVER_ASK_STANDBY &&
		 (!v->peer_alive ||
		  v->peer_state != NF_FAILOVER_STATE_STANDBY_READY))
		*why = "the other unit is not Standby Ready";
	if (*why)
		return ELECT_EVENTS;
	if (ask == NF_FAILOVER_ASK_STANDBY)
		return ELECT_ASK_STANDBY;
	return v->peer_alive ? ELECT_ASK_MATE : ELECT_ASK_ACTIVE;
}
