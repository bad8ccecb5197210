// SPDX-License-Identifier: GPL-2.0
/* The daemon's driver over a kernel made of one struct: order and resume. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "drive_fake.h"

#define PROMOTION	"A6 7 8 +active 9 !active 10 "

static const struct fo_event lost = { .type = NF_FAILOVER_EVENT_PEER_LOST };
static const struct fo_event silent = { .type = NF_FAILOVER_EVENT_PEER_SILENT };

/* With an interface on which the mate is asked; hold time 800 ms. */
static void on_networks(struct fo_drive *d)
{
	inside.answer = 0;
	memset(inside.mate_mac, 0, sizeof(inside.mate_mac));
	kernel.config.ifc = &inside;
	kernel.config.n_ifcs = 1;
	d->config.ifc = &inside;
	d->config.n_ifcs = 1;
	kernel.other.ifc = &mates_inside;
	kernel.other.n_ifcs = 1;
}

/* Time passes, and the timer of the questions runs. */
static void seek_for(struct fo_drive *d, unsigned int ms)
{
	uint64_t end = clock_ms + ms;
	unsigned int wait;

	while (d->lookout.seek.on) {
		wait = seek_wait(&d->lookout.seek, clock_ms);
		if (clock_ms + wait > end)
			break;
		clock_ms += wait;
		drive_timer(d, TIMER_SEEK);
	}
	clock_ms = end;
}

/* The daemon hears of the silence, and of its end by the hold time. */
static void falls_silent(struct fo_drive *d)
{
	kernel.other.silent = 1;
	drive_event(d, &silent);
	seek_for(d, 400);
	kernel.other.silent = 0;
	alive = false;
	drive_event(d, &lost);
}

static void ready(struct fo_drive *d)
{
	setup(d, NF_FAILOVER_UNIT_SECONDARY, S(STANDBY_READY));
	other(S(ACTIVE));
	kernel.this.synced = 1;
	on_networks(d);
}

/* The loss of the mate is acted on in the moment of the event. */
static void nobody_answers(void **state)
{
	static struct fo_drive d;

	(void)state;
	ready(&d);
	falls_silent(&d);
	/* and twice more, of the mate of an active unit */
	assert_in_range(asked, 5, 8);
	assert_string_equal(did, PROMOTION);
	assert_string_equal(reason,
		"HELLO not heard from mate, no answer on inside");
}

static void mate_answers(void **state)
{
	static struct fo_drive d;

	(void)state;
	ready(&d);
	mate_up = true;
	falls_silent(&d);
	assert_string_equal(did, "2 ");
	assert_int_equal(inside.answer, NF_FAILOVER_ANSWER_MATE);
	seek_for(&d, 60000);
	assert_string_equal(did, "2 ");
	/* it is asked to be active: the mate is, and does not hear us */
	drive_event(&d, &(struct fo_event){ .type = NF_FAILOVER_EVENT_ASK,
					    .ask = NF_FAILOVER_ASK_ACTIVE });
	assert_string_equal(did, "2 ");
	/* and now it dies */
	mate_up = false;
	seek_for(&d, 800 - 200);
	assert_string_equal(did, "2 ");
	seek_for(&d, 200);
	assert_string_equal(did, "2 " PROMOTION);
	assert_string_equal(reason,
		"HELLO not heard from mate, no answer on inside");
}

/* Heard again: no more questions, and nothing is said of answers any more. */
static void heard_again(void **state)
{
	static struct fo_drive d;

	(void)state;
	ready(&d);
	mate_up = true;
	falls_silent(&d);
	alive = true;
	drive_run(&d);
	assert_false(d.lookout.seek.on);
	assert_false(d.timers.on[TIMER_SEEK]);
	assert_int_equal(inside.answer, NF_FAILOVER_ANSWER_NOT_ASKED);
	assert_true(d.lookout.probe.open);
	drive_timer(&d, TIMER_TICK);
	assert_false(d.lookout.probe.open);
}

/* Both events at once, after the daemon stood still: it asks first. */
static void asks_before_it_believes(void **state)
{
	static struct fo_drive d;
	int up;

	(void)state;
	for (up = 0; up < 2; up++) {
		ready(&d);
		mate_up = up;
		alive = false;
		drive_event(&d, &silent);
		drive_event(&d, &lost);
		assert_string_equal(did, up ? "2 " : "");
		seek_for(&d, 300);
		assert_string_equal(did, up ? "2 " : PROMOTION);
	}
}

static void cannot_ask(void **state)
{
	static struct fo_drive d;

	(void)state;
	ready(&d);
	no_carrier = true;
	falls_silent(&d);
	assert_int_equal(asked, 0);
	assert_string_equal(did, PROMOTION);
	assert_string_equal(reason,
		"HELLO not heard from mate, no interface to ask on");
}

