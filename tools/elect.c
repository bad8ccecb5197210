// SPDX-License-Identifier: GPL-2.0
/* The election as one table, and what is an event in the first place. Pure.
 *
 * Who comes first when no unit is active: the one that holds more state; with
 * the same, the primary. A mate without a daemon cannot promote itself, so it
 * never comes first. A unit that is fit comes before one that is not.
 */
#include "elect.h"

#include <stddef.h>
#include <string.h>

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
#define ANSWERS		"No HELLO heard, but the active addresses are answered"
#define NOT_DRAINED	"Mate did not acknowledge everything"
#define ORPHANED	"failoverd in other unit has failed"

/* In every state that is on. */
#define WHEN_ON \
	[ELECT_DISABLE] = GO(DISABLED, DO(ROLE_STANDBY) | DO(RELEASE) | \
			     DO(UNWAIT) | DO(UNWANT), OFF), \
	[ELECT_ENABLE] = IGNORE

/*
 * In every standby state that follows an active unit. The mate's silence for
 * the hold time and its own word that it is not active lead to a promotion. A
 * mate that is merely not there may be in a new association that has not said
 * its first hello, so it gets the time of a boot. One that answers on the data
 * networks is active, and the link has failed: what is held is kept, but it is
 * not all that the mate holds any more.
 */
#define WHEN_FOLLOWING_BUT_ANSWERS \
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
	[ELECT_WAIT_OVER] = PROMOTE(NO_UNIT), \
	[ELECT_DRAIN_OVER] = IGNORE, \
	[ELECT_WANT_OVER] = STAY(DO(UNWANT)), \
	[ELECT_MATE_FITTER] = IGNORE, \
	[ELECT_ASK_RESET] = STAY(DO(RESET)), \
	[ELECT_ASK_RELOAD] = STAY(DO(RELOAD))

/* What only a unit that is ready does. */
#define WHEN_NOT_READY \
	[ELECT_PREEMPT] = IGNORE, \
	[ELECT_NO_PREEMPT] = IGNORE, \
	[ELECT_ORPHAN] = IGNORE, \
	[ELECT_NO_ORPHAN] = IGNORE, \
	[ELECT_PREEMPT_OVER] = IGNORE, \
	[ELECT_GRACE_OVER] = IGNORE

/*
 * A standby that is not fit is Failed. What it holds it keeps up to date, and
 * alone it becomes active all the same: that is better than nobody.
 */
#define WHEN_FIT \
	[ELECT_UNFIT] = GO(FAILED, 0, NULL), \
	[ELECT_FIT] = IGNORE

#define WHEN_FOLLOWING \
	WHEN_FOLLOWING_BUT_ANSWERS, \
	[ELECT_PEER_ANSWERS] = GO(COLD_STANDBY, DO(UNWAIT), ANSWERS)

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
	[ELECT_WANT_OVER] = IGNORE, \
	[ELECT_UNFIT] = IGNORE, \
	[ELECT_FIT] = IGNORE, \
	[ELECT_PREEMPT] = IGNORE, \
	[ELECT_NO_PREEMPT] = IGNORE, \
	[ELECT_NO_ORPHAN] = IGNORE, \
	[ELECT_PREEMPT_OVER] = IGNORE, \
	[ELECT_GRACE_OVER] = IGNORE, \
	[ELECT_ASK_RESET] = STAY(DO(RESET)), \
	[ELECT_ASK_RELOAD] = IGNORE

/*
 * Between the role and the last announcement. The daemon passes these states
 * without waiting; after its death in one of them it begins again.
 */
#define WHEN_RISING \
	WHEN_ACTIVE, \
	[ELECT_PEER_LOST] = IGNORE, \
	[ELECT_PEER_ACTIVE] = IGNORE, \
	[ELECT_PEER_ANSWERS] = IGNORE, \
	[ELECT_PEER_WANTS] = IGNORE, \
	[ELECT_PEER_COLD] = IGNORE, \
	[ELECT_RESUME] = PROMOTE(NULL), \
	[ELECT_ASK_STANDBY] = IGNORE, \
	[ELECT_DRAIN_OVER] = IGNORE, \
	[ELECT_MATE_FITTER] = IGNORE, \
	[ELECT_ORPHAN] = IGNORE

