// SPDX-License-Identifier: GPL-2.0
/* The daemon's driver over a kernel made of one struct: order and resume. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "announce.h"
#include "drive.h"
#include "log.h"
#include "monitor.h"
#include "takeover.h"

#define S(state_)	NF_FAILOVER_STATE_##state_

/* The kernel, and a line of what was done to it. */
static struct fo_show kernel;
static bool alive;
static bool refuse;
static int refuse_in;		/* refused once, after so many that were not */
static char did[512];
static const char *unfit;
static unsigned int timer_ms[TIMERS];

static void note(const char *fmt, ...)
{
	size_t n = strlen(did);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(did + n, sizeof(did) - n, fmt, ap);
	va_end(ap);
}

int nl_get(struct fo_nl *nl, struct fo_show *show, bool brief)
{
	(void)nl;
	(void)brief;
	*show = kernel;
	return 0;
}

void nl_show_free(struct fo_show *show)
{
	(void)show;
}

bool nl_peer_alive(const struct fo_show *show)
{
	(void)show;
	return alive;
}

int nl_role_set(struct fo_nl *nl, const struct fo_role_set *r)
{
	(void)nl;
	if (refuse || (refuse_in && !--refuse_in))
		return -1;
	if (r->role != NL_KEEP)
		kernel.this.role = r->role;
	if (r->state != NL_KEEP)
		kernel.this.state = r->state;
	note("%s%s%s", r->role == NL_KEEP ? "" : r->role ? "A" : "S",
	     r->drain ? "D" : "",
	     r->wants_active == NL_KEEP || r->role == 1 ? "" :
	     r->wants_active ? "W" : "w");
	if (r->state != NL_KEEP)
		note("%d ", r->state);
	return 0;
}

int nl_health_set(struct fo_nl *nl, const struct fo_health_set *h)
{
	(void)nl;
	if (h->fit != NL_KEEP) {
		kernel.this.fit = h->fit;
		note(h->fit ? "fit " : "unfit ");
	}
	if (h->hold_down_ms != NL_KEEP) {
		kernel.this.hold_down = h->hold_down_ms;
		kernel.this.hold_down_ms = h->hold_down_ms;
		note("hold%d ", h->hold_down_ms);
	}
	return 0;
}

int nl_config_set(struct fo_nl *nl, const struct fo_config *c)
{
	(void)nl;
	kernel.config.enabled = c->enabled;
	kernel.this.state = c->enabled ? S(NEGOTIATION) : S(DISABLED);
	kernel.this.synced = 0;
	note(c->enabled ? "on " : "off ");
	return 0;
}

int nl_attach(struct fo_nl *nl, uint32_t watchdog_ms)
{
	(void)nl;
	(void)watchdog_ms;
	return 0;
}

int nl_bulk_start(struct fo_nl *nl, const char *reason)
{
	(void)nl;
	(void)reason;
	note("bulk ");
	return 0;
}

int takeover_apply(struct fo_rtnl *rt, const struct fo_config *c, bool active,
		   const char *ifname)
{
	(void)rt;
	(void)c;
	(void)ifname;
	note(active ? "+active " : "+standby ");
	return 0;
}

bool takeover_learn(struct fo_rtnl *rt, struct fo_config *c,
		    const struct fo_config *old)
{
	(void)rt;
	(void)c;
	(void)old;
	return false;
}

void takeover_release(struct fo_rtnl *rt, const struct fo_config *c)
{
	(void)rt;
	(void)c;
	note("-mac ");
}

void takeover_links(struct fo_rtnl *rt, const struct fo_config *c)
{
	(void)rt;
	(void)c;
}

bool takeover_forget(struct fo_rtnl *rt, const struct fo_config *old,
		     const struct fo_config *c)
{
	(void)rt;
	(void)old;
	(void)c;
	return false;
}

void announce_all(int fd, struct fo_rtnl *rt, const struct fo_config *c,
		  bool active)
{
	(void)fd;
	(void)rt;
	(void)c;
	note(active ? "!active " : "!standby ");
}