/* Two that boot at the same time: one is active when the other is about to. */
static void last_call(void **state)
{
	static struct fo_drive d;

	(void)state;
	setup(&d, NF_FAILOVER_UNIT_SECONDARY, S(NEGOTIATION));
	on_networks(&d);
	kernel.other.n_ifcs = 0;
	alive = false;
	drive_run(&d);
	seek_for(&d, 1500);
	mate_up = true;
	drive_timer(&d, TIMER_WAIT);
	assert_string_equal(did, "");
	clock_ms += 50;
	drive_timer(&d, TIMER_WAIT);
	assert_string_equal(did, "2 +standby ");
}

/*
 * The picture that is read when the wait is over shows what ends it: a mate that
 * is active, or one that it cannot be paired with and that may be.
 */
static void wait_is_over_too_late(void **state)
{
	static struct fo_drive d;
	int match;

	(void)state;
	for (match = 0; match < 2; match++) {
		setup(&d, NF_FAILOVER_UNIT_PRIMARY, S(NEGOTIATION));
		alive = false;
		drive_run(&d);
		assert_true(d.timers.on[TIMER_WAIT]);
		alive = match;
		other(S(ACTIVE));
		kernel.config.link[0].status = match ? 0 :
			NF_FAILOVER_LINK_STATUS_MISMATCH;
		drive_timer(&d, TIMER_WAIT);
		assert_string_equal(did, match ? "2 +standby " : "+standby ");
	}
	/* and one that follows goes on with that */
	setup(&d, NF_FAILOVER_UNIT_SECONDARY, S(STANDBY_READY));
	kernel.this.synced = 1;
	alive = false;
	drive_run(&d);
	assert_true(d.timers.on[TIMER_WAIT]);
	alive = true;
	other(S(ACTIVE));
	drive_timer(&d, TIMER_WAIT);
	assert_string_equal(did, "");
	assert_false(d.timers.on[TIMER_WAIT]);
}

/* Booted with the link cut, beside an active mate and alone. */
static void asks_at_boot(void **state)
{
	static struct fo_drive d;
	int up;

	(void)state;
	for (up = 0; up < 2; up++) {
		setup(&d, NF_FAILOVER_UNIT_PRIMARY, S(NEGOTIATION));
		on_networks(&d);
		kernel.other.n_ifcs = 0;
		alive = false;
		mate_up = up;
		drive_run(&d);
		seek_for(&d, 1000);
		assert_string_equal(did, up ? "2 +standby " : "");
		if (d.timers.on[TIMER_WAIT]) {
			drive_timer(&d, TIMER_WAIT);
			assert_string_equal(did, "");
			clock_ms += 50;
			drive_timer(&d, TIMER_WAIT);
		}
		assert_string_equal(did, up ? "2 +standby " : PROMOTION);
		assert_string_equal(reason, up ?
			"No HELLO heard, but the active addresses are answered" :
			"No Active unit found, no answer on inside");
	}
}

static void promotes_in_order(void **state)
{
	static struct fo_drive d;

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
	static struct fo_drive d;

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
	static struct fo_drive d;
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
	static struct fo_drive d;
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
	static struct fo_drive d;

	(void)state;
	setup(&d, NF_FAILOVER_UNIT_PRIMARY, S(ACTIVE));
	d.flush = flush;
	other(S(BULK_SYNC));
	drive_event(&d, &ask);
	assert_string_equal(did, "");
	other(S(STANDBY_READY));
	drive_event(&d, &ask);
	assert_string_equal(did, "flush D7 ");
	assert_true(d.timers.on[TIMER_DRAIN]);
	/* the kernel has given the role away */
	kernel.this.role = NF_FAILOVER_ROLE_STANDBY;
	drive_event(&d, &drained);
	assert_string_equal(did, "flush D7 S2 +standby !standby ");
	assert_true(d.timers.on[TIMER_WAIT]);
	other(S(ACTIVE));
	drive_run(&d);
	assert_false(d.timers.on[TIMER_WAIT]);
}

