// SPDX-License-Identifier: GPL-2.0
/* Drives the election: what happens becomes events, decisions become deeds.
 *
 * An event only says that it is time to look. What is decided on is always a
 * fresh picture from the kernel, so a lost or late event does no harm, and a
 * restarted daemon goes on where the old one was.
 */
#include "drive.h"

#include <errno.h>
#include <time.h>

#include "announce.h"
#include "log.h"
#include "monitor.h"
#include "names.h"
#include "notice.h"
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
#define GRACE_MS	15000
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
/* More steps than any path through the table has. */
#define STEPS_MAX	32

/* When the announcements are repeated, in ms after those before. */
static const unsigned int announce_after[] = { 100, 400, 1500 };

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ull + t.tv_nsec / 1000000;
}

static void fill_view(struct elect_view *v, const struct fo_show *s)
{
	unsigned int i;

	*v = (struct elect_view) {
		.enabled	= s->config.enabled,
		.unit		= s->config.unit,
		.role		= s->this.role,
		.state		= s->this.state,
		.epoch		= s->this.epoch,
		.synced		= s->this.synced,
		.preempt	= s->config.preempt,
		.wants		= s->this.wants_active,
		.held_down	= s->this.hold_down,
		.yielded	= elect_yields(s->reason),
		.peer_alive	= nl_peer_alive(s),
		.peer_role	= s->other.role,
		.peer_state	= s->other.state,
		.peer_epoch	= s->other.epoch,
		.peer_daemon	= s->other.daemon,
		.peer_synced	= s->other.synced,
		.peer_wants	= s->other.wants_active,
		.peer_unfit	= !s->other.fit,
		.peer_held_down	= s->other.hold_down,
	};
	for (i = 0; i < CONFIG_LINKS; i++)
		v->mismatch |= s->config.link[i].status ==
			       NF_FAILOVER_LINK_STATUS_MISMATCH;
}

static void announce_part(struct fo_drive *d)
{
	d->pool_at = announce_pool(d->packet_fd, &d->rt, &d->config, &d->pool,
				   d->pool_at);
	if (d->pool_at)
		timers_set(&d->timers, TIMER_PACE, PACE_MS);
}

static void announce_next(struct fo_drive *d)
{
	bool active = elect_is_active(d->state);

	announce_all(d->packet_fd, &d->rt, &d->config, active);
	d->pool_at = 0;
	if (active)
		announce_part(d);
	if (d->announced == sizeof(announce_after) / sizeof(int))
		return;
	timers_set(&d->timers, TIMER_ANNOUNCE, announce_after[d->announced]);
	d->announced++;
}

/* What became ours only now is read, and is in the next announcements. */
static void do_announce(struct fo_drive *d)
{
	d->announced = 0;
	announce_next(d);
	timers_set(&d->timers, TIMER_POOL, POOL_ACTIVE_MS);
}

static void fill_pool(struct fo_drive *d)
{
	unsigned int n = d->pool.n, whole = d->pool.whole;

	pool_fill(&d->pool, &d->ranges, &d->config);
	d->pool_at = 0;
	if (d->pool.n != n || d->pool.whole != whole)
		log_notice("%u addresses of NAT and proxies are announced, %llu more are not; %u ranges hold a whole segment, %u were too many",
			   d->pool.n, (unsigned long long)d->pool.left,
			   d->pool.whole, d->ranges.lost);
}

static void read_pool(struct fo_drive *d)
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

/* The kernel remembers what the devices get back, also for the next daemon. */
static void learn(struct fo_drive *d, const struct fo_config *old)
{
	if (takeover_learn(&d->rt, &d->config, old))
		monitor_report(&d->nl, &d->rt, &d->config, true);
}

static int move(struct fo_drive *d, bool active, const char *ifname)
{
	learn(d, NULL);
	return takeover_apply(&d->rt, &d->config, active, ifname);
}

/* What was missing, after a restart or a new configuration, is announced. */
static void own(struct fo_drive *d, bool active, const char *ifname)
{
	/* not decided yet; see elect.c */
	if (d->view.state == NF_FAILOVER_STATE_NEGOTIATION)
		return;
	if (move(d, active, ifname))
		do_announce(d);
}

static void do_addr_active(struct fo_drive *d)
{
	move(d, true, NULL);
}

static void do_addr_standby(struct fo_drive *d)
{
	move(d, false, NULL);
}

/* Alone, a unit that is switched off goes on serving its addresses. */
static void do_release(struct fo_drive *d)
{
	if (d->mate_alive) {
		do_addr_standby(d);
		takeover_release(&d->rt, &d->config);
	}
	d->mate_alive = false;
}