unsigned int announce_pool(int fd, struct fo_rtnl *rt,
			   const struct fo_config *c,
			   const struct fo_pool *pool, unsigned int from)
{
	(void)fd;
	(void)rt;
	(void)c;
	(void)pool;
	(void)from;
	return 0;
}

void pool_read_start(struct fo_pool_reader *r)
{
	(void)r;
}

bool pool_read_end(struct fo_pool_reader *r, struct fo_ranges *to)
{
	(void)r;
	(void)to;
	return false;
}

void pool_read_event(struct fo_pool_reader *r)
{
	(void)r;
}

int monitor_report(struct fo_nl *nl, struct fo_rtnl *rt, struct fo_config *c,
		   bool always)
{
	(void)nl;
	(void)rt;
	(void)c;
	(void)always;
	return 0;
}

const char *monitor_unfit(const struct fo_config *c)
{
	(void)c;
	return unfit;
}

void timers_set(struct fo_timers *t, enum timer which, unsigned int ms)
{
	t->on[which] = ms;
	timer_ms[which] = ms;
}

void timers_stop(struct fo_timers *t, enum timer which)
{
	t->on[which] = false;
}

void log_msg(int priority, const char *fmt, ...)
{
	(void)priority;
	(void)fmt;
}

void log_row(enum message m, const char *const *args)
{
	(void)m;
	(void)args;
}

void log_unit(const char *unit)
{
	(void)unit;
}

void hooks_moved(struct fo_hooks *h, uint32_t from, uint32_t to,
		 const char *event, const char *why)
{
	(void)h;
	(void)from;
	(void)to;
	(void)event;
	(void)why;
}

/* Which state the hooks were told of last, and what was done until then. */
static uint32_t told;
static char told_after[sizeof(did)];

void hooks_settled(struct fo_hooks *h, const struct elect_view *v)
{
	(void)h;
	told = v->state;
	strcpy(told_after, did);
}

/* A unit that runs in @state, which the daemon knows already. */
static void setup(struct fo_drive *d, uint32_t unit, uint32_t state)
{
	*d = (struct fo_drive) { .packet_fd = -1 };
	kernel = (struct fo_show) { .this.known = true };
	config_init(&kernel.config);
	kernel.config.enabled = true;
	kernel.config.unit = unit;
	kernel.this.state = state;
	kernel.this.role = elect_is_active(state);
	kernel.this.fit = 1;
	kernel.other.daemon = 1;
	kernel.other.fit = 1;
	unfit = NULL;
	alive = true;
	refuse = false;
	refuse_in = 0;
	config_init(&d->config);
	d->config.enabled = true;
	d->config.unit = unit;
	d->state = state;
	d->known = true;
	did[0] = '\0';
}

static void other(uint32_t state)
{
	kernel.other.known = true;
	kernel.other.state = state;
	kernel.other.role = elect_is_active(state);
}

#define PROMOTION	"A6 7 8 +active 9 !active 10 "

static const struct fo_event lost = { .type = NF_FAILOVER_EVENT_PEER_LOST };

static void promotes_in_order(void **state)
{
	struct fo_drive d;

	(void)state;
	setup(&d, NF_FAILOVER_UNIT_SECONDARY, S(STANDBY_READY));
	other(S(ACTIVE));
	kernel.this.synced = 1;
	told = S(STANDBY_READY);
	drive_event(&d, &lost);		/* and heard again */
	assert_string_equal(did, "");
	alive = false;
	drive_run(&d);
	assert_string_equal(did, "");
	assert_true(d.timers.on[TIMER_WAIT]);
	drive_event(&d, &lost);
	assert_string_equal(did, PROMOTION);
	/* hooks hear of it when everything is done, and not before */
	assert_int_equal(told, S(ACTIVE));
	assert_string_equal(told_after, PROMOTION);
	assert_int_equal(kernel.this.state, S(ACTIVE));
	assert_true(d.timers.on[TIMER_ANNOUNCE]);
	did[0] = '\0';
	drive_run(&d);
	assert_string_equal(did, "");
}

