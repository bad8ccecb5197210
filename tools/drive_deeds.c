// SPDX-License-Identifier: GPL-2.0
/* What the election wants done, as calls: addresses, announcements, timers. */
#include "drive_deeds.h"

#include <time.h>

#include "announce.h"
#include "log.h"
#include "monitor.h"
#include "takeover.h"

/* A unit alone becomes active after this or its holdtime, if that is more. */
#define WAIT_MIN_MS	1000
/* More than the kernel's own second, after which it gives up. */
#define DRAIN_MS	1500
#define WANT_MS		10000
/* The kernel begins bulk syncs itself; after this it is asked for one. */
#define COLD_MS		10000
/*
 * The data path of a unit whose daemon is gone goes on. Only when the daemon
 * does not come back for this long, the other unit takes over; but a unit that
 * falls silent meanwhile is judged by the hold time, not by its last words.
 */
#ifndef DRIVE_GRACE_MS
#define DRIVE_GRACE_MS	15000
#endif
#define AFTER_HOLD_MS	1000
/* A wish that was not met delays traffic: it is not repeated before. */
#define PREEMPT_AGAIN_MS	30000
/* Between parts of many announcements. */
#define PACE_MS		1
/*
 * When the ruleset is read: after it has changed, because it may change often;
 * after a takeover, because a hook may have made it; and now and then, because
 * nobody tells when a proxy is added.
 */
#define POOL_SOON_MS	1000
#define POOL_ACTIVE_MS	50
#define POOL_MS		60000
/* When the announcements are repeated, in ms after those before. */
static const unsigned int announce_after[] = { 100, 400, 1500 };

uint64_t deeds_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ull + t.tv_nsec / 1000000;
}

void deeds_announce_part(struct fo_drive *d)
{
	d->pool_at = announce_pool(d->packet_fd, &d->rt, &d->config, &d->pool,
				   d->pool_at);
	if (d->pool_at)
		timers_set(&d->timers, TIMER_PACE, PACE_MS);
}

void deeds_announce_next(struct fo_drive *d)
{
	bool active = elect_is_active(d->state);

	announce_all(d->packet_fd, &d->rt, &d->config, active);
	d->pool_at = 0;
	if (active)
		deeds_announce_part(d);
	if (d->announced == sizeof(announce_after) / sizeof(int))
		return;
	timers_set(&d->timers, TIMER_ANNOUNCE, announce_after[d->announced]);
	d->announced++;
}

/* What became ours only now is read, and is in the next announcements. */
void deeds_announce(struct fo_drive *d)
{
	d->announced = 0;
	deeds_announce_next(d);
	timers_set(&d->timers, TIMER_POOL, POOL_ACTIVE_MS);
}

static void fill_pool(struct fo_drive *d)
{
	unsigned int n = d->pool.n, whole = d->pool.whole;
	uint64_t left = d->pool.left;

	pool_fill(&d->pool, &d->ranges, &d->config);
	d->pool_at = 0;
	if (d->pool.n != n || d->pool.left != left || d->pool.whole != whole)
		log_notice("%u addresses of NAT and proxies are announced, %llu more are not; %u ranges hold a whole segment, %u were too many",
			   d->pool.n, (unsigned long long)d->pool.left,
			   d->pool.whole, d->ranges.lost);
}

/* The configuration is another one, and the ruleset may be. */
void deeds_fill_pool(struct fo_drive *d)
{
	fill_pool(d);
	timers_set(&d->timers, TIMER_POOL, POOL_ACTIVE_MS);
}

void deeds_read_pool(struct fo_drive *d)
{
	d->pool_soon = false;
	if (d->config.enabled && d->config.n_ifcs)
		pool_read_start(&d->reader);
	timers_set(&d->timers, TIMER_POOL, POOL_MS);
}

void drive_rules(struct fo_drive *d)
{
	pool_read_event(&d->reader);
	if (!d->pool_soon)
		timers_set(&d->timers, TIMER_POOL, POOL_SOON_MS);
	d->pool_soon = true;
}

void drive_child(struct fo_drive *d)
{
	if (pool_read_end(&d->reader, &d->ranges))
		fill_pool(d);
}

/* What the links are now may begin tests, so these are next. */
void deeds_report(struct fo_drive *d, bool always)
{
	uint64_t now = deeds_now_ms();

	monitor_report(&d->monitor, &d->nl, &d->rt, &d->config, now, always);
	if (d->monitor.watch.on)
		timers_set(&d->timers, TIMER_IFWATCH, 1);
}

/* The kernel remembers what the devices get back, also for the next daemon. */
void deeds_learn(struct fo_drive *d, const struct fo_config *old)
{
	if (takeover_learn(&d->rt, &d->config, old))
		deeds_report(d, true);
}

static int move(struct fo_drive *d, bool active, const char *ifname)
{
	deeds_learn(d, NULL);
	d->monitor.moved = true;
	return takeover_apply(&d->rt, &d->config, active, ifname);
}

/* What was missing, after a restart or a new configuration, is announced. */
void deeds_own(struct fo_drive *d, bool active, const char *ifname)
{
	/* not decided yet; see elect.c */
	if (d->view.state == NF_FAILOVER_STATE_NEGOTIATION)
		return;
	if (move(d, active, ifname))
		deeds_announce(d);
}

static void do_addr_active(struct fo_drive *d)
{
	move(d, true, NULL);
}

static void do_addr_standby(struct fo_drive *d)
{
	move(d, false, NULL);
	takeover_unlearn(&d->rt, &d->config);
}