/*
 * No event leads here before the configuration is copied, too: found in the
 * kernel, it starts from the front.
 */
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
	[ELECT_PEER_ANSWERS] = IGNORE, \
	[ELECT_RESUME] = NEGOTIATE, \
	[ELECT_STEP] = IGNORE, \
	[ELECT_PEER_LOST] = IGNORE, \
	[ELECT_BULK_BEGIN] = IGNORE, \
	[ELECT_ASK_ACTIVE] = IGNORE, \
	[ELECT_ASK_MATE] = IGNORE, \
	[ELECT_ASK_STANDBY] = IGNORE, \
	[ELECT_WAIT_OVER] = IGNORE, \
	[ELECT_DRAIN_OVER] = IGNORE, \
	[ELECT_WANT_OVER] = IGNORE, \
	[ELECT_UNFIT] = IGNORE, \
	[ELECT_FIT] = IGNORE, \
	[ELECT_MATE_FITTER] = IGNORE, \
	[ELECT_ASK_RESET] = IGNORE, \
	[ELECT_ASK_RELOAD] = IGNORE, \
	WHEN_NOT_READY

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
		[ELECT_PEER_ANSWERS] = IGNORE,
		[ELECT_RESUME] = STAY(DO(RELEASE) | DO(UNWAIT)),
		[ELECT_STEP] = IGNORE,
		[ELECT_PEER_LOST] = IGNORE,
		[ELECT_BULK_BEGIN] = IGNORE,
		[ELECT_ASK_ACTIVE] = IGNORE,
		[ELECT_ASK_MATE] = IGNORE,
		[ELECT_ASK_STANDBY] = IGNORE,
		[ELECT_WAIT_OVER] = IGNORE,
		[ELECT_DRAIN_OVER] = IGNORE,
		[ELECT_WANT_OVER] = IGNORE,
		[ELECT_UNFIT] = IGNORE,
		[ELECT_FIT] = IGNORE,
		[ELECT_MATE_FITTER] = IGNORE,
		[ELECT_ASK_RESET] = IGNORE,
		[ELECT_ASK_RELOAD] = IGNORE,
		WHEN_NOT_READY,
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
		[ELECT_PEER_ANSWERS] = GO(COLD_STANDBY,
					  DO(ADDR_STANDBY) | DO(UNWAIT),
					  ANSWERS),
		[ELECT_RESUME] = STAY(DO(WAIT)),
		[ELECT_STEP] = IGNORE,
		[ELECT_PEER_LOST] = IGNORE,
		[ELECT_BULK_BEGIN] = IGNORE,
		[ELECT_ASK_ACTIVE] = PROMOTE(BY_COMMAND),
		[ELECT_ASK_MATE] = IGNORE,
		[ELECT_ASK_STANDBY] = IGNORE,
		[ELECT_WAIT_OVER] = PROMOTE(NO_UNIT),
		[ELECT_DRAIN_OVER] = IGNORE,
		[ELECT_WANT_OVER] = IGNORE,
		/* the hello says so, and who comes first heeds it */
		[ELECT_UNFIT] = IGNORE,
		[ELECT_FIT] = IGNORE,
		[ELECT_MATE_FITTER] = IGNORE,
		[ELECT_ASK_RESET] = STAY(DO(RESET)),
		[ELECT_ASK_RELOAD] = STAY(DO(RELOAD)),
		WHEN_NOT_READY,
	},
	/*
	 * Also where a unit is after it handed over: the mate, which comes
	 * first, has a while to take it.
	 */
	STATE(COLD_STANDBY) = {
		WHEN_FOLLOWING_BUT_ANSWERS,
		[ELECT_PEER_ANSWERS] = STAY(DO(UNWAIT)),
		[ELECT_PEER_ACTIVE] = STAY(DO(UNWAIT)),
		[ELECT_MATE_FIRST] = STAY(DO(WAIT)),
		[ELECT_SYNCED] = GO(STANDBY_READY, DO(UNWAIT), NULL),
		[ELECT_UNSYNCED] = IGNORE,
		[ELECT_RESUME] = STAY(DO(ADDR_STANDBY)),
		[ELECT_BULK_BEGIN] = GO(BULK_SYNC, DO(UNWAIT), NULL),
		[ELECT_ASK_MATE] = IGNORE,
		WHEN_FIT,
		WHEN_NOT_READY,
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
		WHEN_FIT,
		WHEN_NOT_READY,
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
		WHEN_FIT,
		[ELECT_PREEMPT] = STAY(DO(PREEMPT)),
		[ELECT_NO_PREEMPT] = STAY(DO(UNPREEMPT)),
		[ELECT_ORPHAN] = STAY(DO(GRACE)),
		[ELECT_NO_ORPHAN] = STAY(DO(UNGRACE)),
		[ELECT_PREEMPT_OVER] = STAY(DO(WANT)),
		/* its kernel stops forwarding with our first hello */
		[ELECT_GRACE_OVER] = PROMOTE(ORPHANED),
	},
	STATE(JUST_ACTIVE) = {
		WHEN_RISING,
		[ELECT_STEP] = GO(ACTIVE_DRAIN, DO(STEP), NULL),
	},
	/*
	 * On the way up it is passed; on the way down it lasts until the mate
	 * has acknowledged everything, or until that fails. When this unit
	 * stood still the mate may have taken the role without it.
	 */
	STATE(ACTIVE_DRAIN) = {
		WHEN_ACTIVE,
		[ELECT_PEER_LOST] = PROMOTE(NO_HELLO),
		[ELECT_PEER_ACTIVE] = IGNORE,
		[ELECT_PEER_ANSWERS] = DEMOTE(ANSWERS),
		[ELECT_PEER_WANTS] = IGNORE,
		[ELECT_PEER_COLD] = IGNORE,
		[ELECT_RESUME] = PROMOTE(NULL),
		[ELECT_STEP] = GO(ACTIVE_APPLYING_CONFIG,
				  DO(ADDR_ACTIVE) | DO(STEP), NULL),
		[ELECT_ASK_STANDBY] = IGNORE,
		[ELECT_DRAIN_OVER] = PROMOTE(NOT_DRAINED),
		[ELECT_MATE_FITTER] = IGNORE,
		[ELECT_ORPHAN] = IGNORE,
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
		[ELECT_PEER_ANSWERS] = IGNORE,
		/* it will be fenced, but its announcements were heard */
		[ELECT_PEER_ACTIVE] = STAY(DO(ANNOUNCE)),
		[ELECT_PEER_WANTS] = GO(ACTIVE_DRAIN, DO(DRAIN),
					WANTS_STANDBY),
		[ELECT_PEER_COLD] = STAY(DO(BULK)),
		[ELECT_RESUME] = STAY(DO(ADDR_ACTIVE)),
		[ELECT_STEP] = IGNORE,
		[ELECT_ASK_STANDBY] = GO(ACTIVE_DRAIN, DO(DRAIN), BY_COMMAND),
		[ELECT_DRAIN_OVER] = IGNORE,
		[ELECT_MATE_FITTER] = GO(ACTIVE_DRAIN, DO(DRAIN), NULL),
		/* fenced, but nobody takes its addresses away */
		[ELECT_ORPHAN] = STAY(DO(ANNOUNCE)),
	},
	STATE(FAILED) = {
		WHEN_FOLLOWING_BUT_ANSWERS,
		[ELECT_PEER_ANSWERS] = STAY(DO(UNWAIT)),
		[ELECT_PEER_ACTIVE] = STAY(DO(UNWAIT)),
		[ELECT_MATE_FIRST] = STAY(DO(WAIT)),
		[ELECT_SYNCED] = IGNORE,
		[ELECT_UNSYNCED] = IGNORE,
		[ELECT_RESUME] = STAY(DO(ADDR_STANDBY)),
		[ELECT_BULK_BEGIN] = IGNORE,
		[ELECT_ASK_MATE] = IGNORE,
		[ELECT_UNFIT] = IGNORE,
		[ELECT_FIT] = GO(COLD_STANDBY, 0, NULL),
		WHEN_NOT_READY,
	},
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
	[ELECT_PEER_ANSWERS]	= "peer answers",
	[ELECT_RESUME]		= "resume",
	[ELECT_STEP]		= "step",
	[ELECT_PEER_LOST]	= "peer lost",
	[ELECT_BULK_BEGIN]	= "bulk begin",
	[ELECT_ASK_ACTIVE]	= "ask active",
	[ELECT_ASK_MATE]	= "ask mate",
	[ELECT_ASK_STANDBY]	= "ask standby",
	[ELECT_WAIT_OVER]	= "wait over",
	[ELECT_DRAIN_OVER]	= "drain over",
	[ELECT_WANT_OVER]	= "want over",
	[ELECT_UNFIT]		= "unfit",
	[ELECT_FIT]		= "fit",
	[ELECT_MATE_FITTER]	= "mate is fitter",
	[ELECT_PREEMPT]		= "may preempt",
	[ELECT_NO_PREEMPT]	= "may not preempt",
	[ELECT_ORPHAN]		= "peer has no daemon",
	[ELECT_NO_ORPHAN]	= "peer has a daemon",
	[ELECT_PREEMPT_OVER]	= "preempt",
	[ELECT_GRACE_OVER]	= "grace over",
	[ELECT_ASK_RESET]	= "ask reset",
	[ELECT_ASK_RELOAD]	= "ask reload",
};

