// SPDX-License-Identifier: GPL-2.0
/* One interface of two units: its states, its tests, and what is compared. */
#include "test.h"

#include "ifstate.h"

#define N(a)	(sizeof(a) / sizeof((a)[0]))
#define I(status_)	NF_FAILOVER_IFSTATUS_##status_

/*
 * What each event does in each state, one letter a state: Unknown, Normal,
 * Waiting, Testing, Failed, no Link, Down, umM (not monitored); '.': nothing.
 * Events in their order: monitor unmonitor up link-only no-link down hello
 * traffic silent mate-tests lost mute.
 */
static const char letters[] = "UNWTFLDM";
static const char *const wanted[IFSTATE_STATES] = {
	[I(UNKNOWN)]	 = ".MTNLDNW..F.",
	[I(NORMAL)]	 = ".MT.LD..TT..",
	[I(WAITING)]	 = ".MTNLDN.TT..",
	[I(TESTING)]	 = ".M.NLDNW..FU",
	[I(FAILED)]	 = ".M.NLDNW...U",
	[I(NO_LINK)]	 = ".MFN.D......",
	[I(LINK_DOWN)]	 = ".MFNL.......",
	[I(UNMONITORED)] = "U...........",
};

static void every_event_in_every_state(void **state)
{
	const struct ifstate_entry *e;
	unsigned int s, ev;

	(void)state;
	for (s = 0; s < IFSTATE_STATES; s++) {
		assert_int_equal(strlen(wanted[s]), IFSTATE_EVENTS);
		for (ev = 0; ev < IFSTATE_EVENTS; ev++) {
			e = &ifstate_table[s][ev];
			assert_true(e->listed);
			assert_int_equal(e->next == IFSTATE_SAME ? '.' :
					 letters[e->next], wanted[s][ev]);
			/* each change says why, in a line of the history */
			assert_int_equal(e->next != IFSTATE_SAME, !!e->cause);
			if (e->cause)
				assert_in_range(strlen(e->cause), 1,
						NF_FAILOVER_REASON_MAX - 40);
		}
	}
}

/*
 * Two units on one switch. Their links and hellos are perfect until something
 * of the network is taken away.
 */
struct net {
	bool carrier[2];
	bool rx[2];		/* what the switch has reaches the unit */
	bool tx[2];		/* what the unit sends reaches the switch */
	bool hellos[2];		/* it sends any */
	bool link;		/* the units hear one another elsewhere */
	unsigned int chatter;	/* ms between two broadcasts of a host */
	bool arp;		/* a host answers ARP; ping */
	bool ping;
};

static const struct net good = {
	{ true, true }, { true, true }, { true, true }, { true, true }, true,
	50, true, true,
};

#define LINK_MS	3	/* until the mate knows of a change */
#define ANSWER_MS	30	/* until a hello of who stood still is believed */
#define WATCHDOG_MS	3000	/* until the kernel knows of a daemon that is still */

struct world {
	struct net net;
	bool bare;		/* ports without an address, by which to ask */
	struct ifstate s[2];
	struct ifstate_times t;
	uint64_t now;
	uint64_t hello_at[2];
	uint64_t told_at[2];
	uint32_t told[2];
	uint32_t word[2];
	uint64_t still[2];	/* it does nothing until then, for so long */
	unsigned int stood[2];
	uint64_t gone[2];	/* its kernel has noticed that since then */
	bool queued[2];		/* a hello, meanwhile */
	unsigned int failures[2];
	unsigned int asked[2];
	unsigned int tested[2];
};

static void receive(struct world *w, int u, bool hello)
{
	if (!w->net.carrier[u] || !w->net.rx[u])
		return;
	if (w->now < w->still[u]) {
		w->queued[u] |= hello;
		return;
	}
	/* hellos are always heard, other frames only while it listens */
	if (hello || ifstate_listens(&w->s[u]))
		ifstate_heard(&w->s[u], hello, w->now);
}

static bool sends(const struct world *w, int u)
{
	return w->net.carrier[u] && w->net.tx[u];
}