static void do_bulk(struct fo_drive *d)
{
	if (!d->cold_ms || now_ms() - d->cold_ms < COLD_MS)
		return;
	d->cold_ms = now_ms();
	if (nl_bulk_start(&d->nl, "Mate is Cold Standby"))
		log_warn("bulk sync: %s", d->nl.error);
}

static void do_wait(struct fo_drive *d)
{
	unsigned int ms = d->config.hold_ms;

	if (!d->timers.on[TIMER_WAIT])
		timers_set(&d->timers, TIMER_WAIT,
			   ms > WAIT_MIN_MS ? ms : WAIT_MIN_MS);
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
	if (ms < GRACE_MS)
		ms = GRACE_MS;
	log_warn("failoverd on the active unit is gone; in %u s this unit takes over",
		 ms / 1000);
	timers_set(&d->timers, TIMER_GRACE, ms);
}

static void do_ungrace(struct fo_drive *d)
{
	timers_stop(&d->timers, TIMER_GRACE);
}

/* @ms 0: it is over. */
static void hold_down(struct fo_drive *d, unsigned int ms)
{
	const struct fo_health_set h = { .fit = NL_KEEP, .hold_down_ms = ms };

	timers_stop(&d->timers, TIMER_HOLD);
	if (nl_health_set(&d->nl, &h))
		log_err("hold-down: %s", d->nl.error);
}