/* Without the role no address moves. */
static void refused_role_moves_nothing(void **state)
{
	struct fo_drive d;

	(void)state;
	setup(&d, NF_FAILOVER_UNIT_SECONDARY, S(STANDBY_READY));
	alive = false;
	refuse = true;
	drive_event(&d, &lost);
	assert_string_equal(did, "");
	assert_int_equal(d.state, S(STANDBY_READY));
	refuse = false;
	/* it looks anew first: the addresses are those of a standby */
	drive_timer(&d, TIMER_WAIT);
	assert_string_equal(did, "+standby " PROMOTION);
}

/*
 * The kernel took the role of policy away in the middle of a promotion, while
 * the daemon stood still: it begins anew, and does not stay half way.
 */
static void refused_half_way(void **state)
{
	struct fo_drive d;
	int i;

	(void)state;
	for (i = 1; i <= 5; i++) {
		setup(&d, NF_FAILOVER_UNIT_SECONDARY, S(STANDBY_READY));
		other(S(ACTIVE));
		alive = false;
		refuse_in = i;
		told = S(STANDBY_READY);
		drive_event(&d, &lost);
		assert_int_not_equal(kernel.this.state, S(ACTIVE));
		assert_int_equal(told, S(STANDBY_READY));
		kernel.this.synced = 1;
		drive_timer(&d, TIMER_TICK);
		if (kernel.this.state == S(STANDBY_READY))
			drive_timer(&d, TIMER_WAIT);
		assert_int_equal(kernel.this.state, S(ACTIVE));
	}
}

/* A new daemon finds a unit that was fenced, and nobody who has done it. */
static void fenced_without_a_daemon(void **state)
{
	const uint32_t found[] = { S(ACTIVE), S(JUST_ACTIVE),
				   S(ACTIVE_CONFIG_APPLIED) };
	struct fo_drive d;
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(found) / sizeof(found[0]); i++) {
		setup(&d, NF_FAILOVER_UNIT_PRIMARY, found[i]);
		kernel.this.role = NF_FAILOVER_ROLE_STANDBY;
		alive = false;
		d.known = false;
		drive_run(&d);
		assert_string_equal(did, "S2 +standby !standby ");
		assert_true(d.timers.on[TIMER_WAIT]);
		drive_timer(&d, TIMER_WAIT);
		assert_int_equal(kernel.this.state, S(ACTIVE));
		assert_int_equal(kernel.this.role, NF_FAILOVER_ROLE_ACTIVE);
	}
}

static void hands_over_in_order(void **state)
{
	struct fo_event ask = { .type = NF_FAILOVER_EVENT_ASK,
				.ask = NF_FAILOVER_ASK_STANDBY };
	struct fo_event drained = { .type = NF_FAILOVER_EVENT_DRAINED };
	struct fo_drive d;

	(void)state;
	setup(&d, NF_FAILOVER_UNIT_PRIMARY, S(ACTIVE));
	other(S(BULK_SYNC));
	drive_event(&d, &ask);
	assert_string_equal(did, "");
	other(S(STANDBY_READY));
	drive_event(&d, &ask);
	assert_string_equal(did, "D7 ");
	assert_true(d.timers.on[TIMER_DRAIN]);
	/* the kernel has given the role away */
	kernel.this.role = NF_FAILOVER_ROLE_STANDBY;
	drive_event(&d, &drained);
	assert_string_equal(did, "D7 S2 +standby !standby ");
	assert_true(d.timers.on[TIMER_WAIT]);
	other(S(ACTIVE));
	drive_run(&d);
	assert_false(d.timers.on[TIMER_WAIT]);
}

/* The event is lost: what the kernel says of the role is enough. */
static void handed_over_without_an_event(void **state)
{
	struct fo_drive d;

	(void)state;
	setup(&d, NF_FAILOVER_UNIT_PRIMARY, S(ACTIVE_DRAIN));
	kernel.this.role = NF_FAILOVER_ROLE_STANDBY;
	other(S(STANDBY_READY));
	drive_run(&d);
	assert_string_equal(did, "S2 +standby !standby ");
}