/*
 * A question is a broadcast, which the other unit receives as well; and if it
 * is ARP it is also for the mate's address, which its kernel answers.
 */
static void ask(struct world *w, int u)
{
	enum ifstate_step step = ifstate_ask(&w->s[u]);

	if (step == IFSTATE_REST)
		return;
	w->asked[u]++;
	if (!sends(w, u) || w->bare)
		return;
	receive(w, !u, false);
	if (step == IFSTATE_ARP ?
	    w->net.arp || (w->net.rx[!u] && sends(w, !u)) : w->net.ping)
		receive(w, u, false);
}

static void tell_mate(struct world *w, int u)
{
	bool gone = w->now < w->still[u] && w->now >= w->gone[u];

	if (w->now >= w->still[u] && (ifstate_answer(&w->s[u]) ||
				      w->told[u] != w->s[u].status)) {
		w->told[u] = w->s[u].status;
		w->word[u]++;
		w->told_at[u] = w->now + LINK_MS;
	}
	if (w->now >= w->told_at[u] && w->now >= w->still[!u])
		ifstate_mate(&w->s[!u], w->net.link ? w->told[u] : I(UNKNOWN),
			     w->net.link && !gone ? w->word[u] : 0, w->now);
}

static void turn(struct world *w, int u)
{
	uint32_t was = w->s[u].status;

	if (w->now < w->still[u]) {
		tell_mate(w, u);
		return;
	}
	if (w->still[u]) {
		w->still[u] = 0;
		/* what waited for it is too old to prove that it is there */
		w->hello_at[u] = w->now +
			(w->stood[u] > w->t.hold_ms ? ANSWER_MS : 0);
		if (w->queued[u])
			receive(w, u, true);
	}
	ifstate_link(&w->s[u], w->net.carrier[u] ? IFSTATE_LINK_IS_UP :
		     IFSTATE_LINK_IS_NONE, false, w->now);
	if (w->now >= w->hello_at[u]) {
		w->hello_at[u] = w->now + w->t.poll_ms;
		if (w->net.hellos[u] && sends(w, u))
			receive(w, !u, true);
	}
	ifstate_tick(&w->s[u], w->now);
	ask(w, u);
	tell_mate(w, u);
	w->failures[u] += was != I(FAILED) && w->s[u].status == I(FAILED);
	w->tested[u] += was != I(TESTING) && w->s[u].status == I(TESTING);
}

static void pass(struct world *w, uint64_t ms)
{
	uint64_t end = w->now + ms;

	for (; w->now < end; w->now++) {
		if (w->net.chatter && !(w->now % w->net.chatter)) {
			receive(w, 0, false);
			receive(w, 1, false);
		}
		turn(w, 0);
		turn(w, 1);
	}
}

/* Both boot within a poll; the phases of their hellos come from @rng. */
static void boot(struct world *w, const struct net *net,
		 const struct ifstate_times *t, struct rng *rng)
{
	int u;

	*w = (struct world) { .net = *net, .t = *t, .now = 1000 };
	for (u = 0; u < 2; u++) {
		ifstate_init(&w->s[u], t, true, w->now);
		w->hello_at[u] = w->now + rng_below(rng, t->poll_ms);
	}
	pass(w, 2 * t->hold_ms);
}

static const struct ifstate_times times[] = {
	{ .poll_ms = 100,  .hold_ms = 500,   .fresh_ms = 20 },
	{ .poll_ms = 500,  .hold_ms = 5000,  .fresh_ms = 400 },
	{ .poll_ms = 5000, .hold_ms = 25000, .fresh_ms = 400 },
};

/*
 * What is taken away, and what becomes of both; written before the code. A:
 * the first unit, B: the second. Only what ends as failed fails in between.
 */
struct row {
	const char *what;
	struct net net;
	uint32_t a, b;
};

#define BOTH	{ true, true }
#define NOT_A	{ false, true }
#define NONE	{ false, false }

