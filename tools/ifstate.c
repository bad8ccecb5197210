// SPDX-License-Identifier: GPL-2.0
/* Health of one monitored interface: states, events, tests. Pure.
 *
 * Normal means that the mate is heard. When it is missed for half the hold time
 * the interface is tested: is anything received (activity); does a neighbour
 * answer (ARP or ND); does anybody (ping of all). Each test has a sixteenth of
 * the hold time, and whatever is received passes: then the interface waits for
 * the mate, and is looked at again each half of the hold time: in a quiet
 * network its neighbours are asked, without a word to anybody.
 *
 * One that gets nothing has failed only if the mate's same interface passes.
 * Else the network between them is silent, or dead, for both: it is Unknown
 * and does not count. A mate that begins to test makes this unit test, too,
 * unless it has just received something: what it said before is old. Either way
 * it gets a word of this unit: a daemon that stands still says nothing, and what
 * its kernel goes on telling for it does not make anybody fail.
 *
 * A link that comes back is not yet one that works: until something is
 * received the interface stays Failed, so nobody takes the role back too early.
 *
 * One that never had a link is Unknown for the hold time: a machine that boots
 * has its network, and a bridge its ports, a little later than its daemon, which
 * is not to decide who comes first. A unit beside an active one has nothing to
 * wait for: it must not look better than it is.
 */
#include "ifstate.h"

#include <stddef.h>

#define SLICES		16	/* of the hold time; each test has one */
#define SLICE_MIN_MS	20

#define IGNORE		{ .listed = true, .next = IFSTATE_SAME }
#define GO(state_, cause_) \
	{ .listed = true, .next = NF_FAILOVER_IFSTATUS_##state_, \
	  .cause = cause_ }

#define HEARD		"Hello heard from mate"
#define RECEIVES	"Traffic received, but no hello"
#define NO_CARRIER	"No carrier"
#define OFF		"Switched off by an administrator"
#define LINK_ALONE	"Judged by its link alone"
#define CAME_UP		"Link is up"
#define CAME_BACK	"Link is back, nothing received yet"
#define NOTHING_HERE	"Nothing received, mate's interface passes"
#define NOTHING		"Nothing received, nor is it known to work on mate"
#define HAD_FAILED	"Failed before failoverd started"
#define NOT_YET		"No link so far"
#define FLAPS		"Failed too often, held down"

/* In every state of a monitored interface. */
#define WHEN_MONITORED \
	[IFSTATE_MONITOR] = IGNORE, \
	[IFSTATE_UNMONITOR] = GO(UNMONITORED, "Not monitored any more")

/* Of one that has a link, and of one that is not known yet. */
#define WHEN_UP \
	WHEN_MONITORED, \
	[IFSTATE_NO_LINK] = GO(NO_LINK, NO_CARRIER), \
	[IFSTATE_LINK_DOWN] = GO(LINK_DOWN, OFF)

/* Without a link nothing is received, and nothing else matters. */
#define WHEN_NOT_UP \
	WHEN_MONITORED, \
	[IFSTATE_LINK_UP] = GO(FAILED, CAME_BACK), \
	[IFSTATE_LINK_ONLY] = GO(NORMAL, LINK_ALONE), \
	[IFSTATE_HELLO] = IGNORE, \
	[IFSTATE_TRAFFIC] = IGNORE, \
	[IFSTATE_SILENT] = IGNORE, \
	[IFSTATE_MATE_TESTS] = IGNORE, \
	[IFSTATE_LOST] = IGNORE, \
	[IFSTATE_MUTE] = IGNORE

/* Something was received not long ago. */
#define WHEN_PASSING \
	WHEN_UP, \
	[IFSTATE_LINK_UP] = GO(TESTING, CAME_UP), \
	[IFSTATE_MATE_TESTS] = GO(TESTING, "Mate tests its interface"), \
	[IFSTATE_LOST] = IGNORE, \
	[IFSTATE_MUTE] = IGNORE

