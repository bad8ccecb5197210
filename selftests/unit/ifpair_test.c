// SPDX-License-Identifier: GPL-2.0
/* Two units, up to four interfaces in all states: who is active in the end.
 *
 * The interface policy says which unit is unfit, and the election what becomes of
 * it. What is promised, before all that is computed:
 *
 * - it comes to rest, whoever looks first, and the end is the same;
 * - one unit is active then, and the role has moved once at most;
 * - without preemption it moves exactly from a unit with too many failures to
 *   one that has fewer;
 * - with it the primary is active unless it has too many, and more than its mate;
 * - the other unit is Failed if it is unfit, else Standby Ready.
 *
 * Both know the states of both: monitor.c waits until they have lasted. What is
 * promised of an interface whose first link comes late is a table of its own.
 */
#include "test.h"

#include "elect.h"
#include "ifpolicy.h"
#include "ifstate.h"

#define N(a)	(sizeof(a) / sizeof((a)[0]))
#define I(status_)	NF_FAILOVER_IFSTATUS_##status_
#define S(state_)	NF_FAILOVER_STATE_##state_
#define ACTIVE	NF_FAILOVER_ROLE_ACTIVE
#define STANDBY	NF_FAILOVER_ROLE_STANDBY
#define IFCS	4
#define STATES	(I(UNMONITORED) + 1)
#define PAIRS	(STATES * STATES)
/* Who looks in the first turns, a bit each; all orders of them. */
#define TURNS	8
#define TURNS_MAX	40
#define STEPS_MAX	32

/* What the kernel and the timers of a unit have; of the mate it hears all. */
struct unit {
	uint32_t	role;
	uint32_t	state;
	uint64_t	epoch;
	bool		unfit;
	bool		synced;
	bool		wants;
	bool		preempt;	/* configured; its timer runs */
	bool		due;
};

struct pair {
	struct unit u[2];	/* the first one is the primary */
	unsigned int moves;
};

static void look_at(struct elect_view *v, const struct pair *p, int i)
{
	const struct unit *u = &p->u[i], *mate = &p->u[!i];

	*v = (struct elect_view) {
		.enabled	= true,
		.unit		= i ? NF_FAILOVER_UNIT_SECONDARY :
				      NF_FAILOVER_UNIT_PRIMARY,
		.role		= u->role,
		.state		= u->state,
		.epoch		= u->epoch,
		.synced		= u->synced,
		.unfit		= u->unfit ? "Interface check" : NULL,
		.preempt	= u->preempt,
		.wants		= u->wants,
		.peer_known	= true,
		.peer_alive	= true,
		.peer_role	= mate->role,
		.peer_state	= mate->state,
		.peer_epoch	= mate->epoch,
		.peer_daemon	= true,
		.peer_synced	= mate->synced,
		.peer_wants	= mate->wants,
		.peer_unfit	= mate->unfit,
	};
}

static void take_role(struct pair *p, int i)
{
	struct unit *u = &p->u[i];

	if (u->role == ACTIVE)
		return;
	u->role = ACTIVE;
	u->epoch = p->u[!i].epoch + 1;
	p->moves++;
}

/* As the kernels do it: to a mate that is ready and fit, else not at all. */
static void hand_over(struct pair *p, int i)
{
	struct unit *u = &p->u[i], *mate = &p->u[!i];

	if (mate->state != S(STANDBY_READY) || !mate->synced || mate->unfit)
		fail_msg("handed over to a unit that is not ready");
	u->role = STANDBY;
	u->synced = false;
	take_role(p, !i);
}

static void perform(struct pair *p, int i, struct elect_decision d)
{
	struct unit *u = &p->u[i];

	for (;;) {
		u->state = d.state;
		if (d.actions & ELECT_DO_ROLE_ACTIVE)
			take_role(p, i);
		if (d.actions & ELECT_DO_ROLE_STANDBY)
			u->role = STANDBY;
		if (d.actions & ELECT_DO_WANT)
			u->wants = true;
		if (d.actions & (ELECT_DO_UNWANT | ELECT_DO_ROLE_ACTIVE))
			u->wants = false;
		if (d.actions & (ELECT_DO_PREEMPT | ELECT_DO_UNPREEMPT))
			u->due = d.actions & ELECT_DO_PREEMPT;
		if (d.actions & ELECT_DO_DRAIN)
			hand_over(p, i);
		if (!(d.actions & ELECT_DO_STEP))
			return;
		d = elect_edge(u->state, ELECT_STEP);
	}
}