static const struct row rows[] = {
	{ "nothing", { BOTH, BOTH, BOTH, BOTH, true, 50, true, true },
	  I(NORMAL), I(NORMAL) },
	{ "nothing, no other host",
	  { BOTH, BOTH, BOTH, BOTH, true, 0, false, false },
	  I(NORMAL), I(NORMAL) },
	{ "the cable of A", { NOT_A, BOTH, BOTH, BOTH, true, 50, true, true },
	  I(NO_LINK), I(WAITING) },
	{ "the cable of A, no other host",
	  { NOT_A, BOTH, BOTH, BOTH, true, 0, false, false },
	  I(NO_LINK), I(UNKNOWN) },
	{ "the port of A is blocked",
	  { BOTH, NOT_A, NOT_A, BOTH, true, 50, true, true },
	  I(FAILED), I(WAITING) },
	{ "the same, hosts answer ARP only",
	  { BOTH, NOT_A, NOT_A, BOTH, true, 0, true, false },
	  I(FAILED), I(WAITING) },
	{ "the same, hosts answer ping only",
	  { BOTH, NOT_A, NOT_A, BOTH, true, 0, false, true },
	  I(FAILED), I(WAITING) },
	{ "the same, no other host",
	  { BOTH, NOT_A, NOT_A, BOTH, true, 0, false, false },
	  I(UNKNOWN), I(UNKNOWN) },
	{ "A receives nothing",
	  { BOTH, NOT_A, BOTH, BOTH, true, 50, true, true },
	  I(FAILED), I(NORMAL) },
	{ "A receives nothing, no other host",
	  { BOTH, NOT_A, BOTH, BOTH, true, 0, false, false },
	  I(FAILED), I(NORMAL) },
	{ "nothing of A arrives",
	  { BOTH, BOTH, NOT_A, BOTH, true, 50, true, true },
	  I(NORMAL), I(WAITING) },
	{ "the switch", { BOTH, NONE, NONE, BOTH, true, 0, false, false },
	  I(UNKNOWN), I(UNKNOWN) },
	{ "the switch and both carriers",
	  { NONE, NONE, NONE, BOTH, true, 0, false, false },
	  I(NO_LINK), I(NO_LINK) },
	{ "the hellos of A", { BOTH, BOTH, BOTH, NOT_A, true, 50, true, true },
	  I(NORMAL), I(WAITING) },
	{ "all hellos", { BOTH, BOTH, BOTH, NONE, true, 50, true, true },
	  I(WAITING), I(WAITING) },
	{ "all hellos, no other host: the mate answers ARP",
	  { BOTH, BOTH, BOTH, NONE, true, 0, false, false },
	  I(WAITING), I(WAITING) },
	{ "the port of A is blocked, and the mate is not heard elsewhere",
	  { BOTH, NOT_A, NOT_A, BOTH, false, 50, true, true },
	  I(UNKNOWN), I(WAITING) },
};

static void check_row(const struct row *r, const struct ifstate_times *t,
		      struct rng *rng)
{
	bool fails = r->a == I(FAILED);
	struct world w;
	uint64_t began;

	boot(&w, &good, t, rng);
	assert_int_equal(w.s[0].status, I(NORMAL));
	assert_int_equal(w.s[1].status, I(NORMAL));
	assert_int_equal(w.failures[0] + w.failures[1], 0);
	pass(&w, rng_below(rng, t->hold_ms));
	w.net = r->net;
	began = w.now;
	pass(&w, t->hold_ms);
	/* the verdict comes within the hold time */
	if (fails && w.s[0].status != I(FAILED))
		fail_msg("%s: not failed within the hold time of %u ms",
			 r->what, t->hold_ms);
	if (fails)
		assert_true(w.s[0].since_ms >= began + t->hold_ms / 4);
	/* and stays: no other one at any time */
	pass(&w, 8 * t->hold_ms);
	if (w.s[0].status != r->a || w.s[1].status != r->b ||
	    w.failures[0] != fails || w.failures[1])
		fail_msg("%s, %u ms: %u (%s) and %u (%s), failed %u and %u times",
			 r->what, t->hold_ms, w.s[0].status, w.s[0].cause,
			 w.s[1].status, w.s[1].cause, w.failures[0],
			 w.failures[1]);
	/* all is well again */
	w.net = good;
	pass(&w, t->hold_ms);
	assert_int_equal(w.s[0].status, I(NORMAL));
	assert_int_equal(w.s[1].status, I(NORMAL));
}