/* Nothing was, and the tests run. */
#define WHEN_TESTED \
	WHEN_UP, \
	[IFSTATE_LINK_ONLY] = GO(NORMAL, LINK_ALONE), \
	[IFSTATE_HELLO] = GO(NORMAL, HEARD), \
	[IFSTATE_TRAFFIC] = GO(WAITING, RECEIVES), \
	[IFSTATE_SILENT] = IGNORE, \
	[IFSTATE_MATE_TESTS] = IGNORE

#define STATE(state_)	[NF_FAILOVER_IFSTATUS_##state_]

const struct ifstate_entry ifstate_table[IFSTATE_STATES][IFSTATE_EVENTS] = {
	/* not looked at yet; or tested, and not worse than the mate's */
	STATE(UNKNOWN) = {
		WHEN_TESTED,
		[IFSTATE_LINK_UP] = GO(TESTING, CAME_UP),
		[IFSTATE_LOST] = GO(FAILED, NOTHING_HERE),
		[IFSTATE_MUTE] = IGNORE,
	},
	STATE(NORMAL) = {
		WHEN_PASSING,
		[IFSTATE_LINK_ONLY] = IGNORE,
		[IFSTATE_HELLO] = IGNORE,
		[IFSTATE_TRAFFIC] = IGNORE,
		[IFSTATE_SILENT] = GO(TESTING, "No hello heard from mate"),
	},
	STATE(WAITING) = {
		WHEN_PASSING,
		[IFSTATE_LINK_ONLY] = GO(NORMAL, LINK_ALONE),
		[IFSTATE_HELLO] = GO(NORMAL, HEARD),
		[IFSTATE_TRAFFIC] = IGNORE,
		[IFSTATE_SILENT] = GO(TESTING, "Nothing received"),
	},
	STATE(TESTING) = {
		WHEN_TESTED,
		[IFSTATE_LINK_UP] = IGNORE,
		[IFSTATE_LOST] = GO(FAILED, NOTHING_HERE),
		[IFSTATE_MUTE] = GO(UNKNOWN, NOTHING),
	},
	STATE(FAILED) = {
		WHEN_TESTED,
		[IFSTATE_LINK_UP] = IGNORE,
		[IFSTATE_LOST] = IGNORE,
		[IFSTATE_MUTE] = GO(UNKNOWN, NOTHING),
	},
	STATE(NO_LINK) = {
		WHEN_NOT_UP,
		[IFSTATE_NO_LINK] = IGNORE,
		[IFSTATE_LINK_DOWN] = GO(LINK_DOWN, OFF),
	},
	STATE(LINK_DOWN) = {
		WHEN_NOT_UP,
		[IFSTATE_NO_LINK] = GO(NO_LINK, NO_CARRIER),
		[IFSTATE_LINK_DOWN] = IGNORE,
	},
	STATE(UNMONITORED) = {
		[IFSTATE_MONITOR] = GO(UNKNOWN, "Monitored from now on"),
		[IFSTATE_UNMONITOR] = IGNORE,
		[IFSTATE_LINK_UP] = IGNORE,
		[IFSTATE_LINK_ONLY] = IGNORE,
		[IFSTATE_NO_LINK] = IGNORE,
		[IFSTATE_LINK_DOWN] = IGNORE,
		[IFSTATE_HELLO] = IGNORE,
		[IFSTATE_TRAFFIC] = IGNORE,
		[IFSTATE_SILENT] = IGNORE,
		[IFSTATE_MATE_TESTS] = IGNORE,
		[IFSTATE_LOST] = IGNORE,
		[IFSTATE_MUTE] = IGNORE,
	},
};

bool ifstate_failed(uint32_t status)
{
	return status == NF_FAILOVER_IFSTATUS_FAILED ||
	       status == NF_FAILOVER_IFSTATUS_NO_LINK ||
	       status == NF_FAILOVER_IFSTATUS_LINK_DOWN;
}

