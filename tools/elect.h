/* SPDX-License-Identifier: GPL-2.0 */
/* The election: states and events to the next state and what to do. Pure.
 *
 * Nothing here knows netlink, time or sockets, so the daemon, the unit test
 * and the simulation run the same table. Times are timers that the actions
 * start and stop and that come back as events.
 */
#ifndef FAILOVER_ELECT_H
#define FAILOVER_ELECT_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/nf_failover.h>

/* Of enum nf_failover_state all but not-detected, which is the other unit's. */
#define ELECT_STATES	(NF_FAILOVER_STATE_FAILED + 1)
#define ELECT_SAME	0xff

/*
 * Levels are what elect_observe() sees in the kernel's picture, as often as
 * it is looked at, so a lost event costs nothing. Their order is their rank.
 * Edges happen once.
 */
enum elect_event {
	/* levels */
	ELECT_DISABLE,		/* failover is switched off */
	ELECT_ENABLE,		/* failover is on and this unit is disabled */
	ELECT_FENCED,		/* a unit with a better claim is active */
	ELECT_HANDED_OVER,	/* the kernels have done what was asked of them */
	ELECT_MISMATCH,		/* a mate is there that cannot be paired with */
	ELECT_PEER_ABSENT,	/* no mate is heard, for whatever reason */
	ELECT_PEER_ACTIVE,	/* the mate is active */
	ELECT_WE_FIRST,		/* the mate is not, and we come first */
	ELECT_MATE_FIRST,	/* the mate is not, and it comes first */
	ELECT_PEER_WANTS,	/* a mate fit to be active asks us to hand over */
	ELECT_PEER_COLD,	/* the mate needs a bulk sync */
	ELECT_SYNCED,		/* this unit holds what the active holds */
	ELECT_UNSYNCED,		/* it does not */
	ELECT_UNFIT,		/* this unit is not fit to be active */
	ELECT_FIT,		/* it is */
	ELECT_MATE_FITTER,	/* we are active and unfit, the mate is ready */
	ELECT_PREEMPT,		/* the role is ours to take back */
	ELECT_NO_PREEMPT,	/* it is not, or not now */
	ELECT_ORPHAN,		/* the mate is active and has no daemon */
	ELECT_NO_ORPHAN,	/* it is not so */
	ELECT_PEER_ANSWERS,	/* no mate is heard, but an active one answers
				 * on the data networks */
	/* edges */
	ELECT_RESUME,		/* the daemon finds this state in the kernel */
	ELECT_STEP,		/* the actions of the step before are done */
	ELECT_PEER_LOST,	/* the mate was missed for the hold time, and
				 * does not answer on the data networks */
	ELECT_BULK_BEGIN,	/* a bulk sync began */
	ELECT_ASK_ACTIVE,	/* an operator: be active; no mate is heard */
	ELECT_ASK_MATE,		/* an operator: be active; a mate is heard */
	ELECT_ASK_STANDBY,	/* an operator: hand over; the mate is ready */
	ELECT_WAIT_OVER,	/* ELECT_DO_WAIT ran out */
	ELECT_DRAIN_OVER,	/* ELECT_DO_DRAIN ran out without drained */
	ELECT_WANT_OVER,	/* ELECT_DO_WANT ran out without an answer */
	ELECT_PREEMPT_OVER,	/* ELECT_DO_PREEMPT ran out */
	ELECT_GRACE_OVER,	/* ELECT_DO_GRACE ran out */
	ELECT_ASK_RESET,	/* an operator: forget that we failed */
	ELECT_ASK_RELOAD,	/* an operator: off and on again */
	ELECT_EVENTS
};

#define ELECT_LEVELS	ELECT_RESUME