static void what_is_compared(void **state)
{
	struct rng rng = { 5 };
	unsigned int i, t, n;

	(void)state;
	for (t = 0; t < N(times); t++)
		for (i = 0; i < N(rows); i++)
			for (n = 0; n < (t ? 4 : 40); n++)
				check_row(&rows[i], &times[t], &rng);
}

static void start(struct ifstate *s, const struct ifstate_times *t,
		  uint64_t *now)
{
	*now = 1000;
	ifstate_init(s, t, true, *now);
	assert_int_equal(s->status, I(UNKNOWN));
	assert_true(ifstate_link(s, IFSTATE_LINK_IS_UP, false, *now));
	assert_int_equal(s->status, I(TESTING));
	assert_true(ifstate_heard(s, true, *now));
	assert_int_equal(s->status, I(NORMAL));
}

/* No poll, no test: what netlink says is there at once. */
static void no_link_at_once(void **state)
{
	struct ifstate s;
	uint64_t now;

	(void)state;
	start(&s, &times[2], &now);
	assert_true(ifstate_link(&s, IFSTATE_LINK_IS_NONE, false, ++now));
	assert_int_equal(s.status, I(NO_LINK));
	assert_int_equal(s.since_ms, now);
	assert_false(ifstate_listens(&s));
	assert_int_equal(ifstate_next(&s), IFSTATE_NEVER);
	assert_true(ifstate_link(&s, IFSTATE_LINK_IS_DOWN, false, ++now));
	assert_int_equal(s.status, I(LINK_DOWN));
	assert_false(ifstate_heard(&s, true, now));
	/* a carrier alone does not make it good */
	assert_true(ifstate_link(&s, IFSTATE_LINK_IS_UP, false, ++now));
	assert_int_equal(s.status, I(FAILED));
	assert_true(ifstate_heard(&s, false, ++now));
	assert_int_equal(s.status, I(WAITING));
	assert_true(ifstate_heard(&s, true, ++now));
	assert_int_equal(s.status, I(NORMAL));
}

/* In their order, each with its slice, within the hold time. */
static void tests_in_order(void **state)
{
	static const enum ifstate_step order[] = {
		IFSTATE_ARP, IFSTATE_PING, IFSTATE_ARP, IFSTATE_PING,
	};
	const struct ifstate_times *t = &times[1];
	struct ifstate s;
	uint64_t now, began;
	unsigned int i;

	(void)state;
	start(&s, t, &now);
	ifstate_mate(&s, I(NORMAL), 1, now);
	began = now;
	assert_int_equal(ifstate_next(&s), now + t->hold_ms / 2);
	assert_false(ifstate_tick(&s, now + t->hold_ms / 2 - 1));
	now = ifstate_next(&s);
	assert_true(ifstate_tick(&s, now));
	assert_int_equal(s.status, I(TESTING));
	assert_false(ifstate_mate(&s, I(NORMAL), 2, now));
	assert_true(ifstate_listens(&s));
	assert_int_equal(ifstate_ask(&s), IFSTATE_REST);
	for (i = 0; i < N(order); i++) {
		assert_int_equal(ifstate_next(&s) - now, i < 3 ?
				 t->hold_ms / 16 : t->poll_ms);
		now = ifstate_next(&s);
		assert_int_equal(ifstate_tick(&s, now), i == 2);
		assert_int_equal(ifstate_ask(&s), order[i]);
		/* once */
		assert_int_equal(ifstate_ask(&s), IFSTATE_REST);
		if (i == 2)
			assert_true(now - began < t->hold_ms);
	}
	assert_int_equal(s.status, I(FAILED));
	/* the mate is about to find out */
	assert_false(ifstate_mate(&s, I(TESTING), 3, now));
	for (i = 0; i < 4; i++) {
		now = ifstate_next(&s);
		assert_false(ifstate_tick(&s, now));
	}
	/* it has it no better: this one does not count any more */
	assert_true(ifstate_mate(&s, I(UNKNOWN), 4, now));
	assert_int_equal(s.status, I(UNKNOWN));
	/* what it hears, this one may be about to hear: asked once more */
	assert_false(ifstate_mate(&s, I(WAITING), 5, now));
	for (i = 0; i < 2; i++) {
		assert_int_equal(ifstate_next(&s), now + t->poll_ms);
		assert_int_equal(ifstate_ask(&s), order[i]);
		assert_false(ifstate_mate(&s, i ? I(WAITING) : I(NORMAL), 6 + i,
					  now));
		now = ifstate_next(&s);
		assert_int_equal(ifstate_tick(&s, now), i);
	}
	assert_int_equal(s.status, I(FAILED));
}