bool ifstate_passes(uint32_t status)
{
	return status == NF_FAILOVER_IFSTATUS_NORMAL ||
	       status == NF_FAILOVER_IFSTATUS_WAITING;
}

static unsigned int slice(const struct ifstate *s)
{
	unsigned int ms = s->t.hold_ms / SLICES;

	if (s->patient && ms < s->t.poll_ms)
		ms = s->t.poll_ms;
	return ms < SLICE_MIN_MS ? SLICE_MIN_MS : ms;
}

static void begin(struct ifstate *s, enum ifstate_step step, uint64_t now)
{
	s->step = step;
	s->due = step == IFSTATE_ARP || step == IFSTATE_PING;
	s->end_ms = now + slice(s);
}

static void rest(struct ifstate *s, uint64_t until)
{
	s->step = IFSTATE_REST;
	s->due = false;
	s->end_ms = until;
}

static void begin_tests(struct ifstate *s, enum ifstate_step first,
			uint64_t now)
{
	s->patient = false;
	s->judged = false;
	s->test_ms = now;
	s->test_word = s->word;
	begin(s, first, now);
}

/* Half the hold time, in which a hello, or at least something, comes. */
static void rest_passing(struct ifstate *s, uint64_t now)
{
	s->patient = false;
	s->judged = false;
	rest(s, s->link_only ? IFSTATE_NEVER : now + s->t.hold_ms / 2);
}

/* What the new state waits for. */
static void enter(struct ifstate *s, uint32_t from, enum ifstate_event ev,
		  uint64_t now)
{
	switch (s->status) {
	case NF_FAILOVER_IFSTATUS_NORMAL:
	case NF_FAILOVER_IFSTATUS_WAITING:
		rest_passing(s, now);
		break;
	case NF_FAILOVER_IFSTATUS_TESTING:
		/* one that waits has been listened to, and has asked */
		begin_tests(s, from == NF_FAILOVER_IFSTATUS_WAITING &&
			       ev == IFSTATE_SILENT ? IFSTATE_PING :
						      IFSTATE_ACTIVITY, now);
		break;
	case NF_FAILOVER_IFSTATUS_FAILED:
		if (ev == IFSTATE_LINK_UP)
			begin_tests(s, IFSTATE_ACTIVITY, now);
		break;
	case NF_FAILOVER_IFSTATUS_UNKNOWN:
		/* after a verdict the tests go on */
		if (ev == IFSTATE_MONITOR)
			rest(s, IFSTATE_NEVER);
		break;
	default:
		rest(s, IFSTATE_NEVER);
	}
}

/* Each failure counts once, however it is called while it lasts. */
static void note_failure(struct ifstate *s, uint32_t from, uint64_t now)
{
	if (!ifstate_failed(s->status))
		return;
	if (ifstate_failed(from) ?
	    now < s->held_ms && s->status != NF_FAILOVER_IFSTATUS_FAILED :
	    holddown_takeover(&s->flap, now, s->t.flaps, s->t.held_ms))
		s->held_ms = now + s->t.held_ms;
}

/* It works, and has to go on doing so before that is believed. */
static bool hold_down(struct ifstate *s, uint64_t now)
{
	bool moved = s->status != NF_FAILOVER_IFSTATUS_FAILED;

	s->status = NF_FAILOVER_IFSTATUS_FAILED;
	s->cause = FLAPS;
	if (moved)
		s->since_ms = now;
	rest(s, s->held_ms);
	return moved;
}

static bool move(struct ifstate *s, enum ifstate_event ev, uint64_t now)
{
	const struct ifstate_entry *e = &ifstate_table[s->status][ev];
	uint32_t from = s->status;

	if (e->next == IFSTATE_SAME)
		return false;
	if (ifstate_passes(e->next) && now < s->held_ms)
		return hold_down(s, now);
	s->status = e->next;
	s->cause = e->cause;
	s->since_ms = now;
	enter(s, from, ev, now);
	note_failure(s, from, now);
	return true;
}