/* The daemon of a unit looks; returns whether anything came of it. */
static bool turn(struct pair *p, int i)
{
	const struct pair before = *p;
	struct elect_decision d;
	struct elect_view v;
	int n;

	/* the bulk sync, and the delay of preemption, are over by now */
	if (p->u[i].role == STANDBY && p->u[!i].role == ACTIVE)
		p->u[i].synced = true;
	if (p->u[i].due) {
		p->u[i].due = false;
		perform(p, i, elect_edge(p->u[i].state, ELECT_PREEMPT_OVER));
	}
	for (n = 0; n < STEPS_MAX; n++) {
		look_at(&v, p, i);
		d = elect_decide(&v);
		perform(p, i, d);
		if (!d.moved)
			return memcmp(&before, p, sizeof(before));
	}
	fail_msg("a unit does not come to rest");
	return true;
}

/* Whoever looks first, and however often. */
static void run(struct pair *p, unsigned int order)
{
	unsigned int i, quiet = 0;

	for (i = 0; i < TURNS; i++)
		turn(p, order >> i & 1);
	for (i = 0; i < TURNS_MAX && quiet < 2; i++)
		quiet = turn(p, i & 1) ? 0 : quiet + 1;
	if (quiet < 2)
		fail_msg("two units do not come to rest, %u moves", p->moves);
}

/* How it begins, and how it has to end. */
struct start {
	int active;
	uint32_t other;
	bool unfit[2];
	bool preempt;
};

static int who_ends_active(const struct start *s)
{
	if (s->preempt)
		return s->unfit[0];
	return s->unfit[s->active] ? !s->active : s->active;
}

static void run_all_orders(const struct start *s)
{
	int want = who_ends_active(s);
	struct pair p;
	unsigned int order;

	for (order = 0; order < 1u << TURNS; order++) {
		memset(&p, 0, sizeof(p));
		p.u[0].preempt = s->preempt;
		p.u[0].unfit = s->unfit[0];
		p.u[1].unfit = s->unfit[1];
		p.u[s->active].role = ACTIVE;
		p.u[s->active].state = S(ACTIVE);
		p.u[s->active].epoch = 1;
		p.u[!s->active].role = STANDBY;
		p.u[!s->active].state = s->other;
		p.u[!s->active].synced = s->other == S(STANDBY_READY);
		run(&p, order);
		if (p.u[want].role != ACTIVE || p.u[want].state != S(ACTIVE) ||
		    p.u[!want].role != STANDBY ||
		    p.u[!want].state != (s->unfit[!want] ? S(FAILED) :
							   S(STANDBY_READY)) ||
		    p.moves != (want != s->active))
			fail_msg("active %d, unfit %d %d, preempt %d, order %x: %u and %u after %u moves",
				 s->active, s->unfit[0], s->unfit[1],
				 s->preempt, order, p.u[0].state, p.u[1].state,
				 p.moves);
	}
}

/* All that two units can begin with, of which never both are unfit. */
static void comes_to_rest(void **state)
{
	static const uint32_t others[] = {
		S(STANDBY_READY), S(COLD_STANDBY), S(BULK_SYNC), S(FAILED),
	};
	struct start s;
	unsigned int n, i;

	(void)state;
	for (i = 0; i < N(others); i++)
		for (n = 0; n < 12; n++) {
			s = (struct start) { n & 1, others[i], { false, false },
					     n >> 1 & 1 };
			if (n >> 2)
				s.unfit[(n >> 2) - 1] = true;
			run_all_orders(&s);
		}
}

static const struct ifpolicy policies[] = {
	{ 0, 0 }, { 1, 0 }, { 2, 0 }, { 3, 0 }, { 4, 0 }, { 5, 0 },
	{ 0, 1 }, { 0, 25 }, { 0, 50 }, { 0, 75 }, { 0, 100 },
};