/* The kernel has the role already; all that follows is done. */
static void takes_what_is_handed_over(void **state)
{
	struct fo_drive d;

	(void)state;
	setup(&d, NF_FAILOVER_UNIT_SECONDARY, S(STANDBY_READY));
	kernel.this.role = NF_FAILOVER_ROLE_ACTIVE;
	other(S(COLD_STANDBY));
	drive_run(&d);
	assert_string_equal(did, PROMOTION);
	/* so does the daemon that comes after the one that died of it */
	setup(&d, NF_FAILOVER_UNIT_SECONDARY, S(STANDBY_READY));
	kernel.this.role = NF_FAILOVER_ROLE_ACTIVE;
	other(S(COLD_STANDBY));
	d.known = false;
	drive_run(&d);
	assert_string_equal(did, PROMOTION);
}

/* The mate has not acknowledged everything, and the role was kept. */
static void not_drained(void **state)
{
	struct fo_event drained = { .type = NF_FAILOVER_EVENT_DRAINED };
	struct fo_drive d;

	(void)state;
	setup(&d, NF_FAILOVER_UNIT_PRIMARY, S(ACTIVE_DRAIN));
	other(S(STANDBY_READY));
	drive_event(&d, &drained);
	assert_string_equal(did, PROMOTION);
}

/* What cannot be acknowledged any more is not handed over. */
static void drain_without_a_mate(void **state)
{
	struct fo_event drained = { .type = NF_FAILOVER_EVENT_DRAINED };
	struct fo_drive d;

	(void)state;
	setup(&d, NF_FAILOVER_UNIT_PRIMARY, S(ACTIVE_DRAIN));
	alive = false;
	drive_event(&d, &drained);
	assert_string_equal(did, PROMOTION);
}

static void asks_the_mate(void **state)
{
	struct fo_event ask = { .type = NF_FAILOVER_EVENT_ASK,
				.ask = NF_FAILOVER_ASK_ACTIVE };
	struct fo_drive d;

	(void)state;
	setup(&d, NF_FAILOVER_UNIT_SECONDARY, S(STANDBY_READY));
	kernel.this.synced = 1;
	other(S(ACTIVE));
	drive_event(&d, &ask);
	assert_string_equal(did, "W");
	drive_timer(&d, TIMER_WANT);
	assert_string_equal(did, "Ww");
}

/* A new daemon finds an active unit: nothing but a look at the addresses. */
static void resumes(void **state)
{
	struct fo_drive d;

	(void)state;
	setup(&d, NF_FAILOVER_UNIT_PRIMARY, S(ACTIVE));
	other(S(STANDBY_READY));
	d.known = false;
	drive_run(&d);
	assert_string_equal(did, "+active ");
	setup(&d, NF_FAILOVER_UNIT_PRIMARY, S(ACTIVE_APPLYING_CONFIG));
	other(S(STANDBY_READY));
	d.known = false;
	drive_run(&d);
	assert_string_equal(did, PROMOTION);
	setup(&d, NF_FAILOVER_UNIT_PRIMARY, S(NEGOTIATION));
	alive = false;
	d.known = false;
	drive_run(&d);
	/* a firewall in service keeps its addresses until a mate is found */
	assert_string_equal(did, "");
	assert_true(d.timers.on[TIMER_WAIT]);
	drive_timer(&d, TIMER_WAIT);
	assert_string_equal(did, PROMOTION);
}

static void fenced(void **state)
{
	struct fo_drive d;

	(void)state;
	setup(&d, NF_FAILOVER_UNIT_PRIMARY, S(ACTIVE));
	other(S(ACTIVE));
	kernel.this.epoch = 1;
	kernel.other.epoch = 2;
	drive_run(&d);
	assert_string_equal(did, "S2 +standby !standby ");
}