/* Not looked at yet, or without a link ever since. */
static bool is_first(const struct ifstate *s)
{
	return s->status == NF_FAILOVER_IFSTATUS_UNKNOWN && !s->judged;
}

static bool is_early(const struct ifstate *s, uint64_t now)
{
	return is_first(s) && s->link != IFSTATE_LINK_IS_UP &&
	       now < s->early_ms;
}

void ifstate_init(struct ifstate *s, const struct ifstate_times *t,
		  bool monitored, uint64_t now)
{
	*s = (struct ifstate) {
		.t	  = *t,
		.status	  = NF_FAILOVER_IFSTATUS_UNMONITORED,
		.cause	  = "Not monitored",
		.since_ms = now,
		.link	  = IFSTATE_LINK_IS_NONE,
		.end_ms	  = IFSTATE_NEVER,
	};
	if (!monitored)
		return;
	move(s, IFSTATE_MONITOR, now);
	s->early_ms = now + t->hold_ms;
	rest(s, s->early_ms);
}

void ifstate_recall(struct ifstate *s, uint64_t now)
{
	if (s->status != NF_FAILOVER_IFSTATUS_UNKNOWN)
		return;
	s->status = NF_FAILOVER_IFSTATUS_FAILED;
	s->cause = HAD_FAILED;
	s->link = IFSTATE_LINK_IS_UP;
	s->early_ms = 0;
	begin_tests(s, IFSTATE_ACTIVITY, now);
}

void ifstate_hurry(struct ifstate *s, uint64_t now)
{
	if (is_early(s, now))
		s->end_ms = now;
	s->early_ms = 0;
}

void ifstate_forgive(struct ifstate *s, uint64_t now)
{
	s->flap.n = 0;
	if (now >= s->held_ms)
		return;
	s->held_ms = 0;
	/* it waited for the end of that */
	if (s->status == NF_FAILOVER_IFSTATUS_FAILED &&
	    s->step == IFSTATE_REST)
		s->end_ms = now;
}

static enum ifstate_event link_event(const struct ifstate *s)
{
	switch (s->link) {
	case IFSTATE_LINK_IS_UP:
		return s->link_only ? IFSTATE_LINK_ONLY : IFSTATE_LINK_UP;
	case IFSTATE_LINK_IS_DOWN:
		return IFSTATE_LINK_DOWN;
	default:
		return IFSTATE_NO_LINK;
	}
}

bool ifstate_monitor(struct ifstate *s, bool on, uint64_t now)
{
	bool moved = move(s, on ? IFSTATE_MONITOR : IFSTATE_UNMONITOR, now);

	/* the link was not heeded before */
	if (moved && on)
		move(s, link_event(s), now);
	return moved;
}

/* The same link again is no news, unless it was not looked at yet. */
bool ifstate_link(struct ifstate *s, enum ifstate_link link, bool link_only,
		  uint64_t now)
{
	if (link == s->link && link_only == s->link_only && !is_first(s))
		return false;
	s->link = link;
	s->link_only = link_only;
	if (is_early(s, now)) {
		s->cause = NOT_YET;
		return false;
	}
	return move(s, link_event(s), now);
}

static bool judge(struct ifstate *s, uint64_t now)
{
	bool passes = ifstate_passes(s->mate);

	/* it is about to find out, and that will be told */
	if (s->status == NF_FAILOVER_IFSTATUS_FAILED &&
	    s->mate == NF_FAILOVER_IFSTATUS_TESTING)
		return false;
	/* who has said nothing since the tests began may stand still */
	if (passes && s->word == s->test_word)
		return false;
	s->judged = true;
	return move(s, passes ? IFSTATE_LOST : IFSTATE_MUTE, now);
}

/* What was received, or tested, so short a time ago is not asked for again. */
static bool is_sure(const struct ifstate *s, uint64_t now)
{
	return (s->got_ms && now < s->got_ms + 2 * slice(s)) ||
	       (s->test_ms && now < s->test_ms + 2 * slice(s));
}

