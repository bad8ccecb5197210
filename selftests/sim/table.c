// SPDX-License-Identifier: GPL-2.0
/*
 * The table of the interface policy: two units, up to four interfaces, each in all
 * of its states on both.
 *
 * Two parts make it whole. The first one asks monitor.c of every set of states
 * whether a unit is unfit, and compares that with what is promised here in other
 * words: by it what matters of a state is whether it has failed, works or does not
 * count, and nothing of an interface that does not exist. The second one plays every
 * set of these three on both units, from each unit being active and with each unit
 * being the first to know, to two kernels with daemons that hear each other by their
 * hellos. Then it has to come to rest so:
 *
 * - one unit is active, and the role has moved once at most;
 * - without preemption it has moved exactly from a unit with too many failures to
 *   one that has fewer; with it the primary has it unless it is such a unit;
 * - the other unit is Failed if it is unfit, else Standby Ready;
 * - it stays so.
 *
 * That never two units forward is a rule of check.c, in each step.
 */
#include <stdio.h>
#include <string.h>

#include "sim.h"

#define N(a)		(sizeof(a) / sizeof((a)[0]))
#define STATES		8
#define PAIRS		(STATES * STATES)
#define CLASSES		3
#define POLL_MS		50
#define LOOK		(20 * MSEC)
#define LIMIT		(10 * SEC)
#define WATCHED		(300 * MSEC)

/* enum nf_failover_ifstatus: '-' has not failed, 'x' has, 'u' does not count. */
static const char of_state[STATES + 1] = "----xxxu";
/* One state for each of these; see the first part. */
static const u32 of_class[CLASSES] = { 1, 5, 7 };
/* enum nf_failover_state */
enum { FAILED = 11, STANDBY_READY = 5 };

struct row {
	unsigned int ifcs;
	u32 weight[IFCS];
	u32 policy, percent;
	bool preempt;
};

static const struct row rows[] = {
	{ 1, { 1 }, 1, 0, false },
	{ 2, { 1, 1 }, 1, 0, false },
	{ 2, { 1, 1 }, 0, 50, false },
	{ 3, { 1, 1, 1 }, 2, 0, false },
	{ 3, { 2, 1, 1 }, 2, 0, false },
	{ 4, { 1, 1, 1, 1 }, 1, 0, false },
	{ 4, { 1, 1, 1, 1 }, 2, 0, false },
	{ 4, { 1, 1, 1, 1 }, 0, 50, false },
	{ 4, { 1, 1, 1, 1 }, 0, 100, false },
	{ 4, { 1, 1, 1, 1 }, 2, 0, true },
};
static const size_t quick_rows[] = { 2, 4, 9 };

/* The states of an interface on both units, by unit. */
struct states {
	u32 of[UNITS][IFCS];
};

static u64 sets, verdicts, played, moved;

/* --- what is promised ---------------------------------------------------- */

static bool is_unfit(const struct row *r, const struct states *s, int unit)
{
	u64 failed = 0, mates = 0, all = 0;
	unsigned int i;

	for (i = 0; i < r->ifcs; i++) {
		all += of_state[s->of[unit][i]] != 'u' ? r->weight[i] : 0;
		failed += of_state[s->of[unit][i]] == 'x' ? r->weight[i] : 0;
		mates += of_state[s->of[!unit][i]] == 'x' ? r->weight[i] : 0;
	}
	if (failed <= mates)
		return false;
	if (r->policy)
		return failed >= r->policy;
	return failed == all || 100 * failed > r->percent * all;
}

static int who_ends_active(const struct row *r, const struct states *s,
			   int active)
{
	if (r->preempt)
		return is_unfit(r, s, 0);
	return is_unfit(r, s, active) ? !active : active;
}

/* --- all sets -------------------------------------------------------------- */

typedef void (*do_set)(const struct row *r, const struct states *s);

/*
 * Of interfaces that weigh the same the order does not matter: each kind of pair
 * of states is at least that of the interface before.
 */
static void each_set(const struct row *r, unsigned int kinds, const u32 *value,
		     do_set fn)
{
	unsigned int pair[IFCS] = { 0 }, i;
	struct states s;

	for (;;) {
		for (i = 0; i < r->ifcs; i++) {
			s.of[0][i] = value[pair[i] / kinds];
			s.of[1][i] = value[pair[i] % kinds];
		}
		fn(r, &s);
		for (i = r->ifcs; i && pair[i - 1] == kinds * kinds - 1; i--)
			;
		if (!i)
			return;
		pair[i - 1]++;
		for (; i < r->ifcs; i++)
			pair[i] = r->weight[i] == r->weight[i - 1] ?
				  pair[i - 1] : 0;
	}
}

