/* SPDX-License-Identifier: GPL-2.0 */
/* Health of one monitored interface: states, events, tests. Pure.
 *
 * Nothing here knows sockets or clocks: what was seen and what time it is are
 * told, what is to be sent and when to look again can be asked for.
 */
#ifndef FAILOVER_IFSTATE_H
#define FAILOVER_IFSTATE_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/nf_failover.h>

#include "holddown.h"

#define IFSTATE_STATES	(NF_FAILOVER_IFSTATUS_UNMONITORED + 1)
#define IFSTATE_SAME	0xff
#define IFSTATE_NEVER	UINT64_MAX

enum ifstate_event {
	IFSTATE_MONITOR,	/* the interface counts from now on */
	IFSTATE_UNMONITOR,	/* it does not */
	IFSTATE_LINK_UP,	/* there is a carrier */
	IFSTATE_LINK_ONLY,	/* the same, of a device without tests */
	IFSTATE_NO_LINK,	/* there is no carrier, or no such device */
	IFSTATE_LINK_DOWN,	/* an administrator has switched it off */
	IFSTATE_HELLO,		/* the mate was heard on it */
	IFSTATE_TRAFFIC,	/* anything was received on it */
	IFSTATE_SILENT,		/* the mate, or everybody, was missed */
	IFSTATE_MATE_TESTS,	/* the mate has begun to test the same one */
	IFSTATE_LOST,		/* the tests got nothing, the mate's passes */
	IFSTATE_MUTE,		/* they got nothing, and the mate's does not */
	IFSTATE_EVENTS
};

/**
 * struct ifstate_entry - what one event does in one state
 * @next: the next state, or IFSTATE_SAME
 * @listed: false only where somebody forgot an entry
 * @cause: why, for people
 */
struct ifstate_entry {
	uint8_t		next;
	bool		listed;
	const char	*cause;
};

extern const struct ifstate_entry
ifstate_table[IFSTATE_STATES][IFSTATE_EVENTS];

enum ifstate_link { IFSTATE_LINK_IS_DOWN, IFSTATE_LINK_IS_NONE,
		    IFSTATE_LINK_IS_UP };

/* What is being waited for; the test of the link is the link itself. */
enum ifstate_step {
	IFSTATE_REST,		/* for the next hello, or for nothing */
	IFSTATE_ACTIVITY,	/* for any frame */
	IFSTATE_ARP,		/* for any, neighbours were asked */
	IFSTATE_PING,		/* for any, all hosts were asked */
};

/**
 * struct ifstate_times - how patient it is
 * @poll_ms: between two hellos, and of a test that goes on for ever
 * @hold_ms: without any until an interface may have failed
 * @fresh_ms: after this what the mate says is not what it said before
 * @flaps: more failures within @held_ms make the next one last so long;
 *	0: they never do
 */
struct ifstate_times {
	unsigned int	poll_ms;
	unsigned int	hold_ms;
	unsigned int	fresh_ms;
	unsigned int	flaps;
	unsigned int	held_ms;
};

/**
 * struct ifstate - one interface
 * @status: enum nf_failover_ifstatus, since @since_ms because of @cause
 * @mate: the same of the mate's interface; unknown when it is not heard
 * @word: number of the report of the mate that was heard last; 0: it has no
 *	daemon; @test_word: that when the tests began; @wanted: see
 *	ifstate_answer()
 * @link_only: hellos and tests are not possible here
 * @step: the test that runs, until @end_ms; @due: its question is to be sent
 * @patient: all tests got nothing once, so that they have time; @judged: that
 *	was judged
 * @test_ms: when they began
 * @got_ms: when something was received last, 0: not yet
 * @early_ms: until then its first link is waited for
 * @flap: the failures; @held_ms: the last one lasts until then
 */
struct ifstate {
	struct ifstate_times t;
	uint32_t	status;
	uint32_t	mate;
	uint32_t	word;
	uint32_t	test_word;
	bool		wanted;
	const char	*cause;
	uint64_t	since_ms;
	enum ifstate_link link;
	bool		link_only;
	enum ifstate_step step;
	bool		due;
	bool		patient;
	bool		judged;
	uint64_t	end_ms;
	uint64_t	test_ms;
	uint64_t	got_ms;
	uint64_t	early_ms;
	struct holddown	flap;
	uint64_t	held_ms;
};

void ifstate_init(struct ifstate *s, const struct ifstate_times *t,
		  bool monitored, uint64_t now);

/* It failed before, as an earlier one had found out; nothing else is known. */
void ifstate_recall(struct ifstate *s, uint64_t now);

/* Its first link is not waited for: the mate can do without this unit. */
void ifstate_hurry(struct ifstate *s, uint64_t now);

/* How often it failed so far does not matter any more. */
void ifstate_forgive(struct ifstate *s, uint64_t now);

/* What was seen; all return whether the state is another one. */
bool ifstate_monitor(struct ifstate *s, bool on, uint64_t now);
bool ifstate_link(struct ifstate *s, enum ifstate_link link, bool link_only,
		  uint64_t now);
/* Of a report of the mate of that number, or of what one said that is gone: 0. */
bool ifstate_mate(struct ifstate *s, uint32_t mate, uint32_t word,
		  uint64_t now);
bool ifstate_heard(struct ifstate *s, bool hello, uint64_t now);
/* Time has passed. */
bool ifstate_tick(struct ifstate *s, uint64_t now);

/* When ifstate_tick() is to be called next, or IFSTATE_NEVER. */
uint64_t ifstate_next(const struct ifstate *s);
/* The mate has begun to test, and waits for a report of this unit, once. */
bool ifstate_answer(struct ifstate *s);
/* Any frame that comes now is to be told of. */
bool ifstate_listens(const struct ifstate *s);
/* The question to send now, once; IFSTATE_REST: none. */
enum ifstate_step ifstate_ask(struct ifstate *s);

/* Whether a state counts as failed; whether it shows that it works. */
bool ifstate_failed(uint32_t status);
bool ifstate_passes(uint32_t status);

#endif /* FAILOVER_IFSTATE_H */