static void do_reset(struct fo_drive *d)
{
	log_notice("reset: takeovers are forgotten, interfaces looked at anew");
	d->takeovers.n = 0;
	d->preempted = false;
	hold_down(d, 0);
	monitor_report(&d->nl, &d->rt, &d->config, true);
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
	{ ELECT_DO_ANNOUNCE,	 do_announce },
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

static int set_role(struct fo_drive *d, const struct elect_decision *dec)
{
	struct fo_role_set r = {
		.role		= NL_KEEP,
		.state		= dec->moved ? (int)dec->state : NL_KEEP,
		.wants_active	= NL_KEEP,
		.drain		= dec->actions & ELECT_DO_DRAIN,
		.reason		= dec->reason,
	};

	if (dec->actions & ELECT_DO_ROLE_ACTIVE)
		r.role = NF_FAILOVER_ROLE_ACTIVE;
	if (dec->actions & ELECT_DO_ROLE_STANDBY)
		r.role = NF_FAILOVER_ROLE_STANDBY;
	if (dec->actions & ELECT_DO_WANT)
		r.wants_active = 1;
	/* the wish is fulfilled, or given up */
	if (dec->actions & (ELECT_DO_UNWANT | ELECT_DO_ROLE_ACTIVE))
		r.wants_active = 0;
	if (r.state == NL_KEEP && r.role == NL_KEEP &&
	    r.wants_active == NL_KEEP)
		return 0;
	return nl_role_set(&d->nl, &r);
}

/* The active role came, or went. */
static void note_takeover(struct fo_drive *d)
{
	const struct fo_config *c = &d->config;

	d->preempted = false;
	if (!holddown_takeover(&d->takeovers, now_ms(), c->held_takeovers,
			       c->held_time * 1000ull))
		return;
	log_warn("hold-down: more than %u takeovers within %u s, no preemption for %u s; \"failover reset\" ends it",
		 c->held_takeovers, c->held_time, c->held_time);
	hold_down(d, c->held_time * 1000);
}

/* A unit that boots, or is switched off, does not go to and fro. */
static bool is_takeover(uint32_t from, uint32_t to)
{
	return elect_is_active(from) != elect_is_active(to) &&
	       from != NF_FAILOVER_STATE_NEGOTIATION &&
	       to != NF_FAILOVER_STATE_DISABLED;
}

static void enter(struct fo_drive *d, const struct elect_decision *dec)
{
	bool takeover = is_takeover(d->state, dec->state);

	/* these belong to the state in which they began */
	timers_stop(&d->timers, TIMER_WAIT);
	timers_stop(&d->timers, TIMER_PREEMPT);
	timers_stop(&d->timers, TIMER_GRACE);
	notice_move(d->state, dec->state, elect_event_name(dec->event),
		    dec->reason);
	hooks_moved(&d->hooks, d->state, dec->state,
		    elect_event_name(dec->event), dec->reason);
	d->state = dec->state;
	if (takeover)
		note_takeover(d);
}

/*
 * Without the role nothing else is done: the kernel has the last word. It may
 * take it back in the middle of a promotion, when this process stood still for
 * too long; what is half done is looked at anew, as after a restart.
 */
static bool perform_one(struct fo_drive *d, const struct elect_decision *dec)
{
	unsigned int i;

	if (set_role(d, dec)) {
		log_err("%s -> %s: %s", names_state(d->state),
			names_state(dec->state), d->nl.error);
		d->known = false;
		return false;
	}
	if (dec->moved)
		enter(d, dec);
	for (i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++)
		if (dec->actions & deeds[i].action)
			deeds[i].fn(d);
	return true;
}

static bool perform(struct fo_drive *d, struct elect_decision dec)
{
	while (perform_one(d, &dec)) {
		if (!(dec.actions & ELECT_DO_STEP))
			return true;
		dec = elect_edge(dec.state, ELECT_STEP);
	}
	return false;
}

/* Makes the interfaces follow a new configuration; takes @c over. */
static void adopt_config(struct fo_drive *d, struct fo_config *c)
{
	struct fo_config old = d->config;
	bool active = elect_is_active(d->view.state);

	d->config = *c;
	config_init(c);
	/* the delay may be another one */
	timers_stop(&d->timers, TIMER_PREEMPT);
	takeover_links(&d->rt, &d->config);
	learn(d, &old);
	fill_pool(d);
	timers_set(&d->timers, TIMER_POOL, POOL_ACTIVE_MS);
	if (d->config.enabled && d->known)
		own(d, active, NULL);
	if (takeover_forget(&d->rt, &old, &d->config) && d->known)
		do_announce(d);
	/* IPv6 has no address twice: one with a new prefix came not before */
	if (d->config.enabled && d->known)
		own(d, active, NULL);
	config_free(&old);
	monitor_report(&d->nl, &d->rt, &d->config, true);
}

static void note_mate(struct fo_drive *d)
{
	if (!d->view.enabled)
		return;
	d->mate_alive = d->view.peer_alive;
	if (!d->view.peer_alive ||
	    d->view.peer_state != NF_FAILOVER_STATE_COLD_STANDBY)
		d->cold_ms = 0;
	else if (!d->cold_ms)
		d->cold_ms = now_ms();
}

/*
 * The one way in for what makes this unit unfit to be active. The hellos carry
 * it, so that the other unit can compare.
 */
static const char *unfit(const struct fo_drive *d)
{
	return monitor_unfit(&d->config);
}

static void note_health(struct fo_drive *d, const struct fo_show *s)
{
	const struct fo_health_set h = { .fit = !unfit(d),
					 .hold_down_ms = NL_KEEP };

	d->view.unfit = unfit(d);
	if (s->this.hold_down_ms && !d->timers.on[TIMER_HOLD])
		timers_set(&d->timers, TIMER_HOLD, s->this.hold_down_ms + 1);
	if (h.fit == s->this.fit)
		return;
	if (h.fit)
		log_notice("this unit is fit to be active again");
	else
		log_warn("this unit is not fit to be active: %s",
			 d->view.unfit);
	if (nl_health_set(&d->nl, &h))
		log_err("health: %s", d->nl.error);
}

static bool look(struct fo_drive *d)
{
	struct fo_show show;
	bool ok = !nl_get(&d->nl, &show, true);

	if (!ok) {
		log_err("get: %s", d->nl.error);
		nl_show_free(&show);
		return false;
	}
	fill_view(&d->view, &show);
	notice_picture(&d->notice, &show);
	note_mate(d);
	if (!config_equal(&show.config, &d->config))
		adopt_config(d, &show.config);
	note_health(d, &show);
	nl_show_free(&show);
	return true;
}

/* The state in the kernel is not the one that was last acted on. */
static bool resume(struct fo_drive *d)
{
	log_notice("state is %s", names_state(d->view.state));
	d->state = d->view.state;
	d->known = true;
	timers_stop(&d->timers, TIMER_WAIT);
	/* the kernel has changed the role meanwhile: that comes first */
	if (d->view.enabled && elect_is_active(d->state) !=
	    (d->view.role == NF_FAILOVER_ROLE_ACTIVE))
		return true;
	if (d->state == NF_FAILOVER_STATE_ACTIVE) {
		own(d, true, NULL);
		return true;
	}
	return perform(d, elect_edge(d->state, ELECT_RESUME));
}

static void settle(struct fo_drive *d, enum elect_event edge)
{
	struct elect_decision dec;
	int i;

	for (i = 0; i < STEPS_MAX && look(d); i++) {
		if (!d->known || d->view.state != d->state) {
			if (!resume(d))
				return;
			continue;
		}
		dec = edge != ELECT_EVENTS ? elect_edge(d->state, edge) :
		      elect_decide(&d->view);
		if (!perform(d, dec))
			return;
		if (edge == ELECT_EVENTS && !dec.moved)
			return;
		edge = ELECT_EVENTS;
	}
}

static void run(struct fo_drive *d, enum elect_event edge)
{
	settle(d, edge);
	/* role, addresses and announcements are done */
	if (d->known && d->state == d->view.state)
		hooks_settled(&d->hooks, &d->view);
}

void drive_run(struct fo_drive *d)
{
	run(d, ELECT_EVENTS);
}

static enum elect_event take_ask(struct fo_drive *d,
				 const struct fo_event *ev)
{
	const char *why;
	enum elect_event edge = elect_ask(&d->view, ev->ask, &why);

	log_notice("asked for %s%s%s%s%s", names_ask(ev->ask),
		   ev->reason[0] ? " by " : "", ev->reason,
		   why ? ", refused: " : "", why ? why : "");
	return edge;
}

/* What the event means beside the picture that was read after it. */
static enum elect_event take_edge(struct fo_drive *d,
				  const struct fo_event *ev)
{
	bool alive = d->view.peer_alive;

	switch (ev->type) {
	case NF_FAILOVER_EVENT_PEER_LOST:
		return alive ? ELECT_EVENTS : ELECT_PEER_LOST;
	case NF_FAILOVER_EVENT_FENCED:
		log_warn("fenced: %s", ev->reason);
		return ELECT_FENCED;
	case NF_FAILOVER_EVENT_DRAINED:
		log_notice("drained: %s", ev->reason);
		return d->view.role == NF_FAILOVER_ROLE_ACTIVE ?
		       ELECT_DRAIN_OVER : ELECT_DRAINED;
	case NF_FAILOVER_EVENT_BULK_BEGIN:
		/* a unit that is ready stays so while it is repaired */
		return d->view.synced ? ELECT_EVENTS : ELECT_BULK_BEGIN;
	case NF_FAILOVER_EVENT_ASK:
		return take_ask(d, ev);
	}
	return ELECT_EVENTS;
}

void drive_event(struct fo_drive *d, const struct fo_event *ev)
{
	log_debug("event %s %s", names_event_key(ev->type), ev->reason);
	if (look(d))
		run(d, take_edge(d, ev));
}

static void tick(struct fo_drive *d)
{
	int err = nl_attach(&d->nl, DRIVE_WATCHDOG_MS);

	timers_set(&d->timers, TIMER_TICK, DRIVE_WATCHDOG_MS / 3);
	if (err)
		log_err("attach: %s", d->nl.error);
	d->gone = err == -ENOENT;
	if (!d->gone)
		run(d, ELECT_EVENTS);
}

/* A timer ran out while a level held; only if it still does, that counts. */
static void run_if(struct fo_drive *d, enum elect_event level,
		   enum elect_event edge)
{
	if (!look(d))
		return;
	if (d->known && d->view.state == d->state &&
	    elect_observe(&d->view) & 1u << level)
		run(d, edge);
	else
		run(d, ELECT_EVENTS);
}

static void preempt(struct fo_drive *d)
{
	d->preempted = true;
	run_if(d, ELECT_PREEMPT, ELECT_PREEMPT_OVER);
}

static void hold_over(struct fo_drive *d)
{
	if (!look(d))
		return;
	if (!d->view.held_down)
		log_notice("hold-down: it is over");
	run(d, ELECT_EVENTS);
}

void drive_timer(struct fo_drive *d, enum timer which)
{
	switch (which) {
	case TIMER_TICK:
		tick(d);
		break;
	case TIMER_WAIT:
		run(d, ELECT_WAIT_OVER);
		break;
	case TIMER_DRAIN:
		run(d, ELECT_DRAIN_OVER);
		break;
	case TIMER_WANT:
		run(d, ELECT_WANT_OVER);
		break;
	case TIMER_ANNOUNCE:
		announce_next(d);
		break;
	case TIMER_PREEMPT:
		preempt(d);
		break;
	case TIMER_GRACE:
		run_if(d, ELECT_ORPHAN, ELECT_GRACE_OVER);
		break;
	case TIMER_HOLD:
		hold_over(d);
		break;
	case TIMER_PACE:
		announce_part(d);
		break;
	case TIMER_POOL:
		read_pool(d);
		break;
	case TIMERS:
		break;
	}
}

/* Looks at the interfaces, and acts when that makes a difference. */
static void check_health(struct fo_drive *d, bool always)
{
	monitor_report(&d->nl, &d->rt, &d->config, always);
	if (!unfit(d) != !d->view.unfit)
		drive_run(d);
}

/* A device that goes down loses its IPv6 addresses, a new one has none. */
void drive_dev(struct fo_drive *d, const struct fo_dev *dev)
{
	if (!config_ifc(&d->config, dev->ifname))
		return;
	if ((dev->flags & IFF_UP) && d->known && d->config.enabled)
		own(d, elect_is_active(d->state), dev->ifname);
	check_health(d, false);
}

void drive_devs(struct fo_drive *d)
{
	if (d->known && d->config.enabled)
		own(d, elect_is_active(d->state), NULL);
	check_health(d, true);
}