static unsigned int failures(const struct ifpolicy_ifc *ifc, unsigned int n)
{
	unsigned int sum = 0;

	for (; n; n--, ifc++)
		if (ifc->here >= I(FAILED) && ifc->here <= I(LINK_DOWN))
			sum += ifc->weight;
	return sum;
}

static void turn_round(struct ifpolicy_ifc *to, const struct ifpolicy_ifc *ifc,
		       unsigned int n)
{
	for (; n; n--, ifc++, to++)
		*to = (struct ifpolicy_ifc) { ifc->weight, ifc->mate,
					      ifc->here };
}

/*
 * How it goes on from there is known, see comes_to_rest(): the role moves from
 * an unfit unit, and once.
 */
static void check(const struct ifpolicy_ifc *ifc, unsigned int n)
{
	unsigned int failed[2], i;
	struct ifpolicy_ifc mates[IFCS];
	struct ifpolicy_sum sum[2];
	bool unfit[2];
	int u;

	turn_round(mates, ifc, n);
	sum[0] = ifpolicy_sum(ifc, n);
	sum[1] = ifpolicy_sum(mates, n);
	failed[0] = failures(ifc, n);
	failed[1] = failures(mates, n);
	for (i = 0; i < N(policies); i++) {
		for (u = 0; u < 2; u++)
			unfit[u] = ifpolicy_unfit(&policies[i], &sum[u]);
		if (unfit[0] && unfit[1])
			fail_msg("policy %u, %u%%: both are unfit, %u and %u failed",
				 policies[i].number, policies[i].percent,
				 failed[0], failed[1]);
		for (u = 0; u < 2; u++)
			if (unfit[u] != (ifpolicy_met(&policies[i], &sum[u]) &&
					 failed[u] > failed[!u]))
				fail_msg("policy %u, %u%%: from %u failed to %u",
					 policies[i].number,
					 policies[i].percent, failed[u],
					 failed[!u]);
	}
}

/*
 * Interfaces of these weights, in all states on both units. (Where all weigh
 * the same, ifpolicy_test has all four.)
 */
static void check_all(struct ifpolicy_ifc *ifc, unsigned int n, unsigned int i,
		      unsigned int most)
{
	unsigned int pair;

	if (i == n) {
		check(ifc, n);
		return;
	}
	/* of those that weigh the same the order does not matter */
	if (i && ifc[i].weight != ifc[i - 1].weight)
		most = PAIRS;
	for (pair = 0; pair < most; pair++) {
		ifc[i].here = pair / STATES;
		ifc[i].mate = pair % STATES;
		check_all(ifc, n, i + 1, pair + 1);
	}
}

static void moves_to_the_better_one(void **state)
{
	static const unsigned int weights[][IFCS] = {
		{ 2, 1, 1 }, { 3, 2, 1 }, { 255, 3 },
	};
	struct ifpolicy_ifc ifc[IFCS];
	unsigned int w, n, i;

	(void)state;
	for (w = 0; w < N(weights); w++)
		for (n = 0; n <= IFCS && (!n || weights[w][n - 1]); n++) {
			for (i = 0; i < n; i++)
				ifc[i].weight = weights[w][i];
			check_all(ifc, n, 0, PAIRS);
		}
}

/*
 * Both boot, and an interface of them gets its first link late, or never. It is
 * waited for where nobody else could do better; a unit beside an active one is
 * Failed at once. @moves: of the role, the first promotion is one of them; @ms:
 * when the last one was, and when a unit has Failed, if it has.
 */
#define NEVER_MS	UINT64_MAX
#define HOLD_MS		5000
#define BOOT_MS		100	/* until the daemons have found each other */

static const struct {
	const char *what;
	uint64_t link_ms[2];
	int active;
	uint32_t other;		/* the state of the other one, at last */
	uint64_t ms;
	unsigned int moves;
} late[] = {
	{ "nothing is late", { 0, 0 }, 0, S(STANDBY_READY), BOOT_MS, 1 },
	{ "of the primary", { 3000, 0 }, 0, S(STANDBY_READY), BOOT_MS, 1 },
	{ "of the primary, at the last moment", { HOLD_MS - 1, 0 }, 0,
	  S(STANDBY_READY), BOOT_MS, 1 },
	{ "of the primary, never", { NEVER_MS, 0 }, 1, S(FAILED), HOLD_MS, 2 },
	{ "of the primary, too late", { HOLD_MS + 1000, 0 }, 1,
	  S(STANDBY_READY), HOLD_MS, 2 },
	{ "of the secondary", { 0, 3000 }, 0, S(STANDBY_READY), BOOT_MS, 1 },
	{ "of the secondary, never", { 0, NEVER_MS }, 0, S(FAILED), BOOT_MS, 1 },
	{ "of both", { 4000, 3000 }, 0, S(STANDBY_READY), BOOT_MS, 1 },
	{ "of both, never", { NEVER_MS, NEVER_MS }, 0, S(STANDBY_READY),
	  BOOT_MS, 1 },
};