/* What the mate has said before the tests began does not make it fail. */
static void old_words_do_not_count(void **state)
{
	struct ifstate_times t = times[0];
	struct ifstate s;
	uint64_t now, tested;

	(void)state;
	t.fresh_ms = 1000;
	start(&s, &t, &now);
	ifstate_mate(&s, I(NORMAL), 1, now);
	now = ifstate_next(&s);
	ifstate_tick(&s, now);
	tested = now;
	ifstate_mate(&s, I(NORMAL), 2, now);
	while (s.status == I(TESTING)) {
		now = ifstate_next(&s);
		ifstate_tick(&s, now);
	}
	assert_int_equal(s.status, I(FAILED));
	assert_true(now >= tested + t.fresh_ms);
}

static void cable(struct ifstate *s, uint64_t *now, uint32_t want)
{
	*now += 10;
	ifstate_link(s, IFSTATE_LINK_IS_NONE, s->link_only, *now);
	assert_int_equal(s->status, I(NO_LINK));
	*now += 10;
	ifstate_link(s, IFSTATE_LINK_IS_UP, s->link_only, *now);
	ifstate_heard(s, true, *now);
	assert_int_equal(s->status, want);
}

/* Failed more than twice within the time: lasts so long after the last one. */
static void a_flapping_link_is_held_down(void **state)
{
	struct ifstate_times t = times[0];
	struct ifstate s;
	uint64_t now, last;
	int i;

	(void)state;
	t.flaps = 2;
	t.held_ms = 5000;
	start(&s, &t, &now);
	cable(&s, &now, I(NORMAL));
	cable(&s, &now, I(NORMAL));
	cable(&s, &now, I(FAILED));
	assert_string_equal(s.cause, "Failed too often, held down");
	/* each further failure begins it anew */
	now += 2000;
	cable(&s, &now, I(FAILED));
	last = now - 10;
	for (i = 0; now < last + t.held_ms - 100; i++, now += 100)
		assert_false(ifstate_heard(&s, i & 1, now));
	now = last + t.held_ms;
	assert_true(ifstate_heard(&s, true, now));
	assert_int_equal(s.status, I(NORMAL));
	/* control: slowly it may fail as often as it wants */
	for (i = 0; i < 10; i++) {
		now += t.held_ms;
		cable(&s, &now, I(NORMAL));
	}
}

/* An operator ends that; what still fails has failed all the same. */
static void held_down_no_longer(void **state)
{
	struct ifstate_times t = times[0];
	struct ifstate s;
	uint64_t now;

	(void)state;
	t.flaps = 1;
	t.held_ms = 3600000;
	start(&s, &t, &now);
	cable(&s, &now, I(NORMAL));
	cable(&s, &now, I(FAILED));
	now += 1000;
	assert_false(ifstate_heard(&s, true, now));
	ifstate_forgive(&s, now);
	assert_int_equal(s.status, I(FAILED));
	/* it listens at once */
	assert_int_equal(ifstate_next(&s), now);
	ifstate_tick(&s, now);
	assert_true(ifstate_listens(&s));
	assert_true(ifstate_heard(&s, true, now));
	assert_int_equal(s.status, I(NORMAL));
	/* and counts anew */
	cable(&s, &now, I(NORMAL));
	cable(&s, &now, I(FAILED));
}