/* Alone it keeps its addresses; with a mate that takes over it does not. */
static void switched_off(void **state)
{
	struct fo_drive d;
	int mate;

	(void)state;
	for (mate = 0; mate < 2; mate++) {
		setup(&d, NF_FAILOVER_UNIT_PRIMARY, S(ACTIVE));
		alive = mate;
		other(S(STANDBY_READY));
		drive_run(&d);
		did[0] = '\0';
		kernel.config.enabled = false;
		kernel.this.state = S(DISABLED);
		drive_run(&d);
		assert_string_equal(did, mate ? "+standby -mac " : "");
	}
}

/* The primary asks for the role when it was ready for the delay, and once. */
static void preempts(void **state)
{
	struct fo_drive d;

	(void)state;
	setup(&d, NF_FAILOVER_UNIT_PRIMARY, S(STANDBY_READY));
	kernel.config.preempt = d.config.preempt = true;
	kernel.config.preempt_delay = d.config.preempt_delay = 7;
	kernel.this.synced = 1;
	other(S(ACTIVE));
	drive_run(&d);
	assert_int_equal(timer_ms[TIMER_PREEMPT], 7000);
	/* not yet, or not any more */
	kernel.other.hold_down = 1;
	drive_timer(&d, TIMER_PREEMPT);
	assert_string_equal(did, "");
	assert_false(d.timers.on[TIMER_PREEMPT]);
	kernel.other.hold_down = 0;
	drive_timer(&d, TIMER_PREEMPT);
	assert_string_equal(did, "W");
	kernel.this.wants_active = 0;
	drive_timer(&d, TIMER_WANT);
	assert_string_equal(did, "Ww");
	/* a wish that was not met is not repeated at once */
	assert_true(timer_ms[TIMER_PREEMPT] > 7000);
	other(S(COLD_STANDBY));
	drive_run(&d);
	assert_string_equal(did, "Ww" PROMOTION);
	assert_false(d.timers.on[TIMER_PREEMPT]);
}

static void takeovers(struct fo_drive *d, unsigned int n)
{
	struct fo_event drained = { .type = NF_FAILOVER_EVENT_DRAINED };

	while (n--) {
		alive = false;
		drive_event(d, &lost);
		assert_int_equal(kernel.this.state, S(ACTIVE));
		alive = true;
		kernel.this.state = d->state = S(ACTIVE_DRAIN);
		kernel.this.role = NF_FAILOVER_ROLE_STANDBY;
		drive_event(d, &drained);
		kernel.this.state = d->state = S(STANDBY_READY);
		kernel.this.synced = 1;
	}
	did[0] = '\0';
}

/* Each takeover is two changes of role here. */
static void holds_down(void **state)
{
	struct fo_event reset = { .type = NF_FAILOVER_EVENT_ASK,
				  .ask = NF_FAILOVER_ASK_RESET };
	struct fo_drive d;

	(void)state;
	setup(&d, NF_FAILOVER_UNIT_PRIMARY, S(STANDBY_READY));
	kernel.config.preempt = d.config.preempt = true;
	kernel.this.synced = 1;
	other(S(ACTIVE));
	takeovers(&d, 1);
	assert_false(kernel.this.hold_down);
	takeovers(&d, 1);
	assert_int_equal(kernel.this.hold_down_ms, 60000);
	drive_run(&d);
	assert_false(d.timers.on[TIMER_PREEMPT]);
	assert_true(d.timers.on[TIMER_HOLD]);
	/* a mate that is gone is replaced all the same */
	alive = false;
	drive_event(&d, &lost);
	assert_int_equal(kernel.this.state, S(ACTIVE));
	takeovers(&d, 0);
	setup(&d, NF_FAILOVER_UNIT_PRIMARY, S(STANDBY_READY));
	kernel.config.preempt = d.config.preempt = true;
	kernel.this.synced = 1;
	other(S(ACTIVE));
	takeovers(&d, 2);
	drive_event(&d, &reset);
	assert_string_equal(did, "hold0 ");
	assert_true(d.timers.on[TIMER_PREEMPT]);
	takeovers(&d, 1);
	assert_false(kernel.this.hold_down);
}