/* The event is lost: what the kernel says of the role is enough. */
static void handed_over_without_an_event(void **state)
{
	static struct fo_drive d;

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
	static struct fo_drive d;

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

/*
 * The process stood still, and the time is over before it hears that it is
 * done: the role is the mate's. So it is when the mate is not heard; it is
 * asked on the data networks first.
 */
static void handed_over_in_time(void **state)
{
	static struct fo_drive d;

	(void)state;
	setup(&d, NF_FAILOVER_UNIT_PRIMARY, S(ACTIVE_DRAIN));
	kernel.this.role = NF_FAILOVER_ROLE_STANDBY;
	other(S(STANDBY_READY));
	drive_timer(&d, TIMER_DRAIN);
	assert_string_equal(did, "S2 +standby !standby ");
	setup(&d, NF_FAILOVER_UNIT_PRIMARY, S(ACTIVE_DRAIN));
	on_networks(&d);
	kernel.this.role = NF_FAILOVER_ROLE_STANDBY;
	other(S(STANDBY_READY));
	alive = false;
	drive_event(&d, &lost);
	assert_string_equal(did, "S2 +standby !standby ");
	assert_true(d.lookout.seek.on);
	seek_for(&d, 3000);
	assert_string_equal(did, "S2 +standby !standby " PROMOTION);
}

/* The mate has not acknowledged everything, and the role was kept. */
static void not_drained(void **state)
{
	struct fo_event drained = { .type = NF_FAILOVER_EVENT_DRAINED };
	static struct fo_drive d;

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
	static struct fo_drive d;

	(void)state;
	setup(&d, NF_FAILOVER_UNIT_PRIMARY, S(ACTIVE_DRAIN));
	alive = false;
	drive_event(&d, &drained);
	assert_string_equal(did, PROMOTION);
}

/*
 * It handed over on a picture from before it stood still: the mate, which had
 * wanted the role, has taken it without it, or is dead.
 */
static void drain_with_a_silent_mate(void **state)
{
	struct fo_event ask = { .type = NF_FAILOVER_EVENT_ASK,
				.ask = NF_FAILOVER_ASK_STANDBY };
	struct fo_event drained = { .type = NF_FAILOVER_EVENT_DRAINED };
	static struct fo_drive d;
	int up, i;

	(void)state;
	for (up = 0; up < 4; up++) {
		setup(&d, NF_FAILOVER_UNIT_PRIMARY, S(ACTIVE));
		other(S(STANDBY_READY));
		on_networks(&d);
		mate_up = up & 1;
		kernel.other.silent = 1;
		drive_event(&d, &ask);
		assert_string_equal(did, "D7 ");
		kernel.other.silent = 0;
		alive = false;
		d.known = up < 2;	/* or the next daemon finds it so */
		/* all that ends it otherwise, before it was asked enough */
		drive_event(&d, &drained);
		drive_event(&d, &lost);
		drive_timer(&d, TIMER_DRAIN);
		if (!mate_up)
			assert_string_equal(did, "D7 ");
		for (i = 0; i < 4 && d.state == S(ACTIVE_DRAIN); i++) {
			clock_ms += timer_ms[TIMER_DRAIN];
			drive_timer(&d, TIMER_DRAIN);
		}
		assert_string_equal(did, mate_up ? "D7 S2 +standby !standby " :
						   "D7 " PROMOTION);
	}
}

static void asks_the_mate(void **state)
{
	struct fo_event ask = { .type = NF_FAILOVER_EVENT_ASK,
				.ask = NF_FAILOVER_ASK_ACTIVE };
	static struct fo_drive d;

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
	static struct fo_drive d;

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
	static struct fo_drive d;

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
	static struct fo_drive d;
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
	static struct fo_drive d;

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
	static struct fo_drive d;

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
	static struct fo_drive d;

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
	/* nor what it said before this unit stood still */
	kernel.other.silent = 1;
	d.timers.on[TIMER_GRACE] = false;
	drive_timer(&d, TIMER_GRACE);
	assert_string_equal(did, "");
	assert_true(d.timers.on[TIMER_GRACE]);
	kernel.other.silent = 0;
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
	static struct fo_drive d;

	(void)state;
	setup(&d, NF_FAILOVER_UNIT_PRIMARY, S(ACTIVE));
	other(S(BULK_SYNC));
	unfit = "Interface check";
	settling = 7;
	drive_devs(&d);
	settled(&d, "+active ");
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

/* What is found of a tracked object is reported, and may end the role. */
static void tracked_objects_count(void **state)
{
	static struct fo_drive d;

	(void)state;
	setup(&d, NF_FAILOVER_UNIT_PRIMARY, S(ACTIVE));
	other(S(STANDBY_READY));
	kernel.other.fit = 1;
	drive_run(&d);
	did[0] = '\0';
	drive_track(&d);
	assert_string_equal(did, "");
	tracked = true;
	drive_track(&d);
	assert_string_equal(did, "tracks ");
	unfit = "Interface check";
	did[0] = '\0';
	drive_track(&d);
	assert_string_equal(did, "tracks unfit D7 ");
	unfit = NULL;
	tracked = false;
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
		cmocka_unit_test(handed_over_in_time),
		cmocka_unit_test(not_drained),
		cmocka_unit_test(drain_without_a_mate),
		cmocka_unit_test(drain_with_a_silent_mate),
		cmocka_unit_test(asks_the_mate),
		cmocka_unit_test(resumes),
		cmocka_unit_test(fenced),
		cmocka_unit_test(switched_off),
		cmocka_unit_test(preempts),
		cmocka_unit_test(holds_down),
		cmocka_unit_test(replaces_an_orphan),
		cmocka_unit_test(health_is_compared),
		cmocka_unit_test(tracked_objects_count),
		cmocka_unit_test(nobody_answers),
		cmocka_unit_test(mate_answers),
		cmocka_unit_test(heard_again),
		cmocka_unit_test(asks_before_it_believes),
		cmocka_unit_test(cannot_ask),
		cmocka_unit_test(asks_at_boot),
		cmocka_unit_test(last_call),
		cmocka_unit_test(wait_is_over_too_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