/* Alone, a unit that is switched off goes on serving its addresses. */
static void do_release(struct fo_drive *d)
{
	if (d->mate_alive) {
		do_addr_standby(d);
		takeover_release(&d->rt, &d->config);
		d->monitor.moved = true;
	}
	d->mate_alive = false;
}

static void do_bulk(struct fo_drive *d)
{
	if (!d->cold_ms || deeds_now_ms() - d->cold_ms < COLD_MS)
		return;
	d->cold_ms = deeds_now_ms();
	if (nl_bulk_start(&d->nl, "Mate is Cold Standby"))
		log_warn("bulk sync: %s", d->nl.error);
}

/*
 * When both boot and do not hear each other, the secondary waits longer, and
 * finds the addresses of the primary answered.
 */
static void do_wait(struct fo_drive *d)
{
	unsigned int ms = d->config.hold_ms;

	if (d->timers.on[TIMER_WAIT])
		return;
	if (ms < WAIT_MIN_MS)
		ms = WAIT_MIN_MS;
	if (d->state == NF_FAILOVER_STATE_NEGOTIATION &&
	    d->view.unit == NF_FAILOVER_UNIT_SECONDARY && !d->view.peer_alive)
		ms += ms / 2;
	d->blind_waits = 0;
	d->last_call = false;
	d->wait_end = deeds_now_ms() + ms;
	timers_set(&d->timers, TIMER_WAIT, ms);
}

static void do_unwait(struct fo_drive *d)
{
	timers_stop(&d->timers, TIMER_WAIT);
}

static void do_drain(struct fo_drive *d)
{
	timers_set(&d->timers, TIMER_DRAIN, DRAIN_MS);
}

static void do_want(struct fo_drive *d)
{
	timers_set(&d->timers, TIMER_WANT, WANT_MS);
}

static void do_unwant(struct fo_drive *d)
{
	timers_stop(&d->timers, TIMER_WANT);
}

static void do_preempt(struct fo_drive *d)
{
	unsigned int ms = d->config.preempt_delay * 1000;

	if (d->timers.on[TIMER_PREEMPT])
		return;
	if (d->preempted && ms < PREEMPT_AGAIN_MS)
		ms = PREEMPT_AGAIN_MS;
	log_notice("preempt: in %u s the active role is asked for", ms / 1000);
	timers_set(&d->timers, TIMER_PREEMPT, ms ? ms : 1);
}

static void do_unpreempt(struct fo_drive *d)
{
	timers_stop(&d->timers, TIMER_PREEMPT);
}

static void do_grace(struct fo_drive *d)
{
	unsigned int ms = d->config.hold_ms + AFTER_HOLD_MS;

	if (d->timers.on[TIMER_GRACE])
		return;
	if (ms < DRIVE_GRACE_MS)
		ms = DRIVE_GRACE_MS;
	log_warn("failoverd on the active unit is gone; in %u s this unit takes over",
		 ms / 1000);
	timers_set(&d->timers, TIMER_GRACE, ms);
}

static void do_ungrace(struct fo_drive *d)
{
	timers_stop(&d->timers, TIMER_GRACE);
}

/* @ms 0: it is over. */
void deeds_hold_down(struct fo_drive *d, unsigned int ms)
{
	const struct fo_health_set h = { .fit = NL_KEEP, .hold_down_ms = ms };

	timers_stop(&d->timers, TIMER_HOLD);
	if (nl_health_set(&d->nl, &h))
		log_err("hold-down: %s", d->nl.error);
}

static void do_reset(struct fo_drive *d)
{
	log_notice("reset: takeovers are forgotten, interfaces and tracked objects looked at anew");
	ifwatch_reset(&d->monitor.watch, deeds_now_ms());
	track_reset(&d->track);
	d->takeovers.n = 0;
	d->preempted = false;
	deeds_hold_down(d, 0);
	deeds_report(d, true);
}

/* The new association brings a whole bulk sync. */
static void do_reload(struct fo_drive *d)
{
	struct fo_config c = d->config;

	log_notice("reload: failover is switched off and on again");
	c.enabled = false;
	if (nl_config_set(&d->nl, &c)) {
		log_err("reload: %s", d->nl.error);
		return;
	}
	if (nl_config_set(&d->nl, &d->config))
		log_err("reload: failover stays off: %s", d->nl.error);
}

/* In the order of doing; the role itself is set by one message before. */
static const struct {
	uint32_t action;
	void (*fn)(struct fo_drive *d);
} deeds[] = {
	{ ELECT_DO_DRAIN,	 do_drain },
	{ ELECT_DO_WANT,	 do_want },
	{ ELECT_DO_UNWANT,	 do_unwant },
	{ ELECT_DO_ADDR_ACTIVE,	 do_addr_active },
	{ ELECT_DO_ADDR_STANDBY, do_addr_standby },
	{ ELECT_DO_RELEASE,	 do_release },
	{ ELECT_DO_ANNOUNCE,	 deeds_announce },
	{ ELECT_DO_BULK,	 do_bulk },
	{ ELECT_DO_UNWAIT,	 do_unwait },
	{ ELECT_DO_WAIT,	 do_wait },
	{ ELECT_DO_UNPREEMPT,	 do_unpreempt },
	{ ELECT_DO_PREEMPT,	 do_preempt },
	{ ELECT_DO_UNGRACE,	 do_ungrace },
	{ ELECT_DO_GRACE,	 do_grace },
	{ ELECT_DO_RESET,	 do_reset },
	{ ELECT_DO_RELOAD,	 do_reload },
};

void deeds_do(struct fo_drive *d, uint32_t actions)
{
	unsigned int i;

	for (i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++)
		if (actions & deeds[i].action)
			deeds[i].fn(d);
}
