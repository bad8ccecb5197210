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
#include "takeover.h"

/* A unit alone becomes active after this or its holdtime, if that is more. */
#define WAIT_MIN_MS	1000
/* More than the kernel's own second, after which it gives up. */
#define DRAIN_MS	1500
#define WANT_MS		10000
/* The kernel begins bulk syncs itself; after this it is asked for one. */
#define COLD_MS		10000
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
		.peer_alive	= nl_peer_alive(s),
		.peer_role	= s->other.role,
		.peer_state	= s->other.state,
		.peer_epoch	= s->other.epoch,
		.peer_daemon	= s->other.daemon,
		.peer_synced	= s->other.synced,
		.peer_wants	= s->other.wants_active,
	};
	for (i = 0; i < CONFIG_LINKS; i++)
		v->mismatch |= s->config.link[i].status ==
			       NF_FAILOVER_LINK_STATUS_MISMATCH;
}

static void announce_next(struct fo_drive *d)
{
	announce_all(d->packet_fd, &d->rt, &d->config,
		     elect_is_active(d->state));
	if (d->announced == sizeof(announce_after) / sizeof(int))
		return;
	timers_set(&d->timers, TIMER_ANNOUNCE, announce_after[d->announced]);
	d->announced++;
}

static void do_announce(struct fo_drive *d)
{
	d->announced = 0;
	announce_next(d);
}

/* What was missing, after a restart or a new configuration, is announced. */
static void own(struct fo_drive *d, bool active, const char *ifname)
{
	/* not decided yet; see elect.c */
	if (d->view.state == NF_FAILOVER_STATE_NEGOTIATION)
		return;
	if (takeover_apply(&d->rt, &d->config, active, ifname))
		do_announce(d);
}

static void do_addr_active(struct fo_drive *d)
{
	takeover_apply(&d->rt, &d->config, true, NULL);
}

static void do_addr_standby(struct fo_drive *d)
{
	takeover_apply(&d->rt, &d->config, false, NULL);
}

/* Alone, a unit that is switched off goes on serving its addresses. */
static void do_release(struct fo_drive *d)
{
	if (d->mate_alive)
		do_addr_standby(d);
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

/* In the order of doing; the role itself is set by one message before. */
static const struct {
	uint16_t action;
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

static void log_move(const struct fo_drive *d,
		     const struct elect_decision *dec)
{
	log_notice("%s -> %s (%s%s%s)", names_state(d->state),
		   names_state(dec->state), elect_event_name(dec->event),
		   dec->reason ? ": " : "", dec->reason ? dec->reason : "");
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
	if (dec->moved) {
		/* a wait belongs to the state in which it began */
		timers_stop(&d->timers, TIMER_WAIT);
		log_move(d, dec);
		d->state = dec->state;
	}
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
	takeover_links(&d->rt, &d->config);
	if (d->config.enabled && d->known)
		own(d, active, NULL);
	takeover_forget(&d->rt, &old, &d->config);
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
	note_mate(d);
	if (!config_equal(&show.config, &d->config))
		adopt_config(d, &show.config);
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
	/* a unit that was fenced meanwhile owns nothing any more */
	if (elect_is_active(d->state) &&
	    d->view.role != NF_FAILOVER_ROLE_ACTIVE)
		return true;
	if (d->state == NF_FAILOVER_STATE_ACTIVE) {
		own(d, true, NULL);
		return true;
	}
	return perform(d, elect_edge(d->state, ELECT_RESUME));
}

static void run(struct fo_drive *d, enum elect_event edge)
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
		      elect_levels(d->state, elect_observe(&d->view));
		if (!perform(d, dec))
			return;
		if (edge == ELECT_EVENTS && !dec.moved)
			return;
		edge = ELECT_EVENTS;
	}
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

	log_notice("asked to be %s%s%s",
		   ev->ask == NF_FAILOVER_ASK_ACTIVE ? "active" : "standby",
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
	case TIMERS:
		break;
	}
}

/* A device that goes down loses its IPv6 addresses, a new one has none. */
void drive_dev(struct fo_drive *d, const struct fo_dev *dev)
{
	if (!config_ifc(&d->config, dev->ifname))
		return;
	if ((dev->flags & IFF_UP) && d->known && d->config.enabled)
		own(d, elect_is_active(d->state), dev->ifname);
	monitor_report(&d->nl, &d->rt, &d->config, false);
}

void drive_devs(struct fo_drive *d)
{
	if (d->known && d->config.enabled)
		own(d, elect_is_active(d->state), NULL);
	monitor_report(&d->nl, &d->rt, &d->config, true);
}