/* In the order in which they are to be done: the role always comes first. */
enum elect_action {
	ELECT_DO_ROLE_ACTIVE	= 1 << 0,
	ELECT_DO_ROLE_STANDBY	= 1 << 1,
	ELECT_DO_DRAIN		= 1 << 2,	/* and start its timer */
	ELECT_DO_WANT		= 1 << 3,	/* and start its timer */
	ELECT_DO_UNWANT		= 1 << 4,
	ELECT_DO_ADDR_ACTIVE	= 1 << 5,
	ELECT_DO_ADDR_STANDBY	= 1 << 6,
	ELECT_DO_RELEASE	= 1 << 7,	/* standby addresses if a mate
						 * was there to take the others
						 */
	ELECT_DO_ANNOUNCE	= 1 << 8,	/* now, and some times more */
	ELECT_DO_BULK		= 1 << 9,	/* unless the kernel began one */
	ELECT_DO_WAIT		= 1 << 10,	/* unless it runs already */
	ELECT_DO_UNWAIT		= 1 << 11,
	ELECT_DO_STEP		= 1 << 12,	/* ELECT_STEP comes next */
	ELECT_DO_PREEMPT	= 1 << 13,	/* start its timer, unless it
						 * runs already
						 */
	ELECT_DO_UNPREEMPT	= 1 << 14,
	ELECT_DO_GRACE		= 1 << 15,	/* the same */
	ELECT_DO_UNGRACE	= 1 << 16,
	ELECT_DO_RESET		= 1 << 17,	/* end the hold-down, look at
						 * the interfaces anew
						 */
	ELECT_DO_RELOAD		= 1 << 18,	/* failover off and on */
};

#define ELECT_ACTIONS	19

/**
 * struct elect_entry - what one event does in one state
 * @next: the next state, or ELECT_SAME
 * @actions: enum elect_action
 * @reason: why, in the words of the ASA; NULL: the reason stays
 * @listed: false only where somebody forgot an entry
 */
struct elect_entry {
	uint8_t		next;
	bool		listed;
	uint32_t	actions;
	const char	*reason;
};

extern const struct elect_entry elect_table[ELECT_STATES][ELECT_EVENTS];

/*
 * What the election looks at, copied from the kernel's picture, and whether a
 * mate that is not heard answers as the active one, or may yet do so.
 *
 * @unfit is why this unit is not fit to be active, NULL when it is: the one
 * way in for all that makes a unit unfit. @yielded: it is standby because an
 * operator wanted it so, and preempts nobody.
 */
struct elect_view {
	bool		enabled;
	uint32_t	unit;
	uint32_t	role;
	uint32_t	state;
	uint64_t	epoch;
	bool		synced;
	const char	*unfit;
	bool		preempt;
	bool		wants;
	bool		held_down;
	bool		yielded;
	bool		mismatch;
	bool		peer_known;
	bool		peer_alive;
	bool		peer_silent;
	bool		peer_answers;
	bool		peer_sought;
	uint32_t	peer_role;
	uint32_t	peer_state;
	uint64_t	peer_epoch;
	bool		peer_daemon;
	bool		peer_synced;
	bool		peer_wants;
	bool		peer_unfit;
	bool		peer_held_down;
};

/* What is to be done now; @event brought it about. */
struct elect_decision {
	uint32_t		state;
	bool			moved;
	uint32_t		actions;
	const char		*reason;
	enum elect_event	event;
};

/* The levels that hold, as bits 1 << event. */
bool elect_kernel_moved(const struct elect_view *v);
uint32_t elect_observe(const struct elect_view *v);

/* What is to be done about what is seen. */
struct elect_decision elect_decide(const struct elect_view *v);

/* What the levels in @events, or one edge, do in @state. */
struct elect_decision elect_levels(uint32_t state, uint32_t events);
struct elect_decision elect_edge(uint32_t state, enum elect_event event);

/* The edge that an operator's wish is now; ELECT_EVENTS: refused, see @why. */
enum elect_event elect_ask(const struct elect_view *v,
			   enum nf_failover_ask ask, const char **why);

/* Whether a unit became standby for @reason because an operator wanted it. */
bool elect_yields(const char *reason);

/* The state from which a role is active or about to be. */
bool elect_is_active(uint32_t state);

const char *elect_event_name(enum elect_event event);

#endif /* FAILOVER_ELECT_H */