static void judge(const struct row *r, const struct states *s)
{
	bool unfit[UNITS];
	int u;

	sets++;
	for (u = 0; u < UNITS; u++) {
		unfit[u] = verdict(s->of[u], s->of[!u]);
		verdicts++;
		sim_assert(unfit[u] == is_unfit(r, s, u),
			   "monitor.c: the verdict is another one");
	}
	sim_assert(!unfit[0] || !unfit[1], "monitor.c: both units are unfit");
}

/* --- played ----------------------------------------------------------------- */

static int active(void)
{
	return box_claims(1) && !box_claims(0);
}

static bool rests(const struct row *r, const struct states *s, int want)
{
	struct box_view v;

	sim.cur = !want;	/* whose lock it takes */
	box_get(!want, &v);
	sim.cur = -1;
	return box_claims(want) && box_forwarding(want) && !box_claims(!want) &&
	       v.fit == !is_unfit(r, s, !want) &&
	       v.state == (v.fit ? STANDBY_READY : FAILED);
}

static void tell(const struct states *s, int unit)
{
	sim.cur = unit;		/* who wakes its daemon */
	daemon_ifcs(unit, s->of[unit]);
	sim.cur = -1;
}

/* These states, which unit @first notices first. */
static void show(const struct states *s, int first)
{
	tell(s, first);
	world_pass(sim.now + MSEC);
	tell(s, !first);
}

static void settle(const struct row *r, const struct states *s, int want,
		   u64 most)
{
	u64 begun = sim.now, before = sim.tally[TALLY_PROMOTIONS];

	while (!rests(r, s, want)) {
		sim_assert(sim.now < begun + LIMIT,
			   "the policy does not come to rest as promised");
		world_pass(sim.now + LOOK);
	}
	world_pass(sim.now + WATCHED);
	sim_assert(rests(r, s, want), "the policy does not stay at rest");
	sim_assert(sim.tally[TALLY_PROMOTIONS] - before <= most,
		   "the role moves more often than it must");
	moved += sim.tally[TALLY_PROMOTIONS] - before;
}

/* All is well; the given unit is made active by what the other one loses. */
static void lead(const struct row *r, int unit)
{
	struct states s;
	unsigned int i;

	for (i = 0; i < r->ifcs; i++)
		s.of[0][i] = s.of[1][i] = of_class[0];
	if (active() != unit && !r->preempt) {
		for (i = 0; i < r->ifcs; i++)
			s.of[!unit][i] = of_class[1];
		show(&s, 0);
		settle(r, &s, unit, 1);
		for (i = 0; i < r->ifcs; i++)
			s.of[!unit][i] = of_class[0];
	}
	show(&s, 0);
	settle(r, &s, unit, 1);
}

static void play(const struct row *r, const struct states *s)
{
	int unit, first, want;

	for (unit = 0; unit < (r->preempt ? 1 : UNITS); unit++)
		for (first = 0; first < UNITS; first++) {
			lead(r, unit);
			want = who_ends_active(r, s, unit);
			show(s, first);
			settle(r, s, want, want != unit);
			played++;
		}
}

static void run_row(const struct row *r, u64 seed)
{
	static const u32 every[STATES] = { 0, 1, 2, 3, 4, 5, 6, 7 };

	daemon_cfg.ifcs = r->ifcs;
	memcpy(daemon_cfg.weight, r->weight, sizeof(r->weight));
	daemon_cfg.policy = r->policy;
	daemon_cfg.percent = r->percent;
	each_set(r, STATES, every, judge);
	world_begin(seed);
	daemon_cfg.poll_ms = POLL_MS;
	daemon_cfg.hold_ms = 5 * POLL_MS;
	daemon_cfg.preempt = r->preempt;
	daemon_cfg.preempt_delay = 0;
	daemon_cfg.held_takeovers = 0;
	world_boot();
	world_pass(sim.now + 3 * SEC);
	each_set(r, CLASSES, of_class, play);
	world_end();
	daemon_cfg.ifcs = 0;
}

void table_run(u64 seed, bool quick)
{
	size_t i, n = quick ? N(quick_rows) : N(rows);

	for (i = 0; i < n; i++)
		run_row(&rows[quick ? quick_rows[i] : i], seed + i);
	printf("sum %llu sets of states\n", (unsigned long long)sets);
	printf("sum %llu verdicts\n", (unsigned long long)verdicts);
	printf("sum %llu situations played\n", (unsigned long long)played);
	printf("sum %llu moves of the role\n", (unsigned long long)moved);
}