struct links {
	struct ifstate s[2];
	uint32_t told[2];
	uint32_t word[2];
};

/* A millisecond of the interface of a unit, as ifwatch.c has it. */
static void watch(struct links *l, const struct pair *p, int i, uint64_t at,
		  uint64_t now, const uint64_t *link_ms)
{
	struct ifstate *s = &l->s[i];

	ifstate_link(s, at >= link_ms[i] ? IFSTATE_LINK_IS_UP :
		     IFSTATE_LINK_IS_NONE, false, now);
	if (at >= link_ms[i] && at >= link_ms[!i] && !(at % 100))
		ifstate_heard(s, true, now);
	if (p->u[i].role == STANDBY && p->u[i].state != S(NEGOTIATION))
		ifstate_hurry(s, now);
	ifstate_mate(s, l->told[!i], l->word[!i], now);
	ifstate_tick(s, now);
	if (l->told[i] != s->status || ifstate_answer(s))
		l->word[i]++;
	l->told[i] = s->status;
}

static bool has_failed(const struct pair *p)
{
	return p->u[0].state == S(FAILED) || p->u[1].state == S(FAILED);
}

/* Returns when the role moved last; @failed: when a unit had Failed. */
static uint64_t boot(struct pair *p, const uint64_t *link_ms, uint64_t *failed)
{
	static const struct ifstate_times t = {
		.poll_ms = 500, .hold_ms = HOLD_MS, .fresh_ms = 400,
	};
	static const struct ifpolicy one = { 1, 0 };
	const uint64_t begun = 1000;
	struct links l = { .word = { 1, 1 } };
	struct ifpolicy_ifc ifc;
	struct ifpolicy_sum sum;
	uint64_t at, last = 0;
	unsigned int before;
	int i;

	memset(p, 0, sizeof(*p));
	*failed = 0;
	for (i = 0; i < 2; i++) {
		p->u[i].role = STANDBY;
		p->u[i].state = S(NEGOTIATION);
		ifstate_init(&l.s[i], &t, true, begun);
	}
	for (at = 0; at < 4 * HOLD_MS; at++)
		for (i = 0; i < 2; i++) {
			before = p->moves;
			watch(&l, p, i, at, begun + at, link_ms);
			ifc = (struct ifpolicy_ifc) { 1, l.s[i].status,
						      l.told[!i] };
			sum = ifpolicy_sum(&ifc, 1);
			p->u[i].unfit = ifpolicy_unfit(&one, &sum);
			if (at >= BOOT_MS)
				turn(p, i);
			if (p->moves != before)
				last = at;
			if (!*failed && has_failed(p))
				*failed = at;
		}
	return last;
}

static bool is_about(uint64_t at, uint64_t want)
{
	return at >= want && at <= want + 10;
}

static void first_link_is_waited_for(void **state)
{
	unsigned int n;
	struct pair p;
	uint64_t last, failed;

	(void)state;
	for (n = 0; n < N(late); n++) {
		last = boot(&p, late[n].link_ms, &failed);
		if (p.u[late[n].active].state != S(ACTIVE) ||
		    p.u[!late[n].active].state != late[n].other ||
		    p.moves != late[n].moves || !is_about(last, late[n].ms) ||
		    (failed && !is_about(failed, late[n].ms)))
			fail_msg("%s: %u and %u after %u moves, the last at %u ms, failed at %u ms",
				 late[n].what, p.u[0].state, p.u[1].state,
				 p.moves, (unsigned int)last,
				 (unsigned int)failed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_to_rest),
		cmocka_unit_test(moves_to_the_better_one),
		cmocka_unit_test(first_link_is_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