/* Tunnels and the like have no hellos, and nothing that could be asked. */
static void link_only(void **state)
{
	struct ifstate_times t = times[0];
	struct ifstate s;
	uint64_t now = 1000;

	(void)state;
	t.flaps = 1;
	t.held_ms = 1000;
	ifstate_init(&s, &t, true, now);
	assert_true(ifstate_link(&s, IFSTATE_LINK_IS_UP, true, now));
	assert_int_equal(s.status, I(NORMAL));
	assert_int_equal(ifstate_next(&s), IFSTATE_NEVER);
	assert_false(ifstate_mate(&s, I(TESTING), 1, now + 100000));
	assert_false(ifstate_tick(&s, now + 100000));
	assert_int_equal(s.status, I(NORMAL));
	now += 200000;
	cable(&s, &now, I(NORMAL));
	cable(&s, &now, I(FAILED));
	now = ifstate_next(&s);
	assert_true(ifstate_tick(&s, now));
	assert_int_equal(s.status, I(NORMAL));
}

static void not_monitored(void **state)
{
	struct ifstate s;
	uint64_t now = 1000;

	(void)state;
	ifstate_init(&s, &times[0], false, now);
	assert_int_equal(s.status, I(UNMONITORED));
	assert_false(ifstate_link(&s, IFSTATE_LINK_IS_UP, false, now));
	assert_false(ifstate_heard(&s, true, now));
	assert_false(ifstate_tick(&s, now + 100000));
	assert_true(ifstate_monitor(&s, true, now));
	/* the link has been there all the time */
	assert_int_equal(s.status, I(TESTING));
	assert_true(ifstate_monitor(&s, false, now));
	assert_int_equal(s.status, I(UNMONITORED));
	assert_int_equal(ifstate_next(&s), IFSTATE_NEVER);
}

/* One that tests does not make the mate test for ever, nor that one this. */
static void tests_do_not_echo(void **state)
{
	struct rng rng = { 7 };
	unsigned int t;
	struct world w;

	(void)state;
	for (t = 0; t < N(times); t++) {
		boot(&w, &good, &times[t], &rng);
		w.net.hellos[0] = w.net.hellos[1] = false;
		w.net.chatter = 7;
		pass(&w, 2 * times[t].hold_ms);
		assert_int_equal(w.s[0].status, I(WAITING));
		assert_int_equal(w.s[1].status, I(WAITING));
		w.asked[0] = w.asked[1] = 0;
		w.tested[0] = w.tested[1] = 0;
		pass(&w, 20 * times[t].hold_ms);
		/* somebody is heard: nobody is asked */
		assert_int_equal(w.asked[0] + w.asked[1], 0);
		assert_int_equal(w.tested[0] + w.tested[1], 0);
		/* who is quiet is asked, which is no news as long as it answers */
		w.net.chatter = 0;
		pass(&w, 20 * times[t].hold_ms);
		assert_in_range(w.asked[0], 10, 40);
		assert_int_equal(w.tested[0] + w.tested[1], 0);
		w.net.chatter = 7;
		/* one begins: the other one follows once, if at all */
		w.net.rx[0] = false;
		while (w.s[0].status != I(TESTING))
			pass(&w, 1);
		w.net.rx[0] = true;
		pass(&w, 20 * times[t].hold_ms);
		assert_in_range(w.tested[0], 1, 2);
		assert_in_range(w.tested[1], 0, 2);
	}
}