const char *elect_event_name(enum elect_event event)
{
	return event < ELECT_EVENTS ? event_names[event] : "none";
}

bool elect_yields(const char *reason)
{
	return !strcmp(reason, BY_COMMAND) || !strcmp(reason, WANTS_STANDBY);
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
	if (!v->unfit != !v->peer_unfit)
		return !v->unfit;
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
 * It had yielded when it was last heard, and has no daemon that could take its
 * addresses away: that it answers for them does not make it active. The kernel
 * does not tell the role of a mate that is not heard, but its epoch: an active
 * one with ours, or a later one, would have fenced this unit.
 */
static bool is_fenced_orphan(const struct elect_view *v)
{
	return v->peer_known && !v->peer_daemon && v->peer_epoch >= v->epoch;
}

/*
 * Nothing is heard of the mate. Two units that both hold the active addresses
 * cannot tell each other their epochs: the primary stays.
 */
static enum elect_event observe_silent(const struct elect_view *v)
{
	if (!v->peer_answers)
		return v->mismatch ? ELECT_MISMATCH : ELECT_PEER_ABSENT;
	if (v->role == NF_FAILOVER_ROLE_ACTIVE &&
	    v->unit == NF_FAILOVER_UNIT_SECONDARY && !is_fenced_orphan(v))
		return ELECT_FENCED;
	return ELECT_PEER_ANSWERS;
}

/* The role is not that of the state: the policy has to follow. */
bool elect_kernel_moved(const struct elect_view *v)
{
	return v->enabled && v->state != NF_FAILOVER_STATE_DISABLED &&
	       elect_is_active(v->state) !=
	       (v->role == NF_FAILOVER_ROLE_ACTIVE);
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
		return observe_silent(v);
	if (v->peer_role == NF_FAILOVER_ROLE_ACTIVE)
		return fenced(v) ? ELECT_FENCED : ELECT_PEER_ACTIVE;
	return we_first(v) ? ELECT_WE_FIRST : ELECT_MATE_FIRST;
}

#define BIT(event)	(1u << (event))

/*
 * By the wish of an operator a unit stays standby until it is switched on
 * anew. A mate without a daemon cannot hand over.
 */
static bool may_preempt(const struct elect_view *v)
{
	return v->preempt && v->unit == NF_FAILOVER_UNIT_PRIMARY &&
	       v->state == NF_FAILOVER_STATE_STANDBY_READY && v->synced &&
	       !v->unfit && !v->wants && !v->yielded &&
	       !v->held_down && !v->peer_held_down && v->peer_daemon &&
	       v->peer_role == NF_FAILOVER_ROLE_ACTIVE &&
	       v->peer_state == NF_FAILOVER_STATE_ACTIVE;
}

/* The health of both, for a mate that is heard. */
static uint32_t observe_health(const struct elect_view *v)
{
	bool orphan = !v->peer_daemon && elect_is_active(v->peer_state);
	uint32_t events;

	events = BIT(may_preempt(v) ? ELECT_PREEMPT : ELECT_NO_PREEMPT) |
		 BIT(orphan ? ELECT_ORPHAN : ELECT_NO_ORPHAN);
	if (!v->unfit)
		return events | BIT(ELECT_FIT) |
		       BIT(v->synced ? ELECT_SYNCED : ELECT_UNSYNCED);
	/* not on the way to Standby Ready */
	events |= BIT(ELECT_UNFIT);
	if (!v->peer_unfit && v->peer_daemon &&
	    v->peer_state == NF_FAILOVER_STATE_STANDBY_READY)
		events |= BIT(ELECT_MATE_FITTER);
	return events;
}

uint32_t elect_observe(const struct elect_view *v)
{
	uint32_t events;

	if (!v->enabled)
		return BIT(ELECT_DISABLE);
	if (v->state == NF_FAILOVER_STATE_DISABLED)
		return BIT(ELECT_ENABLE);
	if (elect_kernel_moved(v))
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
	return events | observe_health(v);
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
	uint32_t before = 0;
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

/* Why a unit is not fit is known where it is seen, and not to the table. */
struct elect_decision elect_decide(const struct elect_view *v)
{
	struct elect_decision d = elect_levels(v->state, elect_observe(v));

	if (d.moved && (d.event == ELECT_UNFIT ||
			d.event == ELECT_MATE_FITTER))
		d.reason = v->unfit;
	/* that the link fails does not undo the wish of an operator */
	if (d.event == ELECT_PEER_ANSWERS && v->yielded &&
	    v->state != NF_FAILOVER_STATE_NEGOTIATION)
		d.reason = NULL;
	return d;
}

static enum elect_event ask_other(const struct elect_view *v,
				  enum nf_failover_ask ask, const char **why)
{
	if (ask == NF_FAILOVER_ASK_RESET)
		return ELECT_ASK_RESET;
	if (ask == NF_FAILOVER_ASK_RELOAD && !elect_is_active(v->state))
		return ELECT_ASK_RELOAD;
	*why = ask == NF_FAILOVER_ASK_RELOAD ? "this unit is active" :
					       "it is not known";
	return ELECT_EVENTS;
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
	else if (ask == NF_FAILOVER_ASK_ACTIVE && v->peer_known &&
		 !v->peer_alive && v->peer_answers)
		*why = "the other unit is active, and the link to it has failed";
	else if (ask == NF_FAILOVER_ASK_ACTIVE && v->peer_known &&
		 !v->peer_alive && v->peer_sought)
		*why = "the other unit is not heard, and is being looked for";
	else if (ask == NF_FAILOVER_ASK_ACTIVE && v->peer_alive &&
		 v->state != NF_FAILOVER_STATE_STANDBY_READY)
		*why = "this unit is not Standby Ready";
	else if (ask == NF_FAILOVER_ASK_ACTIVE && v->peer_alive && v->unfit)
		*why = "this unit is not fit to be active";
	else if (ask == NF_FAILOVER_ASK_STANDBY &&
		 (!v->peer_alive ||
		  v->peer_state != NF_FAILOVER_STATE_STANDBY_READY))
		*why = "the other unit is not Standby Ready";
	else if (ask == NF_FAILOVER_ASK_STANDBY && !v->peer_daemon)
		*why = "failoverd does not run on the other unit";
	if (*why)
		return ELECT_EVENTS;
	if (ask == NF_FAILOVER_ASK_STANDBY)
		return ELECT_ASK_STANDBY;
	if (ask != NF_FAILOVER_ASK_ACTIVE)
		return ask_other(v, ask, why);
	/* a mate without a daemon does not answer a wish */
	return v->peer_alive && v->peer_daemon ? ELECT_ASK_MATE :
						 ELECT_ASK_ACTIVE;
}