/*
 * A mate that goes on may have read what waited for it all the while, and what
 * this one is about to receive of it has not come yet.
 */
static void ask_again(struct ifstate *s, uint64_t now)
{
	s->test_ms = now;
	begin(s, IFSTATE_ARP, now);
}

/* What was judged by comparison is compared again. */
static bool compare_again(struct ifstate *s, uint32_t was, uint64_t now)
{
	if (s->status != NF_FAILOVER_IFSTATUS_UNKNOWN ||
	    !ifstate_passes(s->mate))
		return judge(s, now);
	if (!ifstate_passes(was))
		ask_again(s, now);
	return false;
}

/* The word that the tests have waited for. */
static bool is_late(const struct ifstate *s, uint32_t word)
{
	return s->patient && !s->judged && s->word == s->test_word &&
	       word && word != s->word;
}

bool ifstate_mate(struct ifstate *s, uint32_t mate, uint32_t word,
		  uint64_t now)
{
	uint32_t was = s->mate;

	if (is_late(s, word))
		ask_again(s, now);
	/* that a daemon is there again is a word of it */
	if (!s->word)
		s->test_word = 0;
	s->word = word;
	s->mate = word ? mate : NF_FAILOVER_IFSTATUS_UNKNOWN;
	if (s->mate == was)
		return false;
	s->wanted = s->mate == NF_FAILOVER_IFSTATUS_TESTING;
	if (s->wanted)
		return !s->link_only && !is_sure(s, now) &&
		       move(s, IFSTATE_MATE_TESTS, now);
	return s->judged && compare_again(s, was, now);
}

bool ifstate_answer(struct ifstate *s)
{
	bool wanted = s->wanted;

	s->wanted = false;
	return wanted;
}

bool ifstate_heard(struct ifstate *s, bool hello, uint64_t now)
{
	bool moved;

	s->got_ms = now;
	moved = move(s, hello ? IFSTATE_HELLO : IFSTATE_TRAFFIC, now);
	if (!moved && s->status == (hello ? NF_FAILOVER_IFSTATUS_NORMAL :
					    NF_FAILOVER_IFSTATUS_WAITING))
		rest_passing(s, now);
	return moved;
}

/* The last test is over: begins again, if not with a hello then for ever. */
static bool end_ping(struct ifstate *s, uint64_t now)
{
	bool moved;

	s->patient |= now >= s->test_ms + s->t.fresh_ms;
	moved = s->patient && judge(s, now);
	begin(s, IFSTATE_ARP, now);
	return moved;
}

static bool end_step(struct ifstate *s, uint64_t now)
{
	switch (s->step) {
	case IFSTATE_REST:
		if (is_first(s))
			return move(s, link_event(s), now);
		if (s->status == NF_FAILOVER_IFSTATUS_NORMAL)
			return move(s, IFSTATE_SILENT, now);
		/* one that was held down */
		if (s->link_only)
			return move(s, IFSTATE_LINK_ONLY, now);
		begin(s, IFSTATE_ACTIVITY, now);
		return false;
	case IFSTATE_ACTIVITY:
		begin(s, IFSTATE_ARP, now);
		return false;
	case IFSTATE_ARP:
		if (s->status == NF_FAILOVER_IFSTATUS_WAITING)
			return move(s, IFSTATE_SILENT, now);
		begin(s, IFSTATE_PING, now);
		return false;
	default:
		return end_ping(s, now);
	}
}

bool ifstate_tick(struct ifstate *s, uint64_t now)
{
	return now >= s->end_ms && end_step(s, now);
}

uint64_t ifstate_next(const struct ifstate *s)
{
	return s->end_ms;
}

bool ifstate_listens(const struct ifstate *s)
{
	return s->step != IFSTATE_REST;
}

enum ifstate_step ifstate_ask(struct ifstate *s)
{
	bool due = s->due;

	s->due = false;
	return due ? s->step : IFSTATE_REST;
}