/* Only a grace later, and only if its daemon is still gone. */
static void replaces_an_orphan(void **state)
{
	struct fo_drive d;

	(void)state;
	setup(&d, NF_FAILOVER_UNIT_SECONDARY, S(STANDBY_READY));
	kernel.this.synced = 1;
	other(S(ACTIVE));
	kernel.other.daemon = 0;
	drive_run(&d);
	assert_string_equal(did, "");
	assert_int_equal(timer_ms[TIMER_GRACE], 15000);
	/* one that falls silent is judged by the hold time */
	kernel.config.hold_ms = d.config.hold_ms = 45000;
	d.timers.on[TIMER_GRACE] = false;
	drive_run(&d);
	assert_int_equal(timer_ms[TIMER_GRACE], 46000);
	kernel.other.daemon = 1;
	drive_timer(&d, TIMER_GRACE);
	assert_string_equal(did, "");
	kernel.other.daemon = 0;
	drive_run(&d);
	kernel.this.epoch = 1;	/* as the kernel does */
	drive_timer(&d, TIMER_GRACE);
	assert_string_equal(did, PROMOTION "!active ");
	/* its addresses stay where they are, so ours are said again */
	did[0] = '\0';
	kernel.other.role = NF_FAILOVER_ROLE_STANDBY;
	drive_run(&d);
	assert_string_equal(did, "!active ");
}

static void health_is_compared(void **state)
{
	struct fo_event drained = { .type = NF_FAILOVER_EVENT_DRAINED };
	struct fo_drive d;

	(void)state;
	setup(&d, NF_FAILOVER_UNIT_PRIMARY, S(ACTIVE));
	other(S(BULK_SYNC));
	unfit = "Interface check";
	drive_devs(&d);
	assert_string_equal(did, "+active unfit ");
	other(S(STANDBY_READY));
	kernel.other.fit = 0;
	drive_run(&d);
	assert_int_equal(kernel.this.state, S(ACTIVE));
	kernel.other.fit = 1;
	did[0] = '\0';
	drive_run(&d);
	assert_string_equal(did, "D7 ");
	kernel.this.role = NF_FAILOVER_ROLE_STANDBY;
	drive_event(&d, &drained);
	assert_int_equal(kernel.this.state, S(FAILED));
	other(S(ACTIVE));
	drive_run(&d);
	assert_int_equal(kernel.this.state, S(FAILED));
	unfit = NULL;
	did[0] = '\0';
	drive_devs(&d);
	assert_string_equal(did, "+standby fit 2 ");
}

static void reloads(void **state)
{
	struct fo_event reload = { .type = NF_FAILOVER_EVENT_ASK,
				   .ask = NF_FAILOVER_ASK_RELOAD };
	struct fo_drive d;

	(void)state;
	setup(&d, NF_FAILOVER_UNIT_SECONDARY, S(STANDBY_READY));
	kernel.this.synced = 1;
	other(S(ACTIVE));
	drive_event(&d, &reload);
	assert_string_equal(did, "off on 2 +standby ");
	setup(&d, NF_FAILOVER_UNIT_SECONDARY, S(ACTIVE));
	other(S(STANDBY_READY));
	drive_event(&d, &reload);
	assert_string_equal(did, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(promotes_in_order),
		cmocka_unit_test(refused_role_moves_nothing),
		cmocka_unit_test(refused_half_way),
		cmocka_unit_test(fenced_without_a_daemon),
		cmocka_unit_test(hands_over_in_order),
		cmocka_unit_test(handed_over_without_an_event),
		cmocka_unit_test(takes_what_is_handed_over),
		cmocka_unit_test(not_drained),
		cmocka_unit_test(drain_without_a_mate),
		cmocka_unit_test(asks_the_mate),
		cmocka_unit_test(resumes),
		cmocka_unit_test(fenced),
		cmocka_unit_test(switched_off),
		cmocka_unit_test(preempts),
		cmocka_unit_test(holds_down),
		cmocka_unit_test(replaces_an_orphan),
		cmocka_unit_test(health_is_compared),
		cmocka_unit_test(reloads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