/* Who has just received something need not test because the mate does. */
static void mate_tests(void **state)
{
	const struct ifstate_times *t = &times[1];
	struct ifstate s;
	uint64_t now;

	(void)state;
	start(&s, t, &now);
	assert_false(ifstate_mate(&s, I(TESTING), 1, now + 1));
	/* but it waits for a word, once */
	assert_true(ifstate_answer(&s));
	assert_false(ifstate_answer(&s));
	assert_false(ifstate_mate(&s, I(NORMAL), 2, now + 2));
	assert_false(ifstate_answer(&s));
	now += t->hold_ms / 8;
	assert_true(ifstate_mate(&s, I(TESTING), 3, now));
	assert_int_equal(s.status, I(TESTING));
	assert_true(ifstate_answer(&s));
	assert_true(ifstate_heard(&s, false, now));
	assert_int_equal(s.status, I(WAITING));
}

/* What a daemon that stands still said before counts for as long as nothing. */
static void words_of_who_stands_still(void **state)
{
	const struct ifstate_times *t = &times[0];
	struct ifstate s;
	uint64_t now;
	int i;

	(void)state;
	start(&s, t, &now);
	ifstate_mate(&s, I(NORMAL), 7, now);
	for (i = 0; i < 30; i++) {
		now = ifstate_next(&s);
		ifstate_tick(&s, now);
	}
	assert_int_equal(s.status, I(TESTING));
	/* and not as fast as that for ever */
	assert_int_equal(ifstate_next(&s), now + t->poll_ms);
	/* its kernel has noticed */
	ifstate_mate(&s, I(NORMAL), 0, now);
	for (i = 0; i < 3; i++) {
		now = ifstate_next(&s);
		ifstate_tick(&s, now);
	}
	assert_int_equal(s.status, I(UNKNOWN));
	/* it is there again, and has nothing new to say: it works, indeed */
	assert_false(ifstate_mate(&s, I(NORMAL), 7, now));
	for (i = 0; i < 2; i++) {
		now = ifstate_next(&s);
		ifstate_tick(&s, now);
	}
	assert_int_equal(s.status, I(FAILED));
}

/*
 * The daemon of B stands still, for less and for more time than its kernel waits
 * for it, and so says no hello, on a port of a bridge where nobody else speaks. What
 * was said to it meanwhile it hears when it goes on, before anybody hears it.
 */
static void mate_stands_still(void **state)
{
	static const unsigned int ms[] = { 300, 1000, 2900, 3100, 8000, 60000 };
	struct rng rng = { 9 };
	unsigned int t, i, n;
	struct world w;

	(void)state;
	for (t = 0; t < N(times); t++)
		for (i = 0; i < N(ms); i++)
			for (n = 0; n < (t ? 2 : 10); n++) {
				boot(&w, &rows[1].net, &times[t], &rng);
				w.bare = true;
				pass(&w, rng_below(&rng, times[t].poll_ms));
				w.still[1] = w.now + ms[i];
				w.stood[1] = ms[i];
				w.gone[1] = w.now + WATCHDOG_MS;
				pass(&w, ms[i] + 4 * times[t].hold_ms);
				if (w.failures[0] || w.failures[1])
					fail_msg("%u ms of hold, %u ms still: failed %u and %u times",
						 times[t].hold_ms, ms[i],
						 w.failures[0], w.failures[1]);
				assert_int_equal(w.s[0].status, I(NORMAL));
				assert_int_equal(w.s[1].status, I(NORMAL));
			}
}

/* A new daemon tests what has failed before it says otherwise. */
static void remembers(void **state)
{
	struct ifstate s;

	(void)state;
	ifstate_init(&s, &times[0], true, 1);
	ifstate_recall(&s, 1);
	assert_int_equal(s.status, I(FAILED));
	assert_true(ifstate_listens(&s));
	assert_false(ifstate_link(&s, IFSTATE_LINK_IS_UP, false, 2));
	assert_int_equal(s.status, I(FAILED));
	assert_true(ifstate_heard(&s, false, 3));
	assert_int_equal(s.status, I(WAITING));
	/* the link says more */
	ifstate_init(&s, &times[0], true, 1);
	ifstate_recall(&s, 1);
	assert_true(ifstate_link(&s, IFSTATE_LINK_IS_NONE, false, 2));
	assert_int_equal(s.status, I(NO_LINK));
	/* one that does not count has not failed */
	ifstate_init(&s, &times[0], false, 1);
	ifstate_recall(&s, 1);
	assert_int_equal(s.status, I(UNMONITORED));
}

