// SPDX-License-Identifier: GPL-2.0
/*
 * One takeover after another. A step begins with a pair that is ready, opens
 * some sessions, has up to three bad things happen that must not cause a
 * takeover, and then one that must; it ends when the pair is whole again.
 */
#include <stdlib.h>
#include <string.h>

#include "driver.h"

#define READY_MS	30000
#define STEP_MS		20000
#define TAKEOVER_MS	10000
#define SESSIONS_MS	45000
/* The hold time is 1 s: most cuts are longer. */
#define CUT_MS		8000
/* So many takeovers have all kinds of faults in them. */
#define ALL_KINDS	100
/* In these moments a look every 10 ms, else every 200 ms. */
#define CLOSE_MS	10
#define LOOSE_MS	200
/* How long a takeover is looked at after it. */
#define AFTER_MS	100

struct kind {
	const char *name;
	unsigned int weight;
	void (*fn)(struct unit *active, struct unit *standby);
	unsigned int count;
	unsigned int outage;	/* the longest, ms */
};

static bool faulty;		/* something is wrong with the link */

static void heal(void)
{
	unsigned int i;

	if (!faulty)
		return;
	faulty = false;
	for (i = 0; i < 2; i++)
		unit_link(&units[i], NULL);
}

static void check_tables(void)
{
	const char *const argv[] = { getenv("CTDIFF"), world_name(FW1),
				     world_name(FW2), NULL };
	unsigned int i;

	fflush(stdout);
	for (i = 0; i < 10; i++) {
		if (!run(HERE, NULL, argv))
			return;
		pass(500);
	}
	fail("the tables of the two units differ");
}

void settle(void)
{
	heal();
	if (!until(pair_is_ready, NULL, READY_MS))
		fail("the pair is not ready again");
	if (!until(pair_in_step, NULL, STEP_MS))
		fail("the standby does not get everything");
}

/* --- what must not cause a takeover ------------------------------------ */

static void daemon_again(struct unit *u)
{
	unit_daemon_kill(u);
	pass(random_below(4000));
	unit_daemon_start(u);
	pass(random_below(500));
}

static void daemon_of_active(struct unit *a, struct unit *s)
{
	daemon_again(a);
}

static void daemon_of_standby(struct unit *a, struct unit *s)
{
	daemon_again(s);
}

static void standby_crashes(struct unit *a, struct unit *s)
{
	unit_crash(s, random_chance(50));
	faulty = false;		/* the cable went with it */
	pass(random_below(3000));
	unit_boot(s);
	/* it may crash again, in the middle of its boot or bulk sync */
	if (!random_chance(30))
		return;
	pass(random_below(1500));
	unit_crash(s, false);
	unit_boot(s);
}

static void standby_disabled(struct unit *a, struct unit *s)
{
	unit_enable(s, false);
	pass(random_below(3000));
	unit_enable(s, true);
}

static void lossy(struct unit *a, struct unit *s)
{
	unit_link(a, "delay 2ms 1ms loss 10% duplicate 5% reorder 25% 50%");
	unit_link(s, "delay 2ms 1ms loss 10% duplicate 5% reorder 25% 50%");
	faulty = true;
	pass(500 + random_below(2000));
}

/*
 * @from and @to say nothing, or @from alone does not. For longer than the hold
 * time or not: the standby finds the active one on the data networks.
 */
static void cut(struct unit *from, struct unit *to)
{
	heal();
	pass(300);
	unit_link(from, "loss 100%");
	if (to)
		unit_link(to, "loss 100%");
	pass(1 + random_below(CUT_MS));
	unit_link(from, NULL);
	if (to)
		unit_link(to, NULL);
	pass(random_below(500));
}

static void cut_both(struct unit *a, struct unit *s)
{
	cut(a, s);
}

static void cut_active(struct unit *a, struct unit *s)
{
	cut(a, NULL);
}

static void cut_standby(struct unit *a, struct unit *s)
{
	cut(s, NULL);
}

static struct kind disturbances[] = {
	{ "daemon of the active killed and restarted", 3, daemon_of_active },
	{ "daemon of the standby killed and restarted", 3, daemon_of_standby },
	{ "standby crashed and rebooted", 2, standby_crashes },
	{ "failover off and on again on the standby", 2, standby_disabled },
	{ "link loses, repeats and reorders", 3, lossy },
	{ "link cut in both directions", 2, cut_both },
	{ "link cut from the active to the standby", 2, cut_active },
	{ "link cut from the standby to the active", 2, cut_standby },
};

/* --- what must --------------------------------------------------------- */

static void crashed(struct unit *a, bool links)
{
	unit_crash(a, links);
	faulty = false;
}

static void power(struct unit *a, struct unit *s)
{
	crashed(a, false);
}

static void links(struct unit *a, struct unit *s)
{
	crashed(a, true);
}

static void daemonless(struct unit *a, struct unit *s)
{
	unit_daemon_kill(s);
	pass(random_below(500));
	crashed(a, random_chance(50));
	pass(random_below(2500));
	unit_daemon_start(s);
}

static void off(struct unit *a, struct unit *s)
{
	unit_enable(a, false);
}

/* With a bad link it may be refused, or not be drained in time. */
static void ask(struct unit *u, enum nf_failover_ask what, struct unit *next)
{
	unsigned int i;

	for (i = 0; i < 5; i++) {
		if (unit_ask(u, what))
			fail("failover was not asked: %s", u->nl.error);
		if (until(unit_is_active, next, 3000))
			return;
		trace("refused");
		settle();
	}
}