/* A network that comes after the daemon has not failed before it was there. */
static void first_link(void **state)
{
	const struct ifstate_times *t = &times[1];
	struct ifstate s;
	uint64_t now = 1000, end = now + t->hold_ms;

	(void)state;
	ifstate_init(&s, t, true, now);
	assert_false(ifstate_link(&s, IFSTATE_LINK_IS_NONE, false, now));
	assert_false(ifstate_link(&s, IFSTATE_LINK_IS_DOWN, false, end - 1));
	assert_false(ifstate_tick(&s, end - 1));
	assert_int_equal(s.status, I(UNKNOWN));
	assert_string_equal(s.cause, "No link so far");
	/* it has been waited for, and what is known by now is so */
	assert_int_equal(ifstate_next(&s), end);
	assert_true(ifstate_tick(&s, end));
	assert_int_equal(s.status, I(LINK_DOWN));
	/* what is found out then for the first time is so at once */
	ifstate_init(&s, t, true, now);
	assert_true(ifstate_link(&s, IFSTATE_LINK_IS_NONE, false, end));
	assert_int_equal(s.status, I(NO_LINK));
	/* one that comes in time is tested, and is not one that came back */
	ifstate_init(&s, t, true, now);
	assert_false(ifstate_link(&s, IFSTATE_LINK_IS_NONE, false, now));
	assert_true(ifstate_link(&s, IFSTATE_LINK_IS_UP, false, ++now));
	assert_int_equal(s.status, I(TESTING));
	/* and goes, as any other, at once */
	assert_true(ifstate_link(&s, IFSTATE_LINK_IS_NONE, false, ++now));
	assert_int_equal(s.status, I(NO_LINK));
}

/* The mate is active: nothing waits for this unit. */
static void first_link_in_a_hurry(void **state)
{
	struct ifstate s;
	uint64_t now = 1000;

	(void)state;
	ifstate_init(&s, &times[1], true, now);
	ifstate_link(&s, IFSTATE_LINK_IS_NONE, false, now);
	ifstate_hurry(&s, ++now);
	assert_int_equal(ifstate_next(&s), now);
	assert_true(ifstate_tick(&s, now));
	assert_int_equal(s.status, I(NO_LINK));
	/* before it was looked at */
	ifstate_init(&s, &times[1], true, now);
	ifstate_hurry(&s, now);
	assert_true(ifstate_link(&s, IFSTATE_LINK_IS_DOWN, false, now));
	assert_int_equal(s.status, I(LINK_DOWN));
	/* no other state has anything to do with that */
	start(&s, &times[1], &now);
	ifstate_hurry(&s, now);
	assert_int_equal(s.status, I(NORMAL));
	assert_int_equal(ifstate_next(&s), now + times[1].hold_ms / 2);
	/* nor one that is looked at from now on */
	ifstate_init(&s, &times[1], false, now);
	ifstate_link(&s, IFSTATE_LINK_IS_NONE, false, now);
	assert_true(ifstate_monitor(&s, true, now));
	assert_int_equal(s.status, I(NO_LINK));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_event_in_every_state),
		cmocka_unit_test(what_is_compared),
		cmocka_unit_test(no_link_at_once),
		cmocka_unit_test(tests_in_order),
		cmocka_unit_test(old_words_do_not_count),
		cmocka_unit_test(a_flapping_link_is_held_down),
		cmocka_unit_test(held_down_no_longer),
		cmocka_unit_test(link_only),
		cmocka_unit_test(not_monitored),
		cmocka_unit_test(tests_do_not_echo),
		cmocka_unit_test(mate_tests),
		cmocka_unit_test(words_of_who_stands_still),
		cmocka_unit_test(mate_stands_still),
		cmocka_unit_test(remembers),
		cmocka_unit_test(first_link),
		cmocka_unit_test(first_link_in_a_hurry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