static void switch_active(struct unit *a, struct unit *s)
{
	ask(s, NF_FAILOVER_ASK_ACTIVE, s);
}

static void switch_no_active(struct unit *a, struct unit *s)
{
	ask(a, NF_FAILOVER_ASK_STANDBY, s);
}

static struct kind takeovers[] = {
	{ "power of the active lost", 3, power },
	{ "links of the active lost, then the rest", 3, links },
	{ "active lost while the standby had no daemon", 2, daemonless },
	{ "failover off on the active", 2, off },
	{ "failover active", 4, switch_active },
	{ "failover no active", 4, switch_no_active },
};

#define N(a)	(sizeof(a) / sizeof((a)[0]))

static struct kind *pick(struct kind *kinds, unsigned int n)
{
	unsigned int i, sum = 0, at;

	for (i = 0; i < n; i++)
		sum += kinds[i].weight;
	at = random_below(sum);
	for (i = 0; at >= kinds[i].weight; i++)
		at -= kinds[i].weight;
	return &kinds[i];
}

static void disturb(void)
{
	unsigned int n = random_below(3);
	struct unit *a = unit_active();
	struct kind *k;

	while (n--) {
		k = pick(disturbances, N(disturbances));
		k->count++;
		trace("- %s", k->name);
		k->fn(a, unit_other(a));
		if (!until(pair_is_ready, NULL, READY_MS))
			fail("the pair is not ready again after: %s", k->name);
		if (unit_active() != a)
			fail("a takeover that must not be: %s", k->name);
	}
	if (random_chance(50))
		heal();
	if (!until(pair_in_step, NULL, STEP_MS))
		fail("the standby does not get everything");
}

static void rejoin(struct unit *u)
{
	pass(random_below(2000));
	if (!u->up)
		unit_boot(u);
	else if (!u->on)
		unit_enable(u, true);
}

/* Takes effect at some moment of the rounds of the traffic. */
static void takeover(void)
{
	struct unit *a = unit_active(), *s = unit_other(a);
	struct kind *k = pick(takeovers, N(takeovers));
	unsigned int outage;
	uint64_t since;

	probe_every(CLOSE_MS);
	pass(random_below(300));
	probe_outage_ms();
	trace("- %s", k->name);
	k->count++;
	k->fn(a, s);
	if (!until(unit_is_active, s, TAKEOVER_MS))
		fail("no takeover: %s", k->name);
	since = now_ns();
	pass(AFTER_MS);
	outage = probe_outage_ms();
	if (outage > k->outage)
		k->outage = outage;
	probe_every(LOOSE_MS);
	if (!until(sessions_went_on, &since, SESSIONS_MS))
		fail("the sessions did not go on after: %s", k->name);
	rejoin(a);
}

/* --- faults that the soak must find ------------------------------------ */

static bool is_planted(const char *fault)
{
	return options.plant && !strcmp(options.plant, fault);
}

/* All networks at once, which nobody can know better: both become active. */
static void plant_split(void)
{
	probe_every(CLOSE_MS);
	unit_isolate(true);
	unit_link(&units[0], "loss 100%");
	unit_link(&units[1], "loss 100%");
	pass(5000);
	unit_isolate(false);
}

static void plant_entry(void)
{
	struct unit *a = unit_active();
	const char *const argv[] = {
		"conntrack", "-I", "-p", "udp", "-s", "192.0.2.7",
		"-d", "192.0.2.8", "--sport", "7", "--dport", "8",
		"-t", "60000", "-u", "SEEN_REPLY", NULL
	};

	run(unit_other(a)->place, NULL, argv);
}

static void plant(void)
{
	if (is_planted("split"))
		plant_split();
	if (is_planted("entry"))
		plant_entry();
}

void step(unsigned int n)
{
	options.now = n;
	random_seed(options.seed, n);
	trace("step %u", n);
	probe_every(LOOSE_MS);
	settle();
	sessions_late_open();
	disturb();
	takeover();
	settle();
	sessions_late_close();
	if (n % 10 == 0 || n == options.takeovers) {
		plant();
		settle();
		check_tables();
	}
}

static void forget(struct kind *kinds, unsigned int n)
{
	while (n--)
		kinds[n].count = kinds[n].outage = 0;
}

/* What was until now was the warm-up. */
void steps_begin(void)
{
	forget(takeovers, N(takeovers));
	forget(disturbances, N(disturbances));
}

static void report(struct kind *kinds, unsigned int n, bool outage)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (outage)
			diagnose("%6u %s; nobody forwarded for %u ms at most",
				 kinds[i].count, kinds[i].name,
				 kinds[i].outage);
		else
			diagnose("%6u %s", kinds[i].count, kinds[i].name);
	}
}

static unsigned int missing(const struct kind *kinds, unsigned int n)
{
	unsigned int i, none = 0;

	for (i = 0; i < n; i++)
		none += !kinds[i].count;
	return none;
}

/* With few takeovers chance may leave some out. */
void steps_check_kinds(void)
{
	unsigned int none = missing(takeovers, N(takeovers)) +
			    missing(disturbances, N(disturbances));

	if (options.takeovers < ALL_KINDS)
		return;
	if (none)
		fail("%u kinds of faults did not happen", none);
	result("each of %zu kinds of takeovers and %zu of other faults happened",
	       N(takeovers), N(disturbances));
}

void steps_report(void)
{
	report(takeovers, N(takeovers), true);
	report(disturbances, N(disturbances), false);
	diagnose("trace %016llx", (unsigned long long)trace_hash());
}
